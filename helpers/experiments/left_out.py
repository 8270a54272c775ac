"""People who are not in the file: how few of them could change what it says.

Files that others publish often hold *complete cases*: who skipped one question is gone, and nobody can see who it was
or what they were told. If a text can make people skip a question, those who remain are no longer a random sample of
those who were assigned. How much could that matter? Suppose that everybody who was left out had been in one arm and had
given one answer, the worst for the result, and count how many of them it takes. A small number says that the result
rests on nobody being missing for a reason; a large one that it does not. It is a bound on what could be, not a guess
at what is.

The form is the course's own: the bounds of `attrition.bounds` turned round, with the sampling error kept in.
"""

from __future__ import annotations

import pandas as pd

from helpers.experiments.answers import need, refuse_missing_arm
from helpers.experiments.effects import difference_in_means
from helpers.experiments.results import ExperimentError


def with_left_out(
    answers: pd.DataFrame, outcome: str, arm: str, value: float, n_people: int, *, by: str = "arm"
) -> pd.DataFrame:
    """The answers, and below them people who might have been left out, all alike.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent.
    outcome : str
        Column that they answer; all their other answers are missing.
    arm : str
        Where they were, a value of the column `by`.
    value : float
        What each of them answers.
    n_people : int
        How many, 0 or more.
    by : str

    Returns
    -------
    DataFrame

    Raises
    ------
    ExperimentError
        If nobody in the file is in that arm, or the number is negative.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["unchanged", "both"], "need": [1.0, 3.0]})
    >>> with_left_out(answers, "need", "both", 5, 2)["need"].tolist()
    [1.0, 3.0, 5.0, 5.0]
    """
    need(answers, [by, outcome])
    refuse_missing_arm(answers[by], (arm,), by)
    if n_people < 0:
        raise ExperimentError(f"n_people={n_people} is no number of people; give 0 or more.")
    if n_people == 0:
        return answers
    added = pd.DataFrame({by: [arm] * n_people, outcome: [value] * n_people})
    return pd.concat([answers, added], ignore_index=True)


def fewest_left_out(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    among: str,
    value: float,
    by: str = "arm",
    level: float = 0.95,
) -> int:
    """Fewest people left out of one arm, all with one answer, with whom the interval would hold zero.

    Parameters
    ----------
    answers, outcome, arm, reference, by, level
        As for `difference_in_means`.
    among : str
        Arm that they were in: `arm` or `reference`.
    value : float
        What each of them would have answered.

    Returns
    -------
    int
        0 if the interval holds zero as it is.

    Raises
    ------
    ExperimentError
        If such people move the estimate away from zero, or even as many as are in the file would not suffice.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["unchanged"] * 40 + ["both"] * 40, "need": [1, 2] * 20 + [2, 3] * 20})
    >>> fewest_left_out(answers, "need", "both", among="both", value=1)
    41
    """
    if among not in (arm, reference):
        raise ExperimentError(f"among={among!r} is neither of the two arms, {reference!r} and {arm!r}.")
    for n_people in range(len(answers) + 1):
        more = with_left_out(answers, outcome, among, value, n_people, by=by)
        found = difference_in_means(more, outcome, arm, reference, by=by, level=level)
        if found.low <= 0 <= found.high:
            return n_people
    raise ExperimentError(
        f"Even {len(answers):,} people with the answer {value:g} in {among!r} leave zero outside the interval."
    )
