"""The settings a person writes in config.toml. All have a default; a wrong one names its key and line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from socialdesk.domain.models import View

if TYPE_CHECKING:
    from socialdesk.calendars.spec import PolicySpec


class ClockSettings(NamedTuple):
    """Where the public wait clock is shown; nowhere unless it is said here.

    ``publish`` are names of accounts, ``languages`` those of the words (none: the desk's own). ``files`` are absolute
    paths by brand, "" for the whole desk; the end of the name says what is written: html, svg, json or txt.
    """

    publish: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    files: Mapping[str, tuple[str, ...]] = MappingProxyType({})


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

    @property
    def policy(self) -> PolicySpec:
        """Return what the desk is to promise, the presets where nothing is written; it is in force once adopted."""
        from socialdesk.calendars.spec import PolicySpec  # 10 ms that no start has to wait for

        return self.promised or PolicySpec()
