"""Will and capacity: a distant war tells an ally "resolved" and "stretched" at once.

An ally watches its guardian fight in a third country. It asks two questions: would the guardian come for us, and
could it? The war answers both. That the guardian fights is evidence about its *will*: strong evidence if only a
willing guardian would fight there, evidence to the contrary if fighting there shows that other places come first. And
the forces that fight there are not here: the *capacity* that is left may be too small. A third thing can matter, the
ally's own stake: perhaps the war itself removes the danger.

The ten lines
-------------
With distance d from 0 (next door to the ally) to 1 (the other side of the world),

    odds      = prior / (1 - prior) * likelihood_ratio ** d      next door anybody would fight, so it tells nothing
    willing   = odds / (1 + odds)                                Bayes' rule
    left      = max(0, forces - war * d)                         forces next door still serve the ally
    able      = min(1, left / need)                              the need is uncertain: uniform from 0 to `need`
    kept      = willing * able                                   the guarantee is kept if both hold
    safe      = kept + (1 - kept) * stake                        or if the war has removed the danger, chance `stake`

compared with prior * min(1, forces / need) before the war. Two theories live in regions of this one model. Where the
rise in will outweighs the loss of capacity, faraway toughness reassures (*Hawkish Reassurance*). Where it does not,
or where fighting elsewhere even lowers the belief in will, it makes allies doubt (*divided priorities*). Between them
lies a region where an ally feels safer, but for its own stake alone.

Source
------
The two theories are those of lesson 11. This model, its forms and its numbers are the course's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

REGIONS = {
    "will": "Hawkish reassurance: the war shows will, and enough is left",
    "stake": "Own stake: safer, but only because the war serves the ally itself",
    "doubt": "Divided priorities: the war makes the ally doubt",
    "unmoved": "Unmoved",
}
_NEGLIGIBLE = 1e-9


@dataclass(frozen=True)
class War:
    """A guardian's war as one ally sees it.

    Parameters
    ----------
    distance : float
        Of the war from the ally, 0 (next door) to 1 (the other side of the world).
    likelihood_ratio : float
        How many times as likely a guardian that is willing to defend the ally is to fight a war at distance 1 as one
        that is not; above 1 if distant toughness shows will, below 1 if it shows that other places come first.
        Positive.
    war : float
        Forces that the war takes, in the unit of `forces`; at least 0.
    stake : float
        Chance that the war itself removes the danger to the ally, 0 to 1.
    prior : float
        The ally's belief before the war that the guardian is willing, 0 < prior < 1.
    forces : float
        All forces of the guardian; positive.
    need : float
        The most that the ally's defence may need; positive.

    Raises
    ------
    ValueError
        If a value lies outside of these bounds.

    Examples
    --------
    >>> War(distance=1.0, likelihood_ratio=3.0).willing
    0.75
    """

    distance: float = 1.0
    likelihood_ratio: float = 3.0
    war: float = 0.4
    stake: float = 0.0
    prior: float = 0.5
    forces: float = 1.0
    need: float = 1.0

    def __post_init__(self) -> None:
        for name in ("distance", "stake"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name}={getattr(self, name)} must lie from 0 to 1.")
        if not 0 < self.prior < 1:
            raise ValueError(f"prior={self.prior} must lie between 0 and 1, ends excluded.")
        for name in ("likelihood_ratio", "forces", "need"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}={getattr(self, name)} must be above 0.")
        if not self.war >= 0:
            raise ValueError(f"war={self.war} must be 0 or more: forces that the war takes.")

    @property
    def willing(self) -> float:
        """Belief that the guardian is willing, after it went to war."""
        odds = self.prior / (1 - self.prior) * self.likelihood_ratio**self.distance
        return float(odds / (1 + odds))

    @property
    def able_before(self) -> float:
        """Chance that the guardian's forces are enough, without the war."""
        return min(1.0, self.forces / self.need)

    @property
    def able(self) -> float:
        """Chance that what the war leaves is enough."""
        return min(1.0, max(0.0, self.forces - self.war * self.distance) / self.need)

    @property
    def safe_before(self) -> float:
        """How safe the ally felt before the war: chance that the guarantee would be kept."""
        return self.prior * self.able_before

    @property
    def safe(self) -> float:
        """How safe the ally feels during the war."""
        kept = self.willing * self.able
        return kept + (1 - kept) * self.stake


@dataclass(frozen=True)
class Change:
    """How a war changes what an ally feels, and through what; the parts add up to `total`.

    Parameters
    ----------
    will : float
        Part due to the new belief in will, at the old capacity.
    capacity : float
        Part due to the forces that are away, at the new belief; never positive.
    stake : float
        Part due to the war's own use to the ally; never negative.
    """

    will: float
    capacity: float
    stake: float

    @property
    def total(self) -> float:
        """Change in the chance of being safe."""
        return self.will + self.capacity + self.stake

    @property
    def region(self) -> str:
        """Which theory describes the ally: a key of `REGIONS`."""
        without_stake = self.will + self.capacity
        if without_stake > _NEGLIGIBLE:
            return "will"
        if self.total > _NEGLIGIBLE:
            return "stake"
        return "doubt" if self.total < -_NEGLIGIBLE else "unmoved"


def change(war: War) -> Change:
    """What a war does to an ally's feeling of safety, in three parts.

    Parameters
    ----------
    war : War

    Returns
    -------
    Change

    Examples
    --------
    >>> change(War(distance=1.0, likelihood_ratio=3.0, war=0.4)).region
    'doubt'
    >>> change(War(distance=1.0, likelihood_ratio=3.0, war=0.2)).region
    'will'
    """
    return Change(
        will=(war.willing - war.prior) * war.able_before,
        capacity=war.willing * (war.able - war.able_before),
        stake=(1 - war.willing * war.able) * war.stake,
    )


def region_map(war: War, across: tuple[str, Sequence[float]], up: tuple[str, Sequence[float]]) -> Any:
    """Which theory holds where, as two of the settings change.

    Parameters
    ----------
    war : War
        All other settings.
    across, up : (str, sequence of float)
        Name of a field of `War`, and its values.

    Returns
    -------
    array of str, shape (len(up values), len(across values))
        Keys of `REGIONS`; row 0 belongs to the first value of `up`.

    Raises
    ------
    ValueError
        If the two names are the same, or no fields of `War`.

    Examples
    --------
    >>> region_map(War(), ("war", [0.1, 0.9]), ("likelihood_ratio", [0.5, 3.0])).tolist()
    [['doubt', 'doubt'], ['will', 'doubt']]
    """
    names = (across[0], up[0])
    known = list(War.__dataclass_fields__)
    for name in names:
        if name not in known:
            raise ValueError(f"A war has no {name!r}; it has {', '.join(known)}.")
    if names[0] == names[1]:
        raise ValueError(f"across and up are both {names[0]!r}; name two different fields.")
    return np.array(
        [[change(replace(war, **{names[0]: x, names[1]: y})).region for x in across[1]] for y in up[1]]
    )
