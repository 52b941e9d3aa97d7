"""What X charges (https://docs.x.com/x-api/getting-started/pricing, August 2026): for each thing that is read, once in a day of UTC, and for each call that writes.

In millionths of a dollar. Where the price list leaves room, the dearer reading counts: what comes along with a post is taken for charged, the account's
own mentions for those of anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from socialdesk.connectors.contract import N_, Period, Rejected, Setting, Tariff
from socialdesk.connectors.shapes import identity, mapping, mappings, text

POST, USER, MESSAGE, MEDIA = 5_000, 10_000, 10_000, 5_000
ANSWER, WITH_ADDRESS, PRIVATE, MANAGE = 15_000, 200_000, 15_000, 5_000
LIKE, UNLIKE = 15_000, 10_000
EACH = 3 * (POST + USER) + 4 * MEDIA
"""A post with its author and as many pictures as X allows, the post that it answers, the one that it quotes, and their authors."""
_MILLION = 1_000_000
_AMOUNT = re.compile(r"[0-9]{1,6}([.,][0-9]{1,2})?")
ADDRESS = re.compile(r"\w\.[a-z]{2,}", re.IGNORECASE)

BUDGET = Setting(
    "budget",
    N_("Budget in euros a month"),
    N_("X charges for what is read and written. Nothing is read or sent that would cost more than this."),
    default="10",
)
DOLLAR = Setting(
    "dollar",
    N_("Euros for a dollar"),
    N_("X charges in dollars. Without it a dollar counts as a euro."),
    required=False,
    default="1",
)


def tariff(options: Mapping[str, str]) -> Tariff:
    """Return the account's budget; one that is no number is the default's."""
    euros, dollar = amount(options.get("budget", "")), amount(options.get("dollar", ""))
    rate = dollar or Decimal(1)
    limit = int((euros if euros is not None else Decimal(BUDGET.default)) / rate * _MILLION)
    return Tariff(limit, Period.MONTH, "UTC", float(rate))


def examine(options: Mapping[str, str]) -> None:
    """Raise ``Rejected`` where the budget, or what a dollar is worth, is no number that can be meant."""
    for setting in (BUDGET, DOLLAR):
        given = options.get(setting.name, "").strip()
        if given and amount(given) is None:
            raise Rejected(given, code="bad_budget")
    if amount(options.get("dollar", "1")) == 0:
        raise Rejected("0", code="bad_budget")


def amount(given: str) -> Decimal | None:
    """Return a number as people write it, "12,50" or "12.50"; None for anything else, "1,000" too: it may be one or a thousand."""
    text_ = given.strip()
    return Decimal(text_.replace(",", ".")) if _AMOUNT.fullmatch(text_) else None


class Bill:
    """What calls cost. What was read today is remembered, because X charges for it once."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._read: set[tuple[str, str]] = set()

    def writes(self, method: str, path: str, body: Any) -> int:
        """Return what a call that writes costs."""
        if "/likes" in path:
            return LIKE if method == "POST" else UNLIKE
        if method != "POST":
            return MANAGE
        if path.endswith("/messages"):
            return PRIVATE
        return WITH_ADDRESS if ADDRESS.search(text(mapping(body).get("text"))) else ANSWER

    def read(self, path: str, answer: Mapping[str, Any], now: datetime) -> int:
        """Return what an answer costs that was read, but for what was read today already."""
        if now.date() != self._day:
            self._day = now.date()
            self._read.clear()
        fresh = {(kind, name): price for kind, name, price in _resources(path, answer)}
        cost = sum(price for key, price in fresh.items() if key not in self._read)
        self._read.update(fresh)
        return cost


def _resources(path: str, answer: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    data = answer.get("data")
    found = mappings(data) if isinstance(data, list) else [mapping(data)] if data else []
    kind, price = _kind(path)
    beside = mapping(answer.get("includes"))
    for name, listed, each in (
        (kind, found, price),
        ("post", mappings(beside.get("tweets")), POST),
        ("user", mappings(beside.get("users")), USER),
        ("media", mappings(beside.get("media")), MEDIA),
    ):
        for one in listed:
            yield name, identity(one.get("id")) or text(one.get("media_key")), each


def _kind(path: str) -> tuple[str, int]:
    if path.endswith("/dm_events"):
        return "message", MESSAGE
    return ("user", USER) if path == "/2/users/me" else ("post", POST)
