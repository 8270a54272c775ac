"""What can go wrong with a dataset, said in one sentence.

A reader of a lesson should see what is wrong and what to do, not a stack of frames. In a notebook these errors
therefore show their sentence alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

__all__ = ["ChangedDataset", "CourseError", "DatasetError", "MissingDataset", "NotAName", "UnknownDataset"]


class CourseError(ValueError):
    """What a reader should see as one sentence that names the thing, the value and what to do."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows in place of a traceback."""
        return [f"{type(self).__name__}: {self}"]


class DatasetError(CourseError):
    """A dataset cannot be given to the reader as it should be."""


class UnknownDataset(DatasetError):
    """Raised when no dataset has the name asked for."""

    def __init__(self, name: object, known: Iterable[str]) -> None:
        near = get_close_matches(str(name).lower().removesuffix(".csv"), list(known), n=1, cutoff=0.5)
        question = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"No dataset {str(name)!r}.{question} See `helpers.data.catalogue()`.")


class NotAName(UnknownDataset):
    """Raised when something else than a name was given, such as the table itself."""

    def __init__(self, given: object) -> None:
        kind = type(given).__name__
        text = f'A dataset is named by a text in quotation marks, such as "us_troops", not by a {kind}.'
        DatasetError.__init__(self, text)


class MissingDataset(DatasetError):
    """Raised when a file of the course is not where it should be."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"The course's file {path} is missing: {_restore(path)}.")


class ChangedDataset(DatasetError):
    """Raised when a file is not, byte for byte, the one the course was tested with."""

    def __init__(self, path: Path, expected: str, found: str) -> None:
        super().__init__(
            f"{path.name} is not the file the course was tested with (sha256 begins {found[:8]}, "
            f"expected {expected[:8]}): {_restore(path)}."
        )


def _restore(path: Path) -> str:
    folder = path.parent.name if path.parent.name == "datasets" else f"datasets/{path.parent.name}"
    return f"restore it with `git checkout {folder}/{path.name}`, or reinstall the course"
