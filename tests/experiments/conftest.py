"""Data that R saw too, and the values that it gave."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

REFERENCE = Path(__file__).parents[1] / "reference"


@pytest.fixture(scope="session")
def answers() -> pd.DataFrame:
    """Three arms of 120 people, five-point and continuous outcomes, covariates."""
    return pd.read_csv(REFERENCE / "experiment.csv")


@pytest.fixture(scope="session")
def from_r() -> dict[str, list[float]]:
    """Values of tests/reference/experiment.R."""
    return json.loads((REFERENCE / "experiment.json").read_text(encoding="utf-8"))
