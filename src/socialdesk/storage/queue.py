"""The queue: windows of a view, paged by key, and how many lie where. Plain SQL, quick at 100,000 conversations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from socialdesk.domain.models import Box, Counts, Delivery, QueueRow, QueueWindow, Seek, State, View
from socialdesk.domain.outbox import NEEDS_ATTENTION, SETTLED
from socialdesk.domain.priority import AFTER_ALL_DEADLINES, from_ms, to_ms
from socialdesk.errors import NotFound
from socialdesk.storage.database import Reader, Row

_ALL_WAITING = AFTER_ALL_DEADLINES // 2
"""Above every deadline and below every answered conversation (``domain.priority.urgency``)."""

_END = 2 * AFTER_ALL_DEADLINES

_SETTLED = ", ".join(f"'{state.value}'" for state in sorted(SETTLED))
_STATES = {Box.SNOOZED.value: State.SNOOZED, Box.DONE.value: State.DONE}

# CROSS JOIN keeps the order of the tables as written: the index of the queue first, always.
_ROWS = f"""
SELECT c.id, c.urgency, b.name, a.name, c.channel, p.handle, p.name, c.box, c.private, c.waiting_since, c.due_at,
    c.snoozed_until, c.nudges, c.messages, c.language, c.preview, c.last_at,
    (SELECT o.state FROM outbox o WHERE o.conversation_id = c.id AND o.state NOT IN ({_SETTLED})
        ORDER BY o.id DESC LIMIT 1),
    EXISTS (SELECT 1 FROM draft d WHERE d.conversation_id = c.id), c.situation, c.promise, c.resolve_by,
    c.commit_at, CASE WHEN c.commit_at IS NULL THEN '' ELSE (SELECT k.text FROM commitment k
        WHERE k.conversation_id = c.id AND k.made_at IS NOT NULL AND k.kept_at IS NULL
        ORDER BY k.due_at, k.id LIMIT 1) END, c.joined_to, c.answer_until, c.rating
FROM conversation c
CROSS JOIN brand b ON b.id = c.brand_id
CROSS JOIN account a ON a.id = c.account_id
CROSS JOIN contact p ON p.id = c.contact_id
"""  # noqa: S608 - constants only, as everywhere in this module
_COUNT = "SELECT count(*) FROM conversation c"
_SNOOZED_LATE = "(c.due_at < :now OR c.commit_at < :now)"
"""The snoozed lie in the order of their return, so that their lateness is not in their key."""


class _Selection:
    """A view as SQL: which rows, in the order of their keys."""

    def __init__(self, reader: Reader, view: View, now: datetime) -> None:
        self._reader = reader
        self._params: dict[str, Any] = {"box": view.box.value}
        tests = ["c.box = :box"]
        if view.brand is not None:
            tests.append("c.brand_id = (SELECT id FROM brand WHERE name = :brand)")
            self._params["brand"] = view.brand
        if view.channel is not None:
            # The plus leaves the index to the brand, where both are asked for.
            tests.append("c.channel = :channel" if view.brand is None else "+c.channel = :channel")
            self._params["channel"] = view.channel
        if view.box is Box.SNOOZED and (view.late or view.waiting_only):
            tests.append(_SNOOZED_LATE if view.late else "c.waiting_since IS NOT NULL")
            self._params["now"] = to_ms(now)
        elif view.late or view.waiting_only:
            tests.append("c.urgency < :limit_key")
            self._params["limit_key"] = to_ms(now) if view.late else _ALL_WAITING
        self._where = " WHERE " + " AND ".join(tests)

    def count(self, test: str = "", **more: int) -> int:
        row = self._reader.one(_COUNT + self._where + test, {**self._params, **more})
        assert row is not None
        return int(row[0])

    def count_before(self, key: tuple[int, int]) -> int:
        # Two plain ranges of the index are counted faster than one of pairs.
        urgency, number = key
        same = self.count(" AND c.urgency = :urgency AND c.id < :id", urgency=urgency, id=number)
        return self.count(" AND c.urgency < :urgency", urgency=urgency) + same

    def rows(self, limit: int, test: str = "", key: tuple[int, int] | None = None) -> list[QueueRow]:
        return self._fetch(test + " ORDER BY c.urgency, c.id LIMIT :limit", limit, key)

    def rows_backwards(
        self, limit: int, test: str = "", key: tuple[int, int] | None = None
    ) -> list[QueueRow]:
        rows = self._fetch(test + " ORDER BY c.urgency DESC, c.id DESC LIMIT :limit", limit, key)
        return rows[::-1]

    def _fetch(self, rest: str, limit: int, key: tuple[int, int] | None) -> list[QueueRow]:
        found = self._reader.all(_ROWS + self._where + rest, {**self._keyed(key), "limit": limit})
        return [to_row(row) for row in found]

    def _keyed(self, key: tuple[int, int] | None) -> dict[str, Any]:
        return self._params if key is None else {**self._params, "urgency": key[0], "id": key[1]}


_BEFORE = " AND (c.urgency, c.id) < (:urgency, :id)"
_AFTER = " AND (c.urgency, c.id) > (:urgency, :id)"
_FROM = " AND (c.urgency, c.id) >= (:urgency, :id)"


def window(reader: Reader, view: View, seek: Seek, limit: int, now: datetime) -> QueueWindow:
    """Return a run of rows of a view with its exact place in it, as of one moment."""
    with reader.snapshot():
        selection = _Selection(reader, view, now)
        rows = _run(selection, seek, limit)
        total = selection.count()
        first = _place(selection, seek, rows, total)
    return QueueWindow(first, total, tuple(rows))


def _run(selection: _Selection, seek: Seek, limit: int) -> list[QueueRow]:
    key = seek.key
    if seek.where == "bottom":
        return selection.rows_backwards(limit)
    if key is None or seek.where == "top":
        return selection.rows(limit)
    if seek.where == "after":
        return selection.rows(limit, _AFTER, key)
    if seek.where == "before":
        return selection.rows_backwards(limit, _BEFORE, key)
    before = selection.rows_backwards(limit // 2, _BEFORE, key)
    after = selection.rows(limit - len(before), _FROM, key)
    if len(before) + len(after) < limit and len(before) == limit // 2:
        before = selection.rows_backwards(limit - len(after), _BEFORE, key)
    return before + after


def _place(selection: _Selection, seek: Seek, rows: list[QueueRow], total: int) -> int:
    """Return the number of the first row; counting is left out where the end of the view tells it."""
    if seek.where == "bottom" or (seek.where == "after" and not rows):
        return total - len(rows)
    if seek.where == "top" or not rows:
        return 0
    return selection.count_before(rows[0].key)


def row(reader: Reader, conversation_id: int) -> QueueRow:
    """Return one conversation; raises ``NotFound``."""
    found = reader.one(_ROWS + " WHERE c.id = :id AND c.box <> 'erased'", {"id": conversation_id})
    if found is None:
        raise NotFound(str(conversation_id), code="conversation")
    return to_row(found)


def state_of(box: str, waiting_since: int | None) -> State:
    """Return what is said of a conversation in that box."""
    return _STATES.get(box) or (State.ANSWERED if waiting_since is None else State.WAITING)


def to_row(row: Row) -> QueueRow:
    """Turn a row of the query above into its value."""
    number, key, brand, account, channel, handle, name, box, private, since, due, snoozed = row[:12]
    nudges, messages, language, preview, last_at, delivery, draft = row[12:19]
    situation, promise, resolve_by, commit_at, commitment, joined_to, until, rating = row[19:]
    return QueueRow(
        number,
        key,
        brand,
        account,
        channel,
        handle,
        name,
        state_of(box, since),
        bool(private),
        None if since is None else from_ms(since),
        None if due is None else from_ms(due),
        None if snoozed is None else from_ms(snoozed),
        nudges,
        messages,
        language,
        preview,
        from_ms(last_at),
        None if delivery is None else Delivery(delivery),
        bool(draft),
        situation,
        promise,
        None if resolve_by is None else from_ms(resolve_by),
        None if commit_at is None else from_ms(commit_at),
        commitment or "",
        joined_to,
        None if until is None else from_ms(until),
        rating,
    )


def anything_to_wake(reader: Reader, now: datetime) -> bool:
    """Say whether a snooze is over."""
    return _count_box(reader, Box.SNOOZED, -_END, to_ms(now) + 1) > 0


def counts(reader: Reader, now: datetime) -> Counts:
    """Count the conversations by where they lie."""
    with reader.snapshot():
        brands: dict[str, int] = dict(
            reader.all(
                "SELECT b.name, (SELECT count(*) FROM conversation c"
                " WHERE c.brand_id = b.id AND c.box = 'open' AND c.urgency < :waiting) FROM brand b",
                {"waiting": _ALL_WAITING},
            )
        )
        channels: dict[str, int] = dict(
            reader.all(
                "SELECT a.channel, (SELECT count(*) FROM conversation c"
                " WHERE c.channel = a.channel AND c.box = 'open' AND c.urgency < :waiting)"
                " FROM (SELECT DISTINCT channel FROM account) a",
                {"waiting": _ALL_WAITING},
            )
        )
        return Counts(
            waiting=sum(brands.values()),
            late=_count_box(reader, Box.OPEN, -_END, to_ms(now)),
            answered=_count_box(reader, Box.OPEN, _ALL_WAITING, _END),
            snoozed=_count_box(reader, Box.SNOOZED),
            done=_count_box(reader, Box.DONE),
            unsettled=_unsettled(reader),
            brands=brands,
            channels=channels,
            snoozed_late=_Selection(reader, View("", Box.SNOOZED, late=True), now).count(),
        )


def _count_box(reader: Reader, box: Box, start: int = -_END, end: int = _END) -> int:
    row = reader.one(
        _COUNT + " WHERE c.box = :box AND c.urgency >= :start AND c.urgency < :end",
        {"box": box.value, "start": start, "end": end},
    )
    assert row is not None
    return int(row[0])


def _unsettled(reader: Reader) -> int:
    states = ", ".join(f"'{state.value}'" for state in sorted(NEEDS_ATTENTION))
    row = reader.one(f"SELECT count(*) FROM outbox WHERE state IN ({states})")  # noqa: S608
    assert row is not None
    return int(row[0])
