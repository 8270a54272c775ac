"""The secret of a class, and the inputs of functions that are drawn from it.

The idea: a function that is called with inputs which everybody can read can be written as a list of their results. So
the grader also calls it with inputs that nobody can foresee. They are no secret list that could leak: each is drawn
when it is needed, from uniform numbers whose seed is the HMAC of student, exercise and place under a secret that lies
beside the results. The same secret gives the same inputs, so a mark can be had again; without it nobody can tell them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from helpers.classroom.grading.stamp import digest, parts_of
from helpers.exercises.codec import Inputs
from helpers.exercises.exercise import Exercise, ExerciseError
from helpers.exercises.judge import inputs_of
from helpers.exercises.kinds.base import Uniform

SALT_NAME = "salt"
_DIGITS = 64


class SaltError(Exception):
    """The salt file cannot be used; says why and what to do."""


@dataclass(frozen=True)
class Salt:
    """The secret of a class.

    Parameters
    ----------
    secret : bytes
        32 random bytes. It is never shown.
    fingerprint : str
        16 hexadecimal digits, from which the secret cannot be found; empty if the secret is not kept.
    """

    secret: bytes = field(repr=False)
    fingerprint: str = ""

    @classmethod
    def of_the_moment(cls) -> Salt:
        """A secret that nobody keeps, for a result that nobody keeps."""
        return cls(secrets.token_bytes(_DIGITS // 2))

    def uniform(self, student: str, exercise_id: str, index: int) -> Uniform:
        """Uniform numbers for one call of one function.

        Parameters
        ----------
        student : str
            The roster's id, any text.
        exercise_id : str
        index : int
            Place of the call, from 0.

        Returns
        -------
        callable
            Gives the next number, from 0 to below 1. They are the same on every platform.

        Examples
        --------
        >>> next_number = Salt(bytes(32)).uniform("ada", "90.5", 0)
        >>> 0 <= next_number() < 1
        True
        """
        import numpy as np

        message = b"".join(parts_of([student, exercise_id, str(index)]))
        seed = int.from_bytes(hmac.new(self.secret, message, hashlib.sha256).digest(), "big")
        generator = np.random.Generator(np.random.PCG64(seed))
        return lambda: float(generator.random())


def salt_of(folder: Path) -> Salt:
    """Read the salt in `folder`; it is made at first use, for its owner's eyes only.

    Parameters
    ----------
    folder : Path
        Folder of the results.

    Returns
    -------
    Salt

    Raises
    ------
    SaltError
        If others may read the file, or it is damaged.
    """
    path = folder / SALT_NAME
    if not path.exists():
        _make_salt(path)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SaltError(f"Others may read {path}. Remove it, and all work is graded again with a new one.")
    content = path.read_bytes().strip()
    try:
        secret = bytes.fromhex(content.decode("ascii")) if len(content) == _DIGITS else b""
    except ValueError:
        secret = b""
    if not secret:
        raise SaltError(f"{path} is damaged. Remove it, and all work is graded again with a new one.")
    return Salt(secret, digest([content]))


def _make_salt(path: Path) -> None:
    """Write the file whole or not at all; if another process was faster, its salt stays."""
    half = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_DIGITS // 2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(half, path)
    finally:
        half.unlink()


# ------------------------------------------------------------------ inputs


def asked_of(
    exercises: Sequence[Exercise], *, salt: Salt, student: str, drawn_for: str
) -> Iterator[tuple[str, Inputs]]:
    """Inputs for each function of a lesson: those of the notebook, and after them those that are drawn.

    So a function that is wrong in the notebook is wrong here, and one that knows only the notebook's inputs is too.

    Parameters
    ----------
    exercises : sequence of Exercise
    salt : Salt
    student : str
        The roster's id.
    drawn_for : str
        The id for which the notebook's own inputs are meant.

    Yields
    ------
    tuple of (str, inputs)
        Id of the exercise, and its inputs as plain data.

    Raises
    ------
    ExerciseError
        If an exercise cannot draw its inputs; says which, and why.
    """
    for exercise in exercises:
        inputs = inputs_of(exercise, drawn_for)
        if inputs is not None:
            yield exercise.id, _plain(exercise, (*inputs, *_drawn(exercise, salt, student)))


def _drawn(exercise: Exercise, salt: Salt, student: str) -> Inputs:
    try:
        return exercise.kind.drawn(lambda index: salt.uniform(student, exercise.id, index))
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ExerciseError(f"Exercise {exercise.id}: its inputs cannot be drawn. {reason}") from error


def _plain(exercise: Exercise, inputs: Inputs) -> Inputs:
    """Inputs as they arrive where a student's code runs, so that ours gets the same."""
    try:
        text = json.dumps(inputs, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ExerciseError(
            f"Exercise {exercise.id}: its inputs are no plain numbers, texts and lists. {error}."
        ) from error
    plain: list[list[object]] = json.loads(text)
    return tuple(map(tuple, plain))
