"""AllianceDilemma: how tightly should an ally bind itself to its guardian?

Two sliders say what there is to lose, by abandonment and by entrapment; one line shows the expected loss at every
tightness, another the greatest regret. The two lines need not have their lowest points in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from helpers.plotting import COLOURS, readable
from helpers.theory.alliance_dilemma import Fears
from helpers.ui.base import Lab, Sentence
from helpers.ui.painter import moving

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D
    from matplotlib.text import Text

MOST = 10
TIGHTNESS = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Params:
    """What the student sets.

    Parameters
    ----------
    abandonment, entrapment : float
        What there is to lose, above 0 to 10; one unit for both.
    p_abandon : float
        Chance that abandonment is the danger, 0 to 1. Set by code only.
    """

    abandonment: float = 8.0
    entrapment: float = 2.0
    p_abandon: float = 0.5

    def __post_init__(self) -> None:
        if max(self.abandonment, self.entrapment) > MOST:
            raise ValueError(
                f"abandonment={self.abandonment} and entrapment={self.entrapment} go up to {MOST}."
            )
        Fears(self.abandonment, self.entrapment, self.p_abandon)


class AllianceDilemma(Lab[Params, Fears]):
    """How tightly should an ally bind itself to its guardian?

    Parameters
    ----------
    abandonment, entrapment, p_abandon
        Where to start; see `Params`.

    Examples
    --------
    >>> round(AllianceDilemma(abandonment=9, entrapment=1, remember=False).result.least_regret, 3)
    0.75
    """

    title = "How tightly should an ally hold on?"
    size: ClassVar[tuple[float, float]] = (8.0, 4.4)
    narrow: ClassVar[tuple[float, float] | None] = (5.2, 4.6)
    parameters: ClassVar[type[Any]] = Params

    def compute(self, params: Params) -> Fears:
        """The two fears.

        Parameters
        ----------
        params : Params

        Returns
        -------
        Fears
        """
        return Fears(params.abandonment, params.entrapment, params.p_abandon)

    def describe(self, result: Fears) -> Sentence:
        """Where each rule would stop.

        Parameters
        ----------
        result : Fears

        Returns
        -------
        Sentence
        """
        loss, regret = result.least_expected_loss, result.least_regret
        table = pd.DataFrame(
            {
                "rule": ["least expected loss", "least greatest regret"],
                "tightness": [f"{loss:.2f}", f"{regret:.2f}"],
                "loss if abandoned": [f"{result.loss_if_abandoned(t):.2f}" for t in (loss, regret)],
                "loss if entrapped": [f"{result.loss_if_entrapped(t):.2f}" for t in (loss, regret)],
            }
        )
        return Sentence(
            f"Expected loss is least at tightness {loss:.2f}, the greatest regret at {regret:.2f}.",
            table,
            alt="Two curves of loss over tightness from 0 to 1: "
            f"expected loss, lowest at {loss:.2f}, and greatest regret, lowest at {regret:.2f}.",
            notes=(
                f"The chance that abandonment is the danger is {result.p_abandon:g}; regret does not need it.",
            ),
        )

    def draw(self, result: Fears, axes: Axes) -> tuple[Any, ...]:  # noqa: ARG002
        """Set up lines and labels that `redraw` moves.

        Parameters
        ----------
        result : Fears
        axes : matplotlib Axes

        Returns
        -------
        tuple of (line, dot, label), one for each rule
        """
        axes.figure.subplots_adjust(left=0.1, right=0.97, top=0.9, bottom=0.15)
        axes.set(xlim=(0, 1), ylim=(0, MOST), xlabel="Tightness: 0 loose, 1 tight", title=self.title)
        axes.set_ylabel("Loss")
        looks = ((COLOURS[0], "-", 9.3), (COLOURS[5], "--", 8.6))
        artists = tuple(_rule(axes, *look) for look in looks)
        moving(*(part for parts in artists for part in parts))
        return artists

    def redraw(self, result: Fears, artists: tuple[Any, ...]) -> None:
        """Move both lines and their lowest points.

        Parameters
        ----------
        result : Fears
        artists : tuple
        """
        rules = (
            ("solid: expected loss", result.expected_loss, result.least_expected_loss),
            ("dashed: greatest regret", result.greatest_regret, result.least_regret),
        )
        for (line, dot, label), (name, of, best) in zip(artists, rules, strict=True):
            line.set_data(TIGHTNESS, [of(float(t)) for t in TIGHTNESS])
            dot.set_data([best], [of(best)])
            label.set_text(f"{name}, least at {best:.2f}")

    def controls(self) -> dict[str, Any]:
        """Two sliders.

        Returns
        -------
        dict of str to widget
        """
        import ipywidgets

        return {
            name: ipywidgets.FloatSlider(
                description=f"Loss by {name}",
                min=0.5,
                max=MOST,
                step=0.5,
                value=getattr(self.params, name),
                readout_format=".1f",
                layout=ipywidgets.Layout(width="380px"),
                style={"description_width": "initial"},
            )
            for name in ("abandonment", "entrapment")
        }


def _rule(axes: Axes, colour: str, style: str, height: float) -> tuple[Line2D, Line2D, Text]:
    line = axes.plot([], [], style, color=colour, linewidth=2.4)[0]
    dot = axes.plot([], [], "o", color=colour, markersize=9, markeredgecolor="white")[0]
    label = axes.text(0.5, height, "", color=readable(colour), ha="center", va="center")
    return line, dot, label
