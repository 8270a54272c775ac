"""The drills of lesson 00 as a student meets them: run untouched, answered wrongly and rightly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "00_python_for_this_course.ipynb"
BY_ANSWER = 'by_answer = poll.groupby("response", as_index=False)["n"].sum()\n'
TEXTS = 'bars.set(title="Ballots", xlabel="Answer", ylabel="Ballots")\n'
ALT = 'show(bars.figure, alt="Bars of ballots for each of four answers.")'


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON)


def test_the_untouched_drills_run_and_say_that_nothing_was_tried(lesson: Lesson) -> None:
    assert lesson.errors() == []
    for number in range(1, 13):
        assert "Not attempted yet" in lesson.read(f"check-00-{number}")


def test_ids_of_one_and_of_two_digits_are_kept_apart(lesson: Lesson) -> None:
    lesson.run("answer-00-12", "n_treated = (np.random.default_rng(1950).random(1000) < 0.5).sum()")
    said = lesson.run("check-00-12")
    assert "00.12: Not right yet" in said
    assert "seed 1967" in said
    assert "00.1: Not attempted" in lesson.run("check-00-1")


def test_a_figure_without_words_says_so_and_one_of_means_is_not_right(lesson: Lesson) -> None:
    means = 'bars = sns.barplot(poll, x="response", y="n")\n' + TEXTS
    assert "no alternative text" in lesson.run("answer-00-10", means + "show(bars.figure)")
    lesson.run("answer-00-10", means + ALT)
    assert "Your bars are means" in lesson.run("check-00-10")


def test_a_figure_drawn_again_is_a_new_one(lesson: Lesson) -> None:
    right = BY_ANSWER + 'bars = sns.barplot(by_answer, x="response", y="n")\n' + TEXTS
    lesson.run("answer-00-10", right + "show(bars.figure)")
    lesson.run("answer-00-10", right + ALT)
    assert "00.10: Right." in lesson.run("check-00-10")
