"""What a rule is, and how to plant a fault in a copy of a lesson to prove that the rule finds it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lesson import Cell, Lesson, Offence, Words

Fault = Callable[[Lesson], Lesson]
Find = Callable[[Lesson], Iterator[Offence]]


@dataclass(frozen=True)
class Rule:
    """One rule, what it finds, and the faults that prove it."""

    find: Find
    faults: tuple[Fault, ...]
    every: bool

    @property
    def name(self) -> str:
        return self.find.__name__.replace("_", " ")

    def broken_by(self, lesson: Lesson) -> list[str]:
        return [str(offence) for offence in self.find(lesson)]


RULES: list[Rule] = []


def rule(*faults: Fault, every: bool = False) -> Callable[[Find], Find]:
    """Register a rule with the faults that it must find."""

    def register(find: Find) -> Find:
        RULES.append(Rule(find, faults, every))
        return find

    return register


# ------------------------------------------------------------------ planting a fault


def added(
    text: str, kind: str = "code", *, after: str = "imports", cell_id: str = "planted", **more: Any
) -> Fault:
    """Lay a cell behind the cell `after`."""

    def plant(lesson: Lesson) -> Lesson:
        place = _index(lesson, after) + 1
        new = Cell(cell_id, kind, text, **more)
        return replace(lesson, cells=(*lesson.cells[:place], new, *lesson.cells[place:]))

    return plant


def said(text: str, *, after: str = "puzzle") -> Fault:
    """Lay a cell of prose behind the cell `after`."""
    return added(text, "markdown", after=after)


def changed(cell_id: str, pattern: str, new: str) -> Fault:
    """Replace what `pattern` finds in one cell."""

    def plant(lesson: Lesson) -> Lesson:
        place = _index(lesson, cell_id)
        cell = lesson.cells[place]
        text = re.sub(pattern, new, cell.text, flags=re.MULTILINE)
        if text == cell.text:
            raise LookupError(f"No {pattern!r} in cell {cell_id!r}: the fault cannot be planted.")
        cells = list(lesson.cells)
        cells[place] = replace(cell, text=text)
        return replace(lesson, cells=tuple(cells))

    return plant


def without(*cell_ids: str) -> Fault:
    """Take cells away."""

    def plant(lesson: Lesson) -> Lesson:
        for cell_id in cell_ids:
            _index(lesson, cell_id)
        return replace(lesson, cells=tuple(cell for cell in lesson.cells if cell.id not in cell_ids))

    return plant


def worded(text: str) -> Fault:
    """Let a question's explanation say `text`."""
    return lambda lesson: replace(lesson, words=(*lesson.words, Words("question planted", text)))


def with_file(name: str, text: str) -> Fault:
    """Give a file beside the lesson another text."""

    def plant(lesson: Lesson) -> Lesson:
        files = tuple((place, text if name in place else old) for place, old in lesson.side_files)
        return replace(lesson, side_files=files)

    return plant


def with_exercise(exercise_id: str, **fields: Any) -> Fault:
    """Give an exercise of the bank other fields."""

    def plant(lesson: Lesson) -> Lesson:
        held = tuple(replace(each, **fields) if each.id == exercise_id else each for each in lesson.exercises)
        return replace(lesson, exercises=held)

    return plant


def all_of(*faults: Fault) -> Fault:
    """Plant several faults, one after the other."""

    def plant(lesson: Lesson) -> Lesson:
        for fault in faults:
            lesson = fault(lesson)
        return lesson

    return plant


def _index(lesson: Lesson, cell_id: str) -> int:
    ids = [cell.id for cell in lesson.cells]
    if cell_id not in ids:
        raise LookupError(f"There is no cell {cell_id!r} in {lesson.name}: the fault cannot be planted.")
    return ids.index(cell_id)
