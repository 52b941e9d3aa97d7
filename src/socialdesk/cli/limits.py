"""How long a reply may be, as its network counts."""

from __future__ import annotations

from socialdesk.errors import PluginError, Refused
from socialdesk.i18n import _


def check_length(connector: str, text: str, private: bool) -> None:
    """Raise ``Refused`` (``too_long``) where the network would refuse a text of that length."""
    from socialdesk.connectors import registry
    from socialdesk.domain.text import Count, measure

    try:
        capabilities = registry.load(connector).capabilities
    except PluginError:
        return  # an imported history, or a plugin that is gone: the outbox will tell
    limit = capabilities.private_limit if private else capabilities.public_limit
    size = measure(text, limit.count)
    over = limit.max_bytes is not None and measure(text, Count.BYTES) > limit.max_bytes
    if size > limit.size or over:
        raise Refused(_("{size} of {most} characters").format(size=size, most=limit.size), code="too_long")
