"""Grading: run what students handed in where it can do no harm, and judge it where none of it ever ran.

The idea: two sides that share plain data only (`model`). The runner (`pool`, `server`, `child`, `sandbox`) executes
cells and knows no answer. The office reads submissions, asks the judge and keeps results, and executes nothing.

    from helpers.classroom.grading import grade
    grade("submitted/ada.ipynb", "01", "ada")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpers.classroom.grading.grading import grade, grade_all
    from helpers.classroom.grading.results import Result, grades

__all__ = ["Result", "grade", "grade_all", "grades"]

_HOMES = {"grade": "grading", "grade_all": "grading", "Result": "results", "grades": "results"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"helpers.classroom.grading has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(f"helpers.classroom.grading.{_HOMES[name]}"), name)
