"""Grade one notebook, or all that a class handed in.

The idea: reading, running, judging and keeping are four steps that share plain data, and this module is their order.
What is unchanged since its last result is left alone. Each result is kept as soon as there is one, so that a run which
was stopped, by whatever, goes on where it stood. Running and judging together are one function of plain data,
`graded`, so that another executor can do them elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, as_completed
from contextlib import closing, nullcontext
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from helpers.classroom.grading.cluster import ClusterError, connected
from helpers.classroom.grading.judging import Order, drawn_for, job_of, result_of, unread
from helpers.classroom.grading.model import PROCESS, SANDBOXES, STRICT, Runner, SandboxError
from helpers.classroom.grading.private_bank import BankError, asked_in, exercises_of
from helpers.classroom.grading.reading import (
    HandedIn,
    ReadingError,
    Submission,
    find_submissions,
    read_for_lesson,
)
from helpers.classroom.grading.results import Book, Result, ResultsError, private_folder, total
from helpers.classroom.grading.salt import Salt, SaltError, asked_of, salt_of
from helpers.classroom.grading.shown import printable, quoted, speak
from helpers.classroom.grading.stamp import Stamp, checks_digest, data_digest, digest, versions
from helpers.exercises.codec import Inputs
from helpers.exercises.exercise import Exercise, ExerciseError
from helpers.exercises.records import DEFAULT_STUDENT

TASKS_PER_SLOT = 4
"""Into so many parts the work of each slot is cut for an executor, so that none waits long for another."""
LEAST_IN_A_PART = 5
"""Submissions in a part, where there are so many: a part opens a runner of its own, which costs as much as some."""


class GradingError(Exception):
    """Grading cannot begin or go on; says why, and what to do."""


class Opener(Protocol):
    """Opens what runs submissions; a function that can be pickled."""

    def __call__(self, *, sandbox: str, slots: int) -> Runner:
        """Open a runner."""
        ...


def open_pool(*, sandbox: str, slots: int) -> Runner:
    """Open the course's own runner: processes of this machine."""
    from helpers.classroom.grading.pool import open_runner

    return open_runner(sandbox=sandbox, slots=slots)


# ------------------------------------------------------------------ run and judge


@dataclass(frozen=True)
class Work:
    """Submissions to run and judge, as plain data.

    Parameters
    ----------
    lesson : str
    orders : tuple of Order
    bank : str
        Folder of an instructor's own exercises; empty for the course's.
    sandbox : str
    slots : int
        Submissions that run at one time.
    opener : Opener
    """

    lesson: str
    orders: tuple[Order, ...]
    bank: str = ""
    sandbox: str = STRICT
    slots: int = 1
    opener: Opener = open_pool


def graded(work: Work) -> Generator[Result, None, None]:
    """Run and judge submissions, and give each result as it is ready.

    Parameters
    ----------
    work : Work

    Yields
    ------
    Result
        One for each order, in any order.

    Raises
    ------
    BankError, SandboxError
        If nothing can be graded.
    GradingError
        If a submission did not come back.
    """
    exercises = exercises_of(work.lesson, Path(work.bank)) if work.bank else ()
    readable = dict(_keyed(order for order in work.orders if not order.submission.problems))
    opened = work.opener(sandbox=work.sandbox, slots=min(work.slots, len(readable))) if readable else None
    with opened or nullcontext() as runner:  # its servers import while the course's exercises are tried
        exercises = exercises or exercises_of(work.lesson)
        yield from (unread(order, exercises) for order in work.orders if order.submission.problems)
        if runner is not None:
            yield from _run_and_judge(runner, readable, exercises)


def graded_whole(work: Work) -> tuple[Result, ...]:
    """Do what `graded` does, for an executor: all results at once."""
    return tuple(graded(work))


def graded_elsewhere(work: Work) -> tuple[Result, ...]:
    """Do what `graded` does in another process, if the same course is installed there.

    Raises
    ------
    GradingError
        If exercises, data or versions are not those from which the office made its stamps.
    """
    bank = Path(work.bank) if work.bank else None
    if bank is not None and not bank.is_dir():
        raise BankError(
            f"Where the work is done there is no folder {bank}. Share it, or grade without executor."
        )
    here = {"exercises": checks_digest(work.lesson, bank), "data": data_digest(), "versions": versions()}
    for order in work.orders:
        wanted = {"exercises": order.stamp.checks, "data": order.stamp.data, "versions": order.stamp.versions}
        odd = [name for name, value in wanted.items() if value != here[name]]
        if odd:
            detail = f" ({here['versions']} there, {wanted['versions']} here)" if "versions" in odd else ""
            raise GradingError(
                f"Where the work is done the course has other {' and '.join(odd)} than here{detail}. "
                "Install the same course in both places."
            )
    return graded_whole(work)


def _keyed(orders: Iterable[Order]) -> Iterator[tuple[str, Order]]:
    return ((str(place), order) for place, order in enumerate(orders, start=1))


def _run_and_judge(
    runner: Runner, waiting: dict[str, Order], exercises: Sequence[Exercise]
) -> Generator[Result, None, None]:
    jobs = {key: job_of(order, exercises, key) for key, order in waiting.items()}
    for run in runner.run(jobs.values()):
        if run.key not in waiting:
            raise GradingError("A submission came back twice, or one that was never sent. Run it again.")
        yield result_of(waiting.pop(run.key), jobs[run.key], run, exercises)
    if waiting:
        names = ", ".join(printable(order.submission.student, 60) for order in waiting.values())
        raise GradingError(f"No result came back for {names}. Run the same command again to go on.")


# ------------------------------------------------------------------ one notebook


def grade(
    notebook: Path | str,
    lesson: str,
    student: str = DEFAULT_STUDENT,
    *,
    sandbox: str = STRICT,
    bank: Path | str | None = None,
    opener: Opener = open_pool,
) -> Result:
    """Grade one notebook; nothing is kept.

    Parameters
    ----------
    notebook : Path or str
    lesson : str
        Two digits.
    student : str
        The roster's id. With the default, any id may be declared.
    sandbox : str
        "strict" or "process".
    bank : Path or str, optional
        Folder of an instructor's own exercises.
    opener : Opener
        Opens what runs it.

    Returns
    -------
    Result

    Raises
    ------
    GradingError, BankError, SandboxError
        If it cannot be graded. A notebook that cannot be read gives a result that says so.
    """
    lesson, folder = _lesson(lesson), _folder(bank)
    _refuse_unknown_sandbox(sandbox)
    roster = frozenset() if student == DEFAULT_STUDENT else frozenset({student})
    submission = read_for_lesson(Path(notebook), lesson, student)
    exercises = exercises_of(lesson, folder) if folder else asked_in(lesson)
    common = _Common.of(lesson, folder, exercises, Salt.of_the_moment(), sandbox)
    work = Work(lesson, common.orders([submission], roster), str(folder or ""), sandbox, 1, opener)
    return graded_whole(work)[0]


# ------------------------------------------------------------------ a class


@dataclass(frozen=True)
class Summary:
    """What a grading run did.

    Parameters
    ----------
    lesson : str
    results : tuple of Result
        The current result of each student who was asked for, in the order of ids.
    n_graded : int
        Submissions that were graded in this run; the others had not changed.
    troubles, left_aside : tuple of str
        Lines of the results that are damaged; files that are no notebooks.
    path : Path
        Where the results are kept.
    seconds : float
    """

    lesson: str
    results: tuple[Result, ...]
    n_graded: int
    troubles: tuple[str, ...]
    left_aside: tuple[str, ...]
    path: Path
    seconds: float

    def lines(self) -> Iterator[str]:
        """What to tell at the end, line by line."""
        unchanged = len(self.results) - self.n_graded
        yield f"Lesson {self.lesson}: {self.n_graded} graded, {unchanged} unchanged, in {self.seconds:.0f} s."
        if self.results:
            mean = total(result.points for result in self.results) / len(self.results)
            yield f"Mean {mean:.2f} of {self.results[0].max_points:g}{self._by_hand()}."
        for result in self.results:
            name = printable(result.student, 60)
            yield from (f"Problem: {name}: {printable(problem)}" for problem in result.problems)
            yield from (f"Doubt: {name}: {printable(doubt)}" for doubt in result.doubts)
        yield from self.troubles
        if self.left_aside:
            yield f"Left aside, since they are no notebooks: {', '.join(self.left_aside)}."
        if any(result.stamp.sandbox == PROCESS for result in self.results):
            yield "Sandbox: process. Submissions could read and change what you can; see docs/grading.md."
        yield f"Results: {self.path}"

    def _by_hand(self) -> str:
        waiting = total(result.to_mark for result in self.results)
        return f"; {waiting:g} points in all wait for a mark by hand" if waiting else ""


def grade_all(
    submitted: Path | str,
    lesson: str,
    *,
    jobs: int = 2,
    sandbox: str = STRICT,
    students: Collection[str] | None = None,
    regrade: bool = False,
    bank: Path | str | None = None,
    results: Path | str | None = None,
    executor: Executor | None = None,
    say: Callable[[str], None] = speak,
    opener: Opener = open_pool,
) -> Summary:
    """Grade what a class handed in, and keep the results.

    Parameters
    ----------
    submitted : Path or str
        Folder with one notebook or one folder for each student.
    lesson : str
        Two digits.
    jobs : int
        Submissions that run at one time.
    sandbox : str
        "strict" or "process".
    students : collection of str, optional
        Only these.
    regrade : bool
        Also what has not changed since its last result.
    bank : Path or str, optional
        Folder of an instructor's own exercises.
    results : Path or str, optional
        Folder of the results; `results` beside `submitted` if none is given.
    executor : Executor, optional
        Where running and judging take place: anything with the methods of `concurrent.futures.Executor` that takes
        functions and data by pickling. This process and its slots if none is given.
    say : callable
        Takes each line for the reader.
    opener : Opener
        Opens what runs submissions.

    Returns
    -------
    Summary

    Raises
    ------
    GradingError, ReadingError, BankError, SandboxError, ResultsError, SaltError
        If grading cannot begin or go on. Results that were had are kept.
    """
    started = time.monotonic()
    lesson, folder, submitted = _lesson(lesson), _folder(bank), Path(submitted)
    _refuse_unknown_sandbox(sandbox)
    _refuse_no_jobs(jobs)
    handed_in = find_submissions(submitted, lesson)
    chosen = _chosen(handed_in, students, submitted)
    untried = folder is None and executor is None  # they are tried while the servers import
    exercises = asked_in(lesson) if untried else exercises_of(lesson, folder)
    book = Book.of(_results_folder(results, submitted), lesson)
    common = _Common.of(lesson, folder, exercises, _salt(book), sandbox)
    held, troubles = book.read()
    orders = common.orders(chosen, handed_in.roster)
    due = orders if regrade else _due(orders, held)
    work = Work(lesson, due, str(folder or ""), sandbox, jobs, opener)
    n_graded = _keep_all(_results(work, executor), book, len(due), say)
    current = book.current()
    return Summary(
        lesson=lesson,
        results=tuple(current[each.student] for each in chosen),
        n_graded=n_graded,
        troubles=tuple(troubles),
        left_aside=handed_in.left_aside,
        path=book.path,
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True)
class _Common:
    """What the orders of a run share."""

    lesson: str
    exercises: tuple[Exercise, ...]
    checks: str
    data: str
    versions: str
    salt: Salt
    sandbox: str

    @classmethod
    def of(
        cls, lesson: str, bank: Path | None, exercises: tuple[Exercise, ...], salt: Salt, sandbox: str
    ) -> _Common:
        return cls(lesson, exercises, checks_digest(lesson, bank), data_digest(), versions(), salt, sandbox)

    def stamp(self, submission: Submission) -> Stamp:
        said = digest([*submission.problems, "", *submission.doubts])
        made_from = (self.checks, self.data, self.versions, self.salt.fingerprint)
        return Stamp(submission.sha256, said, *made_from, self.sandbox)

    def orders(self, submissions: Iterable[Submission], roster: frozenset[str]) -> tuple[Order, ...]:
        return tuple(
            Order(each, self.lesson, self.stamp(each), roster, self._asked(each.student))
            for each in submissions
        )

    def _asked(self, student: str) -> tuple[tuple[str, Inputs], ...]:
        return tuple(asked_of(self.exercises, salt=self.salt, student=student, drawn_for=drawn_for(student)))


def _due(orders: Iterable[Order], held: Iterable[Result]) -> tuple[Order, ...]:
    """Orders whose last result was made from something else, or left an answer unjudged."""
    last = {result.student: result for result in held}
    done = {student for student, result in last.items() if result.settled}
    return tuple(
        order
        for order in orders
        if order.submission.student not in done or last[order.submission.student].stamp != order.stamp
    )


def _results(work: Work, executor: Executor | None) -> Generator[Result, None, None]:
    if executor is None:
        yield from graded(work)
        return
    futures = [executor.submit(graded_elsewhere, part) for part in _parts(work)]
    try:
        for future in as_completed(futures):
            yield from future.result()
    except (CancelledError, BrokenExecutor) as error:
        raise GradingError(
            "Those who do the work were lost. What was graded is kept: run the same command again to go on."
        ) from error
    finally:
        for future in futures:
            future.cancel()


def _parts(work: Work) -> Iterator[Work]:
    """Cut work into parts that each run one submission after the other."""
    size = max(LEAST_IN_A_PART, -(-len(work.orders) // (TASKS_PER_SLOT * work.slots)))
    for start in range(0, len(work.orders), size):
        part = work.orders[start : start + size]
        yield Work(work.lesson, part, work.bank, work.sandbox, 1, work.opener)


def _keep_all(
    results: Generator[Result, None, None], book: Book, due: int, say: Callable[[str], None]
) -> int:
    """Keep and tell each result; whatever happens, the runner is closed."""
    number = 0
    with closing(results):
        for number, result in enumerate(results, start=1):
            book.append(result)
            say(f"{number:>{len(str(due))}}/{due}  {result}")
    return number


def _results_folder(results: Path | str | None, submitted: Path) -> Path:
    folder = Path(results) if results is not None else submitted.absolute().parent / "results"
    if folder.resolve().is_relative_to(submitted.resolve()):
        raise GradingError(
            f"The results may not lie among the submissions, in {folder}. Give another folder."
        )
    return folder


def _salt(book: Book) -> Salt:
    try:
        private_folder(book.path.parent)
        return salt_of(book.path.parent)
    except OSError as error:
        raise ResultsError(f"The folder {book.path.parent} cannot be used ({error.strerror}).") from error


def _chosen(handed_in: HandedIn, students: Collection[str] | None, submitted: Path) -> list[Submission]:
    if not handed_in.submissions:
        raise GradingError(f"{submitted} holds no notebook and no student's folder.")
    if students is None:
        return list(handed_in.submissions)
    for student in students:
        if student not in handed_in.roster:
            near = get_close_matches(student, handed_in.roster, n=1)
            hint = f" Did you mean {quoted(near[0])}?" if near else ""
            raise GradingError(f"Nothing was handed in by {quoted(student)} in {submitted}.{hint}")
    return [each for each in handed_in.submissions if each.student in students]


# ------------------------------------------------------------------ arguments


def _lesson(lesson: str) -> str:
    if not (isinstance(lesson, str) and lesson.isascii() and lesson.isdigit() and len(lesson) <= 2):
        raise GradingError(f'A lesson is named by its two digits, such as "01", not by {str(lesson)[:20]!r}.')
    return lesson.zfill(2)


def _folder(bank: Path | str | None) -> Path | None:
    if bank is None:
        return None
    folder = Path(bank).expanduser().absolute()
    if not folder.is_dir():
        raise BankError(f"There is no folder {folder}. Give the folder that holds lesson_<nn>.py.")
    return folder


def _refuse_unknown_sandbox(sandbox: str) -> None:
    if sandbox not in SANDBOXES:
        raise GradingError(f"There is no sandbox {sandbox!r}. There are: {', '.join(SANDBOXES)}.")


def _refuse_no_jobs(jobs: int) -> None:
    if jobs < 1:
        raise GradingError(f"At least one submission runs at a time; {jobs} was asked for.")


# ------------------------------------------------------------------ the command

ERRORS = (
    GradingError,
    ReadingError,
    BankError,
    SandboxError,
    ResultsError,
    SaltError,
    ExerciseError,
    ClusterError,
)
"""What a user can mend; each is a sentence."""
INTERRUPTED = 130


def run_command(
    submitted: Path,
    lesson: str,
    *,
    jobs: int = 2,
    students: Sequence[str] = (),
    regrade: bool = False,
    bank: Path | None = None,
    sandbox: str = STRICT,
    results: Path | None = None,
    scheduler: str = "",
    say: Callable[[str], None] = speak,
    opener: Opener = open_pool,
) -> int:
    """Do `course grade`: grade a class, and tell line by line.

    Parameters
    ----------
    submitted : Path
        Folder of submissions; or one notebook, whose verdicts are told and not kept.
    lesson, jobs, students, regrade, bank, sandbox, results, say, opener
        As for `grade_all`; no students means all.
    scheduler : str
        Address of the scheduler of a Dask cluster, whose workers then run and judge; as many at one time as they have
        threads.

    Returns
    -------
    int
        Exit code: 0 if the run finished, 1 if it could not, 130 if it was interrupted.
    """
    how: dict[str, Any] = {"sandbox": sandbox, "bank": bank, "opener": opener}
    a_class = partial(
        grade_all,
        submitted,
        lesson,
        students=students or None,
        regrade=regrade,
        results=results,
        say=say,
        **how,
    )

    def lines() -> Iterable[str]:
        if submitted.is_file():
            return _one_notebook(submitted, lesson, students, scheduler, **how)
        if not scheduler:
            return ("", *a_class(jobs=jobs).lines())
        _refuse_no_jobs(jobs)
        with connected(scheduler) as cluster:
            return ("", *a_class(jobs=cluster.n_threads, executor=cluster.executor).lines())

    return _ending(lines, say)


def _one_notebook(
    notebook: Path, lesson: str, students: Sequence[str], scheduler: str, **how: Any
) -> Iterable[str]:
    """Grade one notebook, and give the lines that tell it."""
    if scheduler:
        raise GradingError("One notebook is graded here: leave out --scheduler, or give a folder.")
    one = grade(notebook, lesson, students[0] if students else DEFAULT_STUDENT, **how)
    return (str(one), *_told(one))


def _ending(work: Callable[[], Iterable[str]], say: Callable[[str], None]) -> int:
    """Do the work, tell its last lines or what went wrong, and give the exit code."""
    try:
        lines = work()
    except ERRORS as error:
        say(f"course: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopped. What was graded is kept: run the same command again to go on.")
        return INTERRUPTED
    for line in lines:
        say(line)
    return 0


def _told(result: Result) -> Iterator[str]:
    """Verdicts, events and doubts of one result, line by line."""
    for each in result.verdicts:
        yield f"{each.exercise_id}  {each.outcome}  {each.points:g} of {each.max_points:g}"
        if each.message:
            yield f"      {printable(each.message)}"
    yield from (event.text for event in result.events)
    yield from (f"Doubt: {printable(doubt)}" for doubt in result.doubts)
    yield "Nothing was kept."
