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
    from helpers.classroom.sources import SourcesError
    from helpers.data import DatasetError

    try:
        app()
    except (Stop, BuildError, ServerError, SourcesError, DatasetError, OSError) as error:
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


@app.command("test")
def run_tests(
    part: Annotated[str, typer.Argument(help="all; fast, under a minute; or a lesson, such as 01.")] = "all",
) -> None:
    """Run the tests, or a part of them. What this machine cannot run shows as NOT RUN."""
    from helpers.classroom.selection import NoSuchPart, steps
    from helpers.classroom.suite import run

    try:
        chosen = steps(_checkout(), part)
    except NoSuchPart as error:
        raise Stop(str(error)) from None
    if not run(_checkout(), chosen):
        raise Stop("not all tests passed; the table above says which.")


@app.command()
def build(
    lesson: Annotated[str, typer.Argument(help="With --execute: run this lesson alone, such as 05.")] = "",
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
    chosen = [path for path in builder.notebooks(root / "solutions") if path.name.startswith(lesson)]
    if not chosen:
        raise Stop(f"there is no lesson {lesson} in solutions/.")
    for path in chosen if execute else []:
        print(f"running {path.name}", flush=True)
        builder.execute(path)
    print("\n".join(builder.write_all(root)) or "Nothing to change.")


@app.command("new-lesson")
def new_lesson(
    number: Annotated[str, typer.Argument(help="Number of the lesson, two digits.")],
    title: Annotated[str, typer.Option(help='Its title, such as "Asking citizens".')],
) -> None:
    """Lay down a lesson that builds and runs, with TODO wherever it wants an author."""
    from helpers.classroom import scaffold

    try:
        written = scaffold.new_lesson(_checkout(), number, title)
    except scaffold.ScaffoldError as error:
        raise Stop(str(error)) from None
    print("\n".join(written))
    print(
        f"Now: course build --execute {number}, and make lab to look at it. course test {number} says what is left."
    )


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


@app.command("map-study")
def map_study(
    file: Annotated[Path, typer.Argument(help="A data file: .csv, .tsv, .tab, .dta, .sav or .zsav.")],
    to: Annotated[
        Path | None, typer.Option(help="Where to write; FILE with the ending .yml if you do not say.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Of a text file, such as cp1252.")] = "utf-8-sig",
) -> None:
    """Draft the mapping with which `load_study` reads a survey experiment of your own."""
    from helpers.data import draft_mapping

    target = to or file.with_suffix(".yml")
    text = draft_mapping(file, encoding=encoding)
    try:
        with target.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise Stop(f"{target} is there already and is kept; give another name with --to.") from None
    print(f"{target}: replace each ??? by what you know of the study, then load both with load_study.")


@app.command()
def grade(
    submitted: Annotated[Path, typer.Argument(help="Folder of what was handed in, or one notebook.")],
    lesson: Annotated[str, typer.Option(help="Number of the lesson, two digits.")],
    jobs: Annotated[int, typer.Option(help="Submissions that run at a time.")] = 2,
    student: Annotated[
        list[str] | None, typer.Option(help="Grade this student only; may be repeated.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where a run stopped, as is done without --regrade.")
    ] = False,
    regrade: Annotated[bool, typer.Option("--regrade", help="Grade again what was graded already.")] = False,
    bank: Annotated[
        Path | None, typer.Option(help="Folder of a private bank, laid over the public one.")
    ] = None,
    sandbox: Annotated[
        str, typer.Option(help="strict, or process: limits and a private folder only.")
    ] = "strict",
    results: Annotated[
        Path | None, typer.Option(help="Folder of the results; `results` beside SUBMITTED.")
    ] = None,
    scheduler: Annotated[
        str, typer.Option(help="Grade on a Dask cluster: tcp://127.0.0.1:8786, or tls://name:8786.")
    ] = "",
) -> None:
    """Grade a class. Unchanged work is not graded twice, so an interrupted run goes on where it stopped."""
    from helpers.classroom.grading.grading import run_command

    if resume and regrade:
        raise Stop("--resume keeps what was graded and --regrade does not: give one of them.")
    options = {"jobs": jobs, "regrade": regrade, "bank": bank, "sandbox": sandbox, "results": results}
    options["scheduler"] = scheduler
    raise SystemExit(run_command(submitted, lesson, students=student or (), **options))  # type: ignore[arg-type]


@app.command()
def collect(
    sources: Annotated[
        list[Path], typer.Argument(help="Folders or files of what students handed in.", show_default=False)
    ],
    survey: Annotated[
        bool, typer.Option("--survey", help="Collect lines of survey answers, as SurveyLab writes them.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the class's own file; `class` in your folder.")
    ] = None,
) -> None:
    """Bring together what students handed in. Survey answers need no names and get none."""
    from helpers.classroom import survey_lines
    from helpers.ui.state import home

    if not survey:
        raise Stop("say what to collect: --survey for lines of survey answers.")
    try:
        print("\n".join(survey_lines.collect(sources, out or home() / "class")))
    except survey_lines.CollectError as error:
        raise Stop(str(error)) from None


@app.command()
def deal(
    lesson: Annotated[str, typer.Argument(help="06 for the German survey, 07 for the Czech one.")],
    roster: Annotated[Path, typer.Option(help="CSV with a column `id`.", show_default=False)],
    scenario: Annotated[
        str, typer.Option(help="sealed: a world that only the key names; or the name of a world.")
    ] = "sealed",
    to: Annotated[
        Path | None, typer.Option(help="Folder of the students' files; `class/deal_06` in your folder.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="Your key; `class/key_06.yml` in your folder. Made if it is not there."),
    ] = None,
) -> None:
    """Write one CSV of simulated answers for each student, from a world that they must find out."""
    from helpers.classroom import deal as dealing
    from helpers.ui.state import home

    folder = home() / "class"
    target, secret = to or folder / f"deal_{lesson[:8]}", key or folder / f"key_{lesson[:8]}.yml"
    try:
        print("\n".join(dealing.deal(lesson, scenario, roster, target, secret)))
    except dealing.DealError as error:
        raise Stop(str(error)) from None


@app.command()
def site(
    to: Annotated[
        Path | None, typer.Option(help="Folder of the site; `site` here if you do not say.")
    ] = None,
) -> None:
    """Make pages to be read of all lessons, with the sources and the data."""
    from helpers.classroom.site.command import build_site
    from helpers.classroom.site.references import SiteError

    root = _checkout()
    target = to or root / "site"
    try:
        n_pages = build_site(root, target, lambda line: print(line, flush=True))
    except SiteError as error:
        raise Stop(str(error)) from None
    print(f"{n_pages} pages. Open {target / 'index.html'} in a browser.")


@app.command()
def submit(
    lesson: Annotated[str, typer.Argument(help="Number of the lesson, two digits.")],
    notebook: Annotated[
        Path | None, typer.Option(help="Your notebook; found in your folder if you do not say.")
    ] = None,
) -> None:
    """Run your notebook as the grader will, and pack it into one file with a receipt."""
    from helpers.classroom.submission import command

    try:
        print(command.submit(lesson, notebook).message)
    except command.SubmitError as error:
        raise Stop(str(error)) from None


@app.command()
def doctor() -> None:
    """Say what this machine gives: Python, packages, places, data, browser, sandbox; and the way out of each no."""
    from helpers.classroom.doctor import examine

    for finding in examine(ROOT):
        print(finding)


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
