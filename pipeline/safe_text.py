"""Makes texts from returns safe to show: in a spreadsheet, on a page, on a terminal; Parquet keeps them verbatim.

Nothing visible is taken away: only characters that a program obeys and a person does not see.
"""

import html
import re

from questionnaire.blanks import INVISIBLE

# Control characters move a terminal's cursor and are refused by XML; lone surrogates cannot be written as UTF-8 at all;
# noncharacters are a program's own signs, and ours in templates of workbooks.
_UNSEEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{INVISIBLE}]")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")

# A spreadsheet program takes a text that begins so as a formula (OWASP, "CSV injection"), some of them also behind
# blanks and in the full-width forms that East Asian keyboards give.
_FORMULA = re.compile("\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\n]")


def shown(text: str) -> str:
    """The text as its reader sees it, on as many lines: for pages, where a leading = is nothing but a sign."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text))


def escape(text: str) -> str:
    """The text as it may stand in a page: nothing in it is markup, nothing in it is unseen."""
    return html.escape(shown(text))


def on_one_line(text: str) -> str:
    """The text as its reader sees it, on one line: on a terminal no text can pass for a line of ours."""
    return shown(text).replace("\n", " ")


def harmless(text: str) -> str:
    """The text as its reader sees it, and no spreadsheet takes it for a formula; a leading ' marks the change."""
    seen = shown(text)
    return f"'{seen}" if _FORMULA.match(seen) else seen
