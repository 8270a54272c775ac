"""Two roads to the same end: people in whom one road is real, and the other only looks so.

Some read that forces come to their country (`told`). They feel more protected, and they fear more to be drawn into a
war. One of the two lowers the need for own defence that they see: a *road*. The other one does nothing; but an unseen
trait moves both it and the need, so that people who feel it more see less need all the same. The sizes are chosen so
that means, spreads and correlations of all that a survey measures are *the same*, whichever road is real. So nothing
that is measured tells them apart. A second text does: it keeps one of the two from changing, drawn by lot as well
(Acharya, Blackwell and Sen 2018, who give or withhold information on the mediator).

Everything here is the course's own: variables, sizes, wordings, and the country, which has no name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from helpers.experiments.assignment import complete
from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import Scale, Schema
from helpers.experiments.uniforms import noise, uniforms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Column = NDArray[np.float64]

Road = Literal["protection", "risk"]
ROADS: tuple[Road, ...] = ("protection", "risk")
COLUMN_OF: dict[Road, str] = {"protection": "protected", "risk": "drawn_in"}
"""Column that measures each road."""
HELD: tuple[str, ...] = ("nothing", *ROADS)
"""What the second text may hold where it is."""
COVARIATES = ("age", "trust_us", "left_right")
TEXTS = {
    "nothing": "no second text",
    "protection": "Whatever is decided: experts agree that the country stays exactly as well protected as it is.",
    "risk": "Whatever is decided: by law no soldier in the country may take part in a war elsewhere.",
}
"""What the second lot lets people read, whether or not they are told of forces."""

PUSH = 0.9
UNSEEN = 0.8
SLOPE = -(UNSEEN**2) / (1 + UNSEEN**2)
"""What the real road does to the need, a unit; so chosen that the unseen trait leaves the same slope on the other."""
OTHER = -0.2
TRUST, TRUST_ON_NEED = 0.3, -0.3
LEFT_RIGHT = 0.08
CALMS = 0.4
THRESHOLDS = (-2.25, -1.35, -0.45, 0.45, 1.35, 2.25)
N_MEASURED, N_MANIPULATED = 3000, 18_000
FEWEST, MOST = 60, 1_000_000


@dataclass(frozen=True, eq=False)
class TwoRoads:
    """Two surveys of a made-up country: one that measures both roads, and one that also holds them.

    Parameters
    ----------
    seed : int or str
    measured : DataFrame
        A row a person: `arm` ("unchanged" or "told"), `told` (0 or 1),
        `protected`, `drawn_in`, `need` (1 to 7), `age`, `trust_us`, `left_right`.
    manipulated : DataFrame
        Other people, with another column, `held`: "nothing", "protection" or "risk".
    road : str
        Which of the two roads is real.
    potential : DataFrame
        For the people of `measured`: the need that they would see untold, told, and told with each road held.
    """

    seed: int | str
    measured: pd.DataFrame
    manipulated: pd.DataFrame
    road: Road
    potential: pd.DataFrame

    def __repr__(self) -> str:
        return (
            f"{len(self.measured):,} people asked about both roads, {len(self.manipulated):,} others for whom one may "
            "be held; simulated for teaching"
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the answers of the first survey."""
        return self.measured

    def through(self, road: Road) -> float:
        """What truly runs through a road among the people of the first survey, points of `need`.

        Parameters
        ----------
        road : str
            "protection" or "risk".

        Returns
        -------
        float
            Mean need when told, less what it would be if this road had stayed as it is for the untold.

        Raises
        ------
        ExperimentError
            If there is no such road.
        """
        if road not in ROADS:
            raise ExperimentError(f"There is no road {road!r}; there are {', '.join(ROADS)}.")
        return float((self.potential["told"] - self.potential[f"told, {road} held"]).mean())

    @property
    def schema(self) -> Schema:
        """The first survey, described for a lab."""
        scales = (
            Scale("protected", "Feels protected", 1, 7, "not at all", "very well"),
            Scale("drawn_in", "Fears to be drawn in", 1, 7, "not at all", "very much"),
            Scale("need", "Need for own defence", 1, 7, "nothing", "very much"),
        )
        arms: dict[str | int, str] = {"unchanged": "not told", "told": "told of forces"}
        source = "simulated for teaching; all sizes are the course's own."
        return Schema(
            self.measured, scales, arms, "unchanged", covariates=COVARIATES, change="deployment", source=source,
            simulated=True,
        )  # fmt: skip


def field_two_roads(
    seed: int | str,
    *,
    road: Road | None = None,
    n_measured: int = N_MEASURED,
    n_manipulated: int = N_MANIPULATED,
) -> TwoRoads:
    """Simulated surveys of a country in which one of two roads is real.

    Parameters
    ----------
    seed : int or str
        It draws the people, and which road is real.
    road : str, optional
        The real road, "protection" or "risk"; chance decides if not given.
    n_measured, n_manipulated : int
        People in each survey.

    Returns
    -------
    TwoRoads
        Simulated for teaching.

    Raises
    ------
    ExperimentError
        If there is no such road, or a number is out of range.

    Examples
    --------
    >>> field_two_roads("ada")
    3,000 people asked about both roads, 18,000 others for whom one may be held; simulated for teaching
    """
    if road is not None and road not in ROADS:
        raise ExperimentError(f"There is no road {road!r}; there are {', '.join(ROADS)}.")
    for name, value in (("n_measured", n_measured), ("n_manipulated", n_manipulated)):
        if not FEWEST <= value <= MOST:
            raise ExperimentError(f"{name}={value} is out of range; give {FEWEST} to {MOST:,}.")
    real = road or ROADS[int(uniforms(seed, "road", 1)[0] >= 0.5)]
    first, second = (
        _People.drawn(f"{seed}|measured", n_measured),
        _People.drawn(f"{seed}|held", n_manipulated),
    )
    held = np.array(complete(n_manipulated, list(HELD), f"{seed}|held text").arms, dtype=object)
    manipulated = second.answers(real, second.told, held)
    manipulated.insert(2, "held", held)
    measured = first.answers(real, first.told, np.full(n_measured, "nothing", dtype=object))
    return TwoRoads(seed, measured, manipulated, real, first.potential(real))


@dataclass(frozen=True, eq=False)
class _People:
    """Who they are, what cannot be seen of them, and what they are told."""

    told: Column
    known: pd.DataFrame
    traits: dict[str, Column]
    own: dict[str, Column]

    @classmethod
    def drawn(cls, stream: str, n: int) -> _People:
        """Draw people; a trait and a noise for each road, and a noise of the need."""
        known = pd.DataFrame({
            "age": 18 + np.floor(uniforms(stream, "age", n) * 67).astype(np.int64),
            "trust_us": 1 + np.floor(uniforms(stream, "trust_us", n) * 7).astype(np.int64),
            "left_right": np.floor(uniforms(stream, "left_right", n) * 11).astype(np.int64),
        })  # fmt: skip
        arms = complete(n, ["0", "1"], f"{stream}|told").arms
        traits: dict[str, Column] = {road: noise(stream, f"trait {road}", n) for road in ROADS}
        own = {name: noise(stream, f"own {name}", n) for name in (*ROADS, "need")}
        return cls(np.array(arms, dtype=np.float64), known, traits, own)

    def answers(
        self, real: Road, told: Column, held: NDArray[np.object_], calms: float = CALMS
    ) -> pd.DataFrame:
        """What these people answer if told and held so; `calms` is what the second text does to everybody."""
        trust = self.known["trust_us"].to_numpy(np.float64) - 4
        feels = {road: self._feels(road, trust, told, held, calms) for road in ROADS}
        sign = 1.0 if real == "protection" else -1.0
        other: Road = "risk" if real == "protection" else "protection"
        need = SLOPE * feels[real] + OTHER * (told - 0.5) - UNSEEN * self.traits[other]
        need = (
            need + (TRUST_ON_NEED - SLOPE * sign * TRUST) * trust
        )  # in all the same, whichever road is real
        need = need + LEFT_RIGHT * (self.known["left_right"].to_numpy(np.float64) - 5) + self.own["need"]
        arm = np.where(told == 1, "told", "unchanged").astype(object)
        table = pd.DataFrame({"arm": arm, "told": told.astype(np.int64)})
        for road in ROADS:
            table[COLUMN_OF[road]] = _answer(feels[road])
        return pd.concat([table.assign(need=_answer(need)), self.known], axis=1)

    def _feels(
        self, road: Road, trust: Column, told: Column, held: NDArray[np.object_], calms: float
    ) -> Column:
        sign = 1.0 if road == "protection" else -1.0
        moved = np.where(held == road, sign * calms - 0.5 * PUSH, PUSH * (told - 0.5))
        felt: Column = moved + sign * TRUST * trust + UNSEEN * self.traits[road] + self.own[road]
        return felt

    def potential(self, real: Road) -> pd.DataFrame:
        """Return the need of each person untold, told, and told while a road stays as it is for the untold."""
        yes = np.ones(len(self.told))

        def need(told: Column, held: str) -> pd.Series[int]:
            column = np.full(len(told), held, dtype=object)
            found: pd.Series[int] = self.answers(real, told, column, calms=0.0)["need"]
            return found

        found = {"untold": need(0 * yes, "nothing"), "told": need(yes, "nothing")}
        return pd.DataFrame(found | {f"told, {road} held": need(yes, road) for road in ROADS})


def _answer(latent: Column) -> NDArray[np.int64]:
    return 1 + np.searchsorted(THRESHOLDS, latent, side="right").astype(np.int64)
