"""Titles and attachments on the desk (B1, B3, D5): kept, edited, found, shown, given out and erased."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpers.shop import NOW, Shop
from socialdesk.connectors.contract import Attachment as Given
from socialdesk.connectors.contract import Author, Direction, Item, Media, Raw
from socialdesk.domain.models import Attachment, Box, View
from socialdesk.i18n import choose
from socialdesk.storage.database import Database
from socialdesk.storage.inbox import Stored
from socialdesk.sync.understand import understand
from socialdesk.wording import said

CAKE = Attachment(Media.IMAGE, description="una tarta con velas", remote={"url": "https://x.example/1"})
BILL = Attachment(Media.FILE, name="factura.pdf", type="application/pdf", size=120_000)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(Database(tmp_path / "desk.db"))


def test_b1_a_message_keeps_its_title_and_its_attachments_in_their_order(shop: Shop) -> None:
    number = shop.write("mirad", title="Reclamación", attachments=(CAKE, BILL))
    message = shop.desk.thread(number).messages[0]
    assert message.title == "Reclamación"
    assert message.attachments == (CAKE, BILL)


def test_b1_the_same_again_changes_nothing(shop: Shop) -> None:
    shop.write("mirad", title="Hola", attachments=(CAKE,), named="a")
    assert shop.write("mirad", title="Hola", attachments=(CAKE,), named="a") == 0
    assert shop.write("mirad", named="a") == 0  # another way to tell of it knows less


def test_b1_an_edit_of_the_title_or_of_the_attachments_is_an_edit(shop: Shop) -> None:
    number = shop.write("mirad", title="Hola", attachments=(CAKE,), named="a", ago=timedelta(minutes=9))
    assert shop.write("mirad", title="Aviso", attachments=(CAKE,), named="a")
    assert (
        shop.write("mirad", title="Aviso", attachments=(BILL,), named="a", edited_at=NOW + timedelta(1))
        == number
    )
    message = shop.desk.thread(number).messages[0]
    assert (message.title, message.attachments) == ("Aviso", (BILL,))
    assert message.edited_at is not None
    former = shop.database.read().all("SELECT title, text FROM message_version ORDER BY id")
    assert former[0] == ("Hola", "mirad")


def test_b1_a_photo_taken_away_by_an_edit_is_gone_and_the_former_one_given_again_stays_gone(
    shop: Shop,
) -> None:
    number = shop.write("mirad", attachments=(CAKE,), named="a", ago=timedelta(minutes=9))
    shop.write("mirad", named="a", edited_at=NOW)
    assert shop.desk.thread(number).messages[0].attachments == ()
    shop.write("mirad", attachments=(CAKE,), named="a")
    assert shop.desk.thread(number).messages[0].attachments == ()


def test_b1_new_addresses_and_sizes_of_the_same_are_learnt_and_are_no_edit(shop: Shop) -> None:
    number = shop.write("mirad", attachments=(CAKE,), named="a")
    again = CAKE._replace(size=7, remote={"url": "https://x.example/2"})
    shop.write("mirad", attachments=(again,), named="a")
    message = shop.desk.thread(number).messages[0]
    assert message.attachments == (again,)
    assert message.edited_at is None


def test_b1_what_was_stored_before_attachments_were_known_learns_of_them(shop: Shop) -> None:
    number = shop.write("mirad", named="a")
    shop.write("mirad", attachments=(CAKE,), title="Hola", named="a")
    message = shop.desk.thread(number).messages[0]
    assert (message.title, message.attachments, message.edited_at) == ("Hola", (CAKE,), None)


def test_b1_a_deleted_message_keeps_nothing_to_fetch(shop: Shop) -> None:
    number = shop.write("mirad", title="Hola", attachments=(CAKE,), named="a")
    shop.write("", named="a", deleted=True)
    message = shop.desk.thread(number).messages[0]
    assert (message.title, message.attachments) == ("", ())
    assert shop.desk.search("velas") == []


def test_b3_the_queue_says_what_came_where_there_is_no_text(shop: Shop) -> None:
    choose("es")
    shop.write("", who="ana", title="Su pedido 12", attachments=(BILL,))
    shop.write(" ", who="bea", attachments=(CAKE,))
    shop.write("hola", who="carla", title="Aviso", attachments=(CAKE,))
    rows = {row.handle: said(row) for row in shop.desk.queue(View("all", Box.OPEN)).rows}
    assert rows == {"ana": "Su pedido 12", "bea": "[foto]", "carla": "hola"}


def test_d5_titles_descriptions_and_file_names_are_found_by_their_words(shop: Shop) -> None:
    shop.write("mirad", title="Reclamación urgente", attachments=(CAKE, BILL), named="a")
    shop.write("la tarta estaba buena", who="bea")
    assert len(shop.desk.search("reclamacion")) == 1
    assert len(shop.desk.search("factu")) == 1
    assert {hit.handle for hit in shop.desk.search("tarta")} == {"ana", "bea"}
    shop.write("mirad", title="Gracias", named="a", edited_at=NOW)
    assert shop.desk.search("reclamacion") == []


def test_d6_export_gives_them_and_an_erasure_leaves_no_byte_of_them(shop: Shop, tmp_path: Path) -> None:
    shop.write("mirad", title="Zarzaparrilla", attachments=(CAKE._replace(description="quitasueños"),))
    shop.write("hola", who="bea", attachments=(BILL._replace(description="de @ana.77"),))
    ana = shop.desk.people("ana")
    message = shop.desk.dossier(ana)[0]["conversations"][0]["messages"][0]
    assert message["title"] == "Zarzaparrilla"
    assert message["attachments"][0]["description"] == "quitasueños"
    shop.desk.erase(ana, at_once=True)
    shop.database.close()
    left = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for word in (b"zarzaparrilla", b"quitasue"):
        assert word not in left.lower()


def test_promise_9_nonsense_beside_a_message_does_not_lose_it() -> None:
    who = Author("1", "ana")
    item = Item("1", "c", Direction.IN, NOW, who, who, "hola", title="a\x1b[31m\nb" + "c" * 5_000)
    odd = [
        "no attachment",
        Given("hologram", size=-1),  # type: ignore[arg-type]
        Given(Media.FILE, name="\u202efdp.exe\x07" + "x" * 99_999 + ".pdf.exe", size=True, remote={"a": 1}),  # type: ignore[dict-item]
        Given(Media.IMAGE, description="d" * 99_999, type="text/html; x", remote={"url": "\ud800"}),
        *(Given(Media.IMAGE) for _ in range(200)),
    ]

    class Odd:
        def parse(self, raw: Raw) -> list[Item]:
            return [replace(item, attachments=odd)]  # type: ignore[arg-type]

    found = understand(Odd(), Stored(1, "1", json.dumps({})))  # type: ignore[arg-type]
    message = found.messages[0]
    assert message.title.startswith("a bccc")
    assert len(message.title) <= 1_000
    assert len(message.attachments) == 50
    hologram, file, image = message.attachments[:3]
    assert (hologram.media, hologram.size) == (Media.OTHER, None)
    assert file.name.startswith("fdp.exe") and file.name.endswith(".pdf.exe") and len(file.name) <= 256
    assert (file.size, file.remote) == (None, {})
    assert (len(image.description), image.type, image.remote) == (10_000, "", {})


def test_b1_a_history_brings_its_titles_and_attachments(shop: Shop) -> None:
    line = {
        "account": "sol",
        "channel": "mail",
        "conversation": "c",
        "id": "1",
        "direction": "in",
        "at": "2026-03-01T10:00:00+01:00",
        "text": "",
        "author": {"handle": "eva"},
        "title": "Factura",
        "attachments": [{"media": "file", "name": "f.pdf", "size": 10}, {"media": "?"}],
    }
    report = shop.desk.import_history([json.dumps(line), json.dumps(line | {"id": "2", "attachments": 3})])
    assert (report.added, len(report.skipped)) == (1, 1)
    row = next(row for row in shop.desk.queue(View("all", Box.OPEN)).rows if row.handle == "eva")
    message = shop.desk.thread(row.id).messages[0]
    assert message.title == "Factura"
    assert [(one.media, one.name, one.size) for one in message.attachments] == [
        (Media.FILE, "f.pdf", 10),
        (Media.OTHER, "", None),
    ]
