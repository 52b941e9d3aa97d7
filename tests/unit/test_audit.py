"""Who did what is known, and stays known (promise 15 of docs/reliability.md, need G3)."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.shop import NOW, Shop
from socialdesk.calendars.spec import PolicySpec
from socialdesk.config import ApprovalSettings, Config
from socialdesk.connectors.contract import Identity
from socialdesk.desk import Desk
from socialdesk.domain.models import Delivery, Direction
from socialdesk.storage import outbox
from socialdesk.storage.database import Database

SECRET = "cacahuete"
"""A word of what customer and agent write: the audit holds none of it."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk."""
    database = Database(tmp_path / "desk.db")
    yield Shop(database)
    database.close()


def deeds(shop: Shop) -> list[tuple[str, str, str]]:
    return [(one.what, one.agent, one.subject) for one in reversed(shop.desk.audit())]


def leave(shop: Shop, number: int) -> None:
    """Let the engine send a reply."""
    shop.later(1)
    job = outbox.next_job(shop.database.read(), 1, shop.clock.now(), timedelta())
    assert job is not None and job.id == number
    account = shop.desk.accounts()[0]
    shop.move(number, Delivery.QUEUED, Delivery.SENDING)
    with shop.database.write() as c:
        receipt = outbox.Sent(f"network {number}", "", shop.clock.now())
        assert outbox.sent(c, account, "me", job, Delivery.SENDING, receipt, shop.clock.now())


def test_every_deed_has_its_line_with_who_and_without_a_word_of_anybody(shop: Shop) -> None:
    """Promise 15: sent, edited, erased, exported, policy changed, consent."""
    number = shop.write(SECRET)
    shop.desk.add_account(
        "demo", "plana", "Lola", {}, {"password": "plain:1"}, Identity("r", "plana", "Plana")
    )
    first = shop.desk.reply(number, f"{SECRET} uno")
    leave(shop, first.id)
    strict = Config(agent="eva", approval=ApprovalSettings(("eva", "luis"), ("billing",)))
    shop.desk = Desk(shop.database, shop.clock, strict._replace(answering={}))
    shop.desk.adopt_policy(PolicySpec())
    with shop.database.write() as c:
        c.exec_driver_sql("UPDATE conversation SET situation = 'billing', situation_by = 'agent'")
    second = shop.desk.reply(number, f"{SECRET} dos")
    luis = Desk(shop.database, shop.clock, strict._replace(agent="luis"))
    luis.approve(second.id, f"{SECRET} tres")
    shop.move(second.id, Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.NEEDS_PERSON)
    luis.mark_sent(second.id)
    luis.dossier(shop.desk.people("ana"))
    luis.erase(shop.desk.people("ana"), at_once=True)
    told = deeds(shop)
    assert [(what, agent) for what, agent, _ in told if (what, agent) != ("policy", "")] == [
        ("consent", "eva"),
        ("sent", "eva"),
        ("policy", "eva"),
        ("edited", "luis"),
        ("sent", "luis"),
        ("exported", "luis"),
        ("erased", "luis"),
    ]
    everything = repr(shop.database.read().all("SELECT * FROM audit"))
    assert SECRET not in everything and "'ana'" not in everything
    assert {one.brand for one in shop.desk.audit() if one.what in ("sent", "erased", "exported")} == {"Lola"}


def test_the_desk_s_own_answers_are_nobody_s(shop: Shop) -> None:
    """Promise 15: a policy that the desk adopts by itself has no agent."""
    shop.desk._begin()
    assert deeds(shop) == [("policy", "", "policy 1")]


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM audit",
        "UPDATE audit SET agent = 'nobody'",
        "INSERT OR REPLACE INTO audit(id, at, what) VALUES (1, 0, 'sent')",
        "UPDATE OR REPLACE audit SET id = 2 WHERE id = 1",
    ],
)
def test_no_line_can_be_changed_or_taken_away(shop: Shop, attack: str) -> None:
    """Promise 15: append-only, by triggers in the desk file itself."""
    shop.desk._begin()
    shop.desk.adopt_policy(PolicySpec())
    before = shop.database.read().all("SELECT * FROM audit")
    with closing(sqlite3.connect(shop.database.path)) as c:
        with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
            c.execute(attack)
        c.rollback()
    assert shop.database.read().all("SELECT * FROM audit") == before != []


def test_nothing_is_told_that_did_not_happen(shop: Shop) -> None:
    """Promise 15: the line and the deed are one transaction."""
    number = shop.write()
    reply = shop.desk.reply(number, "x")
    with contextlib.suppress(Exception):
        shop.desk.mark_sent(reply.id)
    assert [deed for deed in deeds(shop) if deed[0] == "sent"] == []


def test_an_export_holds_all_that_is_theirs_and_nothing_of_another_s(shop: Shop) -> None:
    """Promise 14: socialdesk export CONTACT."""
    from socialdesk.storage.incoming import Incoming, Person
    from socialdesk.storage.ingest import ingest

    number = shop.write("mi primera", named="a1")
    shop.write("mi primera, corregida", named="a1")
    shop.write("cosa de berta", who="berta")
    bertas = Incoming(
        "ctx",
        "ana",
        Direction.IN,
        NOW,
        Person("berta", "berta"),
        Person("ana", "ana"),
        "berta aquí",
        context=True,
    )
    joins = Incoming(
        "x1", "ana", Direction.IN, NOW, Person("berta", "berta"), Person("ana", "ana"), "berta allí"
    )
    with shop.database.write() as c:
        ingest(c, shop.account("lola"), [bertas, joins], NOW)
    leave(shop, shop.desk.reply(number, "nuestra respuesta").id)
    shop.desk.save_draft(number, "a medias")
    told = shop.desk.dossier(shop.desk.people("@Ana"))
    text = json.dumps(told, ensure_ascii=False)
    for theirs in ("mi primera, corregida", '"mi primera"', "nuestra respuesta", "a medias"):
        assert theirs in text
    assert "berta" not in text
    assert [one["handle"] for one in told] == ["ana"]


def test_an_export_tells_the_stars_that_somebody_gave(shop: Shop) -> None:
    shop.write("Regular", rating=2)
    [told] = shop.desk.dossier(shop.desk.people("@ana"))
    assert '"stars": 2' in json.dumps(told)
