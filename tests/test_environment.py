"""One place names the dependencies; the locks, environment.yml and the first step follow it."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def digest_of(root: Path) -> str:
    """The digest that the bootstrap of `root` computes."""
    names = runpy.run_path(str(root / "helpers" / "bootstrap.py"), run_name="probe")
    return str(names["dependencies_digest"]())


def stale(root: Path) -> list[str]:
    """Names of the locks in `root` that were made for other dependencies."""
    wanted = f"dependencies {digest_of(root)} of"
    locks = sorted(root.glob("requirements*.lock"))
    return [lock.name for lock in locks if wanted not in lock.read_text(encoding="utf-8").splitlines()[0]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for lock in LOCKS:
        shutil.copy(lock, tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "helpers").mkdir()
    shutil.copy(ROOT / "helpers" / "bootstrap.py", tmp_path / "helpers")
    return tmp_path


def test_the_locks_fit_pyproject() -> None:
    assert len(LOCKS) == 3
    assert stale(ROOT) == [], "run `make lock`"


def test_a_dependency_more_makes_every_lock_stale(copy: Path) -> None:
    project = copy / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace('"pandas>=', '"rich>=13",\n    "pandas>=', 1), encoding="utf-8")
    assert stale(copy) == [lock.name for lock in LOCKS]


def test_a_changed_tool_setting_makes_no_lock_stale(copy: Path) -> None:
    project = copy / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text.replace("max-line-length = 120", "max-line-length = 99"), encoding="utf-8")
    assert stale(copy) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_with_hashes_and_names_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    requirements = re.split(r"\n(?=[a-z0-9])", text.split("\n", 1)[1])
    without = [each.split()[0] for each in requirements if each.strip() and "--hash=sha256:" not in each]
    assert without == []


def test_the_test_lock_holds_every_pin_of_the_student_lock() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", text, re.MULTILINE))

    assert pins("requirements.lock") - pins("requirements-test.lock") == set()


def test_environment_yml_names_python_pip_and_the_project_alone() -> None:
    content = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    oldest = re.search(r'requires-python = "(>=[\d.]+)"', project)
    assert oldest is not None
    assert content["dependencies"] == [f"python{oldest[1]}", "pip", {"pip": ["-e ."]}]


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make lab" in readme
    assert "make test" in readme


def test_an_old_python_is_told_what_to_install(copy: Path) -> None:
    program = (
        "import runpy, sys; sys.version_info = (3, 8, 10, 'final', 0); sys.argv = ['x', 'lab'];"
        f"runpy.run_path({str(copy / 'helpers' / 'bootstrap.py')!r}, run_name='__main__')"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "needs Python 3.11 or newer, and this is 3.8" in result.stderr
    assert "Traceback" not in result.stderr


def test_without_uv_and_without_venv_one_sentence_names_the_package(copy: Path, tmp_path: Path) -> None:
    broken = tmp_path / "python-without-venv"
    broken.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    program = (
        f"import runpy, sys; sys.executable = {str(broken)!r}; sys.argv = ['x', 'lab'];"
        f"runpy.run_path({str(copy / 'helpers' / 'bootstrap.py')!r}, run_name='__main__')"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tmp_path / "empty")},
    )
    assert result.returncode == 1
    assert "sudo apt install python3-venv" in result.stderr
    assert "Traceback" not in result.stderr
