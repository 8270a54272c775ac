"""Exercises: what is asked, what an answer is, whether it is right, and what helps if it is not.

Three parts that know as little as possible of each other:

* `encode` turns any value into an `Answer`, plain data (no exercise is known to it);
* `judge` turns an exercise, an `Answer` and a student's id into a `Verdict` (no student's object is known to it);
* `check`, `hint`, `quiz`, `predict` and `progress` bring both to a notebook and remember what happened; so do
  `beliefs`, `concept_test`, `glossary` and `health` for what surrounds the exercises.

How to add an exercise: put an `Exercise` into `bank/lesson_<nn>.py`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Imported at once, because the function has the name of its module: a later import of the module would hide it.
from helpers.exercises.judge import judge

if TYPE_CHECKING:
    from helpers.exercises.answer import Answer, AnswerError
    from helpers.exercises.believing import beliefs
    from helpers.exercises.checking import check, collect, final, snapshots
    from helpers.exercises.checkup import health
    from helpers.exercises.codec import encode
    from helpers.exercises.concepts import concept_test
    from helpers.exercises.diary import belief_path, prediction_path
    from helpers.exercises.exercise import Context, Exercise, ExerciseError, Mistake, Slip
    from helpers.exercises.hints import hint
    from helpers.exercises.judge import UnknownExercise, Verdict, clashes
    from helpers.exercises.kinds import (
        Axes,
        Choice,
        Function,
        Integer,
        Kind,
        List,
        Number,
        Share,
        Table,
        Text,
        Words,
    )
    from helpers.exercises.overview import progress
    from helpers.exercises.own_record import ledger
    from helpers.exercises.predictions import predict
    from helpers.exercises.questions import Option, Prediction, Question
    from helpers.exercises.quizzes import quiz
    from helpers.exercises.records import student
    from helpers.exercises.submitting import submit
    from helpers.exercises.wording import glossary

_HOMES = {
    "answer": ("Answer", "AnswerError"),
    "believing": ("beliefs",),
    "checking": ("check", "collect", "final", "snapshots"),
    "checkup": ("health",),
    "codec": ("encode",),
    "concepts": ("concept_test",),
    "diary": ("belief_path", "prediction_path"),
    "exercise": ("Context", "Exercise", "ExerciseError", "Mistake", "Slip"),
    "hints": ("hint",),
    "judge": ("UnknownExercise", "Verdict", "clashes"),
    "kinds": (
        "Axes", "Choice", "Function", "Integer", "Kind", "List", "Number", "Share", "Table", "Text", "Words",
    ),
    "overview": ("progress",),
    "own_record": ("ledger",),
    "predictions": ("predict",),
    "questions": ("Option", "Prediction", "Question"),
    "quizzes": ("quiz",),
    "records": ("student",),
    "submitting": ("submit",),
    "wording": ("glossary",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer", "AnswerError", "Axes", "Choice", "Context", "Exercise", "ExerciseError", "Function", "Integer",
    "Kind", "List", "Mistake", "Number", "Option", "Prediction", "Question", "Share", "Slip", "Table", "Text",
    "UnknownExercise", "Verdict", "Words", "belief_path", "beliefs", "check", "clashes", "collect",
    "concept_test", "encode", "final", "glossary", "health", "hint", "judge", "ledger", "predict", "prediction_path",
    "progress", "quiz", "snapshots", "student", "submit",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'helpers.exercises' has no attribute {name!r}")
    value = getattr(import_module(f"helpers.exercises.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})
