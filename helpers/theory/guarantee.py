"""The guarantee game: what can an ally learn when a guardian pays to be believed?

A guardian has promised to defend an ally. A *resolved* guardian will keep the promise when the crisis comes, an
*unresolved* one will back down; only the guardian knows which it is. Before the crisis it may send a signal. A *sunk
cost* is paid at once by whoever sends it, a *tied hand* only by the one who backs down later. The ally sees the signal,
updates its belief, and stays or hedges; if it stays, it chooses how much effort to make in its own defence.

The distinction of tying hands and sinking costs is Fearon's (1997). The game is ours and simpler than his; in his
model's equilibria leaders never bluff, in ours an unresolved guardian may.

The game
--------
1. The guardian is resolved with probability `prior`, unresolved else. That the ally stays is worth `worth_resolved` to
   the one and `worth_unresolved` to the other, and nothing if it hedges; the resolved values it more.
2. The guardian sends the signal or keeps silent. The signal's cost is `cost` > 0 to an unresolved guardian. To a
   resolved one it is `cost` as well if sunk, and nothing if hands are tied. (The crisis comes whether the ally has
   stayed or not, an unresolved guardian backs down whatever it has said, and `cost` is what that is expected to
   cost.)
3. The ally stays or hedges. Hedging costs `hedge_cost` and makes the guardian's promise irrelevant to it. If it stays
   it makes an effort e from 0 to 1 at the price e ** 2 / 2, and loses 1 - e if the guardian then backs down.

With belief b that the guardian is resolved, the best effort is 1 - b: belief lowers effort. Staying then costs
(1 - b ** 2) / 2 in expectation, so that the ally stays if b is above sqrt(1 - 2 * hedge_cost), its *threshold*.

The guardian's stake in effort is set to zero in the game. If it were positive, a guardian who is believed anyway would
gain by being doubted a little, and equilibria can appear in which the signal is bad news; `gain_from_belief` shows the
tension without solving that other game.

Equilibria
----------
`equilibria` gives every perfect Bayesian equilibrium, pure or semi-separating. Both types never mix at once: the change
of the ally's response that makes the resolved indifferent is too small for the unresolved. Beliefs follow Bayes' rule
wherever it speaks. Where it does not, after what nobody does, all beliefs that support the equilibrium are given, and
two refinements are reported. The *intuitive criterion* discards a type that could not gain from the deviation whatever
the ally did. *D1* discards a type if another type gains from it after more of the ally's responses.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

SIGNALS = {"sunk": "Sunk cost", "tied": "Tied hands"}
KINDS = {
    "separating": "Separating: only the resolved sends it",
    "signal": "Pooling: both send it",
    "silence": "Pooling: neither sends it",
    "bluff": "Semi-separating: the unresolved bluffs",
    "reticence": "Semi-separating: the resolved holds back",
}
CLOSE = 1e-9


class Range(NamedTuple):
    """All values from `low` to `high`; one value if they are equal."""

    low: float
    high: float

    def __str__(self) -> str:
        if self.high - self.low < CLOSE:
            return f"{self.high:.2f}"
        return f"{self.low:.2f} to {self.high:.2f}"


YES, NO, ANY = Range(1.0, 1.0), Range(0.0, 0.0), Range(0.0, 1.0)


@dataclass(frozen=True)
class Guarantee:
    """One guarantee: what each side has at stake, and what the signal costs.

    Parameters
    ----------
    prior : float
        The ally's belief, before any signal, that the guardian is resolved; 0 < prior < 1.
    worth_resolved, worth_unresolved : float
        What the ally's staying is worth to each type, in any one unit; worth_resolved > worth_unresolved > 0.
    cost : float
        Cost of the signal in that unit; positive.
    signal : str
        `sunk` or `tied`.
    hedge_cost : float
        What hedging costs the ally, as a share of what it loses if it is abandoned without any effort of its own;
        0 < hedge_cost < 0.5.

    Raises
    ------
    ValueError
        If a value lies outside of these bounds.

    Examples
    --------
    >>> Guarantee(prior=0.5, worth_resolved=20, worth_unresolved=10, cost=8).threshold
    0.6
    """

    prior: float
    worth_resolved: float
    worth_unresolved: float
    cost: float
    signal: str = "sunk"
    hedge_cost: float = 0.32

    def __post_init__(self) -> None:
        if not 0 < self.prior < 1:
            raise ValueError(f"prior={self.prior} must lie between 0 and 1, ends excluded.")
        if not 0 < self.worth_unresolved < self.worth_resolved:
            raise ValueError(
                f"The alliance must be worth more to a resolved guardian ({self.worth_resolved}) "
                f"than to an unresolved one ({self.worth_unresolved}), and more than 0 to both."
            )
        if not self.cost > 0:
            raise ValueError(f"cost={self.cost} must be above 0; a signal without a cost is cheap talk.")
        if self.signal not in SIGNALS:
            raise ValueError(f"signal={self.signal!r} is not known; choose 'sunk' or 'tied'.")
        threshold(self.hedge_cost)

    @property
    def threshold(self) -> float:
        """Belief above which the ally stays and below which it hedges."""
        return threshold(self.hedge_cost)

    def worth(self, resolved: bool) -> float:
        """What the ally's staying is worth to a type of guardian."""
        return self.worth_resolved if resolved else self.worth_unresolved

    def price(self, resolved: bool) -> float:
        """What the signal costs a type of guardian."""
        return 0.0 if resolved and self.signal == "tied" else self.cost

    def payoff(self, resolved: bool, *, sends: bool, stays: float) -> float:
        """What a type of guardian gets.

        Parameters
        ----------
        resolved : bool
        sends : bool
            Whether it sends the signal.
        stays : float
            Probability that the ally then stays.

        Returns
        -------
        float

        Examples
        --------
        >>> Guarantee(0.5, 20, 10, cost=8).payoff(False, sends=True, stays=1.0)
        2.0
        """
        return self.worth(resolved) * stays - (self.price(resolved) if sends else 0.0)


# The ally.


def posterior(prior: float, sends_resolved: float, sends_unresolved: float) -> float:
    """Belief that the guardian is resolved, after something that each type does with some probability.

    Parameters
    ----------
    prior : float
        Belief before, 0 to 1.
    sends_resolved, sends_unresolved : float
        Probability that a resolved and that an unresolved guardian does it, 0 to 1.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If neither would ever do it: Bayes' rule then says nothing.

    Source
    ------
    Bayes' rule.

    Examples
    --------
    >>> posterior(0.5, 1.0, 0.25)
    0.8
    """
    for name, value in (
        ("prior", prior),
        ("sends_resolved", sends_resolved),
        ("sends_unresolved", sends_unresolved),
    ):
        if not 0 <= value <= 1:
            raise ValueError(f"{name}={value} is no probability; give a number from 0 to 1.")
    resolved, unresolved = prior * sends_resolved, (1 - prior) * sends_unresolved
    if resolved + unresolved == 0:
        raise ValueError("Nobody would do this, so Bayes' rule gives no belief after it.")
    return resolved / (resolved + unresolved)


def effort(belief: float) -> float:
    """Effort of an ally that stays, from 0 to 1: the more it believes, the less it makes.

    Parameters
    ----------
    belief : float
        That the guardian is resolved, 0 to 1.

    Examples
    --------
    >>> effort(0.75)
    0.25
    """
    return 1 - belief


def cost_of_staying(belief: float) -> float:
    """Expected cost of staying with the best effort: the effort's price and the loss if abandoned.

    Parameters
    ----------
    belief : float
        That the guardian is resolved, 0 to 1.

    Examples
    --------
    >>> cost_of_staying(0.6)
    0.32
    """
    made = effort(belief)
    return (1 - belief) * (1 - made) + made**2 / 2


def threshold(hedge_cost: float) -> float:
    """Belief at which the ally is indifferent between staying and hedging.

    Parameters
    ----------
    hedge_cost : float
        0 < hedge_cost < 0.5: below it hedging is free, above it nobody ever hedges.

    Raises
    ------
    ValueError
        If hedge_cost lies outside.

    Examples
    --------
    >>> threshold(0.32)
    0.6
    """
    if not 0 < hedge_cost < 0.5:
        raise ValueError(f"hedge_cost={hedge_cost} must lie between 0 and 0.5, ends excluded.")
    return round(sqrt(1 - 2 * hedge_cost), 12)


def stays(belief: float, hedge_cost: float = 0.32) -> bool:
    """Whether an ally with this belief stays; at the threshold, where it does not care, we let it.

    Parameters
    ----------
    belief, hedge_cost : float

    Examples
    --------
    >>> stays(0.7), stays(0.5)
    (True, False)
    """
    return belief >= threshold(hedge_cost) - CLOSE


def gain_from_belief(belief: float, worth: float, effort_worth: float, hedge_cost: float = 0.32) -> float:
    """What a guardian gets from an ally with this belief, if it values the ally's effort, too.

    An ally that hedges brings the guardian nothing: its effort is then for itself.

    Parameters
    ----------
    belief : float
        That the guardian is resolved, 0 to 1.
    worth : float
        Of the ally's staying.
    effort_worth : float
        Of the ally's full effort, same unit.
    hedge_cost : float

    Examples
    --------
    >>> [gain_from_belief(b, worth=10, effort_worth=5) for b in (0.5, 0.6, 1.0)]
    [0.0, 12.0, 10.0]
    """
    return worth + effort_worth * effort(belief) if stays(belief, hedge_cost) else 0.0


# Equilibria.


@dataclass(frozen=True)
class Equilibrium:
    """A perfect Bayesian equilibrium, or a family of such that differ in one probability.

    Each value in a range belongs to some equilibrium of the family. Where types mix, the ends 0 and 1 themselves belong
    to the pure equilibrium next to it.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    sends_resolved, sends_unresolved : Range
        Probability that each type sends the signal.
    stays_after_signal, stays_after_silence : Range
        Probability that the ally stays.
    belief_after_signal, belief_after_silence : Range
        That the guardian is resolved. Off the path, every belief that supports the equilibrium.
    off_path : str
        `signal` or `silence`: what never happens; empty if both do.
    condition : str
        When it exists.
    intuitive, d1 : bool
        Whether some member survives the intuitive criterion, and D1.
    """

    kind: str
    sends_resolved: Range
    sends_unresolved: Range
    stays_after_signal: Range
    stays_after_silence: Range
    belief_after_signal: Range
    belief_after_silence: Range
    off_path: str
    condition: str
    intuitive: bool = True
    d1: bool = True

    @property
    def name(self) -> str:
        """What it is called, in words."""
        return KINDS[self.kind]

    def __repr__(self) -> str:
        after = (
            f"belief {self.belief_after_signal} after the signal, {self.belief_after_silence} after silence"
        )
        return f"{self.name} ({after})"


def equilibria(game: Guarantee) -> tuple[Equilibrium, ...]:
    """Every perfect Bayesian equilibrium of the game, pure and semi-separating.

    Parameters
    ----------
    game : Guarantee

    Returns
    -------
    tuple of Equilibrium
        In the order of `KINDS`; never empty, because silence can always be an equilibrium.

    Source
    ------
    Ours; the tests find the same by going through all strategies.

    Examples
    --------
    >>> [each.kind for each in equilibria(Guarantee(prior=0.4, worth_resolved=20, worth_unresolved=10, cost=14))]
    ['separating', 'silence']
    """
    found = (_separating(game), _all_send(game), _none_sends(game), _bluff(game), _reticence(game))
    return tuple(each for each in found if each is not None)


CONDITIONS = {
    ("separating", "sunk"): "the cost lies between what the alliance is worth to the two types",
    (
        "separating",
        "tied",
    ): "backing down costs at least what the alliance is worth to an unresolved guardian",
    (
        "signal",
        "",
    ): "the ally would stay without news, and the signal costs no more than the alliance is worth to an "
    "unresolved guardian",
    ("silence", ""): "always: an ally may read a signal that it does not expect as it likes",
    (
        "bluff",
        "",
    ): "the ally would hedge without news, and the signal costs less than the alliance is worth to an "
    "unresolved guardian",
    (
        "reticence",
        "sunk",
    ): "the ally would stay without news, and the signal costs less than the alliance is worth to a "
    "resolved guardian",
    ("reticence", "tied"): "the ally would stay without news",
}


def condition(kind: str, signal: str) -> str:
    """When this kind of equilibrium exists, in words, leaving out ties.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    signal : str
        `sunk` or `tied`.

    Examples
    --------
    >>> condition("reticence", "tied")
    'the ally would stay without news'
    """
    return CONDITIONS.get((kind, signal)) or CONDITIONS[kind, ""]


def _sign(difference: float) -> int:
    return 0 if abs(difference) < CLOSE else 1 if difference > 0 else -1


def _side(game: Guarantee) -> int:
    """1 if the ally stays without news, -1 if it hedges, 0 if it does not care."""
    return _sign(game.prior - game.threshold)


def _afford(game: Guarantee, resolved: bool) -> int:
    """1 if a type would pay the price to keep the ally, -1 if not, 0 if it does not care."""
    return _sign(game.worth(resolved) - game.price(resolved))


def _separating(game: Guarantee) -> Equilibrium | None:
    if _afford(game, True) < 0 or _afford(game, False) > 0:
        return None
    return Equilibrium("separating", YES, NO, YES, NO, YES, NO, "", condition("separating", game.signal))


def _all_send(game: Guarantee) -> Equilibrium | None:
    """Both send; silence would be read as a confession."""
    if _side(game) < 0 or _afford(game, False) < 0:
        return None
    least = min(1.0, game.price(False) / game.worth_unresolved)
    after_signal = YES if _side(game) > 0 else Range(least, 1.0)
    prior, doubts = Range(game.prior, game.prior), Range(0.0, game.threshold)
    when = condition("signal", game.signal)
    return Equilibrium(
        "signal", YES, YES, after_signal, Range(0.0, 1 - least), prior, doubts, "silence", when
    )


def _none_sends(game: Guarantee) -> Equilibrium:
    """Neither sends; the reach is what a response may add before the resolved would send after all."""
    side = _side(game)
    after_silence = YES if side > 0 else ANY if side == 0 else NO
    reach = game.price(True) / game.worth_resolved
    top = min(1.0, after_silence.high + reach)
    beliefs = ANY if top > 1 - CLOSE else Range(0.0, game.threshold)
    tempted = side < 0 and _afford(game, True) > 0
    return Equilibrium(
        kind="silence",
        sends_resolved=NO,
        sends_unresolved=NO,
        stays_after_signal=Range(0.0, top),
        stays_after_silence=after_silence,
        belief_after_signal=beliefs,
        belief_after_silence=Range(game.prior, game.prior),
        off_path="signal",
        condition=condition("silence", game.signal),
        intuitive=not (tempted and _afford(game, False) < 0),
        d1=not tempted,
    )


def _bluff(game: Guarantee) -> Equilibrium | None:
    """The resolved sends, the unresolved sometimes: the ally's response makes the unresolved indifferent."""
    afford, side, m = _afford(game, False), _side(game), game.threshold
    if afford < 0 or (afford > 0 and side >= 0):
        return None
    often = min(1.0, game.prior * (1 - m) / ((1 - game.prior) * m))
    tie = afford == 0
    return Equilibrium(
        kind="bluff",
        sends_resolved=YES,
        sends_unresolved=Range(0.0 if tie else often, often),
        stays_after_signal=YES if tie else Range(*[game.price(False) / game.worth_unresolved] * 2),
        stays_after_silence=NO,
        belief_after_signal=Range(max(m, game.prior), 1.0) if tie else Range(m, m),
        belief_after_silence=NO,
        off_path="",
        condition=condition("bluff", game.signal),
    )


def _reticence(game: Guarantee) -> Equilibrium | None:
    """The resolved sends sometimes, the unresolved never: silence is bad news, but not a confession."""
    afford, side, m, free = _afford(game, True), _side(game), game.threshold, game.price(True) == 0
    if afford < 0 or (afford > 0 and side <= 0):
        return None
    often = max(0.0, (game.prior - m) / (game.prior * (1 - m)))
    tie = afford == 0
    sends = Range(0.0, often) if free else Range(often, 1.0) if tie else Range(often, often)
    beliefs = Range(m, game.prior) if free else Range(0.0, min(m, game.prior)) if tie else Range(m, m)
    return Equilibrium(
        kind="reticence",
        sends_resolved=sends,
        sends_unresolved=NO,
        stays_after_signal=YES,
        stays_after_silence=Range(*[1 - game.price(True) / game.worth_resolved] * 2),
        belief_after_signal=YES,
        belief_after_silence=beliefs,
        off_path="",
        condition=condition("reticence", game.signal),
    )


# Where each kind exists.


class Region(NamedTuple):
    """A rectangle of costs and priors, ends included, in which one kind of equilibrium exists."""

    kind: str
    costs: Range
    priors: Range


def region(kind: str, game: Guarantee, highest_cost: float) -> Region | None:
    """Costs and priors at which a kind of equilibrium exists, all else as in `game`.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    game : Guarantee
    highest_cost : float
        Where the map ends.

    Returns
    -------
    Region or None
        None if the map holds none.

    Examples
    --------
    >>> region("separating", Guarantee(0.5, 20, 10, cost=8), highest_cost=30).costs
    Range(low=10, high=20)
    """
    low, high, m = game.worth_unresolved, game.worth_resolved, game.threshold
    tied = game.signal == "tied"
    costs = {
        "separating": Range(low, highest_cost if tied else high),
        "signal": Range(0.0, low),
        "silence": Range(0.0, highest_cost),
        "bluff": Range(0.0, low),
        "reticence": Range(0.0, highest_cost if tied else high),
    }[kind]
    priors = {"signal": Range(m, 1.0), "reticence": Range(m, 1.0), "bluff": Range(0.0, m)}.get(kind, ANY)
    if costs.low > highest_cost:
        return None
    return Region(kind, Range(costs.low, min(costs.high, highest_cost)), priors)
