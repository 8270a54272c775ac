"""The codebook: what each column means, in which unit, how much is missing, and whose data it is.

`describe` answers the questions that come before any analysis; `catalogue` answers the one before those.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from re import sub
from textwrap import fill
from typing import TYPE_CHECKING

from helpers.data.package import Resource, resource, resources
from helpers.data.reader import load

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Codebook", "catalogue", "describe"]

_OPEN = ("Look out for", "Breaks in the series")
_LEFT = 'style="text-align: left"'
_WIDTH = 100


@dataclass(frozen=True)
class Codebook:
    """What there is to know about one dataset.

    Parameters
    ----------
    entry : Resource
    missing : tuple of float
        Share of missing values of each column, 0 to 1, in the order of the columns.
    """

    entry: Resource
    missing: tuple[float, ...]

    def to_frame(self) -> pd.DataFrame:
        """One row per column: name, type, unit, share missing (0 to 1), meaning."""
        import pandas as pd

        rows = [
            (field.name, field.type, field.unit, share, field.description)
            for field, share in zip(self.entry.fields, self.missing, strict=True)
        ]
        return pd.DataFrame(rows, columns=["column", "type", "unit", "missing", "meaning"])

    def __repr__(self) -> str:
        parts = [
            f"{self.entry.title} ({self.entry.name})",
            fill(self.entry.description, _WIDTH),
            self._size(),
        ]
        parts += [self._columns(), *_notes(self.entry)]
        return "\n\n".join(parts)

    def _repr_html_(self) -> str:
        head = f"<h4>{escape(self.entry.title)}</h4><p>{_html(self.entry.description)}</p>"
        return f"{head}<p>{escape(self._size())}</p>{self._table()}{_html_notes(self.entry)}"

    def _size(self) -> str:
        years = self.entry.coverage
        span = f", {years[0]} to {years[1]}" if years else ""
        simulated = "" if self.entry.kind == "real" else f" These data are {self.entry.kind}."
        return f"{self.entry.n_rows:,} rows, {len(self.entry.fields)} columns{span}.{simulated}"

    def _columns(self) -> str:
        wide = max(len(field.name) for field in self.entry.fields)
        lines = []
        for field, share in zip(self.entry.fields, self.missing, strict=True):
            unit = f" [{field.unit}]" if field.unit else ""
            text = f"{field.name:<{wide}}  {_percent(share):>11}  {field.description}{unit}"
            lines.append(fill(text, _WIDTH, subsequent_indent=" " * (wide + 15)))
        return "\n".join(lines)

    def _table(self) -> str:
        head = "".join(
            f'<th scope="col" {_LEFT}>{word}</th>' for word in ("Column", "Meaning", "Unit", "Missing")
        )
        rows = "".join(
            f'<tr><th scope="row" {_LEFT}><code>{escape(field.name)}</code></th>'
            f"<td {_LEFT}>{_html(field.description)}</td>"
            f"<td {_LEFT}>{escape(field.unit)}</td><td {_LEFT}>{_percent(share)}</td></tr>"
            for field, share in zip(self.entry.fields, self.missing, strict=True)
        )
        caption = f"Columns of {escape(self.entry.name)}"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )


def describe(name: str) -> Codebook:
    """Show the codebook of a dataset.

    Parameters
    ----------
    name : str
        Key of the dataset; `catalogue()` lists them.

    Returns
    -------
    Codebook
        Shows itself as text, and as a table in a notebook.

    Raises
    ------
    DatasetError
        If there is no such dataset, or its file is missing or changed.

    Examples
    --------
    >>> describe("us_image").entry.licenses
    ('CC-BY-4.0',)
    """
    shares = load(name).isna().mean()
    return Codebook(resource(name), tuple(float(share) for share in shares))


def catalogue() -> pd.DataFrame:
    """List the datasets of the course.

    Returns
    -------
    pandas.DataFrame
        One row per dataset: name, title, rows, columns, first and last year (missing where there is none),
        licence, and whether the data are real or simulated.

    Examples
    --------
    >>> "us_troops" in set(catalogue()["name"])
    True
    """
    import pandas as pd

    table = pd.DataFrame([_line(entry) for entry in resources().values()])
    return table.astype({"first_year": "Int64", "last_year": "Int64"})


def _line(entry: Resource) -> dict[str, object]:
    first, last = entry.coverage or (None, None)
    return {
        "name": entry.name,
        "title": entry.title,
        "rows": entry.n_rows,
        "columns": len(entry.fields),
        "first_year": first,
        "last_year": last,
        "licence": ", ".join(entry.licenses),
        "kind": entry.kind,
    }


def _percent(share: float) -> str:
    if share == 0:
        return "none"
    if 0.99 < share < 1:
        return "over 99 %"
    return "under 1 %" if share < 0.01 else f"{100 * share:.0f} %"


def _html(text: str) -> str:
    """Escape a text for HTML; what stands between backticks becomes code."""
    return sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _sections(entry: Resource) -> list[tuple[str, tuple[str, ...]]]:
    """Return the headings below the table with their items; empty ones are left out."""
    changes = tuple(f"{item.year}: {item.text}" for item in entry.breaks)
    sections = [
        ("Look out for", entry.caveats),
        ("Breaks in the series", changes),
        ("Steps from source to file", entry.steps),
        ("Source", entry.sources),
        ("Licence", entry.licenses),
    ]
    return [(heading, items) for heading, items in sections if items]


def _notes(entry: Resource) -> list[str]:
    return [
        "\n".join([heading, *(fill(f"- {item}", _WIDTH, subsequent_indent="  ") for item in items)])
        for heading, items in _sections(entry)
    ]


def _html_notes(entry: Resource) -> str:
    """What a reader must know stands open; where the file comes from unfolds on a click."""
    return "".join(
        f"<h5>{heading}</h5>{_list(items)}"
        if heading in _OPEN
        else f"<details><summary>{heading}</summary>{_list(items)}</details>"
        for heading, items in _sections(entry)
    )


def _list(items: tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{_html(item)}</li>' for item in items)}</ul>"
