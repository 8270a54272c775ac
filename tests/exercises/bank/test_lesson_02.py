"""Lesson 02: answers worked out again by counting and by trying all plans, and wrong ones that are named."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.exercises import encode, judge
from helpers.exercises.bank import lesson_02 as bank
from helpers.exercises.judge import Context, inputs_of
from helpers.exercises.questions import prediction_of

SOLUTION = Path(__file__).parents[3] / "solutions/1_assurance_theory/02_believing_a_guarantee.ipynb"
STUDENT = "self-study"


def verdict(exercise: str, value: object) -> Any:
    return judge(exercise, encode(value, inputs=inputs_of(exercise, STUDENT)), STUDENT)


def outcome(exercise: str, value: object) -> str:
    said: str = verdict(exercise, value).outcome
    return said


def counted(prior: float, resolved: float, unresolved: float) -> float:
    """Bayes' rule by counting a thousand guardians, exactly."""
    p, r, u = (Fraction(str(value)) for value in (prior, resolved, unresolved))
    builders = 1000 * p * r, 1000 * (1 - p) * u
    return float(builders[0] / sum(builders))


def test_counting_guardians_is_right() -> None:
    assert outcome("02.1", counted) == "right"
    assert outcome("02.1", lambda p, r, u: np.float64(counted(p, r, u))) == "right"
    assert outcome("02.1", lambda p, r, u: round(counted(p, r, u), 2)) == "right"


def test_a_function_that_returns_nothing_is_not_attempted() -> None:
    assert outcome("02.1", lambda p, r, u: None) == "not attempted"
    assert outcome("02.1", lambda p, r, u: ...) == "not attempted"


def test_a_belief_in_place_of_the_function_is_told_so() -> None:
    assert "the function itself" in verdict("02.1", 0.875).message


def test_senders_that_are_not_weighed_below_the_line_are_named() -> None:
    assert verdict("02.1", lambda p, r, u: p * r / (r + u)).mistake == "weighed above alone"


def test_a_missing_way_out_of_the_function_is_told_so() -> None:
    said = verdict("02.1", lambda p, r, u: counted(p, r, u) if p > 0.5 else None)
    assert "For some inputs" in said.message


def test_a_guess_beside_a_rounded_share_is_not_called_rounded() -> None:
    assert "rounded" not in verdict("02.3", [0.35, 0.7]).message
    assert "rounded" in verdict("02.3", [0.23, 0.8]).message


def names_that_separate() -> list[str]:
    """Signals for which the plan "only the resolved sends" beats every other plan of each type."""
    found = []
    for name, kind, cost in bank.SIGNALS:
        best = []
        for worth, pays in ((18, kind == "sunk"), (7, True)):
            payoff = {True: worth - cost * pays, False: 0}
            best.append(payoff[True] > payoff[False])
        if best == [True, False]:
            found.append(name)
    return found


def test_the_signals_found_by_trying_all_plans_are_right() -> None:
    for form in (names_that_separate(), set(names_that_separate()), pd.Series(names_that_separate()[::-1])):
        assert outcome("02.2", form) == "right"


def test_the_table_of_the_lesson_is_that_of_the_bank() -> None:
    cells = json.loads(SOLUTION.read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if cell["id"] == "signals")
    names: dict[str, Any] = {"pd": pd}
    exec(source, names)  # our own cell
    assert list(names["signals"].itertuples(index=False, name=None)) == list(bank.SIGNALS)


def test_the_task_names_the_numbers_of_the_bank() -> None:
    cells = json.loads(SOLUTION.read_text(encoding="utf-8"))["cells"]
    text = {cell["id"]: "".join(cell["source"]) for cell in cells}
    assert all(
        f"**{worth}**" in text["surprise-lesson"] for worth in (bank.WORTH_RESOLVED, bank.WORTH_UNRESOLVED)
    )
    numbers = (
        f"{100 * bank.PRIOR:.0f} per cent",
        f"{100 * bank.THRESHOLD:.0f} per cent",
        bank.COST,
        bank.HIGH,
        bank.LOW,
    )
    assert all(f"**{number}**" in text["lab-question"] for number in numbers)


def test_the_bluffer_found_by_a_search_is_right() -> None:
    """The only pair of shares at which neither the ally nor the unresolved guardian would rather do something else."""
    steps = [Fraction(i, 1000) for i in range(1, 1000)]
    prior, needs = Fraction(35, 100), Fraction(7, 10)
    builds = min(steps, key=lambda y: abs(prior / (prior + (1 - prior) * y) - needs))
    stays = min(steps, key=lambda s: abs(12 * s - 9))
    assert outcome("02.3", [round(float(builds), 2), float(stays)]) == "right"
    assert outcome("02.3", (3 / 13, 3 / 4)) == "right"


def test_the_bluffer_in_the_wrong_order_is_told_so() -> None:
    said = verdict("02.3", [0.75, 3 / 13])
    assert not said.right
    assert "order" in said.message


def test_mistakes_that_students_make_by_hand_are_met() -> None:
    assert verdict("02.1", lambda p, r, u: r / (r + u)).mistake == "prior forgotten"
    sunk_rule = [name for name, _, cost in bank.SIGNALS if 7 <= cost <= 18]
    assert verdict("02.2", sunk_rule).mistake == "tied hands cost both"
    assert verdict("02.2", [name for name, _, cost in bank.SIGNALS if cost >= 7]).mistake == "dear enough"
    assert verdict("02.3", [3 / 13, 9 / 24]).mistake == "wrong guardian"
    assert verdict("02.3", [0.43, 0.75]).mistake == "prior forgotten"


def test_a_memo_is_recorded_and_one_of_the_wrong_length_is_sent_back() -> None:
    assert outcome("02.4", "word " * 80) == outcome("02.4", "word " * 200) == "recorded"
    for n_words in (79, 201):
        assert str(n_words) in verdict("02.4", "word " * n_words).message


def test_the_prediction_is_what_best_replies_give() -> None:
    """Every plan of both types against "stay after a base, hedge after silence", without our functions."""
    payoff: Callable[[int, bool], int] = lambda worth, builds: worth - 8 if builds else 0  # noqa: E731
    plans = [
        plan
        for plan in product((True, False), repeat=2)
        if all(
            payoff(w, b) == max(payoff(w, True), payoff(w, False))
            for w, b in zip((20, 10), plan, strict=True)
        )
    ]
    assert plans == [(True, True)]
    prediction = prediction_of("02.1")
    assert prediction.options[prediction.outcome(Context())] == "70 per cent, as before"
