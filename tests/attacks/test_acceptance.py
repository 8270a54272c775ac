"""What the grader has to stand: each item of the list with its test and, where it is an attack, its control.

The list is data, so that nothing is dropped from it in silence: a test that is renamed or taken out makes this red.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
FAULTS, READING = "classroom/grading/test_faults.py", "classroom/grading/test_reading.py"
GRADING, POOL, DRAWN = (
    "classroom/grading/test_grading.py",
    "classroom/grading/test_pool.py",
    "classroom/grading/test_drawn.py",
)
UNLUCKY, CONFINED, CONTROLS = (
    "attacks/test_unlucky.py",
    "attacks/test_confinement.py",
    "attacks/test_controls.py",
)
JUDGING, ENDS = "classroom/grading/test_judging.py", "classroom/grading/test_end_to_end.py"


@dataclass(frozen=True)
class Item:
    """Something that a submission may be or do.

    Parameters
    ----------
    name : str
    test : tuple of str
        File, and the name of a test, an operator or an attack in it.
    control : tuple of str
        The same for what shows the attack succeed; empty for what is no attack.
    """

    name: str
    test: tuple[str, str]
    control: tuple[str, str] | tuple[()] = ()


def operator(name: str, function: str) -> Item:
    return Item(name, (FAULTS, function))


def unlucky(name: str, control: str = "") -> Item:
    return Item(name, (UNLUCKY, name), (CONTROLS, control or name))


def attack(name: str, test: str, control: str = "") -> Item:
    """An attack whose control is in the same test, which also runs it unconfined, or in another."""
    return Item(name, (CONFINED, test), (CONTROLS, control) if control else (CONFINED, test))


ITEMS = (
    operator("right answers with a warning on stderr", "warning"),
    operator("check cell deleted", "check_deleted"),
    operator("answer cell copied", "answer_copied"),
    operator("cell turned to markdown", "answer_turned_to_text"),
    operator("metadata wiped", "metadata_wiped"),
    operator("cells reordered", "answers_reordered"),
    operator("starter untouched", "starter_untouched"),
    Item("a whole lesson untouched", (ENDS, "test_the_solution_has_all_points_and_the_untouched_lesson_none")),
    operator("another type", "wrong_type"),
    operator("run-only-out-of-order", "run_out_of_order_only"),
    unlucky("os._exit"),
    unlucky("os._exit with the status of a broken sandbox", "os._exit"),
    unlucky("sys.exit"),
    unlucky("kill oneself"),
    unlucky("endless loop"),
    unlucky("loop that swallows interrupts"),
    unlucky("recursion"),
    unlucky("stack overflow"),
    unlucky("crash in C"),
    unlucky("memory", "test_unheld_memory_is_taken_until_there_is_none"),
    unlucky("memory of many processes", "test_unheld_memory_is_taken_until_there_is_none"),
    unlucky("output", "test_unheld_all_that_is_printed_is_kept"),
    unlucky("endless output", "test_unheld_all_that_is_printed_is_kept"),
    unlucky("displays", "test_unheld_all_that_is_printed_is_kept"),
    unlucky("ten thousand threads", "test_unheld_nothing_counts_processes_and_threads"),
    unlucky("fork bomb", "test_unheld_nothing_counts_processes_and_threads"),
    unlucky("a copy of the process that goes on", "test_unheld_a_copy_of_the_process_answers_twice"),
    unlucky("a child that is left behind", "test_unheld_a_child_is_left_behind"),
    unlucky("atexit"),
    unlucky("signal handlers"),
    unlucky("a handler that raises later"),
    unlucky("closed descriptors"),
    unlucky("overridden functions"),
    unlucky("overridden builtins", "overridden functions"),
    unlucky("terminal escapes in an error", "test_unheld_an_error_reaches_the_terminal_as_it_is"),
    unlucky("an error that cannot be told"),
    unlucky("own folder deleted", "test_unheld_its_own_folder_is_gone"),
    Item("forging the message of another question", (CONFINED, "test_a_forged_message_is_refused_and_changes_nothing")),
    Item("forging the message of another student", (JUDGING, "test_student_and_lesson_are_those_of_the_order")),
    Item("two ids in one notebook", (CONFINED, "test_two_ids_in_one_notebook_are_both_told")),
    Item("another student's id", (FAULTS, "another_id")),
    Item(
        "modules beside the notebook",
        (CONTROLS, "test_a_module_beside_the_notebook_is_not_met"),
        (CONTROLS, "test_a_module_beside_the_notebook_is_not_met"),
    ),
    Item("modules that a notebook writes", (CONFINED, "test_a_module_that_a_notebook_writes_hides_none_of_ours")),
    Item("kernel named in metadata", (READING, "test_words_and_kernel_are_no_code")),
    attack("reading the bank", "test_the_bank_cannot_be_read"),
    attack("importing the bank", "test_the_bank_cannot_be_imported"),
    attack("reading salt, roster, results, submissions, home", "test_no_file_of_the_class_can_be_read"),
    attack("reading the environment", "test_the_environment_of_the_grader_is_not_handed_on"),
    attack("reading the environment of other processes", "test_the_environment_of_other_processes_cannot_be_read"),
    Item(
        "reading /proc/1/environ",
        (CONFINED, "test_the_first_process_tells_nothing_of_the_machine"),
        (CONFINED, "test_the_environment_of_other_processes_cannot_be_read"),
    ),
    Item(
        "/proc/self/fd and open files",
        (CONTROLS, "test_an_open_file_of_the_grader_is_not_inherited"),
        (CONTROLS, "test_an_open_file_of_the_grader_is_not_inherited"),
    ),
    Item("no descriptor but the pipe", (POOL, "test_no_descriptor_is_open_but_the_pipe")),
    attack("inherited objects through gc", "test_nothing_of_another_submission_is_in_memory"),
    attack("writing to datasets, results, home", "test_no_file_of_the_class_can_be_changed"),
    attack("ending other processes", "test_other_processes_cannot_be_ended"),
    attack("network: internet", "test_no_address_in_the_internet_can_be_reached"),
    attack("network: loopback", "test_no_server_of_this_machine_can_be_reached"),
    attack("network: abstract Unix socket", "test_no_abstract_unix_socket_can_be_reached"),
    Item(
        "network: Unix socket in a folder",
        (CONTROLS, "test_no_unix_socket_of_the_class_can_be_reached"),
        (CONTROLS, "test_no_unix_socket_of_the_class_can_be_reached"),
    ),
    attack("network: the host of a virtual machine", "test_the_host_of_a_virtual_machine_cannot_be_called"),
    attack("namespaces and mounts", "test_no_new_namespace_and_no_mount"),
    attack("privileges", "test_no_program_can_gain_privileges"),
    attack("memory that no limit counts", "test_memory_that_no_limit_counts_is_refused"),
    Item(
        "NaN, infinity, strings for numbers, ten million rows",
        (CONFINED, "test_an_odd_answer_arrives_as_what_it_is"),
    ),
    operator("wrong dtype", "another_dtype"),
    operator("permuted rows", "rows_permuted"),
    operator("extra columns", "extra_column"),
    operator("a huge answer", "huge_answer"),
    operator("non-UTF-8", "not_utf8"),
    operator("truncated", "cut_off"),
    operator("zero-byte", "empty"),
    Item("nbformat 3", (READING, "test_format_3_is_upgraded")),
    operator("nbformat newer than known", "later_format"),
    operator("Windows line endings", "windows_line_endings"),
    Item("names with spaces, accents, quotes", (READING, "test_a_file_or_a_folder_names_its_student")),
    Item("names with terminal escapes", (GRADING, "test_nothing_that_a_terminal_obeys_reaches_output_or_file")),
    Item("names that are not UTF-8", (READING, "test_a_name_that_is_not_utf8_is_no_trouble")),
    Item(
        "memorised inputs of a function",
        (DRAWN, "test_who_knows_the_public_inputs_only_is_not_credited"),
        (DRAWN, "test_the_notebook_and_the_grader_agree_on_all_but_what_was_memorised"),
    ),
    Item("kill -9", (FAULTS, "test_after_ten_kills_each_student_has_one_result_the_same_as_without")),
)  # fmt: skip


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.name)
def test_each_item_has_its_test_and_its_control(item: Item) -> None:
    for place in filter(None, (item.test, item.control)):
        file, name = place
        text = (TESTS / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text or f'"{name}"' in text, f"{file} has no {name}."


def test_each_unlucky_cell_that_harms_is_in_the_list() -> None:
    text = (TESTS / UNLUCKY).read_text(encoding="utf-8")
    names = {
        line.split('"')[1]
        for line in text.replace("attack(\n        ", "attack(").splitlines()
        if 'attack("' in line
    }
    listed = {item.name for item in ITEMS if item.test[0] == UNLUCKY}
    harmless = {"exit", "syntax error", "magics", "top-level await", "input"}
    assert names - harmless == listed
