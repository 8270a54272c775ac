"""Questions of lesson 05, Asking citizens: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.experiments.repeated import assign_many, crowd, differences

WARM_UP = (
    Question(
        id="05.w1",
        text="Support for own effort falls alike in two countries. What may differ all the same?",
        options=(
            Option(
                "Nothing: the same end has the same cause",
                False,
                "Lesson 04 had several roads with one end. They part in protection and threat.",
            ),
            Option(
                "Whether people feel protected",
                True,
                "Assurance raises felt protection; a self-serving guardian lowers it. Both can end in less effort.",
            ),
            Option(
                "Only how large the two countries are",
                False,
                "Size says nothing about minds. The roads differ in what people feel.",
            ),
        ),
    ),
    Question(
        id="05.w2",
        text="Which step of the assurance chain did no figure of states show?",
        options=(
            Option("That soldiers are there", False, "They are counted; lesson 01 drew the lines."),
            Option(
                "That states spend more or less",
                False,
                "Spending is in the panel of lessons 03 and 04, whatever one makes of it.",
            ),
            Option(
                "That citizens feel protected",
                True,
                "Nobody was asked. That is why this module begins with a question to people.",
            ),
        ),
    ),
    Question(
        id="05.w3",
        text="A host is compared with a state from which US soldiers left as well. What is wrong?",
        options=(
            Option(
                "The other state was treated, too",
                True,
                "It cannot stand for what would have happened without. Lesson 04 called it a forbidden comparison.",
            ),
            Option(
                "Nothing, as long as both have figures",
                False,
                "Figures do not make a control. Who stands for the world without the change must not have had it.",
            ),
            Option(
                "The years are too many",
                False,
                "The number of years is not the trouble. The control was treated.",
            ),
        ),
    ),
)


def _poll(context: Context) -> int:
    """Which quarter or third the share of the Emnid poll falls in."""
    polls = context.load("polls")
    row = polls[(polls["poll_id"] == "emnid-2019-safe") & (polls["answer"] == "as safe as before")].iloc[0]
    return sum(float(row["percent"]) > bound for bound in (30, 50, 65))


def _bias(n_people: int, student: str) -> float:
    people = crowd(n_people, -0.5, student)
    return (
        float(differences(people, assign_many(people, "self-selection", 50, student)).mean()) - people.truth
    )


def _with_more_people(context: Context) -> int:
    """What twenty times as many people do to the average bias: a quarter or less, half, the same, more."""
    ratio = _bias(4000, context.student) / _bias(200, context.student)
    return sum(ratio > bound for bound in (0.33, 0.75, 1.33))


PREDICTIONS = (
    Prediction(
        id="05.1",
        text=(
            "August 2019: Germans are asked how safe they would feel if all US soldiers left. How many per cent say "
            '"as safe as before"?'
        ),
        options=("At most 30 per cent", "31 to 50 per cent", "51 to 65 per cent", "More than 65 per cent"),
        answer=_poll,
        reveal="Go on: how firm is the number, and what exactly were people asked to do?",
    ),
    Prediction(
        id="05.2",
        text="Twenty times as many people choose whether they want the news. What becomes of the bias, on average?",
        options=(
            "It shrinks to about a quarter or less",
            "It shrinks to about a half",
            "It stays about the same",
            "It grows",
        ),
        answer=_with_more_people,
        reveal="Numbers heal scatter. They do not heal a comparison of people who differed before.",
    ),
)

QUIZ = (
    Question(
        id="05.q1",
        text="Why does chance decide who reads which text?",
        options=(
            Option(
                "So that the sample represents the country",
                False,
                "That is the work of *drawing* people. Assigning them is another draw, and does another thing.",
            ),
            Option(
                "So that both groups are equal in everything",
                False,
                "In one assignment they are not. They are alike on average over all assignments.",
            ),
            Option(
                "So that the groups differ before the text only by chance, in what is seen and unseen",
                True,
                "And how far chance can move the difference can be computed, as you did.",
            ),
            Option(
                "So that people do not know what is being studied",
                False,
                "That is blinding. It may help, but a coin does not hide the question.",
            ),
        ),
    ),
    Question(
        id="05.q2",
        text="What is a person's potential outcome in an arm in which they were not?",
        options=(
            Option(
                "An answer that they would have given, and that is never seen",
                True,
                "It exists as much as the other. That it is missing for everybody is why groups are compared.",
            ),
            Option(
                "A missing value, to be filled with the mean of their group",
                False,
                "A mean of others is no answer of this person. The whole comparison rests on not pretending it is.",
            ),
            Option(
                "Their answer, if they are asked again after the other text",
                False,
                "Then they have read both. The second answer comes from somebody who knows the first text.",
            ),
            Option(
                "Zero, since they were not treated",
                False,
                "Untreated people have outcomes, too. The reference group is full of them.",
            ),
        ),
    ),
    Question(
        id="05.q3",
        text="A vignette says that all US soldiers leave. Felt protection falls. What has been measured?",
        options=(
            Option(
                "The effect of soldiers on felt protection",
                False,
                "Only if readers changed their mind about nothing else. They may also have learnt why, and how "
                "dangerous the world is.",
            ),
            Option(
                "The effect of reading that text, with all that readers made of it",
                True,
                "Whether that is the effect of the soldiers is the question of information equivalence.",
            ),
            Option(
                "Nothing, because the situation is made up",
                False,
                "How people respond to a text was measured, and by chance assignment. What it stands for is the issue.",
            ),
            Option(
                "How people would feel on the day when the soldiers leave",
                False,
                "On that day they would have lived through months of news. A paragraph is not that.",
            ),
        ),
    ),
    Question(
        id="05.q4",
        text="Why did the survey freeze your answer on trust once you had read the text?",
        options=(
            Option(
                "Because people like to contradict themselves",
                False,
                "They may, but that is not the reason. Think of what the text can do to the answer.",
            ),
            Option(
                "To keep it a covariate: changed afterwards, it might be an effect of the text",
                True,
                "To adjust for something that the treatment moved can spoil a clean comparison. Lesson 07 shows how.",
            ),
            Option(
                "To save space in the file",
                False,
                "A number more or less is nothing. The order of questions is part of the design.",
            ),
        ),
    ),
    Question(
        id="05.q5",
        text="In one month 64 % oppose a radar; were it part of NATO, a report has 55 %. What may be said?",
        options=(
            Option(
                "The words NATO win nine points",
                False,
                "The report does not say which side the 55 % are on, nor who was asked both and in which order.",
            ),
            Option(
                "Words do not matter, because most are against anyway",
                False,
                "That does not follow either. Two halves of one sample, by chance, could tell.",
            ),
            Option(
                "That the two numbers differ, and what one would need to know to put it down to the words",
                True,
                "Side, sample, order and number of people. A survey experiment fixes all four beforehand.",
            ),
            Option(
                "Polls cannot be trusted",
                False,
                "These tell what some people said to some question. The trouble is with what we add.",
            ),
        ),
    ),
)
