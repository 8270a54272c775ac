"""`course collect --survey`: from students' files to the class's own, and to what a lesson may show of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from helpers.classroom.survey_lines import CollectError, collect
from helpers.cli import app
from helpers.exercises.surveys import class_survey

HEAD = "study,token,arm,attentive,protected,threat,need,spending,recalled"
ARMS = ("unchanged", "conventional", "nuclear", "both")


def line(number: int, arm: str = "both", study: str = "germany", need: int = 3) -> str:
    return f"{study},{number:016x},{arm},1,2,6,{need},4,1"


@pytest.fixture
def handed_in(tmp_path: Path) -> Path:
    """Twenty students' files, named by them, five to an arm."""
    folder = tmp_path / "handed_in"
    folder.mkdir()
    for i in range(20):
        (folder / f"student_{i:02}.csv").write_text(f"{HEAD}\n{line(i, ARMS[i % 4], need=1 + i % 7)}\n")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_lines_become_a_class_that_a_lesson_can_read(handed_in: Path, home: Path) -> None:
    said = collect([handed_in], home / "class")
    assert said == [f"{home / 'class' / 'survey_germany.csv'}: 20 people, 20 of them new. "
                    "Every arm has five people or more and can be shown."]  # fmt: skip
    found = class_survey("germany")
    assert found is not None
    assert found["arm"].value_counts().to_dict() == dict.fromkeys(ARMS, 5)
    assert sorted(found["need"]) == sorted(1 + i % 7 for i in range(20))
    assert class_survey("czech_republic") is None


def test_no_name_and_no_order_of_arrival_is_in_the_class_file(handed_in: Path, home: Path) -> None:
    (handed_in / "zoe.csv").write_text(line(0xFFFF) + "\n")
    (handed_in / "aaron.csv").write_text(line(0xAAAA) + "\n")
    collect([handed_in], home / "class")
    text = (home / "class" / "survey_germany.csv").read_text()
    assert not any(name in text for name in ("student", "zoe", "aaron"))
    tokens = [row.split(",")[1] for row in text.splitlines()[1:]]
    assert tokens == sorted(tokens)


def test_each_odd_line_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text(f"{HEAD}\n{line(1)}\n{line(2, need=9)}\n{line(3, arm='left')}\n")
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\xff\xfe")
    said = collect([odd, tmp_path / "empty.txt", tmp_path / "picture.csv"], tmp_path / "class")
    assert "odd.csv, line 3, column need: '9' is not a whole number from 1 to 7, or empty." in said
    assert any(each.startswith("odd.csv, line 4, column arm: 'left' is none of") for each in said)
    assert "empty.txt: there is no line in it." in said
    assert any(each.startswith("picture.csv: it cannot be read as text") for each in said)
    assert said[-1].endswith("1 people, 1 of them new. Under five people, so not shown: "
                             "unchanged, conventional, nuclear, both.")  # fmt: skip


def test_a_line_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(line(1))
    (tmp_path / "b.csv").write_text(line(1))
    (tmp_path / "c.csv").write_text(line(1, need=5))
    (tmp_path / "d.csv").write_text(line(2))
    said = collect([tmp_path], tmp_path / "class")
    assert "b.csv, line 1, column token: '0000000000000001' is there already: the same line came before. " \
           "The first one counts." in said  # fmt: skip
    assert any("c.csv" in each and "another line of this person came before" in each for each in said)
    assert "2 people" in said[-1]


def test_two_people_who_think_alike_are_two(tmp_path: Path) -> None:
    (tmp_path / "both.csv").write_text(f"{line(1)}\n{line(2)}\n")
    assert "2 people, 2 of them new" in collect([tmp_path], tmp_path / "class")[-1]


def test_later_lines_are_added_and_old_ones_stay_once(handed_in: Path, tmp_path: Path) -> None:
    out = tmp_path / "class"
    collect([handed_in], out)
    (handed_in / "late.csv").write_text(line(77))
    (handed_in / "changed.csv").write_text(line(3, arm=ARMS[3], need=7))
    said = collect([handed_in], out)
    assert "21 people, 1 of them new" in said[-1]
    assert any("changed.csv" in each and "with other answers" in each for each in said)


def test_the_class_file_may_lie_among_what_is_read(handed_in: Path) -> None:
    collect([handed_in], handed_in)
    before = (handed_in / "survey_germany.csv").read_bytes()
    assert "20 people, 0 of them new" in collect([handed_in], handed_in)[-1]
    assert (handed_in / "survey_germany.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda folder: None, "there is no .csv or .txt file"),
        (lambda folder: (folder / "x.csv").write_text("germany,1\n"), "can be used.\n  x.csv, line 1, 2 values"),
        (lambda folder: (folder / "x.csv").write_text("x" * 200_000), "larger than 100,000 bytes"),
    ],
)  # fmt: skip
def test_nothing_to_collect_is_one_sentence(tmp_path: Path, prepare: Any, words: str) -> None:
    prepare(tmp_path)
    with pytest.raises(CollectError) as said:
        collect([tmp_path], tmp_path / "class")
    assert words in str(said.value)
    assert not (tmp_path / "class").exists()


def test_a_class_file_changed_by_hand_is_not_overwritten(handed_in: Path, tmp_path: Path) -> None:
    path = tmp_path / "class" / "survey_germany.csv"
    path.parent.mkdir()
    path.write_text("germany,my notes\n")
    with pytest.raises(CollectError, match="changed by hand: line 1, 2 values"):
        collect([handed_in], path.parent)
    assert path.read_text() == "germany,my notes\n"


def test_the_command_says_what_it_did_and_asks_what_to_collect(handed_in: Path, home: Path) -> None:
    run = CliRunner().invoke(app, ["collect", str(handed_in), "--survey"])
    assert "20 people" in run.stdout
    assert (home / "class" / "survey_germany.csv").exists()
    assert "--survey" in str(CliRunner().invoke(app, ["collect", str(handed_in)]).exception)
    missing = CliRunner().invoke(app, ["collect", "nowhere", "--survey"])
    assert "no file or folder nowhere" in str(missing.exception)


def test_a_spoilt_class_file_stops_no_lesson(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "class").mkdir(parents=True)
    (home / "class" / "survey_germany.csv").write_text(f"{HEAD}\n{line(1, need=9)}\n")
    assert class_survey("germany") is None
    assert "line 2, column need: '9' is not" in capsys.readouterr().out


def test_no_class_is_seen_while_work_is_graded(
    handed_in: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect([handed_in], home / "class")
    monkeypatch.setenv("COURSE_NO_DRAW", "1")
    assert class_survey("germany") is None


def test_a_small_class_is_no_class(home: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("\n".join(line(i, ARMS[i % 4]) for i in range(16)))
    collect([tmp_path / "a.csv"], home / "class")
    assert class_survey("germany") is None
