"""`health`: is everything there that a lesson needs? Each line says what was looked at and, if need be, what to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata

from helpers.data.package import resources
from helpers.data.reader import load
from helpers.exercises.feedback import in_notebook, show_html
from helpers.exercises.records import FILE
from helpers.ui.state import is_graded, is_kept, trouble_with

DISTRIBUTION = "assurance-course"
NAMED = ("numpy", "pandas", "matplotlib", "seaborn", "ipywidgets", "anywidget", "jupyterlab")


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is well, and a sentence."""

    what: str
    well: bool
    sentence: str


def health() -> None:
    """Check the installation: packages, data, your folder and the kernel.

    Examples
    --------
    >>> health()
    Everything is in order...
    """
    if is_graded():
        return
    found = examine()
    n_wrong = sum(not each.well for each in found)
    heading = "Everything is in order." if not n_wrong else f"{n_wrong} of {len(found)} things need a hand."
    lines = [f"{'ok ' if each.well else 'NOT'}  {each.what}: {each.sentence}" for each in found]
    show_html(_html(heading, found), "\n".join([heading, *lines]))


def examine() -> list[Finding]:
    """Look at everything that a lesson needs.

    Returns
    -------
    list of Finding
        In a fixed order. A look that fails itself is a finding, too.
    """
    looks = {"Python and the course": _python, "Packages": _packages, "Datasets": _datasets,
             "Your folder": _folder, "Kernel": _kernel}  # fmt: skip
    return [_careful(what, look) for what, look in looks.items()]


def _careful(what: str, look: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        well, sentence = look()
    except Exception as error:
        well, sentence = False, f"it could not be looked at ({type(error).__name__}: {str(error)[:120]})."
    return Finding(what, well, sentence)


def _python() -> tuple[bool, str]:
    here = ".".join(map(str, sys.version_info[:3]))
    course = _version(DISTRIBUTION) or "from its folder"
    return True, f"Python {here}, course {course}."


def _packages() -> tuple[bool, str]:
    wrong = [f"{name} {there or 'is missing'} (needs {least})" for name, least, there in _too_old()]
    if wrong:
        return False, f"{'; '.join(wrong)}. Install the course again."
    return True, f"{', '.join(f'{name} {_version(name)}' for name in NAMED)}."


def _too_old() -> Iterator[tuple[str, str, str]]:
    for name, least in _required():
        there = _version(name)
        if not there or _numbers(there) < _numbers(least):
            yield name, least, there


def _required() -> list[tuple[str, str]]:
    """Packages that the course needs, with the least version of each."""
    try:
        asked = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return [(name, "0") for name in NAMED]
    found = (re.match(r"([\w.-]+)>=([\d.]+)\s*$", each) for each in asked)
    return [(each[1], each[2]) for each in found if each]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    """Leading numbers of a version, without zeros at the end: `2.10.0rc1` is (2, 10)."""
    leading = re.match(r"\d+(\.\d+)*", version)
    numbers = [int(each) for each in leading[0].split(".")] if leading else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _datasets() -> tuple[bool, str]:
    names, troubles = list(resources()), []
    for name in names:
        try:
            load(name)
        except Exception as error:
            troubles.append(str(error))
    if troubles:
        return False, f"{len(troubles)} of {len(names)} cannot be used. {troubles[0]}"
    return True, f"all {len(names)} are, byte for byte, those the course was tested with."


def _folder() -> tuple[bool, str]:
    folder = FILE.path.parent
    trouble = trouble_with(folder)
    if trouble:
        return (
            False,
            f"{folder} cannot be written ({trouble}). Make it writable, or set COURSE_HOME to another folder.",
        )
    if not is_kept():
        return (
            True,
            "nothing is written there, because you switched it off; progress(keep=True) switches it on.",
        )
    return True, "what you do can be kept there."


def _kernel() -> tuple[bool, str]:
    if not in_notebook():
        return True, "this is no notebook, so cards and labs show as text."
    try:
        import anywidget  # noqa: F401
    except Exception as error:
        return False, f"labs cannot be shown ({error}). Install the course again."
    return True, f"ipykernel {_version('ipykernel')} answers, and labs can be shown."


def _html(heading: str, found: list[Finding]) -> str:
    import pandas as pd

    from helpers.ui.html import table_html

    rows = [(each.what, "✓ fine" if each.well else "✗ mend", each.sentence) for each in found]
    table = pd.DataFrame(rows, columns=["What", "State", "What was found"])
    return f"<div style='font-size:12pt;color:inherit;max-width:62em'>{table_html(table, heading)}</div>"
