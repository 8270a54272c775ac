"""FlagsTimeline: who had how many soldiers in Vietnam, in which reading of a table that does not add up?

Circles show the seven allies of the printed table from 1964 to 1970, the nearest or those with most at stake at the
top. The student chooses a reading: as transcribed, repaired where that restores a printed total, or with two guesses as
well. Under each year stands what the printed total has more or less than the cells. A repaired cell is a diamond, and
so is a guess, with a question mark: nobody reads a repair for a reading. Neither theory of this module is about troops
sent, and the figure says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.data import load
from helpers.plotting import COLOURS, GREY, INK, readable, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving
from helpers.vietnam.forces import GROUNDS, READINGS, SENDERS, YEARS, battalions, read, senders, sums

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

FIRST, LAST = YEARS[0], YEARS[-1]
MEASURES = {
    "persons": "Persons",
    "of_sum": "Per cent of the sum",
    "of_printed": "Per cent of the printed total",
    "battalions": "Manoeuvre battalions",
}
ORDERS = {"distance": "Distance", "stake": "Local stake"}
READ = {code: words[0].capitalize() for code, words in READINGS.items()}
SHORT = {"TWN": "Rep. of China", "KOR": "South Korea"}
SIGNS = {"": "", "witness": "*", "total": "*", "guess": "?"}
TITLE = "Flags in Vietnam. Neither theory is about troops sent."
SOURCE = "vietnam_forces, vietnam_distance. Stakes: the course's own coding."
LARGEST, SMALLEST = 720.0, 10.0  # areas of circles, square points
DIAMOND = np.pi / 4  # a diamond of this size has the area of a circle of size 1
AS_READ, MENDED = COLOURS[0], COLOURS[1]


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    reading : str
        `transcribed`, `repaired` (where a printed total is restored) or `guessed` (two guesses more).
    measure : str
        `persons`, `of_sum` or `of_printed` (per cent of the cells' sum or of the printed total), or `battalions`.
    order : str
        `distance` (the nearest at the top) or `stake` (the highest at the top).
    year : int
        The year that is read out, 1964 to 1970.
    """

    reading: str = "transcribed"
    measure: str = "persons"
    order: str = "distance"
    year: int = 1967

    def __post_init__(self) -> None:
        for name, known in (("reading", READINGS), ("measure", MEASURES), ("order", ORDERS)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name}={getattr(self, name)!r} is not known; choose one of {', '.join(known)}."
                )
        if not isinstance(self.year, int) or not FIRST <= self.year <= LAST:
            raise ValueError(f"year={self.year!r} must be a whole number from {FIRST} to {LAST}.")


@dataclass(frozen=True)
class Flags:
    """What the settings give.

    Parameters
    ----------
    params : Params
    allies : DataFrame
        The seven in order, `km` and `stake` among the columns.
    values : DataFrame
        Indexed by unit in order, a column a year; missing where the table has no figure.
    grounds : DataFrame
        The same shape: on what a repaired cell rests, else empty.
    sums : DataFrame
        Indexed by year: `sum`, `printed`, `gap`, in persons or battalions.
    """

    params: Params
    allies: pd.DataFrame
    values: pd.DataFrame
    grounds: pd.DataFrame
    sums: pd.DataFrame


@lru_cache(maxsize=1)
def _seven() -> pd.DataFrame:
    table = senders(load("vietnam_distance"))
    return table.assign(
        name=[SHORT.get(unit, name) for unit, name in zip(table["unit"], table["country"], strict=True)]
    )


@lru_cache(maxsize=len(READINGS))
def _cells(reading: str) -> pd.DataFrame:
    return read(load("vietnam_forces"), reading)


class FlagsTimeline(Lab[Params, Flags]):
    """Who had how many soldiers in Vietnam, in which reading?

    Parameters
    ----------
    reading, measure, order, year
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = FlagsTimeline(year=1967, remember=False)
    >>> int(lab.result.sums.loc[1967, "gap"])
    20
    """

    title = "Flags in Vietnam, 1964 to 1970"
    size: ClassVar[tuple[float, float]] = (9.0, 5.6)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 6.8)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Flags:
        """Strength in this reading and measure, and what adds up.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Flags
        """
        allies = _seven()
        if params.order == "stake":
            allies = allies.sort_values(["stake", "km"], ascending=[False, True], ignore_index=True)
        cells, order = _cells(params.reading), allies["unit"].tolist()
        persons = cells.pivot(index="unit", columns="year", values="persons").loc[order].astype(float)
        grounds = cells.pivot(index="unit", columns="year", values="ground").loc[order]
        added = sums(cells)
        if params.measure == "battalions":
            table = battalions()
            persons = table[["AUS", "KOR", "THA"]].T.reindex(order).astype(float)
            grounds, added = grounds.map(lambda _: ""), table[["sum", "printed", "gap"]]
        elif params.measure != "persons":
            persons = 100 * persons / added["sum" if params.measure == "of_sum" else "printed"]
        return Flags(params, allies, persons, grounds, added)

    def describe(self, result: Flags) -> Sentence:
        """What adds up in the year, who had most, and in how many years the column adds up.

        Parameters
        ----------
        result : Flags

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_sum_words(result)} {_most_words(result)}",
            table=_shown(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> Axes:
        """One panel: allies down, years across.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        Axes
        """
        return figure.add_axes(_place(figure).grid)

    def draw(self, result: Flags, axes: Axes) -> Artists:  # noqa: ARG002
        """Set up the panel with artists that `redraw` fills.

        Parameters
        ----------
        result : Flags
        axes : Axes

        Returns
        -------
        Artists
        """
        return Artists.on(axes)

    def redraw(self, result: Flags, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Flags
        artists : Artists
        """
        artists.heading.set_text(_headline(result, wide=_place(self.painter.figure) is WIDE))
        artists.band.set_x(result.params.year - 0.5)
        _move_circles(result, artists, LARGEST if _place(self.painter.figure) is WIDE else LARGEST / 2)
        _move_words(result, artists, wide=_place(self.painter.figure) is WIDE)

    def controls(self) -> dict[str, Any]:
        """Reading, measure, order and year.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        now = self.params
        return {
            "reading": _choice("Reading", READ, now.reading),
            "measure": _choice("Measure", MEASURES, now.measure),
            "order": _choice("Order by", ORDERS, now.order),
            "year": ipywidgets.IntSlider(description="Year", min=FIRST, max=LAST, value=now.year),
        }


def _choice(words: str, options: dict[str, str], value: str) -> Any:
    import ipywidgets

    return ipywidgets.Dropdown(
        description=words,
        options=[(text, code) for code, text in options.items()],
        value=value,
        layout=ipywidgets.Layout(width="380px"),
    )


# Saying.


def _unit(result: Flags) -> str:
    return "battalions" if result.params.measure == "battalions" else "persons"


def _reading(result: Flags) -> str:
    """How the cells were read; battalions are as transcribed in every reading."""
    return READINGS["transcribed" if _unit(result) == "battalions" else result.params.reading][0]


def _gap_words(gap: int) -> str:
    return "it adds up" if gap == 0 else f"{abs(gap):,} {'more' if gap > 0 else 'fewer'}"


def _sum_words(result: Flags) -> str:
    year = result.params.year
    total, printed, gap = (int(result.sums[name].loc[year]) for name in ("sum", "printed", "gap"))
    fits = int((result.sums["gap"] == 0).sum())
    share = ""
    if result.params.measure == "of_printed":
        share = f" The shares make {result.values[year].sum():.1f} per cent."
    return (
        f"{year}, {_reading(result)}: the cells sum to {total:,} {_unit(result)} and the printed total is "
        f"{printed:,}: {_gap_words(gap)}.{share} {fits} of {len(result.sums)} columns add up."
    )


def _most_words(result: Flags) -> str:
    column = result.values[result.params.year]
    if not column.max() > 0:
        return "No ally had a manoeuvre battalion there."
    tied = result.allies[(column == column.max()).to_numpy()]["name"]
    if len(tied) > 1:
        return f"Most: {' and '.join(tied)}, {_amount(column.max(), result)} each."
    first = result.allies[result.allies["unit"] == column.idxmax()].iloc[0]
    return (
        f"Most: {first['name']}, {_amount(column.max(), result)}, from {first['km']:,} km away "
        f"and with a stake of {first['stake']} of 3."
    )


def _amount(value: float, result: Flags) -> str:
    if np.isnan(value):
        return "no figure"
    if result.params.measure in {"of_sum", "of_printed"}:
        return f"{value:.2f} %" if value < 1 else f"{value:.1f} %"
    return f"{value:,.0f}"


def _marked(unit: str, result: Flags) -> str:
    year = result.params.year
    return _amount(float(result.values[year][unit]), result) + SIGNS[str(result.grounds[year][unit])]


def _headline(result: Flags, *, wide: bool) -> str:
    year = result.params.year
    gap = int(result.sums["gap"].loc[year])
    words = "adds up" if gap == 0 else f"printed less sum is {gap:+,}"
    reading = _reading(result) if wide else result.params.reading
    if _unit(result) == "battalions":
        reading = "battalions"
    return f"{year}, {reading}: {words}"


def _shown(result: Flags) -> pd.DataFrame:
    year = result.params.year
    units = result.allies["unit"]
    words = {"": "", **GROUNDS}
    return pd.DataFrame(
        {
            "ally": result.allies["name"],
            "km": [f"{km:,}" for km in result.allies["km"]],
            "stake": result.allies["stake"],
            f"{MEASURES[result.params.measure].lower()}, {year}": [
                _amount(float(result.values[year][unit]), result) for unit in units
            ],
            "repaired": [words[str(result.grounds[year][unit])] for unit in units],
        }
    )


def _alt(result: Flags) -> str:
    names = ", ".join(result.allies["name"])
    gaps = ", ".join(
        f"{year}: {gap:+,}" if gap else f"{year}: adds up" for year, gap in result.sums["gap"].items()
    )
    return (
        f"A grid of circles, seven allies down ({names}) and the years 1964 to 1970 across; area shows "
        f"{MEASURES[result.params.measure].lower()}. Repaired cells and guesses are diamonds. "
        f"Below, printed total less sum: {gaps}."
    )


def _notes(result: Flags) -> tuple[str, ...]:
    notes = [
        "Neither theory is about troops sent: both are about what allies make of the guardian's war.",
        "Circles under a certain size are drawn larger than they are, so that they can be seen.",
    ]
    if _unit(result) == "battalions":
        notes.append("The table has battalions for three allies alone. They are the same in every reading.")
    elif result.params.reading != "transcribed":
        notes.append("* repaired: the printed total is restored. The transcribed figure stays in the data.")
    if _unit(result) == "persons" and result.params.reading == "guessed":
        notes.append(
            "? a guess: it restores no printed total. Both guesses move the sum further away from it."
        )
    if result.params.order == "stake":
        notes.append("Stakes are the course's own coding, made by people who know who sent troops.")
    return tuple(notes)


# Drawing.


class Place(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    grid: tuple[float, float, float, float]
    title: tuple[float, float]
    heading: tuple[float, float]


WIDE = Place(grid=(0.29, 0.225, 0.6, 0.6), title=(0.012, 0.975), heading=(0.012, 0.905))
NARROW = Place(grid=(0.245, 0.2, 0.6, 0.65), title=(0.02, 0.985), heading=(0.02, 0.905))


def _place(figure: Figure) -> Place:
    return WIDE if figure.get_figwidth() > 7 else NARROW


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    heading: Text
    band: Rectangle
    circles: PathCollection
    diamonds: PathCollection
    names: tuple[Text, ...]
    values: tuple[Text, ...]
    gaps: tuple[Text, ...]

    @classmethod
    def on(cls, axes: Axes) -> Artists:
        """Make all artists, empty, on axes.

        Parameters
        ----------
        axes : matplotlib Axes

        Returns
        -------
        Artists
        """
        from matplotlib.patches import Rectangle

        figure = axes.get_figure(root=True)
        assert figure is not None
        place = _place(figure)
        _dress(figure, axes, place)
        band = Rectangle((0, -0.5), 1, len(SENDERS), color=INK, alpha=0.08, zorder=0)
        axes.add_patch(band)
        moves = cls(
            heading=figure.text(*place.heading, "", va="top"),
            band=band,
            circles=axes.scatter([], [], color=AS_READ, zorder=3),
            diamonds=axes.scatter([], [], marker="D", color=MENDED, edgecolor=INK, linewidth=1.2, zorder=4),
            names=tuple(_beside(axes, -0.015, row, "right") for row in range(len(SENDERS))),
            values=tuple(_beside(axes, 1.015, row, "left") for row in range(len(SENDERS))),
            gaps=tuple(_below(axes, year, wide=place is WIDE) for year in YEARS),
        )
        moving(moves.heading, moves.band, moves.circles, moves.diamonds)
        moving(*moves.names, *moves.values, *moves.gaps)
        return moves


def _beside(axes: Axes, x: float, row: int, ha: str) -> Text:
    place = axes.get_yaxis_transform()
    return axes.text(x, row, "", transform=place, ha=ha, va="center", fontsize=11, linespacing=1.05)


def _below(axes: Axes, year: int, *, wide: bool) -> Text:
    """Place for a gap; on a narrow figure every other one stands a line lower."""
    height = -0.15 if wide else -0.13 - 0.05 * (year % 2)
    return axes.text(
        year, height, "", transform=axes.get_xaxis_transform(), ha="center", va="center", fontsize=11
    )


def _dress(figure: Figure, axes: Axes, place: Place) -> None:
    wide = place is WIDE
    axes.set(xlim=(FIRST - 0.5, LAST + 0.5), ylim=(len(SENDERS) - 0.5, -0.5))
    axes.set_xticks(YEARS, [str(year) if wide else f"'{year % 100}" for year in YEARS], fontsize=11)
    axes.set_yticks([])
    axes.tick_params(length=0, pad=4)
    axes.grid(visible=False)
    for row in range(len(SENDERS) - 1):
        axes.axhline(row + 0.5, color=GREY, linewidth=0.5)
    axes.text(
        -0.015,
        -0.15,
        "Printed less sum" if wide else "Printed\nless sum",
        transform=axes.transAxes,
        ha="right",
        va="center",
        fontsize=11,
        fontweight="bold",
    )
    title = TITLE if wide else TITLE.replace(". ", ".\n", 1)
    figure.text(*place.title, title, fontsize=14 if wide else 12, fontweight="bold", va="top")
    source_line(figure, SOURCE if wide else SOURCE.replace(". ", ".\n", 1))


def _move_circles(result: Flags, artists: Artists, area: float) -> None:
    values = result.values.to_numpy()
    mended = result.grounds.to_numpy() != ""
    largest = float(np.nanmax(values))
    kinds = ((artists.circles, ~mended, 1.0, SMALLEST), (artists.diamonds, mended, DIAMOND, 2.5 * SMALLEST))
    for part, inside, scale, least in kinds:
        rows, columns = np.nonzero(inside & (values > 0))
        part.set_offsets(np.column_stack([np.array(YEARS)[columns], rows]) if len(rows) else np.empty((0, 2)))
        part.set_sizes(np.maximum(least, area * scale * values[rows, columns] / largest))


def _move_words(result: Flags, artists: Artists, *, wide: bool) -> None:
    for text, ally in zip(artists.names, result.allies.itertuples(), strict=True):
        beside = f"{ally.km:,} km" if result.params.order == "distance" else f"stake {ally.stake} of 3"
        text.set_text(f"{ally.name}, {beside}" if wide else f"{ally.name}\n{beside}")
    for text, unit in zip(artists.values, result.allies["unit"], strict=True):
        text.set_text(_marked(unit, result).replace("no figure", "n/a"))
    for text, (year, gap) in zip(artists.gaps, result.sums["gap"].items(), strict=True):
        fits = int(gap) == 0
        text.set_text("fits" if fits else f"{int(gap):+,}")
        text.set_fontweight("bold" if year == result.params.year else "normal")
        text.set_color(readable(COLOURS[3]) if fits else readable(COLOURS[5]))
