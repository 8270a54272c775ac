"""Which exercises a lesson is graded with: the course's own, or an instructor's, laid over them.

The idea: the public bank is for learning, and anyone can read it. Work that counts is asked and marked by a bank that
only the judge's process has: a folder with modules like the course's own, `lesson_01.py` with `EXERCISES`.
"""

from __future__ import annotations

import sys
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from helpers.classroom.grading.salt import Salt, asked_of
from helpers.classroom.grading.shown import printable
from helpers.exercises.exercise import Context, Exercise, ExerciseError
from helpers.exercises.judge import exercises as course_exercises
from helpers.exercises.judge import expected_answer, laid_over, lessons

_ALONE = threading.Lock()
"""While a bank is laid over the course's, no other thread of an executor may look."""


class BankError(Exception):
    """A lesson cannot be graded with these exercises; says which file, and why."""


def exercises_of(lesson: str, bank: Path | None = None) -> tuple[Exercise, ...]:
    """Exercises that a lesson is graded with, each tried once.

    Parameters
    ----------
    lesson : str
        Two digits.
    bank : Path, optional
        Folder of an instructor's own modules. Only the module of this lesson is run.

    Returns
    -------
    tuple of Exercise
        Without those that are worth nothing.

    Raises
    ------
    BankError
        If there are none, the module cannot be loaded, or a right answer cannot be computed.

    Examples
    --------
    >>> [each.id for each in exercises_of("01")]
    ['01.1', '01.2', '01.3', '01.4']
    """
    held = asked_in(lesson, bank)
    for exercise in held:
        _try(exercise)
    return held


def asked_in(lesson: str, bank: Path | None = None) -> tuple[Exercise, ...]:
    """Exercises that a lesson is graded with, as they stand: to ask, not yet to judge.

    Parameters
    ----------
    lesson : str
        Two digits.
    bank : Path, optional
        Folder of an instructor's own modules.

    Returns
    -------
    tuple of Exercise

    Raises
    ------
    BankError
        If there are none, or the module cannot be loaded.
    """
    with _ALONE:
        every = course_exercises(lesson) if bank is None else _loaded(bank, lesson)
    held = tuple(exercise for exercise in every if exercise.points > 0)
    if not held:
        raise BankError(f"Lesson {lesson} has no exercises. Lessons with exercises: {', '.join(lessons())}.")
    return held


def _try(exercise: Exercise) -> None:
    try:
        who = Context().student
        asked = dict(asked_of([exercise], salt=Salt.of_the_moment(), student=who, drawn_for=who))
        expected_answer(exercise, Context(), inputs=asked.get(exercise.id))
    except ExerciseError as error:
        raise BankError(str(error)) from error


def _loaded(bank: Path, lesson: str) -> tuple[Exercise, ...]:
    path = bank / f"lesson_{lesson}.py"
    if not path.is_file():
        raise BankError(f"There is no {path.name} in the folder {bank}. Write one, or grade without --bank.")
    held = _run(path)
    if not isinstance(held, tuple) or not all(isinstance(each, Exercise) for each in held):
        raise BankError(f"{path} sets no EXERCISES, a tuple of exercises.")
    try:
        with laid_over({lesson: held}):
            return course_exercises(lesson)
    except ExerciseError as error:
        raise BankError(f"{path}: {error}") from error


def _run(path: Path) -> object:
    """Value of EXERCISES in the module at `path`; no compiled file is left beside it."""
    spec = spec_from_file_location(f"private_bank_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise BankError(f"{path} is not a Python file.")
    module = module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        reason = printable(f"{type(error).__name__}: {error}")
        raise BankError(f"{path} cannot be loaded. {reason}") from error
    finally:
        sys.dont_write_bytecode = before
    return getattr(module, "EXERCISES", None)
