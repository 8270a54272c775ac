"""Run many submissions, a few at a time, each in a process of its own.

The idea: a class of two hundred must come through whatever one of them does. Each slot has one server and runs one job
at a time; results are given as they are ready; and however the block ends, nothing that was started stays behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from helpers.classroom.grading import sandbox as rooms
from helpers.classroom.grading.conduct import Conduct
from helpers.classroom.grading.folders import remove_left_behind
from helpers.classroom.grading.model import STRICT, Job, Limits, Run, Runner, SandboxError
from helpers.classroom.grading.slot import Slot
from helpers.classroom.preload import mentioned

__all__ = ["Pool", "SandboxError", "open_runner"]


def open_runner(*, sandbox: str = STRICT, slots: int = 2, limits: Limits | None = None) -> Runner:
    """Get ready to run submissions.

    Parameters
    ----------
    sandbox : str
        "strict", or "process" for limits and a private folder only.
    slots : int
        Submissions at one time; each needs a processor and its memory.
    limits : Limits, optional

    Returns
    -------
    Runner
        To be used with `with`.

    Raises
    ------
    SandboxError
        If submissions cannot be run like that here; says why, and the ways out.
    """
    if slots < 1:
        raise ValueError(f"slots={slots}: at least one submission is run at a time.")
    rooms.demand(sandbox)
    return Pool(sandbox, slots, limits or Limits())


class Pool:
    """Slots that run jobs; made by `open_runner`."""

    def __init__(self, sandbox: str, slots: int, limits: Limits) -> None:
        self._sandbox, self._limits, self._n_slots = sandbox, limits, slots
        self._slots: list[Slot] = []
        self._idle: SimpleQueue[Slot] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Start the servers; they import while the caller goes on, and `run` waits for them."""
        remove_left_behind()
        try:
            for number in range(self._n_slots):
                self._slots.append(Slot(number, self._sandbox, self._limits))
                self._slots[-1].start()
                self._idle.put(self._slots[-1])
        except BaseException:
            self._stop()
            raise
        self._threads = ThreadPoolExecutor(self._n_slots, thread_name_prefix="grading")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all servers and remove their folders."""
        self._stop()

    def _stop(self) -> None:
        for slot in self._slots:
            slot.hang_up()
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
            self._threads = None
        for slot in self._slots:
            slot.close()
        self._slots.clear()

    def run(self, jobs: Iterable[Job]) -> Iterator[Run]:
        """Run jobs and give each result as it is ready, in no fixed order.

        Parameters
        ----------
        jobs : iterable of Job
            Taken one by one, when a slot is free.

        Yields
        ------
        Run

        Raises
        ------
        SandboxError
            If a server does not come up.
        """
        if self._threads is None:
            raise RuntimeError("The runner is not open. Use it in a with statement.")
        names = _named_in(jobs) if isinstance(jobs, Collection) else ()
        running: set[Future[Run]] = set()
        for job in jobs:
            running.add(self._threads.submit(self._run_one, job, names))
            if len(running) == self._n_slots:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)

    def _run_one(self, job: Job, names: tuple[str, ...]) -> Run:
        slot = self._idle.get()
        try:
            slot.wait_until_ready(names)
            return Conduct(slot, job, self._limits, self._sandbox).run()
        finally:
            self._idle.put(slot)


def _named_in(jobs: Collection[Job]) -> tuple[str, ...]:
    """What submissions name of the course and its libraries: a server may prepare it once for all of them."""
    return mentioned(cell for job in jobs for cell in job.cells)
