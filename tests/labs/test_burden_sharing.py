"""BurdenSharing: what it computes, says and draws, without kernel or browser."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.stats import spearmanr

from helpers import labs
from helpers.labs.burden_sharing import HOSTS, LIMITS, WHO, WORLDS, BurdenSharing, Params

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def lab(**parameters: Any) -> BurdenSharing:
    return BurdenSharing(remember=False, **parameters)


def members() -> list[tuple[float, float, str]]:
    with (DATASETS / "allies_panel.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["year"] == "1969" and row["nato"] == "1"]
    known = [row for row in rows if row["milex_pct_gdp"] and row["gnp_usd_mn_current"]]
    return sorted(
        (float(row["gnp_usd_mn_current"]), float(row["milex_pct_gdp"]), row["country"]) for row in known
    )[::-1]


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.BurdenSharing is BurdenSharing


def test_it_starts_with_one_payer_worked_by_hand() -> None:
    # Alone, Large buys 5 % of 600 = 30. Middle would want .05 * (250 + 30) = 14 in all, and has 30 already.
    start = lab()
    assert start.result.found.defence == pytest.approx((30, 0, 0))
    assert "1 of 3 allies buys defence: Large. Together they spend 30.0 billion." in start.sentence.text
    assert "Large has 67% of the income and 100% of the defence; burdens: Large 5.0 %, Small 0.0 %." in repr(
        start
    )


def test_a_deployment_is_taken_back_in_part_worked_by_hand() -> None:
    # .05 * (600 + 10) - 10 = 20.5 instead of 30: for each of 10 billion, 0.95 less.
    assert "Together they spend 20.5 billion, instead of 30.0" in lab(deployment=10).sentence.text
    assert "for each billion deployed, they spend 0.95 less" in lab(deployment=10).sentence.text


def test_a_host_cuts_and_its_neighbours_do_not_if_the_good_is_private() -> None:
    for host, place in (("largest", 0), ("second", 1), ("smallest", 2)):
        burdens = lab(deployment=2, impure=100, host=host).result.found.burden
        assert [burden < 5 - 1e-9 for burden in burdens] == [i == place for i in range(3)]
    assert lab(deployment=2, impure=100).result.found.burden == pytest.approx((5, 5, 5))
    assert "makes no difference" in lab(deployment=2, host="largest").sentence.notes[-1]


def test_equals_pay_alike_and_a_private_good_is_paid_by_all() -> None:
    equal = lab(inequality=0).result.found
    assert equal.burden == pytest.approx([equal.burden[0]] * 3)
    assert sum(ally.income for ally in equal.allies) == pytest.approx(900)
    private = lab(impure=100).result.found
    assert private.burden == pytest.approx((5, 5, 5))


def test_extra_taste_goes_to_the_ally_that_was_chosen() -> None:
    for who, place in (("largest", 0), ("second", 1), ("smallest", 2)):
        assert lab(who=who, extra=3).result.alone == pytest.approx([8 if i == place else 5 for i in range(3)])


@pytest.mark.parametrize("world", ["nato", "nato_guardian"])
def test_sizes_and_burdens_of_nato_are_those_of_the_file(world: str) -> None:
    rows = members() if world == "nato_guardian" else members()[1:]
    result = lab(world=world).result
    assert [ally.name for ally in result.found.allies] == [name for _, _, name in rows]
    assert [ally.income for ally in result.found.allies] == pytest.approx(
        [size / 1000 for size, _, _ in rows]
    )
    assert result.observed == pytest.approx([burden for _, burden, _ in rows])
    rho = spearmanr([size for size, _, _ in rows], [burden for _, burden, _ in rows]).statistic
    assert f"in the data of 1969 {rho:.2f}" in lab(world=world).sentence.notes[0]


def test_the_models_rank_correlation_is_that_of_scipy() -> None:
    shown = lab(world="nato", taste=4, impure=90)
    sizes = [ally.income for ally in shown.result.found.allies]
    rho = spearmanr(sizes, np.round(shown.result.found.burden, 9)).statistic
    assert f"in the model {rho:.2f};" in shown.sentence.notes[0]
    assert "none, since all burdens are equal" in lab(world="nato", impure=100).sentence.notes[0]


def test_made_up_sizes_are_never_compared_with_the_data() -> None:
    changed = lab(world="nato", inequality=0.5)
    assert changed.result.observed == ()
    assert "these are not the real sizes" in changed.sentence.notes[0]
    assert not any("data" in column for column in changed.sentence.table.columns)
    changed.picture()
    assert not any(part.get_visible() for part in changed._artists.key)


def test_a_world_in_which_nobody_buys_says_so() -> None:
    nobody = lab(deployment=40)
    assert "None of 3 allies buys defence." in nobody.sentence.text
    assert nobody.picture()


def test_a_second_guardian_is_pointed_out() -> None:
    assert any("a second one" in note for note in lab(world="nato_guardian", deployment=5).sentence.notes)


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("world", WORLDS)
def test_no_letters_overlap_or_leave_the_picture(world: str, room: int) -> None:
    for more in ({}, {"impure": 100, "taste": 10, "extra": 10}):
        shown = lab(world=world, **more)  # type: ignore[arg-type]
        shown.fit(room)
        shown.picture()
        moves, figure = shown._artists, shown.painter.figure
        texts = [*(t for names in moves.names for t in names), *moves.amounts, *figure.texts]
        boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
        for i, (name, box) in enumerate(boxes):
            assert box.x0 >= -1, name
            assert box.x1 <= figure.bbox.x1 + 1, name
            for other, beside in boxes[:i]:
                wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
                high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
                assert wide <= 0 or high <= 3, f"{name!r} over {other!r} ({world})"


@pytest.mark.parametrize("more", [{}, {"taste": 10, "extra": 10, "who": "largest"}, {"taste": 0.5}])
@pytest.mark.parametrize("world", WORLDS)
def test_no_mark_reaches_the_numbers_at_the_edge(world: str, more: dict[str, Any]) -> None:
    shown = lab(world=world, **more)
    shown.picture()
    moves = shown._artists
    edge = min(text.get_window_extent().x0 for text in moves.amounts if text.get_text())
    marks = [*shown.result.found.burden, *shown.result.alone, *shown.result.observed]
    assert moves.left.transData.transform((max(marks), 0))[0] + 7 <= edge


def test_all_letters_have_eleven_points_or_more() -> None:
    shown = lab(world="nato")
    shown.picture()
    sizes = [
        text.get_fontsize() for text in shown.painter.figure.findobj(lambda a: hasattr(a, "get_fontsize"))
    ]
    assert min(sizes) >= 11


def test_bars_and_marks_stand_where_the_result_says() -> None:
    shown = lab(world="nato", taste=4, impure=80, deployment=2)
    shown.picture()
    moves, result = shown._artists, shown.result
    assert [bar.get_width() for bar in moves.burdens[:13]] == pytest.approx(result.found.burden)
    assert list(moves.observed.get_xdata()) == pytest.approx(result.observed)
    assert list(moves.alone.get_xdata()) == pytest.approx(result.alone)
    assert sum(bar.get_width() for bar in moves.incomes) == pytest.approx(1)
    assert sum(bar.get_width() for bar in moves.defence) == pytest.approx(1)
    assert moves.burdens[13].get_width() == 0


def test_a_step_of_a_slider_repaints_only_what_moves() -> None:
    shown = lab(world="nato", impure=50)
    shown.picture()
    shown.set(impure=55)
    png, fresh = shown.picture(), lab(world="nato", impure=55).picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(np.asarray(Image.open(BytesIO(png))), np.asarray(Image.open(BytesIO(fresh))))


def test_from_a_large_world_to_a_small_one_nothing_is_left_behind() -> None:
    shown = lab(world="nato_guardian")
    shown.picture()
    shown.set(world="three")
    png, fresh = shown.picture(), lab().picture()
    assert np.array_equal(np.asarray(Image.open(BytesIO(png))), np.asarray(Image.open(BytesIO(fresh))))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"world": "warsaw"}, "world='warsaw' is not known; choose one of three, nato, nato_guardian"),
        ({"who": "me"}, "who='me' is not known"),
        ({"host": "me"}, "host='me' is not known"),
        ({"taste": 0}, "taste=0 must lie between 0.5 and 10"),
        ({"impure": 101}, "impure=101 must lie between 0 and 100"),
        ({"deployment": "many"}, "deployment='many' is not a number from 0 to 40"),
        ({"inequality": float("nan")}, "inequality=nan must lie"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    values = {
        "world": "nato",
        "inequality": 0.5,
        "taste": 3.5,
        "who": "second",
        "extra": 2.0,
        "deployment": 7.0,
    }
    for name, value in {**values, "host": "smallest", "impure": 40.0}.items():
        shown.control[name].value = value
    assert shown.params == Params(**values, host="smallest", impure=40.0)  # type: ignore[arg-type]
    assert set(shown.control) == {"world", "who", "host", *LIMITS}
    assert set(HOSTS) == {"nobody", *WHO}


def test_the_alternative_text_names_what_is_drawn() -> None:
    alt = lab(world="nato", impure=80).sentence.alt
    assert all(word in alt for word in ("13 allies", "diamond", "1969", "West Germany", "frame"))
