"""Exercises of lesson 07, Czech Republic: three contrasts, Lin's regression, Holm's correction, a letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Function, List, Number, Words
from helpers.experiments.corrections import adjusted
from helpers.experiments.effects import difference_in_means, lin
from helpers.experiments.factorial import two_by_two

STUDY = "czech_republic"
ARMS = ("unchanged", "conventional", "nuclear", "both")

# 07.1 ------------------------------------------------------------------------------------------------------------


def _means(context: Context) -> list[float]:
    """Mean answers to `need`: neither, conventional, nuclear, both."""
    means = context.survey(STUDY).answers.groupby("arm")["need"].mean()
    return [float(means[arm]) for arm in ARMS]


def _three(context: Context, outcome: str = "need") -> list[float]:
    found = two_by_two(context.survey(STUDY).answers, outcome)
    names = ("main effect of conventional", "main effect of nuclear", "interaction")
    return [found[name].estimate for name in names]


def _alone(context: Context) -> list[float]:
    neither, conventional, nuclear, both = _means(context)
    return [conventional - neither, nuclear - neither, both - conventional - nuclear + neither]


def _in_presence(context: Context) -> list[float]:
    neither, conventional, nuclear, both = _means(context)
    return [both - nuclear, both - conventional, both - conventional - nuclear + neither]


def _of_soldiers(context: Context) -> list[float]:
    """The two simple effects of the worked example, in the place of the main effects."""
    neither, conventional, nuclear, both = _means(context)
    return [conventional - neither, both - nuclear, both - conventional - nuclear + neither]


def _last(change: Callable[[list[float]], float]) -> Callable[[Context, list[float]], list[float]]:
    """Right main effects and another interaction, from the four means."""
    return lambda context, right: [*right[:2], change(_means(context))]


CONTRASTS = Exercise(
    id="07.1",
    points=3,
    answer="contrasts",
    kind=List(of=Number(decimals=2, unit="scale points", tolerance=0.005), ordered=True),
    asks="Main effect of conventional forces, main effect of nuclear weapons, and their interaction, on `need`.",
    expected=_three,
    mistakes=(
        Mistake(
            "simple effects",
            lambda context, right: _alone(context),
            "The interaction is right. The first two are simple effects, each thing without the other. A main effect "
            "is the mean of two simple effects: without the other thing, and with it.",
        ),
        Mistake(
            "simple effects beside the other",
            lambda context, right: _in_presence(context),
            "The interaction is right. The first two are simple effects where the other thing is there. A main effect "
            "is the mean of two simple effects: with the other thing, and without it.",
        ),
        Mistake(
            "both simple effects of soldiers",
            lambda context, right: _of_soldiers(context),
            "The interaction is right. The first two are the worked example: both are of soldiers. Their mean is the "
            "main effect of soldiers; weapons have two simple effects of their own.",
        ),
        Mistake(
            "perceived threat",
            lambda context, right: _three(context, "threat"),
            "Those are the contrasts of perceived threat, from the table below. Take the four means of `need`.",
        ),
        Mistake(
            "each arm less neither",
            lambda context, right: [mean - _means(context)[0] for mean in _means(context)[1:]],
            "Those are the three arms, each less the one with neither. A main effect averages over both values of the "
            "other thing; the interaction compares two simple effects.",
        ),
        Mistake(
            "sums for means",
            lambda context, right: [2 * right[0], 2 * right[1], right[2]],
            "The interaction is right. Your main effects are sums of two simple effects; take their mean.",
        ),
        Mistake(
            "both less neither",
            _last(lambda m: m[3] - m[0]),
            "The main effects are right. Both less neither is the effect of the two things together, and so is the sum "
            "of the main effects. An interaction asks how far one effect depends on the other.",
        ),
        Mistake(
            "sign of the interaction",
            lambda context, right: [*right[:2], -right[2]],
            "The main effects are right. For the interaction, take the effect *with* the other thing first, and from "
            "it the effect *without*.",
        ),
        Mistake(
            "half an interaction",
            lambda context, right: [*right[:2], right[2] / 2],
            "The main effects are right. The interaction is a difference of two simple effects; nothing is halved.",
        ),
        Mistake(
            "all signs",
            lambda context, right: [-value for value in right],
            "All three signs are turned. The effect of a thing is the answer with it less the answer without it.",
        ),
    ),
    hints=(
        'Take the four means into names: `neither, soldiers, weapons, together = mean[["unchanged", ...]]`.',
        "Soldiers have two simple effects: `soldiers - neither` and `together - weapons`. Their mean is the main one.",
        "Their difference, the second less the first, is the interaction. Weapons give the same one.",
    ),
    why=(
        "Three questions, three sums of the same four means. The interaction weighs every mean twice as much as a main "
        "effect does, so its standard error is twice as large: to know it as well takes four times as many people."
    ),
)

# 07.2 ------------------------------------------------------------------------------------------------------------


def _rows(context: Context) -> pd.DataFrame:
    answers = context.survey(STUDY).answers
    return answers[answers["arm"].isin(["unchanged", "both"])].dropna(subset=["protected"])


def _adjusted(context: Context) -> list[float]:
    found = lin(_rows(context), "protected", "both", covariates=["trust_us"])
    return [found.estimate, found.std_error, _more_people(context, found.std_error)]


def _more_people(context: Context, error: float) -> float:
    """How many people more, for each hundred, the plain comparison needs to reach this error."""
    return 100 * ((difference_in_means(_rows(context), "protected", "both").std_error / error) ** 2 - 1)


def _regression(
    context: Context, *, centre: bool = True, slopes: bool = True, robust: bool = True
) -> list[float]:
    """The regression with one step done otherwise: not centred, one slope for both arms, or classical errors."""
    import statsmodels.api as sm

    rows = _rows(context)
    treated = (rows["arm"] == "both").to_numpy(float)
    trust = rows["trust_us"].to_numpy(float) - centre * rows["trust_us"].mean()
    columns = [np.ones_like(trust), treated, trust, *([treated * trust] if slopes else [])]
    model = sm.OLS(rows["protected"].to_numpy(float), np.column_stack(columns))
    fitted = model.fit(cov_type="HC2") if robust else model.fit()
    error = float(fitted.bse[1])
    return [float(fitted.params[1]), error, _more_people(context, error)]


def _if_apart(values: list[float], right: list[float]) -> list[float]:
    """These values; where they lie too close to the right ones to tell the two apart, values that nobody can give."""
    apart = max(abs(value - target) for value, target in zip(values, right, strict=True)) > 0.002
    return values if apart else [-1.0] * len(values)


def _from_rounded(context: Context, right: list[float]) -> list[float]:
    """The last number from two errors that were rounded before they were compared."""
    plain = round(difference_in_means(_rows(context), "protected", "both").std_error, 3)
    people = 100 * ((plain / round(right[1], 3)) ** 2 - 1)
    return _if_apart([*right[:2], people], right)


def _plain(context: Context) -> list[float]:
    found = difference_in_means(_rows(context), "protected", "both")
    return [found.estimate, found.std_error, 0.0]


PRECISION = Exercise(
    id="07.2",
    points=2,
    answer="precision",
    kind=List(of=Number(decimals=3, tolerance=0.0005), ordered=True),
    asks="Lin's estimate for the arm with both on `protected`, its standard error, and what it saves in people.",
    expected=_adjusted,
    mistakes=(
        Mistake(
            "not centred",
            lambda context, right: _regression(context, centre=False),
            "Trust is not centred. Your coefficient is then the effect among people with a trust of 0, where the scale "
            "has nobody. Take the mean of trust away first.",
        ),
        Mistake(
            "without the covariate",
            lambda context, right: _plain(context),
            "That is the plain difference in means. Put `treated * centred` into the formula.",
        ),
        Mistake(
            "errors, not people",
            lambda context, right: [*right[:2], 100 * ((right[2] / 100 + 1) ** 0.5 - 1)],
            "Estimate and error are right. The last one compares errors; people count by the *square*: half the error "
            "takes four times as many.",
        ),
        Mistake(
            "one slope",
            lambda context, right: _if_apart(_regression(context, slopes=False), right),
            "Very near: both arms have one slope in your regression. Lin's gives each its own: write `*`, not `+`.",
        ),
        Mistake(
            "classical errors",
            lambda context, right: _if_apart(_regression(context, robust=False), right),
            'Very near: your error takes all people to vary alike. Fit with `cov_type="HC2"`.',
        ),
        Mistake(
            "ratio of errors",
            lambda context, right: [*right[:2], (right[2] / 100 + 1) ** 0.5],
            "Estimate and error are right. The ratio of the errors is a good start. Square it, and ask how far that "
            "lies above 1, for each hundred.",
        ),
        Mistake(
            "ratio of people",
            lambda context, right: [*right[:2], right[2] / 100 + 1],
            "Estimate and error are right, and so is the ratio. How many people *more* is that, for each hundred?",
        ),
        Mistake(
            "all, not more",
            lambda context, right: [*right[:2], right[2] + 100],
            "Estimate and error are right. Your last number is how many people the plain comparison needs in place of "
            "each hundred. How many *more* is that?",
        ),
        Mistake(
            "a share",
            lambda context, right: [*right[:2], right[2] / 100],
            "All but right: your last number is a share. Asked is how many more people for each hundred.",
        ),
        Mistake(
            "rounded on the way",
            lambda context, right: _from_rounded(context, right),
            "Estimate and error are right. The last number comes from errors that were rounded first; that loses "
            "people. Compute with all digits and round at the end.",
        ),
        Mistake(
            "upside down",
            lambda context, right: [*right[:2], 100 * (1 / (right[2] / 100 + 1) - 1)],
            "Estimate and error are right. The ratio is upside down: the plain error stands on top.",
        ),
        Mistake(
            "fewer",
            lambda context, right: [*right[:2], 100 * (1 - 1 / (right[2] / 100 + 1))],
            "Estimate and error are right. You say how many *fewer* people Lin's regression would need. Asked is how "
            "many *more* the plain comparison would.",
        ),
    ),
    hints=(
        'Centre first: `rows["centred"] = rows["trust_us"] - rows["trust_us"].mean()`.',
        '`fit = smf.ols("protected ~ treated * centred", rows).fit(cov_type="HC2")`; then '
        '`fit.params["treated"]` and `fit.bse["treated"]`.',
        "The error shrinks with the square root of people: `100 * ((plain.std_error / error) ** 2 - 1)`.",
    ),
    why=(
        "A covariate helps as far as it predicts the answer, and no further. The estimate needs no help: chance has "
        "made the arms alike on average. Whatever you adjust for, name it before you look."
    ),
)

# 07.3 ------------------------------------------------------------------------------------------------------------

FAMILIES = (
    ([0.01, 0.04, 0.03],),
    ([0.3, 0.002, 0.02, 0.7, 0.011],),
    ([0.001, 0.001, 0.2, 0.04],),
    ([0.04, 0.03, 0.02, 0.01, 0.012, 0.6],),
    ([0.9, 0.5, 0.6],),
)
Adjust = Callable[[Sequence[float]], list[float]]


def _in_order(change: Callable[[list[float]], list[float]]) -> Adjust:
    """Change the sorted p-values, and give them back in the order in which they came."""

    def adjust(p_values: Sequence[float]) -> list[float]:
        order = sorted(range(len(p_values)), key=lambda place: p_values[place])
        changed = change([p_values[place] for place in order])
        return [changed[order.index(place)] for place in range(len(p_values))]

    return adjust


def _times_rank(ranked: list[float]) -> list[float]:
    return [p * (len(ranked) - place) for place, p in enumerate(ranked)]


def _running(values: list[float]) -> list[float]:
    return [max(values[: place + 1]) for place in range(len(values))]


def _holm(p_values: Sequence[float]) -> list[float]:
    return adjusted(list(p_values), "holm").tolist()


def _hochberg(p_values: Sequence[float]) -> list[float]:
    return adjusted(list(p_values), "benjamini-hochberg").tolist()


def _draw(uniform: Callable[[], float]) -> list[list[float]]:
    n_tests = 3 + int(5 * uniform())
    return [[round(uniform() ** 3, 4) for _ in range(n_tests)]]


CORRECTION = Exercise(
    id="07.3",
    points=3,
    answer="holm",
    kind=Function(inputs=FAMILIES, of=List(of=Number(decimals=3), ordered=True), draw=_draw),
    asks="A function that takes a list of p-values and gives back Holm's adjusted ones in the same order.",
    expected=lambda context: _holm,
    mistakes=(
        Mistake(
            "bonferroni",
            lambda context, right: lambda p_values: [min(1.0, p * len(p_values)) for p in p_values],
            "That is Bonferroni: every p-value times the number of tests. Holm takes one test less with each step up.",
        ),
        Mistake(
            "sorted",
            lambda context, right: lambda p_values: sorted(_holm(p_values)),
            "The values are right, and sorted. Give them back in the order in which the p-values came.",
        ),
        Mistake(
            "falling",
            lambda context, right: _in_order(lambda ranked: [min(1.0, p) for p in _times_rank(ranked)]),
            "Nearly. An adjusted p-value may not be smaller than the one before it: keep the largest so far.",
        ),
        Mistake(
            "above one",
            lambda context, right: _in_order(lambda ranked: _running(_times_rank(ranked))),
            "Nearly. Some of yours are above 1. No p-value is: take the smaller of it and 1.",
        ),
        Mistake(
            "neither",
            lambda context, right: _in_order(_times_rank),
            "The factors are right. Two steps are missing: none may be smaller than the one before, or larger than 1.",
        ),
        Mistake(
            "hochberg",
            lambda context, right: _hochberg,
            "That is Benjamini and Hochberg's correction, which guards the share of false finds. Holm's factors are "
            "the number of tests, one less, two less, and so on.",
        ),
        Mistake(
            "rank upside down",
            lambda context, right: _in_order(
                lambda ranked: [min(1.0, p) for p in _running([p * (k + 1) for k, p in enumerate(ranked)])]
            ),
            "Your factors grow. The *smallest* p-value is multiplied by the number of tests, the largest by 1.",
        ),
        Mistake(
            "in the order given",
            lambda context, right: (
                lambda p_values: [min(1.0, p) for p in _running(_times_rank(list(p_values)))]
            ),
            "You multiply in the order in which the p-values came. Sort them first, and remember where each one stood.",
        ),
    ),
    hints=(
        "`order = sorted(range(len(p_values)), key=lambda i: p_values[i])` lists the places, the smallest value first.",
        "Go along `order` with `for step, place in enumerate(order)`; the factor is `len(p_values) - step`.",
        "Keep `largest = max(largest, factor * p_values[place])` and put `min(1, largest)` at `place` of the result.",
    ),
    why=(
        "Holm asks the most of the smallest p-value and a little less with each step. It keeps the chance of *any* "
        "false find, whatever is behind the tests and however they hang together, and never finds less than Bonferroni."
    ),
)

# 07.4 ------------------------------------------------------------------------------------------------------------

LETTER = Exercise(
    id="07.4",
    points=2,
    answer="letter",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "names the three things that differ between the surveys: country, direction, host status",
            "says that the two numbers cannot tell them apart, whatever their size or precision",
            "names one survey that would separate two of the three, and what it still leaves open",
            "says what each survey can show by itself, and that people who failed the recall question stay in",
        ),
    ),
    asks="A letter to a journalist who wants to print that Czechs and Germans feel differently about US forces.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Imagine a third survey: which one thing would you change, and leave the other two as they are?",
        "End with what may be printed: the effect within one survey, with its interval, of a change that was imagined.",
    ),
    why="Chance decided who read what within each survey. Nobody's lot decided who is Czech, or who has been a host.",
)

EXERCISES = (CONTRASTS, PRECISION, CORRECTION, LETTER)
