"""Makes the pictures of the README: ``python tools/screenshots.py [FOLDER]`` writes docs/images/*.svg.

The screens are the real app's, on a seeded demo at a fixed moment, so that the pictures change only when the desk
does.
"""

from __future__ import annotations

import re

_TEXT = re.compile(
    r'<text class="([^"]*)" x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>([^<]*)</text>'
)
_BLANK = "&#160;"
FONT = "'DejaVu Sans Mono', 'Noto Sans Mono', 'Cascadia Mono', Menlo, Consolas, monospace"


def tidy(svg: str) -> str:
    """Return the picture without web fonts, and with blanks at the ends of a run left out: some viewers trim them."""
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = svg.replace("Fira Code, monospace", FONT)
    return _TEXT.sub(_trimmed, svg)


def _trimmed(found: re.Match[str]) -> str:
    style, x, y, length, rest, text = found.groups()
    cells = len(re.findall(r"&[^;]+;|.", text))
    width = float(length) / max(1, cells)
    lead = _leading(text)
    kept = text[lead * len(_BLANK) :]
    tail = _trailing(kept)
    kept = kept[: len(kept) - tail * len(_BLANK)]
    if not kept:
        return ""
    left = float(x) + lead * width
    return (
        f'<text class="{style}" x="{left:.1f}" y="{y}" textLength="{float(length) - (lead + tail) * width:.1f}"{rest}>'
        f"{kept}</text>"
    )


def _leading(text: str) -> int:
    found = re.match(rf"(?:{_BLANK})*", text)
    return len(found[0]) // len(_BLANK) if found else 0


def _trailing(text: str) -> int:
    found = re.search(rf"(?:{_BLANK})*$", text)
    return len(found[0]) // len(_BLANK) if found else 0
