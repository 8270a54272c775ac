"""Drawing a figure again and again, fast.

Most of the time of a redraw goes into axes, ticks and letters that stay as they were. A painter keeps them as a
background and paints only the *moving* artists over it. Matplotlib itself tells when the background is out of date:
a change to any artist that does not move marks the figure as stale.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

DPI = 100
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def moving(*artists: Artist) -> None:
    """Mark artists as moving: they change often and lie above the background.

    Parameters
    ----------
    artists : matplotlib Artist
    """
    for artist in artists:
        artist.set_animated(True)


class Painter:
    """One figure, its background, and the way to a PNG.

    Parameters
    ----------
    size : (float, float)
        Width and height on the page, hundreds of CSS pixels.
    """

    def __init__(self, size: tuple[float, float]) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        from helpers.plotting import theme

        with theme():
            self.figure: Figure = Figure(figsize=size, dpi=DPI)
        self._canvas: Any = FigureCanvasAgg(self.figure)
        self._background: Any = None
        self._moving: list[Artist] = []
        self.backgrounds_drawn = 0

    @property
    def width(self) -> int:
        """Width on the page, CSS pixels."""
        return round(self.figure.get_figwidth() * DPI)

    def scale(self, factor: float) -> bool:
        """Draw `factor` times as many pixels each way, for a dense screen.

        Parameters
        ----------
        factor : float

        Returns
        -------
        bool
            Whether that is a change.
        """
        changed = abs(self.figure.dpi - DPI * factor) > 0.5
        if changed:
            self.figure.set_dpi(DPI * factor)
            self._background = None
        return changed

    def paint(self, change: Callable[[], object]) -> bytes:
        """Apply a change to the figure's artists and encode what it looks like then.

        Parameters
        ----------
        change : callable without arguments

        Returns
        -------
        bytes
            A PNG file.
        """
        from helpers.plotting import theme

        with theme():
            change()
            if self.figure.stale or self._background is None:
                self._draw_background()
            else:
                self._canvas.restore_region(self._background)
            for artist in self._moving:
                if artist.get_visible():
                    self.figure.draw_artist(artist)
            self.figure.stale = False  # drawing for the first time makes ticks, which count as changes
        return self._encode()

    def _draw_background(self) -> None:
        self._canvas.draw()
        self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        found = self.figure.findobj(lambda artist: bool(artist.get_animated()))
        self._moving = sorted(found, key=lambda artist: artist.get_zorder())
        self.backgrounds_drawn += 1

    def _encode(self) -> bytes:
        import numpy as np

        return png_bytes(np.asarray(self._canvas.buffer_rgba())[:, :, :3])


def png_bytes(pixels: np.ndarray[Any, np.dtype[np.uint8]]) -> bytes:
    r"""Encode an image as PNG, quickly: no filter, light compression, nothing but pixels.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        Red, green and blue.

    Returns
    -------
    bytes
        A PNG file.

    Examples
    --------
    >>> import numpy as np
    >>> png_bytes(np.zeros((2, 3, 3), dtype=np.uint8))[:4]
    b'\x89PNG'
    """
    import numpy as np

    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, 3 * width)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(rows.tobytes(), 1)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
