"""Effects in groups: against a regression with interactions, and the promise of the correction."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.stats.multitest import multipletests

from helpers.experiments.results import ExperimentError
from helpers.experiments.subgroups import groups_of, subgroup_effects


def people(n: int = 900, seed: int = 1, more_for_women: float = 0.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    told = rng.permutation(np.arange(n) % 2)
    gender = rng.choice(["woman", "man"], n)
    school = rng.choice(["basic", "middle", "higher"], n)
    age, left = rng.integers(18, 85, n), rng.integers(0, 5, n)
    noise = rng.normal(size=n) * (1 + 0.5 * (school == "basic"))
    need = 0.4 * told + more_for_women * told * (gender == "woman") + 0.01 * age + noise
    arm = np.where(told, "both", "unchanged")
    return pd.DataFrame(
        {"arm": arm, "need": need, "gender": gender, "school": school, "age": age, "left": left}
    )


VARIABLES = ["gender", "school", "age", "left"]


def test_effects_and_tests_are_those_of_a_regression_with_interactions() -> None:
    data = people(more_for_women=0.3)
    found = subgroup_effects(data, "need", "both", variables=["school", "gender"])
    data["told"] = (data["arm"] == "both").astype(float)
    fit = smf.ols("need ~ C(school) * told", data).fit(cov_type="HC2")
    by_group = found.effects.query("variable == 'school'").set_index("group")
    assert by_group.loc["basic", "estimate"] == pytest.approx(fit.params["told"])
    assert by_group.loc["basic", "std_error"] == pytest.approx(fit.bse["told"], rel=1e-9)
    assert by_group.loc["higher", "estimate"] - by_group.loc["basic", "estimate"] == pytest.approx(
        fit.params["C(school)[T.higher]:told"]
    )
    terms = [name for name in fit.params.index if ":told" in name]
    peer = fit.wald_test(", ".join(f"{name} = 0" for name in terms), scalar=True, use_f=False)
    test = found.tests.set_index("variable").loc["school"]
    assert (test["chi2"], test["p_value"]) == pytest.approx((float(peer.statistic), float(peer.pvalue)))
    assert (test["n_groups"], test["df"]) == (3, 2)
    assert found.effects.groupby("variable")["n"].sum().eq(len(data)).all()


def test_all_variables_are_one_family() -> None:
    tests = subgroup_effects(people(seed=3), "need", "both", variables=VARIABLES).tests
    assert tests["p_holm"].to_numpy() == pytest.approx(multipletests(tests["p_value"], method="holm")[1])


def test_with_no_difference_holm_keeps_its_promise_and_no_correction_breaks_it() -> None:
    n_surveys = 300
    tests = [
        subgroup_effects(people(400, seed=100 + k), "need", "both", variables=VARIABLES).tests
        for k in range(n_surveys)
    ]
    most = stats.binom.ppf(0.9995, n_surveys, 0.055)
    assert sum((each["p_holm"] < 0.05).any() for each in tests) <= most
    assert sum((each["p_value"] < 0.05).any() for each in tests) > most
    single = sum((each["p_value"] < 0.05).sum() for each in tests) / (n_surveys * len(VARIABLES))
    assert 0.035 < single < 0.07


def test_a_difference_that_is_there_is_found() -> None:
    found = subgroup_effects(people(4000, more_for_women=0.5), "need", "both", variables=VARIABLES)
    tests = found.tests.set_index("variable")
    assert tests["p_holm"].idxmin() == "gender"
    assert tests.loc["gender", "p_holm"] < 0.001
    assert (
        repr(found)
        == "need, both less unchanged: 4 variables, effects differ by 1 of them at 5 % each, and by 1 after Holm"
    )
    assert found.to_frame() is found.effects


def test_numbers_are_cut_at_the_median_and_few_values_make_groups() -> None:
    table = pd.DataFrame({"age": [1, 2, 3, 4, 5, 6, np.nan], "trust": [1, 2, 1, 2, 1, 2, 2]})
    assert groups_of(table, "age").tolist()[:6] == ["to 3.5"] * 3 + ["above 3.5"] * 3
    assert groups_of(table, "age").isna().sum() == 1
    assert groups_of(table, "trust").unique().tolist() == ["1", "2"]


def test_people_without_a_value_are_left_out() -> None:
    data = people()
    data.loc[:99, "gender"] = None
    found = subgroup_effects(data, "need", "both", variables=["gender"])
    assert found.effects["n"].sum() == len(data) - 100


@pytest.mark.parametrize(
    ("change", "variables", "words"),
    [
        ({}, [], "Name one variable"),
        ({}, ["height"], "no column 'height'"),
        ({"gender": "woman"}, ["gender"], "does not divide people"),
        ({"gender": ["diverse"] + ["woman"] * 899}, ["gender"], "gender=diverse has [01] people in the arm"),
    ],
)
def test_what_cannot_be_divided_is_said(change: dict[str, object], variables: list[str], words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        subgroup_effects(people().assign(**change), "need", "both", variables=variables)
