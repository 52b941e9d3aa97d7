"""What the tests of Matrix have in common."""

from __future__ import annotations

from socialdesk.connectors.contract import (
    Item,
)

CIPHER = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AwgAEnACgAkLmt6q", "session_id": "x"}
HTML = "<html>502 Bad Gateway</html>"


def texts(items: list[Item]) -> list[str]:
    """The words."""
    return [item.text for item in items]
