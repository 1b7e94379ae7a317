"""Reads what a round puts on the Cover of its questionnaires: what for, who sees the answers, letterhead and logo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from questionnaire.codelists import Wording
from questionnaire.tables import Settings

LOGO = "acopio:logo"
"""The description of the logo in a workbook, by which a return's own pictures are told from it."""

TABLE = "cover"
"""The table of round.toml; without it the Cover has Acopio's own sentences, and no logo."""

_WORDINGS = ("purpose", "use", "letterhead")
_LOGO = "logo"
_SIGNATURES = (b"\x89PNG\r\n", b"\xff\xd8\xff")


@dataclass(frozen=True)
class CoverPage:
    """Texts that a round gives by itself (none: Acopio's own), and its logo, a PNG or JPEG file."""

    purpose: Wording = field(default_factory=dict)
    use: Wording = field(default_factory=dict)
    letterhead: Wording = field(default_factory=dict)
    logo: Path | None = None


def read_cover_page(settings: Settings, languages: Sequence[str]) -> CoverPage:
    """What round.toml says in `[cover]`, in languages of the instrument.

    DeclarationError for another language, and for a logo that is no picture.
    """
    if TABLE not in settings.values:
        return CoverPage()
    table = settings.table(TABLE)
    return CoverPage(**{key: table.wording_in(key, languages) for key in _WORDINGS}, logo=_logo(table))


def _logo(table: Settings) -> Path | None:
    name = table.text(_LOGO, "")
    if not name:
        return None
    path = table.path.parent / name
    if not path.is_file() or not path.read_bytes().startswith(_SIGNATURES):
        raise table.fault(_LOGO, f"“{name}” is no PNG or JPEG picture in the folder of the round", "Put one there")
    return path
