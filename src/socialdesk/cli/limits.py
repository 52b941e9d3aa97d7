"""How long a reply may be, as its network counts."""

from __future__ import annotations

from socialdesk.connectors import registry
from socialdesk.connectors.contract import Capabilities
from socialdesk.domain.text import Count, measure
from socialdesk.errors import PluginError, Refused
from socialdesk.i18n import _


def limits_of(connector: str) -> Capabilities | None:
    """Return what a connector allows, or None where it is not there: an imported history, a plugin that is gone."""
    try:
        return registry.load(connector).capabilities
    except PluginError:
        return None


def check_length(connector: str, text: str, private: bool) -> None:
    """Raise ``Refused`` (``too_long``) where the network would refuse a text of that length."""
    capabilities = limits_of(connector)
    if capabilities is None:
        return  # nobody can say; the outbox will tell
    limit = capabilities.private_limit if private else capabilities.public_limit
    size = measure(text, limit.count)
    over = limit.max_bytes is not None and measure(text, Count.BYTES) > limit.max_bytes
    if size > limit.size or over:
        raise Refused(_("{size} of {most} characters").format(size=size, most=limit.size), code="too_long")
