"""From the bytes of a handed-in file to the code in it, or to one sentence on why there is none.

The idea: whatever lies under the name of a notebook is read as data, within limits, and nothing else of it counts: not
its kernel, its outputs, its cells' marks. A link is not followed, a pipe is not waited for, a huge file is not loaded.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.classroom import edition
from helpers.classroom.grading.shown import printable

MAX_MEGABYTES = 50
NEWEST_FORMAT = 4
_OPEN_FLAGS = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")


class UnreadableNotebook(Exception):
    """A file that gives no cells; the sentence says why, without the file's name."""


@dataclass(frozen=True)
class Notebook:
    """What counts of a notebook.

    Parameters
    ----------
    cells : tuple of str
        Sources of the code cells, in order, with plain line endings.
    lesson, edition : str
        What the notebook says that it is, such as "01_two_audiences"; empty if it says nothing.
    bare : bool
        Whether the notebook says that it was made without exercises, as the course's first page is.
    damaged : tuple of int
        Cells, counted from 1, that could not be read and were left out.
    headings : tuple of str
        The heading above each of the code cells; empty where there is none.
    """

    cells: tuple[str, ...]
    lesson: str = ""
    edition: str = ""
    bare: bool = False
    damaged: tuple[int, ...] = ()
    headings: tuple[str, ...] = ()


def content_of(path: Path) -> bytes:
    """Read a file that may be anything.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bytes
        At most 50 megabytes.

    Raises
    ------
    UnreadableNotebook
        If it is a link, a folder or no plain file, is empty or too large, or cannot be opened.
    """
    _refuse_what_is_no_file(path)
    try:
        handle = os.open(path, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in _OPEN_FLAGS))
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UnreadableNotebook("is not a plain file")
            content = file.read(MAX_MEGABYTES * 1_000_000 + 1)
    except OSError as error:
        raise UnreadableNotebook(f"cannot be opened ({error.strerror or type(error).__name__})") from None
    if not content:
        raise UnreadableNotebook("is empty (zero bytes)")
    if len(content) > MAX_MEGABYTES * 1_000_000:
        raise UnreadableNotebook(
            f"is larger than {MAX_MEGABYTES} megabytes; clear its outputs and save it again"
        )
    return content


def _refuse_what_is_no_file(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError) as error:
        raise UnreadableNotebook(
            f"cannot be found ({getattr(error, 'strerror', None) or 'no such file'})"
        ) from None
    if stat.S_ISLNK(mode):
        raise UnreadableNotebook("is a link, and links are not followed; put the notebook itself there")
    if stat.S_ISDIR(mode):
        raise UnreadableNotebook("is a folder, not a notebook")
    if not stat.S_ISREG(mode):
        raise UnreadableNotebook("is not a plain file")


def parse(content: bytes) -> Notebook:
    r"""Find the code in the bytes of a notebook.

    Parameters
    ----------
    content : bytes
        Format 1 to 4; older ones are upgraded. The minor number of a format does not matter.

    Returns
    -------
    Notebook

    Raises
    ------
    UnreadableNotebook
        If it is no notebook, or one of a later format.

    Examples
    --------
    >>> parse(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = 1\\r\\n", "x"]}]}').cells
    ('x = 1\nx',)
    """
    raw = _as_format_4(_json(_text(content)))
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise UnreadableNotebook("is JSON, but not a notebook: it has no list of cells")
    sources = [_source(cell) for cell in cells]
    mark = _mark(raw)
    return Notebook(
        cells=tuple(_plain_lines(source) for source in sources if source),
        lesson=mark.get("lesson", ""),
        edition=mark.get("edition", ""),
        bare=_is_bare(raw),
        damaged=tuple(place for place, source in enumerate(sources, start=1) if source is None),
        headings=tuple(heading for heading, source in zip(_headings(cells), sources, strict=True) if source),
    )


def _headings(cells: list[Any]) -> Iterator[str]:
    """The last heading up to each cell."""
    last = ""
    for cell in cells:
        if isinstance(cell, Mapping) and cell.get("cell_type") == "markdown":
            text = _joined(cell.get("source")) or ""
            last = next((line for line in reversed(text.splitlines()) if line.startswith("#")), last)
        yield printable(last.lstrip("# "), 80) if last else ""


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableNotebook(
            f"is not UTF-8 text (byte {error.start + 1} is none), so it is not a notebook, or it was damaged"
        ) from None


def _json(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text, parse_int=_integer)
    except json.JSONDecodeError as error:
        if _is_cut_off(text.strip(), error):
            raise UnreadableNotebook(
                f"ends in the middle, in line {error.lineno}: it was cut off; hand it in again"
            ) from None
        raise UnreadableNotebook(
            f"is not JSON, so not a notebook: {error.msg} in line {error.lineno}"
        ) from None
    except RecursionError:
        raise UnreadableNotebook("is nested too deeply to be a notebook") from None
    if not isinstance(content, dict):
        raise UnreadableNotebook("is JSON, but not a notebook")
    return content


def _is_cut_off(text: str, error: json.JSONDecodeError) -> bool:
    """Whether JSON that cannot be read seems to lack only its end."""
    in_the_middle = error.pos >= len(text) or error.msg.startswith("Unterminated string")
    return text.startswith("{") and (in_the_middle or not text.endswith("}"))


def _integer(digits: str) -> int | float:
    """Python's own way refuses thousands of digits, which an output may well hold."""
    return int(digits) if len(digits) < 100 else float(digits)


def _as_format_4(raw: dict[str, Any]) -> dict[str, Any]:
    version = raw.get("nbformat", 3 if "worksheets" in raw else None)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise UnreadableNotebook("is JSON, but not a notebook: it names no format")
    if version > NEWEST_FORMAT:
        raise UnreadableNotebook(
            f"has notebook format {version}, and this course reads up to {NEWEST_FORMAT}: save it from JupyterLab again"
        )
    return raw if version == NEWEST_FORMAT else _upgraded(raw)


def _upgraded(raw: dict[str, Any]) -> dict[str, Any]:
    from nbformat import converter, reader

    try:
        upgraded: dict[str, Any] = converter.convert(reader.reads(json.dumps(raw)), NEWEST_FORMAT)
    except Exception as error:
        raise UnreadableNotebook(
            f"has notebook format {raw.get('nbformat')} and cannot be upgraded ({type(error).__name__}): "
            "save it from JupyterLab again"
        ) from None
    return upgraded


def _source(cell: object) -> str | None:
    """Source of a code cell, an empty text for any other cell, None for one that is damaged."""
    if not isinstance(cell, Mapping) or not isinstance(cell.get("cell_type"), str):
        return None
    if cell["cell_type"] != "code":
        return ""
    return _joined(cell.get("source"))


def _joined(source: object) -> str | None:
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _plain_lines(source: str) -> str:
    """Lines end in one way, and half characters, which no pipe takes, become question marks."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode("utf-8", "replace").decode("utf-8")


def _mark(raw: Mapping[str, Any]) -> dict[str, str]:
    return dict(_short_texts(_course_mark(raw)))


def _is_bare(raw: Mapping[str, Any]) -> bool:
    count = _course_mark(raw).get("exercises")
    return count == 0 and not isinstance(count, bool)


def _course_mark(raw: Mapping[str, Any]) -> Mapping[object, object]:
    """What the build wrote into the notebook; empty if it is no mark."""
    metadata = raw.get("metadata")
    mark = metadata.get(edition.KEY) if isinstance(metadata, Mapping) else None
    return mark if isinstance(mark, Mapping) else {}


def _short_texts(mark: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    for key in ("lesson", "edition"):
        value = mark.get(key)
        if isinstance(value, str):
            yield key, printable(value, 80)
