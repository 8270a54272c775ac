"""What passes between the office, which reads and judges submissions, and the runner, which executes them.

The idea: the two share plain, frozen data and nothing else. A job names no student by name and holds no answer; a run
holds what came over the pipe as text that nobody has parsed yet. So the side that executes never learns what is right,
and the side that judges never touches an object that a student made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from helpers.exercises.exercise import Slip

STRICT, PROCESS = "strict", "process"
SANDBOXES = (STRICT, PROCESS)


class SandboxError(Exception):
    """Submissions cannot be run as safely as was asked; says why, and the ways out."""


@dataclass(frozen=True)
class Job:
    """One submission to be run.

    Parameters
    ----------
    key : str
        Chosen by the office. It is never shown to the process that runs the cells.
    cells : tuple of str
        Sources of the code cells, in order.
    student : str
        The id with which the inputs of functions were drawn: the declared one, or the roster's.
    slips : tuple of Slip
        What to collect, and nothing that helps to give it.
    """

    key: str
    cells: tuple[str, ...]
    student: str
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Parameters
    ----------
    cell_seconds : float
        After so long a cell is interrupted.
    submission_seconds : float
        For all cells together, replays included.
    replays : int
        How often a submission whose process died is run again without the cell that killed it.
    memory_mb : int
        Megabytes on top of what the libraries need.
    processes : int
        Processes and threads at one time.
    file_mb : int
        Megabytes of one file.
    answer_bytes : int
        Bytes of all that comes back.
    output_bytes : int
        Bytes that a cell may print before its output is mentioned. Printed text is dropped anyway.
    """

    cell_seconds: float = 20.0
    submission_seconds: float = 120.0
    replays: int = 3
    memory_mb: int = 1500
    processes: int = 64
    file_mb: int = 50
    answer_bytes: int = 2_000_000
    output_bytes: int = 1_000_000


@dataclass(frozen=True)
class Event:
    """Something that happened while a submission ran.

    Parameters
    ----------
    cell : int
        Counted from 1 among the code cells; 0 if it was outside them.
    kind : str
        "error", "timed out", "died", "interrupted", "memory", "output", "not run" or "refused".
    text : str
        One plain sentence of at most 300 characters, without terminal escapes.
    """

    cell: int
    kind: str
    text: str


@dataclass(frozen=True)
class Run:
    """What came back from one job.

    Parameters
    ----------
    key : str
        That of the job.
    answers : mapping
        From exercise id to the JSON text of an `Answer`, as it came over the pipe: not trusted, only its size and depth
        were checked.
    declared : tuple of str
        Ids that the notebook declared by `student(…)`, in order.
    events : tuple of Event
    finished : bool
        Whether every cell was run, or skipped with an event.
    replays : int
    cell_cpu, overhead_cpu : float
        Processor seconds of the cells, and of all else that this job cost.
    sandbox : str
        "strict" or "process".
    """

    key: str
    answers: Mapping[str, str] = field(default_factory=dict)
    declared: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    finished: bool = True
    replays: int = 0
    cell_cpu: float = 0.0
    overhead_cpu: float = 0.0
    sandbox: str = STRICT


class Runner(Protocol):
    """Runs jobs until it is closed; a context manager."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every process that was started."""
        ...

    def run(self, jobs: Iterable[Job]) -> Iterator[Run]:
        """Run jobs, several at a time, and give each result as it is ready."""
        ...
