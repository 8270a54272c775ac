"""Exercises of lesson 01, Two audiences: a double count, a swing, an exodus, a letter."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Integer, Share, Table, Words

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
        "A new column is made by assignment: joined[\"...\"] = one column / another column.",
        "Keep three columns with a list of names: joined[[..., ..., ...]].",
    ),
    why=(
        "Each ratio is the same whole number, in three decades and on two continents: the ready-made table counts "
        "each of these hosts twice. A comparison with a second table, made from the same reports, shows it."
    ),
)  # fmt: skip


# 01.2 ------------------------------------------------------------------------------------------------------------


def _share(context: Context, *, pacts_only: bool, year: int = YEAR_OF_WAR, home: bool = False) -> float:
    """Share of US troops in states with an arrangement in force."""
    troops = context.load("us_troops") if home else _hosts(context)
    alliances = context.load("us_alliances")
    if pacts_only:
        alliances = alliances[alliances["type"].str.contains("defence pact")]
    lasts = alliances["end_year"].fillna(year) >= year
    in_force = alliances[(alliances["start_year"] <= year) & lasts]
    now = troops[troops["year"] == year]
    return float(now.loc[now["unit"].isin(in_force["unit"]), "troops"].sum() / now["troops"].sum())


def _share_of_hosts(context: Context, *, pacts_only: bool) -> float:
    hosts = _hosts(context)
    now = hosts[(hosts["year"] == YEAR_OF_WAR) & (hosts["troops"] > 0)].assign(troops=1)
    alone = Context(context.student, lambda name: now if name == "us_troops" else context.load(name))
    return _share(alone, pacts_only=pacts_only)


SWING = Exercise(
    id="01.2",
    points=3,
    answer="swing",
    kind=Share(decimals=2),
    asks="Share of US troops abroad in 1968 in states with any arrangement, minus the share with a defence pact.",
    expected=lambda context: _share(context, pacts_only=False) - _share(context, pacts_only=True),
    mistakes=(
        Mistake(
            "sign",
            lambda context, right: -right,
            "The sign is turned. Take the wide definition minus the strict one.",
        ),
        Mistake(
            "wide only",
            lambda context, right: _share(context, pacts_only=False),
            "That is the share under the wide definition. Now subtract the share for defence pacts alone.",
        ),
        Mistake(
            "strict only",
            lambda context, right: _share(context, pacts_only=True),
            "That is the share for defence pacts alone. Compute it for every arrangement too, and subtract.",
        ),
        Mistake(
            "ratio",
            lambda context, right: _share(context, pacts_only=False) / _share(context, pacts_only=True),
            "You divided one share by the other. The swing is a difference of shares.",
        ),
        Mistake(
            "soldiers at home",
            lambda context, right: (
                _share(context, pacts_only=False, home=True) - _share(context, pacts_only=True, home=True)
            ),
            "Your whole holds the soldiers in the United States. Start from `hosts`: troops abroad.",
        ),
        Mistake(
            "hosts, not troops",
            lambda context, right: (
                _share_of_hosts(context, pacts_only=False) - _share_of_hosts(context, pacts_only=True)
            ),
            "You counted hosts. Here the soldiers are counted: sum `troops` above and below the line.",
        ),
        Mistake(
            "another year",
            lambda context, right: (
                _share(context, pacts_only=False, year=2019) - _share(context, pacts_only=True, year=2019)
            ),
            "That is the swing of 2019. Change the year in both places: arrangements in force, and troops.",
        ),
    ),
    hints=(
        "The worked cell does it for one year and for defence pacts. What must change for 1968?",
        "For the second share, start from `alliances` instead of `pacts`; all other lines stay.",
        "Subtract: the share for every arrangement minus the share for defence pacts.",
    ),
    why=(
        "In 1968 about half of all US troops abroad stood in South Vietnam, which a protocol to a pact covered, "
        "though it had signed none. Call it an ally or not: that choice alone moves the result by about as much."
    ),
)


# 01.3 ------------------------------------------------------------------------------------------------------------


def _table(context: Context, key: str = "unit") -> pd.DataFrame:
    table = _hosts(context).pivot_table(index=key, columns="year", values="troops", aggfunc="sum")
    return table.loc[table[BEFORE] >= AT_LEAST]


def _halved(table: pd.DataFrame) -> int:
    return int((table[AFTER] <= table[BEFORE] / 2).sum())


def _halved_of_all(context: Context) -> int:
    table = _hosts(context).pivot_table(index="unit", columns="year", values="troops", aggfunc="sum")
    return _halved(table[table[BEFORE] > 0])


HALVED = Exercise(
    id="01.3",
    points=3,
    answer="halved",
    kind=Integer(unit="hosts"),
    asks="Number of hosts with at least 1,000 US troops in 1990 where the number of 2000 is half of that or less.",
    expected=lambda context: _halved(_table(context)),
    mistakes=(
        Mistake(
            "two Germanies",
            lambda context, right: _halved(_table(context, key="ccode")),
            "One host is lost. `ccode` gives West Germany and Germany two codes, so 1990 has no partner in 2000. "
            "`unit` keeps them together.",
        ),
        Mistake(
            "no threshold",
            lambda context, right: _halved_of_all(context),
            "You counted small hosts too. Keep those with at least 1,000 US troops in 1990 first.",
        ),
        Mistake(
            "not halved",
            lambda context, right: len(_table(context)) - right,
            "You counted the hosts that kept more than half. Turn the comparison round.",
        ),
        Mistake(
            "all large hosts",
            lambda context, right: len(_table(context)),
            "You counted every large host, or every one that fell at all. Ask which of them are down to half or less.",
        ),
    ),
    hints=(
        "You need 1990 and 2000 side by side, one row for each host. `pivot` does that: index, columns, values.",
        "First keep the rows whose 1990 value is at least 1,000. Then compare the two columns.",
        "A comparison gives True and False; their sum is a count.",
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

EXERCISES = (DOUBLE_COUNT, SWING, HALVED, LETTER)
