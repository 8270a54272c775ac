"""What a killed grader leaves behind is removed; what somebody uses, or what is another's, is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from helpers.classroom.grading import folders
from helpers.classroom.grading.folders import PREFIX, OwnFolder, remove_left_behind
from helpers.classroom.grading.pool import open_runner

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="NOT RUN: needs folders that can be locked")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left(place: Path, name: str = "x") -> Path:
    """A folder as a killed grader leaves it."""
    folder = place / f"{PREFIX}{name}"
    (folder / "inside").mkdir(parents=True)
    (folder / "inside" / "file").write_text("x")
    return folder


HOLDS = """
import os, signal, sys, tempfile
tempfile.tempdir = sys.argv[1]
from helpers.classroom.grading.pool import open_runner
with open_runner(sandbox="process", slots=2):
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_a_grader_that_is_killed_leaves_folders_and_the_next_one_removes_them(temporary: Path) -> None:
    command = [sys.executable, "-c", HOLDS, str(temporary)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as grader:
        assert grader.stdout is not None
        assert grader.stdout.readline() == b"ready\n"
        held = sorted(temporary.glob(f"{PREFIX}*"))
        assert len(held) == 2
        assert remove_left_behind() == []
        assert sorted(temporary.glob(f"{PREFIX}*")) == held
        grader.kill()
    assert grader.returncode == -signal.SIGKILL
    assert all(folder.is_dir() for folder in held)
    with open_runner(sandbox="process", slots=1):
        assert not any(folder.exists() for folder in held)
        assert len(list(temporary.glob(f"{PREFIX}*"))) == 1
    assert list(temporary.glob(f"{PREFIX}*")) == []


def test_a_folder_in_use_is_not_removed(temporary: Path) -> None:
    own = OwnFolder()
    assert remove_left_behind() == []
    assert own.path.is_dir()
    assert own.path.stat().st_mode & 0o077 == 0
    own.remove()
    own.remove()
    assert not own.path.exists()


def test_a_folder_of_another_user_is_not_removed(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = left(temporary)
    monkeypatch.setattr(folders.os, "geteuid", lambda: os.getuid() + 1)
    assert remove_left_behind() == []
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert remove_left_behind() == [folder]


def test_links_files_and_other_names_are_left_alone(temporary: Path) -> None:
    target = temporary / "target"
    target.mkdir()
    (temporary / f"{PREFIX}link").symlink_to(target)
    (temporary / f"{PREFIX}file").write_text("x")
    (temporary / "course-other").mkdir()
    folder = left(temporary)
    (folder / "way-out").symlink_to(target)
    (target / "kept").write_text("x")
    before = set(temporary.iterdir())
    assert remove_left_behind() == [folder]
    assert set(temporary.iterdir()) == before - {folder}
    assert (target / "kept").read_text() == "x"


def test_a_folder_that_is_tidied_away_before_it_is_locked_is_made_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, removed = folders._opened, []

    def late(path: Path) -> int:
        if not removed:
            removed.extend([path])
            path.rmdir()
        return opened(path)

    monkeypatch.setattr(folders, "_opened", late)
    own = OwnFolder()
    assert own.path.is_dir()
    assert own.path != removed[0]
    own.remove()
