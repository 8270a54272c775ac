"""SurveyLab: the student takes the course's own survey, is randomised, and only then sees the design.

Answers are political opinions. So nothing is stored before consent; each answer goes to one file in the student's own
folder and to no notebook; withdrawing deletes that file; and what may be handed in is one line with the least in it
(see `helpers.experiments.taking`). The survey keeps its own order: what is asked before the text is fixed once the text
was read, and the text cannot be read again once its reader was asked what it said.

This lab has pages where others have a figure; `repr` and `sentence` say how far the student is and never an answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import data
from helpers.experiments.taking import arm_of, columns_of, line_of
from helpers.ui.base import Sentence
from helpers.ui.pages import Item, Page, PagedForm, Press
from helpers.ui.state import StateFile, home, is_graded, write_whole

if TYPE_CHECKING:
    from helpers.data.studies import Covariate, Study

PAGES = ("consent", "about you", "attention", "text", "questions", "recall", "debrief")
WITHDRAW = Press("withdraw", "Stop and delete my answers", quiet=True)
BACK, NEXT = Press("back", "Back", quiet=True), Press("next", "Next")
FIXED = "You have read the text. What you answered before it can be looked at and no longer changed."


@dataclass(frozen=True)
class Taken:
    """How far a student is with the survey.

    Parameters
    ----------
    study : str
    page : str
        One of `PAGES`.
    n_questions : int
    n_answered : int
    arm : str or None
        What the student reads; None before consent.
    answers : mapping
        Answer to each question by its name. They are yours: a cell that shows them keeps them in your notebook.
    """

    study: str
    page: str
    n_questions: int
    n_answered: int
    arm: str | None = field(default=None, repr=False)
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_finished(self) -> bool:
        """Whether the survey was taken to its end."""
        return self.page == PAGES[-1]


class SurveyLab:
    """Take the course's own survey.

    Parameters
    ----------
    study : str
        "germany" or "czech_republic".
    student_id : str
        Your id, from which the text that you read is drawn: `student()`.

    Raises
    ------
    StudyError
        If there is no such survey.

    Examples
    --------
    >>> SurveyLab("germany", student_id="ada")
    Survey on Germany: not begun. Nothing is stored.
    """

    def __init__(self, study: str = "germany", *, student_id: str = "self-study") -> None:
        self.study: Study = data.study(study)
        self._id = student_id
        self._file = StateFile(f"survey_lab_{self.study.name}")
        self._said = ""
        self._form = PagedForm(self._title, page=self._page, answer=self.answer, press=self.press)

    # What code uses.

    @property
    def _title(self) -> str:
        """What the survey is called on every page; the study's own title would give the treatment away."""
        return f"Survey on {self.study.country}"

    @property
    def result(self) -> Taken:
        """How far the student is; holds the student's answers, and its `repr` does not."""
        kept = self._kept()
        if not kept:
            return Taken(self.study.name, PAGES[0], len(self._names()), 0)
        answers = dict(kept["answers"])
        return Taken(
            self.study.name, PAGES[kept["page"]], len(self._names()), len(answers), kept["arm"], answers
        )

    @property
    def sentence(self) -> Sentence:
        """What the lab says now; never an answer."""
        import pandas as pd

        taken, title = self.result, self._title
        if taken.page == PAGES[0]:
            text = f"{title}: not begun. Nothing is stored."
        elif taken.is_finished:
            text = f"{title}: finished. {taken.n_answered} of {taken.n_questions} questions answered."
        else:
            place = PAGES.index(taken.page) + 1
            done = f"{taken.n_answered} of {taken.n_questions} questions answered"
            text = f"{title}: page {place} of {len(PAGES)}. {done}."
        table = pd.DataFrame({"page": PAGES, "number": range(1, len(PAGES) + 1)})
        return Sentence(text, table)

    @property
    def line(self) -> str:
        """The one anonymous line that can be handed in, with its header; empty until the survey is finished."""
        taken, kept = self.result, self._kept()
        if not taken.is_finished or taken.arm is None:
            return ""
        line = line_of(self.study, taken.arm, taken.answers, kept["token"])
        return f"{','.join(columns_of(self.study))}\n{line}\n"

    @property
    def line_file(self) -> Path:
        """Where the line is written when the student asks for it."""
        return home() / f"survey_line_{self.study.name}.csv"

    @property
    def file(self) -> Path:
        """Where the answers lie."""
        return self._file.path

    @property
    def widget(self) -> Any:
        """The widget on the page."""
        return self._form.view

    view = widget

    @property
    def page(self) -> Page:
        """The page that is on show."""
        return self._form.page

    def __repr__(self) -> str:
        return self.sentence.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        if is_graded():
            return {"text/plain": repr(self)}
        return self._form.mimebundle(f"{self._title}. Run this cell to take it.")

    # What the student does.

    def answer(self, name: str, value: int | None) -> str:
        """Take one answer in and keep it at once.

        Parameters
        ----------
        name : str
            Name of a question of the page on show.
        value : int or None
            Place of the option, counted from 0, or the number itself; None takes the answer back.

        Returns
        -------
        str
            Why it cannot be taken; empty if it was.
        """
        item = next((each for each in self.page.items if each.name == name), None)
        if item is None or item.locked:
            return "This question is not open."
        if value is not None and not _fits(item, value):
            return f"Give a whole number from {item.lowest} to {item.highest}, or leave it empty."
        given = None if value is None else self._value(name, value)

        def change(kept: dict[str, Any]) -> dict[str, Any]:
            answers = {each: old for each, old in kept.get("answers", {}).items() if each != name}
            return {**kept, "answers": answers if given is None else {**answers, name: given}}

        if self._kept():
            self._file.update(change)
        return ""

    def press(self, name: str) -> None:
        """Do what a button does: agree, decline, next, back, write or withdraw.

        Parameters
        ----------
        name : str
        """
        self._said = ""
        {
            "agree": self._begin,
            "decline": self._decline,
            "next": lambda: self._turn(1),
            "back": lambda: self._turn(-1),
            "write": self._write,
            "withdraw": self.withdraw,
        }[name]()

    def withdraw(self) -> None:
        """Delete all answers, and the line if one was written."""
        self._file.delete()
        self.line_file.unlink(missing_ok=True)
        self._said = (
            "Your answers are deleted. If you handed in a line before, ask for it to be taken out, too."
        )
        self._form.show()

    def _begin(self) -> None:
        arm, token = arm_of(self.study, self._id), secrets.token_hex(8)
        fresh = {"page": 1, "furthest": 1, "arm": arm, "token": token, "answers": {}}
        self._file.update(lambda kept: kept if self._is_whole(kept) else fresh)

    def _decline(self) -> None:
        self._said = "That is fine, and nothing is stored. The rest of the lesson does not need your answers."

    def _turn(self, step: int) -> None:
        def change(kept: dict[str, Any]) -> dict[str, Any]:
            page = min(max(kept["page"] + step, _first(kept)), len(PAGES) - 1)
            return {**kept, "page": page, "furthest": max(page, kept["furthest"])}

        if self._kept():
            self._file.update(change)

    def _write(self) -> None:
        line = self.line
        if not line:
            return
        try:
            write_whole(self.line_file, line.encode())
        except OSError as error:
            self._said = f"The file could not be written ({error.strerror or type(error).__name__})."
            return
        self._said = (
            f"Written to {self.line_file.name}, in your course folder. Hand in that file and nothing else."
        )

    # What is on show.

    def _kept(self) -> dict[str, Any]:
        """What is stored, or nothing if it is not of this survey any more."""
        kept = self._file.read()
        return kept if self._is_whole(kept) else {}

    def _is_whole(self, kept: Mapping[str, Any]) -> bool:
        if not {"page", "arm", "token", "answers", "furthest"} <= set(kept):
            return False
        return kept["arm"] in self.study.arms and kept["page"] in range(len(PAGES))

    def _page(self) -> Page:
        kept = self._kept()
        if not kept:
            return self._consent()
        name = PAGES[kept["page"]]
        makers = {"about you": self._about, "attention": self._attention, "text": self._text}
        makers |= {"questions": self._questions, "recall": self._recall, "debrief": self._debrief}
        return makers[name](kept)

    def _heading(self, words: str, number: int) -> str:
        return f"{self._title} · {number} of {len(PAGES)} · {words}"

    def _consent(self) -> Page:
        where = (
            f"Nothing is stored until you agree. From then on your answers lie in one file, `state/{self.file.name}` "
            "in your course folder, and not in this notebook. You can delete them on every page."
        )
        buttons = (Press("agree", "I agree, begin"), Press("decline", "I would rather not", quiet=True))
        return Page(
            self._heading("Consent", 1), (self.study.consent, where), buttons=buttons, said=self._said
        )

    def _about(self, kept: dict[str, Any]) -> Page:
        items = tuple(self._covariate(each, kept) for each in self.study.covariates.values())
        return self._of(kept, "About you", items, before_text=True)

    def _covariate(self, asked: Covariate, kept: dict[str, Any]) -> Item:
        value = kept["answers"].get(asked.name)
        if asked.is_number and len(asked.values) > 20:
            return Item(asked.name, asked.text, lowest=asked.values[0], highest=asked.values[-1], value=value)
        place = asked.values.index(value) if value in asked.values else None
        return Item(asked.name, asked.text, tuple(map(str, asked.values)), in_a_row=True, value=place)

    def _attention(self, kept: dict[str, Any]) -> Page:
        check = self.study.attention_check
        return self._of(
            kept,
            "One more question",
            (self._choice("attention", check.text, check.options, kept),),
            before_text=True,
        )

    def _text(self, kept: dict[str, Any]) -> Page:
        text = self.study.arms[kept["arm"]].text
        more = ("Read it slowly. The next questions are about this situation.",)
        return self._of(kept, "Please read", (), (self.study.background, text, *more))

    def _questions(self, kept: dict[str, Any]) -> Page:
        items = []
        for asked in self.study.outcomes.values():
            words = [str(point) for point in range(1, asked.points + 1)]
            words[0], words[-1] = f"1 {asked.low}", f"{asked.points} {asked.high}"
            value = kept["answers"].get(asked.name)
            place = None if value is None else value - 1
            items.append(Item(asked.name, asked.text, tuple(words), in_a_row=True, value=place))
        return self._of(kept, "What you think", tuple(items))

    def _recall(self, kept: dict[str, Any]) -> Page:
        check = self.study.manipulation_check
        item = self._choice("manipulation", check.text, check.options, kept)
        page = self._of(kept, "The last question", (item,))
        finish = Press("next", "Finish")
        buttons = tuple(finish if each == NEXT else each for each in page.buttons)
        note = "With Finish your answers become final. You can still delete them."
        return Page(page.heading, (note,), page.items, buttons, said=self._said)

    def _debrief(self, kept: dict[str, Any]) -> Page:
        own = self.study.arms[kept["arm"]]
        others = [arm for arm in self.study.arms.values() if arm is not own]
        written = self.line_file.exists()
        paragraphs = (
            self.study.debrief,
            f"You read: {own.text}",
            *(f"Others read: {arm.text}" for arm in others),
            "If your class collects answers, hand in the line below. It holds neither your id nor your age, gender, "
            "education, region or political side. Whoever gets the file from you knows that it is yours, and whoever "
            "knows your id can work out which text you read; in the class's file stands nobody's name.",
        )
        buttons = (Press("write", "Write my line to a file again" if written else "Write my line to a file"),)
        return Page(
            self._heading("How it was done", len(PAGES)), paragraphs, (), (*buttons, WITHDRAW), self.line, self._said
        )  # fmt: skip

    def _choice(self, name: str, text: str, options: tuple[str, ...], kept: dict[str, Any]) -> Item:
        value = kept["answers"].get(name)
        return Item(name, text, options, value=options.index(value) if value in options else None)

    def _of(
        self,
        kept: dict[str, Any],
        words: str,
        items: tuple[Item, ...],
        paragraphs: tuple[str, ...] = (),
        *,
        before_text: bool = False,
    ) -> Page:
        fixed = before_text and kept["furthest"] >= PAGES.index("text")
        locked = tuple(Item(**{**vars(each), "locked": fixed}) for each in items)
        back = (BACK,) if kept["page"] > _first(kept) else ()
        first = (FIXED,) if fixed else ("Each question may be left out.",) if items else ()
        return Page(
            self._heading(words, kept["page"] + 1),
            (*first, *paragraphs),
            locked,
            (NEXT, *back, WITHDRAW),
            said=self._said,
        )

    # Names and values.

    def _names(self) -> list[str]:
        return [*self.study.covariates, "attention", *self.study.outcomes, "manipulation"]

    def _value(self, name: str, place: int) -> Any:
        """What is stored for the option at `place`, or for a number."""
        if name in self.study.outcomes:
            return place + 1
        if name in ("attention", "manipulation"):
            return getattr(self.study, f"{name}_check").options[place]
        values = self.study.covariates[name].values
        return place if len(values) > 20 else values[place]


def _first(kept: Mapping[str, Any]) -> int:
    """How far back one may go: not to the text once one was asked what it said; the end is the end."""
    if kept["page"] == PAGES.index("debrief"):
        return PAGES.index("debrief")
    return PAGES.index("questions") if kept["furthest"] >= PAGES.index("recall") else 1


def _fits(item: Item, value: int) -> bool:
    if item.options:
        return 0 <= value < len(item.options)
    return item.lowest <= value <= item.highest
