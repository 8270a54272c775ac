"""A lab, worked in a real browser as a student works it: by keyboard, by ear, and again the next day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Jupyter

pytestmark = pytest.mark.browser

ATLAS = "from helpers.labs import DeploymentAtlas\nlab = DeploymentAtlas()\nlab"
CARD = (
    "from helpers.ui.choice import ChoiceCard, Reply\n"
    "card = ChoiceCard('Which ally hosted most US troops in 1990?', ['Japan', 'West Germany'], confidence=True,\n"
    "    on_choose=lambda i, sure: Reply(f'Option {i}, {sure} per cent.', i == 1))\n"
    "card"
)
FOCUSABLE = (
    "a[href], button, input, select, summary, [tabindex]:not([tabindex='-1']), [contenteditable='true']"
)
BROKEN = ("model not found", "Error displaying widget", "Error creating widget", "Traceback")


@pytest.fixture
def atlas(jupyter: Jupyter, page: Any) -> Any:
    (jupyter.course_home / "state" / "deployment_atlas.json").unlink(missing_ok=True)
    name = jupyter.write("atlas.ipynb", ATLAS, "x = 1")
    jupyter.open(page, name)
    jupyter.run_all(page)
    page.wait_for_selector(".course-lab img.course-figure")
    page.wait_for_function("() => document.querySelector('.course-lab img.course-figure').naturalWidth > 0")
    page.wait_for_selector(".course-lab .noUi-handle[aria-label]")
    return page


def violations(page: Any, selector: str) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=selector).response["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


def sentence(page: Any) -> str:
    text: str = page.locator(".course-lab .course-sentence").inner_text()
    return text


def test_slider_handles_have_names(atlas: Any) -> None:
    names = [handle.get_attribute("aria-label") for handle in atlas.locator(".course-lab .noUi-handle").all()]
    assert names == ["Years, from", "Years, to"]


def test_axe_finds_nothing_in_the_lab(atlas: Any) -> None:
    assert violations(atlas, ".course-lab") == []


def test_the_picture_has_words_and_the_sentence_is_live(atlas: Any) -> None:
    assert "lines of US troops" in atlas.locator("img.course-figure").get_attribute("alt")
    status = atlas.locator(".course-lab [role=status]")
    assert status.get_attribute("aria-live") == "polite"
    assert "hosted most US troops" in status.inner_text()


def test_a_key_on_the_slider_changes_sentence_and_picture(atlas: Any) -> None:
    before, picture = sentence(atlas), atlas.locator("img.course-figure").get_attribute("src")
    handle = atlas.get_by_role("slider", name="Years, to")
    handle.focus()
    handle.press("ArrowLeft")
    atlas.wait_for_function(
        "old => document.querySelector('.course-sentence').textContent !== old", arg=before
    )
    assert "2024" in sentence(atlas)
    atlas.wait_for_function("old => document.querySelector('.course-figure').src !== old", arg=picture)


def test_keys_pressed_on_any_control_change_no_cell(atlas: Any, jupyter: Jupyter) -> None:
    before = jupyter.cells(atlas)
    controls = atlas.locator(".course-lab").locator(FOCUSABLE)
    assert controls.count() >= 8
    for i in range(controls.count()):
        if not controls.nth(i).is_visible() or controls.nth(i).is_disabled():
            continue
        for key in ("1", "m", "d", "d", "x"):
            controls.nth(i).focus()
            atlas.keyboard.press(key)
            assert jupyter.cells(atlas) == before, f"after {key!r} on control {i}"


def test_a_host_is_added_and_removed_by_keyboard_alone(atlas: Any) -> None:
    host = atlas.get_by_label("Host", exact=True)
    host.focus()
    atlas.keyboard.type("Spain")
    add = atlas.get_by_role("button", name="Add Spain")
    add.focus()
    atlas.keyboard.press("Enter")
    atlas.get_by_role("button", name="Remove Spain").wait_for()
    atlas.wait_for_function(
        "() => document.querySelector('.course-sentence').textContent.includes('6 hosts')"
    )
    atlas.get_by_role("button", name="Remove Spain").press("Space")
    atlas.wait_for_function(
        "() => document.querySelector('.course-sentence').textContent.includes('5 hosts')"
    )


def test_many_fast_keys_end_at_the_last_setting(atlas: Any) -> None:
    handle = atlas.get_by_role("slider", name="Years, to")
    handle.focus()
    for _ in range(25):
        handle.press("ArrowLeft", no_wait_after=True)
    atlas.wait_for_function(
        "() => document.querySelector('.course-sentence').textContent.includes('In 2000')"
    )
    atlas.wait_for_function("() => document.querySelector('.course-figure').alt.includes('1950 to 2000')")


def test_reset_is_one_click(atlas: Any) -> None:
    handle = atlas.get_by_role("slider", name="Years, to")
    handle.press("ArrowLeft")
    atlas.wait_for_function("() => document.querySelector('.course-sentence').textContent.includes('2024')")
    atlas.get_by_role("button", name="Reset").click()
    atlas.wait_for_function("() => document.querySelector('.course-sentence').textContent.includes('2025')")


def test_what_is_set_is_kept_at_once(atlas: Any, jupyter: Jupyter) -> None:
    atlas.get_by_role("slider", name="Years, to").press("ArrowLeft")
    atlas.wait_for_function("() => document.querySelector('.course-sentence').textContent.includes('2024')")
    atlas.wait_for_timeout(300)
    kept = json.loads((jupyter.course_home / "state" / "deployment_atlas.json").read_text(encoding="utf-8"))
    assert kept["data"]["params"]["years"] == [1950, 2024]


def test_a_saved_lab_opens_again_without_a_kernel_that_knows_it(
    atlas: Any, jupyter: Jupyter, chromium: Any
) -> None:
    before = sentence(atlas)
    jupyter.save(atlas)
    jupyter.command(atlas, "kernelmenu:shutdown")
    saved = jupyter.root / "atlas.ipynb"
    saved.rename(jupyter.root / "again.ipynb")
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    jupyter.open(page, "again.ipynb")
    page.wait_for_selector(".course-lab img.course-figure")
    page.wait_for_function("() => document.querySelector('.course-figure').naturalWidth > 0")
    assert sentence(page) == before
    assert page.locator("img.course-figure").get_attribute("alt")
    page.wait_for_function(
        "() => document.querySelector('.course-hint').textContent.includes('Run this cell')"
    )
    shown = page.locator(".jp-Notebook").inner_text()
    assert [text for text in BROKEN if text in shown] == []
    context.close()


def test_a_screenshot_is_kept(atlas: Any, screenshots: Path) -> None:
    atlas.screenshot(path=str(screenshots / "atlas_1280.png"))
    atlas.set_viewport_size({"width": 700, "height": 900})
    atlas.wait_for_timeout(400)
    atlas.screenshot(path=str(screenshots / "atlas_700.png"))
    assert (screenshots / "atlas_1280.png").stat().st_size > 20_000


def test_the_figure_never_is_wider_than_the_page(atlas: Any) -> None:
    atlas.set_viewport_size({"width": 700, "height": 900})
    atlas.wait_for_timeout(300)
    wide = atlas.locator("img.course-figure").bounding_box()["width"]
    assert wide <= atlas.locator(".jp-Notebook").bounding_box()["width"]


def test_two_cards_on_a_page_do_not_answer_for_each_other(jupyter: Jupyter, page: Any) -> None:
    first = CARD.replace("card", "one").replace("ChoiceCone", "ChoiceCard")
    second = CARD.replace("card", "two").replace("ChoiceCtwo", "ChoiceCard")
    jupyter.open(page, jupyter.write("cards.ipynb", first, second))
    jupyter.run_all(page)
    cards = page.locator(".course-card")
    cards.nth(1).wait_for()
    cards.nth(1).get_by_text("Japan", exact=True).click()
    assert cards.nth(1).get_by_role("radio", name="Japan").is_checked()
    assert cards.nth(0).locator("input:checked").count() == 0
    cards.nth(0).get_by_role("radio", name="West Germany").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert cards.nth(0).get_by_role("radio", name="Japan").is_checked()
    assert cards.nth(1).get_by_role("radio", name="Japan").is_checked()


def test_a_card_without_its_kernel_says_so_and_keeps_no_old_verdict(jupyter: Jupyter, page: Any) -> None:
    jupyter.open(page, jupyter.write("lonely.ipynb", CARD))
    jupyter.run_all(page)
    page.get_by_role("radio", name="West Germany").check()
    page.get_by_role("button", name="Check", exact=True).click()
    feedback = page.locator(".course-feedback")
    page.wait_for_function("() => document.querySelector('.course-feedback').textContent.includes('Right')")
    jupyter.command(page, "kernelmenu:shutdown")
    page.get_by_role("radio", name="Japan").check()
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_function(
        "() => document.querySelector('.course-feedback').textContent.includes('No answer')"
    )
    assert "Right" not in feedback.inner_text()


def test_a_card_is_answered_by_keyboard_and_axe_finds_nothing(
    jupyter: Jupyter, page: Any, screenshots: Path
) -> None:
    jupyter.open(page, jupyter.write("card.ipynb", CARD))
    jupyter.run_all(page)
    page.wait_for_selector(".course-card input[type=radio]")
    before = jupyter.cells(page)
    page.get_by_role("radio", name="Japan").focus()
    page.keyboard.press("ArrowDown")
    for key in "1mddx":
        page.keyboard.press(key)
    page.get_by_role("slider", name="How sure are you?").press("ArrowRight")
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    page.wait_for_function(
        "() => document.querySelector('.course-feedback').textContent.includes('Option 1')"
    )
    assert page.locator(".course-feedback").inner_text() == "✓ Right. Option 1, 55 per cent."
    assert jupyter.cells(page) == before
    assert violations(page, ".course-card") == []
    page.screenshot(path=str(screenshots / "card.png"))
