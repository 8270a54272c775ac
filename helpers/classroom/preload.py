"""Import what lessons use, before anything is forked: shared by the grading server and by the parent of test kernels.

The idea: a fork inherits what its parent has imported, read and laid out once. Nothing here depends on a student, so
a child that inherits it is as fresh as one that did the work itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module

_PACKAGES = ("helpers", "helpers.exercises", "helpers.labs", "helpers.plotting")
_LIBRARIES = {
    "statsmodels": ("statsmodels.api", "statsmodels.formula.api"),
    "scipy": ("scipy.stats",),
    "networkx": ("networkx",),
}
_DOMAINS = ("theory", "experiments", "vietnam")


def preload() -> None:
    """Import the libraries and all that the course's packages offer by name."""
    for name in ("matplotlib.pyplot", "numpy", "pandas", "seaborn"):
        import_module(name)
    for name in _PACKAGES:
        _all_of(name)


def _all_of(name: str) -> None:
    with suppress(ImportError):
        package = import_module(name)
        for each in dir(package):
            with suppress(Exception):
                getattr(package, each)


def mentioned(sources: Iterable[str]) -> tuple[str, ...]:
    """What of all that `prepare` knows is named in some code; the code is searched as text and nothing more.

    Examples
    --------
    >>> mentioned(["import statsmodels.api as sm", "lab = DeploymentAtlas()"])
    ('DeploymentAtlas', 'statsmodels')
    """
    from helpers import labs

    text = "\n".join(sources)
    return tuple(name for name in sorted({*labs.__all__, *_LIBRARIES, *_DOMAINS}) if name in text)


def prepare(names: Iterable[str]) -> None:
    """Do once what submissions of a lesson would each do: import a library, read what a lab stands on.

    Parameters
    ----------
    names : iterable of str
        From `mentioned`; others are passed over.
    """
    from helpers import labs

    for name in names:
        for module in _LIBRARIES.get(name, ()):
            with suppress(ImportError):
                import_module(module)
        if name in _DOMAINS:
            _all_of(f"helpers.{name}")
        if name in labs.__all__:
            with suppress(Exception):
                repr(getattr(labs, name)(remember=False))


def read_datasets() -> None:
    """Read every dataset once; `load` then gives copies."""
    from helpers.data import load
    from helpers.data.package import resources

    for name in resources():
        with suppress(Exception):
            load(name)


def warm() -> None:
    """Walk once through what pandas, seaborn and Matplotlib do only the first time. It settles the backend."""
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd
    import seaborn as sns

    from helpers.plotting import label_lines, source_line, theme

    table = pd.DataFrame({"group": ["a", "b"] * 3, "x": np.arange(6), "y": np.arange(6) / 2})
    table.groupby("group", as_index=False)["y"].mean().merge(table, on="group").query("x > 1").describe()
    pd.concat([table, table]).pivot_table(index="x", columns="group", values="y").fillna(0).nlargest(2, "a")
    with theme():
        axes = sns.lineplot(table, x="x", y="y", hue="group")
        axes.set(title="Title", xlabel="", ylabel="Label")
        label_lines(axes)
        source_line(axes.figure, "Source")
        plt.close("all")
