"""Exercises of lesson 08, Reading a null: level and effect, people needed, four readings, an answer to a referee."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Choice, Function, List, Number, Words
from helpers.experiments.power import people_needed

# 08.1 ------------------------------------------------------------------------------------------------------------


def _shares(context: Context, lowest: int = 4, *, all_asked: bool = False) -> pd.Series[float]:
    """Share that feels protected, by arm."""
    answers = context.survey("germany").answers
    if not all_asked:
        answers = answers.dropna(subset=["protected"])
    protected = (answers["protected"] >= lowest).astype(float)
    return protected.groupby(answers["arm"]).mean()


def _everybody(context: Context) -> float:
    """Share that feels protected among people of both arms, as the lesson's `told` has them."""
    answers = context.survey("germany").answers
    told = answers[answers["arm"].isin(["unchanged", "both"])].dropna(subset=["protected"])
    return float((told["protected"] >= 4).mean())


def _level_and_effect(shares: pd.Series[float]) -> list[float]:
    return [float(shares["unchanged"]), float(shares["unchanged"] - shares["both"])]


def _points(context: Context) -> float:
    """Effect of presence in scale points, in place of a share."""
    means = context.survey("germany").answers.groupby("arm")["protected"].mean()
    return float(means["unchanged"] - means["both"])


def _apart(values: list[float], right: list[float]) -> list[float]:
    """These values; where they lie too close to the right ones to tell the two apart, values that nobody can give."""
    far = max(abs(value - target) for value, target in zip(values, right, strict=True)) > 0.002
    return values if far else [-9.0] * len(values)


READINGS = Exercise(
    id="08.1",
    points=2,
    answer="level_and_effect",
    kind=List(of=Number(decimals=3, tolerance=0.0005), ordered=True),
    asks="The share that feels protected with forces as they are, and the effect of presence on that share.",
    expected=lambda context: _level_and_effect(_shares(context)),
    mistakes=(
        Mistake(
            "sign",
            lambda context, right: _apart([right[0], -right[1]], right),
            "The level is right. The second number is what a withdrawal does. Presence is the arm where forces stay, "
            "less the arm where both leave.",
        ),
        Mistake(
            "missing counted",
            lambda context, right: _apart(_level_and_effect(_shares(context, all_asked=True)), right),
            "You divide by everybody who was asked. People who gave no answer did not say that they feel unprotected: "
            "leave them out, in both arms.",
        ),
        Mistake(
            "middle counted",
            lambda context, right: _level_and_effect(_shares(context, 3)),
            "You count the middle answer, 3, as feeling protected. Here only 4 and 5 count.",
        ),
        Mistake(
            "top alone",
            lambda context, right: _level_and_effect(_shares(context, 5)),
            "You count the top answer alone. Here 4 and 5 both count: use `>= 4`.",
        ),
        Mistake(
            "per cent",
            lambda context, right: [100 * value for value in right],
            "Both numbers are right, in per cent. Give shares between -1 and 1.",
        ),
        Mistake(
            "scale points",
            lambda context, right: _apart([right[0], _points(context)], right),
            "The level is right. The second number is in scale points. Asked is how far the *share* that feels "
            "protected differs.",
        ),
        Mistake(
            "two levels",
            lambda context, right: _apart([right[0], right[0] - right[1]], right),
            "The level is right. The second number is the level in the other arm. An effect is a difference.",
        ),
        Mistake(
            "level without forces",
            lambda context, right: _apart([right[0] - right[1], right[1]], right),
            "The effect is right. Your level is that of the arm where both leave; asked is the arm where forces stay.",
        ),
        Mistake(
            "everybody's level",
            lambda context, right: _apart([_everybody(context), right[1]], right),
            "The effect is right. Your level is that of all people together; asked is the arm where forces stay.",
        ),
    ),
    hints=(
        "First a column of true and false: `protected = told['protected'] >= 4`, after the missing answers are gone.",
        "The mean of true and false is a share: `shares = protected.groupby(told['arm']).mean()`.",
        "Level: `shares['unchanged']`. Effect of presence: `shares['unchanged'] - shares['both']`.",
    ),
    why=(
        "One table, two numbers, and either may be small without the other. A low level says how people feel; only the "
        "difference says what forces do to how they feel."
    ),
)

# 08.2 ------------------------------------------------------------------------------------------------------------

EFFECTS = (0.2, 0.1)


def _sd(context: Context) -> float:
    answers = context.survey("germany").answers
    return float(answers.loc[answers["arm"] == "unchanged", "protected"].std())


def _people(context: Context, times: float = 1.0, chance: float = 0.8) -> list[float]:
    sd = _sd(context)
    return [float(people_needed(effect * times, sd, chance=chance)) for effect in EFFECTS]


def _by_quantiles(context: Context, total: float, factor: float = 2.0) -> list[float]:
    """The textbook's formula with another sum of quantiles, or without its factor of two."""
    return [factor * (_sd(context) * total / effect) ** 2 for effect in EFFECTS]


NEEDED = Exercise(
    id="08.2",
    points=3,
    answer="needed",
    kind=List(of=Number(decimals=0, unit="people", tolerance=6), ordered=True),
    asks="People in each arm to find an effect of 0.2, and one of 0.1, four times in five.",
    expected=lambda context: _people(context),
    mistakes=(
        Mistake(
            "twice as many",
            lambda context, right: [right[0], 2 * right[0]],
            "The first number is right. Half the effect does not take twice as many people: look at how the standard "
            "error falls with their number.",
        ),
        Mistake(
            "both arms",
            lambda context, right: [2 * value for value in right],
            "Those are the people of both arms together. Asked is how many in each.",
        ),
        Mistake(
            "one sample",
            lambda context, right: _by_quantiles(context, 2.8016, factor=1.0),
            "That is half of what it takes: the two means *both* vary, so the variance of their difference is twice "
            "that of one mean.",
        ),
        Mistake(
            "even odds",
            lambda context, right: _people(context, chance=0.5),
            "With so many people the effect is found one time in two. Asked is four times in five.",
        ),
        Mistake(
            "nine in ten",
            lambda context, right: _people(context, chance=0.9),
            "With so many people the effect is found nine times in ten. Asked is four times in five.",
        ),
        Mistake(
            "one-sided",
            lambda context, right: _by_quantiles(context, 2.4865),
            "That is enough for a one-sided test. Here both directions count as finds.",
        ),
        Mistake(
            "standardised",
            lambda context, right: [float(people_needed(effect, 1.0)) for effect in EFFECTS],
            "You took a standard deviation of 1. The answers vary by `sd` points.",
        ),
        Mistake(
            "in the wrong order",
            lambda context, right: right[::-1],
            "Both numbers are right, the other way round: 0.2 first, then 0.1.",
        ),
    ),
    hints=(
        "`power(0.2, sd, n, n)` gives the chance for one n. Try a few: between which two does it pass 0.8?",
        "Let the computer try: `next(n for n in range(2, 20_000) if power(0.2, sd, n, n) >= 0.8)`. It takes a second.",
        "The same for 0.1. Or by a formula: 2 × (sd × (1.96 + 0.84) / effect)², rounded up.",
    ),
    why=(
        "Half the effect, four times the people. So the size that you want to be able to find decides what a survey "
        "costs, and it has to be named before anybody is asked."
    ),
)

# 08.3 ------------------------------------------------------------------------------------------------------------

OPTIONS = ("different", "equivalent", "both", "undecided")
CASES = (
    (0.30, 0.05, 0.2),
    (0.02, 0.05, 0.2),
    (0.12, 0.04, 0.2),
    (0.05, 0.14, 0.2),
    (-0.30, 0.05, 0.2),
    (-0.12, 0.04, 0.2),
    (-0.15, 0.10, 0.2),
    (0.11, 0.06, 0.2),
    (0.10, 0.055, 0.2),
    (0.18, 0.11, 0.3),
    (-0.02, 0.20, 0.1),
    (0.15, 0.05, 0.2),
    (0.25, 0.20, 0.2),
)
Read = Callable[[float, float, float], str]


def _named(different: bool, equivalent: bool) -> str:
    if different and equivalent:
        return "both"
    return "different" if different else "equivalent" if equivalent else "undecided"


def _read(outer: float = 1.96, inner: float = 1.645) -> Read:
    return lambda estimate, error, smallest: _named(
        abs(estimate) > outer * error, abs(estimate) + inner * error < smallest
    )


def _upper_only(estimate: float, error: float, smallest: float) -> str:
    return _named(abs(estimate) > 1.96 * error, estimate + 1.645 * error < smallest)


def _signed(estimate: float, error: float, smallest: float) -> str:
    return _named(estimate > 1.96 * error, abs(estimate) + 1.645 * error < smallest)


def _never_undecided(estimate: float, error: float, smallest: float) -> str:
    different = abs(estimate) > 1.96 * error
    return _named(different, not different or abs(estimate) + 1.645 * error < smallest)


def _two_readings(estimate: float, error: float, smallest: float) -> str:
    del smallest
    return "different" if abs(estimate) > 1.96 * error else "equivalent"


def _point_only(estimate: float, error: float, smallest: float) -> str:
    return _named(abs(estimate) > 1.96 * error, abs(estimate) < smallest)


def _point_in_three(estimate: float, error: float, smallest: float) -> str:
    found = _point_only(estimate, error, smallest)
    return "different" if found == "both" else found


def _never_both(estimate: float, error: float, smallest: float) -> str:
    found = _read()(estimate, error, smallest)
    return "different" if found == "both" else found


def _draw(uniform: Callable[[], float]) -> list[float]:
    estimate, error, smallest = uniform() - 0.5, 0.02 + 0.18 * uniform(), 0.1 + 0.3 * uniform()
    return [round(estimate, 3), round(error, 4), round(smallest, 2)]


FOUR = Exercise(
    id="08.3",
    points=3,
    answer="reading",
    kind=Function(inputs=CASES, of=Choice(options=OPTIONS), draw=_draw),
    asks="A function of estimate, standard error and smallest effect of interest that gives one of four readings.",
    expected=lambda context: _read(),
    mistakes=(
        Mistake(
            "two readings",
            lambda context, right: _two_readings,
            "Your function knows two readings of four: it never asks whether the effect is small. Not significant is "
            "not yet equivalent.",
        ),
        Mistake(
            "a null is nothing",
            lambda context, right: _never_undecided,
            'Your function calls every estimate that is not significant "equivalent". Look at a small estimate with a '
            "wide interval: large effects are not ruled out.",
        ),
        Mistake(
            "point alone",
            lambda context, right: _point_only,
            "You compare the estimate itself with the bounds. The whole 90 % interval must lie between them.",
        ),
        Mistake(
            "point alone, never both",
            lambda context, right: _point_in_three,
            "You compare the estimate itself with the bounds. The whole 90 % interval must lie between them. And an "
            'estimate that leaves out zero may do so: then it is "both".',
        ),
        Mistake(
            "upper bound alone",
            lambda context, right: _upper_only,
            "Your function looks at the upper bound only. An effect of -0.3 is not small: test both ends.",
        ),
        Mistake(
            "positive alone",
            lambda context, right: _signed,
            "Your function finds positive effects only. An interval below zero leaves out zero too.",
        ),
        Mistake(
            "never both",
            lambda context, right: _never_both,
            'Your function never says "both". An estimate can leave out zero *and* lie inside the bounds.',
        ),
        Mistake(
            "95 for both",
            lambda context, right: _read(inner=1.96),
            "Nearly. Two one-sided tests at 5 % are the 90 % interval: 1.645 standard errors to each side.",
        ),
        Mistake(
            "90 for both",
            lambda context, right: _read(outer=1.645),
            "Nearly. Against zero it is the 95 % interval: 1.96 standard errors.",
        ),
    ),
    hints=(
        "Two questions, each with yes or no: `different = abs(estimate) > 1.96 * std_error`, and one on the bounds.",
        "`equivalent = abs(estimate) + 1.645 * std_error < smallest`: the far end of the 90 % interval is inside.",
        "Four answers from two: both true, only the first, only the second, neither.",
    ),
    why=(
        "One interval, two questions, four answers. A result that is not significant has two of them left, and only "
        "the second question tells which."
    ),
)

# 08.4 ------------------------------------------------------------------------------------------------------------

REPLY = Exercise(
    id="08.4",
    points=2,
    answer="reply",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "says what the pilot's interval leaves in, and that not significant is no evidence of no effect",
            "names a smallest effect of interest with a reason that speaks of people, not of statistics",
            "says which of the four readings applies, and how many people another survey would need",
            "keeps level and effect apart, and says what each would mean for a theory that needs an effect",
        ),
    ),
    asks="A reply to a referee who reads the pilot's null as proof that forces do not make people feel protected.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with the interval of the pilot: which effects that would matter lie in it?",
        "End with what you would need to see, in numbers, before you said that presence makes no difference.",
    ),
    why="A null is a statement about a survey before it is one about the world. Say first what it could have seen.",
)

EXERCISES = (READINGS, NEEDED, FOUR, REPLY)
