"""The doctor tries what the course needs, and a no comes with its way out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.classroom import doctor, suite
from helpers.data.locate import datasets_folder

ROOT = Path(__file__).parents[2]


def test_every_answer_is_one_line_and_a_no_says_what_to_do() -> None:
    found = doctor.examine(ROOT)
    assert len({finding.what for finding in found}) == len(found) >= 14
    for finding in found:
        assert "\n" not in str(finding)
        assert str(finding).startswith("yes" if finding.there else "no")


def test_here_the_student_needs_nothing_more() -> None:
    there = {finding.what: finding.there for finding in doctor.examine(ROOT)}
    for what in ("Python", "packages", "your folder", "temporary files", "port", "datasets", "lessons"):
        assert there[what], what


def test_an_old_python_is_told_which_to_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", (3, 9, 2, "final", 0))
    finding = doctor.python()
    assert not finding.there
    assert "3.11 or newer: make PYTHON=python3.11 lab" in finding.sentence


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("no-such-package>=1.0", "no-such-package is missing"),
        ("pandas>=99.1", "and should be 99.1 or newer"),
        ("pandas>=2.0", ""),
        ("pandas", ""),
    ],
)
def test_a_missing_or_an_old_package_is_named(
    monkeypatch: pytest.MonkeyPatch, requirement: str, said: str
) -> None:
    monkeypatch.setattr(doctor.importlib.metadata, "requires", lambda name: [requirement])
    finding = doctor.packages()
    assert finding.there is (said == "")
    assert said in finding.sentence


def test_a_place_that_cannot_be_written_is_told_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    finding = doctor.writable("your folder", file / "below")
    assert not finding.there
    assert "COURSE_HOME=" in finding.sentence


def test_trying_a_place_leaves_nothing_behind(tmp_path: Path) -> None:
    assert doctor.writable("your folder", tmp_path / "not" / "there").there
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        doctor.shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10**10, 10**10, 10**8)
    )
    finding = doctor.disk(tmp_path / "work")
    assert not finding.there
    assert "make room" in finding.sentence


def test_a_changed_and_a_missing_dataset_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "datasets"
    shutil.copytree(datasets_folder(), folder, ignore=shutil.ignore_patterns("raw", "entries"))
    monkeypatch.setattr("helpers.data.locate.datasets_folder", lambda: folder)
    assert doctor.data().there
    (folder / "polls.csv").write_bytes((folder / "polls.csv").read_bytes() + b"\n")
    (folder / "milcon.csv").unlink()
    finding = doctor.data()
    assert not finding.there
    assert "milcon.csv, polls.csv" in finding.sentence
    assert "git checkout datasets" in finding.sentence


def test_a_package_without_its_course_is_told_where_lessons_come_from(tmp_path: Path) -> None:
    finding = doctor.lessons(tmp_path)
    assert not finding.there
    assert "git clone" in finding.sentence


def test_a_machine_without_programs_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite.shutil, "which", lambda name: None)
    for finding in (doctor.git(), doctor.browser(), doctor.network_can_be_cut()):
        assert not finding.there
        assert "sudo apt install" in finding.sentence
