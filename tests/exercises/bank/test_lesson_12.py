"""Lesson 12: answers worked out again with csv, scipy and every order; many right forms."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context
from helpers.exercises.questions import prediction_of

DATASETS = Path(__file__).parents[3] / "datasets"
STUDENT = "self-study"


def rows(name: str) -> list[dict[str, str]]:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gaps_by_hand() -> dict[int, int]:
    cells, printed = defaultdict(int), {}
    for row in rows("vietnam_forces"):
        cells[int(row["year"])] += int(row["strength_as_transcribed"])
        printed[int(row["year"])] = int(row["column_total_printed"])
    return {year: total - cells[year] for year, total in printed.items()}


def suspects_by_hand() -> list[str]:
    found = []
    for row in rows("vietnam_forces"):
        if row["year"] == "1965":
            before = int(row["strength_as_transcribed"])
            places = [(before // 10**k % 10, (before + 9) // 10**k % 10) for k in range(8)]
            if sum(a != b for a, b in places) == 1:
                found.append(row["unit"])
    return found


def senders() -> tuple[list[int], list[int]]:
    six = [
        (int(row["km_capital_saigon"]), int(row["troops_in_vietnam_peak"]))
        for row in rows("vietnam_distance")
        if row["us_ally_1965"] == "1" and row["troops_in_vietnam_peak"] != "0"
    ]
    assert len(six) == 6
    return [km for km, _ in six], [persons for _, persons in six]


def p_by_hand() -> float:
    km, persons = senders()
    real = abs(spearmanr(km, persons).statistic)
    orders = list(permutations(persons))
    return sum(abs(spearmanr(km, order).statistic) >= real - 1e-9 for order in orders) / len(orders)


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def test_the_gaps_worked_by_hand_are_right_in_many_forms() -> None:
    gaps = gaps_by_hand()
    assert list(gaps.values()) == [-20, 9, -357, 20, -2197, -2191, -135]
    right = pd.DataFrame({"year": list(gaps), "gap": list(gaps.values())})
    for form in (
        right,
        right.set_index("year"),
        right.iloc[::-1],
        right.astype({"gap": float}),
        pd.Series(gaps, name="gap").rename_axis("year"),
    ):
        assert outcome("12.1", form) == "right"


def test_the_suspects_worked_by_hand_are_right_in_many_forms() -> None:
    right = suspects_by_hand()
    assert sorted(right) == ["ESP", "KOR", "NZL", "TWN"]
    for form in (right, right[::-1], tuple(right), set(right), pd.Series(right), np.array(right)):
        assert outcome("12.2", form) == "right"


def test_the_share_of_all_orders_by_scipy_is_right() -> None:
    right = p_by_hand()
    assert right == pytest.approx(514 / 720)
    for form in (right, np.float64(right), 0.71, 0.714, "0.71"):
        assert outcome("12.3", form) == "right"
    for wrong in (0.704, 0.72, 0.5):  # the first is what a formula for large samples gives
        assert outcome("12.3", wrong) != "right"


def test_a_reply_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("12.4", "word " * 80) == outcome("12.4", "word " * 220) == "recorded"
    for n_words in (79, 221):
        assert outcome("12.4", "word " * n_words) != "recorded"


def strength_and_p(*, rio: bool) -> tuple[float, float]:
    """Rank correlation by scipy; p by the sum of the senders' ranks in every group (a count, size by size)."""
    chosen = [
        row
        for row in rows("vietnam_distance")
        if row["us_ally_1965"] == "1" and (rio or row["treaties_1965"] != "Rio Treaty")
    ]
    km = [int(row["km_capital_saigon"]) for row in chosen]
    sent = [row["troops_in_vietnam_peak"] != "0" for row in chosen]
    ranks = pd.Series(km).rank().to_numpy()
    middle = ranks.mean() * sum(sent)
    seen = abs(ranks[np.array(sent)].sum() - middle)
    groups = np.fromiter(
        (place for group in combinations(range(len(km)), sum(sent)) for place in group), dtype=np.int8
    ).reshape(-1, sum(sent))
    far = np.abs(ranks[groups].sum(axis=1) - middle) >= seen - 1e-9
    return float(spearmanr(km, sent).statistic), float(far.mean())


def test_the_first_prediction_is_answered_by_the_table() -> None:
    assert 0 not in gaps_by_hand().values()
    assert prediction_of("12.1").outcome(Context(STUDENT)) == 3


def test_the_second_prediction_is_answered_by_listing_every_group_of_six() -> None:
    without, with_rio = strength_and_p(rio=False), strength_and_p(rio=True)
    assert without == pytest.approx((-0.676, 0.000764), abs=5e-4)
    assert abs(with_rio[0]) < abs(without[0])
    assert with_rio[1] == pytest.approx(1.3e-5, abs=1e-6)
    assert prediction_of("12.2").outcome(Context(STUDENT)) == 2
