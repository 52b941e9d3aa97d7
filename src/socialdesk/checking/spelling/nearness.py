"""Words one slip away from a wrong one, the likeliest slips first."""

from __future__ import annotations

from collections.abc import Iterator

from socialdesk.domain.language import common

_MARKED = {
    "a": "áàâãä",
    "e": "éèêë",
    "i": "íìîï",
    "o": "óòôõö",
    "u": "úùûü",
    "n": "ñ",
    "c": "ç",
}
_PLAIN = {marked: plain for plain, all_marked in _MARKED.items() for marked in all_marked}
_MARKS = {
    "es": "áéíóúüñ",
    "ca": "àéèíïóòúüç",
    "gl": "áéíóúüïñ",
    "eu": "ñ",
    "en": "",
    "pt": "áàâãéêíóôõúç",
    "fr": "àâéèêëîïôùûüçœ",
    "it": "àèéìòù",
    "de": "äöüß",
    "nl": "ëïéèö",
}
"""The letters with marks that a language has; the ones used most first."""

_SOUNDS = {
    "es": "b=v v=b c=s s=c z=s s=z c=z z=c g=j j=g ll=y y=ll h= =h qu=k k=qu i=y n=m m=n x=s s=x r=rr rr=r cc=c c=cc x=cs",
    "ca": "b=v v=b c=s s=c ss=s s=ss ç=s s=ç g=j j=g ny=ñ tx=x o=u u=o a=e e=a h= =h l·l=l l=l·l",
    "gl": "b=v v=b c=z z=c x=j j=x g=x ll=l h= =h ñ=n nh=ñ ción=cion",
    "eu": "z=s s=z tz=ts ts=tz tx=ts x=s h= =h b=v v=b k=c",
    "en": "ie=ei ei=ie e=a a=e a=i i=e e=i able=ible ible=able ance=ence ence=ance f=ph ph=f k=c c=k s=c c=s",
    "pt": "ç=ss ss=ç s=z z=s c=s s=c x=ch ch=x g=j j=g h= =h lh=li ão=am am=ão",
    "fr": "s=ss ss=s c=s s=c ç=c an=en en=an f=ph ph=f k=qu er=é é=er ai=é y=i",
    "it": "c=ch ch=c g=gh gh=g qu=cu cu=qu z=zz gn=ni gli=li h= =h",
    "de": "ss=ß ß=ss s=ss ss=s ae=ä oe=ö ue=ü ä=e e=ä ei=ai f=v v=f d=t t=d dt=t k=ck",
    "nl": "ei=ij ij=ei au=ou ou=au d=t t=d dt=d d=dt g=ch ch=g s=z z=s f=v v=f c=k k=c",
}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONGEST = 24
_FIVE = 5
_VOWELS = "aeiou"


def candidates(word: str, language: str) -> Iterator[str]:
    """Yield what the word may have been meant to be, the likeliest first, whether it is a word or not.

    The shorter a word, the more words lie near it by chance, and the more likely it is only one that no dictionary has.
    """
    if len(word) > _LONGEST:
        return
    # English dictionaries lack few words that people use, so that there a shorter one is still a slip.
    short = _FIVE - 1 if language == "en" else _FIVE
    yield from _by_marks(word, language)
    if len(word) >= _FIVE:
        yield from _by_doubling(word)
    yield from _by_sound(word, language)
    if len(word) <= short:
        # Two letters in the wrong order are no chance where they make one of the words used most: "qeu".
        yield from (near for near in _by_swapping(word) if near in common(language))
    else:
        yield from _by_swapping(word)
        yield from _by_marks_twice(word, language)
        yield from _by_typing(word, language)
    if len(word) > _FIVE + 1:
        yield from _by_two(word, language)


def only_marks(word: str, other: str) -> bool:
    """Say whether two words differ in nothing but marks on their letters."""
    return without_marks(word) == without_marks(other)


def without_marks(word: str) -> str:
    """Return the word with plain letters; ñ and ç count as n and c."""
    return "".join(_PLAIN.get(letter, letter) for letter in word)


def by_one_mark(word: str, language: str) -> Iterator[str]:
    """Yield the word with one mark more, on its last letter first."""
    marks = _MARKS.get(language, "")
    for place in reversed(range(len(word))):
        for marked in _MARKED.get(word[place], ""):
            if marked in marks:
                yield word[:place] + marked + word[place + 1 :]


def _by_marks(word: str, language: str) -> Iterator[str]:
    """One mark more, then one less, then one moved."""
    marks = _MARKS.get(language, "")
    yield from by_one_mark(word, language)
    bare = without_marks(word)
    if bare == word:
        return
    for place, letter in enumerate(word):
        if letter in _PLAIN:
            yield word[:place] + _PLAIN[letter] + word[place + 1 :]
    yield bare
    for place in range(len(bare)):
        for marked in _MARKED.get(bare[place], ""):
            if marked in marks:
                yield bare[:place] + marked + bare[place + 1 :]


def _by_marks_twice(word: str, language: str) -> Iterator[str]:
    """A mark, and a sound or a doubling beside it: "habitasion" is habitación."""
    for near in (*_by_sound(word, language), *_by_doubling(word), *_by_swapping(word)):
        yield from _by_marks(near, language)


def _by_two(word: str, language: str) -> Iterator[str]:
    """Two slips of the ear: "neccesary" is necessary, "desición" decisión."""
    if language == "en":
        for near in _by_doubling(word):
            yield from _by_doubling(near)
            yield from _by_sound(near, language)
        return
    for near in _by_sound(word, language, silent=False):
        yield from _by_sound(near, language, silent=False)


def _by_doubling(word: str) -> Iterator[str]:
    for place in range(len(word)):
        if place and word[place] == word[place - 1]:
            yield word[:place] + word[place + 1 :]
    for place in range(len(word)):
        yield word[:place] + word[place] + word[place:]


def _by_sound(word: str, language: str, *, silent: bool = True) -> Iterator[str]:
    """What sounds the same; ``silent``: letters that are not heard may be missing anywhere."""
    for pair in _SOUNDS.get(language, "").split():
        heard, _, written = pair.partition("=")
        if not heard:
            yield from (word[:place] + written + word[place:] for place in range(len(word) if silent else 0))
            continue
        place = word.find(heard)
        while place >= 0:
            yield word[:place] + written + word[place + len(heard) :]
            place = word.find(heard, place + 1)


def _by_swapping(word: str) -> Iterator[str]:
    for place in range(len(word) - 1):
        if word[place] != word[place + 1]:
            yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _by_typing(word: str, language: str) -> Iterator[str]:
    """A letter too many, too few, or the wrong vowel; the first letter is seldom the wrong one."""
    yield from (word[:place] + word[place + 1 :] for place in reversed(range(1, len(word))))
    letters = _LETTERS + _MARKS.get(language, "")
    for place in range(1, len(word) + 1):
        yield from (word[:place] + letter + word[place:] for letter in letters)
    for place in range(1, len(word) - 1):
        if word[place] in _VOWELS:
            yield from (word[:place] + vowel + word[place + 1 :] for vowel in _VOWELS if vowel != word[place])
