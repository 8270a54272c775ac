"""Calibration: held against enumeration, scipy and statsmodels; a record that cannot be is named."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from helpers.theory.calibration import CalibrationError, brier, calibrate, hits_if_deserved, wilson

RECORDS = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=1, max_size=9)


def enumerated(said: list[float]) -> list[float]:
    """Probability of each number of hits, by going through every way it can turn out."""
    weights = [0.0] * (len(said) + 1)
    for way in itertools.product([0, 1], repeat=len(said)):
        chance = math.prod(p if hit else 1 - p for p, hit in zip(said, way, strict=True))
        weights[sum(way)] += chance
    return weights


@given(RECORDS)
def test_hits_are_distributed_as_enumeration_says(record: list[tuple[int, bool]]) -> None:
    said = [p / 100 for p, _ in record]
    assert hits_if_deserved(said) == pytest.approx(enumerated(said), abs=1e-12)


def test_equal_confidences_give_the_binomial() -> None:
    assert hits_if_deserved([0.9] * 10) == pytest.approx(binom.pmf(np.arange(11), 10, 0.9), abs=1e-12)


@given(RECORDS)
def test_score_and_gap_are_means_over_the_record(record: list[tuple[int, bool]]) -> None:
    said, came = np.array([p / 100 for p, _ in record]), np.array([c for _, c in record])
    found = calibrate(said, came)
    assert found.brier == pytest.approx(np.mean((said - came) ** 2))
    assert found.gap == pytest.approx(said.mean() - came.mean())
    assert 0 <= found.brier <= 1
    assert abs(found.gap) <= math.sqrt(found.brier) + 1e-12


@given(RECORDS)
def test_the_chance_is_that_of_so_few_or_so_many(record: list[tuple[int, bool]]) -> None:
    said, hits = [p / 100 for p, _ in record], sum(c for _, c in record)
    found, weights = calibrate(said, [c for _, c in record]), enumerated(said)
    side = weights[: hits + 1] if sum(said) >= hits else weights[hits:]
    assert found.chance == pytest.approx(sum(side), abs=1e-9)


@given(RECORDS)
def test_classes_hold_every_prediction_once(record: list[tuple[int, bool]]) -> None:
    said, came = [p / 100 for p, _ in record], [c for _, c in record]
    table = calibrate(said, came).reliability()
    assert table["predictions"].sum() == len(record)
    assert (table["predictions"] * table["came"]).sum() == pytest.approx(sum(came))
    assert (table["predictions"] * table["said"]).sum() == pytest.approx(sum(said))


def test_a_class_ends_with_its_upper_bound() -> None:
    table = calibrate([0.6, 0.61, 0.8, 0.81], [1, 1, 0, 0]).reliability()
    assert table["predictions"].tolist() == [1, 2, 1]
    assert table["came"].tolist() == [1, 0.5, 0]


@pytest.mark.parametrize(("hits", "of"), [(0, 1), (1, 1), (3, 7), (9, 9), (0, 12)])
def test_the_interval_is_that_of_statsmodels(hits: int, of: int) -> None:
    assert wilson(hits, of) == pytest.approx(proportion_confint(hits, of, method="wilson"), abs=1e-12)


def test_the_sentence_says_which_side_and_compares_with_fifty() -> None:
    sure = repr(calibrate([0.9] * 10, [True] * 7 + [False] * 3))
    assert "7 of 10 predictions came true, 90% sure on average; Brier score 0.25" in sure
    assert "so few or fewer would come true in 7% of such records" in sure
    assert "so many or more" in repr(calibrate([0.5, 0.5], [True, True]))


def test_always_fifty_scores_a_quarter_whatever_comes() -> None:
    assert {brier([0.5] * 4, way) for way in itertools.product([0, 1], repeat=4)} == {0.25}


@pytest.mark.parametrize(
    ("said", "came", "message"),
    [
        ([80, 90], [True, False], "80 is no share from 0 to 1; divide per cent by 100"),
        ([0.8], [None], "neither true nor false; leave open predictions out"),
        ([0.8], pd.array([pd.NA], dtype="boolean"), "neither true nor false"),
        ([0.8, 0.9], [True], "2 confidences and 1 outcomes"),
        ([], [], "at least one"),
        ([float("nan")], [True], "no share"),
        ([0.5], [0.5], "neither true nor false"),
    ],
)
def test_a_record_that_cannot_be_is_named(said: list[float], came: list[object], message: str) -> None:
    with pytest.raises(CalibrationError, match=message):
        calibrate(said, came)


def test_bounds_that_do_not_rise_and_shares_that_are_none_are_named() -> None:
    with pytest.raises(CalibrationError, match="must rise from 0 to 1"):
        calibrate([0.5], [True]).reliability([0, 0.7, 0.7, 1])
    with pytest.raises(CalibrationError, match="3 of 2 is no share"):
        wilson(3, 2)
