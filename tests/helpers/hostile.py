"""What a stranger may write to take hold of a terminal or of the screen, and what must be left of it (promise 9).

``PAYLOADS`` are texts by name; ``line`` is what stands on one line once nothing of it can act: the words, to the letter.
"""

from __future__ import annotations

from typing import NamedTuple


class Payload(NamedTuple):
    """A hostile text; ``line`` is all that may be seen of it. ``cells``: every terminal agrees on its width."""

    name: str
    text: str
    line: str
    cells: bool = True

    @property
    def acts(self) -> bool:
        """Whether it is about a click on it."""
        return "click" in self.text


def _same(name: str, text: str, cells: bool = True) -> Payload:
    return Payload(name, text, text, cells)


_ESC = "\x1b"
_SEQUENCES = (
    Payload("csi clear", f"a{_ESC}[2Jb", "ab"),
    Payload("csi home", f"a{_ESC}[Hb", "ab"),
    Payload("csi colour", f"a{_ESC}[31;5mb", "ab"),
    Payload("csi device report", f"a{_ESC}[cb", "ab"),
    Payload("csi cursor report", f"a{_ESC}[6nb", "ab"),
    Payload("csi title report", f"a{_ESC}[21tb", "ab"),
    Payload("csi checksum", f"a{_ESC}[1;1;1;1;1;1*yb", "ab"),
    Payload("csi mouse on", f"a{_ESC}[?1003hb", "ab"),
    Payload("csi leave alternate screen", f"a{_ESC}[?1049lb", "ab"),
    Payload("csi keyboard off", f"a{_ESC}[2hb", "ab"),
    Payload("csi never ended", f"a{_ESC}[31;", "a"),
    Payload("csi window size", f"a{_ESC}[8;1;1tb", "ab"),
    Payload("csi scroll region", f"a{_ESC}[1;2rb", "ab"),
    Payload("csi repeat", f"a{_ESC}[99999999bb", "ab"),
    Payload("osc 0", f"a{_ESC}]0;pwned\x07b", "ab"),
    Payload("osc 2", f"a{_ESC}]2;pwned{_ESC}\\b", "ab"),
    Payload("osc 4 colour query", f"a{_ESC}]4;1;?\x07b", "ab"),
    Payload("osc 7 folder", f"a{_ESC}]7;file:///tmp\x07b", "ab"),
    Payload("osc 8", f"a{_ESC}]8;;http://evil.example{_ESC}\\b{_ESC}]8;;{_ESC}\\c", "abc"),
    Payload("osc 9", f"a{_ESC}]9;pwned\x07b", "ab"),
    Payload("osc 10 query", f"a{_ESC}]10;?\x07b", "ab"),
    Payload("osc 50 font", f"a{_ESC}]50;?\x07b", "ab"),
    Payload("osc 52 write", f"a{_ESC}]52;c;cm0gLXJmIH4K\x07b", "ab"),
    Payload("osc 52 read", f"a{_ESC}]52;c;?\x07b", "ab"),
    Payload("osc 133 prompt", f"a{_ESC}]133;A\x07b", "ab"),
    Payload("osc 777", f"a{_ESC}]777;notify;pwned;now\x07b", "ab"),
    Payload("osc 1337 file", f"a{_ESC}]1337;File=inline=1:AAAA\x07b", "ab"),
    Payload("osc never ended", f"a{_ESC}]0;pwned", "a0;pwned"),
    Payload("dcs request", f"a{_ESC}P$qm{_ESC}\\b", "ab"),
    Payload("dcs sixel", f"a{_ESC}Pq#0;2;0;0;0#0~~{_ESC}\\b", "ab"),
    Payload("dcs through tmux", f"a{_ESC}Ptmux;{_ESC}{_ESC}]0;pwned\x07{_ESC}\\b", "atmux;b"),
    Payload("apc", f"a{_ESC}_Ga=T;AAAA{_ESC}\\b", "ab"),
    Payload("pm", f"a{_ESC}^pwned{_ESC}\\b", "ab"),
    Payload("sos", f"a{_ESC}Xpwned{_ESC}\\b", "ab"),
    Payload("reset", f"a{_ESC}cb", "ab"),
    Payload("charset of lines", f"a{_ESC}(0b", "ab"),
    Payload("index up", f"a{_ESC}Mb", "ab"),
    Payload("alignment test", f"a{_ESC}#8b", "ab"),
    Payload("escape alone", f"a{_ESC}", "a"),
    Payload("escape twice", f"a{_ESC}{_ESC}[31mb", "ab"),
    Payload("c1 csi", "a\x9b2Jb", "ab"),
    Payload("c1 osc", "a\x9d0;pwned\x9cb", "ab"),
    Payload("c1 dcs", "a\x90$qm\x9cb", "ab"),
    Payload("c1 apc", "a\x9fGa=T\x9cb", "ab"),
    Payload("c1 alone", "a\x84\x8d\x8e\x9ab", "ab"),
)
_CHARACTERS = (
    Payload("nul", "a\x00b", "ab"),
    Payload("bell", "a\x07\x07b", "ab"),
    Payload("backspace", "abc\x08\x08\x08xyz", "abcxyz"),
    Payload("delete", "a\x7fb", "ab"),
    Payload("carriage return", "good\revil", "good evil"),
    Payload("new lines", "one\ntwo\n\nthree", "one two three"),
    Payload("line and paragraph separators", "one\u2028two\u2029three", "one two three"),
    Payload("form feed and vertical tab", "one\x0ctwo\x0bthree", "one two three"),
    Payload("next line", "one\x85two", "one two"),
    Payload("tabs", "a\tb\t\tc", "a b c"),
    Payload("shift out", "a\x0eb\x0fc", "abc"),
    Payload("enquiry", "a\x05b", "ab"),
    Payload("xoff", "a\x13b\x11c", "abc"),
    Payload("override", "a\u202egnp.exe\u202cb", "agnp.exeb"),
    Payload("embedding", "a\u202ab\u202bc\u202c\u202cd", "abcd"),
    Payload("isolates", "a\u2066b\u2067c\u2068d\u2069\u2069e", "abcde"),
    Payload("direction marks", "a\u200eb\u200fc\u061cd", "abcd"),
    Payload("zero width", "a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
    Payload("joiners in a word", "pay\u200dpal\u200c.com", "paypal.com"),
    Payload("tag characters", "a\U000e0069\U000e0067\U000e006eb\U000e0001", "ab"),
    Payload("interlinear", "a\ufff9b\ufffac\ufffbd", "abcd"),
    Payload("not characters", "a\ufffe\uffff\ufdd0b", "ab"),
    Payload("private use", "a\ue0b0b\U000f0000c", "a\ufffdb\ufffdc"),
    Payload("combining flood", "z" + "\u0335" * 200 + "b", "z" + "\u0335" * 8 + "b", cells=False),
    Payload("enclosing flood", "z" + "\u20dd" * 50 + "b", "z" + "\u20dd" * 8 + "b", cells=False),
    Payload("variation selectors", "a" + "\U000e0101" * 40 + "b", "a" + "\U000e0101" * 8 + "b", cells=False),
    _same("family", "👨\u200d👩\u200d👧\u200d👦 ok", cells=False),
    _same("wide run", "界" * 30, cells=False),
    _same("flags", "🇪🇸🇪🇸🇪", cells=False),
    _same("widest letter", "﷽ ꧅ 𒐫", cells=False),
    _same("right to left", "שלום abc مرحبا", cells=False),
)
_MARKUP = (
    _same("urgent", "[urgente] help"),
    _same("click quit", "[@click=app.quit]x[/]"),
    _same("click bell", "[@click=app.bell]x[/]"),
    _same("click leave", "[@click='app.leave_desk']x[/]"),
    _same("click screen", "[@click=screen.resolve]x[/]"),
    _same("link", "[link=http://evil.example]x[/link]"),
    _same("link in quotes", '[link="file:///etc/passwd"]x[/]'),
    _same("closing nothing", "[/]x[/b][/x]"),
    _same("brackets", "[[[x]"),
    _same("unbalanced", "]x[ [b"),
    _same("backslash", "\\[b]x\\"),
    _same("style", "[bold red on blue]x[/]"),
    _same("variable", "[$primary]x[/] $text"),
    _same("format", "{} {0} {name!r} %s %n %(x)s"),
    _same("emoji code", ":smile: :skull:"),
    _same("braces", "{0.__class__} {{x}}"),
    _same("html", "<b>x</b> &lt;"),
    _same("shell", "$(id) `id` ;id|cat"),
    _same("sql", "'; DROP TABLE message; --"),
    _same("spreadsheet", "=cmd|'/C calc'!A0"),
    _same("fts", '" OR text:* NEAR('),
)
PAYLOADS: tuple[Payload, ...] = (*_SEQUENCES, *_CHARACTERS, *_MARKUP)

SURROGATE = "a\ud83db\udce9c"
"""What only a file or a network's JSON can hold: it cannot even be stored as text."""
