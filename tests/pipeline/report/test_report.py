"""The pages of the report: what they show of answers worked out by hand, to whom, and in which languages."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.report.edition import Edition
from pipeline.report.response import nonresponse
from pipeline.report.source import Source
from pipeline.report.write import REPORT, report_page, write_report
from pipeline.tables.make import make_tables
from pipeline.validation.completeness import Coverage
from questionnaire.messages import say
from questionnaire.rounds.access import Access
from questionnaire.rounds.round import Round
from questionnaire.rules.evaluate import Responses
from tests import with_list
from tests.given import PATIENCE
from tests.pipeline.consolidated import rows_of
from tests.pipeline.measures.test_measures import (
    AAA,
    AAA_STARTED,
    BBB,
    BBB_STARTED,
    CCC,
    CCC_STARTED,
    LINES,
    PREVIOUS,
)
from tests.pipeline.report.pages import ReportPage, seen
from tests.pipeline.tables.made import EMPTY, made_of, round_of

HOSTILE = "<script>alert(1)</script> & \"quoted\" 'single'"
FINDINGS = [
    ("error", "DDD", "W01a", "total", "DDD.xlsx", HOSTILE),
    ("blocker", "EEE", "", "", "EEE.xlsx", "This is no workbook."),
    ("error", "AAA", "W02", "note", "old.xlsx", "An error of a file that a newer one replaces."),
    ("warning", "AAA", "W01a", "total", "AAA.xlsx", "Only a warning."),
]
LANGUAGES = {"en": "index.html", "fr": "fr.html", "es": "es.html", "pt": "pt.html"}


@dataclass(frozen=True)
class Report:
    """The pages of a round: the folder of each access, as it was written, and of what."""

    round: Round
    coverage: Coverage
    folders: dict[Access, Path]

    def page(self, access: Access, language: str = "en") -> ReportPage:
        return ReportPage((self.folders[access] / REPORT / LANGUAGES[language]).read_text("utf-8"))


def findings() -> pd.DataFrame:
    columns = ("severity", "respondent", "indicator", "field", "file", "message")
    empty = dict.fromkeys(EMPTY["findings"].columns, "")
    return pd.DataFrame([empty | dict(zip(columns, row, strict=True)) for row in FINDINGS])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Five participants: three published, one to correct, one of whom nothing came back; one with a hostile name."""
    round_ = round_of(with_list.instrument(), "AAA", "BBB", "CCC", "DDD", "EEE", previous_answers=PREVIOUS)
    hostile = replace(round_.respondents[1], name={"en": HOSTILE, "fr": "é" * 200})
    round_ = replace(round_, respondents=(round_.respondents[0], hostile, *round_.respondents[2:]))
    answers = {"AAA": AAA | AAA_STARTED, "BBB": BBB | BBB_STARTED, "CCC": CCC | CCC_STARTED}
    published = {code: Responses(given, {"projects": LINES[code]}) for code, given in answers.items()}
    made = made_of(round_, published, {"DDD": "to_correct", "EEE": "no_return"})
    old = made.returns.iloc[[0]].assign(file="old.xlsx", verdict="superseded")
    made = replace(
        made, findings=rows_of("findings", findings()), returns=pd.concat([made.returns, old], ignore_index=True)
    )
    folders = {access: tmp_path_factory.mktemp("report") for access in Access}
    make_tables(round_, made, folders)
    write_report(round_, made.coverage, folders)
    return Report(round_, made.coverage, folders)


@pytest.fixture(scope="module")
def page(report: Report) -> ReportPage:
    """The page of the secretariat in its working language."""
    return report.page(Access.RESTRICTED)


def test_page__says_how_complete_the_dataset_is(page: ReportPage) -> None:
    header = seen(next(page.body.iter("header")))
    assert "PROVISIONAL: 3 of 5 returns accepted" in header
    figures = next(one for one in page.body.iter("ul") if one.get("class") == "figures")
    assert [seen(one) for one in figures] == [
        "5 participants asked", "4 sent something", "3 returns in the dataset", "60% response rate",
    ]  # fmt: skip


def test_who_has_answered__a_frame_of_no_known_states__is_a_list_without_a_map(page: ReportPage) -> None:
    assert "tiles" not in [one.get("class") for one in page.part("response").iter("ul")]
    assert page.rows("response")[1:] == [
        ["accepted, in the dataset", "3", f"State AAA, {HOSTILE}, State CCC"],
        ["to be corrected by the respondent", "1", "State DDD"],
        ["nothing received", "1", "State EEE"],
        ["in the list, but not asked", "1", "State ZZZ"],
    ]


def test_matrix__the_level_or_the_sign_of_the_reason__by_indicator_and_participant(page: ReportPage) -> None:
    assert [row[-6:] for row in page.rows("matrix")] == [
        ["AAA", "BBB", "CCC", "DDD", "EEE", "Met / known"],
        ["Water"],
        ["4", "2", "3", "–", "–", "2/3"],
        ["2", "SO", "1", "–", "–", "1/2"],
        ["3", "ND", "2", "–", "–", "1/2"],
        ["Forests"],
        ["1", "0", "4", "–", "–", "2/3"],
    ]


def test_distribution__of_a_section__over_both_denominators(page: ReportPage) -> None:
    water, forests, together = page.rows("distribution")[1:]
    assert water[1:6] == ["0 0% (0%)", "1 13% (11%)", "3 38% (33%)", "2 25% (22%)", "1 13% (11%)"]
    assert water[6:] == ["1", "8", "9"]
    assert [forests[0], together[0]] == ["Forests", "All together"]
    assert page.bars("distribution")[0] == [
        ("level1", "1"), ("level2", "3"), ("level3", "2"), ("level4", "1"), ("rest", "1"),
    ]  # fmt: skip


def test_share_met__from_at_least_to_at_most__with_the_parts_of_the_interval(page: ReportPage) -> None:
    rows = [row for row in page.rows("met") if row[0].startswith("W02")]
    assert [row[1:] for row in rows] == [["20% to 80%", "1", "1", "1", "1", "1", "5"]]
    assert "(met from level 3)" in rows[0][0]
    # Water, forests, all together, then W01a: two of five meet it for certain, two more may.
    assert page.bars("met")[3] == [
        ("met-count", "2"), ("unknown-not-accepted", "1"), ("unknown-no-return", "1"), ("not-met", "1"),
    ]  # fmt: skip


def test_scores__each_with_the_levels_behind_it__the_composite_with_what_it_owes_to_weights(page: ReportPage) -> None:
    # Water: 3 indicators, of which BBB has a level of one; Forests: 1.
    assert page.rows("scores") == [
        ["Participant", "Water", "Forests", "Composite, equal weights", "Depending on weights", "Rank", "Rank depending on weights"],
        ["State AAA", "75.0 0 0 1 1 1", "25.0 0 1 0 0 0", "50.0", "25.0 to 75.0", "2", "1 to 2"],
        [HOSTILE, "– 0 0 1 0 0", "0.0 1 0 0 0 0", "–", "–", "–", "–"],
        ["State CCC", "50.0 0 1 1 1 0", "100.0 0 0 0 0 1", "75.0", "50.0 to 100.0", "1", "1 to 2"],
    ]  # fmt: skip
    weightings = page.rows("scores", 1)
    assert weightings[0][1:] == [
        "Equal weights", "By number of indicators", "Double: Water", "Double: Forests", "Without: Water", "Without: Forests",
    ]  # fmt: skip
    assert weightings[1][:4] == ["State AAA", "50.0 (2)", "62.5 (1)", "58.3 (2)"]
    assert page.bars("scores")[0] == [("level2", "1"), ("level3", "1"), ("level4", "1")]


def test_adoption__the_curve_counts_what_was_adopted_by_each_year__and_who_gives_none(page: ReportPage) -> None:
    # Three accepted returns; AAA and CCC say 2019, BBB 2015.
    assert page.rows("adoption") == [
        ["Year", "In that year", "By then", "Share"],
        ["2015", "1", "1", "33%"], ["2016", "0", "1", "33%"], ["2017", "0", "1", "33%"], ["2018", "0", "1", "33%"],
        ["2019", "2", "3", "100%"],
    ]  # fmt: skip
    assert page.bars("adoption")[0] == [("met-count", "1"), ("rest", "2")]
    periods = page.rows("adoption", 1)
    assert periods[0][1:] == ["≤ 2004", "2005–2009", "2010–2014", "2015–2019", "No year", "Of accepted returns"]
    assert [row[1:] for row in periods[2:]] == [["0", "0", "0", "3", "0", "3"]]


def test_numbers__each_question_for_a_quantity__with_its_spread_and_its_sum(page: ReportPage) -> None:
    heads, section, *rows = page.rows("numbers")
    assert heads == [
        "Question", "Participants", "Lowest", "Lower quartile", "Median", "Upper quartile", "Highest", "Sum",
    ]  # fmt: skip
    assert section == ["Water"]
    found = {row[0]: row[1:] for row in rows}
    assert found["W01b Amount spent (EUR)"] == ["1", *["2.5"] * 6]
    assert found["W01a How many in all?"] == ["2", "5", "6.25", "7.5", "8.75", "10", "15"]
    assert page.bars("numbers")[0] == [
        ("rest", "500"),
        ("level1", "125"),
        ("level3", "125"),
        ("level3", "125"),
        ("level1", "125"),
    ]


def test_nonresponse__leaves_out_whom_a_question_does_not_concern__worst_first(page: ReportPage) -> None:
    sections = page.rows("nonresponse")
    assert sections[0][:4] == ["Section", "Unanswered", "Applicable", "Share"]
    worst = page.rows("nonresponse", 1)[1:]
    shares = [int(row[1]) / int(row[2]) for row in worst]
    assert shares == sorted(shares, reverse=True)
    assert 0 < len(worst) <= 15


def test_nonresponse__worst_first__by_their_shares(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"status": (2, 9), "total": (1, 2), "urban": (0, 9), "rural": (3, 9)}
    rows = [
        {"section": "W", "indicator": "W01a", "field": field, "required": True, "nonresponse": left, "applicable": of}
        | dict.fromkeys(("blank", "not_available", "confidential", "unreadable"), 0)
        for field, (left, of) in asked.items()
    ]
    monkeypatch.setattr(Source, "rows", lambda *_, **__: rows)
    edition = Edition(report.round, Access.RESTRICTED, "en", Source(Path()), report.coverage)
    page = ReportPage(f'<body><section id="n">{"".join(nonresponse(edition))}</section></body>')
    assert [row[1:4] for row in page.rows("n", 1)[1:]] == [["1", "2", "50%"], ["3", "9", "33%"], ["2", "9", "22%"]]


def test_changes__on_the_matched_panel__with_the_transitions(page: ReportPage) -> None:
    assert page.rows("changes")[-1] == ["All together", "0", "2", "1", "3"]
    transitions = page.rows("changes", 1)
    heads = [place for place, row in enumerate(transitions) if len(row) == 1]
    assert [transitions[place] for place in heads] == [["All together"], ["Water"], ["Forests"]]
    assert {cell for row in transitions[heads[-1] + 1 :] for cell in row[1:]} == {"0"}
    assert [row[1:] for row in transitions[heads[0] + 1 : heads[1]]] == [
        ["0", "0", "0", "0", "0"], ["0", "0", "0", "0", "0"], ["0", "0", "1", "0", "0"],
        ["0", "0", "0", "1", "1"], ["0", "0", "0", "0", "0"],
    ]  # fmt: skip


def test_agreements__a_row_for_who_answers__a_sign_for_each_partner_named(page: ReportPage) -> None:
    both, one, unseen = (
        "●both name each other", "◐one names the other, the other does not", "○one names the other, who has no accepted return",
    )  # fmt: skip
    assert page.rows("agreements") == [
        ["Participant", "AAA", "BBB", "CCC", "DDD"],
        ["State AAA", "", both, one, ""],
        [HOSTILE, both, "", both, ""],
        ["State CCC", "", both, "", unseen],
    ]
    assert page.rows("agreements", 1)[1:] == [
        ["For any indicator", "2", "1", "1"], ["W01a", "1", "1", "0"], ["F01", "0", "1", "1"],
    ]  # fmt: skip


def test_corrections__blockers_then_errors__of_files_that_may_still_count(page: ReportPage) -> None:
    assert [row[:4] for row in page.rows("corrections")[1:]] == [
        ["State EEE blocker", "–", "EEE.xlsx", "This is no workbook."],
        ["State DDD error", "W01a total", "DDD.xlsx", HOSTILE],
    ]


def test_public_page__has_nothing_to_correct_and_names_no_file(report: Report) -> None:
    for language in LANGUAGES:
        public = report.page(Access.PUBLIC, language)
        assert "corrections" not in public.parts
        assert not re.search(r"\.xlsx|It left\.|findings", public.text)
        assert public.rows("met") == report.page(Access.RESTRICTED, language).rows("met")


def test_public_page__is_made_of_the_tables_of_its_own_folder(report: Report) -> None:
    hashes = {access: dict(report.page(access).rows("provenance")[1:]) for access in Access}
    assert hashes[Access.RESTRICTED].keys() - hashes[Access.PUBLIC].keys() == {"findings.parquet", "returns.parquet"}
    for access in Access:
        path = report.folders[access] / "respondents.parquet"
        assert hashes[access][path.name] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_provenance__has_the_hash_of_each_file__and_one_of_all_of_them_for_the_run(report: Report) -> None:
    for access in Access:
        listed = report.page(access).rows("provenance")[1:]
        assert "measure_share_met.parquet" in dict(listed)
        for name, digest in listed:
            assert digest == hashlib.sha256((report.folders[access] / name).read_bytes()).hexdigest()
        run = hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in listed).encode()).hexdigest()
        assert run in [seen(one) for one in report.page(access).body.iter("dd")]


def test_method__only_the_public_page_says_what_is_left_out_of_it(report: Report) -> None:
    note = say("report", "method_disclosure", "en")
    assert note in report.page(Access.PUBLIC).paragraphs("method")
    assert note not in report.page(Access.RESTRICTED).paragraphs("method")


def test_pages__one_per_language__lead_to_each_other(report: Report) -> None:
    for access in Access:
        assert {path.name for path in (report.folders[access] / REPORT).iterdir()} == set(LANGUAGES.values())
        for language, name in LANGUAGES.items():
            one = report.page(access, language)
            assert f'<html lang="{language}">' in one.text
            links = [link.attrib["href"] for link in one.body.iter("a")]
            assert {link for link in links if not link.startswith("#")} == set(LANGUAGES.values()) - {name}
            ids = [element.attrib["id"] for element in one.body.iter() if "id" in element.attrib]
            assert len(ids) == len(set(ids))
            assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_page_in_french__says_the_same_in_french(report: Report) -> None:
    french = report.page(Access.RESTRICTED, "fr")
    assert french.rows("response")[1] == ["acceptés, dans le jeu de données", "3", f"State AAA, {'é' * 200}, State CCC"]
    assert french.rows("scores")[1][1] == "75,0 0 0 1 1 1"
    assert "du 2 février 2026" in french.paragraphs("response")[0]
    assert french.rows("distribution")[1][2] == "1 13 % (11 %)"
    assert french.rows("matrix")[1] == ["Eau"]


def test_pages__load_nothing_and_run_nothing(report: Report) -> None:
    for access in Access:
        for language in LANGUAGES:
            text = report.page(access, language).text
            assert "default-src 'none'; style-src 'unsafe-inline'" in text
            assert not re.search(r"<(script|img|link|iframe|object|embed|base)\b|\bsrc=|url\(|@import", text)
            assert not re.search(r"""<[^>]*\s(on\w+|srcdoc)=["']""", text)


def test_pages__plots__have_their_figures_beside_them_and_tables_a_name(page: ReportPage) -> None:
    # A bar of quartiles has a scale of its own; its five figures are beside it.
    spread = set(page.part("numbers").iter("tr"))
    for row in (one for one in page.body.iter("tr") if one not in spread):
        for bar in (one for one in row.iter("span") if one.get("class") == "bar"):
            assert bar.get("aria-hidden") == "true"
            figures = {figure for cell in row.iter("td") for figure in seen(cell).split()}
            assert {
                piece.attrib["style"].removeprefix("flex:") for piece in bar if piece.get("class") != "rest"
            } <= figures
    for scrolling in (one for one in page.body.iter("div") if one.get("class") == "scroll"):
        assert scrolling.get("tabindex") == "0"
        assert scrolling.get("aria-label") == seen(next(scrolling.iter("caption")))


def test_page__made_again__is_the_same(report: Report) -> None:
    for access in Access:
        again = Edition(report.round, access, "en", Source(report.folders[access]), report.coverage)
        assert report_page(again) == report.page(access).text


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0%"), (0.001, "<1%"), (0.125, "13%"), (0.999, ">99%"), (1, "100%"), (None, "–")]
)
def test_percent__of_not_all_is_never_all__of_something_never_nothing(
    share: float | None, said: str, report: Report, tmp_path: Path
) -> None:
    edition = Edition(report.round, Access.PUBLIC, "en", Source(tmp_path), report.coverage)
    assert edition.percent(share) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2.695, "2.7"), (1.445, "1.45"), (-0.005, "-0.01"), (0.004, "0.004"), (-2e-7, "-0.0000002"), (0.0, "0"), (12, "12"),
        (1234567.5, "1\u202f234\u202f567.5"), (1e30, "1" + "\u202f000" * 10), (None, "–"),
    ],
)  # fmt: skip
def test_quantity__rounds_a_half_up__and_shows_nothing_as_0_that_is_not(
    number: float | None, said: str, report: Report, tmp_path: Path
) -> None:
    edition = Edition(report.round, Access.PUBLIC, "en", Source(tmp_path), report.coverage)
    assert edition.quantity(number) == said


# Opens the pages side by side in frames of several widths, and writes down how wide each turns out to be.
_FRAMES = """<!DOCTYPE html><meta charset="utf-8"><body>{frames}<pre></pre><script>
onload = () => {{ document.querySelector("pre").textContent = JSON.stringify(
  [...document.querySelectorAll("iframe")].map(frame => {{
    const page = frame.contentDocument, root = page.documentElement;
    return [root.lang, root.scrollWidth <= root.clientWidth, getComputedStyle(page.querySelector("th")).color];
  }})); }};
</script>"""


def browse(chromium: Path, folder: Path, *options: str) -> str:
    """What Chromium prints, with no name of any host resolved."""
    offline = ("--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND")
    command = [str(chromium), *offline, f"--user-data-dir={folder / 'profile'}", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout


@pytest.mark.chromium
def test_pages__in_a_browser_without_a_network__fit_a_telephone_and_a_wide_screen(
    report: Report, chromium: Path, tmp_path: Path
) -> None:
    folder = (report.folders[Access.RESTRICTED] / REPORT).as_uri()
    shown = [(language, name, width) for language, name in LANGUAGES.items() for width in (390, 1366, 1920)]
    frames = (f'<iframe src="{folder}/{name}" width="{width}" height="900"></iframe>' for _, name, width in shown)
    harness = tmp_path / "frames.html"
    harness.write_text(_FRAMES.format(frames="".join(frames)), encoding="utf-8")
    printed = browse(chromium, tmp_path, "--allow-file-access-from-files", "--dump-dom", harness.as_uri())
    found = json.loads(re.findall(r"<pre>(.*?)</pre>", printed, re.DOTALL)[0])
    assert found == [[language, True, "rgb(255, 255, 255)"] for language, _, _ in shown]


@pytest.mark.chromium
@pytest.mark.poppler
@pytest.mark.wide
def test_page__printed__turns_the_sheets_of_its_matrices(report: Report, chromium: Path, tmp_path: Path) -> None:
    page, pdf = report.folders[Access.RESTRICTED] / REPORT / "index.html", tmp_path / "report.pdf"
    browse(chromium, tmp_path, f"--print-to-pdf={pdf}", page.as_uri())
    sizes = subprocess.run(["pdfinfo", "-l", "-1", pdf], check=True, capture_output=True, text=True).stdout
    across, down = zip(*re.findall(r"size: +(\d+)[\d.]* x (\d+)", sizes), strict=True)
    assert {"594", "841"} == set(across) == set(down)
    assert pdf.stat().st_size < 2_000_000
