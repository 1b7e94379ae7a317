"""Owns what a person types to say which sheet, row and columns of a document are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from questionnaire.indicator_table.grids.header import ROLES, Choices

_ROLE = re.compile(rf"\s*({'|'.join(ROLES)})\s*=\s*")
_NEXT = re.compile(rf",(?=\s*(?:{'|'.join(ROLES)})\s*=)")


def choices(sheet: str, header_row: int | None, columns: Iterable[str]) -> Choices:
    """The choices; raises click.BadParameter for columns that are not written role=head."""
    found = {}
    for part in (part for text in columns for part in _NEXT.split(text)):
        role = _ROLE.match(part)
        name = part[role.end() :].strip().strip("\"“”'") if role else ""
        if role is None or not name:
            what = f"“{part}” does not say which column is what."
            raise click.BadParameter(f"{what} Write ROLE=HEAD or ROLE=LETTER, with one of {', '.join(ROLES)}.")
        found[role[1]] = name
    return Choices(sheet.strip().strip("“”"), header_row, found)
