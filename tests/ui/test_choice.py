"""The question card and the picker, worked by setting what a page would send."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.ui.choice import ChoiceCard, Reply
from helpers.ui.pickers import OWN, SeveralOf
from helpers.ui.scales import ScaleCard

OPTIONS = ["Japan", "West Germany", "Italy"]


def card(**settings: Any) -> ChoiceCard:
    settings.setdefault("on_choose", lambda index, sure: Reply(f"{index} at {sure}", index == 1))
    return ChoiceCard("Who hosted most?", OPTIONS, **settings)


def say(card: ChoiceCard, **message: Any) -> None:
    card.view._handle_custom_msg(message, [])


def test_without_a_front_end_the_card_is_question_and_options() -> None:
    shown = repr(card(heading="Prediction"))
    assert shown == "Prediction\nWho hosted most?\n  A  Japan\n  B  West Germany\n  C  Italy"
    assert "West Germany" in card()._repr_mimebundle_()["text/html"]


def test_a_choice_reaches_the_caller_and_its_reply_the_page() -> None:
    asked = card(confidence=True)
    say(asked, kind="chosen", index=1, confidence=80)
    content = asked.view.content
    assert (content["chosen"], content["confidence_value"], content["feedback"], content["right"]) == (
        1,
        80,
        "1 at 80",
        True,
    )


def test_no_confidence_is_given_where_none_is_asked() -> None:
    asked = card()
    say(asked, kind="chosen", index=0, confidence=80)
    assert asked.view.content["feedback"] == "0 at None"


def test_a_final_choice_cannot_be_changed() -> None:
    calls: list[int] = []
    asked = card(on_choose=lambda index, _: calls.append(index) or Reply("kept", None, locked=True))
    say(asked, kind="chosen", index=2)
    say(asked, kind="chosen", index=0)
    assert calls == [2]
    assert (asked.view.content["chosen"], asked.view.content["locked"]) == (2, True)


def test_a_failing_answer_says_so_and_the_card_lives_on() -> None:
    asked = card(on_choose=lambda *_: 1 / 0)
    say(asked, kind="chosen", index=0)
    assert "ZeroDivisionError" in asked.view.content["feedback"]


def test_a_card_opens_as_it_was_left() -> None:
    left = card(chosen=2, confidence_value=70, feedback="Committed.", locked=True, confidence=True)
    content = left.view.content
    assert (content["chosen"], content["confidence_value"], content["feedback"], content["locked"]) == (
        2,
        70,
        "Committed.",
        True,
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"chosen": 3}, "chosen=3 is none"), ({"confidence_value": 101}, "confidence_value=101 is not")],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        card(**settings)


def test_one_option_is_no_question() -> None:
    with pytest.raises(ValueError, match="two options or more, and was given 1"):
        ChoiceCard("Who?", ["Japan"], on_choose=lambda *_: Reply("", None))


@pytest.fixture
def picker() -> SeveralOf:
    names = {"DEU": "Germany", "ITA": "Italy", "JPN": "Japan", "KOR": "South Korea"}
    return SeveralOf(names, {"Asia": ("JPN", "KOR")}, ("DEU",), item="host", most=3)


def test_the_button_says_what_it_will_do(picker: SeveralOf) -> None:
    picker.one.value = "ITA"
    assert picker.button.description == "Add Italy"
    picker.button.click()
    assert picker.value == ("DEU", "ITA")
    assert picker.button.description == "Remove Italy"
    picker.button.click()
    assert picker.value == ("DEU",)


def test_a_group_replaces_what_is_chosen_and_a_change_makes_it_ones_own(picker: SeveralOf) -> None:
    picker.group.value = "Asia"
    assert picker.value == ("JPN", "KOR")
    picker.one.value = "KOR"
    picker.button.click()
    assert picker.value == ("JPN",)
    assert picker.group.value == OWN


def test_a_group_is_recognised_by_its_members(picker: SeveralOf) -> None:
    picker.value = ("KOR", "JPN")
    assert picker.group.value == "Asia"
    assert picker.value == ("KOR", "JPN")


def test_the_last_one_cannot_be_removed_and_no_more_than_fit_added(picker: SeveralOf) -> None:
    picker.one.value = "DEU"
    assert picker.button.disabled
    picker.value = ("DEU", "JPN", "KOR")
    picker.one.value = "ITA"
    assert picker.button.disabled
    assert "Shown (3 of at most 3)" in picker.chosen.value


# ------------------------------------------------------------------ scales


def scales(**settings: Any) -> ScaleCard:
    settings.setdefault("on_keep", lambda values: Reply(f"kept {values}", None, locked=True))
    return ScaleCard("How likely?", ["It rains.", "It snows."], **settings)


def test_numbers_reach_the_caller_and_the_reply_the_page() -> None:
    card = scales()
    card.view._handle_custom_msg({"kind": "kept", "values": [62, 30]}, [])
    content = card.view.content
    assert (content["values"], content["feedback"], content["locked"]) == ([62, 30], "kept [62, 30]", True)


def test_there_is_no_number_before_one_is_given() -> None:
    assert scales().view.content["values"] is None
    assert repr(scales(heading="Now")) == "Now\nHow likely?\n  A  It rains.\n  B  It snows."
    assert "It snows." in scales()._repr_mimebundle_()["text/html"]


def test_numbers_that_are_final_stay() -> None:
    card = scales()
    card.keep([1, 2])
    card.keep([3, 4])
    assert card.view.content["values"] == [1, 2]
    assert "A  It rains.  1 %" in repr(card)


@pytest.mark.parametrize(
    "values", [[1], [1, 2, 3], [1, "x"], [1, None], [1, 101], [1, -3], [1, float("nan")], 5]
)
def test_what_a_page_should_never_send_is_said_and_kept_by_nobody(values: Any) -> None:
    kept: list[Any] = []
    card = scales(on_keep=lambda given: kept.append(given) or Reply("kept", None))
    card.view._handle_custom_msg({"kind": "kept", "values": values}, [])
    assert kept == []
    assert "could not be taken in" in card.view.content["feedback"]


def test_a_card_of_scales_that_is_made_wrongly_is_refused() -> None:
    with pytest.raises(ValueError, match="one statement or more"):
        ScaleCard("?", [], on_keep=lambda values: Reply("", None))
    with pytest.raises(ValueError, match="2 numbers are needed, one each, not 1"):
        scales(values=[1])


def test_a_card_can_show_what_did_not_follow_from_a_choice() -> None:
    asked = card()
    asked.show(Reply("It was Japan.", right=False, locked=True))
    assert "Not right. It was Japan." in repr(asked)
    assert asked.choose(1).text == "It was Japan."
