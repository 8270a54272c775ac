"""Write the site into a folder of its own, and into no other.

The idea: the folder holds a list of what was written into it. Only what stands in that list is ever removed, and
a folder without such a list is left alone unless it is empty.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from helpers.classroom.site.references import SiteError

MARK = ".course-site.json"


def write(pages: Mapping[str, str], folder: Path) -> None:
    """Write all pages, and remove those of an earlier site.

    Parameters
    ----------
    pages : mapping
        From path to text.
    folder : Path
        Made if it is not there.

    Raises
    ------
    SiteError
        If the folder holds something that is no site of ours.
    """
    before = claim(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _note(folder, sorted({*before, *pages}))
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for name in before - set(pages):
        _remove(folder, name)
    _note(folder, sorted(pages))


def claim(folder: Path) -> set[str]:
    """Make sure that a folder may be written to.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    set of str
        Paths of the pages that an earlier run wrote there.

    Raises
    ------
    SiteError
        If the folder holds something that is no site of ours.
    """
    if not folder.exists():
        return set()
    if not folder.is_dir():
        raise SiteError(f"{folder} is a file. Give a folder: course site --to FOLDER")
    mark = folder / MARK
    if not mark.exists() and any(folder.iterdir()):
        raise SiteError(
            f"{folder} holds something that `course site` did not write. Give an empty folder or a new one."
        )
    return _noted(mark) if mark.exists() else set()


def _noted(mark: Path) -> set[str]:
    try:
        held = json.loads(mark.read_text(encoding="utf-8"))
        return {name for name in held["pages"] if isinstance(name, str)}
    except (ValueError, KeyError, TypeError):
        raise SiteError(f"{mark} cannot be read. Remove the folder, or give another one.") from None


def _note(folder: Path, names: list[str]) -> None:
    (folder / MARK).write_text(f"{json.dumps({'pages': names}, indent=1)}\n", encoding="utf-8")


def _remove(folder: Path, name: str) -> None:
    """Remove a page of an earlier site, and its folder if that is empty now."""
    path = (folder / name).resolve()
    inside = folder.resolve() in path.parents
    if inside and path.suffix == ".html" and path.is_file():
        path.unlink()
        if path.parent != folder.resolve() and not any(path.parent.iterdir()):
            path.parent.rmdir()
