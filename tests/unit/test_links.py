"""Where the links of a conversation really lead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialdesk.domain.models import Attachment, Direction, Kind, Media, ThreadMessage
from socialdesk.screens.links import can_open, links_of, real_host


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.com/a", "example.com"),
        ("https://раураl.com/", "xn--l-7sba6dbr.com"),
        ("https://bank.es@evil.example/", "evil.example"),
        ("http://[::1]:8080/", "::1"),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("https://[bad", ""),
    ],
)
def test_the_real_host(url: str, host: str) -> None:
    assert real_host(url) == host


def test_nothing_is_opened_over_ssh() -> None:
    assert not can_open({"SSH_CONNECTION": "1.2.3.4 5 6.7.8.9 22", "DISPLAY": ":0"})


def test_the_address_of_a_preview_is_a_link_too() -> None:
    """What a network tells beside the text can be copied and opened as what stands in it."""
    preview = Attachment(Media.LINK, description="Rebajas\nhttps://a.test/x.")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    message = ThreadMessage(1, "r", Direction.IN, at, "ana", "Ana", "hola", Kind.MENTION, False)
    assert links_of([message._replace(attachments=(preview,))]) == ["https://a.test/x"]
