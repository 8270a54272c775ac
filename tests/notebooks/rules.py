"""The rules that notebooks keep: each a small function that gives the offending cells, with faults that it must find.

To add one: write a function that takes a `Lesson` and yields an `Offence` for each cell that breaks the rule; above it
`@rule(...)` with one or more faults, which are planted in lesson 01 to prove that the rule finds them. Its docstring is
the rule. `every=True` is for all notebooks, lessons 00 too. There is nothing else to do: `test_rules.py` finds it.
Rules on what may be said are in `rules_on_words.py`.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterator
from typing import Any

from lesson import Cell, Lesson, Offence, called, texts_in
from planting import Fault, added, changed, rule, said, with_exercise, with_file, without

from helpers.exercises.kinds import Number

LONGEST_CELL, LONGEST_FUNCTION, LONGEST_LESSON = 12, 12, 70
N_EXERCISES, N_POINTS = 4, 10


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
    said("Write `large = table[table[1990] >= 1000]` first.", after="emptying"),
    added("# large = table[table[1990] >= 1000]", after="emptying"),
    every=True,
)
def no_model_answer(lesson: Lesson) -> Iterator[Offence]:
    """No line of a model answer stands outside its region; the build looks for more than this."""
    lines = {
        line.strip()
        for cell in lesson.code
        for region in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", cell.text, re.DOTALL)
        for line in region.splitlines()
        if len(line.strip()) > 20
    }
    for cell in lesson.cells:
        for line in sorted(lines):
            if line in cell.open_text:
                yield Offence(cell.id, cell.open_text, f"holds a line of a model answer: {line!r}")


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
