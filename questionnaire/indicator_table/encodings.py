"""Owns telling the encoding of bytes that do not say it, by which reading puts letters and marks where they belong."""

from __future__ import annotations

_SINGLE = ("cp1252", "mac_roman", "cp850")
_LETTERS = set("àâäáãåæçéèêëíìîïñóòôöõœúùûüýÿ")
_WORDS = set("àéó")
_BESIDE_LETTERS = set("’‘´·\u00ad")
_MARKS = set("«»“”„–—…°ºª¿¡€£§•©®™²³¹½¼±×\u00a0")
_ENOUGH = 0.9
_SAMPLE = 200_000


def wide_encoding(data: bytes) -> str:
    """UTF-16 of either byte order, if every second byte of the beginning is mostly 0; "" if not."""
    sample = data[:2000]
    half = len(sample) // 2
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if half and sample[start::2].count(0) > 0.4 * half > 10 * sample[1 - start :: 2].count(0):
            return encoding
    return ""


def single_byte_encoding(data: bytes) -> str:
    """The encoding in which accented letters and marks stand where they belong; Windows-1252 where it is not worse."""
    fits = {encoding: _fit(data[:_SAMPLE], encoding) for encoding in _SINGLE}
    best = max(_SINGLE, key=lambda encoding: fits[encoding])
    return best if fits[best] >= _ENOUGH else "cp1252"


def _fit(data: bytes, encoding: str) -> float:
    """The share of the characters beyond ASCII that stand where such a character belongs."""
    try:
        text = f" {data.decode(encoding)} "
    except UnicodeDecodeError:
        return 0
    places = [at for at, character in enumerate(text) if character > "\x7f"]
    return sum(_belongs(text[at - 1], text[at], text[at + 1]) for at in places) / max(len(places), 1)


def _belongs(before: str, character: str, after: str) -> bool:
    if character.casefold() in _LETTERS:
        # A letter is part of a word, or one of the few that are one; a capital does not follow a small letter.
        alone = not before.isalpha() and not after.isalpha()
        return character.casefold() in _WORDS if alone else not (character.isupper() and before.islower())
    if character in _BESIDE_LETTERS:
        return True
    return character in _MARKS and not (before.isalpha() and after.isalpha())
