"""Roads from a deployment to a citizen's mind: a structural causal model whose arrows can be set.

Each variable is a weighted sum of its causes and noise of its own. An *arrow* says how many standard units of noise
its effect moves when its cause rises by one. A *road* is a set of arrows that belongs to one story: assurance,
entrapment, provocation, a self-serving guardian. Roads can be walked together. Two roads may end at the same place, so
that the end alone does not tell which was walked; what they leave on the way does.

Sorg and Wucherpfennig (2024) test the logic of assurance and some alternative pathways [SW7] [SW11]. To draw them
as arrows, the strengths and the linear form are the course's own. Nothing here is an estimate.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import networkx as nx
    from numpy.typing import NDArray

CAUSE = "deployment"
VARIABLES: Mapping[str, str] = {
    "deployment": "forces in the country",
    "promise": "promise seems credible",
    "protection": "feels protected",
    "entrapment": "fears being drawn into a war",
    "suspicion": "suspects the guardian of serving itself",
    "threat": "perceives a threat",
    "need": "sees a need for own defence",
    "effort": "supports own defence effort",
}
"""Variables of the model, with the words for a figure."""

OUTCOMES = ("protection", "threat", "need", "effort")
"""What a survey asks in this course."""

LABEL = "simulated for teaching"
N_UNIFORMS = 6
Z_95 = 1.959963984540054
THRESHOLDS = (-1.5, -0.5, 0.5, 1.5)
"""Where a latent value becomes the next answer of five; the course's own."""


class MechanismError(ValueError):
    """Arrows that make no causal model; says which and why."""


@dataclass(frozen=True)
class Arrow:
    """One direct effect.

    Parameters
    ----------
    cause, effect : str
        Keys of `VARIABLES`.
    strength : float
        Standard units of noise that the effect moves when the cause rises by one; -3 to 3.
    """

    cause: str
    effect: str
    strength: float

    def __post_init__(self) -> None:
        for name in (self.cause, self.effect):
            if name not in VARIABLES:
                raise MechanismError(f"There is no variable {name!r}; there are {', '.join(VARIABLES)}.")
        if self.effect == CAUSE:
            raise MechanismError(f"Nothing causes {CAUSE!r} here: chance decides who is told of it.")
        if not -3 <= self.strength <= 3:
            raise MechanismError(f"{self} is too strong: give -3 to 3.")

    def __str__(self) -> str:
        return f"{self.cause} -> {self.effect} ({self.strength:+g})"


ROADS: Mapping[str, tuple[Arrow, ...]] = {
    "assurance": (
        Arrow("deployment", "promise", 1.0),
        Arrow("promise", "protection", 0.8),
        Arrow("protection", "threat", -0.4),
        Arrow("protection", "need", -0.6),
        Arrow("need", "effort", 0.8),
    ),
    "entrapment": (
        Arrow("deployment", "entrapment", 1.0),
        Arrow("entrapment", "threat", 0.5),
        Arrow("entrapment", "need", -0.5),
        Arrow("need", "effort", 0.8),
    ),
    "provocation": (
        Arrow("deployment", "threat", 0.8),
        Arrow("threat", "need", 0.5),
        Arrow("need", "effort", 0.8),
    ),
    "self-serving guardian": (
        Arrow("deployment", "suspicion", 1.0),
        Arrow("suspicion", "protection", -0.4),
        Arrow("suspicion", "need", -0.5),
        Arrow("need", "effort", 0.8),
    ),
}
"""The four stories of lesson 04; arrows and strengths are the course's own."""


def walk(roads: Iterable[str] | Mapping[str, float]) -> tuple[Arrow, ...]:
    """Arrows of several roads walked at once.

    Parameters
    ----------
    roads : iterable of str, or mapping from str to float
        Keys of `ROADS`. A mapping gives the share of each road's first arrow that is there, 0 to 1.

    Returns
    -------
    tuple of Arrow
        An arrow that two roads share is there once.

    Raises
    ------
    MechanismError
        If there is no such road, or a share is not between 0 and 1.

    Examples
    --------
    >>> [str(arrow) for arrow in walk({"provocation": 0.5})]
    ['deployment -> threat (+0.4)', 'threat -> need (+0.5)', 'need -> effort (+0.8)']
    """
    shares = dict(roads) if isinstance(roads, Mapping) else dict.fromkeys(roads, 1.0)
    found: dict[tuple[str, str], Arrow] = {}
    for road, share in shares.items():
        if road not in ROADS:
            raise MechanismError(f"There is no road {road!r}; there are {', '.join(ROADS)}.")
        if not 0 <= share <= 1:
            raise MechanismError(f"Share of {road!r} is {share:g}; give 0 to 1.")
        for arrow in ROADS[road] if share > 0 else ():
            strength = arrow.strength * share if arrow.cause == CAUSE else arrow.strength
            found[arrow.cause, arrow.effect] = Arrow(arrow.cause, arrow.effect, strength)
    return tuple(found.values())


def graph(arrows: Sequence[Arrow]) -> nx.DiGraph[str]:
    """Causal graph of the arrows, with `strength` on each edge and every variable as a node.

    Raises
    ------
    MechanismError
        If two arrows join the same variables, or arrows run in a circle.
    """
    import networkx as nx

    drawn: nx.DiGraph[str] = nx.DiGraph()
    drawn.add_nodes_from(VARIABLES)
    for arrow in arrows:
        if drawn.has_edge(arrow.cause, arrow.effect):
            raise MechanismError(f"Two arrows from {arrow.cause!r} to {arrow.effect!r}; give one.")
        drawn.add_edge(arrow.cause, arrow.effect, strength=arrow.strength)
    if not nx.is_directed_acyclic_graph(drawn):
        circle = " -> ".join(cause for cause, _ in nx.find_cycle(drawn))
        raise MechanismError(f"The arrows run in a circle ({circle}); a cause must come before its effect.")
    return drawn


@dataclass(frozen=True)
class Path:
    """One way from the deployment to a variable.

    Parameters
    ----------
    variables : tuple of str
    effect : float
        Product of the strengths along the way.
    """

    variables: tuple[str, ...]
    effect: float

    def __str__(self) -> str:
        return f"{' -> '.join(self.variables)} ({self.effect:+.2f})"


def paths(arrows: Sequence[Arrow], to: str) -> tuple[Path, ...]:
    """Return every path from the deployment to a variable, the strongest first.

    Examples
    --------
    >>> [str(path) for path in paths(walk(["assurance", "entrapment"]), "threat")]
    ['deployment -> entrapment -> threat (+0.50)', 'deployment -> promise -> protection -> threat (-0.32)']
    """
    import networkx as nx

    if to not in VARIABLES:
        raise MechanismError(f"There is no variable {to!r}; there are {', '.join(VARIABLES)}.")
    drawn = graph(arrows)
    found = []
    for nodes in nx.all_simple_paths(drawn, CAUSE, to):
        steps = itertools.pairwise(nodes)
        effect = float(np.prod([drawn.edges[step]["strength"] for step in steps]))
        found.append(Path(tuple(nodes), effect))
    return tuple(sorted(found, key=lambda path: -abs(path.effect)))


def total_effects(arrows: Sequence[Arrow]) -> dict[str, float]:
    """Effect of the deployment on each variable: the sum over all paths of the product along the path.

    Returns
    -------
    dict
        Standard units of noise, for every variable but the deployment.

    Source
    ------
    Path tracing in linear models; a textbook rule.

    Examples
    --------
    >>> effects = total_effects(walk(["assurance"]))
    >>> round(effects["need"], 2), round(effects["effort"], 3)
    (-0.48, -0.384)
    """
    return {name: sum(path.effect for path in paths(arrows, name)) for name in VARIABLES if name != CAUSE}


@dataclass(frozen=True)
class Citizens:
    """Simulated people, half of them told of a deployment.

    Parameters
    ----------
    latent : DataFrame
        A row a citizen; `deployment` is 0 or 1, all else in standard units of noise.
    """

    latent: pd.DataFrame

    @property
    def answers(self) -> pd.DataFrame:
        """`deployment`, and the answers to the four outcomes, 1 (not at all) to 5 (very much)."""
        scores = self.latent[list(OUTCOMES)].to_numpy()
        given = pd.DataFrame(np.searchsorted(THRESHOLDS, scores, side="right") + 1, columns=list(OUTCOMES))
        given.insert(0, CAUSE, self.latent[CAUSE].astype(int))
        return given

    def pattern(self) -> pd.DataFrame:
        """Mean answers without and with the deployment, and their difference; a row an outcome.

        Returns
        -------
        DataFrame
            outcome, without, with, difference (with less without), std_error (allows unequal variances), low, high
            (95 % interval, from the normal distribution). In points of the scale from 1 to 5.
        """
        given = self.answers
        groups = given.groupby(CAUSE)
        mean, error = groups.mean(), groups.sem()
        difference, std_error = mean.loc[1] - mean.loc[0], np.sqrt((error**2).sum())
        columns = {
            "without": mean.loc[0],
            "with": mean.loc[1],
            "difference": difference,
            "std_error": std_error,
            "low": difference - Z_95 * std_error,
            "high": difference + Z_95 * std_error,
        }
        table = pd.DataFrame({name: values.to_numpy() for name, values in columns.items()})
        table.insert(0, "outcome", list(OUTCOMES))
        return table

    def __repr__(self) -> str:
        told = int(self.latent[CAUSE].sum())
        return f"{len(self.latent):,} simulated citizens, {told:,} of them told of a deployment"

    def to_frame(self) -> pd.DataFrame:
        """Return the pattern."""
        return self.pattern()


def simulate(arrows: Sequence[Arrow], n_citizens: int = 5000, seed: int | str = 1) -> Citizens:
    """Draw citizens from the model; chance decides which half is told of the deployment.

    Parameters
    ----------
    arrows : sequence of Arrow
    n_citizens : int
        20 to 1,000,000.
    seed : int or str
        The same seed draws the same people, whatever the arrows: only what the arrows change differs.

    Returns
    -------
    Citizens

    Raises
    ------
    MechanismError
        If the number is out of range or the arrows make no model.

    Examples
    --------
    >>> simulate(walk(["assurance"]), 1000)
    1,000 simulated citizens, 500 of them told of a deployment
    """
    import networkx as nx

    if not 20 <= n_citizens <= 1_000_000:
        raise MechanismError(f"n_citizens={n_citizens} is out of range; give 20 to 1,000,000.")
    drawn = graph(arrows)
    uniforms = _uniforms(seed, (n_citizens, 1 + N_UNIFORMS * (len(VARIABLES) - 1)))
    values = _noise(uniforms[:, 1:])
    values[CAUSE] = _half(uniforms[:, 0])
    for name in nx.topological_sort(drawn):
        for cause in drawn.predecessors(name):
            values[name] = values[name] + drawn.edges[cause, name]["strength"] * values[cause]
    return Citizens(pd.DataFrame({name: values[name] for name in VARIABLES}))


def _uniforms(seed: int | str, shape: int | tuple[int, int]) -> NDArray[np.float64]:
    """Raw numbers between 0 and 1; a seed in letters is turned into a number first."""
    if isinstance(seed, str):
        seed = int.from_bytes(sha256(seed.encode()).digest()[:16], "big")
    return np.random.Generator(np.random.PCG64(seed)).random(shape)


def _half(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Complete randomisation: the half with the smallest numbers is told."""
    told = np.zeros(len(uniforms))
    told[np.argsort(uniforms, kind="stable")[: len(uniforms) // 2]] = 1.0
    return told


def _noise(uniforms: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Noise of mean 0 and variance 1 for each variable: a sum of uniforms, the same on every platform."""
    names = [name for name in VARIABLES if name != CAUSE]
    blocks = uniforms.reshape(len(uniforms), len(names), N_UNIFORMS)
    scaled = (blocks.sum(axis=2) - N_UNIFORMS / 2) * np.sqrt(12 / N_UNIFORMS)
    return {name: scaled[:, place] for place, name in enumerate(names)}


def fingerprints(roads: Sequence[str] | None = None) -> pd.DataFrame:
    """Sign of each road's effect on each outcome: what a road implies that another does not.

    Parameters
    ----------
    roads : sequence of str, optional
        All roads if not given.

    Returns
    -------
    DataFrame
        A row a road, a column an outcome; "+", "-" or "0".

    Examples
    --------
    >>> fingerprints()[["protection", "need"]].agg("".join, axis=1).to_dict()
    {'assurance': '+-', 'entrapment': '0-', 'provocation': '0+', 'self-serving guardian': '--'}
    """
    rows: dict[str, dict[str, Any]] = {}
    for road in roads or ROADS:
        effects = total_effects(walk([road]))
        rows[road] = {name: _sign(effects[name]) for name in OUTCOMES}
    return pd.DataFrame.from_dict(rows, orient="index")


def _sign(effect: float) -> str:
    if abs(effect) < 1e-12:
        return "0"
    return "+" if effect > 0 else "-"


# Three countries with one aggregate.

COUNTRIES = ("A", "B", "C")
SAME_END: Mapping[str, float] = {"assurance": 1.0, "entrapment": 0.96, "self-serving guardian": 0.96}
"""Road of each country and its share, set so that latent effort moves by the same amount in all three."""


def roads_of(seed: int | str) -> dict[str, str]:
    """Say which road each of the three countries walks; chance decides.

    Parameters
    ----------
    seed : int or str

    Returns
    -------
    dict from str to str
        Country to road.
    """
    order = np.argsort(_uniforms(f"{seed}|roads", len(COUNTRIES)), kind="stable")
    names = list(SAME_END)
    return {country: names[place] for country, place in zip(COUNTRIES, order, strict=True)}


def three_countries(seed: int | str, n_citizens: int = 5000) -> pd.DataFrame:
    """Draw three countries in which a deployment lowers effort alike, each by another road. Simulated for teaching.

    Parameters
    ----------
    seed : int or str
        It draws the people, and decides which country walks which road.
    n_citizens : int
        In each country; 20 to 1,000,000.

    Returns
    -------
    DataFrame
        A row a citizen: country (A, B or C), deployment (0 or 1), and the answers to the four outcomes, 1 to 5.

    Examples
    --------
    >>> people = three_countries("ada")
    >>> people.columns.to_list(), len(people)
    (['country', 'deployment', 'protection', 'threat', 'need', 'effort'], 15000)
    """
    parts = []
    for country, road in roads_of(seed).items():
        answers = simulate(walk({road: SAME_END[road]}), n_citizens, f"{seed}|{country}").answers
        answers.insert(0, "country", country)
        parts.append(answers)
    return pd.concat(parts, ignore_index=True)
