"""The course map: every lesson by module, its minutes, and how far the student is in it.

Whether a lesson is in this edition follows from the bank: a lesson with exercises is there. So nobody has to keep a
second list up to date, and an installed package without the notebooks knows it too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from helpers.data.texts import Lesson, lesson_list
from helpers.exercises.exercise import Exercise
from helpers.exercises.judge import exercises
from helpers.exercises.records import Attempts, attempts

MISSING, NOT_BEGUN, DONE = "not in this edition yet", "not begun", "done"
HEADINGS = ("Lesson", "Minutes", "State", "Exercises done", "Points")


@dataclass(frozen=True)
class Place:
    """One lesson on the map.

    Parameters
    ----------
    lesson : Lesson
    state : str
        "done", "not begun", "not in this edition yet", or where the student stopped: "go on at 01.3".
    n_done, n_exercises : int
    points, most : float
        Points of the exercises that a computer marks.
    """

    lesson: Lesson
    state: str
    n_done: int = 0
    n_exercises: int = 0
    points: float = 0.0
    most: float = 0.0

    def cells(self) -> tuple[str, ...]:
        """Texts under the headings of the map."""
        name = f"{self.lesson.number} {self.lesson.title}"
        if self.state == MISSING:
            return name, str(self.lesson.minutes), self.state, "", ""
        points = f"{self.points:g} of {self.most:g}" if self.most else "no points"
        return name, str(self.lesson.minutes), self.state, f"{self.n_done} of {self.n_exercises}", points


def places() -> tuple[Place, ...]:
    """Every lesson with the student's state, in the order of the course.

    Returns
    -------
    tuple of Place
    """
    return tuple(map(_place, lesson_list()))


def exercises_of(lesson: Lesson) -> tuple[Exercise, ...]:
    """Exercises of one notebook: those that it names, or all of its number that no other notebook names.

    Parameters
    ----------
    lesson : Lesson

    Returns
    -------
    tuple of Exercise
        Empty if the lesson is not in this edition.
    """
    others = {each for other in lesson_list() if other.number == lesson.number for each in other.exercises}
    return tuple(
        each for each in exercises(lesson.number)
        if (each.id in lesson.exercises if lesson.exercises else each.id not in others)
    )  # fmt: skip


def _place(lesson: Lesson) -> Place:
    held = [(each, attempts(each.id)) for each in exercises_of(lesson)]
    if not held:
        return Place(lesson, MISSING)
    return Place(
        lesson,
        _state(held),
        n_done=sum(tried.done for _, tried in held),
        n_exercises=len(held),
        points=sum(tried.points for _, tried in held),
        most=sum(each.points for each, _ in held if not each.kind.by_hand),
    )


def _state(held: list[tuple[Exercise, Attempts]]) -> str:
    if not any(tried.tries for _, tried in held):
        return NOT_BEGUN
    still_open = next((each.id for each, tried in held if not tried.done), None)
    return DONE if still_open is None else f"go on at {still_open}"


def map_text(held: tuple[Place, ...]) -> str:
    """The map as plain text: a heading for each module, columns below it."""
    rows = [HEADINGS, *(each.cells() for each in held)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [_line(HEADINGS, widths)]
    for module, part in _modules(held):
        lines += ["", module, *(_line(each.cells(), widths) for each in part)]
    return "\n".join(lines)


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(map(str.ljust, cells, widths)).rstrip()


def map_html(held: tuple[Place, ...], caption: str) -> str:
    """The map as one table: a group of rows for each module, headers with their scope."""
    head = "".join(f"<th scope='col' style='{_LEFT}'>{each}</th>" for each in HEADINGS)
    body = "".join(
        f"<tbody><tr><th scope='rowgroup' colspan='{len(HEADINGS)}' style='{_LEFT}padding-top:10px'>"
        f"{escape(module)}</th></tr>{''.join(map(_row, part))}</tbody>"
        for module, part in _modules(held)
    )
    title = f"<caption style='{_LEFT}'>{escape(caption)}</caption>"
    return f"<table style='font-size:12pt'>{title}<thead><tr>{head}</tr></thead>{body}</table>"


_LEFT = "text-align:left;"


def _row(place: Place) -> str:
    first, *rest = place.cells()
    style = f"{_LEFT}font-weight:normal;"
    cells = "".join(f"<td style='{_LEFT}white-space:nowrap;'>{escape(each)}</td>" for each in rest)
    return f"<tr><th scope='row' style='{style}'>{escape(first)}</th>{cells}</tr>"


def _modules(held: tuple[Place, ...]) -> Iterator[tuple[str, list[Place]]]:
    for module in dict.fromkeys(each.lesson.module for each in held):
        yield module, [each for each in held if each.lesson.module == module]
