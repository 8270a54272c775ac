"""What an exercise is: a question, the way to its answer, and the wrong ways that are worth a sentence.

The idea: the right answer is computed, not stored, from the same data that the student has. A known mistake is a second
computation, so that a wrong answer is recognised by its value; no student code is read. What an exercise says after a
mistake is written once, beside the mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from helpers.exercises.kinds.base import Kind

if TYPE_CHECKING:
    import pandas as pd

    from helpers.exercises.codec import Inputs
    from helpers.experiments.respondents import Fielded

Loader: TypeAlias = Callable[[str], "pd.DataFrame"]

EXERCISE_ID = r"[0-9]{2}\.(?:0|[1-9][0-9]?)"
"""What an id looks like, wherever one is looked for: "06.3", "00.12"; 0 is for a check that only shows the way."""


class ExerciseError(ValueError):
    """An exercise that is written wrongly, or cannot be computed; says which and why."""


@dataclass(frozen=True)
class Context:
    """What a right answer may be computed from.

    Parameters
    ----------
    student : str
        The student's id, from which simulated data draw their seed.
    loader : callable, optional
        Takes the name of a dataset; `helpers.data.load` if none is given.

    Examples
    --------
    >>> Context("ab12").student
    'ab12'
    """

    student: str = "self-study"
    loader: Loader | None = None

    def load(self, name: str) -> pd.DataFrame:
        """Give a fresh copy of the dataset `name`."""
        if self.loader is not None:
            return self.loader(name)
        from helpers.data import load

        return load(name)

    def survey(self, name: str, world: str = "as_the_abstract_reads") -> Fielded:
        """Give the simulated survey that this student sees; see `helpers.exercises.survey`."""
        from helpers.exercises.surveys import survey

        return survey(name, world, student_id=self.student)


@dataclass(frozen=True)
class Mistake:
    """A wrong way that students take, and what to say about it.

    Parameters
    ----------
    id : str
        A word or two, unique in its exercise, such as "sign".
    make : callable
        Takes `(context, right)`, what `Exercise.expected` gave, and returns the value that this mistake leads to.
        It must not change `right`.
    feedback : str
        One or two sentences that help without giving the answer away.
    credit : float
        Share of the points that the mistake still earns, 0 <= credit < 1.

    Examples
    --------
    >>> Mistake("sign", lambda context, right: -right, "That is the effect of withdrawal.").credit
    0.0
    """

    id: str
    make: Callable[[Context, Any], object]
    feedback: str
    credit: float = 0.0


@dataclass(frozen=True, eq=False)
class Exercise:
    """One question with its answer, its known mistakes and its hints.

    Parameters
    ----------
    id : str
        Two digits of the lesson, a point, a number from 0 to 99: "06.3".
    points : float
        Zero for one that is there to try things out.
    answer : str
        The name under which the student leaves the answer, unique in its lesson.
    kind : Kind
        What counts as an answer, and when it is right.
    asks : str
        What is asked, in one sentence.
    expected : callable
        Takes a `Context` and returns the right answer, not rounded. For a `Function`, a function that gives right
        results; for `Words`, None.
    mistakes : tuple of Mistake
        The first that fits is named.
    hints : tuple of str
        One step each.
    why : str
        The point to take away, shown with a right answer.
    reasoning : str
        Reasoning of the model answer, the last hint; `why` if it is empty.

    Raises
    ------
    ExerciseError
        If the exercise could not be asked or marked as it stands.
    """

    id: str
    points: float
    answer: str
    kind: Kind
    asks: str
    expected: Callable[[Context], object]
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    why: str = ""
    reasoning: str = ""

    def __post_init__(self) -> None:
        problem = next(self._problems(), None)
        if problem:
            raise ExerciseError(f"Exercise {self.id!r}: {problem}.")

    @property
    def lesson(self) -> str:
        """Number of the lesson, two digits."""
        return self.id[:2]

    def _problems(self) -> Any:
        if not is_exercise_id(self.id):
            yield "an id is two digits, a point and a number from 0 to 99, like '06.3'"
        if not self.answer.isidentifier():
            yield f"the answer {self.answer!r} is not a name that Python allows"
        if not self.points >= 0:
            yield f"points are zero or more, not {self.points}"
        ids = [mistake.id for mistake in self.mistakes]
        if len(set(ids)) < len(ids):
            yield f"two mistakes have one id: {', '.join(sorted(ids))}"
        for mistake in self.mistakes:
            if not 0 <= mistake.credit < 1:
                yield f"the mistake {mistake.id!r} earns {mistake.credit} of the points; from 0 to below 1 is allowed"
        for name in ("mistakes", "hints"):
            if not isinstance(getattr(self, name), tuple):
                yield f"{name} is a tuple; a single one needs a comma behind it"


@dataclass(frozen=True)
class Slip:
    """What is needed to collect an answer, and nothing that helps to give it.

    Parameters
    ----------
    exercise_id : str
    name : str
        The name under which the student leaves the answer.
    inputs : sequence of sequences, optional
        Arguments with which to call the answer, if it is a function.
    """

    exercise_id: str
    name: str
    inputs: Inputs | None = None


def is_exercise_id(text: object) -> bool:
    """Whether `text` has the form of an id: two digits, a point, a number from 0 to 99.

    Examples
    --------
    >>> [is_exercise_id(text) for text in ("06.3", "00.12", "6.3", "00.123", "00.01")]
    [True, True, False, False, False]
    """
    return isinstance(text, str) and re.fullmatch(EXERCISE_ID, text) is not None
