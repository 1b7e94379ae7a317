"""Says in another language what modules word in English: a catalogue in `wordings/` knows a sentence by that wording.

What fills a placeholder is quoted and stays as it is; one called said… is a sentence of the catalogue itself. What no
catalogue knows stays English: better that than nothing.
"""

import re
from functools import cache
from itertools import chain

from questionnaire.messages import keys, wording

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_SENTENCE = "said"


def in_other_words(catalogue: str, text: str, language: str) -> str:
    """The text in a language, one of LANGUAGES."""
    if language == "en" or not text:
        return text
    if (key := _whole(catalogue).get(text)) is not None:
        return wording(catalogue, key)[language]
    for key, pattern in _patterns(catalogue):
        if found := pattern.fullmatch(text):
            values = {
                name: in_other_words(catalogue, value, language) if name.startswith(_SENTENCE) else value
                for name, value in found.groupdict().items()
            }
            return wording(catalogue, key)[language].format_map(values)
    return text


def filled_in(catalogue: str, text: str) -> tuple[str, ...]:
    """What fills the placeholders of a sentence; the text itself where the catalogue does not know it."""
    if text in _whole(catalogue):
        return ()
    for _, pattern in _patterns(catalogue):
        if found := pattern.fullmatch(text):
            groups = found.groupdict().items()
            parts = [filled_in(catalogue, value) if name.startswith(_SENTENCE) else (value,) for name, value in groups]
            return tuple(chain.from_iterable(parts))
    return (text,)


@cache
def _whole(catalogue: str) -> dict[str, str]:
    """The keys of the sentences that nothing is filled into, by their English wording."""
    texts = {wording(catalogue, key)["en"]: key for key in keys(catalogue)}
    return {text: key for text, key in texts.items() if not _PLACEHOLDER.search(text)}


@cache
def _patterns(catalogue: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The other ones with a group for each placeholder; those that say most come first."""
    texts = {key: text for key in keys(catalogue) if _PLACEHOLDER.search(text := wording(catalogue, key)["en"])}
    by_length = sorted(texts, key=lambda key: -len(_PLACEHOLDER.sub("", texts[key])))
    return tuple((key, _pattern(texts[key])) for key in by_length)


def _pattern(text: str) -> re.Pattern[str]:
    literals, names = re.split(_PLACEHOLDER, text)[::2], _PLACEHOLDER.findall(text)
    groups = [f"(?P<{name}>.+?)" for name in names]
    return re.compile("".join(re.escape(a) + b for a, b in zip(literals, [*groups, ""], strict=True)), re.DOTALL)
