"""Calibration: is a stated confidence worth what it says?

Whoever says "80 % sure" makes a claim that can be tested: of all such claims about 80 in 100 should come true. The
*Brier score* puts one number on a record: the mean squared distance between what was said and what came (1 or 0).
Always saying 50 % gives 0.25; less is better. *Reliability* lays what was said beside what came, class by class. A
record of a dozen predictions says little, so the chance that a perfectly calibrated person would do as badly is
worked out exactly: the number of hits is then a sum of independent coins with different weights.

Source
------
Brier score, reliability and Wilson's interval are standard. Classes, wording and the question "so few?" are the
course's own.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

__all__ = ["Calibration", "CalibrationError", "brier", "calibrate", "hits_if_deserved", "wilson"]

EDGES = (0.0, 0.6, 0.8, 1.0)
"""Bounds of the classes in which a record is laid out: up to 60 %, up to 80 %, above."""
_Z = 1.959963984540054


class CalibrationError(ValueError):
    """A record that cannot be; names the value and what to do."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


@dataclass(frozen=True)
class Calibration:
    """How a record of predictions did.

    Parameters
    ----------
    said : tuple of float
        Stated confidence that a prediction comes true, 0 to 1.
    came : tuple of bool
        Whether it came true.
    """

    said: tuple[float, ...]
    came: tuple[bool, ...]

    @property
    def n_predictions(self) -> int:
        """Number of predictions."""
        return len(self.said)

    @property
    def brier(self) -> float:
        """Mean squared distance between what was said and what came, 0 to 1; 0 is best."""
        return sum((p - c) ** 2 for p, c in zip(self.said, self.came, strict=True)) / len(self.said)

    @property
    def gap(self) -> float:
        """Mean confidence less share that came true: positive for too sure, negative for not sure enough."""
        return (sum(self.said) - sum(self.came)) / len(self.said)

    @property
    def chance(self) -> float:
        """Chance of a gap at least so far on this side if every stated confidence were deserved."""
        hits, weights = sum(self.came), hits_if_deserved(self.said)
        return float(sum(weights[: hits + 1] if self.gap >= 0 else weights[hits:]))

    def reliability(self, edges: Sequence[float] = EDGES) -> pd.DataFrame:
        """What was said beside what came, class by class.

        Parameters
        ----------
        edges : sequence of float
            Bounds of the classes, rising from 0 to 1; the upper one belongs to its class.

        Returns
        -------
        DataFrame
            One row a class that holds anything: `upto`, `predictions`, `said` (mean confidence), `came` (share that
            came true), `low` and `high` (Wilson's 95 % interval of that share).
        """
        bounds = list(edges)
        if bounds[0] != 0 or bounds[-1] != 1 or sorted(set(bounds)) != bounds:
            raise CalibrationError(f"edges={bounds} must rise from 0 to 1.")
        rows = [self._row(low, high) for low, high in pairwise(bounds)]
        columns = ["upto", "predictions", "said", "came", "low", "high"]
        return pd.DataFrame([row for row in rows if row], columns=columns)

    def _row(self, low: float, high: float) -> list[float] | None:
        inside = [
            (p, c)
            for p, c in zip(self.said, self.came, strict=True)
            if low < p <= high or (low == 0 and p == 0)
        ]
        if not inside:
            return None
        hits = sum(c for _, c in inside)
        return [
            high,
            len(inside),
            sum(p for p, _ in inside) / len(inside),
            hits / len(inside),
            *wilson(hits, len(inside)),
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row with the counts and scores."""
        row = [self.n_predictions, sum(self.came), sum(self.said) / len(self.said), self.brier, self.gap]
        return pd.DataFrame(
            [[*row, self.chance]], columns=["predictions", "came_true", "said", "brier", "gap", "chance"]
        )

    def __repr__(self) -> str:
        few = "few or fewer" if self.gap >= 0 else "many or more"
        sure = sum(self.said) / len(self.said)
        return (
            f"{sum(self.came)} of {self.n_predictions} predictions came true, {sure:.0%} sure on average; "
            f"Brier score {self.brier:.2f} (always 50 %: 0.25). If every confidence were deserved, so {few} "
            f"would come true in {self.chance:.0%} of such records."
        )


def calibrate(said: Iterable[Any], came: Iterable[Any]) -> Calibration:
    """Check a record and hold what was said beside what came.

    Parameters
    ----------
    said : array of float, shape (n,)
        Stated confidence that each prediction comes true, 0 to 1.
    came : array of bool, shape (n,)
        Whether it did. A prediction whose outcome is not known must be left out before.

    Returns
    -------
    Calibration

    Raises
    ------
    CalibrationError
        If the two are not of one length, empty, a confidence lies outside 0 to 1, or an outcome is missing.

    Examples
    --------
    >>> calibrate([0.9, 0.7, 0.5], [True, False, True]).brier
    0.25
    """
    confidences, outcomes = list(said), list(came)
    if len(confidences) != len(outcomes) or not confidences:
        raise CalibrationError(
            f"{len(confidences)} confidences and {len(outcomes)} outcomes; give one outcome each, and at least one."
        )
    for value in confidences:
        if pd.isna(value) or not 0 <= value <= 1:
            raise CalibrationError(
                f"A confidence of {value} is no share from 0 to 1; divide per cent by 100."
            )
    if any(pd.isna(value) or value not in (0, 1) for value in outcomes):
        raise CalibrationError("An outcome is neither true nor false; leave open predictions out first.")
    return Calibration(tuple(float(p) for p in confidences), tuple(bool(c) for c in outcomes))


def brier(said: Iterable[Any], came: Iterable[Any]) -> float:
    """Mean squared distance between stated confidence and what came.

    Parameters
    ----------
    said, came : array, shape (n,)
        As for `calibrate`.

    Returns
    -------
    float
        0 (always certain and right) to 1 (always certain and wrong).

    Examples
    --------
    >>> brier([0.5, 0.5], [True, False])
    0.25
    """
    return calibrate(said, came).brier


def hits_if_deserved(said: Sequence[float]) -> list[float]:
    """Distribution of the number of hits if every confidence is deserved and predictions are independent.

    Parameters
    ----------
    said : sequence of float, length n
        Probabilities that each comes true.

    Returns
    -------
    list of float, length n + 1
        Probability of 0, 1, ..., n hits.

    Examples
    --------
    >>> hits_if_deserved([0.5, 0.5])
    [0.25, 0.5, 0.25]
    """
    weights = [1.0]
    for p in said:
        weights = [a * (1 - p) + b * p for a, b in zip([*weights, 0.0], [0.0, *weights], strict=True)]
    return weights


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    Parameters
    ----------
    hits, of : int
        Successes among so many trials, at least one.

    Returns
    -------
    (float, float)

    Examples
    --------
    >>> low, high = wilson(5, 10)
    >>> round(low, 2), round(high, 2)
    (0.24, 0.76)
    """
    if not 0 <= hits <= of or of < 1:
        raise CalibrationError(f"{hits} of {of} is no share; give hits from 0 to the number of trials.")
    share, square = hits / of, _Z**2 / of
    middle = (share + square / 2) / (1 + square)
    half = math.sqrt(square * share * (1 - share) + square**2 / 4) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
