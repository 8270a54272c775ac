"""The runner: what an honest notebook gets, how the pool survives, and what it believes of a message."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.classroom.grading import sandbox
from helpers.classroom.grading.child import Task
from helpers.classroom.grading.ledger import Ledger
from helpers.classroom.grading.model import Job, Limits, Run, SandboxError
from helpers.classroom.grading.pool import Pool, open_runner
from helpers.classroom.grading.wire import Inbox, Message, Refused, brackets, line_of, plain, read_line
from helpers.exercises import Answer, Slip, judge
from helpers.exercises.judge import exercises, slips

ROOT = Path(__file__).resolve().parents[3]
LIMITS = Limits(cell_seconds=3, submission_seconds=20)
ONE = (Slip("90.1", "answer"),)


@contextmanager
def opened(kind: Any, limits: Limits) -> Iterator[Pool]:
    if kind == "strict" and sandbox.trial().trouble:
        pytest.skip(f"NOT RUN: {sandbox.trial().trouble}")
    with open_runner(sandbox=kind, slots=2, limits=limits) as pool:
        assert isinstance(pool, Pool)
        yield pool


@pytest.fixture(scope="module", params=["strict", "process"])
def runner(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with opened(request.param, LIMITS) as pool:
        yield pool


@pytest.fixture(scope="module", params=["strict", "process"])
def grader(request: pytest.FixtureRequest) -> Iterator[Pool]:
    """With the limits that an instructor gets."""
    with opened(request.param, Limits()) as pool:
        yield pool


def ran(runner: Pool, *cells: str, asked: tuple[Slip, ...] = ONE) -> Run:
    (run,) = runner.run([Job("one", cells, "self-study", asked)])
    return run


def value(run: Run, exercise_id: str = "90.1") -> object:
    return Answer.from_json(run.answers[exercise_id]).value


# ------------------------------------------------------------------ an honest notebook


SOLUTIONS = [*sorted(ROOT.glob("solutions/*/*.ipynb")), ROOT / "solutions/00_python_for_this_course.ipynb"]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_is_right_and_nothing_happens_on_the_way(path: Path, grader: Pool) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = tuple("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    worth = {exercise.id for exercise in exercises(path.stem[:2]) if exercise.points > 0}
    run = ran(grader, *cells, asked=slips(path.stem[:2], "self-study"))
    outcomes = {
        key: judge(key, Answer.from_json(text), "self-study").outcome for key, text in run.answers.items()
    }
    assert set(outcomes) == worth
    assert set(outcomes.values()) <= {"right", "recorded"}
    assert (run.events, run.finished, run.replays) == ((), True, 0)
    assert run.cell_cpu > 0
    assert run.overhead_cpu > 0


def test_an_error_ends_its_cell_only(runner: Pool) -> None:
    run = ran(runner, "answer = 1", "answer = nowhere", "answer = answer + 1")
    assert value(run) == 2
    assert [(event.cell, event.kind) for event in run.events] == [(2, "error")]
    assert "NameError" in run.events[0].text


def test_a_cell_that_changes_the_answer_after_its_check_does_not_count(runner: Pool) -> None:
    run = ran(runner, "from helpers import check", "answer = 1", 'check("90.1")', "answer = 2")
    assert value(run) == 1


def test_the_last_check_counts(runner: Pool) -> None:
    cells = ("from helpers import check", "answer = 1", 'check("90.1")', "answer = 2", 'check("90.1")')
    assert value(ran(runner, *cells)) == 2


def test_an_answer_needs_no_check(runner: Pool) -> None:
    assert value(ran(runner, "answer = 3")) == 3


def test_a_name_that_does_not_exist_is_an_undefined_answer(runner: Pool) -> None:
    answer = Answer.from_json(ran(runner, "other = 3").answers["90.1"])
    assert (answer.kind, answer.source) == ("missing", "undefined")


def test_what_a_check_saw_before_a_crash_in_its_cell_counts(runner: Pool) -> None:
    run = ran(runner, "from helpers import check", 'import os\nanswer = 5\ncheck("90.1")\nos._exit(1)')
    assert value(run) == 5
    assert run.replays == 1


def test_a_check_in_a_later_cell_beats_one_from_a_lost_process(runner: Pool) -> None:
    cells = (
        "from helpers import check",
        'import os\nanswer = 5\ncheck("90.1")\nos._exit(1)',
        'answer = 6\ncheck("90.1")',
    )
    assert value(ran(runner, *cells)) == 6


def test_a_check_in_the_lost_cell_beats_an_earlier_one_that_is_played_again(runner: Pool) -> None:
    cells = (
        "from helpers import check",
        'answer = 4\ncheck("90.1")',
        'import os\nanswer = 5\ncheck("90.1")\nos._exit(1)',
    )
    assert value(ran(runner, *cells)) == 5


def test_more_losses_than_replays_end_a_submission_with_what_was_seen(runner: Pool) -> None:
    cells = ("from helpers import check", 'answer = 1\ncheck("90.1")', *["import os\nos._exit(1)"] * 5)
    run = ran(runner, *cells)
    assert (value(run), run.replays, run.finished) == (1, LIMITS.replays, False)
    assert {event.kind for event in run.events} == {"died", "not run"}


def test_a_submission_ends_in_time_and_its_answers_are_read(runner: Pool) -> None:
    with open_runner(
        sandbox="process", slots=1, limits=Limits(cell_seconds=2, submission_seconds=3)
    ) as hasty:
        (run,) = hasty.run([Job("slow", ("answer = 1", *["import time\ntime.sleep(1.5)"] * 4), "x", ONE)])
    assert value(run) == 1
    assert [event.kind for event in run.events][-1] == "not run"
    assert run.finished


def test_a_notebook_that_declares_nobody_works_with_the_jobs_id(runner: Pool) -> None:
    cells = ("from helpers import student", "answer = student()")
    (run,) = runner.run([Job("one", cells, "ada", ONE)])
    assert (value(run), run.declared) == ("ada", ())


def test_functions_are_called_with_the_inputs_of_their_slip(runner: Pool) -> None:
    run = ran(runner, "def answer(x):\n    return 2 * x", asked=(Slip("90.1", "answer", [[1], [4]]),))
    assert [each.value for each in Answer.from_json(run.answers["90.1"]).value] == [2, 8]  # type: ignore[union-attr]


def test_a_figure_of_one_cell_is_not_drawn_into_by_the_next(runner: Pool) -> None:
    cells = (
        "import matplotlib.pyplot as plt",
        "plt.plot([1, 2])\nanswer = plt.gca()",
        "plt.plot([3, 4])",
    )
    picture = Answer.from_json(ran(runner, *cells).answers["90.1"]).value
    assert len(picture.lines) == 1  # type: ignore[union-attr]


def test_lines_as_a_notebook_keeps_them(runner: Pool) -> None:
    assert value(ran(runner, "40 + 2", "answer = _1")) == 42


def test_no_descriptor_is_open_but_the_pipe(runner: Pool) -> None:
    cell = """
import os
answer = []
for descriptor in range(256):
    try:
        os.fstat(descriptor)
    except OSError:
        continue
    answer.append(descriptor)
"""
    assert value(ran(runner, cell)) == (0, 1, 2, 3, 4)  # 4 is the null device behind sys.stdout.buffer


def test_no_cells_and_no_questions_are_a_finished_run(runner: Pool) -> None:
    run = ran(runner, asked=())
    assert (run.answers, run.events, run.finished) == ({}, (), True)


# ------------------------------------------------------------------ the pool


def test_every_job_comes_back_once(runner: Pool) -> None:
    jobs = [Job(str(n), (f"answer = {n}",), "x", ONE) for n in range(12)]
    runs = list(runner.run(iter(jobs)))
    assert {run.key: value(run) for run in runs} == {str(n): n for n in range(12)}
    assert len(runs) == 12


def test_a_quick_job_does_not_wait_for_a_slow_one(runner: Pool) -> None:
    slow, quick = ("import time\ntime.sleep(2)", "answer = 1"), ("answer = 2",)
    jobs = [Job("slow", slow, "x", ONE), *(Job("quick", quick, "x", ONE) for _ in range(3))]
    assert [run.key for run in runner.run(jobs)] == ["quick", "quick", "quick", "slow"]


def test_a_server_that_is_killed_is_started_again_and_its_job_is_done(runner: Pool) -> None:
    for slot in runner._slots:
        assert slot._process is not None
        os.killpg(slot._process.pid, signal.SIGKILL)
    runs = list(runner.run(Job(str(n), (f"answer = {n}",), "x", ONE) for n in range(4)))
    assert {run.key: value(run) for run in runs} == {str(n): n for n in range(4)}
    assert all(run.events == () for run in runs)


def test_a_server_that_is_killed_at_work_costs_nobody_an_answer(runner: Pool) -> None:
    jobs = (Job(str(n), ("import time\ntime.sleep(0.6)", f"answer = {n}"), "x", ONE) for n in range(4))
    runs = []
    for run in runner.run(jobs):
        runs.append(run)
        if len(runs) == 1:
            time.sleep(0.2)
            for slot in runner._slots:
                assert slot._process is not None
                os.killpg(slot._process.pid, signal.SIGKILL)
    assert {run.key: value(run) for run in runs} == {str(n): n for n in range(4)}


def last_descendant(process: int) -> int:
    """The process that is farthest below another: there it is the one that runs a notebook."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with suppress(OSError, IndexError):
            parents[int(name)] = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
    found = [process]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    return found[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: needs /proc")
def test_a_notebook_whose_process_is_killed_from_outside_is_run_again_as_it_was() -> None:
    for kind in ("strict", "process"):
        with open_runner(sandbox=kind, slots=1, limits=LIMITS) as pool:
            assert isinstance(pool, Pool)
            assert value(ran(pool, "answer = 1")) == 1
            server = pool._slots[0]._process
            assert server is not None
            idle = last_descendant(server.pid)

            def kill(server: int = server.pid, idle: int = idle) -> None:
                while (victim := last_descendant(server)) == idle:
                    time.sleep(0.02)
                time.sleep(0.5)
                os.kill(last_descendant(server) or victim, signal.SIGKILL)

            killer = threading.Thread(target=kill)
            killer.start()
            run = ran(pool, "answer = 1", "import time\ntime.sleep(1.5)", "answer += 1")
            killer.join()
        assert (value(run), run.events, run.replays, run.finished) == (2, (), 0, True)


def test_a_notebook_that_kills_itself_is_believed_once_only() -> None:
    deadly = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    with open_runner(sandbox="process", slots=1, limits=LIMITS) as pool:
        run = ran(pool, "answer = 1", deadly, "answer += 1")
    assert (value(run), run.replays, run.finished) == (2, 1, True)
    assert [(event.cell, event.kind) for event in run.events] == [(2, "died")]


@pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: needs /proc")
def test_a_process_that_a_notebook_leaves_behind_is_ended_without_a_sandbox_too() -> None:
    leave = """
import os, time
answer = os.fork()
if answer == 0:
    os.setsid()
    if os.fork() == 0:
        open("left", "w").write(str(os.getpid()))
        time.sleep(60)
    os._exit(0)
os.waitpid(answer, 0)
while not os.path.exists("left") or not open("left").read():
    time.sleep(0.01)
answer = int(open("left").read())
"""
    with open_runner(sandbox="process", slots=1, limits=LIMITS) as pool:
        (run,) = pool.run([Job("one", (leave,), "x", ONE)])
        assert not Path(f"/proc/{value(run)}").exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_however_the_block_ends_nothing_stays_behind(error: type[BaseException]) -> None:
    processes: list[int] = []
    folders: list[Path] = []

    def interrupted() -> None:
        with open_runner(sandbox="process", slots=2) as pool:
            assert isinstance(pool, Pool)
            processes.extend(slot._process.pid for slot in pool._slots if slot._process)
            folders.extend(slot.folder for slot in pool._slots)
            for _ in pool.run(Job(str(n), ("while True:\n    pass",) * n, "x", ()) for n in range(3)):
                raise error

    started = time.monotonic()
    with pytest.raises(error):
        interrupted()
    assert time.monotonic() - started < LIMITS.submission_seconds
    assert not any(Path(f"/proc/{process}").exists() for process in processes)
    assert not any(folder.exists() for folder in folders)


def test_a_runner_that_is_not_open_says_so() -> None:
    runner = open_runner(sandbox="process")
    with pytest.raises(RuntimeError, match="with statement"):
        list(runner.run([]))


# ------------------------------------------------------------------ the sandbox


def test_without_bubblewrap_strict_stops_and_names_the_ways_out(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.trial.cache_clear()
    monkeypatch.setattr("helpers.classroom.grading.sandbox.shutil.which", lambda _: None)
    try:
        with pytest.raises(SandboxError, match=r"not installed.*apt install bubblewrap.*--sandbox process"):
            open_runner(sandbox="strict")
    finally:
        sandbox.trial.cache_clear()


def test_a_sandbox_that_does_not_exist_is_named() -> None:
    with pytest.raises(SandboxError, match="'none'"):
        open_runner(sandbox="none")


def test_the_report_says_of_each_part_whether_it_is_there() -> None:
    lines = sandbox.report()
    assert {"bubblewrap", "strict sandbox", "process sandbox"} <= {what for what, _, _ in lines}
    assert all(sentence.endswith(".") or "/" in sentence for _, _, sentence in lines)


def test_an_interpreter_that_lies_above_everything_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.visible_folders.cache_clear()
    monkeypatch.setattr(sandbox.sys, "prefix", str(Path.home()))
    try:
        with pytest.raises(SandboxError, match="virtual environment"):
            sandbox.visible_folders()
    finally:
        sandbox.visible_folders.cache_clear()


def test_neither_solutions_nor_tests_nor_raw_data_are_shown() -> None:
    words = list(sandbox._binds())
    shown = {Path(words[n + 1]) for n, word in enumerate(words) if word.startswith("--ro-bind")}
    assert Path("/usr") in shown
    for hidden in ("solutions", "tests", "lessons", "datasets/raw", "datasets/entries", "work", "class"):
        place = ROOT / hidden
        assert not shown & {place, *place.parents}, f"{hidden} is shown."


ORDINARY = """
import sys
sys.path[:0] = {folders!r}
from helpers.classroom.grading.model import Job
from helpers.classroom.grading.pool import open_runner
from helpers.exercises import Slip
import os
cells = ("import os", "answer = [os.getuid(), os.path.exists('/etc/passwd'), os.path.isdir('/proc/1')]")
with open_runner(sandbox="strict", slots=1) as runner:
    (run,) = runner.run([Job("one", cells, "x", (Slip("90.1", "answer"),))])
print(run.answers["90.1"], run.events)
"""


@pytest.mark.skipif(sandbox.trial().trouble != "", reason=f"NOT RUN: {sandbox.trial().trouble}")
def test_strict_works_for_root_and_for_an_ordinary_user() -> None:
    code = ORDINARY.format(folders=[str(ROOT), *map(str, sandbox.package_folders())])
    for command, user in _users():
        done = subprocess.run(
            [*command, "-c", code], capture_output=True, text=True, timeout=120, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f'{{"kind":"list","value":[{user},false,'), done.stdout
        assert done.stdout.rstrip().endswith("()")


@pytest.mark.skipif(sandbox.trial().trouble != "", reason=f"NOT RUN: {sandbox.trial().trouble}")
def test_a_course_in_the_temporary_folder_can_be_used_and_not_changed() -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        for part in ("helpers", "datasets"):
            ignored = shutil.ignore_patterns("raw", "entries", "__pycache__")
            shutil.copytree(ROOT / part, Path(folder) / part, ignore=ignored)
        Path(folder).chmod(0o755)
        code = ELSEWHERE.format(folder=folder)
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, cwd="/"
        )
    assert done.stdout.startswith('{"kind":"list","value":["us_troops",false,false]'), done.stderr
    assert "Event" not in done.stdout


ELSEWHERE = """
import sys
sys.path[:0] = [{folder!r}]
from helpers.classroom.grading.model import Job
from helpers.classroom.grading.pool import open_runner
from helpers.exercises import Slip
cells = (
    "import os, helpers",
    "answer = ['us_troops' if len(helpers.load('us_troops')) else '', os.access('/tmp', os.W_OK)]",
    "answer.append(os.path.exists(os.path.join(os.path.dirname(helpers.__file__), 'exercises/bank/lesson_01.py')))",
)
with open_runner(sandbox="strict", slots=1) as runner:
    (run,) = runner.run([Job("one", cells, "x", (Slip("90.1", "answer"),))])
print(run.answers["90.1"], *run.events)
"""


def _users() -> list[tuple[list[str], int]]:
    """Who runs the tests; if that is root, another user too, where there is a Python of this version for them."""
    if os.geteuid() != 0:
        return [([sys.executable], os.geteuid())]
    users = [([sys.executable], sandbox.FIRST_USER)]
    drop = ["setpriv", "--reuid=20077", "--regid=20077", "--clear-groups", "env", "-i", "PATH=/usr/bin:/bin"]
    drop = [*_way_in(), *drop]
    version = f"import sys, ctypes; raise SystemExit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([*drop, python, "-c", version], capture_output=True, check=False).returncode == 0:
            return [*users, ([*drop, python], 20077)]
    return users


def _way_in() -> list[str]:
    """Command before another user's, so that they reach a course that lies in a private folder; empty if none does."""
    private = [folder for folder in ROOT.parents if not folder.stat().st_mode & 0o001]
    if not private:
        return []
    covers = ("--tmpfs", str(private[-1]), "--ro-bind", str(ROOT), str(ROOT))
    return ["bwrap", "--dev-bind", "/", "/", *covers, "--"]


# ------------------------------------------------------------------ messages


@given(st.lists(st.binary(max_size=200), max_size=20))
@settings(max_examples=200, deadline=None)
def test_whatever_bytes_come_they_are_messages_or_refused(chunks: list[bytes]) -> None:
    inbox, ledger = Inbox(10_000), Ledger(Job("one", ("1",), "x", ONE), LIMITS)
    for chunk in chunks:
        for message in inbox.feed(chunk):
            assert isinstance(message, Message | Refused)
            ledger.take(message)
    assert ledger.run(spent=0.0, sandbox="strict").answers == {}


@given(st.text(), st.integers(1, 50))
@settings(max_examples=200, deadline=None)
def test_messages_arrive_whole_however_they_are_cut(text: str, size: int) -> None:
    sent = line_of("started", cell=1) + line_of(
        "snapshot", id="90.1", payload=text.encode("utf-8", "replace").decode()
    )
    inbox = Inbox(10**6)
    got = [each for at in range(0, len(sent), size) for each in inbox.feed(sent[at : at + size])]
    assert [each.kind for each in got if isinstance(each, Message)] == ["started", "snapshot"]


@pytest.mark.parametrize(
    "line",
    [
        b'{"kind":"started","cell":true}',
        b'{"kind":"started","cell":1.0}',
        b'{"kind":"started","cell":1,"more":2}',
        b'{"kind":"started"}',
        b'{"kind":"ended","cell":1,"why":"","text":"","cpu":NaN}',
        b'{"kind":"ended","cell":1,"why":"right","text":"","cpu":0.1}',
        b'{"kind":"ended","cell":1,"why":"","text":"","cpu":-1.0}',
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"kind":["started"],"cell":1}',
    ],
)
def test_a_line_that_is_not_quite_a_message_is_refused(line: bytes) -> None:
    with pytest.raises(Refused):
        read_line(line)


@given(
    st.recursive(
        st.text(max_size=3), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner)
    )
)
@settings(max_examples=200, deadline=None)
def test_depth_is_counted_as_a_parser_would(content: object) -> None:
    def depth(held: object) -> int:
        if isinstance(held, dict):
            return 1 + max(map(depth, held.values()), default=0)
        return 1 + max(map(depth, held), default=0) if isinstance(held, list) else 0

    assert brackets(json.dumps(content)) == depth(content)


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_a_sentence_is_printable_and_short(text: str) -> None:
    said = plain("\x1b[" + text + "\x1b]" + text)
    assert said.isprintable()
    assert len(said) <= 300


def test_a_task_reads_as_it_was_written() -> None:
    task = Task(
        ("a", "b"), (Slip("90.1", "x", [[1, "a"]]), Slip("90.2", "y")), "ada", (3, "90.1"), 4.5, "/nowhere"
    )
    assert Task.from_json(task.to_json()) == task


# ------------------------------------------------------------------ the ledger


def ledger(*messages: Message, cells: int = 5) -> Ledger:
    book = Ledger(Job("one", ("",) * cells, "x", ONE), LIMITS)
    book.begin()
    for message in messages:
        book.take(message)
    return book


def test_a_cell_cannot_begin_twice_or_before_an_earlier_one() -> None:
    book = ledger(Message("started", 2), Message("ended", 2), Message("started", 2), Message("started", 1))
    run = book.run(spent=1.0, sandbox="strict")
    assert len(run.events) == 1
    assert book.place == 2


def test_only_the_first_refusals_are_told() -> None:
    run = ledger(*(Message("started", 99) for _ in range(500))).run(spent=1.0, sandbox="strict")
    assert len(run.events) == 1


def test_a_child_cannot_claim_more_time_for_its_cells_than_was_spent() -> None:
    book = ledger(Message("started", 1), Message("ended", 1, cpu=1000.0))
    run = book.run(spent=2.0, sandbox="strict")
    assert (run.cell_cpu, run.overhead_cpu) == (2.0, 0.0)


def test_a_process_that_is_lost_between_cells_costs_the_last_one() -> None:
    book = ledger(Message("started", 1), Message("ended", 1), Message("started", 2), Message("ended", 2))
    book.blame("died", "ended its process")
    assert book.skipped == {2}


def test_declared_ids_are_told_once_and_not_without_end() -> None:
    book = ledger(*(Message("declared", id=f"id-{n % 40}") for n in range(100)))
    assert len(book.run(spent=0.0, sandbox="strict").declared) == 20


def test_as_root_the_process_sandbox_asks_for_a_second_thought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 0)
    monkeypatch.delenv("COURSE_PROCESS_AS_ROOT", raising=False)
    with pytest.raises(SandboxError, match=r"As root, .* delete anything on this machine"):
        sandbox.demand("process")
    monkeypatch.setattr(sandbox.os, "geteuid", lambda: 1000)
    sandbox.demand("process")
