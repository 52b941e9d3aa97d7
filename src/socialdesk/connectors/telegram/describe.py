"""What a message says: its words with the addresses they hide, and what came with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from socialdesk.connectors.contract import Attachment, Media
from socialdesk.connectors.telegram.shape import items, mapping, text

_FILES = {
    "animation": Media.VIDEO,
    "audio": Media.AUDIO,
    "document": Media.FILE,
    "sticker": Media.STICKER,
    "live_photo": Media.IMAGE,
    "video": Media.VIDEO,
    "video_note": Media.VIDEO,
    "voice": Media.VOICE,
}
_DEEPEST = 16
_SERVICE = frozenset(
    [
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "group_chat_created",
        "supergroup_chat_created",
        "channel_chat_created",
        "message_auto_delete_timer_changed",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "pinned_message",
        "invoice",
        "successful_payment",
        "refunded_payment",
        "users_shared",
        "chat_shared",
        "connected_website",
        "write_access_allowed",
        "passport_data",
        "proximity_alert_triggered",
        "boost_added",
        "chat_background_set",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "general_forum_topic_hidden",
        "general_forum_topic_unhidden",
        "giveaway_created",
        "giveaway",
        "giveaway_winners",
        "giveaway_completed",
        "video_chat_scheduled",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_participants_invited",
        "web_app_data",
        "chat_owner_left",
        "chat_owner_changed",
        "gift",
        "unique_gift",
        "gift_upgrade_sent",
        "checklist_tasks_done",
        "checklist_tasks_added",
        "direct_message_price_changed",
        "paid_message_price_changed",
        "managed_bot_created",
        "poll_option_added",
        "poll_option_deleted",
        "suggested_post_approved",
        "suggested_post_approval_failed",
        "suggested_post_declined",
        "suggested_post_paid",
        "suggested_post_refunded",
        "community_chat_added",
        "community_chat_removed",
        "community_chat_joined",
        "user_shared",
    ]
)


def words(message: dict[str, Any]) -> str:
    """Return the text or the caption; addresses behind words stand in brackets after them.

    Places in the text are counted in UTF-16, as the Bot API has it.
    """
    said = text(message.get("text")) or text(message.get("caption"))
    if not said and (rich := mapping(message.get("rich_message"))):
        return "\n".join(filter(None, map(_plain, items(rich.get("blocks")))))
    entities = items(message.get("entities")) or items(message.get("caption_entities"))
    coded = said.encode("utf-16-le", "surrogatepass")
    for entity in sorted(map(mapping, entities), key=_end, reverse=True):
        address, end = text(entity.get("url")), _end(entity)
        if entity.get("type") == "text_link" and address and 0 < end <= len(coded) // 2:
            coded = coded[: end * 2] + f" ({address})".encode("utf-16-le") + coded[end * 2 :]
    return coded.decode("utf-16-le", "replace")


def _plain(part: Any, depth: int = 0) -> str:
    """Return the words of a rich block: texts, lists of texts, and objects that hold them under "text" or other names."""
    if isinstance(part, str):
        return part
    if depth > _DEEPEST or not isinstance(part, list | dict):
        return ""
    if isinstance(part, list):
        return "".join(_plain(one, depth + 1) for one in part)
    inside = (part[key] for key in ("summary", "text", "blocks", "items", "cells", "caption") if key in part)
    return " ".join(filter(None, (_plain(one, depth + 1) for one in inside)))


def _end(entity: dict[str, Any]) -> int:
    start, length = entity.get("offset"), entity.get("length")
    return start + length if isinstance(start, int) and isinstance(length, int) else 0


def is_service(message: dict[str, Any]) -> bool:
    """Say whether this tells of something that happened in the chat, and is no message of anybody."""
    return any(key in message for key in _SERVICE)


def attachments(message: dict[str, Any]) -> Iterator[Attachment]:
    """Yield what came with the words; something new that we do not know is a thing of another kind."""
    photo = [mapping(size) for size in items(message.get("photo"))]
    if photo:
        yield _file(Media.IMAGE, photo[-1])
    for key, media in _FILES.items():
        # An animation comes as a document as well, for older programs.
        if isinstance(message.get(key), dict) and not (key == "document" and "animation" in message):
            yield _file(media, message[key])
    yield from _things(message)


def _things(message: dict[str, Any]) -> Iterator[Attachment]:
    venue, place = mapping(message.get("venue")), mapping(message.get("location"))
    if venue or place:
        spot = place or mapping(venue.get("location"))
        where = f"{spot.get('latitude')}, {spot.get('longitude')}"
        told = [text(venue.get("title")), text(venue.get("address")), where]
        yield Attachment(Media.PLACE, description=" · ".join(filter(None, told)))
    if contact := mapping(message.get("contact")):
        name = f"{text(contact.get('first_name'))} {text(contact.get('last_name'))}".strip()
        yield Attachment(
            Media.CONTACT, description=" · ".join(filter(None, [name, text(contact.get("phone_number"))]))
        )
    if poll := mapping(message.get("poll")):
        options = [text(mapping(one).get("text")) for one in items(poll.get("options"))]
        yield Attachment(
            Media.POLL, description=f"{text(poll.get('question'))} {' / '.join(options)}".strip()
        )
    if checklist := mapping(message.get("checklist")):
        tasks = [text(mapping(one).get("text")) for one in items(checklist.get("tasks"))]
        yield Attachment(Media.OTHER, description=f"{text(checklist.get('title'))}: {' / '.join(tasks)}")
    if game := mapping(message.get("game")):
        yield Attachment(Media.OTHER, description=text(game.get("title")))
    if dice := mapping(message.get("dice")):
        yield Attachment(Media.OTHER, description=f"{text(dice.get('emoji'))} {dice.get('value')}")


def _file(media: Media, file: dict[str, Any]) -> Attachment:
    size, identity = file.get("file_size"), text(file.get("file_id"))
    return Attachment(
        media,
        name=text(file.get("file_name")),
        description=text(file.get("emoji")) or text(file.get("title")),
        type=text(file.get("mime_type")),
        size=size if isinstance(size, int) else None,
        remote={"file_id": identity} if identity else {},
    )
