"""From `solutions/` to `lessons/`: what the model answers are is taken out, and nothing of them may stay behind.

The idea: one source. The notebooks in `solutions/` hold text, code and model answers between BEGIN SOLUTION and
END SOLUTION; nbgrader's own preprocessors turn each into the student's version, in one process and the same to the
byte each time. Then every string of the result is searched for what must not be there: a line of a solution, what
a model answer printed, or the expected value itself. A build that finds one stops and names it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat import NotebookNode
from traitlets.config import Config

from helpers.classroom import edition, sources
from helpers.classroom.leaks import Leak, find_leaks
from helpers.exercises.exercise import EXERCISE_ID
from helpers.exercises.judge import Context, find

CHECK = re.compile(rf"""^check\(["'](?P<id>{EXERCISE_ID})["']\)""", re.MULTILINE)
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
FORMAT = (4, 5)


class BuildError(Exception):
    """A notebook of `solutions/` cannot be built; the message names the notebook, the cell and what to do."""


@dataclass(frozen=True)
class Built:
    """One lesson, built.

    Parameters
    ----------
    name : str
        Path below `lessons/`, with forward slashes.
    lesson : bytes
        The student's version.
    solution : bytes
        The source, with its metadata in order.
    """

    name: str
    lesson: bytes
    solution: bytes


def build_all(solutions: Path) -> list[Built]:
    """Build every notebook below `solutions`, in the order of their names.

    Raises
    ------
    BuildError
        If a notebook cannot be built, or the student's version would hold a part of an answer.
    """
    return [build(path, solutions) for path in notebooks(solutions)]


def notebooks(folder: Path) -> list[Path]:
    """Notebooks below `folder`, sorted, without those that Jupyter keeps for itself."""
    found = sorted(folder.rglob("*.ipynb"))
    return [path for path in found if ".ipynb_checkpoints" not in path.parts]


def build(path: Path, solutions: Path) -> Built:
    """Build the student's version of one notebook.

    Parameters
    ----------
    path : Path
        A notebook below `solutions`.
    solutions : Path
        The folder of all sources.

    Returns
    -------
    Built
    """
    name = path.relative_to(solutions).as_posix()
    source = normalised(read(path), name)
    lesson = student_version(source, name)
    leaks = find_leaks(source, lesson, exercises_in(source), Context())
    if leaks:
        raise BuildError(_leak_message(name, leaks))
    return Built(name, to_bytes(lesson), to_bytes(source))


def read(path: Path) -> NotebookNode:
    """Read a notebook, or say what is wrong with the file."""
    try:
        return cast(NotebookNode, nbformat.read(path, as_version=4))
    except (ValueError, OSError, AttributeError) as error:
        reason = str(error).splitlines()[0]
        raise BuildError(f"{path.name} is not a notebook that can be read: {reason}") from error


def to_bytes(notebook: NotebookNode) -> bytes:
    """UTF-8 text of the notebook, one form for one content, a line of source a line of the file."""
    return f"{nbformat.writes(notebook, version=4).rstrip()}\n".encode()


def exercises_in(notebook: NotebookNode) -> list[str]:
    """Exercise ids in the order of their check cells."""
    return [found["id"] for cell in _code(notebook) for found in CHECK.finditer(cell.source)]


def normalised(notebook: NotebookNode, name: str) -> NotebookNode:
    """Put nbgrader's marks on answer and check cells, and drop what a front end left behind.

    An author writes an answer cell with a solution region, and below it a cell with `check("01.3")`. All else follows.
    """
    result = _copy(notebook)
    result.nbformat, result.nbformat_minor = FORMAT
    result.metadata = nbformat.from_dict(_notebook_metadata())
    answers: list[NotebookNode] = []
    for cell in result.cells:
        cell.metadata = nbformat.from_dict(_kept(cell.metadata))
        if cell.cell_type != "code":
            continue
        if BEGIN in cell.source:
            answers.append(cell)
        found = CHECK.search(cell.source)
        if found:
            _mark(found["id"], answers, cell, name)
            answers = []
    if answers:
        raise BuildError(f"{name}: no check cell follows this answer cell: {_quote(answers[0])}")
    return result


def student_version(source: NotebookNode, name: str) -> NotebookNode:
    """The notebook that a student gets: regions replaced by a stub, outputs gone, check cells locked."""
    from nbgrader.preprocessors import (
        CheckCellMetadata,
        ClearHiddenTests,
        ClearMarkScheme,
        ClearOutput,
        ComputeChecksums,
        LockCells,
    )

    notebook = _copy(source)
    config = Config()
    steps = [
        LockCells, _clear_solutions(), ClearOutput, ClearHiddenTests, ClearMarkScheme,
        CheckCellMetadata, ComputeChecksums,
    ]  # fmt: skip
    resources: dict[str, Any] = {}
    for step in steps:
        try:
            notebook, resources = step(config=config).preprocess(notebook, resources)
        except Exception as error:
            raise BuildError(f"{name}: {step.__name__} refuses the notebook: {error}") from error
    notebook.metadata[edition.KEY] = {
        "lesson": Path(name).stem,
        "edition": edition.digest(notebook),
        "source": source_digest(source),
        "exercises": sum(find(exercise).points > 0 for exercise in exercises_in(source)),
    }
    return notebook


def source_digest(source: NotebookNode) -> str:
    """Digest of every cell of the source, so that a changed answer shows although the lesson's text is the same."""
    cells = [[cell.cell_type, cell.source] for cell in source.cells]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()[:16]


def differences(root: Path) -> list[str]:
    """Sentences on every file of `lessons/`, `solutions/` and the sources page that is not what the build gives."""
    built = build_all(root / "solutions")
    said = []
    for each in built:
        said += _difference(root, f"lessons/{each.name}", each.lesson)
        said += _difference(root, f"solutions/{each.name}", each.solution)
    wanted = {each.name for each in built}
    strays = [path for path in notebooks(root / "lessons") if _name(path, root) not in wanted]
    said += [f"lessons/{_name(path, root)} has no source in solutions/." for path in strays]
    return said + sources.differences(root)


def write_all(root: Path) -> list[str]:
    """Build, write what changed, remove what has no source; return the names of the files that changed."""
    changed = []
    built = build_all(root / "solutions")
    for each in built:
        for folder, content in (("solutions", each.solution), ("lessons", each.lesson)):
            path = root / folder / each.name
            if not path.exists() or path.read_bytes() != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
                changed.append(f"{folder}/{each.name}")
    for path in notebooks(root / "lessons"):
        if _name(path, root) not in {each.name for each in built}:
            path.unlink()
            changed.append(f"lessons/{_name(path, root)} (removed)")
    return changed + sources.write(root)


def execute(path: Path) -> None:
    """Run a notebook of `solutions/` from top to bottom and keep its outputs, without times or counts.

    Raises
    ------
    BuildError
        If a cell fails; names it.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    notebook = read(path)
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}})
    with tempfile.TemporaryDirectory() as home:
        try:
            client.execute(env={**os.environ, "COURSE_HOME": home})
        except CellExecutionError as error:
            raise BuildError(f"{path.name} does not run through: {error.ename}: {error.evalue}") from error
    notebook.metadata = nbformat.from_dict(_notebook_metadata())
    for cell in _code(notebook):
        cell.metadata = nbformat.from_dict(_kept(cell.metadata))
        cell.outputs = [output for output in cell.outputs if not _is_fleeting(output)]
    path.write_bytes(to_bytes(notebook))


def _clear_solutions() -> type:
    """nbgrader's preprocessor, with a stub for the answer: `effect = ...`, or `return ...` inside a function."""
    from nbgrader.preprocessors import ClearSolutions

    class ClearToStub(ClearSolutions):  # type: ignore[misc]
        def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> Any:
            exercise = cell.metadata.get(edition.KEY, {}).get("exercise")
            if exercise is not None:
                inside = re.search(rf"^[ \t]+{BEGIN}", cell.source, re.MULTILINE)
                self.code_stub = {"python": "return ..." if inside else f"{find(exercise).answer} = ..."}
            return super().preprocess_cell(cell, resources, cell_index)

    return ClearToStub


def _mark(exercise_id: str, answers: list[NotebookNode], check: NotebookNode, name: str) -> None:
    if len(answers) != 1:
        raise BuildError(
            f'{name}: check("{exercise_id}") has {len(answers)} answer cells above it and needs one, '
            f"with its solution between {BEGIN} and {END}."
        )
    exercise = find(exercise_id)
    answer = answers[0]
    if not re.search(rf"^\s*(?:def )?{exercise.answer}\b", answer.source, re.MULTILINE):
        raise BuildError(f"{name}: the answer cell of {exercise_id} never sets `{exercise.answer}`.")
    answer.metadata[edition.KEY] = {"exercise": exercise_id}
    answer.metadata["nbgrader"] = _nbgrader(f"answer-{exercise_id}", solution=True, grade=False)
    mark = _nbgrader(f"check-{exercise_id}", solution=False, grade=True)
    check.metadata["nbgrader"] = {**mark, "points": exercise.points}


def _nbgrader(grade_id: str, *, solution: bool, grade: bool) -> dict[str, Any]:
    return {
        "schema_version": 3, "grade_id": grade_id.replace(".", "-"),
        "solution": solution, "grade": grade, "locked": grade, "task": False, "cell_type": "code",
    }  # fmt: skip


def _notebook_metadata() -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }


def _kept(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Of a cell's metadata, what an author sets on purpose."""
    return {key: value for key, value in metadata.items() if key == "tags" and value}


def _is_fleeting(output: Mapping[str, Any]) -> bool:
    return output.get("output_type") == "stream" and output.get("name") == "stderr"


def _copy(notebook: NotebookNode) -> NotebookNode:
    return cast(NotebookNode, nbformat.from_dict(json.loads(json.dumps(notebook))))


def _code(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _difference(root: Path, name: str, wanted: bytes) -> list[str]:
    path = root / name
    if not path.exists():
        return [f"{name} is missing. Run `course build`."]
    if path.read_bytes() != wanted:
        return [f"{name} is not what solutions/ builds. Run `course build`."]
    return []


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root / "lessons").as_posix()


def _quote(cell: NotebookNode) -> str:
    return repr(cell.source.strip().splitlines()[0][:80])


def _leak_message(name: str, leaks: list[Leak]) -> str:
    lines = "\n".join(f"  {leak}" for leak in leaks[:10])
    return f"{name}: the student's version would give answers away. Nothing was written.\n{lines}"
