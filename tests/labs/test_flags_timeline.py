"""FlagsTimeline: what it computes, says and draws, by csv and by hand, without kernel or browser."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.labs.flags_timeline import MEASURES, ORDERS, FlagsTimeline, Params
from helpers.vietnam.forces import READINGS, YEARS

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
with (DATASETS / "vietnam_forces.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
CELLS = {(row["unit"], int(row["year"])): int(row["strength_as_transcribed"]) for row in ROWS}
PRINTED = {int(row["year"]): int(row["column_total_printed"]) for row in ROWS}


def lab(**parameters: Any) -> FlagsTimeline:
    return FlagsTimeline(remember=False, **parameters)


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.FlagsTimeline is FlagsTimeline


def test_the_cells_are_those_of_the_file_and_no_column_adds_up() -> None:
    shown = lab().result
    assert {(u, y): v for y in YEARS for u, v in shown.values[y].items()} == CELLS
    for year in YEARS:
        gap = PRINTED[year] - sum(v for (_, y), v in CELLS.items() if y == year)
        assert shown.sums.loc[year, "gap"] == gap != 0
    assert "0 of 7 columns add up" in lab().sentence.text


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (1964, "sum to 487 persons and the printed total is 467: 20 fewer"),
        (1967, "sum to 59,430 persons and the printed total is 59,450: 20 more"),
    ],
)
def test_the_sentence_says_what_does_not_add_up(year: int, words: str) -> None:
    assert words in lab(year=year).sentence.text


def test_repairs_make_three_columns_add_up_and_are_marked() -> None:
    shown = lab(reading="repaired", year=1967)
    assert "59,450: it adds up. 3 of 7 columns add up" in shown.sentence.text
    assert any(note.startswith("* repaired") for note in shown.sentence.notes)
    shown.picture()
    assert [text.get_text() for text in shown._artists.values][5] == "534*"
    assert len(shown._artists.diamonds.get_offsets()) == 3
    assert [text.get_text() for text in shown._artists.gaps] == [
        "fits",
        "fits",
        "-357",
        "fits",
        "-2,197",
        "-2,191",
        "-135",
    ]


def test_a_guess_is_never_shown_as_a_reading() -> None:
    shown = lab(reading="guessed", year=1969)
    shown.picture()
    assert "48,869?" in [text.get_text() for text in shown._artists.values]
    assert "it restores no printed total" in " ".join(shown.sentence.notes)
    assert "two guesses" in shown.sentence.text
    assert "3,000 fewer" in shown.sentence.text
    assert "misread" in " ".join(shown.sentence.table["repaired"])


def test_shares_of_the_sum_make_a_hundred_and_those_of_the_printed_total_do_not() -> None:
    assert lab(measure="of_sum").result.values.sum().to_numpy() == pytest.approx(np.full(7, 100.0))
    shown = lab(measure="of_printed", year=1968)
    assert shown.result.values[1968].sum() == pytest.approx(100 * 65_799 / 63_602)
    assert "The shares make 103.5 per cent" in shown.sentence.text


def test_battalions_are_known_for_three_and_the_others_have_no_figure() -> None:
    shown = lab(measure="battalions", year=1970, reading="guessed")
    assert "sum to 31 battalions and the printed total is 51: 20 more" in shown.sentence.text
    assert "as transcribed" in shown.sentence.text
    assert shown.sentence.table["manoeuvre battalions, 1970"].tolist() == [
        "6",
        *["no figure"] * 2,
        "22",
        "3",
        *["no figure"] * 2,
    ]
    assert "No ally had" in lab(measure="battalions", year=1964).sentence.text


def test_a_tie_names_both() -> None:
    assert "Most: South Korea and Australia, 200 each" in lab(year=1964).sentence.text


def test_the_order_follows_distance_or_stake() -> None:
    near = lab().result.allies
    assert near["km"].is_monotonic_increasing
    high = lab(order="stake").result.allies
    assert high["stake"].is_monotonic_decreasing
    assert any("own coding" in note for note in lab(order="stake").sentence.notes)


@pytest.mark.parametrize("room", [1200, 400])
def test_the_figure_says_that_neither_theory_is_about_troops(room: int) -> None:
    shown = lab()
    shown.fit(room)
    shown.picture()
    words = " ".join(text.get_text() for text in shown.painter.figure.texts).replace("\n", " ")
    assert "Neither theory is about troops sent" in words


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("order", ORDERS)
def test_no_words_leave_the_picture_or_touch(reading: str, measure: str, order: str, room: int) -> None:
    shown = lab(reading=reading, measure=measure, order=order, year=1969)
    shown.fit(room)
    shown.picture()
    figure, moves = shown.painter.figure, shown._artists
    beside = [*moves.names, *moves.values, *moves.gaps]
    for text in [*figure.texts, *beside]:
        box = text.get_window_extent()
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= figure.bbox.x1 + 1, text.get_text()
    boxes = [text.get_window_extent() for text in [*beside, *figure.texts]]
    assert not [(i, k) for i, a in enumerate(boxes) for k, b in enumerate(boxes) if i < k and a.overlaps(b)]
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


def test_what_is_redrawn_is_what_would_be_drawn_afresh_on_the_same_background() -> None:
    shown = lab(measure="battalions", order="stake", year=1964)
    shown.picture()
    shown.set(measure="persons", order="distance", reading="guessed", year=1968)
    png, fresh = shown.picture(), lab(reading="guessed", year=1968).picture()
    assert np.array_equal(*(np.asarray(Image.open(BytesIO(each))) for each in (png, fresh)))
    assert shown.painter.backgrounds_drawn == 1


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"reading": "printed"}, "reading='printed' is not known; choose one of transcribed"),
        ({"measure": "ships"}, "measure='ships' is not known"),
        ({"order": "alphabet"}, "order='alphabet' is not known"),
        ({"year": 1971}, "year=1971 must be a whole number from 1964 to 1970"),
        ({"year": 1966.5}, "year=1966.5 must be"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    values = {"reading": "repaired", "measure": "of_sum", "order": "stake", "year": 1970}
    for name, value in values.items():
        shown.control[name].value = value
    assert shown.params == Params(**values)  # type: ignore[arg-type]
