"""The file that is handed in: the same bytes for the same work, and a reader that a stranger's file cannot fool."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.classroom.submission import archive
from helpers.classroom.submission.archive import ArchiveError, Failure, Finding, Submission

MADE = Submission(
    lesson="01",
    student="ada-17",
    when="2026-02-03T10:00:00+00:00",
    saved="2026-02-03T09:58:00+00:00",
    file="01_two_audiences.ipynb",
    course="0.1.0",
    sandbox="strict",
    answers=(
        Finding("01.1", "comparison", "found", "a table"),
        Finding("01.2", "shares", "error", "Cell 3 stopped"),
    ),
    failure=Failure(3, "5. Who counts?", "shares = pacts", "NameError: ü"),
    notebook=b'{"cells": []}',
    state=b"{}\n",
)
RECEIPT = "Lesson 01: 1 of 2 answers found.\n"


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return archive.write(MADE, RECEIPT, tmp_path / "submitted")


def rewritten(path: Path, **changes: bytes | None) -> Path:
    """The same zip with other entries; names are written with `__` for a dot."""
    with zipfile.ZipFile(path) as old:
        contents: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
    contents |= {name.replace("__", "."): content for name, content in changes.items()}
    target = path.with_name("other.zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in contents.items():
            if content is not None:
                new.writestr(name, content)
    return target


def manifest(path: Path) -> dict[str, object]:
    with zipfile.ZipFile(path) as held:
        content: dict[str, object] = json.loads(held.read("manifest.json"))
    return content


def test_what_is_read_is_what_was_written(written: Path) -> None:
    read = archive.read(written)
    assert read.submission == MADE
    assert (read.receipt, read.changed) == (RECEIPT, ())


def test_the_same_work_gives_the_same_bytes(written: Path) -> None:
    assert archive.to_bytes(MADE, RECEIPT) == archive.to_bytes(replace(MADE), RECEIPT)
    with zipfile.ZipFile(written) as held:
        assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_manifest_holds_what_sha256sum_would_say(written: Path, tmp_path: Path) -> None:
    import subprocess

    with zipfile.ZipFile(written) as held:
        held.extractall(tmp_path / "out")
    said = subprocess.run(
        ["sha256sum", "notebook.ipynb", "state.json", "receipt.txt"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    files = manifest(written)["files"]
    assert isinstance(files, dict)
    by_hand = {line.split()[1]: line.split()[0] for line in said.stdout.splitlines()}
    assert {name: entry["sha256"] for name, entry in files.items()} == by_hand


def test_what_was_handed_in_before_is_never_overwritten(written: Path) -> None:
    before = written.read_bytes()
    second = archive.write(replace(MADE, when="2026-02-04T10:00:00+00:00"), RECEIPT, written.parent)
    third = archive.write(MADE, RECEIPT, written.parent)
    assert [path.name for path in (written, second, third)] == [
        "01_ada-17.zip",
        "01_ada-17_2.zip",
        "01_ada-17_3.zip",
    ]
    assert written.read_bytes() == before
    assert sorted(path.name for path in written.parent.iterdir()) == sorted(
        path.name for path in (written, second, third)
    )


@pytest.mark.parametrize("name", ["notebook.ipynb", "state.json", "receipt.txt"])
def test_a_changed_entry_is_named_and_read_all_the_same(written: Path, name: str) -> None:
    other = rewritten(written, **{name.replace(".", "__"): b'{"cells": [1]}'})
    assert archive.read(other).changed == (name,)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"manifest__json": None}, "is no submission"),
        ({"../evil__py": b"x"}, "is no submission"),
        ({"more__txt": b"x"}, "is no submission"),
        ({"manifest__json": b"{"}, "cannot be read"),
        ({"manifest__json": b"[" * 100_000}, "cannot be read"),
        ({"manifest__json": b'{"format": "else"}'}, "no submission of this course"),
        ({"state__json": b"0" * 5_000_001}, "more than 5 megabytes"),
        ({"notebook__ipynb": b"0" * 50_000_001}, "more than 50 megabytes"),
    ],
)
def test_what_is_no_submission_is_refused(written: Path, changes: dict[str, bytes | None], said: str) -> None:
    with pytest.raises(ArchiveError, match=said):
        archive.read(rewritten(written, **changes))


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("version", 2, "update the course"),
        ("student", "../../etc", "cannot be one"),
        ("lesson", "1", "cannot be one"),
        ("answers", [{"exercise": "01.1"}], "lacks a part"),
        ("answers", 3, "lacks a part"),
        ("files", {}, "lacks a part"),
        ("when", 3, "lacks a part"),
        ("failure", {"cell": "x"}, "lacks a part"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    written: Path, part: str, value: object, said: str
) -> None:
    held = json.dumps({**manifest(written), part: value}).encode()
    with pytest.raises(ArchiveError, match=said):
        archive.read(rewritten(written, manifest__json=held))


def test_a_second_entry_of_a_name_is_refused(written: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(written, "a") as held:
        held.writestr("notebook.ipynb", b"{}")
    with pytest.raises(ArchiveError, match="is no submission"):
        archive.read(written)


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"\x00" * 100])
def test_a_file_that_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="no zip file"):
        archive.read(path)


def test_a_file_that_was_cut_off_or_damaged_is_refused(written: Path) -> None:
    content = written.read_bytes()
    for broken in (content[:-30], content[:40] + b"\xff" * 40 + content[80:]):
        written.write_bytes(broken)
        with pytest.raises(ArchiveError):
            archive.read(written)
