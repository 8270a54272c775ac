"""EquivalenceExplorer: an estimate, what would matter, and which of four things may be said.

On the left, the estimate with its 90 and 95 per cent intervals, zero, and the band of effects too small to matter. On
the right, what studies of every size would say if a given effect were true. Two questions are asked of one interval:
does the wider one leave out zero, and does the narrower one lie inside the band?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from helpers.experiments.equivalence import (
    READINGS,
    Equivalence,
    Reading,
    equivalence_test,
    reading_shares,
)
from helpers.experiments.results import Estimate
from helpers.plotting import COLOURS, GREY, INK, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

PEOPLE = (20, 3000)
SIZES = np.unique(np.round(np.geomspace(*PEOPLE, 90)).astype(int))
REACH = 0.8
DIFFERENT, EQUIVALENT, BOTH, UNDECIDED = READINGS
COLOUR_OF = {DIFFERENT: COLOURS[5], EQUIVALENT: COLOURS[0], BOTH: COLOURS[6], UNDECIDED: GREY}
DASH_OF: dict[str, Any] = {
    DIFFERENT: "-",
    EQUIVALENT: (0, (6, 2)),
    BOTH: (0, (1, 1.5)),
    UNDECIDED: (0, (4, 1.5, 1, 1.5)),
}
SHORT = {DIFFERENT: "different", EQUIVALENT: "equivalent", BOTH: "both", UNDECIDED: "undecided"}
MEANS = {
    DIFFERENT: "There is an effect, and it may be large enough to matter.",
    EQUIVALENT: "If there is an effect, it is too small to matter.",
    BOTH: "There is an effect, and it is too small to matter.",
    UNDECIDED: "Not significant, and not equivalent either: no effect and one that matters both remain possible.",
}
SOURCE = "Computed from the settings; right: normal estimates, simulated for teaching by formula."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    estimate : float
        Difference in means, -0.6 to 0.6 points.
    people : int
        In each of two arms, 20 to 3,000.
    smallest : float
        Smallest effect of interest, 0.05 to 0.6 points.
    truth : float
        Effect that is true in the right panel, 0 to 0.6 points.
    sd : float
        Spread of the answers, 0.2 to 3 points. By code alone.
    """

    estimate: float = 0.05
    people: int = 150
    smallest: float = 0.2
    truth: float = 0.0
    sd: float = 1.2

    def __post_init__(self) -> None:
        _number(self, "estimate", -0.6, 0.6)
        _number(self, "smallest", 0.05, 0.6)
        _number(self, "truth", 0.0, 0.6)
        _number(self, "sd", 0.2, 3.0)
        people = self.people
        if (
            isinstance(people, bool)
            or not isinstance(people, int | np.integer)
            or not PEOPLE[0] <= people <= PEOPLE[1]
        ):
            raise ValueError(f"people={people!r} must be a whole number from {PEOPLE[0]} to {PEOPLE[1]:,}.")


def _number(params: Params, name: str, low: float, high: float) -> None:
    value = getattr(params, name)
    try:
        number = round(float(value), 6)
    except (TypeError, ValueError):
        raise ValueError(f"{name}={value!r} is not a number from {low:g} to {high:g}.") from None
    if not low <= number <= high:
        raise ValueError(f"{name}={value!r} must lie from {low:g} to {high:g}.")
    object.__setattr__(params, name, number)


@dataclass(frozen=True, eq=False)
class Read:
    """What the settings give.

    Parameters
    ----------
    params : Params
    test : Equivalence
        With the 90 per cent interval, and the estimate with its 95 per cent interval.
    shares : DataFrame
        A row a size of the survey: how often studies of that size come to each reading.
    here : dict of str to float
        The same at the size that is set.
    """

    params: Params
    test: Equivalence
    shares: pd.DataFrame
    here: dict[str, float]


class EquivalenceExplorer(Lab[Params, Read]):
    """What may be said of this estimate?

    Parameters
    ----------
    estimate, people, smallest, truth, sd
        Where to start; see `Params`.

    Examples
    --------
    >>> EquivalenceExplorer(estimate=0.02, people=1500, remember=False).result.test.reading
    'equivalent'
    """

    title = "What may be said of this estimate?"
    size: ClassVar[tuple[float, float]] = (9.0, 4.8)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.4)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Read:
        """Run both tests, and work out what studies of each size would say.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Read
        """
        test = equivalence_test(_estimate(params), params.smallest)
        shares = reading_shares(params.truth, params.sd, SIZES, params.smallest)
        here = reading_shares(params.truth, params.sd, params.people, params.smallest).iloc[0]
        return Read(params, test, shares, {name: float(here[name]) for name in READINGS})

    def describe(self, result: Read) -> Sentence:
        """The reading, its reason, and how often studies like this say so.

        Parameters
        ----------
        result : Read

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_reading_words(result)} {_studies_words(result)}",
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: one estimate, and studies of every size.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        if figure.get_figwidth() > 7:
            return figure.add_axes((0.04, 0.215, 0.44, 0.61)), figure.add_axes((0.575, 0.215, 0.385, 0.49))
        return figure.add_axes((0.06, 0.645, 0.88, 0.25)), figure.add_axes((0.15, 0.135, 0.77, 0.3))

    def draw(self, result: Read, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Read
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Read, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Read
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        _move_interval(result, artists)
        _move_lines(result, artists)

    def controls(self) -> dict[str, Any]:
        """Four sliders.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        style, layout = {"description_width": "190px"}, ipywidgets.Layout(width="430px")

        def points(words: str, low: float, high: float, step: float) -> Any:
            return ipywidgets.FloatSlider(
                description=words,
                min=low,
                max=high,
                step=step,
                readout_format=".2f",
                style=style,
                layout=layout,
            )

        return {
            "estimate": points("Estimate", -0.6, 0.6, 0.01),
            "people": ipywidgets.IntSlider(
                description="People in each arm",
                min=PEOPLE[0],
                max=PEOPLE[1],
                step=10,
                style=style,
                layout=layout,
            ),
            "smallest": points("Smallest that matters", 0.05, 0.6, 0.01),
            "truth": points("True effect (right)", 0.0, 0.6, 0.05),
        }


def _estimate(params: Params) -> Estimate:
    """The estimate that such a study would report, with its 95 per cent interval."""
    from scipy import stats

    error, df = params.sd * (2 / params.people) ** 0.5, 2 * params.people - 2
    reach = float(stats.t.ppf(0.975, df)) * error
    p_value = float(2 * stats.t.sf(abs(params.estimate) / error, df))
    n, low, high = params.people, params.estimate - reach, params.estimate + reach
    return Estimate(
        "the outcome", "both", "unchanged", "difference", params.estimate, error, df, low, high, p_value, n, n, "",
    )  # fmt: skip


# Saying.


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else f"{value:.3f}"


def _reading_words(result: Read) -> str:
    reading = result.test.reading
    return f"{SHORT[reading].capitalize()}. {MEANS[reading]}"


def _studies_words(result: Read) -> str:
    truth = "no effect" if not result.params.truth else f"an effect of {result.params.truth:.2f}"
    often = sorted(READINGS, key=lambda name: -result.here[name])
    said = ", ".join(f"{SHORT[name]} {result.here[name]:.0%}" for name in often if result.here[name] >= 0.005)
    return f"If {truth} is true, studies with {result.params.people:,} people in each arm say: {said}."


def _table(result: Read) -> pd.DataFrame:
    test, params = result.test, result.params
    rows = [
        ("estimate", f"{params.estimate:+.2f} points"),
        ("standard error", f"{test.estimate.std_error:.3f} points"),
        ("95 % interval, against zero", f"{test.estimate.low:+.3f} to {test.estimate.high:+.3f}"),
        ("p-value against no effect", _p(test.estimate.p_value)),
        ("90 % interval, against the band", f"{test.low:+.3f} to {test.high:+.3f}"),
        ("p-value against effects that matter", _p(test.p_equivalence)),
        *[(f"studies that say {SHORT[name]}", f"{result.here[name]:.1%}") for name in READINGS],
    ]
    return pd.DataFrame(rows, columns=["what", "value"])


def _alt(result: Read) -> str:
    test, params = result.test, result.params
    said = ", ".join(f"{SHORT[name]} {result.here[name]:.0%}" for name in READINGS)
    return (
        f"Left: an estimate of {params.estimate:+.2f} with intervals, 90 % {test.low:+.2f} to {test.high:+.2f} and "
        f"95 % {test.estimate.low:+.2f} to {test.estimate.high:+.2f}, over a band from {-params.smallest:.2f} to "
        f"{params.smallest:.2f}. Right: four lines, the share of studies with each reading against people in each arm; "
        f"at {params.people:,} people: {said}. Simulated for teaching, by formula."
    )


def _notes(result: Read) -> tuple[str, ...]:
    reach = (result.test.high - result.test.low) / 2
    notes = [
        "Both one-sided tests at 5 % are the 90 % interval inside the band: 5 % may lie beyond either end."
    ]
    if reach >= result.params.smallest:
        notes.append(
            f"The 90 % interval reaches {reach:.2f} to each side, as far as the band or farther: no estimate whatever "
            "could be called equivalent with so few people."
        )
    return tuple(notes)


def _headline(result: Read) -> str:
    return {
        DIFFERENT: "Different: zero is left out, and large effects are not",
        EQUIVALENT: "Equivalent: only effects too small to matter remain",
        BOTH: "Both: there is an effect, too small to matter",
        UNDECIDED: "Undecided: not significant, and not equivalent either",
    }[result.test.reading]


# Drawing.


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    band: Rectangle
    band_words: Text
    wide_interval: Line2D
    narrow_interval: Line2D
    point: Line2D
    lines: dict[Reading, Line2D]
    here: Line2D
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
        left.text(0, 1.05, "One study", transform=left.transAxes, fontsize=12, va="bottom")
        lines = {
            name: right.plot([], [], color=COLOUR_OF[name], linestyle=DASH_OF[name], linewidth=2.5)[0]
            for name in READINGS
        }
        _name_lines(right, lines)
        band = left.axvspan(-0.2, 0.2, color=COLOURS[0], alpha=0.15, linewidth=0)
        found = cls(
            title=figure.text(0.012, 0.978, "", fontsize=14 if wide else 11.5, fontweight="bold", va="top"),
            band=band,
            band_words=left.text(0, 0.97, "too small to matter", fontsize=11, ha="center", va="top"),
            wide_interval=left.plot([], [], color=INK, linewidth=1.5)[0],
            narrow_interval=left.plot([], [], color=INK, linewidth=6, solid_capstyle="butt")[0],
            point=left.plot([], [], "o", color="white", markeredgecolor=INK, markersize=9, zorder=5)[0],
            lines=lines,
            here=right.plot([], [], color=INK, linewidth=1)[0],
            axes=(left, right),
        )
        moving(
            found.title, found.band, found.band_words, found.wide_interval, found.narrow_interval, found.point
        )
        moving(*found.lines.values(), found.here)
        return found


def _name_lines(axes: Axes, lines: dict[Reading, Line2D]) -> None:
    """Names of the four lines above the panel: they cross so often that no place beside them stays free."""
    names = axes.legend(
        list(lines.values()), [SHORT[name] for name in lines], loc="lower left", bbox_to_anchor=(-0.02, 0.98),
        ncols=2, frameon=False, fontsize=11, handlelength=3.2, columnspacing=1.2, labelspacing=0.2,
    )  # fmt: skip
    names.set_title("If the truth is known: what studies say")
    names.get_title().set_fontsize(12)
    names._legend_box.align = "left"  # type: ignore[attr-defined]


def _dress(left: Axes, right: Axes) -> None:
    left.set(xlim=(-REACH, REACH), ylim=(0, 1), yticks=[], xlabel="Difference in means, points")
    left.grid(axis="y", visible=False)
    left.axvline(0, ymax=0.88, color=INK, linewidth=1)
    left.text(0.01, 0.03, "thick: 90 %, thin: 95 %", transform=left.transAxes, fontsize=11, va="bottom")
    right.set_xscale("log")
    right.set(xlim=PEOPLE, ylim=(0, 1.04), xlabel="People in each arm")
    right.set_xticks([20, 100, 500, 3000], ["20", "100", "500", "3,000"])
    right.minorticks_off()
    right.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])


def _move_interval(result: Read, artists: Artists) -> None:
    test, params = result.test, result.params
    artists.band.set_x(-params.smallest)
    artists.band.set_width(2 * params.smallest)
    artists.wide_interval.set_data([test.estimate.low, test.estimate.high], [0.5, 0.5])
    artists.narrow_interval.set_data([test.low, test.high], [0.5, 0.5])
    artists.point.set_data([params.estimate], [0.5])


def _move_lines(result: Read, artists: Artists) -> None:
    for name, line in artists.lines.items():
        line.set_data(SIZES, result.shares[name].to_numpy())
    artists.here.set_data([result.params.people] * 2, [0, 1.04])
