"""GuaranteeGame: what it computes, says and draws, without kernel or browser."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.labs.guarantee_game import KINDS, GuaranteeGame, Params


def game(**parameters: Any) -> GuaranteeGame:
    return GuaranteeGame(remember=False, **parameters)


SETTINGS = [
    {"kind": kind, "signal": signal, "cost": cost, "prior": prior, "worth": worth, "hedge_cost": hedge}
    for kind, signal, (cost, prior), worth, hedge in product(
        KINDS,
        ("sunk", "tied"),
        ((8, 0.7), (10, 0.6), (14, 0.4), (30, 0.95)),
        ((10, 20), (1, 2), (29, 30)),
        (0.32, 0.02),
    )
]


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.GuaranteeGame is GuaranteeGame


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        (
            {},
            "After the signal: belief 1.00, the ally stays with effort 0.00. After silence: belief 0.00, the ally "
            "hedges.",
        ),
        ({"cost": 8, "kind": "signal"}, "nothing is learnt: 0.70 before and after"),
        ({"cost": 8, "prior": 0.4, "kind": "bluff"}, "lifts belief from 0.40 to 0.60"),
        ({"cost": 8, "prior": 0.4, "kind": "bluff"}, "the ally stays 80 % with effort 0.40"),
        ({"kind": "silence"}, "any belief supports the equilibrium"),
        ({"kind": "silence", "prior": 0.4}, "at most 0.60 supports the equilibrium"),
        ({"cost": 14, "kind": "reticence"}, "Silence lowers belief from 0.70 to 0.60"),
        ({"cost": 24, "signal": "tied"}, "tells the types apart"),
    ],
)
def test_the_sentence_says_what_is_learnt(parameters: dict[str, Any], words: str) -> None:
    assert words in game(**parameters).sentence.text


def test_an_equilibrium_that_does_not_exist_says_when_it_would() -> None:
    lab = game(cost=24)
    assert lab.result.shown is None
    assert lab.sentence.text == (
        'No equilibrium "Separating: only the resolved sends it" exists here. It exists if the cost lies between what '
        "the alliance is worth to the two types. Here exists: Pooling: neither sends it."
    )
    lab.picture()
    assert lab._artists.title.get_text() == "No such equilibrium here"
    assert [bar.get_width() for bar in lab._artists.bars[1:]] == [0, 0]


def test_the_table_names_all_that_exist_and_the_refinements() -> None:
    table = game(prior=0.4, cost=8).sentence.table
    assert table["equilibrium"].tolist() == [KINDS["silence"], KINDS["bluff"]]
    assert table["intuitive criterion"].tolist() == ["survives", "survives"]
    assert table["D1"].tolist() == ["fails", "survives"]
    assert table["unresolved sends"].tolist() == ["never", "44 %"]


def test_a_silence_that_a_refinement_breaks_is_called_shaky() -> None:
    assert any(note.startswith("Shaky") for note in game(prior=0.4, cost=8, kind="silence").sentence.notes)
    assert not any(
        note.startswith("Shaky") for note in game(prior=0.7, cost=8, kind="silence").sentence.notes
    )


@pytest.mark.parametrize(
    ("worth", "kind"), [((10, 20), "separating"), ((10, 20), "signal"), ((5, 9), "bluff")]
)
def test_the_dot_lies_in_the_shaded_area_where_the_equilibrium_exists(
    worth: tuple[int, int], kind: str
) -> None:
    for cost, prior in product((4, 7, 12, 25), (0.3, 0.8)):
        lab = game(worth=worth, kind=kind, cost=cost, prior=prior)
        lab.picture()
        inside = lab._artists.area.get_bbox().contains(*(float(v[0]) for v in lab._artists.dot.get_data()))
        assert inside == (lab.result.shown is not None)


def test_bars_reach_to_the_beliefs_and_the_unseen_is_hatched() -> None:
    lab = game(cost=8, kind="signal")
    lab.picture()
    assert [bar.get_width() for bar in lab._artists.bars] == pytest.approx([0.7, 0.7, 0.6])
    assert [bool(bar.get_hatch()) for bar in lab._artists.bars] == [False, False, True]
    assert "never seen" in lab._artists.heads[2].get_text()


@pytest.mark.parametrize("room", [1200, 400])
def test_no_letters_overlap_or_leave_the_picture(room: int) -> None:
    lab = game()
    lab.fit(room)
    for settings in SETTINGS[::3]:
        lab.set(**settings)
        lab.picture()
        moves, figure = lab._artists, lab.painter.figure
        texts = {*figure.texts, *moves.heads, *moves.feet, *moves.worth_texts, moves.needed_text}
        axis = [
            *figure.axes[1].get_xticklabels(),
            *figure.axes[1].get_yticklabels(),
            figure.axes[1].yaxis.label,
        ]
        seen = [(t.get_text(), t.get_window_extent()) for t in [*texts, *axis] if t.get_text()]
        for i, (name, box) in enumerate(seen):
            assert box.x0 >= -1, (name, settings)
            assert box.x1 <= figure.bbox.x1 + 1, (name, settings)
            for other, beside in seen[:i]:
                wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
                high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
                assert wide <= 0 or high <= 3, f"{name!r} over {other!r} in {settings}"


def test_all_letters_have_eleven_points_or_more() -> None:
    lab = game()
    lab.picture()
    sizes = [text.get_fontsize() for text in lab.painter.figure.findobj(lambda a: hasattr(a, "get_fontsize"))]
    assert min(sizes) >= 11


def test_no_setting_needs_a_new_background() -> None:
    lab = game()
    lab.picture()
    for settings in SETTINGS[::7]:
        lab.set(**settings)
        png = lab.picture()
    fresh = game(**SETTINGS[::7][-1]).picture()
    assert lab.painter.backgrounds_drawn == 1
    assert np.array_equal(np.asarray(Image.open(BytesIO(png))), np.asarray(Image.open(BytesIO(fresh))))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"kind": "cheap"}, "kind='cheap' is not known; choose one of separating, signal"),
        ({"cost": 31}, "must not be above 30"),
        ({"worth": (20, 20)}, "worth more to a resolved guardian"),
        ({"prior": 0}, "prior=0 must lie between 0 and 1"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        game(**parameters)


def test_the_controls_set_the_parameters() -> None:
    lab = game()
    lab.control["kind"].value = "bluff"
    lab.control["signal"].value = "tied"
    lab.control["cost"].value = 6.5
    lab.control["prior"].value = 0.35
    lab.control["worth"].value = (8, 12)
    lab.control["hedge_cost"].value = 0.25
    assert lab.params == Params("tied", 6.5, 0.35, (8, 12), 0.25, "bluff")


def test_types_with_equal_stakes_are_refused_in_words() -> None:
    lab = game()
    lab.control["worth"].value = (15, 15)
    assert "worth more to a resolved guardian" in lab.view.content["sentence"]
    assert lab.params.worth == (10, 20)


def test_the_alternative_text_names_what_is_drawn() -> None:
    alt = game(cost=8, kind="signal").sentence.alt
    assert "exists at costs 0 to 10 and beliefs 0.60 to 1.00" in alt
    assert "a dot marks your setting" in alt
