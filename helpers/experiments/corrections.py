"""Many tests, and what remains of a p-value.

If nothing is there, one test in twenty is below 0.05 all the same. Holm's correction keeps the chance of *any* false
find below the level; Benjamini and Hochberg's keeps the expected *share* of false finds among the finds below it. Which
one is right depends on what a false find costs, and the family of tests must be named before looking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Correction = Literal["none", "holm", "benjamini-hochberg"]
CORRECTIONS: tuple[Correction, ...] = ("none", "holm", "benjamini-hochberg")


def adjusted(p_values: pd.Series[float] | list[float], correction: Correction = "holm") -> pd.Series[float]:
    """Adjusted p-values of one family of tests, in the order given.

    Parameters
    ----------
    p_values : Series or list of float
        Between 0 and 1, none missing.
    correction : str
        "none", "holm" or "benjamini-hochberg".

    Returns
    -------
    Series
        With the index of `p_values`.

    Raises
    ------
    ExperimentError
        If there is no such correction, or a value is no p-value.

    Source
    ------
    Holm's step-down procedure, written out because the one of `statsmodels` collects garbage at each call; Benjamini
    and Hochberg's step-up procedure, by `scipy`.

    Examples
    --------
    >>> adjusted([0.01, 0.04, 0.03]).tolist()
    [0.03, 0.06, 0.06]
    """
    from scipy import stats

    values = pd.Series(p_values, dtype=float)
    if correction not in CORRECTIONS:
        raise ExperimentError(f"There is no correction {correction!r}; choose from {', '.join(CORRECTIONS)}.")
    odd = values[~values.between(0, 1)]
    if values.empty or len(odd):
        shown = "an empty list" if values.empty else f"{odd.iloc[0]:g}"
        raise ExperimentError(f"A family of p-values has numbers between 0 and 1; this one has {shown}.")
    if correction == "none":
        return values
    found = _holm(values) if correction == "holm" else stats.false_discovery_control(values, method="bh")
    return pd.Series(found, index=values.index)


def _holm(values: pd.Series[float]) -> NDArray[np.float64]:
    """The smallest p-value times their number, the next times one less, and so on, never falling and at most 1."""
    order = np.argsort(values.to_numpy(), kind="stable")
    stepped = np.maximum.accumulate(values.to_numpy()[order] * np.arange(len(values), 0, -1))
    found = np.empty(len(values))
    found[order] = np.minimum(stepped, 1.0)
    return found


def with_corrections(effects: pd.DataFrame, *, column: str = "p_value") -> pd.DataFrame:
    """Return the table of effects with the columns `p_holm` and `p_bh`; all its rows are one family."""
    if column not in effects.columns:
        raise ExperimentError(f"The table has no column {column!r} to correct.")
    return effects.assign(
        p_holm=adjusted(effects[column], "holm"), p_bh=adjusted(effects[column], "benjamini-hochberg")
    )
