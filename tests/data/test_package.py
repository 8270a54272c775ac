"""`datapackage.json` is a valid Frictionless package, complete, and true of its files."""

import re
from hashlib import sha256

import frictionless
import pandas as pd
import pytest

REAL_LICENCES = {
    "GPL-3.0-or-later": "GPL-3.0.txt",
    "GPL-2.0-or-later": "GPL-2.0.txt",
    "GPL-2.0-only": "GPL-2.0.txt",
    "CC-BY-4.0": "CC-BY-4.0.txt",
    "CC0-1.0": "CC0-1.0.txt",
    "US-Government-Work": "US-Government-Work.txt",
}
OPENINGS = {
    "GPL-2.0.txt": "Version 2, June 1991",
    "GPL-3.0.txt": "Version 3, 29 June 2007",
    "CC-BY-4.0.txt": "Attribution 4.0 International",
    "CC0-1.0.txt": "CC0 1.0 Universal",
    "MIT.txt": "Copyright (c) 2026 the authors of the assurance course",
    "US-Government-Work.txt": "17 U.S.C. 105",
}


def test_frictionless_finds_the_package_and_every_row_valid(root):
    report = frictionless.validate(str(root / "datasets" / "datapackage.json"))
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "note"])[:5]


def test_frictionless_would_find_a_value_out_of_bounds(root, package, tmp_path):
    """The check above bites: agreement with the US of 1.5 is refused."""
    votes = (root / "datasets" / "un_votes.csv").read_text(encoding="utf-8").splitlines()[:3]
    cells = votes[1].split(",")
    cells[6] = "1.5"
    (tmp_path / "un_votes.csv").write_text("\n".join([votes[0], ",".join(cells)]) + "\n", encoding="utf-8")
    entry = next(entry for entry in package["resources"] if entry["name"] == "un_votes")
    kept = {key: entry[key] for key in ("name", "path", "schema")}
    report = frictionless.Resource(kept, basepath=str(tmp_path)).validate()
    assert [error[0] for error in report.flatten(["fieldName"])] == ["agree_us"]


def test_every_csv_has_an_entry_and_every_entry_a_csv(root, package):
    files = {path.name for path in (root / "datasets").glob("*.csv")}
    assert files == {entry["path"] for entry in package["resources"]}
    written = {path.stem for path in (root / "datasets" / "entries").glob("[!_]*.json")}
    assert written == {entry["name"] for entry in package["resources"]}


def test_hash_bytes_and_rows_are_those_of_the_file(root, package):
    for entry in package["resources"]:
        path = root / "datasets" / entry["path"]
        data = path.read_bytes()
        counted = (f"sha256:{sha256(data).hexdigest()}", len(data), len(pd.read_csv(path)))
        assert (entry["hash"], entry["bytes"], entry["rows"]) == counted, entry["name"]


def test_every_column_has_a_meaning_and_every_measure_a_unit(package):
    fields = [(entry["name"], field) for entry in package["resources"] for field in entry["schema"]["fields"]]
    bare = [(key, field["name"]) for key, field in fields if len(field["description"]) < 3]
    codes = ("id", "ccode")
    measures = [
        (key, field)
        for key, field in fields
        if field["type"] != "string"
        and field["name"] not in codes
        and "enum" not in field.get("constraints", {})
    ]
    unitless = [(key, field["name"]) for key, field in measures if not field.get("unit")]
    assert (bare, unitless) == ([], [])


def test_every_dataset_names_source_licence_steps_and_kind(package):
    for entry in package["resources"]:
        assert entry["sources"], entry["name"]
        assert entry["licenses"], entry["name"]
        assert entry["steps"], entry["name"]
        assert entry["caveats"], entry["name"]
        assert entry["kind"] == "real"


def test_every_mending_is_among_the_steps_of_its_dataset(package):
    from helpers.data.mending import REGISTER

    steps = {entry["name"]: entry["steps"] for entry in package["resources"]}
    lost = [step.id for step in REGISTER if step.dataset in steps and step.line() not in steps[step.dataset]]
    assert lost == []


def test_coverage_is_the_span_of_years_in_the_file(package, shipped):
    for entry in package["resources"]:
        table = shipped(entry["name"])
        if "year" in table:
            years = {"start": int(table.year.min()), "end": int(table.year.max())}
            assert entry["coverage"] == years, entry["name"]


def test_a_required_column_has_no_gap_and_any_other_has_one(package, shipped):
    for entry in package["resources"]:
        table = shipped(entry["name"])
        for field in entry["schema"]["fields"]:
            required = field.get("constraints", {}).get("required", False)
            assert required == table[field["name"]].notna().all(), (entry["name"], field["name"])


def test_every_licence_named_has_its_text(root, package):
    named = {licence["name"] for entry in package["resources"] for licence in entry["licenses"]}
    assert named <= set(REAL_LICENCES)
    for name in named:
        assert (root / "LICENSES" / REAL_LICENCES[name]).is_file(), name


@pytest.mark.parametrize(("file", "words"), OPENINGS.items())
def test_a_licence_text_is_the_text_it_is_named_after(root, file, words):
    assert words in (root / "LICENSES" / file).read_text(encoding="utf-8")


def test_the_licence_page_names_every_dataset_with_its_licences(root, package):
    page = (root / "LICENSES" / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", page, re.MULTILINE))
    named = {
        entry["name"]: ", ".join(item["name"] for item in entry["licenses"]) for entry in package["resources"]
    }
    assert {key: value.strip() for key, value in rows.items()} == named


def test_gpl_data_point_to_the_repository_they_come_from(package):
    for entry in package["resources"]:
        if (
            any(licence["name"].startswith("GPL") for licence in entry["licenses"])
            and entry["name"] != "allies_panel"
        ):
            text = " ".join(source["title"] for source in entry["sources"])
            assert re.search(r"Repository \S+/\S+, commit [0-9a-f]{40}", text), entry["name"]


def test_gpl2_only_data_are_not_merged_into_the_panel():
    from helpers.data.panel import SOURCES

    assert "territorial_threat" not in SOURCES


# -- polls -------------------------------------------------------------------------------------------------------


def test_the_polls_are_marked_as_second_hand(shipped):
    assert set(shipped("polls").mark) == {"b"}


def test_the_emnid_poll_stands_as_reported(shipped):
    emnid = shipped("polls").query("pollster == 'Emnid'")
    shares = dict(zip(emnid.answer, emnid.percent, strict=True))
    assert shares == {"as safe as before": 74, "less safe": 18, "keep it": 66, "withdraw it": 30}
    assert (set(emnid.n), set(emnid.client), set(emnid.date_as_given)) == (
        {509},
        {"Bild am Sonntag"},
        {"15 Aug 2019"},
    )


def test_a_poll_without_a_year_gets_none(shipped):
    polls = shipped("polls")
    assert polls[polls.date_precision == "month, no year"].year.isna().all()
    assert polls[polls.date_precision != "month, no year"].year.notna().all()


def test_a_number_of_respondents_stands_only_where_it_was_given(shipped):
    given = shipped("polls").dropna(subset=["n"]).groupby("pollster").n.first().to_dict()
    assert given == {"Emnid": 509, "Estymator": 1100}


def test_no_poll_exceeds_a_hundred_unless_its_note_says_so(shipped):
    polls = shipped("polls")
    sums = polls.groupby("poll_id").percent.sum()
    above = sums[sums > 100].index.tolist()
    assert above == ["yougov-2020-soldiers"]
    assert polls[polls.poll_id.isin(above)].note.str.contains("104").all()
