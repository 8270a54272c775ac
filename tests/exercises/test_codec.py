"""`encode`: any object becomes plain data, whatever it does to prevent that."""

from __future__ import annotations

import datetime
import decimal
import fractions
import functools
import sys
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from helpers.exercises.answer import Answer, Column, Picture
from helpers.exercises.codec import encode

mpl.use("Agg")


@pytest.mark.parametrize(
    "half",
    [
        0.5,
        np.float64(0.5),
        np.float16(0.5),
        np.longdouble(0.5),
        np.array(0.5),
        decimal.Decimal("0.5"),
        fractions.Fraction(1, 2),
        pd.Series([0.5]).mean(),
        pd.Series([0.5], dtype="Float64")[0],
    ],
)
def test_a_number_of_any_library_is_a_number(half: object) -> None:
    assert encode(half) == Answer("number", 0.5)


def test_a_short_float_keeps_the_decimals_that_it_shows() -> None:
    assert encode(np.float32(0.5372)).value == 0.5372
    assert encode(np.array([0.1], dtype="float32")).value == (0.1,)


@pytest.mark.parametrize("whole", [3, np.int64(3), np.uint8(3), pd.Series([3], dtype="Int64")[0]])
def test_a_whole_number_stays_whole(whole: object) -> None:
    assert repr(encode(whole)) == repr(Answer("number", 3))


@pytest.mark.parametrize(
    "gap", [float("nan"), np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), np.ma.masked]
)
def test_a_missing_value_is_nan_and_not_a_date_or_a_text(gap: object) -> None:
    assert encode(gap).value == "nan"
    assert encode(gap).kind == "number"
    assert encode([gap]).value == (None,)


def test_infinity_is_told_from_missing() -> None:
    assert encode(-np.inf) == Answer("number", "-inf")
    assert encode([np.inf]).value == (Answer("number", "inf"),)


@pytest.mark.parametrize("nothing", [None, ...])
def test_nothing_is_missing(nothing: object) -> None:
    assert encode(nothing).kind == "missing"


@pytest.mark.parametrize("truth", [True, np.True_, pd.Series([True], dtype="boolean")[0]])
def test_a_truth_value_is_no_number(truth: object) -> None:
    assert encode(truth) == Answer("bool", True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Korea", "Korea"),
        (np.str_("Korea"), "Korea"),
        (datetime.date(1990, 1, 2), "1990-01-02"),
        (pd.Timestamp("1990-01-02"), "1990-01-02T00:00:00"),
        (np.datetime64("1990-01-02"), "1990-01-02"),
        (pd.Period("1990", freq="Y"), "1990"),
        ("half \ud800", "half ?"),
    ],
)
def test_a_text_or_a_date_is_a_text(value: object, text: str) -> None:
    assert encode(value) == Answer("text", text)


@pytest.mark.parametrize(
    "pair",
    [
        [1, 2],
        (1, 2),
        {2, 1},
        frozenset((1, 2)),
        range(1, 3),
        {1: "a", 2: "b"}.keys(),
        np.array([1, 2]),
        pd.Index([1, 2]),
        pd.Categorical([1, 2]),
        pd.array([1, 2], dtype="Int64"),
    ],
)
def test_anything_with_two_values_is_a_list(pair: object) -> None:
    assert encode(pair).kind == "list"
    assert encode(pair).value == (1, 2)


def test_a_set_of_texts_has_one_order_in_every_process() -> None:
    assert encode({"c", "a", "b"}).value == ("a", "b", "c")


def test_a_series_keeps_its_name_and_its_index() -> None:
    series = pd.Series([5, None], index=pd.Index(["DEU", "KOR"], name="unit"), name="troops")
    assert encode(series) == Answer(
        "table", (Column("unit", ("DEU", "KOR"), True), Column("troops", (5.0, None))), "Series"
    )


def test_a_plain_row_number_is_no_column() -> None:
    assert encode(pd.DataFrame({"a": [1, 2]})).value == (Column("a", (1, 2)),)
    left = pd.DataFrame({"a": [1, 2]}, index=[3, 8])
    assert encode(left).value == (Column("", (3, 8), True), Column("a", (1, 2)))


def test_levels_of_columns_and_of_the_index_are_named() -> None:
    frame = pd.DataFrame(
        {("troops", "mean"): [1.5]}, index=pd.MultiIndex.from_tuples([("DEU", 1990)], names=["unit", "year"])
    )
    columns = encode(frame).value
    assert isinstance(columns, tuple)
    assert [column.name for column in columns if isinstance(column, Column)] == [
        "unit",
        "year",
        "troops / mean",
    ]


@pytest.mark.parametrize("dtype", ["int64", "Int64", "float64", "Float64", "object", "category"])
def test_the_dtype_of_a_column_says_nothing_about_its_values(dtype: str) -> None:
    columns = encode(pd.DataFrame({"a": pd.Series([1, 2], dtype=dtype)})).value
    assert columns == (Column("a", (1, 2)),)


def test_a_dictionary_is_a_table() -> None:
    assert encode({"DEU": 5}).value == (Column("", ("DEU",), True), Column("", (5,)))
    assert encode({"unit": ["DEU"], "troops": [5]}).value == (
        Column("unit", ("DEU",)),
        Column("troops", (5,)),
    )


@pytest.mark.parametrize(
    "function", [len, np.mean, np.sqrt, pd.Series.mean, "x".upper, functools.wraps, int, lambda x: x]
)
def test_a_function_that_was_not_called_is_named(function: object) -> None:
    assert encode(function) == Answer("function", getattr(function, "__name__", ""))


def test_a_function_is_called_on_copies_of_the_inputs() -> None:
    def spoil(values: list[int]) -> int:
        values.append(1)
        return len(values)

    inputs = [[[1, 2]], [[1, 2]]]
    assert encode(spoil, inputs=inputs).value == (Answer("number", 3), Answer("number", 3))
    assert inputs == [[[1, 2]], [[1, 2]]]


def test_a_call_that_fails_is_one_error_and_the_others_count() -> None:
    answer = encode(lambda x: 1 / x, inputs=[[0], [2]])
    assert answer.value == (Answer("error", "ZeroDivisionError: division by zero"), Answer("number", 0.5))


def test_a_function_cannot_leave_with_sys_exit() -> None:
    assert encode(sys.exit, inputs=[[1]]).value == (Answer("error", "SystemExit: 1"),)


def test_inputs_change_nothing_for_a_value_that_is_no_function() -> None:
    assert encode(..., inputs=[[1]]).kind == "missing"


# ------------------------------------------------------------------ figures


def picture(value: object) -> Picture:
    found = encode(value).value
    assert isinstance(found, Picture)
    return found


def test_axes_tell_their_texts_lines_bars_and_points() -> None:
    axes = Figure().subplots()
    axes.plot([1990, 1991], [5, 7], label="Germany")
    axes.bar([1, 2], [3.5, 4.5])
    axes.scatter([1, 2], [8, 9])
    axes.axhline(3)
    axes.fill_between([1, 2], [3, 4])
    axes.set(title="Who hosts?", xlabel="year", ylabel="troops")
    axes.legend()
    drawn = picture(axes)
    assert (drawn.title, drawn.x_label, drawn.y_label, drawn.legend) == (
        "Who hosts?",
        "year",
        "troops",
        ("Germany",),
    )
    assert [trace.y for trace in drawn.lines] == [(5, 7)]
    assert drawn.bars == (3.5, 4.5)
    assert [trace.y for trace in drawn.points] == [(8, 9)]


def test_a_sideways_bar_counts_by_its_length_and_a_left_title_is_a_title() -> None:
    axes = Figure().subplots()
    axes.barh(["a", "b"], [3, 4])
    axes.set_title("Who hosts?", loc="left")
    assert picture(axes).bars == (3, 4)
    assert picture(axes).title == "Who hosts?"


def test_a_figure_with_one_pair_of_axes_counts_as_its_axes() -> None:
    figure = Figure()
    figure.subplots().plot([1], [2])
    figure.suptitle("Over all")
    assert picture(figure).title == "Over all"
    assert encode(Figure().subplots(1, 2)).kind == "list"


def test_what_seaborn_draws_is_read_like_what_matplotlib_draws() -> None:
    seaborn = pytest.importorskip("seaborn")
    data = pd.DataFrame({"host": ["DEU", "KOR"], "troops": [5.0, 7.0]})
    assert picture(seaborn.barplot(data, x="host", y="troops", ax=Figure().subplots())).bars == (5, 7)
    grid = seaborn.relplot(data, x="host", y="troops")
    assert [trace.y for trace in picture(grid).points] == [(5, 7)]


# ------------------------------------------------------------------ limits and hostility


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (range(10**12), "1,000,000,000,000 values"),
        (np.zeros(10_000_000), "10,000,000 values"),
        (pd.DataFrame(np.zeros((50_001, 2))), "100,002 values"),
        ("x" * 20_001, "20,001 characters"),
        (["x" * 19_000] * 200, "megabytes"),
        (10**400, "beyond the range"),
    ],
)
def test_an_answer_over_a_limit_says_how_big_it_is(value: object, says: str) -> None:
    answer = encode(value)
    assert answer.kind == "too_big"
    assert says in str(answer.value)


def test_a_full_array_of_two_dimensions_is_counted_once() -> None:
    assert encode(np.zeros((300, 300))).kind == "list"


def test_a_list_that_holds_itself_ends() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert encode(endless).kind == "too_big"


def test_a_list_that_doubles_at_every_level_ends() -> None:
    wide: list[object] = [1]
    for _ in range(19):
        wide = [wide, wide]
    assert encode(wide).kind == "too_big"


def test_an_endless_generator_is_not_run() -> None:
    def endless() -> Any:
        while True:
            yield 1

    assert encode(endless()) == Answer("other", source="generator")


class Hostile:
    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    __repr__ = __str__ = __len__ = __iter__ = __bool__ = __float__ = __hash__ = __getattribute__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError


class HostileCallable(Hostile):
    def __call__(self) -> None: ...


class HostileMeta(type):
    def __getattribute__(cls, name: str) -> Any:
        raise RuntimeError(name)


class Worse(metaclass=HostileMeta):
    pass


class LyingList(list[Any]):
    def __len__(self) -> int:
        return -(10**9)

    def __iter__(self) -> Any:
        raise RuntimeError


class LyingFloat(float):
    def __float__(self) -> float:
        raise RuntimeError

    def __repr__(self) -> str:
        return "42"


class LyingText(str):
    def encode(self, *_: Any, **__: Any) -> bytes:
        raise RuntimeError

    def __len__(self) -> int:
        return 0


class LyingFrame(pd.DataFrame):
    @property
    def shape(self) -> Any:
        raise RuntimeError


STRANGE = {
    "raises at every touch": Hostile,
    "leaves at every touch": HostileCallable,
    "raises in its class": Worse,
    "is such a class": lambda: Worse,
    "plain object": object,
    "complex": lambda: 1j,
    "bytes": lambda: b"x",
    "module": lambda: sys,
    "lying frame": lambda: LyingFrame({"a": [1]}),
    "iterator": lambda: iter([1]),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_hostile_or_strange_object_is_other(name: str) -> None:
    assert encode(STRANGE[name]()).kind in ("other", "function")


def test_a_hostile_object_inside_a_list_spoils_only_its_own_cell() -> None:
    cells = encode([1, Hostile(), "a"]).value
    assert cells == (1, Answer("other", source="Hostile"), "a")


def test_values_are_read_by_the_base_type_and_not_by_what_they_say() -> None:
    assert encode(LyingList([1, 2])).value == (1, 2)
    assert encode(LyingFloat(0.5)) == Answer("number", 0.5)
    assert encode(LyingText("x" * 30_000)).kind == "too_big"
    assert type(encode(LyingText("abc")).value) is str


def test_a_name_cannot_carry_terminal_escapes() -> None:
    strange = type("\x1b[2Jgone", (), {})
    assert encode(strange()).source == "?[2Jgone"


def test_the_users_own_interrupt_gets_through() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encode(interrupt, inputs=[[]])


any_object = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.complex_numbers()
    | st.binary()
    | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.tuples(inner)
    ),
    max_leaves=10,
)


@given(any_object)
def test_whatever_is_encoded_can_be_read_again_and_is_the_same(value: object) -> None:
    answer = encode(value)
    assert Answer.from_json(answer.to_json()) == answer
