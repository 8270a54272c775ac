"""What a student's work leaves behind between two sittings: small JSON files in one folder.

The idea: a lesson must never stop because of its memory. A file is read anew, changed and replaced as a whole while
a lock of the operating system is held, so two kernels lose nothing of each other and a kernel that dies leaves no
lock and no half file. A change that cannot be written (read-only folder, full disk, a file from a later version of
the course) is kept in this process and tried again with the next one. Each trouble is said once, in one sentence.

While an instructor's tool runs a notebook (`NBGRADER_EXECUTION` or `COURSE_NO_DRAW` is set) nothing is read from
disk or written to it: a mark must depend on the notebook alone. A student can switch remembering off (`keep`): then
what is there stays, and nothing new is written.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeAlias

Data: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Data], Data | None]

LOCK_SECONDS = 1.0
"""How long a change waits for another kernel before it goes on without the lock."""
PENDING_LIMIT = 100
LEFTOVER_SECONDS = 60.0
"""A half-written file of a kernel that was killed is swept away after so long."""
MOST_BYTES = 5_000_000
"""No file of a student's own work is larger; a larger one is not ours."""
_RETRIES = 20
_OFF = "nothing_is_kept"

_said: set[tuple[str, str]] = set()


def notice(text: str) -> None:
    """Say one thing in one line.

    Parameters
    ----------
    text : str

    Examples
    --------
    >>> notice("Your work is kept in memory only.")
    Note: Your work is kept in memory only.
    """
    print(f"Note: {' '.join(text.split())}")


def home() -> Path:
    """Folder of the student's own work.

    Returns
    -------
    Path
        `$COURSE_HOME`; else `work` in the course's folder; else, where the course was installed as a package,
        `assurance-course` in the user's home folder. It need not exist.

    Examples
    --------
    >>> home().is_absolute()
    True
    """
    chosen = os.environ.get("COURSE_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    root = Path(__file__).resolve().parents[2]
    if (root / "lessons").is_dir() and (root / "pyproject.toml").is_file():
        return root / "work"
    with suppress(RuntimeError):
        return Path.home() / "assurance-course"
    return Path.cwd() / "assurance-course"


def lab_state_name(lab: str) -> str:
    """Name of the file in which a lab keeps what a student sets.

    Parameters
    ----------
    lab : str
        Name of the class.

    Examples
    --------
    >>> lab_state_name("EvidenceCoder")
    'evidence_coder'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", lab).lower()


def is_graded() -> bool:
    """Whether an instructor's tool runs this process, so that nothing of the student's folder may be used.

    Examples
    --------
    >>> is_graded()
    False
    """
    return bool(os.environ.get("NBGRADER_EXECUTION") or os.environ.get("COURSE_NO_DRAW"))


def keep(on: bool) -> None:
    """Switch remembering on or off, for every notebook of this student.

    Parameters
    ----------
    on : bool

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    mark = home() / "state" / _OFF
    if on:
        mark.unlink(missing_ok=True)
    else:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def is_kept() -> bool:
    """Whether what a student does is written to their folder.

    Examples
    --------
    >>> is_kept()
    True
    """
    return not (home() / "state" / _OFF).exists()


def trouble_with(folder: Path) -> str:
    """Say why nothing can be written to a folder; empty if it can.

    Parameters
    ----------
    folder : Path
        Made if it is not there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     trouble_with(Path(folder) / "state")
    ''
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        return _reason(error)
    return ""


@dataclass
class _Kept:
    """Changes of one file that are not on disk yet, oldest first."""

    pending: list[Change] = field(default_factory=list)
    graded: Data = field(default_factory=dict)
    unkept: list[Change] = field(default_factory=list)


_kept: dict[Path, _Kept] = {}
_one_thread = threading.RLock()


class _LaterVersion(Exception):
    """The file was written by a later version of the course; `data` is what can be read of it."""

    def __init__(self, data: Data) -> None:
        super().__init__("later version")
        self.data = data


@dataclass(frozen=True)
class StateFile:
    """One versioned JSON file in `home()/state`.

    Parameters
    ----------
    name : str
        Name without ending: letters, digits, `-` and `_`.
    version : int
        Version of the format that this code writes.

    Raises
    ------
    ValueError
        If the name could lead out of the folder.

    Examples
    --------
    >>> StateFile("progress").path.name
    'progress.json'
    """

    name: str
    version: int = 1

    def __post_init__(self) -> None:
        if not self.name or not all(
            part.isalnum() for part in self.name.replace("-", "_").split("_") if part
        ):
            raise ValueError(f"A state file is named by letters, digits, - and _; {self.name!r} is not.")

    @property
    def path(self) -> Path:
        """Where the file lies; it need not exist."""
        return home() / "state" / f"{self.name}.json"

    def read(self) -> Data:
        """Give what is remembered, with the changes that could not be written yet.

        Returns
        -------
        dict
            A copy; empty if nothing is remembered.
        """
        with _one_thread:
            return self._read()

    def _read(self) -> Data:
        kept = _kept.setdefault(self.path, _Kept())
        if is_graded():
            return _copy(kept.graded)
        try:
            data = self._on_disk()
        except _LaterVersion as later:
            data = later.data
        except OSError as error:
            data = {}
            self._say(
                "unreadable", f"{self.path} cannot be read ({_reason(error)}): the course goes on without."
            )
        return _replay(data, [*kept.pending, *kept.unkept])

    def write(self, data: Data) -> Data:
        """Replace all that is remembered.

        Parameters
        ----------
        data : dict
            What JSON can hold; numbers of NumPy are converted.

        Returns
        -------
        dict
            What is remembered now.
        """
        frozen = _copy(data)
        with _one_thread:
            if not is_graded():
                _kept.setdefault(self.path, _Kept()).pending.clear()
            return self.update(lambda _: _copy(frozen))

    def update(self, change: Change) -> Data:
        """Change what is remembered, as one step that no other kernel can come between.

        Parameters
        ----------
        change : callable
            Takes the dictionary and changes it, or returns a new one. It may be called again later, on what
            another kernel wrote meanwhile, if the file cannot be written now.

        Returns
        -------
        dict
            What is remembered now.
        """
        with _one_thread:
            return self._update(change)

    def _update(self, change: Change) -> Data:
        kept = _kept.setdefault(self.path, _Kept())
        if is_graded():
            kept.graded = _replay(kept.graded, [change])
            return _copy(kept.graded)
        if not is_kept():
            return self._only_in_memory(kept, change)
        kept.unkept.clear()
        kept.pending.append(change)
        try:
            with _locked(self.path.with_suffix(".lock")):
                data = _replay(self._on_disk(), kept.pending)
                self._replace(data)
        except _LaterVersion as later:
            data = _replay(later.data, kept.pending)
        except OSError as error:
            data = self._keep_in_memory(error)
        except Exception:
            kept.pending.remove(change)
            raise
        else:
            kept.pending.clear()
        _shorten(kept.pending, data)
        return data

    def _only_in_memory(self, kept: _Kept, change: Change) -> Data:
        """Follow a change while remembering is off: it lives as long as the kernel."""
        kept.unkept.append(change)
        try:
            data = self.read()
        except Exception:
            kept.unkept.remove(change)
            raise
        _shorten(kept.unkept, data)
        return data

    def _keep_in_memory(self, error: OSError) -> Data:
        self._say(
            "unwritable",
            f"Your work cannot be saved in {self.path.parent} ({_reason(error)}): it is kept until this notebook's "
            "kernel stops. Make the folder writable, or set COURSE_HOME to another one.",
        )
        return self._read()

    def delete(self) -> None:
        """Take away all that is remembered: the file, copies of it that were set aside, and what is in memory.

        Raises
        ------
        OSError
            If a file is there and cannot be removed.
        """
        with _one_thread:
            _kept.pop(self.path, None)
            if is_graded() or not self.path.parent.is_dir():
                return
            with _locked(self.path.with_suffix(".lock")):
                for pattern in (f"{self.name}.json", f"{self.name}.broken-*.json", f".{self.name}-*.tmp"):
                    for path in self.path.parent.glob(pattern):
                        path.unlink(missing_ok=True)

    def _on_disk(self) -> Data:
        """What the file holds; a broken file is moved aside."""
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return {}
        return self._understood(text)

    def _understood(self, text: bytes) -> Data:
        try:
            content = json.loads(text)
            version, data = content["version"], content["data"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return self._set_aside()
        if isinstance(version, bool) or not isinstance(version, int) or not isinstance(data, dict):
            return self._set_aside()
        if version > self.version:
            self._say(
                "later",
                f"{self.path} comes from a later version of the course: it stays as it is, and what you do now "
                "is kept until this notebook's kernel stops. Update the course to go on with it.",
            )
            raise _LaterVersion(data)
        return data

    def _set_aside(self) -> Data:
        try:
            place = _free_place(self.path)
            self.path.replace(place)
        except OSError:
            self._say("broken", f"{self.path} is broken and cannot be moved: the course goes on without it.")
        else:
            self._say(
                f"broken {place.name}",
                f"{self.path.name} was broken. It is kept as {place.name}, and a new one begins.",
            )
        return {}

    def _replace(self, data: Data) -> None:
        content = {"version": self.version, "data": data}
        text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain).encode("utf-8", "replace")
        write_whole(self.path, text)

    def _say(self, trouble: str, text: str) -> None:
        if (str(self.path), trouble) not in _said:
            _said.add((str(self.path), trouble))
            notice(text)


def _replay(data: Data, changes: list[Change]) -> Data:
    """Apply `changes` to a copy of `data`, oldest first."""
    data = _copy(data)
    for change in changes:
        changed = change(data)
        data = data if changed is None else changed
    return data


def _shorten(changes: list[Change], data: Data) -> None:
    """Put what many changes led to in their place, so that a long session keeps no endless list."""
    if len(changes) > PENDING_LIMIT:
        snapshot = _copy(data)
        changes[:] = [lambda _: _copy(snapshot)]


def _copy(data: Data) -> Data:
    """Copy what JSON would keep of `data`."""
    copied: Data = json.loads(json.dumps(data, default=_plain))
    return copied


def _plain(value: object) -> object:
    """Turn a number or array of NumPy into Python's own, anything else into its text."""
    to_list = getattr(value, "tolist", None)
    return to_list() if callable(to_list) else str(value)


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _free_place(path: Path) -> Path:
    """First name `<name>.broken-<n>.json` that is not taken."""
    number = 1
    while (place := path.with_name(f"{path.stem}.broken-{number}.json")).exists():
        number += 1
    return place


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` in the place of `path`: a reader sees the old file or the new one, never a part.

    Parameters
    ----------
    path : Path
        Its folder is made if it is not there.
    content : bytes

    Raises
    ------
    OSError
        If it cannot be written; the old file is then untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _swap(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _sweep(path: Path) -> None:
    """Take away what a kernel that was killed in the middle of a write left beside `path`."""
    with suppress(OSError):
        for left in path.parent.glob(f".{path.stem}-*.tmp"):
            if time.time() - left.stat().st_mtime > LEFTOVER_SECONDS:
                left.unlink()


def _swap(temporary: Path, path: Path) -> None:
    """Replace `path`; Windows refuses while another kernel reads it, so try for a moment."""
    for attempt in range(_RETRIES):
        try:
            temporary.replace(path)
        except PermissionError:
            if os.name != "nt" or attempt == _RETRIES - 1:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path`, or go on without it after `LOCK_SECONDS`.

    The lock belongs to the open file, so the operating system frees it when its process ends: it cannot go stale.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        held = _wait_for(file)
        try:
            yield
        finally:
            if held:
                with suppress(OSError):
                    _release(file)


def _wait_for(file: IO[bytes]) -> bool:
    """Whether the lock was had in time."""
    end = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            _acquire(file)
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= end:
                return False
            time.sleep(0.005)
        except OSError:
            return False
        else:
            return True


if os.name == "nt":  # pragma: no cover
    import msvcrt

    def _acquire(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    def _release(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _acquire(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
