"""What is done once before a fork is what submissions name, and it is the course's own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from helpers.classroom.preload import mentioned, prepare

STATE = "import sys; from helpers.classroom import preload; {}; print({})"


def after(action: str, look: str) -> str:
    """What a fresh process prints after an action; others have imported too much already."""
    command = [sys.executable, "-c", STATE.format(action, look)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_names_are_found_as_text_and_only_those_of_the_course() -> None:
    assert mentioned(["from helpers.labs import DeploymentAtlas", "import os, antigravity"]) == (
        "DeploymentAtlas",
    )
    assert mentioned(["x = 1"]) == ()


def test_a_library_that_is_named_is_imported() -> None:
    assert after("preload.prepare(['networkx'])", "'networkx' in sys.modules") == "True"
    assert after("preload.prepare([])", "'networkx' in sys.modules") == "False"


@pytest.mark.parametrize("name", ["antigravity", "os.path", "helpers.exercises.bank.lesson_01", "../x", ""])
def test_a_name_of_anything_else_is_passed_over(name: str) -> None:
    look = "{'antigravity', 'helpers.exercises.bank.lesson_01'} & set(sys.modules)"
    assert after(f"preload.prepare([{name!r}])", look) == "set()"


def test_what_a_lab_stands_on_is_read() -> None:
    look = "sys.modules['helpers.labs.deployment_atlas']._sources.cache_info().currsize"
    assert after("preload.prepare(['DeploymentAtlas'])", look) == "1"


def test_datasets_are_read_once() -> None:
    look = "__import__('helpers.data.reader', fromlist=['x'])._read.cache_info().currsize >= 17"
    assert after("preload.read_datasets()", look) == "True"


def test_preparing_twice_is_no_error() -> None:
    prepare(["DeploymentAtlas"])
    prepare(["DeploymentAtlas"])
