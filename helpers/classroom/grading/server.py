"""The process that imports everything once and forks a child for each submission.

The idea: nearly all the time of a grading run is imports, so they are paid once. The server is started before anything
about a class is known to it, and it stays so: a job reaches the child through a file that the server never reads, and
the child's answers leave through a pipe of their own. All that the server hears is "begin" and "kill", and all that it
says is how a child ended. It also watches what the children use together, and ends those that a limit cannot hold.

It is started by `pool`, inside bubblewrap or not, with its settings as JSON in place of arguments.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from helpers.classroom.grading import confine
from helpers.classroom.grading.model import STRICT, Limits

BEGIN, KILL, PREPARE = b"J", b"K", b"P"
LONGEST_LIST = 4096
LOOK_SECONDS = 0.25
"""How often a running child is looked at."""
ROOM_MB = 200
"""Megabytes that a submission's processes share with the server and that count in part as theirs."""


@dataclass(frozen=True)
class Settings:
    """How a server is to work.

    Parameters
    ----------
    sandbox : str
        "strict" or "process".
    limits : Limits
    home : str
        Folder for what libraries keep while the server lives.
    user : int
        Unprivileged user to become; 0 to stay who one is.
    channel : int
        Descriptor of the socket to the pool.
    own_tmp : bool
        Whether each child gets a /tmp of its own.
    """

    sandbox: str
    limits: Limits
    home: str
    user: int
    channel: int
    own_tmp: bool

    def to_json(self) -> str:
        """Write for the server's command line."""
        return json.dumps({**vars(self), "limits": vars(self.limits)})

    @staticmethod
    def from_json(text: str) -> Settings:
        """Read what `to_json` wrote."""
        held = json.loads(text)
        return Settings(**{**held, "limits": Limits(**held["limits"])})


def main(text: str) -> None:
    """Serve until the pool closes the socket."""
    settings = Settings.from_json(text)
    channel = socket.socket(fileno=settings.channel)
    _settle(settings)
    shell = preload()
    _Server(settings, channel, shell).serve()
    os._exit(0)


def probe(text: str) -> None:
    """Confine a child that does nothing, and print as JSON which locks are closed."""
    settings = Settings.from_json(text)
    _settle(settings)
    confine.enter_namespaces()
    child = os.fork()
    if child == 0:
        locks = confine.lock_in(settings.limits, own_tmp=settings.own_tmp)
        print(json.dumps({**vars(locks), "user": os.getuid()}), flush=True)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    raise SystemExit(os.waitstatus_to_exitcode(status))


def _settle(settings: Settings) -> None:
    """Become who one is to be, and stop being of interest to others."""
    if settings.user:
        os.chmod(settings.home, 0o1777)  # noqa: PTH101
        confine.become(settings.user)
    confine.die_with_parent()
    confine.keep_memory_private()
    confine.adopt_orphans()
    os.chdir(settings.home)


def preload() -> Any:
    """Import what lessons use, walk once through what is slow the first time, make the shell.

    Returns
    -------
    InteractiveShell
    """
    from helpers.classroom import preload as common
    from helpers.classroom.grading import child

    common.preload()
    common.read_datasets()
    shell = child.quiet_shell()
    for module in ("IPython.core.logger", "bdb", "resource"):
        import_module(module)
    with suppress(Exception):
        common.warm()
    return shell


class _Server:
    """Waits for jobs and for the end of a child, one at a time."""

    def __init__(self, settings: Settings, channel: socket.socket, shell: Any) -> None:
        self._settings, self._channel, self._shell = settings, channel, shell
        self._child = self._first = 0
        self._verdict = ""
        self._own = 0.0
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)

    def serve(self) -> None:
        """Answer the pool until it closes the socket."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        _freeze()
        self._own = time.process_time()
        self._say(ready=True)
        while True:
            waiting = LOOK_SECONDS if self._child else None
            sources: list[Any] = [self._channel, self._wake_read]
            ready, _, _ = select.select(sources, [], [], waiting)
            if self._wake_read in ready:
                os.read(self._wake_read, 512)
            if self._channel in ready and not self._hear():
                break
            self._look_after_child()
        self._end_child()

    def _hear(self) -> bool:
        """Take one command; False if the pool is gone."""
        command, descriptors, _, _ = socket.recv_fds(self._channel, 1, 2)
        if command == BEGIN and len(descriptors) == 2 and not self._child:
            self._begin(*descriptors)
        elif command == PREPARE and len(descriptors) == 1 and not self._child:
            self._prepare(descriptors[0])
        elif command == KILL and self._child:
            self._kill()
        for descriptor in descriptors:
            os.close(descriptor)
        return bool(command)

    def _prepare(self, names: int) -> None:
        """Do once what the coming children would each do; the names are words of the course, nothing else counts."""
        from helpers.classroom.preload import prepare

        prepare(os.read(names, LONGEST_LIST).decode("ascii", "replace").split())
        _freeze()
        self._own = time.process_time()

    def _begin(self, job: int, pipe: int) -> None:
        """Fork the child, and learn which process to end if it must end."""
        self._verdict = ""
        read, write = os.pipe()
        self._child = os.fork()
        if self._child == 0:
            self._be_child(job, pipe, write)
        os.close(write)
        self._first = int(os.read(read, 20) or b"0") or self._child
        os.close(read)

    def _be_child(self, job: int, pipe: int, tell: int) -> NoReturn:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._channel.detach()
            os.setsid()
            (_isolate if self._settings.sandbox == STRICT else _tell)(tell)
            _live(self._settings, self._shell, _moved(job), _moved(pipe))
        except BaseException:
            os._exit(confine.LOST_CONFINEMENT)

    def _look_after_child(self) -> None:
        if not self._child:
            return
        ended, status, usage = os.wait4(self._child, os.WNOHANG)
        if ended:
            with suppress(OSError):
                os.killpg(self._child, signal.SIGKILL)
            self._child = 0
            _sweep()
            code = os.waitstatus_to_exitcode(status)
            own, self._own = time.process_time() - self._own, time.process_time()
            self._say(ended=code, cpu=usage.ru_utime + usage.ru_stime + own, verdict=self._verdict)
        else:
            self._verdict = self._verdict or self._excess()
            if self._verdict:
                self._kill()

    def _excess(self) -> str:
        """Say which limit the child and its descendants break together."""
        held = list(_descendants())
        limits = self._settings.limits
        if sum(map(_megabytes, held)) > limits.memory_mb + ROOM_MB:
            return "memory"
        return "processes" if len(held) > limits.processes + 2 else ""

    def _kill(self) -> None:
        for process in {self._first, self._child}:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        _sweep(but=self._child)

    def _end_child(self) -> None:
        if self._child:
            self._kill()
            os.waitpid(self._child, 0)
            _sweep()

    def _say(self, **content: object) -> None:
        with suppress(OSError):
            self._channel.sendall(json.dumps(content).encode() + b"\n")


def _freeze() -> None:
    """Keep what is here out of the search for garbage, which would copy it into every child."""
    gc.collect()
    gc.freeze()


# ------------------------------------------------------------------ in the child


def _tell(write: int) -> None:
    """Let the server know which process runs the student's code."""
    confine.open_memory()
    confine.die_with_parent()
    os.write(write, str(os.getpid()).encode())
    os.close(write)


def _isolate(write: int) -> None:
    """Go on as the first process of a new namespace; the process that was forked waits for it."""
    confine.die_with_parent()
    confine.enter_namespaces()
    first = os.fork()
    if first == 0:
        confine.die_with_parent()
        os.close(write)
        return
    os.write(write, str(first).encode())
    os.closerange(3, 256)
    _, status = os.waitpid(first, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _moved(descriptor: int) -> int:
    """Copy a descriptor to a number out of the way."""
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100)


def _live(settings: Settings, shell: Any, job: int, pipe: int) -> NoReturn:
    """Read the job, close the doors, run the notebook."""
    from helpers.classroom.grading import child

    with os.fdopen(job, "rb") as file:
        task = child.Task.from_json(file.read())
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.dup2(pipe, 3)
    os.closerange(4, 4096)
    if settings.sandbox == STRICT:
        confine.lock_in(settings.limits, own_tmp=settings.own_tmp)
    else:
        os.chdir(task.folder)
        os.environ.update(HOME=task.folder, TMPDIR=task.folder)
        confine.set_limits(settings.limits, processes=settings.limits.processes + _tasks_of_user())
    post = child.Post(3, settings.limits.answer_bytes)
    child.Notebook(task, shell, post, settings.limits).run()
    os._exit(0)


# ------------------------------------------------------------------ looking at processes (Linux)


def _descendants() -> Iterator[int]:
    """Processes that descend from this one."""
    parents = dict(_parents())
    found, young = set[int](), {os.getpid()}
    while young:
        young = {process for process, parent in parents.items() if parent in young} - found
        found |= young
    yield from found


def _parents() -> Iterator[tuple[int, int]]:
    for name in _numbers(Path("/proc")):
        with suppress(OSError, ValueError, IndexError):
            fields = Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()
            yield int(name), int(fields[1])


def _numbers(folder: Path) -> list[str]:
    try:
        return [each.name for each in folder.iterdir() if each.name.isdigit()]
    except OSError:
        return []


def _megabytes(process: int) -> float:
    """Memory of a process; of pages that several share, its share."""
    with suppress(OSError, ValueError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) / 256
    return 0.0


def _tasks_of_user() -> int:
    """Threads and processes that the user of this process has now."""
    count, user = 0, os.getuid()
    for name in _numbers(Path("/proc")):
        with suppress(OSError):
            if Path(f"/proc/{name}").stat().st_uid == user:
                count += len(_numbers(Path(f"/proc/{name}/task")))
    return count


def _sweep(but: int = 0) -> None:
    """End what descendants left behind; they are adopted by this process, so it finds them."""
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        left = [process for process in _descendants() if process != but]
        for process in left:
            with suppress(OSError):
                os.kill(process, signal.SIGKILL)
        with suppress(ChildProcessError):
            while but == 0 and os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not left or but:
            return
        time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1])
