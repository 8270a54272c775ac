"""Lesson 06 as a student meets it: run untouched, its lab worked by keyboard, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "2_survey_experiments/06_germany_withdrawal.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "effect_explorer")


def lab_in_view(lesson: Lesson) -> Any:
    """The lab, as it starts."""
    lesson.show("lab-effects")
    lab = lesson.page.locator(".course-lab").first
    lab.get_by_label("Outcome").wait_for()
    lab.get_by_role("button", name="Reset").click()
    lab.scroll_into_view_if_needed()
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-06-1")


def test_axe_finds_nothing_in_the_lab(lesson: Lesson) -> None:
    lab_in_view(lesson)
    assert lesson.axe() == []


def test_the_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page, lab, before = lesson.page, lab_in_view(lesson), lesson.jupyter.cells(lesson.page)
    lesson.wait_for_words("Effect of a withdrawal on “Feels protected” (both leave less no change)")
    lab.get_by_label("Outcome").focus()
    page.keyboard.type("Need")
    lesson.wait_for_words("Effect of a withdrawal on “Need for own defence”")
    lab.get_by_label("Arm").focus()
    page.keyboard.type("soldiers")
    lesson.wait_for_words("(soldiers leave less no change)")
    lab.get_by_label("Estimand").focus()
    page.keyboard.press("ArrowDown")
    lesson.wait_for_words("Effect of presence, from a withdrawal")
    lab.get_by_label("Estimator").focus()
    page.keyboard.type("Ordinal")
    lesson.wait_for_words("log odds")
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run(
        "answer-06-1",
        'by = answers.groupby("arm")["need"]\n'
        'looked = pd.DataFrame({"missing": by.apply(lambda x: x.isna().mean()), "mean": by.mean(),\n'
        '                       "high": (answers["need"] >= 6).groupby(answers["arm"]).mean()})',
    )
    assert "Drop the missing first" in lesson.run("check-06-1")
    parts = (
        'by = answers.groupby("arm")["need"]; m, s = by.mean(), by.sem(); gap = m["both"] - m["unchanged"]\n'
    )
    lesson.run(
        "answer-06-2", parts + 'e = s["both"] + s["unchanged"]; interval = [gap - 1.96 * e, gap + 1.96 * e]'
    )
    assert "squares" in lesson.run("check-06-2")
    unit = 'table = withdrawal.set_index("outcome")\ns = answers[answers["arm"] == "unchanged"][outcomes].std()\n'
    lesson.run("answer-06-3", unit + 'presence = -table[["estimate", "low", "high"]].div(s, axis=0)')
    assert "the two ends change places" in lesson.run("check-06-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run(
        "answer-06-3",
        'table = withdrawal.set_index("outcome")\n'
        's = answers[answers["arm"] == "unchanged"][outcomes].std()\n'
        'presence = pd.DataFrame({"estimate": -table["estimate"] / s, "low": -table["high"] / s,'
        ' "high": -table["low"] / s})',
    )
    said = lesson.run("check-06-3")
    assert "Right." in said
    assert "nobody in this survey read of forces that come" in said
