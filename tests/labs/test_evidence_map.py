"""EvidenceMap: what it computes, says and draws, by its file, without kernel or browser."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.data import neighbour_entries
from helpers.labs.evidence_map import EvidenceMap, Params

ENTRIES = neighbour_entries()


def lab(**parameters: Any) -> EvidenceMap:
    return EvidenceMap(remember=False, **parameters)


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.EvidenceMap is EvidenceMap


def test_the_sentence_counts_and_names_the_empty_cell() -> None:
    text = lab().sentence.text
    here = [each for each in ENTRIES if (each["who"], each["where"]) == ("citizens", "here")]
    assert f"{len(ENTRIES)} of {len(ENTRIES)} works. Most ({len(here)}) stand where citizens" in text
    assert text.endswith("Empty in the table of lesson 01: citizens who are to be protected listen and force is "
                         "shown elsewhere.")  # fmt: skip


def test_only_what_is_asked_for_is_listed_and_the_rest_stays_grey() -> None:
    shown = lab(outcome="protection")
    assert shown.sentence.table["work"].tolist() == [
        "1 Sorg and Wucherpfennig 2024",
        "11 Emnid poll 2019",
        "18 Blankenship and Lin-Greenberg 2021",
    ]
    shown.picture()
    signs = [text.get_text() for text in shown._artists.glyphs]
    assert [number + 1 for number, sign in enumerate(signs) if sign] == [1, 11, 18]
    assert signs[10] == "L"
    assert len(shown._artists.numbers) == len(ENTRIES)


def test_a_second_hand_finding_is_hollow_although_the_work_has_others_that_were_read() -> None:
    shown = lab(outcome="threat")
    shown.picture()
    faces = shown._artists.marks["experiment"].get_facecolor()
    assert faces[0].tolist() == [1, 1, 1, 1]
    assert "According to the Hertie School" in shown.sentence.table["in words"].iloc[0]
    assert [row.known for row in shown.sentence.table.itertuples()] == ["second-hand", "read in the source"]


def test_two_works_are_set_side_by_side_with_their_rival_explanations() -> None:
    shown = lab(first=3, second=4)
    assert shown.result.apart == ("places", "signal")
    assert "differ in 2 of 6 respects: which people or states, what varies." in shown.sentence.text
    assert "these are 2 rival explanations" in shown.sentence.text
    table = shown.sentence.table.set_index("respect")
    assert table.loc["who listens", "they"] == "alike"
    assert table.loc["what varies", "they"] == "differ"
    assert "Ringed: Blankenship 2024 and Barrett and Nilsen 2026." in shown.sentence.alt


def test_one_work_or_twice_the_same_is_no_pair() -> None:
    for parameters in ({"first": 3}, {"second": 4}, {"first": 5, "second": 5}):
        assert lab(**parameters).result.pair == ()


def test_what_nobody_did_says_so_and_does_not_claim_a_census() -> None:
    shown = lab(outcome="help", design="cases")
    assert shown.sentence.text.startswith("None of the 34 works is of this kind")
    assert len(shown.sentence.table) == 0
    assert shown.picture()


@pytest.mark.parametrize("room", [1200, 500])
@pytest.mark.parametrize(
    "parameters", [{}, {"first": 1, "second": 34}, {"outcome": "effort", "mark": "read"}]
)
def test_no_words_leave_the_picture_or_touch(parameters: dict[str, Any], room: int) -> None:
    shown = lab(**parameters)
    shown.fit(room)
    shown.picture()
    figure, moves = shown.painter.figure, shown._artists
    texts = [*figure.texts, *moves.numbers, *(text for text in moves.glyphs if text.get_text())]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts]
    for words, box in boxes:
        assert box.x0 >= -1, words
        assert box.x1 <= figure.bbox.x1 + 1, words
    assert not [(a, b) for i, (a, one) in enumerate(boxes) for b, two in boxes[i + 1 :] if one.overlaps(two)]
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


def test_what_is_redrawn_is_what_would_be_drawn_afresh_on_the_same_background() -> None:
    shown = lab(outcome="effort", first=2, second=9)
    shown.picture()
    shown.set(outcome="any", design="panel", mark="read", first=0, second=4)
    png, fresh = shown.picture(), lab(design="panel", mark="read", second=4).picture()
    assert np.array_equal(*(np.asarray(Image.open(BytesIO(each))) for each in (png, fresh)))
    assert shown.painter.backgrounds_drawn == 1


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"outcome": "safety"}, "outcome='safety' is not known; choose any or one of protection"),
        ({"design": "guess"}, "design='guess' is not known"),
        ({"mark": "heard"}, "mark='heard' is not known"),
        ({"first": 35}, r"first=35 must be a whole number from 0 \(none\) to 34"),
        ({"second": "2"}, "second='2' must be"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    values = {"outcome": "effort", "design": "survey", "mark": "read", "first": 8, "second": 1}
    for name, value in values.items():
        shown.control[name].value = value
    assert shown.params == Params(**values)  # type: ignore[arg-type]
