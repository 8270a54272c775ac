"""How a client of Jupyter gets a kernel from the parent: a provisioner, as `jupyter_client` calls it.

The idea: all that a client does with a kernel's process (start it, look after it, interrupt it, end it) goes over one
connection to the parent. Kernel and client meet at sockets in a folder that was made for them alone, and the kernel
keeps its settings there too.
"""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from jupyter_client.connect import KernelConnectionInfo, port_names
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from helpers.classroom.kernels.parent import START, Order

ADDRESS = "COURSE_KERNELS"
"""Variable of the environment that holds the path of the parent's socket."""
LOST = -signal.SIGKILL
"""How a kernel ended whose parent is gone."""
START_SECONDS = 60.0
LOOK_SECONDS = 0.005


class KernelNotStarted(RuntimeError):
    """The parent could not give a kernel; says why."""


class ForkedKernel(KernelProvisionerBase):
    """One kernel, forked from the parent whose address stands in the environment."""

    _line: socket.socket | None = None
    _folder: Path | None = None
    _heard = b""
    _process = 0
    _code: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel whose end was not waited for."""
        return self._line is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Make the folder where kernel and client meet, and say so in the connection file."""
        for unused in ("extra_arguments", "transport_encryption"):
            kwargs.pop(unused, None)
        manager: Any = self.parent
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="k", dir=Path(_address()).parent))
            manager.transport, manager.ip = "ipc", str(self._folder / "s")
            for number, name in enumerate(port_names, start=1):
                setattr(manager, name, number)
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        made: dict[str, Any] = await super().pre_launch(cmd=[], **kwargs)
        made["env"]["IPYTHONDIR"] = str(self._folder / "ipython")
        made["env"]["COURSE_HOME"] = str(
            self._folder / "home"
        )  # what one notebook recorded must not show in another
        return made

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ARG002
        """Have a kernel forked, and wait until it listens.

        Raises
        ------
        KernelNotStarted
            If there is none.
        """
        manager: Any = self.parent
        order = Order(
            os.path.realpath(manager.connection_file),
            str(kwargs.get("cwd") or Path.cwd()),
            dict(kwargs["env"]),
        )
        self._heard, self._process, self._code = b"", 0, None
        self._line = _call()
        _send(self._line, order, kwargs)
        self._line.setblocking(False)
        await self._wait_until_ready()
        return self.connection_info

    async def _wait_until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        while self._process == 0:
            for said in self._listen():
                if "failed" in said:
                    raise KernelNotStarted(
                        f"The kernel did not start. {said['failed'] or 'It ended at once.'}"
                    )
                self._process = int(str(said.get("process", 0)))
            if self._code is not None:
                raise KernelNotStarted(f"The kernel did not start. It ended with {self._code}.")
            if asyncio.get_running_loop().time() > deadline:
                raise KernelNotStarted(f"The kernel was not ready after {START_SECONDS:g} seconds.")
            await asyncio.sleep(LOOK_SECONDS)

    def _listen(self) -> list[dict[str, object]]:
        """What the parent has said by now; note if the kernel ended."""
        if self._line is None or self._code is not None:
            return []
        try:
            while data := self._line.recv(4096):
                self._heard += data
            self._code = LOST
        except BlockingIOError:
            pass
        except OSError:
            self._code = LOST
        *lines, self._heard = self._heard.split(b"\n")
        said = [json.loads(line) for line in lines]
        for each in said:
            self._code = each.get("ended", self._code)
        return said

    async def poll(self) -> int | None:
        """None while the kernel runs, else how it ended; 0 if there is none."""
        if self._line is None:
            return 0
        self._listen()
        return self._code

    async def wait(self) -> int | None:
        """Wait for the end of the kernel."""
        while (code := await self.poll()) is None:
            await asyncio.sleep(LOOK_SECONDS)
        if self._line is not None:
            self._line.close()
            self._line = None
        return code

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and to all that it started."""
        if await self.poll() is None and self._line is not None:
            select.select([], [self._line], [], 1.0)
            self._line.send(bytes([signum]))

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        """End the kernel at once."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        """Ask the kernel to end."""
        await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the folder, unless the kernel is to be started again."""
        if self._folder is not None and not restart:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def _address() -> str:
    address = os.environ.get(ADDRESS)
    if not address:
        raise KernelNotStarted(
            "There is no parent of kernels: it is there inside `running()` of this package."
        )
    return address


def _call() -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(_address())
    except OSError as error:
        line.close()
        raise KernelNotStarted(f"The parent of kernels is gone ({error.strerror}).") from None
    return line


def _send(line: socket.socket, order: Order, given: Mapping[str, Any]) -> None:
    """Hand over the order and the three standard streams."""
    with tempfile.TemporaryFile() as file, open(os.devnull, "rb") as nothing:  # noqa: PTH123
        file.write(order.to_json())
        file.seek(0)
        streams = (
            _number(given.get("stdin"), nothing),
            _number(given.get("stdout"), 1),
            _number(given.get("stderr"), 2),
        )
        socket.send_fds(line, [START], [file.fileno(), *streams])


def _number(stream: IO[Any] | int | None, otherwise: IO[Any] | int) -> int:
    chosen = otherwise if stream is None or (isinstance(stream, int) and stream < 0) else stream
    return chosen if isinstance(chosen, int) else chosen.fileno()
