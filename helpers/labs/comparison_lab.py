"""ComparisonLab: soldiers left a country; what became of its own defence, compared with whom?

The left panel shows the host's change since the years before, less the mean change of the controls that the student
chose. The right panel takes every state of a pool as if the soldiers had left *there*, against all others of the pool:
how often does another state move as far? The sentence says how many states were compared and which
p-value is the smallest that so many can give. Figures come from one source with several editions; where the years
chosen run over the beginning of a new edition, the lab marks it and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.data import breaks, load
from helpers.plotting import COLOURS, GREY, INK, readable, source_line
from helpers.theory.comparisons import (
    ComparisonError,
    Difference,
    Event,
    Permutation,
    difference_in_differences,
    donors,
    gaps,
    permutation,
    wide,
)
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

GUARDIAN = "USA"
FIRST = 1963
MOST_CONTROLS = 12
BEFORE, AFTER = (1, 8), (1, 8)


class Withdrawal(NamedTuple):
    """One withdrawal: the host, the first year that counts as after, and its words."""

    unit: str
    year: int
    words: str
    note: str


WITHDRAWALS = {
    "korea": Withdrawal(
        "KOR",
        1971,
        "South Korea 1971",
        "About a fifth of the soldiers left between 1970 and 1971; the others stayed.",
    ),
    "france": Withdrawal(
        "FRA",
        1967,
        "France 1966-67",
        "The soldiers left in 1966 and 1967, so the years before already hold a part of it.",
    ),
    "philippines": Withdrawal(
        "PHL",
        1992,
        "Philippines 1991-92",
        "The soldiers left in 1991 and 1992, so the years before already hold a part of it.",
    ),
}
OUTCOMES = {"share": "Defence share of product", "soldiers": "Own soldiers per 1,000 inhabitants"}
AXIS = {"share": "percentage points", "soldiers": "soldiers per 1,000"}
POOLS = {"controls": "only the controls", "allies": "US allies of that year", "all": "all states in the file"}
GROUPS: dict[str, tuple[str, ...]] = {
    "Asian allies": ("JPN", "PHL", "THA", "TWN"),
    "Europe's middle powers": ("BEL", "ITA", "NLD", "GBR"),
    "NATO's south": ("GRC", "PRT", "TUR"),
    "Neighbours of the Philippines": ("IDN", "MYS", "THA", "TWN"),
    "Thailand alone": ("THA",),
    "Japan alone": ("JPN",),
}
SOURCE = "milex (WMEAT 1963-2009). The mean of the years before is 0."
HOST, OTHERS = COLOURS[1], COLOURS[0]


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    withdrawal : str
        `korea` (1971), `france` (1966-67) or `philippines` (1991-92).
    outcome : str
        `share` (defence in per cent of product) or `soldiers` (own, for each thousand inhabitants).
    controls : tuple of str
        Codes of one to twelve states that the host is compared with.
    before, after : int
        Years looked at before the event and from its year on, 1 to 8.
    pool : str
        Who is permuted: only the `controls`, US `allies` of that year, or `all` states in the file.
    """

    withdrawal: str = "korea"
    outcome: str = "share"
    controls: tuple[str, ...] = GROUPS["Asian allies"]
    before: int = 4
    after: int = 2
    pool: str = "controls"

    def __post_init__(self) -> None:
        for name, known in (("withdrawal", WITHDRAWALS), ("outcome", OUTCOMES), ("pool", POOLS)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name}={getattr(self, name)!r} is not known; choose one of {', '.join(known)}."
                )
        object.__setattr__(self, "controls", _controls(self.controls))
        for name, (low, high) in (("before", BEFORE), ("after", AFTER)):
            if not isinstance(value := getattr(self, name), int) or not low <= value <= high:
                raise ValueError(f"{name}={value!r} must be a whole number from {low} to {high}.")


def _controls(given: object) -> tuple[str, ...]:
    codes = (given,) if isinstance(given, str) else tuple(given)  # type: ignore[arg-type]
    if not 1 <= len(codes) <= MOST_CONTROLS:
        raise ValueError(f"controls has {len(codes)} entries; choose 1 to {MOST_CONTROLS}.")
    for code in codes:
        if code not in _sources().names:
            raise ValueError(
                f"No state {code!r} in milex. States are given by code, for instance 'JPN' for Japan."
            )
    return tuple(dict.fromkeys(codes))


@dataclass(frozen=True)
class _Sources:
    rows: pd.DataFrame
    names: dict[str, str]
    allies: dict[int, frozenset[str]]
    troops: dict[str, pd.Series[float]]
    breaks: tuple[tuple[int, str], ...]


@lru_cache(maxsize=1)
def _sources() -> _Sources:
    rows = load("milex")
    rows = rows[rows["unit"] != GUARDIAN]
    rows = rows.assign(
        share=rows["milex_pct_gdp"], soldiers=rows["armed_forces_thousand"] / rows["population_mn"]
    )
    latest = rows.drop_duplicates("unit", keep="last").sort_values("country")
    panel = load("allies_panel")
    allied = panel[panel["us_ally"] == 1]
    return _Sources(
        rows=rows,
        names=dict(zip(latest["unit"], latest["country"], strict=True)),
        allies={int(str(year)): frozenset(part["unit"]) for year, part in allied.groupby("year")},
        troops={
            str(unit): part.set_index("year")["troops"].astype(float)
            for unit, part in load("us_troops").drop_duplicates(["unit", "year"]).groupby("unit")
        },
        breaks=tuple((int(mark.year), str(mark.text)) for mark in breaks("milex")),
    )


@lru_cache(maxsize=64)
def _table(outcome: str, event: Event) -> pd.DataFrame:
    return wide(_sources().rows, outcome, event)


@dataclass(frozen=True)
class Comparison:
    """What the settings give.

    Parameters
    ----------
    params : Params
    event : Event
        With the years that the file has.
    used : tuple of str
        Controls with a figure in every year looked at.
    left_out : tuple of str
        Controls that lack one, or are the host itself.
    found : Difference or None
        None if no control is left.
    path : Series
        Host less controls in each year; empty if no control is left.
    permuted : Permutation or None
        None if the pool has fewer than three donors.
    n_donors : int
        Donors of the pool, the host not counted.
    """

    params: Params
    event: Event
    used: tuple[str, ...]
    left_out: tuple[str, ...]
    found: Difference | None
    path: pd.Series[float]
    permuted: Permutation | None
    n_donors: int


class ComparisonLab(Lab[Params, Comparison]):
    """Soldiers left: what became of the host's own defence, compared with whom?

    Parameters
    ----------
    withdrawal, outcome, controls, before, after, pool
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = ComparisonLab(controls=("THA",), remember=False)
    >>> round(lab.result.found.estimate, 2)
    -0.33
    """

    title = "Compared with whom?"
    size: ClassVar[tuple[float, float]] = (9.0, 5.0)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.4)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Comparison:
        """Difference in differences against the controls, and the permutation over the pool.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Comparison
        """
        what = WITHDRAWALS[params.withdrawal]
        event = Event(what.unit, what.year, min(params.before, what.year - FIRST), params.after)
        table = _table(params.outcome, event)
        able = donors(table, event)
        used = tuple(code for code in params.controls if code in able)
        pool = used if params.pool == "controls" else _pool(able, params.pool, what.year)
        return Comparison(
            params=params,
            event=event,
            used=used,
            left_out=tuple(code for code in params.controls if code not in able),
            found=difference_in_differences(table, event, used) if used else None,
            path=gaps(table, event, used) if used else pd.Series(dtype=float),
            permuted=_permuted(table, event, pool),
            n_donors=len(pool),
        )

    def describe(self, result: Comparison) -> Sentence:
        """Size of the difference, number of donors, and what they allow.

        Parameters
        ----------
        result : Comparison

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_difference_words(result)} {_permutation_words(result)}",
            table=_shown(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: the path of the difference, and the permutation.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        place = _places(figure)
        return figure.add_axes(place.path), figure.add_axes(place.pool)

    def draw(self, result: Comparison, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Comparison
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Comparison, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Comparison
        artists : Artists
        """
        wide_enough = _places(self.painter.figure) is WIDE
        artists.title.set(text=_headline(result), fontsize=14 if wide_enough else 12)
        _move_path(result, artists)
        _move_pool(result, artists)

    def controls(self) -> dict[str, Any]:
        """Withdrawal, outcome, controls, years and pool.

        Returns
        -------
        dict of str to widget
        """
        from helpers.ui.pickers import SeveralOf

        now = self.params
        events = {code: what.words for code, what in WITHDRAWALS.items()}
        return {
            "controls": SeveralOf(_sources().names, GROUPS, now.controls, item="control", most=MOST_CONTROLS),
            "withdrawal": _choice("Withdrawal", events, now.withdrawal),
            "outcome": _choice("Outcome", OUTCOMES, now.outcome),
            "before": _years("Years before", BEFORE, now.before),
            "after": _years("Years after", AFTER, now.after),
            "pool": _choice("Permute", POOLS, now.pool),
        }


def _choice(words: str, options: dict[str, str], value: str) -> Any:
    import ipywidgets

    return ipywidgets.Dropdown(
        description=words,
        options=[(text, code) for code, text in options.items()],
        value=value,
        style={"description_width": "105px"},
        layout=ipywidgets.Layout(width="380px"),
    )


def _years(words: str, limits: tuple[int, int], value: int) -> Any:
    import ipywidgets

    return ipywidgets.IntSlider(
        description=words,
        min=limits[0],
        max=limits[1],
        value=value,
        style={"description_width": "105px"},
        layout=ipywidgets.Layout(width="380px"),
    )


# Computing: who is in the pool.


def _pool(able: tuple[str, ...], pool: str, year: int) -> tuple[str, ...]:
    if pool == "all":
        return able
    return tuple(code for code in able if code in _sources().allies[year])


def _permuted(table: pd.DataFrame, event: Event, pool: tuple[str, ...]) -> Permutation | None:
    try:
        return permutation(table, event, pool)
    except ComparisonError:
        return None


# Saying.


def _named(codes: tuple[str, ...], most: int = 4) -> str:
    names = [_sources().names[code] for code in codes]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def _host(result: Comparison) -> str:
    return WITHDRAWALS[result.params.withdrawal].words


def _span(result: Comparison) -> str:
    return f"{result.event.years[0]} to {result.event.years[-1]}"


def _headline(result: Comparison) -> str:
    if result.found is None:
        return f"{_host(result)}: no control has all figures"
    direction = "more" if result.found.estimate > 0 else "less"
    return f"{_host(result)}: {abs(result.found.estimate):.2f} {direction} than its controls"


def _difference_words(result: Comparison) -> str:
    if result.found is None:
        return f"{_host(result)}: none of the controls has a figure for every year from {_span(result)}."
    found, unit = result.found, AXIS[result.params.outcome]
    return (
        f"{_host(result)}, {_span(result)}: the host changed by {found.treated_change:+.2f} {unit}, "
        f"{_named(result.used)} by {found.control_change:+.2f}, a difference of {found.estimate:+.2f}."
    )


def _permutation_words(result: Comparison) -> str:
    if result.permuted is None:
        return f"{result.n_donors} donors are too few to permute; it takes three."
    n_units = len(result.permuted.estimates)
    among = result.permuted.estimates[result.event.treated]
    against = "" if result.params.pool == "controls" else f" (against all of them: {among:+.2f})"
    return (
        f"{result.n_donors} donors and the host make {n_units} states{against}: p = {result.permuted.p_value:.2f}; "
        f"the smallest that {n_units} states can give is 1/{n_units} = {result.permuted.smallest_p:.2f}."
    )


def _shown(result: Comparison) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "year": [str(year) for year in result.path.index],
            "": ["before" if year < result.event.year else "after" for year in result.path.index],
            f"host less controls, {AXIS[result.params.outcome]}": [
                "no figure" if np.isnan(gap) else f"{gap:+.2f}" for gap in result.path
            ],
        }
    )


def _alt(result: Comparison) -> str:
    n_units = len(result.permuted.estimates) if result.permuted else 0
    return (
        f"Two charts. Left: a line of the host's change less that of its controls, {_span(result)}, around 0 before "
        f"a vertical line at {result.event.year}, the first year after. Right: "
        + (f"{n_units} points, one a state, the host's filled and named." if n_units else "empty.")
    )


def _inside(result: Comparison) -> tuple[tuple[int, str], ...]:
    years = result.event.years
    return tuple(mark for mark in _sources().breaks if years[0] < mark[0] <= years[-1])


def _notes(result: Comparison) -> tuple[str, ...]:
    what, notes = WITHDRAWALS[result.params.withdrawal], []
    for year, text in _inside(result):
        notes.append(
            f"{year}: {text} The years before and after it are two series. The difference is free of the step only "
            "if the new edition moved the host and its controls alike."
        )
    notes.append(what.note)
    if result.event.before < result.params.before:
        notes.append(f"The file begins in {FIRST}, so there are {result.event.before} years before.")
    if result.left_out:
        notes.append(
            f"Left out, without a figure for every year or the host itself: {_named(result.left_out, 12)}."
        )
    notes.append(_hosted(result))
    notes.extend(_remarks(result))
    return tuple(notes)


def _hosted(result: Comparison) -> str:
    """US troops before and after, so that a control which soldiers left as well is seen to be one."""
    means = [_troops(code, result.event) for code in (result.event.treated, *result.used)]
    known = "; ".join(
        f"{_sources().names[code]} {before:,.0f} to {after:,.0f}" for code, before, after in means
    )
    return (
        f"US soldiers, mean of the years before and after: {known}. "
        "A control that soldiers left, too, is no clean one."
    )


def _troops(code: str, event: Event) -> tuple[str, float, float]:
    counted = _sources().troops.get(code)
    if counted is None:
        return code, 0.0, 0.0
    shown = counted[(counted.index >= event.years[0]) & (counted.index <= event.years[-1])]
    return code, float(shown[shown.index < event.year].mean()), float(shown[shown.index >= event.year].mean())


def _remarks(result: Comparison) -> list[str]:
    """Figures of the host and its controls that the file marks as doubtful."""
    if result.params.outcome != "share":
        return []
    rows = _sources().rows
    shown = rows["unit"].isin([result.event.treated, *result.used]) & rows["year"].isin(
        list(result.event.years)
    )
    marked = rows[shown & rows["share_note"].notna()]
    return [f"Remark on {row.country} {row.year}: {row.share_note}" for row in marked.itertuples()]


# Drawing.


class Places(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    path: tuple[float, float, float, float]
    pool: tuple[float, float, float, float]
    title: tuple[float, float]
    heads: tuple[tuple[float, float], tuple[float, float]]


WIDE = Places(
    path=(0.085, 0.17, 0.43, 0.62),
    pool=(0.58, 0.17, 0.4, 0.62),
    title=(0.012, 0.968),
    heads=((0.012, 0.885), (0.58, 0.885)),
)
NARROW = Places(
    path=(0.14, 0.56, 0.83, 0.31),
    pool=(0.06, 0.145, 0.88, 0.265),
    title=(0.02, 0.985),
    heads=((0.02, 0.94), (0.02, 0.465)),
)


def _places(figure: Figure) -> Places:
    return WIDE if figure.get_figwidth() > 7 else NARROW


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    left: Axes
    right: Axes
    title: Text
    heading: Text
    rank_heading: Text
    path: Line2D
    event: Line2D
    marks: tuple[tuple[Line2D, Text], ...]
    others: PathCollection
    host: Line2D
    name: Text

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
        _dress(figure, left, right)
        dotted: dict[str, Any] = {"color": GREY, "linewidth": 1.4, "linestyle": (0, (1, 2))}
        moves = cls(
            left=left,
            right=right,
            title=figure.text(*place.title, "", fontsize=14, fontweight="bold", va="top"),
            heading=figure.text(*place.heads[0], "", va="top"),
            rank_heading=figure.text(*place.heads[1], "", va="top"),
            path=left.plot([], [], color=HOST, marker="o", markersize=7, linewidth=2.4)[0],
            event=left.axvline(0, color=INK, linewidth=1.4, linestyle=(0, (4, 2))),
            marks=tuple((left.axvline(0, **dotted), _letter(left)) for _ in _sources().breaks),
            others=right.scatter([], [], s=34, facecolor="white", edgecolor=OTHERS, linewidth=1.3),
            host=right.plot([], [], color=HOST, marker="D", markersize=10, linestyle="")[0],
            name=right.text(0, 0, "", color=readable(HOST), ha="center", va="bottom", clip_on=False),
        )
        moving(
            moves.title, moves.heading, moves.rank_heading, moves.path, moves.event, moves.others, moves.host
        )
        moving(moves.name, *(part for mark in moves.marks for part in mark))
        return moves


def _letter(axes: Axes) -> Text:
    place = axes.get_xaxis_transform()
    return axes.text(0, 1.01, "", transform=place, ha="center", va="bottom", fontsize=11, color=INK)


def _dress(figure: Figure, left: Axes, right: Axes) -> None:
    from matplotlib.ticker import MaxNLocator

    left.axhline(0, color=INK, linewidth=1)
    left.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    left.yaxis.set_major_locator(MaxNLocator(5))
    right.xaxis.set_major_locator(MaxNLocator(5))
    left.grid(axis="x", visible=False)
    right.grid(axis="y", visible=False)
    right.set_yticks([])
    right.axvline(0, color=INK, linewidth=1)
    right.spines["left"].set_visible(False)
    right.set(ylim=(0, 1.06), xlabel="Each state against all others of the pool")
    for axes in (left, right):
        axes.tick_params(length=0, pad=6)
        axes.xaxis.label.set_fontsize(12)
    source_line(figure, SOURCE if _places(figure) is WIDE else SOURCE.replace(". ", ".\n"))


def _ceiling(values: Any) -> float:
    """Round number above all values in size, so that the axis seldom changes."""
    finite = np.abs(np.asarray(values, dtype=float))
    finite = finite[np.isfinite(finite)]
    top = float(finite.max()) if finite.size else 1.0
    steps = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0, 80.0)
    return next((step for step in steps if step >= top * 1.08), top * 1.2)


def _move_path(result: Comparison, artists: Artists) -> None:
    axes, years = artists.left, result.event.years
    limits = (years[0] - 0.6, years[-1] + 0.6)
    if axes.get_xlim() != limits:
        axes.set_xlim(*limits)
    reach = _ceiling(result.path)
    if axes.get_ylim() != (-reach, reach):
        axes.set_ylim(-reach, reach)
    artists.heading.set_text(f"Host less controls, {AXIS[result.params.outcome]}")
    artists.path.set_data(result.path.index, result.path)
    artists.event.set_xdata([result.event.year - 0.5] * 2)
    inside = _inside(result)
    for place, (line, letter) in enumerate(artists.marks):
        shown = place < len(inside)
        line.set_visible(shown)
        letter.set_visible(shown)
        if shown:
            line.set_xdata([inside[place][0] - 0.5] * 2)
            letter.set(x=inside[place][0] - 0.5, text="new edition")


def _move_pool(result: Comparison, artists: Artists) -> None:
    found = result.permuted
    for part in (artists.others, artists.host, artists.name):
        part.set_visible(found is not None)
    if found is None:
        artists.rank_heading.set_text("Fewer than three donors: nothing to permute")
        return
    ranked = found.estimates
    heights = (np.arange(len(ranked)) + 0.5) / len(ranked)
    reach = _ceiling(ranked)
    if artists.right.get_xlim() != (-reach, reach):
        artists.right.set_xlim(-reach, reach)
    artists.rank_heading.set_text(f"Among {len(ranked)} states: p = {found.p_value:.2f}")
    is_host = ranked.index == found.treated
    artists.others.set_offsets(np.column_stack([ranked[~is_host], heights[~is_host]]))
    x, y = float(ranked[found.treated]), float(heights[is_host][0])
    artists.host.set_data([x], [y])
    artists.name.set_text(_sources().names[found.treated])
    side = "right" if x > 0 else "left"
    artists.name.set(position=(x - 0.04 * reach if x > 0 else x + 0.04 * reach, y + 0.03), ha=side)
