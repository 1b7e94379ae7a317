"""Owns a small .xlsx package, written by hand, in which something of every sort stands behind the cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

Parts = dict[str, bytes]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

SHEET = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetData>'
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="e"><v>#REF!</v></c><c r="C1"><f>1+1</f></c></row>'
    '<row r="2" hidden="1"><c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>0.12</v></c><c r="C2" s="2"><v>5</v></c></row>'
    '<row r="3"><c r="A3" t="inlineStr"><is><r><rPr><strike/></rPr><t>12</t></r><r><t>15</t></r></is></c></row>'
    '</sheetData><sheetProtection sheet="1"/><mergeCells count="1"><mergeCell ref="D4:E4"/></mergeCells>'
    '<conditionalFormatting sqref="A1"/><dataValidations><dataValidation type="list" sqref="C1 D2:D3"/>'
    "</dataValidations></worksheet>"
)
STRINGS = (
    f'<sst xmlns="{MAIN}" count="2" uniqueCount="2"><si><t>plain</t></si>'
    "<si><r><rPr><strike/></rPr><t>12</t></r><r><t>15</t></r></si></sst>"
)
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts><font/><font><strike/></font></fonts>'
    '<cellXfs><xf numFmtId="0" fontId="0"/><xf numFmtId="9" fontId="0"/><xf numFmtId="0" fontId="1"/></cellXfs>'
    "</styleSheet>"
)
COMMENTS = (
    f'<comments xmlns="{MAIN}"><commentList><comment ref="A3"><text><r><t>ask Ana</t></r></text></comment>'
    "</commentList></comments>"
)
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/><sheets>'
    '<sheet name="Uno &amp; dos" sheetId="1" r:id="rId1"/></sheets>'
    "<definedNames><definedName name=\"one\">'Uno &amp; dos'!$C$1</definedName></definedNames></workbook>"
)
CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dcterms:modified>2026-03-01T10:00:00Z</dcterms:modified></cp:coreProperties>"
)
APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>By hand</Application></Properties>"
)


def relations(*entries: tuple[str, str]) -> bytes:
    """A part of relations: (type, target) of rId1 and on."""
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'.encode()


def small_parts() -> Parts:
    types = f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" ContentType="'
    types += 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    return {
        "[Content_Types].xml": types.encode(),
        "_rels/.rels": relations(
            ("officeDocument", "xl/workbook.xml"),
            ("metadata/core-properties", "docProps/core.xml"),
            ("extended-properties", "docProps/app.xml"),
        ),
        "docProps/core.xml": CORE.encode(),
        "docProps/app.xml": APP.encode(),
        "xl/workbook.xml": WORKBOOK.encode(),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/styles.xml": STYLES.encode(),
        "xl/sharedStrings.xml": STRINGS.encode(),
        "xl/worksheets/sheet1.xml": SHEET.encode(),
        "xl/worksheets/_rels/sheet1.xml.rels": relations(("comments", "../comments1.xml")),
        "xl/comments1.xml": COMMENTS.encode(),
    }


def packed(parts: Mapping[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return result.getvalue()
