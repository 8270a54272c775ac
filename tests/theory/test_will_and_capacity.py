"""Will and capacity, counted again world by world, and its regions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.theory.will_and_capacity import REGIONS, War, change, region_map

wars = st.builds(
    War,
    distance=st.floats(0, 1),
    likelihood_ratio=st.floats(0.05, 20),
    war=st.floats(0, 2),
    stake=st.floats(0, 1),
    prior=st.floats(0.01, 0.99),
    forces=st.floats(0.1, 2),
    need=st.floats(0.1, 3),
)


def counted(
    prior: Fraction, fights: tuple[Fraction, Fraction], left: Fraction, need: int, stake: Fraction
) -> Fraction:
    """Chance of safety among all worlds with a war: type of guardian, need (1 to `need`), outcome of the war."""
    safe = whole = Fraction(0)
    for willing, most, removed in product((True, False), range(1, need + 1), (True, False)):
        weight = (prior if willing else 1 - prior) * fights[0 if willing else 1] / need
        weight *= stake if removed else 1 - stake
        whole += weight
        safe += weight * (removed or (willing and most <= left))
    return safe / whole


@pytest.mark.parametrize("prior", [Fraction(1, 5), Fraction(1, 2), Fraction(4, 5)])
@pytest.mark.parametrize(
    "fights",
    [(Fraction(3, 4), Fraction(1, 4)), (Fraction(1, 4), Fraction(1, 2)), (Fraction(1, 2), Fraction(1, 2))],
)
@pytest.mark.parametrize("away", [0, 3, 7, 12])
@pytest.mark.parametrize("stake", [Fraction(0), Fraction(1, 3)])
def test_counting_worlds_gives_the_same_safety(
    prior: Fraction, fights: tuple[Fraction, Fraction], away: int, stake: Fraction
) -> None:
    forces, need = 8, 10
    war = War(1.0, float(fights[0] / fights[1]), away, float(stake), float(prior), forces, need)
    assert war.safe == pytest.approx(
        float(counted(prior, fights, Fraction(max(0, forces - away)), need, stake))
    )
    assert war.safe_before == pytest.approx(
        float(counted(prior, (Fraction(1), Fraction(1)), Fraction(forces), need, Fraction(0)))
    )


@given(wars)
def test_beliefs_are_probabilities_and_parts_add_up(war: War) -> None:
    for value in (war.willing, war.able, war.safe, war.safe_before):
        assert 0 <= value <= 1
    parts = change(war)
    assert parts.total == pytest.approx(war.safe - war.safe_before, abs=1e-12)
    assert parts.capacity <= 0 <= parts.stake


@given(wars, st.floats(0, 1), st.floats(0, 1))
def test_odds_multiply(war: War, first: float, second: float) -> None:
    """A war at distance a + b moves the odds as a war at a and then one at b."""
    a, b = first / 2, second / 2
    once = replace(war, distance=a + b).willing
    between = replace(war, distance=a).willing
    twice = replace(war, distance=b, prior=min(max(between, 1e-12), 1 - 1e-12)).willing
    assert once == pytest.approx(twice, abs=1e-9)


@given(wars)
def test_a_war_next_door_tells_nothing_and_takes_nothing(war: War) -> None:
    near = change(replace(war, distance=0.0))
    assert (near.will, near.capacity) == pytest.approx((0, 0), abs=1e-12)


@given(wars)
def test_more_will_never_hurts_and_a_larger_war_never_helps(war: War) -> None:
    assert change(replace(war, likelihood_ratio=war.likelihood_ratio * 2)).total >= change(war).total - 1e-12
    assert change(replace(war, war=war.war + 0.3)).total <= change(war).total + 1e-12


def test_both_theories_are_regions_of_one_map() -> None:
    sizes, ratios = np.linspace(0.06, 1, 20), np.geomspace(0.25, 8, 21)
    regions = region_map(War(), ("war", sizes), ("likelihood_ratio", ratios))
    assert regions.shape == (21, 20)
    assert {"will", "doubt"} == set(regions.ravel())
    # prior 1/2 and forces equal to the need: reassured if 2 r / (1 + r) * (1 - war) > 1
    for i, j in product(range(21), range(20)):
        assert (regions[i, j] == "will") == (2 * ratios[i] / (1 + ratios[i]) * (1 - sizes[j]) > 1)


def test_an_own_stake_makes_a_region_of_its_own() -> None:
    regions = region_map(
        War(likelihood_ratio=1.0), ("distance", [0.0, 0.5, 1.0]), ("stake", [0.0, 0.25, 0.6])
    )
    assert regions.tolist() == [
        ["unmoved", "doubt", "doubt"],
        ["stake", "stake", "doubt"],
        ["stake", "stake", "stake"],
    ]
    assert set(regions.ravel()) <= set(REGIONS)


def test_fighting_elsewhere_can_lower_the_belief_in_will_and_in_capacity() -> None:
    parts = change(War(likelihood_ratio=0.5, war=0.3))
    assert parts.will < 0
    assert parts.capacity < 0
    assert parts.region == "doubt"


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"distance": 2}, "distance=2 must lie from 0 to 1"),
        ({"stake": -1}, "stake=-1 must lie from 0 to 1"),
        ({"prior": 0}, "prior=0 must lie between"),
        ({"likelihood_ratio": 0}, "likelihood_ratio=0 must be above 0"),
        ({"war": -0.1}, "war=-0.1 must be 0 or more"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        War(**parameters)


def test_a_map_names_two_fields() -> None:
    with pytest.raises(ValueError, match="A war has no 'far'"):
        region_map(War(), ("far", [0]), ("war", [0]))
    with pytest.raises(ValueError, match="both 'war'"):
        region_map(War(), ("war", [0]), ("war", [0]))
