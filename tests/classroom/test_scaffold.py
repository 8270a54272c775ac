"""A new lesson has all its parts, and none of what cannot be a lesson."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.classroom import scaffold
from helpers.classroom.scaffold import ScaffoldError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "solutions").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("number", "module"),
    [
        ("01", "1_assurance_theory"),
        ("05", "2_survey_experiments"),
        ("10", "2_survey_experiments"),
        ("14", "3_vietnam"),
        ("16", "4_synthesis"),
        ("40", "4_synthesis"),
    ],
)
def test_a_lesson_goes_to_its_module(root: Path, number: str, module: str) -> None:
    written = scaffold.new_lesson(root, number, "Who pays?")
    assert written[0] == f"solutions/{module}/{number}_who_pays.ipynb"
    assert all((root / place).stat().st_size for place in written)
    assert len(written) == 5


def test_every_part_wants_an_author_and_bears_the_number_and_the_title(root: Path) -> None:
    for place in scaffold.new_lesson(root, "07", "Czech deployment"):
        text = (root / place).read_text(encoding="utf-8")
        assert "TODO" in text
        assert "07" in text
        assert "$number" not in text
        assert "$title" not in text


def test_the_notebook_is_one_that_jupyter_accepts_with_an_id_for_each_cell(root: Path) -> None:
    import nbformat

    place = scaffold.new_lesson(root, "07", "Czech deployment")[0]
    notebook = json.loads((root / place).read_text(encoding="utf-8"))
    nbformat.validate(nbformat.from_dict(notebook))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids) > 30


@pytest.mark.parametrize(
    ("number", "title", "said"),
    [
        ("5", "Asking", "two digits"),
        ("00", "Asking", "two digits"),
        ("a1", "Asking", "two digits"),
        ("٠٥", "Asking", "two digits"),
        ("05", "", "A title has"),
        ("05", "??", "A title has"),
        ("05", "x" * 61, "A title has"),
        ("05", "one\ntwo", "A title has"),
        ("05", "$number", "A title has"),
        ("05", 'Say "yes"', "A title has"),
    ],
)
def test_what_cannot_be_a_lesson_is_refused_and_nothing_is_written(
    root: Path, number: str, title: str, said: str
) -> None:
    with pytest.raises(ScaffoldError, match=said):
        scaffold.new_lesson(root, number, title)
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_lesson_that_is_there_is_never_overwritten(root: Path) -> None:
    place = root / scaffold.new_lesson(root, "05", "Asking citizens")[0]
    before = place.read_bytes()
    with pytest.raises(ScaffoldError, match=r"Lesson 05 is there already: 05_asking_citizens\.ipynb"):
        scaffold.new_lesson(root, "05", "Another title")
    place.rename(root / "elsewhere")
    with pytest.raises(ScaffoldError, match=r"lesson_05\.py is there already"):
        scaffold.new_lesson(root, "05", "Another title")
    assert (root / "elsewhere").read_bytes() == before
