"""The evidence map: held against its file, the bibliography and the claims; a slip in it is named."""

from __future__ import annotations

import copy
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.data import neighbour_entries
from helpers.theory.evidence_map import (
    MapError,
    cells,
    chosen,
    differences,
    findings_frame,
    to_frame,
    works,
)

ROOT = Path(__file__).resolve().parents[2]
CONTENT: list[dict[str, Any]] = yaml.safe_load(
    (ROOT / "helpers" / "data" / "content" / "neighbours.yml").read_text(encoding="utf-8")
)
HELD = works(neighbour_entries())
BIB = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
CLAIMS = yaml.safe_load((ROOT / "docs" / "claims.yml").read_text(encoding="utf-8"))["claims"]


def entry(key: str) -> str:
    """An entry of the bibliography, as it stands."""
    found = re.search(rf"^@\w+\{{{key},\n.*?^\}}", BIB, re.DOTALL | re.MULTILINE)
    assert found, f"{key} is not in the bibliography"
    return found[0]


def with_key() -> list[dict[str, Any]]:
    return [each for each in CONTENT if each["key"]]


def test_every_key_is_in_the_bibliography_with_that_author_and_year() -> None:
    assert len(with_key()) > 15
    for work in with_key():
        record = entry(work["key"])
        year = re.search(r"year\s*= \{(\d+)\}", record)
        assert year
        assert year[1] in work["name"], work["name"]
        first = work["name"].split()[0].split("-")[0]
        assert first in record.replace(r"{\"u}", "ü"), work["name"]


def test_what_the_bibliography_has_second_hand_is_so_on_the_map() -> None:
    for work in with_key():
        if "verified  = {second-hand}" in entry(work["key"]):
            assert {each["mark"] for each in work["findings"]} == {"second-hand"}, work["name"]


def test_no_number_is_said_of_a_work_that_its_note_does_not_hold() -> None:
    for work in with_key():
        for finding in work["findings"]:
            said = set(re.findall(r"\d[\d,.]*\d|\d", re.sub(r"\[\w+\]", "", finding["words"])))
            assert not said or all(number in entry(work["key"]) for number in said), (work["name"], said)


def test_the_two_studies_of_the_course_say_what_their_claims_say_and_no_size() -> None:
    texts = {each["id"]: each for each in CLAIMS} if isinstance(CLAIMS, list) else CLAIMS
    for work in CONTENT[:2]:
        for finding in work["findings"]:
            keys = re.findall(r"\[((?:SW|KS)\d+)\]", finding["words"])
            assert keys, finding["words"]
            assert set(keys) <= set(texts)
            assert finding["words"].endswith((f"[{keys[-1]}].", f"[{keys[-1]}]"))
            assert not finding.get("size")
            if finding["mark"] == "second-hand":
                assert finding["words"].startswith("According to")


def test_what_is_second_hand_says_from_whom() -> None:
    for work in CONTENT:
        for finding in work["findings"]:
            if finding["mark"] == "second-hand":
                assert "ccording to" in finding["words"], work["name"]


def test_polls_on_the_map_are_those_of_the_dataset() -> None:
    import csv

    with (ROOT / "datasets" / "polls.csv").open(encoding="utf-8", newline="") as file:
        rows = {(row["poll_id"], row["answer"]): row["percent"] for row in csv.DictReader(file)}
    sizes = {each["name"]: each["findings"][0].get("size", "") for each in CONTENT}
    safe = (rows["emnid-2019-safe", "as safe as before"], rows["emnid-2019-safe", "less safe"])
    assert sizes["Emnid poll 2019"] == "{} % as safe as before; {} % less safe".format(*safe)
    poland = (rows["estymator-2022", "for"], rows["estymator-2022", "against"])
    assert sizes["Estymator poll 2022"] == "{} % for; {} % against".format(*poland)
    radar = (rows["cvvm-2009", "against"], rows["cvvm-2009", "for"])
    assert sizes["CVVM poll 2009"] == "{} % against; {} % for".format(*radar)


def test_cells_count_every_work_once_and_show_the_empty_ones() -> None:
    table = cells(HELD)
    assert len(table) == 12
    assert table["works"].sum() == len(CONTENT)
    at = Counter((each["who"], each["where"]) for each in CONTENT)
    for row in table.itertuples():
        assert row.works == at[row.who, row.where]
    assert at["citizens", "elsewhere"] == 0


def test_frames_have_a_row_a_work_and_a_row_a_finding() -> None:
    assert len(to_frame(HELD)) == len(CONTENT)
    assert len(findings_frame(HELD)) == sum(len(each["findings"]) for each in CONTENT)


@pytest.mark.parametrize("mark", ["any", "read", "second-hand"])
@pytest.mark.parametrize("outcome", ["any", "threat", "effort", "protection"])
def test_a_choice_keeps_what_has_such_a_finding(outcome: str, mark: str) -> None:
    wanted = [
        each["name"]
        for each in CONTENT
        if any(
            outcome in ("any", one["outcome"]) and mark in ("any", one["mark"]) for one in each["findings"]
        )
    ]
    assert [each.name for each in chosen(HELD, outcome=outcome, mark=mark)] == wanted


def test_designs_part_the_works() -> None:
    parts = [chosen(HELD, design=design) for design in ("experiment", "survey", "panel", "cases")]
    assert sorted(each.number for part in parts for each in part) == list(range(1, len(HELD) + 1))


def test_differences_are_the_same_from_both_sides_and_none_with_oneself() -> None:
    for first in HELD:
        assert differences(first, first) == ()
        for second in HELD:
            assert differences(first, second) == differences(second, first)
    by_name = {each.name: each for each in HELD}
    two = by_name["Sorg and Wucherpfennig 2024"], by_name["Krebs and Spindel 2018"]
    assert differences(*two) == ("who", "where", "design", "places", "signal", "outcomes")


def broken(change: Any) -> list[dict[str, Any]]:
    held = copy.deepcopy(CONTENT)
    change(held)
    return held


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda held: held[3].pop("signal"), "'Barrett and Nilsen 2026' lacks signal"),
        (lambda held: held[3].update(colour="red"), "unknown part colour"),
        (lambda held: held[3].update(who="citizen"), "No audience 'citizen'. Did you mean 'citizens'"),
        (lambda held: held[3].update(where="there"), "No place 'there'"),
        (lambda held: held[3].update(findings=[]), "has no finding"),
        (lambda held: held[3].update(name=held[2]["name"]), "'Blankenship 2024' stands there twice"),
        (lambda held: held[3]["findings"][0].update(sign="plus"), "No sign 'plus'"),
        (lambda held: held[3]["findings"][0].update(mark="heard"), "No mark 'heard'"),
        (lambda held: held[3]["findings"][0].update(words=""), "has no words"),
        (lambda held: held[3]["findings"][0].update(p_value=0.1), "'Barrett and Nilsen 2026' cannot be read"),
    ],
)
def test_a_slip_in_the_file_is_named(change: Any, message: str) -> None:
    with pytest.raises(MapError, match=re.escape(message)):
        works(broken(change))


def test_a_choice_that_does_not_exist_is_named() -> None:
    with pytest.raises(MapError, match=r"No outcome 'protecton'\. Did you mean 'protection'"):
        chosen(HELD, outcome="protecton")
