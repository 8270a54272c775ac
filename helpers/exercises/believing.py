"""`beliefs`: how likely you think it now, once a lesson.

The course follows two claims. Whoever writes down what they believe before, between and after the evidence can see
later what moved them; memory alone makes everybody believe that they knew it all along. So what a lesson kept stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from helpers.data.texts import lesson_list
from helpers.exercises.diary import BELIEFS, belief, record_belief
from helpers.exercises.quizzes import put
from helpers.ui.state import is_graded

if TYPE_CHECKING:
    from helpers.ui.choice import Reply
    from helpers.ui.scales import ScaleCard

QUESTION = "How likely is each of these, from 0 (surely false) to 100 (surely true)?"


def beliefs(lesson: str, deployments: int | None = None, distant_wars: int | None = None) -> None:
    """Say how likely you think the course's two claims now; each lesson keeps your first answer.

    Parameters
    ----------
    lesson : str
        Two digits, such as "01".
    deployments, distant_wars : int, optional
        Both numbers, 0 to 100, where the card cannot be worked.

    Examples
    --------
    >>> beliefs("99")
    There is no lesson '99'. A lesson is named by two digits, like "01".
    """
    if is_graded():
        return
    if lesson not in {each.number for each in lesson_list()}:
        print(f'There is no lesson {str(lesson)[:20]!r}. A lesson is named by two digits, like "01".')
        return
    card = _card(lesson)
    if deployments is not None or distant_wars is not None:
        try:
            card.keep([deployments, distant_wars])  # type: ignore[list-item]
        except ValueError as error:
            print(error)
            return
    put(card)


def _card(lesson: str) -> ScaleCard:
    from helpers.ui.choice import Reply
    from helpers.ui.scales import ScaleCard

    def keep(values: list[int]) -> Reply:
        kept = record_belief(lesson, dict(zip(BELIEFS, values, strict=True)))
        return Reply(_kept(lesson, kept), None, locked=True)

    before = belief(lesson)
    return ScaleCard(
        QUESTION,
        list(BELIEFS.values()),
        heading=f"Where do you stand? Lesson {lesson}",
        button="Keep",
        values=None if before is None else list(before.values()),
        feedback="" if before is None else _kept(lesson, before),
        locked=before is not None,
        on_keep=keep,
    )


def _kept(lesson: str, values: dict[str, int]) -> str:
    """Say what was kept, and what it was the last time."""
    now = f"Kept: {_numbers(values)}. It stays as it is."
    earlier = _last_before(lesson)
    if earlier is None:
        return f"{now} The next lesson asks again, and lesson 15 draws your path."
    return f"{now} Before, in lesson {earlier[0]}: {_numbers(earlier[1])}."


def _numbers(values: dict[str, int]) -> str:
    return " and ".join(f"{value} %" for value in values.values())


def _last_before(lesson: str) -> tuple[str, dict[str, int]] | None:
    """Give the nearest earlier lesson in which something was kept, with it."""
    numbers = sorted({each.number for each in lesson_list() if each.number < lesson}, reverse=True)
    found = ((number, belief(number)) for number in numbers)
    return next(((number, values) for number, values in found if values is not None), None)
