"""Mendings of `un_votes`: agreement with the United States in the General Assembly.

A share is only as good as the number of votes behind it, and a vote only counts where its state can be found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending.step import Step
from helpers.data.tables import numbers
from helpers.data.units import letters_of_yugoslavia

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS"]

FEWEST_VOTES = 5
SHARES = ["agree_us", "similarity_us", "agree_us_arms"]
_NAMES = {"YUG": "Yugoslavia", "SCG": "Serbia and Montenegro", "SRB": "Serbia"}


def code_montenegro(table: pd.DataFrame) -> pd.DataFrame:
    """Give Montenegro its code."""
    return table.assign(ccode=table["ccode"].replace("1010", "341"))


def name_serbia(table: pd.DataFrame) -> pd.DataFrame:
    """Give the successors of Yugoslavia their letters and names after 1992."""
    later = (table["iso3c"] == "YUG") & (numbers(table["year"]) > 1992)
    letters = numbers(table["year"]).map(lambda year: letters_of_yugoslavia(int(year)))
    return table.assign(
        iso3c=table["iso3c"].mask(later, letters),
        country=table["country"].mask(later, letters.map(_NAMES)),
    )


def blank_shares_of_few_votes(table: pd.DataFrame) -> pd.DataFrame:
    """Empty the shares that rest on fewer than five votes."""
    mended = table.copy()
    mended.loc[numbers(table["n_votes"]) < FEWEST_VOTES, SHARES] = ""
    return mended


STEPS = (
    Step(
        "D16",
        "un_votes",
        "Montenegro has the code 1010, elsewhere 341.",
        "Coded 341, as in the other files.",
        rows=14,
        outcome="mended",
        apply=code_montenegro,
    ),
    Step(
        "D17",
        "un_votes",
        "Serbia is YUG 'Yugoslavia' up to 2019.",
        "SCG 'Serbia and Montenegro' 2000 to 2005, SRB 'Serbia' from 2006. The two votes of 1992 stay with the "
        "seat that cast them, YUG.",
        rows=20,
        outcome="mended",
        apply=name_serbia,
    ),
    Step(
        "D18",
        "un_votes",
        "The agreement rests on fewer than five votes.",
        "The three shares are emptied in these rows; `n_votes` stays and shows why.",
        rows=43,
        outcome="mended",
        apply=blank_shares_of_few_votes,
    ),
)
