"""Letters as they really come: each trap of the fact sheet on mail, and other programs' habits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ANA, ME
from contract.mailreading import HEAD, at_work, read, understood
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Direction, Media

pytestmark = pytest.mark.anyio


@pytest.fixture
async def mail(clock: ManualClock) -> FakeMail:
    """An empty mailbox."""
    return FakeMail(clock)


# Reading without loss ---------------------------------------------------------------


async def test_trap_the_last_number_always_comes_back(mail: FakeMail) -> None:
    """Fact sheet: n:* names the last letter even where its number is lower. It is not read again."""
    mail.box.arrive(mail.box.letter("una"))
    async with at_work(mail) as connector:
        _, cursor = await read(connector)
        found, again = await read(connector, cursor)
    assert (found, again) == ([], cursor)


async def test_trap_a_folder_numbered_anew(mail: FakeMail, clock: ManualClock) -> None:
    """Fact sheet: another UIDVALIDITY means everything again, by identity: nothing lost, nothing doubled."""
    for number in range(30):
        clock.moment += timedelta(minutes=1)
        mail.box.arrive(mail.box.letter(f"carta {number}"))
    async with at_work(mail) as connector:
        first, cursor = await read(connector)
        mail.box.arrive(mail.box.letter("mientras tanto"))
        mail.box.folders["INBOX"].renumber()
        again, _ = await read(connector, cursor)
    assert {item.id for item in again} > {item.id for item in first}
    assert "mientras tanto" in [item.text for item in again]
    assert len({item.id for item in [*first, *again]}) == 31


async def test_trap_reading_leaves_letters_unread(mail: FakeMail) -> None:
    """Fact sheet: nothing is ever opened for writing or marked as read; the stand-in fails where it is."""
    letter = mail.box.arrive(mail.box.letter("una"))
    async with at_work(mail) as connector:
        await read(connector)
    assert letter.flags == set()


async def test_trap_a_quiet_visit_is_cheap(mail: FakeMail) -> None:
    """A visit that finds nothing new asks for no letter and searches nothing; the cursor stays."""
    mail.box.arrive(mail.box.letter("una"))
    async with at_work(mail) as connector:
        _, cursor = await read(connector)
        mail.calls.clear()
        _, unmoved = await read(connector, cursor)
    assert unmoved == cursor
    assert mail.calls == ["NOOP", "EXAMINE", "EXAMINE"]


async def test_a_server_that_hung_up_meanwhile_is_no_trouble(mail: FakeMail) -> None:
    """Servers end idle connections; the next visit dials anew and says nothing of it."""
    async with at_work(mail) as connector:
        _, cursor = await read(connector)
        mail.hang_up()
        mail.box.arrive(mail.box.letter("después"))
        found, _ = await read(connector, cursor)
    assert [item.text for item in found] == ["después"]


async def test_one_letter_that_cannot_be_read_blocks_no_other(mail: FakeMail) -> None:
    """A letter that its own server refuses to give comes as unreadable, once, and the others come."""
    mail.box.arrive(mail.box.letter("antes"))
    mail.unfetchable.add(mail.box.arrive(mail.box.letter("rota")).uid)
    mail.box.arrive(mail.box.letter("después"))
    async with at_work(mail) as connector:
        raws, _ = await testing.read(connector)
        good = [item.text for raw in raws if raw.payload["node"] for item in connector.parse(raw)]
        bad = [raw for raw in raws if not raw.payload["node"]]
        with pytest.raises(ValueError, match="payload"):
            connector.parse(bad[0])
    assert (good, len(bad)) == (["antes", "después"], 1)


async def test_several_folders_and_one_that_is_missing(mail: FakeMail) -> None:
    """The setting names them; a missing one is told, and the rest is read."""
    from contract.fake_mailbox import Folder

    mail.box.folders["Pedidos"] = Folder("Pedidos")
    mail.box.arrive(mail.box.letter("en pedidos"), "Pedidos")
    mail.box.arrive(mail.box.letter("en la entrada"))
    async with at_work(mail, folders="INBOX, Pedidos, No hay") as connector:
        page = await connector.fetch("")
        assert (await connector.check()).lacking == ("folder_missing",)
    texts = {item.text for raw in page.items for item in connector.parse(raw)}
    assert texts == {"en pedidos", "en la entrada"}
    assert page.lacking == ("folder_missing",)


async def test_no_folder_for_what_was_sent(mail: FakeMail) -> None:
    """Told as lacking; letters come in all the same."""
    del mail.box.folders["Sent"]
    mail.box.arrive(mail.box.letter("una"))
    async with at_work(mail) as connector:
        page = await connector.fetch("")
        assert (await connector.check()).lacking == ("no_sent_folder",)
    assert (page.lacking, len(page.items)) == (("no_sent_folder",), 1)


async def test_only_the_last_weeks_are_read_at_first(mail: FakeMail, clock: ManualClock) -> None:
    """A mailbox of years does not flood the desk."""
    mail.box.arrive(mail.box.letter("de hace un año"))
    clock.moment += timedelta(days=365)
    mail.box.arrive(mail.box.letter("de hoy"))
    async with at_work(mail) as connector:
        found, _ = await read(connector)
    assert [item.text for item in found] == ["de hoy"]


# Identity and threads -----------------------------------------------------------------


async def test_trap_ids_missing_doubled_and_folded(mail: FakeMail, clock: ManualClock) -> None:
    """Fact sheet: letters are told apart by id, date and sender; copies of one letter are one."""
    box = mail.box
    for _ in range(2):
        clock.moment += timedelta(seconds=1)
        box.arrive(box.letter("formulario", Message_ID="<form@web.test>"))
    for text in ("sin id, una", "sin id, otra"):
        box.arrive(box.letter(text, Message_ID=None))
    copy = box.letter("dos copias")
    box.arrive(copy)
    box.arrive(copy)
    box.arrive(HEAD.replace("<one@cliente.test>", "\n <one@\n cliente.test>") + "\nplegado\n")
    async with at_work(mail) as connector:
        found, _ = await read(connector)
    assert sorted(item.text for item in found) == sorted(
        ["formulario", "formulario", "sin id, una", "sin id, otra", "dos copias", "plegado"]
    )
    assert next(item for item in found if item.text == "plegado").remote["message_id"] == "one@cliente.test"


async def test_threads_by_references_by_parent_and_by_subject(mail: FakeMail, clock: ManualClock) -> None:
    """Issue 6: by References; by In-Reply-To, looked up; by the subject where nothing is named."""
    box = mail.box
    box.arrive(box.letter("una", Message_ID="<a@x>"))
    clock.moment += timedelta(hours=1)
    box.arrive(
        box.letter(
            "dos", Message_ID="<b@x>", In_Reply_To="<a@x>", References="<a@x>", Subject="Re: Una pregunta"
        )
    )
    clock.moment += timedelta(hours=1)
    box.arrive(box.letter("tres", Message_ID="<c@x>", In_Reply_To="<b@x>", Subject="RE: Una pregunta"))
    clock.moment += timedelta(hours=1)
    box.arrive(box.letter("cuatro", Subject="Re: RE: Una  pregunta"))
    box.arrive(
        box.letter("de otra", Subject="Re: Una pregunta", From="eva@otra.test", sender="eva@otra.test")
    )
    box.arrive(box.letter("nueva", Message_ID="<n@x>"))
    async with at_work(mail) as connector:
        found, _ = await read(connector)
    threads = {item.text: item.conversation for item in found}
    assert {threads[text] for text in ("una", "dos", "tres", "cuatro")} == {f"a@x|{ANA}"}
    assert threads["nueva"] == f"n@x|{ANA}"
    assert threads["de otra"].endswith("|eva@otra.test")


async def test_two_customers_who_answer_one_circular_never_meet(mail: FakeMail) -> None:
    """Promise 16: what one of them writes is never shown to, or answered to, the other."""
    for who in ("ana@cliente.test", "luis@cliente.test"):
        mail.box.arrive(mail.box.letter(f"soy {who}", sender=who, References="<oferta@tienda.test>"))
    async with at_work(mail) as connector:
        found, _ = await read(connector)
    assert len({item.conversation for item in found}) == 2
    assert {item.remote["to"] for item in found} == {"ana@cliente.test", "luis@cliente.test"}


async def test_an_answer_written_elsewhere_counts(mail: FakeMail) -> None:
    """A1: what the brand answers on the phone is ours, in the same conversation; its other letters are not the desk's."""
    box = mail.box
    box.arrive(box.letter("¿abrís?", Message_ID="<a@x>"))
    answer = box.letter("Sí.", sender=ME, To=f"Ana García <{ANA}>", References="<a@x>", In_Reply_To="<a@x>")
    box.arrive(answer, "Sent")
    box.arrive(box.letter("Pedido al proveedor", sender=ME, To="proveedor@otra.test"), "Sent")
    many = ", ".join(f"c{number}@x.test" for number in range(9))
    box.arrive(box.letter("Circular", sender=ME, To=many, References="<z@x>"), "Sent")
    async with at_work(mail) as connector:
        found, _ = await read(connector)
    assert [(item.direction, item.text) for item in found] == [
        (Direction.IN, "¿abrís?"),
        (Direction.OUT, "Sí."),
    ]
    assert len({item.conversation for item in found}) == 1


async def test_a_web_form_writes_to_the_shop_in_its_own_name(mail: FakeMail) -> None:
    """Forms send from the shop to the shop; the customer is in Reply-To, and is who gets the answer."""
    form = mail.box.letter(
        "Quiero un presupuesto", sender=f"Web <{ME}>", Reply_To="Luis Pérez <luis@cliente.test>"
    )
    mail.box.arrive(form)
    async with at_work(mail) as connector:
        (item,), _ = await read(connector)
    assert (item.direction, item.contact.id, item.contact.name) == (
        Direction.IN,
        "luis@cliente.test",
        "Luis Pérez",
    )
    assert item.remote["to"] == "luis@cliente.test"


def test_a_server_that_gives_letters_other_ids() -> None:
    """Microsoft's servers do: the id that we gave stands in a header of its own, so our answer is known as ours."""
    item = understood(
        HEAD.replace("<one@cliente.test>", "<XX@eurprd.test>")
        + "X-Microsoft-Original-Message-ID: <key@tienda.test>\nReferences: <a@x>\n\nSí\n"
    )
    assert item.remote["message_id"] == "key@tienda.test"


# Large letters -------------------------------------------------------------------------


async def test_of_a_large_letter_only_the_words_travel(mail: FakeMail) -> None:
    """Eight megabytes of photos stay on the server, are listed, and can be fetched."""
    made = mail.box.letter("Mirad las fotos, año 2026")
    photo = bytes(range(256)) * 16_384
    for number in (1, 2):
        made.add_attachment(photo, maintype="image", subtype="jpeg", filename=f"foto ñ {number}.jpg")
    mail.box.arrive(made)
    async with at_work(mail) as connector:
        raws, _ = await testing.read(connector)
        (item,) = connector.parse(testing.stored(raws[0]))
        assert mail.carried < 100_000
        assert item.text == "Mirad las fotos, año 2026"
        assert [(one.name, one.media, one.type) for one in item.attachments] == [
            ("foto ñ 1.jpg", Media.IMAGE, "image/jpeg"),
            ("foto ñ 2.jpg", Media.IMAGE, "image/jpeg"),
        ]
        size = item.attachments[0].size
        assert size is not None and abs(size - len(photo)) < len(photo) * 0.05
        assert await connector.download(item.attachments[1].remote, 10_000_000) == photo


@pytest.mark.parametrize("described", [b"NIL", b'("TEXT" "PLAIN")', b"((((", b'("MIXED")'])
async def test_a_large_letter_that_its_server_describes_wrongly(mail: FakeMail, described: bytes) -> None:
    """Then its beginning is read, which has the words."""
    made = mail.box.letter("Mirad la foto")
    made.add_attachment(bytes(600_000), maintype="image", subtype="jpeg", filename="foto.jpg")
    mail.box.arrive(made)
    mail.structure = lambda _source: described
    if described.count(b"(") != described.count(b")"):
        pytest.skip("no answer of IMAP at all")
    async with at_work(mail) as connector:
        (item,), _ = await read(connector)
    assert item.text == "Mirad la foto"


async def test_a_huge_text_is_kept_to_its_beginning(mail: FakeMail) -> None:
    """More than anybody reads; the rest stays on the server."""
    mail.box.arrive(mail.box.letter("palabras y más palabras\n" * 20_000))
    async with at_work(mail) as connector:
        (item,), _ = await read(connector)
    assert item.text.startswith("palabras y más palabras")
    assert item.text.endswith("[…]")
    assert len(item.text) < 300_000
