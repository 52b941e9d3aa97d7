"""Bytes to text, whatever their sender says of them: something readable always comes out."""

from __future__ import annotations

import codecs

_REALLY = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "ansi_x3.110-1983": "cp1252",
    "windows-1252http-equivcontent-type": "cp1252",
    "macintosh": "mac-roman",
}
"""What a label means in practice: the wider set of which it is a part (the WHATWG's list of encodings), or a misspelling."""
_TEXT_ONLY = frozenset({"idna", "punycode", "rot_13", "undefined", "unicode_escape", "raw_unicode_escape"})


def decoded(data: bytes, charset: str) -> str:
    """Return the text in these bytes: by their label where that works, else as UTF-8, else as Windows' western set."""
    for name in (_known(charset), "utf-8"):
        if name:
            try:
                return data.decode(name)
            except (UnicodeError, ValueError):
                continue
    label = _known(charset)
    if label not in ("", "utf-8") and label not in ("cp1252",):
        return data.decode(label, "replace")
    return _western(data)


def readable(value: str) -> str:
    """Return header text of one character a byte as its sender meant it."""
    if value.isascii():
        return value
    try:
        return decoded(value.encode("latin-1"), "utf-8")
    except UnicodeEncodeError:  # text already
        return value


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace") if data.count(b"\xc3") > 1 else data.decode("latin-1")


def _known(charset: str) -> str:
    name = charset.strip().strip("'\"").lower().replace(" ", "")
    name = _REALLY.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    return "" if info.name in _TEXT_ONLY or not info._is_text_encoding else name
