"""Letters as they really come: each trap of the fact sheet on mail, and other programs' habits."""

from __future__ import annotations

import base64
import contextlib
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from random import Random

import pytest

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ANA, ME
from contract.mailreading import HEAD, at_work, read, understood
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Direction, Media, Raw
from socialdesk.connectors.mail import parsing, payload

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


# Charsets and broken MIME ------------------------------------------------------------


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("iso-8859-1", "Mañana 5 €".encode("cp1252")),
        ("us-ascii", "Mañana 5 €".encode()),
        ("utf-8", "Mañana 5 €".encode("cp1252")),
        ("x-unknown", "Mañana 5 €".encode()),
        ("", "Mañana 5 €".encode("cp1252")),
        ("utf-16", "Mañana 5 €".encode("utf-16")),
        ("windows-1252", "Mañana 5 €".encode("cp1252")),
        ("unicode-1-1-utf-7", "Mañana 5 €".encode("utf-7")),
        ('"utf-8', "Mañana 5 €".encode()),
        ("rot13", "Mañana 5 €".encode()),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_charsets_as_declared_or_not(charset: str, data: bytes, encoding: str) -> None:
    """Whatever the label says, the words are read."""
    body = base64.b64encode(data) if encoding == "base64" else data
    if charset in ("utf-16",) and encoding == "8bit":
        pytest.skip("not a text of lines")
    kind = f"Content-Type: text/plain; charset={charset}" if charset else "Content-Type: text/plain"
    source = (
        HEAD.replace("\n", "\r\n").encode()
        + f"{kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    )
    assert understood(source + body + b"\r\n").text == "Mañana 5 €"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("=?UTF-8?B?wr9BYnLDrXM/?=", "¿Abrís?"),
        ("=?utf-8?Q?=C2=BFAbr?= =?utf-8?Q?=C3=ADs=3F?=", "¿Abrís?"),
        ("=?utf-8?B?wr9BYnLD?= =?utf-8?B?rXM/?=", "¿Abrís?"),  # a letter cut in two
        ("=?iso-8859-1?q?=BFAbr=EDs=3F?=", "¿Abrís?"),
        ("=?x-unknown?q?=C2=BFAbr=C3=ADs=3F?=", "¿Abrís?"),
        ("=?utf-8?q?sin fin", "=?utf-8?q?sin fin"),
        ("=?utf-8?b?%%%?=", "=?utf-8?b?%%%?="),
        ("¿Abrís?", "¿Abrís?"),  # eight bits, raw
        ("=?utf-8?q?a=1B]0;titulo=07?=", "a\x1b]0;titulo\x07"),  # the host scrubs
        ("", ""),
    ],
)
def test_subjects(raw: str, shown: str) -> None:
    """Fact sheet: RFC 2047 in every state of repair."""
    assert understood(HEAD.replace("Una pregunta", raw) + "\nhola\n").title == shown


def test_raw_western_bytes_in_names_and_subjects() -> None:
    """Old programs write eight bits into headers, in Windows' set."""
    source = "From: José Muñoz <ana@cliente.test>\r\nSubject: Año\r\nDate: Sun, 22 Nov 2026 09:59:00 +0000\r\n\r\nhola".encode(
        "cp1252"
    )
    item = understood(source)
    assert (item.title, item.author.name) == ("Año", "José Muñoz")


@pytest.mark.parametrize(
    ("sender", "address", "name"),
    [
        ('"García, Ana" <ana@cliente.test>', "ana@cliente.test", "García, Ana"),
        ("=?utf-8?q?Garc=C3=ADa=2C_Ana?= <ana@cliente.test>", "ana@cliente.test", "García, Ana"),
        ('"ana@cliente.test" <ANA@Cliente.test>', "ANA@Cliente.test", "ana@cliente.test"),
        ("ana@cliente.test (Ana)", "ana@cliente.test", "Ana"),
        ("Ana <ana@cliente.test", "ana@cliente.test", ""),
        ("<ana@cliente.test>, <luis@x.test>", "ana@cliente.test", ""),
        ("Ana [] <> <ana@cliente.test>", "ana@cliente.test", ""),
        ("mailto:ana@cliente.test", "ana@cliente.test", ""),
        ('"Ana" <ana@cliente.test>\n\t', "ana@cliente.test", "Ana"),
        ("ana@münchen.test", "ana@münchen.test", ""),
    ],
)
def test_senders(sender: str, address: str, name: str) -> None:
    """An address is found wherever there is one."""
    item = understood(HEAD.replace("Ana <ana@cliente.test>", sender) + "\nhola\n")
    assert item.author.handle == address
    assert item.author.id == address.lower()
    assert name in item.author.name


def test_nobody_wrote_this() -> None:
    """Only what has no sender at all goes to quarantine."""
    with pytest.raises(ValueError, match="nobody"):
        understood("Subject: ?\n\nhola\n")


def test_the_spoken_version_is_read() -> None:
    """Of two versions the plain one; the other where the plain one is empty or only says to look elsewhere."""

    def of(plain: str, html: str) -> str:
        made = EmailMessage()
        made["From"], made["Date"] = "ana@cliente.test", "Sun, 22 Nov 2026 09:59:00 +0000"
        made.set_content(plain)
        made.add_alternative(html, subtype="html")
        return understood(made.as_bytes()).text

    page = "<html><head><style>p{color:red}</style></head><body><p>Hola, <b>¿abrís</b> hoy?</p></body></html>"
    assert of("Hola", page) == "Hola"
    assert of("", page) == "Hola, ¿abrís hoy?"
    assert of("This message is in HTML. Please view in a browser.", page) == "Hola, ¿abrís hoy?"


def test_html_only() -> None:
    """Links show where they lead, lists and lines stay, what is hidden stays hidden."""
    source = (
        HEAD
        + """Content-Type: text/html; charset=utf-8

<div style="display:none">Texto de vista previa</div><p>Hola,</p><p>mirad <a href="https://shop.test/p/1">esto</a>
y&nbsp;<a href="https://otra.test/">https://otra.test</a>:<br>uno<ul><li>rojo</li><li>azul</li></ul>
<table><tr><td>Talla</td><td>38</td></tr></table><script>alert(1)</script><img src=x alt="foto">
"""
    )
    assert understood(source).text == (
        "Hola,\n\nmirad esto (https://shop.test/p/1) y https://otra.test:\nuno\n\n- rojo\n- azul\n\nTalla 38\n\nfoto"
    )


@pytest.mark.parametrize(
    "lot",
    [
        "<div>" * 30_000,
        "<b><i>" * 9_000,
        "<" * 80_000,
        "<!--" * 20_000,
        "<table>" * 9_000,
        "&#" * 40_000,
        "<p>" * 60_000,
    ],
)
def test_hostile_html_is_quick(lot: str) -> None:
    """Parsers have been held up for minutes by less."""
    import time

    begun = time.process_time()
    understood(HEAD + "Content-Type: text/html\n\n" + lot + "hola")
    assert time.process_time() - begun < 5


def test_tnef_is_a_file() -> None:
    """Outlook's own format is listed and can be fetched; the words beside it are read."""
    made = EmailMessage()
    made["From"], made["Date"] = "ana@cliente.test", "Sun, 22 Nov 2026 09:59:00 +0000"
    made.set_content("El pedido va dentro")
    made.add_attachment(
        b"\x78\x9f\x3e\x22" + b"\0" * 60, maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    item = understood(made.as_bytes())
    assert item.text == "El pedido va dentro"
    assert [(one.name, one.media, one.size, one.remote["section"]) for one in item.attachments] == [
        ("winmail.dat", Media.FILE, 64, "2")
    ]


def test_an_enclosed_letter_and_an_appointment() -> None:
    """Both are listed with what they are about; neither is taken for the customer's own words."""
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "eva@otra.test", "Factura año 2026"
    inner.set_content("texto de dentro")
    made = EmailMessage()
    made["From"], made["Date"] = "ana@cliente.test", "Sun, 22 Nov 2026 09:59:00 +0000"
    made.set_content("Os reenvío esto")
    made.add_attachment(inner)
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nDTSTART:20261201T100000Z\r\nSUMMARY:Cita\\, peluquería\r\nEND:VEVENT\r\n"
    made.add_attachment(calendar.encode(), maintype="text", subtype="calendar", params={"method": "REPLY"})
    item = understood(made.as_bytes())
    assert item.text == "Os reenvío esto"
    assert [one.description for one in item.attachments] == [
        "Factura año 2026",
        "REPLY · Cita, peluquería · 20261201T100000Z",
    ]
    assert [one.name for one in item.attachments] == ["2.eml", "3.ics"]


def test_names_of_files_as_programs_write_them() -> None:
    """RFC 2231 in pieces, RFC 2047 where it does not belong, raw bytes, paths: the host makes them safe."""
    body = "\n".join(
        f"--x\nContent-Type: application/pdf\nContent-Disposition: attachment; {name}\nContent-Transfer-Encoding: base64\n\nJVBERg==\n"
        for name in (
            "filename*=utf-8''factura%20a%C3%B1o.pdf",
            "filename*0*=utf-8''fac;\n filename*1*=tura%20a%C3%B1o.pdf",
            'filename="=?utf-8?q?factura_a=C3=B1o=2Epdf?="',
            'filename="factura año.pdf"',
            'filename="../../etc/factura año.pdf"',
        )
    )
    item = understood(HEAD + f"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhola\n\n{body}\n--x--\n")
    assert [one.name for one in item.attachments] == ["factura año.pdf"] * 4 + ["../../etc/factura año.pdf"]
    assert {one.size for one in item.attachments} == {4}


def test_mime_that_never_ends_well() -> None:
    """Cut off, nested without end, no boundary, a type of nonsense: something readable comes out."""
    assert (
        understood(HEAD + "Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhola, cortad").text
        == "hola, cortad"
    )
    assert understood(HEAD + "Content-Type: multipart/mixed\n\nhola").text in ("hola", "")
    assert understood(HEAD + "Content-Type: ;;;\n\nhola").text == "hola"
    assert (
        understood(HEAD + "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\naG9sYQ").text
        == "hola"
    )
    assert (
        understood(HEAD + "Content-Type: text/plain\nContent-Transfer-Encoding: inventado\n\nhola").text
        == "hola"
    )
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    assert understood(HEAD + nested + "\nhola").author.id == "ana@cliente.test"


def test_headers_without_end() -> None:
    """Thousands of lines, megabytes of them: what matters is read, the rest is left."""
    lots = "".join(f"X-Junk-{n}: {'x' * 900}\n" for n in range(3000))
    item = understood(
        HEAD + "References: " + " ".join(f"<{n}@x>" for n in range(900)) + "\n" + lots + "\nhola"
    )
    assert item.text == "hola"
    assert item.conversation == "0@x|ana@cliente.test"
    assert len(item.remote["references"]) < 2000


SEEDS = (
    HEAD + "\nhola\n",
    HEAD + "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n\n<p>a\n--x--\n",
)
WORDS = (
    "=?utf-8?q?",
    "?=",
    "<",
    ">",
    '"',
    "(",
    ";",
    "boundary=",
    "charset=",
    "\n",
    "\n\n",
    "--x\n",
    "\0",
    "@",
    "Content-Type: ",
    "message/rfc822",
)


def test_letters_spoilt_at_random() -> None:
    """Promise 3: whatever comes, it is understood, or it has no sender and is kept aside."""
    chance = Random(20261123)
    for _ in range(600):
        text = chance.choice(SEEDS)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(len(text) + 1)
            text = (
                text[:place]
                + chance.choice(WORDS) * chance.choice((0, 1, 1, 40))
                + text[place + chance.randint(0, 20) :]
            )
        node = payload.tree(text.encode())
        content = {"me": ME, "received": "2026-11-22T10:00:00+00:00", "node": node}
        try:
            items = parsing.parse(testing.stored(Raw("id", content)))
        except ValueError as reason:
            assert str(reason) in ("nobody wrote this", "not a payload of this connector")
            continue
        for item in items:
            assert item.contact.id and item.conversation and item.at.tzinfo
            (item.text + item.title).encode()


@pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, [None], True])
@pytest.mark.parametrize(
    "name", ["type", "section", "text", "parts", "headers", "charset", "name", "size", "disposition"]
)
def test_payloads_of_another_version(name: str, wrong: object) -> None:
    """A wrong type in what was stored is as good as nothing; only the headers cannot be done without."""
    made = EmailMessage()
    made["From"], made["Date"] = "ana@cliente.test", "Sun, 22 Nov 2026 09:59:00 +0000"
    made.set_content("hola")
    made.add_attachment(b"x", maintype="image", subtype="png", filename="a.png")
    node = payload.tree(made.as_bytes())
    node["parts"][0][name] = wrong
    node["parts"][1][name] = wrong
    head = dict(node)
    (item,) = parsing.parse(Raw("id", {"me": ME, "node": node}))
    assert item.author.id == "ana@cliente.test"
    head[name] = wrong
    with contextlib.suppress(ValueError):
        parsing.parse(Raw("id", {"me": ME, "node": head}))


# Times --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "at"),
    [
        ("Sun, 22 Nov 2026 10:59:00 +0100", "09:59"),
        ("22 Nov 2026 09:59:00 GMT", "09:59"),
        ("Sun, 22 Nov 2026 09:59 -0000", "09:59"),
        ("Sun, 22 Nov 26 09:59:00 UT (Coordinated Universal Time)", "09:59"),
        ("Mon, 23 Nov 2037 09:59:00 +0000", "10:00"),  # a clock that is wrong
        ("Thu, 1 Jan 1970 00:00:00 +0000", "10:00"),
        ("ayer por la tarde", "10:00"),
        ("Sun, 22 Nov 2026 25:99:00 +9999", "10:00"),
        ("", "10:00"),
    ],
)
def test_dates(date: str, at: str) -> None:
    """By its Date where that can be; else when it came in."""
    item = understood(HEAD.replace("Sun, 22 Nov 2026 09:59:00 +0000", date) + "\nhola")
    assert item.at == datetime.fromisoformat(f"2026-11-22T{at}:00+00:00")


def test_a_mailbox_that_moved_keeps_its_times() -> None:
    """A copied letter is stored today; what its last server noted tells when it came."""
    note = "Received: from a by b; Tue, 3 Mar 2026 08:00:05 +0000\n"
    item = understood(note + HEAD.replace("Sun, 22 Nov 2026 09:59:00", "Tue, 3 Mar 2026 08:00:00") + "\nhola")
    assert item.at == datetime(2026, 3, 3, 8, tzinfo=UTC)


# Robots -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (rejected)",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "List-Id: <news.shop.test>",
        "List-Unsubscribe: <mailto:off@shop.test>",
        "Return-Path: <>",
        "X-Autoreply: yes",
        "X-Auto-Response-Suppress: All",
    ],
)
def test_automatic_letters_are_robots(line: str) -> None:
    """Issue 6: recognised, and so never answered automatically."""
    assert understood(f"{line}\n{HEAD}\nhola").author.robot


@pytest.mark.parametrize(
    "who", ["MAILER-DAEMON@x.test", "no-reply@x.test", "noreply+1@x.test", "bounces-12=a@x.test"]
)
def test_robots_by_their_names(who: str) -> None:
    """Nobody reads what is sent there."""
    assert understood(HEAD.replace("ana@cliente.test>", f"{who}>", 1) + "\nhola").author.robot


@pytest.mark.parametrize(
    "line", ["Auto-Submitted: no", "Precedence: first-class", "Return-Path: <ana@cliente.test>", "X-Other: 1"]
)
def test_people_are_no_robots(line: str) -> None:
    """A person's letter stays a person's."""
    assert not understood(f"{line}\n{HEAD}\nhola").author.robot


BOUNCE = """Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@smtp.test>
To: info@tienda.test
Subject: Undelivered Mail Returned to Sender
Date: Sun, 22 Nov 2026 09:59:00 +0000
Auto-Submitted: auto-replied
Message-ID: <b1@smtp.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

I'm sorry: <ana@cliente.test>: 550 5.1.1 unknown user

--x
Content-Type: message/delivery-status

Reporting-MTA: dns; smtp.test

Final-Recipient: rfc822; ana@cliente.test
Action: failed
Status: 5.1.1

--x
Content-Type: {kind}

From: info@tienda.test
To: ana@cliente.test
Subject: Re: Una pregunta
Message-ID: <answer@tienda.test>
References: <one@cliente.test>

Si
--x--
"""


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_is_shown_where_the_answer_was(kind: str) -> None:
    """It stands in the customer's conversation, so that whoever answered sees that it did not arrive."""
    item = understood(BOUNCE.format(kind=kind))
    assert item.conversation == "one@cliente.test|ana@cliente.test"
    assert (item.author.robot, item.contact.id, item.direction) == (True, "ana@cliente.test", Direction.IN)
    assert "550 5.1.1" in item.text
    assert item.remote["to"] == "ana@cliente.test"


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
