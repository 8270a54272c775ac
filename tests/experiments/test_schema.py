"""Any survey experiment under one description: the course's own, and real microdata with other codes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.miscmodels.ordinal_model import OrderedModel

from helpers.data import load, study, world
from helpers.experiments.analysis import analyse
from helpers.experiments.respondents import field_study
from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import Scale, Schema, schema_for, schema_of

GERMANY = field_study(study("germany"), world(), "schema", n_respondents=2000)


def real() -> Schema:
    scales = (Scale("support_strike", "Supports a strike", 0, 4), Scale("immoral", "Thinks it wrong", 0, 1))
    return Schema(
        load("alliance_experiment"), scales, {0: "not an ally", 1: "an ally"}, 0, by="ally",
        covariates=("militarism", "age"),
    )  # fmt: skip


def test_one_outcome_alone_is_the_same_as_among_all() -> None:
    alone = field_study(study("germany"), world(), "schema", n_respondents=2000, outcomes=["threat"])
    for name in ("arm", "age", "threat", "recalled"):
        pd.testing.assert_series_equal(alone.answers[name], GERMANY.answers[name])
    assert "need" not in alone.answers.columns
    assert alone.truth("threat", "both") == GERMANY.truth("threat", "both")
    with pytest.raises(ExperimentError, match="No outcome 'joy'"):
        field_study(study("germany"), world(), 1, outcomes=["joy"])


def test_a_survey_of_the_course_describes_itself() -> None:
    schema = schema_of(GERMANY, study("germany"))
    assert [scale.highest for scale in schema.outcomes] == [5, 7, 7, 5]
    assert schema.treatments == ("conventional", "nuclear", "both")
    assert (schema.change, schema.label("both"), schema.simulated) == ("withdrawal", "both leave", True)
    czech = field_study(study("czech_republic"), world(), 1, n_respondents=80)
    assert schema_of(czech, study("czech_republic")).label("nuclear") == "nuclear weapons come"
    with pytest.raises(ExperimentError, match="the study is 'germany'"):
        schema_of(czech, study("germany"))


def test_a_class_without_covariates_or_with_an_arm_left_out_is_described_too() -> None:
    few = GERMANY.answers[GERMANY.answers["arm"] != "nuclear"].drop(columns=["age", "trust_us"])
    schema = schema_for(few, study("germany"), source="a class", simulated=False)
    assert schema.treatments == ("conventional", "both")
    assert "age" not in schema.covariates
    assert "region" in schema.covariates


def test_shares_are_those_counted_by_hand() -> None:
    shares = schema_of(GERMANY, study("germany")).shares("need")
    people = GERMANY.answers
    given = people.loc[people["arm"] == "both", "need"].dropna()
    assert shares.loc["both", 7] == pytest.approx(sum(value == 7 for value in given) / len(given))
    assert shares.sum(axis=1).to_numpy() == pytest.approx(np.ones(4))


def test_real_data_with_codes_of_their_own_give_scipys_difference() -> None:
    found, frame = analyse(real(), "support_strike", "1"), load("alliance_experiment")
    one, two = (frame.loc[frame["ally"] == code, "support_strike"].astype(float) for code in (1, 0))
    peer = stats.ttest_ind(one, two, equal_var=False)
    assert found.estimate.p_value == pytest.approx(peer.pvalue)
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(peer.confidence_interval()))
    assert found.means == pytest.approx((two.mean(), one.mean()))
    assert abs(found.randomization.p_value - peer.pvalue) < 0.006


def test_lin_on_real_data_is_the_regression_of_statsmodels() -> None:
    frame = load("alliance_experiment").astype(float)
    centred = frame[["militarism", "age"]] - frame[["militarism", "age"]].mean()
    design = pd.concat([frame["ally"], centred, centred.mul(frame["ally"], axis=0).add_suffix("_x")], axis=1)
    fitted = sm.OLS(frame["immoral"], sm.add_constant(design)).fit(cov_type="HC2", use_t=True)
    found = analyse(real(), "immoral", "1", estimator="lin").estimate
    assert (found.estimate, found.std_error) == pytest.approx((fitted.params["ally"], fitted.bse["ally"]))


def test_the_logit_keeps_the_name_of_what_changed() -> None:
    schema = schema_of(GERMANY, study("germany"))
    found = analyse(schema, "need", "both", estimator="logit", turned=True).estimate
    pair = GERMANY.answers[GERMANY.answers["arm"].isin(["unchanged", "both"])].dropna(subset=["need"])
    inside = (pair["arm"] == "both").astype(float).to_frame()
    peer = OrderedModel(pair["need"].astype("category").cat.as_ordered(), inside, distr="logit")
    assert found.estimate == pytest.approx(-peer.fit(method="newton", disp=False).params["arm"], abs=1e-3)
    assert found.estimand == "presence, from a withdrawal"


def test_turned_the_interval_is_mirrored_and_the_chance_is_the_same() -> None:
    schema = schema_of(GERMANY, study("germany"))
    there, back = (analyse(schema, "need", "both", turned=turned) for turned in (False, True))
    assert (back.estimate.low, back.estimate.high) == (-there.estimate.high, -there.estimate.low)
    assert back.randomization.p_value == there.randomization.p_value
    assert back.means == there.means


TABLE = pd.DataFrame({"arm": ["a", "b"] * 3, "x": [1, 2, 3, 1, 2, 3], "sex": list("mfmfmf")})
X = (Scale("x", "X", 1, 3),)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Schema(TABLE, (Scale("y", "Y", 1, 3),), {"a": "A", "b": "B"}, "a"), "no column 'y'"),
        (lambda: Schema(TABLE, X, {"a": "A", "b": "B"}, "a", by="group"), "no column 'group'"),
        (lambda: Schema(TABLE, X, {"a": "A", "b": "B"}, "a", covariates=("age",)), "no column 'age'"),
        (lambda: Schema(TABLE, X, {"a": "A"}, "a"), "one of two or more arms"),
        (lambda: Schema(TABLE, X, {"a": "A", "b": "B"}, "c"), "The reference 'c'"),
        (lambda: Schema(TABLE, (), {"a": "A", "b": "B"}, "a"), "Name one outcome"),
        (lambda: Schema(TABLE, (Scale("x", "X", 1, 2),), {"a": "A", "b": "B"}, "a"), "Row 2 has 3 for 'x'"),
        (lambda: Schema(TABLE, (Scale("sex", "S", 1, 2),), {"a": "A", "b": "B"}, "a"), "holds 'm'"),
        (lambda: Scale("x", "X", 1, 1), "2 to 11 different answers"),
        (lambda: Scale("x", "X", 0, 100), "2 to 11 different answers"),
        (lambda: Schema(TABLE, X, {"a": "A", "b": "B"}, "a", change="joy"), "No estimand 'joy'"),  # type: ignore[arg-type]
        (lambda: analyse(real(), "joy", "1"), "No outcome 'joy'"),
        (lambda: analyse(real(), "immoral", "2"), "No treatment arm '2'; there are 1"),
        (lambda: analyse(real(), "immoral", "1", estimator="magic"), "No estimator 'magic'"),  # type: ignore[arg-type]
        (lambda: analyse(real(), "immoral", "1", turned=True), "Only the effect of a withdrawal"),
    ],
)
def test_what_does_not_fit_is_one_sentence(make: Any, words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        make()
