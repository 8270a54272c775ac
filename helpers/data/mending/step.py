"""A recorded step: what is wrong with a file, and what the course does about it.

Four answers are possible. A defect is *mended* when the right value is known; *marked* when it is only known that
the value is doubtful; *settled* when another step removes it; *left* when the file says what its source says and the
course has no better knowledge. Each answer gives its reason, and a test holds it to the data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Outcome", "Remedy", "Step", "append_note"]

Outcome = Literal["mended", "marked", "settled", "left"]
Remedy: TypeAlias = "Callable[[pd.DataFrame], pd.DataFrame]"


@dataclass(frozen=True)
class Step:
    """What the course does about one defect of one dataset.

    Parameters
    ----------
    id : str
        D and P: defects found by an independent check of the given files. C: found by the course itself.
    dataset : str
        Key of the dataset, for example ``"us_troops"``.
    defect : str
        What is wrong, in one sentence.
    remedy : str
        What the course does, or why it leaves the matter alone.
    rows : int
        How many rows of the given file are touched by the defect.
    outcome : {"mended", "marked", "settled", "left"}
    apply : callable, optional
        From a table of text to a new one; given if, and only if, something is mended or marked.

    Raises
    ------
    ValueError
        If outcome and `apply` contradict each other.

    Examples
    --------
    >>> Step("D00", "polls", "None.", "Nothing to do.", rows=0, outcome="left").line()
    'D00, left: None. Nothing to do.'
    """

    id: str
    dataset: str
    defect: str
    remedy: str
    rows: int
    outcome: Outcome
    apply: Remedy | None = None

    def __post_init__(self) -> None:
        if (self.apply is not None) != (self.outcome in ("mended", "marked")):
            raise ValueError(f"Step {self.id}: a step has `apply` if, and only if, it mends or marks.")

    def line(self) -> str:
        """The step as one line of the dataset's history."""
        return f"{self.id}, {self.outcome}: {self.defect} {self.remedy}"


def append_note(table: pd.DataFrame, rows: pd.Series[bool], text: str, column: str = "note") -> pd.DataFrame:
    """Add a remark to `column` in the rows given; earlier remarks stay, and the column is made if need be."""
    notes = table[column] if column in table else table.index.to_series().astype(str).map(lambda _: "")
    marked = [
        f"{old}; {text}".removeprefix("; ") if hit else old for old, hit in zip(notes, rows, strict=True)
    ]
    return table.assign(**{column: marked})
