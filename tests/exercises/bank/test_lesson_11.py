"""Lesson 11: answers worked out again with csv, yaml and bisection; many right forms; each known mistake."""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context
from helpers.exercises.questions import prediction_of

ROOT = Path(__file__).parents[3]
STUDENT = "self-study"


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "datasets" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def safety(trust: float, away: float) -> float:
    """Bayes' rule in plain probabilities: 0.3 and 0.1 are in the ratio of three."""
    will = trust * 0.3 / (trust * 0.3 + (1 - trust) * 0.1)
    return will * (1 - away)


def by_bisection(trust: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if safety(trust, middle) > trust else (low, middle)
    return low


def by_hand_apart() -> dict[tuple[str, str], int]:
    entries = yaml.safe_load((ROOT / "helpers/data/content/theories.yml").read_text(encoding="utf-8"))
    said = [{(x["where"], x["aspect"]): x["expects"] for x in entry["expects"]} for entry in entries]
    aspects = ("stance", "will", "capacity", "danger", "options", "withdrawal")
    return {
        place: sum(
            place in a and place in b and a[place] != b[place] for a, b in itertools.combinations(said, 2)
        )
        for place in itertools.product(("near", "far"), aspects)
    }


def by_hand_record() -> pd.DataFrame:
    voices = {row["evidence_id"]: row["voice"] for row in rows("vietnam_voices")}
    counted: Counter[tuple[str, str]] = Counter()
    allies = sorted({row["ally"] for row in rows("vietnam_evidence")} - {"Multiple allies"})
    for row in rows("vietnam_evidence"):
        year = int(row["date"][:4])
        phase = "escalation" if 1965 <= year <= 1968 else "withdrawal" if 1969 <= year <= 1973 else ""
        if voices[row["evidence_id"]] in ("own", "both"):
            counted[row["ally"], phase] += 1
    figures = [[ally, counted[ally, "escalation"], counted[ally, "withdrawal"]] for ally in allies]
    return pd.DataFrame(figures, columns=["ally", "escalation", "withdrawal"])


RIGHT = {
    "11.1": [by_bisection(trust) for trust in (0.3, 0.6, 0.9)],
    "11.2": pd.DataFrame(
        [[*place, n] for place, n in by_hand_apart().items()], columns=["where", "aspect", "pairs"]
    ),
    "11.3": by_hand_record(),
}


@pytest.mark.parametrize("exercise", RIGHT)
def test_the_answer_worked_out_by_hand_is_right(exercise: str) -> None:
    assert outcome(exercise, RIGHT[exercise]) == "right"


def test_other_forms_of_the_right_answers_are_right() -> None:
    shares = RIGHT["11.1"]
    assert isinstance(shares, list)
    for form in (tuple(shares), pd.Series(shares), [round(share, 2) for share in shares]):
        assert outcome("11.1", form) == "right"
    for exercise, keys in (("11.2", ["where", "aspect"]), ("11.3", ["ally"])):
        table: Any = RIGHT[exercise]
        assert outcome(exercise, table.set_index(keys)) == "right"
        assert outcome(exercise, table.sample(frac=1, random_state=3)) == "right"
        assert outcome(exercise, table.assign(extra=1)) == "right"


def test_figures_that_the_lesson_and_its_note_name_are_in_the_model_and_the_data() -> None:
    assert [round(share, 2) for share in RIGHT["11.1"]] == [0.47, 0.27, 0.07]
    assert [round(safety(trust, 0.2), 2) for trust in (0.3, 0.6, 0.9)] == [0.45, 0.65, 0.77]
    assert round(safety(0.6, 0), 2) == 0.82
    apart = by_hand_apart()
    assert apart["near", "withdrawal"] == 0
    assert apart["far", "withdrawal"] == max(apart.values()) == 2
    record: Any = RIGHT["11.3"].set_index("ally")  # type: ignore[union-attr]
    far = ["United Kingdom", "France", "West Germany", "Canada", "Netherlands", "Italy", "Spain", "Turkey"]
    assert record.loc[far, "withdrawal"].max() < 3
    assert record.loc[["West Germany", "United Kingdom", "Netherlands"], "withdrawal"].tolist() == [0, 2, 2]
    assert record.loc[["South Korea", "Australia", "Thailand"], "withdrawal"].tolist() == [3, 3, 6]


@pytest.mark.parametrize(
    ("exercise", "value", "words"),
    [
        ("11.1", [1 - trust / min(1, 3 * trust) for trust in (0.3, 0.6, 0.9)], ""),
        ("11.1", [0.2, 0.2, 0.2], ""),
        ("11.1", 0.27, "a list"),
        ("11.2", 10, "a table"),
        ("11.3", by_hand_record().replace(0, float("nan")), ""),
        ("11.3", by_hand_record().head(14), ""),
    ],
)
def test_other_wrong_answers_are_wrong_and_get_a_sentence(exercise: str, value: object, words: str) -> None:
    verdict = judge(exercise, encode(value), STUDENT)
    assert verdict.outcome in {"wrong", "known mistake"}
    assert words in verdict.message


def test_a_plan_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("11.4", "word " * 80) == outcome("11.4", "word " * 200) == "recorded"
    for n_words in (79, 201):
        assert outcome("11.4", "word " * n_words) != "recorded"


def test_the_predictions_are_answered_by_the_model_and_by_the_file() -> None:
    safer = [safety(trust, 0.2) >= trust for trust in (0.3, 0.6, 0.9)]
    assert safer == [True, True, False]
    assert prediction_of("11.1").outcome(Context(STUDENT)) == 2
    assert by_hand_apart()["near", "withdrawal"] == 0
    assert prediction_of("11.2").outcome(Context(STUDENT)) == 0
