"""What an instructor sets for a whole class, in a file that travels with the released lessons.

`course_settings.json` is looked for beside the notebook, in the folders above it, and in the student's course folder.
The strictest of what is found holds, so a copy in the wrong place cannot loosen a setting. It is a preference, not a
lock: a student who wants to can delete the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from helpers.ui.state import home, is_graded, notice, write_whole

FILE_NAME = "course_settings.json"
VERSION = 1
LEVELS_ABOVE = 3
"""So many folders above the notebook are searched."""
_MOST_BYTES = 100_000
_told: set[str] = set()


@dataclass(frozen=True)
class CourseSettings:
    """What can be set.

    Parameters
    ----------
    show_reasoning : bool
        Whether the last hint, the reasoning of the model answer, opens after two honest attempts.
    """

    show_reasoning: bool = True


def course_settings() -> CourseSettings:
    """Settings in force for this notebook.

    Returns
    -------
    CourseSettings
        The defaults where there is no file. An odd file is named once and changes nothing.

    Examples
    --------
    >>> course_settings().show_reasoning
    True
    """
    if is_graded():
        return CourseSettings()
    found = [_read(path) for path in _places() if path.is_file()]
    return CourseSettings(show_reasoning=all(each.show_reasoning for each in found))


def write_settings(folder: Path, settings: CourseSettings) -> Path:
    """Put settings beside the lessons that are released.

    Parameters
    ----------
    folder : Path
    settings : CourseSettings

    Returns
    -------
    Path
        The file.
    """
    path = folder / FILE_NAME
    write_whole(path, f"{json.dumps({'version': VERSION, **asdict(settings)}, indent=1)}\n".encode())
    return path


def _places() -> Iterator[Path]:
    folders = {home(): None}
    with suppress(OSError):
        here = Path.cwd()
        folders |= dict.fromkeys((here, *list(here.parents)[:LEVELS_ABOVE]))
    return (folder / FILE_NAME for folder in folders)


def _read(path: Path) -> CourseSettings:
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(_MOST_BYTES))
        wanted = content.get("show_reasoning", True)
        if not isinstance(wanted, bool):
            raise TypeError(f"show_reasoning is true or false, not {str(wanted)[:20]!r}")
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        _say_once(path, error)
        return CourseSettings()
    return CourseSettings(show_reasoning=wanted)


def _say_once(path: Path, error: Exception) -> None:
    if str(path) not in _told:
        _told.add(str(path))
        reason = "it is no settings file" if isinstance(error, AttributeError) else str(error)[:80]
        notice(f"{path} is not used: {reason}.")
