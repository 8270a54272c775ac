"""Which state a row is about: one code to join on.

Sources disagree about what one state is: the Correlates of War codes split West Germany from Germany, and letters
change with a state's name. `unit` is the ISO-like code of the row, with three conventions of the course:

* one Germany, DEU, from 1950 on: West Germany carries it too, East Germany is DDR;
* a state that goes on under a new name keeps its present letters: Soviet Union RUS, North Vietnam VNM;
* a state that ended keeps its own: CSK, DDR, RVN (South Vietnam), YMD, and YUG to 1991, then SCG, then SRB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_unit", "letters_of_yugoslavia", "unit_of_letters", "unit_of_name"]

_GOES_ON_AS = {"SUN": "RUS", "VDR": "VNM"}

_NAMES = {
    "Australia": "AUS",
    "Canada": "CAN",
    "Czech Republic": "CZE",
    "France": "FRA",
    "Germany": "DEU",
    "Italy": "ITA",
    "Japan": "JPN",
    "Multiple allies": "",
    "Netherlands": "NLD",
    "New Zealand": "NZL",
    "Philippines": "PHL",
    "Poland": "POL",
    "Republic of China (Taiwan)": "TWN",
    "South Korea": "KOR",
    "Spain": "ESP",
    "Thailand": "THA",
    "Turkey": "TUR",
    "United Kingdom": "GBR",
    "West Germany": "DEU",
}


def unit_of_letters(iso3c: str) -> str:
    """Code to join on for a state's letters.

    Examples
    --------
    >>> unit_of_letters("SUN"), unit_of_letters("DDR")
    ('RUS', 'DDR')
    """
    return _GOES_ON_AS.get(iso3c, iso3c)


def unit_of_name(name: str) -> str:
    """Code to join on for a state's name; empty for 'Multiple allies'.

    Raises
    ------
    ValueError
        If the name is not among those the course's files use.

    Examples
    --------
    >>> unit_of_name("West Germany")
    'DEU'
    """
    if name not in _NAMES:
        raise ValueError(f"No unit is known for the state {name!r}: add it to helpers/data/units.py.")
    return _NAMES[name]


def letters_of_yugoslavia(year: int) -> str:
    """Letters of state 345 in a year, as `milex` has them.

    Examples
    --------
    >>> [letters_of_yugoslavia(year) for year in (1991, 1992, 2006)]
    ['YUG', 'SCG', 'SRB']
    """
    if year <= 1991:
        return "YUG"
    return "SCG" if year <= 2005 else "SRB"


def add_unit(table: pd.DataFrame, source: str) -> pd.DataFrame:
    """Table with the column `unit`.

    Parameters
    ----------
    table : pandas.DataFrame
    source : str
        Column that tells the state: letters if it is called `iso3c`, else names.

    Raises
    ------
    DatasetError
        If there is no such column.
    ValueError
        If a name has no known unit.

    Examples
    --------
    >>> import pandas as pd
    >>> add_unit(pd.DataFrame({"iso3c": ["SUN"]}), "iso3c").unit.item()
    'RUS'
    """
    if source not in table:
        raise DatasetError(f"No column {source!r} to find the unit from; there are {list(table.columns)}.")
    rule = unit_of_letters if source == "iso3c" else unit_of_name
    return table.assign(unit=[rule(value) for value in table[source]])
