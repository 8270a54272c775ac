"""One contrast, looked at from three sides: the answers, the estimate, and what chance alone would give.

An outcome, an arm and an estimator are chosen; the estimand has a name. A withdrawal can be spoken of as what its
absence is, presence, by turning the sign: for an axis, never to make two studies one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from helpers.experiments.effects import difference_in_means, lin, ordinal_logit
from helpers.experiments.randomization import Randomization, randomization_test
from helpers.experiments.results import Estimate, ExperimentError

if TYPE_CHECKING:
    import pandas as pd

    from helpers.experiments.schema import Schema

Estimator = Literal["difference", "lin", "logit"]
ESTIMATORS: tuple[Estimator, ...] = ("difference", "lin", "logit")
View = Literal["", "presence"]


@dataclass(frozen=True, eq=False)
class Analysis:
    """One contrast.

    Parameters
    ----------
    estimate : Estimate
        By the estimator that was chosen, with its sign as chosen.
    randomization : Randomization
        Of the difference in means; its sign is that of arm less reference.
    shares : DataFrame
        Share of each answer, rows: reference and arm.
    means : tuple of float
        Mean answer in reference and arm.
    turned : bool
        Whether the sign of the estimate was turned.
    """

    estimate: Estimate
    randomization: Randomization
    shares: pd.DataFrame
    means: tuple[float, float]
    turned: bool


def analyse(
    schema: Schema,
    outcome: str,
    arm: str,
    *,
    estimator: Estimator = "difference",
    turned: bool = False,
    n_permutations: int = 10_000,
) -> Analysis:
    """Estimate one contrast and test it by assigning again.

    Parameters
    ----------
    schema : Schema
    outcome : str
    arm : str
        A treatment arm, as text.
    estimator : str
        "difference" (Neyman, HC2), "lin" (with the schema's covariates) or "logit" (log odds; a check).
    turned : bool
        Speak of presence; only for a withdrawal.
    n_permutations : int

    Returns
    -------
    Analysis

    Raises
    ------
    ExperimentError
        If there is no such outcome, arm or estimator, or the data do not allow it.
    """
    schema.scale(outcome)
    if arm not in schema.treatments:
        raise ExperimentError(f"No treatment arm {arm!r}; there are {', '.join(schema.treatments)}.")
    frame, reference = schema.frame, str(schema.reference)
    estimate = _estimate(schema, frame, outcome, arm, estimator)
    shares = schema.shares(outcome).loc[[reference, arm]]
    test = randomization_test(frame, outcome, arm, reference, n_permutations=n_permutations, by=schema.by)
    low, high = (float(frame.loc[frame[schema.by] == name, outcome].mean()) for name in (reference, arm))
    return Analysis(estimate.as_presence() if turned else estimate, test, shares, (low, high), turned)


def _estimate(schema: Schema, frame: pd.DataFrame, outcome: str, arm: str, estimator: Estimator) -> Estimate:
    reference = str(schema.reference)
    if estimator == "difference":
        return difference_in_means(frame, outcome, arm, reference, estimand=schema.change, by=schema.by)
    if estimator == "lin":
        return lin(
            frame, outcome, arm, reference, covariates=schema.covariates, estimand=schema.change, by=schema.by
        )
    if estimator == "logit":
        return replace(ordinal_logit(frame, outcome, arm, reference, by=schema.by), estimand=schema.change)
    raise ExperimentError(f"No estimator {estimator!r}; there are {', '.join(ESTIMATORS)}.")
