"""Lesson 09: answers worked out again with statsmodels; many right forms; mistakes; what students see."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context, clashes, find
from helpers.exercises.questions import prediction_of
from helpers.experiments.two_roads import TwoRoads, field_two_roads

STUDENT = "self-study"
KNOWN = " + age + trust_us + left_right"


@lru_cache(maxsize=2)
def country(student: str) -> TwoRoads:
    return field_two_roads(student)


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def mistake(exercise: str, value: object) -> str | None:
    return judge(exercise, encode(value), STUDENT).mistake


def slopes(rows: pd.DataFrame, outcome: str, columns: list[str]) -> dict[str, float]:
    """Least squares by numpy; fast enough for 500 students, and the same as statsmodels (a test below)."""
    design = np.column_stack([np.ones(len(rows)), rows[columns].to_numpy(float)])
    return dict(
        zip(
            ["1", *columns],
            np.linalg.lstsq(design, rows[outcome].to_numpy(float), rcond=None)[0],
            strict=True,
        )
    )


def split(student: str, road: str = "protected", more: str = "") -> list[float]:
    rows, known = country(student).measured, more.replace("+", " ").split()
    first, second = slopes(rows, road, ["told", *known]), slopes(rows, "need", ["told", road, *known])
    through, direct = first["told"] * second[road], second["told"]
    return [through, direct, through / (through + direct)]


def gone(student: str, more: str = KNOWN) -> list[float]:
    """As partial correlations, from the inverse of the correlations of all columns."""
    names = ["told", *more.replace("+", " ").split(), "need"]
    found = []
    for road in ("protected", "drawn_in"):
        inverse = np.linalg.inv(country(student).measured[[*names, road]].corr().to_numpy())
        found.append(-inverse[-2, -1] / np.sqrt(inverse[-2, -2] * inverse[-1, -1]))
    return found


def effects(student: str) -> dict[str, tuple[float, float]]:
    """Effect of being told for each second text, with Neyman's error."""
    needs = country(student).manipulated.groupby(["held", "told"])["need"].agg(["mean", "var", "size"])
    found = {}
    for held in ("nothing", "protection", "risk"):
        two = needs.loc[held]
        error = float(np.sqrt((two["var"] / two["size"]).sum()))
        found[held] = (two.loc[1, "mean"] - two.loc[0, "mean"], error)
    return found


def test_what_is_worked_out_here_is_what_statsmodels_gives() -> None:
    rows = country(STUDENT).measured
    first = smf.ols(f"protected ~ told{KNOWN}", rows).fit()
    second = smf.ols(f"need ~ told + protected{KNOWN}", rows).fit()
    through = first.params["told"] * second.params["protected"]
    assert split(STUDENT, more=KNOWN)[:2] == pytest.approx([through, second.params["told"]])
    held = country(STUDENT).manipulated.query("held == 'risk'")
    fit = smf.ols("need ~ told", held).fit(cov_type="HC2")
    assert effects(STUDENT)["risk"] == pytest.approx((fit.params["told"], fit.bse["told"]))


def eliminated(student: str) -> list[float]:
    found = effects(student)
    return [found["nothing"][0] - found[road][0] for road in ("protection", "risk")]


RIGHT = {"09.1": split, "09.2": gone, "09.3": eliminated}


@pytest.mark.parametrize("exercise", RIGHT)
def test_answers_worked_out_again_are_right_in_many_forms(exercise: str) -> None:
    right = RIGHT[exercise](STUDENT)
    rounded = [round(float(each), 3) for each in right]
    for form in (right, tuple(right), np.array(right), pd.Series(right), rounded):
        assert outcome(exercise, form) == "right", form
    assert outcome(exercise, [each + 0.01 for each in right]) != "right"
    assert mistake(exercise, [round(float(each), 2) for each in right]) == "rounded"


def test_mistakes_that_students_would_make_meet_their_feedback() -> None:
    rows = country(STUDENT).measured
    right = split(STUDENT)
    whole = rows.groupby("told")["need"].mean().diff()[1]
    forgets = (
        smf.ols("protected ~ told", rows).fit().params["told"]
        * smf.ols("need ~ protected", rows).fit().params["protected"]
    )
    assert mistake("09.1", [forgets, whole - forgets, forgets / whole]) == "told left out"
    assert mistake("09.1", [right[0], whole, right[0] / whole]) == "whole as direct"
    assert mistake("09.1", [right[0], right[1], right[0] / right[1]]) == "share of the rest"
    assert mistake("09.1", [right[0], right[1], 100 * right[2]]) == "per cent"
    assert mistake("09.1", split(STUDENT, "drawn_in")) == "the other road"
    assert mistake("09.1", split(STUDENT, more=KNOWN)) == "with covariates"
    with_mediator = [
        np.corrcoef(
            smf.ols(f"{road} ~ told{KNOWN}", rows).fit().resid,
            smf.ols(f"need ~ told + {road}{KNOWN}", rows).fit().resid,
        )[0, 1]
        for road in ("protected", "drawn_in")
    ]
    assert mistake("09.2", with_mediator) == "mediator inside"
    assert mistake("09.2", gone(STUDENT, "")) == "no covariates"
    assert mistake("09.2", [rows[road].corr(rows["need"]) for road in ("protected", "drawn_in")]) == "answers"
    held = effects(STUDENT)
    assert mistake("09.3", [held["protection"][0], held["risk"][0]]) == "what remains"
    means = country(STUDENT).manipulated.groupby(["held", "told"])["need"].mean()
    told = [means["nothing", 1] - means[road, 1] for road in ("protection", "risk")]
    assert mistake("09.3", told) == "the told alone"
    assert mistake("09.3", [split(STUDENT, road)[0] for road in ("protected", "drawn_in")]) == "measured"


@pytest.mark.slow
@pytest.mark.parametrize("exercise", RIGHT)
def test_no_mistake_lies_near_the_right_answer_for_any_of_200_ids(exercise: str) -> None:
    assert [n for n in range(200) if clashes(find(exercise), Context(f"student-{n}"))] == []


# ------------------------------------------------------------------ what the lesson shows


def seen(student: str) -> dict[str, bool]:
    """What each student's own people must show, and whether they do."""
    real = ["protection", "risk"].index(country(student).road)
    plain, more = split(student), split(student, more=KNOWN)
    other = split(student, "drawn_in", KNOWN)
    zero, held, less = gone(student), effects(student), eliminated(student)
    errors = [np.hypot(held["nothing"][1], held[road][1]) for road in ("protection", "risk")]
    checks = country(student).manipulated.groupby(["held", "told"])[["protected", "drawn_in"]].mean()
    moved = checks.xs(1, level="told") - checks.xs(0, level="told")
    return {
        "the whole effect is clear": bool(held["nothing"][0] < -4 * held["nothing"][1]),
        "covariates lower the share of protection": more[2] < plain[2] - 0.05,
        "both shares sum to more than all": more[2] + other[2] > 1,
        "either road is gone at about a third": all(-0.42 < each < -0.28 for each in zero),
        "the texts hold what they should": bool(
            abs(moved.loc["protection", "protected"]) < 0.2 and abs(moved.loc["risk", "drawn_in"]) < 0.2
        ),
        "holding the real road takes a clear part": bool(less[real] < -1.96 * errors[real]),
        "and more than holding the other": less[real] < less[1 - real],
    }


def test_all_of_ten_students_see_what_the_lesson_needs() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(10)])
    assert table.all(axis=None), table.mean().to_dict()


@pytest.mark.slow
def test_nearly_all_of_500_students_see_what_the_lesson_needs() -> None:
    table = pd.DataFrame([seen(f"student-{n}") for n in range(500)])
    print(table.mean())
    assert (table.sum() >= 475).all(), table.mean().to_dict()


@pytest.mark.slow
def test_holding_the_road_that_does_nothing_shows_nothing_as_often_as_it_should() -> None:
    quiet = 0
    for n in range(300):
        student = f"student-{n}"
        other = "risk" if country(student).road == "protection" else "protection"
        held = effects(student)
        quiet += abs(held["nothing"][0] - held[other][0]) < 1.96 * np.hypot(
            held["nothing"][1], held[other][1]
        )
    assert 272 <= quiet <= 297  # the 99.9 % band of a binomial with 0.95


def test_the_prediction_is_what_the_residuals_say() -> None:
    card = prediction_of("09.1")
    assert "third" in card.options[card.outcome(Context(STUDENT))]
    shares = [0.95, 0.667, 0.333]
    nearest = [int(np.argmin([abs(abs(gone(f"student-{n}")[0]) - s) for s in shares])) for n in range(10)]
    assert nearest == [2] * 10


def test_a_verdict_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("09.4", "word " * 80) == outcome("09.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        assert outcome("09.4", "word " * n_words) != "recorded"
