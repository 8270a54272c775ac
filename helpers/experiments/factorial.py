"""Two treatments at once: four arms, and what each comparison of their means is.

In a two-by-two, each of two things is there or not. The four means give four *simple* effects (one thing, at one value
of the other), two *main* effects (the mean of its two simple effects) and one *interaction* (how far the effect of the
one depends on the other). All are sums of the four means with fixed weights, so one formula gives every estimate and
its standard error. The interaction weighs each mean twice as much as a main effect does: its error is twice as large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.answers import need, numeric, refuse_missing_arm
from helpers.experiments.results import LEVEL, ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Contrast:
    """A sum of the four means with fixed weights.

    Parameters
    ----------
    name : str
    weights : tuple of float
        One for each arm: neither, the first thing alone, the second alone, both.
    estimate, std_error, df, low, high, p_value : float
        In units of the outcome; Neyman's error, Welch's degrees of freedom, two-sided against 0.
    level : float
    """

    name: str
    weights: tuple[float, ...]
    estimate: float
    std_error: float
    df: float
    low: float
    high: float
    p_value: float
    level: float = LEVEL

    def __repr__(self) -> str:
        reach = f"{self.level:.0%} interval {self.low:+.2f} to {self.high:+.2f}"
        return f"{self.name}: {self.estimate:+.2f}, {reach}"

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([{**vars(self), "weights": [*self.weights]}])


@dataclass(frozen=True)
class Factorial:
    """Means and contrasts of a two-by-two.

    Parameters
    ----------
    outcome : str
    means : Series
        Mean answer of each arm.
    contrasts : tuple of Contrast
    """

    outcome: str
    means: pd.Series[float]
    contrasts: tuple[Contrast, ...]

    def __repr__(self) -> str:
        return f"{self.outcome}: " + "; ".join(map(repr, self.contrasts[-3:]))

    def __getitem__(self, name: str) -> Contrast:
        for contrast in self.contrasts:
            if contrast.name == name:
                return contrast
        known = ", ".join(repr(contrast.name) for contrast in self.contrasts)
        raise ExperimentError(f"There is no contrast {name!r}; there are {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a contrast."""
        return pd.concat([contrast.to_frame() for contrast in self.contrasts], ignore_index=True)


def two_by_two(
    answers: pd.DataFrame,
    outcome: str,
    *,
    arms: Sequence[str] = ("unchanged", "conventional", "nuclear", "both"),
    by: str = "arm",
    level: float = LEVEL,
) -> Factorial:
    """Simple effects, main effects and the interaction of two treatments.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent; people without an answer are left out.
    outcome : str
        Numeric column.
    arms : sequence of str
        Neither, the first thing alone, the second alone, both.
    by : str
        Column that names the arm.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Factorial

    Raises
    ------
    ExperimentError
        If an arm or column is missing, an arm has fewer than two answers, or all answers are the same.

    Source
    ------
    Sums of independent means, Neyman's variance and Satterthwaite's degrees of freedom; textbook results.

    Examples
    --------
    >>> four = ["unchanged", "conventional", "nuclear", "both"]
    >>> answers = pd.DataFrame({"arm": four * 2, "need": [3, 2, 2, 2, 4, 3, 3, 3]})
    >>> two_by_two(answers, "need").means.tolist()
    [3.5, 2.5, 2.5, 2.5]
    """
    groups = _groups(answers, outcome, arms, by)
    if not 0 < level < 1:
        raise ExperimentError(f"level={level:g} is no coverage; give a number between 0 and 1, such as 0.95.")
    means = pd.Series([group.mean() for group in groups], index=list(arms))
    variances = np.array([float(group.var(ddof=1)) / len(group) for group in groups])
    rests = np.array([len(group) - 1 for group in groups])
    contrasts = tuple(
        contrast_of(name, weights, np.array(means, dtype=np.float64), variances, rests, level)
        for name, weights in weights_of(arms[1], arms[2]).items()
    )
    return Factorial(outcome, means, contrasts)


def weights_of(first: str, second: str) -> dict[str, tuple[float, ...]]:
    """Weights of the seven contrasts of a two-by-two.

    Parameters
    ----------
    first, second : str
        Names of the two things.

    Returns
    -------
    dict of str to tuple of float
        Four simple effects, two main effects, the interaction; each with the weights of the means of neither, the
        first alone, the second alone, both.

    Examples
    --------
    >>> weights_of("soldiers", "weapons")["interaction"]
    (1.0, -1.0, -1.0, 1.0)
    """
    return {
        f"{first} without {second}": (-1.0, 1.0, 0.0, 0.0),
        f"{first} with {second}": (0.0, 0.0, -1.0, 1.0),
        f"{second} without {first}": (-1.0, 0.0, 1.0, 0.0),
        f"{second} with {first}": (0.0, -1.0, 0.0, 1.0),
        f"main effect of {first}": (-0.5, 0.5, -0.5, 0.5),
        f"main effect of {second}": (-0.5, -0.5, 0.5, 0.5),
        "interaction": (1.0, -1.0, -1.0, 1.0),
    }


def _groups(answers: pd.DataFrame, outcome: str, arms: Sequence[str], by: str) -> list[pd.Series[float]]:
    need(answers, [by, outcome])
    if len(set(arms)) != 4:
        raise ExperimentError(f"A two-by-two has four different arms; given: {', '.join(arms)}.")
    refuse_missing_arm(answers[by], arms, by)
    values = numeric(answers, outcome)
    groups = [values[answers[by] == arm].dropna() for arm in arms]
    for arm, group in zip(arms, groups, strict=True):
        if len(group) < 2:
            raise ExperimentError(
                f"Arm {arm!r} has {len(group)} answers to {outcome!r}; two or more are needed."
            )
    kept = pd.concat(groups)
    if kept.nunique() == 1:
        raise ExperimentError(
            f"All answers to {outcome!r} are {kept.iloc[0]:g}; a constant outcome shows no effect."
        )
    return groups


def contrast_of(
    name: str,
    weights: Sequence[float],
    means: NDArray[np.float64],
    variances: NDArray[np.float64],
    rests: NDArray[np.int64],
    level: float = LEVEL,
) -> Contrast:
    """Sum of independent means with fixed weights.

    Parameters
    ----------
    name : str
    weights : sequence of float, length k
    means, variances : ndarray of float, shape (k,)
        Of each arm's mean, so a variance is that of the answers over the number of people.
    rests : ndarray of int, shape (k,)
        People in each arm less one.
    level : float

    Returns
    -------
    Contrast
        With Satterthwaite's degrees of freedom.

    Examples
    --------
    >>> contrast_of("b less a", (-1, 1), np.array([3.0, 3.5]), np.array([0.01, 0.01]), np.array([99, 99]))
    b less a: +0.50, 95% interval +0.22 to +0.78
    """
    from scipy import stats

    w = np.array(weights)
    parts = w**2 * variances
    variance = float(parts.sum())
    estimate, std_error = float(w @ means), variance**0.5
    df = variance**2 / float((parts**2 / rests).sum()) if variance > 0 else float("inf")
    reach = float(stats.t.ppf((1 + level) / 2, df)) * std_error
    p_value = float(2 * stats.t.sf(abs(estimate) / std_error, df)) if std_error > 0 else float(estimate == 0)
    return Contrast(
        name, tuple(weights), estimate, std_error, df, estimate - reach, estimate + reach, p_value, level
    )
