"""AllianceDilemma: what it says and draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from helpers import labs
from helpers.labs.alliance_dilemma import AllianceDilemma, Params


def dilemma(**parameters: Any) -> AllianceDilemma:
    return AllianceDilemma(remember=False, **parameters)


def test_the_lab_is_found_by_its_name_and_says_where_each_rule_stops() -> None:
    assert labs.AllianceDilemma is AllianceDilemma
    lab = dilemma(abandonment=9, entrapment=1)
    assert repr(lab) == "Expected loss is least at tightness 0.90, the greatest regret at 0.75."
    assert lab.sentence.table["tightness"].tolist() == ["0.90", "0.75"]


@pytest.mark.parametrize("losses", [(8, 2), (10, 10), (0.5, 10)])
def test_dots_stand_at_the_lowest_points_of_their_lines(losses: tuple[float, float]) -> None:
    lab = dilemma(abandonment=losses[0], entrapment=losses[1])
    lab.picture()
    for line, dot, label in lab._artists:
        x, y = line.get_data()
        assert dot.get_xdata()[0] == pytest.approx(x[int(np.argmin(y))], abs=0.011)
        assert dot.get_ydata()[0] <= min(y) + 1e-9
        assert label.get_window_extent().x1 <= lab.painter.figure.bbox.x1


def test_controls_set_the_parameters_and_keep_the_background() -> None:
    lab = dilemma()
    lab.picture()
    lab.control["abandonment"].value, lab.control["entrapment"].value = 3.0, 7.5
    lab.picture()
    assert lab.params == Params(3.0, 7.5)
    assert lab.painter.backgrounds_drawn == 1


def test_a_value_that_cannot_be_is_named() -> None:
    with pytest.raises(ValueError, match="go up to 10"):
        dilemma(abandonment=11)
    with pytest.raises(ValueError, match="entrapment=0 must be above 0"):
        dilemma(entrapment=0)
