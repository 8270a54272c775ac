"""Lesson 08: answers worked out again by hand, statsmodels and scipy; many right forms; what students see."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from helpers import data
from helpers.exercises import Answer, encode, judge
from helpers.exercises.bank.lesson_08 import CASES
from helpers.exercises.judge import Context, clashes, find
from helpers.exercises.questions import prediction_of
from helpers.exercises.surveys import survey
from helpers.experiments.design import SurveyModel, two_arm

STUDENT = "self-study"


def encoded(exercise: str, value: object) -> Answer:
    return encode(value, inputs=CASES) if exercise == "08.3" else encode(value)


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encoded(exercise, value), STUDENT).outcome


def level_and_effect(student: str) -> list[float]:
    rows = survey("germany", student_id=student).answers
    shares = {}
    for arm in ("unchanged", "both"):
        told = [v for v, a in zip(rows["protected"], rows["arm"], strict=True) if a == arm and v == v]
        shares[arm] = sum(v in (4, 5) for v in told) / len(told)
    return [shares["unchanged"], shares["unchanged"] - shares["both"]]


def needed(student: str) -> list[float]:
    rows = survey("germany", student_id=student).answers
    sd = np.nanstd(rows.loc[rows["arm"] == "unchanged", "protected"], ddof=1)
    return [TTestIndPower().solve_power(effect / sd, alpha=0.05, power=0.8) for effect in (0.2, 0.1)]


def by_tests(estimate: float, std_error: float, smallest: float, df: float = np.inf) -> str:
    """Three p-values in place of two intervals."""
    different = 2 * stats.t.sf(abs(estimate / std_error), df) < 0.05
    above = stats.t.sf((estimate + smallest) / std_error, df) < 0.05
    below = stats.t.cdf((estimate - smallest) / std_error, df) < 0.05
    names = {
        (True, True): "both",
        (True, False): "different",
        (False, True): "equivalent",
        (False, False): "undecided",
    }
    return names[bool(different), bool(above and below)]


def test_level_and_effect_worked_by_hand_are_right_in_many_forms() -> None:
    right = level_and_effect(STUDENT)
    for form in (right, tuple(right), np.array(right), pd.Series(right), [round(each, 3) for each in right]):
        assert outcome("08.1", form) == "right"


def test_people_by_statsmodels_and_by_the_textbooks_formula_are_right() -> None:
    right = needed(STUDENT)
    rows = survey("germany", student_id=STUDENT).answers
    sd = rows.loc[rows["arm"] == "unchanged", "protected"].std()
    by_hand = [2 * (sd * (1.96 + 0.84) / effect) ** 2 for effect in (0.2, 0.1)]
    forms = (
        [int(np.ceil(each)) for each in right],
        right,
        np.array(right),
        [np.ceil(each) for each in by_hand],
    )
    for form in (*forms, [*map(str, map(round, right))]):
        assert outcome("08.2", form) == "right"


def test_readings_from_three_p_values_are_right_whatever_their_form() -> None:
    assert outcome("08.3", by_tests) == "right"
    assert outcome("08.3", lambda *each: by_tests(*each).upper()) == "right"
    assert outcome("08.3", lambda *each: np.array([by_tests(*each)])[0]) == "right"
    assert outcome("08.3", lambda *each: by_tests(*each) == "both") != "right"


def test_no_case_hangs_on_how_exactly_1_96_is_written() -> None:
    def exact(estimate: float, std_error: float, smallest: float) -> tuple[float, float]:
        return abs(estimate) - 1.96 * std_error, abs(estimate) + 1.645 * std_error - smallest

    for case in CASES:
        assert min(map(abs, exact(*case))) > 0.0005, case
    assert {by_tests(*case) for case in CASES} == {"different", "equivalent", "both", "undecided"}


def test_drawn_cases_can_be_answered() -> None:
    draws = iter(np.random.default_rng(1).random(500))
    kind: Any = find("08.3").kind
    for estimate, error, smallest in kind.drawn(lambda _index: lambda: float(next(draws))):
        assert by_tests(estimate, error, smallest) in ("different", "equivalent", "both", "undecided")
        assert -0.5 <= estimate <= 0.5
        assert error > 0 < smallest


def test_mistakes_that_students_would_make_meet_their_feedback() -> None:
    rows = survey("germany", student_id=STUDENT).answers
    told = rows[rows["arm"].isin(["unchanged", "both"])]
    with_missing = (told["protected"] >= 4).groupby(told["arm"]).mean()
    answer = [with_missing["unchanged"], with_missing["unchanged"] - with_missing["both"]]
    assert judge("08.1", encode(answer), STUDENT).mistake == "missing counted"
    half = TTestIndPower().solve_power(0.2, alpha=0.05, power=0.8)
    quarter = TTestIndPower().solve_power(0.1, alpha=0.05, power=0.8)
    assert judge("08.2", encode([half, quarter]), STUDENT).mistake == "standardised"

    def naive(estimate: float, std_error: float, smallest: float) -> str:
        del smallest
        return "different" if abs(estimate) / std_error > 1.96 else "equivalent"

    assert judge("08.3", encoded("08.3", naive), STUDENT).mistake == "two readings"

    def point(estimate: float, std_error: float, smallest: float) -> str:
        if abs(estimate) / std_error > 1.96:
            return "different"
        return "equivalent" if abs(estimate) < smallest else "undecided"

    assert judge("08.3", encoded("08.3", point), STUDENT).mistake == "point alone, never both"
    right = level_and_effect(STUDENT)
    assert judge("08.1", encode([right[0] - right[1], right[1]]), STUDENT).mistake == "level without forces"


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ["08.1", "08.2"])
def test_no_mistake_lies_near_the_right_answer_for_any_of_200_ids(exercise: str) -> None:
    assert [n for n in range(200) if clashes(find(exercise), Context(f"student-{n}"))] == []


# ------------------------------------------------------------------ what the lesson shows


def seen(student: str) -> dict[str, bool]:
    """What each student's own people must show, and whether they do."""
    rows = survey("germany", student_id=student).answers.dropna(subset=["protected"])
    first = {arm: rows.loc[rows["arm"] == arm, "protected"].head(150) for arm in ("unchanged", "both")}
    error = np.sqrt(sum(each.var() / 150 for each in first.values()))
    both = [rows.loc[rows["arm"] == arm, "protected"] for arm in ("unchanged", "both")]
    full = np.sqrt(sum(each.var() / len(each) for each in both))
    return {
        "150 in each pilot": all(len(each) == 150 for each in first.values()),
        "no pilot can be equivalent": bool(1.645 * error > 0.2),
        "all people could be": bool(1.645 * full < 0.1),
        "an effect of 0.2 needs more than the pilot": needed(student)[0] > 400,
        "and fewer than all": needed(student)[0] < min(map(len, both)),
    }


def test_all_of_ten_students_see_what_the_lesson_needs() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(10)])
    assert table.all(axis=None), table.mean().to_dict()


@pytest.mark.slow
def test_nearly_all_of_500_students_see_what_the_lesson_needs() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(500)])
    print(table.mean())
    assert (table.sum() >= 475).all(), table.mean().to_dict()


def test_not_one_of_two_hundred_pilots_of_nothing_is_equivalent() -> None:
    model = SurveyModel(data.study("germany"), data.world("nothing_happens"), 300, outcomes=["protected"])
    runs = two_arm(model).diagnose(200).runs
    said = pd.Series(
        [by_tests(row.estimate, row.std_error, 0.2, 298) for row in runs.itertuples()]
    ).value_counts()
    assert said.to_dict() == {"undecided": 192, "different": 8}
    assert (runs["p_value"] < 0.05).sum() == 8
    assert (1.645 * runs["std_error"] > 0.2).all()
    assert prediction_of("08.1").outcome(Context(STUDENT)) == 3


def test_the_bound_is_one_citizen_in_five_who_moves_by_one_point() -> None:
    people = np.repeat([1, 2, 3, 4], 250)
    moved = people + (np.arange(1000) % 5 == 0)
    assert moved.mean() - people.mean() == pytest.approx(0.2)


# ------------------------------------------------------------------ what is no answer


def test_a_reply_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("08.4", "word " * 80) == outcome("08.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        assert outcome("08.4", "word " * n_words) != "recorded"
