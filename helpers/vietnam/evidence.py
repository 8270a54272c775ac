"""Evidence on the Vietnam case: dated, sourced items that can be searched, laid on a line and counted.

An item says what somebody said or did, when, to whom, and how we know. Four things about it decide what it can bear:

* *when*, and how exactly: a day, a month or only a year. An item lies in a phase only if its whole span does.
* *whose voice* it carries: the ally's own, an American official's, both, or a third party's. An ally's own words may
  still stand in an American file: `written_by` tells who wrote them down.
* *where* it was heard: in public, or between governments. Governments tell publics and partners different things.
* *how sure* we are that the source says so: the item's `confidence`.

A conclusion rests on the items that are there. So `counts` shows how few there may be, for each ally and phase, and
belongs beside every conclusion that is drawn from them.

Source
------
Items, marks and phases are the course's own (`describe("vietnam_evidence")`, `describe("vietnam_voices")`,
`helpers/data/content/phases.yml`). They are no coding and no selection of any published study.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

import pandas as pd

from helpers.data.errors import CourseError

__all__ = [
    "KINDS",
    "SETTINGS",
    "SEVERAL",
    "SPANS",
    "VOICES",
    "Evidence",
    "EvidenceError",
    "Excerpt",
    "Item",
    "Phase",
    "When",
    "ally_name",
    "gather",
    "phase_of",
    "phases",
]

VOICES: Mapping[str, str] = {
    "own": "the ally's own voice",
    "american": "an American voice",
    "both": "both voices",
    "other": "a third voice",
}
"""Whose voice an item carries, in words."""
SETTINGS: Mapping[str, str] = {
    "public": "in public",
    "private": "between governments",
    "both": "one thing in private, another in public",
    "later": "known from a later account",
    "unclear": "setting unclear",
}
"""Where an item was heard, in words."""
KINDS = ("speech", "diplomatic record", "deployment", "civilian aid", "policy decision", "poll", "secondary")
"""Kinds of evidence."""
SEVERAL = "Multiple allies"
"""Ally of the items that speak of several at once."""
SPANS = "spans a boundary"
"""Column of `counts` for items whose date is too coarse to lie in one phase."""

_AMERICAN_FILES = (
    "FRUS", "CIA ", "Dept. of State", "Memorandum of conversation", "US Embassy", "USIA", "US Vietnam War",
    "Larsen & Collins", "Nixon remarks", "Johnson to Inonu", "Joint statement", "Wilson Center",
)  # fmt: skip
"""How the citation of an American record begins: of the government, its archives and its army's history."""


class EvidenceError(CourseError):
    """An item, a date, an ally or a phase that cannot be; names the thing, the value and what to do."""


@dataclass(frozen=True, order=True)
class When:
    """A date as exactly as it is known.

    Parameters
    ----------
    first, last : datetime.date
        The days between which the event lies, both included.
    text : str
        The date as written.

    Examples
    --------
    >>> When.read("1966-02").last.isoformat(), When.read("1966-02").precision
    ('1966-02-28', 'month')
    """

    first: date
    last: date
    text: str = field(compare=False)

    @classmethod
    def read(cls, text: str) -> When:
        """Read a date such as `1966`, `1966-06` or `1966-06-29`.

        Parameters
        ----------
        text : str

        Returns
        -------
        When

        Raises
        ------
        EvidenceError
            If it is no date of that form, or no day of the calendar.
        """
        written = str(text).strip()
        if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", written):
            raise EvidenceError(
                f"{text!r} is no date; write a year, a month or a day, such as 1966, 1966-06 or 1966-06-29."
            )
        parts = [int(part) for part in written.split("-")]
        try:
            first = date(*[*parts, 1, 1][:3])
        except ValueError:
            raise EvidenceError(f"{text!r} is no day of the calendar; look at month and day.") from None
        return cls(first, _last_day(first, len(parts)), written)

    @property
    def precision(self) -> str:
        """`day`, `month` or `year`."""
        return ("year", "month", "day")[self.text.count("-")]

    def lies_within(self, first: date, last: date) -> bool:
        """Whether the event surely lies between two days, both included."""
        return first <= self.first and self.last <= last

    def may_lie_within(self, first: date, last: date) -> bool:
        """Whether the event may lie between two days, both included."""
        return self.first <= last and first <= self.last

    def __str__(self) -> str:
        return self.text


def _last_day(first: date, n_parts: int) -> date:
    if n_parts == 3:
        return first
    month = first.month if n_parts == 2 else 12
    return date(first.year, month, monthrange(first.year, month)[1])


@dataclass(frozen=True)
class Item:
    """One item of evidence.

    Parameters
    ----------
    id : str
        Prefix of the ally and a number, such as `UKM-06`.
    ally : str
        Name, or `Multiple allies`.
    unit : str
        Code to join on; empty for several allies.
    when : When
    actor : str
        Who speaks or acts.
    summary : str
        What it says, in the course's own words.
    kind : str
        One of `KINDS`.
    voice : str
        A key of `VOICES`.
    setting : str
        A key of `SETTINGS`.
    citation, url : str
        Where it stands.
    confidence : str
        `verified` (the page was read and supports the summary) or `secondary` (read on a weak page).
    documents : tuple of str
        Ids of the excerpts that go with it.
    """

    id: str
    ally: str
    unit: str
    when: When
    actor: str
    summary: str
    kind: str
    voice: str
    setting: str
    citation: str
    url: str
    confidence: str
    documents: tuple[str, ...] = ()

    @property
    def written_by(self) -> str:
        """`American` if the source is an American record or history, else `other`.

        The rule looks at how the first citation begins; it is the course's own.
        """
        return "American" if self.citation.startswith(_AMERICAN_FILES) else "other"

    @property
    def reference(self) -> str:
        """Citation and confidence in one line, to be shown with the item."""
        return f"{self.citation} ({self.confidence})"

    def __repr__(self) -> str:
        return f"{self.id}, {self.ally}, {self.when}: {self.actor}. {self.summary} [{self.reference}]"


@dataclass(frozen=True)
class Excerpt:
    """Verbatim words of a document.

    Parameters
    ----------
    id : str
        Such as `DOC-04`.
    items : tuple of str
        Ids of the items it goes with.
    ally : str
    when : When
    title : str
        With place and date line.
    speaker : str
        Who speaks, with those present as printed.
    text : str
        The excerpt; omissions are marked [...].
    why_read : str
        The course's own sentence.
    citation, url : str
    """

    id: str
    items: tuple[str, ...]
    ally: str
    when: When
    title: str
    speaker: str
    text: str
    why_read: str
    citation: str
    url: str

    def __repr__(self) -> str:
        return f"{self.id}, {self.ally}, {self.when}: {self.speaker}. [{self.citation}]"


@dataclass(frozen=True)
class Phase:
    """A stretch of the war.

    Parameters
    ----------
    name : str
    begins, ends : datetime.date
        First and last day.
    reason : str
        Why the boundaries lie where they do.
    """

    name: str
    begins: date
    ends: date
    reason: str

    def holds(self, when: When) -> bool:
        """Whether an event surely lies in this phase."""
        return when.lies_within(self.begins, self.ends)


def phases(entries: Iterable[Mapping[str, Any]]) -> tuple[Phase, ...]:
    """Make checked phases of what was written down.

    Parameters
    ----------
    entries : iterable of mapping
        Keys `phase`, `begins`, `ends`, `reason`, as `helpers.data.phase_entries()` gives them. Dates are texts or
        dates, both days included.

    Returns
    -------
    tuple of Phase
        In order of time.

    Raises
    ------
    EvidenceError
        If a phase ends before it begins, has no name or reason, or two overlap.

    Examples
    --------
    >>> given = [{"phase": "bombing", "begins": "1965-03", "ends": "1968-10-31", "reason": "mine"}]
    >>> phases(given)[0].begins.isoformat()
    '1965-03-01'
    """
    held = sorted((_phase(each) for each in entries), key=lambda phase: phase.begins)
    for before, after in pairwise(held):
        if after.begins <= before.ends:
            raise EvidenceError(
                f"The phases {before.name!r} and {after.name!r} overlap; let one end before the other begins."
            )
    names = [phase.name for phase in held]
    if len(set(names)) < len(names):
        raise EvidenceError(f"Two phases have the same name among {', '.join(names)}; name them differently.")
    return tuple(held)


def _phase(entry: Mapping[str, Any]) -> Phase:
    missing = [key for key in ("phase", "begins", "ends", "reason") if not str(entry.get(key) or "").strip()]
    if missing:
        raise EvidenceError(f"A phase needs phase, begins, ends and reason; {', '.join(missing)} is missing.")
    name, begins, ends = str(entry["phase"]), When.read(entry["begins"]).first, When.read(entry["ends"]).last
    if ends < begins:
        raise EvidenceError(f"The phase {name!r} ends on {ends}, before it begins on {begins}.")
    return Phase(name, begins, ends, " ".join(str(entry["reason"]).split()))


class Evidence(Sequence[Item]):
    """Items of evidence in order of time, with the excerpts beside.

    Parameters
    ----------
    items : iterable of Item
    excerpts : iterable of Excerpt

    Raises
    ------
    EvidenceError
        If two items have the same id.
    """

    def __init__(self, items: Iterable[Item], excerpts: Iterable[Excerpt] = ()) -> None:
        self._items = tuple(sorted(items, key=lambda item: (item.when, item.id)))
        self._excerpts = tuple(excerpts)
        self._by_id = {item.id: item for item in self._items}
        if len(self._by_id) < len(self._items):
            ids = [item.id for item in self._items]
            twice = sorted({name for name in ids if ids.count(name) > 1})
            raise EvidenceError(f"The item {twice[0]!r} is there twice; give every item its own id.")

    def __getitem__(self, key: Any) -> Any:
        """Give the item with this id, or at this place in time; a slice gives less evidence."""
        if isinstance(key, slice):
            return Evidence(self._items[key], self._excerpts)
        if isinstance(key, int):
            return self._items[key]
        if key not in self._by_id:
            raise EvidenceError(f"No item {key!r} here.{_near(str(key), self._by_id)} Ids look like UKM-06.")
        return self._by_id[key]

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self._by_id or key in self._items

    def __repr__(self) -> str:
        if not self._items:
            return "No items of evidence."
        allies = len(self.allies)
        return (
            f"{len(self)} items of evidence on {allies} {'ally' if allies == 1 else 'allies'}, "
            f"{self._items[0].when} to {self._items[-1].when}"
        )

    @property
    def allies(self) -> tuple[str, ...]:
        """Names of the allies, those with most items first; `Multiple allies` is none."""
        found = Counter(item.ally for item in self._items if item.ally != SEVERAL)
        return tuple(sorted(found, key=lambda name: (-found[name], name)))

    def find(
        self,
        words: str = "",
        *,
        ally: str | None = None,
        since: str | None = None,
        until: str | None = None,
        kind: str | None = None,
        voice: str | None = None,
        setting: str | None = None,
        confidence: str | None = None,
    ) -> Evidence:
        """Items that meet every condition given.

        Parameters
        ----------
        words : str
            Each must begin a word of actor or summary; capitals and accents do not matter.
        ally : str, optional
            Name or code of an ally, or `Multiple allies`.
        since, until : str, optional
            Dates, both included, as exact as you like. An item that *may* lie between them is kept: a coarse date
            is no reason to lose it.
        kind, voice, setting, confidence : str, optional
            One of `KINDS`, a key of `VOICES` or of `SETTINGS`, `verified` or `secondary`.

        Returns
        -------
        Evidence

        Raises
        ------
        EvidenceError
            If a value is none of those possible, a date is none, or `since` lies after `until`.
        """
        first, last = _between(since, until)
        name = None if ally is None else self._ally(ally)
        wanted = {
            "kind": _one_of("kind", kind, KINDS),
            "voice": _one_of("voice", voice, VOICES),
            "setting": _one_of("setting", setting, SETTINGS),
            "confidence": _one_of("confidence", confidence, ("verified", "secondary")),
            "ally": name,
        }
        asked = {key: value for key, value in wanted.items() if value is not None}
        kept = [
            item
            for item in self._items
            if item.when.may_lie_within(first, last)
            and all(getattr(item, key) == value for key, value in asked.items())
            and _has(f"{item.actor} {item.summary}", words)
        ]
        return Evidence(kept, self._excerpts)

    def excerpts(self, item: str | None = None) -> tuple[Excerpt, ...]:
        """Verbatim excerpts that go with one item, or with any of these items.

        Parameters
        ----------
        item : str, optional
            Id of an item.

        Returns
        -------
        tuple of Excerpt

        Raises
        ------
        EvidenceError
            If there is no such item.
        """
        ids = set(self._by_id) if item is None else {self[item].id}
        return tuple(excerpt for excerpt in self._excerpts if ids & set(excerpt.items))

    def to_frame(self) -> pd.DataFrame:
        """One row an item in order of time.

        Returns
        -------
        DataFrame
            Columns `id`, `ally`, `unit`, `date`, `precision`, `first`, `last` (days), `actor`, `summary`, `kind`,
            `voice`, `setting`, `written_by`, `citation`, `url`, `confidence`, `documents`.
        """
        return pd.DataFrame([_row(item) for item in self._items], columns=_COLUMNS)

    def timeline(self) -> pd.DataFrame:
        """What is needed to lay the items on a line.

        Returns
        -------
        DataFrame
            Index `id`; columns `ally`, `date`, `first`, `last` (days), `middle` (of the span; years with decimals),
            `kind`, `voice`, `setting`, `summary`, `reference`.
        """
        table = self.to_frame().set_index("id")
        table["middle"] = [_decimal_year(item.when) for item in self._items]
        table["reference"] = [item.reference for item in self._items]
        columns = [
            "ally", "date", "first", "last", "middle", "kind", "voice", "setting", "summary", "reference",
        ]  # fmt: skip
        return table[columns]

    def counts(self, phases: Sequence[Phase]) -> pd.DataFrame:
        """How many items there are on each ally in each phase.

        Parameters
        ----------
        phases : sequence of Phase

        Returns
        -------
        DataFrame
            Index `ally` (most items first, several allies last); one column a phase, in order, then
            `spans a boundary` (the date is too coarse, or outside of all phases) and `all`.
        """
        names = [phase.name for phase in phases]
        allies = [*self.allies, *([SEVERAL] if any(item.ally == SEVERAL for item in self._items) else [])]
        found = Counter((item.ally, phase_of(item, phases) or SPANS) for item in self._items)
        rows = {ally: [found[ally, name] for name in (*names, SPANS)] for ally in allies}
        table = pd.DataFrame.from_dict(rows, orient="index", columns=[*names, SPANS]).rename_axis("ally")
        return table.assign(all=table.sum(axis=1))

    def _ally(self, ally: str) -> str:
        return ally_name(ally, {item.ally: item.unit for item in self._items})


def phase_of(item: Item, phases: Sequence[Phase]) -> str | None:
    """Name of the phase in which an item surely lies.

    Parameters
    ----------
    item : Item
    phases : sequence of Phase

    Returns
    -------
    str or None
        None if its date is too coarse to tell, or lies outside of all phases.
    """
    return next((phase.name for phase in phases if phase.holds(item.when)), None)


def ally_name(ally: str, known: Mapping[str, str]) -> str:
    """Full name of an ally that is given by name or code.

    Parameters
    ----------
    ally : str
    known : mapping of str to str
        Code of each name.

    Returns
    -------
    str

    Raises
    ------
    EvidenceError
        If there is none.

    Examples
    --------
    >>> ally_name("DEU", {"West Germany": "DEU"})
    'West Germany'
    """
    asked = _plain(str(ally))
    for name, unit in known.items():
        if asked == _plain(name) or (unit and asked == _plain(unit)):
            return name
    inside = [name for name in known if asked and asked in _plain(name)]
    if len(inside) == 1:
        return inside[0]
    raise EvidenceError(
        f"No ally {ally!r} here.{_near(str(ally), known)} There are: {', '.join(sorted(known))}."
    )


def gather(evidence: pd.DataFrame, voices: pd.DataFrame, documents: pd.DataFrame | None = None) -> Evidence:
    """Make records of the course's tables of evidence.

    Parameters
    ----------
    evidence : DataFrame
        `load("vietnam_evidence")`, or rows of it.
    voices : DataFrame
        `load("vietnam_voices")`: `evidence_id`, `voice`, `setting`.
    documents : DataFrame, optional
        `load("vietnam_documents")`; their excerpts stand beside the items.

    Returns
    -------
    Evidence

    Raises
    ------
    EvidenceError
        If a column is missing, an item has no mark or two, an id is there twice, a date is none, or a mark is
        unknown.
    """
    _need(evidence, "evidence", _EVIDENCE_COLUMNS)
    _need(voices, "voices", ("evidence_id", "voice", "setting"))
    marks = _marks(voices)
    excerpts = () if documents is None else _excerpts(documents)
    beside: dict[str, list[str]] = {}
    for excerpt in excerpts:
        for name in excerpt.items:
            beside.setdefault(name, []).append(excerpt.id)
    items = [_item(row, marks, tuple(beside.get(row["evidence_id"], ()))) for row in _rows(evidence)]
    return Evidence(items, excerpts)


_EVIDENCE_COLUMNS = (
    "unit", "evidence_id", "ally", "date", "actor", "summary", "evidence_type", "source_citation", "source_url",
    "confidence",
)  # fmt: skip
_COLUMNS = [
    "id", "ally", "unit", "date", "precision", "first", "last", "actor", "summary", "kind", "voice", "setting",
    "written_by", "citation", "url", "confidence", "documents",
]  # fmt: skip


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries, an empty text where a value is missing."""
    return [{str(key): value for key, value in row.items()} for row in table.fillna("").to_dict("records")]


def _need(table: pd.DataFrame, name: str, columns: Iterable[str]) -> None:
    missing = [column for column in columns if column not in table]
    if missing:
        raise EvidenceError(f"The table of {name} has no column {', '.join(missing)}; load it with `load`.")


def _marks(voices: pd.DataFrame) -> dict[str, tuple[str, str]]:
    marks: dict[str, tuple[str, str]] = {}
    for row in _rows(voices):
        name = row["evidence_id"]
        if name in marks:
            raise EvidenceError(f"The item {name!r} is marked twice; keep one row for it.")
        _one_of("voice", row["voice"], VOICES)
        _one_of("setting", row["setting"], SETTINGS)
        marks[name] = (row["voice"], row["setting"])
    return marks


def _item(row: Mapping[str, Any], marks: Mapping[str, tuple[str, str]], documents: tuple[str, ...]) -> Item:
    name = row["evidence_id"]
    if name not in marks:
        raise EvidenceError(f"The item {name!r} has no mark of voice and setting; add a row for it.")
    try:
        when = When.read(row["date"])
    except EvidenceError as error:
        raise EvidenceError(f"Item {name!r}: {error}") from None
    _one_of("kind", row["evidence_type"], KINDS)
    _one_of("confidence", row["confidence"], ("verified", "secondary"))
    return Item(
        name, row["ally"], row["unit"], when, row["actor"], row["summary"], row["evidence_type"], *marks[name],
        row["source_citation"], row["source_url"], row["confidence"], documents,
    )  # fmt: skip


def _excerpts(documents: pd.DataFrame) -> tuple[Excerpt, ...]:
    _need(documents, "documents", ("document_id", "evidence_ids", "excerpt", "why_read", "speaker_or_author"))
    return tuple(
        Excerpt(
            row["document_id"], tuple(row["evidence_ids"].split(";")), row["ally"], When.read(row["date"]),
            row["title"], row["speaker_or_author"], row["excerpt"], row["why_read"], row["source_citation"],
            row["source_url"],
        )
        for row in _rows(documents)
    )  # fmt: skip


def _row(item: Item) -> list[Any]:
    return [
        item.id, item.ally, item.unit, item.when.text, item.when.precision, item.when.first, item.when.last,
        item.actor, item.summary, item.kind, item.voice, item.setting, item.written_by, item.citation, item.url,
        item.confidence, ";".join(item.documents),
    ]  # fmt: skip


def _between(since: str | None, until: str | None) -> tuple[date, date]:
    first = date.min if since is None else When.read(since).first
    last = date.max if until is None else When.read(until).last
    if last < first:
        raise EvidenceError(f"Nothing lies since {since} and until {until}; exchange the two dates.")
    return first, last


def _one_of(name: str, value: str | None, known: Iterable[str]) -> str | None:
    if value is not None and value not in known:
        raise EvidenceError(
            f"No {name} {value!r}.{_near(str(value), known)} It is one of: {', '.join(known)}."
        )
    return value


def _has(text: str, words: str) -> bool:
    inside = re.findall(r"\w+", _plain(text))
    return all(any(each.startswith(word) for each in inside) for word in re.findall(r"\w+", _plain(words)))


def _plain(text: str) -> str:
    """Small letters without accents."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).strip()


def _near(word: str, known: Iterable[str]) -> str:
    plain = {_plain(each): each for each in known}
    near = get_close_matches(_plain(word), list(plain), n=1, cutoff=0.6)
    return f" Did you mean {plain[near[0]]!r}?" if near else ""


def _decimal_year(when: When) -> float:
    middle = (when.first.toordinal() + when.last.toordinal()) / 2
    year = when.first.year
    start, length = date(year, 1, 1).toordinal(), 366 if monthrange(year, 2)[1] == 29 else 365
    return round(year + (middle - start + 0.5) / length, 4)
