"""Exercises of lesson 01, Two audiences: a double count, two shares, an exodus, a letter."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Share, Table, Text, Words

READY_MADE = {("KOR", 2019): 53_050, ("RVN", 1968): 1_074_754, ("DEU", 1955): 538_520}
YEAR_OF_WAR = 1968
BEFORE, AFTER, AT_LEAST = 1990, 2000, 1000


def _hosts(context: Context) -> pd.DataFrame:
    troops = context.load("us_troops")
    return troops[troops["unit"] != "USA"]


# 01.1 ------------------------------------------------------------------------------------------------------------


def _comparison(context: Context, measure: Callable[[float, float], float]) -> pd.DataFrame:
    ours = _hosts(context).set_index(["unit", "year"])["troops"]
    rows = [(unit, year, measure(figure, ours[unit, year])) for (unit, year), figure in READY_MADE.items()]
    return pd.DataFrame(rows, columns=["unit", "year", "ratio"])


DOUBLE_COUNT = Exercise(
    id="01.1",
    points=2,
    answer="comparison",
    kind=Table(keys=("unit", "year"), values=("ratio",), decimals=2),
    asks="For three host-years, the ready-made figure divided by our count, in a table with unit, year and ratio.",
    expected=lambda context: _comparison(context, lambda ready_made, ours: ready_made / ours),
    mistakes=(
        Mistake(
            "inverted",
            lambda context, right: _comparison(context, lambda ready_made, ours: ours / ready_made),
            "Your ratio is upside down. Divide the ready-made figure by our count.",
        ),
        Mistake(
            "difference",
            lambda context, right: _comparison(context, lambda ready_made, ours: ready_made - ours),
            "You took the difference. A ratio divides: it can be compared between a large host and a small one.",
        ),
        Mistake(
            "relative difference",
            lambda context, right: _comparison(context, lambda ready_made, ours: ready_made / ours - 1),
            "You computed by how much the figure is too high, as a share of our count. The ratio is one more.",
        ),
    ),
    hints=(
        "`joined` has both figures in one row: the columns `ready_made` and `troops`.",
        "A new column is made by assignment: `joined[\"ratio\"] = ... / ...`.",
        "Keep three columns with a list of their names: `joined[[..., ..., ...]]`.",
    ),
    why=(
        "Each ratio is the same whole number, in three decades and on two continents: the ready-made table counts "
        "each of these hosts twice. A comparison with a second table, made from the same reports, shows it."
    ),
)  # fmt: skip


# 01.2 ------------------------------------------------------------------------------------------------------------


def _share(hosts: pd.DataFrame, arrangements: pd.DataFrame, year: int = YEAR_OF_WAR) -> float:
    """Share of the troops of `hosts` in `year` that stood in states with one of the arrangements in force."""
    lasts = arrangements["end_year"].fillna(year) >= year
    in_force = arrangements[(arrangements["start_year"] <= year) & lasts]
    now = hosts[hosts["year"] == year]
    return float(now.loc[now["unit"].isin(in_force["unit"]), "troops"].sum() / now["troops"].sum())


def _doubled_share(hosts: pd.DataFrame, arrangements: pd.DataFrame) -> float:
    """The same by a join, in which a host with two treaties counts twice."""
    lasts = arrangements["end_year"].fillna(YEAR_OF_WAR) >= YEAR_OF_WAR
    in_force = arrangements[(arrangements["start_year"] <= YEAR_OF_WAR) & lasts]
    now = hosts[hosts["year"] == YEAR_OF_WAR]
    return float(now.merge(in_force[["unit"]], on="unit")["troops"].sum() / now["troops"].sum())


def _is_pact(alliances: pd.DataFrame) -> pd.Series[bool]:
    return alliances["type"].str.contains("defence pact")


def _both(
    context: Context,
    share: Callable[[pd.DataFrame, pd.DataFrame], float] = _share,
    *,
    hosts: Callable[[Context], pd.DataFrame] = _hosts,
    alliances: Callable[[pd.DataFrame], pd.DataFrame] = lambda table: table,
) -> list[float]:
    """The strict share and the wide one, or what a mistake makes of them."""
    table = alliances(context.load("us_alliances"))
    return [share(hosts(context), table[_is_pact(table)]), share(hosts(context), table)]


def _one_soldier_each(context: Context) -> pd.DataFrame:
    hosts = _hosts(context)
    return hosts[hosts["troops"] > 0].assign(troops=1)


def _weaker_ones_alone(context: Context) -> list[float]:
    alliances = context.load("us_alliances")
    return [_both(context)[0], _share(_hosts(context), alliances[~_is_pact(alliances)])]


SHARES = Exercise(
    id="01.2",
    points=3,
    answer="shares_1968",
    kind=List(of=Share(decimals=2), ordered=True),
    asks="Share of US troops abroad in 1968 in states with a defence pact, then with any arrangement.",
    expected=_both,
    mistakes=(
        Mistake(
            "reversed",
            lambda context, right: right[::-1],
            "The order is turned: defence pacts first, then every arrangement.",
        ),
        Mistake(
            "soldiers at home",
            lambda context, right: _both(context, hosts=lambda context: context.load("us_troops")),
            "Your whole holds the soldiers in the United States. Start from `hosts`: troops abroad.",
        ),
        Mistake(
            "hosts, not troops",
            lambda context, right: _both(context, hosts=_one_soldier_each),
            "You counted hosts. Here the soldiers are counted: sum `troops` above and below the line.",
        ),
        Mistake(
            "another year",
            lambda context, right: _both(context, lambda hosts, table: _share(hosts, table, 2019)),
            "Those are shares of 2019. Change the year in both places: arrangements in force, and troops.",
        ),
        Mistake(
            "empty end year",
            lambda context, right: _both(context, alliances=lambda table: table.dropna(subset="end_year")),
            "Treaties that are still in force got lost: their end year is empty. Fill it with `fillna`.",
        ),
        Mistake(
            "not in force",
            lambda context, right: _both(
                context, alliances=lambda table: table.assign(start_year=YEAR_OF_WAR, end_year=YEAR_OF_WAR)
            ),
            "You took every arrangement of any year. Keep those that were in force in 1968: start and end.",
        ),
        Mistake(
            "join",
            lambda context, right: _both(context, _doubled_share),
            "A host with two treaties was counted twice, as a join does. Ask with `isin` whether a host is listed.",
        ),
        Mistake(
            "weaker ones alone",
            lambda context, right: _weaker_ones_alone(context),
            "Your second share has the weaker arrangements alone. *Every* arrangement means the pacts as well.",
        ),
    ),
    hints=(
        "The worked cell does it for one year and for defence pacts. What must change for 1968?",
        "For the second share, start from `alliances` instead of `pacts`; all other lines stay.",
        "Keep each share under a name of its own, and put the two in a list: `shares_1968 = [strict, wide]`.",
    ),
    why=(
        "In 1968 about half of all US troops abroad stood in South Vietnam, which a protocol to a pact covered, "
        "though it had signed none. Call it an ally or not: that choice alone moves the share by about as much."
    ),
)


# 01.3 ------------------------------------------------------------------------------------------------------------


def _table(context: Context) -> pd.DataFrame:
    """Troops of each host, one row a unit, one column a year."""
    return _hosts(context).pivot_table(index="unit", columns="year", values="troops", aggfunc="sum")


def _large(context: Context) -> pd.DataFrame:
    table = _table(context)
    return table[table[BEFORE] >= AT_LEAST]


def _names(context: Context, units: object) -> list[str]:
    """Names of these units in the first of the two years."""
    hosts = _hosts(context)
    rows = hosts[(hosts["year"] == BEFORE) & hosts["unit"].isin(units)]  # type: ignore[arg-type]
    return list(rows["country"])


def _halved(table: pd.DataFrame) -> list[str]:
    return sorted(table.index[table[AFTER] <= table[BEFORE] / 2])


HALVED = Exercise(
    id="01.3",
    points=3,
    answer="halved",
    kind=List(of=Text(), ordered=False),
    asks="Hosts with at least 1,000 US troops in 1990 that had half of that or less in 2000, as a list of units.",
    expected=lambda context: _halved(_large(context)),
    mistakes=(
        Mistake(
            "two Germanies",
            lambda context, right: [unit for unit in right if unit != "DEU"],
            "One host is lost: Germany. Its `ccode` and its `country` change between 1990 and 2000; only `unit` "
            "keeps West Germany and Germany together.",
        ),
        Mistake(
            "names",
            lambda context, right: _names(context, right),
            "Those are the names of the countries. Give their codes: the column `unit`.",
        ),
        Mistake(
            "no threshold",
            lambda context, right: _halved(_table(context).loc[lambda table: table[BEFORE] > 0]),
            "You took small hosts too. Keep those with at least 1,000 US troops in 1990 first.",
        ),
        Mistake(
            "no threshold, and none at all",
            lambda context, right: _halved(_table(context)),
            "You took small hosts too, even such as had no US troops. Keep those with at least 1,000 in 1990 first.",
        ),
        Mistake(
            "not halved",
            lambda context, right: sorted(set(_large(context).index) - set(right)),
            "Those kept more than half. Turn the comparison round.",
        ),
        Mistake(
            "all large hosts",
            lambda context, right: list(_large(context).index),
            "Those are all hosts with at least 1,000 in 1990. Now ask which of them are down to half or less.",
        ),
    ),
    hints=(
        "You need 1990 and 2000 side by side, one row for each host: take the rows of 1990 and the rows of 2000 as two "
        "tables, and join them on `unit`.",
        "First keep the rows with at least 1,000 in 1990. Then compare the two columns; a comparison chooses rows.",
        'A column becomes a list with `list(...)`: `halved = list(kept["unit"])`.',
    ),
    why=(
        "Most large hosts of 1990 had half or less in 2000. The end of the Cold War is one reason, not the only "
        "one: look at Saudi Arabia in 1989. With `ccode`, Germany, the largest host, would have dropped out "
        "without a word: a join decides who is in your sample."
    ),
)


# 01.4 ------------------------------------------------------------------------------------------------------------

LETTER = Exercise(
    id="01.4",
    points=2,
    answer="letter",
    kind=Words(
        min_words=60,
        max_words=200,
        criteria=(
            "says that the file counts permanently assigned personnel, and that rotating forces are left out",
            "keeps the number of soldiers apart from how people feel",
            "names the audience that the sentence speaks of",
            "names evidence that could tell how safe people feel, such as a survey or a survey experiment",
        ),
    ),
    asks="A letter to an editor who concludes from a count of soldiers that people have no reason to feel safer.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with what one row of the file counts. The codebook has it.",
        "Who is the sentence about: an adversary, a government, or citizens? Can a count speak for them?",
    ),
    why="A count says where soldiers are. Whether anybody feels safe is a second question, with evidence of its own.",
)

EXERCISES = (DOUBLE_COUNT, SHARES, HALVED, LETTER)
