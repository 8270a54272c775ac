"""PowerExplorer: what it simulates, says and draws, without kernel or browser."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from statsmodels.stats.power import TTestIndPower

from helpers import labs
from helpers.labs.power_explorer import ANSWERS, N_EXPERIMENTS, SIZES, Params, PowerExplorer

MANY = [{}, {"people": 2000, "moved": 60}, {"moved": 0, "people": 20}, {"answers": "divided", "people": 20}]


def lab(**parameters: Any) -> PowerExplorer:
    return PowerExplorer(remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.PowerExplorer is PowerExplorer


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize(("people", "moved"), [(150, 20), (800, 15), (40, 60)])
def test_power_is_that_of_statsmodels_and_of_people_who_move(answers: str, people: int, moved: int) -> None:
    result = lab(answers=answers, people=people, moved=moved).result
    shares, points = np.array(ANSWERS[answers][1]), np.arange(1, 6)
    mean = shares @ points
    assert result.effect == pytest.approx(moved / 100 * (1 - shares[-1]))
    assert result.sd == pytest.approx(np.sqrt(shares @ points**2 - mean**2))
    rng, hits = np.random.default_rng(1), 0
    from scipy import stats

    for _ in range(1500):
        rest, told = (rng.choice(points, people, p=shares) for _ in range(2))
        told = told + ((rng.random(people) < moved / 100) & (told < 5))
        hits += stats.ttest_ind(told, rest, equal_var=False).pvalue < 0.05
    error = np.sqrt(max(hits / 1500 * (1 - hits / 1500), 0.01) / 1500)
    assert abs(result.simulated - hits / 1500) < 4 * error
    assert abs(result.computed - result.simulated) < 0.02


def test_the_curve_and_what_it_takes_agree_with_statsmodels() -> None:
    result = lab(answers="middle", moved=20).result
    shares = np.array(ANSWERS["middle"][1])
    moved = shares - 0.2 * np.append(shares[:-1], 0) + 0.2 * np.append(0, shares[:-1])
    points = np.arange(1, 6)
    sd = np.sqrt(np.mean([row @ points**2 - (row @ points) ** 2 for row in (shares, moved)]))
    peer = TTestIndPower()
    for size, chance in zip(SIZES[::8], result.curve[::8], strict=True):
        assert chance == pytest.approx(peer.power(result.effect / sd, size, 0.05), abs=1e-6)
    needed = peer.solve_power(result.effect / sd, alpha=0.05, power=0.8)
    assert result.needed == int(np.ceil(needed))
    assert result.detectable / sd == pytest.approx(
        peer.solve_power(nobs1=150, alpha=0.05, power=0.8), rel=1e-4
    )


def test_every_experiment_is_in_the_heap_and_no_bin_is_empty_by_chance_of_its_edges() -> None:
    for parameters in MANY:
        result = lab(**parameters).result
        heap = result.counts_found + result.counts_other
        assert heap.sum() == N_EXPERIMENTS
        assert result.counts_found.sum() == pytest.approx(result.simulated * N_EXPERIMENTS)
        middle = np.flatnonzero(heap > heap.max() / 3)
        assert len(middle) == middle[-1] - middle[0] + 1, parameters


def test_with_little_power_what_is_found_is_too_large_and_the_lab_says_so() -> None:
    shown = lab(people=50, moved=10)
    assert shown.result.mean_found > 2 * shown.result.effect
    assert any("times the truth" in note for note in shown.sentence.notes)
    assert not any("times the truth" in note for note in lab(people=3000, moved=30).sentence.notes)


def test_nothing_to_find_is_found_one_time_in_twenty() -> None:
    shown = lab(moved=0)
    assert shown.result.simulated == pytest.approx(0.05, abs=0.01)
    assert "nothing to find" in shown.sentence.text
    assert shown.result.needed is None
    assert lab(moved=0, alpha=0.001).result.simulated < 0.004


def test_sentence_and_picture_say_how_often_and_that_it_is_simulated() -> None:
    shown = lab(people=600, moved=30)
    assert shown.sentence.text.startswith("600 people in each arm, a true effect of +0.26 points: ")
    assert f"takes {shown.result.needed:,} people in each arm" in shown.sentence.text
    assert "simulated for teaching" in shown.sentence.alt.lower()
    shown.picture()
    assert any("simulated for teaching" in text.get_text() for text in shown.painter.figure.texts)


def test_a_step_repaints_only_what_moves() -> None:
    shown = lab(people=150, moved=20)
    shown.picture()
    shown.set(people=200, moved=21)
    png = shown.picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(pixels(png), pixels(lab(people=200, moved=21).picture()))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("parameters", MANY)
def test_no_words_overlap_or_leave_the_picture(room: int, parameters: dict[str, Any]) -> None:
    shown = lab(**parameters)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [axes.xaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts]
    low, high = figure.axes[0].get_xlim()
    boxes = [
        (text.get_text(), text.get_window_extent())
        for text in texts
        if text.get_text() and text.get_visible()
        and not (text in figure.axes[0].get_xticklabels() and not low <= text.get_position()[0] <= high)
    ]  # fmt: skip
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= -1, name
        assert box.x1 <= figure.bbox.x1 + 1, name
        for other, beside in boxes[:i]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            tall = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert wide <= 0 or tall <= 3, f"{name!r} over {other!r}"
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"people": 10}, "people=10 must be a whole number from 20 to 3,000"),
        ({"people": 150.5}, "people=150.5 must be"),
        ({"people": True}, "people=True must be"),
        ({"moved": 61}, "moved=61 must be a whole number from 0 to 60"),
        ({"answers": "odd"}, "answers='odd' is unknown; give spread, middle, divided"),
        ({"alpha": 0.1}, "alpha=0.1 is unknown; give 0.05, 0.01, 0.001"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    wanted = {"people": 600, "moved": 35, "answers": "middle", "alpha": 0.01}
    for name, value in wanted.items():
        shown.control[name].value = value
    assert shown.params == Params(**wanted)
