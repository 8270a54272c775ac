"""The codebook tells what is in a dataset, as text and as a table that a screen reader can follow."""

import html.parser

import pytest

from helpers.data import UnknownDataset, describe
from helpers.data.package import resources


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen, self.wrong = [], [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("key", list(resources()))
def test_the_text_names_every_column_and_the_licence(key):
    text, entry = repr(describe(key)), resources()[key]
    assert [field.name for field in entry.fields if field.name not in text] == []
    assert all(licence in text for licence in entry.licenses)
    assert max(len(line) for line in text.splitlines()) <= 100 or "http" in text


@pytest.mark.parametrize("key", list(resources()))
def test_the_table_has_a_caption_and_headers_for_columns_and_rows(key):
    tags = Tags()
    tags.feed(describe(key)._repr_html_())
    assert (tags.open, tags.wrong) == ([], [])
    scopes = [attrs.get("scope") for tag, attrs in tags.seen if tag == "th"]
    assert scopes == ["col"] * 4 + ["row"] * len(resources()[key].fields)
    assert "caption" in [tag for tag, _ in tags.seen]


def test_missing_shares_are_those_of_the_file(shipped):
    frame = describe("us_troops").to_frame().set_index("column")
    troops = shipped("us_troops")
    assert frame.missing["army"] == pytest.approx(troops.army.isna().sum() / len(troops))
    assert frame.missing["troops"] == 0


def test_a_share_that_is_almost_all_is_not_rounded_to_all():
    line = next(line for line in repr(describe("us_troops")).splitlines() if line.startswith("note"))
    assert "over 99 %" in line


def test_markup_in_a_text_is_shown_and_not_run(monkeypatch):
    from dataclasses import replace

    book = describe("polls")
    hostile = replace(book, entry=replace(book.entry, description="<script>x</script>"))
    assert "<script>" not in hostile._repr_html_()


def test_breaks_and_mendings_are_shown():
    text = repr(describe("us_troops"))
    assert "2008: The totals of many hosts step" in " ".join(text.split())
    assert "D01, mended" in text


def test_an_unknown_dataset_is_not_described():
    with pytest.raises(UnknownDataset, match="us_troops"):
        describe("us_trops")
