"""Agreement against R's psych, the krippendorff package, counting by hand, and what must hold of any codes."""

from __future__ import annotations

import json
from itertools import combinations, permutations
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.vietnam.agreement import (
    CodingError,
    cohens_kappa,
    divided,
    krippendorffs_alpha,
    percent_agreement,
)

REFERENCE = Path(__file__).parents[1] / "reference"
ORDER = [1, 2, 3, 4]


@pytest.fixture(scope="module")
def codes() -> pd.DataFrame:
    return pd.read_csv(REFERENCE / "codings.csv")


@pytest.fixture(scope="module")
def from_r() -> dict[str, float]:
    return json.loads((REFERENCE / "agreement.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("weights", "name"), [("none", "kappa"), ("linear", "linear"), ("quadratic", "quadratic")]
)
def test_kappa_is_that_of_psych(
    codes: pd.DataFrame, from_r: dict[str, float], weights: str, name: str
) -> None:
    found = cohens_kappa(codes["one"], codes["other"], order=ORDER, weights=weights)  # type: ignore[arg-type]
    assert found.value == pytest.approx(from_r[name], rel=1e-9)


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_alpha_is_that_of_the_krippendorff_package(codes: pd.DataFrame, level: str) -> None:
    peer = krippendorff.alpha(
        reliability_data=codes.to_numpy(float).T, value_domain=ORDER, level_of_measurement=level
    )
    found = krippendorffs_alpha(codes, level=level, order=ORDER)  # type: ignore[arg-type]
    assert found.value == pytest.approx(peer, rel=1e-9)


@st.composite
def codings(draw: st.DrawFn) -> pd.DataFrame:
    n_coders = draw(st.integers(2, 4))
    row = st.lists(st.sampled_from([1.0, 2.0, 3.0, np.nan]), min_size=n_coders, max_size=n_coders)
    return pd.DataFrame(draw(st.lists(row, min_size=2, max_size=12)))


@settings(max_examples=150, deadline=None)
@given(codings(), st.sampled_from(["nominal", "ordinal"]))
def test_alpha_agrees_with_the_package_on_any_codes(codes: pd.DataFrame, level: str) -> None:
    try:
        found = krippendorffs_alpha(codes, level=level, order=[1.0, 2.0, 3.0]).value  # type: ignore[arg-type]
    except CodingError:
        return
    peer = krippendorff.alpha(
        reliability_data=codes.to_numpy(float).T, value_domain=[1.0, 2.0, 3.0], level_of_measurement=level
    )
    assert found == pytest.approx(peer, abs=1e-9)


def test_alpha_of_words_is_alpha_of_numbers(codes: pd.DataFrame) -> None:
    words = codes.replace({1: "opposes", 2: "doubts", 3: "accepts", 4: "supports"})
    order = ["opposes", "doubts", "accepts", "supports"]
    as_words = krippendorffs_alpha(words, level="ordinal", order=order).value
    assert as_words == pytest.approx(krippendorffs_alpha(codes, level="ordinal", order=ORDER).value)


def test_percent_agreement_counts_pairs(codes: pd.DataFrame) -> None:
    both = codes[["one", "other"]]
    assert percent_agreement(both).value == pytest.approx((both["one"] == both["other"]).mean())
    three = pd.DataFrame([["a", "a", "b"], ["a", None, "b"], ["b", "b", "b"], ["a", None, None]])
    pairs = [
        row[i] == row[j] for row in (("a", "a", "b"), ("b", "b", "b")) for i, j in combinations(range(3), 2)
    ]
    by_hand = (3 * np.mean(pairs[:3]) + 2 * 0 + 3 * np.mean(pairs[3:])) / 8
    assert percent_agreement(three).value == pytest.approx(by_hand)


def test_perfect_agreement_is_one_and_chance_is_nought() -> None:
    same = pd.DataFrame({"one": [1, 2, 3] * 5, "other": [1, 2, 3] * 5})
    assert krippendorffs_alpha(same).value == cohens_kappa(same["one"], same["other"]).value == 1
    rng = np.random.default_rng(1)
    chance = pd.DataFrame(rng.integers(1, 4, (20_000, 2)))
    assert abs(krippendorffs_alpha(chance).value) < 0.03


def test_kappa_does_not_mind_who_is_named_first(codes: pd.DataFrame) -> None:
    there = cohens_kappa(codes["one"], codes["other"], order=ORDER, weights="linear").value
    back = cohens_kappa(codes["other"], codes["one"], order=ORDER, weights="linear").value
    assert there == pytest.approx(back)


def test_the_order_of_items_and_coders_changes_nothing(codes: pd.DataFrame) -> None:
    value = krippendorffs_alpha(codes, level="ordinal", order=ORDER).value
    for columns in permutations(codes.columns):
        shuffled = codes[list(columns)].sample(frac=1, random_state=2)
        assert krippendorffs_alpha(shuffled, level="ordinal", order=ORDER).value == pytest.approx(value)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """Two coders who agree by a known rule: the population's alpha is worked out from many items."""
    rng = np.random.default_rng(4)

    def sample(n: int) -> pd.DataFrame:
        one = rng.integers(1, 4, n)
        return pd.DataFrame({"one": one, "other": np.where(rng.random(n) < 0.7, one, rng.integers(1, 4, n))})

    truth = krippendorffs_alpha(sample(400_000)).value
    hits = 0
    for draw in range(150):
        found = krippendorffs_alpha(sample(80), n_bootstrap=200, seed=draw)
        hits += found.low <= truth <= found.high
    assert 0.85 <= hits / 150 <= 0.995


def test_items_that_divide_come_first() -> None:
    table = pd.DataFrame(
        {"a": ["x", "x", "y"], "b": ["x", "y", "y"], "c": ["x", "z", "x"]}, index=["I", "II", "III"]
    )
    found = divided(table)
    assert list(found.index) == ["II", "III"]
    assert found["same"].tolist() == pytest.approx([0, 1 / 3])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cohens_kappa([1, 2], [1]), "2 and 1 items"),
        (lambda: cohens_kappa([1, 1], [1, 1]), "every item the code 1"),
        (lambda: cohens_kappa([1, 2], [1, 2], weights="linear"), "Weights need the order"),
        (lambda: cohens_kappa([1, 9], [1, 2], order=[1, 2]), "code 9 is not in the order 1, 2"),
        (lambda: krippendorffs_alpha(pd.DataFrame({"a": [1], "b": [None]})), "No item has two codes"),
        (lambda: krippendorffs_alpha(pd.DataFrame({"a": [1, 1], "b": [1, 1]})), "All codes are the same"),
        (lambda: krippendorffs_alpha(pd.DataFrame({"a": [1, 2]})), "two coders or more"),
        (lambda: krippendorffs_alpha(pd.DataFrame({"a": [1], "b": [2]}), level="ordinal"), "needs its order"),
        (lambda: krippendorffs_alpha(pd.DataFrame({"a": [1], "b": [2]}), level="ratio"), "level='ratio'"),  # type: ignore[arg-type]
    ],
)
def test_codes_that_cannot_be_compared_are_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CodingError, match=words):
        call()
