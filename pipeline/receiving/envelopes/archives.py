"""Opens archives: .zip, and single files compressed with gzip, bzip2 or xz; nothing is written beside them."""

import bz2
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.receiving.envelopes.containers import Attachment, ContainerError, Contents
from pipeline.receiving.zip_gate import ENCRYPTED, PackageError, check_sizes
from questionnaire.rounds.limits import ReadingLimits

_MEGABYTE = 1024 * 1024
# What macOS and Windows put beside the files that somebody packed.
_NOT_PACKED = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")

_DAMAGE = (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
_DECOMPRESSORS: Mapping[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(wbits=31),
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lambda: lzma.LZMADecompressor(memlimit=256 * _MEGABYTE),
}


def open_zip(data: bytes, limits: ReadingLimits) -> Contents:
    """The files in a zip archive; one that is damaged or locked is an attachment with a fault."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        entries = [entry for entry in package.infolist() if not _is_left_out(entry)]
        if len(entries) > limits.attachments:
            raise ContainerError("container_unsafe", f"{len(entries)} files")
        check_sizes(entries)
    except PackageError as error:
        raise ContainerError("container_unsafe", error.detail) from error
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ContainerError("archive_damaged", str(error)) from error
    return Contents(_unpacked(package, entry, limits) for entry in entries)


def open_compressed(data: bytes, label: str, limits: ReadingLimits) -> Contents:
    """The one file that was compressed; its name is that of the compressed file without the last extension."""
    most = limits.file_mb * _MEGABYTE
    start = next(start for start in _DECOMPRESSORS if data.startswith(start))
    try:
        opened = _DECOMPRESSORS[start]()
        content: bytes = opened.decompress(data, most + 1)
    except _DAMAGE as error:
        raise ContainerError("archive_damaged", str(error)) from error
    if len(content) > most:
        raise ContainerError("container_unsafe", f"more than {limits.file_mb} MB when unpacked")
    if not opened.eof:
        raise ContainerError("archive_damaged", "cut short")
    name = label.rpartition("/")[2]
    return Contents(iter([Attachment(name.rpartition(".")[0] or name, content)]))


def _unpacked(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ReadingLimits) -> Attachment:
    if entry.flag_bits & ENCRYPTED:
        return Attachment(entry.filename, b"", fault=ContainerError("archive_encrypted", entry.filename))
    if entry.file_size > limits.file_mb * _MEGABYTE:
        fault = ContainerError("container_unsafe", f"{entry.filename} would unpack to {entry.file_size} bytes")
        return Attachment(entry.filename, b"", fault=fault)
    try:
        return Attachment(entry.filename, package.read(entry))
    except (*_DAMAGE, zipfile.BadZipFile, NotImplementedError) as error:
        return Attachment(entry.filename, b"", fault=ContainerError("archive_damaged", str(error)))


def _is_left_out(entry: zipfile.ZipInfo) -> bool:
    path = entry.filename.casefold()
    name = path.rpartition("/")[2]
    return entry.is_dir() or path.startswith(_NOT_PACKED[0]) or name in _NOT_PACKED or name.startswith("~$")
