"""Exercises of lesson 10, A real experiment: a family of six, people left out, a mapping, a paragraph for a paper."""

from __future__ import annotations

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Words
from helpers.experiments.corrections import Correction, adjusted
from helpers.experiments.effects import effects
from helpers.experiments.left_out import fewest_left_out

FACTORS = ("ally", "democracy", "trade")
OUTCOMES = ("threat_n", "support_strike")
ALL_OUTCOMES = (*OUTCOMES, "cost_n", "success", "immoral")


def people(context: Context) -> pd.DataFrame:
    """The file, with words in place of 0 and 1 in the three columns that chance assigned."""
    answers = context.load("alliance_experiment")
    return answers.assign(**{factor: answers[factor].map({0: "no", 1: "yes"}) for factor in FACTORS})


# 10.1 ------------------------------------------------------------------------------------------------------------


def _tests(
    context: Context, outcomes: tuple[str, ...] = OUTCOMES, factors: tuple[str, ...] = FACTORS
) -> pd.DataFrame:
    """One test a row."""
    answers = people(context)
    found = [effects(answers, outcomes, ["yes"], "no", by=factor).assign(factor=factor) for factor in factors]
    return pd.concat(found, ignore_index=True)


def _of_ally(tests: pd.DataFrame, p_values: pd.Series[float]) -> list[float]:
    """Of these p-values, those of the alliance on threat and on support."""
    chosen = (tests["factor"] == "ally") & tests["outcome"].isin(OUTCOMES)
    return [float(value) for value in p_values[chosen]]


def _corrected(
    context: Context,
    correction: Correction = "holm",
    outcomes: tuple[str, ...] = OUTCOMES,
    factors: tuple[str, ...] = FACTORS,
) -> list[float]:
    tests = _tests(context, outcomes, factors)
    return _of_ally(tests, adjusted(tests["p_value"], correction))


def _bonferroni(context: Context) -> list[float]:
    tests = _tests(context)
    return _of_ally(tests, (6 * tests["p_value"]).clip(upper=1))


def _falling(context: Context) -> list[float]:
    """Holm's products without the rule that they never fall."""
    tests = _tests(context)
    return _of_ally(tests, tests["p_value"] * (7 - tests["p_value"].rank()))


FAMILY = Exercise(
    id="10.1",
    points=2,
    answer="after",
    kind=List(of=Number(decimals=4, tolerance=0.0005), ordered=True),
    asks="The p-values of an alliance on threat and on support, after Holm in a family of six tests.",
    expected=lambda context: _corrected(context),
    mistakes=(
        Mistake(
            "not corrected",
            lambda context, right: _corrected(context, "none"),
            "These are the p-values before any correction. Give all six to the correction, then pick the two.",
        ),
        Mistake(
            "family of two",
            lambda context, right: _corrected(context, factors=("ally",)),
            "You corrected the two tests of the alliance alone. The reader asked for a family of six: three texts on "
            "two outcomes.",
        ),
        Mistake(
            "family of five",
            lambda context, right: _corrected(context, outcomes=ALL_OUTCOMES, factors=("ally",)),
            "Your family is the alliance on five outcomes. Asked are three texts on two outcomes.",
        ),
        Mistake(
            "by Bonferroni",
            lambda context, right: _bonferroni(context),
            "Every p-value times six is Bonferroni's correction. Holm multiplies the smallest by six, the next by "
            "five, and so on.",
        ),
        Mistake(
            "by Benjamini-Hochberg",
            lambda context, right: _corrected(context, "benjamini-hochberg"),
            "These are corrected for the share of false finds (`p_bh`). Asked is Holm: `p_holm`.",
        ),
        Mistake(
            "falling",
            lambda context, right: _falling(context),
            "Nearly: after Holm a larger p-value never becomes smaller than one before it in the order. Each product "
            "is at least as large as the last.",
        ),
        Mistake(
            "in the wrong order",
            lambda context, right: right[::-1],
            "Both are right, the other way round: threat first, then support.",
        ),
    ),
    hints=(
        'For one text: `effects.effects(people, outcomes, ["yes"], "no", by="democracy")` is a table of two rows.',
        "Put three such tables below each other with `pd.concat([...], ignore_index=True)`, and note the text in a "
        "column: `.assign(factor=factor)`.",
        "`with_corrections` on the table of six adds `p_holm`. Then keep the rows whose factor is `ally`.",
    ),
    why=(
        "The same p-value, 0.016 for support, is another number in a family of two, of five, and of six. So the family "
        "has to be named before anybody looks, and in print."
    ),
)

# 10.2 ------------------------------------------------------------------------------------------------------------

WORST = (("no", 0), ("yes", 5))


def _fewest(
    context: Context,
    outcome: str = "threat_n",
    worst: tuple[tuple[str, int], ...] = WORST,
    level: float = 0.95,
) -> list[float]:
    answers = people(context)
    return [
        float(fewest_left_out(answers, outcome, "yes", "no", among=arm, value=value, by="ally", level=level))
        for arm, value in worst
    ]


def _until_nothing_is_left(context: Context) -> list[float]:
    """People with whom the estimate itself, and not one end of its interval, is zero."""
    answers = people(context)
    told = {arm: answers.loc[answers["ally"] == arm, "threat_n"] for arm in ("no", "yes")}
    gap = float(told["no"].mean() - told["yes"].mean())
    return [
        gap * len(told["no"]) / float(told["yes"].mean()),
        gap * len(told["yes"]) / (5 - float(told["no"].mean())),
    ]


LEFT_OUT = Exercise(
    id="10.2",
    points=3,
    answer="fewest",
    kind=List(of=Number(decimals=0, unit="people", tolerance=1), ordered=True),
    asks="Fewest people left out with whom the interval of the effect on threat holds zero, in two worst cases.",
    expected=lambda context: _fewest(context),
    mistakes=(
        Mistake(
            "estimate at zero",
            lambda context, right: _until_nothing_is_left(context),
            "With so many the *estimate* is zero. Asked is when the 95 % interval first holds zero: that takes fewer.",
        ),
        Mistake(
            "on support",
            lambda context, right: _fewest(context, "support_strike"),
            "Those are the numbers for support. Asked is the effect on `threat_n`.",
        ),
        Mistake(
            "90 per cent",
            lambda context, right: _fewest(context, level=0.9),
            "With so many, zero is back in the 90 % interval. Asked is the one of 95 %.",
        ),
        Mistake(
            "99 per cent",
            lambda context, right: _fewest(context, level=0.99),
            "With so few, zero is back in the 99 % interval. Asked is the one of 95 %.",
        ),
        Mistake(
            "in the wrong order",
            lambda context, right: right[::-1],
            "Both numbers are right, the other way round: first the people who had read of no ally.",
        ),
        Mistake(
            "the sum",
            lambda context, right: [right[0], right[0] + right[1]],
            "The first number is right. In the second case only people who had read of an ally were left out: start "
            "again from the file as it is.",
        ),
    ),
    hints=(
        "As in the cell above, with `threat_n`: try n = 20, 40, 60. Between which two does zero enter the interval?",
        "Zero is inside when `found.low <= 0 <= found.high`. Let the computer count up from n = 0.",
        '`next(n for n in range(500) if holds_zero(n))`; then the same with `"yes"` and the value 5.',
    ),
    why=(
        "The effect on threat takes several times as many as the one on support. Such a number says how much a result "
        "rests on nobody being missing for a reason; it does not say that anybody is."
    ),
)

# 10.3 ------------------------------------------------------------------------------------------------------------


def _moved(
    context: Context, second: str = "democracy", *, without_zero: bool = False, means: bool = False
) -> list[float]:
    """Effects of the alliance, the second text and both, each less neither."""
    answers = context.load("alliance_experiment")
    if without_zero:
        answers = answers[answers["support_strike"] > 0]
    groups = answers["support_strike"].groupby(answers["ally"] + 2 * answers[second]).mean()
    return [float(groups[arm] - (0 if means else groups[0])) for arm in (1, 2, 3)]


def _main(context: Context) -> list[float]:
    """Effects over all people, and their sum."""
    answers = context.load("alliance_experiment")
    found = []
    for factor in ("ally", "democracy"):
        groups = answers.groupby(factor)["support_strike"].mean()
        found.append(float(groups[1] - groups[0]))
    return [*found, sum(found)]


MOVED = Exercise(
    id="10.3",
    points=3,
    answer="moved",
    kind=List(of=Number(decimals=3, unit="scale points", tolerance=0.001), ordered=True),
    asks="Effects on support of an ally, a democracy, and both, each less neither, from a file that you mapped.",
    expected=lambda context: _moved(context),
    mistakes=(
        Mistake(
            "zero as missing",
            lambda context, right: _moved(context, without_zero=True),
            "Your mapping calls 0 missing, and 218 people who support a strike least are gone. 0 is an answer: the "
            "scale runs from 0 to 4.",
        ),
        Mistake(
            "trade in place of democracy",
            lambda context, right: _moved(context, "trade"),
            "Your second column is `trade`. Asked are `ally` and `democracy`.",
        ),
        Mistake(
            "sign",
            lambda context, right: [-value for value in right],
            "The sizes are right, the signs are turned: each arm less `neither`.",
        ),
        Mistake(
            "means",
            lambda context, right: _moved(context, means=True),
            "Those are the three means. An effect is a difference: take away the mean of `neither`.",
        ),
        Mistake(
            "main effects",
            lambda context, right: _main(context),
            "Those are effects over everybody. Asked is each of the four arms less `neither`: among autocracies, for "
            "instance, what an alliance changes.",
        ),
        Mistake(
            "interaction",
            lambda context, right: [right[0], right[1], right[2] - right[0] - right[1]],
            "The first two are right. The third is the interaction; asked is `both` less `neither`.",
        ),
    ),
    hints=(
        "Two things to mend: `lowest: 0, highest: 4`, and "
        "`arms: {columns: {ally: ally, democracy: democracy}, none: neither, together: both, reference: neither}`.",
        "`mine = data.load_study(file, mapping)`, then print it: all 1,273 people should be there, in four arms.",
        '`effects.effects(mine.answers, ["support"], ["ally", "democracy", "both"], "neither")`; take its estimates.',
    ),
    why=(
        "A mapping is part of an analysis: it says who is in which arm and what counts as an answer. That everybody is "
        "still there is the first thing to check, before any effect."
    ),
)

# 10.4 ------------------------------------------------------------------------------------------------------------

PARAGRAPH = Exercise(
    id="10.4",
    points=2,
    answer="paragraph",
    kind=Words(
        min_words=90,
        max_words=220,
        criteria=(
            "says what was randomised, who answered, and that the file holds complete cases only",
            "gives both effects with intervals and units, and names the family and its correction",
            "says what hangs on a choice or on people who are not in the file, and keeps threat and support apart",
            "says what does not follow: the threat is the ally's own, no deployment was shown, no host was asked",
        ),
    ),
    asks="A paragraph of results and limits, fit for a paper.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with one sentence on the design: who read what, and who is in the file.",
        "Then each effect as estimate, unit and interval. The word significant is needed once at most.",
    ),
    why="A result is printed with what it hangs on, and with who was not asked. Readers can then use it.",
)

EXERCISES = (FAMILY, LEFT_OUT, MOVED, PARAGRAPH)
