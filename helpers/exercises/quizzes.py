"""`quiz`: a lesson's last questions, one card each, with a word on every option.

A wrong choice is explained and may be changed: a quiz is there to learn from. The first choice is remembered too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from helpers.exercises.diary import record_warm_up
from helpers.exercises.feedback import in_notebook
from helpers.exercises.questions import Question, UnknownQuestion, quiz_of
from helpers.exercises.records import quiz_choice, record_quiz
from helpers.exercises.retrieval import warm_up
from helpers.ui.state import is_graded

if TYPE_CHECKING:
    from helpers.ui.action import ActionCard
    from helpers.ui.choice import ChoiceCard, Reply
    from helpers.ui.scales import ScaleCard


def quiz(lesson: str, part: str = "quiz") -> None:
    """Show the quiz of a lesson, or its warm-up.

    A warm-up puts three questions that look back: at your own slips, at earlier quizzes, at what this lesson needs.
    `helpers.exercises.retrieval` has the rule. When all three are answered, the next call puts others.

    Parameters
    ----------
    lesson : str
        Two digits, such as "01".
    part : str
        "quiz" at the end of a lesson, "warm-up" at its start.

    Examples
    --------
    >>> quiz("99")
    Lesson '99' has no quiz. A lesson is named by two digits, like "01".
    """
    if is_graded():
        return
    try:
        cards = _looking_back(lesson) if part == "warm-up" else _cards(lesson, part)
    except UnknownQuestion as error:
        print(error)
        return
    except Exception as error:
        print(f"The questions cannot be shown now ({type(error).__name__}: {' '.join(str(error).split())}).")
        return
    for card in cards:
        put(card)


def _cards(lesson: str, part: str) -> list[ChoiceCard]:
    asked = quiz_of(lesson, part)
    return [
        _card(
            question,
            f"Question {place} of {len(asked)}",
            quiz_choice(question.id),
            partial(_keep_quiz, question),
        )
        for place, question in enumerate(asked, start=1)
    ]


def _looking_back(lesson: str) -> list[ChoiceCard]:
    dealt, deal = warm_up(lesson)
    return [
        _card(
            each.question,
            f"{each.heading(lesson)} · question {place} of {len(dealt)}",
            deal.choices.get(each.key),
            partial(record_warm_up, lesson, each.key),
        )
        for place, each in enumerate(dealt, start=1)
    ]


def _keep_quiz(question: Question, choice: int) -> None:
    record_quiz(question.id, choice, question.options[choice].right)


def put(card: ChoiceCard | ScaleCard | ActionCard) -> None:
    """Display a card, or print it where there is no notebook."""
    if not in_notebook():
        print(card)
        return
    from IPython.display import display

    display(card)  # type: ignore[no-untyped-call,unused-ignore]


def _card(question: Question, heading: str, before: int | None, keep: Callable[[int], None]) -> ChoiceCard:
    from helpers.ui.choice import ChoiceCard

    chosen = before if before is not None and 0 <= before < len(question.options) else None
    return ChoiceCard(
        question.text,
        [option.text for option in question.options],
        heading=heading,
        chosen=chosen,
        feedback="" if chosen is None else question.options[chosen].explanation,
        right=None if chosen is None else question.options[chosen].right,
        on_choose=_answering(question, keep),
    )


def _answering(question: Question, keep: Callable[[int], None]) -> Callable[[int, int | None], Reply]:
    def choose(index: int, _confidence: int | None) -> Reply:
        from helpers.ui.choice import Reply

        option = question.options[index]
        keep(index)
        return Reply(option.explanation, option.right)

    return choose
