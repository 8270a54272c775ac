"""SurveyLab: nothing before consent, nothing lost after it, nothing in a notebook, and all gone on withdrawal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from helpers import data, labs
from helpers.data import StudyError
from helpers.experiments.taking import arm_of, read_line
from helpers.labs.survey_lab import PAGES, SurveyLab
from helpers.ui import state

STUDIES = {name: data.study(name) for name in data.studies()}


def lab(study: str = "germany", student: str = "ada") -> SurveyLab:
    return SurveyLab(study, student_id=student)


def go(shown: SurveyLab, *buttons: str) -> SurveyLab:
    for button in buttons:
        assert button in [each.name for each in shown.page.buttons], (button, shown.page.heading)
        shown.press(button)
    return shown


def take(shown: SurveyLab, **given: int) -> SurveyLab:
    """Go through to the debrief, answering what is given by its place."""
    go(shown, "agree")
    while not shown.result.is_finished:
        for item in shown.page.items:
            if item.name in given:
                assert shown.answer(item.name, given[item.name]) == ""
        go(shown, "next")
    return shown


FULL = {
    "age": 23, "gender": 0, "education": 2, "left_right": 3, "trust_us": 4, "region": 0,
    "attention": 3, "protected": 1, "threat": 5, "need": 6, "spending": 3, "manipulation": 0,
}  # fmt: skip


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.SurveyLab is SurveyLab


def test_before_consent_nothing_is_stored(course_home: Path) -> None:
    shown = lab()
    assert shown.answer("age", 30) == "This question is not open."
    go(shown, "decline")
    assert "nothing is stored" in shown.page.said
    assert repr(shown) == "Survey on Germany: not begun. Nothing is stored."
    assert shown.result.arm is None
    assert files(course_home) == []


def test_each_answer_is_in_the_file_at_once(course_home: Path) -> None:
    shown = go(lab(), "agree")
    shown.answer("age", 23)
    shown.answer("left_right", 0)
    kept = json.loads((course_home / "state" / "survey_lab_germany.json").read_text())
    assert kept["version"] == 1
    assert kept["data"]["answers"] == {"age": 23, "left_right": 0}


def test_an_answer_outlives_a_kernel_that_is_killed_right_after_it(course_home: Path) -> None:
    code = (
        "import os; from helpers.labs import SurveyLab; lab = SurveyLab('germany', student_id='ada');"
        "lab.press('agree'); lab.answer('age', 44); lab.answer('region', 1); os.kill(os.getpid(), 9)"
    )
    env = {**os.environ, "COURSE_HOME": str(course_home)}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode != 0
    again = lab()
    assert dict(again.result.answers) == {"age": 44, "region": "west"}
    assert [item.value for item in again.page.items if item.name == "region"] == [1]


@pytest.mark.parametrize("study", STUDIES)
def test_whole_and_empty_surveys_give_lines_that_the_codebook_accepts(study: str) -> None:
    for number, given in enumerate((FULL, {}, {"need": 0, "manipulation": 3})):
        shown = take(lab(study, f"s{number}"), **given)
        header, line = shown.line.splitlines()
        cells = read_line(line, STUDIES)
        assert header == ",".join(cells)
        assert cells["arm"] == arm_of(STUDIES[study], f"s{number}") == shown.result.arm
        assert cells["need"] == (str(given["need"] + 1) if "need" in given else "")
        shown.withdraw()


def test_the_line_holds_no_id_no_time_and_no_person() -> None:
    shown = take(lab(student="ada.lovelace"), **FULL)
    cells = shown.line.splitlines()[1].split(",")
    arm = STUDIES["germany"].manipulation_check.right[cells[2]]
    recalled = str(int(STUDIES["germany"].manipulation_check.options[0] == arm))
    assert [cells[0], *cells[3:]] == ["germany", "1", "2", "6", "7", "4", recalled]
    assert len(cells[1]) == 16


def test_a_token_is_drawn_from_nothing_that_can_be_drawn_again() -> None:
    tokens = set()
    for _ in range(3):
        shown = take(lab(), **FULL)
        tokens.add(shown.line.split(",")[-9 + 1])
        shown.withdraw()
    assert len(tokens) == 3


def test_the_text_is_that_of_the_arm_and_of_no_other() -> None:
    for student in ("ada", "bob", "s1", "s5", "s9", "s12"):
        shown = go(lab(student=student), "agree", "next", "next")
        texts = {name: arm.text for name, arm in STUDIES["germany"].arms.items()}
        own = texts.pop(arm_of(STUDIES["germany"], student))
        assert own in shown.page.paragraphs
        assert not set(texts.values()) & set(shown.page.paragraphs)
        shown.withdraw()


def test_nothing_before_the_text_gives_the_treatment_away() -> None:
    for name, study in STUDIES.items():
        shown = go(lab(name), "agree")
        seen = [repr(shown), shown.widget.content["label"], *shown.page.paragraphs, shown.page.heading]
        seen.append(go(shown, "next").page.heading)
        assert not any(study.title.lower() in text.lower() for text in seen)


def test_one_goes_back_and_forth_and_finds_ones_answers() -> None:
    shown = go(lab(), "agree")
    shown.answer("trust_us", 6)
    go(shown, "next", "back")
    assert {item.name: item.value for item in shown.page.items}["trust_us"] == 6
    shown.answer("trust_us", None)
    assert {item.name: item.value for item in shown.page.items}["trust_us"] is None
    assert shown.result.n_answered == 0


def test_what_comes_before_the_text_is_fixed_once_it_was_read() -> None:
    shown = go(lab(), "agree", "next", "next", "back", "back")
    assert all(item.locked for item in shown.page.items)
    assert "no longer changed" in shown.page.paragraphs[0]
    assert shown.answer("trust_us", 0) == "This question is not open."
    assert shown.result.n_answered == 0


def test_the_text_can_be_read_again_until_one_is_asked_what_it_said() -> None:
    shown = go(lab(), "agree", "next", "next", "next", "back")
    assert "Please read" in shown.page.heading
    go(shown, "next", "next", "back")
    assert "What you think" in shown.page.heading
    assert "back" not in [button.name for button in shown.page.buttons]


def test_the_end_is_the_end() -> None:
    shown = take(lab(), **FULL)
    assert [button.name for button in shown.page.buttons] == ["write", "withdraw"]
    assert shown.answer("need", 0) == "This question is not open."
    shown.press("back")
    assert shown.result.is_finished


def test_the_debrief_shows_what_others_read() -> None:
    said = " ".join(take(lab(), **FULL).page.paragraphs)
    for arm in STUDIES["germany"].arms.values():
        assert arm.text in said
    assert STUDIES["germany"].debrief in said


def test_the_line_is_written_only_when_asked_for(course_home: Path) -> None:
    shown = take(lab(), **FULL)
    assert not shown.line_file.exists()
    go(shown, "write")
    assert shown.line_file.read_text() == shown.line
    assert shown.line_file.name in shown.page.said
    assert shown.line_file.parent == course_home


@pytest.mark.parametrize("page", range(1, len(PAGES)))
def test_withdrawing_on_any_page_deletes_everything(course_home: Path, page: int) -> None:
    shown = go(lab(), "agree", *["next"] * (page - 1))
    assert PAGES.index(shown.result.page) == page
    if shown.result.is_finished:
        go(shown, "write")
    (course_home / "state" / "survey_lab_germany.broken-1.json").write_text("{}")
    go(shown, "withdraw")
    assert files(course_home) == []
    assert shown.result.n_answered == 0
    assert "deleted" in shown.page.said
    state._kept.clear()
    assert lab().result.page == "consent"


def test_one_study_is_withdrawn_and_the_other_stays() -> None:
    germany, czech = take(lab(), **FULL), take(lab("czech_republic"), **FULL)
    germany.withdraw()
    assert czech.result.is_finished
    assert lab("czech_republic").line


def test_a_changed_id_does_not_change_a_text_that_was_read() -> None:
    first = take(lab(student="ada"), **FULL)
    others = [f"s{i}" for i in range(20) if arm_of(STUDIES["germany"], f"s{i}") != first.result.arm]
    assert lab(student=others[0]).result.arm == first.result.arm


def test_nothing_of_the_answers_can_be_saved_with_a_notebook() -> None:
    shown = lab()
    shown._repr_mimebundle_()
    take(shown, **FULL)
    go(shown, "write")
    bundle = shown._repr_mimebundle_()
    kept = json.dumps([bundle, shown.widget.get_state()], default=str)
    assert shown.widget.content == {"label": "Survey on Germany"}
    for words in (shown.line.splitlines()[1], shown.result.arm, "rather agree", "of 12 questions"):
        assert words not in kept
    assert set(json.dumps(repr(shown))) & set("{}") == set()
    assert shown.result.arm not in repr(shown.result)


def sent(shown: SurveyLab, **message: Any) -> list[dict[str, Any]]:
    """What the page hears after it says something."""
    heard: list[dict[str, Any]] = []
    shown.widget.send = heard.append
    shown.widget._handle_custom_msg(message, [])
    return heard


def test_the_page_is_sent_and_its_answers_come_back_as_messages() -> None:
    shown = lab()
    first = sent(shown, kind="ready")
    assert [each["kind"] for each in first] == ["welcome", "page"]
    assert first[1]["page"]["buttons"][0]["label"] == "I agree, begin"
    assert sent(shown, kind="pressed", button="agree")[-1]["page"]["items"][0]["name"] == "age"
    assert sent(shown, kind="answered", name="age", value=30) == [{"kind": "said", "text": "", "item": "age"}]
    assert shown.result.answers["age"] == 30


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"kind": "answered", "name": "age", "value": 7}, "whole number from 18 to 84"),
        ({"kind": "answered", "name": "age", "value": "x"}, "could not be taken in"),
        ({"kind": "answered", "name": "party", "value": 1}, "not open"),
        ({"kind": "answered", "name": "gender", "value": 3}, "whole number from"),
    ],
)
def test_an_odd_message_is_a_sentence_and_changes_nothing(message: dict[str, Any], words: str) -> None:
    shown = go(lab(), "agree")
    assert words in sent(shown, **message)[-1]["text"]
    assert shown.result.n_answered == 0


def test_a_button_that_is_not_there_does_nothing() -> None:
    shown = lab()
    sent(shown, kind="pressed", button="next")
    sent(shown, kind="pressed", button="explode")
    assert shown.result.page == "consent"


def test_a_file_that_is_no_survey_is_begun_anew(course_home: Path) -> None:
    state.StateFile("survey_lab_germany").write({"page": 99, "arm": "left"})
    shown = lab()
    assert shown.result.page == "consent"
    go(shown, "agree")
    assert shown.result.page == "about you"


def test_while_work_is_graded_there_is_a_sentence_and_no_file(
    course_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(lab(), **FULL)
    monkeypatch.setenv("COURSE_NO_DRAW", "1")
    assert lab()._repr_mimebundle_() == {"text/plain": "Survey on Germany: not begun. Nothing is stored."}


def test_an_unknown_survey_is_one_sentence() -> None:
    with pytest.raises(StudyError, match="No study 'poland'"):
        SurveyLab("poland")
