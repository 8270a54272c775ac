"""Answers of a survey experiment as they must be before they are analysed.

One row a respondent, one column that names the arm, one column an outcome. What is wrong is said in one sentence, with
the column, the value and what to do, before any number is computed from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Two:
    """Answers in the two arms that are compared.

    Parameters
    ----------
    treated : ndarray of bool, shape (n,)
    outcome : ndarray of float, shape (n,)
        No missing values.
    rows : Index
        Rows of the table that are used.
    """

    treated: NDArray[np.bool_]
    outcome: NDArray[np.float64]
    rows: pd.Index[int]

    @property
    def n_arm(self) -> int:
        """Number of people in the arm."""
        return int(self.treated.sum())

    @property
    def n_reference(self) -> int:
        """Number of people in the reference."""
        return int((~self.treated).sum())


def two_arms(answers: pd.DataFrame, outcome: str, arm: str, reference: str, *, by: str = "arm") -> Two:
    """Take the two arms with an answer.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent.
    outcome : str
        Numeric column.
    arm, reference : str
        Values of the column `by`.
    by : str
        Column that names the arm.

    Returns
    -------
    Two

    Raises
    ------
    ExperimentError
        If a column or an arm is missing, an arm has fewer than two answers, or all answers are the same.
    """
    need(answers, [by, outcome])
    if arm == reference:
        raise ExperimentError(f"The arm {arm!r} is compared with itself; name another reference.")
    refuse_missing_arm(answers[by], (arm, reference), by)
    chosen = answers[answers[by].isin([arm, reference])]
    values = numeric(chosen, outcome)
    kept = values.notna()
    treated = (chosen.loc[kept, by] == arm).to_numpy()
    found = Two(treated, np.asarray(values[kept], dtype=np.float64), chosen.index[kept])
    for name, count in ((arm, found.n_arm), (reference, found.n_reference)):
        if count < 2:
            raise ExperimentError(f"Arm {name!r} has {count} answers to {outcome!r}; two or more are needed.")
    if np.ptp(found.outcome) == 0:
        raise ExperimentError(
            f"All answers to {outcome!r} are {found.outcome[0]:g}; a constant outcome shows no effect."
        )
    return found


def need(answers: pd.DataFrame, columns: Sequence[str]) -> None:
    """Refuse a table without these columns."""
    for name in columns:
        if name not in answers.columns:
            there = ", ".join(map(str, answers.columns[:12]))
            raise ExperimentError(f"The answers have no column {name!r}; they have {there}.")


def numeric(answers: pd.DataFrame, column: str) -> pd.Series[float]:
    """A column as numbers; refuses words and infinite values."""
    try:
        values = answers[column].astype(float)
    except (TypeError, ValueError):
        raise ExperimentError(
            f"The column {column!r} holds {answers[column].iloc[0]!r}; an outcome or covariate must be numbers."
        ) from None
    if np.isinf(values).any():
        raise ExperimentError(
            f"The column {column!r} holds an infinite value; mark what is unknown as missing."
        )
    return values


def refuse_missing_arm(arms: pd.Series[str], wanted: Sequence[str], by: str) -> None:
    """Refuse arms that nobody is in; `by` is the name of the column `arms`."""
    there = sorted(map(str, arms.dropna().unique()))
    for name in wanted:
        if name not in there:
            raise ExperimentError(
                f"No respondent is in the arm {name!r}; the column {by!r} has {', '.join(there)}."
            )


def refuse_odd_codes(
    answers: pd.DataFrame, scales: dict[str, int], *, respondent: str = "respondent"
) -> None:
    """Refuse answers off their scale, and a respondent who is there twice.

    Parameters
    ----------
    answers : DataFrame
    scales : dict
        Outcome and number of points of its scale; answers are whole numbers from 1.
    respondent : str
        Column that names the respondent; not looked at if it is not there.

    Raises
    ------
    ExperimentError
        Names the first column, value and row.

    Examples
    --------
    >>> refuse_odd_codes(pd.DataFrame({"need": [1, 5, 9]}), {"need": 5})
    Traceback (most recent call last):
    helpers.experiments.results.ExperimentError: Row 2 has 9 for 'need', whose scale runs from 1 to 5. ...
    """
    for column, points in scales.items():
        need(answers, [column])
        values = numeric(answers, column)
        odd = values.notna() & ~values.isin(range(1, points + 1))
        if odd.any():
            row = values.index[odd][0]
            raise ExperimentError(
                f"Row {row} has {values[row]:g} for {column!r}, whose scale runs from 1 to {points}. "
                "Correct it, or mark it as missing."
            )
    if respondent in answers.columns and answers[respondent].duplicated().any():
        twice = answers.loc[answers[respondent].duplicated(), respondent].iloc[0]
        raise ExperimentError(f"Respondent {str(twice)!r} is there more than once; keep one row for each.")


def covariates_of(answers: pd.DataFrame, columns: Sequence[str], rows: pd.Index[int]) -> NDArray[np.float64]:
    """Numeric matrix of covariates, shape (n, k): words become 0/1 columns, missing values the mean of the column.

    Raises
    ------
    ExperimentError
        If a covariate is missing for all, or has one value only.
    """
    need(answers, columns)
    parts: list[NDArray[np.float64]] = []
    for name in columns:
        values = answers.loc[rows, name]
        if values.isna().all():
            raise ExperimentError(f"The covariate {name!r} is missing for everybody; leave it out.")
        if values.nunique() < 2:
            raise ExperimentError(f"The covariate {name!r} is the same for everybody; leave it out.")
        if not pd.api.types.is_numeric_dtype(values):
            dummies = pd.get_dummies(values, drop_first=True, dtype=float)
            parts.append(dummies.to_numpy())
            continue
        numbers = numeric(answers.loc[rows], name)
        parts.append(np.asarray(numbers.fillna(numbers.mean()), dtype=np.float64)[:, None])
    return np.hstack(parts) if parts else np.empty((len(rows), 0))
