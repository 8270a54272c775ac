"""Exercises of lesson 09, Two roads: a product of paths, an unseen cause, a road that is held, a verdict in words."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Words
from helpers.experiments.mediation import mediation
from helpers.experiments.two_roads import COVARIATES, TwoRoads, field_two_roads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROADS = ("protected", "drawn_in")


@lru_cache(maxsize=4)
def _fielded(student: str) -> TwoRoads:
    return field_two_roads(student)


def _paths(
    context: Context, road: str = "protected", covariates: Sequence[str] = ()
) -> tuple[float, float, float]:
    """Through the road, direct, whole."""
    found = mediation(
        _fielded(context.student).measured, road, "need", "told", covariates=covariates, n_draws=100
    )
    return found.mediated, found.direct, found.total


def _slopes(context: Context, outcome: str, columns: Sequence[str]) -> NDArray[np.float64]:
    """Coefficients of a regression, the constant first."""
    table = _fielded(context.student).measured
    design = np.column_stack([np.ones(len(table)), table[list(columns)].to_numpy(np.float64)])
    found: NDArray[np.float64] = np.linalg.lstsq(design, table[outcome].to_numpy(np.float64), rcond=None)[0]
    return found


def _left(context: Context, outcome: str, columns: Sequence[str]) -> NDArray[np.float64]:
    """What a regression leaves unexplained."""
    table = _fielded(context.student).measured
    slopes = _slopes(context, outcome, columns)
    left: NDArray[np.float64] = (
        table[outcome].to_numpy(np.float64)
        - slopes[0]
        - table[list(columns)].to_numpy(np.float64) @ slopes[1:]
    )
    return left


def _apart(values: list[float], right: list[float], near: float = 0.004) -> list[float]:
    """These values; where they lie too close to the right ones to tell the two apart, values that nobody can give."""
    far = max(abs(value - target) for value, target in zip(values, right, strict=True)) > near
    return values if far else [-99.0] * len(values)


# 09.1 ------------------------------------------------------------------------------------------------------------


def _split(through: float, direct: float, whole: float) -> list[float]:
    return [through, direct, through / whole]


def _without_told(context: Context) -> list[float]:
    """The slope of the mediator from a regression that forgets the treatment."""
    _, _, whole = _paths(context)
    through = float(_slopes(context, "protected", ["told"])[1] * _slopes(context, "need", ["protected"])[1])
    return _split(through, whole - through, whole)


SPLIT = Exercise(
    id="09.1",
    points=3,
    answer="split",
    kind=List(of=Number(decimals=3, tolerance=0.0005), ordered=True),
    asks="What runs through felt protection, what is left as the direct effect, and the share of the first.",
    expected=lambda context: _split(*_paths(context)),
    mistakes=(
        Mistake(
            "told left out",
            lambda context, right: _apart(_without_told(context), right),
            "Your second regression leaves out `told`. Then the slope of felt protection also picks up what being told "
            "does by other roads: use `need ~ told + protected`.",
        ),
        Mistake(
            "whole as direct",
            lambda context, right: [right[0], _paths(context)[2], right[2]],
            "The first and the third number are right. The second is the whole effect; the direct one is what is left "
            "of it when `protected` stands in the regression.",
        ),
        Mistake(
            "share of the rest",
            lambda context, right: _apart([right[0], right[1], right[0] / right[1]], right),
            "The two parts are right. The share is of the whole effect: divide by the sum of both.",
        ),
        Mistake(
            "per cent",
            lambda context, right: [right[0], right[1], 100 * right[2]],
            "All three are right, the last in per cent. Give it as a share, such as 0.5.",
        ),
        Mistake(
            "one path",
            lambda context, right: _apart(_one_path(context, right), right),
            "Your first number is the second path alone. What runs through is a product: told to protected, times "
            "protected to need.",
        ),
        Mistake(
            "paths added",
            lambda context, right: _apart(_added(context, right), right),
            "You added the two paths. A step that doubles what comes before it multiplies: take the product.",
        ),
        Mistake(
            "the other road",
            lambda context, right: _split(*_paths(context, "drawn_in")),
            "That is the road of the worked example. Asked is the one through `protected`.",
        ),
        Mistake(
            "with covariates",
            lambda context, right: _split(*_paths(context, "protected", COVARIATES)),
            "Both regressions have covariates. They come in the next step; here, take the two without.",
        ),
        Mistake(
            "sign",
            lambda context, right: [-right[0], -right[1], right[2]],
            "The sizes are right, the signs turned. Keep those that the regressions give.",
        ),
    ),
    hints=(
        "Two regressions: `smf.ols('protected ~ told', measured).fit()`, then one of `need` on `told` and `protected`.",
        "Through: `first.params['told'] * second.params['protected']`. Direct: `second.params['told']`.",
        "The whole effect is their sum, so the share is the first over the sum of both.",
    ),
    why=(
        "A product of two slopes, and the first of them is as safe as chance could make it. The second compares people "
        "who were not put there by chance."
    ),
)


def _one_path(context: Context, right: list[float]) -> list[float]:
    slope = float(_slopes(context, "need", ["told", "protected"])[2])
    return [slope, right[1], slope / (right[0] + right[1])]


def _added(context: Context, right: list[float]) -> list[float]:
    whole = right[0] + right[1]
    through = float(
        _slopes(context, "protected", ["told"])[1] + _slopes(context, "need", ["told", "protected"])[2]
    )
    return [through, right[1], through / whole]


# 09.2 ------------------------------------------------------------------------------------------------------------

KNOWN = ("told", *COVARIATES)


def _gone(context: Context, columns: Sequence[str] = KNOWN) -> list[float]:
    """Correlation of what is left of each mediator and of the need."""
    need = _left(context, "need", columns)
    return [float(np.corrcoef(_left(context, road, columns), need)[0, 1]) for road in ROADS]


def _plain(context: Context) -> list[float]:
    table = _fielded(context.student).measured
    return [float(table[road].corr(table["need"])) for road in ROADS]


GONE = Exercise(
    id="09.2",
    points=2,
    answer="gone",
    kind=List(of=Number(decimals=3, tolerance=0.0005), ordered=True),
    asks="The correlation of the errors at which nothing runs through felt protection, and through the fear.",
    expected=lambda context: _gone(context),
    mistakes=(
        Mistake(
            "mediator inside",
            lambda context, right: [0.0, 0.0],
            "Your regression of `need` has the mediator in it. Its errors are then unrelated to the mediator's by "
            "construction. Leave the mediator out of both.",
        ),
        Mistake(
            "no covariates",
            lambda context, right: _gone(context, ["told"]),
            "That is without covariates. Put `age`, `trust_us` and `left_right` into both regressions.",
        ),
        Mistake(
            "answers",
            lambda context, right: _plain(context),
            "You correlated the answers. Asked is what is left of them once `told` and the covariates have explained "
            "what they can: use `.resid`.",
        ),
        Mistake(
            "squared",
            lambda context, right: [value**2 for value in right],
            "Those are squares. The correlation itself is asked, with its sign.",
        ),
        Mistake(
            "sign",
            lambda context, right: [-value for value in right],
            "The sizes are right, the sign is lost. A cause that raises one and lowers the other leaves a minus.",
        ),
        Mistake(
            "the wrong order",
            lambda context, right: _apart(right[::-1], right, 0.002),
            "Both are right, the other way round: `protected` first, then `drawn_in`.",
        ),
    ),
    hints=(
        "Both regressions have the same right side: `told + age + trust_us + left_right`, and no mediator.",
        "`fit.resid` holds what is left. Then `np.corrcoef(one.resid, other.resid)[0, 1]`.",
        "Do it twice with the same regression of `need`: once with `protected`, once with `drawn_in`.",
    ),
    why=(
        "If an unseen cause explains all that the two have in common beyond treatment and covariates, nothing is "
        "left for the road. So the curve crosses zero at the correlation of what is left."
    ),
)

# 09.3 ------------------------------------------------------------------------------------------------------------


def _effects(context: Context) -> dict[str, float]:
    """Effect of being told on the need, for each second text."""
    means = _fielded(context.student).manipulated.groupby(["held", "told"])["need"].mean()
    return {held: float(means[held, 1] - means[held, 0]) for held in ("nothing", "protection", "risk")}


def _eliminated(context: Context) -> list[float]:
    found = _effects(context)
    return [found["nothing"] - found["protection"], found["nothing"] - found["risk"]]


def _among_the_told(context: Context) -> list[float]:
    means = _fielded(context.student).manipulated.groupby(["held", "told"])["need"].mean()
    return [float(means["nothing", 1] - means[held, 1]) for held in ("protection", "risk")]


ELIMINATED = Exercise(
    id="09.3",
    points=3,
    answer="eliminated",
    kind=List(of=Number(decimals=3, tolerance=0.0005), ordered=True),
    asks="How much of the effect of being told is gone when protection is held, and when the risk is held.",
    expected=lambda context: _eliminated(context),
    mistakes=(
        Mistake(
            "what remains",
            lambda context, right: _apart(
                [_effects(context)["protection"], _effects(context)["risk"]], right
            ),
            "Those are the effects that remain when a road is held. Asked is what is gone: the effect with no second "
            "text, less these.",
        ),
        Mistake(
            "sign",
            lambda context, right: [-value for value in right],
            "The sizes are right. Take the effect with no second text first, and subtract the one that remains.",
        ),
        Mistake(
            "the told alone",
            lambda context, right: _apart(_among_the_told(context), right),
            "You compare those who were told. A second text may move everybody: compare effects, told less untold, "
            "under each of the two texts.",
        ),
        Mistake(
            "the wrong order",
            lambda context, right: _apart(right[::-1], right),
            "Both are right, the other way round: protection first, then risk.",
        ),
        Mistake(
            "shares",
            lambda context, right: [value / _effects(context)["nothing"] for value in right],
            "You divided by the effect with no second text. Give points of the scale.",
        ),
        Mistake(
            "measured",
            lambda context, right: _apart([_paths(context, road)[0] for road in ROADS], right),
            "Those are the products from the first survey. This survey sets the roads, so no regression is needed.",
        ),
    ),
    hints=(
        "`means = held_survey.groupby(['held', 'told'])['need'].mean().unstack()` has a row a second text.",
        "`effect = means[1] - means[0]` is the effect of being told under each second text.",
        "Gone with protection held: `effect['nothing'] - effect['protection']`. The same for `risk`.",
    ),
    why=(
        "A difference between two effects, and chance assigned both things that it compares. Nobody has to believe "
        "that people who feel protected are otherwise like those who do not."
    ),
)

# 09.4 ------------------------------------------------------------------------------------------------------------

VERDICT = Exercise(
    id="09.4",
    points=2,
    answer="verdict",
    kind=Words(
        min_words=80,
        max_words=220,
        criteria=(
            "says what the first survey's share assumes, and which unseen cause would take it away, compared with one "
            "that was measured",
            "says what the second survey did to each road, and what was gone each time, with its uncertainty",
            "names the road that this supports, and what it does not show: no share, held at one value, texts on paper",
            "says that the people are made up, and that nothing follows for the published experiments",
        ),
    ),
    asks="A verdict on the two roads, from both surveys, with what each of them can and cannot show.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "One sentence for each survey: what was set by chance there, and what had to be believed.",
        "End with what would still be open if you had a hundred times as many people.",
    ),
    why="A mechanism is claimed at the price of a belief or of a second experiment. Say which price was paid.",
)

EXERCISES = (SPLIT, GONE, ELIMINATED, VERDICT)
