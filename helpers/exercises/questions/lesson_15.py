"""Questions of lesson 15, Putting it together: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from helpers.data.neighbours import neighbour_entries
from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.theory.evidence_map import Work, works

WARM_UP = (
    Question(
        id="15.w1",
        text="A survey finds p = 0.3 for a difference in feeling protected. What may be said?",
        options=(
            Option(
                "Forces have no influence on feeling protected",
                False,
                "Not different from zero is not the same as zero. Lesson 08: look at the interval.",
            ),
            Option(
                "Zero is not ruled out; what else is not, the interval tells",
                True,
                "If the interval also lies within bounds that were set before, the effect is too small to matter.",
            ),
            Option(
                "The survey was too small", False, "Perhaps. Its power says so, and its p-value does not."
            ),
        ),
    ),
    Question(
        id="15.w2",
        text="A near ally praises the guardian's distant war. Which theory of lesson 11 does that favour?",
        options=(
            Option(
                "Hawkish Reassurance, clearly",
                False,
                "In our reading its rival expects support from near allies, too: for them the war is not distant.",
            ),
            Option(
                "Divided priorities, clearly",
                False,
                "In our reading it expects support there. So does its rival.",
            ),
            Option(
                "Neither: in our reading both expect it",
                True,
                "What both expect weighs nothing, however fine the speech. Look at far allies.",
            ),
        ),
    ),
    Question(
        id="15.w3",
        text="The signs of a withdrawal experiment and a deployment experiment are compared. What comes first?",
        options=(
            Option(
                "Write both as effects of presence",
                True,
                "One convention for both. Otherwise agreement looks like disagreement.",
            ),
            Option(
                "Pool the two samples, so that the estimate becomes more precise",
                False,
                "Two countries, two directions, two host statuses: a pooled number would answer no question.",
            ),
            Option(
                "Take absolute values",
                False,
                "Then a harmful and a helpful effect look alike.",
            ),
        ),
    ),
)


def _works() -> tuple[Work, ...]:
    return works(neighbour_entries())


def _emptiest(context: Context) -> int:  # noqa: ARG001
    """Which of the four cells has the fewest works, as a place in the options."""
    at = [(each.who, each.where) for each in _works()]
    four = [(who, where) for who in ("citizens", "governments") for where in ("here", "elsewhere")]
    return min(range(4), key=lambda place: at.count(four[place]))


def _protection(context: Context) -> int:  # noqa: ARG001
    """How many works on citizens look at feeling protected, as a place in the options."""
    number = sum(each.who == "citizens" and "protection" in each.outcomes for each in _works())
    return 0 if number <= 2 else 1 if number <= 5 else 2 if number <= 9 else 3


PREDICTIONS = (
    Prediction(
        id="15.1",
        text="The course has put 34 works on a map. In which cell of the table do the fewest of them stand?",
        options=(
            "Citizens listen, force in their country",
            "Citizens listen, force elsewhere",
            "Governments listen, force in their country",
            "Governments listen, force elsewhere",
        ),
        answer=_emptiest,
        reveal="The map holds what the course has read. Even so: this cell stands on the first page of lesson 01.",
    ),
    Prediction(
        id="15.2",
        text=(
            "Fourteen of the 34 listen to the citizens who are to be protected. How many of the fourteen look at "
            "whether these people feel protected?"
        ),
        options=("One or two", "Three to five", "Six to nine", "Ten or more"),
        answer=_protection,
        reveal="Most look at something nearby: spending, wanting the forces, weapons of one's own.",
    ),
)

QUIZ = (
    Question(
        id="15.q1",
        text="Survey experiments and a case study both cast doubt on assurance. What follows?",
        options=(
            Option(
                "Assurance is a myth",
                False,
                "Doubt about two things in two places is no verdict on a word that covers both.",
            ),
            Option(
                "The second replicates the first",
                False,
                "A replication asks the same question again. Here audience, place, outcome and method all change.",
            ),
            Option(
                "Two different doubts, about two different audiences, that may have two different reasons",
                True,
                "They stand in opposite corners of the table. What links them is a theory, which needs its own test.",
            ),
            Option(
                "Nothing, because one of the two methods must be the better one",
                False,
                "Each shows what the other cannot: an effect on average, and how it came about in one war.",
            ),
        ),
    ),
    Question(
        id="15.q2",
        text="Two experiments differ in country, in what varies and in what was asked. Their findings differ. Why?",
        options=(
            Option("Because of the countries", False, "Perhaps. Two other differences explain it as well."),
            Option(
                "The comparison has three rival explanations and tests none",
                True,
                "Design a study in which only one of them changes. Or say that you do not know.",
            ),
            Option(
                "One of them must be wrong", False, "They may both be right about what each of them asked."
            ),
            Option(
                "Because of chance, as a larger sample of either would show",
                False,
                "Chance is one more explanation; a larger sample does not take the three others away.",
            ),
        ),
    ),
    Question(
        id="15.q3",
        text='A draft says "clear and consistent", the article "some evidence". Which do you cite?',
        options=(
            Option(
                "The article, and the draft if the change itself is your subject",
                True,
                "Authors and reviewers stood by the published wording in the end. A change of wording is no scandal.",
            ),
            Option(
                "The draft: it was written before reviewers softened it",
                False,
                "Or before they found it too strong.",
            ),
            Option(
                "The stronger one, since both come from the same authors and the same data",
                False,
                "Choosing the version that fits one's own argument is the fork that this course warned of.",
            ),
            Option(
                "Neither, since they contradict each other", False, "A weaker wording is no contradiction."
            ),
        ),
    ),
    Question(
        id="15.q4",
        text="Somebody said 90 % ten times and was right seven times. What do you conclude?",
        options=(
            Option(
                "Badly calibrated: seven is not nine",
                False,
                "Ten is few. How often would it happen by chance?",
            ),
            Option(
                "Well calibrated: mostly right",
                False,
                "Being right and being as right as one said are two things.",
            ),
            Option(
                "A hint, no proof: if all were deserved, so few or fewer would come true in about 7 of 100 records",
                True,
                "Ten coins with 0.9 give seven or fewer with a chance of 0.07. Lesson 08 again: few data, wide room.",
            ),
            Option(
                "Nothing can be said of a single person",
                False,
                "A person's record is a sample of predictions. It can be tested, if it is long.",
            ),
        ),
    ),
    Question(
        id="15.q5",
        text="What does a preregistration change about a finding that turns up outside it?",
        options=(
            Option("It makes it false", False, "What was not foreseen can be true."),
            Option(
                "It may be true and is labelled as explored, because many forks led to it",
                True,
                "The reader can then ask for a new test. That is all a date on a plan can do, and it is much.",
            ),
            Option("It may not be published", False, "It may. It may not be dressed up as foreseen."),
            Option(
                "Nothing, as long as the p-value is small enough",
                False,
                "A small p-value among many looks is what chance gives.",
            ),
        ),
    ),
)
