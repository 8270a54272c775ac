"""Lesson 04: answers worked out again with csv, a matrix of walks and dummies; many right forms."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context, clashes, find
from helpers.exercises.questions import prediction_of
from helpers.theory.mechanisms import OUTCOMES, SAME_END, fingerprints, roads_of, three_countries

DATASETS = Path(__file__).parents[3] / "datasets"
STUDENT = "self-study"
SIGNS = fingerprints(list(SAME_END))


def members() -> list[dict[str, str]]:
    with (DATASETS / "allies_panel.csv").open(encoding="utf-8", newline="") as file:
        return [
            row
            for row in csv.DictReader(file)
            if row["nato"] == "1" and row["group"] == "ally" and 1984 <= int(row["year"]) <= 1994
        ]


def by_dummies(rows: list[dict[str, str]], *effects: str, x: str = "us_troops_per_1000") -> float:
    """Least squares with a column for each value of each effect."""
    hosted, effort = (np.array([float(row[name]) for row in rows]) for name in (x, "milex_pct_gdp"))
    columns = [hosted, np.ones(len(rows))]
    for effect in effects:
        values = sorted({row[effect] for row in rows})[1:]
        columns += [np.array([float(row[effect] == value) for row in rows]) for value in values]
    return float(np.linalg.lstsq(np.column_stack(columns), effort, rcond=None)[0][0])


def by_hand(people: pd.DataFrame) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for country in "ABC":
        found[country] = {}
        for outcome in OUTCOMES:
            here = people[people["country"] == country]
            told = [v for v, d in zip(here[outcome], here["deployment"], strict=True) if d == 1]
            rest = [v for v, d in zip(here[outcome], here["deployment"], strict=True) if d == 0]
            found[country][outcome] = sum(told) / len(told) - sum(rest) / len(rest)
    return found


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def test_the_slopes_that_the_lesson_lets_students_find_are_in_the_data() -> None:
    rows = members()
    assert len(rows) == 165
    assert by_dummies(rows) == pytest.approx(-0.219, abs=5e-4)
    assert by_dummies(rows, "unit", "year") == pytest.approx(0.061, abs=5e-4)
    assert by_dummies(rows, "ccode", "year") == pytest.approx(-0.077, abs=5e-4)
    without = [row for row in rows if row["unit"] != "ISL"]
    assert by_dummies(without) > 0
    assert 0 < by_dummies(without, "unit", "year") < by_dummies(without, "ccode", "year")


def test_the_sign_flips_whichever_member_is_left_out_but_iceland_and_germany() -> None:
    rows = members()
    for unit in sorted({row["unit"] for row in rows}):
        kept = [row for row in rows if row["unit"] != unit]
        flips = by_dummies(kept, "unit", "year") * by_dummies(kept, "ccode", "year") < 0
        assert flips == (unit not in {"ISL", "DEU"}), unit


def test_the_effect_by_walks_of_the_matrix_is_right() -> None:
    names = ["deployment", "promise", "protection", "threat", "need"]
    direct = np.zeros((5, 5))
    for cause, effect, strength in (
        (0, 1, 1.0),
        (1, 2, 0.8),
        (2, 3, -0.4),
        (2, 4, -0.6),
        (0, 3, 0.8),
        (3, 4, 0.5),
    ):
        direct[effect, cause] = strength
    total = np.linalg.inv(np.eye(len(names)) - direct)[4, 0]
    assert total == pytest.approx(-0.24)
    for form in (total, np.float32(-0.24), pd.Series([-0.24])[0]):
        assert outcome("04.1", form) == "right"


def test_the_marks_worked_by_hand_are_right_in_many_forms() -> None:
    right = pd.DataFrame(by_hand(three_countries(STUDENT))).T.rename_axis("country")
    for form in (right, right.iloc[::-1], right.reset_index(), right.round(2), right[list(OUTCOMES[::-1])]):
        assert outcome("04.2", form) == "right"


def test_the_within_slopes_by_dummies_are_right() -> None:
    pair = [by_dummies(members(), "unit"), by_dummies(members(), "ccode")]
    assert pair == pytest.approx([0.232, 0.109], abs=5e-4)
    for form in (pair, tuple(pair), np.array(pair), pd.Series(pair), [round(each, 2) for each in pair]):
        assert outcome("04.3", form) == "right"


@pytest.mark.slow
def test_no_mistake_lies_near_the_right_answer_for_any_of_200_ids() -> None:
    assert [n for n in range(200) if clashes(find("04.2"), Context(f"student-{n}"))] == []


def sees(student: str) -> bool:
    """Whether every sign that the lesson needs is clear, and effort falls alike, in this student's countries."""
    people, roads = three_countries(student), roads_of(student)
    told, rest = (people[people["deployment"] == d].groupby("country")[list(OUTCOMES)] for d in (1, 0))
    gap, error = told.mean() - rest.mean(), np.sqrt(told.sem() ** 2 + rest.sem() ** 2)
    for country, road in roads.items():
        for name in OUTCOMES:
            sign = {"+": 1, "-": -1, "0": 0}[SIGNS.loc[road, name]]
            z = gap.loc[country, name] / error.loc[country, name]
            if (sign and z * sign < 1.96) or (not sign and abs(gap.loc[country, name]) > 0.15):
                return False
    return bool(np.ptp(gap["effort"]) < 0.2)


def test_ten_students_see_what_the_lesson_needs() -> None:
    assert all(sees(f"student-{n}") for n in range(10))


@pytest.mark.slow
def test_nearly_all_of_500_students_see_what_the_lesson_needs() -> None:
    assert sum(sees(f"student-{n}") for n in range(500)) >= 475


def test_a_memo_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("04.4", "word " * 80) == outcome("04.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        assert outcome("04.4", "word " * n_words) != "recorded"


@pytest.mark.parametrize("student", ["self-study", "ada", "bob"])
def test_the_predictions_are_answered_by_the_students_own_people_and_by_the_data(student: str) -> None:
    marks = by_hand(three_countries(student))
    felt = [marks[country]["protection"] for country in "ABC"]
    assert prediction_of("04.1").outcome(Context(student)) == int(np.argmax(felt))
    assert prediction_of("04.2").outcome(Context(student)) == 3
