"""The ledger of a fictitious student, for whoever has kept none.

A course whose last lesson draws the student's own path must say something to a student who has none. An empty
figure teaches nothing, and somebody else's numbers passed off as one's own would be a lie. So there is an example,
which says of itself that it is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.data.case import _read

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FictitiousStudent", "fictitious_student"]

CLAIMS = ("deployments", "distant_wars")


@dataclass(frozen=True)
class FictitiousStudent:
    """Beliefs and predictions of a fictitious student.

    Parameters
    ----------
    label : str
        That nobody is behind it.
    beliefs : DataFrame
        `lesson`, `question`, `belief` (per cent), as in the belief ledger.
    predictions : DataFrame
        `prediction`, `confidence` (per cent), `right` (boolean, missing where never revealed).
    """

    label: str
    beliefs: pd.DataFrame
    predictions: pd.DataFrame

    def __repr__(self) -> str:
        return f"{self.label}: {len(self.beliefs)} beliefs, {len(self.predictions)} predictions"


def fictitious_student() -> FictitiousStudent:
    """Beliefs and predictions of a fictitious student, made up to show what a ledger looks like.

    Returns
    -------
    FictitiousStudent

    Examples
    --------
    >>> fictitious_student()
    A fictitious student, simulated for teaching: 28 beliefs, 15 predictions
    """
    import pandas as pd

    held = _read("fictitious_student")
    beliefs = [
        (lesson, claim, value)
        for lesson, values in held["beliefs"].items()
        for claim, value in zip(CLAIMS, values, strict=True)
    ]
    predictions = [(name, *values) for name, values in held["predictions"].items()]
    table = pd.DataFrame(predictions, columns=["prediction", "confidence", "right"])
    return FictitiousStudent(
        label=held["label"],
        beliefs=pd.DataFrame(beliefs, columns=["lesson", "question", "belief"]),
        predictions=table.astype({"right": "boolean"}),
    )
