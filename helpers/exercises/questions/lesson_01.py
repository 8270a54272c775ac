"""Questions of lesson 01, Two audiences: the warm-up, the prediction and the quiz."""

from __future__ import annotations

from helpers.exercises.exercise import Context
from helpers.exercises.questions import Option, Prediction, Question

WARM_UP = (
    Question(
        id="01.w1",
        text='What does `table[table["year"] == 2019]` give?',
        options=(
            Option(
                "The column called 2019",
                False,
                "A column is chosen by its name alone. Here the brackets hold one True or False for each row.",
            ),
            Option(
                "The rows whose year is 2019",
                True,
                "The comparison marks each row, and the brackets keep the marked ones.",
            ),
            Option(
                "The number of rows with the year 2019",
                False,
                "Counting would need `.sum()` on the comparison, or `len` of the result.",
            ),
        ),
    ),
    Question(
        id="01.w2",
        text="Two tables have one row per country and year. You join them on the country alone. What happens?",
        options=(
            Option(
                "pandas joins on the year too, because both tables have it",
                False,
                'Only if you name no key at all. With `on="country"` the years do not have to agree.',
            ),
            Option(
                "pandas stops with an error",
                False,
                "No error, no warning: you get a longer table. Compare the number of rows before and after.",
            ),
            Option(
                "Every year of one table meets every year of the other, and rows multiply",
                True,
                "Join on every column that makes a row unique: here country and year.",
            ),
        ),
    ),
    Question(
        id="01.w3",
        text="A table has one row per country and year. What is the mean of its column `troops` a mean of?",
        options=(
            Option(
                "Of country-years: a country that is in the table for longer counts for more",
                True,
                "Say what one row is before you say what a mean means.",
            ),
            Option("Of countries", False, "For that, first reduce the table to one row a country."),
            Option(
                "Of soldiers",
                False,
                "Soldiers are what is counted. Each row has the same weight, however many soldiers it holds.",
            ),
        ),
    ),
)

ORDERS = (
    "Germany, Japan, South Korea",
    "Germany, South Korea, Japan",
    "Japan, Germany, South Korea",
    "Japan, South Korea, Germany",
    "South Korea, Germany, Japan",
    "South Korea, Japan, Germany",
)


def _order_in_2019(context: Context) -> int:
    troops = context.load("us_troops")
    hosts = troops[(troops["year"] == 2019) & troops["unit"].isin(["DEU", "JPN", "KOR"])]
    return ORDERS.index(", ".join(hosts.sort_values("troops", ascending=False)["country"]))


PREDICTIONS = (
    Prediction(
        id="01.1",
        text="In 2019, which order of the three hosts is right, most US troops first?",
        options=ORDERS,
        answer=_order_in_2019,
        reveal="With the ready-made figure for South Korea, the second and the third place change hands.",
    ),
)

QUIZ = (
    Question(
        id="01.q1",
        text="What sets assurance apart from deterrence?",
        options=(
            Option(
                "How many soldiers are sent",
                False,
                "Numbers may matter for either. The two words differ in the audience.",
            ),
            Option(
                "Whether the weapons are nuclear or conventional",
                False,
                "Both kinds can be meant to deter and meant to assure.",
            ),
            Option(
                "Whose mind is to be changed: a friend's or an enemy's",
                True,
                "The same soldiers can do both, or one without the other.",
            ),
            Option(
                "Whether there is a treaty",
                False,
                "A treaty is one way to promise. It can speak to friends and enemies alike.",
            ),
        ),
    ),
    Question(
        id="01.q2",
        text="The file gives a number of US soldiers in Poland for 2022. What may you conclude?",
        options=(
            Option(
                "So many US soldiers were in Poland on an average day of 2022",
                False,
                "It is one report in a year, not an average, and rotating forces are not in it.",
            ),
            Option(
                "The press is wrong, because the file is official",
                False,
                "Both can be right: they count different things.",
            ),
            Option(
                "Few soldiers, so Poles cannot feel protected",
                False,
                "That is a statement about minds. No count of soldiers holds it.",
            ),
            Option(
                "So many were permanently assigned there at the date of the report",
                True,
                "Whoever rotated through is not in the count.",
            ),
        ),
    ),
    Question(
        id="01.q3",
        text="One figure in a ready-made table is twice that of the report it is made from. What do you do first?",
        options=(
            Option(
                "Divide every figure in the table by two", False, "You would halve the sound ones as well."
            ),
            Option(
                "Look where the figure comes from, and check which others are touched",
                True,
                "Then repair what you can show to be wrong, and write the step down.",
            ),
            Option(
                "Leave the host out",
                False,
                "You would lose a case, change the sample, and keep the fault wherever else it sits.",
            ),
            Option(
                "Take logarithms, so that large values matter less",
                False,
                "A wrong value stays wrong on another scale.",
            ),
        ),
    ),
    Question(
        id="01.q4",
        text=(
            "Two students compute the share of US troops abroad in allied countries in 1968. Neither made a slip, "
            "yet their figures lie far apart. What is the most likely reason?"
        ),
        options=(
            Option(
                "They mean different things by an ally",
                True,
                "About half of them stood in South Vietnam, which a protocol covered, though it had signed no pact.",
            ),
            Option(
                "One used `merge`, the other `isin`",
                False,
                "Both work if used with care. The way to compute does not move the result that far.",
            ),
            Option(
                "Random error: with more years it would vanish",
                False,
                "Nothing here is a sample. More years do not settle a definition.",
            ),
            Option(
                "One counted soldiers at home as well",
                False,
                "That would be a slip: those soldiers are not abroad.",
            ),
        ),
    ),
)
