"""The first page and the cards around the lessons, worked by keyboard as a student works them."""

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
ERRORS = """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
    .filter(cell => cell.type === 'code' && [...Array(cell.outputs.length).keys()]
        .some(i => cell.outputs.get(i).type === 'error'))
    .map(cell => cell.id)"""
SHOW = """async id => {
    const panel = window.jupyterapp.shell.currentWidget;
    const index = panel.content.widgets.findIndex(widget => widget.model.id === id);
    await panel.content.scrollToItem(index, 'start');
}"""
OURS = ".jp-OutputArea-output table:has(caption), .jp-OutputArea-output [role=status]"
IDS = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(cell => cell.id)"


def load_axe(page: Any) -> None:
    import axe_playwright_python

    script = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js"))
    page.evaluate(script.read_text(encoding="utf-8"))


def violations(page: Any, where: str) -> list[Any]:
    """What axe finds in one part of the page; colours are the theme's own."""
    load_axe(page)
    found: list[Any] = page.evaluate(
        """where => axe.run(where, {resultTypes: ['violations']})
            .then(result => result.violations.map(each => [each.id, each.nodes[0].html]))""",
        where,
    )
    return found


def remembered(jupyter: Jupyter) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((jupyter.course_home / "state" / "progress.json").read_text("utf-8"))[
        "data"
    ]
    return data


@pytest.fixture
def clean(jupyter: Jupyter) -> Jupyter:
    shutil.rmtree(jupyter.course_home / "state", ignore_errors=True)
    return jupyter


def test_the_first_page_runs_untouched_and_can_be_looked_at(
    clean: Jupyter, page: Any, screenshots: Path
) -> None:
    shutil.copytree(ROOT / "lessons", clean.root, dirs_exist_ok=True)
    clean.open(page, "00_start_here.ipynb")
    clean.run_all(page)
    assert page.evaluate(ERRORS) == []
    for number, cell in enumerate(page.evaluate(IDS)):
        page.evaluate(SHOW, cell)
        page.wait_for_timeout(400)
        page.screenshot(path=str(screenshots / f"start_{number:02d}_{cell}.png"))
        if cell in ("health", "progress", "glossary"):
            assert (
                violations(
                    page, ".jp-OutputArea-output table:has(caption), .jp-OutputArea-output [role=status]"
                )
                == []
            )
    page.evaluate(SHOW, "check-00-0")
    page.wait_for_timeout(400)
    assert "Not attempted yet" in page.locator(".jp-Notebook").inner_text()


def test_beliefs_are_given_by_keyboard_alone_and_stay(clean: Jupyter, page: Any, screenshots: Path) -> None:
    name = clean.write("beliefs.ipynb", 'from helpers import beliefs\nbeliefs("01")', "1")
    clean.open(page, name)
    clean.run_all(page)
    card = page.locator(".course-card")
    card.wait_for()
    assert violations(page, ".course-card") == []
    page.screenshot(path=str(screenshots / "beliefs_empty.png"))
    before = clean.cells(page)
    card.get_by_role("slider").first.focus()
    for key in ("1", "m", "d", "d", "x", "ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("62")
    card.get_by_role("button", name="Keep").press("Enter")
    assert "whole number from 0 to 100" in card.inner_text()
    page.keyboard.type("30")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.course-feedback').textContent.includes('Kept')")
    page.screenshot(path=str(screenshots / "beliefs_kept.png"))
    assert clean.cells(page) == before
    held = remembered(clean)["beliefs"]["01"]
    assert (held["deployments"], held["distant_wars"]) == (62, 30)
    assert card.get_by_role("spinbutton").first.is_disabled()
    assert violations(page, ".course-card") == []


def test_the_concept_test_keeps_answers_and_explains_at_the_end(
    clean: Jupyter, page: Any, screenshots: Path
) -> None:
    code = 'from helpers import concept_test\nconcept_test("{}")'
    name = clean.write("concepts.ipynb", code.format("before"), code.format("after"))
    clean.open(page, name)
    page.set_viewport_size({"width": 1280, "height": 9000})
    clean.run_all(page)
    page.locator(".course-card").nth(19).wait_for()
    cards = page.locator(".course-card")
    status = page.locator(".jp-OutputArea-output [role=status]", has_text="answered")
    answer(cards.nth(0), 2)
    page.get_by_text("1 of 10 answered").wait_for()
    assert "✓" not in cards.nth(0).inner_text()
    for place in range(10, 20):
        assert "lesson" not in cards.nth(place).locator(".course-feedback").inner_text().lower()
        answer(cards.nth(place), 2)
    page.get_by_text("4 of 10 are right").wait_for()
    assert "Right." in cards.nth(10).inner_text()
    assert "Not right." in cards.nth(11).inner_text()
    assert status.count() >= 1
    assert violations(page, ".course-card") == []
    page.screenshot(path=str(screenshots / "concepts_after.png"))
    held = remembered(clean)["concept_test"]
    assert set(held["before"]) == {"c01"}
    assert len(held["after"]) == 10


def answer(card: Any, option: int) -> None:
    """Choose an option and press the button, both by keyboard."""
    card.get_by_role("radio").nth(option).press("Space")
    card.get_by_role("button", name="Answer").press("Enter")
    card.locator(".course-feedback", has_text=".").wait_for()


def test_a_warm_up_and_a_glossary_entry_can_be_looked_at(
    clean: Jupyter, page: Any, screenshots: Path
) -> None:
    code = (
        "import sys\nfrom types import ModuleType\nfrom importlib.machinery import ModuleSpec\n"
        "from helpers import *\nfrom helpers.exercises import encode\n"
        "from helpers.exercises.records import record_attempt\nfrom helpers.exercises.judge import Verdict\n"
        "name = 'helpers.exercises.questions.lesson_90'\nsys.modules[name] = ModuleType(name)\n"
        "sys.modules[name].__spec__ = ModuleSpec(name, None)\n"
        "record_attempt(Verdict('01.2', 'known mistake', 0, 3, '', (), 'join'), encode(1))\n"
        "quiz('90', 'warm-up')\nglossary('entrapement')\nprogress('01')"
    )
    name = clean.write("warm_up.ipynb", code, "1")
    page.set_viewport_size({"width": 1280, "height": 2000})
    clean.open(page, name)
    clean.run_all(page)
    page.locator(".course-card").nth(2).wait_for()
    assert "A slip of your own" in page.locator(".jp-Notebook").inner_text()
    assert violations(page, ".course-card") == []
    page.screenshot(path=str(screenshots / "warm_up.png"))
