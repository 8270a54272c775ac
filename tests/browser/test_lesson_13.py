"""Lesson 13 as a student meets it: run untouched, thirty items coded by keyboard, the tab closed in between."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter, Lesson

pytestmark = pytest.mark.browser

LESSON = "3_vietnam/13_reading_evidence.ipynb"
STATUS = "words => document.querySelector('.course-sheet .course-heading')?.textContent.includes(words)"


@pytest.fixture(scope="module")
def desk(open_lesson: Callable[..., Lesson]) -> dict[str, Lesson]:
    """The lesson that is open now; a test may close its tab and open another."""
    return {"open": open_lesson(LESSON, "evidence_coder")}


@pytest.fixture
def lesson(desk: dict[str, Lesson]) -> Lesson:
    return desk["open"]


def sheet_of(lesson: Lesson) -> Any:
    """The lab, with the item in focus."""
    lesson.show("lab-coder")
    lesson.page.locator(".course-sheet .course-coded").first.wait_for()
    lesson.page.locator(".course-coded").focus()
    return lesson.page.locator(".course-sheet")


def kept(jupyter: Jupyter) -> dict[str, Any]:
    """What is on disk."""
    text = (jupyter.course_home / "state" / "evidence_coder.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)["data"]
    return data


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-13-1")


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    sheet_of(lesson)
    assert lesson.axe() == []


def test_keys_give_codes_and_change_no_cell(lesson: Lesson) -> None:
    page, sheet, before = lesson.page, sheet_of(lesson), lesson.jupyter.cells(lesson.page)
    page.wait_for_function(STATUS, arg="Item 1 of 30")
    for key in ("1", "m", "d", "d", "x"):
        page.keyboard.press(key)
    page.wait_for_function(
        "() => document.querySelectorAll('.course-sheet [aria-pressed=true]').length === 2"
    )
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.keyboard.press("Backspace")
    page.wait_for_function(
        "() => document.querySelectorAll('.course-sheet [aria-pressed=true]').length === 0"
    )
    lesson.press_keys_that_change_cells(sheet, "button, summary")
    assert lesson.jupyter.cells(page) == before


def test_a_closed_tab_and_a_restarted_kernel_lose_no_key(desk: dict[str, Lesson], jupyter: Jupyter) -> None:
    lesson, page = desk["open"], desk["open"].page
    sheet_of(lesson)
    for key in "1w73":
        page.keyboard.press(key)
    page.wait_for_function(STATUS, arg="Item 2 of 30")
    page.wait_for_function(
        "() => document.querySelectorAll('.course-sheet [aria-pressed=true]').length === 1"
    )
    page.close()
    codes = kept(jupyter)["codes"]
    assert [sorted(each) for each in codes.values()] == [["certainty", "reason", "stance"], ["stance"]]
    desk["open"] = again = dataclasses.replace(lesson, page=page.context.new_page())
    jupyter.open(again.page, LESSON)
    jupyter.command(again.page, "kernelmenu:shutdown")
    jupyter.open(again.page, LESSON)
    jupyter.run_all(again.page)
    sheet = sheet_of(again)
    again.page.wait_for_function(STATUS, arg="Item 2 of 30")
    assert sheet.locator("[aria-pressed=true]").inner_text().split() == ["3", "mixed", "or", "evasive"]


def test_thirty_items_are_coded_by_keyboard_and_only_then_the_reference_codings_open(lesson: Lesson) -> None:
    page, sheet = lesson.page, sheet_of(lesson)
    assert "coder A" not in sheet.inner_text()
    page.keyboard.press("u")
    for done in range(1, 30):
        for key in "2v8":
            page.keyboard.press(key)
        page.wait_for_function(STATUS, arg=f"{done + 1} of 30 items coded")
    assert len(kept(lesson.jupyter)["codes"]) == 30
    assert sheet.locator("img.course-figure").is_hidden()
    assert "coder A" not in sheet.inner_text()
    page.get_by_role("button", name="Compare").press("Enter")
    page.wait_for_function(STATUS, arg="the same stance as coder A")
    page.wait_for_function("() => document.querySelector('.course-sheet img').naturalWidth > 0")
    assert "alpha" in sheet.locator("img.course-figure").get_attribute("alt")
    assert "you" in lesson.run("same-page")
    page.get_by_role("button", name="Save for a neighbour").press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.course-sheet .course-feedback').textContent.includes('coding_')"
    )
    (name,) = [path.name for path in lesson.jupyter.course_home.glob("coding_*.csv")]
    assert "30 common items" in lesson.run("with-a-neighbour", f'coder.neighbour("{name}")')


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    wrong = 'files = rows["written_by"].eq("American").groupby(rows["ally"]).mean().rename("from_america")'
    lesson.run("answer-13-1", wrong)
    assert "You divided by all items" in lesson.run("check-13-1")
    same = '(stances["coder_a"] == stances["coder_b"]).mean()'
    lesson.run("answer-13-2", f"o = {same}\nbeyond_chance = [o, 1/6, (o - 1/6) / (5/6)]")
    assert "With six codes that are used alike" in lesson.run("check-13-2")
    backs = '["supportive", "leaning_supportive"]'
    lesson.run(
        "answer-13-3",
        f'told = decided.dropna(subset="km")\nbacks = told["stance"].isin({backs})\nnear = told["km"] <= 5000\n'
        "near_and_far = [backs[near].mean(), backs[~near].mean()]",
    )
    assert "Items without a stance" in lesson.run("check-13-3")


def test_a_question_shows_stressed_words_and_no_asterisk(lesson: Lesson) -> None:
    lesson.show("quiz-cards")
    question = lesson.page.get_by_role("group", name="two readers part")
    assert question.locator("legend em").all_inner_texts() == ["supportive", "leaning supportive"]
    assert "*" not in question.inner_text()
