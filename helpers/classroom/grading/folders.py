"""Private folders in the temporary folder, and what a killed grader left of them.

The idea: a process that is killed cannot tidy up, so the next one does. Each folder is locked for as long as its owner
lives; the kernel lets go of the lock when the owner ends, however it ends. A folder of one's own that nobody holds
is left behind, and nothing else is touched: no folder of another user, no link, no folder that is in use.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "course-slot-"
_TRIES = 20


class OwnFolder:
    """A private folder that exists until it is removed, or found after its owner's end.

    Raises
    ------
    OSError
        If there is no room for one.
    """

    def __init__(self) -> None:
        self.path, self._lock = _made()

    def remove(self) -> None:
        """Remove the folder with all that is in it; a second time does nothing."""
        if self._lock >= 0:
            shutil.rmtree(self.path, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1


def remove_left_behind(place: Path | None = None) -> list[Path]:
    """Remove folders whose owner was killed.

    Parameters
    ----------
    place : Path, optional
        The temporary folder if none is given.

    Returns
    -------
    list of Path
        Those that are gone.
    """
    removed = []
    for path in sorted(Path(place or tempfile.gettempdir()).glob(f"{PREFIX}*")):
        with suppress(OSError):
            if _remove_if_left(path):
                removed.append(path)
    return removed


def _made() -> tuple[Path, int]:
    """Make and lock a folder; one that somebody tidied away in between is made again."""
    for _ in range(_TRIES):
        path = Path(tempfile.mkdtemp(prefix=PREFIX))
        with suppress(OSError):
            handle = _opened(path)
            if _locked(handle) and path.is_dir() and os.path.samestat(path.stat(), os.fstat(handle)):
                return path, handle
            os.close(handle)
    raise OSError(f"No folder can be kept in {tempfile.gettempdir()}.")


def _remove_if_left(path: Path) -> bool:
    handle = _opened(path)
    try:
        is_left = os.fstat(handle).st_uid == os.geteuid() and _locked(handle)
        if is_left:
            shutil.rmtree(path, ignore_errors=True)
        return is_left
    finally:
        os.close(handle)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _locked(handle: int) -> bool:
    """Take the lock of a folder; False if its owner lives."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
