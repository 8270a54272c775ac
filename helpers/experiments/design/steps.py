"""The steps that most designs need: two models, sampling, assignment, measurement, two estimators.

Each is a frozen dataclass that is called. Models and data steps take chance as raw uniforms alone and make people of
them by comparing and sorting, so that a seed gives the same people everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.experiments.answers import need, numeric, refuse_missing_arm
from helpers.experiments.results import Estimate, ExperimentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from helpers.data.studies import Study, World
    from helpers.experiments.factorial import Contrast

BETWEEN = "/"
"""Stands between outcome and arm in the name of a potential answer's column."""
BEFORE = "before"
LARGEST = 2**53


@dataclass(frozen=True)
class LikertModel:
    """People whose answers have declared shares in each arm; simulated for teaching.

    Each person has a place between 0 and 1, the same in all arms, and gives the answer whose part of the scale holds
    it. So nobody is moved against the direction in which the shares move.

    Parameters
    ----------
    shares : mapping
        Arm to the share of each answer, the lowest first; each sums to 1. The first arm is the reference.
    n_people : int
    outcome : str
    stable : float
        From 0 to 1. Above 0 each person has a column `before`, an answer to the same question before anything was read.
        With this chance it comes from the same place on the scale, else from another; it is then the correlation of the
        two places.

    Raises
    ------
    ExperimentError
        If shares are no shares, or a number is out of range.

    Examples
    --------
    >>> model = LikertModel({"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}, n_people=4)
    >>> model(np.random.Generator(np.random.PCG64(1))).to_numpy().tolist()
    [[1, 1], [1, 2], [2, 2], [1, 2]]
    """

    shares: Mapping[str, Sequence[float]]
    n_people: int
    outcome: str = "answer"
    stable: float = 0.0

    def __post_init__(self) -> None:
        if len(self.shares) < 2:
            raise ExperimentError("Declare the shares of two arms or more.")
        lengths = {len(row) for row in self.shares.values()}
        if len(lengths) > 1 or lengths.pop() < 2:
            raise ExperimentError("All arms need the shares of the same answers, two or more.")
        for arm, row in self.shares.items():
            if min(row) < 0 or abs(sum(row) - 1) > 1e-6:
                raise ExperimentError(
                    f"The shares of {arm!r} are {', '.join(f'{share:g}' for share in row)}; none may be below 0, and "
                    f"they must sum to 1, not {sum(row):g}."
                )
        if not 0 <= self.stable <= 1:
            raise ExperimentError(f"stable={self.stable:g} is out of range; give a number from 0 to 1.")
        _refuse_few(self.n_people)

    def __repr__(self) -> str:
        points = len(next(iter(self.shares.values())))
        stable = f", {self.stable:g} stable" if self.stable else ""
        return f"{self.n_people:,} people, answers 1 to {points}, arms {', '.join(self.shares)}{stable}"

    def __call__(self, chance: np.random.Generator) -> pd.DataFrame:
        """Make people: a column `outcome/arm` for each arm, and `before` if answers are stable."""
        earlier, other, which = (chance.random(self.n_people) for _ in range(3))
        place = np.where(which < self.stable, earlier, other)
        columns = {f"{self.outcome}{BETWEEN}{arm}": _answered(row, place) for arm, row in self.shares.items()}
        if self.stable:
            columns[BEFORE] = _answered(next(iter(self.shares.values())), earlier)
        return pd.DataFrame(columns)


def _answered(shares: Sequence[float], place: NDArray[np.float64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = 1 + np.searchsorted(np.cumsum(shares)[:-1], place, side="right")
    return found


@dataclass(frozen=True)
class SurveyModel:
    """Simulated people of one of the course's studies, in one of its worlds.

    Parameters
    ----------
    study : Study
    world : World
    n_people : int
    outcomes : sequence of str, optional
        Draw these alone, which is faster; all if not given. Answers are the same either way.

    Raises
    ------
    ExperimentError
        If the world does not know the study, there is no such outcome, or the number is out of range.

    Examples
    --------
    >>> from helpers.data import study, world
    >>> SurveyModel(study("germany"), world(), 1000)
    1,000 simulated people, If they left (Germany), world 'as_the_abstract_reads'
    """

    study: Study
    world: World
    n_people: int
    outcomes: Sequence[str] | None = None

    def __post_init__(self) -> None:
        _refuse_few(self.n_people)
        for name in self.outcomes or ():
            if name not in self.study.outcomes:
                raise ExperimentError(
                    f"The study has no outcome {name!r}; there are {', '.join(self.study.outcomes)}."
                )
        if self.study.name not in self.world.effects:
            raise ExperimentError(f"The world {self.world.name!r} says nothing of {self.study.name!r}.")

    def __repr__(self) -> str:
        where = f"{self.study.title} ({self.study.country})"
        return f"{self.n_people:,} simulated people, {where}, world {self.world.name!r}"

    def __call__(self, chance: np.random.Generator) -> pd.DataFrame:
        """Make people: covariates, and a column `outcome/arm` for each outcome and arm."""
        from helpers.experiments.respondents import field_study

        seed = int(chance.random() * LARGEST)
        fielded = field_study(
            self.study, self.world, seed, n_respondents=self.n_people, outcomes=self.outcomes
        )
        return pd.concat([fielded.answers[list(self.study.covariates)], fielded.potential], axis=1)


@dataclass(frozen=True)
class Sample:
    """Ask some of the people, drawn at random.

    Parameters
    ----------
    n_respondents : int
    """

    n_respondents: int

    def __post_init__(self) -> None:
        _refuse_few(self.n_respondents)

    def __repr__(self) -> str:
        return f"Sample {self.n_respondents:,}"

    def __call__(self, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
        """Take a simple random sample, in the order of the people."""
        if self.n_respondents > len(people):
            raise ExperimentError(
                f"A sample of {self.n_respondents:,} cannot be drawn from {len(people):,} people; "
                "let the model make more."
            )
        order = np.argsort(chance.random(len(people)), kind="stable")
        return people.iloc[np.sort(order[: self.n_respondents])].reset_index(drop=True)


@dataclass(frozen=True)
class Assign:
    """Let chance decide who reads what: the sizes of the arms are fixed, as far as the number of people divides.

    Parameters
    ----------
    arms : sequence of str
        Two or more.
    weights : sequence of int, optional
        Relative sizes, such as (2, 1); equal if not given.
    within : str, optional
        Covariate in words or whole numbers; arms are then as equal as may be within each of its values.
    """

    arms: Sequence[str]
    weights: Sequence[int] | None = None
    within: str | None = None

    def __post_init__(self) -> None:
        if len(set(self.arms)) < 2 or len(set(self.arms)) < len(self.arms) or isinstance(self.arms, str):
            raise ExperimentError(f"Assign two or more different arms; given: {self.arms!r}.")
        weights = self.weights
        if weights is not None and (len(weights) != len(self.arms) or min(weights) < 1):
            raise ExperimentError(
                f"weights={weights!r} must be a whole number from 1 for each of {', '.join(self.arms)}."
            )

    def __repr__(self) -> str:
        weights = [""] * len(self.arms) if self.weights is None else [f" {each}" for each in self.weights]
        arms = ", ".join(f"{arm}{weight}" for arm, weight in zip(self.arms, weights, strict=True))
        return f"Assign {arms}" + (f" within {self.within}" if self.within else "")

    def __call__(self, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
        """Add the column `arm`: people are shuffled, block after block, and arms dealt in turn from a random start.

        Without the random start the arm that is dealt first would be likelier in some blocks than in others, and a
        difference in means would compare unlike people.
        """
        turn = np.repeat(np.arange(len(self.arms)), self.weights or 1)
        turn = np.roll(turn, int(chance.random() * len(turn)))
        blocks = np.zeros(len(people), dtype=np.int64)
        if self.within:
            need(people, [self.within])
            blocks = pd.factorize(people[self.within], sort=True)[0]
        order = np.lexsort((chance.random(len(people)), blocks))
        dealt = np.empty(len(people), dtype=np.int64)
        dealt[order] = np.resize(turn, len(people))
        return people.assign(arm=np.array(self.arms, dtype=object)[dealt])


@dataclass(frozen=True)
class Measure:
    """Ask: each person shows the answer of the arm that was read, and nothing of the others.

    Parameters
    ----------
    missing : float
        Share of answers left out, by chance.
    stops : mapping
        Arm to the share of people who stop after the text, by chance.
    """

    missing: float = 0.0
    stops: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, share in (("missing", self.missing), *self.stops.items()):
            if not 0 <= share <= 1:
                raise ExperimentError(f"{name}: {share:g} is no share; give a number from 0 to 1.")

    def __repr__(self) -> str:
        stops = "".join(f", {arm} stops {share:.0%}" for arm, share in self.stops.items())
        return f"Measure ({self.missing:.0%} missing{stops})"

    def __call__(self, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
        """Turn potential answers into a column for each outcome."""
        need(people, ["arm"])
        potential = [name for name in people.columns if BETWEEN in str(name)]
        outcomes = dict.fromkeys(name.rsplit(BETWEEN, 1)[0] for name in potential)
        rates = people["arm"].map(dict(self.stops)).fillna(0.0).to_numpy(float)
        stopped = chance.random(len(people)) < rates
        columns = {}
        for outcome in outcomes:
            lost = stopped | (chance.random(len(people)) < self.missing)
            columns[outcome] = np.where(lost, np.nan, _shown(people, outcome))
        return people.drop(columns=potential).assign(**columns)


def _shown(people: pd.DataFrame, outcome: str) -> NDArray[np.float64]:
    """Potential answer of each person in the arm that the person is in."""
    seen = np.full(len(people), np.nan)
    arms = people["arm"].to_numpy()
    for arm in pd.unique(people["arm"]):
        column = f"{outcome}{BETWEEN}{arm}"
        need(people, [column])
        seen = np.where(arms == arm, people[column].to_numpy(float), seen)
    return seen


@dataclass(frozen=True)
class MeanContrast:
    """An inquiry: mean potential answers, weighed and added. Weights 1 and -1 give an average effect.

    Parameters
    ----------
    outcome : str
    weights : mapping
        Arm to weight.

    Examples
    --------
    >>> people = pd.DataFrame({"need/unchanged": [1, 2], "need/both": [3, 3]})
    >>> MeanContrast("need", {"both": 1, "unchanged": -1})(people)
    1.5
    """

    outcome: str
    weights: Mapping[str, float]

    def __repr__(self) -> str:
        parts = " ".join(f"{weight:+g} {arm}" for arm, weight in self.weights.items())
        return f"mean {self.outcome}, {parts}"

    def __call__(self, people: pd.DataFrame) -> float:
        """Among these people, from all their potential answers."""
        columns = {arm: f"{self.outcome}{BETWEEN}{arm}" for arm in self.weights}
        need(people, list(columns.values()))
        return float(sum(weight * people[columns[arm]].mean() for arm, weight in self.weights.items()))


@dataclass(frozen=True)
class Means:
    """An estimator: observed means of the arms, weighed and added, with Neyman's error.

    Parameters
    ----------
    outcome : str
    weights : mapping
        Arm to weight.
    by : str
        Column that names the arm.
    """

    outcome: str
    weights: Mapping[str, float]
    by: str = "arm"

    def __repr__(self) -> str:
        return "observed means (HC2)"

    def __call__(self, data: pd.DataFrame) -> Contrast:
        """Estimate, with interval and p-value."""
        from helpers.experiments.factorial import contrast_of

        need(data, [self.by, self.outcome])
        refuse_missing_arm(data[self.by], list(self.weights), self.by)
        values, arms = numeric(data, self.outcome).to_numpy(), data[self.by].to_numpy()
        groups = [values[(arms == arm) & ~np.isnan(values)] for arm in self.weights]
        for arm, group in zip(self.weights, groups, strict=True):
            if len(group) < 2:
                raise ExperimentError(
                    f"Arm {arm!r} has {len(group)} answers to {self.outcome!r}; two or more are needed."
                )
        means = np.array([group.mean() for group in groups])
        variances = np.array([group.var(ddof=1) / len(group) for group in groups])
        if variances.sum() == 0:
            raise ExperimentError(
                f"In each arm all answers to {self.outcome!r} are the same; nothing varies."
            )
        rests = np.array([len(group) - 1 for group in groups])
        return contrast_of(self.outcome, tuple(self.weights.values()), means, variances, rests)


@dataclass(frozen=True)
class Lin:
    """An estimator: arm less reference with covariates, centred and interacted, and HC2 errors; Lin (2013).

    Parameters
    ----------
    outcome, arm, reference : str
    covariates : sequence of str
        Measured before treatment.
    """

    outcome: str
    arm: str
    reference: str
    covariates: Sequence[str]

    def __repr__(self) -> str:
        return f"Lin (2013) with {', '.join(self.covariates)} (HC2)"

    def __call__(self, data: pd.DataFrame) -> Estimate:
        """Estimate, with interval and p-value."""
        from helpers.experiments.effects import lin

        return lin(data, self.outcome, self.arm, self.reference, covariates=list(self.covariates))


def _refuse_few(n_people: int) -> None:
    if isinstance(n_people, bool) or not isinstance(n_people, int | np.integer) or n_people < 4:
        raise ExperimentError(f"{n_people!r} is no number of people for an experiment; give 4 or more.")
