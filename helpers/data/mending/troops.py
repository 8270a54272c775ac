"""Mendings of `us_troops`: the US forces in each host state.

The totals are sound enough to teach with; the service columns are not all what they say. The navy column counts
ships in some years and nobody in others, so the course does not show it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending.step import Step, append_note
from helpers.data.tables import numbers
from helpers.data.units import letters_of_yugoslavia

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS"]

SPIKE = "one-year spike: check"
SERVICES = ["army", "air_force", "marine_corps"]
SOUTH_VIETNAM, YUGOSLAVIA, KOSOVO = "817", "345", "347"


def drop_navy(table: pd.DataFrame) -> pd.DataFrame:
    """Drop the navy column."""
    return table.drop(columns="navy")


def blank_services_above_total(table: pd.DataFrame) -> pd.DataFrame:
    """Empty army, air force and marine corps where together they exceed the total."""
    services = table[SERVICES].apply(numbers).sum(axis=1)
    unsound = services > numbers(table["troops"])
    mended = table.copy()
    mended.loc[unsound, SERVICES] = ""
    return mended


def drop_south_vietnam_after_1975(table: pd.DataFrame) -> pd.DataFrame:
    """Drop the rows of a state that ended in 1975."""
    ended = (table["ccode"] == SOUTH_VIETNAM) & (numbers(table["year"]) > 1975)
    return table[~ended].reset_index(drop=True)


def relabel_late_kane(table: pd.DataFrame) -> pd.DataFrame:
    """Name the continued series after 2005, where Kane's has ended and the report has no figure."""
    late = (table["series"] == "kane") & (numbers(table["year"]) > 2005)
    return table.assign(series=table["series"].mask(late, "afm_series"))


def fill_letters(table: pd.DataFrame) -> pd.DataFrame:
    """Give South Vietnam, Yugoslavia's successors and Kosovo the letters of the other files."""
    yugoslavia = numbers(table["year"]).map(lambda year: letters_of_yugoslavia(int(year)))
    letters = (
        table["iso3c"]
        .mask(table["ccode"] == SOUTH_VIETNAM, "RVN")
        .mask(table["ccode"] == KOSOVO, "XKX")
        .mask(table["ccode"] == YUGOSLAVIA, yugoslavia)
    )
    return table.assign(iso3c=letters)


def mark_spikes(table: pd.DataFrame) -> pd.DataFrame:
    """Mark years of 1,000 troops or more and over three times both neighbouring years."""
    order = table.assign(n=numbers(table["troops"]), y=numbers(table["year"])).sort_values(["ccode", "y"])
    hosts = order.groupby("ccode")["n"]
    spike = (order["n"] >= 1000) & (order["n"] > 3 * hosts.shift(1)) & (order["n"] > 3 * hosts.shift(-1))
    return append_note(table, spike.reindex(table.index), SPIKE)


STEPS = (
    Step(
        "D01",
        "us_troops",
        "From 2008 the navy column is 0 in every filled row outside the US, though the totals count sailors.",
        "The column is dropped. What the total has beyond the three other services is not broken down.",
        rows=1823,
        outcome="mended",
        apply=drop_navy,
    ),
    Step(
        "D02",
        "us_troops",
        "In 1953 and from 1959 to 1967 the navy column counts ships' crews that the totals leave out.",
        "Settled by D01: the column is dropped. The other three services stay below the totals in these rows.",
        rows=88,
        outcome="settled",
    ),
    Step(
        "D03",
        "us_troops",
        "The services miss the total by over 2 % and over 25 persons.",
        "Without the navy the three services need not add up, but none may exceed the total: in 13 rows they do "
        "together (Antigua 1996 to 2005, Djibouti 1989, Poland 1987, Somalia 1955), and all three are emptied there.",
        rows=548,
        outcome="mended",
        apply=blank_services_above_total,
    ),
    Step(
        "D04",
        "us_troops",
        "South Vietnam (817), a state until 1975, has rows from 1992 to 2025 that repeat Vietnam (816) up to 2023.",
        "These rows are removed. Vietnam's own rows end in 2023, so 2024 and 2025 (30 and 29 persons) go with them.",
        rows=34,
        outcome="mended",
        apply=drop_south_vietnam_after_1975,
    ),
    Step(
        "D05",
        "us_troops",
        "Rows after 2005 are marked kane, though Kane's series ends in 2005.",
        "None has a report row, so they are not dmdc; they are the continued series of Allen, Flynn and Martinez "
        "Machain, and `series` now says afm_series.",
        rows=161,
        outcome="mended",
        apply=relabel_late_kane,
    ),
    Step(
        "D06",
        "us_troops",
        "Rows before 2006 are marked dmdc, though that series is defined as starting in 2006.",
        "Every one equals its report row, so the mark is true and the definition was too narrow: the codebook now "
        "says that dmdc can stand before 2006. Nine such rows remain after D04.",
        rows=23,
        outcome="left",
    ),
    Step(
        "D07",
        "us_troops",
        "South Vietnam, Yugoslavia and its successors, and Kosovo have no letters.",
        "Filled as in `milex`: RVN; YUG to 1991, SCG 1992 to 2005, SRB from 2006; XKX.",
        rows=150,
        outcome="mended",
        apply=fill_letters,
    ),
    Step(
        "D08",
        "us_troops",
        "South Korea and the US are imputed for 1951 and 1952, yet not midway between 1950 and 1953.",
        "Nobody knows the right values, so they stay; `series` says imputed, and rankings leave those years out.",
        rows=4,
        outcome="left",
    ),
    Step(
        "D09",
        "us_troops",
        "Switzerland is in the file, with never 100 troops and no treaty.",
        "It stays: it is one of the panel's three neutral states.",
        rows=76,
        outcome="left",
    ),
    Step(
        "D10",
        "us_troops",
        "A single year stands out: 1,000 or more, and over three times both neighbouring years.",
        f"The value stays as reported; the new column `note` says '{SPIKE}'. Some are probably exercises or ships "
        "(Norway 1976 and 1988, Philippines 2008, Denmark 1957, Uruguay 1955).",
        rows=24,
        outcome="marked",
        apply=mark_spikes,
    ),
    Step(
        "C02",
        "us_troops",
        "South Vietnam 1969 to 1972: the total is 10,100 to 33,950 below the single report row.",
        "Both stay, `troops` and `dmdc_row`; the sources do not say why they differ. State which one you use.",
        rows=4,
        outcome="left",
    ),
)
