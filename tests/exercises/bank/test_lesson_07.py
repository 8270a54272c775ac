"""Lesson 07: answers worked out again by hand and with statsmodels; many right forms; what students see."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

from helpers.exercises import Answer, encode, judge
from helpers.exercises.bank.lesson_07 import FAMILIES
from helpers.exercises.judge import Context, clashes, find
from helpers.exercises.questions import prediction_of
from helpers.exercises.surveys import survey
from helpers.experiments.after_treatment import selective_recall

STUDENT = "self-study"
ARMS = ("unchanged", "conventional", "nuclear", "both")


def encoded(exercise: str, value: object) -> Answer:
    return encode(value, inputs=FAMILIES) if exercise == "07.3" else encode(value)


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encoded(exercise, value), STUDENT).outcome


def four_means(student: str) -> list[float]:
    rows = survey("czech_republic", student_id=student).answers
    found = []
    for arm in ARMS:
        told = [v for v, a in zip(rows["need"], rows["arm"], strict=True) if a == arm and v == v]
        found.append(sum(told) / len(told))
    return found


def contrasts(student: str) -> list[float]:
    neither, soldiers, weapons, both = four_means(student)
    return [
        ((soldiers - neither) + (both - weapons)) / 2,
        ((weapons - neither) + (both - soldiers)) / 2,
        both - soldiers - weapons + neither,
    ]


def by_statsmodels(student: str) -> list[float]:
    rows = survey("czech_republic", student_id=student).answers
    rows = rows[rows["arm"].isin(["unchanged", "both"]) & rows["protected"].notna()]
    treated, trust = (rows["arm"] == "both").to_numpy(float), rows["trust_us"].to_numpy(float)
    centred = trust - trust.mean()
    design = np.column_stack([np.ones(len(rows)), treated, centred, treated * centred])
    fit = sm.OLS(rows["protected"].to_numpy(float), design).fit(cov_type="HC2")
    told, rest = (rows.loc[rows["arm"] == arm, "protected"] for arm in ("both", "unchanged"))
    plain = np.sqrt(told.var() / len(told) + rest.var() / len(rest))
    return [fit.params[1], fit.bse[1], 100 * ((plain / fit.bse[1]) ** 2 - 1)]


def holm(p_values: list[float]) -> Any:
    return multipletests(p_values, method="holm")[1]


def test_the_contrasts_worked_by_hand_are_right_in_many_forms() -> None:
    right = contrasts(STUDENT)
    for form in (right, tuple(right), np.array(right), pd.Series(right), [round(each, 2) for each in right]):
        assert outcome("07.1", form) == "right"


def test_main_effects_from_all_people_with_and_without_a_thing_are_accepted() -> None:
    rows = survey("czech_republic", student_id=STUDENT).answers
    by_thing = [rows.groupby(name)["need"].mean().diff().iloc[1] for name in ("conventional", "nuclear")]
    assert outcome("07.1", [*by_thing, contrasts(STUDENT)[2]]) == "right"


def test_lins_regression_by_statsmodels_is_right_in_many_forms() -> None:
    right = by_statsmodels(STUDENT)
    for form in (right, np.array(right), pd.Series(right), [round(float(each), 3) for each in right]):
        assert outcome("07.2", form) == "right"


@pytest.mark.parametrize("form", [list, tuple, np.array, pd.Series])
def test_holm_by_statsmodels_is_right_whatever_it_gives_back(form: Any) -> None:
    assert outcome("07.3", lambda p_values: form([float(p) for p in holm(p_values)])) == "right"


def test_holms_limits_in_another_way_are_right() -> None:
    """By definition: the largest, over all smaller p-values, of the value times the number that are not smaller."""

    def brute(p_values: list[float]) -> list[float]:
        def one(p: float) -> float:
            ranked = sorted(p_values)
            return max(min(1.0, q * (len(ranked) - ranked.index(q))) for q in p_values if q <= p)

        return [one(p) for p in p_values]

    assert outcome("07.3", brute) == "right"


def test_a_drawn_family_is_one_of_p_values() -> None:
    draws = iter(np.random.default_rng(1).random(500))
    kind: Any = find("07.3").kind
    for inputs in kind.drawn(lambda _index: lambda: float(next(draws))):
        (family,) = inputs
        assert 3 <= len(family) <= 7
        assert all(0 <= p <= 1 for p in family)


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ["07.1", "07.2"])
def test_no_mistake_lies_near_the_right_answer_for_any_of_200_ids(exercise: str) -> None:
    assert [n for n in range(200) if clashes(find(exercise), Context(f"student-{n}"))] == []


# ------------------------------------------------------------------ what each student must see


def z_of(rows: pd.DataFrame, name: str, arm: str, reference: str = "unchanged") -> tuple[float, float]:
    """Difference in means and its standard error, by hand."""
    told, rest = (rows.loc[rows["arm"] == a, name].dropna() for a in (arm, reference))
    return told.mean() - rest.mean(), float(np.sqrt(told.var() / len(told) + rest.var() / len(rest)))


def seen(student: str) -> dict[str, bool]:
    """Each contrast that the lesson needs, and whether this student's people show it."""
    czech = survey("czech_republic", student_id=student).answers
    german = survey("germany", student_id=student).answers
    need = {arm: z_of(czech, "need", arm) for arm in ARMS[1:]}
    soldiers, weapons, _ = contrasts(student)
    main_error = np.sqrt(sum(czech.loc[czech["arm"] == a, "need"].sem() ** 2 for a in ARMS)) / 2
    (leaving, e_leaving), (coming, e_coming) = z_of(german, "threat", "both"), z_of(czech, "threat", "both")
    gap = (-leaving - coming) / np.hypot(e_leaving, e_coming)
    p_values = [
        2 * stats.norm.sf(abs(np.divide(*z_of(czech, name, arm))))
        for name in ("need", "protected", "threat", "spending")
        for arm in ARMS[1:]
    ]
    recalled = selective_recall(survey("czech_republic", "nothing_happens", student_id=student))
    passed = z_of(recalled[recalled["recalled"] == 1], "need", "both")
    everybody = z_of(recalled, "need", "both")
    return {
        "need falls in each arm": all(estimate / error < -1.96 for estimate, error in need.values()),
        "both main effects": max(soldiers, weapons) / main_error < -1.96,
        "a gap between the surveys": bool(gap > 1.96),
        "Holm keeps the three of need": bool((holm(p_values)[:3] <= 0.05).all()),
        "a covariate saves people": by_statsmodels(student)[2] > 0.5,
        "dropping who forgot invents an effect": bool(passed[0] / passed[1] > 1.96),
        "and keeping everybody does not": bool(abs(everybody[0] / everybody[1]) < 2.58),
    }


def test_nine_of_ten_students_see_each_contrast() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(10)])
    assert (table.sum() >= 9).all(), table.mean().to_dict()


@pytest.mark.slow
def test_nearly_all_of_500_students_see_each_contrast() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(500)])
    print(table.mean())
    assert (table.sum() >= 475).all(), table.mean().to_dict()


def test_a_world_in_which_nothing_happens_would_be_noticed() -> None:
    """Planted: with no effect on need, the test above turns red."""
    rows = survey("czech_republic", "nothing_happens", student_id=STUDENT).answers
    assert not all(np.divide(*z_of(rows, "need", arm)) < -1.96 for arm in ARMS[1:])


def test_a_letter_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("07.4", "word " * 80) == outcome("07.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        assert outcome("07.4", "word " * n_words) != "recorded"


@pytest.mark.parametrize("student", ["self-study", "ada", "bob"])
def test_the_predictions_are_answered(student: str) -> None:
    """Twelve tests of nothing with the lesson's correlations, by a multivariate normal."""
    within = 0.3 + 0.7 * np.eye(4)
    arms = 0.5 + 0.5 * np.eye(3)
    z = np.random.default_rng(2).multivariate_normal(np.zeros(12), np.kron(within, arms), size=40_000)
    share = (np.abs(z) > 1.96).any(axis=1).mean()
    assert 0.25 < share < 0.5
    assert prediction_of("07.2").outcome(Context(student)) == 2
    assert prediction_of("07.1").outcome(Context(student)) == 3


def test_two_surveys_cannot_tell_three_differences_apart() -> None:
    """Any split of the gap over country, direction and host status gives the same two estimates."""
    design = np.array([[1, 0, 0, 1], [1, 1, 1, 0]])
    assert np.linalg.matrix_rank(design) == 2
    for country, direction in np.random.default_rng(3).normal(size=(50, 2)):
        host = 0.7 + country + direction
        story = [0.6 - host, country, direction, host]
        assert design @ story == pytest.approx([0.6, -0.1])
