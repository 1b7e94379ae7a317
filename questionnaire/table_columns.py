"""Names the columns that the sheet of a table has for each cell of a line, besides those that a list has."""


def fault_column(field: str) -> str:
    """The name of the hidden column that says what is wrong with a cell."""
    return f"{field}.fault"


def previous_column(field: str) -> str:
    """The name of the column with what a cell held in the previous round."""
    return f"{field}.last"
