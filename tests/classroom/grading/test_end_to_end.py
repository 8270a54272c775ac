"""Lesson 01 from the folder of submissions to grades, in real processes; and a grader that is killed half way."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.classroom.grading.grading import grade_all
from helpers.classroom.grading.results import Book, Result, grades

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: the runner's processes need Linux")

ROOT = Path(__file__).parents[3]
NOTEBOOK = "1_assurance_theory/01_two_audiences.ipynb"
DIES = """
import os, signal, sys
from helpers.classroom.grading.grading import grade_all

def say(line):
    if line.startswith("2/"):
        os.kill(os.getpid(), signal.SIGKILL)

grade_all(sys.argv[1], "01", sandbox="process", say=say)
"""


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "submitted"
    for name, source in {"ada": "solutions", "bob": "lessons", "Zoë O'Brien": "solutions"}.items():
        (folder / name).mkdir(parents=True)
        shutil.copy(ROOT / source / NOTEBOOK, folder / name / "mine.ipynb")
    (folder / "eve.ipynb").write_bytes((ROOT / "solutions" / NOTEBOOK).read_bytes()[:-1000])
    return folder


@pytest.fixture(scope="module")
def whole(submitted: Path) -> tuple[Result, ...]:
    """Results of a run that nothing disturbed."""
    return grade_all(submitted, "01", sandbox="process", results=submitted.parent / "whole").results


def same(results: Iterable[Result]) -> list[Result]:
    return [replace(each, stamp=replace(each.stamp, salt="")) for each in results]


def test_the_solution_has_all_points_and_the_untouched_lesson_none(whole: tuple[Result, ...]) -> None:
    table = grades(whole)
    assert table["points"].to_dict() == {"Zoë O'Brien": 8, "ada": 8, "bob": 0, "eve": 0}
    assert table["to_mark"].to_dict() == {"Zoë O'Brien": 2, "ada": 2, "bob": 0, "eve": 0}
    outcomes = {result.student: {verdict.outcome for verdict in result.verdicts} for result in whole}
    assert outcomes["ada"] == {"right", "recorded"}
    assert outcomes["bob"] == outcomes["eve"] == {"not attempted"}
    assert not any(result.doubts or result.events for result in whole)


def test_after_kill_9_the_run_goes_on_and_each_student_has_one_result(
    submitted: Path, whole: tuple[Result, ...]
) -> None:
    command = [sys.executable, "-c", DIES, str(submitted)]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    book = Book.of(submitted.parent / "results", "01")
    kept = book.path.read_bytes()
    assert len(book.read()[0]) == 2
    book.path.write_bytes(kept + kept[:100])
    resumed = grade_all(submitted, "01", sandbox="process")
    assert resumed.n_graded == 2
    assert same(resumed.results) == same(whole)
    assert [len(held) for held in _by_student(book).values()] == [1] * 4


def _by_student(book: Book) -> dict[str, list[Result]]:
    results = book.read()[0]
    return {name: [each for each in results if each.student == name] for name in {r.student for r in results}}


def test_of_the_two_notebooks_with_number_00_the_drills_are_graded(tmp_path: Path) -> None:
    submitted = tmp_path / "submitted"
    first, drills = "00_start_here.ipynb", "00_python_for_this_course.ipynb"
    for name, files in {
        "ada": {first: "lessons", drills: "solutions"},
        "bob": {first: "lessons", drills: "lessons"},
        "eve": {first: "lessons"},
    }.items():
        (submitted / name).mkdir(parents=True)
        for file, source in files.items():
            lesson = json.loads((ROOT / "lessons" / file).read_text(encoding="utf-8"))
            content = json.loads((ROOT / source / file).read_text(encoding="utf-8"))
            content["metadata"] = lesson["metadata"]
            (submitted / name / file).write_text(json.dumps(content), encoding="utf-8")
    held = {each.student: each for each in grade_all(submitted, "00", sandbox="process").results}
    assert {name: each.points for name, each in held.items()} == {"ada": 12, "bob": 0, "eve": 0}
    assert held["ada"].doubts == held["bob"].doubts == ()
    assert held["ada"].events == held["bob"].events == ()
    assert "which has no exercises" in held["eve"].doubts[0]
    assert list(grades(held.values()).columns[:12]) == [f"00.{number}" for number in range(1, 13)]
