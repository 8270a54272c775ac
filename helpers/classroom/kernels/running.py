"""Start the parent of kernels, make it known to `jupyter_client`, and end it.

The idea: the socket on which the parent will hear is open before the parent is started, so whoever calls early waits
and is not refused; and the parent ends with the process that started it, whatever becomes of that.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

from helpers.classroom.kernels.provisioner import ADDRESS

NAME = "course-forked"
CHOOSE = "JUPYTER_DEFAULT_PROVISIONER_NAME"
_HOME = "helpers.classroom.kernels.provisioner:ForkedKernel"
_START = (
    "import sys; arguments = map(int, sys.argv[1:]); sys.path[:] = filter(None, sys.path); "
    "from helpers.classroom.kernels.parent import main; main(*arguments)"
)
LONGEST_PATH = 60
"""Bytes; the path of a Unix socket has at most 107, and a kernel's folder lies below this one."""


def possible() -> bool:
    """Whether this machine can fork."""
    return hasattr(os, "fork")


def make_known() -> None:
    """Let `jupyter_client` find the provisioner in this process, as an entry point of a package would."""
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    group = KernelProvisionerFactory.GROUP_NAME
    KernelProvisionerFactory.provisioners[NAME] = EntryPoint(NAME, _HOME, group)


@contextmanager
def running() -> Iterator[Path]:
    """Fork all kernels of this process, and of those that it starts, from one parent.

    Yields
    ------
    Path
        Folder in which kernels and their clients meet.
    """
    make_known()
    folder = Path(tempfile.mkdtemp(prefix="ck-", dir=_short_folder()))
    calls, ours = socket.socket(socket.AF_UNIX), None
    before = {name: os.environ.get(name) for name in (ADDRESS, CHOOSE)}
    try:
        calls.bind(str(folder / "parent"))
        calls.listen(64)
        ours, theirs = socket.socketpair()
        with theirs:
            process = _start(calls, theirs)
        calls.close()
        os.environ.update({ADDRESS: str(folder / "parent"), CHOOSE: NAME})
        _choose_anew()
        yield folder
    finally:
        _restore(before)
        _choose_anew()
        calls.close()
        if ours is not None:
            ours.close()
            _wait_for(process)
        shutil.rmtree(folder, ignore_errors=True)


def _choose_anew() -> None:
    """Let `jupyter_client` read the environment again: it keeps the provisioner that the first kernel was given."""
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    KernelProvisionerFactory.clear_instance()


def _start(calls: socket.socket, lifeline: socket.socket) -> subprocess.Popen[bytes]:
    given = (calls.fileno(), lifeline.fileno())
    environment = {name: value for name, value in os.environ.items() if name != "JPY_PARENT_PID"}
    return subprocess.Popen(
        [sys.executable, "-c", _START, *map(str, given)],
        pass_fds=given, env=environment, stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _short_folder() -> str:
    place = tempfile.gettempdir()
    return place if len(os.fsencode(place)) <= LONGEST_PATH else "/tmp"


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
