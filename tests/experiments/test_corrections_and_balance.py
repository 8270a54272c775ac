"""Corrections against R and by hand; the omnibus test against R's coin and against reshuffling; attrition by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.experiments.attrition import bounds, by_attention, complete_cases, missing_by_arm
from helpers.experiments.balance import balance_table, omnibus_test
from helpers.experiments.corrections import adjusted, with_corrections
from helpers.experiments.effects import difference_in_means, effects
from helpers.experiments.results import ExperimentError

R = dict[str, list[float]]
P_VALUES = [0.001, 0.009, 0.02, 0.021, 0.04, 0.3, 0.9]


def test_corrections_are_those_of_r(from_r: R) -> None:
    assert adjusted(P_VALUES, "holm").tolist() == pytest.approx(from_r["holm"])
    assert adjusted(P_VALUES, "benjamini-hochberg").tolist() == pytest.approx(from_r["benjamini_hochberg"])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_corrections_follow_their_definitions(p_values: list[float]) -> None:
    m = len(p_values)
    for place, p in enumerate(p_values):
        smaller = [q for q in p_values if q <= p]
        holm = max(min(1.0, (m - sorted(p_values).index(q)) * q) for q in smaller)
        ranks = sorted(p_values)
        hochberg = min(min(1.0, q * m / (m - ranks[::-1].index(q))) for q in p_values if q >= p)
        assert adjusted(p_values, "holm").iloc[place] == pytest.approx(holm)
        assert adjusted(p_values, "benjamini-hochberg").iloc[place] == pytest.approx(hochberg)


def test_a_correction_keeps_the_chance_of_any_false_find() -> None:
    rng = np.random.default_rng(3)
    families = rng.random((4000, 8))
    any_raw = (families < 0.05).any(axis=1).mean()
    any_holm = np.mean([adjusted(list(row), "holm").lt(0.05).any() for row in families[:1000]])
    assert any_raw > 0.3
    assert any_holm < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1000)


def test_a_table_gets_both_corrections(answers: pd.DataFrame) -> None:
    table = with_corrections(effects(answers, ["need", "money"], ["withdrawn", "deployed"]))
    assert (table["p_holm"] >= table["p_bh"]).all()
    assert (table["p_bh"] >= table["p_value"]).all()


@pytest.mark.parametrize(
    ("p_values", "correction", "words"),
    [
        ([0.1], "bonferoni", "no correction"),
        ([1.2], "holm", "has 1.2"),
        ([], "holm", "an empty list"),
        ([np.nan], "holm", "nan"),
    ],
)
def test_odd_families_are_said(p_values: list[float], correction: str, words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        adjusted(p_values, correction)  # type: ignore[arg-type]


# ------------------------------------------------------------------ balance


@pytest.mark.parametrize(
    ("arms", "name"), [(["unchanged", "withdrawn"], "omnibus_two"), (None, "omnibus_three")]
)
def test_the_omnibus_test_is_that_of_coin(
    answers: pd.DataFrame, from_r: R, arms: list[str] | None, name: str
) -> None:
    chosen = answers[answers["arm"].isin(arms)] if arms else answers
    ours = omnibus_test(chosen, ["age", "trust"])
    assert [ours.statistic, ours.p_value] == pytest.approx(from_r[name], rel=1e-6)


def test_words_count_as_many_columns_and_nothing_counts_twice(answers: pd.DataFrame) -> None:
    assert omnibus_test(answers, ["region"]).df == 4
    doubled = answers.assign(again=answers["age"] * 2)
    once, twice = omnibus_test(doubled, ["age"]), omnibus_test(doubled, ["age", "again"])
    assert (twice.df, twice.statistic) == (once.df, pytest.approx(once.statistic))


def test_a_broken_randomiser_is_found_and_a_sound_one_is_not(answers: pd.DataFrame) -> None:
    rng = np.random.default_rng(1)
    sound = [
        omnibus_test(answers.assign(arm=rng.permutation(answers["arm"])), ["age", "trust"]).p_value
        for _ in range(300)
    ]
    assert 0.01 < np.mean(np.array(sound) < 0.05) < 0.1
    broken = answers.sort_values("age").assign(arm=np.sort(answers["arm"]))
    assert omnibus_test(broken, ["age", "trust"]).p_value < 1e-6


def test_the_balance_table_is_made_of_means(answers: pd.DataFrame) -> None:
    table = balance_table(answers, ["age", "region"], "withdrawn").set_index("covariate")
    in_arm, out = (answers[answers["arm"] == name] for name in ("withdrawn", "unchanged"))
    age = table.loc["age"]
    assert age["difference"] == pytest.approx(in_arm["age"].mean() - out["age"].mean())
    spread = np.sqrt((in_arm["age"].var() + out["age"].var()) / 2)
    assert age["standardised"] == pytest.approx(age["difference"] / spread)
    assert table.loc["region_north", "arm"] == pytest.approx((in_arm["region"] == "north").mean())


# ------------------------------------------------------------------ who is missing

GONE = pd.DataFrame(
    {
        "arm": ["unchanged"] * 5 + ["withdrawn"] * 5,
        "need": [3, 3, 4, 4, np.nan, 4, 4, 5, np.nan, np.nan],
        "passed": [1, 1, 1, 0, 0, 1, 1, 1, 1, 0],
    }
)


def test_missing_answers_are_counted_by_arm() -> None:
    table = missing_by_arm(GONE, "need").set_index("arm")
    assert table["missing"].to_dict() == {"unchanged": 0.2, "withdrawn": 0.4}
    assert table.loc["withdrawn", "difference"] == pytest.approx(0.2)
    nobody = missing_by_arm(GONE.dropna(), "need").set_index("arm")
    assert nobody["missing"].eq(0).all()
    assert nobody["p_value"].isna().all()


def test_bounds_hold_every_way_to_fill_the_holes() -> None:
    found = bounds(GONE, "need", "withdrawn", scale=(1, 5))
    effects_possible = [
        difference_in_means(filled(a, b, c), "need", "withdrawn").estimate
        for a in range(1, 6) for b in range(1, 6) for c in range(1, 6)
    ]  # fmt: skip
    assert (found.low, found.high) == pytest.approx((min(effects_possible), max(effects_possible)))


def filled(*values: float) -> pd.DataFrame:
    whole = GONE.copy()
    whole.loc[whole["need"].isna(), "need"] = values
    return whole


def test_a_check_after_treatment_carries_a_warning() -> None:
    after = by_attention(GONE, "need", "withdrawn", check="passed", before_treatment=False)
    before = by_attention(GONE, "need", "withdrawn", check="passed", before_treatment=True)
    assert "came after the treatment" in repr(after)
    assert not before.warning
    assert after.pass_rates == {"unchanged": 0.6, "withdrawn": 0.8}
    assert after.passed.n_reference == 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bounds(GONE, "need", "withdrawn", scale=(5, 1)), "must run from its lowest"),
        (lambda: omnibus_test(GONE[GONE["arm"] == "unchanged"], ["passed"]), "one arm only"),
        (lambda: balance_table(GONE, ["passed"], "deployed"), "arm 'deployed'"),
        (
            lambda: by_attention(
                GONE.assign(passed=0), "need", "withdrawn", check="passed", before_treatment=True
            ),
            "Nobody",
        ),
        (lambda: complete_cases(GONE.assign(need=np.nan), ["need"]), "No respondent answered all"),
        (lambda: with_corrections(GONE), "no column 'p_value'"),
    ],
)
def test_what_cannot_be_examined_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words):
        call()
