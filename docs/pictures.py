"""Makes the pictures in docs/: workbooks of the demo round, printed by LibreOffice, and its report in a browser.

Run `make consolidate`, then `.venv/bin/python docs/pictures.py`; it needs LibreOffice, Chromium and poppler-utils
(`.ci/install-tools` installs them).
"""

import datetime as dt
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.report.write import REPORT
from pipeline.simulation.fill import FilledWorkbook
from questionnaire.layout import Layout
from questionnaire.messages import say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round, read_round
from questionnaire.rules.evaluate import Answer, AnswerValue
from questionnaire.sheet_names import tab_names
from questionnaire.workbook.template import template
from questionnaire.workbook.write import file_name
from tests.office import recalculate

DOCS = Path(__file__).parent
DEMO, TABLES = (DOCS.parent / "rounds" / name for name in ("demo", "demo-tables"))

_SAVED = dt.datetime(2026, 3, 2, 9, 30)
_WIDTH = 1400
"""Pixels across; the margins of the page are cut away."""

# Made up, with one thing to correct: the measure would have been applied two years before it was adopted.
_STRATEGY: dict[str, AnswerValue] = {
    "status": "3",
    "year_adopted": 2024,
    "year_applied": 2022,
    "title": "Estrategia nacional 2024-2028",
    "lead_institution": "Ministerio de Gobernación",
    "evidence_reference": "Acuerdo 112-2024, pág. 4",
    "evidence_url": "https://www.example.org/112",
    "valid_from": 2024,
    "valid_to": 2028,
    **{f"policy_areas.{area}": "Y" for area in ("HUMAN_RIGHTS", "CHILDREN", "WORK")},
}
_NONE: dict[str, AnswerValue] = {"status": "0"}
_YEARS = range(2021, 2026)
"""Those of the round with tables."""


def _persons() -> dict[str, list[dict[str, AnswerValue]]]:
    """Persons by sex, age and year, made up, with one thing to correct: a total of 2024 has two figures exchanged."""
    girls, women, boys, men = ([3, 4, 2, 5, 6], [11, 9, 14, 12, 15], [7, 6, 8, 5, 9], [48, 52, 45, 61, 66])
    sums = [girls, women, _plus(girls, women), boys, men, _plus(boys, men), _plus(girls, boys), _plus(women, men)]
    lines = [*sums, _plus(sums[2], sums[5])]
    lines[8] = [38 if total == 83 else total for total in lines[8]]
    return {"investigated": [dict(zip((f"persons_{year}" for year in _YEARS), line, strict=True)) for line in lines]}


def _plus(left: list[int], right: list[int]) -> list[int]:
    return [a + b for a, b in zip(left, right, strict=True)]


@dataclass(frozen=True)
class Picture:
    """One page of one respondent's questionnaire: the first that shows a text, and which part of it.

    `lines` are those of tables; a questionnaire with some is of the round of tables.
    """

    name: str
    respondent: str
    answers: dict[str, dict[str, AnswerValue]]
    shows: str
    left_top_right_bottom: tuple[float, float, float, float]
    lines: dict[str, list[dict[str, AnswerValue]]] = field(default_factory=dict)


def pictures() -> list[Picture]:
    """What is shown: a cover in French, questions in Spanish, the verdict in Portuguese, a table in English."""
    begun: dict[str, dict[str, AnswerValue]] = dict.fromkeys(("P02a", "P02b", "P04", "P05", "P06"), _NONE)
    begun |= {"P01": _STRATEGY, "P03": {"status": "2", "year_adopted": 2025}}
    check, back = say("workbook", "checks_title", "pt"), say("workbook", "back_to_overview", "en")
    return [
        Picture("questionnaire-cover-fr", "HTI", {}, "", (0.012, 0.04, 0.988, 0.69)),
        Picture("questionnaire-section-es", "GTM", {"P01": _STRATEGY}, "P01-1", (0.015, 0.04, 0.985, 0.843)),
        Picture("questionnaire-check-pt", "BRA", begun, check, (0.015, 0.06, 0.985, 0.893)),
        Picture("questionnaire-table-en", "CAN", {}, back, (0.015, 0.04, 0.985, 0.7), _persons()),
    ]


def draw(picture: Picture, round_: Round, layout: Layout, folder: Path) -> None:
    """Write, fill in and print one questionnaire, and keep the part of the page that the picture is of."""
    respondent = next(entry for entry in round_.participants if entry.code == picture.respondent)
    path, filled = folder / "blank.xlsx", folder / file_name(round_, respondent)
    path.write_bytes(template(round_, respondent.language, layout).questionnaire_for(respondent))
    book = FilledWorkbook(path, layout, tab_names(layout), respondent.language)
    book.answer({(code, name): Answer(value) for code, row in picture.answers.items() for name, value in row.items()})
    for table, lines in picture.lines.items():
        book.fill_lines(layout.list_of(table), [{name: Answer(n) for name, n in line.items()} for line in lines])
    book.save(filled, _SAVED)
    [pdf] = recalculate([filled], folder, ("pdf",))
    pages = _run("pdftotext", str(pdf), "-").split("\f")
    page = next(number for number, text in enumerate(pages, 1) if picture.shows in text)
    keep(picture, pdf, page)


def keep(picture: Picture, pdf: Path, page: int) -> None:
    """Cut the picture out of a page, 1400 pixels wide."""
    only = ("-f", str(page), "-l", str(page))
    sizes = re.findall(r"size: +([\d.]+) x ([\d.]+)", _run("pdfinfo", *only, str(pdf)))
    across, down = map(float, sizes[0])
    left, top, right, bottom = picture.left_top_right_bottom
    scale = _WIDTH / (right - left)
    height = scale * down / across
    box = {"-x": left * scale, "-y": top * height, "-W": _WIDTH, "-H": (bottom - top) * height}
    crop = (text for option, value in box.items() for text in (option, str(round(value))))
    how = ("-singlefile", "-png", "-scale-to-x", str(round(scale)), "-scale-to-y", "-1", *crop)
    _run("pdftoppm", *only, *how, str(pdf), str(DOCS / picture.name))


def draw_report(round_: Round) -> None:
    """Keep the head of the public report, as a browser shows it."""
    page = round_.results(Access.PUBLIC).absolute() / REPORT / "index.html"
    look = ("--headless", "--no-sandbox", "--hide-scrollbars", f"--window-size={_WIDTH},1430")
    _run("chromium", *look, f"--screenshot={DOCS / 'report-en.png'}", page.as_uri())


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Draw every picture anew."""
    round_, of_tables = read_round(DEMO), read_round(TABLES)
    for picture in pictures():
        shown = of_tables if picture.lines else round_
        with tempfile.TemporaryDirectory() as folder:
            draw(picture, shown, Layout.of(shown), Path(folder))
    draw_report(round_)


if __name__ == "__main__":
    main()
