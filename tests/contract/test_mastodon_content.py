"""What stands in a post, whoever's server wrote it, and what becomes of it later (NEEDS A1, A4, B1)."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from contract.fake_mastodon import FakeMastodon
from contract.fake_toots import ANA, BRAND, LUIS, good, iso
from contract.reading import read, reply_to
from socialdesk.connectors import testing
from socialdesk.connectors.contract import Direction, Item, Kind, Media, Raw
from socialdesk.connectors.mastodon import MastodonConnector
from socialdesk.connectors.mastodon.html import text_of

pytestmark = pytest.mark.anyio


async def only(tienda: MastodonConnector) -> Item:
    """The one message that is no context."""
    [item] = [item for item in (await read(tienda))[0] if not item.context]
    return item


# Text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("sin marcas", "sin marcas"),
        ("3 < 5 &amp; 5 > 3", "3 < 5 & 5 > 3"),
        ("<p>una</p><p>dos<br>tres<br/>cuatro</p>", "una\n\ndos\ntres\ncuatro"),
        ("<p>una<br><br><br><br>dos</p>", "una\n\ndos"),
        ("<ul><li>pan</li><li>sal</li></ul><ol><li>uno</li></ol>", "- pan\n- sal\n\n- uno"),
        ("<blockquote><p>cita</p></blockquote><p>respuesta</p>", "> cita\n\nrespuesta"),
        ("<pre><code>a\n  b</code></pre>", "a\n  b"),
        ("<p>abierto <b>sin <i>cerrar", "abierto sin cerrar"),
        ("<p>:heart: sigue <img alt=':blob:' src='x'></p>", ":heart: sigue :blob:"),
        ("<p>a<script>alert(1)</script><style>p{}</style><!-- no -->b</p>", "ab"),
        ('<p><a href="javascript:alert(1)">aquí</a></p>', "aquí"),
        ('<p><a href="https://e.example/x">aquí</a></p>', "aquí (https://e.example/x)"),
        (
            '<a href="https://e.example/un/camino/largo"><span class="invisible">https://</span>'
            '<span class="ellipsis">e.example/un/ca</span><span class="invisible">mino/largo</span></a>',
            "https://e.example/un/camino/largo",
        ),
        (
            '<a href="https://e.example/un/camino/largo">e.example/un/ca…</a>',
            "https://e.example/un/camino/largo",
        ),
        (
            '<a href="https://banco.example/">https://otro.example/</a>',
            "https://otro.example/ (https://banco.example/)",
        ),
        ('<a href="https://x.example/tags/pan" class="mention hashtag">#<span>pan</span></a>', "#pan"),
        ('<a href="https://x.example/@ana" class="u-url mention">@<span>ana</span></a>', "@ana"),
        ('@<a href="https://x.example/profile/ana" class="u-url mention">Ana García</a>', "@Ana García"),
        ("<div>" * 3000 + "hondo", "hondo"),
    ],
)
def test_mark_up_becomes_lines(html: str, text: str) -> None:
    """A link is its address, where it leads and not where it says."""
    assert text_of(html) == text


@pytest.mark.parametrize(
    "name",
    [
        "@tienda",
        "@tienda@social.example",
        '<span class="h-card" translate="no"><a href="https://social.example/@tienda" class="u-url mention">@<span>'
        "tienda</span></a></span>",
        '<span class="h-card"><a class="u-url mention" data-user="9x" href="https://social.example/@tienda" '
        'rel="ugc">@<span>tienda</span></a></span>',
        '<a href="https://social.example/@tienda" class="u-url mention" rel="nofollow">@Tienda@social.example</a>',
        '<a href="https://social.example/@tienda">@tienda</a>',
        '<bdi><a href="https://social.example/@tienda">@tienda</a></bdi>,',
    ],
)
async def test_our_own_name_at_the_beginning_is_left_out(
    mastodon: FakeMastodon, tienda: MastodonConnector, name: str
) -> None:
    """However servers mark it up."""
    mastodon.mention("x")["content"] = f"<p>{name} ¿abrís hoy?</p>"
    assert (await only(tienda)).text == "¿abrís hoy?"


async def test_another_s_name_is_kept(mastodon: FakeMastodon, tienda: MastodonConnector) -> None:
    """One that begins as ours does, too."""
    mastodon.mention("x")["content"] = "<p>@tiendamala os copia, @tienda</p>"
    assert (await only(tienda)).text == "@tiendamala os copia, @tienda"


# What is no text ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "media", "described"),
    [
        ({"media_attachments": [{"id": "1", "type": "image", "url": "https://f.example/a%C3%B1o.png", "description": "Una caja rota"}]}, Media.IMAGE, "Una caja rota"),
        ({"media_attachments": [{"id": 1, "type": "gifv", "url": "https://f.example/x.mp4", "description": None}]}, Media.VIDEO, ""),
        ({"media_attachments": [{"type": "audio", "remote_url": "https://f.example/x.ogg"}]}, Media.AUDIO, ""),
        ({"media_attachments": [{"type": "unknown", "url": "https://f.example/x.pdf"}]}, Media.FILE, ""),
        ({"media_attachments": [{"type": "hologram", "url": None}]}, Media.OTHER, ""),
        ({"media_attachments": [None, 7, {}]}, Media.OTHER, ""),
        ({"poll": {"id": "1", "options": [{"title": "S :heart:", "votes_count": 1}, {"title": "M"}]}}, Media.POLL, "S :heart: / M"),
        ({"poll": {"options": None}}, Media.POLL, ""),
        ({"poll": [], "media_attachments": None}, Media.OTHER, ""),
    ],
)  # fmt: skip
async def test_what_is_no_text_is_shown_as_what_it_is(
    mastodon: FakeMastodon, tienda: MastodonConnector, more: dict[str, Any], media: Media, described: str
) -> None:
    """Something nobody knew of when this was written is a thing of another kind, and never lost."""
    mastodon.mention("x", **more)["content"] = ""
    item = await only(tienda)
    assert item.text == "" and {one.media for one in item.attachments} == {media}
    assert item.attachments[0].description == described


async def test_a_warning_is_shown_above_and_kept_in_the_answer(
    mastodon: FakeMastodon, tienda: MastodonConnector
) -> None:
    """Cut where the answer needs the room; a post that is nothing but a warning is a message."""
    mastodon.mention("x", warning="Comida :pan: y bebida en casa")["content"] = ""
    item = await only(tienda)
    assert (item.text, item.title, list(item.attachments)) == ("", "Comida :pan: y bebida en casa", [])
    receipt = await tienda.send(reply_to(item, tienda))
    assert mastodon.statuses[receipt.id]["spoiler_text"] == item.title
    long = await tienda.send(reply_to(item, tienda, "a" * 468))
    assert mastodon.statuses[long.id]["spoiler_text"].endswith("…")


@pytest.mark.parametrize("field", ["quote", "pleroma"])
@pytest.mark.parametrize("wrapped", [True, False])
async def test_quotes_of_every_server(
    mastodon: FakeMastodon, tienda: MastodonConnector, field: str, wrapped: bool
) -> None:
    """Mastodon wraps them, Akkoma does not, Pleroma keeps them apart: ours is shown above."""
    ours = mastodon.post("Rebajas", BRAND)
    quote = {"state": "accepted", "quoted_status": ours} if wrapped else ours
    more = {"quote": quote} if field == "quote" else {"pleroma": {"quote": quote, "local": False}}
    status = mastodon.post("¡Mirad!", LUIS, **more)
    status["content"] += (
        '<p class="quote-inline">RE: <a href="https://x.example/1">https://x.example/1</a></p>'
    )
    mastodon.tell("quote", status)
    context, item = (await read(tienda))[0]
    assert (item.text, item.kind, context.text, context.context) == ("¡Mirad!", Kind.QUOTE, "Rebajas", True)
    assert context.direction is Direction.OUT


@pytest.mark.parametrize(
    "state", ["pending", "rejected", "revoked", "deleted", "unauthorized", "blocked_account", None]
)
async def test_a_quote_without_its_post(
    mastodon: FakeMastodon, tienda: MastodonConnector, state: str
) -> None:
    """What quotes it is shown; its author may be gone, too."""
    status = mastodon.mention("mirad", quote={"state": state, "quoted_status": None, "quoted_status_id": "9"})
    assert (await only(tienda)).text == "mirad"
    status["quote"] = {"state": "accepted", "quoted_status": {**mastodon.post("x", LUIS), "account": None}}
    assert (await only(tienda)).text == "mirad"


# Times --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2026-03-02T08:59:00.123Z", datetime(2026, 3, 2, 8, 59, 0, 123000, UTC)),
        ("2026-03-02T08:59:00Z", datetime(2026, 3, 2, 8, 59, tzinfo=UTC)),
        ("2026-03-02T08:59:00.1234567Z", datetime(2026, 3, 2, 8, 59, 0, 123456, UTC)),
        ("2026-03-02T09:59:00+01:00", datetime(2026, 3, 2, 8, 59, tzinfo=UTC)),
        ("2026-03-02T08:59:00.000000+0000", datetime(2026, 3, 2, 8, 59, tzinfo=UTC)),
        ("2026-03-02T08:59:00", datetime(2026, 3, 2, 8, 59, tzinfo=UTC)),
        ("2026-03-02 08:59:00", datetime(2026, 3, 2, 8, 59, tzinfo=UTC)),
        *((odd, None) for odd in ("yesterday", "", None, 1772442000, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")),
    ],
)  # fmt: skip
async def test_moments_of_every_server(
    mastodon: FakeMastodon, tienda: MastodonConnector, written: Any, at: datetime | None
) -> None:
    """Where a post's own is none, the message came when its notification did."""
    mastodon.clock.moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
    mastodon.mention("¿Hola?")["created_at"] = written
    assert (await only(tienda)).at == (at or mastodon.clock.now())


@pytest.mark.parametrize("days", [-400, 3])
async def test_a_moment_that_its_author_made_up(
    mastodon: FakeMastodon, tienda: MastodonConnector, days: int
) -> None:
    """A4: the clock runs from when it came."""
    status = mastodon.mention("¿Hola?")
    status["created_at"] = iso(mastodon.clock.now() + timedelta(days=days))
    assert (await only(tienda)).at == mastodon.clock.now()


# Nonsense -----------------------------------------------------------------------------------------

DEEP: Any = json.loads('{"a":' * 900 + "1" + "}" * 900)


@pytest.mark.parametrize(
    "note", [None, 7, "x", [], DEEP, {}, {"id": None}, {"type": 7, "status": 7}, {"type": []}]
)
async def test_an_odd_notification_spoils_only_itself(
    mastodon: FakeMastodon, tienda: MastodonConnector, note: Any
) -> None:
    """Whatever is missing or of another kind."""
    mastodon.mention("¿Hola?")

    async def odd(request: httpx.Request) -> httpx.Response | None:
        page = [note, *mastodon.notes[::-1], note]
        return good(page) if request.url.path == "/api/v1/notifications" else None

    mastodon.answer = odd
    raws, _ = await testing.read(tienda)
    found: list[Item] = []
    for raw in raws:
        with contextlib.suppress(ValueError):
            found += tienda.parse(testing.stored(raw))
    assert {item.text for item in found} == {"¿Hola?"}


ODD: tuple[Any, ...] = (
    None,
    7,
    -1.5,
    True,
    "",
    "\x00",
    "\ud800",
    "../..",
    [],
    [None, 7],
    {},
    {"id": {}, "url": 7},
    DEEP,
)
FIELDS = [
    "account",
    "content",
    "created_at",
    "edited_at",
    "in_reply_to_account_id",
    "in_reply_to_id",
    "language",
    "media_attachments",
    "mentions",
    "pleroma",
    "poll",
    "quote",
    "reblog",
    "sensitive",
    "spoiler_text",
    "tags",
    "uri",
    "url",
    "visibility",
    "emojis",
]


@pytest.mark.parametrize("field", FIELDS)
async def test_a_post_with_an_odd_field_is_shown(
    mastodon: FakeMastodon, tienda: MastodonConnector, field: str
) -> None:
    """A1: nothing but a post without an id is ever put aside."""
    for number, odd in enumerate(ODD):
        status = mastodon.mention(f"mensaje {number}")
        mastodon.notes[-1]["status"] = {**status, field: odd}
    without = {**mastodon.mention("sin"), "x": 1}
    without.pop(field, None)
    mastodon.notes[-1]["status"] = without
    found = [item for item in (await read(tienda))[0] if not item.context]
    assert len(found) == len(ODD) + 1


@pytest.mark.parametrize("field", ["id", "acct", "username", "display_name", "url", "bot", "followers_count"])
async def test_an_author_with_an_odd_field_is_shown(
    mastodon: FakeMastodon, tienda: MastodonConnector, field: str
) -> None:
    """The message is kept."""
    for number, odd in enumerate(ODD):
        status = mastodon.mention(f"mensaje {number}")
        account = {**ANA, field: odd}
        mastodon.notes[-1] |= {"account": account, "status": {**status, "account": account}}
    assert len([item for item in (await read(tienda))[0] if not item.context]) == len(ODD)


@pytest.mark.parametrize(
    "payload",
    [
        None,
        3,
        [],
        {},
        {"kind": "status"},
        {"kind": "own", "status": {"id": "1", "created_at": "2026-03-02T09:00:00Z"}},
        {"kind": "context", "status": {"id": "1"}, "customer": 7},
        {"kind": "status", "status": {"id": 7, "created_at": 7}, "me": 7},
    ],
)
async def test_a_spoilt_payload_is_refused(tienda: MastodonConnector, payload: Any) -> None:
    """Never anything but a ``ValueError``."""
    with pytest.raises(ValueError, match=r"."):
        tienda.parse(Raw("x", payload))
