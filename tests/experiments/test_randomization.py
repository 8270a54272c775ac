"""Randomization inference against full enumeration, against scipy, and in its rate of false alarms."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.experiments.randomization import randomization_test
from helpers.experiments.results import ExperimentError


def two_groups(treated: np.ndarray, control: np.ndarray) -> pd.DataFrame:
    arms = ["withdrawn"] * len(treated) + ["unchanged"] * len(control)
    return pd.DataFrame({"arm": arms, "y": np.concatenate([treated, control])})


def difference(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
    return a.mean(axis=axis) - b.mean(axis=axis)


@pytest.mark.parametrize("seed", range(4))
def test_a_small_experiment_is_counted_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    treated, control = rng.integers(1, 6, 5).astype(float), rng.integers(1, 6, 6).astype(float)
    control[0] = treated[0] + 1  # not all the same
    both = np.concatenate([treated, control])
    observed, as_large, n = treated.mean() - control.mean(), 0, 0
    for chosen in combinations(range(11), 5):
        inside = np.isin(np.arange(11), chosen)
        as_large += abs(both[inside].mean() - both[~inside].mean()) >= abs(observed) - 1e-12
        n += 1
    found = randomization_test(two_groups(treated, control), "y", "withdrawn")
    assert (found.method, found.n_assignments, found.mc_error) == ("exact", 462, 0)
    assert found.p_value == pytest.approx(as_large / n)


@pytest.mark.parametrize("kind", ["likert", "continuous"])
def test_large_experiments_agree_with_scipy(kind: str) -> None:
    rng = np.random.default_rng(12)
    treated = rng.integers(1, 6, 150) + 0.0 if kind == "likert" else rng.normal(size=150)
    control = rng.integers(1, 6, 220) + 0.0 if kind == "likert" else rng.normal(size=220)
    treated += 0.2 if kind == "continuous" else 0.0
    found = randomization_test(two_groups(treated, control), "y", "withdrawn", n_permutations=20_000, seed=4)
    peer = stats.permutation_test(
        (treated, control),
        difference,
        n_resamples=20_000,
        vectorized=True,
        batch=1000,
        rng=np.random.default_rng(9),
    )
    assert found.method == ("Monte Carlo by counts" if kind == "likert" else "Monte Carlo")
    error = np.sqrt(2) * np.sqrt(peer.pvalue * (1 - peer.pvalue) / 20_000)
    assert abs(found.p_value - peer.pvalue) < 3 * error


def test_counts_and_people_give_the_same_distribution() -> None:
    rng = np.random.default_rng(2)
    treated, control = rng.integers(1, 6, 60) + 0.0, rng.integers(1, 6, 90) + 0.0
    counts = randomization_test(two_groups(treated, control), "y", "withdrawn", n_permutations=20_000)
    noisy = rng.uniform(-1e-7, 1e-7, 150)
    people = two_groups(treated + noisy[:60], control + noisy[60:])
    shuffled = randomization_test(people, "y", "withdrawn", n_permutations=20_000)
    assert (counts.method, shuffled.method) == ("Monte Carlo by counts", "Monte Carlo")
    assert shuffled.differences.mean() == pytest.approx(0, abs=4 * counts.differences.std() / np.sqrt(20_000))
    assert shuffled.differences.std() == pytest.approx(counts.differences.std(), rel=0.03)


def test_without_an_effect_one_test_in_twenty_alarms() -> None:
    rng = np.random.default_rng(6)
    answers = rng.integers(1, 6, 120) + 0.0
    p_values = []
    for draw in range(600):
        mixed = rng.permutation(answers)
        p_values.append(
            randomization_test(
                two_groups(mixed[:50], mixed[50:]), "y", "withdrawn", n_permutations=500, seed=draw
            ).p_value
        )
    low, high = stats.binom.interval(0.999, 600, 0.05)
    assert np.sum(np.array(p_values) <= 0.05) <= high
    assert np.sum(np.array(p_values) <= 0.05) >= low * 0.5


def test_the_same_seed_draws_the_same_assignments() -> None:
    data = two_groups(np.arange(30.0), np.arange(40.0) % 7)
    one, two = (randomization_test(data, "y", "withdrawn", n_permutations=400, seed=3) for _ in range(2))
    assert np.array_equal(one.differences, two.differences)
    assert not np.array_equal(
        one.differences, randomization_test(data, "y", "withdrawn", n_permutations=400, seed=4).differences
    )


def test_a_drawn_p_value_is_never_nought() -> None:
    data = two_groups(np.full(100, 5.0), np.ones(100))
    found = randomization_test(data, "y", "withdrawn", n_permutations=1000)
    assert found.p_value == pytest.approx(1 / 1001)
    assert "10,000" not in repr(found)
    assert "1,000 assignments" in repr(found)
    assert "differences" not in found.to_frame().columns


def test_too_few_assignments_are_refused() -> None:
    with pytest.raises(ExperimentError, match="n_permutations=20"):
        randomization_test(two_groups(np.arange(3.0), np.arange(3.0)), "y", "withdrawn", n_permutations=20)


def test_a_small_p_is_never_shown_as_nought() -> None:
    apart = randomization_test(two_groups(np.repeat([4.0, 5], 60), np.repeat([1.0, 2], 60)), "y", "withdrawn")
    assert "p < 0.001 (" in repr(apart)
    alike = randomization_test(two_groups(np.repeat([1.0, 2], 60), np.repeat([1.0, 2], 60)), "y", "withdrawn")
    assert "p = 1.000 ±" in repr(alike) or "p = 1.000 (" in repr(alike)
