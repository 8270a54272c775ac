"""Mediation against statsmodels, against data with known paths, and against known confounding."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.stats.mediation import Mediation as Peer

from helpers.experiments.effects import difference_in_means
from helpers.experiments.mediation import controlled_direct_effects, mediation, sensitivity
from helpers.experiments.results import ExperimentError

A, B, DIRECT = 0.5, 0.6, 0.2


def people(n: int = 4000, rho: float = 0.0, seed: int = 1, b: float = B) -> pd.DataFrame:
    """Known paths; an unseen confounder makes the errors of mediator and outcome correlate by `rho`."""
    rng = np.random.default_rng(seed)
    told = rng.permutation(np.arange(n) % 2)
    errors = rng.multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)
    x = rng.normal(size=n)
    between = A * told + 0.4 * x + errors[:, 0]
    outcome = DIRECT * told + b * between + 0.3 * x + errors[:, 1]
    return pd.DataFrame(
        {"arm": np.where(told, "both", "unchanged"), "threat": between, "need": outcome, "x": x}
    )


def test_known_paths_are_found() -> None:
    found = mediation(people(60_000), "threat", "need", "both", covariates=["x"])
    assert found.mediated == pytest.approx(A * B, abs=0.02)
    assert found.direct == pytest.approx(DIRECT, abs=0.03)
    assert found.total == pytest.approx(found.mediated + found.direct, abs=1e-9)
    assert found.share == pytest.approx(A * B / (A * B + DIRECT), abs=0.04)


def test_values_are_those_of_statsmodels() -> None:
    data = people(1500, seed=3).assign(told=lambda table: (table["arm"] == "both").astype(float))
    outcome = sm.OLS.from_formula("need ~ told + threat + x", data)
    between = sm.OLS.from_formula("threat ~ told + x", data)
    np.random.seed(0)  # the peer draws from the global generator
    peer = Peer(outcome, between, "told", "threat").fit(n_rep=2000).summary()
    ours = mediation(data, "threat", "need", "both", covariates=["x"], n_draws=4000)
    row = peer.loc["ACME (average)"]
    assert ours.mediated == pytest.approx(row["Estimate"], abs=0.01)
    assert ours.mediated_interval == pytest.approx((row["Lower CI bound"], row["Upper CI bound"]), abs=0.025)
    assert ours.direct == pytest.approx(peer.loc["ADE (average)", "Estimate"], abs=0.01)


def test_the_total_is_the_difference_in_means() -> None:
    data = people(500)
    assert mediation(data, "threat", "need", "both").total == pytest.approx(
        difference_in_means(data, "need", "both").estimate
    )


def test_without_confounding_the_curve_at_nought_is_the_product() -> None:
    data = people(3000, seed=5)
    curve = sensitivity(data, "threat", "need", "both", covariates=["x"], n_points=181).set_index("rho")
    at_zero = curve.loc[curve.index[np.abs(curve.index).argmin()], "mediated"]
    assert at_zero == pytest.approx(
        mediation(data, "threat", "need", "both", covariates=["x"]).mediated, abs=1e-9
    )


@pytest.mark.parametrize("rho", [0.3, -0.4, 0.6])
def test_confounding_misleads_and_the_curve_puts_it_right_at_the_true_rho(rho: float) -> None:
    data = people(120_000, rho=rho, seed=7)
    naive = mediation(data, "threat", "need", "both", covariates=["x"]).mediated
    curve = sensitivity(data, "threat", "need", "both", covariates=["x"], n_points=1801)
    at_truth = curve.iloc[(curve["rho"] - rho).abs().argmin()]["mediated"]
    assert abs(naive - A * B) > 0.1
    assert at_truth == pytest.approx(A * B, abs=0.03)


def test_an_effect_made_by_a_confounder_alone_is_gone_at_its_rho() -> None:
    data = people(120_000, rho=0.5, seed=9, b=0.0)
    found = mediation(data, "threat", "need", "both", covariates=["x"])
    assert found.mediated > 0.2
    assert found.rho_at_zero == pytest.approx(0.5, abs=0.02)
    curve = sensitivity(data, "threat", "need", "both", covariates=["x"], n_points=1801)
    crossing = curve.iloc[curve["mediated"].abs().argmin()]["rho"]
    assert crossing == pytest.approx(found.rho_at_zero, abs=0.002)


def covered(low_high, n_draws: int = 250) -> float:  # type: ignore[no-untyped-def]
    hits = 0
    for seed in range(n_draws):
        low, high = low_high(people(200, seed=1000 + seed))
        hits += low <= A * B <= high
    return hits / n_draws


def test_the_interval_covers_as_it_promises_and_a_planted_wrong_one_does_not() -> None:
    def right(data: pd.DataFrame) -> tuple[float, float]:
        return mediation(data, "threat", "need", "both", covariates=["x"], n_draws=300).mediated_interval

    def wrong(data: pd.DataFrame) -> tuple[float, float]:
        """Takes the mediator's path for known."""
        low, high = right(data)
        middle, reach = (low + high) / 2, (high - low) / 4
        return middle - reach, middle + reach

    assert 0.9 <= covered(right) <= 0.99
    assert covered(wrong, 120) < 0.85


def test_a_manipulated_mediator_needs_no_belief() -> None:
    """The mediator is set by a second lot: then confounding between it and the outcome cannot mislead."""
    rng = np.random.default_rng(2)
    n = 80_000
    told, held = rng.integers(0, 2, n), rng.integers(0, 2, n)
    unseen = rng.normal(size=n)
    natural = A * told + unseen + rng.normal(size=n)
    between = np.where(held == 1, 0.0, natural)
    outcome = DIRECT * told + B * between + 2 * unseen + rng.normal(size=n)
    data = pd.DataFrame({"told": told, "held": held, "need": outcome})
    found = controlled_direct_effects(data, "need", "told", "held").set_index("held")
    assert found.loc["1", "estimate"] == pytest.approx(DIRECT, abs=4 * found.loc["1", "std_error"])
    assert found.loc["0", "estimate"] == pytest.approx(DIRECT + A * B, abs=4 * found.loc["0", "std_error"])
    fit = sm.OLS.from_formula("need ~ told * held", data).fit(cov_type="HC2")
    assert -found.loc["eliminated", "estimate"] == pytest.approx(fit.params["told:held"])
    assert found.loc["eliminated", "std_error"] == pytest.approx(fit.bse["told:held"], rel=1e-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda d: mediation(d, "need", "need", "both"), "mediator and outcome at once"),
        (lambda d: mediation(d.assign(threat=3), "threat", "need", "both"), "nothing can run through it"),
        (lambda d: mediation(d, "fear", "need", "both"), "no column 'fear'"),
        (lambda d: mediation(d, "threat", "need", "both", n_draws=5), "n_draws=5"),
        (lambda d: controlled_direct_effects(d.assign(t=2, m=0), "need", "t", "m"), "'t' must hold 0 and 1"),
        (lambda d: controlled_direct_effects(d.assign(t=1, m=0), "need", "t", "m"), "0 people have t=0"),
    ],
)
def test_what_cannot_be_split_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words):
        call(people(60))
