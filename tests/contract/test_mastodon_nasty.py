"""Mastodon's traps, by their numbers in the list of nasty cases (NEEDS A1, A4, B1, B3)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import ANA, BRAND, LUIS, good, person, refuse
from contract.reading import read, reply_to, words
from socialdesk.connectors.contract import (
    AuthRequired,
    Kind,
    OutcomeUnknown,
    Proof,
    RateLimited,
    Rejected,
    Temporary,
)
from socialdesk.connectors.mastodon import MastodonConnector

pytestmark = pytest.mark.anyio
POSTING = ("POST", "/api/v1/statuses")


def many(mastodon: FakeMastodon, count: int) -> list[str]:
    """That many customers' messages, a second apart."""
    found = [f"mensaje {number}" for number in range(count)]
    for text in found:
        mastodon.clock.moment += timedelta(seconds=1)
        mastodon.mention(text)
    return found


def lose_answers(mastodon: FakeMastodon, response: httpx.Response | Exception) -> None:
    """What is posted is taken, and answered like this."""

    async def answer(request: httpx.Request) -> httpx.Response | None:
        if (request.method, request.url.path) != POSTING:
            return None
        mastodon.serve(request)
        if isinstance(response, Exception):
            raise response
        return response

    mastodon.answer = answer


@pytest.mark.parametrize("habit", ["min_id", "as since_id", "not at all"])
async def test_case_01_no_hole_below_the_newest_page(
    mastodon: FakeMastodon, tienda: MastodonConnector, habit: str
) -> None:
    """A1: more than a page has come, also where the server takes min_id for since_id or does not know it."""
    many(mastodon, 1)
    _, cursor = await read(tienda)
    written = many(mastodon, 150)

    async def mistaken(request: httpx.Request) -> httpx.Response | None:
        place = request.url.params.get("min_id")
        if habit == "min_id" or place is None:
            return None
        url = request.url.copy_remove_param("min_id")
        url = url.copy_add_param("since_id", place) if habit == "as since_id" else url
        return mastodon.serve(httpx.Request("GET", url, headers=request.headers))

    mastodon.answer = mistaken
    found, cursor = await read(tienda, cursor)
    assert sorted(words(found)) == sorted(written)
    assert all("since_id" not in params for _, _, params in mastodon.calls) or habit == "as since_id"
    assert (await read(tienda, cursor))[0] == []


async def test_case_02_each_list_has_a_place_of_its_own_kind(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """A status's id among notifications would read as "nothing new" for ever."""
    many(mastodon, 3)
    mastodon.post("@ana@otro.example Sí", BRAND, to=mastodon.notes[0]["status"]["id"])
    _, cursor = await read(tienda)
    mastodon.clock.moment += timedelta(minutes=10)
    many(mastodon, 2)
    await read(tienda, cursor)
    asked = {path: params["min_id"][0] for _, path, params in mastodon.calls if "min_id" in params}
    assert asked["/api/v1/notifications"] in {note["id"] for note in mastodon.notes}
    assert asked[f"/api/v1/accounts/{BRAND['id']}/statuses"] in mastodon.statuses


async def test_case_02_a_place_that_reads_as_nothing_new_is_looked_behind(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """A1: once an hour the list is walked down from its top, whatever the place says."""
    many(mastodon, 3)
    _, cursor = await read(tienda)
    kept = json.loads(cursor)
    kept["notes"]["seen"] = "999999999999999999999999"
    written = many(mastodon, 60)
    found, cursor = await read(tienda, json.dumps(kept))
    assert words(found) == []
    mastodon.clock.moment += timedelta(hours=1)
    found, cursor = await read(tienda, cursor)
    assert sorted(words(found)) == sorted(written)
    assert json.loads(cursor)["notes"]["seen"] == mastodon.notes[-1]["id"]


@pytest.mark.parametrize("status", [400, 404, 422])
async def test_case_02_a_place_that_the_server_refuses_is_looked_behind_at_once(
    mastodon: FakeMastodon, tienda: MastodonConnector, status: int
) -> None:
    """A1: it has other ids than before; what it lets choose from is chosen as before."""
    many(mastodon, 3)
    _, cursor = await read(tienda)
    mastodon.mention("de una desconocida")
    mastodon.filtered.add(mastodon.notes[-1]["id"])

    async def strange(request: httpx.Request) -> httpx.Response | None:
        return refuse(status, "no such id") if "min_id" in request.url.params else None

    mastodon.answer = strange
    assert words((await read(tienda, cursor))[0]) == ["de una desconocida"]


async def test_case_03_the_oldest_page_in_place_of_none_is_nothing_new(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """Nothing is told twice, and the place stays where it is."""
    many(mastodon, 60)
    _, cursor = await read(tienda)

    async def oldest(request: httpx.Request) -> httpx.Response | None:
        return good(mastodon.notes[:40][::-1]) if "min_id" in request.url.params else None

    mastodon.answer = oldest
    page = await tienda.fetch(cursor)
    assert (page.items, page.more) == ([], False)
    assert json.loads(page.cursor)["notes"] == json.loads(cursor)["notes"]


@pytest.mark.parametrize("kind", ["mention", "quote", "favourite", "poll", "update", "something_new", None])
@pytest.mark.parametrize("status", [{"status": None}, {}, {"status": "gone"}, {"status": {}}])
async def test_case_04_a_notification_without_its_post_spoils_nothing(
    mastodon: FakeMastodon, tienda: MastodonConnector, kind: str, status: dict[str, Any]
) -> None:
    """The favourite was taken back, the post deleted."""
    mastodon.mention("antes")
    note = mastodon.tell("mention", None, ANA)
    del mastodon.notes[-1]
    mastodon.notes.append({**note, "type": kind, **status})
    mastodon.mention("después")

    async def unsorted(
        request: httpx.Request,
    ) -> httpx.Response | None:  # kinds are not asked for by everybody
        return good(mastodon.notes[::-1]) if request.url.path == "/api/v1/notifications" else None

    mastodon.answer = unsorted
    assert words((await read(tienda))[0]) == ["antes", "después"]


@pytest.mark.parametrize(
    "lost",
    [
        httpx.Response(504, html="<html>504 Gateway Time-out</html>"),
        httpx.Response(502),
        httpx.Response(200, html="<html>Please wait</html>"),
        httpx.Response(200, json={"error": "try again"}),
        httpx.Response(200, json=[]),
        httpx.Response(408, json={"error": "Request Timeout"}),
        httpx.ReadTimeout("nothing came back"),
        httpx.RemoteProtocolError("cut off"),
    ],
)
async def test_case_05_an_answer_that_is_there_although_the_gateway_gave_up(
    mastodon: FakeMastodon, tienda: MastodonConnector, lost: httpx.Response | Exception
) -> None:
    """A1: unknown, not failed; it is found, and a repeat bears the same key."""
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)
    outgoing = reply_to(item, tienda)
    lose_answers(mastodon, lost)
    with pytest.raises(OutcomeUnknown):
        await tienda.send(outgoing)
    mastodon.answer = None
    found = await tienda.find_sent(outgoing)
    assert found is not None and mastodon.statuses[found.id]["in_reply_to_id"] == item.id
    assert (await tienda.send(outgoing)).id == found.id and mastodon.replies() == ["¡Gracias!"]


@pytest.mark.parametrize("status", [500, 503, 409])
async def test_case_06_a_recognised_repeat_may_be_answered_with_an_error(
    mastodon: FakeMastodon, tienda: MastodonConnector, status: int
) -> None:
    """Then own posts are looked through before anybody is told that it failed (mastodon#40399; GoToSocial says 409)."""
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)
    outgoing = reply_to(item, tienda)
    receipt = await tienda.send(outgoing)

    async def repeated(request: httpx.Request) -> httpx.Response | None:
        known = request.headers.get("idempotency-key") in mastodon.keys
        return refuse(status, "Something went wrong") if request.method == "POST" and known else None

    mastodon.answer = repeated
    with pytest.raises(OutcomeUnknown):
        await tienda.send(outgoing)
    found = await tienda.find_sent(outgoing)
    assert found is not None and found.id == receipt.id
    assert await tienda.find_sent(replace(outgoing, text="Otra cosa")) is None


async def test_case_07_where_no_key_is_heeded_it_is_looked_for_first(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """Nothing is ever scheduled, and the proof of an answer is to read it."""
    mastodon.heeds_keys = False
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)
    outgoing = reply_to(item, tienda)
    assert tienda.proof_for(outgoing) is Proof.READ_BACK
    assert await tienda.find_sent(outgoing) is None
    await tienda.send(outgoing)
    assert await tienda.find_sent(outgoing) is not None
    [posted] = [body for *call, body in mastodon.calls if tuple(call) == POSTING]
    assert "scheduled_at" not in posted


@pytest.mark.parametrize(
    "known", [{"id": "2009", "acct": None, "display_name": None, "username": None}, {}, None]
)
async def test_case_08_an_author_who_is_gone_has_a_placeholder(
    mastodon: FakeMastodon, tienda: MastodonConnector, known: dict[str, Any] | None
) -> None:
    """The message stays; an answer to nobody is refused, not lost."""
    status = mastodon.mention("¿Hola?")
    mastodon.notes[-1] |= {"status": {**status, "account": known}, "account": known}
    found, _ = await read(tienda)
    assert [(item.text, item.author.handle) for item in found] == [("¿Hola?", "?")]
    with pytest.raises(Rejected) as refused:
        await tienda.send(reply_to(found[0], tienda))
    assert refused.value.code == "parent_gone" and mastodon.replies() == []


async def test_case_08_an_author_named_by_the_notification_only(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """The post has lost its account."""
    post = mastodon.post("Oferta", BRAND)
    status = mastodon.mention("¿Hola?", to=post["id"])
    status["account"] = {"id": None}
    found, _ = await read(tienda)
    mine = next(item for item in found if item.text == "¿Hola?")
    assert mine.author.handle == ANA["acct"] and len({item.conversation for item in found}) == 1


async def test_case_09_posts_whose_surroundings_fail_are_shown_all_the_same(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """One look later at the latest, all of them, and without asking for each."""
    post = mastodon.post("Oferta", BRAND)
    for number in range(30):
        mastodon.mention(f"mensaje {number}", to=post["id"])
        mastodon.mention("sin hilo")

    async def broken(request: httpx.Request) -> httpx.Response | None:
        above = request.url.path.endswith("/context") and post["id"] not in request.url.path
        return refuse(500, "Internal error") if above else None

    mastodon.answer = broken
    with pytest.raises(Temporary):
        await tienda.fetch("")
    before = len(mastodon.calls)
    found, cursor = await read(tienda)
    assert {item.text for item in found if not item.context} >= {f"mensaje {number}" for number in range(30)}
    assert {item.conversation for item in found if item.text.startswith("mensaje")} == {
        f"{post['id']}|{ANA['id']}"
    }
    assert len(mastodon.calls) - before < 20
    mastodon.answer = None
    mastodon.mention("otra", to=mastodon.notes[0]["status"]["id"])
    found, _ = await read(tienda, cursor)
    assert [item.conversation for item in found if item.text == "otra"] == [f"{post['id']}|{ANA['id']}"]


async def test_case_09_a_boost_of_a_deleted_post_is_nothing(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """Also where the server lists boosts among posts although they are not asked for."""
    mastodon.post("", BRAND, reblog=None, content="", in_reply_to_id=None)
    mastodon.tell("reblog", None, ANA)
    mastodon.mention("¿Hola?")
    assert [item.text for item in (await read(tienda))[0]] == ["¿Hola?"]


@pytest.mark.parametrize(
    ("status", "told", "error"),
    [
        (422, "検証に失敗しました: 500文字を超えています", Rejected),
        (400, "Überprüfung fehlgeschlagen: Zeichenlimit von 500 überschritten", Rejected),
        (403, "Diese Aktion ist dir nicht erlaubt", Rejected),
        (404, "レコードが見つかりません", Rejected),
        (410, "No longer available", Rejected),
        (401, "アクセストークンが無効です", AuthRequired),
        (429, "Zu viele Anfragen", RateLimited),
    ],
)
async def test_case_10_the_words_of_an_error_are_the_server_s_own(
    mastodon: FakeMastodon, tienda: MastodonConnector, status: int, told: str, error: type[Exception]
) -> None:
    """In any language, shown as they are; the status says what they mean."""
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)

    async def refused(_request: httpx.Request) -> httpx.Response:
        return refuse(status, told)

    mastodon.answer = refused
    with pytest.raises(error, match=told[:10]):
        await tienda.send(reply_to(item, tienda))
    assert mastodon.replies() == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "2026-03-02T09:05:00.123456Z", "X-RateLimit-Limit": "300"}, 300.123456),
        ({"X-RateLimit-Reset": "2026-03-02T09:30:00.000001Z", "X-RateLimit-Limit": "30"}, 1800.000001),
        ({"X-RateLimit-Reset": "2026-03-02T10:05:00+01:00"}, 300),
        ({"X-RateLimit-Reset": "1772442300"}, 300),
        ({"X-RateLimit-Reset": "300"}, 300),
        ({"Retry-After": "300"}, 300),
        ({"Retry-After": "Mon, 02 Mar 2026 09:05:00 GMT"}, 300),
        ({"X-RateLimit-Reset": "soon", "Retry-After": "300"}, 300),
        ({"X-RateLimit-Reset": "9999-12-31T23:59:59Z", "Retry-After": "300"}, 300),
        ({"X-RateLimit-Reset": "2026-03-02T09:15:00Z", "Date": "Mon, 02 Mar 2026 09:10:00 GMT"}, 300),
        ({"X-RateLimit-Reset": "nan"}, None),
        ({"Date": "Fri, 31 Dec 9999 23:59:59 GMT", "Retry-After": "x"}, None),
        ({}, None),
    ],
)
async def test_case_11_when_to_ask_again(
    mastodon: FakeMastodon, tienda: MastodonConnector, headers: dict[str, str], seconds: float | None
) -> None:
    """A moment with fractions of a second, as Mastodon has it; what others have; by the server's clock."""
    mastodon.clock.moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    mastodon.mention("¿Hola?")
    [item], _ = await read(tienda)

    async def limited(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"error": "Too many requests"}, headers=headers)

    mastodon.answer = limited
    for call in (tienda.fetch(""), tienda.send(reply_to(item, tienda))):
        with pytest.raises(RateLimited) as told:
            await call
        expected = seconds and mastodon.clock.now() + timedelta(seconds=seconds)
        assert told.value.until == expected
    mastodon.answer = None
    assert await tienda.find_sent(reply_to(item, tienda)) is None


async def test_case_12_a_private_answer_names_whom_it_is_for(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """B3: without the name it reaches nobody; and nobody else reads it."""
    mastodon.mention("en privado", visibility="direct", warning="Queja")
    mastodon.mention("en público", LUIS)
    private, public = (await read(tienda))[0]
    assert (private.kind, private.private, private.title) == (Kind.DIRECT, True, "Queja")
    receipts = [
        await tienda.send(reply_to(private, tienda)),
        await tienda.send(replace(reply_to(public, tienda), private=True, opens=True)),
    ]
    for receipt, who in zip(receipts, (ANA, LUIS), strict=True):
        answer = mastodon.statuses[receipt.id]
        assert answer["visibility"] == "direct"
        assert [one["id"] for one in answer["mentions"]] == [who["id"]]
        assert receipt.conversation == f"dm|{who['id']}"
    assert mastodon.statuses[receipts[0].id]["spoiler_text"] == "Queja"


@pytest.mark.parametrize("visibility", ["public", "unlisted", "private", "direct", "followers", "", None])
async def test_case_12_an_answer_is_never_wider_than_its_question(
    mastodon: FakeMastodon, tienda: MastodonConnector, visibility: str | None
) -> None:
    """B3: a circle that nobody knows of counts as the narrowest."""
    status = mastodon.mention("¿Hola?")
    status["visibility"] = visibility
    [item], _ = await read(tienda)
    receipt = await tienda.send(reply_to(item, tienda))
    known = visibility in ("public", "unlisted", "private")
    assert mastodon.statuses[receipt.id]["visibility"] == (visibility if known else "direct")


async def test_case_12_a_private_answer_names_nobody_else(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """B3: whoever is named reads it."""
    eva = person("2003", "eva@tercero.example", "Eva")
    mastodon.people["2003"] = eva
    mastodon.mention("con @luis", visibility="direct")
    [item], _ = await read(tienda)
    with pytest.raises(Rejected) as refused:
        await tienda.send(reply_to(item, tienda, "Pregunta a @eva@tercero.example"))
    assert refused.value.code == "names_others"
    await tienda.send(reply_to(item, tienda, "También lo lee @luis"))
    assert len(mastodon.replies()) == 1
