"""Exercises of lesson 06, Germany: what if they left? Looking, an interval by hand, two names, a paragraph."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Table, Words
from helpers.experiments.effects import difference_in_means, effects

ARM, REFERENCE = "both", "unchanged"
OUTCOMES = ("protected", "threat", "need", "spending")


def _answers(context: Context) -> pd.DataFrame:
    return context.survey("germany").answers


# 06.1 ------------------------------------------------------------------------------------------------------------


def _looked(answers: pd.DataFrame, *, lowest: int = 6) -> pd.DataFrame:
    """Share without an answer to `need`; mean, and share of high answers, among those who gave one."""
    given = answers.dropna(subset=["need"])
    high = (given["need"] >= lowest).groupby(given["arm"]).mean()
    by_arm = answers.groupby("arm")["need"]
    missing = by_arm.apply(lambda column: column.isna().mean())
    return pd.DataFrame({"missing": missing, "mean": by_arm.mean(), "high": high}).reset_index()


def _of_all(answers: pd.DataFrame) -> pd.DataFrame:
    """As `_looked`, but people without an answer count as not high."""
    high = (answers["need"] >= 6).groupby(answers["arm"]).mean()
    return _looked(answers).assign(high=high.to_numpy())


def _zeros(answers: pd.DataFrame) -> pd.DataFrame:
    """As `_looked`, but a missing answer counts as 0 in the mean."""
    mean = answers["need"].fillna(0).groupby(answers["arm"]).mean()
    return _looked(answers).assign(mean=mean.to_numpy())


def _lost(answers: pd.DataFrame) -> Any:
    """Number of people without an answer to `need`, arm by arm in alphabetical order."""
    return answers["need"].isna().groupby(answers["arm"]).sum().to_numpy()


LOOK = Exercise(
    id="06.1",
    points=2,
    answer="looked",
    kind=Table(keys=("arm",), values=("missing", "mean", "high"), decimals=3),
    asks="For each arm: the share without an answer to `need`, and mean and share of 6 or 7 among those with one.",
    expected=lambda context: _looked(_answers(context)),
    mistakes=(
        Mistake(
            "share of all",
            lambda context, right: _of_all(_answers(context)),
            "`missing` and `mean` are right. `high` is a share of those who answered: a missing answer compared with 6 "
            "gives False, and so counts as a low answer. Drop the missing first.",
        ),
        Mistake(
            "missing as nought",
            lambda context, right: _zeros(_answers(context)),
            "The mean counts missing answers as 0, which is no answer on this scale. Leave them missing; "
            "`mean` skips them.",
        ),
        Mistake(
            "seven only",
            lambda context, right: _looked(_answers(context), lowest=7),
            "`high` counts the answer 7 alone. The task asks for 6 or 7.",
        ),
        Mistake(
            "from five",
            lambda context, right: _looked(_answers(context), lowest=5),
            "`high` counts the answer 5 as well. The task asks for 6 or 7.",
        ),
        Mistake(
            "complete survey only",
            lambda context, right: _looked(_answers(context).dropna(subset=list(OUTCOMES))).assign(
                missing=right["missing"]
            ),
            "You kept only people who answered all four questions. Here those count who answered `need`.",
        ),
        Mistake(
            "counts",
            lambda context, right: right.assign(missing=_lost(_answers(context))),
            "`missing` holds numbers of people. Divide by all people in the arm, or take the mean of `isna()`.",
        ),
        Mistake(
            "per cent",
            lambda context, right: right.assign(missing=right["missing"] * 100, high=right["high"] * 100),
            "The shares are in per cent. Give them between 0 and 1.",
        ),
    ),
    hints=(
        'Three Series by arm, then `pd.DataFrame({"missing": ..., "mean": ..., "high": ...})`.',
        '`answers["need"].isna().groupby(answers["arm"]).mean()` is the share without an answer.',
        'For `high`, start from `given = answers.dropna(subset=["need"])`.',
    ),
    why=(
        "You looked before you tested. A mean hides where people moved, a share of high answers hides the rest, and "
        "neither speaks for those who left. That the share without an answer differs by arm is a note for "
        "the paragraph."
    ),
)

# 06.2 ------------------------------------------------------------------------------------------------------------


def _two(context: Context, outcome: str = "need") -> tuple[Any, Any]:
    answers = _answers(context)
    told, rest = (answers.loc[answers["arm"] == arm, outcome].dropna() for arm in (ARM, REFERENCE))
    return told, rest


def _interval(context: Context) -> list[float]:
    told, rest = _two(context)
    reach = 1.96 * (told.var() / len(told) + rest.var() / len(rest)) ** 0.5
    gap = told.mean() - rest.mean()
    return [float(gap - reach), float(gap + reach)]


def _around(context: Context, reach: float) -> list[float]:
    told, rest = _two(context)
    gap = float(told.mean() - rest.mean())
    return [gap - reach, gap + reach]


def _spread_reach(context: Context) -> float:
    told, rest = _two(context)
    return float(1.96 * (told.var() + rest.var()) ** 0.5)


def _sum_reach(context: Context) -> float:
    told, rest = _two(context)
    return float(1.96 * (told.sem() + rest.sem()))


def _of_threat(context: Context) -> list[float]:
    """The interval of the worked example, whose names are still there."""
    told, rest = _two(context, "threat")
    gap, reach = float(told.mean() - rest.mean()), 1.96 * float((told.sem() ** 2 + rest.sem() ** 2) ** 0.5)
    return [gap - reach, gap + reach]


def _one_reach(context: Context) -> float:
    return float(1.96 * _two(context)[0].sem())


def _half(right: list[float]) -> float:
    return (right[1] - right[0]) / 2


INTERVAL = Exercise(
    id="06.2",
    points=3,
    answer="interval",
    kind=List(of=Number(decimals=2, tolerance=0.001), ordered=True),
    asks="The 95 % interval for the effect of a withdrawal of both on `need`, by Neyman's formula: low end, high end.",
    expected=_interval,
    mistakes=(
        Mistake(
            "turned",
            lambda context, right: [-right[1], -right[0]],
            "You took the arm from the reference. A withdrawal's effect is `both` less `unchanged`.",
        ),
        Mistake(
            "order",
            lambda context, right: right[::-1],
            "Both ends are right. Put the low one first.",
        ),
        Mistake(
            "one standard error",
            lambda context, right: _around(context, _half(right) / 1.96),
            "You went one standard error to each side. For 95 % it is 1.96 of them.",
        ),
        Mistake(
            "ninety per cent",
            lambda context, right: _around(context, 1.645 * _half(right) / 1.96),
            "That is the 90 % interval, with 1.645 standard errors to each side. For 95 % it is 1.96 of them.",
        ),
        Mistake(
            "threat",
            lambda context, right: _of_threat(context),
            "That is the interval for `threat`: `effect` and `error` still hold what the worked example put there. "
            "Compute both again, for `need`.",
        ),
        Mistake(
            "spread of people",
            lambda context, right: _around(context, _spread_reach(context)),
            "That is how far *people* scatter. Each variance is divided by the number of answers in its arm.",
        ),
        Mistake(
            "spread of one arm",
            lambda context, right: _around(context, 1.96 * float(_two(context)[0].std())),
            "That is how far *people* in one arm scatter. Divide each arm's variance by its number of answers, and add "
            "the two.",
        ),
        Mistake(
            "sum of two errors",
            lambda context, right: _around(context, _sum_reach(context)),
            "You added the two standard errors. Their *squares* are added, then the root is taken: two "
            "independent slips "
            "partly cancel.",
        ),
        Mistake(
            "one arm",
            lambda context, right: _around(context, _one_reach(context)),
            "That is the error of one mean. The other mean is an estimate, too: add its part.",
        ),
        Mistake(
            "estimate and error",
            lambda context, right: [sum(right) / 2, _half(right) / 1.96],
            "Those are the estimate and its standard error. The interval has two ends: estimate less and "
            "plus 1.96 errors.",
        ),
        Mistake(
            "no root",
            lambda context, right: _around(context, 1.96 * (_half(right) / 1.96) ** 2),
            "That is the variance of the difference. Take its root before you multiply by 1.96.",
        ),
    ),
    hints=(
        "Follow the worked example line by line, with `need` for `threat`. Answers that are missing are dropped first.",
        "`told.var() / len(told)` is one part, `rest.var() / len(rest)` the other. Add, then take the root.",
        "`interval = [effect - 1.96 * error, effect + 1.96 * error]`.",
    ),
    why=(
        "Each arm brings its own variance, so nothing is assumed about how the text changes the spread of answers. The "
        "same number comes out of a regression with HC2 errors."
    ),
)

# 06.3 ------------------------------------------------------------------------------------------------------------

_NUMBERS = ["estimate", "low", "high"]


def _withdrawal(context: Context, arm: str = ARM) -> pd.DataFrame:
    """Effects of a withdrawal in standard deviations of the unchanged arm, a row an outcome."""
    answers = _answers(context)
    table = effects(answers, OUTCOMES, [arm], REFERENCE, estimand="withdrawal").set_index("outcome")
    spread = answers.loc[answers["arm"] == REFERENCE, list(OUTCOMES)].std()
    return table[_NUMBERS].div(spread, axis=0).rename_axis("outcome").reset_index()


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(estimate=-table["estimate"], low=-table["high"], high=-table["low"])


def _presence(context: Context) -> pd.DataFrame:
    """Turned one by one, so that arms, ends and name turn with the sign."""
    answers, rows = _answers(context), []
    for name in OUTCOMES:
        found = difference_in_means(answers, name, ARM, REFERENCE, estimand="withdrawal").as_presence()
        spread = float(answers.loc[answers["arm"] == REFERENCE, name].std())
        rows.append((name, found.estimate / spread, found.low / spread, found.high / spread))
    return pd.DataFrame(rows, columns=["outcome", *_NUMBERS])


def _in_points(context: Context) -> pd.DataFrame:
    table = effects(_answers(context), OUTCOMES, [ARM], REFERENCE, estimand="withdrawal")
    return _turned(table[["outcome", *_NUMBERS]])


def _ends_kept(context: Context) -> pd.DataFrame:
    table = _withdrawal(context)
    return table.assign(estimate=-table["estimate"], low=-table["low"], high=-table["high"])


def _other_unit(context: Context, right: pd.DataFrame, *arms: str) -> pd.DataFrame:
    """In standard deviations of the answers in these arms; out of reach where no rounding tells that from the right."""
    answers = _answers(context)
    units = [
        answers.loc[answers["arm"].isin(chosen), list(OUTCOMES)].std() for chosen in ((REFERENCE,), arms)
    ]
    given = right.set_index("outcome").mul(units[0] / units[1], axis=0).loc[list(OUTCOMES)].reset_index()
    apart = (given[_NUMBERS].round(2) != right[_NUMBERS].round(2)).any(axis=None)
    return given if apart else given.assign(estimate=-9.0)


def _only_estimate(context: Context) -> pd.DataFrame:
    table = _withdrawal(context)
    return table.assign(estimate=-table["estimate"])


PRESENCE = Exercise(
    id="06.3",
    points=3,
    answer="presence",
    kind=Table(keys=("outcome",), values=("estimate", "low", "high"), decimals=2, tolerance=0.0002),
    asks=(
        "The effect of the presence of both, from the withdrawal, on each of the four outcomes, with its 95 "
        "% interval, "
        "in standard deviations of the unchanged arm."
    ),
    expected=_presence,
    mistakes=(
        Mistake(
            "withdrawal",
            lambda context, right: _withdrawal(context),
            "Those are effects of a withdrawal. Presence is the reference less the arm: turn the signs, and the ends.",
        ),
        Mistake(
            "ends",
            lambda context, right: _ends_kept(context),
            "All three signs are turned, but now `low` lies above `high`: the two ends change places when an interval "
            "is mirrored.",
        ),
        Mistake(
            "estimate only",
            lambda context, right: _only_estimate(context),
            "The estimate is turned and its interval is not: it no longer lies inside. Mirror both ends as well.",
        ),
        Mistake(
            "points",
            lambda context, right: _in_points(context),
            "The signs and ends are right, in points of each scale. Divide by the standard deviation of the answers in "
            "the unchanged arm: only then do 5 and 7 points share a unit.",
        ),
        Mistake(
            "spread of everybody",
            lambda context, right: _other_unit(context, right, REFERENCE, "conventional", "nuclear", ARM),
            "Signs and ends are right; the unit is the standard deviation of *all* answers. Those who read of a change "
            "may scatter otherwise because of it: take the answers in the arm `unchanged`.",
        ),
        Mistake(
            "spread of the arm",
            lambda context, right: _other_unit(context, right, ARM),
            "Signs and ends are right; the unit is the standard deviation in the arm `both`. Take the answers in the "
            "arm `unchanged`, which no text has moved.",
        ),
        Mistake(
            "soldiers only",
            lambda context, right: _turned(_withdrawal(context, "conventional")),
            "Those are effects of soldiers alone. The task asks for both: soldiers and nuclear weapons.",
        ),
        Mistake(
            "nuclear only",
            lambda context, right: _turned(_withdrawal(context, "nuclear")),
            "Those are effects of nuclear weapons alone. The task asks for both: soldiers and nuclear weapons.",
        ),
    ),
    hints=(
        'First the unit: `answers.loc[answers["arm"] == "unchanged", outcomes].std()` has one number an outcome.',
        "Mirror 2 to 5 at nought: it becomes -5 to -2. Which old end is the new low one?",
        'With `table = withdrawal.set_index("outcome")`, `-table["high"] / unit` is the new low end.',
    ),
    why=(
        "A turned estimate speaks of presence with a withdrawal's evidence. Its name must say so: nobody in "
        "this survey "
        "read of forces that come."
    ),
)


# 06.4 ------------------------------------------------------------------------------------------------------------

PARAGRAPH = Exercise(
    id="06.4",
    points=2,
    answer="paragraph",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "reports need and protection with estimate, unit and interval, and names the estimand as a withdrawal",
            "reads an interval that holds zero as undecided between small effects, and not as no effect",
            "says what the spread among the classmates means for one survey, and why a significant few are too large",
            "says that people are simulated, and what follows for Germany or for the published article: nothing",
        ),
    ),
    asks="A results paragraph on your own survey, fit for a paper, and honest about what one survey can say.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "One sentence each: what was compared, what was found for need, what for protection, both with intervals.",
        "Then the class: would a classmate have written the same about protection? And about need?",
    ),
    why="A paragraph that would stay true if a classmate's survey had been yours is worth more than a star.",
)

EXERCISES = (LOOK, INTERVAL, PRESENCE, PARAGRAPH)
