"""Does the effect differ between groups? One comparison for each variable, and all of them one family.

An effect that is significant in one group and not in another may be the same in both. What has to be tested is the
*difference* between the groups' effects. Each variable by which people may be divided is one such test, and with many
variables chance finds some difference; so the tests are corrected together (Holm). Groups must be formed by what was
known before the treatment, and chance assigned nobody to a group: a difference says where effects are larger, not why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.experiments.answers import need, numeric, two_arms
from helpers.experiments.corrections import adjusted
from helpers.experiments.effects import difference_in_means
from helpers.experiments.results import ExperimentError

FEWEST_IN_A_GROUP = 2
MOST_VALUES = 5


@dataclass(frozen=True, eq=False)
class Subgroups:
    """Effects in groups, and tests of whether they differ.

    Parameters
    ----------
    outcome, arm, reference : str
    effects : DataFrame
        A row a group: variable, group, n, estimate, std_error, low, high, p_value.
    tests : DataFrame
        A row a variable: variable, n_groups, chi2, df, p_value, p_holm.
    """

    outcome: str
    arm: str
    reference: str
    effects: pd.DataFrame
    tests: pd.DataFrame

    def __repr__(self) -> str:
        alone, together = (self.tests["p_value"] < 0.05).sum(), (self.tests["p_holm"] < 0.05).sum()
        return (
            f"{self.outcome}, {self.arm} less {self.reference}: {len(self.tests)} variables, effects differ by {alone} "
            f"of them at 5 % each, and by {together} after Holm"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the effects in groups."""
        return self.effects


def subgroup_effects(
    answers: pd.DataFrame,
    outcome: str,
    arm: str,
    reference: str = "unchanged",
    *,
    variables: Sequence[str],
    by: str = "arm",
) -> Subgroups:
    """Effects in groups, with one test a variable of whether they differ, corrected together.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent.
    outcome, arm, reference, by
        As for `difference_in_means`.
    variables : sequence of str
        Columns known before the treatment. Words, or numbers with up to five values, make a group each; other numbers
        are cut at the median (upper half: above it). People without a value are left out.

    Returns
    -------
    Subgroups

    Raises
    ------
    ExperimentError
        If no variable is named, one does not divide people, or a group lacks two answers in an arm.

    Source
    ------
    Differences in means with HC2 (Neyman) errors, which are independent between groups; Wald's test that they are
    equal; Holm's correction.
    """
    if not variables:
        raise ExperimentError("Name one variable or more by which to divide people.")
    rows, tests = [], []
    for name in variables:
        found = _effects_by(answers, outcome, (arm, reference), name, by)
        rows.append(found)
        tests.append((name, len(found), *_wald(found)))
    table = pd.DataFrame(tests, columns=["variable", "n_groups", "chi2", "df", "p_value"])
    return Subgroups(
        outcome, arm, reference, pd.concat(rows, ignore_index=True),
        table.assign(p_holm=adjusted(table["p_value"], "holm")),
    )  # fmt: skip


def groups_of(answers: pd.DataFrame, variable: str) -> pd.Series[str]:
    """Group of each respondent by one variable; missing where the variable is.

    Parameters
    ----------
    answers : DataFrame
    variable : str

    Returns
    -------
    Series of str

    Examples
    --------
    >>> groups_of(pd.DataFrame({"age": [20, 30, 40, 50, 60, 70]}), "age").tolist()
    ['to 45', 'to 45', 'to 45', 'above 45', 'above 45', 'above 45']
    """
    need(answers, [variable])
    column = answers[variable]
    if pd.api.types.is_numeric_dtype(column) and column.nunique() > MOST_VALUES:
        numbers = numeric(answers, variable)
        middle = float(numbers.median())
        halves = np.where(numbers > middle, f"above {middle:g}", f"to {middle:g}")
        return pd.Series(halves, index=column.index, dtype=object).where(column.notna())
    words: pd.Series[str] = column.map(
        lambda value: f"{value:g}" if isinstance(value, int | float) else str(value)
    )
    return words.where(column.notna())


def _effects_by(
    answers: pd.DataFrame, outcome: str, arms: tuple[str, str], variable: str, by: str
) -> pd.DataFrame:
    two = two_arms(answers, outcome, *arms, by=by)
    compared = answers.loc[two.rows]
    groups = groups_of(compared, variable)
    if groups.nunique() < 2:
        raise ExperimentError(f"The variable {variable!r} does not divide people: all have one value.")
    rows = [
        (variable, str(group), *_effect(compared[groups == group], outcome, arms, by, variable, group))
        for group in groups.dropna().unique()
    ]
    columns = ["variable", "group", "n", "estimate", "std_error", "low", "high", "p_value"]
    return pd.DataFrame(rows, columns=columns).sort_values("group", ignore_index=True)


def _effect(
    people: pd.DataFrame, outcome: str, arms: tuple[str, str], by: str, variable: str, group: object
) -> tuple[int, float, float, float, float, float]:
    for arm in arms:
        count = int((people[by] == arm).sum())
        if count < FEWEST_IN_A_GROUP:
            raise ExperimentError(
                f"The group {variable}={group} has {count} people in the arm {arm!r}; join it with another, or leave "
                f"{variable!r} out."
            )
    found = difference_in_means(people, outcome, *arms, by=by)
    return len(people), found.estimate, found.std_error, found.low, found.high, found.p_value


def _wald(effects: pd.DataFrame) -> tuple[float, int, float]:
    """Test that independent estimates have one mean: weighted squares around it, chi-squared."""
    from scipy import stats

    weights = 1 / effects["std_error"] ** 2
    centre = (weights * effects["estimate"]).sum() / weights.sum()
    chi2 = float((weights * (effects["estimate"] - centre) ** 2).sum())
    df = len(effects) - 1
    return chi2, df, float(stats.chi2.sf(chi2, df))
