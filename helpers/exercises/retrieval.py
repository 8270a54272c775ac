"""The three questions at a lesson's start: what the student once knew, and what once went wrong.

The idea: bringing something back from memory strengthens it, most of all after some time and after an error. So a
warm-up looks back, and it looks back at this student.

The rule. Questions come from four sources, in this order:

1. the student's own slips: a known mistake that `check` recognised in an earlier lesson, in an exercise that has
   points. The task is shown again, and the student says which of three slips was theirs. The options are the mistakes
   of that exercise; the point to take away follows only if it is done, so nothing is given away;
2. quiz questions of earlier lessons in which the student has worked, those answered wrongly at first before the others;
3. the author's own questions for this lesson (`WARM_UP`);
4. quiz questions of earlier lessons in which the student has not worked.

Three are dealt. What this lesson dealt last comes last, what came up less often comes first, then the order of the
sources counts, and a digest of the student's id breaks ties. As far as possible the three come from three lessons, and
no more than two are slips. The same state always gives the same three. Three that are not all answered are shown
again; once they are, the next call deals anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from helpers.exercises.diary import Deal, deal_of, record_deal, times_dealt
from helpers.exercises.exercise import Exercise, Mistake
from helpers.exercises.judge import exercises
from helpers.exercises.questions import Option, Question, UnknownQuestion, has_questions, part_of_lesson
from helpers.exercises.records import attempts, mistakes_made, quiz_first, student

HOW_MANY, MOST_SLIPS, OTHER_SLIPS = 3, 2, 2
SLIP, WORKED_IN, AUTHORED, NOT_WORKED_IN = range(4)


@dataclass(frozen=True)
class Candidate:
    """A question that a warm-up may put.

    Parameters
    ----------
    question : Question
    lesson : str
        Where it comes from.
    source : int
        SLIP, WORKED_IN, AUTHORED or NOT_WORKED_IN.
    missed : bool
        Whether it was answered wrongly at first.
    """

    question: Question
    lesson: str
    source: int
    missed: bool = False

    @property
    def key(self) -> str:
        """Name by which it is remembered."""
        return self.question.id

    def heading(self, lesson: str) -> str:
        """Where the question comes from, in a few words."""
        if self.source == SLIP:
            return "A slip of your own"
        return "For this lesson" if self.lesson == lesson else f"From lesson {self.lesson}"


def warm_up(lesson: str) -> tuple[list[Candidate], Deal]:
    """Give the questions of a lesson's start, and deal them if need be.

    Parameters
    ----------
    lesson : str
        Two digits.

    Returns
    -------
    list of Candidate
        Three, or fewer if there are no more; their options in the order in which they are shown.
    Deal
        What is remembered of them.

    Raises
    ------
    UnknownQuestion
        If there is no such lesson, or nothing to ask.
    """
    pool = {each.key: each for each in candidates(lesson)}
    if not pool:
        raise UnknownQuestion(
            f'Lesson {lesson!r} has no warm-up. A lesson is named by two digits, like "01".'
        )
    deal = deal_of(lesson)
    if not deal.keys or deal.done or not set(deal.keys) <= set(pool):
        keys = choose(pool.values(), times_dealt(), deal.keys, f"{student()} {lesson}")
        deal = record_deal(lesson, keys)
    return [_shuffled(pool[key], f"{student()} {lesson} {deal.turn}") for key in deal.keys], deal


def choose(
    pool: Iterable[Candidate], dealt: Mapping[str, int], last: Sequence[str] = (), salt: str = ""
) -> list[str]:
    """Choose three questions by the rule of this module.

    Parameters
    ----------
    pool : iterable of Candidate
    dealt : mapping
        How often each came up, by its key.
    last : sequence of str
        Keys that this lesson dealt last.
    salt : str
        What breaks ties, such as the student's id.

    Returns
    -------
    list of str
        Keys. If the pool holds more than three, they are not the three of last time.
    """

    def rank(each: Candidate) -> tuple[bool, int, int, bool, str]:
        tie = _digest(salt, each.key)
        return each.key in last, dealt.get(each.key, 0), each.source, not each.missed, tie

    ordered, chosen = sorted(pool, key=rank), list[Candidate]()
    for strict in (True, False):
        for each in ordered:
            if len(chosen) < HOW_MANY and each not in chosen and (not strict or _mixes(each, chosen)):
                chosen.append(each)
    return [each.key for each in chosen]


def _mixes(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether it adds another lesson, and not a third slip."""
    slips = sum(each.source == SLIP for each in chosen)
    is_one_too_many = candidate.source == SLIP and slips >= MOST_SLIPS
    return not is_one_too_many and candidate.lesson not in {each.lesson for each in chosen}


def candidates(lesson: str) -> Iterator[Candidate]:
    """Everything that a lesson's warm-up may ask.

    Parameters
    ----------
    lesson : str
        Two digits.
    """
    if not has_questions(lesson):
        return
    for number in range(int(lesson)):
        yield from _looking_back(f"{number:02d}")
    for question in part_of_lesson(lesson, "warm-up"):
        yield Candidate(question, lesson, AUTHORED)


def _looking_back(earlier: str) -> Iterator[Candidate]:
    tried = [each for each in exercises(earlier) if attempts(each.id).tries]
    for exercise in tried:
        question = slip_question(exercise, mistakes_made(exercise.id), attempts(exercise.id).done)
        if question is not None:
            yield Candidate(question, earlier, SLIP)
    asked = part_of_lesson(earlier, "quiz")
    has_worked = bool(tried) or any(quiz_first(each.id) is not None for each in asked)
    for question in asked:
        source = WORKED_IN if has_worked else NOT_WORKED_IN
        yield Candidate(question, earlier, source, missed=quiz_first(question.id) is False)


def slip_question(exercise: Exercise, made: Sequence[str], done: bool) -> Question | None:
    """Turn a mistake that was made into a question about it.

    Parameters
    ----------
    exercise : Exercise
    made : sequence of str
        Ids of the mistakes that were made, the most frequent first.
    done : bool
        Whether the exercise is solved, so that its point may be told.

    Returns
    -------
    Question or None
        None if no known mistake was made, or the exercise knows no other that could stand beside it.
    """
    known = {mistake.id: mistake for mistake in exercise.mistakes if exercise.points}
    own = next((known[each] for each in made if each in known), None)
    others = [each for each in exercise.mistakes if each.id not in made][:OTHER_SLIPS]
    if own is None or not others:
        return None
    point = exercise.why if done else f"Exercise {exercise.id} is still open: try it again."
    return Question(
        id=f"slip.{exercise.id}",
        text=f"Exercise {exercise.id} asked: “{exercise.asks}” What once went wrong in your answer?",
        options=(
            Option(own.feedback, True, f"Yes, that was it. {point}".strip()),
            *(Option(each.feedback, False, _not_yours(own, point)) for each in others),
        ),
    )


def _not_yours(own: Mistake, point: str) -> str:
    return f"That is another way to go wrong there. Yours was: “{own.feedback}” {point}".strip()


def _shuffled(candidate: Candidate, salt: str) -> Candidate:
    """Put the options in another order, so that nobody remembers a place."""
    question = candidate.question
    options = sorted(question.options, key=lambda option: _digest(salt, question.id, option.text))
    return replace(candidate, question=replace(question, options=tuple(options)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
