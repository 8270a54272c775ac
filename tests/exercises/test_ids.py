"""What an exercise's id looks like, wherever one is read."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.classroom.build import CHECK
from helpers.exercises.exercise import EXERCISE_ID, ExerciseError, is_exercise_id
from helpers.exercises.judge import UnknownExercise, find

ROOT = Path(__file__).parents[2]
GOOD = ("00.0", "00.1", "00.9", "00.10", "00.12", "06.3", "16.99")
BAD = (
    "0.1",
    "00.",
    "00.01",
    "00.100",
    "000.1",
    "00.1 ",
    " 00.1",
    "00.1\n",
    "00,1",
    "٠٠.١",
    "00.x",
    "",
    None,
    0.1,
)


@pytest.mark.parametrize("text", GOOD)
def test_a_number_from_0_to_99_makes_an_id(text: str) -> None:
    assert is_exercise_id(text)
    found = CHECK.search(f'check("{text}")')
    assert found is not None
    assert found["id"] == text


@pytest.mark.parametrize("text", BAD)
def test_anything_else_makes_none(text: object) -> None:
    assert not is_exercise_id(text)
    assert CHECK.search(f'check("{text}")') is None


def test_an_exercise_with_such_an_id_cannot_be_written() -> None:
    with pytest.raises(ExerciseError, match="from 0 to 99"):
        replace(find("00.1"), id="00.100")


def test_neighbours_are_not_taken_for_each_other() -> None:
    assert find("00.1").answer != find("00.12").answer
    with pytest.raises(UnknownExercise, match=r"Lesson 00 has 00\.0, .*00\.1, .*00\.12"):
        find("00.13")


def test_the_pattern_stands_in_one_place() -> None:
    again = re.compile(r"\\d\\d?\\?\.|\[0-9\]\{2\}")
    holders = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "helpers").rglob("*.py"))
        if again.search(path.read_text(encoding="utf-8"))
    ]
    assert holders == ["helpers/exercises/exercise.py"]
    assert EXERCISE_ID in (ROOT / holders[0]).read_text(encoding="utf-8")
