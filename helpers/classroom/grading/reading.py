"""What was handed in: who gave which notebook, and what is odd about it.

The idea: a folder of submissions comes from learning platforms, e-mail and memory sticks. Nothing in it stops a run.
What cannot be read becomes a *problem* of one student, in one sentence; what can be read in two ways is read in one,
always the same, and becomes a *doubt* for a person to settle. Two layouts are known:

    submitted/<student>.ipynb
    submitted/<student>/<any folders>/<any name>.ipynb
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.classroom.grading.notebook_file import Notebook, UnreadableNotebook, content_of, parse
from helpers.classroom.grading.shown import printable, quoted

SUFFIX = ".ipynb"
MOST_NOTEBOOKS = 200
"""So many notebooks of one student are looked at."""
_NOT_HANDED_IN = ("__MACOSX",)


class ReadingError(Exception):
    """There is no folder of submissions; says what was given instead."""


@dataclass(frozen=True)
class Submission:
    """One student's notebook, as plain data.

    Parameters
    ----------
    student : str
        The roster's id: the name of the file or folder. It may hold any character; show it with `printable`.
    path : Path
        The notebook, or the place where it should be.
    cells : tuple of str
        Sources of its code cells, in order.
    sha256 : str
        Of the file's bytes; empty if they could not be read.
    lesson, edition : str
        What the notebook itself says that it is; empty if it says nothing.
    bare : bool
        Whether it says that it was made without exercises.
    problems : tuple of str
        Why there is nothing to run, one sentence each.
    doubts : tuple of str
        What a person should look at, one sentence each.
    """

    student: str
    path: Path
    cells: tuple[str, ...] = ()
    sha256: str = ""
    lesson: str = ""
    edition: str = ""
    bare: bool = False
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandedIn:
    """What a folder of submissions holds.

    Parameters
    ----------
    submissions : tuple of Submission
        One for each student, in the order of their ids.
    left_aside : tuple of str
        Names of files that are no notebooks.
    """

    submissions: tuple[Submission, ...]
    left_aside: tuple[str, ...] = ()

    @property
    def roster(self) -> frozenset[str]:
        """Ids of all who handed in."""
        return frozenset(each.student for each in self.submissions)


def read_submission(path: Path, student: str | None = None) -> Submission:
    """Read one notebook, whatever it is.

    Parameters
    ----------
    path : Path
    student : str, optional
        The roster's id; the file's name without its ending if none is given.

    Returns
    -------
    Submission
        With a problem where others would raise.

    Examples
    --------
    >>> read_submission(Path("nobody.ipynb")).problems
    ('nobody.ipynb cannot be found (No such file or directory).',)
    """
    submission = Submission(_student_id(path.stem) if student is None else student, path)
    sha256 = ""
    try:
        content = content_of(path)
        sha256 = hashlib.sha256(content).hexdigest()
        notebook = parse(content)
    except UnreadableNotebook as error:
        problem = f"{printable(path.name, 80)} {error}."
        return replace(submission, sha256=sha256, problems=(problem,))
    return replace(
        submission,
        cells=notebook.cells,
        sha256=sha256,
        lesson=notebook.lesson,
        edition=notebook.edition,
        bare=notebook.bare,
        doubts=tuple(_doubts_in(notebook)),
    )


def read_for_lesson(path: Path, lesson: str, student: str | None = None) -> Submission:
    """Read one notebook as a lesson's, and doubt it if it says that it is something else.

    Parameters
    ----------
    path : Path
    lesson : str
        Two digits.
    student : str, optional
        As for `read_submission`.

    Returns
    -------
    Submission
    """
    return _on_the_lesson(read_submission(path, student), lesson)


def find_submissions(submitted: Path, lesson: str) -> HandedIn:
    """Find every student's notebook of one lesson.

    Parameters
    ----------
    submitted : Path
        Folder with one notebook or one folder for each student.
    lesson : str
        Two digits.

    Returns
    -------
    HandedIn

    Raises
    ------
    ReadingError
        If `submitted` is no folder that can be read.
    """
    found: dict[str, list[Submission]] = {}
    left_aside = []
    for entry in _entries(submitted):
        if not (_is_notebook(entry.name) or entry.is_dir()):
            left_aside.append(printable(entry.name, 80))
            continue
        submission = _of_entry(entry, lesson)
        found.setdefault(submission.student, []).append(submission)
    return HandedIn(tuple(_one_of(found[student]) for student in sorted(found)), tuple(left_aside))


def _entries(submitted: Path) -> list[Path]:
    try:
        entries = sorted(submitted.iterdir())
    except NotADirectoryError:
        raise ReadingError(
            f"{submitted} is a file. Give the folder of submissions: one notebook or one folder for each student."
        ) from None
    except OSError as error:
        raise ReadingError(f"The folder {submitted} cannot be read ({error.strerror}).") from None
    return [entry for entry in entries if not _is_hidden(entry.name)]


def _of_entry(path: Path, lesson: str) -> Submission:
    name = path.stem if _is_notebook(path.name) else path.name
    if path.is_dir() and not path.is_symlink():
        submission = _of_folder(path, _student_id(path.name), lesson)
        name = path.name
    else:
        submission = read_for_lesson(path, lesson, _student_id(name))
    return _doubting(submission, _odd(name))


def _of_folder(folder: Path, student: str, lesson: str) -> Submission:
    """Read the lesson's notebook in a student's folder: by what it says that it is, else by its name.

    Two notebooks of the course may bear one number; one that was made without exercises counts only if it is alone.
    """
    read = [read_submission(path, student) for path in _notebooks(folder)]
    named = [each for each in read if _is_of(each.path.name, lesson)]
    fitting = [each for each in read if _is_of(each.lesson, lesson)] or named or _only(read)
    fitting = [each for each in fitting if not each.bare] or fitting
    if not fitting:
        return Submission(student, folder, problems=(_nothing_in(folder, read, lesson),))
    return _on_the_lesson(_one_of(fitting), lesson)


def _notebooks(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        names = sorted(name for name in files if _is_notebook(name) and not _is_hidden(name))
        found += [Path(parent, name) for name in names]
        if len(found) >= MOST_NOTEBOOKS:
            break
    return found[:MOST_NOTEBOOKS]


def _only(read: list[Submission]) -> list[Submission]:
    """The only notebook, if it does not say that it is another lesson."""
    return read if len(read) == 1 and not read[0].lesson else []


def _nothing_in(folder: Path, read: list[Submission], lesson: str) -> str:
    there = ", ".join(printable(each.path.name, 60) for each in read[:5])
    found = f" It holds {there}." if there else ""
    return f"There is no notebook of lesson {lesson} in the folder {quoted(folder.name)}.{found}"


def _one_of(same: list[Submission]) -> Submission:
    """Choose among several, always in the same way: one that can be read, the shortest name, the first."""
    chosen = min(same, key=lambda each: (bool(each.problems), len(each.path.name), str(each.path)))
    if len(same) == 1 or (chosen.sha256 and len({each.sha256 for each in same}) == 1):
        return chosen
    others = ", ".join(sorted(_place(each) for each in same if each is not chosen))
    return _doubting(chosen, [f"There are {len(same)} notebooks: {_place(chosen)} counts, not {others}."])


def _place(submission: Submission) -> str:
    return printable("/".join(submission.path.parts[-2:]), 80)


def _on_the_lesson(submission: Submission, lesson: str) -> Submission:
    if submission.lesson and not _is_of(submission.lesson, lesson):
        says = f"It says that it is lesson {quoted(submission.lesson)}, and is graded as lesson {lesson}."
        return _doubting(submission, [says])
    if submission.bare:
        says = (
            f"It is {quoted(submission.lesson)}, which has no exercises. Ask for the notebook that has them."
        )
        return _doubting(submission, [says])
    return submission


def _doubting(submission: Submission, doubts: Iterable[str]) -> Submission:
    return replace(submission, doubts=(*submission.doubts, *doubts))


def _doubts_in(notebook: Notebook) -> Iterator[str]:
    if notebook.damaged:
        places = ", ".join(map(str, notebook.damaged[:10]))
        yield f"Damaged cells were left out: {places}."


def _odd(name: str) -> Iterator[str]:
    """Say what is odd about the name of a file or folder."""
    if not name.isprintable():
        yield f"The name {quoted(name)} holds characters that cannot be shown."
    if name != name.strip():
        yield f"The name {quoted(name)} has blanks at its ends."
    if _is_a_copy(name.strip()):
        yield f"The name {quoted(name)} looks like a second copy. Whose is it?"


def _is_a_copy(name: str) -> bool:
    """Whether a browser or JupyterLab may have named this: "ada (1)", "ada-Copy1"."""
    before, _, number = name.removesuffix(")").rpartition("(" if name.endswith(")") else "-Copy")
    return bool(before) and number.isdigit()


def _student_id(name: str) -> str:
    """One form for names that look alike: macOS takes accents apart, and mail programs add blanks."""
    return unicodedata.normalize("NFC", name).strip() or name


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(SUFFIX)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name in _NOT_HANDED_IN


def _is_of(name: str, lesson: str) -> bool:
    """Whether a name such as "01_two_audiences" is one of the lesson."""
    return name.startswith(lesson) and not name[len(lesson) : len(lesson) + 1].isdigit()
