"""What a result depends on, as digests: the submission, the checks, the data, the versions.

The idea: a mark is a pure function of these. If none of them changed, a submission need not be graded again, and if one
did, the old result says so by itself. Digests are taken of all that *may* have a part (every dataset, every module that
a right answer can be computed with), since grading once too often costs seconds and once too seldom costs a mark.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import helpers

_JUDGING = ("exercises", "data", "theory", "experiments", "vietnam")
"""Packages with which a right answer is found and compared."""
_DISTRIBUTIONS = {"course": "assurance-course", "numpy": "numpy", "pandas": "pandas"}


@dataclass(frozen=True)
class Stamp:
    """All that one result depends on.

    Parameters
    ----------
    submission : str
        sha256 of the notebook's bytes; empty if there were none.
    handed_in : str
        Digest of what was said when it was read, so that a duplicate that was taken away is noticed.
    checks : str
        Digest of the exercises of the lesson and of the code that judges.
    data : str
        Digest of the hashes of all datasets.
    versions : str
        Of the course, Python, NumPy and pandas.
    salt : str
        Fingerprint of the salt; empty where there is none.
    sandbox : str
        "strict" or "process".
    """

    submission: str
    handed_in: str
    checks: str
    data: str
    versions: str
    salt: str
    sandbox: str


def digest(parts: Iterable[str | bytes]) -> str:
    """Digest of some texts, each told apart from the next.

    Examples
    --------
    >>> digest(["ab", "c"]) == digest(["a", "bc"])
    False
    """
    whole = hashlib.sha256()
    for part in parts_of(parts):
        whole.update(part)
    return whole.hexdigest()[:16]


def parts_of(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    """Bytes of each text with their number before them, so that no two lists of texts have the same."""
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        yield len(content).to_bytes(8, "big") + content


def checks_digest(lesson: str, bank: Path | None = None) -> str:
    """Digest of a lesson's exercises, and of the code that judges them.

    Parameters
    ----------
    lesson : str
        Two digits.
    bank : Path, optional
        Folder of an instructor's own exercises; the course's bank if there is none.

    Returns
    -------
    str
        16 hexadecimal digits.

    Examples
    --------
    >>> checks_digest("01") == checks_digest("02")
    False
    """
    package = Path(helpers.__file__).parent
    folder = package / "exercises" / "bank" if bank is None else bank
    asked = sorted(folder.glob(f"lesson_{lesson}*.py") if bank is None else bank.rglob("*.py"))
    return digest([*_named(asked, folder), *_judging_code(package)])


def _named(paths: Iterable[Path], folder: Path) -> Iterator[str | bytes]:
    for path in paths:
        if path.is_file():
            yield path.relative_to(folder).as_posix()
            yield path.read_bytes()


@lru_cache(maxsize=1)
def _judging_code(package: Path) -> tuple[str | bytes, ...]:
    bank = package / "exercises" / "bank"
    modules = (path for name in _JUDGING for path in sorted((package / name).rglob("*.py")))
    return tuple(_named((path for path in modules if bank not in path.parents), package))


def data_digest() -> str:
    """Digest of the hashes that the course expects of its datasets."""
    from helpers.data.package import resources

    return digest(part for name, each in sorted(resources().items()) for part in (name, each.sha256))


def versions() -> str:
    """Versions on which a result may depend.

    Examples
    --------
    >>> "pandas" in versions()
    True
    """
    found = (f"{name} {_version(wanted)}" for name, wanted in _DISTRIBUTIONS.items())
    return ", ".join([*found, f"python {platform.python_version()}"])


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
