"""A post's HTML to text: paragraphs, lists and quotes as lines, and links as their whole addresses.

Servers hide parts of an address from the eye, so that the address itself is what counts, not what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOST = 256 * 1024
_SKIPPED = frozenset(
    {"head", "style", "script", "title", "template", "noscript", "object", "svg", "#comment"}
)
_APART = frozenset({"p", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_BLOCKS = _APART | {"div", "li", "tr", "hr", "section", "article", "dl", "dt", "dd", "figure", "details"}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_NAMES = frozenset({"mention", "hashtag", "u-url"})


def text_of(html: str, *, without_quote: bool = False) -> str:
    """Return the text; ``without_quote`` leaves out the line that stands for a quoted post where quotes are not known."""
    if "<" not in html and "&" not in html:
        return html.strip()
    from justhtml import JustHTML

    page = _Page(without_quote)
    page.walk(JustHTML(html[:MOST], sanitize=False).root)
    return page.text()


class _Page:
    """Text being laid out, line by line; a stack instead of recursion, for documents thousands of levels deep."""

    def __init__(self, without_quote: bool) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._kept = 0  # levels of <pre>
        self._apart = False
        self._without_quote = without_quote

    def walk(self, root: Any) -> None:
        work: list[Any] = [root]
        while work:
            one = work.pop()
            if callable(one):
                one()
            else:
                work += reversed(list(self._enter(one)))

    def text(self) -> str:
        self._end()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _enter(self, node: Any) -> Iterator[Any]:
        name = node.name
        if name == "#text":
            self._say(node.data or "")
            return
        attributes = getattr(node, "attrs", None) or {}
        classes = set((attributes.get("class") or "").split())
        if name in _SKIPPED or (self._without_quote and classes & {"quote-inline", "reference-link-inline"}):
            return
        if name == "br":
            self._end(always=True)
        elif name == "img":
            self._say(attributes.get("alt") or attributes.get("title") or "")
        elif name == "a":
            yield from self._link(node, attributes.get("href") or "", classes)
        elif name in _BLOCKS:
            yield from self._block(name, node)
        else:
            yield from getattr(node, "children", None) or ()

    def _link(self, node: Any, href: str, classes: set[str]) -> Iterator[Any]:
        shown = _SPACES.sub(" ", _words(node)).strip()
        is_name = shown[:1] in ("@", "#") or bool(
            classes & _NAMES and (" " not in shown or "mention" in classes) and "://" not in shown
        )
        if is_name or not href.startswith(("http://", "https://")):
            yield from node.children
        elif _bare(href).startswith(_bare(shown).rstrip("/…")):
            self._say(href)
        else:
            self._say(f"{shown} ({href})")

    def _block(self, name: str, node: Any) -> Iterator[Any]:
        self._end()
        self._apart |= name in _APART
        quote, kept = int(name == "blockquote"), int(name == "pre")
        self._quotes += quote
        self._kept += kept
        if name == "li":
            self._line = "- "
        if name == "hr":
            self._line = "-" * 20
        yield from node.children

        def leave() -> None:
            self._end()
            self._quotes -= quote
            self._kept -= kept
            self._apart |= name in _APART

        yield leave

    def _say(self, words: str) -> None:
        if self._kept:
            *lines, last = words.split("\n")
            for line in lines:
                self._line += line
                self._end(always=True)
            self._line += last
            return
        words = _SPACES.sub(" ", words)
        if not self._line or self._line.endswith(" "):
            words = words.lstrip(" ")
        self._line += words

    def _end(self, always: bool = False) -> None:
        line, self._line = self._line.rstrip().replace("\u00a0", " "), ""
        if not line.strip() and not always:
            return
        lead = "> " * min(self._quotes, 8)
        if self._apart and self._lines and self._lines[-1].strip("> "):
            self._lines.append(lead.rstrip())
        self._apart = False
        self._lines.append(f"{lead}{line}".rstrip())


def _bare(address: str) -> str:
    return address.partition("://")[2] or address


def _words(node: Any) -> str:
    """Return all the text below a node, also what is hidden."""
    found: list[str] = []
    work = [node]
    while work:
        one = work.pop()
        if one.name == "#text":
            found.append(one.data or "")
        elif one.name == "img":
            found.append((getattr(one, "attrs", None) or {}).get("alt") or "")
        else:
            work += reversed(list(getattr(one, "children", None) or ()))
    return "".join(found)
