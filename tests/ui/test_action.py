"""A card with a button: what it says, and that an error of its action stops nobody."""

from __future__ import annotations

from helpers.ui.action import ActionCard, Outcome


def test_a_press_by_the_page_acts_once_and_shows_the_outcome() -> None:
    seen: list[bool] = []

    def act() -> Outcome:
        seen.append(card.view.content["busy"])
        card._receive(None, {"kind": "pressed"}, None)
        return Outcome("Done.", "line 1\nline 2")

    card = ActionCard("Hand in", "Text", "Go", act=act)
    card._receive(None, {"kind": "pressed"}, None)
    assert seen == [True]
    assert card.view.content["busy"] is False
    assert (card.view.content["feedback"], card.view.content["detail"]) == ("Done.", "line 1\nline 2")


def test_an_error_of_the_action_is_a_sentence() -> None:
    card = ActionCard("Hand in", "Text", "Go", act=lambda: Outcome(str(1 / 0)))
    assert card.press().text == "This could not be done (ZeroDivisionError: division by zero)."
    assert card.view.content["busy"] is False


def test_the_page_without_a_widget_shows_the_words_escaped() -> None:
    card = ActionCard("<b>", "Text", "Go", act=lambda: Outcome("Done."), in_words="In a terminal: go")
    html = card._repr_mimebundle_()["text/html"]
    assert "&lt;b&gt;" in html
    assert "In a terminal: go" in html
