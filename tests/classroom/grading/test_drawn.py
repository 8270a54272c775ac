"""Inputs that nobody can foresee: drawn from the class's secret, the same each time, worth nothing to who memorises."""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from helpers.classroom.grading.grading import grade, grade_all
from helpers.classroom.grading.private_bank import BankError, exercises_of
from helpers.classroom.grading.results import Book, Result
from helpers.classroom.grading.salt import Salt, asked_of, salt_of
from helpers.exercises import check
from helpers.exercises.codec import encode
from helpers.exercises.judge import inputs_of, judge, laid_over

BANK = """
from helpers.exercises import Exercise, Function, Mistake, Number


def reply(own, other):
    return max(0.0, own - other / 2)


EXERCISES = (
    Exercise(
        "90.1",
        2,
        "reply",
        Function(
            inputs=((10, 4), (3, 8)),
            of=Number(decimals=2),
            draw=lambda uniform: (round(1 + 20 * uniform(), 3), round(30 * uniform(), 3)),
            n_drawn=6,
        ),
        "What an ally buys when the other buys so much.",
        lambda context: reply,
        (Mistake("no floor", lambda context, right: lambda own, other: own - other / 2, "Nobody buys less."),),
    ),
)
"""
# For inputs that it does not know a cheat gives a number beyond all right answers (0 to 21), whatever its sign: a right
# answer of 1 would make -1 the known mistake "sign", once in thirty runs.
HONEST = "def reply(own, other):\n    return own - other / 2 if own > other / 2 else 0"
MEMORISED = "known = {(10, 4): 8, (3, 8): 0}\ndef reply(own, other):\n    return known.get((own, other), -99)"
MISTAKEN = "def reply(own, other):\n    return own - other / 2"
PEEKING = """
import gc
from helpers.exercises.exercise import Slip
asked = [list(map(tuple, slip.inputs)) for slip in gc.get_objects() if isinstance(slip, Slip)]
def reply(own, other):
    return {(10, 4): 8, (3, 8): 0}.get((own, other), -99 - len(asked))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bank").mkdir()
    (tmp_path / "bank" / "lesson_90.py").write_text(BANK)
    return tmp_path / "bank"


def drawn(salt: Salt, folder: Path, student: str) -> Any:
    exercises = exercises_of("90", folder)
    return dict(asked_of(exercises, salt=salt, student=student, drawn_for="self-study"))["90.1"]


# ------------------------------------------------------------------ drawing


def test_inputs_are_those_that_the_secret_gives_by_hand(folder: Path) -> None:
    secret = bytes(range(32))
    rows = []
    for index in range(6):
        parts = [b"ada", b"90.1", str(index).encode()]
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        seed = int(hmac.new(secret, message, hashlib.sha256).hexdigest(), 16)
        first, second = np.random.Generator(np.random.PCG64(seed)).random(2).tolist()
        rows.append((round(1 + 20 * first, 3), round(30 * second, 3)))
    assert drawn(Salt(secret), folder, "ada") == ((10, 4), (3, 8), *rows)


def test_each_secret_student_exercise_and_call_has_its_own_inputs() -> None:
    ways = [
        (secret, student, exercise, index)
        for secret in (bytes(32), bytes(31) + b"\1")
        for student in ("ada", "adb", "", "Zoë \udce9")
        for exercise in ("90.1", "90.2")
        for index in (0, 1)
    ]
    numbers = {Salt(secret).uniform(*rest)() for secret, *rest in ways}
    assert len(numbers) == len(ways)


def test_the_secret_is_never_shown(tmp_path: Path) -> None:
    salt = salt_of(tmp_path)
    assert salt.secret.hex() not in repr(salt)
    assert (tmp_path / "salt").read_text().strip() == salt.secret.hex()
    assert salt_of(tmp_path) == salt


def test_the_notebooks_own_inputs_come_first_and_alone_where_nothing_is_drawn(folder: Path) -> None:
    (exercise,) = exercises_of("90", folder)
    assert inputs_of(exercise, "ada") == ((10, 4), (3, 8))
    assert [
        each for each, _ in asked_of(exercises_of("01"), salt=Salt(b""), student="x", drawn_for="x")
    ] == []


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        ("lambda uniform: (1 / 0,)", "its inputs cannot be drawn. division by zero"),
        ("lambda uniform: 3", "its inputs cannot be drawn."),
        ("lambda uniform: ({1, 2},)", "no plain numbers, texts and lists"),
        ("lambda uniform: (float('nan'),)", "no plain numbers, texts and lists"),
        ("lambda uniform: (), n_drawn=0", "is called at least once"),
    ],
)
def test_a_bank_that_cannot_draw_is_told_before_anything_runs(folder: Path, draw: str, said: str) -> None:
    lines = BANK.splitlines()
    place = next(n for n, line in enumerate(lines) if "draw=lambda" in line)
    text = "\n".join([*lines[:place], f"            draw={draw},", *lines[place + 2 :]])
    (folder / "lesson_90.py").write_text(text)
    with pytest.raises(BankError) as caught:
        exercises_of("90", folder)
    assert said in str(caught.value)


# ------------------------------------------------------------------ end to end

needs_processes = pytest.mark.skipif(
    sys.platform != "linux", reason="NOT RUN: the runner's processes need Linux"
)


@pytest.fixture
def graded(folder: Path, classroom: Any) -> dict[str, Result]:
    for name, cell in {"ada": HONEST, "bob": MEMORISED, "eve": MISTAKEN, "pim": PEEKING}.items():
        classroom.hand_in(name, "from helpers import check", cell, "check('90.1')")
    done = grade_all(
        classroom.submitted, "90", bank=folder, sandbox="process", say=lambda _: None, regrade=True
    )
    return {result.student: result for result in done.results}


@needs_processes
def test_who_knows_the_public_inputs_only_is_not_credited(graded: dict[str, Result], classroom: Any) -> None:
    outcomes = {name: (each.verdicts[0].outcome, each.points) for name, each in graded.items()}
    assert outcomes == {
        "ada": ("right", 2),
        "bob": ("wrong", 0),
        "eve": ("known mistake", 0),
        "pim": ("wrong", 0),
    }
    assert all(result.events == () for result in graded.values())
    salt = salt_of(classroom.results)
    text = (classroom.results / "90.jsonl").read_text()
    assert {json.loads(line)["stamp"]["salt"] for line in text.splitlines()} == {salt.fingerprint}
    assert salt.secret.hex() not in text


@needs_processes
def test_the_notebook_and_the_grader_agree_on_all_but_what_was_memorised(
    graded: dict[str, Result],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COURSE_HOME", str(folder.parent / "home"))
    (exercise,) = exercises_of("90", folder)
    said = {}
    with laid_over({"90": (exercise,)}):
        for name, cell in {"ada": HONEST, "bob": MEMORISED, "eve": MISTAKEN}.items():
            names: dict[str, Any] = {}
            exec(cell, names)
            said[name] = judge("90.1", encode(names["reply"], inputs=exercise.kind.inputs), name).outcome  # type: ignore[attr-defined]
            check("90.1", namespace=names)
    assert said == {"ada": "right", "bob": "right", "eve": "known mistake"}
    assert {name: graded[name].verdicts[0].outcome for name in ("ada", "eve")} == {
        "ada": "right",
        "eve": "known mistake",
    }
    told = capsys.readouterr().out
    assert told.count("Right") == 2


def test_each_student_is_asked_something_else_and_the_same_again(
    folder: Path, classroom: Any, runner: Any
) -> None:
    for name in ("ada", "bob"):
        classroom.hand_in(name, HONEST)
    first = grade_all(classroom.submitted, "90", bank=folder, opener=runner, say=lambda _: None)
    asked = [job.slips[0].inputs for job in runner.jobs]
    again = grade_all(classroom.submitted, "90", bank=folder, opener=runner, say=lambda _: None, regrade=True)
    assert [job.slips[0].inputs for job in runner.jobs[2:]] == asked
    assert asked[0] != asked[1]
    assert asked[0][:2] == asked[1][:2] == ((10, 4), (3, 8))
    assert again.results == first.results
    assert len(Book.of(classroom.results, "90").read()[0]) == 4


def test_one_notebook_alone_is_asked_what_nobody_can_foresee_too(
    folder: Path, classroom: Any, runner: Any
) -> None:
    path = classroom.hand_in("bob", MEMORISED)
    results = [grade(path, "90", "bob", bank=folder, opener=runner) for _ in range(2)]
    assert [each.points for each in results] == [0, 0]
    assert results[0] == results[1]
    assert runner.jobs[0].slips[0].inputs != runner.jobs[1].slips[0].inputs
    assert not classroom.results.exists()
