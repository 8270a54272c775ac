"""The invented manuscript and the fictitious student: both say what they are, on paper and on the page."""

from __future__ import annotations

from pathlib import Path

import yaml

from helpers.data import fictitious_student, manuscript
from helpers.data.neighbours import Manuscript

CONTENT = Path(__file__).resolve().parents[2] / "helpers" / "data" / "content"


def test_the_manuscript_says_that_it_is_invented_wherever_it_is_shown() -> None:
    paper = manuscript()
    assert paper.label in repr(paper)
    assert paper.label in paper._repr_html_()
    assert "No such paper, country, survey or number exists" in paper.label


def test_the_manuscript_has_what_the_teaching_page_lists() -> None:
    text = " ".join(manuscript().paragraphs)
    for words in ("71 %", "67 people", "p = 0.21", "Of 240", "six questions", "four allies", "earlier draft"):
        assert words in text


def test_text_is_escaped_on_the_page() -> None:
    page = Manuscript("<b>", "a & b", ("1 < 2",))._repr_html_()
    assert "<b>" not in page.replace("<body>", "")
    assert "&lt;b&gt;" in page
    assert "a &amp; b" in page
    assert "1 &lt; 2" in page


def test_the_fictitious_student_is_the_file_and_says_so() -> None:
    held = yaml.safe_load((CONTENT / "fictitious_student.yml").read_text(encoding="utf-8"))
    made_up = fictitious_student()
    assert "fictitious" in made_up.label.lower()
    assert "simulated for teaching" in made_up.label
    assert len(made_up.beliefs) == 2 * len(held["beliefs"])
    assert made_up.predictions["right"].isna().sum() == 2
    assert made_up.predictions["confidence"].between(0, 100).all()
