"""How long a key press takes to become a picture, beside the same figure made with `interact` and seaborn.

Both sides run in one JupyterLab and one Chromium, in turn. A press counts from the key's event to the frame after
the new picture has been decoded. The last line of the output is JSON; times are milliseconds.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OURS = "from helpers.labs import DeploymentAtlas\nDeploymentAtlas(remember=False)"
PEER = """
import matplotlib.pyplot as plt, seaborn as sns
from ipywidgets import IntRangeSlider, interact
from helpers.data import load
from helpers.theory import deployments
rows = deployments.hosts(load("us_troops"))
pacts = deployments.Pacts(load("us_alliances"))
chosen = ["DEU", "JPN", "KOR", "GBR", "ITA"]
sns.set_theme(style="whitegrid")
def draw(years):
    shown = rows[rows.unit.isin(chosen) & rows.year.between(*years)].copy()
    shown["treaty"] = [bool(pacts.of(u, y)) for u, y in zip(shown.unit, shown.year)]
    top = deployments.ranking(rows, years[1], top=10)
    top["treaty"] = [bool(pacts.of(u, years[1])) for u in top.unit]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 5.2), width_ratios=(3, 2))
    sns.lineplot(shown, x="year", y="troops", hue="unit", style="treaty", ax=left)
    sns.barplot(top, x="troops", y="country", hue="treaty", dodge=False, ax=right)
    left.set_title("Where have US troops been?")
    plt.show()
interact(draw, years=IntRangeSlider(min=1950, max=2025, value=(1950, 2025), description="Years"))
"""
PRESS = """async ({handle, picture}) => {
    const slider = document.querySelectorAll(handle)[1];
    slider.focus();
    const before = document.querySelector(picture)?.src;
    const started = performance.now();
    slider.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', keyCode: 37, which: 37, bubbles: true}));
    for (;;) {
        await new Promise(requestAnimationFrame);
        const image = document.querySelector(picture);
        if (image && image.src !== before && image.complete && image.naturalWidth) {
            await image.decode();
            await new Promise(requestAnimationFrame);
            return performance.now() - started;
        }
        if (performance.now() - started > 20000) throw new Error('no new picture within 20 seconds');
    }
}"""


def _fixtures() -> Any:
    spec = importlib.util.spec_from_file_location("browser_fixtures", HERE.parent / "browser" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class _Folders:
    """What the server's fixture needs of pytest: a place for its files."""

    def __init__(self, base: Path) -> None:
        self.base = base

    def mktemp(self, name: str) -> Path:
        folder = self.base / name
        folder.mkdir()
        return folder


@contextmanager
def _running() -> Any:
    fixtures = _fixtures()
    with tempfile.TemporaryDirectory() as base:
        servers = fixtures.jupyter.__wrapped__(_Folders(Path(base)))
        browsers = fixtures.chromium.__wrapped__()
        try:
            yield next(servers), next(browsers)
        finally:
            browsers.close()
            servers.close()


def _opened(jupyter: Any, browser: Any, name: str, code: str) -> Any:
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    jupyter.open(page, jupyter.write(name, code))
    return page


def _first(jupyter: Any, page: Any, picture: str) -> float:
    """Milliseconds from running the cell to the first picture, imports included."""
    started = time.perf_counter()
    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_selector(picture, timeout=60_000)
    page.wait_for_function("sel => document.querySelector(sel).naturalWidth > 0", arg=picture)
    elapsed = 1000 * (time.perf_counter() - started)
    page.wait_for_selector(".noUi-handle")
    page.wait_for_timeout(1500)
    return elapsed


def _presses(page: Any, picture: str, times: int) -> list[float]:
    found = []
    for press in range(times + 3):
        elapsed = page.evaluate(PRESS, {"handle": ".jp-Notebook .noUi-handle", "picture": picture})
        page.wait_for_timeout(60)
        if press >= 3:
            found.append(elapsed)
    return found


def _summary(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {"median_ms": round(statistics.median(times), 1), "p95_ms": round(late, 1), "presses": len(times)}


def measure(times: int = 40) -> dict[str, Any]:
    """Latency of the lab and of its peer, and the time to the first picture of each.

    Parameters
    ----------
    times : int
        Key presses counted on each side, after three that are not.

    Returns
    -------
    dict
    """
    ours, theirs = ".course-lab img.course-figure", ".jp-OutputArea img[src^='data:image/png']"
    with _running() as (jupyter, browser):
        lab, peer = (
            _opened(jupyter, browser, name, code)
            for name, code in (("lab.ipynb", OURS), ("peer.ipynb", PEER))
        )
        first = {"lab": _first(jupyter, lab, ours), "peer": _first(jupyter, peer, theirs)}
        lab_times, peer_times = [], []
        for _ in range(4):
            lab_times += _presses(lab, ours, times // 4)
            peer_times += _presses(peer, theirs, times // 4)
    result: dict[str, Any] = {"lab": _summary(lab_times), "interact_and_seaborn": _summary(peer_times)}
    result["ratio_of_medians"] = round(statistics.median(lab_times) / statistics.median(peer_times), 3)
    result["first_on_screen_ms"] = {name: round(value) for name, value in first.items()}
    return result


if __name__ == "__main__":
    print(json.dumps(measure()))
