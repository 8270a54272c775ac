"""The alliance dilemma: hold your ally too loosely and it leaves you, too tightly and it takes you along.

An ally that keeps its distance fears *abandonment*, one that binds itself fears *entrapment* in a war that is not its
own. Tying the knot tighter trades the one against the other, so that no choice is safe. Which is best depends on what
one minimises. Somebody who can say how likely each danger is minimises the *expected loss*. Somebody who cannot may
minimise the *greatest regret*: how much worse the choice could turn out than the best choice with hindsight.

Source
------
The tension between the two fears: Snyder (1984). The forms are ours. With tightness t from 0 to 1, the loss is
`abandonment` * (1 - t) ** 2 if the danger was to be abandoned, and `entrapment` * t ** 2 if it was to be entrapped: the
first step away from an extreme helps most. Each loss is zero at the choice that is best with hindsight, so it is the
regret as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class Fears:
    """What an ally has to lose.

    Parameters
    ----------
    abandonment : float
        Loss if it is abandoned after holding on as loosely as can be; positive, any unit.
    entrapment : float
        Loss if it is entrapped after binding itself as tightly as can be; positive, same unit.
    p_abandon : float
        Chance that abandonment is the danger, and not entrapment; 0 to 1.

    Raises
    ------
    ValueError
        If a value lies outside of these bounds.

    Examples
    --------
    >>> Fears(abandonment=9, entrapment=1).least_regret
    0.75
    """

    abandonment: float
    entrapment: float
    p_abandon: float = 0.5

    def __post_init__(self) -> None:
        for name in ("abandonment", "entrapment"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}={getattr(self, name)} must be above 0.")
        if not 0 <= self.p_abandon <= 1:
            raise ValueError(f"p_abandon={self.p_abandon} must lie from 0 to 1.")

    def loss_if_abandoned(self, tightness: float) -> float:
        """Loss if abandonment was the danger.

        Parameters
        ----------
        tightness : float
            0 (as loose as can be) to 1.
        """
        return self.abandonment * (1 - tightness) ** 2

    def loss_if_entrapped(self, tightness: float) -> float:
        """Loss if entrapment was the danger.

        Parameters
        ----------
        tightness : float
            0 to 1 (as tight as can be).
        """
        return self.entrapment * tightness**2

    def expected_loss(self, tightness: float) -> float:
        """Mean of the two losses, weighted by how likely each danger is.

        Parameters
        ----------
        tightness : float

        Examples
        --------
        >>> Fears(abandonment=4, entrapment=4).expected_loss(0.5)
        1.0
        """
        abandoned, entrapped = self.loss_if_abandoned(tightness), self.loss_if_entrapped(tightness)
        return self.p_abandon * abandoned + (1 - self.p_abandon) * entrapped

    def greatest_regret(self, tightness: float) -> float:
        """The larger of the two losses, which are regrets as well.

        Parameters
        ----------
        tightness : float

        Examples
        --------
        >>> Fears(abandonment=4, entrapment=1).greatest_regret(0.5)
        1.0
        """
        return max(self.loss_if_abandoned(tightness), self.loss_if_entrapped(tightness))

    @property
    def least_expected_loss(self) -> float:
        """Tightness with the least expected loss, 0 to 1."""
        abandoned, entrapped = self.p_abandon * self.abandonment, (1 - self.p_abandon) * self.entrapment
        return abandoned / (abandoned + entrapped)

    @property
    def least_regret(self) -> float:
        """Tightness with the least greatest regret, 0 to 1; needs no probabilities."""
        return sqrt(self.abandonment) / (sqrt(self.abandonment) + sqrt(self.entrapment))
