"""Tables, axes and functions."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from helpers.exercises.codec import encode
from helpers.exercises.exercise import Context
from helpers.exercises.kinds import Axes, Finding, Function, Kind, List, Number, Table

mpl.use("Agg")
TROOPS = Table(keys=("unit", "year"), values=("troops", "share"), decimals=2)


def found(kind: Kind, value: object, right: object) -> Finding:
    return kind.examine(encode(value), encode(right))


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "unit": ["DEU", "KOR", "JPN"],
            "year": [1990, 1990, 1991],
            "troops": [100, 40, 50],
            "share": [0.5372, 0.25, None],
        }
    )


def look(value: object) -> Finding:
    return found(TROOPS, value, frame())


# ------------------------------------------------------------------ tables

SAME = {
    "rows in another order": lambda: frame().iloc[::-1],
    "columns in another order": lambda: frame()[["share", "year", "troops", "unit"]],
    "keys in the index": lambda: frame().set_index(["unit", "year"]),
    "one key in the index": lambda: frame().set_index("year"),
    "an index without meaning": lambda: frame().set_index(pd.Index([7, 8, 9])),
    "texts": lambda: frame().astype(str),
    "nullable types": lambda: frame().convert_dtypes(),
    "objects": lambda: frame().astype(object),
    "categories": lambda: frame().astype({"unit": "category"}),
    "years as floats": lambda: frame().astype({"year": float, "troops": "float32"}),
    "rounded": lambda: frame().round(2),
    "a dictionary of lists": lambda: frame().to_dict("list"),
    "other case in names": lambda: frame().rename(columns=str.title),
    "further columns": lambda: frame().assign(rank=[1, 3, 2]),
}


@pytest.mark.parametrize("form", SAME)
def test_the_same_table_in_another_form_is_right(form: str) -> None:
    value = SAME[form]()
    expected = frame() if form != "texts" else frame().astype(str)
    assert found(TROOPS, value, expected).right


def test_texts_of_numbers_are_right_for_numbers() -> None:
    assert look(frame().assign(year=["1990", "1990", "1991"])).right
    assert look(frame().assign(troops=["100", "40", "50"])).right


def test_further_columns_are_remarked() -> None:
    assert "(rank)" in look(frame().assign(rank=1)).message
    assert look(frame()).message == ""


def test_a_series_or_dictionary_is_a_table_of_one_value() -> None:
    kind = Table(keys=("unit",), values=("troops",))
    right = frame()[["unit", "troops"]]
    series = right.set_index("unit")["troops"]
    for value in (
        series,
        series.rename("size"),
        series.rename(None),
        series.rename_axis(None),
        series.to_dict(),
    ):
        assert found(kind, value, right).right
    assert not found(kind, series * 2, right).right


def test_missing_rows_are_counted_and_not_named() -> None:
    finding = look(frame().iloc[1:])
    assert (finding.mistake, finding.message) == ("rows", "1 row is missing.")
    assert finding.already_right == ("the columns",)


def test_a_row_too_many_is_named() -> None:
    more = pd.concat(
        [frame(), pd.DataFrame({"unit": ["USA"], "year": [1990], "troops": [5], "share": [0.1]})]
    )
    assert look(more).message == "1 row does not belong there, such as usa, 1990."


def test_a_doubled_row_is_named() -> None:
    finding = look(pd.concat([frame(), frame().iloc[:1]]))
    assert finding.mistake == "doubled rows"
    assert "deu, 1990" in finding.message


def test_missing_columns_are_named_beside_those_that_are_there() -> None:
    message = look(frame().drop(columns=["share", "year"])).message
    assert "lacks the columns year and share" in message
    assert "unit, troops" in message


def test_the_wrong_column_is_named_and_the_right_one_is_said() -> None:
    finding = look(frame().assign(troops=[100, 40, 51]))
    assert finding.message == "In the column troops, 1 of 3 rows differ."
    assert finding.already_right == ("the columns", "the rows", "the column share")


@pytest.mark.parametrize(
    ("change", "mistake"),
    [
        ({"share": [53.72, 25, None]}, "per cent"),
        ({"troops": [-100, -40, -50]}, "sign"),
        ({"share": [0.5, 0.25, None]}, "rounded"),
    ],
)
def test_a_slip_in_a_whole_column_is_named(change: dict[str, list[float]], mistake: str) -> None:
    assert look(frame().assign(**change)).mistake == mistake


def test_a_missing_value_is_right_only_where_one_is_missing() -> None:
    assert not look(frame().assign(share=[0.5372, 0.25, 0.0])).right
    assert not look(frame().assign(share=[0.5372, None, None])).right


@pytest.mark.parametrize("value", [5, "a", [1, 2], np.zeros((2, 2)), len])
def test_what_is_no_table_is_said(value: object) -> None:
    assert look(value).mistake in ("type", "not called")


def test_a_table_without_names_is_refused_when_it_is_written() -> None:
    with pytest.raises(ValueError, match="needs the names"):
        Table(keys=("unit",))


def test_a_right_table_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="the right table lacks"):
        found(TROOPS, frame(), frame().drop(columns="share"))


@given(
    st.lists(
        st.tuples(st.sampled_from("ABCD"), st.integers(1950, 1953), st.floats(-1e6, 1e6)),
        unique_by=lambda row: row[:2],
    ),
    st.randoms(),
    st.booleans(),
)
def test_no_order_of_rows_or_columns_changes_the_verdict(
    rows: list[tuple[str, int, float]], random: object, in_index: bool
) -> None:
    kind = Table(keys=("unit", "year"), values=("troops",))
    right = pd.DataFrame(rows, columns=["unit", "year", "troops"])
    columns = list(right.columns)
    random.shuffle(columns)  # type: ignore[attr-defined]
    random.shuffle(rows)  # type: ignore[attr-defined]
    given_frame = pd.DataFrame(rows, columns=["unit", "year", "troops"])[columns]
    assert found(kind, given_frame.set_index(["year", "unit"]) if in_index else given_frame, right).right


# ------------------------------------------------------------------ figures


def drawn(**texts: str) -> mpl.axes.Axes:
    axes = Figure().subplots()
    axes.set(**{"title": "Who hosts?", "xlabel": "host", "ylabel": "troops", **texts})
    return axes


BARS = Axes(marks="bars", count=3)


def test_a_figure_that_can_be_read_and_draws_the_data_is_right() -> None:
    axes = drawn()
    axes.bar(["a", "b", "c"], [5, 7, 6])
    assert found(BARS, axes, [5, 6, 7]).right
    assert found(BARS, axes.figure, None).right
    assert found(BARS, axes, axes).right


@pytest.mark.parametrize(("text", "name"), [("title", "title"), ("xlabel", "x label"), ("ylabel", "y label")])
def test_a_text_that_is_missing_is_named(text: str, name: str) -> None:
    axes = drawn(**{text: " "})
    axes.bar(["a", "b", "c"], [5, 7, 6])
    finding = found(BARS, axes, [5, 6, 7])
    assert finding.message == f"The {name} is missing."
    assert "the data that are drawn" in finding.already_right


def test_other_data_are_noticed_and_not_told() -> None:
    axes = drawn()
    axes.bar(["a", "b", "c"], [5, 7, 8])
    finding = found(BARS, axes, [5, 6, 7])
    assert finding.message == "The bars show other data than asked for."
    assert finding.already_right == ("the title", "the x label", "the y label", "the number of bars")


def test_too_few_marks_are_counted() -> None:
    axes = drawn()
    axes.bar(["a"], [5])
    assert found(BARS, axes, [5, 6, 7]).message == "Your figure draws 1 bar: too few."


def test_lines_are_compared_by_their_heights_from_left_to_right() -> None:
    axes = drawn()
    axes.plot([1992, 1991, 1990], [3, 2, 1])
    axes.plot([1990, 1991], [9, np.nan])
    kind = Axes(marks="lines")
    assert found(kind, axes, [[9], [1, 2, 3]]).right
    assert not found(kind, axes, [[9], [3, 2, 1]]).right


def test_an_empty_pair_of_axes_draws_nothing() -> None:
    assert found(Axes(marks="points", needs=()), drawn(), None).message == "No points are drawn."


def test_what_is_no_figure_is_said() -> None:
    assert found(BARS, [1, 2], None).mistake == "type"


def test_only_known_marks_can_be_asked_for() -> None:
    with pytest.raises(ValueError, match="not 'pies'"):
        Axes(marks="pies")


# ------------------------------------------------------------------ functions

RESPONSE = Function(inputs=((1, 2), (3, 5), (0, 0)), of=Number(decimals=2))


def call(kind: Function, value: object) -> Finding:
    inputs = kind.inputs_for(Context("ab12"))
    return kind.examine(
        encode(value, inputs=inputs), encode(lambda own, other: own - other / 2, inputs=inputs)
    )


def test_a_function_with_right_results_is_right() -> None:
    assert call(RESPONSE, lambda a, b: a - 0.5 * b).right


def test_the_number_of_right_calls_is_said() -> None:
    assert call(RESPONSE, lambda a, b: a - b).already_right == ("1 of 3 calls",)


def test_a_list_in_the_wrong_order_is_told_in_a_whole_sentence() -> None:
    kind = Function(inputs=(([3, 1],), ([1, 2],)), of=List(of=Number(decimals=0), ordered=True))
    right, turned = (encode(each, inputs=kind.inputs) for each in (list, sorted))
    finding = kind.examine(turned, right)
    assert finding.already_right == ("1 of 2 calls",)
    assert finding.message == "For some inputs the values are right, and their order is not."


def test_an_error_of_the_function_is_told() -> None:
    assert "ZeroDivisionError" in call(RESPONSE, lambda a, b: a / b).message


def test_a_function_without_return_has_not_been_attempted() -> None:
    nothing = encode(lambda a, b: None, inputs=((1, 2),))
    assert not RESPONSE.is_attempted(nothing)
    assert "return" in RESPONSE.not_yet(nothing, "response")


def test_a_result_of_another_type_is_told() -> None:
    assert "a list of 2 values" in call(RESPONSE, lambda a, b: [a, b]).message


def test_a_result_instead_of_the_function_is_told() -> None:
    finding = call(RESPONSE, 0.5)
    assert finding.mistake == "called"
    assert "without ()" in finding.message


def test_inputs_may_depend_on_the_student() -> None:
    kind = Function(inputs=lambda context: ((len(context.student), 2),))
    assert kind.inputs_for(Context("abc")) == ((3, 2),)


def test_results_may_be_lists() -> None:
    kind = Function(inputs=((1,),), of=List())
    same = encode(lambda x: (x, x), inputs=((1,),))
    assert kind.examine(same, same).right


def test_a_table_allows_the_distance_that_it_is_told() -> None:
    right = pd.DataFrame({"unit": ["DEU", "KOR"], "share": [0.12345, 0.5]})
    given, far = right.assign(share=right["share"] + 0.0001), right.assign(share=right["share"] + 0.0003)
    strict, loose = (Table(keys=("unit",), values=("share",), tolerance=each) for each in (0.0, 0.0002))
    assert [found(kind, given, right).right for kind in (strict, loose)] == [False, True]
    assert not found(loose, far, right).right
