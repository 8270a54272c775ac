"""The working set of lesson 14: chosen items of `vietnam_evidence`, four hypotheses, and the course's own judgements.

What is weighed is a choice, so it is data with reasons that anybody can read and change: `content/tracing.yml`. Here it
becomes frozen records, each item is joined to its row in the evidence, and a slip is named with its entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from helpers.data.texts import TextError, _read, _record

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Cluster", "Hypothesis", "Item", "WorkingSet", "working_set"]

FEWEST, MOST = 12, 16
MOST_GIVE = 30.0
COLUMNS = ("item", "date", "ally", "actor", "summary", "citation", "confidence", "about", "cluster", "why")


@dataclass(frozen=True)
class Hypothesis:
    """One of the rivals.

    Parameters
    ----------
    key : str
    name, short : str
        Its name, and one for figures.
    says : str
        What it expects of allies, in one sentence.
    origin : str
        Where it comes from, and what of it is the course's own.
    """

    key: str
    name: str
    short: str
    says: str
    origin: str


@dataclass(frozen=True)
class Cluster:
    """Items that report the same thing, and why they do.

    Parameters
    ----------
    key : str
    why : str
    """

    key: str
    why: str


@dataclass(frozen=True)
class Item:
    """One chosen item and the course's own judgement of it.

    Parameters
    ----------
    id : str
        As in `vietnam_evidence`.
    about : str
        stance, will, capacity, danger, price or withdrawal.
    why : str
        Why it was chosen.
    cluster : str
        Key of a cluster, or empty.
    weights : mapping from str to float
        Decibels under each hypothesis, 0 for the one that expected the item most.
    give : float
        By how many decibels a weight between two rivals could be moved, either way.
    reason : str
        Why these weights.
    row : mapping from str to str
        The item's row in the evidence: unit, ally, date, actor, summary, citation, confidence.
    """

    id: str
    about: str
    why: str
    cluster: str
    weights: Mapping[str, float]
    give: float
    reason: str
    row: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkingSet:
    """What lesson 14 weighs.

    Parameters
    ----------
    hypotheses : tuple of Hypothesis
    clusters : tuple of Cluster
    items : tuple of Item
        In order of their dates.
    stakes : mapping from str to tuple of str
        Allies by how near the war was to their own interests: near, between, far. The course's own list.
    """

    hypotheses: tuple[Hypothesis, ...]
    clusters: tuple[Cluster, ...]
    items: tuple[Item, ...]
    stakes: Mapping[str, tuple[str, ...]]

    @property
    def names(self) -> dict[str, str]:
        """Name of each hypothesis by its key."""
        return {each.key: each.name for each in self.hypotheses}

    @property
    def shorts(self) -> dict[str, str]:
        """Short name of each hypothesis, for figures."""
        return {each.key: each.short for each in self.hypotheses}

    @property
    def weights(self) -> dict[str, Mapping[str, float]]:
        """The course's own judgements: for each item decibels under each hypothesis."""
        return {each.id: each.weights for each in self.items}

    @property
    def gives(self) -> dict[str, float]:
        """By how many decibels each of them could be moved."""
        return {each.id: each.give for each in self.items}

    @property
    def cluster_of(self) -> dict[str, str]:
        """Cluster of each item; empty if it stands alone."""
        return {each.id: each.cluster for each in self.items}

    def item(self, name: str) -> Item:
        """Give one item.

        Parameters
        ----------
        name : str
            Its id, such as "FRG-03".

        Raises
        ------
        TextError
            If it is not in the set.
        """
        found = next((each for each in self.items if each.id == name), None)
        if found is None:
            raise TextError(
                f"{name!r} is not in the working set; it has {', '.join(each.id for each in self.items)}."
            )
        return found

    def to_frame(self) -> pd.DataFrame:
        """Return a row an item, with its citation and confidence; no judgement is in it.

        Returns
        -------
        DataFrame
            Columns item, date, ally, actor, summary, citation, confidence, about, cluster, why.
        """
        import pandas as pd

        rows = [
            {
                **each.row,
                "item": each.id,
                "about": each.about,
                "cluster": each.cluster,
                "why": each.why,
            }
            for each in self.items
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __repr__(self) -> str:
        return (
            f"{len(self.items)} items, {len(self.clusters)} clusters, {len(self.hypotheses)} hypotheses; the choice "
            "is the course's own"
        )


@lru_cache(maxsize=1)
def working_set() -> WorkingSet:
    """What lesson 14 weighs: read once, joined to the evidence and checked.

    Returns
    -------
    WorkingSet

    Raises
    ------
    TextError
        If `content/tracing.yml` is written wrongly; names the entry.

    Examples
    --------
    >>> working_set().item("FRG-03").about
    'will'
    """
    return build(_read("tracing"))  # type: ignore[arg-type]


def build(content: Mapping[str, Any]) -> WorkingSet:
    """Make a working set of what a file says.

    Parameters
    ----------
    content : mapping
        hypotheses, clusters, stakes, items, as in `content/tracing.yml`.

    Returns
    -------
    WorkingSet

    Raises
    ------
    TextError
        If something is missing, doubled or impossible.
    """
    hypotheses = tuple(_record(Hypothesis, each, "tracing") for each in content["hypotheses"])
    clusters = tuple(_record(Cluster, each, "tracing") for each in content["clusters"])
    rows = _evidence()
    items = tuple(
        _record(Item, {**each, "row": rows.get(each.get("id"), {})}, "tracing") for each in content["items"]
    )
    found = WorkingSet(
        hypotheses, clusters, items, {key: tuple(units) for key, units in content["stakes"].items()}
    )
    _refuse_odd(found)
    return found


def _evidence() -> dict[str, dict[str, str]]:
    """Row of each item of the evidence, by its id."""
    from helpers.data.reader import load

    table = load("vietnam_evidence").rename(columns={"source_citation": "citation"})
    table["unit"] = table["unit"].fillna("")
    columns = ["unit", "ally", "date", "actor", "summary", "citation", "confidence"]
    return {
        str(key): {str(name): str(value) for name, value in row.items()}
        for key, row in table.set_index("evidence_id")[columns].to_dict("index").items()
    }


def _refuse_odd(found: WorkingSet) -> None:
    names = [each.id for each in found.items]
    if not FEWEST <= len(names) <= MOST:
        raise TextError(f"tracing.yml: {len(names)} items; a sitting takes {FEWEST} to {MOST}.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise TextError(f"tracing.yml: {twice} stands there twice.")
    for each in found.items:
        _refuse_odd_item(each, found)
    dates = [each.row["date"] for each in found.items]
    if dates != sorted(dates):
        raise TextError("tracing.yml: items stand in the order of their dates.")


def _refuse_odd_item(item: Item, found: WorkingSet) -> None:
    if not item.row:
        raise TextError(f"tracing.yml: {item.id} is not in `vietnam_evidence`.")
    if item.cluster and item.cluster not in {each.key for each in found.clusters}:
        raise TextError(f"tracing.yml: {item.id} is in a cluster {item.cluster!r}, which is not described.")
    if set(item.weights) != set(found.names):
        raise TextError(f"tracing.yml: {item.id} must weigh {', '.join(found.names)}.")
    if max(item.weights.values()) != 0 or not 0 <= item.give <= MOST_GIVE:
        raise TextError(
            f"tracing.yml: {item.id}: the likeliest hypothesis has weight 0, and `give` is 0 to {MOST_GIVE:g}."
        )
