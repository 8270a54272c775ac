"""Exercises of lesson 15, Putting it together: four cells, image and soldiers, a referee report, a calibration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.data.fictitious import fictitious_student
from helpers.data.neighbours import neighbour_entries
from helpers.exercises.exercise import Context, Exercise, Mistake
from helpers.exercises.kinds import List, Number, Table, Words
from helpers.theory.calibration import calibrate
from helpers.theory.evidence_map import findings_frame, works

# 15.1 ------------------------------------------------------------------------------------------------------------

FOUR = [(who, where) for who in ("citizens", "governments") for where in ("here", "elsewhere")]


def _findings() -> pd.DataFrame:
    return findings_frame(works(neighbour_entries()))


def _read() -> pd.DataFrame:
    table = _findings()
    return table[table["mark"] == "read"]


def _counted(rows: pd.DataFrame, *, by_work: bool = True) -> pd.DataFrame:
    """Works, or rows, at each of the four places; the empty ones too."""
    kept = rows.drop_duplicates("work") if by_work else rows
    at = list(zip(kept["who"], kept["where"], strict=True))
    return pd.DataFrame([(*place, at.count(place)) for place in FOUR], columns=["who", "where", "works"])


CELLS = Exercise(
    id="15.1",
    points=1,
    answer="cells",
    kind=Table(keys=("who", "where"), values=("works",), decimals=0),
    asks="How many works with a finding read in the source stand in each of the four cells, the empty ones too.",
    expected=lambda context: _counted(_read()),
    mistakes=(
        Mistake(
            "findings counted",
            lambda context, right: _counted(_read(), by_work=False),
            "You counted findings. A work that looks at two things has two rows and is one work: drop duplicates.",
        ),
        Mistake(
            "second-hand too",
            lambda context, right: _counted(_findings()),
            "Works that are known second-hand alone are in your count. Keep the rows whose `mark` is `read` first.",
        ),
        Mistake(
            "every row",
            lambda context, right: _counted(_findings(), by_work=False),
            "You counted every row: second-hand ones too, and a work once for each of its findings.",
        ),
        Mistake(
            "empty cells lost",
            lambda context, right: _filled(right),
            "A count of what is there leaves out what is not. Four cells were asked for: one row is missing.",
        ),
        Mistake(
            "findings counted and empty cells lost",
            lambda context, right: _filled(_counted(_read(), by_work=False)),
            "Two things: you counted findings, and a work that looks at two things has two rows; and the empty cell is "
            "missing. Drop duplicates first, and `.reindex` the counts.",
        ),
        Mistake(
            "findings everywhere",
            lambda context, right: _everywhere(_read()),
            "You have other places than the four, findings in place of works, and no row for the empty cell. One "
            "thing at a time: drop duplicates, count, then `.reindex` to the four.",
        ),
        Mistake(
            "all twelve",
            lambda context, right: _everywhere(_read().drop_duplicates("work")),
            "You have more places than were asked for. Keep citizens and governments, here and elsewhere.",
        ),
    ),
    hints=(
        'First the rows: `findings[findings["mark"] == "read"]`, then one row a work: `.drop_duplicates("work")`.',
        "`pd.crosstab(rows.who, rows.where)` counts. `.reindex(index=[...], columns=[...], fill_value=0)` keeps the "
        "empty cells.",
        '`.stack()` turns the grid into rows; `.rename("works").reset_index()` makes the table.',
    ),
    why=(
        "A count by groups never shows a group that is empty. Whoever looks for what is missing has to say first what "
        "could have been there."
    ),
)


def _filled(counts: pd.DataFrame) -> pd.DataFrame:
    return counts[counts["works"] > 0]


def _everywhere(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.groupby(["who", "where"]).size().rename("works").reset_index()


# 15.2 ------------------------------------------------------------------------------------------------------------

BEFORE, AFTER, AT_LEAST = 2016, 2017, 1000


def _pairs(context: Context) -> pd.DataFrame:
    """Both years side by side for each state with an image in both: image, soldiers, whether an ally."""
    image = context.load("us_image")
    troops = context.load("us_troops")[["unit", "year", "troops"]]
    both = image[image["year"].isin([BEFORE, AFTER])].merge(troops, on=["unit", "year"])
    wide = both.pivot(index="unit", columns="year", values=["favorable_us_pct", "troops"]).dropna()
    ally = image[image["year"] == BEFORE].set_index("unit")["us_ally"]
    return pd.DataFrame(
        {
            "image_before": wide[("favorable_us_pct", BEFORE)],
            "image_after": wide[("favorable_us_pct", AFTER)],
            "troops_before": wide[("troops", BEFORE)],
            "troops_after": wide[("troops", AFTER)],
            "ally": ally,
        }
    ).dropna()


def _hosts(context: Context) -> pd.DataFrame:
    pairs = _pairs(context)
    return pairs[(pairs["ally"] == 1) & (pairs["troops_before"] >= AT_LEAST)]


def _two(pairs: pd.DataFrame, middle: str = "median") -> list[float]:
    points = pairs["image_after"] - pairs["image_before"]
    per_cent = 100 * (pairs["troops_after"] / pairs["troops_before"] - 1)
    return [float(getattr(each, middle)()) for each in (points, per_cent)]


def _relative_image(pairs: pd.DataFrame) -> list[float]:
    relative = 100 * (pairs["image_after"] / pairs["image_before"] - 1)
    return [float(relative.median()), _two(pairs)[1]]


def _in_soldiers(pairs: pd.DataFrame) -> list[float]:
    return [_two(pairs)[0], float((pairs["troops_after"] - pairs["troops_before"]).median())]


def _as_share(pairs: pd.DataFrame) -> list[float]:
    return [_two(pairs)[0], _two(pairs)[1] / 100]


def _of_hosts(wrong: Callable[[pd.DataFrame], list[float]]) -> Callable[[Context, Any], object]:
    return lambda context, right: wrong(_hosts(context))


IMAGE = Exercise(
    id="15.2",
    points=2,
    answer="image_and_troops",
    kind=List(of=Number(decimals=1), ordered=True),
    asks="From 2016 to 2017 in six hosts: the median change of the image in points, then of US troops in per cent.",
    expected=lambda context: _two(_hosts(context)),
    mistakes=(
        Mistake(
            "no floor under hosts",
            lambda context, right: _two(_pairs(context).query("ally == 1")),
            "Allies with a handful of soldiers are in. Where 53 become 173, per cent mean little: take the hosts with "
            "at least 1,000 in 2016.",
        ),
        Mistake(
            "every state",
            lambda context, right: _two(_pairs(context)),
            "Every state with both figures is in. Take allies (`us_ally` is 1) with at least 1,000 soldiers in 2016.",
        ),
        Mistake(
            "mean",
            _of_hosts(lambda pairs: _two(pairs, "mean")),
            "Those are means. With six hosts one large change moves a mean; the median was asked for.",
        ),
        Mistake(
            "image in per cent",
            _of_hosts(_relative_image),
            "Your image changes in per cent of what it was. A share changes in percentage points: subtract.",
            credit=0.5,
        ),
        Mistake(
            "in soldiers",
            _of_hosts(_in_soldiers),
            "Your second number is in soldiers. A large host then decides: take the change in per cent of 2016.",
            credit=0.5,
        ),
        Mistake(
            "as a share",
            _of_hosts(_as_share),
            "Your second number is a share. In per cent it is a hundred times as much.",
            credit=0.5,
        ),
        Mistake(
            "turned round",
            lambda context, right: [-value for value in right],
            "The sizes are right and the signs are turned: later less earlier.",
        ),
        Mistake("order", lambda context, right: right[::-1], "The image first, then the soldiers."),
    ),
    hints=(
        "`both` has a row a host and year. `.pivot(index=\"unit\", columns=\"year\")` puts the years side by side.",
        'After the pivot `wide["troops"][2016]` is a column; so `wide[wide["troops"][2016] >= 1000]` keeps the hosts.',
        'Points: `image[2017] - image[2016]`, with `image = wide["favorable_us_pct"]`. Per cent: '
        "`100 * (after / before - 1)`.",
    ),
    why=(
        "What people think of a guardian can fall within a year while its soldiers stay. So a level of opinion is no "
        "measure of what soldiers do to it, and a survey's date is part of its design."
    ),
)  # fmt: skip

# 15.3 ------------------------------------------------------------------------------------------------------------

REPORT = Exercise(
    id="15.3",
    points=5,
    answer="report",
    kind=Words(
        min_words=180,
        max_words=330,
        criteria=(
            "says fairly what the manuscript claims and what is good in it, so that its author would agree",
            "holds the main claim against what was measured: level or effect, which outcome, which audience",
            "names one flaw of design or analysis and says in which direction it could move the result",
            "says of the case what a rival theory would expect there, and what evidence would tell the two apart",
            "asks for something that can be done, says which result would change its mind, and recommends accordingly",
        ),
    ),
    asks="A referee report of about 250 words on an invented manuscript, against a rubric of five points.",
    expected=lambda context: None,
    mistakes=(),
    hints=(
        "Read the manuscript once for what it claims, and a second time with one question: what was measured?",
        "Three lessons are hidden in the third paragraph: 07 (who was dropped), 08 (a p-value of 0.21) and 07 again "
        "(two countries).",
        "Of the four allies: where do they lie, and what do both theories of lesson 11 expect there?",
    ),
    why="A good report can be acted upon. It says what would change the referee's mind, and is polite about it.",
)

# 15.4 ------------------------------------------------------------------------------------------------------------


def _known() -> pd.DataFrame:
    return fictitious_student().predictions.dropna()


def _scores(said: pd.Series[float], came: pd.Series[bool]) -> list[float]:
    found = calibrate(said, came.astype(bool))
    return [found.brier, found.gap]


def _open_as_wrong() -> list[float]:
    table = fictitious_student().predictions
    return _scores(table["confidence"] / 100, table["right"].fillna(False))


def _open_as_right() -> list[float]:
    table = fictitious_student().predictions
    return _scores(table["confidence"] / 100, table["right"].fillna(True))


def _in_per_cent() -> list[float]:
    table = _known()
    distance = table["confidence"] - table["right"].astype(float)
    return [float((distance**2).mean()), float(distance.mean())]


def _absolute(right: list[float]) -> list[float]:
    table = _known()
    distance = (table["confidence"] / 100 - table["right"].astype(float)).abs()
    return [float(distance.mean()), right[1]]


SCORES = Exercise(
    id="15.4",
    points=2,
    answer="scores",
    kind=List(of=Number(decimals=2), ordered=True),
    asks="Brier score of a fictitious record, then mean confidence less the share that came true.",
    expected=lambda context: _scores(_known()["confidence"] / 100, _known()["right"]),
    mistakes=(
        Mistake(
            "open as wrong",
            lambda context, right: _open_as_wrong(),
            "Two predictions have no outcome yet, and you counted them as wrong. Leave them out: `dropna()`.",
        ),
        Mistake(
            "open as right",
            lambda context, right: _open_as_right(),
            "Two predictions have no outcome yet, and you counted them as right. Leave them out: `dropna()`.",
        ),
        Mistake(
            "per cent",
            lambda context, right: _in_per_cent(),
            "You compared per cent with 0 and 1. Divide the confidence by 100 first.",
        ),
        Mistake(
            "not squared",
            lambda context, right: _absolute(right),
            "The gap is right. For the Brier score, square each distance before you take the mean.",
            credit=0.5,
        ),
        Mistake(
            "root",
            lambda context, right: [right[0] ** 0.5, right[1]],
            "The gap is right. The Brier score is the mean of the squares, without a root.",
            credit=0.5,
        ),
        Mistake(
            "gap turned",
            lambda context, right: [right[0], -right[1]],
            "The Brier score is right. The gap is confidence less what came true: positive if too sure.",
            credit=0.5,
        ),
        Mistake("order", lambda context, right: right[::-1], "The Brier score first, then the gap."),
    ),
    hints=(
        "Leave the rows without an outcome out; then `confidence / 100` and `right.astype(float)`.",
        "Brier score: `((said - came) ** 2).mean()`.",
        "Gap: `said.mean() - came.mean()`.",
    ),
    why=(
        "Always saying 50 % scores 0.25 without knowing anything. Confidence pays only where it goes with being right."
    ),
)

EXERCISES = (CELLS, IMAGE, REPORT, SCORES)
