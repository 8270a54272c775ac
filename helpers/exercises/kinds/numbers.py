"""Numbers: right at the decimals in which they are given.

The rule. Let d be the decimals that the exercise asks for and g those that the answer shows (zeros at the end of a
float do not show). Both numbers are compared at k = max(d, min(g, d + 4)) decimals: the answer is right if it lies
within half a unit of the k-th decimal of the right one. The end points count, so a half may be rounded up or to the
even digit. So 0.54 and 0.537 are right for 0.5372 if d = 2, and 0.538 and 0.5 are not. One part in a million millions
is left to the noise of floating-point sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from helpers.exercises.answer import Answer
from helpers.exercises.kinds.base import Finding, Kind, describe, unwrapped

NOISE = Decimal("1e-12")
FURTHER_DECIMALS = 4
_PER_CENT = ("%", "per cent", "percent")
_SPACES = " \u00a0\u2009\u202f"


@dataclass(frozen=True)
class Shown:
    """A number as somebody wrote it down.

    Parameters
    ----------
    value : Decimal
    decimals : int
        Digits behind the point.
    """

    value: Decimal
    decimals: int


def shown(number: float) -> Shown:
    """How Python shows `number`, without the zeros at its end.

    Examples
    --------
    >>> shown(26525.0).decimals, shown(0.537).decimals
    (0, 3)
    """
    value = Decimal(repr(number)).normalize()
    return Shown(value, max(0, -int(value.as_tuple().exponent)))


def parse(text: str) -> Shown | None:
    """Read a number from a text, with or without separators of thousands.

    Examples
    --------
    >>> parse("26,525.40")
    Shown(value=Decimal('26525.40'), decimals=2)
    >>> parse("0,54") is None
    True
    """
    text = text.strip().replace("−", "-")
    for separator in (",", *_SPACES):
        text = _without_separator(text, separator)
    if not text or len(text) > 40 or not set(text) <= set("0123456789+-.eE"):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    exponent = int(value.as_tuple().exponent)
    return Shown(value, max(0, -exponent)) if -400 < value.adjusted() <= 308 else None


def _without_separator(text: str, separator: str) -> str:
    """Remove `separator` if it stands between groups of three digits only."""
    if separator not in text:
        return text
    whole, point, rest = text.partition(".")
    first, *groups = whole.split(separator)
    is_grouped = 0 < len(first.lstrip("+-")) <= 3 and all(
        len(each) == 3 and each.isdigit() for each in groups
    )
    return "".join((first, *groups, point, rest)) if is_grouped else text


def agree(given: Shown, right: Decimal, decimals: int, tolerance: float = 0.0) -> bool:
    """Whether `given` is `right`, by the rule of this module.

    Parameters
    ----------
    given : Shown
    right : Decimal
    decimals : int
        Decimals that the exercise asks for.
    tolerance : float
        Distance that is always allowed, for answers that chance moves.

    Examples
    --------
    >>> [agree(shown(x), Decimal("0.5372"), 2) for x in (0.54, 0.537, 0.538, 0.5)]
    [True, True, False, False]
    """
    places = max(decimals, min(given.decimals, decimals + FURTHER_DECIMALS))
    noise = min(abs(right) * NOISE, half_unit(decimals))
    return abs(given.value - right) <= max(half_unit(places), noise, Decimal(repr(tolerance)))


def half_unit(decimals: int) -> Decimal:
    """Half a unit of the last of so many decimals."""
    return Decimal(5).scaleb(-decimals - 1)


@dataclass(frozen=True)
class Number(Kind):
    """A number.

    Parameters
    ----------
    decimals : int
        Decimals that the exercise asks for; more may be given.
    unit : str
        For messages, such as "scale points". "%" lets the judge recognise a share.
    tolerance : float
        Distance that is always allowed, in units of the answer.

    Examples
    --------
    >>> Number(decimals=2).examine(Answer("text", "0.54"), Answer("number", 0.5372)).right
    True
    """

    wanted: ClassVar[str] = "one number"

    decimals: int = 2
    unit: str = ""
    tolerance: float = 0.0

    def describe(self) -> str:
        """What is asked for, with its unit and decimals."""
        unit = f" in {self.unit}" if self.unit else ""
        return f"{self.wanted}{unit}{_with_decimals(self.decimals)}"

    def examine(self, answer: Answer, right: Answer) -> Finding:
        """Compare two numbers, whatever they are wrapped in."""
        given = self.read(answer)
        if isinstance(given, Finding):
            return given
        target = self.target(right)
        return Finding(True) if self.fits(given, target) else self.recognise(given, target)

    def target(self, right: Answer) -> Decimal:
        """Give the number that is right."""
        found = self.read(right)
        if isinstance(found, Finding):
            raise ValueError(f"the right answer is {describe(right)}, not {self.wanted}")
        return found.value

    def fits(self, given: Shown, right: Decimal) -> bool:
        """Whether a number is the right one."""
        return agree(given, right, self.decimals, self.tolerance)

    def read(self, answer: Answer) -> Shown | Finding:
        """Find the number in an answer, or say why there is none."""
        answer = unwrapped(answer)
        if answer.kind == "text":
            return self.parse(str(answer.value)) or self._no_number(str(answer.value))
        if answer.kind == "bool":
            return Finding(False, f"You gave {answer.value}, which is no number.", mistake="bool")
        if answer.kind != "number":
            return self._not_one(answer)
        if isinstance(answer.value, str):
            return _not_finite(answer.value)
        assert isinstance(answer.value, int | float)
        return shown(answer.value)

    def parse(self, text: str) -> Shown | None:
        """Read a number from a text."""
        return parse(text)

    def recognise(self, given: Shown, right: Decimal) -> Finding:
        """Name the wrong ways that any number may go."""
        if right and self.fits(Shown(-given.value, given.decimals), right):
            return Finding(False, SIGN, ("the size",), "sign")
        if self.unit in _PER_CENT and self.fits(_times(given, 100), right):
            return Finding(False, SHARE, ("the figure itself",), "share")
        if _is_rounded_too_far(given, right, self.decimals):
            return Finding(False, _more_decimals(self.decimals), ("the first digits",), "rounded")
        return Finding(False)

    def variants(self, answer: Answer) -> tuple[Answer, ...]:
        """The number as it is and at the decimals asked for."""
        given = self.read(answer)
        if isinstance(given, Finding):
            return (answer,)
        return (answer, Answer("number", round(float(given.value), self.decimals)))

    def _not_one(self, answer: Answer) -> Finding:
        if answer.kind in ("list", "table"):
            return Finding(
                False, f"You gave {describe(answer)}; asked for is {self.wanted}.", mistake="several values"
            )
        return self.wrong_type(answer)

    def _no_number(self, text: str) -> Finding:
        return Finding(
            False,
            f"The text {quoted(text)} is no number. Write the number without quotation marks, with a point before "
            "the decimals.",
            mistake="type",
        )


SIGN = "The sign is the other way round. Ask which group, or which year, is taken from which."
PER_CENT = "That is per cent; a share lies between 0 and 1."
SHARE = "That is a share between 0 and 1; the question asks for per cent."


def quoted(text: str) -> str:
    """Show the beginning of a text, without characters that a terminal would obey."""
    return repr(text[:40] + "…" * (len(text) > 40))


def _with_decimals(decimals: int) -> str:
    return f", with at least {decimals} decimal{'s' * (decimals != 1)}" if decimals else ""


def _more_decimals(decimals: int) -> str:
    return f"You rounded too far. Give at least {decimals} decimal{'s' * (decimals != 1)}."


def _times(given: Shown, factor: int) -> Shown:
    """Multiply by a power of ten, as somebody moves the point."""
    moved = len(str(factor)) - 1
    return Shown(given.value.scaleb(moved), max(0, given.decimals - moved))


def _divided_by_hundred(given: Shown) -> Shown:
    return Shown(given.value.scaleb(-2), given.decimals + 2)


def _is_rounded_too_far(given: Shown, right: Decimal, decimals: int) -> bool:
    near = abs(given.value - right) <= min(half_unit(given.decimals), abs(right) / 10)
    return given.decimals < decimals and near and given.value != 0


def _not_finite(name: str) -> Finding:
    if name == "nan":
        return Finding(
            False,
            "Your number is missing (NaN). A missing value got into the computation, or a selection was empty.",
            mistake="nan",
        )
    return Finding(
        False, "Your number is infinite. Somewhere a number was divided by zero.", mistake="infinite"
    )


@dataclass(frozen=True)
class Share(Number):
    """A share between 0 and 1.

    Parameters
    ----------
    accept_per_cent : bool
        Whether 54 counts for 0.54. If not, it is recognised as per cent. The text "54 %" counts in any case.

    Examples
    --------
    >>> Share().examine(Answer("number", 53.7), Answer("number", 0.5372)).mistake
    'per cent'
    """

    wanted: ClassVar[str] = "one share between 0 and 1"

    accept_per_cent: bool = False

    def fits(self, given: Shown, right: Decimal) -> bool:
        """Whether a share is the right one, in per cent too where that is accepted."""
        if super().fits(given, right):
            return True
        return self.accept_per_cent and super().fits(_divided_by_hundred(given), right)

    def parse(self, text: str) -> Shown | None:
        """Read a share from a text such as "0.54" or "54 %"."""
        text = text.strip()
        if not text.endswith("%"):
            return parse(text)
        given = parse(text[:-1])
        return given and _divided_by_hundred(given)

    def recognise(self, given: Shown, right: Decimal) -> Finding:
        """Name per cent, and a share that cannot be one."""
        if super().fits(_divided_by_hundred(given), right):
            return Finding(False, PER_CENT, ("the figure itself",), "per cent")
        finding = super().recognise(given, right)
        if finding.mistake is None and abs(given.value) > 1:
            return Finding(False, "A share lies between 0 and 1.")
        return finding


@dataclass(frozen=True)
class Integer(Number):
    """A whole number.

    Examples
    --------
    >>> Integer(unit="troops").describe()
    'one whole number in troops'
    """

    wanted: ClassVar[str] = "one whole number"

    decimals: int = 0
