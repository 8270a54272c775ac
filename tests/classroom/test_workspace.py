"""A student's folder: new lessons arrive, and nothing that was written is ever replaced."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.classroom import edition
from helpers.classroom.workspace import refresh
from helpers.ui.settings import CourseSettings, write_settings

Notebook = dict[str, Any]


def lesson(*sources: str) -> Notebook:
    cells = [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in sources]
    notebook: Notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    notebook["metadata"]["course"] = {"edition": edition.digest(notebook)}
    return notebook


def put(folder: Path, name: str, notebook: Notebook) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def change(path: Path, source: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = source
    path.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    lessons = tmp_path / "lessons"
    put(lessons, "1_theory/06_first.ipynb", lesson("x = ..."))
    return lessons, tmp_path / "work"


def names(work: Path) -> list[str]:
    return sorted(path.name for path in work.rglob("*.ipynb"))


def test_lessons_arrive_with_their_folders(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    arrived = refresh(lessons, work)
    assert [str(each) for each in arrived] == ["New in your folder: 06_first.ipynb"]
    assert (work / "1_theory" / "06_first.ipynb").read_bytes() == (
        lessons / "1_theory" / "06_first.ipynb"
    ).read_bytes()


def test_a_second_start_changes_nothing(folders: tuple[Path, Path]) -> None:
    refresh(*folders)
    assert refresh(*folders) == []


def test_what_a_student_wrote_survives_an_update(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    refresh(lessons, work)
    mine = work / "1_theory" / "06_first.ipynb"
    change(mine, "x = 42")
    before = mine.read_bytes()
    put(lessons, "1_theory/06_first.ipynb", lesson("x = ...", "y = ..."))
    (arrived,) = refresh(lessons, work)
    assert mine.read_bytes() == before
    assert names(work) == ["06_first.ipynb", "06_first.new.ipynb"]
    assert "Your copy is as you left it" in str(arrived)
    assert refresh(lessons, work) == []


def test_a_student_who_wrote_in_the_new_edition_too_keeps_all_three(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    refresh(lessons, work)
    change(work / "1_theory" / "06_first.ipynb", "x = 42")
    put(lessons, "1_theory/06_first.ipynb", lesson("second edition"))
    refresh(lessons, work)
    change(work / "1_theory" / "06_first.new.ipynb", "x = 43")
    put(lessons, "1_theory/06_first.ipynb", lesson("third edition"))
    refresh(lessons, work)
    assert names(work) == ["06_first.ipynb", "06_first.new-2.ipynb", "06_first.new.ipynb"]
    assert refresh(lessons, work) == []


def test_a_copy_that_nobody_touched_follows_the_course(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    refresh(lessons, work)
    put(lessons, "1_theory/06_first.ipynb", lesson("second edition"))
    assert len(refresh(lessons, work)) == 1
    assert names(work) == ["06_first.ipynb"]
    assert "second edition" in (work / "1_theory" / "06_first.ipynb").read_text(encoding="utf-8")


def test_a_copy_with_outputs_counts_as_touched(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    refresh(lessons, work)
    mine = work / "1_theory" / "06_first.ipynb"
    notebook = json.loads(mine.read_text(encoding="utf-8"))
    notebook["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    mine.write_text(json.dumps(notebook), encoding="utf-8")
    put(lessons, "1_theory/06_first.ipynb", lesson("second edition"))
    refresh(lessons, work)
    assert names(work) == ["06_first.ipynb", "06_first.new.ipynb"]


def test_a_file_of_the_same_name_that_is_no_notebook_is_kept(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    mine = work / "1_theory" / "06_first.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"\xff not a notebook")
    refresh(lessons, work)
    assert mine.read_bytes() == b"\xff not a notebook"
    assert names(work) == ["06_first.ipynb", "06_first.new.ipynb"]


def test_a_missing_lessons_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no folder .*lessons"):
        refresh(tmp_path / "lessons", tmp_path / "work")


def test_the_instructors_settings_follow_the_course(folders: tuple[Path, Path]) -> None:
    lessons, work = folders
    write_settings(lessons, CourseSettings(show_reasoning=True))
    refresh(lessons, work)
    write_settings(lessons, CourseSettings(show_reasoning=False))
    assert refresh(lessons, work) == []
    assert json.loads((work / "course_settings.json").read_text())["show_reasoning"] is False
