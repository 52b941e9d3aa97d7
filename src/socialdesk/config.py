"""The settings a person writes in config.toml. All have a default; a wrong one names its key and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from socialdesk.domain.models import View


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force."""

    language: str = ""  # "" follows the locale
    theme: str = "dark"  # dark, light, contrast, mono
    agent: str = ""  # the name kept with each answer; "" is the login name
    undo: timedelta = timedelta(seconds=10)
    bell: bool = True
    notify: bool = True
    title: bool = True
    drawing: str = "changes"  # "changes" writes changed cells only; "plain" is Textual's own
    keys: Mapping[str, str] = field(default_factory=dict)  # command id -> keys, comma separated
    promises: Mapping[str, timedelta] = field(default_factory=dict)  # channel or "default"
    views: tuple[View, ...] = ()
    allow_private_hosts: bool = False
