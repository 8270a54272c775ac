"""Predictions: what four hypotheses expect of allies, and how far evidence agrees with them.

A theory is worth testing where it expects something that its rivals do not. So each hypothesis is a table: for each
*condition* (where an ally lies, and what one listens for) what it expects, the mark of that reading, and why. A
condition for which it has no line is one where it expects nothing; evidence there speaks neither for nor against it.

*Congruence* is the plainest test: of the items that speak to a hypothesis, how many say what it expects? The answer
comes with its counts and an interval, and once with items and once with allies as units: ten items on one ally are
not ten independent answers. Congruence does not tell rivals apart where they expect the same; lesson 14 weighs what
does.

Source
------
The hypotheses are read in `helpers/data/content/theories.yml`. A line there with the mark `abstract` rests on the
abstract of the study that its hypothesis names; all else, near and far, the aspects and the measure, is the course's
own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations, product
from types import MappingProxyType
from typing import Any

import pandas as pd

from helpers.data.errors import CourseError

__all__ = [
    "ALLIES",
    "ASKED",
    "ASPECTS",
    "NOTHING",
    "PLACES",
    "QUESTIONS",
    "Congruence",
    "Expectation",
    "PredictionError",
    "Theory",
    "board_keys",
    "congruence",
    "crucial",
    "expectations",
    "lean",
    "options",
    "score_allies",
    "score_theories",
    "theories",
]

PLACES = ("near", "far")
"""Where an ally lies: near the war, or far from it."""
ASPECTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "stance": {"support": "supports the war", "oppose": "criticises the war"},
        "will": {"praise": "praises American firmness", "worry": "worries about priorities"},
        "capacity": {"calm": "has no worry about means", "worry": "worries about troops, money"},
        "danger": {"less": "feels less danger", "more": "feels more danger"},
        "options": {"stay": "relies on the alliance", "seek": "looks for security elsewhere"},
        "withdrawal": {
            "alarm": "is alarmed by it",
            "relief": "is relieved by it",
        },
    }
)
"""What one listens for, and the two things that can be heard."""
NOTHING = "nothing"
"""A hypothesis expects nothing in particular."""
ASKED = ("will", "capacity", "danger", "withdrawal")
"""Aspects on the prediction board: with near and far, eight conditions."""
ALLIES = ("South Korea", "Thailand", "Japan", "Australia", "United Kingdom", "West Germany")
"""Six allies on the prediction board, from some that lie near the war to some that lie far from it."""
QUESTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "stance": {"toward": "mostly supports", "even": "about even", "away": "mostly criticises"},
        "withdrawal": {"toward": "mostly alarm", "even": "neither, or both", "away": "mostly relief"},
    }
)
"""What the board asks of each ally: its own words on the war 1965 to 1968, and on American withdrawal from 1969."""
MARKS = ("abstract", "the course's reading")
EVEN = (1 / 3, 2 / 3)
FEWEST = 3
_Z = 1.959963984540054


class PredictionError(CourseError):
    """A theory or a prediction that cannot be; names the thing, the value and what to do."""


@dataclass(frozen=True)
class Expectation:
    """What a hypothesis expects under one condition.

    Parameters
    ----------
    where : str
        `near` or `far`.
    aspect : str
        A key of `ASPECTS`.
    expects : str
        One of the two values of the aspect.
    mark : str
        `abstract` or `the course's reading`.
    key : str
        Of `docs/claims.yml` or `docs/references.bib`; empty if the hypothesis is the course's own.
    why : str
    """

    where: str
    aspect: str
    expects: str
    mark: str
    key: str
    why: str

    @property
    def words(self) -> str:
        """What is expected, in words."""
        return ASPECTS[self.aspect][self.expects]


@dataclass(frozen=True)
class Theory:
    """One hypothesis.

    Parameters
    ----------
    key : str
        Short name.
    name, says : str
    source : str
        Key of `docs/references.bib`; empty if it is the course's own.
    against : tuple of str
        What would count against it.
    expectations : tuple of Expectation
    """

    key: str
    name: str
    says: str
    source: str
    against: tuple[str, ...]
    expectations: tuple[Expectation, ...]

    def expects(self, where: str, aspect: str) -> str:
        """What it expects under a condition, or `nothing`.

        Parameters
        ----------
        where : str
            `near` or `far`.
        aspect : str
            A key of `ASPECTS`.

        Returns
        -------
        str

        Raises
        ------
        PredictionError
            If there is no such condition.
        """
        _known("place", where, PLACES)
        _known("aspect", aspect, ASPECTS)
        found = (each.expects for each in self.expectations if (each.where, each.aspect) == (where, aspect))
        return next(found, NOTHING)

    def __repr__(self) -> str:
        return f"{self.name}: {self.says}"


def theories(entries: Iterable[Mapping[str, Any]]) -> dict[str, Theory]:
    """Make checked hypotheses of what was written down.

    Parameters
    ----------
    entries : iterable of mapping
        As `helpers.data.theory_entries()` gives them.

    Returns
    -------
    dict of str to Theory

    Raises
    ------
    PredictionError
        If a part is missing or unknown, or a condition is there twice.

    Examples
    --------
    >>> from helpers.data import theory_entries
    >>> theories(theory_entries())["divided"].expects("far", "withdrawal")
    'relief'
    """
    held: dict[str, Theory] = {}
    for entry in entries:
        theory = _theory(entry)
        if theory.key in held:
            raise PredictionError(f"The theory {theory.key!r} is there twice; give each its own name.")
        held[theory.key] = theory
    return held


def _theory(entry: Mapping[str, Any]) -> Theory:
    _complete(
        entry, ("theory", "name", "says", "source", "against", "expects"), f"theory {entry.get('theory')!r}"
    )
    key = str(entry["theory"])
    lines = tuple(_expectation(each, key) for each in entry["expects"])
    twice = [pair for pair, n in Counter((each.where, each.aspect) for each in lines).items() if n > 1]
    if twice:
        raise PredictionError(f"The theory {key!r} has two lines for {' '.join(twice[0])}; keep one.")
    if not entry["against"]:
        raise PredictionError(f"The theory {key!r} says nothing of what would count against it; add that.")
    return Theory(key, entry["name"], entry["says"], entry["source"], tuple(entry["against"]), lines)


def _expectation(line: Mapping[str, Any], theory: str) -> Expectation:
    names = ("where", "aspect", "expects", "mark", "key", "why")
    _complete(line, names, f"line of theory {theory!r}")
    _known("place", line["where"], PLACES)
    _known("aspect", line["aspect"], ASPECTS)
    _known(f"expectation on {line['aspect']}", line["expects"], ASPECTS[line["aspect"]])
    _known("mark", line["mark"], MARKS)
    return Expectation(*(str(line[name]) for name in names))


def expectations(held: Mapping[str, Theory]) -> pd.DataFrame:
    """All expectations side by side.

    Parameters
    ----------
    held : mapping of str to Theory

    Returns
    -------
    DataFrame
        One row a condition: `where`, `aspect`, then one column a theory with what it expects or `nothing`.
    """
    rows = [
        [where, aspect, *(theory.expects(where, aspect) for theory in held.values())]
        for aspect, where in product(ASPECTS, PLACES)
    ]
    return pd.DataFrame(rows, columns=["where", "aspect", *held])


def crucial(held: Mapping[str, Theory]) -> pd.DataFrame:
    """Under how many conditions each pair of hypotheses is told apart.

    Parameters
    ----------
    held : mapping of str to Theory

    Returns
    -------
    DataFrame
        One row a pair: `first`, `second`, `apart` (both expect something, and not the same), `alike` (both expect
        the same), `open` (one of them expects nothing), `where_apart` (the conditions, in words).
    """
    table = expectations(held)
    rows = []
    for first, second in combinations(held, 2):
        both = (table[first] != NOTHING) & (table[second] != NOTHING)
        apart = both & (table[first] != table[second])
        names = [f"{row.where} {row.aspect}" for row in table[apart].itertuples()]
        rows.append(
            [
                first,
                second,
                int(apart.sum()),
                int((both & ~apart).sum()),
                int((~both).sum()),
                ", ".join(names),
            ]
        )
    return pd.DataFrame(rows, columns=["first", "second", "apart", "alike", "open", "where_apart"])


# Congruence.


@dataclass(frozen=True)
class Congruence:
    """How far evidence agrees with one hypothesis.

    Parameters
    ----------
    theory : str
    unit : str
        What was counted: `items` or `allies`.
    fits, conflicts : int
        Units that say what it expects, and that say the contrary.
    undecided : int
        Allies whose items are split evenly; always 0 for items.
    silent : int
        Units that do not speak to it: it expects nothing there, or nothing was heard.
    """

    theory: str
    unit: str
    fits: int
    conflicts: int
    undecided: int
    silent: int

    @property
    def n(self) -> int:
        """Units that speak for or against."""
        return self.fits + self.conflicts

    @property
    def share(self) -> float:
        """Share of them that fits; missing if nothing speaks."""
        return self.fits / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share; 0 to 1 if nothing speaks.

        It treats units as independent draws, which items on one ally are not: read the row of allies, too.
        """
        if not self.n:
            return 0.0, 1.0
        square = _Z**2 / self.n
        middle = (self.share + square / 2) / (1 + square)
        half = math.sqrt(square * self.share * (1 - self.share) + square**2 / 4) / (1 + square)
        return max(0.0, middle - half), min(1.0, middle + half)

    def to_frame(self) -> pd.DataFrame:
        """One row with counts, share and interval."""
        low, high = self.interval
        return pd.DataFrame(
            [
                [
                    self.theory,
                    self.unit,
                    self.fits,
                    self.conflicts,
                    self.undecided,
                    self.silent,
                    self.share,
                    low,
                    high,
                ]
            ],
            columns=["theory", "unit", "fits", "conflicts", "undecided", "silent", "share", "low", "high"],
        )

    def __repr__(self) -> str:
        rest = f"; {self.silent} more do not speak to it" + (
            f", {self.undecided} are split" if self.undecided else ""
        )
        if not self.n:
            return f"{self.theory}: none of the {self.unit} speaks to it{rest}."
        low, high = self.interval
        return (
            f"{self.theory}: {self.fits} of {self.n} {self.unit} fit ({self.share:.0%}, "
            f"95 % interval {low:.0%} to {high:.0%}){rest}."
        )


def congruence(heard: pd.DataFrame, theory: Theory) -> tuple[Congruence, Congruence]:
    """How far what was heard agrees with a hypothesis, by items and by allies.

    Parameters
    ----------
    heard : DataFrame
        One row an item and aspect: `ally`, `where` (`near` or `far`), `aspect` (a key of `ASPECTS`) and `says` (one
        of the two values of the aspect; empty or missing if the item is silent).
    theory : Theory

    Returns
    -------
    (Congruence, Congruence)
        By items; and by allies, each of which fits if most of its items that speak do.

    Raises
    ------
    PredictionError
        If a column is missing or a value unknown.

    Examples
    --------
    >>> from helpers.data import theory_entries
    >>> heard = pd.DataFrame({"ally": ["A", "A", "B"], "where": ["far"] * 3,
    ...                       "aspect": ["stance", "will", "stance"], "says": ["support", "praise", "oppose"]})
    >>> congruence(heard, theories(theory_entries())["hawkish"])[0]
    Hawkish Reassurance Theory: 2 of 3 items fit (67%, 95 % interval 21% to 94%); 0 more do not speak to it.
    """
    verdicts = _verdicts(heard, theory)
    counted = Counter(verdicts)
    items = Congruence(theory.name, "items", counted[1], counted[-1], 0, counted[0])
    spoken = {ally: [0, 0] for ally in heard["ally"]}
    for ally, verdict in zip(heard["ally"], verdicts, strict=True):
        spoken[ally][0] += verdict == 1
        spoken[ally][1] += verdict == -1
    sides = Counter(_side(fits, against) for fits, against in spoken.values())
    allies = Congruence(theory.name, "allies", *(sides[side] for side in _SIDES))
    return items, allies


_SIDES = ("fits", "conflicts", "undecided", "silent")


def _side(fits: int, against: int) -> str:
    """Where an ally stands whose items fit and conflict so often."""
    if fits + against == 0:
        return "silent"
    return "undecided" if fits == against else "fits" if fits > against else "conflicts"


def _verdicts(heard: pd.DataFrame, theory: Theory) -> list[int]:
    """1 where an item says what is expected, -1 where the contrary, 0 where it does not speak to the theory."""
    for column in ("ally", "where", "aspect", "says"):
        if column not in heard:
            raise PredictionError(
                f"The table has no column {column!r}; it needs ally, where, aspect and says."
            )
    verdicts = []
    for where, aspect, says in heard[["where", "aspect", "says"]].fillna("").itertuples(index=False):
        expected = theory.expects(where, aspect)
        if says:
            _known(f"value of {aspect}", says, ASPECTS[aspect])
        speaks = bool(says) and expected != NOTHING
        verdicts.append((1 if says == expected else -1) if speaks else 0)
    return verdicts


# The prediction board.


def board_keys(held: Sequence[str] = ("hawkish", "divided")) -> tuple[str, ...]:
    """Names of all squares of the board.

    Parameters
    ----------
    held : sequence of str
        Theories on the board.

    Returns
    -------
    tuple of str
        `theory.where.aspect` for each theory and condition, then `ally.question` for each ally and question.

    Examples
    --------
    >>> board_keys()[0], board_keys()[-1], len(board_keys())
    ('hawkish.near.will', 'West Germany.withdrawal', 28)
    """
    conditions = [f"{theory}.{where}.{aspect}" for theory in held for aspect in ASKED for where in PLACES]
    return (*conditions, *(f"{ally}.{question}" for ally in ALLIES for question in QUESTIONS))


def options(key: str) -> dict[str, str]:
    """What can be put on a square of the board, with its words.

    Parameters
    ----------
    key : str
        One of `board_keys()`.

    Returns
    -------
    dict of str to str

    Raises
    ------
    PredictionError
        If there is no such square.

    Examples
    --------
    >>> list(options("hawkish.far.danger"))
    ['less', 'more', 'nothing']
    """
    _known("square", key, board_keys())
    *_, last = key.split(".")
    if key.count(".") == 1:
        return dict(QUESTIONS[last])
    return {**ASPECTS[last], NOTHING: "(nothing in particular)"}


def score_theories(picks: Mapping[str, str], held: Mapping[str, Theory]) -> pd.DataFrame:
    """A student's reading of the theories beside the course's.

    Parameters
    ----------
    picks : mapping of str to str
        Value of each square `theory.where.aspect`; squares that are not there count as not filled.
    held : mapping of str to Theory

    Returns
    -------
    DataFrame
        One row a square: `theory`, `where`, `aspect`, `pick` (empty if not filled), `reading`, `mark`, `key`, `why`
        and `agrees` (True, False, or missing where not filled).
    """
    rows = []
    for key in board_keys():
        if key.count(".") == 2:
            theory, where, aspect = key.split(".")
            rows.append([theory, where, aspect, *_beside(picks.get(key, ""), held[theory], where, aspect)])
    columns = ["theory", "where", "aspect", "pick", "reading", "mark", "key", "why", "agrees"]
    return pd.DataFrame(rows, columns=columns)


def _beside(pick: str, theory: Theory, where: str, aspect: str) -> list[Any]:
    reading = theory.expects(where, aspect)
    lines = [each for each in theory.expectations if (each.where, each.aspect) == (where, aspect)]
    mark, key, why = (
        (lines[0].mark, lines[0].key, lines[0].why) if lines else ("the course's reading", "", "")
    )
    return [pick, reading, mark, key, why, None if not pick else pick == reading]


def lean(toward: int, away: int) -> str:
    """Which way counts lean: the rule by which the board is scored.

    Parameters
    ----------
    toward, away : int
        Items that support (or show alarm), and that criticise (or show relief).

    Returns
    -------
    str
        `toward` if more than two thirds of both lie there, `away` if fewer than a third, else `even`; `too few` if
        there are fewer than three. The cut-offs are the course's own.

    Examples
    --------
    >>> lean(9, 1), lean(3, 3), lean(2, 0)
    ('toward', 'even', 'too few')
    """
    if min(toward, away) < 0:
        raise PredictionError(f"Counts cannot be negative: {toward} and {away}.")
    if toward + away < FEWEST:
        return "too few"
    share = toward / (toward + away)
    return "toward" if share > EVEN[1] else "away" if share < EVEN[0] else "even"


def score_allies(picks: Mapping[str, str], counts: pd.DataFrame) -> pd.DataFrame:
    """A student's predictions on the six allies beside what was counted.

    Parameters
    ----------
    picks : mapping of str to str
        Value of each square `ally.question`.
    counts : DataFrame
        Columns `ally`, `question` (a key of `QUESTIONS`), `toward` and `away`: items that support and that
        criticise, or that show alarm and relief. Allies that are not on the board are left out.

    Returns
    -------
    DataFrame
        One row an ally and question on the board: `ally`, `question`, `pick`, `toward`, `away`, `lean` (as `lean`
        gives it; `too few` also where nothing was counted) and `hit` (True, False; missing where there are too few
        items or no pick).

    Raises
    ------
    PredictionError
        If a column is missing, or an ally and question stand there twice.
    """
    missing = {"ally", "question", "toward", "away"} - set(counts)
    if missing:
        raise PredictionError(f"The counts have no column {', '.join(sorted(missing))}.")
    if counts.duplicated(["ally", "question"]).any():
        raise PredictionError("An ally and question stand twice among the counts; add their items up first.")
    counted = counts[["ally", "question", "toward", "away"]].to_numpy()
    found = {(ally, question): (int(toward), int(away)) for ally, question, toward, away in counted}
    rows = [
        _scored(ally, question, picks.get(f"{ally}.{question}", ""), *found.get((ally, question), (0, 0)))
        for ally, question in product(ALLIES, QUESTIONS)
    ]
    return pd.DataFrame(rows, columns=["ally", "question", "pick", "toward", "away", "lean", "hit"])


def _scored(ally: str, question: str, pick: str, toward: int, away: int) -> list[Any]:
    leans = lean(toward, away)
    can = bool(pick) and leans != "too few"
    return [ally, question, pick, toward, away, leans, pick == leans if can else None]


def _complete(entry: Mapping[str, Any], names: Sequence[str], what: str) -> None:
    missing = [name for name in names if name not in entry]
    unknown = [name for name in entry if name not in names]
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has an unknown part {', '.join(unknown)}"
        raise PredictionError(f"The {what} {wrong}; it has {', '.join(names)}.")


def _known(name: str, value: object, known: Iterable[str]) -> None:
    names = list(known)
    if value not in names:
        near = get_close_matches(str(value), names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise PredictionError(f"No {name} {value!r}.{hint} It is one of: {', '.join(names)}.")
