"""Exercises of lesson 04, From states to citizens: paths, three countries, one country or two, a memo."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Table, Words
from helpers.theory.comparisons import slope
from helpers.theory.mechanisms import CAUSE, OUTCOMES, paths, three_countries, total_effects, walk

FIRST, LAST = 1984, 1994
HOSTED, EFFORT = "us_troops_per_1000", "milex_pct_gdp"

# 04.1 ------------------------------------------------------------------------------------------------------------

BOTH = walk(["assurance", "provocation"])


def _sum_of_paths(*, without: int | None = None) -> float:
    """Sum over the paths to need, the strongest first; one of them may be forgotten."""
    effects = [path.effect for path in paths(BOTH, "need")]
    return sum(effect for place, effect in enumerate(effects) if place != without)


def _sum_of_arrows() -> float:
    strength = {(arrow.cause, arrow.effect): arrow.strength for arrow in BOTH}
    ways = [path.variables for path in paths(BOTH, "need")]
    return sum(strength[pair] for way in ways for pair in itertools.pairwise(way))


PATHS = Exercise(
    id="04.1",
    points=2,
    answer="on_need",
    kind=Number(decimals=2, unit="units"),
    asks="The total effect of the deployment on the need for own defence, with assurance and provocation both open.",
    expected=lambda context: total_effects(BOTH)["need"],
    mistakes=(
        Mistake(
            "the path that crosses",
            lambda context, right: _sum_of_paths(without=2),
            "Two paths are right. A third begins on one road and ends on the other: who feels protected perceives less "
            "threat, and threat raises the need. It exists only when both roads are open.",
        ),
        Mistake(
            "assurance alone",
            lambda context, right: total_effects(walk(["assurance"]))["need"],
            "That is assurance alone. Provocation is open as well, and it pulls the other way.",
        ),
        Mistake(
            "provocation alone",
            lambda context, right: total_effects(walk(["provocation"]))["need"],
            "That is provocation alone. Assurance is open as well, and it pulls the other way.",
        ),
        Mistake(
            "the direct path",
            lambda context, right: _sum_of_paths(without=1),
            "Both paths by way of the promise are there. A third runs from the deployment straight to threat.",
        ),
        Mistake(
            "the sign of the path that crosses",
            lambda context, right: right - 2 * paths(BOTH, "need")[2].effect,
            "One path has the wrong sign. Keep the minus of each arrow: who feels protected perceives less threat.",
        ),
        Mistake(
            "sums along the way",
            lambda context, right: _sum_of_arrows(),
            "Along a path the strengths are multiplied; only the paths are added up. A path through a weak arrow "
            "is weak.",
        ),
        Mistake(
            "last arrows only",
            lambda context, right: sum(arrow.strength for arrow in BOTH if arrow.effect == "need"),
            "Those are the arrows that end in `need`. They carry what arrives at their beginning: start each path at "
            "the deployment.",
        ),
        Mistake(
            "one arrow too far",
            lambda context, right: total_effects(BOTH)["effort"],
            "That is the effect on effort, one arrow further. Stop at the need.",
        ),
        Mistake(
            "sign",
            lambda context, right: -right,
            "The size is right and the sign is not. Which of the paths is the largest, and does it raise or lower?",
        ),
    ),
    hints=(
        "Write down every way along the arrows that starts at `deployment` and ends at `need`. There are three.",
        "Multiply along each: the one by way of the promise is 1 × 0.8 × -0.6.",
        "The way that is easily missed runs deployment, promise, protection, threat, need.",
    ),
    why=(
        "Two opposite roads leave a small sum. And once both are open, a path runs across from one to the other that "
        "neither has alone: roads do not simply add up."
    ),
)

# 04.2 ------------------------------------------------------------------------------------------------------------


def _differences(
    people: pd.DataFrame, how: Callable[[pd.Series[float]], float] | str = "mean"
) -> pd.DataFrame:
    """With less without the deployment, for each country and outcome."""
    figures = people.groupby(["country", CAUSE])[list(OUTCOMES)].agg(how)
    return (figures.xs(1, level=CAUSE) - figures.xs(0, level=CAUSE)).reset_index()


def _levels(people: pd.DataFrame, told: int) -> pd.DataFrame:
    return people[people[CAUSE] == told].groupby("country")[list(OUTCOMES)].mean().reset_index()


def _in_deviations(people: pd.DataFrame) -> pd.DataFrame:
    spread = people[list(OUTCOMES)].std()
    return _differences(people).set_index("country").div(spread).reset_index()


def _agree(people: pd.DataFrame) -> pd.DataFrame:
    return people.assign(**{name: (people[name] >= 4).astype(float) for name in OUTCOMES})


def _of_all(people: pd.DataFrame) -> pd.DataFrame:
    """Each country's people less everybody, whoever was told: a difference, but not the one asked for."""
    means = people.groupby("country")[list(OUTCOMES)].mean()
    return (means - people[list(OUTCOMES)].mean()).reset_index()


MARKS = Exercise(
    id="04.2",
    points=3,
    answer="marks",
    kind=Table(keys=("country",), values=OUTCOMES, decimals=2),
    asks="For each country, the mean difference that the deployment makes to each of the four answers.",
    expected=lambda context: _differences(three_countries(context.student)),
    mistakes=(
        Mistake(
            "sign",
            lambda context, right: right.set_index("country").mul(-1).reset_index(),
            "You took those told from those not told. Turn it round: with the deployment less without.",
        ),
        Mistake(
            "those told",
            lambda context, right: _levels(three_countries(context.student), 1),
            "Those are the mean answers of people told of a deployment. What it changes needs the others.",
        ),
        Mistake(
            "those not told",
            lambda context, right: _levels(three_countries(context.student), 0),
            "Those are the mean answers of people not told. What the deployment changes needs both groups.",
        ),
        Mistake(
            "share who agree",
            lambda context, right: _differences(_agree(three_countries(context.student))),
            "Those are differences in the share who answer 4 or 5. The table asks for differences in the mean answer.",
        ),
        Mistake(
            "standard deviations",
            lambda context, right: _in_deviations(three_countries(context.student)),
            "You divided by the standard deviation. The table asks for points of the scale from 1 to 5.",
        ),
        Mistake(
            "countries compared",
            lambda context, right: _of_all(three_countries(context.student)),
            "You compared a country with the others. Within each country, compare those told with those not told.",
        ),
    ),
    hints=(
        'Group by two columns: `people.groupby(["country", "deployment"])`, and take the mean of the rest.',
        '`means.xs(1, level="deployment")` keeps the rows of those told, indexed by country. The others likewise.',
        "Subtract one of the two tables from the other. Columns and index fit by themselves.",
    ),
    why=(
        "The three countries agree in effort and part in protection and threat. The end of a road does not say which "
        "road it was; what it leaves on the way does. But somebody must ask people."
    ),
)

# 04.3 ------------------------------------------------------------------------------------------------------------


def _members(context: Context) -> pd.DataFrame:
    """NATO's members but the guardian, in the years of one edition."""
    panel = context.load("allies_panel")
    return panel[(panel["nato"] == 1) & (panel["group"] == "ally") & panel["year"].between(FIRST, LAST)]


def _both(context: Context, comparison: str = "within", rows: pd.DataFrame | None = None) -> list[float]:
    members = _members(context) if rows is None else rows
    return [
        slope(members, EFFORT, HOSTED, comparison, unit=unit).estimate  # type: ignore[arg-type]
        for unit in ("unit", "ccode")
    ]


def _between(context: Context) -> list[float]:
    """Slopes through the means of the units: what `mean` gives where `transform` was meant."""
    found = []
    for unit in ("unit", "ccode"):
        means = _members(context).groupby(unit)[[HOSTED, EFFORT]].mean()
        found.append(float(np.polyfit(means[HOSTED], means[EFFORT], 1)[0]))
    return found


def _turned(context: Context) -> list[float]:
    """Slope of hosting on effort."""
    found = []
    for unit in ("unit", "ccode"):
        rows = _members(context)
        net = rows[[HOSTED, EFFORT]] - rows.groupby(unit)[[HOSTED, EFFORT]].transform("mean")
        found.append(float((net[HOSTED] * net[EFFORT]).sum() / (net[EFFORT] ** 2).sum()))
    return found


def _correlations(context: Context) -> list[float]:
    found = []
    for unit in ("unit", "ccode"):
        rows = _members(context)
        net = rows[[HOSTED, EFFORT]] - rows.groupby(unit)[[HOSTED, EFFORT]].transform("mean")
        found.append(float(net[HOSTED].corr(net[EFFORT])))
    return found


def _half_net(context: Context) -> list[float]:
    """Only effort is taken from its mean, while hosting keeps its level below the fraction."""
    found = []
    for unit in ("unit", "ccode"):
        rows = _members(context)
        net = rows[EFFORT] - rows.groupby(unit)[EFFORT].transform("mean")
        found.append(float((net * rows[HOSTED]).sum() / (rows[HOSTED] ** 2).sum()))
    return found


ONE_OR_TWO = Exercise(
    id="04.3",
    points=3,
    answer="inside",
    kind=List(of=Number(decimals=2), ordered=True),
    asks="The within-country slope of effort on hosting, 1984 to 1994, with Germany as one country, then as two.",
    expected=_both,
    mistakes=(
        Mistake(
            "reversed",
            lambda context, right: right[::-1],
            "The order is turned: Germany as one country first (`unit`), then as two (`ccode`).",
        ),
        Mistake(
            "pooled",
            lambda context, right: _both(context, "pooled"),
            "Those are pooled slopes, the same twice: no row knows its country. Take each country's mean away first.",
        ),
        Mistake(
            "years as well",
            lambda context, right: _both(context, "two-way"),
            "You took the means of the years away, too. That is the next step; here only each country's own mean.",
        ),
        Mistake(
            "between",
            lambda context, right: _between(context),
            "You compared the means of countries with each other. Within asks for what is left when they are taken "
            'away: `transform("mean")` gives each row the mean of its country.',
        ),
        Mistake(
            "turned round",
            lambda context, right: _turned(context),
            "You divided by the squares of effort. The slope of effort on hosting has the squares of hosting below.",
        ),
        Mistake(
            "correlation",
            lambda context, right: _correlations(context),
            "Those are correlations. A slope has a unit: points of effort for one more soldier per 1,000 inhabitants.",
        ),
        Mistake(
            "one of two",
            lambda context, right: _half_net(context),
            "You took the mean away from effort only. Below the fraction, hosting needs its own mean taken away, too.",
        ),
        Mistake(
            "without Iceland",
            lambda context, right: _both(
                context, rows=_members(context).loc[lambda rows: rows["unit"] != "ISL"]
            ),
            "Iceland is missing from your rows. Here all fifteen members count; a later step leaves it out.",
        ),
    ),
    hints=(
        '`rows.groupby("unit")["hosted"].transform("mean")` has one value for each row: the mean of its country.',
        "With `x` and `y` as what is left of hosting and effort, the slope is the sum of `x * y` over that of `x * x`.",
        'A function `within(unit)` saves writing it twice: `inside = [within("unit"), within("ccode")]`.',
    ),
    why=(
        "No figure changed, only the answer to the question what a country is. As one, Germany falls from four to one "
        "soldier per 1,000 and carries much of the slope; as two, the step at unification counts for neither."
    ),
)

# 04.4 ------------------------------------------------------------------------------------------------------------

MEMO = Exercise(
    id="04.4",
    points=2,
    answer="memo",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "says that size and sign of the slope among states hang on the comparison, Germany and Iceland",
            "says that a fall in effort fits several roads, with two of them named",
            "names the answer that would tell two of the roads apart, and its direction",
            "says what evidence would be needed, and why figures of states cannot give it",
        ),
    ),
    asks="A memo to a minister who has read that hosting soldiers makes citizens feel safe, because effort falls.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with what was measured: spending and soldiers of states. Nobody was asked how they feel.",
        "Then take two roads with the same end. Which question to citizens would be answered differently?",
    ),
    why="A pattern among states can rule out stories about states. About minds it is silent until somebody asks.",
)

EXERCISES = (PATHS, MARKS, ONE_OR_TWO, MEMO)
