"""What a desk file holds of a person, row by row, and how it is taken out of it.

Works on plain ``sqlite3`` connections and on every schema there has been, so that a backup is served as the desk is.
What others wrote stays theirs: only the handle of the person is taken out of it. Items as the network gave them that speak
of the person go whole. Ids by which others' messages are answered stay: without them nobody else could be served.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

ERASED = "erased"
"""The box of the one row that keeps numbers of erased conversations from being given again."""
_GAP = "[…]"
_TELLING = re.compile(r"(?=.*[^\W\d_].*[^\W\d_].*[^\W\d_])(?=.*(?:\w[._]\w|\d.*\d.*\d)).+")
"""A handle that is no common word and no number: three letters, and a dot or line within, or three digits."""
_BEGINS = r"(?:(?<![\w@])|(?<=\\[bfnrt])|(?<=\\u[0-9a-f]{4}))"
"""Where a handle can begin: after no letter, unless that is part of JSON's way to write a new line or an accent."""

_CHOSEN = "conversation_id IN temp.gone"
OF_CONVERSATIONS = {
    "protocol_tick": f"run_id IN (SELECT id FROM protocol_run WHERE {_CHOSEN})",  # noqa: S608
    "approval": f"outbox_id IN (SELECT id FROM outbox WHERE {_CHOSEN})",  # noqa: S608
    "message_version": f"message_id IN (SELECT id FROM message WHERE {_CHOSEN})",  # noqa: S608
    "attachment": f"message_id IN (SELECT id FROM message WHERE {_CHOSEN})",  # noqa: S608
    "act": _CHOSEN,
    **dict.fromkeys(
        ("protocol_run", "overrule", "commitment", "warning", "acknowledgement", "draft"), _CHOSEN
    ),
    **dict.fromkeys(("outbox", "message"), _CHOSEN),
    "conversation": "id IN temp.gone",
    "contact": "id IN temp.leaving",
    "raw_item": "id IN temp.raws",
}
"""Table -> which of its rows are the person's; in the order in which they can be deleted."""

_WORDS_OF_OTHERS = {
    "message": ("text", "url", "title"),
    "message_version": ("text", "title"),
    "attachment": ("name", "description"),
    "beside_fts": ("words",),
    "act": ("detail",),
    "draft": ("text",),
    "outbox": ("text", "whole", "detail"),
    "commitment": ("text",),
    "approval": ("before", "after", "note"),
    "overrule": ("excerpt", "reason"),
    "conversation": ("preview",),
    "contact": ("handle", "name"),
    "raw_item": ("payload",),
}
_IN_CONVERSATIONS = "conversation_id IN temp.within"
_IN_MESSAGES = f"IN (SELECT id FROM message WHERE {_IN_CONVERSATIONS})"  # noqa: S608
_WITHIN = {
    **dict.fromkeys(("message", "act", "draft", "outbox", "commitment", "overrule"), _IN_CONVERSATIONS),
    **dict.fromkeys(("message_version", "attachment"), f"message_id {_IN_MESSAGES}"),
    "beside_fts": f"rowid {_IN_MESSAGES}",
    "approval": f"outbox_id IN (SELECT id FROM outbox WHERE {_IN_CONVERSATIONS})",  # noqa: S608
    "conversation": "id IN temp.within",
    "contact": "id IN (SELECT contact_id FROM conversation WHERE id IN temp.within)",
    # What nobody has understood yet may be another customer's question: it stays, without the name.
    "raw_item": "state <> 'parsed' AND account_id IN (SELECT account_id FROM conversation WHERE id IN temp.within)",
}
"""Table -> which of its rows are of the brand that the person wrote to: elsewhere the same name is somebody else's."""
_OF_MESSAGES = {
    "message_version": "message_id",
    "attachment": "message_id",
    "act": "message_id",
    "message": "id",
}
_SETTLED = " AND state IN ('sent', 'failed', 'cancelled')"  # what may still leave is frozen


class Found(NamedTuple):
    """What was chosen; ``items`` are ids of the network's items that go, ``thorough`` says that all of the person does."""

    conversations: int
    messages: int
    items: tuple[str, ...]
    thorough: bool


def choose(c: sqlite3.Connection, contact: int, conversations: Collection[int] | None = None) -> Found:
    """Choose all that is a customer's, or only some of their conversations, for ``rows`` and ``remove``."""
    for table in ("gone", "leaving", "elsewhere", "raws"):
        c.execute(f"DROP TABLE IF EXISTS temp.{table}")
        c.execute(f"CREATE TEMP TABLE {table}(id INTEGER PRIMARY KEY)")
    own = [row[0] for row in c.execute("SELECT id FROM conversation WHERE contact_id = ?", (contact,))]
    chosen = own if conversations is None else [number for number in own if number in conversations]
    c.executemany("INSERT INTO temp.gone VALUES (?)", [(number,) for number in chosen])
    whole = len(chosen) == len(own)
    if whole:
        c.execute("INSERT INTO temp.leaving VALUES (?)", (contact,))
    handles = _handles(c, contact) if conversations is None else set()
    _know(c, handles)
    if handles:
        _choose_elsewhere(c, contact)
    items = _choose_items(c, contact, handles)
    messages = c.execute("SELECT count(*) FROM message WHERE conversation_id IN temp.gone").fetchone()[0]
    return Found(len(chosen), messages + _count(c, "temp.elsewhere"), items, bool(handles))


def _choose_elsewhere(c: sqlite3.Connection, contact: int) -> None:
    """Choose what the person wrote that is shown in others' conversations."""
    c.execute(
        "INSERT INTO temp.elsewhere SELECT id FROM message WHERE direction = 'in' AND is_theirs(handle)"
        " AND account_id IN (SELECT o.id FROM account o JOIN account a ON (a.brand_id, a.channel) = (o.brand_id, o.channel)"
        " JOIN contact p ON p.account_id = a.id WHERE p.id = ?) AND conversation_id NOT IN temp.gone",
        (contact,),
    )


def rows(c: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that were chosen, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in there(c, reversed(OF_CONVERSATIONS)):
        cursor = c.execute(f"SELECT * FROM {table} WHERE {OF_CONVERSATIONS[table]}")  # noqa: S608
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
    return found


def remove(c: sqlite3.Connection, thorough: bool) -> None:
    """Delete the rows that were chosen and, where that is thorough, the person's handle from what others wrote."""
    brand = c.execute(
        "SELECT a.brand_id FROM contact p JOIN account a ON a.id = p.account_id WHERE p.id IN temp.leaving"
    ).fetchone()
    _keep_numbers(c)
    theirs = "conversation_id IN temp.gone OR id IN temp.elsewhere"
    _unindex(c, theirs)
    _unindex_beside(c, theirs)
    c.execute(
        "INSERT INTO contact_fts(contact_fts, rowid, handle, name)"
        " SELECT 'delete', id, handle, name FROM contact WHERE id IN temp.leaving"
    )
    if there(c, ("outbox",)):
        c.execute(
            "UPDATE outbox SET reply_to = NULL WHERE reply_to IN"
            " (SELECT id FROM message WHERE conversation_id IN temp.gone) OR reply_to IN temp.elsewhere"
        )
    for table, column in _OF_MESSAGES.items():
        if there(c, (table,)):
            c.execute(f"DELETE FROM {table} WHERE {column} IN temp.elsewhere")  # noqa: S608
    for table in there(c, OF_CONVERSATIONS):
        c.execute(f"DELETE FROM {table} WHERE {OF_CONVERSATIONS[table]}")  # noqa: S608
    _separate(c)
    if thorough and brand:
        _silence(c, *brand)


def _handles(c: sqlite3.Connection, contact: int) -> set[str]:
    found = c.execute(
        "SELECT handle FROM contact WHERE id = :id UNION SELECT m.handle FROM message m JOIN conversation c"
        " ON c.id = m.conversation_id WHERE c.contact_id = :id AND m.direction = 'in' AND m.context = 0",
        {"id": contact},
    )
    return {handle.strip().lstrip("@").casefold() for (handle,) in found} - {""}


def _know(c: sqlite3.Connection, handles: set[str]) -> None:
    """Teach SQL who they are: ``is_theirs``, ``names_them`` and ``unnamed``."""
    said = [
        rf"@?{re.escape(one)}" if _TELLING.fullmatch(one) else rf"@{re.escape(one)}"
        for one in sorted(handles, key=len, reverse=True)
    ]
    pattern = re.compile(rf"{_BEGINS}(?:{'|'.join(said) or '(?!)'})(?![\w-])", re.IGNORECASE)

    def is_theirs(handle: str) -> bool:
        return handle.strip().lstrip("@").casefold() in handles

    c.create_function("is_theirs", 1, is_theirs)
    c.create_function("names_them", 1, lambda text: bool(text and pattern.search(text)))
    c.create_function("unnamed", 1, lambda text: pattern.sub(_GAP, text))


def _choose_items(c: sqlite3.Connection, contact: int, handles: set[str]) -> tuple[str, ...]:
    """Choose the network's items: those of the chosen messages, and any other that speaks of the person."""
    import json

    account, remote = c.execute(
        "SELECT account_id, remote_id FROM contact WHERE id = ?", (contact,)
    ).fetchone()
    c.execute(
        "INSERT INTO temp.raws SELECT r.id FROM raw_item r JOIN message m ON (m.account_id, m.remote_id) ="
        " (r.account_id, r.remote_id) WHERE m.conversation_id IN temp.gone OR m.id IN temp.elsewhere"
    )
    if not handles:
        return ()
    words = {json.dumps(handle) for handle in handles}
    them = json.dumps(remote)

    def speaks(payload: str, understood: int) -> bool:
        folded = payload.casefold()
        return any(word in folded for word in words) or (not understood and them in payload)

    c.create_function("speaks_of_them", 2, speaks)
    others = c.execute(
        "SELECT id, remote_id FROM raw_item WHERE account_id = ? AND id NOT IN temp.raws AND"
        " (speaks_of_them(payload, state = 'parsed') OR (state = 'parsed' AND names_them(payload)))",
        (account,),
    ).fetchall()
    c.executemany("INSERT INTO temp.raws VALUES (?)", [(number,) for number, _ in others])
    return tuple(name for _, name in others)


def _keep_numbers(c: sqlite3.Connection) -> None:
    """Keep numbers from being given again: a screen that still shows an erased conversation must not write into another.

    What counts the uses of canned replies, and names nobody, goes to the row that keeps them.
    """
    newest = c.execute("SELECT max(id) FROM conversation").fetchone()[0]
    former = c.execute("SELECT id FROM conversation WHERE box = ?", (ERASED,)).fetchone()
    if newest is None or not _count(c, "temp.gone"):
        return
    keeper = newest if former and former[0] == newest else newest + 1
    if keeper > newest:
        _add_keeper(c, keeper)
    if "canned_use" in there(c, ("canned_use",)):
        c.execute(
            "UPDATE canned_use SET conversation_id = ? WHERE conversation_id IN temp.gone OR conversation_id = ?",
            (keeper, former[0] if former else keeper),
        )
    if former and former[0] != keeper:
        c.execute("DELETE FROM conversation WHERE id = ?", former)


def _add_keeper(c: sqlite3.Connection, number: int) -> None:
    account, brand = c.execute(
        "SELECT account_id, brand_id FROM conversation WHERE id = (SELECT max(id) FROM temp.gone)"
    ).fetchone()
    c.execute(
        "INSERT OR IGNORE INTO contact(account_id, remote_id, handle, name) VALUES (?, ' erased', '', '')",
        (account,),
    )
    index_keepers(c)
    c.execute(
        "INSERT INTO conversation(id, account_id, brand_id, contact_id, remote_key, channel, private, box, urgency,"
        " settled_as, nudges, messages, language, preview, last_at, created_at) SELECT ?, account_id, ?, id, ?, '', 0,"
        " ?, 0, '', 0, 0, '', '', 0, 0 FROM contact WHERE account_id = ? AND remote_id = ' erased'",
        (number, brand, f" erased {number}", ERASED, account),
    )


def unindexed_keepers(c: sqlite3.Connection) -> list[int]:
    """Return the customers to whom kept numbers belong and whom the index lacks: it has to agree with its table."""
    return [
        row[0]
        for row in c.execute(
            "SELECT id FROM contact WHERE remote_id = ' erased' AND id NOT IN (SELECT id FROM contact_fts_docsize)"
        )
    ]


def index_keepers(c: sqlite3.Connection) -> None:
    """Put them into the index: what is in no index counts as damage."""
    c.executemany(
        "INSERT INTO contact_fts(rowid, handle, name) SELECT id, handle, name FROM contact WHERE id = ?",
        [(number,) for number in unindexed_keepers(c)],
    )


def _separate(c: sqlite3.Connection) -> None:
    """Let nothing that stays point at what is gone."""
    columns = {row[1] for row in c.execute("PRAGMA table_info(conversation)")}
    if "joined_to" in columns:
        c.execute("UPDATE conversation SET joined_to = NULL WHERE joined_to IN temp.gone")


def _silence(c: sqlite3.Connection, brand: int) -> None:
    """Take the person's handle out of what others wrote to that brand, and out of what it wrote to others."""
    c.execute("DROP TABLE IF EXISTS temp.within")
    c.execute("CREATE TEMP TABLE within(id INTEGER PRIMARY KEY)")
    c.execute("INSERT INTO temp.within SELECT id FROM conversation WHERE brand_id = ?", (brand,))
    named = f"SELECT id FROM message WHERE {_WITHIN['message']} AND names_them(text)"  # noqa: S608
    c.execute("DELETE FROM temp.elsewhere")
    c.execute(f"INSERT INTO temp.elsewhere {named}")
    _unindex(c, "id IN temp.elsewhere")
    people = c.execute(
        f"SELECT id, handle, name FROM contact WHERE {_WITHIN['contact']} AND (names_them(handle) OR names_them(name))"  # noqa: S608
    ).fetchall()
    c.executemany(
        "INSERT INTO contact_fts(contact_fts, rowid, handle, name) VALUES ('delete', ?, ?, ?)", people
    )
    for table in there(c, _WORDS_OF_OTHERS):
        columns = {row[1] for row in c.execute(f"PRAGMA table_info({table})")}
        for column in columns.intersection(_WORDS_OF_OTHERS[table]):
            test = _SETTLED if table == "outbox" else ""
            change = f'SET "{column}" = unnamed("{column}") WHERE {_WITHIN[table]}'
            c.execute(f'UPDATE {table} {change} AND names_them("{column}"){test}')
    c.execute("INSERT INTO message_fts(rowid, text) SELECT id, text FROM message WHERE id IN temp.elsewhere")
    for number, _, _ in people:
        c.execute(
            "INSERT INTO contact_fts(rowid, handle, name) SELECT id, handle, name FROM contact WHERE id = ?",
            (number,),
        )


def _unindex(c: sqlite3.Connection, which: str) -> None:
    c.execute(
        f"INSERT INTO message_fts(message_fts, rowid, text) SELECT 'delete', id, text FROM message WHERE {which}"  # noqa: S608
    )


def _unindex_beside(c: sqlite3.Connection, which: str) -> None:
    if there(c, ("beside_fts",)):
        c.execute(f"DELETE FROM beside_fts WHERE rowid IN (SELECT id FROM message WHERE {which})")  # noqa: S608


def there(c: sqlite3.Connection, tables: Iterable[str]) -> list[str]:
    """Return those of the tables that this schema has."""
    names = {row[0] for row in c.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return [table for table in tables if table in names]


def _count(c: sqlite3.Connection, table: str) -> int:
    return int(c.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


def contacts(c: sqlite3.Connection) -> Iterator[tuple[int, str, str, str]]:
    """Return every customer: number, channel, brand, id on the network."""
    yield from c.execute(
        "SELECT p.id, a.channel, b.name, p.remote_id FROM contact p JOIN account a ON a.id = p.account_id"
        " JOIN brand b ON b.id = a.brand_id WHERE p.remote_id <> ' erased'"
    )
