"""Lists: several values of one kind, with or without an order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from helpers.exercises.answer import Answer
from helpers.exercises.kinds.base import Finding, Kind, as_answer, items, plural, table
from helpers.exercises.kinds.numbers import Number

Same: TypeAlias = Callable[[Answer, Answer], bool]


@dataclass(frozen=True)
class List(Kind):
    """Several values of one kind.

    Parameters
    ----------
    of : Kind
        Kind of each value.
    ordered : bool
        Whether the order counts.

    Examples
    --------
    >>> kind = List(of=Number(decimals=0), ordered=False)
    >>> kind.examine(Answer("list", (2, 1)), Answer("list", (1, 2))).right
    True
    """

    wanted: ClassVar[str] = "a list"

    of: Kind = field(default_factory=Number)
    ordered: bool = True

    def describe(self) -> str:
        """Say what the list holds."""
        return f"a list in square brackets, each item {self.of.describe()}"

    def is_attempted(self, answer: Answer) -> bool:
        """Whether anything stands in the list."""
        given = items(answer)
        return super().is_attempted(answer) and not (
            answer.kind == "list" and given and all(each.value in ("nan", "...") for each in given)
        )

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare two lists item by item."""
        targets = items(right)
        if not _is_list(answer):
            return self.wrong_type(answer)
        given = items(answer)
        if self.ordered and answer.source == "set":
            return Finding(False, "A set has no order. Give a list, in square brackets.", mistake="set")
        if len(given) != len(targets):
            return self._wrong_length(answer, given, targets)
        n_right = self._count_right(given, targets)
        if n_right == len(targets):
            return Finding(True)
        return self._explain(answer, given, targets, n_right)

    def variants(self, answer: Answer) -> tuple[Answer, ...]:
        """The list as it is, and each item in its other form."""
        each = [self.of.variants(item) for item in items(answer)]
        other = tuple(forms[-1] for forms in each)
        return (answer, Answer("list", other, answer.source))

    def _count_right(self, given: Sequence[Answer], targets: Sequence[Answer]) -> int:
        if self.ordered:
            return sum(self._same(one, other) for one, other in zip(given, targets, strict=True))
        return matched(given, targets, self._same)

    def _same(self, given: Answer, target: Answer) -> bool:
        return given == target or self.of.examine(given, target).right

    def _wrong_length(self, answer: Answer, given: Sequence[Answer], targets: Sequence[Answer]) -> Finding:
        if self._index_is_right(answer, targets):
            return Finding(False, INDEX, ("the names",), "index")
        few = len(given) < len(targets)
        n_right = matched(given[:LONGEST], targets[:LONGEST], self._same)
        return Finding(False, f"Your list has too {'few' if few else 'many'} items.", self._parts(n_right))

    def _explain(
        self, answer: Answer, given: Sequence[Answer], targets: Sequence[Answer], n_right: int
    ) -> Finding:
        if self._index_is_right(answer, targets):
            return Finding(False, INDEX, ("the names",), "index")
        if self.ordered and matched(given, targets, self._same) == len(targets):
            return Finding(False, "The order is not.", ("all items",), "order")
        findings = [self.of.examine(one, other) for one, other in zip(given, targets, strict=True)]
        wrong = next((each for each in findings if not each.right and each.message), Finding(False))
        same = self.ordered or wrong.mistake not in ("sign", "per cent", "share", "rounded")
        if wrong.mistake == "rounded":
            same = same and all(each.right or each.mistake == "rounded" for each in findings)
        message, mistake = (wrong.message, wrong.mistake) if same else ("", None)
        return Finding(False, message, self._parts(n_right), mistake)

    def _index_is_right(self, answer: Answer, targets: Sequence[Answer]) -> bool:
        """Whether the values asked for stand in the index of a Series."""
        levels = [column for column in table(answer) if column.is_index]
        if len(levels) != 1 or len(levels[0].cells) != len(targets):
            return False
        return matched([as_answer(cell) for cell in levels[0].cells], targets, self._same) == len(targets)

    def _parts(self, n_right: int) -> tuple[str, ...]:
        return (plural(n_right, "item"),) if n_right else ()


INDEX = "What is asked for stands in the index of your Series: take `list(... .index)`."
LONGEST = 200
"""So many items are paired in any order; a longer list is compared in its own."""


def _is_list(answer: Answer) -> bool:
    columns = [column for column in table(answer) if not column.is_index]
    return answer.kind == "list" or (answer.source != "dict" and len(columns) == 1)


def matched(given: Sequence[Answer], targets: Sequence[Answer], same: Same) -> int:
    """Number of targets that can be paired with an item of their own."""
    if len(given) != len(targets):
        return _paired_one_by_one(given, targets, same)
    in_order = sum(same(one, other) for one, other in zip(_sorted(given), _sorted(targets), strict=True))
    if in_order == len(targets) or len(targets) > LONGEST:
        return in_order
    return max(in_order, _paired_one_by_one(given, targets, same))


def _paired_one_by_one(given: Sequence[Answer], targets: Sequence[Answer], same: Same) -> int:
    left = list(given)
    found = 0
    for target in targets:
        place = next((place for place, each in enumerate(left) if same(each, target)), None)
        if place is not None:
            del left[place]
            found += 1
    return found


def _sorted(answers: Sequence[Answer]) -> list[Answer]:
    """Numbers by size, before everything else by its text."""
    return sorted(answers, key=_sort_key)


def _sort_key(answer: Answer) -> tuple[int, float, str]:
    if isinstance(answer.value, int | float):
        return (0, answer.value, "")
    return (1, 0.0, answer.to_json())
