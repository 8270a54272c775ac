"""What stands in which column: one description under which any survey experiment can be analysed.

An analysis needs to know what was measured and on which scale, who was told what, what was known before, and what the
comparison is the effect of. With that written down once, the same steps run on the course's simulated surveys, on a
class's answers, and on microdata of others. What does not fit the description is said before anything is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from helpers.experiments.answers import need, numeric
from helpers.experiments.results import ESTIMANDS, Estimand, ExperimentError

if TYPE_CHECKING:
    from helpers.data.own import OwnStudy
    from helpers.data.studies import Study
    from helpers.experiments.respondents import Fielded

MOST_ANSWERS = 11
"""Different answers that a scale may have, such as 0 to 10."""


@dataclass(frozen=True)
class Scale:
    """An outcome: whole numbers from `lowest` to `highest`.

    Parameters
    ----------
    name : str
        Column.
    words : str
        What it measures, in a few words.
    lowest, highest : int
        Ends of the scale; for a yes or no, 0 and 1.
    low, high : str
        What the ends mean.
    """

    name: str
    words: str
    lowest: int
    highest: int
    low: str = ""
    high: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.highest - self.lowest < MOST_ANSWERS:
            raise ExperimentError(
                f"The scale of {self.name!r} runs from {self.lowest} to {self.highest}; it needs 2 to "
                f"{MOST_ANSWERS} different answers."
            )

    @property
    def values(self) -> tuple[int, ...]:
        """Possible answers, the lowest first."""
        return tuple(range(self.lowest, self.highest + 1))


@dataclass(frozen=True, eq=False)
class Schema:
    """A table of answers and what its columns are.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent.
    outcomes : tuple of Scale
    arms : mapping
        Value in the column `by` to a label. People with another value, or none, are left out.
    reference : str or int
        Value of the arm with which the others are compared.
    by : str
        Column that names the arm.
    covariates : tuple of str
        Columns that were measured before.
    change : str
        What a comparison with the reference is the effect of; see `ESTIMANDS`.
    source : str
        Where the data come from, for a figure.
    simulated : bool
        Whether the people were made up.

    Raises
    ------
    ExperimentError
        If table and description do not fit.

    Examples
    --------
    >>> table = pd.DataFrame({"ally": [0, 0, 1, 1], "strike": [0, 1, 1, 1]})
    >>> Schema(table, (Scale("strike", "Supports a strike", 0, 1),), {0: "no ally", 1: "an ally"}, 0, by="ally")
    1 outcome, 2 arms, 4 people
    """

    answers: pd.DataFrame = field(repr=False)
    outcomes: tuple[Scale, ...]
    arms: Mapping[str | int, str]
    reference: str | int
    by: str = "arm"
    covariates: tuple[str, ...] = ()
    change: Estimand = "difference"
    source: str = ""
    simulated: bool = False

    def __post_init__(self) -> None:
        need(self.answers, [self.by, *self.covariates, *(scale.name for scale in self.outcomes)])
        if not self.outcomes:
            raise ExperimentError("Name one outcome or more.")
        if len(self.arms) < 2 or self.reference not in self.arms:
            raise ExperimentError(
                f"The reference {self.reference!r} must be one of two or more arms; given: "
                f"{', '.join(map(repr, self.arms)) or 'none'}."
            )
        if self.change not in ESTIMANDS:
            raise ExperimentError(
                f"No estimand {self.change!r}; there are {', '.join(map(repr, ESTIMANDS))}."
            )
        for scale in self.outcomes:
            self._refuse_off_scale(scale)

    def _refuse_off_scale(self, scale: Scale) -> None:
        values = numeric(self.answers, scale.name)
        odd = values.notna() & ~values.isin(scale.values)
        if odd.any():
            row = values.index[odd][0]
            raise ExperimentError(
                f"Row {row} has {values[row]:g} for {scale.name!r}, whose scale has the whole numbers from "
                f"{scale.lowest} to {scale.highest}. Correct it, or mark it as missing."
            )

    def __repr__(self) -> str:
        outcomes = f"{len(self.outcomes)} outcome{'s' * (len(self.outcomes) != 1)}"
        made = "; simulated for teaching" if self.simulated else ""
        return f"{outcomes}, {len(self.arms)} arms, {len(self.frame):,} people{made}"

    @property
    def frame(self) -> pd.DataFrame:
        """The answers of people in one of the arms; the column `by` holds the arm's value as text."""
        codes = self.answers[self.by].map({value: str(value) for value in self.arms})
        return self.answers.assign(**{self.by: codes})[codes.notna()]

    @property
    def treatments(self) -> tuple[str, ...]:
        """Arms without the reference, as text."""
        return tuple(str(value) for value in self.arms if value != self.reference)

    def label(self, arm: str) -> str:
        """Words for an arm, given as text."""
        return {str(value): words for value, words in self.arms.items()}[arm]

    def scale(self, outcome: str) -> Scale:
        """Description of an outcome.

        Raises
        ------
        ExperimentError
            If there is none of that name.
        """
        for scale in self.outcomes:
            if scale.name == outcome:
                return scale
        raise ExperimentError(
            f"No outcome {outcome!r}; there are {', '.join(scale.name for scale in self.outcomes)}."
        )

    def shares(self, outcome: str) -> pd.DataFrame:
        """Share of each answer in each arm.

        Returns
        -------
        DataFrame
            A row an arm, a column an answer; each row sums to 1 (to 0 if nobody in the arm answered).
        """
        scale, frame = self.scale(outcome), self.frame
        values = numeric(frame, outcome)
        counts = pd.crosstab(frame[self.by], values).reindex(
            index=[str(value) for value in self.arms], columns=list(scale.values), fill_value=0
        )
        totals = counts.sum(axis=1)
        return counts.div(totals.where(totals > 0), axis=0).fillna(0.0)


WORDS = {
    "protected": "Feels protected",
    "threat": "Perceives a threat",
    "need": "Need for own defence",
    "spending": "Support for spending",
}


def schema_of(fielded: Fielded, study: Study) -> Schema:
    """Describe a survey of the course that was fielded on simulated people.

    Parameters
    ----------
    fielded : Fielded
    study : Study
        The study that was fielded.

    Returns
    -------
    Schema

    Raises
    ------
    ExperimentError
        If it was another study that was fielded.
    """
    if fielded.study != study.name:
        raise ExperimentError(f"These are answers to {fielded.study!r}, and the study is {study.name!r}.")
    return schema_for(
        fielded.answers, study, source="simulated for teaching; survey, arms and sizes are the course's own."
    )


def schema_of_own(study: OwnStudy) -> Schema:
    """Describe a survey experiment that `load_study` has read.

    Parameters
    ----------
    study : OwnStudy

    Returns
    -------
    Schema
        For `EffectExplorer` and all else that a description is enough for.
    """
    scales = tuple(
        Scale(each.name, each.words, each.lowest, each.highest, each.low, each.high)
        for each in study.outcomes
    )
    arms: dict[str | int, str] = {str(arm): words for arm, words in study.arms.items()}
    return Schema(
        study.answers, scales, arms, study.reference, covariates=study.covariates,
        change=cast("Estimand", study.change), source=study.source, simulated=study.simulated,
    )  # fmt: skip


def schema_for(answers: pd.DataFrame, study: Study, *, source: str, simulated: bool = True) -> Schema:
    """Describe answers to a survey of the course, whoever gave them.

    Parameters
    ----------
    answers : DataFrame
        Columns as in `Study.codebook`; covariates may be missing. Arms in which nobody is are left out.
    study : Study
    source : str
    simulated : bool

    Returns
    -------
    Schema
    """
    there = set(answers["arm"]) if "arm" in answers.columns else set()
    verb = "leave" if study.change == "withdrawal" else "come"
    labels = {
        (0, 0): "no change",
        (1, 0): f"soldiers {verb}",
        (0, 1): f"nuclear weapons {verb}",
        (1, 1): f"both {verb}",
    }
    arms: dict[str | int, str] = {
        name: labels[arm.conventional, arm.nuclear] for name, arm in study.arms.items() if name in there
    }
    scales = tuple(
        Scale(each.name, WORDS.get(each.name, each.name), 1, each.points, each.low, each.high)
        for each in study.outcomes.values()
        if each.name in answers.columns
    )
    covariates = tuple(name for name in study.covariates if name in answers.columns)
    change: Estimand = "withdrawal" if study.change == "withdrawal" else "deployment"
    return Schema(
        answers, scales, arms, study.reference, covariates=covariates, change=change, source=source,
        simulated=simulated,
    )  # fmt: skip


def tops(shares: pd.DataFrame) -> float:
    """Largest share in a table of shares."""
    return float(np.max(shares.to_numpy()))
