"""What holds for the exercises and questions of every lesson, whatever they ask.

A lesson's own file works its answers out again; what is the same for all stands here once. The drills of lesson 00 have
forms of their own and are tested with them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.exercises import Answer, encode, judge
from helpers.exercises.judge import Context, clashes, exercises, find, inputs_of, lessons
from helpers.exercises.questions import quiz_of

LESSONS = [lesson for lesson in lessons() if lesson != "00"]
IDS = [each.id for lesson in LESSONS for each in exercises(lesson)]
STUDENT = "self-study"
NO_ANSWERS = [..., None, "", float("nan"), [], pd.DataFrame(), "half", True, object()]


def encoded(exercise: str, value: object) -> Answer:
    return encode(value, inputs=inputs_of(exercise, STUDENT))


def wrong_ways(exercise: str) -> list[tuple[Any, Any]]:
    """Each known mistake and the answer that makes it."""
    context, found = Context(STUDENT), find(exercise)
    right = found.expected(context)
    return [(mistake, mistake.make(context, right)) for mistake in found.mistakes]


def test_every_lesson_is_looked_at() -> None:
    root = Path(__file__).parents[3] / "lessons"
    notebooks = {path.name[:2] for path in root.rglob("[0-9][0-9]_*.ipynb")} - {"00"}
    assert notebooks <= set(LESSONS)
    assert {exercise[:2] for exercise in IDS} == set(LESSONS)


@pytest.mark.parametrize("exercise", IDS)
def test_each_known_mistake_is_named_and_none_is_right(exercise: str) -> None:
    points = find(exercise).points
    for mistake, value in wrong_ways(exercise):
        verdict = judge(exercise, encoded(exercise, value), STUDENT)
        assert (verdict.outcome, verdict.mistake) == ("known mistake", mistake.id)
        assert verdict.points == points * mistake.credit < points


@pytest.mark.parametrize("exercise", IDS)
@pytest.mark.parametrize("student", ["self-study", "ada-17", "Z", "x" * 64])
def test_no_known_mistake_lies_near_the_right_answer(exercise: str, student: str) -> None:
    assert clashes(find(exercise), Context(student)) == []


@pytest.mark.parametrize("value", NO_ANSWERS)
@pytest.mark.parametrize("exercise", IDS)
def test_what_is_no_answer_is_never_right(exercise: str, value: object) -> None:
    outcome = judge(exercise, encoded(exercise, value), STUDENT).outcome
    assert outcome in {"not attempted", "wrong", "known mistake"}


@pytest.mark.parametrize("exercise", IDS)
def test_notebook_and_grader_come_to_equal_verdicts(exercise: str) -> None:
    right = find(exercise).expected(Context(STUDENT))
    wrong = [value for _mistake, value in wrong_ways(exercise)]
    for value in [right, ..., "text", float("nan"), [right], *wrong]:
        answer = encoded(exercise, value)
        again = Answer.from_json(answer.to_json())
        assert judge(exercise, answer, STUDENT) == judge(exercise, again, STUDENT)


@pytest.mark.parametrize("part", ["warm-up", "quiz"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_option_does_not_always_stand_in_one_place(lesson: str, part: str) -> None:
    places = [[option.right for option in each.options].index(True) for each in quiz_of(lesson, part)]
    assert len(set(places)) > 1
