"""A new lesson that builds and runs from its first minute, and cannot be mistaken for a finished one.

The idea: nobody starts from a blank page, and nobody lands a half-written lesson. What `course new-lesson` lays down
keeps every rule but one: each place that wants an author says TODO, and a rule looks for that word. The parts lie as
plain text in `helpers/classroom/new_lesson/`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import cast

import nbformat
from nbformat import NotebookNode

from helpers.classroom.build import to_bytes

PARTS = Path(__file__).parent / "new_lesson"
MODULES = {
    "1_assurance_theory": ("Module 1, assurance theory", range(1, 5)),
    "2_survey_experiments": ("Module 2, survey experiments", range(5, 11)),
    "3_vietnam": ("Module 3, the Vietnam case", range(11, 15)),
    "4_synthesis": ("Module 4, synthesis", range(15, 100)),
}
LONGEST_TITLE = 60
NUMBERS = tuple(f"{number:02}" for number in range(1, 100))


class ScaffoldError(ValueError):
    """A lesson cannot be laid down; says why and what to do."""


def new_lesson(root: Path, number: str, title: str) -> list[str]:
    """Lay down a lesson: notebook, exercises, questions, teaching note and test.

    Parameters
    ----------
    root : Path
        Folder of the checkout.
    number : str
        Two digits, "01" or above.
    title : str
        Such as "Asking citizens".

    Returns
    -------
    list of str
        Names of the files that were written, the notebook first.

    Raises
    ------
    ScaffoldError
        If the number or the title cannot be used, or the lesson is there already.
    """
    _refuse(root, number, title)
    module, module_title = _module(number)
    words = {"number": number, "title": title.strip(), "module_title": module_title}
    name = f"{number}_{slug(title)}"
    texts = dict(_texts(name, words))
    there = [place for place in texts if (root / place).exists()]
    if there:
        raise ScaffoldError(f"{there[0]} is there already. Take another number, or remove it first.")
    for place, text in texts.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text, encoding="utf-8")
    place = f"solutions/{module}/{name}.ipynb"
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).write_bytes(to_bytes(_notebook(words)))
    return [place, *texts]


def slug(title: str) -> str:
    """Name of a file for a title.

    Examples
    --------
    >>> slug("Who pays, and why?")
    'who_pays_and_why'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", plain.lower()))


def _refuse(root: Path, number: str, title: str) -> None:
    if number not in NUMBERS:
        raise ScaffoldError(f"A lesson has two digits, 01 to 99, and not {number!r}.")
    if not slug(title) or len(title) > LONGEST_TITLE or "\n" in title or "$" in title or '"' in title:
        raise ScaffoldError(
            f"A title has 1 to {LONGEST_TITLE} plain letters in one line, and not {title[:80]!r}."
        )
    there = sorted((root / "solutions").rglob(f"{number}_*.ipynb"))
    if there:
        raise ScaffoldError(f"Lesson {number} is there already: {there[0].name}. Take another number.")


def _module(number: str) -> tuple[str, str]:
    return next((folder, title) for folder, (title, numbers) in MODULES.items() if int(number) in numbers)


def _texts(name: str, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    number = words["number"]
    for part, place in (
        ("bank", f"helpers/exercises/bank/lesson_{number}.py"),
        ("questions", f"helpers/exercises/questions/lesson_{number}.py"),
        ("test", f"tests/exercises/bank/test_lesson_{number}.py"),
        ("teaching", f"docs/teaching/{name}.md"),
    ):
        yield place, _filled(part, words)


def _filled(part: str, words: dict[str, str]) -> str:
    return Template((PARTS / f"{part}.txt").read_text(encoding="utf-8")).substitute(words)


def _notebook(words: dict[str, str]) -> NotebookNode:
    """The notebook; each cell follows a line such as `%% code imports`. `course build` adds nbgrader's marks."""
    cells = [_cell(*block.partition("\n")[::2]) for block in _filled("notebook", words).split("%% ")[1:]]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    whole = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return cast(NotebookNode, nbformat.from_dict(whole))


def _cell(head: str, text: str) -> dict[str, object]:
    kind, cell_id = head.split()
    cell = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": text.strip()}
    return {**cell, "outputs": [], "execution_count": None} if kind == "code" else dict(cell)
