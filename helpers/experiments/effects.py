"""Average effects from a randomised experiment: difference in means, with covariates, and as odds.

Because chance assigns the arms, the difference in means estimates the average effect without a model. Its standard
error is Neyman's: the variances of the two arms, each over its size; the same number comes from a regression with HC2
errors. Covariates that were measured before can make it more precise; Lin (2013) adds them centred and interacted with
the treatment. An ordinal logit is a check on whether the distances between answers matter, with an estimand of its
own (a log odds ratio), so its result is never put beside scale points as if it were the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.experiments.answers import Two, covariates_of, two_arms
from helpers.experiments.results import LEVEL, Estimand, Estimate, ExperimentError


def difference_in_means(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    estimand: Estimand = "difference",
    by: str = "arm",
    level: float = LEVEL,
) -> Estimate:
    """Mean outcome in an arm less that in the reference, with Neyman's (HC2) standard error.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent.
    outcome : str
        Numeric column; people without an answer are left out.
    arm, reference : str
        Values of the column `by`.
    estimand : str
        What the difference is the effect of; see `ESTIMANDS`.
    by : str
        Column that names the arm.
    level : float
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Estimate
        With Welch's degrees of freedom.

    Raises
    ------
    ExperimentError
        If the data do not allow it; says why.

    Source
    ------
    Neyman's variance and Welch's degrees of freedom; textbook results.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["unchanged"] * 3 + ["withdrawn"] * 3, "need": [1, 2, 3, 3, 4, 5]})
    >>> difference_in_means(answers, "need", "withdrawn", estimand="withdrawal")
    need, withdrawn less unchanged: +2.00, 95% interval -0.27 to +4.27 (withdrawal; n = 3 and 3)
    """
    two = two_arms(answers, outcome, arm, reference, by=by)
    parts = [
        (values.mean(), values.var(ddof=1) / len(values))
        for values in (two.outcome[two.treated], two.outcome[~two.treated])
    ]
    (mean_1, var_1), (mean_0, var_0) = parts
    variance = var_1 + var_0
    df = variance**2 / (var_1**2 / (two.n_arm - 1) + var_0**2 / (two.n_reference - 1))
    method = "difference in means, HC2 (Neyman)"
    return _estimate(
        outcome, (arm, reference), estimand, (mean_1 - mean_0, variance**0.5, df), two, method, level
    )


def lin(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    covariates: Sequence[str],
    estimand: Estimand = "difference",
    by: str = "arm",
    level: float = LEVEL,
) -> Estimate:
    """Effect with covariates that were measured before treatment, centred and interacted with it, and HC2 errors.

    Parameters
    ----------
    answers, outcome, arm, reference, estimand, by, level
        As for `difference_in_means`.
    covariates : sequence of str
        Columns measured before treatment. Words become 0/1 columns; missing values the mean.

    Returns
    -------
    Estimate

    Raises
    ------
    ExperimentError
        If no covariate is named, one has no values or does not vary, or there are more columns than people allow.

    Source
    ------
    Lin (2013).
    """
    if not covariates:
        raise ExperimentError("Name one covariate or more, or use `difference_in_means`.")
    two = two_arms(answers, outcome, arm, reference, by=by)
    centred = covariates_of(answers, covariates, two.rows)
    centred = centred - centred.mean(axis=0)
    treated = two.treated.astype(float)[:, None]
    design = np.hstack([np.ones_like(treated), treated, centred, treated * centred])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise ExperimentError(
            f"The covariates {', '.join(covariates)} say the same thing twice, or there are too few people; "
            "leave one out."
        )
    fitted = _least_squares(two, design)
    method = f"Lin (2013) with {', '.join(covariates)}, HC2"
    return _estimate(outcome, (arm, reference), estimand, fitted, two, method, level)


def _least_squares(
    two: Two, design: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> tuple[float, float, float]:
    """Coefficient of the second column, its HC2 error, and residual degrees of freedom."""
    import statsmodels.api as sm

    fitted = sm.OLS(two.outcome, design).fit(cov_type="HC2", use_t=True)
    return float(fitted.params[1]), float(fitted.bse[1]), float(fitted.df_resid)


def _estimate(
    outcome: str,
    arms: tuple[str, str],
    estimand: Estimand,
    found: tuple[float, float, float],
    two: Two,
    method: str,
    level: float,
) -> Estimate:
    from scipy import stats

    if not 0 < level < 1:
        raise ExperimentError(f"level={level:g} is no coverage; give a number between 0 and 1, such as 0.95.")
    estimate, std_error, df = map(float, found)
    reach = float(stats.t.ppf((1 + level) / 2, df)) * std_error
    p_value = float(2 * stats.t.sf(abs(estimate) / std_error, df)) if std_error > 0 else float(estimate == 0)
    return Estimate(
        outcome, arms[0], arms[1], estimand, estimate, std_error, df, estimate - reach, estimate + reach,
        p_value, two.n_arm, two.n_reference, method, level,
    )  # fmt: skip


def ordinal_logit(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    by: str = "arm",
    level: float = LEVEL,
) -> Estimate:
    """Log odds ratio of a higher answer, from a proportional-odds model.

    Parameters
    ----------
    answers, outcome, arm, reference, by, level
        As for `difference_in_means`.

    Returns
    -------
    Estimate
        In log odds, not in scale points; normal interval.

    Source
    ------
    The proportional-odds model, by `statsmodels`.
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    two = two_arms(answers, outcome, arm, reference, by=by)
    codes = pd.Series(pd.Categorical(two.outcome, ordered=True))
    model = OrderedModel(codes, two.treated.astype(float)[:, None], distr="logit")
    fitted = model.fit(method="bfgs", disp=False)
    found = (float(fitted.params.iloc[0]), float(fitted.bse.iloc[0]), np.inf)
    method = "ordinal logit, log odds"
    return _estimate(outcome, (arm, reference), "difference", found, two, method, level)


def effects(
    answers: pd.DataFrame,
    outcomes: Sequence[str],
    arms: Sequence[str],
    reference: str = "unchanged",
    *,
    covariates: Sequence[str] = (),
    estimand: Estimand = "difference",
    by: str = "arm",
    level: float = LEVEL,
) -> pd.DataFrame:
    """Effects of several arms on several outcomes, one row each.

    Parameters
    ----------
    answers : DataFrame
    outcomes, arms : sequence of str
    reference : str
    covariates : sequence of str
        None for a difference in means; else by `lin`.
    estimand, by, level
        As for `difference_in_means`.

    Returns
    -------
    DataFrame
        Columns of `Estimate`, in the order of outcomes, then arms.
    """
    rows = []
    for outcome in outcomes:
        for arm in arms:
            if covariates:
                found = lin(
                    answers,
                    outcome,
                    arm,
                    reference,
                    covariates=covariates,
                    estimand=estimand,
                    by=by,
                    level=level,
                )
            else:
                found = difference_in_means(
                    answers, outcome, arm, reference, estimand=estimand, by=by, level=level
                )
            rows.append(found.to_frame())
    return pd.concat(rows, ignore_index=True)
