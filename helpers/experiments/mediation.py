"""Two roads to the same end: how much of an effect runs through a mediator, and what that costs to say.

With linear models, treatment on mediator (a) and mediator on outcome given treatment (b), the effect that runs through
the mediator is the product a b, and what is left is the direct effect. To read the product as a *cause* one must
believe in sequential ignorability: given treatment and covariates, the mediator is as good as random (Imai, Keele and
Yamamoto 2010). Chance assigned the treatment. It did not assign the mediator.

So the estimate comes with a *sensitivity analysis*: let the errors of the two models share a correlation rho, as an
unseen confounder would make them, and see at which rho the mediated effect is gone.

How strong would such a confounder be? A *benchmark* answers by what was measured: leave out a covariate, and say which
correlation that would bring into the errors. An unseen cause as strong as this one does the same.

The constructive half: manipulate the mediator as well. Two treatments, crossed, give the effect of the first with the
mediator held where the second put it (a *controlled direct effect*), without that belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.answers import covariates_of, need, numeric, two_arms
from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Drawn = NDArray[np.float64]

HALF_STEP = 2.0**-54
"""Half the distance between two raw uniforms: added to each, so that none is 0."""


@dataclass(frozen=True)
class Mediation:
    """A mediated, a direct and a total effect.

    Parameters
    ----------
    mediator, outcome, arm, reference : str
    mediated, direct, total : float
        Units of the outcome.
    mediated_interval, direct_interval, total_interval : tuple of float
        95 % intervals from drawing the models' coefficients again.
    rho_at_zero : float
        Correlation of the two models' errors at which the mediated effect is gone.
    n : int
    """

    mediator: str
    outcome: str
    arm: str
    reference: str
    mediated: float
    direct: float
    total: float
    mediated_interval: tuple[float, float]
    direct_interval: tuple[float, float]
    total_interval: tuple[float, float]
    rho_at_zero: float
    n: int

    @property
    def share(self) -> float:
        """Mediated over total effect; not a number where the total is nearly nought, since it then means nothing."""
        return self.mediated / self.total if abs(self.total) > 1e-9 else float("nan")

    def __repr__(self) -> str:
        low, high = self.mediated_interval
        return (
            f"{self.outcome} through {self.mediator}: {self.mediated:+.2f} of {self.total:+.2f}, 95% interval "
            f"{low:+.2f} to {high:+.2f} if nothing unseen moves both; "
            f"gone at rho = {self.rho_at_zero:+.2f} (n = {self.n:,})"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return three rows: mediated, direct, total, with their intervals."""
        rows = [
            (name, getattr(self, name), *getattr(self, f"{name}_interval"))
            for name in ("mediated", "direct", "total")
        ]
        return pd.DataFrame(rows, columns=["effect", "estimate", "low", "high"])


@dataclass(frozen=True)
class _Fit:
    """Least squares: coefficients, their covariance, residuals."""

    coefficients: NDArray[np.float64]
    covariance: NDArray[np.float64]
    residuals: NDArray[np.float64]


@dataclass(frozen=True)
class _Models:
    """Treatment on mediator, mediator and treatment on outcome, treatment on outcome; and what they were fitted to.

    `base` has a column of ones, the treatment, then the covariates, of which the last one takes `width` columns.
    """

    first: _Fit
    second: _Fit
    reduced: _Fit
    base: NDArray[np.float64]
    between: NDArray[np.float64]
    outcome: NDArray[np.float64]
    width: int

    @property
    def product(self) -> float:
        """Effect through the mediator if errors are unrelated."""
        return float(self.first.coefficients[1] * self.second.coefficients[2])


def mediation(
    answers: pd.DataFrame,
    mediator: str,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    covariates: Sequence[str] = (),
    by: str = "arm",
    n_draws: int = 2000,
    seed: int = 1,
) -> Mediation:
    """Effect that runs through a mediator, with linear models.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent; people without mediator or outcome are left out.
    mediator, outcome : str
        Numeric columns.
    arm, reference, by
        As for `difference_in_means`.
    covariates : sequence of str
        Measured before treatment.
    n_draws : int
        Draws of the coefficients for the intervals; 100 or more.
    seed : int

    Returns
    -------
    Mediation

    Raises
    ------
    ExperimentError
        If the data do not allow it, or the mediator is the outcome.

    Source
    ------
    Product of coefficients, and simulation from the coefficients' distribution: Imai, Keele and Yamamoto (2010).
    """
    if n_draws < 100:
        raise ExperimentError(f"n_draws={n_draws} is too few for an interval; give 100 or more.")
    models, n = _models(answers, mediator, outcome, (arm, reference), covariates, by)
    a, direct, b = _drawn_paths(models, n_draws, seed)
    mediated = a * b
    return Mediation(
        mediator, outcome, arm, reference, models.product, float(models.second.coefficients[1]),
        float(models.reduced.coefficients[1]), _ends(mediated), _ends(direct), _ends(mediated + direct),
        _rho_at_zero(models), n,
    )  # fmt: skip


def sensitivity(
    answers: pd.DataFrame,
    mediator: str,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    covariates: Sequence[str] = (),
    by: str = "arm",
    n_points: int = 181,
    n_draws: int = 0,
    seed: int = 1,
) -> pd.DataFrame:
    """Mediated effect for each correlation of the two models' errors.

    Parameters
    ----------
    answers, mediator, outcome, arm, reference, covariates, by
        As for `mediation`.
    n_points : int
        Values of rho from -0.9 to 0.9.
    n_draws : int
        Samples of the same people drawn again (bootstrap) for a 95 % band; 0 for none, else 100 or more.
    seed : int

    Returns
    -------
    DataFrame
        Columns rho, mediated (units of the outcome), direct; with a band, low and high of the mediated effect as well.

    Raises
    ------
    ExperimentError
        If the data do not allow it, or `n_draws` is too few for a band.

    Source
    ------
    Imai, Keele and Yamamoto (2010), for linear models. The band: the bootstrap's percentiles, a textbook method.
    """
    if n_draws and n_draws < 100:
        raise ExperimentError(f"n_draws={n_draws} is too few for a band; give 100 or more, or 0 for none.")
    models, _ = _models(answers, mediator, outcome, (arm, reference), covariates, by)
    rho = np.linspace(-0.9, 0.9, n_points)
    mediated = _at_rho(models, rho)
    table = pd.DataFrame(
        {"rho": rho, "mediated": mediated, "direct": models.reduced.coefficients[1] - mediated}
    )
    if n_draws:
        low, high = _band(models, rho, n_draws, seed)
        table = table.assign(low=low, high=high)
    return table


def benchmarks(
    answers: pd.DataFrame,
    mediator: str,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    covariates: Sequence[str],
    by: str = "arm",
) -> pd.DataFrame:
    """Correlation of the errors that leaving a measured covariate out would bring.

    If the models with all covariates hold, then without this one the curve of `sensitivity` must be read at this rho.

    Parameters
    ----------
    answers, mediator, outcome, arm, reference, by
        As for `mediation`.
    covariates : sequence of str
    X

    Returns
    -------
    DataFrame
        A row a covariate: covariate, rho.

    Raises
    ------
    ExperimentError
        If no covariate is named, or the data do not allow it.

    Source
    ------
    The algebra of an omitted variable in two linear models; the course's own use of it.
    """
    if not covariates:
        raise ExperimentError("Name one covariate or more to compare an unseen cause with.")
    rows = []
    for name in covariates:
        last = [*(each for each in covariates if each != name), name]
        full, _ = _models(answers, mediator, outcome, (arm, reference), last, by)
        rows.append((name, _without_the_last(full)))
    return pd.DataFrame(rows, columns=["covariate", "rho"])


def _models(
    answers: pd.DataFrame,
    mediator: str,
    outcome: str,
    arms: tuple[str, str],
    covariates: Sequence[str],
    by: str,
) -> tuple[_Models, int]:
    need(answers, [mediator, outcome])
    if mediator == outcome:
        raise ExperimentError(f"{mediator!r} cannot be mediator and outcome at once.")
    complete = answers[numeric(answers, mediator).notna() & numeric(answers, outcome).notna()]
    two = two_arms(complete, outcome, *arms, by=by)
    between = np.asarray(numeric(complete.loc[two.rows], mediator), dtype=np.float64)
    if np.ptp(between) == 0:
        raise ExperimentError(
            f"All answers to the mediator {mediator!r} are {between[0]:g}; nothing can run through it."
        )
    before = [covariates_of(complete, [name], two.rows) for name in covariates]
    base = np.column_stack([np.ones(len(between)), two.treated, *before])
    with_mediator = np.column_stack([base[:, :2], between, base[:, 2:]])
    models = _Models(
        _fit(between, base), _fit(two.outcome, with_mediator), _fit(two.outcome, base), base, between, two.outcome,
        before[-1].shape[1] if before else 0,
    )  # fmt: skip
    return models, len(between)


def _fit(outcome: Drawn, design: Drawn) -> _Fit:
    """Least squares with the usual covariance of the coefficients."""
    n_people, n_columns = design.shape
    if n_people <= n_columns or np.linalg.matrix_rank(design) < n_columns:
        raise ExperimentError(
            "Mediator and covariates say the same thing twice, or there are too few people; leave a column out."
        )
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ (design.T @ outcome)
    residuals = outcome - design @ coefficients
    variance = float(residuals @ residuals) / (n_people - n_columns)
    return _Fit(coefficients, variance * inverse, residuals)


def _drawn_paths(models: _Models, n_draws: int, seed: int) -> tuple[Drawn, Drawn, Drawn]:
    """Draw effects on the mediator, direct, and of the mediator, from their estimated normal distributions."""
    from scipy.special import ndtri

    uniforms = np.random.Generator(np.random.PCG64(seed)).random((3, n_draws))
    z: Drawn = ndtri(uniforms + HALF_STEP)
    a = models.first.coefficients[1] + models.first.covariance[1, 1] ** 0.5 * z[0]
    spread = np.linalg.cholesky(models.second.covariance[1:3, 1:3])
    direct = models.second.coefficients[1] + spread[0, 0] * z[1]
    b = models.second.coefficients[2] + spread[1, 0] * z[1] + spread[1, 1] * z[2]
    return a, direct, b


def _correlation(models: _Models) -> tuple[float, float]:
    """Correlation of the errors of mediator and reduced outcome model, and the ratio of their sizes."""
    one, other = models.first.residuals, models.reduced.residuals
    shared = float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum()))
    return shared, float(np.sqrt((other**2).sum() / (one**2).sum()))


def _at_rho(models: _Models, rho: Drawn) -> Drawn:
    """Mediated effect if the errors of mediator and outcome model correlate by `rho`."""
    shared, ratio = _correlation(models)
    found: Drawn = models.first.coefficients[1] * _slope(rho, shared, ratio)
    return found


def _slope(rho: Drawn, shared: Drawn | float, ratio: Drawn | float) -> Drawn:
    """Effect of the mediator if the errors correlate by `rho`."""
    found: Drawn = ratio * (shared - rho * np.sqrt((1 - shared**2) / (1 - rho**2)))
    return found


def _rho_at_zero(models: _Models) -> float:
    """Where the curve of `_at_rho` crosses nought: at the correlation of the errors themselves."""
    return _correlation(models)[0]


def _band(models: _Models, rho: Drawn, n_draws: int, seed: int) -> tuple[Drawn, Drawn]:
    """Ends of a 95 % band: the same people drawn again, with the curve of each draw from its cross-products."""
    columns = np.column_stack([models.base, models.between, models.outcome])
    n_people, n_base = models.base.shape
    draw = np.random.Generator(np.random.PCG64(seed))
    products = np.empty((n_draws, columns.shape[1], columns.shape[1]))
    for place in range(n_draws):
        counts = np.bincount((draw.random(n_people) * n_people).astype(np.int64), minlength=n_people)
        products[place] = (columns * counts[:, None]).T @ columns
    within, across, both = (
        products[:, :n_base, :n_base], products[:, :n_base, n_base:], products[:, n_base:, n_base:],
    )  # fmt: skip
    slopes = np.linalg.solve(within, across)
    left = both - np.swapaxes(across, 1, 2) @ slopes
    shared = left[:, 0, 1] / np.sqrt(left[:, 0, 0] * left[:, 1, 1])
    ratio = np.sqrt(left[:, 1, 1] / left[:, 0, 0])
    curves = slopes[:, 1, :1] * _slope(rho[None, :], shared[:, None], ratio[:, None])
    low, high = np.quantile(curves, [0.025, 0.975], axis=0)
    return low, high


def _without_the_last(models: _Models) -> float:
    """Correlation of the errors once the last covariate is left out of both models.

    Its part that the other columns do not explain moves to the errors of both.
    """
    last, others = models.base[:, -models.width :], models.base[:, : -models.width]
    own = last - others @ np.linalg.lstsq(others, last, rcond=None)[0]
    in_first = own @ models.first.coefficients[-models.width :]
    in_second = own @ models.second.coefficients[-models.width :]
    sizes = [
        (part**2).sum() + (fit.residuals**2).sum()
        for part, fit in ((in_first, models.first), (in_second, models.second))
    ]
    return float((in_first * in_second).sum() / np.sqrt(sizes[0] * sizes[1]))


def _ends(draws: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


def controlled_direct_effects(
    answers: pd.DataFrame, outcome: str, treatment: str, manipulated: str
) -> pd.DataFrame:
    """Effect of a treatment with the mediator held where a second, crossed treatment put it.

    Parameters
    ----------
    answers : DataFrame
    outcome : str
    treatment, manipulated : str
        Columns of 0 and 1, both assigned by chance.

    Returns
    -------
    DataFrame
        A row for each value of `manipulated` (0, 1) and one for the difference, the *eliminated* part: columns held,
        estimate, std_error, low, high.

    Raises
    ------
    ExperimentError
        If a column is no 0 and 1, or one of the four groups has fewer than two answers.
    """
    from scipy import stats

    cells = _cells(answers, outcome, treatment, manipulated)
    rows: list[tuple[str, float, float]] = []
    for held in (0, 1):
        estimate = cells[1, held][0] - cells[0, held][0]
        rows.append((str(held), estimate, (cells[1, held][1] + cells[0, held][1]) ** 0.5))
    gone = rows[0][1] - rows[1][1]
    rows.append(("eliminated", gone, (rows[0][2] ** 2 + rows[1][2] ** 2) ** 0.5))
    table = pd.DataFrame(rows, columns=["held", "estimate", "std_error"])
    reach = float(stats.norm.ppf(0.975)) * table["std_error"]
    return table.assign(low=table["estimate"] - reach, high=table["estimate"] + reach)


def _cells(
    answers: pd.DataFrame, outcome: str, treatment: str, manipulated: str
) -> dict[tuple[int, int], tuple[float, float]]:
    """Mean of each of the four groups, and its variance over its size."""
    need(answers, [outcome, treatment, manipulated])
    values = numeric(answers, outcome)
    for name in (treatment, manipulated):
        if not numeric(answers, name).dropna().isin([0, 1]).all():
            raise ExperimentError(f"The column {name!r} must hold 0 and 1 only.")
    found = {}
    for told in (0, 1):
        for held in (0, 1):
            group = values[(answers[treatment] == told) & (answers[manipulated] == held)].dropna()
            if len(group) < 2:
                raise ExperimentError(
                    f"{len(group)} people have {treatment}={told} and {manipulated}={held}; two or more are needed."
                )
            found[told, held] = (float(group.mean()), float(group.var(ddof=1)) / len(group))
    return found
