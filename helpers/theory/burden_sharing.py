"""Burden sharing as the provision of a public good.

Allies choose how much defence to buy while each consumes what all buy together (defence as a public good: Olson and
Zeckhauser 1966). Those who want most in all buy it, and the others let them. Our form: preferences are Cobb-Douglas, so
that best responses are straight lines and the corner, where a small ally buys nothing, can be seen in the figure.

An ally splits its income between defence and all else, and maximises

    (1 - taste) * log(all else) + taste * log(own defence + spill-in).

Spill-in is what reaches it without paying: the defence of the others, less the *impure* share that serves its owner
alone. A guardian's deployment spills in like anybody else's defence, and reaches the ally that hosts it in full.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

MOST_ROUNDS = 200_000


@dataclass(frozen=True)
class Ally:
    """One member of an alliance.

    Parameters
    ----------
    name : str
    income : float
        National income, billion dollars a year. Positive.
    taste : float
        Share of full income spent on defence if alone, 0 < taste < 1.

    Raises
    ------
    ValueError
        If income or taste cannot be.
    """

    name: str
    income: float
    taste: float

    def __post_init__(self) -> None:
        if not 0 < self.income < float("inf"):
            raise ValueError(
                f"{self.name}: income={self.income} must be positive, in billion dollars a year."
            )
        if not 0 < self.taste < 1:
            raise ValueError(f"{self.name}: taste={self.taste} must lie between 0 and 1; 0.05 is 5 per cent.")


@dataclass(frozen=True)
class Equilibrium:
    """What all allies buy when none would rather buy something else.

    Parameters
    ----------
    allies : tuple of Ally
    defence : tuple of float, one for each ally
        Billion dollars a year.
    spill_in : tuple of float, one for each ally
        What reaches each without paying, billion dollars a year.
    deployment : float
        What the guardian deploys, billion dollars a year.
    """

    allies: tuple[Ally, ...]
    defence: tuple[float, ...]
    spill_in: tuple[float, ...]
    deployment: float = 0.0

    @property
    def bought(self) -> float:
        """Defence that the allies buy together, billion dollars a year."""
        return sum(self.defence)

    @property
    def total(self) -> float:
        """Defence of allies and guardian together, billion dollars a year."""
        return self.bought + self.deployment

    @property
    def burden(self) -> tuple[float, ...]:
        """Defence of each ally in per cent of its income."""
        return tuple(
            100 * bought / ally.income for ally, bought in zip(self.allies, self.defence, strict=True)
        )

    @property
    def contributors(self) -> tuple[str, ...]:
        """Names of the allies that buy anything."""
        return tuple(ally.name for ally, bought in zip(self.allies, self.defence, strict=True) if bought > 0)

    def to_frame(self) -> pd.DataFrame:
        """One row an ally.

        Returns
        -------
        DataFrame
            Columns `ally`, `income`, `defence`, `spill_in` (billion dollars a year), `burden` (per cent of income),
            `share_of_income` and `share_of_defence` (of the allies' sums, 0 to 1; the latter is missing if none buys).
        """
        import pandas as pd

        incomes = [ally.income for ally in self.allies]
        return pd.DataFrame(
            {
                "ally": [ally.name for ally in self.allies],
                "income": incomes,
                "defence": self.defence,
                "spill_in": self.spill_in,
                "burden": self.burden,
                "share_of_income": [income / sum(incomes) for income in incomes],
                "share_of_defence": [
                    bought / self.bought if self.bought else float("nan") for bought in self.defence
                ],
            }
        )

    def __repr__(self) -> str:
        who = ", ".join(self.contributors) or "nobody"
        return f"{len(self.contributors)} of {len(self.allies)} allies buy defence ({who}): {self.bought:.2f} billion."


def best_response(ally: Ally, spill_in: float) -> float:
    """Defence that `ally` buys when `spill_in` reaches it without paying.

    Parameters
    ----------
    ally : Ally
    spill_in : float
        Billion dollars a year, not negative.

    Returns
    -------
    float
        Billion dollars a year, never negative.

    Raises
    ------
    ValueError
        If `spill_in` is negative.

    Source
    ------
    The idea: Olson and Zeckhauser (1966). The functional form: ours.

    Examples
    --------
    >>> best_response(Ally("Host", income=100, taste=0.05), spill_in=20)
    0.0
    >>> best_response(Ally("Host", income=100, taste=0.05), spill_in=0)
    5.0
    """
    if not spill_in >= 0:
        raise ValueError(f"spill_in={spill_in} is negative; give billion dollars a year from 0.")
    return max(0.0, ally.taste * (ally.income + spill_in) - spill_in)


def free_ride_from(ally: Ally) -> float:
    """Spill-in from which on `ally` buys nothing.

    Returns
    -------
    float
        Billion dollars a year.

    Examples
    --------
    >>> free_ride_from(Ally("Host", income=95, taste=0.05))
    5.0
    """
    return ally.taste * ally.income / (1 - ally.taste)


def equilibrium(
    allies: Iterable[Ally], deployment: float = 0.0, impure: float = 0.0, host: str | None = None
) -> Equilibrium:
    """Nash equilibrium: what each buys is its best response to what the others buy. Solved directly.

    Parameters
    ----------
    allies : iterable of Ally
        One or more, with different names.
    deployment : float
        What a guardian deploys, billion dollars a year, not negative.
    impure : float
        Share of a contribution that serves its buyer alone: 0 is a pure public good, 1 a private one.
    host : str, optional
        Ally in which the deployment stands, and whom it reaches in full. The others get it less the impure share,
        and so do all if no host is named.

    Returns
    -------
    Equilibrium
        The only one, as `taste` < 1.

    Raises
    ------
    ValueError
        Names the value that cannot be.

    Notes
    -----
    Given the sum of all contributions, what an ally buys is a falling straight line with a corner at zero. The allies
    stop buying one after the other as the sum grows, in an order known beforehand: for each possible set of
    buyers one equation gives the sum, and the set is right if nobody outside it wants to buy and all inside do.

    Examples
    --------
    >>> pair = [Ally("Large", 90, 0.1), Ally("Small", 10, 0.1)]
    >>> equilibrium(pair)
    1 of 2 allies buy defence (Large): 9.00 billion.
    """
    members = _checked(allies, deployment, impure, host)
    share, deployed = 1 - impure, _deployed(members, deployment, impure, host)
    lines = [_line(ally, at, share) for ally, at in zip(members, deployed, strict=True)]
    together = _sum(lines)
    defence = tuple(max(0.0, start - slope * together) for start, slope in lines)
    return _settled(members, defence, deployed, share, deployment)


def equilibrium_in_turns(
    allies: Iterable[Ally],
    deployment: float = 0.0,
    impure: float = 0.0,
    host: str | None = None,
    tolerance: float = 1e-13,
) -> Equilibrium:
    """Nash equilibrium as a fixed point: allies answer in turn until nobody changes its mind.

    Parameters
    ----------
    allies, deployment, impure, host
        As in `equilibrium`.
    tolerance : float
        Largest change in a round at which the process counts as settled, as a share of all incomes.

    Returns
    -------
    Equilibrium

    Raises
    ------
    RuntimeError
        If nobody settles within 200,000 rounds.

    Notes
    -----
    Each ally looks at what the others buy *now*. If all answered at once, three or more could swing for ever. In turns
    they settle: each answer is a step of coordinate descent on a convex quadratic function.

    Examples
    --------
    >>> equilibrium_in_turns([Ally("Large", 90, 0.1), Ally("Small", 10, 0.1)])
    1 of 2 allies buy defence (Large): 9.00 billion.
    """
    members = _checked(allies, deployment, impure, host)
    share, deployed = 1 - impure, _deployed(members, deployment, impure, host)
    defence, near = [0.0] * len(members), tolerance * sum(ally.income for ally in members)
    for _ in range(MOST_ROUNDS):
        before, together = list(defence), sum(defence)
        for place, ally in enumerate(members):
            others = max(0.0, together - defence[place])
            answer = best_response(ally, share * others + deployed[place])
            together += answer - defence[place]
            defence[place] = answer
        if max(abs(now - then) for now, then in zip(defence, before, strict=True)) <= near:
            return _settled(members, tuple(defence), deployed, share, deployment)
    raise RuntimeError(f"After {MOST_ROUNDS:,} rounds the allies still change; raise tolerance={tolerance}.")


def transfer(allies: Iterable[Ally], giver: str, taker: str, amount: float) -> tuple[Ally, ...]:
    """Shift income from one ally to another.

    Parameters
    ----------
    allies : iterable of Ally
    giver, taker : str
        Names of two allies.
    amount : float
        Billion dollars a year, less than the giver's income.

    Returns
    -------
    tuple of Ally
        In the same order. If both contribute before and after, and the good is pure, the sum of defence stays.

    Raises
    ------
    ValueError
        If a name is unknown, or an income would not stay positive.

    Examples
    --------
    >>> [ally.income for ally in transfer([Ally("A", 60, 0.1), Ally("B", 40, 0.1)], "A", "B", 10)]
    [50, 50]
    """
    members = tuple(allies)
    for name in (giver, taker):
        _known(name, members)
    if giver == taker:
        raise ValueError(f"giver and taker are both {giver!r}; name two allies.")
    change = {giver: -amount, taker: amount}
    return tuple(replace(ally, income=ally.income + change.get(ally.name, 0)) for ally in members)


def _checked(allies: Iterable[Ally], deployment: float, impure: float, host: str | None) -> tuple[Ally, ...]:
    members = tuple(allies)
    if not members:
        raise ValueError("allies is empty; give one Ally or more.")
    names = [ally.name for ally in members]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ValueError(f"Two allies are called {twice!r}; names tell them apart.")
    if not 0 <= deployment < float("inf"):
        raise ValueError(f"deployment={deployment} is not possible; give billion dollars a year from 0.")
    if not 0 <= impure <= 1:
        raise ValueError(f"impure={impure} is not a share from 0 (pure public good) to 1 (private good).")
    if host is not None:
        _known(host, members)
    return members


def _known(name: str, members: tuple[Ally, ...]) -> None:
    names = [ally.name for ally in members]
    if name not in names:
        raise ValueError(f"No ally is called {name!r}; there are: {', '.join(names)}.")


def _deployed(
    members: tuple[Ally, ...], deployment: float, impure: float, host: str | None
) -> tuple[float, ...]:
    """What of the deployment reaches each ally."""
    everywhere = (1 - impure) * deployment
    return tuple(deployment if ally.name == host else everywhere for ally in members)


def _line(ally: Ally, deployed: float, share: float) -> tuple[float, float]:
    """Start and slope of what an ally buys as the sum of all contributions grows; negative means nothing."""
    own = 1 - (1 - ally.taste) * share
    start = ally.taste * ally.income - (1 - ally.taste) * deployed
    return start / own, (1 - ally.taste) * share / own


def _sum(lines: Sequence[tuple[float, float]]) -> float:
    """Sum of contributions at which all lines together give that sum."""
    willing = [line for line in lines if line[0] > 0]
    willing.sort(key=lambda line: line[0] / line[1] if line[1] else float("inf"), reverse=True)
    starts = slopes = together = 0.0
    for start, slope in willing:
        if start <= slope * together:
            break
        starts, slopes = starts + start, slopes + slope
        together = starts / (1 + slopes)
    return together


def _settled(
    members: tuple[Ally, ...],
    defence: tuple[float, ...],
    deployed: tuple[float, ...],
    share: float,
    deployment: float,
) -> Equilibrium:
    together = sum(defence)
    spill = tuple(
        share * max(0.0, together - bought) + at for bought, at in zip(defence, deployed, strict=True)
    )
    return Equilibrium(members, defence, spill, deployment)
