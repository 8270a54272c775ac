"""What the course remembers of a student: attempts, hints, quiz answers, predictions and the id.

What a student thought at some time, such as a belief, is in `helpers.exercises.diary`. All of it lies in one file,
`state/progress.json`, which the student may open, copy and delete. It serves learning, not grading: a mark never
depends on it. A part of the file that makes no sense is read as empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from helpers.data.errors import CourseError
from helpers.exercises.answer import Answer
from helpers.exercises.judge import Verdict
from helpers.ui.state import Change, StateFile

FILE = StateFile("progress")
MOST_WRONG = 50
"""So many different wrong answers are told apart."""


@dataclass(frozen=True)
class Attempts:
    """What was tried at one exercise.

    Parameters
    ----------
    tries : int
        Checks of an answer that was there.
    wrong : tuple of str
        Digests of the different wrong answers.
    right, recorded : bool
        Whether a right answer was given, or words that a person marks.
    points : float
        Best so far.
    """

    tries: int = 0
    wrong: tuple[str, ...] = ()
    right: bool = False
    recorded: bool = False
    points: float = 0.0

    @property
    def done(self) -> bool:
        """Whether nothing is left to do before a mark."""
        return self.right or self.recorded


@dataclass(frozen=True)
class Commitment:
    """A prediction that was made.

    Parameters
    ----------
    choice : int
        Option, counted from 0.
    confidence : int
        Per cent.
    right : bool or None
        None until the answer was revealed.
    time : str
        When it was made, in universal time, such as "2026-03-01T09:30:00+00:00"; empty if that is not known.
    """

    choice: int
    confidence: int
    right: bool | None = None
    time: str = field(default="", compare=False)


def attempts(exercise_id: str) -> Attempts:
    """What was tried at an exercise so far."""
    return attempts_in(part_of(FILE.read(), "attempts").get(exercise_id))


def attempts_in(entry: object) -> Attempts:
    """Read one entry of the file; what makes no sense in it counts as nothing."""
    held = entry if isinstance(entry, dict) else {}
    wrong = held.get("wrong")
    return Attempts(
        tries=whole(held.get("tries")),
        wrong=tuple(map(str, wrong)) if isinstance(wrong, list) else (),
        right=held.get("right") is True,
        recorded=held.get("recorded") is True,
        points=_number(held.get("points")),
    )


def record_attempt(verdict: Verdict, answer: Answer) -> None:
    """Remember one check of an answer that was there."""
    digest = hashlib.sha256(answer.to_json().encode()).hexdigest()[:16]
    FILE.update(_adding(verdict, digest))


def _adding(verdict: Verdict, digest: str) -> Change:
    def change(data: dict[str, Any]) -> None:
        part = part_of(data, "attempts")
        entry = part.get(verdict.exercise_id)
        before = attempts_in(entry)
        is_wrong = verdict.outcome in ("wrong", "known mistake")
        part[verdict.exercise_id] = {
            "tries": before.tries + 1,
            "wrong": list(dict.fromkeys((*before.wrong, *([digest] * is_wrong))))[:MOST_WRONG],
            "right": before.right or verdict.right,
            "recorded": before.recorded or verdict.outcome == "recorded",
            "points": max(before.points, verdict.points),
            "mistakes": _counted(entry, verdict.mistake),
        }

    return change


def _counted(entry: object, mistake: str | None) -> dict[str, int]:
    """How often each mistake was made."""
    held = entry.get("mistakes") if isinstance(entry, dict) else None
    counts = {str(name): whole(count) for name, count in held.items()} if isinstance(held, dict) else {}
    return counts | {mistake: counts.get(mistake, 0) + 1} if mistake else counts


def mistakes_made(exercise_id: str) -> tuple[str, ...]:
    """Ids of the known mistakes that were made at an exercise, the most frequent first."""
    entry = part_of(FILE.read(), "attempts").get(exercise_id)
    counts = _counted(entry, None)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def hints_shown(exercise_id: str) -> int:
    """Number of steps that were revealed."""
    return whole(part_of(FILE.read(), "hints").get(exercise_id))


def record_hints(exercise_id: str, shown: int) -> None:
    """Remember that so many steps were revealed."""

    def change(data: dict[str, Any]) -> None:
        part = part_of(data, "hints")
        part[exercise_id] = max(shown, whole(part.get(exercise_id)))

    FILE.update(change)


def quiz_choice(question_id: str) -> int | None:
    """Option that was chosen last."""
    held = part_of(FILE.read(), "quiz").get(question_id)
    last = held.get("last") if isinstance(held, dict) else None
    return last if isinstance(last, int) and not isinstance(last, bool) else None


def quiz_first(question_id: str) -> bool | None:
    """Whether the first choice was right; None if there was none."""
    held = part_of(FILE.read(), "quiz").get(question_id)
    first = held.get("first_right") if isinstance(held, dict) else None
    return first if isinstance(first, bool) else None


def record_quiz(question_id: str, choice: int, right: bool) -> None:
    """Remember a choice; the first one is kept as well."""

    def change(data: dict[str, Any]) -> None:
        part = part_of(data, "quiz")
        held = part.get(question_id)
        before: Mapping[str, Any] = (
            held if isinstance(held, dict) else {"first": choice, "first_right": right}
        )
        part[question_id] = {
            **before,
            "last": choice,
            "right": right,
            "tries": whole(before.get("tries")) + 1,
        }

    FILE.update(change)


def commitment(prediction_id: str) -> Commitment | None:
    """The prediction that was made, if one was."""
    return commitments().get(prediction_id)


def commitments() -> dict[str, Commitment]:
    """All predictions that were made."""
    held = part_of(FILE.read(), "predictions")
    made = {key: _commitment(entry) for key, entry in held.items()}
    return {key: entry for key, entry in made.items() if entry is not None}


def _commitment(entry: object) -> Commitment | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("choice"), int):
        return None
    right = entry.get("right")
    return Commitment(
        choice=entry["choice"],
        confidence=min(100, whole(entry.get("confidence"))),
        right=right if isinstance(right, bool) else None,
        time=text(entry.get("time")),
    )


def commit(prediction_id: str, choice: int, confidence: int) -> Commitment:
    """Keep a prediction; one that was made before stays."""
    time = now()

    def change(data: dict[str, Any]) -> None:
        part = part_of(data, "predictions")
        if _commitment(part.get(prediction_id)) is None:
            part[prediction_id] = {
                "choice": choice,
                "confidence": confidence,
                "right": None,
                "time": time,
            }

    data = FILE.update(change)
    return _commitment(part_of(data, "predictions").get(prediction_id)) or Commitment(choice, confidence)


def record_outcome(prediction_id: str, right: bool) -> None:
    """Remember whether a prediction came true."""

    def change(data: dict[str, Any]) -> None:
        entry = part_of(data, "predictions").get(prediction_id)
        if isinstance(entry, dict):
            entry["right"] = right

    FILE.update(change)


def forget_all() -> None:
    """Forget everything but the student's id."""

    def change(data: dict[str, Any]) -> dict[str, Any]:
        return {"student": data["student"]} if "student" in data else {}

    FILE.update(change)


# ------------------------------------------------------------------ the id

DEFAULT_STUDENT = "self-study"
LONGEST_ID = 64
_declared: list[str] = []
_listeners: list[Callable[[str], None]] = []


class StudentIdError(CourseError):
    """An id that cannot be used; a notebook shows the sentence alone."""


def student(student_id: str | None = None) -> str:
    """Say who is working, or ask.

    Parameters
    ----------
    student_id : str, optional
        1 to 64 letters (without accents), digits and `-` `_` `.` `@`. It becomes the seed of simulated data, so two ids
        see different numbers. It is remembered in your own folder only.

    Returns
    -------
    str
        The id; "self-study" if none was ever given.

    Raises
    ------
    StudentIdError
        If the id has other characters or is too long.

    Examples
    --------
    >>> student("Ann Smith")
    Traceback (most recent call last):
    helpers.exercises.records.StudentIdError: A student id has 1 to 64 letters, digits and - _ . @ only; ...
    """
    if student_id is not None:
        _refuse_odd_id(student_id)
        _declared[:] = [student_id]
        for tell in _listeners:
            tell(student_id)
        if FILE.read().get("student") != student_id:
            FILE.update(lambda data: {**data, "student": student_id})
    if _declared:
        return _declared[0]
    remembered = FILE.read().get("student")
    return str(remembered) if is_student_id(remembered) else DEFAULT_STUDENT


def _refuse_odd_id(student_id: object) -> None:
    if not is_student_id(student_id):
        given = repr(student_id if not isinstance(student_id, str) else student_id[:70])[:80]
        raise StudentIdError(
            f"A student id has 1 to {LONGEST_ID} letters, digits and - _ . @ only; {given} does not fit."
        )


def is_student_id(text: object) -> bool:
    """Whether `student(text)` would accept it: 1 to 64 letters without accents, digits and `-` `_` `.` `@`.

    Examples
    --------
    >>> is_student_id("ada-17"), is_student_id("Zoë")
    (True, False)
    """
    if not isinstance(text, str) or not text.isascii():
        return False
    return 1 <= len(text) <= LONGEST_ID and all(letter.isalnum() or letter in "-_.@" for letter in text)


def listen(student_id: str, tell: Callable[[str], None]) -> None:
    """Start from an id and hear of each that a notebook declares, for a process that runs somebody's notebook.

    Parameters
    ----------
    student_id : str
        What `student()` gives until another one is declared.
    tell : callable
        Takes the declared id.
    """
    _declared[:] = [student_id]
    _listeners[:] = [tell]


# ------------------------------------------------------------------ reading what may be damaged


def now() -> str:
    """The time to remember, universal and to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def part_of(data: dict[str, Any], name: str) -> dict[str, Any]:
    """One part of the file, made anew if it is no dictionary."""
    held = data.get(name)
    if not isinstance(held, dict):
        held = data[name] = {}
    return held


def whole(value: object) -> int:
    """A count; zero for anything else."""
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0


def text(value: object) -> str:
    """A text; an empty one for anything else."""
    return value if isinstance(value, str) else ""


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
