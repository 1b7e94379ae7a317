"""Owns making many questionnaires from one: a template per language, in which only what names the respondent differs.

Writing a workbook takes seconds; putting a name into a copy of it takes a fraction of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from questionnaire.layout import Layout
from questionnaire.messages import LANGUAGES, in_language
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rounds.slices import Slice
from questionnaire.workbook.package import packed
from questionnaire.workbook.write import blank_parts, identity, with_previous_round

# Words that stand in no text of ours. Cells, properties and print footers take them like any name.
_CODE = "ZQCODEQZ"
_NAME = "ZQNAME{}QZ"


@dataclass(frozen=True)
class Template:
    """The parts of a workbook for `nobody` in particular, in one language; `part` is the slice that it is."""

    round: Round
    nobody: Respondent
    layout: Layout
    part: Slice | None
    parts: Mapping[str, str | bytes]

    def stamped(self, respondent: Respondent) -> bytes:
        """The workbook of a respondent."""
        words = {**_words(respondent), **self._token(respondent)}
        named = {
            name: content if isinstance(content, bytes) else _replaced(content, words)
            for name, content in self.parts.items()
        }
        return packed(with_previous_round(named, self.round, respondent, self.layout))

    def _token(self, respondent: Respondent) -> dict[str, str]:
        """The token of the respondent, by that of nobody; none in a round without a key."""
        instead = identity(self.round, self.nobody, self.part).token
        return {instead: identity(self.round, respondent, self.part).token} if instead else {}


def template(round_: Round, language: str, layout: Layout, part: Slice | None = None) -> Template:
    """The template of a round's questionnaires in a language, or of one slice of them."""
    names = {code: _NAME.format(code) for code in LANGUAGES}
    nobody = Respondent(_CODE, names, language, participates=True, reason="", aliases=())
    layout = layout.part(part.indicators) if part else layout
    return Template(round_, nobody, layout, part, blank_parts(round_, nobody, layout, part))


def _words(respondent: Respondent) -> dict[str, str]:
    names = {_NAME.format(code): in_language(respondent.name, code) or respondent.code for code in LANGUAGES}
    return {word: escape(text, {'"': "&quot;"}) for word, text in {_CODE: respondent.code, **names}.items()}


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
