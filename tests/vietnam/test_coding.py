"""Codings: read strictly, compared by other means, and the items on which readers part."""

from __future__ import annotations

import csv
import io

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from helpers.data import coding_rules, load
from helpers.vietnam.agreement import CodingError
from helpers.vietnam.coding import (
    COLUMNS,
    Coding,
    CodingSet,
    agreement_table,
    confusion,
    differing,
    distance_check,
    read_coding,
    reasonable_people_differ,
    sample_items,
    side_by_side,
    stance_profile,
)

RULES = coding_rules()
ITEMS = tuple(load("vietnam_evidence")["evidence_id"])
STANCES = tuple(RULES.variables["stance"].codes)
REASONS = tuple(RULES.variables["reason"].codes)
HEAD = ",".join(COLUMNS)
ROW = "vietnam/1,FRG-03,supportive,will,sure,Says so."


def file(*rows: str) -> str:
    return "\n".join([HEAD, *rows]) + "\n"


def read(text: str) -> CodingSet:
    return read_coding(text, RULES, ITEMS, coder="Ann")


def invented(coder: str, seed: int, n: int = len(ITEMS)) -> CodingSet:
    draw = np.random.Generator(np.random.PCG64(seed)).random((n, 3))
    grades = tuple(RULES.variables["certainty"].codes)
    return CodingSet(
        coder,
        RULES.tag,
        tuple(
            Coding(item, STANCES[int(a * 6)], REASONS[int(b * 9)], grades[int(c * 3)])
            for item, (a, b, c) in zip(ITEMS, draw, strict=False)
        ),
    )


def test_a_coding_file_is_read_whatever_the_order_of_its_columns_and_rows() -> None:
    text = "note,certainty,reason,stance,evidence_id,codebook\nA, B.,sure,will,supportive,FRG-03,vietnam/1\n"
    with pytest.raises(CodingError, match="a note with a comma stands in quotation marks"):
        read(text)
    quoted = text.replace("A, B.", '"A, B."')
    assert read(quoted).codings == (Coding("FRG-03", "supportive", "will", "sure", "A, B."),)
    assert read("\ufeff" + quoted.replace("\n", "\r\n") + "\n").codings == read(quoted).codings


FAULTS = [
    (file(ROW, ROW), "Ann, line 3: FRG-03 is coded twice; keep one of the two rows."),
    (file(ROW.replace("/1", "/2")), "Ann, line 2: coded by codebook 'vietnam/2', and this is vietnam/1"),
    (file(ROW.replace("FRG-03", "FRG-99")), "Ann, line 2: there is no item 'FRG-99'"),
    (file(ROW.replace("supportive", "friendly")), "stance of FRG-03 is 'friendly'; give one of supportive, "),
    (file(ROW.replace("will", "no_stance")), "reason of FRG-03 is 'no_stance'; give one of will, "),
    (file(ROW.replace("sure", "")), "certainty of FRG-03 is ''; give one of sure, "),
    (file(), "Ann: the file holds no coded item."),
    ("evidence_id,stance\nFRG-03,supportive\n", "Ann: the first line must name the columns codebook, "),
    ("", "Ann: the first line must name the columns"),
    (file('vietnam/1,"FRG-03'), "this is no CSV file"),
    (file("vietnam/1," + "x" * 5000), "2 cells instead of 6"),
    (file(ROW.replace("FRG-03", "x" * 9000)), "there is no item 'xxxx"),
    (file(*[ROW] * 6000), "coded twice"),
]


@pytest.mark.parametrize(("text", "sentence"), FAULTS)
def test_a_faulty_file_is_one_short_sentence(text: str, sentence: str) -> None:
    with pytest.raises(CodingError) as caught:
        read(text)
    said = str(caught.value)
    assert sentence in said
    assert len(said) < 330
    assert "\n" not in said


@given(st.text(max_size=300))
def test_no_text_gives_another_error(text: str) -> None:
    for given_text in (text, f"{HEAD}\n{text}"):
        try:
            read(given_text)
        except CodingError:
            continue


def test_what_is_written_is_read_again() -> None:
    codings = invented("Ann", 3)
    again = read(codings.to_csv())
    assert set(again.codings) == set(codings.codings)
    assert again.to_csv() == codings.to_csv()
    rows = list(csv.DictReader(io.StringIO(codings.to_csv())))
    assert {row["codebook"] for row in rows} == {"vietnam/1"}


def test_agreement_is_what_another_package_and_counting_say() -> None:
    one, other = invented("Ann", 1), invented("Ben", 2)
    table = agreement_table([one, other], RULES, n_bootstrap=50).set_index(["variable", "measure"])
    codes = {
        name: pd.concat([one.to_frame()[name], other.to_frame()[name]], axis=1, keys=["a", "b"])
        for name in ("stance", "reason")
    }
    for name, domain in (("stance", STANCES), ("reason", REASONS)):
        same = (codes[name]["a"] == codes[name]["b"]).mean()
        assert table.loc[(name, "percent agreement"), "value"] == pytest.approx(same)
        numbers = codes[name].map(domain.index).to_numpy(float).T
        peer = krippendorff.alpha(numbers, level_of_measurement="nominal", value_domain=range(len(domain)))
        assert table.loc[(name, "Krippendorff's alpha, nominal"), "value"] == pytest.approx(peer)
    ranks = codes["stance"][(codes["stance"] != "no_stance").all(axis=1)].map(STANCES.index)
    peer = krippendorff.alpha(ranks.to_numpy(float).T, level_of_measurement="ordinal", value_domain=range(5))
    row = table.loc[("stance", "Krippendorff's alpha, ordinal")]
    assert row["value"] == pytest.approx(peer)
    assert row["n_items"] == len(ranks) < len(ITEMS)
    assert row["low"] < peer < row["high"]


def test_a_measure_that_is_not_defined_has_no_row() -> None:
    same = CodingSet("Ann", RULES.tag, (Coding("FRG-03", "mixed", "will", "sure"),))
    table = agreement_table([same, CodingSet("Ben", RULES.tag, same.codings)], RULES)
    assert set(table["measure"]) == {"percent agreement"}


def test_readers_of_two_codebooks_or_of_one_name_are_not_compared() -> None:
    one = invented("Ann", 1, 5)
    with pytest.raises(CodingError, match=r"different codebooks, vietnam/1, vietnam/2"):
        side_by_side([one, CodingSet("Ben", "vietnam/2", one.codings)], "stance")
    with pytest.raises(CodingError, match="same name, 'Ann'"):
        side_by_side([one, invented("Ann", 2, 5)], "stance")


def test_the_confusion_table_counts_each_common_item_once() -> None:
    one, other = invented("Ann", 1), invented("Ben", 2, 40)
    table = confusion(one, other, RULES)
    assert table.to_numpy().sum() == 40
    assert list(table.index) == list(table.columns) == list(STANCES)
    both = [(a.stance, b.stance) for a, b in zip(one.codings, other.codings, strict=False)]
    assert table.loc["mixed", "opposed"] == both.count(("mixed", "opposed"))


def test_items_that_differ_come_with_the_widest_gap_first() -> None:
    one = CodingSet("Ann", RULES.tag, tuple(
        Coding(item, stance, "will", "sure")
        for item, stance in zip(ITEMS, ("supportive", "mixed", "no_stance", "opposed", "mixed"), strict=False)
    ))  # fmt: skip
    other = CodingSet("Ben", RULES.tag, tuple(
        Coding(item, stance, reason, "sure")
        for item, stance, reason in zip(ITEMS, ("opposed", "leaning_opposed", "mixed", "opposed", "mixed"),
                                        ("will", "will", "will", "capacity", "will"), strict=False)
    ))  # fmt: skip
    found = differing([one, other], RULES)
    assert found["steps"].to_dict() == {ITEMS[2]: 5, ITEMS[0]: 4, ITEMS[1]: 1, ITEMS[3]: 0}
    assert list(found.index) == [ITEMS[2], ITEMS[0], ITEMS[1], ITEMS[3]]


def test_people_differ_over_a_stance_or_over_a_reason_of_which_the_judge_is_not_sure() -> None:
    cases = [
        ("mixed", "will", "mixed", "will", "unsure", False),
        ("mixed", "will", "opposed", "will", "sure", True),
        ("mixed", "will", "mixed", "danger", "sure", False),
        ("mixed", "will", "mixed", "danger", "fairly_sure", True),
    ]
    a, b, judge = (
        CodingSet(name, RULES.tag, tuple(
            Coding(item, case[at], case[at + 1], case[4]) for item, case in zip(ITEMS, cases, strict=False)
        ))
        for name, at in (("a", 0), ("b", 2), ("judge", 0))
    )  # fmt: skip
    assert reasonable_people_differ(a, b, judge).tolist() == [case[5] for case in cases]


def test_profiles_count_by_hand() -> None:
    codes = pd.DataFrame({
        "ally": ["A", "A", "A", "B", "B", "C"],
        "stance": ["supportive", "leaning_opposed", "no_stance", "opposed", "mixed", "no_stance"],
    })  # fmt: skip
    table = stance_profile(codes, "ally")
    assert table.loc["A"].tolist() == [3, 2, 0.5, 0.5, 0.5]
    assert table.loc["B"].tolist() == [2, 2, 0.0, 0.5, -1.0]
    assert table.loc["C", ["items", "with_stance"]].tolist() == [1, 0]
    assert table.loc["C", ["share_supportive", "mean"]].isna().all()
    with pytest.raises(CodingError, match="no column 'kind'"):
        stance_profile(codes, "kind")


def test_distance_alone_is_set_beside_what_the_items_say() -> None:
    evidence = load("vietnam_evidence").set_index("evidence_id")
    codes = invented("Ann", 5).to_frame().join(evidence["ally"])
    by_unit = load("vietnam_distance").set_index("unit")["km_capital_saigon"]
    units = evidence.dropna(subset="unit").drop_duplicates("ally").set_index("ally")["unit"]
    km = {ally: float(by_unit[unit]) for ally, unit in units.items()}
    found = distance_check(codes, km, cut=5000, at_least=2)
    means = {
        ally: np.mean([{"supportive": 2, "leaning_supportive": 1, "mixed": 0, "leaning_opposed": -1, "opposed": -2}[s]
                       for s in rows["stance"] if s != "no_stance"])
        for ally, rows in codes.groupby("ally")
    }  # fmt: skip
    assert "Multiple allies" not in found.table.index
    for ally, row in found.table.iterrows():
        assert row["mean"] == pytest.approx(means[ally])
        assert row["expected"] == ("supportive" if km[ally] <= 5000 else "opposed or mixed")
        assert row["said"] == ("supportive" if means[ally] > 0 else "opposed or mixed")
    assert found.rho == pytest.approx(spearmanr(found.table["km"], found.table["mean"]).statistic)
    assert found.n_right == sum(found.table["expected"] == found.table["said"])
    with pytest.raises(CodingError, match="Only 0 allies"):
        distance_check(codes, {}, cut=5000)


def test_the_sample_is_the_same_for_all_spread_over_allies_and_holds_what_must_be_in() -> None:
    evidence = load("vietnam_evidence")
    chosen = sample_items(evidence, 30, always=("FRG-03", "JPN-02"))
    again = sample_items(evidence.sample(frac=1, random_state=1), 30, always=("FRG-03", "JPN-02"))
    assert chosen == again
    assert len(set(chosen)) == 30
    assert {"FRG-03", "JPN-02"} <= set(chosen)
    per_ally = evidence[evidence["evidence_id"].isin(chosen)]["ally"].value_counts()
    everything = evidence["ally"].value_counts()
    assert set(per_ally.index) == set(everything.index)
    assert (per_ally - (1 + (30 - 16) * (everything - 1) / (everything - 1).sum())).abs().max() < 1
    dates = evidence.set_index("evidence_id")["date"][list(chosen)]
    assert dates.is_monotonic_increasing


def test_a_sample_that_cannot_be_is_one_sentence() -> None:
    evidence = load("vietnam_evidence")
    with pytest.raises(CodingError, match="between 16 groups and 155 items"):
        sample_items(evidence, 10)
    with pytest.raises(CodingError, match="items of one ally must be in"):
        sample_items(evidence, 16, always=("FRG-03", "FRG-04"))
