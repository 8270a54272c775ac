"""`course submit`: from the number of a lesson to a file that can be handed in, and a receipt.

The idea: the student gives a number and gets one file. Which notebook that is, whether it runs and what is in it is
found out and said. Nothing that was handed in before is ever replaced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from helpers import labs
from helpers.classroom import edition
from helpers.classroom.grading.model import PROCESS, STRICT, Runner
from helpers.classroom.grading.notebook_file import Notebook, UnreadableNotebook, content_of, parse
from helpers.classroom.submission import archive
from helpers.classroom.submission.archive import Finding, Submission
from helpers.classroom.submission.trial import Trial, tried
from helpers.exercises.judge import lessons, slips
from helpers.exercises.records import DEFAULT_STUDENT, is_student_id, student
from helpers.ui.state import StateFile, home, lab_state_name

FOLDER = "submitted"
MOST_LAB_BYTES = 500_000
"""A lab that remembers more is left out of a submission; none of the course does."""


class SubmitError(Exception):
    """Nothing can be handed in; says why, and what to do."""


@dataclass(frozen=True)
class HandedIn:
    """What was written, and what to tell the student.

    Parameters
    ----------
    path : Path
    submission : Submission
    message : str
        The receipt, and where the file lies.
    """

    path: Path
    submission: Submission
    message: str


def submit(
    lesson: str, notebook: Path | None = None, *, runner: Runner | None = None, now: datetime | None = None
) -> HandedIn:
    """Try a notebook, pack it, and write it to the student's own folder.

    Parameters
    ----------
    lesson : str
        Two digits.
    notebook : Path, optional
        The notebook; the one of the lesson in the student's folder if none is given.
    runner : Runner, optional
        The grader's own, in the best sandbox that this machine gives, if none is given.
    now : datetime, optional
        For the receipt.

    Returns
    -------
    HandedIn

    Raises
    ------
    SubmitError
        If there is no such lesson, no notebook of it, or several, or it cannot be read.
    """
    if lesson not in lessons():
        raise SubmitError(
            f"Lesson {lesson[:20]!r} has no exercises. Lessons that have: {', '.join(lessons())}."
        )
    path = _chosen(notebook, lesson) if notebook is not None else find_notebook(home(), lesson)
    content, held = _read(path)
    remembered = student()
    trial = tried(held, slips(lesson, remembered), remembered, runner)
    made = Submission(
        lesson=lesson,
        student=trial.declared if is_student_id(trial.declared) else remembered,
        when=_iso((now or datetime.now(UTC)).timestamp()),
        saved=_iso(path.stat().st_mtime),
        file=path.name,
        course=_version(),
        sandbox=trial.sandbox,
        answers=trial.answers,
        failure=trial.failure,
        notebook=content,
        state=state_of(lesson, StateFile("progress").read(), lab_states(held)),
    )
    receipt = "\n".join(receipt_lines(made, trial)) + "\n"
    written = archive.write(made, receipt, home() / FOLDER)
    first, _, rest = receipt.partition("\n")
    return HandedIn(written, made, f"{first}\nHand in this file: {written}\n\n{rest.rstrip()}")


def _version() -> str:
    try:
        return version("assurance-course")
    except PackageNotFoundError:
        return "unknown"


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


# ------------------------------------------------------------------ which notebook


def find_notebook(folder: Path, lesson: str) -> Path:
    """Find the student's notebook of a lesson.

    Parameters
    ----------
    folder : Path
        The student's own.
    lesson : str

    Returns
    -------
    Path
        Of several, the only one with exercises in which the student wrote.

    Raises
    ------
    SubmitError
        If there is none, or several are left.
    """
    candidates = [path for path in _notebooks(folder) if _is_of(path, lesson)]
    for narrower in (_has_checks(lesson), _is_touched):
        candidates = [path for path in candidates if narrower(path)] or candidates
    if not candidates:
        raise SubmitError(
            f"There is no notebook of lesson {lesson} in {folder}. `course lab` lays the lessons there; "
            f"or name yours: course submit {lesson} --notebook FILE"
        )
    if len(candidates) > 1:
        names = ", ".join(path.relative_to(folder).as_posix() for path in candidates)
        raise SubmitError(
            f"There are several notebooks of lesson {lesson}: {names}. Say which one counts: "
            f"course submit {lesson} --notebook FILE"
        )
    return candidates[0]


def _notebooks(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.ipynb")):
        inside = path.relative_to(folder).parts
        if inside[0] != FOLDER and not any(part.startswith(".") for part in inside):
            yield path


def _is_of(path: Path, lesson: str) -> bool:
    """Whether a notebook says that it is of the lesson; one that says nothing goes by its name."""
    mark = _raw(path).get("metadata", {})
    said = mark.get(edition.KEY, {}) if isinstance(mark, dict) else {}
    name = said.get("lesson") if isinstance(said, dict) else None
    return str(name or path.name).startswith(f"{lesson}_")


def _has_checks(lesson: str) -> Any:
    def look(path: Path) -> bool:
        sources = [str(cell.get("source")) for cell in _raw(path).get("cells", []) if isinstance(cell, dict)]
        return any("check(" in source and f"{lesson}." in source for source in sources)

    return look


def _is_touched(path: Path) -> bool:
    raw = _raw(path)
    plain = {
        **raw,
        "cells": [{**cell, "outputs": []} for cell in raw.get("cells", []) if isinstance(cell, dict)],
    }
    return not edition.is_untouched(plain)


def _raw(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) and isinstance(content.get("cells", []), list) else {}


def _chosen(notebook: Path, lesson: str) -> Path:
    """The notebook that was named, unless it says that it is another lesson."""
    path = notebook if notebook.is_absolute() or notebook.exists() else home() / notebook
    if not path.exists():
        raise SubmitError(f"There is no file {notebook}. Give a path from here, or from {home()}.")
    _, held = _read(path)
    if held.lesson and not held.lesson.startswith(f"{lesson}_"):
        raise SubmitError(f"{path.name} says that it is {held.lesson}, not lesson {lesson}.")
    return path


def _read(path: Path) -> tuple[bytes, Notebook]:
    try:
        content = content_of(path)
        return content, parse(content)
    except UnreadableNotebook as error:
        raise SubmitError(f"{path.name} {error}. Nothing was handed in.") from None


# ------------------------------------------------------------------ what goes along


def lab_states(notebook: Notebook) -> dict[str, Any]:
    """What the labs that a notebook names remember.

    A lab is named by a call in a code cell. Labs of `helpers.labs.PRIVATE` are left out, whatever the notebook names,
    and so is a state of more than `MOST_LAB_BYTES`.

    Parameters
    ----------
    notebook : Notebook

    Returns
    -------
    dict
        Name of the state file, without ending, to its content; only labs that remember something.
    """
    code = "\n".join(notebook.cells)
    named = [lab for lab in labs.__all__ if lab not in labs.PRIVATE and re.search(rf"\b{lab}\(", code)]
    kept = {lab_state_name(lab): StateFile(lab_state_name(lab)).read() for lab in named}
    return {name: data for name, data in kept.items() if data and _bytes(data) <= MOST_LAB_BYTES}


def _bytes(data: dict[str, Any]) -> int:
    return len(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


def state_of(lesson: str, remembered: dict[str, Any], lab_states: dict[str, Any] | None = None) -> bytes:
    """What the course remembers of one lesson, and of no other.

    Parameters
    ----------
    lesson : str
    remembered : dict
        Content of `progress.json`.
    lab_states : dict, optional
        What the lesson's labs remember, by the name of their file.

    Returns
    -------
    bytes
        JSON text, its keys in order.

    Examples
    --------
    >>> held = {"student": "ada", "hints": {"01.1": 2, "02.1": 1}}
    >>> print(state_of("01", held).decode().strip())
    {"hints": {"01.1": 2}, "student": "ada"}
    """
    kept: dict[str, Any] = {}
    for name, part in remembered.items():
        if isinstance(part, dict):
            mine = {
                key: value for key, value in part.items() if key == lesson or key.startswith(f"{lesson}.")
            }
            kept |= {name: mine} if mine else {}
        elif name == "student":
            kept[name] = part
    if lab_states:
        kept["labs"] = lab_states
    return f"{json.dumps(kept, ensure_ascii=False, sort_keys=True)}\n".encode("utf-8", "replace")


# ------------------------------------------------------------------ what is said

_SIGNS = {"found": "found", "not found": "NOT FOUND", "error": "ENDED IN AN ERROR", "not tried": "not tried"}
_ROOMS = {
    STRICT: "It was run once from the top, in an empty folder, locked in as it will be for grading.",
    PROCESS: "It was run once from the top, in an empty folder and a process of its own. The lock of the grading "
    "machine cannot be had here, and is not needed for your own code.",
}


def receipt_lines(made: Submission, trial: Trial) -> Iterator[str]:
    """Lines of a receipt, in the order in which a student needs them.

    Parameters
    ----------
    made : Submission
    trial : Trial
    """
    n_answers = len(made.answers)
    if made.sandbox in _ROOMS:
        yield f"Lesson {made.lesson}: {made.n_found} of {n_answers} answers found."
    else:
        yield f"Lesson {made.lesson}: handed in without a trial."
    yield from _table(made.answers)
    yield from _what_stops(made, trial)
    yield ""
    yield from _facts(made)


def _table(answers: Sequence[Finding]) -> Iterator[str]:
    wide = max((len(answer.name) for answer in answers), default=0)
    for answer in answers:
        note = f": {answer.note}" if answer.note else ""
        yield f"  {answer.exercise}  {answer.name:<{wide}}  {_SIGNS[answer.state]}{note}"


def _what_stops(made: Submission, trial: Trial) -> Iterator[str]:
    failure = made.failure
    if failure is not None:
        under = f', under "{failure.heading}"' if failure.heading else ""
        yield ""
        yield f"The first cell that stops is code cell {failure.cell}{under}. It begins: {failure.line}"
        yield f"  {failure.text}"
        yield "  Mend it, choose Restart Kernel and Run All Cells, save, and submit again."
    if trial.trouble:
        yield ""
        yield trial.trouble


def _facts(made: Submission) -> Iterator[str]:
    yield f"Id:        {made.student}"
    if made.student == DEFAULT_STUDENT:
        yield '           If your course gave you an id, run student("…") in Start here and submit again.'
    yield f"Notebook:  {made.file}, saved {_local(made.saved)}"
    yield "           What you changed after that is not in the file."
    yield f"Handed in: {_local(made.when)}"
    yield f"Hashes:    notebook {archive.digest(made.notebook)}"
    yield f"           state    {archive.digest(made.state)}"
    if made.sandbox in _ROOMS:
        yield _ROOMS[made.sandbox]
    yield "This is a receipt, not a mark: points come from your instructor."


def _local(when: str) -> str:
    return datetime.fromisoformat(when).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
