"""A strict runner with short limits, a small notebook to put an attack into, and a tree that must not change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import helpers
from helpers.classroom.grading import sandbox
from helpers.classroom.grading.model import Job, Limits, Runner
from helpers.classroom.grading.pool import open_runner
from helpers.exercises import Slip

LIMITS = Limits(cell_seconds=2, submission_seconds=30, memory_mb=300, processes=40)
BEFORE = ("from helpers import check, student", "effect = 0.5", 'check("90.1")')
AFTER = ("count = 7", 'check("90.2")')
SLIPS = (Slip("90.1", "effect"), Slip("90.2", "count"))


@pytest.fixture(scope="session")
def strict() -> Iterator[Runner]:
    """One slot, so that an attack and the next notebook share it."""
    trouble = sandbox.trial().trouble
    if trouble:
        pytest.skip(f"NOT RUN: {trouble}")
    with open_runner(sandbox="strict", slots=1, limits=LIMITS) as runner:
        yield runner


@pytest.fixture(scope="session")
def unconfined() -> Iterator[Runner]:
    """Limits only: what an attack does here shows that it would work."""
    with open_runner(sandbox="process", slots=1, limits=LIMITS) as runner:
        yield runner


@pytest.fixture
def notebook() -> Callable[..., Job]:
    def make(cell: str, key: str = "attacker", slips: tuple[Slip, ...] = SLIPS) -> Job:
        return Job(key, (*BEFORE, cell, *AFTER), "self-study", slips)

    return make


@pytest.fixture(autouse=True)
def course_stays_as_it_is() -> Iterator[None]:
    """Datasets and bank have the same bytes before and after."""
    before = digest(COURSE)
    yield
    assert digest(COURSE) == before


def digest(places: list[Path]) -> str:
    """One hash over names and contents of all files."""
    files = sorted(
        path for place in places for path in place.rglob("*") if path.is_file() or path.is_symlink()
    )
    state = hashlib.sha256()
    for path in files:
        if "__pycache__" not in path.parts:
            state.update(str(path).encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


PACKAGE = Path(helpers.__file__).resolve().parent
COURSE = [PACKAGE / "exercises", PACKAGE.parent / "datasets"]
