"""Reading what was handed in: whatever it is, one clear sentence, and never an exception."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.classroom.grading.notebook_file import UnreadableNotebook, parse
from helpers.classroom.grading.reading import (
    ReadingError,
    Submission,
    find_submissions,
    read_submission,
)

AsNotebook = Callable[..., bytes]


def read(folder: Path, content: bytes, name: str = "ada.ipynb") -> Submission:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return read_submission(path)


def found(classroom: Any, lesson: str = "90") -> dict[str, Submission]:
    return {each.student: each for each in find_submissions(classroom.submitted, lesson).submissions}


# ------------------------------------------------------------------ one file


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty (zero bytes)"),
        (b'{"cells": [{"cell_type": "co', "ends in the middle, in line 1: it was cut off; hand it in again"),
        (b'{"cells": [', "ends in the middle"),
        (b"%PDF-1.7 something", "is not JSON, so not a notebook"),
        (b'{"nbformat": 4, "cells": [], "a": "\xff\xfe"}', "is not UTF-8 text (byte 36 is none)"),
        ("{}".encode("utf-16"), "is not UTF-8 text"),
        (b"[1, 2]", "is JSON, but not a notebook."),
        (b"{}", "it names no format"),
        (b'{"nbformat": true, "cells": []}', "it names no format"),
        (b'{"nbformat": "4", "cells": []}', "it names no format"),
        (b'{"nbformat": 4}', "it has no list of cells"),
        (b'{"nbformat": 4, "cells": {}}', "it has no list of cells"),
        (b'{"nbformat": 5, "cells": []}', "has notebook format 5, and this course reads up to 4"),
        (b'{"nbformat": 3, "worksheets": 7}', "has notebook format 3 and cannot be upgraded"),
        (b"[" * 100_000, "is nested too deeply to be a notebook"),
    ],
)
def test_what_is_no_notebook_is_told_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    submission = read(tmp_path, content)
    assert submission.cells == ()
    (problem,) = submission.problems
    assert problem.startswith("ada.ipynb ")
    assert problem.endswith(".")
    assert said in problem


def test_a_notebook_cut_off_anywhere_is_told_as_cut_off(tmp_path: Path, as_notebook: AsNotebook) -> None:
    whole = as_notebook(["x = {'a': [1, {}]}"])
    for length in range(1, len(whole)):
        assert "it was cut off; hand it in again" in read(tmp_path, whole[:length]).problems[0]


def test_a_folder_in_the_place_of_a_notebook_is_told(tmp_path: Path) -> None:
    (tmp_path / "ada.ipynb").mkdir()
    assert read_submission(tmp_path / "ada.ipynb").problems == ("ada.ipynb is a folder, not a notebook.",)


def test_a_file_over_50_megabytes_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "ada.ipynb"
    with path.open("wb") as file:
        file.truncate(50_000_001)
    assert "is larger than 50 megabytes" in read_submission(path).problems[0]


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ada.ipynb")
    assert read_submission(tmp_path / "ada.ipynb").problems == ("ada.ipynb is not a plain file.",)


def test_a_link_is_not_followed(tmp_path: Path, as_notebook: AsNotebook) -> None:
    (tmp_path / "solution.ipynb").write_bytes(as_notebook(["effect = -0.54"]))
    (tmp_path / "eve.ipynb").symlink_to(tmp_path / "solution.ipynb")
    submission = read_submission(tmp_path / "eve.ipynb")
    assert submission.cells == ()
    assert "is a link, and links are not followed" in submission.problems[0]


def test_the_digest_is_that_of_the_bytes_also_where_they_are_no_notebook(tmp_path: Path) -> None:
    import hashlib

    for content in (b"no notebook", b'{"nbformat": 4, "cells": []}'):
        assert read(tmp_path, content).sha256 == hashlib.sha256(content).hexdigest()


def test_windows_line_endings_become_plain_ones(tmp_path: Path) -> None:
    content = {"nbformat": 4, "cells": [{"cell_type": "code", "source": ["x = 1\r\n", "y = 2\ry = 3"]}]}
    assert read(tmp_path, json.dumps(content).encode()).cells == ("x = 1\ny = 2\ny = 3",)


def test_a_byte_order_mark_is_no_trouble(tmp_path: Path, as_notebook: AsNotebook) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + as_notebook(["x = 1"])).cells == ("x = 1",)


def test_format_3_is_upgraded(tmp_path: Path) -> None:
    cell = {
        "cell_type": "code",
        "input": ["x = 1\n", "x"],
        "outputs": [],
        "language": "python",
        "metadata": {},
    }
    words = {"cell_type": "markdown", "source": "words", "metadata": {}}
    content = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [words, cell], "metadata": {}}],
    }
    submission = read(tmp_path, json.dumps(content).encode())
    assert (submission.cells, submission.problems) == (("x = 1\nx",), ())


def test_a_later_minor_format_is_read(tmp_path: Path) -> None:
    content = b'{"nbformat": 4, "nbformat_minor": 99, "cells": [{"cell_type": "code", "source": "x = 1"}]}'
    assert read(tmp_path, content).cells == ("x = 1",)


def test_a_damaged_cell_is_left_out_and_becomes_a_doubt(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": "x = 1"}, 7, {"cell_type": "code", "source": {"a": 1}}]
    submission = read(tmp_path, json.dumps({"nbformat": 4, "cells": cells}).encode())
    assert submission.cells == ("x = 1",)
    assert submission.doubts == ("Damaged cells were left out: 2, 3.",)


def test_words_and_kernel_are_no_code(tmp_path: Path, as_notebook: AsNotebook) -> None:
    content = as_notebook(["x = 1", "effect = 2", "raw"], kinds={1: "markdown", 2: "raw"})
    assert read(tmp_path, content).cells == ("x = 1",)


def test_half_characters_do_not_stay(tmp_path: Path) -> None:
    content = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}'
    assert read(tmp_path, content).cells == ("x = '?'",)


def test_an_output_with_a_huge_number_costs_nothing(tmp_path: Path) -> None:
    content = (
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x", "outputs": [' + b"9" * 5000 + b"]}]}"
    )
    assert read(tmp_path, content).cells == ("x",)


def test_lesson_and_edition_come_from_the_metadata(tmp_path: Path, as_notebook: AsNotebook) -> None:
    submission = read(tmp_path, as_notebook(["x = 1"]))
    assert (submission.lesson, submission.edition) == ("90_tests", "0123456789abcdef")


@pytest.mark.parametrize("mark", [7, [], {"lesson": 7, "edition": None}, "90", None])
def test_odd_metadata_says_nothing(tmp_path: Path, mark: object) -> None:
    content = json.dumps({"nbformat": 4, "cells": [], "metadata": {"course": mark}}).encode()
    submission = read(tmp_path, content)
    assert (submission.lesson, submission.edition, submission.problems) == ("", "", ())


def cells_or_sentence(content: bytes) -> str:
    try:
        return ascii(parse(content).cells)
    except UnreadableNotebook as error:
        return str(error)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_a_sentence(content: bytes) -> None:
    assert cells_or_sentence(content).isprintable()


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("nbformat", "cells", "metadata", "worksheets", "nbformat_minor")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ODD)), st.sampled_from([1, 2, 3, 4, None]))
def test_no_json_raises_anything_but_a_sentence(content: dict[str, Any], version: int | None) -> None:
    held = content if version is None else content | {"nbformat": version}
    assert cells_or_sentence(json.dumps(held).encode()).isprintable()


# ------------------------------------------------------------------ a folder


@pytest.mark.parametrize("name", ["ada", "Ada Lovelace", "Zoë O'Brien", 'the "best"', "李雷", "a.b@c"])
def test_a_file_or_a_folder_names_its_student(classroom: Any, name: str) -> None:
    classroom.hand_in(name, "x = 1")
    classroom.hand_in(f"{name}2/anything", "x = 2")
    both = found(classroom)
    assert both[name].cells == ("x = 1",)
    assert both[f"{name}2"].cells == ("x = 2",)
    assert not any(each.doubts or each.problems for each in both.values())


def test_accents_taken_apart_by_macos_make_no_second_student(classroom: Any) -> None:
    classroom.hand_in(unicodedata.normalize("NFD", "Zoë"), "x = 1")
    assert list(found(classroom)) == [unicodedata.normalize("NFC", "Zoë")]


def test_the_lessons_notebook_is_found_by_what_it_says_that_it_is(classroom: Any) -> None:
    classroom.hand_in("ada/a/deep/my work", "x = 90")
    classroom.hand_in("ada/90_by_name_only", "x = 91", lesson="91_other")
    classroom.hand_in("ada/00_start_here", "x = 0", lesson="00_start_here")
    assert found(classroom)["ada"].cells == ("x = 90",)
    assert found(classroom)["ada"].doubts == ()


def bare(path: Path) -> None:
    """Let a notebook say that it was made without exercises."""
    content = json.loads(path.read_bytes())
    content["metadata"]["course"]["exercises"] = 0
    path.write_bytes(json.dumps(content).encode())


def test_of_two_notebooks_with_one_number_the_one_with_exercises_is_taken(classroom: Any) -> None:
    bare(classroom.hand_in("ada/90_a", "x = 0", lesson="90_a"))
    classroom.hand_in("ada/90_with_a_longer_name", "x = 90", lesson="90_with_a_longer_name")
    ada = found(classroom)["ada"]
    assert (ada.cells, ada.doubts) == (("x = 90",), ())


@pytest.mark.parametrize("name", ["ada", "ada/90_a"])
def test_a_notebook_without_exercises_is_read_if_it_is_alone_and_doubted(classroom: Any, name: str) -> None:
    bare(classroom.hand_in(name, "x = 0", lesson="90_a"))
    ada = found(classroom)["ada"]
    assert ada.cells == ("x = 0",)
    assert ada.doubts == ("It is '90_a', which has no exercises. Ask for the notebook that has them.",)


@pytest.mark.parametrize("count", [None, False, "0", 12, [], {}])
def test_only_a_plain_zero_says_that_there_are_no_exercises(tmp_path: Path, count: object) -> None:
    content = {"nbformat": 4, "cells": [], "metadata": {"course": {"lesson": "90_a", "exercises": count}}}
    assert not read(tmp_path, json.dumps(content).encode()).bare


def test_with_its_metadata_wiped_it_is_found_by_name(classroom: Any) -> None:
    classroom.hand_in("ada/90_tests", "x = 90", lesson=None)
    classroom.hand_in("ada/901_tests", "x = 901", lesson=None)
    assert found(classroom)["ada"].cells == ("x = 90",)
    assert found(classroom)["ada"].doubts == ()


def test_an_only_notebook_that_says_nothing_is_taken(classroom: Any) -> None:
    classroom.hand_in("ada/Untitled", "x = 1", lesson=None)
    assert found(classroom)["ada"].cells == ("x = 1",)


def test_a_folder_without_the_lesson_is_told_with_what_it_holds(classroom: Any) -> None:
    classroom.hand_in("ada/00_start_here", "x = 0", lesson="00_start_here")
    (classroom.submitted / "bob").mkdir()
    assert found(classroom)["ada"].problems == (
        "There is no notebook of lesson 90 in the folder 'ada'. It holds 00_start_here.ipynb.",
    )
    assert found(classroom)["bob"].problems == ("There is no notebook of lesson 90 in the folder 'bob'.",)


def test_a_notebook_of_another_lesson_is_read_and_doubted(classroom: Any) -> None:
    classroom.hand_in("ada", "x = 1", lesson="91_other")
    assert found(classroom)["ada"].doubts == (
        "It says that it is lesson '91_other', and is graded as lesson 90.",
    )


def test_of_two_notebooks_one_counts_always_the_same_and_it_is_a_doubt(classroom: Any) -> None:
    classroom.hand_in("ada/90_tests (1)", "x = 2")
    classroom.hand_in("ada/90_tests", "x = 1")
    ada = found(classroom)["ada"]
    assert ada.cells == ("x = 1",)
    assert ada.doubts == ("There are 2 notebooks: ada/90_tests.ipynb counts, not ada/90_tests (1).ipynb.",)


def test_a_copy_with_the_same_bytes_is_no_doubt(classroom: Any) -> None:
    classroom.hand_in("ada/90_tests (1)", "x = 1")
    classroom.hand_in("ada/90_tests", "x = 1")
    assert found(classroom)["ada"].doubts == ()


def test_of_a_broken_and_a_whole_notebook_the_whole_one_counts(classroom: Any) -> None:
    classroom.hand_in("ada/90_tests", "x = 1").write_bytes(b"")
    classroom.hand_in("ada/90_tests (1)", "x = 2", lesson=None)
    assert found(classroom)["ada"].cells == ("x = 2",)


def test_a_file_and_a_folder_of_one_student_are_a_doubt(classroom: Any) -> None:
    classroom.hand_in("ada", "x = 1")
    classroom.hand_in("ada/90_tests", "x = 2")
    assert len(find_submissions(classroom.submitted, "90").submissions) == 1
    assert "There are 2 notebooks" in found(classroom)["ada"].doubts[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ada (1)", "looks like a second copy"),
        ("ada-Copy2", "looks like a second copy"),
        (" ada ", "has blanks at its ends"),
        ("ada\x1b[2J", "holds characters that cannot be shown"),
    ],
)
def test_an_odd_name_is_a_doubt_that_can_be_shown(classroom: Any, name: str, said: str) -> None:
    classroom.hand_in(name, "x = 1")
    (submission,) = find_submissions(classroom.submitted, "90").submissions
    assert submission.cells == ("x = 1",)
    assert said in submission.doubts[0]
    assert submission.doubts[0].isprintable()


@pytest.mark.parametrize("name", ["ada", "(1)", "ada (x)", "Copy1", "Mary-Anne 2"])
def test_an_ordinary_name_is_no_doubt(classroom: Any, name: str) -> None:
    classroom.hand_in(name, "x = 1")
    assert found(classroom)[name].doubts == ()


def test_linked_files_and_folders_lead_nowhere(classroom: Any, tmp_path: Path) -> None:
    secret = classroom.hand_in("../secret/90_solution", "effect = -0.54")
    (classroom.submitted / "eve.ipynb").symlink_to(secret)
    (classroom.submitted / "mallory").symlink_to(secret.parent)
    (classroom.submitted / "oscar").mkdir()
    (classroom.submitted / "oscar" / "90_tests.ipynb").symlink_to(secret)
    (classroom.submitted / "trent").mkdir()
    (classroom.submitted / "trent" / "more").symlink_to(secret.parent)
    (classroom.submitted / "loop").symlink_to(classroom.submitted / "loop")
    everyone = found(classroom)
    assert set(everyone) == {"eve", "mallory", "oscar", "trent"}
    for submission in everyone.values():
        assert submission.cells == ()
        assert submission.problems


def test_what_nobody_handed_in_is_left_aside(classroom: Any) -> None:
    classroom.hand_in("ada", "x = 1")
    for name in (".DS_Store", ".ipynb_checkpoints/ada-checkpoint.ipynb", "__MACOSX/ada.ipynb", "roster.csv"):
        path = classroom.submitted / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    handed_in = find_submissions(classroom.submitted, "90")
    assert [each.student for each in handed_in.submissions] == ["ada"]
    assert handed_in.left_aside == ("roster.csv",)


def test_checkpoints_in_a_students_folder_do_not_count(classroom: Any) -> None:
    classroom.hand_in("ada/90_tests", "x = 1")
    classroom.hand_in("ada/.ipynb_checkpoints/90_tests-checkpoint", "x = 0")
    assert found(classroom)["ada"].doubts == ()


def test_a_name_that_is_not_utf8_is_no_trouble(classroom: Any, as_notebook: AsNotebook) -> None:
    path = os.fsencode(classroom.submitted) + b"/caf\xe9.ipynb"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(as_notebook(["x = 1"]))
    (submission,) = find_submissions(classroom.submitted, "90").submissions
    assert submission.cells == ("x = 1",)
    assert submission.doubts[0].isprintable()


def test_no_folder_and_a_file_in_its_place_are_told(classroom: Any) -> None:
    with pytest.raises(ReadingError, match=r"nowhere cannot be read \(No such file"):
        find_submissions(classroom.root / "nowhere", "90")
    with pytest.raises(ReadingError, match=r"is a file\. Give the folder"):
        find_submissions(classroom.hand_in("ada", "x = 1"), "90")
