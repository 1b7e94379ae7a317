"""Finds the respondents that an e-mail address speaks for, as contacts.csv of the round, and older files, list them."""

from email.utils import parseaddr

from questionnaire.rounds.round import Respondent


def sent_by(sender: str, respondents: tuple[Respondent, ...]) -> tuple[str, ...]:
    """The codes of the respondents that a sender is listed for, in the order of the frame; none if it is not listed.

    `sender` is as a mail states it, with or without a name. What is listed most exactly counts: an address before a
    domain, a domain before the one that it is part of.
    """
    address = parseaddr(sender)[1].casefold()
    exactness = {entry.code: max((len(listed) for listed in entry.senders if _is_of(address, listed)), default=0)
                 for entry in respondents}  # fmt: skip
    most = max(exactness.values(), default=0)
    return tuple(code for code, found in exactness.items() if found == most) if most else ()


def _is_of(address: str, listed: str) -> bool:
    """True for the address listed itself, or one of the domain listed."""
    if "@" in listed:
        return address == listed
    return address.rpartition("@")[2] == listed or address.endswith(f".{listed}")
