"""Runs inside LibreOffice's Python: opens workbooks, types into them, calculates everything and reports every cell.

Started by tests/office.py with two arguments, the program and the folder of its profile; jobs come as lines of JSON on
standard input, what they led to goes line by line to standard output. What else people do to a workbook is in tests/office_edits.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uno

from tests.office_edits import EDITS

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97", ".pdf": "calc_pdf_Export"}

Step = Mapping[str, Any]


def main(program: str, profile: str) -> None:
    """Do all jobs with one program, which ends when no more can come."""
    with running(program, profile) as desktop:
        for line in sys.stdin:
            reported = [_reported(desktop, Path(job["path"]), job["steps"]) for job in json.loads(line)]
            print(json.dumps(reported), flush=True)


@contextmanager
def running(program: str, profile: str) -> Iterator[Any]:
    """The program, ready for documents; it ends with the block."""
    pipe = f"acopio-{os.getpid()}"
    arguments = ["--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}"]
    command = [program, *arguments, f"--accept=pipe,name={pipe};urp;"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as office:
        desktop = None
        try:
            desktop = _desktop(pipe, office)
            yield desktop
        finally:
            _end(desktop, office)


def _end(desktop: Any, office: subprocess.Popen[bytes]) -> None:
    if desktop is None:
        office.kill()
        return
    # It may be gone before it can say so.
    with suppress(uno.getClass("com.sun.star.lang.DisposedException")):
        desktop.terminate()


def _desktop(pipe: str, office: subprocess.Popen[bytes]) -> Any:
    """The program, as soon as it answers; whoever started this process ends a program that hangs."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    address = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    while True:
        try:
            context = resolver.resolve(address)
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            if office.poll() is not None:
                raise
            time.sleep(0.1)


def _reported(desktop: Any, path: Path, steps: Sequence[Step]) -> list[Any]:
    """What the sheets say after each step."""
    document = opened(desktop, path)
    reported = []
    try:
        for step in steps:
            for name, *arguments in step["edits"]:
                document = EDITS[name](document, *arguments) or document
            reported.append(_step(document, step))
    finally:
        document.close(True)
    return reported


def opened(desktop: Any, path: Path) -> Any:
    """The document in a file, without a window."""
    return desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, (_property("Hidden", True),))


def _step(document: Any, step: Step) -> list[Any]:
    for tab, address, content in step["cells"]:
        document.Sheets.getByName(tab).getCellRangeByName(address).setString(content)
    before = [(_formula_cell(document, *spoiled[:2]), spoiled[2:]) for spoiled in step["spoiled"]]
    formulas = [cell.getFormula() for cell, _ in before]
    for (cell, (old, new)), formula in zip(before, formulas, strict=True):
        cell.setFormula(formula.replace(old, new) if old else new)
        if cell.getFormula() == formula:
            raise LookupError(f"{cell.AbsoluteName} does not hold {old}: {formula}")
    document.calculateAll()
    for path in map(Path, step["save_as"]):
        document.storeToURL(path.as_uri(), (_property("FilterName", _FILTERS[path.suffix]),))
    tabs = range(document.Sheets.Count) if step["tell"] else ()
    reported = [_sheet(document.Sheets.getByIndex(number)) for number in tabs]
    for (cell, _), formula in zip(before, formulas, strict=True):
        cell.setFormula(formula)
    return reported


def _formula_cell(document: Any, tab: str, address: str) -> Any:
    sheet = document.Sheets.getByName(tab)
    sheet.unprotect("")  # a formula stands only where nobody is to type
    return sheet.getCellRangeByName(address)


def _sheet(sheet: Any) -> dict[str, Any]:
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    cells = sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow).getDataArray()
    # An error is neither a number nor a text: it comes as None.
    return {"tab": sheet.Name, "visible": sheet.IsVisible, "cells": cells}


def _property(name: str, value: object) -> Any:
    found = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    found.Name, found.Value = name, value
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
