"""`check`: look at an answer in the notebook where it was given.

The idea: read the name from the notebook, encode, judge, remember, tell. Whatever goes wrong on the way is one clear
sentence, because an exception in a check cell teaches nobody anything. The exception to that are instructors' tools:

* with `NBGRADER_EXECUTION` set, `check` prints plain text and raises `AssertionError` unless the answer is right;
* in a process without a bank, `collect` tells which names hold answers, and `check` only takes a snapshot.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, TypeAlias

from helpers.exercises.answer import Answer
from helpers.exercises.codec import UNDEFINED, encode
from helpers.exercises.exercise import ExerciseError, Slip
from helpers.exercises.feedback import Note, of_verdict, show
from helpers.exercises.judge import UnknownExercise, Verdict, find, inputs_of, judge
from helpers.exercises.records import record_attempt, student

Listener: TypeAlias = Callable[[str, Answer], None]

_snapshots: dict[str, Answer] = {}
_collected: dict[str, Slip] = {}
_listeners: list[Listener] = []
_NOTHING = object()


def check(exercise_id: str, *, namespace: Mapping[str, Any] | None = None) -> None:
    """Check your answer to an exercise.

    Parameters
    ----------
    exercise_id : str
        Such as "01.3". The task says under which name the answer is expected.
    namespace : mapping, optional
        Where to look the name up; the notebook's own names if none is given.

    Raises
    ------
    AssertionError
        Only in a process where `NBGRADER_EXECUTION` is set: the answer is not right.

    Examples
    --------
    >>> check("99.1")
    Nothing was checked.
      No exercise '99.1'. ...
    """
    names = sys._getframe(1).f_globals if namespace is None else namespace
    if _collected:
        _take_snapshot(exercise_id, names)
    elif os.environ.get("NBGRADER_EXECUTION"):
        _check_for_a_tool(exercise_id, names)
    else:
        _check_for_a_student(exercise_id, names)


def snapshots() -> Mapping[str, Answer]:
    """Answers at their last check in this process.

    Returns
    -------
    mapping
        From exercise id to `Answer`, read-only.
    """
    return MappingProxyType(dict(_snapshots))


def collect(slips: Iterable[Slip], tell: Listener | None = None) -> None:
    """Make `check` take snapshots only, for a process that has no bank.

    Parameters
    ----------
    slips : iterable of Slip
        The exercises, as `judge.slips` lists them. None at all switches checking on again.
    tell : callable, optional
        Hears of each snapshot: takes the exercise's id and the `Answer`.
    """
    _collected.clear()
    _collected.update({slip.exercise_id: slip for slip in slips})
    _listeners[:] = [tell] if tell else []


def final(slip: Slip, namespace: Mapping[str, Any]) -> Answer:
    """Answer of a finished notebook: the last snapshot, or the final value if no check ran.

    Parameters
    ----------
    slip : Slip
    namespace : mapping
        The names of the notebook after its last cell.

    Returns
    -------
    Answer
    """
    return _snapshots.get(slip.exercise_id) or _encoded(slip, namespace)


def _encoded(slip: Slip, names: Mapping[str, Any]) -> Answer:
    value = names.get(slip.name, _NOTHING)
    return UNDEFINED if value is _NOTHING else encode(value, inputs=slip.inputs)


def _take_snapshot(exercise_id: str, names: Mapping[str, Any]) -> None:
    slip = _collected.get(exercise_id) if isinstance(exercise_id, str) else None
    if slip is None:
        print(f"No exercise {str(exercise_id)[:20]!r} here.")
        return
    answer = _snapshots[slip.exercise_id] = _encoded(slip, names)
    for tell in _listeners:
        tell(slip.exercise_id, answer)
    print(f"{slip.exercise_id}: taken.")


def _judged(exercise_id: str, names: Mapping[str, Any]) -> tuple[Verdict, Answer]:
    exercise, who = find(exercise_id), student()
    answer = _encoded(Slip(exercise.id, exercise.answer, inputs_of(exercise, who)), names)
    _snapshots[exercise.id] = answer
    return judge(exercise, answer, who), answer


def _check_for_a_tool(exercise_id: str, names: Mapping[str, Any]) -> None:
    try:
        verdict, _ = _judged(exercise_id, names)
    except (UnknownExercise, ExerciseError) as error:
        raise AssertionError(str(error)) from None
    text = of_verdict(verdict).text()
    print(text)
    if verdict.outcome not in ("right", "recorded"):
        raise AssertionError(text)


def _check_for_a_student(exercise_id: str, names: Mapping[str, Any]) -> None:
    try:
        note = _note(exercise_id, names)
    except (UnknownExercise, ExerciseError) as error:
        note = Note("Nothing was checked.", (str(error),), "○")
    except Exception as error:
        note = Note(
            "Nothing was checked.", (f"The check itself stopped: {type(error).__name__}: {error}",), "○"
        )
    try:
        show(note)
    except Exception:
        print(note.text())


def _note(exercise_id: str, names: Mapping[str, Any]) -> Note:
    verdict, answer = _judged(exercise_id, names)
    if verdict.attempted:
        record_attempt(verdict, answer)
    note = of_verdict(verdict)
    doubts = (_after_an_error(), _beside(find(exercise_id).answer, names))
    return replace(note, paragraphs=(*note.paragraphs, *filter(None, doubts)))


def _after_an_error() -> str:
    """Warn that the value may be an old one, if the cell that ran last ended in an error."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is None or getattr(shell, "last_execution_succeeded", True):
        return ""
    return "The cell that ran before this one ended in an error: this looks at the value from before it."


def _beside(wanted: str, names: Mapping[str, Any]) -> str:
    """Name a variable that looks like a misspelt answer."""
    others = [name for name in names if isinstance(name, str) and name != wanted and not name.startswith("_")]
    if wanted in names:
        near = [name for name in others if name.casefold() == wanted.casefold()]
    else:
        near = get_close_matches(wanted, others, n=1, cutoff=0.8)
    if not near:
        return ""
    return f"There is also `{near[0]}`, but the task asks for `{wanted}`: capitals and spelling count."
