"""The profile on the stand-in for Bluesky: one record of the account, which other apps write as well."""

from __future__ import annotations

from typing import Any

import httpx
import regex  # type: ignore[import-untyped]

from contract.fake_parts import answer, cid, error

PROFILE = "app.bsky.actor.profile"
ADDRESS = f"at://did:plc:brand/{PROFILE}/self"
Records = dict[str, dict[str, Any]]


def save(records: Records, record: dict[str, Any] | None) -> None:
    """The owner saves a profile with those fields in another app, or deletes it."""
    records.pop(ADDRESS, None)
    if record is not None:
        made = {"$type": PROFILE, **record}
        records[ADDRESS] = {"cid": cid(made), "value": made, "record": made}


def saved(records: Records) -> dict[str, Any]:
    """Return the profile as it is, nothing where there is none."""
    kept: dict[str, Any] = records.get(ADDRESS, {"value": {}})["value"]
    return kept


def put(records: Records, body: dict[str, Any]) -> httpx.Response:
    """Serve putRecord as the reference server does: ``swapRecord`` null means that there must be none yet."""
    record = body["record"]
    assert body["rkey"] == "self" and set(body) <= {"repo", "collection", "rkey", "record", "swapRecord"}
    if record.get("$type") != PROFILE:
        return error(400, "InvalidRequest", "Invalid $type")
    if len(regex.findall(r"\X", record.get("description", ""))) > 256:
        return error(400, "InvalidRequest", "Record/description must not be longer than 256 graphemes")
    known = records.get(ADDRESS, {"cid": None})["cid"]
    if "swapRecord" in body and body["swapRecord"] != known:
        return error(400, "InvalidSwap", f"Record was at {known}")
    records[ADDRESS] = {"cid": cid(record), "value": record, "record": record}
    return answer({"uri": ADDRESS, "cid": cid(record), "validationStatus": "valid"})
