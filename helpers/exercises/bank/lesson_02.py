"""Exercises of lesson 02, Believing a guarantee: Bayes' rule, signals that can tell, a bluffer, a memo."""

from __future__ import annotations

from collections.abc import Callable

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Function, List, Share, Text, Words
from helpers.theory.guarantee import Guarantee, equilibria, posterior

# 02.1 ------------------------------------------------------------------------------------------------------------

Rule = Callable[[float, float, float], float]
CALLS = (
    (0.6, 0.8, 0.4),
    (0.5, 1.0, 0.25),
    (0.2, 0.6, 0.6),
    (0.4, 1.0, 0.0),
    (0.9, 0.1, 0.8),
    (0.35, 0.5, 1.0),
)


def _rule(rule: Rule) -> Callable[[Context, object], Rule]:
    return lambda context, right: rule


BAYES = Exercise(
    id="02.1",
    points=2,
    answer="believe",
    kind=Function(inputs=CALLS, of=Share(decimals=2)),
    asks="A function that gives the belief after a signal, from the belief before and how often each type sends it.",
    expected=lambda context: posterior,
    mistakes=(
        Mistake(
            "prior forgotten",
            _rule(lambda prior, resolved, unresolved: resolved / (resolved + unresolved)),
            "You compared how often each type sends it and left out how common each type is. Weigh both by the belief "
            "before.",
        ),
        Mistake(
            "whole is everybody",
            _rule(lambda prior, resolved, unresolved: prior * resolved),
            "That is the share of all guardians who are both resolved and senders. The whole is not everybody, but "
            "those who sent it.",
        ),
        Mistake(
            "all senders",
            _rule(lambda prior, resolved, unresolved: prior * resolved + (1 - prior) * unresolved),
            "That is how often the signal is seen at all. Which part of these senders is resolved?",
        ),
        Mistake(
            "other type",
            _rule(lambda prior, resolved, unresolved: 1 - posterior(prior, resolved, unresolved)),
            "That is the belief that the guardian is unresolved. Put the resolved senders above the line.",
        ),
        Mistake(
            "unresolved not weighed",
            _rule(
                lambda prior, resolved, unresolved: (
                    prior * resolved / (prior * resolved + unresolved)
                    if prior * resolved + unresolved
                    else 0.0
                )
            ),
            "You weighed the resolved by the belief before, but not the unresolved. Their weight is what is left of 1.",
        ),
        Mistake(
            "weighed above alone",
            _rule(lambda prior, resolved, unresolved: prior * resolved / (resolved + unresolved)),
            "Above the line you weighed by the belief before, below it you did not. The whole is the resolved who sent "
            "it and the unresolved who sent it, each weighed by how common the type is.",
        ),
    ),
    hints=(
        "Think of a thousand guardians. How many are unresolved, and how many of these send the signal?",
        "The whole is all who sent it: the resolved who sent it and the unresolved who sent it.",
        "Give it back with `return ... / (... + ...)`.",
    ),
    why=(
        "The price of the signal appears nowhere. A signal moves a belief only if one type sends it more often than "
        "the other; a price matters only through that difference."
    ),
)


# 02.2 ------------------------------------------------------------------------------------------------------------

WORTH_RESOLVED, WORTH_UNRESOLVED = 18, 7
SIGNALS = (
    ("speech", "sunk", 0.2),
    ("exercise", "sunk", 5),
    ("air base", "sunk", 9),
    ("division", "sunk", 17),
    ("space shield", "sunk", 26),
    ("vow in parliament", "tied", 4),
    ("vow before the world", "tied", 9),
    ("families at the border", "tied", 26),
)


def _separates(kind: str, cost: float) -> bool:
    game = Guarantee(0.5, WORTH_RESOLVED, WORTH_UNRESOLVED, cost, kind)
    return any(each.kind == "separating" for each in equilibria(game))


def _named(wanted: Callable[[str, float], bool]) -> list[str]:
    return [name for name, kind, cost in SIGNALS if wanted(kind, cost)]


def _chosen(wanted: Callable[[str, float], bool]) -> Callable[[Context, object], list[str]]:
    return lambda context, right: _named(wanted)


TELLING = Exercise(
    id="02.2",
    points=3,
    answer="telling",
    kind=List(of=Text(), ordered=False),
    asks="The names of the signals that can tell the two types apart, as a list.",
    expected=lambda context: _named(_separates),
    mistakes=(
        Mistake(
            "tied hands cost both",
            _chosen(lambda kind, cost: WORTH_UNRESOLVED <= cost <= WORTH_RESOLVED),
            "You let a resolved guardian pay for tied hands. Who does not back down pays nothing, however high the "
            "price.",
        ),
        Mistake(
            "dear enough",
            _chosen(lambda kind, cost: cost >= WORTH_UNRESOLVED),
            "All of them are too dear for the unresolved. But one is too dear for the resolved as well: it would "
            "rather let the ally go.",
        ),
        Mistake(
            "resolved alone",
            _chosen(lambda kind, cost: kind == "tied" or cost <= WORTH_RESOLVED),
            "A resolved guardian would send all of these. Some of them an unresolved one would send, too: then they "
            "tell nothing.",
        ),
        Mistake(
            "tied hands are free",
            _chosen(lambda kind, cost: kind == "sunk" and _separates(kind, cost)),
            "You left out every tied hand. It is free for the one who keeps the promise, and not for the one who does "
            "not: that is what makes it tell.",
        ),
        Mistake(
            "dearer than both",
            _chosen(lambda kind, cost: cost >= WORTH_RESOLVED),
            "You asked for a price above what the alliance is worth to either. Where does the unresolved give up?",
        ),
        Mistake(
            "turned round",
            _chosen(lambda kind, cost: not _separates(kind, cost)),
            "Those are the ones that cannot. Turn the selection round.",
        ),
    ),
    hints=(
        "If the signal tells them apart, whoever sends it keeps the ally and whoever does not loses it. When is that "
        "good enough for the resolved? When is it not worth it for the unresolved?",
        "For a sunk cost there are two conditions. For tied hands one of them is always met. Which?",
        "Make one column that says True or False: `can = (signals[...] >= ...) & (...)`, with `|` for 'or'. Then "
        '`list(signals.loc[can, "name"])`.',
    ),
    why=(
        "The sender must find it worth the price and the impostor must not. A sunk cost fails at both ends: cheap "
        "enough for both, or too dear for both. Tied hands fail only when they are too cheap."
    ),
)


# 02.3 ------------------------------------------------------------------------------------------------------------

PRIOR, THRESHOLD, COST, HIGH, LOW = 0.35, 0.7, 9, 24, 12


def _bluff(_context: Context) -> list[float]:
    hedge_cost = (1 - THRESHOLD**2) / 2
    found = equilibria(Guarantee(PRIOR, HIGH, LOW, COST, "sunk", hedge_cost))
    bluff = next(each for each in found if each.kind == "bluff")
    return [bluff.sends_unresolved.low, bluff.stays_after_signal.low]


BLUFFER = Exercise(
    id="02.3",
    points=3,
    answer="bluff",
    kind=List(of=Share(decimals=2), ordered=True),
    asks="How often the unresolved guardian builds, and how often the ally stays after the base is built.",
    expected=_bluff,
    mistakes=(
        Mistake(
            "wrong guardian",
            lambda context, right: [right[0], COST / HIGH],
            "With that chance of staying the resolved guardian would not care whether to build. Which type must not "
            "care, because it mixes?",
        ),
        Mistake(
            "prior forgotten",
            lambda context, right: [(1 - THRESHOLD) / THRESHOLD, right[1]],
            "Your first share would be right if both types were equally common before. Weigh each by the belief "
            "before.",
        ),
        Mistake(
            "among senders",
            lambda context, right: [1 - THRESHOLD, right[1]],
            "That is the share of bluffers among those who build. Asked is how often an unresolved guardian builds.",
        ),
        Mistake(
            "any builder",
            lambda context, right: [PRIOR / THRESHOLD, right[1]],
            "That is how often a base is built at all, by either type. Asked is how often an unresolved guardian "
            "builds.",
        ),
        Mistake(
            "among everybody",
            lambda context, right: [PRIOR / THRESHOLD - PRIOR, right[1]],
            "That is the share of all guardians who bluff. Asked is the share among the unresolved ones.",
        ),
        Mistake(
            "silence",
            lambda context, right: [1 - right[0], right[1]],
            "That is how often the unresolved guardian stays silent.",
        ),
        Mistake(
            "hedging",
            lambda context, right: [right[0], 1 - right[1]],
            "That is how often the ally hedges.",
        ),
    ),
    hints=(
        "Start with the ally. It mixes only if it does not care, so its belief after the base is exactly the "
        "threshold. Write the rule of 02.1 with a resolved guardian that always builds, and solve it for the other "
        "share.",
        "In odds it is one line: the odds of the threshold are the odds before, divided by how often the unresolved "
        "builds.",
        "Now the unresolved guardian. Silence gives it nothing. Building gives it the worth of the alliance times the "
        "chance that the ally stays, minus the cost. Both must be equal.",
    ),
    why=(
        "Each side's chance is set by the other side's indifference. The bluffer lies just often enough to leave the "
        "ally in doubt; the ally gives in just often enough to make lying not pay."
    ),
)


# 02.4 ------------------------------------------------------------------------------------------------------------

MEMO = Exercise(
    id="02.4",
    points=2,
    answer="memo",
    kind=Words(
        min_words=80,
        max_words=200,
        criteria=(
            "says that the base tells only if an unresolved guardian would not have built it",
            "names a reason why an unresolved guardian might have built it, too",
            "proposes a signal that would tell the types apart, and says who would pay for it",
            "says what belief does to the ally's own effort, and why the guardian may want belief all the same",
        ),
    ),
    asks="A memo to a minister who takes the price of a base for proof of resolve.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Start with the question that the price does not answer: who else would have paid it?",
        "Then think of the two lines on the lab's map, and of the ally's effort.",
    ),
    why="Ask of every signal who else would have sent it. The price alone does not say.",
)

EXERCISES = (BAYES, TELLING, BLUFFER, MEMO)
