"""Choosing several of many, without a mouse.

A list in which one must hold a key to pick a second item is hard for everyone. Here a student picks a ready-made group,
or finds one item in a drop-down (typing its first letters works) and presses a button that says what it will do: "Add
Italy", "Remove Italy". What is chosen stands beside it in words.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets
import traitlets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OWN = "Your own choice"


class SeveralOf(ipywidgets.VBox):  # type: ignore[misc]
    """Pick several items: a group, or one after the other.

    Parameters
    ----------
    names : mapping of str to str
        Code of each item to its name, in the order of the list.
    groups : mapping of str to sequence of str
        Name of each ready-made group to the codes in it.
    value : sequence of str
        Codes chosen at first.
    item : str
        What one item is called, for instance "host".
    most : int
        How many may be chosen.
    """

    value = traitlets.Tuple()

    def __init__(
        self,
        names: Mapping[str, str],
        groups: Mapping[str, Sequence[str]],
        value: Sequence[str],
        *,
        item: str,
        most: int,
    ) -> None:
        self._names, self._most = dict(names), most
        self._groups = {label: tuple(codes) for label, codes in groups.items()}
        self.group = ipywidgets.Dropdown(options=[OWN, *self._groups], description="Group")
        self.one = ipywidgets.Dropdown(
            options=[(name, code) for code, name in self._names.items()], description=item.capitalize()
        )
        self.button = ipywidgets.Button(layout=ipywidgets.Layout(width="250px", flex="0 1 auto"))
        self.chosen = ipywidgets.HTML()
        row = ipywidgets.HBox([self.group, self.one, self.button])
        row.add_class("course-controls")
        super().__init__([row, self.chosen])
        self.value = tuple(value)
        self._label()
        self.group.observe(self._take_group, "value")
        self.one.observe(self._label, "value")
        self.button.on_click(self._switch)
        self.observe(self._label, "value")

    def _take_group(self, change: Any) -> None:
        if change["new"] in self._groups and set(self._groups[change["new"]]) != set(self.value):
            self.value = self._groups[change["new"]]

    def _switch(self, _button: object = None) -> None:
        code = self.one.value
        if code in self.value:
            self.value = tuple(other for other in self.value if other != code)
        elif len(self.value) < self._most:
            self.value = (*self.value, code)

    def _label(self, _change: object = None) -> None:
        code, name = self.one.value, self._names[self.one.value]
        last = self.value == (code,)
        full = code not in self.value and len(self.value) >= self._most
        self.button.description = f"{'Remove' if code in self.value else 'Add'} {name}"
        self.button.disabled = last or full
        shown = ", ".join(self._names[other] for other in self.value)
        self.chosen.value = f"Shown ({len(self.value)} of at most {self._most}): {escape(shown)}."
        fits = (label for label, codes in self._groups.items() if set(codes) == set(self.value))
        self.group.value = next(fits, OWN)
