"""Import what lessons use, before anything is forked: shared by the grading server and by the parent of test kernels.

The idea: a fork inherits what its parent has imported, read and laid out once. Nothing here depends on a student, so
a child that inherits it is as fresh as one that did the work itself.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

_PACKAGES = ("helpers", "helpers.exercises", "helpers.labs", "helpers.plotting")


def preload() -> None:
    """Import the libraries and all that the course's packages offer by name."""
    for name in ("matplotlib.pyplot", "numpy", "pandas", "seaborn"):
        import_module(name)
    for name in _PACKAGES:
        package = import_module(name)
        for each in dir(package):
            with suppress(Exception):
                getattr(package, each)
