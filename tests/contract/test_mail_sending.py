"""Answers by mail: one letter each, in its thread, under an id of ours (A1, B1)."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import timedelta
from email import policy
from typing import Any

import pytest

from contract.fake_mail import FakeMail
from contract.fake_mailbox import ANA, ME
from contract.mailreading import at_work, read, reply_to
from socialdesk.clock import ManualClock
from socialdesk.connectors.contract import (
    AuthRequired,
    ConnectorError,
    Direction,
    Item,
    OutcomeUnknown,
    Outgoing,
    Proof,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.mail import MailConnector, composing
from socialdesk.connectors.standin import Trouble

pytestmark = pytest.mark.anyio


@pytest.fixture
async def mail(clock: ManualClock) -> FakeMail:
    """A mailbox."""
    return FakeMail(clock)


async def asked(mail: FakeMail, connector: MailConnector, **headers: str) -> Item:
    """A customer's letter, as the desk sees it."""
    mail.box.arrive(mail.box.letter("¿Abrís hoy?", **headers))
    return (await read(connector))[0][-1]


def sent(mail: FakeMail) -> Any:
    """The last letter that was taken."""
    return email.message_from_bytes(mail.box.taken[-1], policy=policy.default)


async def test_an_answer_stands_in_its_thread(mail: FakeMail) -> None:
    """B1: to the customer alone, with our id, its parent's and its thread's, and a subject that was answered once."""
    async with at_work(mail, sender="La Tienda ñ") as connector:
        item = await asked(
            mail, connector, Message_ID="<b@x>", References="<a@x>", Subject="Re: RE: Año nuevo"
        )
        outgoing = reply_to(item, connector, "Sí, hasta las 20 h 😀\n.\n..dos puntos")
        receipt = await connector.send(outgoing)
        (back,) = [one for one in (await read(connector))[0] if one.direction is Direction.OUT]
    letter = sent(mail)
    assert (letter["From"], letter["To"]) == (f"La Tienda ñ <{ME}>", f"Ana García <{ANA}>")
    assert letter["Subject"] == "Re: Año nuevo"
    assert letter["Message-ID"] == f"<{outgoing.key}@tienda.test>"
    assert (letter["In-Reply-To"], letter["References"].split()) == ("<b@x>", ["<a@x>", "<b@x>"])
    assert "Auto-Submitted" not in letter
    assert mail.box.sent() == ["Sí, hasta las 20 h 😀\n.\n..dos puntos"]
    assert mail.envelopes == [(ME, (ANA,))]
    assert (back.id, back.conversation, back.text) == (receipt.id, item.conversation, outgoing.text)


async def test_what_no_person_wrote_says_so(mail: FakeMail) -> None:
    """RFC 3834: the acknowledgement out of hours is marked, so that no absence notice answers it in turn."""
    async with at_work(mail) as connector:
        outgoing = reply_to(await asked(mail, connector), connector)
        await connector.send(replace(outgoing, automatic=True))
    assert sent(mail)["Auto-Submitted"] == "auto-replied"


async def test_reply_to_is_honoured(mail: FakeMail) -> None:
    """Where the customer asks for it, the answer goes to another address, and the desk shows that one."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector, Reply_To="Compras <compras@cliente.test>")
        await connector.send(reply_to(item, connector))
    assert item.contact.handle == "compras@cliente.test"
    assert mail.envelopes[0][1] == ("compras@cliente.test",)


async def test_a_letter_without_an_id_keeps_its_thread(mail: FakeMail) -> None:
    """Our answer gives it one, and the customer's next letter repeats it."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector, Message_ID=None)  # type: ignore[arg-type]
        await connector.send(reply_to(item, connector))
        references = f"{sent(mail)['References']} {sent(mail)['Message-ID']}"
        again = await asked(mail, connector, References=references)
    assert again.conversation == item.conversation


async def test_the_next_part_answers_this_one(mail: FakeMail) -> None:
    """A receipt says what a reply to the reply needs; the thread stays the same."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector, Message_ID="<a@x>")
        first = reply_to(item, connector, "uno")
        receipt = await connector.send(first)
        second = Outgoing(
            connector.new_key(first.at), receipt.conversation, receipt.remote, "dos", True, first.at
        )
        again = await connector.send(second)
    assert sent(mail)["References"].split() == ["<a@x>", f"<{first.key}@tienda.test>"]
    assert again.conversation == receipt.conversation == item.conversation


async def test_a_copy_goes_to_sent_once(mail: FakeMail) -> None:
    """Where the provider keeps none, we put it there, read; where it does, we leave it alone."""
    async with at_work(mail) as connector:
        await connector.send(reply_to(await asked(mail, connector), connector))
        await connector.send(reply_to(await asked(mail, connector), connector))
    assert [letter.flags for letter in mail.box.folders["Sent"].letters] == [{"\\Seen"}, {"\\Seen"}]
    assert [letter.source for letter in mail.box.folders["Sent"].letters] == mail.box.taken


async def test_a_provider_that_keeps_copies(mail: FakeMail) -> None:
    """It is not given a second one."""
    mail.box.keeps_sent = True
    async with at_work(mail) as connector:
        await connector.send(reply_to(await asked(mail, connector), connector))
    assert len(mail.box.folders["Sent"].letters) == 1
    assert "APPEND" not in mail.calls


async def test_an_unknown_provider_that_keeps_copies_gets_no_second_one(mail: FakeMail) -> None:
    """Sent is looked at before anything is put there."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector)
        mail.box.keeps_sent = True
        await connector.send(reply_to(item, connector))
    assert len(mail.box.folders["Sent"].letters) == 1


async def test_trouble_with_the_copy_is_no_trouble_with_the_answer(mail: FakeMail) -> None:
    """The answer has left; saying otherwise would send it twice."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector)
        del mail.box.folders["Sent"]
        receipt = await connector.send(reply_to(item, connector))
    assert receipt.id
    assert len(mail.box.taken) == 1


@pytest.mark.parametrize(
    ("command", "answer", "expected", "code"),
    [
        (
            "MAIL",
            "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
            Rejected,
            "rejected",
        ),
        ("RCPT", "550 5.1.1 No such user", Rejected, "recipient_refused"),
        ("RCPT", "450 4.2.1 Greylisted", Temporary, "temporary"),
        ("RCPT", "452 4.5.3 Too many recipients", RateLimited, "rate_limited"),
        ("MAIL", "550 5.4.5 Daily user sending limit exceeded", RateLimited, "rate_limited"),
        ("DATA", "451 4.3.0 Try later", Temporary, "temporary"),
        ("DOT", "554 5.7.1 Message rejected as spam", Rejected, "rejected"),
        ("DOT", "451 4.4.1 Timeout", Temporary, "temporary"),
        ("DOT", "421 4.7.0 Try again later", RateLimited, "rate_limited"),
        ("DOT", "999 what?", OutcomeUnknown, "outcome_unknown"),
        ("DOT", "<html>", OutcomeUnknown, "outcome_unknown"),
        ("MAIL", "<html>", Temporary, "bad_answer"),
        ("MAIL", "530 5.7.0 Authentication required", AuthRequired, "auth_required"),
    ],
)
async def test_what_servers_say(
    mail: FakeMail, command: str, answer: str, expected: type[ConnectorError], code: str
) -> None:
    """Four outcomes exactly: by code, and by enhanced code where that says more."""
    async with at_work(mail) as connector:
        outgoing = reply_to(await asked(mail, connector), connector)
        mail.scripted[command] = answer
        with pytest.raises(expected) as told:
            await connector.send(outgoing)
    assert (type(told.value), told.value.code) == (expected, code)
    assert mail.box.taken == []


async def test_a_recipient_that_does_not_exist(mail: FakeMail) -> None:
    """A definite no; the text is kept by the desk."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector, sender="nadie@cliente.test")
        with pytest.raises(Rejected, match="does not exist"):
            await connector.send(reply_to(item, connector))


async def test_a_repeat_is_the_same_letter(mail: FakeMail, clock: ManualClock) -> None:
    """The id is fixed before the first attempt: what may double at worst carries one id, which receivers drop."""
    async with at_work(mail) as connector:
        outgoing = reply_to(await asked(mail, connector), connector)
        first = composing.letter(outgoing, ME, "")
        clock.moment += timedelta(hours=2)
        assert composing.letter(outgoing, ME, "") == first


async def test_proof_is_declared_honestly(mail: FakeMail) -> None:
    """Sent can be asked where the provider keeps copies; elsewhere a person is."""
    async with at_work(mail) as connector:
        outgoing = reply_to(await asked(mail, connector), connector)
        assert connector.proof_for(outgoing) is Proof.NEITHER
    for address, imap in ((ME, "gmail"), ("info@outlook.es", "")):
        async with at_work(mail, address=address, imap=imap, smtp="") as connector:
            connector._sender._host.options.pop("keeps_sent", None)  # type: ignore[attr-defined]
            assert connector.proof_for(outgoing) is Proof.READ_BACK
    for address in ("info@icloud.com", "info@yahoo.es", "info@fastmail.com"):
        async with at_work(mail, address=address, imap="", smtp="") as connector:
            assert connector.proof_for(outgoing) is Proof.NEITHER


async def test_a_copy_under_another_id_is_found(mail: FakeMail) -> None:
    """Microsoft's servers give letters other ids; ours stands in a header."""
    mail.box.keeps_sent = True
    async with at_work(mail) as connector:
        outgoing = reply_to(await asked(mail, connector), connector)
        mail.kind = Trouble.LOST_ANSWER
        with pytest.raises(OutcomeUnknown):
            await connector.send(outgoing)
        mail.kind = None
        letter = mail.box.folders["Sent"].letters[-1]
        letter.source = letter.source.replace(b"Message-ID: <", b"Message-ID: <XX", 1)
        receipt = await connector.find_sent(outgoing)
        (back,) = [one for one in (await read(connector))[0] if one.direction is Direction.OUT]
    assert receipt is not None
    assert back.id == receipt.id


async def test_no_folder_to_ask_is_not_a_no(mail: FakeMail) -> None:
    """Without Sent nobody can say that it did not leave."""
    mail.box.keeps_sent = True
    async with at_work(mail) as connector:
        outgoing = reply_to(await asked(mail, connector), connector)
        del mail.box.folders["Sent"]
        with pytest.raises(Temporary) as told:
            await connector.find_sent(outgoing)
    assert told.value.code == "no_sent_folder"


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("Pregunta", "Re: Pregunta"),
        ("RE: Re: Pregunta", "Re: Pregunta"),
        ("RV: Pregunta", "Re: Pregunta"),
        ("Re[2]: a", "Re: a"),
        ("AW: WG: a", "Re: a"),
        ("", "Re:"),
        ("Fwd: a", "Re: Fwd: a"),
        ("Ref 33: a", "Re: Ref 33: a"),
        ("a\r\nBcc: x@y", "Re: a Bcc: x@y"),
    ],
)
def test_re_once(given: str, made: str) -> None:
    """In whatever language it was answered before; and nothing gets into the headers by it."""
    assert composing.subject_of(given) == made


async def test_nothing_gets_into_the_headers(mail: FakeMail) -> None:
    """What a customer writes in names, subjects and ids cannot add a recipient."""
    async with at_work(mail) as connector:
        item = await asked(mail, connector)
        remote = {
            **item.remote,
            "name": "Ana\r\nBcc: x@y.test",
            "subject": "a\r\nBcc: x@y.test",
            "message_id": "a\r\nBcc:x@y",
            "references": "a\r\nBcc: x",
        }
        at = mail.clock.now()
        await connector.send(Outgoing(connector.new_key(at), item.conversation, remote, "hola", True, at))
    assert sent(mail)["Bcc"] is None
    assert mail.envelopes[0][1] == (ANA,)


async def test_long_ids_stay_whole(mail: FakeMail) -> None:
    """Ids longer than a line are neither folded nor coded: else the thread would break."""
    long = "x" * 180 + "@cliente.test"
    async with at_work(mail) as connector:
        item = await asked(mail, connector)
        remote = {**item.remote, "message_id": long, "references": f"{long[1:]} {long}"}
        at = mail.clock.now()
        await connector.send(Outgoing(connector.new_key(at), item.conversation, remote, "hola", True, at))
    assert f"In-Reply-To: <{long}>\r\n".encode() in mail.box.taken[-1]
    assert f"References: <{long[1:]}>\r\n <{long}>\r\n".encode() in mail.box.taken[-1]
