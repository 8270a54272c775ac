"""The button at a lesson's end, pressed by keyboard in JupyterLab."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from helpers.classroom.submission import archive

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_two_audiences.ipynb"


def test_a_lesson_is_handed_in_by_keyboard(jupyter: Jupyter, page: Any, screenshots: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    shutil.copy(ROOT / "solutions" / "1_assurance_theory" / NAME, jupyter.root / NAME)
    shutil.rmtree(jupyter.course_home / "submitted", ignore_errors=True)
    name = jupyter.write(
        "button.ipynb",
        "from helpers import submit\nimport os\n"
        f"os.environ['JPY_SESSION_NAME'] = {str(jupyter.root / NAME)!r}\nsubmit('01')",
    )
    jupyter.open(page, name)
    jupyter.run_all(page)
    button = page.get_by_role("button", name="Submit lesson 01")
    button.wait_for()
    before = jupyter.cells(page)
    button.focus()
    for key in "1mddx":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.course-feedback').textContent.includes('4 of 4 answers found')"
    )
    assert "points come from your instructor" in page.locator(".course-detail").inner_text()
    assert page.evaluate("() => document.activeElement.textContent") == "Submit lesson 01"
    assert jupyter.cells(page) == before
    read = archive.read(jupyter.course_home / "submitted" / "01_self-study.zip")
    assert read.changed == ()
    assert read.submission.file == NAME
    found = Axe().run(page, context=".course-card").response["violations"]
    assert [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]] == []
    page.screenshot(path=str(screenshots / "submit.png"))
