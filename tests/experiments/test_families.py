"""Families of tests against statsmodels, closed formulas and brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats.multitest import multipletests

from helpers.experiments.corrections import CORRECTIONS
from helpers.experiments.families import Families, adjusted_rows, simulate_families
from helpers.experiments.results import ExperimentError

PEER = {"holm": "holm", "benjamini-hochberg": "fdr_bh"}


@settings(max_examples=30, deadline=None)
@given(
    arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 12)), elements=st.floats(0, 1)),
    st.sampled_from(sorted(PEER)),
)
def test_each_row_is_corrected_as_statsmodels_does(p_values: np.ndarray, correction: str) -> None:
    peer = [multipletests(row, method=PEER[correction])[1] for row in p_values]
    assert adjusted_rows(p_values, correction) == pytest.approx(np.array(peer))  # type: ignore[arg-type]


def test_no_correction_changes_nothing() -> None:
    rows = np.array([[0.4, 0.01]])
    assert adjusted_rows(rows, "none") is rows


@pytest.mark.parametrize("n_tests", [1, 4, 20])
def test_independent_tests_find_as_often_as_the_formula_says(n_tests: int) -> None:
    """With one arm and no correlation the tests are independent: 1 - 0.95 ** k."""
    found = simulate_families(n_tests, 1, n_surveys=20_000).rates().any_false
    right = 1 - 0.95**n_tests
    low, high = stats.binom.interval(0.999, 20_000, right)
    assert low / 20_000 <= found <= high / 20_000


def test_test_statistics_hang_together_as_declared() -> None:
    """Two arms share their reference (0.5), two outcomes their people (r), both together half of it."""
    drawn = simulate_families(2, 2, correlation=0.6, n_surveys=60_000, true_nulls=0.0, effect=9.0)
    z = -stats.norm.ppf(drawn.p_values / 2)  # all signs are plus: the effects are large
    right = np.array([[1, 0.5, 0.6, 0.3], [0.5, 1, 0.3, 0.6], [0.6, 0.3, 1, 0.5], [0.3, 0.6, 0.5, 1]])
    assert np.corrcoef(z.T) == pytest.approx(right, abs=0.015)
    assert z.mean(axis=0) == pytest.approx(9, abs=0.02)


def test_a_p_value_of_nothing_is_uniform() -> None:
    drawn = simulate_families(1, 1, n_surveys=20_000, seed="flat").p_values[:, 0]
    assert stats.kstest(drawn, "uniform").pvalue > 1e-4


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("true_nulls", [1.0, 0.75, 0.25])
def test_holm_keeps_the_family_and_hochberg_the_share(correlation: float, true_nulls: float) -> None:
    drawn = simulate_families(4, 3, correlation=correlation, true_nulls=true_nulls, n_surveys=8000)
    edge = stats.binom.ppf(0.9995, 8000, 0.05) / 8000
    assert drawn.rates("holm").any_false <= edge
    assert drawn.rates("benjamini-hochberg").false_share <= edge


def test_the_rates_are_those_of_a_count_by_hand() -> None:
    drawn = simulate_families(3, 2, true_nulls=0.5, n_surveys=40, seed=8)
    for correction in CORRECTIONS:
        any_false = share = found = real_found = 0.0
        for row in drawn.p_values:
            p = row if correction == "none" else multipletests(row, method=PEER[correction])[1]
            names = [place for place, value in enumerate(p) if value <= 0.05]
            false = [place for place in names if place >= 3]
            any_false += bool(false)
            share += len(false) / len(names) if names else 0
            found += len(names)
            real_found += len(names) - len(false)
        rates = drawn.rates(correction)
        assert (rates.any_false, rates.false_share, rates.found, rates.power) == pytest.approx(
            (any_false / 40, share / 40, found / 40, real_found / 120)
        )


@pytest.mark.parametrize(("share", "n_real"), [(1.0, 0), (0.75, 3), (0.5, 6), (0.0, 12)])
def test_a_share_of_true_nulls_is_a_number_of_tests(share: float, n_real: int) -> None:
    drawn = simulate_families(4, 3, true_nulls=share, n_surveys=5)
    assert drawn.real.tolist() == [True] * n_real + [False] * (12 - n_real)
    assert np.isnan(drawn.rates().power) == (n_real == 0)


def test_a_real_effect_of_2_8_errors_is_found_four_times_in_five() -> None:
    drawn = simulate_families(1, 1, true_nulls=0.0, n_surveys=20_000)
    right = stats.norm.sf(1.96 - 2.8) + stats.norm.cdf(-1.96 - 2.8)
    assert drawn.rates().power == pytest.approx(right, abs=0.012)


def test_the_same_seed_draws_the_same_from_raw_uniforms() -> None:
    """Drawn again here: PCG64 seeded with the digest, each uniform at its normal quantile."""
    from hashlib import sha256

    seed = int.from_bytes(sha256(b"ada\nfamilies of tests").digest()[:16], "big")
    normal = stats.norm.ppf(np.random.Generator(np.random.PCG64(seed)).random((4, 3, 2)))
    right = [[(row[1 + o, 1] - row[1 + o, 0]) / 2**0.5 for o in range(2)] for row in normal]
    drawn = simulate_families(2, 1, n_surveys=4, seed="ada")
    assert drawn.p_values == pytest.approx(2 * stats.norm.sf(np.abs(right)))
    assert not np.array_equal(drawn.p_values, simulate_families(2, 1, n_surveys=4, seed="bob").p_values)


def test_more_tests_find_more_by_chance() -> None:
    rates = [simulate_families(n, 3).rates().any_false for n in (1, 2, 4, 8)]
    assert all(low < high for low, high in itertools.pairwise(rates))


def test_words_and_tables_name_what_they_count() -> None:
    drawn = simulate_families(4, 3, n_surveys=50)
    assert "simulated for teaching" in repr(drawn)
    assert drawn.to_frame()["correction"].tolist() == list(CORRECTIONS)
    assert "at least one false find" in repr(drawn.rates("holm"))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: simulate_families(0, 3), "0 outcomes in 3 arms"),
        (lambda: simulate_families(40, 3), "1 to 100 tests"),
        (lambda: simulate_families(2, 2, correlation=1.0), "correlation=1"),
        (lambda: simulate_families(2, 2, true_nulls=1.5), "true_nulls=1.5"),
        (lambda: simulate_families(2, 2, effect=float("nan")), "effect=nan"),
        (lambda: simulate_families(2, 2, n_surveys=0), "n_surveys=0"),
        (lambda: simulate_families(2, 2).finds("holm", 5), "level=5"),
        (lambda: adjusted_rows(np.array([[0.1]]), "bonferroni"), "no correction 'bonferroni'"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words) as error:
        call()
    assert "\n" not in str(error.value)


def test_a_table_of_ones_is_never_found() -> None:
    nothing = Families(np.ones((3, 2)), np.array([False, False]))
    assert [nothing.rates(correction).any_false for correction in CORRECTIONS] == [0, 0, 0]
