"""From what came back to a result: the notebook's own verdicts, and nothing on the run's word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from helpers.classroom.grading.judging import Order, job_of, result_of, unread
from helpers.classroom.grading.model import Event, Job, Run
from helpers.classroom.grading.reading import Submission
from helpers.classroom.grading.results import Result, Written, total
from helpers.classroom.grading.stamp import Stamp
from helpers.exercises import Exercise, check
from helpers.exercises.answer import Answer
from helpers.exercises.exercise import Context
from helpers.exercises.feedback import of_verdict
from helpers.exercises.judge import Verdict, exercises, find
from helpers.exercises.kinds import Number
from helpers.exercises.records import is_student_id
from helpers.exercises.records import student as declare

pytestmark = pytest.mark.usefixtures("bank")

STAMP = Stamp("a" * 64, "b", "c", "d", "python 3", "", "strict")
Path = Any


def order_for(*cells: str, student: str = "ada", roster: tuple[str, ...] = (), lesson: str = "90") -> Order:
    submission = Submission(student, Path, cells, STAMP.submission)
    return Order(submission, lesson, STAMP, frozenset((*roster, student)) if roster else frozenset())


def judged(make_runner: Any, order: Order, **spoilt: Any) -> Result:
    """Run an order without processes, spoil what came back, and judge it."""
    held = exercises(order.lesson)
    job = job_of(order, held, "1")
    (run,) = make_runner().run([job])
    return result_of(order, job, replace(run, **spoilt), held)


def by_id(result: Result) -> dict[str, Verdict]:
    return {each.exercise_id: each for each in result.verdicts}


# ------------------------------------------------------------------ as in the notebook

ANY = ("...", "None", "'text'", "object()", "float('nan')", "[1, 2]", "print", "{'a': 1}")


def samples() -> list[tuple[str, str]]:
    """Exercise and value: right answers, all known mistakes, and what is no answer."""
    mistakes = {each.id: [mistake.id for mistake in each.mistakes] for each in exercises("01")}
    mistakes |= {"90.1": ["sign", "half"], "90.2": [], "90.3": []}
    found = []
    for exercise, known in mistakes.items():
        wrong = (f"wrong_of({exercise!r}, {mistake!r})" for mistake in known)
        found += [(exercise, value) for value in (f"right_of({exercise!r})", "'word ' * 60", *wrong, *ANY)]
    return found


@pytest.mark.parametrize(("exercise_id", "value"), samples())
def test_the_verdict_is_the_one_that_check_tells_in_the_notebook(
    exercise_id: str, value: str, make_runner: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    name = find(exercise_id).answer
    verdict = by_id(judged(make_runner, order_for(f"{name} = {value}", lesson=exercise_id[:2])))[exercise_id]
    names = _names()
    exec(f"{name} = {value}", names)
    declare("ada")
    check(exercise_id, namespace={name: names[name]})
    assert capsys.readouterr().out == of_verdict(verdict).text() + "\n"


def _names() -> dict[str, Any]:
    def right_of(exercise_id: str) -> object:
        return find(exercise_id).expected(Context())

    def wrong_of(exercise_id: str, mistake: str) -> object:
        made = next(each for each in find(exercise_id).mistakes if each.id == mistake)
        return made.make(Context(), right_of(exercise_id))

    return {"right_of": right_of, "wrong_of": wrong_of}


def test_a_whole_notebook_of_right_answers_has_all_points(make_runner: Any, right: tuple[str, ...]) -> None:
    result = judged(make_runner, order_for(*right))
    assert [each.outcome for each in result.verdicts] == ["right"] * 5 + ["recorded"]
    assert (result.points, result.max_points, result.to_mark) == (8.6, 12.6, 4)
    assert result.doubts == ()


@pytest.mark.parametrize(
    "changed",
    [
        lambda cells: [cell.replace("check('90.1')", "") for cell in cells],
        lambda cells: [cells[0], *cells],
        lambda cells: list(reversed(cells)),
        lambda cells: [*cells[3:], "1 / 0", *cells[:3]],
        lambda cells: ["import sys\nprint('careful', file=sys.stderr)", *cells],
        lambda cells: ["\n".join(cells)],
    ],
    ids=["check deleted", "answer copied", "reordered", "an error between", "a warning", "one cell"],
)
def test_where_an_answer_stands_does_not_matter(
    make_runner: Any, right: tuple[str, ...], changed: Callable[[Any], list[str]]
) -> None:
    plain = judged(make_runner, order_for(*right))
    moved = judged(make_runner, order_for(*changed(right)))
    assert moved.verdicts == plain.verdicts


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("'both audiences matter here'", "both audiences matter here"),
        ("'too short'", "too short"),
        ("['in a list, as some do']", "in a list, as some do"),
        ("'\\x1b[2J and \\u202e stay as data'", "\x1b[2J and \u202e stay as data"),
        ("'word ' * 5000", None),
        ("''", None),
        ("...", None),
        ("7", None),
        ("['two', 'texts']", None),
    ],
)
def test_the_words_that_a_person_marks_are_kept_as_they_are(
    value: str, kept: str | None, make_runner: Any
) -> None:
    result = judged(make_runner, order_for(f"essay = {value}", "name = 'South Korea'"))
    assert result.words == (() if kept is None else (Written("90.6", kept),))


def test_words_that_cannot_be_read_are_not_kept_and_cost_themselves_alone(make_runner: Any) -> None:
    broken = {"90.6": '{"kind":"text","value":"\\ud800"}', "90.2": Answer("text", "ROK").to_json()}
    result = judged(make_runner, order_for("x = 1"), answers=broken)
    assert result.words == ()
    assert result.points == 3.5


def test_partial_credit_is_the_judges(make_runner: Any) -> None:
    result = judged(make_runner, order_for("effect = -0.27"))
    assert (by_id(result)["90.1"].mistake, result.points) == ("half", 1)


def test_what_was_not_answered_is_told_as_in_an_untouched_notebook(make_runner: Any) -> None:
    result = judged(make_runner, order_for("effect = ..."))
    assert {each.outcome for each in result.verdicts} == {"not attempted"}
    assert "`effect`" in by_id(result)["90.1"].message
    assert result.points == 0


# ------------------------------------------------------------------ nothing on the run's word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"kind":"number","value":NaN}', "may not hold NaN"),
        ('{"kind":"number","value":' + "9" * 40 + "}", "is too large"),
        ('{"kind":"text","value":"\\ud800"}', "half a character"),
        ('{"kind":"number","kind":"text","value":1}', "stands twice"),
        ('{"kind":"verdict","value":"right"}', "No kind of answer"),
        ("", "this is not"),
        ("[" * 90_000, "levels deep"),
    ],
)
def test_an_answer_that_cannot_be_read_costs_itself_alone(
    make_runner: Any, right: tuple[str, ...], text: str, said: str
) -> None:
    honest = judged(make_runner, order_for(*right))
    (run,) = make_runner().run([job_of(order_for(*right), exercises("90"), "1")])
    spoilt = judged(make_runner, order_for(*right), answers={**run.answers, "90.2": text})
    verdict = by_id(spoilt)["90.2"]
    assert (verdict.outcome, verdict.points, verdict.max_points) == ("wrong", 0, 3.5)
    assert verdict.message.startswith("Your answer could not be read: ")
    assert said in verdict.message
    assert spoilt.points == total([honest.points, -3.5])


def test_an_answer_to_what_was_not_asked_earns_nothing(make_runner: Any) -> None:
    extra = {"01.2": Answer("number", 0.5).to_json(), "90.99": Answer("number", 1).to_json()}
    result = judged(make_runner, order_for(), answers=extra)
    assert [each.exercise_id for each in result.verdicts] == [each.id for each in exercises("90")]
    assert result.points == 0


def test_student_and_lesson_are_those_of_the_order(make_runner: Any) -> None:
    result = judged(make_runner, order_for("student('bob')", student="ada"))
    assert (result.student, result.lesson, result.judged_as) == ("ada", "90", "bob")


def test_events_are_kept_without_what_a_terminal_would_obey(make_runner: Any) -> None:
    events = (Event(3, "error\x1b[2J", "Cell 3 stopped: \x1b]0;x\x07" + "x" * 1000),)
    (kept,) = judged(make_runner, order_for(), events=events).events
    assert kept.cell == 3
    assert (kept.kind + kept.text).isprintable()
    assert len(kept.text) <= 300


# ------------------------------------------------------------------ whose data


def test_the_declared_id_decides_the_data(make_runner: Any) -> None:
    own = "own = sum(map(ord, student()))"
    result = judged(make_runner, order_for("student('Zoe-1')", own, student="Zoe-1", roster=("bob",)))
    assert by_id(result)["90.4"].right
    assert (result.judged_as, result.doubts) == ("Zoe-1", ())
    without = judged(make_runner, order_for(f"own = {sum(map(ord, 'Zoe-1'))}", student="ada"))
    assert not by_id(without)["90.4"].right


@pytest.mark.parametrize(
    ("declared", "judged_as", "said"),
    [
        ((), "ada", ""),
        (("ada",), "ada", ""),
        (("ada", "ada"), "ada", ""),
        (("ada-17",), "ada-17", "declares the id 'ada-17'; the roster's is 'ada'."),
        (("bob",), "bob", "'bob', which is another student's."),
        (("bob", "ada"), "ada", "declares 2 ids, 'bob', 'ada': the last one counts."),
        (("", "a b", "é", "x" * 65), "ada", ""),
        (("ada", "a b"), "ada", ""),
    ],
)
def test_an_odd_id_is_graded_and_listed_as_a_doubt(
    make_runner: Any, declared: tuple[str, ...], judged_as: str, said: str
) -> None:
    result = judged(make_runner, order_for(roster=("bob",)), declared=declared)
    assert result.judged_as == judged_as
    assert bool(result.doubts) == bool(said)
    assert said in " ".join(result.doubts)


def test_without_a_roster_any_id_may_be_declared(make_runner: Any) -> None:
    assert judged(make_runner, order_for(), declared=("bob",)).doubts == ()


def test_a_name_that_can_be_no_id_works_with_the_default(make_runner: Any) -> None:
    result = judged(make_runner, order_for("own = sum(map(ord, student()))", student="Zoë O'Brien"))
    assert (result.student, result.judged_as) == ("Zoë O'Brien", "self-study")
    assert by_id(result)["90.4"].right


def test_a_function_is_judged_with_the_inputs_that_it_was_called_with(make_runner: Any) -> None:
    reply = "def reply(own, other):\n    return own - other / 2"
    result = judged(make_runner, order_for("student('bob')", reply, student="ada"))
    assert by_id(result)["90.5"].right


@pytest.mark.parametrize("text", ["ada", "a", "x" * 64, "a-b_c.d@e"])
def test_ids_are_those_that_student_accepts(text: str) -> None:
    assert is_student_id(text)
    assert declare(text) == text


@pytest.mark.parametrize("text", ["", "x" * 65, "a b", "é", "a\n", "a/b", "a;b", "²"])
def test_ids_that_student_refuses_are_none(text: str) -> None:
    assert not is_student_id(text)
    with pytest.raises(ValueError, match="A student id has"):
        declare(text)


# ------------------------------------------------------------------ what a person should look at


def _fails(context: Context) -> object:
    if context.student == "ada":
        raise RuntimeError("no data for ada")
    return 1


def test_what_the_course_cannot_judge_is_a_doubt_and_costs_nothing_else() -> None:
    held = (
        Exercise("90.1", 2, "x", Number(), "x", _fails),
        Exercise("90.2", 1, "y", Number(decimals=0), "y", lambda context: 2),
    )
    order = order_for()
    run = Run("1", {key: Answer("number", 2).to_json() for key in ("90.1", "90.2")})
    result = result_of(order, Job("1", (), "ada", ()), run, held)
    assert [each.outcome for each in result.verdicts] == ["not judged", "right"]
    assert result.doubts == (
        "90.1 could not be judged: Exercise 90.1 cannot be checked now. no data for ada",
    )
    assert not result.settled


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"finished": False}, "not run to its end"),
        ({"events": (Event(9, "not run", "Cell 9 was not run."),)}, "not run to its end"),
        ({"events": (Event(0, "refused", "The notebook sent x."),)}, "sent what no notebook sends"),
    ],
)
def test_a_run_that_went_wrong_is_a_doubt(make_runner: Any, spoilt: dict[str, Any], said: str) -> None:
    assert said in judged(make_runner, order_for(), **spoilt).doubts[0]


def test_an_error_in_a_cell_is_no_doubt(make_runner: Any) -> None:
    result = judged(make_runner, order_for("1 / 0"))
    assert (len(result.events), result.doubts) == (1, ())


def test_doubts_of_reading_come_first() -> None:
    order = order_for()
    odd = replace(order, submission=replace(order.submission, doubts=("Odd name.",)))
    result = result_of(odd, Job("1", (), "ada", ()), Run("1", finished=False), exercises("90"))
    assert result.doubts[0] == "Odd name."
    assert len(result.doubts) == 2


def test_what_could_not_be_read_has_no_points_and_says_why() -> None:
    broken = Submission("ada", Path, problems=("ada.ipynb is empty (zero bytes).",))
    result = unread(Order(broken, "90", STAMP), exercises("90"))
    assert {each.message for each in result.verdicts} == {"ada.ipynb is empty (zero bytes)."}
    assert (result.points, result.max_points, result.finished) == (0, 12.6, False)


def test_the_sandbox_of_the_run_is_the_one_in_the_result(make_runner: Any) -> None:
    assert judged(make_runner, order_for(), sandbox="process").stamp.sandbox == "process"
