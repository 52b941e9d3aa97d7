"""What is shipped passes the check that answers go through, in every language (NEEDS C1, C3, C5, C6)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialdesk.checking.check import check
from socialdesk.checking.draft import Draft, Finding
from socialdesk.checking.rules import load
from socialdesk.replies.canned import Address, Reply
from socialdesk.replies.filling import Values, fill
from socialdesk.replies.library import Library

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIBRARY = Library(Path("none"))
HOUSE = {Address.INFORMAL: "tu", Address.FORMAL: "usted"}
FACTS = {
    "phone": "960 000 118",
    "opening_hours": "10:00",
    "website": "https://sol.example",
    "address": "Mayor 7",
    "email": "hola@sol.example",
    "returns": "30",
    "shipping": "48 h",
    "prices": "45 €",
}
BLANK = re.compile(r"\[[^\]]*\]")


def findings(reply: Reply, text: str, address: Address) -> list[Finding]:
    """Return what is found in a text whose blanks are filled; that it promises something is no fault of it."""
    filled = fill(text, Values("Marta", "Sol", "Lucía", "12:00", FACTS)).text
    draft = Draft(
        BLANK.sub("48", filled),
        address=HOUSE[address],
        language=reply.language,
        names=("Sol", "Marta", "Lucía"),
        facts=tuple(FACTS.values()),
    )
    return [found for found in check(draft, load(with_plugins=False), NOW) if found.family != "commitment"]


@pytest.mark.parametrize("language", LIBRARY.languages())
def test_c1_no_shipped_reply_is_found_fault_with(language: str) -> None:
    texts = [
        (reply, wording.said(address, short=short), address)
        for reply in LIBRARY.replies(language)
        for wording in reply.wordings
        for address in Address
        for short in (False, True)
    ]
    faults = [
        (reply.id, found.family, found.rule, text[:80])
        for reply, text, address in texts
        if text
        for found in findings(reply, text, address)
    ]
    assert faults == []
