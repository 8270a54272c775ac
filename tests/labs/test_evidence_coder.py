"""EvidenceCoder: three keys an item, nothing lost, and the reference codings out of sight until then."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.data import load
from helpers.labs import EvidenceCoder, evidence_coder
from helpers.labs.evidence_coder import ALWAYS, SIZE
from helpers.vietnam.agreement import CodingError
from helpers.vietnam.coding import Coding, CodingSet, read_coding

ITEMS = tuple(load("vietnam_evidence")["evidence_id"])


def invented(coder: str, seed: int) -> CodingSet:
    draw = np.random.Generator(np.random.PCG64(seed)).random((len(ITEMS), 2))
    stances = ("supportive", "leaning_supportive", "mixed", "leaning_opposed", "opposed", "no_stance")
    reasons = ("will", "capacity", "none")
    return CodingSet(
        coder,
        "vietnam/1",
        tuple(
            Coding(item, stances[int(a * 6)], reasons[int(b * 3)], "sure", "A note.")
            for item, (a, b) in zip(ITEMS, draw, strict=True)
        ),
    )


READERS = [invented("coder A", 1), invented("coder B", 2), invented("adjudicated", 3)]


@pytest.fixture(autouse=True)
def invented_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reference codings that a test can count on, whatever the course's own say."""
    monkeypatch.setattr(evidence_coder, "references", lambda _rules: READERS)


def code_all(coder: EvidenceCoder, keys: str = "2v8") -> None:
    for _ in range(SIZE):
        for key in keys:
            coder.press(key)


def send(coder: EvidenceCoder, **message: Any) -> dict[str, Any]:
    coder.view._handle_custom_msg(message, [])
    content: dict[str, Any] = coder.view.content
    return content


def test_three_keys_code_an_item_and_the_next_one_opens() -> None:
    coder = EvidenceCoder()
    first = coder.at
    coder.press("1")
    coder.press("w")
    assert coder.at == first
    assert coder.codes.empty
    coder.press("7")
    assert coder.at != first
    assert coder.codes.loc[first, ["stance", "reason", "certainty"]].tolist() == [
        "supportive",
        "will",
        "sure",
    ]


def test_the_keys_may_come_in_any_order() -> None:
    coder = EvidenceCoder()
    first = coder.at
    for key in "9h5":
        coder.press(key)
    assert coder.codes.loc[first, "stance"] == "opposed"


def test_the_thirty_are_the_same_for_everybody_and_hold_the_page_of_erhard() -> None:
    one, other = EvidenceCoder(name="ada"), EvidenceCoder(name="bob", remember=False)
    assert one.sample == other.sample
    assert len(set(one.sample)) == SIZE == 30
    assert set(ALWAYS) <= set(one.sample)
    evidence = load("vietnam_evidence").set_index("evidence_id")
    assert set(evidence.loc[list(one.sample), "ally"]) == set(evidence["ally"])


def test_source_confidence_and_excerpt_are_shown_with_the_item() -> None:
    coder = EvidenceCoder()
    coder.go("FRG-03")
    item = send(coder, kind="do", name="next") and send(coder, kind="do", name="previous")["item"]
    row = load("vietnam_evidence").set_index("evidence_id").loc["FRG-03"]
    assert item["summary"] == row["summary"]
    assert row["source_citation"] in item["source"]
    assert "verified" in item["source"]
    document = load("vietnam_documents").set_index("document_id").loc["DOC-04"]
    assert document["excerpt"] in item["excerpt"]
    coder.go("CAN-01")
    assert coder._content()["item"]["excerpt"] == ""


def test_an_excerpt_is_found_for_each_item_that_a_document_names() -> None:
    coder = EvidenceCoder()
    named = [each.strip() for ids in load("vietnam_documents")["evidence_ids"] for each in ids.split(";")]
    for item in named:
        coder.go(item)
        assert len(coder._content()["item"]["excerpt"]) > 200
    assert set(ALWAYS) <= set(named)


def test_undo_goes_back_over_the_end_of_an_item() -> None:
    coder = EvidenceCoder()
    first = coder.at
    for key in "1w7":
        coder.press(key)
    coder.undo()
    assert coder.at == first
    assert coder.codes.empty
    coder.press("9")
    assert coder.codes.loc[first, "certainty"] == "unsure"
    for _ in range(3):
        coder.undo()
    coder.undo()
    assert coder._said == "There is nothing to undo."


def test_a_restarted_kernel_goes_on_where_the_last_key_was(course_home: Path) -> None:
    coder = EvidenceCoder()
    for key in "1w73":
        coder.press(key)
    again = EvidenceCoder()
    assert again.at == coder.at
    assert len(again.codes) == 1
    assert again._kept.codes[again.at] == {"stance": "mixed"}
    assert (course_home / "state" / "evidence_coder.json").exists()


def test_a_closed_tab_loses_nothing_although_the_page_is_gone() -> None:
    """The widget is closed without a word, as when the tab goes; a new page shows the half-coded item."""
    coder = EvidenceCoder()
    send(coder, kind="key", key="1")
    coder.widget.close()
    del coder
    content = send(EvidenceCoder(), kind="ready")
    assert [group["chosen"] for group in content["groups"]] == ["1", "", ""]


def test_the_reference_codings_stay_out_of_sight_until_all_thirty_are_coded() -> None:
    coder = EvidenceCoder()
    hidden = json.dumps(send(coder, kind="do", name="compare"))
    for _ in range(SIZE - 1):
        for key in "2v8":
            coder.press(key)
    hidden += (
        json.dumps(send(coder, kind="do", name="compare")) + repr(coder) + str(coder._repr_mimebundle_())
    )
    for reader in READERS:
        assert reader.coder not in hidden
    assert coder.result.agreement.empty
    assert not coder.view.png
    for key in "2v8":
        coder.press(key)
    assert coder.result.agreement.empty, "only when asked for"
    content = send(coder, kind="do", name="compare")
    assert "coder A" in content["status"]
    assert "coder B" in content["table"]
    assert coder.view.png


def test_giving_up_takes_two_presses_and_makes_the_codes_final() -> None:
    coder = EvidenceCoder()
    for key in "1w7":
        coder.press(key)
    said = send(coder, kind="do", name="give_up")
    assert "Press the same button once more" in said["feedback"]
    assert coder.result.agreement.empty
    send(coder, kind="key", key="3")
    said = send(coder, kind="do", name="give_up")
    assert coder.result.agreement.empty, "a key in between takes the question back"
    content = send(coder, kind="do", name="give_up")
    assert "coder A" in content["table"]
    before = coder.codes
    send(coder, kind="key", key="5")
    coder.undo()
    assert coder.codes.equals(before)
    assert "final" in coder._said


def test_giving_up_before_the_first_item_is_no_error() -> None:
    coder = EvidenceCoder()
    coder.give_up(sure=True)
    assert "nothing to compare" in repr(coder)
    assert coder.picture()


def test_agreement_with_a_reader_is_what_counting_says() -> None:
    coder = EvidenceCoder()
    code_all(coder)
    coder.compare()
    table = coder.result.agreement
    for reader in READERS:
        theirs = reader.to_frame().loc[list(coder.sample), "stance"]
        row = table[(table["readers"] == f"you and {reader.coder}") & (table["variable"] == "stance")
                    & (table["measure"] == "percent agreement")]  # fmt: skip
        assert row["value"].iloc[0] == pytest.approx((theirs == "leaning_supportive").mean())
        assert row["n_items"].iloc[0] == SIZE
    share = (READERS[0].to_frame().loc[list(coder.sample), "stance"] == "leaning_supportive").mean()
    assert f"you gave {share:.0%} the same stance as coder A" in coder.sentence.text
    assert "None is the truth" in coder.sentence.notes[0]


def test_what_is_exported_is_a_coding_file_that_a_neighbour_can_read(course_home: Path) -> None:
    coder = EvidenceCoder(name="ada")
    with pytest.raises(CodingError, match="No item is coded yet"):
        coder.export()
    code_all(coder)
    path = coder.export()
    assert path == course_home / "coding_ada.csv"
    read = read_coding(path.read_text(), coder.rules, ITEMS, coder="ada")
    assert len(read) == SIZE
    assert {row["codebook"] for row in csv.DictReader(io.StringIO(path.read_text()))} == {"vietnam/1"}


def test_a_neighbours_file_is_compared_on_the_common_items(course_home: Path) -> None:
    coder = EvidenceCoder()
    (course_home / "coding_bob.csv").write_text(READERS[0].to_csv())
    with pytest.raises(CodingError, match="30 of your 30 items are not coded yet"):
        coder.neighbour("coding_bob.csv")
    code_all(coder)
    compared = coder.neighbour("coding_bob.csv")
    same = (READERS[0].to_frame().loc[list(coder.sample), "stance"] == "leaning_supportive").mean()
    assert compared.n_items == SIZE
    assert f"{same:.0%} of stances" in repr(compared)
    assert "bob" in compared._repr_html_()
    assert (course_home / "state" / "evidence_coder.json").read_text().count("no_stance") == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe", "no text in UTF-8"),
        (b"x" * 1_000_001, "larger than 1,000,000 bytes"),
        (b"hello", "the first line must name the columns"),
        (READERS[0].to_csv().replace("vietnam/1", "vietnam/2").encode(), "coded by codebook 'vietnam/2'"),
        (READERS[0].to_csv().replace("supportive", "<script>", 1).encode(), "give one of supportive"),
    ],
)
def test_an_odd_neighbours_file_is_one_sentence(course_home: Path, content: bytes, sentence: str) -> None:
    coder = EvidenceCoder()
    code_all(coder)
    (course_home / "coding_bob.csv").write_bytes(content)
    with pytest.raises(CodingError, match=sentence):
        coder.neighbour("coding_bob.csv")
    with pytest.raises(CodingError, match=r"There is no file none\.csv"):
        coder.neighbour("none.csv")


def test_hostile_text_reaches_the_page_as_text(course_home: Path) -> None:
    bad = "<img src=x onerror=alert(1)>"
    coder = EvidenceCoder()
    code_all(coder)
    coder._evidence["summary"] = bad
    coder.compare()
    content = coder._content()
    assert content["item"]["summary"] == bad, "the page sets it as text, never as HTML"
    assert bad not in content["table"] + content["rules"]
    (course_home / f"coding_{'<b>x<'}.csv").write_text(READERS[1].to_csv())
    page = coder.neighbour("coding_<b>x<.csv")._repr_html_()
    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page


def test_a_message_that_the_page_cannot_have_sent_changes_nothing() -> None:
    coder = EvidenceCoder()
    send(coder, kind="ready")
    for message in (
        {"kind": "key", "key": "z"},
        {"kind": "key"},
        {"kind": "do", "name": "__class__"},
        {"kind": "do", "name": "neighbour"},
        {"kind": "nothing"},
        {},
    ):
        send(coder, **message)
    assert coder._kept.codes == {}


def test_all_items_can_be_gone_through_and_the_thirty_still_decide() -> None:
    coder = EvidenceCoder()
    content = send(coder, kind="do", name="all")
    assert "of 155" in content["status"]
    coder.go("UKM-02")
    for key in "1w7":
        coder.press(key)
    assert coder.result.n_done == 0
    assert len(coder.codes) == 1
    assert "of 30" in send(coder, kind="do", name="all")["status"].split(".")[0]


def test_starting_again_keeps_the_old_coding_aside(course_home: Path) -> None:
    coder = EvidenceCoder()
    code_all(coder)
    send(coder, kind="do", name="start_again")
    assert len(coder.codes) == SIZE
    send(coder, kind="do", name="start_again")
    assert coder.codes.empty
    kept = json.loads((course_home / "state" / "evidence_coder.json").read_text())["data"]["earlier"]
    assert len(kept[0]["codes"]) == SIZE


@pytest.mark.parametrize("done", [0, 3, SIZE])
def test_the_picture_has_words_and_letters_that_can_be_read(done: int) -> None:
    coder = EvidenceCoder()
    for _ in range(done):
        for key in "2v8":
            coder.press(key)
    coder.compare()
    figure = Figure(figsize=coder.size)
    coder.draw(coder.result, figure.subplots())
    axes = figure.axes[0]
    assert axes.get_title()
    assert axes.get_xlabel()
    assert coder.sentence.alt


def test_a_grading_run_neither_reads_nor_writes_the_students_codes(
    monkeypatch: pytest.MonkeyPatch, course_home: Path
) -> None:
    EvidenceCoder().press("1")
    held = (course_home / "state" / "evidence_coder.json").read_bytes()
    monkeypatch.setenv("COURSE_NO_DRAW", "1")
    coder = EvidenceCoder()
    assert coder._kept.codes == {}
    assert set(coder._repr_mimebundle_()) == {"text/plain"}
    coder.press("2")
    assert (course_home / "state" / "evidence_coder.json").read_bytes() == held


def test_a_name_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="other signs than letters"):
        EvidenceCoder(name="../x")


def test_an_item_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(CodingError, match="There is no item 'FRG-99'"):
        EvidenceCoder().go("FRG-99")
