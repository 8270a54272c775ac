"""`load` gives typed, verified, fresh tables from anywhere, and says in one sentence what is wrong."""

import shutil
import subprocess
import sys
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest

import helpers.data.package
import helpers.data.reader
from helpers.data import (
    Break,
    ChangedDataset,
    DatasetError,
    MissingDataset,
    UnknownDataset,
    breaks,
    catalogue,
    load,
)
from helpers.data.locate import datasets_folder
from helpers.data.package import resources

KEYS = """
    us_troops us_alliances milex allies_panel territorial_threat alliance_experiment vietnam_forces vietnam_distance
    vietnam_evidence vietnam_documents vietnam_voices vietnam_codings un_votes us_image polls student_poll_1967
    milcon milex_1950_2000 gdp_population
""".split()  # noqa: SIM905


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the shipped files that a test may spoil."""
    folder = tmp_path / "datasets"
    shutil.copytree(datasets_folder(), folder, ignore=shutil.ignore_patterns("raw", "entries"))
    monkeypatch.setattr(helpers.data.reader, "datasets_folder", lambda: folder)
    monkeypatch.setattr(helpers.data.package, "datasets_folder", lambda: folder)
    return folder


@pytest.mark.parametrize("key", KEYS)
def test_every_dataset_of_the_course_loads_as_described(key):
    table, entry = load(key), resources()[key]
    assert (list(table.columns), len(table)) == ([field.name for field in entry.fields], entry.n_rows)


@pytest.mark.parametrize("key", KEYS)
def test_columns_have_the_types_the_codebook_states(key):
    table = load(key)
    for field in resources()[key].fields:
        column = table[field.name]
        expected = {
            "integer": "int64" if column.notna().all() else "Int64",
            "number": "float64",
            "string": pd.Series(["a"]).dtype,
        }[field.type]
        assert column.dtype == expected, field.name


@pytest.mark.parametrize("key", KEYS)
def test_values_are_those_of_the_file(key, shipped):
    """Compared with pandas' own reading, which guesses the types."""
    loaded, plain = load(key), shipped(key)
    for name in loaded:
        ours, theirs = loaded[name], plain[name]
        assert (ours.isna() == theirs.isna()).all(), name
        if pd.api.types.is_numeric_dtype(ours):
            np.testing.assert_array_equal(
                ours.dropna().to_numpy(float), theirs.dropna().to_numpy(float), name
            )
        else:
            assert (ours.dropna() == theirs.dropna().astype(str)).all(), name


def test_known_figures_are_there():
    troops = load("us_troops").set_index(["unit", "year"]).troops
    assert (troops["KOR", 2019], troops["DEU", 1985], troops["RVN", 1968]) == (26525, 246927, 537377)
    assert [troops["DEU", year] for year in (1983, 1992, 2005, 2023)] == [254477, 134483, 66418, 35188]


def test_a_table_can_be_changed_without_harm_to_the_next_reader():
    mine = load("us_image")
    mine["unit"] = "XXX"
    assert "XXX" not in set(load("us_image").unit)


def test_text_that_looks_missing_is_kept(copied):
    """'NA' is a text, only the empty cell is missing."""
    plant(copied, "us_image", b"ARG,ARG,Argentina", b"ARG,ARG,NA")
    accept(copied, "us_image")
    assert load("us_image").country[0] == "NA"


def test_a_changed_byte_is_named(copied):
    plant(copied, "us_troops", b"26525", b"53050")
    with pytest.raises(ChangedDataset, match=r"^us_troops\.csv is not the file") as error:
        load("us_troops")
    expected = resources()["us_troops"].sha256[:8]
    assert f"expected {expected}" in str(error.value)
    assert "git checkout datasets/us_troops.csv" in str(error.value)


def test_line_ends_that_were_converted_are_a_change(copied):
    path = copied / "polls.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    with pytest.raises(ChangedDataset, match=r"polls\.csv"):
        load("polls")


def test_a_changed_file_leaves_the_others_readable(copied):
    plant(copied, "us_troops", b"26525", b"53050")
    assert len(load("us_image")) == 329


def test_a_missing_file_is_named(copied):
    (copied / "milcon.csv").unlink()
    with pytest.raises(MissingDataset, match=r"milcon\.csv is missing: restore it with `git checkout"):
        load("milcon")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("us_troop", "us_troops"), ("POLLS", "polls"), ("polls.csv", "polls"), ("un_vote", "un_votes")],
)
def test_a_near_miss_is_suggested(typed, meant):
    with pytest.raises(UnknownDataset) as error:
        load(typed)
    assert (
        str(error.value) == f"No dataset {typed!r}. Did you mean {meant!r}? See `helpers.data.catalogue()`."
    )


def test_a_name_like_no_other_gets_no_suggestion():
    with pytest.raises(UnknownDataset, match=r"^No dataset 'zzzz'\. See `helpers\.data\.catalogue\(\)`\.$"):
        load("zzzz")


@pytest.mark.parametrize("odd", [None, 3, "", "../us_troops", "raw/polls"])
def test_an_odd_name_is_an_unknown_dataset(odd):
    with pytest.raises(UnknownDataset):
        load(odd)


def test_an_error_is_one_sentence_in_a_notebook():
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    with capture_output() as shown:
        shell.run_cell("from helpers.data import load\nload('us_troop')")
    InteractiveShell.clear_instance()
    assert "Did you mean 'us_troops'?" in shown.stdout
    assert "File " not in shown.stdout
    assert len(shown.stdout.strip().splitlines()) == 1


def test_every_data_error_is_a_value_error():
    assert all(issubclass(error, DatasetError) for error in (UnknownDataset, ChangedDataset, MissingDataset))
    assert issubclass(DatasetError, ValueError)


def test_data_load_from_any_folder(tmp_path, root):
    code = f"import sys; sys.path.insert(0, {str(root)!r}); from helpers.data import load; print(len(load('polls')))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "28"


def test_an_installed_package_reads_the_files_beside_it(tmp_path, root):
    """The wheel holds `helpers/datasets`; no other folder is near."""
    site = tmp_path / "site"
    shutil.copytree(root / "helpers" / "data", site / "helpers" / "data")
    shutil.copy(root / "helpers" / "__init__.py", site / "helpers")
    shutil.copytree(
        root / "datasets", site / "helpers" / "datasets", ignore=shutil.ignore_patterns("raw", "entries")
    )
    code = "from helpers.data import load, locate; print(locate.datasets_folder(), len(load('polls')))"
    run = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(site)!r}); {code}"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.split() == [str(site / "helpers" / "datasets"), "28"]


def test_importing_the_data_layer_loads_no_pandas(root):
    code = (
        f"import sys; sys.path.insert(0, {str(root)!r}); import helpers.data; print('pandas' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_breaks_are_years_with_a_sentence():
    troops = breaks("us_troops")
    assert [item.year for item in troops] == [1951, 1953, 2006, 2008]
    assert all(isinstance(item, Break) and item.text.endswith(".") for item in troops)
    assert breaks("us_image") == []


def test_breaks_are_in_the_order_of_years():
    for key in resources():
        years = [item.year for item in breaks(key)]
        assert years == sorted(set(years)), key


def test_breaks_of_an_unknown_dataset_suggest_the_near_one():
    with pytest.raises(UnknownDataset, match="us_troops"):
        breaks("us_troop")


def test_the_breaks_of_the_troops_are_in_the_data():
    troops = load("us_troops")
    assert set(troops[troops.series == "imputed"].year) == {1951, 1952}
    assert troops[troops.series == "kane"].year.max() == 2005


def test_the_catalogue_lists_every_dataset_once():
    listed = catalogue()
    assert sorted(listed.name) == sorted(KEYS)
    assert set(listed.kind) == {"real"}
    row = listed.set_index("name").loc["us_troops"]
    assert (row.rows, row.first_year, row.last_year, row.licence) == (8189, 1950, 2025, "GPL-3.0-or-later")


def plant(folder, key, old, new):
    path = folder / f"{key}.csv"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def accept(folder, key):
    """Record the changed bytes as the expected ones."""
    path = folder / "datapackage.json"
    new = sha256((folder / f"{key}.csv").read_bytes()).hexdigest()
    path.write_text(path.read_text(encoding="utf-8").replace(resources()[key].sha256, new), encoding="utf-8")
    helpers.data.package._read.cache_clear()


def test_a_table_in_place_of_a_name_is_one_sentence() -> None:
    with pytest.raises(DatasetError, match='such as "us_troops", not by a DataFrame'):
        load(load("polls"))  # type: ignore[arg-type]


def test_a_table_that_was_changed_in_any_way_changes_no_later_one() -> None:
    first, untouched = load("us_troops"), load("us_troops")
    first["troops"].array[0] = -1
    first["country"].array[0] = "Nowhere"
    first.loc[1, "army"] = -1
    first["new"] = 1
    first.columns.name = "changed"
    first.attrs["changed"] = True
    again = load("us_troops")
    pd.testing.assert_frame_equal(again, untouched)
    assert (again.columns.name, again.attrs) == (None, {})
