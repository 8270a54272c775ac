"""The sources page: what the course says about the two studies, how it knows, and which works it may cite for what.

The idea: nobody writes the page. Statements stand once, in `docs/claims.yml`, works once, in `docs/references.bib`; the
page is a view of both, and the rules of the notebooks read the same two files. So a lesson cannot cite what the page
does not hold, nor the page hold what no file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CLAIMS, REFERENCES, PAGE = "docs/claims.yml", "docs/references.bib", "docs/sources.md"
STUDIES = {
    "SW": "Sorg and Wucherpfennig (2024), Do Foreign Military Deployments Provide Assurance?",
    "KS": "Krebs and Spindel (2018), Divided Priorities",
}
GROUPS = {
    "publication": "The publication",
    "theory": "The argument",
    "design": "How it is tested",
    "results": "What is found",
    "versions": "How the claim changed between versions",
    "essay": "An essay of 2020",
    "reception": "What others write about it",
    "readings": "What the course adds",
    "not known": "What the course does not know",
}
VERIFIED = {
    "abstract read": "Its abstract, its publisher's own description or its first page was read.",
    "record read": "Only the bibliographic record was read.",
    "second-hand": 'Known from other people\'s descriptions: a sentence says "as described by".',
}
FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?\s*$", re.MULTILINE)
ACCENTS = {r"{\"u}": "ü", r"{\"o}": "ö", r"{\'e}": "é", r"{\v{c}}": "č", r"\&": "&", "--": "–"}


class SourcesError(ValueError):
    """A claim or a work is written wrongly; the message names it and says what to do."""


@dataclass(frozen=True)
class Claim:
    """One statement that lessons may make.

    Parameters
    ----------
    id : str
        Two capitals for the study and a number: "SW4".
    group : str
        A key of `GROUPS`.
    text : str
    mark : str
        "abstract", "authors", "second-hand", "course" or "not found".
    source : tuple of str
        Keys of the file's sources.
    """

    id: str
    group: str
    text: str
    mark: str
    source: tuple[str, ...]


@dataclass(frozen=True)
class Wording:
    """A way to speak of a study that goes further than what was read.

    Parameters
    ----------
    id : str
    studies : tuple of str
        Keys of `STUDIES` of which it must not be said.
    pattern : re.Pattern
        Finds it in a sentence.
    unsafe, instead : str
        An example, and what to write in its place.
    """

    id: str
    studies: tuple[str, ...]
    pattern: re.Pattern[str]
    unsafe: str
    instead: str


@dataclass(frozen=True)
class Register:
    """All that `docs/claims.yml` holds.

    Parameters
    ----------
    claims : dict
        From id to claim, in the order of the file.
    marks : dict
        From mark to what it means.
    sources : dict
        From key to what was read and its address.
    wordings : tuple of Wording
    """

    claims: dict[str, Claim]
    marks: dict[str, str]
    sources: dict[str, tuple[str, str]]
    wordings: tuple[Wording, ...]


@dataclass(frozen=True)
class Work:
    """One entry of `docs/references.bib`.

    Parameters
    ----------
    key : str
    fields : dict
        By name, in plain text.
    """

    key: str
    fields: dict[str, str]

    @property
    def surnames(self) -> tuple[str, ...]:
        """Surnames of the authors, in their order."""
        names = self.fields.get("author") or self.fields["editor"]
        return tuple(name.partition(",")[0].strip() for name in names.split(" and "))

    @property
    def line(self) -> str:
        """Authors, year, title and where it appeared, in one line."""
        get = self.fields.get
        place = get("journal") or get("booktitle") or get("publisher") or get("institution") or ""
        place = place or get("howpublished", "")
        number = "".join((get("volume", ""), f"({get('number')})" if get("number") else ""))
        where = " ".join(part for part in (f"*{place}*" if place else "", number) if part)
        pages = f", {get('pages')}" if get("pages") else ""
        doi = f". doi {get('doi')}" if get("doi") else ""
        names = (
            ", ".join(self.surnames[:-1]) + (" and " if len(self.surnames) > 1 else "") + self.surnames[-1]
        )
        return f"{names} ({get('year', 'no year')}), {get('title')}. {where}{pages}{doi}."


def register(root: Path) -> Register:
    """Read `docs/claims.yml`.

    Parameters
    ----------
    root : Path
        Folder of the checkout.

    Raises
    ------
    SourcesError
        If an id is there twice, or a claim names a mark, a group or a source that there is not.
    """
    content = yaml.safe_load((root / CLAIMS).read_text(encoding="utf-8"))
    sources = {key: (each["what"], each["address"]) for key, each in content["sources"].items()}
    claims: dict[str, Claim] = {}
    for raw in content["claims"]:
        claim = Claim(raw["id"], raw["group"], raw["text"].strip(), raw["mark"], tuple(raw["source"]))
        if claim.id in claims:
            raise SourcesError(f"{CLAIMS}: the id {claim.id} is there twice. Give the second one another.")
        _refuse_unknown(claim, content["marks"], sources)
        claims[claim.id] = claim
    wordings = tuple(_wording(raw) for raw in content["wordings"])
    return Register(claims, content["marks"], sources, wordings)


def _refuse_unknown(claim: Claim, marks: dict[str, str], sources: dict[str, Any]) -> None:
    checks = [("mark", claim.mark, marks), ("group", claim.group, GROUPS), ("study", claim.id[:2], STUDIES)]
    checks += [("source", source, sources) for source in claim.source]
    for what, value, known in checks:
        if value not in known:
            raise SourcesError(
                f"{CLAIMS}: {claim.id} names the {what} {value!r}; there are {', '.join(known)}."
            )


def _wording(raw: dict[str, Any]) -> Wording:
    pattern = re.compile(raw["pattern"], re.IGNORECASE)
    if not pattern.search(raw["unsafe"]):
        raise SourcesError(f"{CLAIMS}: the pattern of the wording {raw['id']!r} misses its own example.")
    return Wording(raw["id"], tuple(raw["studies"]), pattern, raw["unsafe"], raw["instead"])


def works(root: Path) -> dict[str, Work]:
    """Read `docs/references.bib`.

    Parameters
    ----------
    root : Path
        Folder of the checkout.

    Returns
    -------
    dict of Work
        By key, in the order of the file.

    Raises
    ------
    SourcesError
        If a work has no author, title, note or mark.
    """
    text = (root / REFERENCES).read_text(encoding="utf-8")
    found = {}
    for key, body in re.findall(r"^@\w+\{(\w+),\n(.*?)^\}", text, re.MULTILINE | re.DOTALL):
        work = Work(key, {name: _plain(value) for name, value in FIELD.findall(body)})
        missing = [name for name in ("title", "note", "verified") if name not in work.fields]
        missing += [] if {"author", "editor"} & set(work.fields) else ["author"]
        if missing:
            raise SourcesError(f"{REFERENCES}: {key} has no {' and no '.join(missing)}.")
        found[key] = work
    return found


def _plain(value: str) -> str:
    for code, sign in ACCENTS.items():
        value = value.replace(code, sign)
    return value.replace("{", "").replace("}", "")


def page(root: Path) -> str:
    """Text of the sources page, in Markdown.

    Parameters
    ----------
    root : Path
        Folder of the checkout.
    """
    held = register(root)
    parts = [*_opening(held)]
    for study, title in STUDIES.items():
        parts += [f"## {title}", *_statements(held, study)]
    return "\n\n".join([*parts, *_wordings(held), *_works(works(root))]) + "\n"


def _opening(held: Register) -> Iterator[str]:
    yield "# Sources: what the course says, and how it knows"
    yield (
        f"This page is built by `course build` from `{CLAIMS}` and `{REFERENCES}`; change those. A key such as [SW4] "
        "at the end of a sentence leads here. Every statement has a mark:"
    )
    yield "\n".join(f"- **{mark}**: {' '.join(text.split())}" for mark, text in held.marks.items())


def _statements(held: Register, study: str) -> Iterator[str]:
    mine = [claim for claim in held.claims.values() if claim.id.startswith(study)]
    for group, heading in GROUPS.items():
        members = [claim for claim in mine if claim.group == group]
        if members:
            yield f"### {heading}"
            yield "\n".join(_statement(held, claim) for claim in members)


def _statement(held: Register, claim: Claim) -> str:
    read = [held.sources[key] for key in claim.source]
    where = "; ".join(f"[{what}]({address})" if address else what for what, address in read)
    return f"- **{claim.id}** ({claim.mark}) {' '.join(claim.text.split())} *Source:* {where}."


def _wordings(held: Register) -> Iterator[str]:
    yield "## Wordings that go too far"
    yield "A rule looks for them in every sentence on a study."
    rows = [f"| {each.unsafe} | {each.instead} |" for each in held.wordings]
    yield "\n".join(["| not | but |", "|---|---|", *rows])


def _works(all_works: dict[str, Work]) -> Iterator[str]:
    yield "## Works, and what each may be cited for"
    yield "Nothing else is attributed to a work: no finding, number or page beyond its line here."
    for verified, meaning in VERIFIED.items():
        members = [work for work in all_works.values() if work.fields["verified"] == verified]
        yield f"### {verified[0].upper()}{verified[1:]}"
        yield meaning
        yield "\n".join(f"- `{work.key}` {work.line} {work.fields['note']}" for work in members)


def differences(root: Path) -> list[str]:
    """Say whether the page is out of date: no sentence, or one."""
    path = root / PAGE
    if not (root / CLAIMS).exists() or (path.exists() and path.read_text(encoding="utf-8") == page(root)):
        return []
    return [f"{PAGE} is not what {CLAIMS} and {REFERENCES} give. Run `course build`."]


def write(root: Path) -> list[str]:
    """Write the page if it is out of date; return the names of the files that changed."""
    stale = bool(differences(root))
    if stale:
        (root / PAGE).write_text(page(root), encoding="utf-8")
    return [PAGE] * stale
