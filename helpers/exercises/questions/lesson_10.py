"""Questions of lesson 10, A real experiment: the warm-up, a prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question

WARM_UP = (
    Question(
        id="10.w1",
        text="Chance told some people one thing and some another. Which columns may serve as covariates?",
        options=(
            Option(
                "All that are related to the outcome",
                False,
                "What came after the text may have been moved by it. To hold it fixed takes away a part of the effect.",
            ),
            Option(
                "Those that the text cannot have changed",
                True,
                "Measured before, or fixed like age. They make an estimate more precise and leave it unbiased.",
            ),
            Option(
                "Those on which the arms happen to differ most",
                False,
                "Chosen after looking, they make the result depend on the look. Choose them beforehand.",
            ),
        ),
    ),
    Question(
        id="10.w2",
        text="An estimate is not significant, and its 90 % interval reaches past the smallest effect of interest.",
        options=(
            Option(
                "Undecided: zero and effects that would matter are both left in",
                True,
                "More people are needed before either can be said.",
            ),
            Option(
                "Equivalent: there is no effect that matters",
                False,
                "For that the whole 90 % interval has to lie between the bounds.",
            ),
            Option(
                "There is an effect that is too small to be seen",
                False,
                "The interval does not say that an effect is there.",
            ),
        ),
    ),
    Question(
        id="10.w3",
        text="Mediation: half of an effect is said to run through fear. What must one believe?",
        options=(
            Option(
                "That the treatment was assigned by chance, and no more",
                False,
                "Chance assigned the treatment. It did not assign the fear.",
            ),
            Option(
                "That fear and outcome are strongly related",
                False,
                "They are, if anything unseen moves both. That is the trouble, and no ground for belief.",
            ),
            Option(
                "That nothing unseen moves both fear and outcome",
                True,
                "Given treatment and covariates, fear must be as good as random: sequential ignorability.",
            ),
        ),
    ),
)


def _how_few(context: Context) -> int:
    """Which option holds the number of people who would undo the effect on support."""
    from helpers.experiments.left_out import fewest_left_out

    answers = context.load("alliance_experiment")
    answers = answers.assign(ally=answers["ally"].map({0: "no", 1: "yes"}))
    fewest = fewest_left_out(answers, "support_strike", "yes", "no", among="no", value=0, by="ally")
    return sum(fewest > limit for limit in (30, 120, 400))


PREDICTIONS = (
    Prediction(
        id="10.1",
        text=(
            "In these 1,273 people, who read of an ally support a strike less, and the 95 % interval leaves zero out. "
            "Suppose that some people were asked and left out, and, the worst case, all of them had read of no ally "
            "and were against a strike. How many of them would be enough to bring zero back into the interval?"
        ),
        options=("About 10", "About 60", "About 200", "About 600, as many as read of no ally"),
        answer=_how_few,
        reveal=(
            "An end of the interval that lies just beside zero needs very little to cross it. Each person left out in "
            "the worst way moves the mean of 634 by about two points over 634."
        ),
    ),
)

QUIZ = (
    Question(
        id="10.q1",
        text="Of twenty defensible analyses of one file, sixteen have p below 0.05. What is the best sentence?",
        options=(
            Option(
                "The effect is real with a probability of 80 %",
                False,
                "The twenty share the same people; they are no twenty studies, and a share of them is no probability.",
            ),
            Option(
                "The effect is significant, since most analyses say so",
                False,
                "Analyses do not vote. The one that was named beforehand counts, with its interval.",
            ),
            Option(
                "The estimate hardly moves; whether it passes 0.05 hangs on choices, which are named",
                True,
                "That is what a reader can use: the estimate, its interval, and what the verdict rests on.",
            ),
            Option(
                "There is no effect, since four analyses do not find it",
                False,
                "Not significant is not no effect. Look at the interval.",
            ),
        ),
    ),
    Question(
        id="10.q2",
        text="A file holds complete cases only, in two arms of about the same size. What follows?",
        options=(
            Option(
                "Arms of the same size show that nobody is missing for a reason",
                False,
                "Different people may be gone from each arm, in equal numbers.",
            ),
            Option(
                "Randomisation held for those who were assigned; for those who are left it is an assumption",
                True,
                "If a text makes some people skip a question, those who remain are no longer alike.",
            ),
            Option(
                "The effect is biased and should not be reported",
                False,
                "It may be. How few people it would take is a better guide than a verdict either way.",
            ),
            Option(
                "Covariates repair it",
                False,
                "Only if they hold all that decides who skips. Nobody can see that from the file.",
            ),
        ),
    ),
    Question(
        id="10.q3",
        text="Before looking at the ally you checked that support is lower for a democracy. What was that for?",
        options=(
            Option(
                "It tests whether the file and its columns are what we take them to be",
                True,
                "A published finding should come back. If it does not, look for the mistake before you go on.",
            ),
            Option(
                "It shows that the effect of an ally is true as well",
                False,
                "It says nothing on the ally. It says that columns and signs were read rightly.",
            ),
            Option(
                "It makes the standard error of the next estimate smaller",
                False,
                "Nothing about the next estimate changes.",
            ),
        ),
    ),
    Question(
        id="10.q4",
        text="Two roads are said to carry 70 % and 50 % of the same effect. What is wrong?",
        options=(
            Option(
                "One of the two was computed wrongly",
                False,
                "Each may be computed rightly. They overlap.",
            ),
            Option(
                "The total effect was underestimated",
                False,
                "No total makes two overlapping shares add up to a whole.",
            ),
            Option(
                "Each was computed as if the other did not exist, and the two mediators move together",
                True,
                "So shares of single mediators are no slices of one cake, and neither is shown to be a cause.",
            ),
        ),
    ),
    Question(
        id="10.q5",
        text="What do these Americans' answers say about deployments that are to reassure an ally's citizens?",
        options=(
            Option(
                "That forces abroad lower the threat that their hosts perceive",
                False,
                "No forces were shown, and no hosts were asked.",
            ),
            Option(
                "Directly nothing: the guardian's citizens read of an alliance, and the threat was the ally's own",
                True,
                "They show how such a question can be put and analysed, with real people.",
            ),
            Option(
                "That alliances reassure, and so deployments must, too",
                False,
                "That less is feared *from* an ally does not say that anybody feels protected *by* one.",
            ),
            Option(
                "That citizens do not care for alliances",
                False,
                "Both answers moved. Only the question was another one.",
            ),
        ),
    ),
)
