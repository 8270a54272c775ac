"""Lesson 12 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "3_vietnam/12_counting_flags.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "flags_timeline")


def in_view(lesson: Lesson) -> Any:
    """The lab, as it starts."""
    lesson.show("lab-flags")
    lab = lesson.page.locator(".course-lab").filter(has_text="Order by")
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-12-1")


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, in_view(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("sum to 31 battalions and the printed total is 51")
    lab.get_by_label("Measure").focus()
    page.keyboard.type("Persons")
    lesson.wait_for_words("1970, as transcribed: the cells sum to 67,579 persons")
    lab.get_by_label("Reading").focus()
    page.keyboard.type("Repaired")
    lesson.wait_for_words("3 of 7 columns add up")
    lab.get_by_role("slider", name="Year").focus()
    page.keyboard.press("Home")
    lesson.wait_for_words("1964, repaired where the total is restored")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    in_view(lesson)
    assert lesson.axe() == []


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    total = 'forces.groupby("year")["column_total_printed"].first()'
    lesson.run("answer-12-1", f'gaps = ({total} - forces.groupby("year")["strength"].sum()).to_frame("gap")')
    assert "somebody has repaired before you" in lesson.run("check-12-1")
    lesson.run("answer-12-2", 'suspects = ["NZL"]')
    assert "not the only suspect" in lesson.run("check-12-2")
    lesson.run("answer-12-3", "p_six = 257 / 720")
    assert "You counted one side" in lesson.run("check-12-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run("answer-12-2", 'suspects = ["ESP", "KOR", "NZL", "TWN"]')
    said = lesson.run("check-12-2")
    assert "Right." in said
    assert "never where" in said
