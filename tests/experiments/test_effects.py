"""Effects against R, against a regression with HC2, and in their coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers.experiments.answers import refuse_odd_codes
from helpers.experiments.effects import difference_in_means, effects, lin, ordinal_logit
from helpers.experiments.results import Estimate, ExperimentError

R = dict[str, list[float]]


def test_the_difference_in_means_is_that_of_estimatr(answers: pd.DataFrame, from_r: R) -> None:
    ours = difference_in_means(answers, "need", "withdrawn")
    found = [ours.estimate, ours.std_error, ours.df, ours.low, ours.high, ours.p_value]
    assert found == pytest.approx(from_r["difference_in_means"], rel=1e-9)


def test_neymans_error_is_hc2(answers: pd.DataFrame, from_r: R) -> None:
    two = answers[answers["arm"] != "deployed"]
    fit = smf.ols("need ~ I(arm == 'withdrawn')", two).fit(cov_type="HC2")
    ours = difference_in_means(answers, "need", "withdrawn").std_error
    assert ours == pytest.approx(fit.bse.iloc[1]) == pytest.approx(from_r["hc2"][0])


@pytest.mark.parametrize(
    ("outcome", "covariates", "name"),
    [("need", ["age", "trust"], "lin_numbers"), ("money", ["age", "trust", "region"], "lin_words")],
)
def test_lin_is_that_of_estimatr(
    answers: pd.DataFrame, from_r: R, outcome: str, covariates: list[str], name: str
) -> None:
    ours = lin(answers, outcome, "withdrawn", covariates=covariates)
    assert [ours.estimate, ours.std_error, ours.df] == pytest.approx(from_r[name], rel=1e-8)


def test_the_ordinal_logit_is_that_of_mass(answers: pd.DataFrame, from_r: R) -> None:
    ours = ordinal_logit(answers, "need", "withdrawn")
    assert [ours.estimate, ours.std_error] == pytest.approx(from_r["ordinal_logit"], rel=2e-3)


def test_a_table_of_effects_holds_each_estimate(answers: pd.DataFrame) -> None:
    table = effects(answers, ["need", "money"], ["withdrawn", "deployed"], covariates=["trust"])
    assert table[["outcome", "arm"]].agg(" ".join, axis=1).tolist() == [
        "need withdrawn", "need deployed", "money withdrawn", "money deployed",
    ]  # fmt: skip
    alone = lin(answers, "money", "withdrawn", covariates=["trust"])
    assert table.iloc[2]["estimate"] == alone.estimate


def test_missing_answers_are_left_out(answers: pd.DataFrame) -> None:
    holes = answers.assign(need=answers["need"].where(answers["respondent"] % 5 != 0))
    kept = answers[answers["respondent"] % 5 != 0]
    assert difference_in_means(holes, "need", "withdrawn") == difference_in_means(kept, "need", "withdrawn")


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000), st.floats(-50, 50), st.floats(0.1, 20))
def test_swapping_arms_turns_the_sign_and_a_scale_stretches(seed: int, shift: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"arm": ["a"] * 6 + ["b"] * 9, "y": rng.normal(size=15)})
    there, back = difference_in_means(data, "y", "a", "b"), difference_in_means(data, "y", "b", "a")
    assert (there.estimate, there.low, there.p_value) == pytest.approx(
        (-back.estimate, -back.high, back.p_value)
    )
    moved = difference_in_means(data.assign(y=data["y"] * scale + shift), "y", "a", "b")
    assert (moved.estimate, moved.std_error) == pytest.approx(
        (there.estimate * scale, there.std_error * scale), rel=1e-6
    )


# ------------------------------------------------------------------ coverage


def band(n_draws: int, level: float = 0.95) -> tuple[float, float]:
    """Shares of covered draws that a right interval gives in 99.9 % of all cases."""
    low, high = stats.binom.interval(0.999, n_draws, level)
    return low / n_draws, high / n_draws


def population(rng: np.random.Generator, n: int = 80) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """A covariate and both potential outcomes of people who were drawn from a large population, and the true mean."""
    x = rng.normal(size=n)
    control = x + rng.normal(size=n)
    treated = 0.4 + 1.5 * x + 1.6 * rng.normal(size=n)
    return x, control, treated, 0.4


def covered(interval, n_draws: int = 2000, seed: int = 5) -> float:  # type: ignore[no-untyped-def]
    """Share of draws in which `interval(data)` holds the true effect."""
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(n_draws):
        x, control, treated, truth = population(rng)
        arm = rng.permutation(np.repeat(["unchanged", "withdrawn"], [50, 30]))
        outcome = np.where(arm == "withdrawn", treated, control)
        low, high = interval(pd.DataFrame({"arm": arm, "y": outcome, "x": x}))
        hits += low <= truth <= high
    return hits / n_draws


def neyman(data: pd.DataFrame) -> tuple[float, float]:
    found = difference_in_means(data, "y", "withdrawn")
    return found.low, found.high


def with_covariate(data: pd.DataFrame) -> tuple[float, float]:
    found = lin(data, "y", "withdrawn", covariates=["x"])
    return found.low, found.high


def pooled_variance(data: pd.DataFrame) -> tuple[float, float]:
    """A wrong interval: it takes the arms to vary alike, though the smaller one varies more."""
    treated, control = (data.loc[data["arm"] == name, "y"] for name in ("withdrawn", "unchanged"))
    both = stats.ttest_ind(treated, control, equal_var=True).confidence_interval(0.95)
    return both.low, both.high


def test_neymans_interval_covers_as_it_promises() -> None:
    low, high = band(2000)
    assert low <= covered(neyman) <= high


def test_lins_interval_covers_as_it_promises() -> None:
    """With one effect for all, the average effect in the sample, on which Lin centres, is the same in each draw."""
    rng = np.random.default_rng(8)
    hits, n_draws = 0, 2000
    for _ in range(n_draws):
        x = rng.normal(size=80)
        arm = rng.permutation(np.repeat(["unchanged", "withdrawn"], [50, 30]))
        y = 0.8 * x + rng.normal(size=80) + 0.4 * (arm == "withdrawn")
        low, high = with_covariate(pd.DataFrame({"arm": arm, "x": x, "y": y}))
        hits += low <= 0.4 <= high
    low, high = band(n_draws)
    assert low <= hits / n_draws <= high


def test_lins_interval_covers_the_effect_in_the_sample_it_centres_on() -> None:
    # Effects differ: draw people once, assign again; the interval is then too wide rather than too narrow.
    rng = np.random.default_rng(8)
    x, control, treated, _ = population(rng, n=300)
    hits, n_draws = 0, 2000
    for _ in range(n_draws):
        arm = rng.permutation(np.repeat(["unchanged", "withdrawn"], [180, 120]))
        data = pd.DataFrame({"arm": arm, "x": x, "y": np.where(arm == "withdrawn", treated, control)})
        low, high = with_covariate(data)
        hits += low <= (treated - control).mean() <= high
    assert hits / n_draws >= band(n_draws)[0]


@pytest.mark.slow
def test_the_ordinal_logits_interval_covers_as_it_promises_and_a_planted_wrong_one_does_not() -> None:
    """Logistic latent answers; the planted fault takes the error of the logit for that of a probit."""
    rng = np.random.default_rng(4)
    hits, wrong, n_draws, truth = 0, 0, 2000, 0.6
    for _ in range(n_draws):
        arm = rng.permutation(np.repeat(["unchanged", "withdrawn"], 150))
        latent = rng.logistic(size=300) + truth * (arm == "withdrawn")
        data = pd.DataFrame({"arm": arm, "y": np.searchsorted([-1.5, -0.4, 0.7, 1.9], latent) + 1.0})
        found = ordinal_logit(data, "y", "withdrawn")
        hits += found.low <= truth <= found.high
        wrong += abs(found.estimate - truth) <= 1.96 * found.std_error / 1.7
    low, high = band(n_draws)
    assert low <= hits / n_draws <= high
    assert not low <= wrong / n_draws <= high


def test_a_planted_wrong_interval_is_found() -> None:
    low, _ = band(2000)
    assert covered(pooled_variance) < low


# ------------------------------------------------------------------ what is an effect of what


def test_presence_from_a_withdrawal_keeps_its_name(answers: pd.DataFrame) -> None:
    left = difference_in_means(answers, "need", "withdrawn", estimand="withdrawal")
    turned = left.as_presence()
    assert turned.estimand == "presence, from a withdrawal"
    assert (turned.estimate, turned.low, turned.high) == (-left.estimate, -left.high, -left.low)
    assert (turned.arm, turned.n_arm) == ("unchanged", left.n_reference)


@pytest.mark.parametrize("estimand", ["deployment", "difference", "presence"])
def test_only_a_withdrawal_is_turned(answers: pd.DataFrame, estimand: str) -> None:
    found = difference_in_means(answers, "need", "deployed", estimand=estimand)  # type: ignore[arg-type]
    with pytest.raises(ExperimentError, match="Only the effect of a withdrawal"):
        found.as_presence()


def test_a_result_reads_as_a_line_and_as_a_table(answers: pd.DataFrame) -> None:
    found = difference_in_means(answers, "need", "withdrawn", estimand="withdrawal")
    assert "\n" not in repr(found)
    assert repr(found).startswith("need, withdrawn less unchanged: +0.48, 95% interval +0.16 to +0.81")
    assert found.to_frame()["estimate"].tolist() == [found.estimate]


@pytest.mark.parametrize(
    ("change", "call", "words"),
    [
        ({}, lambda a: difference_in_means(a, "need", "stayed"), "No respondent is in the arm 'stayed'"),
        ({}, lambda a: difference_in_means(a, "fear", "withdrawn"), "no column 'fear'"),
        ({}, lambda a: difference_in_means(a, "need", "unchanged"), "compared with itself"),
        ({"need": 3}, lambda a: difference_in_means(a, "need", "withdrawn"), "All answers to 'need' are 3"),
        ({"need": "often"}, lambda a: difference_in_means(a, "need", "withdrawn"), "must be numbers"),
        ({"need": np.inf}, lambda a: difference_in_means(a, "need", "withdrawn"), "infinite"),
        ({"need": np.nan}, lambda a: difference_in_means(a, "need", "withdrawn"), "has 0 answers"),
        ({"age": np.nan}, lambda a: lin(a, "need", "withdrawn", covariates=["age"]), "'age' is missing for"),
        ({"age": 40}, lambda a: lin(a, "need", "withdrawn", covariates=["age"]), "'age' is the same for"),
        ({}, lambda a: lin(a, "need", "withdrawn", covariates=["age", "age"]), "the same thing twice"),
        ({}, lambda a: lin(a, "need", "withdrawn", covariates=[]), "Name one covariate"),
        ({}, lambda a: difference_in_means(a, "need", "withdrawn", level=95), "level=95"),
        ({}, lambda a: difference_in_means(a, "need", "withdrawn", estimand="loss"), "No estimand 'loss'"),
        ({"need": 7}, lambda a: refuse_odd_codes(a, {"need": 5}), "has 7 for 'need'"),
        (
            {"respondent": 12},
            lambda a: refuse_odd_codes(a, {"need": 5}),
            "Respondent '12' is there more than once",
        ),
    ],
)
def test_what_cannot_be_analysed_is_one_sentence(answers, change, call, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words) as error:
        call(answers.assign(**change))
    assert "\n" not in str(error.value)


def test_an_estimate_has_a_named_estimand() -> None:
    with pytest.raises(ExperimentError, match="No estimand"):
        Estimate("y", "a", "b", "effect", 0, 1, 9, -2, 2, 1, 5, 5, "")  # type: ignore[arg-type]
