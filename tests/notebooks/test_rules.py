"""Every lesson keeps the rules, and each rule finds the fault that it is there for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

_spec = importlib.util.spec_from_file_location("rules", Path(__file__).with_name("rules.py"))
assert _spec is not None
assert _spec.loader is not None
rules = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(rules)

NOTEBOOKS = sorted(
    path for path in rules.SOLUTIONS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
)
LESSONS = [path for path in NOTEBOOKS if not path.name.startswith("00")]


def notebook(*cells: tuple[str, str], outputs: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {
        "cells": [
            {"cell_type": kind, "id": f"cell-{number}", "source": text, "outputs": outputs or []}
            for number, (kind, text) in enumerate(cells)
        ]
    }


def picture(html: str) -> list[dict[str, Any]]:
    return [{"output_type": "display_data", "data": {"text/html": html}}]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def each(request: pytest.FixtureRequest) -> dict[str, Any]:
    return rules.read(request.param)


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request: pytest.FixtureRequest) -> dict[str, Any]:
    return rules.read(request.param)


def test_a_notebook_has_one_title(each: dict[str, Any]) -> None:
    assert len(rules.titles(each)) == 1


def test_a_second_title_is_found() -> None:
    assert rules.titles(notebook(("markdown", "# One"), ("markdown", "text\n# Two"))) == ["cell-0", "cell-1"]


def test_a_lesson_fits_its_time(lesson: dict[str, Any]) -> None:
    assert rules.minutes(lesson) <= rules.LONGEST_LESSON


def test_a_lesson_that_is_too_long_is_found() -> None:
    assert rules.minutes(notebook(("markdown", "word " * 12_700))) > rules.LONGEST_LESSON
    assert rules.minutes(notebook(*[("code", 'check("01.1")')] * 11)) > rules.LONGEST_LESSON


def test_a_lesson_says_its_time_within_ten_minutes_of_the_formula(lesson: dict[str, Any]) -> None:
    first = next(text for _, text in rules.cells(lesson, "markdown"))
    said = int(first.partition("**")[2].partition(" minutes")[0])
    assert abs(said - rules.minutes(lesson)) <= 10


def test_no_code_cell_is_too_long(each: dict[str, Any]) -> None:
    assert rules.long_cells(each) == []


def test_a_long_cell_is_found() -> None:
    assert rules.long_cells(notebook(("code", "x = 1\n" * 13))) == ["cell-0"]


def test_every_picture_has_alternative_text(each: dict[str, Any]) -> None:
    assert rules.pictures_without_text(each) == []


@pytest.mark.parametrize(
    "outputs",
    [
        [{"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}}],
        picture('<figure><img src="data:image/png;base64,AA=="></figure>'),
        picture('<figure><img alt="" src="data:image/png;base64,AA=="></figure>'),
        picture('<img alt="A figure of some kind of lines" src="a"><img alt="plot" src="b">'),
    ],
    ids=["bare", "no alt", "empty alt", "one of two"],
)
def test_a_missing_alternative_text_is_found(outputs: list[dict[str, Any]]) -> None:
    assert rules.pictures_without_text(notebook(("code", "plot()"), outputs=outputs)) == ["cell-0"]


def test_a_sentence_on_the_four_authors_carries_its_key(each: dict[str, Any]) -> None:
    assert rules.uncited_sentences(each, rules.claim_ids()) == []


@pytest.mark.parametrize(
    "text",
    [
        "Sorg and Wucherpfennig (2024) find nothing.",
        "One thing is known [SW1]. Krebs and Spindel say another.",
        "Krebs says so [KS99].",
    ],
)
def test_a_sentence_without_a_known_key_is_found(text: str) -> None:
    assert len(rules.uncited_sentences(notebook(("markdown", text)), {"SW1", "KS1"})) == 1


def test_references_stand_in_the_bibliography(lesson: dict[str, Any]) -> None:
    assert rules.unknown_references(lesson) == []
    assert any("## References" in text for _, text in rules.cells(lesson, "markdown"))


def test_an_invented_reference_is_found() -> None:
    text = "## References\n\n- `knopf_2012` Knopf\n- `nobody_1999` Nobody"
    assert rules.unknown_references(notebook(("markdown", text))) == ["nobody_1999"]


def test_no_code_names_a_place_or_fetches(each: dict[str, Any]) -> None:
    assert rules.places_and_addresses(each) == []


@pytest.mark.parametrize(
    "code", ['open("/etc/hosts")', "pd.read_csv('https://example.org/a.csv')", 'x = "C:\\\\data"']
)
def test_a_place_or_an_address_is_found(code: str) -> None:
    assert rules.places_and_addresses(notebook(("code", code))) == ["cell-0"]


def test_a_lesson_has_four_exercises_worth_ten_points(lesson: dict[str, Any]) -> None:
    from helpers.classroom.build import CHECK
    from helpers.exercises.judge import find

    ids = [found["id"] for _, text in rules.cells(lesson, "code") for found in CHECK.finditer(text)]
    assert len(ids) == len(set(ids)) == 4
    assert sum(find(each).points for each in ids) == 10
