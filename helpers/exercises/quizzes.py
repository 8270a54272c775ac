"""`quiz`: a lesson's last questions, one card each, with a word on every option.

A wrong choice is explained and may be changed: a quiz is there to learn from. The first choice is remembered too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from helpers.exercises.feedback import in_notebook
from helpers.exercises.questions import Question, UnknownQuestion, quiz_of
from helpers.exercises.records import quiz_choice, record_quiz
from helpers.ui.state import is_graded

if TYPE_CHECKING:
    from helpers.ui.action import ActionCard
    from helpers.ui.choice import ChoiceCard, Reply


def quiz(lesson: str, part: str = "quiz") -> None:
    """Show the quiz of a lesson, or its warm-up.

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
        questions = quiz_of(lesson, part)
        cards = [_card(question, place, len(questions)) for place, question in enumerate(questions, start=1)]
    except UnknownQuestion as error:
        print(error)
        return
    for card in cards:
        put(card)


def put(card: ChoiceCard | ActionCard) -> None:
    """Display a card, or print it where there is no notebook."""
    if not in_notebook():
        print(card)
        return
    from IPython.display import display

    display(card)  # type: ignore[no-untyped-call,unused-ignore]


def _card(question: Question, place: int, total: int) -> ChoiceCard:
    from helpers.ui.choice import ChoiceCard

    before = quiz_choice(question.id)
    chosen = before if before is not None and 0 <= before < len(question.options) else None
    return ChoiceCard(
        question.text,
        [option.text for option in question.options],
        heading=f"Question {place} of {total}",
        chosen=chosen,
        feedback="" if chosen is None else question.options[chosen].explanation,
        right=None if chosen is None else question.options[chosen].right,
        on_choose=_answering(question),
    )


def _answering(question: Question) -> Callable[[int, int | None], Reply]:
    def choose(index: int, _confidence: int | None) -> Reply:
        from helpers.ui.choice import Reply

        option = question.options[index]
        record_quiz(question.id, index, option.right)
        return Reply(option.explanation, option.right)

    return choose
