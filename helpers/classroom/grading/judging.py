"""From what came back to a result: whose data counts, what each answer is worth, what a person should look at.

The idea: a run is a claim. Student and lesson are those of the job, never of a message; each answer is parsed strictly,
and one that cannot be costs that answer alone. The same judge as in the notebook does the rest. A run that came from
another order, place or time gives the same result.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from helpers.classroom.grading.model import Event, Job, Run
from helpers.classroom.grading.reading import Submission
from helpers.classroom.grading.results import NOT_JUDGED, Result, Written
from helpers.classroom.grading.shown import printable, quoted
from helpers.classroom.grading.stamp import Stamp
from helpers.exercises.answer import Answer, AnswerError
from helpers.exercises.codec import UNDEFINED, Inputs
from helpers.exercises.exercise import Exercise, ExerciseError, Slip
from helpers.exercises.judge import Verdict, inputs_of, judge
from helpers.exercises.kinds.base import unwrapped
from helpers.exercises.records import DEFAULT_STUDENT, is_student_id


@dataclass(frozen=True)
class Order:
    """What to do with one submission.

    Parameters
    ----------
    submission : Submission
    lesson : str
    stamp : Stamp
        Of everything that the result will depend on.
    roster : frozenset of str
        Ids of all who handed in; empty where nobody keeps a roster, so that any id may be declared.
    asked : tuple of (str, inputs)
        With what each function is called, by the id of its exercise. Drawn in the office, which alone has the salt.
    """

    submission: Submission
    lesson: str
    stamp: Stamp
    roster: frozenset[str] = frozenset()
    asked: tuple[tuple[str, Inputs], ...] = ()


def drawn_for(student: str) -> str:
    """Id with which inputs are drawn and undeclared data made: the roster's if it can be one, else the default."""
    return student if is_student_id(student) else DEFAULT_STUDENT


def job_of(order: Order, exercises: Sequence[Exercise], key: str) -> Job:
    """Make the job of a submission: its cells, and the names of answers.

    Parameters
    ----------
    order : Order
    exercises : sequence of Exercise
        All of the lesson.
    key : str
        By which the run will be known.

    Returns
    -------
    Job
        It holds no answer.
    """
    student = drawn_for(order.submission.student)
    asked = dict(order.asked)
    slips = tuple(
        Slip(each.id, each.answer, asked.get(each.id, inputs_of(each, student))) for each in exercises
    )
    return Job(key, order.submission.cells, student, slips)


def result_of(order: Order, job: Job, run: Run, exercises: Sequence[Exercise]) -> Result:
    """Judge what came back.

    Parameters
    ----------
    order : Order
    job : Job
        As it was sent.
    run : Run
        Nothing in it is trusted.
    exercises : sequence of Exercise
        All of the lesson.

    Returns
    -------
    Result
    """
    before = time.thread_time()
    student, identity = _whose(run.declared, job.student, order)
    inputs = {slip.exercise_id: slip.inputs for slip in job.slips}
    verdicts = tuple(
        _verdict(each, run.answers.get(each.id), student, inputs.get(each.id)) for each in exercises
    )
    doubts = (*order.submission.doubts, *identity, *_unfinished(run), *_unjudged(verdicts), *_refused(run))
    return Result(
        student=order.submission.student,
        lesson=order.lesson,
        judged_as=student,
        stamp=replace(order.stamp, sandbox=run.sandbox),
        verdicts=verdicts,
        words=tuple(_written(run, exercises)),
        doubts=tuple(dict.fromkeys(doubts)),
        events=tuple(Event(each.cell, printable(each.kind, 20), printable(each.text)) for each in run.events),
        finished=run.finished,
        edition=order.submission.edition,
        cell_cpu=run.cell_cpu,
        overhead_cpu=run.overhead_cpu + time.thread_time() - before,
        when=_now(),
    )


def unread(order: Order, exercises: Sequence[Exercise]) -> Result:
    """Result of a submission of which nothing could be run: no points, and the reason beside each exercise."""
    submission = order.submission
    why = " ".join(submission.problems)
    return Result(
        student=submission.student,
        lesson=order.lesson,
        judged_as=drawn_for(submission.student),
        stamp=order.stamp,
        verdicts=tuple(Verdict(each.id, "not attempted", 0, each.points, why) for each in exercises),
        problems=submission.problems,
        doubts=submission.doubts,
        finished=False,
        when=_now(),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


# ------------------------------------------------------------------ whose data


def _whose(declared: Collection[str], drawn: str, order: Order) -> tuple[str, list[str]]:
    """Give the id to judge with, and what is odd about it.

    Of several declared ids the last one counts, as it does in the notebook itself.
    """
    ids = [each for each in dict.fromkeys(declared) if is_student_id(each)]
    if not ids:
        return drawn, []
    doubts = list(_odd_id(ids[-1], order))
    if len(ids) > 1:
        doubts.append(f"It declares {len(ids)} ids, {', '.join(map(quoted, ids[:5]))}: the last one counts.")
    return ids[-1], doubts


def _odd_id(declared: str, order: Order) -> Iterator[str]:
    student = order.submission.student
    if not order.roster or declared == student:
        return
    if declared in order.roster:
        yield f"It declares the id {quoted(declared)}, which is another student's."
    else:
        yield f"It declares the id {quoted(declared)}; the roster's is {quoted(student)}."


# ------------------------------------------------------------------ one answer


def _verdict(exercise: Exercise, text: str | None, student: str, inputs: Inputs | None) -> Verdict:
    try:
        answer = UNDEFINED if text is None else Answer.from_json(text)
        return judge(exercise, answer, student, inputs=inputs)
    except AnswerError as error:
        return _no_points(exercise, "wrong", f"Your answer could not be read: {_sentence(error)}")
    except ExerciseError as error:
        return _no_points(exercise, NOT_JUDGED, _sentence(error))
    except Exception as error:
        return _no_points(
            exercise, NOT_JUDGED, f"The judge stopped: {type(error).__name__}: {_sentence(error)}"
        )


def _written(run: Run, exercises: Sequence[Exercise]) -> Iterator[Written]:
    """Texts that a person marks; one that is none, or too long, has its verdict and is not kept."""
    for exercise in exercises:
        text = run.answers.get(exercise.id) if exercise.kind.by_hand else None
        with suppress(AnswerError):
            answer = UNDEFINED if text is None else unwrapped(Answer.from_json(text))
            if answer.kind == "text" and exercise.kind.is_attempted(answer):
                yield Written(exercise.id, str(answer.value))


def _no_points(exercise: Exercise, outcome: str, message: str) -> Verdict:
    return Verdict(exercise.id, outcome, 0, exercise.points, message)


def _sentence(error: Exception) -> str:
    return printable(str(error))


# ------------------------------------------------------------------ what a person should look at


def _unfinished(run: Run) -> Iterator[str]:
    if not run.finished or any(event.kind == "not run" for event in run.events):
        yield "It was not run to its end; what was answered up to there counts."


def _unjudged(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for each in verdicts:
        if each.outcome == NOT_JUDGED:
            yield f"{each.exercise_id} could not be judged: {each.message}"


def _refused(run: Run) -> Iterator[str]:
    if any(event.kind == "refused" for event in run.events):
        yield "It sent what no notebook sends, and that was refused: see its events."
