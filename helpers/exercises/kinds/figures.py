"""Figures: properties of axes, not their pixels.

A figure is right if a reader can read it (title, names of the axes) and if it draws the right data. Colour, size, style
and the library that drew it do not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from helpers.exercises.answer import Answer, Cell, Picture, Trace
from helpers.exercises.kinds.base import Finding, Kind, as_answer, items, plural, unwrapped
from helpers.exercises.kinds.lists import List
from helpers.exercises.kinds.numbers import Number

NEEDS = ("title", "x label", "y label")


@dataclass(frozen=True)
class Axes(Kind):
    """Axes of Matplotlib or seaborn; a figure with one pair of axes counts too.

    Parameters
    ----------
    marks : str
        What is drawn: "lines", "bars", "points", or "" if it does not matter.
    count : int or None
        Number of such marks, or None if it does not matter. A cloud of points is one mark.
    needs : tuple of str
        Which of "title", "x label", "y label" and "legend" must be there.
    decimals : int
        Decimals at which drawn numbers are compared.

    The right answer is None if only the properties count; else the lengths of the bars (a list of numbers), the heights
    of each line or cloud (a list of lists), or axes of our own. Their order does not matter.

    Examples
    --------
    >>> drawn = Answer("axes", Picture(title="Who hosts?", bars=(5, 7)))
    >>> kind = Axes(marks="bars", needs=("title",))
    >>> kind.examine(drawn, Answer("list", (7, 5))).right
    True
    """

    wanted: ClassVar[str] = "the axes of a figure"

    marks: str = ""
    count: int | None = None
    needs: tuple[str, ...] = NEEDS
    decimals: int = 2

    def __post_init__(self) -> None:
        if self.marks not in ("", "lines", "bars", "points"):
            raise ValueError(f"Axes draw lines, bars or points, not {self.marks!r}.")

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Look at the properties of the axes, then at what is drawn."""
        given = unwrapped(answer)
        if not isinstance(given.value, Picture):
            return self.wrong_type(answer)
        checks = [*self._texts(given.value), *self._drawn(given.value, right)]
        good = tuple(name for name, problem in checks if not problem)
        problems = [problem for _, problem in checks if problem]
        return Finding(not problems, " ".join(problems), good if problems else ())

    def specimen(self, right: Answer) -> Answer:
        """Axes that have all texts and draw what is right."""
        if isinstance(right.value, Picture):
            return right
        heights = _heights(right, self.marks)
        if heights is None:
            heights = tuple(
                0 if self.marks == "bars" else Answer("list", (0,)) for _ in range(self.count or 1)
            )
        texts = Picture("title", "x", "y", legend=("one",))
        if self.marks == "bars":
            return Answer("axes", replace(texts, bars=heights))
        traces = tuple(_trace(as_answer(each)) for each in heights)
        return Answer("axes", replace(texts, lines=traces, points=traces))

    def _texts(self, picture: Picture) -> list[tuple[str, str]]:
        present = {
            "title": picture.title,
            "x label": picture.x_label,
            "y label": picture.y_label,
            "legend": " ".join(picture.legend),
        }
        return [
            (f"the {name}", "" if present[name].strip() else f"The {name} is missing.") for name in self.needs
        ]

    def _drawn(self, picture: Picture, right: Answer) -> list[tuple[str, str]]:
        if not self.marks:
            return []
        marks = _marks(picture, self.marks)
        if not marks:
            return [("", f"No {self.marks} are drawn.")]
        target = _heights(right, self.marks)
        count = self.count if self.count is not None else len(target) if target is not None else len(marks)
        if len(marks) != count:
            few = len(marks) < count
            drawn = plural(len(marks), self.marks[:-1])
            return [("", f"Your figure draws {drawn}: too {'few' if few else 'many'}.")]
        checks = [(f"the number of {self.marks}", "")]
        if target is not None:
            checks.append(("the data that are drawn", self._compare(marks, target)))
        return checks

    def _compare(self, marks: tuple[Cell, ...], target: tuple[Cell, ...]) -> str:
        number = Number(decimals=self.decimals)
        of = number if self.marks == "bars" else List(of=number)
        same = List(of=of, ordered=False).examine(Answer("list", marks), Answer("list", target)).right
        return "" if same else f"The {self.marks} show other data than asked for."


def _marks(picture: Picture, marks: str) -> tuple[Cell, ...]:
    """Length of each bar, or the heights of each line or cloud from left to right."""
    if marks == "bars":
        return picture.bars
    traces: Sequence[Trace] = picture.lines if marks == "lines" else picture.points
    return tuple(Answer("list", _from_left(trace)) for trace in traces)


def _from_left(trace: Trace) -> tuple[Cell, ...]:
    points = [(x, y) for x, y in zip(trace.x, trace.y, strict=False) if y is not None]
    points.sort(key=lambda point: (isinstance(point[0], str), _place(point[0]), str(point[0])))
    return tuple(y for _, y in points)


def _place(x: Cell) -> float:
    return x if isinstance(x, int | float) else 0.0


def _heights(right: Answer, marks: str) -> tuple[Cell, ...] | None:
    """Give what should be drawn; None if that does not matter."""
    if right.kind == "missing":
        return None
    if isinstance(right.value, Picture):
        return _marks(right.value, marks)
    if marks == "bars":
        return _cells(right)
    return tuple(Answer("list", _cells(trace)) for trace in items(right))


def _trace(heights: Answer) -> Trace:
    cells = _cells(heights)
    return Trace(tuple(range(len(cells))), cells)


def _cells(answer: Answer) -> tuple[Cell, ...]:
    return tuple(_value(each) for each in items(answer))


def _value(answer: Answer) -> Cell:
    return answer.value if isinstance(answer.value, bool | int | float) else answer
