"""Lesson 01 as a student meets it: opened, run untouched, answered wrongly and rightly, saved and opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Jupyter, Lesson

pytestmark = pytest.mark.browser

LESSON = "1_assurance_theory/01_two_audiences.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON)


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []


def test_an_untouched_exercise_says_that_nothing_was_tried(lesson: Lesson) -> None:
    assert "Not attempted yet" in lesson.read("check-01-1")


def test_a_wrong_answer_meets_its_own_feedback(lesson: Lesson) -> None:
    upside_down = (
        'joined = ready_made.merge(hosts[["unit", "year", "troops"]], on=["unit", "year"])\n'
        'joined["ratio"] = joined["troops"] / joined["ready_made"]\ncomparison = joined'
    )
    lesson.run("answer-01-1", upside_down)
    said = lesson.run("check-01-1")
    assert "Not right yet" in said
    assert "upside down" in said


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    right = (
        'joined = ready_made.merge(hosts[["unit", "year", "troops"]], on=["unit", "year"])\n'
        'joined["ratio"] = joined["ready_made"] / joined["troops"]\ncomparison = joined.sort_values("year")'
    )
    lesson.run("answer-01-1", right)
    said = lesson.run("check-01-1")
    assert "Right." in said
    assert "twice" in said


def test_a_prediction_is_committed_and_shown_again(lesson: Lesson) -> None:
    lesson.show("prediction-card")
    card = lesson.page.locator(".course-card", has_text="which order of the three hosts")
    card.get_by_role("radio").nth(3).check()
    card.get_by_role("button", name="Commit").press("Enter")
    lesson.page.wait_for_function(
        "() => [...document.querySelectorAll('.course-feedback')].some(each => each.textContent.length > 5)"
    )
    said = lesson.run("prediction-reveal")
    assert "Japan, South Korea, Germany" in said


def test_the_lab_is_worked_by_keyboard_and_leaves_the_cells_alone(lesson: Lesson) -> None:
    lesson.show("lab-atlas")
    lesson.page.wait_for_selector(".course-lab .noUi-handle[aria-label]")
    before = lesson.jupyter.cells(lesson.page)
    sentence = lesson.page.locator(".course-lab .course-sentence").inner_text()
    handle = lesson.page.get_by_role("slider", name="Years, to")
    handle.focus()
    for key in ("ArrowLeft", "1", "m", "d", "d", "x"):
        lesson.page.keyboard.press(key)
    lesson.page.wait_for_function(
        "old => document.querySelector('.course-sentence').textContent !== old", arg=sentence
    )
    assert lesson.jupyter.cells(lesson.page) == before


def test_screenshots_of_the_whole_lesson_are_kept(lesson: Lesson, screenshots: Path) -> None:
    assert lesson.photograph(screenshots, "lesson_01") > 40


def test_a_saved_lesson_opens_again_whole(lesson: Lesson, jupyter: Jupyter, page: Any) -> None:
    jupyter.save(lesson.page)
    jupyter.command(lesson.page, "kernelmenu:shutdown")
    saved = jupyter.root / LESSON
    saved.rename(saved.with_name("again.ipynb"))
    jupyter.open(page, "1_assurance_theory/again.ipynb")
    again = type(lesson)(jupyter, page)
    assert again.faults() == []
    assert "hosted most US troops" in again.read("lab-atlas")


def test_the_first_page_runs(open_lesson: Callable[..., Lesson], screenshots: Path) -> None:
    first = open_lesson("00_start_here.ipynb")
    assert first.errors() == []
    first.page.screenshot(path=str(screenshots / "start_here.png"))
