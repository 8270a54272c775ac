"""The working set of lesson 14: joined to the evidence, with reasons, and a slip in it is named."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from helpers.data.texts import TextError
from helpers.data.tracing_set import build, working_set

ROOT = Path(__file__).resolve().parents[2]
CONTENT = yaml.safe_load((ROOT / "helpers" / "data" / "content" / "tracing.yml").read_text(encoding="utf-8"))


def rows() -> dict[str, dict[str, str]]:
    with (ROOT / "datasets" / "vietnam_evidence.csv").open(encoding="utf-8", newline="") as file:
        return {row["evidence_id"]: row for row in csv.DictReader(file)}


def test_every_item_carries_the_citation_and_confidence_of_the_evidence() -> None:
    table, evidence = working_set().to_frame().set_index("item"), rows()
    assert 12 <= len(table) <= 16
    for name, row in table.iterrows():
        assert row["summary"] == evidence[str(name)]["summary"]
        assert row["citation"] == evidence[str(name)]["source_citation"]
        assert row["confidence"] == evidence[str(name)]["confidence"] == "verified"
        assert len(str(row["citation"])) > 10


def test_every_choice_judgement_and_cluster_has_a_reason() -> None:
    found = working_set()
    assert all(len(each.why) > 15 and len(each.reason) > 40 for each in found.items)
    for cluster in found.clusters:
        assert len([each for each in found.items if each.cluster == cluster.key]) >= 2
        assert len(cluster.why) > 20


def test_each_thing_on_which_the_hypotheses_differ_has_an_item() -> None:
    assert {each.about for each in working_set().items} == {
        "stance",
        "will",
        "capacity",
        "danger",
        "price",
        "withdrawal",
    }


def test_awkward_items_of_both_sides_stay_in() -> None:
    signs = {each.id: each.weights["hawkish"] - each.weights["divided"] for each in working_set().items}
    assert sum(value > 0 for value in signs.values()) >= 3
    assert sum(value < 0 for value in signs.values()) >= 3
    assert sum(value == 0 for value in signs.values()) >= 1


def test_no_judgement_stands_in_the_table_that_students_see_first() -> None:
    assert not {"weights", "reason", "give"} & set(working_set().to_frame().columns)


def test_every_ally_of_the_set_has_a_stake() -> None:
    found = working_set()
    held = [unit for units in found.stakes.values() for unit in units]
    assert len(held) == len(set(held))
    assert {each.row["unit"] for each in found.items} <= set(held)


def test_the_hypotheses_are_those_of_lesson_11_and_expect_what_they_expect_there() -> None:
    theories = yaml.safe_load(
        (ROOT / "helpers" / "data" / "content" / "theories.yml").read_text(encoding="utf-8")
    )
    names = {each["theory"]: each["name"] for each in theories}
    assert {key: name.casefold() for key, name in working_set().names.items()} == {
        key: name.casefold() for key, name in names.items()
    }
    alarmed = {
        each["theory"]
        for each in theories
        for line in each["expects"]
        if (line["where"], line["aspect"], line["expects"]) == ("near", "withdrawal", "alarm")
    }
    weights = working_set().item("ROK-12").weights
    assert {key for key, weight in weights.items() if weight == 0} == alarmed


def drop(content: dict[str, Any]) -> None:
    content["items"] = content["items"][:5]


def double(content: dict[str, Any]) -> None:
    content["items"][1] = content["items"][0]


def swap(content: dict[str, Any]) -> None:
    content["items"][0], content["items"][5] = content["items"][5], content["items"][0]


def changed(**fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda content: content["items"][3].update(fields)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (drop, "5 items; a sitting takes 12 to 16"),
        (double, "FRG-01 stands there twice"),
        (swap, "in the order of their dates"),
        (changed(cluster="Nobody"), "'Nobody', which is not described"),
        (changed(weights={"hawkish": 0}), "TUR-03 must weigh hawkish, divided, payment, reliability"),
        (
            changed(weights=dict.fromkeys(("hawkish", "divided", "payment", "reliability"), -3)),
            "TUR-03: the likeliest",
        ),
        (changed(give=-1), "TUR-03: the likeliest hypothesis has weight 0, and `give`"),
        (changed(colour="red"), "colour is no part of an entry"),
    ],
)
def test_a_slip_in_the_file_is_named(spoil: Callable[[dict[str, Any]], None], words: str) -> None:
    content = copy.deepcopy(CONTENT)
    spoil(content)
    with pytest.raises(TextError, match=words):
        build(content)


def test_an_item_that_is_not_in_the_evidence_is_named() -> None:
    content = copy.deepcopy(CONTENT)
    content["items"][-1]["id"] = "PHL-99"
    with pytest.raises(TextError, match="PHL-99 is not in `vietnam_evidence`"):
        build(content)


def test_an_item_that_is_not_in_the_set_is_named() -> None:
    with pytest.raises(TextError, match="'XXX-01' is not in the working set; it has FRG-01"):
        working_set().item("XXX-01")
