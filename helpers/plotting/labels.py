"""Names beside the lines they name, instead of a legend to look up.

Two lines that end close together would print their names on top of each other. `spread` moves labels apart as little
as needed and keeps their order; everything else here is placing text where it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.plotting.palette import QUIET, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.text import Text


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move positions apart to at least `gap`, as little as needed, within bounds and in the same order.

    Parameters
    ----------
    wanted : sequence of float
        Where each label would like to be; any unit, for instance pixels.
    gap : float
        Least distance between two labels, same unit. Shrinks where they would not fit between the bounds.
    low, high : float
        Bounds, same unit.

    Returns
    -------
    list of float
        One position for each of `wanted`, in its order.

    Examples
    --------
    >>> spread([1.0, 1.0, 9.0], gap=2.0, low=0.0, high=10.0)
    [0.0, 2.0, 9.0]
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks = [_Block(wanted[i] - gap * rank) for rank, i in enumerate(order)]
    merged = _merge(blocks)
    top = high - gap * (len(wanted) - 1)
    placed = [min(max(block.mean, low), top) for block in merged for _ in range(block.size)]
    result = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        result[i] = placed[rank] + gap * rank
    return result


class _Block:
    """Neighbouring labels that touch; they share one offset, the mean of what they want."""

    def __init__(self, wish: float) -> None:
        self.total, self.size = wish, 1

    @property
    def mean(self) -> float:
        return self.total / self.size

    def absorb(self, other: _Block) -> None:
        self.total, self.size = self.total + other.total, self.size + other.size


def _merge(blocks: list[_Block]) -> list[_Block]:
    merged: list[_Block] = []
    for block in blocks:
        merged.append(block)
        while len(merged) > 1 and merged[-2].mean >= merged[-1].mean:
            last = merged.pop()
            merged[-1].absorb(last)
    return merged


def label_lines(axes: Axes, *, pad: float = 8, size: float = 12) -> list[Text]:
    """Write each line's label at its right end, in its colour, without overlaps, and take the legend away.

    Parameters
    ----------
    axes : matplotlib Axes
        Call it when limits are final. Lines without a label of their own take the name that a legend gives to their
        colour, as seaborn makes it; those that have none there either are left alone.
    pad : float
        Distance from the end of the line, points.
    size : float
        Height of the letters, points.

    Returns
    -------
    list of matplotlib Text

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> _ = axes.plot([1990, 2000], [3, 4], label="Japan")
    >>> [text.get_text() for text in label_lines(axes)]
    ['Japan']
    """
    import numpy as np
    from matplotlib.colors import to_hex

    axes.autoscale_view()  # Matplotlib settles limits late; the places below need them now.
    names = _names(axes)
    ends = []
    for line in axes.get_lines():
        x, y = (np.asarray(v, dtype=float) for v in line.get_data())
        seen = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        if seen.size and line in names:
            ends.append((line, x[seen[-1]], y[seen[-1]]))
    heights = [float(axes.transData.transform((x, y))[1]) for _, x, y in ends]
    box, row = axes.bbox, size * 1.25 * axes.figure.dpi / 72
    places = spread(heights, row, box.y0, box.y1)
    points = 72 / axes.figure.dpi
    texts: list[Text] = [
        axes.annotate(
            names[line],
            xy=(x, y),
            xytext=(pad, (place - height) * points),
            textcoords="offset points",
            va="center",
            fontsize=size,
            color=readable(to_hex(line.get_color()).upper()),
            annotation_clip=False,
        )
        for (line, x, y), height, place in zip(ends, heights, places, strict=True)
    ]
    _make_room(axes, texts)
    return texts


def _make_room(axes: Axes, texts: list[Text]) -> None:
    """Draw the right edge of a figure's only axes in, until the texts beside them fit on the picture."""
    figure = axes.get_figure(root=True)
    if figure is None or len(figure.axes) > 1 or figure.get_layout_engine() is not None:
        return
    for _ in range(2):
        width = figure.bbox.width
        over = max((text.get_window_extent().x1 for text in texts), default=0.0) + 6 - width
        if over > 0:
            figure.subplots_adjust(right=max(0.4, figure.subplotpars.right - over / width))


def _names(axes: Axes) -> dict[Line2D, str]:
    """Name of each line that has one: its own label, or that of its colour in the legend, which is taken away."""
    from matplotlib.colors import to_hex
    from matplotlib.lines import Line2D

    by_colour: dict[str, str] = {}
    legend = axes.get_legend()
    if legend is not None:
        handles = [handle for handle in legend.legend_handles if isinstance(handle, Line2D)]
        by_colour = {
            to_hex(handle.get_color()): text.get_text()
            for handle, text in zip(handles, legend.get_texts(), strict=False)
        }
        legend.remove()
    names = {}
    for line in axes.get_lines():
        own = str(line.get_label())
        name = by_colour.get(to_hex(line.get_color()), "") if own.startswith("_") else own
        if name:
            names[line] = name
    return names


def source_line(figure: Figure, text: str) -> Text:
    """Write where the data come from, small and at the foot of the figure.

    Parameters
    ----------
    figure : matplotlib Figure
    text : str
        What follows "Source: ", for instance a short reference.

    Returns
    -------
    matplotlib Text

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> source_line(Figure(), "World Bank").get_text()
    'Source: World Bank'
    """
    if figure.get_layout_engine() is None and figure.subplotpars.bottom < 0.18:
        figure.subplots_adjust(bottom=0.18)
    return figure.text(0.01, 0.015, f"Source: {text}", fontsize=11, color=QUIET, va="bottom")
