"""`glossary`: what a word means in this course, and where it comes up first."""

from __future__ import annotations

from difflib import get_close_matches

from helpers.data.texts import Term, lesson_list, terms
from helpers.exercises.feedback import Note, show, show_html


def glossary(term: str | None = None) -> None:
    """Look a term up, or list them all.

    Parameters
    ----------
    term : str, optional
        Such as "entrapment"; capitals, a plural or a common abbreviation do not matter.

    Examples
    --------
    >>> glossary("entrapement")
    No term 'entrapement' in the glossary.
      Did you mean: entrapment? `glossary()` lists all.
    """
    if term is None:
        show_html(_table(), "\n".join(f"{each.term} ({each.first}): {each.means}" for each in terms()))
        return
    found = look_up(term)
    show(_unknown(term) if found is None else _entry(found))


def look_up(term: object) -> Term | None:
    """Find a term by its name or another form of it.

    Parameters
    ----------
    term : str

    Returns
    -------
    Term or None

    Examples
    --------
    >>> look_up("TOST").term
    'two one-sided tests'
    """
    return _forms().get(_plain(term))


def _forms() -> dict[str, Term]:
    """Every form in which a term can be asked for; a name of its own comes before another form."""
    others = {_plain(form): each for each in terms() for form in each.also}
    return others | {_plain(each.term): each for each in terms()}


def _plain(text: object) -> str:
    return " ".join(str(text).replace("’", "'").replace("-", " ").casefold().split())


def _entry(found: Term) -> Note:
    related = f"Related: {', '.join(found.related)}." if found.related else ""
    source = f"Source: `{found.source}` in the course's references." if found.source else ""
    title = next(each.title for each in lesson_list() if each.number == found.first)
    first = f"First used in lesson {found.first}, {title.rstrip('?')}."
    return Note(found.term, tuple(filter(None, (found.means, related, first, source))))


def _unknown(term: object) -> Note:
    shown = repr(str(term)[:40])
    forms = _forms()
    close = get_close_matches(_plain(term)[:80], list(forms), n=6, cutoff=0.7)
    inside = [form for form in forms if len(_plain(term)) >= 3 and _plain(term) in form]
    near = list(dict.fromkeys(forms[form].term for form in (*close, *inside)))[:3]
    question = f"Did you mean: {', '.join(near)}? " if near else ""
    return Note(f"No term {shown} in the glossary.", (f"{question}`glossary()` lists all.",))


def _table() -> str:
    import pandas as pd

    from helpers.ui.html import table_html

    rows = [(each.term, each.means, each.first) for each in terms()]
    table = pd.DataFrame(rows, columns=["Term", "What it means", "First in lesson"])
    style = "font-size:12pt;color:inherit;max-width:58em;overflow-x:auto;"
    return f"<div style='{style}'>{table_html(table, f'Glossary, {len(rows)} terms')}</div>"
