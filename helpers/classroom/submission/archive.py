"""The file that a student hands in: one zip with the notebook, what the course remembers, a receipt and a manifest.

The idea: whoever opens the file can tell what it is and whether it arrived as it left. The manifest names a format and
a version, and holds the hash of every other entry. A hash finds damage and careless changes; it is no signature, since
whoever can write a file can write its hash. So a file that was changed is read all the same, and says so.

The same submission gives the same bytes: entries have one order and no date of their own. `docs/submitting.md`
describes the format.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from helpers.exercises.records import is_student_id

FORMAT, VERSION = "assurance-course submission", 1
MANIFEST, NOTEBOOK, STATE, RECEIPT = "manifest.json", "notebook.ipynb", "state.json", "receipt.txt"
CONTENT = (NOTEBOOK, STATE, RECEIPT)
MAX_BYTES = {MANIFEST: 1_000_000, NOTEBOOK: 50_000_000, STATE: 5_000_000, RECEIPT: 100_000}
STATES = ("found", "not found", "error", "not tried")
_NO_DATE = (1980, 1, 1, 0, 0, 0)


class ArchiveError(Exception):
    """A file that is no submission, or that cannot be read; the sentence says why, without the file's name."""


@dataclass(frozen=True)
class Finding:
    """What became of one answer when the notebook ran from the top.

    Parameters
    ----------
    exercise, name : str
        Id of the exercise, and the name that holds its answer.
    state : str
        "found", "not found", "error" or "not tried".
    note : str
        What was found, or why nothing was.
    """

    exercise: str
    name: str
    state: str
    note: str = ""


@dataclass(frozen=True)
class Failure:
    """The first cell that does not run.

    Parameters
    ----------
    cell : int
        Counted from 1 among the code cells.
    heading : str
        Heading above it.
    line : str
        Its first line.
    text : str
        What happened, and what may help.
    """

    cell: int
    heading: str
    line: str
    text: str


@dataclass(frozen=True)
class Submission:
    """What is handed in, without the receipt.

    Parameters
    ----------
    lesson, student : str
        Two digits; the id.
    when, saved : str
        When it was handed in, and when the notebook was saved last: ISO 8601, in UTC.
    file : str
        Name of the notebook on the student's machine.
    course : str
        Version of the course.
    sandbox : str
        How it was tried: "strict", "process" or "none".
    answers : tuple of Finding
    failure : Failure or None
    notebook, state : bytes
    """

    lesson: str
    student: str
    when: str
    saved: str
    file: str
    course: str
    sandbox: str
    answers: tuple[Finding, ...]
    failure: Failure | None
    notebook: bytes
    state: bytes

    @property
    def n_found(self) -> int:
        """Number of answers that were found."""
        return sum(answer.state == "found" for answer in self.answers)


@dataclass(frozen=True)
class Archive:
    """A submission that was read.

    Parameters
    ----------
    submission : Submission
    receipt : str
    changed : tuple of str
        Entries that are not as the manifest says; empty if all is as it left.
    """

    submission: Submission
    receipt: str
    changed: tuple[str, ...] = ()


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal digits.

    Examples
    --------
    >>> digest(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(content).hexdigest()


# ------------------------------------------------------------------ writing


def to_bytes(submission: Submission, receipt: str) -> bytes:
    """Pack a submission; the same content gives the same bytes.

    Parameters
    ----------
    submission : Submission
    receipt : str

    Returns
    -------
    bytes
        A zip file.
    """
    contents = {NOTEBOOK: submission.notebook, STATE: submission.state, RECEIPT: receipt.encode()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in {MANIFEST: _manifest(submission, contents), **contents}.items():
            entry = zipfile.ZipInfo(name, _NO_DATE)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                0o644 << 16,
                3,
            )
            archive.writestr(entry, content)
    return packed.getvalue()


def _manifest(submission: Submission, contents: Mapping[str, bytes]) -> bytes:
    said = {
        each.name: getattr(submission, each.name)
        for each in fields(submission)
        if each.name not in ("notebook", "state", "answers", "failure")
    }
    held = {
        "format": FORMAT,
        "version": VERSION,
        **said,
        "answers": [asdict(answer) for answer in submission.answers],
        "failure": asdict(submission.failure) if submission.failure else None,
        "files": {
            name: {"bytes": len(content), "sha256": digest(content)} for name, content in contents.items()
        },
    }
    return f"{json.dumps(held, ensure_ascii=False, indent=1)}\n".encode()


def write(submission: Submission, receipt: str, folder: Path) -> Path:
    """Put a submission into a folder under a name that is free.

    Parameters
    ----------
    submission : Submission
    receipt : str
    folder : Path
        Made if it is not there.

    Returns
    -------
    Path
        `01_<id>.zip`, or `01_<id>_2.zip` and so on: what was handed in before stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = to_bytes(submission, receipt)
    half = folder / f".{submission.lesson}_{submission.student}.half"
    half.write_bytes(content)
    try:
        return _give_a_free_name(half, folder / f"{submission.lesson}_{submission.student}.zip")
    finally:
        half.unlink(missing_ok=True)


def _give_a_free_name(half: Path, wanted: Path) -> Path:
    """Name a finished file; a name that another process takes meanwhile is not taken from it."""
    place, number = wanted, 1
    while True:
        try:
            with place.open("xb"):
                pass
        except FileExistsError:
            number += 1
            place = wanted.with_name(f"{wanted.stem}_{number}.zip")
        else:
            half.replace(place)
            return place


# ------------------------------------------------------------------ reading


def read(path: Path) -> Archive:
    """Read what was handed in, and check every hash.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Archive
        With the names of entries that were changed.

    Raises
    ------
    ArchiveError
        If it is no submission of a version that is known here.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = _names(archive)
            contents = {name: _entry(archive, name) for name in names}
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        raise ArchiveError(f"is no zip file that can be read ({type(error).__name__})") from None
    manifest = _parsed(contents.pop(MANIFEST))
    return Archive(
        _submission(manifest, contents),
        contents[RECEIPT].decode("utf-8", "replace"),
        _changed(manifest, contents),
    )


def _names(archive: zipfile.ZipFile) -> list[str]:
    """Names of the entries, which must be ours: no folder, no link, no second entry of a name, nothing more."""
    names = [entry.filename for entry in archive.infolist()]
    if len(names) > len(MAX_BYTES) or set(names) != {MANIFEST, *CONTENT}:
        raise ArchiveError(
            f"is no submission: it does not hold {', '.join((MANIFEST, *CONTENT))} and nothing else"
        )
    return names


def _entry(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack one entry, never more of it than an entry may hold."""
    with archive.open(name) as file:
        try:
            content = file.read(MAX_BYTES[name] + 1)
        except zipfile.BadZipFile:
            raise ArchiveError(f"is damaged: {name} cannot be unpacked") from None
    if len(content) > MAX_BYTES[name]:
        raise ArchiveError(f"holds a {name} of more than {MAX_BYTES[name] / 1e6:g} megabytes")
    return content


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        raise ArchiveError("has a manifest that cannot be read") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ArchiveError("is a zip file, but no submission of this course")
    if manifest.get("version") != VERSION:
        raise ArchiveError(
            f"has version {str(manifest.get('version'))[:20]} of the format, and this course reads {VERSION}: "
            "update the course"
        )
    return manifest


def _submission(manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> Submission:
    try:
        said = {name: _text(manifest[name]) for name in _TEXTS}
        answers = tuple(_finding(each) for each in manifest["answers"])
        failure = None if manifest["failure"] is None else _failure(manifest["failure"])
        files = manifest["files"]
        if not all(isinstance(files[name]["sha256"], str) for name in CONTENT):
            raise TypeError
    except (KeyError, TypeError):
        raise ArchiveError("has a manifest that lacks a part") from None
    if not (len(said["lesson"]) == 2 and said["lesson"].isdecimal() and is_student_id(said["student"])):
        raise ArchiveError("has a manifest with a lesson or an id that cannot be one")
    return Submission(
        **said, answers=answers, failure=failure, notebook=contents[NOTEBOOK], state=contents[STATE]
    )


_TEXTS = ("lesson", "student", "when", "saved", "file", "course", "sandbox")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _finding(held: Mapping[str, object]) -> Finding:
    finding = Finding(*(_text(held[each.name]) for each in fields(Finding)))
    if finding.state not in STATES:
        raise TypeError
    return finding


def _failure(held: Mapping[str, object]) -> Failure:
    cell = held["cell"]
    if not isinstance(cell, int):
        raise TypeError
    return Failure(cell, _text(held["heading"]), _text(held["line"]), _text(held["text"]))


def _changed(manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> tuple[str, ...]:
    return tuple(name for name in CONTENT if manifest["files"][name]["sha256"] != digest(contents[name]))
