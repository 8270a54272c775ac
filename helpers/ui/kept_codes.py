"""Codes given to items one key at a time, on disk before the next key is heard.

The idea: an afternoon of coding must survive a closed tab, a restarted kernel and a machine that dies. So each key is
one change of one small file, made as a whole or not at all (`helpers.ui.state`), and nothing that matters lives only
in the page or in the kernel. Codes given under another version of the codebook are put aside, never mixed in.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.ui.state import StateFile

MOST_STEPS = 600
"""How many keys can be undone."""
MOST_EARLIER = 5
"""How many codings that were begun before are kept aside."""

Data = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One key: which item and variable it changed, and what stood there before (empty for nothing)."""

    item: str
    variable: str
    before: str


class KeptCodes:
    """Codes of one student under one codebook.

    Parameters
    ----------
    name : str
        Name of the state file.
    codebook : str
        Name and version.
    variables : mapping from str to collection of str
        Codes that each variable knows.
    items : collection of str
        Ids that there are.
    remember : bool
        Whether codes are kept on disk.
    """

    def __init__(
        self,
        name: str,
        codebook: str,
        variables: Mapping[str, Collection[str]],
        items: Collection[str],
        *,
        remember: bool = True,
    ) -> None:
        self.codebook = codebook
        self._variables = {variable: tuple(codes) for variable, codes in variables.items()}
        self._items = frozenset(items)
        self._file = StateFile(name) if remember else None
        self._memory: Data = {}

    @property
    def codes(self) -> dict[str, dict[str, str]]:
        """Item to variable to code; only items, variables and codes that there are."""
        return self._codes(self._read())

    @property
    def complete(self) -> dict[str, dict[str, str]]:
        """The codes of items that have one for each variable."""
        return {item: codes for item, codes in self.codes.items() if len(codes) == len(self._variables)}

    @property
    def at(self) -> str:
        """Item that was open last; empty if none."""
        at = self._read().get("at")
        return at if isinstance(at, str) and at in self._items else ""

    @property
    def final(self) -> str:
        """Why codes can no longer be changed: "coded", "gave up", or empty."""
        final = self._read().get("final")
        return final if final in ("coded", "gave up") else ""

    def put(self, item: str, variable: str, code: str) -> None:
        """Give a code; it is on disk when this returns.

        Raises
        ------
        ValueError
            If there is no such item, variable or code.
        """
        if item not in self._items or code not in self._variables.get(variable, ()):
            raise ValueError(f"There is no {variable} {code!r} for {item!r}.")
        self._change(lambda data: _put(data, item, variable, code))

    def undo(self) -> Step | None:
        """Take back the last key.

        Returns
        -------
        Step or None
            What was taken back; None if there is nothing.
        """
        steps = _steps(self._read())
        if not steps or self.final:
            return None
        self._change(_undo)
        return steps[-1]

    def go(self, item: str) -> None:
        """Remember which item is open."""
        self._change(lambda data: {**data, "at": item})

    def close(self, why: str) -> None:
        """Make the codes final: "coded" or "gave up"."""
        self._change(lambda data: {**data, "final": data.get("final") or why})

    def start_again(self) -> None:
        """Put all codes aside and begin anew."""
        self._change(_aside)

    def _codes(self, data: Data) -> dict[str, dict[str, str]]:
        held = data.get("codes")
        found: dict[str, dict[str, str]] = {}
        for item, codes in (held if isinstance(held, dict) else {}).items():
            if item in self._items and isinstance(codes, dict):
                known = {name: code for name, code in codes.items() if code in self._variables.get(name, ())}
                found |= {item: known} if known else {}
        return found

    def _read(self) -> Data:
        data = self._file.read() if self._file else self._memory
        return data if data.get("codebook", self.codebook) == self.codebook else {}

    def _change(self, change: Any) -> None:
        def whole(data: Data) -> Data:
            fresh = data if data.get("codebook", self.codebook) == self.codebook else _aside(data)
            return {**change(fresh), "codebook": self.codebook}

        if self._file:
            self._file.update(whole)
        else:
            self._memory = whole(self._memory)


def _put(data: Data, item: str, variable: str, code: str) -> Data:
    if data.get("final"):
        return data
    codes = _dict(data.get("codes"))
    before = _dict(codes.get(item)).get(variable, "")
    codes = {**codes, item: {**_dict(codes.get(item)), variable: code}}
    steps = [*_list(data.get("steps")), [item, variable, before]][-MOST_STEPS:]
    return {**data, "codes": codes, "steps": steps, "at": item}


def _undo(data: Data) -> Data:
    steps = _steps(data)
    if not steps:
        return data
    last = steps[-1]
    codes = _dict(data.get("codes"))
    mine = {name: code for name, code in _dict(codes.get(last.item)).items() if name != last.variable}
    mine |= {last.variable: last.before} if last.before else {}
    rest = {item: each for item, each in codes.items() if item != last.item}
    kept = [[step.item, step.variable, step.before] for step in steps[:-1]]
    return {**data, "codes": rest | ({last.item: mine} if mine else {}), "steps": kept, "at": last.item}


def _aside(data: Data) -> Data:
    """Begin anew, with what was there kept under `earlier`."""
    earlier = [each for each in _list(data.get("earlier")) if isinstance(each, dict)]
    if data.get("codes"):
        earlier.append({"codebook": data.get("codebook"), "codes": data["codes"]})
    return {"earlier": earlier[-MOST_EARLIER:]} if earlier else {}


def _steps(data: Data) -> list[Step]:
    return [
        Step(*step)
        for step in _list(data.get("steps"))
        if isinstance(step, list) and len(step) == 3 and all(isinstance(part, str) for part in step)
    ]


def _dict(value: object) -> Data:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
