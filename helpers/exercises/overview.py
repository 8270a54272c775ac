"""`progress`: what is done and what is open, for the student's own eyes."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from helpers.exercises.exercise import Exercise
from helpers.exercises.feedback import show_html
from helpers.exercises.judge import exercises, lessons
from helpers.exercises.records import Attempts, attempts, forget_all
from helpers.ui.state import is_graded


@dataclass(frozen=True)
class Line:
    """One exercise in the overview; the fields are the columns."""

    exercise: str
    state: str
    attempts: str
    points: str
    task: str


def progress(*, reset: bool = False, confirm: bool = False) -> None:
    """Show which exercises you have tried and which are right.

    Parameters
    ----------
    reset : bool
        Forget attempts, hints, quiz answers and predictions. The notebooks and your id stay.
    confirm : bool
        Needed with `reset`, because nothing brings them back.
    """
    if is_graded():
        return
    if reset:
        print(_reset(confirm))
        return
    try:
        lines = overview()
    except Exception as error:
        print(f"Your progress cannot be shown now: {' '.join(str(error).split())}")
        return
    if not lines:
        print("There are no exercises yet.")
        return
    show_html(_html(lines), _text(lines))


def overview() -> list[Line]:
    """List every exercise with its state, lesson by lesson.

    Returns
    -------
    list of Line
        A line of sums follows each lesson.
    """
    lines: list[Line] = []
    for lesson in lessons():
        held = [(exercise, attempts(exercise.id)) for exercise in exercises(lesson)]
        lines += [_line(exercise, tried) for exercise, tried in held]
        lines.append(_sum(lesson, held))
    return lines


_WARNING = "This forgets your attempts, hints, quiz answers and predictions."


def _reset(confirm: bool) -> str:
    if not confirm:
        return f"{_WARNING} To do it: progress(reset=True, confirm=True)"
    forget_all()
    return "Your progress is empty again. Your notebooks and your id are as they were."


def _line(exercise: Exercise, tried: Attempts) -> Line:
    return Line(
        exercise=exercise.id,
        state=_state(tried),
        attempts=str(tried.tries),
        points="by a person" if exercise.kind.by_hand else f"{tried.points:g} of {exercise.points:g}",
        task=exercise.asks,
    )


def _state(tried: Attempts) -> str:
    if tried.right:
        return "right"
    if tried.recorded:
        return "recorded"
    return "attempted" if tried.tries else "not attempted"


def _sum(lesson: str, held: list[tuple[Exercise, Attempts]]) -> Line:
    n_done = sum(tried.done for _, tried in held)
    points = sum(tried.points for _, tried in held)
    most = sum(exercise.points for exercise, _ in held if not exercise.kind.by_hand)
    tries = sum(tried.tries for _, tried in held)
    return Line(
        f"Lesson {lesson}", f"{n_done} of {len(held)} done", str(tries), f"{points:g} of {most:g}", ""
    )


def _html(lines: list[Line]) -> str:
    import pandas as pd

    from helpers.ui.html import table_html

    table = pd.DataFrame(
        [astuple(line) for line in lines], columns=[name.capitalize() for name in _columns()]
    )
    style = "font-size:12pt;color:inherit;overflow-x:auto;"
    return f"<div style='{style}'>{table_html(table, 'Your progress (only you see it)')}</div>"


def _text(lines: list[Line]) -> str:
    rows = [tuple(name.capitalize() for name in _columns()), *map(astuple, lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_columns()))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _columns() -> list[str]:
    return [each.name for each in fields(Line)]
