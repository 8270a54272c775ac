"""The two-by-two against a regression with HC2 errors, in its coverage, and in what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from helpers.exercises.surveys import survey
from helpers.experiments.after_treatment import selective_recall
from helpers.experiments.factorial import two_by_two
from helpers.experiments.results import ExperimentError

ARMS = ["unchanged", "conventional", "nuclear", "both"]
N_DRAWS = 2000


def band(n_draws: int, level: float = 0.95) -> tuple[float, float]:
    """Shares of covered draws that a right interval gives in 99.9 % of all cases."""
    low, high = stats.binom.interval(0.999, n_draws, level)
    return low / n_draws, high / n_draws


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return survey("czech_republic", student_id="ada").answers


@pytest.mark.parametrize("outcome", ["need", "spending"])
def test_every_contrast_is_a_coefficient_of_a_saturated_regression(
    answers: pd.DataFrame, outcome: str
) -> None:
    found = two_by_two(answers, outcome)
    coded = answers.assign(c=answers["conventional"], n=answers["nuclear"])
    halves = coded.assign(c=coded["c"] - 0.5, n=coded["n"] - 0.5)
    peers = {
        "conventional without nuclear": (coded, "c"),
        "nuclear without conventional": (coded, "n"),
        "conventional with nuclear": (coded.assign(n=coded["n"] - 1), "c"),
        "nuclear with conventional": (coded.assign(c=coded["c"] - 1), "n"),
        "main effect of conventional": (halves, "c"),
        "main effect of nuclear": (halves, "n"),
        "interaction": (coded, "c:n"),
    }
    for name, (data, term) in peers.items():
        fit = smf.ols(f"{outcome} ~ c * n", data).fit(cov_type="HC2")
        ours = found[name]
        assert (ours.estimate, ours.std_error) == pytest.approx((fit.params[term], fit.bse[term])), name
    assert len(found.contrasts) == len(peers)


def test_simple_effects_have_welchs_degrees_of_freedom(answers: pd.DataFrame) -> None:
    groups = [answers.loc[answers["arm"] == arm, "need"].dropna() for arm in ("conventional", "unchanged")]
    peer = stats.ttest_ind(*groups, equal_var=False)
    ours = two_by_two(answers, "need")["conventional without nuclear"]
    assert (ours.df, ours.p_value) == pytest.approx((peer.df, peer.pvalue))
    assert (ours.low, ours.high) == pytest.approx(tuple(peer.confidence_interval()))


def _draw(rng: np.random.Generator) -> pd.DataFrame:
    sizes, spreads = (60, 25, 40, 30), (1.0, 3.0, 1.5, 2.0)
    parts = [rng.normal(mean, s, n) for n, s, mean in zip(sizes, spreads, (0, 0.4, 0.3, 1.0), strict=True)]
    return pd.DataFrame({"arm": np.repeat(ARMS, sizes), "y": np.concatenate(parts)})


TRUTH = {"main effect of conventional": 0.55, "interaction": 0.3}


def test_the_intervals_cover_as_they_promise() -> None:
    rng = np.random.default_rng(12)
    hits = dict.fromkeys(TRUTH, 0)
    for _ in range(N_DRAWS):
        found = two_by_two(_draw(rng), "y")
        for name, truth in TRUTH.items():
            hits[name] += found[name].low <= truth <= found[name].high
    low, high = band(N_DRAWS)
    for name, count in hits.items():
        assert low <= count / N_DRAWS <= high, name


def test_a_wrong_interval_is_found_out() -> None:
    """Planted: one pooled variance for four arms that vary differently."""
    rng = np.random.default_rng(12)
    hits = 0
    for _ in range(N_DRAWS):
        groups = [part["y"].to_numpy() for _, part in _draw(rng).groupby("arm", sort=False)]
        rest = sum(len(group) - 1 for group in groups)
        pooled = sum(group.var(ddof=1) * (len(group) - 1) for group in groups) / rest
        gap = groups[1].mean() - groups[0].mean()  # conventional less unchanged; the truth is 0.4
        error = np.sqrt(pooled * (1 / len(groups[0]) + 1 / len(groups[1])))
        hits += abs(gap - 0.4) <= stats.t.ppf(0.975, rest) * error
    low, high = band(N_DRAWS)
    assert not low <= hits / N_DRAWS <= high


@pytest.mark.parametrize(
    ("change", "call", "words"),
    [
        (lambda a: a[a["arm"] != "both"], {}, "No respondent is in the arm 'both'"),
        (lambda a: a.assign(need=3), {}, "All answers to 'need' are 3"),
        (lambda a: a.assign(need=np.nan), {}, "has 0 answers"),
        (lambda a: a.assign(need="often"), {}, "must be numbers"),
        (lambda a: a.drop(columns="need"), {}, "no column 'need'"),
        (lambda a: a, {"arms": ["unchanged", "both"]}, "four different arms"),
        (lambda a: a, {"level": 95}, "level=95"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(answers, change, call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words) as error:
        two_by_two(change(answers), "need", **call)
    assert "\n" not in str(error.value)


def test_an_unknown_contrast_is_named(answers: pd.DataFrame) -> None:
    with pytest.raises(ExperimentError, match="no contrast 'sum'"):
        two_by_two(answers, "need")["sum"]


# ------------------------------------------------------------------ what comes after the treatment


def difference(answers: pd.DataFrame, kept: pd.Series, outcome: str = "need") -> float:
    part = answers[kept]
    means = part.groupby("arm")[outcome].mean()
    return float(means["both"] - means["unchanged"])


def test_dropping_who_forgot_invents_an_effect_where_there_is_none() -> None:
    invented, honest = [], []
    for n in range(30):
        nothing = survey("czech_republic", "nothing_happens", student_id=f"student-{n}")
        assert nothing.truth("need", "both") == 0
        answers = selective_recall(nothing)
        invented.append(difference(answers, answers["recalled"] == 1))
        honest.append(difference(answers, answers["arm"].notna()))
    assert np.mean(invented) > 0.2 > 4 * abs(np.mean(honest))


def test_a_check_before_the_treatment_invents_nothing() -> None:
    found = []
    for n in range(30):
        answers = survey("czech_republic", "nothing_happens", student_id=f"student-{n}").answers
        found.append(difference(answers, answers["attentive"] == 1))
    assert abs(np.mean(found)) < 4 * np.std(found) / np.sqrt(len(found))


def test_only_recall_is_changed_and_who_stopped_recalls_nothing() -> None:
    fielded = survey("czech_republic", "nothing_happens", student_id="ada")
    changed = selective_recall(fielded)
    pd.testing.assert_frame_equal(changed.drop(columns="recalled"), fielded.answers.drop(columns="recalled"))
    assert (changed["recalled"].isna() == fielded.answers["recalled"].isna()).all()
    rates = changed.groupby("arm")["recalled"].mean()
    assert rates["unchanged"] == pytest.approx(0.9, abs=0.03)
    assert rates.drop("unchanged").max() < 0.75


@pytest.mark.parametrize(
    ("call", "words"), [({"outcome": "joy"}, "no 'joy/unchanged'"), ({"forgets": 2}, "forgets=2")]
)
def test_a_world_that_cannot_be_is_named(call: dict[str, object], words: str) -> None:
    fielded = survey("czech_republic", "nothing_happens", student_id="ada")
    with pytest.raises(ExperimentError, match=words):
        selective_recall(fielded, **call)  # type: ignore[arg-type]
