"""Who reads what: complete and block randomisation that anybody can do again.

*Complete* randomisation fixes how many people are in each arm and lets chance say who. *Block* randomisation does the
same within each block, so that the blocks cannot differ by arm. An assignment keeps its seed and a digest: whoever has
the list of people and the seed can compute it anew and see that nobody changed it afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.results import ExperimentError
from helpers.experiments.uniforms import uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Assignment:
    """Arms of people, in their order.

    Parameters
    ----------
    arms : tuple of str
        Arm of each person.
    seed : int or str
    blocks : tuple of str or None
        Block of each person; None for complete randomisation.
    """

    arms: tuple[str, ...]
    seed: int | str
    blocks: tuple[str, ...] | None = None

    @property
    def digest(self) -> str:
        """Sixteen characters that change when one arm changes."""
        return sha256("\n".join(self.arms).encode()).hexdigest()[:16]

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{name} {count:,}" for name, count in pd.Series(self.arms).value_counts(sort=False).items()
        )
        how = "complete" if self.blocks is None else f"within {len(set(self.blocks))} blocks"
        return f"{len(self.arms):,} people, {how}: {counts} (seed {self.seed!r}, digest {self.digest})"

    def to_frame(self) -> pd.DataFrame:
        """Return a row a person: number from 1, block if there is one, arm."""
        table = pd.DataFrame({"respondent": range(1, len(self.arms) + 1), "arm": self.arms})
        if self.blocks is not None:
            table.insert(1, "block", self.blocks)
        return table


def complete(n_respondents: int, arms: Sequence[str], seed: int | str) -> Assignment:
    """Assign arms of equal size, or as equal as the number allows.

    Parameters
    ----------
    n_respondents : int
        At least as many as arms.
    arms : sequence of str
        Two or more different names.
    seed : int or str

    Returns
    -------
    Assignment

    Raises
    ------
    ExperimentError
        If there are too few people, or arms are not two or more different names.

    Examples
    --------
    >>> complete(8, ["unchanged", "withdrawn"], seed=3)
    8 people, complete: unchanged 4, withdrawn 4 (seed 3, digest 20e2083cb3384e39)
    """
    names = _checked(arms, n_respondents)
    return Assignment(_shuffled(names, uniforms(seed, "assignment", n_respondents), 0), seed)


def blocked(blocks: Sequence[str], arms: Sequence[str], seed: int | str) -> Assignment:
    """Assign within blocks; what does not divide evenly is spread over the arms, block by block.

    Parameters
    ----------
    blocks : sequence of str
        Block of each person.
    arms : sequence of str
    seed : int or str

    Returns
    -------
    Assignment

    Raises
    ------
    ExperimentError
        As `complete`, or if somebody's block is missing.
    """
    names = _checked(arms, len(blocks))
    if pd.isna(pd.Series(blocks, dtype=object)).any():
        raise ExperimentError("Somebody's block is missing; give one for each person.")
    column = np.array([str(block) for block in blocks], dtype=object)
    draws = uniforms(seed, "assignment", len(column))
    found = np.empty(len(column), dtype=object)
    first = 0
    for block in sorted(set(column)):
        inside = np.flatnonzero(column == block)
        found[inside] = _shuffled(names, draws[inside], first)
        first = (first + len(inside)) % len(names)
    return Assignment(tuple(found), seed, tuple(column))


def is_unchanged(assignment: Assignment) -> bool:
    """Whether an assignment is what its seed gives: an audit."""
    names = tuple(sorted(set(assignment.arms)))
    if assignment.blocks is None:
        again = complete(len(assignment.arms), names, assignment.seed)
    else:
        again = blocked(assignment.blocks, names, assignment.seed)
    return again.digest == assignment.digest


def _checked(arms: Sequence[str], n_respondents: int) -> tuple[str, ...]:
    names = tuple(sorted(set(arms)))
    if len(names) < 2 or len(names) != len(arms):
        raise ExperimentError(
            f"Randomise between two or more different arms; given: {', '.join(arms) or 'none'}."
        )
    if n_respondents < len(names):
        raise ExperimentError(f"{n_respondents} people are too few for {len(names)} arms.")
    return names


def _shuffled(names: tuple[str, ...], draws: NDArray[np.float64], first: int) -> tuple[str, ...]:
    """Arms in turn, from the one at `first`, dealt to people in the order of their draws."""
    dealt = np.empty(len(draws), dtype=object)
    turn = np.array(names[first:] + names[:first], dtype=object)
    dealt[np.argsort(draws, kind="stable")] = np.resize(turn, len(draws))
    return tuple(dealt)
