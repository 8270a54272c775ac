"""Lesson 10 as a student meets it: run untouched, both labs worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Lesson

pytestmark = pytest.mark.browser
LESSON = "2_survey_experiments/10_a_real_experiment.ipynb"
FAMILY = """
found = []
for factor in factors:
    found.append(effects.effects(people, outcomes, ["yes"], "no", by=factor).assign(factor=factor))
found = pd.concat(found, ignore_index=True)
"""
MAPPED = """
arms = "arms: {columns: {ally: ally, democracy: democracy}, none: neither, together: both, reference: neither}"
mended = "\\n".join(arms if line.startswith("arms") else line for line in mapping.splitlines())
mine = data.load_study(file, mended.replace("lowest: 1, highest: 5", SCALE))
moved = effects.effects(mine.answers, ["support"], ["ally", "democracy", "both"], "neither")["estimate"]
"""


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON)


def lab_in_view(lesson: Lesson, cell: str, control: str) -> Any:
    """A lab, as it starts."""
    lesson.show(cell)
    found = lesson.page.locator(".course-lab")
    lab = found.filter(has=lesson.page.get_by_label(control, exact=True)).first
    lab.get_by_label(control, exact=True).wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def effects_lab(lesson: Lesson) -> Any:
    return lab_in_view(lesson, "lab-effects", "Estimator")


def roads_lab(lesson: Lesson) -> Any:
    return lab_in_view(lesson, "lab-roads", "Road")


def test_the_untouched_lesson_runs_without_a_fault(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-10-1")


@pytest.mark.parametrize("lab", [effects_lab, roads_lab])
def test_axe_finds_nothing_in_the_labs(lesson: Lesson, lab: Callable[[Lesson], Any]) -> None:
    lab(lesson)
    assert lesson.axe() == []


def test_effects_are_explored_by_keyboard_and_change_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, effects_lab(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("(an ally less no ally): -0.36 points, 95 % interval -0.56 to -0.15")
    lab.get_by_label("Estimator", exact=True).focus()
    page.keyboard.type("Lin")
    lesson.wait_for_words("(an ally less no ally): -0.34 points")
    lab.get_by_label("Outcome", exact=True).focus()
    page.keyboard.type("Support")
    lesson.wait_for_words("(an ally less no ally): -0.17 points, 95 % interval -0.32 to -0.02")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_roads_are_explored_by_keyboard_and_change_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, roads_lab(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("Through “bad events thought likely”: -0.14 of -0.19 points")
    lab.get_by_role("slider", name="Unseen cause").focus()
    page.keyboard.press("Home")
    lesson.wait_for_words("-0.90")
    lab.get_by_label("Road", exact=True).focus()
    page.keyboard.type("Thinks")
    lesson.wait_for_words("Through “thinks a strike wrong”: -0.10 of -0.19 points")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run("answer-10-1", 'after = (2 * pair["p_value"]).tolist()')
    assert "Not right" in lesson.run("check-10-1")
    lesson.run("answer-10-1", f'{FAMILY}after = (6 * found["p_value"])[:2].tolist()')
    assert "Bonferroni" in lesson.run("check-10-1")
    lesson.run("answer-10-2", "fewest = [113, 87]")
    assert "the estimate is zero" in lesson.run("check-10-2").replace("*", "")
    lesson.run("answer-10-3", MAPPED.replace("SCALE", '"lowest: 1, highest: 4, missing: [0]"'))
    assert "218 people who support a strike least are gone" in lesson.run("check-10-3")


def test_right_answers_are_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run("answer-10-1", f'{FAMILY}after = corrections.adjusted(found["p_value"], "holm")[:2]')
    assert "has to be named before anybody looks" in lesson.run("check-10-1")
    lesson.run("answer-10-3", MAPPED.replace("SCALE", '"lowest: 0, highest: 4"'))
    assert "the first thing to check" in lesson.run("check-10-3")
