"""What a student's notebook must not hold: any part of an answer.

The idea: collect from the source what would help to answer without work (each line of a solution, each line that a
model answer or its check printed, each expected value), then look for it in every string of the built notebook, its
metadata too. Very short texts are left out, because `)` is in every notebook, and so is the name of an answer
alone, because the task gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from helpers.exercises.judge import Context, expected_answer, find
from helpers.exercises.kinds import Choice, Kind, List, Text, Words

SHORTEST = 5
REGION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


@dataclass(frozen=True)
class Leak:
    """One part of an answer, found in the student's version.

    Parameters
    ----------
    what : str
        "solution line", "model output", "reasoning" or "expected value".
    text : str
        The part that was found.
    where : str
        The string of the lesson that holds it, shortened.
    """

    what: str
    text: str
    where: str

    def __str__(self) -> str:
        return f"{self.what} {self.text!r} stands in: {self.where!r}"


def find_leaks(source: Any, lesson: Any, exercises: Iterable[str], context: Context) -> list[Leak]:
    """Search the student's version for parts of the answers.

    Parameters
    ----------
    source, lesson : NotebookNode
        The notebook with the model answers, and what was built from it.
    exercises : iterable of str
        Ids of the exercises in the notebook.
    context : Context
        What the expected values are computed with.

    Returns
    -------
    list of Leak
        Empty if the lesson gives nothing away.
    """
    exercises = list(exercises)
    strings = [_one_line(text) for text in _strings(lesson)]
    secrets = [("solution line", line) for line in solution_lines(source)]
    secrets += [("model output", line) for line in model_outputs(source)]
    secrets += [("reasoning", text) for text in reasonings(exercises)]
    secrets += [("expected value", text) for text in expected_values(exercises, context)]
    told = {find(exercise).answer for exercise in exercises}
    found = []
    for what, secret in dict.fromkeys(secrets):
        if secret in told:
            continue
        pattern = re.compile(rf"(?<![\w.,]){re.escape(secret)}(?![\w]|[.,]\d)")
        holder = next((text for text in strings if pattern.search(text)), None)
        if holder is not None:
            found.append(Leak(what, secret, _around(holder, secret)))
    return found


def solution_lines(source: Any) -> list[str]:
    """Source lines inside solution regions, without those that are too short to tell anything."""
    regions = (text for cell in source.cells for text in REGION.findall(cell.source))
    return _long_enough(line for region in regions for line in region.splitlines())


def model_outputs(source: Any) -> list[str]:
    """Lines that cells with a model answer printed or displayed, as plain text."""
    cells = (cell for cell in source.cells if cell.cell_type == "code" and REGION.search(cell.source))
    texts = (text for cell in cells for output in cell.outputs for text in _texts(output))
    return _long_enough(line for text in texts for line in text.splitlines())


def reasonings(exercises: Iterable[str]) -> list[str]:
    """The point to take away from each exercise, which `check` shows to a right answer only."""
    texts = ((exercise.why, exercise.reasoning) for exercise in map(find, exercises))
    return _long_enough(text for pair in texts for text in pair)


def expected_values(exercises: Iterable[str], context: Context) -> list[str]:
    """Each expected value in the forms in which it could stand in a text."""
    texts: list[str] = []
    for exercise in map(find, exercises):
        if not isinstance(exercise.kind, Choice | Words):
            texts += _forms(list(expected_answer(exercise, context).scalars()), exercise.kind)
    return _long_enough(texts)


def _forms(scalars: list[Any], kind: Kind) -> Iterator[str]:
    """Ways to write down an expected value: each number, a text, a list as a whole."""
    for value in scalars:
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield from _number_forms(value)
    texts = [value for value in scalars if isinstance(value, str)]
    if isinstance(kind, List | Text):
        yield from (", ".join(texts), ", ".join(map(repr, texts)), ", ".join(f'"{text}"' for text in texts))


def _number_forms(value: float) -> Iterator[str]:
    yield repr(value)
    for decimals in range(5):
        yield from (f"{value:.{decimals}f}", f"{value:,.{decimals}f}")
        if 0 < abs(value) < 1:
            yield from (f"{100 * value:.{decimals}f} %", f"{100 * value:.{decimals}f}%")


def _texts(output: Any) -> Iterator[str]:
    for content in (output.get("text"), output.get("data", {}).get("text/plain")):
        if content:
            yield content if isinstance(content, str) else "".join(content)


def _strings(node: Any) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)


def _long_enough(texts: Iterable[str]) -> list[str]:
    lines = (_one_line(text) for text in texts)
    return [line for line in dict.fromkeys(lines) if len(line) >= SHORTEST and re.search(r"\w", line)]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _around(text: str, secret: str) -> str:
    start = max(0, text.find(secret) - 30)
    return text[start : start + len(secret) + 60]
