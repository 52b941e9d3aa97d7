"""Web addresses in a text, found as X finds them: with http(s), or a bare name that ends in a domain in use.

The rules are those of https://github.com/twitter/twitter-text; of the bare endings, the ones that people meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_COUNTRIES = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc cd
    cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd
    ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg
    kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv
    mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa
    sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua
    ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_OTHERS = """
    academy accountant agency airport app apartments art asia associates attorney auction audio auto band bank bar
    barcelona basketball beauty beer berlin best bet bible bid bike bingo bio biz black blog blue boats boo boutique
    box broker build builders business buy buzz cab cafe cam camera camp capital car cards care career careers cars
    casa cash casino cat catering center ceo charity chat cheap christmas church city claims cleaning click clinic
    clothing cloud club coach codes coffee college com community company computer consulting contact contractors
    cooking cool coop country coupons courses credit creditcard cricket cruises dance date dating day deal deals degree
    delivery democrat dental dentist design dev diamonds diet digital direct directory discount doctor dog domains
    download earth eco edu education email energy engineer engineering enterprises equipment estate eus events example exchange
    expert express fail faith family fan fans farm fashion feedback film finance financial fish fishing fit fitness
    flights florist flowers football forsale forum foundation frl fun fund furniture futbol fyi gal gallery game games
    garden gift gifts gives glass global gmbh gold golf gov graphics gratis green gripe grocery group guide guitars
    guru hair haus health healthcare help hockey holdings holiday homes horse hospital host hosting hotel house how
    immo inc industries info ink institute insurance int international investments jetzt jewelry jobs kaufen kids
    kitchen land law lawyer lease legal lgbt life lighting limited limo link live loan loans london love ltd ltda luxe
    luxury madrid market marketing mba media memorial men menu miami mil mobi moda mom money mortgage movie museum
    music name navy net network news ninja nyc one online ooo org page paris partners parts party pet pharmacy photo
    photography photos pics pictures pink pizza place plumbing plus poker porn press pro productions promo properties
    property pub quest racing realestate recipes red rehab reise reisen rent rentals repair report republican rest
    restaurant review reviews rip rocks run sale salon sarl school schule science security services sex shoes shop
    shopping show singles site ski soccer social software solar solutions space sport store stream studio study style
    supplies supply support surf surgery systems tattoo tax taxi team tech technology tel tennis theater tickets tienda
    tips tires tirol today tools top tours town toys trade trading training travel tube university uno vacations vegas
    ventures vet viajes video villas vin vip vision vodka vote voto voyage wales wang watch webcam website wedding wien
    wiki win wine work works world wtf xxx xyz yachts yoga zone
"""
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"
_ASCII_LABEL = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
_PATH = (
    r"(?:[a-z0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&\u0400-\u04ff\u00c0-\u024f]|\([^\s()]*\))*"
    r"(?:[a-z0-9=_#/+\-\u0400-\u04ff\u00c0-\u024f]|\([^\s()]*\))"
)
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"
_AFTER = rf"(?P<port>:\d+)?(?P<path>/(?:{_PATH})?)?(?:{_QUERY})?"
_LONGEST_LABEL = 63
_DOTTED = re.compile(r"[^\W_]\.[^\W_]")
"""Without this there is no address, and most texts have none."""


def addresses(text: str, *, bare: bool = True) -> Iterator[tuple[int, int]]:
    """Yield where web addresses begin and end; ``bare``: those without http(s), too."""
    if _DOTTED.search(text) is None:
        return
    full, without = _expressions()
    found = [match.span() for match in full.finditer(text) if _is_sound(match["host"])]
    if bare:
        others = (match.span() for match in without.finditer(text) if _is_sound(match["host"]))
        found += [
            span for span in others if not any(span[0] < end and start < span[1] for start, end in found)
        ]
    yield from sorted(found)


@lru_cache
def _expressions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds addresses with http(s) and without; compiled when first needed, the list is long."""
    ending = "|".join(sorted({*_COUNTRIES.split(), *_OTHERS.split()}, key=len, reverse=True))
    used = rf"(?:{ending})(?![0-9a-z@+-])"
    full = rf"(?<![a-z0-9@＠$#＃])https?://(?P<host>(?:{_LABEL}\.)+(?:{used}|[^\W\d_a-z]{{2,}})){_AFTER}"
    bare = rf"(?<![a-z0-9@＠$#＃_./-])(?P<host>(?:{_ASCII_LABEL}\.)+{used}){_AFTER}"
    return re.compile(full, re.IGNORECASE), re.compile(bare, re.IGNORECASE)


def _is_sound(host: str) -> bool:
    """Say whether every label is short enough for the domain name system."""
    return all(_length(label) <= _LONGEST_LABEL for label in host.split("."))


def _length(label: str) -> int:
    return len(label) if label.isascii() else len(label.encode("punycode")) + len("xn--")
