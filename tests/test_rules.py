"""Style, types and layers, and a proof that each of these guards bites."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(sys.executable).parent


def run(*command: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    program = str(SCRIPTS / command[0])
    return subprocess.run([program, *command[1:]], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "helpers", tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")


def test_ruff_finds_nothing() -> None:
    result = run("ruff", "check", ".")
    assert result.returncode == 0, result.stdout


def test_the_code_is_formatted() -> None:
    result = run("ruff", "format", "--check", ".")
    assert result.returncode == 0, result.stdout


def test_mypy_strict_finds_nothing_in_helpers() -> None:
    result = run("mypy")
    assert result.returncode == 0, result.stdout


def test_every_import_keeps_to_the_layers() -> None:
    result = run("lint-imports", "--no-cache")
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "named"),
    [
        ("data/__init__.py", "import helpers.plotting", "helpers.data -> helpers.plotting"),
        ("theory/__init__.py", "import helpers.experiments", "helpers.theory -> helpers.experiments"),
        ("labs/__init__.py", "import helpers.exercises", "helpers.labs -> helpers.exercises"),
        ("ui/__init__.py", "import helpers.classroom.build", "helpers.ui -> helpers.classroom.build"),
        ("classroom/build.py", "import helpers.exercises.bank.lesson_01", "helpers.exercises.bank"),
    ],
)
def test_a_planted_layer_violation_is_found(copy: Path, module: str, line: str, named: str) -> None:
    plant(copy / "helpers" / module, line)
    result = run("lint-imports", "--no-cache", cwd=copy)
    assert result.returncode == 1
    assert named in result.stdout


def test_a_planted_wrong_type_is_found(copy: Path) -> None:
    plant(copy / "helpers" / "classroom" / "edition.py", 'KEY_LENGTH: int = "six"')
    result = run("mypy", cwd=copy)
    assert result.returncode == 1
    assert "edition.py" in result.stdout
