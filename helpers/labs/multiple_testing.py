"""MultipleTesting: how many of so many tests come out "significant", and what does a correction do about it?

On the left, 2,000 simulated surveys of the kind that the student sets: how many tests each survey calls significant. On
the right, one family of p-values, sorted, beside the limit that each must stay under: the student's own, typed or given
by code, or else that of one of the simulated surveys. The table compares the three corrections. All surveys are
simulated for teaching.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
import pandas as pd

from helpers.experiments.corrections import CORRECTIONS, Correction
from helpers.experiments.families import LEVEL, Families, Rates, adjusted_rows, simulate_families
from helpers.plotting import COLOURS, GREY, readable, source_line
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

N_SURVEYS = 2000
MOST_OUTCOMES, MOST_ARMS, MOST_TYPED = 8, 3, 60
SEEDS = (1, 50)
LAST_BAR = 12
FLOOR = 1e-4
"""Smaller p-values are drawn here, on an arrow."""

WORDS: dict[Correction, str] = {
    "none": "no correction",
    "holm": "Holm",
    "benjamini-hochberg": "Benjamini-Hochberg",
}
CALLED, NOT_CALLED = COLOURS[0], GREY
LIMIT = COLOURS[5]
SOURCE = f"{N_SURVEYS:,} surveys, simulated for teaching; the model is the course's own."


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    outcomes, arms : int
        Size of the family: outcomes 1 to 8, arms that are compared with the reference 1 to 3.
    correlation : float
        Between two outcomes, 0 to 0.9.
    true_nulls : float
        Share of the tests behind which there is nothing, 0 to 1.
    correction : str
        `none`, `holm` or `benjamini-hochberg`.
    surveys : int
        Which 2,000 surveys are drawn, 1 to 50.
    family : str
        P-values of a family of your own, with spaces or commas between them; a list will do. Empty for a simulated one.
    """

    outcomes: int = 4
    arms: int = 3
    correlation: float = 0.3
    true_nulls: float = 1.0
    correction: Correction = "none"
    surveys: int = 1
    family: str = ""

    def __post_init__(self) -> None:
        for name, limits in (("outcomes", (1, MOST_OUTCOMES)), ("arms", (1, MOST_ARMS)), ("surveys", SEEDS)):
            _whole(name, getattr(self, name), *limits)
        for name, most in (("correlation", 0.9), ("true_nulls", 1.0)):
            object.__setattr__(self, name, _share(name, getattr(self, name), most))
        if self.correction not in CORRECTIONS:
            raise ValueError(f"correction={self.correction!r} is unknown; give {', '.join(CORRECTIONS)}.")
        object.__setattr__(self, "family", _text(self.family))
        _numbers(self.family)


def _whole(name: str, value: object, low: int, high: int) -> None:
    if not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{name}={value!r} must be a whole number from {low} to {high}.")


def _share(name: str, value: object, most: float) -> float:
    try:
        number = round(float(value), 6)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{name}={value!r} is not a number from 0 to {most:g}.") from None
    if not 0 <= number <= most:
        raise ValueError(f"{name}={value!r} must lie from 0 to {most:g}.")
    return number


def _text(family: object) -> str:
    """A family as text, whatever it came as."""
    if isinstance(family, str):
        return family.strip()
    if not isinstance(family, Iterable):
        raise ValueError(f"family={family!r} is no list of p-values; give numbers between 0 and 1.")
    return ", ".join(f"{value:.6g}" if isinstance(value, float) else str(value) for value in family)


def _numbers(family: str) -> Column:
    """The p-values in a text."""
    values = []
    for word in family.replace(",", " ").replace(";", " ").split():
        try:
            value = float(word)
        except ValueError:
            raise ValueError(
                f"{word!r} is no p-value; write numbers such as 0.03, with spaces between."
            ) from None
        if not 0 <= value <= 1:
            raise ValueError(f"{word!r} is no p-value; it must lie between 0 and 1.")
        values.append(value)
    if len(values) > MOST_TYPED:
        raise ValueError(f"Your family has {len(values)} p-values; up to {MOST_TYPED} can be shown.")
    return np.array(values)


class Member(NamedTuple):
    """One test of the family on the right."""

    p_value: float
    adjusted: float
    limit: float
    called: bool


@dataclass(frozen=True)
class Tested:
    """What the settings give.

    Parameters
    ----------
    params : Params
    families : Families
    rates : dict of str to Rates
        Of each correction.
    shares : ndarray of float, shape (13,)
        Share of surveys with so many finds; the last bar holds twelve and more.
    members : tuple of Member
        The family on the right, the smallest p-value first.
    """

    params: Params
    families: Families
    rates: dict[Correction, Rates]
    shares: Column
    members: tuple[Member, ...]

    @property
    def n_tests(self) -> int:
        """Tests of one simulated survey."""
        return len(self.families.real)

    @property
    def n_real(self) -> int:
        """Tests with a real effect."""
        return int(self.families.real.sum())


def limits(n_tests: int, correction: Correction) -> Column:
    """Largest p-value that is called significant at each rank, if all smaller ones are; shape (n_tests,)."""
    ranks = np.arange(1, n_tests + 1)
    if correction == "holm":
        return LEVEL / (n_tests + 1 - ranks)
    if correction == "benjamini-hochberg":
        return LEVEL * ranks / n_tests
    return np.full(n_tests, LEVEL)


def _members(p_values: Column, correction: Correction) -> tuple[Member, ...]:
    ranked = np.sort(p_values)
    changed = adjusted_rows(ranked[None, :], correction)[0]
    rows = zip(ranked, changed, limits(len(ranked), correction), strict=True)
    return tuple(Member(float(p), float(q), float(limit), bool(q <= LEVEL)) for p, q, limit in rows)


class MultipleTesting(Lab[Params, Tested]):
    """How many of so many tests come out significant?

    Parameters
    ----------
    outcomes, arms, correlation, true_nulls, correction, surveys, family
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = MultipleTesting(family=[0.01, 0.03, 0.04], correction="holm", remember=False)
    >>> [member.called for member in lab.result.members]
    [True, False, False]
    """

    title = "How many tests come out significant?"
    size: ClassVar[tuple[float, float]] = (9.0, 4.9)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 8.6)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Tested:
        """Field the surveys and count what each correction finds.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Tested
        """
        families = simulate_families(
            params.outcomes,
            params.arms,
            correlation=params.correlation,
            true_nulls=params.true_nulls,
            n_surveys=N_SURVEYS,
            seed=params.surveys,
        )
        found = np.minimum(families.finds(params.correction).sum(axis=1), LAST_BAR)
        own = _numbers(params.family)
        return Tested(
            params,
            families,
            {correction: families.rates(correction) for correction in CORRECTIONS},
            np.bincount(found, minlength=LAST_BAR + 1) / N_SURVEYS,
            _members(own if len(own) else families.p_values[0], params.correction),
        )

    def describe(self, result: Tested) -> Sentence:
        """How often chance finds something, and what remains of the family.

        Parameters
        ----------
        result : Tested

        Returns
        -------
        Sentence
        """
        return Sentence(
            text=f"{_surveys_words(result)} {_family_words(result)}",
            table=_table(result),
            alt=_alt(result),
            notes=_notes(result),
        )

    def axes(self, figure: Figure) -> tuple[Axes, Axes]:
        """Two panels: many surveys, and one family.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes)
        """
        if figure.get_figwidth() > 7:
            return figure.add_axes((0.075, 0.205, 0.4, 0.6)), figure.add_axes((0.575, 0.205, 0.41, 0.6))
        return figure.add_axes((0.13, 0.585, 0.84, 0.315)), figure.add_axes((0.13, 0.125, 0.84, 0.315))

    def draw(self, result: Tested, axes: tuple[Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up both panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Tested
        axes : (Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Tested, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Tested
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        artists.heads[0].set_text(_left_head(result))
        artists.heads[1].set_text(_right_head(result))
        _move_bars(result, artists)
        _move_family(result, artists)

    def controls(self) -> dict[str, Any]:
        """Sliders for the family and the world, a list of corrections, a field for p-values.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        look: dict[str, Any] = {
            "style": {"description_width": "150px"},
            "layout": ipywidgets.Layout(width="400px"),
        }
        start = self.params

        def whole(words: str, name: str, low: int, high: int) -> Any:
            value = getattr(start, name)
            return ipywidgets.IntSlider(description=words, min=low, max=high, value=value, **look)

        def share(words: str, name: str, most: float, step: float) -> Any:
            ends: dict[str, Any] = {"min": 0, "max": most, "step": step, "value": getattr(start, name)}
            return ipywidgets.FloatSlider(description=words, readout_format=".2f", **ends, **look)

        names = [(_capital(name), name) for name in WORDS]
        return {
            "outcomes": whole("Outcomes", "outcomes", 1, MOST_OUTCOMES),
            "arms": whole("Arms", "arms", 1, MOST_ARMS),
            "correlation": share("Outcomes correlate", "correlation", 0.9, 0.1),
            "true_nulls": share("Share of true nulls", "true_nulls", 1.0, 0.05),
            "correction": ipywidgets.Dropdown(
                description="Correction", options=names, value=start.correction, **look
            ),
            "surveys": whole("Other surveys", "surveys", *SEEDS),
            "family": ipywidgets.Text(
                description="Your p-values",
                placeholder="0.01 0.03 0.2",
                value=start.family,
                continuous_update=False,
                **look,
            ),
        }


# Saying.


def _capital(correction: Correction) -> str:
    return WORDS[correction][0].upper() + WORDS[correction][1:]


def _per_cent(share: float) -> str:
    return f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"


def _surveys_words(result: Tested) -> str:
    rates = result.rates[result.params.correction]
    tests = f"{result.n_tests} test{'s' * (result.n_tests != 1)}"
    if result.n_real == result.n_tests:
        world = f"{tests}, all on real effects: there is nothing to find falsely."
    elif result.n_real:
        world = f"{tests}, {result.n_real} of them on a real effect: "
    else:
        world = f"{tests}, and nothing to find: "
    if result.n_real < result.n_tests:
        world += f"{_per_cent(rates.any_false)} of surveys have at least one false find"
        world += f", and {_per_cent(rates.false_share)} of finds are false." if result.n_real else "."
    found = f" {_per_cent(rates.power)} of the real effects are found." if result.n_real else ""
    return f"{_capital(rates.correction)}, {world}{found}"


def _family_words(result: Tested) -> str:
    called = sum(member.called for member in result.members)
    whose = "Your family" if result.params.family else "The first survey's family"
    return f"{whose} of {len(result.members)}: {called} called significant."


def _table(result: Tested) -> pd.DataFrame:
    rows = list(result.rates.values())
    nothing = result.n_real == result.n_tests
    return pd.DataFrame(
        {
            "correction": [WORDS[row.correction] for row in rows],
            "surveys with a false find": [
                "none possible" if nothing else _per_cent(row.any_false) for row in rows
            ],
            "share of finds that are false": [_per_cent(row.false_share) for row in rows],
            "finds a survey": [f"{row.found:.2f}" for row in rows],
            "real effects found": [_per_cent(row.power) if result.n_real else "none real" for row in rows],
        }
    )


def _alt(result: Tested) -> str:
    bars = ", ".join(
        f"{_bar_name(n)}: {share:.0%}" for n, share in enumerate(result.shares) if share >= 0.005
    )
    points = ", ".join(f"{member.p_value:.2g}" for member in result.members[:6])
    return (
        f"Left: bars, the share of surveys with so many significant tests: {bars}. Right: points on a logarithmic "
        f"axis, {len(result.members)} p-values in order beside their limits; the smallest are {points}. "
        "Surveys simulated for teaching."
    )


def _bar_name(count: int) -> str:
    return f"{count} or more" if count == LAST_BAR else str(count)


def _notes(result: Tested) -> tuple[str, ...]:
    notes = ["All arms are compared with the same people, so tests hang together even if outcomes do not."]
    if result.n_real:
        notes.append("A real effect is as large as a single test finds four times in five.")
    if result.params.correction == "holm":
        notes.append("Holm goes up from the smallest and stops at the first p-value above its limit.")
    if result.params.correction == "benjamini-hochberg":
        notes.append("Benjamini-Hochberg calls all p-values up to the largest that is under its limit.")
    return tuple(notes)


def _headline(result: Tested) -> str:
    rates = result.rates[result.params.correction]
    if result.n_real == result.n_tests:
        return "Every effect is real: nothing can be found falsely"
    return f"{_capital(rates.correction)}: a false find in {_per_cent(rates.any_false)} of surveys"


def _left_head(result: Tested) -> str:
    return f"Per cent of surveys ({result.n_tests} test{'s' * (result.n_tests != 1)}, {result.n_real} real)"


def _right_head(result: Tested) -> str:
    whose = "Your p-values" if result.params.family else "P-values of one survey"
    called = sum(member.called for member in result.members)
    return f"{whose}: {called} of {len(result.members)} significant"


# Drawing.


@dataclass(frozen=True)
class Artists:
    """What moves in the picture."""

    title: Text
    heads: tuple[Text, Text]
    bars: tuple[Rectangle, ...]
    amounts: tuple[Text, ...]
    limit: Line2D
    called: Line2D
    others: Line2D
    beyond: Line2D

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
        _dress_bars(left)
        _dress_family(right)
        wide = figure.get_figwidth() > 7
        source_line(figure, SOURCE if wide else SOURCE.replace("; ", ";\n"))
        heads = [
            axes.text(0, 1.04, "", transform=axes.transAxes, fontsize=12, va="bottom")
            for axes in (left, right)
        ]
        moves = cls(
            title=figure.text(0.012, 0.978, "", fontsize=14 if wide else 11.5, fontweight="bold", va="top"),
            heads=(heads[0], heads[1]),
            bars=tuple(left.bar(range(LAST_BAR + 1), 0, color=CALLED, width=0.8)),
            amounts=tuple(
                left.text(n, 0, "", ha="center", va="bottom", fontsize=11) for n in range(LAST_BAR + 1)
            ),
            limit=right.plot([], [], color=LIMIT, drawstyle="steps-mid", linewidth=2)[0],
            called=right.plot([], [], "o", color=CALLED, markersize=8)[0],
            others=right.plot([], [], "o", color=NOT_CALLED, markerfacecolor="white", markersize=8)[0],
            beyond=right.plot([], [], "v", color=CALLED, markersize=9)[0],
        )
        moving(moves.title, *moves.heads, *moves.bars, *moves.amounts)
        moving(moves.limit, moves.called, moves.others, moves.beyond)
        return moves


def _dress_bars(axes: Axes) -> None:
    axes.set(xlim=(-0.6, LAST_BAR + 0.6), ylim=(0, 1.08))
    axes.set_xlabel("Tests called significant in a survey")
    axes.set_xticks(range(0, LAST_BAR + 1, 2), [*map(str, range(0, LAST_BAR, 2)), f"{LAST_BAR}+"])
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(axis="x", visible=False)


def _dress_family(axes: Axes) -> None:
    axes.set_yscale("log")
    axes.set(xlim=(0, 1), ylim=(FLOOR * 0.6, 1.6))
    axes.set_xlabel("From the smallest p-value to the largest")
    axes.set_yticks([FLOOR, 0.001, 0.01, 0.05, 1], ["0.0001\nor less", "0.001", "0.01", "0.05", "1"])
    axes.minorticks_off()
    name = axes.text(0.98, 0.03, "line: its limit", transform=axes.transAxes, fontsize=11)
    name.set(color=readable(LIMIT), va="bottom", ha="right")
    axes.set_xticks([])
    axes.grid(axis="x", visible=False)


def _move_bars(result: Tested, artists: Artists) -> None:
    for bar, amount, share in zip(artists.bars, artists.amounts, result.shares, strict=True):
        bar.set_height(share)
        amount.set_y(share + 0.015)
        amount.set_text(f"{share:.0%}".rstrip("%") if share >= 0.005 else "")


def _move_family(result: Tested, artists: Artists) -> None:
    places = (np.arange(len(result.members)) + 0.5) / len(result.members)
    p_values = np.array([member.p_value for member in result.members])
    called = np.array([member.called for member in result.members])
    below = p_values < FLOOR
    shown = np.maximum(p_values, FLOOR)
    bounds = np.array([member.limit for member in result.members])
    artists.limit.set_data([0, *places, 1], [bounds[0], *bounds, bounds[-1]])
    artists.called.set_data(places[called & ~below], shown[called & ~below])
    artists.others.set_data(places[~called], shown[~called])
    artists.beyond.set_data(places[called & below], shown[called & below])
