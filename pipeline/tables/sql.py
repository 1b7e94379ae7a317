"""Spells names and texts as SQL takes them, whatever stands in them."""


def quoted(name: str) -> str:
    """A name of a table or a column."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as a value."""
    return "'" + value.replace("'", "''") + "'"
