"""`course deal`: a file a student, the same again with the key, and no way to look the world up without it."""

from __future__ import annotations

import stat
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import survey
from helpers.classroom.deal import DealError, answers_for, deal, read_key, read_roster
from helpers.cli import app
from helpers.data import study, worlds
from helpers.experiments.effects import effects
from helpers.experiments.worlds import which_world

STUDENTS = ["ada", "bob.b", "c-3"]


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("name,id\n" + "".join(f"Name of {each},{each}\n" for each in STUDENTS), encoding="utf-8")
    return path


def dealt(roster: Path, scenario: str = "sealed", lesson: str = "06") -> dict[str, bytes]:
    folder = roster.parent / "dealt"
    deal(lesson, scenario, roster, folder, roster.parent / "key.yml")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def sealed_key(roster: Path, world: str) -> None:
    (roster.parent / "key.yml").write_text(f"lesson: '06'\nworld: {world}\nsecret: fixed-word\n")


def test_each_student_gets_a_file_of_answers_and_nothing_else(roster: Path) -> None:
    files = dealt(roster)
    assert list(files) == [f"06_germany_simulated_{each}.csv" for each in STUDENTS]
    columns = list(survey("germany", student_id="ada").answers.columns)
    for name, content in files.items():
        text = content.decode()
        assert text.splitlines()[0] == ",".join(columns)
        assert "/" not in text
        assert not [world for world in (*worlds(), "ada", "secret") if world in text], name
    assert len(set(files.values())) == 3


def test_an_open_deal_is_what_the_same_id_and_world_give(roster: Path) -> None:
    dealt(roster, "entrapment_dominates")
    for each in STUDENTS:
        got = pd.read_csv(roster.parent / "dealt" / f"06_germany_simulated_{each}.csv")
        fielded = survey("germany", "entrapment_dominates", student_id=each).answers
        pd.testing.assert_frame_equal(got, fielded, check_dtype=False)


@pytest.mark.parametrize("world", worlds())
def test_the_written_rule_finds_the_world_again(roster: Path, world: str) -> None:
    sealed_key(roster, world)
    for name in dealt(roster):
        answers = pd.read_csv(roster.parent / "dealt" / name)
        table = effects(answers, list(study("germany").outcomes), ["both"], estimand="withdrawal")
        assert which_world(table) == world


def test_the_czech_survey_is_dealt_as_well(roster: Path) -> None:
    files = dealt(roster, "assurance_works", "07")
    assert next(iter(files)) == "07_czech_republic_simulated_ada.csv"


def test_without_the_key_nobody_can_field_the_same_people(roster: Path) -> None:
    """A student who knows the package and the id tries every world."""
    dealt(roster)
    mine = pd.read_csv(roster.parent / "dealt" / "06_germany_simulated_ada.csv")
    for world in worlds():
        tried = survey("germany", world, student_id="ada").answers
        assert not (tried["age"] == mine["age"]).all()


def test_with_the_key_the_files_are_the_same_again(roster: Path) -> None:
    first = dealt(roster)
    key = roster.parent / "key.yml"
    kept = key.read_bytes()
    assert dealt(roster) == first
    assert key.read_bytes() == kept
    again = answers_for(read_key(key), "ada").to_csv(index=False, lineterminator="\n").encode()
    assert again == first["06_germany_simulated_ada.csv"]


def test_the_key_names_the_world_and_is_for_one_pair_of_eyes(roster: Path) -> None:
    said = deal("06", "sealed", roster, roster.parent / "dealt", roster.parent / "key.yml")
    key = read_key(roster.parent / "key.yml")
    assert key.world in worlds()
    assert len(key.secret) == 32
    assert not [line for line in said if key.world in line or key.secret in line]
    assert stat.S_IMODE((roster.parent / "key.yml").stat().st_mode) & 0o077 == 0


def test_worlds_are_drawn_and_not_always_the_same(roster: Path) -> None:
    found = set()
    for number in range(40):
        key = roster.parent / f"key{number}.yml"
        roster.write_text("id\nada\n")
        deal("06", "sealed", roster, roster.parent / "dealt", key)
        found.add(read_key(key).world)
    assert len(found) > 1


def test_a_world_of_the_instructors_own_is_dealt(roster: Path) -> None:
    from helpers.data.locate import datasets_folder

    own = roster.parent / "own.yml"
    own.write_bytes((datasets_folder() / "worlds" / "nothing_happens.yml").read_bytes())
    sealed_key(roster, str(own))
    assert len(dealt(roster)) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("name\nAda\n", "has no column `id`; its first line has name"),
        ("id\n", "names no student"),
        ("id\n../../etc/passwd\n", r"line 2: '\.\./\.\./etc/passwd' is no id"),
        ("id\na/b\n", "line 2: 'a/b' is no id"),
        ("id\na\\b\n", "is no id"),
        ("id\nada\nbob\nada\n", "line 4: 'ada' stands in line 2 already"),
        ("id\nada\nADA\n", "capitals do not count"),
        ('id,name\nada,x\n"",y\n', "line 3: the id is empty"),
        ("name,id\nshort\n", "line 2: the id is empty"),
        ("id\n=1+1\n", "begins like a formula"),
        ("id\n@sum\n", "begins like a formula"),
        ("id\n-ada\n", "begins like a formula"),
        ("id\nzoë\n", "is no id"),
        ("id\n" + "x" * 65 + "\n", "1 to 64 letters"),
        ('id\n"ada\n', "no CSV"),
    ],
)
def test_a_hostile_roster_is_one_sentence_and_deals_nothing(roster: Path, content: str, words: str) -> None:
    roster.write_text(content, encoding="utf-8")
    with pytest.raises(DealError, match=words):
        dealt(roster)
    assert sorted(path.name for path in roster.parent.iterdir()) == ["roster.csv"]


def test_every_odd_row_is_named_at_once(roster: Path) -> None:
    roster.write_text("id\na/b\nok\n=x\n")
    with pytest.raises(DealError) as error:
        read_roster(roster)
    assert "line 2" in str(error.value)
    assert "line 4" in str(error.value)


def test_a_roster_that_is_no_text_is_one_sentence(roster: Path) -> None:
    roster.write_bytes(b"id\n\xff\xfe\n")
    with pytest.raises(DealError, match="UTF-8"):
        read_roster(roster)
    with pytest.raises(DealError, match="there is no roster"):
        read_roster(roster.parent / "none.csv")


@pytest.mark.parametrize(
    ("lesson", "scenario", "key", "words"),
    [
        ("05", "sealed", None, "lesson '05' has no survey to deal"),
        ("../x", "sealed", None, "has no survey to deal"),
        ("06", "mars", None, "No world 'mars'"),
        ("06", "sealed", "lesson: '07'\nworld: nothing_happens\nsecret: a\n", "key of lesson '07'"),
        ("06", "sealed", "lesson: '06'\nworld: nothing_happens\nsecret: ''\n", "key of another deal"),
        ("06", "nothing_happens", "lesson: '06'\nworld: nothing_happens\nsecret: a\n", "key of another deal"),
        ("06", "sealed", "world: x\n", "is no key"),
        ("06", "sealed", "[1, 2", "no YAML"),
        ("06", "sealed", "lesson: '06'\nworld: mars\nsecret: a\n", "No world 'mars'"),
    ],
)
def test_a_deal_that_cannot_be_is_one_sentence(
    roster: Path, lesson: str, scenario: str, key: str | None, words: str
) -> None:
    if key is not None:
        (roster.parent / "key.yml").write_text(key)
    with pytest.raises(DealError, match=words):
        dealt(roster, scenario, lesson)
    assert not (roster.parent / "dealt").exists()


def test_the_key_never_lies_among_the_students_files(roster: Path) -> None:
    folder = roster.parent / "dealt"
    with pytest.raises(DealError, match="among the students' files"):
        deal("06", "sealed", roster, folder, folder / "key.yml")


def test_the_command_says_what_it_did_or_why_not(roster: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_HOME", str(roster.parent))
    done = CliRunner().invoke(app, ["deal", "06", "--scenario", "sealed", "--roster", str(roster)])
    assert done.exit_code == 0, done.output
    assert "3 files, one a student" in done.output
    assert (roster.parent / "class" / "key_06.yml").exists()
    roster.write_text("name\n")
    refused = CliRunner().invoke(app, ["deal", "06", "--roster", str(roster)])
    assert "no column `id`" in str(refused.exception)
