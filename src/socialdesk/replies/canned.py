"""Canned replies: sentences for a situation and an attitude, to be stacked into an answer and adapted (NEEDS C1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Attitude(StrEnum):
    """The parts of an answer, in their order; understanding comes first, then thanks, then the solution."""

    UNDERSTAND = "understand"
    THANK = "thank"
    SOLVE = "solve"
    CLOSE = "close"


class Address(StrEnum):
    """How a customer is spoken to: tú, tu, du, jij; or usted, vous, Sie, u."""

    INFORMAL = "informal"
    FORMAL = "formal"


class Wording(NamedTuple):
    """One way to say it; ``short`` forms are for networks that count characters. "" where a form is not written."""

    text: str = ""
    short: str = ""
    informal: str = ""
    formal: str = ""
    informal_short: str = ""
    formal_short: str = ""

    def said(self, address: Address, *, short: bool = False) -> str:
        """Return the form that fits best; "" where only the other form of address is written."""
        own, own_short = (
            (self.informal, self.informal_short)
            if address is Address.INFORMAL
            else (self.formal, self.formal_short)
        )
        forms = (own_short, self.short, own, self.text) if short else (own, self.text, own_short, self.short)
        return next((form for form in forms if form), "")


class Reply(NamedTuple):
    """What can be said with one attitude in one situation, in one language; ``brand`` is "" for every brand's."""

    situation: str
    attitude: Attitude
    language: str
    title: str
    keywords: str = ""
    brand: str = ""
    wordings: tuple[Wording, ...] = ()

    @property
    def id(self) -> str:
        """The name under which its use is counted, the same in every language: ``delay/understand``."""
        return f"{self.situation}/{self.attitude}"


class Use(NamedTuple):
    """How often a wording was used and when last (milliseconds since 1970)."""

    times: int = 0
    last: int = 0


class Chosen(NamedTuple):
    """A wording picked for an answer; ``use`` is what its use is counted under: ``delay/understand#2``."""

    use: str
    text: str


def pick(reply: Reply, address: Address, used: Mapping[str, Use], *, short: bool = False) -> Chosen | None:
    """Return the wording that was used longest ago, so that two customers in a row do not read the same words.

    None where nothing is written in that form of address.
    """
    said = (
        Chosen(f"{reply.id}#{number}", wording.said(address, short=short))
        for number, wording in enumerate(reply.wordings, 1)
    )
    return min((one for one in said if one.text), key=lambda one: used.get(one.use, Use()).last, default=None)


def stack(
    replies: list[Reply], address: Address, used: Mapping[str, Use], *, short: bool = False
) -> list[Chosen]:
    """Return a wording of each attitude in the order of an answer; what is not written is left out."""
    order = list(Attitude)
    by_place = sorted(replies, key=lambda reply: order.index(reply.attitude))
    return [chosen for reply in by_place if (chosen := pick(reply, address, used, short=short))]


def joined(parts: list[Chosen], *, short: bool = False) -> str:
    """Return an answer made of its parts: one paragraph each, or all on one line where room is short."""
    return (" " if short else "\n\n").join(part.text for part in parts)
