"""Codes on disk: each key at once, nothing lost when a tab closes, a kernel restarts or a process is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from helpers.ui.kept_codes import MOST_EARLIER, MOST_STEPS, KeptCodes, Step

VARIABLES = {"stance": ("for", "against"), "reason": ("will", "means")}
ITEMS = tuple(f"I-{number:02d}" for number in range(30))
ROOT = Path(__file__).resolve().parents[2]
MAKE = (
    "from helpers.ui.kept_codes import KeptCodes\n"
    f"kept = KeptCodes('codes', 'book/1', {VARIABLES!r}, {ITEMS!r})\n"
)


def kept(codebook: str = "book/1", **more: bool) -> KeptCodes:
    return KeptCodes("codes", codebook, VARIABLES, ITEMS, **more)


def file(home: Path) -> Path:
    return home / "state" / "codes.json"


def start(home: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MAKE + textwrap.dedent(code)],
        env={**os.environ, "COURSE_HOME": str(home), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(autouse=True)
def course_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    for name in ("NBGRADER_EXECUTION", "COURSE_NO_DRAW"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_each_key_is_on_disk_when_the_call_returns(course_home: Path) -> None:
    mine = kept()
    mine.put("I-01", "stance", "for")
    assert json.loads(file(course_home).read_text())["data"]["codes"] == {"I-01": {"stance": "for"}}
    mine.put("I-01", "reason", "will")
    assert kept().complete == {"I-01": {"stance": "for", "reason": "will"}}
    assert kept().at == "I-01"


def test_undo_takes_back_key_by_key_also_the_next_day() -> None:
    mine = kept()
    mine.put("I-01", "stance", "for")
    mine.put("I-01", "stance", "against")
    mine.put("I-02", "reason", "will")
    assert kept().undo() == Step("I-02", "reason", "")
    assert kept().codes == {"I-01": {"stance": "against"}}
    assert kept().undo() == Step("I-01", "stance", "for")
    assert kept().codes == {"I-01": {"stance": "for"}}
    assert kept().undo() is not None
    assert kept().codes == {}
    assert kept().undo() is None


def test_two_kernels_lose_nothing_of_each_other(course_home: Path) -> None:
    writers = [
        start(course_home, f"for item in {ITEMS[part::3]!r}:\n    kept.put(item, 'stance', 'for')")
        for part in range(3)
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert set(kept().codes) == set(ITEMS)


def test_a_process_killed_in_the_middle_of_a_write_leaves_the_state_before_that_key(
    course_home: Path,
) -> None:
    """The new content lies half written beside the file when SIGKILL comes."""
    writer = start(
        course_home,
        """
        import os, sys, time
        from helpers.ui import state
        kept.put('I-01', 'stance', 'for')
        kept.put('I-01', 'reason', 'will')
        def stop(handle):
            print('writing', flush=True)
            time.sleep(60)
        os.fsync = stop
        kept.put('I-02', 'stance', 'against')
        """,
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    before = file(course_home).read_bytes()
    assert list(file(course_home).parent.glob("*.tmp")), "the kill must come in the middle of the write"
    os.kill(writer.pid, signal.SIGKILL)
    assert writer.wait(30) == -signal.SIGKILL
    assert file(course_home).read_bytes() == before
    after = kept()
    assert after.codes == {"I-01": {"stance": "for", "reason": "will"}}
    after.put("I-02", "stance", "against")
    assert kept().codes["I-02"] == {"stance": "against"}


def test_whenever_a_process_is_killed_every_key_that_it_had_confirmed_is_there(course_home: Path) -> None:
    for attempt in range(8):
        writer = start(
            course_home,
            """
            import itertools
            for number in itertools.count():
                item = f'I-{number % 30:02d}'
                code = ('for', 'against')[number // 30 % 2]
                kept.put(item, 'stance', code)
                print(item, code, flush=True)
            """,
        )
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]
        time.sleep(0.03 + 0.037 * attempt)
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
        writer.wait(30)
        confirmed = [line.split() for line in lines if line.endswith("\n")]
        held = kept().codes
        *_, last = confirmed
        following = f"I-{(int(last[0][2:]) + 1) % 30:02d}"
        expected = dict(confirmed)
        for item, code in expected.items():
            assert held[item]["stance"] == code or item == following


def test_codes_of_another_codebook_are_put_aside_and_never_mixed(course_home: Path) -> None:
    kept().put("I-01", "stance", "for")
    newer = kept("book/2")
    assert newer.codes == {}
    newer.put("I-02", "stance", "against")
    data = json.loads(file(course_home).read_text())["data"]
    assert data["codebook"] == "book/2"
    assert data["codes"] == {"I-02": {"stance": "against"}}
    assert data["earlier"] == [{"codebook": "book/1", "codes": {"I-01": {"stance": "for"}}}]


def test_final_codes_do_not_change_whoever_asks() -> None:
    mine, other = kept(), kept()
    mine.put("I-01", "stance", "for")
    mine.close("gave up")
    other.put("I-01", "stance", "against")
    assert other.undo() is None
    other.close("coded")
    assert (kept().codes, kept().final) == ({"I-01": {"stance": "for"}}, "gave up")
    mine.start_again()
    assert (kept().codes, kept().final) == ({}, "")


def test_a_state_file_that_was_tampered_with_gives_only_codes_that_there_are(course_home: Path) -> None:
    held = {
        "codebook": "book/1",
        "codes": {"I-01": {"stance": "for", "x": 1}, "I-99": {"stance": "for"}, "I-02": ["for"],
                  "I-03": {"stance": "<script>"}},
        "steps": [["I-01"], "x", ["I-01", "stance", ""]],
        "at": ["I-01"],
        "final": "<b>",
    }  # fmt: skip
    file(course_home).parent.mkdir()
    file(course_home).write_text(json.dumps({"version": 1, "data": held}))
    mine = kept()
    assert (mine.codes, mine.at, mine.final) == ({"I-01": {"stance": "for"}}, "", "")
    assert mine.undo() == Step("I-01", "stance", "")
    mine.put("I-02", "stance", "for")
    for wrong in ({"codes": 3}, {"codes": {"I-01": 3}, "steps": 5, "earlier": "x"}):
        file(course_home).write_text(json.dumps({"version": 1, "data": {"codebook": "book/1", **wrong}}))
        assert kept().codes == {}
        kept().put("I-01", "stance", "for")
        assert kept().codes == {"I-01": {"stance": "for"}}


def test_the_file_does_not_grow_without_end(course_home: Path) -> None:
    mine = kept()
    data = {"codebook": "book/1", "codes": {}, "steps": [["I-01", "stance", "for"]] * (MOST_STEPS + 50)}
    file(course_home).parent.mkdir()
    file(course_home).write_text(json.dumps({"version": 1, "data": data}))
    mine.put("I-01", "stance", "for")
    assert len(json.loads(file(course_home).read_text())["data"]["steps"]) == MOST_STEPS
    for _ in range(MOST_EARLIER + 3):
        mine.put("I-01", "stance", "for")
        mine.start_again()
    assert len(json.loads(file(course_home).read_text())["data"]["earlier"]) == MOST_EARLIER


def test_nothing_that_is_no_code_is_kept(course_home: Path) -> None:
    for item, variable, code in (("I-99", "stance", "for"), ("I-01", "mood", "for"), ("I-01", "stance", "x")):
        with pytest.raises(ValueError, match="There is no"):
            kept().put(item, variable, code)
    assert not file(course_home).exists()


def test_a_coding_that_is_not_to_be_remembered_leaves_no_file(course_home: Path) -> None:
    mine = kept(remember=False)
    mine.put("I-01", "stance", "for")
    assert mine.codes == {"I-01": {"stance": "for"}}
    assert mine.undo() is not None
    assert not file(course_home).exists()
