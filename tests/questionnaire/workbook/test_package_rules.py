"""The package keeps the rules of ECMA-376; a broken one is found out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest

from tests.questionnaire.workbook.package_parts import Package
from tests.questionnaire.workbook.package_rules import RULES
from tests.questionnaire.workbook.written import Written

Rule = Callable[[Package], Iterator[str]]
Damage = tuple[str, str, str]

_COVER, _SECTION, _WORKBOOK = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml", "xl/workbook.xml"

# Rule -> in which part, what (a regular expression) is replaced by what, once.
BROKEN: dict[str, Damage] = {
    "well_formed": (_COVER, "</sheetData>", ""),
    "relation_targets": ("xl/_rels/workbook.xml.rels", "sheet2.xml", "sheet99.xml"),
    "relation_ids": ("xl/_rels/workbook.xml.rels", 'Id="rId2"', 'Id="rId1"'),
    "content_types": ("[Content_Types].xml", '<Override PartName="/xl/styles.xml"[^>]*>', ""),
    "external_links": ("_rels/.rels", 'Target="docProps/app.xml"', 'Target="http://x" TargetMode="External"'),
    "sheet_names": (_WORKBOOK, '<sheet name="[^"]*"', '<sheet name="A/B"'),
    "defined_names": (_WORKBOOK, 'name="cover_language"', 'name="R1C1"'),
    "references": (_WORKBOOK, 'name="acopio_texts"', 'name="acopio_textes"'),
    "formula_limits": (_SECTION, "</f>", '&amp;"' + "x" * 256 + '"</f>'),
    "functions": (_SECTION, "INDEX\\(", "XLOOKUP("),
    "shared_formulas": (_SECTION, '(<f t="shared") ref="[^"]*"', r"\1"),
    "positions": (_SECTION, '<c r="K', '<c r="A'),
    "addresses": (_SECTION, '<c r="K\\d+"', "<c"),
    "texts": ("xl/sharedStrings.xml", "<si><t>", "<si><t>" + "x" * 40_000),
    "cell_types": (_SECTION, 't="str"', 't="n"'),
    "string_indices": (_SECTION, 't="s"><v>[^<]*</v>', 't="s"><v>99999</v>'),
    "style_indices": (_SECTION, ' s="\\d+"', ' s="4000"'),
    "element_order": (_SECTION, "(<pageMargins[^>]*/>)(<pageSetup[^>]*/>)", r"\2\1"),
    "merged_areas": (_SECTION, '<mergeCell ref="([A-Z]+)(\\d+):([A-Z]+)', r'<mergeCell ref="\1\2:N'),
    "validations": (_SECTION, 'errorTitle="', 'errorTitle="' + "x" * 40),
    "counts": (_SECTION, '<mergeCells count="', '<mergeCells count="9'),
    "hyperlinks": (_SECTION, 'location="[^"]*!', 'location="nowhere!'),
}


@pytest.fixture(params=["small", "real"])
def package(request: pytest.FixtureRequest) -> Package:
    written: Written = request.getfixturevalue(request.param)
    return Package(written.package)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_package__of_a_questionnaire__keeps_the_rule(package: Package, rule: Rule) -> None:
    faults = list(rule(package))
    assert not faults, f"{len(faults)} faults, such as:\n" + "\n".join(faults[:10])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_package__deliberately_broken__is_found_out(small: Written, rule: Rule) -> None:
    part, pattern, by = BROKEN[rule.__name__]
    content, count = re.subn(pattern, by, small.package[part].decode(), count=1)
    assert count == 1, f"{part} has no {pattern}"
    faults = list(rule(Package({**small.package, part: content.encode()})))
    assert faults, "not found out"
    assert any(word in faults[0] for word in (part, "name", "Target", "rId", "styles"))


def test_package__every_entry__is_deflated_and_reported_once(small: Written) -> None:
    with zipfile.ZipFile(io.BytesIO(small.path.read_bytes())) as package:
        names = package.namelist()
        assert names[0] == "[Content_Types].xml"
        assert len(names) == len({name.casefold() for name in names})
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_DEFLATED}
