"""A site with nbgrader can use the lessons as they are: its own rule gives the points."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.utils import determine_grade

ROOT = Path(__file__).parents[2]
NAME = "1_assurance_theory/01_two_audiences.ipynb"

pytestmark = pytest.mark.slow


def grades(notebook: Any, folder: Path) -> dict[str, float]:
    """Points that nbgrader gives after running the notebook as its autograder does."""
    client = NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env={**os.environ, "NBGRADER_EXECUTION": "autograde", "COURSE_HOME": str(folder)})
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    return {cell.metadata.nbgrader.grade_id: determine_grade(cell)[0] for cell in graded}


def with_answers(folder: str) -> Any:
    """The student's version with the sources of `folder` in its answer cells."""
    lesson = nbformat.read(ROOT / "lessons" / NAME, as_version=4)
    sources = {cell.id: cell.source for cell in nbformat.read(ROOT / folder / NAME, as_version=4).cells}
    for cell in lesson.cells:
        cell.source = sources[cell.id]
    return lesson


def test_model_answers_earn_every_point(tmp_path: Path) -> None:
    earned = grades(with_answers("solutions"), tmp_path)
    assert earned == {"check-01-1": 2, "check-01-2": 3, "check-01-3": 3, "check-01-4": 2}


def test_an_untouched_lesson_earns_nothing(tmp_path: Path) -> None:
    assert set(grades(with_answers("lessons"), tmp_path).values()) == {0}


def test_a_wrong_answer_loses_its_points_and_no_others(tmp_path: Path) -> None:
    notebook = with_answers("solutions")
    answer = next(cell for cell in notebook.cells if cell.id == "answer-01-3")
    answer.source = "halved = ['DEU']"
    assert grades(notebook, tmp_path) == {"check-01-1": 2, "check-01-2": 3, "check-01-3": 0, "check-01-4": 2}


def test_grading_writes_no_state(tmp_path: Path) -> None:
    grades(with_answers("solutions"), tmp_path)
    assert list(tmp_path.rglob("*.json")) == []
