"""Folding: what the writer has only quoted, and the signature below, give way to a line that says how much it was.

``❝ […] 34`` stands for 34 quoted lines, ``-- […] 5`` for a signature of five. The raw letter keeps all of it.
"""

from __future__ import annotations

import re

KEPT = 3
"""As many quoted lines stay where the answer follows below them: without them it could not be understood."""
_NAME = 2
"""A signature of so few lines is a name, and stays."""
_WROTE = re.compile(
    r"(?:wrote|escribi[óo]|va escriure|a escrit|a écrit|schrieb|ha scritto|escreveu|schreef|skrev|napisał\(?a?\)?|geschreven|idatzi zuen)\b.{0,80}[:：]\s*$",
    re.I,
)
_BEGINS = re.compile(r"(?:on|el|em|il|le|am|op|den|w dniu)\b.{4,}", re.I)
_ORIGINAL = re.compile(
    r"[-_ ]{3,}\s*(?:original message|mensaje original|missatge original|message d.origine|ursprüngliche nachricht|messaggio originale"
    r"|mensagem original|oorspronkelijk bericht|original-nachricht|ursprungligt meddelande)\s*[-_ ]{3,}\s*$",
    re.I,
)
_FORWARDED = re.compile(
    r"[-_ ]{3,}\s*(?:forwarded message|mensaje reenviado|missatge reenviat|weitergeleitete nachricht|message transf[ée]r[ée]|messaggio inoltrato|mensagem encaminhada)",
    re.I,
)
_HEADER = re.compile(
    r"\s*\*?(from|de|von|da|van|från|sent|enviado(?: el)?|enviat|gesendet|envoyé|inviato|enviada em|verzonden|date|fecha|datum|data"
    r"|to|para|an|à|a|aan|per a|cc|subject|asunto|betreff|objet|oggetto|assunto|onderwerp|assumpte)\s*:\*?\s*\S",
    re.I,
)
_FROM = re.compile(r"\s*\*?(?:from|de|von|da|van|från)\s*:", re.I)
_DASHES = re.compile(r"\s*[_-]{8,}\s*$")


def fold(text: str) -> str:
    """Return the text without what is only quoted, and without its signature."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    body, quoted = _without_trail(lines)
    body, signature = _without_signature(body)
    body = _without_blocks(body)
    if not any(line.strip() for line in body):
        return "\n".join(
            lines
        ).strip()  # nothing of the writer's own: a bare forward, or an answer below its quote
    while body and not body[-1].strip():
        body.pop()
    marks = [f"-- […] {signature}"] if signature else []
    marks += [f"❝ […] {quoted}"] if quoted else []
    return "\n".join([*body, *([""] if marks else []), *marks]).strip()


def _without_trail(lines: list[str]) -> tuple[list[str], int]:
    """Part the text from the quote that ends it; returns how many lines that has."""
    for number, line in enumerate(lines):
        if _FORWARDED.match(line):
            return lines, 0  # what was passed on is what they want to show us
        if _ORIGINAL.match(line.strip("> ")) or _is_outlook(lines, number):
            return lines[:number], _count(lines[number:])
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_quoted(lines[end - 1])):
        end -= 1
    if not any(map(_is_quoted, lines[end:])):
        return lines, 0
    start = _attribution(lines, end)
    return lines[:start], _count(lines[start:])


def _attribution(lines: list[str], end: int) -> int:
    """Return where "On Monday Ana wrote:" begins, which may be broken over three lines; ``end`` where there is none."""
    last = end
    while last and not lines[last - 1].strip():
        last -= 1
    if last and _WROTE.search(lines[last - 1]):
        for start in range(last - 1, max(last - 4, -1), -1):
            if _BEGINS.match(lines[start].strip()):
                return start
        return last - 1
    return end


def _is_outlook(lines: list[str], number: int) -> bool:
    """Say whether the block of "From: … Sent: … Subject: …" begins here that Outlook puts above what it quotes."""
    if _DASHES.match(lines[number]):
        following = next(
            (n for n in range(number + 1, min(number + 4, len(lines))) if lines[n].strip()), None
        )
        return following is not None and _is_block(lines, following)
    return number > 0 and _is_block(lines, number)


def _is_block(lines: list[str], number: int) -> bool:
    if not _FROM.match(lines[number]):
        return False
    near = [line for line in lines[number : number + 10] if line.strip()][:6]
    return sum(bool(_HEADER.match(line)) for line in near) >= 3


def _without_signature(lines: list[str]) -> tuple[list[str], int]:
    """Part the text from the signature after "-- " (RFC 3676), which must be near its end."""
    for number in range(len(lines) - 1, max(len(lines) - 25, -1), -1):
        if lines[number] in ("-- ", "--"):
            length = _count(lines[number + 1 :])
            return (lines, 0) if length <= _NAME else (lines[:number], length)
    return lines, 0


def _without_blocks(lines: list[str]) -> list[str]:
    """Shorten long quotes between the writer's own lines."""
    result: list[str] = []
    block: list[str] = []
    for line in [*lines, None]:
        if line is not None and _is_quoted(line):
            block.append(line)
            continue
        if len(block) > KEPT:
            result.append(f"❝ […] {len(block) - 1}")
            block = block[-1:]
        result += block
        block = []
        if line is not None:
            result.append(line)
    return result


def _is_quoted(line: str) -> bool:
    return line.startswith(">") and not line.startswith(">From ")


def _count(lines: list[str]) -> int:
    return sum(bool(line.strip("> \t")) for line in lines)
