"""Numbers are right at the decimals in which they are given."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.exercises.answer import Answer
from helpers.exercises.codec import encode
from helpers.exercises.kinds import Finding, Integer, Kind, Number, Share
from helpers.exercises.kinds.numbers import parse, shown


def found(kind: Kind, value: object, right: object) -> Finding:
    return kind.examine(encode(value), encode(right))


# ------------------------------------------------------------------ the rule

CASES = [
    # asked, given, right, decimals
    (True, 0.54, 0.5372, 2),
    (True, 0.537, 0.5372, 2),
    (True, 0.5372, 0.5372, 2),
    (False, 0.5, 0.5372, 2),
    (True, 0.5, 0.5372, 1),
    (False, 0.538, 0.5372, 2),
    (False, 0.53, 0.5372, 2),
    (True, 0.5, 0.5012, 2),
    (True, 0.12, 0.125, 2),
    (True, 0.13, 0.125, 2),
    (True, 0.14, 0.145, 2),
    (True, 0.15, 0.145, 2),
    (True, 26525, 26525.38, 0),
    (True, 26525.4, 26525.38, 0),
    (False, 26526, 26525.38, 0),
    (True, 0.1 + 0.2, 0.3, 2),
    (True, 0.53720001, 0.5372, 2),
    (False, 0.53721, 0.5372, 2),
    (True, 1e12, 1e12 + 0.0001, 2),
    (True, 0.0, 0.0, 2),
    (True, -0.0, 0.004, 2),
    (True, 1 / 3, 1 / 3, 2),
    (False, 1 / 3, 0.33, 2),
]


@pytest.mark.parametrize(("asked", "value", "right", "decimals"), CASES)
def test_the_rule_by_example(asked: bool, value: float, right: float, decimals: int) -> None:
    assert found(Number(decimals=decimals), value, right).right is asked


floats = st.floats(-1e9, 1e9, allow_subnormal=False)


@given(floats, st.integers(0, 4), st.integers(0, 4), st.sampled_from([ROUND_HALF_EVEN, ROUND_HALF_UP]))
def test_either_way_of_rounding_to_enough_decimals_is_right(
    right: float, decimals: int, more: int, way: str
) -> None:
    rounded = Decimal(repr(right)).quantize(Decimal(1).scaleb(-decimals - more), rounding=way)
    assert found(Number(decimals=decimals), float(rounded), right).right
    assert found(Number(decimals=decimals), str(rounded), right).right


@given(floats, st.integers(0, 4), st.integers(1, 1000))
def test_a_unit_away_in_the_last_decimal_asked_for_is_wrong(right: float, decimals: int, steps: int) -> None:
    rounded = Decimal(repr(right)).quantize(Decimal(1).scaleb(-decimals))
    away = rounded + steps * Decimal(1).scaleb(-decimals)
    # Half a unit is allowed, so a whole one is too far unless `right` lies in the middle.
    assume(abs(away - Decimal(repr(right))) > Decimal("0.5001").scaleb(-decimals))
    assert not found(Number(decimals=decimals), float(away), right).right


@given(floats, floats, st.integers(0, 4))
def test_the_rule_is_what_its_text_says(value: float, right: float, decimals: int) -> None:
    digits = f"{Decimal(repr(value)):f}".partition(".")[2].rstrip("0")
    places = max(decimals, min(len(digits), decimals + 4))
    distance = abs(Decimal(repr(value)) - Decimal(repr(right)))
    assume(not Decimal("0.5").scaleb(-places) < distance < Decimal("1e-2") * Decimal("0.5").scaleb(-decimals))
    assert found(Number(decimals=decimals), value, right).right is (
        distance <= Decimal("0.5").scaleb(-places)
    )


@given(floats)
def test_every_number_is_right_for_itself(value: float) -> None:
    assert found(Number(), value, value).right
    assert found(Number(), str(value), value).right


def test_noise_of_a_long_sum_does_not_matter() -> None:
    values = np.random.default_rng(1).normal(1e6, 1e3, 10_000)
    assert found(Number(), float(values.sum()), sum(values[::-1].tolist())).right


def test_a_tolerance_is_always_allowed() -> None:
    assert found(Number(tolerance=0.02), 0.5512, 0.5372).right
    assert not found(Number(tolerance=0.01), 0.5512, 0.5372).right


def test_a_count_must_be_exact_however_large() -> None:
    assert not found(Integer(), 2_652_500_001, 2_652_500_000).right
    assert not found(Integer(), 26525.4, 26525).right
    assert found(Integer(), 26525.0, 26525).right


# ------------------------------------------------------------------ what a number may be wrapped in


@pytest.mark.parametrize(
    "wrapped",
    [
        [0.54],
        (0.54,),
        {0.54},
        np.array(0.54),
        np.array([[0.54]]),
        pd.Series([0.54], index=["DEU"]),
        pd.DataFrame({"share": [0.54]}),
        {"share": 0.54},
        pd.Index([0.54]),
        "0.54",
        " .54 ",
        "+0.54",
        "5.4e-1",
    ],
)
def test_one_number_in_any_wrapping_is_that_number(wrapped: object) -> None:
    assert found(Number(), wrapped, 0.5372).right


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("26,525", "26525"),
        ("26 525", "26525"),
        ("1,234,567.5", "1234567.5"),
        ("−5", "-5"),
        ("-26,525.10", "-26525.10"),
        ("26\u202f525", "26525"),
    ],
)
def test_separators_of_thousands_are_read(text: str, value: str) -> None:
    read = parse(text)
    assert read is not None
    assert read.value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "0,54",
        "1,23",
        "2,6525",
        "1_000",
        "nan",
        "inf",
        "0x10",
        "١٢",
        "1 2",
        "--1",
        "1e400",
        "9" * 41,
        "5 %",
        ",525",
    ],
)
def test_other_texts_are_no_numbers(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = parse(text)
    assert read is None or read.value.is_finite()


@pytest.mark.parametrize(
    ("value", "mistake", "says"),
    [
        (float("nan"), "nan", "missing (NaN)"),
        (pd.NA, "nan", "missing (NaN)"),
        (float("inf"), "infinite", "divided by zero"),
        (True, "bool", "True, which is no number"),
        (pd.Series(range(12)), "several values", "a Series of 12 values"),
        (pd.Series([], dtype=float), "several values", "a Series of 0 values"),
        (np.zeros((3, 4)), "several values", "an array of 3 values"),
        (pd.DataFrame({"a": [1, 2], "b": [3, 4]}), "several values", "a table of 2 rows and 2 columns"),
        ((1, 2), "several values", "a tuple of 2 values"),
        ({"a": 1, "b": 2}, "several values", "a dictionary of 2 entries"),
        (np.mean, "not called", "the function `mean` itself"),
        (pd.Series([1]).mean, "not called", "the function `mean` itself"),
        ("about half", "type", "'about half' is no number"),
        (object(), "type", "an object of type object"),
        ((x for x in [1]), "not a value yet", "list(...)"),
        ("x" * 30_000, "too big", "30,000 characters"),
        (-0.5372, "sign", "sign is the other way round"),
        (0.5, "rounded", "at least 2 decimals"),
    ],
)
def test_common_slips_are_named(value: object, mistake: str, says: str) -> None:
    finding = found(Number(), value, 0.5372)
    assert not finding.right
    assert finding.mistake == mistake
    assert says in finding.message


@pytest.mark.parametrize("value", [0.9, 0, 0.6, 53.72])
def test_another_number_is_just_wrong(value: float) -> None:
    assert found(Number(), value, 0.5372) == Finding(False)


def test_what_is_already_right_is_said() -> None:
    assert found(Number(), -0.54, 0.5372).already_right == ("the size",)
    assert found(Share(), 54, 0.5372).already_right == ("the figure itself",)


# ------------------------------------------------------------------ shares


@pytest.mark.parametrize("value", [53.72, 53.7, 54, "54"])
def test_per_cent_instead_of_a_share_is_named(value: object) -> None:
    assert found(Share(), value, 0.5372).mistake == "per cent"


def test_per_cent_is_right_where_the_exercise_says_so() -> None:
    assert found(Share(accept_per_cent=True), 53.7, 0.5372).right
    assert not found(Share(accept_per_cent=True), 53.2, 0.5372).right


@pytest.mark.parametrize("text", ["54 %", "54%", "53.7 %"])
def test_a_text_that_says_per_cent_is_a_share(text: str) -> None:
    assert found(Share(), text, 0.5372).right


def test_a_share_above_one_is_said_to_be_none() -> None:
    assert "between 0 and 1" in found(Share(), 12, 0.5372).message


def test_a_share_instead_of_per_cent_is_named() -> None:
    assert found(Number(unit="%"), 0.5372, 53.72).mistake == "share"


def test_the_unit_and_the_decimals_are_told() -> None:
    assert Number(2, "scale points").describe() == "one number in scale points, with at least 2 decimals"
    assert Integer().describe() == "one whole number"


def test_the_decimals_that_a_float_shows() -> None:
    assert [shown(value).decimals for value in (0.54, 26525.0, 1e22, 1e-7, 100)] == [2, 0, 0, 7, 0]


def test_a_right_answer_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="the right answer is a text"):
        Number().examine(Answer("number", 1), Answer("text", "many"))
