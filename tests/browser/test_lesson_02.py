"""Lesson 02 and its labs as a student meets them: run untouched, a function answered, the labs worked by keyboard."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Jupyter, Lesson

pytestmark = pytest.mark.browser

LESSON = "1_assurance_theory/02_believing_a_guarantee.ipynb"
LABS = "from helpers.labs import AllianceDilemma, GuaranteeGame\nGuaranteeGame()", "AllianceDilemma()"
FOCUSABLE = "button, input, select, summary, [tabindex]:not([tabindex='-1'])"
RIGHT = "def believe(prior, a, b):\n    return prior * a / (prior * a + (1 - prior) * b)"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON)


@pytest.fixture
def labs(jupyter: Jupyter, page: Any) -> Any:
    """Both labs on a page of their own."""
    shutil.rmtree(jupyter.course_home / "state", ignore_errors=True)
    jupyter.open(page, jupyter.write("labs_02.ipynb", *LABS))
    jupyter.run_all(page)
    page.wait_for_function("() => document.querySelectorAll('.course-lab img.course-figure').length === 2")
    page.wait_for_selector(".course-lab .noUi-handle[aria-label='Loss by entrapment']")
    return page


def sentence(page: Any, lab: int) -> str:
    text: str = page.locator(".course-lab .course-sentence").nth(lab).inner_text()
    return text


def wait_for_words(page: Any, words: str) -> None:
    page.wait_for_function(
        "words => [...document.querySelectorAll('.course-sentence')].some(each => each.textContent.includes(words))",
        arg=words,
    )


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.errors() == []


def test_a_function_is_checked_as_it_is_written(lesson: Lesson) -> None:
    assert "Not attempted yet" in lesson.run("check-02-1")
    lesson.run("answer-02-1", "def believe(prior, a, b):\n    return a / (a + b)")
    assert "left out how common each type is" in lesson.run("check-02-1")
    lesson.run("answer-02-1", RIGHT)
    assert "Right." in lesson.run("check-02-1")


def test_the_game_is_worked_by_keyboard(labs: Any, jupyter: Jupyter, screenshots: Path) -> None:
    before = jupyter.cells(labs)
    assert "tells the types apart" in sentence(labs, 0)
    labs.get_by_role("slider", name="Cost of the signal").focus()
    for _ in range(12):
        labs.keyboard.press("ArrowLeft")
    wait_for_words(labs, "No equilibrium")
    labs.get_by_label("Look at", exact=True).focus()
    labs.keyboard.press("ArrowDown")
    wait_for_words(labs, "nothing is learnt: 0.70 before and after")
    labs.screenshot(path=str(screenshots / "guarantee_game.png"))
    assert jupyter.cells(labs) == before


def test_the_dilemma_is_worked_by_keyboard(labs: Any) -> None:
    labs.get_by_role("slider", name="Loss by entrapment").focus()
    for _ in range(12):
        labs.keyboard.press("ArrowRight")
    wait_for_words(labs, "tightness 0.50, the greatest regret at 0.50")


def test_keys_pressed_on_any_control_change_no_cell(labs: Any, jupyter: Jupyter) -> None:
    before = jupyter.cells(labs)
    controls = labs.locator(".course-lab").locator(FOCUSABLE)
    assert controls.count() >= 10
    for i in range(controls.count()):
        if not controls.nth(i).is_visible() or controls.nth(i).is_disabled():
            continue
        for key in ("1", "m", "d", "d", "x"):
            controls.nth(i).focus()
            labs.keyboard.press(key)
        assert jupyter.cells(labs) == before, f"on control {i}"


def test_axe_finds_nothing_in_either_lab(labs: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(labs, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []
    names = [handle.get_attribute("aria-label") for handle in labs.locator(".noUi-handle").all()]
    assert "Worth to each type, from" in names
    assert all(names)
