"""The course's codebooks: what the codes for an item are, and the rule for each.

A codebook is one YAML file that a coder reads from top to bottom and that the course reads strictly. It names its
version, because codes given under other rules are codes of something else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.data.errors import DatasetError
from helpers.data.locate import datasets_folder

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("codebook", "evidence_id", "stance", "reason", "certainty", "note")
VARIABLES = ("stance", "reason", "certainty")
RULES = (
    "whose", "towards_what", "third_party", "several_actors", "multiple_allies", "private_and_public",
    "several_reasons", "own_forces", "doubt",
)  # fmt: skip


class CodebookError(DatasetError):
    """A codebook that cannot be used; names the file, the place and what was expected."""


@dataclass(frozen=True)
class Code:
    """One code of a variable.

    Parameters
    ----------
    name : str
        As it stands in a coding file.
    label : str
        As a reader sees it.
    key : str
        The key that gives it: one lower-case letter or digit, its own in the whole codebook.
    definition, include, exclude, example : str
        The rule. An example that the course made up begins with "Invented:".
    """

    name: str
    label: str
    key: str
    definition: str
    include: str
    exclude: str
    example: str


@dataclass(frozen=True)
class Variable:
    """One thing that is coded.

    Parameters
    ----------
    name, question : str
    ordered : bool
        Whether the codes, without `no_stance`, are ranks in the order given.
    codes : mapping from str to Code
    """

    name: str
    question: str
    ordered: bool
    codes: Mapping[str, Code]

    @property
    def order(self) -> tuple[str, ...]:
        """Names of the codes that are ranks, in order; all codes where they are categories."""
        return tuple(name for name in self.codes if not self.ordered or name != "no_stance")


@dataclass(frozen=True)
class CodingRules:
    """A codebook: variables, codes and rules.

    Parameters
    ----------
    name : str
    version : int
    title, unit : str
        What is coded, and what one item is.
    file_text : str
    file_columns : mapping from str to str
        What a coding file holds.
    rules : mapping from str to str
    variables : mapping from str to Variable
    """

    name: str
    version: int
    title: str
    unit: str
    file_text: str
    file_columns: Mapping[str, str]
    rules: Mapping[str, str]
    variables: Mapping[str, Variable]

    def __repr__(self) -> str:
        sizes = ", ".join(f"{each.name} ({len(each.codes)} codes)" for each in self.variables.values())
        return f"Codebook {self.tag}: {sizes}; the course's own"

    @property
    def tag(self) -> str:
        """Name and version, as every row of a coding file repeats them."""
        return f"{self.name}/{self.version}"

    def to_frame(self) -> pd.DataFrame:
        """Return a row for each code, with key, definition, rule for and against, and example."""
        import pandas as pd

        rows = [
            {"variable": variable.name, "code": code.name, **{key: vars(code)[key] for key in _CODE}}
            for variable in self.variables.values()
            for code in variable.codes.values()
        ]
        return pd.DataFrame(rows)


_CODE = ("label", "key", "definition", "include", "exclude", "example")


def coding_rules(name: str | Path = "vietnam") -> CodingRules:
    """Read a codebook.

    Parameters
    ----------
    name : str or Path
        Name of one of the course's codebooks, or the path of a YAML file of your own.

    Returns
    -------
    CodingRules

    Raises
    ------
    CodebookError
        If there is none of that name, or its file is not as it must be.

    Examples
    --------
    >>> coding_rules("vietnam")
    Codebook vietnam/1: stance (6 codes), reason (9 codes), certainty (3 codes); the course's own
    """
    if isinstance(name, Path) or str(name).endswith((".yml", ".yaml")):
        return _read(Path(name))
    folder = datasets_folder() / "codebooks"
    known = sorted(path.stem for path in folder.glob("*.yml"))
    if name not in known:
        raise CodebookError(f"No codebook {str(name)!r}. There are: {', '.join(known)}.")
    return _read(folder / f"{name}.yml")


@cache
def _read(path: Path) -> CodingRules:
    return _Reader(path).rules()


class _Reader:
    """One file, read strictly."""

    def __init__(self, path: Path) -> None:
        import yaml

        self.file = path.name
        try:
            self.content = yaml.load(path.read_text(encoding="utf-8"), Loader=_no_key_twice())
        except FileNotFoundError:
            raise CodebookError(f"There is no file {path}.") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            first = str(error).splitlines()[0]
            raise CodebookError(f"{self.file} is no YAML file that can be read: {first}.") from None

    def rules(self) -> CodingRules:
        top = self.part(
            "the file", self.content, ["codebook", "version", "title", "unit", "format", "rules", "variables"]
        )
        layout = self.part("format", top["format"], ["name", "text", "columns"])
        variables = {
            name: self._variable(name, each)
            for name, each in self.part("variables", top["variables"], VARIABLES).items()
        }
        self._keys(variables)
        return CodingRules(
            name=self.text("codebook", top["codebook"]),
            version=self._version(top["version"]),
            title=self.text("title", top["title"]),
            unit=self.text("unit", top["unit"]),
            file_text=self.text("format: text", layout["text"]),
            file_columns=self._texts("format: columns", layout["columns"], COLUMNS),
            rules=self._texts("rules", top["rules"], RULES),
            variables=variables,
        )

    def _version(self, given: Any) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or given < 1:
            self.odd("version", f"a whole number from 1, not {given!r}")
        return int(given)

    def _variable(self, name: str, given: Any) -> Variable:
        at = f"variables: {name}"
        part = self.part(at, given, ["question", "ordered", "codes"])
        if not isinstance(part["ordered"], bool):
            self.odd(f"{at}: ordered", f"true or false, not {part['ordered']!r}")
        codes = self.mapping(f"{at}: codes", part["codes"])
        if len(codes) < 2:
            self.odd(f"{at}: codes", "two codes or more")
        read = {code: self._code(f"{at}: codes: {code}", code, each) for code, each in codes.items()}
        return Variable(name, self.text(f"{at}: question", part["question"]), part["ordered"], read)

    def _code(self, at: str, name: Any, given: Any) -> Code:
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z_]*", name):
            self.odd(at, f"a code of lower-case letters and underscores, not {name!r}")
        texts = self._texts(at, given, _CODE)
        if not re.fullmatch(r"[a-z0-9]", texts["key"]):
            self.odd(f"{at}: key", f"one lower-case letter or digit in quotation marks, not {texts['key']!r}")
        return Code(name=name, **texts)

    def _keys(self, variables: Mapping[str, Variable]) -> None:
        owner: dict[str, str] = {}
        for variable in variables.values():
            for code in variable.codes.values():
                if code.key in owner:
                    self.odd(f"variables: {variable.name}: codes: {code.name}: key",
                             f"a key of its own; {code.key!r} is taken by {owner[code.key]}")  # fmt: skip
                owner[code.key] = code.name

    # What a value must be.

    def odd(self, at: str, expected: str) -> Any:
        raise CodebookError(f"{self.file}, at {at}: expected {expected}.")

    def mapping(self, at: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict) or not given:
            self.odd(at, "names with values, such as `name: value`")
        return given  # type: ignore[no-any-return]

    def part(self, at: str, given: Any, names: Any) -> dict[str, Any]:
        found = self.mapping(at, given)
        for name in names:
            if name not in found:
                self.odd(at, f"{name!r}, which is missing")
        for name in found:
            if name not in names:
                self.odd(at, f"only {', '.join(names)}; {name!r} is unknown")
        return found

    def text(self, at: str, given: Any) -> str:
        if not isinstance(given, str) or not given.strip():
            self.odd(at, f"words, not {given!r}")
        return " ".join(given.split())

    def _texts(self, at: str, given: Any, names: Any) -> dict[str, str]:
        part = self.part(at, given, names)
        return {name: self.text(f"{at}: {name}", part[name]) for name in names}


@cache
def _no_key_twice() -> Any:
    """Return a safe loader that refuses a name that stands twice, where YAML would keep the last in silence."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            name = loader.construct_object(key)
            if name in seen:
                raise yaml.YAMLError(f"{name!r} stands twice (line {key.start_mark.line + 1})")
            seen.add(name)
        found: dict[Any, Any] = yaml.SafeLoader.construct_mapping(loader, node, deep=True)
        return found

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    return Loader
