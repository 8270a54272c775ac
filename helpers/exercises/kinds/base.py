"""What all kinds of answer share: a finding, and words for what was given instead.

The idea: a kind compares two `Answer`s, the student's and the right one, and reports a `Finding`. It never sees a
student's object, so the same comparison holds in a notebook and in a grader.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from helpers.exercises.answer import Answer, Column

if TYPE_CHECKING:
    from helpers.exercises.codec import Inputs
    from helpers.exercises.exercise import Context

EMPTY_TEXTS = ("", "...", "…")

Uniform: TypeAlias = Callable[[], float]
"""Gives the next uniform number, from 0 to below 1."""


@dataclass(frozen=True)
class Finding:
    """What the comparison of an answer with the right one found.

    Parameters
    ----------
    right : bool
    message : str
        What is wrong, or a remark on a right answer.
    already_right : tuple of str
        Parts that need no more work.
    mistake : str or None
        Id of a wrong way that the kind itself knows, such as "per cent".
    recorded : bool
        True where a person marks the answer.
    """

    right: bool
    message: str = ""
    already_right: tuple[str, ...] = ()
    mistake: str | None = None
    recorded: bool = False


@dataclass(frozen=True)
class Kind:
    """Base of all kinds of answer."""

    wanted: ClassVar[str] = "an answer"
    """Name of what is asked for, for messages."""

    by_hand: ClassVar[bool] = False
    """Whether a person gives the points."""

    def describe(self) -> str:
        """What is asked for, with its details."""
        return self.wanted

    def is_attempted(self, answer: Answer) -> bool:
        """Whether the student gave anything at all."""
        if answer.kind == "text" and isinstance(answer.value, str):
            return answer.value.strip() not in EMPTY_TEXTS
        return answer.kind != "missing"

    def not_yet(self, answer: Answer, name: str) -> str:
        """Say what to do where nothing was given under `name`."""
        if answer.source == "undefined":
            return f"There is no `{name}` yet: write your answer in the cell above and run it."
        if answer.source == "None":
            return f"`{name}` is None. Set it to {self.describe()}. (A call of print gives None.)"
        if answer.kind == "text":
            return f"`{name}` is still empty. Write {self.describe()}."
        if answer.kind == "list" and answer.value:
            return (
                f"No item of `{name}` has a value. Set it to {self.describe()}. "
                "(NaN often comes from two columns whose rows have different labels.)"
            )
        return f"`{name}` still holds `...`. Set it to {self.describe()}."

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare an answer with the right one."""
        raise NotImplementedError

    def inputs_for(self, context: Context) -> Inputs | None:
        """Arguments with which an answer is called; None where it is not a function."""
        del context
        return None

    def drawn(self, uniform_of: Callable[[int], Uniform]) -> Inputs:
        """Further inputs, drawn for a mark; none where the kind draws none.

        Parameters
        ----------
        uniform_of : callable
            Takes the place of a call, from 0, and gives its source of uniform numbers.
        """
        del uniform_of
        return ()

    def variants(self, answer: Answer) -> tuple[Answer, ...]:
        """Other forms in which an equal answer may be given, such as a rounded number."""
        return (answer,)

    def specimen(self, right: Answer) -> Answer:
        """Give an answer by a student that should count as `right`."""
        return right

    def wrong_type(self, answer: Answer) -> Finding:
        """Say what was given instead of what the kind asks for."""
        if answer.kind == "function":
            return Finding(
                False,
                f"You gave the function `{answer.value}` itself. Call it, with () behind its name.",
                mistake="not called",
            )
        if answer.kind == "too_big":
            return Finding(False, f"Your answer is too big to check: {answer.value}.", mistake="too big")
        if answer.kind == "other" and answer.source in LAZY:
            return Finding(
                False, f"You gave {describe(answer)}. Put list(...) around it.", mistake="not a value yet"
            )
        return Finding(False, f"You gave {describe(answer)}; asked for is {self.describe()}.", mistake="type")


LAZY = ("generator", "map", "filter", "zip", "reversed", "enumerate", "dict_items")


def describe(answer: Answer) -> str:
    """Name an answer in a few words, without its values.

    Examples
    --------
    >>> describe(Answer("list", (1, 2, 3), "array"))
    'an array of 3 values'
    """
    if answer.kind == "table":
        return _describe_table(answer)
    if answer.kind == "list":
        name = answer.source or "list"
        return f"{article(name)} of {plural(len(items(answer)), 'value')}"
    if answer.kind == "other":
        return f"an object of type {answer.source or 'unknown'}"
    return _PLAIN_NAMES.get(answer.kind, "something else")


_PLAIN_NAMES = {
    "missing": "nothing",
    "number": "a number",
    "text": "a text",
    "bool": "True or False",
    "axes": "the axes of a figure",
    "calls": "a function",
    "function": "a function",
    "error": "an error",
    "too_big": "something very big",
}


def _describe_table(answer: Answer) -> str:
    columns = table(answer)
    rows = n_rows(answer)
    if answer.source == "Series":
        return f"a Series of {plural(rows, 'value')}"
    if answer.source == "dict" and any(column.is_index for column in columns):
        return f"a dictionary of {plural(rows, 'entry', 'entries')}"
    width = sum(not column.is_index for column in columns)
    return f"a table of {plural(rows, 'row')} and {plural(width, 'column')}"


def article(name: str) -> str:
    """Put "a" or "an" before a name."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def plural(count: int, one: str, many: str | None = None) -> str:
    """Count things in words.

    Examples
    --------
    >>> plural(1, "row"), plural(2, "row")
    ('1 row', '2 rows')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def table(answer: Answer) -> tuple[Column, ...]:
    """Columns of an answer; none if it is no table."""
    value = answer.value
    if answer.kind != "table" or not isinstance(value, tuple):
        return ()
    return tuple(each for each in value if isinstance(each, Column))


def n_rows(answer: Answer) -> int:
    """Number of rows of a table."""
    return max((len(column.cells) for column in table(answer)), default=0)


def items(answer: Answer) -> tuple[Answer, ...]:
    """Values of a list, or of the one column of a table, each as an answer of its own; empty for anything else."""
    if answer.kind in ("list", "calls") and isinstance(answer.value, tuple):
        return tuple(as_answer(each) for each in answer.value)
    columns = [column for column in table(answer) if not column.is_index]
    return tuple(map(as_answer, columns[0].cells)) if len(columns) == 1 else ()


def as_answer(cell: object) -> Answer:
    """One cell of a list or table, as an answer of its own."""
    if isinstance(cell, Answer):
        return cell
    if isinstance(cell, bool):
        return Answer("bool", cell)
    if isinstance(cell, int | float):
        return Answer("number", cell)
    if isinstance(cell, str):
        return Answer("text", cell)
    return Answer("number", "nan")


def unwrapped(answer: Answer) -> Answer:
    """The one value in a list, array, Series or table that has only one; else the answer as it is."""
    for _ in range(3):
        inside = items(answer)
        if answer.kind == "calls" or len(inside) != 1:
            return answer
        answer = inside[0]
    return answer


def with_parts(finding: Finding, *parts: str) -> Finding:
    """Add to what is already right."""
    return replace(finding, already_right=(*parts, *finding.already_right))
