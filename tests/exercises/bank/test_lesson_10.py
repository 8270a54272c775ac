"""Lesson 10: effects against R and statsmodels; answers worked out by hand; what the lesson says of the file."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from helpers.data import load, load_study
from helpers.data.locate import datasets_folder
from helpers.exercises import encode, judge
from helpers.exercises.judge import Context
from helpers.exercises.questions import prediction_of
from helpers.experiments import balance, corrections, effects

ROOT = Path(__file__).parents[3]
STUDENT = "self-study"
FACTORS = ["ally", "democracy", "trade"]
BEFORE = ["male", "white", "age", "educ4"]
FIVE = ["threat_n", "support_strike", "cost_n", "success", "immoral"]
R: dict[str, list[float]] = json.loads(
    (ROOT / "tests" / "reference" / "alliance.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def alliance() -> pd.DataFrame:
    return pd.read_csv(ROOT / "datasets" / "alliance_experiment.csv")


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """As the lesson has them."""
    found = load("alliance_experiment")
    return found.assign(**{factor: found[factor].map({0: "no", 1: "yes"}) for factor in FACTORS})


def outcome(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).outcome


def mistake(exercise: str, value: object) -> str:
    return judge(exercise, encode(value), STUDENT).mistake


def welch(alliance: pd.DataFrame, answer: str, factor: str) -> tuple[float, float, float]:
    """Difference, its interval's ends: by statsmodels, with unequal variances."""
    told, rest = (alliance.loc[alliance[factor] == value, answer] for value in (1, 0))
    both = CompareMeans(DescrStatsW(told), DescrStatsW(rest))
    low, high = both.tconfint_diff(usevar="unequal")
    return float(told.mean() - rest.mean()), float(low), float(high)


def p_of(alliance: pd.DataFrame, answer: str, factor: str) -> float:
    told, rest = (alliance.loc[alliance[factor] == value, answer] for value in (1, 0))
    return float(stats.ttest_ind(told, rest, equal_var=False).pvalue)


# ------------------------------------------------------------------ the effects


@pytest.mark.parametrize("answer", ["threat_n", "support_strike"])
def test_the_two_effects_are_those_of_r(people: pd.DataFrame, answer: str) -> None:
    ours = effects.difference_in_means(people, answer, "yes", "no", by="ally")
    found = [ours.estimate, ours.std_error, ours.df, ours.low, ours.high, ours.p_value]
    assert found == pytest.approx(R[answer], rel=1e-9)


@pytest.mark.parametrize(("place", "answer"), [(0, "threat_n"), (1, "support_strike")])
def test_their_errors_are_hc2_in_statsmodels_and_in_r(
    alliance: pd.DataFrame, people: pd.DataFrame, place: int, answer: str
) -> None:
    fit = smf.ols(f"{answer} ~ ally", alliance).fit(cov_type="HC2")
    ours = effects.difference_in_means(people, answer, "yes", "no", by="ally")
    assert ours.std_error == pytest.approx(fit.bse["ally"], rel=1e-9)
    assert ours.std_error == pytest.approx(R["hc2"][place], rel=1e-9)
    assert ours.estimate == pytest.approx(fit.params["ally"], rel=1e-9)


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("two", [("threat_n", "ally"), ("support_strike", "ally")]),
        ("five", [(answer, "ally") for answer in FIVE]),
        ("six", [(answer, factor) for factor in FACTORS for answer in FIVE[:2]]),
    ],
)
def test_corrected_p_values_are_those_of_r_and_of_statsmodels(
    alliance: pd.DataFrame, people: pd.DataFrame, name: str, tests: list[tuple[str, str]]
) -> None:
    ours = pd.concat(
        [effects.effects(people, [answer], ["yes"], "no", by=factor) for answer, factor in tests],
        ignore_index=True,
    )
    ours = corrections.with_corrections(ours)
    by_scipy = [p_of(alliance, *test) for test in tests]
    for column, method in (("p_holm", "holm"), ("p_bh", "fdr_bh")):
        key = f"{method.replace('fdr_', '')}_{name}"
        assert ours[column].tolist() == pytest.approx(R[key], rel=1e-7)
        assert ours[column].tolist() == pytest.approx(multipletests(by_scipy, method=method)[1], rel=1e-7)


@pytest.mark.parametrize(
    ("name", "answer", "covariates"),
    [
        ("lin_people_threat", "threat_n", BEFORE),
        ("lin_people_support", "support_strike", BEFORE),
        ("lin_texts_support", "support_strike", ["democracy", "trade"]),
        ("lin_all_support", "support_strike", ["democracy", "trade", *BEFORE]),
    ],
)
def test_with_covariates_they_are_those_of_r(
    alliance: pd.DataFrame, people: pd.DataFrame, name: str, answer: str, covariates: list[str]
) -> None:
    told = alliance.assign(ally=people["ally"])
    ours = effects.lin(told, answer, "yes", "no", covariates=covariates, by="ally")
    assert [ours.estimate, ours.std_error, ours.df, ours.p_value] == pytest.approx(R[name], rel=1e-7)


def test_balance_is_that_of_coin(people: pd.DataFrame) -> None:
    ours = balance.omnibus_test(people, BEFORE, by="ally")
    assert [ours.statistic, ours.p_value] == pytest.approx(R["omnibus"], rel=1e-7)


def test_a_published_finding_comes_back(alliance: pd.DataFrame) -> None:
    estimate, low, high = welch(alliance, "support_strike", "democracy")
    assert [estimate, low, high] == pytest.approx([R["support_of_democracy"][place] for place in (0, 3, 4)])
    assert high < 0


# ------------------------------------------------------------------ the exercises


def test_a_family_of_six_by_hand_is_right_in_many_forms(alliance: pd.DataFrame) -> None:
    tests = [(answer, factor) for factor in FACTORS for answer in FIVE[:2]]
    p = [p_of(alliance, *test) for test in tests]
    order, after, largest = sorted(range(6), key=p.__getitem__), [0.0] * 6, 0.0
    for step, place in enumerate(order):
        largest = max(largest, (6 - step) * p[place])
        after[place] = min(1.0, largest)
    right = after[:2]
    for form in (right, tuple(right), np.array(right), pd.Series(right), [round(each, 4) for each in right]):
        assert outcome("10.1", form) == "right"
    by_normal = [
        smf.ols(f"{answer} ~ {factor}", alliance).fit(cov_type="HC2").pvalues[factor]
        for answer, factor in tests
    ]
    assert outcome("10.1", multipletests(by_normal, method="holm")[1][:2].tolist()) == "right"
    assert mistake("10.1", [6 * p[0], 6 * p[1]]) == "by Bonferroni"
    assert mistake("10.1", p[:2]) == "not corrected"
    assert mistake("10.1", multipletests(p[:2], method="holm")[1].tolist()) == "family of two"
    assert mistake("10.1", multipletests(p, method="fdr_bh")[1][:2].tolist()) == "by Benjamini-Hochberg"


def fewest(alliance: pd.DataFrame, answer: str, told: int, value: int, multiple: float | None = None) -> int:
    """Counted up with moments alone: nobody is added to a table."""
    arms = {arm: alliance.loc[alliance["ally"] == arm, answer].to_numpy(float) for arm in (0, 1)}
    for n_people in range(len(alliance)):
        grown = {arm: np.append(values, [value] * (n_people * (arm == told))) for arm, values in arms.items()}
        gap = grown[1].mean() - grown[0].mean()
        parts = [np.var(grown[arm], ddof=1) / len(grown[arm]) for arm in (0, 1)]
        error, sizes = sum(parts) ** 0.5, [len(grown[arm]) - 1 for arm in (0, 1)]
        df = sum(parts) ** 2 / sum(part**2 / size for part, size in zip(parts, sizes, strict=True))
        if abs(gap) <= (multiple or stats.t.ppf(0.975, df)) * error:
            return n_people
    raise AssertionError


def test_people_left_out_counted_by_hand_are_right(alliance: pd.DataFrame) -> None:
    right = [fewest(alliance, "threat_n", 0, 0), fewest(alliance, "threat_n", 1, 5)]
    assert right == [44, 34]
    by_196 = [fewest(alliance, "threat_n", told, value, 1.96) for told, value in ((0, 0), (1, 5))]
    for form in (right, by_196, np.array(right), [float(each) for each in right]):
        assert outcome("10.2", form) == "right"
    assert outcome("10.2", [44, 44 + 34]) == "known mistake"
    assert mistake("10.2", [34, 44]) == "in the wrong order"
    support = [fewest(alliance, "support_strike", told, value) for told, value in ((0, 0), (1, 5))]
    assert mistake("10.2", support) == "on support"
    gap = -welch(alliance, "threat_n", "ally")[0]
    told, rest = (alliance.loc[alliance["ally"] == arm, "threat_n"] for arm in (1, 0))
    whole = [np.ceil(gap * len(rest) / told.mean()), np.ceil(gap * len(told) / (5 - rest.mean()))]
    assert mistake("10.2", whole) == "estimate at zero"


MAPPING = """
title: A strike on a country with nuclear plans
source: Tomz and Weeks (2013), subset of Zhou and Wodtke (2020)
change: difference
arms: {columns: {ally: ally, democracy: democracy}, none: neither, together: both, reference: neither}
outcomes:
  support: {column: support_strike, words: Support for a strike, lowest: 0, highest: 4}
"""


def test_four_arms_by_hand_are_right_and_what_a_mapping_hides_is_told(alliance: pd.DataFrame) -> None:
    mean = {pair: rows["support_strike"].mean() for pair, rows in alliance.groupby(["ally", "democracy"])}
    right = [mean[pair] - mean[0, 0] for pair in ((1, 0), (0, 1), (1, 1))]
    for form in (right, np.array(right), pd.Series(right), [round(each, 3) for each in right]):
        assert outcome("10.3", form) == "right"
    model = smf.ols("support_strike ~ ally * democracy", alliance).fit().params
    assert mistake("10.3", [model["ally"], model["democracy"], model["ally:democracy"]]) == "interaction"
    file = datasets_folder() / "alliance_experiment.csv"
    mine = load_study(file, MAPPING)
    assert len(mine.answers) == len(alliance) == 1273
    arms = ["ally", "democracy", "both"]
    found = effects.effects(mine.answers, ["support"], arms, "neither")["estimate"]
    assert outcome("10.3", found) == "right"
    silenced = load_study(
        file, MAPPING.replace("lowest: 0, highest: 4", "lowest: 1, highest: 4, missing: [0]")
    )
    assert silenced.answers["support"].isna().sum() == 218
    found = effects.effects(silenced.answers, ["support"], arms, "neither")["estimate"]
    assert mistake("10.3", found.tolist()) == "zero as missing"


def test_a_paragraph_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("10.4", "word " * 90) == outcome("10.4", "word " * 220) == "recorded"
    for n_words in (89, 221):
        assert outcome("10.4", "word " * n_words) != "recorded"


# ------------------------------------------------------------------ what the lesson says of this file


def test_ten_people_bring_zero_back_and_the_prediction_knows(alliance: pd.DataFrame) -> None:
    assert fewest(alliance, "support_strike", 0, 0) == 10
    assert prediction_of("10.1").outcome(Context(STUDENT)) == 0
    assert 0.01 * len(alliance) > 10


def test_of_twenty_analyses_all_agree_on_threat_and_sixteen_on_support(alliance: pd.DataFrame) -> None:
    known: list[list[str]] = [[], ["democracy", "trade"], BEFORE, ["democracy", "trade", *BEFORE]]
    found = dict.fromkeys(["threat_n", "support_strike"], 0)
    estimates = []
    for covariates in known:
        centred = alliance.assign(**{name: alliance[name] - alliance[name].mean() for name in covariates})
        terms = " + ".join(["ally", *covariates, *(f"ally:{name}" for name in covariates)])
        fits = {
            answer: smf.ols(f"{answer} ~ {terms}", centred).fit(cov_type="HC2", use_t=True) for answer in FIVE
        }
        estimates.append(fits["support_strike"].params["ally"])
        p = {answer: fit.pvalues["ally"] for answer, fit in fits.items()}
        for answer in found:
            found[answer] += int(p[answer] < 0.05)
            for family, method in product((FIVE[:2], FIVE), ("holm", "fdr_bh")):
                rejected = multipletests([p[each] for each in family], method=method)[0]
                found[answer] += int(rejected[family.index(answer)])
    assert found == {"threat_n": 20, "support_strike": 16}
    assert np.ptp(estimates) < 0.05 < abs(np.mean(estimates)) / 3


def test_two_roads_carry_more_than_the_whole_and_move_together(alliance: pd.DataFrame) -> None:
    total = smf.ols("support_strike ~ ally", alliance).fit().params["ally"]
    shares = {}
    for road in FIVE[:1] + FIVE[2:]:
        first = smf.ols(f"{road} ~ ally", alliance).fit().params["ally"]
        second = smf.ols(f"support_strike ~ ally + {road}", alliance).fit().params[road]
        shares[road] = first * second / total
    assert shares["threat_n"] + shares["immoral"] > 1
    assert alliance[["threat_n", "immoral"]].corr().iloc[0, 1] < -0.3


def shown(cell_id: str) -> str:
    """What a cell of the executed solution shows as text."""
    path = next((ROOT / "solutions").rglob("10_*.ipynb"))
    notebook: Any = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if cell.id == cell_id)
    texts = [each.get("text", "") or each.get("data", {}).get("text/plain", "") for each in cell.outputs]
    return "\n".join(texts)


def test_the_solution_prints_the_numbers_of_r() -> None:
    for answer in ("threat_n", "support_strike"):
        estimate, error = R[answer][:2]
        assert f"{answer}: {estimate:+.4f}, HC2 error {error:.4f}" in shown("pair")
    for value in (*R["threat_n"][3:], *R["support_strike"][3:], *R["holm_two"], *R["bh_two"]):
        assert f"{value:.4f}" in shown("pair")
    assert "threat_n: p below 0.05 in 20 of 20" in shown("fork-table")
    assert "support_strike: p below 0.05 in 16 of 20" in shown("fork-table")
    assert f"{R['holm_five'][1]:.3f}" in shown("fork-table")


def test_the_model_paragraph_gives_the_numbers_of_r() -> None:
    path = next((ROOT / "solutions").rglob("10_*.ipynb"))
    notebook: Any = nbformat.read(path, as_version=4)
    text = " ".join(next(cell for cell in notebook.cells if cell.id == "answer-10-4").source.split())
    threat, support = (R[answer] for answer in ("threat_n", "support_strike"))
    assert f"{-threat[0]:.2f} fewer of five bad events likely" in text
    assert f"interval {-threat[4]:.2f} to {-threat[3]:.2f} fewer" in text
    assert f"{-support[0]:.2f} points lower" in text
    assert f"({-support[4]:.2f} to {-support[3]:.2f} lower" in text
    assert max(R["holm_six"]) < 0.05 < R["holm_five"][1]
