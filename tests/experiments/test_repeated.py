"""Assignment again and again, against every assignment there is, counted by brute force."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from helpers.experiments.repeated import WAYS, Crowd, assign_many, crowd, differences
from helpers.experiments.results import ExperimentError

EIGHT = crowd(8, effect=-0.7, seed="eight")


def by_hand(people: Crowd, told: set[int]) -> float:
    shown = [people.told[i] for i in told]
    rest = [people.without[i] for i in range(len(people.without)) if i not in told]
    return float(sum(shown) / len(shown) - sum(rest) / len(rest))


def all_complete(people: Crowd) -> list[float]:
    n = len(people.without)
    return [by_hand(people, set(told)) for told in itertools.combinations(range(n), n // 2)]


def all_blocked(people: Crowd) -> list[float]:
    n = len(people.without)
    blocks = [[i for i in range(n) if people.trusts[i] == trusts] for trusts in (True, False)]
    halves = [itertools.combinations(block, len(block) // 2) for block in blocks]
    return [by_hand(people, set(one) | set(two)) for one, two in itertools.product(*halves)]


@pytest.mark.parametrize(("how", "every"), [("complete", all_complete), ("block", all_blocked)])
def test_chance_gives_each_possible_difference_equally_often(how: Any, every: Any) -> None:
    possible = np.array(every(EIGHT))
    drawn = differences(EIGHT, assign_many(EIGHT, how, 20_000, "draws"))
    assert possible.mean() == pytest.approx(EIGHT.truth)
    assert drawn.mean() == pytest.approx(possible.mean(), abs=4 * possible.std() / np.sqrt(20_000))
    assert drawn.std() == pytest.approx(possible.std(), rel=0.03)
    assert set(np.round(drawn, 9)) == set(np.round(possible, 9))


def test_groups_of_unequal_size_have_means_of_their_own() -> None:
    for told in ({0}, {1, 2}, {0, 3, 4, 5, 6, 7}):
        row = np.array([[i in told for i in range(8)]])
        assert differences(EIGHT, row)[0] == pytest.approx(by_hand(EIGHT, told))


def test_the_spread_is_the_one_that_neyman_gave() -> None:
    people = crowd(40, effect=-0.5, seed=3)
    effects = people.told - people.without
    parts = [values.var(ddof=1) / 20 for values in (people.told, people.without)]
    exact = sum(parts) - effects.var(ddof=1) / 40
    drawn = differences(people, assign_many(people, "complete", 20_000, 4))
    assert drawn.std() == pytest.approx(np.sqrt(exact), rel=0.03)


def test_blocks_narrow_the_spread_and_choice_moves_the_middle() -> None:
    people = crowd(200, effect=-0.5, seed=1)
    drawn = {how: differences(people, assign_many(people, how, 1000, 2)) for how in WAYS}
    assert drawn["block"].std() < 0.8 * drawn["complete"].std()
    for how in ("complete", "block"):
        assert drawn[how].mean() == pytest.approx(people.truth, abs=0.05)
    assert drawn["self-selection"].mean() > people.truth + 0.7
    assert drawn["self-selection"].min() > people.truth + 0.2


@pytest.mark.parametrize("how", WAYS)
def test_half_are_told_each_time_and_half_of_each_block_if_blocked(how: Any) -> None:
    people = crowd(20, effect=0, seed=5)
    told = assign_many(people, how, 50, 6)
    assert (told.sum(axis=1) == 10).all()
    balanced = (told[:, people.trusts].sum(axis=1) == 5).all()
    assert balanced == (how == "block")


@pytest.mark.parametrize("how", WAYS)
def test_more_assignments_leave_the_first_as_they_were(how: Any) -> None:
    people = crowd(20, effect=0, seed=5)
    assert np.array_equal(assign_many(people, how, 5, 6), assign_many(people, how, 50, 6)[:5])


def test_the_truth_is_exactly_what_was_asked_for_and_people_differ() -> None:
    people = crowd(60, effect=1.25, seed="x")
    assert people.truth == pytest.approx(1.25)
    assert (people.told - people.without).std() > 0.2
    assert people.trusts.sum() == 30
    assert not np.array_equal(people.without, crowd(60, effect=1.25, seed="y").without)
    assert list(people.to_frame().columns) == ["trusts", "without", "told"]


def test_the_same_seed_gives_the_same_people_everywhere() -> None:
    people = crowd(8, effect=-0.5, seed="ada")
    assert people.without.round(6).tolist() == GOLDEN


GOLDEN = [4.070322, 4.174343, 4.355233, 6.3214, 3.783513, 7.057059, 6.362263, 5.84338]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: crowd(10, 0, 1), "n_people=10 is no multiple of 4"),
        (lambda: crowd(0, 0, 1), "n_people=0"),
        (lambda: assign_many(EIGHT, "lottery", 5, 1), "No way to assign 'lottery'; there are complete"),  # type: ignore[arg-type]
        (lambda: assign_many(EIGHT, "block", 0, 1), "n_times=0 is no number"),
    ],
)
def test_what_cannot_be_is_one_sentence(call: Any, words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        call()
