"""The settings a person writes in config.toml. All have a default; a wrong one names its key and line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from socialdesk.domain.models import View

if TYPE_CHECKING:
    from socialdesk.calendars.spec import PolicySpec
    from socialdesk.domain.privacy import Keeping


class ClockSettings(NamedTuple):
    """Where the public wait clock is shown; nowhere unless it is said here.

    ``publish`` are names of accounts, ``languages`` those of the words (none: the desk's own). ``files`` are absolute
    paths by brand, "" for the whole desk; the end of the name says what is written: html, svg, json or txt.
    """

    publish: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Answering(NamedTuple):
    """How a brand is answered for; None, or nothing, leaves it to what is said for all brands.

    ``undo`` is how long a reply is held, ``undo_upset`` how long where it could do harm. ``address`` is "tu", "usted" or
    "none". ``words`` are right as they are. ``approval``: every reply needs a second look, or none does.
    """

    undo: timedelta | None = None
    undo_upset: timedelta | None = None
    address: str = ""
    language: str = ""
    words: tuple[str, ...] = ()
    approval: bool | None = None


DELICATE = ("insult", "threat", "rumour", "crisis", "discrimination", "compensation")
"""Kinds of case, and protocols, in which a hasty answer does the most harm."""


class ApprovalSettings(NamedTuple):
    """``people`` answer and approve; where they are fewer than two, a reply in need of it is held for ``cool_down``."""

    people: tuple[str, ...] = ()
    situations: tuple[str, ...] = DELICATE
    cool_down: timedelta = timedelta(minutes=2)


UPSET = 3
"""How many times longer than usual a reply is held where it could do harm, unless the settings say."""


class Config(NamedTuple):
    """The settings in force."""

    language: str = ""  # "" follows the locale
    theme: str = "dark"  # dark, light, contrast, mono
    agent: str = ""  # the name kept with each answer; "" is the login name
    undo: timedelta = timedelta(seconds=10)
    bell: bool = True
    notify: bool = True
    title: bool = True
    drawing: str = "changes"  # "changes" writes changed cells only; "plain" is Textual's own
    keys: Mapping[str, str] = MappingProxyType({})  # command id -> keys, comma separated
    promised: PolicySpec | None = None  # None: nothing is written of promises and calendars
    views: tuple[View, ...] = ()
    allow_private_hosts: bool = False
    clock: ClockSettings = ClockSettings()
    answering: Mapping[str, Answering] = MappingProxyType({})  # by brand, "" for all others
    approval: ApprovalSettings = ApprovalSettings()
    backups: int = 7  # so many daily ones are kept; 0 makes none
    privacy: Mapping[str, Mapping[str, Any]] = MappingProxyType({})  # by brand, "" for all others

    def keeping_for(self, brand: str) -> Keeping:
        """Return how long a brand keeps what it knows of persons."""
        from socialdesk.domain.privacy import Keeping

        return Keeping(**{**self.privacy.get("", {}), **self.privacy.get(brand, {})})

    @property
    def policy(self) -> PolicySpec:
        """Return what the desk is to promise, the presets where nothing is written; it is in force once adopted."""
        from socialdesk.calendars.spec import PolicySpec  # 10 ms that no start has to wait for

        return self.promised or PolicySpec()

    def answering_for(self, brand: str) -> Answering:
        """Return how a brand is answered for, with nothing left open but ``approval``; words add up."""
        every, own = self.answering.get("", Answering()), self.answering.get(brand, Answering())
        undo = _first(own.undo, every.undo, self.undo)
        upset = _first(own.undo_upset, None if own.undo is not None else every.undo_upset, undo * UPSET)
        return Answering(
            undo,
            max(undo, upset),
            own.address or every.address,
            own.language or every.language,
            (*every.words, *own.words),
            every.approval if own.approval is None else own.approval,
        )


def _first(*lengths: timedelta | None) -> timedelta:
    return next((length for length in lengths if length is not None), timedelta())
