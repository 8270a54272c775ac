"""What this machine gives, and the way out where it does not.

The idea: each question is tried and not guessed. A file is written, a port is bound, a hash is computed, a child is
locked in. An answer is one line, and a no says what to do about it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers.classroom import suite
from helpers.ui import state

DISTRIBUTION = "assurance-course"
LEAST_GB = 2.0
"""Room for an environment with its packages, about 1.2 GB, and for what a class hands in."""


@dataclass(frozen=True)
class Finding:
    """One answer.

    Parameters
    ----------
    what : str
    there : bool
    sentence : str
        What was found; where it is missing, what to do.
    """

    what: str
    there: bool
    sentence: str

    def __str__(self) -> str:
        return f"{'yes' if self.there else 'no ':<4} {self.what}: {self.sentence}"


def examine(root: Path) -> list[Finding]:
    """Try all that the course needs from this machine.

    Parameters
    ----------
    root : Path
        Folder of the checkout, or of the installed package.

    Returns
    -------
    list of Finding
        Needs of a student first, then those of a contributor and of an instructor.
    """
    questions: list[Callable[[], Finding | list[Finding]]] = [
        python,
        packages,
        lambda: writable("your folder", state.home()),
        lambda: writable("temporary files", Path(tempfile.gettempdir())),
        lambda: disk(state.home()),
        port,
        data,
        lambda: lessons(root),
        git,
        browser,
        network_can_be_cut,
        sandbox,
    ]
    found: list[Finding] = []
    for question in questions:
        answer = question()
        found += answer if isinstance(answer, list) else [answer]
    return found


def python() -> Finding:
    """Python's version and place."""
    found, oldest = sys.version_info[:2], _oldest_python()
    said = f"{platform.python_version()} on {platform.system()} {platform.machine()}, in {sys.prefix}."
    way_out = (
        f" The course needs {oldest[0]}.{oldest[1]} or newer: make PYTHON=python{oldest[0]}.{oldest[1]} lab"
    )
    return Finding("Python", found >= oldest, said + (way_out if found < oldest else ""))


def _oldest_python() -> tuple[int, ...]:
    try:
        named = importlib.metadata.metadata(DISTRIBUTION)["Requires-Python"]
    except (importlib.metadata.PackageNotFoundError, KeyError):
        return (3, 11)
    return tuple(map(int, re.findall(r"\d+", named or "3.11")[:2]))


def packages() -> Finding:
    """Whether each package that the course asks for is there, in a version that it allows."""
    try:
        asked = importlib.metadata.requires(DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        return Finding(
            "packages", False, "the course is not installed here. Run make lab, or pip install -e ."
        )
    needed = [each for each in asked if "extra ==" not in each]
    wrong = [said for each in needed if (said := _trouble(each))]
    if wrong:
        return Finding("packages", False, f"{'; '.join(wrong)}. Remove .venv and run make lab again.")
    jupyter = importlib.metadata.version("jupyterlab")
    return Finding("packages", True, f"all {len(needed)} that the course asks for; JupyterLab {jupyter}.")


def _trouble(requirement: str) -> str:
    """What is wrong with one requirement, such as `pandas>=2.2.3`; empty if nothing is."""
    name, _, least = re.sub(r"[;\s].*", "", requirement).partition(">=")
    try:
        found = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return f"{name} is missing"
    return f"{name} is {found} and should be {least} or newer" if _parts(found) < _parts(least) else ""


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)[:3]]


def writable(what: str, place: Path) -> Finding:
    """Whether a file can be written to `place`, or to the folder in which it will be made."""
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".course-", suffix=".trial"):
            return Finding(what, True, f"{place} can be written.")
    except OSError as error:
        way_out = "Choose another place: COURSE_HOME=/a/folder/of/yours make lab"
        return Finding(what, False, f"{place} cannot be written ({error.strerror}). {way_out}")


def disk(place: Path) -> Finding:
    """Free space where the student's folder is."""
    there = next(folder for folder in (place, *place.parents) if folder.exists())
    free = shutil.disk_usage(there).free / 1e9
    enough = free >= LEAST_GB
    said = f"{free:.1f} GB free at {there}."
    return Finding("disk", enough, said if enough else f"{said} The course wants {LEAST_GB:.0f}: make room.")


def port() -> Finding:
    """Whether JupyterLab can listen on this machine."""
    from helpers.classroom.lab import ServerError, free_port

    try:
        number = free_port()
        with socket.create_server(("127.0.0.1", number)):
            usual = "the usual one" if number == 8888 else "8888 is taken; course lab finds this by itself"
            return Finding("port", True, f"{number} is free ({usual}).")
    except (OSError, ServerError) as error:
        return Finding("port", False, f"nothing can listen on 127.0.0.1 ({error}). Is a firewall in the way?")


def data() -> Finding:
    """Whether every dataset has the bytes that the lessons were tested with."""
    from helpers.data.errors import DatasetError
    from helpers.data.locate import datasets_folder
    from helpers.data.package import resources

    way_out = "Get the files again: git checkout datasets, or install the course anew."
    try:
        folder, held = datasets_folder(), resources()
        changed = [each.path for each in held.values() if _hash(folder / each.path) != each.sha256]
    except (OSError, DatasetError, ValueError, KeyError) as error:
        return Finding("datasets", False, f"{error} {way_out}")
    if changed:
        return Finding("datasets", False, f"{', '.join(changed)}: not the course's file. {way_out}")
    return Finding("datasets", True, f"{len(held)} files, each with its hash.")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def lessons(root: Path) -> Finding:
    """How many lessons there are to open."""
    found = sorted((root / "lessons").rglob("[0-9][0-9]_*.ipynb"))
    if found:
        return Finding("lessons", True, f"{len(found)} notebooks in {root / 'lessons'}.")
    return Finding(
        "lessons", False, "none here: this is the package alone. Get the whole course with git clone."
    )


def git() -> Finding:
    """Whether updates can be fetched."""
    program = shutil.which("git")
    said = program or "not installed: git pull brings updates. On Debian or Ubuntu: sudo apt install git"
    return Finding("git", program is not None, said)


def browser() -> Finding:
    """The browser that the tests drive; students open lessons in whatever they use."""
    program = suite.browser()
    if not program:
        return Finding("browser for tests", False, f"{suite.missing_browser()}. Lessons open in any browser.")
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    return Finding(
        "browser for tests", asked.returncode == 0, f"{asked.stdout.strip() or asked.stderr.strip()}."
    )


def network_can_be_cut() -> Finding:
    """Whether notebooks can be proved to run offline."""
    reason = suite.missing_sandbox()
    return Finding("offline tests", not reason, reason or "bubblewrap cuts the network off.")


def sandbox() -> list[Finding]:
    """What grading gets for running other people's code."""
    from helpers.classroom.grading.sandbox import report

    return [Finding(what, there, sentence) for what, there, sentence in report()]
