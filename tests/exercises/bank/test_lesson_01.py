"""Lesson 01: answers worked out again with csv alone, right answers in many forms, instructive wrong ones."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers.data import load
from helpers.exercises import encode, judge
from helpers.exercises.judge import Context, find

DATASETS = Path(__file__).parents[3] / "datasets"
STUDENT = "self-study"


def rows(name: str) -> list[dict[str, str]]:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def troops() -> dict[tuple[str, int], int]:
    return {
        (row["unit"], int(row["year"])): int(row["troops"])
        for row in rows("us_troops")
        if row["unit"] != "USA"
    }


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def share_1968(troops: dict[tuple[str, int], int], *, strict: bool) -> float:
    allies = set()
    for row in rows("us_alliances"):
        lasts = row["end_year"] == "" or int(row["end_year"]) >= 1968
        counts = "defence pact" in row["type"] or not strict
        if int(row["start_year"]) <= 1968 and lasts and counts:
            allies.add(row["unit"])
    of_1968 = {unit: number for (unit, year), number in troops.items() if year == 1968}
    return sum(number for unit, number in of_1968.items() if unit in allies) / sum(of_1968.values())


def test_the_ready_made_figures_are_doubles(troops: dict[tuple[str, int], int]) -> None:
    figures = {("KOR", 2019): 53_050, ("RVN", 1968): 1_074_754, ("DEU", 1955): 538_520}
    again = [
        {"unit": key[0], "year": key[1], "ratio": figure / troops[key]} for key, figure in figures.items()
    ]
    assert outcome("01.1", pd.DataFrame(again)) == "right"


def test_the_two_shares_worked_out_by_hand_are_right(troops: dict[tuple[str, int], int]) -> None:
    assert outcome("01.2", [share_1968(troops, strict=True), share_1968(troops, strict=False)]) == "right"


def test_the_hosts_that_halved_worked_out_by_hand_are_right(troops: dict[tuple[str, int], int]) -> None:
    large = [unit for (unit, year), number in troops.items() if year == 1990 and number >= 1000]
    halved = {unit for unit in large if troops[unit, 2000] <= troops[unit, 1990] / 2}
    for form in (halved, list(halved), pd.Series(sorted(halved)), np.array(sorted(halved, reverse=True))):
        assert outcome("01.3", form) == "right"


def test_a_table_is_right_in_any_order_form_and_type() -> None:
    right: Any = find("01.1").expected(Context())
    for form in (
        right.iloc[::-1],
        right[["ratio", "year", "unit"]],
        right.set_index(["unit", "year"]),
        right.assign(note="mine", year=right["year"].astype(str)),
        right.assign(ratio=right["ratio"].astype("Float64")),
    ):
        assert outcome("01.1", form) == "right"


def test_a_join_on_the_host_alone_is_not_right() -> None:
    hosts = load("us_troops")[["unit", "year", "troops"]]
    figures = pd.DataFrame({"unit": ["KOR", "RVN", "DEU"], "ready_made": [53_050, 1_074_754, 538_520]})
    joined = figures.merge(hosts, on="unit")
    verdict = judge("01.1", encode(joined.assign(ratio=joined["ready_made"] / joined["troops"])), STUDENT)
    assert not verdict.right
    assert "rows" in verdict.message


@pytest.mark.parametrize(
    "kind", [list, tuple, np.array, pd.Series, lambda pair: [Decimal(str(x)) for x in pair]]
)
def test_the_shares_are_right_in_any_form(kind: Any) -> None:
    right: Any = find("01.2").expected(Context())
    assert outcome("01.2", kind([round(share, 4) for share in right])) == "right"
    assert outcome("01.2", kind([round(share, 2) for share in right])) == "right"


def test_shares_in_per_cent_or_one_of_them_alone_are_not_right() -> None:
    strict, wide = find("01.2").expected(Context())  # type: ignore[misc]
    assert judge("01.2", encode([100 * strict, 100 * wide]), STUDENT).mistake == "per cent"
    assert outcome("01.2", strict) != "right"
    assert judge("01.2", encode([strict, strict]), STUDENT).already_right == ("1 item",)


@pytest.mark.parametrize("exercise", ["01.1", "01.2", "01.3"])
def test_a_bare_mean_answers_nothing(exercise: str) -> None:
    for name in ("us_troops", "us_alliances"):
        numbers = load(name).select_dtypes("number")
        for value in (*numbers.mean(), *numbers.median(), *numbers.max(), *numbers.sum(), len(numbers)):
            assert outcome(exercise, value) != "right"


def test_a_letter_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("01.4", "word " * 60) == outcome("01.4", "word " * 200) == "recorded"
    for n_words in (59, 201):
        verdict = judge("01.4", encode("word " * n_words), STUDENT)
        assert verdict.outcome != "recorded"
        assert str(n_words) in verdict.message


def test_a_column_in_place_of_the_table_is_told_how_to_choose_columns() -> None:
    right: Any = find("01.1").expected(Context())
    assert "one column (a Series)" in judge("01.1", encode(right["ratio"]), STUDENT).message
