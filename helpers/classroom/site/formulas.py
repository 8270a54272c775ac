r"""Formulas as pictures inside the page, so that no script and no network is needed to read them.

What stands between dollar signs is drawn by matplotlib as SVG in the colour of the text, and a screen reader gets its
source. A formula that matplotlib cannot draw is shown as its source, which is worse, but there.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from io import StringIO

_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]*`)", re.DOTALL)
_FORMULA = re.compile(
    r"(?<![\\$])(?:\$\$(?P<block>[^$]+?)\$\$|\$(?P<line>[^\s$](?:[^$\n]*[^\s$\\])?)\$(?!\d))"
)
_POINTS = 11.0
_EX = 5.0  # points of the height of an x, at 11 points


def with_formulas(markdown: str, draw: Callable[[str], str] | None = None) -> str:
    r"""Replace each formula of a Markdown text; code is left as it is.

    Parameters
    ----------
    markdown : str
    draw : callable, optional
        Takes the source of a formula; gives HTML in one line. `formula_html` if none is given.

    Returns
    -------
    str

    Examples
    --------
    >>> with_formulas("For $p$ of `$x$`, pay $5 or $6.", draw=lambda source: f"<{source}>")
    'For <p> of `$x$`, pay $5 or $6.'
    """
    made = draw or formula_html
    parts = _CODE.split(markdown)
    return "".join(part if place % 2 else _FORMULA.sub(lambda found: _html(found, made), part)
                   for place, part in enumerate(parts))  # fmt: skip


def _html(found: re.Match[str], draw: Callable[[str], str]) -> str:
    if found["block"] is not None:
        return f'\n\n<div class="formula-block">{draw(found["block"].strip())}</div>\n\n'
    return draw(found["line"])


def formula_html(source: str) -> str:
    """One formula as HTML in one line.

    Parameters
    ----------
    source : str
        LaTeX, without dollar signs.

    Returns
    -------
    str
    """
    words = escape(" ".join(source.split()), quote=True)
    try:
        svg = _svg(" ".join(source.split()))
    except ValueError:
        return f'<code class="formula-source">{words}</code>'
    return f'<span class="formula" role="img" aria-label="formula: {words}">{svg}</span>'


@lru_cache(maxsize=512)
def _svg(source: str) -> str:
    """Draw a formula; its size is in ex, so that it grows with the text."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    font = FontProperties(size=_POINTS, math_fontfamily="dejavuserif")
    width, height, depth, _, _ = MathTextParser("path").parse(f"${source}$", dpi=72, prop=font)
    figure = Figure(figsize=((width + 1) / 72, (height + depth + 1) / 72))
    figure.text(0, (depth + 0.5) / (height + depth + 1), f"${source}$", fontproperties=font, color="#010203")
    FigureCanvasSVG(figure)
    drawn = StringIO()
    figure.patch.set_visible(False)
    figure.savefig(drawn, format="svg", metadata={"Date": None}, transparent=True)
    return _inline(drawn.getvalue(), width + 1, height + depth + 1, depth)


def _inline(svg: str, width: float, height: float, depth: float) -> str:
    """The drawing alone, in the colour of the text, with ids that no other formula has."""
    from hashlib import sha256

    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    text = text.replace("#010203", "currentColor")
    own = sha256(text.encode()).hexdigest()[:8]
    text = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>f{own}-", text)
    size = (
        f'style="width:{width / _EX:.2f}ex;height:{height / _EX:.2f}ex;vertical-align:{-depth / _EX:.2f}ex"'
    )
    text = re.sub(r'(<svg\b[^>]*?) height="[^"]*"', r"\1", text, count=1)
    text = re.sub(r'(<svg\b[^>]*?) width="[^"]*"', rf'\1 {size} aria-hidden="true"', text, count=1)
    return " ".join(text.split())
