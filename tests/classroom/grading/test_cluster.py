"""Grading on a Dask cluster: where the way is open to others nothing is sent, and the marks are the same as here."""

from __future__ import annotations

import importlib
import json
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import LocalCluster, Security

from helpers.classroom.grading import cluster
from helpers.classroom.grading.cluster import ClusterError, address_of, connected
from helpers.classroom.grading.grading import (
    GradingError,
    Work,
    grade_all,
    graded_elsewhere,
    run_command,
)
from helpers.classroom.grading.private_bank import BankError, exercises_of
from helpers.classroom.grading.results import Result

ROOT = Path(__file__).parents[3]
NOTEBOOK = "1_assurance_theory/01_two_audiences.ipynb"
LOCAL = {"host": "127.0.0.1", "dashboard_address": None, "threads_per_worker": 1}

# Made for these tests with openssl, valid for a hundred years, trusted by nobody else.
KEY = """-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgq9oIdUfd2isWILtY
xmyaoMsulpwU8QCxhDeJl+BXxf6hRANCAARz+JIkPa6y9pdLS1LBRzZn26hDq6YH
JAP59YU11OSEkK3+NrkTc5hiogceYjUgkitjeb3ACN/4P/1NUKv2SDUp
-----END PRIVATE KEY-----
"""
CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUOHTqEqXp0unZZL4tYAJjY4PClHIwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMY291cnNlIHRlc3RzMCAXDTI2MTEyNDE0MzEzN1oYDzIxMjYx
MDMxMTQzMTM3WjAXMRUwEwYDVQQDDAxjb3Vyc2UgdGVzdHMwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAARz+JIkPa6y9pdLS1LBRzZn26hDq6YHJAP59YU11OSEkK3+
NrkTc5hiogceYjUgkitjeb3ACN/4P/1NUKv2SDUpo1MwUTAdBgNVHQ4EFgQU+q6j
vzcFHyTdAcenuyKmQ/tp1I4wHwYDVR0jBBgwFoAU+q6jvzcFHyTdAcenuyKmQ/tp
1I4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiB0UdqvYDRqTU0Y
qwZOnlLplMU47gd1xNXDEx66B2hrMwIhANmTAblkQH8Y2POIA3WmyQc4ydB4P2Bl
xUP68uxDAhoQ
-----END CERTIFICATE-----
"""


def refusal(address: str) -> str:
    """The sentence with which a scheduler is refused."""
    with pytest.raises(ClusterError) as caught, connected(address):
        pass
    return str(caught.value)


# ------------------------------------------------------------------ addresses


@pytest.mark.parametrize(
    "text",
    ["tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:8786", "tcp://127.9.9.9:1", "tls://10.0.0.7:8786",
     "tls://grading.example.org:8786"],
)  # fmt: skip
def test_tls_anywhere_and_plain_only_on_this_machine(text: str) -> None:
    assert str(address_of(text)) == text


@pytest.mark.parametrize(
    "text",
    ["tcp://10.0.0.7:8786", "tcp://grading.example.org:8786", "tcp://0.0.0.0:8786", "tcp://[2001:db8::1]:8786",
     "tcp://localhost.example.org:8786", "tcp://127.0.0.1.example.org:8786"],
)  # fmt: skip
def test_a_scheduler_elsewhere_without_tls_is_refused_before_a_byte_is_sent(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster.socket, "create_connection", _nobody_may)
    monkeypatch.setattr(cluster, "_client", _nobody_may)
    with (
        pytest.raises(ClusterError, match=r"on another machine and has no TLS.*give tls://"),
        connected(text),
    ):
        pass


def _nobody_may(*_: object, **__: object) -> Any:
    raise AssertionError("It went there.")


@pytest.mark.parametrize(
    "text",
    ["", "127.0.0.1:8786", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:99999", "http://127.0.0.1:8786",
     "tcp://127.0.0.1:8786/x", "tcp://user:word@127.0.0.1:8786", "tcp://[::1:8786", "ws://127.0.0.1:1", "tls://:1"],
)  # fmt: skip
def test_what_is_no_address_is_told_with_the_form_of_one(text: str) -> None:
    with pytest.raises(ClusterError) as caught, connected(text):
        pass
    said = f"{text!r} is no address of a scheduler. Give tcp://127.0.0.1:8786 on this machine, or tls://name:8786."
    assert str(caught.value) == said


# ------------------------------------------------------------------ what cannot be reached


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_without_dask_the_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    said = refusal("tcp://127.0.0.1:8786")
    assert said.startswith("Dask is not installed")
    assert "assurance-course[cluster]" in said


def test_a_scheduler_that_is_not_there_is_told() -> None:
    address = f"tcp://127.0.0.1:{closed_port()}"
    assert refusal(address).startswith(
        f"No scheduler answers at {address} (Connection refused). Is it running?"
    )


def test_what_never_answers_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert "is no Dask scheduler that takes us" in refusal(f"tcp://127.0.0.1:{server.getsockname()[1]}")


def test_a_worker_in_place_of_a_scheduler_is_told() -> None:
    with LocalCluster(n_workers=1, **LOCAL) as workers:
        (worker,) = workers.scheduler_info["workers"]
        assert "is no Dask scheduler that takes us (ValueError)" in refusal(worker)


def test_tls_without_certificates_is_told_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster.socket, "create_connection", _nobody_may)
    assert refusal("tls://192.0.2.1:8786").startswith(
        "There are no certificates for tls://192.0.2.1:8786. Name"
    )


def test_certificates_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    names = ("ca-file", "client.cert", "client.key")
    with dask.config.set({f"distributed.comm.tls.{name}": str(tmp_path / "ca.pem") for name in names}):
        assert refusal("tls://192.0.2.1:8786").startswith(
            "The certificates for tls://192.0.2.1:8786 cannot be read"
        )


class Workers:
    """A client that knows workers, by address."""

    def __init__(self, **threads: int) -> None:
        self._threads = threads

    def nthreads(self) -> dict[str, int]:
        return {key.replace("__", "://").replace("_", "."): value for key, value in self._threads.items()}


def test_workers_elsewhere_without_tls_are_refused_also_behind_a_scheduler_of_this_machine() -> None:
    here = address_of("tcp://127.0.0.1:8786")
    assert cluster._capacity(Workers(tcp__127_0_0_1=2, tls__10_0_0_7=3), here) == 5
    with pytest.raises(ClusterError, match=r"The worker tcp://10\.0\.0\.7 of the scheduler .* has no TLS"):
        cluster._capacity(Workers(tcp__127_0_0_1=2, tcp__10_0_0_7=3), here)


def test_a_scheduler_without_workers_is_told() -> None:
    with LocalCluster(n_workers=0, **LOCAL) as nobody:
        address = nobody.scheduler_address
        assert refusal(address) == (
            f"The scheduler {address} has no workers. Start some with: dask worker {address}."
        )


# ------------------------------------------------------------------ equal results


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cluster") / "submitted"
    folder.mkdir()
    for name, source in {
        "ada": "solutions",
        "bob": "lessons",
        "eve": "solutions",
        "pim": "solutions",
    }.items():
        shutil.copy(ROOT / source / NOTEBOOK, folder / f"{name}.ipynb")
    (folder / "eve.ipynb").write_bytes(b"")
    for number in range(12):
        source = f"from helpers import student\nstudent('s{number}')\nshares_1968 = [0.{number:02}, 'x']"
        cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
        held = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (folder / f"s{number}.ipynb").write_text(json.dumps(held))
    return folder


@pytest.fixture(scope="module")
def here(submitted: Path) -> tuple[Result, ...]:
    """Results of this process and its slots."""
    return grade_all(
        submitted, "01", sandbox="process", results=submitted.parent / "here", say=lambda _: None
    ).results


def without_salt(results: tuple[Result, ...]) -> list[Result]:
    return [replace(each, stamp=replace(each.stamp, salt="")) for each in results]


needs_processes = pytest.mark.skipif(
    sys.platform != "linux", reason="NOT RUN: the runner's processes need Linux"
)


@needs_processes
@pytest.mark.parametrize("n_workers", [1, 3])
def test_results_are_equal_whatever_the_number_of_workers(
    n_workers: int, submitted: Path, here: tuple[Result, ...]
) -> None:
    results = submitted.parent / f"workers-{n_workers}"
    with LocalCluster(n_workers=n_workers, **LOCAL) as workers, connected(workers.scheduler_address) as found:
        assert found.n_threads == n_workers
        there = grade_all(
            submitted, "01", sandbox="process", results=results, executor=found.executor, jobs=found.n_threads,
            say=lambda _: None,
        )  # fmt: skip
    assert without_salt(there.results) == without_salt(here)
    assert there.n_graded == 16


@needs_processes
def test_the_command_grades_over_tls(submitted: Path, here: tuple[Result, ...], tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(KEY)
    (tmp_path / "ca.pem").write_text(CERTIFICATE)
    pair = {"cert": str(tmp_path / "ca.pem"), "key": str(tmp_path / "key.pem")}
    roles = {
        f"tls_{role}_{part}": path
        for role in ("scheduler", "worker", "client")
        for part, path in pair.items()
    }
    security = Security(tls_ca_file=str(tmp_path / "ca.pem"), require_encryption=True, **roles)
    ours = {"distributed.comm.tls.ca-file": str(tmp_path / "ca.pem")}
    ours |= {f"distributed.comm.tls.client.{part}": path for part, path in pair.items()}
    said: list[str] = []
    with LocalCluster(n_workers=1, protocol="tls://", security=security, **LOCAL) as workers:
        address = workers.scheduler_address
        assert address.startswith("tls://")
        with dask.config.set(ours):
            code = run_command(
                submitted, "01", scheduler=address, sandbox="process", results=tmp_path / "results", say=said.append
            )  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cluster, "CONNECT_SECONDS", 2.0)
            assert "takes us" in refusal(address.replace("tls", "tcp"))
    assert code == 0, said
    assert any(line.startswith("Lesson 01: 16 graded") for line in said)


# ------------------------------------------------------------------ the command


def test_the_command_tells_what_is_wrong_in_a_sentence(submitted: Path) -> None:
    course = [
        sys.executable,
        "-c",
        "from helpers.cli import main; main()",
        "grade",
        str(submitted),
        "--lesson",
        "01",
    ]
    done = subprocess.run(
        [*course, "--scheduler", "tcp://10.0.0.7:8786"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert done.stdout.startswith(
        "course: The scheduler tcp://10.0.0.7:8786 is on another machine and has no TLS"
    )
    assert done.stderr == ""


def test_one_notebook_is_not_sent_to_a_cluster(submitted: Path) -> None:
    said: list[str] = []
    assert run_command(submitted / "ada.ipynb", "01", scheduler="tcp://127.0.0.1:1", say=said.append) == 1
    assert said == ["course: One notebook is graded here: leave out --scheduler, or give a folder."]


# ------------------------------------------------------------------ those who do the work


class Lost(ThreadPoolExecutor):
    """An executor that does its first part and loses the others after that."""

    def __init__(self) -> None:
        super().__init__(1)
        self.futures: list[Future[Any]] = []

    def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        own: Future[Any] = Future()
        self.futures.append(super().submit(function, *args, **kwargs) if not self.futures else own)
        return self.futures[-1]

    def lose(self, _line: str) -> None:
        for future in self.futures[1:]:
            if not future.done():
                future.set_exception(CancelledError())


def test_work_that_is_lost_is_told_and_what_was_had_is_kept(
    bank: Any, classroom: Any, make_runner: Any, right: tuple[str, ...]
) -> None:
    del bank
    for number in range(12):
        classroom.hand_in(f"s{number}", *right)

    def opener(*, sandbox: str, slots: int) -> Any:
        return make_runner()(sandbox=sandbox, slots=slots)

    with Lost() as executor, pytest.raises(GradingError, match="were lost"):
        grade_all(classroom.submitted, "90", executor=executor, jobs=1, opener=opener, say=executor.lose)
    assert grade_all(classroom.submitted, "90", opener=opener, say=lambda _: None).n_graded == 7


@pytest.mark.parametrize("odd", ["checks", "data", "versions"])
def test_another_course_where_the_work_is_done_is_refused(
    odd: str, bank: Any, classroom: Any, runner: Any, right: tuple[str, ...]
) -> None:
    classroom.hand_in("ada", *right)
    seen: list[Work] = []

    class Keeping(ThreadPoolExecutor):
        def submit(self, function: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            seen.extend(args)
            return super().submit(function, *args, **kwargs)

    with Keeping(1) as executor:
        grade_all(classroom.submitted, "90", executor=executor, opener=runner, say=lambda _: None)
    (work,) = seen
    other = replace(work.orders[0], stamp=replace(work.orders[0].stamp, **{odd: "another"}))
    name = {"checks": "exercises"}.get(odd, odd)
    with pytest.raises(GradingError, match=f"the course has other {name} than here.*Install the same course"):
        graded_elsewhere(replace(work, orders=(other,)))
    with pytest.raises(BankError, match="Where the work is done there is no folder /nowhere"):
        graded_elsewhere(replace(work, bank="/nowhere"))


PRIVATE = """
from helpers.exercises import Exercise, Number
EXERCISES = (Exercise("01.7", 5, "secret", Number(decimals=0), "A secret.", lambda context: 42),)
"""


@pytest.fixture
def private(tmp_path: Path) -> Path:
    (tmp_path / "lesson_01.py").write_text(PRIVATE)
    return tmp_path


def test_threads_that_load_a_bank_do_so_one_after_the_other(
    private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a bank is laid over the course's, another thread would take the one for the other."""
    private_bank = importlib.import_module("helpers.classroom.grading.private_bank")
    plain, inside, seen = private_bank.course_exercises, [0], []

    def slow(lesson: str) -> Any:
        inside[0] += 1
        seen.append(inside[0])
        time.sleep(0.02)
        inside[0] -= 1
        return plain(lesson)

    monkeypatch.setattr(private_bank, "course_exercises", slow)
    with ThreadPoolExecutor(8) as executor:
        held = list(executor.map(lambda _: [each.id for each in exercises_of("01", private)], range(24)))
    assert held == [["01.7"]] * 24
    assert seen == [1] * 24
    assert [each.name for each in private.iterdir()] == ["lesson_01.py"]
