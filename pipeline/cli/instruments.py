"""The commands that make an instrument of an indicator table, and a round of an instrument."""

import datetime as dt
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipeline.cli.speaking import fail, open_round, shown_path
from pipeline.safe_text import on_one_line, shown
from questionnaire.indicator_table.records import IndicatorTableError
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.round import read_round

if TYPE_CHECKING:
    from pipeline.starting.places import Places


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", default="", help="The sheet or table to read: its name, a part of it, or its number.")
@click.option("--header-row", type=int, help="The row or line of the column heads, as FILE counts it; 0 for none.")
@click.option("--map", "columns", multiple=True, help="Which column is what, such as objective=Targets,indicator=D.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the messages.")
def table(file: Path, sheet: str, header_row: int | None, columns: tuple[str, ...], form: str, language: str) -> None:
    """Read an indicator table as it is, and show what was understood: sections, objectives, indicators, doubts.

    FILE is a workbook (xlsx, xls, ods), a Word document (docx), a page (html), a table as csv, tsv or Markdown, or a
    text. Columns are known by their heads in French, Spanish, English and Portuguese; where that goes wrong, --map
    names them by role, each by its head or letter: section, objective, indicator, section_code, objective_code,
    code, letter, unit, source, frequency, baseline, target, responsible, disaggregation, definition, type.

    --format csv and json give every indicator with its identifier, texts, attributes and cell.

    Exit code 0 if a table was read, 2 if not: the message says what was looked for, what was found, and what to do.
    """
    from pipeline.desk.table_report import FORMATS, refusal
    from pipeline.documents.choices import choices
    from pipeline.documents.opening import read_table

    chosen = choices(sheet, header_row, columns)
    try:
        found = read_table(file, chosen)
    except IndicatorTableError as error:
        fail(refusal(error, str(file), language), 2)
    click.echo(FORMATS[form](found, language), nl=False)


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of the table, if it is not recognised.")
@click.option("--title", default="", help="The title on the questionnaire; else the name.")
@click.option("--respondents", default="", help="Countries to ask, as codes of ISO 3166-1: BRA,CHL,PER.")
@click.option("--sheet", default="", help="As for acopio table.")
@click.option("--header-row", type=int, help="As for acopio table.")
@click.option("--map", "columns", multiple=True, help="As for acopio table.")
@click.option("--xlsform", "form", is_flag=True, help="FILE is an XLSForm, as ODK and KoboToolbox have it.")
def new(name: str, file: Path, language: str | None, title: str, respondents: str, **reading: Any) -> None:
    """Make an instrument and a round of an indicator table, with a proposal of what to ask about each indicator.

    NAME is the name of both, in small letters, such as water-2026. It may be a path: then that folder gets the
    instrument, the round and what is made of it. FILE is a table as acopio table reads it.

    What is proposed, and why, stands in proposals.csv of the instrument; what the text of an indicator does not show
    is asked as a text, and listed. Nothing has to be written to see a first questionnaire: acopio try NAME.

    With --xlsform, FILE is a form: its groups become sections, objectives and indicators, its questions, choices,
    conditions, constraints and languages those of the instrument, and repeats lists; what has no counterpart is named.
    """

    from pipeline.desk.table_report import refusal
    from pipeline.documents.choices import choices
    from pipeline.documents.opening import read_table
    from pipeline.starting.places import places
    from pipeline.starting.start import NotStartedError, start
    from pipeline.starting.started import started_lines

    where = places(name)
    if where is None:
        fail(say("new_instrument", "bad_name", language or "en", name=name), 2)
    asked = respondents.replace(",", " ").upper().split()
    if reading["form"]:
        _from_form(where, file, name, title, asked, language or "en")
        return
    try:
        found = read_table(file, choices(reading["sheet"], reading["header_row"], reading["columns"]))
    except IndicatorTableError as error:
        fail(refusal(error, str(file), language or "en"), 2)
    try:
        started = start(where, found, dt.date.today(), language or "", title, asked)  # noqa: DTZ011  a day, as printed
    except NotStartedError as error:
        fail(str(error), 2)
    for line in started_lines(started, found, where, name, shown_path):
        click.echo(on_one_line(line))


def _from_form(where: "Places", file: Path, given: str, title: str, asked: list[str], language: str) -> None:
    from pipeline.desk.table_report import refusal
    from pipeline.documents.forms import read_sheets
    from pipeline.starting.from_form import form_lines, start_from_form
    from pipeline.starting.start import NotStartedError

    try:
        started = start_from_form(where, read_sheets(file), dt.date.today(), title, asked, language)  # noqa: DTZ011
    except IndicatorTableError as error:
        fail(refusal(error, str(file), language), 2)
    except NotStartedError as error:
        fail(str(error), 2)
    for line in form_lines(started, where, given, shown_path):
        click.echo(on_one_line(line))


@click.command("try")
@click.argument("name")
def try_(name: str) -> None:
    """Try an instrument before anything is sent: one questionnaire, a few made-up returns, and their dataset.

    NAME is what acopio new was given, or the folder of a round. Everything goes to outputs/trial/<round>, and is
    replaced by the next trial; the round itself stays as it is.
    """
    from pipeline.starting.places import round_of, rounds_in
    from pipeline.starting.started import tried_lines
    from pipeline.starting.trial import try_out

    folder = round_of(name)
    if folder is None:
        _none_called(name, rounds_in(name))
    for line in tried_lines(try_out(read_round(folder)), shown_path):
        click.echo(shown(line))


@click.command()
@click.argument("name")
@click.option("--to", "file", type=click.Path(path_type=Path), help="The workbook to write; else NAME.design.xlsx.")
@click.option("--from", "source", type=click.Path(path_type=Path), help="The workbook to read back.")
@click.option("--edition", help="The name of the next edition, such as 2; given again, it compares.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language of explanations and findings.")
def design(name: str, file: Path | None, source: Path | None, edition: str | None, language: str | None) -> None:
    """Write an instrument as one Excel workbook, read it back after it was edited, or start the next edition.

    NAME is what acopio new was given, or the folder of an instrument. Without --from and --edition, the workbook has
    everything: sections, indicators, questions, lists, tables, rules and texts, with dropdowns and checks. With --from,
    it is read back into the text files of the instrument. Whatever is wrong is reported together, each with sheet, cell
    and remedy, and nothing is written as long as something is; missing translations are listed. A text file whose
    content is the same stays as it is.

    Explanations and findings are in --language, else in the official language of the instrument where that is fr, es,
    en or pt.

    With --edition, the first time, the instrument is kept whole in its folder editions, for the rounds that began with
    it, and instrument.toml gets the new edition. Every further time, what is asked now is compared with the edition
    before: added, dropped, renamed, reworded, moved, each with its reason. What is certain is written into editions.csv
    and wordings_before.csv, so that answers carry over and old forms that come back are read; what a person wrote there
    holds. What may be the same or not is asked, with the lines to choose from.

    Exit code 0 if all is done, 1 if something is to be corrected or decided, 2 if a file cannot be read or an edition
    cannot be started.
    """
    from pipeline.starting.places import instrument_of, instruments_in

    folder = instrument_of(name)
    if folder is None:
        _none_called(name, instruments_in(name))
    if len([one for one in (file, source, edition) if one is not None]) > 1:
        fail(say("design_workbook", "one_of_two", "en"), 2)
    if edition is not None:
        _next_edition(folder, edition)
    elif source is not None:
        _take_back(folder, source, language)
    else:
        _write_design(folder, file, name, language)


def _write_design(folder: Path, file: Path | None, given: str, language: str | None) -> None:
    from pipeline.design_workbook.report import written_lines
    from pipeline.design_workbook.written import write_workbook
    from pipeline.starting.places import design_file

    written = write_workbook(folder, file or design_file(given, folder), language or "")
    for line in written_lines(written, given, shown_path):
        click.echo(on_one_line(line))


def _take_back(folder: Path, source: Path, language: str | None) -> None:
    from pipeline.design_workbook.opening import open_design
    from pipeline.design_workbook.report import taken_lines
    from pipeline.design_workbook.take_back import take_back
    from pipeline.starting.edition_report import language_of_report
    from questionnaire.tables import read_settings

    official = read_settings(folder / "instrument.toml").text("official_language")
    language = language or language_of_report(official)
    taken = take_back(folder, open_design(source))
    for line in taken_lines(taken, shown_path(folder), shown_path(source), language):
        click.echo(on_one_line(line))
    if not taken.is_taken:
        raise SystemExit(1)


def _next_edition(folder: Path, edition: str) -> None:
    from pipeline.starting.edition_report import edition_lines, language_of_report
    from pipeline.starting.next_edition import NoNextEditionError, propose, start_edition
    from questionnaire.proposals.edition_changes import How
    from questionnaire.tables import read_settings

    settings = read_settings(folder / "instrument.toml")
    language, before = language_of_report(settings.text("official_language")), settings.text("edition")
    try:
        kept = start_edition(folder, edition) if edition != before else None
        proposed = propose(folder)
    except NoNextEditionError as error:
        fail(say("editions", str(error), language, edition=error.value, folder=shown_path(Path(error.value))), 2)
    if kept is not None:
        click.echo(on_one_line(say("editions", "started", language, folder=shown_path(kept), then=before, now=edition)))
        click.echo(on_one_line(say("editions", "next", language, folder=shown_path(folder), now=edition)))
        return
    for line in edition_lines(proposed, folder, shown_path):
        click.echo(on_one_line(line))
    if any(change.how is How.ASKED for change in proposed.changes):
        raise SystemExit(1)


@click.command()
@click.argument("name")
@click.option("--xlsform", "form", is_flag=True, required=True, help="As an XLSForm, for ODK and KoboToolbox.")
@click.option("--to", "file", type=click.Path(path_type=Path), help="The file to write; else outputs/<round>/xlsform.")
def export(name: str, form: bool, file: Path | None) -> None:  # noqa: ARG001  there is one format, and it is named
    """Write the questionnaire of a round for another program, for those who collect by telephone or on the web.

    NAME is the folder of a round, or what acopio new was given. The form has the same questions, languages, choices
    and lists; what keeps a return out of the dataset is a constraint there, what only asks a note below the question,
    and a question without an answer asks for the reason. What has no counterpart in a form is named.
    """
    from pipeline.desk.export import export_xlsform, exported_lines
    from pipeline.starting.places import round_of, rounds_in

    folder = round_of(name)
    if folder is None:
        _none_called(name, rounds_in(name))
    round_ = open_round(folder)
    target = file or round_.outputs / "xlsform" / f"{round_.name}.xlsx"
    for line in exported_lines(round_, export_xlsform(round_, target), shown_path(target)):
        click.echo(shown(line))


def _none_called(name: str, within: Sequence[Path]) -> NoReturn:
    """Say that nothing has a name, or which of several there are."""
    folders = ", ".join(shlex.quote(str(folder)) for folder in within)
    key = "several_within" if within else "no_instrument"
    fail(say("new_instrument", key, "en", name=shlex.quote(name), folders=folders), 2)


@click.command("new-round")
@click.argument("name")
@click.option("--from", "source", required=True, type=click.Path(path_type=Path), help="The round to begin from.")
def make_round(name: str, source: Path) -> None:
    """Make the folder of a new round NAME beside another one, with its respondents and settings.

    What was only of that round is left out, to be written anew in round.toml: title, period, dates, contact. Of
    reference.csv, what is the same for all comes along. Returns, key and register stay where they are.
    """
    from pipeline.desk.new_round import has_figures_of_single_respondents, new_round
    from questionnaire.rounds.round import current_edition

    round_ = open_round(source)
    folder, language = new_round(name, source), round_.working_language
    click.echo(say("summary", "round_made", language, folder=shown_path(source.parent / folder.name)))
    if (now := current_edition(source)) != round_.instrument.edition:
        line = f'edition = "{now}"'
        click.echo(say("summary", "round_of_before", language, now=now, then=round_.instrument.edition, line=line))
    if has_figures_of_single_respondents(source):
        click.echo(say("summary", "round_references", language))
