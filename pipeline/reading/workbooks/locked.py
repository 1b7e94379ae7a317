"""Opens workbooks that are locked with the password that Excel itself uses; it knows no other and guesses none.

Excel encrypts a workbook with that password when only its structure is protected. What is opened stays in memory.
"""

import io

import msoffcrypto

from pipeline.reading.workbooks.grids import ReadError
from pipeline.receiving.formats import WORKBOOKS, Format, sniff

_PASSWORD = "VelvetSweatshop"


def unlocked(data: bytes, format_: Format) -> tuple[bytes, Format]:
    """The workbook and its format once it is open; raises ReadError for one that asks for another password."""
    if not _is_locked(data, format_):
        return data, format_
    opened = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        file.load_key(password=_PASSWORD)
        file.decrypt(opened)
    except Exception as error:
        # Whatever the library says of it, the file is locked and stays so.
        raise ReadError("workbook_encrypted", f"{type(error).__name__}: {error}") from error
    found = sniff(opened.getvalue())
    if found not in WORKBOOKS:
        raise ReadError("workbook_encrypted", f"what came out is no workbook but {found}")
    return opened.getvalue(), found


def _is_locked(data: bytes, format_: Format) -> bool:
    if format_ is not Format.XLS:
        return format_ is Format.ENCRYPTED
    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:
        # Older or damaged: the reading library will say so.
        return False
