"""Questions of lesson 06, Germany: what if they left? The warm-up, a prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.exercises.surveys import N_CLASSMATES, classmates

WARM_UP = (
    Question(
        id="06.w1",
        text="What does randomisation promise about two arms?",
        options=(
            Option(
                "That they are equal",
                False,
                "Your first assignment in lesson 05 was off. They are alike on average over assignments.",
            ),
            Option(
                "That they are alike on average over all assignments",
                True,
                "In what was measured and in what nobody thought of. One assignment may be off, and one can "
                "say how far.",
            ),
            Option(
                "That they stand for the whole country",
                False,
                "That is about who was drawn into the survey. Randomisation is about who reads what.",
            ),
        ),
    ),
    Question(
        id="06.w2",
        text="Each person reads one text. What of their potential outcomes is seen?",
        options=(
            Option("The one for the text that was read", True, "The others exist and stay hidden."),
            Option(
                "The difference between two of them",
                False,
                "A difference in one person would need two answers from the same mind. One is always missing.",
            ),
            Option(
                "None, because the situation is made up",
                False,
                "The situation is hypothetical. The answer after the text is given and seen.",
            ),
        ),
    ),
    Question(
        id="06.w3",
        text="Why is a question on the left-right scale asked before the vignette, and not after?",
        options=(
            Option(
                "Because people get tired",
                False,
                "They may, but the reason is another one: the text could move the answer.",
            ),
            Option(
                "Because what comes after a treatment may be moved by it",
                True,
                "Only what was measured before can describe who people are, whatever they read.",
            ),
            Option(
                "Because the order makes no difference",
                False,
                "It does: an answer that comes after the text may be part of its effect.",
            ),
        ),
    ),
)

BANDS = (10, 70, 150)
"""Where the options of the prediction end."""


def _significant(context: Context) -> int:  # noqa: ARG001
    """Which option holds the number of classmates whose interval excludes zero."""
    found = int((classmates("protected")["p_value"] < 0.05).sum())
    return sum(found >= band for band in BANDS)


PREDICTIONS = (
    Prediction(
        id="06.1",
        text=(
            f"{N_CLASSMATES} classmates field your survey, each on 6,000 people of their own, in the same "
            f"world. For how "
            "many will the 95 % interval of the effect on felt protection exclude zero?"
        ),
        options=("Fewer than 10", "10 to 69", "70 to 149", "150 or more"),
        answer=_significant,
        reveal=(
            "The people behind each survey differ and the world does not. Neither do the design and the number of "
            "people. What differs is chance."
        ),
    ),
)

QUIZ = (
    Question(
        id="06.q1",
        text="The 95 % interval for an effect runs from -0.15 to 0.04 points. Which sentence may stand in a paper?",
        options=(
            Option(
                "The text has no effect",
                False,
                "The interval holds zero, and it holds -0.15 as well. Nothing here decides between them.",
            ),
            Option(
                "The data are compatible with a small fall, with none, and with a very small rise",
                True,
                "It names what the interval holds and what it leaves out.",
            ),
            Option(
                "The effect lies in the interval with a probability of 95 %",
                False,
                "The promise is about the recipe: 95 of 100 such intervals hold the true value. This one "
                "does or does not.",
            ),
            Option(
                "95 % of people are moved by between -0.15 and 0.04 points",
                False,
                "The interval is about a mean effect. How single people differ, no experiment of this kind shows.",
            ),
        ),
    ),
    Question(
        id="06.q2",
        text="What is the hypothesis behind a randomisation test?",
        options=(
            Option(
                "That the mean effect is zero",
                False,
                "Some might then be moved up and others down. The test needs more: see the sharp hypothesis.",
            ),
            Option(
                "That the text moves nobody's answer",
                True,
                "Then each answer is known under every assignment, and new assignments can be counted.",
            ),
            Option(
                "That answers follow a normal distribution",
                False,
                "The heap was drawn from your own answers. No shape was assumed.",
            ),
            Option(
                "That both arms have the same covariates",
                False,
                "Covariates do not enter. New assignments shuffle who is in which arm, whoever they are.",
            ),
        ),
    ),
    Question(
        id="06.q3",
        text=(
            "A withdrawal study finds +0.4 on need, a deployment study -0.4. May one average the two after "
            "turning a sign?"
        ),
        options=(
            Option(
                "Yes: turned, both are effects of presence",
                False,
                "They share a name on an axis. They ask other people, in another country, about another change.",
            ),
            Option(
                "Yes, if both intervals exclude zero",
                False,
                "Precision does not make two quantities one.",
            ),
            Option(
                "No: two estimands, which may be put on one axis but not pooled",
                True,
                "Losing what one has and getting what one has not need not be mirror images.",
            ),
            Option(
                "No, because a mean of opposite signs is always zero",
                False,
                "After turning, the signs agree. The reason lies in what was asked, not in arithmetic.",
            ),
        ),
    ),
    Question(
        id="06.q4",
        text=(
            "Only surveys whose interval excludes zero get published. What is their mean estimate, if the true "
            "effect is small?"
        ),
        options=(
            Option(
                "Close to the truth: each is unbiased",
                False,
                "Each is, before one looks at it. Choosing by the result is what spoils the mean.",
            ),
            Option(
                "Further from zero than the truth",
                True,
                "With little power, only estimates that chance pushed far out pass. Look at the 200 classmates again.",
            ),
            Option(
                "Closer to zero than the truth",
                False,
                "Estimates close to zero are those that did not pass.",
            ),
            Option(
                "Exactly as far as the interval is wide",
                False,
                "The width says how far one estimate may be off, and not where the chosen ones lie.",
            ),
        ),
    ),
    Question(
        id="06.q5",
        text="The arms differ in age by chance (a small standardised difference). What now?",
        options=(
            Option(
                "The experiment failed; draw again until they agree",
                False,
                "Drawing until it looks right is another procedure, and the usual error would be wrong.",
            ),
            Option(
                "Test each covariate, and adjust for those with p < 0.05",
                False,
                "Among many small tests some are small by chance, and choosing after looking is a fork.",
            ),
            Option(
                "The interval covers such chances already; adjust only as planned beforehand",
                True,
                "Chance imbalance is what a standard error is about. Planned covariates may make it smaller.",
            ),
            Option(
                "Leave out people until the means agree",
                False,
                "Then nobody knows any more whom the arms stand for.",
            ),
        ),
    ),
)
