"""Declares the words that stand for a respondent in a template, and what comes in their place.

Each is enclosed in two noncharacters, U+FDD0 and U+FDD1. Unicode keeps these for the use of one program within itself
(The Unicode Standard, 23.7), so that no name, no text and no token of letters and digits has them; XML may hold them.
"""

import re
from collections.abc import Mapping, Sequence

from questionnaire.messages import in_language
from questionnaire.rounds.round import Respondent
from questionnaire.workbook.package import Pieces, Place, xml_text

_BEGIN, _END = "\ufdd0", "\ufdd1"
_WORD = re.compile(f"{_BEGIN}([^{_BEGIN}{_END}]*){_END}")
_FOOTER = "footer "

CODE, TOKEN = f"{_BEGIN}code{_END}", f"{_BEGIN}token{_END}"
"""The respondent's code, and the token that proves its identity."""


def name(language: str) -> str:
    """The respondent's name in a language."""
    return f"{_BEGIN}{_name(language)}{_END}"


def reference(item: str, language: str) -> str:
    """What a reference value of the respondent says in a language."""
    return f"{_BEGIN}{reference_word(item, language)}{_END}"


def reference_word(item: str, language: str) -> str:
    """The word that stands for it."""
    return f"reference {item} {language}"


def in_footer(text: str) -> str:
    """A text as a printed footer has it, where an & begins a command and two are one."""
    return text.replace("&", "&&").replace(_BEGIN, _BEGIN + _FOOTER)


def with_places(pieces: Pieces) -> Pieces:
    """The pieces of a part with a place for each of these words."""
    cut: list[str | Place] = []
    for piece in pieces:
        if isinstance(piece, Place) or _BEGIN not in piece:
            cut.append(piece)
        else:
            # Every other one is a word: that is how a split by an expression with a group goes.
            cut += [Place(text) if odd % 2 else text for odd, text in enumerate(_WORD.split(piece))]
    return cut


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with what comes in the place of each word."""
    return _WORD.sub(lambda found: words.get(found[1], found[0]), text)


def instead(
    respondent: Respondent, token: str, languages: Sequence[str], references: Mapping[str, str]
) -> dict[str, str]:
    """What comes in the place of each word; `references` has that of the reference values."""
    texts = {"code": respondent.code, "token": token, **references}
    texts |= {_name(language): in_language(respondent.name, language) or respondent.code for language in languages}
    footers = {_FOOTER + word: text.replace("&", "&&") for word, text in texts.items()}
    return {word: xml_text(text) for word, text in (texts | footers).items()}


def _name(language: str) -> str:
    return f"name {language}"
