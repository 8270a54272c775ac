"""Hosts, ranks and troops per thousand inhabitants, against plain loops over plain rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.theory.deployments import Pacts, hosts, per_thousand, population, ranking

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def deployed() -> pd.DataFrame:
    return hosts(pd.DataFrame(rows_of("us_troops")).astype({"year": int, "troops": int}))


def test_the_guardian_is_never_a_host(deployed: pd.DataFrame) -> None:
    assert "USA" not in set(deployed["unit"])
    assert len(deployed) == sum(row["unit"] != "USA" for row in rows_of("us_troops"))


def test_a_host_counted_twice_is_named() -> None:
    rows = pd.DataFrame(
        {"unit": ["KOR", "KOR"], "country": "Korea", "year": 2019, "troops": 26525, "series": "dmdc"}
    )
    with pytest.raises(ValueError, match="'KOR' has more than one row for 2019"):
        hosts(rows)


@pytest.mark.parametrize("year", [1953, 1968, 1990, 2007, 2025])
def test_the_ranking_is_that_of_a_plain_sort(deployed: pd.DataFrame, year: int) -> None:
    plain = [
        (int(r["troops"]), r["unit"])
        for r in rows_of("us_troops")
        if r["unit"] != "USA" and int(r["year"]) == year
    ]
    plain.sort(key=lambda pair: (-pair[0], pair[1]))
    ranked = ranking(deployed, year, top=12)
    assert list(zip(ranked["troops"], ranked["unit"], strict=True)) == plain[:12]


def test_imputed_years_are_not_ranked(deployed: pd.DataFrame) -> None:
    assert ranking(deployed, 1951).empty


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_a_rank_is_one_more_than_the_number_of_larger_hosts(counts: list[int]) -> None:
    frame = pd.DataFrame({"unit": [f"H{i}" for i in range(len(counts))], "troops": counts})
    frame = frame.assign(country=frame["unit"], year=1990, imputed=False)
    for row in ranking(frame, 1990).itertuples():
        assert row.rank == 1 + sum(other > row.troops for other in counts)


def test_troops_per_thousand_divide_by_the_population_of_the_same_year(deployed: pd.DataFrame) -> None:
    people = pd.DataFrame({"unit": ["ISL", "ISL"], "year": [1970, 1971], "population_mn": [0.2, 0.4]})
    found = per_thousand(deployed, people).set_index(["unit", "year"])["per_thousand"]
    for row in rows_of("us_troops"):
        if row["unit"] == "ISL" and row["year"] in ("1970", "1971"):
            millions = {"1970": 0.2, "1971": 0.4}[row["year"]]
            assert found["ISL", int(row["year"])] == pytest.approx(int(row["troops"]) / (1000 * millions))
    assert found.notna().sum() == 2
    assert len(found) == len(deployed)


def test_west_germany_is_not_given_the_people_of_both_germanies() -> None:
    panel = pd.DataFrame({"unit": ["DEU", "DEU"], "year": [1960, 1963], "population_mn": [None, 57.4]})
    others = pd.DataFrame({"unit": ["DEU", "KWT"], "year": [1960, 1960], "population_wb_mn": [72.8, 0.3]})
    found = population(panel, others)
    assert set(zip(found["unit"], found["year"], found["population_mn"], strict=True)) == {
        ("DEU", 1963, 57.4),
        ("KWT", 1960, 0.3),
    }


def test_no_population_is_used_after_the_panel_ends() -> None:
    panel = pd.DataFrame({"unit": ["JPN"], "year": [2023], "population_mn": [124.0]})
    others = pd.DataFrame({"unit": ["KWT", "KWT"], "year": [2023, 2024], "population_wb_mn": [4.8, 4.9]})
    assert population(panel, others)["year"].max() == 2023


def test_treaties_in_force_are_those_of_a_plain_loop() -> None:
    rows = rows_of("us_alliances")
    pacts = Pacts(
        pd.DataFrame(rows).astype({"start_year": int}).assign(end_year=lambda f: pd.to_numeric(f["end_year"]))
    )
    for unit in sorted({row["unit"] for row in rows}):
        held = pacts.in_force(unit, range(1950, 2026))
        for year in range(1950, 2026):
            plain = any(
                row["unit"] == unit
                and "defence pact" in row["type"]
                and int(row["start_year"]) <= year <= (int(row["end_year"]) if row["end_year"] else 9999)
                for row in rows
            )
            assert held[year - 1950] == plain == bool(pacts.of(unit, year)), (unit, year)


def test_the_protocol_on_south_vietnam_is_no_treaty() -> None:
    rows = pd.DataFrame(rows_of("us_alliances"))
    pacts = Pacts(
        rows.assign(start_year=rows["start_year"].astype(int), end_year=pd.to_numeric(rows["end_year"]))
    )
    assert pacts.of("RVN", 1968) == ""
    assert pacts.of("THA", 1968) == "SEATO"
