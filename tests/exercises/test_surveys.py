"""A student's own simulated survey: the same for the same id, in the notebook and for the judge."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import survey
from helpers.data import StudyError
from helpers.exercises.codec import encode
from helpers.exercises.exercise import Context, Exercise
from helpers.exercises.judge import judge
from helpers.exercises.kinds import Number
from helpers.experiments.respondents import Fielded


def mean_need(fielded: Fielded) -> float:
    return float(fielded.answers["need"].mean())


def test_an_id_is_a_seed() -> None:
    ada, again, bob = (survey("germany", student_id=name).answers for name in ("ada", "ada", "bob"))
    pd.testing.assert_frame_equal(ada, again)
    assert not ada.equals(bob)


def test_what_a_student_changes_is_not_changed_for_the_next_call() -> None:
    mine = survey("germany", student_id="ada").answers
    mine["need"] = 1
    assert survey("germany", student_id="ada").answers["need"].nunique() > 1


def test_the_judge_sees_the_survey_of_the_student_who_answers() -> None:
    exercise = Exercise(
        id="90.1", points=1, answer="need", kind=Number(decimals=4), asks="The mean need.",
        expected=lambda context: mean_need(context.survey("germany")), mistakes=(), hints=(), why="It is yours.",
    )  # fmt: skip
    ada, bob = (mean_need(survey("germany", student_id=name)) for name in ("ada", "bob"))
    outcomes = [
        judge(exercise, encode(value), name).outcome for name in ("ada", "bob") for value in (ada, bob)
    ]
    assert outcomes == ["right", "wrong", "wrong", "right"]


def test_a_context_gives_the_world_that_is_asked_for() -> None:
    there = Context("ada").survey("czech_republic", "nothing_happens")
    assert there.truth("need", "both") == 0
    assert Context("ada").survey("czech_republic").truth("need", "both") < 0


@pytest.mark.parametrize(
    ("name", "world", "words"),
    [("poland", "nothing_happens", "No study 'poland'"), ("germany", "mars", "No world 'mars'")],
)
def test_an_unknown_name_is_one_sentence(name: str, world: str, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        survey(name, world)
