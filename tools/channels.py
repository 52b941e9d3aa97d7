"""Keeps the table of what each channel can do, docs/channels.md, which the connectors themselves declare.

    python tools/channels.py write   write it
    python tools/channels.py check   fail where it is not what would be written

What no connector declares stands on a channel's own page, docs/channels/NAME.md, as lines that begin with one of
``NOTES``, such as "Requests in an idle hour: 120 of 18,000."; they are taken over from there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from socialdesk.connectors import registry
from socialdesk.connectors.contract import Act, Capabilities, Connector, Count, Limit, Proof

DOCS = Path(__file__).parents[1] / "docs"
FILE = DOCS / "channels.md"
REQUESTS, CHANGES = "Requests in an idle hour", "Edits and deletions"
NOTES = (REQUESTS, CHANGES)
_LEFT_OUT = {"demo"}  # plays other channels and is none
_NO = "–"
_UNITS = {
    Count.GRAPHEMES: "characters",
    Count.CODE_POINTS: "code points",
    Count.UTF16: "UTF-16 units",
    Count.BYTES: "bytes",
    Count.WEIGHTED: "characters as X counts",
    Count.MASTODON: "characters, an address counts 23",
}
_PROOFS = {
    Proof.KEY: "repeated under the same key, for {life}",
    Proof.READ_BACK: "looked up after {settle}",
    Proof.NEITHER: "a person decides",
}
_HEAD = """# What each channel can do

Written by `make channels` from what the connectors declare, with their usual settings; a server of your own may allow more
or less, and the desk goes by what that server says. How each is set up stands on its own page where its name is a link;
how to add another: [connectors.md](connectors.md).

"""


def render() -> str:
    """Return the whole page."""
    kinds = [registry.load(one.name) for one in registry.catalog() if _is_shown(one)]
    rows = [
        ["", *(_linked(kind) for kind in kinds)],
        ["---"] * (len(kinds) + 1),
        *([what, *(told(kind, kind.capabilities) for kind in kinds)] for what, told in _ROWS),
    ]
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in rows) + "\n" + _LEGEND


def _is_shown(entry: registry.Entry) -> bool:
    return entry.available and entry.package == "socialdesk" and entry.name not in _LEFT_OUT


def _linked(kind: type[Connector]) -> str:
    page = DOCS / "channels" / f"{kind.name}.md"
    return f"[{kind.label}](channels/{page.name})" if page.exists() else kind.label


def _public(kind: type[Connector], able: Capabilities) -> str:
    return _size(able.public_limit) if able.public_reply else _NO


def _private(kind: type[Connector], able: Capabilities) -> str:
    return _size(able.private_limit)


def _size(limit: Limit) -> str:
    also = f", at most {limit.max_bytes:,} bytes" if limit.max_bytes else ""
    return f"{limit.size:,} {_UNITS[limit.count]}{also}"


def _privately(kind: type[Connector], able: Capabilities) -> str:
    if not (able.public_reply and able.private_reply):
        return _NO
    once = ", once until they answer" if able.private_once else ""
    return "yes" + once + (f", within {_span(able.private_window)}" if able.private_window else "")


def _unknown(kind: type[Connector], able: Capabilities) -> str:
    return _PROOFS[able.proof].format(life=_span(able.key_life), settle=_span(able.settle))


def _news(kind: type[Connector], able: Capabilities) -> str:
    if able.push:
        return f"at once; also every {_span(able.listening_poll)}, without a line every {_span(able.poll)}"
    return f"every {_span(able.poll)}"


def _changes(kind: type[Connector], able: Capabilities) -> str:
    if said := _note(kind.name, CHANGES):
        return said
    return f"looked for every {_span(able.revisit)}" if able.revisit else "as far as the network tells"


def _acts(kind: type[Connector], able: Capabilities) -> str:
    return ", ".join(act for act in Act if act in able.acts) or _NO


def _undone(kind: type[Connector], able: Capabilities) -> str:
    return ", ".join(act for act in Act if act in able.undoable) or _NO


def _files(kind: type[Connector], able: Capabilities) -> str:
    return "saved on request" if able.downloads else _NO


def _notice(kind: type[Connector], able: Capabilities) -> str:
    return f"yes, in {_size(able.notice)}" if able.notice else _NO


def _signs_in(kind: type[Connector], able: Capabilities) -> str:
    secrets = [one.label.lower() for one in kind.settings if one.secret]
    ways = [*secrets[:1], *(["a code from the browser"] if kind.signs_in else [])]
    return ", or ".join(ways) or _NO


def _requests(kind: type[Connector], able: Capabilities) -> str:
    return _note(kind.name, REQUESTS) or _NO


_ROWS: tuple[tuple[str, Callable[[type[Connector], Capabilities], str]], ...] = (
    ("A public answer", _public),
    ("A private answer, or a direct message", _private),
    ("Who wrote in public can be answered in private", _privately),
    ("When nobody knows whether an answer left", _unknown),
    ("News comes", _news),
    ("Edits and deletions", _changes),
    ("Besides answering", _acts),
    ("Of these can be taken back", _undone),
    ("Attachments", _files),
    ("Public wait clock", _notice),
    ("Sign-in", _signs_in),
    (REQUESTS, _requests),
)
_LEGEND = """The private lines concern channels that have private messages. "Characters" are what a reader calls so: an emoji is one, whatever it is made of. Times are those of a quiet desk: while
somebody waits for an answer to leave, nothing waits for the next visit. "Code points", "bytes" and the like are how that network counts.
"""


def _note(name: str, what: str) -> str:
    page = DOCS / "channels" / f"{name}.md"
    lines = page.read_text("utf-8").splitlines() if page.exists() else []
    for line in lines:
        plain = re.sub(r"^[-*\s]+|\*\*", "", line)
        if plain.startswith(f"{what}:"):
            return plain.partition(":")[2].strip().rstrip(".").replace("|", "\\|")
    return ""


def _span(length: timedelta) -> str:
    units = (("y", 31_536_000), ("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    return " ".join(_parts(length.total_seconds(), units)) or "0 s"


def _parts(seconds: float, units: Iterable[tuple[str, int]]) -> Iterator[str]:
    for name, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            yield f"{count:.0f} {name}"


def main(arguments: list[str]) -> int:
    """Write the page or check it."""
    match arguments:
        case ["write"]:
            FILE.write_text(render(), "utf-8")
            return 0
        case ["check"]:
            if FILE.exists() and FILE.read_text("utf-8") == render():
                return 0
            print(f'{FILE.name} is not what the connectors declare: "make channels" writes it')
            return 1
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
