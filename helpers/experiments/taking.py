"""One person who takes a survey of the course, and a class of them: the arm, the line that is handed in, small groups.

The answers are political opinions of people who know each other. So the line that leaves a student's folder holds the
least that a class can learn from: the survey, what was read, the answers after the text, and whether the two checks
were passed. Age, gender, education, region and left or right stay at home: in a class they would say who somebody is.
A token that is drawn anew for each survey, and from nothing else, lets a line that comes twice be told from two people
who think alike. Groups of fewer than five are shown to nobody.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from helpers.experiments.results import ExperimentError
from helpers.experiments.uniforms import uniforms

if TYPE_CHECKING:
    from helpers.data.studies import Study

LEAST = 5
"""People in the smallest group that is shown."""
TOKEN = re.compile(r"[0-9a-f]{16}")
_CHECKS = ("attentive", "recalled")


class LineError(ExperimentError):
    """A line that is no answer to the survey; names the column, the value and what was expected."""


def arm_of(study: Study, respondent: str) -> str:
    """Draw what one person reads: each arm with the same chance, always the same for the same person.

    Parameters
    ----------
    study : Study
    respondent : str
        The id, which is the seed.

    Returns
    -------
    str

    Examples
    --------
    >>> from helpers import data
    >>> arm_of(data.study("germany"), "ada")
    'unchanged'
    """
    drawn = float(uniforms(respondent, f"arm of {study.name}", 1)[0])
    return tuple(study.arms)[int(drawn * len(study.arms))]


def columns_of(study: Study) -> tuple[str, ...]:
    """Columns of a line, in their order.

    Parameters
    ----------
    study : Study

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> from helpers import data
    >>> columns_of(data.study("germany"))
    ('study', 'token', 'arm', 'attentive', 'protected', 'threat', 'need', 'spending', 'recalled')
    """
    return ("study", "token", "arm", "attentive", *study.outcomes, "recalled")


def line_of(study: Study, arm: str, answers: Mapping[str, Any], token: str) -> str:
    """Write the one line of a person that may leave their folder.

    Parameters
    ----------
    study : Study
    arm : str
    answers : mapping
        Answer to each question by its name; `attention` and `manipulation` are the options chosen in the two checks.
        What is missing was left out.
    token : str
        16 hexadecimal digits, drawn for this survey and derived from nothing.

    Returns
    -------
    str
        Values by comma, without a line end.

    Raises
    ------
    LineError
        If a value is none that the survey allows.
    """
    cells = {"study": study.name, "token": token, "arm": arm}
    cells["attentive"] = _passed(answers.get("attention"), study.attention_check.right.get(arm))
    cells["recalled"] = _passed(answers.get("manipulation"), study.manipulation_check.right.get(arm))
    for name in study.outcomes:
        cells[name] = "" if answers.get(name) is None else str(answers[name])
    line = ",".join(cells[name] for name in columns_of(study))
    read_line(line, {study.name: study})
    return line


def _passed(chosen: Any, right: str | None) -> str:
    return "" if chosen is None else str(int(chosen == right))


def read_line(line: str, studies: Mapping[str, Study]) -> dict[str, str]:
    """Read one line and check each value against the survey's codebook.

    Parameters
    ----------
    line : str
    studies : mapping from str to Study

    Returns
    -------
    dict
        Column to value, as written; empty if left out.

    Raises
    ------
    LineError
        If the line is no answer to one of these surveys.

    Examples
    --------
    >>> from helpers import data
    >>> read_line("germany,00ff00ff00ff00ff,both,1,9,4,5,,1", {"germany": data.study("germany")})
    Traceback (most recent call last):
    helpers.experiments.taking.LineError: column protected: '9' is not a whole number from 1 to 5, or empty.
    """
    values = [value.strip() for value in next(csv.reader(io.StringIO(line)), [])]
    name = values[0] if values else ""
    if name not in studies:
        raise LineError(f"column study: {_short(name)} is no survey of the course; it is {_either(studies)}.")
    study = studies[name]
    columns = columns_of(study)
    if len(values) != len(columns):
        raise LineError(
            f"{len(values)} values where {len(columns)} are expected: {', '.join(columns)}. "
            "Hand in the file as the survey wrote it."
        )
    cells = dict(zip(columns, values, strict=True))
    for column, value in cells.items():
        _checked(study, column, value)
    return cells


def _checked(study: Study, column: str, value: str) -> None:
    if column == "token" and not TOKEN.fullmatch(value):
        raise LineError(f"column token: {_short(value)} is not 16 digits of 0 to 9 and a to f.")
    if column == "arm" and value not in study.arms:
        raise LineError(f"column arm: {_short(value)} is none of {', '.join(study.arms)}.")
    if column in _CHECKS and value not in ("", "0", "1"):
        raise LineError(f"column {column}: {_short(value)} is not 0, 1 or empty.")
    if column in study.outcomes:
        points = study.outcomes[column].points
        if value and value not in map(str, range(1, points + 1)):
            raise LineError(
                f"column {column}: {_short(value)} is not a whole number from 1 to {points}, or empty."
            )


def _short(value: str) -> str:
    return repr(value if len(value) <= 40 else f"{value[:40]}…")


def _either(names: Iterable[str]) -> str:
    return " or ".join(map(repr, names))


def class_frame(rows: Iterable[Mapping[str, str]], study: Study) -> pd.DataFrame:
    """Answers of a class as a table that `effects` can analyse, without arms of fewer than five people.

    Parameters
    ----------
    rows : iterable of mapping
        As `read_line` gives them.
    study : Study

    Returns
    -------
    DataFrame
        Columns `arm`, `conventional`, `nuclear`, `attentive`, the outcomes and `recalled`, named as in the simulated
        surveys. No tokens; sorted by their values, so that the order of the rows tells nothing.
    """
    numbers = ["attentive", *study.outcomes, "recalled"]
    cells = [{name: row[name] for name in ("arm", *numbers)} for row in rows]
    table = pd.DataFrame(cells, columns=["arm", *numbers])
    table[numbers] = table[numbers].replace("", None).astype(float)
    for place, force in enumerate(("conventional", "nuclear"), start=1):
        table.insert(place, force, [getattr(study.arms[arm], force) for arm in table["arm"]])
    return only_large_groups(table).sort_values(["arm", *numbers], ignore_index=True)


def only_large_groups(answers: pd.DataFrame, by: str = "arm", least: int = LEAST) -> pd.DataFrame:
    """Leave out everybody in a group of fewer than `least` people.

    Parameters
    ----------
    answers : DataFrame
        One row a respondent.
    by : str
        Column that names the group.
    least : int
        At least 5.

    Returns
    -------
    DataFrame

    Raises
    ------
    ExperimentError
        If there is no such column, or `least` is under 5.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["both"] * 5 + ["nuclear"] * 4})
    >>> only_large_groups(answers)["arm"].unique().tolist()
    ['both']
    """
    _refuse(answers, [by], least)
    size = answers.groupby(by)[by].transform("size")
    return answers[size >= least].reset_index(drop=True)


def group_means(
    answers: pd.DataFrame, outcomes: Iterable[str], by: str = "arm", least: int = LEAST
) -> pd.DataFrame:
    """Mean answer and number of people who answered, a row a group; empty where fewer than `least` answered.

    Parameters
    ----------
    answers : DataFrame
    outcomes : iterable of str
    by : str
    least : int
        At least 5.

    Returns
    -------
    DataFrame
        Indexed by group; for each outcome its mean. A mean of fewer than `least` answers is missing.

    Raises
    ------
    ExperimentError
        As `only_large_groups`.

    Examples
    --------
    >>> answers = pd.DataFrame({"arm": ["both"] * 5 + ["nuclear"] * 4, "need": [1.0, 2, 3, 4, 5, 7, 7, 7, 7]})
    >>> group_means(answers, ["need"])["need"].tolist()
    [3.0, nan]
    """
    names = list(outcomes)
    _refuse(answers, [by, *names], least)
    groups = answers.groupby(by)[names]
    return groups.mean().where(groups.count() >= least)


def _refuse(answers: pd.DataFrame, columns: list[str], least: int) -> None:
    for name in columns:
        if name not in answers.columns:
            raise ExperimentError(f"There is no column {name!r}; there are {', '.join(answers.columns)}.")
    if least < LEAST:
        raise ExperimentError(
            f"least={least} would show groups of fewer than {LEAST} people; give {LEAST} or more."
        )
