"""The alliance dilemma against a search and an optimiser that know nothing of the formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from helpers.theory.alliance_dilemma import Fears

losses = st.floats(0.1, 50)


@given(losses, losses, st.floats(0, 1))
def test_an_optimiser_finds_the_same_tightness(abandonment: float, entrapment: float, p: float) -> None:
    fears = Fears(abandonment, entrapment, p)
    expected = minimize_scalar(
        lambda t: p * abandonment * (1 - t) ** 2 + (1 - p) * entrapment * t**2,
        bounds=(0, 1),
        method="bounded",
    )
    assert fears.least_expected_loss == pytest.approx(expected.x, abs=1e-4)


@given(losses, losses)
def test_no_tightness_has_less_regret(abandonment: float, entrapment: float) -> None:
    fears = Fears(abandonment, entrapment)
    tried = np.linspace(0, 1, 2001)
    regret = np.maximum(abandonment * (1 - tried) ** 2, entrapment * tried**2)
    assert fears.least_regret == pytest.approx(tried[regret.argmin()], abs=6e-4)
    assert fears.greatest_regret(fears.least_regret) <= regret.min() + 1e-9


def test_regret_is_loss_over_the_best_choice_with_hindsight() -> None:
    fears, tried = Fears(5, 3), np.linspace(0, 1, 101)
    for t in (0.0, 0.3, 1.0):
        regrets = [
            loss(t) - min(loss(each) for each in tried)
            for loss in (fears.loss_if_abandoned, fears.loss_if_entrapped)
        ]
        assert fears.greatest_regret(t) == pytest.approx(max(regrets))


def test_the_two_rules_agree_only_when_fears_are_alike() -> None:
    alike, unlike = Fears(4, 4), Fears(9, 1)
    assert alike.least_expected_loss == alike.least_regret == 0.5
    assert (unlike.least_expected_loss, unlike.least_regret) == (0.9, 0.75)


def test_certainty_goes_to_an_extreme_for_one_rule_only() -> None:
    assert Fears(1, 9, p_abandon=1).least_expected_loss == 1
    assert Fears(1, 9, p_abandon=1).least_regret == 0.25


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"abandonment": 0, "entrapment": 1}, "abandonment=0 must be above 0"),
        ({"abandonment": 1, "entrapment": -2}, "entrapment=-2 must be above 0"),
        ({"abandonment": 1, "entrapment": 1, "p_abandon": 2}, "p_abandon=2 must lie from 0 to 1"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Fears(**parameters)
