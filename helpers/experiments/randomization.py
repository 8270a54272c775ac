"""Randomization inference: would chance alone have put the arms so far apart?

If the treatment changed nobody's answer, each person would have answered the same in the other arm. Then all that is
random is who was assigned, and that can be done again: exactly, where all assignments can be counted, else ten thousand
times. Nothing is assumed about how answers are distributed. The hypothesis is *sharp*: no effect on anybody.

Likert answers need no shuffling of people. An assignment matters only through how many people with each answer land in
the arm, and these numbers follow the multivariate hypergeometric distribution, which is drawn from directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.answers import Two, two_arms
from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_EXACT = 50_000
"""Up to so many assignments are all counted."""
MOST_ANSWERS = 20
"""Up to so many different answers, the arm's counts are drawn and not its people."""
CHUNK = 200


@dataclass(frozen=True)
class Randomization:
    """A randomization test.

    Parameters
    ----------
    outcome, arm, reference : str
    observed : float
        Difference in means, in units of the outcome.
    p_value : float
        Two-sided: share of assignments with a difference at least as large in size.
    method : str
        "exact", "Monte Carlo by counts" or "Monte Carlo".
    n_assignments : int
        Assignments looked at.
    mc_error : float
        Standard error of `p_value` from looking at a sample of assignments; 0 if exact.
    differences : ndarray of float, shape (n_assignments,)
        Difference in each assignment.
    """

    outcome: str
    arm: str
    reference: str
    observed: float
    p_value: float
    method: str
    n_assignments: int
    mc_error: float
    differences: NDArray[np.float64]

    def __repr__(self) -> str:
        return (
            f"{self.outcome}, {self.arm} less {self.reference}: {self.observed:+.2f}; "
            f"{self._p_in_words()} ({self.method}, {self.n_assignments:,} assignments)"
        )

    def _p_in_words(self) -> str:
        if (
            self.p_value < 0.001
        ):  # three decimals would show a nought, which no number of assignments can show
            return "p < 0.001"
        error = f" ± {2 * self.mc_error:.3f}" if self.mc_error else ""
        return f"p = {self.p_value:.3f}{error}"

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields but `differences` as columns."""
        return pd.DataFrame([{name: value for name, value in vars(self).items() if name != "differences"}])


def randomization_test(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    n_permutations: int = 10_000,
    seed: int = 1,
    by: str = "arm",
) -> Randomization:
    """Test the sharp hypothesis of no effect on anybody, by assigning the two arms again.

    Parameters
    ----------
    answers, outcome, arm, reference, by
        As for `difference_in_means`.
    n_permutations : int
        Assignments drawn where there are too many to count all; 100 or more.
    seed : int
        The same seed draws the same assignments.

    Returns
    -------
    Randomization

    Raises
    ------
    ExperimentError
        If the data do not allow it, or too few assignments are asked for.

    Source
    ------
    Fisher's randomization test; a textbook method. A drawn p-value counts the assignment that happened as one more.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["unchanged"] * 3 + ["withdrawn"] * 3, "need": [1, 2, 3, 3, 4, 5]})
    >>> randomization_test(answers, "need", "withdrawn")
    need, withdrawn less unchanged: +2.00; p = 0.200 (exact, 20 assignments)
    """
    if n_permutations < 100:
        raise ExperimentError(f"n_permutations={n_permutations} is too few for a p-value; give 100 or more.")
    two = two_arms(answers, outcome, arm, reference, by=by)
    sums, method = _sums(two, n_permutations, np.random.Generator(np.random.PCG64(seed)))
    differences = sums / two.n_arm - (two.outcome.sum() - sums) / two.n_reference
    observed = float(two.outcome[two.treated].mean() - two.outcome[~two.treated].mean())
    as_large = int((np.abs(differences) >= abs(observed) - 1e-9).sum())
    exact = method == "exact"
    p_value = as_large / len(sums) if exact else (as_large + 1) / (len(sums) + 1)
    mc_error = 0.0 if exact else float(np.sqrt(p_value * (1 - p_value) / len(sums)))
    return Randomization(outcome, arm, reference, observed, p_value, method, len(sums), mc_error, differences)


def _sums(two: Two, n_permutations: int, draw: np.random.Generator) -> tuple[NDArray[np.float64], str]:
    """Sum of the arm's answers in each assignment, and how the assignments were found."""
    values, n_arm = two.outcome, two.n_arm
    if comb(len(values), n_arm) <= MOST_EXACT:
        return np.array(
            [values[list(chosen)].sum() for chosen in combinations(range(len(values)), n_arm)]
        ), "exact"
    answers, counts = np.unique(values, return_counts=True)
    if len(answers) <= MOST_ANSWERS:
        landed = draw.multivariate_hypergeometric(counts, n_arm, size=n_permutations, method="marginals")
        return landed @ answers, "Monte Carlo by counts"
    return _shuffled(values, n_arm, n_permutations, draw), "Monte Carlo"


def _shuffled(
    values: NDArray[np.float64], n_arm: int, n_permutations: int, draw: np.random.Generator
) -> NDArray[np.float64]:
    """Sums over the people with the smallest of their random numbers, some hundred assignments at a time."""
    sums = np.empty(n_permutations)
    for start in range(0, n_permutations, CHUNK):
        keys = draw.random((min(CHUNK, n_permutations - start), len(values)))
        last = np.partition(keys, n_arm - 1, axis=1)[:, n_arm - 1 : n_arm]
        sums[start : start + len(keys)] = (keys <= last) @ values
    return sums
