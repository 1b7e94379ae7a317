"""Writes a questionnaire for another program than a spreadsheet: today an XLSForm, for ODK and KoboToolbox."""

from collections.abc import Iterator
from pathlib import Path

from pipeline.files import write_whole
from questionnaire.messages import say
from questionnaire.rounds.round import Round
from questionnaire.xlsform.write import LANGUAGE_NAMES, XlsForm, xlsform


def export_xlsform(round_: Round, file: Path) -> XlsForm:
    """Write the form of a round to a file, whole or not at all."""
    form = xlsform(round_)
    write_whole(file, form.content)
    return form


def exported_lines(round_: Round, form: XlsForm, shown: str) -> Iterator[str]:
    """What was written, and what of the questionnaire has no counterpart in a form."""
    language = round_.working_language
    languages = ", ".join(LANGUAGE_NAMES.get(code, code) for code in round_.languages)
    counts = {"questions": form.questions, "groups": form.groups}
    yield say("xlsform", "written", language, file=shown, languages=languages, **counts)
    for why, codes in form.left_out.items():
        yield say("xlsform", "left_out", language, what=say("xlsform", why, language), codes=", ".join(codes))
