"""ComparisonLab: what it computes, says and draws; differences by csv and by hand, without kernel or browser."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.labs.comparison_lab import POOLS, WITHDRAWALS, ComparisonLab, Params

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
SHARES: dict[tuple[str, int], float] = {}
with (DATASETS / "milex.csv").open(encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        if row["milex_pct_gdp"]:
            SHARES[row["unit"], int(row["year"])] = float(row["milex_pct_gdp"])


def lab(**parameters: Any) -> ComparisonLab:
    return ComparisonLab(remember=False, **parameters)


def change(unit: str, year: int, before: int, after: int) -> float:
    """Mean after less mean before; missing if a year is."""
    first = [SHARES.get((unit, y), np.nan) for y in range(year - before, year)]
    then = [SHARES.get((unit, y), np.nan) for y in range(year, year + after)]
    return float(np.mean(then) - np.mean(first))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.ComparisonLab is ComparisonLab


@pytest.mark.parametrize("control", ["THA", "JPN", "PHL", "GRC"])
def test_differences_are_those_of_the_file(control: str) -> None:
    found = lab(controls=(control,)).result.found
    assert found is not None
    assert found.estimate == pytest.approx(change("KOR", 1971, 4, 2) - change(control, 1971, 4, 2))


def test_south_korea_hangs_on_the_control() -> None:
    signs = {unit: np.sign(lab(controls=(unit,)).result.found.estimate) for unit in ("THA", "JPN")}  # type: ignore[union-attr]
    assert signs == {"THA": -1, "JPN": 1}


def test_the_permutation_over_all_states_is_that_of_brute_force() -> None:
    shown = lab(pool="all")
    changes = {unit: change(unit, 1971, 4, 2) for unit in {u for u, _ in SHARES} - {"USA"}}
    changes = {unit: value for unit, value in changes.items() if np.isfinite(value)}
    donors = sorted(set(changes) - {"KOR"})
    total = sum(changes[unit] for unit in donors)
    own = abs(changes["KOR"] - total / len(donors))
    sizes = [abs(changes[u] - (total - changes[u]) / (len(donors) - 1)) for u in donors]
    p = (1 + sum(size >= own - 1e-12 for size in sizes)) / (len(donors) + 1)
    assert shown.result.n_donors == len(donors) > 100
    assert shown.result.permuted is not None
    assert shown.result.permuted.p_value == pytest.approx(p)
    assert f"{len(donors)} donors" in shown.sentence.text
    assert f"= {1 / (len(donors) + 1):.2f}" in shown.sentence.text


def test_four_states_cannot_give_a_small_p() -> None:
    shown = lab(controls=("JPN", "PHL", "THA"))
    assert shown.result.permuted is not None
    assert shown.result.permuted.p_value >= 0.25
    assert "the smallest that 4 states can give is 1/4 = 0.25" in shown.sentence.text


def test_a_new_edition_within_the_years_is_said_and_marked() -> None:
    inside, beyond = lab(after=2), lab(after=5)
    assert not any("new WMEAT edition" in note for note in inside.sentence.notes)
    assert any(note.startswith("1973:") and "two series" in note for note in beyond.sentence.notes)
    beyond.picture()
    shown = [letter.get_text() for line, letter in beyond._artists.marks if line.get_visible()]
    assert shown == ["new edition"]


def test_doubtful_figures_and_soldiers_that_left_the_controls_are_said() -> None:
    notes = " ".join(lab().sentence.notes)
    assert "Remark on Taiwan 1969" in notes
    assert "Japan 82,240 to 66,616" in notes


def test_years_before_the_file_begins_are_not_made_up() -> None:
    shown = lab(withdrawal="france", before=8)
    assert shown.result.event.before == 4
    assert any("The file begins in 1963" in note for note in shown.sentence.notes)


def test_a_control_without_figures_is_left_out_and_named() -> None:
    shown = lab(controls=("ISL", "JPN", "KOR"))
    assert shown.result.left_out[-1] == "KOR"
    assert "Left out" in " ".join(shown.sentence.notes)
    nobody = lab(controls=("KOR",))
    assert nobody.result.found is None
    assert "none of the controls" in nobody.sentence.text
    assert nobody.picture()


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("withdrawal", WITHDRAWALS)
@pytest.mark.parametrize("pool", POOLS)
def test_no_words_of_the_frame_leave_the_picture(withdrawal: str, pool: str, room: int) -> None:
    shown = lab(withdrawal=withdrawal, pool=pool, outcome="soldiers")
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    texts = [*figure.texts, *(axes.xaxis.label for axes in figure.axes), shown._artists.name]
    for text in texts:
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= figure.bbox.x1 + 1, text.get_text()
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


def test_what_is_redrawn_is_what_would_be_drawn_afresh() -> None:
    shown = lab(withdrawal="philippines", pool="all")
    shown.picture()
    shown.set(withdrawal="korea", pool="controls", controls=("JPN", "THA", "PHL"))
    png, fresh = shown.picture(), lab(controls=("JPN", "THA", "PHL")).picture()
    assert np.array_equal(*(np.asarray(Image.open(BytesIO(each))) for each in (png, fresh)))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"withdrawal": "iraq"}, "withdrawal='iraq' is not known"),
        ({"pool": "me"}, "pool='me' is not known"),
        ({"controls": ()}, "controls has 0 entries"),
        ({"controls": ("USA",)}, "No state 'USA'"),
        ({"before": 0}, "before=0 must be a whole number"),
        ({"after": 2.5}, "after=2.5 must be a whole number"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    values = {"withdrawal": "france", "outcome": "soldiers", "before": 3, "after": 4, "pool": "all"}
    for name, value in {**values, "controls": ("BEL", "ITA")}.items():
        shown.control[name].value = value
    assert shown.params == Params(**values, controls=("BEL", "ITA"))  # type: ignore[arg-type]
