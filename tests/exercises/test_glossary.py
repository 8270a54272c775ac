"""The glossary holds together: sorted, complete, used, and never in a circle."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from helpers.data import texts
from helpers.data.texts import Term, lesson_list, terms
from helpers.exercises import glossary
from helpers.exercises.wording import look_up

ROOT = Path(__file__).parents[2]
AUTHORS = re.compile(r"\b(Sorg|Wucherpfennig|Krebs|Spindel)\b")


@cache
def words_of_lessons() -> dict[str, str]:
    """Everything that a student reads in each lesson of this edition: cells, exercises, questions."""
    said: dict[str, str] = {}
    for path in (ROOT / "solutions").rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            cells = json.loads(path.read_text("utf-8"))["cells"]
            said[path.stem[:2]] = said.get(path.stem[:2], "") + "\n".join(
                "".join(each["source"]) for each in cells
            )
    for folder in ("bank", "questions"):
        for path in (ROOT / "helpers" / "exercises" / folder).glob("lesson_*.py"):
            number = path.stem.removeprefix("lesson_")[:2]
            said[number] = said.get(number, "") + path.read_text("utf-8")
    return {number: text.casefold() for number, text in said.items()}


def is_used(term: Term, text: str) -> bool:
    return any(re.search(rf"\b{re.escape(form.casefold())}", text) for form in (term.term, *term.also))


def circles(entries: tuple[Term, ...]) -> list[str]:
    """Terms whose definition says little beside other terms of the glossary or itself."""
    names = sorted((form for each in entries for form in (each.term, *each.also)), key=len, reverse=True)
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names), re.IGNORECASE)
    return [
        each.term for each in entries if len(re.findall(r"[A-Za-z]{3,}", pattern.sub("", each.means))) < 8
    ]


def leaning(entries: tuple[Term, ...]) -> list[str]:
    """Terms that are used in the first sentence of their own definition."""
    first = {each.term: re.split(r"(?<=[.!?;])\s", each.means)[0] for each in entries}
    return [name for name, text in first.items() if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)]


def test_terms_are_sorted_and_there_is_each_one_once() -> None:
    names = [each.term for each in terms()]
    assert names == sorted(names, key=str.casefold)
    assert len(set(map(str.casefold, names))) == len(names) >= 60


def test_a_form_leads_to_one_term_only() -> None:
    forms = [form.casefold() for each in terms() for form in {each.term, *each.also}]
    assert sorted(forms) == sorted(set(forms))


def test_related_terms_exist_and_no_term_is_related_to_itself() -> None:
    names = {each.term for each in terms()}
    for each in terms():
        assert set(each.related) <= names - {each.term}, each.term
        assert each.related, each.term


def test_a_definition_has_one_to_three_sentences_and_ends_properly() -> None:
    for each in terms():
        sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z“\"])", each.means)
        assert 1 <= len(sentences) <= 3, each.term
        assert each.means[-1] in ".?", each.term


def test_no_definition_turns_in_a_circle() -> None:
    assert circles(terms()) == []
    assert leaning(terms()) == []


def test_a_circle_is_found() -> None:
    one, two = (
        Term("abandonment", "02", "The opposite of entrapment."),
        Term("entrapment", "02", "No abandonment."),
    )
    assert circles((one, two)) == ["abandonment", "entrapment"]
    assert leaning((Term("power", "08", "Power is power."),)) == ["power"]


def test_the_lesson_that_introduces_a_term_uses_it_or_is_still_to_come() -> None:
    planned = {each.number for each in lesson_list()}
    said = words_of_lessons()
    unused = [
        f"{each.term} ({each.first})"
        for each in terms()
        if each.first not in planned or (each.first in said and not is_used(each, said[each.first]))
    ]
    assert unused == []


def test_a_term_that_its_lesson_never_uses_is_found() -> None:
    assert not is_used(Term("zugzwang", "01", "x"), words_of_lessons()["01"])
    assert is_used(Term("assurance", "01", "x"), words_of_lessons()["01"])


def test_sources_stand_in_the_bibliography() -> None:
    text = (ROOT / "docs" / "references.bib").read_text("utf-8")
    known = set(re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE))
    assert {each.source for each in terms() if each.source} <= known


def test_no_definition_speaks_of_the_four_authors() -> None:
    assert [each.term for each in terms() if AUTHORS.search(each.means)] == []


# ------------------------------------------------------------------ looking up


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("entrapment", "entrapment"),
        ("  Entrapment ", "entrapment"),
        ("TOST", "two one-sided tests"),
        ("p value", "p-value"),
        ("post treatment variable", "post-treatment variable"),
        ("Bayes’ rule", "Bayes' rule"),
        ("allies", "ally"),
    ],
)
def test_a_term_is_found_however_it_is_written(asked: str, found: str) -> None:
    entry = look_up(asked)
    assert entry is not None
    assert entry.term == found


def test_an_entry_names_its_meaning_relations_lesson_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    glossary("entrapment")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "entrapment"
    assert "Related: abandonment, provocation." in lines[2]
    assert "lesson 02, Believing a guarantee" in lines[3]
    assert "snyder_1984" in lines[4]


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [("entrapement", "entrapment"), ("detterence", "deterrence"), ("signal", "costly signal")],
)
def test_a_near_miss_suggests(asked: str, suggested: str, capsys: pytest.CaptureFixture[str]) -> None:
    glossary(asked)
    assert suggested in capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize("odd", ["", 5, [], "x" * 10_000, "<script>"])
def test_anything_else_is_one_sentence(odd: Any, capsys: pytest.CaptureFixture[str]) -> None:
    glossary(odd)
    assert "No term" in capsys.readouterr().out


def test_without_a_term_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    glossary()
    assert len(capsys.readouterr().out.splitlines()) == len(terms())


def test_a_slip_in_a_text_names_its_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "glossary.yml").write_text("- {term: power, frist: '08', means: x}\n", encoding="utf-8")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)
    terms.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"glossary\.yml: frist is no part of an entry, in .*power"):
            terms()
        (tmp_path / "glossary.yml").write_text("- {term: power, means: x}\n", encoding="utf-8")
        with pytest.raises(ValueError, match=r"glossary\.yml: .*first"):
            terms()
    finally:
        terms.cache_clear()
