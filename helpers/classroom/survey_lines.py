"""`course collect --survey`: from the lines that students hand in to the class's own file.

A line is read with the survey's codebook, value by value. What is odd is left out and said in one sentence with its
file, its line, its column and what was expected; the rest is kept. Names are never needed: the names of files are used
in these sentences alone, and the class's file is sorted by random tokens, so that its order tells nothing. Running the
command again with more files adds to the class's file; a line that is there already stays there once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.exercises.surveys import class_file, read_class_file
from helpers.experiments.taking import LEAST, LineError, columns_of, read_line
from helpers.ui.state import write_whole

if TYPE_CHECKING:
    from helpers.data.studies import Study

MOST_BYTES = 100_000
"""One student's line has a hundred; a larger file is no such file."""


class CollectError(Exception):
    """Nothing can be collected; says why."""


@dataclass
class Collected:
    """What was found.

    Parameters
    ----------
    rows : dict
        Survey to token to line, as `read_line` gives it.
    refused : list of str
        A sentence for each line or file that was left out.
    known : int
        Lines that were in the class's file before.
    """

    rows: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    known: int = 0

    def add(self, row: dict[str, str], place: str) -> None:
        """Take a line in, unless its token was seen: then it is the same person's."""
        there = self.rows.setdefault(row["study"], {})
        token = row["token"]
        if token not in there:
            there[token] = row
            return
        same = (
            "the same line came before" if there[token] == row else "another line of this person came before"
        )
        self.refused.append(
            f"{place}, column token: {token!r} is there already: {same}. The first one counts."
        )


def collect(sources: Iterable[Path], out: Path) -> list[str]:
    """Read what students handed in, and write one file for each survey.

    Parameters
    ----------
    sources : iterable of Path
        Files, or folders in which all `.csv` and `.txt` files are read.
    out : Path
        Folder of the class's files; made if it is not there.

    Returns
    -------
    list of str
        What was refused, then a sentence for each file written. No answer is in them.

    Raises
    ------
    CollectError
        If there is no file, or no line that can be used, or the class's own file was spoilt.
    """
    studies = _studies()
    found, before = Collected(), _known(out, studies)
    for path in _files(sources, out):
        _read(path, studies, found, before)
    if not any(found.rows.values()) and not found.known:
        raise CollectError("\n  ".join(["no line can be used.", *found.refused]))
    return [*found.refused, *_write(found, before, studies, out)]


def _studies() -> dict[str, Study]:
    from helpers import data

    return {name: data.study(name) for name in data.studies()}


def _known(out: Path, studies: Mapping[str, Study]) -> Collected:
    """Lines of the class's own files."""
    known = Collected()
    for name in studies:
        path = out / class_file(name).name
        if not path.exists():
            continue
        try:
            for row in read_class_file(path):
                known.rows.setdefault(row["study"], {})[row["token"]] = row
        except (LineError, UnicodeDecodeError) as error:
            raise CollectError(f"{path} is the class's own file and was changed by hand: {error}") from None
    return known


def _files(sources: Iterable[Path], out: Path) -> list[Path]:
    files: list[Path] = []
    own = {(out / class_file(name).name).resolve() for name in _studies()}
    for source in sources:
        if source.is_dir():
            inside = (path for path in source.rglob("*") if path.suffix.lower() in (".csv", ".txt"))
            files += sorted(path for path in inside if path.resolve() not in own)
        elif source.is_file():
            files.append(source)
        else:
            raise CollectError(f"there is no file or folder {source}.")
    if not files:
        raise CollectError("there is no .csv or .txt file in what you named.")
    return files


def _read(path: Path, studies: Mapping[str, Study], found: Collected, before: Collected) -> None:
    try:
        lines = list(_lines(path))
    except (CollectError, OSError, UnicodeDecodeError) as error:
        found.refused.append(f"{path.name}: it cannot be read as text ({error}).")
        return
    if not lines:
        found.refused.append(f"{path.name}: there is no line in it.")
    for number, line in lines:
        place = f"{path.name}, line {number}"
        try:
            row = read_line(line, studies)
        except LineError as error:
            found.refused.append(f"{place}, {error}")
            continue
        if before.rows.get(row["study"], {}).get(row["token"]) == row:
            found.known += 1
        elif row["token"] in before.rows.get(row["study"], {}):
            found.refused.append(
                f"{place}, column token: {row['token']!r} is in the class's file with other answers. "
                "The first line counts; take it out of the class's file to let this one in."
            )
        else:
            found.add(row, place)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    if path.stat().st_size > MOST_BYTES:
        raise CollectError(f"larger than {MOST_BYTES:,} bytes")
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if line.strip() and not line.startswith("study,"):
            yield number, line


def _write(found: Collected, before: Collected, studies: Mapping[str, Study], out: Path) -> list[str]:
    said = []
    for name, study in studies.items():
        rows = {**before.rows.get(name, {}), **found.rows.get(name, {})}
        if not rows:
            continue
        columns = columns_of(study)
        lines = [",".join(rows[token][column] for column in columns) for token in sorted(rows)]
        path = out / class_file(name).name
        write_whole(path, ("\n".join([",".join(columns), *lines]) + "\n").encode())
        new = len(found.rows.get(name, {}))
        said.append(f"{path}: {len(rows)} people, {new} of them new. {_shown(rows, study)}")
    return said


def _shown(rows: Mapping[str, Mapping[str, str]], study: Study) -> str:
    """Say which arms are large enough to be shown, without saying how many people are in the others."""
    sizes = {arm: sum(row["arm"] == arm for row in rows.values()) for arm in study.arms}
    small = [arm for arm, size in sizes.items() if size < LEAST]
    if not small:
        return "Every arm has five people or more and can be shown."
    return f"Under five people, so not shown: {', '.join(small)}."
