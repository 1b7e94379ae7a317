"""The commands of the secretariat: questionnaires go out, returns come in, people decide."""

import datetime as dt
from pathlib import Path

import click

from pipeline.cli.speaking import ROUND, check_reason, fail, open_round, progress, shown_path
from pipeline.safe_text import shown
from questionnaire.messages import LANGUAGES, say
from questionnaire.rounds.leftovers import leftovers
from questionnaire.rounds.round import SLICES, Round
from questionnaire.rounds.round_key import KEY


@click.command()
@ROUND
@click.option("--slice", "slices", is_flag=True, help="Also write the parts that ROUND/slices.csv gives to ministries.")
@click.option("--anyway", is_flag=True, help="Write them although something seems to be left over from another round.")
def questionnaires(round_folder: Path, slices: bool, anyway: bool) -> None:
    """Write the workbook of every participant of ROUND, and an index of them.

    They go to outputs/<round>/questionnaires; the questionnaires of an earlier run are replaced. Each is signed with
    the file ROUND/key, made the first time: keep it, and give it only to whoever reads the returns of this round.

    With --slice, workbooks with a part of the indicators stand beside the whole ones, such as
    BRA_Brasil_demo_pt_justice.xlsx. ROUND/slices.csv has a line for each: respondent (a code, or * for all), slice
    (its code), title_<language> (its name), sections, indicators (codes with spaces between; one of the two is
    enough). A line of a respondent's own replaces the line for all with the same code. The parts that
    come back are merged with each other and with whole questionnaires of their respondent, answer by answer.

    Nothing is written while round.toml or respondents.csv still has words of the demonstration, an example address, a
    day that is past, years that do not fit the period, or a respondent without a name in its language.
    """
    from pipeline.desk import questionnaires as sending

    round_ = open_round(round_folder)
    if not anyway:
        _refuse_leftovers(round_)
    changed = sending.were_of_other_questions(round_)
    sent = sending.write_questionnaires(round_, progress("questionnaires"), slices)
    folder = shown_path(sending.folder(round_))
    click.echo(say("summary", "questionnaires_written", round_.working_language, count=len(sent), folder=folder))
    click.echo(say("summary", "questionnaires_signed", round_.working_language, file=shown_path(round_.folder / KEY)))
    if changed:
        click.echo(say("summary", "questionnaires_changed", round_.working_language), err=True)
    if count := sum(bool(entry.slice) for entry in sent):
        file = shown_path(round_.folder / SLICES)
        click.echo(say("summary", "slices_written", round_.working_language, count=count, file=file))


def _refuse_leftovers(round_: Round) -> None:
    language = round_.working_language
    if found := leftovers(round_, dt.datetime.now().astimezone().date()):
        said = [say("summary", entry.key, language, where=entry.where, found=entry.found) for entry in found]
        fail("\n".join((say("summary", "leftovers_found", language), *said)))


@click.command()
@ROUND
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
def simulate(round_folder: Path, seed: int) -> None:
    """Fill in questionnaires of ROUND with made-up answers, some with faults, as if they had come back.

    They go to ROUND/returns, which must be empty; ROUND/simulated.csv lists the faults.
    """
    from pipeline.simulation import simulate as simulation

    round_ = open_round(round_folder)
    language, folder = round_.working_language, shown_path(round_.returns)
    try:
        written = simulation.simulate(round_, seed, progress("simulated returns"))
    except simulation.NotEmptyError:
        fail(say("summary", "not_simulated", language, folder=folder))
    count = len({entry.respondent for entry in written if entry.respondent})
    register = shown_path(round_.folder / simulation.REGISTER)
    values = {"files": len(written), "respondents": count, "folder": folder, "register": register}
    click.echo(say("summary", "simulated", language, **values))


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--round", "round_folder", type=click.Path(path_type=Path), help="Else the one the file names.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(LANGUAGES), help="Of the messages; else the respondent's own.")
@click.option("--copy", "copies", type=click.Path(path_type=Path), help="Folder for copies to print and sign.")
def check(
    files: tuple[Path, ...], round_folder: Path | None, form: str, language: str | None, copies: Path | None
) -> None:
    """Check returned workbooks, one by one, and print what is found in them.

    A FILE may also be a mail, an archive or a folder: every workbook in it is checked. Files of several rounds are
    each checked against their own, among those in rounds/; one of another round is reported as such.

    With --copy, a page to print is written for each: only what was answered, with reasons and comments, and room to
    sign.

    Exit code 0 if nothing is to be corrected, 1 if there are errors or blockers, 2 if a file or the round given is
    not there.
    """
    from pipeline.receiving import isolation

    if missing := [str(path) for path in files if not (path.is_file() or path.is_dir())]:
        fail(f"There is no file {', '.join(missing)}. Check the name.", 2)
    isolation.prepare()
    from pipeline.desk import check as checking

    checked = [entry for path in files for entry in checking.check(path, round_folder)]
    if not checked:
        fail(f"There is no file in {', '.join(map(str, files))}. Check the name.", 2)
    click.echo(checking.FORMATS[form](checked, language), nl=False)
    for copy in checking.write_copies(checked, language, copies) if copies else ():
        click.echo(shown_path(copy), err=True)
    raise SystemExit(1 if any(entry.must_be_corrected for entry in checked) else 0)


@click.command()
@ROUND
@click.argument("file")
@click.option("--as", "respondent", metavar="RESPONDENT", help="Whose return it is: code, name or alias.")
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
    from pipeline.desk.naming import UnknownError

    if undo is bool(respondent):
        fail("Say either --as CODE, whose return it is, or --undo.", 2)
    check_reason(why, "confirmed by telephone with the focal point")
    round_, now = open_round(round_folder), dt.datetime.now(dt.UTC)
    try:
        if respondent:
            click.echo(shown(accepting.accept(round_, file, respondent, why, now, slice_)))
        else:
            click.echo(shown(accepting.undo(round_, file, why, now)))
    except accepting.NotAcceptedError as error:
        fail(str(error))
    except UnknownError as error:
        fail(str(error), 2)


@click.command()
@ROUND
@click.argument("file")
@click.option("--undo", is_flag=True, help="Take an earlier choice back; the register keeps both.")
@click.option("--why", required=True, help="What makes you sure: who said so, how, when. The register keeps it.")
def choose(round_folder: Path, file: str, undo: bool, why: str) -> None:
    """Say which file of a respondent counts in ROUND, where nothing proves which is the newer.

    FILE, named as acopio status shows it or by the first 8 or more letters of its SHA-256, then counts over the
    respondent's other files of the last consolidation; one that comes later is compared with it anew. A file that
    answers too little is let through in the same way, and one that could be read only in part, once somebody has
    compared what was read with what its cells show. Errors are not chosen away: they are corrected. Who chose, when and
    why stays in ROUND/register.sqlite; the next consolidation takes it into account.
    """
    import datetime as dt

    from pipeline.desk import choose as choosing
    from pipeline.publication.results import NotConsolidatedError

    check_reason(why, "confirmed by the focal point in a mail of 3 May")
    round_, now = open_round(round_folder), dt.datetime.now(dt.UTC)
    try:
        click.echo(shown((choosing.undo if undo else choosing.choose)(round_, file, why, now)))
    except NotConsolidatedError:
        fail(say("summary", "not_consolidated", round_.working_language, folder=shown_path(round_.folder)))
    except choosing.NotChosenError as error:
        fail(str(error))
    except choosing.UnknownFileError as error:
        fail(str(error), 2)
