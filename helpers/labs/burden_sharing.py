"""BurdenSharing: who buys defence when each enjoys what all buy?

Bars show what each ally of the model spends, in per cent of its income; beside them stands its share of the income
and of the defence of all. A short line marks what it would spend if it were alone. Two of the worlds have the real
sizes of NATO's members in 1969, and a diamond then shows the burden in the data, so that the student sees where the
model and the data part. What an ally's taste is nobody has measured: it is the student's to set.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.data import load
from helpers.plotting import COLOURS, INK, readable, source_line
from helpers.theory.burden_sharing import Ally, Equilibrium, equilibrium
from helpers.theory.ranks import rank_correlation
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

YEAR = 1969
GUARDIAN = "USA"
THREE = {"Large": 600.0, "Middle": 250.0, "Small": 50.0}
WORLDS = {
    "three": "Three allies",
    "nato": f"NATO {YEAR}, without the guardian",
    "nato_guardian": f"NATO {YEAR}, with the guardian",
}
WHO = {"smallest": "Smallest ally", "second": "Second smallest ally", "largest": "Largest ally"}
HOSTS = {
    "nobody": "no ally's country",
    "largest": "the largest",
    "second": "the second smallest",
    "smallest": "the smallest",
}
LIMITS = {
    "inequality": (0, 1.5),
    "taste": (0.5, 10),
    "extra": (0, 10),
    "deployment": (0, 40),
    "impure": (0, 100),
}
ROWS = 14
BAR, MARK, EDGE = COLOURS[0], COLOURS[1], COLOURS[2]
SOURCE = f"the course's model. Sizes and burdens of {YEAR}: allies_panel (WMEAT 1963-73)."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    world : str
        `three` invented allies, or NATO's members of 1969: `nato` without, `nato_guardian` with the guardian.
    inequality : float
        0 makes all allies equal, 1 leaves their sizes as given, more stretches them. Their sum stays. 0 to 1.5.
    taste : float
        What each ally would spend if alone, per cent of its income, 0.5 to 10.
    who : str
        Whose taste has the extra: `smallest`, `second` (smallest) or `largest`.
    extra : float
        Extra taste of that ally, percentage points, 0 to 10.
    deployment : float
        What a guardian outside deploys, billion dollars a year, 0 to 40.
    host : str
        Where the deployment stands: `nobody`, or in the `largest`, `second` (smallest) or `smallest` ally.
    impure : float
        Share of a contribution that serves its buyer alone, per cent, 0 to 100.
    """

    world: str = "three"
    inequality: float = 1.0
    taste: float = 5.0
    who: str = "smallest"
    extra: float = 0.0
    deployment: float = 0.0
    host: str = "nobody"
    impure: float = 0.0

    def __post_init__(self) -> None:
        _one_of("world", self.world, WORLDS)
        _one_of("who", self.who, WHO)
        _one_of("host", self.host, HOSTS)
        for name, (low, high) in LIMITS.items():
            object.__setattr__(self, name, _within(name, getattr(self, name), low, high))


def _one_of(name: str, value: object, known: dict[str, str]) -> None:
    if value not in known:
        raise ValueError(f"{name}={value!r} is not known; choose one of {', '.join(known)}.")


def _within(name: str, value: object, low: float, high: float) -> float:
    try:
        number = round(float(value), 6)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name}={value!r} is not a number from {low} to {high}.") from None
    if not low <= number <= high:
        raise ValueError(f"{name}={value!r} must lie between {low} and {high}.")
    return number


class Member(NamedTuple):
    """One ally of a world: its name, its size (billion dollars) and its burden in the data (per cent; or missing)."""

    name: str
    size: float
    observed: float


@lru_cache(maxsize=1)
def _members_of_nato() -> tuple[tuple[str, Member], ...]:
    rows = load("allies_panel")
    rows = rows[(rows["year"] == YEAR) & (rows["nato"] == 1)].dropna(
        subset=["gnp_usd_mn_current", "milex_pct_gdp"]
    )
    rows = rows.sort_values("gnp_usd_mn_current", ascending=False)
    return tuple(
        (unit, Member(name, size / 1000, burden))
        for unit, name, size, burden in rows[
            ["unit", "country", "gnp_usd_mn_current", "milex_pct_gdp"]
        ].to_numpy()
    )


@lru_cache(maxsize=len(WORLDS))
def _world(world: str) -> tuple[Member, ...]:
    """Members of a world, the largest first."""
    if world == "three":
        return tuple(Member(name, size, float("nan")) for name, size in THREE.items())
    with_guardian = world == "nato_guardian"
    return tuple(member for unit, member in _members_of_nato() if with_guardian or unit != GUARDIAN)


@dataclass(frozen=True)
class Sharing:
    """What the settings give.

    Parameters
    ----------
    params : Params
    found : Equilibrium
        The largest ally first.
    alone : tuple of float
        What each would spend if alone, per cent of its income.
    undeployed : Equilibrium
        The same without the deployment.
    observed : tuple of float
        Burdens in the data, per cent; empty where the world has none, or its sizes are not the real ones.
    """

    params: Params
    found: Equilibrium
    alone: tuple[float, ...]
    undeployed: Equilibrium
    observed: tuple[float, ...]


class BurdenSharing(Lab[Params, Sharing]):
    """Who buys defence when each enjoys what all buy?

    Parameters
    ----------
    world, inequality, taste, who, extra, deployment, host, impure
        Where to start; see `Params`.

    Examples
    --------
    >>> BurdenSharing(remember=False).result.found
    1 of 3 allies buy defence (Large): 30.00 billion.
    """

    title = "Who pays for the common defence?"
    size: ClassVar[tuple[float, float]] = (9.0, 5.6)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 9.6)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Sharing:
        """Equilibrium of the world chosen.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Sharing
        """
        members = _world(params.world)
        allies = _allies(members, params)
        real = params.world != "three" and params.inequality == 1
        return Sharing(
            params=params,
            found=equilibrium(allies, params.deployment, params.impure / 100, _host(allies, params)),
            alone=tuple(100 * ally.taste for ally in allies),
            undeployed=equilibrium(allies, 0, params.impure / 100),
            observed=tuple(member.observed for member in members) if real else (),
        )

    def describe(self, result: Sharing) -> Sentence:
        """Who buys, how much, and what the largest and the smallest carry.

        Parameters
        ----------
        result : Sharing

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_who_buys(result)} {_how_much(result)} {_ends(result)}",
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: burdens, and shares of income and defence.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        place = _places(figure)
        return figure.add_axes(place.left), figure.add_axes(place.right)

    def draw(self, result: Sharing, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Sharing
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Sharing, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Sharing
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        _move_scales(result, artists)
        _move_rows(result, artists)
        _move_marks(result, artists)

    def controls(self) -> dict[str, Any]:
        """World, sizes, tastes, deployment and impure share.

        Returns
        -------
        dict of str to widget
        """
        now = self.params
        return {
            "world": _choice("Allies", WORLDS, now.world, "360px"),
            "inequality": _slider("Inequality of sizes", "inequality", 0.1, now.inequality),
            "taste": _slider("Taste, % if alone", "taste", 0.5, now.taste),
            "who": _choice("Extra taste for", WHO, now.who, "300px"),
            "extra": _slider("Extra, points", "extra", 0.5, now.extra),
            "deployment": _slider("Deployment, billion", "deployment", 1, now.deployment),
            "host": _choice("Deployed in", HOSTS, now.host, "300px"),
            "impure": _slider("Impure share, %", "impure", 1, now.impure),
        }


def _choice(words: str, options: dict[str, str], value: str, width: str) -> Any:
    import ipywidgets

    return ipywidgets.Dropdown(
        description=words,
        options=[(text, code) for code, text in options.items()],
        value=value,
        style={"description_width": "initial"},
        layout=ipywidgets.Layout(width=width),
    )


def _slider(words: str, name: str, step: float, value: float) -> Any:
    import ipywidgets

    low, high = LIMITS[name]
    return ipywidgets.FloatSlider(
        description=words,
        min=low,
        max=high,
        step=step,
        value=value,
        readout_format=".0f" if step == 1 else ".1f",
        style={"description_width": "150px"},
        layout=ipywidgets.Layout(width="400px"),
    )


# Computing: sizes and tastes of the allies.


def _allies(members: Sequence[Member], params: Params) -> list[Ally]:
    sizes = np.array([member.size for member in members])
    stretched = sizes**params.inequality
    incomes = stretched * (sizes.sum() / stretched.sum())
    at = _place(params.who, len(members))
    tastes = [params.taste + (params.extra if place == at else 0) for place in range(len(members))]
    return [
        Ally(member.name, float(income), taste / 100)
        for member, income, taste in zip(members, incomes, tastes, strict=True)
    ]


def _place(which: str, n_allies: int) -> int:
    return {"largest": 0, "second": n_allies - 2, "smallest": n_allies - 1}[which]


def _host(allies: Sequence[Ally], params: Params) -> str | None:
    return None if params.host == "nobody" else allies[_place(params.host, len(allies))].name


# Saying.


def _amount(value: float) -> str:
    return f"{value:,.1f}"


def _headline(result: Sharing) -> str:
    buyers, everybody = len(result.found.contributors), len(result.found.allies)
    if not buyers:
        return f"None of {everybody} allies buys defence"
    return f"{buyers} of {everybody} allies {'buys' if buyers == 1 else 'buy'} defence"


def _who_buys(result: Sharing) -> str:
    names = result.found.contributors
    who = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"{_headline(result)}{f': {who}' if 0 < len(names) < len(result.found.allies) else ''}."


def _how_much(result: Sharing) -> str:
    found, deployed = result.found, result.params.deployment
    bought = f"Together they spend {_amount(found.bought)} billion"
    if not deployed:
        return f"{bought}."
    taken_back = (result.undeployed.bought - found.bought) / deployed
    return (
        f"{bought}, instead of {_amount(result.undeployed.bought)} without the deployment: for each billion "
        f"deployed, they spend {taken_back:.2f} less."
    )


def _ends(result: Sharing) -> str:
    first, last = result.found.to_frame().iloc[[0, -1]].to_dict("records")
    share = "" if not result.found.bought else f" and {first['share_of_defence']:.0%} of the defence"
    return (
        f"{first['ally']} has {first['share_of_income']:.0%} of the income{share}; burdens: {first['ally']} "
        f"{first['burden']:.1f} %, {last['ally']} {last['burden']:.1f} %."
    )


def _table(result: Sharing) -> pd.DataFrame:
    rows = result.found.to_frame()
    shares = rows["share_of_defence"].map(lambda share: "none" if pd.isna(share) else f"{share:.1%}")
    table = pd.DataFrame(
        {
            "ally": rows["ally"],
            "income, billion": rows["income"].map(_amount),
            "defence, billion": rows["defence"].map(lambda value: f"{value:,.2f}"),
            "burden, % of income": rows["burden"].map(lambda value: f"{value:.2f}"),
            "if alone, %": [f"{value:.2f}" for value in result.alone],
            "share of income": rows["share_of_income"].map("{:.1%}".format),
            "share of defence": shares,
        }
    )
    if result.observed:
        table[f"burden in the data, {YEAR}, %"] = [f"{value:.2f}" for value in result.observed]
    return table


def _alt(result: Sharing) -> str:
    marks = f", a diamond where its burden was in {YEAR}" if result.observed else ""
    burdens = ", ".join(
        f"{ally.name} {burden:.1f} per cent"
        for ally, burden in zip(result.found.allies, result.found.burden, strict=True)
        if burden > 0
    )
    return (
        f"Two bar charts with one row for each of {len(result.found.allies)} allies, the largest first. One: "
        f"defence in per cent of income, a short line where it would be alone{marks}. Bars: {burdens or 'none'}. "
        "The other: share of the allies' income as a frame, share of their defence as a filled bar."
    )


def _notes(result: Sharing) -> tuple[str, ...]:
    notes = []
    if result.observed:
        notes.append(_comparison(result))
        notes.append("Diamonds are shares of gross national product. Iceland has no figure and is left out.")
    elif result.params.world != "three":
        notes.append(
            "No diamonds: these are not the real sizes. Set Inequality to 1 to compare with the data."
        )
    if result.params.host != "nobody" and result.params.deployment and not result.params.impure:
        notes.append(
            "The good is pure: where the deployment stands makes no difference. Raise the impure share."
        )
    if result.params.world == "nato_guardian" and result.params.deployment:
        notes.append("The guardian is one of the allies here; the deployment is a second one, from outside.")
    return tuple(notes)


def _comparison(result: Sharing) -> str:
    sizes = [ally.income for ally in result.found.allies]
    ours = rank_correlation(sizes, np.round(result.found.burden, 9))
    data = rank_correlation(sizes, result.observed)
    said = "none, since all burdens are equal" if np.isnan(ours) else f"{ours:.2f}"
    return f"Rank correlation of size and burden: in the model {said}; in the data of {YEAR} {data:.2f}."


# Drawing.


class Places(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    left: tuple[float, float, float, float]
    right: tuple[float, float, float, float]
    title: tuple[float, float]
    burdens: tuple[float, float]
    shares: tuple[float, float]
    keys: tuple[float, float, float]
    source: str


WIDE = Places(
    left=(0.16, 0.15, 0.47, 0.66),
    right=(0.68, 0.15, 0.3, 0.66),
    title=(0.012, 0.972),
    burdens=(0.16, 0.9),
    shares=(0.68, 0.9),
    keys=(0.16, 0.68, 0.852),
    source=SOURCE,
)
NARROW = Places(
    left=(0.28, 0.56, 0.68, 0.33),
    right=(0.28, 0.125, 0.68, 0.31),
    title=(0.02, 0.988),
    burdens=(0.02, 0.955),
    shares=(0.02, 0.505),
    keys=(0.02, 0.02, 0.93),
    source=SOURCE.replace("Sizes", "\nSizes"),
)


def _places(figure: Figure) -> Places:
    return WIDE if figure.get_figwidth() > 7 else NARROW


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    left: Axes
    right: Axes
    title: Text
    names: tuple[tuple[Text, ...], ...]
    burdens: tuple[Rectangle, ...]
    amounts: tuple[Text, ...]
    alone: Line2D
    observed: Line2D
    key: tuple[Any, ...]
    incomes: tuple[Rectangle, ...]
    defence: tuple[Rectangle, ...]

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
        place, rows = _places(figure), range(ROWS)
        _dress(figure, left, right)
        named = (left,) if place is WIDE else (left, right)
        frame: dict[str, Any] = {"height": 0.8, "facecolor": "none", "edgecolor": EDGE, "linewidth": 1.2}
        moves = cls(
            left=left,
            right=right,
            title=figure.text(*place.title, "", fontsize=14, fontweight="bold", va="top"),
            names=tuple(tuple(_name(axes, row) for row in rows) for axes in named),
            burdens=tuple(left.barh(rows, [0] * ROWS, height=0.62, color=BAR)),
            amounts=tuple(_amount_at_edge(left, row) for row in rows),
            alone=left.plot([], [], color=INK, linestyle="", marker="|", markersize=13, markeredgewidth=2)[0],
            observed=left.plot(
                [], [], color=MARK, linestyle="", marker="D", markersize=7, markeredgecolor=INK
            )[0],
            key=_data_key(figure),
            incomes=tuple(right.barh(rows, [0] * ROWS, **frame)),
            defence=tuple(right.barh(rows, [0] * ROWS, height=0.5, color=BAR)),
        )
        moving(moves.title, moves.alone, moves.observed, *moves.burdens, *moves.amounts, *moves.key)
        moving(*moves.incomes, *moves.defence, *(text for names in moves.names for text in names))
        return moves


def _name(axes: Axes, row: int) -> Text:
    return axes.text(
        -0.02,
        row,
        "",
        transform=axes.get_yaxis_transform(),
        ha="right",
        va="center",
        fontsize=11,
        clip_on=False,
    )


def _amount_at_edge(axes: Axes, row: int) -> Text:
    """Burden in the model as a number, in the colour of its bar and in a column, so that no mark claims it."""
    place = axes.get_yaxis_transform()
    return axes.text(
        0.995, row, "", transform=place, ha="right", va="center", fontsize=11, color=readable(BAR)
    )


def _dress(figure: Figure, left: Axes, right: Axes) -> None:
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    place = _places(figure)
    left.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
    left.set_xlabel("Per cent of income")
    right.set(xlim=(0, 1), xlabel="Per cent of the allies' sum")
    right.xaxis.set_major_locator(MaxNLocator(4))
    right.xaxis.set_major_formatter(PercentFormatter(1, symbol=""))
    for axes in (left, right):
        axes.set_yticks([])
        axes.grid(axis="y", visible=False)
        axes.tick_params(length=0, pad=6)
        axes.set_ylim(ROWS - 0.4, -0.6)
    figure.text(*place.burdens, "Burden: what each spends on defence", va="top")
    figure.text(*place.shares, "Share of income and of defence", va="top")
    _keys(figure)
    source_line(figure, place.source)


def _keys(figure: Figure) -> None:
    """What the marks mean, above both panels."""
    burdens, shares, top = _places(figure).keys
    top_right = top if _places(figure) is WIDE else _places(figure).shares[1] - 0.026
    _sample(figure, burdens, top, "in the model", color=BAR, marker="s", markersize=10)
    _sample(
        figure,
        burdens + _inches(figure, 1.25),
        top,
        "if alone",
        color=INK,
        marker="|",
        markersize=13,
        markeredgewidth=2,
    )
    _sample(
        figure, shares, top_right, "income", color="none", marker="s", markersize=10, markeredgecolor=EDGE
    )
    _sample(
        figure, shares + _inches(figure, 0.95), top_right, "defence", color=BAR, marker="s", markersize=10
    )


def _data_key(figure: Figure) -> tuple[Any, ...]:
    burdens, _, top = _places(figure).keys
    look: dict[str, Any] = {"color": MARK, "marker": "D", "markersize": 7, "markeredgecolor": INK}
    return _sample(figure, burdens + _inches(figure, 2.15), top, f"in the data, {YEAR}", **look)


def _sample(figure: Figure, x: float, top: float, words: str, **look: Any) -> tuple[Any, ...]:
    from matplotlib.lines import Line2D

    middle = top - 0.088 / figure.get_figheight()
    sample = Line2D([x + _inches(figure, 0.08)], [middle], linestyle="", **look)
    figure.add_artist(sample)
    return sample, figure.text(x + _inches(figure, 0.2), top, words, va="top", fontsize=11)


def _inches(figure: Figure, inches: float) -> float:
    return inches / float(figure.get_figwidth())


def _ceiling(result: Sharing) -> float:
    """Right end of the axis: a round number above all marks, so that it seldom changes."""
    most = max(*result.found.burden, *result.alone, *(result.observed or (0.0,)))
    return next(top for top in (2.0, 4.0, 6.0, 8.0, 11.0, 15.0, 20.0, 30.0) if top >= most * 1.2)


def _move_scales(result: Sharing, artists: Artists) -> None:
    wanted = (len(result.found.allies) - 0.4, -0.6)
    for axes in (artists.left, artists.right):
        if axes.get_ylim() != wanted:
            axes.set_ylim(*wanted)
    if artists.left.get_xlim() != (0, _ceiling(result)):
        artists.left.set_xlim(0, _ceiling(result))


def _move_rows(result: Sharing, artists: Artists) -> None:
    rows = result.found.to_frame().fillna({"share_of_defence": 0.0}).to_dict("records")
    for place in range(ROWS):
        row = rows[place] if place < len(rows) else None
        for names in artists.names:
            names[place].set_text(row["ally"] if row else "")
        artists.burdens[place].set_width(row["burden"] if row else 0)
        artists.incomes[place].set_width(row["share_of_income"] if row else 0)
        artists.incomes[place].set_visible(row is not None)
        artists.defence[place].set_width(row["share_of_defence"] if row else 0)
        artists.amounts[place].set_text(f"{row['burden']:.1f} %" if row else "")


def _move_marks(result: Sharing, artists: Artists) -> None:
    rows = range(len(result.alone))
    artists.alone.set_data(result.alone, rows)
    artists.observed.set_data(result.observed, range(len(result.observed)))
    for part in artists.key:
        part.set_visible(bool(result.observed))
