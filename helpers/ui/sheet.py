"""A sheet on which item after item is coded by single keys.

The card knows neither items nor codes: it is told what to show, and tells which key was pressed. What comes back from
the page is a stranger's message, so a key or an action that the sheet does not have is not passed on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpers.ui.view import View


class SheetCard:
    """The page's side of a coding lab.

    Parameters
    ----------
    content : callable
        Takes nothing; returns what is to be shown: label, status, done, of, item (who, summary, source, excerpt),
        groups (name, question, chosen, codes with key, label and help), actions (name, label, enabled), shortcuts
        (key to action), feedback, rules and table (HTML, escaped), alt, width.
    picture : callable
        Takes nothing; returns a PNG file, or nothing.
    on_key, on_do : callable
        Take a key of a code, or the name of an action.
    """

    def __init__(
        self,
        content: Callable[[], dict[str, Any]],
        picture: Callable[[], bytes],
        *,
        on_key: Callable[[str], None],
        on_do: Callable[[str], None],
    ) -> None:
        import ipywidgets

        from helpers.ui.view import View

        self._content, self._picture = content, picture
        self._on_key, self._on_do = on_key, on_do
        self.view: View = View(mode="sheet", content=content(), png=picture())
        self.view.on_msg(self._receive)
        self.root = ipywidgets.VBox([self.view])
        self.root.add_class("course-lab")

    def show(self) -> None:
        """Send what is to be shown now."""
        self.view.put(self._content(), self._picture())

    def _receive(self, _widget: object, message: dict[str, Any], _buffers: object) -> None:
        kind, content = message.get("kind"), self.view.content
        if kind == "ready":
            self.view.send({"kind": "welcome"})
            return
        keys = {code["key"] for group in content["groups"] for code in group["codes"]}
        names = {action["name"] for action in content["actions"]}
        try:
            if kind == "key" and message.get("key") in keys:
                self._on_key(message["key"])
            elif kind == "do" and message.get("name") in names:
                self._on_do(message["name"])
            else:
                return
            self.show()
        except Exception as error:
            said = f"That could not be done ({type(error).__name__}: {' '.join(str(error).split())})."
            self.view.put({"feedback": said})
