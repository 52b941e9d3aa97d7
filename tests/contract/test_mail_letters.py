"""Letters as they really come: charsets, headers, MIME, times and robots, in every state of repair."""

from __future__ import annotations

import base64
import contextlib
from email.message import EmailMessage
from random import Random

import pytest

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ME
from contract.mailreading import HEAD, understood
from socialdesk.clock import ManualClock
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Media, Raw
from socialdesk.connectors.mail import parsing, payload

pytestmark = pytest.mark.anyio


@pytest.fixture
async def mail(clock: ManualClock) -> FakeMail:
    """An empty mailbox."""
    return FakeMail(clock)


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
