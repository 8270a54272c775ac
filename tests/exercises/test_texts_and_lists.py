"""Choices, texts, words and lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.exercises.codec import encode
from helpers.exercises.exercise import Exercise
from helpers.exercises.judge import judge
from helpers.exercises.kinds import Choice, Finding, Integer, Kind, List, Number, Share, Text, Words
from helpers.exercises.kinds.lists import LONGEST


def found(kind: Kind, value: object, right: object) -> Finding:
    return kind.examine(encode(value), encode(right))


# ------------------------------------------------------------------ choices

SIGNALS = Choice(options=("sunk cost", "tied hands", "neither"))


@pytest.mark.parametrize(
    "value", ["tied hands", " Tied  HANDS ", "B", "b", "(b)", "b)", "B.", ["b"], pd.Series(["b"])]
)
def test_an_option_is_named_by_its_label_or_its_letter(value: object) -> None:
    assert found(SIGNALS, value, "tied hands").right
    assert not found(SIGNALS, value, "neither").right


def test_a_label_that_looks_like_a_letter_wins() -> None:
    assert found(Choice(options=("b", "other")), "b", "b").right
    assert not found(Choice(options=("b", "other")), "b", "other").right


def test_the_right_one_may_be_written_as_a_letter() -> None:
    assert found(SIGNALS, "neither", "C").right


@pytest.mark.parametrize("value", ["D", "both", "", 2.5])
def test_what_is_no_option_is_told_the_options(value: object) -> None:
    finding = found(SIGNALS, value, "neither")
    assert finding.mistake in ("no option", "type")
    assert "A (sunk cost), B (tied hands), C (neither)" in finding.message


def test_true_means_yes() -> None:
    kind = Choice(options=("yes", "no"))
    assert found(kind, True, "yes").right
    assert not found(kind, False, "yes").right


# ------------------------------------------------------------------ texts


@pytest.mark.parametrize(
    "value", ["South Korea", "south korea", "  South\u00a0 Korea\n", "Ｓｏｕｔｈ Korea", "rok"]
)
def test_case_spaces_and_unicode_forms_do_not_decide(value: str) -> None:
    assert found(Text(also=("ROK",)), value, "South Korea").right


def test_accents_do_decide() -> None:
    assert found(Text(), "Bogota\u0301", "Bogotá").right
    assert not found(Text(), "Bogota", "Bogotá").right


@pytest.mark.parametrize("value", [5, True, ["a", "b"], len])
def test_what_is_no_text_is_said(value: object) -> None:
    assert found(Text(), value, "a").mistake in ("type", "not called")


# ------------------------------------------------------------------ words


def test_enough_words_are_recorded_with_the_criteria() -> None:
    finding = found(Words(min_words=3, criteria=("names both audiences",)), "one two three", None)
    assert finding.recorded
    assert not finding.right
    assert "names both audiences" in finding.message


def test_too_few_words_are_counted() -> None:
    finding = found(Words(min_words=3), "one two", None)
    assert not finding.recorded
    assert finding.message == "2 words so far; write at least 3."


@pytest.mark.parametrize("value", ["", "  ", "...", " … "])
def test_an_empty_text_is_no_attempt(value: str) -> None:
    assert not Words().is_attempted(encode(value))


# ------------------------------------------------------------------ lists


@pytest.mark.parametrize(
    "value",
    [
        [1971, 1992],
        (1971, 1992),
        np.array([1971.0, 1992]),
        pd.Series([1971, 1992]),
        pd.DataFrame({"y": [1971, 1992]}),
    ],
)
def test_a_list_of_any_type_is_right(value: object) -> None:
    assert found(List(of=Integer()), value, [1971, 1992]).right


def test_order_counts_only_where_it_should() -> None:
    assert found(List(of=Integer(), ordered=False), [2, 1], [1, 2]).right
    finding = found(List(of=Integer()), [2, 1], [1, 2])
    assert (finding.mistake, finding.already_right) == ("order", ("all items",))


def test_a_doubled_item_does_not_stand_for_a_missing_one() -> None:
    assert not found(List(of=Integer(), ordered=False), [1, 1], [1, 2]).right
    assert not found(List(of=Text(), ordered=False), ["a", "b", "b"], ["a", "a", "b"]).right


def test_a_set_has_no_order() -> None:
    assert found(List(of=Integer()), {1, 2}, [1, 2]).mistake == "set"
    assert found(List(of=Integer(), ordered=False), {1, 2}, [1, 2]).right


def test_what_is_right_is_counted_and_the_length_is_not_told() -> None:
    assert found(List(of=Integer()), [1, 2, 9], [1, 2, 3]).already_right == ("2 items",)
    finding = found(List(of=Integer()), [1, 2], [1, 2, 3])
    assert finding.message == "Your list has too few items."
    assert "3" not in finding.message


def test_the_slip_of_an_item_is_named() -> None:
    assert found(List(of=Share()), [0.25, 54], [0.25, 0.5372]).mistake == "per cent"
    assert found(List(of=Number()), [0.25, None], [0.25, 0.5372]).mistake == "nan"


def test_names_in_the_index_of_a_series_are_noticed() -> None:
    counts = pd.Series([9, 7], index=["Japan", "Germany"])
    assert found(List(of=Text()), counts, ["Japan", "Germany"]).mistake == "index"
    assert found(List(of=Text()), list(counts.index), ["Japan", "Germany"]).right


@pytest.mark.parametrize(
    "value", [5, "1971, 1992", {"a": 1}, {"a": 1, "b": 2}, pd.DataFrame({"a": [1], "b": [2]})]
)
def test_what_is_no_list_is_said(value: object) -> None:
    assert found(List(of=Integer()), value, [1971, 1992]).mistake == "type"


def test_a_list_of_gaps_to_fill_is_no_attempt() -> None:
    assert not List().is_attempted(encode([..., ...]))
    assert not List().is_attempted(encode(...))
    assert List().is_attempted(encode([..., 1]))


def test_roundings_that_fit_two_items_do_not_steal_each_other() -> None:
    assert found(List(of=Number(), ordered=False), [0.54, 0.5372], [0.5372, 0.5401]).right


@given(st.lists(st.integers(-50, 50), max_size=12), st.randoms())
def test_every_order_of_a_list_is_right_where_order_does_not_count(values: list[int], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert found(List(of=Integer(), ordered=False), shuffled, values).right
    assert found(List(of=Integer()), shuffled, values).right is (shuffled == values)


def test_a_very_long_list_is_compared_without_pairing_everything() -> None:
    long = list(range(LONGEST * 5))
    assert found(List(of=Integer(), ordered=False), long[::-1], long).right
    assert not found(List(of=Integer(), ordered=False), [-1, *long[1:]], long).right


def test_a_list_without_values_is_not_taken_for_an_untouched_answer() -> None:
    exercise = Exercise(
        id="90.1", points=1, answer="inside", kind=List(of=Number(decimals=2), ordered=True), asks="Two slopes.",
        expected=lambda context: [0.2, 0.1], mistakes=(), hints=(), why="Two.",
    )  # fmt: skip
    verdict = judge(exercise, encode([float("nan"), float("nan")]), "ada")
    assert verdict.outcome == "not attempted"
    assert "No item of `inside` has a value" in verdict.message
    assert "still holds `...`" in judge(exercise, encode(...), "ada").message
