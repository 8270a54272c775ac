"""How the works of `docs/references.bib` and the statements of `docs/claims.yml` stand on a page.

They are read by `helpers.classroom.sources`; here is only what a page makes of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.classroom.sources import GROUPS, STUDIES, Claim, Register, Work


class SiteError(Exception):
    """The site cannot be made; says what is wrong, and where."""


@dataclass(frozen=True)
class Entry:
    """One work as the page shows it.

    Parameters
    ----------
    key : str
    authors, year, title, place : str
        `place` is where it appeared, with volume and pages as far as they are known.
    doi : str
    note : str
        What the course may say of it.
    read : str
        What of it was read.
    """

    key: str
    authors: str
    year: str
    title: str
    place: str
    doi: str
    note: str
    read: str


def entries_of(works: dict[str, Work]) -> list[Entry]:
    """Make an entry of each work, sorted by author and year.

    Parameters
    ----------
    works : dict of Work

    Returns
    -------
    list of Entry
    """
    made = [_entry(work) for work in works.values()]
    return sorted(made, key=lambda entry: (entry.authors.casefold(), entry.year, entry.title))


def _entry(work: Work) -> Entry:
    get = work.fields.get
    return Entry(
        key=work.key,
        authors=_authors(get("author") or work.fields["editor"]),
        year=get("year", "no year"),
        title=work.fields["title"],
        place=_place(work.fields),
        doi=get("doi", ""),
        note=work.fields["note"],
        read=work.fields["verified"],
    )


def _authors(names: str) -> str:
    """The first with the family name in front, the others as they are called."""
    first, *others = [name.strip() for name in re.split(r"\s+and\s+", names)]
    listed = [first, *(" ".join(reversed(name.split(", ", 1))) for name in others)]
    return ", ".join(listed[:-1]) + " and " + listed[-1] if others else first


def _place(held: dict[str, str]) -> str:
    number = held.get("volume", "") + (f"({held['number']})" if "number" in held else "")
    names = ("journal", "booktitle", "howpublished", "institution")
    name = next((held[each] for each in names if each in held), "")
    parts = [
        f"{name} {number}".strip(),
        held.get("pages", ""),
        held.get("publisher", ""),
        held.get("address", ""),
    ]
    return ", ".join(part for part in parts if part)


def studies_of(held: Register) -> list[tuple[str, list[tuple[str, list[Claim]]]]]:
    """Sort statements by study and by what they are about.

    Parameters
    ----------
    held : Register

    Returns
    -------
    list
        For each study its name, and for each heading that has any, its statements.
    """
    made = []
    for study, name in STUDIES.items():
        mine = [claim for claim in held.claims.values() if claim.id.startswith(study)]
        parts = [
            (heading, [each for each in mine if each.group == group]) for group, heading in GROUPS.items()
        ]
        made.append((name, [part for part in parts if part[1]]))
    return made
