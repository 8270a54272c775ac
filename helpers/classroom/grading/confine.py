"""Locks that a child puts on itself before it runs a line of a student's code. Linux; elsewhere only the limits.

The idea: three walls, so that a hole in one is not a way out. The child gets namespaces of its own: nothing else can be
seen, reached or left behind, since all processes of a namespace end with its first. It gives up every privilege. And a
filter refuses the system calls that no lesson needs and that most kernel exploits and hidden channels do.

The interfaces are those of the Linux manual: unshare(2), mount(2), capset(2), prctl(2), seccomp(2), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpers.classroom.grading.model import Limits

LOST_CONFINEMENT = 97
"""Exit status of a child that could not lock itself in; it ran nothing."""

FOLDER = "/notebook"
"""The private folder of a child, home and working folder in one."""

_NEW_NS, _NEW_IPC, _NEW_USER, _NEW_PID, _NEW_NET = 0x00020000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
_NAMESPACES = _NEW_USER | _NEW_NS | _NEW_PID | _NEW_NET | _NEW_IPC
_READ_ONLY, _NOSUID, _NODEV, _NOEXEC, _REMOUNT, _BIND, _REC, _PRIVATE = (
    1,
    2,
    4,
    8,
    0x20,
    0x1000,
    0x4000,
    0x40000,
)
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_FILTER, _DROP_BOUND = 1, 4, 22, 24
_ADOPT_ORPHANS, _NO_NEW_PRIVILEGES = 36, 38
_KILL = 9


class Unconfined(OSError):
    """A lock could not be closed; says which."""


@dataclass(frozen=True)
class Locks:
    """Which of the locks that depend on the kernel are closed.

    Parameters
    ----------
    own_processes : bool
        Whether /proc shows the child's own processes; otherwise it shows nothing at all.
    filter : bool
        Whether system calls are filtered.
    """

    own_processes: bool
    filter: bool


# ------------------------------------------------------------------ calls of the C library


def _call(name: str, *arguments: object) -> None:
    if getattr(_library(), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise Unconfined(number, f"{name}: {os.strerror(number)}")


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _prctl(option: int, value: int = 0) -> None:
    _call("prctl", option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0))


def die_with_parent() -> None:
    """Be killed as soon as the parent process ends (Linux)."""
    if sys.platform == "linux":
        _prctl(_SET_DEATH_SIGNAL, _KILL)


def keep_memory_private() -> None:
    """Let no other process of this user read this one's memory or environment (Linux)."""
    if sys.platform == "linux":
        _prctl(_SET_DUMPABLE, 0)


def open_memory() -> None:
    """Be an ordinary process again, whose memory its own user may look at (Linux)."""
    if sys.platform == "linux":
        _prctl(_SET_DUMPABLE, 1)


def adopt_orphans() -> None:
    """Become the parent of what descendants leave behind, so that it can be found and ended (Linux)."""
    if sys.platform == "linux":
        _prctl(_ADOPT_ORPHANS, 1)


def become(user: int) -> None:
    """Give up being root for the unprivileged `user`, for good."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    _prctl(_NO_NEW_PRIVILEGES, 1)


# ------------------------------------------------------------------ the locks


def enter_namespaces() -> None:
    """Leave the namespaces of users, mounts, processes, network and messages for new, empty ones.

    The next process that is forked is the first of the new process namespace.
    """
    user, group = os.geteuid(), os.getegid()
    _prctl(_NO_NEW_PRIVILEGES, 1)
    open_memory()
    _call("unshare", _NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def lock_in(limits: Limits, *, own_tmp: bool) -> Locks:
    """Close every lock, in the first process of the new namespaces.

    Parameters
    ----------
    limits : Limits
    own_tmp : bool
        Whether to put an empty folder in the place of /tmp. If not, because the course itself lies there, nothing
        can be written to it.

    Returns
    -------
    Locks

    Raises
    ------
    Unconfined
        If a lock that must hold does not close.
    """
    with suppress(OSError):
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
    _call("mount", b"none", b"/", None, _REC | _PRIVATE, None)
    _own_folder(FOLDER, 2 * limits.file_mb)
    if own_tmp:
        _own_folder("/tmp", limits.file_mb)
    else:
        _call("mount", None, b"/tmp", None, _REMOUNT | _BIND | _NOSUID | _NODEV | _READ_ONLY, None)
    if Path("/dev/shm").is_dir():
        _own_folder("/dev/shm", limits.file_mb)
    sees = _own_proc()
    os.chdir(FOLDER)
    os.environ.update(HOME=FOLDER, TMPDIR="/tmp" if own_tmp else FOLDER)
    set_limits(limits)
    _drop_capabilities()
    return Locks(sees, _filter_calls())


def _own_folder(path: str, megabytes: int) -> None:
    size = f"size={megabytes}m,nr_inodes=20000,mode=700".encode()
    _call("mount", b"tmpfs", path.encode(), b"tmpfs", _NOSUID | _NODEV, size)


def _own_proc() -> bool:
    """Show this namespace's processes in /proc; where the kernel refuses, show nothing."""
    try:
        _call("mount", b"proc", b"/proc", b"proc", _NOSUID | _NODEV | _NOEXEC, None)
    except Unconfined:
        _call(
            "mount",
            b"tmpfs",
            b"/proc",
            b"tmpfs",
            _NOSUID | _NODEV | _NOEXEC | _READ_ONLY,
            b"size=4k,mode=555",
        )
        return False
    return True


def set_limits(limits: Limits, *, processes: int | None = None) -> None:
    """Limit memory, files, processes and time of this process and its children.

    Parameters
    ----------
    limits : Limits
    processes : int, optional
        Counted for the whole user; `limits.processes` if none is given.
    """
    import resource

    megabyte = 1 << 20
    wanted = {
        "RLIMIT_AS": _address_space() + limits.memory_mb * megabyte,
        "RLIMIT_NPROC": limits.processes if processes is None else processes,
        "RLIMIT_FSIZE": limits.file_mb * megabyte,
        "RLIMIT_NOFILE": 256,
        "RLIMIT_CPU": int(limits.submission_seconds) + 30,
        "RLIMIT_CORE": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is not None:
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (value, value))


def _address_space() -> int:
    """Bytes of address space that the libraries take already."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 1 << 30


def _drop_capabilities() -> None:
    for number in range(64):
        with suppress(Unconfined):
            _prctl(_DROP_BOUND, number)
    header = struct.pack("Ii", 0x20080522, 0)
    _call("capset", header, bytes(24))


# ------------------------------------------------------------------ the filter

# Numbers of system calls on x86-64 and on 64-bit ARM. Refused: new namespaces and mounts, looking into other processes,
# keys, programs in the kernel, rings of system calls, and memory that no limit counts.
_CALLS: dict[str, tuple[int, int]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "vmsplice": (278, 75),
    "acct": (163, 89),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "kexec_load": (246, 104),
}
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_FAMILIES = (1, 2, 10, 16)  # Unix, internet 4 and 6, netlink: those that a network namespace holds
_EPERM, _ENOSYS, _NO_FAMILY = 1, 38, 97
_ALLOW, _REFUSE, _END_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16


def _filter_calls() -> bool:
    """Refuse what no lesson needs; False on a machine whose numbers are not known here."""
    known = _MACHINES.get(platform.machine())
    if known is None or sys.byteorder != "little":
        return False
    program = b"".join(struct.pack("HBBI", *step) for step in _program(*known))
    held = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    pointer = ctypes.create_string_buffer(header, len(header))
    _call(
        "prctl", _SET_FILTER, ctypes.c_ulong(2), ctypes.c_void_p(ctypes.addressof(pointer)),
        ctypes.c_ulong(0), ctypes.c_ulong(0),
    )  # fmt: skip
    return True


def _program(machine: int, architecture: int) -> list[tuple[int, int, int, int]]:
    """Steps of the filter: operation, how far to jump if true and if false, operand."""
    steps = [
        (_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _END_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
    ]  # fmt: skip
    if machine == 0:  # the numbers of the 32-bit interface would pass by the filter
        steps += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    for numbers in _CALLS.values():
        steps += [(_EQUAL, 0, 1, numbers[machine]), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    steps += [(_EQUAL, 0, 1, _CLONE3[machine]), (_RETURN, 0, 0, _REFUSE | _ENOSYS)]
    steps += [
        (_EQUAL, 0, 3, _CLONE[machine]), (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NEW_USER), (_RETURN, 0, 0, _REFUSE | _EPERM),
        (_LOAD, 0, 0, _NUMBER), (_EQUAL, 1, 0, _SOCKET[machine]), (_RETURN, 0, 0, _ALLOW),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
    ]  # fmt: skip
    n_families = len(_FAMILIES)
    steps += [(_EQUAL, n_families - place, 0, family) for place, family in enumerate(_FAMILIES)]
    return [*steps, (_RETURN, 0, 0, _REFUSE | _NO_FAMILY), (_RETURN, 0, 0, _ALLOW)]
