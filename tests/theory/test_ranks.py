"""Rank correlations and what single cases do to them, against scipy, one subset after the other."""

from __future__ import annotations

import csv
from itertools import combinations, permutations
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, mannwhitneyu, spearmanr

from helpers.theory import ranks
from helpers.theory.ranks import leave_one_out, leave_out, permutation_test, rank_correlation

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=5, max_size=11)


def allies_1969() -> pd.DataFrame:
    with (DATASETS / "allies_panel.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (row["unit"], float(row["gnp_usd_mn_current"]), float(row["milex_pct_gdp"]))
            for row in csv.DictReader(file)
            if row["year"] == "1969" and row["nato"] == "1" and row["milex_pct_gdp"] and row["unit"] != "USA"
        ]
    return pd.DataFrame(rows, columns=["unit", "size", "burden"])


@settings(max_examples=200, deadline=None)
@given(pairs)
def test_it_is_what_scipy_gives_ties_included(points: list[tuple[int, int]]) -> None:
    x, y = (list(column) for column in zip(*points, strict=True))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    assert rank_correlation(x, y) == pytest.approx(spearmanr(x, y).statistic, abs=1e-11)


def test_equal_values_have_no_rank_correlation() -> None:
    assert np.isnan(rank_correlation([1, 1, 1], [1, 2, 3]))


@settings(max_examples=40, deadline=None)
@given(pairs, st.integers(1, 3))
def test_every_group_left_out_is_what_scipy_gives_for_the_others(
    points: list[tuple[int, int]], k: int
) -> None:
    table = pd.DataFrame(points, columns=["x", "y"]).assign(who=[f"c{i}" for i in range(len(points))])
    found = leave_out(table, "x", "y", "who", k)
    assert sorted(found["left_out"]) == sorted(combinations(table["who"], k))
    for row in found.itertuples():
        kept = table[~table["who"].isin(row.left_out)]
        if kept["x"].nunique() > 1 and kept["y"].nunique() > 1:
            assert row.without == pytest.approx(spearmanr(kept["x"], kept["y"]).statistic, abs=1e-11)
        else:
            assert np.isnan(row.without)
    assert found["without"].dropna().is_monotonic_increasing


def test_real_allies_one_and_three_at_a_time() -> None:
    table = allies_1969()
    alone = leave_one_out(table, "size", "burden", "unit").set_index("unit")
    whole = spearmanr(table["size"], table["burden"]).statistic
    for unit in table["unit"]:
        kept = table[table["unit"] != unit]
        expected = spearmanr(kept["size"], kept["burden"]).statistic
        assert alone.loc[unit, "without"] == pytest.approx(expected)
        assert alone.loc[unit, "change"] == pytest.approx(expected - whole)
    assert alone["change"].abs().is_monotonic_decreasing
    trios = {
        frozenset(row.left_out): row.without
        for row in leave_out(table, "size", "burden", "unit", 3).itertuples()
    }
    assert len(trios) == 286
    for trio in combinations(table["unit"], 3):
        kept = table[~table["unit"].isin(trio)]
        assert trios[frozenset(trio)] == pytest.approx(spearmanr(kept["size"], kept["burden"]).statistic)


def test_it_is_not_another_coefficient() -> None:
    table = allies_1969()
    assert rank_correlation(table["size"], table["burden"]) != pytest.approx(
        kendalltau(table["size"], table["burden"]).statistic, abs=1e-3
    )
    assert rank_correlation(table["size"], table["burden"]) != pytest.approx(
        np.corrcoef(table["size"], table["burden"])[0, 1], abs=1e-3
    )


def test_portions_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = leave_out(allies_1969(), "size", "burden", "unit", 3)
    monkeypatch.setattr(ranks, "AT_ONCE", 7)
    pd.testing.assert_frame_equal(leave_out(allies_1969(), "size", "burden", "unit", 3), whole)


def test_rows_with_a_missing_value_are_left_out() -> None:
    table = allies_1969()
    more = pd.concat([table, pd.DataFrame({"unit": ["ISL"], "size": [np.nan], "burden": [0.0]})])
    pd.testing.assert_frame_equal(
        leave_one_out(more, "size", "burden", "unit"), leave_one_out(table, "size", "burden", "unit")
    )


def test_what_cannot_be_is_named() -> None:
    table = allies_1969()
    with pytest.raises(ValueError, match="no column 'height'; it has: unit, size, burden"):
        leave_one_out(table, "height", "burden", "unit")
    with pytest.raises(ValueError, match="k=12 of 13 cases"):
        leave_out(table, "size", "burden", "unit", 12)
    with pytest.raises(ValueError, match="k=0 of 13 cases"):
        leave_out(table, "size", "burden", "unit", 0)
    big = pd.DataFrame({"x": range(60), "y": range(60), "who": range(60)})
    with pytest.raises(ValueError, match="groups; take a smaller k"):
        leave_out(big, "x", "y", "who", 10)
    with pytest.raises(ValueError, match="2 cases with both"):
        leave_one_out(table.head(2), "size", "burden", "unit")
    with pytest.raises(ValueError, match="missing values"):
        rank_correlation([1, np.nan], [1, 2])
    with pytest.raises(ValueError, match="equal length"):
        rank_correlation([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="two cases or more; there are 1"):
        rank_correlation([1], [1])


def every_deal(x: list[int], y: list[int]) -> tuple[float, int]:
    """Share of distinct orders of y that go as far with x, by scipy and one order after the other."""
    orders = set(permutations(y))
    seen = abs(spearmanr(x, y).statistic)
    return sum(abs(spearmanr(x, order).statistic) >= seen - 1e-9 for order in orders) / len(orders), len(
        orders
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=4, max_size=6))
def test_an_exact_test_is_that_of_listing_every_order(points: list[tuple[int, int]]) -> None:
    x, y = (list(column) for column in zip(*points, strict=True))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    p, n_orders = every_deal(x, y)
    found = permutation_test(x, y)
    assert (found.method, found.n_assignments, found.n_looked_at) == ("exact", n_orders, n_orders)
    assert found.p_value == pytest.approx(p)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=5, max_size=10))
def test_two_values_are_tested_by_every_group_of_that_size(points: list[tuple[int, bool]]) -> None:
    x, y = (np.array(column) for column in zip(*points, strict=True))
    assume(len(set(x)) > 1 and len(set(y)) > 1)
    groups = [np.isin(np.arange(len(y)), group) for group in combinations(range(len(y)), int(y.sum()))]
    sizes = np.array([abs(spearmanr(x, group).statistic) for group in groups])
    found = permutation_test(x, y.astype(float))
    assert found.n_assignments == comb(len(y), int(y.sum())) == len(groups)
    assert found.p_value == pytest.approx((sizes >= abs(spearmanr(x, y).statistic) - 1e-9).mean())


def test_two_values_without_ties_give_the_exact_rank_sum_test_of_scipy() -> None:
    x = np.random.Generator(np.random.PCG64(3)).random(40)
    y = (np.arange(40) % 3 == 0).astype(float)
    right = mannwhitneyu(x[y == 1], x[y == 0], method="exact").pvalue
    assert permutation_test(x, y).p_value == pytest.approx(right, rel=1e-9)


def test_random_deals_come_within_three_errors_of_the_exact_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = [1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 3, 3, 7, 9]
    exact = permutation_test(x, y)
    monkeypatch.setattr(ranks, "MOST_LISTED", 10)
    drawn = permutation_test(x, y, n_draws=40_000)
    assert (exact.method, drawn.method, drawn.n_looked_at) == ("exact", "Monte Carlo", 40_000)
    assert drawn.n_assignments == exact.n_assignments == 2520
    error = (exact.p_value * (1 - exact.p_value) / 40_000) ** 0.5
    assert abs(drawn.p_value - exact.p_value) < 3 * error
    assert drawn == permutation_test(x, y, n_draws=40_000)


def test_random_deals_never_give_a_p_of_zero() -> None:
    x = np.arange(30)
    assert permutation_test(x, x, n_draws=99).p_value == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("x", "y", "draws", "message"),
    [
        ([1, 2], [1, 2], 0, "n_draws=0 must be"),
        ([1, 2, 3], [4, 4, 4], 9, "All values of y are equal \\(4\\)"),
        ([5, 5, 5], [1, 2, 3], 9, "All values of x are equal"),
        ([1, 2, 3], [1, 2], 9, "equal length"),
        ([1, 2, np.nan], [1, 2, 3], 9, "missing values"),
    ],
)
def test_what_cannot_be_tested_is_named(x: list[float], y: list[float], draws: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        permutation_test(x, y, n_draws=draws)


def test_a_test_says_whether_it_looked_at_all_assignments() -> None:
    exact = permutation_test([1, 2, 3, 4], [1, 1, 0, 0])
    assert "exact, all 6 distinct assignments" in repr(exact)
    assert "Monte Carlo, 50 random deals of 3,628,800" in repr(
        permutation_test(range(10), range(10), n_draws=50)
    )
    assert exact.to_frame().loc[0, "n_assignments"] == 6
