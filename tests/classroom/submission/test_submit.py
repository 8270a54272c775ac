"""Handing in a lesson: the right notebook, a run from the top, and words that help before the deadline."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpers.classroom.grading.model import Event, Job, Run, SandboxError
from helpers.classroom.grading.notebook_file import Notebook, parse
from helpers.classroom.submission import archive, command, trial
from helpers.classroom.submission.command import SubmitError, submit
from helpers.exercises.exercise import Slip

ROOT = Path(__file__).parents[3]
NAME = "1_assurance_theory/01_two_audiences.ipynb"
NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's own folder with the untouched lesson."""
    folder = tmp_path / "work"
    monkeypatch.setenv("COURSE_HOME", str(folder))
    lay(folder, NAME, json.loads((ROOT / "lessons" / NAME).read_text(encoding="utf-8")))
    return folder


def lay(folder: Path, name: str, notebook: dict[str, Any]) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def model() -> dict[str, Any]:
    """Lesson 01 with all answers."""
    content: dict[str, Any] = json.loads((ROOT / "solutions" / NAME).read_text(encoding="utf-8"))
    return content


def cells(*sources: str) -> dict[str, Any]:
    """A notebook of code cells; a text that begins with # and a blank is a heading."""
    made = [
        {
            "cell_type": "markdown" if text.startswith("## ") else "code",
            "source": text,
            "metadata": {},
            "outputs": [],
        }
        for text in sources
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"course": {"lesson": "01_x"}}, "cells": made}


class Silent:
    """A runner that gives one run and executes nothing."""

    def __init__(self, **parts: Any) -> None:
        self.parts, self.jobs = parts, list[Job]()

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, jobs: Any) -> Any:
        self.jobs = list(jobs)
        yield Run("1", **self.parts)


# ------------------------------------------------------------------ with the real runner


def test_all_answers_are_found_in_a_finished_lesson(work: Path) -> None:
    lay(work, NAME, model())
    handed = submit("01", now=NOON)
    assert handed.path == work / "submitted" / "01_self-study.zip"
    assert handed.message.startswith("Lesson 01: 4 of 4 answers found.")
    assert {answer.state for answer in handed.submission.answers} == {"found"}
    assert handed.submission.failure is None
    read = archive.read(handed.path)
    assert read.changed == ()
    assert read.submission == handed.submission
    assert read.submission.notebook == (work / NAME).read_bytes()
    assert set(read.receipt.splitlines()) <= set(handed.message.splitlines())
    assert f"Hand in this file: {handed.path}\n" in handed.message


def test_nothing_is_said_about_right_or_wrong(work: Path) -> None:
    notebook = model()
    answer = next(cell for cell in notebook["cells"] if cell["id"] == "answer-01-2")
    answer["source"] = "shares_1968 = [0.1, 0.2]"
    lay(work, NAME, notebook)
    message = submit("01").message
    assert "4 of 4 answers found" in message
    assert not re.search(r"\b(right|wrong|correct|\d points?)\b", message)


def test_a_notebook_that_runs_only_out_of_order_names_the_first_cell_that_fails(work: Path) -> None:
    lay(
        work, NAME,
        cells("## Start", "import math", "## 5. Who counts?",
             "# shares\nshares_1968 = [pacts, 1]", "## 6. Later", "pacts = 0.5"),
    )  # fmt: skip
    handed = submit("01")
    failure = handed.submission.failure
    assert failure is not None
    assert (failure.cell, failure.heading, failure.line) == (2, "5. Who counts?", "shares_1968 = [pacts, 1]")
    assert "NameError" in failure.text
    assert 'set only further down, in code cell 3 (under "6. Later")' in failure.text
    states = {answer.name: answer.state for answer in handed.submission.answers}
    assert states == {
        "comparison": "not found",
        "shares_1968": "error",
        "halved": "not found",
        "letter": "not found",
    }
    assert 'code cell 2, under "5. Who counts?". It begins: shares_1968 = [pacts, 1]' in handed.message


def test_a_name_that_no_cell_sets_any_more_is_said_to_be_gone(work: Path) -> None:
    lay(work, NAME, cells("halved = gone"))
    failure = submit("01").submission.failure
    assert failure is not None
    assert "No cell sets `gone`" in failure.text


def test_an_untouched_lesson_has_no_answers_and_no_failure(work: Path) -> None:
    handed = submit("01")
    assert "0 of 4 answers found" in handed.message
    assert "`letter` is still ..." in handed.message
    assert handed.submission.failure is None


def test_the_same_work_at_the_same_time_gives_the_same_file(work: Path) -> None:
    first, second = submit("01", now=NOON), submit("01", now=NOON)
    assert first.path != second.path
    assert first.path.read_bytes() == second.path.read_bytes()


def test_without_a_strict_sandbox_a_process_does_and_is_named(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.classroom.grading import sandbox

    monkeypatch.setattr(sandbox, "trial", lambda: sandbox.Trial("bubblewrap is not installed."))
    lay(work, NAME, model())
    handed = submit("01")
    assert handed.submission.sandbox == "process"
    assert "4 of 4" in handed.message
    assert "not needed for your own code" in handed.message


def test_the_id_that_the_notebook_declares_names_the_file(work: Path) -> None:
    lay(work, NAME, cells("from helpers import student\nstudent('ada-17')"))
    assert submit("01").path.name == "01_ada-17.zip"


# ------------------------------------------------------------------ without one


def test_where_nothing_can_be_run_the_file_is_written_and_says_so(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> Any:
        raise SandboxError("Submissions are run by forking, which Windows cannot do.")

    monkeypatch.setattr(trial, "best_runner", refuse)
    handed = submit("01")
    assert handed.message.startswith("Lesson 01: handed in without a trial.")
    assert "Windows cannot" in handed.message
    assert {answer.state for answer in archive.read(handed.path).submission.answers} == {"not tried"}


def test_the_runner_gets_names_and_no_answer(work: Path) -> None:
    silent = Silent()
    submit("01", runner=silent)
    assert [(slip.exercise_id, slip.name) for slip in silent.jobs[0].slips] == [
        ("01.1", "comparison"), ("01.2", "shares_1968"), ("01.3", "halved"), ("01.4", "letter"),
    ]  # fmt: skip
    assert work.exists()


def test_the_first_of_several_failures_is_named() -> None:
    notebook = parse(json.dumps(cells("a = 1", "b = x", "c = y")).encode())
    events = (Event(2, "error", "Cell 2 stopped: E"), Event(3, "error", "Cell 3 stopped: E"))
    seen = trial.seen(notebook, [Slip("01.1", "c", None)], Run("1", events=events))
    assert seen.failure is not None
    assert seen.failure.cell == 2
    assert seen.answers[0].state == "error"
    assert seen.answers[0].note == "Cell 3 stopped: E"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('{"kind":"number","value":1}', "found"),
        ('{"kind":"missing","value":null,"source":"Ellipsis"}', "not found"),
        ('{"kind":"too_big","value":null,"source":"much"}', "error"),
        ('{"kind":"calls","value":[{"kind":"error","value":null,"source":"NameError"}]}', "error"),
        ("nonsense", "error"),
    ],
)
def test_each_kind_of_answer_is_told(text: str, state: str) -> None:
    notebook = parse(json.dumps(cells("a = 1")).encode())
    seen = trial.seen(notebook, [Slip("01.1", "a", None)], Run("1", answers={"01.1": text}))
    assert seen.answers[0].state == state


def test_the_notebook_with_work_in_it_is_taken_and_two_are_refused(work: Path) -> None:
    lay(work, "1_assurance_theory/01_two_audiences.new.ipynb", model())
    assert command.find_notebook(work, "01").name == "01_two_audiences.new.ipynb"
    lay(work, NAME, {**model(), "metadata": {}})
    with pytest.raises(SubmitError, match="several notebooks of lesson 01"):
        command.find_notebook(work, "01")


def test_a_notebook_in_the_submitted_folder_or_in_a_checkpoint_is_no_candidate(work: Path) -> None:
    for folder in ("submitted", "1_assurance_theory/.ipynb_checkpoints"):
        lay(work, f"{folder}/01_two_audiences.ipynb", model())
    assert command.find_notebook(work, "01") == work / NAME


def test_running_the_untouched_notebook_does_not_make_it_the_students(work: Path) -> None:
    raw = json.loads((work / NAME).read_text(encoding="utf-8"))
    code = next(cell for cell in raw["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "ran"}]
    lay(work, NAME, raw)
    assert not command._is_touched(work / NAME)


@pytest.mark.parametrize(
    ("lesson", "file", "said"),
    [
        ("77", None, "Lesson '77' has no exercises"),
        ("01", "none.ipynb", "There is no file none.ipynb"),
        ("01", "broken.ipynb", "is not JSON"),
        ("01", "other.ipynb", "says that it is 06_germany"),
    ],
)
def test_what_cannot_be_handed_in_is_one_sentence(
    work: Path, lesson: str, file: str | None, said: str
) -> None:
    (work / "broken.ipynb").write_text("no")
    lay(work, "other.ipynb", {**cells("a = 1"), "metadata": {"course": {"lesson": "06_germany"}}})
    with pytest.raises(SubmitError, match=re.escape(said)):
        submit(lesson, Path(file) if file else None)
    assert not (work / "submitted").exists()


def test_an_empty_folder_says_how_to_get_the_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    with pytest.raises(SubmitError, match="course lab"):
        submit("01")


def test_what_is_remembered_of_other_lessons_stays_at_home(work: Path) -> None:
    state = work / "state" / "progress.json"
    state.parent.mkdir(parents=True)
    held = {"student": "ada", "hints": {"01.1": 1, "06.2": 3}, "quiz": {"06.q1": {}}, "beliefs": {"01": [50]}}
    state.write_text(json.dumps({"version": 1, "data": held}), encoding="utf-8")
    handed = submit("01", runner=Silent())
    kept = json.loads(archive.read(handed.path).submission.state)
    assert kept == {"student": "ada", "hints": {"01.1": 1}, "beliefs": {"01": [50]}}
    assert handed.path.name == "01_ada.zip"


def remember(work: Path, name: str, data: dict[str, Any]) -> None:
    folder = work / "state"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"version": 1, "data": data}), encoding="utf-8")


def test_the_labs_that_the_notebook_names_travel_and_no_others(work: Path) -> None:
    remember(work, "deployment_atlas", {"params": {"years": [1950, 1990]}})
    remember(work, "guarantee_game", {"params": {"cost": 2.0}})
    kept = json.loads(archive.read(submit("01", runner=Silent()).path).submission.state)
    assert kept["labs"] == {"deployment_atlas": {"params": {"years": [1950, 1990]}}}


def test_answers_to_a_survey_never_travel_whatever_the_notebook_names(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers import labs

    assert "SurveyLab" in labs.PRIVATE
    monkeypatch.setattr(labs, "__all__", [*labs.__all__, "SurveyLab"])
    for name in ("survey_lab", "survey_lab_germany", "survey_lab_czech_republic"):
        remember(work, name, {"answers": {"ideology": "an opinion"}})
    remember(work, "mechanism_map", {"params": {"people": 3}})
    text = "SurveyLab('germany')\nsurvey_lab = SurveyLab()\nsurvey_lab_germany = 1\nMechanismMap()"
    notebook = Notebook((text,))
    assert set(command.lab_states(notebook)) == {"mechanism_map"}
    lay(work, "01_more.ipynb", cells('check("01.1")', text))
    handed = submit("01", work / "01_more.ipynb", runner=Silent())
    with zipfile.ZipFile(handed.path) as held:
        everything = b"".join(held.read(name) for name in held.namelist())
    assert b"an opinion" not in everything
    assert b"mechanism_map" in everything


def test_a_state_that_is_too_large_or_broken_stays_and_the_rest_is_handed_in(work: Path) -> None:

    remember(work, "mechanism_map", {"params": "x" * 600_000})
    (work / "state" / "comparison_lab.json").write_text("{", encoding="utf-8")
    remember(work, "deployment_atlas", {"params": {}, "text": "\ud800"})
    named = Notebook(("MechanismMap(); ComparisonLab(); DeploymentAtlas()",))
    assert set(command.lab_states(named)) == {"deployment_atlas"}
    assert command.state_of("01", {}, command.lab_states(named))
