"""Evidence: records of the shipped tables, against the raw CSV files read here without our code."""

from __future__ import annotations

import csv
import json
import re
from calendar import monthrange
from collections import Counter
from datetime import date
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import load, phase_entries
from helpers.vietnam.evidence import SPANS, Evidence, EvidenceError, Phase, When, gather, phase_of, phases

ROOT = Path(__file__).resolve().parents[2]
DATASETS = ROOT / "datasets"


def rows(name: str) -> list[dict[str, str]]:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return gather(load("vietnam_evidence"), load("vietnam_voices"), load("vietnam_documents"))


@pytest.fixture(scope="module")
def war() -> tuple[Phase, ...]:
    return phases(phase_entries())


# The tables.


@pytest.mark.parametrize("name", ["vietnam_evidence", "vietnam_voices", "vietnam_documents"])
def test_the_hash_of_the_file_is_the_one_in_the_data_package(name: str) -> None:
    package = json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))
    entry = next(each for each in package["resources"] if each["name"] == name)
    assert entry["hash"] == "sha256:" + sha256((DATASETS / f"{name}.csv").read_bytes()).hexdigest()


def test_every_row_becomes_one_item_with_all_it_says(evidence: Evidence) -> None:
    given_rows = rows("vietnam_evidence")
    assert len(evidence) == len(given_rows) > 150
    for row in given_rows:
        item = evidence[row["evidence_id"]]
        assert (item.ally, item.unit, str(item.when), item.actor) == (
            row["ally"], row["unit"], row["date"], row["actor"],
        )  # fmt: skip
        assert (item.summary, item.kind, item.url) == (
            row["summary"],
            row["evidence_type"],
            row["source_url"],
        )
        assert item.reference == f"{row['source_citation']} ({row['confidence']})"
        assert row["source_citation"] in repr(item)
        assert row["confidence"] in repr(item)


def test_every_item_is_marked_once_and_no_mark_is_left_over() -> None:
    marked = [row["evidence_id"] for row in rows("vietnam_voices")]
    assert sorted(marked) == sorted(row["evidence_id"] for row in rows("vietnam_evidence"))
    assert len(set(marked)) == len(marked)


AMERICANS = (
    "Rusk", "McGeorge Bundy", "William Bundy", "President Johnson", "President Nixon", "US ", "CIA", "Katzenbach",
    "Jack Valenti", "Secretary of State", "Clifford-Taylor", "Ambassador Blair",
)  # fmt: skip


def test_the_voice_follows_the_actor() -> None:
    """An actor that begins with an American, or says (US), is American; nobody else is."""
    marks = {row["evidence_id"]: row["voice"] for row in rows("vietnam_voices")}
    american = {
        row["evidence_id"]
        for row in rows("vietnam_evidence")
        if row["actor"].startswith(AMERICANS) or row["actor"].endswith("(US)")
    }
    assert {name for name, voice in marks.items() if voice == "american"} == american


def test_both_voices_are_two_actors_and_a_third_voice_is_a_scholar_or_a_third_government() -> None:
    marks = {row["evidence_id"]: row["voice"] for row in rows("vietnam_voices")}
    for row in rows("vietnam_evidence"):
        voice = marks[row["evidence_id"]]
        if voice == "both":
            assert " and " in row["actor"], row["evidence_id"]
        if voice == "other":
            third = re.search(
                r"\((historian|analysts|political|article)|[Hh]istorian|scholar|Diem", row["actor"]
            )
            assert third, row["evidence_id"]


def test_the_setting_agrees_with_the_kind_of_evidence() -> None:
    """Speeches and civilian aid are public; what a third voice says is known from later, or was private."""
    marks = {row["evidence_id"]: row for row in rows("vietnam_voices")}
    for row in rows("vietnam_evidence"):
        mark = marks[row["evidence_id"]]
        if row["evidence_type"] in ("speech", "civilian aid"):
            assert mark["setting"] == "public", row["evidence_id"]
        if row["evidence_type"] == "diplomatic record" and mark["setting"] == "public":
            said = r"publicly|press|papers|[Jj]oint statement|Manila"
            assert re.search(said, row["summary"] + row["source_citation"]), row["evidence_id"]
        if mark["setting"] == "later":
            assert row["evidence_type"] == "secondary", row["evidence_id"]


def test_who_wrote_it_down_is_told_from_the_citation(evidence: Evidence) -> None:
    for item in evidence:
        american_file = re.search(
            r"^(FRUS|CIA|Dept|US |USIA|Larsen|Memorandum|Nixon|Johnson|Joint|Wilson Center)", item.citation
        )
        assert item.written_by == ("American" if american_file else "other"), item.id
    assert evidence["UKM-06"].written_by == "other"
    assert evidence["FRG-03"].written_by == "American"


def test_excerpts_stand_beside_their_items(evidence: Evidence) -> None:
    for row in rows("vietnam_documents"):
        for name in row["evidence_ids"].split(";"):
            beside = {excerpt.id: excerpt for excerpt in evidence.excerpts(name)}
            assert beside[row["document_id"]].text == row["excerpt"]
            assert row["document_id"] in evidence[name].documents
    assert len(evidence.excerpts()) == len(rows("vietnam_documents"))
    assert evidence.excerpts("UKM-06") == ()


# Dates.


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_spans_what_it_leaves_open(day: date) -> None:
    exact, month, year = (When.read(day.isoformat()[:n]) for n in (10, 7, 4))
    assert (exact.first, exact.last, exact.precision) == (day, day, "day")
    last = monthrange(day.year, day.month)[1]
    assert (month.first, month.last) == (day.replace(day=1), day.replace(day=last))
    assert (year.first, year.last) == (date(day.year, 1, 1), date(day.year, 12, 31))
    assert (month.precision, year.precision) == ("month", "year")


@pytest.mark.parametrize("text", ["1966-02-30", "1966-13", "0000", "66", "June 1966", "", "1966-6"])
def test_an_impossible_date_is_named(text: str) -> None:
    with pytest.raises(EvidenceError, match=re.escape(repr(text))):
        When.read(text)


def test_items_come_in_order_of_time(evidence: Evidence) -> None:
    firsts = [item.when.first for item in evidence]
    assert firsts == sorted(firsts)
    line = evidence.timeline()
    assert line["middle"].between(1961, 1976).all()
    assert line.loc["UKM-06", "middle"] == pytest.approx(1966 + 179.5 / 365, abs=1e-4)
    assert line.loc["FRA-02", "middle"] == 1964.5


# Search.


def test_find_gives_exactly_what_a_plain_loop_finds(evidence: Evidence) -> None:
    wanted = {
        row["evidence_id"]
        for row in rows("vietnam_evidence")
        if re.search(r"\bbomb", f"{row['actor']} {row['summary']}", re.IGNORECASE)
    }
    assert {item.id for item in evidence.find("bomb")} == wanted
    own = {row["evidence_id"] for row in rows("vietnam_voices") if row["voice"] == "own"}
    assert {item.id for item in evidence.find("BOMB", voice="own")} == wanted & own


def test_every_word_asked_for_must_begin_a_word(evidence: Evidence) -> None:
    assert [item.id for item in evidence.find("saigon berlin")] == ["FRG-03"]
    assert len(evidence.find("erlin")) == 0
    assert repr(evidence.find("erlin")) == "No items of evidence."


@pytest.mark.parametrize("name", ["DEU", "west germany", "West Germany", "deu"])
def test_an_ally_is_found_by_name_or_code(evidence: Evidence, name: str) -> None:
    assert {item.id[:3] for item in evidence.find(ally=name)} == {"FRG"}


def test_taiwan_is_found_by_a_part_of_its_name(evidence: Evidence) -> None:
    assert evidence.find(ally="Taiwan").allies == ("Republic of China (Taiwan)",)


def test_a_coarse_date_is_not_lost_by_a_search_between_days(evidence: Evidence) -> None:
    found = {item.id for item in evidence.find(since="1966-06-29", until="1966-06-29")}
    assert found == {"UKM-05", "UKM-06", "AUS-06", "AUS-08", "CAN-04", "NLD-01"}


def test_conditions_narrow_one_another(evidence: Evidence) -> None:
    table = pd.DataFrame(rows("vietnam_evidence")).merge(
        pd.DataFrame(rows("vietnam_voices")), on="evidence_id"
    )
    kept = table.query(
        "ally == 'France' and evidence_type == 'speech' and setting == 'public' and confidence == 'verified'"
    )
    found = evidence.find(ally="France", kind="speech", setting="public", confidence="verified")
    assert {item.id for item in found} == set(kept.evidence_id)
    assert len(found) > 2


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"ally": "Germny"}, "No ally 'Germny' here. Did you mean 'West Germany'"),
        ({"ally": "Sweden"}, "No ally 'Sweden' here. There are"),
        ({"ally": ""}, "No ally '' here"),
        ({"kind": "speach"}, "No kind 'speach'. Did you mean 'speech'"),
        ({"voice": "theirs"}, "No voice 'theirs'"),
        ({"setting": "secret"}, "No setting 'secret'"),
        ({"confidence": "high"}, "No confidence 'high'"),
        ({"since": "1966-02-30"}, "'1966-02-30' is no day of the calendar"),
        ({"since": "1970", "until": "1965"}, "Nothing lies since 1970 and until 1965"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_sentence(
    evidence: Evidence, asked: dict[str, str], message: str
) -> None:
    with pytest.raises(EvidenceError, match=re.escape(message)):
        evidence.find(**asked)  # type: ignore[arg-type]


def test_an_unknown_item_is_named(evidence: Evidence) -> None:
    with pytest.raises(EvidenceError, match=r"No item 'UKM-99' here\. Did you mean"):
        evidence["UKM-99"]


# Phases and counts.


def test_the_phases_say_of_american_forces_what_the_data_say(war: tuple[Phase, ...]) -> None:
    troops = load("us_troops").query("unit == 'RVN'").set_index("year").troops
    by_name = {phase.name: range(phase.begins.year, phase.ends.year + 1) for phase in war}
    assert troops[list(by_name["advisers"])].max() < 20_000
    growing = troops[[1964, *by_name["escalation"]]]
    assert growing.is_monotonic_increasing
    assert troops.idxmax() == 1968 == max(by_name["escalation"])
    shrinking = troops[[1968, *by_name["withdrawal"]]]
    assert shrinking.is_monotonic_decreasing
    assert shrinking.iloc[-1] < 1000
    assert troops[list(by_name["end"])].max() < 1000


def test_every_item_lies_in_exactly_one_phase(evidence: Evidence, war: tuple[Phase, ...]) -> None:
    assert [item.id for item in evidence if sum(phase.holds(item.when) for phase in war) != 1] == []
    assert all(before.ends.toordinal() + 1 == after.begins.toordinal() for before, after in pairwise(war))


def test_counts_are_those_of_a_plain_count_by_year(evidence: Evidence, war: tuple[Phase, ...]) -> None:
    ends = [1964, 1968, 1973, 1975]
    plain = Counter(
        (row["ally"], next(place for place, end in enumerate(ends) if int(row["date"][:4]) <= end))
        for row in rows("vietnam_evidence")
    )
    table = evidence.counts(war)
    assert list(table.columns) == ["advisers", "escalation", "withdrawal", "end", SPANS, "all"]
    for (ally, place), number in plain.items():
        assert table.loc[ally].iloc[place] == number
    assert table["all"].sum() == len(rows("vietnam_evidence"))
    assert table.index[-1] == "Multiple allies"


def test_a_date_too_coarse_for_a_phase_is_counted_apart(evidence: Evidence) -> None:
    own = phases(
        [
            {"phase": "before", "begins": "1961", "ends": "1966-06-28", "reason": "mine"},
            {"phase": "after", "begins": "1966-06-29", "ends": "1975", "reason": "mine"},
        ]
    )
    assert phase_of(evidence["UKM-05"], own) is None
    assert phase_of(evidence["UKM-06"], own) == "after"
    table = evidence.counts(own)
    assert table.loc["United Kingdom", SPANS] == 1
    assert (table.drop(columns="all").sum(axis=1) == table["all"]).all()


PHASE = {"phase": "a", "begins": "1965", "ends": "1968", "reason": "mine"}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([{**PHASE, "reason": " "}], "reason is missing"),
        ([{**PHASE, "ends": "1964"}], "'a' ends on 1964-12-31, before it begins on 1965-01-01"),
        ([PHASE, {**PHASE, "phase": "b", "begins": "1968-12-31", "ends": "1970"}], "'a' and 'b' overlap"),
        ([PHASE, {**PHASE, "begins": "1969", "ends": "1970"}], "Two phases have the same name"),
        ([{**PHASE, "begins": "1965-02-31"}], "'1965-02-31' is no day"),
    ],
)
def test_phases_that_cannot_be_are_named(entries: list[dict[str, str]], message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        phases(entries)


# Tables that cannot be.


def spoiled(table: str, column: str, value: str, name: str = "UKM-06") -> tuple[pd.DataFrame, pd.DataFrame]:
    frames = {"evidence": load("vietnam_evidence"), "voices": load("vietnam_voices")}
    frames[table].loc[frames[table].evidence_id == name, column] = value
    return frames["evidence"], frames["voices"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("evidence", "date", "1966-06-31"), "Item 'UKM-06': '1966-06-31' is no day of the calendar"),
        (("evidence", "evidence_type", "rumour"), "No kind 'rumour'"),
        (("evidence", "confidence", "sure"), "No confidence 'sure'"),
        (("evidence", "evidence_id", "UKM-99"), "The item 'UKM-99' has no mark"),
        (("evidence", "evidence_id", "UKM-07"), "The item 'UKM-07' is there twice"),
        (("voices", "evidence_id", "UKM-07"), "The item 'UKM-07' is marked twice"),
        (("voices", "voice", "british"), "No voice 'british'"),
        (("voices", "setting", "whispered"), "No setting 'whispered'"),
    ],
)
def test_a_spoiled_table_is_refused(change: tuple[str, str, str], message: str) -> None:
    with pytest.raises(EvidenceError, match=re.escape(message)):
        gather(*spoiled(*change))


def test_a_table_without_a_column_is_refused() -> None:
    with pytest.raises(EvidenceError, match="has no column summary"):
        gather(load("vietnam_evidence").drop(columns="summary"), load("vietnam_voices"))


def test_a_slice_is_evidence_too(evidence: Evidence) -> None:
    assert repr(evidence[:3]).startswith("3 items of evidence on ")
    assert evidence[0] in evidence
    assert "UKM-06" in evidence
    assert "UKM-99" not in evidence
