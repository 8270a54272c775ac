"""Texts: one of several options, a short text, or words that a person reads.

Case, spaces at the ends, doubled spaces and the many ways in which Unicode writes one character never decide.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase
from typing import ClassVar

from helpers.exercises.answer import Answer
from helpers.exercises.kinds.base import Finding, Kind, plural, unwrapped
from helpers.exercises.kinds.numbers import quoted


def plain(text: str) -> str:
    """Text without the differences that do not matter.

    Examples
    --------
    >>> plain("  South   KOREA ")
    'south korea'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(frozen=True)
class Text(Kind):
    """A short text.

    Parameters
    ----------
    also : tuple of str
        Other spellings that are right.

    Examples
    --------
    >>> Text(also=("DEU",)).examine(Answer("text", "deu "), Answer("text", "Germany")).right
    True
    """

    wanted: ClassVar[str] = "a short text in quotation marks"

    also: tuple[str, ...] = ()

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare two texts."""
        given = unwrapped(answer)
        if given.kind != "text":
            return self.wrong_type(answer)
        accepted = {plain(str(right.value)), *map(plain, self.also)}
        return Finding(plain(str(given.value)) in accepted)


@dataclass(frozen=True)
class Choice(Kind):
    """One of several options, by its label or its letter.

    Parameters
    ----------
    options : tuple of str
        Labels, in the order of their letters: A, B, C.

    Examples
    --------
    >>> kind = Choice(options=("sunk cost", "tied hands"))
    >>> kind.examine(Answer("text", "B"), Answer("text", "tied hands")).right
    True
    """

    wanted: ClassVar[str] = "one of the options"

    options: tuple[str, ...] = ()

    def describe(self) -> str:
        """Name the options with their letters."""
        named = (
            f"{letter.upper()} ({option})"
            for letter, option in zip(ascii_lowercase, self.options, strict=False)
        )
        return f"one of {', '.join(named)}, as a text"

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare two choices."""
        given = unwrapped(answer)
        if given.kind not in ("text", "bool"):
            return self.wrong_type(answer)
        chosen = self.chosen(given)
        if chosen is None:
            return Finding(
                False,
                f"{quoted(str(given.value))} is none of the options. Give {self.describe()}.",
                mistake="no option",
            )
        return Finding(chosen == self.chosen(right))

    def chosen(self, answer: Answer) -> int | None:
        """Position of the option that an answer names."""
        labels = [plain(option) for option in self.options]
        letters = list(ascii_lowercase[: len(labels)])
        words = _yes_or_no(answer.value) if answer.kind == "bool" else (plain(str(answer.value)),)
        for names in (labels, letters):
            for word in (*words, *(word.strip("().: ") for word in words)):
                if word in names:
                    return names.index(word)
        return None


def _yes_or_no(value: object) -> tuple[str, ...]:
    return ("true", "yes") if value else ("false", "no")


@dataclass(frozen=True)
class Words(Kind):
    """A few sentences, which a person marks.

    Parameters
    ----------
    min_words : int
        Fewer count as unfinished.
    max_words : int
        More are sent back; 0 sets no limit.
    criteria : tuple of str
        What the mark looks for, shown to the student.

    Examples
    --------
    >>> Words(min_words=3).examine(Answer("text", "Two audiences listen."), Answer("missing")).recorded
    True
    """

    wanted: ClassVar[str] = "a few sentences in quotation marks"
    by_hand: ClassVar[bool] = True

    min_words: int = 30
    max_words: int = 0
    criteria: tuple[str, ...] = ()

    def describe(self) -> str:
        """What is asked for, with its length."""
        return f"{self.wanted}, {plural(self.min_words, 'word')} or more"

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Check the length; the content is for a person to judge."""
        del right
        given = unwrapped(answer)
        if given.kind != "text":
            return self.wrong_type(answer)
        count = len(str(given.value).split())
        if count < self.min_words:
            return Finding(
                False,
                f"{plural(count, 'word')} so far; write at least {self.min_words}.",
                mistake="too short",
            )
        if self.max_words and count > self.max_words:
            too_long = f"{plural(count, 'word')}; cut them to {self.max_words} at most."
            return Finding(False, too_long, mistake="too long")
        return Finding(False, self._told(count), recorded=True)

    def _told(self, count: int) -> str:
        looks_for = f" The mark looks for: {'; '.join(self.criteria)}." if self.criteria else ""
        return f"{plural(count, 'word')}, recorded. A person marks them; working alone, go through the list.{looks_for}"
