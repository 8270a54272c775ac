"""A lesson as a page needs it: what it says of itself, and the outputs of a run as it came."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.classroom import build as builder
from helpers.classroom.site.references import SiteError

_MINUTES = re.compile(r"\*\*(?P<words>[^*\n]*?\bminutes?)\.?\*\*", re.IGNORECASE)
_GOALS = re.compile(r"\*\*You will be able to\*\*\s*\n(?P<list>(?:\s*\n|\s*[-*] .*\n?)+)")


@dataclass(frozen=True)
class Lesson:
    """One lesson of the site.

    Parameters
    ----------
    name : str
        Path of the notebook below `lessons/`, with forward slashes.
    title : str
        Its heading.
    minutes : str
        Such as "65 minutes"; empty if it does not say.
    goals : tuple of str
        What one will be able to do, as Markdown.
    notebook : NotebookNode
        The student's version, with or without outputs.
    """

    name: str
    title: str
    minutes: str
    goals: tuple[str, ...]
    notebook: Any

    @property
    def page(self) -> str:
        """Path of its page."""
        return self.name.removesuffix(".ipynb") + ".html"

    @property
    def number(self) -> str:
        """Two digits, as in its name."""
        return Path(self.name).name[:2]

    @property
    def module(self) -> str:
        """The heading under which it stands, made of its folder's name.

        Examples
        --------
        >>> Lesson("1_assurance_theory/01_x.ipynb", "", "", (), None).module
        'Module 1: Assurance theory'
        """
        folder = Path(self.name).parent.name
        number, _, words = folder.partition("_")
        return f"Module {number}: {words.replace('_', ' ').capitalize()}" if words else "First steps"


def read_lesson(path: Path, lessons: Path) -> Lesson:
    """Read a notebook of `lessons` and what it says of itself.

    Raises
    ------
    BuildError
        If it cannot be read.
    """
    notebook = builder.read(path)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    text = texts[0] if texts else ""
    title = next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), path.stem)
    minutes, goals = _MINUTES.search(text), _GOALS.search(f"{text}\n")
    listed = re.findall(r"^\s*[-*] (.+)$", goals["list"], re.MULTILINE) if goals else []
    return Lesson(
        path.relative_to(lessons).as_posix(), title, minutes["words"] if minutes else "",
        tuple(each.rstrip(";.") for each in listed), notebook,
    )  # fmt: skip


def run(notebook: Any, name: str) -> None:
    """Run a notebook from the top, in an empty home and an empty folder, and keep its outputs.

    Parameters
    ----------
    notebook : NotebookNode
        Changed in place.
    name : str
        For the message.

    Raises
    ------
    SiteError
        If a cell stops; names it.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory() as home:
        client = NotebookClient(
            notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": home}}
        )
        try:
            client.execute(env=_environment(home))
        except CellExecutionError as error:
            raise SiteError(f"{name} does not run through: {error.ename}: {error.evalue}") from None
        except (CellTimeoutError, DeadKernelError) as error:
            raise SiteError(f"{name} does not run through: {str(error).splitlines()[0]}") from None


def _environment(home: str) -> dict[str, str]:
    """Nothing of the user's own: no progress, no session, no tool that runs notebooks."""
    left_out = ("COURSE_", "NBGRADER", "JPY_SESSION")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {
        **kept,
        "COURSE_HOME": home,
        "IPYTHONDIR": f"{home}/.ipython",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
