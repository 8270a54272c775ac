"""A class on disk, and a runner without processes: what the office's tests stand on."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from helpers.classroom.grading.model import Event, Job, Run
from helpers.exercises.codec import UNDEFINED, encode
from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.judge import find, laid_over
from helpers.exercises.kinds import Function, List, Number, Text, Words

LESSON = "90"

BANK = (
    Exercise(
        "90.1",
        2,
        "effect",
        Number(decimals=2),
        "The effect.",
        lambda context: -0.5372,
        (
            Mistake("sign", lambda context, right: -right, "You measured withdrawal."),
            Mistake("half", lambda context, right: right / 2, "You divided twice.", credit=0.5),
        ),
        why="A small effect is not none.",
    ),
    Exercise("90.2", 3.5, "name", Text(also=("ROK",)), "The country.", lambda context: "South Korea"),
    Exercise("90.3", 0.1, "years", List(Number(decimals=0)), "The years.", lambda context: [1971, 1992]),
    Exercise("90.4", 2, "own", Number(decimals=0), "Depends on you.", lambda context: own_number(context)),
    Exercise(
        "90.5",
        1,
        "reply",
        Function(inputs=lambda context: ((own_number(context), 2), (3, 5))),
        "The best response.",
        lambda context: lambda own, other: own - other / 2,
    ),
    Exercise("90.6", 4, "essay", Words(min_words=3), "Why?", lambda context: None),
)


def own_number(context: Context) -> int:
    """A number that every id has for itself."""
    return sum(map(ord, context.student))


RIGHT = (
    "effect = -0.54\ncheck('90.1')",
    "name = 'south korea'",
    "years = [1971, 1992]",
    "own = sum(map(ord, student()))",
    "def reply(own, other):\n    return own - other / 2",
    "essay = 'both audiences matter here'",
)


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Exercise, ...]]:
    """The tests' exercises, laid over the course's; and a home of their own."""
    checking = importlib.import_module("helpers.exercises.checking")
    records = importlib.import_module("helpers.exercises.records")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    for name in ("NBGRADER_EXECUTION", "COURSE_NO_DRAW"):
        monkeypatch.delenv(name, raising=False)
    for held in (
        checking._snapshots,
        checking._collected,
        records._declared,
        records._listeners,
        checking._listeners,
    ):
        held.clear()
    with laid_over({LESSON: BANK}):
        yield BANK
    records._declared.clear()


@pytest.fixture
def right() -> tuple[str, ...]:
    """Cells that answer every exercise."""
    return RIGHT


# ------------------------------------------------------------------ a class on disk


def notebook(
    cells: Iterable[str], lesson: str | None = "90_tests", *, kinds: Mapping[int, str] | None = None
) -> bytes:
    made = [
        {
            "cell_type": (kinds or {}).get(place, "code"),
            "metadata": {},
            "source": cell.splitlines(keepends=True),
            "outputs": [],
            "execution_count": None,
        }
        for place, cell in enumerate(cells)
    ]
    metadata: dict[str, Any] = {"kernelspec": {"name": "evil", "language": "R"}}
    if lesson is not None:
        metadata["course"] = {"lesson": lesson, "edition": "0123456789abcdef", "source": "x"}
    content = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content).encode()


@pytest.fixture
def as_notebook() -> Callable[..., bytes]:
    """Makes the bytes of a notebook from its code cells."""
    return notebook


@dataclass
class Classroom:
    """A folder of submissions and one of results."""

    root: Path

    @property
    def submitted(self) -> Path:
        return self.root / "submitted"

    @property
    def results(self) -> Path:
        return self.root / "results"

    def hand_in(self, name: str, *cells: str, **options: Any) -> Path:
        """Lay a notebook at `name`, a path without its ending."""
        path = self.submitted / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(notebook(cells, **options))
        return path


@pytest.fixture
def classroom(tmp_path: Path) -> Classroom:
    """A class that has handed in nothing yet."""
    made = Classroom(tmp_path / "class")
    made.submitted.mkdir(parents=True)
    return made


# ------------------------------------------------------------------ a runner without processes


def right_of(exercise_id: str, student: str = "self-study") -> object:
    return find(exercise_id).expected(Context(student))


def wrong_of(exercise_id: str, mistake: str, student: str = "self-study") -> object:
    exercise, context = find(exercise_id), Context(student)
    made = next(each for each in exercise.mistakes if each.id == mistake)
    return made.make(context, exercise.expected(context))


@dataclass
class FakeRunner:
    """Runs cells with `exec`, in this process, and keeps every job that it was given.

    Parameters
    ----------
    arrange : callable
        Puts the runs into the order in which they come back, or spoils them.
    """

    arrange: Callable[[list[Run]], Iterable[Run]] = list
    jobs: list[Job] = field(default_factory=list)
    opened: list[tuple[str, int]] = field(default_factory=list)
    sandbox: str = "strict"

    def __call__(self, *, sandbox: str, slots: int) -> FakeRunner:
        self.opened.append((sandbox, slots))
        self.sandbox = sandbox
        return self

    def __enter__(self) -> FakeRunner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.opened.append(("closed", 0))

    def run(self, jobs: Iterable[Job]) -> Iterator[Run]:
        todo = list(jobs)
        self.jobs += todo
        yield from self.arrange([replace(run_cells(job), sandbox=self.sandbox) for job in todo])


def run_cells(job: Job) -> Run:
    declared: list[str] = []
    taken: dict[str, Any] = {}
    names: dict[str, Any] = {"right_of": right_of, "wrong_of": wrong_of}
    slips = {slip.exercise_id: slip for slip in job.slips}

    def answer(exercise_id: str) -> Any:
        slip = slips[exercise_id]
        return encode(names[slip.name], inputs=slip.inputs) if slip.name in names else UNDEFINED

    def student(who: str | None = None) -> str:
        declared.extend([who] if who is not None else [])
        return declared[-1] if declared else job.student

    def check(exercise_id: str) -> None:
        taken[exercise_id] = answer(exercise_id)

    names.update(student=student, check=check)
    events = []
    for number, cell in enumerate(job.cells, start=1):
        try:
            exec(cell, names)
        except Exception as error:
            events.append(Event(number, "error", f"Cell {number} stopped: {error}"))
    answers = {key: (taken.get(key) or answer(key)).to_json() for key in slips}
    return Run(job.key, answers, tuple(declared), tuple(events))


@pytest.fixture
def runner() -> FakeRunner:
    """A runner without processes, which is its own opener."""
    return FakeRunner()


@pytest.fixture
def make_runner() -> type[FakeRunner]:
    """The class, for a runner that spoils what comes back."""
    return FakeRunner
