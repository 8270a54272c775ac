"""The site as a reader meets it: without a network, on a phone, in the dark, by ear and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
LESSON = "1_assurance_theory/01_two_audiences.html"
DATASETS = ("data/us_troops.html", "data/polls.html")
VIEWS = {"desktop": (1280, 900, "light"), "phone": (390, 844, "light"), "dark": (1280, 900, "dark")}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole site, with a glossary of one term so that its page is looked at, too."""
    from dataclasses import dataclass, replace

    from helpers.classroom.site import folder, pages

    @dataclass(frozen=True)
    class Term:
        term: str = "assurance"
        means: str = "The effect that an ally feels protected."
        first: str = "01"
        related: tuple[str, ...] = ("assurance",)
        source: str = "knopf_2012"

    course = pages.read_course(ROOT, lambda line: None)
    target = tmp_path_factory.mktemp("site") / "out"
    folder.write(pages.pages_of(replace(course, terms=course.terms or (Term(),))), target)
    return target


def opened(chromium: Any, view: str) -> Any:
    width, height, scheme = VIEWS[view]
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    return context.new_page()


@pytest.mark.parametrize("view", VIEWS)
def test_every_page_is_fit_to_be_read(site: Path, chromium: Any, view: str, screenshots: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(chromium, view)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wrong = []
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        name = path.relative_to(site).as_posix()
        if page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"):
            wrong.append(f"{name}: the page scrolls sideways")
        # The pages of datasets are of one make: two of them stand for all.
        alike = name.startswith("data/") and name not in DATASETS
        for item in [] if alike else Axe().run(page).response["violations"]:
            wrong += [f"{name}: {item['id']}: {node['html'][:120]}" for node in item["nodes"]]
        if name in (LESSON, "index.html"):
            page.screenshot(path=str(screenshots / f"site_{view}_{path.stem}.png"), full_page=True)
    page.context.close()
    assert wrong == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_wide_tables_scroll_inside_their_box(site: Path, chromium: Any) -> None:
    page = opened(chromium, "phone")
    page.goto((site / "data.html").as_uri())
    box = page.locator(".wide").first
    assert box.evaluate("node => node.scrollWidth > node.clientWidth")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.wide').scrollLeft > 0")
    page.context.close()


def test_a_figure_keeps_letters_that_can_be_read_on_a_phone(site: Path, chromium: Any) -> None:
    page = opened(chromium, "phone")
    page.goto((site / LESSON).as_uri())
    widths = page.evaluate(
        "() => [...document.querySelectorAll('figure img')].map(image => image.clientWidth)"
    )
    assert widths
    assert min(widths) >= 500
    page.context.close()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(site: Path, chromium: Any) -> None:
    page = opened(chromium, "desktop")
    page.goto((site / LESSON).as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")
    page.context.close()


def test_paper_shows_what_unfolds_and_no_navigation(site: Path, chromium: Any) -> None:
    page = opened(chromium, "dark")
    page.emulate_media(media="print")
    page.goto((site / LESSON).as_uri())
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.get_by_role("navigation", name="Site").is_visible()
    assert page.evaluate("() => getComputedStyle(document.querySelector('figure')).breakInside") == "avoid"
    heights = page.evaluate(
        "() => [...document.querySelectorAll('main details')].map(each => each.clientHeight"
        " - each.querySelector('summary').clientHeight)"
    )
    assert heights
    assert min(heights) > 10
    page.context.close()
