"""Why whoever failed a check after the treatment must stay in: a world in which dropping them invents an effect.

In a world where no text changes any answer, let the text decide *who remembers it*: whoever sees little need for
defence skims a text about soldiers and weapons, and forgets it. Then those who remember are alike in all arms no
longer, and a comparison among them shows a difference that nobody's mind ever made. Montgomery, Nyhan and Torres (2018)
say why in general. The form of this world is the course's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from helpers.experiments.results import ExperimentError
from helpers.experiments.uniforms import uniforms

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from helpers.experiments.respondents import Fielded

REMEMBERS = 0.9
"""Share that remembers the text of the reference, and any text if they see much need."""


def selective_recall(
    fielded: Fielded, outcome: str = "need", *, forgets: float = 0.5, reference: str = "unchanged"
) -> pd.DataFrame:
    """Simulated answers in which the treatment decides who passes the check that comes after it.

    Parameters
    ----------
    fielded : Fielded
        A simulated survey.
    outcome : str
        Who would give a low answer to it forgets the text of a treatment more often.
    forgets : float
        By how much the chance to remember is lower at the lowest answer, 0 to 0.9; half as much in the middle of the
        scale, and not at its end.
    reference : str
        Arm in which remembering does not depend on the attitude.

    Returns
    -------
    DataFrame
        The answers with another column `recalled`; all else is as it was. Simulated for teaching.

    Raises
    ------
    ExperimentError
        If there is no such outcome or arm, or `forgets` is out of range.
    """
    if not 0 <= forgets <= REMEMBERS:
        raise ExperimentError(f"forgets={forgets:g} must lie from 0 to {REMEMBERS}.")
    answers = fielded.answers.copy()
    attitude = _attitude(fielded, outcome, reference)
    lowest, highest = attitude.min(), attitude.max()
    place = (attitude - lowest) / max(highest - lowest, 1.0)
    treated = (answers["arm"] != reference).to_numpy()
    chance = REMEMBERS - forgets * treated * (1 - place)
    remembered = uniforms(f"{fielded.study}|{fielded.seed}", "selective recall", len(answers)) < chance
    answers["recalled"] = np.where(answers["recalled"].isna(), np.nan, remembered.astype(float))
    return answers


def _attitude(fielded: Fielded, outcome: str, reference: str) -> NDArray[np.float64]:
    column = f"{outcome}/{reference}"
    if column not in fielded.potential.columns:
        raise ExperimentError(f"There is no {column!r}; there are {', '.join(fielded.potential.columns)}.")
    return fielded.potential[column].to_numpy(np.float64)
