"""A figure on the page is a picture and the words for those who cannot see it.

Alternative text put into a notebook's metadata never reaches the page, so `show` writes the `<img alt=…>`
itself. The same figure always gives the same bytes: nothing about date or software goes into the file.
"""

from __future__ import annotations

import os
import sys
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHORTEST_ALT = 20


def drawing() -> bool:
    """Whether figures are to be drawn: not where `COURSE_NO_DRAW` is set, as in a grading run.

    Returns
    -------
    bool
    """
    return not os.environ.get("COURSE_NO_DRAW")


@dataclass(frozen=True, repr=False)
class Picture:
    """A PNG image with its alternative text; shows itself in a notebook and reads as words elsewhere.

    Parameters
    ----------
    png : bytes
        May be empty: then only the words are shown.
    alt : str
    width : int
        Width on the page, CSS pixels.
    """

    png: bytes
    alt: str
    width: int = 860

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        if not self.png:
            return f"<p>{escape(self.alt)}</p>"
        source = b64encode(self.png).decode("ascii")
        return (
            f'<figure style="margin:0"><img alt="{escape(self.alt, quote=True)}" '
            f'style="width:{self.width}px;max-width:100%;height:auto" '
            f'src="data:image/png;base64,{source}"></figure>'
        )


def png_of(figure: Figure, *, level: int = 6) -> bytes:
    r"""Draw the figure and encode it, the same bytes every time.

    Parameters
    ----------
    figure : matplotlib Figure
    level : int
        Effort of compression, 0 to 9. Low is fast.

    Returns
    -------
    bytes
        A PNG file.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> png_of(Figure())[:4]
    b'\x89PNG'
    """
    buffer = BytesIO()
    figure.savefig(
        buffer,
        format="png",
        dpi=figure.dpi,
        metadata={"Software": None},
        pil_kwargs={"compress_level": level},
    )
    return buffer.getvalue()


def show(fig: object, *, alt: str = "") -> None:
    """Put a figure on the page, with the words that say what it shows, and close it.

    Parameters
    ----------
    fig : matplotlib Figure, Axes, or a seaborn grid
    alt : str
        What a reader who cannot see the figure needs: kind of figure, what is on the axes, what stands out.

    Raises
    ------
    ValueError
        If `alt` is missing or too short to say anything.
    TypeError
        If `fig` is no figure.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> show(Figure(), alt="An empty figure, to see how alternative text is given.")
    An empty figure, to see how alternative text is given.
    """
    from IPython.display import display

    figure, words = _figure(fig), _checked(alt)
    png = png_of(figure) if drawing() else b""
    _close(figure)
    display(Picture(png, words, width=round(figure.get_figwidth() * 100)))  # type: ignore[no-untyped-call]


def _checked(alt: str) -> str:
    words = " ".join(str(alt or "").split())
    if not words:
        raise ValueError(
            "This figure has no alternative text. Say in one sentence what it shows: show(fig, alt=…)."
        )
    if len(words) < SHORTEST_ALT:
        raise ValueError(
            f"The alternative text {words!r} has {len(words)} characters, too few to say what the figure shows. "
            "Name the kind of figure, its axes, and what stands out."
        )
    return words


def _figure(fig: object) -> Figure:
    from matplotlib.figure import Figure

    figure = fig if isinstance(fig, Figure) else getattr(fig, "figure", None)
    if not isinstance(figure, Figure):
        raise TypeError(f"show needs a figure or its axes, and was given a {type(fig).__name__}.")
    return figure


def _close(figure: Figure) -> None:
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
