"""Files join on `unit` and `year`; what does not match is listed in `joins.json`, with a reason."""

import json
from itertools import combinations, permutations
from pathlib import Path

import pytest

EXPECTED = json.loads(Path(__file__).with_name("joins.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def state_years(package, shipped):
    """Datasets with one row per state and year, without the rows that have no unit."""
    tables = {
        entry["name"]: shipped(entry["name"]) for entry in package["resources"] if one_row_a_year(entry)
    }
    return {key: table.dropna(subset=["unit"]) for key, table in tables.items()}


def one_row_a_year(entry):
    key = set(entry["schema"].get("primaryKey", []))
    return key in ({"unit", "year"}, {"iso3c", "year"})


def unmatched(first, second):
    common = first[first.year.between(second.year.min(), second.year.max())]
    matched = common.merge(second[["unit", "year"]], on=["unit", "year"]).unit
    return set(common.unit) - set(matched)


def explained(unit, dataset):
    listed = any(
        unit in item["units"].split() and item["missing_in"] == dataset for item in EXPECTED["reasons"]
    )
    return listed or dataset in EXPECTED["scope"]


def test_every_dataset_of_states_and_years_is_joined(state_years):
    assert set(state_years) == {
        "us_troops", "milex", "allies_panel", "territorial_threat", "un_votes",
        "us_image", "milcon", "milex_1950_2000", "gdp_population", "vietnam_forces",
    }  # fmt: skip


def test_a_unit_and_year_is_one_row(state_years):
    twice = [key for key, table in state_years.items() if table.duplicated(["unit", "year"]).any()]
    assert twice == []


def test_what_does_not_match_is_listed(state_years):
    found = {
        f"{first} -> {second}": " ".join(sorted(units))
        for first, second in permutations(state_years, 2)
        if (units := unmatched(state_years[first], state_years[second]))
    }
    assert found == EXPECTED["unmatched"]


def test_what_does_not_match_has_a_reason():
    unexplained = [
        (unit, pair)
        for pair, units in EXPECTED["unmatched"].items()
        for unit in units.split()
        if not explained(unit, pair.split(" -> ")[1])
    ]
    assert unexplained == []


def test_no_reason_is_left_over():
    missing = {
        (u, pair.split(" -> ")[1]) for pair, units in EXPECTED["unmatched"].items() for u in units.split()
    }
    idle = [
        (unit, item["missing_in"])
        for item in EXPECTED["reasons"]
        for unit in item["units"].split()
        if (unit, item["missing_in"]) not in missing
    ]
    assert idle == []


def test_a_state_has_one_unit_a_year_in_all_files(state_years):
    listed = {(item["ccode"], item["year"]): set(item["units"].split()) for item in EXPECTED["two_units"]}
    coded = {key: table for key, table in state_years.items() if "ccode" in table}
    found = {}
    for first, second in combinations(coded.values(), 2):
        both = first.merge(second, on=["ccode", "year"], suffixes=("", "_second"))
        differ = both[both.unit != both.unit_second]
        found |= {(row.ccode, row.year): {row.unit, row.unit_second} for row in differ.itertuples()}
    assert found == listed


def test_a_unit_has_one_code_a_year_in_all_files(state_years):
    coded = [table[["unit", "year", "ccode"]] for table in state_years.values() if "ccode" in table]
    for first, second in combinations(coded, 2):
        both = first.merge(second, on=["unit", "year"], suffixes=("", "_second"))
        assert (both.ccode == both.ccode_second).all()


def test_germany_is_one_unit_from_1950(state_years, shipped):
    for key in ("us_troops", "milex", "un_votes", "allies_panel", "territorial_threat"):
        table = state_years[key]
        assert set(table[table.ccode.isin([255, 260])].unit) == {"DEU"}, key
        assert "DDR" not in set(table[table.ccode != 265].unit), key
    assert set(shipped("us_alliances").query("ccode in [255, 260]").unit) == {"DEU"}
    assert set(shipped("vietnam_evidence").query("ally == 'West Germany'").unit) == {"DEU"}


def test_a_state_under_a_new_name_keeps_its_present_letters(state_years):
    milex = state_years["milex"]
    assert set(milex[milex.iso3c == "SUN"].unit) == {"RUS"}
    assert set(milex[milex.iso3c == "VDR"].unit) == {"VNM"}
    assert {"DDR", "CSK", "RVN", "YMD", "YUG", "SCG"} <= set(milex.unit)


def test_only_items_on_several_allies_have_no_unit(shipped):
    for key, count in (("vietnam_evidence", 8), ("vietnam_documents", 1)):
        table = shipped(key)
        assert (table.ally[table.unit.isna()] == "Multiple allies").sum() == count
        assert table.unit.isna().sum() == count
    assert shipped("polls").unit.notna().all()


def test_the_allies_of_the_evidence_are_units_of_the_panel(shipped):
    panel = set(shipped("allies_panel").unit)
    assert set(shipped("vietnam_evidence").unit.dropna()) <= panel
    assert set(shipped("vietnam_forces").unit) <= panel


def test_the_documents_name_evidence_that_exists(shipped):
    evidence = shipped("vietnam_evidence").set_index("evidence_id").ally
    for document in shipped("vietnam_documents").itertuples():
        assert {evidence[item] for item in document.evidence_ids.split(";")} == {document.ally}
