"""Text that others wrote, made fit for a terminal.

The idea: a file's name and an error's message are written by strangers, and a terminal obeys what it is sent. So each
line that is printed goes through here: control characters are taken out, long text is cut.
"""

from __future__ import annotations

from helpers.classroom.grading.wire import MAX_TEXT, plain


def printable(text: str, longest: int = MAX_TEXT) -> str:
    r"""One line of `text` without control characters, never empty.

    Parameters
    ----------
    text : str
    longest : int
        Characters that are kept.

    Returns
    -------
    str

    Examples
    --------
    >>> printable("Zoë\x1b[2J"), printable("\x07")
    ('Zoë', '?')
    """
    return plain(text, longest) or "?"


def quoted(text: str, longest: int = 60) -> str:
    """A name between quotes, as it may be shown.

    Examples
    --------
    >>> quoted("O'Brien")
    "'O'Brien'"
    """
    return f"'{printable(text, longest)}'"


def speak(line: str) -> None:
    """Print a line at once, also on a terminal that cannot write all its letters.

    Examples
    --------
    >>> speak("ada  8 of 10")
    ada  8 of 10
    """
    try:
        print(line, flush=True)
    except UnicodeEncodeError:
        print(line.encode("ascii", "replace").decode("ascii"), flush=True)
