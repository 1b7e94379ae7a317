"""Reads the unofficial translations of sections, objectives and indicators, and refuses those of anything else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from questionnaire.codelists import Wording
from questionnaire.declared_files import required_columns
from questionnaire.faults import AT_ONCE, Faults
from questionnaire.tables import Row, read_rows

TRANSLATIONS = "translations.csv"
"""The file of an instrument's folder that translates its table; it may be absent."""


@dataclass(frozen=True)
class Translations:
    """The lines of the file, by what they translate: (kind, code)."""

    rows: Mapping[tuple[str, str], Row]
    languages: tuple[str, ...]

    def of(self, kind: str, code: str) -> Wording:
        """The translations of a section, an objective or an indicator; none if it has no line."""
        row = self.rows.get((kind, code))
        return {} if row is None else {language: text for language in self.languages if (text := row.get(language))}

    def check(self, codes: Mapping[str, Collection[str]], faults: Faults = AT_ONCE) -> None:
        """Keep a fault for each line about something that the table does not hold; `codes` are known by kind."""
        for (kind, code), row in self.rows.items():
            with faults.kept():
                if kind not in codes:
                    raise row.fault("kind", f"“{kind}” is not known", f"Use one of {', '.join(codes)}")
                if code not in codes[kind]:
                    what = f"the instrument has no {kind} {code}"
                    remedy = "Correct the code, or remove the line if it is left from another table"
                    raise row.fault("code", what, remedy)


def read_translations(folder: Path, languages: tuple[str, ...], faults: Faults = AT_ONCE) -> Translations:
    """The translations into these languages; a fault for two lines about the same thing."""
    path = folder / TRANSLATIONS
    rows: dict[tuple[str, str], Row] = {}
    for row in read_rows(path, required_columns(TRANSLATIONS)) if path.exists() else ():
        key = row["kind"], row["code"]
        if key in rows:
            what = f"{row['kind']} {row['code']} is translated in line {rows[key].line} already"
            faults.add(row.fault("code", what, "Remove one of the two lines"))
            continue
        rows[key] = row
    return Translations(rows, languages)
