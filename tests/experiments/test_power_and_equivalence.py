"""Power and equivalence against statsmodels, R's t.test, and one regression at a time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.weightstats import ttost_ind

from helpers.experiments.effects import difference_in_means
from helpers.experiments.equivalence import (
    READINGS,
    equivalence_test,
    people_for_equivalence,
    reading_shares,
    readings,
)
from helpers.experiments.power import (
    covariate_power,
    likert_experiments,
    likert_power,
    minimum_detectable_effect,
    moved_up,
    people_needed,
    power,
)
from helpers.experiments.results import ExperimentError

REFERENCE = Path(__file__).parents[1] / "reference"
SHARES = pd.DataFrame(
    {
        1: [0.10, 0.08, 0.10],
        2: [0.20, 0.18, 0.20],
        3: [0.30, 0.28, 0.30],
        4: [0.25, 0.28, 0.25],
        5: [0.15, 0.18, 0.15],
    },
    index=["unchanged", "both", "nothing"],
)


@pytest.mark.parametrize(("effect", "n_arm", "n_reference"), [(0.1, 500, 500), (0.3, 60, 200), (0.0, 40, 40)])
def test_power_is_that_of_statsmodels(effect: float, n_arm: int, n_reference: int) -> None:
    peer = TTestIndPower().power(effect / 2, n_arm, 0.05, ratio=n_reference / n_arm)
    assert power(effect, 2.0, n_arm, n_reference) == pytest.approx(peer, abs=1e-8)


def test_the_minimum_detectable_effect_is_that_of_statsmodels() -> None:
    peer = TTestIndPower().solve_power(nobs1=150, alpha=0.05, power=0.9, ratio=2)
    assert minimum_detectable_effect(1.0, 150, 300, chance=0.9) == pytest.approx(peer, rel=1e-4)


@pytest.fixture(scope="module")
def from_power_r() -> dict[str, list[float]]:
    """Values of tests/reference/power.R."""
    return json.loads((REFERENCE / "power.json").read_text(encoding="utf-8"))


def test_power_effects_and_people_are_those_of_r(from_power_r: dict[str, list[float]]) -> None:
    cases = [(n, delta, sd) for sd in (0.8, 1.2) for delta in (0.1, 0.3) for n in (20, 150, 1400)]
    ours = [power(delta, sd, n, n) for n, delta, sd in cases]
    assert ours == pytest.approx(from_power_r["power"], abs=1e-6)
    found = [minimum_detectable_effect(1.2, n, n) for n in (20, 150, 1400)]
    found.append(minimum_detectable_effect(1.2, 300, 300, chance=0.9, alpha=0.01))
    assert found == pytest.approx(from_power_r["minimum_detectable_effect"], rel=1e-6)
    assert [people_needed(delta, 1.2) for delta in (0.4, 0.2, 0.1)] == from_power_r["people_needed"]


def test_two_one_sided_tests_and_their_interval_are_those_of_r(
    from_power_r: dict[str, list[float]], answers: pd.DataFrame
) -> None:
    estimate = difference_in_means(answers, "need", "withdrawn")
    found = [equivalence_test(estimate, bound) for bound in (0.1, 0.3, 0.6, 1)]
    assert [each.p_equivalence for each in found] == pytest.approx(from_power_r["two_one_sided"], rel=1e-6)
    assert [found[0].low, found[0].high] == pytest.approx(from_power_r["interval_90"], rel=1e-6)


def test_one_person_less_an_arm_is_too_few() -> None:
    for effect in (0.05, 0.2, 1.5):
        n = people_needed(effect, 1.2, chance=0.9)
        assert power(effect, 1.2, n, n) >= 0.9 > power(effect, 1.2, n - 1, n - 1)
    assert people_needed(50, 1) == 2
    assert people_needed(0.1, 1.2) == pytest.approx(4 * people_needed(0.2, 1.2), rel=0.003)


def test_people_who_move_up_move_the_mean() -> None:
    shares = np.array(SHARES.loc["unchanged"])
    moved = np.array(moved_up(shares, 0.3))
    assert moved.sum() == pytest.approx(1)
    rise = 0.3 * (1 - shares[-1])
    assert moved @ SHARES.columns.to_numpy() == pytest.approx(shares @ SHARES.columns.to_numpy() + rise)
    drawn = np.random.default_rng(2)
    people = drawn.choice(5, 40_000, p=shares)
    people += (drawn.random(40_000) < 0.3) & (people < 4)
    assert np.bincount(people) / 40_000 == pytest.approx(moved, abs=0.01)
    assert moved_up((0.5, 0.5), 1.0) == (0.0, 1.0)


def test_significant_estimates_are_too_large_on_average_where_power_is_low() -> None:
    arms, estimates, significant = likert_experiments(SHARES, 60)
    assert arms == ["both", "nothing"]
    truth = float((SHARES.loc["both"] - SHARES.loc["unchanged"]) @ SHARES.columns.to_numpy())
    assert estimates[0].mean() == pytest.approx(truth, abs=0.01)
    assert estimates[0][significant[0]].mean() > 1.8 * truth
    assert significant.mean(axis=1).tolist() == list(likert_power(SHARES, 60).power)


@pytest.mark.parametrize("truth", [0.0, 0.1, 0.2, -0.3])
@pytest.mark.parametrize("n", [40, 150, 900])
def test_shares_of_readings_are_those_of_many_studies(truth: float, n: int) -> None:
    rng, n_studies, t = np.random.default_rng(n), 20_000, stats.t
    estimate = rng.normal(truth, 1.2 * np.sqrt(2 / n), n_studies)
    error = 1.2 * np.sqrt(rng.chisquare(2 * n - 2, n_studies) / (2 * n - 2) * 2 / n)
    p_value = 2 * t.sf(np.abs(estimate) / error, 2 * n - 2)
    one_sided = np.maximum(
        t.sf((estimate + 0.25) / error, 2 * n - 2), t.cdf((estimate - 0.25) / error, 2 * n - 2)
    )
    found, small = p_value < 0.05, one_sided < 0.05
    peer = [
        (found & ~small).mean(),
        (small & ~found).mean(),
        (found & small).mean(),
        (~found & ~small).mean(),
    ]
    ours = reading_shares(truth, 1.2, n, 0.25)[list(READINGS)].iloc[0]
    assert ours.to_numpy() == pytest.approx(peer, abs=0.02)
    assert ours.sum() == pytest.approx(1)


def test_readings_of_a_table_are_those_of_one_estimate_after_the_other() -> None:
    found = [
        difference_in_means(two(shift, 400), "y", "both") for shift in (-0.4, -0.1, 0.02, 0.08, 0.16, 0.3)
    ]
    table = pd.concat([each.to_frame() for each in found], ignore_index=True)
    one_by_one = [equivalence_test(each, 0.2).reading for each in found]
    assert readings(table, 0.2).tolist() == readings(table, 0.2, df=798).tolist() == one_by_one
    edge = pd.DataFrame({"estimate": [2.0], "std_error": [1.0]})
    assert [readings(edge, 9, df=df)[0] for df in (np.inf, 5)] == [READINGS[2], READINGS[1]]


def test_people_for_equivalence_is_the_first_number_that_is_enough() -> None:
    n = people_for_equivalence(0.2, 1.2)
    shares = reading_shares(0.0, 1.2, [n - 1, n], 0.2)
    small = shares[READINGS[1]] + shares[READINGS[2]]
    assert small[0] < 0.8 <= small[1]
    by_hand = 2 * (1.2 * (stats.norm.ppf(0.95) + stats.norm.ppf(0.9)) / 0.2) ** 2
    assert n == pytest.approx(by_hand, abs=3)
    off_centre = 2 * (1.2 * (stats.norm.ppf(0.95) + stats.norm.ppf(0.8)) / 0.1) ** 2
    assert people_for_equivalence(0.2, 1.2, truth=0.1) == pytest.approx(off_centre, rel=0.005)


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 2), st.floats(0.2, 5), st.integers(5, 800))
def test_more_people_never_cost_power(effect: float, sd: float, n: int) -> None:
    assert power(effect, sd, n + 20, n + 20) >= power(effect, sd, n, n) - 1e-6


def one_at_a_time(shares: pd.DataFrame, n: int, n_experiments: int) -> np.ndarray:
    """Share of significant results from drawing people and running Welch's test for each experiment."""
    rng = np.random.default_rng(0)
    hits = np.zeros(len(shares) - 1)
    points = shares.columns.to_numpy(float)
    for _ in range(n_experiments):
        groups = [rng.choice(points, n, p=row) for row in shares.to_numpy()]
        hits += [stats.ttest_ind(group, groups[0], equal_var=False).pvalue < 0.05 for group in groups[1:]]
    return hits / n_experiments


def test_counts_give_the_power_that_people_give() -> None:
    found = likert_power(SHARES, 300, n_experiments=20_000)
    slow = one_at_a_time(SHARES, 300, 1500)
    for ours, theirs in zip(found.power, slow, strict=True):
        assert abs(ours - theirs) < 4 * np.sqrt(max(theirs * (1 - theirs), 0.01) / 1500)
    assert found.power[1] == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 20_000) + 0.003)


def test_one_matrix_product_is_as_many_regressions() -> None:
    rng = np.random.default_rng(1)
    n = 150
    arm = rng.permutation(np.repeat([0, 1, 2], n // 3))
    design = np.column_stack([np.ones(n), arm == 1, arm == 2, rng.normal(size=(n, 2))]).astype(float)
    draw = np.random.Generator(np.random.PCG64(7))
    noise = draw.standard_normal((40, n))
    hits = np.zeros(2)
    for row in noise:
        outcome = design @ np.array([0, 0.5, 0.1, 0.3, -0.2]) + 1.2 * row
        fit = sm.OLS(outcome, design).fit(cov_type="HC2", use_t=True)
        hits += fit.pvalues[1:3] < 0.05
    found = covariate_power(design, [0.3, -0.2], [0.5, 0.1], ["a", "b"], sd=1.2, n_experiments=40, seed=7)
    assert found.power == pytest.approx(tuple(hits / 40))


def test_a_power_reads_as_a_line_and_a_table() -> None:
    found = likert_power(SHARES, 300, n_experiments=500)
    assert repr(found).startswith("power with 300 people an arm: both ")
    assert list(found.to_frame().columns) == ["arm", "power", "mc_error", "mean_estimate", "n_per_arm"]


# ------------------------------------------------------------------ equivalence


def two(shift: float, n: int = 200, seed: int = 2) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    treated = rng.normal(shift, 1, n)
    control = rng.normal(0, 1, n)
    treated += shift - (treated.mean() - control.mean())
    return pd.DataFrame({"arm": ["both"] * n + ["unchanged"] * n, "y": np.concatenate([treated, control])})


@pytest.mark.parametrize("shift", [0.0, 0.1, -0.25, 0.6])
def test_two_one_sided_tests_are_those_of_statsmodels(shift: float) -> None:
    data = two(shift)
    treated, control = data["y"][:200], data["y"][200:]
    peer, _, _ = ttost_ind(treated, control, -0.3, 0.3, usevar="unequal")
    found = equivalence_test(difference_in_means(data, "y", "both"), 0.3)
    assert found.p_equivalence == pytest.approx(peer, rel=1e-6)


@pytest.mark.parametrize(
    ("shift", "n", "reading"),
    [
        (0.02, 3000, "equivalent"),
        (0.5, 3000, "different"),
        (0.1, 3000, "different, but too small to matter"),
        (0.15, 40, "undecided"),
    ],
)
def test_there_are_four_readings(shift: float, n: int, reading: str) -> None:
    found = equivalence_test(difference_in_means(two(shift, n), "y", "both"), 0.2)
    assert found.reading == reading
    assert reading in repr(found)


@settings(max_examples=60, deadline=None)
@given(st.floats(-0.6, 0.6), st.floats(0.05, 0.6))
def test_equivalence_is_an_interval_inside_the_bounds(shift: float, smallest: float) -> None:
    found = equivalence_test(difference_in_means(two(shift), "y", "both"), smallest)
    inside = -smallest < found.low and found.high < smallest
    assert inside == (found.p_equivalence < 0.05)


def test_where_the_effect_is_at_the_bound_one_test_in_twenty_calls_it_equivalent() -> None:
    rng = np.random.default_rng(9)
    hits, arms = 0, np.repeat(["both", "unchanged"], 60)
    for _ in range(2000):
        data = pd.DataFrame({"arm": arms, "y": rng.normal(size=120) + 0.8 * (arms == "both")})
        hits += equivalence_test(difference_in_means(data, "y", "both"), 0.8).p_equivalence < 0.05
    low, high = stats.binom.interval(0.999, 2000, 0.05)
    assert low <= hits <= high


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: power(0.1, 0, 9, 9), "sd=0"),
        (lambda: power(0.1, 1, 1, 9), "n_arm=1"),
        (lambda: power(0.1, 1, 9, 9, alpha=5), "alpha=5"),
        (lambda: minimum_detectable_effect(1, 9, 9, chance=0.01), "chance=0.01"),
        (lambda: likert_power(SHARES, 50, reference="none"), "the row 'none'"),
        (lambda: likert_power(SHARES * 2, 50), "sum to 1"),
        (lambda: covariate_power(np.ones((9, 2)), [1.0], [1.0], ["a"]), "has 2 columns"),
        (lambda: covariate_power(np.ones((9, 3)), [1.0], [1.0], ["a"]), "the same thing"),
        (lambda: people_needed(0, 1), "For an effect of 0, 10,000,000 people an arm are too few"),
        (lambda: people_needed(0.1, 1, chance=0.01), "chance=0.01"),
        (lambda: moved_up((0.5, 0.5), 1.5), "part=1.5"),
        (lambda: reading_shares(0, 1, [1, 9], 0.2), "n_per_arm=1"),
        (lambda: readings(pd.DataFrame({"estimate": [0.0], "std_error": [1.0]}), -1), "smallest=-1"),
        (lambda: people_for_equivalence(0.2, 1, truth=0.2), "truth=0.2 must lie within 0.2"),
        (lambda: equivalence_test(difference_in_means(two(0), "y", "both"), 0), "smallest=0"),
        (lambda: equivalence_test(difference_in_means(two(0), "y", "both"), 0.2, alpha=0.7), "alpha=0.7"),
    ],
)
def test_what_cannot_be_computed_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words):
        call()
