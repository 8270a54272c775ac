"""The wheel alone, in an environment without the checkout, carries data, labs and lesson 01."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LESSON = ROOT / "lessons" / "1_assurance_theory" / "01_two_audiences.ipynb"
RUN_CELLS = """
import json, sys
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, resources={"metadata": {"path": "."}}).execute()
print(sum(cell.cell_type == "code" for cell in notebook.cells))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a new environment with the wheel in it, and the locked packages within reach, but not the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "env")], check=True)
    interpreter = folder / "env" / "bin" / "python"
    offline = [
        "uv",
        "pip",
        "install",
        "--offline",
        "--no-deps",
        "--quiet",
        "--python",
        str(interpreter),
        str(wheel),
    ]
    subprocess.run([str(Path(sys.executable).parent / offline[0]), *offline[1:]], check=True)
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    (site / "locked_packages.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return interpreter


def run(python: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COURSE_HOME")
    }
    environment |= {"COURSE_HOME": str(cwd / "home"), "HOME": str(cwd), "MPLBACKEND": "agg"}
    command = [str(python), *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_does_not_see_the_checkout(python: Path, tmp_path: Path) -> None:
    result = run(python, tmp_path, "-c", "import helpers; print(helpers.__file__)")
    assert result.returncode == 0, result.stderr
    assert str(ROOT) not in result.stdout


def test_every_dataset_loads_from_any_folder(python: Path, tmp_path: Path) -> None:
    program = "from helpers import load, catalogue; print(sum(len(load(n)) > 0 for n in catalogue()['name']))"
    result = run(python, tmp_path, "-c", program)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) >= 17


def test_the_raw_files_stay_out_of_the_wheel(python: Path, tmp_path: Path) -> None:
    program = "import helpers, pathlib; print(*pathlib.Path(helpers.__file__).parent.rglob('raw/*.csv'))"
    assert run(python, tmp_path, "-c", program).stdout.strip() == ""


def test_the_cells_of_lesson_01_run(python: Path, tmp_path: Path) -> None:
    result = run(python, tmp_path, "-c", RUN_CELLS, str(LESSON))
    assert result.returncode == 0, result.stderr[-2000:]
    assert int(result.stdout.split()[-1]) > 20


def test_a_wheel_says_what_course_lab_needs(python: Path, tmp_path: Path) -> None:
    result = run(python, tmp_path, "-m", "helpers", "build")
    assert result.returncode == 1
    assert "needs the course's folder" in result.stderr
    assert "Traceback" not in result.stderr
