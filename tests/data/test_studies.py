"""The course's own studies and worlds: complete, marked, and read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from helpers.data import StudyError, studies, study, world, worlds
from helpers.data.locate import datasets_folder
from helpers.data.studies import CHANGES, MARKS, _Reader

STUDIES = sorted((datasets_folder() / "studies").glob("*.yml"))
WORLDS = sorted((datasets_folder() / "worlds").glob("*.yml"))


def test_the_studies_are_those_of_the_course() -> None:
    assert studies() == ("czech_republic", "germany")
    assert {name: study(name).change for name in studies()} == {
        "germany": "withdrawal",
        "czech_republic": "deployment",
    }
    assert worlds()[0] == "as_the_abstract_reads"
    assert len(worlds()) == 4


@pytest.mark.parametrize("name", ["germany", "czech_republic"])
def test_arms_are_two_by_two_and_the_reference_changes_nothing(name: str) -> None:
    found = study(name)
    assert {(arm.conventional, arm.nuclear) for arm in found.arms.values()} == {
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 1),
    }
    reference = found.arms[found.reference]
    assert (reference.conventional, reference.nuclear) == (0, 0)
    assert {outcome.points for outcome in found.outcomes.values()} == {5, 7}


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_study_says_that_its_wordings_are_the_courses_own(path: Path) -> None:
    assert "is the course's own" in path.read_text(encoding="utf-8").split("study:")[0]


def test_every_cell_of_every_world_is_marked_as_the_facts_allow() -> None:
    for name in worlds():
        table = world(name).table()
        assert len(table) == 2 * 4 * 4
        assert set(table["mark of the sign"]) <= set(MARKS)
        if name != "as_the_abstract_reads":
            assert set(table["mark of the sign"]) == {"the course's choice"}
    default = world().table()
    czech = default[default["study"] == "czech_republic"].set_index("outcome")["mark of the sign"]
    assert set(czech["protected"]) == set(czech["threat"]) == {"the course's choice"}
    assert set(default[default["outcome"] == "spending"]["effect"]) == {0.0}


def test_the_default_world_goes_where_the_abstract_points() -> None:
    cell = world().effects
    assert all(
        cell["germany"]["need"][arm] > 0 > cell["czech_republic"]["need"][arm]
        for arm in ("conventional", "nuclear")
    )
    assert all(cell["germany"]["threat"][arm] < 0 for arm in ("conventional", "nuclear", "both"))
    assert max(abs(e) for c in ("germany", "czech_republic") for e in cell[c]["protected"].values()) < 0.1


FAULTS = [
    ("title", None, "at the file: expected 'title', which is missing"),
    ("colour", "red", "'colour' is unknown"),
    ("change", "surge", "one of withdrawal, deployment, not 'surge'"),
    ("respondents_per_arm", 1.5, "a whole number from 2"),
    ("reference", "control", "not 'control'"),
    ("consent", "", "words, not ''"),
    ("arms", {}, "names with values"),
]


@pytest.mark.parametrize(("place", "value", "words"), FAULTS)
def test_an_odd_study_is_named_with_its_place(tmp_path: Path, place: str, value: object, words: str) -> None:
    content = yaml.safe_load(STUDIES[1].read_text(encoding="utf-8"))
    content[place] = value
    if value is None:
        del content[place]
    refused(tmp_path, content, words)


def refused(folder: Path, content: dict, words: str) -> None:  # type: ignore[type-arg]
    path = folder / "mine.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(StudyError, match=r"mine\.yml") as error:
        world(path) if "world" in content else _Reader(path).study()
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def change(content: dict, *keys: str, value: object) -> dict:  # type: ignore[type-arg]
    part = content
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    return content


DEEP_FAULTS = [
    (("arms", "both", "nuclear"), 2, "at arms: both: nuclear: expected a whole number from 0 to 1, not 2"),
    (("outcomes", "need", "points"), 9, "one of 5, 7, not 9"),
    (("covariates", "gender", "shares"), [0.5, 0.5], "as many shares as values"),
    (("covariates", "gender", "shares"), [0.5, 0.4, 0.2], "shares that sum to 1"),
    (("covariates", "age", "to"), 3, "at covariates: age: to"),
    (("attitudes", "need", "shoe_size"), 0.1, "not 'shoe_size'"),
    (("attitudes", "need", "education", "college"), 0.1, "not 'college'"),
    (("attitudes", "need", "age"), "old", "a number from -3 to 3, not 'old'"),
    (("answering", "inattentive"), 8, "a number from 0 to 1, not 8"),
    (("attention_check", "right"), "maybe", "not 'maybe'"),
    (("manipulation_check", "right"), {"both": "both leave"}, "an option for each of"),
    (("blocks",), "party", "not 'party'"),
]


@pytest.mark.parametrize(("keys", "value", "words"), DEEP_FAULTS)
def test_an_odd_detail_is_named(tmp_path: Path, keys: tuple[str, ...], value: object, words: str) -> None:
    content = change(yaml.safe_load(STUDIES[1].read_text(encoding="utf-8")), *keys, value=value)
    refused(tmp_path, content, words)


WORLD_FAULTS = [
    (("effects", "germany", "need", "both"), 30, "a number from -3 to 3"),
    (("effects", "germany", "need", "mark"), "page 7", "not 'page 7'"),
    (("effects", "germany", "need", "unchanged"), 0.1, "0, because nothing changes in the reference"),
    (("effects", "germany", "joy"), {}, "'joy' is unknown"),
    (("attrition", "germany", "both"), 1.4, "a number from 0 to 1"),
    (("attrition", "germany"), {"both": 0.1}, "which is missing"),
]


@pytest.mark.parametrize(("keys", "value", "words"), WORLD_FAULTS)
def test_an_odd_world_is_named(tmp_path: Path, keys: tuple[str, ...], value: object, words: str) -> None:
    content = change(yaml.safe_load(WORLDS[0].read_text(encoding="utf-8")), *keys, value=value)
    refused(tmp_path, content, words)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: study("germny"), "Did you mean 'germany'"),
        (lambda: study("us_troops"), "No study 'us_troops'"),
        (lambda: world("nothing"), "Did you mean 'nothing_happens'"),
        (lambda: world("sealed.yml"), "There is no file sealed.yml"),
        (lambda: study(7), "No study '7'"),  # type: ignore[arg-type]
    ],
)
def test_an_unknown_name_is_one_sentence(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(StudyError, match=words):
        call()


def test_a_broken_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "w.yml").write_text("world: [", encoding="utf-8")
    with pytest.raises(StudyError, match="is no YAML file"):
        world(tmp_path / "w.yml")


def test_a_world_of_ones_own_is_read(tmp_path: Path) -> None:
    copy = tmp_path / "sealed.yml"
    copy.write_bytes(WORLDS[0].read_bytes())
    assert world(copy).effects == world("as_the_abstract_reads").effects


def test_the_codebook_names_every_column() -> None:
    columns = study("germany").codebook()["column"].tolist()
    assert columns[:2] == ["respondent", "arm"]
    assert {"protected", "threat", "need", "spending", "attentive", "recalled"} <= set(columns)
    assert CHANGES == ("withdrawal", "deployment")
