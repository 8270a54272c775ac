"""Lesson 06 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "2_survey_experiments/06_germany_withdrawal.ipynb"
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
    (jupyter.course_home / "state" / "effect_explorer.json").unlink(missing_ok=True)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(60_000)
    opened = Lesson(jupyter, context.new_page())
    jupyter.open(opened.page, LESSON)
    jupyter.run_all(opened.page)
    yield opened
    context.close()


def lab_in_view(lesson: Lesson) -> Any:
    """The lab, as it starts."""
    lesson.show("lab-effects")
    lab = lesson.page.locator(".course-lab").first
    lab.get_by_label("Outcome").wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


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
    assert "Not attempted yet" in lesson.run("check-06-1")


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    from axe_playwright_python.sync_playwright import Axe

    lab_in_view(lesson)
    found = Axe().run(lesson.page, context=".course-lab").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, lab_in_view(lesson), lesson.jupyter.cells(lesson.page)
    page.wait_for_function(
        SAYS, arg="Effect of a withdrawal on “Feels protected” (both leave less no change)"
    )
    lab.get_by_label("Outcome").focus()
    page.keyboard.type("Need")
    page.wait_for_function(SAYS, arg="Effect of a withdrawal on “Need for own defence”")
    lab.get_by_label("Arm").focus()
    page.keyboard.type("soldiers")
    page.wait_for_function(SAYS, arg="(soldiers leave less no change)")
    lab.get_by_label("Estimand").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function(SAYS, arg="Effect of presence, from a withdrawal")
    lab.get_by_label("Estimator").focus()
    page.keyboard.type("Ordinal")
    page.wait_for_function(SAYS, arg="log odds")
    press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run(
        "answer-06-1",
        'by = answers.groupby("arm")["need"]\n'
        'looked = pd.DataFrame({"missing": by.apply(lambda x: x.isna().mean()), "mean": by.mean(),\n'
        '                       "high": (answers["need"] >= 6).groupby(answers["arm"]).mean()})',
    )
    assert "Drop the missing first" in lesson.run("check-06-1")
    parts = (
        'by = answers.groupby("arm")["need"]; m, s = by.mean(), by.sem(); gap = m["both"] - m["unchanged"]\n'
    )
    lesson.run(
        "answer-06-2", parts + 'e = s["both"] + s["unchanged"]; interval = [gap - 1.96 * e, gap + 1.96 * e]'
    )
    assert "squares" in lesson.run("check-06-2")
    unit = 'table = withdrawal.set_index("outcome")\ns = answers[answers["arm"] == "unchanged"][outcomes].std()\n'
    lesson.run("answer-06-3", unit + 'presence = -table[["estimate", "low", "high"]].div(s, axis=0)')
    assert "the two ends change places" in lesson.run("check-06-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run(
        "answer-06-3",
        'table = withdrawal.set_index("outcome")\n'
        's = answers[answers["arm"] == "unchanged"][outcomes].std()\n'
        'presence = pd.DataFrame({"estimate": -table["estimate"] / s, "low": -table["high"] / s,'
        ' "high": -table["low"] / s})',
    )
    said = lesson.run("check-06-3")
    assert "Right." in said
    assert "nobody in this survey read of forces that come" in said
