"""`check`: one clear message in a student's hands, an error only where a tool asks for one."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from helpers.exercises import Answer, Exercise, Number, check, collect, encode, final, snapshots
from helpers.exercises.exercise import Slip
from helpers.exercises.feedback import Note, of_verdict
from helpers.exercises.judge import Verdict, laid_over, slips
from helpers.exercises.records import attempts

checking = importlib.import_module("helpers.exercises.checking")


def said(capsys: pytest.CaptureFixture[str], exercise_id: Any, **names: object) -> str:
    check(exercise_id, namespace=names)
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def progress_file(home: Path) -> Path:
    return home / "state" / "progress.json"


# ------------------------------------------------------------------ in a student's hands


def test_a_right_answer_is_told_with_the_point_to_take_away(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        said(capsys, "90.1", effect=-0.54) == "90.1: Right. 2 of 2 points.\n  A small effect is not none.\n"
    )


def test_a_name_that_does_not_exist_is_not_attempted(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "90.1") == (
        "90.1: Not attempted yet.\n  There is no `effect` yet: write your answer in the cell above and run it.\n"
    )


def test_an_untouched_starter_is_not_attempted_and_told_what_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "one number in scale points, with at least 2 decimals" in said(capsys, "90.1", effect=...)


def test_a_mistake_is_told_after_what_is_already_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "90.1", effect=0.54).splitlines()[1:] == [
        "  Already right: the size.",
        "  You measured withdrawal.",
    ]


def test_partial_credit_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "90.1", effect=-0.27).startswith("90.1: Not right yet. 1 of 2 points.\n")


def test_a_wrong_answer_that_nobody_foresaw_is_told_the_way_to_a_hint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert 'hint("90.1")' in said(capsys, "90.1", effect=99)


def test_check_gives_nothing_back_so_that_nothing_else_is_shown() -> None:
    assert check("90.1", namespace={"effect": 1}) is None  # type: ignore[func-returns-value]


def test_the_name_is_read_where_check_was_called(capsys: pytest.CaptureFixture[str]) -> None:
    exec("effect = -0.54\ncheck('90.1')", {"check": check})
    assert "Right" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("90.99", "Lesson 90 has 90.1"),
        ("nonsense", "No exercise 'nonsense'"),
        (90.1, "a text such as"),
        (None, "a text such as"),
    ],
)
def test_an_unknown_id_is_one_clear_sentence(
    asked: object, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = said(capsys, asked, effect=1)
    assert says in text
    assert len(text.splitlines()) == 2


class Hostile:
    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    __repr__ = __eq__ = __len__ = __hash__ = __getattribute__  # type: ignore[assignment]


def test_a_hostile_object_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert "an object of type Hostile" in said(capsys, "90.1", effect=Hostile())


def broken(exercise_id: str, error: Exception) -> Exercise:
    def expected(context: object) -> object:
        raise error

    return Exercise(exercise_id, 1, "effect", Number(), "?", expected)


def test_a_broken_dataset_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("datasets/us_troops.csv has changed. Restore it.")
    with laid_over({"91": [broken("91.1", error)]}):
        text = said(capsys, "91.1", effect=1)
    assert text == (
        "Nothing was checked.\n  Exercise 91.1 cannot be checked now. datasets/us_troops.csv has changed. Restore it.\n"
    )


def test_a_fault_of_the_course_itself_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("something odd")

    monkeypatch.setattr(checking, "judge", fail)
    assert "The check itself stopped: RuntimeError: something odd" in said(capsys, "90.1", effect=1)


def test_a_state_that_cannot_be_written_is_said_once_and_the_verdict_stands(
    clean_process: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean_process.mkdir()
    (clean_process / "state").write_text("not a folder")
    first, second = said(capsys, "90.1", effect=-0.54), said(capsys, "90.1", effect=-0.54)
    assert "cannot be" in first
    assert "Right." in first
    assert second.startswith("90.1: Right.")
    assert attempts("90.1").tries == 2


@pytest.mark.parametrize(
    "content",
    [
        '{"version": 1, "data": {"attempts": 5, "student": []}}',
        '{"version": 1, "data": {"attempts": {"90.1": [1]}}}',
    ],
)
def test_a_state_that_makes_no_sense_is_read_as_empty(
    content: str, clean_process: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress_file(clean_process).parent.mkdir(parents=True)
    progress_file(clean_process).write_text(content)
    assert said(capsys, "90.1", effect=-0.54).startswith("90.1: Right.")
    assert attempts("90.1").right


# ------------------------------------------------------------------ what is remembered


def test_attempts_are_remembered_and_the_best_counts(clean_process: Path) -> None:
    for value in (..., 0.54, 0.54, 7, -0.54, 9):
        check("90.1", namespace={"effect": value})
    tried = attempts("90.1")
    assert (tried.tries, len(tried.wrong), tried.right, tried.points) == (5, 3, True, 2)
    held = json.loads(progress_file(clean_process).read_text())["data"]["attempts"]["90.1"]
    assert held["mistakes"] == {"sign": 2}


def test_the_file_of_attempts_holds_no_answer(clean_process: Path) -> None:
    check("90.5", namespace={"essay": "My private words about two audiences."})
    assert "private" not in progress_file(clean_process).read_text()


def test_the_last_snapshot_counts() -> None:
    for value in (1, 2):
        check("90.1", namespace={"effect": value})
    assert snapshots()["90.1"] == Answer("number", 2)
    with pytest.raises(TypeError):
        snapshots()["90.1"] = Answer("number", -0.54)  # type: ignore[index]


# ------------------------------------------------------------------ rich display


@pytest.fixture
def shell() -> Any:
    shell = InteractiveShell.instance()
    yield shell
    InteractiveShell.clear_instance()


def test_a_notebook_is_shown_html_with_the_text_beside_it(shell: Any) -> None:
    with capture_output() as captured:
        shell.run_cell("from helpers.exercises import check\neffect = 0.54\ncheck('90.1')")
    assert captured.stdout == captured.stderr == ""
    (output,) = captured.outputs
    assert set(output.data) == {"text/html", "text/plain"}
    assert output.data["text/plain"].startswith("90.1: Not right yet.")
    assert "role='status'" in output.data["text/html"]


@pytest.mark.parametrize("outcome", ["not attempted", "right", "known mistake", "wrong", "recorded"])
def test_every_outcome_is_told_in_words_and_by_a_sign_and_without_a_colour_of_its_own(outcome: str) -> None:
    note = of_verdict(Verdict("90.1", outcome, 0, 2, "Because."))
    assert note.sign
    assert note.heading.endswith(".")
    assert "#" not in note.html()
    assert "color:inherit" in note.html()
    assert "font-size:12pt" in note.html()


def test_headings_of_the_outcomes_differ() -> None:
    headings = {
        of_verdict(Verdict("90.1", outcome, 0, 2)).heading
        for outcome in ("not attempted", "right", "wrong", "recorded")
    }
    assert len(headings) == 4


def test_what_a_student_wrote_is_escaped() -> None:
    note = Note("<b>", ("`<img src=x onerror=alert(1)>` and `x`",), "<")
    assert "<img" not in note.html()
    assert "<b>" not in note.html()
    assert "<code>x</code>" in note.html()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*Every* arrangement, and *less safe*.", "<em>Every</em> arrangement, and <em>less safe</em>."),
        ("The share (*more*) counts", "The share (<em>more</em>) counts"),
        ("`2 *x* 3` and *x*", "<code>2 *x* 3</code> and <em>x</em>"),
        ("2 * 3 * 4, 2*3*4, **kwargs**, * x *", "2 * 3 * 4, 2*3*4, **kwargs**, * x *"),
        ("*<b>*", "<em>&lt;b&gt;</em>"),
    ],
)
def test_what_stands_between_asterisks_is_stressed_and_a_product_is_not(text: str, shown: str) -> None:
    assert f">{shown}<" in Note("Heading", (text,)).html()


def test_a_display_that_fails_falls_back_to_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_note: Note) -> None:
        raise RuntimeError

    monkeypatch.setattr(checking, "show", fail)
    assert "Right." in said(capsys, "90.1", effect=-0.54)


# ------------------------------------------------------------------ instructors' tools


@pytest.fixture
def nbgrader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")


@pytest.mark.usefixtures("nbgrader")
def test_under_nbgrader_a_right_answer_prints_and_writes_nothing_to_disk(
    clean_process: Path, shell: Any
) -> None:
    with capture_output() as captured:
        result = shell.run_cell("from helpers.exercises import check\neffect = -0.54\ncheck('90.1')")
    assert result.success
    assert captured.stdout.startswith("90.1: Right.")
    assert captured.stderr == ""
    assert captured.outputs == []
    assert not clean_process.exists()


@pytest.mark.usefixtures("nbgrader")
@pytest.mark.parametrize(
    ("asked", "names", "says"),
    [
        ("90.1", {"effect": 0.54}, "You measured withdrawal."),
        ("90.1", {"effect": -0.27}, "Not right yet. 1 of 2 points."),
        ("90.1", {}, "Not attempted yet."),
        ("90.5", {"essay": "too few"}, "write at least 5"),
        ("90.5", {"essay": ""}, "Not attempted yet."),
        ("90.99", {}, "No exercise '90.99'"),
    ],
)
def test_under_nbgrader_anything_else_raises_with_its_message(
    asked: str, names: dict[str, object], says: str
) -> None:
    with pytest.raises(AssertionError) as error:
        check(asked, namespace=names)
    assert says in str(error.value)


@pytest.mark.usefixtures("nbgrader")
def test_under_nbgrader_words_of_enough_length_pass() -> None:
    check("90.5", namespace={"essay": "One speaks to two audiences."})


@pytest.mark.usefixtures("nbgrader")
def test_under_nbgrader_a_broken_dataset_raises() -> None:
    with laid_over({"91": [broken("91.1", ValueError("gone"))]}), pytest.raises(AssertionError, match="gone"):
        check("91.1", namespace={"effect": 1})


# ------------------------------------------------------------------ a process without the bank


def test_without_a_bank_check_takes_a_snapshot_and_judges_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    held = slips("90", "ab12")
    for name in ("find", "judge", "inputs_of"):
        monkeypatch.delattr(checking, name)
    collect(held)
    check("90.1", namespace={"effect": 0.54})
    check("90.9", namespace={"reply": lambda own, other: own})
    assert capsys.readouterr().out == "90.1: taken.\n90.9: taken.\n"
    assert snapshots()["90.1"] == Answer("number", 0.54)
    assert snapshots()["90.9"].kind == "calls"


@pytest.mark.usefixtures("nbgrader")
def test_without_a_bank_check_does_not_raise_under_nbgrader_either() -> None:
    collect([Slip("90.1", "effect")])
    check("90.1", namespace={"effect": 7})
    check("90.99", namespace={})
    check(Hostile, namespace={})  # type: ignore[arg-type]


def test_the_last_snapshot_counts_or_the_final_value_if_no_check_ran() -> None:
    held = [Slip("90.1", "effect"), Slip("90.2", "share"), Slip("90.3", "host")]
    collect(held)
    check("90.1", namespace={"effect": 1})
    assert {slip.exercise_id: final(slip, {"effect": 2, "share": 0.5}) for slip in held} == {
        "90.1": encode(1),
        "90.2": encode(0.5),
        "90.3": Answer("missing", source="undefined"),
    }


def test_a_listener_hears_of_each_snapshot() -> None:
    heard: list[tuple[str, Answer]] = []
    collect([Slip("90.1", "effect")], lambda exercise_id, answer: heard.append((exercise_id, answer)))
    for effect in (1, 2):
        check("90.1", namespace={"effect": effect})
    collect([])
    check("90.1", namespace={"effect": 3})
    assert heard == [("90.1", encode(1)), ("90.1", encode(2))]


def test_answers_of_libraries_leave_the_snapshot_small() -> None:
    check("90.7", namespace={"hosts": pd.DataFrame(np.zeros((2_000_000, 2)))})
    assert snapshots()["90.7"].kind == "too_big"
    assert len(snapshots()["90.7"].to_json()) < 200


# ------------------------------------------------------------------ names that look alike, and old values


def test_a_misspelt_name_is_pointed_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is also `efect`" in said(capsys, "90.1", efect=-0.54)
    assert "There is also `Effect`" in said(capsys, "90.1", Effect=-0.54, effect=0.2)


def test_another_name_that_only_resembles_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is also" not in said(capsys, "90.1", effects=[1], effect=-0.54)
    assert "There is also" not in said(capsys, "90.1", data=-0.54)


def test_a_check_after_a_cell_that_failed_warns_of_an_old_value(shell: Any) -> None:
    def told(cell: str) -> str:
        with capture_output() as captured:
            shell.run_cell(cell)
        return "".join(output.data["text/plain"] for output in captured.outputs)

    told("from helpers.exercises import check\neffect = -0.54")
    told("effect = missing_name")
    assert "from before it" in told("check('90.1')")
    assert "from before it" not in told("check('90.1')")
