"""A design: model, inquiry, data strategy, answer strategy, and how one study is drawn from it.

A *step* is anything that can be called with the right arguments: the model with a source of chance, a step of the data
strategy with people and a source of chance, an inquiry with people, an estimator with data. Each step has a stream of
chance of its own, so that a design in which one step is changed meets the same people as before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from helpers.experiments.results import ExperimentError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from helpers.experiments.design.diagnosis import Diagnosis

    Seed = int | np.random.SeedSequence

Model = Callable[[np.random.Generator], pd.DataFrame]
"""Makes people: a row each, with a column `outcome/arm` for each potential answer."""
DataStep = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]
"""Samples, assigns or measures."""
FOUND = ("estimate", "std_error", "low", "high", "p_value")
"""What an estimator's result must have as attributes."""
CHUNK = 25
"""Simulations that are run together. Part of what a seed means: another number gives other digits."""


@dataclass(frozen=True)
class Inquiry:
    """A question with a number for an answer, put to the people of the model.

    Parameters
    ----------
    name : str
    value : callable
        Takes the people (a DataFrame with potential answers), returns a number: the estimand.
    """

    name: str
    value: Callable[[pd.DataFrame], float]

    def __repr__(self) -> str:
        return f"{self.name}: {label_of(self.value)}"


@dataclass(frozen=True)
class Answer:
    """An estimator, and the inquiry that it is held against.

    Parameters
    ----------
    name : str
    inquiry : str
        Name of an inquiry of the design.
    estimator : callable
        Takes the data, returns an object with the attributes estimate, std_error, low, high and p_value, such as an
        `Estimate`.
    """

    name: str
    inquiry: str
    estimator: Callable[[pd.DataFrame], Any]

    def __repr__(self) -> str:
        return f"{self.name} for {self.inquiry}: {label_of(self.estimator)}"


def seed_of(seed: int, simulation: int) -> np.random.SeedSequence:
    """Seed of one simulation of a diagnosis, so that it can be drawn again and looked at.

    Parameters
    ----------
    seed : int
        Seed of the diagnosis.
    simulation : int
        Number of the simulation, from 0.

    Returns
    -------
    SeedSequence
        That which `SeedSequence(seed).spawn` gives, chunk by chunk.

    Examples
    --------
    >>> seed_of(1, 26).spawn_key
    (1, 1)
    """
    if seed < 0 or simulation < 0:
        raise ExperimentError(f"seed={seed} and simulation={simulation} must not be below 0.")
    return np.random.SeedSequence(seed, spawn_key=divmod(simulation, CHUNK))


@dataclass(frozen=True)
class Design:
    """A declared study.

    Parameters
    ----------
    model : callable
        Makes people: see `LikertModel` and `SurveyModel`.
    inquiries : sequence of Inquiry
    data : sequence of callable
        The data strategy, in order: see `Sample`, `Assign` and `Measure`.
    answers : sequence of Answer
    name : str
        For comparisons.

    Raises
    ------
    ExperimentError
        If a part is empty, is no step, or an answer speaks of an inquiry that is not there.

    Source
    ------
    The idea of declaring, diagnosing and changing a design: Blair, Coppock and Humphreys (2023). The form: ours.

    Examples
    --------
    >>> from helpers.experiments.design import LikertModel, two_arm
    >>> two_arm(LikertModel({"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}, n_people=400))
    two arms: 1 inquiry, 2 data steps, 1 answer (400 people, answers 1 to 2, arms unchanged, both)
    """

    model: Model
    inquiries: Sequence[Inquiry]
    data: Sequence[DataStep]
    answers: Sequence[Answer]
    name: str = "design"

    def __post_init__(self) -> None:
        for part in ("inquiries", "data", "answers"):
            object.__setattr__(self, part, _several(part, getattr(self, part)))
        for step in (self.model, *self.data):
            if not callable(step):
                raise ExperimentError(
                    f"{step!r} is no step of a design; give a function, or an object with `__call__`."
                )
        _refuse_strangers(self.inquiries, self.answers)

    def __repr__(self) -> str:
        def count(things: Sequence[Any], one: str, more: str) -> str:
            return f"{len(things)} {one if len(things) == 1 else more}"

        parts = [
            count(self.inquiries, "inquiry", "inquiries"),
            count(self.data, "data step", "data steps"),
            count(self.answers, "answer", "answers"),
        ]
        return f"{self.name}: {', '.join(parts)} ({label_of(self.model)})"

    def to_frame(self) -> pd.DataFrame:
        """Return the declaration: a row a step, with its part of the design and what it does."""
        rows = [
            ("model", label_of(self.model)),
            *[("inquiry", repr(each)) for each in self.inquiries],
            *[("data strategy", label_of(each)) for each in self.data],
            *[("answer strategy", repr(each)) for each in self.answers],
        ]
        return pd.DataFrame(rows, columns=["part", "step"])

    def replace(self, *steps: DataStep, **parts: Any) -> Design:
        """Change one step, or more, and leave the rest.

        Parameters
        ----------
        *steps : callable
            Each takes the place of the step of the data strategy that is of the same kind.
        **parts
            `model`, `inquiries`, `data`, `answers` or `name`, as a whole.

        Returns
        -------
        Design

        Raises
        ------
        ExperimentError
            If there is no step of that kind, or more than one, or no part of that name.

        Examples
        --------
        >>> from helpers.experiments.design import Assign, LikertModel, two_arm
        >>> design = two_arm(LikertModel({"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}, n_people=400))
        >>> design.replace(Assign(("unchanged", "both"), weights=(3, 1)), name="few treated").data[0]
        Assign unchanged 3, both 1
        """
        known = [field.name for field in dataclasses.fields(self)]
        for part in parts:
            if part not in known:
                raise ExperimentError(f"A design has no part {part!r}; there are {', '.join(known)}.")
        data = list(parts.pop("data", self.data))
        for step in steps:
            data[_place_of(step, data)] = step
        return dataclasses.replace(self, data=data, **parts)

    def people(self, seed: Seed = 1) -> pd.DataFrame:
        """Draw the people of the model, with all that no study ever sees: a row each.

        Parameters
        ----------
        seed : int or SeedSequence
        """
        return self.model(_chance(seed, 0))

    def draw(self, seed: Seed = 1) -> pd.DataFrame:
        """Draw the data of one study.

        Parameters
        ----------
        seed : int or SeedSequence
            The same seed gives the same data, on every machine.

        Returns
        -------
        DataFrame
            A row a respondent.
        """
        return self.data_of(self.people(seed), seed)

    def data_of(self, people: pd.DataFrame, seed: Seed) -> pd.DataFrame:
        """What the data strategy makes of people, as in `draw`."""
        data = people
        for place, step in enumerate(self.data, start=1):
            data = step(data, _chance(seed, place))
        return data

    def estimands(self, seed: Seed = 1) -> pd.Series[float]:
        """What is true of the people of `draw(seed)`, by name of the inquiry."""
        return self.estimands_of(self.people(seed))

    def estimands_of(self, people: pd.DataFrame) -> pd.Series[float]:
        """What is true of people, by name of the inquiry."""
        values = {inquiry.name: float(inquiry.value(people)) for inquiry in self.inquiries}
        return pd.Series(values, name="estimand", dtype=float)

    def estimate(self, data: pd.DataFrame) -> pd.DataFrame:
        """What the answer strategy makes of data, drawn or real.

        Parameters
        ----------
        data : DataFrame
            As `draw` gives it.

        Returns
        -------
        DataFrame
            A row an answer: answer, inquiry, estimate, std_error, low, high, p_value.
        """
        rows = []
        for answer in self.answers:
            found = answer.estimator(data)
            for name in FOUND:
                if not hasattr(found, name):
                    raise ExperimentError(
                        f"The estimator of {answer.name!r} gave a {type(found).__name__} without {name!r}; "
                        f"it must give an object with {', '.join(FOUND)}."
                    )
            rows.append((answer.name, answer.inquiry, *(float(getattr(found, name)) for name in FOUND)))
        return pd.DataFrame(rows, columns=["answer", "inquiry", *FOUND])

    def run(self, seed: Seed = 1) -> pd.DataFrame:
        """One study beside the truth: what `estimate` gives, and a column `estimand`."""
        people = self.people(seed)
        found = self.estimate(self.data_of(people, seed))
        return found.assign(estimand=found["inquiry"].map(self.estimands_of(people)))

    def diagnose(
        self,
        simulations: int = 500,
        *,
        seed: int = 1,
        alpha: float = 0.05,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Diagnosis:
        """Run the study many times and hold its answers against the truth.

        Parameters
        ----------
        simulations : int
            2 or more.
        seed : int
            The same seed gives the same digits with any executor; the first simulations stay when more are asked for.
        alpha : float
            Level under which a p-value counts as found, for power.
        executor : Executor, optional
            Runs chunks of simulations elsewhere: threads, processes, or `distributed.Client.get_executor()`. With
            processes each step must be one that can be sent there: a frozen dataclass or a function of a module.
        progress : callable, optional
            Told `(done, total)` simulations after each chunk.

        Returns
        -------
        Diagnosis

        Raises
        ------
        ExperimentError
            If a number is out of range, a step cannot be sent to a process, or no simulation gave an estimate.

        Examples
        --------
        >>> from helpers.experiments.design import LikertModel, two_arm
        >>> design = two_arm(LikertModel({"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}, n_people=400))
        >>> design.diagnose(200)
        two arms, 200 simulations: power ..., coverage ..., bias ..., RMSE ... (difference in means)
        """
        from helpers.experiments.design.diagnosis import diagnose

        return diagnose(self, simulations, seed=seed, alpha=alpha, executor=executor, progress=progress)


def label_of(step: Any) -> str:
    """One line for a step: the repr of an object, the name of a function."""
    name = getattr(step, "__qualname__", None)
    return str(name).split(".<locals>.")[-1] if name else repr(step)


def _several(part: str, given: Any) -> tuple[Any, ...]:
    """Steps as a tuple; one alone may be given without brackets."""
    things = tuple(given) if isinstance(given, list | tuple) else (given,)
    if not things:
        raise ExperimentError(f"A design needs one step or more in {part!r}.")
    wanted = {"inquiries": Inquiry, "answers": Answer}.get(part)
    for thing in things:
        if wanted and not isinstance(thing, wanted):
            raise ExperimentError(f"{thing!r} is no {wanted.__name__}; see `helpers.experiments.design`.")
    return things


def _refuse_strangers(inquiries: Sequence[Inquiry], answers: Sequence[Answer]) -> None:
    """Refuse an answer without its inquiry, and two parts of one name."""
    names = [inquiry.name for inquiry in inquiries]
    for answer in answers:
        if answer.inquiry not in names:
            raise ExperimentError(
                f"The answer {answer.name!r} is for {answer.inquiry!r}, which is no inquiry of the design; "
                f"there are {', '.join(map(repr, names))}."
            )
    labels = [f"{answer.name} for {answer.inquiry}" for answer in answers]
    for each in (names, labels):
        for name in each:
            if each.count(name) > 1:
                raise ExperimentError(f"Two parts of the design have the name {name!r}; give each its own.")


def _place_of(step: DataStep, data: Sequence[DataStep]) -> int:
    places = [place for place, old in enumerate(data) if type(old) is type(step)]
    if len(places) != 1:
        there = ", ".join(type(old).__name__ for old in data)
        raise ExperimentError(
            f"{label_of(step)!r} takes the place of one step of its kind, and the data strategy has "
            f"{len(places)}: {there}. Give the whole strategy as data=[...]."
        )
    return places[0]


def _chance(seed: Seed, place: int) -> np.random.Generator:
    """Stream of the step at `place`; the model's is 0."""
    if isinstance(seed, np.random.SeedSequence):
        child = np.random.SeedSequence(seed.entropy, spawn_key=(*seed.spawn_key, place))
    else:
        if seed < 0:
            raise ExperimentError(f"seed={seed} must not be below 0.")
        child = np.random.SeedSequence(seed, spawn_key=(place,))
    return np.random.Generator(np.random.PCG64(child))
