"""Owns raised characters: marks of footnotes and powers, which plain text can hold too."""

_RAISED = str.maketrans("0123456789abcdefghijklmnoprstuvwxyz()", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ⁽⁾")
_LONGEST_MARK = 3
_ORDINALS = {"st", "nd", "rd", "th", "e", "er", "o", "a", "os", "as", "ème", "re"}


def raised(text: str) -> str:
    """A raised text as raised characters, if it is short and they exist; the endings of ordinals stay plain."""
    shown = text.strip()
    if len(shown) > _LONGEST_MARK or shown in _ORDINALS:
        return text
    return text.translate(_RAISED)
