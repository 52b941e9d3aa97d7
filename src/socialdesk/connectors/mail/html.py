"""HTML to text: what a reader sees, with the addresses behind the words, and quotes marked as quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOST = 512 * 1024
_SKIPPED = frozenset(
    {"head", "style", "script", "title", "template", "noscript", "object", "svg", "#comment", "select"}
)
_BLOCKS = frozenset(
    {
        "p",
        "div",
        "table",
        "tr",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "form",
    }
    | {
        "section",
        "article",
        "header",
        "footer",
        "address",
        "center",
        "dl",
        "dt",
        "dd",
        "body",
        "fieldset",
        "figure",
    }
)
_APART = frozenset({"p", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)|max-height\s*:\s*0(?:px)?\s*(?:;|$)",
    re.I,
)
_SPACES = re.compile(r"[ \t\r\n\f]+")
QUOTE = "> "


def text_of(html: str) -> str:
    """Return the text of a document."""
    from justhtml import JustHTML

    page = _Page()
    page.walk(JustHTML(html[:MOST], sanitize=False).root)
    return page.text()


class _Page:
    """Text being laid out, line by line; a stack instead of recursion, for documents thousands of levels deep."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._quotes = 0
        self._kept = 0  # levels of <pre>
        self._apart = False

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
        if name in _SKIPPED or "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
            return
        if name == "br":
            self._end(always=True)
        elif name == "img":
            self._say(attributes.get("alt") or "")
        elif name in ("td", "th"):
            self._say(" ")
            yield from node.children
        elif name == "a":
            yield from node.children
            yield self._link(attributes.get("href") or "", len(self._lines), len(self._line))
        elif name in _BLOCKS:
            yield from self._block(name, node)
        else:
            yield from getattr(node, "children", None) or ()

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

    def _link(self, href: str, line: int, column: int) -> Any:
        def leave() -> None:
            if not href.startswith(("http://", "https://")):
                return
            shown = (
                "".join([*self._lines[line:], self._line])[column:]
                if len(self._lines) > line
                else self._line[column:]
            )
            bare = href.partition("://")[2].rstrip("/")
            if bare not in shown:
                self._line += f" ({href})" if shown.strip() else ""

        return leave

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
        lead = QUOTE * min(self._quotes, 8)
        if self._apart and self._lines and self._lines[-1].strip("> "):
            self._lines.append(lead.rstrip())
        self._apart = False
        self._lines.append(f"{lead}{line}".rstrip())
