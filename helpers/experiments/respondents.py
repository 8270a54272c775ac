"""Simulated people who take a survey of the course: attitudes, potential answers, and what goes wrong in the field.

Each person has covariates, a latent attitude behind each question, and an answer for *every* arm; the survey shows one
of them. A world says how far reading an arm's text moves the attitude, on average; people differ around it. Thresholds
turn attitudes into answers. Some people do not read, some leave a question out, some stop after the text.

Declared by the course, from no published data: the forms, the noise, the thresholds, and all that study and world say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from helpers.experiments.assignment import Assignment, blocked, complete
from helpers.experiments.results import ExperimentError
from helpers.experiments.uniforms import noise, uniforms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from helpers.data.studies import Covariate, Study, World

    Column = NDArray[np.float64]

THRESHOLDS = {
    5: (-1.2, -0.4, 0.4, 1.2),
    7: (-1.75, -1.05, -0.35, 0.35, 1.05, 1.75),
}
"""Where a latent attitude becomes the next answer, by number of points."""
MOST_RESPONDENTS = 1_000_000


@dataclass(frozen=True)
class Fielded:
    """A survey that was fielded on simulated people.

    Parameters
    ----------
    study : str
    world : str
    seed : int or str
    answers : DataFrame
        One row a person, as a survey firm would deliver: see `Study.codebook`. Missing answers are empty.
    potential : DataFrame
        Complete answers to each outcome in every arm, columns `outcome/arm`. No real survey has it.
    assignment : Assignment
    """

    study: str
    world: str
    seed: int | str
    answers: pd.DataFrame
    potential: pd.DataFrame
    assignment: Assignment

    def __repr__(self) -> str:
        answered = int(self.answers.iloc[:, -1].notna().sum())
        people = f"{len(self.answers):,} simulated people, {answered:,} answered to the end"
        return f"{self.study}: {people}; simulated for teaching"

    def to_frame(self) -> pd.DataFrame:
        """Return the answers."""
        return self.answers

    def truth(self, outcome: str, arm: str, reference: str = "unchanged") -> float:
        """Average effect of an arm among these people, from their potential answers, scale points."""
        columns = [f"{outcome}/{name}" for name in (arm, reference)]
        for name in columns:
            if name not in self.potential.columns:
                raise ExperimentError(f"There is no {name!r}; there are {', '.join(self.potential.columns)}.")
        return float((self.potential[columns[0]] - self.potential[columns[1]]).mean())


def field_study(
    study: Study,
    world: World,
    seed: int | str,
    *,
    n_respondents: int | None = None,
    randomise: Literal["complete", "block"] = "complete",
    outcomes: Sequence[str] | None = None,
) -> Fielded:
    """Field a survey experiment on simulated people.

    Parameters
    ----------
    study : Study
    world : World
        What the texts do.
    seed : int or str
        The same study and seed give the same people, whatever the world: only what reading does to them differs.
    n_respondents : int, optional
        The study's own number if not given.
    randomise : str
        "complete", or "block" to randomise within the study's blocks.
    outcomes : sequence of str, optional
        Draw these alone, where a survey is fielded again and again; their answers are the same as among all.

    Returns
    -------
    Fielded

    Raises
    ------
    ExperimentError
        If the world does not know the study, the number is out of range, or there is no such outcome.
    """
    n = n_respondents or study.respondents_per_arm * len(study.arms)
    if study.name not in world.effects:
        raise ExperimentError(f"The world {world.name!r} says nothing of {study.name!r}.")
    if not 2 * len(study.arms) <= n <= MOST_RESPONDENTS:
        raise ExperimentError(
            f"n_respondents={n} is out of range; give {2 * len(study.arms)} to {MOST_RESPONDENTS:,}."
        )
    if randomise not in ("complete", "block"):
        raise ExperimentError(f"randomise={randomise!r} is unknown; give 'complete' or 'block'.")
    asked = tuple(study.outcomes if outcomes is None else outcomes)
    for name in asked:
        if name not in study.outcomes:
            raise ExperimentError(
                f"No outcome {name!r} in {study.name!r}; there are {', '.join(study.outcomes)}."
            )
    stream = f"{study.name}|{seed}"
    people = _people(study, stream, n)
    attentive = uniforms(stream, "attention", n) >= study.answering.inattentive
    potential = _potential(study, world, people, attentive, stream, asked)
    if randomise == "block":
        assignment = blocked(people[study.blocks].astype(str).tolist(), list(study.arms), stream)
    else:
        assignment = complete(n, list(study.arms), stream)
    answers = _answers(study, world, people, attentive, potential, assignment, stream, asked)
    return Fielded(study.name, world.name, seed, answers, potential, assignment)


def _people(study: Study, stream: str, n: int) -> pd.DataFrame:
    columns = {}
    for name, covariate in study.covariates.items():
        ends = np.cumsum(covariate.shares)
        place = np.searchsorted(ends[:-1], uniforms(stream, f"covariate {name}", n), side="right")
        columns[name] = np.array(covariate.values, dtype=None if covariate.is_number else object)[place]
    return pd.DataFrame(columns)


def _attitude(study: Study, outcome: str, people: pd.DataFrame) -> Column:
    """Part of the latent attitude that comes from who people are."""
    total = np.zeros(len(people))
    for name, weight in study.attitudes[outcome].items():
        if name == "centre":
            total = total + weight
            continue
        total = total + _weighed(study.covariates[name], people[name], weight)
    return total


def _weighed(covariate: Covariate, column: pd.Series[Any], weight: Any) -> Column:
    if covariate.is_number:
        centred: Column = column.to_numpy(np.float64) - covariate.mean
        return centred * float(weight)
    weights = {value: float(weight.get(value, 0.0)) for value in covariate.values}
    return np.array([weights[value] for value in column.tolist()], dtype=np.float64)


def _potential(
    study: Study,
    world: World,
    people: pd.DataFrame,
    attentive: NDArray[np.bool_],
    stream: str,
    asked: tuple[str, ...],
) -> pd.DataFrame:
    """Answer of each person to each outcome in every arm; who does not read answers anything, the same in all arms."""
    columns: dict[str, Any] = {}
    for name in asked:
        outcome = study.outcomes[name]
        latent = _attitude(study, name, people) + noise(stream, f"attitude {name}", len(people))
        strength = 0.5 + uniforms(stream, f"strength {name}", len(people))
        anything = 1 + np.floor(uniforms(stream, f"anything {name}", len(people)) * outcome.points)
        for arm in study.arms:
            moved = latent + world.effects[study.name][name][arm] * strength
            answer = 1 + np.searchsorted(THRESHOLDS[outcome.points], moved, side="right")
            columns[f"{name}/{arm}"] = np.where(attentive, answer, anything).astype(np.int64)
    return pd.DataFrame(columns)


def _answers(
    study: Study,
    world: World,
    people: pd.DataFrame,
    attentive: NDArray[np.bool_],
    potential: pd.DataFrame,
    assignment: Assignment,
    stream: str,
    asked: tuple[str, ...],
) -> pd.DataFrame:
    n, place = len(people), {arm: number for number, arm in enumerate(study.arms)}
    read = np.fromiter((place[arm] for arm in assignment.arms), dtype=np.intp, count=n)
    table = pd.DataFrame({"respondent": np.arange(1, n + 1), "arm": np.array(assignment.arms, dtype=object)})
    for factor in ("conventional", "nuclear"):
        table[factor] = np.array([getattr(arm, factor) for arm in study.arms.values()])[read]
    table = pd.concat([table, people], axis=1)
    table["attentive"] = attentive.astype(np.int64)
    rates = world.attrition[study.name]
    stopped = uniforms(stream, "attrition", n) < np.array([rates[arm] for arm in study.arms])[read]
    for name in asked:
        seen = np.choose(read, [potential[f"{name}/{arm}"].to_numpy() for arm in study.arms])
        left_out = uniforms(stream, f"missing {name}", n) < study.answering.item_missing
        table[name] = np.where(stopped | left_out, np.nan, seen)
    table["recalled"] = np.where(stopped, np.nan, _recalled(study, attentive, stream))
    return table


def _recalled(study: Study, attentive: NDArray[np.bool_], stream: str) -> Column:
    drawn = uniforms(stream, "recall", len(attentive))
    guessed = drawn < 1 / len(study.manipulation_check.options)
    return np.where(attentive, drawn >= study.answering.manipulation_failed, guessed).astype(np.float64)
