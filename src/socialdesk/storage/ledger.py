"""The ledger of erasures: whom the desk must not know any more, kept outside the desk file and without names.

A backup that is restored knows again whom it knew then, and a network shows old messages again; both are held against
this file. It lies beside the desk file and holds keyed hashes of network, brand and id; the key is of this file alone. One
line of JSON an act, only ever added to. A line is on the disk before the first row is deleted, so that a crash
between the two is made good by ``replay`` (promise 14 of docs/reliability.md).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

_DIGITS = 32


class Act(NamedTuple):
    """One erasure. ``at`` and ``until`` (when what is blocked is destroyed; 0: at once) are milliseconds since 1970.

    ``last`` is the moment of the newest message that it took.
    """

    at: int
    until: int
    who: tuple[str, ...]
    threads: tuple[str, ...]
    items: tuple[str, ...]
    reason: str
    end: int = 0  # how many bytes of the file there are up to here
    last: int = 0

    def counts_until(self, now: int) -> int:
        """Return up to when it erases: a clock that was ahead must not let it take what is written for years to come."""
        return max((moment for moment in (self.at, self.last) if moment <= now), default=0)


class Ledger:
    """The ledger of one desk file; read again whenever it has grown."""

    def __init__(self, desk: Path) -> None:
        self.path = desk.with_name(f"{desk.name}.erased")
        self._forget()

    def _forget(self) -> None:
        self._key = b""
        self._read = 0
        self._acts: list[Act] = []
        self._who: dict[str, list[Act]] = {}
        self._threads: dict[str, list[Act]] = {}
        self._items: set[str] = set()

    def person(self, channel: str, brand: str, remote_id: str) -> str:
        """Return what stands for a person, as that brand's customer on that network."""
        return self._hash("person", channel, brand, remote_id)

    def thread(self, channel: str, brand: str, key: str) -> str:
        """Return what stands for a conversation."""
        return self._hash("thread", channel, brand, key)

    def item(self, channel: str, brand: str, remote_id: str) -> str:
        """Return what stands for an item as a network gave it."""
        return self._hash("item", channel, brand, remote_id)

    def add(self, act: Act) -> Act:
        """Write an act down, safe from a power cut; returns it with its end."""
        self._begin()
        words = {name: value for name, value in act._asdict().items() if value and name != "end"}
        with _private(self.path, os.O_APPEND) as file:
            file.write(self._ending() + json.dumps(words, separators=(",", ":")).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.refresh()
        return act._replace(end=self._read)

    def refresh(self) -> Ledger:
        """Read what was added since."""
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            size = 0
        if size < self._read:
            self._forget()
        if size > self._read:
            with self.path.open("rb") as file:
                file.seek(self._read)
                for line in file:
                    if not line.endswith(b"\n"):
                        break  # being written, or cut off by a crash before anything was deleted
                    self._read += len(line)
                    self._take(line)
        return self

    @property
    def empty(self) -> bool:
        """Whether nobody was ever erased."""
        return not self._acts

    @property
    def size(self) -> int:
        """How many bytes were read."""
        return self._read

    def since(self, mark: int) -> list[Act]:
        """Return the acts after so many bytes; all of them where the mark is another ledger's."""
        return [act for act in self._acts if act.end > mark or mark > self._read]

    def erased_at(
        self, channel: str, brand: str, people: Iterable[str], now: int, conversation: str = ""
    ) -> int:
        """Return until when what these people wrote, or what is in that conversation, is erased; 0 for not at all."""
        if self.empty:
            return 0
        acts = [act for one in people if one for act in self._who.get(self.person(channel, brand, one), ())]
        if conversation:
            acts += self._threads.get(self.thread(channel, brand, conversation), ())
        return max((act.counts_until(now) for act in acts), default=0)

    def has_item(self, channel: str, brand: str, remote_id: str) -> bool:
        """Say whether that item must not come back."""
        return bool(self._items) and self.item(channel, brand, remote_id) in self._items

    def _take(self, line: bytes) -> None:
        try:
            words: Mapping[str, Any] = json.loads(line)
        except ValueError:
            return
        if "key" in words:
            self._key = bytes.fromhex(words["key"])
            return
        who, threads, items = (tuple(words.get(name, ())) for name in ("who", "threads", "items"))
        until, reason, last = words.get("until", 0), words.get("reason", ""), words.get("last", 0)
        act = Act(words["at"], until, who, threads, items, reason, self._read, last)
        self._acts.append(act)
        for known, names in ((self._who, act.who), (self._threads, act.threads)):
            for name in names:
                known.setdefault(name, []).append(act)
        self._items.update(act.items)

    def _begin(self) -> None:
        self.refresh()
        if not self._key:
            with _private(self.path, os.O_APPEND) as file:
                file.write(self._ending() + json.dumps({"key": os.urandom(32).hex()}).encode() + b"\n")
            self.refresh()

    def _ending(self) -> bytes:
        """Return what ends a line that a crash has cut off."""
        size = self.path.stat().st_size if self.path.exists() else 0
        return b"\n" if size > self._read else b""

    def _hash(self, *words: str) -> str:
        if not self._key:
            self._begin()
        text = "\0".join(words).encode("utf-8", "replace")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()[:_DIGITS]


def _private(path: Path, flags: int) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | flags, 0o600), "ab")
