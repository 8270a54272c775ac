"""Tables: rows found by their keys, whatever the order of rows and columns.

The idea: a table answers a question about units (a country in a year), so rows are compared by their keys. Where the
keys stand, as columns or in the index, in which order, and as which type, says nothing about the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, TypeAlias

from helpers.exercises.answer import Answer, Cell, Column
from helpers.exercises.kinds.base import Finding, Kind, as_answer, plural, table, with_parts
from helpers.exercises.kinds.numbers import Number, Share, Shown, parse, shown
from helpers.exercises.kinds.texts import plain

Key: TypeAlias = tuple[object, ...]
Rows: TypeAlias = Mapping[Key, tuple[Cell, ...]]


@dataclass(frozen=True)
class Table(Kind):
    """A table: a DataFrame, a Series or a dictionary.

    Parameters
    ----------
    keys : tuple of str
        Columns that together name a row. They may stand in the index.
    values : tuple of str
        Columns that are compared. Further columns are left out, with a remark.
    decimals : int
        Decimals that numbers are asked for.
    tolerance : float
        Distance that is always allowed, as for `Number`.

    Examples
    --------
    >>> kind = Table(keys=("unit",), values=("troops",), decimals=0)
    >>> given = Answer("table", (Column("troops", (5, 7)), Column("unit", ("KOR", "DEU"))))
    >>> right = Answer("table", (Column("unit", ("DEU", "KOR"), True), Column("troops", (7.0, 5.0))))
    >>> kind.examine(given, right).right
    True
    """

    wanted: ClassVar[str] = "a table"

    keys: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    decimals: int = 2
    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if not self.keys or not self.values:
            raise ValueError("A Table needs the names of its keys and of its values, each in a tuple.")

    def describe(self) -> str:
        """Name the columns."""
        return f"a table with the columns {', '.join((*self.keys, *self.values))}"

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare two tables by their keys."""
        if answer.kind != "table":
            return self.wrong_type(answer)
        found = self._columns(answer)
        missing = [name for name in (*self.keys, *self.values) if name not in found]
        if missing:
            return self._lacking(answer, missing)
        keys = _keys(found[name] for name in self.keys)
        if len(set(keys)) < len(keys):
            return Finding(False, self._doubled(keys), (COLUMNS,), "doubled rows")
        targets = self._rows(right)
        finding = self._compare(_rows(keys, [found[name] for name in self.values]), targets)
        return with_parts(finding, COLUMNS) if not finding.right else self._remark(answer, found)

    def variants(self, answer: Answer) -> tuple[Answer, ...]:
        """The table as it is, and with rounded numbers."""
        rounded = tuple(
            Column(
                column.name, tuple(_rounded(cell, self.decimals) for cell in column.cells), column.is_index
            )
            if column.name in self.values
            else column
            for column in table(answer)
        )
        return (answer, Answer("table", rounded, answer.source))

    def _rows(self, right: Answer) -> Rows:
        found = self._columns(right)
        missing = [name for name in (*self.keys, *self.values) if name not in found]
        if missing:
            raise ValueError(f"the right table lacks {', '.join(missing)}")
        return _rows(_keys(found[name] for name in self.keys), [found[name] for name in self.values])

    def _columns(self, answer: Answer) -> dict[str, Column]:
        """Columns by the names that the exercise uses; an unnamed index or value stands for the one that is missing."""
        columns = table(answer)
        found = {name: column for name in (*self.keys, *self.values) if (column := _named(columns, name))}
        for names, is_index in ((self.keys, True), (self.values, False)):
            left = [name for name in names if name not in found]
            unnamed = [each for each in columns if each.is_index == is_index and each not in found.values()]
            if len(left) == 1 and len(unnamed) == 1 and _may_stand_for(unnamed[0], answer, len(names)):
                found[left[0]] = unnamed[0]
        return found

    def _lacking(self, answer: Answer, missing: list[str]) -> Finding:
        if self._is_long(answer):
            return Finding(False, self._about_a_long_one(), mistake="long")
        if answer.source == "Series":
            return Finding(
                False,
                f"You gave one column (a Series); asked for is {self.describe()}. Choose columns with two pairs of "
                "brackets: `table[[..., ...]]`.",
                mistake="one column",
            )
        has = [column.name for column in table(answer) if column.name]
        split = next((name for name in missing if {f"{name}_x", f"{name}_y"} <= set(has)), None)
        if split is not None:
            return Finding(False, self._about_a_split(split), mistake="two of one column")
        known = f" It has: {', '.join(has[:12])}." if has else ""
        return Finding(
            False,
            f"Your table lacks the column{'s' * (len(missing) > 1)} {' and '.join(missing)}.{known}",
            mistake="missing columns",
        )

    def _is_long(self, answer: Answer) -> bool:
        """Whether the names of several columns that are asked for stand in one column of the answer."""
        wanted = set(map(plain, self.values))
        named = ({plain(str(cell)) for cell in column.cells} for column in table(answer))
        return len(wanted) > 1 and any(wanted <= cells for cells in named)

    def _about_a_long_one(self) -> str:
        return (
            f"What should be columns stands in rows: {' and '.join(self.values)}. In `pivot_table`, the values of what "
            "goes to `columns` become columns."
        )

    def _about_a_split(self, name: str) -> str:
        """Say why a join made `name_x` and `name_y`."""
        seen = f"Your table has `{name}_x` and `{name}_y`, because both tables of the join had a column `{name}`."
        if name in self.keys:
            return f"{seen} Join on it as well: every column that has to agree goes into the list, `on=[..., ...]`."
        return f"{seen} Before the join, give one of them a name of its own with `rename`."

    def _doubled(self, keys: list[Key]) -> str:
        seen: set[Key] = set()
        double = next(key for key in keys if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        return (
            f"More than one row is there for {_in_words(double)}. Each {' and '.join(self.keys)} has one row."
        )

    def _compare(self, given: Rows, targets: Rows) -> Finding:
        too_few = len(targets.keys() - given.keys())
        too_many = [key for key in given if key not in targets]
        shared = [key for key in targets if key in given]
        parts = tuple(
            name
            for place, name in enumerate(self.values)
            if self._n_wrong(place, shared, given, targets) == 0
        )
        if targets and not given:
            return Finding(False, EMPTY, mistake="no rows")
        if too_few or too_many:
            return Finding(False, _about_rows(too_few, too_many), mistake="rows")
        wrong = [name for name in self.values if name not in parts]
        if not wrong:
            return Finding(True)
        named = tuple(f"the column {name}" for name in parts)
        return with_parts(self._explain(wrong[0], given, targets), ROWS, *named)

    def _n_wrong(self, place: int, keys: list[Key], given: Rows, targets: Rows) -> int:
        return sum(not self._same(given[key][place], targets[key][place]) for key in keys)

    def _explain(self, name: str, given: Rows, targets: Rows) -> Finding:
        """Say what is wrong with the column `name`, by a wrong way that fits all of it if there is one."""
        place = self.values.index(name)
        pairs = [(as_answer(given[key][place]), as_answer(targets[key][place])) for key in targets]
        of = Share if _are_shares(pairs) else Number
        kind = of(decimals=self.decimals, tolerance=self.tolerance)
        wrong = [pair for pair in pairs if not self._same(*map(_cell, pair))]
        found = [kind.examine(*pair) for pair in wrong if _is_number(pair[1])]
        ways = {finding.mistake for finding in found}
        text = f"In the column {name}, {len(wrong):,} of {plural(len(pairs), 'row')} differ."
        if len(found) < len(wrong) or len(ways) != 1 or ways == {None}:
            return Finding(False, text)
        return Finding(False, f"{text} {found[0].message}", mistake=found[0].mistake)

    def _same(self, given: Cell, target: Cell) -> bool:
        if target is None or given is None:
            return target is given
        if isinstance(target, bool) or isinstance(given, bool):
            return _truth(given) is not None and _truth(given) == _truth(target)
        if isinstance(target, int | float):
            return (
                given == target
                or Number(decimals=self.decimals, tolerance=self.tolerance)
                .examine(as_answer(given), as_answer(target))
                .right
            )
        if isinstance(target, str):
            return isinstance(given, str) and plain(given) == plain(target)
        return given == target

    def _remark(self, answer: Answer, found: Mapping[str, Column]) -> Finding:
        extra = [column.name for column in table(answer) if column.name and column not in found.values()]
        text = f"Your table has further columns ({', '.join(extra[:6])}); they were not looked at."
        return Finding(True, text if extra else "")


COLUMNS = "the columns"
EMPTY = "Your table has no rows: none fits all of your conditions."
ROWS = "the rows"


def _may_stand_for(column: Column, answer: Answer, n_names: int) -> bool:
    """Whether a column may be meant although its name is another."""
    return not column.name or (n_names == 1 and not column.is_index and answer.source == "Series")


def _named(columns: Iterable[Column], name: str) -> Column | None:
    columns = list(columns)
    exact = next((column for column in columns if column.name == name), None)
    return exact or next((column for column in columns if plain(column.name) == plain(name)), None)


def _keys(columns: Iterable[Column]) -> list[Key]:
    return list(zip(*(map(_comparable, column.cells) for column in columns), strict=True))


def _rows(keys: list[Key], values: list[Column]) -> Rows:
    return dict(zip(keys, zip(*(column.cells for column in values), strict=True), strict=True))


def _comparable(cell: Cell) -> object:
    """One form for 1990, 1990.0 and "1990", and for texts that mean the same."""
    number = _number(cell)
    if number is not None:
        return number.value
    return plain(cell) if isinstance(cell, str) else cell


def _number(cell: Cell) -> Shown | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return shown(cell)
    return parse(cell) if isinstance(cell, str) else None


def _is_number(answer: Answer) -> bool:
    return answer.kind == "number" and not isinstance(answer.value, str)


def _are_shares(pairs: list[tuple[Answer, Answer]]) -> bool:
    return all(abs(target.value) <= 1 for _, target in pairs if isinstance(target.value, int | float))


def _cell(answer: Answer) -> Cell:
    if isinstance(answer.value, bool | int | float | str) and answer.value not in ("nan", "inf", "-inf"):
        return answer.value
    return None if answer.value == "nan" else answer


def _truth(cell: Cell) -> bool | None:
    if isinstance(cell, bool | int | float):
        return bool(cell) if cell in (0, 1) else None
    return {"true": True, "false": False}.get(plain(cell)) if isinstance(cell, str) else None


def _rounded(cell: Cell, decimals: int) -> Cell:
    return round(cell, decimals) if isinstance(cell, float) else cell


def _in_words(key: Key) -> str:
    return ", ".join(f"{part:f}" if isinstance(part, Decimal) else str(part) for part in key)


def _about_rows(too_few: int, too_many: list[Key]) -> str:
    texts = []
    if too_few:
        texts.append(f"{plural(too_few, 'row is', 'rows are')} missing.")
    if too_many:
        example = _in_words(too_many[0])
        texts.append(f"{plural(len(too_many), 'row does', 'rows do')} not belong there, such as {example}.")
    return " ".join(texts)
