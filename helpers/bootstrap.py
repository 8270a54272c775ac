"""From a bare machine to the `course` command: the only code that runs before the environment exists.

The idea: one lock file names every package with its hash, and a fingerprint beside the environment says for
which lock it was made. When the two agree nothing is done, so that the second start takes no time. Only the
standard library is used, and no syntax newer than Python 3.7, so that an old Python can say what is missing.

    python3 -I helpers/bootstrap.py lab
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
INSTALLER = ROOT / ".uv"
STAMP = ENVIRONMENT / "course-environment.json"
OLDEST = (3, 11)
COMMANDS_FOR_STUDENTS = ("lab",)
ENVIRONMENT_LOCKS = {"lab": "requirements.lock", "test": "requirements-test.lock"}
LOCK_OPTIONS = {
    "requirements-installer.lock": ["--group", "installer"],
    "requirements.lock": ["pyproject.toml", "--group", "build"],
    "requirements-test.lock": [
        *["pyproject.toml", "--all-extras", "--group", "test"],
        *["--constraints", "requirements.lock"],
    ],
}
MISSING_VENV = (
    "Python cannot make a virtual environment here. On Debian or Ubuntu: `sudo apt install python3-venv`. "
    "Elsewhere: install uv, or a Python from python.org. Then start again."
)


def main(arguments: list[str]) -> None:
    """Make the environment that `arguments` need, then hand over to the `course` command in it."""
    if sys.version_info < OLDEST:
        found, oldest = f"{sys.version_info[0]}.{sys.version_info[1]}", f"{OLDEST[0]}.{OLDEST[1]}"
        sys.exit(
            f"The course needs Python {oldest} or newer, and this is {found}. Install a newer one, "
            f"then give its name: make PYTHON=python{oldest} lab"
        )
    if arguments == ["lock"]:
        lock()
    else:
        kind = "lab" if arguments[:1] and arguments[0] in COMMANDS_FOR_STUDENTS else "test"
        if not is_ready(kind):
            build(kind)
        hand_over([str(program(ENVIRONMENT, "python")), "-m", "helpers", *arguments])


def hand_over(command: list[str]) -> None:
    """Go on as `command`, in the project's folder."""
    os.chdir(str(ROOT))
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def fingerprint(kind: str) -> str:
    """Digest of all that the environment depends on: lock, project file, Python and place."""
    digest = hashlib.sha256()
    for name in (ENVIRONMENT_LOCKS[kind], "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    digest.update(f"{sys.version} {ENVIRONMENT}".encode())
    return digest.hexdigest()


def is_ready(kind: str) -> bool:
    """Tell whether the environment is there and made for today's lock. That for the tests serves both."""
    try:
        made_for = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if not program(ENVIRONMENT, "python").exists():
        return False
    return any(made_for.get(each) == fingerprint(each) for each in (kind, "test"))


def build(kind: str) -> None:
    """Make the environment from its lock: hashes required, bytecode compiled."""
    started = time.monotonic()
    print(f"Setting up the course in {ENVIRONMENT.name}. This happens once.", flush=True)
    uv = find_uv()
    python = str(program(ENVIRONMENT, "python"))
    if STAMP.exists():
        STAMP.unlink()
    if not is_usable(python):
        call(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT))
    pip = [uv, "pip"]
    exact = ["--require-hashes", "--compile-bytecode", ENVIRONMENT_LOCKS[kind]]
    call(*pip, "sync", "--quiet", "--python", python, *exact)
    ours = ["--no-deps", "--no-build-isolation", "--editable", "."]
    call(*pip, "install", "--quiet", "--python", python, *ours)
    call(python, "-m", "compileall", "-q", "helpers")
    STAMP.write_text(json.dumps({kind: fingerprint(kind)}), encoding="utf-8")
    seconds, megabytes = time.monotonic() - started, size_in_mb(ENVIRONMENT)
    print(f"Ready after {seconds:.0f} seconds; {megabytes:.0f} MB on disk.", flush=True)


def lock() -> None:
    """Pin every package with its hashes, for every platform, and note for which dependencies."""
    uv = find_uv()
    note = f"# Made by `make lock` from the dependencies {dependencies_digest()} of pyproject.toml.\n"
    how = ["--quiet", "--upgrade", "--universal", "--generate-hashes", "--no-header"]
    for name, what in LOCK_OPTIONS.items():
        call(uv, "pip", "compile", *how, *what, "--output-file", name)
        pins = (ROOT / name).read_text(encoding="utf-8")
        (ROOT / name).write_text(note + pins, encoding="utf-8")
        print(f"{name}: {pins.count('==')} pins", flush=True)


def dependencies_digest() -> str:
    """Digest of every dependency in pyproject.toml, so that a stale lock can be told without a network."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [
        project["build-system"]["requires"],
        project["project"]["requires-python"],
        project["project"]["dependencies"],
        project["project"]["optional-dependencies"],
        project["dependency-groups"],
    ]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()[:16]


def is_usable(python: str) -> bool:
    """Tell whether `python` starts and is the version that runs this file."""
    question = [python, "-c", "import sys; print(sys.version)"]
    try:
        answer = subprocess.run(question, stdout=subprocess.PIPE, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.decode().strip() == sys.version.strip()


def find_uv() -> str:
    """Path of uv: the one on the PATH, else one of our own in `.uv`."""
    on_path = shutil.which("uv")
    if on_path:
        return on_path
    own = program(INSTALLER, "uv")
    if not own.exists():
        call(sys.executable, "-m", "venv", "--clear", str(INSTALLER), otherwise=MISSING_VENV)
        pip = [str(program(INSTALLER, "python")), "-m", "pip", "install", "--quiet"]
        call(*pip, "--disable-pip-version-check", "--require-hashes", "-r", "requirements-installer.lock")
    return str(own)


def call(*command: str, otherwise: str = "") -> None:
    """Run `command` in the project's folder; stop with one sentence if it fails."""
    environment = dict(os.environ, UV_SYSTEM_CERTS="1")
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"):
        environment.pop(name, None)
    try:
        subprocess.run(command, cwd=str(ROOT), env=environment, check=True)
    except (OSError, subprocess.CalledProcessError):
        step = " ".join(Path(part).name if Path(part).is_absolute() else part for part in command)
        failed = f"This step failed: {step}. The reason stands above; if it is the network, try again."
        sys.exit(otherwise or failed)


def program(environment: Path, name: str) -> Path:
    """Path of the program `name` in `environment`, on this system."""
    if os.name == "nt":
        return environment / "Scripts" / (name + ".exe")
    return environment / "bin" / name


def size_in_mb(folder: Path) -> float:
    """Size of `folder` in megabytes."""
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


if __name__ == "__main__":
    main(sys.argv[1:])
