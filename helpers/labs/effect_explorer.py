"""EffectExplorer: one contrast of a survey experiment, seen as answers, as an estimate, and beside what chance gives.

On the left, how the reference and the arm answer. On the right, 10,000 new assignments of the same answers, which is
what chance alone would give, and above them the estimate with its 95 per cent interval, on one axis. Outcome, arm,
estimator and the name of the estimand are chosen; turning a withdrawal into presence turns the picture. The lab takes
any survey that a `Schema` describes; without one it fields the course's German survey on simulated people.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from helpers.experiments.analysis import ESTIMATORS, Analysis, Estimator, analyse
from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import MOST_ANSWERS, Scale, Schema, schema_of, schema_of_own
from helpers.plotting import COLOURS, GREY, INK, readable, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

    from helpers.data import OwnStudy
    from helpers.experiments.respondents import Fielded

N_ASSIGNMENTS = 10_000
N_BINS = 41
NAMES: dict[Estimator, str] = {
    "difference": "Difference in means (HC2)",
    "lin": "Lin, with covariates (HC2)",
    "logit": "Ordinal logit, a check",
}
BY: dict[Estimator, str] = {
    "difference": "Difference in means",
    "lin": "With covariates (Lin)",
    "logit": "Ordinal logit",
}
REFERENCE, ARM = GREY, COLOURS[0]
ESTIMATE = COLOURS[5]
SPEAK_OF = ("", "presence")


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    outcome, arm : str
        Of the survey; empty for the first outcome and the last arm.
    estimator : str
        `difference`, `lin` or `logit`.
    speak_of : str
        Empty for the change that the arms read of; `presence` to turn the sign of a withdrawal.
    """

    outcome: str = ""
    arm: str = ""
    estimator: Estimator = "difference"
    speak_of: str = ""

    def __post_init__(self) -> None:
        if self.estimator not in ESTIMATORS:
            raise ValueError(f"estimator={self.estimator!r} is unknown; give {', '.join(ESTIMATORS)}.")
        if self.speak_of not in SPEAK_OF:
            raise ValueError(f"speak_of={self.speak_of!r} is unknown; give 'presence', or '' for the change.")
        object.__setattr__(self, "arm", str(self.arm))


@dataclass(frozen=True, eq=False)
class Seen:
    """What the settings give.

    Parameters
    ----------
    params : Params
    analysis : Analysis
    scale : Scale
    labels : tuple of str
        Words for reference and arm.
    """

    params: Params
    analysis: Analysis
    scale: Scale
    labels: tuple[str, str]

    @property
    def heap(self) -> tuple[Any, Any]:
        """Counts and edges of the differences that chance gives, turned as the estimate is."""
        test, found = self.analysis.randomization, self.analysis.estimate
        edges = _edges(test.differences, found.n_arm, found.n_reference)
        counts: Any = np.histogram(self.sign * test.differences, bins=edges)[0]
        return counts, edges

    @property
    def sign(self) -> int:
        """-1 where the picture is turned."""
        return -1 if self.analysis.turned else 1

    @property
    def comparison(self) -> str:
        """The two arms in words, as they are subtracted."""
        first, second = self.labels[:: -self.sign]
        return f"{first} less {second}"


class EffectExplorer(Lab[Params, Seen]):
    """What did the text do to the answers, and could chance have done it?

    Parameters
    ----------
    data : Schema, OwnStudy or Fielded, optional
        The survey: answers with their description, what `load_study` has read, or a survey of the course that was
        fielded. Without one, the German survey on simulated people.
    outcome, arm, estimator, speak_of
        Where to start; see `Params`.

    Raises
    ------
    ExperimentError
        If the survey has no such outcome or arm.

    Examples
    --------
    >>> lab = EffectExplorer(outcome="need", remember=False)
    >>> lab.result.analysis.estimate.estimand
    'withdrawal'
    """

    title = "What did the text do?"
    size: ClassVar[tuple[float, float]] = (9.0, 4.8)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.4)
    parameters: ClassVar[type[Any]] = Params

    def __init__(
        self, data: Schema | OwnStudy | Fielded | None = None, *, remember: bool = True, **parameters: Any
    ) -> None:
        self.schema = _schema(data)
        super().__init__(remember=remember and not _is_own(data), **parameters)
        self._start = self._resolved(self._start)
        try:
            self._wish = self._resolved(self._wish)
        except ExperimentError:
            self._wish = self._start

    def set(self, **parameters: Any) -> None:
        """Change settings by code; the picture follows.

        Parameters
        ----------
        **parameters
            Fields of `Params`.

        Raises
        ------
        ExperimentError
            If the survey has no such outcome or arm.
        """
        wish = self._resolved(self._params(parameters, self._wish))
        super().set(**vars(wish))

    def _resolved(self, params: Params) -> Params:
        outcome, arm = self._fits(params)
        return replace(params, outcome=outcome, arm=arm)

    def _fits(self, params: Params) -> tuple[str, str]:
        """Outcome and arm, refused in one sentence if the survey has none of that name."""
        outcome = params.outcome or self.schema.outcomes[0].name
        arm = params.arm or self.schema.treatments[-1]
        self.schema.scale(outcome)
        if arm not in self.schema.treatments:
            raise ExperimentError(f"No treatment arm {arm!r}; there are {', '.join(self.schema.treatments)}.")
        if params.speak_of and self.schema.change != "withdrawal":
            raise ExperimentError(
                f"Only a withdrawal is turned into presence; this survey asks about: {self.schema.change}."
            )
        return outcome, arm

    def compute(self, params: Params) -> Seen:
        """Estimate the contrast and assign again.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Seen
        """
        outcome, arm = self._fits(params)
        analysis = analyse(
            self.schema,
            outcome,
            arm,
            estimator=params.estimator,
            turned=params.speak_of == "presence",
            n_permutations=N_ASSIGNMENTS,
        )
        labels = self.schema.label(str(self.schema.reference)), self.schema.label(arm)
        return Seen(params, analysis, self.schema.scale(outcome), labels)

    def describe(self, result: Seen) -> Sentence:
        """The estimate with its name, and how often chance gives as much.

        Parameters
        ----------
        result : Seen

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_estimate_words(result)} {_chance_words(result)}",
            table=_table(result),
            alt=_alt(result, self.schema),
            notes=_notes(result, self.schema),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: answers, and chance with the estimate.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        if figure.get_figwidth() > 7:
            return figure.add_axes((0.075, 0.23, 0.4, 0.53)), figure.add_axes((0.56, 0.23, 0.42, 0.53))
        return figure.add_axes((0.13, 0.585, 0.84, 0.255)), figure.add_axes((0.13, 0.165, 0.84, 0.27))

    def draw(self, result: Seen, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Seen
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes, self.schema)

    def redraw(self, result: Seen, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Seen
        artists : Artists
        """
        artists.title.set_text(_headline(result, artists.wide))
        artists.heads[0].set_text(result.scale.words)
        artists.heads[1].set_text(_right_head(result))
        _move_answers(result, artists)
        _move_chance(result, artists)

    def controls(self) -> dict[str, Any]:
        """Lists for outcome, arm, estimator and estimand.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        style, layout = {"description_width": "90px"}, ipywidgets.Layout(width="370px")

        def list_of(words: str, options: Sequence[tuple[str, str]]) -> Any:
            return ipywidgets.Dropdown(description=words, options=options, style=style, layout=layout)

        schema, change = self.schema, self.schema.change
        outcomes = [(scale.words, scale.name) for scale in schema.outcomes]
        arms = [(schema.label(arm), arm) for arm in reversed(schema.treatments)]
        names = [(NAMES[name], str(name)) for name in ESTIMATORS if name != "lin" or schema.covariates]
        found = {
            "outcome": list_of("Outcome", outcomes),
            "arm": list_of("Arm", arms),
            "estimator": list_of("Estimator", names),
        }
        if change == "withdrawal":
            turned = [("Effect of a withdrawal", ""), ("Effect of presence (sign turned)", "presence")]
            found["speak_of"] = list_of("Estimand", turned)
        return found


def _is_own(data: Schema | OwnStudy | Fielded | None) -> bool:
    """Whether the answers are the reader's own, so that settings kept for the course's surveys do not fit them."""
    from helpers.data import OwnStudy

    return isinstance(data, Schema | OwnStudy)


def _schema(data: Schema | OwnStudy | Fielded | None) -> Schema:
    from helpers.data import OwnStudy, study

    if isinstance(data, Schema):
        return data
    if isinstance(data, OwnStudy):
        return schema_of_own(data)
    if data is None:
        from helpers.data import world
        from helpers.experiments.respondents import field_study

        data = field_study(study("germany"), world(), "self-study")
    if not hasattr(data, "study"):
        raise ExperimentError(
            "EffectExplorer needs answers with their questions, such as `survey(...)` gives them, not "
            f"{type(data).__name__}. A table of answers alone goes into `effects` or `randomization_test`."
        )
    return schema_of(data, study(data.study))


# Saying.


def _unit(result: Seen) -> str:
    if result.params.estimator == "logit":
        return " log odds"
    return "" if len(result.scale.values) == 2 else " points"


def _amount(value: float) -> str:
    return f"{value:+.2f}"


def _p_words(p_value: float) -> str:
    return f"{p_value:.3f}" if p_value >= 0.0015 else "about 0.0001" if p_value < 0.0002 else f"{p_value:.4f}"


def _estimand_words(result: Seen) -> str:
    return {
        "withdrawal": "Effect of a withdrawal",
        "deployment": "Effect of a deployment",
        "presence, from a withdrawal": "Effect of presence, from a withdrawal",
    }.get(result.analysis.estimate.estimand, "Difference")


def _estimate_words(result: Seen) -> str:
    found = result.analysis.estimate
    return (
        f"{_estimand_words(result)} on “{result.scale.words}” ({result.comparison}): {_amount(found.estimate)}"
        f"{_unit(result)}, 95 % interval {_amount(found.low)} to {_amount(found.high)}."
    )


def _chance_words(result: Seen) -> str:
    test = result.analysis.randomization
    as_far = f"{test.p_value:.1%}" if test.p_value >= 0.001 else "fewer than 1 in 1,000"
    return f"Of new assignments, {as_far} put the means as far apart (p = {_p_words(test.p_value)})."


def _table(result: Seen) -> pd.DataFrame:
    analysis = result.analysis
    estimate = analysis.estimate
    sizes = (estimate.n_arm, estimate.n_reference) if not analysis.turned else (
        estimate.n_reference, estimate.n_arm,
    )  # fmt: skip
    rows = [
        (label, f"{size:,}", f"{mean:.2f}", *(f"{share:.0%}" for share in shares))
        for label, size, mean, shares in zip(
            result.labels, sizes[::-1], analysis.means, analysis.shares.to_numpy(), strict=True
        )
    ]
    answers = [f"answer {value}" for value in result.scale.values]
    return pd.DataFrame(rows, columns=["arm", "people", "mean", *answers])


def _alt(result: Seen, schema: Schema) -> str:
    parts = []
    for label, shares in zip(result.labels, result.analysis.shares.to_numpy(), strict=True):
        given = ", ".join(
            f"{value}: {share:.0%}" for value, share in zip(result.scale.values, shares, strict=True)
        )
        parts.append(f"{label}: {given}")
    made = " Simulated for teaching." if schema.simulated else ""
    return (
        f"Left: bars, the share of each answer on {result.scale.words}. {'; '.join(parts)}. Right: a heap of "
        f"differences from new assignments around zero, and above it the estimate. {_estimate_words(result)}{made}"
    )


def _notes(result: Seen, schema: Schema) -> tuple[str, ...]:
    notes = [
        f"The heap is drawn as if the text moved nobody: {result.analysis.randomization.n_assignments:,} "
        "assignments of the same answers."
    ]
    if result.params.estimator == "lin":
        notes.append(f"Covariates, all measured before the text: {', '.join(schema.covariates)}.")
    if result.params.estimator == "logit":
        notes.append("Log odds are another estimand: not drawn, and never put beside points.")
    if result.analysis.turned:
        notes.append("The sign is turned for reading. Nothing was asked about forces that come.")
    return tuple(notes)


def _headline(result: Seen, wide: bool) -> str:
    found = result.analysis.estimate
    break_at = ": " if wide else ":\n"
    return f"{_estimand_words(result)}{break_at}{_amount(found.estimate)}{_unit(result)}"


def _right_head(result: Seen) -> str:
    return f"If the text moved nobody: p = {_p_words(result.analysis.randomization.p_value)}"


# Drawing.


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    heads: tuple[Text, Text]
    bars: tuple[tuple[Rectangle, ...], tuple[Rectangle, ...]]
    means: tuple[Text, Text]
    heap: tuple[Rectangle, ...]
    interval: Line2D
    point: Line2D
    number: Text
    axes: tuple[Axes, Axes]
    wide: bool
    drawn: dict[str, object]

    def is_new(self, panel: str, frame: object) -> bool:
        """Whether a panel's frame must change; remembers it. To ask the axes would make them draw again."""
        changed = self.drawn.get(panel) != frame
        self.drawn[panel] = frame
        return changed

    @classmethod
    def on(cls, left: Axes, right: Axes, schema: Schema) -> Artists:
        """Make all artists, empty, on two axes.

        Parameters
        ----------
        left, right : matplotlib Axes
        schema : Schema

        Returns
        -------
        Artists
        """
        figure = left.get_figure(root=True)
        assert figure is not None
        wide = figure.get_figwidth() > 7
        _dress(left, right)
        source_line(figure, schema.source if wide else schema.source.replace("; ", ";\n", 1))
        heads = [
            axes.text(
                0, 1.02 if axes is right else 1.17, "", transform=axes.transAxes, fontsize=12, va="bottom"
            )
            for axes in (left, right)
        ]
        found = cls(
            title=figure.text(0.012, 0.978, "", fontsize=14 if wide else 12, fontweight="bold", va="top"),
            heads=(heads[0], heads[1]),
            bars=(
                tuple(left.bar(range(MOST_ANSWERS), 0, width=0.4, color=REFERENCE)),
                tuple(left.bar(range(MOST_ANSWERS), 0, width=0.4, color=ARM, hatch="//", edgecolor="white")),
            ),
            means=(_words(left, 1.085, REFERENCE), _words(left, 1.01, ARM)),
            heap=tuple(right.bar(range(N_BINS), 0, width=1, color=REFERENCE, align="edge")),
            interval=right.plot([], [], color=ESTIMATE, linewidth=3, solid_capstyle="butt")[0],
            point=right.plot([], [], "o", color=ESTIMATE, markersize=9)[0],
            number=right.text(0, 1.16, "", fontsize=11, color=readable(ESTIMATE), ha="center", va="bottom"),
            axes=(left, right),
            wide=wide,
            drawn={},
        )
        moving(found.title, *found.heads, *found.bars[0], *found.bars[1], *found.means)
        moving(*found.heap, found.interval, found.point, found.number)
        return found


def _words(axes: Axes, y: float, colour: str) -> Text:
    text = axes.text(0, y, "", transform=axes.transAxes, fontsize=11, va="bottom")
    text.set_color(readable(colour))
    return text


def _dress(left: Axes, right: Axes) -> None:
    left.grid(axis="x", visible=False)
    right.grid(axis="y", visible=False)
    left.set_ylabel("Per cent of the arm")
    right.set(ylim=(0, 1.38), yticks=[])
    right.axvline(0, color=INK, linewidth=1)


def _ceiling(shares: pd.DataFrame) -> float:
    """Top of the left axis, in steps, so that a small change does not move it."""
    return float(np.ceil(shares.to_numpy().max() * 10 + 0.3) / 10)


def _scale_answers(axes: Axes, scale: Scale, top: float) -> None:
    ticks = [str(value) for value in scale.values]
    axes.set_xticks(range(len(ticks)), ticks)
    axes.set_xlim(-0.6, len(ticks) - 0.4)
    ends = f"{ticks[0]} {scale.low}   to   {ticks[-1]} {scale.high}"
    axes.set_xlabel(ends if scale.low else f"From {ticks[0]} to {ticks[-1]}")
    axes.set_ylim(0, top)
    steps = np.arange(0, top + 0.01, 0.1 if top <= 0.6 else 0.2)
    axes.set_yticks(steps, [f"{100 * step:.0f}" for step in steps])


def _move_answers(result: Seen, artists: Artists) -> None:
    axes, values, shares = artists.axes[0], result.scale.values, result.analysis.shares
    top = _ceiling(shares)
    if artists.is_new("left", (result.scale, top)):
        _scale_answers(axes, result.scale, top)
    for side, (bars, row) in enumerate(zip(artists.bars, shares.to_numpy(), strict=True)):
        for place, bar in enumerate(bars):
            bar.set_visible(place < len(values))
            bar.set_x(place - 0.4 + 0.4 * side)
            bar.set_height(row[place] if place < len(values) else 0)
    for text, label, mean in zip(artists.means, result.labels, result.analysis.means, strict=True):
        text.set_text(f"{'solid' if text is artists.means[0] else 'hatched'}: {label}, mean {mean:.2f}")


def _reach(result: Seen) -> float:
    """Half the width of the right axis, in steps."""
    found = result.analysis.estimate
    farthest = np.abs(result.analysis.randomization.differences).max()
    if result.params.estimator != "logit":
        farthest = max(farthest, abs(found.low), abs(found.high))
    return float(np.ceil(farthest * 5 + 0.1) / 5) if farthest > 0.2 else 0.25


def _move_chance(result: Seen, artists: Artists) -> None:
    axes, reach = artists.axes[1], _reach(result)
    two = len(result.scale.values) == 2
    words = f"{result.comparison}, {'share' if two else 'points'}"
    if artists.is_new("right", (words, reach)):
        axes.set_xlim(-reach, reach)
        axes.set_xlabel(words)
    counts, edges = result.heap
    for bar, count, edge in zip(artists.heap, counts, edges[:-1], strict=True):
        bar.set_x(edge)
        bar.set_width(edges[1] - edges[0])
        bar.set_height(count / counts.max())
    found = result.analysis.estimate
    drawn = result.params.estimator != "logit"
    artists.interval.set_data(*([[found.low, found.high], [1.1, 1.1]] if drawn else [[], []]))
    artists.point.set_data(*([[found.estimate], [1.1]] if drawn else [[], []]))
    artists.number.set_text(f"{BY[result.params.estimator]}" if drawn else "")
    half = 0.45 * reach
    artists.number.set_x(float(np.clip(found.estimate, -reach + half, reach - half)))


def _edges(differences: Any, n_one: int, n_other: int) -> Any:
    """Edges of the heap's bins, each as wide as a whole number of steps that a difference can take."""
    step = 1 / n_one + 1 / n_other
    far = float(np.abs(differences).max())
    width = step * max(1, np.ceil((2 * far / step + 1) / N_BINS))
    return (np.arange(N_BINS + 1) - N_BINS / 2) * width
