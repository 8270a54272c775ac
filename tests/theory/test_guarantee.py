"""The guarantee game, solved again by going through all strategies with exact fractions, without our functions.

A profile is (x, y, s1, s0): how often the resolved and the unresolved send the signal, and how often the ally stays
after the signal and after silence. For a choice of who mixes, all conditions of a perfect Bayesian equilibrium are
linear: those on the ally's beliefs in x and y, those on the guardian's gains in s1 and s0. So the equilibria of each
choice are two polygons, whose corners are found by intersecting lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, count, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.theory import guarantee as theory

ZERO, ONE = Fraction(0), Fraction(1)
Line = tuple[Fraction, Fraction, Fraction]  # a * first + b * second + c
Corners = list[tuple[Fraction, Fraction]]
PURE, MIXED = (ZERO, ONE), None


class Setting:
    """Parameters as fractions; `m` is the belief that makes the ally indifferent."""

    def __init__(
        self, p: Fraction, m: Fraction, high: Fraction, low: Fraction, k: Fraction, signal: str
    ) -> None:
        self.p, self.m, self.high, self.low, self.k, self.signal = p, m, high, low, k, signal
        self.price = (ZERO if signal == "tied" else k, k)

    def __str__(self) -> str:
        return f"{self.signal} p={self.p} m={self.m} high={self.high} low={self.low} k={self.k}"

    @property
    def game(self) -> theory.Guarantee:
        hedge = float((1 - self.m**2) / 2)
        return theory.Guarantee(
            float(self.p), float(self.high), float(self.low), float(self.k), self.signal, hedge
        )


def corners(equal: list[Line], at_least: list[Line]) -> Corners:
    """Corners of the part of the unit square where lines of `equal` are 0 and those of `at_least` not below."""
    square: list[Line] = [(ONE, ZERO, ZERO), (-ONE, ZERO, ONE), (ZERO, ONE, ZERO), (ZERO, -ONE, ONE)]
    bounds, found = square + at_least, set()
    pairs = product(equal[:1], equal[1:] + bounds) if equal else combinations(bounds, 2)
    for (a, b, c), (d, e, f) in pairs:
        det = a * e - b * d
        if det:
            x, y = (b * f - c * e) / det, (c * d - a * f) / det
            if all(r * x + s * y + t >= 0 for r, s, t in bounds) and not any(
                r * x + s * y + t for r, s, t in equal
            ):
                found.add((x, y))
    return sorted(found)


def pinned(choice: Fraction | None, first: bool) -> list[Line]:
    """The line that fixes a pure probability."""
    if choice is None:
        return []
    return [(ONE, ZERO, -choice) if first else (ZERO, ONE, -choice)]


def strictly_mixed(points: Corners, choices: tuple[Fraction | None, Fraction | None]) -> bool:
    """Whether a point inside the polygon mixes where it should: the mean of its corners does if any point does."""
    if not points:
        return False
    middle = [sum((point[i] for point in points), ZERO) / len(points) for i in (0, 1)]
    return all(choice is not None or 0 < middle[i] < 1 for i, choice in enumerate(choices))


def guardian_polygon(
    s: Setting, types: tuple[Fraction | None, Fraction | None], ally: tuple[Fraction | None, Fraction | None]
) -> Corners:
    """All (x, y) for which the ally's choices are best, given what it can infer."""
    surplus = {
        "signal": (s.p * (1 - s.m), -(1 - s.p) * s.m, ZERO),
        "silence": (-s.p * (1 - s.m), (1 - s.p) * s.m, s.p * (1 - s.m) - (1 - s.p) * s.m),
    }
    happens = {"signal": types != (ZERO, ZERO), "silence": types != (ONE, ONE)}
    equal, at_least = [*pinned(types[0], True), *pinned(types[1], False)], []
    for news, stays in zip(("signal", "silence"), ally, strict=True):
        line = surplus[news]
        if happens[news] and stays is None:
            equal.append(line)
        elif happens[news]:
            at_least.append(line if stays == ONE else (-line[0], -line[1], -line[2]))
    return corners(equal, at_least)


def ally_polygon(
    s: Setting, types: tuple[Fraction | None, Fraction | None], ally: tuple[Fraction | None, Fraction | None]
) -> Corners:
    """All (s1, s0) for which the guardians' choices are best."""
    equal, at_least = [*pinned(ally[0], True), *pinned(ally[1], False)], []
    for worth, price, sends in zip((s.high, s.low), s.price, types, strict=True):
        line = (worth, -worth, -price)
        if sends is None:
            equal.append(line)
        else:
            at_least.append(line if sends == ONE else (-worth, worth, price))
    return corners(equal, at_least)


KIND = {
    (ONE, ZERO): "separating",
    (ONE, ONE): "signal",
    (ZERO, ZERO): "silence",
    (ONE, MIXED): "bluff",
    (MIXED, ZERO): "reticence",
}


def brute_force(s: Setting) -> dict[object, list[tuple[Fraction, Fraction]]]:
    """Range of x, y, s1 and s0 for each way in which the two types can play."""
    found: dict[object, list[tuple[Fraction, Fraction]]] = {}
    for types in product((ZERO, ONE, MIXED), repeat=2):
        boxes = []
        for ally in product((ZERO, ONE, MIXED), repeat=2):
            left = guardian_polygon(s, types, ally)
            right = ally_polygon(s, types, ally) if left else []
            if strictly_mixed(left, types) and strictly_mixed(right, ally):
                boxes.append((left, right))
        if boxes:
            values = [
                [point[i] for box in boxes for point in box[side]] for side, i in product((0, 1), repeat=2)
            ]
            found[KIND.get(types, types)] = [(min(each), max(each)) for each in values]
    return found


def draws() -> Iterator[Setting]:
    """Two hundred settings, a hundred for each signal."""
    uniforms = np.random.Generator(np.random.PCG64(2)).random((200, 5))
    for i, (p, m, low, more, k) in enumerate(uniforms):
        low, high = 1 + int(low * 20), 0
        high = low + 1 + int(more * 20)
        yield Setting(
            Fraction(1 + int(p * 97), 99),
            Fraction(1 + int(m * 95), 97),
            Fraction(high),
            Fraction(low),
            Fraction(1 + int(k * 1.3 * 7 * high), 7),
            ("sunk", "tied")[i % 2],
        )


def boundaries() -> Iterator[Setting]:
    """Ties: the prior at the threshold, the cost at what the alliance is worth to one type, and both together."""
    for signal, p, k in product(
        ("sunk", "tied"),
        (Fraction(2, 5), Fraction(3, 5), Fraction(4, 5)),
        (Fraction(8), Fraction(10), Fraction(14), Fraction(20), Fraction(24)),
    ):
        if p == Fraction(3, 5) or k in (10, 20):
            yield Setting(p, Fraction(3, 5), Fraction(20), Fraction(10), k, signal)


def same(ours: theory.Range, theirs: tuple[Fraction, Fraction]) -> bool:
    return abs(ours.low - theirs[0]) < 1e-8 and abs(ours.high - theirs[1]) < 1e-8


SETTINGS = [*draws(), *boundaries()]


@pytest.mark.parametrize("s", SETTINGS, ids=[str(i) for i in range(len(SETTINGS))])
def test_going_through_all_strategies_finds_the_same_equilibria(s: Setting) -> None:
    found, ours = brute_force(s), {each.kind: each for each in theory.equilibria(s.game)}
    assert set(found) == set(ours)
    for kind, ranges in found.items():
        each = ours[str(kind)]
        mine = (each.sends_resolved, each.sends_unresolved, each.stays_after_signal, each.stays_after_silence)
        assert [same(*pair) for pair in zip(mine, ranges, strict=True)] == [True] * 4, (kind, mine, ranges)


def test_the_draws_meet_every_kind_with_either_signal() -> None:
    seen = {(s.signal, each.kind) for s in draws() for each in theory.equilibria(s.game)}
    assert seen == set(product(theory.SIGNALS, theory.KINDS))
    assert len(list(draws())) == 200


def best_responses(s: Setting, belief: Fraction, grid: list[Fraction]) -> list[Fraction]:
    return grid if belief == s.m else [ONE if belief > s.m else ZERO]


@pytest.mark.parametrize("s", SETTINGS[:40] + SETTINGS[200:], ids=count())
def test_beliefs_that_support_a_pooling_equilibrium_are_those_found_by_trying_all(s: Setting) -> None:
    grid = [Fraction(i, 40) for i in range(41)]
    for each in theory.equilibria(s.game):
        if not each.off_path:
            continue
        sends = each.off_path == "silence"
        on_path = [Fraction(each.stays_after_signal.high if sends else each.stays_after_silence.high)]
        tried = sorted({*grid, s.m})
        works = [b for b in tried if any(deters(s, sends, on_path[0], r) for r in exact(s, b, grid, sends))]
        ours = each.belief_after_silence if sends else each.belief_after_signal
        assert [b for b in tried if ours.low - 1e-9 <= b <= ours.high + 1e-9] == works


def exact(s: Setting, belief: Fraction, grid: list[Fraction], sends: bool) -> list[Fraction]:
    """Best responses to a belief, those with the guardian's point of indifference among them."""
    ties = [
        1 - price / worth if sends else price / worth
        for price, worth in zip(s.price, (s.high, s.low), strict=True)
    ]
    return best_responses(s, belief, [*grid, *(tie for tie in ties if 0 <= tie <= 1)])


def deters(s: Setting, sends: bool, on_path: Fraction, off_path: Fraction) -> bool:
    """Whether neither type gains by doing the other thing."""
    return all(not gains(s, i, sends, on_path, off_path) for i in (0, 1))


def payoff(s: Setting, kind: int, sends: bool, stays: Fraction) -> Fraction:
    return (s.high, s.low)[kind] * stays - (s.price[kind] if sends else ZERO)


def gains(s: Setting, kind: int, sends: bool, on_path: Fraction, off_path: Fraction) -> bool:
    return payoff(s, kind, not sends, off_path) > payoff(s, kind, sends, on_path)


def survives(s: Setting, sends: bool, on_path: Fraction, discarded: set[int]) -> bool:
    """Whether a best response to a belief on the remaining types deters both, or all remaining, from deviating."""
    remaining = {0, 1} - discarded or {0, 1}
    beliefs = {frozenset({0}): [ONE], frozenset({1}): [ZERO]}.get(
        frozenset(remaining), [Fraction(i, 40) for i in range(41)] + [s.m]
    )
    grid = [Fraction(i, 40) for i in range(41)]
    return any(deters(s, sends, on_path, r) for b in beliefs for r in exact(s, b, grid, sends))


def refined(s: Setting, sends: bool, on_path: Fraction) -> tuple[bool, bool]:
    """Intuitive criterion and D1, from their definitions, over a grid of the ally's responses."""
    grid = [Fraction(i, 100) for i in range(101)]
    hopeless = {
        i for i in (0, 1) if all(payoff(s, i, not sends, r) < payoff(s, i, sends, on_path) for r in grid)
    }
    ties = list(exact(s, s.m, grid, sends))
    strict = [{r for r in ties if gains(s, i, sends, on_path, r)} for i in (0, 1)]
    weak = [
        strict[i] | {r for r in ties if payoff(s, i, not sends, r) == payoff(s, i, sends, on_path)}
        for i in (0, 1)
    ]
    less = {i for i in (0, 1) if weak[i] < strict[1 - i] or (weak[i] <= strict[1 - i] and strict[1 - i])}
    return survives(s, sends, on_path, hopeless), survives(s, sends, on_path, less)


@pytest.mark.parametrize("s", SETTINGS[:40] + SETTINGS[200:], ids=count())
def test_refinements_are_what_their_definitions_give(s: Setting) -> None:
    for each in theory.equilibria(s.game):
        if not each.off_path:
            assert (each.intuitive, each.d1) == (True, True)
            continue
        sends = each.off_path == "silence"
        on_path = Fraction(each.stays_after_signal.high if sends else each.stays_after_silence.high)
        assert (each.intuitive, each.d1) == refined(s, sends, on_path), (each, vars(s))


# Cases worked out by hand.


def kinds(**parameters: Any) -> list[str]:
    game = theory.Guarantee(
        **{"prior": 0.7, "worth_resolved": 20, "worth_unresolved": 10, "cost": 8} | parameters
    )
    return [each.kind for each in theory.equilibria(game)]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["signal", "silence", "reticence"]),
        ({"prior": 0.4}, ["silence", "bluff"]),
        ({"cost": 14}, ["separating", "silence", "reticence"]),
        ({"cost": 14, "prior": 0.4}, ["separating", "silence"]),
        ({"cost": 24}, ["silence"]),
        ({"cost": 24, "signal": "tied"}, ["separating", "silence", "reticence"]),
        ({"cost": 8, "signal": "tied", "prior": 0.4}, ["silence", "bluff"]),
    ],
)
def test_which_equilibria_exist_by_hand(parameters: dict[str, Any], expected: list[str]) -> None:
    assert kinds(**parameters) == expected


def test_the_bluffer_by_hand() -> None:
    game = theory.Guarantee(prior=0.4, worth_resolved=20, worth_unresolved=10, cost=8)
    bluff = theory.equilibria(game)[-1]
    assert bluff.sends_unresolved == pytest.approx((4 / 9, 4 / 9))
    assert bluff.stays_after_signal == pytest.approx((0.8, 0.8))
    assert bluff.belief_after_signal == pytest.approx((0.6, 0.6))


def test_an_expensive_signal_that_both_send_teaches_nothing() -> None:
    game = theory.Guarantee(prior=0.7, worth_resolved=20, worth_unresolved=10, cost=9.99)
    pool = theory.equilibria(game)[0]
    assert pool.kind == "signal"
    assert pool.belief_after_signal == (0.7, 0.7)
    assert pool.d1


@given(st.floats(0.01, 0.99), st.floats(0, 1), st.floats(0.01, 1))
def test_beliefs_are_probabilities_and_odds_multiply(
    prior: float, resolved: float, unresolved: float
) -> None:
    belief = theory.posterior(prior, resolved, unresolved)
    assert 0 <= belief <= 1
    odds = prior / (1 - prior) * resolved / unresolved
    assert belief * (1 + odds) == pytest.approx(odds)


@given(st.floats(0.01, 0.99), st.floats(0, 1), st.floats(0.01, 1))
def test_beliefs_average_to_the_prior(prior: float, resolved: float, unresolved: float) -> None:
    sent = prior * resolved + (1 - prior) * unresolved
    after = sent * theory.posterior(prior, resolved, unresolved)
    if sent < 1 - 1e-9:
        after += (1 - sent) * theory.posterior(prior, 1 - resolved, 1 - unresolved)
        assert after == pytest.approx(prior)


@pytest.mark.parametrize("belief", [0.0, 0.2, 0.5, 0.61, 0.9, 1.0])
def test_effort_is_what_a_search_over_all_efforts_finds(belief: float) -> None:
    efforts = np.linspace(0, 1, 10_001)
    costs = (1 - belief) * (1 - efforts) + efforts**2 / 2
    assert theory.effort(belief) == pytest.approx(efforts[costs.argmin()])
    assert theory.cost_of_staying(belief) == pytest.approx(costs.min())
    for hedge in (0.1, 0.32, 0.45):
        assert theory.stays(belief, hedge) == (costs.min() <= hedge)


def test_at_the_threshold_staying_costs_what_hedging_costs() -> None:
    for hedge in (0.05, 0.2, 0.32, 0.48):
        assert theory.cost_of_staying(theory.threshold(hedge)) == pytest.approx(hedge)


def test_a_guardian_is_best_off_just_believed() -> None:
    beliefs = np.linspace(0, 1, 101)
    gains_ = [theory.gain_from_belief(b, worth=10, effort_worth=5) for b in beliefs]
    assert beliefs[int(np.argmax(gains_))] == pytest.approx(0.6)
    assert min(gain for b, gain in zip(beliefs, gains_, strict=True) if b >= 0.6) > gains_[0] == 0


@pytest.mark.parametrize("kind", theory.KINDS)
@pytest.mark.parametrize("signal", theory.SIGNALS)
def test_the_map_holds_the_settings_in_which_a_kind_exists(kind: str, signal: str) -> None:
    for cost, prior in product((1.0, 9.5, 10.5, 19.5, 20.5, 29.0), (0.1, 0.55, 0.65, 0.9)):
        game = theory.Guarantee(prior, 20, 10, cost, signal)
        area = theory.region(kind, game, highest_cost=30)
        assert area is not None
        inside = area.costs.low <= cost <= area.costs.high and area.priors.low <= prior <= area.priors.high
        assert inside == (kind in {each.kind for each in theory.equilibria(game)})


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"prior": 1}, "prior=1 must lie between 0 and 1"),
        ({"worth_unresolved": 20}, "worth more to a resolved guardian"),
        ({"cost": 0}, "cost=0 must be above 0"),
        ({"signal": "loud"}, "signal='loud' is not known"),
        ({"hedge_cost": 0.5}, "hedge_cost=0.5 must lie between 0 and 0.5"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kinds(**parameters)


def test_bayes_is_silent_on_what_nobody_does() -> None:
    with pytest.raises(ValueError, match="Nobody would do this"):
        theory.posterior(0.5, 0, 0)
    with pytest.raises(ValueError, match="sends_resolved=2 is no probability"):
        theory.posterior(0.5, 2, 0)
