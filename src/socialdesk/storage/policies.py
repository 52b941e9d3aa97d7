"""The policy in force: adopted here, read by whatever computes a deadline (NEEDS A2, A3, A5).

The last row of ``policy`` is in force; without any, the presets are. A desk adopts the policy of the settings by
itself only when it has none; after that a person decides, having seen what it changes.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from socialdesk.domain.priority import from_ms, to_ms
from socialdesk.domain.promises import Policy
from socialdesk.storage.database import Database, Reader
from socialdesk.storage.dues import Dues
from socialdesk.storage.source import Source, one

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from socialdesk.calendars.spec import PolicySpec
    from socialdesk.domain.consequences import Preview


def in_force(source: Source) -> Policy:
    """Return the policy in force."""
    return dues(source).policy


def dues(source: Source) -> Dues:
    """Return the deadlines of the policy in force."""
    row = one(source, "SELECT text FROM policy ORDER BY id DESC LIMIT 1")
    return _dues("" if row is None else row[0])


@lru_cache(maxsize=4)
def _dues(text: str) -> Dues:
    """Return the deadlines of a policy; kept by its text, for desks number their policies alike."""
    if not text:
        return Dues(Policy())
    from socialdesk.calendars import spec

    return Dues(spec.load(text))


def begin(database: Database, wanted: PolicySpec, now: datetime) -> None:
    """Let a desk without a policy adopt that of its settings, and one of a former year learn the new holidays.

    Costs one read where there is nothing to do. Raises ``ConfigError`` where the policy cannot be used.
    """
    if not _lacking(database.read(), wanted, now):
        return
    policy = compiled(wanted, now)
    with database.write() as connection:
        if _lacking(connection, wanted, now):
            _put(connection, policy, wanted, now)


def _lacking(source: Source, wanted: PolicySpec, now: datetime) -> bool:
    row = one(source, "SELECT spec, adopted_at FROM policy ORDER BY id DESC LIMIT 1")
    return row is None or (from_ms(row[1]).year < now.year and _written(row[0]) == wanted)


@lru_cache(maxsize=4)
def _written(text: str) -> PolicySpec:
    from socialdesk.calendars import spec

    return spec.load_spec(text)


def change(reader: Reader, wanted: PolicySpec, own: PolicySpec, now: datetime) -> Preview | None:
    """Return what this policy would change, or None where it is in force. Raises ``ConfigError``.

    A desk without any is about to adopt ``own``, that of its settings, where that can be used.
    """
    row = one(reader, "SELECT spec FROM policy ORDER BY id DESC LIMIT 1")
    if row is not None and wanted == _written(row[0]):
        return None
    policy = compiled(wanted, now)
    return None if row is None and wanted == own else preview(reader, policy, now)


def preview(reader: Reader, new: Policy, now: datetime) -> Preview:
    """Return what a policy would change for those who wait."""
    from socialdesk.storage.recomputing import forecast

    with reader.snapshot():
        return forecast(reader, Dues(new), dues(reader).policy, now)


def adopt(connection: Connection, wanted: PolicySpec, now: datetime, agent: str = "") -> None:
    """Put a policy in force and recompute everything open. Raises ``ConfigError`` where it cannot be used."""
    _put(connection, compiled(wanted, now), wanted, now, agent)


def _put(connection: Connection, policy: Policy, wanted: PolicySpec, now: datetime, agent: str = "") -> None:
    from socialdesk.calendars import spec
    from socialdesk.domain.privacy import Deed
    from socialdesk.storage import audit
    from socialdesk.storage.recomputing import recompute

    before = in_force(connection)
    added = connection.exec_driver_sql(
        "INSERT INTO policy(text, spec, adopted_at) VALUES (?, ?, ?) RETURNING id",
        (spec.dump(policy), spec.dump(wanted), to_ms(now)),
    )
    audit.note(connection, Deed.POLICY, now, agent, f"policy {added.scalar_one()}")
    recompute(connection, dues(connection), before)


def compiled(wanted: PolicySpec, now: datetime) -> Policy:
    """Return a policy ready for use: its holidays looked up. Raises ``ConfigError``."""
    from socialdesk.calendars.compile import FIRST_YEAR, YEARS_AHEAD, compile_policy

    return compile_policy(wanted, range(FIRST_YEAR, now.year + YEARS_AHEAD + 1))
