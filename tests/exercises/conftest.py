"""A bank of the tests' own, an empty home folder, and a process that remembers nothing."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from helpers.exercises import (
    Axes,
    Choice,
    Context,
    Exercise,
    Function,
    Integer,
    List,
    Mistake,
    Number,
    Share,
    Table,
    Text,
    Words,
)

# A busy machine must not make a property fail.
hypothesis_settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("unhurried")

state = importlib.import_module("helpers.ui.state")
checking = importlib.import_module("helpers.exercises.checking")
records = importlib.import_module("helpers.exercises.records")
settings = importlib.import_module("helpers.ui.settings")


def troops() -> pd.DataFrame:
    return pd.DataFrame(
        {"unit": ["DEU", "KOR", "JPN"], "year": [1990, 1990, 1991], "troops": [100.5, 40.0, 50.25]}
    )


def bank() -> tuple[Exercise, ...]:
    """One exercise of each kind."""
    return (
        Exercise(
            "90.1",
            2,
            "effect",
            Number(decimals=2, unit="scale points"),
            "The effect of presence.",
            lambda context: -0.5372,
            (
                Mistake("sign", lambda context, right: -right, "You measured withdrawal."),
                Mistake("half", lambda context, right: right / 2, "You divided twice.", credit=0.5),
            ),
            ("Which group is the reference?", "Turn the sign."),
            why="A small effect is not none.",
        ),
        Exercise(
            "90.2",
            3,
            "share",
            Share(),
            "The share that feels safe.",
            lambda context: 0.5372,
            why="More than half.",
        ),
        Exercise(
            "90.3",
            1,
            "host",
            Choice(("Japan", "Germany")),
            "The largest host.",
            lambda context: "Germany",
            why="Yes.",
        ),
        Exercise(
            "90.4", 1, "name", Text(also=("ROK",)), "The country.", lambda context: "South Korea", why="Yes."
        ),
        Exercise(
            "90.5",
            4,
            "essay",
            Words(min_words=5, criteria=("names both audiences",)),
            "Why?",
            lambda context: None,
        ),
        Exercise(
            "90.6",
            1,
            "years",
            List(Integer(), ordered=False),
            "The years.",
            lambda context: [1971, 1992],
            why="Yes.",
        ),
        Exercise(
            "90.7",
            2,
            "hosts",
            Table(keys=("unit", "year"), values=("troops",), decimals=1),
            "Troops by host.",
            lambda context: troops(),
            (
                Mistake(
                    "double", lambda context, right: right.assign(troops=2 * right.troops), "Counted twice."
                ),
            ),
            why="Yes.",
        ),
        Exercise(
            "90.8",
            2,
            "ax",
            Axes(marks="bars"),
            "Draw the hosts.",
            lambda context: [100.5, 40, 50.25],
            why="Yes.",
        ),
        Exercise(
            "90.9",
            2,
            "reply",
            Function(inputs=((1, 2), (3, 5))),
            "The best response.",
            lambda context: lambda own, other: own - other / 2,
            (Mistake("own", lambda context, right: lambda own, other: own, "You left out the other."),),
            why="Yes.",
        ),
        Exercise(
            "90.10", 1, "count", Integer(unit="troops"), "The count.", lambda context: 26525, why="Yes."
        ),
    )


@pytest.fixture(scope="session")
def exercises() -> dict[str, Exercise]:
    return {exercise.answer: exercise for exercise in BANK}


@pytest.fixture
def context() -> Context:
    return Context("ab12")


@pytest.fixture(autouse=True)
def clean_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Lay the tests' bank over the course's, and give each test a home of its own."""
    judging = importlib.import_module("helpers.exercises.judge")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    for name in ("NBGRADER_EXECUTION", "COURSE_NO_DRAW"):
        monkeypatch.delenv(name, raising=False)
    for held in (
        checking._snapshots,
        checking._collected,
        records._declared,
        records._listeners,
        checking._listeners,
        state._said,
        state._kept,
        settings._told,
    ):
        held.clear()
    with judging.laid_over({"90": BANK}):
        yield tmp_path / "home"
    checking._collected.clear()
    records._declared.clear()


BANK = bank()
