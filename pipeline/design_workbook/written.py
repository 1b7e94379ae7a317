"""Writes the design workbook of an instrument where it is edited, and keeps one there that says something else."""

import itertools
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import write_whole
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.plan import SHEETS
from questionnaire.messages import LANGUAGES
from questionnaire.workbook.design.write import write_design

ENDING = ".design.xlsx"


@dataclass(frozen=True)
class WrittenDesign:
    """The workbook written, and where the one that was there is kept, if it was another."""

    file: Path
    language: str
    lines: int
    sheets: int
    untranslated: int
    kept: Path | None = None


def write_workbook(folder: Path, file: Path, language: str = "") -> WrittenDesign:
    """Write the workbook of the instrument in a folder; DeclarationError, IndicatorTableError for one with faults.

    Its explanations are in the `language`, else in the official one of the instrument where Acopio speaks that.
    """
    rows = rows_of_folder(folder)
    language = language or (rows.official if rows.official in LANGUAGES else "en")
    content = write_design(rows, language)
    kept = None
    if file.exists() and file.read_bytes() != content:
        kept = _free(file)
        file.rename(kept)
    write_whole(file, content)
    lines = sum(len(rows.sheets[plan.name]) for plan in SHEETS)
    texts = [text for text in rows.texts() if rows.official in text.wording]
    untranslated = sum(language not in text.wording for text in texts for language in rows.offered)
    return WrittenDesign(file, language, lines, len(SHEETS) + 2, untranslated, kept)


def _free(file: Path) -> Path:
    """A name beside the file that nothing has yet."""
    stem = file.name.removesuffix(ENDING).removesuffix(".xlsx")
    names = (file.with_name(f"{stem}.before-{number}.xlsx") for number in itertools.count(1))
    return next(name for name in names if not name.exists())
