"""Files of a student's own work: never a lost change, never a stopped lesson, each trouble said once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.ui import state
from helpers.ui.state import StateFile, home, notice


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    for name in ("NBGRADER_EXECUTION", "COURSE_NO_DRAW"):
        monkeypatch.delenv(name, raising=False)
    state._said.clear()
    state._kept.clear()
    return tmp_path / "state"


def restart() -> None:
    """Forget what only this process knows."""
    state._kept.clear()
    state._said.clear()


def refuse(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def count(name: str = "n") -> state.Change:
    def change(data: dict[str, object]) -> None:
        data[name] = int(str(data.get(name, 0))) + 1

    return change


def test_what_was_written_is_there_after_a_restart() -> None:
    StateFile("progress").update(lambda data: {**data, "student": "ab12"})
    restart()
    assert StateFile("progress").read() == {"student": "ab12"}


def test_nothing_is_remembered_at_first_and_reading_makes_no_folder(folder: Path) -> None:
    assert StateFile("progress").read() == {}
    assert not folder.exists()


def test_the_file_states_its_version(folder: Path) -> None:
    StateFile("atlas", version=3).write({"host": "Japan"})
    assert json.loads((folder / "atlas.json").read_text()) == {"version": 3, "data": {"host": "Japan"}}


def test_a_write_replaces_all_and_a_caller_cannot_change_it_afterwards() -> None:
    file, given = StateFile("atlas"), {"hosts": ["Japan"]}
    file.write({"old": 1})
    file.write(given)
    given["hosts"].append("Korea")
    file.read()["hosts"].append("Italy")
    assert file.read() == {"hosts": ["Japan"]}


def test_numbers_of_numpy_are_kept_as_numbers() -> None:
    import numpy as np

    StateFile("atlas").write({"year": np.int64(1990), "years": np.array([1, 2])})
    assert StateFile("atlas").read() == {"year": 1990, "years": [1, 2]}


def test_no_part_of_a_file_is_ever_seen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = StateFile("progress")
    file.write({"n": 1})
    monkeypatch.setattr(os, "fsync", refuse)
    file.update(count())
    assert json.loads((folder / "progress.json").read_text())["data"] == {"n": 1}
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".lock"]


def test_two_threads_lose_no_change() -> None:
    def work() -> None:
        for _ in range(20):
            StateFile("progress").update(count())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    restart()
    assert StateFile("progress").read() == {"n": 40}


def test_a_change_that_another_thread_begins_during_a_write_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = threading.Thread(target=lambda: StateFile("progress").update(count()))
    write = state.write_whole

    def write_slowly(path: Path, content: bytes) -> None:
        if not other.ident:
            other.start()
            other.join(timeout=0.2)
        write(path, content)

    monkeypatch.setattr(state, "write_whole", write_slowly)
    StateFile("progress").update(count())
    other.join()
    assert StateFile("progress").read() == {"n": 2}


def test_two_kernels_lose_no_change(folder: Path) -> None:
    code = (
        "from helpers.ui.state import StateFile\n"
        "for _ in range(30):\n"
        "    StateFile('progress').update(lambda data: {**data, 'n': data.get('n', 0) + 1})"
    )
    kernels = [
        subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) for _ in range(2)
    ]
    assert [kernel.wait(timeout=60) for kernel in kernels] == [0, 0]
    assert StateFile("progress").read() == {"n": 60}


def test_the_lock_of_a_kernel_that_died_stops_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir(parents=True)
    (folder / "progress.lock").write_text("4711")
    waits: list[float] = []
    monkeypatch.setattr(state.time, "sleep", waits.append)
    StateFile("progress").update(count())
    restart()
    assert StateFile("progress").read() == {"n": 1}
    assert waits == []


def test_a_kernel_that_hangs_with_the_lock_delays_a_change_and_does_not_stop_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "LOCK_SECONDS", 0.05)
    with state._locked(folder / "progress.lock"):
        StateFile("progress").update(count())
    restart()
    assert StateFile("progress").read() == {"n": 1}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        '{"data": {}}',
        '{"version": 1, "data": 5}',
        "[" * 100_000,
        "\x00",
        '{"version": "1", "data": {}}',
    ],
)
def test_a_broken_file_is_moved_aside_and_said_once(
    folder: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir(parents=True)
    (folder / "progress.json").write_text(content)
    assert StateFile("progress").read() == {}
    StateFile("progress").update(count())
    assert (folder / "progress.broken-1.json").read_text() == content
    assert StateFile("progress").read() == {"n": 1}
    assert capsys.readouterr().out.splitlines() == [
        "Note: progress.json was broken. It is kept as progress.broken-1.json, and a new one begins."
    ]


def test_a_second_broken_file_does_not_replace_the_first(folder: Path) -> None:
    folder.mkdir(parents=True)
    for content in ("first", "second"):
        (folder / "progress.json").write_text(content)
        StateFile("progress").read()
    assert [(folder / f"progress.broken-{n}.json").read_text() for n in (1, 2)] == ["first", "second"]


def test_a_file_from_a_later_version_is_read_kept_untouched_and_said_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir(parents=True)
    content = '{"version": 2, "data": {"n": 5}, "more": []}'
    (folder / "progress.json").write_text(content)
    file = StateFile("progress")
    assert file.read() == {"n": 5}
    assert file.update(count()) == {"n": 6}
    assert file.update(count()) == {"n": 7} == file.read()
    assert (folder / "progress.json").read_text() == content
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert "later version" in said[0]


def test_a_folder_that_cannot_be_written_is_said_once_and_nothing_is_lost_in_the_session(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    StateFile("progress").write({"n": 1})
    with monkeypatch.context() as patch:
        patch.setattr(state.tempfile, "mkstemp", refuse)
        for _ in range(3):
            StateFile("progress").update(count())
        assert StateFile("progress").read() == {"n": 4}
        assert json.loads((folder / "progress.json").read_text())["data"] == {"n": 1}
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 1
    assert "cannot be saved" in said[0]
    assert str(folder) in said[0]


def test_what_could_not_be_written_joins_what_another_kernel_wrote_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(state.tempfile, "mkstemp", refuse)
        StateFile("progress").update(count("mine"))
    kept = dict(state._kept)
    restart()
    StateFile("progress").update(count("theirs"))
    state._kept.update(kept)
    StateFile("progress").update(count("mine"))
    restart()
    assert StateFile("progress").read() == {"theirs": 1, "mine": 2}


def test_where_a_file_stands_in_the_place_of_the_folder_work_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "state").write_text("not a folder")
    StateFile("progress").update(count())
    assert StateFile("progress").read() == {"n": 1}
    assert "Traceback" not in capsys.readouterr().out


def test_a_long_session_in_a_read_only_folder_keeps_no_endless_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state.tempfile, "mkstemp", refuse)
    for _ in range(state.PENDING_LIMIT + 10):
        StateFile("progress").update(count())
    assert StateFile("progress").read() == {"n": state.PENDING_LIMIT + 10}
    assert len(state._kept[StateFile("progress").path].pending) < 20


def test_an_unreadable_file_is_not_overwritten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    StateFile("progress").write({"n": 7})
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        assert StateFile("progress").update(count()) == {"n": 1}
    assert json.loads((folder / "progress.json").read_text())["data"] == {"n": 7}


def test_a_change_that_fails_is_not_tried_again() -> None:
    with pytest.raises(KeyError):
        StateFile("progress").update(lambda data: data["no such part"])
    assert StateFile("progress").update(count()) == {"n": 1}


@pytest.mark.parametrize("variable", ["NBGRADER_EXECUTION", "COURSE_NO_DRAW"])
def test_a_tool_that_grades_neither_reads_nor_writes_files(
    folder: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    StateFile("progress").write({"n": 5})
    monkeypatch.setenv(variable, "autograde")
    assert StateFile("progress").read() == {}
    assert StateFile("progress").update(count()) == {"n": 1} == StateFile("progress").read()
    assert json.loads((folder / "progress.json").read_text())["data"] == {"n": 5}


@pytest.mark.parametrize("name", ["", "../notes", "a/b", "a.b", "C:x"])
def test_a_name_cannot_lead_out_of_the_folder(name: str) -> None:
    with pytest.raises(ValueError, match="named by letters"):
        StateFile(name)


def test_home_is_the_folder_that_was_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home() == tmp_path
    monkeypatch.setenv("COURSE_HOME", "~/mine")
    assert home() == Path.home() / "mine"


def test_home_is_work_in_a_checkout_and_a_folder_of_its_own_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURSE_HOME")
    monkeypatch.setattr(state, "__file__", str(tmp_path / "helpers" / "ui" / "state.py"))
    assert home() == Path.home() / "assurance-course"
    (tmp_path / "lessons").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert home() == tmp_path / "work"


def test_a_notice_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    notice("One thing\n  to know.")
    assert capsys.readouterr().out == "Note: One thing to know.\n"


def test_what_a_killed_kernel_left_half_written_is_swept_away_after_a_while(folder: Path) -> None:
    StateFile("progress").update(count())
    old, young, other = (folder / f".{name}.tmp" for name in ("progress-old", "progress-young", "atlas-old"))
    for path in (old, young, other):
        path.write_text("{")
    for path in (old, other):
        os.utime(path, (1, 1))
    StateFile("progress").update(count())
    assert (old.exists(), young.exists(), other.exists()) == (False, True, True)


def test_switched_off_changes_live_in_the_session_alone(folder: Path) -> None:
    StateFile("progress").write({"n": 1})
    state.keep(False)
    assert not state.is_kept()
    assert StateFile("progress").update(count()) == {"n": 2}
    assert StateFile("progress").update(count()) == {"n": 3} == StateFile("progress").read()
    assert json.loads((folder / "progress.json").read_text())["data"] == {"n": 1}
    state.keep(True)
    assert StateFile("progress").update(count()) == {"n": 2}


def test_a_long_session_without_remembering_keeps_no_endless_list() -> None:
    state.keep(False)
    for _ in range(state.PENDING_LIMIT + 10):
        StateFile("progress").update(count())
    assert StateFile("progress").read() == {"n": state.PENDING_LIMIT + 10}
    assert len(state._kept[StateFile("progress").path].unkept) < 20


def test_a_folder_is_tried_and_left_empty(tmp_path: Path) -> None:
    assert state.trouble_with(tmp_path / "new") == ""
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("")
    assert state.trouble_with(tmp_path / "file") != ""
