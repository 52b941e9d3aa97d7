"""Erasing a person erases the bytes, and nothing brings them back (promise 14 of docs/reliability.md, need G3)."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.shop import NOW, Shop
from socialdesk.config import Config
from socialdesk.desk import Desk
from socialdesk.domain.answers import Overruled, Promise
from socialdesk.domain.models import Act, Attachment, Box, Delivery, Direction, Media, View
from socialdesk.domain.privacy import Contact, Term
from socialdesk.errors import NotFound, Refused
from socialdesk.storage import erasing, scouring
from socialdesk.storage.backup import back_up
from socialdesk.storage.database import Database
from socialdesk.storage.incoming import Incoming, Person
from socialdesk.storage.ingest import ingest

HANDLE, NAME = "zoraida.quimera", "Zoraida Quimeratova"
TRACES = (
    HANDLE,
    "Quimeratova",
    "verborrea",
    "ornitorrinco",
    "trapisonda",
    "zascandil",
    "batiburrillo",
    "perendengue",
    "pamplina",
    "cachivache",
    "bagatela",
    "fruslera",
)
"""The handle, the name, and a rare word of every text that the desk comes to hold of the person."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A desk in a folder of its own."""
    database = Database(tmp_path / "data" / "desk.db")
    yield Shop(database)
    database.close()


def folder(shop: Shop) -> Path:
    """Return the folder of the desk."""
    return shop.database.path.parent


def traces(place: Path) -> set[tuple[str, str]]:
    """Return what can still be read of the person below a folder: (file, word)."""
    found = set()
    for file in (one for one in place.rglob("*") if one.is_file()):
        content = file.read_bytes().lower()
        found |= {(file.name, word) for word in TRACES if word.lower().encode() in content}
    return found


def live_through(shop: Shop) -> int:
    """Let a customer leave a trace in every table that there is; returns the conversation."""
    desk, who = shop.desk, HANDLE
    scribble = Attachment(
        Media.IMAGE, "bagatela.png", "un cachivache", remote={"url": "https://x.example/bagatela"}
    )
    first = shop.write("qué verborrea la suya", who=who, named="z1", title="pamplina", attachments=[scribble])
    shop.write("hola, soy otra", who="berta", named="b1")
    with shop.database.write() as c:
        c.exec_driver_sql("UPDATE contact SET name = ?, tags = 'vip' WHERE handle = ?", (NAME, who))
        c.exec_driver_sql("INSERT INTO contact_fts(contact_fts) VALUES ('rebuild')")
        c.exec_driver_sql("UPDATE message SET name = ? WHERE handle = ?", (NAME, who))
        for state, word in (("parsed", "ornitorrinco"), ("quarantined", "trapisonda")):
            c.exec_driver_sql(
                "INSERT INTO raw_item(account_id, remote_id, payload, state, error, parsed_by, received_at)"
                " VALUES (1, ?, ?, ?, '', '', 0)",
                (f"raw {word}", f'{{"by":"{who}","text":"{word}"}}', state),
            )
    # An edit: the former text and title are kept as a version.
    shop.write("y un zascandil, y más", who=who, named="z1", title="otra pamplina", attachments=[scribble])
    blocking = desk.act(first, Act.BLOCK)
    with shop.database.write() as c:
        c.exec_driver_sql(
            "UPDATE act SET state = 'failed', detail = 'la fruslera', due_at = NULL WHERE id = ?",
            (blocking.id,),
        )
    reply = desk.reply(
        first,
        "El batiburrillo de @zoraida.quimera queda aclarado mañana.",
        overrules=[Overruled("cold", "", "batiburrillo", "trapisonda")],
        commitments=[Promise("perendengue", None)],
    )
    shop.move(reply.id, Delivery.QUEUED, Delivery.SENDING, Delivery.UNKNOWN, Delivery.NEEDS_PERSON)
    desk.mark_sent(reply.id)
    desk.save_draft(first, "perendengue a medias")
    desk.start_protocol(first, "refund")
    desk.note_use(first, "refund")
    return first


def person(shop: Shop) -> list[Contact]:
    return shop.desk.people(f"@{HANDLE}")


def test_nothing_is_left_in_any_file_of_the_folder(shop: Shop, tmp_path: Path) -> None:
    """Promise 14: desk file, log, index, drafts, outbox, quarantine, raw items, backups, copies before upgrades, logs."""
    live_through(shop)
    (folder(shop) / "backups").mkdir()
    back_up(shop.database.path, folder(shop) / "backups" / "desk-2026-03-02.db")
    back_up(shop.database.path, folder(shop) / "desk.db.before-0003")
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "socialdesk.log").write_text(f"WARNING an item of {HANDLE} cannot be stored\n")
    assert {word for _, word in traces(tmp_path)} == set(TRACES), "the trial would prove nothing"
    done = shop.desk.erase(person(shop), at_once=True, logs=logs)
    assert traces(tmp_path) == set()
    assert (done.conversations, done.until) == (1, None)
    assert set(done.backups) == {"desk-2026-03-02.db", "desk.db.before-0003"}
    for copy in (folder(shop) / "backups" / "desk-2026-03-02.db", folder(shop) / "desk.db.before-0003"):
        with closing(sqlite3.connect(copy)) as c:
            assert c.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert c.execute("SELECT count(*) FROM message WHERE text = 'hola, soy otra'").fetchone() == (1,)
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_what_others_wrote_stays_and_only_the_handle_goes(shop: Shop) -> None:
    """Promise 14: what they wrote in others' conversations goes, a mention by others loses the name."""
    live_through(shop)
    other = shop.write(
        "como dijo @zoraida.quimera, tarda. Zoraida es nombre de muchas",
        who="carla",
        named="c1",
        title="para @zoraida.quimera",
        attachments=[Attachment(Media.IMAGE, description="una captura de @zoraida.quimera")],
    )
    theirs = Incoming(
        "ctx",
        "carla",
        Direction.IN,
        NOW,
        Person("z", HANDLE, NAME),
        Person("carla", "carla"),
        "ornitorrinco",
        context=True,
        title="pamplina",
        attachments=[Attachment(Media.FILE, "bagatela.pdf")],
    )
    with shop.database.write() as c:
        ingest(c, shop.account("lola"), [theirs], NOW)
    assert len(shop.desk.thread(other).messages) == 2
    shop.desk.erase(person(shop), at_once=True)
    assert traces(folder(shop)) == set()
    message = shop.desk.thread(other).messages[0]
    assert (message.title, message.attachments[0].description) == ("para […]", "una captura de […]")
    assert len(shop.desk.search("captura")) == 1
    texts = [one.text for one in shop.desk.thread(other).messages]
    assert texts == ["como dijo […], tarda. Zoraida es nombre de muchas"]
    assert [hit.conversation_id for hit in shop.desk.search("muchas")] == [other]
    assert shop.desk.search("ornitorrinco") == []


def test_without_now_a_person_is_blocked_hidden_everywhere_and_destroyed_after_the_term(shop: Shop) -> None:
    """Promise 14: LOPDGDD art. 32: blocked first, destroyed after the configured term."""
    number = live_through(shop)
    done = shop.desk.erase(person(shop))
    assert done.until is not None and done.until.year == NOW.year + 3
    assert [row.handle for box in Box for row in shop.desk.queue(View("all", box=box)).rows] == ["berta"]
    assert shop.desk.search("verborrea") == [] and shop.desk.customers("zoraida") == []
    assert [item.conversation_id for item in shop.desk.outbox(all_states=True)] == []
    for ask in (shop.desk.row, shop.desk.thread, shop.desk.resolve, lambda n: shop.desk.save_draft(n, "x")):
        with pytest.raises(NotFound):
            ask(number)
    assert [one.blocked for one in person(shop)] == [(1,)]
    shop.clock.moment = done.until - timedelta(days=1)
    assert shop.desk.keep_terms().destroyed == 0
    shop.clock.moment = done.until
    assert shop.desk.keep_terms().destroyed == 1
    assert traces(folder(shop)) == set() and person(shop) == []


def test_what_is_blocked_can_be_destroyed_before_its_term(shop: Shop) -> None:
    """Promise 14: --now on somebody who is blocked."""
    live_through(shop)
    shop.desk.erase(person(shop))
    assert traces(folder(shop)) != set()
    shop.desk.erase(person(shop), at_once=True)
    assert traces(folder(shop)) == set()


@pytest.mark.parametrize("at_once", [True, False])
def test_a_restored_backup_forgets_them_again(shop: Shop, at_once: bool) -> None:
    """Promise 14: the ledger lies outside the desk file, without names, and is replayed after a restore."""
    live_through(shop)
    backup = folder(shop).parent / "elsewhere.db"
    back_up(shop.database.path, backup)
    shop.desk.erase(person(shop), at_once=at_once)
    shop.database.close()
    shutil.copy(backup, shop.database.path)
    ledger = folder(shop) / "desk.db.erased"
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600 and b"zoraida" not in ledger.read_bytes().lower()
    backup.unlink()
    assert [one.id for one in person(shop)] == [1], "the restore brings them back"
    assert shop.desk.keep_terms().again == 1
    assert [one.blocked for one in person(shop)] == ([] if at_once else [(1,)])
    assert (traces(folder(shop)) == set()) is at_once
    assert shop.desk.keep_terms().again == 0


def test_an_erasure_cut_off_by_a_crash_is_carried_out_by_the_next_engine(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 14: the ledger is written first."""
    live_through(shop)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("socialdesk.storage.persons.remove", crash)
        with pytest.raises(KeyboardInterrupt):
            shop.desk.erase(person(shop), at_once=True)
    assert len(person(shop)) == 1
    assert shop.desk.keep_terms().again == 1
    assert traces(folder(shop)) == set()


def test_nobody_is_erased_while_a_reply_to_them_is_leaving(shop: Shop) -> None:
    """Promises 1, 14."""
    number = live_through(shop)
    reply = shop.desk.reply(number, "otra")
    shop.move(reply.id, Delivery.QUEUED, Delivery.SENDING)
    with pytest.raises(Refused) as caught:
        shop.desk.erase(person(shop), at_once=True)
    assert caught.value.code == "erase_sending"
    assert len(person(shop)) == 1


def test_the_number_of_an_erased_conversation_is_never_given_again(shop: Shop) -> None:
    """Promise 14: a screen that still shows the erased one must not write to somebody else."""
    live_through(shop)
    last = shop.write("soy la última", who=HANDLE + "2")
    shop.desk.erase(shop.desk.people(f"#{last}"), at_once=True)
    (keeper,) = shop.database.read().one("SELECT id FROM conversation WHERE box = 'erased'") or (0,)
    assert keeper > last
    for touch in (shop.desk.row, shop.desk.thread, shop.desk.resolve, lambda n: shop.desk.save_draft(n, "x")):
        with pytest.raises(NotFound):
            touch(keeper)
    assert shop.write("nueva", who="dora") > keeper
    assert shop.desk.used("Lola")["refund"].times == 1
    shop.desk.erase(person(shop), at_once=True)
    assert shop.desk.used("Lola")["refund"].times == 1, "how often a canned reply was used names nobody"


def test_each_brand_keeps_as_long_as_it_says_and_who_waits_is_kept(shop: Shop) -> None:
    """Promise 14: retention per brand."""
    shop.account("azahar", brand="Azahar")
    waiting = shop.write("espero", who="espera")
    done = shop.write("verborrea", who=HANDLE)
    kept = shop.write("hola", who="otra", account="azahar")
    for number in (done, kept):
        shop.desk.resolve(number)
    privacy = {"Lola": {"retention": Term(months=24), "block": Term()}}
    shop.desk = Desk(shop.database, shop.clock, Config(privacy=privacy))
    shop.clock.moment = NOW.replace(year=NOW.year + 2)
    assert shop.desk.keep_terms() == (0, 0, 0)
    shop.clock.moment += timedelta(minutes=1)
    assert shop.desk.keep_terms() == (1, 0, 0)
    assert traces(folder(shop)) == set()
    assert {shop.desk.row(number).id for number in (waiting, kept)} == {waiting, kept}
    with pytest.raises(NotFound):
        shop.desk.row(done)


def test_a_full_disk_never_costs_a_backup(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Promises 6, 14: only a damaged copy is deleted; one that cannot be written now stays, and is said."""
    live_through(shop)
    copy = folder(shop) / "desk.db.before-0003"
    back_up(shop.database.path, copy)

    def full(*_: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(scouring, "_obey", full)
    with pytest.raises(Exception, match="full"):
        shop.desk.erase(person(shop), at_once=True)
    assert copy.exists()
    assert [file.name for file in folder(shop).iterdir() if ".new" in file.name] == []
    monkeypatch.undo()
    copy.write_bytes(copy.read_bytes()[:5000])
    shop.write("verborrea", who=HANDLE, named="again")
    done = shop.desk.erase(person(shop), at_once=True)
    assert done.deleted == ("desk.db.before-0003",) and not copy.exists()


def test_a_copy_whose_maker_was_killed_does_not_stay(shop: Shop) -> None:
    """Promise 14: killed while a backup was being cleaned, its rows gone and its bytes not."""
    live_through(shop)
    backup = folder(shop) / "backups" / "desk-2026-03-02.db"
    back_up(shop.database.path, backup)
    left = backup.with_name(".desk-2026-03-02.db.4711.new")
    shutil.copy(backup, left)
    with closing(sqlite3.connect(left)) as c:
        c.execute("UPDATE contact SET remote_id = 'somebody else' WHERE handle = ?", (HANDLE,))
        c.commit()
    shop.desk.erase(person(shop), at_once=True)
    assert not left.exists()
    assert traces(folder(shop)) == set()


def test_a_restored_desk_is_obeyed_as_far_as_the_ledger_goes_and_no_further(shop: Shop) -> None:
    """Promise 14: once carried out, a ledger is not carried out again on those who have written since."""
    live_through(shop)
    backup = folder(shop).parent / "elsewhere.db"
    back_up(shop.database.path, backup)
    shop.desk.erase(person(shop), at_once=True)
    shop.database.close()
    shutil.copy(backup, shop.database.path)
    assert shop.desk.keep_terms().again == 1
    shop.later(1)
    again = shop.write("vuelvo", who=HANDLE)
    assert shop.desk.keep_terms().again == 0
    assert shop.desk.row(again).handle == HANDLE


def test_what_could_not_be_understood_goes_by_the_id_as_well(shop: Shop) -> None:
    """Promise 14: an item in quarantine that names them by their id alone."""
    lola, who = shop.account("lola"), Person("did:plc:zoraida77", HANDLE, NAME)
    with shop.database.write() as c:
        ingest(c, lola, [Incoming("z1", "k", Direction.IN, NOW, who, who, "hola")], NOW)
        c.exec_driver_sql(
            "INSERT INTO raw_item(account_id, remote_id, payload, state, error, parsed_by, received_at)"
            " VALUES (1, 'q1', '{\"did\":\"did:plc:zoraida77\",\"text\":\"trapisonda\"}', 'quarantined', 'x', '', 0)"
        )
    shop.desk.erase(person(shop), at_once=True)
    assert traces(folder(shop)) == set()
    assert shop.desk.quarantine() == []


def test_backups_keep_whoever_is_only_blocked(shop: Shop) -> None:
    """Promise 14: a restore blocks them again; until the term is over they must not be lost."""
    live_through(shop)
    backup = folder(shop) / "backups" / "desk-2026-03-02.db"
    back_up(shop.database.path, backup)
    done = shop.desk.erase(person(shop))
    shop.desk.erase(shop.desk.people("berta"), at_once=True)
    kept = folder(shop).parent / "kept"
    kept.mkdir()
    shutil.copy(backup, kept)
    assert {word for _, word in traces(kept)} == set(TRACES)
    assert done.until is not None
    shop.clock.moment = done.until
    shop.desk.keep_terms()
    assert traces(folder(shop)) == set(), "when the term is over they leave the backups too"


def test_the_retention_is_not_done_again_on_whoever_has_written_since(shop: Shop) -> None:
    """Promise 14: even where a desk has forgotten how far it obeyed its ledger."""
    shop.desk.resolve(shop.write("verborrea", who=HANDLE))
    shop.desk = Desk(shop.database, shop.clock, Config(privacy={"": {"retention": Term(days=1)}}))
    shop.later(25)
    assert shop.desk.keep_terms().retired == 1
    shop.later(1)
    again = shop.write("vuelvo", who=HANDLE)
    with shop.database.write() as c:
        c.exec_driver_sql("DELETE FROM ledger_mark")
    shop.desk.keep_terms()
    assert shop.desk.row(again).messages == 1


def test_the_mark_of_the_ledger_goes_with_the_erasure(shop: Shop) -> None:
    """Promise 14: who writes again after an erasure is not erased by a later look."""
    live_through(shop)
    shop.desk.erase(person(shop), at_once=True)
    shop.later(1)
    again = shop.write("vuelvo", who=HANDLE)
    assert shop.desk.keep_terms().again == erasing.replay(shop.database.path, shop.clock.now()) == 0
    assert shop.desk.row(again).handle == HANDLE
