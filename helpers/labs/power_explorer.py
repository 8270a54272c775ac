"""PowerExplorer: how likely is it that a survey of this size finds an effect of this size?

On the left, 10,000 simulated experiments, drawn by counts of Likert answers: the differences that they find, dark where
significant. On the right, the chance to find an effect for every size of survey. The effect is set as people: so many
of each hundred answer one point higher. All experiments are simulated for teaching.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from helpers.experiments.power import (
    likert_experiments,
    minimum_detectable_effect,
    moved_up,
    people_needed,
    power,
)
from helpers.plotting import COLOURS, GREY, INK, readable, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

N_EXPERIMENTS = 10_000
N_BINS = 40
PEOPLE = (20, 3000)
MOVED = (0, 60)
SIZES = np.unique(np.round(np.geomspace(*PEOPLE, 40)).astype(int))
CHANCE = 0.8
REACHES = (0.2, 0.4, 0.6, 1.0, 1.6, 2.4, 4.0)
LEVELS = (0.05, 0.01, 0.001)
ANSWERS = {
    "spread": ("Spread over the scale", (0.14, 0.22, 0.30, 0.20, 0.14)),
    "middle": ("Mostly in the middle", (0.03, 0.20, 0.54, 0.20, 0.03)),
    "divided": ("Divided into two camps", (0.34, 0.12, 0.08, 0.12, 0.34)),
}
"""Answers of the reference, from 1 to 5; the course's own."""
FOUND, NOT_FOUND, CURVE = COLOURS[0], GREY, COLOURS[5]
SOURCE = f"{N_EXPERIMENTS:,} experiments, simulated for teaching; five answers, shapes of the course's own."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    people : int
        In each of two arms, 20 to 3,000.
    moved : int
        Of each hundred people below the top answer, how many answer one point higher, 0 to 60.
    answers : str
        `spread`, `middle` or `divided`: how the reference answers.
    alpha : float
        Level of the test: 0.05, 0.01 or 0.001.
    """

    people: int = 150
    moved: int = 20
    answers: str = "spread"
    alpha: float = 0.05

    def __post_init__(self) -> None:
        for name, (low, high) in (("people", PEOPLE), ("moved", MOVED)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | np.integer) or not low <= value <= high:
                raise ValueError(f"{name}={value!r} must be a whole number from {low} to {high:,}.")
        if self.answers not in ANSWERS:
            raise ValueError(f"answers={self.answers!r} is unknown; give {', '.join(ANSWERS)}.")
        if self.alpha not in LEVELS:
            raise ValueError(f"alpha={self.alpha!r} is unknown; give {', '.join(map(str, LEVELS))}.")


@dataclass(frozen=True)
class Studied:
    """What the settings give.

    Parameters
    ----------
    params : Params
    effect, sd : float
        True effect, and the spread of answers in the reference, points.
    counts_found, counts_other : ndarray of float, shape (40,)
        Experiments whose difference falls into each bin, significant or not.
    edges : ndarray of float, shape (41,)
        Ends of the bins, points.
    simulated, computed : float
        Share of experiments that find the effect: counted, and by formula.
    mean_found : float
        Mean estimate of those that find it, points; NaN if none does.
    wrong_sign : float
        Share of those that find an effect of the opposite sign.
    detectable : float
        Smallest effect that this survey finds four times in five, points.
    needed : int or None
        People an arm to find this effect four times in five; None if there is none to find.
    curve : ndarray of float, shape (len(SIZES),)
        Chance to find the effect for each size.
    """

    params: Params
    effect: float
    sd: float
    counts_found: Column
    counts_other: Column
    edges: Column
    simulated: float
    computed: float
    mean_found: float
    wrong_sign: float
    detectable: float
    needed: int | None
    curve: Column


class PowerExplorer(Lab[Params, Studied]):
    """Would this survey find it?

    Parameters
    ----------
    people, moved, answers, alpha
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = PowerExplorer(people=600, remember=False)
    >>> 0.5 < lab.result.simulated < 0.8
    True
    """

    title = "Would this survey find it?"
    size: ClassVar[tuple[float, float]] = (9.0, 4.8)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.4)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Studied:
        """Run the experiments and work out power by formula.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Studied
        """
        reference = ANSWERS[params.answers][1]
        shares = pd.DataFrame(
            [reference, moved_up(reference, params.moved / 100)],
            index=["unchanged", "both"],
            columns=range(1, 6),
        )
        _, estimates, significant = likert_experiments(
            shares, params.people, n_experiments=N_EXPERIMENTS, alpha=params.alpha
        )
        found, hit = estimates[0], significant[0]
        effect, sds = _effect_and_sds(shares)
        sd = float(np.sqrt((sds**2).mean()))
        edges = _edges(_reach(effect, sd, params.people), params.people)
        return Studied(
            params, effect, float(sds[0]),
            np.histogram(found[hit], edges)[0].astype(float), np.histogram(found[~hit], edges)[0].astype(float),
            edges, float(hit.mean()), power(effect, sd, params.people, params.people, alpha=params.alpha),
            float(found[hit].mean()) if hit.any() else np.nan,
            float((found[hit] * effect < 0).mean()) if hit.any() and effect else 0.0,
            minimum_detectable_effect(sd, params.people, params.people, chance=CHANCE, alpha=params.alpha),
            _needed(effect, sd, params.alpha), _curve(effect, sd, params.alpha),
        )  # fmt: skip

    def describe(self, result: Studied) -> Sentence:
        """The chance to find the effect, and what it would take.

        Parameters
        ----------
        result : Studied

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_chance_words(result)} {_size_words(result)}",
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: experiments, and power by size.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        if figure.get_figwidth() > 7:
            return figure.add_axes((0.04, 0.215, 0.44, 0.61)), figure.add_axes((0.575, 0.215, 0.385, 0.61))
        return figure.add_axes((0.06, 0.6, 0.88, 0.3)), figure.add_axes((0.15, 0.135, 0.77, 0.32))

    def draw(self, result: Studied, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Studied
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Studied, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Studied
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        artists.heads[0].set_text(f"Effect {result.effect:+.2f}: what the experiments find")
        artists.heads[1].set_text("Chance to find it, by size of the survey")
        _move_heap(result, artists)
        _move_curve(result, artists)

    def controls(self) -> dict[str, Any]:
        """Sliders for people and effect, lists for answers and level.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        style, layout = {"description_width": "170px"}, ipywidgets.Layout(width="420px")
        return {
            "people": ipywidgets.IntSlider(
                description="People in each arm", min=PEOPLE[0], max=PEOPLE[1], step=10, style=style, layout=layout
            ),
            "moved": ipywidgets.IntSlider(
                description="Move up, of a hundred", min=MOVED[0], max=MOVED[1], style=style, layout=layout
            ),
            "answers": ipywidgets.Dropdown(
                description="Answers", options=[(words, key) for key, (words, _) in ANSWERS.items()], style=style,
                layout=layout,
            ),
            "alpha": ipywidgets.Dropdown(
                description="Level of the test", options=[(f"{level:g}", level) for level in LEVELS], style=style,
                layout=layout,
            ),
        }  # fmt: skip


@lru_cache(maxsize=128)
def _needed(effect: float, sd: float, alpha: float) -> int | None:
    """People in each arm; does not hang on the size that is set."""
    return people_needed(effect, sd, chance=CHANCE, alpha=alpha) if effect else None


@lru_cache(maxsize=128)
def _curve(effect: float, sd: float, alpha: float) -> Column:
    """Chance to find the effect for each of SIZES."""
    return np.array([power(effect, sd, n, n, alpha=alpha) for n in SIZES.tolist()])


def _effect_and_sds(shares: pd.DataFrame) -> tuple[float, Column]:
    points = shares.columns.to_numpy(float)
    means = shares.to_numpy() @ points
    squares = shares.to_numpy() @ points**2
    return float(round(means[1] - means[0], 12)), np.sqrt(squares - means**2)


def _reach(effect: float, sd: float, people: int) -> float:
    """Half the width of the left axis, one of a few, so that a small change does not move it."""
    needed = abs(effect) + 4 * sd * (2 / people) ** 0.5
    return next((width for width in REACHES if width >= needed), REACHES[-1])


def _edges(reach: float, people: int) -> Column:
    """Bins as wide as a whole number of possible differences, which lie 1 / people apart, and never through one."""
    step = 1 / people
    width = step * np.ceil(2 * reach / N_BINS / step)
    edges: Column = (np.arange(N_BINS + 1) - N_BINS / 2) * width - step / 2
    return edges


# Saying.


def _per_cent(share: float) -> str:
    return f"{share:.0%}" if 0.1 <= share <= 0.995 or share in (0, 1) else f"{share:.1%}"


def _chance_words(result: Studied) -> str:
    share = f"{_per_cent(result.simulated)} of experiments"
    people = f"{result.params.people:,} people in each arm"
    if not result.effect:
        return f"{people}, and nothing to find: {share} are significant all the same."
    return f"{people}, a true effect of {result.effect:+.2f} points: {share} find it."


def _size_words(result: Studied) -> str:
    detectable = f"What this survey finds four times in five is an effect of {result.detectable:.2f} or more."
    if result.needed is None:
        return detectable
    return f"Four times in five takes {result.needed:,} people in each arm. {detectable}"


def _table(result: Studied) -> pd.DataFrame:
    rows = [
        ("true effect", f"{result.effect:+.3f} points"),
        ("spread of answers (standard deviation)", f"{result.sd:.2f} points"),
        ("significant, of 10,000 experiments", f"{result.simulated:.1%}"),
        ("significant, by formula", f"{result.computed:.1%}"),
        (
            "mean estimate of those",
            "none" if np.isnan(result.mean_found) else f"{result.mean_found:+.3f} points",
        ),
        (
            "of those, with the wrong sign",
            f"{result.wrong_sign:.1%}" if result.effect else "there is no sign",
        ),
        ("minimum detectable effect (80 %)", f"{result.detectable:.3f} points"),
        ("people in each arm for 80 %", "no number" if result.needed is None else f"{result.needed:,}"),
    ]
    return pd.DataFrame(rows, columns=["what", "value"])


def _alt(result: Studied) -> str:
    return (
        f"Left: a heap of differences from {N_EXPERIMENTS:,} experiments around {result.effect:+.2f}, "
        f"{_per_cent(result.simulated)} of them marked as significant. Right: a rising line, the chance to find the "
        f"effect against people in each arm, with a point at {result.params.people:,} people and "
        f"{_per_cent(result.computed)}. Simulated for teaching."
    )


def _notes(result: Studied) -> tuple[str, ...]:
    notes = [
        f"{result.params.moved} of each hundred people below the top answer one point higher; at the top nobody can."
    ]
    if result.effect and not np.isnan(result.mean_found):
        times = result.mean_found / result.effect
        if times > 1.15:
            notes.append(
                f"Those that find it say {result.mean_found:+.2f} on average, {times:.1f} times the truth: with little "
                "power only lucky draws are significant."
            )
    return tuple(notes)


def _headline(result: Studied) -> str:
    if not result.effect:
        return f"Nothing to find, and {_per_cent(result.simulated)} find something"
    return f"{_per_cent(result.simulated)} of experiments find it"


# Drawing.


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    heads: tuple[Text, Text]
    found: tuple[Rectangle, ...]
    others: tuple[Rectangle, ...]
    truth: Line2D
    curve: Line2D
    point: Line2D
    needed: Line2D
    number: Text
    axes: tuple[Axes, Axes]

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
        wide = figure.get_figwidth() > 7
        _dress(left, right)
        source_line(figure, SOURCE if wide else SOURCE.replace("; ", ";\n", 1))
        heads = [
            axes.text(0, 1.05, "", transform=axes.transAxes, fontsize=12, va="bottom")
            for axes in (left, right)
        ]
        found = cls(
            title=figure.text(0.012, 0.978, "", fontsize=14 if wide else 12, fontweight="bold", va="top"),
            heads=(heads[0], heads[1]),
            found=tuple(left.bar(range(N_BINS), 0, width=1, align="edge", color=FOUND)),
            others=tuple(left.bar(range(N_BINS), 0, width=1, align="edge", color=NOT_FOUND, alpha=0.45)),
            truth=left.plot([], [], color=INK, linewidth=1.5, linestyle="--")[0],
            curve=right.plot([], [], color=CURVE, linewidth=2.5)[0],
            point=right.plot([], [], "o", color=CURVE, markersize=10)[0],
            needed=right.plot([], [], color=INK, linewidth=1.5, linestyle=":")[0],
            number=right.text(0, 0, "", fontsize=11, color=readable(CURVE), va="center"),
            axes=(left, right),
        )
        moving(found.title, *found.heads, *found.found, *found.others)
        moving(found.truth, found.curve, found.point, found.needed, found.number)
        return found


def _dress(left: Axes, right: Axes) -> None:
    left.set(yticks=[], ylim=(0, 1.25), xlabel="Difference in means, points")
    left.grid(axis="y", visible=False)
    left.axvline(0, color=INK, linewidth=1)
    for words, place, colour in (
        ("dark: significant", 0.02, readable(FOUND)),
        ("pale: not", 0.98, readable(GREY)),
    ):
        left.text(
            place, 0.99, words, transform=left.transAxes, fontsize=11, color=colour, va="top",
            ha="left" if place < 0.5 else "right",
        )  # fmt: skip
    right.set_xscale("log")
    right.set(xlim=PEOPLE, ylim=(0, 1.04), xlabel="People in each arm")
    right.set_xticks([20, 100, 500, 3000], ["20", "100", "500", "3,000"])
    right.minorticks_off()
    right.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1], ["0", "20 %", "40 %", "60 %", "80 %", "100 %"])
    right.axhline(CHANCE, color=GREY, linewidth=1.5, linestyle="--")


def _move_heap(result: Studied, artists: Artists) -> None:
    axes, edges = artists.axes[0], result.edges
    reach = _reach(result.effect, result.sd, result.params.people)
    if axes.get_xlim()[1] != reach:
        axes.set_xlim(-reach, reach)
        ticks = [part * reach for part in (-1, -0.5, 0, 0.5, 1)]
        axes.set_xticks(ticks, [f"{tick:.1f}".replace("-", "\N{MINUS SIGN}") for tick in ticks])
    top = (result.counts_found + result.counts_other).max()
    width = edges[1] - edges[0]
    for place, (bar, rest) in enumerate(zip(artists.found, artists.others, strict=True)):
        for each in (bar, rest):
            each.set_x(edges[place])
            each.set_width(width)
        bar.set_height(result.counts_found[place] / top)
        rest.set_y(result.counts_found[place] / top)
        rest.set_height(result.counts_other[place] / top)
    artists.truth.set_data([result.effect] * 2, [0, 1.1])


def _move_curve(result: Studied, artists: Artists) -> None:
    artists.curve.set_data(SIZES, result.curve)
    people, chance = result.params.people, result.computed
    artists.point.set_data([people], [chance])
    inside = result.needed is not None and result.needed <= PEOPLE[1]
    needed = max(result.needed or 0, PEOPLE[0])
    artists.needed.set_data(*(([needed] * 2, [0, CHANCE]) if inside else ([], [])))
    left_of = people > 60
    artists.number.set_position((people / 1.15 if left_of else people * 1.1, min(0.98, chance + 0.06)))
    artists.number.set(ha="right" if left_of else "left")
    artists.number.set_text(_per_cent(chance))
