"""One server, seen from the pool: start it, give it a job, hear how a child ended, stop it.

The idea: every wait has a deadline, and whatever does not answer in time is ended, not asked again.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from helpers.classroom.grading import sandbox as rooms
from helpers.classroom.grading.folders import OwnFolder
from helpers.classroom.grading.model import Limits, SandboxError
from helpers.classroom.grading.server import BEGIN, KILL, PREPARE
from helpers.classroom.grading.wire import plain

START_SECONDS = 90.0
STOP_SECONDS = 10.0


class ServerDied(Exception):
    """The server is gone or does not answer."""


@dataclass(frozen=True)
class Ended:
    """How a child ended.

    Parameters
    ----------
    code : int
        Exit status, or minus the number of a signal.
    cpu : float
        Processor seconds of the child and of the processes it waited for.
    verdict : str
        "memory" or "processes" if the server ended it for that; else empty.
    """

    code: int
    cpu: float
    verdict: str


class Slot:
    """A server and the socket to it.

    Parameters
    ----------
    number : int
        Counted from 0.
    sandbox : str
    limits : Limits
    """

    def __init__(self, number: int, sandbox: str, limits: Limits) -> None:
        self.number = number
        self._sandbox, self._limits = sandbox, limits
        self._own = OwnFolder()
        self.folder = self._own.path
        self._process: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._heard = b""
        self._is_closed = False
        self._is_ready = False

    def start(self) -> None:
        """Start the server; `wait_until_ready` waits for it.

        Raises
        ------
        SandboxError
            If the pool is closed.
        """
        if self._is_closed:
            raise SandboxError("Grading was stopped.")
        room = rooms.room(self._sandbox, self.number, self.folder)
        self.channel, theirs = socket.socketpair()
        self._heard, self._errors = b"", tempfile.TemporaryFile()  # noqa: SIM115
        self._is_ready = False
        settings = room.settings(self._sandbox, self._limits, theirs.fileno())
        with theirs:
            self._process = subprocess.Popen(
                [*room.command, settings.to_json()],
                env=room.environment, pass_fds=[theirs.fileno()], cwd="/", start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors,
            )  # fmt: skip

    def wait_until_ready(self, names: Iterable[str] = ()) -> None:
        """Wait for the server's imports, if that was not done yet, and tell it what to prepare.

        Parameters
        ----------
        names : iterable of str
            Words of the course, from `preload.mentioned`.

        Raises
        ------
        SandboxError
            If it does not come up; says what it said last.
        """
        if self._is_ready:
            return
        try:
            said = self._next_line(time.monotonic() + START_SECONDS)
        except ServerDied as died:
            raise SandboxError(
                f"The process that runs submissions did not start: {self._last_words(died)}"
            ) from None
        if said != {"ready": True}:
            raise SandboxError("The process that runs submissions did not start as it should.")
        self._is_ready = True
        if wanted := " ".join(names).encode("ascii"):
            with tempfile.TemporaryFile() as file, suppress(OSError):
                file.write(wanted)
                file.seek(0)
                socket.send_fds(self.channel, [PREPARE], [file.fileno()])

    @property
    def alive(self) -> bool:
        """Whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def begin(self, job: bytes) -> int:
        """Hand over a job; return the descriptor from which its messages are read.

        Raises
        ------
        ServerDied
            If the server cannot take it.
        """
        read, write = os.pipe()
        os.set_blocking(read, False)
        try:
            with tempfile.TemporaryFile() as file:
                file.write(job)
                file.seek(0)
                socket.send_fds(self.channel, [BEGIN], [file.fileno(), write])
        except OSError as error:
            os.close(read)
            raise ServerDied(str(error)) from None
        finally:
            os.close(write)
        return read

    def kill_job(self) -> None:
        """Have the child and all its processes ended."""
        with suppress(OSError):
            self.channel.sendall(KILL)

    def wait_for_end(self) -> Ended:
        """Wait until the child is gone and all that it left behind.

        Raises
        ------
        ServerDied
            If the server does not say so in time.
        """
        said = self._next_line(time.monotonic() + STOP_SECONDS)
        try:
            return Ended(int(str(said["ended"])), float(str(said["cpu"])), str(said["verdict"]))
        except (KeyError, ValueError):
            raise ServerDied("it said something else") from None

    def _next_line(self, deadline: float) -> dict[str, object]:
        while b"\n" not in self._heard:
            self._heard += self._next_bytes(deadline)
        line, _, self._heard = self._heard.partition(b"\n")
        try:
            content = json.loads(line)
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise ServerDied("it said something else")
        return content

    def _next_bytes(self, deadline: float) -> bytes:
        ready, _, _ = select.select([self.channel], [], [], max(0.0, deadline - time.monotonic()))
        try:
            data = self.channel.recv(4096) if ready else b""
        except OSError:
            data = b""
        if not data:
            raise ServerDied("it ended" if ready else "it did not answer in time")
        return data

    def _last_words(self, died: ServerDied) -> str:
        words = ""
        if self._errors is not None:
            self._errors.seek(0)
            lines = self._errors.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
            words = plain(lines[-1]) if lines else ""
        return words or f"{died}."

    def hang_up(self) -> None:
        """Let go of the server for good; whoever waits for it hears so at once."""
        self._is_closed = True
        with suppress(OSError, AttributeError):
            self.channel.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the server and all its children; remove the private folder."""
        self.hang_up()
        self.stop()
        self._own.remove()

    def stop(self) -> None:
        """End the server and all its children."""
        process, self._process = self._process, None
        if process is None:
            return
        self.channel.close()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self._errors is not None:
            self._errors.close()
