"""MediationExplorer: what it computes, says and draws, without kernel or browser."""

from __future__ import annotations

import itertools
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from PIL import Image

from helpers import labs
from helpers.exercises.surveys import survey
from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import Scale, Schema
from helpers.experiments.two_roads import field_two_roads
from helpers.labs.mediation_explorer import MediationExplorer

ROADS = field_two_roads("ada", n_manipulated=60)
CASES = [
    {},
    {"rho": -0.5},
    {"mediator": "drawn_in", "covariates": "all", "rho": 0.6},
    {"covariates": "all", "rho": -0.9},
]


def lab(**parameters: Any) -> MediationExplorer:
    return MediationExplorer(ROADS, remember=False, **parameters)


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def peer(mediator: str, rho: float, covariates: str) -> tuple[float, float]:
    """Part through a road and whole effect, from regressions of statsmodels."""
    more = " + age + trust_us + left_right" if covariates == "all" else ""
    first = smf.ols(f"{mediator} ~ told{more}", ROADS.measured).fit()
    whole = smf.ols(f"need ~ told{more}", ROADS.measured).fit()
    shared = np.corrcoef(first.resid, whole.resid)[0, 1]
    ratio = whole.resid.std() / first.resid.std()
    slope = ratio * (shared - rho * np.sqrt((1 - shared**2) / (1 - rho**2)))
    return first.params["told"] * slope, whole.params["told"]


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.MediationExplorer is MediationExplorer


@pytest.mark.parametrize("parameters", CASES)
def test_the_parts_are_those_of_two_regressions(parameters: dict[str, Any]) -> None:
    shown = lab(**parameters)
    params = shown.result.params
    part, whole = peer(params.mediator, params.rho, params.covariates)
    assert shown.result.here["mediated"] == pytest.approx(part, abs=1e-9)
    assert shown.result.here["direct"] == pytest.approx(whole - part, abs=1e-9)
    assert f"{part / whole:.0%}" in shown.sentence.text
    assert f"of {whole:+.2f} points" in shown.sentence.text


def test_turning_the_unseen_cause_up_eats_the_share() -> None:
    shown = lab(covariates="all")
    shares = []
    for rho in (0.0, -0.1, -0.2, -0.3):
        shown.set(rho=rho)
        shares.append(shown.result.here["mediated"] / shown.result.found.total)
    assert all(before > after for before, after in itertools.pairwise(shares))
    gone = shown.result.found.rho_at_zero
    shown.set(rho=gone)
    assert abs(shown.result.here["mediated"]) < 0.01


def test_a_cause_that_is_turned_far_up_turns_the_road_round_and_the_title_says_so() -> None:
    shown = lab(rho=-0.8)
    shown.picture()
    assert shown._artists.title.get_text() == "With this unseen cause, this road runs the other way"
    shown.set(rho=0)
    shown.picture()
    assert shown._artists.title.get_text().startswith("If nothing unseen is at work, this road carries")


def test_covariates_bring_triangles_and_their_strengths() -> None:
    shown = lab(covariates="all")
    shown.picture()
    assert len(shown._artists.triangles.get_xdata()) == 3
    assert any("The strongest, trust_us" in note for note in shown.sentence.notes)
    shown.set(covariates="none")
    shown.picture()
    assert len(shown._artists.triangles.get_xdata()) == 0
    assert any("Add the covariates" in note for note in shown.sentence.notes)


def test_a_share_of_an_effect_that_may_be_zero_is_not_told() -> None:
    shown = MediationExplorer(
        survey("germany", student_id="ada"), mediator="threat", outcome="spending", remember=False
    )
    assert not shown.result.is_clear
    assert "%)" not in shown.sentence.text
    assert any("share of it would mean nothing" in note for note in shown.sentence.notes)


def test_any_survey_with_two_outcomes_can_be_split() -> None:
    rng = np.random.default_rng(1)
    ally = rng.integers(0, 2, 400)
    threat = np.clip(ally + rng.integers(0, 3, 400), 0, 4)
    table = pd.DataFrame(
        {"ally": ally, "threat": threat, "strike": np.clip(threat + rng.integers(-1, 2, 400), 0, 4)}
    )
    scales = Scale("threat", "Sees a threat", 0, 4), Scale("strike", "Supports a strike", 0, 4)
    schema = Schema(table, scales, {0: "no ally", 1: "an ally"}, 0, by="ally", source="made up in a test")
    shown = MediationExplorer(schema, remember=False)
    assert (shown.params.mediator, shown.params.outcome, shown.params.arm) == ("threat", "strike", "1")
    assert set(shown.controls()) == {"mediator", "outcome", "rho"}
    assert "Simulated" not in shown.sentence.alt
    with pytest.raises(ExperimentError, match="a mediator and an outcome are two"):
        MediationExplorer(Schema(table, scales[:1], {0: "no", 1: "yes"}, 0, by="ally"))


def test_a_table_without_its_questions_is_refused_in_one_sentence() -> None:
    with pytest.raises(ExperimentError, match=r"^MediationExplorer needs .* not DataFrame\. .*`mediation`"):
        MediationExplorer(pd.DataFrame({"need": [1, 2]}))  # type: ignore[arg-type]


def test_a_step_of_the_slider_repaints_only_what_moves() -> None:
    shown = lab()
    shown.picture()
    shown.set(rho=-0.4)
    png = shown.picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(pixels(png), pixels(lab(rho=-0.4).picture()))


def test_another_road_looks_as_if_the_lab_had_started_there() -> None:
    shown = lab(rho=-0.2)
    shown.picture()
    shown.set(mediator="drawn_in", covariates="all")
    same = lab(mediator="drawn_in", covariates="all", rho=-0.2).picture()
    assert np.array_equal(pixels(shown.picture()), pixels(same))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("parameters", CASES)
def test_no_words_overlap_or_leave_the_picture(room: int, parameters: dict[str, Any]) -> None:
    shown = lab(**parameters)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    texts = list(figure.texts)
    for axes in figure.axes:
        for axis, ends in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            places = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
            texts += [label for place, label in places if ends[0] <= place <= ends[1]]
        texts += [axes.xaxis.label, axes.yaxis.label, *axes.texts]
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts if text.get_text()]
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= -1, name
        assert box.x1 <= figure.bbox.x1 + 1, name
        for other, beside in boxes[:i]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            tall = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert wide <= 0 or tall <= 3, f"{name!r} over {other!r}"
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


def test_the_picture_and_its_words_say_that_it_is_simulated() -> None:
    shown = lab()
    shown.picture()
    assert any("imulated for teaching" in text.get_text() for text in shown.painter.figure.texts)
    assert "Simulated for teaching" in shown.sentence.alt


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"rho": 1}, "rho=1 must lie from -0.9 to 0.9"),
        ({"rho": "much"}, "rho='much' is not a number"),
        ({"covariates": "some"}, "covariates='some' is unknown"),
        ({"mediator": "need", "outcome": "need"}, "cannot be the road and the outcome at once"),
        ({"mediator": "fear"}, "No outcome 'fear'"),
        ({"arm": "left"}, "No treatment arm 'left'"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    for name, value in {"mediator": "drawn_in", "covariates": "all", "rho": -0.34}.items():
        shown.control[name].value = value
    params = shown.params
    assert (params.mediator, params.covariates, params.rho) == ("drawn_in", "all", -0.34)
    shown.control["mediator"].value = "need"
    assert "cannot be the road and the outcome" in str(shown.view.content)
    assert shown.params.mediator == "drawn_in"


def test_the_lab_does_not_say_which_road_is_real() -> None:
    said = "".join(str(part) for part in vars(lab().sentence).values())
    assert "real" not in said
