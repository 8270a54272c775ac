"""BayesTracer: what it weighs, says, draws and keeps, without kernel or browser."""

from __future__ import annotations

import json
import math
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.data.tracing_set import working_set
from helpers.labs.bayes_tracer import CHANCES, BayesTracer, odds_words, pairs
from helpers.vietnam.tracing import STEPS

ITEMS = [each.id for each in working_set().items]
SOME = {"FRG-03": 10, "FRA-08": -10, "FRA-09": -20, "UKM-15": -3, "PHL-09": 3}
ALL = {item: STEPS[(3 * place) % 9] for place, item in enumerate(ITEMS)}


def lab(**parameters: Any) -> BayesTracer:
    return BayesTracer(remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.BayesTracer is BayesTracer


def test_belief_is_bayes_rule_on_odds() -> None:
    shown = lab(judged=SOME, prior=-3)
    odds = 10**-0.3 * math.prod(10 ** (weight / 10) for weight in SOME.values())
    assert shown.result.trace.probability == pytest.approx(odds / (1 + odds))


def test_a_cluster_that_counts_once_counts_its_strongest_item() -> None:
    assert lab(judged=SOME, share=0.0).result.trace.total == pytest.approx(10 - 20 - 3 + 3)
    assert lab(judged=SOME, share=0.5).result.trace.total == pytest.approx(10 - 20 - 5 - 3 + 3)


def test_doubt_of_one_step_gives_the_band_of_the_scale() -> None:
    low, high = lab(judged={"FRG-03": 10, "UKM-15": -3}, doubt=1).result.trace.band
    assert (low, high) == (3 - 10, 20 + 0)
    assert "Band: -7.0 to +20.0 dB." in repr(lab(judged={"FRG-03": 10, "UKM-15": -3}, doubt=1))


def test_an_item_that_is_left_out_does_not_count_and_stays_judged() -> None:
    shown = lab(judged=SOME, left_out="FRA-09")
    assert shown.result.counted.total == shown.result.trace.total + 20
    assert "FRA-09 left out" in repr(shown)
    assert "FRA-09" not in shown.result.without


def test_without_each_item_is_belief_of_a_lab_that_never_saw_it() -> None:
    shown = lab(judged=SOME, share=0.0)
    for item, (without, turns) in shown.result.without.items():
        rest = lab(judged={key: value for key, value in SOME.items() if key != item}, share=0.0)
        assert without == pytest.approx(rest.result.trace.total)
        assert turns == (rest.result.trace.verdict != shown.result.trace.verdict)


def test_judgements_of_one_pair_leave_the_others_alone() -> None:
    shown = lab(judged=SOME)
    shown.set(pair="divided/payment")
    assert shown.result.trace.judgements == ()
    shown.set(pair="hawkish/divided")
    assert len(shown.result.trace.judgements) == len(SOME)


def test_the_lab_says_which_comparison_it_shows() -> None:
    said = lab(judged=SOME).sentence
    assert said.text.startswith(
        "Shown: two named rivals, Hawkish Reassurance Theory against divided priorities. 5 of 16"
    )
    said = lab(view="negation").sentence
    assert "compare Hawkish Reassurance Theory with its negation and with no named rival" in said.text


def test_a_test_against_the_negation_is_named_and_weighed() -> None:
    shown = lab(view="negation", item="FRG-03", tests=(("hawkish", "FRG-03", 0.9, 0.3),))
    assert "FRG-03 is a hoop test: +4.8 dB if found, -8.5 dB if looked for and not found." in repr(shown)
    half = lab(view="negation", item="FRG-03", tests=(("hawkish", "FRG-03", 0.9, None),))
    assert "both chances are needed" in repr(half)
    assert half.result.tested == ()


def test_every_item_in_the_table_has_its_source_and_confidence() -> None:
    table = lab(judged=ALL).sentence.table
    assert len(table) == 16
    assert list(table["source"]) == [each.row["citation"] for each in working_set().items]
    assert set(table["confidence"]) == {"verified"}


def test_the_course_s_own_judgements_are_nowhere_in_the_lab() -> None:
    shown = lab(judged=ALL)
    words = str(shown.sentence) + "".join(
        shown.control["judged"].card.value for _ in [shown.set(item=item) for item in ITEMS]
    )
    assert not [each.id for each in working_set().items if each.reason[:30] in words]


@pytest.mark.parametrize("weight", [0.0, 3.0, -10.0, 28.0, -61.0])
def test_odds_in_words_are_right(weight: float) -> None:
    said = odds_words(weight, "A", "B")
    if abs(weight) < 0.5:
        assert said == "about even"
    elif abs(weight) <= 60:
        number = float(said.split()[0].replace(",", ""))
        assert number == pytest.approx(10 ** (abs(weight) / 10), rel=0.05)
        assert said.endswith("A" if weight > 0 else "B")
    else:
        assert said == "over a million to 1 for B"


# ------------------------------------------------------------------ the desk


def test_the_scale_judges_the_item_on_the_table_and_takes_it_back() -> None:
    shown = lab()
    desk = shown.control["judged"]
    scale = desk.scales.children[1]
    scale.value = 10
    desk.next.click()
    assert shown.params.item == ITEMS[1]
    assert scale.value == ""
    scale.value = -3
    assert shown.params.judged == (
        ("hawkish/divided", ITEMS[0], 10),
        ("hawkish/divided", ITEMS[1], -3),
    )
    desk.back.click()
    assert scale.value == 10
    scale.value = ""
    assert shown.params.judged == (("hawkish/divided", ITEMS[1], -3),)
    assert [button.disabled for button in (desk.back, desk.next)] == [True, False]


def test_the_desk_turns_to_another_pair_and_back() -> None:
    shown = lab(judged={ITEMS[0]: 10})
    scale = shown.control["judged"].scales.children[1]
    assert scale.value == 10
    shown.control["pair"].value = "payment/reliability"
    assert scale.value == ""
    assert any("for payment" in words for words, _ in scale.options)
    scale.value = -20
    shown.control["pair"].value = "hawkish/divided"
    assert scale.value == 10
    assert len(shown.params.judged) == 2


def test_the_desk_takes_chances_in_the_other_view() -> None:
    shown = lab()
    shown.control["view"].value = "negation"
    _, if_true, if_not, *_ = shown.control["judged"].scales.children
    if_true.value = 0.95
    assert shown.params.tests == (("hawkish", ITEMS[0], 0.95, None),)
    if_not.value = 0.05
    assert "doubly decisive" in repr(shown)
    shown.control["judged"].next.click()
    assert (if_true.value, if_not.value) == ("", "")
    assert shown.params.tests == (("hawkish", ITEMS[0], 0.95, 0.05),)


def test_every_hypothesis_can_be_set_against_its_negation() -> None:
    shown = lab(view="negation")
    for name in working_set().names:
        shown.control["tested"].value = name
        assert working_set().names[name] in repr(shown)
        shown.control["judged"].scales.children[1].value = 0.9
    assert [key for key, *_ in shown.params.tests] == list(working_set().names)


def test_a_view_shows_only_what_it_uses() -> None:
    shown = lab()
    for view, hidden in (("negation", ("pair", "prior")), ("rivals", ("tested",))):
        shown.control["view"].value = view
        for name in ("pair", "tested"):
            assert (shown.control[name].layout.display == "none") == (name in hidden)


def test_reset_clears_the_desk() -> None:
    shown = lab()
    scale = shown.control["judged"].scales.children[1]
    scale.value = 10
    shown.reset()
    assert scale.value == ""
    assert shown.params.judged == ()


def test_every_key_is_kept_and_found_again(course_home: Path) -> None:
    shown = BayesTracer()
    scale = shown.control["judged"].scales.children[1]
    file = course_home / "state" / "bayes_tracer.json"
    for weight in (3, 10, 20):
        scale.value = weight
        assert json.loads(file.read_text(encoding="utf-8"))["data"]["params"]["judged"] == [
            ["hawkish/divided", ITEMS[0], weight]
        ]
    shown.control["view"].value = "negation"
    shown.control["judged"].scales.children[1].value = 0.9
    again = BayesTracer()
    assert again.params == shown.params
    assert again.params.tests == (("hawkish", ITEMS[0], 0.9, None),)


# ------------------------------------------------------------------ the picture


def test_bars_end_where_belief_is_after_each_item() -> None:
    shown = lab(judged=ALL, share=0.5, prior=5)
    shown.picture()
    frame = shown.result.trace.to_frame().set_index("item")
    for item, tip in zip(ITEMS, shown._artists.tips, strict=True):
        assert list(tip.get_xdata()) == pytest.approx([frame.loc[item, "after"]])
    for item, dot in zip(ITEMS, shown._artists.dots, strict=True):
        assert list(dot.get_xdata()) == pytest.approx([shown.result.without[item][0]])


def test_everything_lies_within_the_axes_even_at_the_ends_of_the_scale() -> None:
    for sign in (1, -1):
        shown = lab(judged=dict.fromkeys(ITEMS, 30 * sign), prior=20 * sign)
        shown.picture()
        reach = shown._artists.panels["rivals"][0].get_xlim()[1]
        assert abs(shown.result.trace.total) <= reach


@pytest.mark.parametrize(
    "step",
    [
        {"judged": ALL},
        {"view": "negation", "tests": (("hawkish", "FRG-03", 0.9, 0.3),)},
        {"judged": SOME, "doubt": 2, "left_out": "FRA-09"},
    ],
)
def test_a_step_shows_what_a_fresh_lab_shows(step: dict[str, Any]) -> None:
    shown = lab()
    shown.picture()
    shown.set(view="negation")
    shown.picture()
    shown.set(view="rivals")
    shown.picture()
    shown.set(**step)
    assert np.array_equal(pixels(shown.picture()), pixels(lab(**step).picture()))


def test_a_judgement_repaints_only_what_moves() -> None:
    shown = lab(judged={"FRG-03": 10})
    shown.picture()
    shown.set(judged=(("hawkish/divided", "FRG-03", -3),), doubt=1)
    shown.picture()
    assert shown.painter.backgrounds_drawn == 1


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("pair", list(pairs()))
@pytest.mark.parametrize("view", ["rivals", "negation"])
def test_no_words_overlap_or_leave_the_picture(room: int, pair: str, view: str) -> None:
    name = pairs()[pair][1]
    tests = tuple((name, item, (*CHANCES,)[n % 7], (*CHANCES,)[(n + 3) % 7]) for n, item in enumerate(ITEMS))
    judged = tuple((pair, item, weight) for item, weight in ALL.items())
    shown = lab(view=view, pair=pair, tested=name, judged=judged, tests=tests, share=0.25, doubt=1)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    panels = [axes for axes in figure.axes if axes.get_visible()]
    texts = list(figure.texts)
    for axes in panels:
        texts += [axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]
        texts += [text for text in axes.texts if text not in shown._artists.spot_texts]
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
    for i, (words, box) in enumerate(boxes):
        assert box.x0 >= -1, words
        assert box.x1 <= figure.bbox.x1 + 1, words
        for other, beside in boxes[:i]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert wide <= 0 or high <= 3, f"{words!r} over {other!r}"
    assert min(text.get_fontsize() for text in texts if text.get_text()) >= 11


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"view": "both"}, "view='both' is not known; there are rivals, negation"),
        ({"pair": "hawkish/hawkish"}, "pair='hawkish/hawkish' is not known"),
        ({"tested": "nobody"}, "tested='nobody' is not known; there are hawkish, divided"),
        ({"item": "XXX-1"}, "item='XXX-1' is not known"),
        ({"judged": {"XXX-1": 10}}, "judgement 10 of 'XXX-1'"),
        ({"judged": {"FRG-03": 7}}, "judgement 7 of 'FRG-03'"),
        ({"judged": (("hawkish/divided", "FRG-03", 3),) * 2}, "FRG-03 is judged twice for hawkish/divided"),
        ({"tests": (("hawkish", "FRG-03", 1.0, 0.1),)}, r"chances \[1.0, 0.1\] of 'FRG-03'"),
        ({"prior": 90}, "prior=90 must be a whole number of decibels from -20 to 20"),
        ({"share": 0.3}, "share=0.3 is not known"),
        ({"left_out": "nobody"}, "left_out='nobody' is not known"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)
