"""Lesson 11 as a student meets it: run untouched, the board filled by keyboard, answered wrongly and rightly."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Jupyter, Lesson

pytestmark = pytest.mark.browser

LESSON = "3_vietnam/11_two_theories.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "prediction_board")


def state_file(jupyter: Jupyter) -> Path:
    return jupyter.course_home / "state" / "prediction_board.json"


def board(lesson: Lesson) -> Any:
    lesson.show("lab-board")
    lab = lesson.page.locator(".course-lab")
    lab.locator("select").first.wait_for()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-11-1")


def test_axe_finds_nothing_in_the_open_board(lesson: Lesson) -> None:
    board(lesson)
    assert lesson.axe() == []


def test_keys_that_change_cells_change_none(lesson: Lesson) -> None:
    page, lab, before = lesson.page, board(lesson), lesson.jupyter.cells(lesson.page)
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_the_board_is_filled_and_committed_by_keyboard_alone(lesson: Lesson, screenshots: Path) -> None:
    """Tab and a letter a square; the board locks, is on disk, and shows the course's reading only then."""
    page, lab, before = lesson.page, board(lesson), lesson.jupyter.cells(lesson.page)
    lab.get_by_role("button", name="Reset").press("Enter")
    lesson.wait_for_words("0 of 28 squares are filled")
    lab.locator("select").first.focus()
    for _ in range(28):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    lesson.wait_for_words("28 of 28 squares are filled. Commit")
    assert "course too" not in lab.inner_text()
    page.wait_for_function("() => document.activeElement.textContent.includes('Commit the board')")
    if os.environ.get("COURSE_SCREENSHOTS"):
        lab.screenshot(path=screenshots / "lesson_11_board_full.png")
    page.keyboard.press("Enter")
    lesson.wait_for_words("You read the theories as the course does in")
    kept = json.loads(state_file(lesson.jupyter).read_text(encoding="utf-8"))["data"]["params"]
    assert len(kept["picks"]) == 28
    assert kept["committed"]
    if os.environ.get("COURSE_SCREENSHOTS"):
        lab.screenshot(path=screenshots / "lesson_11_board_committed.png")
    locked = lab.locator("select")
    assert all(locked.nth(i).is_disabled() for i in range(28))
    assert lesson.jupyter.cells(page) == before


def test_a_committed_board_is_there_again_after_the_cell_runs_anew(lesson: Lesson) -> None:
    said = lesson.run("lab-board")
    assert "You read the theories as the course does in" in said


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run("answer-11-1", "break_even = [safety(trust, 3, 0) - trust for trust in [0.3, 0.6, 0.9]]")
    assert "how much the belief in will rises" in lesson.run("check-11-1")
    lesson.run(
        "answer-11-2",
        'apart = table[["where", "aspect"]].assign(pairs=(table["hawkish"] != table["divided"]).astype(int))',
    )
    assert "one pair of six" in lesson.run("check-11-2")
    one = 'own = items[(items["voice"] == "own") & (items["ally"] != "Multiple allies")]'
    count = 'own.groupby(["ally", "phase"]).size().unstack(fill_value=0)[["escalation", "withdrawal"]]'
    lesson.run("answer-11-3", f"{one}\nrecord = {count}")
    assert "keep the voice both" in lesson.run("check-11-3").replace("`", "")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run("answer-11-1", "break_even = [1 - t / safety(t, 3, 0) for t in [0.3, 0.6, 0.9]]")
    said = lesson.run("check-11-1")
    assert "Right." in said
    assert "little room for good news" in said
