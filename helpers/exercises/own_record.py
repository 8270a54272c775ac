"""`ledger`: the student's own record, or a fictitious one that says so.

Whether a record is one's own is decided in one place, so that no figure can pass somebody else's off as the student's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.exercises.diary import belief_path, prediction_path

if TYPE_CHECKING:
    import pandas as pd

FEWEST_LESSONS = 2
FEWEST_OUTCOMES = 5


@dataclass(frozen=True)
class Ledger:
    """Beliefs and predictions, and whose they are.

    Parameters
    ----------
    beliefs : DataFrame
        `lesson` (two digits), `question` (deployments or distant_wars), `belief` (per cent).
    predictions : DataFrame
        `prediction`, `confidence` (per cent), `right` (boolean; missing until the reveal).
    own_beliefs, own_predictions : bool
        Whether they are the student's own.
    """

    beliefs: pd.DataFrame
    predictions: pd.DataFrame
    own_beliefs: bool
    own_predictions: bool

    def __repr__(self) -> str:
        return f"{_beliefs_words(self)}\n{_predictions_words(self)}"


def ledger() -> Ledger:
    """Your own beliefs and predictions; where you kept too few, those of a fictitious student, which say so.

    Returns
    -------
    Ledger
        Beliefs are yours if you kept them in two lessons or more, predictions if five or more have an outcome.

    Examples
    --------
    >>> ledger().own_beliefs in (True, False)
    True
    """
    from helpers.data import fictitious_student

    beliefs, predictions, made_up = belief_path(), prediction_path(), fictitious_student()
    own_beliefs = beliefs["lesson"].nunique() >= FEWEST_LESSONS
    own_predictions = int(predictions["right"].notna().sum()) >= FEWEST_OUTCOMES
    return Ledger(
        beliefs=(beliefs if own_beliefs else made_up.beliefs)[["lesson", "question", "belief"]],
        predictions=(predictions if own_predictions else made_up.predictions)[
            ["prediction", "confidence", "right"]
        ],
        own_beliefs=own_beliefs,
        own_predictions=own_predictions,
    )


def _beliefs_words(held: Ledger) -> str:
    if held.own_beliefs:
        return f"Beliefs: your own, from {held.beliefs['lesson'].nunique()} lessons."
    return (
        "Beliefs: a fictitious student's, NOT yours.\n"
        f"  You kept yours in fewer than {FEWEST_LESSONS} lessons; each lesson asks near its end."
    )


def _predictions_words(held: Ledger) -> str:
    n_open = int(held.predictions["right"].isna().sum())
    rest = f" {n_open} without an outcome." if n_open else ""
    if held.own_predictions:
        return f"Predictions: your own, {len(held.predictions)}.{rest}"
    return (
        "Predictions: a fictitious student's, NOT yours.\n"
        f"  Fewer than {FEWEST_OUTCOMES} of yours have an outcome; commit, then run the cell that reveals."
    )
