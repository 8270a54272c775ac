"""`course site`: all pages into one folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpers.classroom.site import folder, pages


def build_site(root: Path, target: Path, tell: Callable[[str], None] = print) -> int:
    """Run the lessons, make all pages, and write them.

    Parameters
    ----------
    root : Path
        Folder of the checkout.
    target : Path
        Folder of the site.
    tell : callable
        Hears what is going on.

    Returns
    -------
    int
        Number of pages.

    Raises
    ------
    SiteError
        If the folder is not the site's own, or a page cannot be made. Then nothing is written.
    """
    folder.claim(target)
    made = pages.pages_of(pages.read_course(root, tell))
    folder.write(made, target)
    return len(made)
