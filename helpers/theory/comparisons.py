"""What a comparison compares: one slope, three answers.

"Hosts of many soldiers spend more" can be said of countries side by side, of one country over time, or of one country
over time net of what moved everybody in a year. Each is a different question with a slope of its own: *pooled*,
*within* and *two-way*. Errors are clustered by country, because a country's years are not independent evidence.

A single withdrawal allows a fourth comparison: what changed in the host, less what changed elsewhere (*difference in
differences*). Then the answer hangs on who "elsewhere" is. The permutation over donors asks how often another
country shows as large a change. With few donors that question cannot give a small p-value: the smallest is one
over the number of countries compared.

Least squares come from statsmodels. Small-sample factors: clusters G/(G-1) and (N-1)/(N-K), where K counts the slope
and the effects that are not absorbed by the clusters. These are conventions; the choice here is the course's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

Comparison = Literal["pooled", "within", "two-way"]
COMPARISONS: tuple[Comparison, ...] = ("pooled", "within", "two-way")
TOLERANCE = 1e-12
MOST_ROUNDS = 10_000


class ComparisonError(ValueError):
    """Data that do not allow the comparison; says which and why."""


@dataclass(frozen=True)
class Slope:
    """One slope with its uncertainty.

    Parameters
    ----------
    comparison : str
        pooled, within or two-way.
    estimate : float
        Change of the outcome for one unit more of the predictor.
    std_error : float
        Clustered by country.
    low, high : float
        Ends of the 95 % interval, from Student's t with (number of clusters - 1) degrees of freedom.
    n_rows, n_clusters : int
    """

    comparison: Comparison
    estimate: float
    std_error: float
    low: float
    high: float
    n_rows: int
    n_clusters: int

    def __repr__(self) -> str:
        return (
            f"{self.comparison}: {self.estimate:+.3f}, 95 % interval {self.low:+.3f} to {self.high:+.3f} "
            f"({self.n_rows:,} rows, {self.n_clusters} countries)"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([vars(self)])


def slope(
    table: pd.DataFrame,
    outcome: str,
    predictor: str,
    comparison: Comparison = "pooled",
    *,
    unit: str = "unit",
    time: str = "year",
) -> Slope:
    """Slope of `outcome` on `predictor` in one of the three comparisons.

    Parameters
    ----------
    table : DataFrame
        One row a unit and time. Rows with a missing value are left out.
    outcome, predictor : str
        Numeric columns.
    comparison : str
        "pooled" compares all rows; "within" takes each unit's mean away; "two-way" takes each unit's and each time's.
    unit, time : str
        Columns that name the unit (also the cluster) and the time.

    Returns
    -------
    Slope

    Raises
    ------
    ComparisonError
        If a column is missing, rows repeat a unit and time, or the predictor does not vary in this comparison.

    Source
    ------
    Textbook panel regression; the small-sample factors are stated at the head of the module.

    Examples
    --------
    >>> table = pd.DataFrame({"unit": list("AABBCC"), "year": [1, 2] * 3, "x": [0, 1, 2, 3, 5, 6.5],
    ...                       "y": [5, 4, 7, 6, 9, 8.0]})
    >>> round(slope(table, "y", "x").estimate, 2), round(slope(table, "y", "x", "within").estimate, 2)
    (0.64, -0.82)
    """
    if comparison not in COMPARISONS:
        raise ComparisonError(f"There is no comparison {comparison!r}; choose from {', '.join(COMPARISONS)}.")
    rows = _complete(table, outcome, predictor, unit, time)
    groups = _groups(rows, comparison, unit, time)
    x = _net(rows[predictor].to_numpy(float), groups)
    y = _net(rows[outcome].to_numpy(float), groups)
    if np.ptp(x) < 1e-9 * max(1.0, float(np.abs(rows[predictor]).max())):
        raise ComparisonError(
            f"{predictor!r} does not vary in the {comparison} comparison, so it has no slope."
        )
    return _fit(x, y, comparison, rows[unit], rows[time])


def slopes(
    table: pd.DataFrame, outcome: str, predictor: str, *, unit: str = "unit", time: str = "year"
) -> pd.DataFrame:
    """Return the three comparisons side by side, one row each.

    Parameters
    ----------
    table, outcome, predictor, unit, time
        As for `slope`.

    Returns
    -------
    DataFrame
        Columns of `Slope`.
    """
    found = [slope(table, outcome, predictor, kind, unit=unit, time=time) for kind in COMPARISONS]
    return pd.concat([each.to_frame() for each in found], ignore_index=True)


def _complete(table: pd.DataFrame, outcome: str, predictor: str, unit: str, time: str) -> pd.DataFrame:
    for name in (outcome, predictor, unit, time):
        if name not in table.columns:
            raise ComparisonError(
                f"The table has no column {name!r}; it has {', '.join(map(str, table.columns))}."
            )
    rows = table[[unit, time, outcome, predictor]].dropna()
    doubled = rows.duplicated([unit, time])
    if doubled.any():
        first = rows[doubled].iloc[0]
        raise ComparisonError(
            f"{first[unit]} has more than one row for {first[time]}; a panel has one row a unit and time."
        )
    if rows[unit].nunique() < 2 or len(rows) < 4:
        raise ComparisonError(
            f"{len(rows)} complete rows of {rows[unit].nunique()} units are too few to compare."
        )
    return rows


def _groups(rows: pd.DataFrame, comparison: Comparison, unit: str, time: str) -> list[NDArray[np.int64]]:
    names = {"pooled": [], "within": [unit], "two-way": [unit, time]}[comparison]
    return [pd.factorize(rows[name])[0].astype(np.int64) for name in names]


def _net(values: NDArray[np.float64], groups: Sequence[NDArray[np.int64]]) -> NDArray[np.float64]:
    """`values` less the means of all groups, taken in turns until nothing changes (the overall mean if no group)."""
    left: NDArray[np.float64] = values - values.mean()
    for _ in range(MOST_ROUNDS if len(groups) > 1 else len(groups)):
        before = left
        for group in groups:
            left = left - (np.bincount(group, left) / np.bincount(group))[group]
        if np.abs(left - before).max() <= TOLERANCE * max(1.0, np.abs(values).max()):
            break
    return left


def _fit(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    comparison: Comparison,
    units: pd.Series[Any],
    times: pd.Series[Any],
) -> Slope:
    import statsmodels.api as sm
    from scipy import stats

    clusters = pd.factorize(units)[0]
    n_rows, n_clusters = len(x), int(clusters.max()) + 1
    fitted = sm.OLS(y, x).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}, use_t=False
    )
    n_taken = 2 if comparison != "two-way" else 1 + times.nunique()
    factor = n_clusters / (n_clusters - 1) * (n_rows - 1) / (n_rows - n_taken)
    estimate, std_error = float(fitted.params[0]), float(fitted.bse[0]) * float(np.sqrt(factor))
    reach = float(stats.t.ppf(0.975, n_clusters - 1)) * std_error
    return Slope(comparison, estimate, std_error, estimate - reach, estimate + reach, n_rows, n_clusters)


# A single withdrawal.


@dataclass(frozen=True)
class Difference:
    """A change in one country, less the change in those it is compared with.

    Parameters
    ----------
    treated : str
        The unit where something happened.
    controls : tuple of str
    treated_change, control_change : float
        Mean after less mean before; for controls the mean of their changes. In units of the outcome.
    n_before, n_after : int
        Years with a figure for the treated unit.
    """

    treated: str
    controls: tuple[str, ...]
    treated_change: float
    control_change: float
    n_before: int
    n_after: int

    @property
    def estimate(self) -> float:
        """Difference in differences."""
        return self.treated_change - self.control_change

    def __repr__(self) -> str:
        against = ", ".join(self.controls[:4]) + (" and others" if len(self.controls) > 4 else "")
        return (
            f"{self.treated} changed by {self.treated_change:+.2f}, {against} by {self.control_change:+.2f}: "
            f"a difference of {self.estimate:+.2f}"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields and the estimate as columns."""
        return pd.DataFrame([{**vars(self), "estimate": self.estimate}])


@dataclass(frozen=True)
class Event:
    """A year in which something ended in one country, and the years that are looked at.

    Parameters
    ----------
    treated : str
    year : int
        First year that counts as after.
    before, after : int
        Years looked at before and from `year` on, one or more.
    """

    treated: str
    year: int
    before: int = 5
    after: int = 5

    def __post_init__(self) -> None:
        if self.before < 1 or self.after < 1:
            raise ComparisonError(
                f"An event needs a year or more before and after; before={self.before}, after={self.after}."
            )

    @property
    def years(self) -> range:
        """All years that are looked at."""
        return range(self.year - self.before, self.year + self.after)


def wide(
    table: pd.DataFrame, outcome: str, event: Event, *, unit: str = "unit", time: str = "year"
) -> pd.DataFrame:
    """Table of the outcome in the event's years: a row a year, a column a unit, missing where there is no figure."""
    missing = {unit, time, outcome} - set(table.columns)
    if missing:
        raise ComparisonError(f"The table has no column {sorted(missing)[0]!r}.")
    chosen = table[table[time].isin(list(event.years))]
    found = chosen.pivot(index=time, columns=unit, values=outcome).astype(float)
    found = found.reindex(list(event.years))
    if event.treated not in found.columns or found[event.treated].isna().all():
        raise ComparisonError(
            f"{event.treated!r} has no {outcome!r} between {event.years[0]} and {event.years[-1]}."
        )
    return found


def donors(table: pd.DataFrame, event: Event, *, at_least: int | None = None) -> tuple[str, ...]:
    """Return units with enough figures to be compared with the treated one.

    Parameters
    ----------
    table : DataFrame
        As `wide` gives it.
    event : Event
    at_least : int, optional
        Years with a figure needed before and again after; all of them if not given.

    Returns
    -------
    tuple of str
        Sorted, without the treated unit.
    """
    before, after = _halves(table, event)
    need = (at_least, at_least) if at_least else (event.before, event.after)
    enough = (before.notna().sum() >= need[0]) & (after.notna().sum() >= need[1])
    return tuple(sorted(str(name) for name in table.columns[enough] if name != event.treated))


def difference_in_differences(table: pd.DataFrame, event: Event, controls: Sequence[str]) -> Difference:
    """Change in the treated unit less the mean change in the controls.

    Parameters
    ----------
    table : DataFrame
        As `wide` gives it.
    event : Event
    controls : sequence of str
        One or more units, without the treated one.

    Returns
    -------
    Difference

    Raises
    ------
    ComparisonError
        If there is no control, or a unit has no figure before or after.

    Examples
    --------
    >>> table = pd.DataFrame({"HOST": [5, 5, 6, 6.0], "NEAR": [4, 4, 6, 6.0], "FAR": [2, 2, 2, 2.0]},
    ...                      index=[1969, 1970, 1971, 1972])
    >>> event = Event("HOST", 1971, before=2, after=2)
    >>> difference_in_differences(table, event, ["NEAR"])
    HOST changed by +1.00, NEAR by +2.00: a difference of -1.00
    >>> difference_in_differences(table, event, ["FAR"])
    HOST changed by +1.00, FAR by +0.00: a difference of +1.00
    """
    names = tuple(dict.fromkeys(controls))
    if not names or event.treated in names:
        raise ComparisonError(
            f"Compare {event.treated} with one or more others; given: {', '.join(names) or 'none'}."
        )
    changes = _changes(table, event, (event.treated, *names))
    before, after = _halves(table, event)
    return Difference(
        event.treated,
        names,
        float(changes[event.treated]),
        float(changes[list(names)].mean()),
        int(before[event.treated].notna().sum()),
        int(after[event.treated].notna().sum()),
    )


def gaps(table: pd.DataFrame, event: Event, controls: Sequence[str]) -> pd.Series[float]:
    """Return the treated unit less the mean of the controls, each as a change since its own mean before the event.

    Parameters
    ----------
    table, event, controls
        As for `difference_in_differences`.

    Returns
    -------
    Series
        Indexed by year; its mean from the event's year on is the estimate where no figure is missing.
    """
    names = [event.treated, *controls]
    _changes(table, event, names)
    before, _ = _halves(table, event)
    relative = table[names] - before[names].mean()
    return relative[event.treated] - relative[list(controls)].mean(axis=1)


def _halves(table: pd.DataFrame, event: Event) -> tuple[pd.DataFrame, pd.DataFrame]:
    chosen = table[(table.index >= event.years[0]) & (table.index <= event.years[-1])]
    return chosen[chosen.index < event.year], chosen[chosen.index >= event.year]


def _changes(table: pd.DataFrame, event: Event, names: Sequence[str]) -> pd.Series[float]:
    unknown = [name for name in names if name not in table.columns]
    if unknown:
        raise ComparisonError(f"The table has no unit {unknown[0]!r}.")
    before, after = _halves(table, event)
    changes = after[list(names)].mean() - before[list(names)].mean()
    empty = changes.index[changes.isna()]
    if len(empty):
        raise ComparisonError(
            f"{empty[0]} has no figure on one side of {event.year}; take another control or other years."
        )
    return changes


@dataclass(frozen=True)
class Permutation:
    """How unusual the treated unit's difference is among all units, each taken as if it had been treated.

    Parameters
    ----------
    treated : str
    estimates : Series
        Difference in differences of each unit against all others, the treated one among them.
    """

    treated: str
    estimates: pd.Series[float]

    @property
    def p_value(self) -> float:
        """Share of units, the treated one counted, with a difference at least as large in size."""
        sizes = self.estimates.abs()
        return float((sizes >= sizes[self.treated] * (1 - 1e-12)).mean())

    @property
    def smallest_p(self) -> float:
        """Smallest value that `p_value` can take with so many units."""
        return 1 / len(self.estimates)

    def __repr__(self) -> str:
        return (
            f"{self.treated}: p = {self.p_value:.2f} among {len(self.estimates)} units; "
            f"with so many, no p is smaller than {self.smallest_p:.2f}"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return a row a unit: its difference, and whether it is the treated one."""
        names = self.estimates.index
        return pd.DataFrame(
            {"unit": names, "estimate": self.estimates.to_numpy(), "treated": names == self.treated}
        )


def permutation(table: pd.DataFrame, event: Event, pool: Sequence[str]) -> Permutation:
    """Take each unit of the pool as if the event had happened there, against all the others.

    The treated unit is no control of anybody else, so that an effect in it does not spoil the comparison.

    Parameters
    ----------
    table : DataFrame
        As `wide` gives it.
    event : Event
    pool : sequence of str
        Three donors or more, without the treated unit.

    Returns
    -------
    Permutation

    Raises
    ------
    ComparisonError
        If the pool is too small or a unit lacks figures.
    """
    names = list(dict.fromkeys(name for name in pool if name != event.treated))
    if len(names) < 3:
        raise ComparisonError(f"A permutation needs three donors or more; the pool has {len(names)}.")
    changes = _changes(table, event, [event.treated, *names])
    total = changes[names].sum()
    others = (total - changes[names]) / (len(names) - 1)
    estimates = changes[names] - others
    estimates[event.treated] = changes[event.treated] - total / len(names)
    return Permutation(event.treated, estimates.sort_values())
