"""The health check: each thing that can be wrong with an installation is named, with what to do."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from helpers.data import ChangedDataset
from helpers.exercises import health, progress
from helpers.exercises.checkup import Finding, _html, _numbers, _required, examine

checkup = importlib.import_module("helpers.exercises.checkup")


def finding(what: str) -> Finding:
    return next(each for each in examine() if each.what == what)


def test_here_everything_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    health()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Everything is in order."
    assert len(said) == 6
    assert all(line.startswith("ok ") for line in said[1:])


def test_the_versions_that_are_compared_are_those_that_the_course_names() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    named = dict(each.lower().split(">=") for each in project["project"]["dependencies"])
    assert dict(_required()) == named


@pytest.mark.parametrize("there", ["", "1.9.9"])
def test_a_package_that_is_missing_or_too_old_is_named(there: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = checkup._version
    monkeypatch.setattr(checkup, "_version", lambda name: there if name == "numpy" else found(name))
    packages = finding("Packages")
    assert not packages.well
    assert packages.sentence.startswith(f"numpy {there or 'is missing'} (needs ")
    assert packages.sentence.endswith("Install the course again.")


@pytest.mark.parametrize(
    ("older", "newer"), [("2.9", "2.10"), ("2", "2.0.1"), ("2.1rc1", "2.2"), ("", "0.1"), ("2.1", "10")]
)
def test_versions_are_compared_as_numbers(older: str, newer: str) -> None:
    assert _numbers(older) < _numbers(newer)


def test_a_version_with_a_zero_more_is_the_same() -> None:
    assert _numbers("2.1.0") == _numbers("2.1")


def test_a_dataset_that_was_changed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def changed(name: str) -> Any:
        if name == "us_troops":
            raise ChangedDataset(Path("datasets") / f"{name}.csv", "aaaa", "bbbb")

    monkeypatch.setattr(checkup, "load", changed)
    datasets = finding("Datasets")
    assert not datasets.well
    n_files = len(list((Path(__file__).parents[2] / "datasets").glob("*.csv")))
    assert f"1 of {n_files} cannot be used. us_troops.csv is not the file" in datasets.sentence
    assert "restore it with" in datasets.sentence


def test_a_folder_that_cannot_be_written_is_named(
    clean_process: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean_process.write_text("a file stands here")
    folder = finding("Your folder")
    assert not folder.well
    assert "Make it writable, or set COURSE_HOME" in folder.sentence
    health()
    assert capsys.readouterr().out.startswith("1 of 5 things need a hand.\n")


def test_a_folder_where_nothing_is_kept_by_choice_says_so() -> None:
    progress(keep=False)
    assert finding("Your folder").well
    assert "progress(keep=True)" in finding("Your folder").sentence


def test_a_look_that_fails_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "resources", lambda: 1 / 0)
    assert finding("Datasets") == Finding(
        "Datasets", False, "it could not be looked at (ZeroDivisionError: division by zero)."
    )


def test_the_table_says_in_words_what_is_wrong() -> None:
    html = _html("1 thing", [Finding("Kernel", False, "<b>"), Finding("Data", True, "fine")])
    assert "✗ mend" in html
    assert "✓ fine" in html
    assert "&lt;b&gt;" in html
