"""The student's own copies: lessons arrive in `work/`, and nothing that a student wrote is ever replaced.

The idea: a copy that nobody touched may follow the course; any other stays as it is, and the new edition is laid
beside it under a name of its own. Only the instructor's settings always follow the course: nobody writes in them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.classroom import edition
from helpers.ui.settings import FILE_NAME


@dataclass(frozen=True)
class Arrival:
    """One lesson that was laid into the student's folder.

    Parameters
    ----------
    path : Path
        Where it lies.
    beside : Path or None
        The student's own copy, if the lesson changed and both are kept.
    """

    path: Path
    beside: Path | None = None

    def __str__(self) -> str:
        if self.beside is None:
            return f"New in your folder: {self.path.name}"
        return (
            f"{self.beside.name} has changed in the course. Your copy is as you left it; "
            f"the new edition lies beside it: {self.path.name}"
        )


def refresh(lessons: Path, work: Path) -> list[Arrival]:
    """Copy what is new in `lessons` to `work`, and overwrite nothing that a student wrote.

    Parameters
    ----------
    lessons : Path
        Folder of the built lessons.
    work : Path
        The student's folder; made if it is not there.

    Returns
    -------
    list of Arrival
        What was laid there, in the order of the lessons. Empty if all was up to date.

    Raises
    ------
    FileNotFoundError
        If there is no folder `lessons`.
    """
    if not lessons.is_dir():
        raise FileNotFoundError(f"There is no folder {lessons}. Get the course again, or run `course build`.")
    arrivals = (_deliver(source, work / source.relative_to(lessons)) for source in _files(lessons))
    return [arrival for arrival in arrivals if arrival is not None]


def _files(lessons: Path) -> Iterator[Path]:
    for path in sorted(lessons.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(lessons).parts)
        if path.is_file() and not hidden:
            yield path


def _deliver(source: Path, target: Path) -> Arrival | None:
    if not target.exists():
        _copy(source, target)
        return Arrival(target)
    if source.name == FILE_NAME and source.read_bytes() != target.read_bytes():
        _copy(source, target)
    if source.suffix != ".ipynb":
        return None
    wanted = edition.declared(_notebook(source))
    for place in _places(target):
        if not place.exists() or edition.is_untouched(_notebook(place)):
            if place.exists() and edition.declared(_notebook(place)) == wanted:
                return None
            _copy(source, place)
            return Arrival(place, beside=None if place == target else target)
        if edition.declared(_notebook(place)) == wanted:
            return None
    raise AssertionError("unreachable: the places never end")


def _places(target: Path) -> Iterator[Path]:
    """`06.ipynb`, then `06.new.ipynb`, `06.new-2.ipynb` and so on."""
    yield target
    yield target.with_name(f"{target.stem}.new.ipynb")
    number = 2
    while True:
        yield target.with_name(f"{target.stem}.new-{number}.ipynb")
        number += 1


def _notebook(path: Path) -> dict[str, Any]:
    """Content of the notebook at `path`; empty if it cannot be read, so that it counts as the student's own."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _copy(source: Path, target: Path) -> None:
    """Copy so that a crash leaves either the old file or the new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.half")
    shutil.copyfile(source, half)
    half.replace(target)
