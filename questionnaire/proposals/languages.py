"""Recognises the language of the texts of a table, by small words and endings."""

from collections.abc import Sequence

from questionnaire.messages import LANGUAGES
from questionnaire.proposals.phrases import Words, phrases

_SIGNS = {
    "fr": ("œ", "è", "ê", "d’", "l’", "d'", "l'", "aux "),
    "es": ("ción", "ciones", "ñ", "¿", "dad "),
    "en": ("tion ", "ing ", "ness"),
    "pt": ("ção", "ções", "ã", "õ", "dade "),
}
"""Letters that only one of the languages is full of."""


def language_of(texts: Sequence[str]) -> str:
    """The language that most of the small words and endings of texts are of; English where none is."""
    tokens = [token.word for text in texts for token in Words.of(text).tokens]
    joined = " ".join(texts).casefold()
    counts = {
        language: sum(token in _small_words(language) for token in tokens)
        + sum(joined.count(sign) for sign in _SIGNS[language])
        for language in LANGUAGES
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else "en"


def _small_words(language: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases("table_heads", "unfinished", language))
