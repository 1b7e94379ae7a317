"""Says what the design workbook explains, in the language of whoever edits it."""

from dataclasses import dataclass

from questionnaire.known_sentences import in_other_words
from questionnaire.typography import unbroken

CATALOGUE = "design_explanations"


@dataclass(frozen=True)
class Words:
    """The explanations of a workbook in one language of LANGUAGES; called with the English wording."""

    language: str = "en"

    def __call__(self, text: str) -> str:
        return unbroken(in_other_words(CATALOGUE, text, self.language), self.language)
