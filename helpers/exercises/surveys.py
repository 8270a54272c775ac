"""`survey`: the simulated survey that belongs to a student's id.

The id is the seed. So two students see different people and the same lesson, and the grader, which knows the id that a
notebook declares, computes the right answer from the same people.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.experiments.respondents import Fielded


def survey(name: str, world: str = "as_the_abstract_reads", *, student_id: str | None = None) -> Fielded:
    """Field one of the course's survey experiments on simulated people.

    Parameters
    ----------
    name : str
        "germany" or "czech_republic".
    world : str
        What reading the texts does to people; see `helpers.data.worlds`.
    student_id : str, optional
        The seed; your own id if not given.

    Returns
    -------
    Fielded
        Its `answers` are what a survey firm would deliver. Simulated for teaching.

    Raises
    ------
    StudyError
        If there is no such survey or world; names those there are.

    Examples
    --------
    >>> survey("germany", student_id="ada")
    germany: 6,000 simulated people, 5,767 answered to the end; simulated for teaching
    """
    if student_id is None:
        from helpers.exercises.records import student

        student_id = student()
    fielded = _fielded(name, world, student_id)
    return type(fielded)(**{**vars(fielded), "answers": fielded.answers.copy()})


@lru_cache(maxsize=8)
def _fielded(name: str, world: str, student_id: str) -> Fielded:
    from helpers import data
    from helpers.experiments.respondents import field_study

    return field_study(data.study(name), data.world(world), student_id)
