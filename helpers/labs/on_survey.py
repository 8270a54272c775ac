"""What the labs on a survey share: its answers may be the course's own, a made-up country's, or the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from helpers.experiments.results import ExperimentError
from helpers.experiments.schema import Schema, schema_of, schema_of_own
from helpers.ui.base import Lab

if TYPE_CHECKING:
    from helpers.data import OwnStudy
    from helpers.experiments.respondents import Fielded

P = TypeVar("P")
R = TypeVar("R")


class OnSurvey(Lab[P, R]):
    """A lab that fills in from its survey what its settings leave empty.

    A subclass gives `_resolved`, beside what every lab gives.

    Parameters
    ----------
    schema : Schema
        The survey.
    remember, **parameters
        As for `Lab`. What was kept for another survey and does not fit this one is left.

    Raises
    ------
    ExperimentError
        If the survey has not what a setting names.
    """

    def __init__(self, schema: Schema, *, remember: bool = True, **parameters: Any) -> None:
        self.schema = schema
        super().__init__(remember=remember, **parameters)
        self._start = self._resolved(self._start)
        try:
            self._wish = self._resolved(self._wish)
        except ExperimentError:
            self._wish = self._start

    def set(self, **parameters: Any) -> None:
        """Change settings by code; the picture follows.

        Parameters
        ----------
        **parameters
            Fields of `Params`.

        Raises
        ------
        ExperimentError
            If the survey has no such outcome or arm.
        """
        super().set(**vars(self._resolved(self._params(parameters, self._wish))))

    def _resolved(self, params: P) -> P:
        """Fill in what is empty; refuse in one sentence what the survey does not have."""
        raise NotImplementedError(f"{type(self).__name__} needs a method _resolved(params).")

    def _arm(self, name: str) -> str:
        """A treatment arm of the survey, the last one if none is named."""
        arm = name or self.schema.treatments[-1]
        if arm not in self.schema.treatments:
            raise ExperimentError(f"No treatment arm {arm!r}; there are {', '.join(self.schema.treatments)}.")
        return arm


def described(data: Schema | OwnStudy | Fielded, lab: str) -> Schema:
    """Answers with what they mean, from whatever holds both.

    Parameters
    ----------
    data : Schema, OwnStudy or Fielded
    lab : str
        Name of the lab that asks.

    Returns
    -------
    Schema

    Raises
    ------
    ExperimentError
        If it is something else, such as a table of answers alone.
    """
    from helpers.data import OwnStudy, study

    if isinstance(data, Schema):
        return data
    if isinstance(data, OwnStudy):
        return schema_of_own(data)
    if not hasattr(data, "study"):
        raise ExperimentError(
            f"{lab} needs answers with their questions, such as `survey(...)` gives them, not "
            f"{type(data).__name__}. A table of answers alone goes into `effects`, `mediation` or "
            "`randomization_test`."
        )
    return schema_of(data, study(data.study))
