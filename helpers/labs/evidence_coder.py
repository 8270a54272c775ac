"""EvidenceCoder: what would you make of these items, and would your neighbour make the same?

One item after the other, three keys each: how the ally stands towards the war, what it gives as its reason, and how
sure you are of your codes. The thirty items are the same for everybody, so that neighbours can compare. Every key is
on disk before the next. The course's own reference codings stay out of sight until you have coded all, or have said
that you give up; from then on your codes are final, since you have seen other people's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from helpers.data import coding_rules, load
from helpers.ui.base import Sentence
from helpers.ui.kept_codes import KeptCodes
from helpers.vietnam.agreement import CodingError
from helpers.vietnam.coding import Coding, CodingSet, agreement_table, differing, read_coding, sample_items

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from helpers.data import CodingRules
    from helpers.ui.sheet import SheetCard

SIZE = 30
ALWAYS = (
    "FRG-03", "FRA-12", "JPN-02", "SPN-01", "AUS-08", "THA-11", "ROK-12", "PHL-09", "MUL-06", "UKM-11", "TUR-03",
)  # fmt: skip
"""Items with an excerpt, one an ally, that the thirty must hold; the first is the page of Erhard."""
YOU = "you"
READERS = {"coder_a": "coder A", "coder_b": "coder B", "adjudicated": "adjudicated"}
MEASURES = {
    "percent agreement": "same code",
    "Krippendorff's alpha, nominal": "alpha",
    "Krippendorff's alpha, ordinal": "alpha, ranks",
}
N_BOOTSTRAP = 400
MOST_BYTES = 1_000_000
SHORTCUTS = {"u": "undo", "Backspace": "undo", "ArrowLeft": "previous", "ArrowRight": "next"}
OPEN = "The reference codings are open, at the top of this sheet, and your codes are final."
FINAL = "Your codes are final, since the reference codings are open."


@dataclass(frozen=True)
class Coded:
    """How far the coding has come.

    Parameters
    ----------
    items : tuple of str
        The sample, in the order of dates.
    mine : CodingSet
        Items with all three codes, in the sample or not.
    final : str
        "coded" or "gave up" once the reference codings are open; empty before.
    agreement : DataFrame
        Columns readers, variable, measure, value, low, high, n_items; empty before.
    differ : DataFrame
        Items on which you and the readers part; empty before.
    """

    items: tuple[str, ...]
    mine: CodingSet
    final: str
    agreement: pd.DataFrame
    differ: pd.DataFrame

    @property
    def n_done(self) -> int:
        """Number of items of the sample that have all codes."""
        return len({coding.evidence_id for coding in self.mine.codings} & set(self.items))


@dataclass(frozen=True)
class Compared:
    """Your codes beside a neighbour's.

    Parameters
    ----------
    neighbour : str
    n_items : int
        Items that both coded.
    agreement : DataFrame
    differ : DataFrame
        Items with different codes, the widest apart first.
    """

    neighbour: str
    n_items: int
    agreement: pd.DataFrame
    differ: pd.DataFrame

    def __repr__(self) -> str:
        same = self.agreement[self.agreement["measure"] == "percent agreement"]
        shares = ", ".join(f"{row.value:.0%} of {row.variable}s" for row in same.itertuples())
        return (
            f"You and {self.neighbour} coded {self.n_items} common items and gave the same code in {shares}; "
            f"{len(self.differ)} items differ."
        )

    def _repr_html_(self) -> str:
        from helpers.ui.html import table_html

        parts = [f"<p>{escape(repr(self))}</p>", table_html(_rounded(self.agreement), "Agreement")]
        if len(self.differ):
            parts.append(table_html(_both_codes(self.differ, coding_rules()), "Where you differ"))
        return "".join(parts)


class EvidenceCoder:
    """Code thirty items by keyboard, then compare.

    Parameters
    ----------
    name : str
        Whose codes these are, for the file that `export` writes: your id.
    everything : bool
        Whether to go through all items instead of the thirty.
    remember : bool
        Whether your codes are kept on disk.

    Examples
    --------
    >>> coder = EvidenceCoder(remember=False)
    >>> coder.press("1"); coder.press("w"); coder.press("7")
    >>> coder
    1 of 30 items coded. The reference codings open when all are coded.
    """

    title: ClassVar[str] = "What does this item say?"
    size: ClassVar[tuple[float, float]] = (8.8, 4.2)

    def __init__(self, *, name: str = "mine", everything: bool = False, remember: bool = True) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_.@-]{1,64}", str(name)):
            raise ValueError(
                f"name={str(name)[:20]!r} has other signs than letters, digits and - _ . @; give your id."
            )
        self._name = str(name)
        self.rules: CodingRules = coding_rules("vietnam")
        self._evidence = load("vietnam_evidence").set_index("evidence_id", drop=False)
        self.sample = sample_items(self._evidence.reset_index(drop=True), SIZE, always=ALWAYS)
        self._everything = everything
        self._kept = KeptCodes(
            "evidence_coder",
            self.rules.tag,
            {name: variable.codes for name, variable in self.rules.variables.items()},
            tuple(self._evidence.index),
            remember=remember,
        )
        self._at = self._kept.at if self._kept.at in self._round else self._next_open()
        self._said = ""
        self._asked = ""
        self._sheet: SheetCard | None = None
        self._last: Coded | None = None
        self._excerpts = _excerpts()
        self._rules_page = _rules_html(self.rules)

    # What is computed, said and drawn.

    def compute(self) -> Coded:
        """How far you are, and, once the reference codings are open, how far you agree with them.

        Returns
        -------
        Coded
        """
        mine, final = self._mine(), self._kept.final
        if self._last is None or (self._last.mine, self._last.final) != (mine, final):
            self._last = self._computed(mine, final)
        return self._last

    def _computed(self, mine: CodingSet, final: str) -> Coded:
        empty = pd.DataFrame()
        if not final or not len(mine):
            return Coded(self.sample, mine, final, empty, empty)
        ids = {coding.evidence_id for coding in mine.codings}
        readers = [_only(reader, ids) for reader in references(self.rules)]
        pairs = [(mine, readers[0]), (mine, readers[1]), (mine, readers[2]), (readers[0], readers[1])]
        return Coded(
            self.sample,
            mine,
            final,
            _agreement(pairs, self.rules),
            differing([mine, *readers], self.rules),
        )

    def describe(self, result: Coded) -> Sentence:
        """Where you are, or how you compare.

        Parameters
        ----------
        result : Coded

        Returns
        -------
        Sentence
        """
        if not result.final:
            return Sentence(_progress(result), _counts(result), alt=_progress(result))
        if result.agreement.empty:
            return Sentence(
                "You gave up before the first item was coded: there is nothing to compare.", _counts(result)
            )
        return Sentence(_verdict(result), _wide(result.agreement), alt=_alt(result), notes=(_note(result),))

    def draw(self, result: Coded, axes: Axes) -> None:
        """Draw alpha with its interval for each pair of readers; before that, how often you gave each stance.

        Parameters
        ----------
        result : Coded
        axes : matplotlib Axes
        """
        if result.agreement.empty:
            _draw_counts(result, axes, self.rules)
        else:
            _draw_agreement(result, axes)

    # What code uses.

    @property
    def result(self) -> Coded:
        """The state of your coding."""
        return self.compute()

    @property
    def sentence(self) -> Sentence:
        """What the lab says now."""
        return self.describe(self.result)

    @property
    def codes(self) -> pd.DataFrame:
        """Your codes, a row an item; only items with all three."""
        return self._mine().to_frame()

    @property
    def at(self) -> str:
        """Id of the open item."""
        return self._at

    def press(self, key: str) -> None:
        """Give the open item the code of a key; after the third the next item opens.

        Parameters
        ----------
        key : str
            As the codebook has it.
        """
        self._asked = ""
        found = [
            (variable.name, code.name)
            for variable in self.rules.variables.values()
            for code in variable.codes.values()
            if code.key == key
        ]
        if not found:
            self._said = f"No code has the key {key[:10]!r}."
            return
        if self._kept.final:
            self._said = FINAL
            return
        self._code(*found[0])

    def _code(self, variable: str, code: str) -> None:
        item, before = self._at, self._at in self._kept.complete
        self._kept.put(item, variable, code)
        self._said = f"{item}: {self._words(item)}"
        if item in self._kept.complete and not before:
            self._said = f"Kept {self._said}."
            self._at = self._next_open(after=item)
            self._kept.go(self._at)
            if not self._n_open:
                self._said += f" All {SIZE} are coded: Compare opens the reference codings."

    def undo(self) -> None:
        """Take back the last key, and go to its item."""
        self._asked = ""
        step = self._kept.undo()
        if step is None:
            self._said = FINAL if self._kept.final else "There is nothing to undo."
            return
        self._everything = self._everything or step.item not in self.sample
        self._at = step.item
        self._said = f"Undone: {step.variable} of {step.item}. {self._words(step.item)}"

    def go(self, item: str) -> None:
        """Open an item.

        Parameters
        ----------
        item : str

        Raises
        ------
        CodingError
            If there is none of that id.
        """
        if item not in self._evidence.index:
            raise CodingError(f"There is no item {str(item)[:20]!r}; ids are those of vietnam_evidence.")
        self._everything = self._everything or item not in self.sample
        self._move_to(item)

    def compare(self) -> None:
        """Open the reference codings, if all thirty items are coded."""
        if self._kept.final:
            return
        if self._n_open:
            self._said = f"{self._n_open} of {SIZE} items are not coded yet. Code them, or give up."
            return
        self._kept.close("coded")
        self._said = OPEN

    def give_up(self, sure: bool = False) -> None:
        """Open the reference codings although items are not coded.

        Parameters
        ----------
        sure : bool
            Your codes are then final.
        """
        if self._kept.final:
            return
        if not sure:
            self._said = f"{self._n_open} items are not coded. If you give up, what you have is final."
            return
        self._kept.close("gave up")
        self._said = OPEN

    def start_again(self, sure: bool = False) -> None:
        """Put your codes aside and begin anew.

        Parameters
        ----------
        sure : bool
            Without it nothing happens but a question.
        """
        if not sure:
            self._said = "All your codes would be put aside."
            return
        self._kept.start_again()
        self._at = self._round[0]
        self._said = "A new coding begins. The old one stays in the file, aside."

    def export(self) -> Path:
        """Write your codes to a file for a neighbour.

        Returns
        -------
        Path
            `coding_<name>.csv` in your own folder; an older one is replaced.

        Raises
        ------
        CodingError
            If no item is coded, or the file cannot be written.
        """
        from helpers.ui.state import home, write_whole

        mine = self._mine()
        if not len(mine):
            raise CodingError("No item is coded yet, so there is nothing to write.")
        path = home() / f"coding_{self._name}.csv"
        try:
            write_whole(path, mine.to_csv().encode())
        except OSError as error:
            raise CodingError(f"{path} cannot be written ({error.strerror}).") from None
        return path

    def neighbour(self, file: str | Path) -> Compared:
        """Compare your codes with a neighbour's file.

        Parameters
        ----------
        file : str or Path
            What their `export` wrote; a plain name is looked for in your own folder as well.

        Returns
        -------
        Compared

        Raises
        ------
        CodingError
            If your own items are not coded yet, or the file is not as it must be.
        """
        if self._n_open and not self._kept.final:
            raise CodingError(
                f"{self._n_open} of your {SIZE} items are not coded yet: code them before you look at a neighbour's."
            )
        path = _found(Path(file))
        name = path.stem.removeprefix("coding_")[:40] or "neighbour"
        theirs = read_coding(
            _text(path), self.rules, self._evidence.index, coder=name if name != YOU else "neighbour"
        )
        return _compared(self._mine(), theirs, self.rules)

    # What holds it together.

    @property
    def _round(self) -> tuple[str, ...]:
        return tuple(self._evidence.index) if self._everything else self.sample

    @property
    def _n_open(self) -> int:
        return len(set(self.sample) - set(self._kept.complete))

    def _mine(self) -> CodingSet:
        codings = tuple(Coding(item, **codes) for item, codes in self._kept.complete.items())
        return CodingSet(YOU, self.rules.tag, codings)

    def _next_open(self, after: str = "") -> str:
        """Next item without all codes, from `after` on and round again; `after` itself if there is none."""
        ids = self._round
        start = ids.index(after) + 1 if after in ids else 0
        done = self._kept.complete
        ahead = [item for item in (*ids[start:], *ids[:start]) if item not in done]
        return ahead[0] if ahead else (after or ids[0])

    def _move(self, by: int) -> None:
        ids = self._round
        self._move_to(ids[(ids.index(self._at) + by) % len(ids)])

    def _move_to(self, item: str) -> None:
        self._at, self._asked, self._said = item, "", self._words(item)
        self._kept.go(item)

    def _words(self, item: str) -> str:
        given = self._kept.codes.get(item, {})
        labels = [
            f"{name} {variable.codes[given[name]].label}" if name in given else f"{name} not coded"
            for name, variable in self.rules.variables.items()
        ]
        return ", ".join(labels)

    # What is on the page.

    @property
    def widget(self) -> Any:
        """The widget on the page."""
        return self._page.root

    @property
    def view(self) -> Any:
        """The part of the widget that shows the item and its codes."""
        return self._page.view

    @property
    def _page(self) -> SheetCard:
        if self._sheet is None:
            from helpers.ui.sheet import SheetCard

            self._sheet = SheetCard(self._content, self._png, on_key=self.press, on_do=self._do)
        return self._sheet

    def _do(self, name: str) -> None:
        """Do what a button of the page asks; what cannot be taken back is asked twice."""
        asked, self._asked = self._asked, ""
        if name in ("give_up", "start_again"):
            getattr(self, name)(sure=asked == name)
            if asked != name and not (name == "give_up" and self._kept.final):
                self._asked = name
                self._said += " Press the same button once more to do it."
        elif name in ("previous", "next"):
            self._move(-1 if name == "previous" else 1)
        elif name == "all":
            self._everything = not self._everything
            self._move_to(self._at if self._at in self._round else self._next_open())
        elif name == "export":
            self._said = self._exported()
        else:
            getattr(self, name)()

    def _exported(self) -> str:
        try:
            return f"Your codes lie in {self.export()}. Give that file to a neighbour."
        except CodingError as error:
            return str(error)

    def _content(self) -> dict[str, Any]:
        from helpers.ui.html import table_html

        result, said = self.result, self.sentence
        ids = self._round
        place = f"Item {ids.index(self._at) + 1} of {len(ids)} ({self._at}). " if self._at in ids else ""
        return {
            "label": "Lab: EvidenceCoder",
            "status": f"{place}{said.text}",
            "done": result.n_done,
            "of": SIZE,
            "item": _item(self._row(self._at), self._excerpts.get(self._at, "")),
            "groups": _groups(self.rules, self._kept.codes.get(self._at, {})),
            "actions": list(self._actions(result)),
            "shortcuts": SHORTCUTS,
            "feedback": self._said,
            "rules": self._rules_page,
            "table": table_html(said.table, "Agreement") + _differ_html(result, self.rules)
            if result.final
            else "",
            "alt": said.alt,
            "width": int(self.size[0] * 100),
        }

    def _row(self, item: str) -> dict[str, str]:
        return {str(name): str(value) for name, value in self._evidence.loc[item].items()}

    def _actions(self, result: Coded) -> Iterator[dict[str, Any]]:
        changeable = not result.final
        rest = "Show the thirty" if self._everything else f"Show all {len(self._evidence)}"
        for name, label, enabled in (
            ("undo", "Undo (u)", changeable),
            ("previous", "Previous (←)", True),
            ("next", "Next (→)", True),
            ("all", rest, True),
            ("export", "Save for a neighbour", len(result.mine) > 0),
            ("compare", "Compare", changeable and result.n_done == SIZE),
            ("give_up", "Give up", changeable and result.n_done < SIZE),
            ("start_again", "Start again", True),
        ):
            yield {"name": name, "label": label, "enabled": enabled}

    def picture(self) -> bytes:
        """Draw the result.

        Returns
        -------
        bytes
            A PNG file; empty where `COURSE_NO_DRAW` is set.
        """
        from matplotlib.figure import Figure

        from helpers.plotting.pictures import drawing, png_of

        if not drawing():
            return b""
        figure = Figure(figsize=self.size)
        self.draw(self.result, figure.subplots())
        return png_of(figure)

    def _png(self) -> bytes:
        return self.picture() if not self.result.agreement.empty else b""

    def __repr__(self) -> str:
        return self.sentence.text

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        from helpers.plotting.pictures import drawing
        from helpers.ui.html import table_html

        if not drawing():
            return {"text/plain": repr(self)}
        bundle: dict[str, Any] = dict(self.widget._repr_mimebundle_())
        bundle["text/plain"] = repr(self)
        bundle["text/html"] = f"<p>{escape(repr(self))}</p>{table_html(self.sentence.table, self.title)}"
        return bundle


# Reading.


def references(rules: CodingRules) -> list[CodingSet]:
    """The two blind codings and their adjudication, from `vietnam_codings`.

    Parameters
    ----------
    rules : CodingRules

    Returns
    -------
    list of CodingSet
    """
    table = load("vietnam_codings")
    columns = ["evidence_id", "stance", "reason", "certainty", "note"]
    return [
        CodingSet(
            name,
            rules.tag,
            tuple(Coding(*row) for row in table.loc[table["coder"] == key, columns].itertuples(index=False)),
        )
        for key, name in READERS.items()
    ]


def _only(reader: CodingSet, ids: set[str]) -> CodingSet:
    kept = tuple(coding for coding in reader.codings if coding.evidence_id in ids)
    return CodingSet(reader.coder, reader.codebook, kept)


def _found(path: Path) -> Path:
    from helpers.ui.state import home

    for place in (path, home() / path):
        if place.is_file():
            return place
    raise CodingError(f"There is no file {path}. Put your neighbour's file into {home()} and give its name.")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise CodingError(f"{path.name} cannot be read ({error.strerror}).") from None
    if len(content) > MOST_BYTES:
        raise CodingError(f"{path.name} is larger than {MOST_BYTES:,} bytes; no coding file is.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise CodingError(f"{path.name} is no text in UTF-8; save it as CSV UTF-8.") from None


def _compared(mine: CodingSet, theirs: CodingSet, rules: CodingRules) -> Compared:
    common = {each.evidence_id for each in mine.codings} & {each.evidence_id for each in theirs.codings}
    if not common:
        raise CodingError(f"You and {theirs.coder} have coded no common item.")
    pair = [_only(mine, common), _only(theirs, common)]
    agreement = agreement_table(pair, rules, n_bootstrap=N_BOOTSTRAP)
    return Compared(
        theirs.coder, len(common), agreement[agreement["measure"].isin(MEASURES)], differing(pair, rules)
    )


def _agreement(pairs: Sequence[tuple[CodingSet, CodingSet]], rules: CodingRules) -> pd.DataFrame:
    tables = [
        agreement_table(pair, rules, n_bootstrap=N_BOOTSTRAP).assign(
            readers=f"{pair[0].coder} and {pair[1].coder}"
        )
        for pair in pairs
    ]
    table = pd.concat(tables, ignore_index=True)
    return table[table["measure"].isin(MEASURES)].reset_index(drop=True)


# Saying.


def _progress(result: Coded) -> str:
    rest = "The reference codings open when all are coded."
    if result.n_done == len(result.items):
        rest = "Compare opens the reference codings."
    return f"{result.n_done} of {len(result.items)} items coded. {rest}"


def _counts(result: Coded) -> pd.DataFrame:
    given = result.mine.to_frame()["stance"].value_counts()
    return pd.DataFrame({"stance": given.index, "your items": given.to_numpy()})


def _share(result: Coded, readers: str, variable: str, measure: str) -> pd.Series:
    table = result.agreement
    return table[
        (table["readers"] == readers) & (table["variable"] == variable) & (table["measure"] == measure)
    ]["value"]


def _verdict(result: Coded) -> str:
    a, b, both = (
        f"{_share(result, readers, 'stance', 'percent agreement').iloc[0]:.0%}"
        for readers in ("you and coder A", "you and coder B", "coder A and coder B")
    )
    return (
        f"Of the {len(result.mine)} items that you coded, you gave {a} the same stance as coder A and {b} the same as "
        f"coder B. The two coders gave {both} the same stance."
    )


def _note(result: Coded) -> str:
    n = result.differ.shape[0]
    return (
        f"On {n} of {len(result.mine)} items at least one of you, coder A, coder B and the adjudicator differs. None "
        "is the truth: A and B coded from the codebook alone, without seeing each other; the adjudicator saw both."
    )


def _wide(agreement: pd.DataFrame) -> pd.DataFrame:
    named = agreement.assign(what=agreement["variable"] + ", " + agreement["measure"].map(MEASURES))
    table = named.pivot_table(index="readers", columns="what", values="value", sort=False)
    return table.reset_index()


def _rounded(agreement: pd.DataFrame) -> pd.DataFrame:
    return agreement.assign(measure=agreement["measure"].map(MEASURES)).dropna(axis=1, how="all")


def _alt(result: Coded) -> str:
    rows = result.agreement[result.agreement["measure"].str.startswith("Kripp")]
    said = "; ".join(
        f"{row.readers}, {row.variable} ({MEASURES[str(row.measure)]}): {row.value:.2f}"
        for row in rows.itertuples()
    )
    return f"Points with intervals, one a pair of readers: Krippendorff's alpha. {said}."


def _differ_html(result: Coded, rules: CodingRules) -> str:
    from helpers.ui.html import table_html

    if result.differ.empty:
        return ""
    return table_html(
        _both_codes(result.differ.head(12), rules),
        "Where readers part, the widest apart first (at most twelve)",
    )


def _both_codes(differ: pd.DataFrame, rules: CodingRules) -> pd.DataFrame:
    """Stance and reason of each reader in one cell, in words."""
    labels = {
        name: {code.name: code.label for code in each.codes.values()}
        for name, each in rules.variables.items()
    }
    readers = [name.removeprefix("stance, ") for name in differ.columns if name.startswith("stance, ")]
    cells = {
        reader: differ[f"stance, {reader}"].map(labels["stance"])
        + "; "
        + differ[f"reason, {reader}"].map(labels["reason"])
        for reader in readers
    }
    return pd.DataFrame({"item": differ.index, **{reader: cell.to_numpy() for reader, cell in cells.items()}})


def _excerpts() -> dict[str, str]:
    """Excerpt for each item that a document names."""
    return {
        item.strip(): f"To read with it, not to code from. {row.title}\n\n{row.excerpt}"
        for row in load("vietnam_documents").itertuples()
        for item in str(row.evidence_ids).split(";")
    }


def _item(row: Mapping[str, str], excerpt: str) -> dict[str, str]:
    return {
        "who": f"{row['ally']} · {row['date']} · {row['actor']}",
        "summary": row["summary"],
        "source": f"{row['evidence_type']} · {row['confidence']} · {row['source_citation']}",
        "excerpt": excerpt,
    }


def _groups(rules: CodingRules, given: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": variable.name,
            "question": variable.question,
            "chosen": variable.codes[given[variable.name]].key if variable.name in given else "",
            "codes": [
                {"key": code.key, "label": code.label, "help": code.definition}
                for code in variable.codes.values()
            ],
        }
        for variable in rules.variables.values()
    ]


def _rules_html(rules: CodingRules) -> str:
    from helpers.ui.html import table_html

    names = {"key": "key", "label": "code", "definition": "means", "include": "include", "exclude": "not",
             "example": "example"}  # fmt: skip
    codes = rules.to_frame()
    tables = [
        table_html(codes.loc[codes["variable"] == name, list(names)].rename(columns=names), variable.question)
        for name, variable in rules.variables.items()
    ]
    told = pd.DataFrame(
        {"rule": [name.replace("_", " ") for name in rules.rules], "says": list(rules.rules.values())}
    )
    return table_html(told, rules.unit) + "".join(tables)


# Drawing.


def _draw_counts(result: Coded, axes: Axes, rules: CodingRules) -> None:
    from helpers.plotting import COLOURS

    codes = rules.variables["stance"].codes
    given = result.mine.to_frame()["stance"].value_counts().reindex(list(codes), fill_value=0)
    axes.barh([code.label for code in codes.values()], given.to_numpy(), color=COLOURS[0])
    axes.invert_yaxis()
    axes.set(title=f"Your stances, {result.n_done} of {len(result.items)} items", xlabel="Items")


def _draw_agreement(result: Coded, axes: Axes) -> None:
    from helpers.plotting import COLOURS, source_line

    rows = result.agreement[result.agreement["measure"] == "Krippendorff's alpha, nominal"]
    pairs = list(dict.fromkeys(rows["readers"]))
    for shift, (variable, marker) in enumerate((("stance", "o"), ("reason", "s"))):
        mine = rows[rows["variable"] == variable]
        places = [pairs.index(readers) + (shift - 0.5) * 0.3 for readers in mine["readers"]]
        colour = COLOURS[shift]
        axes.hlines(places, mine["low"], mine["high"], color=colour, linewidth=3)
        axes.plot(mine["value"], places, marker, color=colour, markersize=9, label=variable)
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(range(len(pairs)), pairs)
    axes.invert_yaxis()
    axes.set(
        title="Do two readers give the same code?",
        xlabel="Krippendorff's alpha: 0 chance, 1 always",
        xlim=(-0.4, 1.05),
    )
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, frameon=False)
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.tight_layout(rect=(0, 0.05, 1, 1))
        source_line(
            figure, f"{len(result.mine)} items that you coded; the course's own codings; 95 % intervals."
        )
