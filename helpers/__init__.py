"""Do they feel safe? Assurance, survey experiments and the Vietnam case.

What a lesson needs is one import away, and nothing is loaded before it is used:

    from helpers import load, describe, check, hint, quiz, predict, student, progress
    from helpers.labs import DeploymentAtlas
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.data import catalogue, describe, load
    from helpers.exercises import (
        belief_path,
        beliefs,
        check,
        concept_test,
        glossary,
        health,
        hint,
        ledger,
        predict,
        prediction_path,
        progress,
        quiz,
        student,
        submit,
    )
    from helpers.exercises.surveys import survey
    from helpers.plotting import show

_HOMES = {
    "catalogue": "helpers.data",
    "describe": "helpers.data",
    "load": "helpers.data",
    "belief_path": "helpers.exercises",
    "beliefs": "helpers.exercises",
    "check": "helpers.exercises",
    "concept_test": "helpers.exercises",
    "glossary": "helpers.exercises",
    "health": "helpers.exercises",
    "hint": "helpers.exercises",
    "ledger": "helpers.exercises",
    "predict": "helpers.exercises",
    "prediction_path": "helpers.exercises",
    "progress": "helpers.exercises",
    "quiz": "helpers.exercises",
    "student": "helpers.exercises",
    "submit": "helpers.exercises",
    "survey": "helpers.exercises.surveys",
    "show": "helpers.plotting",
}

__all__ = [
    "belief_path", "beliefs", "catalogue", "check", "concept_test", "describe", "glossary", "health", "hint", "ledger",
    "load",    "predict", "prediction_path", "progress", "quiz", "show", "student", "submit",
    "survey",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'helpers' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
