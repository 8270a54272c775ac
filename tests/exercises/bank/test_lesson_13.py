"""Lesson 13: answers worked out again with csv and counting by hand; many right forms."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context
from helpers.exercises.questions import prediction_of, quiz_of
from helpers.labs import EvidenceCoder

DATASETS = Path(__file__).parents[3] / "datasets"
STUDENT = "self-study"
AMERICAN = (
    "FRUS", "CIA ", "Dept. of State", "Memorandum of conversation", "US Embassy", "USIA", "US Vietnam War",
    "Larsen & Collins", "Nixon remarks", "Johnson to Inonu", "Joint statement", "Wilson Center",
)  # fmt: skip
STANCES = ("supportive", "leaning_supportive", "mixed", "leaning_opposed", "opposed", "no_stance")


def table(name: str) -> list[dict[str, str]]:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def coded(coder: str) -> dict[str, dict[str, str]]:
    return {row["evidence_id"]: row for row in table("vietnam_codings") if row["coder"] == coder}


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def american_files() -> dict[str, float]:
    voice = {row["evidence_id"]: row["voice"] for row in table("vietnam_voices")}
    own, written = Counter[str](), Counter[str]()
    for row in table("vietnam_evidence"):
        if voice[row["evidence_id"]] in {"own", "both"}:
            own[row["ally"]] += 1
            written[row["ally"]] += row["source_citation"].startswith(AMERICAN)
    return {ally: written[ally] / own[ally] for ally in own}


def kappa() -> list[float]:
    a, b = coded("coder_a"), coded("coder_b")
    n = len(a)
    observed = sum(a[item]["stance"] == b[item]["stance"] for item in a) / n
    one, two = (Counter(row["stance"] for row in each.values()) for each in (a, b))
    chance = sum(one[code] * two[code] for code in STANCES) / n**2
    return [observed, chance, (observed - chance) / (1 - chance)]


def near_and_far() -> list[float]:
    km = {row["unit"]: float(row["km_capital_saigon"]) for row in table("vietnam_distance")}
    counts: dict[bool, list[bool]] = {True: [], False: []}
    for row in coded("adjudicated").values():
        if row["stance"] != "no_stance" and row["unit"] in km:
            counts[km[row["unit"]] <= 5000].append(row["stance"] in {"supportive", "leaning_supportive"})
    return [sum(counts[near]) / len(counts[near]) for near in (True, False)]


def test_the_shares_of_american_files_by_hand_are_right_in_many_forms() -> None:
    right = pd.Series(american_files(), name="from_america").rename_axis("ally")
    assert len(right) == 15
    for form in (
        right.to_frame(),
        right.reset_index(),
        right,
        right.round(2).to_frame(),
        right.iloc[::-1].to_frame(),
    ):
        assert outcome("13.1", form) == "right"


def test_kappa_by_hand_is_right_in_many_forms() -> None:
    right = kappa()
    for form in (right, tuple(right), np.array(right), pd.Series(right), [round(each, 2) for each in right]):
        assert outcome("13.2", form) == "right"


def test_near_and_far_by_hand_are_right_in_many_forms() -> None:
    right = near_and_far()
    for form in (right, np.array(right), tuple(right)):
        assert outcome("13.3", form) == "right"


def test_the_prediction_is_answered_by_the_codings() -> None:
    share = kappa()[0]
    answer = prediction_of("13.1").answer(Context(STUDENT))
    low, high = ((0, 0.5), (0.5, 0.65), (0.65, 0.8), (0.8, 1.01))[answer]
    assert low <= share < high


def test_on_the_thirty_of_the_lab_the_coders_part_on_reasons_alone() -> None:
    a, b, thirty = coded("coder_a"), coded("coder_b"), EvidenceCoder().sample
    assert [item for item in thirty if a[item]["stance"] != b[item]["stance"]] == []
    assert [item for item in thirty if a[item]["reason"] != b[item]["reason"]] != []


def test_each_option_of_the_quiz_has_its_own_explanation() -> None:
    for question in quiz_of("13"):
        said = [option.explanation for option in question.options]
        assert len(set(said)) == len(said)
        assert sum(option.right for option in question.options) == 1


def test_the_codings_are_whole_and_the_mark_follows_its_rule() -> None:
    items = [row["evidence_id"] for row in table("vietnam_evidence")]
    a, b, judge_ = coded("coder_a"), coded("coder_b"), coded("adjudicated")
    assert sorted(a) == sorted(b) == sorted(judge_) == sorted(items)
    marked = 0
    for item in items:
        apart = a[item]["stance"] != b[item]["stance"] or (
            a[item]["reason"] != b[item]["reason"] and judge_[item]["certainty"] != "sure"
        )
        for row in (a[item], b[item], judge_[item]):
            assert row["reasonable_people_differ"] == str(int(apart)), item
            assert row["note"].strip()
            assert row["codebook"] == "vietnam/1"
        marked += apart
    assert marked >= 20
