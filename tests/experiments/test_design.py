"""Designs against brute force, statsmodels and formulas; the same digits whoever runs them."""

from __future__ import annotations

import os
import pickle
import signal
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from distributed import Client, LocalCluster
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from helpers.data import study, world
from helpers.experiments.design import (
    Answer,
    Assign,
    Design,
    Inquiry,
    LikertModel,
    MeanContrast,
    Means,
    Measure,
    Sample,
    SurveyModel,
    adjusted,
    compare,
    seed_of,
    two_arm,
    two_by_two,
)
from helpers.experiments.design.grammar import CHUNK
from helpers.experiments.power import likert_power
from helpers.experiments.results import ExperimentError

SHARES = {"unchanged": (0.10, 0.20, 0.40, 0.20, 0.10), "both": (0.05, 0.15, 0.40, 0.25, 0.15)}
FOUR = {
    "unchanged": (0.4, 0.3, 0.3),
    "conventional": (0.3, 0.3, 0.4),
    "nuclear": (0.4, 0.3, 0.3),
    "both": (0.2, 0.3, 0.5),
}
ERRORS = 4.0
"""Monte Carlo errors within which two simulations must agree."""


def model(n_people: int = 200, **more: float) -> LikertModel:
    return LikertModel(SHARES, n_people, **more)


# What a diagnosis says.


def brute_force(n: int, n_experiments: int) -> tuple[float, float]:
    """Power of Welch's test and spread of the estimate, one experiment at a time."""
    rng = np.random.default_rng(5)
    hits, estimates = 0, []
    for _ in range(n_experiments):
        reference, treated = (rng.choice(np.arange(1, 6), n, p=row) for row in SHARES.values())
        hits += stats.ttest_ind(treated, reference, equal_var=False).pvalue < 0.05
        estimates.append(treated.mean() - reference.mean())
    return hits / n_experiments, float(np.std(estimates, ddof=1))


def test_power_and_spread_are_those_of_brute_force_of_counts_and_of_the_formula() -> None:
    found = two_arm(model(200)).diagnose(1000).to_frame().iloc[0]
    power, spread = brute_force(100, 3000)
    assert abs(found["power"] - power) < ERRORS * found["mc_power"]
    assert found["sd_estimate"] == pytest.approx(spread, rel=ERRORS / np.sqrt(2 * 1000))
    counted = likert_power(pd.DataFrame(SHARES, index=range(1, 6)).T, 100)
    assert abs(found["power"] - counted.power[0]) < ERRORS * found["mc_power"]
    points = np.arange(1, 6)
    means = [np.dot(row, points) for row in SHARES.values()]
    sd = np.sqrt(np.mean([np.dot(row, points**2) - np.dot(row, points) ** 2 for row in SHARES.values()]))
    formula = TTestIndPower().power((means[1] - means[0]) / sd, 100, 0.05)
    assert abs(found["power"] - formula) < ERRORS * found["mc_power"] + 0.01
    assert abs(found["estimate"] - (means[1] - means[0])) < ERRORS * found["sd_estimate"] / np.sqrt(1000)


def test_an_honest_interval_covers_the_truth_of_those_who_were_not_asked_and_a_short_one_does_not() -> None:
    design = two_arm(model(4000), n_respondents=200)
    inquiry, means = design.inquiries[0].name, design.answers[0].estimator
    both = design.replace(answers=[*design.answers, Answer("half as wide", inquiry, Halved(means))])
    honest, short = both.diagnose(600).to_frame().itertuples()
    low, high = stats.binom.ppf([0.0005, 0.9995], 600, 0.95) / 600
    assert low <= honest.coverage <= high
    assert short.coverage < low
    assert abs(honest.bias) < ERRORS * honest.mc_bias


@dataclass(frozen=True)
class Halved:
    """Intervals half as wide as they must be."""

    means: Means

    def __call__(self, data: pd.DataFrame) -> SimpleNamespace:
        found = self.means(data)
        reach = found.std_error * 0.98
        return SimpleNamespace(
            **{name: getattr(found, name) for name in ("estimate", "std_error", "p_value")},
            low=found.estimate - reach,
            high=found.estimate + reach,
        )


@dataclass(frozen=True)
class TheLowLeave:
    """Half of those in one arm who would answer 1 or 2 are not heard."""

    arm: str

    def __call__(self, people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
        low = (people["arm"] == self.arm) & (people["answer"] <= 2)
        return people[~(low & (chance.random(len(people)) < 0.5))]


def test_a_step_of_ones_own_shows_the_bias_that_it_brings() -> None:
    whole = two_arm(model(2000))
    leaky = whole.replace(data=[*whole.data, TheLowLeave("both")], name="the low leave")
    good, bad = compare(whole, leaky, simulations=150).to_frame().itertuples()
    kept = np.array(SHARES["both"]) * [0.5, 0.5, 1, 1, 1]
    points = np.arange(1, 6)
    expected = kept @ points / kept.sum() - np.dot(SHARES["both"], points)
    assert abs(good.bias) < ERRORS * good.mc_bias
    assert abs(bad.bias - expected) < ERRORS * bad.mc_bias
    assert bad.coverage < 0.5 < good.coverage


def test_each_diagnosand_and_its_error_are_what_the_runs_give() -> None:
    found = two_arm(model()).diagnose(80)
    runs, row = found.runs, found.to_frame().iloc[0]
    off = runs["estimate"] - runs["estimand"]
    assert row["bias"] == pytest.approx(off.sum() / 80)
    assert row["rmse"] ** 2 == pytest.approx((off**2).sum() / 80)
    assert row["power"] == sum(p < 0.05 for p in runs["p_value"]) / 80
    inside = [run.low <= run.estimand <= run.high for run in runs.itertuples()]
    assert row["coverage"] == sum(inside) / 80
    rng = np.random.default_rng(2)
    again = off.to_numpy()[rng.integers(0, 80, (4000, 80))]
    assert row["mc_bias"] == pytest.approx(again.mean(axis=1).std(), rel=0.08)
    assert row["mc_rmse"] == pytest.approx(np.sqrt((again**2).mean(axis=1)).std(), rel=0.08)
    assert row["mc_power"] == pytest.approx(np.sqrt(row["power"] * (1 - row["power"]) / 80), rel=0.1)
    strict = two_arm(model()).diagnose(80, alpha=0.001).to_frame().iloc[0]
    assert strict["power"] == (runs["p_value"] < 0.001).mean()


def test_a_stable_answer_asked_before_sharpens_the_estimate_as_the_formula_says() -> None:
    plain, with_before = adjusted(model(600, stable=0.8)).diagnose(400).to_frame().itertuples()
    people = adjusted(LikertModel(SHARES, 200_000, stable=0.8)).people(3)
    r = np.corrcoef(people["before"], people["answer/unchanged"])[0, 1]
    assert with_before.sd_estimate / plain.sd_estimate == pytest.approx(np.sqrt(1 - r**2), rel=0.12)
    assert with_before.power > plain.power


def test_the_two_by_two_finds_its_three_contrasts() -> None:
    found = two_by_two(LikertModel(FOUR, 800)).diagnose(200).to_frame().set_index("inquiry")
    means = {arm: float(np.dot(row, (1, 2, 3))) for arm, row in FOUR.items()}
    main = (means["conventional"] + means["both"] - means["unchanged"] - means["nuclear"]) / 2
    crossed = means["both"] - means["conventional"] - means["nuclear"] + means["unchanged"]
    for name, truth in (("main effect of conventional", main), ("interaction", crossed)):
        row = found.loc[name]
        assert abs(row["estimate"] - truth) < ERRORS * row["sd_estimate"] / np.sqrt(200)
        assert abs(row["bias"]) < ERRORS * row["mc_bias"]
    ratio = found.loc["interaction", "std_error"] / found.loc["main effect of nuclear", "std_error"]
    assert ratio == pytest.approx(2, rel=1e-6)


def test_the_answers_of_one_study_are_those_of_statsmodels() -> None:
    design = adjusted(model(300, stable=0.6))
    data = design.draw(4)
    plain, with_before = design.estimate(data).itertuples()
    data = data.assign(treated=(data["arm"] == "both") * 1.0, centred=data["before"] - data["before"].mean())
    first = smf.ols("answer ~ treated", data).fit(cov_type="HC2")
    second = smf.ols("answer ~ treated * centred", data).fit(cov_type="HC2", use_t=True)
    assert (plain.estimate, plain.std_error) == pytest.approx((first.params["treated"], first.bse["treated"]))
    assert with_before.estimate == pytest.approx(second.params["treated"])
    assert with_before.p_value == pytest.approx(second.pvalues["treated"])
    welch = stats.ttest_ind(
        *(data.loc[data["arm"] == arm, "answer"] for arm in ("both", "unchanged")), equal_var=False
    )
    assert plain.p_value == pytest.approx(welch.pvalue)
    assert (plain.low, plain.high) == pytest.approx(welch.confidence_interval())


def test_a_study_in_a_world_is_a_model_too() -> None:
    people = SurveyModel(study("germany"), world("assurance_works"), 1200)
    design = two_arm(people, "protected", "both")
    drawn, truth = design.people(2), design.estimands(2)
    assert truth.iloc[0] == pytest.approx((drawn["protected/both"] - drawn["protected/unchanged"]).mean())
    assert list(design.draw(2)["arm"].value_counts()) == [600, 600]
    found = design.diagnose(60).to_frame().iloc[0]
    assert abs(found["bias"]) < ERRORS * found["mc_bias"]
    assert found["power"] > 0.9
    nothing = design.replace(
        model=SurveyModel(study("germany"), world("nothing_happens"), 1200), name="nothing"
    )
    assert abs(nothing.estimands(2).iloc[0]) < 0.05


def test_one_outcome_alone_has_the_answers_that_it_has_among_all() -> None:
    alone = SurveyModel(study("germany"), world(), 300, outcomes=("need",))
    every = SurveyModel(study("germany"), world(), 300)
    assert two_arm(alone).inquiries == two_arm(every, "need").inquiries
    found = two_arm(alone).draw(6)
    pd.testing.assert_frame_equal(found, two_arm(every, "need").draw(6)[found.columns])
    with pytest.raises(ExperimentError, match="no outcome 'protected'; there are need"):
        two_arm(alone, "protected")
    with pytest.raises(ExperimentError, match="no outcome 'safe'; there are protected"):
        SurveyModel(study("germany"), world(), 300, outcomes=("safe",))


# Steps.


@settings(max_examples=40, deadline=None)
@given(st.integers(8, 200), st.integers(2, 4), st.integers(1, 4), st.integers(0, 10**6))
def test_arms_are_as_equal_as_may_be_also_within_blocks(
    n: int, n_arms: int, n_blocks: int, seed: int
) -> None:
    rng = np.random.Generator(np.random.PCG64(seed))
    people = pd.DataFrame({"region": rng.integers(0, n_blocks, n).astype(str)})
    arms = tuple("abcd"[:n_arms])
    table = Assign(arms, within="region")(people, rng)
    sizes = table["arm"].value_counts().reindex(arms, fill_value=0)
    assert sizes.max() - sizes.min() <= 1
    for _, block in table.groupby("region"):
        inside = block["arm"].value_counts().reindex(arms, fill_value=0)
        assert inside.max() - inside.min() <= 1


def test_chance_gives_each_person_each_arm_as_often_as_the_weights_say() -> None:
    people = pd.DataFrame({"region": list("xxxxyy")})
    step, hits = Assign(("a", "b"), weights=(2, 1), within="region"), np.zeros(6)
    for seed in range(900):
        hits += (step(people, np.random.Generator(np.random.PCG64(seed)))["arm"] == "b").to_numpy()
    assert np.abs(hits / 900 - 1 / 3).max() < ERRORS * np.sqrt(2 / 9 / 900)


def test_a_person_shows_the_answer_of_the_arm_that_was_read_and_no_other() -> None:
    design = two_arm(model(), n_respondents=60)
    people = design.data[0](design.people(1), np.random.Generator(np.random.PCG64(1)))
    rng = np.random.Generator(np.random.PCG64(2))
    assigned = design.data[1](people, rng)
    seen = design.data[2](assigned, rng)
    assert not [name for name in seen.columns if "/" in name]
    for row in range(60):
        assert seen["answer"][row] == people[f"answer/{seen['arm'][row]}"][row]
    lost = Measure(missing=0.5, stops={"both": 1.0})(assigned, rng)
    assert lost.loc[lost["arm"] == "both", "answer"].isna().all()
    assert 5 < lost.loc[lost["arm"] == "unchanged", "answer"].isna().sum() < 25


def test_a_sample_takes_each_person_as_often() -> None:
    people, hits = pd.DataFrame({"person": range(10)}), np.zeros(10)
    for seed in range(800):
        hits[Sample(4)(people, np.random.Generator(np.random.PCG64(seed)))["person"]] += 1
    assert np.abs(hits / 800 - 0.4).max() < ERRORS * np.sqrt(0.24 / 800)


def test_answers_have_the_declared_shares_and_places_the_declared_correlation() -> None:
    people = LikertModel(SHARES, 40_000, stable=0.5)(np.random.Generator(np.random.PCG64(1)))
    for arm, row in SHARES.items():
        found = people[f"answer/{arm}"].value_counts(normalize=True).sort_index()
        assert found.to_numpy() == pytest.approx(row, abs=0.01)
    assert people["before"].value_counts(normalize=True).sort_index().to_numpy() == pytest.approx(
        SHARES["unchanged"], abs=0.01
    )
    assert people.corr().loc["before", "answer/unchanged"] == pytest.approx(0.5, abs=0.02)
    assert (people["answer/both"] >= people["answer/unchanged"]).all()


# The same digits.


def golden(table: pd.DataFrame) -> str:
    return sha256(table.to_csv(index=False).encode()).hexdigest()[:16]


def test_a_seed_gives_these_people_everywhere() -> None:
    assert golden(two_arm(model(400), n_respondents=300).draw(1)) == "01063ff7e2b8a28f"
    in_a_world = two_arm(SurveyModel(study("germany"), world(), 400))
    assert golden(in_a_world.draw(1)) == "8076ce4753829808"


DESIGN = adjusted(model(120, stable=0.5))
SIMULATIONS = 4 * CHUNK + 7


@pytest.fixture(scope="module")
def here() -> pd.DataFrame:
    return DESIGN.diagnose(SIMULATIONS).runs


def same(runs: pd.DataFrame, others: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(runs, others, check_exact=True)


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_threads_and_processes_give_the_same_digits(kind: type[Executor], here: pd.DataFrame) -> None:
    told: list[tuple[int, int]] = []
    with kind(2) as executor:  # type: ignore[call-arg]
        there = DESIGN.diagnose(SIMULATIONS, executor=executor, progress=lambda *each: told.append(each))
    same(there.runs, here)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (SIMULATIONS, SIMULATIONS)
    assert len(told) == 5


def test_a_dask_cluster_gives_the_same_digits(here: pd.DataFrame) -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, host="127.0.0.1", dashboard_address=None) as workers,
        Client(workers, set_as_default=False) as client,
        client.get_executor() as executor,
    ):
        same(DESIGN.diagnose(SIMULATIONS, executor=executor).runs, here)


@pytest.mark.slow
def test_a_worker_that_is_killed_half_way_changes_nothing_but_the_time(here: pd.DataFrame) -> None:
    killed: list[int] = []
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as workers,
        Client(workers, set_as_default=False) as client,
        client.get_executor() as executor,
    ):
        first = set(client.scheduler_info()["workers"])

        def kill(done: int, total: int) -> None:
            if not killed and done < total / 2:
                killed.append(workers.workers[0].pid)
                os.kill(killed[0], signal.SIGKILL)

        there = DESIGN.diagnose(SIMULATIONS, executor=executor, progress=kill)
        client.wait_for_workers(2)
        assert set(client.scheduler_info()["workers"]) != first
    assert len(killed) == 1
    same(there.runs, here)


def test_more_simulations_go_on_where_fewer_stopped_and_any_run_can_be_seen_again(here: pd.DataFrame) -> None:
    fewer = DESIGN.diagnose(CHUNK + 3).runs
    same(fewer, here.iloc[: len(fewer)])
    again = DESIGN.run(seed_of(1, CHUNK + 2))
    last = fewer[fewer["simulation"] == CHUNK + 2]
    assert again["estimate"].tolist() == last["estimate"].tolist()
    assert again["estimand"].tolist() == last["estimand"].tolist()
    spawned = np.random.SeedSequence(1).spawn(2)[1].spawn(3)[2]
    assert spawned.spawn_key == seed_of(1, CHUNK + 2).spawn_key
    errors = fewer.loc[fewer["answer"] == "with covariates", "std_error"]
    assert errors.nunique() == CHUNK + 3
    assert not np.isin(DESIGN.diagnose(CHUNK, seed=2).runs["std_error"], errors).any()


def test_a_changed_step_meets_the_same_people() -> None:
    more = DESIGN.replace(Assign(("unchanged", "both"), weights=(2, 1)), name="two to one")
    pd.testing.assert_frame_equal(DESIGN.people(5), more.people(5))
    assert list(more.draw(5)["arm"].value_counts()) == [80, 40]
    assert more.name == "two to one"
    assert DESIGN.data[0] != more.data[0]
    assert DESIGN.data[1:] == more.data[1:]


def test_a_design_travels() -> None:
    back = pickle.loads(pickle.dumps(DESIGN))
    pd.testing.assert_frame_equal(back.draw(3), DESIGN.draw(3))


# What is said.


def test_a_design_and_its_diagnosis_read_as_a_line_and_a_table() -> None:
    design = two_arm(model(), name="mine")
    assert repr(design) == (
        "mine: 1 inquiry, 2 data steps, 1 answer (200 people, answers 1 to 5, arms unchanged, both)"
    )
    assert design.to_frame()["part"].tolist() == [
        "model",
        "inquiry",
        *["data strategy"] * 2,
        "answer strategy",
    ]
    assert "\n" not in "".join(design.to_frame()["step"])
    found = compare(
        design, design.replace(Assign(("unchanged", "both"), (3, 1)), name="other"), simulations=30
    )
    assert list(found.to_frame()["design"]) == ["mine", "other"]
    assert repr(found["mine"]).startswith("mine, 30 simulations: power ")
    assert "\n" not in repr(found)


def no_answers(people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """One study in two loses an arm."""
    return people[people["arm"] == "both"] if chance.random() < 0.5 else people


def test_runs_that_cannot_be_analysed_are_counted_and_told() -> None:
    whole = two_arm(model())
    design = whole.replace(data=[*whole.data, no_answers])
    found = design.diagnose(60)
    n = int(found.to_frame()["n"].iloc[0])
    assert 10 < n < 50
    assert f"{60 - n} runs could not be analysed" in repr(found)
    assert found.troubles == ("No respondent is in the arm 'unchanged'; the column 'arm' has both.",)
    with pytest.raises(ExperimentError, match=r"No run of .two arms. gave an estimate: Arm .* has 0 answers"):
        whole.replace(Measure(missing=1.0)).diagnose(30)


def test_a_lambda_is_for_one_process_and_the_sentence_names_its_place() -> None:
    whole = two_arm(model())
    design = whole.replace(inquiries=[Inquiry("effect of both", lambda people: 0.0)])
    assert design.diagnose(10).simulations == 10
    with ThreadPoolExecutor(1) as executor:
        assert design.diagnose(10, executor=executor).simulations == 10
    with (
        ProcessPoolExecutor(1) as executor,
        pytest.raises(
            ExperimentError, match=r"A step of the inquiry, <lambda>, cannot be sent to another process"
        ),
    ):
        design.diagnose(10, executor=executor)


def leave(people: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    os._exit(3)


def test_a_lost_process_is_told() -> None:
    whole = two_arm(model())
    with ProcessPoolExecutor(1) as executor, pytest.raises(ExperimentError, match=r"A process .* was lost"):
        whole.replace(data=[leave]).diagnose(10, executor=executor)


def wrong(data: pd.DataFrame) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: LikertModel({"a": (0.5, 0.6), "b": (0.5, 0.5)}, 10), r"shares of 'a' are 0.5, 0.6; .* not 1.1"),
        (lambda: LikertModel({"a": (0.5, 0.5), "b": (1.0,)}, 10), "same answers, two or more"),
        (lambda: LikertModel({"a": (0.5, 0.5)}, 10), "two arms or more"),
        (lambda: LikertModel(SHARES, 2), "2 is no number of people"),
        (lambda: LikertModel(SHARES, 20, stable=1.5), "stable=1.5 is out of range"),
        (lambda: two_arm(model(), arm="boht"), "no arm 'boht'; there are unchanged, both"),
        (lambda: two_arm(model(), arm="unchanged"), "'unchanged' is the reference"),
        (lambda: two_arm(model(), "need"), "no outcome 'need'; there are answer"),
        (lambda: two_by_two(model()), "no arm 'conventional'"),
        (lambda: adjusted(model()), "no covariate; declare stable"),
        (lambda: adjusted(model(stable=0.5), covariates=["age"]), "no covariate 'age'; there are before"),
        (lambda: two_arm(model(), n_respondents=300).draw(), "A sample of 300 cannot be drawn from 200 people"),
        (lambda: Assign(("a", "a")), "two or more different arms"),
        (lambda: Assign(("a", "b"), weights=(1, 0)), r"weights=\(1, 0\) must be a whole number"),
        (lambda: Measure(missing=2), "missing: 2 is no share"),
        (lambda: two_arm(model()).diagnose(1), "simulations=1 is out of range"),
        (lambda: two_arm(model()).diagnose(10, alpha=1), "alpha=1 is no level"),
        (lambda: two_arm(model()).diagnose(10, seed=-1), "seed=-1"),
        (lambda: two_arm(model()).replace(Sample(10)), "the data strategy has 0: Assign, Measure"),
        (lambda: two_arm(model()).replace(sample=Sample(10)), "no part 'sample'; there are model"),
        (lambda: two_arm(model()).replace(data=[]), "one step or more in 'data'"),
        (lambda: two_arm(model()).replace(data=[3]), "3 is no step"),
        (lambda: two_arm(model()).replace(answers=[3]), "3 is no Answer"),
        (lambda: two_arm(model()).replace(inquiries=[Inquiry("other", len)]), "is no inquiry of the design"),
        (
            lambda: two_arm(model()).replace(answers=[Answer("x", "effect of both", wrong)]).diagnose(5),
            "The estimator of 'x' gave a float without 'estimate'",
        ),
        (
            lambda: two_arm(model()).replace(
                answers=[Answer("x", "effect of both", Means("answer", {"both": 1, "none": -1}))]
            ).diagnose(5),
            "No run of 'two arms' gave an estimate: No respondent is in the arm 'none'",
        ),
        (lambda: compare(two_arm(model()), two_arm(model())), "different names; given: two arms, two arms"),
        (
            lambda: Design(model(), [Inquiry("a", len), Inquiry("a", len)], [Measure()], [Answer("x", "a", len)]),
            "the name 'a'",
        ),
        (lambda: MeanContrast("answer", {"none": 1})(model()(np.random.default_rng(1))), "no column 'answer/none'"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
