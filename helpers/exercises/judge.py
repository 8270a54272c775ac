"""`judge`: from an answer to a verdict; and the bank of exercises, which nobody else reads.

The idea: a verdict is a pure function of the exercise, the answer as data, and the student's id. A notebook and a
grader call the same function on the same data, so they agree. Nothing here runs a student's code or looks at it.

Exercises come from `helpers.exercises.bank`, one module a notebook (`lesson_06`; `lesson_00_start` where two notebooks
share a number), imported when a lesson is asked for. An instructor's own exercises are laid over them with `laid_over`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, TypeAlias

from helpers.exercises.answer import Answer
from helpers.exercises.codec import Inputs, encode
from helpers.exercises.exercise import Context, Exercise, ExerciseError, Mistake, Slip, is_exercise_id
from helpers.exercises.kinds.base import Finding

__all__ = [
    "BANK",
    "Context",
    "UnknownExercise",
    "Verdict",
    "clashes",
    "exercises",
    "expected_answer",
    "find",
    "inputs_of",
    "judge",
    "laid_over",
    "lessons",
    "slips",
]

BANK = "helpers.exercises.bank"
OUTCOMES = ("not attempted", "right", "known mistake", "wrong", "recorded")

_overlay: dict[str, tuple[Exercise, ...]] = {}


class UnknownExercise(LookupError):
    """An id that no exercise has; says which there are."""


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one answer.

    Parameters
    ----------
    exercise_id : str
    outcome : str
        "not attempted", "right", "known mistake", "wrong" or "recorded" (a person gives the points).
    points, max_points : float
    message : str
        The point to take away, or feedback. It never holds the right answer.
    already_right : tuple of str
        Parts that need no more work, each a noun: "the size".
    mistake : str or None
        Id of the mistake that was recognised.
    """

    exercise_id: str
    outcome: str
    points: float
    max_points: float
    message: str = ""
    already_right: tuple[str, ...] = ()
    mistake: str | None = None

    @property
    def right(self) -> bool:
        """Whether the answer is right."""
        return self.outcome == "right"

    @property
    def attempted(self) -> bool:
        """Whether there is an answer."""
        return self.outcome != "not attempted"


# ------------------------------------------------------------------ the bank


def lessons() -> tuple[str, ...]:
    """Numbers of the lessons that have exercises, in order.

    Returns
    -------
    tuple of str
        Such as ("00", "01").
    """
    return tuple(sorted({*_lessons_of_the_bank(), *_overlay}))


def exercises(lesson: str) -> tuple[Exercise, ...]:
    """Exercises of one lesson, in order.

    Parameters
    ----------
    lesson : str
        Two digits.

    Returns
    -------
    tuple of Exercise
        Empty if the lesson has none.
    """
    if lesson in _overlay:
        return _overlay[lesson]
    if lesson not in _lessons_of_the_bank():
        return ()
    return _from_the_bank(lesson)


@lru_cache
def _from_the_bank(lesson: str) -> tuple[Exercise, ...]:
    found: tuple[Exercise, ...] = ()
    for module in _modules_of_the_bank():
        if _lesson_of(module) == lesson:
            found += import_module(f"{BANK}.{module}").EXERCISES
    _refuse_disorder(lesson, found)
    return tuple(sorted(found, key=lambda exercise: int(exercise.id.partition(".")[2])))


def find(exercise_id: str) -> Exercise:
    """Look up an exercise.

    Parameters
    ----------
    exercise_id : str
        Such as "01.3".

    Returns
    -------
    Exercise

    Raises
    ------
    UnknownExercise
        Names what there is instead.

    Examples
    --------
    >>> find("99.1")
    Traceback (most recent call last):
    helpers.exercises.judge.UnknownExercise: No exercise '99.1'. ...
    """
    if not isinstance(exercise_id, str):
        raise UnknownExercise(
            f'An exercise is named by a text such as "01.3", not by {str(exercise_id)[:20]}.'
        )
    lesson = exercise_id[:2] if is_exercise_id(exercise_id) else ""
    for exercise in exercises(lesson):
        if exercise.id == exercise_id:
            return exercise
    raise UnknownExercise(_near_miss(exercise_id))


@contextmanager
def laid_over(bank: Mapping[str, Sequence[Exercise]]) -> Iterator[None]:
    """Use other exercises for some lessons, until the block ends.

    Parameters
    ----------
    bank : mapping
        From the number of a lesson to all its exercises.

    Raises
    ------
    ExerciseError
        If an exercise does not belong to its lesson, or an id or a name is there twice.
    """
    for lesson, held in bank.items():
        _refuse_disorder(lesson, held)
    before = dict(_overlay)
    _overlay.update({lesson: tuple(held) for lesson, held in bank.items()})
    try:
        yield
    finally:
        _overlay.clear()
        _overlay.update(before)


def _refuse_disorder(lesson: str, held: Sequence[Exercise]) -> None:
    for exercise in held:
        if exercise.lesson != lesson:
            raise ExerciseError(f"Exercise {exercise.id!r} does not belong to lesson {lesson}.")
    for names in ([exercise.id for exercise in held], [exercise.answer for exercise in held]):
        double = next((name for name in names if names.count(name) > 1), None)
        if double is not None:
            raise ExerciseError(f"In lesson {lesson}, {double!r} is there twice.")


def _lessons_of_the_bank() -> tuple[str, ...]:
    return tuple(sorted({_lesson_of(module) for module in _modules_of_the_bank()}))


@lru_cache(maxsize=1)
def _modules_of_the_bank() -> tuple[str, ...]:
    spec = find_spec(BANK)
    places = spec.submodule_search_locations if spec else None
    names = [module.name for module in iter_modules(places or [])]
    return tuple(sorted(name for name in names if name.startswith("lesson_")))


def _lesson_of(module: str) -> str:
    """`00` for `lesson_00` and for `lesson_00_start`."""
    return module.removeprefix("lesson_")[:2]


def _near_miss(exercise_id: str) -> str:
    shown = repr(exercise_id[:20])
    ids = [exercise.id for exercise in exercises(exercise_id[:2])]
    if ids:
        return f"No exercise {shown}. Lesson {exercise_id[:2]} has {', '.join(ids)}."
    known = [exercise.id for lesson in lessons() for exercise in exercises(lesson)]
    near = difflib.get_close_matches(exercise_id[:20], known, n=1)
    if near:
        return f"No exercise {shown}. Did you mean {near[0]!r}?"
    return f"No exercise {shown}. Lessons with exercises: {', '.join(lessons()) or 'none'}."


# ------------------------------------------------------------------ the verdict


def judge(exercise: Exercise | str, answer: Answer, student: str, *, inputs: Inputs | None = None) -> Verdict:
    """Say what an answer is worth, and what helps its author.

    Parameters
    ----------
    exercise : Exercise or str
        The exercise or its id.
    answer : Answer
        What `encode` made of the student's value.
    student : str
        The student's id.
    inputs : sequence of sequences, optional
        Arguments with which a function was called, if they are not the exercise's own.

    Returns
    -------
    Verdict

    Raises
    ------
    UnknownExercise
        If there is no such exercise.
    ExerciseError
        If the right answer cannot be computed; the sentence says why.

    Examples
    --------
    >>> from helpers.exercises import Exercise, Number
    >>> exercise = Exercise("99.1", 2, "effect", Number(), "The effect.", lambda context: 0.5372, why="It is small.")
    >>> judge(exercise, encode(0.54), "self-study").outcome
    'right'
    """
    exercise = find(exercise) if isinstance(exercise, str) else exercise
    kind = exercise.kind
    if not kind.is_attempted(answer):
        return _verdict(exercise, "not attempted", message=kind.not_yet(answer, exercise.answer))
    context = Context(student)
    asked = inputs if inputs is not None else inputs_of(exercise, student)
    right = expected_answer(exercise, context, inputs=asked)
    finding = _examine(exercise, answer, right)
    if finding.right:
        message = " ".join(filter(None, (exercise.why, finding.message)))
        return _verdict(exercise, "right", points=exercise.points, message=message)
    if finding.recorded:
        return _verdict(exercise, "recorded", message=finding.message)
    known = _recognised(exercise, answer, context, asked)
    if known is not None:
        return _verdict(
            exercise,
            "known mistake",
            points=round(exercise.points * known.credit, 6),
            message=known.feedback,
            already_right=finding.already_right,
            mistake=known.id,
        )
    outcome = "known mistake" if finding.mistake else "wrong"
    return _verdict(
        exercise,
        outcome,
        message=finding.message,
        already_right=finding.already_right,
        mistake=finding.mistake,
    )


def inputs_of(exercise: Exercise | str, student: str) -> Inputs | None:
    """Arguments with which to encode an answer.

    Parameters
    ----------
    exercise : Exercise or str
    student : str

    Returns
    -------
    sequence of sequences, or None
        None unless the exercise asks for a function.
    """
    exercise = find(exercise) if isinstance(exercise, str) else exercise
    return exercise.kind.inputs_for(Context(student))


def slips(lesson: str, student: str) -> tuple[Slip, ...]:
    """List what a process without the bank needs to collect the answers of a lesson.

    Parameters
    ----------
    lesson : str
        Two digits.
    student : str

    Returns
    -------
    tuple of Slip
        They hold no answer. What is worth nothing is left out.
    """
    asked = (each for each in exercises(lesson) if each.points > 0)
    return tuple(Slip(each.id, each.answer, inputs_of(each, student)) for each in asked)


def expected_answer(exercise: Exercise, context: Context, *, inputs: Inputs | None = None) -> Answer:
    """Compute the right answer, in the form in which answers are compared.

    Parameters
    ----------
    exercise : Exercise
    context : Context
    inputs : sequence of sequences, optional

    Returns
    -------
    Answer
        It is kept for this process, so a second call costs nothing.

    Raises
    ------
    ExerciseError
        If the exercise cannot compute it.
    """
    if inputs is None:
        inputs = exercise.kind.inputs_for(context)
    return _right(exercise, context, _Asked.of(inputs))[1]


@dataclass(frozen=True)
class _Asked:
    """Inputs that a cache can tell apart."""

    text: str
    inputs: tuple[tuple[object, ...], ...] | None

    @classmethod
    def of(cls, inputs: Inputs | None) -> _Asked:
        return cls(repr(inputs), None if inputs is None else tuple(tuple(each) for each in inputs))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


class _Watched(Context):
    """A context that notes whether anything asked who the student is.

    What never asked is the same for the whole class, and is computed once for all of it.
    """

    def __getattribute__(self, name: str) -> Any:
        if name in ("student", "__dict__", "__reduce_ex__"):
            object.__setattr__(self, "asked_who", True)
        return object.__getattribute__(self, name)

    @property
    def is_for_everyone(self) -> bool:
        return not hasattr(self, "asked_who")

    @classmethod
    def of(cls, context: Context) -> _Watched:
        return cls(context.student, context.loader)


_Right: TypeAlias = "tuple[object, Answer]"
_Wrong: TypeAlias = "tuple[tuple[Mistake, Answer], ...]"
_same_rights: dict[tuple[Exercise, object, str], _Right] = {}
_same_wrongs: dict[tuple[Exercise, object, str], _Wrong] = {}
MOST_SHARED = 512


def _share(
    held: dict[tuple[Exercise, object, str], Any], key: tuple[Exercise, object, str], value: object
) -> None:
    if len(held) >= MOST_SHARED:
        held.clear()
    held[key] = value


@lru_cache(maxsize=512)
def _right(exercise: Exercise, context: Context, asked: _Asked) -> _Right:
    """Give the right value and the answer that it makes."""
    key = (exercise, context.loader, asked.text)
    if key in _same_rights:
        return _same_rights[key]
    watched = _Watched.of(context)
    made = _computed(exercise, watched, asked)
    if watched.is_for_everyone:
        _share(_same_rights, key, made)
    return made


def _computed(exercise: Exercise, context: Context, asked: _Asked) -> _Right:
    try:
        right = exercise.expected(context)
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ExerciseError(f"Exercise {exercise.id} cannot be checked now. {reason}") from error
    answer = encode(right, inputs=asked.inputs)
    if answer.kind in ("other", "too_big"):
        raise ExerciseError(f"Exercise {exercise.id} cannot be checked: its own answer is {answer.kind}.")
    return right, answer


@lru_cache(maxsize=512)
def _wrong_ways(exercise: Exercise, context: Context, asked: _Asked) -> _Wrong:
    """Give what each known mistake leads to; one that cannot be computed for this student is left out."""
    key = (exercise, context.loader, asked.text)
    if key in _same_wrongs:
        return _same_wrongs[key]
    right, _ = _right(exercise, context, asked)
    watched, made = _Watched.of(context), []
    for mistake in exercise.mistakes:
        try:
            made.append((mistake, encode(mistake.make(watched, right), inputs=asked.inputs)))
        except Exception:
            continue
    if key in _same_rights and watched.is_for_everyone:
        _share(_same_wrongs, key, tuple(made))
    return tuple(made)


def _recognised(
    exercise: Exercise, answer: Answer, context: Context, inputs: Inputs | None
) -> Mistake | None:
    for mistake, wrong in _wrong_ways(exercise, context, _Asked.of(inputs)):
        if _recognises(exercise, answer, wrong):
            return mistake
    return None


def _recognises(exercise: Exercise, given: Answer, wrong: Answer) -> bool:
    try:
        return exercise.kind.examine(given, wrong).right
    except ValueError:
        return False


def _examine(exercise: Exercise, answer: Answer, right: Answer) -> Finding:
    try:
        return exercise.kind.examine(answer, right)
    except ValueError as error:
        raise ExerciseError(f"Exercise {exercise.id} cannot be checked: {error}.") from error


def _verdict(
    exercise: Exercise,
    outcome: str,
    *,
    points: float = 0,
    message: str = "",
    already_right: tuple[str, ...] = (),
    mistake: str | None = None,
) -> Verdict:
    return Verdict(exercise.id, outcome, points, exercise.points, message, already_right, mistake)


def clashes(exercise: Exercise, context: Context) -> list[str]:
    """Say where an exercise could not tell right from wrong.

    Each known mistake is tried as it is and rounded as a student may round it.

    Parameters
    ----------
    exercise : Exercise
    context : Context

    Returns
    -------
    list of str
        One sentence for each problem; empty if there is none.

    Examples
    --------
    >>> from helpers.exercises import Exercise, Mistake, Number
    >>> half = Mistake("half", lambda context, right: right / 2, "That is half of it.")
    >>> exercise = Exercise("99.1", 2, "x", Number(), "What is x?", lambda context: 0.004, (half,))
    >>> clashes(exercise, Context())
    ["99.1, student 'self-study': the mistake 'half' counts as right."]
    """
    where = f"{exercise.id}, student {context.student!r}"
    inputs = exercise.kind.inputs_for(context)
    right = expected_answer(exercise, context, inputs=inputs)
    if exercise.kind.by_hand:
        return [f"{where}: words have no known mistakes."] if exercise.mistakes else []
    is_right = _examine(exercise, exercise.kind.specimen(right), right).right
    problems = [] if is_right else [f"{where}: the right answer counts as wrong."]
    made = dict(_wrong_ways(exercise, context, _Asked.of(inputs)))
    for mistake in exercise.mistakes:
        problem = _clash(exercise, right, made.get(mistake))
        if problem:
            problems.append(f"{where}: the mistake {mistake.id!r} {problem}.")
    return problems


def _clash(exercise: Exercise, right: Answer, wrong: Answer | None) -> str:
    if wrong is None:
        return "cannot be computed"
    if not exercise.kind.is_attempted(wrong):
        return "leads to no answer"
    given = exercise.kind.specimen(wrong)
    if any(_examine(exercise, form, right).right for form in exercise.kind.variants(given)):
        return "counts as right"
    if not _recognises(exercise, given, wrong):
        return "leads to no answer of this kind"
    return ""
