"""The documents tell the truth: each command exists, and the steps of CONTRIBUTING.md work as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
FENCE = re.compile(r"^```(\w+)(?: (append))?(?: ([\w./-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block: commands to run, or a file to write or to append to."""

    language: str
    appends: bool
    place: str
    text: str


def blocks(text: str) -> list[Block]:
    return [Block(kind, bool(more), place, body) for kind, more, place, body in FENCE.findall(text)]


def section(heading: str) -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


# ------------------------------------------------------------------ every command that is named


def commands(text: str) -> Iterator[tuple[str, ...]]:
    """Calls of `course` and `make` in code, whether in backquotes or in a block."""
    code = [
        *re.findall(r"`([^`\n]+)`", text),
        *(line for block in blocks(text) for line in block.text.splitlines()),
    ]
    for line in code:
        for program, words in re.findall(r"(?:^|&& |; |bin/)(course|make)((?: +[-\w./=\"]+)+)", line):
            yield program, *words.split()


def exists(command: tuple[str, ...]) -> str:
    """Empty if there is such a command with such options; else what is wrong."""
    import typer

    from helpers.cli import app

    program, *words = command
    if program == "make":
        targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        return (
            ""
            if {word for word in words if "=" not in word} <= set(targets)
            else "is no target of the Makefile"
        )
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    if words[0] not in known:
        return f"is no command; there are {', '.join(known)}"
    options = {name for each in known[words[0]].params for name in (*each.opts, *each.secondary_opts)}
    unknown = [
        word
        for word in words[1:]
        if word.startswith("-") and word.partition("=")[0] not in {*options, "--help"}
    ]
    return f"has no option {', '.join(unknown)}" if unknown else ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_command_in_a_document_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    wrong = {" ".join(command): trouble for command in commands(text) if (trouble := exists(command))}
    assert wrong == {}


@pytest.mark.parametrize(
    "text", ["`course fly`", "`course build --fast`", "```sh\nmake tea\n```", "`.venv/bin/course teach`"]
)
def test_a_command_that_does_not_exist_is_found(text: str) -> None:
    assert [exists(command) for command in commands(text)] != [""]
    assert all(exists(command) for command in commands(text))


def test_commands_are_found_where_people_write_them() -> None:
    found = [
        list(commands(text)) for text in ("`make lab`", "```sh\ncourse build --check\n```", "of course not")
    ]
    assert found == [[("make", "lab")], [("course", "build", "--check")], []]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_in_a_document_exists(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    names = re.findall(r"(?:`|\]\()((?:docs|helpers|tests|datasets|LICENSES)/[\w./-]+)(?:`|\))", text)
    assert [name for name in names if not (ROOT / name).exists()] == []


# ------------------------------------------------------------------ the steps of CONTRIBUTING.md


@dataclass(frozen=True)
class Copy:
    """A throw-away copy of the course, in which an author works."""

    folder: Path

    def follow(self, heading: str, *, fails: tuple[str, ...] = ()) -> list[subprocess.CompletedProcess[str]]:
        """Write the files of a section and run its commands; those in `fails` must fail, all others must not."""
        done = []
        for block in blocks(section(heading)):
            if block.language == "sh":
                for line in block.text.splitlines():
                    done.append(self.run(line))
                    expected = line in fails
                    assert (done[-1].returncode != 0) == expected, (
                        f"{line}\n{done[-1].stdout}{done[-1].stderr}"
                    )
            else:
                self.write(block)
        return done

    def run(self, line: str) -> subprocess.CompletedProcess[str]:
        bins = str(self.folder.parent / "bin")
        path = os.pathsep.join([bins, str(Path(sys.executable).parent), os.environ["PATH"]])
        kept = {name: value for name, value in os.environ.items() if name not in ("COURSE_HOME", "CI")}
        environment = {**kept, "PATH": path, "PYTHONPATH": str(self.folder), "HOME": str(self.folder.parent)}
        return subprocess.run(
            line, shell=True, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def write(self, block: Block) -> None:
        path = self.folder / block.place
        before = path.read_text(encoding="utf-8") if block.appends else ""
        path.write_text(before + block.text, encoding="utf-8")

    def replace(self, place: str, pattern: str, new: str) -> None:
        path = self.folder / place
        text, n_found = re.subn(pattern, new, path.read_text(encoding="utf-8"))
        assert n_found, f"{pattern!r} is not in {place}"
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """All that git would hold, and a command `course` that runs it."""
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    folder = tmp_path / "copy"
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    program = tmp_path / "bin" / "course"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m helpers "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return Copy(folder)


def files_of(copy: Copy) -> list[str]:
    found = [
        *copy.folder.rglob("*40*.ipynb"),
        *copy.folder.rglob("*lesson_40.py"),
        *copy.folder.rglob("40_*.md"),
    ]
    return [path.relative_to(copy.folder).as_posix() for path in found if "lessons" not in path.parts]


@pytest.mark.slow
def test_the_steps_for_a_lesson_and_an_exercise_build_one_that_lands_only_when_it_is_written(
    copy: Copy,
) -> None:
    *_, tested = copy.follow("A lesson", fails=("course test 40",))
    assert "nothing is left to do" in tested.stdout
    failed = re.findall(r"^FAILED (tests/.*?)(?: - .*)?$", tested.stdout, re.MULTILINE)
    kept = "tests/notebooks/test_rules.py::test_a_notebook_keeps_the_rule"
    assert failed == [f"{kept}[nothing is left to do-40_harbours]"]
    assert len(files_of(copy)) == 5
    for place in files_of(copy):
        copy.replace(place, "TODO:? ?", "Written. ")
    copy.follow("An exercise")
    assert copy.run("course build --check").returncode == 0


@pytest.mark.slow
def test_the_steps_for_a_lab_make_one_that_computes_speaks_and_draws(copy: Copy) -> None:
    copy.replace("helpers/labs/__init__.py", r"__all__ = \[", '__all__ = [\n    "HarbourLab",')
    copy.replace("helpers/labs/__init__.py", r"_HOME = \{", '_HOME = {\n    "HarbourLab": "harbour_lab",')
    tidy = copy.run("ruff check --fix -q helpers/labs/__init__.py && ruff format -q helpers/labs/__init__.py")
    assert tidy.returncode == 0, tidy.stdout
    said = copy.follow("A lab")[-1].stdout
    assert "12 ships find a berth." in said
    drawn = "from helpers.labs import HarbourLab as H; from matplotlib.figure import Figure as F; a = F().subplots()"
    assert copy.run(f'python -c "{drawn}; H().draw(5, a); assert len(a.patches) == 1"').returncode == 0
    checked = copy.run(
        "ruff check helpers/labs && ruff format --check helpers/labs && mypy && lint-imports --no-cache"
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
def test_the_steps_for_a_dataset_make_one_that_loads(copy: Copy) -> None:
    said = copy.follow("A dataset")[-1].stdout
    assert "Germany" in said
    package = json.loads((copy.folder / "datasets" / "datapackage.json").read_text(encoding="utf-8"))
    assert "harbours" in [each["name"] for each in package["resources"]]


@pytest.mark.slow
def test_a_step_that_does_not_work_is_noticed(copy: Copy) -> None:
    shutil.rmtree(copy.folder / "helpers" / "classroom" / "new_lesson")
    with pytest.raises(AssertionError, match="course new-lesson"):
        copy.follow("A lesson")


# ------------------------------------------------------------------ how to cite, where to run


def test_the_citation_file_names_what_pyproject_names() -> None:
    import tomllib

    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "type", "license"} <= set(cited)
    assert str(cited["version"]) == project["version"]
    assert project["description"].startswith(cited["title"])
    assert set(cited["license"]) == set(project["license"].split(" AND "))
    assert all({"name"} <= set(each) or {"family-names"} <= set(each) for each in cited["authors"])
    assert cited["type"] in ("software", "dataset")


def test_the_works_of_the_citation_file_are_those_of_the_bibliography() -> None:
    from helpers.classroom.sources import works

    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    held = works(ROOT)
    by_title = {work.fields["title"]: work for work in held.values()}
    for reference in cited["references"]:
        work = by_title[reference["title"]]
        assert [each["family-names"] for each in reference["authors"]] == list(work.surnames)
        assert str(reference["year"]) == work.fields["year"]
        assert reference.get("doi") == work.fields.get("doi")


def test_the_one_cell_for_colab_is_python_with_a_known_address_of_none() -> None:
    text = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    cells = [block.text for block in blocks(text.partition("## Colab")[2].partition("\n## ")[0])]
    assert len(cells) == 1
    assert "%pip install" in cells[0]
    assert "YOUR-ADDRESS" in cells[0], "the course does not know where its reader keeps it"


def test_the_routes_name_every_lesson_once_in_its_order() -> None:
    from helpers.classroom.scaffold import MODULES

    text = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    numbers = {f"{number:02}" for _, held in MODULES.values() for number in held if number <= 16}
    fifteen = re.findall(
        r"^\| \d+ \|(.*?)\|", text.partition("### Fifteen weeks")[2].partition("\n#")[0], re.MULTILINE
    )
    named = [number for cell in fifteen for number in re.findall(r"\b(\d\d)\b", cell)]
    assert named == sorted(named)
    assert set(named) == numbers | {"00"}
