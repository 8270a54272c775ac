"""Run the cells of one notebook and send home what it answered; this is where a student's code runs.

The idea: as a notebook would, but with nothing to look at. Cells go through IPython, so magics and top-level `await`
work; an error ends its cell and the next one begins; figures are closed after each cell, as a notebook closes them.
Displays and printed text are dropped where they arise, so a million of them are cheap. Answers leave through one pipe,
each as soon as a `check` has seen it: whatever happens to this process later, that answer is safe.

Nothing here is trusted by the other end. What it does against interference (original functions put back while an
answer is written) only keeps accidents from costing points.
"""

from __future__ import annotations

import builtins
import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import IO, Any

from helpers.classroom.grading.model import Limits
from helpers.classroom.grading.wire import line_of
from helpers.exercises import checking, records
from helpers.exercises.answer import Answer
from helpers.exercises.exercise import Slip

WRAP_UP_SECONDS = 1.0
"""Time that is kept, of a submission's, for reading answers at the end."""


@dataclass(frozen=True)
class Task:
    """What one process has to do.

    Parameters
    ----------
    cells : tuple of str
    slips : tuple of Slip
    student : str
        Who works, until the notebook declares somebody.
    skip : tuple
        Numbers of cells, and ids of exercises, that ended an earlier process.
    seconds : float
        Left for this submission.
    folder : str
        Private folder to work in; empty where the sandbox makes one.
    """

    cells: tuple[str, ...]
    slips: tuple[Slip, ...]
    student: str
    skip: tuple[int | str, ...]
    seconds: float
    folder: str = ""

    def to_json(self) -> bytes:
        """Write for the child."""
        slips = [[slip.exercise_id, slip.name, slip.inputs] for slip in self.slips]
        return json.dumps({**vars(self), "slips": slips}).encode()

    @staticmethod
    def from_json(text: bytes) -> Task:
        """Read what `to_json` wrote."""
        held = json.loads(text)
        slips = tuple(Slip(key, name, inputs) for key, name, inputs in held["slips"])
        return Task(
            tuple(held["cells"]), slips, held["student"], tuple(held["skip"]), held["seconds"], held["folder"]
        )


# ------------------------------------------------------------------ what leaves


class Post:
    """The child's end of the pipe. Only the process that made it may write: a cell may fork copies of all that is here.

    Parameters
    ----------
    descriptor : int
    room : int
        Bytes for answers; snapshots may fill half of it.
    """

    def __init__(self, descriptor: int, room: int) -> None:
        self._descriptor = descriptor
        self._room = room
        self._half = room // 2
        self._process = _process()
        self.sent: dict[str, str] = {}

    def send(self, kind: str, **fields: object) -> None:
        """Send a message that is no answer."""
        with original_tools():
            self._write(line_of(kind, **fields))

    def snapshot(self, exercise_id: str, answer: Answer) -> None:
        """Send what a `check` saw, if there is room and it is new."""
        with original_tools():
            payload = answer.to_json()
            line = line_of("snapshot", id=exercise_id, payload=payload)
            if self.sent.get(exercise_id) != payload and self._room - len(line) >= self._half:
                self._send_answer(exercise_id, payload, line)

    def value(self, exercise_id: str, answer: Answer) -> None:
        """Send a final answer; one for which there is no room is called too big."""
        with original_tools():
            payload = answer.to_json()
            line = line_of("value", id=exercise_id, payload=payload)
            if len(line) > self._room:
                payload = Answer("too_big", "all answers together are too large").to_json()
                line = line_of("value", id=exercise_id, payload=payload)
            self._send_answer(exercise_id, payload, line)

    def _send_answer(self, exercise_id: str, payload: str, line: bytes) -> None:
        self._room -= len(line)
        self.sent[exercise_id] = payload
        self._write(line)

    @property
    def is_ours(self) -> bool:
        """Whether this is the process that runs the notebook, not a copy that a cell forked."""
        return _process() == self._process

    def _write(self, line: bytes) -> None:
        while line and self.is_ours:
            line = line[_write(self._descriptor, line) :]


_write, _process, _leave = os.write, os.getpid, os._exit
_ORIGINAL = dict(vars(builtins))
_dumps = json.dumps


@contextmanager
def original_tools() -> Iterator[None]:
    """Put Python's own functions back in their places, as long as an answer is written."""
    theirs, dumps = dict(vars(builtins)), json.dumps
    vars(builtins).update(_ORIGINAL)
    json.dumps = _dumps
    try:
        yield
    finally:
        vars(builtins).update({name: theirs[name] for name in _ORIGINAL if name in theirs})
        json.dumps = dumps


# ------------------------------------------------------------------ where output goes


class Sink(io.TextIOBase):
    """Takes text and forgets it, but for its length."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self.n_characters = 0
        self.buffer: IO[bytes] | None = None

    def write(self, text: str) -> int:
        """Forget `text`."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.n_characters += len(text)
        return len(text)

    def writable(self) -> bool:
        """Whether text is taken: always."""
        return True

    def fileno(self) -> int:
        """Descriptor of the null device, for programs that are started from a cell."""
        return 1


def quiet_shell() -> Any:
    """Make the IPython shell in which cells run: no history, no display, no traceback to draw."""
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.formatters import DisplayFormatter
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Formatter(DisplayFormatter):  # type: ignore[misc,unused-ignore]
        def format(self, *_: object, **__: object) -> tuple[dict[str, Any], dict[str, Any]]:
            return {}, {}

    class Publisher(DisplayPublisher):  # type: ignore[misc,unused-ignore]
        def publish(self, *_: object, **__: object) -> None:
            return None

    config = Config()
    config.HistoryManager.enabled = False
    shell: Any = InteractiveShell.instance(config=config)  # type: ignore[no-untyped-call,unused-ignore]
    shell.display_formatter = Formatter(parent=shell)
    shell.display_pub = Publisher(parent=shell, shell=shell)  # type: ignore[no-untyped-call,unused-ignore]
    for name in _UNSEEN:
        setattr(shell, name, _nothing)
    shell._tee = lambda *_, **__: nullcontext()
    return shell


_UNSEEN = (
    "showtraceback", "showsyntaxerror", "showindentationerror", "_format_exception_for_storage", "ask_exit",
)  # fmt: skip


def _nothing(*_: object, **__: object) -> None:
    return None


# ------------------------------------------------------------------ time


class Clock:
    """Interrupts what takes too long, as the stop button of a notebook would."""

    def __init__(self) -> None:
        self.rang = False
        self._armed = False

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raise KeyboardInterrupt in the block after so many seconds."""
        self.rang, self._armed = False, True
        _signal(signal.SIGALRM, self._ring)
        _signal(signal.SIGINT, signal.default_int_handler)
        _set_timer(signal.ITIMER_REAL, max(0.01, seconds))
        try:
            yield
        finally:
            self._armed = False
            _set_timer(signal.ITIMER_REAL, 0)

    def _ring(self, _number: int, _frame: object) -> None:
        if self._armed:
            self.rang = True
            raise KeyboardInterrupt


_signal, _set_timer = signal.signal, signal.setitimer
_now, _cpu = time.monotonic, time.process_time


# ------------------------------------------------------------------ the notebook


class Notebook:
    """One run through a notebook.

    Parameters
    ----------
    task : Task
    shell : IPython shell
    post : Post
    limits : Limits
    """

    def __init__(self, task: Task, shell: Any, post: Post, limits: Limits) -> None:
        self._task, self._shell, self._post, self._limits = task, shell, post, limits
        self._clock = Clock()
        self._end = _now() + task.seconds
        self._out = Sink()

    def run(self) -> None:
        """Run the cells, read the answers, say that it is over."""
        self._prepare()
        for number, source in enumerate(self._task.cells, start=1):
            if self._left() <= 0:
                self._post.send("skipped", cell=number)
                break
            if number not in self._task.skip:
                self._cell(number, source)
        for slip in self._task.slips:
            if slip.exercise_id not in self._task.skip:
                self._answer(slip)
        self._post.send("end")

    def _prepare(self) -> None:
        sys.stdout = sys.stderr = self._out
        self._out.buffer = open(os.devnull, "wb")  # noqa: SIM115, PTH123
        sys.path[:] = [place for place in sys.path if place] + [""]
        checking.collect(self._task.slips, self._post.snapshot)
        records.listen(self._task.student, lambda declared: self._post.send("declared", id=declared))

    def _left(self) -> float:
        return self._end - WRAP_UP_SECONDS - _now()

    def _cell(self, number: int, source: str) -> None:
        self._post.send("started", cell=number)
        before, printed = _cpu(), self._out.n_characters
        seconds = min(self._limits.cell_seconds, self._left())
        why, text = self._guarded(seconds, lambda: self._execute(source))
        if not self._post.is_ours:
            _leave(0)
        if self._out.n_characters - printed > self._limits.output_bytes:
            self._post.send("output", cell=number)
        self._post.send("ended", cell=number, why=why, text=text, cpu=float(_cpu() - before))

    def _guarded(self, seconds: float, work: Callable[[], tuple[str, str]]) -> tuple[str, str]:
        """Do `work` within its time, and say how it ended."""
        try:
            with self._clock.limit(seconds):
                why, text = work()
        except KeyboardInterrupt:
            why, text = "interrupted", ""
        except BaseException as error:
            why, text = _told(error)
        return ("timed out", "") if self._clock.rang and why in ("interrupted", "timed out") else (why, text)

    def _execute(self, source: str) -> tuple[str, str]:
        result = self._shell.run_cell(source, store_history=True)
        _close_figures()
        error = result.error_before_exec or result.error_in_exec
        return ("", "") if error is None else _told(error)

    def _answer(self, slip: Slip) -> None:
        """Send a final answer, unless a `check` saw one and it was sent."""
        names = self._shell.user_ns
        seen = checking.snapshots().get(slip.exercise_id)
        if seen is not None and slip.exercise_id in self._post.sent:
            return
        self._post.send("collecting", id=slip.exercise_id)
        read: list[Answer] = [Answer("other", source="unread")]

        def work() -> tuple[str, str]:
            read[0] = checking.final(slip, names)
            return "", ""

        seconds = max(WRAP_UP_SECONDS / 2, min(self._limits.cell_seconds, self._left()))
        if self._guarded(seconds, work)[0] == "timed out":
            self._post.send("late", id=slip.exercise_id)
        self._post.value(slip.exercise_id, read[0])


def _told(error: BaseException) -> tuple[str, str]:
    """Kind of an event, and what the error says of itself."""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", "KeyboardInterrupt"
    kind = "memory" if isinstance(error, MemoryError) else "error"
    name = type(error).__name__
    try:
        said = str(error)[:1000]
    except Exception:
        said = ""
    return kind, f"{name}: {said}"[:1000].encode("utf-8", "replace").decode() if said else name


def _close_figures() -> None:
    """Close all figures, as a notebook does after each cell."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        with suppress(Exception):
            pyplot.close("all")
