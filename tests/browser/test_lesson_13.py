"""Lesson 13 as a student meets it: run untouched, thirty items coded by keyboard, the tab closed in between."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "3_vietnam/13_reading_evidence.ipynb"
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
STATUS = "words => document.querySelector('.course-sheet .course-heading')?.textContent.includes(words)"


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

    def sheet(self) -> Any:
        """The lab, with the item in focus."""
        self.show("lab-coder")
        self.page.locator(".course-sheet .course-coded").first.wait_for()
        self.page.locator(".course-coded").focus()
        return self.page.locator(".course-sheet")

    def kept(self) -> dict[str, Any]:
        """What is on disk."""
        text = (self.jupyter.course_home / "state" / "evidence_coder.json").read_text(encoding="utf-8")
        data: dict[str, Any] = json.loads(text)["data"]
        return data


def opened(jupyter: Jupyter, chromium: Any) -> Lesson:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    lesson = Lesson(jupyter, context.new_page())
    jupyter.open(lesson.page, LESSON)
    return lesson


@pytest.fixture(scope="module")
def lesson(jupyter: Jupyter, chromium: Any) -> Any:
    shutil.copytree(ROOT / "lessons", jupyter.root, dirs_exist_ok=True)
    (jupyter.course_home / "state" / "evidence_coder.json").unlink(missing_ok=True)
    found = opened(jupyter, chromium)
    jupyter.run_all(found.page)
    yield found
    found.page.context.close()


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    for cell in lesson.page.evaluate(CELL_IDS):
        lesson.show(cell)
        shown = lesson.page.locator(".jp-Notebook").inner_text()
        assert [text for text in BROKEN if text in shown] == []
    assert "Not attempted yet" in lesson.run("check-13-1")


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    from axe_playwright_python.sync_playwright import Axe

    lesson.sheet()
    found = Axe().run(lesson.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


def test_keys_give_codes_and_change_no_cell(lesson: Lesson) -> None:
    page, sheet, before = lesson.page, lesson.sheet(), lesson.jupyter.cells(lesson.page)
    page.wait_for_function(STATUS, arg="Item 1 of 30")
    for key in ("1", "m", "d", "d", "x"):
        page.keyboard.press(key)
    page.wait_for_function(
        "() => document.querySelectorAll('.course-sheet [aria-pressed=true]').length === 2"
    )
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("Backspace")
    page.wait_for_function(
        "() => document.querySelectorAll('.course-sheet [aria-pressed=true]').length === 0"
    )
    controls = sheet.locator("button, summary, [tabindex='0']")
    for i in range(controls.count()):
        if controls.nth(i).is_visible():
            controls.nth(i).focus()
            for key in ("m", "x", "b", "y"):
                page.keyboard.press(key)
    assert lesson.jupyter.cells(page) == before


def test_a_closed_tab_and_a_restarted_kernel_lose_no_key(
    lesson: Lesson, jupyter: Jupyter, chromium: Any
) -> None:
    page = lesson.page
    lesson.sheet()
    for key in "1w73":
        page.keyboard.press(key)
    page.wait_for_function(STATUS, arg="Item 2 of 30")
    page.wait_for_function(
        "() => document.querySelectorAll('.course-sheet [aria-pressed=true]').length === 1"
    )
    page.close()
    codes = lesson.kept()["codes"]
    assert [sorted(each) for each in codes.values()] == [["certainty", "reason", "stance"], ["stance"]]
    again = opened(jupyter, chromium)
    jupyter.command(again.page, "kernelmenu:shutdown")
    jupyter.open(again.page, LESSON)
    jupyter.run_all(again.page)
    sheet = again.sheet()
    again.page.wait_for_function(STATUS, arg="Item 2 of 30")
    assert sheet.locator("[aria-pressed=true]").inner_text().split() == ["3", "mixed", "or", "evasive"]
    lesson.page = again.page


def test_thirty_items_are_coded_by_keyboard_and_only_then_the_reference_codings_open(lesson: Lesson) -> None:
    page, sheet = lesson.page, lesson.sheet()
    assert "coder A" not in sheet.inner_text()
    page.keyboard.press("u")
    for done in range(1, 30):
        for key in "2v8":
            page.keyboard.press(key)
        page.wait_for_function(STATUS, arg=f"{done + 1} of 30 items coded")
    assert len(lesson.kept()["codes"]) == 30
    assert sheet.locator("img.course-figure").is_hidden()
    assert "coder A" not in sheet.inner_text()
    page.get_by_role("button", name="Compare").press("Enter")
    page.wait_for_function(STATUS, arg="the same stance as coder A")
    page.wait_for_function("() => document.querySelector('.course-sheet img').naturalWidth > 0")
    assert "alpha" in sheet.locator("img.course-figure").get_attribute("alt")
    assert "you" in lesson.run("same-page")
    page.get_by_role("button", name="Save for a neighbour").press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.course-sheet .course-feedback').textContent.includes('coding_')"
    )
    (name,) = [path.name for path in lesson.jupyter.course_home.glob("coding_*.csv")]
    assert "30 common items" in lesson.run("with-a-neighbour", f'coder.neighbour("{name}")')


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    wrong = 'files = rows["written_by"].eq("American").groupby(rows["ally"]).mean().rename("from_america")'
    lesson.run("answer-13-1", wrong)
    assert "You divided by all items" in lesson.run("check-13-1")
    same = '(stances["coder_a"] == stances["coder_b"]).mean()'
    lesson.run("answer-13-2", f"o = {same}\nbeyond_chance = [o, 1/6, (o - 1/6) / (5/6)]")
    assert "With six codes that are used alike" in lesson.run("check-13-2")
    backs = '["supportive", "leaning_supportive"]'
    lesson.run(
        "answer-13-3",
        f'told = decided.dropna(subset="km")\nbacks = told["stance"].isin({backs})\nnear = told["km"] <= 5000\n'
        "near_and_far = [backs[near].mean(), backs[~near].mean()]",
    )
    assert "Items without a stance" in lesson.run("check-13-3")
