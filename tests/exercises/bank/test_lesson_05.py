"""Lesson 05: answers worked out again with csv, loops and sums; many right forms; what students see."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context, clashes, find
from helpers.exercises.questions import prediction_of
from helpers.experiments.assignment import complete
from helpers.experiments.repeated import assign_many, crowd

DATASETS = Path(__file__).parents[3] / "datasets"
IDS = ("05.1", "05.2", "05.3", "05.4")
STUDENT = "self-study"


def outcome(exercise: str, value: object, student: str = STUDENT) -> str:
    return judge(exercise, encode(value), student).outcome


def emnid() -> dict[str, float]:
    with (DATASETS / "polls.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["poll_id"] == "emnid-2019-safe"]
    return {row["answer"]: float(row["percent"]) for row in rows} | {"n": float(rows[0]["n"])}


def columns(student: str) -> list[tuple[float, float, bool]]:
    """Without, told and chose of each person."""
    people = crowd(200, effect=-0.5, seed=student)
    chose = assign_many(people, "self-selection", 1, student)[0]
    return list(zip(people.without.tolist(), people.told.tolist(), chose.tolist(), strict=True))


def mean(values: list[float]) -> float:
    return math.fsum(values) / len(values)


def bias_by_hand(student: str) -> float:
    rows = columns(student)
    found = mean([told for _, told, chose in rows if chose]) - mean(
        [rest for rest, _, chose in rows if not chose]
    )
    return found - mean([told - rest for rest, told, _ in rows])


def spread_by_hand(student: str) -> float:
    rows, found = columns(student), []
    for seed in range(500):
        arms = complete(200, ["not told", "told"], seed).arms
        told = [row[1] for row, arm in zip(rows, arms, strict=True) if arm == "told"]
        rest = [row[0] for row, arm in zip(rows, arms, strict=True) if arm == "not told"]
        found.append(mean(told) - mean(rest))
    middle = mean(found)
    return math.sqrt(sum((each - middle) ** 2 for each in found) / 499)


def test_the_poll_is_what_the_lesson_says() -> None:
    assert emnid() == {"as safe as before": 74, "less safe": 18, "n": 509}


def test_the_margin_by_hand_is_right_in_many_forms() -> None:
    poll = emnid()
    p = poll["as safe as before"] / 100
    right = 100 * 1.96 * math.sqrt(p * (1 - p) / poll["n"])
    assert right == pytest.approx(3.81, abs=0.005)
    for form in (
        right,
        round(right, 1),
        round(right, 2),
        np.float64(right),
        pd.Series([right])[0],
        3.8,
        2 / 1.96 * right,
    ):
        assert outcome("05.1", form) == "right"


@pytest.mark.parametrize("student", [STUDENT, "ada"])
def test_the_bias_by_hand_is_right(student: str) -> None:
    right = bias_by_hand(student)
    for form in (right, round(right, 2), np.float32(round(right, 2))):
        assert outcome("05.2", form, student) == "right"


@pytest.mark.parametrize("student", [STUDENT, "ada"])
def test_the_spread_by_hand_is_right_with_either_divisor(student: str) -> None:
    right = spread_by_hand(student)
    for form in (right, round(right, 2), right * math.sqrt(499 / 500)):
        assert outcome("05.3", form, student) == "right"


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ["05.2", "05.3"])
def test_no_mistake_lies_near_the_right_answer_for_any_of_200_ids(exercise: str) -> None:
    assert [n for n in range(200) if clashes(find(exercise), Context(f"student-{n}"))] == []


def sees(student: str) -> bool:
    """Whether choosing misleads this student's pollster far beyond chance, into the wrong sign or near it."""
    return bias_by_hand(student) > 3 * 0.13


def test_ten_students_see_what_the_lesson_needs() -> None:
    assert all(sees(f"student-{n}") for n in range(10))


@pytest.mark.slow
def test_nearly_all_of_500_students_see_what_the_lesson_needs() -> None:
    assert sum(sees(f"student-{n}") for n in range(500)) >= 475


def test_a_plan_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("05.4", "word " * 100) == outcome("05.4", "word " * 250) == "recorded"
    for n_words in (99, 251):
        assert outcome("05.4", "word " * n_words) != "recorded"


@pytest.mark.parametrize("student", ["self-study", "ada", "bob"])
def test_the_predictions_are_answered_by_the_data_and_by_the_students_people(student: str) -> None:
    share = emnid()["as safe as before"]
    bounds = [(0, 30), (31, 50), (51, 65), (66, 100)]
    said = prediction_of("05.1").outcome(Context(student))
    assert bounds[said][0] <= share <= bounds[said][1]
    assert prediction_of("05.2").outcome(Context(student)) == 2


@pytest.mark.slow
def test_the_second_prediction_has_one_answer_for_everybody() -> None:
    assert {prediction_of("05.2").outcome(Context(f"student-{n}")) for n in range(60)} == {2}


def test_no_exercise_hangs_on_what_a_student_answered_in_the_survey(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.ui.state import StateFile

    def refuse(*_: object) -> None:
        raise AssertionError("an exercise read a state file")

    monkeypatch.setattr(StateFile, "read", refuse)
    for exercise in IDS[:3]:
        right = find(exercise).expected(Context("carol"))
        assert outcome(exercise, right, "carol") == "right"
