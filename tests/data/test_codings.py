"""The codebook: whole, its keys its own, its examples marked as invented, and read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from helpers.data import CodebookError, coding_rules, load
from helpers.data.codings import COLUMNS, RULES, VARIABLES
from helpers.data.locate import datasets_folder

FILE = datasets_folder() / "codebooks" / "vietnam.yml"


def test_each_code_has_a_definition_two_rules_and_an_example_that_says_it_is_invented() -> None:
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    codes = [code for variable in raw["variables"].values() for code in variable["codes"].values()]
    assert len(codes) == 6 + 9 + 3
    for code in codes:
        assert set(code) == {"label", "key", "definition", "include", "exclude", "example"}
        assert code["example"].startswith("Invented: ")


def test_no_example_is_taken_from_an_item() -> None:
    summaries = " ".join(load("vietnam_evidence")["summary"]).lower()
    for variable in coding_rules().variables.values():
        for code in variable.codes.values():
            words = code.example.removeprefix("Invented: ").lower().split()
            runs = [" ".join(words[start : start + 5]) for start in range(len(words) - 4)]
            assert not [run for run in runs if run in summaries], code.name


def test_the_codebook_names_no_theory_and_no_ally() -> None:
    text = FILE.read_text(encoding="utf-8").lower()
    allies = [ally.lower() for ally in load("vietnam_evidence")["ally"].unique() if ally != "Multiple allies"]
    for word in (*allies, "hawkish", "krebs", "spindel", "reassur", "theory", "hypothes", "distance"):
        assert word not in text.replace("keeps a distance", ""), word


def test_stances_are_ranks_without_no_stance() -> None:
    stance = coding_rules().variables["stance"]
    assert stance.order == ("supportive", "leaning_supportive", "mixed", "leaning_opposed", "opposed")
    assert set(stance.codes) - set(stance.order) == {"no_stance"}
    assert len(coding_rules().variables["reason"].order) == 9


def test_the_parts_are_those_that_a_coding_file_and_the_lab_need() -> None:
    rules = coding_rules()
    assert tuple(rules.file_columns) == COLUMNS
    assert tuple(rules.variables) == VARIABLES
    assert tuple(rules.rules) == RULES
    assert rules.tag == "vietnam/1"
    assert len(rules.to_frame()) == 18


FAULTS = [
    ("version: 1\n", "version: one\n", "version: expected a whole number from 1"),
    ("version: 1\n", "", "'version', which is missing"),
    ('key: "2"', 'key: "1"', "a key of its own; '1' is taken by supportive"),
    ('key: "2"', 'key: "22"', "one lower-case letter or digit"),
    ("  doubt: >-", "  doubts: >-", "'doubt', which is missing"),
    ("        label: supportive\n", "        label: ''\n", "expected words"),
    ("        label: supportive\n", "        label: supportive\n        color: red\n", "'color' is unknown"),
    ("    ordered: true\n", "    ordered: 1\n", "true or false"),
    ("      leaning_supportive:\n", "      Leaning:\n", "lower-case letters"),
    ("      leaning_supportive:\n", "      supportive:\n", "stands twice"),
    ("rules:\n", "rules: [\n", "no YAML file that can be read"),
]


@pytest.mark.parametrize(("old", "new", "sentence"), FAULTS)
def test_an_odd_codebook_is_named_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "mine.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CodebookError) as caught:
        coding_rules(file)
    assert "mine.yml" in str(caught.value)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_codebook_is_one_sentence() -> None:
    with pytest.raises(CodebookError, match=r"^No codebook 'vietnam2'\. There are: vietnam\.$"):
        coding_rules("vietnam2")
    with pytest.raises(CodebookError, match="There is no file"):
        coding_rules(Path("none.yml"))
