"""MultipleTesting: what it simulates, says and draws, without kernel or browser."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from statsmodels.stats.multitest import multipletests

from helpers import labs
from helpers.experiments.corrections import CORRECTIONS
from helpers.labs.multiple_testing import FLOOR, MultipleTesting, Params, limits

OWN = [0.00001, 0.012, 0.03, 0.02, 0.8, 0.045]
PEER = {"none": None, "holm": "holm", "benjamini-hochberg": "fdr_bh"}


def lab(**parameters: Any) -> MultipleTesting:
    return MultipleTesting(remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.MultipleTesting is MultipleTesting


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("form", [OWN, np.array(OWN), " ".join(map(str, OWN)), "; ".join(map(str, OWN))])
def test_the_students_family_is_corrected_as_statsmodels_does(correction: str, form: Any) -> None:
    shown = lab(family=form, correction=correction)
    ranked = np.sort(OWN)
    peer = ranked <= 0.05
    if PEER[correction]:
        peer = multipletests(ranked, method=PEER[correction])[0]
    assert [member.called for member in shown.result.members] == peer.tolist()
    assert f"Your family of 6: {peer.sum()} called significant." in shown.sentence.text


@pytest.mark.parametrize("n_tests", [1, 5, 12])
def test_limits_are_those_that_the_corrections_keep(n_tests: int) -> None:
    """A family that lies just under its limits is called in full, one just above them not at all."""
    for correction in CORRECTIONS:
        bounds = limits(n_tests, correction)
        under = lab(family=bounds * 0.999, correction=correction).result.members
        over = lab(family=np.minimum(bounds * 1.001, 1), correction=correction).result.members
        assert all(member.called for member in under), correction
        assert not any(member.called for member in over), correction


@pytest.mark.parametrize("rank", range(5))
def test_one_p_value_above_holms_limit_stops_the_rest(rank: int) -> None:
    """No limit is too strict: just under it is called, and just above it neither it nor what follows."""
    values = limits(5, "holm") * 0.999
    values[rank:] = np.maximum(values[rank:], values[rank] / 0.999 * 1.001)
    called = [member.called for member in lab(family=values, correction="holm").result.members]
    assert called == [True] * rank + [False] * (5 - rank)
    assert limits(5, "holm") == pytest.approx([0.05 / 5, 0.05 / 4, 0.05 / 3, 0.05 / 2, 0.05])


def test_bars_are_shares_of_all_surveys() -> None:
    result = lab(outcomes=8, arms=3, true_nulls=0.25).result
    finds = (result.families.p_values <= 0.05).sum(axis=1)
    assert result.shares.sum() == pytest.approx(1)
    assert result.shares[3] == pytest.approx((finds == 3).mean())
    assert result.shares[12] == pytest.approx((finds >= 12).mean())


def test_nothing_there_and_still_something_found() -> None:
    said = lab(correlation=0, arms=1, outcomes=8).sentence
    assert "nothing to find" in said.text
    share = float(said.table.loc[0, "surveys with a false find"].rstrip("%"))
    assert share == pytest.approx(100 * (1 - 0.95**8), abs=4)
    assert said.table["real effects found"].eq("none real").all()


def test_all_real_leaves_no_false_find() -> None:
    said = lab(true_nulls=0, correction="holm").sentence
    assert "nothing to find falsely" in said.text
    assert said.table["surveys with a false find"].eq("none possible").all()


def test_corrections_cost_real_effects() -> None:
    rates = lab(true_nulls=0.5, outcomes=8).result.rates
    assert rates["none"].power > rates["benjamini-hochberg"].power > rates["holm"].power
    assert rates["none"].any_false > rates["benjamini-hochberg"].any_false > rates["holm"].any_false


def test_the_picture_and_its_words_say_that_it_is_simulated() -> None:
    shown = lab()
    shown.picture()
    assert any("simulated for teaching" in text.get_text() for text in shown.painter.figure.texts)
    assert "simulated for teaching" in shown.sentence.alt


def test_points_and_bars_stand_where_the_result_says() -> None:
    shown = lab(family=OWN, correction="holm")
    shown.picture()
    artists = shown._artists
    assert [bar.get_height() for bar in artists.bars] == pytest.approx(shown.result.shares)
    assert list(artists.beyond.get_ydata()) == [FLOOR]
    assert sorted([*artists.called.get_ydata(), *artists.others.get_ydata()]) == pytest.approx(
        sorted(OWN)[1:]
    )


def test_a_step_repaints_only_what_moves() -> None:
    shown = lab()
    shown.picture()
    shown.set(correction="holm", true_nulls=0.5, family="0.01 0.2", outcomes=8)
    png = shown.picture()
    fresh = lab(correction="holm", true_nulls=0.5, family="0.01 0.2", outcomes=8).picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(pixels(png), pixels(fresh))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("correction", CORRECTIONS)
def test_no_words_of_the_frame_overlap_or_leave_the_picture(room: int, correction: str) -> None:
    shown = lab(correction=correction, outcomes=8, true_nulls=0.5)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    texts = list(figure.texts)
    for axes in figure.axes:
        ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
        texts += [axes.xaxis.label, *ticks, *(text for text in axes.texts if len(text.get_text()) > 12)]
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= -1, name
        assert box.x1 <= figure.bbox.x1 + 1, name
        for other, beside in boxes[:i]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert wide <= 0 or high <= 3, f"{name!r} over {other!r}"
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"outcomes": 0}, "outcomes=0 must be a whole number from 1 to 8"),
        ({"arms": 4}, "arms=4 must be"),
        ({"surveys": 0}, "surveys=0 must be a whole number from 1 to 50"),
        ({"correlation": 0.95}, "correlation=0.95 must lie from 0 to 0.9"),
        ({"true_nulls": "many"}, "true_nulls='many' is not a number"),
        ({"correction": "bonferroni"}, "correction='bonferroni' is unknown"),
        ({"family": "0.01 often"}, "'often' is no p-value"),
        ({"family": "0.01 1.2"}, "'1.2' is no p-value; it must lie"),
        ({"family": [0.1, float("nan")]}, "'nan' is no p-value"),
        ({"family": 0.3}, "family=0.3 is no list"),
        ({"family": [0.1] * 61}, "61 p-values; up to 60"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    wanted = {
        "outcomes": 6, "arms": 2, "correlation": 0.5, "true_nulls": 0.75, "correction": "holm", "surveys": 3,
        "family": "0.01 0.5",
    }  # fmt: skip
    for name, value in wanted.items():
        shown.control[name].value = value
    assert shown.params == Params(**wanted)


def test_a_word_among_the_p_values_is_said_and_the_picture_stays() -> None:
    shown = lab()
    before = shown.params
    shown.control["family"].value = "0.01 x"
    assert shown.params == before
