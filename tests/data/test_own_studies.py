"""Three invented files with different shapes become the same kind of answers; what does not fit is named."""

from __future__ import annotations

import builtins
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data import OwnStudy, OwnStudyError, draft_mapping, load_study
from helpers.experiments.answers import refuse_odd_codes
from helpers.experiments.effects import effects

N = 60
WORDS = ["not at all", "a little", "fairly", "very"]

CSV_MAPPING = """
title: An invented survey
source: Made up for a test
change: deployment
respondent: id
arms:
  column: cond
  codes: {"No change": unchanged, Soldiers: conventional, "Pilot, not used": missing}
  reference: unchanged
  labels: {conventional: soldiers come}
outcomes:
  protected:
    column: Feels protected?
    words: Feels protected
    codes: {"not at all": 1, a little: 2, fairly: 3, very: 4, "don't know": missing}
    low: not at all
    high: very
covariates:
  age: {column: age, missing: [999]}
  region: {column: land, codes: {E: east, W: west}}
"""

DTA_MAPPING = """
title: An invented survey
source: Made up for a test
change: withdrawal
arms:
  column: treat
  codes: {All leave: both}
  missing_is: unchanged
  reference: unchanged
outcomes:
  need: {column: q_need, words: Need for own defence, lowest: 1, highest: 7, missing: [98, 99], reverse: yes}
covariates:
  trust: {column: trust}
"""

SAV_MAPPING = """
title: An invented survey
source: Made up for a test
change: difference
simulated: yes
arms:
  columns: {conventional: T_conv, nuclear: T_nuc}
  none: unchanged
  together: both
  reference: unchanged
outcomes:
  threat: {column: V7, words: Perceives a threat, codes: {1: 0, 2: 1}}
covariates: {}
"""


def rng() -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(4))


def raw_csv() -> pd.DataFrame:
    """Wide, words as codes, a question mark in a name, a decimal comma, an arm that is not used."""
    draw = rng()
    return pd.DataFrame(
        {
            "id": [f"p{number:03d}" for number in range(N)],
            "cond": draw.choice(["No change", "Soldiers", "Pilot, not used"], N, p=[0.45, 0.45, 0.1]),
            "Feels protected?": draw.choice([*WORDS, "don't know", ""], N),
            "age": draw.choice(["18,5", "44", "71", "999"], N),
            "land": draw.choice(["E", "W"], N),
            "comment": "free text; with a semicolon",
        }
    )


def write_csv(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "wide.csv"
    frame.to_csv(path, sep=";", index=False)
    path.with_suffix(".yml").write_text(CSV_MAPPING, encoding="utf-8")
    return path


def raw_dta() -> pd.DataFrame:
    draw = rng()
    return pd.DataFrame(
        {
            "treat": draw.choice([np.nan, 3.0], N),
            "q_need": draw.choice([1.0, 4.0, 7.0, 98.0, np.nan], N),
            "trust": draw.integers(0, 11, N).astype(float),
        }
    )


def write_dta(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "survey.dta"
    pyreadstat.write_dta(
        frame, str(path), column_labels=["Text that was read", "Need for defence", "Trust in the US"],
        variable_value_labels={"treat": {3: "All leave"}, "q_need": {1: "a lot", 7: "nothing", 98: "don't know"}},
    )  # fmt: skip
    path.with_suffix(".yml").write_text(DTA_MAPPING, encoding="utf-8")
    return path


def raw_sav() -> pd.DataFrame:
    draw = rng()
    return pd.DataFrame(
        {
            "T_conv": draw.choice([0.0, 1.0], N),
            "T_nuc": draw.choice([0.0, 1.0], N),
            "V7": draw.choice([1.0, 2.0, np.nan], N),
        }
    )


def write_sav(folder: Path, frame: pd.DataFrame) -> Path:
    path = folder / "archive.sav"
    pyreadstat.write_sav(frame, str(path), variable_value_labels={"V7": {1: "no", 2: "yes"}})
    path.with_suffix(".yml").write_text(SAV_MAPPING, encoding="utf-8")
    return path


# What comes out.


def test_a_wide_csv_with_words_as_codes(tmp_path: Path) -> None:
    raw = raw_csv()
    found = load_study(write_csv(tmp_path, raw))
    kept = raw[raw["cond"] != "Pilot, not used"].reset_index(drop=True)
    answers = found.answers
    assert answers.columns.tolist() == ["respondent", "arm", "age", "region", "protected"]
    assert answers["respondent"].tolist() == kept["id"].tolist()
    for row in range(len(kept)):
        word = kept["Feels protected?"][row]
        expected = WORDS.index(word) + 1 if word in WORDS else None
        assert answers["protected"][row] == expected if expected else pd.isna(answers["protected"][row])
        age = {"18,5": 18.5, "44": 44, "71": 71}.get(kept["age"][row])
        assert answers["age"][row] == age if age else pd.isna(answers["age"][row])
    assert found.arms == {"unchanged": "unchanged", "conventional": "soldiers come"}
    assert set(answers["region"]) == {"east", "west"}
    assert found.n_left_out == N - len(kept) > 0
    assert repr(found) == (
        f"An invented survey: {len(kept)} people, arms unchanged, conventional, outcomes protected, "
        f"{N - len(kept)} rows in none of the arms"
    )


def test_a_stata_file_with_labels_and_a_control_that_is_missing(tmp_path: Path) -> None:
    raw = raw_dta()
    found = load_study(write_dta(tmp_path, raw))
    assert found.answers["arm"].tolist() == [
        "unchanged" if np.isnan(code) else "both" for code in raw["treat"]
    ]
    turned = {1.0: 7.0, 4.0: 4.0, 7.0: 1.0}
    for code, answer in zip(raw["q_need"], found.answers["need"], strict=True):
        assert turned.get(code) == answer or (code not in turned and np.isnan(answer))
    assert found.answers["trust"].tolist() == raw["trust"].tolist()
    assert found.answers["respondent"].tolist() == list(range(1, N + 1))


def test_an_spss_file_with_arms_spread_over_columns(tmp_path: Path) -> None:
    raw = raw_sav()
    found = load_study(write_sav(tmp_path, raw))
    names = {(0, 0): "unchanged", (1, 0): "conventional", (0, 1): "nuclear", (1, 1): "both"}
    assert found.answers["arm"].tolist() == [
        names[pair] for pair in zip(raw["T_conv"], raw["T_nuc"], strict=True)
    ]
    assert found.answers["threat"].dropna().tolist() == (raw["V7"].dropna() - 1).tolist()
    assert found.simulated
    assert "simulated for teaching" in repr(found)
    assert list(found.arms) == ["unchanged", "conventional", "nuclear", "both"]


@pytest.mark.parametrize("write", [write_csv, write_dta, write_sav])
def test_what_is_loaded_fits_the_analysis(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    raw = {write_csv: raw_csv, write_dta: raw_dta, write_sav: raw_sav}[write]()
    found = load_study(write(tmp_path, raw))
    outcome = found.outcomes[0]
    table = effects(found.answers, [outcome.name], list(found.treatments), found.reference)
    assert table["arm"].tolist() == list(found.treatments)
    means = found.answers.groupby("arm")[outcome.name].mean()
    assert table["estimate"].tolist() == pytest.approx(
        [means[arm] - means[found.reference] for arm in found.treatments]
    )
    if outcome.lowest == 1:
        refuse_odd_codes(found.answers, {outcome.name: outcome.highest})
    book = found.codebook()
    assert book["column"].tolist() == ["arm", *found.covariates, outcome.name]
    assert int(book["missing"].iloc[-1]) == found.answers[outcome.name].isna().sum()


@pytest.mark.parametrize("write", [write_csv, write_dta, write_sav])
def test_what_is_loaded_fits_the_effect_explorer(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from helpers.labs import EffectExplorer

    raw = {write_csv: raw_csv, write_dta: raw_dta, write_sav: raw_sav}[write]()
    found = load_study(write(tmp_path, raw))
    lab, outcome = EffectExplorer(found), found.outcomes[0]
    estimate = lab.result.analysis.estimate
    means = found.answers.groupby("arm")[outcome.name].mean()
    assert estimate.estimate == pytest.approx(means[found.treatments[-1]] - means[found.reference])
    assert outcome.words in lab.sentence.text
    assert ("Simulated for teaching" in lab.sentence.alt) == found.simulated
    assert lab.picture()


@pytest.mark.parametrize("ending", [".tsv", ".tab"])
def test_tabs_and_numbers_with_a_point(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"data{ending}"
    path.write_text("g\ty\n1\t2.0\n0\t1\n1\t2\n0\t\n", encoding="utf-8")
    path.with_suffix(".yml").write_text(
        "title: t\nsource: s\nchange: difference\n"
        "arms: {column: g, codes: {0: a, 1.0: b}, reference: a}\noutcomes: {y: {column: y, lowest: 1, highest: 2}}\n",
        encoding="utf-8",
    )
    assert load_study(path).answers["y"].tolist()[:3] == [2, 1, 2]


def test_a_mapping_may_be_text_as_in_a_notebooks_cell(tmp_path: Path) -> None:
    path = write_csv(tmp_path, raw_csv())
    by_file = load_study(path)
    path.with_suffix(".yml").unlink()
    by_text = load_study(path, CSV_MAPPING)
    assert by_text.answers.equals(by_file.answers)
    assert repr(by_text) == repr(by_file)
    with pytest.raises(
        OwnStudyError, match=r"^the mapping, at the file: expected 'title', which is missing\.$"
    ):
        load_study(path, changed("title:", "titel:"))
    with pytest.raises(OwnStudyError, match=r"^the mapping, line \d+ is no YAML that can be read"):
        load_study(path, "title: [\nsource")
    with pytest.raises(OwnStudyError, match="There is no mapping title: t"):
        load_study(path, "title: t")


def test_a_word_such_as_na_is_seen_and_not_silently_missing(tmp_path: Path) -> None:
    raw = spoil(spoil(raw_csv(), "Feels protected?", 7, "NA"), "cond", 7, "Soldiers")
    path = write_csv(tmp_path, raw)
    with pytest.raises(
        OwnStudyError, match=r"row 9, column 'Feels protected.': found 'NA', expected one of its codes"
    ):
        load_study(path)
    mapping = changed("    low: not", "    missing: [NA]\n    low: not")
    path.with_suffix(".yml").write_text(mapping, encoding="utf-8")
    answers = load_study(path).answers.set_index("respondent")
    assert pd.isna(answers["protected"]["p007"])


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes("g,y\nnö,1\nja,2\nnö,2\nja,1\n".encode("cp1252"))
    text = (
        "title: t\nsource: s\nchange: difference\n"
        'arms: {column: g, codes: {"nö": a, "ja": b}, reference: a}\n'
        "outcomes: {y: {column: y, lowest: 1, highest: 2}}\n"
    )
    path.with_suffix(".yml").write_text(text, encoding="utf-8")
    with pytest.raises(OwnStudyError, match="cannot be read as utf-8-sig; name its encoding in the mapping"):
        load_study(path)
    path.with_suffix(".yml").write_text(f"encoding: cp1252\n{text}", encoding="utf-8")
    assert load_study(path).answers["arm"].tolist() == list("abab")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["0", "1"]), st.integers(1, 5)), min_size=8, max_size=40))
def test_a_file_that_is_written_and_read_has_the_same_answers(
    tmp_path: Path, rows: list[tuple[str, int]]
) -> None:
    rows = [("0", 1), ("0", 2), ("1", 1), ("1", 2), *rows]
    path = tmp_path / "round.csv"
    pd.DataFrame(rows, columns=["g", "y"]).to_csv(path, index=False)
    path.with_suffix(".yml").write_text(
        "title: t\nsource: s\nchange: difference\narms: {column: g, codes: {0: a, 1: b}, reference: a}\n"
        "outcomes: {y: {column: y, lowest: 1, highest: 5}}\n",
        encoding="utf-8",
    )
    found = load_study(path).answers
    assert list(zip(found["arm"].map({"a": "0", "b": "1"}), found["y"], strict=True)) == rows


# What does not fit.


ELSE = "else add it to `codes` or `missing`"


def spoil(raw: pd.DataFrame, column: str, row: int, value: object) -> pd.DataFrame:
    raw = raw.copy()
    if isinstance(value, str):
        raw[column] = raw[column].astype(object)
    raw.loc[row, column] = value
    return raw


@pytest.mark.parametrize(
    ("write", "raw", "column", "value", "expected"),
    [
        (write_csv, raw_csv, "Feels protected?", "verry",
         f"one of its codes (not at all, a little, fairly, very, don't know); {ELSE}"),
        (write_csv, raw_csv, "cond", "Soldier", f"one of its codes (No change, Soldiers, Pilot, not used); {ELSE}"),
        (write_csv, raw_csv, "age", "old", "a number, as in other rows; else add it to `missing`"),
        (write_csv, raw_csv, "id", "p001", "each respondent once"),
        (write_csv, raw_csv, "id", "", "a number or name for each respondent"),
        (write_dta, raw_dta, "q_need", 8.0, "a whole number from 1 to 7"),
        (write_dta, raw_dta, "q_need", 2.5, "a whole number from 1 to 7"),
        (write_dta, raw_dta, "treat", 4.0, f"one of its codes (All leave); {ELSE}"),
        (write_sav, raw_sav, "T_nuc", 2.0, "0, 1 or nothing"),
        (write_sav, raw_sav, "V7", 9.0, f"one of its codes (1, 2); {ELSE}"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_named_with_its_column_and_row(  # type: ignore[no-untyped-def]
    write, raw, column: str, value: object, expected: str, tmp_path: Path
) -> None:
    with pytest.raises(OwnStudyError) as caught:
        load_study(write(tmp_path, spoil(raw(), column, 7, value)))
    name, row = {write_csv: ("wide.csv", 9), write_dta: ("survey.dta", 8), write_sav: ("archive.sav", 8)}[
        write
    ]
    found = f"{value:g}" if isinstance(value, float) else value or "nothing"
    said = f"{name}, row {row}, column {column!r}: found {found!r}, expected {expected}."
    assert str(caught.value) == said
    assert len(caught.value.to_frame()) == 1


def test_all_troubles_are_counted_and_can_be_looked_at(tmp_path: Path) -> None:
    raw = spoil(spoil(spoil(raw_csv(), "cond", 3, "X"), "age", 5, "old"), "age", 6, "young")
    with pytest.raises(
        OwnStudyError, match=r"row 5, column 'cond'.* 2 more values do not fit, in 2 columns"
    ) as caught:
        load_study(write_csv(tmp_path, raw))
    assert caught.value.to_frame()[["column", "row", "value"]].to_numpy().tolist() == [
        ["cond", 5, "X"], ["age", 7, "old"], ["age", 8, "young"],
    ]  # fmt: skip


def test_two_ones_or_a_hole_among_zeros_are_no_arm(tmp_path: Path) -> None:
    path = write_sav(tmp_path, raw_sav())
    path.with_suffix(".yml").write_text(SAV_MAPPING.replace("  together: both\n", ""), encoding="utf-8")
    with pytest.raises(
        OwnStudyError, match=r"found \"1 in 'T_conv' and 'T_nuc'\", expected 1 in one of them at most"
    ):
        load_study(path)
    hole = raw_sav()
    hole.loc[2, ["T_conv", "T_nuc"]] = [0, np.nan]
    with pytest.raises(OwnStudyError, match="row 3, column 'T_nuc': found 'nothing', expected 0 or 1"):
        load_study(write_sav(tmp_path, hole))
    empty = raw_sav()
    empty.loc[2, ["T_conv", "T_nuc"]] = np.nan
    assert load_study(write_sav(tmp_path, empty)).n_left_out == 1


def changed(old: str, new: str, text: str = CSV_MAPPING) -> str:
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (changed("column: cond", "column: condd"), "wide.csv has no column 'condd' (arms). Did you mean 'cond'?"),
        (changed("change: deployment", "change: presence"), "at change: expected one of withdrawal, deploym"),
        (changed("reference: unchanged", "reference: none"), "at arms: reference: expected one of unchanged,"),
        (changed("title:", "titel:"), "at the file: expected 'title', which is missing"),
        (changed("low:", "lo:"), "'lo' is unknown"),
        (changed("a little: 2", "a little: two"), "codes: a little: expected a whole number, not 'two'"),
        (changed("very: 4", "yes: 4"), "yes, no, true and false in quotation marks"),
        (changed("{E: east, W: west}", "{E: east, W: '???'}"), "W: expected what 'W' means; it is still open"),
        (changed("E: east", '"??": east'), "expected codes of the file in place of ??"),
        (changed("column: cond", 'column: "???"'), "at arms: column: expected the name of a column in"),
        (changed("  age:", "  arm:"), "that is not 'arm' or 'respondent', not 'arm'"),
        (changed("  age:", "  protected:"), "covariates: protected: expected another name, because an outcome has it"),
        (changed("  column: cond", "  none: a\n  column: cond"), "at arms: expected no 'none' beside `column`"),
        (changed("  column: cond\n", ""), "either `column`, whose codes name the arm, or `columns` of 0 and 1"),
        (changed("very: 4", "very: 40"), "a scale of 2 to 11 whole numbers, not 1 to 40"),
        (changed("title: An", "title: [An"), "line"),
        (changed("Soldiers: conventional, ", ""), "at arms: expected two arms or more, not unchanged"),
        (changed("labels: {conventional", "labels: {convent"), "at arms: labels: expected one of unchanged, con"),
        (changed("Soldiers: conventional", "Soldiers: conventional, Nobody: nuclear"), "nobody is in the arm 'nuc"),
        (changed("{column: age, missing: [999]}", "{column: age, missing: ['18,5', 44, 71, 999]}"), "'age' is missing"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_odd_is_told_with_its_place(mapping: str, words: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path, raw_csv())
    path.with_suffix(".yml").write_text(mapping, encoding="utf-8")
    with pytest.raises(OwnStudyError, match=re.escape(words)) as caught:
        load_study(path)
    assert "wide." in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("data.xlsx", b"x", "data.xlsx is of a kind that is not read here (.xlsx)"),
        ("data.csv", b"", "data.csv is empty"),
        ("data.csv", b"a,b\n", "data.csv has no rows"),
        ("data.csv", b"a,a\n1,2\n", "two columns with the name 'a'"),
        ("data.csv", b"a,b\n1,2\n1,2,3\n", "data.csv is no table"),
        ("data.sav", b"no spss", "data.sav cannot be read"),
        ("data.dta", b"no stata", "data.dta cannot be read"),
    ],
)
def test_a_file_that_is_none_is_told(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OwnStudyError, match=re.escape(words)) as caught:
        draft_mapping(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_missing_mapping_are_told(tmp_path: Path) -> None:
    path = write_csv(tmp_path, raw_csv())
    path.with_suffix(".yml").unlink()
    with pytest.raises(
        OwnStudyError, match=r"There is no mapping .*wide\.yml\. Draft one with: course map-study FILE"
    ):
        load_study(path)
    with pytest.raises(OwnStudyError, match=r"There is no file .*none\.csv"):
        draft_mapping(tmp_path / "none.csv")


def test_without_pyreadstat_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, real = write_sav(tmp_path, raw_sav()), builtins.__import__

    def blocked(name: str, *rest: object, **more: object) -> object:
        if name == "pyreadstat":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", blocked)
    with pytest.raises(
        OwnStudyError, match=r"archive\.sav needs pyreadstat.*pip install 'assurance-course\[archive\]'"
    ):
        load_study(path)


# The draft.


@pytest.mark.parametrize("write", [write_csv, write_dta, write_sav])
def test_a_draft_is_a_mapping_that_says_where_it_is_open(write, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    raw = {write_csv: raw_csv, write_dta: raw_dta, write_sav: raw_sav}[write]()
    path = write(tmp_path, raw)
    draft = draft_mapping(path)
    assert list(yaml.safe_load(draft)) == [
        "title",
        "source",
        "change",
        "simulated",
        "arms",
        "outcomes",
        "covariates",
    ]
    path.with_suffix(".yml").write_text(draft, encoding="utf-8")
    with pytest.raises(OwnStudyError, match=r"at title: expected words, not '\?\?\?'"):
        load_study(path)
    for column in raw.columns:
        assert f"# {column}" in draft


def test_a_filled_draft_loads(tmp_path: Path) -> None:
    path = write_dta(tmp_path, raw_dta())
    draft = draft_mapping(path)
    assert "# treat: Text that was read (1 different values, " in draft
    assert "#     3 = All leave   (" in draft
    assert "#     98 = don't know   (" in draft
    filled = (
        draft.replace('title: "???"', "title: Mine").replace('source: "???"', "source: me")
        .replace('  column: "???"         #', "  column: treat #").replace('    "???": unchanged\n', "")
        .replace('"????": both', "3: both").replace("  # missing_is:", "  missing_is:")
        .replace('    column: "???"\n    words: "???"', "    column: q_need\n    words: Need")
        .replace("highest: 5", "highest: 7").replace("    # missing: [8, 9]", "    missing: [98]")
    )  # fmt: skip
    path.with_suffix(".yml").write_text(filled, encoding="utf-8")
    found = load_study(path)
    assert isinstance(found, OwnStudy)
    assert found.treatments == ("both",)


def test_a_draft_copies_no_free_text_and_no_ids(tmp_path: Path) -> None:
    raw = raw_csv().assign(comment=[f"my name is {number}" for number in range(N)])
    draft = draft_mapping(write_csv(tmp_path, raw))
    assert "my name" not in draft
    assert "p001" not in draft
    assert f"# comment ({N} different values, 0 missing)" in draft
    raw = pd.DataFrame({"a\n!": ["x\nevil: 1"] * 4 + ["y" * 200] * 4})
    raw.to_csv(tmp_path / "odd.csv", index=False)
    assert yaml.safe_load(draft_mapping(tmp_path / "odd.csv"))["covariates"] == {}
    assert "y" * 60 not in draft_mapping(tmp_path / "odd.csv")


def test_the_command_writes_once_and_never_over(tmp_path: Path) -> None:
    path = write_csv(tmp_path, raw_csv())
    path.with_suffix(".yml").unlink()

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "helpers", "map-study", str(path)]
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2]
        )

    first = run()
    assert first.returncode == 0, first.stderr
    assert "replace each ???" in first.stdout
    assert path.with_suffix(".yml").read_text(encoding="utf-8") == draft_mapping(path)
    second = run()
    assert second.returncode == 1
    assert "is there already and is kept; give another name with --to." in second.stderr


def test_the_documented_example_loads_and_its_sentence_is_the_one_that_comes(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "bring_your_own.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^```\w+ ([\w.]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    found = load_study(tmp_path / "survey.csv", tmp_path / "mapping.yml")
    assert found.answers["respondent"].tolist() == ["1", "2", "3", "4", "6", "7"]
    assert found.answers["need"].fillna(0).tolist() == [1, 7, 0, 5, 4, 3]
    assert found.n_left_out == 1
    (tmp_path / "survey.csv").write_text(files["survey.csv"] + "8,2,verry,1,3,1\n", encoding="utf-8")
    with pytest.raises(OwnStudyError) as caught:
        load_study(tmp_path / "survey.csv", tmp_path / "mapping.yml")
    assert str(caught.value) in " ".join(re.sub(r"^> ?", "", text, flags=re.MULTILINE).split())
