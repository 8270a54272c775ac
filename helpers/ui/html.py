"""Tables and texts as HTML that a screen reader can follow: a caption, headers with a scope, nothing unescaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def table_html(table: pd.DataFrame, caption: str = "") -> str:
    """A small table as accessible HTML.

    Parameters
    ----------
    table : DataFrame
        Its columns become column headers and its first column heads the rows. The index is not shown.
    caption : str

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> "Japan</th>" in table_html(pd.DataFrame({"host": ["Japan"], "troops": [53246]}))
    True
    """
    head = "".join(
        f"<th scope='col' style='text-align:left'>{escape(str(name))}</th>" for name in table.columns
    )
    rows = "".join(_row(values) for values in table.itertuples(index=False, name=None))
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(values: tuple[object, ...]) -> str:
    first, *rest = values
    return f"<tr><th scope='row' style='text-align:left'>{escape(_text(first))}</th>{''.join(map(_cell, rest))}</tr>"


def _cell(value: object) -> str:
    kind = " style='text-align:left'" if isinstance(value, str) else " class='number'"
    return f"<td{kind}>{escape(_text(value))}</td>"


def _text(value: object) -> str:
    if value is None or value != value:  # NaN is the one value unequal to itself
        return "no figure"
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.2f}"
