"""Colours that stay apart for people who see red and green alike.

The hues are those of Okabe and Ito's colour-universal set; the order is ours, so that the first few, which
most figures use, are also the furthest apart. Their yellow is left out: it fades on a projector. Words are not
drawn in these colours as they are but in a darker shade, because text needs more contrast than a line does.
"""

from __future__ import annotations

BLUE, VERMILLION, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, ORANGE, SKY, BLACK = "#CC79A7", "#E69F00", "#56B4E9", "#000000"

COLOURS: tuple[str, ...] = (BLUE, ORANGE, BLACK, GREEN, SKY, VERMILLION, PURPLE)
INK = "#222222"
GREY = "#8C8C8C"
QUIET = "#595959"
PAPER = "#FFFFFF"


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def _luminance(colour: str) -> float:
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour))
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(colour: str, background: str = PAPER) -> float:
    """Contrast ratio of two colours, as web accessibility guidelines define it.

    Parameters
    ----------
    colour, background : str
        Hexadecimal colours, `#RRGGBB`.

    Returns
    -------
    float
        From 1 (the same) to 21 (black on white). Text needs 4.5.

    Examples
    --------
    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    low, high = sorted((_luminance(colour), _luminance(background)))
    return (high + 0.05) / (low + 0.05)


def readable(colour: str, background: str = PAPER, at_least: float = 4.5) -> str:
    """The same hue, darkened until words in it can be read.

    Parameters
    ----------
    colour, background : str
        Hexadecimal colours, `#RRGGBB`; the background is light.
    at_least : float
        Contrast ratio wanted.

    Returns
    -------
    str
        `colour` itself where it is dark enough.

    Examples
    --------
    >>> readable("#0072B2")
    '#0072B2'
    >>> contrast(readable("#E69F00")) >= 4.5
    True
    """
    shade = colour
    for step in range(100, -1, -2):
        shade = "#" + "".join(f"{round(c * 255 * step / 100):02X}" for c in _channels(colour))
        if contrast(shade, background) >= at_least:
            break
    return shade
