"""Functions: right if they give right results for inputs that the student did not choose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from helpers.exercises.answer import Answer
from helpers.exercises.kinds.base import Finding, Kind, Uniform, describe, items, plural
from helpers.exercises.kinds.numbers import Number

if TYPE_CHECKING:
    from helpers.exercises.codec import Inputs
    from helpers.exercises.exercise import Context


WRONG_TYPES = ("type", "bool", "several values", "not called", "not a value yet")


@dataclass(frozen=True)
class Function(Kind):
    """A function that the student defines.

    Parameters
    ----------
    inputs : tuple of tuples, or callable
        Arguments of each call, as plain numbers, texts and lists; or a function of the context that gives them.
        `check` calls the answer with these, and anybody can read them.
    of : Kind
        Kind of each result.
    draw : callable, optional
        Gives the arguments of one more call, which nobody can foresee. It takes a source of uniform numbers from 0 to
        below 1, to be called for each, and turns them into arguments. Only a grader draws.
    n_drawn : int
        Calls with drawn arguments.

    The right answer is a function of our own; it is called with the same inputs.

    Examples
    --------
    >>> kind = Function(inputs=((1, 2), (3, 4)), of=Number(decimals=0))
    >>> results = Answer("calls", (Answer("number", 3), Answer("number", 7)))
    >>> kind.examine(results, results).right
    True
    """

    wanted: ClassVar[str] = "a function"

    inputs: Inputs | Callable[[Context], Inputs] = ()
    of: Kind = field(default_factory=Number)
    draw: Callable[[Uniform], Sequence[object]] | None = None
    n_drawn: int = 5

    def __post_init__(self) -> None:
        if self.draw is not None and self.n_drawn < 1:
            raise ValueError(
                f"n_drawn={self.n_drawn}: a function with `draw` is called at least once with it."
            )

    def drawn(self, uniform_of: Callable[[int], Uniform]) -> Inputs:
        """Arguments of the calls that are drawn for a mark."""
        if self.draw is None:
            return ()
        return tuple(tuple(self.draw(uniform_of(index))) for index in range(self.n_drawn))

    def inputs_for(self, context: Context) -> Inputs:
        """Arguments of each call, for this student."""
        return self.inputs(context) if callable(self.inputs) else self.inputs

    def is_attempted(self, answer: Answer) -> bool:
        """Whether the function gives anything back."""
        results = items(answer) if answer.kind == "calls" else ()
        return super().is_attempted(answer) and not (
            results and all(each.kind == "missing" for each in results)
        )

    def not_yet(self, answer: Answer, name: str) -> str:
        """Say that a function without `return` gives nothing."""
        if answer.kind == "calls":
            return f"`{name}` gives nothing back. Is there a `return`?"
        return super().not_yet(answer, name)

    def variants(self, answer: Answer) -> tuple[Answer, ...]:
        """The results as they are, and each in its other form."""
        return (answer, Answer("calls", tuple(self.of.variants(each)[-1] for each in items(answer))))

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare the results of two functions, call by call."""
        if answer.kind != "calls":
            return self._no_function(answer)
        given, targets = items(answer), items(right)
        if len(given) != len(targets):
            return Finding(False, "Your function was called with other inputs.")
        findings = [self._one(one, other) for one, other in zip(given, targets, strict=True)]
        n_right = sum(finding.right for finding in findings)
        if n_right == len(findings):
            return Finding(True)
        wrong = [finding for finding in findings if not finding.right]
        first = next((finding for finding in wrong if finding.message), wrong[0])
        parts = (f"{n_right} of {plural(len(findings), 'call')}",) if n_right else ()
        return Finding(False, first.message, parts, first.mistake)

    def _one(self, given: Answer, target: Answer) -> Finding:
        if target.kind == "error":
            return Finding(given.kind == "error", "Your function should raise an error for some inputs.")
        if given.kind == "error":
            return Finding(False, f"Your function stopped with {given.value}", mistake="error")
        if given.kind == "missing":
            return Finding(
                False,
                "For some inputs your function gives nothing back. Does every way through it end in a `return`?",
                mistake="no return",
            )
        finding = self.of.examine(given, target)
        if finding.mistake == "order":
            return Finding(
                False, "For some inputs the values are right, and their order is not.", mistake="order"
            )
        if finding.mistake not in WRONG_TYPES:
            return finding
        message = f"Your function gave {describe(given)}; asked for is {self.of.describe()}."
        return Finding(False, message, mistake=finding.mistake)

    def _no_function(self, answer: Answer) -> Finding:
        if answer.kind in ("other", "too_big"):
            return self.wrong_type(answer)
        return Finding(
            False,
            f"You gave {describe(answer)}; asked for is the function itself, without () behind its name.",
            mistake="called",
        )
