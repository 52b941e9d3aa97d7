"""Reads a person's own rule files; each value is checked, and a wrong one named with its line (NEEDS C2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from socialdesk.checking.rulefiles import FAMILIES, WEIGHTS, Pattern, RuleFile, compiled
from socialdesk.configreading import Check, Reading, WrongError, listed, named, one_of, string
from socialdesk.domain.language import LANGUAGES
from socialdesk.domain.text import one_line, scrub
from socialdesk.i18n import _
from socialdesk.replies.files import below, read


def read_folder(folder: Path) -> tuple[tuple[RuleFile, ...], tuple[str, ...]]:
    """Return what the files of a folder say, and of each that cannot be used where and why."""
    content = read(below(folder), _file)
    return content.values, content.troubles


def _expression(value: Any) -> str:
    try:
        compiled(string(value))
    except ValueError as error:
        raise WrongError(_("this is no regular expression: {reason}").format(reason=error)) from None
    return str(value)


def _words_said(value: Any) -> str:
    return one_line(named(value))


def _replacement(value: Any) -> str:
    return scrub(string(value))


def _correction(value: Any) -> str:
    """Take "wrong=right", which words of the list ``mends`` are."""
    wrong, _sign, right = string(value).partition("=")
    if not wrong.strip() or not right.strip():
        raise WrongError(_('a wrong word and the right one are expected, such as "havia=había"'))
    return f"{wrong.strip()}={right.strip()}"


_TOP: Mapping[str, Check] = {
    "language": one_of(*LANGUAGES),
    "brand": named,
    "off": listed(named),
}
_PATTERN: Mapping[str, Check] = {
    "family": one_of(*FAMILIES),
    "rule": _words_said,
    "match": _expression,
    "unless": _expression,
    "message": _words_said,
    "mend": _replacement,
}
_LISTS = ("right", "mends", "coarse", "capitals")
"""What a list of words may be for."""
_NEEDED = ("family", "rule", "match", "message")


def _file(reading: Reading, values: Mapping[str, Any]) -> Iterable[RuleFile]:
    reading.known((), values, [*_TOP, "words", "weights", "pattern"])
    top = {key: reading.value((key,), check, values[key]) for key, check in _TOP.items() if key in values}
    weights = list(_weights(reading, values.get("weights", {})))
    places = {name: (reading.path, reading.line(("off",))) for name in top.get("off", ())}
    yield RuleFile(
        language=top.get("language", ""),
        brand=top.get("brand", ""),
        off=frozenset(top.get("off", ())),
        words=_words(reading, values.get("words", {})),
        patterns=tuple(_patterns(reading, values.get("pattern", []))),
        weights={name: weight for name, weight, _line in weights},
        places=places | {name: (reading.path, line) for name, _weight, line in weights},
    )


def _weights(reading: Reading, value: Any) -> Iterable[tuple[str, str, int]]:
    """Yield what families and rules weigh, with the line; a rule is written "blame.tone", or without the quotes."""
    for name, weight in reading.table(("weights",), value).items():
        inside = weight if isinstance(weight, dict) else {"": weight}
        for rule, one in inside.items():
            where = ("weights", name, rule) if rule else ("weights", name)
            yield ".".join(where[1:]), reading.value(where, one_of(*WEIGHTS), one), reading.line(where)


def _words(reading: Reading, value: Any) -> dict[str, tuple[str, ...]]:
    table = reading.table(("words",), value)
    reading.known(("words",), table, _LISTS)
    return {
        name: reading.value(("words", name), listed(_correction if name == "mends" else named), words)
        for name, words in table.items()
    }


def _patterns(reading: Reading, value: Any) -> Iterable[Pattern]:
    for number, table in enumerate(reading.tables("pattern", value)):
        checked = reading.checked(("pattern",), table, _PATTERN, number)
        for key in _NEEDED:
            if key not in checked:
                raise reading.error(("pattern",), _("{key} is missing").format(key=key), number)
        reading.value(("pattern", "mend"), _fitting(checked["match"]), checked.get("mend", ""), number)
        yield Pattern(**checked, place=(reading.path, reading.line(("pattern", "match"), number)))


def _fitting(expression: str) -> Check:
    """Take what is to be written instead, if it names no group that the expression does not have."""

    def check(value: Any) -> Any:
        try:
            compiled(f"{expression}|").match("").expand(value)
        except (ValueError, LookupError) as error:
            raise WrongError(_("this is no regular expression: {reason}").format(reason=error)) from None
        except Exception as error:  # an error of the library's own
            raise WrongError(_("this is no regular expression: {reason}").format(reason=error)) from None
        return value

    return check
