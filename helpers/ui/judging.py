"""Judging items one after the other on a scale of words, keyboard first.

One item is on the table at a time: a card with what is known of it, and a scale beside it, of which all steps can be
seen. Tab reaches the scale, arrow keys choose, Tab and Enter go on. What is chosen counts at once: there is nothing to
confirm and nothing to lose. The first place on every scale is "not judged yet", so that a judgement can be taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import traitlets

NOT_YET = "not judged yet"


class Held(traitlets.HasTraits):
    """A value that several widgets set together; a lab treats it as a control."""

    value = traitlets.Any()


class OneByOne(ipywidgets.VBox):  # type: ignore[misc]
    """A picker, a card and one or more scales; `value` holds all that was judged.

    Parameters
    ----------
    names : mapping of str to str
        Code of each item to its name, in order.
    card : callable
        Takes a code, gives the HTML of its card.
    above : sequence of widgets
        What stands over the picker.

    Notes
    -----
    A lab sets `scales`, one box of widgets at a time, with `show_scales`.
    """

    value = traitlets.Any(())

    def __init__(
        self, names: Mapping[str, str], card: Callable[[str], str], above: Sequence[Any] = ()
    ) -> None:
        self._names, self._card_of = dict(names), card
        self.item = ipywidgets.Dropdown(
            options=[(name, code) for code, name in self._names.items()],
            description="Item",
            layout=ipywidgets.Layout(width="400px"),
            style={"description_width": "initial"},
        )
        narrow = ipywidgets.Layout(width="auto")
        self.back = ipywidgets.Button(description="Previous item", layout=narrow)
        self.next = ipywidgets.Button(description="Next item", layout=narrow)
        self.card = ipywidgets.HTML(layout=ipywidgets.Layout(flex="1 1 330px", min_width="0"))
        self.scales = ipywidgets.VBox([], layout=ipywidgets.Layout(flex="1 1 400px", min_width="0"))
        steps = ipywidgets.HBox([self.item, self.back])
        steps.add_class("course-controls")
        desk = ipywidgets.HBox(
            [self.card, self.scales], layout=ipywidgets.Layout(flex_flow="row wrap", align_items="flex-start")
        )
        super().__init__([*above, steps, desk])
        self.item.observe(self._turn, "value")
        self.back.on_click(lambda _button: self.step(-1))
        self.next.on_click(lambda _button: self.step(1))
        self._turn()

    def step(self, by: int) -> None:
        """Go to another item.

        Parameters
        ----------
        by : int
            1 for the next, -1 for the one before; at either end nothing happens.
        """
        codes = list(self._names)
        place = codes.index(self.item.value) + by
        if 0 <= place < len(codes):
            self.item.value = codes[place]

    def _turn(self, _change: object = None) -> None:
        codes = list(self._names)
        self.card.value = self._card_of(self.item.value)
        self.back.disabled = self.item.value == codes[0]
        self.next.disabled = self.item.value == codes[-1]

    def show_scales(self, *widgets: Any) -> None:
        """Put these scales beside the card, and the button that goes on below them.

        Parameters
        ----------
        *widgets : widgets
        """
        self.scales.children = (*widgets, self.next)
