"""DeploymentAtlas: where have US troops been, and were their hosts allies?

Lines follow the hosts that the student chooses; bars rank all hosts of the last year chosen. A line is solid while
a defence pact with the United States is in force and dashed while none is; a bar is filled or hatched likewise, and
says so in words. Counts are of permanently assigned personnel, so rotational forces are missing. What the lab says
is what the data say: who hosts how many, and never why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.data import breaks, load
from helpers.plotting import COLOURS, GREY, INK, readable, source_line, spread
from helpers.theory import deployments as theory
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import DPI, moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

FIRST, LAST = 1950, 2025
MOST_HOSTS = len(COLOURS)
TOP = 10
SOLID: Any = "-"
DASHES: Any = (0, (2.2, 1.4))
MEASURES = {"troops": "Total", "per_thousand": "Per 1,000 inhabitants"}
SHORT = {"RVN": "South Vietnam", "BIH": "Bosnia", "ARE": "UAE", "GBR": "United Kingdom"}
GROUPS: dict[str, tuple[str, ...]] = {
    "Large hosts since 1950": ("DEU", "JPN", "KOR", "GBR", "ITA"),
    "Europe": ("DEU", "GBR", "ITA", "FRA", "ESP", "TUR", "ISL"),
    "East Asia and the Pacific": ("JPN", "KOR", "PHL", "TWN", "THA", "AUS"),
    "The war in Vietnam": ("RVN", "THA", "JPN", "KOR", "PHL", "DEU"),
    "War zones since 1990": ("SAU", "KWT", "IRQ", "AFG", "BIH", "SYR"),
    "The Gulf": ("BHR", "KWT", "QAT", "SAU", "ARE"),
    "NATO's eastern members": ("POL", "ROU", "HUN", "BGR", "EST", "LVA", "LTU"),
    "Latin America": ("PAN", "CUB", "HND", "HTI", "BRA", "COL"),
}
SOURCE = (
    "Allen, Flynn and Martinez Machain (2022); treaties: the course's list. Rotating forces are left out."
)


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    hosts : tuple of str
        Codes of the hosts whose lines are drawn, one to seven, for instance `("JPN", "KOR")`.
    years : (int, int)
        First and last year, 1950 to 2025. The last is the year of the ranking.
    measure : str
        `troops` (persons) or `per_thousand` (troops for each thousand inhabitants of the host).
    """

    hosts: tuple[str, ...] = GROUPS["Large hosts since 1950"]
    years: tuple[int, int] = (FIRST, LAST)
    measure: str = "troops"

    def __post_init__(self) -> None:
        object.__setattr__(self, "hosts", _hosts(self.hosts))
        object.__setattr__(self, "years", _years(self.years))
        if self.measure not in MEASURES:
            raise ValueError(f"measure={self.measure!r} is not known; choose one of {', '.join(MEASURES)}.")


def _hosts(given: object) -> tuple[str, ...]:
    codes = (given,) if isinstance(given, str) else tuple(given)  # type: ignore[arg-type]
    if not 1 <= len(codes) <= MOST_HOSTS:
        raise ValueError(f"hosts has {len(codes)} entries; choose 1 to {MOST_HOSTS}.")
    if len(set(codes)) < len(codes):
        raise ValueError(f"hosts={codes} names a host twice.")
    for code in codes:
        if code == theory.GUARDIAN:
            raise ValueError("The United States is not a host of its own troops; choose another code.")
        if code not in _sources().names:
            raise ValueError(f"No host {code!r}. Hosts are given by code, for instance 'JPN' for Japan.")
    return codes


def _years(given: object) -> tuple[int, int]:
    try:
        first, last = (int(year) for year in given)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        raise ValueError(f"years={given!r} is not a pair of years such as (1950, 2025).") from None
    if not FIRST <= first < last <= LAST:
        raise ValueError(f"years=({first}, {last}) must rise and lie between {FIRST} and {LAST}.")
    return first, last


@dataclass(frozen=True)
class _Sources:
    rows: pd.DataFrame
    by_year: dict[int, pd.DataFrame]
    ranked_years: dict[str, tuple[int, ...]]
    called: dict[str, dict[int, str]]
    wide: dict[str, pd.DataFrame]
    pacts: theory.Pacts
    names: dict[str, str]
    imputed: frozenset[int]
    breaks: tuple[tuple[int, str], ...]
    last_population: int


@lru_cache(maxsize=1)
def _sources() -> _Sources:
    people = theory.population(load("allies_panel"), load("gdp_population"))
    rows = theory.per_thousand(theory.hosts(load("us_troops")), people)
    latest = rows.drop_duplicates("unit", keep="last").set_index("unit")["country"]
    names = {str(unit): SHORT.get(str(unit), str(name)) for unit, name in latest.sort_values().items()}
    return _Sources(
        rows=rows,
        by_year={int(str(year)): part for year, part in rows.groupby("year")},
        ranked_years={measure: _ranked_years(rows, measure) for measure in MEASURES},
        called=_called(rows),
        wide={measure: _wide(rows, measure) for measure in MEASURES},
        imputed=frozenset(int(year) for year in rows.loc[rows["imputed"], "year"].unique()),
        pacts=theory.Pacts(load("us_alliances")),
        names=_told_apart(names, rows),
        breaks=tuple((int(mark.year), str(mark.text)) for mark in breaks("us_troops")),
        last_population=int(people["year"].max()),
    )


def _ranked_years(rows: pd.DataFrame, measure: str) -> tuple[int, ...]:
    counted = rows.loc[rows[measure].notna() & ~rows["imputed"], "year"]
    return tuple(sorted(int(year) for year in counted.unique()))


def _called(rows: pd.DataFrame) -> dict[str, dict[int, str]]:
    """What each host is called from which year on."""
    called: dict[str, dict[int, str]] = {}
    for unit, name, year in rows.drop_duplicates(["unit", "country"])[["unit", "country", "year"]].to_numpy():
        called.setdefault(str(unit), {})[int(year)] = SHORT.get(str(unit), str(name))
    return called


def _told_apart(names: dict[str, str], rows: pd.DataFrame) -> dict[str, str]:
    """Names in alphabetical order; where two codes share a name, their years are added."""
    years = rows.groupby("unit")["year"]
    first, last = years.min().to_dict(), years.max().to_dict()
    shared = {name for name in names.values() if list(names.values()).count(name) > 1}
    told = {
        code: f"{name}, {first[code]} to {last[code]}" if name in shared else name
        for code, name in names.items()
    }
    return dict(sorted(told.items(), key=lambda item: item[1]))


def _wide(rows: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Years by hosts; years without a report are bridged by a straight line, as they are drawn."""
    counted = rows[measure].where(~rows["imputed"])
    wide = rows.assign(counted=counted).pivot(index="year", columns="unit", values="counted")
    bridged = wide.interpolate(limit_area="inside")
    for year in rows.loc[rows["imputed"], "year"].unique():
        wide.loc[year] = bridged.loc[year]
    return wide


@dataclass(frozen=True)
class Line:
    """One host over the years chosen.

    Parameters
    ----------
    name : str
        The host's name in the last year with a figure.
    values : array of float, one for each year
        Missing where there is no figure.
    treaty : array of bool, one for each year
        Whether a defence pact was in force.
    """

    name: str
    values: np.ndarray[Any, np.dtype[np.float64]]
    treaty: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Atlas:
    """What the settings give.

    Parameters
    ----------
    params : Params
    years : array of int
    lines : tuple of Line
    ranked : DataFrame
        The largest hosts of `year`: rank, unit, country, value, treaty (short names; empty if none).
    year : int or None
        The year of the ranking; None where the years chosen have no count to rank by.
    breaks : tuple of (int, str)
        Breaks in the series within the years.
    left_out : tuple of str
        Hosts chosen that have no figure at all in these years.
    unranked : tuple of str
        Hosts of `year` with troops that cannot be ranked for want of a population figure, the largest first.
    """

    params: Params
    years: np.ndarray[Any, np.dtype[np.int64]]
    lines: tuple[Line, ...]
    ranked: pd.DataFrame
    year: int | None
    breaks: tuple[tuple[int, str], ...]
    left_out: tuple[str, ...]
    unranked: tuple[str, ...]


class DeploymentAtlas(Lab[Params, Atlas]):
    """Where have US troops been since 1950, and were their hosts allies?

    Parameters
    ----------
    hosts, years, measure
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = DeploymentAtlas(hosts=("JPN", "KOR"), years=(1950, 1990), remember=False)
    >>> lab.params.hosts
    ('JPN', 'KOR')
    """

    title = "Where have US troops been?"
    size: ClassVar[tuple[float, float]] = (9.0, 5.2)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 9.4)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Atlas:
        """Lines of the hosts chosen and the ranking of the last year.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Atlas
        """
        data = _sources()
        years = np.arange(params.years[0], params.years[1] + 1)
        year = _ranking_year(params)
        lines = tuple(_line(code, years, params.measure) for code in params.hosts)
        missing = (line.name for line in lines if not np.isfinite(line.values).any())
        return Atlas(
            params=params,
            years=years,
            lines=lines,
            ranked=_ranked(year, params.measure),
            year=year,
            breaks=tuple((when, text) for when, text in data.breaks if years[0] < when <= years[-1]),
            left_out=tuple(missing),
            unranked=_unranked(year, params.measure),
        )

    def describe(self, result: Atlas) -> Sentence:
        """Who hosts most, and how many of the largest hosts had a treaty.

        Parameters
        ----------
        result : Atlas

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_ranking_words(result)} {_lines_words(result)}".strip(),
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: lines over time, and the ranking.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        place = _places(figure)
        return figure.add_axes(place.lines), figure.add_axes(place.bars)

    def draw(self, result: Atlas, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Atlas
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Atlas, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Atlas
        artists : Artists
        """
        headline = _headline(result)
        fits = _places(self.painter.figure) is WIDE or len(headline) < 40
        artists.title.set(text=headline, fontsize=14 if fits else 12)
        _move_lines(result, artists)
        _move_bars(result, artists)

    def controls(self) -> dict[str, Any]:
        """Group and host, years, and measure.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        from helpers.ui.pickers import SeveralOf

        return {
            "hosts": SeveralOf(_sources().names, GROUPS, self.params.hosts, item="host", most=MOST_HOSTS),
            "years": ipywidgets.IntRangeSlider(
                description="Years",
                min=FIRST,
                max=LAST,
                value=self.params.years,
                layout=ipywidgets.Layout(width="420px"),
            ),
            "measure": ipywidgets.Dropdown(
                description="Measure",
                options=[(text, code) for code, text in MEASURES.items()],
                value=self.params.measure,
            ),
        }


# Computing: which year is ranked, and what each host's line is.


def _ranking_year(params: Params) -> int | None:
    """The last of the years chosen that has counts to rank by."""
    first, last = params.years
    inside = (year for year in _sources().ranked_years[params.measure] if first <= year <= last)
    return max(inside, default=None)


def _ranked(year: int | None, measure: str) -> pd.DataFrame:
    data = _sources()
    rows = theory.ranking(data.by_year.get(year or 0, data.rows.head(0)), year or 0, measure, top=TOP)
    rows = rows[rows[measure] > 0].rename(columns={measure: "value"})
    names = [SHORT.get(unit, name) for unit, name in zip(rows["unit"], rows["country"], strict=True)]
    return rows.assign(country=names, treaty=[data.pacts.of(unit, year or 0) for unit in rows["unit"]])


def _unranked(year: int | None, measure: str) -> tuple[str, ...]:
    data = _sources()
    rows = data.by_year.get(year or 0, data.rows.head(0))
    lacking = rows[rows["troops"].gt(0) & rows[measure].isna()].sort_values("troops", ascending=False)
    return tuple(
        SHORT.get(unit, name) for unit, name in zip(lacking["unit"], lacking["country"], strict=True)
    )


def _line(code: str, years: np.ndarray[Any, np.dtype[np.int64]], measure: str) -> Line:
    data = _sources()
    wide = data.wide[measure]
    values = wide[code].to_numpy(dtype=float)[np.searchsorted(wide.index, years)]
    since = [year for year in data.called[code] if year <= years[-1]]
    name = data.called[code][max(since)] if since else data.names[code]
    return Line(name, values, data.pacts.in_force(code, years))


# Saying.


def _amount(value: float, measure: str) -> str:
    return f"{value:,.0f}" if measure == "troops" else f"{value:,.1f}" if value >= 1 else f"{value:,.2f}"


def _unit(measure: str) -> str:
    return "US troops" if measure == "troops" else "US troops per 1,000 inhabitants"


def _headline(result: Atlas) -> str:
    if result.year is None or result.ranked.empty:
        return "No counts to rank in these years"
    first = result.ranked.iloc[0]
    amount = _amount(first["value"], result.params.measure)
    if result.params.measure == "troops":
        return f"Most US troops, {result.year}: {first['country']}, {amount}"
    return f"Most per 1,000 if known, {result.year}: {first['country']}, {amount}"


def _ranking_words(result: Atlas) -> str:
    if result.year is None or result.ranked.empty:
        since, until = result.params.years
        return f"For {since} to {until} there is nothing to rank: {_why_none(result)}."
    first, rows = result.ranked.iloc[0], result.ranked
    allied, measure = int(rows["treaty"].ne("").sum()), result.params.measure
    known = "among hosts whose population is known, " if result.unranked else ""
    return (
        f"In {result.year}, {known}{first['country']} hosted most {_unit(measure)}: "
        f"{_amount(first['value'], measure)}; {allied} of the {len(rows)} largest hosts had a defence treaty "
        "with the United States in force."
    )


def _why_none(result: Atlas) -> str:
    if result.params.measure == "per_thousand" and result.params.years[0] > _sources().last_population:
        return f"population figures end in {_sources().last_population}"
    return "these years have no counts, only imputed values"


def _lines_words(result: Atlas) -> str:
    peaks = [peak for line in result.lines if (peak := _peak(line, result.years))]
    if not peaks:
        return ""
    value, name, year = max(peaks)
    amount, (first, last) = _amount(value, result.params.measure), (result.years[0], result.years[-1])
    if len(peaks) == 1:
        return f"From {first} to {last}, the highest figure of {name} was {amount}, in {year}."
    shown = f"Of the {len(peaks)} hosts shown, from {first} to {last}"
    return f"{shown}, {name} had the highest figure: {amount} in {year}."


def _peak(line: Line, years: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[float, str, int] | None:
    """Highest count of a line, its host and its year; years without a report do not count."""
    counted = np.where(np.isin(years, list(_sources().imputed)), np.nan, line.values)
    if not np.isfinite(counted).any():
        return None
    at = int(np.nanargmax(counted))
    return float(counted[at]), line.name, int(years[at])


def _table(result: Atlas) -> pd.DataFrame:
    rows, measure = result.ranked, result.params.measure
    return pd.DataFrame(
        {
            f"host in {result.year}": rows["country"].to_list(),
            _unit(measure): [_amount(value, measure) for value in rows["value"]],
            "defence treaty in force": [treaty or "none" for treaty in rows["treaty"]],
        }
    )


def _alt(result: Atlas) -> str:
    first, last = result.params.years
    names = ", ".join(line.name for line in result.lines)
    bars = (
        f"Right: bars of the {len(result.ranked)} largest hosts in {result.year}."
        if result.year
        else "Right: empty."
    )
    return (
        f"Two charts. Left: lines of {_unit(result.params.measure)}, {first} to {last}, for {names}; "
        f"solid where a defence treaty is in force, dashed where none is. {bars}"
    )


def _notes(result: Atlas) -> tuple[str, ...]:
    notes = [
        f"{mark}: {text}" if str(year) in text else f"{mark}, {year}: {text}"
        for mark, (year, text) in zip("abcdefgh", result.breaks, strict=False)
    ]
    bridged = sorted(set(result.years.tolist()) & _sources().imputed)
    if bridged:
        years = " and ".join(str(year) for year in bridged)
        notes.append(
            f"Lines run straight through {years}; no ranking and no highest figure uses imputed years."
        )
    if result.left_out:
        notes.append(f"Left out, no figure in these years: {', '.join(result.left_out)}.")
    if result.year is not None and result.year < result.params.years[1]:
        notes.append(f"The ranking is that of {result.year}, the last of these years with figures.")
    if result.unranked:
        named = ", ".join(result.unranked[:3])
        more = len(result.unranked) - 3
        rest = f" and {more} smaller ones" if more > 0 else ""
        notes.append(
            f"Not ranked, because their population in {result.year} is not in the data: {named}{rest}."
        )
    return tuple(notes)


# Drawing.


class Places(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    lines: tuple[float, float, float, float]
    bars: tuple[float, float, float, float]
    title: tuple[float, float]
    heading: tuple[float, float]
    key: tuple[float, float]
    ranks: tuple[float, float]
    source: str


WIDE = Places(
    lines=(0.075, 0.165, 0.395, 0.64),
    bars=(0.652, 0.09, 0.34, 0.76),
    title=(0.012, 0.965),
    heading=(0.012, 0.885),
    key=(0.345, 0.885),
    ranks=(0.652, 0.885),
    source=SOURCE,
)
NARROW = Places(
    lines=(0.125, 0.545, 0.575, 0.325),
    bars=(0.02, 0.068, 0.96, 0.4),
    title=(0.02, 0.985),
    heading=(0.02, 0.945),
    key=(0.02, 0.918),
    ranks=(0.02, 0.487),
    source=SOURCE.replace("treaties:", "\ntreaties:"),
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
    solid: tuple[Line2D, ...]
    dashed: tuple[Line2D, ...]
    leaders: tuple[Line2D, ...]
    labels: tuple[Text, ...]
    marks: tuple[tuple[Line2D, Text], ...]
    bars: tuple[Rectangle, ...]
    hosts: tuple[Text, ...]
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
        _dress(figure, left, right)
        moves = cls(
            left=left,
            right=right,
            title=figure.text(*place.title, "", fontsize=14, fontweight="bold", va="top"),
            heading=figure.text(*place.heading, "", va="top"),
            rank_heading=figure.text(*place.ranks, "", va="top"),
            solid=tuple(left.plot([], [], color=colour)[0] for colour in COLOURS),
            dashed=tuple(left.plot([], [], color=colour, linestyle=DASHES)[0] for colour in COLOURS),
            leaders=tuple(_leader(left, colour) for colour in COLOURS),
            labels=tuple(_label(left, colour) for colour in COLOURS),
            marks=tuple(_mark(left) for _ in _sources().breaks),
            bars=tuple(right.barh(range(TOP), [0] * TOP, height=0.26, linewidth=1.2)),
            hosts=tuple(right.text(0, row - 0.2, "", va="bottom") for row in range(TOP)),
            amounts=tuple(right.text(1, row - 0.2, "", va="bottom", ha="right") for row in range(TOP)),
        )
        moving(moves.title, moves.heading, moves.rank_heading, *moves.solid, *moves.dashed, *moves.leaders)
        moving(*moves.labels, *(part for mark in moves.marks for part in mark))
        moving(*moves.bars, *moves.hosts, *moves.amounts)
        return moves


def _dress(figure: Figure, left: Axes, right: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    left.xaxis.set_major_locator(MaxNLocator(5, integer=True, min_n_ticks=2))
    left.yaxis.set_major_locator(MaxNLocator(5))
    left.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    left.set_xlabel("Year")
    left.grid(axis="x", visible=False)
    left.tick_params(length=0, pad=6)
    right.set(xlim=(0, 1), ylim=(TOP - 0.8, -0.85))
    right.set_axis_off()
    _key(figure, *_places(figure).key)
    source_line(figure, _places(figure).source)


def _key(figure: Figure, left: float, top: float) -> None:
    from matplotlib.lines import Line2D

    inch, middle = 1 / figure.get_figwidth(), top - 0.088 / figure.get_figheight()
    for x, style, words in ((left, SOLID, "treaty"), (left + 1.12 * inch, DASHES, "no treaty")):
        sample = Line2D([x, x + 0.27 * inch], [middle, middle], color=INK, linewidth=2.2)
        sample.set_linestyle(style)
        figure.add_artist(sample)
        figure.text(x + 0.33 * inch, top, words, va="top")


def _tick(value: float) -> str:
    if value >= 1000:
        return f"{value / 1000:g}k"
    return f"{value:g}"


def _leader(axes: Axes, colour: str) -> Line2D:
    return axes.plot([], [], color=colour, linewidth=1, clip_on=False)[0]


def _label(axes: Axes, colour: str) -> Text:
    return axes.text(0, 0, "", color=readable(colour), va="center", clip_on=False)


def _mark(axes: Axes) -> tuple[Line2D, Text]:
    line = axes.axvline(0, color=GREY, linewidth=1.2, linestyle=(0, (1, 2)))
    text = axes.text(
        0, 1.0, "", transform=axes.get_xaxis_transform(), ha="center", va="bottom", color=INK, fontsize=11
    )
    return line, text


def _ceiling(result: Atlas) -> float:
    """Top of the axis: a round number above all values, so that it seldom changes."""
    tops = [np.nanmax(line.values) for line in result.lines if np.isfinite(line.values).any()]
    top = max([float(top) for top in tops], default=0.0) or 1.0
    step = 10 ** np.floor(np.log10(top))
    return float(next(step * k for k in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * k >= top * 1.02 or k == 10))


def _move_lines(result: Atlas, artists: Artists) -> None:
    axes, first, last = artists.left, *result.params.years
    left, right = _round_years(first, last)
    if axes.get_xlim() != (left, right):
        axes.set_xlim(left, right)
    if axes.get_ylim() != (0, _ceiling(result)):
        axes.set_ylim(0, _ceiling(result))
    artists.heading.set_text(_unit(result.params.measure))
    for slot in range(MOST_HOSTS):
        values, treaty = _slot(result, slot)
        for line in (artists.solid[slot], artists.dashed[slot]):
            line.set_visible(slot < len(result.lines))
        artists.solid[slot].set_data(result.years, np.where(treaty, values, np.nan))
        artists.dashed[slot].set_data(result.years, np.where(_until_next(~treaty), values, np.nan))
    _move_labels(result, artists)
    _move_marks(result, artists)


def _round_years(first: int, last: int) -> tuple[int, int]:
    """Ends of the axis at round years, so that it seldom changes while the last year moves."""
    step = 5 if last - first > 10 else 1
    return first - first % step, last + -last % step


def _slot(result: Atlas, slot: int) -> tuple[Any, Any]:
    if slot < len(result.lines):
        return result.lines[slot].values, result.lines[slot].treaty
    return np.full(len(result.years), np.nan), np.zeros(len(result.years), dtype=bool)


def _until_next(held: np.ndarray[Any, np.dtype[np.bool_]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """`held`, and the years beside it, so that solid and dashed parts of a line meet."""
    reach = held.copy()
    reach[:-1] |= held[1:]
    reach[1:] |= held[:-1]
    return reach


def _move_labels(result: Atlas, artists: Artists) -> None:
    axes = artists.left
    ends = [(slot, *_end(result.years, line.values)) for slot, line in enumerate(result.lines)]
    ends = [end for end in ends if end[1] is not None]
    for text, leader in zip(artists.labels, artists.leaders, strict=True):
        text.set_text("")
        leader.set_data([], [])
    heights = [float(axes.transData.transform((year, value))[1]) for _, year, value in ends]
    row = 12 * 1.3 * axes.figure.dpi / 72
    places = spread(heights, row, axes.bbox.y0, axes.bbox.y1)
    edge = axes.bbox.x1 + 0.02 * axes.bbox.width
    for (slot, year, value), place in zip(ends, places, strict=True):
        x, y = axes.transData.inverted().transform((edge + 0.03 * axes.bbox.width, place))
        artists.labels[slot].set_position((x, y))
        artists.labels[slot].set_text(result.lines[slot].name)
        turn = axes.transData.inverted().transform((edge + 0.02 * axes.bbox.width, place))
        artists.leaders[slot].set_data([year, turn[0]], [value, turn[1]])


def _end(years: Any, values: Any) -> tuple[int, float] | tuple[None, None]:
    seen = np.flatnonzero(np.isfinite(values))
    return (int(years[seen[-1]]), float(values[seen[-1]])) if seen.size else (None, None)


def _move_marks(result: Atlas, artists: Artists) -> None:
    wanted = [year - 0.5 for year, _ in result.breaks]
    first, last = result.params.years
    left, right = _round_years(first, last)
    gap = 13 * (right - left) / artists.left.bbox.width * artists.left.figure.dpi / DPI
    letters = spread(wanted, gap, left, right)
    for place, (line, text) in enumerate(artists.marks):
        shown = place < len(wanted)
        line.set_visible(shown)
        text.set_visible(shown)
        if shown:
            line.set_xdata([wanted[place]] * 2)
            text.set(x=letters[place], text="abcdefgh"[place])


def _move_bars(result: Atlas, artists: Artists) -> None:
    rows = list(result.ranked.itertuples(index=False))
    known = " where known" if result.unranked else ""
    artists.rank_heading.set_text(f"Largest hosts{known}, {result.year}" if result.year else "")
    most = float(result.ranked["value"].max()) if rows else 1.0
    colours = {code: COLOURS[slot] for slot, code in enumerate(result.params.hosts)}
    for place in range(TOP):
        row = rows[place] if place < len(rows) else None
        _move_bar(artists, place, row, most, colours, result.params.measure)


def _move_bar(
    artists: Artists, place: int, row: Any, most: float, colours: dict[str, str], measure: str
) -> None:
    bar, host, amount = artists.bars[place], artists.hosts[place], artists.amounts[place]
    bar.set_width(row.value / most if row else 0)
    host.set_text(_fit(row.country, 18 if row.treaty else 13) if row else "")
    amount.set_text(f"{_amount(row.value, measure)}{'' if row.treaty else ', no treaty'}" if row else "")
    if row:
        colour = colours.get(row.unit, GREY)
        bar.set(
            facecolor=colour if row.treaty else "white", edgecolor=colour, hatch="" if row.treaty else "/////"
        )
        host.set_color(readable(colour) if row.unit in colours else INK)


def _fit(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
