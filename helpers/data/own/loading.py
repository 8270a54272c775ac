"""A file and its mapping become answers: one row a respondent, arms by name, outcomes as numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.data.own.files import OwnStudyError, Table, read_table
from helpers.data.own.mapping import (
    MISSING,
    ArmColumns,
    Column,
    MappingFile,
    OwnOutcome,
    canonical,
    read_mapping,
)

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 8
Trouble = tuple[str, int, str, str]


@dataclass(frozen=True, eq=False)
class OwnStudy:
    """Answers to somebody's survey experiment, in the course's form.

    Parameters
    ----------
    title, source : str
    change : str
        What the arms read of: "withdrawal", "deployment", or "difference" for anything else.
    answers : DataFrame
        A row a respondent: respondent, arm, covariates, outcomes. People in none of the arms are not in it.
    outcomes : tuple of OwnOutcome
    arms : mapping
        Arm to a label.
    reference : str
    covariates : tuple of str
    simulated : bool
        Whether the mapping says that the people are made up.
    n_left_out : int
        Rows of the file in none of the arms.
    """

    title: str
    source: str
    change: str
    answers: pd.DataFrame = field(repr=False)
    outcomes: tuple[OwnOutcome, ...]
    arms: Mapping[str, str]
    reference: str
    covariates: tuple[str, ...] = ()
    simulated: bool = False
    n_left_out: int = 0

    def __repr__(self) -> str:
        left_out = f", {self.n_left_out:,} rows in none of the arms" if self.n_left_out else ""
        made = "; simulated for teaching" if self.simulated else ""
        return (
            f"{self.title}: {len(self.answers):,} people, arms {', '.join(self.arms)}, outcomes "
            f"{', '.join(each.name for each in self.outcomes)}{left_out}{made}"
        )

    @property
    def treatments(self) -> tuple[str, ...]:
        """Names of the arms without the reference."""
        return tuple(name for name in self.arms if name != self.reference)

    def to_frame(self) -> pd.DataFrame:
        """Return the answers."""
        return self.answers.copy()

    def codebook(self) -> pd.DataFrame:
        """Columns of the answers: name, what it is, values, how many answers are missing."""
        import pandas as pd

        rows = [("arm", "what was read", ", ".join(self.arms))]
        for name in self.covariates:
            values = self.answers[name].dropna()
            numbers = pd.api.types.is_numeric_dtype(values)
            kinds = f"{values.min():g} to {values.max():g}" if numbers else ", ".join(sorted(set(values)))
            rows.append((name, "measured before", kinds))
        rows += [
            (each.name, each.words, f"{each.lowest} {each.low} ... {each.highest} {each.high}")
            for each in self.outcomes
        ]
        table = pd.DataFrame(rows, columns=["column", "what", "values"])
        return table.assign(missing=[int(self.answers[name].isna().sum()) for name in table["column"]])


def load_study(path: str | Path, mapping: str | Path | None = None) -> OwnStudy:
    """Load a survey experiment of your own, or of somebody's archive.

    Parameters
    ----------
    path : str or Path
        The data: .csv, .tsv, .tab, .dta (Stata), .sav or .zsav (SPSS). Nothing is written to it.
    mapping : str or Path, optional
        The YAML file that says which column is what, or its text (of more than one line, as in a notebook's cell);
        `data.yml` beside `data.csv` if not given. The command `course map-study data.csv` drafts it.

    Returns
    -------
    OwnStudy

    Raises
    ------
    OwnStudyError
        If a file cannot be read, the mapping is not as it must be, or a value does not fit it. The sentence names the
        first value with its column and row (as numbered in the file); `error.to_frame()` has all.

    See Also
    --------
    docs/bring_your_own.md
    """
    path = Path(path)
    plan = read_mapping(_place_or_text(path, mapping))
    table = read_table(path, plan.encoding)
    return _Loading(table, plan).study()


def _place_or_text(path: Path, mapping: str | Path | None) -> Path | str:
    """A mapping's file, or its text: a name of a file has no second line."""
    if mapping is None:
        return path.with_suffix(".yml")
    return mapping if isinstance(mapping, str) and "\n" in mapping else Path(mapping)


class _Loading:
    """Applies a mapping; gathers what does not fit, so that all of it can be told at once."""

    def __init__(self, table: Table, plan: MappingFile) -> None:
        self.table, self.plan = table, plan
        self.troubles: list[Trouble] = []

    def study(self) -> OwnStudy:
        import pandas as pd

        plan = self.plan
        columns: dict[str, Any] = {"respondent": self.respondents(), "arm": self.arms(plan.arms)}
        for name, column in plan.covariates.items():
            columns[name] = self.covariate(name, column)
        for name, (outcome, column, reverse) in plan.outcomes.items():
            columns[name] = self.outcome(outcome, column, reverse)
        self.refuse()
        answers = pd.DataFrame(columns)
        inside = answers["arm"].notna()
        self.refuse_empty(answers[inside])
        return OwnStudy(
            plan.title, plan.source, plan.change, answers[inside].reset_index(drop=True),
            tuple(outcome for outcome, _, _ in plan.outcomes.values()), plan.arms.labels, plan.arms.reference,
            tuple(plan.covariates), plan.simulated, int((~inside).sum()),
        )  # fmt: skip

    def respondents(self) -> Any:
        import pandas as pd

        if not self.plan.respondent:
            return pd.RangeIndex(1, len(self.table.frame) + 1)
        found = self.table.column(self.plan.respondent, "respondent")
        for row in found.index[found.isna()]:
            self.trouble(self.plan.respondent, row, "nothing", "a number or name for each respondent")
        for row in found.index[found.duplicated() & found.notna()]:
            self.trouble(self.plan.respondent, row, found[row], "each respondent once")
        return found

    def arms(self, plan: ArmColumns) -> pd.Series[Any]:
        if plan.one is not None:
            found = self.turned(plan.one, "arms")
            return found.fillna(plan.missing_is) if plan.missing_is else found
        return self.spread(plan)

    def spread(self, plan: ArmColumns) -> pd.Series[Any]:
        import pandas as pd

        expected, before = "0, 1 or nothing", len(self.troubles)
        ones = pd.DataFrame(
            {
                arm: self.turned(Column(column, {"0": 0, "1": 1}), f"arms: columns: {arm}", expected)
                for arm, column in plan.spread.items()
            }
        ).astype(float)
        if len(self.troubles) > before:
            return pd.Series(None, index=ones.index, dtype=object)
        total = ones.sum(axis=1)
        found = ones.fillna(0).idxmax(axis=1).where(total == 1).astype(object)
        if plan.together:
            found = found.where(total != 2, plan.together)
        else:
            for row in total.index[total > 1]:
                both = " and ".join(repr(plan.spread[arm]) for arm in ones.columns if ones[arm][row] == 1)
                first = next(plan.spread[arm] for arm in ones.columns if ones[arm][row] == 1)
                self.trouble(
                    first, row, f"1 in {both}", "1 in one of them at most; or name that arm `together`"
                )
        zeros, empty = (ones == 0).all(axis=1), ones.isna().all(axis=1)
        for row in total.index[(total == 0) & ~zeros & ~empty]:
            column = next(plan.spread[arm] for arm in ones.columns if pd.isna(ones[arm][row]))
            self.trouble(column, row, "nothing", "0 or 1, because other columns of arms have 0 in this row")
        found = found.where(~zeros, plan.none or None)
        return found.where(~empty, plan.missing_is or None)

    def outcome(self, outcome: OwnOutcome, column: Column, reverse: bool) -> pd.Series[Any]:
        at = f"outcomes: {outcome.name}"
        if column.codes is not None:
            values = self.turned(column, at).astype(float)
        else:
            scale = range(outcome.lowest, outcome.highest + 1)
            as_is = Column(column.column, {str(value): value for value in scale}, column.missing)
            expected = f"a whole number from {outcome.lowest} to {outcome.highest}"
            values = self.turned(as_is, at, expected).astype(float)
        turned: pd.Series[Any] = outcome.lowest + outcome.highest - values if reverse else values
        return turned

    def covariate(self, name: str, column: Column) -> pd.Series[Any]:
        import pandas as pd

        at = f"covariates: {name}"
        if column.codes is not None:
            return self.turned(column, at).infer_objects()
        raw = self.table.column(column.column, at)
        kept = raw.where(~raw.map(canonical).isin(column.missing) & raw.notna())
        numbers = pd.to_numeric(self.with_points(kept), errors="coerce")
        if numbers.notna().sum() == kept.notna().sum():
            return numbers.astype(float)
        if 2 * numbers.notna().sum() > kept.notna().sum():
            for row in kept.index[numbers.isna() & kept.notna()]:
                self.trouble(
                    column.column, row, kept[row], "a number, as in other rows; else add it to `missing`"
                )
        return kept.astype(object)

    def with_points(self, values: pd.Series[Any]) -> pd.Series[Any]:
        """Numbers with a decimal comma, as files with semicolons have them, get a point."""
        if not self.table.decimal_comma:
            return values
        return values.map(lambda cell: str(cell).replace(",", "."), na_action="ignore")

    def turned(self, column: Column, at: str, expected: str = "") -> pd.Series[Any]:
        """Values of a column through its codes; what is not among them is trouble."""
        import pandas as pd

        raw = self.table.column(column.column, at)
        meaning = self.meaning(column)
        found: list[Any] = []
        known = ", ".join(list(column.codes or ())[:SHOWN])
        for row, cell in enumerate(raw.tolist()):
            text = None if pd.isna(cell) else canonical(cell)
            if text is None or text in column.missing:
                found.append(None)
            elif text in meaning:
                found.append(None if meaning[text] == MISSING else meaning[text])
            else:
                found.append(None)
                self.trouble(
                    column.column, row, self.shown(column.column, cell),
                    expected or f"one of its codes ({known}); else add it to `codes` or `missing`",
                )  # fmt: skip
        return pd.Series(found, index=raw.index, dtype=object)

    def meaning(self, column: Column) -> dict[str, Any]:
        """What each code in the file becomes; a code may be named by the label that the file gives it."""
        codes = dict(column.codes or {})
        for code, label in self.table.value_labels.get(column.column, {}).items():
            if label in codes and canonical(code) not in codes:
                codes[canonical(code)] = codes[label]
        return codes

    def shown(self, column: str, cell: Any) -> str:
        label = self.table.value_labels.get(column, {}).get(cell)
        return f"{canonical(cell)} ({label})" if label else canonical(cell)

    def trouble(self, column: str, row: Any, value: Any, expected: str) -> None:
        self.troubles.append((column, int(row) + self.table.first_row, str(value), expected))

    def refuse(self) -> None:
        if not self.troubles:
            return
        column, row, value, expected = self.troubles[0]
        more = len(self.troubles) - 1
        others = len({each[0] for each in self.troubles})
        note = f" {more:,} more values do not fit, in {others} columns: see error.to_frame()." if more else ""
        note = note.replace("in 1 columns", "in the same column").replace(
            "1 more values do", "1 more value does"
        )
        raise OwnStudyError(
            f"{self.table.name}, row {row}, column {column!r}: found {value!r}, expected {expected}.{note}",
            tuple(self.troubles),
        )

    def refuse_empty(self, answers: pd.DataFrame) -> None:
        plan = self.plan
        for arm in plan.arms.labels:
            if not (answers["arm"] == arm).any():
                raise OwnStudyError(
                    f"{self.table.name}: nobody is in the arm {arm!r}; see arms in {plan.file}."
                )
        empty: Callable[[str], bool] = lambda name: bool(answers[name].isna().all())  # noqa: E731
        for name in (*plan.covariates, *plan.outcomes):
            if empty(name):
                raise OwnStudyError(
                    f"{self.table.name}: {name!r} is missing for everybody; see its column in {plan.file}."
                )
