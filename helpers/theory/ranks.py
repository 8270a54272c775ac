"""How far a rank correlation hangs on single cases.

A rank correlation asks whether the larger also have more, whatever the distances. With a dozen cases, each carries
much of the answer. The functions here leave out every case in turn, or every group of a few, and give *all* the
answers that come of it, so that nobody has to trust the one that was picked. They look at a table; they do not tell
which case should go: that needs a reason from outside the result.

With few cases one can also list what chance might have done: all ways to deal the values of one variable to the cases.
`permutation_test` says how many ways there are and whether it looked at all of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import combinations
from math import comb, factorial, prod
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    Numbers = np.ndarray[Any, np.dtype[np.float64]]
    Kept = np.ndarray[Any, np.dtype[np.bool_]]

MOST_GROUPS = 2_000_000
AT_ONCE = 20_000
MOST_LISTED = 100_000


def rank_correlation(x: ArrayLike, y: ArrayLike) -> float:
    """Spearman's rank correlation: Pearson's correlation of ranks, where equal values share a mean rank.

    Parameters
    ----------
    x, y : array of float, shape (n_cases,)
        Two or more cases. No missing values.

    Returns
    -------
    float
        From -1 to 1; missing if all values of one variable are equal.

    Raises
    ------
    ValueError
        If lengths differ, values are missing, or there are fewer than two cases.

    Examples
    --------
    >>> rank_correlation([1, 2, 3, 4], [10, 30, 20, 40])
    0.8
    """
    first, second = _numbers(x, y)
    everybody = np.ones((1, len(first)), dtype=bool)
    return round(float(_correlations(first, second, everybody)[0]), 12)


def leave_one_out(table: pd.DataFrame, x: str, y: str, case: str) -> pd.DataFrame:
    """Rank correlation without each case in turn, and how far that moves it.

    Parameters
    ----------
    table : DataFrame
        One row a case; rows where `x` or `y` is missing are left out.
    x, y : str
        Columns to correlate.
    case : str
        Column that names the cases.

    Returns
    -------
    DataFrame
        Columns `case` (under its own name), `without` (the correlation when this case is left out) and `change`
        (`without` less the correlation of all), the largest change first.

    Raises
    ------
    ValueError
        If a column is missing or fewer than three cases remain.

    Examples
    --------
    >>> table = pd.DataFrame({"who": list("abcd"), "size": [1, 2, 3, 4], "burden": [9, 1, 2, 3]})
    >>> leave_one_out(table, "size", "burden", "who").iloc[0].to_dict()
    {'who': 'a', 'without': 1.0, 'change': 1.2}
    """
    rows = _complete(table, x, y, case)
    groups = leave_out(rows, x, y, case, k=1)
    everybody = rank_correlation(rows[x], rows[y])
    found = pd.DataFrame({case: [left[0] for left in groups["left_out"]], "without": groups["without"]})
    found["change"] = (found["without"] - everybody).round(12)
    largest = found["change"].abs().sort_values(ascending=False, kind="stable").index
    return found.loc[largest].reset_index(drop=True)


def leave_out(table: pd.DataFrame, x: str, y: str, case: str, k: int) -> pd.DataFrame:
    """Rank correlation without every possible group of `k` cases.

    Parameters
    ----------
    table, x, y, case
        As in `leave_one_out`.
    k : int
        How many cases to leave out at once.

    Returns
    -------
    DataFrame
        One row a group: `left_out` (tuple of names, in the order of the table) and `without` (the correlation of the
        others), the lowest first. Groups whose correlation is not defined come last.

    Raises
    ------
    ValueError
        If `k` leaves fewer than two cases, or there are over two million groups.

    Examples
    --------
    >>> table = pd.DataFrame({"who": list("abcd"), "size": [1, 2, 3, 4], "burden": [9, 1, 2, 3]})
    >>> len(leave_out(table, "size", "burden", "who", k=2))
    6
    """
    rows = _complete(table, x, y, case)
    n_cases = len(rows)
    if not 1 <= k <= n_cases - 2:
        raise ValueError(f"k={k} of {n_cases} cases: leave out at least 1 and keep at least 2.")
    if comb(n_cases, k) > MOST_GROUPS:
        raise ValueError(f"k={k} of {n_cases} cases makes {comb(n_cases, k):,} groups; take a smaller k.")
    first, second = _numbers(rows[x], rows[y])
    found = [_correlations(first, second, kept) for kept in _groups(n_cases, k)]
    names = rows[case].tolist()
    left_out = [tuple(names[place] for place in group) for group in combinations(range(n_cases), k)]
    result = pd.DataFrame({"left_out": left_out, "without": np.concatenate(found).round(12)})
    return result.sort_values("without", kind="stable", ignore_index=True)


def _complete(table: pd.DataFrame, x: str, y: str, case: str) -> pd.DataFrame:
    for name in (x, y, case):
        if name not in table:
            raise ValueError(
                f"The table has no column {name!r}; it has: {', '.join(map(str, table.columns))}."
            )
    rows = table[[case, x, y]].dropna(subset=[x, y])
    if len(rows) < 3:
        raise ValueError(f"{len(rows)} cases with both {x!r} and {y!r}: leaving one out needs three or more.")
    return rows


def _numbers(x: ArrayLike, y: ArrayLike) -> tuple[Numbers, Numbers]:
    first, second = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(
            f"x and y must be columns of equal length; they have shapes {first.shape}, {second.shape}."
        )
    if len(first) < 2:
        raise ValueError(f"A correlation needs two cases or more; there are {len(first)}.")
    if np.isnan(first).any() or np.isnan(second).any():
        raise ValueError("x or y has missing values: drop those cases first, and say which.")
    return first, second


def _groups(n_cases: int, k: int) -> Iterator[Kept]:
    """Who is kept when each group is left out, in portions: arrays of bool, shape (n_groups, n_cases)."""
    groups = np.array(list(combinations(range(n_cases), k)))
    for start in range(0, len(groups), AT_ONCE):
        part = groups[start : start + AT_ONCE]
        kept = np.ones((len(part), n_cases), dtype=bool)
        np.put_along_axis(kept, part, values=False, axis=1)
        yield kept


def _correlations(x: Numbers, y: Numbers, kept: Kept) -> Numbers:
    """Rank correlation within each row of `kept`."""
    first, second = _centred_ranks(x, kept), _centred_ranks(y, kept)
    spread = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(spread > 0, (first * second).sum(axis=1) / spread, np.nan))


def _centred_ranks(values: Numbers, kept: Kept) -> Numbers:
    """Mean ranks among the kept, less their mean: half of (how many are smaller less how many are larger)."""
    beats = np.sign(values[:, None] - values[None, :]) / 2
    return np.asarray(np.where(kept, kept.astype(float) @ beats.T, 0.0))


@dataclass(frozen=True)
class PermutationTest:
    """How often chance alone, dealing the values of `y` to the cases, gives as strong a rank correlation.

    Parameters
    ----------
    correlation : float
        Spearman's rank correlation of the cases as they are.
    p_value : float
        Share of assignments whose correlation is as far from 0, in either direction.
    n_cases : int
    n_assignments : int
        Distinct ways to deal the values of `y`; equal values are not told apart.
    n_looked_at : int
        All of them if the test is exact, else the random deals.
    method : str
        `exact` or `Monte Carlo`.
    """

    correlation: float
    p_value: float
    n_cases: int
    n_assignments: int
    n_looked_at: int
    method: str

    def __repr__(self) -> str:
        looked = (
            f"exact, all {self.n_assignments:,} distinct assignments"
            if self.method == "exact"
            else f"Monte Carlo, {self.n_looked_at:,} random deals of {self.n_assignments:,} distinct assignments"
        )
        return f"rank correlation {self.correlation:.2f} ({self.n_cases} cases), p = {self.p_value:.2g} ({looked})"

    def to_frame(self) -> pd.DataFrame:
        """Give the same as a table of one row.

        Returns
        -------
        DataFrame
            A column for each attribute.
        """
        return pd.DataFrame([asdict(self)])


def permutation_test(x: ArrayLike, y: ArrayLike, *, n_draws: int = 20_000, seed: int = 1) -> PermutationTest:
    """Test a rank correlation against all ways to deal `y` to the cases, or against many at random.

    The test is exact where `y` has two values (by counting sums of ranks) or at most 100,000 distinct assignments
    (by listing them). Elsewhere `n_draws` random deals stand for all; the cases as they are count as one more deal,
    so that p is never 0.

    Parameters
    ----------
    x, y : array of float, shape (n_cases,)
        No missing values.
    n_draws : int
        Random deals where the test cannot be exact. Positive.
    seed : int
        Of the random deals.

    Returns
    -------
    PermutationTest

    Raises
    ------
    ValueError
        If lengths differ, values are missing, one variable is constant, or `n_draws` is not positive.

    Examples
    --------
    >>> permutation_test([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 0, 0])
    rank correlation -0.88 (6 cases), p = 0.1 (exact, all 20 distinct assignments)
    """
    first, second = _numbers(x, y)
    if n_draws < 1:
        raise ValueError(f"n_draws={n_draws} must be 1 or more.")
    for name, values in (("x", first), ("y", second)):
        if len(np.unique(values)) < 2:
            raise ValueError(
                f"All values of {name} are equal ({values[0]:g}): there is nothing to correlate."
            )
    counts = np.unique(second, return_counts=True)[1]
    n_assignments = factorial(len(second)) // prod(factorial(int(count)) for count in counts)
    if len(counts) == 2:
        p_value, looked, method = _by_rank_sums(first, second), n_assignments, "exact"
    elif n_assignments <= MOST_LISTED:
        p_value = float(_as_strong(first, second, _all_deals(second)).mean())
        looked, method = n_assignments, "exact"
    else:
        strong = _as_strong(first, second, _random_deals(second, n_draws, seed)).sum()
        p_value, looked, method = float(1 + strong) / (1 + n_draws), n_draws, "Monte Carlo"
    return PermutationTest(
        rank_correlation(first, second), p_value, len(first), n_assignments, looked, method
    )


def _mean_ranks(values: Numbers) -> Numbers:
    everybody = np.ones((1, len(values)), dtype=bool)
    return np.asarray(_centred_ranks(values, everybody)[0])


def _as_strong(x: Numbers, y: Numbers, deals: Numbers) -> Kept:
    """Whether each deal of ranks (n_deals, n_cases) goes at least as far with `x` as `y` does."""
    ranks = _mean_ranks(x)
    seen = abs(float(ranks @ _mean_ranks(y)))
    return np.asarray(np.abs(deals @ ranks) >= seen - 1e-9)


def _all_deals(y: Numbers) -> Numbers:
    """Every distinct way to deal the ranks of `y`: one value after the other takes its places among those free."""
    ranks, counts = np.unique(_mean_ranks(y), return_counts=True)
    dealt, free = np.zeros((1, len(y))), np.arange(len(y))[None, :]
    for rank, count in zip(ranks, counts, strict=True):
        picks = np.array(list(combinations(range(free.shape[1]), int(count))))
        rests = np.array([np.setdiff1d(np.arange(free.shape[1]), pick) for pick in picks])
        taken = free[:, picks].reshape(-1, picks.shape[1])
        dealt = np.repeat(dealt, len(picks), axis=0)
        np.put_along_axis(dealt, taken, rank, axis=1)
        free = free[:, rests.astype(int)].reshape(len(dealt), -1)
    return dealt


def _random_deals(y: Numbers, n_draws: int, seed: int) -> Numbers:
    uniforms = np.random.Generator(np.random.PCG64(seed)).random((n_draws, len(y)))
    return np.asarray(_mean_ranks(y)[uniforms.argsort(axis=1, kind="stable")])


def _by_rank_sums(x: Numbers, y: Numbers) -> float:
    """Exact p where `y` is one of two values: count the groups of that size by the sum of their ranks.

    Ranks are doubled, so that mean ranks are whole, and shifted to start at 0.
    """
    centred = np.rint(2 * _mean_ranks(x)).astype(int)
    ranks = (centred - centred.min()).tolist()
    chosen = (y == y.max()).tolist()
    n_chosen, total = sum(chosen), sum(ranks)
    ways: list[dict[int, int]] = [{0: 1}, *({} for _ in range(n_chosen))]
    for rank in ranks:
        for size in range(n_chosen, 0, -1):
            for reached, number in ways[size - 1].items():
                ways[size][reached + rank] = ways[size].get(reached + rank, 0) + number
    middle = n_chosen * total  # as far from the middle: |n * sum - n_chosen * total|, in whole numbers
    seen = abs(len(ranks) * sum(rank for rank, inside in zip(ranks, chosen, strict=True) if inside) - middle)
    strong = sum(number for reached, number in ways[-1].items() if abs(len(ranks) * reached - middle) >= seen)
    return strong / comb(len(ranks), n_chosen)
