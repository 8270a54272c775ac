"""Rules about notebooks, as functions that give the offending cells. The tests plant each fault once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
LONGEST_CELL, LONGEST_LESSON = 12, 70
AUTHORS = re.compile(r"\b(Sorg|Wucherpfennig|Krebs|Spindel)\b")
KEY = re.compile(r"\[([A-Z]{2}\d+)\]")
REGION = re.compile(r"### BEGIN SOLUTION\n.*?### END SOLUTION\n?", re.DOTALL)

Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def cells(notebook: Notebook, kind: str) -> Iterator[tuple[str, str]]:
    """Pairs of cell id and source."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == kind:
            yield cell["id"], "".join(cell["source"])


def titles(notebook: Notebook) -> list[str]:
    """Ids of cells with a top heading, one for each heading."""
    return [
        cell for cell, text in cells(notebook, "markdown") for _ in re.findall(r"^# ", text, re.MULTILINE)
    ]


def minutes(notebook: Notebook) -> float:
    """Words / 180, six minutes an exercise, eight a lab, half a minute a code cell."""
    code = [text for _, text in cells(notebook, "code")]
    words = sum(len(text.split()) for _, text in cells(notebook, "markdown"))
    exercises = sum(text.startswith('check("') for text in code)
    labs = sum(
        bool(re.search(r"= [A-Z][A-Za-z]+(Lab|Atlas|Explorer|Map|Game|Sharing)\(", text)) for text in code
    )
    return words / 180 + 6 * exercises + 8 * labs + 0.5 * len(code)


def long_cells(notebook: Notebook) -> list[str]:
    """Ids of code cells with more lines than a student can take in at once; model answers are left out."""
    open_text = ((cell, REGION.sub("", text)) for cell, text in cells(notebook, "code"))
    return [cell for cell, text in open_text if len(text.strip().splitlines()) > LONGEST_CELL]


def pictures_without_text(notebook: Notebook) -> list[str]:
    """Ids of cells that show a picture to the eye alone: no alternative text, or one too short to tell anything."""
    return [cell["id"] for cell in notebook["cells"] if any(map(_is_mute, cell.get("outputs", [])))]


def _is_mute(output: dict[str, Any]) -> bool:
    data = output.get("data", {})
    if any(kind.startswith("image/") for kind in data):
        return True
    images = re.findall(r"<img\b[^>]*>", "".join(data.get("text/html", "")))
    alternatives = [re.search(r'\balt="([^"]{20,})"', image) for image in images]
    return not all(alternatives)


def uncited_sentences(notebook: Notebook, claims: set[str]) -> list[str]:
    """Sentences that name one of the four authors without a key of docs/claims.yml at their end."""
    found = []
    for _, text in cells(notebook, "markdown"):
        for sentence in _sentences(text):
            keys = set(KEY.findall(sentence))
            if AUTHORS.search(sentence) and not (keys and keys <= claims):
                found.append(sentence)
    return found


def _sentences(text: str) -> list[str]:
    """Sentences and list entries; a full stop inside brackets, or before a key, ends none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    entries = (line for line in lines if not line.startswith("- `"))
    listed = [line for line in lines if line.startswith("- `")]
    return listed + [part for line in entries for part in re.split(r"(?<=[.!?])\s+(?=[A-Z*])", line)]


def unknown_references(notebook: Notebook) -> list[str]:
    """Keys under References that docs/references.bib does not hold."""
    known = set(
        re.findall(r"^@\w+\{(\w+),", (ROOT / "docs" / "references.bib").read_text("utf-8"), re.MULTILINE)
    )
    text = "\n".join(text for _, text in cells(notebook, "markdown"))
    listed = text.partition("## References")[2]
    return [key for key in re.findall(r"^- `(\w+)`", listed, re.MULTILINE) if key not in known]


def places_and_addresses(notebook: Notebook) -> list[str]:
    """Ids of code cells with an absolute path or an address to fetch from."""
    pattern = re.compile(r"""["'](/[a-z]|[A-Z]:\\|~/|https?://|file://)""")
    return [cell for cell, text in cells(notebook, "code") if pattern.search(text)]


def claim_ids() -> set[str]:
    """Keys of docs/claims.yml."""
    content = yaml.safe_load((ROOT / "docs" / "claims.yml").read_text(encoding="utf-8"))
    return {claim["id"] for claim in content["claims"]}
