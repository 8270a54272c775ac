"""The site: what a reader sees of a lesson, and what nobody may see."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers.classroom import build as builder
from helpers.classroom.site import folder, lessons, pages
from helpers.classroom.site.formulas import formula_html, with_formulas
from helpers.classroom.site.pages import Course, leaks_in, pages_of, read_course
from helpers.classroom.site.references import SiteError
from helpers.classroom.site.tidy import Surroundings, tidy

ROOT = Path(__file__).parents[3]
LESSON = "1_assurance_theory/01_two_audiences"
SCOPES = ("row", "col", "rowgroup", "colgroup")
AROUND = Surroundings(
    "1_a/01_b.html", {"1_a/01_b.html", "00_start.html", "sources.html"}, {"SW1"}, {"knopf_2012"}
)
ALT = "A line of US troops in Japan since 1950."


class Outline(HTMLParser):
    """Start tags of a page, with their attributes, read without the library that made it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def course() -> Course:
    """The course, run once."""
    return read_course(ROOT, lambda line: None)


@pytest.fixture(scope="module")
def made(course: Course) -> dict[str, str]:
    return pages_of(course)


def changed(course: Course, **outputs: Any) -> Course:
    """The same course with another first code cell in lesson 01."""
    place = next(i for i, lesson in enumerate(course.lessons) if lesson.number == "01")
    notebook = nbformat.from_dict(json.loads(json.dumps(course.lessons[place].notebook)))
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
    cell.update(nbformat.from_dict(outputs))
    held = list(course.lessons)
    held[place] = replace(held[place], notebook=notebook)
    return replace(course, lessons=tuple(held))


def printed(text: str) -> dict[str, Any]:
    return {"outputs": [{"output_type": "stream", "name": "stdout", "text": text}]}


# ------------------------------------------------------------------ all pages


def test_every_lesson_dataset_and_list_has_a_page(made: dict[str, str]) -> None:
    notebooks = [
        path.relative_to(ROOT / "lessons").with_suffix(".html").as_posix()
        for path in (ROOT / "lessons").rglob("*.ipynb")
        if ".ipynb_checkpoints" not in path.parts
    ]
    package = json.loads((ROOT / "datasets" / "datapackage.json").read_text(encoding="utf-8"))
    datasets = [f"data/{each['name']}.html" for each in package["resources"]]
    assert set(made) >= {"index.html", "sources.html", "data.html", *notebooks, *datasets}


def test_every_link_inside_the_site_leads_to_a_place_that_is_there(made: dict[str, str]) -> None:
    anchors = {
        page: {attrs["id"] for _, attrs in Outline(text).tags if "id" in attrs} for page, text in made.items()
    }
    import posixpath

    for page, text in made.items():
        for tag, attrs in Outline(text).tags:
            if tag != "a" or re.match(r"[a-z]+:", attrs["href"]):
                continue
            address, _, part = attrs["href"].partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), address)) if address else page
            assert target in made, (page, attrs["href"])
            assert not part or part in anchors[target], (page, attrs["href"])


def test_no_page_loads_anything(made: dict[str, str]) -> None:
    for page, text in made.items():
        for tag, attrs in Outline(text).tags:
            assert tag not in ("script", "iframe", "object", "embed"), page
            if tag == "link" or "src" in attrs:
                assert attrs.get("src", attrs.get("href", "")).startswith("data:"), (page, tag)
        assert not re.search(r"@import|url\((?!#)", text), page


def test_each_page_has_one_title_headings_in_order_a_language_and_a_skip_link(made: dict[str, str]) -> None:
    for page, text in made.items():
        tags = Outline(text).tags
        levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
        assert levels[0] == 1, page
        assert levels.count(1) == 1, page
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), page
        assert dict(tags)["html"] == {"lang": "en"}
        assert ("a", {"class": "skip", "href": "#content"}) in tags
        ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
        assert len(ids) == len(set(ids)), page


def test_each_table_has_a_caption_and_headers_with_a_scope(made: dict[str, str]) -> None:
    for page, text in made.items():
        tags = Outline(text).tags
        n_tables = sum(tag == "table" for tag, _ in tags)
        assert n_tables == sum(tag == "caption" for tag, _ in tags), page
        assert all(attrs.get("scope") in SCOPES for tag, attrs in tags if tag == "th"), page


def test_a_lesson_shows_its_lab_as_figure_sentence_and_table(made: dict[str, str]) -> None:
    page = made[f"{LESSON}.html"]
    lab = page[page.index('class="shown lab"') :]
    lab = lab[: lab.index('class="text"')]
    assert re.search(r"In 20\d\d, .* hosted most US troops", lab)
    assert re.search(r'<img alt="[^"]{60,}"', lab)
    assert "<caption>" in lab
    assert "hosted" in lab


def test_a_question_is_a_list_of_options(made: dict[str, str]) -> None:
    page = made[f"{LESSON}.html"]
    assert "uestion 1 of 3" in page
    assert re.search(r'<ol type="A">(\s*<li>[^<]+</li>)*\s*<li>The column called 2019</li>', page)


def test_a_dataset_shows_fields_units_licence_and_caveats(made: dict[str, str]) -> None:
    page = made["data/us_troops.html"]
    for words in ("persons", "GNU General Public License", "Rotational forces are missing", "air_force"):
        assert words in page


def test_the_same_course_gives_the_same_pages(course: Course, made: dict[str, str]) -> None:
    assert pages_of(course) == made


# ------------------------------------------------------------------ no answer


def test_the_pages_hold_no_answer(made: dict[str, str]) -> None:
    assert leaks_in(made[f"{LESSON}.html"], ROOT / "solutions" / f"{LESSON}.ipynb") == []


def test_a_lesson_with_its_answers_in_it_is_refused(course: Course) -> None:
    solution = lessons.read_lesson(ROOT / "solutions" / f"{LESSON}.ipynb", ROOT / "solutions")
    others = tuple(solution if lesson.name == solution.name else lesson for lesson in course.lessons)
    with pytest.raises(SiteError, match="would give answers away"):
        pages_of(replace(course, lessons=others))


PLANTS = {
    "a line of a solution": {"source": "large = table[table[1990] >= 1000]"},
    "a line of a solution, printed": printed("large = table[table[1990] >= 1000]\n"),
    "an expected number": printed("the share was 98.87 % then\n"),
    "the expected list": printed("CUB, DEU, EGY, ESP, GBR, GRC, NLD, PAN, PHL, SAU, TUR"),
    "a line of a solution in a table": {
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "text/html": "<table><tr><td>line</td><td>large = table[table[1990] &gt;= 1000]</td></tr></table>"
                },
            }
        ]
    },
    "a number in alternative text": {
        "outputs": [
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {
                    "text/html": f"<figure><img alt='{ALT} The wide share is 98.87 %.' src='data:,'></figure>"
                },
            }
        ]
    },
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_stops_the_site(course: Course, plant: str) -> None:
    with pytest.raises(SiteError, match=rf"{LESSON}\.html would give answers away"):
        pages_of(changed(course, **PLANTS[plant]))


def test_a_number_in_a_table_of_data_is_no_leak(course: Course) -> None:
    table = {"text/html": "<table><tr><td>share</td><td>0.9887</td></tr></table>"}
    outputs = [{"output_type": "display_data", "metadata": {}, "data": table}]
    assert "0.9887" in pages_of(changed(course, outputs=outputs))[f"{LESSON}.html"]


def test_a_cell_that_stops_is_named() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    with pytest.raises(SiteError, match=r"06_x\.ipynb does not run through: ZeroDivisionError"):
        lessons.run(notebook, "06_x.ipynb")


def test_a_lesson_is_run_without_what_the_user_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    (tmp_path / "state").mkdir()
    held = {"version": 1, "data": {"student": "ada"}}
    (tmp_path / "state" / "progress.json").write_text(json.dumps(held), encoding="utf-8")
    cell = nbformat.v4.new_code_cell("from helpers import student\nprint(student())")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    lessons.run(notebook, "x")
    assert [output.text for output in notebook.cells[0].outputs if output.get("name") == "stdout"] == [
        "self-study\n"
    ]


# ------------------------------------------------------------------ the rules of a page


def test_a_table_of_pandas_gets_a_caption_scopes_and_a_box() -> None:
    import pandas as pd

    html = pd.DataFrame({"host": ["Japan"], "troops": [53246]}).to_html()
    tags = Outline(
        tidy(f'<div class="text"><h2>5. Hosts</h2></div><div class="result">{html}</div>', AROUND)
    ).tags
    box = next(attrs for tag, attrs in tags if attrs.get("class") == "wide")
    assert box["aria-label"] == "What the code gives, under “5. Hosts”"
    assert box["tabindex"] == "0"
    assert [attrs["scope"] for tag, attrs in tags if tag == "th"] == ["col", "col", "row"]
    assert not any("border" in attrs for tag, attrs in tags if tag == "table")


def test_headings_of_an_output_go_below_the_lessons_own() -> None:
    body = '<h2>3. Look</h2><div class="result"><h4>Title</h4><h5>Part</h5></div><h3>Exercise</h3>'
    made = tidy(body, AROUND)
    assert re.findall(r"<(h\d)", made) == ["h2", "h3", "h4", "h3"]


def test_links_between_notebooks_lead_to_pages() -> None:
    made = tidy('<a href="../00_start.ipynb#x">a</a> <a href="https://example.org/a.ipynb">b</a>', AROUND)
    assert 'href="../00_start.html#x"' in made
    assert 'href="https://example.org/a.ipynb"' in made


def test_a_link_that_leads_nowhere_is_named() -> None:
    with pytest.raises(SiteError, match=r"01_b\.html links to 09_none\.ipynb"):
        tidy('<a href="09_none.ipynb">a</a>', AROUND)


def test_a_picture_without_words_is_named() -> None:
    with pytest.raises(SiteError, match="picture without alternative text"):
        tidy('<img alt="" src="data:,">', AROUND)


def test_keys_lead_to_the_sources_and_unknown_ones_stay_words() -> None:
    made = tidy("<p>As they say [SW1], not [SW9] or <code>[SW1]</code>; <code>knopf_2012</code>.</p>", AROUND)
    assert '<a href="../sources.html#SW1">[SW1]</a>, not [SW9]' in made
    assert "<code>[SW1]</code>" in made
    assert '<a href="../sources.html#knopf_2012"><code>knopf_2012</code></a>' in made


def test_what_runs_or_restyles_is_taken_out() -> None:
    assert "alert" not in tidy("<p>a</p><script>alert(1)</script><style>p{}</style>", AROUND)


# ------------------------------------------------------------------ formulas


def test_a_formula_is_drawn_in_the_colour_of_the_text_with_words_for_the_ear() -> None:
    html = formula_html(r"\frac{p}{1-p} \leq \alpha")
    assert "currentColor" in html
    assert r'aria-label="formula: \frac{p}{1-p} \leq \alpha"' in html
    assert "\n" not in html
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", html)


def test_two_formulas_share_no_id() -> None:
    ids = [set(re.findall(r'id="([^"]+)"', formula_html(source))) for source in ("p_1", "p_2")]
    assert ids[0]
    assert not ids[0] & ids[1]


def test_a_formula_that_cannot_be_drawn_is_shown_as_its_source() -> None:
    assert formula_html(r"\begin{aligned} a < b") == (
        r'<code class="formula-source">\begin{aligned} a &lt; b</code>'
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("costs $5 and $6", "costs $5 and $6"),
        ("`$x$` and ```\n$y$\n```", "`$x$` and ```\n$y$\n```"),
        ("$x$, $y_1$.", "<x>, <y_1>."),
        ("$$a\n= b$$", '\n\n<div class="formula-block"><a\n= b></div>\n\n'),
        (r"\$x$", r"\$x$"),
    ],
)
def test_what_counts_as_a_formula(text: str, wanted: str) -> None:
    assert with_formulas(text, lambda source: f"<{source}>") == wanted


# ------------------------------------------------------------------ sources and glossary


def test_every_work_and_every_claim_stands_on_the_page_of_sources(made: dict[str, str]) -> None:
    import yaml

    text = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
    claims = yaml.safe_load((ROOT / "docs" / "claims.yml").read_text(encoding="utf-8"))["claims"]
    wanted = {*re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE), *(claim["id"] for claim in claims)}
    tags = Outline(made["sources.html"]).tags
    assert wanted <= {attrs["id"] for _, attrs in tags if "id" in attrs}
    words = " ".join(made["sources.html"].split())
    for line in (
        "Sorg, Alexander and Julian Wucherpfennig (2024).",
        "International Studies Quarterly 68(3), sqae107.",
    ):
        assert line in words


@dataclass(frozen=True)
class Term:
    term: str
    means: str
    first: str
    related: tuple[str, ...] = ()
    source: str = ""


def test_the_glossary_is_sorted_linked_and_escaped(course: Course) -> None:
    terms = (
        Term("entrapment", "Drawn <into> a war. See `x`.", "01", ("abandonment",), "snyder_1984"),
        Term("abandonment", "Left alone.", "77"),
    )
    made = pages_of(replace(course, terms=terms))
    page = made["glossary.html"]
    assert page.index("<dt>abandonment") < page.index("<dt>entrapment")
    assert "&lt;into&gt;" in page
    assert "<code>x</code>" in page
    assert f'First in <a href="{LESSON}.html">' in page
    assert "First in lesson 77." in page
    assert '<a href="#abandonment">' in page
    assert 'href="../glossary.html"' in made[f"{LESSON}.html"]


# ------------------------------------------------------------------ the folder


def test_an_older_site_is_replaced_and_nothing_else_is_touched(tmp_path: Path) -> None:
    place = tmp_path / "site"
    folder.write({"index.html": "a", "data/old.html": "b"}, place)
    (place / "mine.txt").write_text("mine")
    folder.write({"index.html": "c"}, place)
    assert (place / "index.html").read_text() == "c"
    assert not (place / "data").exists()
    assert (place / "mine.txt").read_text() == "mine"


def test_a_folder_that_is_not_the_sites_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.html").write_text("years of work")
    with pytest.raises(SiteError, match="did not write"):
        folder.write({"thesis.html": "x"}, tmp_path)
    with pytest.raises(SiteError, match="is a file"):
        folder.claim(tmp_path / "thesis.html")
    assert (tmp_path / "thesis.html").read_text() == "years of work"


def test_a_list_that_was_tampered_with_removes_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("x")
    place = tmp_path / "site"
    place.mkdir()
    (place / folder.MARK).write_text(json.dumps({"pages": ["../outside.html", str(outside)]}))
    folder.write({"index.html": "a"}, place)
    assert outside.exists()


def test_nothing_is_written_where_a_page_cannot_be_made(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "docs", tmp_path / "course" / "docs")
    (tmp_path / "course" / "lessons").mkdir()
    with pytest.raises(SiteError, match="There is no lesson"):
        read_course(tmp_path / "course")


def test_what_a_lesson_says_of_itself_is_read(course: Course) -> None:
    lesson = next(lesson for lesson in course.lessons if lesson.number == "01")
    source = builder.read(ROOT / "lessons" / lesson.name).cells[0].source
    assert lesson.title == "01 Two audiences"
    assert f"**{lesson.minutes}.**" in source
    assert len(lesson.goals) == source.count("\n- ")
    assert lesson.module == "Module 1: Assurance theory"
    assert pages._modules(course.lessons)["First steps"][0].number == "00"
