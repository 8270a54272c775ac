"""Questions of lesson 13, Reading evidence: the warm-up, a prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question

WARM_UP = (
    Question(
        id="13.w1",
        text="A table counts soldiers that each ally sent to Vietnam. What does a zero tell about an ally's stance?",
        options=(
            Option(
                "That it opposed the war",
                False,
                "It may have backed the war in words and sent doctors. Sending troops is one way to take a side.",
            ),
            Option(
                "Little: words, aid and votes may point elsewhere",
                True,
                "That is why this lesson reads. And words have their own trouble: who says them, and to whom.",
            ),
            Option(
                "That it was far away",
                False,
                "Near allies sent none, far ones sent some. Look again at the counter-cases of lesson 12.",
            ),
        ),
    ),
    Question(
        id="13.w2",
        text="You predict what each ally will say before you read. Why before?",
        options=(
            Option(
                "Because afterwards memory makes every finding look expected",
                True,
                "A prediction on paper can be wrong. One that is remembered afterwards rarely is.",
            ),
            Option(
                "Because reading takes longer than guessing",
                False,
                "True, and no reason. A guess made after reading would be quick as well.",
            ),
            Option(
                "Because a prediction makes the theory true",
                False,
                "It only makes the theory able to fail in front of you.",
            ),
        ),
    ),
    Question(
        id="13.w3",
        text="What can a signal teach that both kinds of sender would send?",
        options=(
            Option(
                "A little, if it is loud",
                False,
                "Loud or not: where both would send it, it does not tell them apart.",
            ),
            Option(
                "Nothing about which kind sends it",
                True,
                "Keep that for praise given to a protector's face: who would not give it?",
            ),
            Option(
                "That the sender is resolved",
                False,
                "Only if an unresolved one would have kept silent.",
            ),
        ),
    ),
)

BOUNDS = (0.5, 0.65, 0.8)
"""Where the options of the prediction are cut."""


def _agreed(context: Context) -> int:
    """Which option holds the share of items to which both blind readers gave the same stance."""
    table = context.load("vietnam_codings").pivot(index="evidence_id", columns="coder", values="stance")
    share = float((table["coder_a"] == table["coder_b"]).mean())
    return sum(share >= bound for bound in BOUNDS)


PREDICTIONS = (
    Prediction(
        id="13.1",
        text=(
            "Two careful readers, one codebook, six codes for the stance, over 150 items, no talk. To what share of "
            "the items did they give the same stance?"
        ),
        options=("Less than half", "Half to under 65 %", "65 % to under 80 %", "80 % or more"),
        answer=_agreed,
        reveal=(
            "Before you call that much or little: what would chance have given? The next exercise takes it off. And "
            "look where the items lie on which they part."
        ),
    ),
)

QUIZ = (
    Question(
        id="13.q1",
        text="Two readers agree on every item. What follows?",
        options=(
            Option(
                "The codes are true",
                False,
                "Two readers with the same blind spot agree as well. Agreement is about readers and rules.",
            ),
            Option(
                "The rules were clear to these two",
                True,
                "That is reliability. Whether the codes catch what you mean by stance is another question.",
            ),
            Option(
                "The sources are sound",
                False,
                "Both read the same summaries. A slip in a summary fools both.",
            ),
            Option(
                "The codebook can be used by anybody",
                False,
                "It was clear to two. A third, from elsewhere, may read it otherwise.",
            ),
        ),
    ),
    Question(
        id="13.q2",
        text="Agreement is 90 %, and kappa is near zero. How can that be?",
        options=(
            Option(
                "The computation must be wrong",
                False,
                "Both can be right. Think of two readers who write the same code nearly always.",
            ),
            Option(
                "Kappa is for ordered codes only",
                False,
                "Plain kappa is for categories. The reason lies in how often codes are used.",
            ),
            Option(
                "Nearly all items got one code, so chance alone gives nearly 90 %",
                True,
                "Little is left to reach beyond chance. Look at the table of codes before you judge a number.",
            ),
            Option(
                "There were too few items",
                False,
                "Few items make kappa uncertain. They do not pull it to zero.",
            ),
        ),
    ),
    Question(
        id="13.q3",
        text="Most of an ally's words reach you through American diplomatic records. What is the main worry?",
        options=(
            Option(
                "The records are forged",
                False,
                "Nothing speaks for that. The worry is what gets said, heard, written, kept and printed.",
            ),
            Option(
                "None, as long as there are many",
                False,
                "More of a one-sided choice is a firmer one-sided picture.",
            ),
            Option(
                "Translation errors alone",
                False,
                "They happen. But even perfect English would leave out what was said elsewhere.",
            ),
            Option(
                "They hold what was said to the protector, and what its officials found worth writing down",
                True,
                "So look for words against interest, for what the same ally said at home, and for a second file.",
            ),
        ),
    ),
    Question(
        id="13.q4",
        text="On an item, two readers part: *supportive* and *leaning supportive*. Both can point to a rule. What now?",
        options=(
            Option(
                "Keep the item, mark it, and see whether the conclusion hangs on it",
                True,
                "If the conclusion is the same both ways, the quarrel is harmless. If not, report both.",
            ),
            Option(
                "Drop it: it is unreliable",
                False,
                "Dropping what divides readers leaves you with the easy items, and these need not be typical.",
            ),
            Option(
                "Take the mean of the two codes",
                False,
                "A mean hides that there were two readings, and codes are no measured numbers.",
            ),
            Option(
                "Let the more experienced reader decide, and say nothing",
                False,
                "Somebody may decide. To say nothing hides on what the result hangs.",
            ),
        ),
    ),
    Question(
        id="13.q5",
        text="You change a rule of the codebook after seeing which items divide. What about the old codes?",
        options=(
            Option(
                "They stay valid, since the items are the same",
                False,
                "A code is an answer to a rule. The question has changed.",
            ),
            Option(
                "Only the divided items need new codes",
                False,
                "The new rule may move items on which both agreed before.",
            ),
            Option(
                "They belong to the old version; the new one needs a new coding, by readers who have not seen the old",
                True,
                "Else agreement rises because everybody has seen the answers. That is why each row names its version.",
            ),
            Option(
                "They can be converted by a table",
                False,
                "Only if the new rule is a mere new name for a code.",
            ),
        ),
    ),
)
