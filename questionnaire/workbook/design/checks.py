"""Makes the formulas that say beside each line of the design workbook what is missing or wrong in it.

They are for whoever edits; what is read back is judged by the reader of the declaration, whatever they say.
"""

from collections.abc import Iterator, Mapping, Sequence

from questionnaire.addresses import address, column_letter
from questionnaire.design_sheets.plan import SPELT, Column, Holds, SheetPlan
from questionnaire.workbook.design.page import FIRST_COLUMN, FIRST_ROW, Page
from questionnaire.workbook.design.words import Words

MISSING, TWICE, UNKNOWN, SPACES, TRANSLATE = "missing", "stands twice", "unknown", "spaces around", "to translate:"
STANDARD = "standard"
"""How the area of the standard codes of a sheet is called among the words."""
_LIST_OF_CODES = {"questions": ("Questions", "question")}
"""Columns with several codes, and where these are declared."""


class LineChecks:
    """The formulas of the lines of a page; `pages` are all pages by name, `words` the areas of the fixed choices."""

    def __init__(self, plan: SheetPlan, page: Page, pages: Mapping[str, Page], words: Mapping[str, str]) -> None:
        self.plan, self.page, self.pages, self.words = plan, page, pages, words
        self.places = {column.name: FIRST_COLUMN + place for place, column in enumerate(plan.columns)}

    def formula(self, row: int) -> str:
        """The formula of a line, from 0."""
        at = FIRST_ROW + row
        last = column_letter(FIRST_COLUMN + len(self.plan.columns) - 1)
        filled = f"COUNTA(${column_letter(FIRST_COLUMN)}{at + 1}:${last}{at + 1})"
        said = [f'IF({wrong},"{text}; ","")' for wrong, text in self._wrong(at)]
        # A formula may hold 8192 signs and 64 IFs one within another: these stand one beside another.
        return f'=IF({filled}=0,"",{"&".join(said)})'

    def _wrong(self, at: int) -> Iterator[tuple[str, str]]:
        words = self.page.words
        for column in self.plan.columns:
            cell = f"${address(at, self.places[column.name])}"
            if self.plan.needs(column):
                yield f'{cell}=""', f"{column.name} {words(MISSING)}"
            if areas := self._codes(column):
                there = "+".join(f"SUMPRODUCT(EXACT({area},{cell})*1)" for area in areas)
                yield f'IF({cell}="",FALSE,{there}=0)', f"{column.name} {words(UNKNOWN)}"
            if column.name in _LIST_OF_CODES:
                yield self._unknown_among(cell, *_LIST_OF_CODES[column.name]), f"{column.name} {words(UNKNOWN)}"
            if column.name in self.plan.key and column.holds in SPELT:
                yield f'NOT(EXACT(TRIM({cell}),{cell}&""))', f"{column.name} {words(SPACES)}"
        if self.plan.key:
            same = "*".join(
                f"EXACT({self.page.area(self.places[name])},${address(at, self.places[name])})"
                for name in self.plan.key
            )
            first = f"${address(at, self.places[self.plan.key[-1]])}"
            yield f'IF({first}="",FALSE,SUMPRODUCT({same}*1)>1)', f"{self.plan.key[-1]} {words(TWICE)}"

    def _codes(self, column: Column) -> tuple[str, ...]:
        """The areas in which what may stand in a column stands; none for one in which anything may."""
        if column.known:
            sheet, name = column.known
            return self._area(sheet, name), *self._standard(sheet)
        choices = self.words.get(f"{self.plan.name} {column.name}", "") if column.holds is Holds.CHOICE else ""
        return (choices,) if choices else ()

    def _standard(self, sheet: str) -> tuple[str, ...]:
        """The area of the standard codes that have no line on a sheet yet; none where there are none."""
        area = self.words.get(f"{STANDARD} {sheet}", "")
        return (area,) if area else ()

    def _area(self, sheet: str, name: str) -> str:
        page = self.pages[sheet]
        return page.area(FIRST_COLUMN + [one.head for one in page.columns].index(name), sheet=True)

    def _unknown_among(self, cell: str, sheet: str, name: str) -> str:
        """Whether fewer of the codes in a cell are declared than it has."""
        areas = (self._area(sheet, name), *self._standard(sheet))
        spaced = f'" "&SUBSTITUTE(TRIM({cell}),"-","")&" "'
        known = "+".join(f'SUMPRODUCT(ISNUMBER(FIND(" "&{area}&" ",{spaced}))*({area}<>""))' for area in areas)
        count = f'LEN(TRIM({cell}))-LEN(SUBSTITUTE(TRIM({cell})," ",""))+1'
        return f'IF({cell}="",FALSE,{known}<{count})'


def translation_check(row: int, original: int, places: Mapping[str, int], words: Words) -> str:
    """Which languages of a line of the sheet Texts are missing, by their columns."""
    at = FIRST_ROW + row
    said = "&".join(f'IF({address(at, place)}="", " {language}","")' for language, place in places.items())
    if not said:
        return '=""'
    blank = ",".join(f'{address(at, place)}=""' for place in places.values())
    return f'=IF({address(at, original)}="","",IF(OR({blank}),"{words(TRANSLATE)}"&{said},""))'


def missing_languages(original: str, texts: Sequence[str], languages: Sequence[str], words: Words) -> str:
    """What the formula of `translation_check` gives."""
    missing = [language for language, text in zip(languages, texts, strict=True) if not text]
    return " ".join((words(TRANSLATE), *missing)) if original and missing else ""
