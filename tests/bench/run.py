"""Speed, measured: `make bench` prints one table. Ratios are against the named peer, in this run, on this machine."""

from __future__ import annotations

import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
IMPORTS = {
    "the lesson's imports": (
        "from helpers import load, describe, check, hint, quiz, predict, student, progress\n"
        "from helpers.labs import DeploymentAtlas\n"
        "load, describe, check, hint, quiz, predict, student, progress, DeploymentAtlas"
    ),
    "peer: pandas and seaborn": "import pandas, seaborn",
}


def median_ms(action: Callable[[], object], times: int) -> float:
    """Median duration of `action`, in milliseconds."""
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        durations.append(1000 * (time.perf_counter() - started))
    return statistics.median(durations)


def imports() -> dict[str, float]:
    """Milliseconds to import in a fresh process, the start of Python taken off."""

    def once(program: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", program], check=True)

    bare = median_ms(once("pass"), 7)
    return {name: median_ms(once(program), 7) - bare for name, program in IMPORTS.items()}


def checks() -> dict[str, float]:
    """Milliseconds of one `check` after the import: the first call, and the median of later ones."""
    from helpers import check
    from helpers.exercises.judge import Context, find

    figures = {}
    for name in ("01.1", "01.2", "01.3"):
        exercise = find(name)
        globals()[exercise.answer] = exercise.expected(Context())
        with contextlib.redirect_stdout(io.StringIO()):
            first = median_ms(lambda name=name: check(name), 1)  # type: ignore[misc]
            later = median_ms(lambda name=name: check(name), 21)  # type: ignore[misc]
        figures[f"check {name}, first"], figures[f"check {name}, later"] = first, later
    return figures


def loads() -> dict[str, float]:
    """Milliseconds of `load`, its hash checked, beside pandas reading the same file."""
    import pandas as pd

    from helpers import load
    from helpers.data.locate import datasets_folder

    path = datasets_folder() / "us_troops.csv"
    return {
        "load us_troops": median_ms(lambda: load("us_troops"), 11),
        "peer: pandas.read_csv": median_ms(lambda: pd.read_csv(path), 11),
    }


def script(name: str) -> dict[str, object]:
    """Figures that a script beside this one prints on its last line."""
    command = [sys.executable, str(HERE / name)]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, object] = json.loads(result.stdout.strip().splitlines()[-1])
    return figures


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["COURSE_HOME"] = home
        report: dict[str, object] = {"imports_ms": imports(), "check_ms": checks(), "load_ms": loads()}
        report["lab in Chromium, beside interact and seaborn"] = script("lab_latency.py")
        report["experiments, beside scipy and statsmodels"] = script("experiments_speed.py")
        report["notebooks under nbval, beside plain pytest --nbval"] = script("nbval_speed.py")
        report["grading, beside nbgrader and otter"] = script("grading_speed.py")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
