"""Tables of text: every cell stays as it is printed in the file until a recorded step changes it.

Reading numbers and writing them again can alter digits that nobody meant to touch. So mendings work on text, and
what they leave alone leaves the course as it came.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["numbers", "read_text", "write_text"]


def read_text(data: bytes) -> pd.DataFrame:
    r"""Table of text from the bytes of a CSV file; a missing value is the empty text.

    Examples
    --------
    >>> read_text(b"a,b\n1.50,\n").iloc[0].tolist()
    ['1.50', '']
    """
    import pandas as pd

    return pd.read_csv(BytesIO(data), dtype=str, keep_default_na=False, encoding="utf-8")


def write_text(table: pd.DataFrame) -> bytes:
    r"""Bytes of a CSV file: UTF-8, line feeds, quotes only where needed.

    Examples
    --------
    >>> write_text(read_text(b"a,b\n1.50,\n"))
    b'a,b\n1.50,\n'
    """
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8")


def numbers(column: pd.Series[str]) -> pd.Series[float]:
    """Return the numbers that a column of text holds; empty cells are missing."""
    import pandas as pd

    return pd.to_numeric(column.replace("", None)).astype(float)
