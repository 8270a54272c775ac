"""Hints, quizzes, predictions, progress and the student's id."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from helpers.exercises import (
    Context,
    Option,
    Prediction,
    Question,
    check,
    hint,
    predict,
    progress,
    quiz,
    student,
)
from helpers.exercises.overview import overview
from helpers.exercises.predictions import calibration
from helpers.exercises.questions import UnknownQuestion, prediction_of, quiz_of
from helpers.exercises.records import Commitment, commitment, quiz_choice
from helpers.ui.settings import CourseSettings, write_settings

records = importlib.import_module("helpers.exercises.records")
state = importlib.import_module("helpers.ui.state")


def restart() -> None:
    """Forget what only this process knows, as a new kernel does."""
    records._declared.clear()
    state._kept.clear()
    state._said.clear()


def try_out(*values: object) -> None:
    for value in values:
        check("90.1", namespace={"effect": value})


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> Any:
    def read() -> str:
        return capsys.readouterr().out

    return read


# ------------------------------------------------------------------ hints


def hinted(out: Any, exercise_id: str = "90.1") -> list[str]:
    out()
    hint(exercise_id)
    lines: list[str] = out().splitlines()
    return lines


def test_each_call_reveals_one_step_more(out: Any) -> None:
    assert hinted(out) == ["90.1: Hint 1 of 3", "  1. Which group is the reference?"]
    assert hinted(out)[-1] == "  2. Turn the sign."


def test_the_reasoning_opens_after_two_different_wrong_answers(out: Any) -> None:
    hint("90.1")
    hint("90.1")
    try_out(0.54, 0.54, ..., None)
    assert "after two different attempts of your own (1 attempt so far)" in hinted(out)[-1]
    try_out(7)
    assert hinted(out)[-1] == "  3. A small effect is not none."
    assert hinted(out)[-1] == "  That was the last one."


def test_the_reasoning_opens_at_once_when_the_exercise_is_done(out: Any) -> None:
    try_out(-0.54)
    hint("90.1")
    hint("90.1")
    assert hinted(out)[-1] == "  3. A small effect is not none."


def test_hints_go_on_where_they_stopped_after_a_restart(out: Any) -> None:
    hint("90.1")
    restart()
    assert hinted(out)[0] == "90.1: Hint 2 of 3"


def leave_reasoning_out(folder: Path) -> None:
    write_settings(folder, CourseSettings(show_reasoning=False))


def test_an_instructor_can_leave_the_reasoning_out(out: Any, clean_process: Path) -> None:
    leave_reasoning_out(clean_process)
    try_out(0.54, 7)
    hint("90.1")
    assert hinted(out)[0] == "90.1: Hint 2 of 2"
    assert hinted(out)[-1] == "  That was the last one. The reasoning is kept for class."
    try_out(-0.54)
    assert "A small effect is not none." not in "".join(hinted(out))
    assert hinted(out, "90.2") == ["90.2: There is no hint.", "  Read the task once more."]


def test_the_setting_is_found_beside_and_above_the_notebook(
    out: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "released" / "1_assurance_theory"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert hinted(out)[0] == "90.1: Hint 1 of 3"
    leave_reasoning_out(folder.parent)
    assert hinted(out)[0] == "90.1: Hint 2 of 2"


def test_a_looser_setting_elsewhere_loosens_nothing(
    out: Any, tmp_path: Path, clean_process: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_reasoning_out(clean_process)
    write_settings(tmp_path, CourseSettings(show_reasoning=True))
    monkeypatch.chdir(tmp_path)
    assert hinted(out)[0] == "90.1: Hint 1 of 2"


@pytest.mark.parametrize(
    "odd",
    ["", "{", "[]", "5", '{"show_reasoning": "no"}', "[" * 100_000, '{"a": "' + "x" * 200_000 + '"}', "\x00"],
)
def test_an_odd_settings_file_is_said_once_and_changes_nothing(
    odd: str, out: Any, clean_process: Path
) -> None:
    clean_process.mkdir(parents=True)
    (clean_process / "course_settings.json").write_text(odd)
    out()
    hint("90.1")
    hint("90.1")
    said = out()
    assert said.count("is not used") == 1
    assert "Hint 2 of 3" in said


def test_an_exercise_without_hints_says_so(out: Any) -> None:
    assert hinted(out, "90.5") == ["90.5: There is no hint.", "  Read the task once more."]


def test_no_hint_before_an_attempt_where_there_is_only_the_reasoning(out: Any) -> None:
    assert hinted(out, "90.2")[0] == "90.2: No hint yet"
    assert hinted(out, "90.2")[0] == "90.2: No hint yet"


def test_a_hint_for_an_unknown_exercise_is_one_sentence(out: Any) -> None:
    assert "Lesson 90 has" in hinted(out, "90.77")[1]


# ------------------------------------------------------------------ questions


def count_letters(context: Context) -> int:
    return len(context.student) % 2


QUIZ = (
    Question(
        "90.q1",
        "Who listens?",
        (Option("Adversaries", False, "That is deterrence alone."), Option("Both", True, "Two audiences.")),
    ),
    Question("90.q2", "Why?", (Option("A", True, "Yes."), Option("B", False, "No."))),
)
PREDICTIONS = (
    Prediction("90.1", "Who hosted most?", ("Japan", "Germany"), 1, "Germany hosted most."),
    Prediction("90.2", "More or less?", ("Less", "More"), count_letters, "It depends."),
)


@pytest.fixture(autouse=True)
def lesson_90(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("helpers.exercises.questions.lesson_90")
    module.QUIZ, module.PREDICTIONS = QUIZ, PREDICTIONS  # type: ignore[attr-defined]
    module.__spec__ = importlib.machinery.ModuleSpec(module.__name__, None)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return module


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Cards that would be on the screen."""
    shown: list[Any] = []
    for name in ("quizzes", "predictions"):
        monkeypatch.setattr(importlib.import_module(f"helpers.exercises.{name}"), "put", shown.append)
    return shown  # type: ignore[return-value]


def test_a_quiz_shows_one_card_a_question(cards: list[Any]) -> None:
    quiz("90")
    assert [str(card).splitlines()[:2] for card in cards] == [
        ["Question 1 of 2", "Who listens?"],
        ["Question 2 of 2", "Why?"],
    ]


def test_each_option_has_its_own_word_and_a_wrong_choice_may_be_changed(cards: list[Any]) -> None:
    quiz("90")
    wrong, right = cards[0].choose(0), cards[0].choose(1)
    assert (wrong.text, wrong.right, wrong.locked) == ("That is deterrence alone.", False, False)
    assert (right.text, right.right) == ("Two audiences.", True)


def test_a_quiz_that_is_reopened_shows_the_last_choice(cards: list[Any], clean_process: Path) -> None:
    quiz("90")
    cards[0].choose(0)
    cards[0].choose(1)
    restart()
    quiz("90")
    assert str(cards[2]).endswith("Right. Two audiences.")
    held = json.loads((clean_process / "state" / "progress.json").read_text())["data"]["quiz"]["90.q1"]
    assert (held["first"], held["first_right"], held["last"], held["tries"]) == (0, False, 1, 2)


def test_a_remembered_choice_that_no_longer_exists_is_ignored(cards: list[Any]) -> None:
    records.record_quiz("90.q1", 7, False)
    assert quiz_choice("90.q1") == 7
    quiz("90")
    assert "right" not in str(cards[0]).lower()


@pytest.mark.parametrize("lesson", ["57", "1", 1, None, "../"])
def test_a_lesson_without_a_quiz_is_one_sentence(lesson: Any, out: Any) -> None:
    quiz(lesson)
    assert "has no quiz" in out()


def test_without_a_notebook_a_quiz_is_text(out: Any) -> None:
    quiz("90")
    assert "  A  Adversaries\n  B  Both" in out()


def test_a_question_needs_a_right_option_and_every_option_an_explanation() -> None:
    with pytest.raises(ValueError, match="one that is right"):
        Question("x", "?", (Option("A", False, "No."), Option("B", False, "No.")))
    with pytest.raises(ValueError, match="has no explanation"):
        Option("A", False, " ")


def test_questions_are_found_by_their_ids() -> None:
    assert quiz_of("90") == QUIZ
    assert prediction_of("90.2") is PREDICTIONS[1]
    with pytest.raises(UnknownQuestion, match=r"Lesson 90 has 90\.1, 90\.2\."):
        prediction_of("90.7")


# ------------------------------------------------------------------ predictions


def test_a_prediction_is_kept_with_its_confidence(cards: list[Any]) -> None:
    predict("90.1")
    reply = cards[0].choose(1, 80)
    assert reply.locked
    assert "Germany, 80 % sure" in reply.text
    assert commitment("90.1") == Commitment(1, 80)


def test_a_commitment_cannot_be_changed_from_anywhere(cards: list[Any]) -> None:
    predict("90.1")
    predict("90.1")
    cards[0].choose(1, 80)
    assert "Germany, 80 % sure" in cards[0].choose(0, 10).text
    assert "Germany, 80 % sure" in cards[1].choose(0, 10).text
    restart()
    predict("90.1")
    assert cards[2]._content["locked"]
    assert "Germany, 80 % sure" in cards[2].choose(0, 10).text
    assert commitment("90.1") == Commitment(1, 80)


def test_the_reveal_compares_guess_confidence_and_data(cards: list[Any], out: Any) -> None:
    predict("90.1")
    cards[0].choose(0, 70)
    predict("90.1", reveal=True)
    lines = out().splitlines()
    assert lines[0] == "Your guess did not come true."
    assert lines[1] == "  Your guess: Japan, 70 % sure."
    assert lines[2] == "  The answer: Germany. Germany hosted most."
    assert "70 in 100" in lines[3]


def test_the_reveal_adds_up_all_predictions(cards: list[Any], out: Any) -> None:
    student("ab12")
    for prediction, choice, sure in (("90.1", 1, 90), ("90.2", 1, 70)):
        predict(prediction)
        cards[-1].choose(choice, sure)
        predict(prediction, reveal=True)
    assert (
        out().splitlines()[-1] == "  So far you were right in 1 of 2 predictions, and 80 % sure on average."
    )
    assert commitment("90.2") == Commitment(1, 70, False)


def test_nothing_is_revealed_before_a_commitment(out: Any) -> None:
    predict("90.1", reveal=True)
    text = out()
    assert text.startswith("You have not made a prediction yet.\n")
    assert "Germany" not in text


def test_a_reveal_whose_data_are_broken_is_one_sentence(
    cards: list[Any], out: Any, lesson_90: ModuleType
) -> None:
    def broken(context: Context) -> int:
        raise ValueError("The dataset has\nchanged.")

    lesson_90.PREDICTIONS = (Prediction("90.1", "?", ("a", "b"), broken, "x"),)  # type: ignore[attr-defined]
    predict("90.1")
    cards[0].choose(0, 50)
    predict("90.1", reveal=True)
    assert out().splitlines() == [
        "Nothing was revealed.",
        "  The answer could not be found in the data: The dataset has changed.",
    ]


def test_an_unknown_prediction_is_one_sentence(out: Any) -> None:
    predict("90.7")
    assert "Lesson 90 has 90.1, 90.2." in out()


def test_calibration_leaves_out_what_is_not_revealed() -> None:
    assert calibration([Commitment(0, 10)]) == "No prediction has an outcome yet."
    assert "right in 1 of 2 predictions, and 75 %" in calibration(
        [Commitment(0, 10), Commitment(0, 60, True), Commitment(0, 90, False)]
    )


@pytest.mark.parametrize(("options", "answer"), [(("a",), 0), (("a", "b"), 2), (("a", "b"), -1)])
def test_a_prediction_that_is_written_wrongly_is_refused(options: tuple[str, ...], answer: int) -> None:
    with pytest.raises(ValueError, match="Prediction 'x'"):
        Prediction("x", "?", options, answer, "")


@pytest.mark.parametrize("variable", ["NBGRADER_EXECUTION", "COURSE_NO_DRAW"])
def test_while_a_tool_grades_nothing_is_shown_and_nothing_fails(
    variable: str, monkeypatch: pytest.MonkeyPatch, cards: list[Any], out: Any, clean_process: Path
) -> None:
    monkeypatch.setenv(variable, "1")
    for call in (
        lambda: quiz("90"),
        lambda: quiz("57"),
        lambda: predict("90.1"),
        lambda: predict("x", reveal=True),
    ):
        call()
    progress()
    student("ab12")
    hint("90.1")
    assert cards == []
    assert out() == ""
    assert not clean_process.exists()


# ------------------------------------------------------------------ progress


def test_progress_tells_state_attempts_and_points_of_each_exercise() -> None:
    try_out(0.54, -0.54)
    check("90.5", namespace={"essay": "One speaks to two audiences."})
    check("90.6", namespace={"years": [1]})
    lines = {line.exercise: line for line in overview("90")}
    assert (lines["90.1"].state, lines["90.1"].attempts, lines["90.1"].points) == ("right", "2", "2 of 2")
    assert (lines["90.5"].state, lines["90.5"].points) == ("recorded", "by a person")
    assert (lines["90.6"].state, lines["90.6"].points) == ("attempted", "0 of 1")
    assert lines["90.2"].state == "not attempted"
    assert (lines["Lesson 90"].state, lines["Lesson 90"].points) == ("2 of 10 done", "2 of 15")


def test_progress_of_a_lesson_is_a_table_with_headings(out: Any) -> None:
    progress("90")
    assert out().splitlines()[0].split() == ["Exercise", "State", "Attempts", "Points", "Task"]
    from helpers.exercises.overview import _html

    assert "<th scope='col' style='text-align:left'>State</th>" in _html(overview("90"))
    assert "<caption>" in _html(overview("90"))
    progress("57")
    assert "Lesson '57' has no exercises" in out()


def test_a_reset_asks_first_and_keeps_the_id(out: Any) -> None:
    student("ab12")
    try_out(-0.54)
    out()
    progress(reset=True)
    assert "confirm=True" in out()
    assert records.attempts("90.1").right
    progress(reset=True, confirm=True)
    assert not records.attempts("90.1").right
    restart()
    assert student() == "ab12"


# ------------------------------------------------------------------ the id


def test_without_an_id_the_student_studies_alone() -> None:
    assert student() == "self-study"


def test_the_id_is_remembered_after_a_restart() -> None:
    assert student("ab12") == "ab12"
    restart()
    assert student() == "ab12"


def test_the_id_that_this_notebook_declares_wins_over_the_remembered_one() -> None:
    student("mine")
    state.StateFile("progress").update(lambda data: {**data, "student": "another-notebook"})
    assert student() == "mine"


@pytest.mark.parametrize("good", ["a", "A-1_b.c@uni.de", "x" * 64])
def test_ids_of_letters_digits_and_a_few_signs_are_good(good: str) -> None:
    assert student(good) == good


@pytest.mark.parametrize("bad", ["", "Ann Smith", "x" * 65, "é", "../x", "a\n", 5, "a;b"])
def test_another_id_is_refused_with_what_is_allowed(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"1 to 64 letters, digits and - _ \. @ only"):
        student(bad)
    assert student() == "self-study"


def test_a_remembered_id_that_makes_no_sense_is_ignored() -> None:
    state.StateFile("progress").write({"student": "two words"})
    assert student() == "self-study"


def test_expected_values_follow_the_declared_id(out: Any) -> None:
    from helpers.exercises import Exercise, Integer
    from helpers.exercises.judge import laid_over

    exercise = Exercise("91.1", 1, "n", Integer(), "?", lambda context: len(context.student))
    with laid_over({"91": [exercise]}):
        student("abc")
        check("91.1", namespace={"n": 3})
    assert "Right." in out()
