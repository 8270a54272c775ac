"""A part of the suite: what a contributor wants to know within a minute, or all about one lesson.

The idea: a part is made of the same steps as the whole, so that nothing passes here and fails there. `fast` leaves out
what needs a kernel, a browser, another environment or a sandbox, and the packages whose proofs draw thousands of
samples (`experiments`, `vietnam`: name their folder to pytest). A lesson's part keeps all that concerns the lesson.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from helpers.classroom import suite
from helpers.classroom.suite import Step

ALL, FAST = "all", "fast"
QUICK = ("notebooks", "exercises", "data", "plotting", "theory", "labs", "ui")
LABS = re.compile(r"from helpers\.labs import ([\w, ]+)")


class NoSuchPart(ValueError):
    """No part of the suite has this name; says which there are."""


def steps(root: Path, part: str = ALL) -> list[Step]:
    """Steps of one part of the suite.

    Parameters
    ----------
    root : Path
        Folder of the checkout.
    part : str
        "all", "fast", or the number of a lesson such as "01".

    Raises
    ------
    NoSuchPart
        If there is no such part.
    """
    if part == ALL:
        return suite.steps(root)
    if part == FAST:
        return [_fast(root)]
    notebooks = _notebooks(root, part)
    if not notebooks:
        numbers = sorted({path.name[:2] for path in (root / "solutions").rglob("[0-9][0-9]_*.ipynb")})
        raise NoSuchPart(f"There is no part {part!r}. Say all, fast, or a lesson: {', '.join(numbers)}.")
    return list(_of_lesson(root, part, notebooks))


def _fast(root: Path) -> Step:
    there = [f"tests/{name}" for name in QUICK if (root / "tests" / name).is_dir()]
    single = ["tests/test_rules.py", "tests/test_environment.py", "tests/test_documents.py"]
    slow_proof = "tests/test_rules.py::test_a_planted_wrong_type_is_found"
    quick = ("-m", "not browser and not slow and not notebooks", "-n", "2", "--deselect", slow_proof)
    return Step(
        "what needs no kernel and no browser",
        (*there, *(name for name in single if (root / name).exists()), *quick),
    )


def _notebooks(root: Path, number: str) -> list[Path]:
    found = sorted((root / "solutions").rglob("[0-9][0-9]_*.ipynb"))
    return [path for path in found if path.name[:2] == number and ".ipynb_checkpoints" not in path.parts]


def _of_lesson(root: Path, number: str, notebooks: list[Path]) -> Iterator[Step]:
    names = " or ".join(path.stem for path in notebooks)
    yield Step("the rules of notebooks", ("tests/notebooks", "-k", names))
    yield Step(
        "lessons/ is what solutions/ builds", ("tests/classroom/test_build.py", "-k", "lessons_are_what")
    )
    bank = root / "tests" / "exercises" / "bank"
    for file, *options in ((f"test_lesson_{number}.py",), ("test_every_lesson.py", "-k", number)):
        if (bank / file).exists():
            yield Step("exercises", (f"tests/exercises/bank/{file}", *options))
    labs = [f"tests/labs/test_{_file_of(lab)}.py" for lab in _labs(notebooks)]
    if labs := [name for name in labs if (root / name).exists()]:
        yield Step("labs", tuple(labs))
    for step in suite.steps(root):
        if step.arguments[-1] in ("solutions", "lessons"):
            yield _narrowed(step, root, notebooks)
    browser = f"tests/browser/test_lesson_{number}.py"
    if (root / browser).exists():
        yield Step("in a real browser", (browser,), needs=suite.missing_browser)


def _narrowed(step: Step, root: Path, notebooks: list[Path]) -> Step:
    """The same step, for the given notebooks alone."""
    *options, folder = step.arguments
    below = [path.relative_to(root / "solutions") for path in notebooks]
    return replace(step, arguments=(*options, *(f"{folder}/{path.as_posix()}" for path in below)))


def _labs(notebooks: list[Path]) -> list[str]:
    """Names of the labs that the notebooks import."""
    text = "".join(
        "".join(cell["source"]) + "\n"
        for path in notebooks
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    )
    return [name.strip() for names in LABS.findall(text) for name in names.split(",") if name.strip()]


def _file_of(lab: str) -> str:
    """Name of a lab's module: `DeploymentAtlas` is in `deployment_atlas`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", lab).lower()
