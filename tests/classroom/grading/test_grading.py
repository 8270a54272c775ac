"""Grading a class: nothing twice, nothing lost, each line as it comes, whatever the order."""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.classroom.grading.grading import (
    GradingError,
    Work,
    grade,
    grade_all,
    graded_whole,
    run_command,
)
from helpers.classroom.grading.judging import Order
from helpers.classroom.grading.model import Run, SandboxError
from helpers.classroom.grading.private_bank import BankError, exercises_of
from helpers.classroom.grading.reading import read_submission
from helpers.classroom.grading.results import Book, Result
from helpers.classroom.grading.stamp import Stamp

pytestmark = pytest.mark.usefixtures("bank")

stamps = importlib.import_module("helpers.classroom.grading.stamp")
grading = importlib.import_module("helpers.classroom.grading.grading")
BAD = "name = 'north korea'"


class Class:
    """Three students who handed in, and what was said while they were graded."""

    def __init__(self, classroom: Any, runner: Any, right: tuple[str, ...]) -> None:
        self.classroom, self.runner, self.right = classroom, runner, right
        self.lines: list[str] = []
        classroom.hand_in("ada", *right)
        classroom.hand_in("bob", *right[2:], BAD)
        classroom.hand_in("eve/90_tests", "effect = -0.27", "1 / 0")

    def grade(self, **options: Any) -> Any:
        self.runner.jobs.clear()
        self.lines.clear()
        settings = {"say": self.lines.append, "opener": self.runner, **options}
        return grade_all(self.classroom.submitted, "90", **settings)

    def book(self) -> Book:
        return Book.of(self.classroom.results, "90")


@pytest.fixture
def taught(classroom: Any, runner: Any, right: tuple[str, ...]) -> Class:
    return Class(classroom, runner, right)


def points(summary: Any) -> dict[str, float]:
    return {result.student: result.points for result in summary.results}


# ------------------------------------------------------------------ a class


def test_each_student_has_a_line_as_it_goes_and_the_summary_adds_up(taught: Class) -> None:
    summary = taught.grade()
    assert taught.lines == [
        "1/3  ada  8.6 of 12.6  4 to mark",
        "2/3  bob  3.1 of 12.6  4 to mark",
        "3/3  eve  1 of 12.6",
    ]
    assert list(summary.lines())[1:] == [
        "Mean 4.23 of 12.6; 8 points in all wait for a mark by hand.",
        f"Results: {taught.classroom.results / '90.jsonl'}",
    ]
    assert next(summary.lines()).startswith("Lesson 90: 3 graded, 0 unchanged, in ")


def test_a_line_is_said_only_when_its_result_is_kept(taught: Class) -> None:
    kept: list[int] = []
    taught.grade(say=lambda _line: kept.append(len(taught.book().read()[0])))
    assert kept == [1, 2, 3]


def test_points_are_the_sum_of_the_verdicts_by_brute_force(taught: Class) -> None:
    for result in taught.grade().results:
        cents = sum(round(100 * verdict.points) for verdict in result.verdicts)
        assert round(100 * result.points) == cents


def test_a_run_that_is_repeated_grades_nothing_again(taught: Class) -> None:
    first = taught.grade()
    before = taught.book().path.read_bytes()
    second = taught.grade()
    assert (taught.runner.jobs, taught.lines, second.n_graded) == ([], [], 0)
    assert second.results == first.results
    assert taught.book().path.read_bytes() == before


def test_only_what_changed_is_graded_again(taught: Class) -> None:
    taught.grade()
    taught.classroom.hand_in("bob", *taught.right)
    taught.classroom.hand_in("zoe", "x = 1")
    assert points(taught.grade()) == {"ada": 8.6, "bob": 8.6, "eve": 1, "zoe": 0}
    assert [line.split()[1] for line in taught.lines] == ["bob", "zoe"]


def test_regrade_grades_all_again_and_the_last_counts(taught: Class) -> None:
    taught.grade()
    assert taught.grade(regrade=True).n_graded == 3
    assert len(taught.book().read()[0]) == 6
    assert len(taught.book().current()) == 3


def test_a_submission_that_went_back_to_what_it_was_has_its_own_result_last(taught: Class) -> None:
    taught.grade()
    for cells in ((BAD,), taught.right):
        taught.classroom.hand_in("ada", *cells)
        summary = taught.grade()
    assert points(summary)["ada"] == taught.book().current()["ada"].points == 8.6


@pytest.mark.parametrize("changed", ["checks_digest", "data_digest", "versions"])
def test_other_checks_data_or_versions_grade_all_again(
    taught: Class, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught.grade()
    monkeypatch.setattr(grading, changed, lambda *_: "another")
    assert taught.grade().n_graded == 3
    assert taught.grade().n_graded == 0


def test_the_digest_of_the_data_follows_the_hash_of_each_dataset(monkeypatch: pytest.MonkeyPatch) -> None:
    package = importlib.import_module("helpers.data.package")
    before, held = stamps.data_digest(), package.resources()
    changed = held | {"us_troops": replace(held["us_troops"], sha256="0" * 64)}
    monkeypatch.setattr(package, "resources", lambda: changed)
    assert stamps.data_digest() != before


def test_the_digest_of_the_checks_follows_bank_and_judge(tmp_path: Path) -> None:
    package = tmp_path / "helpers"
    files = (
        "exercises/bank/lesson_01.py",
        "exercises/judge.py",
        "exercises/kinds/numbers.py",
        "data/reader.py",
    )
    seen = []
    for name in ("", *files, "exercises/bank/lesson_02.py", "ui/view.py"):
        for each in (*files, "exercises/bank/lesson_02.py", "ui/view.py"):
            (package / each).parent.mkdir(parents=True, exist_ok=True)
            (package / each).write_text("x = 1" if each != name else "x = 2")
        stamps._judging_code.cache_clear()
        seen.append(_checks_of(package))
    stamps._judging_code.cache_clear()
    assert len(set(seen[:5])) == 5
    assert seen[5:] == [seen[0], seen[0]]


def _checks_of(package: Path) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stamps.helpers, "__file__", str(package / "__init__.py"))
        return str(stamps.checks_digest("01"))


def test_a_new_salt_grades_all_again_and_each_result_has_its_fingerprint(taught: Class) -> None:
    first = taught.grade()
    (taught.classroom.results / "salt").unlink()
    second = taught.grade()
    assert second.n_graded == 3
    assert first.results[0].stamp.salt != second.results[0].stamp.salt
    assert all(len(result.stamp.salt) == 16 for result in second.results)


def test_only_the_student_who_is_asked_for_is_graded(taught: Class) -> None:
    summary = taught.grade(students=["bob"])
    assert [result.student for result in summary.results] == ["bob"]
    assert len(taught.runner.jobs) == 1
    assert points(taught.grade()) == {"ada": 8.6, "bob": 3.1, "eve": 1}


def test_a_student_who_handed_in_nothing_is_told_with_the_nearest_name(taught: Class) -> None:
    with pytest.raises(GradingError, match=r"Nothing was handed in by 'adda' in .*Did you mean 'ada'\?"):
        taught.grade(students=["adda"])


def test_what_could_not_be_judged_is_graded_again(taught: Class) -> None:
    taught.grade()
    ada = taught.book().current()["ada"]
    verdicts = (replace(ada.verdicts[0], outcome="not judged", points=0), *ada.verdicts[1:])
    taught.book().append(replace(ada, verdicts=verdicts))
    assert taught.grade().n_graded == 1
    assert taught.book().current()["ada"].points == 8.6


def test_a_duplicate_that_was_taken_away_leaves_no_doubt(taught: Class) -> None:
    copy = taught.classroom.hand_in("eve/90_tests_2", "x = 1")
    assert "1 doubt" in taught.grade().results[2].__str__()
    copy.unlink()
    assert taught.grade().results[2].doubts == ()


def test_what_cannot_be_read_has_a_line_and_the_others_go_on(taught: Class) -> None:
    (taught.classroom.submitted / "ada.ipynb").write_bytes(b"")
    assert points(taught.grade()) == {"ada": 0, "bob": 3.1, "eve": 1}
    assert taught.lines[0] == "1/3  ada  0 of 12.6  ada.ipynb is empty (zero bytes)."
    assert len(taught.runner.jobs) == 2
    again = taught.grade()
    assert again.n_graded == 0
    assert "Problem: ada: ada.ipynb is empty (zero bytes)." in list(again.lines())


def test_where_nothing_can_be_read_no_runner_is_opened(taught: Class) -> None:
    for path in taught.classroom.submitted.rglob("*.ipynb"):
        path.write_bytes(b"")
    assert set(points(taught.grade()).values()) == {0}
    assert taught.runner.opened == []


def test_ids_are_compared_with_the_whole_roster_also_for_one_student(taught: Class) -> None:
    taught.classroom.hand_in("bob", "student('ada')", *taught.right)
    summary = taught.grade(students=["bob"])
    assert summary.results[0].doubts == ("It declares the id 'ada', which is another student's.",)
    assert taught.lines == ["1/1  bob  8.6 of 12.6  4 to mark  1 doubt"]
    doubt = "Doubt: bob: It declares the id 'ada', which is another student's."
    assert doubt in list(summary.lines())


def test_the_process_sandbox_is_said_on_every_line_and_at_the_end(taught: Class) -> None:
    summary = taught.grade(sandbox="process")
    assert all(line.endswith("sandbox: process") for line in taught.lines)
    assert any(line.startswith("Sandbox: process.") for line in summary.lines())
    assert taught.runner.opened[0] == ("process", 2)
    assert taught.grade().n_graded == 3


def test_damaged_lines_and_odd_files_are_told_at_the_end(taught: Class) -> None:
    taught.grade()
    path = taught.book().path
    path.write_bytes(b"broken\n" + path.read_bytes())
    (taught.classroom.submitted / "notes.txt").write_text("x")
    said = list(taught.grade().lines())
    assert f"{path}, line 1, is damaged and was left out." in said
    assert "Left aside, since they are no notebooks: notes.txt." in said


def test_results_may_not_lie_among_the_submissions(taught: Class) -> None:
    with pytest.raises(GradingError, match="may not lie among the submissions"):
        taught.grade(results=taught.classroom.submitted / "results")


def test_a_job_holds_no_answer_and_its_key_no_name(taught: Class) -> None:
    taught.grade()
    for job in taught.runner.jobs:
        assert job.key.isdigit()
        assert not set(vars(job.slips[0])) & {"expected", "mistakes", "why"}


def test_nothing_that_a_terminal_obeys_reaches_output_or_file(taught: Class) -> None:
    evil = "eve\x1b[2J\x9b31m\u202e\x07"
    taught.classroom.hand_in(evil, "raise ValueError('\\x1b]0;owned\\x07')", "student('x\\x1b[2J')")
    (taught.classroom.submitted / "odd\x1b[2J.txt").write_text("x")
    summary = taught.grade()
    for line in (*taught.lines, *summary.lines()):
        assert line.isprintable(), line
    assert taught.book().path.read_bytes().replace(b"\n", b"").decode("ascii").isprintable()


def test_a_run_that_stopped_half_way_goes_on_where_it_stood(
    taught: Class, make_runner: Callable[..., Any]
) -> None:
    whole = taught.grade(results=taught.classroom.root / "other")

    def stop(runs: list[Run]) -> Iterator[Run]:
        yield runs[0]
        raise RuntimeError("killed")

    broken = make_runner(arrange=stop)
    with pytest.raises(RuntimeError, match="killed"):
        taught.grade(opener=broken)
    assert broken.opened[-1] == ("closed", 0)
    assert list(taught.book().current()) == ["ada"]
    resumed = taught.grade()
    assert resumed.n_graded == 2
    assert same(resumed.results) == same(whole.results)


def same(results: Iterable[Result]) -> list[Result]:
    """Results without the salt, which each folder has for itself."""
    return [replace(each, stamp=replace(each.stamp, salt="")) for each in results]


def test_a_results_folder_that_cannot_be_written_closes_the_runner(
    taught: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_book: Book, _result: Result) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Book, "append", full)
    with pytest.raises(OSError, match="No space") as caught:
        taught.grade()
    assert caught.tb is not None  # it keeps the frames alive, so nothing is closed by chance
    assert taught.runner.opened[-1] == ("closed", 0)


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (lambda runs: runs[:-1], r"No result came back for eve\. Run the same command again"),
        (lambda runs: [*runs, runs[0]], "came back twice"),
        (lambda runs: [replace(runs[0], key="99")], "never sent"),
    ],
)
def test_a_runner_that_loses_or_doubles_is_told(
    taught: Class, make_runner: Callable[..., Any], arrange: Any, said: str
) -> None:
    with pytest.raises(GradingError, match=said):
        taught.grade(opener=make_runner(arrange=arrange))


# ------------------------------------------------------------------ any order, any place


@settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(order=st.permutations(range(6)))
def test_results_are_the_same_in_whatever_order_runs_come_back(
    tmp_path_factory: pytest.TempPathFactory, make_runner: Callable[..., Any], order: list[int],
    as_notebook: Callable[..., bytes], right: tuple[str, ...],
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("class")
    (folder / "submitted").mkdir()
    for number in range(6):
        cells = [f"student('s{number // 2}')", *right[number:], "effect = -0.27"]
        (folder / "submitted" / f"s{number}.ipynb").write_bytes(as_notebook(cells))

    def results(arrange: Callable[[list[Run]], Iterable[Run]], name: str) -> list[Result]:
        runner = make_runner(arrange=arrange)
        made = grade_all(folder / "submitted", "90", results=folder / name, opener=runner, say=_quiet)
        return same(made.results)

    def shuffled(runs: list[Run]) -> list[Run]:
        return [runs[place] for place in order]

    assert results(shuffled, "shuffled") == results(list, "plain")


def _quiet(_line: str) -> None:
    return None


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_another_executor_gives_equal_results(
    taught: Class, jobs: int, make_runner: Callable[..., Any]
) -> None:
    here = taught.grade()
    with ThreadPoolExecutor(2) as executor:
        there = taught.grade(
            executor=executor,
            jobs=jobs,
            results=taught.classroom.root / "other",
            opener=_Openers(make_runner),
        )
    assert same(there.results) == same(here.results)


class _Openers:
    """Opens a runner of its own for each part."""

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make

    def __call__(self, *, sandbox: str, slots: int) -> Any:
        assert slots == 1
        return self._make()(sandbox=sandbox, slots=slots)


def test_work_and_results_are_plain_data(taught: Class, tmp_path: Path) -> None:
    stamp = Stamp("a", "b", "c", "d", "e", "f", "strict")
    broken = read_submission(tmp_path / "nobody.ipynb")
    work = pickle.loads(pickle.dumps(Work("90", (Order(broken, "90", stamp, frozenset({"x"})),))))
    (result,) = pickle.loads(pickle.dumps(graded_whole(work)))
    assert result.student == "nobody"
    assert taught.runner.opened == []


# ------------------------------------------------------------------ one notebook


def test_one_notebook_is_graded_and_nothing_is_kept(
    classroom: Any, runner: Any, right: tuple[str, ...]
) -> None:
    path = classroom.hand_in("ada", "student('whoever')", *right)
    result = grade(path, "90", opener=runner)
    assert (result.points, result.student, result.judged_as) == (8.6, "self-study", "whoever")
    assert result.doubts == ()
    assert not classroom.results.exists()


def test_one_notebook_of_a_known_student_may_not_declare_another_id(
    classroom: Any, runner: Any, right: tuple[str, ...]
) -> None:
    path = classroom.hand_in("x", "student('bob')", *right)
    assert grade(path, "90", "ada", opener=runner).doubts == (
        "It declares the id 'bob'; the roster's is 'ada'.",
    )


def test_one_notebook_that_is_none_gives_a_result_that_says_so(tmp_path: Path, runner: Any) -> None:
    result = grade(tmp_path / "nobody.ipynb", "90", opener=runner)
    assert "nobody.ipynb cannot be found" in result.problems[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lesson": "one"}, "named by its two digits, such as \"01\", not by 'one'"),
        ({"lesson": "77"}, "Lesson 77 has no exercises. Lessons with exercises: "),
        ({"sandbox": "none"}, "There is no sandbox 'none'. There are: strict, process."),
        ({"bank": "/nowhere"}, "There is no folder /nowhere. Give the folder that holds"),
    ],
)
def test_an_odd_argument_is_told(tmp_path: Path, runner: Any, options: dict[str, str], said: str) -> None:
    with pytest.raises((GradingError, BankError)) as caught:
        grade(tmp_path / "x.ipynb", options.pop("lesson", "90"), opener=runner, **options)  # type: ignore[arg-type]
    assert said in str(caught.value)


# ------------------------------------------------------------------ a private bank

PRIVATE = """
from helpers.exercises import Exercise, Number
EXERCISES = (Exercise("90.7", 5, "secret", Number(decimals=0), "A secret.", lambda context: {right}),)
"""


def private(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "lesson_90.py").write_text(text)
    return folder


def test_a_private_bank_takes_the_place_of_the_public_one(taught: Class, tmp_path: Path) -> None:
    bank = private(tmp_path / "bank", PRIVATE.format(right=42))
    taught.classroom.hand_in("ada", "secret = 42", "effect = -0.54")
    assert points(taught.grade(bank=bank)) == {"ada": 5, "bob": 0, "eve": 0}
    assert [slip.name for slip in taught.runner.jobs[0].slips] == ["secret"]
    assert [each.name for each in bank.iterdir()] == ["lesson_90.py"]
    assert points(taught.grade())["ada"] == 2


def test_a_changed_private_bank_grades_all_again(taught: Class, tmp_path: Path) -> None:
    bank = private(tmp_path / "bank", PRIVATE.format(right=42))
    taught.classroom.hand_in("ada", "secret = 42")
    taught.grade(bank=bank)
    private(bank, PRIVATE.format(right=43))
    again = taught.grade(bank=bank)
    assert again.n_graded == 3
    assert points(again)["ada"] == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EXERCISES = [1]", "sets no EXERCISES, a tuple of exercises"),
        ("x = 1", "sets no EXERCISES"),
        ("EXERCISES = (1,)", "sets no EXERCISES"),
        ("1 / 0", "cannot be loaded. ZeroDivisionError"),
        ("def", "cannot be loaded. SyntaxError"),
        (PRIVATE.format(right=42).replace("90.7", "91.1"), "does not belong to lesson 90"),
        (PRIVATE.format(right="1 / 0"), "Exercise 90.7 cannot be checked now. division by zero"),
    ],
)
def test_a_bank_that_cannot_be_used_is_told_before_anything_runs(
    taught: Class, tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BankError) as caught:
        taught.grade(bank=private(tmp_path / "bank", text))
    assert said in str(caught.value)
    assert taught.runner.opened == []


def test_a_bank_without_the_lesson_is_told(tmp_path: Path) -> None:
    with pytest.raises(BankError, match=r"There is no lesson_90.py in the folder"):
        exercises_of("90", tmp_path)


# ------------------------------------------------------------------ the command


def command(taught: Class, **options: Any) -> int:
    settings: dict[str, Any] = {"say": taught.lines.append, "opener": taught.runner, **options}
    return run_command(taught.classroom.submitted, settings.pop("lesson", "90"), **settings)


def test_the_command_ends_with_0_if_the_run_finished_whatever_the_marks(taught: Class) -> None:
    assert command(taught) == 0
    assert taught.lines[0] == "1/3  ada  8.6 of 12.6  4 to mark"
    assert taught.lines[-1].startswith("Results: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lesson": "77"}, "course: Lesson 77 has no exercises."),
        ({"students": ["nobody"]}, "course: Nothing was handed in by 'nobody'"),
        ({"jobs": 0}, "course: At least one submission runs at a time; 0 was asked for."),
        ({"sandbox": "x"}, "course: There is no sandbox 'x'."),
        ({"bank": Path("/nowhere")}, "course: There is no folder /nowhere."),
    ],
)
def test_the_command_tells_what_is_wrong_in_a_sentence(
    taught: Class, options: dict[str, Any], said: str
) -> None:
    assert command(taught, **options) == 1
    assert taught.lines[-1].startswith(said)


def test_the_command_tells_the_verdicts_of_one_notebook_and_keeps_nothing(
    classroom: Any, runner: Any, right: tuple[str, ...]
) -> None:
    lines: list[str] = []
    path = classroom.hand_in("ada", *right, "1 / 0", BAD)
    assert run_command(path, "90", students=["ada"], say=lines.append, opener=runner) == 0
    assert lines[0] == "ada  5.1 of 12.6  4 to mark"
    assert lines[1:3] == ["90.1  right  2 of 2", "      A small effect is not none."]
    assert lines[-2:] == ["Cell 7 stopped: division by zero", "Nothing was kept."]
    assert not (classroom.root / "results").exists()


def test_the_command_says_why_there_is_no_sandbox(taught: Class) -> None:
    def none(*, sandbox: str, slots: int) -> Any:
        raise SandboxError(f"No bubblewrap for {sandbox} with {slots} slots.")

    assert command(taught, opener=none) == 1
    assert taught.lines == ["course: No bubblewrap for strict with 2 slots."]


def test_an_interrupted_command_says_that_nothing_is_lost(
    taught: Class, make_runner: Callable[..., Any]
) -> None:
    def interrupt(runs: list[Run]) -> Iterator[Run]:
        yield runs[0]
        raise KeyboardInterrupt

    assert command(taught, opener=make_runner(arrange=interrupt)) == 130
    assert taught.lines[-1].startswith("Stopped. What was graded is kept")
    assert len(taught.book().read()[0]) == 1


def test_an_empty_folder_is_told(classroom: Any, runner: Any) -> None:
    with pytest.raises(GradingError, match="holds no notebook and no student's folder"):
        grade_all(classroom.submitted, "90", opener=runner)


def test_a_lesson_may_be_named_by_one_digit(classroom: Any, runner: Any) -> None:
    classroom.hand_in("ada", "x = 1", lesson="01_two_audiences")
    assert grade_all(classroom.submitted, "1", opener=runner, say=_quiet).lesson == "01"


def test_a_terminal_without_accents_prints_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    speak = importlib.import_module("helpers.classroom.grading.shown").speak
    with (tmp_path / "out").open("w", encoding="ascii") as narrow:
        monkeypatch.setattr("sys.stdout", narrow)
        speak("Zoë  8 of 10")
    assert (tmp_path / "out").read_text() == "Zo?  8 of 10\n"
