"""What `docs/` says of sources: the claims of `claims.yml`, and the works of `references.bib`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

_ENTRY = re.compile(r"^@(?P<kind>\w+)\{(?P<key>\w+),\n(?P<body>.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(?P<name>\w+)\s*=\s*\{(?P<value>.*)\},?\s*$", re.MULTILINE)
_ACCENTS = dict(zip("\"'`^~c", "\u0308\u0301\u0300\u0302\u0303\u0327", strict=True))
"""The combining character of each of TeX's accents."""


class SiteError(Exception):
    """The site cannot be made; says what is wrong, and where."""


@dataclass(frozen=True)
class Claim:
    """A statement about one of the two studies.

    Parameters
    ----------
    key : str
        Such as "SW1".
    text, mark, source : str
        The statement; how it is known; the key of the work.
    """

    key: str
    text: str
    mark: str
    source: str


@dataclass(frozen=True)
class Work:
    """One entry of the bibliography.

    Parameters
    ----------
    key : str
    authors, short, year, title, place : str
        `short` has family names only, and `place` is where it appeared, with volume and pages as far as they are known.
    doi : str
    note : str
        What the course may say of it.
    read : str
        What of it was read.
    """

    key: str
    authors: str
    short: str
    year: str
    title: str
    place: str
    doi: str
    note: str
    read: str


def read_claims(path: Path) -> list[Claim]:
    """Read the claims, in their order.

    Raises
    ------
    SiteError
        If the file or an entry cannot be read.
    """
    try:
        held = yaml.safe_load(path.read_text(encoding="utf-8"))["claims"]
        return [
            Claim(each["id"], " ".join(each["text"].split()), each["mark"], each["source"]) for each in held
        ]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise SiteError(f"{path.name} cannot be read: {' '.join(str(error).split())[:200]}") from None


def read_works(path: Path) -> list[Work]:
    """Read the bibliography, sorted by author and year.

    Raises
    ------
    SiteError
        If an entry cannot be read.
    """
    text = path.read_text(encoding="utf-8")
    works = [_work(found) for found in _ENTRY.finditer(text)]
    n_entries = len(re.findall(r"^@\w+\{", text, re.MULTILINE))
    if len(works) != n_entries:
        raise SiteError(f"{path.name} has {n_entries} entries, and {len(works)} of them can be read.")
    return sorted(works, key=lambda work: (work.authors.casefold(), work.year, work.title))


def _work(found: re.Match[str]) -> Work:
    held = {each["name"].lower(): plain(each["value"]) for each in _FIELD.finditer(found["body"])}
    return Work(
        key=found["key"],
        authors=_authors(held.get("author") or held.get("editor", "")),
        short=_short(held.get("author") or held.get("editor", "")),
        year=held.get("year", "no year"),
        title=held.get("title", ""),
        place=_place(held),
        doi=held.get("doi", ""),
        note=held.get("note", ""),
        read=held.get("verified", ""),
    )


def _authors(names: str) -> str:
    """The first with the family name in front, the others as they are called."""
    first, *others = [name.strip() for name in names.split(" and ") if name.strip()] or [""]
    return _listed([first, *(" ".join(reversed(name.split(", ", 1))) for name in others)])


def _short(names: str) -> str:
    """Family names; of more than three the first alone."""
    families = [name.partition(",")[0].strip() for name in names.split(" and ") if name.strip()]
    return _listed(families) if len(families) < 4 else f"{families[0]} and others"


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)


def _place(held: dict[str, str]) -> str:
    volume = held.get("volume", "") + (f"({held['number']})" if "number" in held else "")
    journal = (
        held.get("journal")
        or held.get("booktitle")
        or held.get("howpublished")
        or held.get("institution", "")
    )
    parts = [
        f"{journal} {volume}".strip(),
        held.get("pages", ""),
        held.get("publisher", ""),
        held.get("address", ""),
    ]
    return ", ".join(part for part in parts if part)


def plain(text: str) -> str:
    r"""A BibTeX value as text: accents, dashes, no braces.

    Examples
    --------
    >>> plain(r'Pl{\"u}mper, {Project} 1--2')
    'Plümper, Project 1–2'
    """
    import unicodedata

    accents = r"\{?\\([\"'`^~c])\s*\{?(\w)\}?\}?"
    text = re.sub(accents, lambda found: found[2] + _ACCENTS[found[1]], text)
    text = re.sub(r"[{}]", "", text).replace(r"\&", "&").replace("---", "—").replace("--", "–")
    return unicodedata.normalize("NFC", " ".join(text.split()))
