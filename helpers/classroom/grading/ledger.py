"""What is known of a submission while it runs: which cell is at work, what it answered, what went wrong.

The idea: a process that died must cost one cell, not a submission. The ledger follows the messages, so that it knows
which cell to blame and to leave out when a fresh process plays the others again, and it keeps what a `check` saw in a
process that is gone. Of several snapshots of one answer the one from the latest cell counts; a value that no `check`
saw counts only if there is no snapshot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from helpers.classroom.grading.model import Event, Job, Limits, Run
from helpers.classroom.grading.wire import Message, Refused, plain

MOST_REFUSED = 10
MOST_DECLARED = 20

Place = int | str
"""The number of a cell, or the id of an exercise whose answer is being read."""


@dataclass
class Ledger:
    """What is known of one job, over all its attempts.

    Parameters
    ----------
    job : Job
    limits : Limits

    Attributes
    ----------
    attempt : int
        Counted from 0.
    skipped : set
        Cells and answers that later attempts leave out.
    ended : bool
        Whether the child said that it was done.
    stopped : bool
        Whether there shall be no more attempts.
    spoilt : bool
        Whether this attempt has no memory left for the cells to come.
    cell_cpu : float
        Processor seconds of all cells, as the children say.
    """

    job: Job
    limits: Limits
    attempt: int = 0
    skipped: set[Place] = field(default_factory=set)
    ended: bool = False
    stopped: bool = False
    spoilt: bool = False
    cell_cpu: float = 0.0
    _place: Place = 0
    _busy: bool = False
    _snapshots: dict[str, tuple[tuple[int, int], str]] = field(default_factory=dict)
    _values: dict[str, str] = field(default_factory=dict)
    _declared: dict[str, None] = field(default_factory=dict)
    _events: dict[tuple[int, str, str], Event] = field(default_factory=dict)
    _refused: int = 0

    def begin(self) -> None:
        """Start an attempt in a fresh process."""
        self.ended, self.spoilt, self._place, self._busy = False, False, 0, False
        self._values.clear()

    @property
    def busy(self) -> bool:
        """Whether a student's code is at work now."""
        return self._busy

    @property
    def place(self) -> Place:
        """The cell or the answer that is or was at work."""
        return self._place

    def take(self, message: Message | Refused) -> None:
        """Enter a message, or refuse it with an event."""
        try:
            if isinstance(message, Refused):
                raise message
            if self.ended:
                raise Refused("a message after the end")
            _ENTRIES[message.kind](self, message)
        except Refused as refused:
            self.refuse(str(refused))

    def refuse(self, what: str) -> None:
        """Keep in an event that something was not accepted; only the first ones are worth it."""
        self._refused += 1
        if self._refused <= MOST_REFUSED:
            self._say("refused", f"The notebook sent {what}; it was not accepted.")

    def blame(self, kind: str, what: str) -> None:
        """Leave out, next time, whatever was at work when the process was lost.

        Parameters
        ----------
        kind : str
            Of the event.
        what : str
            End of the sentence that begins with "Cell 3".
        """
        if isinstance(self._place, str):
            self._say(kind, f"The answer to {self._place} {what} when it was read.", cell=0)
        elif self._place:
            self._say(kind, f"Cell {self._place} {what}.")
        else:
            self._say(kind, f"The notebook {what} before its first cell.")
            self.stopped = True
        self.skipped.add(self._place)

    def stop(self, kind: str, sentence: str) -> None:
        """End the submission here."""
        self.stopped = True
        self._say(kind, sentence, cell=0)

    def run(self, *, spent: float, sandbox: str) -> Run:
        """Sum up, given the processor seconds that were spent in all."""
        cells = min(self.cell_cpu, spent)
        answers = {**self._values, **{key: text for key, (_, text) in self._snapshots.items()}}
        order = {slip.exercise_id: place for place, slip in enumerate(self.job.slips)}
        return Run(
            key=self.job.key,
            answers=dict(sorted(answers.items(), key=lambda item: order[item[0]])),
            declared=tuple(self._declared),
            events=tuple(sorted(self._events.values(), key=lambda event: event.cell)),
            finished=self.ended,
            replays=self.attempt,
            cell_cpu=cells,
            overhead_cpu=spent - cells,
            sandbox=sandbox,
        )

    def _say(self, kind: str, sentence: str, cell: int | None = None) -> None:
        where = cell if cell is not None else self._place if isinstance(self._place, int) else 0
        event = Event(where, kind, plain(sentence))
        self._events.setdefault((event.cell, event.kind, event.text), event)

    def _known(self, exercise_id: str) -> str:
        if all(slip.exercise_id != exercise_id for slip in self.job.slips):
            raise Refused("an answer to an exercise that is not asked")
        return exercise_id

    def _started(self, message: Message) -> None:
        last = self._place
        if self._busy or not isinstance(last, int) or not last < message.cell <= len(self.job.cells):
            raise Refused("word of a cell that cannot begin now")
        self._place, self._busy = message.cell, True

    def _ended(self, message: Message) -> None:
        if not self._busy or message.cell != self._place:
            raise Refused("word of a cell that cannot end now")
        self._busy = False
        self.cell_cpu += message.cpu
        if message.why:
            self._say(message.why, self._sentence(message))
        if message.why == "memory" and self.attempt < self.limits.replays:
            self.spoilt = True
            self.skipped.add(message.cell)

    def _sentence(self, message: Message) -> str:
        if message.why == "timed out":
            return f"Cell {message.cell} was interrupted after its time was over."
        if message.why == "memory":
            return f"Cell {message.cell} needed more memory than a submission may use. It was left out."
        return f"Cell {message.cell} stopped: {message.text}"

    def _output(self, message: Message) -> None:
        if message.cell != self._place:
            raise Refused("word of output from another cell")
        megabytes = self.limits.output_bytes / 1e6
        self._say(
            "output", f"Cell {message.cell} printed more than {megabytes:g} MB; printed text is not kept."
        )

    def _skipped(self, message: Message) -> None:
        n_cells = len(self.job.cells)
        if self._busy or not 1 <= message.cell <= n_cells:
            raise Refused("word of a cell that cannot be skipped now")
        which = f"Cells {message.cell} to {n_cells} were" if message.cell < n_cells else f"Cell {n_cells} was"
        seconds = f"{self.limits.submission_seconds:g} seconds"
        self._say(
            "not run", f"{which} not run: the {seconds} of the submission were over.", cell=message.cell
        )

    def _declares(self, message: Message) -> None:
        if not 1 <= len(message.id) <= 64 or not message.id.isascii() or not message.id.isprintable():
            raise Refused("a student id that cannot be one")
        if len(self._declared) >= MOST_DECLARED:
            raise Refused(f"more than {MOST_DECLARED} student ids")
        self._declared.setdefault(message.id)

    def _collecting(self, message: Message) -> None:
        self._place, self._busy = self._known(message.id), True

    def _late(self, message: Message) -> None:
        if self._known(message.id) != self._place:
            raise Refused("word of an answer that is not being read")
        self._say("timed out", f"The answer to {message.id} took too long to be read.")

    def _snapshot(self, message: Message) -> None:
        cell = self._place if isinstance(self._place, int) else len(self.job.cells)
        when = (cell, self.attempt)
        held = self._snapshots.get(self._known(message.id))
        if held is None or when >= held[0]:
            self._snapshots[message.id] = (when, message.payload)

    def _value(self, message: Message) -> None:
        if self._known(message.id) in self._values:
            raise Refused(f"two answers to {message.id}")
        self._values[message.id] = message.payload
        self._busy = False

    def _end(self, _message: Message) -> None:
        self.ended, self._busy = True, False


_ENTRIES: dict[str, Callable[[Ledger, Message], None]] = {
    "started": Ledger._started,
    "ended": Ledger._ended,
    "output": Ledger._output,
    "skipped": Ledger._skipped,
    "declared": Ledger._declares,
    "collecting": Ledger._collecting,
    "late": Ledger._late,
    "snapshot": Ledger._snapshot,
    "value": Ledger._value,
    "end": Ledger._end,
}
