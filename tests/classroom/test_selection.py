"""A part of the suite is made of the same steps, and a lesson's part holds all that concerns it."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.classroom import selection, suite
from helpers.classroom.selection import NoSuchPart

ROOT = Path(__file__).parents[2]


def arguments(part: str) -> list[str]:
    return [argument for step in selection.steps(ROOT, part) for argument in step.arguments]


def test_all_is_the_whole_suite() -> None:
    assert [step.arguments for step in selection.steps(ROOT)] == [
        step.arguments for step in suite.steps(ROOT)
    ]


def test_fast_needs_no_kernel_no_browser_and_no_sandbox() -> None:
    steps = selection.steps(ROOT, "fast")
    assert not any(step.offline or step.needs() for step in steps)
    assert "not browser and not slow and not notebooks" in steps[0].arguments
    assert not any("attacks" in argument or "browser/" in argument for argument in arguments("fast"))
    assert {"tests/notebooks", "tests/exercises", "tests/data", "tests/test_rules.py"} <= set(
        arguments("fast")
    )


def test_fast_names_only_what_is_there() -> None:
    for argument in arguments("fast"):
        if argument.startswith("tests/"):
            assert (ROOT / argument.partition("::")[0]).exists()


def test_a_lessons_part_has_its_rules_exercises_lab_notebooks_and_browser() -> None:
    lesson = "1_assurance_theory/01_two_audiences.ipynb"
    wanted = {
        "tests/notebooks",
        "01_two_audiences",
        "tests/exercises/bank/test_lesson_01.py",
        "tests/exercises/bank/test_every_lesson.py",
        "tests/labs/test_deployment_atlas.py",
        f"solutions/{lesson}",
        f"lessons/{lesson}",
        "tests/browser/test_lesson_01.py",
    }
    assert wanted <= set(arguments("01"))
    assert not {"solutions", "lessons"} & set(arguments("01"))


def test_a_lessons_notebooks_run_offline_like_all_others() -> None:
    run = [step for step in selection.steps(ROOT, "01") if step.arguments[-1].endswith(".ipynb")]
    assert len(run) == 2
    assert all(step.offline and step.needs is suite.missing_sandbox for step in run)


@pytest.mark.parametrize("part", ["", "1", "77", "fats", "0*", "../x"])
def test_a_part_that_does_not_exist_is_refused(part: str) -> None:
    with pytest.raises(NoSuchPart, match="Say all, fast, or a lesson: 00, 01"):
        selection.steps(ROOT, part)
