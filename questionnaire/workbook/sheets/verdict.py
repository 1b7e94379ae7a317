"""Writes the ONE verdict on a questionnaire and its progress; Cover and Check show the same."""

from questionnaire.cover_entries import COVER_ENTRIES
from questionnaire.layout import TableSheet
from questionnaire.workbook.formulas.checks import Sign
from questionnaire.workbook.sheets import overview
from questionnaire.workbook.sheets.book import Book
from questionnaire.workbook.texts.texts import LiveText

SIGN_OFF = COVER_ENTRIES["signed_off_by"].name
"""The defined name of the cell that is filled in to sign off."""


def verdict(book: Book) -> LiveText:
    """What stands between this questionnaire and its return, the gravest first, with its sign in front."""
    counts = [book.tally(indicator) for indicator in book.layout.instrument.indicators]
    steps = (
        (Sign.ERROR, "verdict_to_correct", overview.TO_CORRECT, sum(item.to_correct.cached for item in counts)),
        (Sign.TO_DO, "verdict_to_do", overview.TO_DO, sum(item.to_do.cached for item in counts)),
        (Sign.WARNING, "verdict_to_explain", overview.TO_EXPLAIN, sum(item.to_explain.cached for item in counts)),
    )
    signing = _signed(Sign.TO_DO, book.texts.say("verdict_sign_off"))
    ready = _signed(Sign.OK, book.texts.say("verdict_ready"))
    expression = f'IF(TRIM({SIGN_OFF})="",{signing.expression},{ready.expression})'
    first, every = signing, [*signing.every, *ready.every]
    for sign, key, column, number in reversed(steps):
        total = with_lists(book, overview.sum_of(book, column), sign)
        text = _signed(sign, book.texts.say(key).filled(n=(total, str(number))))
        expression = f"IF({total}>0,{text.expression},{expression})"
        every += text.every
        if number:
            first = text
    return LiveText(expression, first.cached, tuple(every))


def answers_given(book: Book) -> LiveText:
    """How many answers are given of those that are due by now, as a sentence."""
    done, due = _done_and_due(book)
    expected = sum(book.tally(indicator).due.cached for indicator in book.layout.instrument.indicators)
    return book.texts.say("cover_answered").filled(done=(done, "0"), total=(due, str(expected)))


def share_done(book: Book) -> str:
    """The share of what is due that is answered, between 0 and 1, as an expression."""
    done, due = _done_and_due(book)
    return f"IF({due}=0,0,{done}/({due}))"


def _done_and_due(book: Book) -> tuple[str, str]:
    """Answers given, and those with what is still missing: the same that the verdict counts, lists included."""
    done, missing = (overview.sum_of(book, column) for column in (overview.DONE, overview.TO_DO))
    return done, f"{done}+{with_lists(book, missing, Sign.TO_DO)}"


def _signed(sign: Sign, text: LiveText) -> LiveText:
    every = tuple(f"{sign} {wording}" for wording in text.every)
    return LiveText(f'"{sign} "&{text.expression}', f"{sign} {text.cached}", every)


def with_lists(book: Book, total: str, sign: Sign) -> str:
    """An expression for a number of open points, increased by those of open lists; tables count with their indicators.

    A line has no cell for a reason: what is pointed out there keeps nobody from sending.
    """
    if sign is Sign.WARNING:
        return total
    lists = (sheet for sheet in book.layout.lists if not isinstance(sheet, TableSheet))
    return "+".join((total, *(book.open_points(sheet, sign).expression for sheet in lists)))
