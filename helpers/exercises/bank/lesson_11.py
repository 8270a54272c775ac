"""Exercises of lesson 11, Two theories, one war: the break-even, what tells rivals apart, the record, a plan."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from helpers.data import phase_entries, theory_entries
from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Table, Words
from helpers.theory.will_and_capacity import War
from helpers.vietnam.evidence import SEVERAL, gather, phase_of, phases
from helpers.vietnam.predictions import NOTHING, expectations, theories

TRUST = (0.3, 0.6, 0.9)
RATIO = 3.0

# 11.1 ------------------------------------------------------------------------------------------------------------


def _willing() -> list[float]:
    """Belief in will after the war, for each friend."""
    return [War(prior=trust, likelihood_ratio=RATIO, war=0).willing for trust in TRUST]


BREAK_EVEN = Exercise(
    id="11.1",
    points=2,
    answer="break_even",
    kind=List(of=Number(decimals=2), ordered=True),
    asks="For each of three friends, the share of forces away at which the war leaves it as safe as before.",
    expected=lambda context: [1 - trust / belief for trust, belief in zip(TRUST, _willing(), strict=True)],
    mistakes=(
        Mistake(
            "what may stay",
            lambda context, right: [1 - share for share in right],
            "Those are the shares that must *stay*: trust divided by the new belief. Away is the rest of 1.",
        ),
        Mistake(
            "the rise in will",
            lambda context, right: [after - trust for trust, after in zip(TRUST, _willing(), strict=True)],
            "That is how much the belief in will rises. The forces that are left *multiply* the belief: solve "
            "new belief × (1 - away) = trust.",
        ),
        Mistake(
            "the new belief",
            lambda context, right: _willing(),
            "That is the new belief in will. Which share of the forces may be away until safety is back at the trust "
            "from before?",
        ),
        Mistake(
            "what is left of doubt",
            lambda context, right: [1 - belief for belief in _willing()],
            "That is what is left of doubt after the war. Set the new belief × (1 - away) equal to the trust from "
            "before, and solve for away.",
        ),
        Mistake(
            "certain will",
            lambda context, right: [1 - trust for trust in TRUST],
            "That would hold if the war proved will beyond doubt. Here it only triples the odds: use the new belief.",
        ),
        Mistake(
            "three times the probability",
            lambda context, right: [1 - 1 / RATIO for _ in TRUST],
            "You tripled the probability, which carries 0.9 beyond 1. The ratio multiplies the *odds*, "
            "trust / (1 - trust).",
        ),
        Mistake(
            "reversed",
            lambda context, right: right[::-1],
            "The order is turned round: first the friend who trusted at 0.3, last the one at 0.9.",
        ),
        Mistake(
            "safety at a fifth",
            lambda context, right: [0.8 * belief for belief in _willing()],
            "That is how safe each feels with a fifth away. Asked for is the share away at which it feels as safe as "
            "before.",
        ),
    ),
    hints=(
        "At the point asked for, safety during the war equals trust before it: willing × (1 - away) = trust.",
        "`safety(trust, 3, 0)` is the new belief in will, because nobody is away. Solve for `away`.",
        "The second friend is the worked example: 1 - 0.6 / 0.82.",
    ),
    why=(
        "The more a friend trusts, the sooner the war unsettles it. In the model the share is "
        "(1 - trust) × (1 - 1 / ratio): trust leaves little room for good news, and the forces are missed all the same."
    ),
)

# 11.2 ------------------------------------------------------------------------------------------------------------


def _expected_table() -> pd.DataFrame:
    return expectations(theories(theory_entries()))


def _pairs(*, nothing_counts: bool = False, alike: bool = False) -> pd.DataFrame:
    """Pairs that each condition tells apart, or some near miss of that."""
    table = _expected_table()
    names = [name for name in table if name not in ("where", "aspect")]
    counted = []
    for row in table.to_dict("records"):
        pairs = [(row[first], row[second]) for first, second in combinations(names, 2)]
        kept = [pair for pair in pairs if nothing_counts or NOTHING not in pair]
        counted.append(sum((first == second) == alike for first, second in kept))
    return table[["where", "aspect"]].assign(pairs=counted)


def _first_pair() -> pd.DataFrame:
    table = _expected_table()
    return table[["where", "aspect"]].assign(pairs=(table["hawkish"] != table["divided"]).astype(int))


def _different(*, nothing_counts: bool) -> pd.DataFrame:
    """How many different expectations there are in each row."""
    table = _expected_table()
    said = table.drop(columns=["where", "aspect"])
    said = said if nothing_counts else said.replace(NOTHING, None)
    return table[["where", "aspect"]].assign(pairs=said.nunique(axis=1))


APART = Exercise(
    id="11.2",
    points=3,
    answer="apart",
    kind=Table(keys=("where", "aspect"), values=("pairs",), decimals=0),
    asks="For each of twelve conditions, how many of the six pairs of hypotheses it tells apart.",
    expected=lambda context: _pairs(),
    mistakes=(
        Mistake(
            "nothing counted as an answer",
            lambda context, right: _pairs(nothing_counts=True),
            "You let *nothing* count as an expectation. A hypothesis that expects nothing is neither helped nor hurt: "
            "leave out pairs in which one of the two says nothing.",
        ),
        Mistake(
            "the first pair only",
            lambda context, right: _first_pair(),
            "That is one pair of six, Hawkish Reassurance against divided priorities. Go through all of them: "
            "`combinations(four, 2)`.",
        ),
        Mistake(
            "different words",
            lambda context, right: _different(nothing_counts=False),
            "You counted how many different expectations a row holds. Asked for are pairs of hypotheses.",
        ),
        Mistake(
            "different words and nothing",
            lambda context, right: _different(nothing_counts=True),
            "You counted how many different words a row holds. Asked for are pairs of hypotheses, without *nothing*.",
        ),
        Mistake(
            "alike",
            lambda context, right: _pairs(alike=True),
            "Those are the pairs that expect the same. Evidence under such a condition tells them not apart.",
        ),
        Mistake(
            "each pair twice",
            lambda context, right: right.assign(pairs=2 * right["pairs"]),
            "Each pair is counted twice, once in each order. `combinations` gives every pair once.",
        ),
    ),
    hints=(
        "Write a function of one row that counts, and use `table.apply(your_function, axis=1)`.",
        'For a pair of names `a, b`: `row[a] != row[b]`, and neither of the two is `"nothing"`.',
        "`sum(... for a, b in combinations(four, 2))` counts the pairs for which the condition is true.",
    ),
    why=(
        "Far from the war a withdrawal tells two pairs apart, near the war it tells none: all four expect alarm. "
        "What is most vivid in the record need not be what decides."
    ),
)

# 11.3 ------------------------------------------------------------------------------------------------------------

PHASES = ("escalation", "withdrawal")


def _items(context: Context) -> pd.DataFrame:
    archive = gather(context.load("vietnam_evidence"), context.load("vietnam_voices"))
    war = phases(phase_entries())
    return archive.to_frame().assign(phase=[phase_of(item, war) or "" for item in archive])


def _counted(items: pd.DataFrame, allies: pd.Series[str]) -> pd.DataFrame:
    table = pd.crosstab(items["ally"], items["phase"]).reindex(sorted(set(allies)), fill_value=0)
    return table.reindex(columns=list(PHASES), fill_value=0).reset_index()


def _record(context: Context, *voices: str, setting: str = "") -> pd.DataFrame:
    items = _items(context)
    one = items[items["ally"] != SEVERAL]
    kept = one[one["voice"].isin(voices or one["voice"])]
    if setting:
        kept = kept[kept["setting"] == setting]
    return _counted(kept, one["ally"])


RECORD = Exercise(
    id="11.3",
    points=3,
    answer="record",
    kind=Table(keys=("ally",), values=PHASES, decimals=0),
    asks="For each ally, the items in which it speaks or acts itself, in the escalation and in the withdrawal.",
    expected=lambda context: _record(context, "own", "both"),
    mistakes=(
        Mistake(
            "every voice",
            lambda context, right: _record(context),
            "Those are all items. What an American says of an ally is not the ally's stance: keep `own` and `both`.",
        ),
        Mistake(
            "alone only",
            lambda context, right: _record(context, "own"),
            "Talks in which both speak are missing: keep the voice `both` beside `own`.",
        ),
        Mistake(
            "together only",
            lambda context, right: _record(context, "both"),
            "Those are only the items in which both speak. The ally's own voice alone belongs in as well.",
        ),
        Mistake(
            "the others",
            lambda context, right: _record(context, "american", "other"),
            "Those are the items in which the ally does *not* speak. Turn the condition round.",
        ),
        Mistake(
            "columns exchanged",
            lambda context, right: right.rename(
                columns={"escalation": "withdrawal", "withdrawal": "escalation"}
            ),
            "The two columns are exchanged: 1965 to 1968 is the escalation.",
        ),
        Mistake(
            "public only",
            lambda context, right: _record(context, "own", "both", setting="public"),
            "You kept public words alone. What an ally says in private is its own voice, too.",
        ),
    ),
    hints=(
        'Keep the rows first: `items["voice"].isin(["own", "both"])`, and not `Multiple allies`.',
        'Then `groupby(["ally", "phase"]).size()` counts, and `.unstack(fill_value=0)` lays the phases side by side.',
        'The last step keeps two columns: `[["escalation", "withdrawal"]]`.',
    ),
    why=(
        "Every ally speaks in the escalation. In the withdrawal most speak twice, once or never, and so do all of "
        "Europe and Canada. A theory about where stances end cannot be tested where the record stops before."
    ),
)

# 11.4 ------------------------------------------------------------------------------------------------------------

PLAN = Exercise(
    id="11.4",
    points=2,
    answer="plan",
    kind=Words(
        min_words=80,
        max_words=200,
        criteria=(
            "names two of the four hypotheses and a condition under which they expect different things",
            "names one near and one far ally, with a reason that is not what they did in the war",
            "says for each of the two hypotheses what would count against it",
            "says which expectation stands in an abstract and which is a reading, the course's or the student's",
        ),
    ),
    asks="A plan, before the evidence: two hypotheses, a condition, two allies, and what counts against each.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Take a row of your table `apart` with a count above 0, and read which pair it tells apart.",
        "For each hypothesis finish the sentence: I would give it up if I read that ...",
    ),
    why="What is written down before the evidence can be wrong. What is written afterwards never is.",
)

EXERCISES = (BREAK_EVEN, APART, RECORD, PLAN)
