"""A JupyterLab server and a Chromium for tests that must see what a student sees.

The server has a home, settings and a folder of its own, and needs no network. A notebook is opened, run and read
through JupyterLab's own commands, so that a test says what it does and not where a button lies.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
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


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A fresh page as wide as a lecture room's projector."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
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
