"""Names what stands in a form: XML takes fewer signs than a secretariat's codes may have."""

import re

from questionnaire.declaration.blocks import Block, Field
from questionnaire.declaration.form import Instrument
from questionnaire.indicator_table.identifiers import safe_name

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
RESPONDENT = "respondent"
"""The first question of the form: who answers."""
SECTION = "section-"
"""What the names of the groups of sections begin with."""


class Names:
    """The name of every field of an instrument; no two fields share one."""

    def __init__(self, instrument: Instrument) -> None:
        self._taken = {RESPONDENT}
        self._blocks = {block.code: self._free(block.name) for block in instrument.blocks.values()}
        self._sections = {one.code: self._free(f"{SECTION}{one.code}") for one in instrument.sections}
        self._fields: dict[tuple[str, str], str] = {}
        for block in instrument.blocks.values():
            for field in block.fields:
                self._fields[block.code, field.code] = self._free(f"{block.name}_{field.code}")

    def of_section(self, section: str) -> str:
        """The name of the group of a section."""
        return self._sections[section]

    def of_block(self, block: str) -> str:
        """The name of the group of an indicator, or of the repeat of a list."""
        return self._blocks[block]

    def of_field(self, block: str, field: str) -> str:
        """The name of the question that a field of a block is; KeyError if there is none."""
        return self._fields[block, field]

    def of_reason(self, block: Block, field: Field) -> str:
        """The name of the question why there is no answer."""
        return f"{self.of_field(block.code, field.code)}-reason"

    def of_note(self, rule: str, block: str) -> str:
        """The name of what the form says where a rule is broken that only asks."""
        return self._free(f"{safe_name(block)}-{rule}")

    def _free(self, wanted: str) -> str:
        name = _UNSAFE.sub("_", wanted)
        name = name if name[0].isalpha() else f"n{name}"
        number = 1
        while name in self._taken:
            number += 1
            name = f"{name.rstrip('0123456789').removesuffix('-')}-{number}"
        self._taken.add(name)
        return name
