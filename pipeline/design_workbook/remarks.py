"""Collects what is wrong in a design workbook as findings, each with its sheet and cell, at most one for a cell."""

from collections.abc import Iterator

from pipeline.findings import Finding
from questionnaire.addresses import address
from questionnaire.design_sheets.plan import in_sheets
from questionnaire.known_sentences import in_other_words
from questionnaire.messages import LANGUAGES, wording
from questionnaire.rules.rule import Severity

CATALOGUE, FAULTS = "design_workbook", "declaration_faults"
Place = tuple[str, int, int]
"""A sheet, and row and column from 0; the column is -1 where a whole sheet is meant."""


class Remarks:
    """The findings so far. An error on a cell says enough: what follows from it there is not reported again."""

    def __init__(self) -> None:
        self._found: dict[Place | str, Finding] = {}
        self._silent: set[Place] = set()

    def add(self, code: str, severity: Severity, at: Place, cell: str = "", **values: object) -> None:
        """A finding worded in `wordings/design_workbook.toml`."""
        message, remedy = wording(CATALOGUE, code), wording(CATALOGUE, f"{code}_do")
        self._keep(at, Finding(code, severity, message, remedy, sheet=at[0], cell=cell or _cell(at), values=values))

    def fault(self, at: Place | None, what: str, remedy: str, where: str) -> None:
        """What the reader of the declaration found; `where` is its place in the text files, for what is in no cell."""
        sheet, cell = (at[0], _cell(at)) if at else ("", "")
        values = {"what": _in_all(what), "remedy": _in_all(remedy), "where": where}
        message = dict.fromkeys(LANGUAGES, "{what}" if at else "{where}: {what}")
        shown = message, dict.fromkeys(LANGUAGES, "{remedy}")
        found = Finding("declaration", Severity.ERROR, *shown, sheet=sheet, cell=cell, values=values)
        self._keep(at or f"{where} {what}", found)

    def silence(self, at: Place) -> None:
        """Nothing more is said of a cell, since it is empty only because of something reported elsewhere."""
        self._silent.add(at)

    def _keep(self, at: Place | str, found: Finding) -> None:
        before = self._found.get(at)
        if at in self._silent or (before and before.severity is Severity.ERROR):
            return
        self._found[at] = found

    @property
    def has_errors(self) -> bool:
        return any(found.severity is Severity.ERROR for found in self._found.values())

    def in_order(self, sheets: tuple[str, ...]) -> Iterator[Finding]:
        """The findings, sheet by sheet and from the top down; what stands on no sheet first."""
        order = {name: number for number, name in enumerate(sheets)}

        def key(item: tuple[Place | str, Finding]) -> tuple[int, int, int]:
            at, _ = item
            return (-1, 0, 0) if isinstance(at, str) else (order.get(at[0], len(order)), at[1], at[2])

        yield from (found for _, found in sorted(self._found.items(), key=key))


def _in_all(text: str) -> dict[str, str]:
    """What the reader of text files says in English, in every language and about sheets."""
    return {one: in_sheets(in_other_words(FAULTS, text, one), one) for one in LANGUAGES}


def _cell(at: Place) -> str:
    return address(at[1], at[2]) if at[2] >= 0 else ""
