"""Lesson 10's labs on a real file: what they say is what statsmodels finds, and nothing is called simulated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.data import load
from helpers.experiments.schema import Scale, Schema
from helpers.labs import EffectExplorer, MediationExplorer

SCALES = (
    Scale("threat_n", "Bad events thought likely", 0, 5),
    Scale("immoral", "Thinks a strike wrong", 0, 1),
    Scale("support_strike", "Support for a strike", 0, 4, "least", "most"),
)
BEFORE = ("male", "white", "age", "educ4")


@pytest.fixture(scope="module")
def alliance() -> pd.DataFrame:
    return load("alliance_experiment")


@pytest.fixture(scope="module")
def experiment(alliance: pd.DataFrame) -> Schema:
    return Schema(
        alliance, SCALES, {0: "no ally", 1: "an ally"}, 0, by="ally", covariates=BEFORE,
        source="Tomz and Weeks (2013), subset of Zhou and Wodtke (2020).",
    )  # fmt: skip


@pytest.mark.parametrize("outcome", [scale.name for scale in SCALES])
@pytest.mark.parametrize("estimator", ["difference", "lin"])
def test_the_effect_is_that_of_a_regression_with_hc2(
    alliance: pd.DataFrame, experiment: Schema, outcome: str, estimator: str
) -> None:
    centred = alliance.assign(**{name: alliance[name] - alliance[name].mean() for name in BEFORE})
    terms = ["ally", *BEFORE, *(f"ally:{name}" for name in BEFORE)] if estimator == "lin" else ["ally"]
    fit = smf.ols(f"{outcome} ~ {' + '.join(terms)}", centred).fit(cov_type="HC2", use_t=True)
    lab = EffectExplorer(experiment, outcome=outcome, estimator=estimator)
    found = lab.result.analysis.estimate
    assert [found.estimate, found.std_error] == pytest.approx([fit.params["ally"], fit.bse["ally"]], rel=1e-8)
    assert f"{fit.params['ally']:+.2f}" in lab.sentence.text
    assert "an ally less no ally" in lab.sentence.text
    assert "imulated" not in f"{lab.sentence.alt} {lab.sentence.text} {lab.sentence.notes}"


def test_chance_rarely_puts_threat_so_far_apart(alliance: pd.DataFrame, experiment: Schema) -> None:
    draw = np.random.Generator(np.random.PCG64(1))
    told, threat = alliance["ally"].to_numpy() == 1, alliance["threat_n"].to_numpy(float)
    gap = abs(threat[told].mean() - threat[~told].mean())
    as_far = 0
    for _ in range(4000):
        lot = draw.permutation(told)
        as_far += abs(threat[lot].mean() - threat[~lot].mean()) >= gap - 1e-12
    ours = EffectExplorer(experiment, outcome="threat_n").result.analysis.randomization.p_value
    assert ours < 0.004 > as_far / 4000
    assert abs(ours - as_far / 4000) < 4 * (0.001 / 4000) ** 0.5


@pytest.mark.parametrize("road", ["threat_n", "immoral"])
@pytest.mark.parametrize("covariates", ["none", "all"])
def test_the_part_through_a_road_is_a_product_of_two_regressions(
    alliance: pd.DataFrame, experiment: Schema, road: str, covariates: str
) -> None:
    known = "".join(f" + {name}" for name in BEFORE) if covariates == "all" else ""
    first = smf.ols(f"{road} ~ ally{known}", alliance).fit()
    second = smf.ols(f"support_strike ~ ally + {road}{known}", alliance).fit()
    whole = smf.ols(f"support_strike ~ ally{known}", alliance).fit()
    lab = MediationExplorer(experiment, mediator=road, outcome="support_strike", covariates=covariates)
    found = lab.result.found
    assert found.mediated == pytest.approx(first.params["ally"] * second.params[road], rel=1e-8)
    assert found.total == pytest.approx(whole.params["ally"], rel=1e-8)
    assert found.rho_at_zero == pytest.approx(np.corrcoef(first.resid, whole.resid)[0, 1], rel=1e-8)
    assert "imulated" not in f"{lab.sentence.alt} {lab.sentence.text} {lab.sentence.notes}"
