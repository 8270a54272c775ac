"""Exercises of lesson 12, Counting flags: gaps of a table, suspects, a permutation by hand, a reply."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Table, Text, Words
from helpers.theory.ranks import permutation_test, rank_correlation
from helpers.vietnam.forces import allies, digits_changed, read, sums

AS_TRANSCRIBED, CORRECTED, PRINTED = "strength_as_transcribed", "strength", "column_total_printed"

# 12.1 ------------------------------------------------------------------------------------------------------------


def _gaps(context: Context, figure: Callable[[pd.DataFrame], float]) -> pd.DataFrame:
    """One figure a year, from the rows of that year."""
    forces = context.load("vietnam_forces")
    found = {year: figure(rows) for year, rows in forces.groupby("year")}
    return pd.DataFrame({"year": list(found), "gap": list(found.values())})


def _right_gaps(context: Context) -> pd.DataFrame:
    return sums(read(context.load("vietnam_forces")))["gap"].reset_index()


GAPS = Exercise(
    id="12.1",
    points=2,
    answer="gaps",
    kind=Table(keys=("year",), values=("gap",), decimals=0),
    asks="For each year, the printed total less the sum of the figures as transcribed.",
    expected=_right_gaps,
    mistakes=(
        Mistake(
            "sign",
            lambda context, right: right.assign(gap=-right["gap"]),
            "You took the sum less the printed total. Here it is the printed total less the sum: a plus says that "
            "the cells lack something.",
        ),
        Mistake(
            "the corrected column",
            lambda context, right: _gaps(context, lambda rows: rows[PRINTED].iloc[0] - rows[CORRECTED].sum()),
            "You summed `strength`, which somebody has repaired before you. Start from the transcription: "
            "`strength_as_transcribed`.",
        ),
        Mistake(
            "seven totals",
            lambda context, right: _gaps(
                context, lambda rows: rows[PRINTED].sum() - rows[AS_TRANSCRIBED].sum()
            ),
            "The printed total stands in each of a year's seven rows, and you summed all seven. Take it once: "
            "`.first()`.",
        ),
        Mistake(
            "sums",
            lambda context, right: _gaps(context, lambda rows: rows[AS_TRANSCRIBED].sum()),
            "Those are the sums. Take them away from the printed totals.",
        ),
        Mistake(
            "size only",
            lambda context, right: right.assign(gap=right["gap"].abs()),
            "The sizes are right and the signs are lost. They tell whether the cells have too much or too little.",
        ),
    ),
    hints=(
        'Group the rows: `by_year = forces.groupby("year")`. Each year needs one sum and one printed total.',
        '`by_year["column_total_printed"].first()` has one total a year.',
        'A Series becomes a table with a named column by `.to_frame("gap")`.',
    ),
    why=(
        "A total that is printed beside its parts is a gift: it lets you find errors that you did not make. "
        "Few tables pass on to readers come with one. Look for it first."
    ),
)

# 12.2 ------------------------------------------------------------------------------------------------------------

YEAR = 1965


def _column(context: Context) -> pd.Series[int]:
    forces = context.load("vietnam_forces")
    return forces[forces["year"] == YEAR].set_index("unit")[AS_TRANSCRIBED].astype(int)


def _by_digits(context: Context, fits: Callable[[int], bool]) -> list[str]:
    column = _column(context)
    gap = int(_right_gaps(context).set_index("year")["gap"].loc[YEAR])
    return [str(unit) for unit, value in column.items() if fits(digits_changed(value, value + gap))]


def _names(context: Context, units: list[str]) -> list[str]:
    forces = context.load("vietnam_forces").drop_duplicates("unit").set_index("unit")["country"]
    return [str(forces[unit]) for unit in units]


SUSPECTS = Exercise(
    id="12.2",
    points=3,
    answer="suspects",
    kind=List(of=Text(), ordered=False),
    asks="The cells of 1965 that would restore the printed total with exactly one digit changed, as a list of units.",
    expected=lambda context: _by_digits(context, lambda digits: digits == 1),
    mistakes=(
        Mistake(
            "the one that was mended",
            lambda context, right: ["NZL"],
            "That is the cell that the course repairs. By arithmetic alone it is not the only suspect: try each cell.",
        ),
        Mistake(
            "all",
            lambda context, right: list(_column(context).index),
            "Any cell could carry the gap if more digits may change. Keep those that need exactly one.",
        ),
        Mistake(
            "two digits",
            lambda context, right: _by_digits(context, lambda digits: digits > 1),
            "Those need two digits or more. Turn the comparison round.",
        ),
        Mistake(
            "without zero",
            lambda context, right: [unit for unit in right if _column(context)[unit] > 0],
            "One is missing: a cell that reads 0 may be a 9. A zero is a figure like any other.",
        ),
        Mistake(
            "names",
            lambda context, right: _names(context, right),
            "Those are the names of the countries. Give their codes: the column `unit`.",
        ),
    ),
    hints=(
        "For each cell, write the figure and the figure plus 9 as texts of one width: `str(value).rjust(6)`.",
        "`zip` walks two texts side by side; `sum(a != b for a, b in zip(first, second))` counts places that differ.",
        "Keep the units for which the count is 1. There is one with a zero among them.",
    ),
    why=(
        "A total says that something is wrong and by how much, never where. It takes a second witness to choose "
        "among suspects."
    ),
)

# 12.3 ------------------------------------------------------------------------------------------------------------

TIE = 1e-9


def _dealt(context: Context) -> tuple[float, np.ndarray]:
    """Rank correlation of the six senders as they are, and under every order of their strengths."""
    table = allies(context.load("vietnam_distance"))
    six = table[table["sent"] == 1]
    km, persons = six["km"].to_numpy(), six["persons"].to_numpy()
    orders = [rank_correlation(km, order) for order in permutations(persons)]
    return rank_correlation(km, persons), np.array(orders)


def _share(context: Context, counts: Callable[[float, np.ndarray], np.ndarray]) -> float:
    real, orders = _dealt(context)
    return float(counts(real, orders).mean())


def _linear(context: Context) -> float:
    """The same share with Pearson's correlation of the amounts."""
    table = allies(context.load("vietnam_distance"))
    six = table[table["sent"] == 1]
    km, persons = six["km"].to_numpy(dtype=float), six["persons"].to_numpy(dtype=float)
    dealt = np.array(list(permutations(persons))) @ (km - km.mean())
    return float((np.abs(dealt) >= abs(persons @ (km - km.mean())) - 1e-3).mean())


def _by_formula(context: Context) -> float:
    """p of the six by Student's t, as many programs give it."""
    from scipy.stats import t

    real, _orders = _dealt(context)
    freedom = 4
    return float(2 * t.sf(abs(real) * np.sqrt(freedom / (1 - real**2)), freedom))


def _of_all_allies(context: Context) -> float:
    table = allies(context.load("vietnam_distance"))
    return permutation_test(table["km"], table["persons"]).p_value


SIX = Exercise(
    id="12.3",
    points=3,
    answer="p_six",
    kind=Number(decimals=2),
    asks="Share of the 720 orders of six strengths whose rank correlation with distance is as far from zero.",
    expected=lambda context: _share(context, lambda real, orders: np.abs(orders) >= abs(real) - TIE),
    mistakes=(
        Mistake(
            "one side",
            lambda context, right: _share(context, lambda real, orders: orders <= real + TIE),
            "You counted one side. As far from zero goes both ways: compare absolute values.",
        ),
        Mistake(
            "farther only",
            lambda context, right: _share(context, lambda real, orders: np.abs(orders) > abs(real) + TIE),
            "You counted orders that go farther and left out those that go as far. The real order is one of them.",
        ),
        Mistake(
            "the wrong side",
            lambda context, right: _share(context, lambda real, orders: orders >= real - TIE),
            "You counted all orders above a negative correlation. Compare absolute values.",
        ),
        Mistake(
            "a formula",
            lambda context, right: _by_formula(context),
            "That is p by a formula for many cases. With six, list the 720 orders and count.",
        ),
        Mistake(
            "all allies",
            lambda context, right: _of_all_allies(context),
            "Those are all 22 allies, most of them at zero. Take the six that sent soldiers: `sent` equal to 1.",
        ),
        Mistake(
            "the count",
            lambda context, right: right * 720,
            "That is how many of the 720 orders count. Divide by 720.",
        ),
        Mistake(
            "the correlation",
            lambda context, right: _dealt(context)[0],
            "That is the rank correlation. How often does an order by chance go as far?",
        ),
        Mistake(
            "the other share",
            lambda context, right: 1 - right,
            "That is the share of orders that go less far. Take the others.",
        ),
        Mistake(
            "amounts, not ranks",
            lambda context, right: _linear(context),
            "You correlated the amounts themselves, and one large ally decides. Use ranks: `rank_correlation`.",
        ),
    ),
    hints=(
        'Two columns of six: `senders = allies[allies["sent"] == 1]`, then `senders["km"]` and `senders["persons"]`.',
        '`permutations(senders["persons"])` gives every order once; make a list of the 720 correlations.',
        "Compare `abs(each)` with `abs(real) - 1e-9`, and take the mean of the answers.",
    ),
    why=(
        "In most orders of six figures a rank correlation goes as far as this one. Distance says something on who "
        "came and next to nothing on how many. You have listed every case, so no formula had to be trusted."
    ),
)

# 12.4 ------------------------------------------------------------------------------------------------------------

REPLY = Exercise(
    id="12.4",
    points=2,
    answer="reply",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "tells what is transcribed from what is repaired, chosen or guessed",
            "says what the permutation test shows and for which allies",
            "names a counter-case and what it spoils",
            "says why soldiers are not stances, and what evidence would tell of reassurance",
        ),
    ),
    asks="A reply to a columnist who reads soldiers sent by near allies as reassurance.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with the table: what is certain, what is repaired, and does the order of the senders hang on it?",
        "Then one ally that fits badly. What did it do, and what did its government say?",
    ),
    why="Counting flags answers who came. Whether anybody was reassured is another question, with other evidence.",
)

EXERCISES = (GAPS, SUSPECTS, SIX, REPLY)
