"""How fast a class is graded, beside `nbgrader autograde` and `otter run`: the same notebooks, one run, one machine.

    python tests/bench/grading_speed.py [--submissions 40] [--nbgrader 5] [--otter 5]

Each side is timed as an instructor starts it, after one submission that is not counted: ours is one process with
strict sandbox and two jobs; nbgrader is one command, which grades one notebook after the other; otter's `run` takes
one notebook a command, and is given one trivial test an exercise. Starting is counted: nbgrader's is timed by the same
command with nothing left to grade, and its pace is that of a class as large as ours, so that grading fewer does not
slow it. Of five submissions three are right, one is untouched and one is wrong: multiples of five are the same mix.

Peers live in `.bench/`, in environments made on the first call with the versions of `requirements.lock`, compiled
beforehand, and keep their own settings. `same_points` says that a peer gave the points that ours gave, so that it did
run the cells. `cores_of_others` should be near 0 in a run to quote. The last line of the output is JSON; what could not
be measured stands there as "not run" with the reason.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from helpers.classroom.grading.results import Book, Result

ROOT = Path(__file__).parents[2]
LESSON, NAME = "01", "01_two_audiences.ipynb"
BELOW = f"1_assurance_theory/{NAME}"
ANSWERS = {"01.1": "comparison", "01.2": "shares_1968", "01.3": "halved", "01.4": "letter"}
MIX = ("right", "untouched", "right", "wrong", "right")
BUDGET_CPU, BUDGET_RATIO = 0.15, 20
GRADE = """
import sys
from helpers.classroom.grading.grading import grade_all
grade_all(sys.argv[1], sys.argv[2], jobs=2, sandbox="strict", results=sys.argv[3], say=print)
"""
OTTER_TEST = """OK_FORMAT = True
test = {{"name": "{exercise}", "points": 1, "suites": [{{"type": "doctest", "cases": [
    {{"code": ">>> {name} is not ...\\nTrue", "hidden": False, "locked": False}}]}}]}}
"""


class NotRun(Exception):
    """A side cannot be measured here; says why."""


@dataclass(frozen=True)
class Timing:
    """What a side took: wall seconds, those of them for its start, processor seconds of the machine, others' cores."""

    seconds: float
    machine_cpu: float
    cores_of_others: float
    start: float = 0.0

    def figures(self, n_submissions: int, n_class: int) -> dict[str, Any]:
        each = (self.seconds - self.start) / n_submissions
        return {
            "submissions": n_submissions,
            "seconds": round(self.seconds, 2),
            "start_seconds": round(self.start, 2),
            "submissions_a_minute": round(60 * n_class / (self.start + n_class * each), 2),
            "machine_cpu_seconds_each": round(self.machine_cpu / n_submissions, 3),
            "cores_of_others": round(self.cores_of_others, 2),
        }


# ------------------------------------------------------------------ running and timing


def run(command: Sequence[object], where: Path, environment: Mapping[str, str]) -> None:
    """Run a command to its end; its last line is the reason if it fails."""
    name, pipe = Path(str(command[0])).name, subprocess.PIPE
    try:
        done = subprocess.run(
            [*map(str, command)], cwd=where, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )
    except OSError as error:
        raise NotRun(f"{name}: {error}") from error
    if done.returncode:
        lines = done.stdout.strip().splitlines() or ["no output"]
        raise NotRun(f"{name} ended with {done.returncode}: {lines[-1][:300]}")


def timed(action: Callable[[], object]) -> Timing:
    """Time an action; what others use is seen in two seconds before it and two after."""
    quiet = _busy(lambda: time.sleep(2))
    seconds, cpu = _busy(action)
    after = _busy(lambda: time.sleep(2))
    return Timing(seconds, cpu, (quiet[1] + after[1]) / (quiet[0] + after[0]))


def _busy(action: Callable[[], object]) -> tuple[float, float]:
    started, before = time.perf_counter(), _machine_cpu()
    action()
    return time.perf_counter() - started, _machine_cpu() - before


def _machine_cpu() -> float:
    """Processor seconds that all processes of the machine have used, idle and waiting time left out."""
    ticks = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def environment(base: Path, programs: Path) -> dict[str, str]:
    """What a command inherits: `programs` first, compiled modules kept, and no settings of the user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))}
    kept |= {"COURSE_HOME": str(base / "home"), "JUPYTER_CONFIG_DIR": str(base / "settings")}
    return {
        **kept,
        "IPYTHONDIR": str(base / "ipython"),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }


def programs_of(peer: str, *packages: str) -> Path:
    """Make or bring up to date an environment with a peer's packages and the course; the folder of its programs."""
    uv, home = Path(sys.executable).parent / "uv", ROOT / ".bench" / peer
    settings, python = {**os.environ, "UV_SYSTEM_CERTS": "1"}, home / "bin" / "python"
    if not python.exists():
        run([uv, "venv", "--python", sys.executable, home], ROOT, settings)
    options = ["--constraints", "requirements.lock", "--reinstall-package", "assurance-course"]
    install = [uv, "pip", "install", "--python", python, "--compile-bytecode", *options, *packages, "."]
    run(install, ROOT, settings)
    return home / "bin"


# ------------------------------------------------------------------ the class


def submission(number: int) -> tuple[str, str]:
    """Name of a student, and the notebook as text: the lesson with answers in its answer cells."""
    kind = MIX[number % len(MIX)]
    lesson = nbformat.read(ROOT / "lessons" / BELOW, as_version=4)
    model = {cell.id: cell.source for cell in nbformat.read(ROOT / "solutions" / BELOW, as_version=4).cells}
    for cell in lesson.cells:
        exercise = cell.metadata.get("course", {}).get("exercise")
        if exercise and kind != "untouched":
            cell.source = f"# student {number}\n{model[cell.id]}"
        if exercise == "01.3" and kind == "wrong":
            cell.source = f"# student {number}\nhalved = ['DEU']"
    return f"s{number:03}", nbformat.writes(lesson)


def hand_in(folder: Path, numbers: range, below: str = "") -> list[Path]:
    """Lay the notebooks of some students into `folder`."""
    paths = []
    for student, text in map(submission, numbers):
        path = folder / student / below / NAME
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


# ------------------------------------------------------------------ the three sides


def grade_ours(base: Path, n_submissions: int) -> tuple[Timing, tuple[Result, ...]]:
    """Time the course's grader, strict, two jobs; and its results."""
    programs = Path(sys.executable).parent

    def graded(name: str, numbers: range) -> Callable[[], None]:
        hand_in(base / name / "submitted", numbers)
        command = [sys.executable, "-c", GRADE, base / name / "submitted", LESSON, base / name / "results"]
        return lambda: run(command, ROOT, environment(base, programs))

    graded("warm", range(1))()
    timing = timed(graded("class", range(n_submissions)))
    results, troubles = Book.of(base / "class" / "results", LESSON).read()
    if troubles or len(results) != n_submissions or not all(result.finished for result in results):
        raise NotRun(f"{len(results)} results of {n_submissions} submissions, {len(troubles)} damaged")
    return timing, tuple(results)


def grade_with_nbgrader(base: Path, n_submissions: int) -> tuple[Timing, dict[str, float]]:
    """Time `nbgrader autograde`; and the points that it gave."""
    programs = programs_of("nbgrader", "nbgrader")
    (base / "source" / LESSON).mkdir(parents=True)
    (base / "source" / LESSON / NAME).write_bytes((ROOT / "solutions" / BELOW).read_bytes())

    def nbgrader(*words: str) -> None:
        run([programs / "nbgrader", *words], base, environment(base, programs))

    nbgrader("generate_assignment", LESSON)
    hand_in(base / "submitted", range(1000, 1001), LESSON)
    nbgrader("autograde", LESSON)
    hand_in(base / "submitted", range(n_submissions), LESSON)
    timing = timed(lambda: nbgrader("autograde", LESSON))
    start = _busy(lambda: nbgrader("autograde", LESSON))[0]  # nothing is left to grade
    nbgrader("export", "--to", "grades.csv")
    with (base / "grades.csv").open(encoding="utf-8") as file:
        points = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    return replace(timing, start=start), points


def grade_with_otter(base: Path, n_submissions: int) -> tuple[Timing, dict[str, float]]:
    """Time `otter run`, a command for each notebook; and how many answers it found."""
    programs = programs_of("otter", "otter-grader", "setuptools<81")  # it imports pkg_resources
    (base / "tests").mkdir(parents=True)
    for exercise, name in ANSWERS.items():
        test = OTTER_TEST.format(exercise=exercise, name=name)
        (base / "tests" / f"q{exercise.replace('.', '_')}.py").write_text(test)

    def otter(*words: str | Path) -> None:
        run([programs / "otter", *words], base, environment(base, programs))

    def grade(path: Path) -> None:
        otter("run", "-a", "autograder.zip", "-o", path.parent, "--no-logo", path)

    otter("generate", "-t", "tests", "-o", "autograder.zip", "--no-environment", "--no-requirements")
    grade(hand_in(base / "warm", range(1))[0])
    paths = hand_in(base / "submitted", range(n_submissions))
    timing = timed(lambda: [*map(grade, paths)])
    return timing, {path.parent.name: _otter_score(path.parent / "results.json") for path in paths}


def _otter_score(path: Path) -> float:
    return sum(float(test.get("score", 0)) for test in json.loads(path.read_text(encoding="utf-8"))["tests"])


# ------------------------------------------------------------------ the report


def own_figures(timing: Timing, results: Sequence[Result]) -> dict[str, Any]:
    overhead = sorted(result.overhead_cpu for result in results)
    late = overhead[min(len(overhead) - 1, round(0.95 * len(overhead)))]
    cells = statistics.median(result.cell_cpu for result in results)
    return timing.figures(len(results), len(results)) | {
        "overhead_cpu": {"median": round(statistics.median(overhead), 3), "p95": round(late, 3)},
        "overhead_budget": BUDGET_CPU,
        "cell_cpu_median": round(cells, 3),
    }


def peer_figures(
    side: Callable[[Path, int], tuple[Timing, dict[str, float]]],
    base: Path,
    n_class: int,
    expected: Mapping[str, float],
) -> dict[str, Any] | str:
    """Figures of a peer, if it ran the cells: its points are the `expected` ones of the same students."""
    if not expected:
        return "not run: no submissions were asked for"
    try:
        base.mkdir()
        timing, points = side(base, len(expected))
    except NotRun as reason:
        return f"not run: {reason}"
    differ = {name: points.get(name) for name in sorted(expected) if points.get(name) != expected[name]}
    return timing.figures(len(expected), n_class) | (
        {"points_that_differ": differ} if differ else {"same_points": True}
    )


def measure(n_ours: int, n_nbgrader: int, n_otter: int) -> dict[str, Any]:
    """Measure the three sides one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        base.chmod(0o755)
        try:
            timing, results = grade_ours(base, n_ours)
        except NotRun as reason:
            return {"ours": f"not run: {reason}"}
        earned = {each.student: each.points + each.to_mark for each in results}
        touched = {each.student: sum(v.outcome != "not attempted" for v in each.verdicts) for each in results}
        first = sorted(earned)
        report: dict[str, Any] = {"ours": own_figures(timing, results)}
        for name, side, n_peer, expected in (
            ("nbgrader", grade_with_nbgrader, n_nbgrader, earned),
            ("otter", grade_with_otter, n_otter, touched),
        ):
            wanted = {student: float(expected[student]) for student in first[:n_peer]}
            report[name] = peer_figures(side, base / name, len(results), wanted)
    pace = {name: each["submissions_a_minute"] for name, each in report.items() if isinstance(each, dict)}
    ratios = {name: round(pace["ours"] / pace[name], 1) for name in pace if name != "ours"}
    return report | {"times_as_many_a_minute": ratios, "ratio_wanted": BUDGET_RATIO}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for side, number in {"submissions": 40, "nbgrader": 5, "otter": 5}.items():
        parser.add_argument(f"--{side}", type=int, default=number, help="submissions (%(default)s)")
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.submissions, chosen.nbgrader, chosen.otter)))


if __name__ == "__main__":
    main()
