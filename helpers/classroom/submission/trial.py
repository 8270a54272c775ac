"""Run a notebook as the grader will, and say which answers are there and where it stops.

The idea: a notebook that was worked on for an hour may run in one order only, the one in which its cells were clicked.
The grader runs it once, from the top, in an empty folder. So does this, with the grader's own runner, which holds no
exercise and no right answer. What it says is about presence, never about points.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpers.classroom.grading.model import PROCESS, STRICT, Event, Job, Limits, Run, Runner, SandboxError
from helpers.classroom.grading.notebook_file import Notebook
from helpers.classroom.submission.archive import Failure, Finding
from helpers.exercises.answer import Answer, AnswerError
from helpers.exercises.exercise import Slip

NONE = "none"
"""In place of a sandbox: the notebook was not tried."""
STOPS = ("error", "timed out", "died", "interrupted", "memory")
_UNKNOWN_NAME = re.compile(r"NameError: name '(?P<name>\w+)' is not defined")


@dataclass(frozen=True)
class Trial:
    """What a clean run showed.

    Parameters
    ----------
    answers : tuple of Finding
        One for each exercise.
    failure : Failure or None
        The first cell that did not run.
    declared : str
        Id that the notebook declares; empty if it declares none.
    sandbox : str
        "strict", "process" or "none".
    trouble : str
        Why the notebook could not be tried, or was not run to its end.
    """

    answers: tuple[Finding, ...]
    failure: Failure | None = None
    declared: str = ""
    sandbox: str = STRICT
    trouble: str = ""


def tried(notebook: Notebook, slips: Sequence[Slip], student: str, runner: Runner | None = None) -> Trial:
    """Run a notebook from the top in a fresh process, and look for its answers.

    Parameters
    ----------
    notebook : Notebook
    slips : sequence of Slip
        Names of the answers; nothing that helps to give them.
    student : str
        Who works, until the notebook declares somebody.
    runner : Runner, optional
        The grader's own, in the best sandbox that this machine gives, if none is given.

    Returns
    -------
    Trial
        Where nothing can be run here, all answers are "not tried".
    """
    job = Job("1", notebook.cells, student, tuple(slips))
    try:
        with runner or best_runner() as opened:
            run = next(iter(opened.run([job])))
    except SandboxError as error:
        answers = tuple(Finding(slip.exercise_id, slip.name, "not tried") for slip in slips)
        return Trial(answers, sandbox=NONE, trouble=str(error))
    return seen(notebook, slips, run)


def best_runner() -> Runner:
    """Open the strict sandbox if it can be had, else a process of its own: the code is the student's own.

    Raises
    ------
    SandboxError
        If this machine can run neither, as Windows.
    """
    from helpers.classroom.grading import sandbox
    from helpers.classroom.grading.pool import open_runner

    try:
        return open_runner(sandbox=STRICT, slots=1, limits=Limits())
    except SandboxError:
        # The notebook has run with all the rights of this user already, in its kernel.
        os.environ.setdefault(sandbox.AS_ROOT, "1")
        return open_runner(sandbox=PROCESS, slots=1, limits=Limits())


def seen(notebook: Notebook, slips: Sequence[Slip], run: Run) -> Trial:
    """Read what came back from a run.

    Parameters
    ----------
    notebook : Notebook
    slips : sequence of Slip
    run : Run

    Returns
    -------
    Trial
    """
    stops = {event.cell: event for event in reversed(run.events) if event.cell and event.kind in STOPS}
    bound = [frozenset(bound_names(source)) for source in notebook.cells]
    answers = tuple(_finding(slip, run, stops, bound) for slip in slips)
    first = min(stops, default=0)
    failure = _failure(stops[first], notebook, bound) if first else None
    rest = [event.text for event in run.events if event.kind == "not run"]
    return Trial(
        answers, failure, declared=run.declared[-1] if run.declared else "",
        sandbox=run.sandbox, trouble=" ".join(rest),
    )  # fmt: skip


# ------------------------------------------------------------------ one answer


def _finding(slip: Slip, run: Run, stops: dict[int, Event], bound: Sequence[frozenset[str]]) -> Finding:
    try:
        answer = Answer.from_json(run.answers[slip.exercise_id])
    except KeyError:
        answer = Answer("missing", source="undefined")
    except AnswerError as error:
        return Finding(slip.exercise_id, slip.name, "error", f"It could not be read: {error}")
    if answer.kind == "missing" and answer.source == "undefined":
        return Finding(slip.exercise_id, slip.name, *_absent(slip.name, stops, bound))
    if answer.kind == "missing":
        still = "..." if answer.source == "Ellipsis" else "None"
        return Finding(slip.exercise_id, slip.name, "not found", f"`{slip.name}` is still {still}")
    return Finding(slip.exercise_id, slip.name, *_present(answer))


def _absent(name: str, stops: dict[int, Event], bound: Sequence[frozenset[str]]) -> tuple[str, str]:
    """Why a name does not exist at the end: its cell stopped, or there is none."""
    cells = [place for place, names in enumerate(bound, start=1) if name in names]
    stopped = next((stops[cell].text for cell in cells if cell in stops), "")
    if stopped:
        return "error", stopped
    return "not found", f"no cell sets `{name}`" if not cells else f"`{name}` does not exist at the end"


def _present(answer: Answer) -> tuple[str, str]:
    if answer.kind == "too_big":
        return "error", f"too large to be read: {answer.source}"
    if answer.kind == "other" and answer.source == "unread":
        return "error", "it could not be read in time"
    calls = answer.value if answer.kind == "calls" and isinstance(answer.value, tuple) else ()
    if calls and all(isinstance(call, Answer) and call.kind == "error" for call in calls):
        return "error", f"the function stops: {calls[0].source}"  # type: ignore[union-attr]
    return "found", _KINDS.get(answer.kind, "")


_KINDS = {
    "number": "a number", "text": "a text", "bool": "yes or no", "list": "a list", "table": "a table",
    "axes": "a figure", "calls": "a function", "function": "a function", "error": "an error",
}  # fmt: skip


# ------------------------------------------------------------------ the first cell that stops


def _failure(event: Event, notebook: Notebook, bound: Sequence[frozenset[str]]) -> Failure:
    source = notebook.cells[event.cell - 1]
    heading = notebook.headings[event.cell - 1] if notebook.headings else ""
    advice = _advice(event, notebook, bound)
    return Failure(event.cell, heading, first_line(source), " ".join(filter(None, (event.text, advice))))


def _advice(event: Event, notebook: Notebook, bound: Sequence[frozenset[str]]) -> str:
    """What explains a missing name: it is set further down, or nowhere."""
    found = _UNKNOWN_NAME.search(event.text)
    if found is None:
        return ""
    name = found["name"]
    later = next((cell for cell in range(event.cell + 1, len(bound) + 1) if name in bound[cell - 1]), 0)
    if later:
        under = notebook.headings[later - 1] if notebook.headings else ""
        where = f"code cell {later}" + (f' (under "{under}")' if under else "")
        return f"`{name}` is set only further down, in {where}: move that cell up, above this one."
    if any(name in names for names in bound[: event.cell]):
        return ""
    return f"No cell sets `{name}`: it may come from a cell that you have deleted or changed since."


def first_line(source: str) -> str:
    r"""The first line of a cell that does something.

    Examples
    --------
    >>> first_line("# the shares\n\nshares = 1\n")
    'shares = 1'
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith("#")), (lines or [""])[0])[:80]


def bound_names(source: str) -> Iterator[str]:
    r"""Names that a cell sets for the cells after it, as far as its text tells.

    Examples
    --------
    >>> sorted(bound_names("import pandas as pd\n%matplotlib inline\nfor year in (1, 2):\n    total = year"))
    ['pd', 'total', 'year']
    """
    try:
        tree = ast.parse(_without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from re.findall(r"^(?:def |class )?(\w+)(?=\s*(?:=[^=]|\())", source, re.MULTILINE)
        return
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _without_magics(source: str) -> str:
    """Python alone: lines that only IPython understands become empty."""
    return "\n".join(
        "" if line.lstrip().startswith(("%", "!", "?")) else line for line in source.splitlines()
    )
