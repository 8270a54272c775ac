"""Somebody else's survey experiment, brought into the course's form by a file that says what stands where.

A data file keeps its own column names and codes. A *mapping*, one small YAML file, says which column names the arm,
which hold outcomes and covariates, and what each code means. Reading both gives answers that `effects` and the labs
take. Nothing is guessed: a value that the mapping does not know is named with its column and row.
"""

from __future__ import annotations

from helpers.data.own.draft import draft_mapping
from helpers.data.own.files import OwnStudyError
from helpers.data.own.loading import OwnStudy, load_study
from helpers.data.own.mapping import OwnOutcome

__all__ = ["OwnOutcome", "OwnStudy", "OwnStudyError", "draft_mapping", "load_study"]
