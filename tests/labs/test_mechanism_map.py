"""MechanismMap: what it simulates, says and draws, without kernel or browser."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from helpers import labs
from helpers.labs.mechanism_map import SHARES, MechanismMap, Params
from helpers.theory.mechanisms import CAUSE, OUTCOMES, simulate, walk

ALL = dict.fromkeys(SHARES, 1.0)


def lab(**parameters: Any) -> MechanismMap:
    return MechanismMap(remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.MechanismMap is MechanismMap


@pytest.mark.parametrize("people", [1, 7])
def test_points_and_intervals_are_those_of_scipy_on_the_answers(people: int) -> None:
    shown = lab(**ALL, people=people)
    answers = simulate(walk(list(SHARES.values())), 5000, people).answers
    for mark in shown.result.marks:
        told, rest = (answers.loc[answers[CAUSE] == d, mark.outcome] for d in (1, 0))
        peer = stats.ttest_ind(told, rest, equal_var=False)
        interval = peer.confidence_interval()
        assert mark.difference == pytest.approx(told.mean() - rest.mean())
        assert (mark.low, mark.high) == pytest.approx((interval.low, interval.high), abs=2e-4)


@pytest.mark.parametrize(
    ("road", "moves"),
    [
        ("assurance", ["up", "down", "down", "down"]),
        ("entrapment", ["", "up", "down", "down"]),
        ("provocation", ["", "up", "up", "up"]),
        ("guardian", ["down", "", "down", "down"]),
    ],
)
def test_each_road_leaves_its_own_marks(road: str, moves: list[str]) -> None:
    shown = lab(**{**dict.fromkeys(SHARES, 0.0), road: 1.0})
    assert [mark.moves for mark in shown.result.marks] == moves


def test_other_people_give_other_numbers_and_the_same_people_the_same() -> None:
    first, again, other = lab(), lab(), lab(people=2)
    assert first.result.marks == again.result.marks
    assert first.result.marks != other.result.marks


def test_no_road_moves_nothing_among_nearly_all_people() -> None:
    closed = dict.fromkeys(SHARES, 0.0)
    moved = [sum(bool(mark.moves) for mark in lab(**closed, people=n).result.marks) for n in range(1, 26)]
    assert sum(moved) <= 12  # 100 intervals of 95 per cent
    assert "No road is open." in lab(**closed).sentence.text


def test_the_sentence_names_what_moved_and_what_did_not() -> None:
    said = lab(assurance=0, entrapment=1).sentence
    mark = {mark.outcome: mark for mark in said_marks(lab(assurance=0, entrapment=1))}["threat"]
    assert f"perceived threat up by {mark.difference:.2f}" in said.text
    assert "Not told apart from no change: felt protection." in said.text
    assert "Simulated for teaching" in said.alt
    assert len(said.table) == len(OUTCOMES)


def said_marks(shown: MechanismMap) -> Any:
    return shown.result.marks


def test_the_picture_says_that_it_is_simulated() -> None:
    shown = lab()
    shown.picture()
    words = [text.get_text() for text in shown.painter.figure.texts]
    assert any("simulated for teaching" in text for text in words)


def test_arrows_are_there_exactly_if_their_road_is_open() -> None:
    shown = lab(assurance=0, provocation=0.5)
    shown.picture()
    there = {pair for pair, arrow in shown._artists.arrows.items() if arrow.shaft.get_visible()}
    assert there == {("deployment", "threat"), ("threat", "need"), ("need", "effort")}
    assert shown._artists.arrows["deployment", "threat"].words.get_text() == "+0.4"


def test_points_stand_where_the_result_says() -> None:
    shown = lab(**ALL)
    shown.picture()
    for mark, point, line in zip(
        shown.result.marks, shown._artists.points, shown._artists.intervals, strict=True
    ):
        assert list(point.get_xdata()) == pytest.approx([mark.difference])
        assert list(line.get_xdata()) == pytest.approx([mark.low, mark.high])
        assert abs(mark.low) < 1.35 > abs(mark.high)


def test_a_step_repaints_only_what_moves() -> None:
    shown = lab()
    shown.picture()
    shown.set(entrapment=0.5, guardian=1.0)
    png, fresh = shown.picture(), lab(entrapment=0.5, guardian=1.0).picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(pixels(png), pixels(fresh))


@pytest.mark.parametrize("room", [1200, 400])
def test_no_words_of_the_frame_overlap_or_leave_the_picture(room: int) -> None:
    shown = lab(**ALL)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    axes = figure.axes[1]
    texts = [*figure.texts, axes.xaxis.label, *axes.get_xticklabels(), *axes.texts]
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= -1, name
        assert box.x1 <= figure.bbox.x1 + 1, name
        for other, beside in boxes[:i]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert wide <= 0 or high <= 3, f"{name!r} over {other!r}"
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"assurance": 1.2}, "assurance=1.2 must lie between 0 and 1"),
        ({"guardian": "much"}, "guardian='much' is not a number"),
        ({"entrapment": float("nan")}, "entrapment=nan must lie"),
        ({"people": 0}, "people=0 must be a whole number from 1 to 50"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    for name, value in {"assurance": 0.2, "entrapment": 0.4, "provocation": 0.6, "guardian": 0.8}.items():
        shown.control[name].value = value
    shown.control["people"].value = 3
    assert shown.params == Params(0.2, 0.4, 0.6, 0.8, 3)
