"""The register of mendings: every known defect of the given files, and the course's answer to it.

Nothing is changed silently. What a student loads is the given file plus the steps listed here, in this order, and
`docs/data_defects.md` is printed from the same list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.mending import economies, effort, panel, states, troops, votes
from helpers.data.mending.step import Step

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REGISTER", "Step", "defects_page", "mend", "steps_of"]

REGISTER: tuple[Step, ...] = tuple(
    sorted(
        troops.STEPS + effort.STEPS + votes.STEPS + economies.STEPS + states.STEPS + panel.STEPS,
        key=lambda step: ("DPC".index(step.id[0]), step.id),
    )
)


def steps_of(dataset: str) -> tuple[Step, ...]:
    """Steps of one dataset, in the order in which they are applied.

    Examples
    --------
    >>> [step.id for step in steps_of("un_votes")]
    ['D16', 'D17', 'D18']
    """
    return tuple(step for step in REGISTER if step.dataset == dataset)


def mend(dataset: str, table: pd.DataFrame) -> pd.DataFrame:
    """Apply every step of a dataset to its table of text.

    Parameters
    ----------
    dataset : str
        Key of the dataset.
    table : pandas.DataFrame
        Text in every cell, the empty text where a value is missing.

    Returns
    -------
    pandas.DataFrame
        A new table; the given one is not changed.

    Examples
    --------
    >>> import pandas as pd
    >>> mend("vietnam_distance", pd.DataFrame({"capital": ["Bogot&aacute"]})).capital.item()
    'Bogotá'
    """
    for step in steps_of(dataset):
        if step.apply is not None:
            table = step.apply(table)
    return table


def defects_page() -> str:
    """Text of `docs/data_defects.md`: what is wrong with each file, and what the course does.

    Examples
    --------
    >>> defects_page().splitlines()[0]
    '# Defects of the data, and what the course does about them'
    """
    rows = [
        f"| {step.id} | {step.dataset} | {step.rows or ''} | {step.defect} | **{step.outcome}** | {step.remedy} |"
        for step in REGISTER
    ]
    return "\n".join([_PAGE_HEAD, *rows, ""])


_PAGE_HEAD = """\
# Defects of the data, and what the course does about them

Every file was checked against itself and against the others before it was used. The given files lie unchanged in
`datasets/raw`; `load` gives the mended ones. A defect is *mended* where the right value is known, *marked* where it is
only known that a value is doubtful, *settled* where another step removes it, and *left* where the file says what its
source says. Rows are those of the given file. D and P come from an independent check, C from the course itself.
This page is printed from `helpers/data/mending`; a test keeps it up to date.

| id | dataset | rows | what is wrong | answer | what the course does, and why |
| --- | --- | --- | --- | --- | --- |"""
