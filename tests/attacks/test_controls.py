"""Controls: what the attacks do where nothing holds them.

Each cell of `test_unlucky` that can harm is run here by the simplest grader there is, one process that executes cell
after cell, and it does its harm: an answer is lost, the run never ends, something is left behind. So a green test over
there means that the runner held, not that the attack was none. What could hurt a machine is made small here, and all
of it happens in a throw-away folder and in processes that the test started.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpers.classroom.grading.model import Job, Runner
from helpers.classroom.grading.pool import open_runner
from helpers.exercises import Answer, Slip

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: attacks on Linux's processes")

SIMPLEST = """
import json, sys
names = {}
for cell in json.load(sys.stdin):
    exec(cell, names)
print("count is", names["count"], flush=True)
"""
SECONDS, NEVER = 60.0, 3.0
FINE = "count is 7\n"
SECRET = "mark-7d1f"


@dataclass(frozen=True)
class Came:
    """What came of a run of the simplest grader."""

    said: str
    errors: str
    code: int | None
    left: tuple[int, ...]


@pytest.fixture
def simplest(tmp_path: Path) -> Iterator[object]:
    """The simplest grader, in a throw-away folder; whatever it started is ended with the test."""
    groups: list[int] = []

    def run(cell: str, memory_mb: int = 0, seconds: float = SECONDS) -> Came:
        work = tmp_path / "work"
        work.mkdir(exist_ok=True)

        def limit() -> None:
            if memory_mb:
                resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))

        with subprocess.Popen(
            [sys.executable, "-I", "-c", SIMPLEST], cwd=work, start_new_session=True, preexec_fn=limit,
            stdin=subprocess.PIPE, stdout=(tmp_path / "said").open("wb"), stderr=(tmp_path / "errors").open("wb"),
        ) as process:  # fmt: skip
            groups.append(process.pid)
            assert process.stdin is not None
            process.stdin.write(json.dumps(["effect = 0.5", cell, "count = 7"]).encode())
            process.stdin.close()
            code: int | None = None
            with suppress(subprocess.TimeoutExpired):
                code = process.wait(seconds)
            left = tuple(members(process.pid))
            if code is None:
                process.kill()
        said, errors = ((tmp_path / name).read_text(errors="replace") for name in ("said", "errors"))
        return Came(said, errors, code, left)

    yield run
    for group in groups:
        for member in members(group):
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)


def members(session: int) -> list[int]:
    """Processes of a session that the test started, without its first."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with suppress(OSError, IndexError):
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and int(name) != session and fields[0] != "Z":
                found.append(int(name))
    return found


def test_an_honest_cell_is_no_trouble_for_the_simplest_grader(simplest: object) -> None:
    assert callable(simplest)
    assert simplest("pass") == Came(FINE, "", 0, ())


LOSES_WHAT_FOLLOWS = {
    "os._exit": "import os\nos._exit(0)",
    "sys.exit": "import sys\nsys.exit('done')",
    "exit": "raise SystemExit",
    "kill oneself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "recursion": "def deeper(n):\n    return deeper(n + 1) + 1\ndeeper(0)",
    "stack overflow": "import sys\nsys.setrecursionlimit(10**9)\ndeep = []\n"
    "for _ in range(300_000):\n    deep = [deep]\nrepr(deep)",
    "crash in C": "import ctypes\nctypes.string_at(0)",
    "closed descriptors": "import os\nos.closerange(0, 256)",
    "overridden functions": "print = None\nimport builtins\nbuiltins.print = None",
    "an error that cannot be told": "class Rude(Exception):\n    def __str__(self):\n"
    "        raise SystemExit\nraise Rude",
    "a handler that raises later": "import signal, time\nsignal.signal(signal.SIGALRM, lambda *_: 1 / 0)\n"
    "signal.setitimer(signal.ITIMER_REAL, 0.2)\ntime.sleep(0.1)\nexec('import time\\ntime.sleep(1)')",
    "syntax error": "def (",
}


@pytest.mark.parametrize("name", LOSES_WHAT_FOLLOWS)
def test_unheld_it_costs_the_answers_that_follow(name: str, simplest: object) -> None:
    assert callable(simplest)
    came = simplest(LOSES_WHAT_FOLLOWS[name])
    assert came.said != FINE
    assert came.code is not None


NEVER_ENDS = {
    "endless loop": "while True:\n    pass",
    "loop that swallows interrupts": "while True:\n    try:\n        while True:\n            pass\n"
    "    except BaseException:\n        pass",
    "atexit": "import atexit, time\natexit.register(time.sleep, 60)",
    "signal handlers": "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nsignal.alarm(1)\n"
    "while True:\n    pass",
}


@pytest.mark.parametrize("name", NEVER_ENDS)
def test_unheld_it_never_ends(name: str, simplest: object) -> None:
    assert callable(simplest)
    assert simplest(NEVER_ENDS[name], seconds=NEVER).code is None


def test_unheld_memory_is_taken_until_there_is_none(simplest: object) -> None:
    """The control has a limit of its own, since the machine's is everybody's."""
    assert callable(simplest)
    came = simplest("hoard = []\nwhile True:\n    hoard.append(bytes(10**7))", memory_mb=500)
    assert "MemoryError" in came.errors
    assert came.said != FINE


def test_unheld_a_copy_of_the_process_answers_twice(simplest: object) -> None:
    assert callable(simplest)
    assert simplest("import os\nos.fork()").said.count(FINE) == 2


def test_unheld_a_child_is_left_behind(simplest: object) -> None:
    assert callable(simplest)
    leave = "import os, time\nif os.fork() == 0:\n    os.close(1)\n    time.sleep(60)\n    os._exit(0)"
    came = simplest(leave)
    assert (came.said, came.code, len(came.left)) == (FINE, 0, 1)


def test_unheld_nothing_counts_processes_and_threads(simplest: object) -> None:
    """A fork bomb and ten thousand threads, made small: more than a submission may have, and none is refused."""
    assert callable(simplest)
    forks = "import os, time\nfor _ in range(80):\n    if os.fork() == 0:\n        time.sleep(2)\n        os._exit(0)"
    assert simplest(forks).said == FINE
    threads = "from threading import Timer\nfor _ in range(200):\n    Timer(0.5, int).start()"
    assert simplest(threads).said == FINE


def test_unheld_all_that_is_printed_is_kept(simplest: object) -> None:
    assert callable(simplest)
    assert len(simplest("for _ in range(40):\n    print('x' * 100_000)").said) > 4_000_000


def test_unheld_an_error_reaches_the_terminal_as_it_is(simplest: object) -> None:
    assert callable(simplest)
    assert "\x1b[2J" in simplest("raise ValueError('\\x1b[2J')").errors


def test_unheld_its_own_folder_is_gone(simplest: object, tmp_path: Path) -> None:
    assert callable(simplest)
    delete = "import os, shutil\nif os.path.basename(os.getcwd()) == 'work':\n    shutil.rmtree(os.getcwd())"
    assert simplest(delete).said == FINE
    assert not (tmp_path / "work").exists()


# ------------------------------------------------------------------ beside the notebook, and what is inherited

BESIDE = ("pandas.py", "helpers.py", "sitecustomize.py", "usercustomize.py")


def test_a_module_beside_the_notebook_is_not_met(tmp_path: Path, strict: Runner) -> None:
    """The control starts Python in the student's folder, as a notebook server would."""
    from helpers.classroom.grading.reading import find_submissions

    folder = tmp_path / "submitted" / "eve"
    folder.mkdir(parents=True)
    for name in BESIDE:
        (folder / name).write_text(f"print({SECRET!r})\n")
    source = "import pandas, helpers\n"
    source += "found = [pandas.Series([1, 2]).sum().item(), len(helpers.load('us_troops')) > 0]"
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    (folder / "90_x.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    for name in BESIDE[:2]:
        control = subprocess.run(
            [sys.executable, "-c", f"import {name.removesuffix('.py')}"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        assert SECRET in control.stdout
    (submission,) = find_submissions(tmp_path / "submitted", "90").submissions
    (run,) = strict.run([Job("beside", submission.cells, "eve", (Slip("90.1", "found"),))])
    assert Answer.from_json(run.answers["90.1"]).value == (3, True)
    assert run.events == ()


FISH = """
import os
found = []
for descriptor in range(256):
    for name in (descriptor, f"/proc/self/fd/{descriptor}"):
        try:
            handle = os.open(name, os.O_RDONLY) if isinstance(name, str) else os.dup(name)
            if not os.get_blocking(handle) or os.path.isfile(os.readlink(f"/proc/self/fd/{descriptor}")):
                found.append(os.pread(handle, 100, 0).decode())
        except (OSError, ValueError):
            pass
found = "mark" + "-7d1f" in str(found)
"""


def test_an_open_file_of_the_grader_is_not_inherited(tmp_path: Path) -> None:
    (tmp_path / "salt").write_text(SECRET)
    handle = os.open(tmp_path / "salt", os.O_RDONLY)
    os.set_inheritable(handle, True)
    try:
        control = subprocess.run(
            [sys.executable, "-c", f"{FISH}\nprint(found)"],
            capture_output=True,
            text=True,
            check=True,
            close_fds=False,
        )
        assert control.stdout == "True\n"
        for sandbox in ("strict", "process"):
            with open_runner(sandbox=sandbox, slots=1) as runner:
                (run,) = runner.run([Job("fisher", (FISH,), "x", (Slip("90.1", "found"),))])
            assert Answer.from_json(run.answers["90.1"]).value is False
    finally:
        os.close(handle)


def test_no_unix_socket_of_the_class_can_be_reached(
    tmp_path: Path, strict: Runner, unconfined: Runner
) -> None:
    import socket

    tmp_path.chmod(0o755)
    place = str(tmp_path / "socket")
    cell = (
        "import socket\ntry:\n"
        f"    found = socket.socket(socket.AF_UNIX).connect({place!r}) or 'reached'\n"
        "except OSError as error:\n    found = type(error).__name__"
    )
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(place)
        server.listen()
        for runner, expected in ((unconfined, "reached"), (strict, "FileNotFoundError")):
            (run,) = runner.run([Job("caller", (cell,), "x", (Slip("90.1", "found"),))])
            assert Answer.from_json(run.answers["90.1"]).value == expected
