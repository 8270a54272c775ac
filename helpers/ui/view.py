"""The one widget of the course. Python decides what is shown; `view.js` shows it.

Everything on show lies in two synced traits, the picture and its words, so that a saved notebook opens with the last
picture, its alternative text and its sentence even where no kernel runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

HERE = Path(__file__).parent


class View(anywidget.AnyWidget):
    """A picture with its words, a question, statements to be rated, a button, a questionnaire, or a sheet to code on.

    Parameters
    ----------
    mode : str
        "figure", "form", "scales", "action", "pages" or "sheet".
    content : dict
        Figure: label, sentence, alt, notes, table (HTML), width (CSS pixels), frame. Form: see `ChoiceCard`.
        Scales: see `ScaleCard`. Action: see `ActionCard`. Pages: a label and nothing else; see `PagedForm`.
        Sheet: see `SheetCard`.
    png : bytes
    """

    _esm = HERE / "view.js"
    _css = HERE / "view.css"

    mode = traitlets.Enum(["figure", "form", "scales", "action", "pages", "sheet"], "figure").tag(sync=True)
    png = traitlets.Bytes(b"").tag(sync=True)
    content = traitlets.Dict().tag(sync=True)

    def put(self, content: dict[str, Any], png: bytes | None = None) -> None:
        """Send new words, and a new picture if there is one, in a single message.

        Parameters
        ----------
        content : dict
            Replaces what it names and leaves the rest.
        png : bytes, optional
        """
        with self.hold_sync():
            if png is not None:
                self.png = png
            self.content = {**self.content, **content}
