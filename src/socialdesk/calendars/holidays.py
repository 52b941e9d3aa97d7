"""Public holidays by country and region, from the package ``holidays``, which is heavy and loaded when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from socialdesk.i18n import _


def days_off(
    country: str, region: str = "", years: Sequence[int] = (), language: str = "es"
) -> Mapping[date, str]:
    """Return the public holidays of some years, with their names.

    ``country`` is an ISO 3166 code, ``region`` a part of it as ``regions`` lists them; ``ValueError`` where there is no
    such. Names are in ``language`` where the country has them in it, else in the country's own. Days of years that are
    not published yet are the ones that the law fixes; a region may still move some.
    """
    import holidays

    country, region = country.upper(), region.upper()
    if country not in holidays.list_supported_countries(include_aliases=False):
        raise ValueError(_("no public holidays known for the country {country}").format(country=country))
    kind = getattr(holidays, country)
    if region and region not in _regions(kind):
        raise ValueError(
            _("no region {region} in {country}; there are {regions}").format(
                region=region, country=country, regions=", ".join(regions(country))
            )
        )
    subdivision = _regions(kind)[region] if region else None
    spoken = next(
        (one for one in kind.supported_languages if one.split("_")[0] == language), kind.default_language
    )
    found = holidays.country_holidays(country, subdiv=subdivision, years=list(years), language=spoken)
    return dict(sorted(found.items()))


def regions(country: str) -> list[str]:
    """Return the regions of a country that have holidays of their own, as they are written; ``ValueError`` as above."""
    import holidays

    if country.upper() not in holidays.list_supported_countries(include_aliases=False):
        raise ValueError(_("no public holidays known for the country {country}").format(country=country))
    return sorted(_regions(getattr(holidays, country.upper())))


def _regions(kind: type) -> dict[str, str]:
    """Return the names of regions by their upper case."""
    return {name.upper(): name for name in getattr(kind, "subdivisions", ())}
