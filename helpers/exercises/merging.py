"""Two records of one student become one: what was done on either computer counts, and what was committed first stays.

The other record comes from a file that anybody may have written. Only the parts and the shapes that the course itself
writes are taken over; the rest is left where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from helpers.exercises.records import attempts_in, is_student_id, text, whole

Entry: TypeAlias = dict[str, Any]
LONGEST_KEY, MOST_ENTRIES = 64, 5000


def merged(ours: Entry, theirs: Entry) -> Entry:
    """Join two records.

    Parameters
    ----------
    ours, theirs : dict
        What the state file holds; `theirs` should have gone through `cleaned`.

    Returns
    -------
    dict
        Our id and our commitments, where both have one and theirs is not older.

    Examples
    --------
    >>> merged({"hints": {"01.1": 2}}, {"hints": {"01.1": 1, "01.2": 3}})
    {'hints': {'01.1': 2, '01.2': 3}}
    """
    result = {**theirs, **ours}
    for name, join in _JOINS.items():
        if name in theirs:
            result[name] = _joined(ours.get(name), theirs[name], join)
    return result


def _joined(ours: object, theirs: Entry, join: Callable[[Any, Any], Any]) -> Entry:
    mine = ours if isinstance(ours, dict) else {}
    return {
        **theirs,
        **{key: join(entry, theirs[key]) if key in theirs else entry for key, entry in mine.items()},
    }


def cleaned(data: Mapping[str, Any]) -> Entry:
    """Keep of a record from outside what the course could have written.

    Parameters
    ----------
    data : mapping

    Returns
    -------
    dict

    Examples
    --------
    >>> cleaned({"hints": {"01.1": 2}, "student": "two words", "hack": {"x": 1}})
    {'hints': {'01.1': 2}}
    """
    kept: Entry = {}
    for name in _JOINS:
        part = data.get(name)
        if isinstance(part, dict) and len(part) <= MOST_ENTRIES:
            kind = int if name in _COUNTS else dict
            kept[name] = {
                key: each for key, each in part.items() if len(key) <= LONGEST_KEY and isinstance(each, kind)
            }
    if is_student_id(data.get("student")):
        kept["student"] = data["student"]
    return kept


def _attempt(ours: Entry, theirs: Entry) -> Entry:
    mine, other = attempts_in(ours), attempts_in(theirs)
    return {
        "tries": max(mine.tries, other.tries),
        "wrong": list(dict.fromkeys((*mine.wrong, *other.wrong))),
        "right": mine.right or other.right,
        "recorded": mine.recorded or other.recorded,
        "points": max(mine.points, other.points),
        "mistakes": _most(_counts(ours), _counts(theirs)),
    }


def _counts(entry: Entry) -> dict[str, int]:
    held = entry.get("mistakes") if isinstance(entry, dict) else None
    return {str(key): whole(count) for key, count in held.items()} if isinstance(held, dict) else {}


def _most(ours: dict[str, int], theirs: dict[str, int]) -> dict[str, int]:
    return {key: max(ours.get(key, 0), theirs.get(key, 0)) for key in {**theirs, **ours}}


def _larger(ours: object, theirs: object) -> int:
    return max(whole(ours), whole(theirs))


def _more_tries(ours: Entry, theirs: Entry) -> Entry:
    return theirs if _tries(theirs) > _tries(ours) else ours


def _tries(entry: object) -> int:
    return whole(entry.get("tries")) if isinstance(entry, dict) else -1


def _earlier(ours: Entry, theirs: Entry) -> Entry:
    """Give the commitment that was made first; ours if one of them does not tell."""
    if not isinstance(ours, dict):
        return theirs
    mine, other = text(ours.get("time")), text(theirs.get("time"))
    return theirs if mine and other and other < mine else ours


def _each_earlier(ours: Entry, theirs: Entry) -> Entry:
    return _joined(ours, theirs, _earlier)


def _ours(ours: Entry, _theirs: Entry) -> Entry:
    return ours


_JOINS: dict[str, Callable[[Any, Any], Any]] = {
    "attempts": _attempt,
    "hints": _larger,
    "quiz": _more_tries,
    "predictions": _earlier,
    "beliefs": _earlier,
    "concept_test": _each_earlier,
    "warm_ups": _ours,
    "dealt": _larger,
}
_COUNTS = ("hints", "dealt")
