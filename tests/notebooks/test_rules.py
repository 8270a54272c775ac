"""Every lesson keeps the rules, and each rule finds the faults that it is there for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import rules
import rules_on_words
from lesson import ROOT, Offence, Words, notebooks, read
from planting import RULES, Fault, Rule

NOTEBOOKS = notebooks()
MODEL = next(path for path in NOTEBOOKS if path.name.startswith("01_"))


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        pytest.param(rule, path, id=f"{rule.name}-{path.stem}")
        for rule in RULES
        for path in NOTEBOOKS
        if rule.every or not path.name.startswith("00")
    ],
)
def test_a_notebook_keeps_the_rule(rule: Rule, path: Path) -> None:
    broken = rule.broken_by(read(path))
    assert not broken, f"{path.name}: {rule.find.__doc__}\n  " + "\n  ".join(broken)


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        pytest.param(rule, fault, id=f"{rule.name} {number}")
        for rule in RULES
        for number, fault in enumerate(rule.faults, 1)
    ],
)
def test_a_planted_fault_is_found_and_quoted(rule: Rule, fault: Fault) -> None:
    sound = read(MODEL)
    assert set(rule.broken_by(fault(sound))) - set(rule.broken_by(sound))


def test_every_function_that_finds_offences_is_registered() -> None:
    text = "".join(Path(module.__file__).read_text(encoding="utf-8") for module in (rules, rules_on_words))
    assert text.count("-> Iterator[Offence]:") == len(RULES)
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_every_rule_has_a_fault_and_says_what_it_is() -> None:
    assert [rule.name for rule in RULES if not (rule.faults and rule.find.__doc__)] == []


def test_an_offence_names_the_cell_and_quotes_it() -> None:
    said = Offence("puzzle", "Krebs  says\nso.", "has no key")
    assert str(said) == "cell puzzle: 'Krebs says so.' has no key"


def test_a_wrong_option_of_a_quiz_may_go_too_far_and_its_explanation_may_not() -> None:
    sound, text = read(MODEL), "Krebs and Spindel prove it."
    options = (
        replace(sound, words=(Words("question", text, is_wrong_option=wrong),)) for wrong in (True, False)
    )
    broken = [[rule.name for rule in RULES if rule.broken_by(lesson)] for lesson in options]
    assert broken == [[], ["a name ends with its claim", "no wording that goes too far"]]


LOOKED_AT_ELSEWHERE = (
    "*/helpers/classroom/sources.py",
    "*/exercises/questions/lesson_*.py",
    "*/exercises/bank/*.py",
)
OWN_CODE = [
    path
    for path in sorted((ROOT / "helpers").rglob("*.py"))
    if not any(path.match(pattern) for pattern in LOOKED_AT_ELSEWHERE)
]


@pytest.mark.parametrize("path", OWN_CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_code_says_about_the_studies_carries_a_key_too(path: Path) -> None:
    assert rules_on_words.unkeyed_strings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "said", ["Krebs proves it.", "As Sorg says [SW1], so it is.", "Spindel says so [SW999]."]
)
def test_code_that_speaks_of_an_author_without_a_key_is_found(said: str) -> None:
    assert rules_on_words.unkeyed_strings(f'"""An idea. {said}"""') != []
    assert (
        rules_on_words.unkeyed_strings('"""An idea. Sorg and Wucherpfennig randomise withdrawals [SW1]."""')
        == []
    )
