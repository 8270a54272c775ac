"""Questions of lesson 14, Tracing the process: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from helpers.data.tracing_set import working_set
from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.vietnam.tracing import between

WARM_UP = (
    Question(
        id="14.w1",
        text="A signal is sent by resolved and unresolved guardians alike. What does an ally learn from it?",
        options=(
            Option(
                "That signals are worthless",
                False,
                "This one is. One that only the resolved would send teaches much.",
            ),
            Option(
                "That the guardian is probably resolved",
                False,
                "Only if the other type would have sent it less often. Here both send it.",
            ),
            Option(
                "Nothing: it is as likely under both",
                True,
                "Bayes' rule of lesson 02: what both would do moves no belief. Today's evidence is read so, too.",
            ),
        ),
    ),
    Question(
        id="14.w2",
        text="Two people code the same thirty pages and agree on most. What does that show?",
        options=(
            Option(
                "That their codes are true",
                False,
                "Two readers can share a mistake. Agreement is about the rules, truth is about the world.",
            ),
            Option(
                "That the rules are clear enough to be followed alike, beyond what chance gives if alpha says so",
                True,
                "That is worth having: otherwise nobody could argue about the evidence at all.",
            ),
            Option(
                "That the pages are a fair sample of the archive",
                False,
                "Which pages were there to be coded is another question, and a harder one.",
            ),
        ),
    ),
    Question(
        id="14.w3",
        text="A US ambassador reports what a foreign minister told him. Whose words are in the file?",
        options=(
            Option(
                "The minister's",
                False,
                "They came through an ambassador with an interest of his own, and were written for Washington.",
            ),
            Option(
                "The ambassador's, about the minister's",
                True,
                "So ask what the ambassador wanted to be read. Many items of this module went through American hands.",
            ),
            Option("Nobody's", False, "Somebody chose them. Source criticism asks who."),
        ),
    ),
)


def _hangs_on(context: Context) -> int:  # noqa: ARG001
    """How many items turn the verdict of the course's judgements, as a place in the options."""
    case = working_set()
    number = len(between(case.weights, "hawkish", "divided", clusters=case.cluster_of).hangs_on())
    return 0 if number == 1 else 1 if number <= 3 else 2 if number <= 6 else 3


def _late(context: Context) -> int:
    """Share of the items that are dated after 1970, as a place in the options."""
    years = context.load("vietnam_evidence")["date"].str[:4].astype(int)
    share = float((years > 1970).mean())
    return 0 if share > 0.4 else 1 if share > 0.25 else 2 if share > 0.08 else 3


PREDICTIONS = (
    Prediction(
        id="14.1",
        text=(
            "The course has weighed the same sixteen items. How many of them must be left out, at the least, before "
            "its verdict between the two theories is gone?"
        ),
        options=("One", "Two or three", "Four to six", "Seven or more"),
        answer=_hangs_on,
        reveal="Count those on the winning side that speak clearly. The others hardly carry anything.",
    ),
    Prediction(
        id="14.2",
        text="The war went on until 1975. Which share of all items of evidence is dated after 1970?",
        options=("About half", "About a third", "About a sixth", "Less than one in twelve"),
        answer=_late,
        reveal="The published records that the course could read are dense in the middle of the 1960s and thin after.",
    ),
)

QUIZ = (
    Question(
        id="14.q1",
        text="An item passes a hoop test of theory A. What follows for A against its rival B?",
        options=(
            Option(
                "A is confirmed",
                False,
                "Passing a hoop says little: not passing would have hurt. And B was not asked at all.",
            ),
            Option(
                "Nothing yet: B may expect the item just as much",
                True,
                "A hoop test sets A against its negation. Between A and B only the ratio of the two chances counts.",
            ),
            Option("B is out", False, "Only if B made the item very unlikely. That is a question about B."),
            Option(
                "A and B are both supported, so both gain",
                False,
                "Between two rivals what one gains the other loses. Both can gain only on a third.",
            ),
        ),
    ),
    Question(
        id="14.q2",
        text="One speech is in your file twice: as an embassy reports it and as a newspaper does. How should it count?",
        options=(
            Option(
                "Twice: two sources agree",
                False,
                "They agree that it was said. What was said is one thing, and it speaks once for a theory.",
            ),
            Option(
                "Once, or a little more if the second source removes a doubt about the first",
                True,
                "That is what the share of a cluster says: 0 is once, 1 is as if they were independent.",
            ),
            Option(
                "Not at all, since they are not independent",
                False,
                "The speech was held. To drop it loses what it says.",
            ),
            Option(
                "As the mean of both weights",
                False,
                "A mean of two equal weights is the same weight; of unequal ones, it waters the better report down.",
            ),
        ),
    ),
    Question(
        id="14.q3",
        text="A near ally protests, movingly, against losing US troops. All four hypotheses expect it. Its weight?",
        options=(
            Option(
                "Large: it is a vivid document",
                False,
                "Vivid is not diagnostic. Weight is a difference between expectations.",
            ),
            Option("0 decibels", True, "What all expect moves nothing, however moving it is to read."),
            Option(
                "Negative for all four",
                False,
                "Weights are between rivals. All four cannot lose against each other at once.",
            ),
            Option("Undefined", False, "It is well defined: a ratio of one, 0 decibels."),
        ),
    ),
    Question(
        id="14.q4",
        text="No single item, left out alone, turns a verdict. Is it robust?",
        options=(
            Option(
                "Yes, that is what leave-one-out shows",
                False,
                "It shows it for one item at a time. Two reports of one event shield each other.",
            ),
            Option(
                "Not yet: leave out clusters, let judgements give, start elsewhere, and name a third rival",
                True,
                "Each of these is a different way to be wrong, and each has its own check.",
            ),
            Option(
                "No: a verdict from judgements is never robust",
                False,
                "Some are: where the band keeps to one side. One has to look.",
            ),
        ),
    ),
    Question(
        id="14.q5",
        text="Near and far allies are alarmed when the guardian withdraws. Which of lesson 11's two theories gains?",
        options=(
            Option(
                "Hawkish Reassurance, by the far allies' alarm",
                True,
                "In our reading both expect alarm near the war; only this one expects it far away as well.",
            ),
            Option(
                "Hawkish Reassurance, by the near allies' alarm",
                False,
                "In our reading both theories expect that. It weighs nothing between them.",
            ),
            Option(
                "Divided priorities, since allies are worried",
                False,
                "Worry about what? In our reading it expects far allies to be relieved when forces come back.",
            ),
            Option(
                "Neither: withdrawal comes too late to test a theory about war",
                False,
                "It is the best test there is, because there the two part most clearly for far allies.",
            ),
        ),
    ),
)
