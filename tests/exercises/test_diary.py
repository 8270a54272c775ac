"""Beliefs, the paths that lesson 15 draws, and the concept test."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from helpers.data.texts import concept_questions
from helpers.exercises import belief_path, beliefs, concept_test, prediction_path
from helpers.exercises.concepts import Sitting, gain
from helpers.exercises.diary import belief, concept_choices, record_belief
from helpers.exercises.records import FILE, commit, record_outcome

records = importlib.import_module("helpers.exercises.records")


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    shown: list[Any] = []
    for name in ("believing", "concepts"):
        monkeypatch.setattr(importlib.import_module(f"helpers.exercises.{name}"), "put", shown.append)
    return shown


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    times = [f"2026-03-0{day}T10:00:00+00:00" for day in range(1, 10)]
    for name in ("records", "diary"):
        monkeypatch.setattr(importlib.import_module(f"helpers.exercises.{name}"), "now", lambda: times.pop(0))
    return times


# ------------------------------------------------------------------ beliefs


def test_a_belief_is_kept_with_its_lesson_and_time(cards: list[Any], clock: list[str]) -> None:
    beliefs("01")
    reply = cards[0].keep([60, 30])
    assert reply.locked
    assert reply.text.startswith("Kept: 60 % and 30 %.")
    assert belief_path().to_dict("records") == [
        {"lesson": "01", "question": "deployments", "belief": 60, "time": "2026-03-01T10:00:00+00:00"},
        {"lesson": "01", "question": "distant_wars", "belief": 30, "time": "2026-03-01T10:00:00+00:00"},
    ]


def test_a_belief_that_was_kept_stays_whichever_card_asks_again(cards: list[Any]) -> None:
    beliefs("01")
    beliefs("01")
    cards[0].keep([60, 30])
    assert "60 % and 30 %" in cards[1].keep([1, 2]).text
    beliefs("01")
    assert "60 % and 30 %" in cards[2].keep([3, 4]).text
    assert belief("01") == {"deployments": 60, "distant_wars": 30}


def test_the_next_lesson_says_what_was_believed_before(cards: list[Any]) -> None:
    beliefs("01", 60, 30)
    beliefs("04", 50, 20)
    assert "Before, in lesson 01: 60 % and 30 %." in str(cards[-1])
    assert list(belief_path()["lesson"]) == ["01", "01", "04", "04"]


@pytest.mark.parametrize(
    "values", [(60, None), (None, 30), (-1, 5), (101, 5), (True, 5), ("60", 5), (60.5, 5)]
)
def test_numbers_that_are_no_per_cent_are_one_sentence(
    values: Any, cards: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    beliefs("01", *values)
    assert "whole one from 0 to 100" in capsys.readouterr().out
    assert belief("01") is None


@pytest.mark.parametrize("lesson", ["99", "1", 1, None])
def test_a_lesson_that_does_not_exist_keeps_nothing(
    lesson: Any, capsys: pytest.CaptureFixture[str], clean_process: Path
) -> None:
    beliefs(lesson, 1, 2)
    assert "There is no lesson" in capsys.readouterr().out
    assert not clean_process.exists()


def test_without_a_notebook_the_card_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    beliefs("01")
    assert "from 0 (surely false) to 100 (surely true)" in capsys.readouterr().out


def test_the_paths_are_tables_of_one_shape_when_nothing_is_kept() -> None:
    assert {name: str(kind) for name, kind in belief_path().dtypes.items()}["belief"] == "int64"
    assert len(belief_path()) == len(prediction_path()) == 0
    assert str(prediction_path()["right"].dtype) == "boolean"


def test_predictions_are_told_with_confidence_outcome_and_time(clock: list[str]) -> None:
    commit("02.1", 1, 70)
    commit("01.1", 0, 90)
    record_outcome("01.1", right=True)
    table = prediction_path()
    assert list(table["prediction"]) == ["01.1", "02.1"]
    assert list(table["confidence"]) == [90, 70]
    assert list(table["lesson"]) == ["01", "02"]
    assert table["right"].iloc[0]
    assert table["right"].isna().tolist() == [False, True]
    assert table["time"].iloc[1] == "2026-03-01T10:00:00+00:00"


# ------------------------------------------------------------------ the concept test


def right_option(place: int) -> int:
    return [option.right for option in concept_questions()[place].options].index(True)


def test_before_the_course_nothing_is_said_of_right_and_wrong(cards: list[Any]) -> None:
    concept_test("before")
    replies = [card.choose(0) for card in cards]
    assert {(reply.text, reply.right, reply.locked) for reply in replies} == {("Kept.", None, False)}


def test_an_answer_before_may_be_changed_until_the_second_run_begins(cards: list[Any]) -> None:
    concept_test("before")
    cards[0].choose(0)
    cards[0].choose(1)
    assert concept_choices("before") == {"c01": 1}
    Sitting("after").choose(3, 0)
    cards[0].choose(2)
    assert concept_choices("before") == {"c01": 1}


def test_after_the_course_nothing_is_explained_before_the_last_answer(cards: list[Any]) -> None:
    concept_test("after")
    said = [cards[place].choose(right_option(place)) for place in range(9)]
    assert {(reply.text, reply.right) for reply in said} == {("Kept.", None)}
    last = cards[9].choose((right_option(9) + 1) % 4)
    assert last.right is False
    assert last.locked
    assert f"Right is: “{concept_questions()[9].options[right_option(9)].text}”" in last.text
    for place in range(9):
        assert str(cards[place]).endswith(f"(Lesson {concept_questions()[place].lesson}.)")
        assert cards[place]._content["right"] is True
        assert "Right is:" not in str(cards[place])


def test_the_second_run_cannot_be_improved_once_it_is_explained(cards: list[Any]) -> None:
    concept_test("after")
    for card in cards:
        card.choose(0)
    before = concept_choices("after")
    concept_test("after")
    for card in cards[10:]:
        card.choose(1)
    sitting = Sitting("after")
    sitting.choose(0, 2)
    assert concept_choices("after") == before


def test_the_gain_counts_what_was_answered_both_times(
    cards: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    concept_test("before")
    for place in range(8):
        cards[place].choose(right_option(place) if place < 3 else (right_option(place) + 1) % 4)
    concept_test("after")
    for place in range(10):
        cards[10 + place].choose(right_option(place) if place < 7 else (right_option(place) + 1) % 4)
    assert (gain().both, gain().right_before, gain().right_after) == (8, 3, 7)
    capsys.readouterr()
    concept_test("after")
    said = capsys.readouterr().out
    assert "7 of 10 are right." in said
    assert "Of the 8 answered both times, 3 were right before and 7 are right now: 4 more." in said


def test_without_a_first_run_there_is_nothing_to_compare_with() -> None:
    assert "nothing to compare with" in str(gain())


def test_a_run_that_does_not_exist_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    concept_test("now")
    assert "'now' is neither" in capsys.readouterr().out


def test_the_concept_test_is_ten_questions_with_four_options_and_one_right() -> None:
    questions = concept_questions()
    assert len(questions) == len({each.id for each in questions}) == 10
    for each in questions:
        assert len(each.options) == 4
        assert sum(option.right for option in each.options) == 1
        assert len({option.why for option in each.options}) == 4
        assert all(len(option.why.split()) >= 5 for option in each.options)


def test_neither_place_nor_length_gives_the_right_option_away() -> None:
    places = [right_option(place) for place in range(10)]
    assert max(places.count(place) for place in range(4)) <= 4
    longest = sum(
        max(question.options, key=lambda option: len(option.text)).right for question in concept_questions()
    )
    assert longest <= 4


@pytest.mark.parametrize("variable", ["NBGRADER_EXECUTION", "COURSE_NO_DRAW"])
def test_while_a_tool_grades_nothing_is_shown_or_kept(
    variable: str,
    monkeypatch: pytest.MonkeyPatch,
    cards: list[Any],
    capsys: pytest.CaptureFixture[str],
    clean_process: Path,
) -> None:
    monkeypatch.setenv(variable, "1")
    beliefs("01", 1, 2)
    concept_test("before")
    assert cards == []
    assert capsys.readouterr().out == ""
    assert not clean_process.exists()


@pytest.mark.parametrize(
    "odd", [None, 5, "x", [], {"01": 5}, {"01": {"deployments": "60"}}, {"01": {"deployments": 5}}]
)
def test_odd_entries_in_the_file_count_as_nothing(odd: Any) -> None:
    FILE.write({"beliefs": odd, "concept_test": odd, "predictions": odd, "warm_ups": odd})
    assert len(belief_path()) == len(prediction_path()) == 0
    assert concept_choices("01") == {}
    record_belief("01", {"deployments": 1, "distant_wars": 2})
    assert belief("01") == {"deployments": 1, "distant_wars": 2}


def test_the_file_holds_plain_numbers_and_times(clean_process: Path) -> None:
    record_belief("01", {"deployments": 1, "distant_wars": 2})
    data = json.loads((clean_process / "state" / "progress.json").read_text())["data"]
    assert set(data["beliefs"]["01"]) == {"deployments", "distant_wars", "time"}
