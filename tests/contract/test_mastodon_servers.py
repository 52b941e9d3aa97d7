"""Other servers' habits: what speaks Mastodon's API and is not Mastodon (NEEDS A1, A4, B1).

GoToSocial has ULIDs, Pleroma and Akkoma base-62 ids and numbers beside them, Pixelfed and Friendica numbers and fewer fields.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import SERVER, good
from contract.reading import read, reply_to
from socialdesk.connectors.contract import Kind, Temporary
from socialdesk.connectors.mastodon import MastodonConnector

pytestmark = pytest.mark.anyio
PAGE = "<html><title>Welcome</title></html>"


class Elsewhere:
    """A server that has these answers, and takes what is posted; ``None`` is a page for people."""

    def __init__(self, answers: dict[str, Any], status: dict[str, Any]) -> None:
        self.answers = {"/api/v1/notifications": [], "/api/v1/instance": {}, **answers}
        self.posted: list[dict[str, Any]] = []
        self.asked: list[httpx.URL] = []
        self._status = status

    async def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as that one does."""
        path = request.url.path
        self.asked.append(request.url)
        if request.method == "POST":
            body = json.loads(request.content)
            self.posted.append(body)
            return good({**self._status, "id": "new", "in_reply_to_id": body["in_reply_to_id"]})
        if path not in self.answers:
            return httpx.Response(404, html=PAGE)
        if path == "/api/v1/notifications" and "max_id" in request.url.params:
            return good([])
        return good(self.answers[path])


def mention(status: dict[str, Any], number: Any, **more: Any) -> dict[str, Any]:
    """A notification as the older servers have it."""
    return {
        "id": number,
        "type": "mention",
        "created_at": status["created_at"],
        "account": status["account"],
        "status": status,
        **more,
    }


GOTOSOCIAL_ME = {
    "id": "01F8MH1H7YV1Z7D2C8K2730QBF",
    "username": "tienda",
    "acct": "tienda",
    "url": f"{SERVER}/@tienda",
}
GOTOSOCIAL = {
    "id": "01J8BHVK2XFNG1Y6NKD1SAVZ0R",
    "created_at": "2026-03-02T08:58:00.000Z",
    "edited_at": None,
    "in_reply_to_id": "01J8BHA0Z5XJ9QG0ZJ3V0S8T4C",
    "in_reply_to_account_id": GOTOSOCIAL_ME["id"],
    "sensitive": False,
    "spoiler_text": "",
    "visibility": "public",
    "language": None,
    "uri": "https://otro.example/users/ana/statuses/01J8BHVK2XFNG1Y6NKD1SAVZ0R",
    "url": "https://otro.example/@ana/statuses/01J8BHVK2XFNG1Y6NKD1SAVZ0R",
    "content": '<p><span class="h-card"><a href="https://social.example/@tienda" class="u-url mention" rel="nofollow">@<span>tienda</span></a></span> ¿abrís?</p>',
    "account": {"id": "01FHMQX3GAABWSM0S2VZEC2SWC", "username": "ana", "acct": "ana@otro.example", "display_name": "", "bot": False},
    "mentions": [{"id": GOTOSOCIAL_ME["id"], "username": "tienda", "acct": "tienda", "url": f"{SERVER}/@tienda"}],
    "interaction_policy": {"can_reply": {"always": ["public", "me"]}},
}  # fmt: skip
AKKOMA_ME = {
    "id": "9oLGmYVGcHZeHgqf8C",
    "username": "tienda",
    "acct": "tienda",
    "url": f"{SERVER}/users/tienda",
}
AKKOMA = {
    "id": "AzZ2b9CqXf4kPuwYGu",
    "created_at": "2026-03-02T08:58:00.000Z",
    "in_reply_to_id": "AzZ1vNLTsPVBXwTMhM",
    "in_reply_to_account_id": AKKOMA_ME["id"],
    "visibility": "public",
    "content": '<span class="h-card"><a class="u-url mention" data-user="9oLGmYVGcHZeHgqf8C" href="https://social.example/users/tienda" rel="ugc">@<span>tienda</span></a></span> ¿abrís?',
    "text": None,
    "account": {"id": "A0wDZJzuyt5oEK7RZQ", "username": "ana", "acct": "ana@otro.example", "display_name": "Ana", "pleroma": {"is_admin": False}, "akkoma": {}, "fqn": "ana@otro.example"},
    "mentions": [{"id": AKKOMA_ME["id"], "username": "tienda", "acct": "tienda", "url": f"{SERVER}/users/tienda"}],
    "pleroma": {"conversation_id": 37422, "content": {"text/plain": "@tienda ¿abrís?"}, "thread_muted": False},
    "emoji_reactions": [],
    "akkoma": {"source": None},
}  # fmt: skip
PIXELFED_ME = {
    "id": "481234567890123456",
    "username": "tienda",
    "acct": "tienda",
    "url": f"{SERVER}/tienda",
    "local": True,
}
PIXELFED = {
    "id": "712345678901234567",
    "_v": 1,
    "shortcode": "abc",
    "created_at": "2026-03-02T08:58:00+00:00",
    "in_reply_to_id": 712345678901230000,
    "in_reply_to_account_id": PIXELFED_ME["id"],
    "spoiler_text": None,
    "visibility": "public",
    "content": '<a class="u-url mention" href="https://social.example/tienda" rel="external nofollow noopener" target="_blank">@tienda</a> ¿abrís?',
    "account": {"id": 601, "username": "ana", "acct": "ana", "display_name": None, "is_admin": False},
    "mentions": [{"id": PIXELFED_ME["id"], "username": "tienda", "acct": "tienda"}],
    "media_attachments": [],
    "local": True,
}  # fmt: skip
FRIENDICA_ME = {"id": "3", "username": "tienda", "acct": "tienda", "url": f"{SERVER}/profile/tienda"}
FRIENDICA = {
    "id": 4711,
    "created_at": "2026-03-02T08:58:00.000Z",
    "in_reply_to_id": "4700",
    "in_reply_to_account_id": "3",
    "visibility": "public",
    "content": '@<a href="https://social.example/profile/tienda" class="u-url mention" target="_blank">tienda</a> ¿abrís?',
    "account": {"id": "8", "username": "ana", "acct": "ana@otro.example", "display_name": "Ana", "followers_count": "12"},
    "mentions": [{"id": "3", "username": "tienda", "acct": "tienda", "url": "https://social.example/profile/tienda"}],
    "friendica": {"title": "", "delivery_data": {}},
    "card": [],
    "poll": None,
}  # fmt: skip


@pytest.mark.parametrize("context", ["whole", "none", "a page for people"])
@pytest.mark.parametrize(
    ("me", "status", "number"),
    [
        (GOTOSOCIAL_ME, GOTOSOCIAL, "01J8BHVM4YQ0T3B0V6K9R1D2EF"),
        (AKKOMA_ME, AKKOMA, "8113"),
        (PIXELFED_ME, PIXELFED, 99),
        (FRIENDICA_ME, FRIENDICA, "1003"),
    ],
    ids=["GoToSocial", "Akkoma", "Pixelfed", "Friendica"],
)
async def test_question_and_answer(
    mastodon: FakeMastodon,
    tienda: MastodonConnector,
    me: dict[str, Any],
    status: dict[str, Any],
    number: Any,
    context: str,
) -> None:
    """A1, B1: understood, in its thread, answered; ids are whatever they are."""
    mastodon.clock.moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    parent = str(status["in_reply_to_id"])
    post = {
        **status,
        "id": parent,
        "in_reply_to_id": None,
        "content": "Oferta",
        "account": me,
        "mentions": [],
    }
    surroundings = {"whole": {"ancestors": [post], "descendants": []}, "none": {}}
    there = Elsewhere(
        {
            "/api/v1/accounts/verify_credentials": me,
            "/api/v1/notifications": [mention(status, number)],
            f"/api/v1/accounts/{me['id']}/statuses": [],
        },
        status,
    )
    if context in surroundings:
        there.answers[f"/api/v1/statuses/{status['id']}/context"] = surroundings[context]
    mastodon.answer = there.answer
    if context == "a page for people":
        with pytest.raises(Temporary):
            await tienda.fetch("")
    found, cursor = await read(tienda)
    [item] = [item for item in found if not item.context and item.text == "¿abrís?"]
    assert (item.id, item.author.id, item.kind) == (
        str(status["id"]),
        str(status["account"]["id"]),
        Kind.REPLY,
    )
    assert item.conversation == f"{parent}|{item.author.id}"
    await tienda.send(reply_to(item, tienda))
    assert there.posted[0]["in_reply_to_id"] == item.id
    assert there.posted[0]["status"] == f"@{status['account']['acct']} ¡Gracias!"
    assert (await read(tienda, cursor))[0] == []
    asked = [url.params["min_id"] for url in there.asked if "min_id" in url.params]
    assert asked[-1] == str(number)
    assert not [url for url in there.asked if url.path.startswith("/api/v2/notifications")]
