"""What people write about a dataset: one entry each, in `datasets/entries/<key>.json`.

The entry is the only home of titles, meanings, units, sources, licences and caveats. Columns that many files share
are described once, in `_shared.json`, and named by an entry with a plain string. What can be counted or computed
(hash, rows, years, missing values) is not written by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from helpers.data.errors import ChangedDataset, DatasetError, MissingDataset

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Entry", "Shared", "describe_resource", "read_entries", "read_shared", "verified_raw"]

Json: TypeAlias = dict[str, Any]
_ENTRY_KEYS = {
    "title", "description", "kind", "raw", "unit_from", "coverage", "primaryKey",
    "sources", "licenses", "derivation", "caveats", "breaks", "fields",
}  # fmt: skip


@dataclass(frozen=True)
class Shared:
    """What all entries share: package texts, columns by name, licences by name."""

    package: Json
    fields: Mapping[str, Json]
    licenses: Mapping[str, Json]


@dataclass(frozen=True)
class Entry:
    """One hand-written entry.

    Parameters
    ----------
    key : str
        Name of the dataset, and of its file.
    raw : str
        File in `datasets/raw` it starts from; empty if it is built from other datasets.
    unit_from : str
        Column that tells which state a row is about; empty if there is none, or if a step decides.
    columns : tuple of str
        Columns of the dataset, in order.
    text : dict
        The entry as written, with shared columns and licences filled in.
    """

    key: str
    raw: str
    unit_from: str
    columns: tuple[str, ...]
    text: Json


def read_shared(folder: Path) -> Shared:
    """Read `_shared.json` of a folder of entries.

    Examples
    --------
    >>> folder = Path(__file__).parents[2] / "datasets" / "entries"
    >>> "unit" in read_shared(folder).fields
    True
    """
    written = json.loads((folder / "_shared.json").read_text(encoding="utf-8"))
    return Shared(written["package"], written["fields"], written["licenses"])


def read_entries(folder: Path) -> list[Entry]:
    """Every entry of a folder, by key.

    Raises
    ------
    DatasetError
        If an entry has an unknown key, or names a column or licence that nobody describes.

    Examples
    --------
    >>> folder = Path(__file__).parents[2] / "datasets" / "entries"
    >>> "polls" in [entry.key for entry in read_entries(folder)]
    True
    """
    shared = read_shared(folder)
    return [_entry(path, shared) for path in sorted(folder.glob("[!_]*.json"))]


def verified_raw(folder: Path, name: str) -> bytes:
    """Bytes of a given file, if they are the ones recorded in `SHA256SUMS`.

    Raises
    ------
    MissingDataset, ChangedDataset
        If the file is not there, or not what was given.

    Examples
    --------
    >>> folder = Path(__file__).parents[2] / "datasets" / "raw"
    >>> verified_raw(folder, "polls.csv")[:15]
    b'poll_id,country'
    """
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    expected = {line[66:]: line[:64] for line in lines}
    path = folder / name
    if name not in expected or not path.is_file():
        raise MissingDataset(path)
    data = path.read_bytes()
    found = sha256(data).hexdigest()
    if found != expected[name]:
        raise ChangedDataset(path, expected[name], found)
    return data


def describe_resource(entry: Entry, table: pd.DataFrame, data: bytes, steps: list[str]) -> Json:
    """One resource of the data package: the entry, and what its table and bytes tell.

    Parameters
    ----------
    entry : Entry
    table : pandas.DataFrame
        The shipped table, as text.
    data : bytes
        The same table as it lies in its file.
    steps : list of str
        What was mended, one line each; they follow the entry's own derivation.
    """
    text = entry.text
    schema: Json = {
        "fields": [_with_required(field, table) for field in text["fields"]],
        "missingValues": [""],
    }
    if "primaryKey" in text:
        schema["primaryKey"] = text["primaryKey"]
    resource: Json = {"name": entry.key, "path": f"{entry.key}.csv"}
    resource |= {key: text[key] for key in ("title", "description", "kind")}
    resource |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    resource |= {"hash": f"sha256:{sha256(data).hexdigest()}", "bytes": len(data), "rows": len(table)}
    years = _coverage(entry, table)
    resource |= {"coverage": {"start": years[0], "end": years[1]}} if years else {}
    resource |= {key: text[key] for key in ("sources", "licenses")}
    resource |= {"steps": [*text["derivation"], *steps], "caveats": text["caveats"], "breaks": text["breaks"]}
    return resource | {"schema": schema}


def _entry(path: Path, shared: Shared) -> Entry:
    written = json.loads(path.read_text(encoding="utf-8"))
    unknown = set(written) - _ENTRY_KEYS
    if unknown:
        raise DatasetError(
            f"{path.name}: nobody reads {sorted(unknown)}. An entry may have {sorted(_ENTRY_KEYS)}."
        )
    fields = [_filled(field, shared.fields, path) for field in written["fields"]]
    licenses = [_filled(licence, shared.licenses, path) for licence in written["licenses"]]
    sources = [{"title": source} for source in written["sources"]]
    text = {"kind": "real", "breaks": [], "caveats": [], "derivation": []} | written
    text |= {"fields": fields, "licenses": licenses, "sources": sources}
    columns = tuple(field["name"] for field in fields)
    return Entry(path.stem, written.get("raw", ""), written.get("unit_from", ""), columns, text)


def _filled(item: str | Json, shared: Mapping[str, Json], path: Path) -> Json:
    """Fill in what `_shared.json` knows about a column or licence that is named by a plain string."""
    if not isinstance(item, str):
        return item
    if item not in shared:
        raise DatasetError(f"{path.name}: {item!r} is not described. Describe it there, or in _shared.json.")
    return {"name": item} | shared[item]


def _with_required(field: Json, table: pd.DataFrame) -> Json:
    if (table[field["name"]] == "").any():
        return field
    return field | {"constraints": {"required": True} | field.get("constraints", {})}


def _coverage(entry: Entry, table: pd.DataFrame) -> tuple[int, int] | None:
    if "coverage" in entry.text:
        first, last = entry.text["coverage"]
        return first, last
    if "year" not in table:
        return None
    years = [int(year) for year in table["year"] if year]
    return min(years), max(years)
