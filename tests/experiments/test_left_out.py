"""People who are not in the file: added as said, counted as brute force counts them, refused in one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.experiments.left_out import fewest_left_out, with_left_out
from helpers.experiments.results import ExperimentError


def answers(seed: int = 3, n: int = 60, shift: float = 1.0) -> pd.DataFrame:
    draw = np.random.Generator(np.random.PCG64(seed)).random(2 * n)
    values = np.floor(draw * 4 + shift * (np.arange(2 * n) >= n)) + 1
    return pd.DataFrame({"arm": ["unchanged"] * n + ["both"] * n, "need": values})


def test_people_are_added_below_and_the_file_stays_as_it_is() -> None:
    file = answers().assign(age=40)
    more = with_left_out(file, "need", "both", 2, 7)
    assert more.iloc[:-7].equals(file.astype({"age": float}))
    assert (more["need"].tail(7) == 2).all()
    assert (more["arm"].tail(7) == "both").all()
    assert more["age"].tail(7).isna().all()
    assert with_left_out(file, "need", "both", 2, 0).equals(file)
    assert len(file) == 120


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("among", "value"), [("both", 1), ("unchanged", 5)])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_the_fewest_are_those_of_brute_force(seed: int, among: str, value: int, level: float) -> None:
    file = answers(seed)
    told, rest = (file.loc[file["arm"] == arm, "need"].tolist() for arm in ("both", "unchanged"))

    def p_value(n_people: int) -> float:
        more = [value] * n_people
        one, other = (told + more, rest) if among == "both" else (told, rest + more)
        return float(stats.ttest_ind(one, other, equal_var=False).pvalue)

    expected = next(n for n in range(200) if p_value(n) >= 1 - level)
    assert fewest_left_out(file, "need", "both", among=among, value=value, level=level) == expected
    assert expected > 0


def test_nobody_is_needed_where_zero_is_inside_already() -> None:
    file = answers(shift=0)
    assert fewest_left_out(file, "need", "both", among="both", value=1) == 0


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda file: with_left_out(file, "need", "bth", 1, 2), "No respondent is in the arm 'bth'"),
        (lambda file: with_left_out(file, "ned", "both", 1, 2), "The answers have no column 'ned'"),
        (lambda file: with_left_out(file, "need", "both", 1, -2), "n_people=-2 is no number of people"),
        (
            lambda file: fewest_left_out(file, "need", "both", among="all", value=1),
            "among='all' is neither of the two arms, 'unchanged' and 'both'",
        ),
        (
            lambda file: fewest_left_out(file, "need", "both", among="both", value=5),
            "Even 120 people with the answer 5 in 'both' leave zero outside the interval",
        ),
    ],
)
def test_what_cannot_be_is_said(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ExperimentError, match=words) as caught:
        call(answers())
    assert "\n" not in str(caught.value)
