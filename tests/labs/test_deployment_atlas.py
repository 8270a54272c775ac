"""DeploymentAtlas: what it computes, says and draws, without kernel or browser."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from helpers import labs
from helpers.labs.deployment_atlas import GROUPS, MOST_HOSTS, DeploymentAtlas, Params, _sources

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def atlas(**parameters: Any) -> DeploymentAtlas:
    return DeploymentAtlas(remember=False, **parameters)


def troops() -> dict[tuple[str, int], int]:
    with (DATASETS / "us_troops.csv").open(encoding="utf-8", newline="") as file:
        return {(row["unit"], int(row["year"])): int(row["troops"]) for row in csv.DictReader(file)}


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.DeploymentAtlas is DeploymentAtlas
    with pytest.raises(AttributeError, match=r"no lab 'Atlas'; there are: .*DeploymentAtlas"):
        labs.Atlas  # noqa: B018


@pytest.mark.parametrize("year", [1953, 1968, 1990, 2007, 2025])
def test_the_sentence_names_the_largest_host_of_the_last_year(year: int) -> None:
    most = max((count, unit) for (unit, when), count in troops().items() if when == year and unit != "USA")
    lab = atlas(years=(1950, year))
    assert lab.result.ranked.iloc[0]["unit"] == most[1]
    assert f"{most[0]:,}" in lab.sentence.text
    assert str(year) in lab.sentence.text


def test_lines_hold_the_counts_of_the_file() -> None:
    lab, counts = atlas(hosts=("JPN", "KOR"), years=(1950, 2025)), troops()
    for code, line in zip(("JPN", "KOR"), lab.result.lines, strict=True):
        for year, value in zip(lab.result.years, line.values, strict=True):
            if year not in (1951, 1952):
                assert value == counts[code, int(year)]


def test_imputed_years_are_bridged_and_never_called_the_highest() -> None:
    lab = atlas(hosts=("KOR",), years=(1950, 1953))
    start, *_, end = lab.result.lines[0].values
    assert lab.result.lines[0].values == pytest.approx(np.linspace(start, end, 4))
    assert "in 1953" in lab.sentence.text
    only = atlas(hosts=("KOR",), years=(1951, 1952))
    assert only.result.year is None
    assert "no counts, only imputed values" in only.sentence.text


def test_the_number_of_allies_among_the_largest_is_counted_right() -> None:
    lab = atlas(years=(1950, 2012))
    with (DATASETS / "us_alliances.csv").open(encoding="utf-8", newline="") as file:
        pacts = [row for row in csv.DictReader(file) if "defence pact" in row["type"]]
    allied = sum(
        any(
            row["unit"] == unit and int(row["start_year"]) <= 2012 <= int(row["end_year"] or 9999)
            for row in pacts
        )
        for unit in lab.result.ranked["unit"]
    )
    assert f"{allied} of the 10 largest hosts had a defence treaty" in lab.sentence.text


def test_the_united_states_is_no_host() -> None:
    assert "USA" not in _sources().names
    with pytest.raises(ValueError, match="not a host of its own troops"):
        atlas(hosts=("USA",))


def test_war_zones_can_be_chosen() -> None:
    lab = atlas(hosts=("RVN", "IRQ", "AFG"), years=(1960, 1970))
    assert lab.result.lines[0].name == "South Vietnam"
    assert "South Vietnam had the highest figure" in lab.sentence.text
    assert not lab.result.lines[0].treaty.any()


def test_west_germany_is_called_so_until_1990() -> None:
    assert atlas(hosts=("DEU",), years=(1950, 1990)).result.lines[0].name == "West Germany"
    assert atlas(hosts=("DEU",), years=(1950, 1991)).result.lines[0].name == "Germany"


def test_hosts_without_population_are_left_out_and_named() -> None:
    lab = atlas(hosts=("RVN", "JPN"), years=(1960, 1970), measure="per_thousand")
    assert lab.result.left_out == ("South Vietnam",)
    assert any("Left out" in note and "South Vietnam" in note for note in lab.sentence.notes)
    assert any(note.startswith("Not ranked") for note in lab.sentence.notes)
    assert "among hosts whose population is known" in lab.sentence.text


def test_per_thousand_uses_west_german_population_alone() -> None:
    lab = atlas(hosts=("DEU",), years=(1950, 1970), measure="per_thousand")
    values = dict(zip(lab.result.years.tolist(), lab.result.lines[0].values, strict=True))
    assert np.isnan(values[1962])
    assert values[1963] == pytest.approx(troops()["DEU", 1963] / 57_400, rel=0.02)


def test_years_after_the_last_population_are_said() -> None:
    late = atlas(years=(2000, 2025), measure="per_thousand")
    assert late.result.year == 2023
    assert any("ranking is that of 2023" in note for note in late.sentence.notes)
    none = atlas(years=(2024, 2025), measure="per_thousand")
    assert "population figures end in 2023" in none.sentence.text
    assert none.picture()


def test_breaks_within_the_years_are_marked_and_explained() -> None:
    lab = atlas(years=(2000, 2025))
    assert [year for year, _ in lab.result.breaks] == [2006, 2008]
    lab.picture()
    shown = [text.get_text() for line, text in lab._artists.marks if line.get_visible()]
    assert shown == ["a", "b"]
    assert [note[0] for note in lab.sentence.notes[:2]] == ["a", "b"]


def test_treaty_years_are_solid_and_others_dashed() -> None:
    lab = atlas(hosts=("KOR",), years=(1950, 1960))
    lab.picture()
    solid, dashed = lab._artists.solid[0].get_ydata(), lab._artists.dashed[0].get_ydata()
    assert np.isfinite(solid).tolist() == [year >= 1954 for year in range(1950, 1961)]
    assert np.isfinite(dashed).tolist() == [year <= 1954 for year in range(1950, 1961)]
    assert lab._artists.dashed[0].get_linestyle() != lab._artists.solid[0].get_linestyle()


def test_a_host_without_treaty_is_hatched_and_says_so() -> None:
    lab = atlas(years=(1950, 1968))
    lab.picture()
    assert lab.result.ranked.iloc[0]["unit"] == "RVN"
    assert lab._artists.bars[0].get_hatch()
    assert lab._artists.amounts[0].get_text().endswith(", no treaty")
    assert not lab._artists.amounts[1].get_text().endswith("no treaty")


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("group", GROUPS)
def test_no_letters_overlap_or_leave_the_picture(group: str, room: int) -> None:
    for measure, last in (("troops", 1968), ("troops", 2025), ("per_thousand", 2023)):
        lab = atlas(hosts=GROUPS[group], years=(1950, last), measure=measure)
        lab.fit(room)
        lab.picture()
        moves, figure = lab._artists, lab.painter.figure
        texts = [
            moves.title,
            moves.heading,
            moves.rank_heading,
            *moves.labels,
            *moves.hosts,
            *moves.amounts,
            *figure.texts,
        ]
        boxes = {
            id(t): (t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()
        }
        seen = list(boxes.values())
        for i, (name, box) in enumerate(seen):
            assert box.x0 >= -1, name
            assert box.x1 <= figure.bbox.x1 + 1, name
            for other, beside in seen[:i]:
                wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
                high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
                assert wide <= 0 or high <= 3, f"{name!r} over {other!r} ({measure}, {last})"


def test_all_letters_have_eleven_points_or_more() -> None:
    lab = atlas()
    lab.picture()
    sizes = [text.get_fontsize() for text in lab.painter.figure.findobj(lambda a: hasattr(a, "get_fontsize"))]
    assert min(sizes) >= 11


def test_a_step_of_the_slider_repaints_only_what_moves() -> None:
    lab = atlas(years=(1950, 2024))
    lab.picture()
    lab.set(years=(1950, 2023))
    png, fresh = lab.picture(), atlas(years=(1950, 2023)).picture()
    assert lab.painter.backgrounds_drawn == 1
    assert np.array_equal(np.asarray(Image.open(BytesIO(png))), np.asarray(Image.open(BytesIO(fresh))))


def test_every_group_holds_known_hosts_and_fits() -> None:
    for codes in GROUPS.values():
        assert Params(hosts=codes).hosts == codes
    assert _sources().names["RVN"] == "South Vietnam"
    assert len(set(_sources().names.values())) == len(_sources().names)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"hosts": ()}, f"0 entries; choose 1 to {MOST_HOSTS}"),
        ({"hosts": ("JPN", "JPN")}, "names a host twice"),
        ({"hosts": ("Japan",)}, "No host 'Japan'"),
        ({"years": (1990, 1980)}, "must rise"),
        ({"years": 1990}, "not a pair of years"),
        ({"years": (1940, 1990)}, "between 1950 and 2025"),
        ({"measure": "share"}, "measure='share' is not known; choose one of troops, per_thousand"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        atlas(**parameters)


def test_the_controls_set_the_parameters() -> None:
    lab = atlas()
    lab.control["hosts"].group.value = "The war in Vietnam"
    lab.control["years"].value = (1960, 1968)
    lab.control["measure"].value = "per_thousand"
    assert lab.params == Params(GROUPS["The war in Vietnam"], (1960, 1968), "per_thousand")


def test_the_alternative_text_names_what_is_drawn() -> None:
    alt = atlas(hosts=("JPN", "KOR"), years=(1960, 1990)).sentence.alt
    assert all(word in alt for word in ("Japan", "South Korea", "1960 to 1990", "solid", "dashed", "1990"))
