"""A class of students who all ran the same experiment, each on people of their own.

What one experiment finds is one draw. Two hundred students who field the same survey in the same world show the
distribution from which each has one. Their survey and world are those that a student of that id would get.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from helpers.experiments.effects import difference_in_means
from helpers.experiments.respondents import field_study
from helpers.experiments.results import Estimand

if TYPE_CHECKING:
    from helpers.data.studies import Study, World


def estimates_of(study: Study, world: World, seeds: Sequence[str], outcome: str, arm: str) -> pd.DataFrame:
    """Effect that each of these students finds in the simulated survey of their own.

    Parameters
    ----------
    study : Study
    world : World
    seeds : sequence of str
        Ids.
    outcome, arm : str

    Returns
    -------
    DataFrame
        A row an id: `student`, then the columns of `Estimate`, then `truth`, the mean effect among that student's
        people.
    """
    change: Estimand = "withdrawal" if study.change == "withdrawal" else "deployment"
    rows = []
    for seed in seeds:
        fielded = field_study(study, world, seed, outcomes=[outcome])
        found = difference_in_means(fielded.answers, outcome, arm, study.reference, estimand=change)
        rows.append({"student": seed, **vars(found), "truth": fielded.truth(outcome, arm, study.reference)})
    return pd.DataFrame(rows)
