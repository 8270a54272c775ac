"""EffectExplorer: what it computes, says and draws, on simulated people and on real ones."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy import stats

from helpers import labs
from helpers.data import load, study, world
from helpers.experiments.respondents import field_study
from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import Scale, Schema
from helpers.labs.effect_explorer import EffectExplorer, Params

GERMANY = field_study(study("germany"), world(), "lab", n_respondents=2400)
CZECH = field_study(study("czech_republic"), world(), "lab", n_respondents=800)


def lab(data: Any = GERMANY, **parameters: Any) -> EffectExplorer:
    return EffectExplorer(data, remember=False, **parameters)


def real() -> Schema:
    scales = (Scale("support_strike", "Supports a strike", 0, 4), Scale("immoral", "Thinks it wrong", 0, 1))
    return Schema(
        load("alliance_experiment"), scales, {0: "not an ally", 1: "an ally"}, 0, by="ally",
        covariates=("militarism",), source="alliance_experiment.",
    )  # fmt: skip


def words(shown: EffectExplorer) -> str:
    return " ".join(
        text.get_text() for text in shown.painter.figure.findobj(lambda a: hasattr(a, "get_text"))
    )


def pixels(png: bytes) -> Any:
    return np.asarray(Image.open(BytesIO(png)))


def test_the_lab_is_found_by_its_name() -> None:
    assert labs.EffectExplorer is EffectExplorer


def test_answers_without_their_questions_are_refused_in_a_sentence() -> None:
    with pytest.raises(
        ExperimentError, match=r"not DataFrame\. A table of answers alone goes into `effects`"
    ):
        lab(GERMANY.answers)


def test_the_estimate_is_scipys_and_stands_in_the_picture() -> None:
    shown = lab(outcome="need", arm="both")
    told, rest = (
        GERMANY.answers.loc[GERMANY.answers["arm"] == arm, "need"].dropna() for arm in ("both", "unchanged")
    )
    low, high = stats.ttest_ind(told, rest, equal_var=False).confidence_interval()
    shown.picture()
    assert list(shown._artists.interval.get_xdata()) == pytest.approx([low, high])
    assert list(shown._artists.point.get_xdata()) == pytest.approx([told.mean() - rest.mean()])
    heights = [bar.get_height() for bar in shown._artists.bars[1]][:7]
    assert heights == pytest.approx([(told == value).mean() for value in range(1, 8)])
    assert f"{told.mean() - rest.mean():+.2f} points" in shown.sentence.text


def test_all_assignments_lie_in_the_heap() -> None:
    for shown in (lab(), lab(real(), outcome="immoral"), lab(outcome="need", speak_of="presence")):
        assert shown.result.heap[0].sum() == 10_000


def test_presence_mirrors_the_estimate_and_keeps_the_answers() -> None:
    there, back = lab(outcome="need"), lab(outcome="need", speak_of="presence")
    assert back.result.analysis.estimate.estimate == -there.result.analysis.estimate.estimate
    assert "both leave less no change" in there.sentence.text
    assert "no change less both leave" in back.sentence.text
    assert "Effect of presence, from a withdrawal" in back.sentence.text
    assert there.sentence.table.equals(back.sentence.table)
    assert any("The sign is turned" in note for note in back.sentence.notes)


def test_a_logit_is_said_and_not_drawn_beside_points() -> None:
    shown = lab(outcome="need", estimator="logit")
    shown.picture()
    assert "log odds" in shown.sentence.text
    assert list(shown._artists.point.get_xdata()) == []


def test_only_simulated_people_are_called_so() -> None:
    mine, theirs = lab(), lab(real())
    for shown in (mine, theirs):
        shown.picture()
    assert "simulated for teaching" in words(mine)
    assert "Simulated for teaching" in mine.sentence.alt
    assert "imulated" not in words(theirs) + theirs.sentence.alt


def test_real_people_with_a_yes_or_no_are_shown_as_shares() -> None:
    shown = lab(real(), outcome="immoral", estimator="lin")
    shown.picture()
    assert "share" in words(shown)
    assert "points" not in shown.sentence.text
    assert set(shown.control) == {"outcome", "arm", "estimator"}


def test_without_a_survey_the_german_one_is_fielded() -> None:
    shown = EffectExplorer(remember=False)
    assert len(shown.schema.frame) == 6000
    assert shown.schema.change == "withdrawal"


def test_a_deployment_is_not_turned() -> None:
    assert "speak_of" not in lab(CZECH).control
    assert "Effect of a deployment" in lab(CZECH).sentence.text
    with pytest.raises(ExperimentError, match="Only a withdrawal is turned"):
        lab(CZECH, speak_of="presence")


def test_a_step_repaints_only_what_moves() -> None:
    shown = lab(outcome="protected", arm="both")
    shown.picture()
    shown.set(estimator="lin")
    png, fresh = shown.picture(), lab(outcome="protected", arm="both", estimator="lin").picture()
    assert shown.painter.backgrounds_drawn == 1
    assert np.array_equal(pixels(png), pixels(fresh))


@pytest.mark.parametrize("room", [1200, 400])
@pytest.mark.parametrize("settings", [{"outcome": "need"}, {"outcome": "spending", "speak_of": "presence"}])
def test_no_words_overlap_or_leave_the_picture(room: int, settings: dict[str, str]) -> None:
    shown = lab(**settings)
    shown.fit(room)
    shown.picture()
    figure = shown.painter.figure
    texts = [*figure.texts]
    for axes in figure.axes:
        texts += [axes.xaxis.label, *axes.get_xticklabels(), *axes.texts]
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text() and t.get_visible()]
    for i, (name, box) in enumerate(boxes):
        assert box.x0 >= -1, name
        assert box.x1 <= figure.bbox.x1 + 1, name
        for other, beside in boxes[:i]:
            wide = min(box.x1, beside.x1) - max(box.x0, beside.x0)
            high = min(box.y1, beside.y1) - max(box.y0, beside.y0)
            assert wide <= 0 or high <= 4, f"{name!r} over {other!r}"
    assert min(text.get_fontsize() for text in figure.findobj(lambda a: hasattr(a, "get_fontsize"))) >= 11


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"outcome": "joy"}, "No outcome 'joy'"),
        ({"arm": "tanks"}, "No treatment arm 'tanks'"),
        ({"estimator": "magic"}, "estimator='magic' is unknown"),
        ({"speak_of": "deployment"}, "speak_of='deployment' is unknown"),
    ],
)
def test_a_value_that_cannot_be_is_named(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lab(**parameters)


def test_what_was_kept_and_does_not_fit_is_left_aside(course_home: Path) -> None:
    shown = EffectExplorer(GERMANY)
    shown.control["outcome"].value = "threat"
    assert EffectExplorer(GERMANY).params.outcome == "threat"
    kept = course_home / "state" / "effect_explorer.json"
    kept.write_text(kept.read_text().replace("threat", "joy"))
    assert EffectExplorer(GERMANY).params.outcome == "protected"


def test_the_controls_set_the_parameters() -> None:
    shown = lab()
    for name, value in {
        "outcome": "need", "arm": "nuclear", "estimator": "lin", "speak_of": "presence",
    }.items():  # fmt: skip
        shown.control[name].value = value
    assert shown.params == Params("need", "nuclear", "lin", "presence")


@pytest.mark.parametrize("settings", [{"outcome": "protected"}, {"arm": "both"}])
def test_the_first_outcome_and_the_last_arm_may_be_named(settings: dict[str, str]) -> None:
    shown = lab(**settings)
    assert shown.widget is not None
    assert shown.sentence.text == lab().sentence.text
