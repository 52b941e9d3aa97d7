"""When a letter was written, and whether a person wrote it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.fake_mail import FakeMail
from contract.mailreading import HEAD, understood
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import Direction

pytestmark = pytest.mark.anyio


@pytest.fixture
async def mail(clock: ManualClock) -> FakeMail:
    """An empty mailbox."""
    return FakeMail(clock)


# Times --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Sun, 22 Nov 2026 10:59:00 +0100", "09:59"),
        ("22 Nov 2026 09:59:00 GMT", "09:59"),
        ("Sun, 22 Nov 2026 09:59 -0000", "09:59"),
        ("Sun, 22 Nov 26 09:59:00 UT (Coordinated Universal Time)", "09:59"),
        ("Mon, 23 Nov 2037 09:59:00 +0000", "10:00"),  # a clock that is wrong
        ("Thu, 1 Jan 1970 00:00:00 +0000", "10:00"),
        ("ayer por la tarde", "10:00"),
        ("Sun, 22 Nov 2026 25:99:00 +9999", "10:00"),
        ("", "10:00"),
    ],
)
def test_dates(date: str, at: str) -> None:
    """By its Date where that can be; else when it came in."""
    item = understood(HEAD.replace("Sun, 22 Nov 2026 09:59:00 +0000", date) + "\nhola")
    assert item.at == datetime.fromisoformat(f"2026-11-22T{at}:00+00:00")


def test_a_mailbox_that_moved_keeps_its_times() -> None:
    """A copied letter is stored today; what its last server noted tells when it came."""
    note = "Received: from a by b; Tue, 3 Mar 2026 08:00:05 +0000\n"
    item = understood(note + HEAD.replace("Sun, 22 Nov 2026 09:59:00", "Tue, 3 Mar 2026 08:00:00") + "\nhola")
    assert item.at == datetime(2026, 3, 3, 8, tzinfo=UTC)


# Robots -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: <news.shop.test>",
        "List-Unsubscribe: <mailto:off@shop.test>",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
    ],
)
def test_automatic_letters_are_robots(line: str) -> None:
    """Issue 6: recognised, and so never answered automatically."""
    assert understood(f"{line}\n{HEAD}\nhola").author.robot


@pytest.mark.parametrize(
    "who", ["MAILER-DAEMON@x.test", "no-reply@x.test", "noreply+1@x.test", "bounces-12=a@x.test"]
)
def test_robots_by_their_names(who: str) -> None:
    """Nobody reads what is sent there."""
    assert understood(HEAD.replace("ana@cliente.test>", f"{who}>", 1) + "\nhola").author.robot


@pytest.mark.parametrize(
    "line", ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <ana@cliente.test>", "X-Other: 1"]
)
def test_people_are_no_robots(line: str) -> None:
    """A person's letter stays a person's."""
    assert not understood(f"{line}\n{HEAD}\nhola").author.robot


BOUNCE = """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@smtp.test>
To: info@tienda.test
Subject: Undelivered Mail Returned to Sender
Date: Sun, 22 Nov 2026 09:59:00 +0000
Auto-Submitted: auto-replied
Message-ID: <b1@smtp.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

I'm sorry: <ana@cliente.test>: 550 5.1.1 unknown user

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; smtp.test

Final-Recipient: rfc822; ana@cliente.test
Action: failed
Status: 5.1.1

--x
Content-Type: {kind}

From: info@tienda.test
To: ana@cliente.test
Subject: Re: Una pregunta
Message-ID: <answer@tienda.test>
References: <one@cliente.test>

Si
--x--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_is_shown_where_the_answer_was(kind: str) -> None:
    """It stands in the customer's conversation, so that whoever answered sees that it did not arrive."""
    item = understood(BOUNCE.format(kind=kind))
    assert item.conversation == "one@cliente.test|ana@cliente.test"
    assert (item.author.robot, item.contact.id, item.direction) == (True, "ana@cliente.test", Direction.IN)
    assert "550 5.1.1" in item.text
    assert item.remote["to"] == "ana@cliente.test"
