"""Results: nothing is lost, nothing counts twice, and grades are the sum of verdicts."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.classroom.grading.model import Event
from helpers.classroom.grading.results import (
    Book,
    Result,
    ResultsError,
    Written,
    from_line,
    grades,
    latest,
    to_line,
    total,
)
from helpers.classroom.grading.salt import SaltError, salt_of
from helpers.classroom.grading.stamp import Stamp, digest
from helpers.exercises.judge import Verdict

STAMP = Stamp("a" * 64, "b", "c", "d", "python 3", "salt", "strict")


def result(student: str = "ada", *points: float, recorded: bool = False) -> Result:
    verdicts = [Verdict(f"90.{n}", "right", each, 10.5) for n, each in enumerate(points or (1, 2.5), start=1)]
    if recorded:
        verdicts.append(Verdict("90.20", "recorded", 0, 4))
    return Result(student, "90", student, STAMP, tuple(verdicts), when="2026-01-01T00:00:00+00:00")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book.of(tmp_path / "results", "90")


# ------------------------------------------------------------------ one line

TEXTS = st.text(max_size=20)
VERDICTS = st.builds(
    Verdict,
    TEXTS,
    st.sampled_from(["right", "wrong", "recorded", "not judged"]),
    st.floats(0, 100),
    st.floats(0, 100),
    TEXTS,
    st.lists(TEXTS, max_size=2).map(tuple),
    st.none() | TEXTS,
)
RESULTS = st.builds(
    Result,
    TEXTS,
    TEXTS,
    TEXTS,
    st.builds(Stamp, *[TEXTS] * 7),
    st.lists(VERDICTS, max_size=4).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(st.builds(Event, st.integers(0, 99), TEXTS, TEXTS), max_size=2).map(tuple),
    st.booleans(),
    TEXTS,
    st.lists(st.builds(Written, TEXTS, TEXTS), max_size=2).map(tuple),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RESULTS)
def test_a_line_gives_the_result_back_and_is_one_ascii_line(held: Result) -> None:
    line = to_line(held)
    assert from_line(line) == held
    assert line.isascii()
    assert line.isprintable()


def test_a_file_name_that_is_not_utf8_is_kept() -> None:
    assert from_line(to_line(result("caf\udce9"))).student == "caf\udce9"


def test_a_line_holds_what_a_reader_needs() -> None:
    content = json.loads(to_line(result()))
    assert content["schema"] == 2
    assert (content["points"], content["max_points"]) == (3.5, 21)
    assert set(content) >= {"student", "lesson", "stamp", "verdicts", "doubts", "events", "cell_cpu", "when"}
    assert set(content["stamp"]) == {
        "submission", "handed_in", "checks", "data", "versions", "salt", "sandbox",
    }  # fmt: skip


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content | {"points": 99},
        lambda content: {key: value for key, value in content.items() if key != "verdicts"},
        lambda content: content | {"verdicts": [{"exercise_id": "90.1"}]},
        lambda content: content | {"more": 1},
        lambda content: content | {"words": [{"exercise_id": "90.6", "text": "x" * 20_001}]},
        lambda content: content | {"words": [{"exercise_id": "90.6", "text": 7}]},
        lambda content: content | {"words": [{"exercise_id": "90.6"}]},
        lambda content: [content],
        lambda content: content | {"verdicts": [content["verdicts"][0] | {"points": "1"}]},
    ],
)
def test_a_line_that_was_changed_is_no_result(spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(ValueError, match=r"not a result|not the sum|a JSON object"):
        from_line(json.dumps(spoil(json.loads(to_line(result())))))


def test_a_line_from_before_words_were_kept_is_read_and_its_student_graded_again() -> None:
    content = json.loads(to_line(result("ada", 1, recorded=True))) | {"schema": 1}
    del content["words"]
    held = from_line(json.dumps(content))
    assert held == result("ada", 1, recorded=True)
    assert not held.settled
    assert replace(held, words=(Written("90.20", "x"),)).settled
    assert result("ada", 1).settled


def test_words_that_obey_a_terminal_are_data_in_one_ascii_line() -> None:
    held = replace(result(), words=(Written("90.20", "\x1b[2J\n\u202e\U0001f600" * 2500),))
    line = to_line(held)
    assert line.isascii()
    assert line.isprintable()
    assert from_line(line) == held


def test_time_and_cost_do_not_make_results_differ() -> None:
    assert result() == replace(result(), when="later", cell_cpu=3.0, overhead_cpu=1.0)
    assert result() != replace(result(), doubts=("x",))


# ------------------------------------------------------------------ one file


def test_lines_are_only_added(book: Book) -> None:
    book.append(result("ada", 1))
    first = book.path.read_bytes()
    book.append(result("bob", 2))
    book.append(result("ada", 3))
    assert book.path.read_bytes().startswith(first)
    assert [each.points for each in book.read()[0]] == [1, 2, 3]
    assert {name: each.points for name, each in book.current().items()} == {"ada": 3, "bob": 2}


def test_a_file_that_is_not_there_is_empty(book: Book) -> None:
    assert (book.read(), book.current()) == (([], []), {})


def test_wherever_the_last_line_was_cut_off_only_that_line_is_lost(book: Book) -> None:
    book.append(result("ada"))
    kept = book.path.read_bytes()
    book.append(result("bob"))
    whole = book.path.read_bytes()
    for length in range(len(kept), len(whole)):
        book.path.write_bytes(whole[:length])
        complete = length == len(whole) - 1
        assert [each.student for each in book.read()[0]] == ["ada", "bob"][: 1 + complete]
        assert book.read()[1] == []
        book.append(result("eve"))
        assert [each.student for each in book.read()[0]] == ["ada", *["bob"] * complete, "eve"]
        assert book.read()[1] == []


def test_a_torn_line_that_is_longer_than_the_next_one_leaves_nothing_behind(book: Book) -> None:
    book.append(replace(result("bob"), doubts=("x" * 5000,)))
    book.path.write_bytes(book.path.read_bytes()[:-10])
    book.append(result("eve"))
    assert book.path.read_text() == f"{to_line(result('eve'))}\n"


def test_a_line_is_on_the_disk_before_anybody_hears_of_it(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: sizes.append(os.fstat(handle).st_size))
    book.append(result())
    assert sizes == [book.path.stat().st_size]


def test_a_damaged_line_is_named_and_the_others_stay(book: Book) -> None:
    for name in ("ada", "bob", "eve"):
        book.append(result(name))
    lines = book.path.read_bytes().split(b"\n")
    book.path.write_bytes(b"\n".join([lines[0], b"\0\0\xff", *lines[2:]]))
    results, troubles = book.read()
    assert [each.student for each in results] == ["ada", "eve"]
    assert troubles == [f"{book.path}, line 2, is damaged and was left out."]


def test_a_later_version_of_the_file_is_left_alone(book: Book) -> None:
    book.append(result())
    later = json.dumps(json.loads(to_line(result())) | {"schema": 3})
    book.path.write_text(f"{book.path.read_text()}{later}\n")
    with pytest.raises(ResultsError, match="line 2, comes from a later version of the course: update"):
        book.read()


def test_a_later_version_without_its_end_is_not_cut_off(book: Book) -> None:
    later = json.dumps(json.loads(to_line(result())) | {"schema": 3})
    book.path.parent.mkdir()
    book.path.write_text(later)
    book.append(result())
    assert book.path.read_text().splitlines() == [later, to_line(result())]


def test_results_are_for_their_owner_alone(book: Book) -> None:
    book.append(result())
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(book.path.parent.stat().st_mode) == 0o700


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    with pytest.raises(ResultsError, match="cannot be written"):
        Book.of(tmp_path / "results", "90").append(result())


def test_graders_side_by_side_do_not_mix_their_lines(book: Book) -> None:
    names = [f"s{number}" for number in range(60)]
    with ThreadPoolExecutor(6) as executor:
        list(executor.map(lambda name: Book(book.path).append(result(name)), names))
    results, troubles = book.read()
    assert sorted(each.student for each in results) == sorted(names)
    assert troubles == []


# ------------------------------------------------------------------ grades


def test_the_last_result_of_each_student_counts() -> None:
    last = latest([result("bob", 1), result("ada", 2), result("bob", 3)])
    assert [(name, each.points) for name, each in last.items()] == [("ada", 2), ("bob", 3)]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.integers(0, 1050), min_size=1, max_size=12), min_size=1, max_size=5))
def test_points_are_the_sum_of_the_verdicts_by_brute_force(class_points: list[list[int]]) -> None:
    results = [
        result(f"s{number}", *(each / 100 for each in points)) for number, points in enumerate(class_points)
    ]
    table = grades(results)
    for number, points in enumerate(class_points):
        exact = sum((Fraction(each, 100) for each in points), Fraction(0))
        assert results[number].points == float(exact)
        assert table.loc[f"s{number}", "points"] == float(exact)
        assert json.loads(to_line(results[number]))["points"] == float(exact)


def test_grades_have_a_row_a_student_and_a_column_an_exercise() -> None:
    table = grades([replace(result("bob", 1, 2, recorded=True), doubts=("x", "y")), result("ada", 1, 2)])
    assert list(table.columns) == ["90.1", "90.2", "90.20", "points", "max_points", "to_mark", "doubts"]
    assert list(table.index) == ["ada", "bob"]
    assert table.loc["bob", "points":].tolist() == [3, 25, 4, 2]


def test_exercises_stand_in_the_order_of_their_numbers() -> None:
    table = grades([result("ada", *range(1, 11))])
    assert list(table.columns[:10]) == [f"90.{number}" for number in range(1, 11)]


def test_a_mark_counts_in_place_of_the_judges_points() -> None:
    table = grades([result("ada", 1, 2, recorded=True)], {("ada", "90.20"): 3.5, ("ada", "90.1"): 0})
    assert (table.loc["ada", "points"], table.loc["ada", "to_mark"]) == (5.5, 0)


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ({("eve", "90.1"): 1}, "a mark for 90.1 of 'eve', but no result"),
        ({("ada", "90.9"): 1}, "a mark for 90.9 of 'ada', but no result"),
        ({("ada", "90.1"): 11}, "is 11; it lies between 0 and 10.5"),
        ({("ada", "90.1"): float("nan")}, "is nan; it lies between"),
    ],
)
def test_a_mark_that_fits_nothing_is_refused(mark: dict[tuple[str, str], float], said: str) -> None:
    with pytest.raises(ResultsError, match=said):
        grades([result("ada", 1)], mark)


def test_grades_of_nobody_are_an_empty_table() -> None:
    assert grades([]).empty


def test_totals_carry_no_dust() -> None:
    assert total([0.1] * 3) == 0.3


# ------------------------------------------------------------------ stamps and salt


def test_the_salt_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = salt_of(tmp_path).fingerprint
    assert salt_of(tmp_path).fingerprint == first
    assert stat.S_IMODE((tmp_path / "salt").stat().st_mode) == 0o600
    assert first not in (tmp_path / "salt").read_text()
    assert list(tmp_path.iterdir()) == [tmp_path / "salt"]


def test_two_classes_have_two_salts(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert salt_of(tmp_path / "a").fingerprint != salt_of(tmp_path / "b").fingerprint


def test_a_salt_that_others_may_read_or_that_is_damaged_is_refused(tmp_path: Path) -> None:
    salt_of(tmp_path)
    (tmp_path / "salt").chmod(0o644)
    with pytest.raises(SaltError, match="Others may read"):
        salt_of(tmp_path)
    (tmp_path / "salt").chmod(0o600)
    (tmp_path / "salt").write_text("short")
    with pytest.raises(SaltError, match="is damaged"):
        salt_of(tmp_path)


def test_all_graders_that_begin_at_once_have_one_salt(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as executor:
        assert len(set(executor.map(lambda _: salt_of(tmp_path).fingerprint, range(16)))) == 1


def test_digests_tell_parts_apart() -> None:
    assert len({digest(parts) for parts in (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""])}) == 4
