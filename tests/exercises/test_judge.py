"""The judge: one verdict for one answer, wherever it is judged, and the bank that only it reads."""

from __future__ import annotations

import ast
import copy
import dataclasses
import functools
import importlib
import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

import helpers.exercises
from helpers.exercises import (
    Answer,
    Context,
    Exercise,
    ExerciseError,
    Integer,
    Mistake,
    Number,
    UnknownExercise,
    clashes,
    encode,
    judge,
)
from helpers.exercises.answer import KINDS
from helpers.exercises.codec import UNDEFINED
from helpers.exercises.judge import (
    OUTCOMES,
    expected_answer,
    find,
    inputs_of,
    laid_over,
    lessons,
    slips,
)
from helpers.exercises.judge import (
    exercises as exercises_of,
)
from helpers.exercises.kinds import Axes, Function, Words

mpl.use("Agg")
PACKAGE = Path(helpers.exercises.__file__).parent
HOSTS = pd.DataFrame(
    {"unit": ["DEU", "KOR", "JPN"], "year": [1990, 1990, 1991], "troops": [100.5, 40.0, 50.25]}
)


def axes(**texts: str) -> Any:
    drawn = Figure().subplots()
    drawn.bar(["a", "b", "c"], [40, 50.25, 100.5])
    drawn.set(**texts)
    return drawn


# name of the answer, value, outcome, mistake, points
SAMPLES: dict[str, tuple[str, Callable[[], object], str, str | None, float]] = {
    "undefined": ("effect", lambda: UNDEFINED, "not attempted", None, 0),
    "starter untouched": ("effect", lambda: ..., "not attempted", None, 0),
    "None": ("effect", lambda: None, "not attempted", None, 0),
    "right": ("effect", lambda: -0.54, "right", None, 2),
    "right, as a text": ("effect", lambda: "-0.54", "right", None, 2),
    "right, as a Series": ("effect", lambda: pd.Series([-0.5372]), "right", None, 2),
    "known mistake": ("effect", lambda: 0.5372, "known mistake", "sign", 0),
    "mistake with credit": ("effect", lambda: np.float64(-0.2686), "known mistake", "half", 1),
    "wrong": ("effect", lambda: 7, "wrong", None, 0),
    "not a number": ("effect", lambda: np.nan, "known mistake", "nan", 0),
    "infinite": ("effect", lambda: -np.inf, "known mistake", "infinite", 0),
    "many": ("effect", lambda: HOSTS["troops"], "known mistake", "several values", 0),
    "ten million": ("effect", lambda: np.zeros(10_000_000), "known mistake", "too big", 0),
    "not called": ("effect", lambda: HOSTS["troops"].mean, "known mistake", "not called", 0),
    "object": ("effect", object, "known mistake", "type", 0),
    "share": ("share", lambda: 0.54, "right", None, 3),
    "share in per cent": ("share", lambda: 54, "known mistake", "per cent", 0),
    "choice": ("host", lambda: "b", "right", None, 1),
    "no option": ("host", lambda: "z", "known mistake", "no option", 0),
    "text": ("name", lambda: "rok", "right", None, 1),
    "words": ("essay", lambda: "One speaks to two audiences.", "recorded", None, 0),
    "few words": ("essay", lambda: "Two.", "known mistake", "too short", 0),
    "no words": ("essay", lambda: "...", "not attempted", None, 0),
    "list": ("years", lambda: {1992, 1971}, "right", None, 1),
    "half a list": ("years", lambda: [1971], "wrong", None, 0),
    "table": ("hosts", lambda: HOSTS.iloc[::-1], "right", None, 2),
    "table with missing cells": ("hosts", lambda: HOSTS.assign(troops=np.nan), "known mistake", "nan", 0),
    "table with a known mistake": (
        "hosts",
        lambda: HOSTS.assign(troops=2 * HOSTS["troops"]),
        "known mistake",
        "double",
        0,
    ),
    "table in another type": ("hosts", lambda: HOSTS.to_dict("list"), "right", None, 2),
    "axes": ("ax", lambda: axes(title="Who?", xlabel="host", ylabel="troops"), "right", None, 2),
    "axes without texts": ("ax", lambda: axes(title="Who?"), "wrong", None, 0),
    "function": ("reply", lambda: lambda own, other: own - other / 2, "right", None, 2),
    "function with a known mistake": ("reply", lambda: lambda own, other: own, "known mistake", "own", 0),
    "function that fails": ("reply", lambda: lambda own: own, "known mistake", "error", 0),
    "function without return": ("reply", lambda: lambda own, other: None, "not attempted", None, 0),
    "count": ("count", lambda: "26,525", "right", None, 1),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_verdicts_are_equal_in_the_notebook_and_in_the_grader(
    sample: str, exercises: dict[str, Exercise]
) -> None:
    name, make, outcome, mistake, points = SAMPLES[sample]
    exercise, value = exercises[name], make()
    answer = value if isinstance(value, Answer) else encode(value, inputs=inputs_of(exercise, "ab12"))
    direct = judge(exercise, answer, "ab12")
    crossed = judge(exercise.id, Answer.from_json(answer.to_json()), "ab12")
    assert direct == crossed
    assert (direct.outcome, direct.mistake, direct.points) == (outcome, mistake, points)
    assert direct.max_points == exercise.points


def test_a_right_answer_is_told_the_point_to_take_away(exercises: dict[str, Exercise]) -> None:
    assert judge(exercises["effect"], encode(-0.54), "ab12").message == "A small effect is not none."


def test_a_known_mistake_has_its_own_feedback_and_says_what_is_right(exercises: dict[str, Exercise]) -> None:
    verdict = judge(exercises["effect"], encode(0.5372), "ab12")
    assert (verdict.message, verdict.already_right) == ("You measured withdrawal.", ("the size",))


def test_no_verdict_tells_the_right_value(exercises: dict[str, Exercise]) -> None:
    for value in (0.5372, 0, 7, "a", [1, 2], None, np.nan, 53.72, -0.5, HOSTS):
        for name, secret in (
            ("effect", "537"),
            ("share", "537"),
            ("count", "26"),
            ("years", "1971"),
            ("name", "Korea"),
        ):
            verdict = judge(exercises[name], encode(value), "ab12")
            assert verdict.right or secret not in verdict.message + "".join(verdict.already_right)


def fuzz_answers() -> st.SearchStrategy[Answer]:
    path = Path(__file__).with_name("test_answer.py")
    spec = importlib.util.spec_from_file_location("answers_to_fuzz_with", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    strategy: st.SearchStrategy[Answer] = module.answers
    return strategy


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(answer=fuzz_answers())
def test_no_answer_that_crosses_the_border_breaks_the_judge(
    answer: Answer, exercises: dict[str, Exercise]
) -> None:
    for exercise in exercises.values():
        verdict = judge(exercise, answer, "ab12")
        assert verdict.outcome in OUTCOMES
        assert 0 <= verdict.points <= exercise.points


def test_every_kind_of_answer_is_tried_in_the_samples(exercises: dict[str, Exercise]) -> None:
    made = set()
    for name, make, *_ in SAMPLES.values():
        value = make()
        made.add(
            value.kind
            if isinstance(value, Answer)
            else encode(value, inputs=inputs_of(exercises[name], "a")).kind
        )
    assert made >= set(KINDS) - {"bool", "error"}


# ------------------------------------------------------------------ computing what is right


def make_exercise(**changes: Any) -> Exercise:
    fields: dict[str, Any] = {
        "id": "91.1",
        "points": 2,
        "answer": "effect",
        "kind": Number(),
        "asks": "The effect.",
        "expected": lambda context: 0.5372,
    }
    return Exercise(**{**fields, **changes})


def test_what_is_right_is_computed_once_for_a_student() -> None:
    asked: list[str] = []

    def expected(context: Context) -> float:
        asked.append(context.student)
        return len(context.student)

    exercise = make_exercise(expected=expected)
    for who in ("a", "bb", "a"):
        judge(exercise, encode(1), who)
    assert asked == ["a", "bb"]


def test_what_is_right_depends_on_the_student() -> None:
    exercise = make_exercise(kind=Integer(), expected=lambda context: len(context.student))
    assert judge(exercise, encode(4), "ab12").right
    assert not judge(exercise, encode(4), "abc").right


def test_a_right_answer_that_cannot_be_computed_says_why_and_which() -> None:
    def broken(context: Context) -> object:
        raise ValueError("The dataset 'us_troops'\nhas changed.")

    with pytest.raises(
        ExerciseError, match=r"^Exercise 91\.1 cannot be checked now\. The dataset 'us_troops' has changed\.$"
    ):
        judge(make_exercise(expected=broken), encode(1), "a")


def test_a_right_answer_of_the_wrong_kind_says_which_exercise() -> None:
    with pytest.raises(ExerciseError, match=r"91\.1 cannot be checked: the right answer is a text"):
        judge(make_exercise(expected=lambda context: "half"), encode(1), "a")


def test_a_mistake_that_cannot_be_computed_is_passed_over() -> None:
    mistakes = (
        Mistake("broken", lambda context, right: right["x"], "?"),
        Mistake("text", lambda context, right: "a", "?"),
        Mistake("double", lambda context, right: 2 * right, "Twice."),
    )
    assert judge(make_exercise(mistakes=mistakes), encode(1.0744), "a").mistake == "double"


def test_inputs_of_a_grader_replace_those_of_the_exercise() -> None:
    exercise = make_exercise(kind=Function(inputs=((1,),)), expected=lambda context: lambda x: x**2)
    secret = [[7], [0.5]]
    assert judge(exercise, encode(lambda x: x * x, inputs=secret), "a", inputs=secret).right
    assert not judge(exercise, encode(lambda x: x, inputs=secret), "a", inputs=secret).right
    assert judge(exercise, encode(lambda x: 1, inputs=((1,),)), "a").right


def test_results_for_other_inputs_are_wrong_and_break_nothing() -> None:
    exercise = make_exercise(kind=Function(inputs=((1,),)), expected=lambda context: lambda x: x)
    assert judge(exercise, encode(lambda x: x, inputs=((1,), (2,))), "a").outcome == "wrong"


def test_a_context_loads_with_the_course_s_own_load_or_another() -> None:
    assert Context("a", loader=lambda name: HOSTS).load("us_troops") is HOSTS


# ------------------------------------------------------------------ clashes


def test_no_exercise_of_the_tests_clashes(exercises: dict[str, Exercise], context: Context) -> None:
    assert [problem for exercise in exercises.values() for problem in clashes(exercise, context)] == []


def wrong(value: object) -> tuple[Mistake, ...]:
    return (Mistake("slip", lambda context, right: value, "?"),)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (0.5372, "counts as right"),
        (0.541, "counts as right"),
        (0.5449, "counts as right"),
        (..., "leads to no answer."),
        ("some", "leads to no answer of this kind"),
    ],
)
def test_a_mistake_that_cannot_be_told_from_the_right_answer_is_found(
    value: object, says: str, context: Context
) -> None:
    (problem,) = clashes(make_exercise(mistakes=wrong(value)), context)
    assert says in problem
    assert "91.1, student 'ab12': the mistake 'slip'" in problem


def test_a_mistake_a_unit_away_does_not_clash(context: Context) -> None:
    assert clashes(make_exercise(mistakes=wrong(0.5472)), context) == []


def test_a_mistake_that_cannot_be_computed_is_found(context: Context) -> None:
    broken = (Mistake("slip", lambda context, right: right["x"], "?"),)
    assert "cannot be computed" in clashes(make_exercise(mistakes=broken), context)[0]


def test_a_right_answer_that_counts_as_wrong_is_found(context: Context) -> None:
    exercise = make_exercise(kind=Axes(marks="bars", count=2, needs=()), expected=lambda context: [1, 2, 3])
    assert clashes(exercise, context) == ["91.1, student 'ab12': the right answer counts as wrong."]


@pytest.mark.parametrize("drawn", [None, [1, 2], [[1, 2], [3]]])
def test_a_figure_is_tried_with_what_it_asks_for(drawn: object, context: Context) -> None:
    marks = "lines" if drawn == [[1, 2], [3]] else "bars"
    assert clashes(make_exercise(kind=Axes(marks=marks), expected=lambda context: drawn), context) == []


def test_words_can_have_no_known_mistakes(context: Context) -> None:
    words = make_exercise(kind=Words(), expected=lambda context: None)
    assert clashes(words, context) == []
    assert clashes(dataclasses.replace(words, mistakes=wrong("a")), context) != []


# ------------------------------------------------------------------ the bank


def test_an_exercise_is_found_by_its_id(exercises: dict[str, Exercise]) -> None:
    assert find("90.10") is exercises["count"]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("90.99", "No exercise '90.99'. Lesson 90 has 90.1, 90.2,"),
        ("9.10", "Did you mean '90.10'?"),
        ("57.1", "No exercise '57.1'."),
        ("", "No exercise ''."),
        ("../90.1", "No exercise '../90.1'."),
        (90.1, 'named by a text such as "01.3", not by 90.1'),
    ],
)
def test_an_unknown_id_is_told_what_there_is(asked: Any, says: str) -> None:
    with pytest.raises(UnknownExercise) as error:
        find(asked)
    assert says in str(error.value)


def test_a_lesson_without_exercises_has_none() -> None:
    assert exercises_of("57") == ()
    assert "90" in lessons()


def test_another_bank_is_gone_after_its_block() -> None:
    with laid_over({"91": [make_exercise()]}):
        assert find("91.1").points == 2
        with laid_over({"91": [make_exercise(points=5)]}):
            assert find("91.1").points == 5
        assert find("91.1").points == 2
    assert exercises_of("91") == ()


@pytest.mark.parametrize(
    ("held", "says"),
    [
        ([make_exercise(id="92.1")], "does not belong to lesson 91"),
        ([make_exercise(), make_exercise(answer="other")], "'91.1' is there twice"),
        ([make_exercise(), make_exercise(id="91.2")], "'effect' is there twice"),
    ],
)
def test_a_bank_in_disorder_is_refused(held: list[Exercise], says: str) -> None:
    with pytest.raises(ExerciseError, match=says), laid_over({"91": held}):
        pass


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "9.1"}, "an id is two digits"),
        ({"id": "91.x"}, "an id is two digits"),
        ({"answer": "my answer"}, "not a name"),
        ({"points": -1}, "points are zero or more"),
        ({"points": float("nan")}, "points are zero or more"),
        ({"mistakes": wrong(1) + wrong(2)}, "two mistakes have one id"),
        ({"mistakes": (Mistake("a", lambda c, r: 1, "?", credit=1.0),)}, "earns 1.0"),
        ({"hints": ("one")}, "hints is a tuple"),
    ],
)
def test_an_exercise_that_is_written_wrongly_says_what_is_wrong(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ExerciseError, match=says):
        make_exercise(**changes)


def test_slips_hold_names_and_inputs_and_nothing_else(exercises: dict[str, Exercise]) -> None:
    held = slips("90", "ab12")
    assert [(slip.exercise_id, slip.name) for slip in held] == [
        (each.id, each.answer) for each in exercises.values()
    ]
    assert [slip.inputs for slip in held if slip.inputs is not None] == [((1, 2), (3, 5))]


def test_expected_answers_can_be_asked_for(exercises: dict[str, Exercise], context: Context) -> None:
    assert expected_answer(exercises["count"], context) == Answer("number", 26525)
    assert list(expected_answer(exercises["reply"], context).scalars()) == [0.0, 0.5]


def mentions_of_the_bank(path: Path) -> list[str]:
    """Imports and texts in a module that lead to the bank."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            found.append(node.value)
    return [text for text in found if "exercises.bank" in text]


def test_only_the_judge_leads_to_the_bank() -> None:
    root = PACKAGE.parent
    found = {path.relative_to(root).as_posix() for path in root.rglob("*.py") if mentions_of_the_bank(path)}
    own = {path.relative_to(root).as_posix() for path in (PACKAGE / "bank").glob("*.py")}
    assert found - own == {"exercises/judge.py"}


def test_the_bank_is_not_loaded_until_an_exercise_is_asked_for() -> None:
    code = (
        "import sys\n"
        "from helpers.exercises import Answer, Exercise, check, encode, hint, judge, predict, progress, quiz, student\n"
        "loaded = [name for name in sys.modules if 'exercises.bank' in name]\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'IPython', 'anywidget', 'seaborn'} & set(sys.modules)\n"
        "print(loaded, sorted(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parents[1]
    )
    assert done.stdout == "[] []\n"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_the_examples_in_the_docstrings_run(path: Path) -> None:
    import doctest

    if "lesson_" in path.name:
        return
    name = ".".join(path.relative_to(PACKAGE.parents[1]).with_suffix("").parts).removesuffix(".__init__")
    result = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    )
    assert result.failed == 0


def test_a_lesson_has_the_exercises_of_all_its_modules_in_the_order_of_their_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def exercise(number: str) -> Exercise:
        return Exercise(
            number, 1, f"x_{number.replace(chr(46), chr(95))}", Number(), "?", lambda context: 1.0
        )

    held = {
        "lesson_95": (exercise("95.2"), exercise("95.10")),
        "lesson_95_start": (exercise("95.0"), exercise("95.3")),
        "lesson_96": (exercise("96.1"),),
    }
    for name, exercises_ in held.items():
        module = ModuleType(f"helpers.exercises.bank.{name}")
        module.EXERCISES = exercises_  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, module.__name__, module)
    judging = importlib.import_module("helpers.exercises.judge")
    monkeypatch.setattr(judging, "_modules_of_the_bank", lambda: tuple(sorted(held)))
    judging._from_the_bank.cache_clear()
    assert [each.id for each in judging.exercises("95")] == ["95.0", "95.2", "95.3", "95.10"]
    assert judging.find("95.0").lesson == "95"
    assert {"95", "96"} <= set(judging.lessons())
    judging._from_the_bank.cache_clear()


# ------------------------------------------------------------------ what is the same for a whole class


def judged_for(
    students: str, expected: Any, make: Any = lambda context, right: right * 10
) -> tuple[int, list[str]]:
    """How often the right answer was computed for some students, and what 7 and 70 are worth to each."""
    calls: list[str] = []

    def counted(context: Any) -> Any:
        calls.append("computed")
        return expected(context)

    exercise = make_exercise(expected=counted, mistakes=(Mistake("tenfold", make, "Ten times too much."),))
    said = [judge(exercise, encode(value), student).outcome for student in students for value in (7, 70)]
    return len(calls), said


def test_what_no_student_has_a_part_in_is_computed_once_for_all() -> None:
    assert judged_for("abc", lambda context: 7) == (1, ["right", "known mistake"] * 3)
    assert judged_for("abc", lambda context: 7 * len(context.load("us_troops")[:1]))[0] == 1


@pytest.mark.parametrize(
    "asks",
    [
        lambda context: context.student,
        lambda context: getattr(context, "stu" + "dent"),
        lambda context: vars(context)["student"],
        lambda context: dataclasses.asdict(context)["student"],
        lambda context: dataclasses.replace(context).student,
        lambda context: copy.copy(context).student,
        lambda context: own_cache(context),
    ],
)
def test_whoever_asks_who_the_student_is_gets_an_answer_for_that_student(asks: Callable[[Any], str]) -> None:
    calls, said = judged_for("abc", lambda context: {"a": 7, "b": 8, "c": 7}[asks(context)])
    assert calls == 3
    assert said == [*["right", "known mistake"], *["wrong", "wrong"], *["right", "known mistake"]]


def test_a_mistake_that_depends_on_the_student_is_made_for_each() -> None:
    _, said = judged_for("ab", lambda context: 7, lambda context, right: {"a": 70, "b": 71}[context.student])
    assert said == ["right", "known mistake", "right", "wrong"]


@functools.cache
def own_cache(context: Any) -> str:
    student: str = context.student
    return student
