"""One person's line and a class's table: what is let in, what is left at home, and who is shown."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import pytest
from scipy import stats

from helpers import data
from helpers.experiments.results import ExperimentError
from helpers.experiments.taking import (
    LineError,
    arm_of,
    class_frame,
    columns_of,
    group_means,
    line_of,
    only_large_groups,
    read_line,
)

GERMANY = data.study("germany")
STUDIES = {name: data.study(name) for name in data.studies()}
TOKEN = "0123456789abcdef"
ANSWERS = {
    "age": 23, "gender": "woman", "education": "higher", "left_right": 3, "trust_us": 4, "region": "east",
    "attention": "rather agree", "protected": 2, "threat": 6, "need": 7, "spending": 4,
    "manipulation": "both leave",
}  # fmt: skip


def row(**changes: str) -> dict[str, str]:
    cells = ["germany", TOKEN, "both", "1", "2", "6", "7", "4", "1"]
    return dict(zip(columns_of(GERMANY), cells, strict=True)) | changes


def test_arms_come_with_the_same_chance_and_again_for_the_same_person() -> None:
    ids = [f"s{i}" for i in range(2000)]
    drawn = [arm_of(GERMANY, each) for each in ids]
    assert drawn == [arm_of(GERMANY, each) for each in ids]
    assert stats.chisquare(list(Counter(drawn).values())).pvalue > 0.001
    assert set(drawn) == set(GERMANY.arms)


def test_one_study_does_not_tell_the_arm_in_the_other() -> None:
    ids = [f"s{i}" for i in range(2000)]
    table = pd.crosstab(*([arm_of(study, each) for each in ids] for study in STUDIES.values()))
    assert stats.chi2_contingency(table).pvalue > 0.001


def test_a_line_holds_the_least_and_nothing_that_says_who() -> None:
    line = line_of(GERMANY, "both", ANSWERS, TOKEN)
    assert line == f"germany,{TOKEN},both,1,2,6,7,4,1"


def test_what_was_left_out_is_empty_and_failed_checks_are_zero() -> None:
    answers = {"attention": "neither", "need": 3, "manipulation": "only the soldiers leave"}
    assert line_of(GERMANY, "both", answers, TOKEN) == f"germany,{TOKEN},both,0,,,3,,0"
    assert line_of(GERMANY, "both", {}, TOKEN) == f"germany,{TOKEN},both,,,,,,"


def test_a_line_comes_back_as_it_was_written() -> None:
    for name, study in STUDIES.items():
        for arm in study.arms:
            read = read_line(line_of(study, arm, {"need": 7, "threat": 1}, TOKEN), STUDIES)
            assert (read["study"], read["arm"], read["need"], read["threat"]) == (name, arm, "7", "1")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"poland,{TOKEN},both,1,2,6,7,4,1", "column study: 'poland' is no survey"),
        ("", "column study: '' is no survey"),
        (f"germany,{TOKEN},both,1,2,6", "6 values where 9 are expected: study, token"),
        (f"germany,{TOKEN},both,1,2,6,7,4,1,ada", "10 values where 9"),
        ("germany,ada,both,1,2,6,7,4,1", "column token: 'ada' is not 16 digits"),
        (f"germany,{TOKEN},left,1,2,6,7,4,1", "column arm: 'left' is none of unchanged, conventional"),
        (f"germany,{TOKEN},both,yes,2,6,7,4,1", "column attentive: 'yes' is not 0, 1 or empty"),
        (f"germany,{TOKEN},both,1,6,6,7,4,1", "column protected: '6' is not a whole number from 1 to 5"),
        (f"germany,{TOKEN},both,1,2,8,7,4,1", "column threat: '8' is not a whole number from 1 to 7"),
        (f"germany,{TOKEN},both,1,2,6,0,4,1", "column need: '0' is not"),
        (f"germany,{TOKEN},both,1,2,6,7,4.0,1", "column spending: '4.0' is not"),
        (f"germany,{TOKEN},both,1,2,6,7,=1+1,1", "column spending: '=1\\+1' is not"),
        (f"germany,{TOKEN},both,1,2,6,7,4,2", "column recalled: '2' is not 0, 1 or empty"),
    ],
)
def test_an_odd_line_is_one_sentence_with_column_value_and_what_is_expected(line: str, words: str) -> None:
    with pytest.raises(LineError, match=words):
        read_line(line, STUDIES)


def test_an_answer_off_its_scale_cannot_be_written() -> None:
    with pytest.raises(LineError, match="column need: '8'"):
        line_of(GERMANY, "both", {"need": 8}, TOKEN)


def test_a_class_is_a_table_that_the_estimators_take_and_without_tokens() -> None:
    from helpers.experiments.effects import difference_in_means

    rows = [row(arm=arm, need=str(1 + i % 7)) for arm in ("both", "unchanged") for i in range(6)]
    table = class_frame(rows, GERMANY)
    assert "token" not in table.columns
    assert table.loc[table["arm"] == "both", ["conventional", "nuclear"]].eq(1).all(axis=None)
    assert difference_in_means(table, "need", "both").n_arm == 6


def test_the_order_of_a_class_tells_nothing() -> None:
    rows = [row(need=str(1 + (3 * i) % 7)) for i in range(9)]
    pd.testing.assert_frame_equal(class_frame(rows, GERMANY), class_frame(rows[::-1], GERMANY))


def test_nobody_in_a_group_of_four_is_shown() -> None:
    rows = [row(arm="both") for _ in range(5)] + [row(arm="nuclear") for _ in range(4)]
    assert set(class_frame(rows, GERMANY)["arm"]) == {"both"}
    assert class_frame(rows[5:], GERMANY).empty
    assert class_frame([], GERMANY).empty


def test_a_mean_of_four_answers_is_not_shown_even_in_a_group_of_five() -> None:
    rows = [row(need="" if i == 0 else "3", threat="2") for i in range(5)]
    means = group_means(class_frame(rows, GERMANY), ["need", "threat"])
    assert means["need"].isna().all()
    assert means["threat"].tolist() == [2.0]


@pytest.mark.parametrize(
    "call", [only_large_groups, lambda table, **more: group_means(table, ["need"], **more)]
)
def test_the_smallest_group_cannot_be_made_smaller(call: Any) -> None:
    table = pd.DataFrame({"arm": ["both"] * 9, "need": [1.0] * 9})
    with pytest.raises(ExperimentError, match="least=4 would show groups of fewer than 5"):
        call(table, least=4)
    with pytest.raises(ExperimentError, match="no column 'party'"):
        call(table, by="party")
