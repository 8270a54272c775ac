"""Kinds of answer: what each accepts, and when it is right."""

from __future__ import annotations

from helpers.exercises.kinds.base import Finding, Kind
from helpers.exercises.kinds.figures import Axes
from helpers.exercises.kinds.functions import Function
from helpers.exercises.kinds.lists import List
from helpers.exercises.kinds.numbers import Integer, Number, Share
from helpers.exercises.kinds.tables import Table
from helpers.exercises.kinds.texts import Choice, Text, Words

__all__ = [
    "Axes",
    "Choice",
    "Finding",
    "Function",
    "Integer",
    "Kind",
    "List",
    "Number",
    "Share",
    "Table",
    "Text",
    "Words",
]
