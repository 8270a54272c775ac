"""A question with options, put as a form that a keyboard and a screen reader can work.

The card knows nothing about right and wrong: it hands the choice to `on_choose` and shows the `Reply`. Quizzes and
predictions are both made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from helpers.ui.view import View


@dataclass(frozen=True)
class Reply:
    """What a card says to a choice.

    Parameters
    ----------
    text : str
        Shown under the question.
    right : bool or None
        Marks the text as right or not right, in words and by a sign; None marks nothing.
    locked : bool
        Whether the choice is final.
    """

    text: str
    right: bool | None
    locked: bool = False


class ChoiceCard:
    """One question, its options, and a button.

    Parameters
    ----------
    question : str
    options : sequence of str
        Two or more.
    heading : str
        A short line above the question.
    confidence : bool
        Whether to ask how sure the student is.
    button : str
        What the button says.
    chosen : int, optional
        Option chosen already, counted from 0.
    confidence_value : int
        Where the confidence starts, per cent.
    feedback : str
        Text shown from the start, for instance on reopening.
    right : bool or None
        Mark of that text, as in `Reply`.
    locked : bool
        Whether the choice can no longer be changed.
    on_choose : callable
        Takes the index of the option and the confidence in per cent (None if not asked); returns a `Reply`.

    Raises
    ------
    ValueError
        If there are fewer than two options, or `chosen` or `confidence_value` is out of range.

    Examples
    --------
    >>> card = ChoiceCard("Who hosted most in 1990?", ["Japan", "Germany"], on_choose=lambda i, sure: Reply("", None))
    >>> print(card)
    Who hosted most in 1990?
      A  Japan
      B  Germany
    """

    def __init__(
        self,
        question: str,
        options: Sequence[str],
        *,
        heading: str = "",
        confidence: bool = False,
        button: str = "Check",
        chosen: int | None = None,
        confidence_value: int = 50,
        feedback: str = "",
        right: bool | None = None,
        locked: bool = False,
        on_choose: Callable[[int, int | None], Reply],
    ) -> None:
        self.options = tuple(str(option) for option in options)
        self._check(chosen, confidence_value)
        self._on_choose = on_choose
        self._view: View | None = None
        self._content: dict[str, Any] = {
            "question": str(question),
            "options": list(self.options),
            "heading": heading,
            "confidence": bool(confidence),
            "button": button,
            "chosen": chosen,
            "confidence_value": confidence_value,
            "feedback": feedback,
            "right": right,
            "locked": bool(locked),
            "turn": 0,
        }

    def _check(self, chosen: int | None, confidence_value: int) -> None:
        if len(self.options) < 2:
            raise ValueError(f"A question needs two options or more, and was given {len(self.options)}.")
        if chosen is not None and not 0 <= chosen < len(self.options):
            raise ValueError(f"chosen={chosen} is none of the options 0 to {len(self.options) - 1}.")
        if not 0 <= confidence_value <= 100:
            raise ValueError(f"confidence_value={confidence_value} is not a per cent from 0 to 100.")

    @property
    def view(self) -> View:
        """The widget, made when first needed."""
        if self._view is None:
            from helpers.ui.view import View

            self._view = View(mode="form", content=self._content)
            self._view.on_msg(self._receive)
        return self._view

    def choose(self, index: int, confidence: int | None = None) -> Reply:
        """Choose an option, as a click on the button does.

        Parameters
        ----------
        index : int
            Counted from 0.
        confidence : int, optional
            Per cent.

        Returns
        -------
        Reply
            What the card now shows. A final choice is not changed any more.

        Raises
        ------
        ValueError
            If there is no such option.
        """
        if not 0 <= index < len(self.options):
            raise ValueError(f"There is no option {index}; there are {len(self.options)}, counted from 0.")
        if self._content["locked"]:
            return Reply(self._content["feedback"], self._content["right"], locked=True)
        sure = min(100, max(0, confidence)) if confidence is not None else None
        reply = self._on_choose(index, sure)
        self._put(
            chosen=index,
            confidence_value=self._content["confidence_value"] if sure is None else sure,
            feedback=reply.text,
            right=reply.right,
            locked=reply.locked,
        )
        return reply

    def show(self, reply: Reply) -> None:
        """Show something that did not follow from a choice on this card, for instance the end of a test.

        Parameters
        ----------
        reply : Reply
        """
        self._put(feedback=reply.text, right=reply.right, locked=reply.locked)

    def _put(self, **changes: object) -> None:
        self._content = {**self._content, **changes, "turn": self._content["turn"] + 1}
        if self._view is not None:
            self._view.put(self._content)

    def _receive(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        kind = message.get("kind")
        if kind == "ready":
            self.view.send({"kind": "welcome"})
        elif kind == "chosen":
            self._chosen(message)

    def _chosen(self, message: dict[str, Any]) -> None:
        sure = message.get("confidence") if self._content["confidence"] else None
        try:
            self.choose(int(message["index"]), None if sure is None else round(float(sure)))
        except Exception as error:
            self._put(
                feedback=f"Your choice could not be taken in ({type(error).__name__}: {error}).", right=None
            )

    def __repr__(self) -> str:
        rows = (f"  {chr(65 + i)}  {option}" for i, option in enumerate(self.options))
        mark = {True: "Right. ", False: "Not right. "}.get(self._content["right"], "")
        said = self._content["feedback"]
        lines = [self._content["heading"], self._content["question"], *rows, mark + said if said else ""]
        return "\n".join(line for line in lines if line)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        from html import escape

        bundle: dict[str, Any] = dict((self.view._repr_mimebundle_() or ({}, {}))[0])
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f"<pre style='white-space:pre-wrap;font:inherit'>{escape(repr(self))}</pre>"
        return bundle
