"""Did chance do its work? Covariates by arm, and one test for all of them.

Chance balances arms on average, not in every sample. A table of differences shows how far apart the arms are; many
small tests find something by accident. So there is one omnibus test: how far the sums of all covariates in the arm lie
from what reshuffling would give, in one number that takes their correlations into account. A small p-value speaks
against the assignment procedure, for instance a broken randomiser. It is no recipe for choosing covariates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.experiments.answers import covariates_of, need, refuse_missing_arm
from helpers.experiments.results import ExperimentError


@dataclass(frozen=True)
class Omnibus:
    """One test of all covariates.

    Parameters
    ----------
    statistic : float
        Quadratic form in the covariates' sums.
    df : int
        Rank of their covariance.
    p_value : float
        From the chi-squared distribution.
    n : int
        People.
    """

    statistic: float
    df: int
    p_value: float
    n: int

    def __repr__(self) -> str:
        test = f"chi-squared({self.df}) = {self.statistic:.2f}"
        return f"omnibus balance: {test}, p = {self.p_value:.3f} (n = {self.n:,})"

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([vars(self)])


def balance_table(
    answers: pd.DataFrame,
    covariates: Sequence[str],
    arm: str,
    reference: str = "unchanged",
    *,
    by: str = "arm",
) -> pd.DataFrame:
    """Mean of each covariate in the two arms, and their difference in standard deviations.

    Parameters
    ----------
    answers : DataFrame
    covariates : sequence of str
        Words become one row a value.
    arm, reference : str
    by : str

    Returns
    -------
    DataFrame
        Columns covariate, arm, reference, difference (raw), standardised (by the pooled standard deviation).
    """
    chosen = _chosen(answers, (arm, reference), by)
    need(answers, covariates)
    columns = pd.get_dummies(chosen[list(covariates)], dtype=float).astype(float)
    inside = (chosen[by] == arm).to_numpy()
    mean_1, mean_0 = columns[inside].mean(), columns[~inside].mean()
    spread = np.sqrt((columns[inside].var() + columns[~inside].var()) / 2)
    return pd.DataFrame(
        {
            "covariate": columns.columns,
            "arm": mean_1.to_numpy(),
            "reference": mean_0.to_numpy(),
            "difference": (mean_1 - mean_0).to_numpy(),
            "standardised": ((mean_1 - mean_0) / spread.where(spread > 0)).to_numpy(),
        }
    )


def omnibus_test(answers: pd.DataFrame, covariates: Sequence[str], *, by: str = "arm") -> Omnibus:
    """Test all covariates over all arms at once, by the permutation distribution's first two moments.

    Parameters
    ----------
    answers : DataFrame
    covariates : sequence of str
    by : str
        Column that names the arm; two arms or more.

    Returns
    -------
    Omnibus

    Raises
    ------
    ExperimentError
        If there is one arm only, or a covariate has no values or does not vary.

    Source
    ------
    The quadratic form of a permutation test's linear statistic, a textbook result; tested against R's `coin`.
    """
    from scipy import stats

    need(answers, [by])
    rows = answers.index[answers[by].notna()]
    arms = pd.get_dummies(answers.loc[rows, by], dtype=float).to_numpy()
    if arms.shape[1] < 2:
        raise ExperimentError(f"The column {by!r} has one arm only; balance compares two or more.")
    values = covariates_of(answers, covariates, rows)
    n = len(rows)
    centred = values - values.mean(axis=0)
    deviation = (arms.T @ centred).ravel()
    arms_centred = arms - arms.mean(axis=0)
    covariance = np.kron(arms_centred.T @ arms_centred, centred.T @ centred) / (n - 1)
    statistic = float(deviation @ np.linalg.pinv(covariance, rcond=1e-10, hermitian=True) @ deviation)
    df = int(np.linalg.matrix_rank(covariance, tol=1e-8 * np.abs(covariance).max(), hermitian=True))
    return Omnibus(statistic, df, float(stats.chi2.sf(statistic, df)), n)


def _chosen(answers: pd.DataFrame, arms: tuple[str, str], by: str) -> pd.DataFrame:
    need(answers, [by])
    refuse_missing_arm(answers[by], arms, by)
    return answers[answers[by].isin(arms)]
