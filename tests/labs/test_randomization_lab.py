"""RandomizationLab: what it assigns, says and draws, without kernel or browser."""

from __future__ import annotations

import itertools
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.experiments.repeated import WAYS
from helpers.labs.randomization_lab import EDGES, RandomizationLab


def lab(**parameters: Any) -> RandomizationLab:
    return RandomizationLab(remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.RandomizationLab is RandomizationLab


@pytest.mark.parametrize("how", WAYS)
def test_the_last_difference_is_that_of_the_people_on_show(how: Any) -> None:
    found = lab(how=how, times=7).result
    told = [value for value, here in zip(found.people.told, found.told, strict=True) if here]
    rest = [value for value, here in zip(found.people.without, found.told, strict=True) if not here]
    assert found.last == pytest.approx(sum(told) / len(told) - sum(rest) / len(rest))


def test_the_distribution_grows_and_keeps_what_was_there() -> None:
    shown = lab(times=10)
    ten = shown.result.differences
    shown.set(times=200)
    assert np.array_equal(shown.result.differences[:10], ten)


def test_the_truth_is_what_the_slider_says_whoever_decides() -> None:
    for how in WAYS:
        assert lab(how=how, effect=1.25).result.people.truth == pytest.approx(1.25)


def test_the_lesson_of_the_lab_holds_at_all_its_settings() -> None:
    for people in range(20, 201, 20):
        for effect in (-1.5, -0.5, 0.0, 1.5):
            chance, blocks, choice = (
                lab(how=how, times=1000, people=people, effect=effect).result for how in WAYS
            )
            assert blocks.spread < chance.spread
            assert abs(chance.mean - effect) < 0.1
            assert choice.mean - effect > 0.5


def test_more_people_narrow_the_spread_and_do_not_mend_the_choice() -> None:
    few, many = (lab(how="self-selection", times=1000, people=people).result for people in (20, 200))
    assert many.spread < 0.5 * few.spread
    assert abs(many.mean - few.mean) < 0.3


def test_the_sentence_names_the_mean_the_truth_and_the_scatter() -> None:
    shown = lab(how="block", times=400)
    said = shown.sentence
    assert f"400 assignments give {shown.result.mean:+.2f} on average, and the truth is -0.50" in said.text
    assert f"standard deviation of {shown.result.differences.std(ddof=1):.2f}" in said.text
    assert "the first assignment" in lab().sentence.text.lower()
    assert "Simulated for teaching" in said.alt
    assert any("Half of each block" in note for note in said.notes)


def test_the_share_with_the_wrong_sign_is_counted() -> None:
    found = lab(times=1000)
    wrong = sum(1 for each in found.result.differences if each > 0) / 1000
    assert found.sentence.table.set_index("points of felt protection").loc[
        "with the wrong sign", "value"
    ] == (f"{wrong:.0%}")
    assert "the truth has none" in lab(effect=0.0).sentence.table["value"].tolist()


def test_the_histogram_counts_every_assignment() -> None:
    shown = lab(times=300)
    shown.picture()
    heights = shown._artists.bars.get_data().values
    counts = [
        sum(low <= each < high for each in shown.result.differences)
        for low, high in itertools.pairwise(EDGES)
    ]
    assert sum(counts) == 300
    assert heights * max(counts) == pytest.approx(counts)


def test_each_person_is_shown_once_and_hidden_once() -> None:
    shown = lab(people=40)
    shown.picture()
    dots = shown._artists
    for arm in (0, 1):
        assert len(dots.shown[arm].get_xdata()) == len(dots.hidden[arm].get_xdata()) == 20


def test_a_step_repaints_only_what_moves() -> None:
    shown = lab()
    shown.picture()
    shown.set(times=500, how="block", people=100, effect=1.0)
    png, fresh = shown.picture(), lab(times=500, how="block", people=100, effect=1.0).picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(pixels(png), pixels(fresh))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize(
    "settings", [{}, {"how": "self-selection", "times": 900, "effect": 1.5, "people": 20}]
)
def test_all_words_lie_within_the_picture(settings: dict[str, Any], room: int) -> None:
    shown = lab(**settings)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    frame = figure.bbox
    for text in figure.findobj(lambda each: hasattr(each, "get_text") and each.get_text()):
        box = text.get_window_extent()
        assert frame.x0 <= box.x0 < box.x1 <= frame.x1, text
        assert frame.y0 <= box.y0 < box.y1 <= frame.y1, text


def test_the_picture_says_that_it_is_simulated() -> None:
    shown = lab()
    shown.picture()
    assert any("Simulated for teaching" in text.get_text() for text in shown.painter.figure.texts)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"how": "lottery"}, "how='lottery' is none of complete"),
        ({"times": 0}, "times=0 must be"),
        ({"people": 42}, "people=42 must be a multiple of 4"),
        ({"effect": 9}, "effect=9 must lie"),
    ],
)
def test_what_cannot_be_is_one_sentence(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        lab(**settings)


def test_what_is_set_is_there_again() -> None:
    first = RandomizationLab()
    first.control["times"].value = 250
    assert RandomizationLab().params.times == 250
