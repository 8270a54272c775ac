"""The sources page is what the claims and the bibliography give, and a fault in either is named."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from helpers.classroom import sources
from helpers.classroom.sources import SourcesError

ROOT = Path(__file__).parents[2]
FIXED = {"SW1": "abstract", "KS1": "abstract", "SW5": "abstract", "SW24": "second-hand", "KS61": "not found"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for name in (sources.CLAIMS, sources.REFERENCES, sources.PAGE):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert sources.differences(ROOT) == []


def test_every_claim_and_every_work_stands_on_the_page_once() -> None:
    """Read with yaml and a pattern alone, without the module."""
    page = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    claims = yaml.safe_load((ROOT / "docs" / "claims.yml").read_text(encoding="utf-8"))["claims"]
    keys = re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "references.bib").read_text("utf-8"), re.MULTILINE)
    assert [page.count(f"- **{claim['id']}** ({claim['mark']})") for claim in claims] == [1] * len(claims)
    assert [len(re.findall(rf"^- `{key}` ", page, re.MULTILINE)) for key in keys] == [1] * len(keys)


def test_a_changed_claim_makes_the_page_stale_and_writing_brings_it_up_to_date(copy: Path) -> None:
    edit(copy / sources.CLAIMS, "cast doubt on the core logic", "cast great doubt on the core logic")
    assert "Run `course build`" in sources.differences(copy)[0]
    assert sources.write(copy) == [sources.PAGE]
    assert sources.differences(copy) == sources.write(copy) == []
    assert "great doubt" in (copy / sources.PAGE).read_text(encoding="utf-8")


def test_a_changed_note_of_a_work_makes_the_page_stale(copy: Path) -> None:
    edit(copy / sources.REFERENCES, "leaders never bluff with either", "leaders seldom bluff with either")
    assert sources.differences(copy)


def test_a_page_edited_by_hand_is_named(copy: Path) -> None:
    edit(copy / sources.PAGE, "some evidence", "strong evidence")
    assert sources.differences(copy)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- id: SW2\n", "- id: SW1\n", "SW1 is there twice"),
        (
            "mark: abstract\n    source: [isq]",
            "mark: rumour\n    source: [isq]",
            "SW1 names the mark 'rumour'",
        ),
        ("source: [isq]", "source: [memory]", "SW1 names the source 'memory'"),
        ("group: design", "group: gossip", "SW1 names the group 'gossip'"),
        ("- id: SW3\n", "- id: XY3\n", "XY3 names the study 'XY'"),
        ('unsafe: "Free-riding is refuted."', 'unsafe: "Free-riding is over."', "misses its own example"),
    ],
)
def test_a_fault_in_the_claims_is_named(copy: Path, old: str, new: str, said: str) -> None:
    edit(copy / sources.CLAIMS, old, new)
    with pytest.raises(SourcesError, match=re.escape(said)):
        sources.register(copy)


def test_a_work_without_a_note_is_named(copy: Path) -> None:
    edit(copy / sources.REFERENCES, "  note     = {Offers a model", "  remark   = {Offers a model")
    with pytest.raises(SourcesError, match="olson_zeckhauser_1966 has no note"):
        sources.works(copy)


def test_ids_keep_their_marks() -> None:
    claims = sources.register(ROOT).claims
    assert {key: claims[key].mark for key in FIXED} == FIXED


def test_every_second_hand_claim_says_according_to_and_every_reading_whose_it_is() -> None:
    for claim in sources.register(ROOT).claims.values():
        if claim.mark == "second-hand":
            assert "according to" in claim.text.lower(), claim.id
        if claim.mark == "course":
            assert re.search(r"\bour reading\b|\bthe course's own\b", claim.text), claim.id
        if claim.mark == "not found":
            assert re.search(r"course\s+does\s+not\s+know|does not tell", claim.text), claim.id


def test_no_claim_goes_further_than_the_wordings_allow() -> None:
    held = sources.register(ROOT)
    for claim in held.claims.values():
        for wording in held.wordings:
            if claim.id[:2] in wording.studies and claim.mark != "not found":
                assert not wording.pattern.search(claim.text), (claim.id, wording.id)


def test_what_to_write_instead_is_itself_allowed_and_keyed() -> None:
    held = sources.register(ROOT)
    for wording in held.wordings:
        keys = re.findall(r"\[(\w\w\d+)\]", wording.instead)
        assert keys, wording.id
        assert set(keys) <= set(held.claims)


def test_an_umlaut_is_printed_as_one_letter() -> None:
    assert sources.works(ROOT)["pluemper_neumayer_2015"].surnames == ("Plümper", "Neumayer")
    assert not re.search(r"[{}\\]", (ROOT / sources.PAGE).read_text(encoding="utf-8"))
