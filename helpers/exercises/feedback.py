"""How a verdict is told: a heading in words, what is already right, then one thing to do.

Meaning never hangs on colour: the heading says it, a sign repeats it. The text takes the colours of the notebook's own
theme, so that it reads well in a light and in a dark one, and a screen reader announces it as a status.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from html import escape

from helpers.exercises.judge import Verdict

_BOX = (
    "margin:4px 0;padding:6px 12px;border:1px solid currentColor;border-left-width:6px;border-radius:3px;"
    "max-width:58em;font-size:12pt;line-height:1.45;color:inherit;background:transparent;"
)
_STRESSED = re.compile(r"(?<![^\s(])\*([^*\s](?:[^*]*[^*\s])?)\*(?![^\s.,;:!?)])")


@dataclass(frozen=True)
class Note:
    """A short message to the student.

    Parameters
    ----------
    heading : str
    paragraphs : tuple of str
        What stands between backticks is code, and between asterisks is stressed.
    sign : str
        One character before the heading that repeats its meaning.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    sign: str = ""

    def text(self) -> str:
        """The message as plain text."""
        return "\n".join((self.heading, *(f"  {paragraph}" for paragraph in self.paragraphs)))

    def html(self) -> str:
        """The message as HTML."""
        sign = f"<span aria-hidden='true'>{escape(self.sign)} </span>" if self.sign else ""
        body = "".join(f"<div style='margin-top:4px'>{_with_code(each)}</div>" for each in self.paragraphs)
        return (
            f"<div role='status' style='{_BOX}'>{sign}<strong>{_with_code(self.heading)}</strong>{body}</div>"
        )


def of_verdict(verdict: Verdict) -> Note:
    """Put a verdict into words.

    Examples
    --------
    >>> print(of_verdict(Verdict("01.1", "wrong", 0, 2, "It is per cent.", ("the figure",), "per cent")).text())
    01.1: Not right yet.
      Already right: the figure.
      It is per cent.
    """
    heading, sign = _HEADINGS[verdict.outcome]
    paragraphs = [verdict.message]
    if verdict.outcome in ("wrong", "known mistake"):
        already = f"Already right: {', '.join(verdict.already_right)}." if verdict.already_right else ""
        fallback = f'Read the task once more, or take a step with `hint("{verdict.exercise_id}")`.'
        paragraphs = [already, verdict.message or fallback]
    points = f" {_points(verdict)}" if verdict.points else ""
    shown = tuple(paragraph for paragraph in paragraphs if paragraph)
    return Note(f"{verdict.exercise_id}: {heading}{points}", shown, sign)


_HEADINGS = {
    "not attempted": ("Not attempted yet.", "○"),
    "right": ("Right.", "✓"),
    "known mistake": ("Not right yet.", "✗"),
    "wrong": ("Not right yet.", "✗"),
    "recorded": ("Recorded, marked by a person.", "✎"),
}


def _points(verdict: Verdict) -> str:
    return f"{verdict.points:g} of {verdict.max_points:g} point{'s' * (verdict.max_points != 1)}."


def _with_code(text: str) -> str:
    """Escape a text; what stands between backticks becomes code, and between asterisks is stressed."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return "".join(
        f"<code>{part}</code>" if place % 2 else _STRESSED.sub(r"<em>\1</em>", part)
        for place, part in enumerate(parts)
    )


def show(note: Note) -> None:
    """Display a message where there is a notebook, else print it.

    Parameters
    ----------
    note : Note
    """
    show_html(note.html(), note.text())


def show_html(html: str, text: str) -> None:
    """Display HTML with its plain text; print the text where there is no notebook."""
    if not in_notebook():
        print(text)
        return
    from IPython.display import display

    display({"text/html": html, "text/plain": text}, raw=True)  # type: ignore[no-untyped-call,unused-ignore]


def in_notebook() -> bool:
    """Whether IPython runs this code."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and ipython.get_ipython() is not None
