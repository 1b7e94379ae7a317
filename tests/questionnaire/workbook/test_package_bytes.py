"""The package as bytes: put together from stretches deflated before and now, and read by every reader of zip files."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest

from questionnaire.workbook.package import _LEVEL, Package, Place, xml_text

LONG = "".join(f"<row>{number} é</row>" for number in range(5_000))
PARTS = {
    "fixed.xml": ("<a/>",),
    "names.xml": ("<a>", Place("who"), "</a>", LONG, "<b>", Place("who"), Place("own", "none"), "</b>"),
    "other.xml": (LONG, Place("own", "none")),
}


def _read(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name).decode() for name in package.namelist()}


def test_places__given_for_all_parts_or_one__are_filled_there() -> None:
    content = Package(PARTS).filled({"who": "Île & co"}, {"names.xml": {"own": "mine"}})
    assert _read(content) == {
        "fixed.xml": "<a/>",
        "names.xml": f"<a>Île & co</a>{LONG}<b>Île & comine</b>",
        "other.xml": f"{LONG}none",
    }


def test_places__that_must_be_given_and_are_not__are_named() -> None:
    with pytest.raises(KeyError, match="who"):
        Package(PARTS).filled({}, {})


def test_places__far_apart_in_a_long_part__are_filled_each_by_itself() -> None:
    rows = [piece for number in range(6_000) for piece in (f"<row>{number} é", Place(f"r{number}", "-"), "</row>")]
    package = Package({"sheet.xml": rows})

    def sheet(**given: str) -> str:
        texts = (piece if isinstance(piece, str) else given.get(piece.key, "-") for piece in rows)
        return "".join(texts)

    last = {"r5999": "last"}
    for given in (last, {"r0": "first"}, {}, {"r1500": "b", "r0": "a"}, {"r0": "aaa", "r1500": "bb", **last}, last):
        assert _read(package.filled(given, {}))["sheet.xml"] == sheet(**given)


def test_stretches__long_enough_and_left_by_two_respondents__are_deflated_once() -> None:
    rows = [piece for number in range(6_000) for piece in (f"<row>{number} é", Place(f"r{number}", "-"), "</row>")]
    package = Package({"sheet.xml": rows})
    deflated: list[int] = []

    def counting(level: int, method: int, bits: int) -> object:
        deflated.append(level)
        return real(level, method, bits)

    real = zlib.compressobj
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(zlib, "compressobj", counting)
        package.filled({"r3000": "a"}, {})
        assert deflated.count(_LEVEL) == 2
        package.filled({"r3000": "bb"}, {})
        package.filled({"r3000": "b", "r3001": "c"}, {})
    # The stretch before r3000 is left by all, that behind it not by the last; between r3000 and r3001 is too little.
    assert deflated.count(_LEVEL) == 3


def test_bytes__of_the_same_content__are_the_same_after_another() -> None:
    package = Package(PARTS)
    first = package.filled({"who": "A"}, {})
    assert package.filled({"who": "B"}, {}) != first
    assert package.filled({"who": "A"}, {}) == first == Package(PARTS).filled({"who": "A"}, {})


def test_entries__whatever_the_day__are_dated_alike_and_deflated() -> None:
    with zipfile.ZipFile(io.BytesIO(Package(PARTS).filled({"who": "A"}, {}))) as package:
        assert package.namelist() == list(PARTS)
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.compress_type for entry in package.infolist()} == {zipfile.ZIP_DEFLATED}
        assert package.getinfo("names.xml").compress_size < len(LONG) / 4


def test_xml_text__what_xml_cannot_hold__is_left_out_and_what_it_escapes_is_escaped() -> None:
    assert xml_text('a\0\x0bb\ud800\uffff <&>"') == "ab &lt;&amp;&gt;&quot;"
    assert xml_text("_x0041_ _x41_") == "_x005F_x0041_ _x41_"
