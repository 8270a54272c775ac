"""Every known defect is in the given file, and what the register says of it is true of the shipped one.

The checks are plain pandas, written without our mending code. Counts and lines are those of the list of defects.
"""

import numpy as np
import pandas as pd
import pytest

from helpers.data.mending import REGISTER, Step, defects_page
from helpers.data.mending.step import append_note

LISTED = [f"D{number:02}" for number in range(1, 33)] + ["P30", "P31"]
THREE = ["army", "air_force", "marine_corps"]
FOUR = [*THREE, "navy"]


def spikes(troops):
    ordered = troops.sort_values(["ccode", "year"])
    hosts = ordered.groupby("ccode")["troops"]
    before, after = hosts.shift(1), hosts.shift(-1)
    return ordered[(ordered.troops >= 1000) & (ordered.troops > 3 * before) & (ordered.troops > 3 * after)]


def dips(shares):
    ordered = shares.sort_values(["ccode", "year"])
    states = ordered.groupby("ccode")["milex_gdp"]
    limit = 0.6 * np.minimum(states.shift(1), states.shift(-1))
    return ordered[ordered.milex_gdp < limit]


def pact_years(alliances, code):
    pacts = alliances[alliances["type"].str.contains("defence pact")]
    return [
        (getattr(pact, code), year)
        for pact in pacts.itertuples()
        for year in range(pact.start_year, int(min(pact.end_year, 2025)) + 1 if pact.end_year > 0 else 2026)
    ]


def components_differ(milex):
    computed = 100 * milex.milex_usd_mn_current / milex.gnp_usd_mn_current
    off = (computed - milex.milex_pct_gdp).abs()
    return milex[(off > 0.1) & (off / milex.milex_pct_gdp > 0.05)]


def gdps_differ(economies):
    high = economies[["gdp_real_mn", "gdp_real_ppp_mn"]].max(axis=1, skipna=False)
    low = economies[["gdp_real_mn", "gdp_real_ppp_mn"]].min(axis=1, skipna=False)
    return economies[high / low > 4]


# -- the register ------------------------------------------------------------------------------------------------


def test_the_register_answers_every_listed_defect_and_marks_its_own_with_c():
    ids = {step.id for step in REGISTER}
    assert ids - {found for found in ids if found[0] == "C"} == set(LISTED)


def test_a_defect_is_answered_once_for_each_dataset():
    answers = [(step.id, step.dataset) for step in REGISTER]
    assert len(answers) == len(set(answers))


def test_every_answer_gives_its_reason():
    assert [step.id for step in REGISTER if len(step.remedy) < 12 or len(step.defect) < 12] == []


def test_a_step_that_only_explains_cannot_change_a_table():
    with pytest.raises(ValueError, match="D99"):
        Step("D99", "polls", "A defect.", "Explained.", rows=1, outcome="left", apply=lambda table: table)


@pytest.mark.parametrize(
    "step", [step for step in REGISTER if step.apply], ids=lambda step: f"{step.id}-{step.dataset}"
)
def test_a_step_leaves_the_table_it_is_given_alone(step, root, package):
    files = {
        "us_troops": "us_troops_country_year",
        "milex": "milex_country_year",
        "un_votes": "unga_us_agreement",
    }
    files |= {"milex_1950_2000": "milex_democracies_1950_2000", "vietnam_distance": "distance_to_vietnam"}
    files |= {"us_alliances": "alliances_with_us", "milcon": "us_milcon_country_year"}
    files |= {"allies_panel": "burden_sharing_panel"}
    name = files.get(step.dataset, step.dataset)
    table = pd.read_csv(root / "datasets" / "raw" / f"{name}.csv", dtype=str, keep_default_na=False)
    before = table.copy()
    step.apply(table)
    pd.testing.assert_frame_equal(table, before)


def test_the_page_of_defects_is_the_register(root):
    page = (root / "docs" / "data_defects.md").read_text(encoding="utf-8")
    assert page == defects_page(), "docs/data_defects.md is stale: run `course datasets`."


def test_a_second_remark_joins_the_first():
    table = pd.DataFrame({"note": ["first", ""]})
    marked = append_note(table, pd.Series([True, True]), "second")
    assert marked.note.tolist() == ["first; second", "second"]


# -- us_troops ---------------------------------------------------------------------------------------------------


def test_d01_the_navy_that_was_zero_is_not_shown(raw, shipped):
    given = raw("us_troops_country_year")
    late = given[(given.year >= 2008) & (given.ccode != 2) & given.navy.notna()]
    assert (len(late), (late.navy == 0).all(), late.line.min(), late.line.max()) == (1823, True, 60, 7998)
    assert "navy" not in shipped("us_troops")


def test_d02_no_service_counts_ships_beyond_the_total(raw, shipped):
    given = raw("us_troops_country_year")
    afloat = given[given.navy > given.troops]
    assert (len(afloat), set(afloat.year)) == (88, {1953, *range(1959, 1968)})
    kept = shipped("us_troops")
    assert not (kept[THREE].gt(kept.troops, axis=0)).any().any()


def test_d03_the_services_together_never_exceed_the_total(raw, shipped):
    given = raw("us_troops_country_year")
    off = (given[FOUR].sum(axis=1) - given.troops).abs()
    assert (given.navy.notna() & (off > 25) & (off > 0.02 * given.troops)).sum() == 548
    above = given[given[THREE].sum(axis=1) > given.troops]
    assert above.country.value_counts().to_dict() == {
        "Antigua and Barbuda": 10,
        "Djibouti": 1,
        "Poland": 1,
        "Somalia": 1,
    }
    kept = shipped("us_troops")
    assert not (kept[THREE].sum(axis=1) > kept.troops).any()
    emptied = kept.merge(above[["ccode", "year"]], on=["ccode", "year"])
    assert (len(emptied), emptied[THREE].notna().any().any()) == (13, False)


def test_d03_sound_services_are_kept(raw, shipped):
    given, kept = raw("us_troops_country_year"), shipped("us_troops")
    ended = (given.ccode == 817) & (given.year > 1975)
    assert kept.army.notna().sum() == given[~ended].army.notna().sum() - 13


def test_d03_the_services_are_complete_or_empty(shipped):
    filled = shipped("us_troops")[THREE].notna().sum(axis=1)
    assert set(filled) == {0, 3}


def test_d04_south_vietnam_ends_in_1975(raw, shipped):
    given, kept = raw("us_troops_country_year"), shipped("us_troops")
    late = given[(given.ccode == 817) & (given.year > 1975)]
    assert (len(late), late.line.min(), late.line.max()) == (34, 6150, 6183)
    assert late[late.year >= 2024].troops.tolist() == [30, 29]
    assert kept[kept.ccode == 817].year.max() == 1975
    assert len(kept) == len(given) - 34


def test_d05_no_row_after_2005_is_called_kane(raw, shipped):
    given, kept = raw("us_troops_country_year"), shipped("us_troops")
    late = given[(given.series == "kane") & (given.year > 2005)]
    assert (len(late), late.dmdc_row.isna().all()) == (161, True)
    assert not ((kept.series == "kane") & (kept.year > 2005)).any()
    continued = kept[kept.series == "afm_series"]
    assert (len(continued), continued.year.min(), continued.dmdc_row.notna().sum()) == (161, 2006, 0)


def test_d06_every_early_dmdc_row_equals_its_report_row(raw, shipped):
    given, kept = raw("us_troops_country_year"), shipped("us_troops")
    for table, count in ((given, 23), (kept, 9)):
        early = table[(table.series == "dmdc") & (table.year < 2006)]
        assert (len(early), (early.troops == early.dmdc_row).all()) == (count, True)


def test_d07_every_host_has_letters(raw, shipped):
    given, kept = raw("us_troops_country_year"), shipped("us_troops")
    assert given.iso3c.isna().sum() == 150
    assert kept.iso3c.notna().all()
    assert set(kept[kept.ccode == 817].iso3c) == {"RVN"}
    assert set(kept[kept.ccode == 347].iso3c) == {"XKX"}


def test_d07_yugoslavia_and_its_successors_have_the_letters_of_milex(shipped):
    key = ["ccode", "year"]
    both = shipped("us_troops").merge(shipped("milex"), on=key, suffixes=("", "_milex"))
    serbia = both[both.ccode == 345]
    assert set(serbia.iso3c) == {"YUG", "SCG", "SRB"}
    assert (serbia.iso3c == serbia.iso3c_milex).all()


def test_d08_four_imputed_values_are_not_midway(shipped):
    kept = shipped("us_troops")
    wide = kept[kept.year.isin([1950, 1951, 1952, 1953])].pivot_table(
        index="unit", columns="year", values="troops"
    )
    imputed = kept[(kept.series == "imputed")].merge(wide, left_on="unit", right_index=True)
    off = (imputed.troops - (imputed[1950] + imputed[1953]) / 2).abs() > 1
    assert (set(imputed.year), sorted(imputed[off].unit)) == ({1951, 1952}, ["KOR", "KOR", "USA", "USA"])


def test_d09_switzerland_stays_as_a_neutral_of_the_panel(shipped):
    swiss = shipped("us_troops").query("unit == 'CHE'")
    assert (len(swiss), swiss.troops.max()) == (76, 61)
    assert set(shipped("allies_panel").query("unit == 'CHE'").group) == {"neutral"}


def test_d10_one_year_spikes_are_marked_and_nothing_else(raw, shipped):
    assert len(spikes(raw("us_troops_country_year"))) == 24
    kept = shipped("us_troops")
    marked = kept[kept.note.fillna("").str.contains("spike")]
    found = spikes(kept)
    assert set(zip(marked.ccode, marked.year, strict=True)) == set(zip(found.ccode, found.year, strict=True))
    assert len(marked) == 24


def test_c02_south_vietnam_1969_to_1972_is_below_its_report_row(shipped):
    kept = shipped("us_troops").query("unit == 'RVN' and 1969 <= year <= 1972")
    assert (kept.dmdc_row - kept.troops).tolist() == [25400, 20600, 10100, 33950]


def test_the_break_of_2008_is_in_the_data(shipped):
    totals = shipped("us_troops").pivot_table(index="unit", columns="year", values="troops")
    assert totals.loc["JPN", [2007, 2008]].tolist() == [32803, 42521]
    assert totals.loc["QAT", [2007, 2008]].tolist() == [411, 6426]


# -- milex and milex_1950_2000 -----------------------------------------------------------------------------------


def test_d11_two_base_years_contradict_themselves_and_are_marked(raw, shipped):
    given = raw("milex_country_year")
    base = given[given.year == given.constant_usd_base_year]
    off = base[(base.milex_usd_mn_current / base.milex_usd_mn_constant - 1).abs() > 0.05]
    assert off.line.tolist() == [667, 3259]
    kept = shipped("milex")
    marked = kept[kept.share_note.fillna("").str.contains("base year")]
    assert list(zip(marked.unit, marked.year, strict=True)) == [("BEL", 1972), ("GRC", 1972)]


def test_d12_every_share_that_is_not_its_ratio_has_a_remark(raw, shipped):
    given = components_differ(raw("milex_country_year"))
    states = set(raw("burden_sharing_panel").ccode)
    assert len(given[given.ccode.isin(states)]) == 14
    assert given.share_note.isna().sum() > 0
    kept = components_differ(shipped("milex"))
    assert (len(kept), kept.share_note.isna().sum()) == (len(given), 0)
    assert (kept.milex_pct_gdp.to_numpy() == given.milex_pct_gdp.to_numpy()).all()


def test_d13_marked_spikes_of_the_panels_states_stay(raw, shipped):
    states = set(raw("burden_sharing_panel").ccode)
    for table in (raw("milex_country_year"), shipped("milex")):
        spike = table[table.share_note.fillna("").str.contains("one-year spike") & table.ccode.isin(states)]
        assert len(spike) == 11
        assert (spike.iso3c.eq("TWN") & spike.year.eq(1969)).any()


def test_d14_a_share_of_zero_beside_soldiers_is_marked(raw, shipped):
    for table, marks in ((raw("milex_country_year"), 0), (shipped("milex"), 9)):
        zero = table[(table.milex_pct_gdp == 0) & (table.armed_forces_thousand > 0)]
        assert (len(zero), zero.share_note.fillna("").str.contains("share 0").sum()) == (9, marks)


def test_d15_state_260_is_west_germany_in_every_file(raw, shipped):
    given = raw("milex_country_year")
    assert ((given.ccode == 260) & (given.country == "Germany")).sum() == 28
    for key in ("milex", "us_troops", "un_votes", "allies_panel", "territorial_threat"):
        table = shipped(key)
        assert set(table[table.ccode == 260].country) == {"West Germany"}, key


def test_d21_sixteen_codings_are_the_authors_own(raw, shipped):
    in_force = set(pact_years(shipped("us_alliances"), "ccode"))
    kept = shipped("milex_1950_2000")
    ours = [(ccode, year) in in_force for ccode, year in zip(kept.ccode, kept.year, strict=True)]
    differ = kept[kept.ally_of_us != np.array(ours).astype(int)]
    assert (len(differ), set(differ.ally_of_us)) == (16, {1})
    assert set(differ[differ.year != 1951].unit) == {"ESP"}
    assert set(differ[differ.year == 1951].unit) == {"AUS", "GRC", "NZL", "TUR"}
    assert (kept.ally_of_us.to_numpy() == raw("milex_democracies_1950_2000").ally_of_us.to_numpy()).all()


def test_d21_flags_are_written_as_integers(root):
    def texts(path, name):
        return set(pd.read_csv(root / "datasets" / path, dtype=str, keep_default_na=False)[name])

    assert texts("raw/milex_democracies_1950_2000.csv", "ally_of_us") == {"0.0", "1.0"}
    assert texts("milex_1950_2000.csv", "ally_of_us") == {"0", "1"}
    assert texts("milex_1950_2000.csv", "election_yr") == {"0", "1", ""}


def test_d22_denmark_1991_is_kept_and_marked(raw, shipped):
    assert dips(raw("milex_democracies_1950_2000")).line.tolist() == [804]
    kept = shipped("milex_1950_2000")
    marked = kept[kept.note.notna()]
    assert (marked.unit.tolist(), marked.year.tolist(), marked.milex_gdp.tolist()) == (
        ["DNK"],
        [1991],
        [1.31253],
    )


# -- un_votes ----------------------------------------------------------------------------------------------------


def test_d16_montenegro_has_its_code(raw, shipped):
    given, kept = raw("unga_us_agreement"), shipped("un_votes")
    assert given[given.ccode == 1010].line.tolist() == list(range(6346, 6360))
    assert set(kept[kept.iso3c == "MNE"].ccode) == {341}
    assert kept.ccode.max() < 1000


def test_d17_serbia_is_not_yugoslavia(raw, shipped):
    given, kept = raw("unga_us_agreement"), shipped("un_votes")
    assert given[(given.iso3c == "YUG") & (given.year > 1992)].line.tolist() == list(range(10229, 10249))
    assert kept[kept.iso3c == "YUG"].year.max() == 1992
    later = kept[(kept.ccode == 345) & (kept.year > 1992)]
    assert later.groupby("country").year.agg(["min", "max"]).to_numpy().tolist() == [
        [2006, 2019],
        [2000, 2005],
    ]


def test_d18_no_share_rests_on_fewer_than_five_votes(raw, shipped):
    given, kept = raw("unga_us_agreement"), shipped("un_votes")
    few = given[given.n_votes < 5]
    assert (len(few), few.agree_us.notna().sum()) == (43, 43)
    kept_few = kept[kept.n_votes < 5]
    assert (len(kept_few), kept_few[["agree_us", "similarity_us", "agree_us_arms"]].notna().any().any()) == (
        43,
        False,
    )
    assert kept[kept.n_votes >= 5].agree_us.notna().all()


# -- gdp_population ----------------------------------------------------------------------------------------------


def test_d19_populations_that_differ_are_marked(raw, shipped):
    for table, marks in ((raw("gdp_population"), None), (shipped("gdp_population"), 64)):
        off = table[(table.population_mn / table.population_wb_mn - 1).abs() > 0.1]
        assert len(off) == 64
        if marks:
            assert off.note.str.contains("populations differ").sum() == marks


def test_d20_gdps_that_differ_are_marked(raw, shipped):
    given, kept = gdps_differ(raw("gdp_population")), gdps_differ(shipped("gdp_population"))
    assert (len(given), set(given.iso3c)) == (125, {"VEN", "ARG", "SLV"})
    assert (len(kept), kept.note.str.contains("real GDPs").all()) == (125, True)
    assert shipped("gdp_population").note.fillna("").str.contains("real GDPs").sum() == 125


def test_c01_a_row_about_other_territory_has_no_unit(shipped):
    table = shipped("gdp_population")
    without = table[table.unit.isna()]
    spans = without.groupby("iso3c").year.agg(["min", "max", "size"]).to_numpy().tolist()
    assert spans == [[1950, 1990, 41], [1960, 1991, 32], [1960, 1975, 16]]
    assert without.note.str.contains("both|alone").all()


# -- the smaller files -------------------------------------------------------------------------------------------


def test_d23_indonesia_has_letters_and_name(raw, shipped):
    given, kept = raw("territorial_threat"), shipped("territorial_threat")
    assert given[given.country.isna()].line.tolist() == list(range(3612, 3673))
    indonesia = kept[kept.ccode == 850]
    assert (set(indonesia.iso3c), set(indonesia.country), len(indonesia)) == ({"IDN"}, {"Indonesia"}, 61)
    assert kept.iso3c.notna().all()


def test_d24_germany_has_one_row_for_1990(raw, shipped):
    given, kept = raw("territorial_threat"), shipped("territorial_threat")
    assert given[given.ccode.isin([255, 260]) & (given.year == 1990)].line.tolist() == [1980, 2036]
    germany = kept[(kept.unit == "DEU") & (kept.year == 1990)]
    assert (germany.ccode.tolist(), germany.territorial_threat.tolist()) == ([260], [0.0413])


def test_d25_no_capital_is_cut(raw, shipped):
    given, kept = raw("distance_to_vietnam"), shipped("vietnam_distance")
    assert given[given.capital.str.contains("&")].line.tolist() == [60, 62, 65, 67]
    capitals = kept.set_index("unit").capital
    assert capitals[["BRA", "CRI", "PRY", "COL"]].tolist() == ["Brasília", "San José", "Asunción", "Bogotá"]
    assert not capitals.str.contains("&").any()


def test_d31_hosts_have_the_names_of_the_troop_file(raw, shipped):
    given, kept = raw("us_milcon_country_year"), shipped("milcon")
    odd = given[given.country.isin(["Korea", "Bahrain Island", "Guantanamo Bay, Cuba"])]
    assert (len(odd), odd.line.min(), odd.line.max()) == (22, 20, 114)
    names = shipped("us_troops").groupby("ccode").country.last()
    differ = kept[kept.ccode.isin(names.index) & (kept.country != kept.ccode.map(names))]
    assert len(differ) == 0
    assert kept[kept.note.notna()].country.tolist() == ["Cuba"] * 5


def test_p30_germany_1990_is_one_ally_year(raw, shipped):
    def ally_years(table):
        return {(state, year) for state, year in pact_years(table, "ccode") if 1950 <= year <= 2018}

    assert (len(ally_years(raw("alliances_with_us"))), len(ally_years(shipped("us_alliances")))) == (
        2970,
        2969,
    )
    panel = shipped("allies_panel").query("us_ally == 1 and year <= 2018")
    assert set(zip(panel.ccode, panel.year, strict=True)) == ally_years(shipped("us_alliances"))


def test_d32_no_state_and_year_stands_twice(raw, package, root):
    for path in (root / "datasets" / "raw").glob("*.csv"):
        table = raw(path.stem)
        if {"ccode", "year"} <= set(table.columns):
            assert not table.duplicated(["ccode", "year"]).any(), path.name


# -- the panel ---------------------------------------------------------------------------------------------------


def test_d20_the_panel_has_no_gdp_per_head_of_a_few_hundred_dollars_in_venezuela(raw, shipped):
    given, kept = raw("burden_sharing_panel"), shipped("allies_panel")
    assert given[given.iso3c == "VEN"].gdp_pc_real.min() == 234
    assert len(gdps_differ(given)) == 125
    assert len(gdps_differ(kept)) == 0
    venezuela = kept[(kept.unit == "VEN") & (kept.year == 2011)]
    assert (venezuela.gdp_pc_real.isna().item(), venezuela.gdp_real_ppp_mn.notna().item()) == (True, True)


def test_d26_montenegros_votes_are_in_the_panel(raw, shipped):
    given, kept = raw("burden_sharing_panel"), shipped("allies_panel")
    lost = given[(given.iso3c == "MNE") & (given.year <= 2019)]
    assert (len(lost), lost.unga_n_votes.notna().sum(), lost.line.min()) == (14, 0, 2468)
    assert kept[(kept.unit == "MNE") & (kept.year <= 2019)].unga_n_votes.notna().all()


def test_d27_west_germany_is_never_given_the_people_of_both_germanies(raw, shipped):
    given, kept = raw("burden_sharing_panel"), shipped("allies_panel")
    both = given[(given.ccode == 260) & (given.population_mn > 70)]
    assert both.line.tolist() == [4280, 4281, 4282]
    west = kept[kept.ccode == 260].set_index("year")
    assert (west.population_mn.first_valid_index(), west.us_troops_per_1000.first_valid_index()) == (
        1963,
        1963,
    )
    assert west.population_mn.max() < 65


def test_d28_west_germany_has_no_gdp_of_both_germanies(raw, shipped):
    given, kept = raw("burden_sharing_panel"), shipped("allies_panel")
    assert given[(given.ccode == 260)].gdp_current_usd_mn.notna().sum() == 31
    west = kept[kept.ccode == 260]
    assert (
        west[["gdp_current_usd_mn", "gdp_real_mn", "gdp_real_ppp_mn", "gdp_pc_real"]].notna().sum().sum() == 0
    )
    assert west.gnp_usd_mn_current.notna().sum() == 28


def test_d29_germany_1990_is_the_only_allied_year_of_a_member_without_votes(raw, shipped):
    votes = shipped("un_votes").query("unit == 'DEU'").year
    assert 1990 not in set(votes)
    assert {1973, 1989, 1991} <= set(votes)
    row = shipped("allies_panel").query("unit == 'DEU' and year == 1990")
    assert (row.us_ally.item(), row.unga_n_votes.isna().item()) == (1, True)


def test_d30_population_jumps_only_where_the_source_changes(raw, shipped):
    def jumps(table):
        ordered = table.sort_values(["ccode", "year"])
        moved = ordered[ordered.groupby("ccode").population_mn.pct_change(fill_method=None).abs() > 0.08]
        return sorted(zip(moved.iso3c, moved.year, strict=True))

    change_of_source = [("ALB", 2020), ("MKD", 2020), ("PAK", 2020)]
    assert jumps(raw("burden_sharing_panel")) == sorted([*change_of_source, ("DEU", 1963)])
    assert jumps(shipped("allies_panel")) == change_of_source


def test_p31_the_panel_has_62_allied_states_with_61_letters(shipped, package):
    allies = shipped("allies_panel").query("group == 'ally'")
    assert (allies.ccode.nunique(), allies.iso3c.nunique(), allies.unit.nunique()) == (62, 61, 61)
    entry = next(resource for resource in package["resources"] if resource["name"] == "allies_panel")
    assert "62 states" in entry["description"]
