"""The commands, as a student types them, in a throw-away copy of the course."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LESSON = Path("1_assurance_theory/01_two_audiences.ipynb")

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with all that git would hold of this one."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    folder = tmp_path / "course"
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "copy")
    return folder


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout


def course(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "helpers", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(folder), capture_output=True, text=True, check=False
    )


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("COURSE_HOME", "DISPLAY")}
    return {**kept, "HOME": str(folder.parent), "PYTHONPATH": str(folder)}


@contextmanager
def lab(folder: Path) -> Iterator[list[str]]:
    """A running `course lab`; gives the lines that it printed up to the address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers", "lab"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.strip())
            if "Ctrl+C" in line:
                break
        yield lines
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0


def address(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith("http://"))


def test_lab_serves_the_students_copies_and_prints_one_address(checkout: Path) -> None:
    with lab(checkout) as lines:
        url = address(lines)
        assert "/lab/tree/00_start_here.ipynb?token=" in url
        api = re.sub(r"/lab/tree/[^?]*", f"/api/contents/{LESSON.as_posix()}", url)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(api) as reply:
            assert json.load(reply)["path"] == LESSON.as_posix()
    assert git(checkout, "status", "--porcelain") == ""


def test_a_students_edits_stay_out_of_git_and_survive_an_update(checkout: Path) -> None:
    with lab(checkout):
        pass
    mine = checkout / "work" / LESSON
    mine.write_text(
        mine.read_text(encoding="utf-8").replace("shares_1968 = ...", "shares_1968 = 0.3"), encoding="utf-8"
    )
    written = mine.read_bytes()
    assert git(checkout, "status", "--porcelain") == ""

    source = checkout / "solutions" / LESSON
    text = source.read_text(encoding="utf-8").replace("# 01 Two audiences", "# 01 Two audiences, revised")
    source.write_text(text, encoding="utf-8")
    assert course(checkout, "build").returncode == 0
    with lab(checkout) as lines:
        assert any("Your copy is as you left it" in line for line in lines)
    assert mine.read_bytes() == written
    assert "revised" in mine.with_name("01_two_audiences.new.ipynb").read_text(encoding="utf-8")


def test_build_check_names_the_lesson_whose_answer_changed(checkout: Path) -> None:
    assert course(checkout, "build", "--check").returncode == 0
    source = checkout / "solutions" / LESSON
    text = source.read_text(encoding="utf-8").replace("table[1990] >= 1000", "table[1990] >= 999")
    source.write_text(text, encoding="utf-8")
    result = course(checkout, "build", "--check")
    assert result.returncode == 1
    assert LESSON.as_posix() in result.stderr
    assert "Traceback" not in result.stderr


def test_datasets_check_names_the_file_with_a_changed_byte(checkout: Path) -> None:
    assert course(checkout, "datasets", "--check").returncode == 0
    path = checkout / "datasets" / "polls.csv"
    path.write_bytes(path.read_bytes()[:-2] + b"!\n")
    result = course(checkout, "datasets", "--check")
    assert result.returncode == 1
    assert "polls.csv" in result.stderr


def test_an_unknown_command_is_one_sentence(checkout: Path) -> None:
    result = course(checkout, "labs")
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert "labs" in result.stderr
