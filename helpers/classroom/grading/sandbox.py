"""The room in which a server runs: what of this machine it can see, and how to find out whether there is such a room.

The idea: nothing is taken away; nothing is there in the first place. Inside `strict` a server sees the programs under
/usr, the interpreter with its packages, this package without its bank, and the datasets, all read-only; no home, no
network, no other process, a private /tmp. Started by root, it becomes an unprivileged user, one for each slot. Whether
the kernel gives all this is not guessed from versions: a child is locked in for real, and says what it got.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import helpers
from helpers.classroom.grading.confine import FOLDER
from helpers.classroom.grading.model import PROCESS, STRICT, Limits, SandboxError
from helpers.classroom.grading.server import Settings

AS_ROOT = "COURSE_PROCESS_AS_ROOT"
FIRST_USER = 20001
"""Unprivileged user of the first slot, where grading is started by root."""
PACKAGES = ("numpy", "pandas", "matplotlib", "seaborn", "IPython", "ipywidgets", "anywidget", "traitlets")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "COURSE_NO_DRAW": "1",
    "MPLBACKEND": "agg",
    **{
        f"{name}_NUM_THREADS": "1"
        for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS", "RAYON", "POLARS")
    },
}
INSTALL = "On Debian or Ubuntu: sudo apt install bubblewrap. "
WAYS_OUT = (
    "Grade on a machine that allows it; or accept that a student's code can read, change and delete whatever you can, "
    "and never do so as root: --sandbox process."
)
_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ETC = ("ld.so.cache", "alternatives", "fonts", "localtime")


@dataclass(frozen=True)
class Room:
    """Where a server runs, and the command that starts it there.

    Parameters
    ----------
    command : tuple of str
        All but the server's settings, which follow as JSON.
    environment : dict
        Nothing else of this process's environment is passed on.
    home : str
        Folder for the server's own files, as the server sees it.
    user : int
        Unprivileged user that the server becomes; 0 to stay.
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    home: str
    user: int

    def settings(self, sandbox: str, limits: Limits, channel: int) -> Settings:
        """Settings of a server in this room."""
        in_tmp = any(Path("/tmp") in place.parents for place in [*visible_folders(), *_course_files()])
        return Settings(sandbox, limits, self.home, self.user, channel, own_tmp=not in_tmp)


def room(sandbox: str, slot: int, folder: Path) -> Room:
    """Describe the room of one slot.

    Parameters
    ----------
    sandbox : str
        "strict" or "process".
    slot : int
        Counted from 0.
    folder : Path
        A private folder of this slot; used by "process" alone.

    Returns
    -------
    Room
    """
    home = "/tmp" if sandbox == STRICT else str(folder)
    environment = {**ENVIRONMENT, "HOME": home, "TMPDIR": home}
    environment |= {"IPYTHONDIR": f"{home}/.ipython", "MPLCONFIGDIR": f"{home}/.matplotlib"}
    if sandbox == PROCESS:
        return Room(_python("main"), environment, home, 0)
    user = FIRST_USER + slot if os.geteuid() == 0 else 0
    return Room((*_bubblewrap(), *_python("main")), environment, home, user)


def demand(sandbox: str) -> None:
    """Make sure that submissions can be run as was asked.

    Raises
    ------
    SandboxError
        If not; says why, and the ways out.
    """
    if sandbox not in (STRICT, PROCESS):
        raise SandboxError(f"There is no sandbox {sandbox!r}. Choose strict or process.")
    if not hasattr(os, "fork"):
        raise SandboxError(
            "Submissions are run by forking, which Windows cannot do. Grade in WSL, or on Linux."
        )
    if sandbox == PROCESS and os.geteuid() == 0 and os.environ.get(AS_ROOT) != "1":
        raise SandboxError(
            "As root, the process sandbox would let a submission delete anything on this machine. Take the strict one, "
            f"or start as an ordinary user; where nothing can be lost, such as in a container, set {AS_ROOT}=1."
        )
    if sandbox == STRICT:
        tried = trial()
        if tried.trouble:
            raise SandboxError(f"The strict sandbox cannot be had here: {tried.trouble} {WAYS_OUT}")


# ------------------------------------------------------------------ what is visible


def _python(start: str) -> tuple[str, ...]:
    """Command of an isolated interpreter that finds this package."""
    folders = [str(each) for each in package_folders()]
    code = (
        f"import sys; sys.path[:0] = [{str(_root())!r}]; sys.path += [p for p in {folders!r} if p not in sys.path]; "
        f"from helpers.classroom.grading.server import {start}; {start}(sys.argv[1])"
    )
    return (sys.executable, "-I", "-B", "-c", code)


def _root() -> Path:
    return Path(helpers.__file__).resolve().parent.parent


@lru_cache
def package_folders() -> tuple[Path, ...]:
    """Folders in which the libraries are installed that lessons use."""
    found = dict.fromkeys(
        Path(spec.origin).resolve().parent.parent
        for spec in map(find_spec, PACKAGES)
        if spec is not None and spec.origin
    )
    return tuple(found)


def _bubblewrap() -> tuple[str, ...]:
    program = shutil.which("bwrap") or "bwrap"
    spaces = ("pid", "net", "ipc", "uts") if os.geteuid() == 0 else ("user", "pid", "net", "ipc", "uts")
    return (
        program,
        *(f"--unshare-{name}" for name in spaces),
        *("--unshare-cgroup-try", "--die-with-parent", "--new-session"),
        *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", FOLDER),
        *_binds(),
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp", "--"),
    )


def _binds() -> Iterator[str]:
    for name in _SYSTEM:
        place = Path("/", name)
        if place.is_symlink():
            yield from ("--symlink", os.readlink(place), str(place))  # noqa: PTH115
        elif place.is_dir():
            yield from ("--ro-bind", str(place), str(place))
    for name in _ETC:
        yield from ("--ro-bind-try", f"/etc/{name}", f"/etc/{name}")
    shown = [*visible_folders(), *_course_files()]
    for place in _ways_to(shown):
        yield from ("--dir", str(place))
    for place in shown:
        yield from ("--ro-bind", str(place), str(place))
    for place in hidden_folders():
        yield from ("--tmpfs", str(place), "--remount-ro", str(place))


@lru_cache
def visible_folders() -> tuple[Path, ...]:
    """Folders that a server sees, read-only: programs, interpreter, libraries, this package."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), *_links(Path(sys.executable)), *package_folders()}
    package = Path(helpers.__file__).resolve().parent
    wanted = sorted({Path("/usr"), package, *prefixes, *(each.resolve() for each in prefixes)})
    for place in wanted:
        _refuse_to_show(place)
    return tuple(each for each in wanted if not any(other in each.parents for other in wanted))


def _ways_to(places: list[Path]) -> list[Path]:
    """Folders above `places`, the highest first: bubblewrap would make them for root's eyes only."""
    above = {each for place in places for each in place.parents if each != Path("/")}
    return sorted(above)


def _links(program: Path) -> Iterator[Path]:
    """Prefixes of all interpreters on the way from a link to the program itself."""
    for _ in range(10):
        yield program.parent.parent
        if not program.is_symlink():
            return
        program = program.parent / os.readlink(program)  # noqa: PTH115
        program = Path(os.path.normpath(program))


def _refuse_to_show(place: Path) -> None:
    """Stop where an interpreter is installed so high up that showing it would show everything."""
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    if place == Path("/") or place == home or place in home.parents:
        raise SandboxError(
            f"Python is installed in {place}, so that a sandbox with it would show your own files. "
            "Install the course in a virtual environment."
        )


def _course_files() -> Iterator[Path]:
    """Of a checkout, the datasets, studies, worlds and codebooks; in an installed package they lie inside it."""
    from helpers.data.locate import datasets_folder

    folder = datasets_folder()
    if any(each in folder.parents for each in visible_folders()):
        return
    declared = [path for kind in ("studies", "worlds", "codebooks") for path in folder.glob(f"{kind}/*.yml")]
    yield from sorted([*folder.glob("*.csv"), folder / "datapackage.json", *declared])


def hidden_folders() -> tuple[Path, ...]:
    """Folders that lie in a visible one and are shown empty: the bank."""
    return (Path(helpers.__file__).resolve().parent / "exercises" / "bank",)


# ------------------------------------------------------------------ the trial


@dataclass(frozen=True)
class Trial:
    """What a child got that was locked in for a test.

    Parameters
    ----------
    trouble : str
        Why there is no strict sandbox; empty if there is one.
    own_processes, filter : bool
        See `confine.Locks`.
    user : int
        Who the child was.
    """

    trouble: str = ""
    own_processes: bool = False
    filter: bool = False
    user: int = -1


@lru_cache(maxsize=1)
def trial() -> Trial:
    """Lock a child in, and see."""
    if sys.platform != "linux":
        return Trial("it needs Linux.")
    if shutil.which("bwrap") is None:
        return Trial(f"bubblewrap is not installed. {INSTALL.rstrip()}")
    if os.geteuid() != 0 and os.getuid() != os.geteuid():
        return Trial("this process runs with two different users.")
    try:
        return _tried()
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        return Trial(f"the trial did not end well ({type(error).__name__}).")


def _tried() -> Trial:
    place = room(STRICT, 0, Path("/"))
    settings = place.settings(STRICT, Limits(), channel=0)
    done = subprocess.run(
        [*_bubblewrap(), *_python("probe"), settings.to_json()],
        env=place.environment, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        return Trial(f"the trial stopped: {said[:200].rstrip('.')}.")
    return Trial(**json.loads(done.stdout))


def report() -> tuple[tuple[str, bool, str], ...]:
    """Say what this machine gives for running other people's code.

    Returns
    -------
    tuple of (str, bool, str)
        What, whether it is there, and one sentence.
    """
    try:
        tried = trial()
    except SandboxError as error:
        tried = Trial(str(error))
    there = not tried.trouble
    processes = "sees its own processes only" if tried.own_processes else "sees no process at all"
    calls = "are refused" if tried.filter else "are not refused: this kind of processor is not known here"
    return (
        ("bubblewrap", shutil.which("bwrap") is not None, shutil.which("bwrap") or "not installed."),
        (
            "strict sandbox",
            there,
            f"A trial was locked in as user {tried.user}." if there else f"{tried.trouble} {WAYS_OUT}",
        ),
        ("view of processes", there, f"A submission {processes}." if there else "No trial was possible."),
        ("system calls", there and tried.filter, f"Those that no lesson needs {calls}."),
        ("process sandbox", hasattr(os, "fork"), "Limits and a private folder; it hides nothing."),
    )
