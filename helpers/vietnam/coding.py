"""Coding: turning what an item says into one of a few codes, by rules that another reader could follow.

A coding is worth what two readers who cannot see each other make of the same rules. So a coding is read strictly: it
names the version of the codebook, each item has one code of each kind, and no code is one that the codebook lacks. Then
agreement can be computed item by item, and the items on which readers part can be looked at, which is where one learns.
The codes are the course's own; no published study's coding is used or implied.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.vietnam.agreement import (
    Agreement,
    CodingError,
    cohens_kappa,
    krippendorffs_alpha,
    percent_agreement,
)

if TYPE_CHECKING:
    from helpers.data.codings import CodingRules

COLUMNS = ("codebook", "evidence_id", "stance", "reason", "certainty", "note")
CODED = ("stance", "reason")
"""What readers are compared on; certainty is about the coding, not about the item."""
NO_STANCE = "no_stance"
SCORES = {"supportive": 2, "leaning_supportive": 1, "mixed": 0, "leaning_opposed": -1, "opposed": -2}
"""Numbers for stances where a mean is wanted: the course's own, equal steps that nobody has tested."""
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Coding:
    """What one reader made of one item.

    Parameters
    ----------
    evidence_id : str
    stance, reason, certainty : str
        Codes of the codebook.
    note : str
        Why, in a sentence; may be empty.
    """

    evidence_id: str
    stance: str
    reason: str
    certainty: str
    note: str = ""


@dataclass(frozen=True)
class CodingSet:
    """What one reader made of many items.

    Parameters
    ----------
    coder : str
    codebook : str
        Name and version, such as "vietnam/1".
    codings : tuple of Coding
    """

    coder: str
    codebook: str
    codings: tuple[Coding, ...]

    def __repr__(self) -> str:
        return f"{self.coder}: {len(self.codings)} items coded by codebook {self.codebook}"

    def __len__(self) -> int:
        return len(self.codings)

    def to_frame(self) -> pd.DataFrame:
        """Return a row an item, indexed by `evidence_id`."""
        rows = [vars(coding) for coding in self.codings]
        return pd.DataFrame(rows, columns=COLUMNS[1:]).set_index("evidence_id")

    def to_csv(self) -> str:
        """Return the coding file, in the order of the items' ids."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each in sorted(self.codings, key=lambda coding: coding.evidence_id):
            writer.writerow([self.codebook, *vars(each).values()])
        return text.getvalue()


def read_coding(text: str, rules: CodingRules, items: Collection[str], *, coder: str) -> CodingSet:
    r"""Read a coding file strictly.

    Parameters
    ----------
    text : str
        Content of a CSV file as the codebook describes it.
    rules : CodingRules
        The codebook; see `helpers.data.coding_rules`.
    items : collection of str
        Ids that there are.
    coder : str
        Whose it is, for sentences and tables.

    Returns
    -------
    CodingSet

    Raises
    ------
    CodingError
        If a column is missing, the codebook is another, or an item or code is unknown, missing or given twice.

    Examples
    --------
    >>> from helpers.data import coding_rules
    >>> line = "vietnam/1,FRG-03,supportive,will,sure,\n"
    >>> read_coding(",".join(COLUMNS) + "\n" + line, coding_rules(), ["FRG-03"], coder="you")
    you: 1 items coded by codebook vietnam/1
    """
    found: dict[str, Coding] = {}
    for line, row in _rows(text, coder):
        coding = _coding(row, rules, items, f"{coder}, line {line}")
        if coding.evidence_id in found:
            raise CodingError(
                f"{coder}, line {line}: {coding.evidence_id} is coded twice; keep one of the two rows."
            )
        found[coding.evidence_id] = coding
    if not found:
        raise CodingError(f"{coder}: the file holds no coded item.")
    return CodingSet(coder, rules.tag, tuple(found.values()))


def _rows(text: str, coder: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            raise CodingError(f"{coder}: the first line must name the columns {', '.join(COLUMNS)}.")
        for number, cells in enumerate(reader):
            if number >= MOST_ROWS:
                raise CodingError(
                    f"{coder}: more than {MOST_ROWS} rows; this is no coding file of the course."
                )
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                raise CodingError(
                    f"{coder}, line {reader.line_num}: {len(cells)} cells instead of {len(header)}; "
                    "a note with a comma stands in quotation marks."
                )
            yield reader.line_num, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    except csv.Error as error:
        raise CodingError(f"{coder}, line {reader.line_num}: this is no CSV file ({error}).") from None


def _coding(row: Mapping[str, str], rules: CodingRules, items: Collection[str], at: str) -> Coding:
    if row["codebook"] != rules.tag:
        raise CodingError(
            f"{at}: coded by codebook {_short(row['codebook'])}, and this is {rules.tag}; code it again by this one."
        )
    item = row["evidence_id"]
    if item not in items:
        raise CodingError(f"{at}: there is no item {_short(item)}; ids are those of vietnam_evidence.")
    for name, variable in rules.variables.items():
        if row[name] not in variable.codes:
            raise CodingError(
                f"{at}: {name} of {item} is {_short(row[name])}; give one of {', '.join(variable.codes)}."
            )
    return Coding(item, row["stance"], row["reason"], row["certainty"], " ".join(row["note"].split()))


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


# ------------------------------------------------------------------ agreement


def side_by_side(coders: Sequence[CodingSet], variable: str) -> pd.DataFrame:
    """Codes of several readers for one variable.

    Parameters
    ----------
    coders : sequence of CodingSet
        Of one codebook version.
    variable : str

    Returns
    -------
    DataFrame
        A row an item that any of them coded, a column a reader; missing where a reader gave none.

    Raises
    ------
    CodingError
        If two readers used different codebooks or have the same name.
    """
    tags = {each.codebook for each in coders}
    if len(tags) > 1:
        raise CodingError(
            f"These readers used different codebooks, {', '.join(sorted(tags))}: do not compare them."
        )
    names = [each.coder for each in coders]
    if len(set(names)) < len(names):
        raise CodingError(
            f"Two readers have the same name, {max(names, key=names.count)!r}; give each their own."
        )
    table = pd.concat({each.coder: each.to_frame()[variable] for each in coders}, axis=1)
    return table.sort_index()


def agreement_table(
    coders: Sequence[CodingSet], rules: CodingRules, *, n_bootstrap: int = 1000, seed: int = 1
) -> pd.DataFrame:
    """How far readers agree, variable by variable.

    Stance is compared twice: as six categories, and as ranks among the items to which all gave a stance.

    Parameters
    ----------
    coders : sequence of CodingSet
        Two or more.
    rules : CodingRules
    n_bootstrap : int
        Times that items are drawn again for the intervals of alpha.
    seed : int

    Returns
    -------
    DataFrame
        Columns variable, measure, value, low, high, n_items; low and high are the 95 % interval, where there is one.
        A measure that is not defined (no variation, or no common item) has no row.
    """
    rows = [
        {"variable": name, **result.to_frame().iloc[0].to_dict()}
        for name in CODED
        for result in _measures(side_by_side(coders, name), name, rules, n_bootstrap, seed)
    ]
    return pd.DataFrame(rows, columns=["variable", "measure", "value", "low", "high", "n_items"])


def _measures(
    codes: pd.DataFrame, name: str, rules: CodingRules, n_bootstrap: int, seed: int
) -> Iterator[Agreement]:
    common = codes.dropna()
    ranks = common[(common != NO_STANCE).all(axis=1)]
    order = rules.variables[name].order
    asked: list[Callable[[], Agreement]] = [
        lambda: percent_agreement(common),
        lambda: _kappa(common),
        lambda: krippendorffs_alpha(common, n_bootstrap=n_bootstrap, seed=seed),
    ]
    if rules.variables[name].ordered:
        asked.append(lambda: _kappa(ranks, order))
        asked.append(
            lambda: krippendorffs_alpha(
                ranks, level="ordinal", order=order, n_bootstrap=n_bootstrap, seed=seed
            )
        )
    for measure in asked:
        try:
            yield measure()
        except CodingError:
            continue


def _kappa(codes: pd.DataFrame, order: Sequence[str] | None = None) -> Agreement:
    if codes.shape[1] != 2:
        raise CodingError("Kappa is for two readers.")
    one, other = (list(codes[name]) for name in codes)
    if order is None:
        return cohens_kappa(one, other)
    return cohens_kappa(one, other, order=order, weights="linear")


def confusion(one: CodingSet, other: CodingSet, rules: CodingRules, variable: str = "stance") -> pd.DataFrame:
    """How often each code of one reader met each code of another.

    Parameters
    ----------
    one, other : CodingSet
    rules : CodingRules
    variable : str

    Returns
    -------
    DataFrame
        Rows are codes of `one`, columns codes of `other`; all codes of the codebook stand, in its order.
    """
    codes = side_by_side([one, other], variable).dropna()
    order = list(rules.variables[variable].codes)
    table = pd.crosstab(codes[one.coder], codes[other.coder])
    return table.reindex(index=order, columns=order, fill_value=0)


def differing(coders: Sequence[CodingSet], rules: CodingRules) -> pd.DataFrame:
    """Items on which readers gave different codes, the widest apart first.

    Parameters
    ----------
    coders : sequence of CodingSet
    rules : CodingRules

    Returns
    -------
    DataFrame
        Indexed by `evidence_id`: a column for each reader's stance and reason, and `steps`, the widest distance between
        two stances in ranks; a stance against none counts as five, more than any two stances are apart.
    """
    tables = {name: side_by_side(coders, name).dropna() for name in CODED}
    differ = pd.concat([table.nunique(axis=1) > 1 for table in tables.values()], axis=1).any(axis=1)
    wide = pd.concat(
        {f"{name}, {coder}": table[coder] for name, table in tables.items() for coder in table}, axis=1
    )
    steps = tables["stance"].apply(lambda row: _steps(list(row), rules.variables["stance"].order), axis=1)
    found = wide.assign(steps=steps if len(wide) else pd.Series(dtype=int))[differ]
    return found.sort_values("steps", ascending=False, kind="stable")


def _steps(stances: Sequence[str], order: Sequence[str]) -> int:
    far = len(order)
    place = {code: number for number, code in enumerate(order)}
    return max(
        (
            abs(place[a] - place[b]) if a in place and b in place else (far if a != b else 0)
            for a, b in combinations(stances, 2)
        ),
        default=0,
    )


def reasonable_people_differ(one: CodingSet, other: CodingSet, judge: CodingSet) -> pd.Series:
    """Items on which neither of two readers was careless, as far as the rules can tell.

    The course's own rule: the two gave different stances; or they gave different reasons and the reader who decided
    between them was not sure.

    Parameters
    ----------
    one, other : CodingSet
        The two who could not see each other.
    judge : CodingSet
        The one who saw both.

    Returns
    -------
    Series of bool
        By `evidence_id`, for items that all three coded.
    """
    stance = side_by_side([one, other, judge], "stance").dropna()
    reason = side_by_side([one, other, judge], "reason").dropna()
    certainty = judge.to_frame()["certainty"].reindex(stance.index)
    apart = stance[one.coder] != stance[other.coder]
    flagged = apart | ((reason[one.coder] != reason[other.coder]) & (certainty != "sure"))
    return flagged.rename("reasonable_people_differ")


# ------------------------------------------------------------------ what the items say


def stance_profile(codes: pd.DataFrame, by: str) -> pd.DataFrame:
    """Stances in groups of items.

    Parameters
    ----------
    codes : DataFrame
        A row an item, with `stance` and the column `by`.
    by : str
        Such as "ally", "evidence_type" or "confidence".

    Returns
    -------
    DataFrame
        Indexed by group: `items`, `with_stance`, `share_supportive`, `share_opposed` (both with their leaning
        neighbours, among items with a stance), `mean` (-2 opposed to 2 supportive). Missing where none has a stance.
    """
    for column in ("stance", by):
        if column not in codes:
            raise CodingError(
                f"The table has no column {column!r}; it has {', '.join(map(str, codes.columns))}."
            )
    score = codes["stance"].map(SCORES)
    table = pd.DataFrame({"group": codes[by], "score": score}).groupby("group", dropna=False)["score"]
    shares = {
        "share_supportive": table.apply(lambda each: (each.dropna() > 0).mean()),
        "share_opposed": table.apply(lambda each: (each.dropna() < 0).mean()),
    }
    found = pd.DataFrame(
        {"items": table.size(), "with_stance": table.count(), **shares, "mean": table.mean()}
    )
    return found.rename_axis(by)


@dataclass(frozen=True)
class DistanceCheck:
    """What distance alone expects of each ally, and what its items say.

    Parameters
    ----------
    table : DataFrame
        Indexed by ally, nearest first: `km`, `expected` and `said` ("supportive" or "opposed or mixed"), `mean`,
        `with_stance`.
    cut : float
        Kilometres up to which an ally counts as near.
    rho : float
        Rank correlation (Spearman) of kilometres and mean stance over the allies of the table.
    """

    table: pd.DataFrame
    cut: float
    rho: float

    @property
    def n_right(self) -> int:
        """Number of allies for which distance alone is right."""
        return int((self.table["expected"] == self.table["said"]).sum())

    def __repr__(self) -> str:
        return (
            f"Near means up to {self.cut:,.0f} km. Distance alone is right for {self.n_right} of {len(self.table)} "
            f"allies; rank correlation of kilometres and mean stance {self.rho:.2f}"
        )


def distance_check(
    codes: pd.DataFrame, km: Mapping[str, float], *, cut: float, at_least: int = 3
) -> DistanceCheck:
    """Set what distance alone predicts beside what the items say.

    The rule is the course's own and crude on purpose: an ally up to `cut` kilometres away supports the war, one further
    away does not. What an ally's items say is the sign of its mean stance.

    Parameters
    ----------
    codes : DataFrame
        A row an item, with `ally` and `stance`.
    km : mapping
        Ally to kilometres from Saigon.
    cut : float
        Kilometres.
    at_least : int
        Items with a stance that an ally must have.

    Returns
    -------
    DistanceCheck

    Raises
    ------
    CodingError
        If fewer than three allies are left.
    """
    profile = stance_profile(codes, "ally")
    kept = profile[profile.index.isin(list(km)) & (profile["with_stance"] >= at_least)]
    if len(kept) < 3:
        raise CodingError(
            f"Only {len(kept)} allies have a distance and {at_least} items with a stance; three are needed."
        )
    table = kept.assign(km=[km[ally] for ally in kept.index]).sort_values("km")
    words = np.array(["opposed or mixed", "supportive"])
    table["expected"] = words[(table["km"] <= cut).astype(int)]
    table["said"] = words[(table["mean"] > 0).astype(int)]
    rho = float(table["km"].rank().corr(table["mean"].rank()))
    return DistanceCheck(table[["km", "expected", "said", "mean", "with_stance"]], cut, rho)


# ------------------------------------------------------------------ which items to code


def sample_items(evidence: pd.DataFrame, size: int = 30, *, always: Sequence[str] = ()) -> tuple[str, ...]:
    """A fixed sample of items in which every ally has its share, and the years are spread.

    The same for everybody, so that neighbours code the same items. Each group of `ally` gets one item, and the rest go
    by the number of its items (largest remainders). Within a group, items in the order of their dates are cut into as
    many equal parts as it has places, and the middle one of each part is taken.

    Parameters
    ----------
    evidence : DataFrame
        With `evidence_id`, `ally` and `date`.
    size : int
        Number of items; at least one a group.
    always : sequence of str
        Ids that must be in; each takes the place of the nearest one of its group.

    Returns
    -------
    tuple of str
        Ids, in the order of dates.
    """
    groups = {
        str(ally): list(rows.sort_values(["date", "evidence_id"])["evidence_id"])
        for ally, rows in evidence.groupby("ally")
    }
    if not len(groups) <= size <= len(evidence):
        raise CodingError(f"size={size} must lie between {len(groups)} groups and {len(evidence)} items.")
    places = _places({ally: len(ids) for ally, ids in groups.items()}, size)
    chosen = [item for ally, ids in groups.items() for item in _spread(ids, places[ally], always)]
    when = evidence.set_index("evidence_id")["date"]
    return tuple(sorted(chosen, key=lambda item: (when[item], item)))


def _places(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    rest, total = size - len(sizes), sum(sizes.values()) - len(sizes)
    exact = {name: rest * (count - 1) / total if total else 0.0 for name, count in sizes.items()}
    places = {name: 1 + int(share) for name, share in exact.items()}
    by_remainder = sorted(sizes, key=lambda name: (int(exact[name]) - exact[name], name))
    for name in by_remainder[: size - sum(places.values())]:
        places[name] += 1
    return places


def _spread(ids: Sequence[str], n: int, always: Sequence[str]) -> list[str]:
    taken = [int((part + 0.5) * len(ids) / n) for part in range(n)]
    fixed = [ids.index(item) for item in always if item in ids]
    if len(fixed) > n:
        raise CodingError(
            f"{len(fixed)} items of one ally must be in, and it has {n} places; make the sample larger."
        )
    for wanted in fixed:
        if wanted not in taken:
            free = [place for place in taken if place not in fixed]
            taken[taken.index(min(free, key=lambda place: abs(place - wanted)))] = wanted
    return [ids[place] for place in taken]
