"""Lesson 07 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "2_survey_experiments/07_czech_deployment.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "multiple_testing")


def lab_in_view(lesson: Lesson) -> Any:
    """The first of the two labs, as it starts."""
    lesson.show("lab-testing")
    lab = lesson.page.locator(".course-lab").first
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-07-1")


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    lab_in_view(lesson)
    assert lesson.axe() == []


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, lab_in_view(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("No correction, 12 tests, and nothing to find")
    lab.get_by_role("slider", name="Outcomes", exact=True).focus()
    page.keyboard.press("End")
    lesson.wait_for_words("No correction, 24 tests")
    lab.get_by_label("Correction").focus()
    page.keyboard.type("Holm")
    lesson.wait_for_words("Holm, 24 tests")
    lab.get_by_role("slider", name="Share of true nulls").focus()
    page.keyboard.press("Home")
    lesson.wait_for_words("there is nothing to find falsely")
    field = lab.get_by_label("Your p-values")
    field.fill("0.001 0.02 0.9")
    page.keyboard.press("Enter")
    lesson.wait_for_words("Your family of 3: 2 called significant.")
    field.fill("0.001 often")
    page.keyboard.press("Enter")
    lesson.wait_for_words("'often' is no p-value")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    neither, both = 'mean["unchanged"]', 'mean["both"]'
    soldiers, weapons = 'mean["conventional"]', 'mean["nuclear"]'
    interaction = f"{both} - {soldiers} - {weapons} + {neither}"
    lesson.run("answer-07-1", f"contrasts = [{soldiers} - {neither}, {weapons} - {neither}, {interaction}]")
    assert "simple effects" in lesson.run("check-07-1")
    lesson.run("answer-07-2", "precision = [plain.estimate, plain.std_error, 0.0]")
    assert "plain difference in means" in lesson.run("check-07-2")
    lesson.run("answer-07-3", "def holm(p_values):\n    return [min(1, p * len(p_values)) for p in p_values]")
    assert "That is Bonferroni" in lesson.run("check-07-3")
    lesson.run("answer-07-3", "def holm(p_values):\n    return sorted(p_values)[9]")
    assert "stopped with" in lesson.run("check-07-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run(
        "answer-07-1",
        'n, s, w, b = mean[["unchanged", "conventional", "nuclear", "both"]]\n'
        "contrasts = [(s - n + b - w) / 2, (w - n + b - s) / 2, b - w - s + n]",
    )
    said = lesson.run("check-07-1")
    assert "Right." in said
    assert "four times as many people" in said
