"""How far a rank correlation hangs on single cases.

A rank correlation asks whether the larger also have more, whatever the distances. With a dozen cases, each carries
much of the answer. The functions here leave out every case in turn, or every group of a few, and give *all* the
answers that come of it, so that nobody has to trust the one that was picked. They look at a table; they do not tell
which case should go: that needs a reason from outside the result.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
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
