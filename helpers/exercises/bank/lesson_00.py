"""Exercises of lesson 00, Python for this course: twelve drills, each one thing that later lessons use.

A drill is worth one point and counts for nothing. Its mistakes are those that pandas makes easy and says nothing about:
a mean where a sum was meant, rows where ballots were meant, the wrong whole, an empty cell that a sum skips.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Axes, Function, Integer, List, Number, Share, Table, Text

How: TypeAlias = Literal["sum", "mean", "count", "max"]

GROUP = ["sex", "year_of_study"]
BENELUX = ["BEL", "LUX", "NLD"]
N_DRAWS, SEED = 1000, 1967


def _troops(context: Context) -> pd.DataFrame:
    return context.load("us_troops")


def _hosts(context: Context) -> pd.DataFrame:
    troops = _troops(context)
    return troops[troops["unit"] != "USA"]


def _of_year(context: Context, year: int) -> pd.DataFrame:
    hosts = _hosts(context)
    return hosts[hosts["year"] == year]


def _poll(context: Context) -> pd.DataFrame:
    return context.load("student_poll_1967")


def _ballots(poll: pd.DataFrame) -> int:
    return int(poll["n"].sum())


# 00.1 rows and columns -------------------------------------------------------------------------------------------


def _of_korea(context: Context, first: int, last: int, unit: str = "KOR") -> pd.DataFrame:
    troops = _troops(context)
    rows = (troops["unit"] == unit) & (troops["year"] >= first) & (troops["year"] <= last)
    return troops.loc[rows, ["year", "troops"]]


ROWS = Exercise(
    id="00.1",
    points=1,
    answer="korea_1970s",
    kind=Table(keys=("year",), values=("troops",), decimals=0),
    asks="Year and troops of South Korea from 1970 to 1979, a table.",
    expected=lambda context: _of_korea(context, 1970, 1979),
    mistakes=(
        Mistake(
            "a year too many",
            lambda context, right: _of_korea(context, 1970, 1980),
            "1980 is in your table. The seventies end with 1979: `<= 1979` or `< 1980`.",
        ),
        Mistake(
            "first year lost",
            lambda context, right: _of_korea(context, 1971, 1979),
            "1970 is lost. `>` leaves the year itself out; `>=` keeps it.",
        ),
        Mistake(
            "both ends lost",
            lambda context, right: _of_korea(context, 1971, 1978),
            "1970 and 1979 are lost. `>` and `<` leave the years themselves out; `>=` and `<=` keep them.",
        ),
        Mistake(
            "no last year",
            lambda context, right: _of_korea(context, 1970, 9999),
            "Your table goes on after the seventies. Add a third condition on the last year, again with `&`.",
        ),
        Mistake(
            "all years",
            lambda context, right: _of_korea(context, 0, 9999),
            "You have all years of South Korea. Add two conditions on `year`, each in brackets of its own.",
        ),
        Mistake(
            "another host",
            lambda context, right: _of_korea(context, 1970, 1979, "JPN"),
            "The years fit, the host does not: this is Japan. The `unit` of South Korea is `KOR`.",
        ),
    ),
    hints=(
        "Three conditions: the unit is `KOR`, the year is at least 1970, the year is at most 1979.",
        "Each condition stands in round brackets; between two of them stands `&`.",
        'The columns come last: `.loc[conditions, ["year", "troops"]]`.',
    ),
    why="Conditions choose rows, a list of names chooses columns. Look at both ends of a range: they go wrong first.",
)


# 00.2 sorting ----------------------------------------------------------------------------------------------------


def _five_largest(hosts: pd.DataFrame, column: str = "unit") -> list[Any]:
    return list(hosts.sort_values("troops", ascending=False).head(5)[column])


def _with_the_guardian(context: Context) -> list[Any]:
    troops = _troops(context)
    return _five_largest(troops[troops["year"] == 1975])


SORTING = Exercise(
    id="00.2",
    points=1,
    answer="largest_1975",
    kind=List(of=Text(), ordered=True),
    asks="Units of the five largest hosts of 1975, the largest first, as a list.",
    expected=lambda context: _five_largest(_of_year(context, 1975)),
    mistakes=(
        Mistake(
            "soldiers at home",
            lambda context, right: _with_the_guardian(context),
            "The United States is no host of its own soldiers. Start from `hosts`, not from `troops`.",
        ),
        Mistake(
            "smallest first",
            lambda context, right: right[::-1],
            "The right five, from small to large. Sort with `ascending=False`, then take the head.",
        ),
        Mistake(
            "the smallest",
            lambda context, right: list(_of_year(context, 1975).sort_values("troops").head(5)["unit"]),
            "Those are the smallest. `sort_values` goes from small to large unless you say `ascending=False`.",
        ),
        Mistake(
            "not sorted",
            lambda context, right: list(_of_year(context, 1975).head(5)["unit"]),
            "Those are the first five rows as the file has them. Sort by `troops` before you take the head.",
        ),
        Mistake(
            "year of the example",
            lambda context, right: _five_largest(_of_year(context, 1955)),
            "Those are the hosts of 1955, from the worked cell. Take the rows of 1975.",
        ),
        Mistake(
            "all years",
            lambda context, right: _five_largest(_hosts(context)),
            "You sorted all years together. Keep the rows of 1975 first.",
        ),
        Mistake(
            "names",
            lambda context, right: _five_largest(_of_year(context, 1975), "country"),
            "The right five, by name. Take the column `unit`: codes stay the same when a country's name changes.",
        ),
    ),
    hints=(
        "First the rows of 1975, as the worked cell does for another year.",
        "Then sort by `troops` with `ascending=False`, and keep five with `.head(5)`.",
        'Last, make the column `unit` a list: `list(table["unit"])`.',
    ),
    why="Rows first, then the order, then the head. And ask who should not be in the table at all before you rank.",
)


# 00.3 isin -------------------------------------------------------------------------------------------------------


def _listed(context: Context) -> pd.Series[bool]:
    return _hosts(context)["unit"].isin(BENELUX)


def _sum_of(rows: pd.DataFrame) -> int:
    return int(rows["troops"].sum())


def _benelux(context: Context) -> pd.DataFrame:
    hosts = _of_year(context, 1990)
    return hosts[hosts["unit"].isin(BENELUX)]


def _elsewhere(context: Context) -> int:
    hosts = _of_year(context, 1990)
    return _sum_of(hosts[~hosts["unit"].isin(BENELUX)])


MEMBERSHIP = Exercise(
    id="00.3",
    points=1,
    answer="benelux_1990",
    kind=Integer(unit="soldiers"),
    asks="US troops in Belgium, Luxembourg and the Netherlands together, 1990.",
    expected=lambda context: _sum_of(_benelux(context)),
    mistakes=(
        Mistake(
            "all years",
            lambda context, right: _sum_of(_hosts(context)[_listed(context)]),
            "You added up all years. Add the condition on 1990 with `&`.",
        ),
        Mistake(
            "everybody else",
            lambda context, right: _elsewhere(context),
            "Those are the troops everywhere but there. A `~` before a condition turns it round: take it away.",
        ),
        Mistake(
            "all hosts",
            lambda context, right: _sum_of(_of_year(context, 1990)),
            "Those are all hosts of 1990. Keep the three with `isin`.",
        ),
        Mistake(
            "rows",
            lambda context, right: len(_benelux(context)),
            'You counted rows, and there is one a host. Sum the column: `["troops"].sum()`.',
        ),
        Mistake(
            "mean",
            lambda context, right: right / len(BENELUX),
            "That is the mean of the three. Together means: add up.",
        ),
        Mistake(
            "nothing left",
            lambda context, right: 0,
            'No row fits your conditions. Put each one in round brackets: `(hosts["year"] == 1990)`.',
        ),
        Mistake(
            "one lost",
            lambda context, right: int(_benelux(context).query("unit != 'LUX'")["troops"].sum()),
            "A few soldiers are missing: Luxembourg is `LUX` in this file.",
        ),
    ),
    hints=(
        'The list is `["BEL", "LUX", "NLD"]`, and the year is 1990: two conditions with `&` between them.',
        'Keep those rows, then add up one column: `rows["troops"].sum()`.',
    ),
    why="`isin` asks of each row whether its value is on the list, and no row can count twice: safer than a join.",
)


# 00.4 groups -----------------------------------------------------------------------------------------------------


def _by_region(hosts: pd.DataFrame, how: How = "sum") -> pd.DataFrame:
    return hosts.groupby("region")["troops"].agg(how).reset_index()


def _at_home_too(context: Context) -> pd.DataFrame:
    troops = _troops(context)
    return _by_region(troops[troops["year"] == 1968])


GROUPS = Exercise(
    id="00.4",
    points=1,
    answer="troops_by_region",
    kind=Table(keys=("region",), values=("troops",), decimals=0),
    asks="US troops in each region in 1968, all hosts of a region together.",
    expected=lambda context: _by_region(_of_year(context, 1968)),
    mistakes=(
        Mistake(
            "mean",
            lambda context, right: _by_region(_of_year(context, 1968), "mean"),
            "Those are means a host. For all hosts of a region together, add up: `.sum()`.",
        ),
        Mistake(
            "hosts",
            lambda context, right: _by_region(_of_year(context, 1968), "count"),
            "You counted hosts. To count their soldiers, add up `troops`: `.sum()`.",
        ),
        Mistake(
            "largest",
            lambda context, right: _by_region(_of_year(context, 1968), "max"),
            "Those are the largest hosts of each region. Add up with `.sum()`.",
        ),
        Mistake(
            "all years",
            lambda context, right: _by_region(_hosts(context)),
            "You added up all years, so that a soldier who stayed three years counts three times. Keep 1968 first.",
        ),
        Mistake(
            "soldiers at home",
            lambda context, right: _at_home_too(context),
            "One region is far too large: the soldiers in the United States are in it. Start from `hosts`.",
        ),
    ),
    hints=(
        "First the rows of 1968, then the groups.",
        '`.groupby("region")` makes the groups, `["troops"]` chooses what is added up, `.sum()` adds it up.',
    ),
    why="Three steps in one line: make groups, choose a column, say what to do with it. Count, mean and sum differ.",
)


# 00.5 shares -----------------------------------------------------------------------------------------------------


def _withdrawing(poll: pd.DataFrame) -> pd.DataFrame:
    return poll[poll["response"] == "D"]


def _graduates(context: Context) -> pd.DataFrame:
    poll = _poll(context)
    return poll[poll["year_of_study"] == "Grad"]


def _share_that_withdraws(poll: pd.DataFrame) -> float:
    return _ballots(_withdrawing(poll)) / _ballots(poll)


def _mean_of_two_shares(context: Context) -> float:
    graduates = _graduates(context)
    return float(np.mean([_share_that_withdraws(group) for _, group in graduates.groupby("sex")]))


SHARES = Exercise(
    id="00.5",
    points=1,
    answer="grad_withdraw",
    kind=Share(decimals=2),
    asks="Share of the graduate students' ballots that ask for withdrawal (D), between 0 and 1.",
    expected=lambda context: _share_that_withdraws(_graduates(context)),
    mistakes=(
        Mistake(
            "turned round",
            lambda context, right: _ballots(_withdrawing(_graduates(context))) / _ballots(_withdrawing(_poll(context))),
            "That is the share of graduates among those who answered D. Asked for is the share of D among the "
            "graduates: divide by all ballots of graduates.",
        ),
        Mistake(
            "all ballots",
            lambda context, right: _ballots(_withdrawing(_graduates(context))) / _ballots(_poll(context)),
            "You divided by everybody. The whole is the ballots of graduates alone: sum their `n`, and count no rows.",
        ),
        Mistake(
            "rows",
            lambda context, right: len(_withdrawing(_graduates(context))) / len(_graduates(context)),
            "You counted rows. A row is a group; how many students it stands for says `n`. Sum `n` above and below.",
        ),
        Mistake(
            "everybody",
            lambda context, right: _share_that_withdraws(_poll(context)),
            "That is the share of D among all students. Keep the graduates first, above and below the line.",
        ),
        Mistake(
            "mean of two shares",
            lambda context, right: _mean_of_two_shares(context),
            "That is the mean of the women's and the men's share. There are more men, so add up first, then divide.",
        ),
    ),
    hints=(
        'First a table of the graduates alone: the rows with `year_of_study` equal to `"Grad"`.',
        "Above the line: the sum of `n` in their rows with response D. Below: the sum of `n` in all their rows.",
    ),
    why="A share has two parts, and the whole is the one that goes wrong. Say it in words first: of whom?",
)  # fmt: skip


# 00.6 a join on two keys -----------------------------------------------------------------------------------------


def _with_totals(poll: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return poll.assign(total=poll.groupby(keys)["n"].transform("sum"))


def _every_ballot(context: Context) -> pd.DataFrame:
    poll = _poll(context)
    return poll.assign(total=_ballots(poll))


JOINING = Exercise(
    id="00.6",
    points=1,
    answer="joined",
    kind=Table(keys=("sex", "year_of_study", "response"), values=("n", "total"), decimals=0),
    asks="The poll with a further column `total`: all ballots of the same sex and year of study.",
    expected=lambda context: _with_totals(_poll(context), GROUP),
    mistakes=(
        Mistake(
            "sex alone",
            lambda context, right: _with_totals(_poll(context), ["sex"]),
            "Your totals are those of all women and all men. Make groups by sex and year of study.",
        ),
        Mistake(
            "year of study alone",
            lambda context, right: _with_totals(_poll(context), ["year_of_study"]),
            "Your totals put women and men together. Make groups by sex and year of study.",
        ),
        Mistake(
            "every ballot",
            lambda context, right: _every_ballot(context),
            "Every row has the total of the whole poll. Make groups first, by sex and year of study.",
        ),
        Mistake(
            "by answer",
            lambda context, right: _with_totals(_poll(context), ["response"]),
            "Your totals are those of each answer. Make groups by sex and year of study.",
        ),
    ),
    hints=(
        'Two columns make the groups, so `groupby` takes a list of two names: `["sex", "year_of_study"]`.',
        "The totals have one row for each pair. The join takes the same list: `on=[..., ...]`.",
    ),
    why="Join on every column that makes a row of the smaller table unique, and count the rows before and after.",
)


# 00.7 wide tables ------------------------------------------------------------------------------------------------


def _wide(poll: pd.DataFrame, how: How = "sum") -> pd.DataFrame:
    return poll.pivot_table(index="response", columns="sex", values="n", aggfunc=how)


def _shares_of_each_sex(right: pd.DataFrame) -> pd.DataFrame:
    return right / right.sum()


RESHAPING = Exercise(
    id="00.7",
    points=1,
    answer="wide",
    kind=Table(keys=("response",), values=("female", "male"), decimals=0),
    asks="Ballots in a wide table: one row for each answer, a column for women and one for men.",
    expected=lambda context: _wide(_poll(context)),
    mistakes=(
        Mistake(
            "mean",
            lambda context, right: _wide(_poll(context), "mean"),
            "Those are means. `pivot_table` takes the mean where several rows meet, unless you say "
            '`aggfunc="sum"`.',
        ),
        Mistake(
            "rows",
            lambda context, right: _wide(_poll(context), "count"),
            "You counted rows: five years of study meet in each cell. Add up `n`, with `aggfunc=\"sum\"`.",
        ),
        Mistake(
            "largest",
            lambda context, right: _wide(_poll(context), "max"),
            "Those are the largest groups. Add up with `aggfunc=\"sum\"`.",
        ),
        Mistake(
            "shares",
            lambda context, right: _shares_of_each_sex(right),
            "Those are shares of each sex. Asked for are the ballots themselves.",
        ),
    ),
    hints=(
        'What becomes a row goes to `index`, what becomes a column to `columns`: here "response" and "sex".',
        "Each cell takes five rows of the poll together, one for each year of study: say how, with `aggfunc`.",
    ),
    why="`pivot` stops where two rows meet in one cell; `pivot_table` goes on, with a mean nobody asked for.",
)  # fmt: skip


# 00.8 missing values ---------------------------------------------------------------------------------------------


def _korea_at_war(context: Context) -> pd.DataFrame:
    hosts = _hosts(context)
    return hosts[(hosts["unit"] == "KOR") & (hosts["year"] <= 1955)]


def _army_share(rows: pd.DataFrame) -> float:
    return float(rows["army"].sum() / rows["troops"].sum())


def _mean_of_yearly_shares(context: Context) -> float:
    rows = _korea_at_war(context).dropna(subset="army")
    return float((rows["army"] / rows["troops"]).mean())


def _filled_with_the_mean(context: Context) -> float:
    rows = _korea_at_war(context).astype({"army": "Float64"})
    return _army_share(rows.assign(army=rows["army"].fillna(rows["army"].mean())))


MISSING = Exercise(
    id="00.8",
    points=1,
    answer="army_share",
    kind=Share(decimals=2),
    asks="Army's share of the US troops in South Korea, 1950 to 1955, over the years whose army count is known.",
    expected=lambda context: _army_share(_korea_at_war(context).dropna(subset="army")),
    mistakes=(
        Mistake(
            "empty cells as zero",
            lambda context, right: _army_share(_korea_at_war(context)),
            "Above the line stand four years, below it six: `sum` skips an empty cell without a word, and 0 is no "
            "better. Drop the rows without an army count first.",
        ),
        Mistake(
            "mean of yearly shares",
            lambda context, right: _mean_of_yearly_shares(context),
            "That is the mean of the years' shares: 1950, with few soldiers, counts as much as 1953. Divide two sums.",
        ),
        Mistake(
            "filled with the mean",
            lambda context, right: _filled_with_the_mean(context),
            "You put a mean where nobody counted. Asked for are the years whose count is known: drop the others.",
        ),
    ),
    hints=(
        'Start with `known = korea.dropna(subset="army")`: rows without an army count are gone.',
        "Then add up `army`, add up `troops`, and divide. Both sums come from `known`.",
    ),
    why="An empty cell is not a zero. Before a sum or a mean, count the empty cells and decide what they mean.",
)


# 00.9 counting values --------------------------------------------------------------------------------------------


def _counted(hosts: pd.DataFrame) -> pd.DataFrame:
    return hosts["region"].value_counts().rename("count").reset_index()


def _large(hosts: pd.DataFrame) -> pd.DataFrame:
    return hosts[hosts["troops"] >= 1000]


def _as_shares(right: pd.DataFrame) -> pd.DataFrame:
    return right.assign(count=right["count"] / right["count"].sum())


def _soldiers(context: Context) -> pd.DataFrame:
    return _by_region(_large(_of_year(context, 2020))).rename(columns={"troops": "count"})


COUNTING = Exercise(
    id="00.9",
    points=1,
    answer="large_hosts",
    kind=Table(keys=("region",), values=("count",), decimals=0),
    asks="Number of hosts with at least 1,000 US troops in each region, 2020.",
    expected=lambda context: _counted(_large(_of_year(context, 2020))),
    mistakes=(
        Mistake(
            "no threshold",
            lambda context, right: _counted(_of_year(context, 2020)),
            "You counted all hosts. Keep those with at least 1,000 soldiers before you count.",
        ),
        Mistake(
            "all years",
            lambda context, right: _counted(_large(_hosts(context))),
            "A host counts once for every year here. Keep the rows of 2020 before you count.",
        ),
        Mistake(
            "shares",
            lambda context, right: _as_shares(right),
            "Those are shares, as `normalize=True` gives them. Asked for are the numbers of hosts.",
        ),
        Mistake(
            "soldiers",
            lambda context, right: _soldiers(context),
            "Those are soldiers. Count the hosts: `value_counts` on the column `region`.",
        ),
    ),
    hints=(
        "Two conditions keep the rows: the year is 2020, and troops are at least 1,000.",
        'Then count the column: `rows["region"].value_counts()`.',
    ),
    why="`value_counts` counts rows. Here a row is one host, so it counts hosts; in the poll it would count groups.",
)


# 00.10 a figure --------------------------------------------------------------------------------------------------


def _bars(context: Context, how: How = "sum") -> list[float]:
    return [float(value) for value in _poll(context).groupby("response")["n"].agg(how)]


def _of_one_sex(context: Context, sex: str) -> list[float]:
    poll = _poll(context)
    return [float(value) for value in poll[poll["sex"] == sex].groupby("response")["n"].sum()]


FIGURE = Exercise(
    id="00.10",
    points=1,
    answer="bars",
    kind=Axes(marks="bars", decimals=0),
    asks="A bar for each answer of the poll, as high as its number of ballots, with title and names of both axes.",
    expected=_bars,
    mistakes=(
        Mistake(
            "means",
            lambda context, right: _bars(context, "mean"),
            "Your bars are means: seaborn takes the mean where several rows share an answer. Add up first, "
            "then draw the small table.",
        ),
        Mistake(
            "rows",
            lambda context, right: _bars(context, "count"),
            "Your bars count rows, and each answer has ten. Add up `n` first, then draw the small table.",
        ),
        Mistake(
            "women alone",
            lambda context, right: _of_one_sex(context, "female"),
            "Your bars show the women's ballots alone. Add up over both sexes.",
        ),
        Mistake(
            "men alone",
            lambda context, right: _of_one_sex(context, "male"),
            "Your bars show the men's ballots alone. Add up over both sexes.",
        ),
        Mistake(
            "shares",
            lambda context, right: [height / sum(right) for height in right],
            "Your bars are shares. Draw the ballots themselves.",
        ),
    ),
    hints=(
        'First a small table: `by_answer = poll.groupby("response", as_index=False)["n"].sum()`.',
        'Then `bars = sns.barplot(by_answer, x="response", y="n")`.',
        "`bars.set(...)` takes `title`, `xlabel` and `ylabel`. The last line is `show(bars.figure, alt=...)`.",
    ),
    why="Sum first, then draw: otherwise the figure decides for you. Title, axes and words are part of the figure.",
)


# 00.11 a function ------------------------------------------------------------------------------------------------

FUNCTION = Exercise(
    id="00.11",
    points=1,
    answer="change",
    kind=Function(inputs=((200, 100), (80, 100), (50, 50), (1000, 1)), of=Number(decimals=2, unit="%")),
    asks="A function of `before` and `after` that gives the change in per cent of `before`.",
    expected=lambda context: lambda before, after: 100 * (after - before) / before,
    mistakes=(
        Mistake(
            "share of after",
            lambda context, right: lambda before, after: 100 * (after - before) / after,
            "You divide by `after`. A change is told as a part of what there was before.",
        ),
        Mistake(
            "swapped",
            lambda context, right: lambda before, after: 100 * (before - after) / after,
            "`before` comes first between the brackets, `after` second. Yours has them the other way round.",
        ),
        Mistake(
            "ratio",
            lambda context, right: lambda before, after: 100 * after / before,
            "That is what is left, in per cent of `before`. Where nothing changes, a change is 0.",
        ),
        Mistake(
            "not per cent",
            lambda context, right: lambda before, after: (after - before) / before,
            "The shares are right. Per cent are 100 times as much.",
        ),
        Mistake(
            "sign",
            lambda context, right: lambda before, after: 100 * (before - after) / before,
            "The sign is the other way round: when soldiers leave, the change is below zero.",
        ),
        Mistake(
            "difference",
            lambda context, right: lambda before, after: after - before,
            "That is the difference. Divide it by `before` and take it times 100.",
        ),
    ),
    hints=(
        "Take `change = ...` away. The first line is `def change(before, after):`, with the colon.",
        "The second line begins with four blanks and `return`.",
        "The difference, after minus before, divided by before, times 100.",
    ),
    why="A function has a name, takes values and gives one back. Write it once, and a mistake is mended in one place.",
)


# 00.12 chance ----------------------------------------------------------------------------------------------------


def _below_half(generator: np.random.Generator) -> int:
    return int((generator.random(N_DRAWS) < 0.5).sum())


def _second_thousand() -> int:
    generator = np.random.default_rng(SEED)
    generator.random(N_DRAWS)
    return _below_half(generator)


def _old_interface() -> int:
    return int((np.random.RandomState(SEED).random_sample(N_DRAWS) < 0.5).sum())


CHANCE = Exercise(
    id="00.12",
    points=1,
    answer="n_treated",
    kind=Integer(),
    asks="Of 1,000 random numbers from a generator with seed 1967, how many are below 0.5.",
    expected=lambda context: _below_half(np.random.default_rng(SEED)),
    mistakes=(
        Mistake(
            "seed of the example",
            lambda context, right: _below_half(np.random.default_rng(1950)),
            "You used the seed of the worked cell, or its generator. Make a new one with seed 1967.",
        ),
        Mistake(
            "used before",
            lambda context, right: _second_thousand(),
            "This generator was used before, so it went on from there. Make it anew in the same cell as the draw.",
        ),
        Mistake(
            "the others",
            lambda context, right: N_DRAWS - right,
            "Those are the ones at 0.5 or above. Turn the comparison round: `< 0.5`.",
        ),
        Mistake(
            "share",
            lambda context, right: right / N_DRAWS,
            "That is their share. A sum of True and False counts the True ones.",
        ),
        Mistake(
            "all of them",
            lambda context, right: N_DRAWS,
            "You counted all numbers. `len` counts False as well; `.sum()` counts the True ones alone.",
        ),
        Mistake(
            "old interface",
            lambda context, right: _old_interface(),
            "You set the seed in the old way, with `np.random.seed`. Use `np.random.default_rng(1967)`.",
        ),
    ),
    hints=(
        "The seed stands in the brackets: `generator = np.random.default_rng(1967)`.",
        "`generator.random(1000)` gives the numbers; `< 0.5` makes True and False of them; `.sum()` counts.",
    ),
    why="The same seed gives the same draw on every computer. Near 500, not at 500: that distance is chance.",
)

EXERCISES = (
    ROWS, SORTING, MEMBERSHIP, GROUPS, SHARES, JOINING, RESHAPING, MISSING, COUNTING, FIGURE, FUNCTION, CHANCE,
)  # fmt: skip
