"""Questions of lesson 09, Two roads to the same end: the warm-up, a prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.questions import Option, Prediction, Question

WARM_UP = (
    Question(
        id="09.w1",
        text="A study is not significant, and its 90 % interval reaches beyond what would matter. What may be said?",
        options=(
            Option(
                "That there is no effect worth speaking of",
                False,
                "An effect that would matter lies in the interval.",
            ),
            Option(
                "That the study leaves it open",
                True,
                "Neither zero nor an effect that matters is ruled out: undecided.",
            ),
            Option(
                "That the effect is there, but small",
                False,
                "Zero is in the interval too. Nothing says that it is there.",
            ),
        ),
    ),
    Question(
        id="09.w2",
        text="Some people fail a check that comes after the text. Why may they not be dropped?",
        options=(
            Option(
                "Because the sample would get too small",
                False,
                "The harm would be the same in a sample of a million.",
            ),
            Option(
                "Because they have a right to be counted",
                False,
                "They may have. The reason here is what dropping does to the comparison.",
            ),
            Option(
                "Because the text may have decided who fails, so the arms are alike no longer",
                True,
                "What comes after the treatment may be its effect. This lesson is about such variables.",
            ),
        ),
    ),
    Question(
        id="09.w3",
        text="Assurance and entrapment both end in less effort. What tells them apart in a figure of effects?",
        options=(
            Option(
                "What happens on the way: whether people feel protected, or threatened",
                True,
                "The end is the same. The roads leave different traces before it.",
            ),
            Option(
                "The size of the effect on effort",
                False,
                "Either can be large or small.",
            ),
            Option(
                "Nothing: if the end is the same, so is the road",
                False,
                "Then no theory of why could ever be tested.",
            ),
        ),
    ),
)

PREDICTIONS = (
    Prediction(
        id="09.1",
        text=(
            "Take your first survey, with all covariates. Suppose that an unseen trait makes people feel more "
            "protected and see less need, and that it explains equally much of what is left of both answers. How much "
            "must it explain until nothing runs through felt protection?"
        ),
        options=(
            "Nearly all of it",
            "About two thirds",
            "About a third",
            "No such trait can do that: chance decided who was told",
        ),
        answer=lambda _context: 2,
        reveal=(
            "About a third is enough. Chance made the told and the untold alike in the trait. It did not make the "
            "protected and the unprotected alike."
        ),
    ),
)

QUIZ = (
    Question(
        id="09.q1",
        text="Chance decided who was told. What did it not decide?",
        options=(
            Option(
                "Who feels protected among the told",
                True,
                "So people who feel protected may differ from the others in anything.",
            ),
            Option(
                "Who is old among the told",
                False,
                "That is decided before; chance spreads it evenly over both arms.",
            ),
            Option(
                "The average effect of being told on felt protection",
                False,
                "That is a property of people and text; the experiment estimates it without further belief.",
            ),
        ),
    ),
    Question(
        id="09.q2",
        text="Which of these does sequential ignorability ask for, and randomising the text does not give?",
        options=(
            Option(
                "That the told and the untold are alike on average",
                False,
                "Randomising gives just that. It is the first half.",
            ),
            Option(
                "That the sample represents the country",
                False,
                "That is sampling, and another matter.",
            ),
            Option(
                "That nothing unseen moves both the mediator and the outcome",
                True,
                "Given text and covariates, the mediator must be as good as random. That is the second half.",
            ),
            Option(
                "That the mediator is measured on a long scale",
                False,
                "A coarse scale costs precision and more; it is no part of this assumption.",
            ),
        ),
    ),
    Question(
        id="09.q3",
        text="A sensitivity analysis says: gone if the errors correlate by -0.4. What do you do with that?",
        options=(
            Option(
                "Compute the true correlation from the data, and see whether it is smaller",
                False,
                "The data cannot tell it: a real road and an unseen cause leave the same correlation.",
            ),
            Option(
                "Call the result robust, because a correlation of one would be needed to be sure",
                False,
                "What counts is where it is gone, and whether a cause as strong as that is easy to think of.",
            ),
            Option(
                "Call the result void, since it can be explained away",
                False,
                "Every such share can be. The question is by how strong a cause.",
            ),
            Option(
                "Ask which unseen cause could be as strong, and compare it with those that were measured",
                True,
                "The number turns a vague doubt into one that can be argued about.",
            ),
        ),
    ),
    Question(
        id="09.q4",
        text="With protection held by a second text, the effect of being told is as large as without. What follows?",
        options=(
            Option(
                "That the second text was not believed: nothing else explains it",
                False,
                "It may be so; that is why one checks what the text did. A road that does nothing explains it, too.",
            ),
            Option(
                "The effect can do without protection: other roads carry it, if the text held what it should",
                True,
                "That is a controlled direct effect, at the value at which protection was held.",
            ),
            Option(
                "Protection carries all of the effect",
                False,
                "Then holding it would have taken the effect away.",
            ),
        ),
    ),
    Question(
        id="09.q5",
        text="The effect is significant among women and not among men. What may you write?",
        options=(
            Option(
                "That it works for women only",
                False,
                "It may be the same in both, with a wider interval among men.",
            ),
            Option(
                "That being a woman makes the text work",
                False,
                "Chance assigned nobody to a gender. And whether the effects differ was not tested.",
            ),
            Option(
                "Nothing yet: the difference of the two effects has to be tested, with all others that were looked at",
                True,
                "One test a variable, all in one family, corrected together.",
            ),
        ),
    ),
)
