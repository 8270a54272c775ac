"""Slopes against linearmodels and statsmodels with dummies; differences by hand and by brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from linearmodels.panel import PanelOLS, PooledOLS

from helpers.theory.comparisons import (
    ComparisonError,
    Event,
    difference_in_differences,
    donors,
    gaps,
    permutation,
    slope,
    slopes,
    wide,
)


def panel(seed: int = 1, n_units: int = 12, n_years: int = 9, holes: float = 0.15) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame(
        itertools.product(range(n_units), range(1990, 1990 + n_years)), columns=["unit", "year"]
    )
    level, shock = rng.normal(0, 3, n_units), rng.normal(0, 1, n_years)
    rows["x"] = level[rows["unit"]] + shock[rows["year"] - 1990] + rng.normal(size=len(rows))
    rows["y"] = (
        -0.4 * rows["x"] + 2 * level[rows["unit"]] - shock[rows["year"] - 1990] + rng.normal(size=len(rows))
    )
    return rows[rng.random(len(rows)) > holes].reset_index(drop=True)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("comparison", ["pooled", "within", "two-way"])
def test_slopes_and_errors_are_those_of_linearmodels(seed: int, comparison: str) -> None:
    rows = panel(seed)
    data = rows.set_index(["unit", "year"])
    data["const"] = 1.0
    how = {"cov_type": "clustered", "cluster_entity": True, "debiased": True, "group_debias": True}
    ours = slope(rows, "y", "x", comparison)  # type: ignore[arg-type]
    if comparison == "pooled":
        peer, more = PooledOLS(data["y"], data[["const", "x"]]).fit(**how), 1.0
    else:
        # It counts either all effects or none; ours counts those of the years, which clusters do not absorb.
        n_times = rows["year"].nunique() if comparison == "two-way" else 1
        model = PanelOLS(data["y"], data[["const", "x"]], entity_effects=True, time_effects=n_times > 1)
        peer = model.fit(**how, auto_df=False, count_effects=False)
        more = (len(rows) - 2) / (len(rows) - 1 - n_times)
    assert ours.estimate == pytest.approx(peer.params["x"], abs=1e-9)
    assert ours.std_error == pytest.approx(peer.std_errors["x"] * np.sqrt(more), rel=1e-6)


@pytest.mark.parametrize(
    ("comparison", "formula"),
    [("pooled", "y ~ x"), ("within", "y ~ x + C(unit)"), ("two-way", "y ~ x + C(unit) + C(year)")],
)
def test_slopes_are_those_of_least_squares_with_dummies(comparison: str, formula: str) -> None:
    rows = panel(7)
    peer = smf.ols(formula, rows).fit().params["x"]
    assert slope(rows, "y", "x", comparison).estimate == pytest.approx(peer, abs=1e-9)  # type: ignore[arg-type]


def test_pooled_errors_are_those_of_statsmodels() -> None:
    rows = panel(3)
    peer = smf.ols("y ~ x", rows).fit(cov_type="cluster", cov_kwds={"groups": rows["unit"]})
    assert slope(rows, "y", "x").std_error == pytest.approx(peer.bse["x"], rel=1e-9)


def test_within_can_turn_the_sign_of_pooled() -> None:
    found = slopes(panel(2), "y", "x").set_index("comparison")["estimate"]
    assert found["pooled"] > 0 > found["within"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 500), st.floats(-5, 5), st.floats(0.1, 10))
def test_a_shift_changes_no_slope_and_a_scale_divides_it(seed: int, shift: float, scale: float) -> None:
    rows = panel(seed, n_units=5, n_years=5, holes=0)
    moved = rows.assign(x=rows["x"] * scale + shift, y=rows["y"] - shift)
    for comparison in ("pooled", "within", "two-way"):
        before = slope(rows, "y", "x", comparison).estimate  # type: ignore[arg-type]
        after = slope(moved, "y", "x", comparison).estimate  # type: ignore[arg-type]
        assert after * scale == pytest.approx(before, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.drop(columns="x"), "no column 'x'"),
        (lambda rows: pd.concat([rows, rows.head(1)]), "more than one row"),
        (lambda rows: rows.head(2), "too few"),
        (lambda rows: rows.assign(x=rows["unit"]), "does not vary in the within comparison"),
    ],
)
def test_what_cannot_be_compared_is_said(change, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ComparisonError, match=words):
        slope(change(panel()), "y", "x", "within")


def test_an_unknown_comparison_is_named() -> None:
    with pytest.raises(ComparisonError, match="'between'"):
        slope(panel(), "y", "x", "between")  # type: ignore[arg-type]


# ------------------------------------------------------------------ one withdrawal

YEARS = [1969, 1970, 1971, 1972]
TABLE = pd.DataFrame(
    {
        "HOST": [5.0, 5, 6, 6],
        "A": [4.0, 4, 6, 6],
        "B": [2.0, 2, 2, 2],
        "C": [1.0, 3, 2, 3],
        "D": [np.nan, 3, 3, 3],
    },
    index=YEARS,
)
EVENT = Event("HOST", 1971, before=2, after=2)


def long(table: pd.DataFrame) -> pd.DataFrame:
    melted = table.rename_axis("year").reset_index().melt("year", var_name="unit", value_name="effort")
    return melted.dropna()


def test_the_table_comes_back_from_its_rows() -> None:
    pd.testing.assert_frame_equal(
        wide(long(TABLE), "effort", EVENT),
        TABLE.sort_index(axis=1),
        check_names=False,
        check_column_type=False,
    )


def test_the_difference_is_that_of_four_means() -> None:
    rows = long(TABLE[["HOST", "A", "B"]])
    rows["after"], rows["treated"] = rows["year"] >= 1971, rows["unit"] == "HOST"
    cell = rows.groupby(["treated", "after"])["effort"].mean()
    by_hand = cell[True, True] - cell[True, False] - cell[False, True] + cell[False, False]
    assert difference_in_differences(TABLE, EVENT, ["A", "B"]).estimate == pytest.approx(by_hand)


def test_the_difference_is_the_interaction_of_a_regression() -> None:
    rows = long(TABLE[["HOST", "B", "C"]]).assign(
        after=lambda t: (t["year"] >= 1971).astype(int), treated=lambda t: (t["unit"] == "HOST").astype(int)
    )
    peer = smf.ols("effort ~ after * treated", rows).fit().params["after:treated"]
    assert difference_in_differences(TABLE, EVENT, ["B", "C"]).estimate == pytest.approx(peer)


def test_the_control_turns_the_sign() -> None:
    assert difference_in_differences(TABLE, EVENT, ["A"]).estimate == -1
    assert difference_in_differences(TABLE, EVENT, ["B"]).estimate == 1


def test_gaps_average_to_the_estimate_and_to_nothing_before() -> None:
    path = gaps(TABLE, EVENT, ["A", "C"])
    assert path[path.index >= 1971].mean() == pytest.approx(
        difference_in_differences(TABLE, EVENT, ["A", "C"]).estimate
    )
    assert path[path.index < 1971].mean() == pytest.approx(0)


def test_donors_have_all_figures_unless_fewer_will_do() -> None:
    assert donors(TABLE, EVENT) == ("A", "B", "C")
    assert donors(TABLE, EVENT, at_least=1) == ("A", "B", "C", "D")


def brute_force(table: pd.DataFrame, pool: list[str]) -> dict[str, float]:
    change = {name: table[name][2:].mean() - table[name][:2].mean() for name in ["HOST", *pool]}
    found = {"HOST": change["HOST"] - np.mean([change[name] for name in pool])}
    for name in pool:
        found[name] = change[name] - np.mean([change[other] for other in pool if other != name])
    return found


def test_each_unit_is_compared_with_all_others_but_the_treated() -> None:
    pool = ["A", "B", "C"]
    found = permutation(TABLE, EVENT, pool)
    expected = brute_force(TABLE, pool)
    assert found.estimates.to_dict() == pytest.approx(expected)
    sizes = [abs(value) for value in expected.values()]
    assert found.p_value == np.mean([size >= abs(expected["HOST"]) for size in sizes])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-100, 100))
def test_four_units_never_give_a_p_below_a_quarter(seed: int, effect: float) -> None:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.normal(size=(4, 4)), index=YEARS, columns=["HOST", "A", "B", "C"])
    table.loc[1971:, "HOST"] += effect
    found = permutation(table, EVENT, ["A", "B", "C"])
    assert found.p_value >= 0.25 == found.smallest_p


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Event("HOST", 1971, before=0), "before=0"),
        (lambda: difference_in_differences(TABLE, EVENT, []), "given: none"),
        (lambda: difference_in_differences(TABLE, EVENT, ["HOST"]), "HOST with one or more others"),
        (lambda: difference_in_differences(TABLE, EVENT, ["NOWHERE"]), "no unit 'NOWHERE'"),
        (lambda: difference_in_differences(TABLE, Event("HOST", 1970, 1, 1), ["D"]), "D has no figure"),
        (lambda: permutation(TABLE, EVENT, ["A", "B"]), "three donors"),
        (lambda: wide(long(TABLE), "effort", Event("NOWHERE", 1971)), "'NOWHERE' has no 'effort'"),
        (lambda: wide(long(TABLE), "spending", EVENT), "no column 'spending'"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ComparisonError, match=words):
        call()
