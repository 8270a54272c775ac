"""An evidence map: which works speak to which question, and what hinders a comparison of two.

Studies of assurance differ before they disagree. One asks citizens and another watches governments; one moves
soldiers, another only words; one measures whether people feel protected, and most measure something else. So each
work has a place (who listens, where force is shown) and, for each thing it looks at, a sign and a mark of how the
course knows it. Two works whose findings differ can be set side by side: whatever else differs between them is a
rival explanation.

Source
------
The two-by-two of audience and place is the question of this course. Categories, and what is put where, are the
course's own. What each work finds is read in `helpers/data/content/neighbours.yml` and goes no further than what
was read of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import product
from types import MappingProxyType
from typing import Any

import pandas as pd

__all__ = [
    "DESIGNS",
    "MARKS",
    "OUTCOMES",
    "PLACES",
    "SIGNS",
    "WHO",
    "Finding",
    "MapError",
    "Work",
    "cells",
    "chosen",
    "differences",
    "findings_frame",
    "to_frame",
    "works",
]

WHO: Mapping[str, str] = MappingProxyType(
    {
        "citizens": "citizens who are to be protected",
        "governments": "allied governments and experts",
        "helpers": "citizens who would have to help",
        "adversaries": "adversaries",
    }
)
"""Who listens."""
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "here": "in the ally's country",
        "elsewhere": "elsewhere",
        "neither": "nowhere: words, treaties, budgets",
    }
)
"""Where force is shown."""
DESIGNS: Mapping[str, str] = MappingProxyType(
    {
        "experiment": "experiment",
        "survey": "survey or poll",
        "panel": "states over time",
        "cases": "cases",
    }
)
"""How it was studied."""
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "protection": "feeling protected",
        "threat": "danger felt",
        "effort": "own effort for defence",
        "presence": "wanting the forces",
        "stance": "standing by the guardian",
        "bomb": "own nuclear weapons",
        "help": "helping the ally",
        "adversary": "what adversaries do",
    }
)
"""What was looked at. Effort: felt need, support for spending, willingness to fight, or a state's own burden."""
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "up": "more of it",
        "down": "less of it",
        "little": "little or none",
        "mixed": "depends",
        "level": "a level, no effect",
        "open": "direction not told",
    }
)
"""What becomes of the outcome as the signal grows."""
MARKS = ("read", "second-hand")
"""How the course knows a finding."""
ASPECTS: Mapping[str, str] = MappingProxyType(
    {
        "who": "who listens",
        "where": "where force is shown",
        "design": "how it was studied",
        "places": "which people or states",
        "signal": "what varies",
        "outcomes": "what was looked at",
    }
)
"""In what two works can differ before their findings do."""


class MapError(ValueError):
    """A work or a choice that cannot be; names the thing, the value and what to do."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


@dataclass(frozen=True)
class Finding:
    """What a work says of one outcome.

    Parameters
    ----------
    outcome : str
        Key of `OUTCOMES`.
    sign : str
        Key of `SIGNS`.
    mark : str
        `read` or `second-hand`.
    words : str
        The finding, no stronger than what was read.
    size : str
        Its size in words; empty if none was read.
    """

    outcome: str
    sign: str
    mark: str
    words: str
    size: str = ""

    def __post_init__(self) -> None:
        _known("outcome", self.outcome, OUTCOMES)
        _known("sign", self.sign, SIGNS)
        _known("mark", self.mark, MARKS)
        if not self.words:
            raise MapError(f"A finding on {self.outcome} has no words; say what was read.")


@dataclass(frozen=True)
class Work:
    """One work on the map.

    Parameters
    ----------
    number : int
        Its number on the map, from 1.
    key : str
        Key of `docs/references.bib`; empty if it is not there.
    name, cite : str
        Short name, and what is known of the record.
    who, where, design : str
        Keys of `WHO`, `PLACES` and `DESIGNS`.
    places : tuple of str
        Which people or states.
    signal : str
        What varies.
    findings : tuple of Finding
        The first is what the work is mostly about.
    """

    number: int
    key: str
    name: str
    cite: str
    who: str
    where: str
    design: str
    places: tuple[str, ...]
    signal: str
    findings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        _known("audience", self.who, WHO)
        _known("place", self.where, PLACES)
        _known("design", self.design, DESIGNS)
        if not self.findings:
            raise MapError(f"{self.name!r} has no finding; give one or take the work off the map.")

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What it looks at, each once, in order."""
        return tuple(dict.fromkeys(each.outcome for each in self.findings))

    @property
    def mark(self) -> str:
        """`read` if any of its findings was read, else `second-hand`."""
        return "read" if any(each.mark == "read" for each in self.findings) else "second-hand"

    def on(self, outcome: str) -> Finding | None:
        """Its first finding on an outcome, if it has one.

        Parameters
        ----------
        outcome : str
            Key of `OUTCOMES`, or `any` for what it is mostly about.

        Returns
        -------
        Finding or None
        """
        if outcome == "any":
            return self.findings[0]
        return next((each for each in self.findings if each.outcome == outcome), None)

    def __repr__(self) -> str:
        return f"{self.number} {self.name}: {self.findings[0].words}"


def works(entries: Iterable[Mapping[str, Any]]) -> tuple[Work, ...]:
    """Make checked records of what was written down, numbered from 1.

    Parameters
    ----------
    entries : iterable of mapping
        As `helpers.data.neighbour_entries()` gives them.

    Returns
    -------
    tuple of Work

    Raises
    ------
    MapError
        If a part is missing or unknown, or a name stands there twice.

    Examples
    --------
    >>> from helpers.data import neighbour_entries
    >>> works(neighbour_entries())[0].outcomes
    ('protection', 'effort', 'threat')
    """
    held: list[Work] = []
    for entry in entries:
        work = _work(len(held) + 1, entry)
        if any(each.name == work.name for each in held):
            raise MapError(f"{work.name!r} stands there twice; give each work once.")
        held.append(work)
    return tuple(held)


_PARTS = ("key", "name", "cite", "who", "where", "design", "places", "signal", "findings")


def _work(number: int, entry: Mapping[str, Any]) -> Work:
    missing = [name for name in _PARTS if name not in entry]
    unknown = [name for name in entry if name not in _PARTS]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has an unknown part {', '.join(unknown)}"
        raise MapError(f"The work {entry.get('name')!r} {wrong}; it has {', '.join(_PARTS)}.")
    findings = tuple(_finding(each, entry["name"]) for each in entry["findings"])
    given = {name: entry[name] for name in _PARTS if name not in {"places", "findings"}}
    return Work(number, **given, places=tuple(entry["places"]), findings=findings)


def _finding(entry: Mapping[str, str], name: str) -> Finding:
    try:
        return Finding(**entry)
    except TypeError as error:
        raise MapError(f"A finding of {name!r} cannot be read ({error}).") from error


def chosen(
    held: Sequence[Work], *, outcome: str = "any", design: str = "any", mark: str = "any"
) -> tuple[Work, ...]:
    """Works that look at an outcome, were made in a way and are known in a way.

    Parameters
    ----------
    held : sequence of Work
    outcome, design, mark : str
        Keys of `OUTCOMES` and `DESIGNS`, one of `MARKS`, or `any`. The mark is that of the finding on the outcome.

    Returns
    -------
    tuple of Work

    Examples
    --------
    >>> from helpers.data import neighbour_entries
    >>> [each.name for each in chosen(works(neighbour_entries()), outcome="threat", mark="read")]
    ['Henry 2020']
    """
    for name, value, known in (
        ("outcome", outcome, OUTCOMES),
        ("design", design, DESIGNS),
        ("mark", mark, MARKS),
    ):
        _known(name, value, ("any", *known))
    return tuple(each for each in held if _speaks(each, outcome, mark) and design in ("any", each.design))


def _speaks(work: Work, outcome: str, mark: str) -> bool:
    findings = [each for each in work.findings if outcome in ("any", each.outcome)]
    return any(mark in ("any", each.mark) for each in findings)


def cells(held: Iterable[Work]) -> pd.DataFrame:
    """Number of works at each place, the empty ones too.

    Parameters
    ----------
    held : iterable of Work

    Returns
    -------
    DataFrame
        `who`, `where`, `works` (int64), one row for each of the twelve places.
    """
    at = [(each.who, each.where) for each in held]
    rows = [(who, where, at.count((who, where))) for who, where in product(WHO, PLACES)]
    return pd.DataFrame(rows, columns=["who", "where", "works"])


def to_frame(held: Iterable[Work]) -> pd.DataFrame:
    """One row a work.

    Parameters
    ----------
    held : iterable of Work

    Returns
    -------
    DataFrame
        `number`, `work`, `who`, `where`, `design`, `places` and `signal`.
    """
    rows = [
        (each.number, each.name, each.who, each.where, each.design, ", ".join(each.places), each.signal)
        for each in held
    ]
    return pd.DataFrame(rows, columns=["number", "work", "who", "where", "design", "places", "signal"])


def findings_frame(held: Iterable[Work]) -> pd.DataFrame:
    """One row a finding: a work that looks at two things has two rows.

    Parameters
    ----------
    held : iterable of Work

    Returns
    -------
    DataFrame
        `work`, `who`, `where`, `design`, `outcome`, `sign`, `mark`, `size` and `finding` (its words).
    """
    rows = [
        (each.name, each.who, each.where, each.design, one.outcome, one.sign, one.mark, one.size, one.words)
        for each in held
        for one in each.findings
    ]
    names = ["work", "who", "where", "design", "outcome", "sign", "mark", "size", "finding"]
    return pd.DataFrame(rows, columns=names)


def differences(first: Work, second: Work) -> tuple[str, ...]:
    """In what two works differ, before their findings are compared.

    Parameters
    ----------
    first, second : Work

    Returns
    -------
    tuple of str
        Keys of `ASPECTS`. Each is a rival explanation of a difference between what the two find. Two works that look
        at one outcome in common count as alike there.

    Examples
    --------
    >>> from helpers.data import neighbour_entries
    >>> held = works(neighbour_entries())
    >>> differences(held[2], held[3])
    ('places', 'signal')
    """
    apart = [name for name in ASPECTS if name != "outcomes" and getattr(first, name) != getattr(second, name)]
    if not set(first.outcomes) & set(second.outcomes):
        apart.append("outcomes")
    return tuple(apart)


def _known(name: str, value: object, known: Iterable[str]) -> None:
    names = list(known)
    if value not in names:
        near = get_close_matches(str(value), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise MapError(f"No {name} {value!r}.{hint} It is one of: {', '.join(names)}.")
