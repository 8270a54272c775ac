"""`submit`: a button at a lesson's end that does what `course submit` does in a terminal.

A lesson knows nothing of the classroom: the button starts the command as a program of its own and shows what it says.
So the notebook is tried in a fresh process, and what is wrong in this one cannot hide anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.exercises.judge import lessons
from helpers.exercises.quizzes import put
from helpers.ui.state import home, is_graded

if TYPE_CHECKING:
    from helpers.ui.action import ActionCard, Outcome

WAIT_SECONDS = 300
_TEXT = (
    "Save first (Ctrl + S, or ⌘ + S): what counts is the file. Your notebook is run once from the top, and packed into "
    "one file with a receipt and what the course remembers of this lesson (attempts, hints, quiz, prediction). "
    "Whether an answer is right is not looked at. You may submit as often as you like; nothing is overwritten."
)


def submit(lesson: str) -> None:
    """Show a button that hands in a lesson.

    Parameters
    ----------
    lesson : str
        Two digits, such as "01".

    Examples
    --------
    >>> submit("99")
    There is no lesson '99' to hand in. ...
    """
    if is_graded():
        return
    if lesson not in lessons():
        print(f"There is no lesson {str(lesson)[:20]!r} to hand in. There are: {', '.join(lessons())}.")
        return
    put(card(lesson))


def card(lesson: str) -> ActionCard:
    """Make the button of a lesson."""
    from helpers.ui.action import ActionCard

    return ActionCard(
        f"Hand in lesson {lesson}",
        _TEXT,
        f"Submit lesson {lesson}",
        working="Running your notebook from the top …",
        act=lambda: run(lesson),
        in_words=f"In a terminal: course submit {lesson}",
    )


def run(lesson: str) -> Outcome:
    """Run `course submit` and put into an outcome what it says.

    Parameters
    ----------
    lesson : str

    Returns
    -------
    Outcome
    """
    from helpers.ui.action import Outcome

    command = [sys.executable, "-P", "-m", "helpers", "submit", lesson, *_this_notebook(lesson)]
    settings = {"COURSE_HOME": str(home()), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            command, env={**os.environ, **settings}, capture_output=True, encoding="utf-8", errors="replace",
            timeout=WAIT_SECONDS, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Outcome(f"Nothing was handed in: it took more than {WAIT_SECONDS} seconds.")
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["the program ended without a word"])[-1]
        return Outcome(f"Nothing was handed in: {said.removeprefix('course: ')}")
    first, _, rest = done.stdout.strip().partition("\n")
    return Outcome(first, rest)


def _this_notebook(lesson: str) -> list[str]:
    """Name the notebook whose kernel this is, if Jupyter says so and it is one of the lesson."""
    said = os.environ.get("JPY_SESSION_NAME", "")
    path = Path(said)
    mine = said.endswith(".ipynb") and path.name.startswith(f"{lesson}_") and path.is_file()
    return ["--notebook", str(path)] if mine else []
