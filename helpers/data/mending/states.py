"""Mendings of the smaller files: names, letters, capitals, and years that count twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending.step import Step, append_note

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS"]

_CAPITALS = {
    "Bras&iacute": "Brasília",
    "San Jos&eacute": "San José",
    "Asunci&oacute": "Asunción",
    "Bogot&aacute": "Bogotá",
}
_NAMES = {"Korea": "South Korea", "Bahrain Island": "Bahrain", "Guantanamo Bay, Cuba": "Cuba"}
UNITED_GERMANY = "united since 3 October 1990; the year 1990 is counted with West Germany"


def name_indonesia(table: pd.DataFrame) -> pd.DataFrame:
    """Give Indonesia letters and name, and South Vietnam letters."""
    letters = table["iso3c"].mask(table["ccode"] == "850", "IDN").mask(table["ccode"] == "817", "RVN")
    return table.assign(iso3c=letters, country=table["country"].mask(table["ccode"] == "850", "Indonesia"))


def keep_one_germany_in_1990(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the West German row of 1990."""
    second = (table["ccode"] == "255") & (table["year"] == "1990")
    return table[~second].reset_index(drop=True)


def restore_capitals(table: pd.DataFrame) -> pd.DataFrame:
    """Write out the four capitals that were cut at an HTML entity."""
    return table.assign(capital=table["capital"].replace(_CAPITALS))


def rename_hosts(table: pd.DataFrame) -> pd.DataFrame:
    """Use the names of the other files; the place stays in the new column `note`."""
    mended = append_note(table, table["country"] == "Guantanamo Bay, Cuba", "Guantanamo Bay")
    return mended.assign(country=table["country"].replace(_NAMES))


def start_united_germany_in_1991(table: pd.DataFrame) -> pd.DataFrame:
    """Count 1990 once: with West Germany."""
    germany = (table["ccode"] == "255") & (table["start_year"] == "1990")
    return append_note(
        table.assign(start_year=table["start_year"].mask(germany, "1991")), germany, UNITED_GERMANY
    )


STEPS = (
    Step(
        "D23",
        "territorial_threat",
        "Indonesia (850) has neither letters nor name.",
        "IDN, Indonesia. South Vietnam's 22 rows get RVN, as in the other files.",
        rows=61,
        outcome="mended",
        apply=name_indonesia,
    ),
    Step(
        "D24",
        "territorial_threat",
        "Germany has two rows for 1990, as 255 and as 260.",
        "The row of 260 stays, since every other file counts 1990 with West Germany.",
        rows=2,
        outcome="mended",
        apply=keep_one_germany_in_1990,
    ),
    Step(
        "D25",
        "vietnam_distance",
        "Four capitals are cut at an HTML entity.",
        "Written out: Brasília, San José, Asunción, Bogotá.",
        rows=4,
        outcome="mended",
        apply=restore_capitals,
    ),
    Step(
        "D31",
        "milcon",
        "Korea, Bahrain Island and 'Guantanamo Bay, Cuba' are not the names used elsewhere.",
        "South Korea, Bahrain, Cuba; the new column `note` keeps 'Guantanamo Bay'.",
        rows=22,
        outcome="mended",
        apply=rename_hosts,
    ),
    Step(
        "P30",
        "us_alliances",
        "Germany 1990 counts twice: united Germany starts in 1990, West Germany ends in 1990.",
        "United Germany starts in 1991, so that 1990 counts once, with West Germany; the new remark says when "
        "it united. That makes 2,969 ally-years from 1950 to 2018, as in the panel.",
        rows=2,
        outcome="mended",
        apply=start_united_germany_in_1991,
    ),
    Step(
        "D32",
        "all files",
        "A check for a state and year that stands twice found none in ten files.",
        "Nothing to mend; a test keeps it so.",
        rows=0,
        outcome="left",
    ),
)
