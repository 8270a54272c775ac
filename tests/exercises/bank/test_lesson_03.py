"""Lesson 03: answers worked out again with csv and ranks by hand, right answers in many forms, instructive mistakes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.exercises import Answer, encode, judge
from helpers.exercises.bank.lesson_03 import CASES
from helpers.exercises.judge import Context
from helpers.exercises.questions import prediction_of

DATASETS = Path(__file__).parents[3] / "datasets"
STUDENT = "self-study"


def members(year: int, size: str) -> dict[str, tuple[float, float]]:
    """Size and burden of each NATO member with both, by unit."""
    with (DATASETS / "allies_panel.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["unit"]: (float(row[size]), float(row["milex_pct_gdp"]))
            for row in csv.DictReader(file)
            if row["year"] == str(year) and row["nato"] == "1" and row[size] and row["milex_pct_gdp"]
        }


def mean_ranks(values: list[float]) -> list[float]:
    return [
        sum(other < value for other in values) + (sum(other == value for other in values) + 1) / 2
        for value in values
    ]


def rho(rows: dict[str, tuple[float, float]]) -> float:
    x, y = (np.array(mean_ranks([row[i] for row in rows.values()])) for i in (0, 1))
    x, y = x - x.mean(), y - y.mean()
    return float((x * y).sum() / np.sqrt((x**2).sum() * (y**2).sum()))


def without(rows: dict[str, tuple[float, float]], *units: str) -> dict[str, tuple[float, float]]:
    return {unit: row for unit, row in rows.items() if unit not in units}


@pytest.fixture(scope="module")
def then() -> dict[str, tuple[float, float]]:
    return members(1969, "gnp_usd_mn_current")


@pytest.fixture(scope="module")
def now() -> dict[str, tuple[float, float]]:
    return members(2023, "gdp_current_usd_mn")


def encoded(exercise: str, value: Any) -> Answer:
    return encode(value, inputs=CASES) if exercise == "03.1" else encode(value)


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encoded(exercise, value), STUDENT).outcome


def test_what_the_lesson_lets_students_find_is_in_the_data(
    then: dict[str, tuple[float, float]], now: dict[str, tuple[float, float]]
) -> None:
    allies = without(then, "USA")
    assert len(allies) == 13
    assert rho(then) == pytest.approx(0.204, abs=5e-4)
    assert rho(allies) == pytest.approx(0.005, abs=5e-4)
    assert rho(without(allies, "PRT", "GRC", "TUR")) == pytest.approx(0.636, abs=5e-4)
    assert rho(without(allies, "LUX", "GBR", "FRA")) == pytest.approx(-0.636, abs=5e-4)
    today, old = without(now, "USA"), set(members(1969, "population_mn")) | {"ISL"}
    kept = {unit: row for unit, row in today.items() if unit in old}
    joined = {unit: row for unit, row in today.items() if unit not in old}
    assert rho(today) < rho(joined) < 0 < rho(kept)


def test_the_best_response_worked_by_hand_is_right() -> None:
    def buys(income: float, taste: float, spill_in: float) -> float:
        missing = taste * (income + spill_in) - spill_in
        return missing if missing > 0 else 0

    assert outcome("03.1", buys) == "right"
    assert [buys(*case) for case in CASES] == pytest.approx([30, 3, 1.55, 0, 5.5])


def test_each_ally_left_out_worked_by_hand_is_right(then: dict[str, tuple[float, float]]) -> None:
    allies = without(then, "USA")
    again = [{"unit": unit, "without": rho(without(allies, unit))} for unit in allies]
    right = pd.DataFrame(again)
    for form in (right, right.iloc[::-1], right.set_index("unit"), right.round(2), right.assign(note="mine")):
        assert outcome("03.2", form) == "right"


def test_the_two_lists_of_members_worked_by_hand_are_right(now: dict[str, tuple[float, float]]) -> None:
    with (DATASETS / "allies_panel.csv").open(encoding="utf-8", newline="") as file:
        old = {row["unit"] for row in csv.DictReader(file) if row["year"] == "1969" and row["nato"] == "1"}
    today = without(now, "USA")
    pair = [rho(today), rho({unit: row for unit, row in today.items() if unit in old})]
    for form in (pair, tuple(pair), np.array(pair), pd.Series(pair), [round(each, 2) for each in pair]):
        assert outcome("03.3", form) == "right"


def test_a_function_that_prints_instead_of_returning_is_told_so() -> None:
    def buys(income: float, taste: float, spill_in: float) -> None:
        max(0.0, taste * (income + spill_in) - spill_in)

    verdict = judge("03.1", encoded("03.1", buys), STUDENT)
    assert not verdict.right
    assert "return" in verdict.message


def test_a_table_with_the_guardian_as_a_case_is_named(then: dict[str, tuple[float, float]]) -> None:
    table = pd.DataFrame([{"unit": unit, "without": rho(without(then, unit))} for unit in then])
    assert judge("03.2", encode(table), STUDENT).mistake == "guardian inside"


def test_one_ally_kept_and_the_others_left_out_is_named(then: dict[str, tuple[float, float]]) -> None:
    table = pd.DataFrame({"unit": [unit for unit in then if unit != "USA"], "without": float("nan")})
    assert judge("03.2", encode(table), STUDENT).mistake == "one kept"


def test_a_paragraph_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("03.4", "word " * 80) == outcome("03.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        verdict = judge("03.4", encode("word " * n_words), STUDENT)
        assert verdict.outcome != "recorded"
        assert str(n_words) in verdict.message


def test_the_prediction_is_answered_by_the_data(then: dict[str, tuple[float, float]]) -> None:
    bounds, found = (0.5, 0.2, -0.2), rho(without(then, "USA"))
    assert prediction_of("03.1").outcome(Context()) == sum(found < bound for bound in bounds) == 2
