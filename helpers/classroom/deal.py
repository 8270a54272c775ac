"""`course deal`: one file of simulated answers for each student, from a world that only the instructor's key names.

The same analysis must tell the worlds apart, and students should not be able to look the answer up. So a file holds
answers and nothing else; that they are simulated stands in its name, which travels with it. Worlds are public and a
student's id is its seed, so a sealed deal mixes a secret word into each seed: without the key nobody can field the same
people in every world and compare. The key is a small YAML file. Dealing again with it gives the same files, byte for
byte.
"""

from __future__ import annotations

import csv
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.exercises.records import is_student_id
from helpers.ui.state import write_whole

if TYPE_CHECKING:
    import pandas as pd

STUDIES = {"06": "germany", "07": "czech_republic"}
SEALED = "sealed"
MOST_STUDENTS = 5_000
MOST_BYTES = 2_000_000
FORMULAS = "=+-@\t\r"
COLUMNS = ("id", "student", "student_id")


class DealError(Exception):
    """Nothing was dealt; says why."""


@dataclass(frozen=True)
class Key:
    """What only the instructor knows.

    Parameters
    ----------
    lesson : str
    world : str
        Name of one of the course's worlds, or the path of a world's file.
    secret : str
        Mixed into each seed; empty for an open deal, whose files are what `survey` gives the same id.
    """

    lesson: str
    world: str
    secret: str

    def seed(self, student: str) -> str:
        """Seed of a student's people."""
        return f"{student}|{self.secret}" if self.secret else student


def deal(lesson: str, scenario: str, roster: Path, to: Path, key: Path) -> list[str]:
    """Write one CSV for each student of a roster, and the key.

    Parameters
    ----------
    lesson : str
        "06" or "07".
    scenario : str
        A world's name; or "sealed", for the world that `key` names, or one drawn by lot if there is no key yet.
    roster : Path
        CSV with a column `id`.
    to : Path
        Folder of the students' files.
    key : Path
        The instructor's file; must not lie in `to`.

    Returns
    -------
    list of str
        What was done. The world is not in it.

    Raises
    ------
    DealError
        If something is wrong; then nothing was written.
    """
    if lesson not in STUDIES:
        raise DealError(f"lesson {lesson!r} has no survey to deal; there are {', '.join(STUDIES)}.")
    if to.resolve() in key.resolve().parents:
        raise DealError(f"the key {key} would lie among the students' files in {to}; give another --key.")
    students = read_roster(roster)
    found = _key(lesson, scenario, key)
    files = {_name(lesson, student): _content(found, student) for student in students}
    digests = {name: sha256(content).hexdigest() for name, content in files.items()}
    key.parent.mkdir(parents=True, exist_ok=True)
    write_whole(key, _key_text(found, digests).encode())
    key.chmod(0o600)
    to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write_whole(to / name, content)
    many = f"{len(files)} file{'s' * (len(files) != 1)}"
    return [f"{to}: {many}, one a student.", f"{key}: the key. Keep it to yourself."]


def read_roster(path: Path) -> list[str]:
    """Ids of a roster, in its order.

    Parameters
    ----------
    path : Path
        UTF-8 CSV with a column `id` (or `student`, `student_id`); other columns are not looked at.

    Returns
    -------
    list of str

    Raises
    ------
    DealError
        A sentence for each row that cannot be used, with its line.
    """
    lines = list(_rows(path))
    if not lines:
        raise DealError(f"{path.name} is empty; it needs a column `id` and a row for each student.")
    head = [cell.strip().lower() for cell in lines[0][1]]
    column = next((head.index(name) for name in COLUMNS if name in head), None)
    if column is None:
        raise DealError(f"{path.name} has no column `id`; its first line has {', '.join(head) or 'nothing'}.")
    students, refused = _students(lines[1:], column)
    if refused:
        raise DealError("\n  ".join([f"{path.name} cannot be used, and nothing was dealt:", *refused]))
    if not students:
        raise DealError(f"{path.name} names no student below its first line.")
    if len(students) > MOST_STUDENTS:
        raise DealError(
            f"{path.name} names {len(students):,} students; up to {MOST_STUDENTS:,} are dealt to."
        )
    return students


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise DealError(f"{path.name} is larger than {MOST_BYTES:,} bytes, too large for a roster.")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DealError(f"there is no roster {path}.") from None
    except (OSError, UnicodeDecodeError):
        raise DealError(f"{path.name} cannot be read as UTF-8 text; save it as CSV (UTF-8).") from None
    reader = csv.reader(text.splitlines(), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise DealError(f"{path.name}, line {reader.line_num}: no CSV ({error}).") from None


def _students(rows: list[tuple[int, list[str]]], column: int) -> tuple[list[str], list[str]]:
    """Ids that can be used, and a sentence for each row that cannot."""
    students: list[str] = []
    refused: list[str] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        student = cells[column].strip(" ") if column < len(cells) else ""
        odd = _odd(student)
        if not odd and student.lower() in seen:
            odd = f"{student!r} stands in line {seen[student.lower()]} already (capitals do not count)."
        if odd:
            refused.append(f"line {line}: {odd}")
            continue
        seen[student.lower()] = line
        students.append(student)
    return students, refused


def _odd(student: str) -> str:
    """What is wrong with an id, or nothing."""
    if not student:
        return "the id is empty."
    if student[0] in FORMULAS:
        return (
            f"{student[:40]!r} begins like a formula of a spreadsheet; give an id that begins with a letter or "
            f"digit."
        )
    if not is_student_id(student):
        return f"{student[:40]!r} is no id; give 1 to 64 letters without accents, digits and - _ . @ only."
    return ""


def _name(lesson: str, student: str) -> str:
    return f"{lesson}_{STUDIES[lesson]}_simulated_{student}.csv"


def answers_for(key: Key, student: str) -> pd.DataFrame:
    """What a student's file holds.

    Parameters
    ----------
    key : Key
    student : str

    Returns
    -------
    DataFrame
        As `survey(...).answers`, whole numbers throughout.
    """
    from helpers import data
    from helpers.experiments.respondents import field_study

    world = data.world(Path(key.world)) if _is_path(key.world) else data.world(key.world)
    answers = field_study(data.study(STUDIES[key.lesson]), world, key.seed(student)).answers
    floats = answers.select_dtypes("float").columns
    return answers.astype(dict.fromkeys(floats, "Int64"))


def _content(key: Key, student: str) -> bytes:
    return answers_for(key, student).to_csv(index=False, lineterminator="\n").encode()


# The key.


def read_key(path: Path) -> Key:
    """Read the instructor's file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Key

    Raises
    ------
    DealError
        If there is none, or it cannot be used.
    """
    import yaml

    try:
        found: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DealError(f"there is no key {path}.") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise DealError(f"{path.name} is no YAML file that can be read.") from None
    if not isinstance(found, dict) or not {"lesson", "world", "secret"} <= set(found):
        raise DealError(f"{path.name} is no key: it needs `lesson`, `world` and `secret`.")
    return Key(*(str(found[name] or "") for name in ("lesson", "world", "secret")))


def _key(lesson: str, scenario: str, path: Path) -> Key:
    """The key that is there, if it fits; else a new one."""
    sealed = scenario == SEALED
    if not path.exists():
        world = secrets.choice(_worlds()) if sealed else scenario
        return _checked(Key(lesson, world, secrets.token_hex(16) if sealed else ""))
    key = read_key(path)
    if key.lesson != lesson:
        raise DealError(
            f"{path.name} is the key of lesson {key.lesson!r}, not of {lesson!r}; give another --key."
        )
    if sealed != bool(key.secret) or (not sealed and key.world != scenario):
        raise DealError(
            f"{path.name} is the key of another deal. Take it away to deal anew, or give another --key."
        )
    return _checked(key)


def _checked(key: Key) -> Key:
    from helpers import data

    try:
        world = data.world(Path(key.world) if _is_path(key.world) else key.world)
    except data.StudyError as error:
        raise DealError(str(error)) from None
    if STUDIES[key.lesson] not in world.effects:
        raise DealError(f"the world {world.name!r} says nothing of {STUDIES[key.lesson]!r}.")
    return key


def _is_path(world: str) -> bool:
    return world.endswith((".yml", ".yaml"))


def _worlds() -> tuple[str, ...]:
    from helpers import data

    return data.worlds()


def _key_text(key: Key, digests: dict[str, str]) -> str:
    import yaml

    said = "# The instructor's key: which world was dealt. Not for students. Files are the same again with this key.\n"
    content = {**vars(key), "files": digests}
    return said + str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
