"""What a reply may be: how long, as its network counts, and whether private."""

from __future__ import annotations

from socialdesk.connectors import registry
from socialdesk.connectors.contract import Capabilities
from socialdesk.domain.measuring import measure
from socialdesk.domain.models import Account
from socialdesk.errors import PluginError, Refused
from socialdesk.i18n import _


def limits_of(account: Account) -> Capabilities | None:
    """Return what an account allows, or None where nobody can say: an imported history, a plugin that is gone."""
    try:
        return registry.load(account.connector).limits(account.options)
    except PluginError:
        return None


def check_reply(account: Account | None, text: str, *, private: bool, opens_private: bool) -> None:
    """Raise ``Refused`` where the network would refuse such a reply: ``too_long``, ``no_private_replies``.

    ``opens_private`` is a private reply to something that was said in public.
    """
    capabilities = limits_of(account) if account else None
    if capabilities is None:
        return  # nobody can say; the outbox will tell
    if opens_private and not capabilities.private_reply:
        raise Refused(code="no_private_replies")
    limit = capabilities.private_limit if private else capabilities.public_limit
    if not limit.fits(text):
        size = measure(text, limit.count)
        raise Refused(_("{size} of {most} characters").format(size=size, most=limit.size), code="too_long")
