"""What the course has read of the neighbouring studies, and a manuscript that it invented to be refereed.

Both stand in `helpers/data/content`, where anybody can read and correct them. Here they are only read;
`helpers.theory.evidence_map.works` makes checked records of the studies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.data.case import _read

__all__ = ["Manuscript", "manuscript", "neighbour_entries"]


@dataclass(frozen=True)
class Manuscript:
    """A short paper to be refereed; everything in it is invented for lesson 15.

    Parameters
    ----------
    title : str
    label : str
        That it is invented.
    paragraphs : tuple of str
    """

    title: str
    label: str
    paragraphs: tuple[str, ...]

    def __repr__(self) -> str:
        from textwrap import fill

        return "\n\n".join([self.title, self.label, *(fill(each, 88) for each in self.paragraphs)])

    def _repr_html_(self) -> str:
        from html import escape

        body = "".join(f"<p>{escape(each)}</p>" for each in self.paragraphs)
        return (
            f'<article style="max-width:42em"><p><strong>{escape(self.title)}</strong></p>'
            f"<p><em>{escape(self.label)}</em></p>{body}</article>"
        )


def neighbour_entries() -> list[dict[str, Any]]:
    """The works on the evidence map as written down, the two studies of the course first.

    Returns
    -------
    list of dict
        `key`, `name`, `cite`, `who`, `where`, `design`, `places`, `signal`, `findings`.

    Examples
    --------
    >>> neighbour_entries()[0]["key"]
    'sorg_wucherpfennig_2024'
    """
    return [dict(each) for each in _read("neighbours")]


def manuscript() -> Manuscript:
    """An invented paper that lesson 15 asks you to referee.

    Returns
    -------
    Manuscript

    Examples
    --------
    >>> "Invented" in manuscript().label
    True
    """
    held = _read("manuscript")
    return Manuscript(held["title"], held["label"], tuple(held["paragraphs"]))
