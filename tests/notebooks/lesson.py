"""A lesson as the rules see it: its cells, its questions, its exercises and the files beside it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from helpers.exercises.exercise import Exercise
from helpers.exercises.judge import exercises as exercises_of

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
REGION = re.compile(r"### BEGIN SOLUTION\n.*?### END SOLUTION\n?", re.DOTALL)


@dataclass(frozen=True)
class Offence:
    """What breaks a rule: the cell, its words, and what is wrong with them."""

    cell: str
    quote: str
    remark: str = ""

    def __str__(self) -> str:
        return f"cell {self.cell}: {' '.join(self.quote.split())[:160]!r} {self.remark}".rstrip()


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    id: str
    kind: str
    text: str
    outputs: tuple[dict[str, Any], ...] = ()

    @property
    def open_text(self) -> str:
        """The text without the model answer."""
        return REGION.sub("", self.text)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a code cell; empty where magics keep Python from reading it."""
        try:
            return ast.parse(self.text)
        except SyntaxError:
            return ast.Module(body=[], type_ignores=[])

    def calls(self, name: str) -> list[ast.Call]:
        """Calls of `name`, as a function or a method, in the order of the text."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        return [call for call in found if called(call) == name]


def called(call: ast.Call) -> str:
    """Last part of the name that is called: `show` of `plotting.show(figure)`."""
    function = call.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def texts_in(call: ast.Call) -> list[str]:
    """String literals among the arguments of a call."""
    return [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]


@dataclass(frozen=True)
class Words:
    """A text that students read outside the notebook: a question, an explanation, feedback."""

    where: str
    text: str
    is_wrong_option: bool = False


@dataclass(frozen=True)
class Lesson:
    """A notebook of `solutions/` with what belongs to it."""

    name: str
    cells: tuple[Cell, ...]
    words: tuple[Words, ...] = ()
    side_files: tuple[tuple[str, str], ...] = ()
    exercises: tuple[Exercise, ...] = ()

    @property
    def number(self) -> str:
        return self.name[:2]

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    @property
    def prose(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "markdown"]

    def calls(self, name: str) -> Iterator[tuple[Cell, ast.Call]]:
        """Calls of `name` with their cells."""
        return ((cell, call) for cell in self.code for call in cell.calls(name))

    def section(self, heading: str) -> str:
        """Text from a heading, at any level, to the next one of the same level or above; empty if it is not there."""
        text = "\n\n".join(cell.text for cell in self.prose)
        found = re.search(rf"^(#+) {re.escape(heading)}\s*$", text, re.MULTILINE)
        if not found:
            return ""
        rest = text[found.end() :]
        end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
        return rest[: end.start()] if end else rest


def read(path: Path) -> Lesson:
    """Read a notebook with its questions, its exercises and the files beside it."""
    content = json.loads(path.read_text(encoding="utf-8"))
    cells = tuple(
        Cell(raw["id"], raw["cell_type"], "".join(raw["source"]), tuple(raw.get("outputs", ())))
        for raw in content["cells"]
    )
    name = path.stem
    return Lesson(name, cells, tuple(_words_of(name)), tuple(_side_files(name)), exercises_of(name[:2]))


def _side_files(name: str) -> Iterator[tuple[str, str]]:
    """What a lesson's author also writes; a missing file has no text."""
    number = name[:2]
    for place in (
        f"helpers/exercises/bank/lesson_{number}.py",
        f"helpers/exercises/questions/lesson_{number}.py",
        f"tests/exercises/bank/test_lesson_{number}.py",
        f"docs/teaching/{name}.md",
    ):
        path = ROOT / place
        yield place, path.read_text(encoding="utf-8") if path.exists() else ""


def _words_of(name: str) -> Iterator[Words]:
    number = name[:2]
    for each in exercises_of(number):
        for text in (each.asks, each.why, each.reasoning, *each.hints):
            yield Words(f"bank {each.id}", text)
        for mistake in each.mistakes:
            yield Words(f"bank {each.id}, {mistake.id}", mistake.feedback)
    module = f"helpers.exercises.questions.lesson_{number}"
    for each in (*_held(module, "WARM_UP"), *_held(module, "QUIZ")):
        yield Words(f"question {each.id}", each.text)
        for option in each.options:
            yield Words(f"question {each.id}", option.text, not option.right)
            yield Words(f"question {each.id}", option.explanation)
    for each in _held(module, "PREDICTIONS"):
        yield from (Words(f"prediction {each.id}", text) for text in (each.text, each.reveal))


def _held(module: str, name: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(import_module(module), name, ()) if find_spec(module) else ()
    return found


def sentences(text: str) -> list[str]:
    """Sentences, headings, table rows and list entries; a full stop inside brackets, or before a key, ends none."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+\.) ?)", text)
    ends = re.compile(r"(?<=[.!?])[*\"”’)]*\s+(?=[A-Z*\"“(])|(?<=\])\.?\s+(?=[A-Z*\"“(])")
    lines = [" ".join(block.split()) for block in blocks]
    parts = (part for line in lines for part in ([line] if line.startswith("- `") else ends.split(line)))
    return [part.strip() for part in parts if part.strip()]


def notebooks() -> list[Path]:
    """Every notebook of `solutions/`."""
    return sorted(path for path in SOLUTIONS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
