"""The ledger of lesson 15: one's own where there is one, and never somebody else's without saying so."""

from __future__ import annotations

import pytest

from helpers.exercises.diary import record_belief
from helpers.exercises.own_record import ledger
from helpers.exercises.records import commit, record_outcome


def keep(lessons: int = 0, outcomes: int = 0, waiting: int = 0) -> None:
    for number in range(1, lessons + 1):
        record_belief(f"{number:02d}", {"deployments": 10 * number, "distant_wars": 50})
    for number in range(1, outcomes + waiting + 1):
        commit(f"{number:02d}.1", 0, 80)
        if number <= outcomes:
            record_outcome(f"{number:02d}.1", number % 2 == 0)


def test_without_a_ledger_the_record_is_a_fictitious_students_and_says_so() -> None:
    held = ledger()
    assert (held.own_beliefs, held.own_predictions) == (False, False)
    assert repr(held).count("fictitious") == repr(held).count("NOT yours") == 2
    assert len(held.beliefs) > 0
    assert len(held.predictions) > 0


def test_a_ledger_of_ones_own_is_shown_and_nothing_else() -> None:
    keep(lessons=3, outcomes=5, waiting=2)
    held = ledger()
    assert (held.own_beliefs, held.own_predictions) == (True, True)
    assert "fictitious" not in repr(held)
    assert held.beliefs["lesson"].tolist() == ["01", "01", "02", "02", "03", "03"]
    assert held.beliefs.query("question == 'deployments'")["belief"].tolist() == [10, 20, 30]
    assert held.predictions["right"].tolist()[:5] == [False, True, False, True, False]
    assert "your own, 7. 2 without an outcome" in repr(held)


@pytest.mark.parametrize(
    ("kept", "own"),
    [
        ({"lessons": 1, "outcomes": 5}, (False, True)),
        ({"lessons": 2, "outcomes": 4, "waiting": 3}, (True, False)),
    ],
)
def test_too_little_of_one_kind_is_never_mixed_with_the_fictitious(
    kept: dict[str, int], own: tuple[bool, bool]
) -> None:
    keep(**kept)
    held = ledger()
    assert (held.own_beliefs, held.own_predictions) == own
    assert set(held.predictions["prediction"]) & {"a", "b"} == (set() if own[1] else {"a", "b"})
    assert (held.beliefs["lesson"].nunique() <= 2) == own[0]
    assert repr(held).count("fictitious") == 1
