"""JupyterLab on the student's folder, with the settings that the lessons need, and nothing else changed.

The idea: the course starts the server as a child process, waits until it answers, and prints one address. The user's
own Jupyter configuration stays in force; only what would break or disturb a lesson is set on the command line.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import helpers

SETTINGS = Path(helpers.__file__).parent / "ui" / "lab_settings"
FIRST_PAGE = "00_start_here.ipynb"
WAIT_SECONDS = 90
NBGRADER_EXTENSIONS = ("formgrader", "validate_assignment", "assignment_list", "course_list")


class ServerError(Exception):
    """JupyterLab did not start; the message says what it printed last."""


@dataclass(frozen=True)
class Server:
    """A running JupyterLab.

    Parameters
    ----------
    process : subprocess.Popen
        The server's process.
    port : int
        Where it listens, on this machine only.
    token : str
        What the address must carry.
    """

    process: subprocess.Popen[bytes]
    port: int
    token: str

    def address(self, page: str = FIRST_PAGE) -> str:
        """Address of `page`, a path inside the served folder."""
        return f"http://127.0.0.1:{self.port}/lab/tree/{page}?token={self.token}"

    def stop(self) -> None:
        """End the server and its kernels."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def command(folder: Path, port: int, more: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """Command line of the server for `folder`, with `more` options on top of the course's own."""
    off = {f"nbgrader.server_extensions.{name}": False for name in NBGRADER_EXTENSIONS}
    options = {
        "ServerApp.root_dir": str(folder),
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.port_retries": "0",
        "ServerApp.open_browser": "False",
        "ServerApp.answer_yes": "True",
        "ServerApp.log_level": "ERROR",
        "ServerApp.jpserver_extensions": json.dumps(off).replace("false", "False"),
        "ServerApp.allow_root": "True",
        "LabApp.app_settings_dir": str(SETTINGS),
        "LabApp.news_url": "",
        "LabApp.extension_manager": "readonly",
        **more,
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{key}={value}" for key, value in options.items())]


def start(
    folder: Path,
    port: int | None = None,
    log: Path | None = None,
    *,
    more: Mapping[str, str] = MappingProxyType({}),
    environment: Mapping[str, str] | None = None,
) -> Server:
    """Start JupyterLab on `folder` and wait until it answers.

    Parameters
    ----------
    folder : Path
        The folder that is served.
    port : int or None
        A port of this machine; None takes a free one.
    log : Path or None
        File for what the server prints; None discards it.
    more : mapping
        Further options of JupyterLab, by their names.
    environment : mapping or None
        Environment of the server; None takes that of this process.

    Returns
    -------
    Server

    Raises
    ------
    ServerError
        If the server ends, or does not answer within a minute and a half.
    """
    port = port or free_port()
    token = secrets.token_hex(16)
    base = os.environ if environment is None else environment
    variables = {**base, "JUPYTER_TOKEN": token, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with (log or Path(os.devnull)).open("wb") as output:
        process = subprocess.Popen(
            command(folder, port, more), env=variables, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(process, port, token)
    _wait_until_it_answers(server, log)
    return server


def _wait_until_it_answers(server: Server, log: Path | None) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            said = log.read_text(encoding="utf-8", errors="replace").strip() if log else ""
            last = said.splitlines()[-1] if said else "it printed nothing"
            raise ServerError(f"JupyterLab ended while starting: {last}")
        if _answers(server):
            return
        time.sleep(0.1)
    server.stop()
    raise ServerError(f"JupyterLab did not answer on port {server.port} within {WAIT_SECONDS} seconds.")


def _answers(server: Server) -> bool:
    url = f"http://127.0.0.1:{server.port}/api/status?token={server.token}"
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port(preferred: int = 8888) -> int:
    """A port of this machine that nobody listens on: `preferred`, or else any."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerError("No port of this machine is free.")


def has_display() -> bool:
    """Tell whether a browser window can be opened from here."""
    if sys.platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in os.environ
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def serve(folder: Path, port: int | None = None, browser: bool = True) -> None:
    """Serve `folder` until Ctrl+C, and show the first page.

    Parameters
    ----------
    folder : Path
        The student's folder.
    port : int or None
        A port of this machine; None takes a free one.
    browser : bool
        Open a browser window where there is a display. Without one the address is printed alone.
    """
    (folder / "state").mkdir(parents=True, exist_ok=True)
    server = start(folder, port, log=folder / "state" / "jupyter.log")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        print(f"The course is open at\n\n    {server.address()}\n\nStop it with Ctrl+C.", flush=True)
        if browser and has_display():
            webbrowser.open(server.address())
        server.process.wait()
    except KeyboardInterrupt:
        print("\nStopped. Your work is saved in", folder, flush=True)
    finally:
        server.stop()
