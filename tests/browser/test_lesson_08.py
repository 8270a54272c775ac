"""Lesson 08 as a student meets it: run untouched, both labs worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "2_survey_experiments/08_reading_a_null.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "power_explorer", "equivalence_explorer")


def lab_in_view(lesson: Lesson, cell: str, first_slider: str) -> Any:
    """A lab, as it starts."""
    lesson.show(cell)
    lab = (
        lesson.page.locator(".course-lab")
        .filter(has=lesson.page.get_by_role("slider", name=first_slider))
        .first
    )
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def power_lab(lesson: Lesson) -> Any:
    return lab_in_view(lesson, "lab-power", "Move up, of a hundred")


def equivalence_lab(lesson: Lesson) -> Any:
    return lab_in_view(lesson, "lab-equivalence", "Smallest that matters")


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-08-1")


@pytest.mark.parametrize("lab", [power_lab, equivalence_lab])
def test_axe_finds_nothing_in_the_labs(lesson: Lesson, lab: Any) -> None:
    lab(lesson)
    assert lesson.axe() == []


def test_power_is_explored_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, power_lab(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("150 people in each arm, a true effect of +0.17 points")
    lab.get_by_role("slider", name="People in each arm").focus()
    page.keyboard.press("End")
    lesson.wait_for_words("3,000 people in each arm")
    lab.get_by_role("slider", name="Move up, of a hundred").focus()
    page.keyboard.press("Home")
    lesson.wait_for_words("nothing to find")
    lab.get_by_label("Answers").focus()
    page.keyboard.type("Divided")
    lab.get_by_label("Level of the test").focus()
    page.keyboard.type("0.01")
    page.keyboard.press("Tab")
    lesson.wait_for_words("four times in five is an effect of 0.1")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_equivalence_is_explored_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, equivalence_lab(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("Undecided. Not significant, and not equivalent either")
    lab.get_by_role("slider", name="People in each arm").focus()
    page.keyboard.press("End")
    lesson.wait_for_words("Equivalent. If there is an effect, it is too small to matter.")
    lab.get_by_role("slider", name="Estimate").focus()
    page.keyboard.press("End")
    lesson.wait_for_words("Different. There is an effect")
    lab.get_by_role("slider", name="True effect (right)").focus()
    page.keyboard.press("ArrowRight")
    lesson.wait_for_words("If an effect of 0.05 is true")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    shares = 'shares = (told["protected"] >= 4).groupby(told["arm"]).mean()'
    level = 'shares["unchanged"]'
    lesson.run("answer-08-1", f'{shares}\nlevel_and_effect = [{level}, shares["both"] - {level}]')
    assert "what a withdrawal does" in lesson.run("check-08-1")
    lesson.run(
        "answer-08-2",
        "n = next(n for n in range(2, 5000) if power(0.2, sd, n, n) >= 0.8)\nneeded = [n, 2 * n]",
    )
    assert "does not take twice as many" in lesson.run("check-08-2")
    lesson.run(
        "answer-08-3",
        "def reading(estimate, std_error, smallest):\n"
        "    return 'different' if abs(estimate) > 1.96 * std_error else 'equivalent'",
    )
    assert "knows two readings of four" in lesson.run("check-08-3")
    lesson.run("answer-08-3", "def reading(estimate, std_error, smallest):\n    return smallest / 0")
    assert "stopped with" in lesson.run("check-08-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run(
        "answer-08-1",
        'shares = (told["protected"] >= 4).groupby(told["arm"]).mean()\n'
        'level_and_effect = [shares["unchanged"], shares["unchanged"] - shares["both"]]',
    )
    said = lesson.run("check-08-1")
    assert "Right." in said
    assert "either may be small without the other" in said
