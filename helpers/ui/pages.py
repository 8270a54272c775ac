"""A form of several pages, of which nothing is ever left in a notebook.

A questionnaire is no question with knobs: it has pages, and its answers are nobody else's business. So nothing that is
asked or answered lies in the widget's synced state, which JupyterLab writes into the saved notebook: a page is sent to
the open browser as a message, and each answer comes back as one as soon as it is given. Who owns the form decides what
is on a page and what becomes of an answer.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpers.ui.view import View


@dataclass(frozen=True)
class Item:
    """One question of a page.

    Parameters
    ----------
    name : str
        Under which its answer is given back.
    text : str
    options : tuple of str
        What can be chosen; none for a whole number that is typed.
    lowest, highest : int
        Range of that number.
    in_a_row : bool
        Whether the options are a scale and stand side by side.
    value : int or None
        Place of the chosen option, counted from 0, or the number; None if there is no answer.
    locked : bool
        Whether the answer can no longer be changed.
    """

    name: str
    text: str
    options: tuple[str, ...] = ()
    lowest: int = 0
    highest: int = 0
    in_a_row: bool = False
    value: int | None = None
    locked: bool = False


@dataclass(frozen=True)
class Press:
    """A button of a page.

    Parameters
    ----------
    name : str
    label : str
    quiet : bool
        Whether it steps back behind the others.
    """

    name: str
    label: str
    quiet: bool = False


@dataclass(frozen=True)
class Page:
    """What is on show.

    Parameters
    ----------
    heading : str
    paragraphs : tuple of str
    items : tuple of Item
    buttons : tuple of Press
    detail : str
        Lines that are shown as they are.
    said : str
        What the last button did; read aloud.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    buttons: tuple[Press, ...] = ()
    detail: str = ""
    said: str = ""


class PagedForm:
    """Pages of questions, one at a time.

    Parameters
    ----------
    label : str
        Name of the form; the one text that a saved notebook keeps.
    page : callable
        Gives the page that is on show now.
    answer : callable
        Takes the name of an item and its new value (None if there is no answer); returns what is to be said, or
        nothing.
    press : callable
        Takes the name of a button. Then `page` is asked again.

    Examples
    --------
    >>> form = PagedForm("Survey", page=lambda: Page("Begin"), answer=lambda name, value: "", press=lambda name: None)
    >>> form.page.heading
    'Begin'
    """

    def __init__(
        self,
        label: str,
        *,
        page: Callable[[], Page],
        answer: Callable[[str, int | None], str],
        press: Callable[[str], None],
    ) -> None:
        self.label = label
        self._page, self._answer, self._press = page, answer, press
        self._view: View | None = None

    @property
    def page(self) -> Page:
        """The page that is on show now."""
        return self._page()

    @property
    def view(self) -> View:
        """The widget, made when first needed."""
        if self._view is None:
            from helpers.ui.view import View

            self._view = View(mode="pages", content={"label": self.label})
            self._view.on_msg(self._receive)
        return self._view

    def show(self) -> None:
        """Send the page that is on show now to the open browser."""
        if self._view is not None:
            self._view.send({"kind": "page", "page": asdict(self.page)})

    def _receive(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        kind = message.get("kind")
        try:
            if kind == "ready":
                self.view.send({"kind": "welcome"})
                self.show()
            elif kind == "answered":
                self._take(message)
            elif kind == "pressed":
                self._go(message)
        except Exception as error:
            self._say(f"This could not be taken in ({type(error).__name__}: {error}).")

    def _take(self, message: dict[str, Any]) -> None:
        value = message.get("value")
        name = str(message["name"])
        self._say(self._answer(name, None if value is None else int(value)), name)

    def _go(self, message: dict[str, Any]) -> None:
        name = str(message["button"])
        if name in [button.name for button in self.page.buttons]:
            self._press(name)
        self.show()

    def _say(self, text: str, item: str = "") -> None:
        """Say something, beside an item if it is about one."""
        self.view.send({"kind": "said", "text": text, "item": item})

    def mimebundle(self, words: str) -> dict[str, Any]:
        """Give what a cell's output holds: the widget, and `words` where there is none.

        Parameters
        ----------
        words : str
            Stays in the saved notebook; so nothing of the answers may be in it.

        Returns
        -------
        dict
        """
        bundle: dict[str, Any] = dict((self.view._repr_mimebundle_() or ({}, {}))[0])
        bundle["text/plain"] = words
        bundle["text/html"] = f"<p>{escape(words)}</p>"
        return bundle
