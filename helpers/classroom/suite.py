"""Every test of the course, one after the other, with one table at the end.

The idea: what did not run must not look like what passed. A step that this machine cannot run says NOT RUN and why;
where `CI=1` is set, that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PASSED, FAILED, NOT_RUN = "passed", "FAILED", "NOT RUN"
FORKED_KERNELS = "helpers.classroom.kernels.plugin"
FEW_NOTEBOOKS = 5
"""From so many notebooks on, two workers make up for their start."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Step:
    """One call of pytest.

    Parameters
    ----------
    name : str
        What it proves, for the table.
    arguments : tuple of str
        Arguments of pytest.
    offline : bool
        Run with the network cut off.
    needs : callable
        Gives an empty text if this machine can run the step, else the reason why not.
    """

    name: str
    arguments: tuple[str, ...]
    offline: bool = False
    needs: Callable[[], str] = str


@dataclass(frozen=True)
class Outcome:
    """What became of a step: passed, FAILED or NOT RUN, why, and how long it took in seconds."""

    step: Step
    result: str
    reason: str
    seconds: float

    def __str__(self) -> str:
        reason = f"  {self.reason}" if self.reason else ""
        return f"{self.result:<8} {self.seconds:6.0f} s  {self.step.name}{reason}"


def browser() -> str:
    """Path of the system's Chromium, or an empty text."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


def missing_browser() -> str:
    """Reason why browser tests cannot run, or an empty text."""
    return "" if browser() else "no Chromium on this machine; on Debian: sudo apt install chromium"


def missing_sandbox() -> str:
    """Reason why the network cannot be cut off here, or an empty text."""
    program = shutil.which("bwrap")
    if not program:
        return "no bubblewrap to cut off the network; on Debian: sudo apt install bubblewrap"
    tried = subprocess.run([*_offline(), "true"], capture_output=True, text=True, check=False)
    return (
        "" if tried.returncode == 0 else f"bubblewrap cannot cut off the network here: {tried.stderr.strip()}"
    )


def steps(root: Path) -> list[Step]:
    """The whole suite, the fast steps first."""
    fast = ("-m", "not browser and not slow")
    clean = ("--nbval-sanitize-with", str(root / "tests" / "notebooks" / "sanitize.cfg"))
    return [
        Step("units, properties, rules", ("tests", "--ignore", "tests/attacks", *fast, "-n", "2")),
        Step("attacks on the grader", ("tests/attacks", *fast)),
        Step("examples in docstrings", ("--doctest-modules", "helpers", "--ignore", "helpers/bootstrap.py")),
        Step(
            "solutions give what they show", ("--nbval", *clean, *nbval_options(root / "solutions"), "solutions"),
            True, missing_sandbox,
        ),
        Step(
            "untouched lessons run through", ("--nbval-lax", *nbval_options(root / "lessons"), "lessons"),
            True, missing_sandbox,
        ),
        Step("wheel, environment, commands", ("tests", "-m", "slow")),
        Step("in a real browser", ("tests", "-m", "browser"), needs=missing_browser),
    ]  # fmt: skip


def nbval_options(folder: Path) -> tuple[str, ...]:
    """Options of pytest with which the notebooks of a folder are run: forked kernels, and workers if they pay.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    tuple of str
    """
    unused = ("cacheprovider", "hypothesispytest", "anyio", "platformdirs")
    enough = len(list(folder.rglob("*.ipynb"))) >= FEW_NOTEBOOKS
    workers = ("-n", "2", "--dist", "loadscope") if enough else ()
    return ("-p", FORKED_KERNELS, *(word for name in unused for word in ("-p", f"no:{name}")), *workers)


def run(root: Path, chosen: Sequence[Step] | None = None) -> bool:
    """Run the steps, print the table, and tell whether all is well.

    Parameters
    ----------
    root : Path
        Folder of the checkout.
    chosen : sequence of Step or None
        None runs the whole suite.

    Returns
    -------
    bool
        False if a step failed, or, where `CI=1`, if one was not run.
    """
    outcomes = [_run(step, root) for step in chosen or steps(root)]
    print("\n" + "\n".join(str(outcome) for outcome in outcomes), flush=True)
    bad = {FAILED, NOT_RUN} if _is_ci() else {FAILED}
    return not any(outcome.result in bad for outcome in outcomes)


def _run(step: Step, root: Path) -> Outcome:
    reason = step.needs()
    if reason:
        return Outcome(step, NOT_RUN, reason, 0.0)
    print(f"\n== {step.name}", flush=True)
    started = time.monotonic()
    before = _offline() if step.offline else []
    strict = ["-p", "helpers.classroom.no_skips"] if _is_ci() else []
    command = [*before, sys.executable, "-m", "pytest", "-q", *strict, *step.arguments]
    code = subprocess.run(command, cwd=root, env=_environment(root), check=False).returncode
    return Outcome(step, PASSED if code == 0 else FAILED, "", time.monotonic() - started)


def _is_ci() -> bool:
    return os.environ.get("CI") == "1"


def _offline() -> list[str]:
    return ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent"]


def _environment(root: Path) -> dict[str, str]:
    """Tests neither read nor write what the user has: no course home, no Jupyter or IPython settings."""
    scratch = root / "work" / ".tests"
    places = {
        "COURSE_HOME": "home", "IPYTHONDIR": "ipython", "JUPYTER_CONFIG_DIR": "jupyter",
        "JUPYTER_RUNTIME_DIR": "runtime", "JUPYTER_DATA_DIR": "data",
    }  # fmt: skip
    shutil.rmtree(scratch, ignore_errors=True)
    for folder in places.values():
        (scratch / folder).mkdir(parents=True)
    here = {name: str(scratch / folder) for name, folder in places.items()}
    return {**os.environ, **here, "PYDEVD_DISABLE_FILE_VALIDATION": "1", "MPLBACKEND": "agg"}
