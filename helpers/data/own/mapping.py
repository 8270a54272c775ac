"""The mapping: a YAML file that says which column is what, and what each code means; read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.data.own.files import OwnStudyError

CHANGES = ("withdrawal", "deployment", "difference")
TOP = ("title", "source", "change", "arms", "outcomes", "covariates", "respondent", "simulated", "encoding")
UNSET = "???"
MISSING = "missing"
MOST_ANSWERS = 11


@dataclass(frozen=True)
class OwnOutcome:
    """An outcome: whole numbers from `lowest` to `highest`.

    Parameters
    ----------
    name : str
    words : str
        What it measures, in a few words.
    lowest, highest : int
        Ends of the scale.
    low, high : str
        What the ends mean.
    """

    name: str
    words: str
    lowest: int
    highest: int
    low: str = ""
    high: str = ""


@dataclass(frozen=True)
class Column:
    """How one column of the file is turned.

    Parameters
    ----------
    column : str
        Name in the file.
    codes : mapping or None
        What stands in the file (as canonical text) to what it becomes; None to leave numbers as they are.
    missing : tuple of str
        Canonical text of what counts as missing.
    """

    column: str
    codes: Mapping[str, Any] | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class ArmColumns:
    """Where the arm stands: in one column, or spread over columns of 0 and 1.

    Parameters
    ----------
    labels : mapping
        Arm to words, in the order of the file.
    reference : str
    one : Column or None
        The column whose codes name the arm.
    missing_is : str
        Arm of people without a value in it, or in all of them; empty if they are in none.
    spread : mapping
        Arm to its 0/1 column.
    none : str
        Arm of people with 0 in all of them; empty if they are in none.
    together : str
        Arm of people with 1 in both of two columns; empty if that must not be.
    """

    labels: Mapping[str, str]
    reference: str
    one: Column | None = None
    missing_is: str = ""
    spread: Mapping[str, str] = field(default_factory=dict)
    none: str = ""
    together: str = ""


@dataclass(frozen=True)
class MappingFile:
    """A mapping as it was read.

    Parameters
    ----------
    file, title, source, change : str
    arms : ArmColumns
    outcomes : mapping
        Name to the outcome, its column, and whether it is turned.
    covariates : mapping
        Name to its column.
    respondent : str
        Column that numbers people; empty to count them.
    simulated : bool
    encoding : str
    """

    file: str
    title: str
    source: str
    change: str
    arms: ArmColumns
    outcomes: Mapping[str, tuple[OwnOutcome, Column, bool]]
    covariates: Mapping[str, Column]
    respondent: str
    simulated: bool
    encoding: str


def canonical(value: Any) -> str:
    """Text by which a code is known, whether it is written 1, 1.0 or "1".

    Examples
    --------
    >>> canonical(1.0), canonical(" 1 "), canonical("Very much")
    ('1', '1', 'Very much')
    """
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        return text
    return f"{number:g}" if abs(number) < 1e6 else text


def read_mapping(given: Path | str) -> MappingFile:
    """Read a mapping.

    Parameters
    ----------
    given : Path or str
        A YAML file, as `course map-study` drafts it, or the text of one.

    Returns
    -------
    MappingFile

    Raises
    ------
    OwnStudyError
        Names the file, the place and what was expected.
    """
    return _Reader(given).mapping_file()


class _Reader:
    """One YAML file; what is missing, unknown or odd is said with its place."""

    def __init__(self, given: Path | str) -> None:
        import yaml

        self.file = given.name if isinstance(given, Path) else "the mapping"
        try:
            text = given.read_text(encoding="utf-8") if isinstance(given, Path) else given
            self.content = yaml.safe_load(text)
        except FileNotFoundError:
            raise OwnStudyError(
                f"There is no mapping {given}. Draft one with: course map-study FILE."
            ) from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}" if mark else ""
            raise OwnStudyError(
                f"{self.file}{where} is no YAML that can be read; see that names end with a colon, that what belongs "
                "together is indented alike, and that words with a colon or a quote stand in quotation marks."
            ) from None

    def mapping_file(self) -> MappingFile:
        top = self.part(
            "the file", self.content, TOP, needed=("title", "source", "change", "arms", "outcomes")
        )
        title, source = (self.text(each, top[each]) for each in ("title", "source"))
        change = self.one_of("change", top["change"], CHANGES)
        arms = self.arms(top["arms"])
        outcomes = {
            self.name("outcomes", name): self.outcome(name, given)
            for name, given in self.names("outcomes", top["outcomes"]).items()
        }
        covariates = {
            self.name("covariates", name): self.covariate(name, given)
            for name, given in self.names("covariates", top.get("covariates") or {}, empty=True).items()
        }
        for name in outcomes:
            if name in covariates:
                self.odd(f"covariates: {name}", "another name, because an outcome has it")
        return MappingFile(
            self.file, title, source, change, arms, outcomes, covariates, str(top.get("respondent") or ""),
            self.truth("simulated", top.get("simulated", False)), str(top.get("encoding") or "utf-8-sig"),
        )  # fmt: skip

    def arms(self, given: Any) -> ArmColumns:
        keys = (
            "column",
            "codes",
            "missing",
            "missing_is",
            "columns",
            "none",
            "together",
            "reference",
            "labels",
        )
        part = self.part("arms", given, keys, needed=("reference",))
        if ("column" in part) == ("columns" in part):
            self.odd("arms", "either `column`, whose codes name the arm, or `columns` of 0 and 1")
        found = self.in_one_column(part) if "column" in part else self.spread(part)
        known = list(found.labels)
        self.one_of("arms: reference", found.reference, known)
        if len(known) < 2:
            self.odd("arms", f"two arms or more, not {', '.join(known)}")
        words = self.names("arms: labels", part.get("labels") or {}, empty=True)
        for name in words:
            self.one_of("arms: labels", name, known)
        labels = {name: self.text(f"arms: labels: {name}", words.get(name, name)) for name in known}
        return ArmColumns(
            labels, found.reference, found.one, found.missing_is, found.spread, found.none, found.together
        )

    def in_one_column(self, part: dict[str, Any]) -> ArmColumns:
        self.refuse("arms", part, ("none", "together"), "`column`")
        codes = self.codes("arms: codes", part.get("codes"))
        for code, arm in codes.items():
            if arm != MISSING:
                self.text(f"arms: codes: {code}", arm)
        missing_is = str(part.get("missing_is") or "")
        named = [arm for arm in codes.values() if arm != MISSING]
        labels = dict.fromkeys([*([missing_is] if missing_is else []), *named], "")
        column = Column(self.column("arms", part), codes, self.missing(part))
        return ArmColumns(labels, str(part["reference"]), column, missing_is)

    def spread(self, part: dict[str, Any]) -> ArmColumns:
        self.refuse("arms", part, ("codes", "missing"), "`columns`")
        columns = {
            str(arm): self.set_text(f"arms: columns: {arm}", column)
            for arm, column in self.names("arms: columns", part["columns"]).items()
        }
        none, together, missing_is = (
            str(part.get(each) or "") for each in ("none", "together", "missing_is")
        )
        if together and len(columns) != 2:
            self.odd("arms: together", f"to be used with two columns, and there are {len(columns)}")
        names = [
            *filter(None, dict.fromkeys([none, missing_is])),
            *columns,
            *([together] if together else []),
        ]
        if len(set(names)) < len(names):
            self.odd("arms", "each arm once")
        return ArmColumns(
            dict.fromkeys(names, ""), str(part["reference"]), None, missing_is, columns, none, together
        )

    def outcome(self, name: Any, given: Any) -> tuple[OwnOutcome, Column, bool]:
        at = f"outcomes: {name}"
        keys = ("column", "words", "codes", "lowest", "highest", "missing", "reverse", "low", "high")
        part = self.part(at, given, keys, needed=("column",))
        codes = self.codes(f"{at}: codes", part["codes"]) if "codes" in part else None
        for code, value in (codes or {}).items():
            if value != MISSING:
                self.whole(f"{at}: codes: {code}", value)
        numbers = [value for value in (codes or {}).values() if value != MISSING]
        if not numbers and not {"lowest", "highest"} <= set(part):
            self.odd(at, "`lowest` and `highest`, or `codes` that turn what stands in the file into numbers")
        lowest = self.whole(f"{at}: lowest", part.get("lowest", min(numbers, default=0)))
        highest = self.whole(f"{at}: highest", part.get("highest", max(numbers, default=0)))
        if not 1 <= highest - lowest < MOST_ANSWERS:
            self.odd(at, f"a scale of 2 to {MOST_ANSWERS} whole numbers, not {lowest} to {highest}")
        for code, value in (codes or {}).items():
            if value != MISSING and not lowest <= value <= highest:
                self.odd(f"{at}: codes: {code}", f"a number from {lowest} to {highest}, not {value}")
        words = [
            self.text(f"{at}: {each}", part.get(each, name if each == "words" else "-"))
            for each in ("words", "low", "high")
        ]
        ends = ["" if each == "-" else each for each in words[1:]]
        column = Column(self.column(at, part), codes, self.missing(part))
        outcome = OwnOutcome(str(name), words[0], lowest, highest, *ends)
        return outcome, column, self.truth(f"{at}: reverse", part.get("reverse", False))

    def covariate(self, name: Any, given: Any) -> Column:
        at = f"covariates: {name}"
        part = self.part(at, given, ("column", "codes", "missing"), needed=("column",))
        codes = self.codes(f"{at}: codes", part["codes"]) if "codes" in part else None
        return Column(self.column(at, part), codes, self.missing(part))

    # What a value must be.

    def odd(self, at: str, expected: str) -> Any:
        raise OwnStudyError(f"{self.file}, at {at}: expected {expected}.")

    def part(self, at: str, given: Any, known: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, Any]:
        found = self.names(at, given)
        for name in needed:
            if name not in found:
                self.odd(at, f"{name!r}, which is missing")
        for name in found:
            if name not in known:
                self.odd(at, f"only {', '.join(known)}; {name!r} is unknown")
        return found

    def names(self, at: str, given: Any, *, empty: bool = False) -> dict[Any, Any]:
        if not isinstance(given, dict) or not (given or empty):
            self.odd(at, "names with values, such as `name: value`")
        return dict(given)

    def name(self, at: str, given: Any) -> str:
        if not isinstance(given, str) or not given.isidentifier() or given in ("arm", "respondent"):
            self.odd(at, f"a name of letters, digits and _ that is not 'arm' or 'respondent', not {given!r}")
        return str(given)

    def refuse(self, at: str, part: dict[str, Any], names: tuple[str, ...], beside: str) -> None:
        for name in names:
            if name in part:
                self.odd(at, f"no {name!r} beside {beside}")

    def column(self, at: str, part: dict[str, Any]) -> str:
        return self.set_text(f"{at}: column", part["column"])

    def set_text(self, at: str, given: Any) -> str:
        if given == UNSET or given is None:
            self.odd(at, f"the name of a column in the data; it is still {UNSET}")
        return str(given)

    def codes(self, at: str, given: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for code, value in self.names(at, given).items():
            if isinstance(code, bool) or isinstance(value, bool):
                self.odd(at, 'yes, no, true and false in quotation marks, such as "yes": 1')
            if canonical(code) in found:
                self.odd(at, f"each code once; {code!r} is there twice")
            if not set(str(code)) - {"?"}:
                self.odd(at, f"codes of the file in place of {code}")
            if value is None or value == UNSET:
                self.odd(f"{at}: {code}", f"what {code!r} means; it is still open")
            found[canonical(code)] = value
        return found

    def missing(self, part: dict[str, Any]) -> tuple[str, ...]:
        given = part.get("missing", [])
        return tuple(canonical(each) for each in (given if isinstance(given, list) else [given]))

    def one_of(self, at: str, given: Any, known: Any) -> str:
        if given not in list(known):
            self.odd(at, f"one of {', '.join(map(str, known))}, not {given!r}")
        return str(given)

    def text(self, at: str, given: Any) -> str:
        if not isinstance(given, str) or not given.strip() or given == UNSET:
            self.odd(at, f"words, not {given!r}")
        return " ".join(str(given).split())

    def whole(self, at: str, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int):
            self.odd(at, f"a whole number, not {given!r}")
        return int(given)

    def truth(self, at: str, given: Any) -> bool:
        if not isinstance(given, bool):
            self.odd(at, f"yes or no, not {given!r}")
        return bool(given)
