"""Exercises of lesson 03, Who pays?: a best response, cases left out, two lists of members, a paragraph."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Function, List, Number, Table, Words
from helpers.theory.burden_sharing import Ally, best_response
from helpers.theory.ranks import leave_one_out, rank_correlation

THEN, NOW, GUARDIAN = 1969, 2023, "USA"
BURDEN = "milex_pct_gdp"
SIZES = {THEN: "gnp_usd_mn_current", NOW: "gdp_current_usd_mn"}


def _members(context: Context, year: int) -> pd.DataFrame:
    """NATO's members of one year with both figures: unit, size, burden. The guardian is among them."""
    panel = context.load("allies_panel")
    rows = panel[(panel["year"] == year) & (panel["nato"] == 1)]
    rows = rows.rename(columns={SIZES[year]: "size", BURDEN: "burden"})
    return rows[["unit", "size", "burden"]].dropna().reset_index(drop=True)


def _allies(context: Context, year: int) -> pd.DataFrame:
    rows = _members(context, year)
    return rows[rows["unit"] != GUARDIAN].reset_index(drop=True)


# 03.1 ------------------------------------------------------------------------------------------------------------

CASES = ((600, 0.05, 0), (250, 0.05, 10), (50, 0.05, 1), (50, 0.05, 20), (100, 0.1, 5))

REPLY = Exercise(
    id="03.1",
    points=2,
    answer="buys",
    kind=Function(inputs=CASES, of=Number(decimals=2, unit="billion dollars")),
    asks="What an ally buys, from its income, its taste and the spill-in.",
    expected=lambda context: lambda income, taste, spill: best_response(Ally("A", income, taste), spill),
    mistakes=(
        Mistake(
            "no floor",
            lambda context, right: lambda income, taste, spill: taste * (income + spill) - spill,
            "An ally that has more than it wants cannot sell the rest: with much spill-in your function gives a "
            "negative number. Never let it fall below 0.",
        ),
        Mistake(
            "what it wants",
            lambda context, right: lambda income, taste, spill: taste * (income + spill),
            "That is the defence which the ally wants in all. A part of it is there already, and need not be bought.",
        ),
        Mistake(
            "alone",
            lambda context, right: lambda income, taste, spill: taste * income,
            "That is what the ally would buy alone. What do the others provide?",
        ),
        Mistake(
            "spill-in is no income",
            lambda context, right: lambda income, taste, spill: max(0, taste * income - spill),
            "You take the spill-in off what the ally would buy alone. But spill-in also makes it richer: the share "
            "`taste` is one of income and spill-in together.",
        ),
        Mistake(
            "floor of the wish",
            lambda context, right: lambda income, taste, spill: min(0, taste * (income + spill) - spill),
            "`min` keeps the smaller of the two. You want the larger one: nothing, or what is missing.",
        ),
    ),
    hints=(
        "`wanted` is what the ally wants to enjoy in all. How much of it is there before the ally has paid anything?",
        "Subtract the spill-in. Then think of Small beside a large spill-in: can an ally buy less than nothing?",
        "`max(0, x)` gives `x`, or 0 where `x` is negative. The function must `return` the result.",
    ),
    why=(
        "Each billion of spill-in cuts what an ally buys by one less its taste, until it buys nothing. The corner "
        "comes first for the small, because they want least in all."
    ),
)


# 03.2 ------------------------------------------------------------------------------------------------------------


def _each_left_out(rows: pd.DataFrame, measure: Callable[[pd.DataFrame], float]) -> pd.DataFrame:
    found = [(unit, measure(rows[rows["unit"] != unit])) for unit in rows["unit"]]
    return pd.DataFrame(found, columns=["unit", "without"])


def _coefficient(method: str) -> Callable[[pd.DataFrame], float]:
    return lambda rows: float(rows["size"].corr(rows["burden"], method=method))  # type: ignore[arg-type]


def _right_table(context: Context) -> pd.DataFrame:
    return leave_one_out(_allies(context, THEN), "size", "burden", "unit")[["unit", "without"]]


LEVERAGE = Exercise(
    id="03.2",
    points=3,
    answer="leverage",
    kind=Table(keys=("unit",), values=("without",), decimals=2),
    asks="For each of the thirteen allies of 1969, the rank correlation of size and burden among the other twelve.",
    expected=_right_table,
    mistakes=(
        Mistake(
            "change",
            lambda context, right: (
                leave_one_out(_allies(context, THEN), "size", "burden", "unit")
                .drop(columns="without")
                .rename(columns={"change": "without"})
            ),
            "Those are the changes. The table asks for the correlation itself, among the other twelve.",
        ),
        Mistake(
            "not by rank",
            lambda context, right: _each_left_out(_allies(context, THEN), _coefficient("pearson")),
            'That is Pearson\'s correlation of the values. Ask for ranks: `method="spearman"`.',
        ),
        Mistake(
            "another rank correlation",
            lambda context, right: _each_left_out(_allies(context, THEN), _coefficient("kendall")),
            "That is Kendall's rank correlation, a good one, but on another scale. This lesson takes Spearman's.",
        ),
        Mistake(
            "guardian inside",
            lambda context, right: _each_left_out(_members(context, THEN), _coefficient("spearman")),
            "The guardian is in your table. Start from `allies`, which has thirteen rows, not from `known`.",
        ),
        Mistake(
            "guardian stays",
            lambda context, right: _each_left_out(_members(context, THEN), _coefficient("spearman")).query(
                "unit != 'USA'"
            ),
            "The guardian is among the cases that you keep. Start from `allies`, not from `known`.",
        ),
        Mistake(
            "one kept",
            lambda context, right: right.assign(without=float("nan")),
            "There is no number in `without`. Did you keep the one unit and leave out the others? One row has no "
            "correlation; `!=` keeps the others.",
        ),
        Mistake(
            "nobody left out",
            lambda context, right: right.assign(
                without=rank_correlation(
                    _allies(context, THEN)["size"].to_numpy(), _allies(context, THEN)["burden"].to_numpy()
                )
            ),
            "Each row has the correlation of all thirteen. Inside the loop, correlate `others`, not `allies`.",
        ),
    ),
    hints=(
        "The loop visits each unit once. What must `others` be: the rows whose unit is this one, or is not?",
        'Rows that differ from a value: `allies[allies["unit"] != unit]`.',
        'In the loop, append a pair: `rows.append((unit, ...))`, with the rank correlation of `others["gnp"]` and '
        '`others["burden"]`.',
    ),
    why=(
        "All thirteen together give 0.01. Without Luxembourg alone it is -0.27, without Portugal alone 0.20: a single "
        "one of thirteen can carry much of the answer."
    ),
)


# 03.3 ------------------------------------------------------------------------------------------------------------


def _both_lists(
    context: Context,
    *,
    rows: Callable[[Context, int], pd.DataFrame] = _allies,
    measure: Callable[[pd.DataFrame], float] | None = None,
) -> list[float]:
    """Coefficient among all members of now, and among those of them who were members then."""
    now = rows(context, NOW)
    old = now["unit"].isin(_nato(context, THEN))
    how = measure or _coefficient("spearman")
    return [how(now), how(now[old])]


def _nato(context: Context, year: int) -> pd.Series[str]:
    panel = context.load("allies_panel")
    return panel.loc[(panel["year"] == year) & (panel["nato"] == 1), "unit"]


def _newcomers(context: Context) -> float:
    now = _allies(context, NOW)
    return _coefficient("spearman")(now[~now["unit"].isin(_nato(context, THEN))])


def _every_ally(context: Context) -> pd.DataFrame:
    panel = context.load("allies_panel")
    rows = panel[(panel["year"] == NOW) & (panel["us_ally"] == 1)]
    rows = rows.rename(columns={SIZES[NOW]: "size", BURDEN: "burden"})
    return rows[["unit", "size", "burden"]].dropna()


FOLLOWED = Exercise(
    id="03.3",
    points=3,
    answer="followed",
    kind=List(of=Number(decimals=2), ordered=True),
    asks="Rank correlation in 2023 among all allies in NATO, then among those of them who were in NATO in 1969.",
    expected=_both_lists,
    mistakes=(
        Mistake(
            "reversed",
            lambda context, right: right[::-1],
            "The order is turned: all members of 2023 first, then those who were members in 1969.",
        ),
        Mistake(
            "guardian inside",
            lambda context, right: _both_lists(context, rows=_members),
            "The guardian is among your members. Leave the United States out, in both.",
        ),
        Mistake(
            "guardian inside, reversed",
            lambda context, right: _both_lists(context, rows=_members)[::-1],
            "The order is turned, and the guardian is among your members. All members of 2023 come first; leave the "
            "United States out, in both.",
        ),
        Mistake(
            "newcomers",
            lambda context, right: [right[0], _newcomers(context)],
            "Your second figure is that of the members who joined after 1969. Turn the condition round.",
        ),
        Mistake(
            "the old ones then",
            lambda context, right: [right[0], _coefficient("spearman")(_allies(context, THEN))],
            "Your second figure uses the values of 1969. The old members are wanted, with their values of 2023.",
        ),
        Mistake(
            "every ally of the United States",
            lambda context, right: [_coefficient("spearman")(_every_ally(context)), right[1]],
            "Your first figure holds every ally of the United States, Japan and others as well. Use the column `nato`.",
        ),
        Mistake(
            "not by rank",
            lambda context, right: _both_lists(context, measure=_coefficient("pearson")),
            'Those are Pearson\'s correlations of the values. Ask for ranks: `method="spearman"`.',
        ),
    ),
    hints=(
        "Make one table of NATO's members of 2023 without the guardian. The second table is a part of the first.",
        'The members of 1969 are in `members["unit"]`, and `isin` asks whether a unit is on that list.',
        "Keep each coefficient under a name of its own, then put the two in a list: `followed = [everybody, old]`.",
    ),
    why=(
        "The two signs differ, and no figure was changed: only the list of members moved. Those who joined are "
        "mostly small, and several of them spend much. Who is followed is a decision; say which you took, and why."
    ),
)


# 03.4 ------------------------------------------------------------------------------------------------------------

PARAGRAPH = Exercise(
    id="03.4",
    points=2,
    answer="paragraph",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "gives the coefficient for 1969 with and without the guardian, and says who else moves it",
            "says that Portugal, Greece and Turkey were left out after looking, and that others could have been",
            "says that the answer for 2023 depends on the members followed, and why 1969 and 2023 are not compared",
            "says what would be a reason to leave a case out, or what the model needs besides size",
        ),
    ),
    asks="A paragraph for a report that asks whether the small members pay less.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with the plainest figure, all allies of 1969. Then say what moves it: one choice a sentence.",
        "A reader will ask: who decided to leave those three out, and when? Answer before the reader asks.",
    ),
    why="A result that hangs on three cases can be reported, if the report says that it hangs, and on whom.",
)

EXERCISES = (REPLY, LEVERAGE, FOLLOWED, PARAGRAPH)
