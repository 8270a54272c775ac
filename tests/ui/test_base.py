"""The base of every lab: settings, picture, sentence, memory, and the way of pictures to the page."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from helpers.ui import base
from helpers.ui.base import Lab, Sentence
from helpers.ui.html import table_html
from helpers.ui.painter import Painter, moving, png_bytes


@dataclass(frozen=True)
class Params:
    height: float = 2.0
    pair: tuple[int, int] = (1, 3)

    def __post_init__(self) -> None:
        if self.height < 0:
            raise ValueError(f"height={self.height} is negative; give 0 or more.")


class PlainLab(Lab[Params, float]):
    title = "How high?"
    parameters = Params
    size = (3.0, 2.0)

    def compute(self, params: Params) -> float:
        if params.height == 13:
            raise ZeroDivisionError("unlucky")
        return params.height * 2

    def describe(self, result: float) -> Sentence:
        return Sentence(
            f"Twice is {result:g}.", pd.DataFrame({"what": ["twice"], "value": [result]}), notes=("Note.",)
        )

    def draw(self, result: float, axes: Any) -> Any:
        axes.bar([0], [result])
        axes.set_ylim(0, 10)

    def controls(self) -> dict[str, Any]:
        import ipywidgets

        return {"height": ipywidgets.FloatSlider(min=-1, max=20), "pair": ipywidgets.IntRangeSlider(max=9)}


class FastLab(PlainLab):
    def draw(self, result: float, axes: Any) -> Any:
        axes.set_ylim(0, 10)
        bar = axes.bar([0], [0])[0]
        moving(bar)
        return bar

    def redraw(self, result: float, artists: Any) -> None:
        artists.set_height(result)
        if result >= 10:
            artists.axes.set_ylim(0, 50)


class WideLab(PlainLab):
    size = (9.0, 2.0)
    narrow = (4.0, 6.0)


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def sent(view: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    monkeypatch.setattr(type(view), "send", lambda _self, message, buffers=None: messages.append(message))
    return messages


def say(lab: Any, **message: Any) -> None:
    lab.view._handle_custom_msg(message, [])


def test_the_repr_is_the_sentence() -> None:
    assert repr(PlainLab(height=3)) == "Twice is 6."


def test_the_result_follows_the_settings() -> None:
    lab = PlainLab()
    lab.set(height=4)
    assert (lab.result, lab.params.height) == (8, 4)


def test_the_result_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Params] = []
    monkeypatch.setattr(PlainLab, "compute", lambda _, params: calls.append(params) or 1.0)
    lab = PlainLab()
    assert [lab.result, lab.result, repr(lab)][:2] == [1.0, 1.0]
    assert len(calls) == 1


def test_an_unknown_parameter_is_named_with_a_near_miss() -> None:
    with pytest.raises(
        TypeError, match=r"PlainLab has no parameter 'hight'\. Did you mean 'height'\? It has: height, pair"
    ):
        PlainLab(hight=3)


def test_a_value_that_cannot_be_is_refused_and_changes_nothing() -> None:
    lab = PlainLab(height=3)
    with pytest.raises(ValueError, match="height=-1 is negative"):
        lab.set(height=-1)
    assert lab.params.height == 3


def test_a_control_changes_picture_and_sentence() -> None:
    lab = PlainLab(height=1)
    before = lab.view.png
    lab.control["height"].value = 4
    assert lab.view.content["sentence"] == "Twice is 8."
    assert lab.view.png != before


def test_a_control_moved_where_it_cannot_go_says_so_and_keeps_the_picture() -> None:
    lab = PlainLab(height=1)
    before = lab.view.png
    lab.control["height"].value = -1
    assert "is negative" in lab.view.content["sentence"]
    assert (lab.view.png, lab.params.height) == (before, 1)


def test_a_setting_that_fails_says_so_and_keeps_the_picture() -> None:
    lab = PlainLab(height=1)
    before = lab.view.png
    lab.control["height"].value = 13
    assert "could not be drawn (ZeroDivisionError: unlucky)" in lab.view.content["sentence"]
    assert lab.view.png == before


def test_the_controls_follow_code() -> None:
    lab = PlainLab()
    assert lab.widget is not None
    lab.set(pair=(2, 5))
    assert lab.control["pair"].value == (2, 5)


def test_what_is_set_is_kept_at_once_and_restored(course_home: Path) -> None:
    lab = PlainLab()
    lab.control["pair"].value = (4, 6)
    kept = json.loads((course_home / "state" / "plain_lab.json").read_text(encoding="utf-8"))
    assert kept["data"]["params"] == {"height": 2.0, "pair": [4, 6]}
    assert PlainLab().params == Params(pair=(4, 6))


def test_given_parameters_are_not_overridden_by_what_was_kept() -> None:
    PlainLab().control["pair"].value = (4, 6)
    assert PlainLab(height=5).params == Params(height=5)


def test_code_does_not_write_what_a_student_set(course_home: Path) -> None:
    PlainLab().set(height=7)
    assert not (course_home / "state").exists()


@pytest.mark.parametrize("variable", ["NBGRADER_EXECUTION", "COURSE_NO_DRAW"])
def test_a_grading_run_writes_no_state(
    variable: str, course_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "1")
    PlainLab().control["height"].value = 3
    assert not list(course_home.rglob("*"))


def test_remember_false_neither_reads_nor_writes(course_home: Path) -> None:
    PlainLab().control["height"].value = 3
    quiet = PlainLab(remember=False)
    assert quiet.params == Params()
    quiet.control["height"].value = 5
    assert PlainLab().params.height == 3


def test_kept_settings_that_no_longer_fit_are_ignored(course_home: Path) -> None:
    from helpers.ui.state import StateFile

    StateFile("plain_lab").write({"params": {"depth": 3}})
    assert PlainLab().params == Params()
    StateFile("plain_lab").write({"params": {"height": -3}})
    assert PlainLab().params == Params()


def test_reset_goes_back_to_the_start_and_is_kept() -> None:
    lab = PlainLab(height=3)
    lab.control["height"].value = 5
    lab.reset()
    assert (lab.params.height, lab.control["height"].value, PlainLab().params.height) == (3, 3, 3)


def test_the_grading_run_computes_and_never_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_NO_DRAW", "1")
    monkeypatch.setattr(Painter, "paint", lambda *_: pytest.fail("a lab was drawn"))
    lab = PlainLab(height=3)
    assert lab._repr_mimebundle_() == {"text/plain": "Twice is 6."}
    assert lab.result == 6


def test_without_a_front_end_a_lab_is_picture_sentence_and_table() -> None:
    bundle = PlainLab(height=3)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    html = bundle["text/html"]
    assert html.startswith("<p>Twice is 6.</p>")
    assert '<img alt="How high? Twice is 6."' in html
    assert "<th scope='row' style='text-align:left'>twice</th>" in html
    assert "data:image/png;base64,iVBOR" in html


def test_the_saved_state_holds_picture_and_words() -> None:
    view = PlainLab(height=3).view
    state = view.get_state()
    assert bytes(state["png"])[:4] == b"\x89PNG"
    assert state["content"]["sentence"] == "Twice is 6."


def test_repainting_moving_artists_alone_gives_the_same_picture() -> None:
    fast, fresh = FastLab(height=1), FastLab(height=4)
    fast.picture()
    fast.set(height=4)
    assert np.array_equal(pixels(fast.picture()), pixels(fresh.picture()))
    assert fast.painter.backgrounds_drawn == 1


def test_a_change_of_the_axes_repaints_the_background() -> None:
    fast, fresh = FastLab(height=1), FastLab(height=8)
    fast.picture()
    fast.set(height=8)
    assert np.array_equal(pixels(fast.picture()), pixels(fresh.picture()))
    assert fast.painter.backgrounds_drawn == 2


def test_the_quick_png_holds_the_pixels() -> None:
    image = np.random.default_rng(1).integers(0, 256, (7, 5, 3), dtype=np.uint8)
    assert np.array_equal(pixels(png_bytes(image)), image)


def test_the_next_picture_waits_for_the_last_and_the_last_change_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lab = PlainLab(height=1)
    sent(lab.view, monkeypatch)
    say(lab, kind="ready", scale=1)
    lab.control["height"].value = 2
    first = lab.view.content
    assert first["sentence"] == "Twice is 4."
    for height in (3, 4, 5):
        lab.control["height"].value = height
    assert lab.view.content == first
    say(lab, kind="shown", frame=first["frame"])
    assert lab.view.content["sentence"] == "Twice is 10."
    assert lab.view.content["frame"] == first["frame"] + 1


def test_a_picture_lost_on_the_way_does_not_stop_the_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = PlainLab(height=1)
    sent(lab.view, monkeypatch)
    say(lab, kind="ready", scale=1)
    lab.control["height"].value = 2
    clock = base.monotonic()
    monkeypatch.setattr(base, "monotonic", lambda: clock + 2 * base.PATIENCE)
    lab.control["height"].value = 3
    assert lab.view.content["sentence"] == "Twice is 6."


def test_the_kernel_answers_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = PlainLab()
    messages = sent(lab.view, monkeypatch)
    say(lab, kind="ready", scale=1)
    assert messages == [{"kind": "welcome"}]


def test_a_dense_screen_gets_more_pixels_of_the_same_width(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = PlainLab()
    sent(lab.view, monkeypatch)
    say(lab, kind="ready", scale=2)
    assert pixels(lab.view.png).shape == (400, 600, 3)
    assert lab.view.content["width"] == 300


def test_a_narrow_page_gets_the_narrow_figure_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    lab = WideLab()
    sent(lab.view, monkeypatch)
    say(lab, kind="ready", scale=1, room=500)
    assert pixels(lab.view.png).shape == (600, 400, 3)
    say(lab, kind="room", room=1000)
    assert pixels(lab.view.png).shape == (200, 900, 3)


def test_a_table_is_escaped_and_says_where_no_figure_is() -> None:
    html = table_html(pd.DataFrame({"host": ["<b>"], "troops": [np.nan]}), "Hosts & years")
    assert "&lt;b&gt;" in html
    assert "<td class='number'>no figure</td>" in html
    assert "<caption>Hosts &amp; years</caption>" in html


def test_the_base_costs_no_heavy_import() -> None:
    heavy = "{'matplotlib', 'pandas', 'anywidget', 'seaborn'}"
    code = f"import sys, helpers.ui.base, helpers.ui.choice; print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_the_settings_save_widgets_and_stop_the_news() -> None:
    path = Path(base.__file__).parent / "lab_settings" / "overrides.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    assert settings["@jupyter-widgets/jupyterlab-manager:plugin"] == {"saveState": True}
    assert settings["@jupyterlab/apputils-extension:notification"] == {
        "fetchNews": "false",
        "checkForUpdates": False,
    }


def test_the_widget_needs_no_network() -> None:
    for name in ("view.js", "view.css"):
        text = (Path(base.__file__).parent / name).read_text(encoding="utf-8")
        assert "http" not in text
        assert "import " not in text
