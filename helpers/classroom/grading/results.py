"""What came of grading, kept so that nothing is lost and nothing is counted twice.

The idea: one file a lesson, one line a result, and lines are only ever added. A line that a crash cut short is dropped
before the next one is written. A student's current result is the last line; the stamp in it says what it was made from,
so that work which did not change is left alone. Grades are a pure function of results and of marks given by hand.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from helpers.classroom.grading.model import Event
from helpers.classroom.grading.shown import printable
from helpers.classroom.grading.stamp import Stamp
from helpers.exercises.answer import MAX_CHARACTERS
from helpers.exercises.judge import Verdict

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 2
"""2 holds the words of answers that a person marks; lines of 1 are read too."""
NOT_JUDGED = "not judged"
"""Outcome of an answer that the course could not judge; a person has to look."""


class ResultsError(Exception):
    """Results cannot be kept or read; says which file, and what to do."""


@dataclass(frozen=True)
class Written:
    """An answer in words, for the person who marks it.

    Parameters
    ----------
    exercise_id : str
    text : str
        As the student wrote it, at most 20,000 characters. It may hold anything: show it with care.
    """

    exercise_id: str
    text: str


@dataclass(frozen=True)
class Result:
    """What came of one submission.

    Two results are equal if all is equal but their time and what they cost.

    Parameters
    ----------
    student : str
        The roster's id.
    lesson : str
    judged_as : str
        The id whose data the answers were judged with.
    stamp : Stamp
    verdicts : tuple of Verdict
        One for each exercise of the lesson, in its order.
    problems, doubts : tuple of str
        Why nothing was run; what a person should look at.
    events : tuple of Event
        What happened to its cells.
    finished : bool
        Whether every cell was run, or skipped with an event.
    words : tuple of Written
        Answers that a person marks, also those that are too short to be marked.
    edition : str
        Edition of the lesson from which the notebook was made; empty if it does not say.
    cell_cpu, overhead_cpu : float
        Processor seconds of the cells, and of all else that this submission cost.
    when : str
        Time of grading, ISO 8601, UTC.
    """

    student: str
    lesson: str
    judged_as: str
    stamp: Stamp
    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    finished: bool = True
    edition: str = ""
    words: tuple[Written, ...] = ()
    cell_cpu: float = field(default=0.0, compare=False)
    overhead_cpu: float = field(default=0.0, compare=False)
    when: str = field(default="", compare=False)

    @property
    def points(self) -> float:
        """Points that the answers earned; those that a person gives are not in it."""
        return total(verdict.points for verdict in self.verdicts)

    @property
    def max_points(self) -> float:
        """Points of all exercises together."""
        return total(verdict.max_points for verdict in self.verdicts)

    @property
    def to_mark(self) -> float:
        """Points that wait for a person."""
        return total(each.max_points for each in self.verdicts if each.outcome == "recorded")

    @property
    def settled(self) -> bool:
        """Whether every answer could be judged, and the words that a person marks are held."""
        held = {each.exercise_id for each in self.words}
        recorded = {each.exercise_id for each in self.verdicts if each.outcome == "recorded"}
        return recorded <= held and all(each.outcome != NOT_JUDGED for each in self.verdicts)

    def __str__(self) -> str:
        parts = [
            printable(self.student, 60),
            f"{self.points:g} of {self.max_points:g}",
            f"{self.to_mark:g} to mark" if self.to_mark else "",
            _counted(len(self.doubts), "doubt") if self.doubts else "",
            " ".join(printable(problem) for problem in self.problems),
            "sandbox: process" if self.stamp.sandbox == "process" else "",
        ]
        return "  ".join(filter(None, parts))


def total(points: Iterable[float]) -> float:
    """Sum of points, without the dust that adding decimal fractions leaves.

    Examples
    --------
    >>> total([0.1, 0.2, 2])
    2.3
    """
    return round(math.fsum(points), 6)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# ------------------------------------------------------------------ one line


def to_line(result: Result) -> str:
    """Write a result as one line of JSON, in ASCII, so that showing the file does nothing to a terminal."""
    content = {"schema": SCHEMA, **asdict(result), "points": result.points, "max_points": result.max_points}
    return json.dumps(content, allow_nan=False, separators=(",", ":"))


def from_line(line: str) -> Result:
    """Read what `to_line` wrote.

    Raises
    ------
    ResultsError
        If a later version of the course wrote it.
    ValueError
        If it is anything else.
    """
    content = json.loads(line)
    if not isinstance(content, dict):
        raise ValueError("a line of results is a JSON object")
    schema = content.pop("schema", None)
    if isinstance(schema, int) and schema > SCHEMA:
        raise ResultsError("comes from a later version of the course: update the course to go on with it")
    said = content.pop("points", None), content.pop("max_points", None)
    try:
        result = _result(content)
        agree = said == (result.points, result.max_points)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a result: {error}") from None
    if not agree:
        raise ValueError("the points are not the sum of the verdicts")
    return result


def _result(content: dict[str, Any]) -> Result:
    verdicts = (
        Verdict(**{**each, "already_right": tuple(each["already_right"])}) for each in content["verdicts"]
    )
    parts: dict[str, Any] = {
        "stamp": Stamp(**content["stamp"]),
        "verdicts": tuple(verdicts),
        "events": tuple(Event(**each) for each in content["events"]),
        "words": tuple(_written(**each) for each in content.get("words", ())),
        "problems": tuple(content["problems"]),
        "doubts": tuple(content["doubts"]),
    }
    return Result(**{**content, **parts})


def _written(exercise_id: str, text: str) -> Written:
    if not (isinstance(exercise_id, str) and isinstance(text, str) and len(text) <= MAX_CHARACTERS):
        raise TypeError("the words of an answer are a text of limited length")
    return Written(exercise_id, text)


# ------------------------------------------------------------------ one file


@dataclass(frozen=True)
class Book:
    """The results of one lesson in a file that only grows.

    Parameters
    ----------
    path : Path
        It need not exist.
    """

    path: Path

    @classmethod
    def of(cls, folder: Path, lesson: str) -> Book:
        """The book of one lesson in the folder of results."""
        return cls(folder / f"{lesson}.jsonl")

    def append(self, result: Result) -> None:
        """Add a result, and return when it is on the disk.

        Raises
        ------
        ResultsError
            If it cannot be written.
        """
        line = f"{to_line(result)}\n".encode("ascii")
        try:
            private_folder(self.path.parent)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(handle, "r+b") as file, _alone(file):
                _drop_torn_end(file)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise ResultsError(
                f"{self.path} cannot be written ({error.strerror}). Nothing was lost."
            ) from error

    def read(self) -> tuple[list[Result], list[str]]:
        """Read all results, in the order in which they were made.

        Returns
        -------
        results : list of Result
        troubles : list of str
            One sentence for each line that could not be read. A torn last line is no trouble.

        Raises
        ------
        ResultsError
            If the file cannot be read, or a later version of the course wrote in it.
        """
        results, troubles = [], []
        for number, line, torn in self._lines():
            try:
                results.append(from_line(line.decode("ascii")))
            except ResultsError as error:
                raise ResultsError(f"{self.path}, line {number}, {error}.") from None
            except ValueError:
                if not torn:
                    troubles.append(f"{self.path}, line {number}, is damaged and was left out.")
        return results, troubles

    def _lines(self) -> Iterator[tuple[int, bytes, bool]]:
        """Give each line with its number, and whether it lacks its end."""
        try:
            *whole, rest = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise ResultsError(f"{self.path} cannot be read ({error.strerror}).") from error
        yield from ((number, line, False) for number, line in enumerate(whole, start=1) if line.strip())
        if rest.strip():
            yield len(whole) + 1, rest, True

    def current(self) -> dict[str, Result]:
        """The last result of each student, by id."""
        return latest(self.read()[0])


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can look into."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _drop_torn_end(file: IO[bytes]) -> None:
    """Leave the file at its end, after a whole line: end a last line that is one, cut off one that is not."""
    if not file.seek(0, os.SEEK_END) or _last_byte(file) == b"\n":
        return
    file.seek(0)
    content = file.read()
    keep = content.rfind(b"\n") + 1
    if _is_whole(content[keep:]):
        file.write(b"\n")
    else:
        file.truncate(keep)
        file.seek(keep)


def _last_byte(file: IO[bytes]) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _is_whole(line: bytes) -> bool:
    try:
        from_line(line.decode("ascii"))
    except ValueError:
        return False
    except ResultsError:
        pass
    return True


@contextmanager
def _alone(file: IO[bytes]) -> Iterator[None]:
    """Keep a second grader out while a line is written; the lock ends with the process."""
    if os.name == "nt":  # pragma: no cover
        yield
        return
    import fcntl

    fcntl.flock(file, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(file, fcntl.LOCK_UN)


# ------------------------------------------------------------------ grades


def latest(results: Iterable[Result]) -> dict[str, Result]:
    """The last result of each student, by id, in the order of ids."""
    last = {result.student: result for result in results}
    return {student: last[student] for student in sorted(last)}


def grades(results: Iterable[Result], marks: Mapping[tuple[str, str], float] | None = None) -> pd.DataFrame:
    """Grades of a class: a pure function of results and of the marks that a person gave.

    Parameters
    ----------
    results : iterable of Result
        In the order in which they were made; the last of each student counts.
    marks : mapping, optional
        From student and exercise id to points, for what a person marks. A mark counts in place of the judge's points.

    Returns
    -------
    DataFrame
        One row a student: a column with the points of each exercise, then points, max_points, to_mark (points that wait
        for a person) and doubts (their number).

    Raises
    ------
    ResultsError
        If a mark is for nobody, for no exercise of the results, or not between 0 and the points of the exercise.
    """
    import pandas as pd

    last, given = latest(results), dict(marks or {})
    _refuse_odd_marks(last, given)
    rows = [_row(result, given) for result in last.values()]
    exercises = sorted({each.exercise_id for result in last.values() for each in result.verdicts}, key=_place)
    columns = [*exercises, "points", "max_points", "to_mark", "doubts"]
    return pd.DataFrame(rows, index=pd.Index(list(last), name="student", dtype=object), columns=columns)


def _row(result: Result, marks: Mapping[tuple[str, str], float]) -> dict[str, float]:
    points = {
        each.exercise_id: marks.get((result.student, each.exercise_id), each.points)
        for each in result.verdicts
    }
    waiting = (
        each.max_points
        for each in result.verdicts
        if each.outcome == "recorded" and (result.student, each.exercise_id) not in marks
    )
    return {
        **points,
        "points": total(points.values()),
        "max_points": result.max_points,
        "to_mark": total(waiting),
        "doubts": len(result.doubts),
    }


def _refuse_odd_marks(last: Mapping[str, Result], marks: Mapping[tuple[str, str], float]) -> None:
    for (student, exercise), points in marks.items():
        held = last[student].verdicts if student in last else ()
        verdict = next((each for each in held if each.exercise_id == exercise), None)
        if verdict is None:
            raise ResultsError(
                f"There is a mark for {exercise} of {printable(student, 60)!r}, but no result."
            )
        if not 0 <= points <= verdict.max_points:
            raise ResultsError(
                f"The mark for {exercise} of {printable(student, 60)!r} is {points:g}; "
                f"it lies between 0 and {verdict.max_points:g}."
            )


def _place(exercise_id: str) -> tuple[str, int]:
    """Order of exercises: "01.10" after "01.9"."""
    lesson, _, number = exercise_id.partition(".")
    return lesson, int(number)
