"""An answer as a letter."""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from socialdesk.connectors.contract import Outgoing, Rejected
from socialdesk.connectors.mail import headers, threads

_FIT = re.compile(r"[!-;=?-~]{1,900}")


def letter(outgoing: Outgoing, me: str, name: str) -> bytes:
    """Return the letter; the same ``outgoing`` gives the same one, to the byte."""
    to = outgoing.reply_to
    if not headers.addresses([to.get("to", "")]):
        raise Rejected("the letter answered has no address", code="no_address")
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["From"] = _address(name, me)
    made["To"] = _address(to.get("name", ""), to["to"])
    made["Subject"] = subject_of(to.get("subject", ""))
    made["Date"] = format_datetime(outgoing.at.replace(microsecond=0))
    if outgoing.automatic:
        made["Auto-Submitted"] = "auto-replied"  # RFC 3834: other machines do not answer it
    if outgoing.language:
        made["Content-Language"] = outgoing.language
    made.set_content(outgoing.text)
    return _ids(outgoing, me) + made.as_bytes()


def message_id(key: str, me: str) -> str:
    """Return the id, without brackets, of the letter with that key."""
    return f"{key}@{me.rpartition('@')[2] or 'invalid'}".lower()


def subject_of(subject: str) -> str:
    """Return an answer's subject: "Re:" once, whatever stood there."""
    subject = " ".join(subject.split())
    if headers.is_reply(subject):
        subject = headers.bare(subject)
    return f"Re: {subject}".strip()


def identity(outgoing: Outgoing, me: str) -> str:
    """Return the id under which this answer will be read back from Sent."""
    written = str(int(outgoing.at.replace(microsecond=0).timestamp()))
    return threads.mark(message_id(outgoing.key, me), written, me.lower())


def chain(outgoing: Outgoing) -> list[str]:
    """Return the ids that the answer names, the thread's first one first and its parent last."""
    parent = outgoing.reply_to.get("message_id", "")
    return list(
        dict.fromkeys([*outgoing.reply_to.get("references", "").split(), *([parent] if parent else [])])
    )


def _ids(outgoing: Outgoing, me: str) -> bytes:
    """Return the lines with ids, ready-made: the library's folding takes long ids apart, and threads with them."""
    own, named = message_id(outgoing.key, me), [one for one in chain(outgoing) if _FIT.fullmatch(one)]
    lines = [f"Message-ID: <{own}>", f"{threads.ORIGINAL.title()}: <{own}>"]
    if named and named[-1] == outgoing.reply_to.get("message_id"):
        lines.append(f"In-Reply-To: <{named[-1]}>")
    if named:
        lines.append("References: " + "\r\n ".join(f"<{one}>" for one in named))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _address(name: str, address: str) -> Address:
    user, _, domain = address.rpartition("@")
    try:
        if not domain.isascii():
            domain = domain.encode("idna").decode("ascii")
        return Address(" ".join(name.split()), user, domain)
    except (ValueError, UnicodeError, HeaderParseError) as error:
        raise Rejected(address, code="no_address") from error
