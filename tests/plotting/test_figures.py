"""The theme, the labels and `show`: what each promises a reader."""

from __future__ import annotations

import re
import subprocess
import sys
from base64 import b64decode
from io import BytesIO
from itertools import pairwise

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from helpers.plotting import RC, Picture, label_lines, png_of, show, source_line, spread, theme

ALT = "Line of US troops in Japan, 1950 to 2025, falling."


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Picture]:
    pictures: list[Picture] = []
    monkeypatch.setattr("IPython.display.display", pictures.append)
    monkeypatch.delenv("COURSE_NO_DRAW", raising=False)
    return pictures


def figure() -> Figure:
    with theme():
        made = Figure()
        made.subplots().plot([1950, 2025], [1, 2], label="Japan")
    return made


def test_the_theme_ends_with_its_block() -> None:
    before = dict(matplotlib.rcParams)
    with theme():
        assert matplotlib.rcParams["axes.spines.top"] is False
        assert matplotlib.rcParams != before
    assert dict(matplotlib.rcParams) == before


def test_all_letters_of_the_theme_have_twelve_points_or_more() -> None:
    sizes = {
        name: RC[name]
        for name in RC
        if name.endswith(("size", "fontsize")) and "marker" not in name and "figsize" not in name
    }
    assert len(sizes) >= 6
    assert min(sizes.values()) >= 12


def test_show_puts_the_words_into_the_image(shown: list[Picture]) -> None:
    show(figure(), alt=ALT)
    assert f'<img alt="{ALT}"' in shown[0]._repr_html_()
    assert repr(shown[0]) == ALT


def test_quotes_in_the_words_do_not_break_the_page(shown: list[Picture]) -> None:
    show(figure(), alt='A figure of "hosts" & <allies> over time')
    assert 'alt="A figure of &quot;hosts&quot; &amp; &lt;allies&gt; over time"' in shown[0]._repr_html_()


@pytest.mark.parametrize("alt", ["", "   ", None])
def test_a_figure_without_words_is_refused(alt: str) -> None:
    with pytest.raises(ValueError, match="no alternative text"):
        show(figure(), alt=alt)


def test_words_that_say_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match=r"'A figure\.' has 9 characters"):
        show(figure(), alt="A figure.")


def test_show_takes_axes_too_and_refuses_what_is_no_figure(shown: list[Picture]) -> None:
    show(figure().axes[0], alt=ALT)
    assert shown[0].png
    with pytest.raises(TypeError, match="given a int"):
        show(3, alt=ALT)


def test_show_closes_the_figure(shown: list[Picture]) -> None:
    import matplotlib.pyplot as plt

    opened = plt.figure()
    show(opened, alt=ALT)
    assert not plt.fignum_exists(opened.number)


def test_the_grading_run_draws_nothing(shown: list[Picture], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_NO_DRAW", "1")
    monkeypatch.setattr(Figure, "savefig", lambda *_, **__: pytest.fail("a figure was drawn"))
    show(figure(), alt=ALT)
    assert shown[0].png == b""
    assert repr(shown[0]) == ALT


def test_the_same_figure_gives_the_same_bytes_and_no_metadata() -> None:
    png = png_of(figure())
    assert png == png_of(figure())
    assert not {"Software", "Creation Time", "date"} & set(Image.open(BytesIO(png)).info)


def test_the_html_holds_the_picture(shown: list[Picture]) -> None:
    show(figure(), alt=ALT)
    found = re.search(r'src="data:image/png;base64,([^"]+)"', shown[0]._repr_html_())
    assert found
    assert b64decode(found[1]) == shown[0].png


wishes = st.lists(st.floats(-50, 150, allow_nan=False), min_size=1, max_size=12)


@given(wishes)
def test_spread_labels_never_overlap_nor_leave_the_axes(wanted: list[float]) -> None:
    placed = sorted(spread(wanted, gap=8, low=0, high=100))
    assert placed[0] >= -1e-9
    assert placed[-1] <= 100 + 1e-9
    assert all(b - a >= 8 - 1e-9 for a, b in pairwise(placed))


@given(wishes)
def test_spread_keeps_the_order(wanted: list[float]) -> None:
    placed = spread(wanted, gap=8, low=0, high=100)
    for i, j in zip(range(len(wanted)), range(1, len(wanted)), strict=False):
        if wanted[i] != wanted[j]:
            assert (wanted[i] < wanted[j]) == (placed[i] < placed[j])


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([10.0, 50.0, 90.0], gap=8, low=0, high=100) == [10.0, 50.0, 90.0]


def test_names_of_lines_that_end_together_do_not_overlap() -> None:
    with theme():
        made = Figure(figsize=(8, 4))
        axes = made.add_axes((0.1, 0.1, 0.6, 0.8))
        for height, name in ((5.0, "Japan"), (5.01, "Italy"), (5.02, "Spain")):
            axes.plot([1950, 2025], [1, height], label=name)
        axes.plot([1950, 2025], [1, 3], label="_not named")
        texts = label_lines(axes)
    made.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in texts), key=lambda box: box.y0)
    assert [text.get_text() for text in texts] == ["Japan", "Italy", "Spain"]
    assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))


def test_the_source_stands_at_the_foot() -> None:
    text = source_line(figure(), "World Bank")
    assert text.get_position()[1] < 0.05
    assert text.get_fontsize() >= 11


def test_plotting_costs_nothing_until_used() -> None:
    code = "import sys, helpers.plotting as p; p.theme; print({'matplotlib', 'pandas', 'seaborn'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_lines_that_seaborn_drew_carry_their_names_and_the_legend_goes() -> None:
    import pandas as pd
    import seaborn as sns
    from matplotlib.figure import Figure

    table = pd.DataFrame(
        {"year": [1, 2, 1, 2], "n": [3, 4, 9, 8], "host": ["Japan", "Japan", "Italy", "Italy"]}
    )
    axes = sns.lineplot(table, x="year", y="n", hue="host", ax=Figure().subplots())
    assert sorted(text.get_text() for text in label_lines(axes)) == ["Italy", "Japan"]
    assert axes.get_legend() is None


def test_a_long_name_beside_a_line_stays_on_the_picture() -> None:
    axes = Figure(figsize=(8, 4)).subplots()
    axes.plot([1950, 2020], [3, 4], label="Middle East and North Africa together")
    (name,) = label_lines(axes)
    assert name.get_window_extent().x1 <= axes.figure.bbox.width
