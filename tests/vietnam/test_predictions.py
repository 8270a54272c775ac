"""Predictions: the file against the claims it names, congruence by brute force, the board's scores by hand."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from helpers.data import theory_entries
from helpers.vietnam.evidence import gather
from helpers.vietnam.predictions import (
    ALLIES,
    ASKED,
    ASPECTS,
    NOTHING,
    PLACES,
    QUESTIONS,
    PredictionError,
    board_keys,
    congruence,
    crucial,
    expectations,
    lean,
    options,
    score_allies,
    score_theories,
    theories,
)

ROOT = Path(__file__).resolve().parents[2]
HELD = theories(theory_entries())
FILE = yaml.safe_load((ROOT / "helpers/data/content/theories.yml").read_text(encoding="utf-8"))
CLAIMS = yaml.safe_load((ROOT / "docs/claims.yml").read_text(encoding="utf-8"))


def claims() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "id" in node and "mark" in node:
                found[node["id"]] = node
            for each in node.values():
                walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(CLAIMS)
    return found


# The file.


def test_every_expectation_that_calls_itself_abstract_rests_on_a_claim_of_the_abstract() -> None:
    known = claims()
    assert len(known) > 50
    lines = [line for theory in FILE for line in theory["expects"]]
    for line in lines:
        if line["key"] in known:
            expected = {"abstract": "abstract", "course": "the course's reading"}[known[line["key"]]["mark"]]
            assert line["mark"] == expected, line
        else:
            assert line["mark"] == "the course's reading", line
    assert sum(line["mark"] == "abstract" for line in lines) == 6


def test_every_source_is_in_the_references() -> None:
    bibliography = (ROOT / "docs/references.bib").read_text(encoding="utf-8")
    keys = set(re.findall(r"^@\w+\{(\w+),", bibliography, re.MULTILINE)) | set(claims()) | {""}
    for theory in FILE:
        assert theory["source"] in keys
        assert {line["key"] for line in theory["expects"]} <= keys


def test_the_words_of_the_abstract_are_those_of_the_claims() -> None:
    """The scope of the argument is distant conflicts: nothing near is marked as abstract."""
    for theory in FILE:
        for line in theory["expects"]:
            assert not (line["where"] == "near" and line["mark"] == "abstract")


def test_there_are_four_hypotheses_and_each_says_what_would_count_against_it() -> None:
    assert list(HELD) == ["hawkish", "divided", "payment", "reliability"]
    assert all(len(theory.against) >= 2 for theory in HELD.values())


def test_the_table_holds_exactly_the_lines_of_the_file() -> None:
    table = expectations(HELD).set_index(["where", "aspect"])
    assert len(table) == len(PLACES) * len(ASPECTS)
    for theory in FILE:
        lines = {(line["where"], line["aspect"]): line["expects"] for line in theory["expects"]}
        for place in table.index:
            assert table.loc[place, theory["theory"]] == lines.get(place, NOTHING)


def test_pairs_are_told_apart_where_a_plain_loop_says_so() -> None:
    found = crucial(HELD).set_index(["first", "second"])
    for first, second in itertools.combinations(FILE, 2):
        a, b = (
            {(x["where"], x["aspect"]): x["expects"] for x in each["expects"]} for each in (first, second)
        )
        both = a.keys() & b.keys()
        row = found.loc[(first["theory"], second["theory"])]
        assert row["apart"] == sum(a[k] != b[k] for k in both)
        assert row["alike"] == sum(a[k] == b[k] for k in both)
        assert row["apart"] + row["alike"] + row["open"] == 12


def test_all_four_expect_alarm_near_the_war() -> None:
    """What the lesson lets students find: the best known reaction tells no two of them apart."""
    assert {theory.expects("near", "withdrawal") for theory in HELD.values()} == {"alarm"}


# Congruence.

ROWS = st.lists(
    st.sampled_from(sorted(ASPECTS)).flatmap(
        lambda aspect: st.tuples(
            st.sampled_from("ABCD"),
            st.sampled_from(PLACES),
            st.just(aspect),
            st.sampled_from([*ASPECTS[aspect], ""]),
        )
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=150, deadline=None)
@given(ROWS, st.sampled_from([each["theory"] for each in FILE]))
def test_congruence_is_what_brute_force_counts(rows: list[tuple[str, str, str, str]], name: str) -> None:
    lines = {
        (line["where"], line["aspect"]): line["expects"]
        for theory in FILE
        if theory["theory"] == name
        for line in theory["expects"]
    }
    fits = [r for r in rows if r[3] and lines.get((r[1], r[2])) == r[3]]
    against = [r for r in rows if r[3] and (r[1], r[2]) in lines and lines[r[1], r[2]] != r[3]]
    heard = pd.DataFrame(rows, columns=["ally", "where", "aspect", "says"])
    items, allies = congruence(heard, HELD[name])
    assert (items.fits, items.conflicts, items.silent) == (
        len(fits),
        len(against),
        len(rows) - len(fits + against),
    )
    sides = {"fits": 0, "conflicts": 0, "undecided": 0, "silent": 0}
    for ally in {r[0] for r in rows}:
        plus, minus = (sum(r[0] == ally for r in part) for part in (fits, against))
        side = "silent" if not plus and not minus else "fits" if plus > minus else "conflicts"
        sides["undecided" if plus == minus and plus else side] += 1
    assert (allies.fits, allies.conflicts, allies.undecided, allies.silent) == tuple(sides.values())


@pytest.mark.parametrize(("fits", "conflicts"), [(1, 0), (0, 4), (7, 3), (30, 30), (19, 1)])
def test_the_interval_is_that_of_statsmodels(fits: int, conflicts: int) -> None:
    rows = [("A", "far", "stance", "support")] * fits + [("A", "far", "stance", "oppose")] * conflicts
    items = congruence(pd.DataFrame(rows, columns=["ally", "where", "aspect", "says"]), HELD["hawkish"])[0]
    assert items.interval == pytest.approx(
        proportion_confint(fits, fits + conflicts, method="wilson"), abs=1e-12
    )
    assert f"{fits} of {fits + conflicts} items" in repr(items)


def test_many_items_on_one_ally_are_one_ally() -> None:
    rows = [("A", "far", "stance", "oppose")] * 20 + [("B", "far", "stance", "support")]
    items, allies = congruence(
        pd.DataFrame(rows, columns=["ally", "where", "aspect", "says"]), HELD["divided"]
    )
    assert (items.fits, items.n) == (20, 21)
    assert (allies.fits, allies.n) == (1, 2)
    assert allies.interval[1] - allies.interval[0] > 2 * (items.interval[1] - items.interval[0])


def test_nothing_that_speaks_leaves_everything_open() -> None:
    heard = pd.DataFrame({"ally": ["A"], "where": ["far"], "aspect": ["will"], "says": ["praise"]})
    items, _ = congruence(heard, HELD["payment"])
    assert items.interval == (0, 1)
    assert np.isnan(items.share)
    assert "none of the items speaks to it; 1 more" in repr(items)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"where": "afar"}, "No place 'afar'. Did you mean 'far'"),
        ({"aspect": "wil"}, "No aspect 'wil'. Did you mean 'will'"),
        ({"says": "shout"}, "No value of will 'shout'"),
    ],
)
def test_what_cannot_have_been_heard_is_named(change: dict[str, str], message: str) -> None:
    row = {"ally": "A", "where": "far", "aspect": "will", "says": "praise"} | change
    with pytest.raises(PredictionError, match=re.escape(message)):
        congruence(pd.DataFrame([row]), HELD["hawkish"])
    with pytest.raises(PredictionError, match="has no column 'says'"):
        congruence(pd.DataFrame([row]).drop(columns="says"), HELD["hawkish"])


# The board.


def test_the_board_has_eight_conditions_a_theory_and_six_allies_that_have_evidence() -> None:
    from helpers.data import load

    keys = board_keys()
    assert len(set(keys)) == len(keys) == 2 * 8 + 2 * 6
    assert {key.split(".", 1)[1] for key in keys[:16]} == {f"{w}.{a}" for w in PLACES for a in ASKED}
    evidence = gather(load("vietnam_evidence"), load("vietnam_voices"))
    assert set(ALLIES) <= set(evidence.allies)
    assert min(len(evidence.find(ally=ally)) for ally in ALLIES) >= 8


def test_a_perfect_board_agrees_with_the_course_and_a_turned_one_with_nothing() -> None:
    perfect = {
        key: HELD[key.split(".")[0]].expects(*key.split(".")[1:])
        for key in board_keys()
        if key.count(".") == 2
    }
    assert score_theories(perfect, HELD)["agrees"].all()
    turned = {key: next(value for value in options(key) if value != perfect[key]) for key in perfect}
    assert not score_theories(turned, HELD)["agrees"].any()
    empty = score_theories({}, HELD)
    assert empty["agrees"].isna().all()
    assert (empty["pick"] == "").all()


@pytest.mark.parametrize(
    ("toward", "away", "expected"),
    [(2, 0, "too few"), (0, 0, "too few"), (3, 0, "toward"), (2, 1, "even"), (1, 2, "even"), (5, 2, "toward"),
     (2, 5, "away"), (0, 3, "away"), (4, 4, "even")],
)  # fmt: skip
def test_a_lean_follows_the_rule_of_thirds(toward: int, away: int, expected: str) -> None:
    assert lean(toward, away) == expected


def test_allies_are_scored_only_where_enough_was_counted() -> None:
    counts = pd.DataFrame(
        [["Thailand", "withdrawal", 5, 1], ["Japan", "stance", 1, 1], ["Canada", "stance", 0, 9]],
        columns=["ally", "question", "toward", "away"],
    )
    picks = {"Thailand.withdrawal": "toward", "Japan.stance": "even", "Thailand.stance": "toward"}
    scored = score_allies(picks, counts).set_index(["ally", "question"])
    assert len(scored) == len(ALLIES) * len(QUESTIONS)
    assert scored.loc[("Thailand", "withdrawal"), "hit"] is True
    assert score_allies({"Thailand.withdrawal": "away"}, counts)["hit"].dropna().tolist() == [False]
    assert scored.loc[("Japan", "stance"), "lean"] == "too few"
    assert scored["hit"].notna().sum() == 1
    with pytest.raises(PredictionError, match="stand twice"):
        score_allies(picks, pd.concat([counts, counts]))
    with pytest.raises(PredictionError, match="no column away"):
        score_allies(picks, counts.drop(columns="away"))


@pytest.mark.parametrize("key", ["hawkish.near.stance", "payment.near.will", "France.stance", ""])
def test_a_square_that_is_not_on_the_board_is_named(key: str) -> None:
    with pytest.raises(PredictionError, match="No square"):
        options(key)


# A file that cannot be.

LINE = {"where": "far", "aspect": "will", "expects": "praise", "mark": "abstract", "key": "", "why": "x"}
ENTRY: dict[str, Any] = {
    "theory": "t", "name": "T", "says": "x", "source": "", "against": ["x"], "expects": [LINE],
}  # fmt: skip


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([ENTRY, ENTRY], "'t' is there twice"),
        ([{**ENTRY, "against": []}], "says nothing of what would count against it"),
        ([{**ENTRY, "expects": [LINE, LINE]}], "has two lines for far will"),
        ([{**ENTRY, "expects": [{**LINE, "expects": "alarm"}]}], "No expectation on will 'alarm'"),
        ([{**ENTRY, "expects": [{**LINE, "mark": "certain"}]}], "No mark 'certain'"),
        ([{**ENTRY, "expects": [{**LINE, "extra": 1}]}], "has an unknown part extra"),
        ([{key: value for key, value in ENTRY.items() if key != "says"}], "lacks says"),
    ],
)
def test_a_theory_that_cannot_be_is_named(entries: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(PredictionError, match=message):
        theories(entries)
