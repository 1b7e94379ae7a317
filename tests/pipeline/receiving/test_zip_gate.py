"""What no zip package may be before a reading library sees it."""

from __future__ import annotations

import io
import zipfile

import pytest

from pipeline.receiving.zip_gate import PackageError, read_parts


def test_package__with_two_parts_of_one_name__is_damaged() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("xl/worksheets/sheet1.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            package.writestr("xl/worksheets/sheet1.xml", "<b/>")
    with pytest.raises(PackageError) as fault:
        list(read_parts(packed.getvalue()))
    assert (fault.value.code, fault.value.detail) == ("workbook_damaged", "two parts have the same name")
