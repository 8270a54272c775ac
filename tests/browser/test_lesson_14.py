"""Lesson 14 as a student meets it: run untouched, items judged by keyboard and found again, answered wrongly."""

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
LESSON = "3_vietnam/14_tracing_the_process.ipynb"
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

    @property
    def kept(self) -> dict[str, Any]:
        """What the lab has written."""
        file = self.jupyter.course_home / "state" / "bayes_tracer.json"
        params: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["data"]["params"]
        return params


@pytest.fixture(scope="module")
def lesson(jupyter: Jupyter, chromium: Any) -> Any:
    shutil.copytree(ROOT / "lessons", jupyter.root, dirs_exist_ok=True)
    (jupyter.course_home / "state" / "bayes_tracer.json").unlink(missing_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


@pytest.fixture
def lab(lesson: Lesson) -> Any:
    """The lab as it starts."""
    lesson.show("lab-tracer")
    lab = lesson.page.locator(".course-lab")
    lab.get_by_role("button", name="Reset").wait_for()
    lab.get_by_role("button", name="Reset").click()
    lesson.page.wait_for_function(SAYS, arg="None of 16 items is judged")
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.page.evaluate(ERRORS) == []
    for cell in lesson.page.evaluate(CELL_IDS):
        lesson.show(cell)
        shown = lesson.page.locator(".jp-Notebook").inner_text()
        assert [text for text in BROKEN if text in shown] == []
    assert "Not attempted yet" in lesson.run("check-14-1")
    assert "yours: nothing is judged yet." in lesson.run("hangs")


def test_items_are_judged_by_keyboard_and_every_key_is_kept(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Weight").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_function(SAYS, arg="1 of 16 items judged: +10.0 dB, 10 to 1 for Hawkish Reassurance Theory")
    assert lesson.kept["judged"] == [["hawkish/divided", "FRG-01", 10]]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    lab.get_by_text("Ambassador Reischauer").first.wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    page.wait_for_function(SAYS, arg="2 of 16 items judged: -20.0 dB, 100 to 1 for divided priorities")
    assert ["hawkish/divided", "JPN-02", -30] in lesson.kept["judged"]


def test_no_key_in_the_lab_changes_a_cell(lesson: Lesson, lab: Any) -> None:
    before = lesson.jupyter.cells(lesson.page)
    controls = lab.locator("button, input, select, [tabindex='0']")
    for i in range(controls.count()):
        if controls.nth(i).is_visible() and controls.nth(i).is_enabled():
            controls.nth(i).focus()
            for key in ("1", "m", "d", "d", "x"):
                lesson.page.keyboard.press(key)
    assert lesson.jupyter.cells(lesson.page) == before


def test_the_other_comparison_says_so_and_takes_two_chances(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Compare").focus()
    page.keyboard.type("One")
    page.wait_for_function(SAYS, arg="with its negation and with no named rival")
    lab.get_by_label("If it is true").focus()
    page.keyboard.type("nearly")
    lab.get_by_label("If it is not true").focus()
    page.keyboard.type("as well")
    page.wait_for_function(SAYS, arg="FRG-01 is a hoop test: +2.8 dB if found, -10.0 dB if looked for")
    assert lesson.kept["tests"] == [["hawkish", "FRG-01", 0.95, 0.5]]


@pytest.mark.parametrize("view", ["Two", "One"])
def test_axe_finds_nothing_in_either_view(lesson: Lesson, lab: Any, view: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    lab.get_by_label("Compare").focus()
    lesson.page.keyboard.type(view)
    lesson.page.wait_for_function(SAYS, arg={"Two": "two named rivals", "One": "classical tests"}[view])
    found = Axe().run(lesson.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


def test_judgements_are_there_again_after_the_kernel_was_restarted(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Weight").focus()
    page.keyboard.press("End")
    page.wait_for_function(SAYS, arg="1 of 16 items judged")
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => null)"
    )
    lesson.jupyter.run_all(page)
    lesson.show("lab-tracer")
    page.wait_for_function(SAYS, arg="1 of 16 items judged: -30.0 dB")
    assert "yours: -30 dB, favours divided priorities; items judged: 1." in lesson.run("hangs")


def test_wrong_answers_meet_their_own_feedback_and_a_right_one_its_point(lesson: Lesson) -> None:
    lesson.run("answer-14-1", "belief = 15 / 16")
    assert "You began at even odds" in lesson.run("check-14-1")
    lesson.run("answer-14-2", "two_weights = [0, 10 * np.log10(0.3 / np.mean([0.3, 0.9, 0.5]))]")
    assert "plain mean" in lesson.run("check-14-2")
    lesson.run("answer-14-3", "without = judged.assign(without=judged.weight.sum() - judged.weight)")
    assert "all items count as independent" in lesson.run("check-14-3")
    lesson.run("answer-14-1", "belief = 5 / 6")
    assert "where you began does" in lesson.run("check-14-1")
