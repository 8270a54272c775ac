"""What a student remembers, in one file that can be carried to another computer.

The file comes from outside, so it is trusted in nothing: it is read as strict JSON of limited size and depth, and
whatever is odd about it is one sentence.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from helpers.data.errors import CourseError
from helpers.ui.state import MOST_BYTES, Data, write_whole

COURSE, VERSION = "assurance-course", 1
DEEPEST = 20


class CarryError(CourseError):
    """A file that cannot be taken in or written; says which and why, and a notebook shows the sentence alone."""


def carry_out(data: Data, path: Path) -> None:
    """Write what is remembered to a file of its own.

    Parameters
    ----------
    data : dict
    path : Path

    Raises
    ------
    CarryError
        If it cannot be written, or something else than an earlier export lies there.
    """
    if path.exists() and not _is_export(path):
        raise CarryError(f"{path.name} exists and is no export of the course: give another name.")
    content = {"course": COURSE, "kind": "progress", "version": VERSION, "data": data}
    try:
        write_whole(path, json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    except OSError as error:
        raise CarryError(f"{path} cannot be written ({error.strerror or type(error).__name__}).") from error


def carry_in(path: Path) -> Data:
    """Read what `carry_out` wrote.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict

    Raises
    ------
    CarryError
        If the file is anything else.

    Examples
    --------
    >>> carry_in(Path("no such file.json"))
    Traceback (most recent call last):
    helpers.ui.carrying.CarryError: no such file.json cannot be read (No such file or directory).
    """
    content = _parsed(_bytes(path), path.name)
    if not isinstance(content, dict) or content.get("course") != COURSE or content.get("kind") != "progress":
        raise CarryError(f"{path.name} is no export of this course's progress.")
    version, data = content.get("version"), content.get("data")
    if isinstance(version, bool) or not isinstance(version, int) or not isinstance(data, dict):
        raise CarryError(f"{path.name} is no whole export: its version or its data are missing.")
    if version > VERSION:
        raise CarryError(f"{path.name} comes from a later version of the course: update the course first.")
    return data


def _is_export(path: Path) -> bool:
    try:
        carry_in(path)
    except CarryError as error:
        return "later version" in str(error)
    return True


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file() and path.exists():
            raise CarryError(f"{path.name} is no file.")
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CarryError(f"{path.name} cannot be read ({error.strerror or type(error).__name__}).") from error
    if len(text) > MOST_BYTES:
        raise CarryError(f"{path.name} is larger than any export of the course ({MOST_BYTES:,} bytes).")
    return text


def _parsed(text: bytes, name: str) -> Any:
    try:
        content = json.loads(text, parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_distinct)
    except RecursionError:
        raise CarryError(f"{name} is nested too deep for an export of the course.") from None
    except ValueError as error:
        reason = " ".join(str(error).split())[:80]
        raise CarryError(f"{name} is no JSON that the course could have written ({reason}).") from None
    if _depth(content) > DEEPEST:
        raise CarryError(f"{name} is nested too deep for an export of the course.")
    return content


def _refuse(token: str) -> object:
    raise ValueError(f"{token} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return content


def _depth(content: object, so_far: int = 0) -> int:
    if so_far > DEEPEST or not isinstance(content, dict | list):
        return so_far
    inner = content.values() if isinstance(content, dict) else content
    return max((_depth(each, so_far + 1) for each in inner), default=so_far)
