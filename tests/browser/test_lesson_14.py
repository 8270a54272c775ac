"""Lesson 14 as a student meets it: run untouched, items judged by keyboard and found again, answered wrongly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "3_vietnam/14_tracing_the_process.ipynb"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "bayes_tracer")


def kept(lesson: Lesson) -> dict[str, Any]:
    """What the lab has written."""
    file = lesson.jupyter.course_home / "state" / "bayes_tracer.json"
    params: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["data"]["params"]
    return params


def wait_until_kept(lesson: Lesson, judged: list[Any]) -> None:
    """The words are shown a moment before the file is written; ten seconds are enough for it."""
    for _ in range(100):
        if kept(lesson)["judged"] == judged:
            return
        lesson.page.wait_for_timeout(100)
    assert kept(lesson)["judged"] == judged


@pytest.fixture
def lab(lesson: Lesson) -> Any:
    """The lab as it starts."""
    lesson.show("lab-tracer")
    lab = lesson.page.locator(".course-lab")
    lab.get_by_role("button", name="Reset").wait_for()
    lab.get_by_role("button", name="Reset").click()
    lesson.wait_for_words("None of 16 items is judged")
    return lab


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-14-1")
    assert "yours: nothing is judged yet." in lesson.run("hangs")


def test_items_are_judged_by_keyboard_and_every_key_is_kept(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Weight").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    lesson.wait_for_words("1 of 16 items judged: +10.0 dB, 10 to 1 for Hawkish Reassurance Theory")
    wait_until_kept(lesson, [["hawkish/divided", "FRG-01", 10]])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    lab.get_by_text("Ambassador Reischauer").first.wait_for()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    lesson.wait_for_words("2 of 16 items judged: -20.0 dB, 100 to 1 for divided priorities")
    wait_until_kept(lesson, [["hawkish/divided", "FRG-01", 10], ["hawkish/divided", "JPN-02", -30]])


def test_no_key_in_the_lab_changes_a_cell(lesson: Lesson, lab: Any) -> None:
    before = lesson.jupyter.cells(lesson.page)
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(lesson.page) == before


def test_the_other_comparison_says_so_and_takes_two_chances(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Compare").focus()
    page.keyboard.type("One")
    lesson.wait_for_words("with its negation and with no named rival")
    lab.get_by_label("If it is true").focus()
    page.keyboard.type("nearly")
    lab.get_by_label("If it is not true").focus()
    page.keyboard.type("as well")
    lesson.wait_for_words("FRG-01 is a hoop test: +2.8 dB if found, -10.0 dB if looked for")
    assert kept(lesson)["tests"] == [["hawkish", "FRG-01", 0.95, 0.5]]


@pytest.mark.parametrize("view", ["Two", "One"])
def test_axe_finds_nothing_in_either_view(lesson: Lesson, lab: Any, view: str) -> None:
    lab.get_by_label("Compare").focus()
    lesson.page.keyboard.type(view)
    lesson.wait_for_words({"Two": "two named rivals", "One": "classical tests"}[view])
    assert lesson.axe() == []


def test_judgements_are_there_again_after_the_kernel_was_restarted(lesson: Lesson, lab: Any) -> None:
    page = lesson.page
    lab.get_by_label("Weight").focus()
    page.keyboard.press("End")
    lesson.wait_for_words("1 of 16 items judged")
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart().then(() => null)"
    )
    lesson.jupyter.run_all(page)
    lesson.show("lab-tracer")
    lesson.wait_for_words("1 of 16 items judged: -30.0 dB")
    assert "yours: -30 dB, favours divided priorities; items judged: 1." in lesson.run("hangs")


def test_wrong_answers_meet_their_own_feedback_and_a_right_one_its_point(lesson: Lesson) -> None:
    lesson.run("answer-14-1", "belief = 15 / 16")
    assert "You began at even odds" in lesson.run("check-14-1")
    lesson.run("answer-14-2", "two_weights = [0, 10 * np.log10(0.3 / np.mean([0.3, 0.9, 0.5]))]")
    assert "plain mean" in lesson.run("check-14-2")
    lesson.run("answer-14-3", "without = judged.assign(without=judged.weight.sum() - judged.weight)")
    assert "all items count as independent" in lesson.run("check-14-3")
    lesson.run("answer-14-1", "belief = 5 / 6")
    assert "where you began does" in lesson.run("check-14-1")
