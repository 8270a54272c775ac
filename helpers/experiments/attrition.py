"""Who is missing, and who did not look: two threats that come after assignment.

People who stop answering may differ by arm; then those who remain are no longer comparable. What can be said without
assumptions lies between two *bounds*: every missing answer at the worst end of the scale, or at the best.

Dropping those who fail a check after treatment compares people whom the treatment helped to choose. So an analysis of
attentive people alone carries a warning here, unless the check came before the treatment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from helpers.experiments.answers import need, numeric
from helpers.experiments.effects import difference_in_means
from helpers.experiments.results import Estimate, ExperimentError


@dataclass(frozen=True)
class Bounds:
    """Lowest and highest effect that the missing answers allow.

    Parameters
    ----------
    outcome, arm, reference : str
    low, high : float
        In units of the outcome; no sampling error is in them.
    observed : float
        Difference among those who answered.
    """

    outcome: str
    arm: str
    reference: str
    low: float
    high: float
    observed: float

    def __repr__(self) -> str:
        return (
            f"{self.outcome}, {self.arm} less {self.reference}: {self.observed:+.2f} among those who answered, "
            f"{self.low:+.2f} to {self.high:+.2f} whatever the others would have said"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return one row with the fields as columns."""
        return pd.DataFrame([vars(self)])


def missing_by_arm(
    answers: pd.DataFrame, outcome: str, reference: str = "unchanged", *, by: str = "arm"
) -> pd.DataFrame:
    """Share of people without an answer in each arm, and how it differs from the reference.

    Parameters
    ----------
    answers : DataFrame
    outcome : str
    reference : str
    by : str

    Returns
    -------
    DataFrame
        Columns arm, people, missing (a share, 0 to 1), difference, p_value (NaN for the reference, and where
        nobody is missing).
    """
    need(answers, [by, outcome])
    marked = answers.assign(_missing=answers[outcome].isna().astype(float))
    rows = []
    for arm in [reference, *sorted(set(answers[by].dropna()) - {reference})]:
        people = marked[marked[by] == arm]
        found = _difference(marked, arm, reference, by)
        rows.append(
            {
                "arm": arm,
                "people": len(people),
                "missing": people["_missing"].mean(),
                "difference": found.estimate if found else float("nan"),
                "p_value": found.p_value if found else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def _difference(marked: pd.DataFrame, arm: str, reference: str, by: str) -> Estimate | None:
    both = marked[marked[by].isin([arm, reference])]
    if arm == reference or both["_missing"].nunique() < 2:
        return None
    return difference_in_means(both, "_missing", arm, reference, by=by)


def bounds(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    scale: tuple[float, float],
    by: str = "arm",
) -> Bounds:
    """Effect if all who are missing had answered at one end of the scale, and at the other.

    Parameters
    ----------
    answers : DataFrame
        Those who are missing have a row, with an arm and no outcome.
    outcome, arm, reference, by
        As for `difference_in_means`.
    scale : tuple of float
        Lowest and highest possible answer.

    Returns
    -------
    Bounds

    Source
    ------
    Worst-case bounds; a textbook result.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["unchanged"] * 4 + ["withdrawn"] * 4, "need": [3, 3, 4, 4, 4, 4, 5, None]})
    >>> bounds(answers, "need", "withdrawn", scale=(1, 5))
    need, withdrawn less unchanged: +0.83 among those who answered, +0.00 to +1.00 whatever the others would have said
    """
    lowest, highest = scale
    if not lowest < highest:
        raise ExperimentError(f"The scale {scale} must run from its lowest to its highest answer.")
    observed = difference_in_means(answers, outcome, arm, reference, by=by).estimate
    values = numeric(answers, outcome)
    inside, outside = answers[by] == arm, answers[by] == reference

    def mean(who: pd.Series[bool], filled: float) -> float:
        return float(values[who].fillna(filled).mean())

    low = mean(inside, lowest) - mean(outside, highest)
    high = mean(inside, highest) - mean(outside, lowest)
    return Bounds(outcome, arm, reference, low, high, observed)


AFTER_TREATMENT = (
    "The check {check!r} came after the treatment. Whoever passes it may have been chosen by the treatment, so "
    "this compares people who are no longer alike. Report the estimate for all people first."
)


@dataclass(frozen=True)
class Attentive:
    """Effect among all people, and among those who passed a check.

    Parameters
    ----------
    everybody, passed : Estimate
    pass_rates : dict of str to float
        Share that passed, by arm, 0 to 1.
    warning : str
        Empty if the check came before the treatment.
    """

    everybody: Estimate
    passed: Estimate
    pass_rates: dict[str, float]
    warning: str

    def __repr__(self) -> str:
        both = f"all {self.everybody.estimate:+.2f}, those who passed {self.passed.estimate:+.2f}."
        return f"{both} {self.warning}".strip()

    def to_frame(self) -> pd.DataFrame:
        """Return two rows, everybody and those who passed."""
        both = pd.concat([self.everybody.to_frame(), self.passed.to_frame()], ignore_index=True)
        both.insert(0, "people", ["all", "passed the check"])
        return both


def by_attention(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    check: str,
    before_treatment: bool,
    by: str = "arm",
) -> Attentive:
    """Effect for everybody beside that for people who passed a check.

    Parameters
    ----------
    answers : DataFrame
    outcome, arm, reference, by
        As for `difference_in_means`.
    check : str
        Column that is 1 (or True) for those who passed.
    before_treatment : bool
        Whether the check was asked before the treatment.

    Returns
    -------
    Attentive
    """
    need(answers, [check])
    passed = numeric(answers, check) == 1
    if not passed.any():
        raise ExperimentError(f"Nobody passed {check!r}; it must be 1 for those who did.")
    rates = {name: float(passed[answers[by] == name].mean()) for name in (reference, arm)}
    warning = "" if before_treatment else AFTER_TREATMENT.format(check=check)
    everybody = difference_in_means(answers, outcome, arm, reference, by=by)
    return Attentive(
        everybody, difference_in_means(answers[passed], outcome, arm, reference, by=by), rates, warning
    )


def complete_cases(answers: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Rows without a missing value in these columns; refuses if none is left."""
    need(answers, columns)
    kept = answers.dropna(subset=list(columns))
    if kept.empty:
        raise ExperimentError(f"No respondent answered all of {', '.join(columns)}; use fewer columns.")
    return kept
