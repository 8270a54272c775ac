"""`hint`: one step more each time.

The steps are the exercise's hints and, last, the reasoning of the model answer. The reasoning is worth more after work
of one's own, so it opens after two honest attempts (two different wrong answers), or once the exercise is done. An
instructor can leave it out for a class: `show_reasoning` in `course_settings.json` (see `helpers.ui.settings`).
"""

from __future__ import annotations

from helpers.exercises.exercise import Exercise
from helpers.exercises.feedback import Note, show
from helpers.exercises.judge import UnknownExercise, find
from helpers.exercises.kinds.base import plural
from helpers.exercises.records import Attempts, attempts, hints_shown, record_hints
from helpers.ui.settings import course_settings
from helpers.ui.state import is_graded

HONEST_ATTEMPTS = 2


def hint(exercise_id: str) -> None:
    """Show the next step towards an answer.

    Parameters
    ----------
    exercise_id : str
        Such as "01.3". Steps that you have seen are shown again.

    Examples
    --------
    >>> hint("99.1")
    There is no hint.
      No exercise '99.1'. ...
    """
    if is_graded():
        return
    try:
        note = _next(find(exercise_id))
    except UnknownExercise as error:
        note = Note("There is no hint.", (str(error),))
    except Exception as error:
        note = Note("There is no hint.", (f"The course itself stopped: {type(error).__name__}: {error}",))
    show(note)


def _next(exercise: Exercise) -> Note:
    reasoning = _reasoning(exercise)
    steps = (*exercise.hints, *([reasoning] if reasoning else []))
    if not steps:
        return Note(f"{exercise.id}: There is no hint.", ("Read the task once more.",))
    tried = attempts(exercise.id)
    is_open = not reasoning or _has_earned(tried)
    seen = min(hints_shown(exercise.id), len(steps))
    shown = min(seen + 1, len(steps) if is_open else len(exercise.hints))
    if shown > seen:
        record_hints(exercise.id, shown)
    shown = max(shown, seen)
    numbered = tuple(f"{place}. {step}" for place, step in enumerate(steps[:shown], start=1))
    end = _end(seen, len(steps), shown, tried)
    heading = f"Hint {shown} of {len(steps)}" if shown else "No hint yet"
    return Note(f"{exercise.id}: {heading}", (*numbered, *end), "→")


def _reasoning(exercise: Exercise) -> str:
    """Reasoning of the model answer, unless the instructor leaves it out."""
    return (exercise.reasoning or exercise.why) if course_settings().show_reasoning else ""


def _has_earned(tried: Attempts) -> bool:
    return tried.done or len(tried.wrong) >= HONEST_ATTEMPTS


def _end(seen: int, total: int, shown: int, tried: Attempts) -> tuple[str, ...]:
    """Say why there is no new step."""
    if shown > seen:
        return ()
    if shown == total:
        more = "" if course_settings().show_reasoning else " The reasoning is kept for class."
        return (f"That was the last one.{more}",)
    made = plural(len(tried.wrong), "attempt")
    return (f"The last step, the reasoning, opens after two different attempts of your own ({made} so far).",)
