"""Which edition of a lesson is this, and has anybody written in it?

The idea: a built lesson carries the digest of its own content in its metadata. A student's copy keeps that digest
when the content changes, so that one file alone tells which edition it grew from, and whether it was touched.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

KEY = "course"


def digest(notebook: dict[str, Any]) -> str:
    """Digest of what a reader sees: cell types, sources, outputs and order.

    Parameters
    ----------
    notebook : dict
        A notebook as JSON, format 4.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> digest({"cells": []}) == digest({"cells": [], "metadata": {"course": {"lesson": "01"}}})
    True
    """
    seen = [
        [cell.get("cell_type"), _text(cell.get("source", "")), cell.get("outputs", [])]
        for cell in notebook.get("cells", [])
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def declared(notebook: dict[str, Any]) -> str | None:
    """Edition that `notebook` was copied from, or None for a notebook that is not ours."""
    mark = notebook.get("metadata", {}).get(KEY, {})
    return mark.get("edition") if isinstance(mark, dict) else None


def is_untouched(notebook: dict[str, Any]) -> bool:
    """Tell whether the content is still that of the edition that the notebook declares."""
    return declared(notebook) is not None and declared(notebook) == digest(notebook)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
