"""Diagnosis: how far the answers of a design are from what it asks, over many runs.

*Bias* is the mean distance of the estimate from the estimand, *RMSE* the square root of its mean square, *power* the
share of runs in which the estimate is significant, *coverage* the share in which the interval holds the estimand.
Each is itself an estimate from a number of runs and carries the error that this brings.

Runs are made in chunks of a fixed size, each run with a seed of its own. So it does not matter who runs a chunk, in
which order, or whether it had to be run twice because a machine was lost: the digits are the same.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.experiments.design.grammar import CHUNK, FOUND, Design, label_of, seed_of
from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Progress = Callable[[int, int], None]

DIAGNOSANDS = ("bias", "rmse", "power", "coverage")
MOST_SIMULATIONS = 1_000_000


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What many runs of a design show.

    Parameters
    ----------
    design : str
        Its name.
    simulations : int
    seed : int
    alpha : float
    runs : DataFrame
        A row a run and answer: simulation, answer, inquiry, estimand, estimate, std_error, low, high, p_value. Runs
        whose data could not be analysed have no estimate.
    table : DataFrame
        A row an answer: see `to_frame`.
    troubles : tuple of str
        Sentences of runs that could not be analysed, each once.
    """

    design: str
    simulations: int
    seed: int
    alpha: float
    runs: pd.DataFrame = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    troubles: tuple[str, ...] = ()

    def __repr__(self) -> str:
        alone = self.table["inquiry"].nunique() == 1
        parts = [
            f"power {row['power']:.0%}, coverage {row['coverage']:.0%}, bias {row['bias']:+.3f}, "
            f"RMSE {row['rmse']:.3f} ({row['answer'] if alone else row['answer'] + ' for ' + row['inquiry']})"
            for row in self.table.to_dict("records")
        ]
        lost = self.simulations - int(self.table["n"].min())
        note = f"; {lost} runs could not be analysed" if lost else ""
        return f"{self.design}, {self.simulations:,} simulations: {'; '.join(parts)}{note}"

    def to_frame(self) -> pd.DataFrame:
        """Return a row an answer.

        Columns: design, answer, inquiry, n (runs with an estimate), estimand and estimate (means over runs),
        sd_estimate, std_error (mean), then bias, rmse, power and coverage, each followed by its Monte Carlo error
        (`mc_bias` and so on).
        """
        return self.table.copy()


@dataclass(frozen=True, eq=False)
class Comparison:
    """Diagnoses of several designs, all from the same seed.

    Parameters
    ----------
    diagnoses : tuple of Diagnosis
    """

    diagnoses: tuple[Diagnosis, ...]

    def __repr__(self) -> str:
        return " | ".join(map(repr, self.diagnoses))

    def __getitem__(self, name: str) -> Diagnosis:
        for each in self.diagnoses:
            if each.design == name:
                return each
        known = ", ".join(repr(each.design) for each in self.diagnoses)
        raise ExperimentError(f"There is no design {name!r}; there are {known}.")

    def to_frame(self) -> pd.DataFrame:
        """Return a row a design and answer, columns as in `Diagnosis.to_frame`."""
        return pd.concat([each.table for each in self.diagnoses], ignore_index=True)


def compare(
    *designs: Design,
    simulations: int = 500,
    seed: int = 1,
    alpha: float = 0.05,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Diagnose several designs from the same seed, so that those with the same model meet the same people.

    Parameters
    ----------
    *designs : Design
        Two or more, with different names.
    simulations, seed, alpha, executor, progress
        As for `Design.diagnose`; progress counts over all designs.

    Returns
    -------
    Comparison

    Raises
    ------
    ExperimentError
        If there are fewer than two designs, or two have the same name.

    Examples
    --------
    >>> from helpers.experiments.design import LikertModel, Sample, two_arm
    >>> model = LikertModel({"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}, n_people=400)
    >>> design = two_arm(model, n_respondents=400, name="all")
    >>> compare(design, design.replace(Sample(100), name="a quarter"), simulations=50).to_frame().shape
    (2, 16)
    """
    names = [design.name for design in designs]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        raise ExperimentError(
            f"Compare two or more designs with different names; given: {', '.join(names) or 'none'}. "
            'Name one with design.replace(name="...").'
        )
    total = simulations * len(designs)

    def told(before: int) -> Progress | None:
        return None if progress is None else lambda done, _: progress(before + done, total)

    return Comparison(
        tuple(
            diagnose(
                design,
                simulations,
                seed=seed,
                alpha=alpha,
                executor=executor,
                progress=told(place * simulations),
            )
            for place, design in enumerate(designs)
        )
    )


def diagnose(
    design: Design,
    simulations: int,
    *,
    seed: int = 1,
    alpha: float = 0.05,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Diagnosis:
    """Run a design many times; see `Design.diagnose`."""
    if not 2 <= simulations <= MOST_SIMULATIONS:
        raise ExperimentError(f"simulations={simulations} is out of range; give 2 to {MOST_SIMULATIONS:,}.")
    if not 0 < alpha < 1:
        raise ExperimentError(f"alpha={alpha:g} is no level; give a number between 0 and 1.")
    seed_of(seed, 0)
    starts = range(0, simulations, CHUNK)
    chunks = [(start, min(CHUNK, simulations - start)) for start in starts]
    done = _run_all(design, seed, chunks, executor, progress)
    rows = [row for part in done for row in part[0]]
    runs = pd.DataFrame(rows, columns=["simulation", "answer", "inquiry", "estimand", *FOUND])
    troubles = tuple(dict.fromkeys(words for part in done for words in part[1]))
    if runs["estimate"].isna().all():
        raise ExperimentError(f"No run of {design.name!r} gave an estimate: {troubles[0]}")
    table = _table(design, runs, alpha)
    return Diagnosis(design.name, simulations, seed, alpha, runs, table, troubles)


# Running.

Chunk = tuple[list[tuple[Any, ...]], list[str]]


def _run_all(
    design: Design,
    seed: int,
    chunks: Sequence[tuple[int, int]],
    executor: Executor | None,
    progress: Progress | None,
) -> list[Chunk]:
    total, so_far = sum(size for _, size in chunks), 0
    found: dict[int, Chunk] = {}
    for place, part in _parts(design, seed, chunks, executor):
        found[place] = part
        so_far += chunks[place][1]
        if progress is not None:
            progress(so_far, total)
    return [found[place] for place in range(len(chunks))]


def _parts(design: Design, seed: int, chunks: Sequence[tuple[int, int]], executor: Executor | None) -> Any:
    """Place and result of each chunk, as they come."""
    if executor is None:
        for place, (start, size) in enumerate(chunks):
            yield place, run_chunk(design, seed, start, size)
        return
    if isinstance(executor, ProcessPoolExecutor):
        _refuse_what_stays(design)
    futures: dict[Future[Chunk], int] = {}
    try:
        for place, (start, size) in enumerate(chunks):
            futures[executor.submit(run_chunk, design, seed, start, size)] = place
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool:
        raise ExperimentError(
            "A process that ran simulations was lost, or could not find a step of the design there. Put functions of "
            "your own into a module, or run without an executor."
        ) from None
    finally:
        for future in futures:
            future.cancel()


def _refuse_what_stays(design: Design) -> None:
    """Refuse a design with a step that cannot be sent to another process, and name the step."""
    parts = [
        ("model", design.model),
        *[("inquiry", each.value) for each in design.inquiries],
        *[("data strategy", each) for each in design.data],
        *[("answer strategy", each.estimator) for each in design.answers],
    ]
    for part, step in parts:
        try:
            pickle.dumps(step)
        except (pickle.PicklingError, AttributeError, TypeError):
            raise ExperimentError(
                f"A step of the {part}, {label_of(step)}, cannot be sent to another process: a lambda or a function "
                "inside a function stays where it was made. Write it with def at the top of a module or as a frozen "
                "dataclass, or run without an executor."
            ) from None


def run_chunk(design: Design, seed: int, start: int, size: int) -> Chunk:
    """Run simulations `start` to `start + size - 1`: rows, and the sentences of what could not be analysed."""
    rows: list[tuple[Any, ...]] = []
    troubles: list[str] = []
    for simulation in range(start, start + size):
        here = seed_of(seed, simulation)
        people = design.people(here)
        try:
            found = design.estimate(design.data_of(people, here))
        except ExperimentError as error:
            troubles.append(str(error))
            found = _nothing(design)
        truth = design.estimands_of(people)
        rows += [
            (simulation, row[0], row[1], truth[row[1]], *row[2:])
            for row in found.itertuples(index=False, name=None)
        ]
    return rows, troubles


def _nothing(design: Design) -> pd.DataFrame:
    rows = [(each.name, each.inquiry, *([np.nan] * len(FOUND))) for each in design.answers]
    return pd.DataFrame(rows, columns=["answer", "inquiry", *FOUND])


# Summing up.


def _table(design: Design, runs: pd.DataFrame, alpha: float) -> pd.DataFrame:
    rows = []
    for answer in design.answers:
        mine = runs[(runs["answer"] == answer.name) & (runs["inquiry"] == answer.inquiry)].dropna()
        rows.append(
            {"design": design.name, "answer": answer.name, "inquiry": answer.inquiry, **_row(mine, alpha)}
        )
    return pd.DataFrame(rows)


def _row(runs: pd.DataFrame, alpha: float) -> dict[str, float]:
    n = len(runs)
    estimand, estimate = (runs[name].to_numpy(float) for name in ("estimand", "estimate"))
    off = estimate - estimand
    found = (runs["p_value"] < alpha).to_numpy()
    covered = ((runs["low"] <= runs["estimand"]) & (runs["estimand"] <= runs["high"])).to_numpy()
    rmse = float(np.sqrt((off**2).mean())) if n else np.nan
    return {
        "n": n,
        "estimand": float(estimand.mean()) if n else np.nan,
        "estimate": float(estimate.mean()) if n else np.nan,
        "sd_estimate": _spread(estimate),
        "std_error": float(runs["std_error"].mean()),
        "bias": float(off.mean()) if n else np.nan,
        "mc_bias": _spread(off) / n**0.5 if n else np.nan,
        "rmse": rmse,
        "mc_rmse": _spread(off**2) / (2 * rmse * n**0.5) if n and rmse > 0 else np.nan,
        "power": float(found.mean()) if n else np.nan,
        "mc_power": _share_error(found),
        "coverage": float(covered.mean()) if n else np.nan,
        "mc_coverage": _share_error(covered),
    }


def _spread(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) if len(values) > 1 else np.nan


def _share_error(hits: NDArray[np.bool_]) -> float:
    """Error of a share, two runs of each kind added, so that a share of 0 or 1 is not called certain."""
    share = (hits.sum() + 2) / (len(hits) + 4)
    return float(np.sqrt(share * (1 - share) / (len(hits) + 4)))
