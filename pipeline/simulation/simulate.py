"""Simulates a round: plausible returns, some resubmitted, some with faults of each kind, all from a seed.

The faults are planted one by one and listed in `simulated.csv`, so that a run can be held against what it should find.
"""

import csv
import io
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields, replace
from itertools import islice
from random import Random

from pipeline.desk import questionnaires
from pipeline.files import write_whole
from pipeline.previous_round.previous_answers import with_previous_answers
from pipeline.simulation.faults import (
    CELL_FAULTS,
    ERRORS,
    PLAIN,
    Fault,
    Planted,
    computed_faults,
    explained_warnings,
    first_of,
    rule_faults,
)
from pipeline.simulation.fill import FilledWorkbook
from pipeline.simulation.sender import Sender, SimulatedReturn
from pipeline.simulation.simulated_lines import can_name, is_bilateral
from pipeline.simulation.table_faults import total_fault
from questionnaire.addresses import column_letter
from questionnaire.layout import Column, Layout, TableSheet
from questionnaire.rounds.round import Respondent, Round
from questionnaire.rules.evaluate import Answer
from questionnaire.rules.rule import Severity
from questionnaire.workbook.write import identity

REGISTER = "simulated.csv"

_SHARE_RETURNING = 0.8
_FAULTS_A_RETURN = 5
_RULE_GROUPS = 2
_ROWS_ABOVE = 8
_TRIES = 20
_IN_ORDER = "all in order"


class NotEmptyError(Exception):
    """The returns folder holds files already: made-up data are never mixed with real ones."""


Progress = Callable[[Iterable[Respondent]], Iterable[Respondent]]
Story = Callable[["Sender"], Iterator[SimulatedReturn]]


def simulate(
    round_: Round, seed: int, progress: Progress = iter, stories: Sequence[Story] | None = None
) -> list[SimulatedReturn]:
    """Fill questionnaires of the round into its returns folder, and write `simulated.csv` beside it.

    `stories` are what befalls the first returns; without them, all that can befall some of a round.

    Raises NotEmptyError if there are returns already.
    """
    round_.returns.mkdir(parents=True, exist_ok=True)
    if any(not path.name.startswith(".") for path in round_.returns.iterdir()):
        raise NotEmptyError(str(round_.returns))
    round_ = with_previous_answers(round_)
    if not questionnaires.are_current(round_):
        questionnaires.write_questionnaires(round_, progress)
    random = Random(seed)
    participants = list(round_.participants)
    returning = sorted(random.sample(range(len(participants)), round(_SHARE_RETURNING * len(participants))))
    senders = [participants[n] for n in returning]
    layout = Layout.of(round_)
    stories = _stories(round_, layout) if stories is None else stories
    order = [respondent.code for respondent in random.sample(senders, len(senders))]
    chosen = dict(zip(order, stories, strict=False))
    silent = tuple(entry.code for entry in round_.respondents if entry not in senders)
    witness = next((code for code in order if code not in chosen), "")
    written: list[SimulatedReturn] = []
    for respondent in progress(senders):
        seeded = f"{seed}/{respondent.code}"
        sender = Sender(round_, layout, respondent, Random(seeded), Random(f"{seeded}/lines"), silent, witness)
        written += chosen.get(respondent.code, _clean)(sender)
    write_whole(round_.folder / REGISTER, _register(written))
    return written


def _register(written: list[SimulatedReturn]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [column.name for column in fields(Planted)]
    writer.writerow(["file", "respondent", "story", "verdict", *columns])
    for entry in sorted(written, key=lambda entry: entry.file):
        for planted in entry.planted or (Planted("", ""),):
            writer.writerow([entry.file, entry.respondent, entry.story, entry.verdict, *asdict(planted).values()])
    return text.getvalue().encode()


# --- stories ------------------------------------------------------------------------------------------------


def _stories(round_: Round, layout: Layout) -> list[Story]:
    """What can befall the returns of a round, most instructive first; respondents beyond the list send clean ones."""
    cells = _groups(CELL_FAULTS)
    errors = islice(_groups(rule_faults(layout, Severity.ERROR)), _RULE_GROUPS)
    warnings = islice(_groups(rule_faults(layout, Severity.WARNING)), _RULE_GROUPS)
    grouped = [_with_faults(group) for group in (*cells, *errors, *warnings)]
    switched = [_another_language] if len(round_.languages) > 1 else []
    planned = [
        _resubmitted, _corrected, _two_respondents_in_the_name, _another_respondent_in_the_name,
        _other_round, _other_instrument, _empty, _text_file, _lock_file, _sent_twice,
        _rows_inserted, _sheets_renamed, *switched, _warning_explained,
    ]  # fmt: skip
    tables = [_total_broken] if any(isinstance(sheet, TableSheet) for sheet in layout.lists) else []
    computed = map(_with_faults, computed_faults(layout))
    return [*tables, *computed, *planned, *grouped, _altered, _one_sided]


def _groups(faults: Mapping[str, Fault]) -> Iterator[dict[str, Fault]]:
    items = iter(faults.items())
    yield from iter(lambda: dict(islice(items, _FAULTS_A_RETURN)), {})


def _clean(sender: Sender) -> Iterator[SimulatedReturn]:
    name = sender.send(sender.scene(), sender.random.randint(20, 80))
    yield sender.returned(name, _IN_ORDER, "accepted")


def _with_faults(faults: dict[str, Fault]) -> Story:
    def story(sender: Sender) -> Iterator[SimulatedReturn]:
        scene = sender.scene()
        planted: dict[str, Planted] = {}
        for named, fault in faults.items():
            # Some rules can hardly be broken alone; a respondent's answers do not always give the occasion.
            with suppress(LookupError):
                planted[named] = fault(scene)
        name = sender.send(scene, sender.random.randint(20, 80))
        wrong = any(entry.severity == Severity.ERROR for entry in planted.values())
        planned = "; ".join(planted) or _IN_ORDER
        yield sender.returned(name, planned, "to_correct" if wrong else "accepted", *planted.values())

    return story


def one_plain_fault(sender: Sender) -> Iterator[SimulatedReturn]:
    """A return with one fault that explains itself."""
    scene = sender.scene()
    planted = first_of(PLAIN, scene)
    name = sender.send(scene, 30)
    wrong = planted is not None and planted.severity == Severity.ERROR
    verdict = "to_correct" if wrong else "accepted"
    yield sender.returned(name, "one fault that explains itself", verdict, *filter(None, [planted]))


def _resubmitted(sender: Sender) -> Iterator[SimulatedReturn]:
    first = sender.scene()
    # The names stand in the other order than the days: a program that goes by names takes the wrong one.
    name = sender.send(first, 30, "_v1")
    yield sender.returned(name, "accepted, then sent again with changes", "superseded")
    name = sender.send(sender.scene(sender.changed(first.draft)), 60)
    yield sender.returned(name, "the later of two", "accepted")


def _corrected(sender: Sender) -> Iterator[SimulatedReturn]:
    good = sender.answers()
    scene = sender.scene(good)
    planted = first_of(ERRORS, scene)
    if planted is None:
        yield from _clean(sender)
        return
    name = sender.send(scene, 30)
    yield sender.returned(name, "an error, corrected later", "superseded", planted)
    name = sender.send(sender.scene(good), 45, " (corr)")
    yield sender.returned(name, "the corrected one", "accepted")


def _two_respondents_in_the_name(sender: Sender) -> Iterator[SimulatedReturn]:
    other = sender.other()
    name = sender.send(sender.scene(), 40, f"_{other.code}")
    planted = Planted("file_name_disagrees", str(Severity.WARNING))
    yield sender.returned(name, f"the name also says {other.code}", "accepted", planted)


def _another_respondent_in_the_name(sender: Sender) -> Iterator[SimulatedReturn]:
    other = sender.other()
    name = sender.send(sender.scene(), 40, name=f"{other.code}_final")
    planted = Planted("respondent_unclear", str(Severity.BLOCKER))
    yield sender.returned(name, f"the name says {other.code} instead", "unverified", planted)


def _altered(sender: Sender) -> Iterator[SimulatedReturn]:
    scene = sender.scene()
    own = identity(sender.round_, sender.respondent)
    scene.edits.append(lambda book: book.replace(own.token, own.token[::-1]))
    name = sender.send(scene, 55)
    planted = Planted("token_wrong", str(Severity.BLOCKER))
    yield sender.returned(name, "the signature was altered", "unverified", planted)


def _other_round(sender: Sender) -> Iterator[SimulatedReturn]:
    scene = sender.scene()
    own = identity(sender.round_, sender.respondent)
    scene.edits.append(lambda book: book.replace(str(own), str(replace(own, round="2019"))))
    name = sender.send(scene, 35, "_2019")
    yield sender.returned(
        name, "the questionnaire of another round", "not_usable", Planted("other_round", str(Severity.BLOCKER))
    )


def _other_instrument(sender: Sender) -> Iterator[SimulatedReturn]:
    scene = sender.scene()
    own = identity(sender.round_, sender.respondent)
    scene.edits.append(lambda book: book.replace(str(own), str(replace(own, instrument="road-safety"))))
    name = sender.send(scene, 35)
    planted = Planted("other_instrument", str(Severity.BLOCKER))
    yield sender.returned(name, "the questionnaire of another instrument", "not_usable", planted)


def _empty(sender: Sender) -> Iterator[SimulatedReturn]:
    name = sender.send(sender.scene({}), 25)
    yield sender.returned(name, "sent back empty", "not_usable", Planted("empty_return", str(Severity.BLOCKER)))


def _text_file(sender: Sender) -> Iterator[SimulatedReturn]:
    name = f"{sender.respondent.code}_answers.xlsx"
    (sender.round_.returns / name).write_text(
        "Dear colleagues, please find our answers in the annex.\n", encoding="utf-8"
    )
    planted = Planted("file_is_text", str(Severity.BLOCKER))
    yield SimulatedReturn(name, "", "a text file named .xlsx", "not_usable", (planted,))


def _lock_file(sender: Sender) -> Iterator[SimulatedReturn]:
    name = sender.send(sender.scene(), 50)
    yield sender.returned(name, "all in order, still open in Excel", "accepted")
    lock = f"~${name[2:]}"
    (sender.round_.returns / lock).write_bytes(b"\x05Analyst".ljust(165, b" "))
    planted = Planted("lock_file", str(Severity.INFO))
    yield SimulatedReturn(lock, "", "the lock file beside it", "not_a_return", (planted,))


def _sent_twice(sender: Sender) -> Iterator[SimulatedReturn]:
    name = sender.send(sender.scene(), 33)
    yield sender.returned(name, _IN_ORDER, "accepted")
    copy = name.replace(".xlsx", " - Copy.xlsx")
    shutil.copyfile(sender.round_.returns / name, sender.round_.returns / copy)
    planted = Planted("duplicate_file", str(Severity.INFO))
    yield SimulatedReturn(copy, "", "the same file again", "duplicate", (planted,))


def _rows_inserted(sender: Sender) -> Iterator[SimulatedReturn]:
    scene = sender.scene()
    section = sender.layout.sheets[0]
    slots = list(section.slots)
    below = next((slot for slot in slots if slot.row >= _ROWS_ABOVE), slots[-1])
    scene.edits.append(lambda book: book.insert_rows(section.code, min(below.row, _ROWS_ABOVE) + 1, 2))
    name = sender.send(scene, 44)
    cell = f"{column_letter(Column.NUMBER)}{below.row + 3}"
    planted = Planted("rows_inserted", str(Severity.INFO), sender.tabs[section.code], cell)
    yield sender.returned(name, "two rows inserted", "accepted", planted)


def _sheets_renamed(sender: Sender) -> Iterator[SimulatedReturn]:
    def rename(book: FilledWorkbook) -> None:
        for number, sheet in enumerate(sender.layout.sheets, 1):
            book.rename_sheet(sender.tabs[sheet.code], f"Sheet{number}")

    scene = sender.scene()
    scene.edits.append(rename)
    name = sender.send(scene, 52)
    tabs = [f"Sheet{number}" for number, _ in enumerate(sender.layout.sheets, 1)]
    planted = [Planted("sheet_renamed", str(Severity.INFO), tab) for tab in tabs]
    yield sender.returned(name, "sheets renamed", "accepted", *planted)


def _another_language(sender: Sender) -> Iterator[SimulatedReturn]:
    language = next(entry for entry in sender.round_.languages if entry != sender.respondent.language)
    name = sender.send(sender.scene(), 38, language=language)
    yield sender.returned(name, f"choices picked in {language}", "accepted")


def _one_sided(sender: Sender) -> Iterator[SimulatedReturn]:
    """A line names a partner who does not name the respondent in turn."""
    for sheet in sender.layout.lists:
        partner = sheet.block.bilateral.partner if sheet.block.bilateral else ""
        if not partner or not can_name(sheet.block.field(partner), sender.witness):
            continue
        for _ in range(_TRIES):
            scene = sender.scene()
            lines = sender.lines(sheet.block, scene)
            number = next((n for n, line in enumerate(lines, 1) if is_bilateral(sheet.block, line)), 0)
            if number:
                lines[number - 1][partner] = Answer(sender.witness)
                scene.lines[sheet.block.code] = lines
                cell = f"{column_letter(sheet.columns[partner])}{sheet.row(number) + 1}"
                planted = Planted(
                    "bilateral_consistency", str(Severity.WARNING), sender.tabs[sheet.code], cell,
                    str(lines[number - 1][sheet.block.indicator_field].value), f"{sheet.block.code}.{partner}",
                )  # fmt: skip
                name = sender.send(scene, 47)
                yield sender.returned(name, f"{sender.witness} does not name it in turn", "accepted", planted)
                return
    yield from _clean(sender)


def _total_broken(sender: Sender) -> Iterator[SimulatedReturn]:
    scene = sender.scene()
    found = total_fault(sender.layout, sender.tabs, sender.round_, lambda block: sender.lines(block, scene))
    if found is None:
        yield from _clean(sender)
        return
    scene.lines[found.table] = found.lines
    yield sender.returned(sender.send(scene, 35), "a total is not its sum", "to_correct", *found.planted)


def _warning_explained(sender: Sender) -> Iterator[SimulatedReturn]:
    scene = sender.scene()
    planted = first_of(explained_warnings(sender.layout), scene)
    if planted is None:
        yield from _clean(sender)
        return
    name = sender.send(scene, 41)
    yield sender.returned(name, "a warning, with its reason", "accepted", planted)
