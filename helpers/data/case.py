"""What the course lays down about the Vietnam case in plain text: the phases of the war, and the theories.

Both are the course's own and stand in `helpers/data/content`, where anybody can read and change them. Here they are
only read; `helpers.vietnam.evidence.phases` and `helpers.vietnam.predictions.theories` make checked records of them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

__all__ = ["phase_entries", "theory_entries"]

FOLDER = Path(__file__).parent / "content"


def phase_entries() -> list[dict[str, Any]]:
    """The phases of the war as written down: `phase`, `begins`, `ends`, `reason`.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> [each["phase"] for each in phase_entries()]
    ['advisers', 'escalation', 'withdrawal', 'end']
    """
    return [dict(each) for each in _read("phases")]


def theory_entries() -> list[dict[str, Any]]:
    """The four hypotheses as written down: `theory`, `name`, `says`, `source`, `against`, `expects`.

    Returns
    -------
    list of dict

    Examples
    --------
    >>> [each["theory"] for each in theory_entries()]
    ['hawkish', 'divided', 'payment', 'reliability']
    """
    return [dict(each) for each in _read("theories")]


@lru_cache(maxsize=8)
def _read(name: str) -> Any:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"), loader)
