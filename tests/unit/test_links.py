"""Where the links of a conversation really lead."""

from __future__ import annotations

import pytest

from socialdesk.screens.links import can_open, real_host


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
