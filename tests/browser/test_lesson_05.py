"""Lesson 05 as a student meets it: the survey by keyboard, left, taken up again, withdrawn; the lab; answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Lesson

pytestmark = pytest.mark.browser

LESSON = "2_survey_experiments/05_asking_citizens.ipynb"
FOCUSED = "() => document.activeElement.textContent || document.activeElement.id"


@pytest.fixture(scope="module")
def lesson(open_lesson: Callable[..., Lesson]) -> Lesson:
    return open_lesson(LESSON, "randomization_lab", "survey_lab_germany")


class Survey:
    """The survey on the page, from its consent on, worked by keys."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson, self.page = lesson, lesson.page
        self.file = lesson.jupyter.course_home / "state" / "survey_lab_germany.json"
        self.file.unlink(missing_ok=True)
        self.again()

    def again(self) -> None:
        """Run the cell anew."""
        self.lesson.run("lab-survey")
        self.form = self.page.locator(".course-pages")
        self.form.get_by_role("button").first.wait_for()

    def press(self, button: str, then: str) -> None:
        """Press a button with Enter and wait for the heading that follows."""
        self.form.get_by_role("button", name=button, exact=True).focus()
        self.page.keyboard.press("Enter")
        self.form.locator(".course-heading").filter(has_text=then).wait_for()

    def choose(self, question: str, steps: int) -> None:
        """Go to a question's first option by focus, and choose with arrow keys."""
        self.form.get_by_role("group", name=question).get_by_role("radio").first.focus()
        self.page.keyboard.press("Space")
        for _ in range(steps):
            self.page.keyboard.press("ArrowDown")

    def kept(self) -> dict[str, Any]:
        """What the file holds."""
        self.page.wait_for_timeout(400)
        found: dict[str, Any] = json.loads(self.file.read_text())["data"]
        return found

    def to_the_questions(self) -> None:
        """From consent to the outcomes, leaving everything out."""
        self.press("I agree, begin", "About you")
        self.press("Next", "One more question")
        self.press("Next", "Please read")
        self.press("Next", "What you think")


@pytest.fixture
def survey(lesson: Lesson) -> Survey:
    return Survey(lesson)


def test_the_untouched_lesson_runs_without_an_error(lesson: Lesson) -> None:
    assert lesson.faults() == []
    assert "Not attempted yet" in lesson.run("check-05-1")


def test_nothing_is_stored_before_consent_or_by_declining(survey: Survey) -> None:
    survey.form.get_by_role("button", name="I would rather not").focus()
    survey.page.keyboard.press("Enter")
    survey.form.get_by_text("nothing is stored. The rest").wait_for()
    assert not survey.file.exists()


def test_the_survey_is_taken_by_keyboard_kept_at_once_and_taken_up_again(survey: Survey) -> None:
    page, before = survey.page, survey.lesson.jupyter.cells(survey.page)
    survey.press("I agree, begin", "About you")
    assert "About you" in page.evaluate(FOCUSED)
    survey.form.get_by_label("How old are you?").focus()
    page.keyboard.type("23")
    survey.choose("Where do you stand", 3)
    assert survey.kept()["answers"] == {"age": 23, "left_right": 3}
    survey.press("Next", "One more question")
    survey.press("Back", "About you")
    assert survey.form.get_by_label("How old are you?").input_value() == "23"
    survey.press("Next", "One more question")
    survey.choose("To show that you are reading", 3)
    survey.press("Next", "Please read")
    survey.press("Next", "What you think")
    survey.choose("how protected would you feel", 1)
    assert survey.kept()["answers"]["protected"] == 2
    survey.again()
    survey.form.locator(".course-heading").filter(has_text="What you think").wait_for()
    chosen = survey.form.get_by_role("group", name="how protected").get_by_role("radio", checked=True)
    assert chosen.get_attribute("value") == "1"
    survey.press("Next", "The last question")
    survey.press("Finish", "How it was done")
    assert survey.lesson.jupyter.cells(page) == before


def test_an_age_that_cannot_be_is_a_sentence_and_is_not_kept(survey: Survey) -> None:
    survey.press("I agree, begin", "About you")
    survey.form.get_by_label("How old are you?").focus()
    survey.page.keyboard.type("7")
    survey.form.get_by_text("Give a whole number from 18 to 84").wait_for()
    assert survey.kept()["answers"] == {}
    field, problem = survey.form.get_by_label("How old are you?"), survey.form.locator(".course-problem")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.get_attribute("aria-describedby") == problem.get_attribute("id")
    assert 0 < problem.bounding_box()["y"] - field.bounding_box()["y"] < 80
    survey.page.keyboard.type("0")
    assert survey.kept()["answers"] == {"age": 70}
    assert field.get_attribute("aria-invalid") == "false"
    assert not problem.is_visible()


def test_an_answer_is_taken_back(survey: Survey) -> None:
    survey.press("I agree, begin", "About you")
    survey.choose("Where do you live?", 0)
    assert survey.kept()["answers"] == {"region": "east"}
    survey.choose("Where do you live?", 2)
    assert survey.kept()["answers"] == {}


def test_the_line_is_written_and_withdrawing_takes_all_away(survey: Survey) -> None:
    survey.to_the_questions()
    survey.press("Next", "The last question")
    survey.press("Finish", "How it was done")
    survey.form.get_by_role("button", name="Write my line").focus()
    survey.page.keyboard.press("Enter")
    survey.form.get_by_text("Written to survey_line_germany.csv").wait_for()
    line = survey.lesson.jupyter.course_home / "survey_line_germany.csv"
    assert line.read_text().splitlines()[1].startswith("germany,")
    survey.press("Stop and delete my answers", "Consent")
    survey.form.get_by_text("Your answers are deleted").wait_for()
    assert not survey.file.exists()
    assert not line.exists()


def test_no_answer_is_saved_with_the_notebook(survey: Survey) -> None:
    survey.to_the_questions()
    survey.choose("how threatened would you feel", 4)
    arm = survey.kept()["arm"]
    survey.lesson.jupyter.save(survey.page)
    survey.page.wait_for_timeout(500)
    saved = json.loads((survey.lesson.jupyter.root / LESSON).read_text())
    widgets = saved["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    forms = [each["state"] for each in widgets if each["state"].get("mode") == "pages"]
    assert forms
    assert {json.dumps(each["content"]) for each in forms} == {'{"label": "Survey on Germany"}'}
    cell = next(each for each in saved["cells"] if each["id"] == "lab-survey")
    assert cell["outputs"][0]["data"]["text/plain"] == ["Survey on Germany. Run this cell to take it."]
    assert f'"arm": "{arm}"' not in json.dumps(saved)


@pytest.mark.parametrize("heading", ["Consent", "About you", "What you think", "How it was done"])
def test_axe_finds_nothing_on_the_pages_and_keys_change_no_cell(survey: Survey, heading: str) -> None:
    page, before = survey.page, survey.lesson.jupyter.cells(survey.page)
    if heading == "About you":
        survey.press("I agree, begin", heading)
    elif heading != "Consent":
        survey.to_the_questions()
        if heading == "How it was done":
            survey.press("Next", "The last question")
            survey.press("Finish", heading)
    assert survey.lesson.axe(".course-pages") == []
    survey.lesson.press_keys_that_change_cells(survey.form)
    assert survey.lesson.jupyter.cells(page) == before


def test_the_randomization_lab_is_worked_by_keyboard_and_changes_no_cell(lesson: Lesson) -> None:
    page = lesson.page
    lesson.show("lab-randomization")
    lab = page.locator(".course-lab").filter(has_text="Who decides")
    lab.locator(".noUi-handle[aria-label]").first.wait_for()
    before = lesson.jupyter.cells(page)
    lab.get_by_role("slider", name="Assignments").focus()
    page.keyboard.press("End")
    lesson.wait_for_words("1,000 assignments give")
    lab.get_by_label("Who decides").focus()
    page.keyboard.type("Own")
    lesson.wait_for_words("they choose themselves")
    assert lesson.axe() == []
    lesson.press_keys_that_change_cells(lab)
    assert lesson.jupyter.cells(page) == before


def test_wrong_answers_meet_their_own_feedback(lesson: Lesson) -> None:
    lesson.run("answer-05-1", "margin = (0.74 * 0.26 / 509) ** 0.5 * 100")
    assert "one standard error" in lesson.run("check-05-1")
    chose = 'people.loc[people["chose"], "seen"].mean() - people.loc[~people["chose"], "seen"].mean()'
    lesson.run("answer-05-2", f"bias = {chose}")
    assert "how far off is it" in lesson.run("check-05-2").lower()
    lesson.run("answer-05-3", "spread = -0.5")
    assert "Right." not in lesson.run("check-05-3")


def test_a_right_answer_is_told_what_to_take_away(lesson: Lesson) -> None:
    lesson.run("answer-05-1", "margin = 3.8")
    said = lesson.run("check-05-1")
    assert "Right." in said
    assert "what they were asked to do" in said
