"""The links of a conversation: where they really lead, to be copied or, after a yes, opened."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from textual.app import App

from socialdesk.domain.models import Direction, ThreadMessage
from socialdesk.i18n import _
from socialdesk.screens.picks import Pick, picker

_URL = re.compile(r"https?://[^\s<>\"']+")
MOST = 30


def links_of(messages: Sequence[ThreadMessage]) -> list[str]:
    """Return the web addresses in the messages, in what is told of their attachments, and of them; the newest message's first, each once."""
    found: dict[str, None] = {}
    for message in reversed(messages):
        told = " ".join((message.text, *(one.description for one in message.attachments)))
        for url in (*_URL.findall(told), message.url):
            url = url.rstrip(".,;:!?)»”")
            if real_host(url):
                found.setdefault(url)
    return list(found)[:MOST]


def page_of(messages: Sequence[ThreadMessage]) -> str:
    """Return the address of the newest message of the customer's that has one, "" where none has."""
    theirs = (one.url for one in reversed(messages) if one.direction is Direction.IN)
    return next((url for url in theirs if real_host(url)), "")


def real_host(url: str) -> str:
    """Return the host that an address leads to, in ASCII so that look-alike letters show; "" where there is none."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return host.encode("idna").decode() if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def can_open(environment: Mapping[str, str]) -> bool:
    """Say whether a browser here would be the person's own: not over SSH, and there is a screen to show it."""
    if environment.get("SSH_CONNECTION") or environment.get("SSH_TTY"):
        return False
    return bool(
        environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or os.uname().sysname == "Darwin"
    )


def show_links(app: App[Any], links: Sequence[str], say: Callable[[str], None]) -> None:
    """Let the person choose a link, then what to do with it."""

    def chosen(url: str | None) -> None:
        if url is not None and can_open(os.environ):
            picks = [Pick(_("Copy"), "", "copy"), Pick(_("Open in the browser"), real_host(url), "open")]
            app.push_screen(picker(_("Leads to {host}").format(host=real_host(url)), picks), done(url))
        elif url is not None:
            done(url)("copy")

    def done(url: str) -> Callable[[str | None], None]:
        def act(choice: str | None) -> None:
            if choice == "copy":
                app.copy_to_clipboard(url)
                say(_("Copied: {url}").format(url=url))
            elif choice == "open":
                app.open_url(url)

        return act

    app.push_screen(picker(_("Links"), [Pick(url, real_host(url), url) for url in links]), chosen)
