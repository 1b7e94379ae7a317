"""Describes what was read of one slot of a file: where it was found, what it says, and what is to be reported."""

import math
from typing import NamedTuple

from pipeline.findings import Finding, finding
from pipeline.reading.places.place import Place
from pipeline.reading.values.cell_texts import cell_text
from pipeline.reading.values.parsed import Fault, Parsed
from pipeline.reading.values.shown import Shown
from questionnaire.declaration.form import Indicator
from questionnaire.layout import Slot
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity


class Reading(NamedTuple):
    """One slot of one file; `place` is None where its row is gone, `faults` are what is to be said beyond its values.

    `indicator` is the one that the answer is about, "" if none: of a line of a list, the one it counts for.
    """

    slot: Slot
    place: Place | None
    parsed: Parsed
    if_none: str = ""
    comment: str = ""
    faults: tuple[Fault, ...] = ()
    indicator: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.slot.block.code, self.slot.field.code

    @property
    def answer(self) -> Answer:
        """What it says, as rules are decided on."""
        return self.parsed.answer

    def noting(self, *faults: Fault) -> "Reading":
        """The same with more to report about it."""
        return self._replace(faults=(*self.faults, *faults)) if faults else self

    def noting_format(self) -> "Reading":
        """The same with a note where a number format makes another number of the one that the cell holds."""
        typed, number = self.place.answer if self.place else None, self.parsed.number
        if not isinstance(typed, Shown) or not isinstance(typed.value, int | float) or number is None:
            return self
        # A percentage shows a hundred times what its cell holds, and is what it shows.
        if any(math.isclose(number, typed.value * factor, abs_tol=1e-9) for factor in (1, 100)):
            return self
        values = {"typed": str(typed), "held": cell_text(typed.value)}
        return self.noting(Fault("shown_differently", Severity.WARNING, values))

    def findings(self) -> tuple[Finding, ...]:
        """What is to be reported about it, with its sheet and cell."""
        return tuple(self.finding(fault) for fault in (*self.parsed.faults, *self.faults))

    def finding(self, fault: Fault) -> Finding:
        """One finding at its answer cell; in a list, it names the line."""
        slot, place = self.slot, self.place
        in_list = not isinstance(slot.block, Indicator)
        where = {"line": slot.number, "sheet": place.sheet if place else ""} if in_list else {}
        return finding(
            fault.code,
            fault.severity,
            {**where, **fault.values},
            indicator=self.indicator,
            field=f"{slot.block.code}.{slot.field.code}" if in_list else slot.field.code,
            sheet=place.sheet if place else "",
            cell=place.cell if place else "",
            value=str(fault.values.get("typed", self.parsed.raw)),
            explanation=self.comment if fault.severity is Severity.WARNING else "",
        )
