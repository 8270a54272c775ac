"""Questions of lesson 07, Czech Republic: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.experiments.families import simulate_families

WARM_UP = (
    Question(
        id="07.w1",
        text="In a survey experiment, why can the plain difference in means estimate an average effect?",
        options=(
            Option(
                "Because chance decided who read what",
                True,
                "So the arms are alike on average, also in what nobody measured.",
            ),
            Option(
                "Because the sample is large",
                False,
                "A large sample makes an estimate precise. Two large groups that chose their texts would still differ.",
            ),
            Option(
                "Because people answer honestly",
                False,
                "Honest answers of unlike groups still compare unlike groups.",
            ),
        ),
    ),
    Question(
        id="07.w2",
        text="To show a withdrawal beside a deployment, the course turns the sign of its effect. What is that for?",
        options=(
            Option(
                "To make one estimate out of two",
                False,
                "The two ask about different changes in different countries. They are never pooled.",
            ),
            Option(
                "For the plot: both then speak of presence",
                True,
                "The axis is shared. The estimands keep their own names.",
            ),
            Option(
                "Because withdrawals are deployments backwards",
                False,
                "That would have to be shown. Losing and gaining the same thing need not weigh the same.",
            ),
        ),
    ),
    Question(
        id="07.w3",
        text="A small p-value in the omnibus test of balance speaks against what?",
        options=(
            Option(
                "Against using any covariate",
                False,
                "Covariates are named beforehand, whatever the test says.",
            ),
            Option(
                "Against the effect that was found",
                False,
                "It says nothing about an effect. It looks at what was measured before.",
            ),
            Option(
                "Against the way in which arms were assigned",
                True,
                "A broken randomiser shows here. Chance alone gives a small one now and then.",
            ),
        ),
    ),
)

N_OUTCOMES, N_ARMS = 4, 3
EDGES = (0.1, 0.25, 0.5)


def _at_least_one(context: Context) -> int:
    """Where the share of surveys with a false find lies, among twelve tests of nothing."""
    drawn = simulate_families(N_OUTCOMES, N_ARMS, correlation=0.3, n_surveys=10_000, seed=context.student)
    share = drawn.rates("none").any_false
    return sum(share >= edge for edge in EDGES)


PREDICTIONS = (
    Prediction(
        id="07.1",
        text=(
            "Suppose that the interval of the gap between the two estimates leaves out zero. Which explanation does "
            "that support against the other two?"
        ),
        options=(
            "The countries: Czechs and Germans see the world differently",
            "The direction: losing forces is not the mirror of getting them",
            "Host status: Germany hosts US forces, and the Czech Republic does not",
            "None of the three against the others",
        ),
        answer=lambda _context: 3,
        reveal=(
            "Each of the three fits any gap equally well: in these two surveys they always come together. A gap of "
            "zero would not help either, since three differences can cancel."
        ),
    ),
    Prediction(
        id="07.2",
        text=(
            "A world in which no text changes any answer; four outcomes, three arms, twelve tests at 5 per cent. In "
            "how many of such surveys is at least one test significant?"
        ),
        options=(
            "In less than 10 of 100",
            "In 10 to 25 of 100",
            "In 25 to 50 of 100",
            "In more than 50 of 100",
        ),
        answer=_at_least_one,
        reveal=(
            "Twelve independent tests would give 46 of 100. These hang together, since all arms are compared with the "
            "same people, so it is a little less. For a single test it is 5."
        ),
    ),
)

QUIZ = (
    Question(
        id="07.q1",
        text="Soldiers and nuclear weapons are varied two by two. What is the main effect of soldiers?",
        options=(
            Option(
                "The arm with soldiers alone, less the arm with neither",
                False,
                "That is the simple effect without nuclear weapons: one of two.",
            ),
            Option(
                "The arm with both, less the arm with neither",
                False,
                "That is the effect of both things at once.",
            ),
            Option(
                "How much more soldiers do where nuclear weapons are there as well",
                False,
                "That is the interaction.",
            ),
            Option(
                "The mean of its effects with and without nuclear weapons",
                True,
                "It answers for a world in which nuclear weapons come in half of all cases. Where an interaction is "
                "large, that may be nobody's world.",
            ),
        ),
    ),
    Question(
        id="07.q2",
        text="Why does one add covariates to the analysis of a randomised survey?",
        options=(
            Option(
                "To remove the bias of the plain difference",
                False,
                "There is none to remove: chance assigned the arms.",
            ),
            Option(
                "To make the estimate more precise, as far as they predict the answer",
                True,
                "What trust explains of the answers is no longer noise. Weak predictors save little.",
            ),
            Option(
                "To see which covariates cause the answer",
                False,
                "Nobody randomised trust or age. Their coefficients are descriptions.",
            ),
            Option(
                "To choose the estimate with the smallest p-value",
                False,
                "Then the p-value no longer means what it says. Name the covariates before you look.",
            ),
        ),
    ),
    Question(
        id="07.q3",
        text="Ten per cent fail the question after the text on what it said. What do you do with them?",
        options=(
            Option(
                "Drop them: they were not treated",
                False,
                "Who fails may depend on the text. Then those who stay differ by arm, and an effect comes of it.",
            ),
            Option(
                "Put the answer to the check into the regression",
                False,
                "To control for what came after the treatment is the same mistake in another form.",
            ),
            Option(
                "Keep them, and report how many failed in each arm",
                True,
                "The estimate is then the effect of being given the text. The pass rates tell how well it was read.",
            ),
            Option(
                "Drop them only in the arms that read of a change",
                False,
                "That makes the arms unlike by your own hand.",
            ),
        ),
    ),
    Question(
        id="07.q4",
        text="What does Benjamini and Hochberg's correction keep below 5 per cent?",
        options=(
            Option(
                "The expected share of false finds among the finds",
                True,
                "Some finds may be false, if the others are real. With nothing to find it guards like Holm's.",
            ),
            Option(
                "The chance of any false find",
                False,
                "That is Holm's promise: stricter, and it finds less.",
            ),
            Option(
                "The share of real effects that are missed",
                False,
                "No correction promises that. All of them miss more than none does.",
            ),
            Option(
                "The chance that a given find is false",
                False,
                "It is an average over many surveys, not a statement about one p-value.",
            ),
        ),
    ),
    Question(
        id="07.q5",
        text="Which new survey would help to tell direction from country?",
        options=(
            Option(
                "The same two surveys with ten times as many people",
                False,
                "More people sharpen the two numbers. The three explanations stay tied together.",
            ),
            Option(
                "One that adds age and trust as covariates in both countries",
                False,
                "Covariates describe people. Direction was never varied within a country.",
            ),
            Option(
                "One that asks Germans about more US forces",
                True,
                "Same country, same host, other direction. It still leaves country and host status tied together.",
            ),
            Option(
                "The same survey in a third country",
                False,
                "A third country brings an unknown of its own, and the first two stay tied together.",
            ),
        ),
    ),
)
