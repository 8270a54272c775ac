"""`predict`: a guess and how sure one is of it, kept before the data are seen.

Whoever commits to a guess learns more from the answer, and whoever states a confidence can find out whether it was
deserved: of all that one says with 80 %, about 80 in 100 should come true (calibration). So a commitment stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from helpers.exercises.exercise import Context
from helpers.exercises.feedback import Note, show
from helpers.exercises.questions import Prediction, UnknownQuestion, prediction_of
from helpers.exercises.quizzes import put
from helpers.exercises.records import Commitment, commit, commitment, commitments, record_outcome, student
from helpers.ui.state import is_graded

if TYPE_CHECKING:
    from helpers.ui.choice import ChoiceCard, Reply

START_CONFIDENCE = 50


def predict(prediction_id: str, *, reveal: bool = False) -> None:
    """Commit to a guess; later, compare it with the data.

    Parameters
    ----------
    prediction_id : str
        Such as "01.1".
    reveal : bool
        Whether to show what the data say. Without a commitment nothing is revealed.

    Examples
    --------
    >>> predict("99.1")
    There is no such prediction.
      No prediction '99.1'. Its lesson has none.
    """
    if is_graded():
        return
    try:
        prediction = prediction_of(prediction_id)
        if not reveal:
            put(_card(prediction))
            return
        note = _revealed(prediction)
    except UnknownQuestion as error:
        note = Note("There is no such prediction.", (str(error),))
    except Exception as error:
        text = f"The answer could not be found in the data: {' '.join(str(error).split())}"
        note = Note("Nothing was revealed.", (text,))
    show(note)


def _made(prediction: Prediction) -> Commitment | None:
    """Give the commitment, if it still fits the question."""
    made = commitment(prediction.id)
    return made if made is not None and 0 <= made.choice < len(prediction.options) else None


def _card(prediction: Prediction) -> ChoiceCard:
    from helpers.ui.choice import ChoiceCard

    made = _made(prediction)
    return ChoiceCard(
        prediction.text,
        list(prediction.options),
        heading="Your prediction",
        confidence=True,
        button="Commit",
        chosen=made.choice if made else None,
        confidence_value=made.confidence if made else START_CONFIDENCE,
        feedback=_kept(prediction, made) if made else "",
        locked=made is not None,
        on_choose=_committing(prediction),
    )


def _committing(prediction: Prediction) -> Callable[[int, int | None], Reply]:
    def choose(index: int, confidence: int | None) -> Reply:
        from helpers.ui.choice import Reply

        made = commit(prediction.id, index, START_CONFIDENCE if confidence is None else confidence)
        return Reply(_kept(prediction, made), right=None, locked=True)

    return choose


def _kept(prediction: Prediction, made: Commitment) -> str:
    return f"Committed: {_option(prediction, made.choice)}, {made.confidence} % sure. The lesson comes back to it."


def _option(prediction: Prediction, choice: int) -> str:
    return prediction.options[choice] if 0 <= choice < len(prediction.options) else "another option"


def _revealed(prediction: Prediction) -> Note:
    made = _made(prediction)
    if made is None:
        ask = f'`predict("{prediction.id}")`'
        return Note(
            "You have not made a prediction yet.",
            (f"Go back to the cell with {ask} and commit to a guess; then run this cell again.",),
            "○",
        )
    outcome = prediction.outcome(Context(student()))
    right = made.choice == outcome
    record_outcome(prediction.id, right)
    lines = (
        f"Your guess: {_option(prediction, made.choice)}, {made.confidence} % sure.",
        f"The answer: {_option(prediction, outcome)}. {prediction.reveal}",
        calibration(commitments().values()),
    )
    return Note(
        "Your guess came true." if right else "Your guess did not come true.", lines, "✓" if right else "✗"
    )


def calibration(made: Iterable[Commitment]) -> str:
    """Compare how sure somebody was with how often they were right.

    Parameters
    ----------
    made : iterable of Commitment
        Those without an outcome are left out.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> calibration([Commitment(0, 90, True), Commitment(1, 70, False)])
    'So far you were right in 1 of 2 predictions, and 80 % sure on average.'
    """
    known = [each for each in made if each.right is not None]
    n_right = sum(each.right is True for each in known)
    if not known:
        return "No prediction has an outcome yet."
    sure = round(sum(each.confidence for each in known) / len(known))
    if len(known) == 1:
        return f"Of all that you say with {sure} %, about {sure} in 100 should come true; go on and you will see."
    return f"So far you were right in {n_right} of {len(known)} predictions, and {sure} % sure on average."
