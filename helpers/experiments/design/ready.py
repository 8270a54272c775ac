"""Designs to start from: two arms, two by two, and two arms with covariates.

Each takes a model, so the same design can be asked about declared shares or about a study in a world.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpers.experiments.design.grammar import Answer, DataStep, Design, Inquiry
from helpers.experiments.design.steps import (
    BEFORE,
    Assign,
    LikertModel,
    Lin,
    MeanContrast,
    Means,
    Measure,
    Sample,
    SurveyModel,
)
from helpers.experiments.factorial import weights_of
from helpers.experiments.results import ExperimentError

MEANS = "difference in means"
LIN = "with covariates"


def two_arm(
    model: LikertModel | SurveyModel,
    outcome: str | None = None,
    arm: str | None = None,
    *,
    n_respondents: int | None = None,
    name: str = "two arms",
) -> Design:
    """An arm and the reference, equal sizes, difference in means.

    Parameters
    ----------
    model : LikertModel or SurveyModel
    outcome : str, optional
        The first of the model if not given.
    arm : str, optional
        The last of the model if not given.
    n_respondents : int, optional
        Ask a sample of so many; without it, everybody whom the model makes.
    name : str

    Returns
    -------
    Design
        Its inquiry asks about all people of the model.

    Raises
    ------
    ExperimentError
        If the model has no such outcome or arm.

    Examples
    --------
    >>> design = two_arm(LikertModel({"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}, n_people=400))
    >>> design.inquiries[0]
    effect of both: mean answer, +1 both -1 unchanged
    """
    outcome, arms = _checked(model, outcome, None if arm is None else [arm])
    reference, treated = arms[0], arms[-1]
    inquiry, answer = _asked(f"effect of {treated}", outcome, {treated: 1, reference: -1})
    return Design(model, [inquiry], _strategy((reference, treated), n_respondents), [answer], name)


def two_by_two(
    model: LikertModel | SurveyModel,
    outcome: str | None = None,
    arms: Sequence[str] = ("unchanged", "conventional", "nuclear", "both"),
    *,
    n_respondents: int | None = None,
    name: str = "two by two",
) -> Design:
    """Four arms of equal size: two main effects and the interaction.

    Parameters
    ----------
    model, outcome, n_respondents, name
        As for `two_arm`.
    arms : sequence of str
        Neither, the first thing alone, the second alone, both.

    Returns
    -------
    Design

    Examples
    --------
    >>> shares = {"unchanged": (0.5, 0.5), "conventional": (0.4, 0.6), "nuclear": (0.4, 0.6), "both": (0.3, 0.7)}
    >>> [inquiry.name for inquiry in two_by_two(LikertModel(shares, n_people=400)).inquiries]
    ['main effect of conventional', 'main effect of nuclear', 'interaction']
    """
    if len(set(arms)) != 4:
        raise ExperimentError(f"A two-by-two has four different arms; given: {', '.join(arms)}.")
    outcome, _ = _checked(model, outcome, arms)
    simple_effects = 4
    weights = list(weights_of(arms[1], arms[2]).items())[simple_effects:]
    asked = [_asked(each, outcome, dict(zip(arms, row, strict=True))) for each, row in weights]
    inquiries, answers = zip(*asked, strict=True)
    return Design(model, inquiries, _strategy(arms, n_respondents), answers, name)


def adjusted(
    model: LikertModel | SurveyModel,
    outcome: str | None = None,
    arm: str | None = None,
    *,
    covariates: Sequence[str] | None = None,
    n_respondents: int | None = None,
    name: str = "with covariates",
) -> Design:
    """Two arms, answered twice from the same data: difference in means, and Lin (2013) with covariates.

    Parameters
    ----------
    model, outcome, arm, n_respondents, name
        As for `two_arm`.
    covariates : sequence of str, optional
        All of the study if not given, or `before` of a `LikertModel` with stable answers.

    Returns
    -------
    Design

    Raises
    ------
    ExperimentError
        If the model has no such outcome, arm or covariate.

    Examples
    --------
    >>> shares = {"unchanged": (0.5, 0.5), "both": (0.4, 0.6)}
    >>> adjusted(LikertModel(shares, n_people=400, stable=0.7)).answers[1]
    with covariates for effect of both: Lin (2013) with before (HC2)
    """
    known = _covariates(model)
    chosen = list(known if covariates is None else covariates)
    for each in chosen:
        if each not in known:
            raise ExperimentError(
                f"The model has no covariate {each!r}; there are {', '.join(known) or 'none'}."
            )
    if not chosen:
        raise ExperimentError("The model has no covariate; declare stable=0.5 or another number above 0.")
    plain = two_arm(model, outcome, arm, n_respondents=n_respondents, name=name)
    inquiry, means = plain.inquiries[0], plain.answers[0].estimator
    assert isinstance(means, Means)
    treated, reference = means.weights
    with_covariates = Lin(means.outcome, treated, reference, tuple(chosen))
    return plain.replace(answers=[*plain.answers, Answer(LIN, inquiry.name, with_covariates)])


def _asked(name: str, outcome: str, weights: dict[str, float]) -> tuple[Inquiry, Answer]:
    return Inquiry(name, MeanContrast(outcome, weights)), Answer(MEANS, name, Means(outcome, weights))


def _strategy(arms: Sequence[str], n_respondents: int | None) -> list[DataStep]:
    rest: list[DataStep] = [Assign(tuple(arms)), Measure()]
    return rest if n_respondents is None else [Sample(n_respondents), *rest]


def _covariates(model: LikertModel | SurveyModel) -> tuple[str, ...]:
    if isinstance(model, SurveyModel):
        return tuple(model.study.covariates)
    return (BEFORE,) if model.stable else ()


def _checked(
    model: LikertModel | SurveyModel, outcome: str | None, arms: Sequence[str] | None
) -> tuple[str, tuple[str, ...]]:
    """Outcome, and the reference before the arms that are asked for (all if none are)."""
    if isinstance(model, SurveyModel):
        outcomes, known, reference = (
            tuple(model.outcomes or model.study.outcomes),
            tuple(model.study.arms),
            model.study.reference,
        )
    else:
        outcomes, known, reference = (model.outcome,), tuple(model.shares), next(iter(model.shares))
    for each in arms or ():
        if each not in known:
            raise ExperimentError(f"The model has no arm {each!r}; there are {', '.join(known)}.")
    if outcome is not None and outcome not in outcomes:
        raise ExperimentError(f"The model has no outcome {outcome!r}; there are {', '.join(outcomes)}.")
    if arms is not None and list(arms) == [reference]:
        raise ExperimentError(f"The arm {reference!r} is the reference; name another.")
    return outcome or outcomes[0], (reference, *[each for each in (arms or known) if each != reference])
