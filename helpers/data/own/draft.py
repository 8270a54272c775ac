"""A first draft of a mapping: what the file holds, as comments, and places for a reader who knows what it means.

The draft guesses nothing. It lists each column with its label, its values if they are few, and how many are missing,
and leaves ??? where a decision is needed. Values that are many, or that hardly ever occur twice, are not copied.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.data.own.files import Table, read_table
from helpers.data.own.mapping import MOST_ANSWERS, canonical

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN = 12
LONGEST = 50
MOST_ARMS = 8

HEAD = """\
# A draft. It says what stands in {name} ({rows:,} rows, {columns} columns) and leaves ??? where somebody who knows
# the study must decide. Then: helpers.data.load_study("{name}", "{mapping}").
# A question is in docs/bring_your_own.md. Words that YAML reads as something else (yes, no, on, off) need quotation
# marks. Nothing here is guessed from the names of columns.

title: "???"            # a line for figures
source: "???"           # who made the data, and where they are; a DOI if there is one
change: difference      # withdrawal, deployment, or difference for anything else
simulated: no
{respondent}
# ---- Who read what. Either one column whose codes name the arm:
arms:
  column: "???"         # {arms}
  codes:                # code in the file: name of the arm, or missing
    "???": unchanged
    "????": both
  # missing_is: unchanged   # if people without a value were the control group
  reference: unchanged  # the arm with which the others are compared
  # labels: {{unchanged: no change, both: both leave}}
# or 0/1 columns, one for each arm:{dummies}
# arms:
#   columns: {{conventional: "???", nuclear: "???"}}
#   none: unchanged       # 0 in all of them
#   together: both        # 1 in both of two
#   reference: unchanged

# ---- What was asked afterwards. Candidates (2 to {most} different values): {outcomes}
outcomes:
  protected:
    column: "???"
    words: "???"        # a few words for figures
    lowest: 1
    highest: 5
    # codes: {{"not at all": 1, "very much": 5, "don't know": missing}}   # in place of lowest and highest
    # missing: [8, 9]   # codes that are no answers
    # reverse: yes      # if a high number means little
    # low: not at all
    # high: very much

# ---- What was known before. Only what was measured before the text was read.
covariates: {{}}
#   age: {{column: "???", missing: [999]}}
#   gender: {{column: "???", codes: {{1: woman, 2: man}}}}

# ---- The columns of {name}.
"""


def draft_mapping(path: str | Path, *, encoding: str = "utf-8-sig") -> str:
    """Draft a mapping for a data file.

    Parameters
    ----------
    path : str or Path
        As for `load_study`.
    encoding : str
        Of a text file.

    Returns
    -------
    str
        YAML with comments. It loads, but `load_study` refuses it, and says where, until each ??? is replaced.

    Raises
    ------
    OwnStudyError
        If the file cannot be read.
    """
    path = Path(path)
    table = read_table(path, encoding)
    names = [str(name) for name in table.frame.columns]
    kinds = {name: _different(table.frame[name]) for name in names}
    fit = [name for name in names if 2 <= len(kinds[name]) <= MOST_ANSWERS]
    dummies = [name for name in fit if set(kinds[name]) <= {"0", "1"}]
    few = [name for name in names if 2 <= len(kinds[name]) <= MOST_ARMS]
    head = HEAD.format(
        name=table.name, rows=len(table.frame), columns=len(names), mapping=path.with_suffix(".yml").name,
        respondent=_respondent(table), arms=f"with 2 to {MOST_ARMS} values: {_listed(few)}",
        dummies=f" (columns of 0 and 1: {_listed(dummies)})" if dummies else "", outcomes=_listed(fit),
        most=MOST_ANSWERS,
    )  # fmt: skip
    if encoding != "utf-8-sig":
        head = head.replace("simulated: no\n", f"simulated: no\nencoding: {encoding}\n", 1)
    return head + "".join(_lines(table, name, kinds[name]) for name in names)


def _different(column: pd.Series[Any]) -> list[str]:
    """Different values, in order, numbers before words."""
    values = {canonical(value) for value in column.dropna().unique()}

    def order(text: str) -> tuple[bool, float, str]:
        try:
            return False, float(text), ""
        except ValueError:
            return True, 0.0, text

    return sorted(values, key=order)


def _respondent(table: Table) -> str:
    whole = [str(name) for name in table.frame.columns if table.frame[name].is_unique]
    found = f" Different in each row: {_listed(whole)}" if whole else ""
    return f'# respondent: "???"   # a column that numbers people; without it they are counted.{found}\n'


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
    return (", ".join(map(_plain, names[:MOST_SHOWN])) + more) or "none"


def _lines(table: Table, name: str, kinds: list[str]) -> str:
    column = table.frame[name]
    label = f": {_plain(table.labels[name])}" if name in table.labels else ""
    missing = int(column.isna().sum())
    lines = [f"# {_plain(name)}{label} ({len(kinds):,} different values, {missing:,} missing)"]
    if len(kinds) <= MOST_SHOWN and len(kinds) * 2 <= len(column) - missing:
        counts = column.dropna().map(canonical).value_counts()
        labels = {canonical(code): text for code, text in table.value_labels.get(name, {}).items()}
        for kind in kinds:
            words = f" = {_plain(labels[kind])}" if kind in labels else ""
            lines.append(f"#     {_plain(kind)}{words}   ({counts[kind]:,})")
    return "\n".join(lines) + "\n"


def _plain(text: Any) -> str:
    """One short line, whatever stands in the file."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in str(text)).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}..."
