"""BayesTracer: what do sixteen items of evidence say between two theories of one war?

The student judges one item after the other. Two views, and the lab says which it shows. *Named rivals*: one likelihood
ratio an item, in words and decibels, between two of four hypotheses; belief moves item by item, and beside it stands
what would be left without each item. *Against its negation*: the four classical tests, which ask how likely an item is
if a hypothesis is true and if it is not. Items, clusters and hypotheses are the course's own choice; the judgements are
the student's. The course's own judgements are not shown here.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import pandas as pd

from helpers.data.tracing_set import working_set
from helpers.plotting import COLOURS, GREY, INK, QUIET, readable, source_line
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving
from helpers.vietnam.tracing import CERTAIN, RARE, SCALE, STEPS, Classical, Judgement, Trace, within

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

VIEWS = {"rivals": "Two named rivals", "negation": "One against its negation"}
CHANCES = {
    0.05: "hardly at all (5 %)",
    0.1: "unlikely (10 %)",
    0.3: "rather not (30 %)",
    0.5: "as well as not (50 %)",
    0.7: "rather (70 %)",
    0.9: "likely (90 %)",
    0.95: "nearly certain (95 %)",
}
DOUBTS = {0: "my judgements hold", 1: "one step of the scale", 2: "two steps of the scale"}
PRIORS = (-20, 20)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
RANGES = (20, 40, 60, 80, 120, 160, 240, 320, 640)
UP, DOWN = COLOURS[0], COLOURS[5]
SOURCE = "vietnam_evidence; the choice of items is the course's own, the judgements are yours."

Judged = tuple[tuple[str, str, int], ...]
Chances = tuple[tuple[str, str, float | None, float | None], ...]


def pairs() -> dict[str, tuple[str, str]]:
    """The six pairs of hypotheses, by their code."""
    return {f"{one}/{other}": (one, other) for one, other in itertools.combinations(working_set().names, 2)}


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    view : str
        "rivals" or "negation".
    pair : str
        Two hypotheses, such as "hawkish/divided".
    tested : str
        The hypothesis that the view "negation" tests.
    item : str
        Which item is on the table.
    judged : mapping from str to int, or tuple of (pair, item, decibels)
        Judgements between rivals, for every pair. A mapping is taken as those of `pair`.
    tests : tuple of (hypothesis, item, chance if true, chance if not)
        Judgements against the negation; None where one is missing.
    prior : int
        Belief before any item, decibels, -20 to 20.
    share : float
        How much the weaker items of a cluster count, 0 to 1.
    doubt : int
        By how many steps of the scale a judgement may be off: 0, 1 or 2.
    left_out : str
        An item that is not counted, or empty.
    """

    view: str = "rivals"
    pair: str = "hawkish/divided"
    tested: str = "hawkish"
    item: str = ""
    judged: Judged = ()
    tests: Chances = ()
    prior: int = 0
    share: float = 1.0
    doubt: int = 0
    left_out: str = ""

    def __post_init__(self) -> None:
        items = [each.id for each in working_set().items]
        object.__setattr__(self, "item", self.item or items[0])
        if isinstance(self.judged, Mapping):
            named = tuple((self.pair, item, weight) for item, weight in self.judged.items())
            object.__setattr__(self, "judged", named)
        for name, value, known in (
            ("view", self.view, list(VIEWS)),
            ("pair", self.pair, list(pairs())),
            ("tested", self.tested, list(working_set().names)),
            ("item", self.item, items),
            ("left_out", self.left_out or items[0], items),
            ("doubt", self.doubt, list(DOUBTS)),
            ("share", self.share, list(SHARES)),
        ):
            if value not in known:
                raise ValueError(f"{name}={value!r} is not known; there are {', '.join(map(str, known))}.")
        if not isinstance(self.prior, int) or not PRIORS[0] <= self.prior <= PRIORS[1]:
            raise ValueError(
                f"prior={self.prior!r} must be a whole number of decibels from {PRIORS[0]} to {PRIORS[1]}."
            )
        _refuse_odd_judgements(self, items)


def _refuse_odd_judgements(params: Params, items: list[str]) -> None:
    keys: list[tuple[str, str]] = []
    for pair, item, weight in params.judged:
        if pair not in pairs() or item not in items or weight not in STEPS:
            raise ValueError(
                f"The judgement {weight!r} of {item!r} between {pair!r} cannot be; the scale is {STEPS}."
            )
        keys.append((pair, item))
    for name, item, *chances in params.tests:
        fits = all(chance is None or chance in CHANCES for chance in chances)
        if name not in working_set().names or item not in items or not fits:
            raise ValueError(
                f"The chances {chances!r} of {item!r} under {name!r} cannot be; give {tuple(CHANCES)}."
            )
        keys.append((name, item))
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice:
        raise ValueError(f"{twice[1]} is judged twice for {twice[0]}; keep one judgement.")


class Tested(NamedTuple):
    """One item as a classical test."""

    item: str
    test: Classical


@dataclass(frozen=True)
class Result:
    """What the judgements give.

    Parameters
    ----------
    params : Params
    trace : Trace
        Between the two rivals, all judged items.
    counted : Trace
        The same without the item that is left out.
    weights, after : mapping from str to float
        How each item counts, and belief after it; decibels.
    without : mapping from str to (float, bool)
        Belief without each item, and whether that turns the verdict.
    hangs_on : tuple of str
        Fewest items that turn the verdict.
    tested : tuple of Tested
        Items judged against the negation.
    """

    params: Params
    trace: Trace
    counted: Trace
    weights: Mapping[str, float]
    after: Mapping[str, float]
    without: Mapping[str, tuple[float, bool]]
    hangs_on: tuple[str, ...]
    tested: tuple[Tested, ...]


class BayesTracer(Lab[Params, Result]):
    """What do sixteen items say between two theories of one war?

    Parameters
    ----------
    view, pair, tested, item, judged, tests, prior, share, doubt, left_out
        Where to start; see `Params`.

    Examples
    --------
    >>> lab = BayesTracer(judged={"FRG-03": 10, "UKM-15": -20}, remember=False)
    >>> lab.result.trace.total, lab.result.trace.verdict
    (-10.0, 'divided priorities')
    """

    title = "Tracing the process"
    size: ClassVar[tuple[float, float]] = (8.8, 5.9)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 10.6)
    parameters: ClassVar[type[Any]] = Params
    inside: ClassVar[tuple[str, ...]] = (
        "view", "pair", "tested", "item", "tests", "prior", "share", "doubt", "left_out",
    )  # fmt: skip

    def compute(self, params: Params) -> Result:
        """Weigh what was judged.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Result
        """
        trace = _trace(params)
        weighed = {each.item for each in trace.judgements}
        counted = trace.without(params.left_out) if params.left_out in weighed else trace
        names = [each.item for each in counted.judgements]
        after = list(itertools.accumulate(counted.counted, initial=counted.prior))[1:]
        return Result(
            params,
            trace,
            counted,
            dict(zip(names, counted.counted, strict=True)),
            dict(zip(names, after, strict=True)),
            {name: _without(counted, name) for name in names},
            counted.hangs_on(),
            _tested(params),
        )

    def describe(self, result: Result) -> Sentence:
        """Where belief stands, and on what it hangs.

        Parameters
        ----------
        result : Result

        Returns
        -------
        Sentence
        """
        if result.params.view == "negation":
            return Sentence(
                _tests_words(result), _tests_table(result), _tests_alt(result), _tests_notes(result)
            )
        return Sentence(_words(result), _table(result), _alt(result), _notes(result))

    def axes(self, figure: Figure) -> tuple[Axes, Axes, Axes]:
        """Three panels, of which a view shows one or two: the path of belief, without each item, the tests.

        Parameters
        ----------
        figure : matplotlib Figure

        Returns
        -------
        (Axes, Axes, Axes)
        """
        place = _places(figure)
        return figure.add_axes(place.path), figure.add_axes(place.without), figure.add_axes(place.tests)

    def draw(self, result: Result, axes: tuple[Axes, Axes, Axes]) -> Artists:  # noqa: ARG002
        """Set up the panels with artists that `redraw` fills.

        Parameters
        ----------
        result : Result
        axes : (Axes, Axes, Axes)

        Returns
        -------
        Artists
        """
        return Artists.on(*axes)

    def redraw(self, result: Result, artists: Artists) -> None:
        """Move the artists to where the result says.

        Parameters
        ----------
        result : Result
        artists : Artists
        """
        artists.title.set_text(_headline(result))
        artists.turn_to(result.params.view)
        if result.params.view == "negation":
            _move_tests(result, artists)
        else:
            _move_path(result, artists)
            _move_without(result, artists)

    def controls(self) -> dict[str, Any]:
        """The desk with its scales; prior, clusters, doubt, and an item to leave out.

        Returns
        -------
        dict of str to widget
        """
        settings = {
            "prior": _slider("Belief before, dB", self.params.prior),
            "share": _choice(
                "Further items of a cluster count", {share: f"{share:.0%}" for share in SHARES}, "330px"
            ),
            "doubt": _choice("I may be off by", DOUBTS, "310px"),
            "left_out": _choice("Leave out", {"": "nothing", **_labels()}, "340px"),
        }
        desk = Desk(self.params, list(settings.values()))
        return {
            "judged": desk.widget,
            "view": desk.view,
            "pair": desk.pair,
            "tested": desk.tested,
            "item": desk.widget.item,
            "tests": desk.tests,
            **settings,
        }


# Computing.


def _trace(params: Params) -> Trace:
    case = working_set()
    one, other = (case.names[key] for key in pairs()[params.pair])
    given = {item: weight for pair, item, weight in params.judged if pair == params.pair}
    judgements = tuple(
        Judgement(each.id, float(given[each.id]), *within(given[each.id], params.doubt), each.cluster)
        for each in case.items
        if each.id in given
    )
    return Trace(one, other, float(params.prior), judgements, params.share)


def _without(trace: Trace, item: str) -> tuple[float, bool]:
    rest = trace.without(item)
    return rest.total, rest.verdict != trace.verdict


def _tested(params: Params) -> tuple[Tested, ...]:
    name = params.tested
    given = {item: (true, false) for key, item, true, false in params.tests if key == name}
    return tuple(
        Tested(each.id, Classical(true, false))
        for each in working_set().items
        for true, false in [given.get(each.id, (None, None))]
        if true is not None and false is not None
    )


# The desk.


class Desk:
    """Ties the scales of both views to the item on the table and to all that was judged.

    Parameters
    ----------
    params : Params
        Where to start.
    settings : list of widgets
        What stands above the desk.
    """

    def __init__(self, params: Params, settings: list[Any]) -> None:
        import ipywidgets

        from helpers.ui.judging import NOT_YET, Held, OneByOne

        self.view = _choice("Compare", VIEWS, "325px")
        self.pair = _choice("Hypotheses", {code: _pair_words(code) for code in pairs()}, "480px")
        self.scale = ipywidgets.Select(
            options=[(NOT_YET, "")],
            description="Weight",
            rows=len(STEPS) + 1,
            layout=ipywidgets.Layout(width="460px", max_width="100%"),
            style={"description_width": "initial"},
        )
        self.if_true = _choice("If it is true, to be expected", {"": NOT_YET, **CHANCES}, "460px")
        self.if_not = _choice("If it is not true, to be expected", {"": NOT_YET, **CHANCES}, "460px")
        self.tested = _choice("Hypothesis", working_set().names, "480px")
        rows = [ipywidgets.HBox([self.view, self.pair, self.tested]), ipywidgets.HBox(settings)]
        self._settings = rows[1]
        for row in rows:
            row.add_class("course-controls")
        self.asks = ipywidgets.HTML()
        self.widget = OneByOne(_labels(), _card, rows)
        self.widget.add_class("course-desk")
        self.tests = Held(value=params.tests)
        self._quiet = False
        for source in (self.view, self.pair, self.tested, self.widget.item, self.widget, self.tests):
            source.observe(self._follow, "value")
        self.scale.observe(self._judge, "value")
        for chance in (self.if_true, self.if_not):
            chance.observe(self._test, "value")
        self._follow()

    def _follow(self, _change: object = None) -> None:
        """Show what was judged of the item on the table."""
        if self._quiet:
            return
        self._quiet = True
        try:
            tests = self.view.value == "negation"
            for widget, hidden in ((self.pair, tests), (self._settings, tests), (self.tested, not tests)):
                widget.layout.display = "none" if hidden else None
            if tests:
                self._show_tests()
            else:
                self._show_scale()
        finally:
            self._quiet = False

    def _show_scale(self) -> None:
        item, pair = self.widget.item.value, self.pair.value
        options = _scale_words(pair)
        if self.scale.options != tuple(options):
            self.scale.options = options
        found = next((w for p, i, w in self.widget.value if (p, i) == (pair, item)), None)
        self.scale.value = "" if found is None else found
        one, other = (working_set().shorts[key] for key in pairs()[pair])
        self.asks.value = _asks(f"How much more was it to be expected under {one} than under {other}?")
        self._put(self.asks, self.scale)

    def _show_tests(self) -> None:
        item, name = self.widget.item.value, self.tested.value
        found = next((chances for key, i, *chances in self.tests.value if (key, i) == (name, item)), None)
        self.if_true.value, self.if_not.value = (chance or "" for chance in found or ("", ""))
        short = working_set().shorts[name]
        self.asks.value = _asks(f"{short} and its negation: how far was it to be expected?")
        self._put(self.asks, self.if_true, self.if_not)

    def _put(self, *widgets: Any) -> None:
        if self.widget.scales.children[: len(widgets)] != widgets:
            self.widget.show_scales(*widgets)

    def _judge(self, change: Any) -> None:
        if self._quiet:
            return
        key = (self.pair.value, self.widget.item.value)
        rest = tuple(each for each in self.widget.value if each[:2] != key)
        self._set(self.widget, rest if change["new"] == "" else (*rest, (*key, change["new"])))

    def _test(self, _change: object) -> None:
        if self._quiet:
            return
        key = (self.tested.value, self.widget.item.value)
        rest = tuple(each for each in self.tests.value if each[:2] != key)
        chances = (self.if_true.value or None, self.if_not.value or None)
        self._set(self.tests, rest if chances == (None, None) else (*rest, (*key, *chances)))

    def _set(self, where: Any, value: tuple[Any, ...]) -> None:
        self._quiet = True
        try:
            where.value = value
        finally:
            self._quiet = False


def _choice(description: str, options: Mapping[Any, str], width: str) -> Any:
    import ipywidgets

    return ipywidgets.Dropdown(
        description=description,
        options=[(text, code) for code, text in options.items()],
        layout=ipywidgets.Layout(width=width, max_width="100%"),
        style={"description_width": "initial"},
    )


def _slider(description: str, value: int) -> Any:
    import ipywidgets

    return ipywidgets.IntSlider(
        description=description,
        min=PRIORS[0],
        max=PRIORS[1],
        value=value,
        layout=ipywidgets.Layout(width="360px", max_width="100%"),
        style={"description_width": "initial"},
    )


def _pair_words(code: str) -> str:
    return " against ".join(working_set().shorts[key] for key in pairs()[code])


def _asks(words: str) -> str:
    return f"<div style='line-height:1.35;font-size:15px'><b>{escape(words)}</b></div>"


def _labels() -> dict[str, str]:
    return {each.id: f"{each.id} {each.row['ally']} {each.row['date'][:4]}" for each in working_set().items}


def _scale_words(pair: str) -> list[tuple[str, int | str]]:
    names = [working_set().shorts[key] for key in pairs()[pair]]
    words: list[tuple[str, int | str]] = [("not judged yet", "")]
    for step in reversed(STEPS):
        strength = SCALE[abs(step)].removeprefix("speaks ")
        words.append((f"{abs(step)} dB: {strength}{f' for {names[step < 0]}' if step else ''}", step))
    return words


def _card(code: str) -> str:
    item = working_set().item(code)
    row = {name: escape(value) for name, value in item.row.items()}
    cluster = next((each for each in working_set().clusters if each.key == item.cluster), None)
    belongs = f"<br>Cluster <i>{escape(cluster.key)}</i>: {escape(cluster.why)}" if cluster else ""
    return (
        f"<div style='line-height:1.4;font-size:15px'><b>{row['ally']}, {row['date']}</b>. {row['actor']}<br>"
        f"{row['summary']}<br><span style='color:{QUIET}'>{row['citation']}. Confidence: {row['confidence']}. "
        f"Chosen for: {escape(item.about)}.{belongs}</span></div>"
    )


# Saying.


def odds_words(weight: float, one: str, other: str) -> str:
    """Odds in words, such as "10 to 1 for A".

    Parameters
    ----------
    weight : float
        Decibels.
    one, other : str
        Hypothesis and rival.

    Returns
    -------
    str

    Examples
    --------
    >>> odds_words(-20, "A", "B"), odds_words(0.2, "A", "B")
    ('100 to 1 for B', 'about even')
    """
    if abs(weight) < 0.5:
        return "about even"
    return f"{_odds(abs(weight))} to 1 for {one if weight > 0 else other}"


def _odds(weight: float) -> str:
    if weight > 60:
        return "over a million"
    value = 10 ** (weight / 10)
    return f"{value:.1f}" if value < 9.95 else f"{float(f'{value:.2g}'):,.0f}"


def _headline(result: Result) -> str:
    if result.params.view == "negation":
        return f"{working_set().shorts[result.params.tested]} or not: four tests"
    if not result.trace.judgements:
        return "Nothing is judged yet"
    return f"Belief: {odds_words(result.counted.total, *_shorts(result))}"


def _shorts(result: Result) -> tuple[str, str]:
    one, other = pairs()[result.params.pair]
    return working_set().shorts[one], working_set().shorts[other]


def _tested_name(result: Result) -> str:
    return working_set().names[result.params.tested]


def _words(result: Result) -> str:
    trace, n_items = result.counted, len(working_set().items)
    shown = f"Shown: two named rivals, {trace.hypothesis} against {trace.rival}."
    if not result.trace.judgements:
        return f"{shown} None of {n_items} items is judged; choose on the scale."
    low, high = trace.band
    odds = odds_words(trace.total, trace.hypothesis, trace.rival)
    judged = f"{len(result.trace.judgements)} of {n_items} items judged"
    out = f", {result.params.left_out} left out" if trace is not result.trace else ""
    band = f" Band: {low:+.1f} to {high:+.1f} dB." if result.params.doubt else ""
    return f"{shown} {judged}{out}: {trace.total:+.1f} dB, {odds}.{band} {_hangs_words(result)}"


def _hangs_words(result: Result) -> str:
    if result.counted.verdict == "neither":
        return "Neither is favoured."
    if not result.hangs_on:
        return "The verdict comes from the belief before; no set of items turns it."
    what = "item is" if len(result.hangs_on) == 1 else "items are"
    return f"The verdict is gone if {len(result.hangs_on)} {what} left out, for instance {', '.join(result.hangs_on)}."


def _table(result: Result) -> pd.DataFrame:
    judged = {each.item: each.weight for each in result.counted.judgements}
    rows = {item: working_set().item(item).row for item in judged}
    return pd.DataFrame(
        {
            "item": [_labels()[item] for item in judged],
            "judged, dB": [f"{weight:+.0f}" for weight in judged.values()],
            "counts, dB": [f"{result.weights[item]:+.1f}" for item in judged],
            "belief after, dB": [f"{result.after[item]:+.1f}" for item in judged],
            "without it, dB": [f"{result.without[item][0]:+.1f}" for item in judged],
            "turns the verdict": ["yes" if result.without[item][1] else "no" for item in judged],
            "source": [row["citation"] for row in rows.values()],
            "confidence": [row["confidence"] for row in rows.values()],
        }
    )


def _alt(result: Result) -> str:
    trace = result.counted
    moves = ", ".join(f"{item} to {value:+.1f}" for item, value in result.after.items())
    turning = [item for item, (_, turns) in result.without.items() if turns]
    return (
        f"Left: a path of belief in decibels, right of 0 for {trace.hypothesis}, left for {trace.rival}, one row an "
        f"item: from {trace.prior:+.0f}, {moves or 'no item yet'}. Right: belief without each item; alone, "
        f"{', '.join(turning) or 'none'} would turn the verdict."
    )


def _notes(result: Result) -> tuple[str, ...]:
    notes = ["A likelihood ratio compares two named rivals. Both may be wrong: a third is not in the sum."]
    doubled = [each.item for each in result.counted.judgements if each.cluster]
    clusters = {each.cluster for each in result.counted.judgements if each.cluster}
    if len(doubled) > len(clusters) and result.params.share == 1:
        notes.append("Items of one cluster count here as if they were independent.")
    if result.params.doubt:
        notes.append("The band lets every judgement err to the same side at once; that is the worst case.")
    return tuple(notes)


def _tests_words(result: Result) -> str:
    name, n_items = _tested_name(result), len(working_set().items)
    shown = f"Shown: classical tests, which compare {name} with its negation and with no named rival."
    here = next((each for each in result.tested if each.item == result.params.item), None)
    counted = f"{len(result.tested)} of {n_items} items judged."
    if here is None:
        return f"{shown} {counted} Of {result.params.item} both chances are needed."
    test = here.test
    return (
        f"{shown} {counted} {here.item} is a {test.kind} test: {test.if_found:+.1f} dB if found, "
        f"{test.if_missing:+.1f} dB if looked for and not found."
    )


def _tests_table(result: Result) -> pd.DataFrame:
    rows = [working_set().item(each.item).row for each in result.tested]
    return pd.DataFrame(
        {
            "item": [_labels()[each.item] for each in result.tested],
            "if true": [f"{each.test.expected:.0%}" for each in result.tested],
            "if not true": [f"{each.test.otherwise:.0%}" for each in result.tested],
            "kind of test": [each.test.kind for each in result.tested],
            "found, dB": [f"{each.test.if_found:+.1f}" for each in result.tested],
            "not found, dB": [f"{each.test.if_missing:+.1f}" for each in result.tested],
            "source": [row["citation"] for row in rows],
            "confidence": [row["confidence"] for row in rows],
        }
    )


def _tests_alt(result: Result) -> str:
    kinds = ", ".join(f"{each.item} {each.test.kind}" for each in result.tested)
    return (
        "A square: to the right how far an item is to be expected if the hypothesis is not true, upwards if it is. "
        f"Four fields are the four tests. Items: {kinds or 'none judged yet'}."
    )


def _tests_notes(result: Result) -> tuple[str, ...]:  # noqa: ARG001
    return (
        "What the negation expects depends on which rivals one thinks of. The other view names them.",
        f"Cut-offs: expected at {CERTAIN:.0%} or more is certain, at {RARE:.0%} or less is rare; the course's own.",
    )


# Drawing.


class Places(NamedTuple):
    """Where things stand in the figure, in shares of its width and height."""

    path: tuple[float, float, float, float]
    without: tuple[float, float, float, float]
    tests: tuple[float, float, float, float]
    title: tuple[float, float]
    names: bool
    source: str


WIDE = Places(
    (0.292, 0.165, 0.385, 0.71),
    (0.745, 0.165, 0.22, 0.71),
    (0.13, 0.165, 0.6, 0.71),
    (0.012, 0.975),
    True,
    SOURCE,
)
NARROW = Places(
    (0.2, 0.555, 0.66, 0.37),
    (0.2, 0.1, 0.66, 0.37),
    (0.21, 0.42, 0.73, 0.48),
    (0.012, 0.987),
    False,
    SOURCE.replace("; ", ";\n"),
)


def _places(figure: Figure) -> Places:
    return WIDE if figure.get_figwidth() > 7 else NARROW


@dataclass(frozen=True)
class Artists:
    """What moves in the picture, and the panels of each view."""

    title: Text
    panels: Mapping[str, tuple[Axes, ...]]
    sides: tuple[Text, Text]
    path: Line2D
    bars: tuple[Line2D, ...]
    tips: tuple[Line2D, ...]
    amounts: tuple[Text, ...]
    here: Line2D
    band: Line2D
    end: Line2D
    end_text: Text
    level: Line2D
    dots: tuple[Line2D, ...]
    spots: Line2D
    spot: Line2D
    spot_texts: tuple[Text, ...]

    @classmethod
    def on(cls, path: Axes, without: Axes, tests: Axes) -> Artists:
        """Make all artists, empty, on three axes.

        Parameters
        ----------
        path, without, tests : matplotlib Axes

        Returns
        -------
        Artists
        """
        figure = path.get_figure(root=True)
        assert figure is not None
        place = _places(figure)
        rows = range(len(working_set().items))
        _dress_rows(path, place, "Belief, decibels (below: odds)")
        _dress_rows(without, place, "Without this item, dB")
        _dress_tests(tests)
        source_line(figure, place.source)
        moves = cls(
            title=figure.text(*place.title, "", fontsize=14, fontweight="bold", va="top"),
            panels={"rivals": (path, without), "negation": (tests,)},
            sides=(
                path.text(0, 1.012, "", transform=path.transAxes, fontsize=11, color=readable(DOWN)),
                path.text(
                    1, 1.012, "", transform=path.transAxes, fontsize=11, color=readable(UP), ha="right"
                ),
            ),
            path=path.plot([], [], color=GREY, linewidth=1.2, zorder=1)[0],
            bars=tuple(path.plot([], [], linewidth=7, solid_capstyle="butt", zorder=2)[0] for _ in rows),
            tips=tuple(path.plot([], [], linestyle="", markersize=8, zorder=3)[0] for _ in rows),
            amounts=tuple(_amount(path, row) for row in rows),
            here=_pointer(path),
            band=path.plot([], [], color=GREY, linewidth=9, solid_capstyle="butt")[0],
            end=path.plot(
                [], [], marker="D", markersize=9, color=INK, linestyle="", zorder=4, markeredgecolor="white"
            )[0],
            end_text=_amount(path, len(rows)),
            level=without.plot([], [], color=INK, linewidth=1.4, linestyle=(0, (4, 2)))[0],
            dots=tuple(without.plot([], [], linestyle="", zorder=3)[0] for _ in rows),
            spots=tests.plot([], [], "o", color=UP, markersize=10)[0],
            spot=tests.plot([], [], "o", markerfacecolor="none", markeredgecolor=INK, markersize=18)[0],
            spot_texts=tuple(tests.text(0, 0, "", fontsize=11, zorder=4) for _ in rows),
        )
        moving(moves.title, *moves.parts("rivals"), *moves.parts("negation"))
        return moves

    def parts(self, view: str) -> tuple[Any, ...]:
        """Artists that move in one view.

        Parameters
        ----------
        view : str

        Returns
        -------
        tuple of matplotlib Artist
        """
        if view == "negation":
            return (self.spots, self.spot, *self.spot_texts)
        single = (self.path, self.here, self.band, self.end, self.end_text, self.level)
        return (*self.sides, *self.bars, *self.tips, *self.amounts, *self.dots, *single)

    def turn_to(self, view: str) -> None:
        """Show one view's panels and hide the other's.

        Parameters
        ----------
        view : str
        """
        for name, panels in self.panels.items():
            for panel in panels:
                if panel.get_visible() != (name == view):
                    panel.set_visible(name == view)
            for part in self.parts(name):
                part.set_visible(name == view)


def _pointer(axes: Axes) -> Line2D:
    """Points at the item on the table, left of the panel."""
    across = axes.get_yaxis_transform()
    (pointer,) = axes.plot([], [], ">", markersize=9, color=INK, clip_on=False, transform=across)
    return pointer


def _amount(axes: Axes, row: int) -> Text:
    return axes.text(
        1.015, row + 1, "", transform=axes.get_yaxis_transform(), va="center", fontsize=11, clip_on=False
    )


def _dress_rows(axes: Axes, place: Places, words: str) -> None:
    items = working_set().items
    last = len(items) + 1
    names = _labels() if place.names else {each.id: each.id for each in items}
    axes.set_ylim(last + 0.6, -0.6)
    axes.set_xlim(-RANGES[0], RANGES[0])
    axes.set_xlabel(words, fontsize=12)
    axes.axvline(0, color=INK, linewidth=1.2)
    axes.grid(axis="y", visible=False)
    axes.tick_params(length=0, pad=4, labelsize=11)
    axes.spines["left"].set_visible(False)
    if place.names and words.startswith("Without"):
        axes.set_yticks([])
        return
    shown = ["before", *names.values(), "all items"]
    if words.startswith("Without"):
        shown = ["", *names.values(), ""]
    axes.set_yticks(range(last + 1), shown)
    axes.tick_params(axis="y", pad=16)


def _dress_tests(axes: Axes) -> None:
    axes.set(xlim=(0, 1), ylim=(0, 1.0), xlabel="To be expected if it is not true")
    axes.set_ylabel("To be expected if it is true")
    axes.set_xticks([0, 0.1, 0.5, 1], ["0", "10 %", "50 %", "100 %"])
    axes.set_yticks([0, 0.5, 0.9, 1], ["0", "50 %", "90 %", "100 %"])
    axes.grid(visible=False)
    axes.axvspan(0, RARE, color="#E6F0F7", zorder=0)
    axes.axhspan(CERTAIN, 1, color="#FBEBDD", zorder=0)
    axes.axvspan(0, RARE, ymin=CERTAIN, color="#D9D9D9", zorder=0)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (4, 2)))
    axes.text(0.55, 1.015, "hoop", fontsize=12, ha="center", va="bottom")
    axes.text(0.0, 1.015, "doubly decisive", fontsize=12, va="bottom")
    axes.text(0.05, 0.65, "smoking gun", fontsize=12, rotation=90, ha="center", va="center")
    axes.text(0.8, 0.25, "straw in\nthe wind", fontsize=12, ha="center", va="center")


def _move_path(result: Result, artists: Artists) -> None:
    trace, last = result.counted, len(working_set().items) + 1
    _set_reach(artists, _reach(result))
    one, other = _shorts(result)
    for text, words in zip(artists.sides, (f"◀ {other}", f"{one} ▶"), strict=True):
        text.set_text(words)
    judged = {each.item for each in result.trace.judgements}
    xs, ys, before = [trace.prior], [0.0], trace.prior
    for row, item in enumerate(working_set().items):
        after = result.after.get(item.id, before)
        _move_bar(artists, row, before, after, _amount_words(result, item.id) if item.id in judged else "·")
        xs, ys, before = [*xs, before, after], [*ys, row + 1.0, row + 1.0], after
    artists.path.set_data([*xs, trace.total], [*ys, float(last)])
    artists.here.set_data([-0.03], [_row_of(result.params.item)])
    band = trace.band if result.params.doubt else ()
    artists.band.set_data(band, [last for _ in band])
    artists.end.set_data([trace.total], [last])
    artists.end_text.set_text(_signed(trace.total))


def _row_of(item: str) -> int:
    return 1 + [each.id for each in working_set().items].index(item)


def _amount_words(result: Result, item: str) -> str:
    return _signed(result.weights[item]) if item in result.weights else "out"


def _signed(value: float) -> str:
    if abs(value) < 0.05:
        return "0"
    return f"{value:+.0f}" if abs(value - round(value)) < 0.05 else f"{value:+.1f}"


def _move_bar(artists: Artists, row: int, before: float, after: float, words: str) -> None:
    moved = after - before
    colour = UP if moved > 0 else DOWN
    y = [row + 1, row + 1]
    artists.bars[row].set_data([before, after] if moved else [], y if moved else [])
    artists.bars[row].set_color(colour)
    tip = artists.tips[row]
    judged = words not in ("·", "out")
    tip.set_data([after] if judged else [], [row + 1] if judged else [])
    tip.set_marker(">" if moved > 0 else "<" if moved < 0 else "o")
    tip.set_color(colour if moved else GREY)
    artists.amounts[row].set_text(words)


def _move_without(result: Result, artists: Artists) -> None:
    trace = result.counted
    last = len(working_set().items) + 1
    shown = bool(trace.judgements)
    artists.level.set_data([trace.total] * 2 if shown else [], [-0.6, last + 0.6] if shown else [])
    for row, item in enumerate(working_set().items):
        value, turns = result.without.get(item.id, (math.nan, False))
        dot = artists.dots[row]
        dot.set_data([] if math.isnan(value) else [value], [] if math.isnan(value) else [row + 1])
        dot.set(marker="D" if turns else "o", markersize=10 if turns else 7)
        dot.set(color=DOWN if turns else INK)


def _reach(result: Result) -> float:
    values = [result.counted.prior, *result.after.values(), *(value for value, _ in result.without.values())]
    wanted = 1.1 * max(map(abs, values))
    return next((reach for reach in RANGES if reach >= wanted), RANGES[-1])


def _set_reach(artists: Artists, reach: float) -> None:
    path, without = artists.panels["rivals"]
    if path.get_xlim()[1] == reach and len(path.get_xticks()) == 5:
        return
    ticks = [-reach, -reach / 2, 0, reach / 2, reach]
    path.set_xlim(-reach, reach)
    path.set_xticks(ticks, [f"{tick:+.0f}\n{_tick_odds(tick)}" if tick else "0\neven" for tick in ticks])
    without.set_xlim(-reach, reach)
    without.set_xticks([-reach, 0, reach], [f"{-reach:+.0f}", "0", f"{reach:+.0f}"])


def _tick_odds(tick: float) -> str:
    power = abs(tick) / 10
    return f"{10**power:,.0f} to 1" if power <= 4 else f"$10^{{{power:.0f}}}$ to 1"


def _move_tests(result: Result, artists: Artists) -> None:
    places: dict[tuple[float, float], list[str]] = {}
    for each in result.tested:
        places.setdefault((each.test.otherwise, each.test.expected), []).append(each.item)
    artists.spots.set_data([x for x, _ in places], [y for _, y in places])
    here = [place for place, items in places.items() if result.params.item in items]
    artists.spot.set_data([x for x, _ in here], [y for _, y in here])
    texts = iter(artists.spot_texts)
    for (x, y), items in places.items():
        words = ", ".join(items[:2]) + (f" and {len(items) - 2} more" if len(items) > 2 else "")
        left = x > 0.6
        low = y < 0.2
        text = next(texts)
        text.set(x=x + (-0.03 if left else 0.03), y=y + (0.03 if low else -0.03), text=words)
        text.set(ha="right" if left else "left", va="bottom" if low else "top")
    for text in texts:
        text.set_text("")
