"""Puts what is known into a canned reply; what is not known stays a blank that the check before sending finds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_VARIABLE = re.compile(r"\{\s*([^{}:]+?)\s*(?::\s*([^{}]+?)\s*)?\}")
_BLANK = re.compile(r"\[[^\[\]\n]{1,60}\]")

# Spanish freelancers write their own replies: each variable has its Spanish name too.
_NAMES = {
    "customer": "customer",
    "cliente": "customer",
    "brand": "brand",
    "marca": "brand",
    "agent": "agent",
    "agente": "agent",
    "promise": "promise",
    "plazo": "promise",
    "fact": "fact",
    "dato": "fact",
}
VARIABLES = ("{customer}", "{brand}", "{agent}", "{promise}", "{fact:phone}")
"""How variables are written, as examples."""
# Around a name that is not known go the commas and spaces that held it: "Hola, {customer}:" becomes "Hola:".
# Both commas go where the sentence then runs on: "Gracias, {customer}, por decirlo".
_NAMELESS = re.compile(
    r"\s*,?\s*\{\s*(?:customer|cliente)\s*\}(?:,(?=\s+(?:por|per|perquè|for|pour|für|voor|pola|polo|que)\b))?"
)
_LEADING = re.compile(r"(^|[.!?…]\s+|\n)\{\s*(?:customer|cliente)\s*\}\s*[,:]?\s*(\w)")


class Values(NamedTuple):
    """What is known when an answer is written; ``facts`` by name, in the answer's language."""

    customer: str = ""
    brand: str = ""
    agent: str = ""
    promise: str = ""
    facts: Mapping[str, str] = {}
    labels: Mapping[str, str] = {}


class Filled(NamedTuple):
    """A text with its blanks filled; ``missing`` names the variables of which nothing is known."""

    text: str
    missing: tuple[str, ...] = ()


def fill(text: str, values: Values) -> Filled:
    """Return the text with its variables replaced.

    An unknown customer is left out with the comma around it; anything else that is unknown becomes a blank in square
    brackets and is named.
    """
    if not values.customer:
        text = _without_customer(text)
    missing: list[str] = []

    def put(found: re.Match[str]) -> str:
        value = _value(found, values)
        if value:
            return value
        name = (found[2] or found[1]).strip()
        missing.append(name)
        return f"[{values.labels.get(name, name)}]"

    return Filled(_VARIABLE.sub(put, text), tuple(dict.fromkeys(missing)))


def _value(found: re.Match[str], values: Values) -> str:
    name = _NAMES.get(found[1].casefold(), "")
    if name == "fact":
        return values.facts.get((found[2] or "").casefold(), "")
    return str(getattr(values, name)) if name else ""


def _without_customer(text: str) -> str:
    text = _LEADING.sub(lambda found: found[1] + found[2].upper(), text)
    return _NAMELESS.sub("", text)


def blanks(text: str) -> list[tuple[int, int]]:
    """Return the places that are still to be filled in by hand, in the order of the text."""
    return [found.span() for found in _BLANK.finditer(text)]


def variables(text: str) -> set[str]:
    """Return the variables of a text by their English names, facts as ``fact:phone``; unknown ones as written."""
    names = set()
    for found in _VARIABLE.finditer(text):
        name = _NAMES.get(found[1].casefold(), found[1])
        names.add(f"fact:{found[2]}" if name == "fact" else name)
    return names


def unknown(text: str) -> set[str]:
    """Return the variables that mean nothing."""
    return {found[0] for found in _VARIABLE.finditer(text) if found[1].casefold() not in _NAMES}
