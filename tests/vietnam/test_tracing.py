"""Weights against Bayes' rule in plain probabilities, by hand and by brute force."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.vietnam.tracing import (
    SCALE,
    STEPS,
    Classical,
    Judgement,
    Trace,
    TracingError,
    against_negation,
    between,
    decibels,
    discounted,
    posterior,
    ratio,
    sequence,
    within,
)

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "tracing.json").read_text(encoding="utf-8"))

WEIGHTS = st.lists(st.floats(-30, 30).map(lambda value: round(value, 2)), min_size=1, max_size=8)


def trace(weights: list[float], prior: float = 0.0, share: float = 1.0, clusters: str = "") -> Trace:
    names = [f"I{place}" for place in range(len(weights))]
    marks = clusters.ljust(len(weights)).replace(" ", "")
    groups = list(marks) + [""] * (len(weights) - len(marks))
    items = tuple(
        Judgement(name, weight, cluster="" if group == "-" else group)
        for name, weight, group in zip(names, weights, groups, strict=True)
    )
    return Trace("reassured", "divided", prior, items, share)


@settings(max_examples=200, deadline=None)
@given(WEIGHTS, st.floats(0.01, 0.99))
def test_decibels_give_what_bayes_rule_gives(weights: list[float], prior: float) -> None:
    odds = prior / (1 - prior)
    for weight in weights:
        odds *= 10 ** (weight / 10)
    found = trace(weights, decibels(prior / (1 - prior)))
    assert found.probability == pytest.approx(odds / (1 + odds), rel=1e-9)
    assert found.to_frame()["probability"].iloc[-1] == pytest.approx(found.probability)


@settings(max_examples=100, deadline=None)
@given(WEIGHTS)
def test_the_order_of_independent_items_does_not_matter(weights: list[float]) -> None:
    assert trace(weights[::-1]).total == pytest.approx(trace(weights).total)


@settings(max_examples=100, deadline=None)
@given(WEIGHTS)
def test_a_ratio_of_one_changes_nothing(weights: list[float]) -> None:
    assert trace([*weights, decibels(1)]).total == pytest.approx(trace(weights).total)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=5), st.data())
def test_several_hypotheses_are_updated_as_bayes_rule_says(masses: list[float], data: st.DataObject) -> None:
    total = sum(masses)
    priors = {f"H{place}": mass / total for place, mass in enumerate(masses)}
    n_items = data.draw(st.integers(0, 5))
    items = [{name: data.draw(st.floats(-20, 20)) for name in priors} for _ in range(n_items)]
    joint = {
        name: prior * math.prod(10 ** (item[name] / 10) for item in items) for name, prior in priors.items()
    }
    found = posterior(priors, items)
    assert sum(found.values()) == pytest.approx(1)
    assert found == pytest.approx({name: value / sum(joint.values()) for name, value in joint.items()})


def test_item_by_item_is_all_at_once() -> None:
    priors = {"A": 0.2, "B": 0.5, "C": 0.3}
    items = [{"A": 3, "B": 0, "C": -5}, {"A": 0, "B": 10, "C": 1}, {"A": 20, "B": 0, "C": 0}]
    step = priors
    for item in items:
        step = posterior(step, [item])
    assert step == pytest.approx(posterior(priors, items))


def test_two_hypotheses_are_a_trace() -> None:
    found = posterior(
        {"reassured": 0.5, "divided": 0.5}, [{"reassured": 10, "divided": 0}, {"reassured": 0, "divided": 3}]
    )
    assert found["reassured"] == pytest.approx(trace([10, -3]).probability)


@given(st.floats(1e-5, 1e5))
def test_ratios_and_decibels_are_two_ways_to_say_it(value: float) -> None:
    assert ratio(decibels(value)) == pytest.approx(value)


def test_the_scale_is_that_of_the_course() -> None:
    assert list(SCALE) == [0, 3, 10, 20, 30]
    assert ratio(3) == pytest.approx(2, rel=0.003)


# ------------------------------------------------------------------ clusters, bands, what it hangs on


def test_a_cluster_counts_once_partly_or_as_independent() -> None:
    weights, clusters = [10.0, 3.0, -3.0, 3.0], "aaa-"
    assert trace(weights, share=0, clusters=clusters).total == pytest.approx(10 + 3)
    assert trace(weights, share=0.5, clusters=clusters).total == pytest.approx(10 + 1.5 - 1.5 + 3)
    assert trace(weights, share=1, clusters=clusters).total == pytest.approx(13)
    assert trace(weights, share=0, clusters=clusters).counted == (10, 0, 0, 3)


def test_the_band_is_the_widest_that_the_intervals_allow() -> None:
    items = (Judgement("a", 3, 0, 10), Judgement("b", -3, -10, 3), Judgement("c", 10, 3, 10))
    found = Trace("reassured", "divided", 0.0, items)
    corners = [sum(ends) for ends in itertools.product(*(each.ends for each in items))]
    assert found.band == (min(corners), max(corners)) == (-7, 23)
    assert not found.is_robust
    assert Trace("reassured", "divided", 20.0, items).is_robust


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(-20, 20), min_size=1, max_size=7), st.integers(-5, 5))
def test_no_smaller_set_of_items_turns_the_verdict(weights: list[int], prior: int) -> None:
    found = trace([float(weight) for weight in weights], float(prior))
    named = found.hangs_on()
    sizes = [
        size
        for size in range(1, len(weights) + 1)
        for gone in itertools.combinations(range(len(weights)), size)
        if np.sign(prior + sum(w for place, w in enumerate(weights) if place not in gone))
        != np.sign(prior + sum(weights))
    ]
    if found.verdict == "neither":
        return
    assert len(named) == (min(sizes) if sizes else 0)


def test_leaving_one_out_is_weighing_again_without_it() -> None:
    found = trace([10.0, 3.0, -20.0], clusters="aa-", share=0.0)
    table = found.leave_one_out().set_index("item")
    assert table.index[0] == "I2"
    assert table.loc["I2", "without"] == pytest.approx(10)
    assert table.loc["I2", "turns"]
    assert table.loc["I0", "without"] == pytest.approx(3 - 20)  # the weaker of the cluster takes its place
    assert table.loc["I1", "change"] == 0


def test_a_verdict_can_hang_on_three_items() -> None:
    found = trace([10.0, 10.0, 10.0, 3.0, -3.0, -20.0])
    assert found.verdict == "reassured"
    assert found.hangs_on() == ("I0",)
    assert trace([10.0, 10.0, 10.0, -3.0]).hangs_on() == ("I0", "I1", "I2")
    assert trace([3.0], prior=20.0).hangs_on() == ()


def test_a_trace_reads_as_one_line() -> None:
    text = repr(Trace("reassured", "divided", 0, (Judgement("a", 10, 3, 20),)))
    assert text.startswith(
        "reassured against divided: +10.0 dB after 1 items (band +3.0 to +20.0); favours reassured"
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-20, 20), st.sampled_from("ab-")), min_size=1, max_size=7),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.integers(-5, 5),
)
def test_in_clusters_too_no_smaller_set_turns_the_verdict(
    items: list[tuple[int, str]], share: float, prior: int
) -> None:
    found = trace(
        [float(weight) for weight, _ in items], float(prior), share, "".join(mark for _, mark in items)
    )
    if found.verdict == "neither":
        assert found.hangs_on() == ()
        return
    names = [each.item for each in found.judgements]
    sizes = [
        size
        for size in range(1, len(names) + 1)
        for gone in itertools.combinations(names, size)
        if found.without(*gone).verdict != found.verdict
    ]
    named = found.hangs_on()
    assert len(named) == (min(sizes) if sizes else 0)
    assert not named or found.without(*named).verdict != found.verdict


def test_two_reports_of_one_speech_turn_a_verdict_only_together() -> None:
    found = trace([-10.0, -10.0, 3.0], clusters="aa-", share=0.0)
    assert not found.leave_one_out()["turns"].any()
    assert found.hangs_on() == ("I0", "I1")
    by_cluster = found.leave_one_out(by="cluster").set_index("cluster")
    assert by_cluster.loc["a", "without"] == 3
    assert by_cluster.loc["a", "turns"]
    assert list(by_cluster.index) == ["a", "I2"]


def test_a_step_of_doubt_is_a_step_of_the_scale() -> None:
    assert STEPS == (-30, -20, -10, -3, 0, 3, 10, 20, 30)
    assert within(10, 0) == (10, 10)
    assert within(-3, 1) == (-10, 0)
    assert within(0, 2) == (-10, 10)
    assert within(30, 1) == (20, 30)
    assert within(7, 1) == (3, 10)
    assert within(-45, 1) == (-45, -30)


# ------------------------------------------------------------------ several hypotheses, R and hand-worked examples


def test_posteriors_step_by_step_are_those_of_r() -> None:
    case = REFERENCE["several"]
    table = sequence(case["priors"], case["weights"])
    for name in case["priors"]:
        assert list(table[name]) == pytest.approx(case["path"][name], rel=1e-9)
    assert list(table["item"]) == ["", *case["weights"]]
    assert table[list(case["priors"])].sum(axis=1).to_numpy() == pytest.approx(1)


def test_belief_between_two_of_several_is_that_of_r() -> None:
    case = REFERENCE["several"]
    odds = case["priors"]["A"] / case["priors"]["B"]
    found = between(case["weights"], "A", "B", prior=decibels(odds))
    assert found.probability == pytest.approx(case["a_if_a_or_b"], rel=1e-9)


def test_a_bowl_of_biscuits_three_doors_and_a_rare_illness() -> None:
    bowl = posterior({"one": 0.5, "two": 0.5}, [{"one": decibels(30 / 40), "two": decibels(20 / 40)}])
    assert bowl["one"] == pytest.approx(3 / 5)
    tiny = 1e-6
    doors = posterior(
        {"mine": 1 / 3, "opened": 1 / 3, "other": 1 / 3},
        [{"mine": decibels(1 / 2), "opened": decibels(tiny), "other": decibels(1)}],
    )
    assert doors["other"] == pytest.approx(2 / 3, abs=1e-5)
    test = Classical(0.9, 0.05)  # of 1,000 people 10 are ill, 9 are found; of 990 healthy ones 49.5 are
    ill = Trace("ill", "well", decibels(10 / 990), (Judgement("test", test.if_found),))
    assert ill.probability == pytest.approx(9 / (9 + 49.5))


def test_a_cluster_counts_alike_for_two_and_for_several() -> None:
    weights = {"x": {"A": 0.0, "B": -10.0}, "y": {"A": 0.0, "B": -3.0}, "z": {"A": -3.0, "B": 0.0}}
    clusters = {"x": "c", "y": "c"}
    for share in (0.0, 0.5, 1.0):
        joint = posterior({"A": 0.5, "B": 0.5}, list(discounted(weights, clusters, share).values()))
        pair = between(weights, "A", "B", share=share, clusters=clusters)
        assert joint["A"] == pytest.approx(pair.probability)


def test_give_is_the_interval_of_a_judgement() -> None:
    found = between({"x": {"A": 0, "B": -10}, "y": {"A": -3, "B": 0}}, "A", "B", give={"x": 7})
    assert found.band == (0, 14)
    assert found.judgements[1].ends == (-3, -3)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0.05, 1), min_size=3, max_size=5),
    st.lists(st.floats(0.02, 0.98), min_size=5, max_size=5),
)
def test_a_test_against_the_negation_gives_what_bayes_rule_gives(
    masses: list[float], chances: list[float]
) -> None:
    total = sum(masses)
    priors = {f"H{place}": mass / total for place, mass in enumerate(masses)}
    told = dict(zip(priors, chances, strict=False))
    joint = {name: priors[name] * told[name] for name in priors}
    test = against_negation(priors, told, "H0")
    odds = priors["H0"] / (1 - priors["H0"]) * ratio(test.if_found)
    assert odds / (1 + odds) == pytest.approx(joint["H0"] / sum(joint.values()), rel=1e-6)


def test_the_negation_depends_on_which_rival_is_likely() -> None:
    told = {"A": 0.6, "B": 0.6, "C": 0.05}
    assert against_negation({"A": 0.4, "B": 0.55, "C": 0.05}, told, "A").if_found < 1
    assert against_negation({"A": 0.4, "B": 0.05, "C": 0.55}, told, "A").if_found > 7


# ------------------------------------------------------------------ the classical tests


@pytest.mark.parametrize(
    ("expected", "otherwise", "kind"),
    [
        (0.95, 0.5, "hoop"),
        (0.4, 0.05, "smoking gun"),
        (0.95, 0.05, "doubly decisive"),
        (0.6, 0.4, "straw in the wind"),
    ],
)
def test_classical_tests_have_their_names(expected: float, otherwise: float, kind: str) -> None:
    found = Classical(expected, otherwise)
    assert found.kind == kind
    assert ratio(found.if_found) == pytest.approx(expected / otherwise)
    assert ratio(found.if_missing) == pytest.approx((1 - expected) / (1 - otherwise))


def test_a_hoop_hurts_by_missing_and_a_gun_helps_by_smoking() -> None:
    hoop, gun = Classical(0.95, 0.5), Classical(0.4, 0.02)
    assert abs(hoop.if_missing) > abs(hoop.if_found)
    assert abs(gun.if_found) > abs(gun.if_missing)


@settings(max_examples=100, deadline=None)
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_expected_evidence_leaves_belief_where_it_is(prior: float, expected: float, otherwise: float) -> None:
    test = Classical(expected, otherwise)
    odds = prior / (1 - prior)
    found, missing = odds * ratio(test.if_found), odds * ratio(test.if_missing)
    chance = prior * expected + (1 - prior) * otherwise
    mean = chance * found / (1 + found) + (1 - chance) * missing / (1 + missing)
    assert mean == pytest.approx(prior)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: decibels(0), "0 is none"),
        (lambda: decibels(-2), "-2 is none"),
        (lambda: decibels(float("nan")), "nan is none"),
        (lambda: decibels("ten"), "'ten' is none"),  # type: ignore[arg-type]
        (lambda: Judgement("X-1", 90), "weight of item 'X-1' is 90 dB"),
        (lambda: Judgement("X-1", float("inf")), "is inf; give decibels"),
        (lambda: Judgement("X-1", 10, 12, 20), "outside its interval 12 to 20"),
        (lambda: trace([1.0], share=2), "share=2"),
        (lambda: Trace("A", "A", 0, ()), "no rival of itself"),
        (lambda: Trace("A", "B", 0, (Judgement("X", 1), Judgement("X", 2))), "'X' is judged twice"),
        (lambda: posterior({"A": 0.5, "B": 0.6}, []), r"sum to 1\.1"),
        (lambda: posterior({"A": 1.0, "B": 0.0}, []), "prior of 'A' is 1.0"),
        (lambda: posterior({"A": 1.0}, []), "two hypotheses"),
        (lambda: posterior({"A": 0.5, "B": 0.5}, [{"A": 3}]), "Item 1 weighs A; it must weigh A, B"),
        (lambda: Classical(1.0, 0.5), "expected=1.0"),
        (lambda: within(10, -1), "steps=-1"),
        (lambda: within(99, 1), "A weight is 99 dB"),
        (lambda: trace([1.0]).without("I9"), "'I9' was not weighed; there are I0"),
        (lambda: trace([1.0]).leave_one_out(by="pair"), "by='pair'"),  # type: ignore[arg-type]
        (lambda: between({"x": {"A": 0}}, "A", "B"), "'x' does not weigh 'B'; it weighs A"),
        (lambda: discounted({}, {}, -1), "share=-1"),
        (lambda: sequence({"A": 0.5, "B": 0.4}, {}), r"sum to 0\.9"),
        (lambda: against_negation({"A": 0.5, "B": 0.5}, {"A": 0.5, "B": 0.5}, "C"), "no hypothesis 'C'"),
        (lambda: against_negation({"A": 0.5, "B": 0.5}, {"A": 0.5}, "A"), "given for A; give them for A, B"),
    ],
)
def test_what_cannot_be_weighed_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TracingError, match=words):
        call()
