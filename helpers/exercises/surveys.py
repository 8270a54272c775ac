"""`survey`: the simulated survey that belongs to a student's id; `class_survey`: what a real class answered.

The id is the seed. So two students see different people and the same lesson, and the grader, which knows the id that a
notebook declares, computes the right answer from the same people. A class's answers are real and lie in the student's
folder alone; no exercise may hang on them, and while work is graded there are none.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

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


N_CLASSMATES = 200


def classmates(outcome: str, arm: str = "both", name: str = "germany") -> pd.DataFrame:
    """Effects that 200 fictitious classmates find, each in a simulated survey of their own.

    Parameters
    ----------
    outcome, arm : str
        Of the survey.
    name : str
        "germany" or "czech_republic".

    Returns
    -------
    DataFrame
        A row a classmate: `student` (an id that nobody has), then the columns of `Estimate`, and `truth`, the mean
        effect among that classmate's people. The same for everybody, so that a room looks at one class.

    Raises
    ------
    StudyError, ExperimentError
        If there is no such survey, outcome or arm.

    Examples
    --------
    >>> len(classmates("protected"))
    200
    """
    return _classmates(outcome, arm, name).copy()


@lru_cache(maxsize=8)
def _classmates(outcome: str, arm: str, name: str) -> pd.DataFrame:
    from helpers import data
    from helpers.experiments.classes import estimates_of

    ids = [f"fictitious-{number:03d}" for number in range(1, N_CLASSMATES + 1)]
    return estimates_of(data.study(name), data.world(), ids, outcome, arm)


def class_file(name: str) -> Path:
    """Where the class's own answers to a survey are looked for; the file need not exist.

    Parameters
    ----------
    name : str
        "germany" or "czech_republic".

    Returns
    -------
    Path
        `class/survey_<name>.csv` in the student's folder, as `course collect --survey` writes it.

    Examples
    --------
    >>> class_file("germany").name
    'survey_germany.csv'
    """
    from helpers.ui.state import home

    return home() / "class" / f"survey_{name}.csv"


def class_survey(name: str = "germany") -> pd.DataFrame | None:
    """What the class itself answered, if its file is there; real people, so no arm of fewer than five is in it.

    Parameters
    ----------
    name : str
        "germany" or "czech_republic".

    Returns
    -------
    DataFrame or None
        One row a person: `arm`, `conventional`, `nuclear`, `attentive`, the outcomes, `recalled`, as in
        `survey(name).answers`. None if there is no file, if no arm has five people, if the file cannot be used (which
        is said in one sentence), or while work is graded.

    Raises
    ------
    StudyError
        If there is no such survey.

    Examples
    --------
    >>> class_survey("germany") is None
    True
    """
    from helpers import data
    from helpers.experiments.taking import LineError, class_frame
    from helpers.ui.state import is_graded, notice

    study, path = data.study(name), class_file(name)
    if is_graded() or not path.exists():
        return None
    try:
        found = class_frame([row for row in read_class_file(path) if row["study"] == name], study)
    except (OSError, UnicodeDecodeError, LineError) as error:
        notice(
            f"The class's answers in {path.name} cannot be used ({error}). The lesson goes on without them."
        )
        return None
    return found if len(found) else None


def read_class_file(path: Path) -> list[dict[str, str]]:
    """Read a class's file line by line; a line that is no answer to its survey is an error that names it.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of dict
        As `helpers.experiments.taking.read_line` gives them.

    Raises
    ------
    LineError
        With the number of the line.
    OSError, UnicodeDecodeError
        If it cannot be read.
    """
    from helpers import data
    from helpers.experiments.taking import LineError, read_line

    known = {name: data.study(name) for name in data.studies()}
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip() or line.startswith("study,"):
            continue
        try:
            rows.append(read_line(line, known))
        except LineError as error:
            raise LineError(f"line {number}, {error}") from None
    return rows
