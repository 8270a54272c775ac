"""Declare a study, then find out what it would show before anybody is asked.

A design has four parts: a *model* of the world, an *inquiry* put to it, a *data strategy* that says whom one asks and
who reads what, and an *answer strategy* that makes a number of the data. A declared design can be run a thousand
times; how far its answers are from what the inquiry asks is its *diagnosis*. Then one step is changed and the design is
diagnosed again. After Blair, Coppock and Humphreys (2023); code, forms and names are the course's own.

    design = two_arm(LikertModel({"unchanged": (0.3, 0.4, 0.3), "both": (0.2, 0.4, 0.4)}, n_people=400))
    design.draw(seed=1)                       # the data of one study
    design.estimands(seed=1)                  # what is true of its people
    design.estimate(design.draw(seed=1))      # what the study says
    design.diagnose(simulations=1000)         # bias, power, coverage, RMSE, each with its Monte Carlo error
    compare(design, design.replace(Sample(200), name="half"))

Each step is a small frozen dataclass, or any function with the same arguments; see `grammar`.
"""

from __future__ import annotations

from helpers.experiments.design.diagnosis import Comparison, Diagnosis, compare
from helpers.experiments.design.grammar import Answer, Design, Inquiry, seed_of
from helpers.experiments.design.ready import adjusted, two_arm, two_by_two
from helpers.experiments.design.steps import (
    Assign,
    LikertModel,
    Lin,
    MeanContrast,
    Means,
    Measure,
    Sample,
    SurveyModel,
)

__all__ = [
    "Answer",
    "Assign",
    "Comparison",
    "Design",
    "Diagnosis",
    "Inquiry",
    "LikertModel",
    "Lin",
    "MeanContrast",
    "Means",
    "Measure",
    "Sample",
    "SurveyModel",
    "adjusted",
    "compare",
    "seed_of",
    "two_arm",
    "two_by_two",
]
