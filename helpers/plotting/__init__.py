"""One look for every figure of the course, and one way to put a figure on the page.

A figure in class is read from the back row, by people who see colours differently, and some listen to it instead.
So the theme is large and calm, the palette keeps apart what colour-blind eyes would merge, lines carry their names, and
`show` asks for the words that say what the figure shows. Nothing here costs an import until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.plotting.labels import label_lines, source_line, spread
    from helpers.plotting.palette import COLOURS, GREY, INK, PAPER, QUIET, contrast, readable
    from helpers.plotting.pictures import Picture, png_of, show
    from helpers.plotting.style import RC, theme

__all__ = [
    "COLOURS",
    "GREY",
    "INK",
    "PAPER",
    "QUIET",
    "RC",
    "Picture",
    "contrast",
    "label_lines",
    "png_of",
    "readable",
    "show",
    "source_line",
    "spread",
    "theme",
]

_HOME = {
    **dict.fromkeys(("label_lines", "source_line", "spread"), "labels"),
    **dict.fromkeys(("COLOURS", "GREY", "INK", "PAPER", "QUIET", "contrast", "readable"), "palette"),
    **dict.fromkeys(("Picture", "png_of", "show"), "pictures"),
    **dict.fromkeys(("RC", "theme"), "style"),
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"helpers.plotting has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(f"helpers.plotting.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
