"""Lesson 03 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "1_assurance_theory/03_who_pays.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "burden_sharing")


@pytest.fixture
def lab(lesson: Any) -> Any:
    lesson.show("lab-sharing")
    lesson.page.wait_for_selector(".course-lab .noUi-handle[aria-label]")
    lesson.page.wait_for_function(
        "() => document.querySelector('.course-lab .course-figure').naturalWidth > 0"
    )
    lesson.page.get_by_role("button", name="Reset").click()
    lesson.wait_for_words("1 of 3 allies")
    return lesson


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-03-1")


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lab: Lesson) -> None:
    page, before = lab.page, lab.jupyter.cells(lab.page)
    page.get_by_role("slider", name="Inequality of sizes").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    lab.wait_for_words("3 of 3 allies buy defence")
    page.get_by_label("Allies", exact=True).focus()
    page.keyboard.type("NATO 1969, with t")
    lab.wait_for_words("14 allies")
    page.get_by_role("slider", name="Deployment, billion").press("ArrowRight")
    lab.wait_for_words("for each billion deployed")
    lab.press_keys_that_change_cells(page.locator(".course-lab"))
    assert lab.jupyter.cells(page) == before


def test_axe_finds_nothing_in_the_lab(lab: Lesson) -> None:
    assert lab.axe() == []


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run(
        "answer-03-1", "def buys(income, taste, spill_in):\n    return taste * (income + spill_in) - spill_in"
    )
    assert "cannot sell" in lesson.run("check-03-1")
    table = 'leverage = pd.DataFrame({"unit": known["unit"], "without": 0.0})\nfor unit in known["unit"]:\n'
    table += (
        '    others = known[known["unit"] != unit]\n    leverage.loc[leverage["unit"] == unit, "without"] = '
    )
    table += 'others["gnp"].corr(others["burden"], method="spearman")'
    lesson.run("answer-03-2", table)
    assert "The guardian is in your table" in lesson.run("check-03-2")
    lesson.run("answer-03-3", "followed = -0.16")
    assert "Not right yet" in lesson.run("check-03-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    right = "def buys(income, taste, spill_in):\n    return max(0, taste * (income + spill_in) - spill_in)"
    lesson.run("answer-03-1", right)
    said = lesson.run("check-03-1")
    assert "Right." in said
    assert "The corner comes first for the small" in said


def test_screenshots_of_the_whole_lesson_are_kept(lesson: Lesson, screenshots: Path) -> None:
    assert lesson.photograph(screenshots, "lesson_03") > 40
