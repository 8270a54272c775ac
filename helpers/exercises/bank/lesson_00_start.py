"""The one exercise of the first page. It is worth nothing: it is there to see how a check answers."""

from __future__ import annotations

from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import Integer

HOST, YEAR = "ITA", 2000


def _troops(context: Context, year: int) -> int:
    troops = context.load("us_troops")
    return int(troops.loc[(troops["unit"] == HOST) & (troops["year"] == year), "troops"].item())


FIRST_ANSWER = Exercise(
    id="00.0",
    points=0,
    answer="italy_2000",
    kind=Integer(unit="troops"),
    asks="How many US troops were in Italy in 2000, according to the table above?",
    expected=lambda context: _troops(context, YEAR),
    mistakes=(
        Mistake(
            "year before",
            lambda context, right: _troops(context, YEAR - 1),
            "That is the row of 1999. Go one row down.",
        ),
        Mistake(
            "year after",
            lambda context, right: _troops(context, YEAR + 1),
            "That is the row of 2001. Go one row up.",
        ),
        Mistake(
            "the year itself",
            lambda context, right: YEAR,
            "That is the year. The number of troops stands to the right of it.",
        ),
    ),
    hints=(
        "Run the cell with the table, and find the row with `year` 2000.",
        "Write the number in place of the three dots, without a comma in it.",
    ),
    why="That is how every check in the course answers: a word on what is right, a word on what is not, no penalty.",
)

EXERCISES = (FIRST_ANSWER,)
