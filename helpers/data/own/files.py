"""Reading a file as it is: CSV, Stata or SPSS, with its labels, and nothing turned or dropped.

Text files are read as text, so that a word such as "NA" is seen and not silently taken for a missing answer. Empty
cells, and what Stata or SPSS mark as missing, are missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.data.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd

TEXT = {".csv": None, ".tsv": "\t", ".tab": "\t"}
SEPARATORS = (",", ";", "\t", "|")
STATA, SPSS = (".dta",), (".sav", ".zsav")
KNOWN = (*TEXT, *STATA, *SPSS)
INSTALL = "pip install 'assurance-course[archive]'"


class OwnStudyError(DatasetError):
    """A file or mapping that cannot be used; names the place, the value and what was expected.

    Parameters
    ----------
    message : str
    troubles : tuple of tuple
        All values that do not fit: column, row, value, what was expected.
    """

    def __init__(self, message: str, troubles: tuple[tuple[str, int, str, str], ...] = ()) -> None:
        super().__init__(message)
        self.troubles = troubles

    def to_frame(self) -> pd.DataFrame:
        """Return a row a value that does not fit: column, row, value, expected."""
        import pandas as pd

        return pd.DataFrame(list(self.troubles), columns=["column", "row", "value", "expected"])


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds.

    Parameters
    ----------
    name : str
        Of the file.
    frame : DataFrame
        Text files: all cells as text, empty ones missing. Stata and SPSS: numbers or text as stored.
    labels : mapping
        Column to its label, where the file has one.
    value_labels : mapping
        Column to its codes and their labels.
    first_row : int
        Number that a person who opens the file sees beside the first respondent.
    decimal_comma : bool
    """

    name: str
    frame: pd.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    value_labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
    first_row: int = 1
    decimal_comma: bool = False

    def column(self, name: Any, at: str) -> pd.Series[Any]:
        """A column; `at` says where the mapping asks for it."""
        from difflib import get_close_matches

        if name in self.frame.columns:
            found: pd.Series[Any] = self.frame[name]
            return found
        near = get_close_matches(str(name), list(map(str, self.frame.columns)), n=1, cutoff=0.6)
        question = f" Did you mean {near[0]!r}?" if near else ""
        there = ", ".join(map(str, self.frame.columns[:12]))
        more = f" and {len(self.frame.columns) - 12} more" if len(self.frame.columns) > 12 else ""
        raise OwnStudyError(f"{self.name} has no column {name!r} ({at}).{question} It has {there}{more}.")


def read_table(path: Path, encoding: str = "utf-8-sig") -> Table:
    """Read a data file.

    Parameters
    ----------
    path : Path
        Ending in .csv, .tsv, .tab, .dta, .sav or .zsav.
    encoding : str
        Of a text file.

    Returns
    -------
    Table

    Raises
    ------
    OwnStudyError
        If there is no such file, it is of another kind, or cannot be read.
    """
    kind = path.suffix.lower()
    if not path.is_file():
        raise OwnStudyError(f"There is no file {path}.")
    if kind not in KNOWN:
        raise OwnStudyError(
            f"{path.name} is of a kind that is not read here ({kind or 'no ending'}); save it as one of "
            f"{', '.join(KNOWN)}. In R: write.csv(data, 'data.csv', row.names = FALSE)."
        )
    table = _text(path, encoding) if kind in TEXT else _labelled(path)
    if table.frame.empty:
        raise OwnStudyError(f"{path.name} has no rows.")
    return table


def _text(path: Path, encoding: str) -> Table:
    import pandas as pd

    try:
        lines = path.read_text(encoding=encoding).splitlines()
    except (UnicodeDecodeError, LookupError):
        raise OwnStudyError(
            f"{path.name} cannot be read as {encoding}; name its encoding in the mapping, such as encoding: cp1252, "
            "or save it as UTF-8."
        ) from None
    if not lines:
        raise OwnStudyError(f"{path.name} is empty.")
    separator = TEXT[path.suffix.lower()] or max(SEPARATORS, key=lines[0].count)
    try:
        cells = pd.read_csv(
            path, sep=separator, header=None, dtype=str, keep_default_na=False, encoding=encoding,
            skip_blank_lines=False, engine="python", on_bad_lines="error",
        )  # fmt: skip
    except (pd.errors.ParserError, ValueError) as error:
        raise OwnStudyError(
            f"{path.name} is no table: {str(error).splitlines()[0]}. Each row needs as many cells as the first."
        ) from None
    cells = cells.map(lambda cell: str(cell).strip(), na_action="ignore")
    frame = cells.iloc[1:].reset_index(drop=True)
    frame.columns = pd.Index(_names(path, list(cells.iloc[0])))
    return Table(path.name, frame.replace("", None), first_row=2, decimal_comma=separator == ";")


def _names(path: Path, names: list[str]) -> list[str]:
    for name in names:
        if names.count(name) > 1:
            raise OwnStudyError(f"{path.name} has two columns with the name {name!r}; give each its own.")
    return names


def _labelled(path: Path) -> Table:
    try:
        import pyreadstat
    except ImportError:
        raise OwnStudyError(
            f"Reading {path.name} needs pyreadstat, which is not installed: {INSTALL}."
        ) from None
    reader = pyreadstat.read_dta if path.suffix.lower() in STATA else pyreadstat.read_sav
    try:
        frame, meta = reader(str(path))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise OwnStudyError(f"{path.name} cannot be read: {str(error).rstrip('.')}.") from None
    labels = {name: label for name, label in meta.column_names_to_labels.items() if label}
    frame = frame.replace("", None)
    return Table(path.name, frame.reset_index(drop=True), labels, dict(meta.variable_value_labels))
