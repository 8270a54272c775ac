"""A button that does one thing which takes a while, and says how it went.

The card knows nothing about what is done: it calls `act` and shows the `Outcome`. While that runs the button rests, so
that nothing is done twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpers.ui.view import View


@dataclass(frozen=True)
class Outcome:
    """What a card says when all is done.

    Parameters
    ----------
    text : str
        One line, read aloud.
    detail : str
        Further lines, shown as they are.
    """

    text: str
    detail: str = ""


class ActionCard:
    """A heading, a text, and a button.

    Parameters
    ----------
    heading, text : str
    button : str
        What the button says.
    working : str
        Shown while it works.
    act : callable
        Takes nothing; returns an `Outcome`.
    in_words : str
        How to do the same without the button; shown where there is no widget.

    Examples
    --------
    >>> print(ActionCard("Hand in", "One file.", "Go", act=lambda: Outcome("Done."), in_words="Type: go"))
    Hand in
    One file.
    Type: go
    """

    def __init__(
        self,
        heading: str,
        text: str,
        button: str,
        *,
        working: str = "Working …",
        act: Callable[[], Outcome],
        in_words: str = "",
    ) -> None:
        self._act = act
        self._in_words = in_words
        self._view: View | None = None
        self._content: dict[str, Any] = {
            "heading": heading,
            "text": text,
            "button": button,
            "working": working,
            "busy": False,
            "feedback": "",
            "detail": "",
        }

    @property
    def view(self) -> View:
        """The widget, made when first needed."""
        if self._view is None:
            from helpers.ui.view import View

            self._view = View(mode="action", content=self._content)
            self._view.on_msg(self._receive)
        return self._view

    def press(self) -> Outcome:
        """Do it, as a press of the button does.

        Returns
        -------
        Outcome
            What the card now shows. An error of the action is a sentence, too.
        """
        self._put(busy=True, feedback="", detail="")
        try:
            outcome = self._act()
        except Exception as error:
            outcome = Outcome(f"This could not be done ({type(error).__name__}: {error}).")
        self._put(busy=False, feedback=outcome.text, detail=outcome.detail)
        return outcome

    def _put(self, **changes: object) -> None:
        self._content = {**self._content, **changes}
        if self._view is not None:
            self._view.put(self._content)

    def _receive(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        kind = message.get("kind")
        if kind == "ready":
            self.view.send({"kind": "welcome"})
        elif kind == "pressed" and not self._content["busy"]:
            self.press()

    def __repr__(self) -> str:
        shown = self._content
        lines = [shown["heading"], shown["text"], self._in_words, shown["feedback"], shown["detail"]]
        return "\n".join(line for line in lines if line)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        from html import escape

        bundle: dict[str, Any] = dict((self.view._repr_mimebundle_() or ({}, {}))[0])
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f"<pre style='white-space:pre-wrap;font:inherit'>{escape(repr(self))}</pre>"
        return bundle
