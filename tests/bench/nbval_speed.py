"""How long notebooks take under nbval: as `course test` runs them, beside plain `pytest --nbval`, in one run.

    python tests/bench/nbval_speed.py [--lessons 17]

Both sides run the course's solutions, one after the other, after a run of each that is not counted. With `--lessons`
a folder is measured that holds copies of lesson 01 under so many names, which shows what a longer course will need:
the start of workers and of the parent of kernels is paid once, whatever the number of notebooks.
`cores_of_others` should be near 0 in a run to quote. The last line of the output is JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grading_speed import timed

from helpers.classroom import suite

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "solutions" / "1_assurance_theory" / "01_two_audiences.ipynb"
BUDGET_RATIO = 0.4


def course_of(folder: Path, n_lessons: int) -> Path:
    """Lay out the solutions, or copies of one of them under several names."""
    if not n_lessons:
        shutil.copytree(ROOT / "solutions", folder)
        return folder
    folder.mkdir()
    for number in range(1, n_lessons + 1):
        shutil.copy(LESSON, folder / f"{number:02}_copy.ipynb")
    return folder


def pytest(options: Sequence[str], folder: Path, home: Path) -> None:
    """Run the notebooks; both sides keep their settings in `home`, and compare with the same clean-up."""
    places = ("COURSE_HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR")
    private = {name: str(home / name.lower()) for name in places}
    for place in private.values():
        Path(place).mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, "-m", "pytest", "-q", "--rootdir", str(folder), "-p", "no:cacheprovider", "--nbval",
        "--nbval-sanitize-with", str(ROOT / "tests" / "notebooks" / "sanitize.cfg"), *options, str(folder),
    ]  # fmt: skip
    environment = {**os.environ, **private, "MPLBACKEND": "agg", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def measure(n_lessons: int) -> dict[str, Any]:
    """Time both sides."""
    with tempfile.TemporaryDirectory() as base:
        folder = course_of(Path(base) / "course", n_lessons)
        sides = {"ours": suite.nbval_options(folder), "plain pytest --nbval": ()}
        report: dict[str, Any] = {"notebooks": len(list(folder.rglob("*.ipynb")))}
        for name, options in sides.items():
            home = Path(base) / name.split()[0]
            pytest(options, folder, home)
            timing = timed(lambda options=options, home=home: pytest(options, folder, home))  # type: ignore[misc]
            report[name] = {
                "seconds": round(timing.seconds, 2),
                "machine_cpu_seconds": round(timing.machine_cpu, 2),
                "cores_of_others": round(timing.cores_of_others, 2),
            }
    ratio = report["ours"]["seconds"] / report["plain pytest --nbval"]["seconds"]
    return report | {"ratio": round(ratio, 2), "ratio_wanted": BUDGET_RATIO}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--lessons", type=int, default=0, help="copies of lesson 01 (the course's own solutions)"
    )
    print(json.dumps(measure(parser.parse_args().lessons)))


if __name__ == "__main__":
    main()
