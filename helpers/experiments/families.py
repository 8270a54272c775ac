"""Many tests in one survey, again and again: how often chance alone finds something.

A survey with several outcomes and several arms is a *family* of tests. To see what a family does, field it thousands of
times in a world that we made ourselves: some effects are real, the others are nothing. Then every false find can be
counted. The tests of a family hang together: all arms are compared with the same people, and who gives a high answer
to one question tends to do so to another. Both are in the model; its form (normal test statistics, one common factor
behind the outcomes) is the course's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.corrections import CORRECTIONS, Correction, adjusted
from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL = 0.05
MOST_TESTS = 100
HALF_STEP = 2.0**-54
"""Half the distance between two raw uniforms: added to each, so that none is 0."""


@dataclass(frozen=True)
class Rates:
    """What a correction does to a family of tests, over many surveys.

    Parameters
    ----------
    correction : str
    any_false : float
        Family-wise error: share of surveys with at least one false find.
    false_share : float
        Mean share of false finds among the finds of a survey; 0 where nothing is found.
    found : float
        Mean number of finds a survey.
    power : float
        Share of the real effects that are found; NaN where none is real.
    """

    correction: Correction
    any_false: float
    false_share: float
    found: float
    power: float

    def __repr__(self) -> str:
        return (
            f"{self.correction}: at least one false find in {self.any_false:.1%} of surveys, "
            f"{self.false_share:.1%} of finds false, {self.found:.2f} finds a survey"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([vars(self)])


@dataclass(frozen=True)
class Families:
    """Families of tests, one row a simulated survey. Simulated for teaching.

    Parameters
    ----------
    p_values : ndarray of float, shape (n_surveys, n_tests)
        Two-sided; outcome by outcome, and within each arm by arm.
    real : ndarray of bool, shape (n_tests,)
        Whether there is an effect to find.
    """

    p_values: NDArray[np.float64]
    real: NDArray[np.bool_]

    def __repr__(self) -> str:
        n_surveys, n_tests = self.p_values.shape
        return (
            f"{n_surveys:,} surveys of {n_tests} tests, {int(self.real.sum())} of them of a real effect; "
            "simulated for teaching"
        )

    def finds(self, correction: Correction = "none", level: float = LEVEL) -> NDArray[np.bool_]:
        """Which tests are called significant, shape (n_surveys, n_tests).

        Parameters
        ----------
        correction : str
            One of `CORRECTIONS`.
        level : float
            Between 0 and 1.
        """
        if not 0 < level < 1:
            raise ExperimentError(f"level={level:g} must lie between 0 and 1, such as 0.05.")
        found: NDArray[np.bool_] = adjusted_rows(self.p_values, correction) <= level
        return found

    def rates(self, correction: Correction = "none", level: float = LEVEL) -> Rates:
        """Count false finds, and real ones, over all surveys.

        Parameters
        ----------
        correction, level
            As for `finds`.

        Returns
        -------
        Rates
        """
        finds = self.finds(correction, level)
        n_false, n_found = finds[:, ~self.real].sum(axis=1), finds.sum(axis=1)
        power = float(finds[:, self.real].mean()) if self.real.any() else float("nan")
        share = n_false / np.maximum(n_found, 1)
        return Rates(
            correction, float((n_false > 0).mean()), float(share.mean()), float(n_found.mean()), power
        )

    def to_frame(self, level: float = LEVEL) -> pd.DataFrame:
        """Return the rates of all corrections, one row each."""
        rows = [self.rates(correction, level).to_frame() for correction in CORRECTIONS]
        return pd.concat(rows, ignore_index=True)


def simulate_families(
    n_outcomes: int,
    n_arms: int,
    *,
    correlation: float = 0.0,
    true_nulls: float = 1.0,
    effect: float = 2.8,
    n_surveys: int = 2000,
    seed: int | str = 1,
) -> Families:
    """Simulated families of tests: every outcome in every arm against the same reference.

    Parameters
    ----------
    n_outcomes, n_arms : int
        At least 1 each, together at most 100 tests.
    correlation : float
        Between any two outcomes, among people of one arm, 0 <= correlation < 1.
    true_nulls : float
        Share of the tests behind which there is nothing, 0 to 1; rounded to whole tests. The real ones come first.
    effect : float
        Size of a real effect in standard errors; 2.8 is found four times in five by a single test.
    n_surveys : int
    seed : int or str

    Returns
    -------
    Families

    Raises
    ------
    ExperimentError
        If a number is out of range; names it.

    Examples
    --------
    >>> simulate_families(4, 3, n_surveys=500)
    500 surveys of 12 tests, 0 of them of a real effect; simulated for teaching
    """
    from scipy.special import ndtr

    _refuse(n_outcomes, n_arms, correlation, true_nulls, effect, n_surveys)
    n_tests = n_outcomes * n_arms
    draws = _normal(seed, (n_surveys, 1 + n_outcomes, 1 + n_arms))
    common, own = draws[:, :1, :], draws[:, 1:, :]
    means = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * own
    z = (means[:, :, 1:] - means[:, :, :1]) / np.sqrt(2)
    real = np.arange(n_tests) < n_tests - round(true_nulls * n_tests)
    shifted = z.reshape(n_surveys, n_tests) + effect * real
    return Families(2 * ndtr(-np.abs(shifted)), real)


def adjusted_rows(p_values: NDArray[np.float64], correction: Correction) -> NDArray[np.float64]:
    """Adjusted p-values of many families at once, one row a family.

    Parameters
    ----------
    p_values : ndarray of float, shape (n_families, n_tests)
        Between 0 and 1.
    correction : str
        "none", "holm" or "benjamini-hochberg".

    Returns
    -------
    ndarray of float, shape (n_families, n_tests)

    Raises
    ------
    ExperimentError
        If there is no such correction.

    Source
    ------
    Holm's step-down and Benjamini and Hochberg's step-up procedure, as `corrections.adjusted` has them.

    Examples
    --------
    >>> adjusted_rows(np.array([[0.01, 0.04, 0.03]]), "holm")
    array([[0.03, 0.06, 0.06]])
    """
    if correction not in CORRECTIONS:
        adjusted([0.5], correction)  # says what there is
    if correction == "none":
        return p_values
    order = np.argsort(p_values, axis=1, kind="stable")
    ranked = np.take_along_axis(p_values, order, axis=1)
    n_tests = p_values.shape[1]
    if correction == "holm":
        stepped = np.maximum.accumulate(ranked * np.arange(n_tests, 0, -1), axis=1)
    else:
        scaled = ranked * n_tests / np.arange(1, n_tests + 1)
        stepped = np.minimum.accumulate(scaled[:, ::-1], axis=1)[:, ::-1]
    found = np.empty_like(p_values)
    np.put_along_axis(found, order, np.minimum(stepped, 1.0), axis=1)
    return found


def _normal(seed: int | str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Normal numbers: raw uniforms of PCG64, each at its quantile."""
    from scipy.special import ndtri

    digest = sha256(f"{seed}\nfamilies of tests".encode()).digest()
    uniforms = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big"))).random(shape)
    quantiles: NDArray[np.float64] = ndtri(uniforms + HALF_STEP)
    return quantiles


def _refuse(
    n_outcomes: int, n_arms: int, correlation: float, true_nulls: float, effect: float, n_surveys: int
) -> None:
    if min(n_outcomes, n_arms) < 1 or n_outcomes * n_arms > MOST_TESTS:
        raise ExperimentError(
            f"{n_outcomes} outcomes in {n_arms} arms are no family; give 1 to {MOST_TESTS} tests in all."
        )
    if not 0 <= correlation < 1:
        raise ExperimentError(f"correlation={correlation:g} must lie from 0 to below 1.")
    if not 0 <= true_nulls <= 1:
        raise ExperimentError(f"true_nulls={true_nulls:g} is a share; give a number from 0 to 1.")
    if not np.isfinite(effect):
        raise ExperimentError(f"effect={effect:g} is no size; give a number of standard errors, such as 2.8.")
    if n_surveys < 1:
        raise ExperimentError(f"n_surveys={n_surveys} is too few; give 1 or more.")
