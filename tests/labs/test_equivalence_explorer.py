"""EquivalenceExplorer: what it computes, says and draws, without kernel or browser."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from helpers import labs
from helpers.labs.equivalence_explorer import SHORT, EquivalenceExplorer, Params

CASES = [
    ({}, "undecided"),
    ({"people": 1500}, "equivalent"),
    ({"people": 3000, "estimate": 0.1}, "both"),
    ({"people": 300, "estimate": 0.4}, "different"),
    ({"people": 3000, "estimate": -0.1}, "both"),
    ({"people": 200, "estimate": -0.25}, "different"),
    ({"people": 300, "estimate": -0.15}, "undecided"),
]


def lab(**parameters: Any) -> EquivalenceExplorer:
    return EquivalenceExplorer(remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.EquivalenceExplorer is EquivalenceExplorer


@pytest.mark.parametrize(("parameters", "reading"), CASES)
def test_the_reading_is_that_of_scipys_tests_from_summaries(parameters: dict[str, Any], reading: str) -> None:
    shown = lab(**parameters)
    params = shown.params

    def p(estimate: float, alternative: str) -> float:
        found = stats.ttest_ind_from_stats(
            estimate, 1.2, params.people, 0, 1.2, params.people, alternative=alternative
        )
        return float(found.pvalue)

    difference = p(params.estimate, "two-sided")
    equivalence = max(
        p(params.estimate + params.smallest, "greater"), p(params.estimate - params.smallest, "less")
    )
    test = shown.result.test
    assert (test.estimate.p_value, test.p_equivalence) == pytest.approx((difference, equivalence), abs=1e-9)
    peer = {(True, True): "both", (True, False): "different", (False, True): "equivalent"}
    assert reading == peer.get((difference < 0.05, equivalence < 0.05), "undecided")
    assert SHORT[test.reading] == reading
    assert shown.sentence.text.lower().startswith(reading)


def test_the_shares_on_the_right_are_those_of_simulated_studies() -> None:
    rng, n = np.random.default_rng(1), 400
    hits = {"undecided": 0, "equivalent": 0, "different": 0, "both": 0}
    for _ in range(1500):
        told, rest = rng.normal(0.1, 1.2, n), rng.normal(0, 1.2, n)
        error = np.sqrt(told.var(ddof=1) / n + rest.var(ddof=1) / n)
        estimate = told.mean() - rest.mean()
        found, small = abs(estimate) > 1.963 * error, abs(estimate) + 1.647 * error < 0.2
        hits[
            "both" if found and small else "different" if found else "equivalent" if small else "undecided"
        ] += 1
    here = lab(people=n, truth=0.1).result.here
    for name, share in here.items():
        assert share == pytest.approx(hits[SHORT[name]] / 1500, abs=0.05)


def test_too_few_people_can_never_say_equivalent_and_the_lab_says_why() -> None:
    for estimate in (-0.3, 0.0, 0.2):
        shown = lab(people=150, estimate=estimate)
        assert shown.result.test.reading not in ("equivalent", "different, but too small to matter")
        assert any("no estimate whatever" in note for note in shown.sentence.notes)
    assert not any("no estimate whatever" in note for note in lab(people=1500).sentence.notes)


def test_a_step_repaints_only_what_moves() -> None:
    shown = lab()
    shown.picture()
    shown.set(people=900, estimate=-0.2, smallest=0.3, truth=0.2)
    png = shown.picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(
        pixels(png), pixels(lab(people=900, estimate=-0.2, smallest=0.3, truth=0.2).picture())
    )


def test_the_interval_and_the_band_stand_where_the_result_says() -> None:
    shown = lab(estimate=0.1, people=400, smallest=0.25)
    shown.picture()
    artists, test = shown._artists, shown.result.test
    assert artists.narrow_interval.get_xdata() == pytest.approx([test.low, test.high])
    assert artists.wide_interval.get_xdata() == pytest.approx([test.estimate.low, test.estimate.high])
    assert (artists.band.get_x(), artists.band.get_width()) == pytest.approx((-0.25, 0.5))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("parameters", [case for case, _ in CASES[:4]])
def test_no_words_overlap_or_leave_the_picture(room: int, parameters: dict[str, Any]) -> None:
    shown = lab(**parameters)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    texts = list(figure.texts)
    for axes in figure.axes:
        texts += [axes.xaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts]
        legend = axes.get_legend()
        texts += [*legend.get_texts(), legend.get_title()] if legend else []
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


def test_the_picture_and_its_words_say_that_it_is_simulated() -> None:
    shown = lab()
    shown.picture()
    assert any("simulated for teaching" in text.get_text() for text in shown.painter.figure.texts)
    assert "Simulated for teaching" in shown.sentence.alt


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"estimate": 0.7}, "estimate=0.7 must lie from -0.6 to 0.6"),
        ({"estimate": "small"}, "estimate='small' is not a number"),
        ({"smallest": 0}, "smallest=0 must lie from 0.05 to 0.6"),
        ({"truth": -0.1}, "truth=-0.1 must lie from 0 to 0.6"),
        ({"sd": 9}, "sd=9 must lie from 0.2 to 3"),
        ({"people": 5}, "people=5 must be a whole number from 20 to 3,000"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    wanted = {"estimate": -0.12, "people": 900, "smallest": 0.3, "truth": 0.15}
    for name, value in wanted.items():
        shown.control[name].value = value
    assert shown.params == Params(**wanted)
