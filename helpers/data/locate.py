"""Where the datasets lie: beside the package when installed, at the root of the tree in a checkout.

The place is found from the package itself, never from the working directory, so `load` works from any folder.
"""

from __future__ import annotations

from pathlib import Path

from helpers.data.errors import MissingDataset

__all__ = ["PACKAGE_FILE", "datasets_folder"]

PACKAGE_FILE = "datapackage.json"


def datasets_folder() -> Path:
    """Folder that holds `datapackage.json` and the CSV files.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    MissingDataset
        If neither place holds the package file.

    Examples
    --------
    >>> datasets_folder().name
    'datasets'
    """
    helpers = Path(__file__).resolve().parent.parent
    places = (helpers / "datasets", helpers.parent / "datasets")
    for place in places:
        if (place / PACKAGE_FILE).is_file():
            return place
    raise MissingDataset(places[-1] / PACKAGE_FILE)
