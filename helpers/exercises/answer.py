"""What a student gave, as data that nobody has to trust.

The idea: an answer crosses from the process that ran the student's code to one that never did. So it is a small frozen
structure of numbers, texts and tuples, written as strict JSON. Reading it refuses whatever this module would not have
written: unknown kinds, bare NaN, huge integers, doubled keys, half characters, too much depth. Nothing is unpickled.

Kinds: missing, number, text, bool, list, table, axes, calls (results of a function, one for each input), error (what a
call raised), function (given itself, not called), other (any other object) and too_big.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, Union

Scalar: TypeAlias = bool | int | float | str | None
Cell: TypeAlias = Union[bool, int, float, str, "Answer", None]

MAX_BYTES = 2_000_000
MAX_CELLS = 100_000
MAX_CHARACTERS = 20_000
MAX_DEPTH = 20
MAX_INTEGER = 2**53
NOT_FINITE = ("nan", "inf", "-inf")


class AnswerError(ValueError):
    """Text that is no answer of ours; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, or one level of its index.

    Parameters
    ----------
    name : str
        Empty if it has none.
    cells : tuple of Cell
        None where a value is missing.
    is_index : bool
    """

    name: str
    cells: tuple[Cell, ...]
    is_index: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """The points of one line or of one cloud, in the units of the axes."""

    x: tuple[Cell, ...]
    y: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What can be read off the axes of a figure.

    Parameters
    ----------
    title, x_label, y_label : str
        Empty where there is none.
    legend : tuple of str
    lines, points : tuple of Trace
    bars : tuple of float
        Length of each bar.
    """

    title: str = ""
    x_label: str = ""
    y_label: str = ""
    legend: tuple[str, ...] = ()
    lines: tuple[Trace, ...] = ()
    points: tuple[Trace, ...] = ()
    bars: tuple[Cell, ...] = ()


Value: TypeAlias = bool | int | float | str | tuple[Cell, ...] | tuple[Column, ...] | Picture | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One value as the judge sees it.

    Parameters
    ----------
    kind : str
        One of the kinds that the module names.
    value : Value
        number: int, float or one of "nan", "inf", "-inf". text: str. bool: bool. list, calls: tuple of cells.
        table: tuple of Column. axes: Picture. function: its name. error: what was raised. too_big: its size.
    source : str
        Type of the student's object where it helps to explain, such as "Series".

    Examples
    --------
    >>> Answer.from_json(Answer("number", 0.54).to_json())
    Answer(kind='number', value=0.54, source='')
    """

    kind: str
    value: Value = None
    source: str = ""

    def to_json(self) -> str:
        """Write as strict JSON, in one line and always in the same order."""
        return json.dumps(_plain(self), ensure_ascii=False, allow_nan=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Answer:
        """Read what `to_json` wrote.

        Parameters
        ----------
        text : str

        Returns
        -------
        Answer

        Raises
        ------
        AnswerError
            If the text is anything else.

        Examples
        --------
        >>> Answer.from_json('{"kind":"number","value":NaN}')
        Traceback (most recent call last):
        helpers.exercises.answer.AnswerError: An answer may not hold NaN.
        """
        return _answer(_parsed(text), depth=0)

    def scalars(self) -> Iterator[Scalar]:
        """Every number, text and truth value in the answer, wherever it stands.

        Examples
        --------
        >>> list(Answer("list", (1, Answer("list", ("DEU", None)))).scalars())
        [1, 'DEU']
        """
        yield from _scalars(self.value)


def _scalars(value: object) -> Iterator[Scalar]:
    if isinstance(value, bool | int | float | str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _scalars(each)
    elif isinstance(value, Answer):
        yield from _scalars(value.value)
    elif isinstance(value, Column):
        yield from _scalars(value.cells)
    elif isinstance(value, Trace):
        yield from _scalars((value.x, value.y))
    elif isinstance(value, Picture):
        yield from _scalars((value.title, value.x_label, value.y_label, value.legend))
        yield from _scalars((value.lines, value.points, value.bars))


# ------------------------------------------------------------------ writing


def _plain(value: object) -> Any:
    """What `json.dumps` takes for any part of an answer."""
    if isinstance(value, Answer):
        source = {"source": value.source} if value.source else {}
        return {"kind": value.kind, "value": _plain(value.value), **source}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Column):
        return {"name": value.name, "cells": _plain(value.cells), "is_index": value.is_index}
    if isinstance(value, Trace):
        return {"x": _plain(value.x), "y": _plain(value.y)}
    if isinstance(value, Picture):
        return {name: _plain(getattr(value, name)) for name in _PICTURE}
    return value


# ------------------------------------------------------------------ reading


def _parsed(text: object) -> object:
    """Parse strict JSON, or say what is not allowed in it."""
    if not isinstance(text, str):
        raise AnswerError(f"An answer is a text of JSON, not {type(text).__name__}.")
    if len(text) > MAX_BYTES:
        raise AnswerError(f"An answer has at most {MAX_BYTES:,} characters, not {len(text):,}.")
    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_float,
            object_pairs_hook=_distinct,
        )
    except RecursionError:
        raise AnswerError(f"An answer is at most {MAX_DEPTH} levels deep.") from None
    except json.JSONDecodeError as error:
        raise AnswerError(f"An answer is JSON; this is not: {error.msg}.") from None


def _refuse_constant(token: str) -> object:
    raise AnswerError(f"An answer may not hold {token}.")


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INTEGER:
        raise AnswerError(f"An integer of {len(digits)} digits is too large; at most 2**53.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise AnswerError("A number in an answer is too large for a float.")
    return number


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise AnswerError("A key stands twice in one object.")
    return content


def _answer(content: object, depth: int) -> Answer:
    if depth > MAX_DEPTH:
        raise AnswerError(f"An answer is at most {MAX_DEPTH} levels deep.")
    fields = _fields(content, required={"kind", "value"}, optional={"source"})
    kind = fields["kind"]
    if not isinstance(kind, str) or kind not in _READERS:
        raise AnswerError(f"No kind of answer {_short(kind)}. Kinds: {', '.join(_READERS)}.")
    return Answer(kind, _READERS[kind](fields["value"], depth), _text(fields.get("source", "")))


def _fields(content: object, required: set[str], optional: frozenset[str] | set[str] = frozenset()) -> Any:
    if not isinstance(content, dict):
        raise AnswerError(f"An object is expected, not {_short(content)}.")
    names = set(content)
    if not required <= names <= required | optional:
        raise AnswerError(f"An object needs {sorted(required)}, and has {_short(sorted(map(str, names)))}.")
    return content


def _cell(content: object, depth: int) -> Cell:
    if content is None or isinstance(content, bool | int | float):
        return content
    if isinstance(content, str):
        return _text(content)
    return _answer(content, depth + 1)


def _items(content: object) -> list[object]:
    if not isinstance(content, list):
        raise AnswerError(f"A list is expected, not {_short(content)}.")
    if len(content) > MAX_CELLS:
        raise AnswerError(f"A list has at most {MAX_CELLS:,} items, not {len(content):,}.")
    return content


def _cells(content: object, depth: int) -> tuple[Cell, ...]:
    return tuple(_cell(each, depth) for each in _items(content))


def _column(content: object, depth: int) -> Column:
    fields = _fields(content, {"name", "cells", "is_index"})
    return Column(_text(fields["name"]), _cells(fields["cells"], depth), _bool(fields["is_index"], depth))


def _table(content: object, depth: int) -> tuple[Column, ...]:
    columns = tuple(_column(each, depth) for each in _items(content))
    lengths = {len(column.cells) for column in columns}
    if len(lengths) > 1:
        raise AnswerError(f"The columns of a table are equally long; these have {sorted(lengths)} cells.")
    if sum(len(column.cells) for column in columns) > MAX_CELLS:
        raise AnswerError(f"A table has at most {MAX_CELLS:,} cells.")
    return columns


def _trace(content: object, depth: int) -> Trace:
    fields = _fields(content, {"x", "y"})
    return Trace(_cells(fields["x"], depth), _cells(fields["y"], depth))


def _picture(content: object, depth: int) -> Picture:
    fields = _fields(content, set(_PICTURE))
    return Picture(
        **{name: _text(fields[name]) for name in ("title", "x_label", "y_label")},
        legend=tuple(_text(each) for each in _items(fields["legend"])),
        lines=tuple(_trace(each, depth) for each in _items(fields["lines"])),
        points=tuple(_trace(each, depth) for each in _items(fields["points"])),
        bars=_cells(fields["bars"], depth),
    )


def _calls(content: object, depth: int) -> tuple[Cell, ...]:
    return tuple(_answer(each, depth + 1) for each in _items(content))


def _number(content: object, _depth: int) -> int | float | str:
    if isinstance(content, str) and content in NOT_FINITE:
        return content
    if isinstance(content, bool) or not isinstance(content, int | float):
        raise AnswerError(f"A number is expected, not {_short(content)}.")
    return content


def _bool(content: object, _depth: int) -> bool:
    if not isinstance(content, bool):
        raise AnswerError(f"true or false is expected, not {_short(content)}.")
    return content


def _nothing(content: object, _depth: int) -> None:
    if content is not None:
        raise AnswerError(f"null is expected, not {_short(content)}.")


def _text(content: object, _depth: int = 0) -> str:
    if not isinstance(content, str):
        raise AnswerError(f"A text is expected, not {_short(content)}.")
    if len(content) > MAX_CHARACTERS:
        raise AnswerError(f"A text has at most {MAX_CHARACTERS:,} characters, not {len(content):,}.")
    try:
        content.encode("utf-8")
    except UnicodeEncodeError:
        raise AnswerError("A text holds half a character (a lone surrogate).") from None
    return content


def _short(content: object) -> str:
    text = ascii(content)
    return text if len(text) <= 60 else text[:57] + "..."


_PICTURE = ("title", "x_label", "y_label", "legend", "lines", "points", "bars")
_READERS: dict[str, Callable[[object, int], Value]] = {
    "missing": _nothing,
    "number": _number,
    "text": _text,
    "bool": _bool,
    "list": _cells,
    "table": _table,
    "axes": _picture,
    "calls": _calls,
    "error": _text,
    "function": _text,
    "other": _nothing,
    "too_big": _text,
}
KINDS = tuple(_READERS)
