"""Lesson 03 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "1_assurance_theory/03_who_pays.ipynb"
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
SAYS = "words => document.querySelector('.course-lab .course-sentence').textContent.includes(words)"


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
    (jupyter.course_home / "state" / "burden_sharing.json").unlink(missing_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


@pytest.fixture
def lab(lesson: Any) -> Any:
    lesson.show("lab-sharing")
    lesson.page.wait_for_selector(".course-lab .noUi-handle[aria-label]")
    lesson.page.wait_for_function(
        "() => document.querySelector('.course-lab .course-figure').naturalWidth > 0"
    )
    lesson.page.get_by_role("button", name="Reset").click()
    lesson.page.wait_for_function(SAYS, arg="1 of 3 allies")
    return lesson


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    for cell in lesson.page.evaluate(CELL_IDS):
        lesson.show(cell)
        shown = lesson.page.locator(".jp-Notebook").inner_text()
        assert [text for text in BROKEN if text in shown] == []
    assert "Not attempted yet" in lesson.run("check-03-1")


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lab: Lesson) -> None:
    page, before = lab.page, lab.jupyter.cells(lab.page)
    page.get_by_role("slider", name="Inequality of sizes").focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    page.wait_for_function(SAYS, arg="3 of 3 allies buy defence")
    page.get_by_label("Allies", exact=True).focus()
    page.keyboard.type("NATO 1969, with t")
    page.wait_for_function(SAYS, arg="14 allies")
    page.get_by_role("slider", name="Deployment, billion").press("ArrowRight")
    page.wait_for_function(SAYS, arg="for each billion deployed")
    controls = page.locator(".course-lab").locator("button, input, select, [tabindex='0']")
    for i in range(controls.count()):
        if controls.nth(i).is_visible():
            controls.nth(i).focus()
            for key in ("1", "m", "d", "d", "x"):
                page.keyboard.press(key)
    assert lab.jupyter.cells(page) == before


def test_axe_finds_nothing_in_the_lab(lab: Lesson) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(lab.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


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
    for number, cell in enumerate(lesson.page.evaluate(CELL_IDS)):
        lesson.show(cell)
        lesson.page.screenshot(path=str(screenshots / f"lesson_03_{number:02d}_{cell}.png"))
    assert len(list(screenshots.glob("lesson_03_*.png"))) > 40
