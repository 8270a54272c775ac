"""Exercises of lesson 05, Asking citizens: a margin, a bias, a spread counted by hand, a plan."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Number, Words
from helpers.experiments.assignment import complete
from helpers.experiments.repeated import Crowd, assign_many, crowd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Truths = NDArray[np.bool_]

POLL, ANSWER = "emnid-2019-safe", "as safe as before"
Z = 1.96
N_PEOPLE, EFFECT, N_TIMES = 200, -0.5, 500

# 05.1 ------------------------------------------------------------------------------------------------------------


def _poll(context: Context, answer: str = ANSWER) -> tuple[float, float]:
    """Share of an answer, and how many were asked."""
    polls = context.load("polls")
    row = polls[(polls["poll_id"] == POLL) & (polls["answer"] == answer)].iloc[0]
    return float(row["percent"]) / 100, float(row["n"])


def _margin(context: Context, answer: str = ANSWER) -> float:
    share, n = _poll(context, answer)
    return float(100 * Z * (share * (1 - share) / n) ** 0.5)


def _without_root(context: Context) -> float:
    """In per cent from the start, and no square root."""
    share, n = _poll(context)
    return Z * 100 * share * 100 * (1 - share) / n


def _at_one_half(context: Context) -> float:
    return float(100 * Z * (0.25 / _poll(context)[1]) ** 0.5)


def _deviation_of_one(context: Context) -> float:
    """Forgets to divide by n: the scatter of single answers."""
    share, _ = _poll(context)
    return float(100 * Z * (share * (1 - share)) ** 0.5)


MARGIN = Exercise(
    id="05.1",
    points=2,
    answer="margin",
    kind=Number(decimals=1, unit="percentage points", tolerance=0.1),
    asks="Half the width of the 95 % interval of the share that felt as safe as before, in percentage points.",
    expected=_margin,
    mistakes=(
        Mistake(
            "share",
            lambda context, right: right / 100,
            "That is a share of 1. The task asks for percentage points: a hundred times as much.",
        ),
        Mistake(
            "standard error",
            lambda context, right: right / Z,
            "That is one standard error. The interval of 95 % reaches 1.96 of them to each side.",
        ),
        Mistake(
            "whole width",
            lambda context, right: 2 * right,
            "That is the whole width, from end to end. Half of it is asked for.",
        ),
        Mistake(
            "the other answer",
            lambda context, right: _margin(context, "less safe"),
            "That is the margin of those who would feel *less safe*. Take the other row of the table.",
        ),
        Mistake(
            "no root",
            lambda context, right: _without_root(context),
            "That is 1.96 times a variance. A standard error is its square root.",
        ),
        Mistake(
            "one half",
            lambda context, right: _at_one_half(context),
            "That is the margin of a share of one half, which pollsters often print. This share is not a half.",
        ),
        Mistake(
            "one answer",
            lambda context, right: _deviation_of_one(context),
            "You did not divide by the number of people. That is how single answers scatter, not their share.",
        ),
    ),
    hints=(
        "Turn the per cent into a share between 0 and 1 first: `p = share / 100`.",
        "The standard error is `(p * (1 - p) / n) ** 0.5`, with `n` from the table.",
        "Times 1.96, and times 100 for percentage points.",
    ),
    why=(
        "Chance in drawing the people moves the share by a few points, and far too little to matter here. The trouble "
        "with the number is not how many were asked, but what they were asked to do."
    ),
)

# 05.2 ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _people(student: str) -> tuple[Crowd, Truths]:
    """The student's people, and who of them chose the news."""
    people = crowd(N_PEOPLE, EFFECT, student)
    return people, assign_many(people, "self-selection", 1, student)[0]


def _found(context: Context) -> float:
    people, chose = _people(context.student)
    return float(people.told[chose].mean() - people.without[~chose].mean())


def _among_those_who_chose(context: Context) -> float:
    people, chose = _people(context.student)
    return float((people.told - people.without)[chose].mean())


def _against_all(context: Context) -> float:
    """Those who chose less everybody."""
    people, chose = _people(context.student)
    seen = np.where(chose, people.told, people.without)
    return float(seen[chose].mean() - seen.mean()) - people.truth


BIAS = Exercise(
    id="05.2",
    points=3,
    answer="bias",
    kind=Number(decimals=2, unit="points"),
    asks="The difference that a pollster finds among people who chose, less the true average effect.",
    expected=lambda context: _found(context) - _people(context.student)[0].truth,
    mistakes=(
        Mistake(
            "sign",
            lambda context, right: -right,
            "The size is right. Turn it round: what the pollster finds less the truth.",
        ),
        Mistake(
            "what the pollster finds",
            lambda context, right: _found(context),
            "That is what the pollster finds. How far off is it? Take the true average effect away.",
        ),
        Mistake(
            "the truth",
            lambda context, right: _people(context.student)[0].truth,
            "That is the true average effect. The pollster finds something else; by how much?",
        ),
        Mistake(
            "effect among those who chose",
            lambda context, right: _among_those_who_chose(context),
            "That uses both outcomes of the same people. The pollster sees one of each: those who chose as told, the "
            "others without.",
        ),
        Mistake(
            "added",
            lambda context, right: _found(context) + _people(context.student)[0].truth,
            "You added the truth. Less the truth: a negative number taken away makes the result larger.",
        ),
        Mistake(
            "against everybody",
            lambda context, right: _against_all(context),
            "You compared those who chose with everybody. The pollster compares them with those who did not choose.",
        ),
    ),
    hints=(
        'Those who chose: `people.loc[people["chose"], "seen"]`. The sign `~` turns a column of true and false round.',
        'The truth needs no groups: the mean of `people["told"] - people["without"]`.',
        "First the difference of the two means, then take the truth away.",
    ),
    why=(
        "The groups differed before any news: who feels protected took it. No question in the survey shows that, "
        "because the outcome that would show it was not seen."
    ),
)

# 05.3 ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _arms() -> Truths:
    """Who is told in each of the assignments; they are the same for every student."""
    names = ["not told", "told"]
    return np.array([np.array(complete(N_PEOPLE, names, seed).arms) == "told" for seed in range(N_TIMES)])


def _means(context: Context) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean of those told and of the others, in each assignment."""
    people, _ = _people(context.student)
    told = _arms()
    half = N_PEOPLE / 2
    return (told * people.told).sum(axis=1) / half, (~told * people.without).sum(axis=1) / half


def _spread(context: Context) -> float:
    of_told, of_others = _means(context)
    return float(np.std(of_told - of_others, ddof=1))


def _mean(context: Context) -> float:
    of_told, of_others = _means(context)
    return float((of_told - of_others).mean())


def _of_single_effects(context: Context) -> float:
    people, _ = _people(context.student)
    return float(np.std(people.told - people.without, ddof=1))


SPREAD = Exercise(
    id="05.3",
    points=2,
    answer="spread",
    kind=Number(decimals=2, unit="points", tolerance=0.008),
    asks="The standard deviation of the difference in means over 500 random assignments of the same 200 people.",
    expected=_spread,
    mistakes=(
        Mistake(
            "variance",
            lambda context, right: right**2,
            "That is a variance. Take its square root to be back in points.",
        ),
        Mistake(
            "the middle",
            lambda context, right: _mean(context),
            "That is the mean of the 500 differences, which lies near the truth. How far do they scatter around it?",
        ),
        Mistake(
            "divided once more",
            lambda context, right: right / N_TIMES**0.5,
            "Far too small. Exactly 0? Then every round had the same seed. Else you divided by the root of 500: that "
            "is how well you know the middle; asked is how far one experiment may be off.",
        ),
        Mistake(
            "one group only",
            lambda context, right: float(np.std(_means(context)[0], ddof=1)),
            "That is the scatter of the mean of those told. The difference has two means in it, and both scatter.",
        ),
        Mistake(
            "single people",
            lambda context, right: _of_single_effects(context),
            "That is how the effect differs from person to person. Asked is how the difference in means differs from "
            "assignment to assignment.",
        ),
    ),
    hints=(
        'Begin with one: `arms = np.array(complete(200, ["not told", "told"], 0).arms)`, then '
        '`people.loc[arms == "told", "told"].mean()`.',
        "Put it into a loop, `for seed in range(500):`, and append each difference to a list.",
        "`np.std(found, ddof=1)` of the list.",
    ),
    why=(
        "You made a sampling distribution with your own hands. Its standard deviation is what a standard error "
        "estimates: how far one experiment, done once, may be off."
    ),
)

# 05.4 ------------------------------------------------------------------------------------------------------------

PLAN = Exercise(
    id="05.4",
    points=3,
    answer="plan",
    kind=Words(
        min_words=100,
        max_words=250,
        criteria=(
            "writes out the texts of two arms that differ in the withdrawal and in nothing else that is written",
            "asks every person about one world only, after the text, and takes the difference between groups",
            "says why chance decides, and names a way in which people who choose would differ beforehand",
            "names something that the text tells beyond its words, and what is done about it or how it is measured",
            "names something that the experiment could still not show",
        ),
    ),
    asks="A plan that turns Emnid's question into a survey experiment.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Two texts, as alike as possible. Nobody reads both, and nobody is asked for a difference.",
        "Which reason will readers imagine for the withdrawal? Give it in both arms, vary it, or ask afterwards.",
        "Think of what people bring along, and of what they would live through if it really happened.",
    ),
    why="A good experiment on a hypothetical is modest: it says whose answers to which words it compares.",
)

EXERCISES = (MARGIN, BIAS, SPREAD, PLAN)
