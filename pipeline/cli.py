"""Defines the command `acopio`: one thin command per step; it parses the command line, calls one module and prints.

Exit codes: 0 done; 1 findings of severity error or blocker, or nothing that could be done; 2 a wrong command or file.
"""

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn

import click

from pipeline.safe_text import on_one_line, shown
from questionnaire.indicator_table.records import IndicatorTableError
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import SLICES, Round, read_round
from questionnaire.rounds.round_key import KEY
from questionnaire.tables import DeclarationError

_ROUND = click.argument("round_folder", metavar="ROUND", type=click.Path(path_type=Path))


class _Commands(click.Group):
    """The commands in the order written; a fault in a declaration ends each with its sentence and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (DeclarationError, IndicatorTableError) as error:
            fail(str(error), 2)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


def fail(message: str, code: int = 1) -> NoReturn:
    """Print a message to standard error and end with an exit code."""
    click.echo(shown(message), err=True)
    raise SystemExit(code)


@click.group(cls=_Commands)
@click.version_option(package_name="acopio")
def main() -> None:
    """Send an Excel questionnaire to many governments, read what comes back, and make a regional dataset.

    ROUND is the folder of a round, such as rounds/demo.
    """


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--sheet", default="", help="The sheet or table to read: its name, a part of it, or its number.")
@click.option("--header-row", type=int, help="The row or line of the column heads, as FILE counts it; 0 for none.")
@click.option("--map", "columns", multiple=True, help="Which column is what, such as objective=Targets,indicator=D.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
def table(file: Path, sheet: str, header_row: int | None, columns: tuple[str, ...], form: str) -> None:
    """Read an indicator table as it is, and show what was understood: sections, objectives, indicators, doubts.

    FILE is a workbook (xlsx, xls, ods), a Word document (docx), a page (html), a table as csv, tsv or Markdown, or a
    text. Columns are known by their heads in French, Spanish, English and Portuguese; where that goes wrong, --map
    names them by role, each by its head or letter: section, objective, indicator, section_code, objective_code,
    code, letter, unit, source, frequency, baseline, target, responsible, disaggregation, definition, type.

    --format csv and json give every indicator with its identifier, texts, attributes and cell.

    Exit code 0 if a table was read, 2 if not: the message says what was looked for, what was found, and what to do.
    """
    from pipeline.desk.table_report import FORMATS
    from pipeline.documents.choices import choices
    from pipeline.documents.opening import read_table

    chosen = choices(sheet, header_row, columns)
    try:
        found = read_table(file, chosen)
    except IndicatorTableError as error:
        fail(str(error).replace("acopio table FILE", f"acopio table {shlex.quote(str(file))}"), 2)
    click.echo(FORMATS[form](found), nl=False)


@main.command()
@_ROUND
@click.option("--slice", "slices", is_flag=True, help="Also write the parts that ROUND/slices.csv gives to ministries.")
def questionnaires(round_folder: Path, slices: bool) -> None:
    """Write the workbook of every participant of ROUND, and an index of them.

    They go to outputs/<round>/questionnaires; the questionnaires of an earlier run are replaced. Each is signed with
    the file ROUND/key, made the first time: keep it, and give it only to whoever reads the returns of this round.

    With --slice, workbooks with a part of the indicators stand beside the whole ones, such as
    BRA_Brasil_demo_pt_justice.xlsx. ROUND/slices.csv has a line for each: respondent (a code, or * for all), slice
    (its code), title_<language> (its name), sections, indicators (codes with spaces between; one of the two is
    enough). A line of a respondent's own replaces the line for all with the same code. A part that comes back is
    read and checked; its answers are kept, and only those of whole questionnaires are published.
    """
    from pipeline.desk import questionnaires as sending

    round_ = read_round(round_folder)
    changed = sending.were_of_other_questions(round_)
    sent = sending.write_questionnaires(round_, _progress("questionnaires"), slices)
    folder = _shown(sending.folder(round_))
    click.echo(say("summary", "questionnaires_written", round_.working_language, count=len(sent), folder=folder))
    click.echo(say("summary", "questionnaires_signed", round_.working_language, file=_shown(round_.folder / KEY)))
    if changed:
        click.echo(say("summary", "questionnaires_changed", round_.working_language), err=True)
    if count := sum(bool(entry.slice) for entry in sent):
        file = _shown(round_.folder / SLICES)
        click.echo(say("summary", "slices_written", round_.working_language, count=count, file=file))


@main.command()
@_ROUND
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
def simulate(round_folder: Path, seed: int) -> None:
    """Fill in questionnaires of ROUND with made-up answers, some with faults, as if they had come back.

    They go to ROUND/returns, which must be empty; ROUND/simulated.csv lists the faults.
    """
    from pipeline.simulation import simulate as simulation

    round_ = read_round(round_folder)
    language, folder = round_.working_language, _shown(round_.returns)
    try:
        written = simulation.simulate(round_, seed, _progress("simulated returns"))
    except simulation.NotEmptyError:
        fail(say("summary", "not_simulated", language, folder=folder))
    count = len({entry.respondent for entry in written if entry.respondent})
    register = _shown(round_.folder / simulation.REGISTER)
    values = {"files": len(written), "respondents": count, "folder": folder, "register": register}
    click.echo(say("summary", "simulated", language, **values))


@main.command()
@_ROUND
@click.option(
    "--csv",
    "flavour",
    type=click.Choice(["plain", "excel"]),
    default="plain",
    show_default=True,
    help="excel: with the signs that Excel expects in the working language of the round, to open by a double click.",
)
@click.option("--labels", type=click.Choice(LANGUAGES), help="Language of Stata and SPSS files.")
def consolidate(round_folder: Path, flavour: str, labels: str | None) -> None:
    """Read the returns of ROUND, check them, and make the regional dataset.

    Everything stands in outputs/<round>/restricted; what anybody may see, also in outputs/<round>/public.

    Only returns that are new since the last run are read; delete outputs/<round>/.reading_cache to have all read again.
    Exit code 1 if there is nothing to consolidate or the dataset fails its gate: earlier results then stay.
    """
    from pipeline.desk.summary import summary
    from pipeline.journey import NoReturnsError, NotPublishedError, consolidate_round
    from pipeline.publication.csv_files import Flavour
    from pipeline.publication.gate import GateError

    round_ = read_round(round_folder)
    try:
        published = consolidate_round(round_, _progress("returns"), Flavour(flavour), labels or "")
    except NoReturnsError:
        fail(say("summary", "no_returns", round_.working_language, folder=_shown(round_.returns)))
    except NotPublishedError as error:
        fail(
            "\n".join((say("summary", "gate_failed", round_.working_language, failed=len(error.failed)), *error.failed))
        )
    except GateError as error:
        fail(say("summary", "gate_broke", round_.working_language, detail=str(error)))
    for line in summary(round_, published, _shown(round_.results(Access.RESTRICTED))):
        click.echo(shown(line))


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--round", "round_folder", type=click.Path(path_type=Path), help="Else the one the file names.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the messages; else the respondent's own.")
def check(files: tuple[Path, ...], round_folder: Path | None, form: str, language: str | None) -> None:
    """Check returned workbooks, one by one, and print what is found in them.

    A FILE may also be a mail or an archive: every workbook in it is checked.

    Exit code 0 if nothing is to be corrected, 1 if there are errors or blockers, 2 if a file or round is not there.
    """
    from pipeline.desk import check as checking

    if missing := [str(path) for path in files if not path.is_file()]:
        fail(f"There is no file {', '.join(missing)}. Check the name.", 2)
    checked = [entry for path in files for entry in checking.check(path, round_folder)]
    click.echo(checking.FORMATS[form](checked, language), nl=False)
    raise SystemExit(1 if any(entry.must_be_corrected for entry in checked) else 0)


@main.command()
@_ROUND
def status(round_folder: Path) -> None:
    """Show who has returned the questionnaire of ROUND, and with what verdict."""
    from pipeline.desk.status import status_lines

    _print_or_fail(status_lines, read_round(round_folder))


@main.command()
@_ROUND
@click.argument("file")
@click.option("--as", "respondent", metavar="CODE", help="The respondent whose return it is.")
@click.option(
    "--slice",
    "slice_",
    metavar="PART",
    default="",
    help="The part of the questionnaire that it is, as slices.csv calls it, if the file no longer says so itself.",
)
@click.option("--undo", is_flag=True, help="Take an earlier acceptance back; the register keeps both.")
@click.option("--why", required=True, help="What makes you sure: who confirmed it, how, when. The register keeps it.")
def accept(round_folder: Path, file: str, respondent: str | None, slice_: str, undo: bool, why: str) -> None:
    """Say whose a return of ROUND is that is held because that was not certain.

    FILE is its name as acopio status shows it, or the first 8 or more letters of its SHA-256. Who accepted it, when
    and why stays in ROUND/register.sqlite; the next consolidation takes it into account. Accept it again, as
    another's, to correct a mistake.
    """
    import datetime as dt

    from pipeline.desk import accept as accepting

    if undo is bool(respondent):
        fail("Say either --as CODE, whose return it is, or --undo.", 2)
    if not why.strip(" .…"):
        fail("Write after --why what makes you sure, such as “confirmed by telephone with the focal point”.", 2)
    round_, now = read_round(round_folder), dt.datetime.now(dt.UTC)
    try:
        if respondent:
            click.echo(shown(accepting.accept(round_, file, respondent, why, now, slice_)))
        else:
            click.echo(shown(accepting.undo(round_, file, why, now)))
    except accepting.NotAcceptedError as error:
        fail(str(error))
    except accepting.UnknownFileError as error:
        fail(str(error), 2)


@main.command()
@_ROUND
@click.argument("respondent")
@click.argument("indicator")
@click.argument("field", required=False)
def explain(round_folder: Path, respondent: str, indicator: str, field: str | None) -> None:
    """Tell where the values of RESPONDENT for INDICATOR come from: file, sheet, cell, text as typed, rule, checks.

    FIELD limits it to one value, such as status or n_total.
    """
    from pipeline.desk.explain import explain_lines

    round_ = read_round(round_folder)
    codes = {entry.code.casefold(): entry.code for entry in round_.instrument.indicators}
    known = codes.get(indicator.casefold(), indicator)
    _print_or_fail(explain_lines, round_, respondent.upper(), known, field)


def _print_or_fail(lines: Callable[..., Iterable[str]], round_: Round, *arguments: Any) -> None:
    from pipeline.publication.results import NotConsolidatedError, UnknownError

    try:
        for line in lines(round_, *arguments):
            click.echo(on_one_line(line))
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=_shown(round_.folder)))
    except UnknownError as error:
        fail(str(error), 2)


def _progress(label: str) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """A progress bar on a terminal; nothing where output is a file or another program."""
    from tqdm import tqdm

    return lambda items: tqdm(items, desc=label, disable=None, leave=False)


def _shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
