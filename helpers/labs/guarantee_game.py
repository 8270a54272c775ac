"""GuaranteeGame: what does an ally learn from a signal that a guardian pays for?

The student sets what the alliance is worth to a resolved and to an unresolved guardian, the signal and its cost, and
what the ally believes before. The left panel shows what the ally believes after the signal and after silence, in one
kind of equilibrium; the right panel at which costs and beliefs that kind exists. Where several exist, all are named:
the model does not say which will be played.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pandas as pd

from helpers.plotting import COLOURS, INK, QUIET, readable
from helpers.theory import guarantee as theory
from helpers.theory.guarantee import KINDS, SIGNALS, Equilibrium, Guarantee, Range
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

HIGHEST = 30
BLUE, ORANGE = COLOURS[0], COLOURS[1]
CERTAIN = 1e-9
PATCH = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    signal : str
        `sunk` or `tied`.
    cost : float
        Of the signal, above 0 to 30; any unit.
    prior : float
        Belief before, that the guardian is resolved; between 0 and 1.
    worth : (float, float)
        What the alliance is worth to an unresolved and to a resolved guardian, at most 30.
    hedge_cost : float
        What hedging costs the ally; between 0 and 0.5.
    kind : str
        Kind of equilibrium to look at; a key of `helpers.theory.guarantee.KINDS`.
    """

    signal: str = "sunk"
    cost: float = 14.0
    prior: float = 0.7
    worth: tuple[float, float] = (10, 20)
    hedge_cost: float = 0.32
    kind: str = "separating"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind={self.kind!r} is not known; choose one of {', '.join(KINDS)}.")
        if max(self.cost, *self.worth) > HIGHEST:
            raise ValueError(f"cost={self.cost} and worth={self.worth} must not be above {HIGHEST}.")
        _ = self.game

    @property
    def game(self) -> Guarantee:
        """The game of these settings."""
        low, high = self.worth
        return Guarantee(self.prior, high, low, self.cost, self.signal, self.hedge_cost)


@dataclass(frozen=True)
class Solved:
    """What the settings give.

    Parameters
    ----------
    params : Params
    game : Guarantee
    found : tuple of Equilibrium
        All that exist.
    shown : Equilibrium or None
        The one of the kind chosen; None if it does not exist here.
    region : Region or None
        Where that kind exists.
    """

    params: Params
    game: Guarantee
    found: tuple[Equilibrium, ...]
    shown: Equilibrium | None
    region: theory.Region | None


class GuaranteeGame(Lab[Params, Solved]):
    """What does an ally learn from a signal that a guardian pays for?

    Parameters
    ----------
    signal, cost, prior, worth, hedge_cost, kind
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = GuaranteeGame(cost=8, kind="signal", remember=False)
    >>> lab.result.shown.belief_after_signal
    Range(low=0.7, high=0.7)
    """

    title = "What does the signal teach?"
    size: ClassVar[tuple[float, float]] = (9.0, 4.9)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.8)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Solved:
        """All equilibria, and where the kind chosen exists.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Solved
        """
        game = params.game
        found = theory.equilibria(game)
        shown = next((each for each in found if each.kind == params.kind), None)
        return Solved(params, game, found, shown, theory.region(params.kind, game, HIGHEST))

    def describe(self, result: Solved) -> Sentence:
        """What the ally learns, and which other equilibria there are.

        Parameters
        ----------
        result : Solved

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_learnt(result)} {_others(result)}",
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: beliefs, and the map.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        place = _places(figure)
        return figure.add_axes(place.beliefs), figure.add_axes(place.map)

    def draw(self, result: Solved, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Solved
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Solved, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Solved
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        _move_beliefs(result, artists)
        _move_map(result, artists)

    def controls(self) -> dict[str, Any]:
        """Equilibrium to look at, signal, its cost, belief before, worth to each type, cost of hedging.

        Returns
        -------
        dict of str to widget
        """
        return {
            "kind": _choice("Look at", KINDS, self.params.kind, "430px"),
            "signal": _choice("Signal", SIGNALS, self.params.signal, "230px"),
            "cost": _slider("Cost of the signal", 0.5, HIGHEST, 0.5, self.params.cost, ".1f"),
            "prior": _slider("Belief before", 0.05, 0.95, 0.05, self.params.prior, ".2f"),
            "worth": _worth(self.params.worth),
            "hedge_cost": _slider("Cost of hedging", 0.02, 0.48, 0.01, self.params.hedge_cost, ".2f"),
        }


def _choice(description: str, options: dict[str, str], value: str, width: str) -> Any:
    import ipywidgets

    return ipywidgets.Dropdown(
        description=description,
        options=[(text, code) for code, text in options.items()],
        value=value,
        layout=ipywidgets.Layout(width=width),
        style={"description_width": "initial"},
    )


def _slider(description: str, low: float, high: float, step: float, value: float, form: str) -> Any:
    import ipywidgets

    return ipywidgets.FloatSlider(
        description=description,
        min=low,
        max=high,
        step=step,
        value=value,
        readout_format=form,
        layout=ipywidgets.Layout(width="400px"),
        style={"description_width": "initial"},
    )


def _worth(value: tuple[float, float]) -> Any:
    import ipywidgets

    return ipywidgets.IntRangeSlider(
        description="Worth to each type",
        min=1,
        max=HIGHEST,
        value=value,
        layout=ipywidgets.Layout(width="400px"),
        style={"description_width": "initial"},
    )


# Saying.


def _point(values: Range) -> bool:
    return values.high - values.low < CERTAIN


def _per_cent(values: Range) -> str:
    if not _point(values):
        return f"{100 * values.low:.0f} to {100 * values.high:.0f} %"
    if values.low < CERTAIN:
        return "never"
    return "always" if values.high > 1 - CERTAIN else f"{100 * values.high:.0f} %"


def _does(stays: Range) -> str:
    words = {"always": "stays", "never": "hedges"}
    said = _per_cent(stays)
    return words.get(said, f"stays {said}")


def _belief(values: Range, unseen: bool) -> str:
    """A belief in words; off the path, the beliefs that support the equilibrium."""
    if not unseen:
        return str(values)
    return "any belief" if _point(Range(values.high, 1.0)) else f"at most {values.high:.2f}"


def _headline(result: Solved) -> str:
    shown = result.shown
    if shown is None:
        return "No such equilibrium here"
    before = result.game.prior
    return {
        "separating": "The signal tells the types apart",
        "signal": f"Both send it, nothing is learnt: {before:.2f} before and after",
        "silence": "Nobody signals, so nothing is learnt",
        "bluff": f"The signal lifts belief from {before:.2f} {_to(shown.belief_after_signal)}",
        "reticence": f"Silence lowers belief from {before:.2f} {_to(shown.belief_after_silence)}",
    }[shown.kind]


def _to(values: Range) -> str:
    if _point(values):
        return f"to {values}"
    return f"to between {values.low:.2f} and {values.high:.2f}"


def _learnt(result: Solved) -> str:
    shown = result.shown
    if shown is None:
        return (
            f'No equilibrium "{KINDS[result.params.kind]}" exists here. It exists if '
            f"{theory.condition(result.params.kind, result.params.signal)}."
        )
    signal, silence = _after(shown, "signal"), _after(shown, "silence")
    return f"{_headline(result)}. After the signal: {signal}. After silence: {silence}."


def _after(shown: Equilibrium, news: str) -> str:
    belief, stays = _responses(shown)[news]
    if shown.off_path == news:
        return f"it never happens; {_belief(belief, True)} supports the equilibrium"
    work = f" with effort {_efforts(belief)}" if stays.high > CERTAIN else ""
    return f"belief {belief}, the ally {_does(stays)}{work}"


def _efforts(belief: Range) -> str:
    return str(Range(theory.effort(belief.high), theory.effort(belief.low)))


def _responses(shown: Equilibrium) -> dict[str, tuple[Range, Range]]:
    return {
        "signal": (shown.belief_after_signal, shown.stays_after_signal),
        "silence": (shown.belief_after_silence, shown.stays_after_silence),
    }


def _others(result: Solved) -> str:
    names = [each.name for each in result.found if each is not result.shown]
    if not names:
        return "No other kind of equilibrium exists here."
    also = "also " if result.shown else ""
    listed = "; ".join(names)
    return f"Here {also}{'exist' if len(names) > 1 else 'exists'}: {listed}."


def _table(result: Solved) -> pd.DataFrame:
    rows = [
        {
            "equilibrium": each.name,
            "resolved sends": _per_cent(each.sends_resolved),
            "unresolved sends": _per_cent(each.sends_unresolved),
            "after the signal": _cell(each, "signal"),
            "after silence": _cell(each, "silence"),
            "intuitive criterion": "survives" if each.intuitive else "fails",
            "D1": "survives" if each.d1 else "fails",
        }
        for each in result.found
    ]
    return pd.DataFrame(rows)


def _cell(each: Equilibrium, news: str) -> str:
    belief, stays = _responses(each)[news]
    if each.off_path == news:
        return f"never seen: {_belief(belief, True)}"
    return f"{belief}, {_does(stays)}"


def _alt(result: Solved) -> str:
    return (
        "Two charts. Left: bars of the ally's belief before, after the signal and after silence, with the line "
        f"{result.game.threshold:.2f} above which it stays. Right: a map of the signal's cost and the belief before; "
        f'"{KINDS[result.params.kind]}" exists {_where(result.region)}, and a dot marks your setting.'
    )


def _where(area: theory.Region | None) -> str:
    if area is None:
        return "nowhere on it"
    (least, most), (low, high) = area.costs, area.priors
    return f"at costs {least:g} to {most:g} and beliefs {low:.2f} to {high:.2f}"


def _notes(result: Solved) -> tuple[str, ...]:
    notes = [
        f"Before any signal the ally {_without_news(result.game)}; it needs a belief of {result.game.threshold:.2f}."
    ]
    if result.params.signal == "tied":
        notes.append("Tied hands cost a resolved guardian nothing: it does not back down.")
    if result.shown is not None and not result.shown.d1:
        notes.append(
            "Shaky: a resolved guardian is the more eager to break this silence, so an ally that thinks so far would "
            "believe it. The table names the two refinements."
        )
    return tuple(notes)


def _without_news(game: Guarantee) -> str:
    return "would stay" if theory.stays(game.prior, game.hedge_cost) else "would hedge"


# Drawing.


class Places(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    beliefs: tuple[float, float, float, float]
    map: tuple[float, float, float, float]
    legend: tuple[float, float]
    title: tuple[float, float]
    title_size: float


WIDE = Places((0.03, 0.12, 0.45, 0.74), (0.585, 0.15, 0.395, 0.56), (0.535, 0.885), (0.03, 0.965), 14)
NARROW = Places((0.04, 0.56, 0.92, 0.39), (0.13, 0.07, 0.82, 0.33), (0.04, 0.5), (0.04, 0.988), 11)
ROWS = ("before", "signal", "silence")
LEGEND = "Shaded: where this kind exists. Dot: your setting."


def _places(figure: Figure) -> Places:
    return WIDE if figure.get_figwidth() > 7 else NARROW


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    heads: tuple[Text, ...]
    feet: tuple[Text, ...]
    bars: tuple[Rectangle, ...]
    needed: Line2D
    needed_text: Text
    area: Rectangle
    dot: Line2D
    worths: tuple[Line2D, ...]
    worth_texts: tuple[Text, ...]
    level: Line2D
    level_text: Text

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
        from matplotlib.patches import Rectangle

        figure = left.get_figure(root=True)
        assert figure is not None
        place = _places(figure)
        _dress(left, right)
        figure.text(*place.legend, LEGEND, va="top", fontsize=11, color=QUIET)
        area = Rectangle((0, 0), 0, 0, facecolor="#CFE3F1", edgecolor="#8FBEDF", hatch="//", linewidth=1.5)
        right.add_patch(area)
        moves = cls(
            title=figure.text(*place.title, "", fontsize=place.title_size, fontweight="bold", va="top"),
            heads=tuple(left.text(0, row - 0.2, "", va="bottom") for row in range(3)),
            feet=tuple(left.text(0, row + 0.18, "", va="top", fontsize=11, color=QUIET) for row in range(3)),
            bars=tuple(left.barh(range(3), [0] * 3, height=0.26, linewidth=1.2)),
            needed=left.plot([], [], color=INK, linewidth=1.6, linestyle=(0, (4, 2)))[0],
            needed_text=left.text(0, 2.76, "", va="bottom", ha="center", fontsize=11),
            area=area,
            dot=right.plot(
                [], [], "o", color=readable(ORANGE), markersize=10, markeredgecolor="white", zorder=5
            )[0],
            worths=tuple(right.plot([], [], color=INK, linewidth=1.4, clip_on=False)[0] for _ in range(2)),
            worth_texts=tuple(_above(right, height) for height in (1.03, 1.11)),
            level=right.plot([], [], color=INK, linewidth=1.4, linestyle=(0, (4, 2)))[0],
            level_text=right.text(HIGHEST, 0, "", ha="right", fontsize=11, bbox=PATCH),
        )
        moving(moves.title, *moves.heads, *moves.feet, *moves.bars, moves.needed, moves.needed_text)
        moving(moves.area, moves.dot, *moves.worths, *moves.worth_texts, moves.level, moves.level_text)
        return moves


def _above(axes: Axes, height: float) -> Text:
    return axes.text(0, height, "", transform=axes.get_xaxis_transform(), va="bottom", fontsize=11)


def _dress(left: Axes, right: Axes) -> None:
    left.set(xlim=(0, 1), ylim=(2.85, -0.5))
    left.set_axis_off()
    right.set(xlim=(0, HIGHEST), ylim=(0, 1), xlabel="Cost of the signal", ylabel="Belief before")
    right.grid(visible=False)
    right.tick_params(length=0, pad=5)


def _move_beliefs(result: Solved, artists: Artists) -> None:
    for row, news in enumerate(ROWS):
        head, foot, span, unseen = _row(result, news)
        artists.heads[row].set_text(head)
        artists.feet[row].set_text(foot)
        bar = artists.bars[row]
        bar.set(x=0 if unseen or _point(span) else span.low)
        bar.set_width(span.high - bar.get_x())
        colour = (QUIET, BLUE, ORANGE)[row]
        bar.set(facecolor="white" if unseen else colour, edgecolor=colour, hatch="////" if unseen else "")
    needed = result.game.threshold
    across = [end for row in range(3) for end in (row - 0.17, row + 0.17, float("nan"))]
    artists.needed.set_data([needed] * len(across), across)
    artists.needed_text.set(x=min(max(needed, 0.2), 0.8), y=2.76, text=f"dashed: stays above {needed:.2f}")


def _row(result: Solved, news: str) -> tuple[str, str, Range, bool]:
    """What stands above the bar and below it, how far it reaches, and whether it shows what is never seen."""
    game, shown = result.game, result.shown
    if news == "before":
        head = f"Before: {game.prior:.2f}, {_without_news(game)}"
        return head, "", Range(game.prior, game.prior), False
    name = "After the signal" if news == "signal" else "After silence"
    if shown is None:
        return f"{name}: no such equilibrium", "", Range(0.0, 0.0), False
    belief, stays = _responses(shown)[news]
    if shown.off_path == news:
        return f"{name}: never seen, {_belief(belief, True)}", _senders(shown, news), belief, True
    work = f", effort {_efforts(belief)}" if stays.high > CERTAIN and _point(belief) else ""
    return f"{name}: {belief}, {_does(stays)}{work}", _senders(shown, news), belief, False


def _senders(shown: Equilibrium, news: str) -> str:
    if news == "signal":
        resolved, unresolved = shown.sends_resolved, shown.sends_unresolved
        verb = "sends"
    else:
        resolved, unresolved = (
            Range(1 - r.high, 1 - r.low) for r in (shown.sends_resolved, shown.sends_unresolved)
        )
        verb = "is silent"
    return f"Resolved {verb}: {_per_cent(resolved)}. Unresolved: {_per_cent(unresolved)}."


def _move_map(result: Solved, artists: Artists) -> None:
    game, area = result.game, result.region
    low, high = (area.costs, area.priors) if area else (Range(0, 0), Range(0, 0))
    artists.area.set(x=low.low, y=high.low, width=low.high - low.low, height=high.high - high.low)
    artists.area.set_visible(area is not None)
    artists.dot.set_data([game.cost], [game.prior])
    each = zip(artists.worths, artists.worth_texts, (1.03, 1.11), _worths(game), strict=True)
    for line, text, top, (name, worth) in each:
        line.set_data([worth, worth], [0, top])
        place = worth / HIGHEST
        text.set(x=worth, ha="left" if place < 0.3 else "right" if place > 0.7 else "center")
        text.set_text(f"worth to {name}: {worth:g}")
    artists.level.set_data([0, HIGHEST], [game.threshold, game.threshold])
    over = game.threshold < 0.85
    artists.level_text.set(y=game.threshold + (0.015 if over else -0.015), va="bottom" if over else "top")
    artists.level_text.set(x=HIGHEST - 0.4, text="stays without news" if over else "hedges without news")


def _worths(game: Guarantee) -> tuple[tuple[str, float], ...]:
    return ("unresolved", game.worth_unresolved), ("resolved", game.worth_resolved)
