"""A desk of the version before windows and stars keeps what it holds, and learns both from then on (issue 7, points 2 to 5)."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.shop import HOUR, NOW, Shop
from socialdesk.domain.models import Direction, Seek, View
from socialdesk.domain.priority import to_ms
from socialdesk.domain.promises import BAD_REVIEW, Policy
from socialdesk.explaining import case_name
from socialdesk.storage import file, upgrade
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person, Source
from socialdesk.storage.ingest import ingest

AT = to_ms(NOW - HOUR)
BEFORE = f"""
INSERT INTO brand(id, name, created_at) VALUES (1, 'Lola', 0);
INSERT INTO account(id, connector, channel, name, brand_id, remote_id, handle, options, secrets, paused, state, problem,
    detail, lacking, cursor, failures, created_at)
    VALUES (1, 'demo', 'demo', 'lola', 1, '', 'lola', '{{}}', '{{}}', 0, 'ok', '', '', '[]', '', 0, 0);
INSERT INTO contact(id, account_id, remote_id, handle, name) VALUES (1, 1, 'ana', 'ana', 'Ana');
INSERT INTO conversation(id, account_id, brand_id, contact_id, remote_key, channel, private, box, urgency, waiting_since,
    due_at, settled_as, nudges, messages, language, preview, last_at, created_at)
    VALUES (1, 1, 1, 1, 'c', 'demo', 1, 'open', {AT}, {AT}, {AT}, '', 0, 1, 'es', 'hola', {AT}, 0);
INSERT INTO message(id, conversation_id, account_id, remote_id, direction, at, known_at, handle, name, text, kind, private,
    context, from_desk, reply_to, url, agent, remote, automatic, title)
    VALUES (1, 1, 1, 'a', 'in', {AT}, {AT}, 'ana', 'Ana', 'hola', 'direct', 1, 0, 0, '', '', '', '{{}}', 0, 'Pedido');
"""


def _former(folder: Path) -> Path:
    shutil.copytree(upgrade.MIGRATIONS, folder)
    for later in (folder / "versions").glob("v*.py"):
        if later.name >= "v0006":
            later.unlink()
    return folder


def test_a_policy_from_before_the_stars_has_a_name_for_them() -> None:
    former = Policy(situations={"stranded": "Tirado", "allergy": "Alergia"})
    assert case_name(former, BAD_REVIEW) == "Few stars"
    assert case_name(former, "stranded") == "Tirado" and list(former.kinds())[:2] == ["stranded", "allergy"]


@pytest.mark.usefixtures("real_migrations")
def test_an_older_desk_keeps_its_conversations_and_learns_windows_and_stars(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with monkeypatch.context() as patch:
        patch.setattr(upgrade, "MIGRATIONS", _former(tmp_path / "migrations"))
        patch.setattr(file, "HEAD", "0005")
        Database(path).close()
    connection = sqlite3.connect(path)
    assert "rating" not in [row[1] for row in connection.execute("PRAGMA table_info(message)")]
    connection.executescript(BEFORE)
    connection.close()
    database = Database(path)
    desk = Shop(database).desk
    [row] = desk.queue(View("all"), Seek(), 9).rows
    assert (row.preview, row.answer_until, row.rating, row.urgency) == ("hola", None, None, AT)
    assert desk.thread(1).messages[0].title == "Pedido"
    ana = Person("ana", "ana", "Ana")
    item = Incoming("b", "c", Direction.IN, NOW, ana, ana, "¿hola?", private=True, rating=4)
    with database.write() as writing:
        ingest(writing, Source(1, 1, "demo"), [replace(item, answer_until=NOW + HOUR)], NOW)
    row = desk.row(1)
    assert (row.answer_until, row.rating, row.nudges) == (NOW + HOUR, 4, 1)
    assert (tmp_path / "old.db.before-0005").exists()
    database.close()
