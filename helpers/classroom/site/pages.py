"""All pages of the site, made from plain data and templates.

The idea: a page is text at a path. Nothing is written here, so that every page can be looked at, compared and searched
for answers before one of them reaches a disk.
"""

from __future__ import annotations

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from helpers.classroom import build as builder
from helpers.classroom.leaks import Leak, find_leaks
from helpers.classroom.site import lessons as reading
from helpers.classroom.site.lessons import Lesson
from helpers.classroom.site.notebook_page import TEMPLATES, body_of
from helpers.classroom.site.references import SiteError, entries_of, studies_of
from helpers.classroom.site.tidy import Surroundings, tidy
from helpers.classroom.sources import Register, Work, register
from helpers.classroom.sources import works as read_works
from helpers.data.package import Resource, resources
from helpers.exercises.judge import Context

TITLE = "Do they feel safe?"
SUBTITLE = "Assurance, survey experiments and the Vietnam case"
VALUES = ("expected value", "model output")
"""Parts of an answer that data may hold by right."""
_LOADED = re.compile(r"""\b(?:load|describe)\(["'](\w+)["']\)""")
_HEADING = re.compile(r'<h2\b[^>]*?\bid="(?P<id>[^"]*)"[^>]*>(?P<words>.*?)</h2>', re.DOTALL)


class TermLike(Protocol):
    """An entry of the glossary, as this site needs it."""

    term: str
    means: str
    first: str
    related: Sequence[str]
    source: str


@dataclass(frozen=True)
class Course:
    """What the site is made of.

    Parameters
    ----------
    root : Path
        Folder of the checkout.
    lessons : tuple of Lesson
        Read, and run.
    terms : tuple of TermLike
        Entries of the glossary; none where the course has no glossary yet.
    """

    root: Path
    lessons: tuple[Lesson, ...]
    terms: tuple[TermLike, ...] = ()


def read_course(root: Path, tell: Callable[[str], None] = print) -> Course:
    """Read the course, and run each lesson as a student gets it.

    Parameters
    ----------
    root : Path
    tell : callable
        Hears the name of each lesson before it is run.

    Returns
    -------
    Course

    Raises
    ------
    SiteError, BuildError
        If a lesson cannot be read or does not run through.
    """
    folder = root / "lessons"
    found = [reading.read_lesson(path, folder) for path in builder.notebooks(folder)]
    if not found:
        raise SiteError(f"There is no lesson in {folder}. Run `course build`.")
    for lesson in found:
        tell(f"running {lesson.name}")
        reading.run(lesson.notebook, lesson.name)
    return Course(root, tuple(sorted(found, key=_order)), glossary_terms())


def _order(lesson: Lesson) -> tuple[str, bool, str]:
    """By number; where two share one, the place to start comes first."""
    return lesson.number, "start" not in lesson.name, lesson.name


def glossary_terms() -> tuple[TermLike, ...]:
    """Entries of the course's glossary, in its order; none where there is no glossary."""
    try:
        module: Any = import_module("helpers.data.texts")
    except ModuleNotFoundError:
        return ()
    return tuple(module.terms())


# ------------------------------------------------------------------ all pages


def pages_of(course: Course) -> dict[str, str]:
    """Make every page.

    Parameters
    ----------
    course : Course

    Returns
    -------
    dict
        From the path of a page to its text, in the order of reading.

    Raises
    ------
    SiteError
        If a link leads nowhere, a picture has no words, or a page would give an answer away.
    """
    data = resources()
    paths = ["index.html", *(lesson.page for lesson in course.lessons), "sources.html", "data.html"]
    paths += [f"data/{name}.html" for name in data] + ["glossary.html"] * bool(course.terms)
    held, works = register(course.root), read_works(course.root)
    keys = {"claims": held.claims.keys(), "works": works.keys()}
    made = {"index.html": _render("index", "index.html", course, modules=_modules(course.lessons))}
    for place, lesson in enumerate(course.lessons):
        made[lesson.page] = _lesson_page(course, place, Surroundings(lesson.page, frozenset(paths), **keys))
    made["sources.html"] = _sources(course, held, works)
    made["data.html"] = _render(
        "data", "data.html", course, entries=data.values(), used=_users(course.lessons)
    )
    for entry in data.values():
        made[f"data/{entry.name}.html"] = _data_page(course, entry)
    if course.terms:
        made["glossary.html"] = glossary_page(course, course.terms)
    return made


def _modules(lessons: Iterable[Lesson]) -> dict[str, list[Lesson]]:
    modules: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        modules[lesson.module].append(lesson)
    return dict(modules)


def _lesson_page(course: Course, place: int, around: Surroundings) -> str:
    lesson = course.lessons[place]
    body = tidy(body_of(lesson.notebook), around)
    parts = [(found["id"], _words(found["words"])) for found in _HEADING.finditer(body)]
    page = _render(
        "lesson", lesson.page, course,
        lesson=lesson, body=body, parts=parts,
        before=course.lessons[place - 1] if place else None,
        after=course.lessons[place + 1] if place + 1 < len(course.lessons) else None,
    )  # fmt: skip
    _refuse_leaks(course.root, lesson, page)
    return page


def _words(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", markup)).split())


def _sources(course: Course, held: Register, works: dict[str, Work]) -> str:
    cited: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in course.lessons:
        text = "\n".join(cell.source for cell in lesson.notebook.cells if cell.cell_type == "markdown")
        for key in dict.fromkeys(re.findall(r"`(\w+)`|\[([A-Z]{2}\d+)\]", text)):
            cited[key[0] or key[1]].append(lesson)
    return _render(
        "sources", "sources.html", course,
        held=held, studies=studies_of(held), works=entries_of(works), cited=cited,
    )  # fmt: skip


def glossary_page(course: Course, terms: Sequence[TermLike]) -> str:
    """Make the page of the glossary.

    Parameters
    ----------
    course : Course
    terms : sequence of TermLike
        In any order; the page sorts them.

    Returns
    -------
    str
    """
    ordered = sorted(terms, key=lambda each: each.term.casefold())
    first = {lesson.number: lesson for lesson in reversed(course.lessons)}
    return _render(
        "glossary", "glossary.html", course, terms=ordered, first=first, known={t.term for t in terms}
    )


# ------------------------------------------------------------------ data


def _users(lessons: Iterable[Lesson]) -> dict[str, list[Lesson]]:
    """Which lessons open a dataset."""
    users: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        code = "\n".join(cell.source for cell in lesson.notebook.cells if cell.cell_type == "code")
        for name in dict.fromkeys(_LOADED.findall(code)):
            users[name].append(lesson)
    return users


def _data_page(course: Course, entry: Resource) -> str:
    return _render(
        "dataset", f"data/{entry.name}.html", course,
        entry=entry, licences=_licences(course.root)[entry.name], users=_users(course.lessons)[entry.name],
    )  # fmt: skip


@lru_cache(maxsize=2)
def _licences(root: Path) -> Mapping[str, list[dict[str, str]]]:
    package = json.loads((root / "datasets" / "datapackage.json").read_text(encoding="utf-8"))
    return {raw["name"]: raw["licenses"] for raw in package["resources"]}


# ------------------------------------------------------------------ no answer


def _refuse_leaks(root: Path, lesson: Lesson, page: str) -> None:
    leaks = leaks_in(page, root / "solutions" / lesson.name)
    if leaks:
        lines = "\n".join(f"  {leak}" for leak in leaks[:10])
        raise SiteError(f"{lesson.page} would give answers away. Nothing was written.\n{lines}")


def leaks_in(page: str, solution: Path) -> list[Leak]:
    """Search a page for parts of the answers: its text, its attributes, its comments.

    Data are no leak: a number that is asked for may stand in a table that the untouched lesson shows, to be found
    there. So values are not looked for in such tables; lines of a solution and reasoning are, everywhere.

    Parameters
    ----------
    page : str
    solution : Path
        The notebook with the model answers.

    Returns
    -------
    list of Leak
    """
    source = builder.read(solution)
    exercises = builder.exercises_in(source)
    everywhere, beside_data = (
        find_leaks(source, _strings(page, data), exercises, Context()) for data in (True, False)
    )
    kept = {leak.text for leak in beside_data}
    return [leak for leak in everywhere if leak.what not in VALUES or leak.text in kept]


def _strings(page: str, data: bool) -> list[str]:
    """What a page holds for a reader or a curious one, with or without tables of results; pictures are left out."""
    from bs4 import BeautifulSoup, Comment

    soup = BeautifulSoup(page, "html.parser")
    for table in [] if data else soup.select(".result table"):
        table.decompose()
    found = [str(node) for node in soup.find_all(string=lambda text: isinstance(text, Comment))]
    for node in soup.find_all(True):
        for name, value in node.attrs.items():
            text = " ".join(value) if isinstance(value, list) else str(value)
            if not (name == "src" and text.startswith("data:")) and name != "d":
                found.append(text)
    return [*found, *_lines(soup)]


def _lines(soup: Any) -> list[str]:
    """Text as it is read: block by block, and the cells of a table apart."""
    blocks = [
        "p",
        "li",
        "pre",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "caption",
        "summary",
        "div",
        "figcaption",
    ]
    return [text for node in soup.find_all(blocks) if (text := node.get_text())]


# ------------------------------------------------------------------ templates


def _render(template: str, page: str, course: Course, **parts: Any) -> str:
    around = Surroundings(page, ())
    nav = [("index.html", "Lessons"), ("data.html", "Data"), ("sources.html", "Sources")]
    nav += [("glossary.html", "Glossary")] * bool(course.terms)
    text: str = _templates().get_template(f"{template}.html.j2").render(
        up=around.up, page=page, nav=nav, site=TITLE, subtitle=SUBTITLE, **parts
    )  # fmt: skip
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip() or "<pre" in text) + "\n"


@lru_cache(maxsize=1)
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["code"] = lambda text: Markup(
        re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(str(text)))
    )
    environment.filters["emphasis"] = lambda text: Markup(
        re.sub(r"\*([^*]+)\*", r"<em>\1</em>", str(environment.filters["code"](text)))
    )
    environment.globals["css"] = Markup((TEMPLATES / "site.css").read_text(encoding="utf-8"))
    return environment
