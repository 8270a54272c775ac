"""Reading a null: not significant is not "no effect".

An interval that holds zero may hold much else. To say that an effect is too small to matter one must say beforehand
what would matter, the *smallest effect of interest*, and then reject both larger sizes: two one-sided tests. The two
questions give four answers: different, equivalent, both (there, but too small to matter), or undecided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from helpers.experiments.results import Estimate, ExperimentError

Reading = Literal["different", "equivalent", "different, but too small to matter", "undecided"]


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests beside the usual one.

    Parameters
    ----------
    estimate : Estimate
    smallest : float
        Smallest effect of interest, units of the outcome, positive.
    p_equivalence : float
        Larger of the two one-sided p-values.
    low, high : float
        Ends of the interval whose lying inside the bounds is the same as equivalence: 90 % for a level of 0.05.
    alpha : float
    """

    estimate: Estimate
    smallest: float
    p_equivalence: float
    low: float
    high: float
    alpha: float

    @property
    def reading(self) -> Reading:
        """One of four answers."""
        different = self.estimate.p_value < self.alpha
        equivalent = self.p_equivalence < self.alpha
        if different and equivalent:
            return "different, but too small to matter"
        return "different" if different else "equivalent" if equivalent else "undecided"

    def __repr__(self) -> str:
        return (
            f"{self.estimate.outcome}: {self.reading} (p = {self.estimate.p_value:.3f} against no effect, "
            f"p = {self.p_equivalence:.3f} against effects of {self.smallest:g} or more)"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row: outcome, estimate, both p-values, the interval, the reading."""
        row = {
            "outcome": self.estimate.outcome, "arm": self.estimate.arm, "estimate": self.estimate.estimate,
            "p_difference": self.estimate.p_value, "p_equivalence": self.p_equivalence, "low": self.low,
            "high": self.high, "smallest": self.smallest, "reading": self.reading,
        }  # fmt: skip
        return pd.DataFrame([row])


def equivalence_test(estimate: Estimate, smallest: float, *, alpha: float = 0.05) -> Equivalence:
    """Ask whether an effect is smaller than what would matter.

    Parameters
    ----------
    estimate : Estimate
        With its standard error and degrees of freedom.
    smallest : float
        Smallest effect of interest, units of the outcome. Name it before you look.
    alpha : float
        Level of each one-sided test, between 0 and 0.5.

    Returns
    -------
    Equivalence

    Raises
    ------
    ExperimentError
        If `smallest` is not positive, or alpha is no level.

    Source
    ------
    Two one-sided tests; a textbook method.

    Examples
    --------
    >>> numbers = (0.02, 0.04, 2000.0, -0.06, 0.1, 0.617, 1500, 1500, "")
    >>> equivalence_test(Estimate("protected", "both", "unchanged", "deployment", *numbers), 0.2)
    protected: equivalent (p = 0.617 against no effect, p = 0.000 against effects of 0.2 or more)
    """
    from scipy import stats

    if not (np.isfinite(smallest) and smallest > 0):
        raise ExperimentError(
            f"smallest={smallest:g} is no smallest effect of interest; give a positive number."
        )
    if not 0 < alpha < 0.5:
        raise ExperimentError(f"alpha={alpha:g} is no level; give a number between 0 and 0.5.")
    error, df = estimate.std_error, estimate.df
    above = float(stats.t.sf((estimate.estimate + smallest) / error, df))
    below = float(stats.t.cdf((estimate.estimate - smallest) / error, df))
    reach = float(stats.t.ppf(1 - alpha, df)) * error
    return Equivalence(
        estimate, smallest, max(above, below), estimate.estimate - reach, estimate.estimate + reach, alpha
    )
