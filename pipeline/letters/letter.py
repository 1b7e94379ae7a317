"""Holds a letter: its subject, its text, and the same as a page; nothing that somebody wrote becomes markup."""

from dataclasses import dataclass
from functools import cached_property

from pipeline.safe_text import escape, on_one_line, shown

_PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{subject}</title></head>\n'
    '<body style="font-family: Calibri, Arial, sans-serif; font-size: 11pt; color: #1B2733; max-width: 46em">\n'
    "{paragraphs}\n</body></html>\n"
)
_LINES = '<div style="margin-left: 1.5em">{line}</div>'


@dataclass(frozen=True)
class Letter:
    """One letter in one language; paragraphs of `text` are separated by empty lines, what is listed is indented."""

    language: str
    subject: str
    text: str

    @classmethod
    def of(cls, language: str, subject: str, text: str) -> "Letter":
        """A letter whose subject is one line and whose text holds nothing that a program obeys unseen."""
        return cls(language, " ".join(on_one_line(subject).split()), shown(text).strip() + "\n")

    @cached_property
    def html(self) -> str:
        """The letter as a page of its own."""
        paragraphs = "\n".join(_paragraph(part) for part in self.text.strip().split("\n\n") if part.strip())
        return _PAGE.format(language=escape(self.language), subject=escape(self.subject), paragraphs=paragraphs)


def _paragraph(text: str) -> str:
    plain: list[str] = []
    indented: list[str] = []
    for line in text.split("\n"):
        (indented if line.startswith("  ") else plain).append(escape(line.strip()))
    head = f"<p>{'<br>'.join(plain)}</p>" if plain else ""
    return head + "".join(_LINES.format(line=line) for line in indented)
