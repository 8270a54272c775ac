"""Lesson 08 as a student meets it: run untouched, both labs worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "2_survey_experiments/08_reading_a_null.ipynb"
BROKEN = ("model not found", "Error displaying widget", "Error creating widget", "Traceback")
PANEL = "const panel = window.jupyterapp.shell.currentWidget;"
PLACE = "const index = panel.content.widgets.findIndex(widget => widget.model.id === id);"
RUN_CELL = f"""async ([id, source]) => {{
    {PANEL} {PLACE}
    if (source !== null) panel.content.widgets[index].model.sharedModel.setSource(source);
    panel.content.activeCellIndex = index;
    panel.content.deselectAll();
    await window.jupyterapp.commands.execute('notebook:run-cell');
}}"""
SHOW_CELL = f"async id => {{ {PANEL} {PLACE} await panel.content.scrollToItem(index, 'start'); }}"
OUTPUT = f"id => {{ {PANEL} {PLACE} return panel.content.widgets[index].outputArea.node.innerText; }}"
ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code' && [...Array(cell.outputs.length).keys()]
        .some(i => cell.outputs.get(i).type === 'error')).map(cell => cell.id)"""
CELL_IDS = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(cell => cell.id)"
SAYS = """words => [...document.querySelectorAll('.course-lab .course-sentence')]
    .some(each => each.textContent.includes(words))"""


class Lesson:
    """The open lesson, worked through its cells' names."""

    def __init__(self, jupyter: Jupyter, page: Any) -> None:
        self.jupyter, self.page = jupyter, page

    def show(self, cell: str) -> None:
        """Scroll a cell to the top of the window."""
        self.page.evaluate(SHOW_CELL, cell)
        self.page.wait_for_timeout(250)

    def run(self, cell: str, source: str | None = None) -> str:
        """Run a cell, with a new source if one is given, and read what it shows."""
        self.page.evaluate(RUN_CELL, [cell, source])
        self.show(cell)
        text: str = self.page.evaluate(OUTPUT, cell)
        return text


@pytest.fixture(scope="module")
def lesson(jupyter: Jupyter, chromium: Any) -> Any:
    shutil.copytree(ROOT / "lessons", jupyter.root, dirs_exist_ok=True)
    for name in ("power_explorer", "equivalence_explorer"):
        (jupyter.course_home / "state" / f"{name}.json").unlink(missing_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


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


def press_keys_that_change_cells(lab: Any) -> None:
    controls = lab.locator("button, input, select, [tabindex='0']")
    for i in range(controls.count()):
        if controls.nth(i).is_visible() and controls.nth(i).is_enabled():
            controls.nth(i).focus()
            for key in ("1", "m", "d", "d", "x"):
                lab.page.keyboard.press(key)


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    for cell in lesson.page.evaluate(CELL_IDS):
        lesson.show(cell)
        shown = lesson.page.locator(".jp-Notebook").inner_text()
        assert [text for text in BROKEN if text in shown] == []
    assert "Not attempted yet" in lesson.run("check-08-1")


@pytest.mark.parametrize("lab", [power_lab, equivalence_lab])
def test_axe_finds_nothing_in_the_labs(lesson: Lesson, lab: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    lab(lesson)
    found = Axe().run(lesson.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


def test_power_is_explored_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, power_lab(lesson), lesson.jupyter.cells(lesson.page)
    page.wait_for_function(SAYS, arg="150 people in each arm, a true effect of +0.17 points")
    lab.get_by_role("slider", name="People in each arm").focus()
    page.keyboard.press("End")
    page.wait_for_function(SAYS, arg="3,000 people in each arm")
    lab.get_by_role("slider", name="Move up, of a hundred").focus()
    page.keyboard.press("Home")
    page.wait_for_function(SAYS, arg="nothing to find")
    lab.get_by_label("Answers").focus()
    page.keyboard.type("Divided")
    lab.get_by_label("Level of the test").focus()
    page.keyboard.type("0.01")
    page.keyboard.press("Tab")
    page.wait_for_function(SAYS, arg="four times in five is an effect of 0.1")
    press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_equivalence_is_explored_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, equivalence_lab(lesson), lesson.jupyter.cells(lesson.page)
    page.wait_for_function(SAYS, arg="Undecided. Not significant, and not equivalent either")
    lab.get_by_role("slider", name="People in each arm").focus()
    page.keyboard.press("End")
    page.wait_for_function(SAYS, arg="Equivalent. If there is an effect, it is too small to matter.")
    lab.get_by_role("slider", name="Estimate").focus()
    page.keyboard.press("End")
    page.wait_for_function(SAYS, arg="Different. There is an effect")
    lab.get_by_role("slider", name="True effect (right)").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SAYS, arg="If an effect of 0.05 is true")
    press_keys_that_change_cells(lab)
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
