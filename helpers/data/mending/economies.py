"""Mendings of `gdp_population`: two sources side by side, each right by its own definition.

The Penn World Table and the World Bank disagree for some states, and both describe some states in borders that
they did not have. Neither is overruled; the rows are marked, and rows about other territory join with nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending.step import Step, append_note
from helpers.data.tables import numbers
from helpers.data.units import add_unit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GDP_FACTOR", "STEPS", "two_gdps_differ"]

GDP_FACTOR = 4
POPULATIONS = "the two populations differ by over 10 %"
TWO_GDPS = "the two real GDPs differ by a factor over 4"
_OTHER_TERRITORY = {
    "DEU": (1990, "both German states"),
    "RUS": (1991, "Russia alone, not the Soviet Union"),
    "VNM": (1975, "both Vietnamese states"),
}


def two_gdps_differ(table: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose two real GDPs differ by a factor over four."""
    ratio = numbers(table["gdp_real_mn"]) / numbers(table["gdp_real_ppp_mn"])
    return (ratio > GDP_FACTOR) | (1 / ratio > GDP_FACTOR)


def mark_populations(table: pd.DataFrame) -> pd.DataFrame:
    """Mark rows whose two populations differ by over 10 %."""
    ratio = numbers(table["population_mn"]) / numbers(table["population_wb_mn"])
    return append_note(table, (ratio - 1).abs() > 0.1, POPULATIONS)


def mark_gdps(table: pd.DataFrame) -> pd.DataFrame:
    """Mark rows whose two real GDPs differ by a factor over four."""
    return append_note(table, two_gdps_differ(table), TWO_GDPS)


def leave_other_territory_without_unit(table: pd.DataFrame) -> pd.DataFrame:
    """Give each row its unit, but none to rows about another territory than the unit had that year."""
    mended = add_unit(table, "iso3c")
    years = numbers(table["year"])
    for letters, (last, what) in _OTHER_TERRITORY.items():
        rows = (table["iso3c"] == letters) & (years <= last)
        mended = append_note(mended.assign(unit=mended["unit"].mask(rows, "")), rows, what)
    return mended


STEPS = (
    Step(
        "D19",
        "gdp_population",
        "The two populations differ by over 10 % (Saudi Arabia 44 years, Serbia 9, and five other states).",
        f"Definitions differ and neither is overruled; the new column `note` says '{POPULATIONS}'.",
        rows=64,
        outcome="marked",
        apply=mark_populations,
    ),
    Step(
        "D20",
        "gdp_population",
        "The two real GDPs differ by a factor over four (Venezuela, El Salvador, Argentina).",
        f"Published so; the new column `note` says '{TWO_GDPS}'. The panel leaves these out: see there.",
        rows=125,
        outcome="marked",
        apply=mark_gdps,
    ),
    Step(
        "C01",
        "gdp_population",
        "Rows of Germany to 1990, Russia to 1991 and Vietnam to 1975 are about a territory that is not the "
        "unit's in the other files (both Germanies, Russia without the Soviet Union, both Vietnams).",
        "Their `unit` is empty, so that they join with nothing by accident; `iso3c` stays and `note` says what "
        "they are about.",
        rows=89,
        outcome="mended",
        apply=leave_other_territory_without_unit,
    ),
)
