"""RandomizationLab: assign the same people again and again, and a sampling distribution grows.

On the left one assignment, the last: each person shows one of two potential outcomes. On the right the differences in
means of all assignments so far, with the truth, which is known because the people are made up. Chance scatters them
around the truth, blocks scatter them less, and people's own choice moves them away from it. Simulated for teaching.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.experiments.repeated import LABEL, WAYS, Crowd, Way, assign_many, crowd, differences
from helpers.plotting import COLOURS, GREY, INK, readable, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import StepPatch
    from matplotlib.text import Text
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

PEOPLE = (20, 200, 20)
TIMES = (1, 1000)
EFFECTS = (-1.5, 1.5, 0.25)
LOW, HIGH = -3.0, 4.2
EDGES = np.linspace(LOW, HIGH, 73)
FELT = (1.0, 9.0)
SEED = "randomization lab"
WORDS = {
    "complete": "chance, over all people",
    "block": "chance, within blocks",
    "self-selection": "own choice",
}
SAID = {
    "complete": "chance decides over all of them",
    "block": "chance decides within blocks",
    "self-selection": "they choose themselves",
}
TITLES = {
    "complete": "Chance decides",
    "block": "Chance decides, within blocks",
    "self-selection": "People choose",
}
TOLD, OTHERS = COLOURS[1], COLOURS[0]
SOURCE = f"{LABEL}; people, blocks and effects are the course's own."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    how : str
        "complete", "block" or "self-selection".
    times : int
        Assignments so far, 1 to 1000.
    people : int
        20 to 200, a multiple of 4.
    effect : float
        True average effect, points, -1.5 to 1.5.
    """

    how: Way = "complete"
    times: int = 1
    people: int = 40
    effect: float = -0.5

    def __post_init__(self) -> None:
        if self.how not in WAYS:
            raise ValueError(f"how={self.how!r} is none of {', '.join(WAYS)}.")
        if not isinstance(self.times, int) or not TIMES[0] <= self.times <= TIMES[1]:
            raise ValueError(f"times={self.times!r} must be a whole number from {TIMES[0]} to {TIMES[1]}.")
        fits = isinstance(self.people, int) and PEOPLE[0] <= self.people <= PEOPLE[1]
        if not fits or self.people % 4:
            raise ValueError(
                f"people={self.people!r} must be a multiple of 4 from {PEOPLE[0]} to {PEOPLE[1]}."
            )
        if not EFFECTS[0] <= self.effect <= EFFECTS[1]:
            raise ValueError(f"effect={self.effect!r} must lie between {EFFECTS[0]} and {EFFECTS[1]}.")


@dataclass(frozen=True)
class Drawn:
    """What the settings give.

    Parameters
    ----------
    params : Params
    people : Crowd
    told : ndarray of bool, shape (n,)
        Who is told in the last assignment.
    differences : ndarray of float, shape (times,)
        Difference in means of each assignment so far.
    """

    params: Params
    people: Crowd
    told: NDArray[np.bool_]
    differences: Numbers

    @property
    def last(self) -> float:
        """Difference in means of the last assignment."""
        return float(self.differences[-1])

    @property
    def mean(self) -> float:
        """Mean of all differences so far."""
        return float(self.differences.mean())

    @property
    def spread(self) -> float:
        """Standard deviation of the differences so far; not a number for one."""
        return float(self.differences.std(ddof=1)) if len(self.differences) > 1 else float("nan")


@lru_cache(maxsize=16)
def _all(how: Way, n_people: int, effect: float) -> tuple[Crowd, NDArray[np.bool_], Numbers]:
    """Make the people and all assignments that the slider can reach."""
    people = crowd(n_people, effect, SEED)
    told = assign_many(people, how, TIMES[1], SEED)
    return people, told, differences(people, told)


class RandomizationLab(Lab[Params, Drawn]):
    """What happens to the difference in means if the same people are assigned again and again?

    Parameters
    ----------
    how, times, people, effect
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = RandomizationLab(how="self-selection", times=500, remember=False)
    >>> lab.result.mean - lab.result.people.truth > 0.5
    True
    """

    title = "Assigned again and again"
    size: ClassVar[tuple[float, float]] = (9.0, 4.9)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.4)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Drawn:
        """Assign as often as asked.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Drawn
        """
        people, told, found = _all(params.how, params.people, params.effect)
        return Drawn(params, people, told[params.times - 1], found[: params.times])

    def describe(self, result: Drawn) -> Sentence:
        """How far the last difference, and all of them, lie from the truth.

        Parameters
        ----------
        result : Drawn

        Returns
        -------
        Sentence
        """
        return Sentence(_words(result), _table(result), _alt(result), _notes(result))

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: one assignment, and all of them.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        place = _place(figure)
        return figure.add_axes(place.one), figure.add_axes(place.all)

    def draw(self, result: Drawn, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Drawn
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Drawn, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Drawn
        artists : Artists
        """
        _move_people(result, artists)
        _move_differences(result, artists)

    def controls(self) -> dict[str, Any]:
        """Who decides, and three sliders.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        look: dict[str, Any] = {
            "style": {"description_width": "130px"},
            "layout": ipywidgets.Layout(width="400px"),
        }

        def slider(kind: Any, words: str, name: str, ends: tuple[Any, ...], **more: Any) -> Any:
            limits = dict(zip(("min", "max", "step"), ends, strict=False))
            return kind(description=words, value=getattr(self.params, name), **limits, **more, **look)

        whole, real = ipywidgets.IntSlider, ipywidgets.FloatSlider
        deciders = [(words.capitalize(), how) for how, words in WORDS.items()]
        return {
            "how": ipywidgets.Dropdown(
                description="Who decides", options=deciders, value=self.params.how, **look
            ),
            "times": slider(whole, "Assignments", "times", TIMES),
            "people": slider(whole, "People", "people", PEOPLE),
            "effect": slider(real, "True effect", "effect", EFFECTS, readout_format="+.2f"),
        }


# Saying.


def _words(result: Drawn) -> str:
    truth, number = f"{result.people.truth:+.2f}", len(result.differences)
    who = f"{len(result.told)} people; {SAID[result.params.how]}"
    if number == 1:
        return f"{who}. The first assignment gives a difference of {result.last:+.2f}; the truth is {truth}."
    return (
        f"{who}. {number:,} assignments give {result.mean:+.2f} on average, and the truth is {truth}. "
        f"They scatter with a standard deviation of {result.spread:.2f}."
    )


def _table(result: Drawn) -> pd.DataFrame:
    low, high = np.quantile(result.differences, [0.025, 0.975])
    rows = {
        "true average effect": f"{result.people.truth:+.2f}",
        "difference in the last assignment": f"{result.last:+.2f}",
        "mean of all differences": f"{result.mean:+.2f}",
        "their standard deviation": f"{result.spread:.2f}" if len(result.differences) > 1 else "needs two",
        "middle 95 % of them": f"{low:+.2f} to {high:+.2f}",
        "with the wrong sign": _wrong_sign(result),
    }
    return pd.DataFrame({"points of felt protection": list(rows), "value": list(rows.values())})


def _wrong_sign(result: Drawn) -> str:
    if abs(result.people.truth) < 1e-9:
        return "the truth has none"
    return f"{(result.differences * result.people.truth < 0).mean():.0%}"


def _alt(result: Drawn) -> str:
    told = result.told
    return (
        f"Left: {told.sum()} people who are told (mean {result.people.told[told].mean():.2f}) and {(~told).sum()} who "
        f"are not (mean {result.people.without[~told].mean():.2f}), as dots. Right: a histogram of "
        f"{len(result.differences):,} differences, mean {result.mean:+.2f}, with a line at the truth, "
        f"{result.people.truth:+.2f}. Simulated for teaching."
    )


def _notes(result: Drawn) -> tuple[str, ...]:
    notes = [
        "Hollow: the outcome of the same people that this assignment does not show. No real survey has it."
    ]
    if result.params.how == "self-selection":
        notes.append(
            "Who feels better protected already is likelier to choose the news. More people do not mend that."
        )
    if result.params.how == "block":
        notes.append("Blocks: who trusts the United States, and who does not. Half of each block is told.")
    return tuple(notes)


# Drawing.


class Layout(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    one: tuple[float, float, float, float]
    all: tuple[float, float, float, float]
    heads: tuple[tuple[float, float], tuple[float, float]]
    source: str


WIDE = Layout(
    one=(0.075, 0.17, 0.34, 0.7),
    all=(0.5, 0.17, 0.47, 0.7),
    heads=((0.012, 0.97), (0.5, 0.97)),
    source=SOURCE,
)
NARROW = Layout(
    one=(0.13, 0.58, 0.83, 0.325),
    all=(0.07, 0.115, 0.88, 0.325),
    heads=((0.02, 0.985), (0.02, 0.515)),
    source=SOURCE.replace("; ", ";\n"),
)


def _place(figure: Figure) -> Layout:
    return WIDE if figure.get_figwidth() > 7 else NARROW


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    heads: tuple[Text, Text]
    shown: tuple[Line2D, Line2D]
    hidden: tuple[Line2D, Line2D]
    means: tuple[Line2D, Line2D]
    means_words: tuple[Text, Text]
    bars: StepPatch
    truth: Line2D
    mean: Line2D
    last: Line2D
    words: tuple[Text, Text]

    @classmethod
    def on(cls, left: Axes, right: Axes) -> Artists:
        """Make all artists, empty, on two axes.

        Parameters
        ----------
        left, right : matplotlib Axes

        Returns
        -------
        Artists
        """
        figure = left.get_figure(root=True)
        assert figure is not None
        place = _place(figure)
        _dress(left, right)
        source_line(figure, place.source)
        moves = cls(
            heads=tuple(figure.text(*at, "", fontsize=13, fontweight="bold", va="top") for at in place.heads),  # type: ignore[arg-type]
            shown=(_dots(left, OTHERS, "s"), _dots(left, TOLD, "o")),
            hidden=(_dots(left, OTHERS, "s", hollow=True), _dots(left, TOLD, "o", hollow=True)),
            means=(_line(left, INK, 2.6), _line(left, INK, 2.6)),
            means_words=(left.text(0, 0, "", va="center"), left.text(0, 0, "", va="center")),
            bars=right.stairs(np.zeros(len(EDGES) - 1), EDGES, fill=True, color=COLOURS[4], alpha=0.75),
            truth=_line(right, INK, 2.2),
            mean=_line(right, readable(TOLD), 2.2, dashed=True),
            last=right.plot([], [], marker="v", markersize=10, linestyle="", color=INK)[0],
            words=(
                right.text(0, 1.1, "", va="center", color=readable(TOLD)),
                right.text(0, 1.26, "", va="center", color=INK),
            ),
        )
        moving(*moves.heads, *moves.shown, *moves.hidden, *moves.means, *moves.means_words)
        moving(moves.bars, moves.truth, moves.mean, moves.last, *moves.words)
        return moves


def _dress(left: Axes, right: Axes) -> None:
    left.set(xlim=(-0.5, 1.75), ylim=FELT, ylabel="Felt protection, points")
    left.set_yticks(range(1, 10, 2))
    left.set_xticks([0, 1], ["not told", "told"])
    left.grid(axis="x", visible=False)
    right.set(xlim=(LOW, HIGH), ylim=(0, 1.34), xlabel="Told less not told, points")
    right.set_xticks(range(-3, 5))
    right.set_yticks([])
    right.spines["left"].set_visible(False)
    right.grid(visible=False)
    for axes in (left, right):
        axes.xaxis.label.set_fontsize(12)
        axes.yaxis.label.set_fontsize(12)


def _dots(axes: Axes, colour: str, marker: str, *, hollow: bool = False) -> Line2D:
    face, edge = ("none", GREY) if hollow else (colour, "white")
    line = axes.plot(
        [], [], marker=marker, markersize=5, linestyle="", markerfacecolor=face, markeredgecolor=edge
    )
    line[0].set_markeredgewidth(0.9 if hollow else 0.5)
    return line[0]


def _line(axes: Axes, colour: str, width: float, *, dashed: bool = False) -> Line2D:
    line = axes.plot([], [], color=colour, linewidth=width)[0]
    line.set_linestyle((0, (4, 2)) if dashed else "-")
    return line


def _move_people(result: Drawn, artists: Artists) -> None:
    artists.heads[0].set_text(f"Assignment {len(result.differences):,}: {result.last:+.2f}")
    aside = 0.22 * (2 * np.modf(np.arange(len(result.told)) * 0.618034)[0] - 1)
    for arm, (values, here) in enumerate(
        ((result.people.without, ~result.told), (result.people.told, result.told))
    ):
        artists.shown[arm].set_data(arm + aside[here], values[here])
        artists.hidden[arm].set_data(arm + aside[~here], values[~here])
        mean = float(values[here].mean())
        artists.means[arm].set_data([arm - 0.3, arm + 0.3], [mean, mean])
        artists.means_words[arm].set(text=f"{mean:.2f}", position=(arm + 0.34, mean))


def _move_differences(result: Drawn, artists: Artists) -> None:
    found, truth = np.clip(result.differences, LOW, HIGH), result.people.truth
    counts = np.histogram(found, EDGES)[0]
    artists.heads[1].set_text(TITLES[result.params.how])
    artists.bars.set_data(counts / counts.max(), EDGES)
    artists.truth.set_data([truth, truth], [0, 1.2])
    artists.mean.set_data([result.mean, result.mean], [0, 1.07])
    artists.last.set_data([found[-1]], [0.035])
    sides = (-1, 1) if result.mean < truth else (1, -1)
    _label(artists.words[0], result.mean, f"mean {result.mean:+.2f}", sides[0])
    _label(artists.words[1], truth, f"truth {truth:+.2f}", sides[1])


def _label(words: Text, at: float, text: str, side: int) -> None:
    """Write beside a line: to its right for 1, to its left for -1."""
    words.set(text=text, x=at + 0.08 * side, ha="left" if side > 0 else "right")
