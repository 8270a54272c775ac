"""EvidenceMap: which works speak to which question, and what hinders a comparison of two?

Works stand in a grid: who listens down, where force is shown across. The shape of a mark says how a work was made,
its number which work it is, and the sign beside it what became of the outcome. A full mark was read in the source,
a hollow one is known from somebody else. What the student does not ask for turns grey and stays: an empty place is
something to see. Two works can be set side by side; then the table shows in what they differ before their findings
do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pandas as pd

from helpers.data import neighbour_entries
from helpers.plotting import COLOURS, GREY, INK, PAPER, QUIET, source_line
from helpers.theory.evidence_map import (
    ASPECTS,
    DESIGNS,
    MARKS,
    OUTCOMES,
    PLACES,
    SIGNS,
    WHO,
    Work,
    cells,
    chosen,
    differences,
    works,
)
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PathCollection
    from matplotlib.figure import Figure
    from matplotlib.text import Text

ANY = "any"
NOBODY = 0
TITLE = "What speaks to which question?"
SOURCE = "the course's own map; what was read of each work, and no more."
SHAPES = {"experiment": "o", "survey": "s", "panel": "^", "cases": "D"}
GLYPHS = {"up": "+", "down": "−", "little": "0", "mixed": "±", "level": "L", "open": "?"}
ROWS = {
    "citizens": "Citizens\nto be\nprotected",
    "governments": "Allied\ngovern-\nments",
    "helpers": "Citizens\nwho would\nhelp",
    "adversaries": "Adver-\nsaries",
}
HEADS = {"here": "in the ally's country", "elsewhere": "elsewhere", "neither": "nowhere: words, budgets"}
SHORT_HEADS = {"here": "in the ally's\ncountry", "elsewhere": "\nelsewhere", "neither": "nowhere:\nwords"}
FULL, FADED = COLOURS[0], "#C8C8C8"
RINGS = (COLOURS[1], COLOURS[5])
MARK_WORDS = {"read": "read in the source", "second-hand": "second-hand"}


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    outcome : str
        What was looked at: a key of `OUTCOMES`, or `any`.
    design : str
        How it was studied: a key of `DESIGNS`, or `any`.
    mark : str
        How the course knows the finding: `read`, `second-hand` or `any`.
    first, second : int
        Numbers of two works to compare; 0 for none.
    """

    outcome: str = ANY
    design: str = ANY
    mark: str = ANY
    first: int = NOBODY
    second: int = NOBODY

    def __post_init__(self) -> None:
        for name, known in (("outcome", OUTCOMES), ("design", DESIGNS), ("mark", MARKS)):
            if getattr(self, name) not in {ANY, *known}:
                raise ValueError(
                    f"{name}={getattr(self, name)!r} is not known; choose any or one of {', '.join(known)}."
                )
        for name in ("first", "second"):
            number = getattr(self, name)
            if not isinstance(number, int) or not 0 <= number <= len(_all()):
                raise ValueError(f"{name}={number!r} must be a whole number from 0 (none) to {len(_all())}.")


@dataclass(frozen=True)
class Map:
    """What the settings give.

    Parameters
    ----------
    params : Params
    shown : tuple of Work
        Those that are asked for.
    counts : DataFrame
        `who`, `where`, `works`: how many of them stand at each place.
    pair : tuple of Work
        The two that are compared; empty if not two different ones are chosen.
    apart : tuple of str
        In what the pair differs, keys of `ASPECTS`.
    """

    params: Params
    shown: tuple[Work, ...]
    counts: pd.DataFrame
    pair: tuple[Work, ...]
    apart: tuple[str, ...]


@lru_cache(maxsize=1)
def _all() -> tuple[Work, ...]:
    return works(neighbour_entries())


class EvidenceMap(Lab[Params, Map]):
    """Which works speak to which question, and what hinders a comparison of two?

    Parameters
    ----------
    outcome, design, mark, first, second
        Where to start; see `Params`.

    Examples
    --------
    >>> EvidenceMap(first=3, second=4, remember=False).result.apart
    ('places', 'signal')
    """

    title = "An evidence map"
    size: ClassVar[tuple[float, float]] = (9.0, 6.4)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.6)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Map:
        """What is asked for, where it stands, and in what two works differ.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Map
        """
        shown = chosen(_all(), outcome=params.outcome, design=params.design, mark=params.mark)
        numbers = (params.first, params.second)
        both = NOBODY not in numbers and params.first != params.second
        pair = tuple(_all()[number - 1] for number in numbers) if both else ()
        return Map(params, shown, cells(shown), pair, differences(*pair) if both else ())

    def describe(self, result: Map) -> Sentence:
        """How many are shown and where none is; or in what two works differ.

        Parameters
        ----------
        result : Map

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=_pair_words(result) if result.pair else _count_words(result),
            table=_side_by_side(result) if result.pair else _listed(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> Axes:
        """One panel: audiences down, places across.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        Axes
        """
        return figure.add_axes(_place(figure).grid)

    def draw(self, result: Map, axes: Axes) -> Artists:  # noqa: ARG002
        """Set up the panel with artists that `redraw` fills.

        Parameters
        ----------
        result : Map
        axes : Axes

        Returns
        -------
        Artists
        """
        return Artists.on(axes)

    def redraw(self, result: Map, artists: Artists) -> None:
        """Colour what is asked for, grey the rest, and ring the pair.

        Parameters
        ----------
        result : Map
        artists : Artists
        """
        artists.heading.set_text(_headline(result))
        for design, part in artists.marks.items():
            _colour(part, [each for each in _all() if each.design == design], result)
        for work, number, glyph in zip(_all(), artists.numbers, artists.glyphs, strict=True):
            _write(work, number, glyph, result)
        for ring, chosen_one in zip(artists.rings, (result.params.first, result.params.second), strict=True):
            ring.set_offsets([artists.spots[chosen_one - 1]] if chosen_one else [(-9, -9)])

    def controls(self) -> dict[str, Any]:
        """Outcome, design, mark, and two works.

        Returns
        -------
        dict of str to widget
        """
        now = self.params
        names = {NOBODY: "none"} | {each.number: f"{each.number} {each.name}" for each in _all()}
        return {
            "outcome": _choice("Looked at", {ANY: "anything", **OUTCOMES}, now.outcome),
            "design": _choice("Made by", {ANY: "any design", **DESIGNS}, now.design),
            "mark": _choice("Known", {ANY: "either way", **MARK_WORDS}, now.mark),
            "first": _choice("Compare", names, now.first),
            "second": _choice("with", names, now.second),
        }


def _choice(words: str, options: dict[Any, str], value: Any) -> Any:
    import ipywidgets

    return ipywidgets.Dropdown(
        description=words,
        options=[(text, code) for code, text in options.items()],
        value=value,
        layout=ipywidgets.Layout(width="360px"),
    )


# Saying.


def _place_words(who: str, where: str) -> str:
    return f"{WHO[who]} listen and force is shown {PLACES[where]}"


def _n_works(number: int) -> str:
    return f"{number} work" if number == 1 else f"{number} works"


def _places(result: Map) -> list[tuple[str, str, int]]:
    return [(str(who), str(where), int(number)) for who, where, number in result.counts.to_numpy()]


def _count_words(result: Map) -> str:
    if not result.shown:
        return f"None of the {len(_all())} works is of this kind. The map is what the course has read, no census."
    who, where, most = max(_places(result), key=lambda place: place[2])
    return (
        f"{len(result.shown)} of {len(_all())} works. Most ({most}) stand where {_place_words(who, where)}."
        f"{_empty_words(result)}"
    )


def _empty_words(result: Map) -> str:
    """Which of the four cells of lesson 01's table are empty."""
    empty = [
        _place_words(who, where)
        for who, where, number in _places(result)
        if not number and who in ("citizens", "governments") and where in ("here", "elsewhere")
    ]
    return f" Empty in the table of lesson 01: {'; '.join(empty)}." if empty else ""


def _pair_words(result: Map) -> str:
    first, second = result.pair
    if not result.apart:
        return f"{first.name} and {second.name} are alike in all six respects."
    alike = [words for name, words in ASPECTS.items() if name not in result.apart]
    n_apart = len(result.apart)
    rivals = "that is one rival explanation" if n_apart == 1 else f"these are {n_apart} rival explanations"
    return (
        f"{first.name} and {second.name} differ in {n_apart} of {len(ASPECTS)} respects: "
        f"{', '.join(ASPECTS[name] for name in result.apart)}. Alike: {', '.join(alike) or 'none'}. "
        f"If their findings differ, {rivals}."
    )


def _headline(result: Map) -> str:
    if result.pair:
        return (
            f"{result.pair[0].number} and {result.pair[1].number} differ in {len(result.apart)} of 6 respects"
        )
    asked = OUTCOMES.get(result.params.outcome, "anything")
    return (
        f"{_n_works(len(result.shown))} on {asked}"
        if result.params.outcome != ANY
        else _n_works(len(result.shown))
    )


def _listed(result: Map) -> pd.DataFrame:
    rows = []
    for work in result.shown:
        found = _told(work, result.params)
        rows.append(
            [
                f"{work.number} {work.name}",
                DESIGNS[work.design],
                ", ".join(work.places),
                work.signal,
                f"{OUTCOMES[found.outcome]}: {SIGNS[found.sign]}",
                found.words,
                found.size,
                MARK_WORDS[found.mark],
            ]
        )
    columns = [
        "work",
        "made by",
        "who or where",
        "what varies",
        "finding",
        "in words",
        "size, if read",
        "known",
    ]
    return pd.DataFrame(rows, columns=columns)


def _told(work: Work, params: Params) -> Any:
    """The finding that answers what is asked: the first on the outcome with the mark."""
    fits = [
        each
        for each in work.findings
        if params.outcome in (ANY, each.outcome) and params.mark in (ANY, each.mark)
    ]
    return fits[0] if fits else work.findings[0]


def _side_by_side(result: Map) -> pd.DataFrame:
    first, second = result.pair
    rows = [
        [words, _said(first, name), _said(second, name), "differ" if name in result.apart else "alike"]
        for name, words in ASPECTS.items()
    ]
    rows.append(["findings", _found(first), _found(second), ""])
    rows.append(["record", first.cite, second.cite, ""])
    return pd.DataFrame(rows, columns=["respect", first.name, second.name, "they"])


def _said(work: Work, name: str) -> str:
    words = {
        "who": WHO[work.who],
        "where": PLACES[work.where],
        "design": DESIGNS[work.design],
        "places": ", ".join(work.places),
        "signal": work.signal,
        "outcomes": ", ".join(OUTCOMES[each] for each in work.outcomes),
    }
    return words[name]


def _found(work: Work) -> str:
    return " ".join(
        f"{OUTCOMES[each.outcome].capitalize()}: {SIGNS[each.sign]}, {MARK_WORDS[each.mark]}. {each.words}"
        f"{f' Size: {each.size}.' if each.size else ''}"
        for each in work.findings
    )


def _alt(result: Map) -> str:
    filled = [f"{WHO[who]}, {PLACES[where]}: {number}" for who, where, number in _places(result) if number]
    ringed = f" Ringed: {' and '.join(each.name for each in result.pair)}." if result.pair else ""
    return (
        "A grid with numbered marks: who listens down, where force is shown across. "
        f"Works that are asked for, by place: {'; '.join(filled) or 'none'}. All other places are empty.{ringed}"
    )


def _notes(result: Map) -> tuple[str, ...]:
    glyphs = ", ".join(f"{glyph} {SIGNS[sign]}" for sign, glyph in GLYPHS.items())
    notes = [
        "Circle: experiment; square: survey or poll; triangle: states over time; diamond: cases.",
        "Full: read in the source; hollow: second-hand; grey: not asked for.",
        f"Sign beside a mark, as what varies grows: {glyphs}.",
        "The map holds what the course has read, mostly abstracts. An empty place does not say that nothing exists.",
    ]
    if result.params.mark == "read":
        notes.append(
            "A work stays if the finding on what is looked at was read, though others of its findings were not."
        )
    return tuple(notes)


# Drawing.


class Place(NamedTuple):
    """Where things stand in the figure, and how many marks fit side by side in a cell."""

    grid: tuple[float, float, float, float]
    title: tuple[float, float]
    heading: tuple[float, float]
    per_row: int


WIDE = Place(grid=(0.115, 0.085, 0.875, 0.74), title=(0.012, 0.98), heading=(0.988, 0.975), per_row=5)
NARROW = Place(grid=(0.19, 0.085, 0.8, 0.735), title=(0.02, 0.988), heading=(0.02, 0.945), per_row=3)


def _place(figure: Figure) -> Place:
    return WIDE if figure.get_figwidth() > 7 else NARROW


def _spots(per_row: int) -> tuple[tuple[float, float], ...]:
    """Where each work stands: cell by cell, from the left to the right and down."""
    seen: dict[tuple[str, str], int] = {}
    spots = []
    for work in _all():
        at = (work.who, work.where)
        place = seen.get(at, 0)
        seen[at] = place + 1
        column, row = place % per_row, place // per_row
        n_rows = 2 if per_row == WIDE.per_row else 3
        x = list(PLACES).index(work.where) + (column + 0.38) / per_row
        y = list(WHO).index(work.who) + (row + 0.5) / n_rows
        spots.append((x, y))
    return tuple(spots)


@dataclass(frozen=True)
class Artists:
    """What changes in the picture."""

    heading: Text
    marks: dict[str, PathCollection]
    rings: tuple[PathCollection, PathCollection]
    numbers: tuple[Text, ...]
    glyphs: tuple[Text, ...]
    spots: tuple[tuple[float, float], ...]

    @classmethod
    def on(cls, axes: Axes) -> Artists:
        """Make all artists on axes.

        Parameters
        ----------
        axes : matplotlib Axes

        Returns
        -------
        Artists
        """
        figure = axes.get_figure(root=True)
        assert figure is not None
        place = _place(figure)
        _dress(figure, axes, place)
        spots = _spots(place.per_row)
        first, second = (_ring(axes, colour) for colour in RINGS)
        moves = cls(
            heading=figure.text(
                *place.heading, "", va="top", ha="right" if place is WIDE else "left", fontsize=12
            ),
            marks={design: _marks(axes, design, spots) for design in DESIGNS},
            rings=(first, second),
            numbers=tuple(_number(axes, spot, each) for spot, each in zip(spots, _all(), strict=True)),
            glyphs=tuple(_glyph(axes, spot, place) for spot in spots),
            spots=spots,
        )
        moving(moves.heading, *moves.marks.values(), *moves.rings, *moves.numbers, *moves.glyphs)
        return moves


AREAS = {"experiment": 430.0, "survey": 350.0, "panel": 560.0, "cases": 260.0}


def _marks(axes: Axes, design: str, spots: tuple[tuple[float, float], ...]) -> PathCollection:
    here = [spot for spot, work in zip(spots, _all(), strict=True) if work.design == design]
    across, down = ([spot[axis] for spot in here] for axis in (0, 1))
    return axes.scatter(across, down, s=AREAS[design], marker=SHAPES[design], linewidth=1.8, zorder=3)


def _ring(axes: Axes, colour: str) -> PathCollection:
    return axes.scatter(
        [-9], [-9], s=950, facecolor="none", edgecolor=colour, linewidth=3.2, zorder=2, clip_on=True
    )


def _number(axes: Axes, spot: tuple[float, float], work: Work) -> Text:
    down = -2.5 if work.design == "panel" else 0
    return axes.annotate(
        str(work.number),
        spot,
        xytext=(0, down),
        textcoords="offset points",
        ha="center",
        va="center",
        fontsize=11,
        zorder=4,
    )


def _glyph(axes: Axes, spot: tuple[float, float], place: Place) -> Text:
    return axes.annotate(
        "",
        spot,
        xytext=(13 if place is WIDE else 12, 0),
        textcoords="offset points",
        ha="left",
        va="center",
        fontsize=13,
        fontweight="bold",
    )


def _dress(figure: Figure, axes: Axes, place: Place) -> None:
    wide = place is WIDE
    axes.set(xlim=(0, len(PLACES)), ylim=(len(WHO), 0))
    heads = HEADS if wide else SHORT_HEADS
    axes.set_xticks([0.5, 1.5, 2.5], [heads[name] for name in PLACES], fontsize=12 if wide else 11)
    axes.xaxis.tick_top()
    axes.set_yticks([row + 0.5 for row in range(len(WHO))], [ROWS[name] for name in WHO], fontsize=11)
    axes.tick_params(length=0, pad=5)
    axes.grid(visible=False)
    for x in (1, 2):
        axes.axvline(x, color=GREY, linewidth=0.8)
    for y in range(1, len(WHO)):
        axes.axhline(y, color=GREY, linewidth=0.8)
    for side in axes.spines.values():
        side.set(visible=True, color=GREY)
    axes.add_patch(_four())
    figure.text(*place.title, TITLE, fontsize=14 if wide else 13, fontweight="bold", va="top")
    low = 0.905 if wide else 0.91
    figure.text(0.115 if wide else 0.19, low, "Force is shown ...", fontsize=11, color=QUIET, va="center")
    source_line(figure, SOURCE if wide else SOURCE.replace("; ", ";\n", 1))


def _four() -> Any:
    """Frame of the four cells of the first page."""
    from matplotlib.patches import Rectangle

    return Rectangle((0, 0), 2, 2, fill=False, edgecolor=INK, linewidth=2.2, zorder=1.5, clip_on=False)


def _colour(part: PathCollection, here: list[Work], result: Map) -> None:
    edges, faces = [], []
    for work in here:
        asked = work in result.shown
        read = _told(work, result.params).mark == "read"
        edges.append(FULL if asked else FADED)
        faces.append(PAPER if not (asked and read) else FULL)
    part.set_edgecolor(edges)
    part.set_facecolor(faces)


def _write(work: Work, number: Text, glyph: Text, result: Map) -> None:
    asked, found = work in result.shown, _told(work, result.params)
    full = asked and found.mark == "read"
    number.set_color(PAPER if full else INK if asked else GREY)
    glyph.set_text(GLYPHS[found.sign] if asked else "")
    glyph.set_color(INK)
