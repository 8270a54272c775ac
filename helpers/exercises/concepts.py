"""`concept_test`: ten questions before the course and the same ten after it.

Nothing is explained before, and nothing after until all ten are answered: a word on one question could answer the
next. Then every option is explained, and the two runs are compared. An answer may be changed until its run is over;
the first run is over when the second begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from helpers.data.texts import ConceptQuestion, concept_questions
from helpers.exercises.diary import concept_choices, record_concept
from helpers.exercises.feedback import Note, in_notebook
from helpers.exercises.quizzes import put
from helpers.ui.state import is_graded

if TYPE_CHECKING:
    from helpers.ui.choice import ChoiceCard, Reply

RUNS = ("before", "after")


@dataclass(frozen=True)
class Gain:
    """What two runs of the concept test have in common.

    Parameters
    ----------
    both : int
        Questions that were answered in both.
    right_before, right_after : int
        How many of these were right.
    """

    both: int
    right_before: int
    right_after: int

    def __str__(self) -> str:
        if not self.both:
            return (
                "You did not answer these questions before the course, so there is nothing to compare with."
            )
        change = self.right_after - self.right_before
        moved = "as many as before" if not change else f"{abs(change)} {'more' if change > 0 else 'fewer'}"
        asked = "all ten" if self.both == len(concept_questions()) else f"the {self.both} answered both times"
        return f"Of {asked}, {self.right_before} were right before and {self.right_after} are right now: {moved}."


def concept_test(run: str) -> None:
    """Take the concept test of the course.

    Parameters
    ----------
    run : str
        "before" the first lesson, or "after" the last.

    Examples
    --------
    >>> concept_test("again")
    The concept test is taken "before" and "after" the course; 'again' is neither.
    """
    if is_graded():
        return
    if run not in RUNS:
        print(f'The concept test is taken "before" and "after" the course; {str(run)[:20]!r} is neither.')
        return
    Sitting(run).show()


def gain() -> Gain:
    """Compare the two runs.

    Returns
    -------
    Gain
    """
    before, after = concept_choices("before"), concept_choices("after")
    both = [each for each in concept_questions() if each.id in before and each.id in after]
    return Gain(
        len(both),
        sum(is_right(each, before[each.id]) for each in both),
        sum(is_right(each, after[each.id]) for each in both),
    )


def is_right(question: ConceptQuestion, choice: int) -> bool:
    """Whether an option, counted from 0, is the right one."""
    return 0 <= choice < len(question.options) and question.options[choice].right


def _explained(question: ConceptQuestion, choice: int) -> str:
    """A word on what was chosen, and the right option where that was another one."""
    option = question.options[choice]
    right = next(each for each in question.options if each.right)
    other = "" if option.right else f" Right is: “{right.text}” {right.why}"
    return f"{option.why}{other} (Lesson {question.lesson}.)"


class Sitting:
    """One run of the test: its cards, and a line below them that says how far one is.

    Parameters
    ----------
    run : str
        "before" or "after".
    """

    def __init__(self, run: str) -> None:
        self.run = run
        self.questions = concept_questions()
        chosen = concept_choices(run)
        self.cards = [self._card(place, question, chosen) for place, question in enumerate(self.questions)]
        self._line: object = None

    @property
    def is_over(self) -> bool:
        """Whether answers of this run can no longer be changed."""
        if self.run == "before":
            return bool(concept_choices("after"))
        return self._answered() == len(self.questions)

    def show(self) -> None:
        """Display the cards and the line."""
        for card in self.cards:
            put(card)
        note = self._status()
        if not in_notebook():
            print(note.text())
            return
        from IPython.display import display

        bundle = {"text/html": note.html(), "text/plain": note.text()}
        self._line = display(bundle, raw=True, display_id=True)  # type: ignore[no-untyped-call,unused-ignore]

    def choose(self, place: int, choice: int) -> Reply:
        """Take an answer in; the last one of the second run opens the explanations."""
        question = self.questions[place]
        was_over = self.is_over
        if not was_over:
            record_concept(self.run, question.id, choice)
        if self.is_over and not was_over:
            self._explain()
        self._refresh()
        return self._reply(question, concept_choices(self.run).get(question.id, choice))

    def _explain(self) -> None:
        chosen = concept_choices(self.run)
        for question, card in zip(self.questions, self.cards, strict=True):
            card.show(self._reply(question, chosen[question.id]))

    def _answered(self) -> int:
        chosen = concept_choices(self.run)
        return sum(question.id in chosen for question in self.questions)

    def _reply(self, question: ConceptQuestion, choice: int | None) -> Reply:
        from helpers.ui.choice import Reply

        if choice is None or not 0 <= choice < len(question.options):
            return Reply("", None, locked=self.is_over)
        if self.run == "after" and self.is_over:
            return Reply(_explained(question, choice), is_right(question, choice), locked=True)
        return Reply("Kept.", None, locked=self.is_over)

    def _card(self, place: int, question: ConceptQuestion, chosen: dict[str, int]) -> ChoiceCard:
        from helpers.ui.choice import ChoiceCard

        before = chosen.get(question.id)
        reply = self._reply(question, before)
        return ChoiceCard(
            question.text,
            [option.text for option in question.options],
            heading=f"Question {place + 1} of {len(self.questions)}",
            button="Answer",
            chosen=before if reply.text else None,
            feedback=reply.text,
            right=reply.right,
            locked=reply.locked,
            on_choose=lambda choice, _: self.choose(place, choice),
        )

    def _status(self) -> Note:
        answered, total = self._answered(), len(self.questions)
        if answered < total:
            until = "You may change an answer until you take the test again, after lesson 15."
            when = until if self.run == "before" else "Explanations follow the last answer."
            return Note(f"{answered} of {total} answered.", (when,), "○")
        if self.run == "before":
            again = "After lesson 15 you meet these questions again, then with explanations."
            return Note(f"All {total} answered.", (again,), "✓")
        n_right = sum(is_right(each, concept_choices("after")[each.id]) for each in self.questions)
        return Note(f"{n_right} of {total} are right.", (str(gain()),), "✓")

    def _refresh(self) -> None:
        update = getattr(self._line, "update", None)
        if update is not None:
            note = self._status()
            update({"text/html": note.html(), "text/plain": note.text()}, raw=True)
