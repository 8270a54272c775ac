"""Path tracing against the matrix of all walks and against simulation; the roads' fingerprints by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.theory.mechanisms import (
    CAUSE,
    OUTCOMES,
    ROADS,
    VARIABLES,
    Arrow,
    MechanismError,
    fingerprints,
    graph,
    paths,
    simulate,
    total_effects,
    walk,
)

NAMES = list(VARIABLES)


def by_matrix(arrows: tuple[Arrow, ...]) -> dict[str, float]:
    """Total effects as the inverse of the identity less the matrix of direct effects."""
    direct = np.zeros((len(NAMES), len(NAMES)))
    for arrow in arrows:
        direct[NAMES.index(arrow.effect), NAMES.index(arrow.cause)] = arrow.strength
    total = np.linalg.inv(np.eye(len(NAMES)) - direct)
    return {name: total[NAMES.index(name), NAMES.index(CAUSE)] for name in NAMES if name != CAUSE}


@st.composite
def models(draw: st.DrawFn) -> tuple[Arrow, ...]:
    """Any arrows that run forward in the order of the variables."""
    pairs = [(a, b) for place, a in enumerate(NAMES) for b in NAMES[place + 1 :]]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=14))
    strength = st.floats(-1, 1, allow_nan=False)
    return tuple(Arrow(a, b, draw(strength)) for a, b in chosen)


@settings(max_examples=100, deadline=None)
@given(models())
def test_path_tracing_is_the_inverse_matrix(arrows: tuple[Arrow, ...]) -> None:
    assert total_effects(arrows) == pytest.approx(by_matrix(arrows), abs=1e-9)


@pytest.mark.parametrize("road", [*ROADS, "all"])
def test_simulation_agrees_with_path_tracing(road: str) -> None:
    arrows = walk(list(ROADS) if road == "all" else [road])
    latent = simulate(arrows, 200_000, seed=11).latent
    groups = latent.groupby(CAUSE)
    found, error = groups.mean().diff().loc[1], np.sqrt((groups.sem() ** 2).sum())
    for name, effect in by_matrix(arrows).items():
        assert abs(found[name] - effect) < 4 * error[name], name


def test_the_roads_leave_the_marks_that_the_lesson_names() -> None:
    by_hand = {
        "assurance": {"protection": "+", "threat": "-", "need": "-", "effort": "-"},
        "entrapment": {"protection": "0", "threat": "+", "need": "-", "effort": "-"},
        "provocation": {"protection": "0", "threat": "+", "need": "+", "effort": "+"},
        "self-serving guardian": {"protection": "-", "threat": "0", "need": "-", "effort": "-"},
    }
    assert fingerprints().T.to_dict() == by_hand


def test_no_two_roads_leave_the_same_marks() -> None:
    assert not fingerprints().duplicated().any()


def test_answers_are_one_to_five_and_the_pattern_is_their_difference() -> None:
    citizens = simulate(walk(["assurance"]), 4000, seed=3)
    answers = citizens.answers
    assert set(np.unique(answers[list(OUTCOMES)])) <= {1, 2, 3, 4, 5}
    told = answers[answers[CAUSE] == 1]["need"]
    untold = answers[answers[CAUSE] == 0]["need"]
    row = citizens.pattern().set_index("outcome").loc["need"]
    assert row["difference"] == pytest.approx(told.mean() - untold.mean())
    assert row["std_error"] == pytest.approx(np.sqrt(told.var() / len(told) + untold.var() / len(untold)))


def test_half_of_the_citizens_are_told_and_noise_has_the_declared_size() -> None:
    citizens = simulate((), 100_001, seed=5)
    assert citizens.latent[CAUSE].sum() == 50_000
    noise = citizens.latent.drop(columns=CAUSE)
    assert np.abs(noise.mean()).max() < 0.02
    assert np.abs(noise.std() - 1).max() < 0.02
    assert np.abs(noise.corr().to_numpy() - np.eye(len(NAMES) - 1)).max() < 0.02


def test_other_arrows_meet_the_same_people() -> None:
    one, other = simulate(walk(["assurance"]), 500, seed=2), simulate(walk(["provocation"]), 500, seed=2)
    pd.testing.assert_series_equal(one.latent[CAUSE], other.latent[CAUSE])
    pd.testing.assert_series_equal(one.latent["suspicion"], other.latent["suspicion"])


def test_a_seed_gives_the_same_people_everywhere() -> None:
    answers = simulate(walk(list(ROADS)), 1000, seed=42).answers
    assert answers.sum().to_dict() == GOLDEN


GOLDEN = {"deployment": 500, "protection": 3212, "threat": 3475, "need": 2704, "effort": 2751}


def test_a_share_of_nothing_is_no_road() -> None:
    assert walk({"assurance": 0.0}) == ()
    assert total_effects(walk({"assurance": 0.5}))["need"] == pytest.approx(
        0.5 * total_effects(walk(["assurance"]))["need"]
    )


def test_paths_of_need_add_up() -> None:
    arrows = walk(list(ROADS))
    assert sum(path.effect for path in paths(arrows, "need")) == pytest.approx(by_matrix(arrows)["need"])
    assert len(paths(arrows, "need")) == 8


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Arrow("deployment", "trust", 1), "no variable 'trust'"),
        (lambda: Arrow("need", "deployment", 1), "Nothing causes 'deployment'"),
        (lambda: Arrow("need", "effort", 9), "too strong"),
        (lambda: walk(["detour"]), "no road 'detour'"),
        (lambda: walk({"assurance": 2.0}), "give 0 to 1"),
        (lambda: graph((Arrow("need", "effort", 1), Arrow("effort", "need", 1))), "run in a circle"),
        (lambda: graph((Arrow("need", "effort", 1), Arrow("need", "effort", 0.5))), "Two arrows"),
        (lambda: paths((), "trust"), "no variable 'trust'"),
        (lambda: simulate((), 3), "n_citizens=3"),
    ],
)
def test_what_makes_no_model_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(MechanismError, match=words):
        call()
