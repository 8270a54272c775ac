"""Questions of lesson 02, Believing a guarantee: the warm-up, the prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.theory.guarantee import Guarantee, posterior

WARM_UP = (
    Question(
        id="02.w1",
        text="A guardian sends soldiers, and the friend whom they protect feels safe. What does this course call that?",
        options=(
            Option(
                "Deterrence", False, "Deterrence speaks to an adversary: it keeps an enemy from attacking."
            ),
            Option(
                "Assurance",
                True,
                "The audience is a friend, and the effect is that the friend feels protected.",
            ),
            Option(
                "Reassurance",
                False,
                "Reassurance is what the guardian does or says in order to bring that effect about.",
            ),
        ),
    ),
    Question(
        id="02.w2",
        text=(
            "Of 100 guardians, 70 are resolved. 63 of these 70 and 9 of the other 30 have built a base. What share of "
            "the builders is resolved?"
        ),
        options=(
            Option("63 of 100", False, "The whole is the builders, not all guardians."),
            Option(
                "63 of 70",
                False,
                "That is the share of the resolved who built. Here the builders are the whole.",
            ),
            Option(
                "63 of 72",
                True,
                "63 + 9 = 72 have built, and 63 of them are resolved: a share of the right whole.",
            ),
        ),
    ),
    Question(
        id="02.w3",
        text="`def double(x):` has one line below it, `2 * x`. What does `double(3)` give?",
        options=(
            Option("6", False, "The line computes 6, and then it is lost: nothing hands it back."),
            Option(
                "None", True, "Without `return` a function gives None. You write a function in this lesson."
            ),
            Option("An error", False, "Nothing is wrong with the line. It just is not given back."),
        ),
    ),
)


OPTIONS = (
    "Close to 100 per cent: nobody spends eight billion without meaning it",
    "About 85 per cent: some would bluff, but not all",
    "70 per cent, as before",
    "Less than 70 per cent: who must buy trust has something to hide",
)
BELIEFS = (0.99, 0.85, 0.7, 0.5)


def _after_the_base(_context: Context) -> int:
    """Who builds, if silence loses the ally and a base keeps it; and what the base then tells."""
    game = Guarantee(prior=0.7, worth_resolved=20, worth_unresolved=10, cost=8)
    sends = [
        float(game.payoff(resolved, sends=True, stays=1) > game.payoff(resolved, sends=False, stays=0))
        for resolved in (True, False)
    ]
    belief = posterior(game.prior, *sends)
    return min(range(len(BELIEFS)), key=lambda i: abs(BELIEFS[i] - belief))


PREDICTIONS = (
    Prediction(
        id="02.1",
        text=("The base is built. How sure should you now be that the guardian is resolved?"),
        options=OPTIONS,
        answer=_after_the_base,
        reveal="Both types gain by building, so a base comes from either, and the belief stays where it was.",
    ),
)

QUIZ = (
    Question(
        id="02.q1",
        text="When can a sunk cost tell a resolved guardian from an unresolved one?",
        options=(
            Option(
                "When it is high enough",
                False,
                "Too high fails as well: then a resolved guardian does not pay either.",
            ),
            Option(
                "When the guardian can afford it",
                False,
                "A full treasury says nothing about will. What counts is what the alliance is worth to each type.",
            ),
            Option(
                "When the ally sees it",
                False,
                "It must, but that is not enough. A signal that both would send is seen and tells nothing.",
            ),
            Option(
                "When the alliance is worth that price to the one type and not to the other",
                True,
                "The price must lie between the two stakes.",
            ),
        ),
    ),
    Question(
        id="02.q2",
        text="Both types would send the signal. It is sent. What happens to the ally's belief?",
        options=(
            Option(
                "It stays where it was",
                True,
                "The odds are multiplied by the ratio of the two chances of sending, and that ratio is 1.",
            ),
            Option(
                "It rises with the price",
                False,
                "The price is not in Bayes' rule; only who sends how often is.",
            ),
            Option(
                "It goes to one half",
                False,
                "One half is no neutral point. Without news one keeps one's belief.",
            ),
            Option(
                "It falls, because a strong guardian would not need to send it",
                False,
                "Not if the resolved sends it as well. It would fall if the unresolved sent it more often.",
            ),
        ),
    ),
    Question(
        id="02.q3",
        text="Tied hands cost nothing on the day they are tied. How can they tell anything?",
        options=(
            Option(
                "What is free is honest",
                False,
                "What is free to both types tells nothing: it is cheap talk.",
            ),
            Option(
                "Because both types pay later",
                False,
                "A price that both pay alike is a sunk cost, only later. Here the one who keeps the promise never "
                "pays.",
            ),
            Option(
                "Because the price falls on the one who backs down",
                True,
                "So a type that means to back down may not dare to send it, and a resolved one sends it free of "
                "charge.",
            ),
            Option(
                "Because a guardian whose hands are tied can no longer back down",
                False,
                "It can, at a price. In this game an unresolved guardian does back down, and pays.",
            ),
        ),
    ),
    Question(
        id="02.q4",
        text="Belief lowers the ally's effort. Why does a guardian want to be believed all the same?",
        options=(
            Option(
                "Because an ally that trusts makes more effort",
                False,
                "In this model it makes less: there is less danger left to guard against.",
            ),
            Option(
                "Because an ally that doubts too much is lost",
                True,
                "Below its threshold the ally hedges, and the guardian loses the alliance and the effort.",
            ),
            Option(
                "Because certainty is the best a guardian can have",
                False,
                "If it values effort, it is best off just believed: enough to keep the ally, with effort left.",
            ),
            Option(
                "Because guardians do not care about effort",
                False,
                "The game sets that aside to stay simple. It is an assumption, and not a finding.",
            ),
        ),
    ),
)
