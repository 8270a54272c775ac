"""Reading a null: not significant is not "no effect".

An interval that holds zero may hold much else. To say that an effect is too small to matter one must say beforehand
what would matter, the *smallest effect of interest*, and then reject both larger sizes: two one-sided tests. The two
questions give four answers: different, equivalent, both (there, but too small to matter), or undecided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from helpers.experiments.power import fewest
from helpers.experiments.results import Estimate, ExperimentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Reading = Literal["different", "equivalent", "different, but too small to matter", "undecided"]
READINGS: tuple[Reading, ...] = get_args(Reading)


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
            f"{self.estimate.outcome}: {self.reading} ({_p(self.estimate.p_value)} against no effect, "
            f"{_p(self.p_equivalence)} against effects of {self.smallest:g} or more)"
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
    protected: equivalent (p = 0.617 against no effect, p < 0.001 against effects of 0.2 or more)
    """
    from scipy import stats

    _refuse_odd(smallest, alpha)
    error, df = estimate.std_error, estimate.df
    above = float(stats.t.sf((estimate.estimate + smallest) / error, df))
    below = float(stats.t.cdf((estimate.estimate - smallest) / error, df))
    reach = float(stats.t.ppf(1 - alpha, df)) * error
    return Equivalence(
        estimate, smallest, max(above, below), estimate.estimate - reach, estimate.estimate + reach, alpha
    )


def readings(
    estimates: pd.DataFrame, smallest: float, *, df: float = np.inf, alpha: float = 0.05
) -> pd.Series[str]:
    """Reading of each of many estimates.

    Parameters
    ----------
    estimates : DataFrame
        Columns `estimate` and `std_error`.
    df : float
        Degrees of freedom of all of them; infinite for normal quantiles.
    smallest, alpha
        As for `equivalence_test`.

    Returns
    -------
    Series of str
        One of `READINGS` a row.

    Examples
    --------
    >>> readings(pd.DataFrame({"estimate": [0.02, 0.02], "std_error": [0.04, 0.2]}), 0.2).tolist()
    ['equivalent', 'undecided']
    """
    from scipy import stats

    _refuse_odd(smallest, alpha)
    size, error = estimates["estimate"].abs(), estimates["std_error"]
    different = size > stats.t.ppf(1 - alpha / 2, df) * error
    equivalent = size < smallest - stats.t.ppf(1 - alpha, df) * error
    found = np.select(
        [different & equivalent, different, equivalent], [READINGS[2], READINGS[0], READINGS[1]], READINGS[3]
    )
    return pd.Series(found, index=estimates.index, name="reading")


def reading_shares(
    truth: float, sd: float, n_per_arm: ArrayLike, smallest: float, *, alpha: float = 0.05
) -> pd.DataFrame:
    """How often studies of a given size come to each reading, if the true effect is known.

    Parameters
    ----------
    truth : float
        True effect, units of the outcome.
    sd : float
        Of the outcome in each of two arms of equal size.
    n_per_arm : int or sequence of int
        2 or more.
    smallest, alpha
        As for `equivalence_test`.

    Returns
    -------
    DataFrame
        A row a size, with `n_per_arm`, and a column for each of `READINGS`; these sum to 1.

    Source
    ------
    The estimate is taken as normal and its error as known; limits are Student's. Ours, for samples of 20 or more.

    Examples
    --------
    >>> reading_shares(0.0, 1.2, [150, 1500], 0.2).round(2).to_numpy().tolist()
    [[150.0, 0.05, 0.0, 0.0, 0.95], [1500.0, 0.0, 0.95, 0.05, 0.0]]
    """
    from scipy import stats

    _refuse_odd(smallest, alpha)
    n = np.atleast_1d(np.asarray(n_per_arm, dtype=np.float64))
    if not (np.isfinite(sd) and sd > 0) or n.min() < 2:
        raise ExperimentError(f"sd={sd:g} must be positive, and n_per_arm={n.min():g} 2 or more.")
    error = sd * np.sqrt(2 / n)
    found_from = stats.t.ppf(1 - alpha / 2, 2 * n - 2) * error
    small_to = np.maximum(smallest - stats.t.ppf(1 - alpha, 2 * n - 2) * error, 0.0)

    def within(bound: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chance that an estimate lies within minus and plus the bound."""
        inside: NDArray[np.float64] = stats.norm.cdf((bound - truth) / error) - stats.norm.cdf(
            (-bound - truth) / error
        )
        return inside

    inner, outer = within(np.minimum(found_from, small_to)), within(np.maximum(found_from, small_to))
    both = np.where(small_to > found_from, outer - inner, 0.0)
    undecided = np.where(small_to > found_from, 0.0, outer - inner)
    columns = dict(zip(READINGS, (1 - outer, inner, both, undecided), strict=True))
    return pd.DataFrame({"n_per_arm": n.astype(int), **columns})


def people_for_equivalence(
    smallest: float, sd: float, *, truth: float = 0.0, chance: float = 0.8, alpha: float = 0.05
) -> int:
    """Fewest people in each of two arms with which a small effect is called too small with the given chance.

    Parameters
    ----------
    smallest, sd, truth, alpha
        As for `reading_shares`; the truth must lie inside the bounds.
    chance : float
        Between 0 and 1.

    Returns
    -------
    int

    Raises
    ------
    ExperimentError
        If a number is out of range.

    Examples
    --------
    >>> people_for_equivalence(0.2, 1.2)
    618
    """
    if not (abs(truth) < smallest and 0 < chance < 1):
        raise ExperimentError(
            f"truth={truth:g} must lie within {smallest:g} on both sides, and chance={chance:g} between 0 and 1."
        )

    def enough(n: int) -> bool:
        row = reading_shares(truth, sd, n, smallest, alpha=alpha).iloc[0]
        return bool(row[READINGS[1]] + row[READINGS[2]] >= chance)

    return fewest(enough, f"effects below {smallest:g}")


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _refuse_odd(smallest: float, alpha: float) -> None:
    if not (np.isfinite(smallest) and smallest > 0):
        raise ExperimentError(
            f"smallest={smallest:g} is no smallest effect of interest; give a positive number."
        )
    if not 0 < alpha < 0.5:
        raise ExperimentError(f"alpha={alpha:g} is no level; give a number between 0 and 0.5.")
