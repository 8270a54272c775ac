'''The base of every lab: a subclass says what is computed, what is said and what is drawn; all else is here.

A lab is a question with knobs. Its science lives in a domain package; its controls, its picture and its sentence are
tied together once, in this module, so that each new lab is short and all behave alike: keys stay in the lab, the
picture has words, the sentence is read aloud, Reset is one click, and what a student sets is there again tomorrow.

A whole lab:

    @dataclass(frozen=True)
    class Params:
        """What the student sets."""

        spill_in: float = 20.0

        def __post_init__(self) -> None:
            if self.spill_in < 0:
                raise ValueError(f"spill_in={self.spill_in} is negative; give billion dollars from 0.")


    class SpillIn(Lab[Params, float]):
        """How much does an ally buy when others provide more?"""

        title = "What the others provide"
        parameters = Params

        def compute(self, params: Params) -> float:
            return best_response(HOST, params.spill_in)

        def describe(self, result: float) -> Sentence:
            return Sentence(f"The host buys {result:.1f} billion.", pd.DataFrame({"who": ["host"], "buys": [result]}))

        def draw(self, result: float, axes: Axes) -> None:
            axes.bar(["host"], [result])

        def controls(self) -> dict[str, Widget]:
            return {"spill_in": FloatSlider(description="Spill-in", min=0, max=50)}

`draw` gets empty axes each time. A lab that must be fast also defines `redraw(result, artists)`: then `draw` runs
once and returns its artists (those marked by `moving` are repainted alone), and `redraw` only changes them.
'''

from __future__ import annotations

import math
import os
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from html import escape
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from helpers.ui.painter import Painter
    from helpers.ui.view import View

P = TypeVar("P")
R = TypeVar("R")

FITS = 0.85  # how far a picture may shrink before its letters fall under 11 points
PATIENCE = 1.0  # seconds after which a picture counts as arrived, for instance when its page was closed


@dataclass(frozen=True)
class Sentence:
    """What a lab says about its result.

    Parameters
    ----------
    text : str
        One or two sentences; read aloud when it changes.
    table : DataFrame
        The numbers behind the picture; the first column heads the rows.
    alt : str
        What the picture shows: kind of chart, axes, what stands out.
    notes : tuple of str
        What must be known to read the picture: breaks, cases left out.
    """

    text: str
    table: pd.DataFrame
    alt: str = ""
    notes: tuple[str, ...] = ()


class Lab(Generic[P, R]):
    """A question with controls, a picture and a sentence.

    Parameters
    ----------
    remember : bool
        Whether what the student sets is kept for the next time.
    **parameters
        Where to start; the fields of the lab's frozen dataclass `parameters`. If any is given, nothing kept
        is restored.

    Raises
    ------
    TypeError
        If there is no such parameter.
    ValueError
        If a value cannot be.
    """

    title: ClassVar[str] = ""
    size: ClassVar[tuple[float, float]] = (8.8, 5.0)
    narrow: ClassVar[tuple[float, float] | None] = None
    parameters: ClassVar[type[Any]]
    inside: ClassVar[
        tuple[str, ...]
    ] = ()  # controls that stand within another one, and not in the row of their own

    def __init__(self, *, remember: bool = True, **parameters: Any) -> None:
        self._start: P = self._params(parameters)
        self._remember = remember and _may_remember()
        self._wish: P = self._start if parameters else self._restored()
        self._result: tuple[P, R] | None = None
        self._painter: Painter | None = None
        self._artists: Any = None
        self._is_narrow = False
        self._ui: _Widgets | None = None

    # What a subclass gives.

    def compute(self, params: P) -> R:
        """Result for these settings, by a call into a domain package."""
        raise NotImplementedError(f"{type(self).__name__} needs a method compute(params).")

    def describe(self, result: R) -> Sentence:
        """What the result says."""
        raise NotImplementedError(f"{type(self).__name__} needs a method describe(result).")

    def draw(self, result: R, axes: Any) -> Any:
        """Draw the result on empty axes; return the artists if there is a `redraw`."""
        raise NotImplementedError(f"{type(self).__name__} needs a method draw(result, axes).")

    def controls(self) -> dict[str, Any]:
        """Make a widget for each parameter that the student sets."""
        raise NotImplementedError(f"{type(self).__name__} needs a method controls().")

    def axes(self, figure: Figure) -> Any:
        """Axes to draw on; one, unless a subclass makes more."""
        return figure.subplots()

    redraw: ClassVar[Any] = None

    # What code uses.

    @property
    def params(self) -> P:
        """The settings now."""
        return self._wish

    @property
    def result(self) -> R:
        """The result for the settings now."""
        if self._result is None or self._result[0] != self._wish:
            self._result = (self._wish, self.compute(self._wish))
        return self._result[1]

    @property
    def sentence(self) -> Sentence:
        """What the lab says now."""
        return self.describe(self.result)

    @property
    def widget(self) -> Any:
        """The widget on the page: controls above, picture below."""
        return self._widgets.root

    @property
    def view(self) -> View:
        """The part of the widget that shows the picture and its words."""
        return self._widgets.view

    @property
    def control(self) -> dict[str, Any]:
        """The widget of each parameter, by its name."""
        return self._widgets.controls

    def set(self, **parameters: Any) -> None:
        """Change settings by code; the picture follows.

        Parameters
        ----------
        **parameters
            Fields of `params`.
        """
        self._wish = self._params(parameters, self._wish)
        if self._ui is not None:
            self._ui.follow(self._wish)
            self._ui.show()

    def reset(self) -> None:
        """Go back to where the lab started, as the Reset button does."""
        self.set(**_shallow(self._start))
        self._keep()

    def picture(self) -> bytes:
        """Draw the settings now.

        Returns
        -------
        bytes
            A PNG file; empty where `COURSE_NO_DRAW` is set.
        """
        from helpers.plotting.pictures import drawing

        if not drawing():
            return b""
        result = self.result
        return self.painter.paint(lambda: self._change(result))

    @property
    def painter(self) -> Painter:
        """The figure and its background."""
        if self._painter is None:
            from helpers.ui.painter import Painter

            self._painter = Painter(self.narrow if self._is_narrow and self.narrow else self.size)
        return self._painter

    def __repr__(self) -> str:
        return self.sentence.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        from helpers.plotting.pictures import drawing

        if not drawing():
            return {"text/plain": repr(self)}
        bundle: dict[str, Any] = dict(self.widget._repr_mimebundle_())
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = self._plain_html()
        return bundle

    def fit(self, room: float) -> bool:
        """Take the narrow figure where the page leaves too little room for letters to be read.

        Parameters
        ----------
        room : float
            Width for the picture, CSS pixels.

        Returns
        -------
        bool
            Whether that is a change.
        """
        wants = self.narrow is not None and room < FITS * self.size[0] * 100
        changed = wants != self._is_narrow
        if changed:
            self._is_narrow, self._painter, self._artists = wants, None, None
        return changed

    # What holds it together.

    @property
    def _widgets(self) -> _Widgets:
        if self._ui is None:
            self._ui = _Widgets(self)
        return self._ui

    def _change(self, result: R) -> None:
        figure = self.painter.figure
        if self.redraw is not None and self._artists is not None:
            self.redraw(result, self._artists)
            return
        figure.clear()
        self._artists = self.draw(result, self.axes(figure))
        if self.redraw is not None:
            self.redraw(result, self._artists)

    def _content(self) -> dict[str, Any]:
        from helpers.ui.html import table_html

        said = self.sentence
        return {
            "label": f"Lab: {self.title or type(self).__name__}",
            "sentence": said.text,
            "alt": said.alt or f"{self.title} {said.text}".strip(),
            "notes": list(said.notes),
            "table": table_html(said.table, self.title),
            "width": self.painter.width,
        }

    def _plain_html(self) -> str:
        from helpers.plotting import Picture

        content = self._content()
        picture = Picture(self._widgets.last_png, content["alt"], content["width"])._repr_html_()
        notes = "".join(f"<li>{escape(note)}</li>" for note in content["notes"])
        return f"<p>{escape(content['sentence'])}</p>{picture}<ul>{notes}</ul>{content['table']}"

    @classmethod
    def _params(cls, given: dict[str, Any], base: Any = None) -> Any:
        known = [field.name for field in fields(cls.parameters)]
        for name in given:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                raise TypeError(
                    f"{cls.__name__} has no parameter {name!r}.{hint} It has: {', '.join(known)}."
                )
        return replace(base, **given) if base is not None else cls.parameters(**given)

    @classmethod
    def _state_name(cls) -> str:
        from helpers.ui.state import lab_state_name

        return lab_state_name(cls.__name__)

    def _restored(self) -> P:
        if not self._remember:
            return self._start
        from helpers.ui.state import StateFile

        try:
            kept = StateFile(self._state_name()).read().get("params", {})
            restored: P = self._params({name: _tuples(value) for name, value in kept.items()})
        except (TypeError, ValueError, AttributeError):
            return self._start
        return restored

    def _keep(self) -> None:
        if self._remember:
            from helpers.ui.state import StateFile

            kept = _lists(asdict(self._wish))  # type: ignore[call-overload]
            StateFile(self._state_name()).update(lambda data: {**data, "params": kept})


class _Widgets:
    """The thin view of a lab: ties each control to its parameter and sends pictures, one at a time."""

    def __init__(self, lab: Lab[Any, Any]) -> None:
        import ipywidgets

        from helpers.ui.view import View

        self._lab = lab
        self._follows = False
        self._frame = 0
        self._sent_at: float | None = None
        self._late = False
        self._scale = 1.0
        self.last_png = b""
        self.view = View(mode="figure")
        self.controls = lab.controls()
        self._reset = ipywidgets.Button(description="Reset", layout=ipywidgets.Layout(width="auto"))
        self.root = ipywidgets.VBox([*self._rows(ipywidgets), self.view])
        self.root.add_class("course-lab")
        self.follow(lab.params)
        for name, control in self.controls.items():
            control.observe(lambda change, name=name: self._changed(name, change["new"]), "value")
        self._reset.on_click(lambda _button: lab.reset())
        self.view.on_msg(self._receive)
        self.show()

    def _rows(self, ipywidgets: Any) -> list[Any]:
        own = [control for name, control in self.controls.items() if name not in self._lab.inside]
        wide = [control for control in own if isinstance(control, ipywidgets.Box)]
        small = [control for control in own if not isinstance(control, ipywidgets.Box)]
        row = ipywidgets.HBox([*small, self._reset])
        row.add_class("course-controls")
        return [*wide, row]

    def follow(self, params: Any) -> None:
        """Move the controls to these settings without hearing them."""
        self._follows = True
        try:
            for name, control in self.controls.items():
                control.value = getattr(params, name)
        finally:
            self._follows = False

    def _changed(self, name: str, value: Any) -> None:
        if self._follows:
            return
        lab = self._lab
        try:
            lab._wish = lab._params({name: value}, lab._wish)
        except ValueError as error:
            self.view.put({"sentence": str(error)})
            return
        self._ask()
        lab._keep()

    def _ask(self) -> None:
        """Draw now, or after the picture that is still on its way."""
        waiting = self._sent_at is not None and monotonic() - self._sent_at < PATIENCE
        if waiting:
            self._late = True
        else:
            self.show()

    def show(self) -> None:
        """Draw and send the settings now."""
        lab, self._late = self._lab, False
        self._frame += 1
        try:
            content, self.last_png = lab._content(), lab.picture()
        except Exception as error:
            text = f"This setting could not be drawn ({type(error).__name__}: {error}). The picture is the last one."
            self.view.put({"sentence": text, "frame": self._frame})
            return
        self.view.put({**content, "frame": self._frame}, self.last_png)
        if self._watched:
            self._sent_at = monotonic()

    _watched = False

    def _receive(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        kind = message.get("kind")
        if kind == "ready":
            self._welcome(message)
        elif kind == "room" and self._lab.fit(float(message["room"])):
            self._lab.painter.scale(self._scale)
            self.show()
        elif kind == "shown" and message.get("frame") == self._frame:
            self._sent_at = None
            if self._late:
                self.show()

    def _welcome(self, message: dict[str, Any]) -> None:
        self._watched, self._sent_at = True, None
        self._scale = min(2.0, max(1.0, float(message.get("scale", 1))))
        self.view.send({"kind": "welcome"})
        refitted = self._lab.fit(float(message.get("room") or math.inf))
        if self._lab.painter.scale(self._scale) or refitted or self._late:
            self.show()


def _may_remember() -> bool:
    return not (os.environ.get("NBGRADER_EXECUTION") or os.environ.get("COURSE_NO_DRAW"))


def _shallow(params: Any) -> dict[str, Any]:
    return {field.name: getattr(params, field.name) for field in fields(params)}


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _lists(item) for key, item in value.items()}
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else value
