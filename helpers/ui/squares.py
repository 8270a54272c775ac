"""A board of drop-down lists, filled by keyboard: Tab moves on, the first letter of an answer chooses it.

`Squares` shows the lists in groups side by side; its value is what stands on the squares that are filled. `Commitment`
is the button under it: it does nothing until every square is filled, and then keeps the moment. From then on the board
is locked, so that nobody can believe later that they had said something else. It is never greyed out before: whoever
tabs on fast from the last square must land on it, and not on the button behind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets
import traitlets

UNFILLED = "choose"


@dataclass(frozen=True)
class Group:
    """A column of squares under one heading.

    Parameters
    ----------
    heading : str
    squares : mapping of str to (str, mapping of str to str)
        Key of each square to its label, and what can be put there: value to words.
    """

    heading: str
    squares: Mapping[str, tuple[str, Mapping[str, str]]]


class Squares(ipywidgets.VBox):  # type: ignore[misc]
    """Lists in groups.

    Parameters
    ----------
    groups : sequence of Group
    value : sequence of (str, str)
        Key and value of the squares that are filled.
    """

    value = traitlets.Tuple()

    def __init__(self, groups: Sequence[Group], value: Sequence[tuple[str, str]] = ()) -> None:
        self.lists = {
            key: _list(group.heading, label, choices)
            for group in groups
            for key, (label, choices) in group.squares.items()
        }
        self._follows = False
        columns = [_column(group, [self.lists[key] for key in group.squares]) for group in groups]
        row = ipywidgets.HBox(columns)
        row.add_class("course-controls")
        super().__init__([row])
        self.value = tuple(value)
        self._show()
        self.observe(self._show, "value")
        for each in self.lists.values():
            each.observe(self._take, "value")

    @property
    def is_full(self) -> bool:
        """Whether every square is filled."""
        return len(self.value) == len(self.lists)

    def lock(self, on: bool) -> None:
        """Keep the squares as they are, or let them be changed."""
        for each in self.lists.values():
            each.disabled = on

    def _take(self, _change: object) -> None:
        if not self._follows:
            self.value = tuple((key, each.value) for key, each in self.lists.items() if each.value)

    def _show(self, _change: object = None) -> None:
        self._follows = True
        try:
            held = dict(self.value)
            for key, each in self.lists.items():
                each.value = held.get(key, "")
        finally:
            self._follows = False


def _list(heading: str, label: str, choices: Mapping[str, str]) -> Any:
    return ipywidgets.Dropdown(
        options=[(UNFILLED, ""), *((words, value) for value, words in choices.items())],
        description=label,
        tooltip=f"{heading}: {label}",
        style={"description_width": "132px"},
        layout=ipywidgets.Layout(width="398px"),
    )


def _column(group: Group, lists: Sequence[Any]) -> Any:
    heading = ipywidgets.HTML(f"<strong>{escape(group.heading)}</strong>")
    return ipywidgets.VBox([heading, *lists])


class Commitment(ipywidgets.HBox):  # type: ignore[misc]
    """A button that works once, when the board is full.

    Parameters
    ----------
    squares : Squares
    value : str
        Moment at which it was pressed; empty if it was not.
    now : callable
        Gives the moment in words.
    """

    value = traitlets.Unicode()

    def __init__(self, squares: Squares, value: str, now: Callable[[], str]) -> None:
        self._squares, self._now = squares, now
        self.button = ipywidgets.Button(layout=ipywidgets.Layout(width="300px"))
        super().__init__([self.button])
        self.add_class("course-controls")
        self.value = value
        self._label()
        self.button.on_click(self._press)
        self.observe(self._label, "value")
        squares.observe(self._label, "value")

    def _press(self, _button: object = None) -> None:
        if self._squares.is_full and not self.value:
            self.value = self._now()

    def _label(self, _change: object = None) -> None:
        left = len(self._squares.lists) - len(self._squares.value)
        self._squares.lock(bool(self.value))
        self.button.disabled = bool(self.value)
        words = f"{left} left to fill" if left else "Commit the board"
        self.button.description = f"Committed {self.value}" if self.value else words
