"""Weighing evidence between named rivals, on the scale that students judge on: decibels.

An item of evidence speaks for one hypothesis against another if it was more to be expected under the first. How much
more is a likelihood ratio; ten times its logarithm to base ten is its weight in *decibels*. Weights add where ratios
multiply: 3 dB is about twice as likely, 10 dB ten times, 20 dB a hundred times. So a case is a sum, and one can ask
which items carry it.

Three things spoil a sum. Items that report the same event are not independent: a *cluster* counts its strongest item
in full and the others by a share. A judgement is a guess: an interval for each item gives a *band* for the sum. And a
verdict may hang on very few items: *leave one out*, and find the fewest that turn it.

The classical tests (hoop, smoking gun and the others) are something else: they set a hypothesis against its negation.

Explicit Bayesian updating follows Fairfield and Charman (2017) and Bennett (2015) in idea; scale words, cut-offs and
the rule for clusters are the course's own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from helpers.data.errors import CourseError

SCALE: Mapping[int, str] = {
    0: "tells nothing between the two",
    3: "speaks softly",
    10: "speaks clearly",
    20: "speaks strongly",
    30: "speaks very strongly",
}
"""Words for weights in decibels; the course's own."""
STEPS: tuple[int, ...] = (*(-step for step in sorted(SCALE, reverse=True) if step), *SCALE)
"""The scale both ways, from strongly for the rival to strongly for the hypothesis."""
LOUDEST = 60.0
"""No item may weigh more: a ratio of a million to one is beyond what a judgement can mean."""


class TracingError(CourseError):
    """A judgement or a set of beliefs that cannot be; names the thing, the value and what to do."""


def decibels(ratio: float) -> float:
    """Weight of a likelihood ratio.

    Parameters
    ----------
    ratio : float
        Probability of the evidence under one hypothesis over that under the other. Positive.

    Returns
    -------
    float
        Decibels; 0 if the ratio is 1, negative if it is below.

    Raises
    ------
    TracingError
        If the ratio is not a positive number.

    Examples
    --------
    >>> decibels(100), round(decibels(0.5), 1)
    (20.0, -3.0)
    """
    if not (isinstance(ratio, int | float) and math.isfinite(ratio) and ratio > 0):
        raise TracingError(
            f"A likelihood ratio is a positive number; {ratio!r} is none. Certainty cannot be weighed."
        )
    return 10 * math.log10(ratio)


def ratio(weight: float) -> float:
    """Likelihood ratio of a weight in decibels: the reverse of `decibels`."""
    return float(10 ** (_weight(weight, "A weight") / 10))


def within(weight: float, steps: int) -> tuple[float, float]:
    """Weights from which a judgement may be off by so many steps of the scale, either way.

    Parameters
    ----------
    weight : float
        Decibels.
    steps : int
        0 to 8. The ends of the scale are not left, except by a weight that lies beyond them.

    Returns
    -------
    (float, float)
        Lowest and highest weight; they hold `weight`.

    Examples
    --------
    >>> within(10, 1), within(0, 1), within(30, 2)
    ((3.0, 20.0), (-3.0, 3.0), (10.0, 30.0))
    """
    _weight(weight, "A weight")
    if isinstance(steps, bool) or not isinstance(steps, int) or not 0 <= steps < len(STEPS):
        raise TracingError(f"steps={steps!r}: give how many steps of the scale, 0 to {len(STEPS) - 1}.")
    below = [step for step in STEPS if step < weight - 1e-9]
    above = [step for step in STEPS if step > weight + 1e-9]
    low = below[max(0, len(below) - steps)] if steps and below else weight
    high = above[min(len(above), steps) - 1] if steps and above else weight
    return float(low), float(high)


@dataclass(frozen=True)
class Judgement:
    """What one item of evidence says between a hypothesis and its rival.

    Parameters
    ----------
    item : str
        Id of the item.
    weight : float
        Decibels; positive for the hypothesis, negative for the rival.
    low, high : float, optional
        Ends of what one could defend; the weight itself if not given.
    cluster : str
        Items with the same name report the same thing; empty if the item stands alone.
    """

    item: str
    weight: float
    low: float | None = None
    high: float | None = None
    cluster: str = ""

    def __post_init__(self) -> None:
        for name in ("weight", "low", "high"):
            value = getattr(self, name)
            if value is not None:
                _weight(value, f"The {name} of item {self.item!r}")
        if not self.ends[0] <= self.weight <= self.ends[1]:
            low, high = self.ends
            raise TracingError(
                f"Item {self.item!r}: the weight {self.weight:g} is outside its interval {low:g} to {high:g}."
            )

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest weight that one could defend."""
        low = self.weight if self.low is None else self.low
        high = self.weight if self.high is None else self.high
        return low, high


@dataclass(frozen=True)
class Trace:
    """Belief between two rivals, item by item.

    Parameters
    ----------
    hypothesis, rival : str
    prior : float
        Decibels before any item: 0 for even odds.
    judgements : tuple of Judgement
        In the order in which they are weighed.
    share : float
        How much the weaker items of a cluster count, 0 (not at all) to 1 (as if independent).
    """

    hypothesis: str
    rival: str
    prior: float
    judgements: tuple[Judgement, ...]
    share: float = 1.0
    _counted: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _weight(self.prior, "The prior")
        if not 0 <= self.share <= 1:
            raise TracingError(
                f"share={self.share:g} is none; give 0 (count a cluster once) to 1 (as independent)."
            )
        if self.hypothesis == self.rival:
            raise TracingError(f"{self.hypothesis!r} is no rival of itself; name two hypotheses.")
        names = [each.item for each in self.judgements]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise TracingError(f"Item {twice!r} is judged twice; keep one judgement for each item.")
        object.__setattr__(self, "_counted", _counted(self.judgements, self.share))

    @property
    def counted(self) -> tuple[float, ...]:
        """Weight of each item as it counts in its cluster, decibels."""
        return self._counted

    @property
    def total(self) -> float:
        """Posterior, decibels: the prior and all that counts."""
        return self.prior + math.fsum(self.counted)

    @property
    def probability(self) -> float:
        """Probability of the hypothesis if one of the two is true."""
        return _probability(self.total)

    @property
    def band(self) -> tuple[float, float]:
        """Posterior if every judgement were at its lowest, and at its highest; decibels."""
        ends = [
            self.prior + math.fsum(_counted(tuple(_at(each, side) for each in self.judgements), self.share))
            for side in (0, 1)
        ]
        return min(ends), max(ends)

    @property
    def verdict(self) -> str:
        """Which of the two is favoured, or that neither is."""
        if abs(self.total) < 1e-9:
            return "neither"
        return self.hypothesis if self.total > 0 else self.rival

    @property
    def is_robust(self) -> bool:
        """Whether the verdict is the same over the whole band."""
        low, high = self.band
        return low > 0 or high < 0

    def __repr__(self) -> str:
        low, high = self.band
        firm = "over the whole band" if self.is_robust else "but the band reaches the other side"
        return (
            f"{self.hypothesis} against {self.rival}: {self.total:+.1f} dB after {len(self.judgements)} items "
            f"(band {low:+.1f} to {high:+.1f}); favours {self.verdict}, {firm}"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return a row an item: weight as judged, as counted, belief after it in decibels and as a probability."""
        after = self.prior + np.cumsum(self.counted)
        return pd.DataFrame(
            {
                "item": [each.item for each in self.judgements],
                "cluster": [each.cluster for each in self.judgements],
                "judged": [each.weight for each in self.judgements],
                "counted": list(self.counted),
                "after": after,
                "probability": [_probability(value) for value in after],
            }
        )

    def leave_one_out(self, by: Literal["item", "cluster"] = "item") -> pd.DataFrame:
        """Posterior without each item or each cluster, the most important first.

        Parameters
        ----------
        by : str
            "item", or "cluster": then all items of a cluster are left out together.

        Returns
        -------
        DataFrame
            Columns item (or cluster), without (decibels), change, turns (whether the verdict is another one).
        """
        if by not in ("item", "cluster"):
            raise TracingError(f"by={by!r}: leave out by 'item' or by 'cluster'.")
        rows = []
        for name in dict.fromkeys(self._name(each, by) for each in self.judgements):
            rest = self.without(*(each.item for each in self.judgements if self._name(each, by) == name))
            rows.append((name, rest.total, self.total - rest.total, rest.verdict != self.verdict))
        table = pd.DataFrame(rows, columns=[by, "without", "change", "turns"])
        return table.sort_values("change", key=abs, ascending=False, kind="stable", ignore_index=True)

    @staticmethod
    def _name(judgement: Judgement, by: str) -> str:
        return (by == "cluster" and judgement.cluster) or judgement.item

    def without(self, *items: str) -> Trace:
        """Weigh again without some items; a weaker item of a cluster then takes the place of a stronger one.

        Parameters
        ----------
        *items : str
            Ids of items.

        Raises
        ------
        TracingError
            If one of them was not weighed.

        Examples
        --------
        >>> Trace("A", "B", 0, (Judgement("x", 10), Judgement("y", -3))).without("x").total
        -3.0
        """
        known = [each.item for each in self.judgements]
        odd = next((name for name in items if name not in known), None)
        if odd is not None:
            raise TracingError(f"Item {odd!r} was not weighed; there are {', '.join(known) or 'none'}.")
        return replace(self, judgements=tuple(each for each in self.judgements if each.item not in items))

    def hangs_on(self) -> tuple[str, ...]:
        """Items that turn the verdict when they are left out together: as few as do it, the heaviest first.

        Turned is a verdict also when nothing is left of it ("neither"). Empty if no set of items turns it, which is
        so if the prior alone decides, or if there is no verdict.

        Notes
        -----
        Clusters do not influence each other. For each one, what it loses with its best 0, 1, 2, ... items left out is
        found by trying; then the losses are put together, fewest items first. So the set is the smallest there is.
        """
        if self.verdict == "neither":
            return ()
        side = 1 if self.total > 0 else -1
        best: dict[int, tuple[float, tuple[str, ...]]] = {0: (0.0, ())}
        for members in reversed(self._clusters()):
            best = _joined(best, _losses(members, self.share, side))
        enough = abs(self.total) - 1e-9
        gone = next((items for _, (loss, items) in sorted(best.items()) if loss >= enough), ())
        in_order = sorted(self.judgements, key=lambda each: -abs(each.weight))
        return tuple(each.item for each in in_order if each.item in gone)

    def _clusters(self) -> list[tuple[Judgement, ...]]:
        groups: dict[tuple[str, str], list[Judgement]] = {}
        for each in self.judgements:
            groups.setdefault((each.cluster, "" if each.cluster else each.item), []).append(each)
        return [tuple(members) for members in groups.values()]


Losses = Mapping[int, tuple[float, tuple[str, ...]]]


def _losses(members: tuple[Judgement, ...], share: float, side: int) -> Losses:
    """How much of the verdict goes when so many of these are left out, the best choice for each number."""
    whole = side * math.fsum(_counted(members, share))
    found: dict[int, tuple[float, tuple[str, ...]]] = {}
    for number in range(len(members) + 1):
        for kept in itertools.combinations(members, len(members) - number):
            loss = whole - side * math.fsum(_counted(kept, share))
            if number not in found or loss > found[number][0] + 1e-12:
                found[number] = (loss, tuple(each.item for each in members if each not in kept))
    return found


def _joined(one: Losses, other: Losses) -> dict[int, tuple[float, tuple[str, ...]]]:
    found: dict[int, tuple[float, tuple[str, ...]]] = {}
    for (n_one, (loss_one, gone)), (n_other, (loss_other, more)) in itertools.product(
        one.items(), other.items()
    ):
        number, loss = n_one + n_other, loss_one + loss_other
        if number not in found or loss > found[number][0] + 1e-12:
            found[number] = (loss, (*gone, *more))
    return found


def _at(judgement: Judgement, side: int) -> Judgement:
    value = judgement.ends[side]
    return replace(judgement, weight=value, low=None, high=None)


def _counted(judgements: Sequence[Judgement], share: float) -> tuple[float, ...]:
    """Weights as they count: in a cluster the strongest in full, the others by `share`."""
    strongest: dict[str, int] = {}
    for place, each in enumerate(judgements):
        if each.cluster:
            first = strongest.setdefault(each.cluster, place)
            if abs(each.weight) > abs(judgements[first].weight):
                strongest[each.cluster] = place
    return tuple(
        each.weight if not each.cluster or strongest[each.cluster] == place else share * each.weight
        for place, each in enumerate(judgements)
    )


def _probability(weight: float) -> float:
    """Probability with these odds in decibels, without overflow."""
    exponent = weight / 10 * math.log(10)
    return 1 / (1 + math.exp(-exponent)) if exponent >= 0 else math.exp(exponent) / (1 + math.exp(exponent))


def _weight(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TracingError(f"{what} is {value!r}; give decibels, a number such as 10.")
    if abs(value) > LOUDEST:
        raise TracingError(f"{what} is {value:g} dB; no judgement can mean more than {LOUDEST:g}.")
    return float(value)


# Several hypotheses at once.


def between(
    weights: Mapping[str, Mapping[str, float]],
    hypothesis: str,
    rival: str,
    *,
    prior: float = 0.0,
    share: float = 1.0,
    clusters: Mapping[str, str] | None = None,
    give: Mapping[str, float] | None = None,
) -> Trace:
    """Belief between two of several hypotheses.

    Parameters
    ----------
    weights : mapping from str to mapping from str to float
        For each item the log-likelihood of every hypothesis in decibels, up to a constant.
    hypothesis, rival : str
        Two of the hypotheses.
    prior, share : float
        As in `Trace`.
    clusters : mapping from str to str, optional
        Cluster of an item.
    give : mapping from str to float, optional
        Decibels by which a weight may be moved, either way.

    Returns
    -------
    Trace

    Raises
    ------
    TracingError
        If an item does not weigh both.

    Examples
    --------
    >>> between({"x": {"A": 0, "B": -10, "C": -3}}, "C", "B").total
    7.0
    """
    judgements = []
    for item, under in weights.items():
        for name in (hypothesis, rival):
            if name not in under:
                raise TracingError(f"Item {item!r} does not weigh {name!r}; it weighs {', '.join(under)}.")
        weight = float(under[hypothesis] - under[rival])
        room = (give or {}).get(item, 0.0)
        low, high = max(-LOUDEST, weight - room), min(LOUDEST, weight + room)
        judgements.append(Judgement(item, weight, low, high, (clusters or {}).get(item, "")))
    return Trace(hypothesis, rival, prior, tuple(judgements), share)


def sequence(priors: Mapping[str, float], weights: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Probabilities of several hypotheses after each item, one item at a time.

    Parameters
    ----------
    priors : mapping from str to float
        Probabilities, positive, that sum to one.
    weights : mapping from str to mapping from str to float
        For each item, in the order of updating, decibels under every hypothesis.

    Returns
    -------
    DataFrame
        A row for the prior and for each item (column item, "" for the prior), a column for each hypothesis.

    Raises
    ------
    TracingError
        As `posterior`.

    Examples
    --------
    >>> sequence({"A": 0.5, "B": 0.5}, {"x": {"A": 10, "B": 0}}).round(3).iloc[-1].to_dict()
    {'item': 'x', 'A': 0.909, 'B': 0.091}
    """
    names = list(weights)
    steps = [posterior(priors, [weights[name] for name in names[:n]]) for n in range(len(names) + 1)]
    return pd.DataFrame({"item": ["", *names], **{key: [step[key] for step in steps] for key in priors}})


def discounted(
    weights: Mapping[str, Mapping[str, float]], clusters: Mapping[str, str], share: float
) -> dict[str, dict[str, float]]:
    """Weights of several hypotheses as they count in clusters, ready for `posterior`.

    In a cluster the item that tells most (the widest range of weights) counts in full, the others by `share`.

    Parameters
    ----------
    weights : mapping from str to mapping from str to float
        For each item decibels under every hypothesis.
    clusters : mapping from str to str
        Cluster of an item; an item that is missing or has "" stands alone.
    share : float
        0 to 1.

    Returns
    -------
    dict of str to dict of str to float

    Examples
    --------
    >>> discounted({"x": {"A": 0, "B": -10}, "y": {"A": 0, "B": -3}}, {"x": "c", "y": "c"}, share=0)["y"]["B"] == 0
    True
    """
    if not 0 <= share <= 1:
        raise TracingError(f"share={share:g} is none; give 0 (count a cluster once) to 1 (as independent).")
    spread = {item: max(under.values()) - min(under.values()) for item, under in weights.items()}
    first: dict[str, str] = {}
    for item in weights:
        cluster = clusters.get(item, "")
        if cluster and spread[item] > spread.get(first.get(cluster, ""), -1.0):
            first[cluster] = item
    return {
        item: {
            name: value * (1.0 if first.get(clusters.get(item, ""), item) == item else share)
            for name, value in under.items()
        }
        for item, under in weights.items()
    }


def posterior(priors: Mapping[str, float], weights: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Probabilities of several hypotheses, of which one is taken to be true, after independent items.

    Parameters
    ----------
    priors : mapping from str to float
        Probabilities, positive, that sum to one.
    weights : sequence of mapping from str to float
        For each item the log-likelihood of every hypothesis in decibels, up to a constant: only differences count.

    Returns
    -------
    dict from str to float
        They sum to one.

    Raises
    ------
    TracingError
        If priors are no probabilities that sum to one, or an item does not weigh every hypothesis.

    Source
    ------
    Bayes' rule, in log space.

    Examples
    --------
    >>> found = posterior({"HRT": 0.5, "divided": 0.5}, [{"HRT": 10, "divided": 0}])
    >>> round(found["HRT"], 3)
    0.909
    """
    _refuse_odd_priors(priors)
    names = list(priors)
    total = np.array([10 * math.log10(priors[name]) for name in names])
    for place, item in enumerate(weights, start=1):
        if set(item) != set(names):
            raise TracingError(
                f"Item {place} weighs {', '.join(item) or 'nothing'}; it must weigh {', '.join(names)}."
            )
        total = total + np.array([_weight(item[name], f"Item {place} under {name!r}") for name in names])
    shifted = 10 ** ((total - total.max()) / 10)
    return dict(zip(names, map(float, shifted / shifted.sum()), strict=True))


def _refuse_odd_priors(priors: Mapping[str, float]) -> None:
    if len(priors) < 2:
        raise TracingError("Compare two hypotheses or more.")
    for name, prior in priors.items():
        if not isinstance(prior, int | float) or not 0 < prior < 1:
            raise TracingError(f"The prior of {name!r} is {prior!r}; give a probability above 0 and below 1.")
    if abs(math.fsum(priors.values()) - 1) > 1e-9:
        raise TracingError(f"The priors sum to {math.fsum(priors.values()):g}; they must sum to 1.")


# The classical tests: a hypothesis against its negation.

Kind = Literal["straw in the wind", "hoop", "smoking gun", "doubly decisive"]
CERTAIN = 0.9
RARE = 0.1


@dataclass(frozen=True)
class Classical:
    """What finding, and not finding, an item says of a hypothesis against its negation.

    Parameters
    ----------
    expected : float
        Probability of the item if the hypothesis is true.
    otherwise : float
        Probability of the item if it is false.
    """

    expected: float
    otherwise: float

    def __post_init__(self) -> None:
        for name in ("expected", "otherwise"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 < value < 1:
                raise TracingError(f"{name}={value!r} is no probability between 0 and 1, ends left out.")

    @property
    def kind(self) -> Kind:
        """Name of the test: certain if expected at 0.9 or more, unique if otherwise at 0.1 or less."""
        certain, unique = self.expected >= CERTAIN, self.otherwise <= RARE
        if certain and unique:
            return "doubly decisive"
        return "hoop" if certain else "smoking gun" if unique else "straw in the wind"

    @property
    def if_found(self) -> float:
        """Weight of finding the item, decibels."""
        return decibels(self.expected / self.otherwise)

    @property
    def if_missing(self) -> float:
        """Weight of looking and not finding it, decibels."""
        return decibels((1 - self.expected) / (1 - self.otherwise))

    def __repr__(self) -> str:
        return f"{self.kind}: {self.if_found:+.1f} dB if found, {self.if_missing:+.1f} dB if not"

    def to_frame(self) -> pd.DataFrame:
        """Return one row: expected, otherwise, kind, if_found, if_missing."""
        weights = {"kind": self.kind, "if_found": self.if_found, "if_missing": self.if_missing}
        return pd.DataFrame([{**vars(self), **weights}])


def against_negation(priors: Mapping[str, float], chances: Mapping[str, float], hypothesis: str) -> Classical:
    """The classical test that one item is of a hypothesis, if its negation is what all rivals say together.

    "Not this hypothesis" expects nothing by itself. How probable it makes an item is the mean over the rivals, weighted
    by how likely each was. So the same item can be another test when other rivals are thought of, or more likely.

    Parameters
    ----------
    priors : mapping from str to float
        Probabilities, positive, that sum to one.
    chances : mapping from str to float
        Probability of the item under each hypothesis, between 0 and 1.
    hypothesis : str

    Returns
    -------
    Classical

    Raises
    ------
    TracingError
        If priors do not sum to one, or a hypothesis has no chance.

    Examples
    --------
    >>> against_negation({"A": 0.5, "B": 0.3, "C": 0.2}, {"A": 0.6, "B": 0.5, "C": 0.05}, "A").otherwise
    0.32
    """
    _refuse_odd_priors(priors)
    if hypothesis not in priors:
        raise TracingError(f"There is no hypothesis {hypothesis!r}; there are {', '.join(priors)}.")
    if set(chances) != set(priors):
        raise TracingError(
            f"Chances are given for {', '.join(chances) or 'nothing'}; give them for {', '.join(priors)}."
        )
    rivals = [name for name in priors if name != hypothesis]
    mean = math.fsum(priors[name] * chances[name] for name in rivals) / math.fsum(
        priors[name] for name in rivals
    )
    return Classical(chances[hypothesis], round(mean, 12))
