"""The shapes of personal data: numbers, addresses and dates that belong to one person (NEEDS B3, C2).

Written for Spain first, then for the countries whose people write to Spanish shops. What has a shape of its own (an
IBAN, a tracking number) is found anywhere; what is a plain number only beside the word that says what it is.
"""

from __future__ import annotations

import re
from functools import cache

_NUMBERED = r"(?:\s*(?:n\.?[ºo°]\.?|núm(?:ero)?\.?|no\.|number|#|:|=))*\s*"
_SMALL = r"(?:[\s,]+(?:[a-zà-ÿ.'’]{1,14}|[A-Z][a-zà-ÿ]{2,14}))"

_CODE_WORDS = (
    r"pedidos?|encargos?|compras?|reservas?|localizador(?:es)?|facturas?|tickets?|seguimientos?|env[ií]os?|paquetes?|bultos?"
    r"|expedientes?|p[oó]lizas?|resguardos?|incidencias?|reclamaci[oó]n(?:es)?|historia cl[ií]nica|historial|contratos?"
    r"|localizador|PNR|soci[oa]|abonad[oa]|expedici[oó]n|albar[aá]n|devoluci[oó]n|referencia|ref|caso|comanda|encomenda"
    r"|orders?|bookings?|reservations?|invoices?|receipts?|tracking|parcels?|shipments?|cases?|claims?|policy|membership"
    r"|abonos?|bonos?|carn[eé]s?|licencias?|fichas?|recibos?|multas?|solicitud(?:es)?|inscripci[oó]n|matr[ií]culas?|microchip|chip|vales?|cup[oó]n|regalo|pacientes?"
    r"|member|account|confirmation|reference|returns?|refunds?|repairs?|jobs?|commande|facture|bestellung|ordine|pratica"
)
_CODE = (
    r"(?=(?:[A-Z]{1,6} )?[A-Z0-9/._-]{0,60}\d)(?:[A-Z]{1,6}[ -]?)?[A-Z0-9]*\d[A-Z0-9]*(?:[/._-][A-Z0-9]+)*"
)
_NO_CODE = (
    r"(?!\s*(?:€|\$|£|%|º[CF]|eur|euros?\b|pavos|c[eé]ntimos|h\b|hrs?\b|horas?\b|hours?\b|min|d[ií]as?\b|days?\b|km\b|kg\b|g\b"
    r"|ml\b|cm\b|mm\b|l\b|piezas|unidades|personas|people|puntos|points|a[ñn]os|years?|euro|items|art[ií]culos|pares|pairs"
    r"|kil[oó]metros|gramos|litros|metros|vatios|W\b|revoluciones|rpm|pesos|p[aá]ginas|hojas|:\d\d"
    r"|del? (?:la |nuestro )?(?:cat[aá]logo|carta|gama|colecci[oó]n|muestrario)\b))"
)

_STREETS = (
    r"[Cc]alles?|C/|c/|[Aa]vd?a?\.|[Aa]venida|[Pp]la?za\.?|[Pp]za\.|[Pp]l\.|[Pp]aseo|P\.º|[Cc]amino|[Cc]arretera|[Cc]tra\."
    r"|[Rr]onda|[Tt]raves[ií]a|[Gg]lorieta|[Uu]rbanizaci[oó]n|[Rr][uú]a|[Cc]arrer|[Aa]vinguda|[Pp]asaje|[Cc]allej[oó]n"
    r"|[Rr]ambla|[Vv]ia|[Rr]ue|[Aa]venue de"
)
_STREET_NAME = r"(?:\s+(?:de|del|d'|la|las|los|el|els|da|do|y|i|[A-ZÀ-Ý0-9][\w.'’-]*)(?!\w)){1,6}"
_WAYS = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Way|Terrace|Crescent|Square|Place|Pl|Gardens|Hill|Row|Grove"
    r"|Boulevard|Blvd|Mews|Walk|Park|Parade|Quay|Green"
)
_DIGIT_WORDS = r"(?:cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|zero|oh|one|two|three|four|five|six|seven|eight|nine|doble|double)"
_MONTHS = (
    r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre|january|february"
    r"|march|april|may|june|july|august|september|october|november|december)"
)
_DATE = (
    rf"(?:\d{{1,2}}\s*[/.-]\s*\d{{1,2}}\s*[/.-]\s*(?:19|20)?\d{{2}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?{_MONTHS}(?:,?\s+(?:de\s+|del\s+)?(?:19|20)\d{{2}})"
    rf"|{_MONTHS}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{{2}}|(?:19|20)\d{{2}}-\d{{2}}-\d{{2}})"
)

_SOURCES: dict[str, tuple[str, ...]] = {
    "email": (
        r"(?i)(?<![@\w.+-])[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+",
        r"(?i)(?<![\w.+-])[\w.+-]{1,64}\s*[(\[]?\s*\b(?:arroba|at)\b\s*[)\]]?\s*[\w-]+\s*(?:\.|[(\[]?\s*\b(?:punto|dot)\b\s*[)\]]?)\s*(?:com|es|org|net|example|cat|eu|co|uk)\b",
    ),
    "iban": (r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){3,7}(?:[ -]?[A-Z0-9]{1,3})?\b",),
    "card": (r"\b\d{4}([ -])\d{4}\1\d{4}\1\d{4}\b", r"\b(?:4\d{15}|5[1-5]\d{14})\b"),
    "identity": (
        r"\b\d{2}\.?\d{3}\.?\d{3}[ -]?[A-HJ-NP-TV-Z]\b",
        r"\b[XYZ][ -]?\d{7}[ -]?[A-Z]\b",
        r"\b\d{2}[/ -]\d{7,8}[/ -]\d{2}\b",
        r"\b\d{3}-\d{2}-\d{4}\b",
        r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        r"(?i:\b(?:NHS|seguridad social|social security|national insurance|DNI|NIF|NIE|passport|pasaporte|carn[eé]|driving licence)\b)[^.!?\n\d]{0,30}?\b(?=[A-Z0-9 ]{0,20}\d{3})[A-Z]{0,3}\d[\d ]{4,12}[A-Z]?\b",
    ),
    "tracking": (
        r"\b[A-Z]{2}\d{9}[A-Z]{2}\b",
        r"\b1Z[A-Z0-9]{16}\b",
        r"(?<![\w&])#[A-Z]{0,4}-?\d{4,}\b",
        r"\b[A-Z]{2,6}[-/]\d{4}[-/]\d{3,}\b",
    ),
    "phone": (
        r"(?<![\w/.,-])(?:\+|00)\d{1,3}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?![\w/-])",
        r"(?<![\w/.,-])[6-9]\d{2}([ .-]?)(?:\d{3}\1\d{3}|\d{2}\1\d{2}\1\d{2})(?![\w/-]|[.,]\d)",
        r"(?<![\w/.,-])9\d[ .-]\d{3}[ .-]\d{2}[ .-]\d{2}(?![\w/-])",
        r"(?<![\w/.,-])\(?0\d{2,4}\)?[ -]?\d{3}[ -]?\d{3,4}(?![\w/-])",
        r"(?<![\w/.,-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w/-])",
        rf"(?i)\b{_DIGIT_WORDS}(?:[\s,-]+{_DIGIT_WORDS}){{6,}}\b",
        rf"(?i)\b{_DIGIT_WORDS}(?:[\s,-]+{_DIGIT_WORDS}){{2,5}}[\s,-]+\d{{2,3}}(?:[ .-]?\d{{2,3}}){{1,2}}\b",
        r"(?i)\b(?:seis|sete|nove)cientos(?: [a-zé]+(?: y [a-z]+)?)?[\s,-]+\d{2,3}(?:[ .-]?\d{2,3}){1,2}\b",
    ),
    "address": (
        rf"(?<!\w)(?:{_STREETS}){_STREET_NAME}\s*,?\s*(?:n\.?[ºo°]\.?|núm(?:ero)?\.?)?\s*\d{{1,4}}\b(?![.,]\d|\s*(?:€|euros|h\b|horas|de la (?:mañana|tarde)|:\d|de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)))",
        rf"(?<!\w)(?:{_STREETS}){_STREET_NAME},?\s*km\.?\s*\d{{1,3}}(?:[.,]\d)?,?\s+(?:chal[eé]t|casa|parcela|finca|nave|portal|bajo|piso|villa|n[uú]mero)\b",
        rf"\b[Nn]úmero \d{{1,4}}(?:,[^,.!?]{{1,20}})?,? (?:de|en) (?:la |el )?(?:{_STREETS}){_STREET_NAME}",
        rf"\b\d{{1,4}}[a-z]?,? (?:[A-Z][a-z'’]+ ){{1,3}}(?:{_WAYS})\b",
        r"(?i)\b(?:bloque|portal|escalera)\s+\w{1,3},?\s+(?:(?:bloque|portal|escalera|piso|puerta)\s+\w{1,3},?\s+){0,2}\d{1,2}\s?\.?[ºª°]",
        r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b",
    ),
    "birth": (
        rf"(?i)\b(?:naci(?:d[oa]|ste|ó|miento)|born|birth|birthday|d\.?o\.?b\.?|cumplea[nñ]os|(?:tu|su|vuestro|del?) (?:\d{{1,2}} )?cumple|f\. nac\.?)[^.!?\n]{{0,40}}?(?P<part>{_DATE})",
        rf"(?i)(?P<part>{_DATE})[^.!?\n]{{0,25}}\b(?:fecha de nac|nacimiento|date of birth|birth ?date|d\.?o\.?b)",
    ),
    "code": (
        rf"(?i:\b(?:{_CODE_WORDS})\b\.?){_SMALL}{{0,5}}{_NUMBERED}(?P<part>\b{_CODE}\b)(?!-\w){_NO_CODE}",
    ),
}  # fmt: skip


_LOCATOR = 6
"""Characters of a booking's locator: QX7T2L."""


@cache
def shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each shape with the rule that it stands for, the surest first."""
    return tuple((rule, re.compile(source)) for rule, sources in _SOURCES.items() for source in sources)


def is_plain(code: str) -> bool:
    """Say whether what stands beside "order" is only a year, a quantity or a size, not the number of an order."""
    digits = sum(character.isdigit() for character in code)
    if code.isdigit():
        return digits < 4 or (digits == 4 and code[:2] in ("19", "20"))
    return digits < 3 and not (len(code) == _LOCATOR and code.isupper() and code.isalnum())
