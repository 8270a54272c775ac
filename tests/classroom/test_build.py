"""Lessons are what solutions build, the same to the byte each time, and give no answer away."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from helpers.classroom import build as builder
from helpers.classroom.build import BuildError

ROOT = Path(__file__).parents[2]
LESSON = "1_assurance_theory/01_two_audiences.ipynb"
DRILLS = "00_python_for_this_course.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A throw-away copy of the sources and of what was built from them."""
    for folder in ("solutions", "lessons"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return tmp_path


def source(course: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((course / "solutions" / LESSON).read_text(encoding="utf-8"))
    return content


def save(course: Path, notebook: dict[str, Any]) -> None:
    (course / "solutions" / LESSON).write_text(json.dumps(notebook), encoding="utf-8")


def cell(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(cell for cell in notebook["cells"] if cell["id"] == name)
    return found


def built(course: Path) -> dict[str, Any]:
    path = course / "solutions" / LESSON
    content: dict[str, Any] = json.loads(builder.build(path, course / "solutions").lesson)
    return content


def test_lessons_are_what_solutions_build() -> None:
    assert builder.differences(ROOT) == []


def test_a_build_gives_the_same_bytes_twice(course: Path) -> None:
    first = [(each.name, each.lesson) for each in builder.build_all(course / "solutions")]
    assert first == [(each.name, each.lesson) for each in builder.build_all(course / "solutions")]


def test_one_changed_answer_is_named(course: Path) -> None:
    notebook = source(course)
    answer = cell(notebook, "answer-01-3")
    answer["source"] = "".join(answer["source"]).replace(">= 1000", ">= 1001")
    save(course, notebook)
    assert any(f"lessons/{LESSON} is not what" in sentence for sentence in builder.differences(course))


def test_one_changed_byte_in_a_lesson_is_named(course: Path) -> None:
    path = course / "lessons" / LESSON
    path.write_bytes(path.read_bytes().replace(b"Two audiences", b"Two Audiences", 1))
    (said,) = builder.differences(course)
    assert LESSON in said


def test_a_missing_and_a_stray_lesson_are_named(course: Path) -> None:
    (course / "lessons" / LESSON).rename(course / "lessons" / "stray.ipynb")
    said = builder.differences(course)
    assert any(LESSON in sentence and "missing" in sentence for sentence in said)
    assert any("stray.ipynb has no source" in sentence for sentence in said)


def test_writing_brings_lessons_up_to_date(course: Path) -> None:
    shutil.rmtree(course / "lessons")
    builder.write_all(course)
    assert builder.differences(course) == []
    assert builder.write_all(course) == []


def test_each_answer_becomes_a_stub_that_runs(course: Path) -> None:
    lesson = built(course)
    for name, answer in (
        ("01-1", "comparison"),
        ("01-2", "shares_1968"),
        ("01-3", "halved"),
        ("01-4", "letter"),
    ):
        text = "".join(cell(lesson, f"answer-{name}")["source"])
        assert f"{answer} = ..." in text
        assert "raise" not in text
        assert "SOLUTION" not in text


def test_a_lesson_keeps_no_output(course: Path) -> None:
    assert [cell["id"] for cell in built(course)["cells"] if cell.get("outputs")] == []


def test_nbgrader_finds_its_marks(course: Path) -> None:
    lesson = built(course)
    marks = [cell["metadata"]["nbgrader"] for cell in lesson["cells"] if "nbgrader" in cell["metadata"]]
    graded = {mark["grade_id"]: mark["points"] for mark in marks if mark["grade"]}
    assert graded == {"check-01-1": 2, "check-01-2": 3, "check-01-3": 3, "check-01-4": 2}
    assert all(mark["checksum"] for mark in marks)
    assert all(mark["locked"] for mark in marks if mark["grade"])


def test_ids_of_two_digits_are_marked_like_those_of_one() -> None:
    lesson = json.loads(builder.build(ROOT / "solutions" / DRILLS, ROOT / "solutions").lesson)
    marks = [cell["metadata"]["nbgrader"] for cell in lesson["cells"] if "nbgrader" in cell["metadata"]]
    graded = [mark["grade_id"] for mark in marks if mark["grade"]]
    assert graded == [f"check-00-{number}" for number in range(1, 13)]
    stubs = {cell["id"]: "".join(cell["source"]) for cell in lesson["cells"]}
    assert stubs["answer-00-1"] == "korea_1970s = ..."
    assert stubs["answer-00-12"] == "n_treated = ..."


@pytest.mark.parametrize(
    ("cell_id", "text"),
    [
        ("task-12", "It is numbers = np.random.default_rng(1967).random(1000)"),
        ("task-11", "Per cent: return 100 * (after - before) / before"),
        ("task-10", "Heights of the bars: 801, 738, 1,319 and 289."),
        ("drill-1", "DEU, JPN, KOR, GBR, THA"),
    ],
)
def test_a_leak_from_an_exercise_of_two_digits_stops_the_build(course: Path, cell_id: str, text: str) -> None:
    path = course / "solutions" / DRILLS
    notebook = json.loads(path.read_text(encoding="utf-8"))
    marked = cell(notebook, cell_id)
    marked["source"] = "".join(marked["source"]) + f"\n\n{text}"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(BuildError, match="would give answers away"):
        builder.build(path, course / "solutions")


def test_a_lesson_says_how_many_exercises_it_has() -> None:
    built = {each.name: json.loads(each.lesson) for each in builder.build_all(ROOT / "solutions")}
    counts = {name: lesson["metadata"]["course"]["exercises"] for name, lesson in built.items()}
    assert (counts[LESSON], counts[DRILLS], counts["00_start_here.ipynb"]) == (4, 12, 0)


PLANTS = {
    "a solution line in the text": ("emptying", "large = table[table[1990] >= 1000]"),
    "a solution line with other spaces": ("emptying", "large  =  table[table[1990] >= 1000]"),
    "a line of the letter": (
        "words-task",
        "A count cannot tell. The soldiers may be meant for an adversary, for the ",
    ),
    "an expected number": ("further", "the strict share is 0.482"),
    "an expected number as a per cent": ("further", "the wide share is 98.87 %"),
    "the expected list": ("further", "CUB, DEU, EGY, ESP, GBR, GRC, NLD, PAN, PHL, SAU, TUR"),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_planted_leak_stops_the_build(course: Path, plant: str) -> None:
    where, text = PLANTS[plant]
    notebook = source(course)
    marked = cell(notebook, where)
    marked["source"] = "".join(marked["source"]) + f"\n\n{text}"
    if plant == "a line of the letter":
        letter = "".join(cell(notebook, "answer-01-4")["source"])
        marked["source"] += letter.split("\n")[4]
    save(course, notebook)
    with pytest.raises(BuildError, match=LESSON):
        built(course)


def test_a_leak_in_metadata_stops_the_build(course: Path) -> None:
    notebook = source(course)
    cell(notebook, "emptying")["metadata"] = {
        "tags": ["halved = list(large.index[large[2000] <= large[1990] / 2])"]
    }
    save(course, notebook)
    with pytest.raises(BuildError, match="solution line"):
        built(course)


def test_what_a_model_answer_printed_stops_the_build(course: Path) -> None:
    notebook = source(course)
    answer = cell(notebook, "answer-01-3")
    answer["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "seventeen large hosts, of which so many\n"}
    ]
    text = cell(notebook, "emptying")
    text["source"] = "".join(text["source"]) + "\nThere are seventeen large hosts, of which so many fell."
    save(course, notebook)
    with pytest.raises(BuildError, match="model output"):
        built(course)


def test_the_point_to_take_away_stops_the_build(course: Path) -> None:
    from helpers.exercises.judge import find

    notebook = source(course)
    text = cell(notebook, "emptying")
    text["source"] = "".join(text["source"]) + "\n\n" + find("01.3").why
    save(course, notebook)
    with pytest.raises(BuildError, match="reasoning"):
        built(course)


def test_a_solution_without_its_end_is_named(course: Path) -> None:
    notebook = source(course)
    answer = cell(notebook, "answer-01-3")
    answer["source"] = "".join(answer["source"]).replace("### END SOLUTION", "")
    save(course, notebook)
    with pytest.raises(BuildError, match=rf"{LESSON}.*no end solution"):
        built(course)


def test_an_answer_without_a_check_is_named(course: Path) -> None:
    notebook = source(course)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "check-01-4"]
    save(course, notebook)
    with pytest.raises(BuildError, match="no check cell follows"):
        built(course)


def test_a_check_of_an_unknown_exercise_is_named(course: Path) -> None:
    notebook = source(course)
    cell(notebook, "check-01-4")["source"] = 'check("01.9")'
    save(course, notebook)
    with pytest.raises(Exception, match=r"01\.9"):
        built(course)


def test_a_file_that_is_no_notebook_is_named(course: Path) -> None:
    (course / "solutions" / "broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(BuildError, match=r"broken\.ipynb is not a notebook"):
        builder.build_all(course / "solutions")


def test_a_function_begun_in_the_task_keeps_its_head_and_runs() -> None:
    lesson = "1_assurance_theory/02_believing_a_guarantee.ipynb"
    content = json.loads(builder.build(ROOT / "solutions" / lesson, ROOT / "solutions").lesson)
    source = "".join(cell(content, "answer-02-1")["source"])
    assert source.startswith("def believe(")
    assert source.endswith("\n    return ...")
    names: dict[str, Any] = {}
    exec(source, names)
    assert names["believe"](0.5, 0.5, 0.5) is ...
