"""Exercises of lesson 14, Tracing the process: belief from ratios, rival and negation, leave-one-out, a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from helpers.data.tracing_set import working_set
from helpers.exercises.exercise import Exercise, Mistake
from helpers.exercises.kinds import List, Number, Share, Table, Words
from helpers.vietnam.tracing import Trace, against_negation, between, decibels

# 14.1 ------------------------------------------------------------------------------------------------------------

START = 0.25
RATIOS = (10, 1 / 2, 3)


def _probability(odds: float) -> float:
    return odds / (1 + odds)


def _belief(ratios: tuple[float, ...] = RATIOS, odds: float = START / (1 - START)) -> float:
    return _probability(odds * math.prod(ratios))


BELIEF = Exercise(
    id="14.1",
    points=2,
    answer="belief",
    kind=Share(decimals=2),
    asks="The probability of a hypothesis that began at a quarter, after ratios of 10, 1/2 and 3.",
    expected=lambda context: _belief(),
    mistakes=(
        Mistake(
            "no belief before",
            lambda context, right: _belief(odds=1),
            "You began at even odds. A quarter against three quarters is odds of 1 to 3.",
        ),
        Mistake(
            "probability as odds",
            lambda context, right: _belief(odds=START),
            "You multiplied the probability 0.25 by the ratios. Ratios multiply odds: a quarter is odds of 1 to 3.",
        ),
        Mistake(
            "ratios added",
            lambda context, right: _probability(sum(RATIOS) * START / (1 - START)),
            "You added the ratios. Ratios multiply; it is decibels that add.",
        ),
        Mistake(
            "odds",
            lambda context, right: right / (1 - right),
            "Those are the odds. The probability is odds divided by one plus odds.",
        ),
        Mistake(
            "the rival",
            lambda context, right: 1 - right,
            "That is the probability of the rival. The ratios are written for the hypothesis.",
        ),
        Mistake(
            "one item turned",
            lambda context, right: _belief((10, 2, 3)),
            "One item speaks for the rival: its ratio is 1/2, and it makes the odds smaller.",
        ),
        Mistake(
            "one item dropped",
            lambda context, right: _belief((10, 3)),
            "One item is missing. The one with ratio 1/2 speaks against, and it counts.",
        ),
    ),
    hints=(
        "Turn the probability into odds first: 0.25 / 0.75.",
        "Multiply the odds by each ratio in turn. In decibels: -4.8 + 10 - 3.0 + 4.8.",
        "Odds of 5 to 1 are a probability of 5 / 6.",
    ),
    why=(
        "Three items, of which one speaks against, took a quarter beyond four fifths. The order of the items makes no "
        "difference; where you began does."
    ),
)

# 14.2 ------------------------------------------------------------------------------------------------------------

PRIORS: Mapping[str, float] = {"hawkish": 0.4, "divided": 0.3, "payment": 0.2, "reliability": 0.1}
CHANCES: Mapping[str, float] = {"hawkish": 0.3, "divided": 0.3, "payment": 0.9, "reliability": 0.5}
RIVALS = tuple(name for name in PRIORS if name != "hawkish")


def _two(negation: float) -> list[float]:
    return [decibels(CHANCES["hawkish"] / CHANCES["divided"]), decibels(CHANCES["hawkish"] / negation)]


def _rest() -> float:
    return sum(PRIORS[name] * CHANCES[name] for name in RIVALS)


NEGATION = Exercise(
    id="14.2",
    points=3,
    answer="two_weights",
    kind=List(of=Number(decimals=1, unit="decibels"), ordered=True),
    asks="The weight of one item for hawkish: against divided, then against its negation, in decibels.",
    expected=lambda context: _two(against_negation(PRIORS, CHANCES, "hawkish").otherwise),
    mistakes=(
        Mistake(
            "plain mean",
            lambda context, right: _two(sum(CHANCES[name] for name in RIVALS) / len(RIVALS)),
            "The first is right. For the second you took the plain mean of the three rivals. A rival that was more "
            "likely before counts for more: weight each by its prior.",
            credit=0.5,
        ),
        Mistake(
            "priors that do not sum to one",
            lambda context, right: _two(_rest()),
            "The first is right. For the second, divide by what the priors of the three rivals sum to: given that "
            "hawkish is false, their probabilities must sum to one.",
            credit=0.5,
        ),
        Mistake(
            "one minus",
            lambda context, right: _two(1 - CHANCES["hawkish"]),
            "The first is right. The chance of the item if hawkish is false is not one less its chance if hawkish is "
            "true: that would be the chance of not finding it.",
            credit=0.5,
        ),
        Mistake(
            "all four",
            lambda context, right: _two(sum(PRIORS[name] * CHANCES[name] for name in PRIORS)),
            "The first is right. For the second, hawkish itself is in your mean. Its negation is the other three.",
            credit=0.5,
        ),
        Mistake(
            "ratios",
            lambda context, right: [10 ** (weight / 10) for weight in right],
            "Those are ratios. Ten times the logarithm to base ten makes them decibels: `10 * np.log10(ratio)`.",
        ),
        Mistake(
            "turned",
            lambda context, right: [-weight for weight in right],
            "The sizes are right and the signs are turned: the weight for hawkish has hawkish above the fraction.",
        ),
        Mistake(
            "order",
            lambda context, right: right[::-1],
            "The order is turned: against the named rival first, then against the negation.",
        ),
        Mistake(
            "natural logarithm",
            lambda context, right: [weight * math.log(10) for weight in right],
            "You took the natural logarithm. Decibels use base ten: `np.log10`.",
        ),
    ),
    hints=(
        "A weight is `10 * np.log10(chance under one / chance under the other)`. Two equal chances weigh 0.",
        "If hawkish is false, one of three is true, with probabilities 0.3, 0.2 and 0.1 over 0.6.",
        "The chance under the negation is (0.3 × 0.3 + 0.2 × 0.9 + 0.1 × 0.5) / 0.6.",
    ),
    why=(
        "Between the two theories the item says nothing. Against the negation it speaks against hawkish, and only "
        "because payment hides in the negation. A test against a negation tests against the rivals one had in mind."
    ),
)

# 14.3 ------------------------------------------------------------------------------------------------------------


def _shipped(share: float = 0.0) -> Trace:
    case = working_set()
    return between(case.weights, "hawkish", "divided", clusters=case.cluster_of, share=share)


def _left(trace: Trace) -> pd.DataFrame:
    return trace.leave_one_out()[["item", "without"]]


def _taken_off() -> pd.DataFrame:
    """Each weight as it counts is taken off, and no other item takes its place."""
    trace = _shipped()
    rows = [
        (each.item, trace.total - counted)
        for each, counted in zip(trace.judgements, trace.counted, strict=True)
    ]
    return pd.DataFrame(rows, columns=["item", "without"])


def _whole_clusters() -> pd.DataFrame:
    trace = _shipped()
    groups = {
        each.item: [
            other.item for other in trace.judgements if each.cluster and other.cluster == each.cluster
        ]
        or [each.item]
        for each in trace.judgements
    }
    rows = [(item, trace.without(*gone).total) for item, gone in groups.items()]
    return pd.DataFrame(rows, columns=["item", "without"])


WITHOUT = Exercise(
    id="14.3",
    points=3,
    answer="without",
    kind=Table(keys=("item",), values=("without",), decimals=1),
    asks="For each item, belief in decibels when it is left out and each cluster counts its heaviest item only.",
    expected=lambda context: _left(_shipped()),
    mistakes=(
        Mistake(
            "as independent",
            lambda context, right: _left(_shipped(share=1.0)),
            "Here all items count as independent. Let each cluster count only its heaviest item.",
        ),
        Mistake(
            "nobody steps in",
            lambda context, right: _taken_off(),
            "You took each weight off the total. But when the heaviest item of a cluster goes, the next one takes its "
            "place: weigh the items that are left anew.",
            credit=0.5,
        ),
        Mistake(
            "whole clusters",
            lambda context, right: _whole_clusters(),
            "You left out whole clusters. Leave out one item at a time; the other one of its cluster stays.",
            credit=0.5,
        ),
        Mistake(
            "change",
            lambda context, right: right.assign(without=_shipped().total - right["without"]),
            "Those are changes. The column asks for the belief that is left.",
        ),
        Mistake(
            "sign",
            lambda context, right: right.assign(without=-right["without"]),
            "The sizes are right and the signs are turned. Positive is for hawkish, negative for divided.",
        ),
        Mistake(
            "the prior of nobody",
            lambda context, right: right.assign(without=right["without"] + decibels(START / (1 - START))),
            "You began at a quarter, as in 14.1. Here belief begins at even odds, 0 decibels.",
        ),
    ),
    hints=(
        "First a function that weighs a table: the heaviest item of each cluster, and every item that stands alone.",
        'An item that stands alone is its own cluster: `rows["cluster"].where(rows["cluster"] != "", rows["item"])`.',
        "Group the absolute weights by that, take `.idxmax()`, and sum the weights of those rows. Then call the "
        "function once for each item, with that item's row left out.",
    ),
    why=(
        "Leaving out one of two reports of one speech changes nothing: the other says the same. What looks robust "
        "under leave-one-out can hang on one event. So leave out events, not pages."
    ),
)

# 14.4 ------------------------------------------------------------------------------------------------------------

VERDICT = Exercise(
    id="14.4",
    points=2,
    answer="verdict",
    kind=Words(
        min_words=90,
        max_words=230,
        criteria=(
            "names the two rivals, says which is favoured and how far, and from which belief it began",
            "says on which items the verdict hangs, and what dependence and doubt about the judgements do to it",
            "says where the record is thin, and for which question that matters",
            "names one item or document that would turn the verdict if it were found, and says why it would",
        ),
    ),
    asks="A verdict between two rivals on the sixteen items: how far, on what it hangs, what would turn it.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with the rivals and the number in words: how many to one, from which start?",
        "A reaction of a far ally to the American departure is where the two part. What would you want to find?",
    ),
    why="A verdict that says what would turn it can be argued with. One that does not can only be believed.",
)

EXERCISES = (BELIEF, NEGATION, WITHOUT, VERDICT)
