"""What the tests of the data layer share: the given files and the shipped ones, read without our own code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def raw() -> Callable[[str], pd.DataFrame]:
    """Given file by its name without `.csv`; the line in the file is in the column `line`."""

    def read(name: str) -> pd.DataFrame:
        table = _read(ROOT / "datasets" / "raw" / f"{name}.csv")
        return table.assign(line=table.index + 2)

    return read


@pytest.fixture(scope="session")
def shipped() -> Callable[[str], pd.DataFrame]:
    """Shipped file by its key."""
    return lambda key: _read(ROOT / "datasets" / f"{key}.csv")


@pytest.fixture(scope="session")
def package() -> dict[str, Any]:
    text = (ROOT / "datasets" / "datapackage.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, keep_default_na=False, na_values=[""])
