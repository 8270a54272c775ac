"""The process that imports everything once and becomes a kernel for each client that asks for one.

The idea: it never runs a cell, has one thread, and opens no message socket, so a fork of it is like a fresh process.
Each kernel has a connection of its own to the client that wanted it. The client sends signals over it and hears how
the kernel ended; if it is closed, the kernel is ended. When whoever started the parent is gone, so is all the rest.
"""

from __future__ import annotations

import builtins
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from helpers.classroom.grading.confine import die_with_parent
from helpers.classroom.preload import preload, read_datasets

START = b"S"
N_DESCRIPTORS = 4
"""With `START` come four: a file with the order, and the kernel's standard input, output and error."""
LONGEST_REASON = 4000
SETTINGS = ("--HistoryManager.hist_file=:memory:", "--IPKernelApp.parent_handle=1")
"""No history in a file; and no advice on the terminal, as for a kernel that was started by hand."""


@dataclass(frozen=True)
class Order:
    """What a client wants.

    Parameters
    ----------
    connection_file : str
        With the sockets where client and kernel meet.
    folder : str
        To work in.
    environment : dict
        The whole environment; nothing of the parent's is left.
    """

    connection_file: str
    folder: str
    environment: dict[str, str]

    def to_json(self) -> bytes:
        """Write for the kernel."""
        return json.dumps(vars(self)).encode()

    @staticmethod
    def from_json(text: bytes) -> Order:
        """Read what `to_json` wrote."""
        return Order(**json.loads(text))


def main(listening: int, lifeline: int) -> None:
    """Serve until the other end of `lifeline` is closed; in a fork, be a kernel until it is shut down.

    Parameters
    ----------
    listening : int
        Descriptor of a socket on which clients call.
    lifeline : int
        Descriptor of a socket that nobody writes to.
    """
    os.environ.pop("MPLBACKEND", None)
    with _as_in_a_kernel():
        _import_all()
    gc.collect()
    gc.freeze()
    become = _Parent(socket.socket(fileno=listening), socket.socket(fileno=lifeline)).serve()
    if become is not None:
        become()


def _import_all() -> None:
    """Import the kernel and the libraries; write the list of fonts, if there is none, before anyone needs it."""
    import ipykernel.ipkernel
    import ipykernel.kernelapp
    import ipykernel.zmqshell  # noqa: F401

    preload()
    read_datasets()
    from matplotlib.font_manager import fontManager  # noqa: F401


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    """Let libraries that look where they are, when imported, find what they find in a kernel (pandas does)."""
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=True)
    try:
        yield
    finally:
        del vars(builtins)["get_ipython"]


# ------------------------------------------------------------------ the parent


@dataclass
class _Kernel:
    """One kernel, as the parent sees it."""

    process: int
    line: socket.socket
    word: int
    """Descriptor on which the kernel says that it is ready, or why it cannot be; -1 once it has."""
    said: bytes = b""
    ended: bool = False

    def tell(self, **content: object) -> None:
        with suppress(OSError):
            self.line.sendall(json.dumps(content).encode() + b"\n")

    def signal(self, number: int) -> None:
        if not self.ended:
            with suppress(OSError):
                os.killpg(self.process, number)

    def listen(self) -> bool:
        """Hear whether it is ready; False at the end of what it says."""
        data = os.read(self.word, LONGEST_REASON)
        self.said += data
        if data:
            return True
        os.close(self.word)
        self.word = -1
        reason = self.said.decode("utf-8", "replace")
        self.tell(**({"process": self.process} if reason == "ready" else {"failed": reason}))
        return False


class _Parent:
    """Waits for clients, for what they want, and for the end of kernels, all in one loop."""

    def __init__(self, calls: socket.socket, lifeline: socket.socket) -> None:
        self._calls, self._lifeline = calls, lifeline
        self._waiting: list[socket.socket] = []
        self._kernels: list[_Kernel] = []
        self._wake, self._wakes = os.pipe()
        os.set_blocking(self._wakes, False)

    def serve(self) -> Callable[[], None] | None:
        """Serve; give what a forked kernel has to do, or None in the parent, at its end."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select(self._sources(), [], [])
            if self._lifeline in ready:
                self._end()
                return None
            if self._wake in ready:
                os.read(self._wake, 512)
            if self._calls in ready:
                self._waiting.append(self._calls.accept()[0])
            for line in [each for each in self._waiting if each in ready]:
                self._waiting.remove(line)
                become = self._begin(line)
                if become is not None:
                    return become
            self._look_after_kernels(ready)

    def _sources(self) -> list[Any]:
        words = [each.word for each in self._kernels if each.word >= 0]
        lines = [each.line for each in self._kernels]
        return [self._calls, self._lifeline, self._wake, *self._waiting, *words, *lines]

    def _begin(self, line: socket.socket) -> Callable[[], None] | None:
        """Fork a kernel; in it, give what it has to do."""
        line.setblocking(False)
        command, given, _, _ = socket.recv_fds(line, 1, N_DESCRIPTORS)
        if command != START or len(given) != N_DESCRIPTORS:
            _close(given)
            line.close()
            return None
        word, words = os.pipe()
        process = os.fork()
        if process == 0:
            return self._leave(given, words)
        _close([*given, words])
        self._kernels.append(_Kernel(process, line, word))
        return None

    def _leave(self, given: list[int], words: int) -> Callable[[], None]:
        """In a kernel: forget the parent's sockets, so that nothing closes their numbers once they are reused."""
        os.setsid()
        die_with_parent()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for each in (self._calls, self._lifeline, *self._waiting, *(kernel.line for kernel in self._kernels)):
            each.detach()
        return lambda: _live(given, words)

    def _look_after_kernels(self, ready: list[Any]) -> None:
        for kernel in self._kernels:
            if kernel.word in ready:
                kernel.listen()
            if kernel.line in ready:
                self._obey(kernel)
            self._bury(kernel)
        self._kernels = [each for each in self._kernels if not each.ended]

    def _obey(self, kernel: _Kernel) -> None:
        """Send on a signal; end a kernel whose client is gone."""
        try:
            asked = kernel.line.recv(64)
        except BlockingIOError:
            return
        except OSError:
            asked = b""
        for number in asked or bytes([signal.SIGKILL]):
            kernel.signal(number)

    def _bury(self, kernel: _Kernel) -> None:
        ended, status = os.waitpid(kernel.process, os.WNOHANG)
        if ended:
            kernel.signal(signal.SIGKILL)  # what it started and left behind
            kernel.ended = True
            while kernel.word >= 0 and kernel.listen():
                pass
            kernel.tell(ended=os.waitstatus_to_exitcode(status))
            kernel.line.close()

    def _end(self) -> None:
        """End all kernels, and remove the folder where they met their clients: who made it may be gone."""
        for kernel in self._kernels:
            kernel.signal(signal.SIGKILL)
        for kernel in self._kernels:
            os.waitpid(kernel.process, 0)
        shutil.rmtree(os.path.dirname(self._calls.getsockname()), ignore_errors=True)  # noqa: PTH120


def _close(descriptors: list[int]) -> None:
    for each in descriptors:
        os.close(each)


# ------------------------------------------------------------------ in a kernel


def _live(given: list[int], words: int) -> None:
    """Take on the order, be a kernel, and come back when it was shut down."""
    try:
        order = _take_on(given, words)
        application = _kernel(order)
    except BaseException as error:
        os.write(
            3, f"{type(error).__name__}: {error}"[:LONGEST_REASON].encode("utf-8", "replace") or b"unknown"
        )
        os._exit(1)
    os.write(3, b"ready")
    os.close(3)
    application.start()


def _take_on(given: list[int], words: int) -> Order:
    """Put every descriptor in its place, close all others, and read the order; 3 is for the word to the parent."""
    top = max(*given, words, 8)
    file, *streams, words = (_copy(each, top + 1) for each in (*given, words))
    for place, descriptor in enumerate((*streams, words)):
        os.dup2(descriptor, place, inheritable=place < 3)
    with os.fdopen(os.dup2(file, 4, inheritable=False), "rb") as order:
        os.closerange(5, max(4096, top + 8))
        text = order.read()
    made = Order.from_json(text)
    os.environ.clear()
    os.environ.update(made.environment)
    tempfile.tempdir = None
    os.chdir(made.folder)
    return made


def _copy(descriptor: int, least: int) -> int:
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, least)


def _kernel(order: Order) -> Any:
    """Make the kernel, with what an import inside it would have done."""
    import ipywidgets
    import matplotlib as mpl
    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    np.random.seed()
    sys.argv = ["ipykernel_launcher.py", "-f", order.connection_file]
    application = IPKernelApp.instance()
    arguments = ["-f", order.connection_file, *SETTINGS]
    application.initialize(arguments)  # type: ignore[no-untyped-call,unused-ignore]
    mpl.rcParams["backend"] = os.environ["MPLBACKEND"]
    ipywidgets.register_comm_target()
    return application
