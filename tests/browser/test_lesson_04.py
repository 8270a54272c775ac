"""Lesson 04 as a student meets it: run untouched, its labs worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "1_assurance_theory/04_from_states_to_citizens.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "mechanism_map", "comparison_lab")


CELLS = {"map": "lab-map", "comparison": "lab-comparison"}


def in_view(lesson: Lesson, name: str) -> Any:
    """One of the two labs, as it starts."""
    lesson.show(CELLS[name])
    words = {"map": "Other people", "comparison": "Permute"}[name]
    lab = lesson.page.locator(".course-lab").filter(has_text=words)
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-04-1")


def test_the_map_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, in_view(lesson, "map"), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("Open: assurance (1.0).")
    lab.get_by_role("slider", name="Assurance").focus()
    page.keyboard.press("Home")
    lesson.wait_for_words("No road is open")
    lab.get_by_role("slider", name="Entrapment").focus()
    page.keyboard.press("End")
    lesson.wait_for_words("perceived threat up")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_the_comparison_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, in_view(lesson, "comparison"), lesson.jupyter.cells(lesson.page)
    lab.get_by_label("Group").focus()
    page.keyboard.type("Thailand")
    lesson.wait_for_words("Thailand by +0.89")
    lab.get_by_label("Permute").focus()
    page.keyboard.type("all")
    lesson.wait_for_words("the smallest that 119 states can give")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


@pytest.mark.parametrize("name", CELLS)
def test_axe_finds_nothing_in_the_labs(lesson: Lesson, name: str) -> None:
    in_view(lesson, name)
    assert lesson.axe() == []


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run("answer-04-1", "on_need = 0.8 * -0.6 + 0.8 * 0.5")
    assert "A third begins on one road" in lesson.run("check-04-1")
    lesson.run("answer-04-2", 'marks = people[people["deployment"] == 1].groupby("country").mean()')
    assert "people told of a deployment" in lesson.run("check-04-2")
    slope = "np.polyfit(rows.hosted, rows.effort, 1)[0]"
    lesson.run("answer-04-3", f"inside = [{slope}, {slope}]")
    assert "no row knows its country" in lesson.run("check-04-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run("answer-04-1", "on_need = -0.48 + 0.4 - 0.16")
    said = lesson.run("check-04-1")
    assert "Right." in said
    assert "roads do not simply add up" in said
