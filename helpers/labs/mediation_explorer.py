"""MediationExplorer: how much runs through a road, and how much an unseen cause takes away.

On the left, an effect and its two parts: through a mediator, and by other roads. Diamonds mark what a regression says
if nothing unseen moves mediator and outcome. A slider turns an unseen cause up; the bars follow. On the right, the part
through the mediator for every strength of such a cause, with a 95 per cent band, and triangles for causes as strong as
what was measured. The lab takes any survey that a `Schema` describes; without one it fields a made-up country in which
one road is real, and does not say which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from helpers.experiments.mediation import Mediation, benchmarks, mediation, sensitivity
from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import Schema, schema_of, schema_of_own
from helpers.experiments.two_roads import TwoRoads, field_two_roads
from helpers.plotting import COLOURS, GREY, INK, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

    from helpers.data import OwnStudy
    from helpers.experiments.respondents import Fielded

    Source = Schema | OwnStudy | Fielded | TwoRoads | None

N_POINTS, N_DRAWS = 181, 200
STRONGEST = 0.9
SHOWN = 0.75
WITH = ("none", "all")
THROUGH, OTHER, ALL = COLOURS[0], GREY, INK


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    mediator, outcome, arm : str
        Of the survey; empty for the first outcome, the last one and the last arm.
    covariates : str
        `none` or `all` that were measured before.
    rho : float
        Correlation that an unseen cause leaves in the errors of mediator and outcome, -0.9 to 0.9.
    """

    mediator: str = ""
    outcome: str = ""
    arm: str = ""
    covariates: str = "none"
    rho: float = 0.0

    def __post_init__(self) -> None:
        if self.covariates not in WITH:
            raise ValueError(f"covariates={self.covariates!r} is unknown; give 'none' or 'all'.")
        if self.mediator and self.mediator == self.outcome:
            raise ValueError(
                f"{self.mediator!r} cannot be the road and the outcome at once. Choose two different questions."
            )
        try:
            rho = round(float(self.rho), 2)
        except (TypeError, ValueError):
            raise ValueError(f"rho={self.rho!r} is not a number from -0.9 to 0.9.") from None
        if not -STRONGEST <= rho <= STRONGEST:
            raise ValueError(f"rho={self.rho!r} must lie from -0.9 to 0.9.")
        object.__setattr__(self, "rho", rho)
        object.__setattr__(self, "arm", str(self.arm))


@dataclass(frozen=True, eq=False)
class Split:
    """An effect and its parts.

    Parameters
    ----------
    params : Params
    found : Mediation
        If nothing unseen moves both.
    curve : DataFrame
        `sensitivity` with its band.
    strengths : DataFrame
        `benchmarks`; empty without covariates.
    words : tuple of str
        Mediator and outcome.
    """

    params: Params
    found: Mediation
    curve: pd.DataFrame
    strengths: pd.DataFrame
    words: tuple[str, str]

    @property
    def here(self) -> pd.Series[float]:
        """The row of the curve at the unseen cause that is set."""
        place = (self.curve["rho"] - self.params.rho).abs().argmin()
        row: pd.Series[float] = self.curve.iloc[place]
        return row

    @property
    def is_clear(self) -> bool:
        """Whether the whole effect is clear of zero, so that a share of it means something."""
        low, high = self.found.total_interval
        return low * high > 0


class MediationExplorer(Lab[Params, Split]):
    """How much runs through this road, and how strong an unseen cause would take it away?

    Parameters
    ----------
    data : Schema, OwnStudy, Fielded or TwoRoads, optional
        The survey: answers with their description, what `load_study` has read, or people of the course. Without one,
        a made-up country.
    mediator, outcome, arm, covariates, rho
        Where to start; see `Params`.

    Raises
    ------
    ExperimentError
        If the survey has no such outcome or arm, or fewer than two outcomes.

    Examples
    --------
    >>> lab = MediationExplorer(mediator="protected", remember=False)
    >>> lab.result.found.n
    3000
    """

    title = "How much runs through this road?"
    size: ClassVar[tuple[float, float]] = (9.0, 4.8)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.4)
    parameters: ClassVar[type[Any]] = Params

    def __init__(self, data: Source = None, *, remember: bool = True, **parameters: Any) -> None:
        self.schema = _schema(data)
        if len(self.schema.outcomes) < 2:
            raise ExperimentError("The survey has one outcome; a mediator and an outcome are two.")
        self._parts: dict[Params, tuple[Mediation, pd.DataFrame, pd.DataFrame]] = {}
        super().__init__(remember=remember and _is_course(data), **parameters)
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
        super().set(**vars(self._resolved(self._params(parameters, self._wish))))

    def _resolved(self, params: Params) -> Params:
        """Fill in what is empty; refuse in one sentence what the survey does not have."""
        names = [scale.name for scale in self.schema.outcomes]
        mediator = params.mediator or next(name for name in names if name != params.outcome)
        outcome = params.outcome or next(name for name in reversed(names) if name != mediator)
        arm = params.arm or self.schema.treatments[-1]
        for name in (mediator, outcome):
            self.schema.scale(name)
        if arm not in self.schema.treatments:
            raise ExperimentError(f"No treatment arm {arm!r}; there are {', '.join(self.schema.treatments)}.")
        return replace(params, mediator=mediator, outcome=outcome, arm=arm)

    def compute(self, params: Params) -> Split:
        """Split the effect, and read the curve at the unseen cause.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Split
        """
        params = self._resolved(params)
        key = replace(params, rho=0.0)
        if key not in self._parts:
            self._parts[key] = self._part(params)
        words = self.schema.scale(params.mediator).words, self.schema.scale(params.outcome).words
        return Split(params, *self._parts[key], words)

    def _part(self, params: Params) -> tuple[Mediation, pd.DataFrame, pd.DataFrame]:
        """All that does not hang on the unseen cause."""
        schema, frame = self.schema, self.schema.frame
        known = schema.covariates if params.covariates == "all" else ()
        names = (params.mediator, params.outcome, params.arm, str(schema.reference))
        found = mediation(frame, *names, covariates=known, by=schema.by)
        curve = sensitivity(frame, *names, covariates=known, by=schema.by, n_points=N_POINTS, n_draws=N_DRAWS)
        strengths = (
            benchmarks(frame, *names, covariates=known, by=schema.by)
            if known
            else pd.DataFrame({"covariate": [], "rho": []})
        )
        return found, curve, strengths

    def describe(self, result: Split) -> Sentence:
        """The part through the road, without and with the unseen cause, and where it is gone.

        Parameters
        ----------
        result : Split

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_plain_words(result)} {_unseen_words(result)} {_gone_words(result)}",
            table=_table(result),
            alt=_alt(result, self.schema),
            notes=_notes(result, self.schema),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: the parts, and the curve.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        if figure.get_figwidth() > 7:
            return figure.add_axes((0.03, 0.215, 0.43, 0.58)), figure.add_axes((0.56, 0.215, 0.42, 0.58))
        return figure.add_axes((0.05, 0.625, 0.9, 0.255)), figure.add_axes((0.13, 0.15, 0.83, 0.35))

    def draw(self, result: Split, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Split
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes, self.schema)

    def redraw(self, result: Split, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Split
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        _fit_axes(result, artists)
        _move_bars(result, artists)
        _move_curve(result, artists)

    def controls(self) -> dict[str, Any]:
        """Lists for road, outcome, arm and covariates, and a slider for the unseen cause.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        style, layout = {"description_width": "110px"}, ipywidgets.Layout(width="370px")

        def list_of(words: str, options: Sequence[tuple[str, str]]) -> Any:
            return ipywidgets.Dropdown(description=words, options=options, style=style, layout=layout)

        schema = self.schema
        outcomes = [(scale.words, scale.name) for scale in schema.outcomes]
        found = {"mediator": list_of("Road", outcomes), "outcome": list_of("Outcome", outcomes)}
        if len(schema.treatments) > 1:
            arms = [(schema.label(arm), arm) for arm in reversed(schema.treatments)]
            found["arm"] = list_of("Arm", arms)
        if schema.covariates:
            found["covariates"] = list_of("Covariates", [("none", "none"), ("all that were measured", "all")])
        found["rho"] = ipywidgets.FloatSlider(
            description="Unseen cause", min=-STRONGEST, max=STRONGEST, step=0.02, readout_format="+.2f",
            style=style, layout=layout,
        )  # fmt: skip
        return found


def _is_course(data: Source) -> bool:
    """Whether settings that were kept fit: the reader's own surveys have other columns."""
    return data is None or isinstance(data, TwoRoads)


def _schema(data: Source) -> Schema:
    from helpers.data import OwnStudy, study

    if isinstance(data, Schema):
        return data
    if isinstance(data, OwnStudy):
        return schema_of_own(data)
    if data is None:
        data = field_two_roads("another country", n_manipulated=60)
    if isinstance(data, TwoRoads):
        return data.schema
    return schema_of(data, study(data.study))


# Saying.


def _share(part: float, result: Split) -> str:
    """The part as a share of the whole, where that means something."""
    if not result.is_clear:
        return ""
    return f" ({part / result.found.total:.0%})"


def _road(result: Split) -> str:
    words = result.words[0]
    return words[:1].lower() + words[1:]


def _plain_words(result: Split) -> str:
    found = result.found
    return (
        f"Through “{_road(result)}”: {found.mediated:+.2f} of {found.total:+.2f} points"
        f"{_share(found.mediated, result)}, if nothing unseen moves both."
    )


def _unseen_words(result: Split) -> str:
    if result.params.rho == 0:
        return "No unseen cause is turned up."
    part = float(result.here["mediated"])
    return f"With an unseen cause of {result.params.rho:+.2f}: {part:+.2f}{_share(part, result)}."


def _gone_words(result: Split) -> str:
    zero = result.found.rho_at_zero
    return (
        f"It is gone at {zero:+.2f}: a cause that explains {abs(zero):.0%} of what is left of both answers."
    )


def _table(result: Split) -> pd.DataFrame:
    found, here, rho = result.found, result.here, result.params.rho
    rows = [
        ("whole effect", found.total, found.total_interval),
        ("through this road, nothing unseen", found.mediated, found.mediated_interval),
        (f"through this road, unseen cause {rho:+.2f}", here["mediated"], (here["low"], here["high"])),
    ]
    table = [
        (name, f"{value:+.3f} points", f"{ends[0]:+.3f} to {ends[1]:+.3f}") for name, value, ends in rows
    ]
    table.append(("by other roads, with that cause", f"{here['direct']:+.3f} points", ""))
    table.append(("unseen cause at which the road is gone", f"{found.rho_at_zero:+.3f}", ""))
    for name, strength in result.strengths.itertuples(index=False):
        table.append((f"a cause as strong as {name}", f"{strength:+.3f}", ""))
    return pd.DataFrame(table, columns=["what", "value", "95 % interval"])


def _alt(result: Split, schema: Schema) -> str:
    here, found = result.here, result.found
    made = " Simulated for teaching." if schema.simulated else ""
    return (
        f"Left: three bars, the whole effect {found.total:+.2f}, through {_road(result)} {here['mediated']:+.2f}, by "
        f"other roads {here['direct']:+.2f}; diamonds at {found.mediated:+.2f} and {found.total - found.mediated:+.2f} "
        f"mark the parts without an unseen cause. Right: the part through {_road(result)} against the unseen cause, a "
        f"line with a band, from {result.curve['mediated'].iloc[0]:+.1f} at -0.90 to "
        f"{result.curve['mediated'].iloc[-1]:+.1f} at +0.90; it is zero at {found.rho_at_zero:+.2f}.{made}"
    )


def _notes(result: Split, schema: Schema) -> tuple[str, ...]:
    notes = [
        "Unseen cause: the correlation that it leaves in the errors of the two regressions. One that explains half of "
        "what is left of both answers leaves 0.50, with a minus sign if it pushes them apart."
    ]
    if not result.is_clear:
        notes.append("The whole effect is not clear of zero, so a share of it would mean nothing.")
    if len(result.strengths):
        top = result.strengths.iloc[result.strengths["rho"].abs().argmax()]
        notes.append(
            f"Triangles: causes as strong as a measured covariate. The strongest, {top['covariate']}, leaves "
            f"{top['rho']:+.2f}."
        )
    elif schema.covariates:
        notes.append("Add the covariates to see how strong an unseen cause like one of them would be.")
    return tuple(notes)


def _headline(result: Split) -> str:
    part = float(result.here["mediated"])
    if not result.is_clear:
        return f"Through this road: {part:+.2f} points"
    share = part / result.found.total
    given = "With this unseen cause" if result.params.rho else "If nothing unseen is at work"
    if share < -0.005:
        return f"{given}, this road runs the other way"
    return f"{given}, this road carries {share:.0%}"


# Drawing.

ROWS = {"total": 2.0, "through": 1.0, "other": 0.0}


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    bars: dict[str, Rectangle]
    names: dict[str, Text]
    plain: Line2D
    curve: Line2D
    band: PolyCollection
    zero: Line2D
    here: Line2D
    triangles: Line2D
    axes: tuple[Axes, Axes]

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
        source_line(figure, schema.source[:1].upper() + schema.source[1:])
        colours = {"total": ALL, "through": THROUGH, "other": OTHER}
        bars = {
            name: left.barh([place], [0.0], height=0.34, color=colours[name])[0]
            for name, place in ROWS.items()
        }
        names = {
            name: left.text(
                0.01,
                place + 0.27,
                "",
                transform=left.get_yaxis_transform(),
                fontsize=11,
                va="bottom",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
            )
            for name, place in ROWS.items()
        }
        found = cls(
            title=figure.text(0.012, 0.978, "", fontsize=14 if wide else 11.5, fontweight="bold", va="top"),
            bars=bars,
            names=names,
            plain=left.plot([], [], "D", color="white", markeredgecolor=INK, markersize=8, zorder=5)[0],
            curve=right.plot([], [], color=THROUGH, linewidth=2.5)[0],
            band=right.fill_between(
                [0.0, 0.1], [0.0, 0.0], [0.0, 0.0], color=THROUGH, alpha=0.18, linewidth=0
            ),
            zero=right.plot([], [], "o", color="white", markeredgecolor=INK, markersize=9, zorder=5)[0],
            here=right.plot([], [], "D-", color=INK, markersize=8, linewidth=1.2, zorder=6)[0],
            triangles=right.plot([], [], "^", color=INK, markersize=8, zorder=4, clip_on=False)[0],
            axes=(left, right),
        )
        moving(found.title, *found.bars.values(), *found.names.values(), found.plain)
        moving(found.curve, found.band, found.zero, found.here, found.triangles)
        return found


def _dress(left: Axes, right: Axes) -> None:
    left.set(ylim=(-0.4, 2.75), yticks=[])
    left.grid(axis="y", visible=False)
    left.axvline(0, color=INK, linewidth=1)
    left.text(
        0, 1.03, "The parts (diamond: nothing unseen)", transform=left.transAxes, fontsize=12, va="bottom"
    )
    right.set(xlim=(-STRONGEST, STRONGEST), xlabel="Unseen cause (correlation of the errors)")
    right.set_xticks([-0.8, -0.4, 0, 0.4, 0.8], ["-0.8", "-0.4", "0", "+0.4", "+0.8"])
    right.axhline(0, color=INK, linewidth=1)
    right.text(
        0,
        1.03,
        "Through this road, in points (circle: gone)",
        transform=right.transAxes,
        fontsize=12,
        va="bottom",
    )


def _fit_axes(result: Split, artists: Artists) -> None:
    """Set what the background shows: limits and labels, which change with road and outcome and not with the slider."""
    left, right = artists.axes
    found = result.found
    reach = 1.35 * max(abs(found.total), abs(found.mediated), abs(found.total - found.mediated), 0.05)
    curve = result.curve[result.curve["rho"].abs() <= SHOWN]
    low, high = min(curve["low"].min(), 0.0), max(curve["high"].max(), 0.0)
    pad = 0.08 * (high - low)
    wanted: list[tuple[Any, Any, Any]] = [
        (left.get_xlim, left.set_xlim, (-1.5 * reach, 1.5 * reach)),
        (right.get_ylim, right.set_ylim, (low - pad, high + pad)),
    ]
    for get, put, ends in wanted:
        if not np.allclose(get(), ends):
            put(ends)
    label = f"Effect on “{result.words[1].lower()}”, points"
    if left.get_xlabel() != label:
        left.set_xlabel(label)


def _move_bars(result: Split, artists: Artists) -> None:
    found, here = result.found, result.here
    values = {"total": found.total, "through": here["mediated"], "other": here["direct"]}
    words = {"total": "The whole effect", "through": f"Through “{_road(result)}”", "other": "By other roads"}
    for name, bar in artists.bars.items():
        bar.set_width(float(values[name]))
        artists.names[name].set_text(f"{words[name]}: {values[name]:+.2f}")
    artists.plain.set_data([found.mediated, found.total - found.mediated], [ROWS["through"], ROWS["other"]])


def _move_curve(result: Split, artists: Artists) -> None:
    rho, right = result.curve["rho"].to_numpy(), artists.axes[1]
    low, high = result.curve["low"].to_numpy(), result.curve["high"].to_numpy()
    artists.curve.set_data(rho, result.curve["mediated"].to_numpy())
    edge = np.concatenate([np.column_stack([rho, low]), np.column_stack([rho, high])[::-1]])
    artists.band.set_verts([edge])
    artists.zero.set_data([result.found.rho_at_zero], [0])
    artists.here.set_data([result.params.rho] * 2, [0, float(result.here["mediated"])])
    bottom = right.get_ylim()[0]
    strengths = result.strengths["rho"].to_numpy(float)
    artists.triangles.set_data(strengths, np.full(len(strengths), bottom))
