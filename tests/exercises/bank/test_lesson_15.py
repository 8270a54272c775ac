"""Lesson 15: answers worked out again with csv, yaml, fractions and the statistics module; many right forms."""

from __future__ import annotations

import csv
import statistics
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.exercises import encode, judge
from helpers.exercises.judge import Context, find
from helpers.exercises.questions import prediction_of

ROOT = Path(__file__).parents[3]
STUDENT = "self-study"
FOUR = [(who, where) for who in ("citizens", "governments") for where in ("here", "elsewhere")]


def content(name: str) -> Any:
    return yaml.safe_load((ROOT / "helpers" / "data" / "content" / f"{name}.yml").read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "datasets" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def four() -> dict[tuple[str, str], int]:
    """Works with a finding that was read, at each of the four places."""
    counts = dict.fromkeys(FOUR, 0)
    for work in content("neighbours"):
        place = (work["who"], work["where"])
        if place in counts and any(each["mark"] == "read" for each in work["findings"]):
            counts[place] += 1
    return counts


def test_the_four_cells_from_the_file_are_right_in_many_forms() -> None:
    assert four() == {
        ("citizens", "here"): 6,
        ("citizens", "elsewhere"): 0,
        ("governments", "here"): 3,
        ("governments", "elsewhere"): 4,
    }
    series = pd.Series(four(), name="works").rename_axis(["who", "where"])
    for form in (series, series.reset_index(), series.to_frame(), series.reset_index().iloc[::-1]):
        assert outcome("15.1", form) == "right"


def hosts() -> list[tuple[float, float]]:
    """Change of the image in points, and of the troops in per cent, for each host."""
    image = {(row["unit"], int(row["year"])): row for row in rows("us_image")}
    troops = {
        (row["unit"], int(row["year"])): float(row["troops"]) for row in rows("us_troops") if row["troops"]
    }
    found = []
    for unit in {unit for unit, _ in image}:
        pair = [image.get((unit, year), {}).get("favorable_us_pct") for year in (2016, 2017)]
        soldiers = [troops.get((unit, year), 0) for year in (2016, 2017)]
        if all(pair) and image[unit, 2016]["us_ally"] == "1" and soldiers[0] >= 1000:
            before, after = (float(str(each)) for each in pair)
            found.append((after - before, 100 * (soldiers[1] / soldiers[0] - 1)))
    return found


def test_image_and_soldiers_by_csv_are_right_in_many_forms() -> None:
    assert len(hosts()) == 6
    pair = [statistics.median(each) for each in zip(*hosts(), strict=True)]
    assert pair[0] == -13.5
    for form in (pair, tuple(pair), np.array(pair), pd.Series(pair), [-13.5, 5.57], [-13.5, 5.6]):
        assert outcome("15.2", form) == "right"


def test_the_scores_by_fractions_are_right_in_many_forms() -> None:
    record = [each for each in content("fictitious_student")["predictions"].values() if each[1] is not None]
    said, came = [Fraction(each[0], 100) for each in record], [int(each[1]) for each in record]
    brier = sum((p - c) ** 2 for p, c in zip(said, came, strict=True)) / len(record)
    gap = (sum(said) - sum(came)) / len(record)
    pair = [float(brier), float(gap)]
    for form in (pair, np.array(pair), [round(each, 2) for each in pair], [round(each, 3) for each in pair]):
        assert outcome("15.4", form) == "right"
    assert len(content("fictitious_student")["predictions"]) == len(record) + 2


@pytest.mark.parametrize(
    ("exercise", "value", "words"),
    [
        (
            "15.1",
            {(who, where): n for (who, where), n in zip(FOUR, (7, 0, 3, 4), strict=True)},
            "counted findings",
        ),
        ("15.2", [-16.5, 7.13], "Those are means"),
        ("15.2", [-13.5, 0.0557], "is a share"),
        ("15.4", [0.30, -0.24], "gap is confidence less"),
        ("15.4", [0.543, 0.242], "without a root"),
    ],
)
def test_a_wrong_answer_meets_words_of_its_own(exercise: str, value: object, words: str) -> None:
    if isinstance(value, dict):
        value = pd.Series(value, name="works").rename_axis(["who", "where"])
    verdict = judge(exercise, encode(value), STUDENT)
    assert verdict.outcome == "known mistake"
    mistake = next(each for each in find(exercise).mistakes if each.id == verdict.mistake)
    assert words in mistake.feedback


def test_the_report_is_five_points_a_criterion_each_and_its_length_is_asked_for() -> None:
    report = find("15.3")
    assert report.points == len(report.kind.criteria) == 5  # type: ignore[attr-defined]
    assert outcome("15.3", "too short") != "recorded"
    assert outcome("15.3", "word " * 250) == "recorded"


def test_the_predictions_are_answered_by_the_file() -> None:
    works = content("neighbours")
    citizens = [each for each in works if each["who"] == "citizens"]
    asked = [each for each in citizens if any(one["outcome"] == "protection" for one in each["findings"])]
    assert (len(works), len(citizens), len(asked)) == (34, 14, 2)
    assert "34 works" in prediction_of("15.1").text
    assert "Fourteen of the 34" in prediction_of("15.2").text
    assert prediction_of("15.1").outcome(Context(STUDENT)) == 1
    assert prediction_of("15.2").outcome(Context(STUDENT)) == 0


def test_what_the_quiz_says_of_ten_predictions_is_so() -> None:
    from scipy.stats import binom

    assert round(float(binom.cdf(7, 10, 0.9)), 2) == 0.07
