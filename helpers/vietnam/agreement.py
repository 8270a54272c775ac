"""Do two readers of the same item say the same?

Raw agreement flatters: two coders who both write "no stance" most of the time agree often by chance. Cohen's (1960)
kappa takes chance agreement off, for two coders; with weights, near misses count less than far ones. Krippendorff's
(1980) alpha does so for any number of coders and with gaps, for categories and for ordered scales. The interval comes
from drawing items again with replacement, since it is items that were sampled.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from helpers.data.errors import CourseError

if TYPE_CHECKING:
    from numpy.typing import NDArray

Level = Literal["nominal", "ordinal"]
Weighting = Literal["none", "linear", "quadratic"]


class CodingError(CourseError):
    """Codes that cannot be compared; names the thing, the value and what to do."""


@dataclass(frozen=True)
class Agreement:
    """One measure of agreement.

    Parameters
    ----------
    measure : str
    value : float
        1 for perfect agreement, 0 for what chance gives (for percent agreement: a share).
    low, high : float
        Ends of the 95 % bootstrap interval; NaN if none was asked for.
    n_items : int
        Items with two codes or more.
    n_coders : int
    """

    measure: str
    value: float
    low: float
    high: float
    n_items: int
    n_coders: int

    def __repr__(self) -> str:
        interval = "" if np.isnan(self.low) else f", 95% interval {self.low:.2f} to {self.high:.2f}"
        return f"{self.measure}: {self.value:.2f}{interval} ({self.n_items} items, {self.n_coders} coders)"

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([vars(self)])


def percent_agreement(codes: pd.DataFrame) -> Agreement:
    """Share of pairs of coders that gave an item the same code.

    Parameters
    ----------
    codes : DataFrame
        A row an item, a column a coder; missing where a coder gave none.

    Returns
    -------
    Agreement
    """
    numbers, values = _numbered(codes, None)
    observed = _observed(_coincidences(numbers, len(values)), 1 - np.eye(len(values)))
    return Agreement("percent agreement", 1 - observed, np.nan, np.nan, len(numbers), codes.shape[1])


def cohens_kappa(
    one: Sequence[Hashable],
    other: Sequence[Hashable],
    *,
    order: Sequence[Hashable] | None = None,
    weights: Weighting = "none",
) -> Agreement:
    """Agreement of two coders beyond chance.

    Parameters
    ----------
    one, other : sequence
        Codes of the same items in the same order; items that one of them left out are dropped.
    order : sequence, optional
        All codes from lowest to highest; needed with weights.
    weights : str
        "none": all differences count alike. "linear", "quadratic": by the distance, or its square.

    Returns
    -------
    Agreement

    Raises
    ------
    CodingError
        If the coders have different numbers of items, a code is not in `order`, or both use one code only.

    Source
    ------
    Cohen (1960); weights as in the literature after it.

    Examples
    --------
    >>> cohens_kappa(["for", "for", "against", "none"], ["for", "against", "against", "none"])
    Cohen's kappa: 0.64 (4 items, 2 coders)
    """
    if len(one) != len(other):
        raise CodingError(f"The coders have {len(one)} and {len(other)} items; compare the same items.")
    if weights != "none" and order is None:
        raise CodingError("Weights need the order of the codes: give `order` from lowest to highest.")
    codes = pd.DataFrame({"one": list(one), "other": list(other)}).dropna()
    numbers, values = _numbered(codes, order)
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (numbers[:, 0].astype(int), numbers[:, 1].astype(int)), 1)
    table /= table.sum()
    steps = np.abs(np.subtract.outer(np.arange(len(values)), np.arange(len(values)))).astype(float)
    cost = {"none": (steps > 0).astype(float), "linear": steps, "quadratic": steps**2}[weights]
    expected = float((cost * np.outer(table.sum(axis=1), table.sum(axis=0))).sum())
    if expected == 0:
        raise CodingError(f"Both coders gave every item the code {values[0]!r}; kappa is not defined.")
    name = "Cohen's kappa" if weights == "none" else f"Cohen's kappa, {weights} weights"
    return Agreement(name, 1 - float((cost * table).sum()) / expected, np.nan, np.nan, len(codes), 2)


def krippendorffs_alpha(
    codes: pd.DataFrame,
    *,
    level: Level = "nominal",
    order: Sequence[Hashable] | None = None,
    n_bootstrap: int = 0,
    seed: int = 1,
) -> Agreement:
    """Agreement of any number of coders beyond chance, with gaps.

    Parameters
    ----------
    codes : DataFrame
        A row an item, a column a coder; missing where a coder gave none. Items with fewer than two codes do not count.
    level : str
        "nominal" for categories, "ordinal" for an ordered scale.
    order : sequence, optional
        All codes from lowest to highest; needed for "ordinal".
    n_bootstrap : int
        Times that items are drawn again for the interval; 0 for none.
    seed : int

    Returns
    -------
    Agreement

    Raises
    ------
    CodingError
        If no item has two codes, all codes are the same, a code is not in `order`, or the order is missing.

    Source
    ------
    Krippendorff (1980).
    """
    if level not in ("nominal", "ordinal"):
        raise CodingError(f"level={level!r} is unknown; give 'nominal' or 'ordinal'.")
    if level == "ordinal" and order is None:
        raise CodingError("An ordered scale needs its order: give `order` from lowest to highest.")
    numbers, values = _numbered(codes, order)
    value = _alpha(numbers, len(values), level)
    if np.isnan(value):
        raise CodingError("All codes are the same; alpha is not defined without any variation.")
    low, high = _bootstrap(numbers, len(values), level, n_bootstrap, seed)
    return Agreement(f"Krippendorff's alpha, {level}", value, low, high, len(numbers), codes.shape[1])


def divided(codes: pd.DataFrame) -> pd.DataFrame:
    """Items on which coders differ, the most divided first: the codes, and `same`, the share of agreeing pairs."""
    numbers, values = _numbered(codes, None)
    kept = codes[codes.notna().sum(axis=1) >= 2]
    same = [
        1 - _observed(_coincidences(row[None, :], len(values)), 1 - np.eye(len(values))) for row in numbers
    ]
    table = kept.assign(same=same)
    return table[table["same"] < 1].sort_values("same", kind="stable")


def _numbered(
    codes: pd.DataFrame, order: Sequence[Hashable] | None
) -> tuple[NDArray[np.float64], list[Hashable]]:
    """Codes as numbers from 0, missing as NaN, items with fewer than two codes left out; and what they stand for."""
    if codes.shape[1] < 2:
        raise CodingError("Agreement needs two coders or more, one column each.")
    kept = codes[codes.notna().sum(axis=1) >= 2]
    if kept.empty:
        raise CodingError("No item has two codes; there is nothing to compare.")
    used = [code for code in dict.fromkeys(kept.to_numpy(dtype=object).ravel()) if not pd.isna(code)]
    values = list(order) if order is not None else sorted(used, key=str)
    unknown = [code for code in used if code not in values]
    if unknown:
        raise CodingError(f"The code {unknown[0]!r} is not in the order {', '.join(map(str, values))}.")
    place = {code: number for number, code in enumerate(values)}
    rows = kept.to_numpy(dtype=object)
    return np.array([[np.nan if pd.isna(code) else place[code] for code in row] for row in rows]), values


def _coincidences(numbers: NDArray[np.float64], n_values: int) -> NDArray[np.float64]:
    """Pairs of codes within items, each item weighted so that it counts by its number of codes; symmetric."""
    present = ~np.isnan(numbers)
    counts = np.stack([(numbers == value).sum(axis=1) for value in range(n_values)], axis=1).astype(float)
    per_item = 1 / (present.sum(axis=1) - 1)
    weighted = counts * per_item[:, None]
    found: NDArray[np.float64] = counts.T @ weighted - np.diag(weighted.sum(axis=0))
    return found


def _observed(coincidences: NDArray[np.float64], cost: NDArray[np.float64]) -> float:
    return float((coincidences * cost).sum() / coincidences.sum())


def _alpha(numbers: NDArray[np.float64], n_values: int, level: Level) -> float:
    coincidences = _coincidences(numbers, n_values)
    totals = coincidences.sum(axis=1)
    cost = _cost(totals, level)
    n = totals.sum()
    expected = float((np.outer(totals, totals) * cost).sum()) / (n * (n - 1))
    return 1 - _observed(coincidences, cost) / expected if expected > 0 else float("nan")


def _cost(totals: NDArray[np.float64], level: Level) -> NDArray[np.float64]:
    """Square of the distance between two codes: 1 for categories; for ranks the number of codes between them."""
    if level == "nominal":
        return 1 - np.eye(len(totals))
    upto = np.cumsum(totals)
    middle = upto - totals / 2
    return np.subtract.outer(middle, middle) ** 2


def _bootstrap(
    numbers: NDArray[np.float64], n_values: int, level: Level, n_bootstrap: int, seed: int
) -> tuple[float, float]:
    if n_bootstrap == 0:
        return float("nan"), float("nan")
    draw = np.random.Generator(np.random.PCG64(seed))
    values = []
    for _ in range(n_bootstrap):
        chosen = (draw.random(len(numbers)) * len(numbers)).astype(int)
        values.append(_alpha(numbers[chosen], n_values, level))
    kept = np.array([value for value in values if not np.isnan(value)])
    low, high = np.quantile(kept, [0.025, 0.975]) if len(kept) else (np.nan, np.nan)
    return float(low), float(high)
