"""Lesson 12 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "3_vietnam/12_counting_flags.ipynb"
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
    (jupyter.course_home / "state" / "flags_timeline.json").unlink(missing_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


def in_view(lesson: Lesson) -> Any:
    """The lab, as it starts."""
    lesson.show("lab-flags")
    lab = lesson.page.locator(".course-lab").filter(has_text="Order by")
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    for cell in lesson.page.evaluate(CELL_IDS):
        lesson.show(cell)
        shown = lesson.page.locator(".jp-Notebook").inner_text()
        assert [text for text in BROKEN if text in shown] == []
    assert "Not attempted yet" in lesson.run("check-12-1")


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, in_view(lesson), lesson.jupyter.cells(lesson.page)
    page.wait_for_function(SAYS, arg="sum to 31 battalions and the printed total is 51")
    lab.get_by_label("Measure").focus()
    page.keyboard.type("Persons")
    page.wait_for_function(SAYS, arg="1970, as transcribed: the cells sum to 67,579 persons")
    lab.get_by_label("Reading").focus()
    page.keyboard.type("Repaired")
    page.wait_for_function(SAYS, arg="3 of 7 columns add up")
    lab.get_by_role("slider", name="Year").focus()
    page.keyboard.press("Home")
    page.wait_for_function(SAYS, arg="1964, repaired where the total is restored")
    controls = lab.locator("button, input, select, [tabindex='0']")
    for i in range(controls.count()):
        if controls.nth(i).is_visible() and controls.nth(i).is_enabled():
            controls.nth(i).focus()
            for key in ("1", "m", "d", "d", "x"):
                page.keyboard.press(key)
    assert lesson.jupyter.cells(page) == before


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    from axe_playwright_python.sync_playwright import Axe

    in_view(lesson)
    found = Axe().run(lesson.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


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
