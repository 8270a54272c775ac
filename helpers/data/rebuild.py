"""From the given files to the shipped ones, byte for byte.

`datasets/raw` and `datasets/entries` are what people wrote; every other file of `datasets/` follows from them. So a
change to a dataset is a change to a step or an entry, and whoever doubts a number can build it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from helpers.data.entries import (
    Entry,
    Shared,
    describe_resource,
    read_entries,
    read_shared,
    verified_raw,
)
from helpers.data.errors import DatasetError
from helpers.data.mending import defects_page, mend, steps_of
from helpers.data.panel import build_panel
from helpers.data.tables import read_text, write_text
from helpers.data.units import add_unit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check", "rebuild"]

Tables: TypeAlias = "dict[str, pd.DataFrame]"

BUILDERS: Mapping[str, Callable[[Tables], pd.DataFrame]] = {
    "allies_panel": lambda tables: build_panel(tables, guardian=True),
}
DEFECTS_PAGE = "docs/data_defects.md"


def rebuild(root: Path) -> dict[str, bytes]:
    """Every file that follows from `datasets/raw` and `datasets/entries`.

    Parameters
    ----------
    root : pathlib.Path
        Root of a checkout. Nothing is written.

    Returns
    -------
    dict of str to bytes
        Path from the root (`datasets/us_troops.csv`, ..., `datasets/datapackage.json`, `docs/data_defects.md`)
        to its bytes.

    Raises
    ------
    DatasetError
        If a given file changed, or if an entry and its table do not have the same columns.

    Examples
    --------
    >>> files = rebuild(Path(__file__).parents[2])
    >>> "datasets/us_troops.csv" in files
    True
    """
    folder = root / "datasets"
    entries = read_entries(folder / "entries")
    tables = _tables(entries, folder / "raw")
    files = {f"datasets/{entry.key}.csv": write_text(tables[entry.key]) for entry in entries}
    package = _package(entries, read_shared(folder / "entries"), tables, files)
    files["datasets/datapackage.json"] = _as_json(package)
    return files | {DEFECTS_PAGE: defects_page().encode("utf-8")}


def check(root: Path) -> list[str]:
    """Paths, from the root, of the files that are not what `rebuild` gives, or that no entry explains.

    Parameters
    ----------
    root : pathlib.Path
        Root of a checkout.

    Returns
    -------
    list of str
        Empty if all is well.

    Examples
    --------
    >>> check(Path(__file__).parents[2])
    []
    """
    files = rebuild(root)
    stale = [path for path, data in files.items() if _bytes(root / path) != data]
    found = {f"datasets/{path.name}" for path in (root / "datasets").glob("*.csv")}
    return sorted({*stale, *(found - set(files))})


def _tables(entries: list[Entry], raw: Path) -> Tables:
    """Mend the tables that start from a given file, then build those that start from other tables."""
    tables: Tables = {}
    for entry in sorted(entries, key=lambda entry: not entry.raw):
        given = read_text(verified_raw(raw, entry.raw)) if entry.raw else BUILDERS[entry.key](tables)
        table = mend(entry.key, given)
        table = add_unit(table, entry.unit_from) if entry.unit_from else table
        tables[entry.key] = _in_order(table, entry)
    return tables


def _in_order(table: pd.DataFrame, entry: Entry) -> pd.DataFrame:
    differ = sorted(set(table.columns) ^ set(entry.columns))
    if differ:
        raise DatasetError(f"The table and the entry of {entry.key!r} differ in the columns {differ}.")
    return table[list(entry.columns)]


def _package(
    entries: list[Entry], shared: Shared, tables: Tables, files: Mapping[str, bytes]
) -> dict[str, Any]:
    resources = [
        describe_resource(
            entry,
            tables[entry.key],
            files[f"datasets/{entry.key}.csv"],
            [step.line() for step in steps_of(entry.key)],
        )
        for entry in entries
    ]
    return shared.package | {"resources": resources}


def _as_json(package: dict[str, Any]) -> bytes:
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
