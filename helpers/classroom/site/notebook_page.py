"""A notebook as HTML that stands in a page.

nbconvert reads it; a small template of ours says what each part becomes.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import nbformat

from helpers.classroom.site.formulas import with_formulas

TEMPLATES = Path(__file__).parent / "templates"
WIDGET = "application/vnd.jupyter.widget-view+json"
SHOWN = ["text/html", "image/svg+xml", "image/png", "image/jpeg", "text/markdown", "text/plain"]


def body_of(notebook: Any) -> str:
    """The cells of a notebook and what they gave, as HTML.

    Parameters
    ----------
    notebook : NotebookNode
        It is not changed.

    Returns
    -------
    str
    """
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in copy.cells:
        if cell.cell_type == "markdown":
            cell.source = with_formulas(cell.source)
        for output in cell.get("outputs", []):
            _mark(output)
    body, _ = _exporter().from_notebook_node(copy)
    return str(body)


def _mark(output: Any) -> None:
    """Tell the template what a widget without a kernel is: a lab with its picture, or a card in words."""
    data = output.get("data", {})
    if WIDGET in data:
        html = "".join(data.get("text/html", ""))
        output.metadata["course_kind"] = "lab" if "<img" in html else "card"


@lru_cache(maxsize=1)
def _exporter() -> Any:
    from nbconvert.exporters import HTMLExporter
    from traitlets.config import Config

    config = Config()
    config.NbConvertBase.display_data_priority = SHOWN
    config.TemplateExporter.exclude_input_prompt = config.TemplateExporter.exclude_output_prompt = True
    config.HTMLExporter.exclude_anchor_links = True
    exporter: Any = HTMLExporter
    return exporter(config=config, template_name="notebook", extra_template_basedirs=[str(TEMPLATES)])
