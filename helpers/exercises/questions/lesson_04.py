"""Questions of lesson 04, From states to citizens: the warm-up, two predictions and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question
from helpers.theory.comparisons import slope
from helpers.theory.mechanisms import COUNTRIES, roads_of

WARM_UP = (
    Question(
        id="04.w1",
        text="A model says that a deployment lets the host spend less. What does it assume about citizens?",
        options=(
            Option(
                "That they feel safer",
                False,
                "Lesson 03's model has governments with tastes and incomes. Nobody in it feels anything.",
            ),
            Option(
                "Nothing: the model has spending in it, and no feelings",
                True,
                "Whatever citizens feel, the model gives the same result. So the result cannot tell what they feel.",
            ),
            Option(
                "That they were asked and agreed",
                False,
                "The model knows one actor a country. Whom it listens to is left open.",
            ),
        ),
    ),
    Question(
        id="04.w2",
        text="An ally fears being drawn into its guardian's war. What is that called?",
        options=(
            Option("Abandonment", False, "That is the other fear: that the guardian does not come."),
            Option("Free-riding", False, "That is enjoying a good for which others pay."),
            Option(
                "Entrapment",
                True,
                "One of the two fears of lesson 02. Here it becomes a road of its own to less effort.",
            ),
        ),
    ),
    Question(
        id="04.w3",
        text="A share jumps between 1994 and 1995, where a new edition begins. What may be compared?",
        options=(
            Option(
                "Years within one edition",
                True,
                "There the same thing is counted in the same way. Across the break a jump may be the edition's.",
            ),
            Option(
                "Nothing, the series is spoilt",
                False,
                "Within each edition it is as good as before. Only the step between them is not to be read.",
            ),
            Option(
                "All years, if one takes the mean of both editions",
                False,
                "A mean of two definitions is a third thing that nobody defined.",
            ),
        ),
    ),
)


def _protected(context: Context) -> int:
    roads = roads_of(context.student)
    return next(place for place, country in enumerate(COUNTRIES) if roads[country] == "assurance")


def _slope_moves(context: Context) -> int:
    """What becomes of the two-way slope when Germany is made two: unchanged, other size, other sign."""
    panel = context.load("allies_panel")
    rows = panel[(panel["nato"] == 1) & (panel["group"] == "ally") & panel["year"].between(1984, 1994)]
    one, two = (
        slope(rows, "milex_pct_gdp", "us_troops_per_1000", "two-way", unit=unit).estimate
        for unit in ("unit", "ccode")
    )
    if abs(two - one) < 0.005:
        return 0
    if one * two < 0:
        return 3
    return 1 if abs(two - one) < 0.5 * abs(one) else 2


PREDICTIONS = (
    Prediction(
        id="04.1",
        text=(
            "Three simulated countries, built so that effort falls alike. In one of them citizens who hear of the "
            "deployment feel better protected. Which one? Say honestly how sure the figure lets you be."
        ),
        options=("Country A", "Country B", "Country C"),
        answer=_protected,
        reveal=(
            "With the fall in effort as the only evidence, a third is all the certainty there is. Whoever was much "
            "surer than 33 per cent had no reason for it, even if the guess was lucky."
        ),
    ),
    Prediction(
        id="04.2",
        text=(
            "Take each country's mean away, and each year's as well. What becomes of the slope of effort on "
            "hosting, if Germany is no longer one country but two, West Germany to 1990 and Germany from 1991?"
        ),
        options=(
            "Nothing: rows and figures are the same",
            "It moves by less than half of its size",
            "It moves by more than half of its size, with the same sign",
            "Its sign changes",
        ),
        answer=_slope_moves,
        reveal="One of fifteen countries, defined otherwise. Go on: the intervals, and the rows without the change.",
    ),
)

QUIZ = (
    Question(
        id="04.q1",
        text="In a host, support for defence spending falls after soldiers come. What follows about assurance?",
        options=(
            Option(
                "It works: people feel protected and relax",
                False,
                "That is one of several roads to this end. Fear of being drawn into a war leads there as well.",
            ),
            Option(
                "Nothing yet: at least two roads lead to this end",
                True,
                "Ask about protection and threat. There the roads part.",
            ),
            Option(
                "It fails: people have become indifferent",
                False,
                "Less effort is what assurance predicts, too. The figure supports it as much as its rivals.",
            ),
            Option(
                "Free-riding is refuted",
                False,
                "A fall in effort is what free-riding says. The question is why.",
            ),
        ),
    ),
    Question(
        id="04.q2",
        text="Which single answer tells assurance from entrapment best, by its direction?",
        options=(
            Option("Need for own defence", False, "Both roads lower it."),
            Option(
                "Support for own effort", False, "Both roads lower it: that is why the aggregate is silent."
            ),
            Option(
                "Perceived threat",
                True,
                "Assurance lowers it, entrapment raises it. Protection helps as well: it rises on one road alone.",
            ),
            Option(
                "Any of them, if the sample is large",
                False,
                "No sample is large enough where two stories expect the same.",
            ),
        ),
    ),
    Question(
        id="04.q3",
        text="Within-country slopes differ between Germany as one unit and as two. Which is the right one?",
        options=(
            Option(
                "As one: it is the same nation",
                False,
                "For some questions. For others a state with a quarter more people is a new unit. Say which you ask.",
            ),
            Option(
                "As two: codes of states settle that",
                False,
                "A code is a decision that somebody took for another purpose.",
            ),
            Option(
                "The one with the narrower interval",
                False,
                "Precision about a question that you do not ask is worth nothing.",
            ),
            Option(
                "It depends on the question; if both are defensible, report both",
                True,
                "And say that a finding which one definition reverses is no firm finding.",
            ),
        ),
    ),
    Question(
        id="04.q4",
        text="One host is compared with three controls by permutation. What is the smallest p-value it can get?",
        options=(
            Option(
                "0.05, if the effect is large enough", False, "No effect is large enough: count the ranks."
            ),
            Option(
                "0.25",
                True,
                "The host can at best be first of four: a quarter. It takes more states to get lower.",
            ),
            Option(
                "0, if no control moved",
                False,
                "Even then it is first of four, and chance does that once in four.",
            ),
            Option(
                "It depends on the number of years",
                False,
                "Years make each change more precise. The ranks are of states, and there are four.",
            ),
        ),
    ),
    Question(
        id="04.q5",
        text="South Korea's effort rose from 1971, more than Japan's and less than Thailand's. What may be said?",
        options=(
            Option(
                "The withdrawal raised effort, since most controls agree",
                False,
                "Controls do not vote. Each says what would have happened otherwise, and they disagree.",
            ),
            Option(
                "The withdrawal had no effect, since the signs cancel",
                False,
                "Disagreement is no evidence of zero. It says that the counterfactual is unknown.",
            ),
            Option(
                "Only that the sign hangs on who stands for a South Korea without withdrawal",
                True,
                "And US soldiers left several of the candidates in the same years.",
            ),
            Option(
                "Nothing can ever be learnt from one case",
                False,
                "One case with a convincing control teaches much.",
            ),
        ),
    ),
)
