"""A JupyterLab server and a Chromium for tests that must see what a student sees.

The server has a home, settings and a folder of its own, and needs no network. A notebook is opened, run and read
through JupyterLab's own commands, so that a test says what it does and not where a button lies.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from helpers.classroom import lab, suite

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 60_000
PROJECTOR = {"width": 1280, "height": 900}
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
CONTROLS = "button, input, select, summary, [tabindex='0']"


def not_run(reason: str) -> NoReturn:
    """Leave the test out loudly; where nothing may be missing, fail."""
    if os.environ.get("CI") == "1":
        pytest.fail(f"NOT RUN: {reason}", pytrace=False)
    pytest.skip(f"NOT RUN: {reason}")


@dataclass(frozen=True)
class Jupyter:
    """A running JupyterLab and the folder that it serves."""

    url: str
    token: str
    root: Path
    course_home: Path

    def write(self, name: str, *cells: str) -> str:
        """Put a notebook with these code cells in the folder; returns its name."""
        notebook = {
            "cells": [
                {
                    "cell_type": "code",
                    "execution_count": None,
                    "id": f"c{i}",
                    "metadata": {},
                    "outputs": [],
                    "source": source,
                }
                for i, source in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.root / name).write_text(json.dumps(notebook), encoding="utf-8")
        return name

    def open(self, page: Any, name: str) -> None:
        """Open a notebook of the folder and wait until its kernel is idle."""
        page.goto(f"{self.url}/lab/tree/{name}?token={self.token}&reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=PATIENCE)
        page.wait_for_function(
            """name => {
                const panel = window.jupyterapp?.shell?.currentWidget;
                const kernel = panel?.sessionContext?.session?.kernel;
                return panel?.context?.path === name && kernel?.connectionStatus === 'connected'
                    && kernel?.status === 'idle';
            }""",
            arg=name,
            timeout=PATIENCE,
        )

    def command(self, page: Any, command: str) -> None:
        """Run one of JupyterLab's commands and wait for its end."""
        page.evaluate("command => window.jupyterapp.commands.execute(command).then(() => null)", command)

    def run_all(self, page: Any) -> None:
        """Run every cell and wait for the last."""
        self.command(page, "notebook:run-all-cells")
        page.wait_for_function(
            "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'",
            timeout=PATIENCE,
        )

    def save(self, page: Any) -> None:
        """Save the notebook."""
        self.command(page, "docmanager:save")

    def cells(self, page: Any) -> list[list[str]]:
        """Type and source of each cell of the open notebook."""
        found: list[list[str]] = page.evaluate(
            """() => [...window.jupyterapp.shell.currentWidget.content.model.cells]
                .map(cell => [cell.type, cell.sharedModel.source])"""
        )
        return found


@dataclass(frozen=True)
class Lesson:
    """An open notebook, worked through its cells' names."""

    jupyter: Jupyter
    page: Any

    def show(self, cell: str) -> None:
        """Scroll a cell to the top of the window."""
        self.page.evaluate(SHOW_CELL, cell)
        self.page.wait_for_timeout(250)

    def read(self, cell: str) -> str:
        """Text of a cell's output, brought into sight first."""
        self.show(cell)
        text: str = self.page.evaluate(OUTPUT, cell)
        return text

    def run(self, cell: str, source: str | None = None) -> str:
        """Run a cell, with a new source if one is given, and read what it shows."""
        self.page.evaluate(RUN_CELL, [cell, source])
        return self.read(cell)

    def ids(self) -> list[str]:
        """Names of all cells, in order."""
        found: list[str] = self.page.evaluate(CELL_IDS)
        return found

    def all_text(self) -> str:
        """Text of the whole lesson, read by scrolling through it, since JupyterLab draws only what is in sight."""
        texts = []
        for cell in self.ids():
            self.show(cell)
            texts.append(self.page.locator(".jp-Notebook").inner_text())
        return "\n".join(texts)

    def errors(self) -> list[str]:
        """Names of the cells that ended with an error."""
        found: list[str] = self.page.evaluate(ERRORS)
        return found

    def faults(self) -> list[str]:
        """Cells that ended with an error, and words anywhere in the lesson that no student should see."""
        shown = self.all_text()
        return self.errors() + [text for text in BROKEN if text in shown]

    def wait_for_words(self, words: str) -> None:
        """Wait until the sentence of a lab holds these words."""
        self.page.wait_for_function(SAYS, arg=words)

    def photograph(self, folder: Path, name: str) -> int:
        """Keep a picture of each cell; returns how many."""
        for number, cell in enumerate(self.ids()):
            self.show(cell)
            self.page.screenshot(path=str(folder / f"{name}_{number:02d}_{cell}.png"))
        return len(self.ids())

    def press_keys_that_change_cells(self, lab: Any, controls: str = CONTROLS) -> None:
        """On each control of a lab that can be reached, press the keys that would change a notebook's cell."""
        found = lab.locator(controls)
        assert found.count() > 0
        for i in range(found.count()):
            for key in ("1", "m", "d", "d", "x"):
                if found.nth(i).is_visible() and found.nth(i).is_enabled():
                    found.nth(i).focus()
                    self.page.keyboard.press(key)

    def axe(self, context: str = ".course-lab") -> list[str]:
        """What axe has against a part of the page."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page, context=context).response["violations"]
        return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def _environment(base: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "NBGRADER", "COURSE_NO", "MPLBACKEND"))
    }
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return kept | {
        "HOME": str(base / "home"),
        "JUPYTER_CONFIG_DIR": str(base / "config"),
        "JUPYTER_DATA_DIR": str(base / "data"),
        "JUPYTER_RUNTIME_DIR": str(base / "runtime"),
        "IPYTHONDIR": str(base / "ipython"),
        "COURSE_HOME": str(base / "course"),
        "PYTHONPATH": os.pathsep.join(paths),
    }


@pytest.fixture(scope="session")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """A JupyterLab with the course's settings, stopped at the end."""
    base = tmp_path_factory.mktemp("jupyter")
    for folder in ("home", "root", "course"):
        (base / folder).mkdir()
    more = {
        "LabApp.expose_app_in_browser": "True",
        "LabApp.user_settings_dir": str(base / "settings"),
        "LabApp.workspaces_dir": str(base / "workspaces"),
    }
    server = lab.start(base / "root", log=base / "server.log", more=more, environment=_environment(base))
    try:
        yield Jupyter(f"http://127.0.0.1:{server.port}", server.token, base / "root", base / "course")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium, worked by Playwright."""
    path = suite.browser()
    if not path:
        not_run("no Chromium on this computer.")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        not_run("no Playwright in this environment.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_lesson(jupyter: Jupyter, chromium: Any) -> Iterator[Callable[..., Lesson]]:
    """Open a student's lesson and run it from top to bottom, as if the named labs (all, if none is) were new."""
    contexts = []

    def opened(name: str, *forget: str) -> Lesson:
        shutil.copytree(ROOT / "lessons", jupyter.root, dirs_exist_ok=True)
        if not forget:
            shutil.rmtree(jupyter.course_home / "state", ignore_errors=True)
        for name_of_lab in forget:
            (jupyter.course_home / "state" / f"{name_of_lab}.json").unlink(missing_ok=True)
        contexts.append(chromium.new_context(viewport=PROJECTOR, reduced_motion="reduce"))
        contexts[-1].set_default_timeout(PATIENCE)
        lesson = Lesson(jupyter, contexts[-1].new_page())
        jupyter.open(lesson.page, name)
        jupyter.run_all(lesson.page)
        return lesson

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A fresh page as wide as a lecture room's projector."""
    context = chromium.new_context(viewport=PROJECTOR, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept: `$COURSE_SCREENSHOTS`, else a temporary folder."""
    chosen = os.environ.get("COURSE_SCREENSHOTS")
    folder = Path(chosen) if chosen else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
