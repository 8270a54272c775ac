"""MechanismMap: which road leads from a deployment to a citizen's mind, and what does each road leave behind?

On the left stand the arrows of the causal model that are there; on the right, what 5,000 simulated citizens answer,
those told of a deployment less those who are not, with 95 per cent intervals. The student opens roads and reads the
marks. Nothing on the right is drawn from the arrows: it is counted among the people, who differ, so that it comes with
an error. Who the people are can be changed. All of it is simulated for teaching.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.plotting import COLOURS, GREY, INK, readable, source_line
from helpers.theory.mechanisms import LABEL, OUTCOMES, ROADS, VARIABLES, Arrow, paths, simulate, walk
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text
    from numpy.typing import NDArray

    Pixels = NDArray[np.float64]

HEAD = 12
N_CITIZENS = 5000
DRAWS = (1, 50)
REACH = 1.35
SHARES = {
    "assurance": "assurance",
    "entrapment": "entrapment",
    "provocation": "provocation",
    "guardian": "self-serving guardian",
}
"""Parameter of each road, and its name in the model."""

PLACES = {
    "deployment": (0.79, 5.1),
    "promise": (0.08, 4.25),
    "suspicion": (0.36, 3.85),
    "entrapment": (0.66, 3.85),
    "protection": (0.08, 2.6),
    "threat": (0.95, 2.6),
    "need": (0.5, 1.45),
    "effort": (0.5, 0.5),
}
"""Where each variable stands in the left panel; the layout is the course's own."""

LABEL_AT = {("protection", "threat"): 0.74, ("suspicion", "need"): 0.3, ("entrapment", "need"): 0.3}
"""Where on its arrow a strength is written, if not in the middle: arrows cross."""

WORDS = {
    "deployment": "Deployment",
    "promise": "Promise\ncredible",
    "entrapment": "Fear of being\ndrawn into war",
    "suspicion": "Guardian\nserves itself",
    "protection": "Feels\nprotected",
    "threat": "Perceives\na threat",
    "need": "Need for own defence",
    "effort": "Support for own effort",
}
QUESTIONS = {
    "protection": "Feels protected",
    "threat": "Perceives a threat",
    "need": "Need for own defence",
    "effort": "Support for own effort",
}
SAID = {
    "protection": "felt protection",
    "threat": "perceived threat",
    "need": "need for own defence",
    "effort": "support for own effort",
}
UP, DOWN = COLOURS[0], COLOURS[1]
SOLID: Any = "-"
DASHES: Any = (0, (3, 1.6))
SOURCE = f"{LABEL}, {N_CITIZENS:,} citizens; arrows and strengths are the course's own."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    assurance, entrapment, provocation, guardian : float
        Share of each road that is there, 0 to 1; 0 takes all its arrows away.
    people : int
        Which 5,000 citizens are drawn, 1 to 50.
    """

    assurance: float = 1.0
    entrapment: float = 0.0
    provocation: float = 0.0
    guardian: float = 0.0
    people: int = 1

    def __post_init__(self) -> None:
        for name in SHARES:
            object.__setattr__(self, name, _share(name, getattr(self, name)))
        if not isinstance(self.people, int) or not DRAWS[0] <= self.people <= DRAWS[1]:
            raise ValueError(f"people={self.people!r} must be a whole number from {DRAWS[0]} to {DRAWS[1]}.")


def _share(name: str, value: object) -> float:
    try:
        number = round(float(value), 6)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name}={value!r} is not a number from 0 to 1.") from None
    if not 0 <= number <= 1:
        raise ValueError(f"{name}={value!r} must lie between 0 and 1.")
    return number


class Mark(NamedTuple):
    """What the deployment does to one answer: mean difference and its interval, points of the scale."""

    outcome: str
    without: float
    told: float
    difference: float
    low: float
    high: float

    @property
    def moves(self) -> str:
        """`up`, `down`, or empty where the interval holds 0."""
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else ""


@dataclass(frozen=True)
class Marks:
    """What the settings give.

    Parameters
    ----------
    params : Params
    arrows : tuple of Arrow
    marks : tuple of Mark
        One for each outcome, in the order of the survey.
    """

    params: Params
    arrows: tuple[Arrow, ...]
    marks: tuple[Mark, ...]


class MechanismMap(Lab[Params, Marks]):
    """Which road leads from a deployment to a citizen's mind?

    Parameters
    ----------
    assurance, entrapment, provocation, guardian, people
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = MechanismMap(assurance=0, provocation=1, remember=False)
    >>> [mark.moves for mark in lab.result.marks]
    ['', 'up', 'up', 'up']
    """

    title = "Which road, and which marks?"
    size: ClassVar[tuple[float, float]] = (9.0, 5.4)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 9.2)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Marks:
        """Simulate the citizens and count what they answer.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Marks
        """
        arrows = walk({road: getattr(params, name) for name, road in SHARES.items()})
        rows = simulate(arrows, N_CITIZENS, params.people).pattern()
        columns = ["outcome", "without", "with", "difference", "low", "high"]
        return Marks(params, arrows, tuple(Mark(*row) for row in rows[columns].to_numpy()))

    def describe(self, result: Marks) -> Sentence:
        """Which answers moved, and by how much.

        Parameters
        ----------
        result : Marks

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_roads_words(result)} {_moved_words(result)}",
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: the arrows, and the marks they leave.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        place = _places(figure)
        return figure.add_axes(place.map), figure.add_axes(place.marks)

    def draw(self, result: Marks, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Marks
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Marks, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Marks
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        _move_arrows(result, artists)
        _move_marks(result, artists)

    def controls(self) -> dict[str, Any]:
        """One slider a road, and one that draws other people.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        style, layout = {"description_width": "160px"}, ipywidgets.Layout(width="400px")
        sliders: dict[str, Any] = {
            name: ipywidgets.FloatSlider(
                description=road.capitalize(),
                min=0,
                max=1,
                step=0.1,
                value=getattr(self.params, name),
                readout_format=".1f",
                style=style,
                layout=layout,
            )
            for name, road in SHARES.items()
        }
        sliders["people"] = ipywidgets.IntSlider(
            description="Other people",
            min=DRAWS[0],
            max=DRAWS[1],
            value=self.params.people,
            style=style,
            layout=layout,
        )
        return sliders


# Saying.


def _open(result: Marks) -> list[str]:
    """Names of the roads that are there at all."""
    return [road for name, road in SHARES.items() if getattr(result.params, name) > 0]


def _and(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def _headline(result: Marks) -> str:
    roads = _open(result)
    if not roads:
        return "No road is open"
    if len(roads) == len(SHARES):
        return "All four roads are open"
    return f"Open: {_and(roads)}"


def _roads_words(result: Marks) -> str:
    shares = [
        f"{road} ({share:.1f})" for name, road in SHARES.items() if (share := getattr(result.params, name))
    ]
    return f"Open: {_and(shares)}." if shares else "No road is open."


def _moved_words(result: Marks) -> str:
    moved = [
        f"{SAID[mark.outcome]} {mark.moves} by {abs(mark.difference):.2f}"
        for mark in result.marks
        if mark.moves
    ]
    still = [SAID[mark.outcome] for mark in result.marks if not mark.moves]
    if not moved:
        return "No answer moves: all four intervals hold 0."
    rest = f" Not told apart from no change: {_and(still)}." if still else ""
    return f"Among those told of the deployment, {_and(moved)} points.{rest}"


def _table(result: Marks) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "answer, 1 to 5": [QUESTIONS[mark.outcome] for mark in result.marks],
            "not told": [f"{mark.without:.2f}" for mark in result.marks],
            "told of a deployment": [f"{mark.told:.2f}" for mark in result.marks],
            "difference": [f"{mark.difference:+.2f}" for mark in result.marks],
            "95 % interval": [f"{mark.low:+.2f} to {mark.high:+.2f}" for mark in result.marks],
        }
    )


def _alt(result: Marks) -> str:
    arrows = ", ".join(
        f"{VARIABLES[arrow.cause]} {'raises' if arrow.strength > 0 else 'lowers'} {VARIABLES[arrow.effect]}"
        for arrow in result.arrows
    )
    marks = ", ".join(f"{SAID[mark.outcome]} {mark.difference:+.2f}" for mark in result.marks)
    return (
        f"Left: a map of eight boxes with arrows: {arrows or 'none'}. Right: four points with intervals, the mean "
        f"difference between citizens told and not told of a deployment: {marks}. Simulated for teaching."
    )


def _notes(result: Marks) -> tuple[str, ...]:
    ways = paths(result.arrows, "effort")
    strongest = "; ".join(str(path) for path in ways[:3])
    more = f"; and {len(ways) - 3} weaker" if len(ways) > 3 else ""
    notes = [f"Ways from the deployment to effort, in the model: {strongest}{more}."] if ways else []
    notes.append(
        "A share weakens a road's first arrow; the arrows behind it are there in full as soon as the road is open."
    )
    return tuple(notes)


# Drawing.


class Layout(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    map: tuple[float, float, float, float]
    marks: tuple[float, float, float, float]
    title: tuple[float, float]
    heads: tuple[tuple[float, float], tuple[float, float]]
    key: tuple[float, float]
    source: str


WIDE = Layout(
    map=(0.012, 0.085, 0.55, 0.79),
    marks=(0.6, 0.155, 0.385, 0.645),
    title=(0.012, 0.972),
    heads=((0.012, 0.9), (0.6, 0.9)),
    key=(0.285, 0.9),
    source=SOURCE,
)
NARROW = Layout(
    map=(0.02, 0.47, 0.96, 0.43),
    marks=(0.04, 0.125, 0.92, 0.275),
    title=(0.02, 0.986),
    heads=((0.02, 0.948), (0.02, 0.445)),
    key=(0.42, 0.948),
    source=SOURCE.replace("; ", ";\n"),
)


def _places(figure: Figure) -> Layout:
    return WIDE if figure.get_figwidth() > 7 else NARROW


def _all_arrows() -> tuple[tuple[str, str], ...]:
    """Every pair of variables that some road joins, once."""
    return tuple(dict.fromkeys((arrow.cause, arrow.effect) for road in ROADS.values() for arrow in road))


class ArrowArtists(NamedTuple):
    """One arrow: its shaft, its head and its strength in figures."""

    shaft: Line2D
    head: Line2D
    words: Text


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    arrows: dict[tuple[str, str], ArrowArtists]
    intervals: tuple[Line2D, ...]
    points: tuple[Line2D, ...]
    amounts: tuple[Text, ...]

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
        place = _places(figure)
        _dress_map(figure, left, place)
        _dress_marks(figure, right, place)
        boxes = {name: _box(left, name) for name in VARIABLES}
        rows = range(len(OUTCOMES))
        moves = cls(
            title=figure.text(*place.title, "", fontsize=14, fontweight="bold", va="top"),
            arrows={pair: _arrow(left, boxes, *pair) for pair in _all_arrows()},
            intervals=tuple(right.plot([], [], linewidth=3, solid_capstyle="butt")[0] for _ in rows),
            points=tuple(right.plot([], [], marker="o", markersize=9, linestyle="")[0] for _ in rows),
            amounts=tuple(
                right.text(REACH, row - 0.22, "", ha="right", va="bottom", fontsize=12) for row in rows
            ),
        )
        moving(moves.title, *moves.intervals, *moves.points, *moves.amounts)
        moving(*(part for pair in moves.arrows.values() for part in pair))
        return moves


def _dress_map(figure: Figure, axes: Axes, place: Layout) -> None:
    axes.set(xlim=(-0.06, 1.09), ylim=(0.15, 5.5))
    axes.set_axis_off()
    figure.text(*place.heads[0], "Arrows that are there:", va="top")
    _key(figure, *place.key)
    source_line(figure, place.source)


def _key(figure: Figure, left: float, top: float) -> None:
    from matplotlib.lines import Line2D

    inch, middle = 1 / figure.get_figwidth(), top - 0.088 / figure.get_figheight()
    for x, style, colour, words in ((left, SOLID, UP, "raises"), (left + 1.0 * inch, DASHES, DOWN, "lowers")):
        sample = Line2D([x, x + 0.3 * inch], [middle, middle], color=colour, linewidth=2.4)
        sample.set_linestyle(style)
        figure.add_artist(sample)
        figure.text(x + 0.36 * inch, top, words, va="top", color=readable(colour))


def _dress_marks(figure: Figure, axes: Axes, place: Layout) -> None:
    axes.set(xlim=(-REACH, REACH), ylim=(len(OUTCOMES) - 0.6, -0.65))
    axes.set_xlabel("Told less not told of a deployment, points")
    axes.set_xticks([-1, -0.5, 0, 0.5, 1], ["-1", "-0.5", "0", "+0.5", "+1"])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="y", visible=False)
    axes.tick_params(length=0, pad=6)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.xaxis.label.set_fontsize(12)
    figure.text(*place.heads[1], "Marks they leave in the answers", va="top")
    paper = {"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"}
    for row, outcome in enumerate(OUTCOMES):
        axes.text(-REACH, row - 0.22, QUESTIONS[outcome], ha="left", va="bottom", fontsize=12, bbox=paper)


def _box(axes: Axes, name: str) -> Text:
    asked = name in OUTCOMES
    look = {
        "boxstyle": "round,pad=0.35",
        "facecolor": "white",
        "edgecolor": INK if asked else GREY,
        "linewidth": 1.8 if asked else 1.1,
    }
    return axes.text(*PLACES[name], WORDS[name], ha="center", va="center", fontsize=11, bbox=look, zorder=3)


def _arrow(axes: Axes, boxes: dict[str, Text], cause: str, effect: str) -> ArrowArtists:
    """Shaft, head and strength of one arrow, from the edge of a box to the edge of another."""
    to_pixels, to_data = axes.transData.transform, axes.transData.inverted().transform
    start, end = (np.asarray(to_pixels(PLACES[name])) for name in (cause, effect))
    first, last = _edge(boxes[cause], start, end), _edge(boxes[effect], end, start)
    way = (last - first) / np.hypot(*(last - first))
    head = HEAD * axes.get_figure(root=True).dpi / 72  # type: ignore[union-attr]
    shaft = np.array([to_data(first + 2 * way), to_data(last - head * way)])
    tip = to_data(last - 0.6 * head * way)
    turn = float(np.degrees(np.arctan2(way[1], way[0]))) - 90
    x, y = to_data(first + LABEL_AT.get((cause, effect), 0.46) * (last - first))
    look = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    return ArrowArtists(
        axes.plot(*shaft.T, zorder=2, solid_capstyle="butt", dash_capstyle="butt")[0],
        axes.plot(*tip[:, None], marker=(3, 0, turn), markersize=HEAD, markeredgewidth=0, zorder=2)[0],
        axes.text(x, y, "", ha="center", va="center", fontsize=11, bbox=look, zorder=4),
    )


def _edge(box: Text, inside: Pixels, towards: Pixels) -> Pixels:
    """Where a line from the middle of a box leaves it, in pixels."""
    figure = box.get_figure(root=True)
    assert figure is not None
    extent = box.get_window_extent()
    half = np.array([extent.width, extent.height]) / 2 + 6 * figure.dpi / 72
    way = towards - inside
    reach = min(float(room / abs(step)) for room, step in zip(half, way, strict=True) if abs(step) > 1e-9)
    edge: Pixels = inside + reach * way
    return edge


def _move_arrows(result: Marks, artists: Artists) -> None:
    there = {(arrow.cause, arrow.effect): arrow.strength for arrow in result.arrows}
    for pair, arrow in artists.arrows.items():
        strength = there.get(pair, 0.0)
        for part in arrow:
            part.set_visible(bool(strength))
        if strength:
            colour = UP if strength > 0 else DOWN
            arrow.shaft.set(color=colour, linewidth=1 + 2.2 * abs(strength))
            arrow.shaft.set_linestyle(SOLID if strength > 0 else DASHES)
            arrow.head.set_color(colour)
            arrow.words.set(text=f"{strength:+.2g}", color=readable(colour))


def _move_marks(result: Marks, artists: Artists) -> None:
    for row, mark in enumerate(result.marks):
        colour = {"up": UP, "down": DOWN, "": GREY}[mark.moves]
        artists.intervals[row].set_data([mark.low, mark.high], [row, row])
        artists.intervals[row].set_color(colour)
        artists.points[row].set_data([mark.difference], [row])
        artists.points[row].set(color=colour, markerfacecolor=colour if mark.moves else "white")
        words = f"{mark.moves} {abs(mark.difference):.2f}" if mark.moves else "no clear change"
        artists.amounts[row].set(text=words, color=readable(colour) if mark.moves else INK)
