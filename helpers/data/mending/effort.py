"""Mendings of `milex` and `milex_1950_2000`: what states spend on defence.

The printed tables contradict themselves in places. The course keeps what is printed and says where it is doubtful.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending.step import Step, append_note
from helpers.data.tables import numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS"]

COMPONENTS_DIFFER = "printed; components differ"
BASE_YEAR = "current and constant dollars differ in the base year"
ZERO_SHARE = "share 0 though there are armed forces: check"
DENMARK_1991 = "under 0.6 of both neighbouring years: check"


def mark_base_years(table: pd.DataFrame) -> pd.DataFrame:
    """Mark rows whose current and constant dollars differ by over 5 % in the base year."""
    current, constant = numbers(table["milex_usd_mn_current"]), numbers(table["milex_usd_mn_constant"])
    differ = (table["year"] == table["constant_usd_base_year"]) & ((current / constant - 1).abs() > 0.05)
    return append_note(table, differ, BASE_YEAR, "share_note")


def mark_components(table: pd.DataFrame) -> pd.DataFrame:
    """Mark rows whose share is not spending over GNP, if nothing marks them yet."""
    share = numbers(table["milex_pct_gdp"])
    computed = 100 * numbers(table["milex_usd_mn_current"]) / numbers(table["gnp_usd_mn_current"])
    differ = ((computed - share).abs() > 0.1) & ((computed / share - 1).abs() > 0.05)
    return append_note(table, differ & (table["share_note"] == ""), COMPONENTS_DIFFER, "share_note")


def mark_zero_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Mark rows with a share of 0 beside armed forces above 0."""
    unlikely = (numbers(table["milex_pct_gdp"]) == 0) & (numbers(table["armed_forces_thousand"]) > 0)
    return append_note(table, unlikely, ZERO_SHARE, "share_note")


def name_west_germany(table: pd.DataFrame) -> pd.DataFrame:
    """Call state 260 West Germany."""
    return table.assign(country=table["country"].mask(table["ccode"] == "260", "West Germany"))


def write_flags_as_integers(table: pd.DataFrame) -> pd.DataFrame:
    """Write the 0/1 columns as 0 and 1 instead of 0.0 and 1.0."""
    flags = {name: table[name].str.removesuffix(".0") for name in ("ally_of_us", "election_yr")}
    return table.assign(**flags)


def mark_denmark_1991(table: pd.DataFrame) -> pd.DataFrame:
    """Mark the one share that is under 0.6 of both neighbouring years."""
    order = table.assign(share=numbers(table["milex_gdp"]), y=numbers(table["year"])).sort_values(
        ["ccode", "y"]
    )
    states = order.groupby("ccode")["share"]
    low = (order["share"] < 0.6 * states.shift(1)) & (order["share"] < 0.6 * states.shift(-1))
    return append_note(table, low.reindex(table.index), DENMARK_1991)


STEPS = (
    Step(
        "D11",
        "milex",
        "Belgium and Greece 1972: current and constant dollars differ by 21 to 23 % in the base year itself.",
        f"It is not known which is wrong: both stay, and `share_note` says '{BASE_YEAR}'.",
        rows=2,
        outcome="marked",
        apply=mark_base_years,
    ),
    Step(
        "D12",
        "milex",
        "In 14 rows of states of the panel the share is not spending over GNP, by over 0.1 points and 5 %.",
        f"The printed share stays; `share_note` says '{COMPONENTS_DIFFER}' in these and in all other such rows "
        "that had no remark.",
        rows=14,
        outcome="marked",
        apply=mark_components,
    ),
    Step(
        "D13",
        "milex",
        "Eleven rows of states of the panel are marked by the source file as one-year spikes.",
        "The values stay, and so does the mark in `share_note`; the panel has no such column, so look here.",
        rows=11,
        outcome="left",
    ),
    Step(
        "D14",
        "milex",
        "The share is 0 though the state has soldiers (Panama 1992 to 1994, Botswana, Gambia, Lesotho).",
        f"The source prints 0, so it stays; `share_note` says '{ZERO_SHARE}'.",
        rows=9,
        outcome="marked",
        apply=mark_zero_shares,
    ),
    Step(
        "D15",
        "milex",
        "State 260 is named Germany, elsewhere West Germany.",
        "Named West Germany.",
        rows=28,
        outcome="mended",
        apply=name_west_germany,
    ),
    Step(
        "D21",
        "milex_1950_2000",
        "`ally_of_us` is 1 for Spain 1970 to 1981 and for Australia, Greece, New Zealand and Turkey in 1951, "
        "where `us_alliances` has no pact in force; the 0/1 columns are stored as 0.0 and 1.0.",
        "The coding is the authors' own and stays: Spain had an executive agreement, the other four had signed but "
        "were not yet covered. For a pact in force use `us_alliances`. The 0/1 columns are written as integers.",
        rows=16,
        outcome="mended",
        apply=write_flags_as_integers,
    ),
    Step(
        "D22",
        "milex_1950_2000",
        "Denmark 1991 is 1.31 between 2.74 and 2.74.",
        f"Published so, hence kept, in the panel too; the new column `note` says '{DENMARK_1991}'.",
        rows=1,
        outcome="marked",
        apply=mark_denmark_1991,
    ),
)
