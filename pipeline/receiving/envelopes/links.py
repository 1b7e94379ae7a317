"""Finds where a file lies that was not sent along, in the text of a mail or in a shortcut; it follows no address."""

import html
import plistlib
import re
from collections.abc import Iterable
from urllib.parse import unquote

from pipeline.receiving.envelopes.containers import plain_text

_MOST = 3
_LONGEST_TEXT = 1024 * 1024
_LONGEST_SHORTCUT = 64 * 1024

_ADDRESS = re.compile(r"https?://[^\s<>\"'\\^`{|}\0]{4,2000}", re.IGNORECASE)
# Mail services rewrite the links of a mail into their own; the address meant stands in them, encoded.
_WRAPPED = re.compile(r"https?(?::|%3A)(?:/|%2F){2}[^&\s]+", re.IGNORECASE)
_PICTURE = re.compile(r"<img[^<>]*>", re.IGNORECASE)
_END_OF_SENTENCE = ".,;:!?)]*"

# Services by which people hand over files: words of the host's name, and those that must stand alone in it.
_SERVICES = re.compile(
    r"(?:^|[.-])(?:sharepoint|onedrive|1drv|dropbox|dropboxusercontent|wetransfer|swisstransfer|transfernow|fromsmash"
    r"|grosfichiers|filemail|sendgb|mediafire|terabox|sharefile|egnyte|hightail|idrive|nextcloud|owncloud|icloud|pcloud"
    r"|kdrive|cloud|nube|nuvem)\."
    r"|(?:^|\.)(?:we\.tl|box\.com|mega\.nz|sync\.com|(?:drive|docs|sheets)\.google\.com|drive\.proton\.me|disk\.yandex\.\w+"
    r"|workdrive\.zoho\.\w+)$",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:xls[xmb]?|ods|zip|7z|rar)$", re.IGNORECASE)

_URL_LINE = re.compile(r"^[ \t]*URL[ \t]*=[ \t]*([^\r\n\0]+)", re.IGNORECASE | re.MULTILINE)
_GOOGLE_ADDRESS = re.compile(r'"url"\s*:\s*"([^"]+)"')
_GOOGLE_ID = re.compile(r'"doc_id"\s*:\s*"([\w-]+)"')
_TARGET = re.compile(r"(?:[A-Za-z]:|\\\\[\w.$-]+)\\[^\0-\x1f<>\"|?*]{3,250}")


def shared_files(texts: Iterable[str]) -> tuple[str, ...]:
    """The first addresses in some texts, plain or HTML, at which people hand over files, as text to be shown."""
    found = (
        _unwrapped(address[0].rstrip(_END_OF_SENTENCE))
        for text in texts
        for address in _ADDRESS.finditer(html.unescape(_PICTURE.sub("", text[:_LONGEST_TEXT])))
    )
    return tuple(dict.fromkeys(plain_text(address) for address in found if _hands_over(address)))[:_MOST]


def target(data: bytes) -> str:
    """The address or path that a shortcut of any system, or a file of Google Drive, points to; "" if it says none."""
    data = data[:_LONGEST_SHORTCUT]
    texts = (data.decode("utf-8", "replace"), data.decode("utf-16", "replace"), data[1:].decode("utf-16-le", "replace"))
    return plain_text(_listed(data) or next((found for text in texts if (found := _pointed_to(text))), ""))


def _unwrapped(address: str) -> str:
    inner = None if _hands_over(address) else _WRAPPED.search(address, 8)
    return unquote(inner[0]) if inner else address


def _hands_over(address: str) -> bool:
    host, _, path = address.partition("://")[2].partition("/")
    name = host.rpartition("@")[2].partition(":")[0]
    return bool(_SERVICES.search(name) or _FILE.search(path.partition("?")[0]))


def _listed(data: bytes) -> str:
    """The address in a property list of macOS, of either form."""
    try:
        listed = plistlib.loads(data)
    except Exception:
        # The library tells what is no such list by whatever it stumbles over.
        return ""
    return str(listed.get("URL", "")) if isinstance(listed, dict) else ""


def _pointed_to(text: str) -> str:
    if line := _URL_LINE.search(text) or _GOOGLE_ADDRESS.search(text):
        return line[1]
    if document := _GOOGLE_ID.search(text):
        return f"https://docs.google.com/spreadsheets/d/{document[1]}"
    paths = [*_TARGET.findall(text), *_ADDRESS.findall(text)]
    return max(paths, key=len, default="")
