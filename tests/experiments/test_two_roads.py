"""Two roads: the worlds are alike in all that is measured, and apart in what is true."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from helpers.experiments.results import ExperimentError
from helpers.experiments.two_roads import ROADS, field_two_roads

MEASURED = ["arm", "told", "protected", "drawn_in", "need", "age", "trust_us", "left_right"]


def worlds(n: int) -> list[pd.DataFrame]:
    found = [field_two_roads(f"big {road}", road=road, n_measured=n).measured for road in ROADS]
    assert all(list(table.columns) == MEASURED for table in found)
    return [table.drop(columns="arm") for table in found]


def test_whatever_is_measured_is_the_same_whichever_road_is_real() -> None:
    """Other people in each world, so that they differ by chance alone: moments within four of its errors."""
    n = 150_000
    one, other = worlds(n)
    for table in (one, other):
        table["both"] = table["protected"] * table["drawn_in"]
        table["told need"] = table["told"] * table["need"]
    means = (one.mean() - other.mean()) / np.sqrt((one.var() + other.var()) / n)
    assert means.abs().drop("told").max() < 4
    apart = one.corr() - other.corr()
    assert apart.abs().max().max() < 4 * np.sqrt(2 / n)


def test_no_regression_tells_the_roads_apart() -> None:
    fits = [
        smf.ols("need ~ told * (protected + drawn_in) + age + trust_us + left_right", table).fit()
        for table in worlds(150_000)
    ]
    z = (fits[0].params - fits[1].params) / np.hypot(fits[0].bse, fits[1].bse)
    assert z.abs().max() < 4
    assert fits[0].rsquared == pytest.approx(fits[1].rsquared, abs=0.006)


@pytest.mark.parametrize("road", ROADS)
def test_only_the_real_road_carries_and_only_holding_it_takes_the_effect(road: str) -> None:
    found = field_two_roads("big", road=road, n_measured=60_000, n_manipulated=240_000)
    other = next(each for each in ROADS if each != road)
    assert found.through(other) == 0
    assert found.through(road) < -0.3
    means = found.manipulated.groupby(["held", "told"])["need"].mean().unstack()
    effect = means[1] - means[0]
    error = 0.018
    assert effect["nothing"] - effect[other] == pytest.approx(0, abs=4 * error)
    assert effect["nothing"] - effect[road] == pytest.approx(found.through(road), abs=4 * error + 0.03)
    total = (found.potential["told"] - found.potential["untold"]).mean()
    assert effect["nothing"] == pytest.approx(total, abs=4 * error)


def test_the_second_text_holds_what_it_says_and_nothing_else() -> None:
    means = (
        field_two_roads("big", n_manipulated=240_000)
        .manipulated.groupby(["held", "told"])
        .mean(numeric_only=True)
    )
    moved = means.xs(1, level="told") - means.xs(0, level="told")
    assert abs(moved.loc["protection", "protected"]) < 0.05
    assert abs(moved.loc["risk", "drawn_in"]) < 0.05
    assert moved.loc["protection", "drawn_in"] == pytest.approx(moved.loc["nothing", "drawn_in"], abs=0.05)
    assert moved.loc["risk", "protected"] == pytest.approx(moved.loc["nothing", "protected"], abs=0.05)
    assert moved.loc["nothing", "protected"] > 0.8 < moved.loc["nothing", "drawn_in"]


def test_chance_decides_which_road_is_real() -> None:
    real = [field_two_roads(f"student-{n}", n_measured=60, n_manipulated=60).road for n in range(200)]
    assert 70 < real.count("risk") < 130
    assert "risk" not in repr(field_two_roads("ada")) + repr(field_two_roads("bob"))


def test_the_same_seed_draws_the_same_people_on_every_platform() -> None:
    """Golden: raw uniforms, thresholds and sums alone, so that no library's normal numbers enter."""
    found = field_two_roads("golden")
    digests = [
        sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()[:16]
        for table in (found.measured, found.manipulated, found.potential)
    ]
    assert (found.road, digests) == GOLDEN


def test_a_lab_can_read_it() -> None:
    found = field_two_roads("ada")
    schema = found.schema
    assert schema.simulated
    assert schema.treatments == ("told",)
    assert repr(schema) == "3 outcomes, 2 arms, 3,000 people; simulated for teaching"
    assert found.to_frame() is found.measured


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"road": "provocation"}, "no road 'provocation'; there are protection, risk"),
        ({"n_measured": 10}, "n_measured=10 is out of range"),
        ({"n_manipulated": 10**7}, "n_manipulated=10000000 is out of range"),
    ],
)
def test_what_cannot_be_fielded_is_said(given: dict[str, object], words: str) -> None:
    with pytest.raises(ExperimentError, match=words):
        field_two_roads("ada", **given)  # type: ignore[arg-type]


def test_a_road_that_is_not_there_is_named() -> None:
    with pytest.raises(ExperimentError, match="no road 'protected'; there are protection, risk"):
        field_two_roads("ada").through("protected")  # type: ignore[arg-type]


GOLDEN = ("risk", ["d9145cd905e932d0", "d266a46d6609271c", "f7dee94125d0c2aa"])
