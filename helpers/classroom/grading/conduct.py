"""See one job through: as many attempts as it takes and is allowed.

The idea: a job is one or more attempts. If a cell ends its process, fills its memory or cannot be interrupted, a fresh
process plays the cells before it again, leaves it out and goes on. What the submission has said until then is kept, and
the event names the cell. No attempt waits for anything without a deadline of its own.

A process that somebody else ended costs nothing: a lost server is started again, and a child that was killed from
outside is run again as it was, once. A notebook that kills itself looks the same from here, so it too is believed once.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from typing import Any

from helpers.classroom.grading.child import Task
from helpers.classroom.grading.confine import LOST_CONFINEMENT
from helpers.classroom.grading.ledger import Ledger
from helpers.classroom.grading.model import PROCESS, Job, Limits, Run, SandboxError
from helpers.classroom.grading.slot import Ended, ServerDied, Slot
from helpers.classroom.grading.wire import Inbox

GRACE_SECONDS = 3.0
"""What a cell gets to end after it was interrupted."""
PAUSE_SECONDS = 20.0
"""What a child gets for whatever is no cell and no answer."""
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)
"""Exit status of a child that was killed; its waiting process passes it on as the second."""
LEAVE_SECONDS = 2.0
"""What a child gets to be gone after it said that it was done."""


class _KilledFromOutside(Exception):
    """A child was killed, for the first time in this submission, by nobody here."""


class Conduct:
    """One job in one slot, over all its attempts.

    Parameters
    ----------
    slot : Slot
    job : Job
    limits : Limits
    sandbox : str
    """

    def __init__(self, slot: Slot, job: Job, limits: Limits, sandbox: str) -> None:
        self._slot, self._job, self._limits, self._sandbox = slot, job, limits, sandbox
        self._ledger = Ledger(job, limits)
        self._end = time.monotonic() + limits.submission_seconds
        self._cpu = 0.0
        self._lost_servers = 0
        self._is_spared = False

    def run(self) -> Run:
        """Make attempts until one comes to its end, or no more are allowed.

        Raises
        ------
        SandboxError
            If the slot cannot run anything any more.
        """
        before = time.thread_time()
        self._attempt()
        while self._may_go_on():
            self._ledger.attempt += 1
            self._attempt()
        spent = self._cpu + time.thread_time() - before
        return self._ledger.run(spent=spent, sandbox=self._sandbox)

    def _may_go_on(self) -> bool:
        """Whether another attempt is needed and allowed; if it is not allowed, say so."""
        ledger, limits = self._ledger, self._limits
        if ledger.ended or ledger.stopped:
            return False
        if ledger.attempt >= limits.replays:
            ledger.stop(
                "not run", f"The process was lost {limits.replays + 1} times; what came after was not run."
            )
        elif time.monotonic() >= self._end:
            seconds = f"{limits.submission_seconds:g} seconds"
            ledger.stop("timed out", f"The {seconds} of the submission were over; the rest was not run.")
        return not ledger.stopped

    def _attempt(self) -> None:
        """Make one attempt; if the server is lost, start another and try once more."""
        self._ledger.begin()
        folder = tempfile.mkdtemp(dir=self._slot.folder) if self._sandbox == PROCESS else ""
        try:
            self._follow(self._begin(folder))
        except _KilledFromOutside:
            self._attempt()
        except ServerDied:
            self._slot.stop()
            self._lost_servers += 1
            if self._lost_servers == 1:
                self._attempt()
            elif self._ledger.place == 0:
                raise SandboxError("The process that runs submissions ends before any cell begins.") from None
            else:
                self._ledger.stop(
                    "died", "The process that runs submissions was lost twice; the rest was not run."
                )
        finally:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)

    def _begin(self, folder: str) -> int:
        if not self._slot.alive:
            self._slot.start()
            self._slot.wait_until_ready()
        job, seconds = self._job, max(1.0, self._end - time.monotonic())
        task = Task(job.cells, job.slips, job.student, tuple(self._ledger.skipped), seconds, folder)
        return self._slot.begin(task.to_json())

    def _follow(self, pipe: int) -> None:
        """Listen to a child until it is gone, and enter what became of it."""
        listening = _Listening(self._slot, pipe, self._ledger, self._limits, self._end)
        try:
            listening.listen()
        finally:
            os.close(pipe)
        ended = self._slot.wait_for_end()
        self._cpu += ended.cpu
        if not self._ledger.ended and not self._ledger.stopped and not self._ledger.spoilt:
            self._blame(ended, listening.late)

    def _blame(self, ended: Ended, late: bool) -> None:
        """Find words for how a child was lost."""
        again = "It was left out, and the rest was run again"
        if ended.verdict == "memory":
            self._ledger.blame(
                "memory", f"needed, with what it started, more memory than a submission may use. {again}"
            )
        elif ended.verdict == "processes":
            self._ledger.blame("died", f"started too many processes. {again}")
        elif late:
            self._ledger.blame("timed out", f"did not stop when its time was over. {again}")
        elif ended.code in KILLED and not self._is_spared:
            self._is_spared = True
            raise _KilledFromOutside
        elif ended.code == LOST_CONFINEMENT and self._ledger.place == 0:
            raise ServerDied("it cannot lock a child in")
        else:
            self._ledger.blame("died", f"ended its process ({_how(ended.code)}). {again}")


def _how(code: int) -> str:
    """Put an exit status into words; beyond 128 a waiting process passes on the number of a signal."""
    number = -code if code < 0 else code - 128
    with suppress(ValueError):
        return f"signal {signal.Signals(number).name}"
    return f"exit status {code}"


class _Listening:
    """Messages of one child, until there are no more or its time is over."""

    def __init__(self, slot: Slot, pipe: int, ledger: Ledger, limits: Limits, end: float) -> None:
        self._slot, self._pipe, self._ledger, self._limits, self._end = slot, pipe, ledger, limits, end
        self._inbox = Inbox(limits.answer_bytes)
        self._since = time.monotonic()
        self.late = False

    def listen(self) -> None:
        """Follow the child; at the end it is gone, or was told to go."""
        is_open = True
        while not self._over():
            descriptors: list[Any] = [self._slot.channel, self._pipe] if is_open else [self._slot.channel]
            ready, _, _ = select.select(descriptors, [], [], max(0.0, self._deadline() - time.monotonic()))
            if self._pipe in ready:
                is_open = self._read()
            elif self._slot.channel in ready:
                return
            else:
                self.late = True
        self._send_away()

    def _over(self) -> bool:
        return self.late or self._ledger.ended or self._ledger.stopped or self._ledger.spoilt

    def _deadline(self) -> float:
        seconds = self._limits.cell_seconds + GRACE_SECONDS if self._ledger.busy else PAUSE_SECONDS
        return min(self._since + seconds, self._end + GRACE_SECONDS)

    def _read(self) -> bool:
        """Take what is in the pipe; False at its end."""
        data = os.read(self._pipe, 1 << 16)
        place, busy = self._ledger.place, self._ledger.busy
        for message in self._inbox.feed(data):
            self._ledger.take(message)
        if self._inbox.full:
            megabytes = f"{self._limits.answer_bytes / 1e6:g} MB"
            self._ledger.stop("refused", f"The notebook sent more than {megabytes}; the rest was not read.")
        if (place, busy) != (self._ledger.place, self._ledger.busy):
            self._since = time.monotonic()
        return bool(data)

    def _send_away(self) -> None:
        """Let a child that is done leave by itself; end any other."""
        if self._ledger.ended and select.select([self._slot.channel], [], [], LEAVE_SECONDS)[0]:
            return
        self._slot.kill_job()
