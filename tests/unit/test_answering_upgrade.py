"""A desk of the version before answering well keeps what it says (needs C2, A1)."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW
from socialdesk.clock import ManualClock
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.models import Delivery, State, View
from socialdesk.domain.priority import to_ms
from socialdesk.storage import file, upgrade
from socialdesk.storage.database import Database

AT = to_ms(NOW)
BEFORE = f"""
INSERT INTO brand VALUES (1, 'Lola', 0);
INSERT INTO account VALUES (1, 'demo', 'demo', 'lola', 1, '', 'lola', '{{}}', '{{}}', 0, 'ok', '', '', '[]', '', 0,
    NULL, NULL, 0, NULL);
INSERT INTO contact VALUES (1, 1, 'ana', 'ana', 'Ana', '');
INSERT INTO conversation(id, account_id, brand_id, contact_id, remote_key, channel, private, box, urgency, waiting_since,
    settled_as, nudges, messages, language, preview, last_at, created_at)
    VALUES (1, 1, 1, 1, 'k1', 'demo', 0, 'open', {AT}, {AT}, '', 0, 1, 'es', 'hola', {AT}, 0);
INSERT INTO message VALUES
    (1, 1, 1, 'a', 'in', {AT}, {AT}, 'ana', 'Ana', 'hola', 'reply', 0, 0, 0, '', '', '', '{{}}', NULL, NULL, 0);
INSERT INTO outbox(id, conversation_id, account_id, text, private, state, key, attempts, agent, reason, detail, url,
    created_at, next_attempt_at) VALUES
    (1, 1, 1, 'mañana', 0, 'queued', '', 0, 'eva', '', '', '', {AT}, {AT + 24 * 3_600_000}),
    (2, 1, 1, 'ya', 0, 'queued', '', 0, 'eva', '', '', '', {AT}, {AT + 10_000});
"""


def _former(folder: Path) -> Path:
    shutil.copytree(upgrade.MIGRATIONS, folder)
    for later in (folder / "versions").glob("v*.py"):
        if later.name >= "v0003":
            later.unlink()
    return folder


@pytest.mark.usefixtures("real_migrations")
def test_c2_an_older_desk_keeps_its_replies_and_knows_which_were_scheduled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "MIGRATIONS", _former(tmp_path / "migrations"))
        patch.setattr(file, "HEAD", "0002")
        Database(path).close()
    connection = sqlite3.connect(path)
    connection.executescript(BEFORE)
    connection.close()
    database = Database(path)
    desk = Desk(database, ManualClock(NOW), Config())
    assert [(item.text, item.state) for item in desk.outbox()] == [
        ("mañana", Delivery.QUEUED),
        ("ya", Delivery.QUEUED),
    ]
    assert database.read().all("SELECT id FROM outbox WHERE scheduled = 1") == [(1,)]
    assert desk.outbox()[0].next_attempt_at == NOW + 24 * HOUR
    assert [row.state for row in desk.queue(View("all")).rows] == [State.WAITING]
    assert (tmp_path / "old.db.before-0002").exists()
    database.close()
