"""The rules that notebooks keep: each a small function that gives the offending cells, with faults that it must find.

To add one: write a function that takes a `Lesson` and yields an `Offence` for each cell that breaks the rule; above it
`@rule(...)` with one or more faults, which are planted in lesson 01 to prove that the rule finds them. Its docstring is
the rule. `every=True` is for all notebooks, lessons 00 too. There is nothing else to do: `test_rules.py` finds it.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lesson import (
    ROOT,
    SOLUTIONS,
    Cell,
    Fault,
    Lesson,
    Offence,
    added,
    all_of,
    called,
    changed,
    said,
    sentences,
    texts_in,
    with_exercise,
    with_file,
    without,
    worded,
)

from helpers.classroom import sources
from helpers.exercises.kinds import Number

LONGEST_CELL, LONGEST_FUNCTION, LONGEST_LESSON = 12, 12, 70
N_EXERCISES, N_POINTS = 4, 10

Find = Callable[[Lesson], Iterator[Offence]]


@dataclass(frozen=True)
class Rule:
    """One rule, what it finds, and the faults that prove it."""

    find: Find
    faults: tuple[Fault, ...]
    every: bool

    @property
    def name(self) -> str:
        return self.find.__name__.replace("_", " ")

    def applies_to(self, lesson: Lesson) -> bool:
        return self.every or lesson.number != "00"

    def broken_by(self, lesson: Lesson) -> list[str]:
        return [str(offence) for offence in self.find(lesson)]


RULES: list[Rule] = []


def rule(*faults: Fault, every: bool = False) -> Callable[[Find], Find]:
    """Register a rule with the faults that it must find."""

    def register(find: Find) -> Find:
        RULES.append(Rule(find, faults, every))
        return find

    return register


# ------------------------------------------------------------------ the shape of a lesson


@rule(said("# A second title"), changed("title", r"^# ", "## "), every=True)
def one_title(lesson: Lesson) -> Iterator[Offence]:
    """A notebook has one top heading, and begins with it."""
    titles = [cell for cell in lesson.prose for _ in re.findall(r"^# ", cell.text, re.MULTILINE)]
    for cell in titles[1:]:
        yield Offence(cell.id, cell.text, "has a further title")
    first = lesson.cells[0]
    if not first.text.startswith("# "):
        yield Offence(first.id, first.text, "is the first cell and does not begin with the title")


@rule(said("#### Too deep"), changed("look", r"^## 3\. ", "## 4. "), every=True)
def headings_in_order(lesson: Lesson) -> Iterator[Offence]:
    """A heading lies at most one level below the one before it, and numbered sections count up from 1."""
    before, expected = 0, 1
    for cell in lesson.prose:
        for marks, text in re.findall(r"^(#+) (.*)$", _without_fences(cell.text), re.MULTILINE):
            if len(marks) > before + 1:
                yield Offence(cell.id, text, f"is of level {len(marks)}, below level {before}")
            before = len(marks)
            number = re.match(r"(\d+)\. ", text) if marks == "##" else None
            if number and int(number[1]) != expected:
                yield Offence(cell.id, text, f"should have the number {expected}")
            expected += bool(number)


def _without_fences(text: str) -> str:
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL)


@rule(
    changed("title", r"\*\*\d+ minutes\.\*\*", "Soon done."), changed("title", r"\d+ minutes", "30 minutes")
)
def minutes_are_named(lesson: Lesson) -> Iterator[Offence]:
    """The first cell says `**65 minutes.**`, within ten minutes of the formula."""
    first = lesson.cells[0]
    said_minutes = re.search(r"\*\*(\d+) minutes\.\*\*", first.text)
    if not said_minutes:
        yield Offence(first.id, first.text, "names no minutes, such as **65 minutes.**")
    elif abs(int(said_minutes[1]) - minutes(lesson)) > 10:
        yield Offence(first.id, said_minutes[0], f"is far from the formula's {minutes(lesson):.0f}")


@rule(said("word " * 12_700), added("\n".join(f'check("01.{n}")' for n in range(11))))
def fits_its_time(lesson: Lesson) -> Iterator[Offence]:
    """Words / 180 + 6 a core exercise + 8 a lab + 0.5 a code cell: at most 70 minutes."""
    if minutes(lesson) > LONGEST_LESSON:
        words = sum(len(cell.text.split()) for cell in lesson.prose)
        yield Offence(
            lesson.cells[0].id,
            lesson.cells[0].text,
            f"takes {minutes(lesson):.0f} minutes by the formula; {words} words, {len(lesson.code)} code cells",
        )


def minutes(lesson: Lesson) -> float:
    """The time formula. A lab that is shown twice counts once."""
    words = sum(len(cell.text.split()) for cell in lesson.prose)
    exercises = sum(1 for _ in lesson.calls("check"))
    labs = {called(call) for cell in lesson.code for call in _lab_calls(cell)}
    return words / 180 + 6 * exercises + 8 * len(labs) + 0.5 * len(lesson.code)


def _lab_calls(cell: Cell) -> list[ast.Call]:
    labs = importlib.import_module("helpers.labs").__all__
    return [call for name in labs for call in cell.calls(name)]


@rule(
    changed("title", r"You will be able to", "Read on"),
    changed("title", r"^- .*\n", ""),
    changed("title", r"\*\*Builds on\*\*", "After"),
)
def goals_are_named(lesson: Lesson) -> Iterator[Offence]:
    """The first cell has three to five goals under "You will be able to", and what the lesson builds on."""
    first = lesson.cells[0]
    _, found, after = first.text.partition("You will be able to")
    goals = re.findall(r"^- ", after, re.MULTILINE)
    if not found or not 3 <= len(goals) <= 5:
        yield Offence(
            first.id, first.text, f'has {len(goals)} goals under "You will be able to"; 3 to 5 are asked'
        )
    if "Builds on" not in first.text:
        yield Offence(first.id, first.text, "does not say what the lesson builds on")


@rule(without("imports"), changed("imports", "progress", "load"))
def begins_with_the_common_import(lesson: Lesson) -> Iterator[Offence]:
    """The first code cell imports what every lesson uses."""
    wanted = {"load", "describe", "check", "hint", "quiz", "predict", "student", "progress"}
    first = lesson.code[0]
    imported = {
        name.name
        for node in ast.walk(first.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "helpers"
        for name in node.names
    }
    if wanted - imported:
        yield Offence(
            first.id, first.text, f"does not import {', '.join(sorted(wanted - imported))} from helpers"
        )


@rule(without("prediction-card"), without("prediction-reveal"), changed("prediction-card", r"01\.1", "01.9"))
def a_prediction_comes_before_its_answer(lesson: Lesson) -> Iterator[Offence]:
    """The student commits to a guess with `predict`, and it is revealed in a later cell."""
    open_ids: set[str] = set()
    revealed: set[str] = set()
    for cell, call in lesson.calls("predict"):
        for prediction in texts_in(call):
            if not _is_known("prediction", prediction):
                yield Offence(cell.id, cell.text, "names no prediction of helpers/exercises/questions")
            elif not _reveals(call):
                open_ids.add(prediction)
            elif prediction not in open_ids:
                yield Offence(cell.id, cell.text, "reveals what was not predicted before")
            else:
                revealed.add(prediction)
    for prediction in sorted(open_ids - revealed):
        yield Offence("-", prediction, "is predicted and never revealed")
    if not revealed:
        yield Offence("-", lesson.name, "has no prediction that is made and revealed")


def _reveals(call: ast.Call) -> bool:
    return any(keyword.arg == "reveal" for keyword in call.keywords)


@rule(without("surprise", "surprise-lesson"))
def a_surprise_is_marked(lesson: Lesson) -> Iterator[Offence]:
    """A cell of prose after the prediction has an id that begins with `surprise`, so that its place can be found."""
    ids = [cell.id for cell in lesson.cells]
    first = next((i for i, cell in enumerate(lesson.cells) if cell.calls("predict")), len(ids))
    if not any(cell.id.startswith("surprise") for cell in lesson.cells[first:] if cell.kind == "markdown"):
        yield Offence("-", lesson.name, "has no cell with an id such as `surprise` after the prediction")


@rule(without("lab-atlas"))
def has_a_lab(lesson: Lesson) -> Iterator[Offence]:
    """A lesson has at least one lab."""
    if not any(_lab_calls(cell) for cell in lesson.code):
        yield Offence("-", lesson.name, "shows no lab of helpers/labs")


@rule(added("from helpers.labs import MoonLab"), every=True)
def labs_exist(lesson: Lesson) -> Iterator[Offence]:
    """A lab that is imported is in `helpers.labs.__all__`."""
    known = importlib.import_module("helpers.labs").__all__
    for cell in lesson.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.ImportFrom) and node.module == "helpers.labs":
                for name in node.names:
                    if name.name not in known:
                        yield Offence(cell.id, name.name, f"is no lab; there are {', '.join(known)}")


@rule(
    without("check-01-2"),
    with_exercise("01.1", points=3),
    with_exercise("01.4", kind=Number()),
    added('check("01.2")'),
    changed("check-01-3", r"01\.3", "01.1"),
)
def four_exercises_of_ten_points(lesson: Lesson) -> Iterator[Offence]:
    """Four core exercises, each checked once, with ten points in all, and one of them in words."""
    ids = [text for _, call in lesson.calls("check") for text in texts_in(call)]
    if len(ids) != N_EXERCISES or len(set(ids)) != N_EXERCISES:
        yield Offence("-", ", ".join(ids), f"are the checks; {N_EXERCISES} different ones are asked")
    held = [exercise for exercise in lesson.exercises if exercise.id in ids]
    if sum(each.points for each in held) != N_POINTS:
        yield Offence("-", ", ".join(ids), f"have {sum(each.points for each in held)} points, not {N_POINTS}")
    if not any(each.kind.by_hand for each in held):
        yield Offence("-", ", ".join(ids), "have no exercise in words")


@rule(with_exercise("01.1", mistakes=()), with_exercise("01.3", hints=()), with_exercise("01.2", why=""))
def exercises_help(lesson: Lesson) -> Iterator[Offence]:
    """An exercise has a hint, a point to take away, and, if not in words, two known mistakes."""
    for each in lesson.exercises:
        if len(each.mistakes) < 2 and not each.kind.by_hand:
            yield Offence(f"bank {each.id}", each.asks, f"knows {len(each.mistakes)} mistakes; two are asked")
        if not each.hints or not each.why:
            yield Offence(f"bank {each.id}", each.asks, "has no hint, or no point to take away (`why`)")


@rule(
    added('check("01.77")'),
    added('# hint("01.9")'),
    added('quiz("77")'),
    added('predict("01.7")'),
    every=True,
)
def every_question_exists(lesson: Lesson) -> Iterator[Offence]:
    """`check`, `hint`, `quiz` and `predict` name what the bank and the questions hold, and of this lesson."""
    for cell in lesson.code:
        for function, first, rest in re.findall(
            r"^(?:# )?(\w+)\(\"([^\"]*)\"(.*?)\)", cell.text, re.MULTILINE
        ):
            kind = {"check": "exercise", "hint": "exercise", "predict": "prediction"}.get(function)
            if kind and not (_is_known(kind, first) and first.startswith(lesson.number)):
                yield Offence(cell.id, cell.text, f"names no {kind} of lesson {lesson.number}")
            part = re.search(r"\"([\w-]+)\"", rest)
            if function == "quiz" and not _is_known("quiz", first, part[1] if part else "quiz"):
                yield Offence(cell.id, cell.text, "names no quiz")


def _is_known(kind: str, *names: str) -> bool:
    from helpers.exercises.judge import UnknownExercise, find
    from helpers.exercises.questions import UnknownQuestion, prediction_of, quiz_of

    look_up: dict[str, Callable[..., Any]] = {"exercise": find, "prediction": prediction_of, "quiz": quiz_of}
    try:
        look_up[kind](*names)
    except (UnknownExercise, UnknownQuestion):
        return False
    return True


@rule(without("quiz-cards"), without("warm-up-quiz"))
def has_a_warm_up_and_a_quiz(lesson: Lesson) -> Iterator[Offence]:
    """The lesson begins with the warm-up's questions and ends with the quiz."""
    calls = [texts_in(call) for _, call in lesson.calls("quiz")]
    if not any(lesson.number in texts[:1] and "warm-up" in texts[1:] for texts in calls):
        yield Offence("-", lesson.name, f'has no quiz("{lesson.number}", "warm-up")')
    if [lesson.number] not in calls:
        yield Offence("-", lesson.name, f'has no quiz("{lesson.number}")')


@rule(changed("known", r"## What we know, and how", "## So"), changed("known", r"^- \*\*.*\n", ""))
def says_what_we_know(lesson: Lesson) -> Iterator[Offence]:
    """A section "What we know, and how" with three lines or more."""
    lines = re.findall(r"^- ", lesson.section("What we know, and how"), re.MULTILINE)
    if len(lines) < 3:
        yield Offence(
            "-", lesson.name, f'has {len(lines)} lines under "What we know, and how"; three are asked'
        )


@rule(changed("further", "Nothing here is graded", "Go on"), without("further"))
def further_is_not_graded(lesson: Lesson) -> Iterator[Offence]:
    """A section "Further" says that nothing in it is graded."""
    if "Nothing here is graded" not in lesson.section("Further"):
        yield Offence("-", lesson.name, 'has no section "Further" that says "Nothing here is graded"')


# ------------------------------------------------------------------ cells


@rule(added("x = 1\n" * 13), every=True)
def cells_are_short(lesson: Lesson) -> Iterator[Offence]:
    """A code cell has at most a dozen lines; a model answer is not counted."""
    for cell in lesson.code:
        n_lines = len(cell.open_text.strip().splitlines())
        if n_lines > LONGEST_CELL:
            yield Offence(
                cell.id, cell.open_text, f"has {n_lines} lines; {LONGEST_CELL} are enough for one idea"
            )


@rule(added("def f(x):\n" + "    x += 1\n" * 12 + "    return x"), every=True)
def functions_are_short(lesson: Lesson) -> Iterator[Offence]:
    """A function of a lesson, a model answer's too, has at most a dozen lines; longer ones belong in `helpers`."""
    for cell in lesson.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                n_lines = (node.end_lineno or 0) - node.lineno + 1
                if n_lines > LONGEST_FUNCTION:
                    yield Offence(cell.id, node.name, f"has {n_lines} lines; it belongs in helpers")


def _pictured(data: dict[str, Any]) -> Fault:
    return added("draw()", outputs=({"output_type": "display_data", "data": data},))


@rule(
    _pictured({"image/png": "iVBORw0KGgo="}),
    _pictured({"text/html": '<figure><img src="data:image/png;base64,AA=="></figure>'}),
    _pictured({"text/html": '<figure><img alt="" src="data:image/png;base64,AA=="></figure>'}),
    _pictured({"text/html": '<img alt="A figure of some kind of lines" src="a"><img alt="plot" src="b">'}),
    every=True,
)
def pictures_speak(lesson: Lesson) -> Iterator[Offence]:
    """What a cell shows has alternative text of twenty signs or more; a bare figure has none."""
    for cell in lesson.cells:
        for output in cell.outputs:
            data = output.get("data", {})
            images = re.findall(r"<img\b[^>]*>", "".join(data.get("text/html", "")))
            mute = [image for image in images if not re.search(r'\balt="[^"]{20,}"', image)]
            if mute or any(kind.startswith("image/") for kind in data):
                yield Offence(
                    cell.id, cell.text, "shows a picture without alternative text; use show(fig, alt=...)"
                )


@rule(
    added("show(figure)"),
    added("import matplotlib.pyplot as plt\nplt.show()"),
    added('show(figure, alt="plot")'),
    every=True,
)
def every_show_has_words(lesson: Lesson) -> Iterator[Offence]:
    """Each `show(...)` has `alt=` with words in it."""
    for cell, call in lesson.calls("show"):
        alt = next((keyword.value for keyword in call.keywords if keyword.arg == "alt"), None)
        if alt is None:
            yield Offence(cell.id, ast.unparse(call), "has no alt=")
        elif isinstance(alt, ast.Constant) and len(str(alt.value)) < 20:
            yield Offence(cell.id, ast.unparse(call), "has an alt= that tells nothing")


@rule(
    added('open("/etc/hosts")'),
    added("pd.read_csv('https://example.org/a.csv')"),
    added('x = "C:\\\\data"'),
    added('open("~/a.csv")'),
    added("import requests"),
    added("!curl example.org"),
    every=True,
)
def no_place_and_no_network(lesson: Lesson) -> Iterator[Offence]:
    """No absolute path, no address to fetch from, no module that fetches."""
    pattern = re.compile(
        r"""["'](/[a-z]|[A-Z]:\\|~/|https?://|ftp://|file://)"""
        r"""|^\s*(?:import|from)\s+(?:requests|urllib|httpx|socket|http)\b|^\s*[!%](?:curl|wget|pip)\b""",
        re.MULTILINE,
    )
    for cell in lesson.code:
        if pattern.search(cell.text):
            yield Offence(cell.id, cell.text, "names a place of one machine, or fetches")


@rule(
    said("The trick is `large.index[large[2000] <= large[1990] / 2]`.", after="emptying"),
    added("# halved = list(large.index[large[2000] <= large[1990] / 2])", after="emptying"),
    every=True,
)
def no_model_answer(lesson: Lesson) -> Iterator[Offence]:
    """No line of a model answer stands outside its region."""
    lines = {
        line.strip()
        for cell in lesson.code
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.text, re.DOTALL)
        for line in region.splitlines()
        if len(line.strip()) > 20
    }
    parts = lines | {right for line in lines if len(right := line.partition(" = ")[2]) > 20}
    for cell in lesson.cells:
        for part in sorted(parts):
            if part in cell.open_text or part.removeprefix("list(").rstrip(")") in cell.open_text:
                yield Offence(cell.id, cell.open_text, f"holds a part of a model answer: {part!r}")


@rule(
    said("TODO: say it."),
    with_file("questions", 'TEXT = "TODO"'),
    with_file("bank/lesson", "# TODO"),
    with_file("docs/teaching", "TODO"),
    with_file("docs/teaching", ""),
    with_file("test_lesson", ""),
    every=True,
)
def nothing_is_left_to_do(lesson: Lesson) -> Iterator[Offence]:
    """No TODO of `course new-lesson` is left in the notebook or in what belongs to it, and all of it is there."""
    for cell in lesson.cells:
        if "TODO" in cell.text:
            yield Offence(cell.id, _line_with("TODO", cell.text), "is not written yet")
    for name, text in lesson.side_files:
        if "TODO" in text:
            yield Offence(name, _line_with("TODO", text), "is not written yet")
        if not text.strip() and lesson.number != "00":
            yield Offence(name, "", "is missing")


def _line_with(word: str, text: str) -> str:
    return next(line for line in text.splitlines() if word in line)


# ------------------------------------------------------------------ what may be said

KEY = re.compile(r"\[([A-Z]{2}\d+)\]")
AUTHORS = re.compile(r"\b(Sorg|Wucherpfennig|Krebs|Spindel)\b")
ENDS_WITH_KEY = re.compile(r"(?:\[[A-Z]{2}\d+\][ ,]*)+[.!?:;)*\"”|]*\s*$")
SECOND_HAND = re.compile(r"\b(according to|as described by)\b", re.IGNORECASE)
OWN = re.compile(r"\bour(s| own)?\b|\bthe course(?:['’]s)?\b|\bthis course\b", re.IGNORECASE)
UNKNOWN = re.compile(
    r"\b(not|nobody|nothing|never|no \w+)\b.*"
    r"\b(known?|knows|tells?|told|says?|said|read|found|seen|names?|show[sn]?)\b|\bunknown\b|\bopen question\b",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=1)
def register() -> sources.Register:
    return sources.register(ROOT)


@lru_cache(maxsize=1)
def works() -> dict[str, sources.Work]:
    return sources.works(ROOT)


def statements(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Sentences of the notebook, its questions and its feedback, with their place; wrong options are not statements."""
    for cell in lesson.prose:
        yield from ((cell.id, sentence) for sentence in sentences(cell.text))
    for words in lesson.words:
        if not words.is_wrong_option:
            yield from ((words.where, sentence) for sentence in sentences(words.text))


def on_a_study(lesson: Lesson) -> Iterator[tuple[str, str, list[sources.Claim]]]:
    """Sentences that name an author or carry a key, with the claims that they rest on."""
    for place, sentence in statements(lesson):
        claims = [register().claims[key] for key in KEY.findall(sentence) if key in register().claims]
        if claims or AUTHORS.search(sentence):
            yield place, sentence, claims


@rule(
    said("Sorg and Wucherpfennig (2024) find nothing."),
    said("One thing is known [SW1]. Krebs and Spindel (2018) say another."),
    said("According to Krebs [KS1], allies were afraid of war."),
    worded("Spindel thinks otherwise."),
    every=True,
)
def a_name_ends_with_its_claim(lesson: Lesson) -> Iterator[Offence]:
    """A sentence that names one of the four authors ends with a key of docs/claims.yml."""
    for place, sentence, _ in on_a_study(lesson):
        if AUTHORS.search(sentence) and not ENDS_WITH_KEY.search(sentence):
            yield Offence(place, sentence, "names an author and does not end with a key, such as [SW5]")


@rule(said("It is so [SW999]."), said("Krebs says so [KS999]."), worded("It is so [AB1]."), every=True)
def every_key_is_a_claim(lesson: Lesson) -> Iterator[Offence]:
    """Each key in square brackets stands in docs/claims.yml."""
    for place, sentence in statements(lesson):
        for key in KEY.findall(sentence):
            if key not in register().claims:
                yield Offence(place, sentence, f"has the key {key}, which docs/claims.yml does not hold")


@rule(
    said("In Germany a withdrawal lowers threat perceptions [SW24]."),
    said("Krebs and Spindel expect near allies to support the war [KS42]."),
    said("Krebs and Spindel study six allies [KS61]."),
    every=True,
)
def a_sentence_says_how_it_is_known(lesson: Lesson) -> Iterator[Offence]:
    """A second-hand claim says "according to", a reading says that it is ours, an unknown that it is not known."""
    asked = {
        "second-hand": (SECOND_HAND, 'is second-hand and does not say "according to"'),
        "course": (OWN, 'is the course\'s reading and does not say so ("our reading", "the course\'s own")'),
        "not found": (UNKNOWN, "is about what the course does not know, and does not say so"),
    }
    for place, sentence, claims in on_a_study(lesson):
        for claim in claims:
            pattern, remark = asked.get(claim.mark, (None, ""))
            if pattern and not pattern.search(sentence) and not sentence.startswith("- `"):
                yield Offence(place, sentence, remark)


NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")


@rule(
    said("They ask 1,500 people in each country [SW1]."),
    said("Sorg and Wucherpfennig (2024) find an effect of 0.3 [SW4]."),
    every=True,
)
def no_number_that_no_claim_holds(lesson: Lesson) -> Iterator[Offence]:
    """A sentence on a study has no number but the work's year and those of its claims."""
    for place, sentence, claims in on_a_study(lesson):
        if sentence.startswith("- `"):
            continue
        plain = KEY.sub(
            "", re.sub(r"\b(2024|2018)\b|\blesson \d+|\bmodule \d+|\bExercise [\d.]+", "", sentence)
        )
        held = {number for claim in claims for number in NUMBER.findall(claim.text)}
        for number in NUMBER.findall(plain):
            if number not in held:
                yield Offence(place, sentence, f"has the number {number}, which none of its claims holds")


@rule(
    said("So free-riding is refuted, as Sorg and Wucherpfennig (2024) say [SW6]."),
    said("Krebs and Spindel show that all US allies opposed the war [KS9]."),
    worded("Deployments have no effect [SW5]."),
    every=True,
)
def no_wording_that_goes_too_far(lesson: Lesson) -> Iterator[Offence]:
    """A sentence on a study says nothing that docs/claims.yml lists as going too far."""
    for place, sentence, claims in on_a_study(lesson):
        studies = {claim.id[:2] for claim in claims} or {"SW", "KS"}
        if any(claim.mark == "not found" for claim in claims):
            continue
        for wording in register().wordings:
            if studies & set(wording.studies) and wording.pattern.search(sentence):
                yield Offence(place, sentence, f"goes too far. Write: {wording.instead}")


# ------------------------------------------------------------------ references

ENTRY = re.compile(r"^- `(\w+)`", re.MULTILINE)
CITATION = re.compile(
    r"((?:[A-Z][\w’'-]+(?:, | and |,? & )){1,5}[A-Z][\w’'-]+|[A-Z][\w’'-]+(?: et al\.)?)"
    r"(?:,? | \()\(?((?:1[89]|20)\d\d)[a-z]?\)"
)


@rule(changed("known", r"^## References", "## Books"), changed("known", r"`knopf_2012`", "`nobody_1999`"))
def references_stand_in_the_bibliography(lesson: Lesson) -> Iterator[Offence]:
    """A section "References" whose entries are keys of docs/references.bib."""
    keys = ENTRY.findall(lesson.section("References"))
    if not keys:
        yield Offence("-", lesson.name, 'has no section "References" with entries such as - `knopf_2012`')
    for key in keys:
        if key not in works():
            yield Offence("references", key, "is no key of docs/references.bib")


@rule(
    said("As Snyder (1984) says, allies fear abandonment."),
    said("Nobody and Noone (1999) found a great effect."),
    said("That is old (Olson and Zeckhauser 1966)."),
)
def every_cited_work_is_listed(lesson: Lesson) -> Iterator[Offence]:
    """A work that is cited by name and year stands under References."""
    listed = [works()[key] for key in ENTRY.findall(lesson.section("References")) if key in works()]
    for cell in lesson.prose:
        for names, year in CITATION.findall(_before_references(cell.text)):
            surnames = re.split(r", | and |,? & ", names.removesuffix(" et al."))
            if surnames[-1] in _not_authors():
                continue
            of_the_year = [work for work in listed if work.fields.get("year") == year]
            if not any(name in _short(work) for name in surnames for work in of_the_year):
                yield Offence(cell.id, f"{names} ({year})", "is cited and not listed under References")


@rule(changed("known", r"^## References\n", "## References\n\n- `lin_2013` Lin (2013)\n"))
def every_listed_work_is_cited(lesson: Lesson) -> Iterator[Offence]:
    """A work under References is named in the text, or is the source of a dataset that the lesson loads."""
    text = "\n".join(_before_references(cell.text) for cell in lesson.prose)
    text += "\n".join(words.text for words in lesson.words) + "\n".join(_sources_of_data(lesson))
    for key in ENTRY.findall(lesson.section("References")):
        work = works().get(key)
        if work and not any(re.search(rf"\b{re.escape(name)}\b", text) for name in _short(work)[:1]):
            yield Offence(
                "references", key, "is listed, and neither cited nor the source of a dataset in use"
            )


def _short(work: sources.Work) -> tuple[str, ...]:
    """Surnames as a text may write them: also the last part of a double name."""
    return tuple(form for name in work.surnames for form in dict.fromkeys((name, name.split()[-1])))


def _before_references(text: str) -> str:
    return text.partition("## References")[0]


def _sources_of_data(lesson: Lesson) -> Iterator[str]:
    from helpers.data.package import resources

    for _, call in lesson.calls("load"):
        for name in texts_in(call):
            if name in resources():
                yield from resources()[name].sources


@lru_cache(maxsize=1)
def _not_authors() -> frozenset[str]:
    """Words before a year in brackets that name no author: countries, pollsters, months and the like."""
    from helpers.data import load

    countries = {word for name in load("us_troops")["country"].unique() for word in str(name).split()}
    polls = load("polls")[["pollster", "client"]].to_numpy().ravel()
    pollsters = {word for text in polls for word in str(text).split()}
    return frozenset(countries | pollsters | {"NATO", "SEATO", "ANZUS", "Treaty", "War", "States", "Union"})


# ------------------------------------------------------------------ simulated data

LABEL = "simulated for teaching"
SIMULATING = re.compile(r"simulat|fictitious|classmates", re.IGNORECASE)


def _is_simulating(name: str, module: str | None) -> bool:
    """Whether a name of ours says that it simulates: by its own name, or in the first lines of its docstring."""
    if SIMULATING.search(name):
        return True
    if not module or not module.startswith("helpers"):
        return False
    held = getattr(importlib.import_module(module), name, None)
    documented = inspect.getdoc(held) if inspect.isfunction(held) else ""
    return bool(SIMULATING.search((documented or "").partition("\n\n")[0]))


def _simulators(lesson: Lesson) -> set[str]:
    """Names imported in the lesson that make simulated data."""
    return {
        name.asname or name.name
        for cell in lesson.code
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if _is_simulating(name.name, node.module)
    }


def _loads_simulated(call: ast.Call) -> bool:
    from helpers.data.package import resources

    held = resources()
    return called(call) == "load" and any(
        held[name].kind == "simulated" for name in texts_in(call) if name in held
    )


def simulated_names(lesson: Lesson) -> set[str]:
    """Names in the notebook that hold simulated data, followed from cell to cell through assignments."""
    names = _simulators(lesson)
    for cell in lesson.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For) and _touches(
                node, names
            ):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {
                    each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
                }
    return names


def _touches(node: ast.AST, names: set[str]) -> bool:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and (each.id in names or SIMULATING.search(each.id)):
            return True
        if isinstance(each, ast.Attribute) and SIMULATING.search(each.attr):
            return True
        if isinstance(each, ast.Call) and _loads_simulated(each):
            return True
    return False


_SIMULATED = added("people = simulate_survey(student())", cell_id="simulated-people")


@rule(all_of(_SIMULATED, added("axes = people.plot()\nshow(axes.figure, alt='Answers of people, by arm, as bars.')",
                               after="simulated-people")))  # fmt: skip
def simulated_figures_are_labelled(lesson: Lesson) -> Iterator[Offence]:
    """A figure made from simulated data says "simulated for teaching", in its title, source line or caption."""
    names = simulated_names(lesson)
    for cell, _ in lesson.calls("show"):
        if _touches(cell.tree, names) and LABEL not in cell.text.lower():
            yield Offence(cell.id, cell.text, f'draws simulated data and does not say "{LABEL}"')


_SIGNED = r"(?<![\w.\[])[-−+]?\d+\.\d+"
SIZE = re.compile(
    r"(?<![\w.\[])[-−+]?\d[\d,]*(?:\.\d+)?\s*"
    r"(?:%|per cent\b|percent\b|percentage points?\b|scale points?\b|standard deviations?\b)"
    r"|(?:effect|difference|estimate|mean|share|interval|correlation|p-value|ratio|power)s?\b[^.;:]{0,30}?"
    rf"{_SIGNED}|{_SIGNED}\s+(?:points?|higher|lower|more|less|larger|smaller)\b",
    re.IGNORECASE,
)
FINDING = re.compile(
    r"\b(?:the|your|this|its) (?:\w+ )?(?:estimate|interval|difference|effect|p-value|mean|correlation|coefficient)s?"
    r" (?:is|are|was|were|turns? out|comes? out|lies?|excludes?|includes?|covers?|rises?|falls?|drops?)\b"
    r"[^.]*\b(?:significant|insignificant|negative|positive|zero|above|below|larger|smaller|higher|lower|large|small)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(if|whether|when|where|suppose|imagine|would|could|might|may|which|what|how|unless|say|means?)\b|\?",
    re.I,
)
CONVENTIONS = {
    "0.05",
    "0.01",
    "0.10",
    "0.1",
    "0.8",
    "0.80",
    "0.9",
    "0.90",
    "0.95",
    "1",
    "5",
    "10",
    "50",
    "80",
    "90",
    "95",
    "99",
    "100",
}


def _in_simulated_lesson(text: str) -> Fault:
    return all_of(_SIMULATED, said(text))


@rule(
    _in_simulated_lesson("Presence lowers the need for defence by 12 per cent."),
    _in_simulated_lesson("The effect is about 0.43 in this sample."),
    _in_simulated_lesson("Your estimate is negative and significant."),
)
def prose_states_no_simulated_result(lesson: Lesson) -> Iterator[Offence]:
    """Where a lesson simulates, prose gives no size and no sign of a result.

    A number is free if it is a convention (95 %), stands in the lesson's code (a choice that everybody shares) or in
    a keyed claim, or if the sentence names a real dataset in backquotes or a listed work. A sign is free in a sentence
    that asks, supposes or defines. Bare prose in a lesson without simulated data is not looked at: there the rule of
    the style guide holds, and the reviewer.
    """
    if not any(_touches(cell.tree, _simulators(lesson)) for cell in lesson.code):
        return
    for cell in lesson.prose:
        for sentence in sentences(_before_references(cell.text)):
            if _rests_on_something_real(sentence, lesson):
                continue
            wild = [number for found in SIZE.findall(sentence) for number in NUMBER.findall(found)]
            if any(number not in CONVENTIONS | _numbers_in_code(lesson) for number in wild):
                yield Offence(
                    cell.id, sentence, "states a size; let code compute it from the student's own numbers"
                )
            if FINDING.search(sentence) and not OPEN.search(sentence):
                yield Offence(
                    cell.id, sentence, "states what a simulated sample shows; let code say it, or ask"
                )


def _rests_on_something_real(sentence: str, lesson: Lesson) -> bool:
    from helpers.data.package import resources

    named = [resources()[name] for name in re.findall(r"`(\w+)`", sentence) if name in resources()]
    is_cited = any(
        year in ENTRY.sub("", lesson.section("References")) for _, year in CITATION.findall(sentence)
    )
    return bool(KEY.search(sentence)) or is_cited or any(each.kind != "simulated" for each in named)


def _numbers_in_code(lesson: Lesson) -> set[str]:
    return {
        number.replace("_", "")
        for cell in lesson.code
        for number in re.findall(r"(?<![\w.])\d[\d_]*(?:\.\d+)?", cell.open_text)
    }


def notebooks() -> list[Any]:
    """Every notebook of `solutions/`."""
    return sorted(path for path in SOLUTIONS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
