"""The course's data: the only code that opens the course's files.

A dataset is a CSV file and an entry in `datasets/datapackage.json`. `load` refuses a file whose bytes are not the
ones the lessons were tested with, `describe` shows the codebook, `catalogue` lists what there is, and `breaks`
tells in which years a series changes its source, so that a step in a line is not mistaken for politics.
"""

from __future__ import annotations

from helpers.data.case import phase_entries, theory_entries
from helpers.data.codebook import Codebook, catalogue, describe
from helpers.data.codings import CodebookError, CodingRules, coding_rules
from helpers.data.errors import ChangedDataset, DatasetError, MissingDataset, UnknownDataset
from helpers.data.fictitious import FictitiousStudent, fictitious_student
from helpers.data.neighbours import Manuscript, manuscript, neighbour_entries
from helpers.data.own import OwnOutcome, OwnStudy, OwnStudyError, draft_mapping, load_study
from helpers.data.package import Break, breaks
from helpers.data.reader import load
from helpers.data.studies import Study, StudyError, World, studies, study, world, worlds
from helpers.data.tracing_set import WorkingSet, working_set

__all__ = [
    "Break",
    "ChangedDataset",
    "Codebook",
    "CodebookError",
    "CodingRules",
    "DatasetError",
    "FictitiousStudent",
    "Manuscript",
    "MissingDataset",
    "OwnOutcome",
    "OwnStudy",
    "OwnStudyError",
    "Study",
    "StudyError",
    "UnknownDataset",
    "WorkingSet",
    "World",
    "breaks",
    "catalogue",
    "coding_rules",
    "describe",
    "draft_mapping",
    "fictitious_student",
    "load",
    "load_study",
    "manuscript",
    "neighbour_entries",
    "phase_entries",
    "studies",
    "study",
    "theory_entries",
    "working_set",
    "world",
    "worlds",
]
