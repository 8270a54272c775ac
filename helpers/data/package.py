"""What is known about each dataset, read from `datapackage.json`.

The file is a Frictionless Data Package. It is written by `helpers.data.rebuild` from the entries in
`datasets/entries`; nobody edits it by hand.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from helpers.data.errors import NotAName, UnknownDataset
from helpers.data.locate import PACKAGE_FILE, datasets_folder

__all__ = ["Break", "Field", "Resource", "breaks", "resource", "resources"]


@dataclass(frozen=True)
class Break:
    """A year in which a series changes its source or definition.

    Parameters
    ----------
    year : int
        First year after the change.
    text : str
        What changes, in one sentence.
    """

    year: int
    text: str


@dataclass(frozen=True)
class Field:
    """One column of a dataset.

    Parameters
    ----------
    name, type : str
        Column name; Frictionless type: integer, number or string.
    unit : str
        Unit of measurement, empty where there is none.
    description : str
    required : bool
        True if no value is missing.
    """

    name: str
    type: str
    unit: str
    description: str
    required: bool


@dataclass(frozen=True)
class Resource:
    """One dataset as the package describes it."""

    name: str
    path: str
    title: str
    description: str
    kind: str
    n_rows: int
    sha256: str
    coverage: tuple[int, int] | None
    fields: tuple[Field, ...]
    sources: tuple[str, ...]
    licenses: tuple[str, ...]
    steps: tuple[str, ...]
    caveats: tuple[str, ...]
    breaks: tuple[Break, ...]


def resource(name: str) -> Resource:
    """Description of one dataset.

    Parameters
    ----------
    name : str
        Key of the dataset, for example ``"us_troops"``.

    Raises
    ------
    UnknownDataset
        If there is no such key.
    NotAName
        If `name` is no text.

    Examples
    --------
    >>> resource("us_troops").path
    'us_troops.csv'
    """
    if not isinstance(name, str):
        raise NotAName(name)
    known = resources()
    if name not in known:
        raise UnknownDataset(name, known)
    return known[name]


def resources() -> dict[str, Resource]:
    """Every dataset of the course by its key, in the order of the package.

    Examples
    --------
    >>> "polls" in resources()
    True
    """
    return _read(datasets_folder() / PACKAGE_FILE)


def breaks(name: str) -> list[Break]:
    """Years in which a dataset changes its source or definition.

    Parameters
    ----------
    name : str
        Key of the dataset.

    Returns
    -------
    list of Break
        In the order of years; empty if the series has no known break.

    Raises
    ------
    UnknownDataset
        If there is no such key.

    Examples
    --------
    >>> [b.year for b in breaks("us_troops")]
    [1951, 1953, 2006, 2008]
    """
    return list(resource(name).breaks)


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Resource]:
    package = json.loads(path.read_text(encoding="utf-8"))
    return {raw["name"]: _resource(raw) for raw in package["resources"]}


def _resource(raw: dict[str, Any]) -> Resource:
    years = raw.get("coverage")
    return Resource(
        name=raw["name"],
        path=raw["path"],
        title=raw["title"],
        description=raw["description"],
        kind=raw["kind"],
        n_rows=raw["rows"],
        sha256=raw["hash"].removeprefix("sha256:"),
        coverage=(years["start"], years["end"]) if years else None,
        fields=tuple(_field(field) for field in raw["schema"]["fields"]),
        sources=tuple(source["title"] for source in raw["sources"]),
        licenses=tuple(licence["name"] for licence in raw["licenses"]),
        steps=tuple(raw["steps"]),
        caveats=tuple(raw["caveats"]),
        breaks=tuple(Break(item["year"], item["text"]) for item in raw["breaks"]),
    )


def _field(raw: dict[str, Any]) -> Field:
    required = bool(raw.get("constraints", {}).get("required", False))
    return Field(raw["name"], raw["type"], raw.get("unit", ""), raw["description"], required)
