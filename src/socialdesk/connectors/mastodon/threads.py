"""Where posts belong: the first post of their thread, and what stands above and below them.

What is remembered only saves requests: what is lacking is asked for again.
"""

from __future__ import annotations

from typing import Any

from socialdesk.connectors.contract import Rejected, Temporary
from socialdesk.connectors.mastodon.client import Client
from socialdesk.connectors.mastodon.shape import identity, items, mapping, order, step

PARENTS = 8
_ROOTS, _POSTS = 5_000, 500
_FAILURES = 3


class Threads:
    """The surroundings of one account's posts."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._roots: dict[str, str] = {}
        self._posts: dict[str, dict[str, Any]] = {}
        self._doubtful: set[str] = set()
        self._failures: dict[str, int] = {}

    async def of(self, status: dict[str, Any], reader: str) -> tuple[str, list[dict[str, Any]]]:
        """Return the first post of the thread, and what stands above, highest first.

        Messages whose surroundings fail are not held back for ever: a reader's first failure is raised, with later ones a
        thread begins at the post that is answered, and after a few of them nothing more is asked in that visit.
        """
        name, parent = identity(status.get("id")), identity(status.get("in_reply_to_id"))
        known = self._roots.get(name) or (self._roots.get(parent) if parent else name)
        if known or not name:
            self.remember(status, known or parent)
            return known or parent, self._chain(parent)
        failures = self._failures.get(reader, 0)
        if failures >= _FAILURES:
            return parent, []
        try:
            context = await self._client.object(f"/api/v1/statuses/{step(name)}/context")
        except Rejected:
            return parent, []
        except Temporary:
            if reader not in self._doubtful:
                self._doubtful.add(reader)
                raise
            self._failures[reader] = failures + 1
            return parent, []
        above = _in_order(parent, [mapping(one) for one in items(context.get("ancestors"))])
        root = next((found for one in above if (found := identity(one.get("id")))), parent)
        for one in [*above, status]:
            self.remember(one, root)
        return root, above

    async def below(self, name: str, us: str) -> list[dict[str, Any]]:
        """Return the posts below one of ours that concern us, oldest first: answers to us, and what their authors added."""
        context = await self._client.object(f"/api/v1/statuses/{step(name)}/context")
        under: dict[str, list[dict[str, Any]]] = {}
        for one in map(mapping, items(context.get("descendants"))):
            under.setdefault(identity(one.get("in_reply_to_id")), []).append(one)
        whose, found = {name: ""}, list[dict[str, Any]]()
        for above in (work := [name]):
            for one in under.pop(above, ()):
                own, author = identity(one.get("id")), identity(mapping(one.get("account")).get("id"))
                if not own or not author or own in whose or whose[above] not in ("", author):
                    continue
                whose[own] = "" if author == us else author
                work.append(own)
                found.append(one)
        return sorted(found, key=lambda one: order(identity(one.get("id"))))

    def settled(self, reader: str) -> None:
        """Note that a reader has come to the end of a visit."""
        if not self._failures.pop(reader, 0):
            self._doubtful.discard(reader)

    def remember(self, status: dict[str, Any], root: str) -> None:
        """Keep a post, and where its thread begins."""
        name = identity(status.get("id"))
        if name:
            self._roots[name] = root
            self._posts[name] = status
            if len(self._roots) > _ROOTS:
                del self._roots[next(iter(self._roots))]
            if len(self._posts) > _POSTS:
                del self._posts[next(iter(self._posts))]

    def remembered(self, name: str) -> dict[str, Any]:
        """Return a post, or nothing where it was forgotten or never seen."""
        return self._posts.get(name, {})

    def forget(self) -> None:
        """Ask again for the surroundings of what comes again."""
        self._roots.clear()
        self._posts.clear()

    def _chain(self, name: str) -> list[dict[str, Any]]:
        """Return what we remember above, from that post on, highest first."""
        return _upwards(name, self._posts, PARENTS)


def _in_order(parent: str, above: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what stands above, highest first, whatever the order in which the server tells it."""
    chain = _upwards(parent, {identity(one.get("id")): one for one in above}, len(above))
    return chain if len(chain) == len(above) else above


def _upwards(name: str, posts: dict[str, dict[str, Any]], most: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while name and (one := posts.get(name)) and len(found) < most:
        found.insert(0, one)
        name = identity(one.get("in_reply_to_id"))
    return found
