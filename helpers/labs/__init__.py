"""The interactive labs of the course, one file each. A lab is imported when it is first named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpers.labs.alliance_dilemma import AllianceDilemma
    from helpers.labs.bayes_tracer import BayesTracer
    from helpers.labs.burden_sharing import BurdenSharing
    from helpers.labs.comparison_lab import ComparisonLab
    from helpers.labs.deployment_atlas import DeploymentAtlas
    from helpers.labs.effect_explorer import EffectExplorer
    from helpers.labs.equivalence_explorer import EquivalenceExplorer
    from helpers.labs.evidence_coder import EvidenceCoder
    from helpers.labs.evidence_map import EvidenceMap
    from helpers.labs.flags_timeline import FlagsTimeline
    from helpers.labs.guarantee_game import GuaranteeGame
    from helpers.labs.mechanism_map import MechanismMap
    from helpers.labs.mediation_explorer import MediationExplorer
    from helpers.labs.multiple_testing import MultipleTesting
    from helpers.labs.power_explorer import PowerExplorer
    from helpers.labs.prediction_board import PredictionBoard
    from helpers.labs.randomization_lab import RandomizationLab
    from helpers.labs.survey_lab import SurveyLab

__all__ = [
    "AllianceDilemma",
    "BayesTracer",
    "BurdenSharing",
    "ComparisonLab",
    "DeploymentAtlas",
    "EffectExplorer",
    "EquivalenceExplorer",
    "EvidenceCoder",
    "EvidenceMap",
    "FlagsTimeline",
    "GuaranteeGame",
    "MechanismMap",
    "MediationExplorer",
    "MultipleTesting",
    "PowerExplorer",
    "PredictionBoard",
    "RandomizationLab",
    "SurveyLab",
]

_HOME = {
    "AllianceDilemma": "alliance_dilemma",
    "BayesTracer": "bayes_tracer",
    "BurdenSharing": "burden_sharing",
    "ComparisonLab": "comparison_lab",
    "DeploymentAtlas": "deployment_atlas",
    "EffectExplorer": "effect_explorer",
    "EquivalenceExplorer": "equivalence_explorer",
    "EvidenceCoder": "evidence_coder",
    "EvidenceMap": "evidence_map",
    "FlagsTimeline": "flags_timeline",
    "GuaranteeGame": "guarantee_game",
    "MechanismMap": "mechanism_map",
    "MediationExplorer": "mediation_explorer",
    "MultipleTesting": "multiple_testing",
    "PowerExplorer": "power_explorer",
    "PredictionBoard": "prediction_board",
    "RandomizationLab": "randomization_lab",
    "SurveyLab": "survey_lab",
}

PRIVATE = frozenset({"SurveyLab"})
"""Labs whose state never leaves the student's folder: answers to a survey are opinions, and a submission has an id."""


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"There is no lab {name!r}; there are: {', '.join(__all__)}.")
    return getattr(import_module(f"helpers.labs.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
