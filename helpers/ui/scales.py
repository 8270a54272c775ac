"""Statements to be rated from 0 to 100, as a form that a keyboard and a screen reader can work.

Each statement has a slider and a field for the same number. Neither has a value before the student gives one: a slider
that starts at 50 would suggest 50.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from helpers.ui.choice import Reply

if TYPE_CHECKING:
    from helpers.ui.view import View


class ScaleCard:
    """Some statements, a number from 0 to 100 for each, and a button.

    Parameters
    ----------
    question : str
    statements : sequence of str
        One or more.
    heading : str
        A short line above the question.
    button : str
        What the button says.
    values : sequence of int, optional
        Numbers that were given already.
    feedback : str
        Text shown from the start.
    locked : bool
        Whether the numbers can no longer be changed.
    on_keep : callable
        Takes the numbers, in the order of the statements; returns a `Reply`.

    Raises
    ------
    ValueError
        If there is no statement, or the values do not fit.

    Examples
    --------
    >>> card = ScaleCard("How likely is it?", ["It rains."], on_keep=lambda values: Reply("Kept.", None))
    >>> print(card)
    How likely is it?
      A  It rains.
    """

    def __init__(
        self,
        question: str,
        statements: Sequence[str],
        *,
        heading: str = "",
        button: str = "Keep",
        values: Sequence[int] | None = None,
        feedback: str = "",
        locked: bool = False,
        on_keep: Callable[[list[int]], Reply],
    ) -> None:
        self.statements = tuple(map(str, statements))
        if not self.statements:
            raise ValueError("A card of scales needs one statement or more, and was given none.")
        if values is not None:
            self._refuse_odd(values)
        self._on_keep = on_keep
        self._view: View | None = None
        self._content: dict[str, Any] = {
            "question": question,
            "statements": list(self.statements),
            "heading": heading,
            "button": button,
            "values": None if values is None else list(values),
            "feedback": feedback,
            "locked": locked,
            "turn": 0,
        }

    def _refuse_odd(self, values: Sequence[int]) -> None:
        if len(values) != len(self.statements):
            raise ValueError(f"{len(self.statements)} numbers are needed, one each, not {len(values)}.")
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
                raise ValueError(f"Each number is a whole one from 0 to 100, not {str(value)[:20]}.")

    @property
    def view(self) -> View:
        """The widget, made when first needed."""
        if self._view is None:
            from helpers.ui.view import View

            self._view = View(mode="scales", content=self._content)
            self._view.on_msg(self._receive)
        return self._view

    def keep(self, values: Sequence[int]) -> Reply:
        """Give the numbers, as the button does.

        Parameters
        ----------
        values : sequence of int
            One for each statement, 0 to 100.

        Returns
        -------
        Reply
            What the card now shows. Numbers that are final are not changed any more.

        Raises
        ------
        ValueError
            If they do not fit.
        """
        self._refuse_odd(values)
        if self._content["locked"]:
            return Reply(self._content["feedback"], None, locked=True)
        reply = self._on_keep(list(values))
        self._put(values=list(values), feedback=reply.text, locked=reply.locked)
        return reply

    def _put(self, **changes: object) -> None:
        self._content = {**self._content, **changes, "turn": self._content["turn"] + 1}
        if self._view is not None:
            self._view.put(self._content)

    def _receive(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        if message.get("kind") == "ready":
            self.view.send({"kind": "welcome"})
        elif message.get("kind") == "kept":
            try:
                self.keep([round(float(value)) for value in message["values"]])
            except Exception as error:
                self._put(feedback=f"The numbers could not be taken in ({type(error).__name__}: {error}).")

    def __repr__(self) -> str:
        given = self._content["values"] or [None] * len(self.statements)
        rows = (
            f"  {chr(65 + place)}  {statement}" + ("" if value is None else f"  {value} %")
            for place, (statement, value) in enumerate(zip(self.statements, given, strict=True))
        )
        lines = [self._content["heading"], self._content["question"], *rows, self._content["feedback"]]
        return "\n".join(line for line in lines if line)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        bundle: dict[str, Any] = dict((self.view._repr_mimebundle_() or ({}, {}))[0])
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f"<pre style='white-space:pre-wrap;font:inherit'>{escape(repr(self))}</pre>"
        return bundle
