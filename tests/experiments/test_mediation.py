"""Mediation against statsmodels, against data with known paths, and against known confounding."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.mediation import Mediation as Peer

from helpers.experiments.effects import difference_in_means
from helpers.experiments.mediation import (
    benchmarks,
    controlled_direct_effects,
    mediation,
    sensitivity,
)
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
    peer = Peer(outcome, between, "told", "threat").fit(n_rep=400).summary()
    ours = mediation(data, "threat", "need", "both", covariates=["x"], n_draws=4000)
    row = peer.loc["ACME (average)"]
    assert ours.mediated == pytest.approx(row["Estimate"], abs=0.01)
    assert ours.mediated_interval == pytest.approx((row["Lower CI bound"], row["Upper CI bound"]), abs=0.03)
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


@pytest.mark.parametrize(("in_mediator", "in_outcome"), [(0.8, -0.8), (1.5, 0.4), (-0.5, -1.0)])
def test_the_curve_crosses_nought_where_the_unseen_cause_puts_it(
    in_mediator: float, in_outcome: float
) -> None:
    """No effect of the mediator; an unseen cause with known weights: rho is their product over the errors' sizes."""
    rng, n = np.random.default_rng(11), 150_000
    told, unseen = rng.integers(0, 2, n), rng.normal(size=n)
    between = A * told + in_mediator * unseen + rng.normal(size=n)
    outcome = DIRECT * told + in_outcome * unseen + rng.normal(size=n)
    data = pd.DataFrame({"arm": np.where(told, "both", "unchanged"), "threat": between, "need": outcome})
    theory = in_mediator * in_outcome / np.sqrt((1 + in_mediator**2) * (1 + in_outcome**2))
    found = mediation(data, "threat", "need", "both")
    assert abs(found.mediated) > 0.05
    assert found.rho_at_zero == pytest.approx(theory, abs=0.01)
    curve = sensitivity(data, "threat", "need", "both", n_points=1801)
    signs = np.sign(curve["mediated"].to_numpy())
    changes = np.flatnonzero(np.diff(signs))
    assert len(changes) == 1
    assert curve["rho"][changes[0]] == pytest.approx(theory, abs=0.012)


def hits(low_high, n_surveys: int, rho: float = 0.0) -> int:  # type: ignore[no-untyped-def]
    found = 0
    for seed in range(n_surveys):
        low, high = low_high(people(200, rho, seed=1000 + seed))
        found += low <= A * B <= high
    return found


def within(found: int, n_surveys: int, slack: float = 0.012) -> bool:
    """Inside the 99.9 % band of a coverage of 95 %, up to what an interval for 200 people may be off by."""
    low = stats.binom.ppf(0.0005, n_surveys, 0.95 - slack)
    return bool(low <= found <= stats.binom.ppf(0.9995, n_surveys, 0.95 + slack))


def narrowed(low_high):  # type: ignore[no-untyped-def]
    """Plants a fault: the interval at three quarters of its length."""

    def planted(data: pd.DataFrame) -> tuple[float, float]:
        low, high = low_high(data)
        middle, reach = (low + high) / 2, 0.75 * (high - low) / 2
        return middle - reach, middle + reach

    return planted


def interval(data: pd.DataFrame) -> tuple[float, float]:
    return mediation(data, "threat", "need", "both", covariates=["x"], n_draws=400).mediated_interval


def band_at(rho: float):  # type: ignore[no-untyped-def]
    def at(data: pd.DataFrame) -> tuple[float, float]:
        curve = sensitivity(data, "threat", "need", "both", covariates=["x"], n_points=181, n_draws=200)
        row = curve.iloc[(curve["rho"] - rho).abs().argmin()]
        return row["low"], row["high"]

    return at


def test_the_interval_covers_as_it_promises_and_a_planted_wrong_one_does_not() -> None:
    assert within(hits(interval, 1000), 1000)
    assert not within(hits(narrowed(interval), 1000), 1000)


def test_the_band_covers_at_the_true_rho_and_a_planted_wrong_one_does_not() -> None:
    assert within(hits(band_at(0.4), 400, rho=0.4), 400)
    assert not within(hits(narrowed(band_at(0.4)), 400, rho=0.4), 400)
    assert not within(hits(band_at(0.0), 400, rho=0.4), 400)


def test_the_band_is_that_of_drawing_the_rows_again() -> None:
    """A bootstrap written out: whole rows drawn again, regressions by statsmodels."""
    data = people(400, rho=0.2, seed=4).reset_index(drop=True)
    rng = np.random.default_rng(5)
    found = []
    for _ in range(400):
        rows = data.iloc[rng.integers(0, len(data), len(data))]
        told = (rows["arm"] == "both").to_numpy(float)
        base = sm.add_constant(np.column_stack([told, rows["x"]]))
        first, reduced = sm.OLS(rows["threat"], base).fit(), sm.OLS(rows["need"], base).fit()
        errors = np.corrcoef(first.resid, reduced.resid)[0, 1]
        slope = (
            reduced.resid.std() / first.resid.std() * (errors - 0.3 * np.sqrt((1 - errors**2) / (1 - 0.3**2)))
        )
        found.append(first.params.iloc[1] * slope)
    curve = sensitivity(data, "threat", "need", "both", covariates=["x"], n_points=61, n_draws=2000)
    row = curve.iloc[(curve["rho"] - 0.3).abs().argmin()]
    assert row["rho"] == pytest.approx(0.3)
    assert (row["low"], row["high"]) == pytest.approx(np.quantile(found, [0.025, 0.975]), abs=0.03)


@pytest.mark.parametrize("left_out", ["x", "group"])
def test_read_at_the_benchmark_the_poorer_models_say_what_the_richer_ones_say(left_out: str) -> None:
    """Leave a covariate out, and the curve at its rho has the slope of the regression that has it: exactly."""
    data = people(700, seed=6)
    rng = np.random.default_rng(7)
    data["group"] = rng.choice(["a", "b", "c"], len(data))
    data["need"] += data["group"].map({"a": 0.0, "b": 0.5, "c": -0.8})
    data["threat"] += data["group"].map({"a": 0.0, "b": -0.7, "c": 0.4})
    table = benchmarks(data, "threat", "need", "both", covariates=["x", "group"]).set_index("covariate")
    kept = ({"x", "group"} - {left_out}).pop()
    rho = table.loc[left_out, "rho"]
    data["told"] = (data["arm"] == "both").astype(float)
    richer = sm.OLS.from_formula("need ~ told + threat + x + group", data).fit()
    first = sm.OLS.from_formula(f"threat ~ told + {kept}", data).fit()
    reduced = sm.OLS.from_formula(f"need ~ told + {kept}", data).fit()
    errors = np.corrcoef(first.resid, reduced.resid)[0, 1]
    slope = reduced.resid.std() / first.resid.std() * (errors - rho * np.sqrt((1 - errors**2) / (1 - rho**2)))
    assert slope == pytest.approx(richer.params["threat"], abs=1e-10)
    curve = sensitivity(data, "threat", "need", "both", covariates=[kept], n_points=18001)
    at_rho = np.interp(rho, curve["rho"], curve["mediated"])
    assert at_rho == pytest.approx(first.params["told"] * richer.params["threat"], abs=1e-5)


def test_the_same_seed_gives_the_same_interval() -> None:
    data = people(300)
    one, other = (mediation(data, "threat", "need", "both", seed=4) for _ in range(2))
    assert one == other
    assert one.mediated_interval != mediation(data, "threat", "need", "both", seed=5).mediated_interval


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
        (lambda d: sensitivity(d, "threat", "need", "both", n_draws=5), "n_draws=5"),
        (lambda d: benchmarks(d, "threat", "need", "both", covariates=[]), "Name one covariate"),
        (
            lambda d: mediation(d.assign(y=d["x"] * 2), "threat", "need", "both", covariates=["x", "y"]),
            "the same thing twice",
        ),
        (lambda d: controlled_direct_effects(d.assign(t=2, m=0), "need", "t", "m"), "'t' must hold 0 and 1"),
        (lambda d: controlled_direct_effects(d.assign(t=1, m=0), "need", "t", "m"), "0 people have t=0"),
    ],
)
def test_what_cannot_be_split_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words):
        call(people(60))
