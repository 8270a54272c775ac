"""What may come over the pipe from a process that ran a student's code, and nothing else.

The idea: the pipe belongs to the student as much as to us, because code that runs in a process can write to whatever
that process has open. So the reader believes nothing. A message is one line of flat JSON, of a known kind, with the
fields of that kind and of their types; all lines together have a limit. What does not fit is refused in a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_BRACKETS = 100
"""Nested brackets in an answer's text; an answer of the deepest allowed kind has fewer."""
MAX_TEXT = 300
MAX_CONTROL_BYTES = 1_000_000
"""Room for all that is no answer: beginnings and ends of cells, declared ids."""

_FIELDS: dict[str, dict[str, type]] = {
    "started": {"cell": int},
    "ended": {"cell": int, "why": str, "text": str, "cpu": float},
    "output": {"cell": int},
    "skipped": {"cell": int},
    "declared": {"id": str},
    "collecting": {"id": str},
    "late": {"id": str},
    "snapshot": {"id": str, "payload": str},
    "value": {"id": str, "payload": str},
    "end": {},
}
WHY = ("", "error", "timed out", "interrupted", "memory")


class Refused(ValueError):
    """A line that is no message of ours; says why in a few words."""


@dataclass(frozen=True)
class Message:
    """One line from the child.

    Parameters
    ----------
    kind : str
    cell : int
        Counted from 1; 0 where it does not apply.
    id : str
        Of an exercise, or of a student who was declared.
    payload : str
        JSON text of an answer.
    why, text : str
        How a cell ended, and its error.
    cpu : float
        Processor seconds of a cell.
    """

    kind: str
    cell: int = 0
    id: str = ""
    payload: str = ""
    why: str = ""
    text: str = ""
    cpu: float = 0.0


def line_of(kind: str, **fields: object) -> bytes:
    r"""Write a message; the empty line before it ends whatever somebody else left unfinished.

    Examples
    --------
    >>> line_of("started", cell=1)
    b'\n{"kind":"started","cell":1}\n'
    """
    return f"\n{json.dumps({'kind': kind, **fields}, separators=(',', ':'))}\n".encode()


def read_line(line: bytes) -> Message:
    """Read one message.

    Parameters
    ----------
    line : bytes

    Returns
    -------
    Message

    Raises
    ------
    Refused
        If it is anything else.

    Examples
    --------
    >>> read_line(b'{"kind":"started","cell":1}').cell
    1
    >>> read_line(b'{"kind":"points","id":"01.1"}')
    Traceback (most recent call last):
    helpers.classroom.grading.wire.Refused: a message of unknown kind
    """
    content = _parsed(line)
    kind = content.pop("kind", None)
    wanted = _FIELDS.get(kind) if isinstance(kind, str) else None
    if wanted is None:
        raise Refused("a message of unknown kind")
    if set(content) != set(wanted):
        raise Refused("a message with other fields than its kind has")
    for name, form in wanted.items():
        if type(content[name]) is not form:
            raise Refused("a message with a field of the wrong type")
    message = Message(str(kind), **content)
    _look_into(message)
    return message


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        content = json.loads(line, parse_constant=_refuse, parse_int=_small, object_pairs_hook=_distinct)
    except Refused:
        raise
    except (ValueError, RecursionError):
        raise Refused("a line that is no message") from None
    if not isinstance(content, dict):
        raise Refused("a line that is no message")
    return content


def _refuse(_token: str) -> object:
    raise Refused("a message with a number that is none")


def _small(digits: str) -> int:
    if len(digits) > 9:
        raise Refused("a message with a huge integer")
    return int(digits)


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise Refused("a message in which a field stands twice")
    return content


def _look_into(message: Message) -> None:
    if message.why not in WHY:
        raise Refused("a message with an unknown reason")
    if not 0 <= message.cpu < 1e6:
        raise Refused("a message with an impossible time")
    try:
        f"{message.id}{message.payload}{message.text}".encode()
    except UnicodeEncodeError:
        raise Refused("a message with half a character") from None
    opening = message.payload.count("[") + message.payload.count("{")
    if opening > MAX_BRACKETS and brackets(message.payload) > MAX_BRACKETS:
        raise Refused("an answer that is nested too deeply")


def brackets(text: str) -> int:
    """Count how deep the brackets of a JSON text are nested, without parsing it.

    Examples
    --------
    >>> brackets('[{"a": "[[["}]')
    2
    """
    depth = deepest = 0
    in_text = escaped = False
    for letter in text:
        if in_text:
            in_text = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
        elif letter == '"':
            in_text = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


class Inbox:
    """Cuts what comes over the pipe into messages, until it is too much.

    Parameters
    ----------
    limit : int
        Bytes of answers; what is no answer has its own, smaller room.
    """

    def __init__(self, limit: int) -> None:
        self._left = limit + MAX_CONTROL_BYTES
        self._rest = b""
        self.full = False

    def feed(self, data: bytes) -> Iterator[Message | Refused]:
        """Give the messages that are complete now, and what was refused."""
        self._left -= len(data)
        if self._left < 0:
            self.full = True
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in filter(None, lines):
            try:
                yield read_line(line)
            except Refused as refused:
                yield refused


def plain(text: object, longest: int = MAX_TEXT) -> str:
    r"""One printable line without terminal escapes.

    Parameters
    ----------
    text : object
    longest : int
        Characters that are kept.

    Returns
    -------
    str

    Examples
    --------
    >>> plain("\x1b[31mred\x1b[0m\nand \x07 \x1b]0;title\x07quiet")
    'red and quiet'
    """
    letters: list[str] = []
    coming = iter(str(text)[: 10 * longest])
    for letter in coming:
        if letter == "\x1b":
            _pass_over_escape(coming)
        else:
            letters.append(letter if letter.isprintable() else " ")
    line = " ".join("".join(letters).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _pass_over_escape(coming: Iterator[str]) -> None:
    """Drop one escape: a command with its parameters, a title up to its end, or a single letter."""
    kind = next(coming, "")
    if kind == "[":
        next((letter for letter in coming if "@" <= letter <= "~"), "")
    elif kind in ("]", "P", "X", "^", "_"):
        next((letter for letter in coming if letter in "\x07\x1b\x9c"), "")
