"""Lesson 00: each drill worked out again with csv and plain Python, right in many forms, wrong in instructive ones."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

from helpers.data import load
from helpers.exercises import Answer, encode, judge
from helpers.exercises.judge import Context, Verdict, clashes, exercises, find, inputs_of

mpl.use("Agg")

ROOT = Path(__file__).parents[3]
IDS = [f"00.{number}" for number in range(1, 13)]
STUDENT = "self-study"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "datasets" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def hosts() -> list[dict[str, str]]:
    return [row for row in rows("us_troops") if row["unit"] != "USA"]


@pytest.fixture(scope="module")
def poll() -> list[dict[str, str]]:
    return rows("student_poll_1967")


def verdict(exercise: str, value: object) -> Verdict:
    return judge(exercise, encode(value, inputs=inputs_of(exercise, STUDENT)), STUDENT)


def outcome(exercise: str, value: object) -> str:
    return verdict(exercise, value).outcome


# ------------------------------------------------------------------ worked out again


def test_the_drills_are_twelve_of_one_point_each() -> None:
    held = [each for each in exercises("00") if each.points > 0]
    assert [each.id for each in held] == IDS
    assert {each.points for each in held} == {1}
    assert all(len(each.mistakes) >= 2 and len(each.hints) >= 2 for each in held)


def test_the_seventies_of_south_korea(hosts: list[dict[str, str]]) -> None:
    again = {
        int(row["year"]): int(row["troops"])
        for row in hosts
        if row["unit"] == "KOR" and row["year"].startswith("197")
    }
    assert len(again) == 10
    table = pd.DataFrame({"year": list(again), "troops": list(again.values())})
    assert outcome("00.1", table.iloc[::-1]) == "right"
    assert outcome("00.1", pd.Series(again).rename_axis("year")) == "right"


def test_the_five_largest_hosts(hosts: list[dict[str, str]]) -> None:
    of_1975 = {int(row["troops"]): row["unit"] for row in hosts if row["year"] == "1975"}
    again = [of_1975[number] for number in sorted(of_1975, reverse=True)[:5]]
    assert outcome("00.2", again) == "right"
    assert outcome("00.2", pd.Series(again)) == "right"


def test_no_other_year_has_the_same_five(hosts: list[dict[str, str]]) -> None:
    for year in {row["year"] for row in hosts} - {"1975"}:
        ranked = sorted(
            (row for row in hosts if row["year"] == year), key=lambda row: int(row["troops"]), reverse=True
        )
        assert outcome("00.2", [row["unit"] for row in ranked[:5]]) != "right"


def test_the_three_small_neighbours(hosts: list[dict[str, str]]) -> None:
    again = sum(
        int(row["troops"]) for row in hosts if row["year"] == "1990" and row["unit"] in {"BEL", "NLD", "LUX"}
    )
    assert outcome("00.3", again) == outcome("00.3", np.int64(again)) == "right"


def test_the_regions_of_1968(hosts: list[dict[str, str]]) -> None:
    again: Counter[str] = Counter()
    for row in hosts:
        if row["year"] == "1968":
            again[row["region"]] += int(row["troops"])
    assert outcome("00.4", dict(again)) == "right"
    assert outcome("00.4", pd.Series(again, name="troops").rename_axis("region").reset_index()) == "right"


def test_the_graduates_who_ask_for_withdrawal(poll: list[dict[str, str]]) -> None:
    graduates = [row for row in poll if row["year_of_study"] == "Grad"]
    part = sum(int(row["n"]) for row in graduates if row["response"] == "D")
    share = part / sum(int(row["n"]) for row in graduates)
    assert outcome("00.5", share) == outcome("00.5", round(share, 2)) == "right"
    assert verdict("00.5", 100 * share).mistake == "per cent"


def with_totals(poll: list[dict[str, str]]) -> pd.DataFrame:
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for row in poll:
        totals[row["sex"], row["year_of_study"]] += int(row["n"])
    return pd.DataFrame(
        [
            {**row, "n": int(row["n"]), "total": totals[row["sex"], row["year_of_study"]]}
            for row in reversed(poll)
        ]
    )


def test_the_total_of_each_group(poll: list[dict[str, str]]) -> None:
    again = with_totals(poll)
    assert outcome("00.6", again) == "right"
    assert outcome("00.6", again.set_index(["sex", "year_of_study", "response"])) == "right"


def test_a_join_on_too_few_keys_is_told_which_column_is_there_twice(poll: list[dict[str, str]]) -> None:
    again = with_totals(poll)
    totals = again[["sex", "year_of_study", "total"]].drop_duplicates()
    table = again.drop(columns="total")
    for key, other in (("sex", "year_of_study"), ("year_of_study", "sex")):
        told = verdict("00.6", table.merge(totals, on=key))
        assert told.mistake == "two of one column"
        assert f"`{other}_x`" in told.message
        assert "Join on it as well" in told.message
    unnamed = table.merge(totals.rename(columns={"total": "n"}), on=["sex", "year_of_study"])
    assert "rename" in verdict("00.6", unnamed).message


def test_the_wide_table(poll: list[dict[str, str]]) -> None:
    again: dict[str, Counter[str]] = {"female": Counter(), "male": Counter()}
    for row in poll:
        again[row["sex"]][row["response"]] += int(row["n"])
    right = pd.DataFrame(again).rename_axis("response")
    assert outcome("00.7", right) == outcome("00.7", right.reset_index()) == "right"
    long = right.reset_index().melt(id_vars="response", var_name="sex", value_name="n")
    for turned in (right.T.rename_axis("sex"), long, long.set_index(["response", "sex"])["n"]):
        assert verdict("00.7", turned).mistake == "long"


def test_the_share_of_the_army_over_known_years(hosts: list[dict[str, str]]) -> None:
    known = [row for row in hosts if row["unit"] == "KOR" and int(row["year"]) <= 1955 and row["army"] != ""]
    assert len(known) == 4
    share = sum(int(row["army"]) for row in known) / sum(int(row["troops"]) for row in known)
    assert outcome("00.8", share) == "right"


def test_the_large_hosts_of_2020(hosts: list[dict[str, str]]) -> None:
    again = Counter(row["region"] for row in hosts if row["year"] == "2020" and int(row["troops"]) >= 1000)
    assert outcome("00.9", dict(again)) == "right"
    assert outcome("00.9", pd.Series(again, name="count").rename_axis("region")) == "right"


def test_the_number_below_half() -> None:
    again = sum(value < 0.5 for value in np.random.Generator(np.random.PCG64(1967)).random(1000))
    assert outcome("00.12", again) == "right"


# ------------------------------------------------------------------ a figure, a function


Draw = Callable[[Any], None]


@pytest.fixture
def drawn() -> Iterator[Callable[..., Verdict]]:
    """Judges what is drawn on axes that have all their texts."""
    from matplotlib import pyplot as plt

    def judged(draw: Draw, **texts: str) -> Verdict:
        _, axes = plt.subplots()
        draw(axes)
        axes.set(**{"title": "Ballots", "xlabel": "Answer", "ylabel": "Ballots", **texts})
        return verdict("00.10", axes)

    yield judged
    plt.close("all")


def ballots(poll: list[dict[str, str]]) -> dict[str, int]:
    again: Counter[str] = Counter()
    for row in poll:
        again[row["response"]] += int(row["n"])
    return dict(again)


def test_bars_of_any_library_are_right(drawn: Callable[..., Verdict], poll: list[dict[str, str]]) -> None:
    import seaborn as sns

    again = ballots(poll)
    table = pd.DataFrame({"response": list(again), "n": list(again.values())})
    whole = load("student_poll_1967")
    for draw in (
        lambda axes: axes.bar(list(again), list(again.values())),
        lambda axes: axes.barh(list(again), list(again.values())),
        lambda axes: sns.barplot(table, x="response", y="n", ax=axes),
        lambda axes: sns.barplot(whole, x="response", y="n", estimator="sum", ax=axes),
    ):
        assert drawn(draw).right


def test_bars_that_seaborn_averages_or_counts_are_named(drawn: Callable[..., Verdict]) -> None:
    import seaborn as sns

    poll = load("student_poll_1967")
    assert drawn(lambda axes: sns.barplot(poll, x="response", y="n", ax=axes)).mistake == "means"
    assert drawn(lambda axes: sns.countplot(poll, x="response", ax=axes)).mistake == "rows"
    men = poll[poll["sex"] == "male"]
    summed = men.groupby("response", as_index=False)["n"].sum()
    assert drawn(lambda axes: sns.barplot(summed, x="response", y="n", ax=axes)).mistake == "men alone"


def test_a_figure_without_a_title_is_not_right(
    drawn: Callable[..., Verdict], poll: list[dict[str, str]]
) -> None:
    again = ballots(poll)
    told = drawn(lambda axes: axes.bar(list(again), list(again.values())), title="")
    assert not told.right
    assert "title is missing" in told.message


def test_a_function_is_right_however_it_is_written() -> None:
    assert outcome("00.11", lambda before, after: 100 * after / before - 100) == "right"
    assert outcome("00.11", lambda a, b: round((b / a - 1) * 100, 2)) == "right"
    assert outcome("00.11", lambda before, after: print(before, after)) == "not attempted"
    assert verdict("00.11", -50.0).mistake == "called"


# ------------------------------------------------------------------ for all


def wrong_ways(exercise: str) -> list[tuple[str, object]]:
    held = find(exercise)
    right = held.expected(Context())
    return [(mistake.id, mistake.make(Context(), right)) for mistake in held.mistakes]


@pytest.mark.parametrize("exercise", [each for each in IDS if each != "00.10"])
def test_each_known_mistake_is_named_and_none_is_right(exercise: str) -> None:
    for name, value in wrong_ways(exercise):
        told = verdict(exercise, value)
        assert (told.outcome, told.mistake, told.points) == ("known mistake", name, 0)


@pytest.mark.parametrize("exercise", IDS)
def test_no_known_mistake_lies_near_the_right_answer(exercise: str) -> None:
    assert clashes(find(exercise), Context()) == []


@pytest.mark.parametrize("value", [..., None, "", float("nan"), [], pd.DataFrame(), "half", True, object()])
@pytest.mark.parametrize("exercise", IDS)
def test_what_is_no_answer_is_never_right(exercise: str, value: object) -> None:
    assert outcome(exercise, value) in {"not attempted", "wrong", "known mistake"}


@pytest.mark.parametrize("exercise", [each for each in IDS if each not in {"00.10", "00.11"}])
def test_a_bare_number_or_table_answers_nothing(exercise: str) -> None:
    for name in ("us_troops", "student_poll_1967"):
        table = load(name)
        numbers = table.select_dtypes("number")
        for value in (*numbers.mean(), *numbers.max(), *numbers.sum(), len(table), table.head(40)):
            assert outcome(exercise, value) != "right"


@pytest.mark.parametrize("exercise", IDS)
def test_notebook_and_grader_come_to_equal_verdicts(exercise: str) -> None:
    right = find(exercise).expected(Context())
    for value in (right, ..., "text", [right], *(value for _, value in wrong_ways(exercise))):
        answer = encode(value, inputs=inputs_of(exercise, STUDENT))
        assert judge(exercise, answer, STUDENT) == judge(
            exercise, Answer.from_json(answer.to_json()), STUDENT
        )


def test_no_feedback_holds_signs_that_are_not_shown_as_meant() -> None:
    for each in exercises("00"):
        for text in (each.why, *each.hints, *(mistake.feedback for mistake in each.mistakes)):
            assert text.count("`") % 2 == 0
            assert "**" not in text
            assert " *" not in text.replace(" * ", "")


def test_the_notebook_asks_the_twelve_in_their_order_and_ends_with_the_cheat_sheet() -> None:
    path = ROOT / "lessons" / "00_python_for_this_course.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    ids = [cell["id"] for cell in cells]
    places = [ids.index(f"check-00-{number}") for number in range(1, 13)]
    assert places == sorted(places)
    sheet = "".join(cells[-1]["source"])
    lines = [line for line in sheet.splitlines() if line.startswith("|")]
    assert ids[-1] == "cheat-sheet"
    assert len(lines) <= 30
    assert {line.replace(r"\|", "").count("|") for line in lines} == {3}
