"""A kernel that is killed at any moment loses at most the item that was being written."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

WRITER = """
import sys
from helpers.exercises import encode
from helpers.exercises.diary import record_belief, record_concept, record_deal, record_warm_up
from helpers.exercises.judge import Verdict
from helpers.exercises.records import commit, record_attempt, record_hints, record_quiz
from helpers.ui.state import StateFile

lab = StateFile("atlas")
items = (
    lambda n: record_attempt(Verdict(f"{n}.1", "right", 2, 2), encode(n)),
    lambda n: record_quiz(f"{n}.q1", 1, True),
    lambda n: commit(f"{n}.1", 1, 70),
    lambda n: record_hints(f"{n}.1", 2),
    lambda n: record_belief(str(n), {"deployments": 60, "distant_wars": 30}),
    lambda n: record_concept("before", f"c{n}", 2),
    lambda n: record_deal(str(n), ["a", "b", "c"]),
    lambda n: record_warm_up(str(n), "a", 1),
    lambda n: lab.update(lambda data: {**data, str(n): "x" * 2000}),
)
print("ready", flush=True)
for n in range(int(sys.argv[1]), 100_000):
    for place, item in enumerate(items):
        item(n)
        print(n, place, flush=True)
"""


def held(home: Path) -> list[set[str]]:
    """Numbers of the rounds that the files hold of each kind of item, in the order of the writer."""
    data, lab = (
        json.loads(path.read_text("utf-8"))["data"] if path.exists() else {}
        for path in (home / "state" / "progress.json", home / "state" / "atlas.json")
    )
    warm_ups: dict[str, Any] = data.get("warm_ups", {})
    return [
        {key.partition(".")[0] for key in data.get("attempts", {})},
        {key.partition(".")[0] for key in data.get("quiz", {})},
        {key.partition(".")[0] for key in data.get("predictions", {})},
        {key.partition(".")[0] for key in data.get("hints", {})},
        set(data.get("beliefs", {})),
        {key[1:] for key in data.get("concept_test", {}).get("before", {})},
        set(warm_ups),
        {key for key, deal in warm_ups.items() if deal["choices"] == {"a": 1}},
        set(lab),
    ]


def write_and_kill(home: Path, first: int, lines: int, delay: float) -> list[tuple[int, int]]:
    """Let a process record, kill it a moment after it reported so many items; give all that it reported."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("NBGRADER_EXECUTION", "COURSE_NO_DRAW")
    }
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(first)],
        stdout=subprocess.PIPE,
        env={**environment, "COURSE_HOME": str(home), "PYTHONPATH": str(ROOT)},
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        told = [process.stdout.readline() for _ in range(lines)]
        time.sleep(delay)
        process.kill()
        told += process.stdout.read().splitlines()
    assert process.returncode != 0
    pairs = (line.split() for line in told)
    return [(int(pair[0]), int(pair[1])) for pair in pairs if len(pair) == 2]


def test_what_was_reported_is_there_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(20240607)
    reported: set[tuple[int, int]] = set()
    for kill in range(12):
        told = write_and_kill(tmp_path, 1000 * kill, chance.randrange(0, 25), chance.random() * 0.03)
        reported |= set(told)
        found = {(int(n), place) for place, numbers in enumerate(held(tmp_path)) for n in numbers}
        assert reported <= found
        assert len(found - reported) <= kill + 1
    assert len(reported) > 60
    assert list((tmp_path / "state").glob("*.broken*")) == []


def test_the_course_goes_on_after_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.exercises.diary import belief, record_belief

    write_and_kill(tmp_path, 1, 20, 0.004)
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    assert belief("1") == {"deployments": 60, "distant_wars": 30}
    record_belief("01", {"deployments": 5, "distant_wars": 6})
    assert belief("01") == {"deployments": 5, "distant_wars": 6}
