"""Where a guardian keeps its forces: hosts, ranks, and troops for each thousand inhabitants.

A count of soldiers is the most visible sign of a commitment, and two readings of it differ. The total says
where the guardian's strength lies; the number for each thousand inhabitants says how present it is to those who
live there. Neither says why the soldiers came. A treaty is looked up year by year, because the same host may be
an ally in one and none in another.

Frames join on `unit`, the code of a state, and `year`. The functions read no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

GUARDIAN = "USA"
IMPUTED = "imputed"


def hosts(troops: pd.DataFrame, guardian: str = GUARDIAN) -> pd.DataFrame:
    """Deployments abroad: one row per host and year, without the guardian itself.

    Parameters
    ----------
    troops : DataFrame
        Columns `unit`, `country`, `year`, `troops` (persons) and `series`.
    guardian : str
        Code of the state whose forces these are.

    Returns
    -------
    DataFrame
        Columns `unit`, `country`, `year`, `troops`, `imputed` (True where no report exists for that year).

    Raises
    ------
    ValueError
        If a host has two rows for one year, which would count its troops twice.

    Examples
    --------
    >>> rows = [("USA", "United States", 1990, 9, "kane"), ("JPN", "Japan", 1990, 5, "kane")]
    >>> hosts(pd.DataFrame(rows, columns=["unit", "country", "year", "troops", "series"])).unit.tolist()
    ['JPN']
    """
    abroad = troops[troops["unit"] != guardian]
    twice = abroad.loc[abroad.duplicated(["unit", "year"]), ["unit", "year"]]
    if len(twice):
        unit, year = twice.iloc[0]
        raise ValueError(
            f"Host {unit!r} has more than one row for {year}: its troops would be counted twice."
        )
    kept = abroad[["unit", "country", "year", "troops"]].assign(
        imputed=abroad["series"].eq(IMPUTED).to_numpy()
    )
    return kept.sort_values(["unit", "year"], ignore_index=True)


def population(panel: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Inhabitants of each state and year, in millions.

    A state of the panel takes the panel's figure, and none where the panel has none: before 1991 the other file
    counts both German states as one. A state outside the panel takes the World Bank's. The two end together, so
    that no year compares only half of the hosts.

    Parameters
    ----------
    panel : DataFrame
        Columns `unit`, `year`, `population_mn` (millions).
    others : DataFrame
        Columns `unit`, `year`, `population_wb_mn` (millions).

    Returns
    -------
    DataFrame
        Columns `unit`, `year`, `population_mn`; only rows with a figure.

    Examples
    --------
    >>> panel = pd.DataFrame({"unit": ["JPN"], "year": [1990], "population_mn": [122.0]})
    >>> others = pd.DataFrame({"unit": ["JPN", "KWT"], "year": [1990, 1990], "population_wb_mn": [123.5, 2.0]})
    >>> population(panel, others).population_mn.tolist()
    [122.0, 2.0]
    """
    inside = panel[["unit", "year", "population_mn"]].dropna()
    outside = others.loc[~others["unit"].isin(panel["unit"]), ["unit", "year", "population_wb_mn"]].dropna()
    joined = pd.concat(
        [inside, outside.rename(columns={"population_wb_mn": "population_mn"})], ignore_index=True
    )
    kept: pd.DataFrame = joined[joined["year"] <= inside["year"].max()].reset_index(drop=True)
    return kept


def per_thousand(deployments: pd.DataFrame, inhabitants: pd.DataFrame) -> pd.DataFrame:
    """Troops for each thousand inhabitants of the host.

    Parameters
    ----------
    deployments : DataFrame
        As `hosts` gives it.
    inhabitants : DataFrame
        Columns `unit`, `year`, `population_mn` (millions).

    Returns
    -------
    DataFrame
        `deployments` with a column `per_thousand`; missing where the population is.

    Examples
    --------
    >>> deployed = pd.DataFrame({"unit": ["ISL"], "year": [1990], "troops": [3000]})
    >>> people = pd.DataFrame({"unit": ["ISL"], "year": [1990], "population_mn": [0.25]})
    >>> per_thousand(deployed, people).per_thousand.tolist()
    [12.0]
    """
    joined = deployments.merge(
        inhabitants[["unit", "year", "population_mn"]], on=["unit", "year"], how="left", validate="one_to_one"
    )
    joined["per_thousand"] = joined["troops"] / (joined["population_mn"] * 1000)
    return joined.drop(columns="population_mn")


def ranking(
    deployments: pd.DataFrame, year: int, measure: str = "troops", top: int | None = None
) -> pd.DataFrame:
    """Hosts of one year, the largest first.

    Parameters
    ----------
    deployments : DataFrame
        As `hosts` or `per_thousand` gives it.
    year : int
    measure : str
        Column to rank by: `troops` (persons) or `per_thousand`.
    top : int, optional
        How many to keep. All, if left out.

    Returns
    -------
    DataFrame
        Columns `rank` (1 = most; equal values share the better rank), `unit`, `country` and the measure. Hosts where
        the measure is missing are left out, and so are imputed counts, which are no counts.

    Examples
    --------
    >>> rows = [("JPN", "Japan", 1990, 5, False), ("DEU", "Germany", 1990, 8, False)]
    >>> counted = pd.DataFrame(rows, columns=["unit", "country", "year", "troops", "imputed"])
    >>> ranking(counted, 1990).country.tolist()
    ['Germany', 'Japan']
    """
    known = deployments["year"].eq(year) & deployments[measure].notna() & ~deployments["imputed"]
    rows = deployments.loc[known, ["unit", "country", measure]]
    rows = rows.sort_values([measure, "unit"], ascending=[False, True], ignore_index=True)
    rows.insert(0, "rank", rows[measure].rank(method="min", ascending=False).astype(int))
    return rows if top is None else rows.head(top)


class Pact(NamedTuple):
    """One defence pact: its short name, and its first and last year in force."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Pacts:
    """Treaties that tie hosts to the guardian, by year.

    Parameters
    ----------
    rows : DataFrame
        Columns `unit`, `treaty_short`, `type`, `start_year`, `end_year` (last year in force; missing = still in
        force).

    Notes
    -----
    Only a defence pact counts as a treaty in force. Executive agreements, and the protocol that named South Vietnam
    without its signature, do not.
    """

    rows: pd.DataFrame

    def of(self, unit: str, year: int) -> str:
        """Short names of the defence pacts in force between one host and the guardian.

        Parameters
        ----------
        unit : str
        year : int

        Returns
        -------
        str
            Joined by commas; empty where there is none.

        Examples
        --------
        >>> row = ("KOR", "US-ROK MDT", "bilateral defence pact", 1954, None)
        >>> columns = ["unit", "treaty_short", "type", "start_year", "end_year"]
        >>> Pacts(pd.DataFrame([row], columns=columns)).of("KOR", 1953)
        ''
        """
        return ", ".join(pact.name for pact in self._of_unit(unit) if pact.start <= year <= pact.end)

    def in_force(self, unit: str, years: Iterable[int]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether any defence pact was in force, for each of `years`.

        Parameters
        ----------
        unit : str
        years : iterable of int

        Returns
        -------
        array of bool, one for each year
        """
        when = np.fromiter(years, dtype=int)
        held = np.zeros(len(when), dtype=bool)
        for pact in self._of_unit(unit):
            held |= (pact.start <= when) & (when <= pact.end)
        return held

    def _of_unit(self, unit: str) -> list[Pact]:
        return self._by_unit.get(unit, [])

    @cached_property
    def _by_unit(self) -> dict[str, list[Pact]]:
        table: dict[str, list[Pact]] = {}
        pacts = self.rows[self.rows["type"].str.contains("defence pact")]
        for row in pacts.to_dict("records"):
            last = row["end_year"]
            end = 9999 if pd.isna(last) else int(last)
            table.setdefault(str(row["unit"]), []).append(
                Pact(str(row["treaty_short"]), int(row["start_year"]), end)
            )
        return table
