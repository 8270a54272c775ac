"""Who sent troops to Vietnam: a table that does not add up, what may be mended in it, and what stands beside it.

A printed total checks a column: it says *that* something is wrong and *by how much*, never *where*. So a repair needs
a ground besides arithmetic, and this module keeps the ground of each: another page as a witness, a total restored by
a cell that was chosen among several, or a guess. The transcription stays beside every repair. Next to the troops
stand two predictors, distance and a small coding of local stakes that is the course's own, and votes in the UN net of
the year's agenda. None of it is the case list or the coding of any article.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pandas as pd

from helpers.data.errors import CourseError

YEARS = tuple(range(1964, 1971))
SENDERS = ("AUS", "KOR", "THA", "NZL", "PHL", "TWN", "ESP")
RIO = "Rio Treaty"
NEAR_KM = 1500
CODED_FROM = (
    "unit",
    "country",
    "km_capital_saigon",
    "km_border_vietnam",
    "us_ally_1965",
    "treaties_1965",
    "seato_member_1965",
    "troops_in_vietnam_peak",
)


class ForcesError(CourseError):
    """A table that cannot be worked with; names the thing, the value and what to do."""


@dataclass(frozen=True)
class Repair:
    """One cell that may be read otherwise than it was transcribed.

    Parameters
    ----------
    unit : str
        Code of the ally.
    year : int
    transcribed, repaired : int
        Persons.
    ground : str
        `witness` (the total and another page agree), `total` (the total is restored; that it is this cell is a
        choice) or `guess` (neither the total nor a page supports it).
    reason : str
        In words.
    """

    unit: str
    year: int
    transcribed: int
    repaired: int
    ground: str
    reason: str


GROUNDS = {
    "witness": "restores the total, and another page of the same book has it",
    "total": "restores the total; which cell is wrong was chosen",
    "guess": "fits only if the printed total is misread as well",
}
REPAIRS = (
    Repair(
        "NZL",
        1965,
        110,
        119,
        "witness",
        "Restores 22,404. The same book has 119 on p. 105 (NZL-05 in `vietnam_evidence`).",
    ),
    Repair(
        "NZL",
        1964,
        50,
        30,
        "total",
        "Restores 467. A newspaper had about 25 men in June (NZL-02). Other cells are possible.",
    ),
    Repair("NZL", 1967, 514, 534, "total", "Restores 59,450. Each of the other six cells could do so, too."),
    Repair("KOR", 1968, 50_000, 50_003, "guess", "The sum becomes 65,802. The printed total is 63,602."),
    Repair("KOR", 1969, 48_060, 48_869, "guess", "The sum becomes 68,889. The printed total is 65,889."),
)
READINGS = {
    "transcribed": ("as transcribed", ()),
    "repaired": ("repaired where the total is restored", ("witness", "total")),
    "guessed": ("repaired, and with two guesses", ("witness", "total", "guess")),
}


@dataclass(frozen=True)
class Stake:
    """Why a war in Vietnam might touch an ally's own security: the part that takes judgement.

    Parameters
    ----------
    unit : str
        Code of the ally.
    rival : int
        1 if a communist government or movement in Asia contested the ally's own territory.
    reason : str
        With the item of `vietnam_evidence` that it rests on, where there is one.
    """

    unit: str
    rival: int
    reason: str


STAKES = (
    Stake("THA", 1, "Speaks of an insurgency of its own (THA-09)."),
    Stake("KOR", 1, "Faces North Korea; pleads danger to Korea itself (ROK-10, ROK-11)."),
    Stake("TWN", 1, "Contests the mainland with Peking (ROC-03, ROC-06)."),
    Stake("PHL", 0, "No item of the evidence base speaks of a rival. Whoever knows of one should code 1."),
    Stake(
        "JPN", 0, "Fears entanglement more than attack (JPN-02). No territory contested in the evidence base."
    ),
    Stake("AUS", 0, "No contested territory. Sees consequences for itself (AUS-02): that is a stance."),
    Stake("NZL", 0, "No contested territory in the evidence base."),
    Stake("PAK", 0, "Not in the evidence base."),
    Stake("DEU", 0, "Divided, but in Europe: the stake is not local to Vietnam."),
)
ELSEWHERE = "Outside Asia and the Pacific: no local rival."

# Manoeuvre battalions, from the same table, as its transcription has them; 1964 follows from a printed total of 0.
BATTALIONS = {
    "AUS": (0, 1, 2, 2, 3, 3, 3),
    "KOR": (0, 10, 22, 22, 22, 22, 22),
    "THA": (0, 0, 0, 1, 3, 6, 6),
}
BATTALIONS_PRINTED = (0, 11, 24, 24, 26, 33, 51)


def read(forces: pd.DataFrame, reading: str = "transcribed") -> pd.DataFrame:
    """Strength by ally and year in one reading.

    Parameters
    ----------
    forces : DataFrame
        `vietnam_forces`, or a part of it with all its columns.
    reading : str
        `transcribed`, `repaired` (only where a printed total is restored) or `guessed` (with the guesses as well).

    Returns
    -------
    DataFrame
        Columns `unit`, `country`, `year`, `persons` (in this reading), `transcribed`, `ground` (empty where nothing
        is repaired) and `printed` (total of the year).

    Raises
    ------
    ForcesError
        If there is no such reading, a column is missing, or a cell to be repaired is not as it was transcribed.

    Examples
    --------
    >>> from helpers.data import load
    >>> table = read(load("vietnam_forces"), "repaired")
    >>> table.loc[table["ground"] != "", ["unit", "year", "transcribed", "persons"]].values.tolist()
    [['NZL', 1964, 50, 30], ['NZL', 1965, 110, 119], ['NZL', 1967, 514, 534]]
    """
    if reading not in READINGS:
        raise ForcesError(f"reading={reading!r} is not known; choose one of {', '.join(READINGS)}.")
    _need(
        forces,
        "vietnam_forces",
        "unit",
        "country",
        "year",
        "strength_as_transcribed",
        "column_total_printed",
    )
    table = forces[["unit", "country", "year"]].reset_index(drop=True)
    table["persons"] = forces["strength_as_transcribed"].to_numpy(dtype=int)
    table["transcribed"] = table["persons"]
    table["ground"] = ""
    table["printed"] = forces["column_total_printed"].to_numpy(dtype=int)
    for repair in REPAIRS:
        if repair.ground in READINGS[reading][1]:
            _apply(table, repair)
    return table


def _apply(table: pd.DataFrame, repair: Repair) -> None:
    here = (table["unit"] == repair.unit) & (table["year"] == repair.year)
    for found in table.loc[here, "transcribed"]:
        if found != repair.transcribed:
            raise ForcesError(
                f"{repair.unit} {repair.year} is {found}, and the repair is for {repair.transcribed}: "
                "look at the table again before you mend it."
            )
    table.loc[here, "persons"] = repair.repaired
    table.loc[here, "ground"] = repair.ground


def sums(table: pd.DataFrame) -> pd.DataFrame:
    """Sum of each column against its printed total.

    Parameters
    ----------
    table : DataFrame
        From `read`.

    Returns
    -------
    DataFrame
        Indexed by year: `sum`, `printed`, `gap` (printed less sum) and `adds_up`.

    Examples
    --------
    >>> from helpers.data import load
    >>> sums(read(load("vietnam_forces"))).loc[1967].to_dict()
    {'sum': 59430, 'printed': 59450, 'gap': 20, 'adds_up': False}
    """
    _need(table, "the table from `read`", "year", "persons", "printed")
    found = table.groupby("year").agg(sum=("persons", "sum"), printed=("printed", "first"))
    found["gap"] = found["printed"] - found["sum"]
    found["adds_up"] = found["gap"] == 0
    return found.astype({"sum": int, "printed": int, "gap": int})


def digits_changed(before: int, after: int) -> int:
    """Digits that differ between two numbers written one below the other, ones below ones.

    Parameters
    ----------
    before, after : int
        Not negative.

    Returns
    -------
    int
        A digit that is there in one number alone counts as changed.

    Examples
    --------
    >>> digits_changed(514, 534), digits_changed(48060, 48869), digits_changed(72, 119)
    (1, 2, 3)
    """
    width = max(len(str(before)), len(str(after)))
    return sum(a != b for a, b in zip(str(before).rjust(width), str(after).rjust(width), strict=True))


def suspects(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Every single figure of a column that could carry its whole gap, the printed total among them.

    Parameters
    ----------
    table : DataFrame
        From `read`.
    year : int

    Returns
    -------
    DataFrame
        `figure` (code of the ally, or `total`), `reads`, `would_read`, `digits` changed; the fewest digits first.
        Empty if the column adds up. Figures that would fall below 0 are left out.

    Raises
    ------
    ForcesError
        If the year is not in the table.

    Examples
    --------
    >>> from helpers.data import load
    >>> found = suspects(read(load("vietnam_forces")), 1964)
    >>> found.loc[found["digits"] == 1, "figure"].tolist()
    ['NZL', 'TWN', 'total']
    """
    _need(table, "the table from `read`", "unit", "year", "persons", "printed")
    column = table[table["year"] == year]
    if column.empty:
        raise ForcesError(
            f"year={year!r} is not in the table; it has {table['year'].min()} to {table['year'].max()}."
        )
    total, printed = int(column["persons"].sum()), int(column["printed"].iloc[0])
    gap = printed - total
    reads = dict(zip(column["unit"], column["persons"].astype(int), strict=True))
    found = [(unit, value, value + gap) for unit, value in reads.items() if value + gap >= 0 and gap]
    found += [("total", printed, total)] if gap else []
    rows = [(*row, digits_changed(row[1], row[2])) for row in found]
    result = pd.DataFrame(rows, columns=["figure", "reads", "would_read", "digits"])
    return result.sort_values("digits", kind="stable", ignore_index=True)


def repair_log(forces: pd.DataFrame) -> pd.DataFrame:
    """The repairs one after the other, each with its ground and what it does to the gap of its column.

    Parameters
    ----------
    forces : DataFrame
        `vietnam_forces`.

    Returns
    -------
    DataFrame
        `step`, `unit`, `year`, `transcribed`, `repaired`, `ground`, `gap_before`, `gap_after`, `reason`.

    Examples
    --------
    >>> from helpers.data import load
    >>> repair_log(load("vietnam_forces"))["gap_after"].tolist()
    [0, 0, 0, -2200, -3000]
    """
    table = read(forces)
    rows = []
    for step, repair in enumerate(REPAIRS, start=1):
        before = _gap(table, repair.year)
        _apply(table, repair)
        after = _gap(table, repair.year)
        rows.append({"step": step, **asdict(repair), "gap_before": before, "gap_after": after})
    first = ["step", "unit", "year", "transcribed", "repaired", "ground", "gap_before", "gap_after", "reason"]
    return pd.DataFrame(rows)[first]


def _gap(table: pd.DataFrame, year: int) -> int:
    return int(sums(table)["gap"].loc[year])


def battalions() -> pd.DataFrame:
    """Manoeuvre battalions by year: three allies, their sum, and the printed total.

    Returns
    -------
    DataFrame
        Indexed by year: `AUS`, `KOR`, `THA`, `sum`, `printed`, `gap`. Other allies have no figure in the table.

    Examples
    --------
    >>> battalions()["gap"].tolist()
    [0, 0, 0, -1, -2, 2, 20]
    """
    table = pd.DataFrame(BATTALIONS, index=pd.Index(YEARS, name="year"))
    table["sum"] = table.sum(axis=1)
    table["printed"] = BATTALIONS_PRINTED
    table["gap"] = table["printed"] - table["sum"]
    return table


def allies(distance: pd.DataFrame, *, rio: bool = False) -> pd.DataFrame:
    """US allies of 1965 with what they sent, how far away they are, and what was at stake for them nearby.

    Parameters
    ----------
    distance : DataFrame
        `vietnam_distance`.
    rio : bool
        Whether to keep states whose only pact with the United States is the Rio Treaty.

    Returns
    -------
    DataFrame
        `unit`, `country`, `km`, `persons` (peak of 1964 to 1970), `sent` (0 or 1), `treaty`, `frontier`, `rival`,
        `stake` (their sum, 0 to 3) and `reason`; the nearest first.

    Notes
    -----
    The coding of stakes is the course's own, made by people who know who sent troops. `treaty`: a member of SEATO in
    1965. `frontier`: own territory within 1,500 km of Vietnam. `rival`: see `STAKES`.

    Examples
    --------
    >>> from helpers.data import load
    >>> allies(load("vietnam_distance")).set_index("unit")["stake"].head(4).to_dict()
    {'THA': 3, 'PHL': 2, 'TWN': 2, 'KOR': 1}
    """
    _need(distance, "vietnam_distance", *CODED_FROM)
    rows = distance[distance["us_ally_1965"] == 1]
    return _coded(rows if rio else rows[rows["treaties_1965"] != RIO])


def senders(distance: pd.DataFrame) -> pd.DataFrame:
    """Give the seven allies of the table of forces, Spain among them, coded as in `allies`.

    Spain had no defence pact with the United States in 1965, so `allies` leaves it out.

    Parameters
    ----------
    distance : DataFrame
        `vietnam_distance`.

    Returns
    -------
    DataFrame
        Columns as in `allies`, the nearest first.

    Examples
    --------
    >>> from helpers.data import load
    >>> senders(load("vietnam_distance"))["unit"].tolist()
    ['THA', 'PHL', 'TWN', 'KOR', 'AUS', 'NZL', 'ESP']
    """
    _need(distance, "vietnam_distance", *CODED_FROM)
    return _coded(distance[distance["unit"].isin(SENDERS)])


def _coded(rows: pd.DataFrame) -> pd.DataFrame:
    coded = {stake.unit: stake for stake in STAKES}
    table = pd.DataFrame(
        {
            "unit": rows["unit"],
            "country": rows["country"],
            "km": rows["km_capital_saigon"].astype(int),
            "persons": rows["troops_in_vietnam_peak"].astype(int),
            "sent": (rows["troops_in_vietnam_peak"] > 0).astype(int),
            "treaty": rows["seato_member_1965"].astype(int),
            "frontier": (rows["km_border_vietnam"] <= NEAR_KM).astype(int),
            "rival": [coded[unit].rival if unit in coded else 0 for unit in rows["unit"]],
        }
    )
    table["stake"] = table[["treaty", "frontier", "rival"]].sum(axis=1)
    table["reason"] = [coded[unit].reason if unit in coded else ELSEWHERE for unit in table["unit"]]
    return table.sort_values("km", kind="stable", ignore_index=True)


def net_of_agenda(votes: pd.DataFrame, first: int = 1965, last: int = 1972) -> pd.DataFrame:
    """Agreement with the United States in the UN, less the mean of all states in the same year.

    How often a state votes with the United States hangs on what is put to the vote that year. The mean of all states
    carries the agenda; what is left says who agrees more than others do.

    Parameters
    ----------
    votes : DataFrame
        `un_votes`. Years with fewer than five votes have no figure and are left out.
    first, last : int
        Years, both included.

    Returns
    -------
    DataFrame
        `unit`, `country`, `year`, `agree` (share), `mean` (of all states with a figure), `net` (share, from -1 to 1).

    Raises
    ------
    ForcesError
        If there are no votes in these years, or the United States is among the states.

    Examples
    --------
    >>> from helpers.data import load
    >>> net = net_of_agenda(load("un_votes"), 1966, 1966).set_index("unit")["net"]
    >>> round(float(net["AUS"]), 2)
    0.37
    """
    _need(votes, "un_votes", "unit", "country", "year", "agree_us")
    rows = votes[votes["year"].between(first, last)].dropna(subset=["agree_us"])
    if rows.empty:
        raise ForcesError(f"No votes from {first} to {last}; un_votes has 1946 to 2019, without 1964.")
    if (rows["unit"] == "USA").any():
        raise ForcesError("The United States is among the states: leave it out, or it agrees with itself.")
    table = rows[["unit", "country", "year"]].copy()
    table["agree"] = rows["agree_us"].astype(float)
    table["mean"] = table.groupby("year")["agree"].transform("mean")
    table["net"] = table["agree"] - table["mean"]
    return table.reset_index(drop=True)


def _need(table: pd.DataFrame, name: str, *columns: str) -> None:
    for column in columns:
        if column not in table:
            raise ForcesError(
                f"{name} has no column {column!r}; it has: {', '.join(map(str, table.columns))}."
            )
