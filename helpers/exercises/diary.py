"""What a student thought, and when: warm-ups, beliefs and the concept test, kept beside the other records.

A belief and an answer of the concept test are worth something only if nobody improves them afterwards. So the first
belief of a lesson stays, and so does the concept test once its second run has begun.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpers.exercises.records import FILE, commitments, now, part_of, text, whole

if TYPE_CHECKING:
    import pandas as pd

BELIEFS = {
    "deployments": "Soldiers of a guardian, stationed in an ally's country, make its citizens feel protected.",
    "distant_wars": "A guardian's war far away reassures its allies elsewhere.",
}
"""The two claims that the course follows, by their keys."""


# ------------------------------------------------------------------ warm-ups


@dataclass(frozen=True)
class Deal:
    """Three questions that were put at a lesson's start.

    Parameters
    ----------
    keys : tuple of str
        Which questions.
    turn : int
        How often this lesson has dealt so far.
    choices : mapping
        From the key of a question to the option that was chosen, counted from 0 as shown.
    """

    keys: tuple[str, ...] = ()
    turn: int = 0
    choices: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        """Whether every question was answered."""
        return all(key in self.choices for key in self.keys)


def deal_of(lesson: str) -> Deal:
    """The questions that a lesson dealt last."""
    held = part_of(FILE.read(), "warm_ups").get(lesson)
    return _deal(held)


def _deal(held: object) -> Deal:
    if not isinstance(held, dict):
        return Deal()
    keys, choices = held.get("keys"), held.get("choices")
    return Deal(
        keys=tuple(map(str, keys)) if isinstance(keys, list) else (),
        turn=whole(held.get("turn")),
        choices={
            str(key): choice for key, choice in choices.items() if isinstance(choice, int)
        } if isinstance(choices, dict) else {},
    )  # fmt: skip


def times_dealt() -> dict[str, int]:
    """How often each question came up in a warm-up, by its key."""
    return {key: whole(count) for key, count in part_of(FILE.read(), "dealt").items()}


def record_deal(lesson: str, keys: Sequence[str]) -> Deal:
    """Remember which questions a lesson put."""

    def change(data: dict[str, Any]) -> None:
        part, counts = part_of(data, "warm_ups"), part_of(data, "dealt")
        turn = _deal(part.get(lesson)).turn + 1
        part[lesson] = {"keys": list(keys), "turn": turn, "choices": {}}
        for key in keys:
            counts[key] = whole(counts.get(key)) + 1

    data = FILE.update(change)
    return _deal(part_of(data, "warm_ups").get(lesson))


def record_warm_up(lesson: str, key: str, choice: int) -> None:
    """Remember an answer of a warm-up."""

    def change(data: dict[str, Any]) -> None:
        held = part_of(data, "warm_ups").get(lesson)
        if isinstance(held, dict):
            part_of(held, "choices")[key] = choice

    FILE.update(change)


# ------------------------------------------------------------------ beliefs


def belief(lesson: str) -> dict[str, int] | None:
    """What was believed in a lesson, per cent by key of the claim; None if nothing was kept."""
    return _belief(part_of(FILE.read(), "beliefs").get(lesson))


def _belief(entry: object) -> dict[str, int] | None:
    if not isinstance(entry, dict):
        return None
    values = {key: entry.get(key) for key in BELIEFS}
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in values.values()):
        return None
    return {key: min(100, max(0, int(str(value)))) for key, value in values.items()}


def record_belief(lesson: str, values: Mapping[str, int]) -> dict[str, int]:
    """Keep what is believed; what a lesson kept before stays."""
    time = now()

    def change(data: dict[str, Any]) -> None:
        part = part_of(data, "beliefs")
        if _belief(part.get(lesson)) is None:
            part[lesson] = {**values, "time": time}

    data = FILE.update(change)
    return _belief(part_of(data, "beliefs").get(lesson)) or dict(values)


def belief_path() -> pd.DataFrame:
    """Your own beliefs, lesson by lesson.

    Returns
    -------
    pandas.DataFrame
        One row a lesson and question: `lesson` (two digits), `question` ("deployments" or "distant_wars"), `belief`
        (per cent, int64) and `time` (universal; text). In the order of the lessons; no rows if nothing was kept.

    Examples
    --------
    >>> list(belief_path().columns)
    ['lesson', 'question', 'belief', 'time']
    """
    import pandas as pd

    held = part_of(FILE.read(), "beliefs")
    rows = [
        (str(lesson), question, value, text(held[lesson].get("time")))
        for lesson in sorted(held)
        for question, value in (_belief(held[lesson]) or {}).items()
    ]
    table = pd.DataFrame(rows, columns=["lesson", "question", "belief", "time"])
    return table.astype({"belief": "int64"})


def prediction_path() -> pd.DataFrame:
    """Your own predictions, with how sure you were and what came of them.

    Returns
    -------
    pandas.DataFrame
        One row a prediction: `lesson` (two digits), `prediction` (its id), `choice` (option, counted from 0, int64),
        `confidence` (per cent, int64), `right` (boolean, missing until the reveal) and `time` (universal; text). In
        the order of the predictions.

    Examples
    --------
    >>> list(prediction_path().columns)
    ['lesson', 'prediction', 'choice', 'confidence', 'right', 'time']
    """
    import pandas as pd

    rows = [
        (key[:2], key, made.choice, made.confidence, made.right, made.time)
        for key, made in sorted(commitments().items())
    ]
    names = ["lesson", "prediction", "choice", "confidence", "right", "time"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"choice": "int64", "confidence": "int64", "right": "boolean"})


# ------------------------------------------------------------------ the concept test


def concept_choices(run: str) -> dict[str, int]:
    """Options that were chosen in one run of the concept test, by the id of the question."""
    return _chosen(part_of(FILE.read(), "concept_test").get(run))


def _chosen(part: object) -> dict[str, int]:
    entries = part.items() if isinstance(part, dict) else ()
    read = {str(key): entry.get("choice") for key, entry in entries if isinstance(entry, dict)}
    return {key: each for key, each in read.items() if isinstance(each, int) and not isinstance(each, bool)}


def record_concept(run: str, question_id: str, choice: int) -> dict[str, int]:
    """Remember an answer of the concept test; the last one counts."""
    time = now()

    def change(data: dict[str, Any]) -> None:
        part_of(part_of(data, "concept_test"), run)[question_id] = {"choice": choice, "time": time}

    data = FILE.update(change)
    return _chosen(part_of(data, "concept_test").get(run))
