"""The look of the course: large type, a light grid, and nothing that does not carry data.

`theme()` sets Matplotlib's own parameters, so that a plain `fig, ax = plt.subplots()` in a lesson, a seaborn
figure and a lab look alike. The type face comes with Matplotlib, hence the same picture on every computer.
"""

from __future__ import annotations

from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any

from helpers.plotting.palette import COLOURS, INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Mapping

_RULE = "#D9D9D9"

RC: Mapping[str, Any] = MappingProxyType(
    {
        "figure.figsize": (8.6, 4.8),
        "figure.dpi": 100,
        "savefig.dpi": 100,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "font.family": ["DejaVu Sans"],
        "font.size": 12,
        "axes.titlesize": 14,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "axes.labelsize": 12,
        "axes.labelcolor": INK,
        "axes.edgecolor": "#6E6E6E",
        "axes.facecolor": PAPER,
        "axes.axisbelow": True,
        "axes.grid": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.formatter.useoffset": False,
        "figure.titlesize": 14,
        "figure.titleweight": "bold",
        "grid.color": _RULE,
        "grid.linewidth": 0.8,
        "legend.fontsize": 12,
        "legend.frameon": False,
        "lines.linewidth": 2.4,
        "lines.markersize": 7,
        "patch.edgecolor": PAPER,
        "text.color": INK,
        "text.hinting": "none",
        "xtick.labelsize": 12,
        "ytick.labelsize": 12,
        "xtick.color": "#555555",
        "ytick.color": "#555555",
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "hatch.linewidth": 1.2,
    }
)


class theme:  # noqa: N801  (read as a verb: `theme()`, `with theme():`)
    """Give figures the look of the course, from here on or for one block.

    Notes
    -----
    `theme()` alone keeps the look until the kernel ends; `with theme():` gives it back at the end of the block.

    Examples
    --------
    >>> import matplotlib
    >>> with theme():
    ...     matplotlib.rcParams["font.size"]
    12.0
    """

    def __init__(self) -> None:
        import matplotlib
        from cycler import cycler

        look: dict[Any, Any] = {**RC, "axes.prop_cycle": cycler(color=COLOURS)}
        self._before = {key: matplotlib.rcParams[key] for key in look}
        matplotlib.rcParams.update(look)

    def __enter__(self) -> theme:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import matplotlib

        matplotlib.rcParams.update(self._before)

    def _ipython_display_(self) -> None:
        """Show nothing: a cell may end with `theme()`."""
