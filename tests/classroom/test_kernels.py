"""A forked kernel is like an ordinary one: fresh, in its own place, obedient, and gone when it should be."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpers.classroom import suite
from helpers.classroom.kernels import parent, provisioner
from helpers.classroom.kernels.running import make_known, possible, running

if not possible():
    pytest.skip("NOT RUN: nothing can be forked here", allow_module_level=True)

from jupyter_client.manager import KernelManager

ROOT = Path(__file__).parents[2]
SECONDS = 30


class Kernel:
    """A kernel and its client; `run` gives what a cell prints."""

    def __init__(self, manager: Any) -> None:
        self.manager, self.client = manager, manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=SECONDS)

    def run(self, code: str) -> str:
        said: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            said.append(
                str(
                    content.get("text")
                    or content.get("data", {}).get("text/plain")
                    or content.get("ename", "")
                )
            )

        self.client.execute_interactive(textwrap.dedent(code), timeout=SECONDS, output_hook=hear)
        return "".join(said).strip()

    def value(self, expression: str) -> str:
        return self.run(f"print({expression})")

    def end(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with running() as folder:
        yield folder


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Kernel]]:
    kernels: list[Kernel] = []

    def start(**options: Any) -> Kernel:
        manager = KernelManager(kernel_name="python3")
        manager.start_kernel(**options)
        kernels.append(Kernel(manager))
        return kernels[-1]

    yield start
    for kernel in kernels:
        kernel.end()


def test_a_kernel_is_forked_with_libraries_imported(start: Callable[..., Kernel]) -> None:
    kernel = start()
    assert isinstance(kernel.manager.provisioner, provisioner.ForkedKernel)
    assert kernel.value("{'pandas', 'seaborn', 'helpers.labs'} <= set(__import__('sys').modules)") == "True"
    assert kernel.value("len([name for name in globals() if name in ('pd', 'sns', 'helpers')])") == "0"


def test_nothing_of_one_kernel_is_in_the_next(start: Callable[..., Kernel]) -> None:
    first = start()
    first.run("import pandas as pd, random, numpy as np\nx = 1\npd.spoilt = True")
    drawn = first.value("random.random(), np.random.rand()")
    second = start()
    assert second.value("'x' in globals(), hasattr(__import__('pandas'), 'spoilt')") == "False False"
    assert second.value("__import__('random').random(), __import__('numpy').random.rand()") != drawn


def test_environment_and_folder_are_those_that_were_asked_for(
    start: Callable[..., Kernel], tmp_path: Path
) -> None:
    kernel = start(cwd=str(tmp_path), env={"PATH": "/usr/bin", "COLOUR": "green", "HOME": str(tmp_path)})
    assert kernel.value("__import__('os').getcwd()") == str(tmp_path)
    assert kernel.value("__import__('os').environ['COLOUR']") == "green"
    assert (
        kernel.value("sorted(set(__import__('os').environ) & {'COURSE_KERNELS', 'PYTEST_CURRENT_TEST'})")
        == "[]"
    )
    (tmp_path / "beside.py").write_text("answer = 42\n", encoding="utf-8")
    assert kernel.value("__import__('beside').answer") == "42"


def test_two_kernels_share_no_settings_and_keep_no_history(
    start: Callable[..., Kernel], tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    places = {
        start(env={**os.environ, "IPYTHONDIR": str(tmp_path)}).value("__import__('os').environ['IPYTHONDIR']")
        for _ in range(2)
    }
    assert len(places) == 2
    assert set(tmp_path.iterdir()) == before
    assert not list(Path(next(iter(places))).rglob("history.sqlite"))


def test_what_one_notebook_recorded_does_not_show_in_another(
    start: Callable[..., Kernel], tmp_path: Path
) -> None:
    shared = {**os.environ, "COURSE_HOME": str(tmp_path)}
    write = "__import__('helpers').student('ada-17')"
    read = "__import__('helpers.exercises.records', fromlist=['FILE']).FILE.read()"
    assert start(env=shared).value(write) == "ada-17"
    assert start(env=shared).value(read) == "{}"


def test_tables_are_shown_as_in_an_ordinary_kernel(
    start: Callable[..., Kernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = """
        import pandas as pd, matplotlib as mpl, sys, ipywidgets
        print(pd.get_option("display.max_columns"), pd.get_option("display.width"), mpl.rcParams["backend"])
        print(sys.path, sys.flags, sys.argv[1])
        print(get_ipython().kernel.comm_manager.targets.keys() >= {"jupyter.widget"})
    """
    forked = start().run(look)
    monkeypatch.delenv("JUPYTER_DEFAULT_PROVISIONER_NAME")
    monkeypatch.setattr("jupyter_client.provisioning.KernelProvisionerFactory._instance", None)
    ordinary = start()
    assert not isinstance(ordinary.manager.provisioner, provisioner.ForkedKernel)
    assert ordinary.run(look) == forked


def test_a_figure_is_drawn_where_an_ordinary_kernel_draws_it(start: Callable[..., Kernel]) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    kernel = start(env=environment)
    assert "Figure" in kernel.run("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")


def test_an_interrupted_cell_ends_and_the_next_one_runs(start: Callable[..., Kernel]) -> None:
    kernel = start()
    # After an error a kernel turns away what arrives in that moment, unless the request says otherwise.
    sleep = "import time\nprint('begun')\ntime.sleep(60)"
    waiting = kernel.client.execute(sleep, stop_on_error=False)
    while kernel.client.get_iopub_msg(timeout=SECONDS)["content"].get("text") != "begun\n":
        pass
    kernel.manager.interrupt_kernel()
    reply = kernel.client.get_shell_msg(timeout=SECONDS)
    assert (reply["parent_header"]["msg_id"], reply["content"]["ename"]) == (waiting, "KeyboardInterrupt")
    assert kernel.value("1 + 1") == "2"


def test_a_kernel_that_died_is_seen_to_be_dead_with_all_that_it_started(start: Callable[..., Kernel]) -> None:
    kernel = start()
    left = int(kernel.value("__import__('subprocess').Popen(['sleep', '100']).pid"))
    kernel.client.execute("import os; os._exit(7)")
    assert eventually(lambda: not kernel.manager.is_alive())
    assert kernel.manager.provisioner._code == 7
    assert eventually(lambda: not is_alive(left))


def test_a_kernel_shuts_down_when_asked_and_can_be_started_again(start: Callable[..., Kernel]) -> None:
    kernel = start()
    kernel.run("x = 1")
    kernel.manager.restart_kernel(now=True)
    kernel.client.wait_for_ready(timeout=SECONDS)
    assert kernel.value("'x' in globals()") == "False"
    kernel.manager.shutdown_kernel()
    assert not kernel.manager.is_alive()


def test_why_a_kernel_did_not_start_is_said(start: Callable[..., Kernel], tmp_path: Path) -> None:
    with pytest.raises(provisioner.KernelNotStarted, match=r"did not start.*FileNotFoundError.*nowhere"):
        start(cwd=str(tmp_path / "nowhere"))
    assert start().value("1") == "1"


def test_without_a_parent_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(provisioner.ADDRESS, "/nowhere/parent")
    with pytest.raises(provisioner.KernelNotStarted, match="is gone"):
        provisioner._call()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_parent_kernels_and_folder_end_with_whoever_started_them(end: signal.Signals) -> None:
    program = """
        import sys
        from helpers.classroom.kernels.running import running
        from jupyter_client.manager import KernelManager
        with running() as folder:
            manager = KernelManager(kernel_name="python3")
            manager.start_kernel()
            print(manager.provisioner._process, folder, flush=True)
            sys.stdin.read()
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        kernel, folder = process.stdout.readline().split()
        assert is_alive(int(kernel))
        process.send_signal(end)
        process.wait()
    assert eventually(lambda: not is_alive(int(kernel)))
    assert eventually(lambda: not Path(folder).exists())


PAIR = """
import os, sys, time
from helpers.classroom.kernels.running import make_known
make_known()
from nbval.kernel import RunningKernel
while time.time() < float(sys.argv[1]):
    time.sleep(0.001)
kernel = RunningKernel("python3", cwd=os.getcwd())
kernel.await_reply(kernel.execute_cell_input("1"), timeout=60)
kernel.stop()
"""


def test_kernels_that_start_at_the_same_moment_in_fresh_folders_do_not_meet(
    folder: Path, tmp_path: Path
) -> None:
    offline = [] if suite.missing_sandbox() else suite._offline()
    for attempt in range(3):
        places = {name: str(tmp_path / f"{attempt}{name}") for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR")}
        moment = str(time.time() + 1.5)
        command = [*offline, sys.executable, "-c", PAIR, moment]
        pair = [
            subprocess.Popen(command, env={**os.environ, **places}, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        assert [(process.communicate(timeout=120)[1], process.returncode) for process in pair] == [
            ("", 0)
        ] * 2


def test_the_suite_takes_these_kernels_and_a_cell_that_fails_is_shown(tmp_path: Path) -> None:
    import nbformat.v4 as v4

    cells = [
        v4.new_code_cell("import os; place = os.environ['IPYTHONDIR']"),
        v4.new_code_cell("assert place == 1, place"),
    ]
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "x"}})
    import nbformat

    nbformat.write(notebook, tmp_path / "one.ipynb")
    shutil.copy(tmp_path / "one.ipynb", tmp_path / "two.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        suite.FORKED_KERNELS,
        "--nbval-lax",
        "-n",
        "2",
        "-q",
        str(tmp_path),
    ]
    environment = {name: value for name, value in os.environ.items() if name not in (provisioner.ADDRESS,)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert "2 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    assert "AssertionError" in done.stdout
    assert "/ck-" in done.stdout


def test_an_order_survives_its_journey() -> None:
    order = parent.Order("file", "folder", {"NAME": "ü"})
    assert parent.Order.from_json(order.to_json()) == order


def test_a_plugin_makes_the_provisioner_known() -> None:
    from jupyter_client.provisioning import KernelProvisionerFactory

    make_known()
    assert KernelProvisionerFactory.provisioners["course-forked"].load() is provisioner.ForkedKernel


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
