"""Assignment again and again: the difference in means when chance, or people themselves, decide who is in an arm.

Each person has two potential outcomes, of which one assignment shows one (Splawa-Neyman 1923). Here both are known,
because the people are made up. So the same people can be assigned anew a thousand times, and the differences that come
out can be held against the truth: where they lie on average, and how far they scatter. Three ways to assign: chance
over all people, chance within blocks of people who are alike, and people's own choice.

The people, the blocks and the way they choose are the course's own, and simulated for teaching.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from helpers.experiments.results import ExperimentError
from helpers.experiments.uniforms import noise, uniforms

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Truths = NDArray[np.bool_]

Way = Literal["complete", "block", "self-selection"]
WAYS: tuple[Way, ...] = get_args(Way)
BETWEEN_BLOCKS = 1.0
"""How far people who trust the United States lie above the middle, and the others below, in points."""
WITHIN_BLOCKS = 0.8
"""Standard deviation of felt protection among people of one block, points."""
OF_EFFECTS = 0.5
"""Standard deviation of the effect from person to person, points."""
LEANING = 0.6
"""How far their standing moves people who choose themselves, against a chance of 0 to 1."""
LABEL = "Simulated for teaching"


@dataclass(frozen=True)
class Crowd:
    """Made-up people of whom both potential outcomes are known.

    Parameters
    ----------
    without, told : ndarray of float, shape (n,)
        Felt protection without and with the news, points.
    trusts : ndarray of bool, shape (n,)
        Block: whether a person trusts the United States.
    """

    without: Numbers
    told: Numbers
    trusts: Truths

    def __repr__(self) -> str:
        return f"{len(self.without)} made-up people, average effect {self.truth:+.2f}; simulated for teaching"

    @property
    def truth(self) -> float:
        """Average effect among these people, points."""
        return float((self.told - self.without).mean())

    def to_frame(self) -> pd.DataFrame:
        """Return a row a person: `trusts`, `without`, `told`. No real survey has both of the last two."""
        import pandas as pd

        return pd.DataFrame({"trusts": self.trusts, "without": self.without, "told": self.told})


def crowd(n_people: int, effect: float, seed: int | str) -> Crowd:
    """Make people up, half of whom trust the United States; simulated for teaching.

    Parameters
    ----------
    n_people : int
        A multiple of 4, so that both blocks can be halved.
    effect : float
        Average effect of the news on felt protection, points; exact among these people.
    seed : int or str

    Returns
    -------
    Crowd

    Raises
    ------
    ExperimentError
        If the number of people cannot be halved twice.

    Examples
    --------
    >>> crowd(40, effect=-0.5, seed="ada")
    40 made-up people, average effect -0.50; simulated for teaching
    """
    if n_people < 4 or n_people % 4:
        raise ExperimentError(f"n_people={n_people} is no multiple of 4; both blocks must be halved.")
    trusts = np.zeros(n_people, dtype=bool)
    trusts[np.argsort(uniforms(seed, "trust", n_people), kind="stable")[: n_people // 2]] = True
    without = (
        5 + BETWEEN_BLOCKS * np.where(trusts, 1, -1) + WITHIN_BLOCKS * noise(seed, "protection", n_people)
    )
    differ = OF_EFFECTS * noise(seed, "effects", n_people)
    return Crowd(without, without + effect + differ - differ.mean(), trusts)


def assign_many(people: Crowd, how: Way, n_times: int, seed: int | str) -> Truths:
    """Assign half of the people to be told, many times.

    Parameters
    ----------
    people : Crowd
    how : str
        "complete", "block" or "self-selection": then those who feel better protected already are likelier to be told.
    n_times : int
        1 or more. The first assignments are the same however many follow.
    seed : int or str

    Returns
    -------
    ndarray of bool, shape (n_times, n)
        True for who is told.

    Raises
    ------
    ExperimentError
        If there is no such way, or `n_times` is under 1.
    """
    if how not in WAYS:
        raise ExperimentError(f"No way to assign {how!r}; there are {', '.join(WAYS)}.")
    if n_times < 1:
        raise ExperimentError(f"n_times={n_times} is no number of assignments; give 1 or more.")
    n_people = len(people.without)
    draws = uniforms(seed, "assignments", n_times * n_people).reshape(n_times, n_people)
    if how == "self-selection":
        draws = draws - LEANING * _standing(people.without)
    if how != "block":
        return _lower_half(draws)
    told = np.empty(draws.shape, dtype=bool)
    for block in (people.trusts, ~people.trusts):
        told[:, block] = _lower_half(draws[:, block])
    return told


def _standing(values: Numbers) -> Numbers:
    """Place of each value among all, from 0 for the lowest to 1."""
    places = np.empty(len(values))
    places[np.argsort(values, kind="stable")] = np.arange(len(values)) / (len(values) - 1)
    return places


def _lower_half(draws: Numbers) -> Truths:
    """Whether each draw is in the lower half of its row."""
    half = draws.shape[1] // 2
    lowest = np.argsort(draws, axis=1, kind="stable")[:, :half]
    told = np.zeros(draws.shape, dtype=bool)
    np.put_along_axis(told, lowest, values=True, axis=1)
    return told


def differences(people: Crowd, told: Truths) -> Numbers:
    """Mean of those told less mean of the others, for each assignment; each person shows one outcome.

    Parameters
    ----------
    people : Crowd
    told : ndarray of bool, shape (n_times, n)

    Returns
    -------
    ndarray of float, shape (n_times,)
        Points.

    Examples
    --------
    >>> people = Crowd(np.array([1.0, 2, 3, 4]), np.array([2.0, 3, 4, 5]), np.array([True, True, False, False]))
    >>> differences(people, np.array([[True, False, True, False]]))
    array([0.])
    """
    n_told = told.sum(axis=1)
    of_told = (told * people.told).sum(axis=1) / n_told
    of_others: Numbers = (~told * people.without).sum(axis=1) / (told.shape[1] - n_told)
    found: Numbers = of_told - of_others
    return found
