"""The panel is its sources, merged: the given one is reproduced to the byte, and so is the shipped one."""

import pandas as pd
import pytest

from helpers.data.mending import mend
from helpers.data.panel import SOURCES, build_panel
from helpers.data.units import add_unit

GIVEN = {
    "us_alliances": "alliances_with_us",
    "us_troops": "us_troops_country_year",
    "milex": "milex_country_year",
    "milex_1950_2000": "milex_democracies_1950_2000",
    "gdp_population": "gdp_population",
    "vietnam_distance": "distance_to_vietnam",
    "un_votes": "unga_us_agreement",
}


def text(path):
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def given(root):
    return {key: text(root / "datasets" / "raw" / f"{name}.csv") for key, name in GIVEN.items()}


def test_the_given_files_give_the_given_panel_to_the_byte(root, given):
    panel = build_panel(given, guardian=False)
    expected = (root / "datasets" / "raw" / "burden_sharing_panel.csv").read_bytes()
    assert panel.to_csv(index=False, lineterminator="\n").encode() == expected


def test_the_shipped_files_give_the_shipped_panel_to_the_byte(root):
    shipped = {key: text(root / "datasets" / f"{key}.csv") for key in SOURCES}
    panel = add_unit(mend("allies_panel", build_panel(shipped, guardian=True)), "iso3c")
    path = root / "datasets" / "allies_panel.csv"
    in_order = panel[text(path).columns]
    assert in_order.to_csv(index=False, lineterminator="\n").encode() == path.read_bytes()


def test_a_changed_source_changes_the_panel(root, given):
    troops = given["us_troops"].copy()
    troops.loc[(troops.ccode == "732") & (troops.year == "2019"), "troops"] = "53050"
    panel = build_panel(given | {"us_troops": troops}, guardian=False)
    assert panel.query("iso3c == 'KOR' and year == '2019'").us_troops.item() == "53050"


def test_the_columns_are_those_of_the_given_panel_and_unit(root):
    given = list(text(root / "datasets" / "raw" / "burden_sharing_panel.csv").columns)
    assert list(text(root / "datasets" / "allies_panel.csv").columns) == ["unit", *given]


def test_mending_changes_only_cells_that_a_step_names(root):
    """Compared cell by cell with the given panel, by code and year."""
    key = ["ccode", "year"]
    before = text(root / "datasets" / "raw" / "burden_sharing_panel.csv").set_index(key)
    after = text(root / "datasets" / "allies_panel.csv").drop(columns="unit").set_index(key)
    assert set(after.index) - set(before.index) == {("2", str(year)) for year in range(1950, 2024)}
    after = after.loc[before.index]
    changed = {
        name: int((before[name] != after[name]).sum())
        for name in before
        if (before[name] != after[name]).any()
    }
    assert changed == {
        "us_troops_series": 13,
        "us_troops_per_1000": 3,
        "population_mn": 3,
        "gdp_real_mn": 125,
        "gdp_pc_real": 125,
        "gdp_current_usd_mn": 31,
        "unga_agree_us": 14,
        "unga_n_votes": 14,
    }


def test_the_guardian_is_in_nato_and_is_neither_ally_nor_host(shipped):
    panel = shipped("allies_panel")
    guardian = panel[panel.group == "guardian"]
    assert (set(guardian.unit), len(guardian)) == ({"USA"}, 74)
    assert (set(guardian.nato), set(guardian.us_ally), set(guardian.rio_only)) == ({1}, {0}, {0})
    empty = [
        "treaties",
        "us_troops",
        "us_troops_per_1000",
        "us_troops_series",
        "unga_agree_us",
        "unga_n_votes",
    ]
    assert guardian[empty].isna().all().all()
    measured = guardian[guardian.milex_pct_gdp.notna()]
    assert (measured.milex_pct_gdp == measured.us_milex_pct_gdp).all()
    assert len(measured) > 50


def test_the_guardian_only_joins_when_asked(given):
    assert "USA" not in set(build_panel(given, guardian=False).iso3c)
