"""Keeps one account's connection for news open, where its network has one (NEEDS A1: seen within seconds)."""

from __future__ import annotations

import asyncio
import logging

from socialdesk.domain.models import AccountState
from socialdesk.sync import trouble
from socialdesk.sync.pace import back_off
from socialdesk.sync.post import Post

log = logging.getLogger(__name__)

SHUT_PAUSE = 900.0
"""Seconds between attempts where only a person can help."""


class Listener:
    """The listening third of one account's work. It fetches nothing itself: it wakes whoever does."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._failures = 0

    async def run(self) -> None:
        """Listen until asked to leave; while nobody listens, the account is asked at its usual pace."""
        post, tools = self._post, self._post.tools
        while not post.leaving:
            try:
                await post.connector.listen(self._news)
            except Exception as error:
                self._report(error)
            finally:
                self._over()
            self._failures += 1
            pause = SHUT_PAUSE if post.shut else back_off(self._failures, tools.random)
            await tools.pace.until(asyncio.Event(), pause)

    def _news(self) -> None:
        self._failures = 0
        self._post.listening = True
        self._post.receive_now.set()

    def _over(self) -> None:
        """Ask at the usual pace again, and at once: something may have come while nobody listened any more."""
        if self._post.listening:
            self._post.listening = False
            self._post.receive_now.set()

    def _report(self, error: Exception) -> None:
        name, found = self._post.account.name, trouble.of_account(error)
        if found.state is AccountState.BROKEN:
            log.error("account %s: the connector cannot listen", name, exc_info=error)
        elif self._failures == 0:
            log.info("account %s: nobody listens for now: %s: %s", name, found.code, found.detail)
