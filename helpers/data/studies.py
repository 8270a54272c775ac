"""The course's own survey experiments, and the worlds in which simulated people answer them.

A *study* is what respondents see (consent, texts of the arms, questions, checks, debrief) and who they are. A *world*
is what the texts do to their answers. Both are one readable YAML file each, so that an instructor can write another.
Every field is checked when a file is read; an odd one is named with its file, its place and what was expected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.data.errors import DatasetError
from helpers.data.locate import datasets_folder

if TYPE_CHECKING:
    import pandas as pd

CHANGES = ("withdrawal", "deployment")
MARKS = ("abstract", "Hertie School, second-hand", "the course's choice")
DEFAULT_WORLD = "as_the_abstract_reads"


class StudyError(DatasetError):
    """A study or world that cannot be used; names the file, the place and what was expected."""


@dataclass(frozen=True)
class Arm:
    """What one group reads.

    Parameters
    ----------
    name : str
    conventional, nuclear : int
        1 if the text says that these forces change.
    text : str
    """

    name: str
    conventional: int
    nuclear: int
    text: str


@dataclass(frozen=True)
class Outcome:
    """A question after the text, answered on a scale from 1.

    Parameters
    ----------
    name : str
    text : str
    points : int
        5 or 7.
    low, high : str
        Words at the ends of the scale.
    """

    name: str
    text: str
    points: int
    low: str
    high: str


@dataclass(frozen=True)
class Covariate:
    """A question before the text.

    Parameters
    ----------
    name : str
    text : str
    values : tuple
        Possible answers.
    shares : tuple of float
        Share of each answer among simulated people; they sum to 1.
    """

    name: str
    text: str
    values: tuple[Any, ...]
    shares: tuple[float, ...]

    @property
    def is_number(self) -> bool:
        """Whether the answers are numbers."""
        return not isinstance(self.values[0], str)

    @property
    def mean(self) -> float:
        """Mean of a numeric covariate among simulated people."""
        return float(sum(value * share for value, share in zip(self.values, self.shares, strict=True)))


@dataclass(frozen=True)
class Check:
    """A question with one right answer, which may depend on the arm.

    Parameters
    ----------
    text : str
    options : tuple of str
    right : mapping from str to str
        Right option for each arm.
    """

    text: str
    options: tuple[str, ...]
    right: Mapping[str, str]


@dataclass(frozen=True)
class Answering:
    """How simulated people answer, as shares.

    Parameters
    ----------
    inattentive : float
        Answer without reading: at random, and mostly fail the checks.
    item_missing : float
        Leave a question out.
    manipulation_failed : float
        Attentive people who do not recall the text.
    """

    inattentive: float
    item_missing: float
    manipulation_failed: float


@dataclass(frozen=True)
class Study:
    """A survey experiment of the course; wordings, scales and numbers are its own.

    Parameters
    ----------
    name, title, country : str
    change : str
        "withdrawal" or "deployment": what the treated arms read of.
    reference : str
        Arm that reads of no change.
    respondents_per_arm : int
    consent, background, debrief : str
    arms : mapping from str to Arm
    outcomes : mapping from str to Outcome
    covariates : mapping from str to Covariate
    blocks : str
        Covariate within which people may be randomised.
    attention_check, manipulation_check : Check
        Before and after the text.
    attitudes : mapping
        Outcome to the weights of its latent attitude: `centre`, a number for each unit of a numeric covariate (from
        its mean), or a number for each value of one in words.
    answering : Answering
    """

    name: str
    title: str
    country: str
    change: str
    reference: str
    respondents_per_arm: int
    consent: str
    background: str
    debrief: str
    arms: Mapping[str, Arm]
    outcomes: Mapping[str, Outcome]
    covariates: Mapping[str, Covariate]
    blocks: str
    attention_check: Check
    manipulation_check: Check
    attitudes: Mapping[str, Mapping[str, Any]]
    answering: Answering

    def __repr__(self) -> str:
        return (
            f"{self.title} ({self.country}): a hypothetical {self.change}, {len(self.arms)} arms, "
            f"{len(self.outcomes)} outcomes; the course's own survey"
        )

    @property
    def treatments(self) -> tuple[str, ...]:
        """Names of the arms without the reference."""
        return tuple(name for name in self.arms if name != self.reference)

    def codebook(self) -> pd.DataFrame:
        """Columns of the simulated answers: name, question, and how it is answered."""
        import pandas as pd

        rows = [
            ("respondent", "Number of the simulated person", "1, 2, ..."),
            ("arm", "What was read", ", ".join(self.arms)),
            ("conventional", f"1 if the text told of a {self.change} of soldiers", "0 or 1"),
            ("nuclear", f"1 if the text told of a {self.change} of nuclear weapons", "0 or 1"),
            *[(each.name, each.text, _range(each)) for each in self.covariates.values()],
            ("attentive", self.attention_check.text + " (before the text)", "1 if answered as asked"),
            *[
                (each.name, each.text, f"1 {each.low} ... {each.points} {each.high}; empty if left out")
                for each in self.outcomes.values()
            ],
            ("recalled", self.manipulation_check.text + " (after the text)", "1 if right"),
        ]
        return pd.DataFrame(rows, columns=["column", "question", "answers"])


@dataclass(frozen=True)
class World:
    """What reading an arm's text does to latent attitudes, in each study.

    Parameters
    ----------
    name, title, note : str
    effects : mapping
        Study, outcome and arm to the mean effect, standard units of noise.
    marks : mapping
        Study and outcome to where the signs come from, one of `MARKS`.
    attrition : mapping
        Study and arm to the share of people who stop after the text.
    """

    name: str
    title: str
    note: str
    effects: Mapping[str, Mapping[str, Mapping[str, float]]]
    marks: Mapping[str, Mapping[str, str]]
    attrition: Mapping[str, Mapping[str, float]]

    def __repr__(self) -> str:
        return f"{self.title}: simulated for teaching"

    def table(self) -> pd.DataFrame:
        """Every cell of the world with its mark: study, outcome, arm, effect, mark.

        The sign of a cell comes from its mark; its size, and any difference between arms that tell of a change, is
        always the course's choice.
        """
        import pandas as pd

        rows = [
            (study, outcome, arm, effect, self.marks[study][outcome])
            for study, outcomes in self.effects.items()
            for outcome, arms in outcomes.items()
            for arm, effect in arms.items()
        ]
        return pd.DataFrame(rows, columns=["study", "outcome", "arm", "effect", "mark of the sign"])


def study(name: str) -> Study:
    """Read one of the course's survey experiments.

    Parameters
    ----------
    name : str
        "germany" or "czech_republic".

    Returns
    -------
    Study

    Raises
    ------
    StudyError
        If there is none of that name, or its file is not as it must be.

    Examples
    --------
    >>> study("germany")
    If they left (Germany): a hypothetical withdrawal, 4 arms, 4 outcomes; the course's own survey
    """
    return _study(_named("studies", name, "study"))


def world(name: str | Path = DEFAULT_WORLD) -> World:
    """Read a world for simulated answers.

    Parameters
    ----------
    name : str or Path
        Name of one of the course's worlds, or the path of a YAML file of your own.

    Returns
    -------
    World

    Raises
    ------
    StudyError
        If there is none of that name, or its file is not as it must be.

    Examples
    --------
    >>> world()
    The world as the abstract reads: simulated for teaching
    """
    if isinstance(name, Path) or str(name).endswith((".yml", ".yaml")):
        return _world(Path(name))
    return _world(_named("worlds", name, "world"))


def studies() -> tuple[str, ...]:
    """Names of the course's survey experiments."""
    return _names("studies")


def worlds() -> tuple[str, ...]:
    """Names of the course's worlds, the default first."""
    return tuple(sorted(_names("worlds"), key=lambda name: (name != DEFAULT_WORLD, name)))


# Reading.


def _names(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (datasets_folder() / folder).glob("*.yml")))


def _named(folder: str, name: object, kind: str) -> Path:
    from difflib import get_close_matches

    known = _names(folder)
    if name in known:
        return datasets_folder() / folder / f"{name}.yml"
    near = get_close_matches(str(name).lower(), known, n=1, cutoff=0.5)
    question = f" Did you mean {near[0]!r}?" if near else ""
    raise StudyError(f"No {kind} {str(name)!r}.{question} There are: {', '.join(known)}.")


@cache
def _study(path: Path) -> Study:
    return _Reader(path).study()


@cache
def _world(path: Path) -> World:
    return _Reader(path).world()


def _range(covariate: Covariate) -> str:
    if covariate.is_number:
        return f"{covariate.values[0]} to {covariate.values[-1]}"
    return ", ".join(covariate.values)


class _Reader:
    """One YAML file, read strictly: what is missing, unknown or odd is said with its place."""

    def __init__(self, path: Path) -> None:
        import yaml

        self.file = path.name
        try:
            self.content = yaml.safe_load(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise StudyError(f"There is no file {path}.") from None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise StudyError(
                f"{self.file} is no YAML file that can be read: {str(error).splitlines()[0]}."
            ) from None

    def study(self) -> Study:
        top = self.part(
            "the file", self.content,
            "study title country change reference respondents_per_arm consent background arms attention_check outcomes "
            "manipulation_check debrief covariates blocks attitudes answering",
        )  # fmt: skip
        arms = {name: self._arm(name, each) for name, each in self.mapping("arms", top["arms"]).items()}
        outcomes = {
            name: self._outcome(name, each)
            for name, each in self.mapping("outcomes", top["outcomes"]).items()
        }
        covariates = {
            name: self._covariate(name, each)
            for name, each in self.mapping("covariates", top["covariates"]).items()
        }
        self.one_of("change", top["change"], CHANGES)
        self.one_of("reference", top["reference"], arms)
        self.one_of("blocks", top["blocks"], covariates)
        return Study(
            name=self.text("study", top["study"]),
            title=self.text("title", top["title"]),
            country=self.text("country", top["country"]),
            change=top["change"],
            reference=top["reference"],
            respondents_per_arm=self.whole("respondents_per_arm", top["respondents_per_arm"], 2, 1_000_000),
            consent=self.text("consent", top["consent"]),
            background=self.text("background", top["background"]),
            debrief=self.text("debrief", top["debrief"]),
            arms=arms,
            outcomes=outcomes,
            covariates=covariates,
            blocks=top["blocks"],
            attention_check=self._check("attention_check", top["attention_check"], arms),
            manipulation_check=self._check("manipulation_check", top["manipulation_check"], arms),
            attitudes=self._attitudes(top["attitudes"], outcomes, covariates),
            answering=self._answering(top["answering"]),
        )

    def _arm(self, name: str, given: Any) -> Arm:
        at = f"arms: {name}"
        part = self.part(at, given, "conventional nuclear text")
        factors = [self.whole(f"{at}: {each}", part[each], 0, 1) for each in ("conventional", "nuclear")]
        return Arm(name, factors[0], factors[1], self.text(f"{at}: text", part["text"]))

    def _outcome(self, name: str, given: Any) -> Outcome:
        at = f"outcomes: {name}"
        part = self.part(at, given, "text points low high")
        self.one_of(f"{at}: points", part["points"], (5, 7))
        words = [self.text(f"{at}: {each}", part[each]) for each in ("text", "low", "high")]
        return Outcome(name, words[0], part["points"], words[1], words[2])

    def _covariate(self, name: str, given: Any) -> Covariate:
        at = f"covariates: {name}"
        if "from" in self.mapping(at, given):
            part = self.part(at, given, "text from to")
            first = self.whole(f"{at}: from", part["from"], 0, 1000)
            last = self.whole(f"{at}: to", part["to"], first + 1, 1000)
            values: list[Any] = list(range(first, last + 1))
            return Covariate(
                name, self.text(at, part["text"]), tuple(values), (1 / len(values),) * len(values)
            )
        part = self.part(at, given, "text values shares")
        values, shares = part["values"], part["shares"]
        if (
            not isinstance(values, list)
            or not isinstance(shares, list)
            or len(values) != len(shares)
            or not values
        ):
            self.odd(at, "as many shares as values")
        checked = tuple(self.share(f"{at}: shares", each) for each in shares)
        if abs(sum(checked) - 1) > 1e-9:
            self.odd(f"{at}: shares", f"shares that sum to 1, not {sum(checked):g}")
        return Covariate(name, self.text(at, part["text"]), tuple(values), checked)

    def _check(self, at: str, given: Any, arms: Mapping[str, Arm]) -> Check:
        part = self.part(at, given, "text options right")
        options = (
            part["options"] if isinstance(part["options"], list) else self.odd(f"{at}: options", "a list")
        )
        right = part["right"] if isinstance(part["right"], dict) else dict.fromkeys(arms, part["right"])
        if set(right) != set(arms):
            self.odd(f"{at}: right", f"an option for each of {', '.join(arms)}")
        for option in right.values():
            self.one_of(f"{at}: right", option, options)
        return Check(self.text(f"{at}: text", part["text"]), tuple(options), right)

    def _attitudes(
        self, given: Any, outcomes: Mapping[str, Outcome], covariates: Mapping[str, Covariate]
    ) -> dict[str, dict[str, Any]]:
        part = self.part("attitudes", given, " ".join(outcomes))
        for outcome, weights in part.items():
            at = f"attitudes: {outcome}"
            for name, weight in self.mapping(at, weights).items():
                if name == "centre":
                    self.number(f"{at}: centre", weight)
                    continue
                self.one_of(at, name, covariates)
                if covariates[name].is_number:
                    self.number(f"{at}: {name}", weight)
                    continue
                for value, one in self.mapping(f"{at}: {name}", weight).items():
                    self.one_of(f"{at}: {name}", value, covariates[name].values)
                    self.number(f"{at}: {name}: {value}", one)
        return part

    def _answering(self, given: Any) -> Answering:
        names = ("inattentive", "item_missing", "manipulation_failed")
        part = self.part("answering", given, " ".join(names))
        return Answering(*(self.share(f"answering: {name}", part[name]) for name in names))

    def world(self) -> World:
        top = self.part("the file", self.content, "world title note attrition effects")
        effects: dict[str, dict[str, dict[str, float]]] = {}
        marks: dict[str, dict[str, str]] = {}
        attrition: dict[str, dict[str, float]] = {}
        lost = self.mapping("attrition", top["attrition"])
        for name, outcomes in self.mapping("effects", top["effects"]).items():
            self.one_of("effects", name, studies())
            known = study(name)
            effects[name], marks[name] = self._cells(known, outcomes)
            part = self.part(f"attrition: {name}", lost.get(name), " ".join(known.arms))
            attrition[name] = {arm: self.share(f"attrition: {name}: {arm}", part[arm]) for arm in known.arms}
        texts = [self.text(each, top[each]) for each in ("world", "title", "note")]
        return World(texts[0], texts[1], texts[2], effects, marks, attrition)

    def _cells(self, known: Study, given: Any) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
        effects, marks = {}, {}
        for outcome, cells in self.part(f"effects: {known.name}", given, " ".join(known.outcomes)).items():
            at = f"effects: {known.name}: {outcome}"
            part = self.part(at, cells, f"{' '.join(known.arms)} mark", optional="why")
            self.one_of(f"{at}: mark", part["mark"], MARKS)
            effects[outcome] = {arm: self.number(f"{at}: {arm}", part[arm]) for arm in known.arms}
            marks[outcome] = part["mark"]
            if effects[outcome][known.reference] != 0:
                self.odd(f"{at}: {known.reference}", "0, because nothing changes in the reference")
        return effects, marks

    # What a value must be.

    def odd(self, at: str, expected: str) -> Any:
        raise StudyError(f"{self.file}, at {at}: expected {expected}.")

    def mapping(self, at: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict) or not given:
            self.odd(at, "names with values, such as `name: value`")
        return given  # type: ignore[no-any-return]

    def part(self, at: str, given: Any, names: str, optional: str = "") -> dict[str, Any]:
        found, wanted = self.mapping(at, given), names.split()
        for name in wanted:
            if name not in found:
                self.odd(at, f"{name!r}, which is missing")
        for name in found:
            if name not in wanted and name not in optional.split():
                self.odd(at, f"only {', '.join(wanted)}; {name!r} is unknown")
        return found

    def one_of(self, at: str, given: Any, known: Any) -> None:
        if given not in list(known):
            self.odd(at, f"one of {', '.join(map(str, known))}, not {given!r}")

    def text(self, at: str, given: Any) -> str:
        if not isinstance(given, str) or not given.strip():
            self.odd(at, f"words, not {given!r}")
        return " ".join(given.split())

    def number(self, at: str, given: Any) -> float:
        return self._in(at, given, -3, 3)

    def share(self, at: str, given: Any) -> float:
        return self._in(at, given, 0, 1)

    def _in(self, at: str, given: Any, lowest: float, highest: float) -> float:
        if isinstance(given, bool) or not isinstance(given, int | float) or not lowest <= given <= highest:
            self.odd(at, f"a number from {lowest:g} to {highest:g}, not {given!r}")
        return float(given)

    def whole(self, at: str, given: Any, lowest: int, highest: int) -> int:
        if isinstance(given, bool) or not isinstance(given, int) or not lowest <= given <= highest:
            self.odd(at, f"a whole number from {lowest} to {highest}, not {given!r}")
        return int(given)
