"""The `course` command: open the course, build it, prove it.

Each command is a thin call into `helpers.classroom` or `helpers.data`; what goes wrong is said in one sentence.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import helpers

app = typer.Typer(
    help="Do they feel safe? Assurance, survey experiments and the Vietnam case.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
ROOT = Path(helpers.__file__).resolve().parent.parent


class Stop(Exception):
    """Ends a command with one sentence for the user."""


def main() -> None:
    """Run the `course` command."""
    from helpers.classroom.build import BuildError
    from helpers.classroom.lab import ServerError
    from helpers.data import DatasetError

    try:
        app()
    except (Stop, BuildError, ServerError, DatasetError, OSError) as error:
        sys.exit(f"course: {error}")


@app.command()
def lab(
    port: Annotated[
        int | None, typer.Option(help="Port of this machine; a free one is taken if none is given.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser window where there is a display.")] = True,
) -> None:
    """Copy new lessons to your folder and open JupyterLab there."""
    from helpers.classroom.lab import serve
    from helpers.classroom.workspace import refresh
    from helpers.ui.state import home

    for arrival in refresh(_checkout() / "lessons", home()):
        print(arrival)
    serve(home(), port, browser)


@app.command()
def test() -> None:
    """Run every test. What this machine cannot run shows as NOT RUN."""
    from helpers.classroom.suite import run

    if not run(_checkout()):
        raise Stop("not all tests passed; the table above says which.")


@app.command()
def build(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if something is out of date.")
    ] = False,
    execute: Annotated[
        bool, typer.Option("--execute", help="First run the solutions and keep their outputs.")
    ] = False,
) -> None:
    """Build lessons/ from solutions/."""
    from helpers.classroom import build as builder

    root = _checkout()
    if check:
        _report(builder.differences(root), "lessons/ is what solutions/ builds.")
        return
    for path in builder.notebooks(root / "solutions") if execute else []:
        print(f"running {path.name}", flush=True)
        builder.execute(path)
    print("\n".join(builder.write_all(root)) or "Nothing to change.")


@app.command()
def datasets(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail if something is out of date.")
    ] = False,
) -> None:
    """Rebuild datasets/ from datasets/raw/ by the recorded steps."""
    from helpers.data import rebuild

    root = _checkout()
    if check:
        _report(rebuild.check(root), "datasets/ is what the recorded steps give.")
        return
    changed = []
    for name, content in rebuild.rebuild(root).items():
        path = root / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            changed.append(name)
    print("\n".join(changed) or "Nothing to change.")


@app.command()
def bench() -> None:
    """Measure speed against the named peers, in one run, and print the figures."""
    import subprocess

    bench_file = _checkout() / "tests" / "bench" / "run.py"
    raise SystemExit(subprocess.run([sys.executable, str(bench_file)], check=False).returncode)


def _report(differences: list[str], fine: str) -> None:
    if differences:
        raise Stop("\n  ".join(["out of date:", *differences]))
    print(fine)


def _checkout() -> Path:
    """Folder of the checkout, or a sentence where the package was installed without one."""
    if not (ROOT / "solutions").is_dir() and not (ROOT / "lessons").is_dir():
        raise Stop("this command needs the course's folder. Get the whole course, and run it there.")
    return ROOT
