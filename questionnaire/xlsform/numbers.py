"""Writes numbers as XPath and the files of an instrument have them: in digits, without an exponent."""


def plain_number(number: float) -> str:
    """A number in digits: 1000000 and not 1e+06."""
    return f"{number:.12f}".rstrip("0").rstrip(".")
