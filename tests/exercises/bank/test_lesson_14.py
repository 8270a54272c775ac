"""Lesson 14: answers worked out again with csv, yaml and fractions; many right forms."""

from __future__ import annotations

import csv
import itertools
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context
from helpers.exercises.questions import prediction_of

ROOT = Path(__file__).parents[3]
STUDENT = "self-study"


def shipped() -> list[tuple[str, str, float]]:
    """Item, cluster and weight between the first two hypotheses, from the file itself."""
    text = (ROOT / "helpers" / "data" / "content" / "tracing.yml").read_text(encoding="utf-8")
    return [
        (each["id"], each["cluster"], each["weights"]["hawkish"] - each["weights"]["divided"])
        for each in yaml.safe_load(text)["items"]
    ]


def once(rows: list[tuple[str, str, float]]) -> float:
    """Sum of the heaviest of each cluster and of all that stand alone."""
    heaviest: dict[str, float] = {}
    for item, cluster, weight in rows:
        name = cluster or item
        if name not in heaviest or abs(weight) > abs(heaviest[name]):
            heaviest[name] = weight
    return sum(heaviest.values())


def by_hand() -> dict[str, float]:
    rows = shipped()
    return {item: once([row for row in rows if row[0] != item]) for item, _, _ in rows}


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def test_the_belief_by_fractions_is_right_in_many_forms() -> None:
    odds = Fraction(1, 3) * 10 * Fraction(1, 2) * 3
    right = odds / (1 + odds)
    assert right == Fraction(5, 6)
    for form in (float(right), np.float64(5 / 6), 0.83, 0.8333, pd.Series([5 / 6])[0]):
        assert outcome("14.1", form) == "right"


def test_the_weights_from_a_table_of_a_thousand_worlds_are_right() -> None:
    worlds = {"hawkish": (400, 0.3), "divided": (300, 0.3), "payment": (200, 0.9), "reliability": (100, 0.5)}
    shown = {name: number * chance for name, (number, chance) in worlds.items()}
    others = [name for name in worlds if name != "hawkish"]
    if_not = sum(shown[name] for name in others) / sum(worlds[name][0] for name in others)
    pair = [10 * math.log10(0.3 / 0.3), 10 * math.log10(0.3 / if_not)]
    assert pair == pytest.approx([0, -2.499], abs=1e-3)
    for form in (pair, tuple(pair), np.array(pair), [0.0, -2.5], pd.Series(pair)):
        assert outcome("14.2", form) == "right"


def test_the_table_worked_by_hand_is_right_in_many_forms() -> None:
    right = pd.Series(by_hand(), name="without").rename_axis("item")
    assert right["FRA-08"] == right["FRA-09"] == once(shipped())
    for form in (right.reset_index(), right.to_frame(), right.reset_index().iloc[::-1]):
        assert outcome("14.3", form) == "right"


def test_the_verdict_of_the_course_hangs_on_as_many_items_as_the_teaching_page_says() -> None:
    rows = shipped()
    total = sum(weight for _, _, weight in rows)
    assert (total, once(rows)) == (-29, -22), "FRG-01 and UKM-15 speak softly: early support, a mixed letter"

    def turned(gone: tuple[str, ...], add: Any) -> bool:
        return bool(add([row for row in rows if row[0] not in gone]) >= 0)

    names = [row[0] for row in rows]
    for add in (once, lambda kept: sum(weight for _, _, weight in kept)):
        sizes = [n for n in (1, 2, 3) for gone in itertools.combinations(names, n) if turned(gone, add)]
        assert min(sizes) == 3
    assert prediction_of("14.1").outcome(Context(STUDENT)) == 1


def test_how_many_items_it_hangs_on_is_as_soft_as_the_teaching_page_says() -> None:
    text = (ROOT / "helpers" / "data" / "content" / "tracing.yml").read_text(encoding="utf-8")
    gives = {each["id"]: each["give"] for each in yaml.safe_load(text)["items"]}
    weights = {name: weight for name, _, weight in shipped()}

    def fewest(held: dict[str, float]) -> int:
        total, heaviest = sum(held.values()), sorted(held.values())
        return next(n for n in range(1, len(held) + 1) if total - sum(heaviest[:n]) >= 0)

    harder = [fewest(weights | {name: weights[name] - give}) for name, give in gives.items()]
    softer = [fewest(weights | {name: weights[name] + give}) for name, give in gives.items()]
    assert set(harder + softer) == {3, 4}
    assert harder.count(4) > len(harder) / 2


def test_the_counts_of_the_teaching_page_are_those_of_the_file() -> None:
    with (ROOT / "datasets" / "vietnam_evidence.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    years = [int(row["date"][:4]) for row in rows]
    assert (len(rows), sum(year > 1970 for year in years), sum(year >= 1973 for year in years)) == (
        155,
        23,
        12,
    )
    for unit in ("TUR", "ESP", "NLD"):
        assert sum(row["unit"] == unit for row in rows) == 5
    assert prediction_of("14.2").outcome(Context(STUDENT)) == 2


def test_the_four_shares_of_the_teaching_page_are_ordered_as_it_says() -> None:
    text = (ROOT / "helpers" / "data" / "content" / "tracing.yml").read_text(encoding="utf-8")
    items = yaml.safe_load(text)["items"]
    clusters: dict[str, list[dict[str, Any]]] = {}
    for each in items:
        clusters.setdefault(each["cluster"] or each["id"], []).append(each)
    kept = [max(group, key=lambda one: -min(one["weights"].values())) for group in clusters.values()]
    total = {
        name: sum(each["weights"][name] for each in kept)
        for name in ("hawkish", "divided", "payment", "reliability")
    }
    assert sorted(total, key=total.__getitem__, reverse=True)[:2] == ["divided", "reliability"]
    assert total["divided"] - total["reliability"] == 2, (
        "the two are close; in which order, hangs on FRG-01 and UKM-15"
    )


def test_a_verdict_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("14.4", "word " * 90) == outcome("14.4", "word " * 230) == "recorded"
    for n_words in (89, 231):
        assert outcome("14.4", "word " * n_words) != "recorded"
