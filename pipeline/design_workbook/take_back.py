"""Takes an edited design workbook back into the text files of its instrument: all that is sound, or nothing."""

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.design_workbook.opening import SheetCells
from pipeline.design_workbook.remarks import Place, Remarks
from pipeline.design_workbook.understanding import Understood
from pipeline.files import write_whole
from pipeline.findings import Finding
from questionnaire.declaration.instrument import read_instrument
from questionnaire.design_sheets.from_folder import rows_of_folder
from questionnaire.design_sheets.plan import INDICATORS, README, SHEETS, TEXTS, sheet_of
from questionnaire.design_sheets.standard import completed
from questionnaire.design_sheets.to_files import TABLE, DesignFiles, design_files
from questionnaire.indicator_table.plain_table import is_plain
from questionnaire.indicator_table.records import IndicatorTableError
from questionnaire.tables import DeclarationError, Spot, read_settings, read_text

_OLDER = {"indicator_types.csv": "kinds.csv", "lists.toml": "rosters.toml"}
"""What earlier instruments call a file: it makes room for the one of today."""
_ORDER = (README, *(plan.name for plan in SHEETS), TEXTS)


@dataclass(frozen=True)
class TakenBack:
    """What became of a workbook: the findings, the names of the files written, removed and no longer read.

    `added` are the standard types, questions and lists that it names and that came along, by sheet.
    """

    findings: tuple[Finding, ...]
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_taken: bool = False


def take_back(folder: Path, sheets: tuple[SheetCells, ...]) -> TakenBack:
    """Write what the sheets say into the folder of an instrument, unless something in them is wrong.

    A file whose content is the same stays as it is, comments included. Raises DeclarationError or IndicatorTableError
    where the folder itself cannot be read.
    """
    before = rows_of_folder(folder)
    remarks = Remarks()
    understood = Understood(sheets, before, remarks)
    table = read_settings(folder / "instrument.toml").text("table")
    whole = completed(understood.rows)
    old, new = design_files(before, table), design_files(whole.rows, table)
    kept_table = table
    if old.texts[table] != new.texts[table] and not is_plain(read_text(folder / table)):
        table = TABLE
        new = design_files(whole.rows, table)
    _judge(folder, new, understood, remarks)
    understood.report_texts()
    findings = tuple(remarks.in_order(_ORDER))
    if remarks.has_errors:
        return TakenBack(findings)
    changed = tuple(name for name, text in new.texts.items() if old.texts.get(name) != text)
    gone = tuple(name for name in old.texts if name not in new.texts and name != kept_table)
    removed = tuple(name for name in (*gone, *(_OLDER.get(one, "") for one in changed)) if (folder / name).is_file())
    for name in changed:
        write_whole(folder / name, new.texts[name].encode())
    for name in removed:
        (folder / name).unlink()
    return TakenBack(findings, changed, removed, (kept_table,) if table != kept_table else (), whole.added, True)


def _judge(folder: Path, files: DesignFiles, understood: Understood, remarks: Remarks) -> None:
    """Read the files as an instrument, and put what is wrong in them where it stands in the workbook."""
    with tempfile.TemporaryDirectory(prefix="acopio-design-") as aside:
        whole = Path(aside) / folder.name
        whole.mkdir()
        for name, text in files.texts.items():
            (whole / name).write_text(text, encoding="utf-8", newline="\n")
        try:
            faults = _faults(whole)
            # A code that is wrong leaves nothing of its old name: what still has that follows from it.
            places = [place for fault in faults if (place := _place(fault, files, understood))]
            sheets = {sheet for sheet, *_ in filter(understood.is_key, places)}
            if lost := {code for sheet in sheets if sheet in understood.sheets for code in understood.gone(sheet)}:
                faults = _faults(whole, lost)
        except IndicatorTableError as error:
            origin = files.origin(Spot(error.source, error.line or 0, "text"))
            at = understood.place(*origin) if origin else (INDICATORS, 0, -1)
            remarks.fault(at, error.what.rstrip("."), error.remedy, error.source)
            return
        for fault in faults:
            where = fault.where.removeprefix(f"{whole}/")
            remarks.fault(_place(fault, files, understood), fault.what, fault.remedy, where)


def _faults(folder: Path, lost: Collection[str] = ()) -> tuple[DeclarationError, ...]:
    try:
        read_instrument(folder, lost=lost)
    except DeclarationError as error:
        return error.faults
    return ()


def _place(fault: DeclarationError, files: DesignFiles, understood: Understood) -> Place | None:
    """Where a fault stands in the workbook: its cell, else its sheet; None for what is in no sheet."""
    origin = files.origin(fault.spot) if fault.spot else None
    if origin:
        return understood.place(*origin)
    sheet = sheet_of(fault.where)
    return (sheet, 0, -1) if sheet else None
