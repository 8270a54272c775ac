"""A plugin for pytest: `pytest -p helpers.classroom.kernels.plugin --nbval …` takes its kernels from one parent.

The idea: the parent is started first of all, so that it imports while tests are collected. Workers of pytest-xdist
find it by what they inherit. Where nothing can be forked, kernels are ordinary ones.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from helpers.classroom.kernels.running import make_known, possible, running

_open = ExitStack()


def pytest_configure(config: Any) -> None:
    """Start the parent; in a worker, only make it known."""
    if hasattr(config, "workerinput"):
        make_known()
    elif possible():
        _open.enter_context(running())


def pytest_unconfigure() -> None:
    """End the parent and all kernels that are left."""
    _open.close()
