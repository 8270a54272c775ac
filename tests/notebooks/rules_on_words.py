"""The rules on what may be said: of the two studies, of other works, and of what was only simulated."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache

from lesson import ROOT, Lesson, Offence, called, sentences, texts_in
from planting import Fault, added, all_of, changed, rule, said, with_file, worded

from helpers.classroom import sources

# ------------------------------------------------------------------ what may be said

KEY = re.compile(r"\[([A-Z]{2}\d+)\]")
AUTHORS = re.compile(r"\b(Sorg|Wucherpfennig|Krebs|Spindel)\b")
ENDS_WITH_KEY = re.compile(r"(?:\[[A-Z]{2}\d+\][ ,]*)+[.!?:;)*\"”|]*\s*$")
SECOND_HAND = re.compile(r"\b(according to|as described by)\b", re.IGNORECASE)
OWN = re.compile(r"\bour(s| own)?\b|\bthe course(?:['’]s)?\b|\bthis course\b", re.IGNORECASE)
UNKNOWN = re.compile(
    r"\b(not|nobody|nothing|never|no \w+)\b.*"
    r"\b(known?|knows|tells?|told|says?|said|read|found|seen|names?|show[sn]?)\b|\bunknown\b|\bopen question\b",
    re.IGNORECASE | re.DOTALL,
)


@lru_cache(maxsize=1)
def register() -> sources.Register:
    return sources.register(ROOT)


@lru_cache(maxsize=1)
def works() -> dict[str, sources.Work]:
    return sources.works(ROOT)


def statements(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Sentences of the notebook, its questions, feedback and teaching page, with their place.

    Wrong options are not statements.
    """
    for cell in lesson.prose:
        yield from ((cell.id, sentence) for sentence in sentences(cell.text))
    for words in lesson.words:
        if not words.is_wrong_option:
            yield from ((words.where, sentence) for sentence in sentences(words.text))
    for name, text in lesson.side_files:
        if name.endswith(".md"):
            yield from ((name, sentence) for sentence in sentences(text))


def on_a_study(lesson: Lesson) -> Iterator[tuple[str, str, list[sources.Claim]]]:
    """Sentences that name an author or carry a key, with the claims that they rest on."""
    for place, sentence in statements(lesson):
        claims = [register().claims[key] for key in KEY.findall(sentence) if key in register().claims]
        if claims or AUTHORS.search(sentence):
            yield place, sentence, claims


@rule(
    said("Sorg and Wucherpfennig (2024) find nothing."),
    said("One thing is known [SW1]. Krebs and Spindel (2018) say another."),
    said("According to Krebs [KS1], allies were afraid of war."),
    worded("Spindel thinks otherwise."),
    with_file("docs/teaching", "Say what Krebs found."),
    every=True,
)
def a_name_ends_with_its_claim(lesson: Lesson) -> Iterator[Offence]:
    """A sentence that names one of the four authors ends with a key of docs/claims.yml."""
    for place, sentence, _ in on_a_study(lesson):
        if AUTHORS.search(sentence) and not ENDS_WITH_KEY.search(sentence):
            yield Offence(place, sentence, "names an author and does not end with a key, such as [SW5]")


@rule(said("It is so [SW999]."), said("Krebs says so [KS999]."), worded("It is so [AB1]."), every=True)
def every_key_is_a_claim(lesson: Lesson) -> Iterator[Offence]:
    """Each key in square brackets stands in docs/claims.yml."""
    for place, sentence in statements(lesson):
        for key in KEY.findall(sentence):
            if key not in register().claims:
                yield Offence(place, sentence, f"has the key {key}, which docs/claims.yml does not hold")


@rule(
    said("In Germany a withdrawal lowers threat perceptions [SW24]."),
    said("Krebs and Spindel expect near allies to support the war [KS42]."),
    said("Krebs and Spindel study six allies [KS61]."),
    every=True,
)
def a_sentence_says_how_it_is_known(lesson: Lesson) -> Iterator[Offence]:
    """A second-hand claim says "according to", a reading says that it is ours, an unknown that it is not known."""
    asked = {
        "second-hand": (SECOND_HAND, 'is second-hand and does not say "according to"'),
        "course": (OWN, 'is the course\'s reading and does not say so ("our reading", "the course\'s own")'),
        "not found": (UNKNOWN, "is about what the course does not know, and does not say so"),
    }
    for place, sentence, claims in on_a_study(lesson):
        for claim in claims:
            pattern, remark = asked.get(claim.mark, (None, ""))
            if pattern and not pattern.search(sentence) and not sentence.startswith("- `"):
                yield Offence(place, sentence, remark)


NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")


@rule(
    said("They ask 1,500 people in each country [SW1]."),
    said("Sorg and Wucherpfennig (2024) find an effect of 0.3 [SW4]."),
    every=True,
)
def no_number_that_no_claim_holds(lesson: Lesson) -> Iterator[Offence]:
    """A sentence on a study has no number but the work's year and those of its claims."""
    for place, sentence, claims in on_a_study(lesson):
        if sentence.startswith("- `"):
            continue
        plain = KEY.sub(
            "", re.sub(r"\b(2024|2018)\b|\blesson \d+|\bmodule \d+|\bExercise [\d.]+", "", sentence)
        )
        held = {number for claim in claims for number in NUMBER.findall(claim.text)}
        for number in NUMBER.findall(plain):
            if number not in held:
                yield Offence(place, sentence, f"has the number {number}, which none of its claims holds")


@rule(
    said("So free-riding is refuted, as Sorg and Wucherpfennig (2024) say [SW6]."),
    said("Krebs and Spindel show that all US allies opposed the war [KS9]."),
    worded("Deployments have no effect [SW5]."),
    every=True,
)
def no_wording_that_goes_too_far(lesson: Lesson) -> Iterator[Offence]:
    """A sentence on a study says nothing that docs/claims.yml lists as going too far."""
    for place, sentence, claims in on_a_study(lesson):
        studies = {claim.id[:2] for claim in claims} or {"SW", "KS"}
        if any(claim.mark == "not found" for claim in claims):
            continue
        for wording in register().wordings:
            if studies & set(wording.studies) and wording.pattern.search(sentence):
                yield Offence(place, sentence, f"goes too far. Write: {wording.instead}")


# ------------------------------------------------------------------ references

ENTRY = re.compile(r"^- `(\w+)`", re.MULTILINE)
CITATION = re.compile(
    r"((?:[A-Z][\w’'-]+(?:, | and |,? & )){1,5}[A-Z][\w’'-]+|[A-Z][\w’'-]+(?: et al\.)?)"
    r"(?:,? | \()\(?((?:1[89]|20)\d\d)[a-z]?\)"
)


@rule(changed("known", r"^## References", "## Books"), changed("known", r"`knopf_2012`", "`nobody_1999`"))
def references_stand_in_the_bibliography(lesson: Lesson) -> Iterator[Offence]:
    """A section "References" whose entries are keys of docs/references.bib."""
    keys = ENTRY.findall(lesson.section("References"))
    if not keys:
        yield Offence("-", lesson.name, 'has no section "References" with entries such as - `knopf_2012`')
    for key in keys:
        if key not in works():
            yield Offence("references", key, "is no key of docs/references.bib")


@rule(
    said("As Snyder (1984) says, allies fear abandonment."),
    said("Nobody and Noone (1999) found a great effect."),
    said("That is old (Olson and Zeckhauser 1966)."),
)
def every_cited_work_is_listed(lesson: Lesson) -> Iterator[Offence]:
    """A work that is cited by name and year stands under References."""
    listed = [works()[key] for key in ENTRY.findall(lesson.section("References")) if key in works()]
    for cell in lesson.prose:
        for names, year in CITATION.findall(_before_references(cell.text)):
            surnames = re.split(r", | and |,? & ", re.sub(r" et al\.$|[’']s$", "", names))
            if surnames[-1] in _not_authors():
                continue
            of_the_year = [work for work in listed if work.fields.get("year") == year]
            if not any(name in _short(work) for name in surnames for work in of_the_year):
                yield Offence(cell.id, f"{names} ({year})", "is cited and not listed under References")


@rule(changed("known", r"^## References\n", "## References\n\n- `lin_2013` Lin (2013)\n"))
def every_listed_work_is_cited(lesson: Lesson) -> Iterator[Offence]:
    """A work under References is named in the text, or is the source of a dataset that the lesson loads."""
    text = "\n".join(_before_references(cell.text) for cell in lesson.prose)
    text += "\n".join(words.text for words in lesson.words) + "\n".join(_sources_of_data(lesson))
    for key in ENTRY.findall(lesson.section("References")):
        work = works().get(key)
        if work and not any(re.search(rf"\b{re.escape(name)}\b", text) for name in _short(work)[:1]):
            yield Offence(
                "references", key, "is listed, and neither cited nor the source of a dataset in use"
            )


def _short(work: sources.Work) -> tuple[str, ...]:
    """Surnames as a text may write them: also the last part of a double name."""
    return tuple(form for name in work.surnames for form in dict.fromkeys((name, name.split()[-1])))


def _before_references(text: str) -> str:
    return text.partition("## References")[0]


def _sources_of_data(lesson: Lesson) -> Iterator[str]:
    from helpers.data.package import resources

    for _, call in lesson.calls("load"):
        for name in texts_in(call):
            if name in resources():
                yield from resources()[name].sources


@lru_cache(maxsize=1)
def _not_authors() -> frozenset[str]:
    """Words before a year in brackets that name no author: countries, pollsters, months and the like."""
    from helpers.data import load

    countries = {word for name in load("us_troops")["country"].unique() for word in str(name).split()}
    polls = load("polls")[["pollster", "client"]].to_numpy().ravel()
    pollsters = {word for text in polls for word in str(text).split()}
    return frozenset(countries | pollsters | {"NATO", "SEATO", "ANZUS", "Treaty", "War", "States", "Union"})


# ------------------------------------------------------------------ simulated data

LABEL = "simulated for teaching"
SIMULATING = re.compile(r"simulat|fictitious|classmates", re.IGNORECASE)


def _is_simulating(name: str, module: str | None) -> bool:
    """Whether a name of ours says that it simulates: by its own name, or in the first lines of its docstring."""
    if SIMULATING.search(name):
        return True
    if not module or not module.startswith("helpers"):
        return False
    held = getattr(importlib.import_module(module), name, None)
    documented = inspect.getdoc(held) if inspect.isfunction(held) or inspect.isclass(held) else ""
    return bool(SIMULATING.search((documented or "").partition("\n\n")[0]))


def _simulators(lesson: Lesson) -> set[str]:
    """Names imported in the lesson that make simulated data."""
    return {
        name.asname or name.name
        for cell in lesson.code
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if _is_simulating(name.name, node.module)
    }


def _loads_simulated(call: ast.Call) -> bool:
    from helpers.data.package import resources

    held = resources()
    return called(call) == "load" and any(
        held[name].kind == "simulated" for name in texts_in(call) if name in held
    )


def simulated_names(lesson: Lesson) -> set[str]:
    """Names in the notebook that hold simulated data, followed from cell to cell through assignments."""
    names = _simulators(lesson)
    for cell in lesson.code:
        for node in ast.walk(cell.tree):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For) and _touches(
                node, names
            ):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                names |= {
                    each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
                }
    return names


def _touches(node: ast.AST, names: set[str]) -> bool:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and (each.id in names or SIMULATING.search(each.id)):
            return True
        if isinstance(each, ast.Attribute) and SIMULATING.search(each.attr):
            return True
        if isinstance(each, ast.Call) and _loads_simulated(each):
            return True
    return False


_SIMULATED = added("people = simulate_survey(student())", cell_id="simulated-people")
_FIELDED = added(
    "from helpers.experiments.respondents import field_study\nanswers = field_study(germany, student()).answers",
    cell_id="simulated-people",
)
_DRAWN = "axes = {}.plot()\nshow(axes.figure, alt='Bars of the answers, one for each arm.')"


@rule(
    all_of(_SIMULATED, added(_DRAWN.format("people"), after="simulated-people")),
    all_of(_FIELDED, added(_DRAWN.format("answers"), after="simulated-people")),
    all_of(
        _FIELDED,
        added("means = answers.groupby('arm').mean()", after="simulated-people", cell_id="means"),
        added(_DRAWN.format("means"), after="means"),
    ),
)
def simulated_figures_are_labelled(lesson: Lesson) -> Iterator[Offence]:
    """A figure made from simulated data says "simulated for teaching", in its title, source line or caption."""
    names = simulated_names(lesson)
    for cell, _ in lesson.calls("show"):
        if _touches(cell.tree, names) and LABEL not in cell.text.lower():
            yield Offence(cell.id, cell.text, f'draws simulated data and does not say "{LABEL}"')


_SIGNED = r"(?<![\w.\[])[-−+]?\d+\.\d+"
SIZE = re.compile(
    r"(?<![\w.\[])[-−+]?\d[\d,]*(?:\.\d+)?\s*"
    r"(?:%|per cent\b|percent\b|percentage points?\b|scale points?\b|standard deviations?\b)"
    r"|(?:effect|difference|estimate|mean|share|interval|correlation|p-value|ratio|power)s?\b[^.;:]{0,30}?"
    rf"{_SIGNED}|{_SIGNED}\s+(?:points?|higher|lower|more|less|larger|smaller)\b",
    re.IGNORECASE,
)
FINDING = re.compile(
    r"\b(?:the|your|this|its) (?:\w+ )?(?:estimate|interval|difference|effect|p-value|mean|correlation|coefficient)s?"
    r" (?:is|are|was|were|turns? out|comes? out|lies?|excludes?|includes?|covers?|rises?|falls?|drops?)\b"
    r"[^.]*\b(?:significant|insignificant|negative|positive|zero|above|below|larger|smaller|higher|lower|large|small)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(if|whether|when|where|suppose|imagine|would|could|might|may|which|what|how|unless|say|means?)\b|\?",
    re.I,
)
CONVENTIONS = {
    "0.05",
    "0.01",
    "0.10",
    "0.1",
    "0.8",
    "0.80",
    "0.9",
    "0.90",
    "0.95",
    "1",
    "5",
    "10",
    "50",
    "80",
    "90",
    "95",
    "99",
    "100",
}


def _in_simulated_lesson(text: str) -> Fault:
    return all_of(_SIMULATED, said(text))


@rule(
    _in_simulated_lesson("Presence lowers the need for defence by 12 per cent."),
    _in_simulated_lesson("The effect is about 0.43 in this sample."),
    _in_simulated_lesson("Your estimate is negative and significant."),
)
def prose_states_no_simulated_result(lesson: Lesson) -> Iterator[Offence]:
    """Where a lesson simulates, prose gives no size and no sign of a result.

    A number is free if it is a convention (95 %), stands in the lesson's code (a choice that everybody shares) or in
    a keyed claim, or if the sentence names a real dataset in backquotes or a listed work. A sign is free in a sentence
    that asks, supposes or defines. Bare prose in a lesson without simulated data is not looked at: there the rule of
    the style guide holds, and the reviewer.
    """
    if not any(_touches(cell.tree, _simulators(lesson)) for cell in lesson.code):
        return
    for cell in lesson.prose:
        for sentence in sentences(_before_references(cell.text)):
            if _rests_on_something_real(sentence, lesson):
                continue
            wild = [number for found in SIZE.findall(sentence) for number in NUMBER.findall(found)]
            if any(number not in CONVENTIONS | _numbers_in_code(lesson) for number in wild):
                yield Offence(
                    cell.id, sentence, "states a size; let code compute it from the student's own numbers"
                )
            if FINDING.search(sentence) and not OPEN.search(sentence):
                yield Offence(
                    cell.id, sentence, "states what a simulated sample shows; let code say it, or ask"
                )


def _rests_on_something_real(sentence: str, lesson: Lesson) -> bool:
    from helpers.data.package import resources

    named = [resources()[name] for name in re.findall(r"`(\w+)`", sentence) if name in resources()]
    is_cited = any(
        year in ENTRY.sub("", lesson.section("References")) for _, year in CITATION.findall(sentence)
    )
    return bool(KEY.search(sentence)) or is_cited or any(each.kind != "simulated" for each in named)


def _numbers_in_code(lesson: Lesson) -> set[str]:
    return {
        number.replace("_", "")
        for cell in lesson.code
        for number in re.findall(r"(?<![\w.])\d[\d_]*(?:\.\d+)?", cell.open_text)
    }


def unkeyed_strings(text: str) -> list[str]:
    """Sentences in the strings and docstrings of a Python file that name an author and end with no known key."""
    tree = ast.parse(text)
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    named = [sentence for each in strings for sentence in sentences(each) if AUTHORS.search(sentence)]
    known = set(register().claims)
    return [each for each in named if not (ENDS_WITH_KEY.search(each) and set(KEY.findall(each)) <= known)]
