"""Lesson 01 as a student meets it: opened, run untouched, answered wrongly and rightly, saved and opened again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "1_assurance_theory/01_two_audiences.ipynb"
BROKEN = ("model not found", "Error displaying widget", "Error creating widget", "Traceback")
ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code' && [...Array(cell.outputs.length).keys()]
        .some(i => cell.outputs.get(i).type === 'error'))
    .map(cell => cell.id)"""
RUN_CELL = """async ([id, source]) => {
    const panel = window.jupyterapp.shell.currentWidget;
    const index = panel.content.widgets.findIndex(widget => widget.model.id === id);
    if (source !== null) panel.content.widgets[index].model.sharedModel.setSource(source);
    panel.content.activeCellIndex = index;
    panel.content.deselectAll();
    await window.jupyterapp.commands.execute('notebook:run-cell');
    await panel.content.scrollToItem(index);
}"""
SHOW_CELL = """async id => {
    const panel = window.jupyterapp.shell.currentWidget;
    const index = panel.content.widgets.findIndex(widget => widget.model.id === id);
    await panel.content.scrollToItem(index, 'start');
}"""
OUTPUT = """id => {
    const panel = window.jupyterapp.shell.currentWidget;
    const cell = panel.content.widgets.find(widget => widget.model.id === id);
    return cell.outputArea.node.innerText;
}"""
CELL_IDS = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(cell => cell.id)"


class Lesson:
    """The open lesson, worked through its cells' names."""

    def __init__(self, jupyter: Jupyter, page: Any) -> None:
        self.jupyter, self.page = jupyter, page

    def run(self, cell: str, source: str | None = None) -> str:
        """Run a cell, with a new source if one is given, and read what it shows."""
        self.page.evaluate(RUN_CELL, [cell, source])
        return self.read(cell)

    def read(self, cell: str) -> str:
        """Text of a cell's output, brought into sight first."""
        self.show(cell)
        text: str = self.page.evaluate(OUTPUT, cell)
        return text

    def show(self, cell: str) -> None:
        """Scroll a cell to the top of the window."""
        self.page.evaluate(SHOW_CELL, cell)
        self.page.wait_for_timeout(250)

    def all_text(self) -> str:
        """Text of the whole lesson, read by scrolling through it, since JupyterLab draws only what is in sight."""
        texts = []
        for cell in self.page.evaluate(CELL_IDS):
            self.show(cell)
            texts.append(self.page.locator(".jp-Notebook").inner_text())
        return "\n".join(texts)


@pytest.fixture(scope="module")
def lesson(jupyter: Jupyter, chromium: Any) -> Any:
    """The student's version, run from top to bottom as it came."""
    shutil.copytree(ROOT / "lessons", jupyter.root, dirs_exist_ok=True)
    shutil.rmtree(jupyter.course_home / "state", ignore_errors=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    shown = lesson.all_text()
    assert [text for text in BROKEN if text in shown] == []


def test_an_untouched_exercise_says_that_nothing_was_tried(lesson: Lesson) -> None:
    assert "Not attempted yet" in lesson.read("check-01-1")


def test_a_wrong_answer_meets_its_own_feedback(lesson: Lesson) -> None:
    upside_down = (
        'joined = ready_made.merge(hosts[["unit", "year", "troops"]], on=["unit", "year"])\n'
        'joined["ratio"] = joined["troops"] / joined["ready_made"]\ncomparison = joined'
    )
    lesson.run("answer-01-1", upside_down)
    said = lesson.run("check-01-1")
    assert "Not right yet" in said
    assert "upside down" in said


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    right = (
        'joined = ready_made.merge(hosts[["unit", "year", "troops"]], on=["unit", "year"])\n'
        'joined["ratio"] = joined["ready_made"] / joined["troops"]\ncomparison = joined.sort_values("year")'
    )
    lesson.run("answer-01-1", right)
    said = lesson.run("check-01-1")
    assert "Right." in said
    assert "twice" in said


def test_a_prediction_is_committed_and_shown_again(lesson: Lesson) -> None:
    lesson.show("prediction-card")
    card = lesson.page.locator(".course-card", has_text="which order of the three hosts")
    card.get_by_role("radio").nth(3).check()
    card.get_by_role("button", name="Commit").press("Enter")
    lesson.page.wait_for_function(
        "() => [...document.querySelectorAll('.course-feedback')].some(each => each.textContent.length > 5)"
    )
    said = lesson.run("prediction-reveal")
    assert "Japan, South Korea, Germany" in said


def test_the_lab_is_worked_by_keyboard_and_leaves_the_cells_alone(lesson: Lesson) -> None:
    lesson.show("lab-atlas")
    lesson.page.wait_for_selector(".course-lab .noUi-handle[aria-label]")
    before = lesson.jupyter.cells(lesson.page)
    sentence = lesson.page.locator(".course-lab .course-sentence").inner_text()
    handle = lesson.page.get_by_role("slider", name="Years, to")
    handle.focus()
    for key in ("ArrowLeft", "1", "m", "d", "d", "x"):
        lesson.page.keyboard.press(key)
    lesson.page.wait_for_function(
        "old => document.querySelector('.course-sentence').textContent !== old", arg=sentence
    )
    assert lesson.jupyter.cells(lesson.page) == before


def test_screenshots_of_the_whole_lesson_are_kept(lesson: Lesson, screenshots: Path) -> None:
    for number, cell in enumerate(lesson.page.evaluate(CELL_IDS)):
        lesson.show(cell)
        lesson.page.screenshot(path=str(screenshots / f"lesson_01_{number:02d}_{cell}.png"))
    assert len(list(screenshots.glob("lesson_01_*.png"))) > 40


def test_a_saved_lesson_opens_again_whole(lesson: Lesson, jupyter: Jupyter, chromium: Any) -> None:
    jupyter.save(lesson.page)
    jupyter.command(lesson.page, "kernelmenu:shutdown")
    saved = jupyter.root / LESSON
    saved.rename(saved.with_name("again.ipynb"))
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    again = Lesson(jupyter, context.new_page())
    jupyter.open(again.page, "1_assurance_theory/again.ipynb")
    shown = again.all_text()
    assert [text for text in BROKEN if text in shown] == []
    assert "hosted most US troops" in shown
    context.close()


def test_the_first_page_runs(jupyter: Jupyter, page: Any, screenshots: Path) -> None:
    shutil.copytree(ROOT / "lessons", jupyter.root, dirs_exist_ok=True)
    jupyter.open(page, "00_start_here.ipynb")
    jupyter.run_all(page)
    assert page.evaluate(ERRORS) == []
    page.screenshot(path=str(screenshots / "start_here.png"))
