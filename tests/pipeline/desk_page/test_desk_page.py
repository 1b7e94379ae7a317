"""The desk page: what it shows of every participant, that no text becomes markup, and that it works in a browser."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.desk_page.write import desk_page, write_desk_page
from pipeline.follow_up.extend import extend
from pipeline.publication.results import NotConsolidatedError
from questionnaire.messages import LANGUAGES
from questionnaire.rounds.round import Round, read_round
from tests.browser import browsing, skipped, tabbed
from tests.given import MINI, mini_round, replace_in
from tests.pipeline.follow_up.published import publish
from tests.pipeline.report.pages import ReportPage, seen
from tests.pipeline.report.test_report import browse

TODAY, NOW = dt.date(2026, 4, 20), dt.datetime(2026, 4, 2, tzinfo=dt.UTC)
HOSTILE = "</script><script>alert(1)</script> \"quoted\" 'single' & \x1b[31m.xlsx"
FINDING = {
    "code": "range",
    "indicator": "W01a",
    "field": "total",
    "sheet": "Water",
    "cell": "D5",
    "remedy": "Correct it.",
}


@pytest.fixture
def round_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Round:
    """A held file with a hostile name, one to be corrected with a letter and more time, and nothing of a third."""
    monkeypatch.setenv("LOGNAME", "ana")
    made = mini_round(tmp_path)
    held: dict[str, Any] = {"file": HOSTILE, "respondent": "AAA", "verdict": "unverified", "reason": "token_missing"}
    wrong = {"file": "wrong.xlsx", "respondent": "BBB", "verdict": "to_correct", "errors": 1, "indicators_answered": 2}
    old = {"file": "old.xlsx", "respondent": "BBB", "verdict": "superseded"}
    lost = {"file": "lost.xlsx", "respondent": "", "verdict": "not_usable", "reason": "other_round"}
    whole = FINDING | {"cell": "", "severity": "blocker", "value": "", "message": "It is of another round."}
    findings = [
        FINDING | {"file": "wrong.xlsx", "severity": "error", "value": HOSTILE, "message": "It is too much."},
        FINDING | {"file": "wrong.xlsx", "severity": "warning", "value": "5", "message": "Only a warning."},
        whole | {"file": "wrong.xlsx", "severity": "error", "sheet": "", "message": "It is a copy."},
        whole | {"file": "lost.xlsx", "sheet": ""},
        FINDING | {"file": "old.xlsx", "severity": "error", "value": "5", "message": "Of a file that is superseded."},
    ]
    publish(made, [{**held, "sender": HOSTILE}, wrong, old, lost], NOW, findings=findings)
    list(extend(made, "BBB", dt.date(2026, 5, 15), HOSTILE, NOW))
    letter = made.outputs / "feedback" / "BBB_Bétaland #1.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text(f"Dear {HOSTILE}", encoding="utf-8")
    return made


def test_page__of_a_round__has_every_participant_by_whose_turn_it_is(round_: Round) -> None:
    page = ReportPage(desk_page(round_, TODAY))
    tables = [one for one in page.body.iter("table") if "overview" in one.get("class", "")]
    head = ["Respondent", "What is owed", "Filled", "Signed", "Deadline"]
    assert [[[seen(cell) for cell in row] for row in table.iter("tr")] for table in tables] == [
        [head, ["AAA Alphaland", "nothing: received but held; is it theirs?", "0/4", "–", "early"]],
        [
            head,
            ["BBB Betaland", "to correct: 1 error", "2/4", "–", "early; 25 days left"],
            ["CCC Gammaland", "the questionnaire: nothing received", "0/4", "–", "10 days left"],
        ],
    ]
    assert page.parts == ["c-AAA", "c-BBB", "c-CCC", "others"]


def folds(text: str) -> list[tuple[str, bool]]:
    """What the groups of the page are called, and whether they are open at first."""
    groups = [one for one in ReportPage(text).body.iter("details") if one.get("class") == "turn"]
    return [(seen(next(one.iter("summary"))), "open" in one.attrib) for one in groups]


def test_page__groups__are_open_where_something_is_owed_by_few(round_: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    done = {"file": "c.xlsx", "respondent": "CCC", "verdict": "accepted"}
    publish(round_, [{"file": "a.xlsx", "respondent": "AAA", "verdict": "unverified"}, done], NOW)
    ours, theirs, nobodys = "For us to settle (1)", "Owed by respondents (1)", "Nothing owed (1)"
    assert folds(desk_page(round_, TODAY)) == [(ours, True), (theirs, True), (nobodys, False)] * 2
    publish(round_, [done], NOW)
    monkeypatch.setattr("pipeline.desk_page.write._MOST_OPEN", 1)
    assert folds(desk_page(round_, TODAY)) == [("Owed by respondents (2)", False), (nobodys, False)] * 2


def test_page__of_what_is_to_correct__has_findings_decisions_letter_and_command(round_: Round) -> None:
    page = ReportPage(desk_page(round_, TODAY))
    assert [row[1:] for row in page.rows("c-BBB", 1)[1:]] == [
        ["W01a total", "It is a copy.", "Correct it."],
        ["W01a total", f"“{' '.join(HOSTILE.replace(chr(27), '').split())}” It is too much.", "Correct it."],
    ]
    assert page.rows("c-BBB", 2)[1][:3] == ["extend", "2026-05-15", "ana, 2026-04-02"]
    card = page.part("c-BBB")
    assert [link.get("href") for link in card.iter("a")] == ["../feedback/BBB_B%C3%A9taland%20%231.txt"]
    assert next(seen(one) for one in card.iter("pre")) == "acopio feedback rounds/mini BBB"


def test_page__of_files_that_are_nobodys__says_in_words_what_is_wrong_with_them(round_: Round) -> None:
    page = ReportPage(desk_page(round_, TODAY))
    assert page.rows("others", 0)[1][:2] == ["lost.xlsx", "not usable"]
    assert page.rows("others", 1)[1:] == [["lost.xlsx", "W01a total", "It is of another round.", "Correct it."]]


def test_page__says_no_code_of_a_finding(round_: Round) -> None:
    text = desk_page(round_, TODAY)
    assert [code for code in ("token_missing", "other_round") if code in text] == []


def test_page__of_decisions_about_one_and_about_all__has_both_in_the_order_of_the_register(round_: Round) -> None:
    list(extend(round_, "", dt.date(2026, 5, 20), "holidays", NOW))
    list(extend(round_, "BBB", dt.date(2026, 5, 25), "asked again", NOW))
    list(extend(round_, "AAA", dt.date(2026, 5, 26), "asked", NOW))
    page = ReportPage(desk_page(round_, TODAY))
    assert [row[1] for row in page.rows("c-BBB", 2)[1:]] == ["2026-05-20", "2026-05-25"]


def test_page__of_letters__gives_each_to_the_participant_whose_code_it_begins_with(round_: Round) -> None:
    for name in ("BBB.txt", "BBBB_x.txt", "CCC_BBB_x.txt", "x_BBB_x.txt"):
        (round_.outputs / "feedback" / name).write_text("Dear all", encoding="utf-8")
    page = ReportPage(desk_page(round_, TODAY))
    linked = {code: [str(one.get("href")) for one in page.part(f"c-{code}").iter("a")] for code in ("BBB", "CCC")}
    assert linked == {
        "BBB": ["../feedback/BBB.txt", "../feedback/BBB_B%C3%A9taland%20%231.txt"],
        "CCC": ["../feedback/CCC_BBB_x.txt"],
    }


def test_page__with_hostile_texts__has_one_script_and_it_is_its_own(round_: Round) -> None:
    text = desk_page(round_, TODAY)
    assert (text.count("<script"), text.count("</script>"), text.count("\x1b")) == (1, 1, 0)
    assert "http" not in text.replace("http-equiv", "")
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page__in_each_working_language__says_so(round_: Round, language: str) -> None:
    replace_in(round_.folder / "round.toml", 'working_language = "en"', f'working_language = "{language}"')
    page = desk_page(read_round(round_.folder, MINI.parent), TODAY)
    assert f'<html lang="{language}">' in page


def test_command__desk__writes_the_page_or_says_that_there_is_nothing_to_show(
    round_: Round, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("questionnaire.rounds.round.read_round.__defaults__", (MINI.parent,))
    done = CliRunner().invoke(main, ["desk", str(round_.folder)])
    assert (done.exit_code, (round_.outputs / "desk" / "index.html").exists()) == (0, True)
    other = mini_round(tmp_path / "other")
    assert CliRunner().invoke(main, ["desk", str(other.folder)]).exit_code == 1
    with pytest.raises(NotConsolidatedError):
        desk_page(other, TODAY)


# Opens the page at several widths, chooses whose turn it is, searches, copies, and writes down what is seen.
_HARNESS = """<!DOCTYPE html><meta charset="utf-8"><body>{frames}<pre></pre><script>
onload = () => {{ document.querySelector("pre").textContent = JSON.stringify(
  [...document.querySelectorAll("iframe")].map(frame => {{
    const page = frame.contentDocument, root = page.documentElement;
    const cards = () => [...page.querySelectorAll(".case")].filter(one => one.offsetHeight).map(one => one.id);
    const set = (id, value, event) => {{ page.getElementById(id).value = value;
      page.getElementById(id).dispatchEvent(new Event(event)); return cards(); }};
    return [root.scrollWidth <= root.clientWidth, set("turn", "ours", "change"), set("turn", "all", "change"),
      set("words", "bÉTA", "input"), page.getElementById("count").textContent,
      [...page.querySelectorAll(".copy")].every(one => !one.hidden)];
  }})); }};
</script>"""


@pytest.mark.chromium
def test_page__opened_as_a_file__copies_a_command_with_and_without_a_clipboard_of_its_own(
    round_: Round, chromium: Path, tmp_path: Path
) -> None:
    page = write_desk_page(round_, TODAY).as_uri()
    button = 'document.querySelector("#c-{} .copy")'.format
    done = "new Promise(then => setInterval(() => {{ if ({0}.textContent != 'Copy') then({0}.textContent); }}, 10))"
    with browsing(chromium, tmp_path / "profile") as browser:
        pasted = []
        for code, clipboard in (("BBB", "navigator.clipboard"), ("CCC", "undefined")):
            browser.open(page)
            browser.value(f"Object.defineProperty(navigator, 'clipboard', {{value: {clipboard}}}), 0")
            browser.click(button(code))
            assert browser.value(done.format(button(code))) == "✓ Copy"
            browser.click("document.querySelector('#words')")
            browser.paste()
            pasted.append(browser.value("document.querySelector('#words').value"))
    assert pasted == ["acopio feedback rounds/mini BBB", "acopio mail rounds/mini CCC --what reminder"]


@pytest.mark.chromium
def test_page__with_folded_groups__opens_them_for_a_link_a_filter_and_on_paper(
    round_: Round, chromium: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.desk_page.write._MOST_OPEN", 0)
    page = write_desk_page(round_, TODAY).as_uri()
    shown = "[...document.querySelectorAll('.case, .overview tbody tr')].filter(one => one.checkVisibility()).length"
    chosen = "(words => {{ words.value = '{}'; words.dispatchEvent(new Event('input')); }})(document.querySelector('#words'))"
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open(page)
        assert browser.value(shown) == 0
        browser.value(chosen.format("beta"))
        assert browser.value(shown) == 2
        browser.value(chosen.format(""))
        assert browser.value(shown) == 0
        browser.value("document.querySelector('.turn').open = true")
        browser.click("document.querySelector('.overview a')")
        browser.value("new Promise(then => setTimeout(then, 100))")
        assert browser.value("document.querySelector('#c-AAA').checkVisibility()")
        browser.call("Emulation.setEmulatedMedia", media="print")
        contents = "[...document.querySelectorAll('.turn')].map(one => getComputedStyle(one, '::details-content').contentVisibility)"
        assert browser.value(contents) == ["visible"] * 4


@pytest.mark.chromium
def test_page__by_keyboard__is_gone_through_in_its_order_and_folds(
    round_: Round, chromium: Path, tmp_path: Path
) -> None:
    page = write_desk_page(round_, TODAY).as_uri()
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open(page)
        reached = tabbed(browser)
        assert reached[0] == "Go to the contents"
        links = [text for text in reached if text in ("AAA Alphaland", "BBB Betaland", "CCC Gammaland")]
        assert links == ["AAA Alphaland", "BBB Betaland", "CCC Gammaland"]
        assert [text for text in reached if text.endswith(")") and "owed" in text.casefold()] == [
            "Owed by respondents (2)"
        ] * 2
        assert (reached.count("Copy"), reached.count("Read and copy")) == (3, 1)
        assert skipped(page, browser) == "#overview"
        browser.press("Tab")
        assert browser.value("document.activeElement.textContent") == "For us to settle (1)"
        browser.press("Enter")
        assert browser.value("document.activeElement.parentElement.open") is False


@pytest.mark.chromium
def test_page__printed__leaves_out_the_cards_of_whom_nothing_is_owed(
    round_: Round, chromium: Path, tmp_path: Path
) -> None:
    publish(round_, [{"file": "c.xlsx", "respondent": "CCC", "verdict": "accepted"}], NOW)
    page = write_desk_page(round_, TODAY).as_uri()
    shown = "[...document.querySelectorAll('{}')].filter(one => one.checkVisibility() && one.offsetHeight).length"
    cards, lines = shown.format(".case"), shown.format(".overview tbody tr")
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open(page)
        assert (browser.value(cards), browser.value(lines)) == (2, 2), "where nothing is owed is folded"
        browser.value("document.querySelectorAll('.turn').forEach(one => { one.open = true; })")
        assert (browser.value(cards), browser.value(lines)) == (3, 3)
        browser.call("Emulation.setEmulatedMedia", media="print")
        assert (browser.value(cards), browser.value(lines)) == (2, 3)


@pytest.mark.chromium
def test_page__on_a_wide_screen__gives_figures_no_more_room_than_they_need(
    round_: Round, chromium: Path, tmp_path: Path
) -> None:
    page = write_desk_page(round_, TODAY).as_uri()
    with browsing(chromium, tmp_path / "profile") as browser:
        browser.open(page)
        assert browser.value("getComputedStyle(document.querySelector('.overview td:nth-child(3)')).minWidth") == "90px"
        assert browser.value("getComputedStyle(document.querySelector('.places tbody th')).minWidth") == "240px"


@pytest.mark.chromium
def test_page__in_a_browser_without_a_network__fits_filters_and_copies(
    round_: Round, chromium: Path, tmp_path: Path
) -> None:
    page = write_desk_page(round_, TODAY).as_uri()
    frames = "".join(f'<iframe src="{page}" width="{width}" height="900"></iframe>' for width in (390, 1366, 1920))
    harness = tmp_path / "frames.html"
    harness.write_text(_HARNESS.format(frames=frames), encoding="utf-8")
    printed = browse(chromium, tmp_path, "--allow-file-access-from-files", "--dump-dom", harness.as_uri())
    found = json.loads(re.findall(r"<pre>(.*?)</pre>", printed, re.DOTALL)[0])
    everybody = ["c-AAA", "c-BBB", "c-CCC"]
    assert found == [[True, ["c-AAA"], everybody, ["c-BBB"], "1 / 3", True]] * 3
