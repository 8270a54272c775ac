"""HTML from many hands, made fit to be read by all: on a phone, on paper, by ear.

The idea: outputs come from pandas, from labs and from lessons, each with habits of its own. So the rules of a page are
applied once, here: every table has a caption, headers with a scope and a box in which it scrolls; headings follow one
another; links between lessons lead to pages; keys lead to the sources.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from helpers.classroom.site.references import SiteError

_KEY = re.compile(r"\[([A-Z]{2}\d+)\]")
_HEADING = re.compile(r"^h[1-6]$")
_OPTION = re.compile(r"^  [A-Z]  (?P<text>.+)$")
_NUMBER = re.compile(r"^(?:[-−+]?[\d.,]*\d(?: ?%)?|NaN|<NA>|no figure)?$")
_OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#)", re.IGNORECASE)
LONG = 40
"""Characters of a cell that must not become a tower of single words."""


@dataclass(frozen=True)
class Surroundings:
    """What a page can link to.

    Parameters
    ----------
    page : str
        Path of the page in the site.
    pages : collection of str
        Paths of all pages.
    claims, works : collection of str
        Keys that stand on the page of sources.
    """

    page: str
    pages: Collection[str]
    claims: Collection[str] = ()
    works: Collection[str] = ()

    @property
    def up(self) -> str:
        """The way from the page to the site's folder: "" or "../"."""
        return "../" * self.page.count("/")


def tidy(html: str, around: Surroundings) -> str:
    """Apply the rules of a page to the body of a notebook.

    Parameters
    ----------
    html : str
    around : Surroundings

    Returns
    -------
    str

    Raises
    ------
    SiteError
        If a link leads nowhere, or a picture has no alternative text.
    """
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for unwanted in soup.find_all(["style", "script"]):
        unwanted.decompose()
    _order_headings(soup)
    _name_headings(soup)
    for table in soup.find_all("table"):
        _tidy_table(soup, table)
    for card in soup.select("div.card"):
        _tidy_card(soup, card)
    for pre in soup.find_all("pre"):
        pre["tabindex"] = "0"
    for figure in soup.find_all("figure"):
        figure["tabindex"] = "0"
    for image in soup.find_all("img"):
        if len(str(image.get("alt") or "")) < 20:
            raise SiteError(f"{around.page} has a picture without alternative text. Use show(fig, alt=…).")
    for link in soup.find_all("a", href=True):
        _tidy_link(link, around)
    _link_keys(soup, around)
    return str(soup)


# ------------------------------------------------------------------ headings


def _order_headings(soup: Any) -> None:
    """In outputs, headings go below the one above them; in texts they stay as the author wrote them."""
    level = 1
    shown: dict[int, int] = {}
    for heading in soup.find_all(_HEADING):
        output = heading.find_parent(class_="result")
        if output is None:
            level = int(heading.name[1])
            continue
        own = int(heading.name[1])
        base = shown.setdefault(id(output), own)
        heading.name = f"h{min(6, level + 1 + max(0, own - base))}"


def _name_headings(soup: Any) -> None:
    """Give each heading an address that no other part of the page has."""
    taken = {node["id"] for node in soup.find_all(id=True)} | {"content"}
    for heading in soup.find_all(_HEADING):
        if heading.get("id"):
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", heading.get_text().lower()).strip("-") or "part"
        names = (slug, *(f"{slug}-{number}" for number in range(2, 1000)))
        heading["id"] = next(name for name in names if name not in taken)
        taken.add(heading["id"])


# ------------------------------------------------------------------ tables


def _tidy_table(soup: Any, table: Any) -> None:
    for attribute in ("border", "style"):
        table.attrs.pop(attribute, None)
    _scope_headers(table)
    _align(table)
    caption = table.find("caption")
    if caption is None:
        caption = soup.new_tag("caption", attrs={"class": "unseen"})
        caption.string = _caption(table)
        table.insert(0, caption)
    words = " ".join(caption.get_text().split())
    box = soup.new_tag("div", attrs={"class": "wide", "role": "group", "tabindex": "0", "aria-label": words})
    table.wrap(box)


def _caption(table: Any) -> str:
    heading = table.find_previous(_HEADING)
    under = f", under “{' '.join(heading.get_text().split())}”" if heading else ""
    what = "What the code gives" if table.find_parent(class_="result") else "Table"
    return f"{what}{under}"


def _scope_headers(table: Any) -> None:
    """Give each header a scope; a header without a word is none."""
    for cell in table.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"
            cell.attrs.pop("scope", None)
        elif not cell.get("scope"):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"


def _align(table: Any) -> None:
    """Words stand left, numbers right, and a header stands over its column."""
    columns: dict[int, list[bool]] = {}
    for row in table.find_all("tr"):
        row.attrs.pop("style", None)
        for place, cell in enumerate(row.find_all(["td", "th"], recursive=False)):
            cell.attrs.pop("style", None)
            text = cell.get_text(strip=True)
            if row.find_parent("thead") is None:
                columns.setdefault(place, []).append(cell.name == "th" or not _NUMBER.match(text))
                _add_class(cell, "words" * columns[place][-1], "long" * (len(text) > LONG))
    for row in table.select("thead tr"):
        for place, cell in enumerate(row.find_all(["td", "th"], recursive=False)):
            words = columns.get(place, [True])
            _add_class(cell, "words" * (2 * sum(words) > len(words)))


def _add_class(cell: Any, *names: str) -> None:
    added = [*cell.get("class", []), *filter(None, names)]
    if added:
        cell["class"] = added


# ------------------------------------------------------------------ cards, links, keys


def _tidy_card(soup: Any, card: Any) -> None:
    """A question in words: its lines as paragraphs, its options as a list."""
    lines = card.get_text().strip("\n").splitlines()
    card.clear()
    options = soup.new_tag("ol", attrs={"type": "A"})
    for line in lines:
        found = _OPTION.match(line)
        node = soup.new_tag("li" if found else "p")
        _append_prose(soup, node, found["text"] if found else line.strip())
        (options if found else card).append(node)
    if options.contents:
        card.append(options)


def _append_prose(soup: Any, node: Any, text: str) -> None:
    """What stands between backticks is code."""
    for place, part in enumerate(text.split("`")):
        if place % 2:
            code = soup.new_tag("code")
            code.string = part
            node.append(code)
        else:
            node.append(part)


def _tidy_link(link: Any, around: Surroundings) -> None:
    address, _, part = link["href"].partition("#")
    if not address or _OUTSIDE.match(link["href"]):
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(around.page), address))
    target = f"{target.removesuffix('.ipynb')}.html" if target.endswith(".ipynb") else target
    if target not in around.pages:
        raise SiteError(f"{around.page} links to {link['href']}, and the site has no such page.")
    way = posixpath.relpath(target, posixpath.dirname(around.page) or ".")
    link["href"] = f"{way}#{part}" if part else way


def _link_keys(soup: Any, around: Surroundings) -> None:
    """Claims such as [SW1], and works such as `knopf_2012`, lead to the page of sources."""
    for text in soup.find_all(string=_KEY):
        if text.find_parent(["a", "code", "pre"]) is None:
            text.replace_with(*_linked(soup, str(text), around))
    for code in soup.find_all("code"):
        word = code.get_text()
        if word in around.works and code.find_parent(["a", "pre"]) is None:
            code.wrap(soup.new_tag("a", href=f"{around.up}sources.html#{word}"))


def _linked(soup: Any, text: str, around: Surroundings) -> list[Any]:
    parts: list[Any] = []
    for place, part in enumerate(_KEY.split(text)):
        if place % 2 and part in around.claims:
            link = soup.new_tag("a", href=f"{around.up}sources.html#{part}")
            link.string = f"[{part}]"
            parts.append(link)
        else:
            parts.append(f"[{part}]" if place % 2 else part)
    return parts
