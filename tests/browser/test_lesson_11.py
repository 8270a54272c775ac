"""Lesson 11 as a student meets it: run untouched, the board filled by keyboard, answered wrongly and rightly."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "3_vietnam/11_two_theories.ipynb"
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
    state_file(jupyter).unlink(missing_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


def state_file(jupyter: Jupyter) -> Path:
    return jupyter.course_home / "state" / "prediction_board.json"


def board(lesson: Lesson) -> Any:
    lesson.show("lab-board")
    lab = lesson.page.locator(".course-lab")
    lab.locator("select").first.wait_for()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    for cell in lesson.page.evaluate(CELL_IDS):
        lesson.show(cell)
        shown = lesson.page.locator(".jp-Notebook").inner_text()
        assert [text for text in BROKEN if text in shown] == []
    assert "Not attempted yet" in lesson.run("check-11-1")


def test_axe_finds_nothing_in_the_open_board(lesson: Lesson) -> None:
    from axe_playwright_python.sync_playwright import Axe

    board(lesson)
    found = Axe().run(lesson.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


def test_keys_that_change_cells_change_none(lesson: Lesson) -> None:
    page, lab, before = lesson.page, board(lesson), lesson.jupyter.cells(lesson.page)
    controls = lab.locator("button, select, summary, [tabindex='0']")
    for i in range(controls.count()):
        if controls.nth(i).is_visible() and controls.nth(i).is_enabled():
            controls.nth(i).focus()
            for key in ("1", "m", "d", "d", "x"):
                page.keyboard.press(key)
    assert lesson.jupyter.cells(page) == before


def test_the_board_is_filled_and_committed_by_keyboard_alone(lesson: Lesson, screenshots: Path) -> None:
    """Tab and a letter a square; the board locks, is on disk, and shows the course's reading only then."""
    page, lab, before = lesson.page, board(lesson), lesson.jupyter.cells(lesson.page)
    lab.get_by_role("button", name="Reset").press("Enter")
    page.wait_for_function(SAYS, arg="0 of 28 squares are filled")
    lab.locator("select").first.focus()
    for _ in range(28):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    page.wait_for_function(SAYS, arg="28 of 28 squares are filled. Commit")
    assert "course too" not in lab.inner_text()
    page.wait_for_function("() => document.activeElement.textContent.includes('Commit the board')")
    if os.environ.get("COURSE_SCREENSHOTS"):
        lab.screenshot(path=screenshots / "lesson_11_board_full.png")
    page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg="You read the theories as the course does in")
    kept = json.loads(state_file(lesson.jupyter).read_text(encoding="utf-8"))["data"]["params"]
    assert len(kept["picks"]) == 28
    assert kept["committed"]
    if os.environ.get("COURSE_SCREENSHOTS"):
        lab.screenshot(path=screenshots / "lesson_11_board_committed.png")
    locked = lab.locator("select")
    assert all(locked.nth(i).is_disabled() for i in range(28))
    assert lesson.jupyter.cells(page) == before


def test_a_committed_board_is_there_again_after_the_cell_runs_anew(lesson: Lesson) -> None:
    said = lesson.run("lab-board")
    assert "You read the theories as the course does in" in said


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run("answer-11-1", "break_even = [safety(trust, 3, 0) - trust for trust in [0.3, 0.6, 0.9]]")
    assert "how much the belief in will rises" in lesson.run("check-11-1")
    lesson.run(
        "answer-11-2",
        'apart = table[["where", "aspect"]].assign(pairs=(table["hawkish"] != table["divided"]).astype(int))',
    )
    assert "one pair of six" in lesson.run("check-11-2")
    one = 'own = items[(items["voice"] == "own") & (items["ally"] != "Multiple allies")]'
    count = 'own.groupby(["ally", "phase"]).size().unstack(fill_value=0)[["escalation", "withdrawal"]]'
    lesson.run("answer-11-3", f"{one}\nrecord = {count}")
    assert "keep the voice both" in lesson.run("check-11-3").replace("`", "")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run("answer-11-1", "break_even = [1 - t / safety(t, 3, 0) for t in [0.3, 0.6, 0.9]]")
    said = lesson.run("check-11-1")
    assert "Right." in said
    assert "little room for good news" in said
