"""Mendings of `allies_panel`, made on the panel after it has been merged from the mended files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending.economies import two_gdps_differ
from helpers.data.mending.step import Step
from helpers.data.tables import numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS"]

WEST_GERMANY = "260"
FIRST_WMEAT_YEAR = 1963


def blank_gdp_that_is_off(table: pd.DataFrame) -> pd.DataFrame:
    """Empty real GDP, and GDP per head, where the two real GDPs differ by a factor over four."""
    mended = table.copy()
    mended.loc[two_gdps_differ(table), ["gdp_real_mn", "gdp_pc_real"]] = ""
    return mended


def blank_population_of_both_germanies(table: pd.DataFrame) -> pd.DataFrame:
    """Empty West Germany's population, and what is divided by it, before WMEAT's own starts."""
    both = (table["ccode"] == WEST_GERMANY) & (numbers(table["year"]) < FIRST_WMEAT_YEAR)
    mended = table.copy()
    mended.loc[both, ["population_mn", "us_troops_per_1000"]] = ""
    return mended


def blank_gdp_of_both_germanies(table: pd.DataFrame) -> pd.DataFrame:
    """Empty West Germany's GDP in current dollars, which is the World Bank's for all of Germany."""
    current = table["gdp_current_usd_mn"].mask(table["ccode"] == WEST_GERMANY, "")
    return table.assign(gdp_current_usd_mn=current)


STEPS = (
    Step(
        "D20",
        "allies_panel",
        "GDP per head follows the doubtful of two real GDPs (Venezuela: 234 to 720 dollars).",
        "`gdp_real_mn` and `gdp_pc_real` are emptied where the two differ by a factor over four; "
        "`gdp_real_ppp_mn` stays.",
        rows=125,
        outcome="mended",
        apply=blank_gdp_that_is_off,
    ),
    Step(
        "D26",
        "allies_panel",
        "Montenegro has no votes though they exist.",
        "Settled by D16: with the right code its 14 years of votes join.",
        rows=14,
        outcome="settled",
    ),
    Step(
        "D27",
        "allies_panel",
        "West Germany 1960 to 1962: population, and troops per 1,000, of both Germanies.",
        "Emptied: West Germany's population is WMEAT's alone, and starts in 1963.",
        rows=3,
        outcome="mended",
        apply=blank_population_of_both_germanies,
    ),
    Step(
        "D28",
        "allies_panel",
        "West Germany: GDP in current dollars is the World Bank's for all of Germany.",
        "Emptied: use `gnp_usd_mn_current`.",
        rows=31,
        outcome="mended",
        apply=blank_gdp_of_both_germanies,
    ),
    Step(
        "D29",
        "allies_panel",
        "Germany 1990 is allied and has no votes.",
        "The votes exist for 1973 to 1989 and from 1991; none are made up for 1990.",
        rows=1,
        outcome="left",
    ),
    Step(
        "D30",
        "allies_panel",
        "Population moves by over 8 % in a year (Albania, North Macedonia and Pakistan 2020, West Germany 1963).",
        "West Germany is settled by D27. The other three follow from the change of source between 2019 and 2020; "
        "they stay, and the break is recorded.",
        rows=4,
        outcome="left",
    ),
    Step(
        "P31",
        "allies_panel",
        "The panel was said to have 61 allied units.",
        "The data were right: 62 allied states, 61 letters, since West Germany and Germany share DEU. "
        "The description now says so.",
        rows=0,
        outcome="left",
    ),
)
