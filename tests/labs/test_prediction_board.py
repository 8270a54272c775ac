"""PredictionBoard: what it says, draws, locks and keeps, without kernel or browser."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

from helpers import labs
from helpers.labs.prediction_board import PredictionBoard, committed_board
from helpers.ui import state
from helpers.vietnam.predictions import board_keys, options

ROOT = Path(__file__).resolve().parents[2]
FULL = tuple((key, list(options(key))[len(key) % 3]) for key in board_keys())
WHEN = "2026-03-01 10:00"


def board(**parameters: Any) -> PredictionBoard:
    return PredictionBoard(remember=False, **parameters)


@pytest.fixture
def course_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    state._kept.clear()
    return tmp_path


def file_of(home: Path) -> Path:
    return home / "state" / "prediction_board.json"


def course_reading(key: str) -> str:
    """What the file of theories says of a square, read here without our code."""
    entries = yaml.safe_load((ROOT / "helpers/data/content/theories.yml").read_text(encoding="utf-8"))
    theory, where, aspect = key.split(".")
    lines = next(entry["expects"] for entry in entries if entry["theory"] == theory)
    return next((x["expects"] for x in lines if (x["where"], x["aspect"]) == (where, aspect)), "nothing")


def texts(shown: PredictionBoard, key: str) -> tuple[str, str]:
    _, words, other = shown._artists.squares[key]
    return words.get_text(), other.get_text()


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.PredictionBoard is PredictionBoard


def test_nothing_of_the_courses_reading_is_shown_before_the_board_is_committed() -> None:
    shown = board(picks=FULL)
    shown.picture()
    assert {texts(shown, key)[1] for key, _ in FULL} == {""}
    said = shown.sentence
    assert set(said.table["the course"]) == {"after you commit", "lessons 13 and 14"}
    assert "28 of 28 squares are filled. Commit" in said.text


def test_a_committed_board_shows_the_course_beside_the_student() -> None:
    shown = board(picks=FULL, committed=WHEN)
    shown.picture()
    agreed = 0
    for key, value in FULL:
        if key.count(".") == 2:
            reading = course_reading(key)
            agreed += value == reading
            assert texts(shown, key) == (
                value,
                "✓ course too" if value == reading else f"✗ course: {reading}",
            )
    assert 0 < agreed < 16
    assert f"as the course does in {agreed} of 16 squares" in shown.sentence.text


def test_the_sentence_counts_what_is_filled() -> None:
    assert "0 of 28 squares are filled" in repr(board())
    assert "1 of 28 squares is filled" in repr(board(picks=FULL[:1]))
    assert "hawkish near will" in board(picks=FULL[:1]).sentence.alt


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"picks": (("hawkish.far.will", "relief"),)},
            "hawkish.far.will='relief' must be one of praise, worry",
        ),
        ({"picks": (("hawkish.far.stance", "support"),)}, "No square 'hawkish.far.stance'"),
        ({"picks": FULL[:-1], "committed": WHEN}, "fill all 28 squares first"),
    ],
)
def test_a_board_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        board(**parameters)


def test_the_lists_fill_the_board_and_the_button_waits_until_it_is_full() -> None:
    shown = board()
    squares, commit = shown.control["picks"], shown.control["committed"]
    assert commit.button.description == "28 left to fill"
    commit.button.click()
    assert not shown.params.committed
    assert not commit.button.disabled, "fast Tab from the last square must not skip the button"
    for place, (key, value) in enumerate(FULL):
        squares.lists[key].value = value
        assert len(shown.params.picks) == place + 1
    assert shown.params.picks == FULL
    assert commit.button.description == "Commit the board"
    commit.button.click()
    assert shown.params.committed
    assert commit.button.disabled
    assert all(each.disabled for each in squares.lists.values())


def test_a_square_can_be_emptied_again() -> None:
    shown = board(picks=FULL)
    shown.control["picks"].lists["hawkish.far.will"].value = ""
    assert len(shown.params.picks) == 27
    shown.control["committed"].button.click()
    assert not shown.params.committed


def test_every_list_has_a_name_of_its_own_under_its_heading() -> None:
    lists = board().control["picks"].lists
    assert list(lists) == [*board_keys()[:16], *sorted(board_keys()[16:], key=lambda key: key.split(".")[1])]
    assert len({each.tooltip for each in lists.values()}) == 28
    for each in lists.values():
        first = [words[0] for words, value in each.options if value]
        assert len(each.options) == 4
        assert first


def test_reset_empties_a_board_and_leaves_a_committed_one() -> None:
    shown = board()
    shown.set(picks=FULL)
    shown.reset()
    assert shown.params.picks == ()
    shown.set(picks=FULL, committed=WHEN)
    shown.reset()
    assert (shown.params.picks, shown.params.committed) == (FULL, WHEN)


def test_each_pick_is_on_disk_at_once_and_the_next_kernel_goes_on(course_home: Path) -> None:
    shown = PredictionBoard()
    shown.control["picks"].lists["divided.far.will"].value = "worry"
    kept = json.loads(file_of(course_home).read_text(encoding="utf-8"))
    assert kept["version"] == 1
    assert kept["data"]["params"]["picks"] == [["divided.far.will", "worry"]]
    assert PredictionBoard().params.picks == (("divided.far.will", "worry"),)
    assert committed_board() == {}


def test_later_lessons_read_what_was_committed(course_home: Path) -> None:
    shown = PredictionBoard()
    for key, value in FULL:
        shown.control["picks"].lists[key].value = value
    assert committed_board() == {}
    shown.control["committed"].button.click()
    assert committed_board() == dict(FULL)
    again = PredictionBoard()
    assert again.control["committed"].button.disabled
    again.control["committed"].button.click()
    assert committed_board() == dict(FULL)
    assert file_of(course_home).exists()


@pytest.mark.parametrize(
    "content",
    ["", "{", '{"version": 1, "data": {}}', '{"version": 1, "data": {"params": {"picks": 3, "committed": "x"}}}',
     '{"version": 1, "data": {"params": {"picks": [["a", "b"]], "committed": "x"}}}',
     '{"version": 1, "data": {"params": {"picks": [], "committed": "x"}}}'],
)  # fmt: skip
def test_an_odd_file_is_an_empty_board(course_home: Path, content: str) -> None:
    file_of(course_home).parent.mkdir(parents=True)
    file_of(course_home).write_text(content, encoding="utf-8")
    assert committed_board() == {}
    assert PredictionBoard().params.picks == ()


def test_a_step_repaints_only_what_moves() -> None:
    shown = board(picks=FULL[:5])
    shown.picture()
    shown.set(picks=FULL)
    png, fresh = shown.picture(), board(picks=FULL).picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(*(np.asarray(Image.open(BytesIO(each))) for each in (png, fresh)))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("committed", ["", WHEN])
def test_no_words_overlap_or_leave_the_picture(room: int, committed: str) -> None:
    for place in range(3):
        full = tuple((key, list(options(key))[place]) for key in board_keys())
        shown = board(picks=full, committed=committed)
        shown.fit(room)
        shown.picture()
        figure = shown.painter.figure
        found = [*figure.texts]
        for axes in figure.axes:
            found += [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
        boxes = [(t.get_text(), t.get_window_extent()) for t in found if t.get_text()]
        for i, (name, box) in enumerate(boxes):
            assert box.x0 >= -1, name
            assert box.x1 <= figure.bbox.x1 + 1, name
            for other, beside in boxes[:i]:
                wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
                high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
                assert wide <= 0 or high <= 3, f"{name!r} over {other!r}"
        assert min(text.get_fontsize() for text in found) >= 11
        for square, words, other in shown._artists.squares.values():
            for text in (words, other):
                if text.get_text():
                    inside, around = text.get_window_extent(), square.get_window_extent()
                    assert around.x0 <= inside.x0, text.get_text()
                    assert inside.x1 <= around.x1, text.get_text()
