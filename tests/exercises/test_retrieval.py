"""Warm-ups: whose questions come up, in which order, and that nobody gets the same three for ever."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from importlib.machinery import ModuleSpec
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.exercises import Exercise, Mistake, Number, Option, Question, check, quiz, student
from helpers.exercises.diary import deal_of
from helpers.exercises.judge import laid_over
from helpers.exercises.records import FILE, record_quiz
from helpers.exercises.retrieval import (
    AUTHORED,
    NOT_WORKED_IN,
    SLIP,
    WORKED_IN,
    Candidate,
    candidates,
    choose,
    slip_question,
)

MISTAKES = tuple(
    Mistake(name, lambda context, right, by=by: right + by, f"You {name}.")
    for by, name in ((1, "added one"), (2, "added two"), (3, "added three"))
)


def question(name: str) -> Question:
    return Question(
        name, f"{name}?", (Option(f"{name} yes", True, "It is."), Option(f"{name} no", False, "Not."))
    )


def exercise(number: str, points: float = 2) -> Exercise:
    return Exercise(
        f"{number}.1",
        points,
        "x",
        Number(),
        f"The x of {number}.",
        lambda context: 10.0,
        MISTAKES,
        why="Ten.",
    )


@pytest.fixture(autouse=True)
def course(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Lessons 91 to 93 with four quiz questions each, and nothing of the real course."""
    questions = importlib.import_module("helpers.exercises.questions")
    found = questions._module

    def only_ours(lesson: object) -> Any:
        return found(lesson) if isinstance(lesson, str) and lesson.startswith("9") else None

    monkeypatch.setattr(questions, "_module", only_ours)
    for number in ("91", "92", "93"):
        module = ModuleType(f"helpers.exercises.questions.lesson_{number}")
        module.QUIZ = tuple(question(f"{number}.q{place}") for place in range(1, 5))  # type: ignore[attr-defined]
        module.WARM_UP = (question(f"{number}.w1"), question(f"{number}.w2"))  # type: ignore[attr-defined]
        module.__spec__ = ModuleSpec(module.__name__, None)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    with laid_over({number: [exercise(number)] for number in ("91", "92", "93")}):
        yield lambda number: sys.modules[f"helpers.exercises.questions.lesson_{number}"]


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    shown: list[Any] = []
    monkeypatch.setattr(importlib.import_module("helpers.exercises.quizzes"), "put", shown.append)
    return shown


def dealt(lesson: str, cards: list[Any]) -> list[str]:
    """Keys of the questions that a call shows."""
    cards.clear()
    quiz(lesson, "warm-up")
    return list(deal_of(lesson).keys)


def answer_all(cards: list[Any]) -> None:
    for card in cards:
        card.choose(0)


def work_in(*numbers: str) -> None:
    for number in numbers:
        check(f"{number}.1", namespace={"x": 10.0})


def test_without_a_past_the_authors_questions_come_first(cards: list[Any]) -> None:
    keys = dealt("93", cards)
    assert {"93.w1", "93.w2"} & set(keys)
    assert all(each.source in (AUTHORED, NOT_WORKED_IN) for each in candidates("93"))


def test_the_first_lesson_has_the_authors_questions_alone(cards: list[Any]) -> None:
    assert set(dealt("91", cards)) == {"91.w1", "91.w2"}


def test_lessons_in_which_a_student_worked_come_before_the_authors_questions(cards: list[Any]) -> None:
    work_in("91", "92")
    first, second, third = dealt("93", cards)
    assert {first[:2], second[:2]} == {"91", "92"}
    assert third in ("93.w1", "93.w2")


def test_what_was_missed_at_first_comes_before_what_was_known(cards: list[Any]) -> None:
    for place in range(1, 5):
        record_quiz(f"91.q{place}", 0, right=place != 3)
    assert dealt("92", cards)[0] == "91.q3"


def test_a_slip_of_ones_own_comes_first_and_asks_for_the_mistake(cards: list[Any]) -> None:
    check("91.1", namespace={"x": 12.0})
    assert dealt("92", cards)[0] == "slip.91.1"
    card = cards[0]
    assert "A slip of your own" in str(card)
    assert "The x of 91." in str(card)
    right = card.options.index("You added two.")
    assert card.choose(right).right
    wrong = card.choose((right + 1) % 3)
    assert wrong.right is False
    assert "Yours was: “You added two.”" in wrong.text


def test_the_point_of_an_open_exercise_is_not_given_away(cards: list[Any]) -> None:
    check("91.1", namespace={"x": 12.0})
    dealt("92", cards)
    said = [cards[0].choose(place).text for place in range(3)]
    assert not any("Ten." in text for text in said)
    assert all("still open" in text for text in said)


def test_the_point_of_a_solved_exercise_is_told_again(cards: list[Any]) -> None:
    check("91.1", namespace={"x": 12.0})
    check("91.1", namespace={"x": 10.0})
    dealt("92", cards)
    assert all("Ten." in cards[0].choose(place).text for place in range(3))


def test_the_mistake_made_most_often_is_asked_for_and_no_other_of_ones_own_stands_beside_it() -> None:
    many = slip_question(exercise("91"), ("added three", "added one"), done=True)
    assert many is None or [each.text for each in many.options if each.right] == ["You added three."]
    assert many is not None
    assert "You added one." not in [each.text for each in many.options]


@pytest.mark.parametrize("made", [(), ("per cent",), ("added one", "added two", "added three")])
def test_no_question_is_made_where_there_is_nothing_to_tell_apart(made: tuple[str, ...]) -> None:
    assert slip_question(exercise("91"), made, done=True) is None


def test_an_exercise_without_points_makes_no_slip() -> None:
    assert slip_question(exercise("91", points=0), ("added one",), done=True) is None


def test_no_more_than_two_of_three_are_slips(cards: list[Any], course: Callable[..., ModuleType]) -> None:
    module = ModuleType("helpers.exercises.questions.lesson_94")
    module.WARM_UP = (question("94.w1"),)  # type: ignore[attr-defined]
    module.__spec__ = ModuleSpec(module.__name__, None)
    sys.modules[module.__name__] = module
    try:
        for number in ("91", "92", "93"):
            check(f"{number}.1", namespace={"x": 12.0})
        keys = dealt("94", cards)
    finally:
        del sys.modules[module.__name__]
    assert sum(key.startswith("slip") for key in keys) == 2


def test_the_same_state_gives_the_same_three_and_another_id_others(cards: list[Any]) -> None:
    student("ada")
    first = dealt("93", cards)
    FILE.write({"student": "ada"})
    assert dealt("93", cards) == first
    orders = set()
    for who in ("bob", "eve", "kim", "lee"):
        FILE.write({})
        student(who)
        orders.add(tuple(dealt("93", cards)))
    assert len(orders) > 1


def test_three_that_are_not_all_answered_are_shown_again_with_what_was_chosen(cards: list[Any]) -> None:
    first = dealt("93", cards)
    cards[0].choose(1)
    chosen = cards[0].options[1]
    assert dealt("93", cards) == first
    assert cards[0].options[1] == chosen
    assert cards[0]._content["chosen"] == 1


def test_once_answered_the_next_call_deals_others_until_all_came_up(cards: list[Any]) -> None:
    work_in("91", "92")
    seen = []
    for _ in range(4):
        seen.append(frozenset(dealt("93", cards)))
        answer_all(cards)
    assert all(before != after for before, after in pairwise(seen))
    assert len(frozenset.union(*seen)) == len(list(candidates("93"))) == 10


def test_a_warm_up_leaves_the_quiz_as_it_was(cards: list[Any]) -> None:
    record_quiz("91.q1", 1, right=False)
    before = FILE.read()["quiz"]
    for _ in range(3):
        dealt("93", cards)
        answer_all(cards)
    assert FILE.read()["quiz"] == before


def test_a_question_that_is_gone_makes_room_for_another(
    cards: list[Any], course: Callable[..., ModuleType]
) -> None:
    dealt("91", cards)
    course("91").WARM_UP = (question("91.w3"),)
    assert dealt("91", cards) == ["91.w3"]


def test_a_lesson_that_does_not_exist_is_one_sentence(
    capsys: pytest.CaptureFixture[str], clean_process: Path
) -> None:
    for lesson in ("57", "1", 1, None, "../"):
        quiz(lesson, "warm-up")  # type: ignore[arg-type]
        assert "has no warm-up" in capsys.readouterr().out
    quiz("91", "warm up")
    assert "has no part 'warm up'" in capsys.readouterr().out
    assert not clean_process.exists()


POOL = [
    Candidate(question(f"{lesson}.{source}.{place}"), lesson, source)
    for lesson in ("91", "92")
    for source in (SLIP, WORKED_IN)
    for place in range(3)
]


@given(
    st.lists(st.sampled_from(POOL), unique=True, max_size=12),
    st.dictionaries(st.sampled_from([each.key for each in POOL]), st.integers(0, 9)),
    st.text(max_size=5),
)
def test_a_deal_is_three_different_ones_and_never_the_last_three_if_there_are_more(
    pool: list[Candidate], counts: dict[str, int], salt: str
) -> None:
    first = choose(pool, counts, (), salt)
    assert len(first) == len(set(first)) == min(3, len(pool))
    assert choose(list(reversed(pool)), counts, (), salt) == first
    second = choose(pool, counts, first, salt)
    assert len(pool) <= 3 or set(second) != set(first)
