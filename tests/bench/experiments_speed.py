"""Simulated experiments: permutations beside scipy, power and diagnosis beside one regression at a time, in one run.

    python tests/bench/experiments_speed.py

Two thousand people throughout, ten thousand permutations or experiments, a thousand simulations of a declared design.
What would take the peer minutes is timed on fewer experiments and scaled up. The peers work on arrays, and by formula
where it says so. `likert` answers take five values. The last line of the output is JSON: seconds, and how many
times as fast ours is.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats

from helpers.experiments.design import LikertModel, two_arm
from helpers.experiments.power import covariate_power, likert_power
from helpers.experiments.randomization import randomization_test

N_PEOPLE, N_TIMES, N_PEER, N_DIAGNOSED = 2000, 10_000, 200, 1000
SHARES = [0.10, 0.20, 0.30, 0.25, 0.15]


def seconds(action: Callable[[], object], times: int = 3) -> float:
    """Shortest duration of a few runs."""
    durations = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        durations.append(time.perf_counter() - started)
    return min(durations)


def difference(one: np.ndarray, other: np.ndarray, axis: int) -> np.ndarray:
    """Difference in means, as scipy asks for it."""
    return one.mean(axis=axis) - other.mean(axis=axis)


def permutations(kind: str) -> dict[str, float]:
    """Time ten thousand permutations of two equal arms."""
    rng = np.random.default_rng(1)
    outcome = (
        rng.choice(np.arange(1, 6), N_PEOPLE, p=SHARES) if kind == "likert" else rng.normal(size=N_PEOPLE)
    )
    half = N_PEOPLE // 2
    answers = pd.DataFrame({"arm": np.repeat(["both", "unchanged"], half), "y": outcome.astype(float)})
    groups = (answers["y"].to_numpy()[:half], answers["y"].to_numpy()[half:])

    def peer() -> Any:
        return stats.permutation_test(
            groups, difference, n_resamples=N_TIMES, vectorized=True, batch=500, rng=1
        )

    def ours() -> Any:
        return randomization_test(answers, "y", "both", n_permutations=N_TIMES)

    found, expected = ours().p_value, peer().pvalue
    error = (2 * expected * (1 - expected) / N_TIMES) ** 0.5
    fast, slow = seconds(ours), seconds(peer)
    return {
        "ours": fast,
        "scipy": slow,
        "times as fast": slow / fast,
        "apart, in errors": abs(found - expected) / error,
    }


def power_by_counts() -> dict[str, float]:
    """Time three arms of Likert answers against a loop over least squares with HC2 errors."""
    shares = pd.DataFrame([SHARES] * 3, index=["unchanged", "conventional", "both"], columns=range(1, 6))
    n_arm = N_PEOPLE // 3
    rng = np.random.default_rng(2)
    design = np.column_stack(
        [np.ones(3 * n_arm), np.arange(3 * n_arm) // n_arm == 1, np.arange(3 * n_arm) // n_arm == 2]
    )

    def on_arrays() -> None:
        for _ in range(N_PEER):
            outcome = rng.choice(np.arange(1.0, 6), 3 * n_arm, p=SHARES)
            sm.OLS(outcome, design.astype(float)).fit(cov_type="HC2", use_t=True).pvalues  # noqa: B018

    def by_formula() -> None:
        for _ in range(N_PEER // 4):
            data = pd.DataFrame(
                {
                    "y": rng.choice(np.arange(1.0, 6), 3 * n_arm, p=SHARES),
                    "a": design[:, 1],
                    "b": design[:, 2],
                }
            )
            smf.ols("y ~ a + b", data).fit(cov_type="HC2", use_t=True).pvalues  # noqa: B018

    fast = seconds(lambda: likert_power(shares, n_arm, n_experiments=N_TIMES))
    arrays = seconds(on_arrays, 1) * N_TIMES / N_PEER
    formula = seconds(by_formula, 1) * N_TIMES / (N_PEER // 4)
    return {
        "ours": fast,
        "arrays": arrays,
        "times as fast as arrays": arrays / fast,
        "as formula": formula / fast,
    }


def power_with_covariates() -> dict[str, float]:
    """Time three arms and two covariates; the floor is drawing the numbers."""
    rng = np.random.default_rng(3)
    arm = rng.permutation(np.arange(N_PEOPLE) % 3)
    design = np.column_stack([np.ones(N_PEOPLE), arm == 1, arm == 2, rng.normal(size=(N_PEOPLE, 2))]).astype(
        float
    )

    def draw() -> None:
        source = np.random.Generator(np.random.PCG64(1))
        for _ in range(N_TIMES // 250):
            source.standard_normal((250, N_PEOPLE))

    def on_arrays() -> None:
        for _ in range(N_PEER):
            outcome = design @ np.array([0, 0.1, 0.1, 0.3, 0.3]) + rng.standard_normal(N_PEOPLE)
            sm.OLS(outcome, design).fit(cov_type="HC2", use_t=True).pvalues  # noqa: B018

    fast = seconds(lambda: covariate_power(design, [0.3, 0.3], [0.1, 0.1], ["a", "b"], n_experiments=N_TIMES))
    floor, arrays = seconds(draw), seconds(on_arrays, 1) * N_TIMES / N_PEER
    return {
        "ours": fast,
        "drawing alone": floor,
        "times drawing": fast / floor,
        "times as fast as arrays": arrays / fast,
    }


def diagnosis() -> dict[str, float]:
    """Time the diagnosis of a declared design, here and in two processes, against drawing and fitting by formula."""
    design = two_arm(LikertModel({"unchanged": SHARES, "both": SHARES}, n_people=N_PEOPLE))
    rng = np.random.default_rng(4)

    def by_formula() -> None:
        for _ in range(N_PEER):
            data = pd.DataFrame(
                {
                    "y": rng.choice(np.arange(1.0, 6), N_PEOPLE, p=SHARES),
                    "told": rng.permutation(np.arange(N_PEOPLE) % 2),
                }
            )
            smf.ols("y ~ told", data).fit(cov_type="HC2", use_t=True).pvalues  # noqa: B018

    here = seconds(lambda: design.diagnose(N_DIAGNOSED), 1)
    with ProcessPoolExecutor(2) as executor:
        design.diagnose(N_DIAGNOSED // 10, executor=executor)
        apart = seconds(lambda: design.diagnose(N_DIAGNOSED, executor=executor), 1)
    formula = seconds(by_formula, 1) * N_DIAGNOSED / N_PEER
    return {
        "ours": here,
        "ours, two processes": apart,
        "times as fast in two": here / apart,
        "as formula": formula / here,
    }


def main() -> None:
    """Measure and print."""
    report = {
        "permutations, Likert": permutations("likert"),
        "permutations, continuous": permutations("continuous"),
        "power, Likert": power_by_counts(),
        "power, covariates": power_with_covariates(),
        "diagnosis": diagnosis(),
    }
    print(
        json.dumps(
            {name: {key: round(value, 4) for key, value in row.items()} for name, row in report.items()}
        )
    )


if __name__ == "__main__":
    main()
