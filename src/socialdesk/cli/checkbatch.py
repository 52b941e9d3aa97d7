"""``socialdesk check --batch``: a line of JSON asks, a line answers; a wrong one never costs those after it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from socialdesk.cli.checked import ADDRESSES, LONGEST, as_json, checked, is_grave, unlooked
from socialdesk.cli.context import Context
from socialdesk.domain.text import one_line
from socialdesk.i18n import _, quoted

if TYPE_CHECKING:
    from socialdesk.checking.draft import Draft
    from socialdesk.checking.rules import Rules

_TEXTS = ("text", "reply_to", "channel", "address", "language", "brand")
_LISTS = ("previous", "facts", "names")
KEYS = (*_TEXTS, *_LISTS, "public", "zone", "id")
"""What a line may say; ``id`` comes back as it is."""

_CODE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")


class _WrongError(Exception):
    """A draft that cannot be checked; says why."""


def answer_all(context: Context, rules: Rules, lines: Iterable[str], unsaid: Mapping[str, Any]) -> bool:
    """Answer every line that is not empty, at once. ``unsaid`` counts for the lines that do not say it themselves.

    Says whether something grave was found in one of them, or one could not be checked.
    """
    grave = False
    for line in lines:
        if line.strip():
            answer = _answer(context, line, rules, unsaid)
            grave |= "error" in answer or is_grave(answer["findings"])
            print(json.dumps(answer, separators=(",", ":")), flush=True)
    return grave


def _answer(context: Context, line: str, rules: Rules, unsaid: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {}
    try:
        asked = _asked(line)
        if "id" in asked:
            answer["id"] = _sound_id(asked["id"])
        said = {key: value for key, value in asked.items() if value is not None}
        draft, zone = _draft_of({**unsaid, **said}), _zone_of(asked)
        answer["findings"] = as_json(context, draft, rules, checked(context, draft, rules, zone), zone)
        if notes := [*_unknown(asked), *unlooked(draft)]:
            answer["notes"] = notes
    except _WrongError as error:
        answer["error"] = str(error)
    except Exception as error:  # a line must never cost the lines after it
        answer["error"] = f"{type(error).__name__}: {one_line(str(error))}"
    if rules.troubles:
        answer["troubles"] = rules.troubles
    return answer


def _sound_id(value: Any) -> Any:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        raise _WrongError(_("not a line of JSON")) from None
    return value


def _asked(line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise _WrongError(_("not a line of JSON")) from None
    if not isinstance(asked, dict):
        raise _WrongError(_("not a JSON object"))
    return asked


def _unknown(asked: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for every key that means nothing: one written wrongly would be missed by nobody."""
    from difflib import get_close_matches

    for key in asked:
        if key in KEYS:
            continue
        told = one_line(key)[:40]
        if near := get_close_matches(key[:40], KEYS, 1):
            yield _("{key}: there is no such key; did you mean {name}?").format(key=told, name=near[0])
        else:
            yield _("{key}: there is no such key; it is passed over").format(key=told)


def _draft_of(asked: dict[str, Any]) -> Draft:
    from socialdesk.checking.draft import Draft

    values = dict(_values(asked))
    if "text" not in values:
        raise _WrongError(_("{key} is missing or not a text").format(key="text"))
    if len(values["text"]) > LONGEST:
        raise _WrongError(_("the answer is longer than {n} characters").format(n=LONGEST))
    return Draft(**values)


def _zone_of(asked: dict[str, Any]) -> tzinfo | None:
    """Return where "tomorrow" begins for the writer: the zone that is named, else this machine's."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(asked["zone"]) if asked.get("zone") else None
    except (ValueError, TypeError, OSError, KeyError):
        raise _WrongError(_("{key} is not a time zone").format(key="zone")) from None


def _values(asked: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key in (*_TEXTS, *_LISTS, "public"):
        value = asked.get(key)
        if value is None:
            continue
        if key in _TEXTS and not isinstance(value, str):
            raise _WrongError(_("{key} is missing or not a text").format(key=key))
        if key in _LISTS and not _is_list_of_texts(value):
            raise _WrongError(_("{key} is not a list of texts").format(key=key))
        if key == "public" and not isinstance(value, bool):
            raise _WrongError(_("{key} is neither true nor false").format(key=key))
        yield key, tuple(value) if key in _LISTS else _CHOSEN[key](value) if key in _CHOSEN else value


def _address(value: str) -> str:
    """Return a form of address, however it is written."""
    address = value.strip().lower().replace("ú", "u")
    if address and address not in ADDRESSES:
        raise _WrongError(_wrong("address", _("it can be {choices}").format(choices=_choices(ADDRESSES))))
    return address


def _language(value: str) -> str:
    """Return the two letters of a language, of which a country may follow: "es", "ES", "es-MX"."""
    written = value.strip().lower()
    if written and (code := _CODE.fullmatch(written)) is None:
        raise _WrongError(_wrong("language", _('two letters are expected, such as "es"')))
    return code[1] if written and code else ""


_CHOSEN: Mapping[str, Callable[[str], str]] = {"address": _address, "language": _language}


def _wrong(key: str, reason: str) -> str:
    return f"{key}: {reason}"


def _choices(choices: Iterable[str]) -> str:
    return ", ".join(map(quoted, choices))


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
