"""Which world is this? A rule that is written down before the data are seen.

Each world leaves a pattern of effects. The rule asks three questions in a fixed order, of the arm in which both kinds
of forces change, with the signs turned so that all speak of presence: do people feel more protected? Do they support
less spending? Do they see less need? Each asks for a z of three, so that chance seldom answers. The course's own.
"""

from __future__ import annotations

import pandas as pd

from helpers.experiments.results import ExperimentError

CLEAR = 3.0
ARM = "both"
COLUMNS = ("outcome", "arm", "estimand", "estimate", "std_error")


def which_world(estimates: pd.DataFrame) -> str:
    """Name the world whose pattern these effects show.

    Parameters
    ----------
    estimates : DataFrame
        Rows for the outcomes protected, spending and need in the arm "both", as `effects` gives them, with the columns
        outcome, arm, estimand, estimate and std_error. Effects of a withdrawal are turned here.

    Returns
    -------
    str
        "assurance_works", "entrapment_dominates", "as_the_abstract_reads" or "nothing_happens".

    Raises
    ------
    ExperimentError
        If a row or column is missing, or effects of a withdrawal and of a deployment are mixed.
    """
    lacking = [name for name in COLUMNS if name not in estimates]
    if lacking:
        raise ExperimentError(
            f"The rule reads estimates, as `effects` gives them for the arm {ARM!r}; this table lacks "
            f"{', '.join(lacking)}."
        )
    z = {name: _z(estimates, name) for name in ("protected", "spending", "need")}
    if z["protected"] > CLEAR:
        return "assurance_works"
    if z["spending"] < -CLEAR:
        return "entrapment_dominates"
    if z["need"] < -CLEAR:
        return "as_the_abstract_reads"
    return "nothing_happens"


def _z(estimates: pd.DataFrame, outcome: str) -> float:
    found = estimates[(estimates["outcome"] == outcome) & (estimates["arm"] == ARM)]
    if len(found) != 1:
        raise ExperimentError(
            f"The rule needs one estimate for {outcome!r} in the arm {ARM!r}; there are {len(found)}."
        )
    if estimates["estimand"].nunique() != 1 or found["estimand"].iloc[0] not in ("withdrawal", "deployment"):
        kinds = ", ".join(sorted(set(estimates["estimand"])))
        raise ExperimentError(
            f"The rule needs effects of a withdrawal, or of a deployment; these are: {kinds}."
        )
    sign = -1 if found["estimand"].iloc[0] == "withdrawal" else 1
    return sign * float(found["estimate"].iloc[0]) / float(found["std_error"].iloc[0])
