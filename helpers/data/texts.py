"""The course's own texts: the list of lessons, the glossary, the concept test.

They are written for readers first: plain YAML in `helpers/data/content/`, which anybody can correct without knowing
Python. Here they become frozen records, and a slip in one of them is named with its entry.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["ConceptOption", "ConceptQuestion", "Lesson", "Term", "concept_questions", "lesson_list", "terms"]

FOLDER = Path(__file__).parent / "content"
Record = TypeVar("Record")


class TextError(ValueError):
    """A text of the course is written wrongly; names the file and the entry."""


@dataclass(frozen=True)
class Lesson:
    """One lesson of the course, whether it is in this edition or not.

    Parameters
    ----------
    number : str
        Two digits.
    file : str
        Name of its notebook, without ending.
    title : str
    minutes : int
        How long it takes.
    module : str
        Heading under which it stands.
    exercises : tuple of str
        Ids of its exercises, only where two notebooks share a number.
    """

    number: str
    file: str
    title: str
    minutes: int
    module: str
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """One entry of the glossary.

    Parameters
    ----------
    term : str
    first : str
        Number of the lesson that introduces it.
    means : str
        One to three sentences.
    related : tuple of str
        Other terms of the glossary.
    also : tuple of str
        Other forms under which it is found: a plural, an abbreviation.
    source : str
        Key of `docs/references.bib`, or empty.
    """

    term: str
    first: str
    means: str
    related: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class ConceptOption:
    """One possible answer of the concept test, with a word on why it is right, or on the thought behind it."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class ConceptQuestion:
    """One question of the concept test.

    Parameters
    ----------
    id : str
    lesson : str
        Where the course teaches it.
    text : str
    options : tuple of ConceptOption
        Four, one of them right.
    """

    id: str
    lesson: str
    text: str
    options: tuple[ConceptOption, ...]


@lru_cache(maxsize=1)
def lesson_list() -> tuple[Lesson, ...]:
    """Every lesson of the course, in order.

    Returns
    -------
    tuple of Lesson

    Examples
    --------
    >>> lesson_list()[2].title
    'Two audiences'
    """
    held = []
    for part in _read("course_map"):
        held += [
            _record(Lesson, {**each, "module": part["module"]}, "course_map") for each in part["lessons"]
        ]
    return tuple(held)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """Every term of the glossary, in the order of the alphabet.

    Returns
    -------
    tuple of Term

    Examples
    --------
    >>> "entrapment" in [each.term for each in terms()]
    True
    """
    return tuple(_record(Term, each, "glossary") for each in _read("glossary"))


@lru_cache(maxsize=1)
def concept_questions() -> tuple[ConceptQuestion, ...]:
    """The ten questions of the concept test.

    Returns
    -------
    tuple of ConceptQuestion

    Examples
    --------
    >>> len(concept_questions())
    10
    """
    held = []
    for each in _read("concept_test"):
        options = tuple(_record(ConceptOption, option, "concept_test") for option in each["options"])
        held.append(_record(ConceptQuestion, {**each, "options": options}, "concept_test"))
    return tuple(held)


def _read(name: str) -> list[dict[str, Any]]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: list[dict[str, Any]] = yaml.load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"), loader)
    return content


def _record(kind: type[Record], entry: dict[str, Any], name: str) -> Record:
    """Make a record of an entry; lists become tuples, and a text of several lines one line."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    unknown = set(entry) - known
    if unknown:
        raise TextError(
            f"{name}.yml: {', '.join(sorted(unknown))} is no part of an entry, in {str(entry)[:60]}."
        )
    try:
        return kind(**{key: _settled(value) for key, value in entry.items()})
    except TypeError as error:
        raise TextError(f"{name}.yml: {error}, in {str(entry)[:60]}.") from error


def _settled(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return " ".join(value.split()) if isinstance(value, str) else value
