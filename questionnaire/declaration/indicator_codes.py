"""Checks the codes of indicators: which identifiers can be codes, and that every program tells them apart."""

from collections.abc import Iterable, Iterator

from questionnaire.faults import Faults
from questionnaire.indicator_table.identifiers import CODE, safe_name
from questionnaire.tables import Row

WHAT_A_CODE_IS = (
    "Use the identifier as the table prints it, such as 1.a.1: letters and digits, with dots, hyphens, slashes or "
    "round brackets between, at most 40 signs"
)


def with_codes(rows: Iterable[Row], faults: Faults) -> Iterator[Row]:
    """The lines of indicators.csv whose codes are sound; a fault for each of the others."""
    named: dict[str, str] = {}
    for row in rows:
        code = row["indicator"]
        with faults.kept(code):
            if not CODE.fullmatch(code):
                raise row.fault("indicator", f"“{code}” cannot be the code of an indicator", WHAT_A_CODE_IS)
            if (other := named.setdefault(safe_name(code).casefold(), code)) != code:
                what = f"{other} and {code} would both be called {safe_name(code)}, in the workbook and in rules"
                raise row.fault("indicator", what, "Give one of the two a code that differs in letters or digits")
            yield row
