"""Simulated people: the same everywhere, as their study declares, and moved as their world says."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers.data import study, world, worlds
from helpers.experiments.assignment import Assignment, blocked, complete, is_unchanged
from helpers.experiments.effects import effects
from helpers.experiments.respondents import field_study
from helpers.experiments.results import ExperimentError
from helpers.experiments.uniforms import noise, uniforms
from helpers.experiments.worlds import which_world

STUDIES = ("germany", "czech_republic")
GOLDEN = {"germany": "881ca6bbd262ceca", "czech_republic": "7edabd814789b399"}


def digest(table: pd.DataFrame) -> str:
    return sha256(table.to_csv(index=False).encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", STUDIES)
def test_a_seed_gives_the_same_people_everywhere(name: str) -> None:
    assert digest(field_study(study(name), world(), "golden", n_respondents=400).answers) == GOLDEN[name]


def test_only_raw_uniforms_are_drawn() -> None:
    """The stream is that of PCG64 seeded with the digest, computed here without our function."""
    number = int.from_bytes(sha256(b"ada\nage").digest()[:16], "big")
    assert (
        uniforms("ada", "age", 5).tolist() == np.random.Generator(np.random.PCG64(number)).random(5).tolist()
    )


def test_noise_has_mean_nought_and_variance_one() -> None:
    drawn = noise("x", "y", 200_000)
    assert abs(drawn.mean()) < 4 / np.sqrt(200_000)
    assert drawn.var() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("name", STUDIES)
def test_people_are_as_the_study_declares(name: str) -> None:
    declared = study(name)
    people = field_study(declared, world(), 1, n_respondents=40_000).answers
    for covariate in declared.covariates.values():
        counts = people[covariate.name].value_counts().reindex(covariate.values, fill_value=0)
        expected = np.array(covariate.shares) * len(people)
        assert stats.chisquare(counts, expected).pvalue > 1e-4, covariate.name
    assert 1 - people["attentive"].mean() == pytest.approx(declared.answering.inattentive, abs=0.01)


def test_the_same_people_answer_in_every_world() -> None:
    one, other = (
        field_study(study("germany"), world(name), "ada", n_respondents=800) for name in worlds()[:2]
    )
    shared = ["respondent", "arm", "age", "region", "attentive"]
    pd.testing.assert_frame_equal(one.answers[shared], other.answers[shared])
    assert (one.potential["need/unchanged"] == other.potential["need/unchanged"]).all()
    assert not (one.potential["protected/both"] == other.potential["protected/both"]).all()


def test_each_person_shows_one_potential_answer() -> None:
    fielded = field_study(study("germany"), world(), 5, n_respondents=1200)
    for outcome in study("germany").outcomes:
        for arm, people in fielded.answers.groupby("arm"):
            told = people[outcome].dropna()
            assert (told == fielded.potential.loc[told.index, f"{outcome}/{arm}"]).all()


def test_truth_is_the_mean_of_potential_answers_and_is_found() -> None:
    fielded = field_study(study("germany"), world("assurance_works"), 3, n_respondents=60_000)
    by_hand = (fielded.potential["need/both"] - fielded.potential["need/unchanged"]).mean()
    assert fielded.truth("need", "both") == pytest.approx(by_hand)
    found = effects(fielded.answers, ["need"], ["both"]).iloc[0]
    assert abs(found["estimate"] - by_hand) < 4 * found["std_error"]


def test_people_who_do_not_read_are_not_moved() -> None:
    fielded = field_study(study("germany"), world("assurance_works"), 4, n_respondents=4000)
    careless = fielded.answers["attentive"] == 0
    moved = fielded.potential["protected/both"] != fielded.potential["protected/unchanged"]
    assert not moved[careless].any()
    assert moved[~careless].any()


def test_who_stops_depends_on_the_arm_as_the_world_says() -> None:
    fielded = field_study(study("czech_republic"), world(), 8, n_respondents=80_000)
    stopped = fielded.answers["recalled"].isna().groupby(fielded.answers["arm"]).mean()
    declared = world().attrition["czech_republic"]
    for arm, share in declared.items():
        assert stopped[arm] == pytest.approx(share, abs=0.007)


# ------------------------------------------------------------------ which world


def confusion(n_seeds: int = 50) -> pd.DataFrame:
    rows = []
    for name in STUDIES:
        declared = study(name)
        for true in worlds():
            for seed in range(n_seeds):
                answers = field_study(declared, world(true), f"world {seed}").answers
                table = effects(answers, list(declared.outcomes), ["both"], estimand=declared.change)  # type: ignore[arg-type]
                rows.append((name, true, which_world(table)))
    frame = pd.DataFrame(rows, columns=["study", "true", "named"])
    return pd.crosstab([frame["study"], frame["true"]], frame["named"]).reindex(
        columns=list(worlds()), fill_value=0
    )


def test_the_rule_recognises_each_world_in_nine_of_ten_draws() -> None:
    table = confusion()
    print(table)
    for (name, true), row in table.iterrows():
        assert row[true] >= 45, (name, true, row.to_dict())


def test_the_rule_wants_one_kind_of_effect() -> None:
    answers = field_study(study("germany"), world(), 1, n_respondents=400).answers
    table = effects(answers, ["protected", "spending", "need"], ["both"])
    with pytest.raises(ExperimentError, match="these are: difference"):
        which_world(table)
    with pytest.raises(ExperimentError, match="this table lacks outcome, estimand, estimate, std_error"):
        which_world(answers)
    with pytest.raises(ExperimentError, match="one estimate for 'need'"):
        which_world(table[table["outcome"] != "need"].assign(estimand="withdrawal"))


# ------------------------------------------------------------------ assignment


@settings(max_examples=60, deadline=None)
@given(st.integers(4, 200), st.integers(0, 1000))
def test_complete_randomisation_makes_arms_of_equal_size(n: int, seed: int) -> None:
    counts = pd.Series(complete(n, ["a", "b", "c", "d"], seed).arms).value_counts()
    assert counts.sum() == n
    assert counts.max() - counts.reindex(list("abcd"), fill_value=0).min() <= 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("xyz"), min_size=8, max_size=120), st.integers(0, 1000))
def test_blocks_are_split_evenly(blocks: list[str], seed: int) -> None:
    found = blocked(blocks, ["a", "b"], seed)
    table = pd.crosstab(np.array(blocks), np.array(found.arms)).reindex(columns=["a", "b"], fill_value=0)
    assert (table["a"] - table["b"]).abs().max() <= 1
    assert abs(table["a"].sum() - table["b"].sum()) <= 1


def test_every_person_is_as_likely_to_be_in_each_arm() -> None:
    told = np.array([np.array(complete(6, ["a", "b"], seed).arms) == "b" for seed in range(4000)])
    assert np.abs(told.mean(axis=0) - 0.5).max() < 4 * 0.5 / np.sqrt(4000)
    assert len({tuple(row) for row in told}) == 20


def test_the_order_in_which_arms_are_named_changes_nothing() -> None:
    assert complete(40, ["b", "a"], 1).arms == complete(40, ["a", "b"], 1).arms


@pytest.mark.parametrize("found", [complete(50, ["a", "b"], 3), blocked(["x", "y"] * 20, ["a", "b"], "z")])
def test_an_audit_finds_one_changed_arm(found: Assignment) -> None:
    assert is_unchanged(found)
    arms = list(found.arms)
    arms[7] = "b" if arms[7] == "a" else "a"
    assert not is_unchanged(Assignment(tuple(arms), found.seed, found.blocks))


def test_block_randomisation_balances_regions() -> None:
    fielded = field_study(study("germany"), world(), 2, n_respondents=2000, randomise="block")
    table = pd.crosstab(fielded.answers["region"], fielded.answers["arm"])
    assert (table.max(axis=1) - table.min(axis=1)).max() <= 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: complete(3, ["a", "b", "c", "d"], 1), "3 people are too few"),
        (lambda: complete(9, ["a"], 1), "two or more different arms"),
        (lambda: complete(9, ["a", "a"], 1), "two or more different arms"),
        (lambda: blocked(["x", None, "y"], ["a", "b"], 1), "block is missing"),  # type: ignore[list-item]
        (lambda: field_study(study("germany"), world(), 1, n_respondents=3), "n_respondents=3"),
        (lambda: field_study(study("germany"), world(), 1, randomise="coin"), "'coin'"),  # type: ignore[arg-type]
        (
            lambda: field_study(study("germany"), world(), 1, n_respondents=40).truth("joy", "both"),
            "no 'joy/both'",
        ),
    ],
)
def test_what_cannot_be_fielded_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words):
        call()
