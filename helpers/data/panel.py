"""The merged panel: one row per state and year, from the mended files.

Its states are all that ever had a defence pact with the United States, three European neutrals for comparison and,
if asked for, the guardian itself. What was measured elsewhere is joined to them by code and year, so a state without
a figure stays in the panel with an empty cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from helpers.data.tables import read_text, write_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SOURCES", "build_panel"]

SOURCES = (
    "us_alliances",
    "us_troops",
    "milex",
    "milex_1950_2000",
    "gdp_population",
    "vietnam_distance",
    "un_votes",
)
Tables: TypeAlias = "Mapping[str, pd.DataFrame]"

FIRST_YEAR, LAST_YEAR = 1950, 2023
GUARDIAN = ("USA", 2, "United States")
NEUTRALS = [("AUT", 305, "Austria"), ("CHE", 225, "Switzerland"), ("IRL", 205, "Ireland")]
GERMANY, WEST_GERMANY = 255, 260
_FIRST_YEARS = {
    "CZE": 1993,
    "SVK": 1993,
    "SVN": 1992,
    "HRV": 1992,
    "MKD": 1993,
    "EST": 1991,
    "LVA": 1991,
    "LTU": 1991,
    "MNE": 2006,
    "TTO": 1962,
    "BHS": 1973,
}
_ADVERSARIES = {"RUS": "km_capital_moscow", "CHN": "km_capital_beijing", "PRK": "km_capital_pyongyang"}
_DIGITS = {
    "us_troops_per_1000": 4,
    "milex_pct_gdp": 3,
    "milex_pct_gdp_ww": 3,
    "soldiers_per_1000": 3,
    "gdp_pc_real": 0,
    "threat_proxy": 5,
    "population_mn": 3,
    "unga_agree_us": 4,
}
_COLUMNS = [
    "iso3c",
    "ccode",
    "country",
    "year",
    "group",
    "us_ally",
    "nato",
    "rio_only",
    "treaties",
    "us_troops",
    "us_troops_per_1000",
    "us_troops_series",
    "milex_pct_gdp",
    "milex_source",
    "milex_pct_gdp_ww",
    "milex_usd_mn_current",
    "soldiers_per_1000",
    "us_milex_pct_gdp",
    "gdp_real_mn",
    "gdp_real_ppp_mn",
    "gdp_pc_real",
    "gnp_usd_mn_current",
    "gdp_current_usd_mn",
    "population_mn",
    "threat_proxy",
    "km_capital_moscow",
    "unga_agree_us",
    "unga_n_votes",
]


def build_panel(sources: Tables, *, guardian: bool) -> pd.DataFrame:
    """Merge the panel from its sources.

    Parameters
    ----------
    sources : mapping of str to pandas.DataFrame
        Tables of text by dataset key; `SOURCES` names those needed.
    guardian : bool
        Whether the United States is in the panel, with `group` = guardian. It is a NATO member, but neither its
        own ally nor a host: `us_ally` is 0, and its troop columns are empty.

    Returns
    -------
    pandas.DataFrame
        Table of text, one row per state and year, by country and year. `unit` is not in it yet.

    Examples
    --------
    >>> from helpers.data import load
    >>> panel = build_panel({key: load(key) for key in SOURCES}, guardian=True)
    >>> len(panel.query("group == 'guardian'"))
    74
    """
    from_file = {key: _numeric(sources[key]) for key in SOURCES}
    pacts = _pacts(from_file["us_alliances"])
    panel = _with_treaties(_states_and_years(pacts, guardian), pacts)
    panel = _with_troops(panel, from_file["us_troops"])
    panel = _with_effort(panel, from_file["milex"], from_file["milex_1950_2000"])
    panel = _with_size(panel, from_file["gdp_population"])
    panel = _with_threat(panel, from_file["milex"], from_file["vietnam_distance"])
    panel = _with_votes(panel, from_file["un_votes"])
    return read_text(write_text(_in_shape(panel)))


def _numeric(table: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(BytesIO(write_text(table)))


def _pacts(alliances: pd.DataFrame) -> pd.DataFrame:
    pacts = alliances[alliances["type"].str.contains("defence pact")]
    return pacts.assign(last=pacts["end_year"].fillna(LAST_YEAR).clip(upper=LAST_YEAR).astype(int))


def _states_and_years(pacts: pd.DataFrame, guardian: bool) -> pd.DataFrame:
    """Every state of the panel in every year in which it existed; Germany's code changes after 1990."""
    import pandas as pd

    names = ["iso3c", "ccode", "country"]
    allies = pacts[["iso3c", "ccode", "ally"]].drop_duplicates(["iso3c", "ccode"]).set_axis(names, axis=1)
    groups = [allies.assign(group="ally"), pd.DataFrame(NEUTRALS, columns=names).assign(group="neutral")]
    if guardian:
        groups.append(pd.DataFrame([GUARDIAN], columns=names).assign(group="guardian"))
    years = pd.DataFrame({"year": range(FIRST_YEAR, LAST_YEAR + 1)})
    panel = pd.concat(groups, ignore_index=True).merge(years, how="cross")
    other_germany = panel["ccode"].eq(WEST_GERMANY) & (panel["year"] > 1990)
    other_germany |= panel["ccode"].eq(GERMANY) & (panel["year"] <= 1990)
    born = panel["iso3c"].map(_FIRST_YEARS).fillna(FIRST_YEAR)
    return panel[~other_germany & (panel["year"] >= born)]


def _with_treaties(panel: pd.DataFrame, pacts: pd.DataFrame) -> pd.DataFrame:
    """Add the treaties in force each year, and three flags that follow from them."""
    import pandas as pd

    spans = zip(pacts["ccode"], pacts["treaty_short"], pacts["start_year"], pacts["last"], strict=True)
    in_force = [
        (ccode, year, treaty)
        for ccode, treaty, first, last in spans
        for year in range(max(FIRST_YEAR, int(first)), int(last) + 1)
    ]
    treaties = pd.DataFrame(in_force, columns=["ccode", "year", "treaty"])
    joined = treaties.groupby(["ccode", "year"])["treaty"].agg(lambda names: "; ".join(sorted(set(names))))
    panel = panel.merge(joined.rename("treaties").reset_index(), on=["ccode", "year"], how="left")
    panel["treaties"] = panel["treaties"].fillna("")
    panel["us_ally"] = (panel["treaties"] != "").astype(int)
    in_nato = panel["treaties"].str.contains("NATO") | (panel["group"] == "guardian")
    return panel.assign(nato=in_nato.astype(int), rio_only=(panel["treaties"] == "Rio Treaty").astype(int))


def _with_troops(panel: pd.DataFrame, troops: pd.DataFrame) -> pd.DataFrame:
    """Add the US troops in each host; the guardian is no host."""
    names = {"troops": "us_troops", "series": "us_troops_series"}
    hosts = troops.loc[troops["ccode"] != GUARDIAN[1], ["ccode", "year", *names]]
    return panel.merge(hosts.rename(columns=names), on=["ccode", "year"], how="left")


def _with_effort(panel: pd.DataFrame, milex: pd.DataFrame, democracies: pd.DataFrame) -> pd.DataFrame:
    """Add defence spending from both sources, and soldiers per 1,000 inhabitants."""
    kept = ["milex_pct_gdp", "milex_usd_mn_current", "gnp_usd_mn_current"]
    names = {"source": "milex_source", "population_mn": "population_wmeat_mn"}
    key = ["ccode", "year"]
    wmeat = milex[[*key, *kept, "armed_forces_thousand", *names]].rename(columns=names)
    other = democracies[[*key, "milex_gdp"]].rename(columns={"milex_gdp": "milex_pct_gdp_ww"})
    panel = panel.merge(wmeat, on=key, how="left").merge(other, on=key, how="left")
    return panel.assign(soldiers_per_1000=panel["armed_forces_thousand"] / panel["population_wmeat_mn"])


def _with_size(panel: pd.DataFrame, economies: pd.DataFrame) -> pd.DataFrame:
    """Add GDP and population; the Penn World Table covers both Germanies, so West Germany gets none of it."""
    measures = ["gdp_real_mn", "gdp_real_ppp_mn", "population_mn", "gdp_current_usd_mn", "population_wb_mn"]
    panel = panel.merge(economies[["iso3c", "year", *measures]], on=["iso3c", "year"], how="left")
    west = panel["ccode"] == WEST_GERMANY
    people = panel["population_wmeat_mn"].where(west, panel["population_mn"])
    panel["population_mn"] = people.fillna(panel["population_wb_mn"])
    panel["gdp_pc_real"] = panel["gdp_real_mn"] / panel["population_mn"]
    panel.loc[west, ["gdp_real_mn", "gdp_real_ppp_mn", "gdp_pc_real"]] = float("nan")
    return panel.assign(us_troops_per_1000=panel["us_troops"] / (1000 * panel["population_mn"]))


def _with_threat(panel: pd.DataFrame, milex: pd.DataFrame, distance: pd.DataFrame) -> pd.DataFrame:
    """Add adversaries' budgets relative to the US budget, each over its capital's distance in 1,000 km."""
    places = distance.set_index("iso3c")
    budgets = _relative_budgets(milex)
    for adversary, column in _ADVERSARIES.items():
        far = panel["iso3c"].map(places[column]) / 1000.0
        panel[adversary] = panel["year"].map(budgets[adversary]) / far
    panel["threat_proxy"] = panel[["RUS", "CHN", "PRK"]].sum(axis=1, min_count=3)
    panel["km_capital_moscow"] = panel["iso3c"].map(places["km_capital_moscow"])
    own = milex[milex["iso3c"] == "USA"].set_index("year")["milex_pct_gdp"].rename("us_milex_pct_gdp")
    return panel.merge(own, on="year", how="left")


def _relative_budgets(milex: pd.DataFrame) -> pd.DataFrame:
    """Military budgets as shares of the US budget, by year; the Soviet Union stands under RUS."""
    powers = milex[milex["iso3c"].isin(["USA", "SUN", *_ADVERSARIES])]
    powers = powers.assign(iso3c=powers["iso3c"].replace({"SUN": "RUS"}))
    budgets = powers.pivot_table(index="year", columns="iso3c", values="milex_usd_mn_current")
    return budgets.div(budgets["USA"], axis=0)


def _with_votes(panel: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    names = {"agree_us": "unga_agree_us", "n_votes": "unga_n_votes"}
    votes = votes[["ccode", "year", *names]].rename(columns=names)
    return panel.merge(votes, on=["ccode", "year"], how="left")


def _in_shape(panel: pd.DataFrame) -> pd.DataFrame:
    """Choose and round the columns, write counts as whole numbers, and sort."""
    shaped = panel[_COLUMNS].round(_DIGITS)
    counts = ["us_troops", "unga_n_votes", "gdp_pc_real"]
    return shaped.astype(dict.fromkeys(counts, "Int64")).sort_values(["country", "year"])
