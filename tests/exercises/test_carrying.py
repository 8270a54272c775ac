"""Switching remembering off, and carrying what is remembered to another computer."""

from __future__ import annotations

import importlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.exercises import belief_path, check, hint, prediction_path, progress, quiz, student
from helpers.exercises.concepts import gain
from helpers.exercises.course_map import places
from helpers.exercises.diary import belief, concept_choices, record_belief, record_concept
from helpers.exercises.merging import cleaned, merged
from helpers.exercises.records import FILE, attempts, commit, commitment, commitments, record_quiz
from helpers.ui.carrying import CarryError, carry_in, carry_out

state = importlib.import_module("helpers.ui.state")
records = importlib.import_module("helpers.exercises.records")


def restart() -> None:
    records._declared.clear()
    state._kept.clear()
    state._said.clear()


@pytest.fixture
def out(capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda: capsys.readouterr().out


# ------------------------------------------------------------------ off and on


def test_switched_off_nothing_new_is_written_and_the_session_still_remembers(
    out: Any, clean_process: Path
) -> None:
    check("90.1", namespace={"effect": 7})
    before = (clean_process / "state" / "progress.json").read_bytes()
    progress(keep=False)
    assert "nothing new is written" in out()
    check("90.1", namespace={"effect": 8})
    check("90.1", namespace={"effect": -0.54})
    assert attempts("90.1").tries == 3
    assert attempts("90.1").right
    assert (clean_process / "state" / "progress.json").read_bytes() == before
    restart()
    assert attempts("90.1").tries == 1


def test_switched_on_again_it_is_written_again(out: Any, clean_process: Path) -> None:
    progress(keep=False)
    check("90.1", namespace={"effect": 7})
    progress(keep=True)
    check("90.2", namespace={"share": 0.9})
    restart()
    assert attempts("90.1").tries == 0
    assert attempts("90.2").tries == 1


def test_a_switch_that_cannot_be_made_is_one_sentence(out: Any, clean_process: Path) -> None:
    clean_process.mkdir(parents=True)
    (clean_process / "state").write_text("no folder")
    progress(keep=False)
    assert "cannot be switched" in out()


# ------------------------------------------------------------------ out and in


def test_what_was_exported_comes_back_elsewhere(
    out: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    student("ab12")
    check("90.1", namespace={"effect": -0.54})
    commit("90.1", 1, 80)
    record_belief("01", {"deployments": 60, "distant_wars": 30})
    record_concept("before", "c01", 2)
    progress(export=tmp_path / "mine.json")
    assert "mine.json" in out()
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "elsewhere"))
    restart()
    progress(restore=str(tmp_path / "mine.json"))
    restart()
    assert attempts("90.1").right
    assert commitment("90.1") is not None
    assert belief("01") == {"deployments": 60, "distant_wars": 30}
    assert concept_choices("before") == {"c01": 2}
    assert student() == "ab12"


def test_the_file_states_course_kind_and_version(tmp_path: Path) -> None:
    progress(export=tmp_path / "mine.json")
    content = json.loads((tmp_path / "mine.json").read_text())
    assert (content["course"], content["kind"], content["version"]) == ("assurance-course", "progress", 1)


def test_an_export_replaces_an_export_and_nothing_else(out: Any, tmp_path: Path) -> None:
    progress(export=tmp_path / "mine.json")
    progress(export=tmp_path / "mine.json")
    (tmp_path / "thesis.json").write_text('{"chapter": 1}')
    out()
    progress(export=tmp_path / "thesis.json")
    assert "give another name" in out()
    assert (tmp_path / "thesis.json").read_text() == '{"chapter": 1}'


def test_replacing_keeps_what_was_there_beside(out: Any, tmp_path: Path, clean_process: Path) -> None:
    carry_out({"hints": {"90.1": 2}}, tmp_path / "theirs.json")
    check("90.1", namespace={"effect": -0.54})
    progress(restore=tmp_path / "theirs.json", replace=True)
    assert FILE.read() == {"hints": {"90.1": 2}}
    aside = clean_process / "state" / "progress.replaced-1.json"
    assert "90.1" in json.loads(aside.read_text())["data"]["attempts"]
    progress(restore=aside, replace=True)
    assert attempts("90.1").right
    assert (clean_process / "state" / "progress.replaced-2.json").exists()


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


WRAP = '{"course": "assurance-course", "kind": "progress", "version": 1, "data": '


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        (b"[1, 2]", "no export"),
        (b'{"course": "other"}', "no export"),
        (b'{"course": "assurance-course", "kind": "progress"}', "no whole export"),
        (
            b'{"course": "assurance-course", "kind": "progress", "version": true, "data": {}}',
            "no whole export",
        ),
        (b'{"course": "assurance-course", "kind": "progress", "version": 2, "data": {}}', "later version"),
        ((WRAP + "5}").encode(), "no whole export"),
        ((WRAP + '{"a": NaN}}').encode(), "NaN is no number"),
        ((WRAP + '{"a": 1e999}}').encode(), "too large"),
        ((WRAP + '{"a": 1, "a": 2}}').encode(), "twice"),
        ((WRAP + f'{{"a": {deep(30)}}}}}').encode(), "too deep"),
        (deep(100_000).encode(), "too deep"),
        ((WRAP + '{"a": "' + "x" * 5_000_001 + '"}}').encode(), "larger than any export"),
        ((WRAP + '{"a": ' + "9" * 5000 + "}}").encode(), "no JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_odd_file_is_one_sentence_and_changes_nothing(
    content: bytes, said: str, out: Any, tmp_path: Path
) -> None:
    check("90.1", namespace={"effect": -0.54})
    before = FILE.read()
    (tmp_path / "odd.json").write_bytes(content)
    for replace in (False, True):
        out()
        progress(restore=tmp_path / "odd.json", replace=replace)
        text = out()
        assert said in text
        assert text.startswith("Nothing was changed. odd.json")
        assert len(text.splitlines()) == 1
        assert len(text) < 300
        assert FILE.read() == before


def test_a_folder_a_missing_file_and_a_closed_folder_are_one_sentence(out: Any, tmp_path: Path) -> None:
    progress(restore=tmp_path)
    assert "is no file" in out()
    progress(restore=tmp_path / "none.json")
    assert "cannot be read (No such file" in out()
    (tmp_path / "file").write_text("")
    progress(export=tmp_path / "file" / "mine.json")
    assert "cannot be written" in out()


def test_two_wishes_at_once_are_refused(out: Any, tmp_path: Path) -> None:
    progress(reset=True, confirm=True, export=tmp_path / "mine.json")
    assert "One thing at a time" in out()
    assert not (tmp_path / "mine.json").exists()


# ------------------------------------------------------------------ joining


def test_attempts_on_either_computer_count() -> None:
    ours = {"attempts": {"01.1": {"tries": 2, "wrong": ["a"], "points": 1.0, "mistakes": {"sign": 2}}}}
    theirs = {
        "attempts": {
            "01.1": {"tries": 1, "wrong": ["b"], "right": True, "points": 2.0, "mistakes": {"half": 1}}
        }
    }
    FILE.write(merged(ours, theirs))
    tried = attempts("01.1")
    assert (tried.tries, tried.wrong, tried.right, tried.points) == (2, ("a", "b"), True, 2.0)
    assert set(records.mistakes_made("01.1")) == {"sign", "half"}


def test_the_older_commitment_stays_on_whichever_side_it_is() -> None:
    old, new = (
        {"choice": n, "confidence": 50, "right": None, "time": f"2026-0{n}-01T00:00:00+00:00"} for n in (1, 2)
    )
    for ours, theirs in ((old, new), (new, old)):
        result = merged({"predictions": {"01.1": ours}}, {"predictions": {"01.1": theirs}})
        assert result["predictions"]["01.1"] == old
    unknown = {"choice": 3, "confidence": 50, "right": None}
    assert (
        merged({"predictions": {"01.1": unknown}}, {"predictions": {"01.1": old}})["predictions"]["01.1"]
        == unknown
    )


def test_our_id_stays() -> None:
    assert merged({"student": "ada"}, {"student": "eve"})["student"] == "ada"
    assert merged({}, {"student": "eve"})["student"] == "eve"


def test_a_merge_with_oneself_changes_nothing() -> None:
    student("ab12")
    check("90.1", namespace={"effect": 0.54})
    hint("90.1")
    record_quiz("90.q1", 0, False)
    record_belief("01", {"deployments": 1, "distant_wars": 2})
    record_concept("before", "c01", 1)
    data = FILE.read()
    assert merged(data, cleaned(data)) == data


KEYS = st.sampled_from(
    ["01.1", "90.1", "01", "c01", "before", "after", "choice", "time", "keys", "choices", "turn", "wrong", "tries",
     "points", "mistakes", "right", "confidence", "deployments", "distant_wars", "first_right", "last", "a"]
)  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | KEYS, inner, max_size=4)
    ),
    max_leaves=15,
)
PARTS = [
    "attempts",
    "hints",
    "quiz",
    "predictions",
    "beliefs",
    "concept_test",
    "warm_ups",
    "dealt",
    "student",
]


@given(st.dictionaries(st.sampled_from(PARTS), JSON), st.dictionaries(st.sampled_from(PARTS), JSON))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
def test_whatever_the_file_holds_no_reader_stops_a_lesson(
    ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    for data in (ours, merged(ours, cleaned(theirs)), merged(cleaned(ours), cleaned(theirs))):
        FILE.write(data)
        places()
        belief_path()
        prediction_path()
        gain()
        commitments()
        student()
        attempts("90.1")
        quiz("01", "warm-up")
        quiz("01")
        hint("90.1")
        record_belief("01", {"deployments": 1, "distant_wars": 2})
        record_concept("before", "c01", 1)


@given(JSON)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_json_is_taken_in_or_refused_with_a_sentence(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "any.json"
    for whole in (content, {"course": "assurance-course", "kind": "progress", "version": 1, "data": content}):
        path.write_text(json.dumps(whole), encoding="utf-8")
        try:
            data = carry_in(path)
        except CarryError:
            continue
        assert data == content


def test_a_read_only_folder_stops_no_export_elsewhere(tmp_path: Path, out: Any) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        closed = tmp_path / "closed"
        closed.write_text("a file stands here")
    else:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
    progress(export=closed / "state" / "mine.json")
    assert "cannot be written" in out()
