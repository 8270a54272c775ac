"""What an estimate is an estimate of, and how sure it is.

An *estimand* is named before it is estimated. A withdrawal experiment and a deployment experiment have estimands of
their own: what changes when forces leave, and what changes when they come. Turning the sign of the first puts both on
one axis, the effect of presence. It does not make them one quantity: the two ask about different changes, in different
countries. So a turned estimate keeps a name that says so, and nothing here pools the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from helpers.data.errors import CourseError

Estimand = Literal["withdrawal", "deployment", "presence", "presence, from a withdrawal", "difference"]
ESTIMANDS: tuple[Estimand, ...] = (
    "withdrawal", "deployment", "presence", "presence, from a withdrawal", "difference",
)  # fmt: skip
LEVEL = 0.95


class ExperimentError(CourseError):
    """Data or settings that an experiment cannot be analysed with; names the thing, the value and what to do."""


@dataclass(frozen=True)
class Estimate:
    """One estimated effect.

    Parameters
    ----------
    outcome : str
        Column of the outcome.
    arm, reference : str
        Treatment arm, and the arm it is compared with.
    estimand : str
        One of `ESTIMANDS`.
    estimate : float
        Arm less reference, in units of the outcome.
    std_error : float
    df : float
        Degrees of freedom of Student's t; infinite for a normal interval.
    low, high : float
        Ends of the interval.
    p_value : float
        Two-sided, against no effect.
    n_arm, n_reference : int
        People with an answer.
    method : str
        Estimator and kind of standard error.
    level : float
        Coverage that the interval aims at.
    """

    outcome: str
    arm: str
    reference: str
    estimand: Estimand
    estimate: float
    std_error: float
    df: float
    low: float
    high: float
    p_value: float
    n_arm: int
    n_reference: int
    method: str
    level: float = LEVEL

    def __post_init__(self) -> None:
        if self.estimand not in ESTIMANDS:
            raise ExperimentError(
                f"No estimand {self.estimand!r}; there are {', '.join(map(repr, ESTIMANDS))}."
            )

    def __repr__(self) -> str:
        return (
            f"{self.outcome}, {self.arm} less {self.reference}: {self.estimate:+.2f}, {self.level:.0%} interval "
            f"{self.low:+.2f} to {self.high:+.2f} ({self.estimand}; n = {self.n_arm:,} and {self.n_reference:,})"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([vars(self)])

    def as_presence(self) -> Estimate:
        """Turn the sign of a withdrawal's effect, for an axis that it shares with a deployment; never to pool them.

        Raises
        ------
        ExperimentError
            If this is no effect of a withdrawal.

        Examples
        --------
        >>> numbers = (0.3, 0.1, 900, 0.1, 0.5, 0.003, 500, 500, "")
        >>> left = Estimate("need", "withdrawn", "unchanged", "withdrawal", *numbers)
        >>> left.as_presence()
        need, unchanged less withdrawn: -0.30, 95% interval -0.50 to -0.10 (presence, from a withdrawal; ...)
        """
        if self.estimand != "withdrawal":
            raise ExperimentError(
                f"Only the effect of a withdrawal is turned into one of presence; this is {self.estimand!r}."
            )
        return replace(
            self,
            arm=self.reference,
            reference=self.arm,
            estimand="presence, from a withdrawal",
            estimate=-self.estimate,
            low=-self.high,
            high=-self.low,
            n_arm=self.n_reference,
            n_reference=self.n_arm,
        )
