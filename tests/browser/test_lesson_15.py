"""Lesson 15 as a student meets it: without a ledger and with one, the map worked by keyboard, answered wrongly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "4_synthesis/15_putting_it_together.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    """The lesson of somebody who has kept nothing at all."""
    return open_lesson(LESSON)


@pytest.fixture
def lab(lesson: Lesson) -> Any:
    """The lab as it starts."""
    lesson.show("lab-map")
    lab = lesson.page.locator(".course-lab")
    lab.get_by_role("button", name="Reset").wait_for()
    lab.get_by_role("button", name="Reset").click()
    lesson.wait_for_words("34 of 34 works")
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-15-1")


def test_whoever_kept_nothing_is_told_that_the_record_is_not_theirs(lesson: Lesson) -> None:
    words = lesson.run("ledger")
    assert words.count("NOT yours") == 2
    assert "a fictitious student, simulated for teaching; NOT yours" in lesson.run("steps")
    assert "A fictitious student, simulated for teaching; NOT yours." in lesson.run("own-record")
    assert "You committed no board in lesson 11" in lesson.run("board")


def test_a_ledger_of_ones_own_takes_its_place(lesson: Lesson) -> None:
    state = lesson.jupyter.course_home / "state" / "progress.json"
    before = state.read_text(encoding="utf-8") if state.exists() else None
    keep = (
        "from helpers.exercises.diary import record_belief\n"
        "from helpers.exercises.records import commit, record_outcome\n"
        "for n in range(1, 7):\n"
        "    record_belief(f'0{n}', {'deployments': 90 - 10 * n, 'distant_wars': 50})\n"
        "    commit(f'0{n}.1', 0, 70); record_outcome(f'0{n}.1', n % 2 == 0)\n"
        "ledger()"
    )
    try:
        words = lesson.run("ledger", keep)
        assert "Beliefs: your own, from 6 lessons." in words
        lesson.run("ledger", "mine = ledger()\nmine")
        lesson.run("figure-path")
        assert "your own ledger" in lesson.run("steps")
        assert "3 of 6 predictions came true, 70% sure on average" in lesson.run("own-record")
        assert len(json.loads(state.read_text(encoding="utf-8"))["data"]["beliefs"]) == 6
    finally:
        state.unlink()
        if before is not None:
            state.write_text(before, encoding="utf-8")


def test_the_map_is_worked_by_keyboard(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Looked at").focus()
    page.keyboard.type("feeling")
    lesson.wait_for_words("3 of 34 works")
    lab.get_by_label("Known").focus()
    page.keyboard.type("second")
    lesson.wait_for_words("1 of 34 works")
    lab.get_by_label("Compare").focus()
    page.keyboard.type("3 Bla")
    page.keyboard.press("Tab")
    page.keyboard.type("4 Bar")
    lesson.wait_for_words("Blankenship 2024 and Barrett and Nilsen 2026 differ in 2 of 6 respects")


def test_no_key_in_the_lab_changes_a_cell(lesson: Lesson, lab: Any) -> None:
    before = lesson.jupyter.cells(lesson.page)
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(lesson.page) == before


@pytest.mark.parametrize("pair", [False, True])
def test_axe_finds_nothing(lesson: Lesson, lab: Any, pair: bool) -> None:
    if pair:
        lab.get_by_label("Compare").focus()
        lesson.page.keyboard.type("1 Sorg")
        lab.get_by_label("with").focus()
        lesson.page.keyboard.type("2 Krebs")
        lesson.wait_for_words("differ in 6 of 6 respects")
    assert lesson.axe() == []


def test_wrong_answers_meet_their_own_feedback_and_a_right_one_its_point(lesson: Lesson) -> None:
    lesson.run(
        "answer-15-1",
        'cells = findings[findings["mark"] == "read"].groupby(["who", "where"]).size().rename("works").reset_index()',
    )
    assert "no row for the empty cell" in lesson.run("check-15-1")
    lesson.run("answer-15-2", "image_and_troops = [-13.5, 32.0]")
    assert "in soldiers" in lesson.run("check-15-2")
    lesson.run(
        "answer-15-4",
        "said, came = record.confidence / 100, record.right.fillna(False).astype(float)\n"
        "scores = [((said - came) ** 2).mean(), said.mean() - came.mean()]",
    )
    assert "counted them as wrong" in lesson.run("check-15-4")
    lesson.run(
        "answer-15-4",
        "done = record.dropna()\nsaid, came = done.confidence / 100, done.right.astype(float)\n"
        "scores = [((said - came) ** 2).mean(), said.mean() - came.mean()]",
    )
    assert "without knowing anything" in lesson.run("check-15-4")
