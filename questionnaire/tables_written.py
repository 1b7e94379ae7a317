"""Writes the small tables of an instrument or a round as texts, in the form that `questionnaire.tables` reads."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from questionnaire.codelists import Wording


def csv_text(rows: Iterable[Mapping[str, str]], columns: Sequence[str] = ()) -> str:
    """A CSV table of rows; its columns are those of the first one, unless they are given."""
    listed = list(rows)
    file = io.StringIO()
    writer = csv.DictWriter(file, columns or list(listed[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return file.getvalue()


def quoted(text: str) -> str:
    """A text as TOML has it between double quotes."""
    escaped = "".join(f"\\u{ord(sign):04x}" if sign < " " or sign in '"\\\x7f' else sign for sign in text)
    return f'"{escaped}"'


def inline(texts: Wording) -> str:
    """A text in several languages as TOML has it on one line."""
    return "{ " + ", ".join(f"{language} = {quoted(text)}" for language, text in texts.items()) + " }"
