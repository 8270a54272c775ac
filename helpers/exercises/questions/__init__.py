"""Questions of the lessons' quizzes and predictions, as data: one module a lesson.

A module `lesson_01` defines `WARM_UP` and `QUIZ`, tuples of `Question`, and `PREDICTIONS`, a tuple of `Prediction`. A
`WARM_UP` supplements what looks back at earlier lessons (`helpers.exercises.retrieval`).
Nothing here is graded. The options of a quiz are real misconceptions, and each has an explanation of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from helpers.exercises.exercise import Context


class UnknownQuestion(LookupError):
    """An id or a lesson that has no question; says which there are."""


@dataclass(frozen=True)
class Option:
    """One possible answer.

    Parameters
    ----------
    text : str
    right : bool
    explanation : str
        Why it is right, or which thought leads to it and where that thought fails.
    """

    text: str
    right: bool
    explanation: str

    def __post_init__(self) -> None:
        if not self.explanation.strip():
            raise ValueError(f"The option {self.text!r} has no explanation; right and wrong ones need one.")


@dataclass(frozen=True)
class Question:
    """One question of a quiz.

    Parameters
    ----------
    id : str
        Unique in the course, such as "01.q1".
    text : str
    options : tuple of Option
        Two or more, one or more of them right.
    """

    id: str
    text: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        if len(self.options) < 2 or not any(option.right for option in self.options):
            raise ValueError(f"Question {self.id!r} needs two options or more, and one that is right.")


@dataclass(frozen=True)
class Prediction:
    """A question that is answered before the data are seen.

    Parameters
    ----------
    id : str
        Unique in the course, such as "01.1".
    text : str
    options : tuple of str
        Two or more.
    answer : int or callable
        Option that the data favour, counted from 0; or a function of the context that finds it.
    reveal : str
        What the data say, shown after the commitment.
    """

    id: str
    text: str
    options: tuple[str, ...]
    answer: int | Callable[[Context], int]
    reveal: str

    def __post_init__(self) -> None:
        if len(self.options) < 2:
            raise ValueError(f"Prediction {self.id!r} needs two options or more.")
        if isinstance(self.answer, int) and not 0 <= self.answer < len(self.options):
            raise ValueError(f"Prediction {self.id!r}: the answer {self.answer} is none of its options.")

    def outcome(self, context: Context) -> int:
        """Option that the data favour, counted from 0."""
        return int(self.answer(context)) if callable(self.answer) else self.answer


PARTS = {"quiz": "QUIZ", "warm-up": "WARM_UP"}


def quiz_of(lesson: str, part: str = "quiz") -> tuple[Question, ...]:
    """Give the questions of a lesson's quiz, or of its warm-up.

    Parameters
    ----------
    lesson : str
        Two digits, such as "01".
    part : str
        "quiz" or "warm-up".

    Raises
    ------
    UnknownQuestion
        If the lesson has none.

    Examples
    --------
    >>> quiz_of("99")
    Traceback (most recent call last):
    helpers.exercises.questions.UnknownQuestion: Lesson '99' has no quiz. A lesson is named by two digits, like "01".
    """
    if part not in PARTS:
        raise UnknownQuestion(f"A lesson has no part {part!r}. It has {' and '.join(PARTS)}.")
    questions = part_of_lesson(lesson, part)
    if not questions:
        raise UnknownQuestion(f'Lesson {lesson!r} has no {part}. A lesson is named by two digits, like "01".')
    return questions


def part_of_lesson(lesson: str, part: str) -> tuple[Question, ...]:
    """Give the questions that an author wrote for one part of a lesson; empty if there are none."""
    questions: tuple[Question, ...] = getattr(_module(lesson), PARTS[part], ())
    return questions


def has_questions(lesson: object) -> bool:
    """Whether there is a lesson of this number with questions of any kind."""
    return _module(lesson) is not None


def prediction_of(prediction_id: str) -> Prediction:
    """Look up a prediction.

    Raises
    ------
    UnknownQuestion
        Names what there is instead.
    """
    lesson = str(prediction_id)[:2]
    known: tuple[Prediction, ...] = getattr(_module(lesson), "PREDICTIONS", ())
    for prediction in known:
        if prediction.id == prediction_id:
            return prediction
    there = (
        f"Lesson {lesson} has {', '.join(each.id for each in known)}." if known else "Its lesson has none."
    )
    raise UnknownQuestion(f"No prediction {str(prediction_id)[:20]!r}. {there}")


def _module(lesson: object) -> Any:
    """Module of a lesson; None if there is none."""
    if not isinstance(lesson, str) or len(lesson) != 2 or not (lesson.isascii() and lesson.isdigit()):
        return None
    name = f"{__name__}.lesson_{lesson}"
    return import_module(name) if find_spec(name) else None
