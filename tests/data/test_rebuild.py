"""What is shipped follows from what people wrote, to the byte, and a planted fault is found and named."""

import json
import shutil
from hashlib import sha256

import pytest

from helpers.data.errors import ChangedDataset, DatasetError, MissingDataset
from helpers.data.rebuild import check, rebuild
from helpers.data.tables import read_text, write_text
from helpers.data.units import unit_of_name


@pytest.fixture
def tree(tmp_path, root):
    """A copy of the datasets that a test may spoil."""
    shutil.copytree(root / "datasets", tmp_path / "datasets")
    (tmp_path / "docs").mkdir()
    shutil.copy(root / "docs" / "data_defects.md", tmp_path / "docs")
    return tmp_path


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_shipped_files_are_those_the_steps_give(root):
    assert check(root) == [], "datasets/ is stale: run `course datasets`."


def test_rebuilding_twice_gives_the_same_bytes(root):
    assert rebuild(root) == rebuild(root)


def test_a_changed_byte_in_a_shipped_file_is_named(tree):
    edit(tree / "datasets" / "us_troops.csv", "26525", "53050")
    assert check(tree) == ["datasets/us_troops.csv"]


def test_a_package_file_edited_by_hand_is_named(tree):
    edit(tree / "datasets" / "datapackage.json", "US troops by host state", "US troops")
    assert check(tree) == ["datasets/datapackage.json"]


def test_a_missing_file_is_named(tree):
    (tree / "datasets" / "polls.csv").unlink()
    assert check(tree) == ["datasets/polls.csv"]


def test_a_csv_that_no_entry_explains_is_named(tree):
    (tree / "datasets" / "extra.csv").write_text("a\n1\n", encoding="utf-8")
    assert check(tree) == ["datasets/extra.csv"]


def test_a_changed_byte_in_a_given_file_stops_the_rebuilding(tree):
    edit(tree / "datasets" / "raw" / "us_troops_country_year.csv", "26525", "53050")
    with pytest.raises(
        ChangedDataset, match=r"^us_troops_country_year\.csv .* datasets/raw/us_troops_country_year"
    ):
        check(tree)


def test_a_missing_given_file_is_named(tree):
    (tree / "datasets" / "raw" / "polls.csv").unlink()
    with pytest.raises(MissingDataset, match=r"polls\.csv is missing"):
        check(tree)


def test_every_given_file_has_a_recorded_hash(root):
    sums = (root / "datasets" / "raw" / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    files = {path.name for path in (root / "datasets" / "raw").glob("*.csv")}
    assert {line[66:] for line in sums} == files


def test_a_column_that_the_entry_does_not_describe_is_named(tree):
    path = tree / "datasets" / "entries" / "us_image.json"
    entry = json.loads(path.read_text(encoding="utf-8"))
    entry["fields"].remove("country")
    path.write_text(json.dumps(entry), encoding="utf-8")
    with pytest.raises(DatasetError, match=r"'us_image' differ in the columns \['country'\]"):
        rebuild(tree)


def test_a_column_that_nobody_describes_is_named(tree):
    edit(tree / "datasets" / "entries" / "us_image.json", '    "iso3c"', '    "iso3d"')
    with pytest.raises(DatasetError, match=r"us_image\.json: 'iso3d' is not described"):
        rebuild(tree)


def test_a_column_of_states_that_is_not_there_is_named(tree):
    edit(tree / "datasets" / "entries" / "us_image.json", '"unit_from": "iso3c"', '"unit_from": "iso"')
    with pytest.raises(DatasetError, match=r"No column 'iso' .*'iso3c'"):
        rebuild(tree)


def test_a_key_that_nobody_reads_is_named(tree):
    edit(tree / "datasets" / "entries" / "us_image.json", '"caveats"', '"caveat"')
    with pytest.raises(DatasetError, match=r"us_image\.json: nobody reads \['caveat'\]"):
        rebuild(tree)


def test_a_new_dataset_is_one_file_and_one_entry(tree):
    """The recipe of datasets/README.md."""
    raw = tree / "datasets" / "raw"
    (raw / "new.csv").write_text("iso3c,year,x\nDEU,2000,1.50\n", encoding="utf-8")
    line = f"{sha256((raw / 'new.csv').read_bytes()).hexdigest()}  new.csv\n"
    (raw / "SHA256SUMS").write_text((raw / "SHA256SUMS").read_text(encoding="utf-8") + line, encoding="utf-8")
    field = {"name": "x", "type": "number", "unit": "km", "description": "a length"}
    entry = {
        "title": "New", "description": "New.", "raw": "new.csv", "unit_from": "iso3c", "sources": ["Here"],
        "licenses": ["CC0-1.0"], "fields": ["unit", "iso3c", "year", field],
    }  # fmt: skip
    (tree / "datasets" / "entries" / "new.json").write_text(json.dumps(entry), encoding="utf-8")
    assert rebuild(tree)["datasets/new.csv"] == b"unit,iso3c,year,x\nDEU,DEU,2000,1.50\n"


def test_untouched_cells_keep_their_digits(root):
    """Text in, text out: no number is read and written again on the way."""
    for path in (root / "datasets" / "raw").glob("*.csv"):
        data = path.read_bytes()
        assert write_text(read_text(data)) == data, path.name


def test_a_state_without_a_known_unit_is_named():
    with pytest.raises(ValueError, match="Atlantis"):
        unit_of_name("Atlantis")
