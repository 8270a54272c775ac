"""What a notebook may try to reach.

Each attack is run twice: in the strict sandbox, where it finds nothing, and without one, where it finds what it seeks;
so a test cannot be green because its attack never worked.

Without a sandbox a cell may only touch a throw-away folder of the test and processes that the test started.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import helpers
from helpers.classroom.grading.model import Job, Runner
from helpers.classroom.grading.sandbox import ENVIRONMENT, package_folders
from helpers.data.locate import datasets_folder
from helpers.exercises import Answer, Slip

SECRET = "mark-7d1f"
BANK = Path(helpers.__file__).resolve().parent / "exercises" / "bank" / "lesson_01.py"


def found_by(runner: Runner, *cells: str) -> object:
    """What a notebook leaves in `found`."""
    (run,) = runner.run([Job("curious", cells, "self-study", (Slip("90.1", "found"),))])
    assert run.events == ()
    return Answer.from_json(run.answers["90.1"]).value


def attempt(code: str) -> str:
    """A cell that leaves in `found` what `code` gives, or the name of its error."""
    return f"import os, socket\ntry:\n    found = {code}\nexcept Exception as error:\n    found = type(error).__name__"


@pytest.fixture
def classroom(tmp_path: Path) -> Path:
    """A class on disk; every file holds the secret."""
    for name in (
        "roster.csv",
        "salt",
        "results.jsonl",
        "submitted/eve.ipynb",
        "home/notes.txt",
        "datasets/us_troops.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(SECRET)
    tmp_path.chmod(0o755)
    return tmp_path


@pytest.fixture
def neighbour() -> Iterator[subprocess.Popen[bytes]]:
    """Another process of the same user, with a secret in its environment."""
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(command, env={"SECRET": SECRET}) as process:
        yield process
        process.kill()


# ------------------------------------------------------------------ reading

FILES = ("roster.csv", "salt", "results.jsonl", "submitted/eve.ipynb", "home/notes.txt")


@pytest.mark.parametrize("name", FILES)
def test_no_file_of_the_class_can_be_read(
    name: str, classroom: Path, strict: Runner, unconfined: Runner
) -> None:
    cell = attempt(f"open({str(classroom / name)!r}).read()")
    assert found_by(unconfined, cell) == SECRET
    assert found_by(strict, cell) == "FileNotFoundError"


def test_the_bank_cannot_be_read(strict: Runner, unconfined: Runner) -> None:
    cell = attempt(f"'EXERCISES' in open({str(BANK)!r}).read()")
    assert found_by(unconfined, cell) is True
    assert found_by(strict, cell) == "FileNotFoundError"


def test_the_bank_cannot_be_imported(strict: Runner, unconfined: Runner) -> None:
    cell = attempt("len(__import__('helpers.exercises.bank.lesson_01', fromlist=['x']).EXERCISES) > 0")
    assert found_by(unconfined, cell) is True
    assert found_by(strict, cell) == "ModuleNotFoundError"


def test_helpers_that_know_the_bank_stay_silent_without_it(strict: Runner) -> None:
    cell = """
from helpers import check, hint, predict, progress, quiz, student
check("01.1"), hint("01.1"), progress()
quiz("01"), quiz("01", "warm-up"), predict("01.1"), predict("01.1", reveal=True)
found = student()
"""
    assert found_by(strict, cell) == "self-study"


def test_the_environment_of_the_grader_is_not_handed_on(
    monkeypatch: pytest.MonkeyPatch, strict: Runner, unconfined: Runner
) -> None:
    from helpers.classroom.grading.pool import open_runner

    monkeypatch.setenv("COURSE_SALT", SECRET)
    cell = attempt("os.environ.get('COURSE_SALT', 'nothing')")
    for sandbox in ("strict", "process"):
        with open_runner(sandbox=sandbox, slots=1) as runner:
            assert found_by(runner, cell) == "nothing"
    assert found_by(unconfined, "import os\nos.environ['COURSE_SALT'] = 'own'", cell) == "own"


def test_the_environment_of_other_processes_cannot_be_read(
    neighbour: subprocess.Popen[bytes], strict: Runner, unconfined: Runner
) -> None:
    cell = attempt(f"{SECRET!r} in open('/proc/{neighbour.pid}/environ').read()")
    assert found_by(unconfined, cell) is True
    assert found_by(strict, cell) == "FileNotFoundError"


def test_the_first_process_tells_nothing_of_the_machine(strict: Runner) -> None:
    cell = attempt("[each.partition('=')[0] for each in open('/proc/1/environ').read().split('\\0') if each]")
    names = found_by(strict, cell)
    own = {*ENVIRONMENT, "HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR", "PWD"}
    assert names == "FileNotFoundError" or set(names) <= own  # type: ignore[call-overload]


def test_other_processes_cannot_be_ended(
    neighbour: subprocess.Popen[bytes], strict: Runner, unconfined: Runner
) -> None:
    cell = attempt(f"os.kill({neighbour.pid}, 15) or 'ended'")
    assert found_by(strict, cell) == "ProcessLookupError"
    assert neighbour.poll() is None
    assert found_by(unconfined, cell) == "ended"
    assert neighbour.wait(timeout=10) == -15


def test_nothing_of_another_submission_is_in_memory(strict: Runner) -> None:
    search = """
import gc
gc.unfreeze()
seen = [text for held in gc.get_objects() for text in gc.get_referents(held) if type(text) is str]
found = sum(("mark" + "-7d1f") in text for text in seen)
"""
    found_by(strict, f"found = {SECRET!r}")
    assert found_by(strict, search) == 0
    assert found_by(strict, f"own = {SECRET!r}", search) != 0


def test_nothing_is_left_for_the_next_submission(strict: Runner) -> None:
    places = 'import os\nplaces = (".", "/tmp", "/dev/shm", "/", "/dev", "/var/tmp")\n'
    leave = f"""{places}
for place in places:
    try:
        open(os.path.join(place, "mark"), "w").write("x")
    except OSError:
        pass
"""
    look = f"{places}found = [place for place in places if os.path.exists(os.path.join(place, 'mark'))]"
    left = found_by(strict, leave, look)
    assert left in ((".", "/tmp", "/dev/shm"), (".", "/dev/shm")), "a course below /tmp makes it read-only"
    assert found_by(strict, look) == ()


# ------------------------------------------------------------------ writing


@pytest.mark.parametrize("name", ["results.jsonl", "datasets/us_troops.csv", "home/notes.txt"])
def test_no_file_of_the_class_can_be_changed(
    name: str, classroom: Path, strict: Runner, unconfined: Runner
) -> None:
    cell = attempt(f"open({str(classroom / name)!r}, 'a').write('forged')")
    assert found_by(strict, cell) == "FileNotFoundError"
    assert (classroom / name).read_text() == SECRET
    assert found_by(unconfined, cell) == len("forged")
    assert (classroom / name).read_text() == f"{SECRET}forged"


def test_the_datasets_cannot_be_opened_for_writing(strict: Runner) -> None:
    path = str(datasets_folder() / "us_troops.csv")
    assert found_by(strict, attempt(f"len(open({path!r}).readline()) > 0")) is True
    assert found_by(strict, attempt(f"os.open({path!r}, os.O_WRONLY | os.O_APPEND) and 'open'")) in (
        "OSError",
        "PermissionError",
    )


@pytest.mark.parametrize("place", ["/", "/usr", "/etc", "/dev", str(BANK.parent)])
def test_no_folder_of_the_system_takes_a_file(place: str, strict: Runner) -> None:
    cell = attempt(f"os.access({place!r}, os.W_OK)")
    assert found_by(strict, cell) is False
    assert found_by(strict, attempt("os.access('.', os.W_OK)")) is True


def test_a_small_disk_of_its_own_is_all_that_can_be_filled(strict: Runner) -> None:
    fill = """
found = 0
try:
    for number in range(20):
        with open(f"part-{number}", "wb") as file:
            for _ in range(40):
                found += file.write(bytes(2**20))
except OSError:
    pass
found = found <= 110 * 2**20
"""
    assert found_by(strict, fill) is True


# ------------------------------------------------------------------ the network


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bool]]]:
    """A server of this machine that notes who came."""
    came: list[bool] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)

        def welcome() -> None:
            try:
                server.accept()[0].close()
                came.append(True)
            except OSError:
                return

        thread = threading.Thread(target=welcome, daemon=True)
        thread.start()
        yield server.getsockname()[1], came
        server.close()
        thread.join(timeout=5)


def test_no_server_of_this_machine_can_be_reached(
    listener: tuple[int, list[bool]], strict: Runner, unconfined: Runner
) -> None:
    port, came = listener
    cell = attempt(f"socket.create_connection(('127.0.0.1', {port}), 2) and 'reached'")
    assert found_by(strict, cell) in ("ConnectionRefusedError", "OSError")
    assert came == []
    assert found_by(unconfined, cell) == "reached"


INTERNET = "192.0.2.1"
"""An address for documentation, which nobody in the internet has."""
OWN_INTERNET = """
import ctypes, fcntl, json, os, socket, struct, sys, threading
from pathlib import Path

sys.path[:0] = {folders!r}
user, group = os.geteuid(), os.getegid()
spaces = 0x40000000 | (0 if user == 0 else 0x10000000)
if ctypes.CDLL(None, use_errno=True).unshare(spaces) != 0:
    raise OSError(ctypes.get_errno(), "no network namespace of our own")
if user:
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{{user}} {{user}} 1")
    Path("/proc/self/gid_map").write_text(f"{{group}} {{group}} 1")
assert len(socket.if_nameindex()) == 1, "this is the machine's own network"
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 0x1 | 0x8 | 0x40))
    address = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton({internet!r}))
    fcntl.ioctl(any_socket, 0x8916, struct.pack("16s16s", b"lo:1", address))

from helpers.classroom.grading.model import Job
from helpers.classroom.grading.pool import open_runner
from helpers.exercises import Slip

came = []
with socket.create_server(({internet!r}, 80)) as server:
    def welcome():
        while True:
            server.accept()[0].close()
            came.append(True)
    threading.Thread(target=welcome, daemon=True).start()
    found = []
    for sandbox in ("strict", "process"):
        with open_runner(sandbox=sandbox, slots=1) as runner:
            (run,) = runner.run([Job("one", ({cell!r},), "x", (Slip("90.1", "found"),))])
        found.append([json.loads(run.answers["90.1"])["value"], len(came)])
    print(json.dumps(found), flush=True)
os._exit(0)
"""


def test_no_address_in_the_internet_can_be_reached(strict: Runner) -> None:
    """The control has an internet of its own: a network namespace in which that address is a listener's."""
    cell = attempt(f"socket.create_connection(({INTERNET!r}, 80), 2) and 'reached'")
    assert found_by(strict, cell) == "OSError"
    folders = [str(Path(helpers.__file__).resolve().parent.parent), *map(str, package_folders())]
    code = OWN_INTERNET.format(folders=folders, internet=INTERNET, cell=cell)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    (in_strict, came_from_strict), (unconfined, came) = json.loads(done.stdout)
    assert (in_strict, came_from_strict) == ("OSError", 0)
    assert (unconfined, came) == ("reached", 1)


@pytest.mark.skipif(sys.platform != "linux", reason="NOT RUN: abstract sockets are Linux's")
def test_no_abstract_unix_socket_can_be_reached(strict: Runner, unconfined: Runner) -> None:
    name = f"\0course-attack-{os.getpid()}"
    cell = attempt(f"socket.socket(socket.AF_UNIX).connect({name!r}) or 'reached'")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        assert found_by(unconfined, cell) == "reached"
        assert found_by(strict, cell) == "ConnectionRefusedError"


# ------------------------------------------------------------------ privileges

KERNEL = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def errno_of(name, *arguments):
    return ctypes.get_errno() if getattr(libc, name)(*arguments) == -1 else 0
"""


def test_memory_that_no_limit_counts_is_refused(strict: Runner, unconfined: Runner) -> None:
    cell = f"{KERNEL}found = errno_of('memfd_create', b'held', 0)"
    assert found_by(unconfined, cell) == 0
    assert found_by(strict, cell) == errno.EPERM


def test_no_program_can_gain_privileges(strict: Runner, unconfined: Runner) -> None:
    cell = f"{KERNEL}found = libc.prctl(39, 0, 0, 0, 0)"
    assert found_by(unconfined, cell) == 0
    assert found_by(strict, cell) == 1


def has_vsock() -> bool:
    try:
        socket.socket(40, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True


def test_the_host_of_a_virtual_machine_cannot_be_called(strict: Runner, unconfined: Runner) -> None:
    cell = f"{KERNEL}made = libc.socket(40, 1, 0)\nfound = ctypes.get_errno() if made == -1 else 0"
    assert found_by(strict, cell) == errno.EAFNOSUPPORT
    assert found_by(unconfined, cell) == (0 if has_vsock() else errno.EAFNOSUPPORT)


def test_the_filter_refuses_a_kind_of_socket_that_this_kernel_has(strict: Runner, unconfined: Runner) -> None:
    """A control for machines whose kernel has no vsock: a raw packet socket is refused by the same rule."""
    cell = f"{KERNEL}made = libc.socket(17, 2, 0)\nfound = ctypes.get_errno() if made == -1 else 0"
    assert found_by(strict, cell) == errno.EAFNOSUPPORT
    assert found_by(unconfined, cell) == (0 if os.geteuid() == 0 else errno.EPERM)


def test_no_new_namespace_and_no_mount(strict: Runner, unconfined: Runner) -> None:
    """Without a sandbox the mount is in a namespace of the attacker's own, over its own working folder."""
    cell = f"""{KERNEL}
found = [errno_of('unshare', 0x10000000 | 0x20000)]
if not any(found):
    found.append(errno_of('mount', b'none', b'/', None, 0x44000, None))
if not any(found):
    found.append(errno_of('mount', b'none', os.getcwd().encode(), b'tmpfs', 0, None))
"""
    assert found_by(strict, cell) == (errno.EPERM,)
    assert found_by(unconfined, cell) == (0, 0, 0)


@pytest.mark.parametrize("flag", [0x10000000, 0x20000, 0x40000000, 0x20000000])
def test_no_single_namespace_is_given(flag: int, strict: Runner) -> None:
    assert found_by(strict, f"{KERNEL}found = errno_of('unshare', {flag})") == errno.EPERM


def test_nothing_is_mounted_in_its_own_folder(strict: Runner) -> None:
    cell = f"{KERNEL}found = errno_of('mount', b'none', os.getcwd().encode(), b'tmpfs', 0, None)"
    assert found_by(strict, cell) == errno.EPERM


def test_no_privilege_is_left(strict: Runner) -> None:
    cell = f"""{KERNEL}
held = (ctypes.c_uint32 * 6)()
libc.capget((ctypes.c_uint32 * 2)(0x20080522, 0), held)
found = [os.getuid() == 0, os.geteuid() == 0, any(held), len(os.getgroups()) > 1]
"""
    assert found_by(strict, cell) == (False, False, False, False)


# ------------------------------------------------------------------ the pipe

SAY = """
import os
def say(text):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, text.encode())
        except OSError:
            pass
"""


def said_by(runner: Runner, text: str) -> tuple[dict[str, str], set[str], bool]:
    cells = ("answer = 1", f"{SAY}say({text!r})", "other = 2")
    slips = (Slip("90.1", "answer"), Slip("90.2", "other"))
    (run,) = runner.run([Job("forger", cells, "self-study", slips)])
    values = {key: Answer.from_json(answer).value for key, answer in run.answers.items()}
    return (
        {key: str(value) for key, value in values.items()},
        {event.kind for event in run.events},
        run.finished,
    )


def line(**content: object) -> str:
    return f"\n{json.dumps(content)}\n"


@pytest.mark.parametrize(
    "text",
    [
        line(kind="value", id="91.1", payload='{"kind":"number","value":1}'),
        line(kind="snapshot", id="01.1", payload='{"kind":"number","value":1}'),
        line(kind="points", id="90.1", points=10),
        line(kind="started", cell=99),
        line(kind="ended", cell=3, why="", text="", cpu=0.0),
        line(kind="value", id="90.1", payload=1),
        line(kind="declared", id="\x1b[2J"),
        '\n{"kind":"end","kind":"end"}\n',
        '\n{"kind":"started","cell":' + "9" * 5000 + "}\n",
        "\n" + "[" * 50_000 + "\n",
        "\nnoise \x00\x1b[2J\n",
        line(kind="snapshot", id="90.1", payload="[" * 5000),
        '\n{"kind":"declared","id":"\\ud800"}\n',
    ],
)
def test_a_forged_message_is_refused_and_changes_nothing(text: str, strict: Runner) -> None:
    answers, events, finished = said_by(strict, text)
    assert answers == {"90.1": "1", "90.2": "2"}
    assert events == {"refused"}
    assert finished


def test_an_answer_that_is_given_twice_is_refused(strict: Runner) -> None:
    answers, events, _ = said_by(strict, line(kind="value", id="90.2", payload='{"kind":"number","value":2}'))
    assert answers["90.2"] == "2"
    assert events == {"refused"}


def test_half_a_message_does_not_spoil_the_next(strict: Runner) -> None:
    answers, events, finished = said_by(strict, '{"kind":"sta')
    assert (answers, events, finished) == ({"90.1": "1", "90.2": "2"}, {"refused"}, True)


def test_a_flood_is_cut_off_and_what_a_check_saw_is_kept(strict: Runner) -> None:
    flood = f"{SAY}say('x' * 5_000_000)"
    cells = ("from helpers import check", "answer = 1", 'check("90.1")', flood)
    flooder = Job("flooder", cells, "self-study", (Slip("90.1", "answer"),))
    (run,) = strict.run([flooder])
    assert Answer.from_json(run.answers["90.1"]).value == 1
    assert {event.kind for event in run.events} == {"refused"}
    assert not run.finished
    assert found_by(strict, "found = 'fine'") == "fine"


def test_an_early_end_is_believed_and_ends_the_process(strict: Runner) -> None:
    cells = ("answer = 1", f"{SAY}say({line(kind='end')!r})\nwhile True:\n    pass")
    (run,) = strict.run([Job("ender", cells, "self-study", (Slip("90.1", "answer"),))])
    assert dict(run.answers) == {}
    assert found_by(strict, "found = 'fine'") == "fine"


# ------------------------------------------------------------------ answers


def test_two_ids_in_one_notebook_are_both_told(strict: Runner) -> None:
    cells = (
        "from helpers import student",
        "student('ada')",
        "student('eve')",
        "student('ada')",
        "student('a b')",
    )
    (run,) = strict.run([Job("two", cells, "self-study", ())])
    assert run.declared == ("ada", "eve")
    assert [(event.cell, event.kind) for event in run.events] == [(5, "error")]


@pytest.mark.parametrize(
    ("code", "kind", "value"),
    [
        ("float('nan')", "number", "nan"),
        ("-float('inf')", "number", "-inf"),
        ("__import__('pandas').Series(range(10_000_000))", "too_big", "10,000,000 values; at most 100,000"),
        ("10**400", "too_big", "an integer beyond the range of a float"),
        ("'\\ud800'", "text", "?"),
        ("object()", "other", None),
        ("'0.54'", "text", "0.54"),
    ],
)
def test_an_odd_answer_arrives_as_what_it_is(code: str, kind: str, value: object, strict: Runner) -> None:
    (run,) = strict.run([Job("odd", (f"answer = {code}",), "self-study", (Slip("90.1", "answer"),))])
    answer = Answer.from_json(run.answers["90.1"])
    assert (answer.kind, answer.value) == (kind, value)
    assert run.events == ()


DEADLY = {
    "it ends the process": ("import os\ndef answer(x):\n    os._exit(0)", "died"),
    "it never ends": ("def answer(x):\n    while True:\n        pass", "timed out"),
}


@pytest.mark.parametrize("name", DEADLY)
def test_a_function_that_cannot_be_called_costs_only_itself(name: str, strict: Runner) -> None:
    cell, kind = DEADLY[name]
    slips = (Slip("90.1", "answer", [[1], [2]]), Slip("90.2", "other"))
    (run,) = strict.run([Job("function", (cell, "other = 2"), "self-study", slips)])
    assert Answer.from_json(run.answers["90.2"]).value == 2
    assert [(event.cell, event.kind) for event in run.events] == [(0, kind)]
    assert "90.1" in run.events[0].text
    assert run.finished


def test_a_module_that_a_notebook_writes_hides_none_of_ours(strict: Runner) -> None:
    cells = (
        "%%writefile pandas.py\nraise SystemExit('not pandas')",
        "%%writefile helpers.py\nraise SystemExit('not helpers')",
        "%%writefile sitecustomize.py\nraise SystemExit('not site')",
        "%%writefile mine.py\nvalue = 'mine'",
        "import sys\nfor name in list(sys.modules):\n    if name.startswith('pandas'):\n        del sys.modules[name]",
        "import mine, os\nfrom importlib.util import find_spec\n"
        "found = [mine.value, os.getcwd() in find_spec('pandas').origin]",
    )
    assert found_by(strict, *cells) == ("mine", False)
