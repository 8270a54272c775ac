"""Lesson 06: answers worked out again with the csv module and scipy; what every student must see."""

from __future__ import annotations

import io
from csv import DictReader
from functools import cache
from math import sqrt
from statistics import fmean, stdev, variance
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers import survey
from helpers.exercises import encode, judge
from helpers.exercises.judge import Context, clashes, find
from helpers.exercises.questions import prediction_of
from helpers.exercises.surveys import N_CLASSMATES, classmates

STUDENT = "self-study"
OUTCOMES = ("protected", "threat", "need", "spending")
ARMS = ("unchanged", "conventional", "nuclear", "both")


@cache
def rows(student: str) -> list[dict[str, str]]:
    """The survey as text, read without pandas."""
    text = survey("germany", student_id=student).answers.to_csv(index=False)
    return list(DictReader(io.StringIO(text)))


def told(student: str, arm: str, outcome: str) -> list[float]:
    return [float(row[outcome]) for row in rows(student) if row["arm"] == arm and row[outcome]]


def by_welch(student: str, outcome: str) -> Any:
    return stats.ttest_ind(
        told(student, "both", outcome), told(student, "unchanged", outcome), equal_var=False
    )


def outcome(exercise: str, value: object, student: str = STUDENT) -> str:
    return judge(exercise, encode(value), student).outcome


def test_the_table_counted_line_by_line_is_right_in_many_forms() -> None:
    counted = {}
    for arm in ARMS:
        people = [row["need"] for row in rows(STUDENT) if row["arm"] == arm]
        given = [float(value) for value in people if value]
        counted[arm] = {
            "missing": sum(not value for value in people) / len(people),
            "mean": fmean(given),
            "high": sum(value >= 6 for value in given) / len(given),
        }
    right = pd.DataFrame(counted).T.rename_axis("arm")
    for form in (right, right.iloc[::-1], right.reset_index(), right.round(3), right.assign(n=1500)):
        assert outcome("06.1", form) == "right"


def test_neymans_interval_and_welchs_are_right_in_many_forms() -> None:
    one, two = told(STUDENT, "both", "need"), told(STUDENT, "unchanged", "need")
    gap, reach = fmean(one) - fmean(two), 1.96 * sqrt(variance(one) / len(one) + variance(two) / len(two))
    pair = [gap - reach, gap + reach]
    welch = by_welch(STUDENT, "need").confidence_interval()
    for form in (pair, tuple(pair), np.array(pair), [round(end, 2) for end in pair], list(welch)):
        assert outcome("06.2", form) == "right"


def test_presence_mirrored_from_scipy_is_right_in_many_forms() -> None:
    mirrored = []
    for name in OUTCOMES:
        found = by_welch(STUDENT, name)
        low, high = found.confidence_interval()
        rest = told(STUDENT, "unchanged", name)
        gap, unit = fmean(told(STUDENT, "both", name)) - fmean(rest), stdev(rest)
        mirrored.append({"outcome": name, "estimate": -gap / unit, "low": -high / unit, "high": -low / unit})
    right = pd.DataFrame(mirrored)
    for form in (right, right.iloc[::-1], right.set_index("outcome"), right.round(2)):
        assert outcome("06.3", form) == "right"


def presence_by(unit_of: Any, reach: float | None = None) -> pd.DataFrame:
    """Presence in units of our choice; its intervals are Welch's, or reach so many standard errors."""
    made = []
    for name in OUTCOMES:
        one, two = told(STUDENT, "both", name), told(STUDENT, "unchanged", name)
        gap, unit = fmean(two) - fmean(one), unit_of(name)
        error = sqrt(variance(one) / len(one) + variance(two) / len(two))
        far = reach * error if reach else gap + by_welch(STUDENT, name).confidence_interval()[1]
        made.append(
            {"outcome": name, "estimate": gap / unit, "low": (gap - far) / unit, "high": (gap + far) / unit}
        )
    return pd.DataFrame(made)


def test_intervals_with_1_96_in_place_of_students_t_are_right_and_with_2_are_not() -> None:
    def unit(name: str) -> float:
        return stdev(told(STUDENT, "unchanged", name))

    assert outcome("06.3", presence_by(unit)) == "right"
    assert outcome("06.3", presence_by(unit, 1.96)) == "right"
    assert outcome("06.3", presence_by(unit, 2.0)) == "wrong"


def test_the_spread_of_other_people_is_no_unit() -> None:
    def of_all(name: str) -> float:
        return stdev([value for arm in ARMS for value in told(STUDENT, arm, name)])

    def of_the_arm(name: str) -> float:
        return stdev(told(STUDENT, "both", name))

    for unit, mistake in ((of_all, "spread of everybody"), (of_the_arm, "spread of the arm")):
        assert judge("06.3", encode(presence_by(unit)), STUDENT).mistake == mistake


def test_the_worked_examples_names_and_another_level_are_recognised() -> None:
    low, high = by_welch(STUDENT, "threat").confidence_interval()
    assert judge("06.2", encode([low, high]), STUDENT).mistake == "threat"
    ninety = by_welch(STUDENT, "need").confidence_interval(0.9)
    assert judge("06.2", encode(list(ninety)), STUDENT).mistake == "ninety per cent"


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ["06.1", "06.2", "06.3"])
def test_no_mistake_lies_near_the_right_answer_for_any_of_200_ids(exercise: str) -> None:
    assert [n for n in range(200) if clashes(find(exercise), Context(f"student-{n}"))] == []


# ------------------------------------------------------------------ what each student must see


def seen(student: str, world: str = "as_the_abstract_reads") -> dict[str, bool]:
    """Each contrast that the lesson needs, and whether this student's people show it."""
    answers = survey("germany", world, student_id=student).answers
    z, size = {}, {}
    for name in OUTCOMES:
        one, two = (answers.loc[answers["arm"] == arm, name].dropna() for arm in ("both", "unchanged"))
        gap = one.mean() - two.mean()
        z[name] = gap / sqrt(one.var() / len(one) + two.var() / len(two))
        size[name] = abs(gap) / two.std()
    return {
        "need rises": bool(z["need"] > 1.96),
        "threat falls": bool(z["threat"] < -1.96),
        "protection moves less than half as far as need": bool(size["protected"] < size["need"] / 2),
        "protection is not beyond doubt": bool(abs(z["protected"]) < 4),
    }


def test_nine_of_ten_students_see_each_contrast() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(10)])
    assert (table.sum() >= 9).all(), table.mean().to_dict()


@pytest.mark.slow
def test_nearly_all_of_500_students_see_each_contrast() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(500)])
    assert (table.sum() >= 475).all(), table.mean().to_dict()


@pytest.mark.parametrize("world", ["assurance_works", "nothing_happens"])
def test_in_another_world_a_contrast_is_missing(world: str) -> None:
    """Planted: with another world dealt, the two tests above turn red."""
    assert not all(seen(STUDENT, world).values())


def test_the_class_shows_what_the_teaching_note_says() -> None:
    peers = classmates("protected")
    truth = peers["truth"].mean()
    excludes = (peers["low"] > 0) | (peers["high"] < 0)
    assert len(peers) == N_CLASSMATES == 200
    assert peers["student"].is_unique
    assert truth == pytest.approx(-0.06, abs=0.005)
    assert (excludes.sum(), (peers["estimate"] > 0).sum()) == (44, 29)
    assert peers.loc[excludes, "estimate"].mean() == pytest.approx(-0.11, abs=0.005)
    assert ((peers["low"] <= truth) & (truth <= peers["high"])).sum() == 191
    need = classmates("need")
    assert (need["low"] > 0).all()
    assert need["estimate"].mean() == pytest.approx(0.50, abs=0.005)


def test_a_classmate_finds_what_a_student_of_that_id_would() -> None:
    """By scipy, on the whole survey that the id gets."""
    peer = classmates("protected").iloc[16]
    found = by_welch(peer["student"], "protected")
    assert (peer["low"], peer["high"]) == pytest.approx(tuple(found.confidence_interval()))
    assert peer["p_value"] == pytest.approx(found.pvalue)


def test_the_prediction_is_answered_by_the_class() -> None:
    prediction = prediction_of("06.1")
    assert prediction.options[prediction.outcome(Context(STUDENT))] == "10 to 69"


# ------------------------------------------------------------------ what is no answer


def test_a_paragraph_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("06.4", "word " * 80) == outcome("06.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        assert outcome("06.4", "word " * n_words) != "recorded"
