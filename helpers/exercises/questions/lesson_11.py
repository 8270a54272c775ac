"""Questions of lesson 11, Two theories, one war: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from itertools import combinations

from helpers.data import theory_entries
from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.theory.will_and_capacity import War, change
from helpers.vietnam.predictions import NOTHING, theories

WARM_UP = (
    Question(
        id="11.w1",
        text="Both a resolved and an unresolved guardian would send a signal. What does an ally learn from it?",
        options=(
            Option(
                "That the guardian is resolved, if the signal was expensive",
                False,
                "Expense alone teaches nothing if both would pay it. That was the surprise of lesson 02.",
            ),
            Option(
                "Nothing: the likelihood ratio is one",
                True,
                "A signal teaches as far as one type is more likely to send it than the other.",
            ),
            Option(
                "That the guardian is unresolved, or it would not need signals",
                False,
                "That would hold if only the unresolved sent it. Here both do.",
            ),
        ),
    ),
    Question(
        id="11.w2",
        text="Deterrence speaks to adversaries. To whom does assurance speak?",
        options=(
            Option(
                "To the guardian's own voters", False, "They pay for it, but they are not whom it is for."
            ),
            Option("To neutral states", False, "Nobody promised them anything."),
            Option(
                "To allies", True, "The second audience. This lesson asks what a war elsewhere tells them."
            ),
        ),
    ),
    Question(
        id="11.w3",
        text="Two roads lead to the same end. How are they told apart?",
        options=(
            Option(
                "By what each leaves on the way",
                True,
                "In lesson 04 it was the answers of citizens. Here it is what allies say of will, means and danger.",
            ),
            Option(
                "By looking at the end more precisely",
                False,
                "The end is the same, however precisely one looks.",
            ),
            Option("By choosing the simpler one", False, "Simplicity is no evidence that it happened."),
        ),
    ),
)

FRIENDS = (0.3, 0.6, 0.9)


def _less_safe(context: Context) -> int:
    """Which of the three friends feels less safe: the options in their order."""
    del context
    worse = [change(War(prior=trust, likelihood_ratio=3, war=0.2)).total < 0 for trust in FRIENDS]
    answers = {
        (True, False, False): 0,
        (False, True, False): 1,
        (False, False, True): 2,
        (True, True, True): 3,
    }
    return answers.get((worse[0], worse[1], worse[2]), 4)


def _told_apart(context: Context) -> int:
    """Of the six pairs, how many does a withdrawal near the war tell apart: 0, 1 or 2, 3 to 5, all."""
    del context
    said = [theory.expects("near", "withdrawal") for theory in theories(theory_entries()).values()]
    pairs = [pair for pair in combinations(said, 2) if NOTHING not in pair]
    n_apart = sum(first != second for first, second in pairs)
    return 0 if n_apart == 0 else 1 if n_apart < 3 else 2 if n_apart < 6 else 3


PREDICTIONS = (
    Prediction(
        id="11.1",
        text=(
            "Three friends trust their guardian at 30, 60 and 90 per cent. A distant war is three times as likely from "
            "a guardian that would defend them, and takes a fifth of its forces away. Who feels less safe than before?"
        ),
        options=(
            "Only the one who trusted at 30 per cent",
            "Only the one who trusted at 60 per cent",
            "Only the one who trusted at 90 per cent",
            "All three",
            "None of them",
        ),
        answer=_less_safe,
        reveal="The new belief in will cannot rise above 1, and whoever is close to it has nothing left to gain.",
    ),
    Prediction(
        id="11.2",
        text=(
            "Suppose that allies near the war were alarmed whenever American forces left. How many of the six pairs of "
            "hypotheses would that tell apart, if one reads them as the course does?"
        ),
        options=("None", "One or two", "Three to five", "All six"),
        answer=_told_apart,
        reveal="All four expect it. The most vivid evidence may decide nothing: ask what each rival expects, too.",
    ),
)

QUIZ = (
    Question(
        id="11.q1",
        text="A near ally sends troops and praises the war. For which of the two theories does that speak?",
        options=(
            Option(
                "For Hawkish Reassurance: the ally supports the war",
                False,
                "It does expect support. But so does divided priorities, as the course reads it, while the war serves "
                "the ally itself.",
            ),
            Option(
                "Against divided priorities: the ally does not oppose",
                False,
                "Opposition is expected in distant conflicts. For this ally the war is not distant.",
            ),
            Option(
                "For neither: both expect it",
                True,
                "Evidence that both expect alike has a likelihood ratio of about one. Go and look far from the war.",
            ),
            Option(
                "For both, so both are confirmed",
                False,
                "What fits both tells nothing between them, and it fits the two rivals as well.",
            ),
        ),
    ),
    Question(
        id="11.q2",
        text="Why can a war that shows will leave the most trusting ally less safe?",
        options=(
            Option(
                "Because it no longer believes in the guardian's will",
                False,
                "In the model its belief in will rises. It only cannot rise far.",
            ),
            Option(
                "Because it has little to learn about will, and the same forces to miss",
                True,
                "Safety is will times capacity. The first factor is near its ceiling, the second falls.",
            ),
            Option(
                "Because it is drawn into the war",
                False,
                "That is entrapment, a reason of its own. The model of this lesson does without it.",
            ),
            Option(
                "It cannot: good news never hurts",
                False,
                "The news about will is good. The news about means comes with it.",
            ),
        ),
    ),
    Question(
        id="11.q3",
        text="An ally supports a distant war in its first year. What does that mean for divided priorities?",
        options=(
            Option(
                "It is refuted",
                False,
                "Its word is *ultimately*: it says where stances end, and a first year is no end.",
            ),
            Option(
                "It is confirmed, since opposition will follow",
                False,
                "That opposition will follow is the claim, and still to be seen.",
            ),
            Option(
                "Nothing can ever count against a theory with such a word",
                False,
                "Much can: far allies that support the war to its end, in private as well.",
            ),
            Option(
                "Little yet: the theory speaks of where stances end",
                True,
                "And the record must reach the end. For far allies ours hardly does.",
            ),
        ),
    ),
    Question(
        id="11.q4",
        text="You want to test the two theories. Which choice of allies is sound?",
        options=(
            Option(
                "Allies near and far, trusting and doubtful, whatever they did",
                True,
                "The theories say where they differ, so the choice follows from them and not from the outcome.",
            ),
            Option(
                "Allies that opposed the war, to see why",
                False,
                "Among opponents everyone opposed. What they share, the supporters may share as well.",
            ),
            Option(
                "Allies on which historians have written most",
                False,
                "What is written follows interests of its own. A thin file is no reason, and a thick one neither.",
            ),
            Option(
                "Only the most important allies, since they matter most",
                False,
                "Important for what? Importance is a reason only if the theory speaks of it.",
            ),
        ),
    ),
    Question(
        id="11.q5",
        text="The course reads that far allies are relieved at a withdrawal if priorities are divided. Who says so?",
        options=(
            Option("The abstract of the article", False, "It has no word on withdrawal."),
            Option(
                "A known finding on American allies",
                False,
                "Nothing has been found here yet; the evidence comes in lesson 13.",
            ),
            Option(
                "The course: it infers that from the argument",
                True,
                "Marked so in the file, with the reason. If it fails, the course's reading may be at fault.",
            ),
        ),
    ),
)
