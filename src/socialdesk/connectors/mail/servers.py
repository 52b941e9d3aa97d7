"""Which servers an address has, and how its provider wants to be spoken to.

The names are those of the providers' own help pages, as collected in Delta Chat's provider database and, for IONOS
and OVH, in their own manuals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from socialdesk.connectors.contract import Rejected

MICROSOFT, GOOGLE = "microsoft", "google"


class Security(StrEnum):
    """How a connection is protected."""

    TLS = "tls"  # from the first byte
    STARTTLS = "starttls"  # after one command in the clear; nothing is said before it
    PLAIN = "plain"  # not at all: only on this machine or in this network


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server listens."""

    host: str
    port: int
    security: Security = Security.TLS


@dataclass(frozen=True, slots=True)
class Provider:
    """One mail provider.

    ``keeps_sent``: what its SMTP server takes lies in Sent by itself, so that Sent can be asked with authority.
    ``tokens`` names whose OAuth it speaks, if any.
    """

    imap: Server | None
    smtp: Server | None
    keeps_sent: bool = False
    tokens: str = ""


def _preset(imap: str, smtp: str, port: int = 465, *, keeps_sent: bool = False, tokens: str = "") -> Provider:
    security = Security.TLS if port == 465 else Security.STARTTLS
    return Provider(Server(imap, 993), Server(smtp, port, security), keeps_sent, tokens)


_GMAIL = _preset("imap.gmail.com", "smtp.gmail.com", keeps_sent=True, tokens=GOOGLE)
_OUTLOOK = _preset("outlook.office365.com", "smtp-mail.outlook.com", 587, keeps_sent=True, tokens=MICROSOFT)
_OFFICE = _preset("outlook.office365.com", "smtp.office365.com", 587, keeps_sent=True, tokens=MICROSOFT)
PROVIDERS: Mapping[str, Provider] = {
    "gmail": _GMAIL,
    "outlook": _OUTLOOK,
    "office365": _OFFICE,
    "icloud": _preset("imap.mail.me.com", "smtp.mail.me.com", 587),
    "yahoo": _preset("imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
    "fastmail": _preset("imap.fastmail.com", "smtp.fastmail.com"),
    "ionos": _preset("imap.ionos.es", "smtp.ionos.es"),
    "ovh": _preset("ssl0.ovh.net", "ssl0.ovh.net"),
}
"""By the name that may also be given instead of a server, for domains of one's own."""

_TOKENS = {MICROSOFT: ("login.microsoftonline.com",), GOOGLE: ("oauth2.googleapis.com",)}
_DOMAINS = {
    "gmail": ("gmail.com", "googlemail.com"),
    "outlook": ("outlook", "hotmail", "live", "msn.com"),
    "icloud": ("icloud.com", "me.com", "mac.com"),
    "yahoo": ("yahoo", "ymail.com", "rocketmail.com"),
    "fastmail": ("fastmail",),
    "ionos": ("ionos", "online.de"),
    "ovh": ("ovh",),
}


def provider_of(address: str) -> Provider | None:
    """Return the provider that an address's domain belongs to; None for a domain of one's own."""
    domain = address.rpartition("@")[2].strip().lower()
    first = domain.partition(".")[0]
    for name, domains in _DOMAINS.items():
        if domain in domains or (first in domains and domain.count(".") <= 2):
            return PROVIDERS[name]
    return None


def provider(options: Mapping[str, str]) -> Provider:
    """Return whose servers an account with these settings uses.

    What was typed wins over what the domain says. Raises ``Rejected`` ("bad_address") where a server is not known.
    """
    typed = options.get("imap", "").strip()
    known = PROVIDERS.get(typed.lower()) or provider_of(options.get("address", "")) or Provider(None, None)
    imap = None if typed.lower() in PROVIDERS else server_of(typed, 993)
    smtp = server_of(options.get("smtp", ""), 465)
    return Provider(
        imap or known.imap,
        smtp or known.smtp or _beside(imap),
        known.keeps_sent if smtp is None else _is(smtp, known.smtp) and known.keeps_sent,
        known.tokens,
    )


def hosts(options: Mapping[str, str]) -> list[str]:
    """Return the hosts that an account with these settings may reach: its two servers, and where its tokens are had."""
    try:
        found = provider(options)
    except Rejected:
        return []  # told as soon as it is dialled
    named = [server.host for server in (found.imap, found.smtp) if server is not None]
    return [*dict.fromkeys(named), *_TOKENS.get(found.tokens, ())]


def server_of(typed: str, port: int) -> Server | None:
    """Return a server as typed: ``mail.shop.es``, ``mail.shop.es:587``, ``starttls://…``, ``plain://127.0.0.1:143``."""
    typed = typed.strip().rstrip("/")
    if not typed:
        return None
    scheme, _, rest = typed.rpartition("://")
    name, colon, number = rest.rpartition(":")
    if not colon or number.endswith("]"):
        name, number = rest, str(port)
    if not (number.isdecimal() and 0 < int(number) < 65536 and name.strip("[]")):
        raise Rejected(typed, code="bad_address")
    if scheme not in ("", *Security):
        raise Rejected(typed, code="bad_address")
    by_port = Security.STARTTLS if int(number) in (143, 587, 25) else Security.TLS
    server = Server(name.strip("[]"), int(number), Security(scheme) if scheme else by_port)
    if server.security is Security.PLAIN and not _is_near(server.host):
        raise Rejected(typed, code="insecure_address")
    return server


def _is_near(host: str) -> bool:
    """Say whether a name is an address of this machine or of a private network; the host's rules come on top."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _is(one: Server, other: Server | None) -> bool:
    return other is not None and one.host.lower() == other.host.lower()


def _beside(imap: Server | None) -> Server | None:
    """Guess the sending server of a small host: the same machine, or its ``smtp.`` beside ``imap.``."""
    if imap is None or imap.security is Security.PLAIN:
        return None
    head, dot, rest = imap.host.partition(".")
    return Server(f"smtp.{rest}" if dot and head == "imap" else imap.host, 465)
