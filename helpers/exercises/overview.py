"""`progress`: what is done and what is open, for the student's own eyes; and all else about what is remembered."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from pathlib import Path

from helpers.exercises.course_map import map_html, map_text, places
from helpers.exercises.exercise import Exercise
from helpers.exercises.feedback import show_html
from helpers.exercises.judge import exercises, lessons
from helpers.exercises.merging import cleaned, merged
from helpers.exercises.records import FILE, Attempts, attempts, forget_all
from helpers.ui import state
from helpers.ui.carrying import CarryError, carry_in, carry_out
from helpers.ui.state import is_graded


@dataclass(frozen=True)
class Line:
    """One exercise in the overview; the fields are the columns."""

    exercise: str
    state: str
    attempts: str
    points: str
    task: str


def progress(
    lesson: str | None = None,
    *,
    reset: bool = False,
    confirm: bool = False,
    keep: bool | None = None,
    export: str | Path | None = None,
    restore: str | Path | None = None,
    replace: bool = False,
) -> None:
    """Show how far you are: the course map, or the exercises of one lesson. Or manage what is remembered.

    Parameters
    ----------
    lesson : str, optional
        Two digits, such as "01", for its exercises one by one.
    reset : bool
        Forget everything but your id. The notebooks stay.
    confirm : bool
        Needed with `reset`, because nothing brings it back.
    keep : bool, optional
        False: from now on nothing new is written to your folder; what you do is remembered until the kernel stops.
        True: it is written again.
    export : path, optional
        Write what is remembered to this file, to carry it to another computer.
    restore : path, optional
        Take in such a file. What both know is joined, and what was committed first stays.
    replace : bool
        With `restore`: let the file take the place of what is remembered here.

    Examples
    --------
    >>> progress("99")
    Lesson '99' has no exercises. ...
    """
    if is_graded():
        return
    try:
        said = _managed(reset, confirm, keep, export, restore, replace)
        if said:
            print(said)
        elif lesson is not None:
            _show_lesson(lesson)
        else:
            held = places()
            show_html(
                f"<div style='{_BOX}'>{map_html(held, _CAPTION)}</div>", f"{_CAPTION}\n{map_text(held)}"
            )
    except Exception as error:
        print(f"Your progress cannot be shown now: {' '.join(str(error).split())}")


_CAPTION = "The course, and how far you are (only you see it)"
_BOX = "font-size:12pt;color:inherit;overflow-x:auto;"


def _show_lesson(lesson: str) -> None:
    lines = overview(lesson)
    if not lines:
        print(
            f"Lesson {str(lesson)[:20]!r} has no exercises. Lessons with exercises: {', '.join(lessons())}."
        )
        return
    show_html(_html(lines), _text(lines))


def overview(lesson: str) -> list[Line]:
    """List the exercises of a lesson with their state.

    Parameters
    ----------
    lesson : str
        Two digits.

    Returns
    -------
    list of Line
        A line of sums stands last; empty if the lesson has no exercises.
    """
    held = [(exercise, attempts(exercise.id)) for exercise in exercises(lesson)]
    if not held:
        return []
    return [*(_line(exercise, tried) for exercise, tried in held), _sum(lesson, held)]


# ------------------------------------------------------------------ what is remembered

_WARNING = "This forgets your attempts, hints, quiz answers, predictions, beliefs and the concept test."


def _managed(
    reset: bool,
    confirm: bool,
    keep: bool | None,
    export: str | Path | None,
    restore: str | Path | None,
    replace: bool,
) -> str:
    """Do what was asked beside showing, and say it; empty if nothing was."""
    if sum((reset, keep is not None, export is not None, restore is not None)) > 1:
        return "One thing at a time: reset, keep, export or restore."
    if reset:
        return _reset(confirm)
    if keep is not None:
        return _keep(keep)
    try:
        if export is not None:
            return _export(Path(export))
        return _restore(Path(restore), replace) if restore is not None else ""
    except CarryError as error:
        return f"Nothing was changed. {error}"


def _reset(confirm: bool) -> str:
    if not confirm:
        return f"{_WARNING} To do it: progress(reset=True, confirm=True)"
    forget_all()
    return "Your progress is empty again. Your notebooks and your id are as they were."


def _keep(on: bool) -> str:
    try:
        state.keep(on)
    except OSError as error:
        return f"That cannot be switched: your folder cannot be written ({error.strerror})."
    if on:
        return "What you do is written to your folder again."
    return "From now on nothing new is written to your folder. To switch it on again: progress(keep=True)"


def _export(path: Path) -> str:
    carry_out(FILE.read(), path)
    return (
        f"What is remembered of you is in {path}. Take it in elsewhere with progress(restore={path.name!r})."
    )


def _restore(path: Path, replace: bool) -> str:
    theirs = cleaned(carry_in(path))
    if not replace:
        FILE.update(lambda ours: merged(ours, theirs))
        return f"What {path.name} holds was joined to what is remembered here."
    aside = _free_name(FILE.path.with_name("progress.replaced.json"))
    carry_out(FILE.read(), aside)
    FILE.write(theirs)
    return f"{path.name} took the place of what was remembered here. That is kept in {aside}."


def _free_name(path: Path) -> Path:
    number = 1
    while (place := path.with_name(f"{path.stem}-{number}.json")).exists():
        number += 1
    return place


# ------------------------------------------------------------------ one lesson


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
    return f"<div style='{_BOX}'>{table_html(table, 'Your progress (only you see it)')}</div>"


def _text(lines: list[Line]) -> str:
    rows = [tuple(name.capitalize() for name in _columns()), *map(astuple, lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_columns()))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _columns() -> list[str]:
    return [each.name for each in fields(Line)]
