"""Lesson 09 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "2_survey_experiments/09_two_roads.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "mediation_explorer")


def lab_in_view(lesson: Lesson) -> Any:
    """The lab, as it starts."""
    lesson.show("lab-mediation")
    lab = lesson.page.locator(".course-lab").filter(has_text="Unseen cause")
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    lab.get_by_role("button", name="Reset").click()
    lesson.wait_for_words("No unseen cause is turned up")
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson, screenshots: Path) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-09-1")
    assert lesson.photograph(screenshots, "lesson_09") > 40


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    lab_in_view(lesson)
    assert lesson.axe() == []


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, lab_in_view(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("Through “feels protected”")
    lab.get_by_label("Covariates").focus()
    page.keyboard.type("all")
    lab.get_by_role("slider", name="Unseen cause").focus()
    page.keyboard.press("ArrowLeft")
    lesson.wait_for_words("With an unseen cause of -0.02")
    page.keyboard.press("Home")
    lesson.wait_for_words("With an unseen cause of -0.90: +")
    assert "Triangles" in lab.inner_text()
    lab.get_by_label("Road").focus()
    page.keyboard.type("Fears")
    lesson.wait_for_words("Through “fears to be drawn in”")
    page.keyboard.press("End")
    lesson.wait_for_words("cannot be the road and the outcome at once")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    paths = (
        'a = smf.ols("protected ~ told", measured).fit().params["told"]\n'
        'b = smf.ols("need ~ protected", measured).fit().params["protected"]\n'
        'whole = means["need"].diff()[1]\n'
    )
    lesson.run("answer-09-1", f"{paths}split = [a * b, whole - a * b, a * b / whole]")
    assert "leaves out told" in lesson.run("check-09-1")
    lesson.run(
        "answer-09-2", 'gone = [measured[x].corr(measured["need"]) for x in ("protected", "drawn_in")]'
    )
    assert "You correlated the answers" in lesson.run("check-09-2")
    lesson.run(
        "answer-09-3",
        'm = held_survey.groupby(["held", "told"])["need"].mean().unstack()\n'
        'eliminated = [m[1]["protection"] - m[0]["protection"], m[1]["risk"] - m[0]["risk"]]',
    )
    assert "effects that remain when a road" in lesson.run("check-09-3")
    lesson.run("answer-09-4", 'verdict = "Entrapment."')
    assert "80" in lesson.run("check-09-4")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run(
        "answer-09-3",
        'm = held_survey.groupby(["held", "told"])["need"].mean().unstack()\n'
        'e = m[1] - m[0]\neliminated = [e["nothing"] - e["protection"], e["nothing"] - e["risk"]]',
    )
    said = lesson.run("check-09-3")
    assert "Right." in said
    assert "chance assigned both things" in said
