"""Two hundred submissions, each spoilt in a way of its own, graded while processes are killed all around.

The idea: a spoilt submission has a mark that can be told beforehand, from what its operator did to the solved lesson;
and whoever is killed, and whenever, the marks stay those. So two things are compared with an undisturbed run: what the
operators promise, and what is left after ten times `kill -9` and as many times going on.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from helpers.classroom.grading import sandbox
from helpers.classroom.grading.cluster import connected
from helpers.classroom.grading.grading import grade_all
from helpers.classroom.grading.model import STRICT, Limits
from helpers.classroom.grading.pool import open_runner
from helpers.classroom.grading.results import Book, Result

pytestmark = pytest.mark.skipif(sandbox.trial().trouble != "", reason=f"NOT RUN: {sandbox.trial().trouble}")

ROOT = Path(__file__).parents[3]
NOTEBOOK = "1_assurance_theory/01_two_audiences.ipynb"
NEEDED = (
    "import pandas",
    "= load(",
    "hosts = ",
    "ready_made = pd",
    "pacts = ",
    "### BEGIN SOLUTION",
    "check(",
)
"""What a code cell holds that an answer needs; the others (figures, lab, quiz) are left out, to save time."""
POINTS = {"01.1": 2.0, "01.2": 3.0, "01.3": 3.0, "01.4": 0.0}
NAMES = {"01.1": "comparison", "01.2": "shares_1968", "01.3": "halved", "01.4": "letter"}
SHORT = Limits(cell_seconds=4, submission_seconds=60, memory_mb=400, processes=40)
N_SUBMISSIONS = 200
SEED = 19680131


# ------------------------------------------------------------------ operators


@dataclass
class Spoilt:
    """The solved lesson on its way to becoming a submission."""

    chance: random.Random
    cells: list[dict[str, Any]]
    metadata: dict[str, Any]
    lost: set[str] = field(default_factory=set)
    unreadable: bool = False
    ends: list[Callable[[bytes], bytes]] = field(default_factory=list)
    format: int = 4

    def any_exercise(self, *among: str) -> str:
        return self.chance.choice(among or list(POINTS))

    def place(self, needle: str) -> int:
        return next(n for n, cell in enumerate(self.cells) if needle in cell["source"])

    def answer(self, exercise: str) -> int:
        """Where the answer cell of an exercise stands: before its check, if it was not moved."""
        return next(
            n
            for n, cell in enumerate(self.cells)
            if f"\n{NAMES[exercise]} = " in f"\n{cell['source']}" and "BEGIN SOLUTION" in cell["source"]
        )

    def insert(self, place: int, source: str) -> None:
        self.cells.insert(place, code(source))

    def anywhere(self, source: str) -> None:
        """Insert a cell somewhere behind the imports."""
        self.insert(self.chance.randint(1, len(self.cells)), source)

    def instead(self, exercise: str, source: str) -> None:
        """Change an answer between its cell and its check."""
        self.insert(self.answer(exercise) + 1, source)

    def content(self) -> bytes:
        cells = [{**cell, "source": cell["source"].splitlines(keepends=True)} for cell in self.cells]
        held = {"cells": cells, "metadata": self.metadata, "nbformat": self.format, "nbformat_minor": 5}
        content = json.dumps(held).encode()
        for end in self.ends:
            content = end(content)
        return content


def code(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}


def untouched(it: Spoilt) -> None:
    pass


def check_deleted(it: Spoilt) -> None:
    del it.cells[it.place(f'check("{it.any_exercise()}")')]


def every_check_deleted(it: Spoilt) -> None:
    it.cells[:] = [cell for cell in it.cells if 'check("' not in cell["source"]]


def answer_copied(it: Spoilt) -> None:
    exercise = it.any_exercise()
    it.cells.append(dict(it.cells[it.answer(exercise)]))


def answer_turned_to_text(it: Spoilt) -> None:
    exercise = it.any_exercise()
    it.cells[it.answer(exercise)]["cell_type"] = "markdown"
    it.lost.add(exercise)


def check_turned_to_text(it: Spoilt) -> None:
    it.cells[it.place(f'check("{it.any_exercise()}")')]["cell_type"] = "markdown"


def metadata_wiped(it: Spoilt) -> None:
    it.metadata.clear()
    for cell in it.cells:
        cell["metadata"] = {}


def answers_reordered(it: Spoilt) -> None:
    """The answers with their checks, in another order; what they start from stays in front."""
    blocks = [it.cells[(n := it.answer(exercise)) : n + 2] for exercise in POINTS]
    rest = [cell for cell in it.cells if not any(cell in block for block in blocks)]
    it.chance.shuffle(blocks)
    it.cells[:] = [*rest, *(cell for block in blocks for cell in block)]


def run_out_of_order_only(it: Spoilt) -> None:
    """An answer that stands before what it needs: top to bottom it does not exist, also for its check."""
    cells = it.cells[(n := it.answer("01.1")) : n + 2]
    del it.cells[n : n + 2]
    it.cells[1:1] = cells
    it.lost.add("01.1")


def windows_line_endings(it: Spoilt) -> None:
    it.ends.append(lambda content: content.replace(b"\\n", b"\\r\\n").replace(b"\n", b"\r\n"))


def byte_order_mark(it: Spoilt) -> None:
    it.ends.append(lambda content: b"\xef\xbb\xbf" + content)


def wrong_type(it: Spoilt) -> None:
    exercise = it.any_exercise("01.1", "01.2", "01.3")
    value = it.chance.choice(
        ("'0.5'", "print", "object()", "0.5", "{'a': 1}", "[float('nan'), float('inf')]")
    )
    it.instead(exercise, f"{NAMES[exercise]} = {value}")
    it.lost.add(exercise)


def known_mistake(it: Spoilt) -> None:
    exercise, source = it.chance.choice(
        (
            ("01.1", "comparison = comparison.assign(ratio=1 / comparison['ratio'])"),
            ("01.2", "shares_1968 = shares_1968[::-1]"),
        )
    )
    it.instead(exercise, source)
    it.lost.add(exercise)


def rows_permuted(it: Spoilt) -> None:
    it.instead("01.1", "comparison = comparison.sample(frac=1, random_state=1)")


def extra_column(it: Spoilt) -> None:
    it.instead("01.1", "comparison = comparison.assign(note='x')")


def another_dtype(it: Spoilt) -> None:
    it.instead(
        "01.1", "comparison = comparison.astype({'year': 'int16', 'ratio': 'float32', 'unit': 'category'})"
    )


def huge_answer(it: Spoilt) -> None:
    it.instead("01.3", "halved = pd.Series(range(2_000_000))")
    it.lost.add("01.3")


def starter_untouched(it: Spoilt) -> None:
    exercise = it.any_exercise()
    it.cells[it.answer(exercise)]["source"] = f"{NAMES[exercise]} = ...\n"
    it.lost.add(exercise)


def exception_cell(it: Spoilt) -> None:
    it.anywhere(
        it.chance.choice(
            ("1 / 0", "nowhere", "def (", "raise SystemExit", "exit()", "import sys\nsys.exit(3)")
        )
    )


def warning(it: Spoilt) -> None:
    it.anywhere("import sys, warnings\nwarnings.warn('careful')\nprint('careful', file=sys.stderr)")


def endless_loop(it: Spoilt) -> None:
    it.anywhere("while True:\n    pass")


def recursion(it: Spoilt) -> None:
    it.anywhere("def deeper(n):\n    return deeper(n + 1) + 1\ndeeper(0)")


def process_ended(it: Spoilt) -> None:
    it.anywhere(f"import os\nos._exit({it.chance.choice((0, 1, 97, 137))})")


def process_kills_itself(it: Spoilt) -> None:
    it.anywhere("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\nos.abort()")


def child_left_behind(it: Spoilt) -> None:
    it.anywhere(
        "import os, time\nassert os.getppid() == 0\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)"
    )


def copy_of_the_process(it: Spoilt) -> None:
    it.anywhere("import os\nos.fork()")


def overrides(it: Spoilt) -> None:
    it.anywhere("import json\nprint = open = None\njson.dumps = lambda *_, **__: '{}'")


def much_output(it: Spoilt) -> None:
    it.anywhere("for _ in range(30):\n    print('x' * 100_000)")


def forged_message(it: Spoilt) -> None:
    forged = '\\n{"kind":"value","id":"01.9","payload":"1"}\\n'
    it.anywhere(
        f"import os\nfor number in range(3, 9):\n    try:\n        os.write(number, b'{forged}')\n"
        "    except OSError:\n        pass"
    )


def another_id(it: Spoilt) -> None:
    it.insert(1, f"student('{it.chance.choice(('s000', 'nobody'))}')")


def two_ids(it: Spoilt) -> None:
    it.insert(1, "student('one')\nstudent('two')")


def terminal_escapes(it: Spoilt) -> None:
    it.instead("01.4", "letter += '\\x1b[2J\\x1b]0;owned\\x07\\u202e'")
    it.anywhere("raise ValueError('\\x1b[2J')")


def cut_off(it: Spoilt) -> None:
    it.ends.append(lambda content: content[: len(content) // 2])
    it.unreadable = True


def empty(it: Spoilt) -> None:
    it.ends.append(lambda content: b"")
    it.unreadable = True


def not_utf8(it: Spoilt) -> None:
    it.ends.append(lambda content: b"\xff\xfe" + content)
    it.unreadable = True


def later_format(it: Spoilt) -> None:
    it.format, it.unreadable = 5, True


COSTLY = (endless_loop,)
QUICK = (
    untouched, check_deleted, every_check_deleted, answer_copied, answer_turned_to_text, check_turned_to_text,
    metadata_wiped, answers_reordered, run_out_of_order_only, windows_line_endings, byte_order_mark, wrong_type,
    known_mistake, rows_permuted, another_dtype, extra_column, huge_answer, starter_untouched, exception_cell, warning,
    recursion,
    process_ended, process_kills_itself, child_left_behind, copy_of_the_process, overrides, much_output,
    forged_message, another_id, two_ids, terminal_escapes, cut_off, empty, not_utf8, later_format,
)  # fmt: skip
N_COSTLY = 4


@dataclass(frozen=True)
class Promise:
    """What an operator says of the mark."""

    operator: str
    points: float
    lost: frozenset[str]
    unreadable: bool


def solved() -> tuple[list[dict[str, Any]], dict[str, Any]]:
    held = json.loads((ROOT / "solutions" / NOTEBOOK).read_text(encoding="utf-8"))
    cells = [{**cell, "source": "".join(cell["source"])} for cell in held["cells"]]
    needed = [
        cell
        for cell in cells
        if cell["cell_type"] == "code" and any(word in cell["source"] for word in NEEDED)
    ]
    return needed, held["metadata"]


def hand_in(folder: Path) -> dict[str, Promise]:
    """Write all submissions; what each is worth, by student."""
    chance, promises = random.Random(SEED), {}
    operators = [*[each for each in COSTLY for _ in range(N_COSTLY)]]
    operators += [QUICK[n % len(QUICK)] for n in range(N_SUBMISSIONS - len(operators))]
    chance.shuffle(operators)
    folder.mkdir(parents=True)
    for number, operator in enumerate(operators):
        cells, metadata = solved()
        it = Spoilt(chance, cells, metadata)
        operator(it)
        (folder / f"s{number:03}.ipynb").write_bytes(it.content())
        points = 0.0 if it.unreadable else sum(POINTS.values()) - sum(POINTS[each] for each in it.lost)
        promises[f"s{number:03}"] = Promise(operator.__name__, points, frozenset(it.lost), it.unreadable)
    return promises


# ------------------------------------------------------------------ a class, and its marks without faults


@dataclass
class Spoiling:
    """The class, what the operators promise, and the results of a run that nothing disturbed."""

    submitted: Path
    promises: dict[str, Promise]
    whole: tuple[Result, ...]
    whole_folder: Path


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Spoiling:
    folder = tmp_path_factory.mktemp("spoilt")
    promises = hand_in(folder / "submitted")
    opener = partial(open_runner, limits=SHORT)
    whole = grade_all(folder / "submitted", "01", results=folder / "whole", opener=opener, say=lambda _: None)
    return Spoiling(folder / "submitted", promises, whole.results, folder / "whole")


def test_each_operator_costs_what_it_should_and_nothing_else(spoilt: Spoiling) -> None:
    assert len(spoilt.whole) == N_SUBMISSIONS
    assert set(Counter(promise.operator for promise in spoilt.promises.values())) == {
        each.__name__ for each in (*COSTLY, *QUICK)
    }
    for result in spoilt.whole:
        promise = spoilt.promises[result.student]
        assert result.points == promise.points, (promise, result)
        assert bool(result.problems) == promise.unreadable, promise
        if not promise.unreadable:
            lost = {each.exercise_id for each in result.verdicts if each.outcome not in ("right", "recorded")}
            assert lost == promise.lost, (promise, result)
            assert [each.exercise_id for each in result.words] == ["01.4"] * ("01.4" not in promise.lost)


# ------------------------------------------------------------------ kill -9

GRADER = """
import sys
from functools import partial
from helpers.classroom.grading.grading import grade_all
from helpers.classroom.grading.model import Limits
from helpers.classroom.grading.pool import open_runner

submitted, results, limits = sys.argv[1:]
grade_all(submitted, "01", results=results, opener=partial(open_runner, limits=eval(limits)))
"""
VICTIMS = (("runner", "server", "grader"), ("server", "runner", "grader"), ("runner", "grader"))
"""Whom to kill, point by point; a grader comes between two of a kind, so that no submission meets it twice."""
N_WORKER_KILLS = 2
POINTS_BETWEEN = (8, 22)
"""Results from one point to the next, at least and at most."""


def kill_points(chance: random.Random) -> Iterator[tuple[int, str]]:
    """After how many results whom."""
    said = 0
    for victim in (name for names in VICTIMS for name in names):
        said += chance.randint(*POINTS_BETWEEN)
        yield said, victim


SERVER_DEPTH = 3
"""A grader starts two processes of bubblewrap for each slot; below are the server and what runs a notebook."""


def below(process: int) -> dict[int, int]:
    """Processes that descend from one, and how far."""
    parents: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with suppress(OSError, IndexError):
            parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
    depth, found = {process: 0}, [process]
    for one in found:
        children = [child for child, parent in parents.items() if parent == one]
        depth.update(dict.fromkeys(children, depth[one] + 1))
        found += children
    del depth[process]
    return depth


def victim_of(kind: str, grader: int, chance: random.Random) -> int | None:
    """A process to kill: the grader itself, one of a server's, or one that runs a submission now."""
    if kind == "grader":
        return grader
    depth = below(grader)
    runners = [each for each, deep in depth.items() if deep > SERVER_DEPTH]
    servers = [each for each, deep in depth.items() if deep <= SERVER_DEPTH]
    among = runners if kind == "runner" else servers
    return chance.choice(sorted(among)) if among else None


def kill(kind: str, grader: int, chance: random.Random) -> None:
    """Kill a victim at a moment of its own; a runner may have to be waited for."""
    time.sleep(chance.random() * 0.2)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        victim = victim_of(kind, grader, chance)
        if victim is not None:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
            return
        time.sleep(0.005)
    raise AssertionError(f"There was no {kind} to kill.")


def stopped_as_it_should(code: int, errors: str) -> bool:
    """Whether a grader was killed, or said in its own words that its server was while it came up; not: it was done."""
    return code == -signal.SIGKILL or (code == 1 and "SandboxError" in errors.strip().splitlines()[-1])


def graded_under_fire(spoilt: Spoiling, results: Path, chance: random.Random) -> list[str]:
    """Grade, kill, and go on, until the last point; say who was killed."""
    killed: list[str] = []
    said, points, errors = 0, list(kill_points(chance)), results / "errors.txt"
    while points:
        command = [sys.executable, "-c", GRADER, str(spoilt.submitted), str(results), repr(SHORT)]
        with (
            errors.open("w") as said_last,
            subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said_last, text=True
            ) as grader,
        ):
            assert grader.stdout is not None
            for _ in grader.stdout:
                said += 1
                if points and said >= points[0][0]:
                    killed.append(points.pop(0)[1])
                    kill(killed[-1], grader.pid, chance)
        assert stopped_as_it_should(grader.returncode, errors.read_text()), errors.read_text()
    return killed


def test_after_ten_kills_each_student_has_one_result_the_same_as_without(spoilt: Spoiling) -> None:
    from distributed import LocalCluster

    results = spoilt.submitted.parent / "fire"
    results.mkdir(mode=0o700)
    shutil.copy(spoilt.whole_folder / "salt", results / "salt")
    chance = random.Random(SEED + 1)
    killed = graded_under_fire(spoilt, results, chance)
    left = N_SUBMISSIONS - len(Book.of(results, "01").current())
    assert left > 20
    points = sorted(chance.sample(range(2, left // 2), N_WORKER_KILLS))
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as workers:

        def say(line: str) -> None:
            if points and int(line.split("/")[0]) >= points[0]:
                points.pop(0)
                os.kill(
                    chance.choice([each.pid for each in workers.workers.values() if each.pid]), signal.SIGKILL
                )
                killed.append("worker")

        with connected(workers.scheduler_address) as cluster:
            done = grade_all(
                spoilt.submitted, "01", jobs=cluster.n_threads, results=results, executor=cluster.executor,
                opener=partial(open_runner, limits=SHORT), say=say,
            )  # fmt: skip
    assert Counter(killed) == {"runner": 3, "server": 2, "grader": 3, "worker": N_WORKER_KILLS}
    assert done.n_graded == left
    assert done.troubles == ()
    held, troubles = Book.of(results, "01").read()
    assert troubles == []
    assert Counter(each.student for each in held) == dict.fromkeys(spoilt.promises, 1)
    assert done.results == spoilt.whole
    assert all(result.stamp.sandbox == STRICT for result in done.results)
