"""How likely is it that an experiment finds what is there?

*Power* is the chance of a significant result if the effect has a given size. The *minimum detectable effect* is the
size that is found with a given chance. For a difference in means both follow from Student's t. For anything else one
runs the experiment ten thousand times on paper and counts.

Counting is cheap if one sees what is needed. Likert answers matter only through how many people gave each answer in
each arm, so these numbers are drawn, not people. With covariates and a fixed design, all experiments share one matrix:
each estimate is a weighted sum of answers, and ten thousand of them are one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK = 250
MOST_PEOPLE = 10_000_000
FAR = 12.0
"""Standard errors after which an effect is found for certain; beyond, the noncentral t loses its digits."""


def power(effect: float, sd: float, n_arm: int, n_reference: int, *, alpha: float = 0.05) -> float:
    """Chance of a significant difference in means, two-sided, equal variances.

    Parameters
    ----------
    effect, sd : float
        Units of the outcome; sd positive.
    n_arm, n_reference : int
        People, two or more each.
    alpha : float

    Returns
    -------
    float
        Between `alpha` and 1.

    Source
    ------
    The noncentral t distribution; a textbook result.

    Examples
    --------
    >>> round(power(0.2, 1.0, 393, 393), 3)
    0.8
    """
    from scipy import stats

    _refuse_odd(sd, n_arm, n_reference, alpha)
    df = n_arm + n_reference - 2
    centre = effect / (sd * (1 / n_arm + 1 / n_reference) ** 0.5)
    edge = stats.t.ppf(1 - alpha / 2, df)
    if abs(centre) > FAR:
        return 1.0
    other_side = np.nan_to_num(stats.nct.cdf(-edge, df, abs(centre)))
    return float(min(1.0, stats.nct.sf(edge, df, abs(centre)) + other_side))


def minimum_detectable_effect(
    sd: float, n_arm: int, n_reference: int, *, chance: float = 0.8, alpha: float = 0.05
) -> float:
    """Smallest effect that is found with the given chance, units of the outcome.

    Parameters
    ----------
    sd, n_arm, n_reference, alpha
        As for `power`.
    chance : float
        Between `alpha` and 1.

    Examples
    --------
    >>> round(minimum_detectable_effect(1.0, 1500, 1500), 3)
    0.102
    """
    from scipy import optimize

    _refuse_odd(sd, n_arm, n_reference, alpha)
    if not alpha < chance < 1:
        raise ExperimentError(
            f"chance={chance:g} is out of range; give a number above alpha={alpha:g} and below 1."
        )
    highest = FAR * sd * (1 / n_arm + 1 / n_reference) ** 0.5
    found = optimize.brentq(
        lambda size: power(size, sd, n_arm, n_reference, alpha=alpha) - chance, 0, highest
    )
    return float(found)


def people_needed(effect: float, sd: float, *, chance: float = 0.8, alpha: float = 0.05) -> int:
    """Fewest people in each of two arms of equal size with which an effect is found with the given chance.

    Parameters
    ----------
    effect : float
        Units of the outcome, not 0.
    sd : float
    chance, alpha
        As for `minimum_detectable_effect`.

    Returns
    -------
    int

    Raises
    ------
    ExperimentError
        If a number is out of range, or ten million people are too few.

    Examples
    --------
    >>> people_needed(0.2, 1.0)
    394
    """
    _refuse_odd(sd, 2, 2, alpha)
    if not alpha < chance < 1:
        raise ExperimentError(
            f"chance={chance:g} is out of range; give a number above alpha={alpha:g} and below 1."
        )
    return fewest(lambda n: power(effect, sd, n, n, alpha=alpha) >= chance, f"an effect of {effect:g}")


def fewest(enough: Callable[[int], bool], what: str) -> int:
    """Smallest number from 2 that is enough, where more are always enough too.

    Raises
    ------
    ExperimentError
        If ten million are too few for `what`.
    """
    if not enough(MOST_PEOPLE):
        raise ExperimentError(f"For {what}, {MOST_PEOPLE:,} people an arm are too few.")
    low, high = 1, MOST_PEOPLE
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


@dataclass(frozen=True)
class Power:
    """Share of simulated experiments with a significant result, for each treatment arm.

    Parameters
    ----------
    arms : tuple of str
    power : tuple of float
    mean_estimate : tuple of float
        Mean estimate, units of the outcome.
    n_experiments : int
    n_per_arm : int
    """

    arms: tuple[str, ...]
    power: tuple[float, ...]
    mean_estimate: tuple[float, ...]
    n_experiments: int
    n_per_arm: int

    @property
    def mc_error(self) -> tuple[float, ...]:
        """Standard error of each share from the number of experiments."""
        return tuple(float((share * (1 - share) / self.n_experiments) ** 0.5) for share in self.power)

    def __repr__(self) -> str:
        found = ", ".join(f"{arm} {share:.0%}" for arm, share in zip(self.arms, self.power, strict=True))
        return f"power with {self.n_per_arm:,} people an arm: {found} ({self.n_experiments:,} experiments)"

    def to_frame(self) -> pd.DataFrame:
        """Return a row an arm."""
        columns = {
            "arm": self.arms,
            "power": self.power,
            "mc_error": self.mc_error,
            "mean_estimate": self.mean_estimate,
        }
        return pd.DataFrame(columns).assign(n_per_arm=self.n_per_arm)


def likert_power(
    shares: pd.DataFrame,
    n_per_arm: int,
    *,
    reference: str = "unchanged",
    n_experiments: int = 10_000,
    alpha: float = 0.05,
    seed: int = 1,
) -> Power:
    """Power of a difference in means with Welch's test on Likert answers, by drawing counts.

    Parameters
    ----------
    shares : DataFrame
        A row an arm, a column a point of the scale (numbers); each row sums to 1.
    n_per_arm : int
    reference : str
        Row that the others are compared with.
    n_experiments : int
    alpha : float
    seed : int

    Returns
    -------
    Power

    Raises
    ------
    ExperimentError
        If shares are no shares, the reference is missing, or a number is out of range.

    Examples
    --------
    >>> shares = pd.DataFrame({1: [0.5, 0.4], 2: [0.5, 0.6]}, index=["unchanged", "both"])
    >>> likert_power(shares, 400)
    power with 400 people an arm: both 82% (10,000 experiments)
    """
    arms, estimates, significant = likert_experiments(
        shares, n_per_arm, reference=reference, n_experiments=n_experiments, alpha=alpha, seed=seed
    )
    return _power(arms, significant, estimates, n_per_arm)


def moved_up(shares: Sequence[float], part: float) -> tuple[float, ...]:
    """Shares of answers after a part of the people at each answer has gone up by one; at the top nobody can.

    Parameters
    ----------
    shares : sequence of float
        Of each answer, the lowest first; sums to 1.
    part : float
        From 0 to 1. The mean rises by this part of all who are not at the top.

    Returns
    -------
    tuple of float

    Examples
    --------
    >>> moved_up((0.5, 0.25, 0.25), 0.5)
    (0.25, 0.375, 0.375)
    """
    if not 0 <= part <= 1:
        raise ExperimentError(f"part={part:g} is no share; give a number from 0 to 1.")
    rising = [part * share for share in shares[:-1]]
    pairs = zip(shares, [*rising, 0.0], [0.0, *rising], strict=True)
    return tuple(share - away + to for share, away, to in pairs)


def likert_experiments(
    shares: pd.DataFrame,
    n_per_arm: int,
    *,
    reference: str = "unchanged",
    n_experiments: int = 10_000,
    alpha: float = 0.05,
    seed: int = 1,
) -> tuple[list[str], NDArray[np.float64], NDArray[np.bool_]]:
    """What each of many simulated experiments estimates, and whether it is significant; the runs of `likert_power`.

    Parameters
    ----------
    shares, n_per_arm, reference, n_experiments, alpha, seed
        As for `likert_power`.

    Returns
    -------
    arms : list of str
        Without the reference.
    estimates : ndarray of float, shape (len(arms), n_experiments)
        Scale points.
    significant : ndarray of bool, of the same shape

    Examples
    --------
    >>> shares = pd.DataFrame({1: [0.5, 0.4], 2: [0.5, 0.6]}, index=["unchanged", "both"])
    >>> likert_experiments(shares, 400, n_experiments=3)[1].shape
    (1, 3)
    """
    _refuse_odd_shares(shares, reference)
    _refuse_odd(1.0, n_per_arm, n_per_arm, alpha)
    draw = np.random.Generator(np.random.PCG64(seed))
    points = shares.columns.to_numpy(float)
    mean, variance = {}, {}
    for arm, row in shares.iterrows():
        counts = draw.multinomial(n_per_arm, row.to_numpy(float) / row.sum(), size=n_experiments)
        mean[arm] = counts @ points / n_per_arm
        squares = counts @ points**2 / n_per_arm
        variance[arm] = (squares - mean[arm] ** 2) / (n_per_arm - 1)
    arms = [str(arm) for arm in shares.index if arm != reference]
    estimates = np.stack([mean[arm] - mean[reference] for arm in arms])
    errors = [(variance[arm], variance[reference]) for arm in arms]
    significant = np.stack(
        [_welch(estimate, *pair, n_per_arm, alpha) for estimate, pair in zip(estimates, errors, strict=True)]
    )
    return arms, estimates, significant


def _welch(
    estimate: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64], n: int, alpha: float
) -> NDArray[np.bool_]:
    from scipy import stats

    variance = one + other
    with np.errstate(divide="ignore", invalid="ignore"):
        df = variance**2 / ((one**2 + other**2) / (n - 1))
        p_values = 2 * stats.t.sf(np.abs(estimate) / np.sqrt(variance), np.where(np.isfinite(df), df, 1))
    return np.where(variance > 0, p_values < alpha, estimate != 0)


def covariate_power(
    design: NDArray[np.float64],
    covariate_effects: Sequence[float],
    effects: Sequence[float],
    arms: Sequence[str],
    *,
    sd: float = 1.0,
    n_experiments: int = 10_000,
    alpha: float = 0.05,
    seed: int = 1,
) -> Power:
    """Power of least squares with HC2 errors, treatments and covariates in a fixed design, normal noise.

    Parameters
    ----------
    design : ndarray of float, shape (n, 1 + k + m)
        Intercept, k columns of 0/1 for treatment arms, m covariates.
    covariate_effects : sequence of float, length m
    effects : sequence of float, length k
        Effect of each treatment, units of the outcome.
    arms : sequence of str, length k
    sd : float
        Of the noise.
    n_experiments, alpha, seed
        As for `likert_power`.

    Returns
    -------
    Power
        With n / (k + 1) people an arm on average.

    Raises
    ------
    ExperimentError
        If lengths do not fit, or columns of the design say the same thing twice.
    """
    n, n_columns = design.shape
    k, m = len(effects), len(covariate_effects)
    if n_columns != 1 + k + m or len(arms) != k:
        raise ExperimentError(
            f"The design has {n_columns} columns; 1 + {k} arms + {m} covariates are needed."
        )
    if np.linalg.matrix_rank(design) < n_columns:
        raise ExperimentError("Two columns of the design say the same thing; leave one out.")
    _refuse_odd(sd, n, n, alpha)
    weights = np.asarray(np.linalg.pinv(design)[1 : 1 + k], dtype=np.float64)
    fitted = np.asarray(design @ np.array([0.0, *effects, *covariate_effects]), dtype=np.float64)
    estimates, errors = _estimates(design, weights, fitted, sd, n_experiments, seed)
    return _power(list(arms), _significant(estimates, errors, n - n_columns, alpha), estimates, n // (k + 1))


def _estimates(
    design: NDArray[np.float64],
    weights: NDArray[np.floating],
    fitted: NDArray[np.floating],
    sd: float,
    n_experiments: int,
    seed: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Estimates and their HC2 errors, shape (k, n_experiments) each.

    Residuals are noise less its projection on the design. Their weighted sum of squares is multiplied out, so that no
    residual is ever written down: all that is needed of the noise is one matrix product, and its squares times weights.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    basis, _ = np.linalg.qr(design)
    scaled = (weights**2 / (1 - (basis**2).sum(axis=1))).T
    k, width = len(weights), basis.shape[1]
    crossed = [scaled[:, [arm]] * basis for arm in range(k)]
    asked = np.hstack([weights.T, basis, *crossed])
    squared = [basis.T @ each for each in crossed]
    estimates = np.empty((k, n_experiments))
    errors = np.empty_like(estimates)
    for start in range(0, n_experiments, CHUNK):
        noise = draw.standard_normal((min(CHUNK, n_experiments - start), len(fitted)))
        found = noise @ asked
        on_basis = found[:, k : k + width]
        place = slice(start, start + len(noise))
        estimates[:, place] = (weights @ fitted)[:, None] + sd * found[:, :k].T
        np.square(noise, out=noise)
        total = noise @ scaled
        for arm in range(k):
            cross = found[:, k + width * (arm + 1) : k + width * (arm + 2)]
            total[:, arm] += (on_basis * (on_basis @ squared[arm] - 2 * cross)).sum(axis=1)
        errors[:, place] = sd * np.sqrt(total).T
    return estimates, errors


def _significant(
    estimates: NDArray[np.float64], errors: NDArray[np.float64], df: int, alpha: float
) -> NDArray[np.bool_]:
    from scipy import stats

    found: NDArray[np.bool_] = np.abs(estimates) > stats.t.ppf(1 - alpha / 2, df) * errors
    return found


def _power(
    arms: Sequence[str], significant: NDArray[np.bool_], estimates: NDArray[np.float64], n_per_arm: int
) -> Power:
    shares = tuple(float(share) for share in significant.mean(axis=1))
    means = tuple(float(mean) for mean in estimates.mean(axis=1))
    return Power(tuple(arms), shares, means, estimates.shape[1], n_per_arm)


def _refuse_odd(sd: float, n_arm: int, n_reference: int, alpha: float) -> None:
    if not (np.isfinite(sd) and sd > 0):
        raise ExperimentError(f"sd={sd:g} is no standard deviation; give a positive number.")
    for name, n in (("n_arm", n_arm), ("n_reference", n_reference)):
        if n < 2:
            raise ExperimentError(f"{name}={n} is too few; give two people or more.")
    if not 0 < alpha < 1:
        raise ExperimentError(f"alpha={alpha:g} is no level; give a number between 0 and 1.")


def _refuse_odd_shares(shares: pd.DataFrame, reference: str) -> None:
    if reference not in shares.index or len(shares) < 2:
        raise ExperimentError(
            f"The shares need the row {reference!r} and one arm more; they have {list(shares.index)}."
        )
    values = shares.to_numpy(float)
    if (values < 0).any() or not np.allclose(values.sum(axis=1), 1, atol=1e-6):
        raise ExperimentError("Each row of shares must sum to 1, with no share below 0.")
