"""Answers as strict JSON: everything of ours passes, nothing else does."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.exercises.answer import MAX_DEPTH, MAX_INTEGER, Answer, AnswerError, Column, Picture, Trace

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(-MAX_INTEGER, MAX_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
simple = st.one_of(
    st.builds(Answer, st.just("missing"), st.none(), texts),
    st.builds(Answer, st.just("number"), numbers | st.sampled_from(["nan", "inf", "-inf"]), texts),
    st.builds(Answer, st.sampled_from(["text", "error", "function", "too_big"]), texts, texts),
    st.builds(Answer, st.just("bool"), st.booleans(), texts),
    st.builds(Answer, st.just("other"), st.none(), texts),
)


def tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=4).map(tuple)


@st.composite
def tables(draw: st.DrawFn, cells: st.SearchStrategy[object]) -> Answer:
    n_rows = draw(st.integers(0, 4))
    column = st.builds(
        Column, texts, st.lists(cells, min_size=n_rows, max_size=n_rows).map(tuple), st.booleans()
    )
    return Answer("table", tuple(draw(st.lists(column, max_size=3))), draw(texts))


def compound(inner: st.SearchStrategy[Answer]) -> st.SearchStrategy[Answer]:
    cells = scalars | inner
    traces = tuples(st.builds(Trace, tuples(scalars), tuples(scalars)))
    pictures = st.builds(Picture, texts, texts, texts, tuples(texts), traces, traces, tuples(scalars))
    return st.one_of(
        st.builds(Answer, st.just("list"), tuples(cells), texts),
        st.builds(Answer, st.just("calls"), tuples(inner), texts),
        tables(cells),
        st.builds(Answer, st.just("axes"), pictures, texts),
    )


answers = st.recursive(simple, compound, max_leaves=8)


@given(answers)
def test_every_answer_survives_its_own_json(answer: Answer) -> None:
    text = answer.to_json()
    again = Answer.from_json(text)
    assert again == answer
    assert again.to_json() == text
    assert repr(again) == repr(answer)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
near_misses = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["number", "text", "bool", "list", "table", "axes", "calls", "other"]),
        "value": json_values,
    },
    optional={"source": json_values},
)


@settings(max_examples=300)
@given(json_values | near_misses)
def test_other_json_is_either_refused_or_read_as_what_it_says(content: object) -> None:
    try:
        answer = Answer.from_json(json.dumps(content))
    except AnswerError:
        return
    assert isinstance(content, dict)
    assert json.loads(answer.to_json())["value"] == content["value"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"kind":"number","value":NaN}', "may not hold NaN"),
        ('{"kind":"number","value":-Infinity}', "may not hold -Infinity"),
        ('{"kind":"number","value":1e999}', "too large for a float"),
        ('{"kind":"number","value":' + "9" * 5000 + "}", "5000 digits"),
        ('{"kind":"number","value":9007199254740993}', "too large"),
        ('{"kind":"number","value":true}', "A number is expected"),
        ('{"kind":"number","value":"0.5"}', "A number is expected"),
        ('{"kind":"number","value":1,"value":2}', "stands twice"),
        ('{"kind":"text","value":"\\ud800"}', "half a character"),
        ('{"kind":"text","value":"' + "x" * 20_001 + '"}', "20,001"),
        ('{"kind":"pickle","value":"gASV"}', "No kind of answer 'pickle'"),
        ('{"kind":["text"],"value":""}', "No kind of answer"),
        ('{"kind":"text"}', "needs"),
        ('{"kind":"text","value":"","__class__":"x"}', "has"),
        ('{"kind":"list","value":{"0":1}}', "A list is expected"),
        ('{"kind":"list","value":[{"a":1}]}', "needs"),
        ('{"kind":"list","value":[' + "0," * 100_000 + "0]}", "100,001"),
        (
            '{"kind":"table","value":[{"name":"a","cells":[1],"is_index":false},{"name":"b","cells":[],"is_index":true}]}',
            "equally long",
        ),
        ('{"kind":"missing","value":0}', "null is expected"),
        ("[" * 100_000, "levels deep"),
        ("", "is JSON"),
        ("5", "An object is expected"),
        ('"' + "x" * 2_000_001 + '"', "2,000,000"),
    ],
)
def test_what_is_not_ours_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(AnswerError, match=says):
        Answer.from_json(text)


def test_bytes_are_no_answer() -> None:
    with pytest.raises(AnswerError, match="not bytes"):
        Answer.from_json(b"{}")  # type: ignore[arg-type]


def test_depth_is_limited_at_the_same_level_on_both_sides() -> None:
    deep = Answer("text", "x")
    for _ in range(MAX_DEPTH):
        deep = Answer("list", (deep,))
    assert Answer.from_json(deep.to_json()) == deep
    with pytest.raises(AnswerError, match="levels deep"):
        Answer.from_json(Answer("list", (deep,)).to_json())


def test_all_scalars_of_an_answer_can_be_listed() -> None:
    picture = Picture("Title", "x", "y", ("a",), (Trace((1,), (2,)),), (), (3,))
    table = Answer("table", (Column("name", ("DEU", None, 5)),))
    whole = Answer("list", (Answer("axes", picture), table))
    assert list(whole.scalars()) == ["Title", "x", "y", "a", 1, 2, 3, "DEU", 5]
