"""The table of forces by csv and by hand: what adds up, what may be mended, stakes, and votes net of the agenda."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from helpers.data import load
from helpers.vietnam import forces
from helpers.vietnam.forces import (
    REPAIRS,
    STAKES,
    YEARS,
    ForcesError,
    allies,
    battalions,
    digits_changed,
    net_of_agenda,
    read,
    repair_log,
    sums,
    suspects,
)

DATASETS = Path(__file__).resolve().parents[2] / "datasets"


def rows(name: str) -> list[dict[str, str]]:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CELLS = {
    (row["unit"], int(row["year"])): int(row["strength_as_transcribed"]) for row in rows("vietnam_forces")
}
PRINTED = {int(row["year"]): int(row["column_total_printed"]) for row in rows("vietnam_forces")}
MENDED = {("NZL", 1964): 30, ("NZL", 1965): 119, ("NZL", 1967): 534}
GUESSED = {("KOR", 1968): 50003, ("KOR", 1969): 48869}


def table(reading: str = "transcribed") -> pd.DataFrame:
    return read(load("vietnam_forces"), reading)


def gaps(cells: dict[tuple[str, int], int]) -> dict[int, int]:
    return {
        year: total - sum(value for (_, when), value in cells.items() if when == year)
        for year, total in PRINTED.items()
    }


@pytest.mark.parametrize(
    ("reading", "changes"),
    [("transcribed", {}), ("repaired", MENDED), ("guessed", {**MENDED, **GUESSED})],
)
def test_each_reading_is_the_transcription_with_its_own_repairs(reading: str, changes: Any) -> None:
    found, right = table(reading), {**CELLS, **changes}
    assert {(r.unit, r.year): r.persons for r in found.itertuples()} == right
    assert {(r.unit, r.year): r.transcribed for r in found.itertuples()} == CELLS
    assert {(r.unit, r.year) for r in found.itertuples() if r.ground} == set(changes)
    assert sums(found)["gap"].to_dict() == gaps(right)


def test_no_column_adds_up_as_transcribed_and_three_do_once_repaired() -> None:
    assert sums(table())["adds_up"].sum() == 0
    assert [year for year, fits in sums(table("repaired"))["adds_up"].items() if fits] == [1964, 1965, 1967]


def test_the_guesses_restore_no_total_and_widen_the_gap() -> None:
    before, after = gaps(CELLS), gaps({**CELLS, **GUESSED})
    log = repair_log(load("vietnam_forces")).set_index(["unit", "year"])
    for unit, year in GUESSED:
        assert log.loc[(unit, year), ["ground", "gap_before", "gap_after"]].tolist() == [
            "guess",
            before[year],
            after[year],
        ]
        assert abs(after[year]) > abs(before[year]) > 0


def test_a_repair_that_is_no_guess_restores_its_total_and_the_last_reading_is_the_files() -> None:
    log = repair_log(load("vietnam_forces"))
    assert (log.loc[log["ground"] != "guess", "gap_after"] == 0).all()
    assert table("guessed")["persons"].tolist() == [int(row["strength"]) for row in rows("vietnam_forces")]


def test_the_second_witness_of_1965_is_in_the_evidence() -> None:
    evidence = {row["evidence_id"]: row for row in rows("vietnam_evidence")}
    assert "119" in evidence["NZL-05"]["summary"]
    assert evidence["NZL-05"]["confidence"] == "verified"
    assert (
        "20,620" in evidence["ROK-03"]["summary"]
    )  # so that the last digit of South Korea is not the wrong one
    witnessed = [repair for repair in REPAIRS if repair.ground == "witness"]
    assert [(repair.unit, repair.year) for repair in witnessed] == [("NZL", 1965)]


def test_reasons_name_items_that_exist() -> None:
    known = {row["evidence_id"] for row in rows("vietnam_evidence")}
    words = " ".join(each.reason for each in (*REPAIRS, *STAKES)).replace(",", " ").replace(";", " ")
    named = {word.strip("().:") for word in words.split() if word.strip("().:")[-3:-2] == "-"}
    assert {"NZL-05", "THA-09", "ROK-11", "AUS-02"} <= named <= known


@pytest.mark.parametrize("year", YEARS)
def test_suspects_are_all_single_figures_that_would_close_the_gap(year: int) -> None:
    gap = gaps(CELLS)[year]
    right = {unit: value + gap for (unit, when), value in CELLS.items() if when == year and value + gap >= 0}
    right["total"] = PRINTED[year] - gap
    found = suspects(table(), year)
    assert dict(zip(found["figure"], found["would_read"], strict=True)) == right
    assert found["digits"].is_monotonic_increasing
    for row in found.itertuples():
        a, b = f"{row.reads:>9}", f"{row.would_read:>9}"
        assert row.digits == sum(a[i] != b[i] for i in range(9))


def test_in_1967_every_figure_could_be_the_wrong_one() -> None:
    assert suspects(table(), 1967)["digits"].tolist() == [1] * 8


def test_no_single_digit_mends_the_years_that_are_left_as_they_are() -> None:
    assert min(suspects(table(), year)["digits"].min() for year in (1966, 1968, 1969, 1970)) == 3


def test_a_column_that_adds_up_has_no_suspects() -> None:
    assert suspects(table("repaired"), 1967).empty
    assert digits_changed(9, 10) == 2


def test_battalions_are_those_of_the_note_and_disagree_in_four_years() -> None:
    found = battalions()
    assert found["sum"].tolist() == [0, 11, 24, 25, 28, 31, 31]
    assert found["printed"].tolist() == [0, 11, 24, 24, 26, 33, 51]
    assert (found["gap"] != 0).sum() == 4


def test_allies_and_their_stakes_come_from_the_file_but_for_one_column() -> None:
    for rio, n_allies in ((True, 41), (False, 22)):
        found = allies(load("vietnam_distance"), rio=rio).set_index("unit")
        file = {
            row["unit"]: row
            for row in rows("vietnam_distance")
            if row["us_ally_1965"] == "1" and (rio or row["treaties_1965"] != "Rio Treaty")
        }
        assert len(found) == len(file) == n_allies
        for unit, row in file.items():
            assert found.loc[unit, "km"] == int(row["km_capital_saigon"])
            assert found.loc[unit, "sent"] == int(int(row["troops_in_vietnam_peak"]) > 0)
            assert found.loc[unit, "treaty"] == int("SEATO" in row["treaties_1965"])
            assert found.loc[unit, "frontier"] == int(int(row["km_border_vietnam"]) <= 1500)
        assert set(found.index[found["rival"] == 1]) == {"THA", "KOR", "TWN"}
        assert (found["stake"] == found["treaty"] + found["frontier"] + found["rival"]).all()
        assert found["km"].is_monotonic_increasing
        assert found["reason"].str.len().min() > 10


def test_spain_sent_men_and_was_no_ally_by_treaty() -> None:
    assert "ESP" not in set(allies(load("vietnam_distance"), rio=True)["unit"])
    assert CELLS["ESP", 1966] == 13


def test_votes_net_of_the_agenda_by_hand() -> None:
    shares: dict[int, dict[str, float]] = defaultdict(dict)
    for row in rows("un_votes"):
        if row["agree_us"] and 1965 <= int(row["year"]) <= 1972:
            shares[int(row["year"])][row["unit"]] = float(row["agree_us"])
    found = net_of_agenda(load("un_votes"))
    assert len(found) == sum(map(len, shares.values()))
    for row in found.itertuples():
        mean = sum(shares[row.year].values()) / len(shares[row.year])
        assert row.net == pytest.approx(shares[row.year][row.unit] - mean)
    assert found.groupby("year")["net"].mean().abs().max() < 1e-12
    assert not {"KOR", "DEU"} & set(found["unit"])


def without(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame.drop(columns=column)


def test_a_table_that_has_changed_is_not_mended_again() -> None:
    changed = load("vietnam_forces")
    changed.loc[(changed["unit"] == "NZL") & (changed["year"] == 1965), "strength_as_transcribed"] = 111
    with pytest.raises(ForcesError, match="NZL 1965 is 111, and the repair is for 110"):
        read(changed, "repaired")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: table("printed"), "reading='printed' is not known; choose one of transcribed"),
        (lambda: suspects(table(), 1963), "year=1963 is not in the table; it has 1964 to 1970"),
        (lambda: read(without(load("vietnam_forces"), "unit")), "vietnam_forces has no column 'unit'"),
        (lambda: allies(load("vietnam_forces")), "vietnam_distance has no column 'km_capital_saigon'"),
        (lambda: net_of_agenda(load("un_votes"), 1964, 1964), "No votes from 1964 to 1964"),
        (
            lambda: net_of_agenda(load("un_votes").replace({"unit": {"CUB": "USA"}})),
            "The United States is among the states",
        ),
    ],
)
def test_bad_input_is_named(call: Any, message: str) -> None:
    with pytest.raises(ForcesError, match=message):
        call()


def test_an_error_is_one_sentence_in_a_notebook() -> None:
    assert ForcesError("x")._render_traceback_() == ["ForcesError: x"]
    assert forces.GROUNDS.keys() == {repair.ground for repair in REPAIRS}
