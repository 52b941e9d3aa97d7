"""The families of findings in words, and the reasons that are offered for letting one stand."""

from __future__ import annotations

from socialdesk.i18n import N_, _

_NAMES = {
    "blanks": N_("blank"),
    "length": N_("length"),
    "spelling": N_("spelling"),
    "coarse": N_("coarse"),
    "shouting": N_("shouting"),
    "blame": N_("blame"),
    "cold": N_("cold"),
    "repeated": N_("repeated"),
    "personal-data": N_("personal data"),
    "channel-switch": N_("other channel"),
    "language": N_("language"),
    "address": N_("form of address"),
    "discrimination": N_("discrimination"),
    "commitment": N_("promise"),
}

_REASONS = {
    "channel-switch": (
        N_("It needs data that must not be public"),
        N_("It cannot be solved here"),
        N_("The customer asked for it"),
    ),
    "personal-data": (
        N_("It is ours, not the customer's"),
        N_("The customer asked for it"),
        N_("It is no personal data"),
    ),
    "language": (
        N_("The customer asked for it"),
        N_("The customer understands it"),
        N_("It is not another language"),
    ),
}
_USUAL = (
    N_("It is meant as it is"),
    N_("It is right as it is"),
    N_("The customer said it like that"),
)


def family_name(family: str) -> str:
    """Return what a family is called; one that is not known by its own name."""
    return _(_NAMES[family]) if family in _NAMES else family


def reasons(family: str) -> list[str]:
    """Return three reasons to let a finding stand."""
    return [_(reason) for reason in _REASONS.get(family, _USUAL)]
