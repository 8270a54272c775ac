"""The course map, and what of it is in this edition."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from helpers.data.texts import lesson_list
from helpers.exercises import check, progress
from helpers.exercises.course_map import MISSING, exercises_of, map_html, places
from helpers.exercises.judge import find, laid_over

ROOT = Path(__file__).parents[2]


def state_of(number: str, file: str = "") -> str:
    return next(each.state for each in places() if each.lesson.number == number and file in each.lesson.file)


def test_the_map_has_two_first_pages_and_sixteen_lessons_in_four_modules() -> None:
    numbers = [each.number for each in lesson_list()]
    assert numbers == ["00", "00", *(f"{number:02d}" for number in range(1, 17))]
    modules = [each.module for each in lesson_list()]
    assert [modules.count(name) for name in dict.fromkeys(modules)] == [2, 4, 6, 4, 2]
    assert all(0 < each.minutes <= 70 for each in lesson_list())


def test_what_the_map_calls_here_is_what_solutions_holds() -> None:
    notebooks = {
        path.stem for path in (ROOT / "solutions").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
    }
    with laid_over({}):
        here = {each.lesson.file for each in places() if each.state != MISSING}
    assert here == notebooks


def test_titles_and_minutes_are_those_of_the_notebooks() -> None:
    import nbformat

    known = {each.file: each for each in lesson_list()}
    for path in (ROOT / "solutions").rglob("*.ipynb"):
        if ".ipynb_checkpoints" in path.parts:
            continue
        first = nbformat.read(path, 4).cells[0].source
        lesson = known[path.stem]
        assert first.splitlines()[0].casefold() == f"# {lesson.number} {lesson.title}".casefold()
        assert re.search(r"\*\*(\d+) minutes", first)[1] == str(lesson.minutes)  # type: ignore[index]


def test_the_folders_of_the_modules_stand_in_the_order_of_the_map() -> None:
    folders = {path.stem: path.parent.name for path in (ROOT / "solutions").rglob("*.ipynb")}
    for each in lesson_list():
        if each.file in folders and each.number != "00":
            assert folders[each.file][0] == each.module[0]


def test_a_lesson_says_where_one_stopped() -> None:
    assert state_of("01") == "not begun"
    check("01.1", namespace={"comparison": 5})
    assert state_of("01") == "go on at 01.1"
    check("01.4", namespace={"letter": "word " * 80})
    held = next(each for each in places() if each.lesson.number == "01")
    assert (held.state, held.n_done, held.n_exercises) == ("go on at 01.1", 1, 4)


def test_a_lesson_whose_exercises_are_all_done_is_done() -> None:
    check("00.0", namespace={"italy_2000": 11190})
    assert state_of("00", "start") == "done"


def test_two_notebooks_of_one_number_do_not_share_exercises() -> None:
    start, python = lesson_list()[:2]
    assert [each.id for each in exercises_of(start)] == ["00.0"]
    assert "00.0" not in [each.id for each in exercises_of(python)]


def test_the_practice_exercise_is_worth_nothing_and_knows_wrong_answers() -> None:
    import csv

    with (ROOT / "datasets" / "us_troops.csv").open(encoding="utf-8") as file:
        italy = {row["year"]: int(row["troops"]) for row in csv.DictReader(file) if row["unit"] == "ITA"}
    exercise = find("00.0")
    from helpers.exercises import Context, encode, judge

    assert exercise.points == 0
    assert judge("00.0", encode(italy["2000"]), "self-study").right
    assert judge("00.0", encode(italy["1999"]), "self-study").mistake == "year before"
    assert judge("00.0", encode(italy["2001"]), "self-study").mistake == "year after"
    assert judge("00.0", encode(2000), "self-study").mistake == "the year itself"
    assert exercise.expected(Context()) == italy["2000"]


def test_the_map_is_printed_where_there_is_no_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    progress()
    said = capsys.readouterr().out
    assert "1 · Assurance theory\n01 Two audiences" in said
    assert re.search(r"16 Design your own +70 +(not in this edition yet|not begun)", said)


def test_the_table_has_a_caption_and_a_scope_for_every_header() -> None:
    html = map_html(places(), "The course <1>")
    assert "<caption style='text-align:left;'>The course &lt;1&gt;</caption>" in html
    headers = re.findall(r"<th\b[^>]*>", html)
    assert all("scope=" in header for header in headers)
    assert html.count("scope='rowgroup'") == 5
    assert html.count("scope='row'") == 18


def test_an_exercise_that_cannot_be_looked_up_does_not_stop_a_lesson(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no bank")

    monkeypatch.setattr("helpers.exercises.course_map.exercises", broken)
    progress()
    assert capsys.readouterr().out == "Your progress cannot be shown now: no bank\n"
