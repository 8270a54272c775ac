"""Burden sharing against cases worked by hand, a grid of choices, scipy's minimiser, and what must always hold."""

from __future__ import annotations

import math
from itertools import chain, combinations, pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize_scalar

from helpers.theory.burden_sharing import (
    Ally,
    best_response,
    equilibrium,
    equilibrium_in_turns,
    free_ride_from,
    transfer,
)

incomes = st.floats(1, 1000)
tastes = st.floats(0.02, 0.6)
shares = st.floats(0, 1)
worlds = st.lists(st.tuples(incomes, tastes), min_size=1, max_size=6)


def allies(*pairs: tuple[float, float]) -> list[Ally]:
    return [Ally(f"A{place}", income, taste) for place, (income, taste) in enumerate(pairs)]


def utility(income: float, taste: float, bought: float, spill_in: float) -> float:
    return (1 - taste) * math.log(income - bought) + taste * math.log(bought + spill_in)


@pytest.mark.parametrize(
    ("income", "taste", "spill"), [(100, 0.05, 0), (100, 0.05, 3), (40, 0.3, 50), (7, 0.5, 1)]
)
def test_a_best_response_is_where_a_minimiser_finds_the_most_utility(
    income: float, taste: float, spill: float
) -> None:
    found = minimize_scalar(
        lambda bought: -utility(income, taste, bought, spill),
        bounds=(1e-9, income - 1e-9),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert best_response(Ally("A", income, taste), spill) == pytest.approx(found.x, abs=1e-4)


def test_alone_an_ally_spends_its_taste() -> None:
    assert equilibrium(allies((200, 0.04))).defence == pytest.approx((8.0,))


def test_two_contributors_worked_by_hand() -> None:
    # g1 = .5 * (60 + g2) - g2 = 30 - g2/2 and g2 = .5 * (48 + g1) - g1 = 24 - g1/2: g1 = 24, g2 = 12.
    found = equilibrium(allies((60, 0.5), (48, 0.5)))
    assert found.defence == pytest.approx((24.0, 12.0))
    assert found.burden == pytest.approx((40.0, 25.0))
    assert found.spill_in == pytest.approx((12.0, 24.0))


def test_a_corner_worked_by_hand() -> None:
    # The large one alone buys 9. The small one would buy .1 * (10 + 9) - 9 < 0, hence nothing.
    found = equilibrium(allies((90, 0.1), (10, 0.1)))
    assert found.defence == pytest.approx((9.0, 0.0))
    assert found.contributors == ("A0",)
    assert repr(found) == "1 of 2 allies buy defence (A0): 9.00 billion."


def test_an_impure_good_worked_by_hand() -> None:
    # Half of what the other buys arrives: g = .5 * (60 + g/2) - g/2 for equals, so g = 30 - g/4 = 24.
    found = equilibrium(allies((60, 0.5), (60, 0.5)), impure=0.5)
    assert found.defence == pytest.approx((24.0, 24.0))
    assert found.spill_in == pytest.approx((12.0, 12.0))


def test_a_private_good_is_bought_as_if_alone() -> None:
    found = equilibrium(allies((60, 0.5), (48, 0.25), (3, 0.1)), impure=1)
    assert found.defence == pytest.approx((30.0, 12.0, 0.3))


def test_a_deployment_worked_by_hand() -> None:
    # One contributor: .1 * (90 + 4) - 4 = 5.4 beside the 4 deployed. Of each billion deployed, 0.9 is taken back.
    found = equilibrium(allies((90, 0.1), (10, 0.1)), deployment=4)
    assert found.defence == pytest.approx((5.4, 0.0))
    assert found.total == pytest.approx(9.4)
    assert equilibrium(allies((90, 0.1), (10, 0.1)), deployment=10).contributors == ()


def test_a_deployment_in_one_host_reaches_the_others_less_the_impure_share() -> None:
    # Private good: only the host sees the 4 deployed. .5 * (60 + 4) - 4 = 28 and .5 * 60 = 30.
    found = equilibrium(allies((60, 0.5), (60, 0.5)), deployment=4, impure=1, host="A0")
    assert found.defence == pytest.approx((28.0, 30.0))
    # With no host it is nobody's own: of a private good, nothing arrives.
    assert equilibrium(allies((60, 0.5), (60, 0.5)), deployment=4, impure=1).defence == pytest.approx(
        (30, 30)
    )
    half = equilibrium(allies((60, 0.5), (60, 0.5)), deployment=4, impure=0.5, host="A1")
    assert half.spill_in == pytest.approx((half.defence[1] / 2 + 2, half.defence[0] / 2 + 4))


def by_every_set_of_buyers(
    members: list[Ally], deployment: float, impure: float, host: str | None
) -> list[Any]:
    """All equilibria, found by solving the linear equations of every set of contributors. Without our functions."""
    n, w, found = len(members), 1 - impure, []
    income = np.array([ally.income for ally in members])
    taste = np.array([ally.taste for ally in members])
    reach = np.array([deployment if ally.name == host else w * deployment for ally in members])
    for buyers in chain.from_iterable(combinations(range(n), size) for size in range(n + 1)):
        at, bought = list(buyers), np.zeros(n)
        if at:
            left = np.full((len(at), len(at)), w) * (1 - taste[at])[:, None]
            np.fill_diagonal(left, 1.0)
            bought[at] = np.linalg.solve(left, taste[at] * income[at] - (1 - taste[at]) * reach[at])
        spill = w * (bought.sum() - bought) + reach
        wish = taste * (income + spill) - spill
        if (bought[at] > 0).all() and all(wish[i] <= 1e-9 for i in range(n) if i not in at):
            found.append(bought)
    return found


@settings(max_examples=150, deadline=None)
@given(worlds, st.floats(0, 60), shares, st.booleans())
def test_direct_solution_fixed_point_and_every_set_of_buyers_agree(
    pairs: list[tuple[float, float]], deployment: float, impure: float, hosted: bool
) -> None:
    members, host = allies(*pairs), "A0" if hosted else None
    direct = equilibrium(members, deployment, impure, host)
    in_turns = equilibrium_in_turns(members, deployment, impure, host)
    scale = sum(ally.income for ally in members)
    assert direct.defence == pytest.approx(in_turns.defence, abs=1e-8 * scale)
    others = by_every_set_of_buyers(members, deployment, impure, host)
    assert others
    for other in others:  # more than one only where somebody is exactly indifferent, and then they coincide
        assert direct.defence == pytest.approx(other, abs=1e-8 * scale)


@settings(max_examples=60, deadline=None)
@given(worlds, st.floats(0, 60))
def test_the_sum_is_the_root_that_scipy_finds(pairs: list[tuple[float, float]], deployment: float) -> None:
    def excess(total: float) -> float:
        # Who contributes to a pure good spends income less total * (1 - taste) / taste.
        return total - deployment - sum(max(0.0, m - total * (1 - a) / a) for m, a in pairs)

    top = sum(m for m, _ in pairs) + deployment + 1
    root = brentq(excess, 0, top, xtol=1e-12)
    assert equilibrium(allies(*pairs), deployment).total == pytest.approx(root, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(worlds, st.floats(0, 60), shares)
def test_nobody_gains_by_another_choice(
    pairs: list[tuple[float, float]], deployment: float, impure: float
) -> None:
    found = equilibrium(allies(*pairs), deployment, impure)
    for (income, taste), bought, spill in zip(pairs, found.defence, found.spill_in, strict=True):
        if bought + spill == 0:
            continue
        here = utility(income, taste, bought, spill)
        for other in np.linspace(0.001, 0.999, 60) * income:
            assert utility(income, taste, float(other), spill) <= here + 1e-9


@given(incomes, tastes, st.floats(0, 500), st.floats(0, 500))
def test_a_contribution_never_rises_with_spill_in(
    income: float, taste: float, one: float, other: float
) -> None:
    ally = Ally("A", income, taste)
    low, high = sorted((one, other))
    assert best_response(ally, high) <= best_response(ally, low) + 1e-12


@given(incomes, tastes)
def test_free_riding_starts_where_it_is_said(income: float, taste: float) -> None:
    ally = Ally("A", income, taste)
    corner = free_ride_from(ally)
    assert best_response(ally, corner * 1.0001) == 0
    assert best_response(ally, corner * 0.999) > 0


@settings(max_examples=80, deadline=None)
@given(worlds, st.floats(0, 40), st.floats(0.1, 40))
def test_a_deployment_lowers_the_allies_sum_and_never_the_total(
    pairs: list[tuple[float, float]], deployment: float, more: float
) -> None:
    before, after = equilibrium(allies(*pairs), deployment), equilibrium(allies(*pairs), deployment + more)
    assert after.bought <= before.bought + 1e-9
    assert after.total >= before.total - 1e-9


@settings(max_examples=80, deadline=None)
@given(st.floats(50, 500), st.floats(50, 500), st.floats(0.1, 0.5), st.floats(-0.2, 0.2))
def test_income_moved_between_contributors_changes_no_sum(
    one: float, other: float, taste: float, share: float
) -> None:
    members = [*allies((one, taste), (other, taste)), Ally("Small", 1, taste)]
    moved = transfer(members, "A0", "A1", share * min(one, other))
    before, after = equilibrium(members), equilibrium(moved)
    if {"A0", "A1"} <= set(before.contributors) & set(after.contributors):
        assert after.bought == pytest.approx(before.bought)
        left = [m.income - g for m, g in zip(before.allies, before.defence, strict=True)]
        kept = [m.income - g for m, g in zip(after.allies, after.defence, strict=True)]
        assert kept == pytest.approx(left)


def test_neutrality_worked_by_hand_and_its_limits() -> None:
    members = allies((60, 0.5), (48, 0.5))
    assert equilibrium(members).bought == equilibrium(transfer(members, "A0", "A1", 6)).bought == 36
    corner = allies((90, 0.1), (10, 0.1))
    assert equilibrium(transfer(corner, "A1", "A0", 5)).bought == pytest.approx(9.5)
    impure = equilibrium(allies((60, 0.5), (20, 0.2)), impure=0.5).bought
    assert equilibrium(
        transfer(allies((60, 0.5), (20, 0.2)), "A0", "A1", 6), impure=0.5
    ).bought != pytest.approx(impure)


@settings(max_examples=80, deadline=None)
@given(st.lists(incomes, min_size=2, max_size=6), tastes, shares)
def test_with_one_taste_the_smaller_never_pay_the_larger_share(
    sizes: list[float], taste: float, impure: float
) -> None:
    members = allies(*((size, taste) for size in sorted(sizes)))
    burdens = equilibrium(members, impure=impure).burden
    assert all(low <= high + 1e-9 for low, high in pairwise(burdens))


def test_the_table_adds_up() -> None:
    table = equilibrium(allies((60, 0.5), (48, 0.5), (1, 0.1))).to_frame()
    assert table["share_of_income"].sum() == pytest.approx(1)
    assert table["share_of_defence"].sum() == pytest.approx(1)
    assert table["burden"].tolist() == pytest.approx([40, 25, 0])
    nobody = equilibrium(allies((1, 0.1)), deployment=50).to_frame()
    assert nobody["share_of_defence"].isna().all()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Ally("A", 0, 0.1), "A: income=0 must be positive"),
        (lambda: Ally("A", 1, 1.0), "A: taste=1.0 must lie between 0 and 1"),
        (lambda: Ally("A", 1, 5), "0.05 is 5 per cent"),
        (lambda: best_response(Ally("A", 1, 0.1), -1), "spill_in=-1 is negative"),
        (lambda: best_response(Ally("A", 1, 0.1), math.nan), "spill_in=nan"),
        (lambda: equilibrium([]), "allies is empty"),
        (lambda: equilibrium([Ally("A", 1, 0.1)] * 2), "Two allies are called 'A'"),
        (lambda: equilibrium(allies((1, 0.1)), deployment=-2), "deployment=-2"),
        (lambda: equilibrium(allies((1, 0.1)), impure=1.2), "impure=1.2 is not a share"),
        (lambda: equilibrium(allies((1, 0.1)), host="B"), "No ally is called 'B'; there are: A0"),
        (lambda: transfer(allies((1, 0.1)), "A0", "B", 1), "No ally is called 'B'"),
        (lambda: transfer(allies((1, 0.1), (2, 0.1)), "A0", "A0", 1), "both 'A0'"),
        (lambda: transfer(allies((1, 0.1), (2, 0.1)), "A0", "A1", 1), "A0: income=0"),
    ],
)
def test_what_cannot_be_is_named(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
