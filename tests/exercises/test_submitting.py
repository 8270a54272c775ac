"""The button at a lesson's end: it starts the command and shows what it says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from helpers.exercises import submitting
from helpers.exercises.submitting import card, run, submit

ROOT = Path(__file__).parents[2]
LESSON = "1_assurance_theory/01_two_audiences.ipynb"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    (tmp_path / LESSON).parent.mkdir()
    shutil.copy(ROOT / "lessons" / LESSON, tmp_path / LESSON)
    return tmp_path


def test_a_press_hands_in_and_shows_the_receipt(work: Path) -> None:
    shown = card("01")
    outcome = shown.press()
    assert outcome.text == "Lesson 01: 0 of 4 answers found."
    assert str(work / "submitted" / "01_self-study.zip") in outcome.detail
    assert outcome.detail in repr(shown)


def test_what_cannot_be_handed_in_is_one_sentence(work: Path) -> None:
    (work / LESSON).unlink()
    assert run("01").text.startswith("Nothing was handed in: There is no notebook of lesson 01")


def test_the_notebook_of_this_kernel_is_the_one_that_counts(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = work / "01_mine.ipynb"
    content = json.loads((work / LESSON).read_text(encoding="utf-8"))
    content["cells"][-1]["source"] = "mine"
    other.write_text(json.dumps(content), encoding="utf-8")
    monkeypatch.setenv("JPY_SESSION_NAME", str(other))
    assert "01_mine.ipynb, saved" in run("01").detail
    monkeypatch.setenv("JPY_SESSION_NAME", str(work / "06_other.ipynb"))
    assert submitting._this_notebook("01") == []


def test_a_module_of_the_students_does_not_get_in_the_way(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "helpers.py").write_text("raise SystemExit('mine')")
    monkeypatch.chdir(work)
    assert "answers found" in run("01").text


def test_it_is_silent_where_a_tool_runs_the_notebook(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("NBGRADER_EXECUTION", "COURSE_NO_DRAW"):
        monkeypatch.setenv(name, "1")
        submit("01")
        monkeypatch.delenv(name)
    assert capsys.readouterr().out == ""


def test_without_a_notebook_it_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    submit("01")
    assert "In a terminal: course submit 01" in capsys.readouterr().out


def test_an_unknown_lesson_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    submit("1")
    assert capsys.readouterr().out.startswith("There is no lesson '1' to hand in. There are: ")
